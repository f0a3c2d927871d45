"""The steps in order: article files in, a published graph out."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad

from aigraph import __version__, articles
from aigraph.documents import DocumentReader
from aigraph.errors import ArticleError, NotExtracted
from aigraph.extraction import FactExtractor, combine
from aigraph.facts import FactFinder
from aigraph.facts import extractors as rules_extractors
from aigraph.graph import GraphBuilder
from aigraph.knowledge import load_knowledge
from aigraph.language import model_version
from aigraph.llm import described
from aigraph.mentions import MentionFinder
from aigraph.ontology import Ontology, load_ontology
from aigraph.propositions import PropositionGraph
from aigraph.reasoning import Rule, derivation_rules
from aigraph.records import Article, Document, Extractor, Facts, Mentions, Part, Rejection, Versions
from aigraph.resources import content_version, folder
from aigraph.sources import Failure, Skip, survey
from aigraph.store import Derivation, Writer, open_writer
from aigraph.vocab import Iris, digest

_RULE_SOURCES = (
    "articles",
    "documents.py",
    "documents.yaml",
    "language",
    "mentions",
    "facts",
    "extraction.py",
    "graph.py",
    "propositions",
    "records.py",
    "vocab.py",
    "declared.py",
)
"""What of this package decides how an article is read: a change there makes articles be read again."""

MakeExtractor = Callable[[Ontology, Iris, frozenset[Part]], FactExtractor]
"""Makes an extractor for a pipeline; the parts are those to leave out."""
RULES: tuple[MakeExtractor, ...] = (FactFinder,)
"""The extractors that are used unless others are asked for."""

Progress = Callable[[int, int, str], None]
"""Called with the number of sources done, their total, and the one in work."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What one article gave: its quads, sorted, and the facts behind them."""

    article: Article
    quads: tuple[Quad, ...]
    facts: Facts


@dataclass(frozen=True, slots=True)
class Begun:
    """An article whose facts are still to be found; what takes time for that may be under way."""

    article: Article
    document: Document
    mentions: Mentions


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did. Identifiers are sorted; `rejections` are candidates that the ontology or the text refused.

    `skipped` are articles that aigraph does not read, which is no failure: those in other languages than English.
    """

    added: tuple[str, ...] = ()
    replaced: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    failures: tuple[Failure, ...] = ()
    skipped: tuple[Skip, ...] = ()
    rejections: tuple[tuple[str, Rejection], ...] = ()

    @property
    def changed(self) -> bool:
        """Whether the graph is another one than before."""
        return bool(self.added or self.replaced or self.removed)


class Pipeline:
    """The steps, made once (loading takes a second) and applied to any number of articles."""

    def __init__(
        self,
        base: str,
        knowledge_folders: Sequence[Path] = (),
        without: frozenset[Part] = frozenset(),
        extractors: Sequence[MakeExtractor] = RULES,
    ) -> None:
        """Of what several extractors find, the first one's reading counts."""
        self.iris = Iris(base)
        self._ontology = load_ontology()
        self._knowledge = load_knowledge(folder("knowledge"), *knowledge_folders, iris=self.iris)
        self.extractors = tuple(make(self._ontology, self.iris, without) for make in extractors)
        rules = rules_version([extractor.version for extractor in self.extractors])
        self.versions = Versions(__version__, rules, model_version(), self._knowledge.version, self._ontology.version)
        self.derivations = derivations(derivation_rules(), self.iris)
        self.propositions = PropositionGraph(self.iris)
        self.documents = DocumentReader()
        self.mentions = MentionFinder(self._knowledge, self.iris, without)
        self._builder = GraphBuilder(self.iris, self._ontology, self.versions)

    def read(self, article: Article) -> Reading:
        """One article through all steps."""
        return self.end(self.begin(article))

    def begin(self, article: Article) -> Begun:
        """The first steps; extractors start what takes them time."""
        document = self.documents.read(article)
        mentions = self.mentions.find(document)
        for extractor in self.extractors:
            extractor.begin(document, mentions)
        return Begun(article, document, mentions)

    def end(self, begun: Begun) -> Reading:
        """The other steps."""
        document, mentions = begun.document, begun.mentions
        facts = combine([extractor.find(document, mentions) for extractor in self.extractors])
        return Reading(begun.article, self._builder.article_quads(document, mentions, facts), facts)

    @property
    def ahead(self) -> int:
        """How many articles may be begun before the first of them is ended."""
        return max(extractor.ahead for extractor in self.extractors)

    def close(self) -> None:
        """Let go of what the extractors hold."""
        for extractor in self.extractors:
            extractor.close()

    def models(self) -> tuple[Extractor, ...]:
        """The components of the extractors in use that take the answers of language models."""
        return tuple(each for extractor in self.extractors for each in extractor.extractors() if each.model)

    def reference_quads(self, models: Iterable[Extractor] = ()) -> dict[NamedNode, tuple[Quad, ...]]:
        """The graphs that no article decides: the ontology and the knowledge.

        The rules are always described; `models` are the extractors besides them that findings of the store point to.
        """
        ontology = self.iris.graph("ontology")
        described_ = sorted({*rules_extractors(), *models})
        return {
            ontology: tuple(self._ontology.quads(ontology)),
            self.iris.graph("knowledge"): self._builder.knowledge_quads(self._knowledge, described_),
        }


