"""What an export holds, in which order: graph by graph, subject by subject, the same for the same content.

A store gives the quads of a graph subject by subject. Each graph is put in order in memory as far as it is small (an
article's always is); a larger one is put in order on the disk, in runs that are merged. So memory does not grow with
the store. Blank nodes get their canonical labels (RDFC-1.0); for this the quads that hold some are read at once: of
what we make, the ontology's alone.
"""

from __future__ import annotations

import heapq
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain, groupby
from operator import attrgetter
from pathlib import Path
from typing import Protocol

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, QuerySolutions, RdfFormat, Triple, parse
from pyoxigraph import serialize as write_quads

from aigraph.store import Reader
from aigraph.store.reader import canonical_quads, holds_blank_nodes
from aigraph.vocab import AIG, DERIVED_GRAPHS, OA, RDF, RDFS, SKOS

Group = list[Quad]
"""The quads of one subject in one graph, in order."""
Graph = NamedNode | DefaultGraph
Lines = Iterator[bytes]

RUN = 200_000
"""Quads of one graph that are put in order in memory; of a larger graph, the quads of one run on the disk."""
_LINES_SIZE = 64 << 20  # bytes of lines that are sorted in memory

_BLANK_GRAPHS = "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } FILTER(isBlank(?s) || isBlank(?o)) }"
_FIRST = (RDF.type, RDFS.label, SKOS.prefLabel)


class TextPolicy(StrEnum):
    """How much of the articles' texts leaves with an export: they belong to their publishers.

    NONE leaves out texts, quotes and the wording of claims; QUOTES leaves out the texts and keeps the sentence that
    each finding rests on; FULL leaves out nothing.
    """

    NONE = "none"
    QUOTES = "quotes"
    FULL = "full"

    @property
    def left_out(self) -> frozenset[NamedNode]:
        """The properties whose triples do not leave."""
        if self is TextPolicy.FULL:
            return frozenset()
        texts = {AIG.canonicalText}
        return frozenset(texts if self is TextPolicy.QUOTES else texts | {OA.exact, AIG.claimText})


