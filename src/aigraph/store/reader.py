"""Reading a store: trusted queries, its quads, and the hash that says whether two graphs are the same."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from heapq import merge
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    QueryBoolean,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
    Triple,
    parse,
)

from aigraph.errors import QueryFailed, StoreMissing, StoreUnreadable
from aigraph.store.content import Content, canonical_again, canonical_lines
from aigraph.store.layout import Snapshot, held, latest_snapshot, reason
from aigraph.store.messages import syntax_error
from aigraph.vocab import AIG, Iris, prefixes

FINGERPRINTS = (
    AIG.sourceSha256,
    AIG.softwareVersion,
    AIG.rulesVersion,
    AIG.modelVersion,
    AIG.knowledgeVersion,
    AIG.ontologyVersion,
)
"""What tells whether an article's graph is up to date."""

Term = NamedNode | BlankNode | Literal | Triple

_ATTEMPTS = 5

IN_MEMORY = 1_000_000
"""Quads up to which their lines are sorted in memory, which takes about a kilobyte for each."""
_RUN = 64 << 20  # bytes of lines that are sorted at once where there are more


class Reader:
    """A store or a snapshot, for reading in this process: for queries that are ours, not a stranger's.

    A query here has no deadline and no memory limit; what others ask goes to a `QueryPool`.
    """

    def __init__(self, store: Store, base: str) -> None:
        self._store = store
        self.base = base

    def __len__(self) -> int:
        return len(self._store)

    @property
    def iris(self) -> Iris:
        """Mints the IRIs of this store: its graphs by their names."""
        return Iris(self.base)

    def query(
        self, text: str, *, default_graphs: Sequence[NamedNode] = ()
    ) -> QuerySolutions | QueryBoolean | QueryTriples:
        """The answer to a query; its default graph is the union of all graphs, or of `default_graphs`.

        Raises:
            QuerySyntaxError: the query is malformed.
        """
        try:
            if default_graphs:
                return self._store.query(text, prefixes=prefixes(self.base), default_graph=list(default_graphs))
            return self._store.query(text, prefixes=prefixes(self.base), use_default_graph_as_union=True)
        except SyntaxError as error:
            raise syntax_error(text, str(error), prefixes(self.base)) from None

    def select(self, text: str) -> QuerySolutions:
        """The rows of a SELECT query, over the union of all graphs.

        Raises:
            QuerySyntaxError: the query is malformed.
            QueryFailed: it is no SELECT query.
        """
        answer = self.query(text)
        if not isinstance(answer, QuerySolutions):
            raise QueryFailed(f"Only SELECT gives rows; this is another query: {text.strip()[:200]}")
        return answer

    def graphs(self) -> tuple[NamedNode, ...]:
        """The named graphs, sorted by IRI."""
        named = (graph for graph in self._store.named_graphs() if isinstance(graph, NamedNode))
        return tuple(sorted(named, key=lambda graph: graph.value))

    def quads(self, graph: NamedNode | DefaultGraph | None = None) -> Iterator[Quad]:
        """The quads of one graph, those of one subject together, or of all; in no particular order."""
        return self._store.quads_for_pattern(None, None, None, graph)

    def fingerprints(self, properties: Sequence[NamedNode] = FINGERPRINTS) -> dict[NamedNode, dict[NamedNode, str]]:
        """For every graph that has any of the properties: their values, whatever node of the graph carries them."""
        found: dict[NamedNode, dict[NamedNode, str]] = {}
        for property_ in properties:
            for quad in self._store.quads_for_pattern(None, property_, None, None):
                if isinstance(quad.graph_name, NamedNode):
                    value = getattr(quad.object, "value", str(quad.object))
                    found.setdefault(quad.graph_name, {})[property_] = value
        return dict(sorted(found.items(), key=lambda item: item[0].value))

    def canonical_hash(self, *, without: Sequence[NamedNode] = ()) -> str:
        """SHA-256, in hexadecimal, of the sorted canonical N-Quads (RDFC-1.0), leaving out the graphs `without`.

        Equal for two stores if and only if they hold the same dataset, whatever the labels of their blank nodes.
        """
        left_out = tuple(f" {graph} .".encode() for graph in without)
        summary = hashlib.sha256()
        for line in self._canonical_lines():
            if not left_out or not line.endswith(left_out):
                summary.update(line + b"\n")
        return summary.hexdigest()

    def content(self) -> Content:
        """What tells whether another store holds the same, out of all quads: as slow as `canonical_hash`.

        Blank nodes are compared graph by graph: one that two graphs share counts as two.
        """
        content = Content()
        if len(self) <= IN_MEMORY:
            content.add(canonical_again(self._lines()))
            return content
        with TemporaryFile() as dumped:
            self._store.dump(dumped, format=RdfFormat.N_QUADS)
            dumped.seek(0)
            content.add(canonical_again(line.rstrip(b"\n") for line in dumped))
        return content

    def holds_unnamed(self) -> bool:
        """True where triples stand in no named graph, as only a plain store can have them."""
        return next(self._store.quads_for_pattern(None, None, None, DefaultGraph()), None) is not None

    def holds(self, triple: Triple) -> bool:
        """True where any graph has a triple."""
        found = self._store.quads_for_pattern(triple.subject, triple.predicate, triple.object, None)
        return next(found, None) is not None

    def objects(self, subject: NamedNode, predicate: NamedNode, graph: NamedNode | None = None) -> list[Term]:
        """The values of a property of a thing, in one graph or in all, in no particular order."""
        return [quad.object for quad in self._store.quads_for_pattern(subject, predicate, None, graph)]

    def write_triples(self, graph: NamedNode | DefaultGraph, stream: IO[bytes]) -> None:
        """Writes the triples of a graph as lines of N-Triples, in no particular order."""
        self._store.dump(stream, format=RdfFormat.N_TRIPLES, from_graph=graph)

    def _canonical_lines(self) -> Iterator[bytes]:
        """All canonical N-Quads lines, sorted; of a large store with little memory, by way of files."""
        if len(self) <= IN_MEMORY:
            yield from _canonical(self._lines())
            return
        with TemporaryFile() as dumped, ExitStack() as stack:
            self._store.dump(dumped, format=RdfFormat.N_QUADS)
            dumped.seek(0)
            blank: list[bytes] = []
            runs: list[IO[bytes]] = []
            while lines := dumped.readlines(_RUN):
                blank += (line for line in lines if b"_:" in line)
                run = stack.enter_context(TemporaryFile())
                run.writelines(sorted(line for line in lines if b"_:" not in line))
                run.seek(0)
                runs.append(run)
            told = [line + b"\n" for line in _canonical([line.rstrip(b"\n") for line in blank])]
            for line in merge(*runs, told):
                yield line.rstrip(b"\n")

    def _lines(self) -> list[bytes]:
        """N-Quads without line ends, in no particular order."""
        return (self._store.dump(format=RdfFormat.N_QUADS) or b"").splitlines()


