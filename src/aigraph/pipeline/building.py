"""Changing a store: articles added, replaced and removed, derived graphs brought up to date, a snapshot published."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from aigraph import articles
from aigraph.errors import ArticleError
from aigraph.llm import described
from aigraph.pipeline.quarantine import Quarantine
from aigraph.pipeline.reading import LIMITS, Limits, Outcome, failed, read_all
from aigraph.pipeline.report import BuildReport, Progress
from aigraph.pipeline.stages import Stages, forget
from aigraph.pipeline.steps import RULES, MakeExtractor, Pipeline, Recipe
from aigraph.pipeline.workers import Workers
from aigraph.records import Extractor, Part, Rejection, Versions
from aigraph.sources import Failure, Skip, Survey, survey
from aigraph.store import Writer, open_writer


def build(
    paths: Sequence[Path],
    store: Path,
    *,
    base: str,
    knowledge_folders: Sequence[Path] = (),
    without: frozenset[Part] = frozenset(),
    extractors: Sequence[MakeExtractor] = RULES,
    progress: Progress | None = None,
    processes: int = 0,
    limits: Limits = LIMITS,
    retry: bool = False,
    cache: Path | None = None,
) -> BuildReport:
    """Read the articles at some paths into a store and publish the result.

    An article that stands in the store already, unchanged and read by the same versions, is left as it is. A source
    that cannot be read is named in the report, and the others go on; an article that is not in English is skipped, and
    removed where an earlier state of it stands in the store. Articles are read one at a time and not held. The store is
    locked meanwhile; readers keep the snapshot that they have. `without` leaves parts of reading out, to measure them.
    `extractors` find the facts; where several read one place differently, the first of them counts.

    Up to `processes` others read the articles, each article within `limits`; what they give is written in the order
    of the sources, so that their number makes no difference. With none, or where an extractor waits for a server, this
    process reads, without limits. An article that ran into a limit or into a flaw of ours is set aside: the next builds
    name it without reading it, until its content or a version changes, or `retry` is set. In the folder `cache` the
    stages of reading are kept: after a change of knowledge, rules or ontology only what depends on it is done again.

    A build that is broken off, by KeyboardInterrupt or by SIGKILL, keeps what it has written; the same call goes on.

    Raises:
        ArticleError: a path does not exist or no reader knows its format.
        ExtractorError: an extractor cannot work at all; nothing is published then.
        ReadersLost: a process that reads articles cannot start; nothing is published then.
        StoreError: the store is locked, unreadable or newer than this version.
    """
    recipe = Recipe(base, tuple(knowledge_folders), without, tuple(extractors), cache)
    return build_with(recipe, paths, store, progress=progress, processes=processes, limits=limits, retry=retry)


def build_with(
    recipe: Recipe,
    paths: Sequence[Path],
    store: Path,
    *,
    progress: Progress | None = None,
    processes: int = 0,
    limits: Limits = LIMITS,
    retry: bool = False,
) -> BuildReport:
    """`build` with pipelines of a given recipe."""
    sources = articles.find_sources(paths)
    pipeline = recipe.make()
    found = survey(sources)
    with ExitStack() as stack:
        stack.callback(pipeline.close)
        writer = stack.enter_context(open_writer(store, base=recipe.base))
        stored = _fingerprints(writer)
        _follow(writer, pipeline, stored)
        quarantine = Quarantine.of(store, pipeline.versions, empty=retry)
        work = _Build(pipeline, writer, stored, quarantine, len(found), progress, failures=list(found.failures))
        if processes and not pipeline.ahead:
            workers = Workers(recipe, processes, limits)
            stack.callback(workers.close)
            work.take_all(workers.read_all(work.wanted(found)))
        else:
            stages = Stages(recipe.cache, pipeline) if recipe.cache else None
            work.take_all(read_all(pipeline, work.wanted(found), stages))
        _finish(writer, pipeline, changed=work.changed)
    return work.report()


def load(
    recipe: Recipe,
    outcomes: Iterable[Outcome],
    store: Path,
    *,
    total: int,
    failures: Iterable[Failure] = (),
    progress: Progress | None = None,
) -> BuildReport:
    """Bring what was read elsewhere, by pipelines of the same recipe, into a store and publish it: as `build` does.

    There are `total` outcomes, of which no two have one identifier; `failures` are what could not be read at all.

    Raises:
        StoreError: see `build`.
    """
    pipeline = recipe.make()
    with ExitStack() as stack:
        stack.callback(pipeline.close)
        writer = stack.enter_context(open_writer(store, base=recipe.base))
        stored = _fingerprints(writer)
        _follow(writer, pipeline, stored)
        quarantine = Quarantine.of(store, pipeline.versions)
        work = _Build(pipeline, writer, stored, quarantine, total, progress, failures=list(failures))
        work.take_all(work.news(outcomes))
        _finish(writer, pipeline, changed=work.changed)
    return work.report()


_BATCH = 8 << 20
"""Bytes of N-Quads that are loaded at once: about fifty thousand quads."""
_WAIT = 20.0
"""Seconds after which they are loaded though they are fewer, so that a killed build loses no more."""


@dataclass(slots=True)
class _Batch:
    """New articles that are loaded into the store together."""

    graphs: list[NamedNode] = field(default_factory=list)
    lines: list[bytes] = field(default_factory=list)
    since: float = 0.0

    def put(self, graph: NamedNode, lines: bytes, writer: Writer) -> None:
        """Add an article, and load all where they are enough."""
        if not self.graphs:
            self.since = time.monotonic()
        self.graphs.append(graph)
        self.lines.append(lines)
        if sum(map(len, self.lines)) >= _BATCH or time.monotonic() - self.since >= _WAIT:
            self.load(writer)

    def load(self, writer: Writer) -> None:
        """Bring all into the store."""
        if self.graphs:
            writer.load(self.graphs, b"".join(self.lines))
            self.graphs, self.lines = [], []


@dataclass(slots=True)
class _Build:
    """A build at work: what has become of the articles so far."""

    pipeline: Pipeline
    writer: Writer
    stored: dict[str, tuple[str, Versions]]
    quarantine: Quarantine
    total: int
    progress: Progress | None
    done: int = 0
    failures: list[Failure] = field(default_factory=list)
    outcome: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    skipped: list[Skip] = field(default_factory=list)
    rejections: list[tuple[str, Rejection]] = field(default_factory=list)
    batch: _Batch = field(default_factory=_Batch)

    def wanted(self, survey: Survey) -> Iterator[articles.Found]:
        """The articles that have to be read, one at a time; what becomes of the others is told at once."""
        for found in survey.places():
            if self._stands(found.identifier, found.sha256):
                pass
            elif reason := self.quarantine.reason(found):
                self.take(failed(found, f"{reason} It was set aside by an earlier build; --retry reads it again."))
            else:
                yield found

    def news(self, outcomes: Iterable[Outcome]) -> Iterator[Outcome]:
        """The outcomes that change anything in the store."""
        for each in outcomes:
            if each.failure or each.skip or not self._stands(each.identifier, each.sha256):
                yield each

    def _stands(self, identifier: str, sha256: str) -> bool:
        """Whether the store has an article as it is, by the same versions; it is told to be unchanged then."""
        same = self.stored.get(identifier) == (sha256, self.pipeline.versions)
        if same:
            self.outcome["unchanged"].append(identifier)
            self._tell(identifier)
        return same

    @property
    def changed(self) -> bool:
        """Whether the store holds other articles than before."""
        return any(self.outcome[kind] for kind in ("added", "replaced", "removed"))

    def take_all(self, outcomes: Iterable[Outcome]) -> None:
        """Bring what was read into the store."""
        try:
            for outcome in outcomes:
                self.take(outcome)
        finally:  # what was read is kept, also where the build is broken off
            self.batch.load(self.writer)
        self._tell("", 0)

    def take(self, outcome: Outcome) -> None:
        """Bring what became of one article into the store; one that could not be read leaves it as it was."""
        identifier = outcome.identifier
        graph = self.pipeline.iris.graph(identifier)
        if outcome.failure:
            self.failures.append(outcome.failure)
            if outcome.poisonous:
                self.quarantine.put(identifier, outcome.sha256, outcome.failure.reason)
        elif outcome.skip:
            self.skipped.append(outcome.skip)
            self.quarantine.drop(identifier)
            if self.writer.remove_graph(graph):
                self.outcome["removed"].append(identifier)
        else:
            self.quarantine.drop(identifier)
            if identifier not in self.stored and self.writer.anew:
                self.batch.put(graph, outcome.quads, self.writer)
            else:
                self.writer.replace_graph(graph, parse(outcome.quads, RdfFormat.N_QUADS))
            self.outcome["replaced" if identifier in self.stored else "added"].append(identifier)
            self.rejections += [(identifier, rejection) for rejection in outcome.rejections]
        self._tell(identifier)

    def _tell(self, identifier: str, more: int = 1) -> None:
        self.done += more
        if self.progress:
            self.progress(self.done, self.total, identifier)

    def report(self) -> BuildReport:
        """What the build did, in an order that does not depend on that of the sources."""
        identifiers = {kind: tuple(sorted(names)) for kind, names in self.outcome.items()}
        return BuildReport(
            **identifiers,
            failures=tuple(self.failures),
            skipped=tuple(self.skipped),
            rejections=tuple(sorted(self.rejections, key=lambda rejection: rejection[0])),
        )


def remove(
    identifiers: Iterable[str],
    store: Path,
    *,
    base: str,
    knowledge_folders: Sequence[Path] = (),
    cache: Path | None = None,
) -> BuildReport:
    """Remove articles, and exactly what no other source says, derived triples included.

    Raises:
        ArticleError: the store holds no article of that identifier; nothing is removed then.
        StoreError: see `build`.
    """
    return remove_with(Recipe(base, tuple(knowledge_folders), cache=cache), identifiers, store)


def remove_with(recipe: Recipe, identifiers: Iterable[str], store: Path) -> BuildReport:
    """`remove` with a pipeline of a given recipe."""
    wanted = sorted(set(identifiers))
    pipeline = recipe.make()
    with open_writer(store, base=recipe.base, create=False) as writer:
        stored = _fingerprints(writer)
        _follow(writer, pipeline, stored)
        if missing := [identifier for identifier in wanted if identifier not in stored]:
            known = ", ".join(sorted(stored)[:10]) or "none"
            raise ArticleError(
                f"The store holds no article {', '.join(missing)}; nothing was removed. It holds: {known}."
            )
        quarantine = Quarantine.of(store, pipeline.versions)
        for identifier in wanted:
            quarantine.drop(identifier)
            if recipe.cache:
                forget(recipe.cache, identifier)
            writer.remove_graph(pipeline.iris.graph(identifier))
        _finish(writer, pipeline, changed=True)
    return BuildReport(removed=tuple(wanted))


def _fingerprints(writer: Writer) -> dict[str, tuple[str, Versions]]:
    """What each stored article was read from and by: the hash of its source and the versions."""
    rows = writer.select(
        "SELECT ?identifier ?sha ?software ?rules ?model ?knowledge ?ontology { "
        "?article a aig:Article ; dcterms:identifier ?identifier ; aig:sourceSha256 ?sha . "
        "?activity prov:used ?article ; aig:softwareVersion ?software ; aig:rulesVersion ?rules ; "
        "aig:modelVersion ?model ; aig:knowledgeVersion ?knowledge ; aig:ontologyVersion ?ontology }"
    )
    return {
        _text(row["identifier"]): (
            _text(row["sha"]),
            Versions(*(_text(row[name]) for name in ("software", "rules", "model", "knowledge", "ontology"))),
        )
        for row in rows
    }


def _text(term: object) -> str:
    return term.value if isinstance(term, Literal) else ""


def _finish(writer: Writer, pipeline: Pipeline, *, changed: bool) -> None:
    """Renew the reference graphs, and where anything has changed the derived ones; publish a snapshot."""
    for graph, quads in pipeline.reference_quads(_models_in_use(writer, pipeline)).items():
        changed |= writer.replace_graph(graph, quads)
    if changed or writer.interrupted:
        writer.derive(pipeline.derivations, pipeline.propositions)
    writer.commit()


def _models_in_use(writer: Writer, pipeline: Pipeline) -> list[Extractor]:
    """The extractors with a language model that a finding of the store points to.

    They are among those in use and those described until now, so not every finding has to be looked at.
    """
    rows = writer.select("SELECT ?name { ?extractor aig:modelName ?model ; rdfs:label ?name }")
    before = (described(_text(row["name"])) for row in rows)
    candidates = {each for each in (*before, *pipeline.models()) if each is not None}
    return [
        each
        for each in sorted(candidates)
        if any(writer.select(f"SELECT ?x {{ ?x aig:extractedBy {pipeline.iris.extractor(each.name)} }} LIMIT 1"))
    ]


def _follow(writer: Writer, pipeline: Pipeline, stored: Mapping[str, tuple[str, Versions]]) -> None:
    """Have derived graphs kept up to date, unless other rules made them: then they are made anew."""
    now = (pipeline.versions.ontology, pipeline.versions.software)
    if all((versions.ontology, versions.software) == now for _, versions in stored.values()):
        writer.follow(pipeline.derivations, pipeline.propositions)