class Change(Protocol):
    """Changes the quads of one subject on their way into an export (a profile)."""

    def __call__(self, group: Group) -> Group: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Content:
    """What of a store is exported: all graphs or those of `graphs`, with that much of the texts."""

    reader: Reader
    graphs: Sequence[NamedNode] | None = None
    texts: TextPolicy = TextPolicy.QUOTES
    change: Change | None = None
    run: int = RUN

    @property
    def base(self) -> str:
        """The beginning of the IRIs that the store mints."""
        return self.reader.base

    def names(self) -> tuple[Graph, ...]:
        """The graphs in their order: ontology, knowledge, what was derived, articles by identifier, those of users."""
        if self.graphs is not None:
            named: Iterable[NamedNode] = dict.fromkeys(self.graphs)
        else:
            named = self.reader.graphs()
        ours = self.reader.iris.graph("").value
        derived = {self.reader.iris.graph(name): place for place, name in enumerate(DERIVED_GRAPHS)}

        def place(graph: NamedNode) -> tuple[int, str]:
            late = len(derived) + (0 if graph.value.startswith(ours) else 1)
            return derived.get(graph, late), graph.value

        unnamed = [DefaultGraph()] if self.graphs is None and self.reader.holds_unnamed() else []
        return (*unnamed, *sorted(named, key=place))

    def sections(self) -> Iterator[tuple[Graph, Iterator[Group]]]:
        """The graphs in their order, each with the groups of its subjects, sorted by subject.

        Each graph's groups have to be taken before the next graph is asked for.
        """
        labelled = self._labelled()
        for graph in self.names():
            yield graph, self._groups(graph, labelled)

    def groups(self) -> Iterator[Group]:
        """The groups of all graphs."""
        return chain.from_iterable(groups for _, groups in self.sections())

    def lines(self, *, graphs: bool) -> Lines:
        """N-Quads lines (N-Triples without `graphs`) with their ends, sorted, each once."""
        labelled = self._labelled()
        with tempfile.TemporaryDirectory(prefix="aigraph-export-") as folder:
            yield from _merged_lines(self._unsorted(labelled, graphs=graphs), Path(folder))

    # --- putting in order

    def _labelled(self) -> dict[Graph, list[Quad]]:
        """By graph, the quads that hold blank nodes, with canonical labels."""
        answer = self.reader.query(_BLANK_GRAPHS)
        assert isinstance(answer, QuerySolutions)  # noqa: S101 - a SELECT gives nothing else
        wanted = self.names()
        found = {row["g"] for row in answer}
        graphs = [graph for graph in wanted if graph in found or isinstance(graph, DefaultGraph)]
        blank = [q for graph in graphs for q in self.reader.quads(graph) if holds_blank_nodes(q)]
        labelled: dict[Graph, list[Quad]] = {graph: [] for graph in graphs}
        for quad in canonical_quads(blank):
            labelled[quad.graph_name].append(quad)  # type: ignore[index]
        return labelled

    def _quads(self, graph: Graph, labelled: dict[Graph, list[Quad]]) -> Iterator[Quad]:
        """The quads of a graph, those of one subject together."""
        quads = self.reader.quads(graph)
        if graph in labelled:
            plain = [quad for quad in quads if not holds_blank_nodes(quad)]
            quads = iter(sorted([*plain, *labelled[graph]], key=lambda quad: str(quad.subject)))
        if left_out := self.texts.left_out:
            return (quad for quad in quads if quad.predicate not in left_out)
        return quads

    def _groups(self, graph: Graph, labelled: dict[Graph, list[Quad]]) -> Iterator[Group]:
        found = self._ordered(self._quads(graph, labelled))
        if self.change is None:
            return found
        change = self.change
        return (changed for group in found if (changed := change(group)))

    def _ordered(self, quads: Iterator[Quad]) -> Iterator[Group]:
        order = _Order()
        gathered: list[tuple[str, Group]] = []
        count = 0
        with tempfile.TemporaryDirectory(prefix="aigraph-export-") as folder:
            runs: list[Path] = []
            for subject, together in groupby(quads, attrgetter("subject")):
                group = sorted(together, key=order)
                gathered.append((_name(subject), group))
                count += len(group)
                if count >= self.run:
                    gathered.sort(key=_first)
                    runs.append(Path(folder) / f"{len(runs)}.nq")
                    write_quads(chain.from_iterable(g for _, g in gathered), str(runs[-1]), format=RdfFormat.N_QUADS)
                    gathered, count = [], 0
            gathered.sort(key=_first)
            merged = heapq.merge(*(_read_run(path) for path in runs), gathered, key=_first) if runs else gathered
            for _, group in merged:
                yield group

    # --- lines

    def _unsorted(self, labelled: dict[Graph, list[Quad]], *, graphs: bool) -> Lines:
        """The lines as the store gives them; its own serialisation is much quicker than one by quads."""
        if self.change is not None:
            for group in self.groups():
                for quad in group:
                    yield f"{quad if graphs else quad.triple} .\n".encode()
            return
        left_out = {str(each).encode() for each in self.texts.left_out}
        with tempfile.TemporaryFile(prefix="aigraph-export-") as scratch:
            for graph in self.names():
                end = f" {graph} .\n".encode() if graphs and isinstance(graph, NamedNode) else b" .\n"
                scratch.seek(0)
                scratch.truncate()
                self.reader.write_triples(graph, scratch)
                scratch.seek(0)
                for line in scratch:
                    if left_out and line.split(b" ", 2)[1] in left_out:
                        continue
                    if graph in labelled and holds_blank_nodes(_parsed(line)):
                        continue
                    yield line.removesuffix(b" .\n") + end
                for quad in labelled.get(graph, ()):
                    if quad.predicate not in self.texts.left_out:
                        yield str(quad.triple).encode() + end


class _Order:
    """The order of the quads of a subject: type and label first, then by property and value."""

    def __init__(self) -> None:
        self._keys: dict[NamedNode, str] = {each: f"{place}" for place, each in enumerate(_FIRST)}

    def __call__(self, quad: Quad) -> tuple[str, str]:
        predicate, value = quad.predicate, quad.object
        key = self._keys.get(predicate)
        if key is None:
            key = self._keys[predicate] = f"~{predicate.value}"
        return key, (value.value if isinstance(value, NamedNode) else str(value))


def _name(subject: NamedNode | BlankNode | Triple) -> str:
    """What subjects are sorted by: named ones first."""
    return subject.value if isinstance(subject, NamedNode) else f"~{subject}"


def _first(pair: tuple[str, Group]) -> str:
    return pair[0]


def _read_run(path: Path) -> Iterator[tuple[str, Group]]:
    quads = parse(path=str(path), format=RdfFormat.N_QUADS)
    for subject, together in groupby(quads, attrgetter("subject")):
        yield _name(subject), list(together)


def _parsed(line: bytes) -> Quad:
    found: Quad = next(parse(line, RdfFormat.N_TRIPLES))
    return found


def _merged_lines(lines: Lines, folder: Path) -> Lines:
    """The lines sorted, each once; what is more than fits into memory is sorted on the disk."""
    runs: list[Path] = []
    gathered: list[bytes] = []
    size = 0
    for line in lines:
        gathered.append(line)
        size += len(line)
        if size >= _LINES_SIZE:
            gathered.sort()
            runs.append(folder / str(len(runs)))
            with runs[-1].open("wb") as stream:
                stream.writelines(gathered)
            gathered, size = [], 0
    gathered.sort()
    merged = heapq.merge(*(_read_lines(run) for run in runs), gathered) if runs else gathered
    last = b""
    for line in merged:
        if line != last:
            yield line
        last = line


def _read_lines(path: Path) -> Lines:
    with path.open("rb") as stream:
        yield from stream