def _canonical(lines: list[bytes]) -> list[bytes]:
    """N-Quads lines with the canonical labels of blank nodes, sorted.

    Only the quads that hold blank nodes take part in the labelling: the others have no part in the labels. A line that
    merely has such letters in a literal takes part in vain, and comes out as it was.
    """
    blank = [line for line in lines if b"_:" in line]
    if blank:
        plain = [line for line in lines if b"_:" not in line]
        lines = plain + canonical_lines(parse(b"\n".join(blank), RdfFormat.N_QUADS))
    return sorted(lines)


@contextmanager
def open_snapshot(snapshot: Snapshot) -> Iterator[Reader]:
    """Opens a snapshot for reading; while it is open no writer deletes it.

    Raises:
        StoreMissing: it was replaced and deleted in the meantime.
        StoreUnreadable: it is damaged, or may not be read.
    """
    with held(snapshot):
        yield Reader(open_data(snapshot), snapshot.base)


@contextmanager
def open_latest(store: Path) -> Iterator[Reader]:
    """Opens the newest snapshot of a store for reading, even while a writer publishes.

    Raises:
        StoreMissing, StoreUnreadable, StoreTooNew: there is none that can be read.
    """
    with ExitStack() as stack:
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                reader = stack.enter_context(open_snapshot(latest_snapshot(store)))
                break
            except StoreMissing:
                if attempt == _ATTEMPTS:
                    raise
        yield reader


def open_data(snapshot: Snapshot) -> Store:
    """The database of a snapshot, for reading.

    Raises:
        StoreUnreadable: it is damaged, or may not be read.
    """
    try:
        return Store.read_only(str(snapshot.data))
    except (OSError, RuntimeError) as error:  # a RuntimeError is what the engine makes of damaged files
        raise StoreUnreadable(
            f"The snapshot {snapshot.path} cannot be opened: {reason(error)} If it is damaged, build the store again."
        ) from error
