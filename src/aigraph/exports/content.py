"""What an export holds, in which order: graph by graph, subject by subject, the same for the same content.

A store gives the quads of a graph subject by subject. Each graph is put in order in memory as far as it is small (an
article's always is); a larger one is put in order on the disk, in runs that are merged. So memory does not grow with
the store. Blank nodes get their canonical labels (RDFC-1.0); for this the quads that hold some are read at once: of
what we make, the ontology's alone.
"""

from __future__ import annotations

import hashlib
import heapq
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain, groupby
from operator import attrgetter, itemgetter
from pathlib import Path
from typing import Any, Protocol

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, RdfFormat, Triple, parse
from pyoxigraph import serialize as write_quads

from aigraph.exports.ordering import END, LineOrder, Unordered
from aigraph.store import Reader
from aigraph.store.content import canonical_quads, holds_blank_nodes
from aigraph.vocab import AIG, DERIVED_GRAPHS, OA, RDF, RDFS, SKOS

Group = list[Quad]
"""The quads of one subject in one graph, in order."""
Graph = NamedNode | DefaultGraph
Lines = Iterator[bytes]

RUN = 200_000
"""Quads of one graph that are put in order in memory; of a larger graph, the quads of one run on the disk."""
_QUAD = 320  # bytes that a line of N-Triples is reckoned with
_LINES_SIZE = 64 << 20  # bytes of lines that are sorted in memory

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

    def pieces(self, size: int) -> Iterator[tuple[Graph, Iterator[Iterable[Triple] | Iterable[Quad]]]]:
        """The graphs in their order, each with its triples in pieces of about that size, in the order of `sections`.

        No subject is torn apart. Each graph's pieces have to be taken before the next graph is asked for.
        """
        labelled = self._labelled()
        order = LineOrder(_FIRST, self.texts.left_out, at_once=self.run * _QUAD)
        for graph in self.names():
            yield graph, self._pieces(graph, labelled, order, size)

    def _pieces(
        self, graph: Graph, labelled: dict[Graph, list[Quad]], order: LineOrder, size: int
    ) -> Iterator[Iterable[Triple] | Iterable[Quad]]:
        if self.change is None and not labelled.get(graph):
            try:
                for lines in order.pieces(self.reader, graph, size):
                    # what the engine has just written needs no checking: IRIs are valid
                    yield parse(lines, RdfFormat.N_TRIPLES, lenient=True)
                return
            except Unordered:  # before the first piece was given
                pass
        piece: list[Triple] = []
        for group in self._groups(graph, labelled):
            piece += [quad.triple for quad in group]
            if len(piece) >= size:
                yield piece
                piece = []
        if piece:
            yield piece

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
        """By graph, the quads that hold blank nodes, with canonical labels: of all graphs that may share such nodes.

        Those are the ontology's and those that we have not made. No other graph of ours should have any; one that has
        is found when it is read, and then its labels are made for it alone.
        """
        made = f"{self.base}graph/"
        ontology = self.reader.iris.graph("ontology")
        graphs = [
            g for g in self.names() if not isinstance(g, NamedNode) or g == ontology or not g.value.startswith(made)
        ]
        blank = [quad for graph in graphs for quad in self.reader.quads(graph) if holds_blank_nodes(quad)]
        labelled: dict[Graph, list[Quad]] = {graph: [] for graph in graphs}
        for quad in canonical_quads(blank):
            labelled[quad.graph_name].append(quad)  # type: ignore[index]
        return labelled

    def _labelled_alone(self, graph: Graph) -> list[Quad]:
        """The quads of one graph that hold blank nodes, with labels that no other graph has."""
        own = hashlib.sha256(str(graph).encode()).hexdigest()[:8]

        def renamed(term: Any) -> Any:
            return BlankNode(f"g{own}{term.value}") if isinstance(term, BlankNode) else term

        blank = canonical_quads(quad for quad in self.reader.quads(graph) if holds_blank_nodes(quad))
        return [Quad(renamed(q.subject), q.predicate, renamed(q.object), q.graph_name) for q in blank]

    def _quads(self, graph: Graph, labelled: dict[Graph, list[Quad]]) -> Iterator[Quad]:
        """The quads of a graph, those of one subject together."""
        quads = self.reader.quads(graph)
        if graph not in labelled:
            return quads
        plain = [quad for quad in quads if not holds_blank_nodes(quad)]
        return iter(sorted([*plain, *labelled[graph]], key=lambda quad: str(quad.subject)))

    def _groups(self, graph: Graph, labelled: dict[Graph, list[Quad]]) -> Iterator[Group]:
        try:
            yield from self._changed(self._ordered(self._quads(graph, labelled), blank=graph in labelled))
        except _BlankNodeMet:  # before the first group was given
            labelled[graph] = self._labelled_alone(graph)
            yield from self._changed(self._ordered(self._quads(graph, labelled), blank=True))

    def _changed(self, groups: Iterator[Group]) -> Iterator[Group]:
        if self.change is None:
            return groups
        change = self.change
        return (changed for group in groups if (changed := change(group)))

    def _ordered(self, quads: Iterator[Quad], *, blank: bool) -> Iterator[Group]:
        """The groups in order; nothing is given before all quads were seen.

        Raises:
            _BlankNodeMet: there is a blank node although `blank` is false.
        """
        order = _Order(self.texts.left_out, blank=blank)
        gathered: list[tuple[str, Group]] = []
        count = 0
        with ExitStack() as stack:
            runs: list[Path] = []
            for subject, together in groupby(quads, attrgetter("subject")):
                keyed = [(key, quad) for quad in together if (key := order(quad)) is not None]
                if not keyed:
                    continue
                if not blank and not isinstance(subject, NamedNode):
                    raise _BlankNodeMet
                keyed.sort(key=itemgetter(0))
                gathered.append((_name(subject), [quad for _, quad in keyed]))
                count += len(keyed)
                if count >= self.run:
                    if not runs:
                        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="aigraph-export-"))
                    gathered.sort(key=itemgetter(0))
                    runs.append(Path(folder) / f"{len(runs)}.nq")
                    write_quads(chain.from_iterable(g for _, g in gathered), str(runs[-1]), format=RdfFormat.N_QUADS)
                    gathered, count = [], 0
            gathered.sort(key=itemgetter(0))
            merged = heapq.merge(*map(_read_run, runs), gathered, key=itemgetter(0)) if runs else gathered
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
                    if b"_:" in line and holds_blank_nodes(_parsed(line)):
                        if graph not in labelled:
                            labelled[graph] = self._labelled_alone(graph)
                        continue
                    yield line.removesuffix(b" .\n") + end
                for quad in labelled.get(graph, ()):
                    if quad.predicate not in self.texts.left_out:
                        yield str(quad.triple).encode() + end


class _BlankNodeMet(Exception):
    """A blank node stands in a graph that was thought to have none."""


class _Order:
    """The order of the quads of a subject: type and label first, then by property and value; None if left out."""

    def __init__(self, left_out: frozenset[NamedNode], *, blank: bool) -> None:
        self._keys: dict[NamedNode, str | None] = {each: f"{place}" for place, each in enumerate(_FIRST)}
        self._keys |= dict.fromkeys(left_out)
        self._blank = blank

    def __call__(self, quad: Quad) -> tuple[str, str] | None:
        predicate = quad.predicate
        try:
            key = self._keys[predicate]
        except KeyError:
            key = self._keys[predicate] = f"~{predicate.value}"
        if key is None:
            return None
        value = quad.object
        if isinstance(value, NamedNode):
            return key, value.value
        if not self._blank and isinstance(value, BlankNode):
            raise _BlankNodeMet
        return key, str(value).replace(">", END)


def _name(subject: NamedNode | BlankNode | Triple) -> str:
    """What subjects are sorted by: named ones first."""
    return subject.value if isinstance(subject, NamedNode) else f"~{subject}"


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