def build(
    paths: Sequence[Path],
    store: Path,
    *,
    base: str,
    knowledge_folders: Sequence[Path] = (),
    without: frozenset[Part] = frozenset(),
    extractors: Sequence[MakeExtractor] = RULES,
    progress: Progress | None = None,
) -> BuildReport:
    """Read the articles at some paths into a store and publish the result.

    An article that stands in the store already, unchanged and read by the same versions, is left as it is. A source
    that cannot be read is named in the report, and the others go on; an article that is not in English is skipped, and
    removed where an earlier state of it stands in the store. Articles are read one at a time and not held. The store is
    locked meanwhile; readers keep the snapshot that they have. `without` leaves parts of reading out, to measure them.
    `extractors` find the facts; where several read one place differently, the first of them counts.

    Raises:
        ArticleError: a path does not exist or no reader knows its format.
        ExtractorError: an extractor cannot work at all; nothing is published then.
        StoreError: the store is locked, unreadable or newer than this version.
    """
    sources = articles.find_sources(paths)
    pipeline = Pipeline(base, knowledge_folders, without, extractors)
    found = survey(sources)
    with closing(pipeline), open_writer(store, base=base) as writer:
        stored = _fingerprints(writer)
        _follow(writer, pipeline, stored)
        work = _Build(pipeline, writer, stored, failures=list(found.failures))
        for done, place in enumerate(found.places()):
            if progress:
                progress(done, len(found), place.identifier)
            work.take(place)
        work.settle()
        if progress:
            progress(len(found), len(found), "")
        _finish(writer, pipeline, changed=any(work.outcome[kind] for kind in ("added", "replaced", "removed")))
    return work.report()


@dataclass(slots=True)
class _Build:
    """A build at work: what has become of the articles so far."""

    pipeline: Pipeline
    writer: Writer
    stored: dict[str, tuple[str, Versions]]
    failures: list[Failure]
    outcome: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    skipped: list[Skip] = field(default_factory=list)
    rejections: list[tuple[str, Rejection]] = field(default_factory=list)
    begun: deque[tuple[articles.Found, Begun]] = field(default_factory=deque)

    def take(self, found: articles.Found) -> None:
        """Read one article, where it is new or has changed; it comes into the store now or a few articles later."""
        identifier = found.identifier
        before = self.stored.get(identifier)
        if before == (found.sha256, self.pipeline.versions):
            self.outcome["unchanged"].append(identifier)
            return
        try:
            article = articles.article_of(found)
        except ArticleError as error:
            self.failures.append(Failure(found.place, str(error)))
            return
        graph = self.pipeline.iris.graph(identifier)
        if (skip := Skip.of(article, found)) is not None:
            self.skipped.append(skip)
            if before:
                self.writer.remove_graph(graph)
                self.outcome["removed"].append(identifier)
            return
        try:
            self.begun.append((found, self.pipeline.begin(article)))
        except NotExtracted as error:
            self.failures.append(Failure(found.place, str(error)))
            return
        self.settle(self.pipeline.ahead)

    def settle(self, left: int = 0) -> None:
        """Bring articles that are begun into the store, in their order, but for the last few."""
        while len(self.begun) > left:
            self._end(*self.begun.popleft())

    def _end(self, found: articles.Found, begun: Begun) -> None:
        identifier = found.identifier
        try:
            reading = self.pipeline.end(begun)
        except NotExtracted as error:
            self.failures.append(Failure(found.place, str(error)))
            return
        before = self.stored.get(identifier)
        self.writer.replace_graph(self.pipeline.iris.graph(identifier), reading.quads)
        self.outcome["replaced" if before else "added"].append(identifier)
        self.rejections += [(identifier, rejection) for rejection in reading.facts.rejections]

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
    identifiers: Iterable[str], store: Path, *, base: str, knowledge_folders: Sequence[Path] = ()
) -> BuildReport:
    """Remove articles, and exactly what no other source says, derived triples included.

    Raises:
        ArticleError: the store holds no article of that identifier; nothing is removed then.
        StoreError: see `build`.
    """
    wanted = sorted(set(identifiers))
    pipeline = Pipeline(base, knowledge_folders)
    with open_writer(store, base=base, create=False) as writer:
        stored = _fingerprints(writer)
        _follow(writer, pipeline, stored)
        if missing := [identifier for identifier in wanted if identifier not in stored]:
            known = ", ".join(sorted(stored)[:10]) or "none"
            raise ArticleError(
                f"The store holds no article {', '.join(missing)}; nothing was removed. It holds: {known}."
            )
        for identifier in wanted:
            writer.remove_graph(pipeline.iris.graph(identifier))
        _finish(writer, pipeline, changed=True)
    return BuildReport(removed=tuple(wanted))


def rules_version(extractors: Iterable[str] = ()) -> str:
    """A hash over everything in this package that decides how an article is read: code, rules, trigger words.

    The versions of extractors that are no part of it (models that are asked) come in where there are any.
    """
    package = Path(__file__).resolve().parent
    version = content_version(*(package / name for name in _RULE_SOURCES))
    others = list(extractors)
    return digest(version, *others) if any(others) else version


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


def derivations(rules: Iterable[Rule], iris: Iris) -> list[Derivation]:
    """The rules in their order, those that may run together as one step."""
    steps = []
    for (_, target, fixpoint), group in groupby(rules, key=lambda rule: (rule.stage, rule.target, rule.fixpoint)):
        together = tuple(group)
        about = tuple(rule.about for rule in together if rule.about)
        steps.append(Derivation(iris.graph(target), tuple(rule.text for rule in together), fixpoint, about))
    return steps
