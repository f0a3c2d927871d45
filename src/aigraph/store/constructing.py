"""What CONSTRUCT queries give that no graph of a store holds yet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import BinaryIO

from pyoxigraph import NamedNode, Quad, QueryTriples, RdfFormat, Triple, parse

from aigraph.errors import DataError
from aigraph.sorting import Sorted
from aigraph.store.content import holds_blank_nodes
from aigraph.store.reader import Reader


def constructed_by(
    queries: Iterable[str], reader: Reader, graph: NamedNode, scratch: Callable[[], BinaryIO], at_once: int
) -> Iterator[list[Quad]]:
    """What some queries give together, sorted, at most so many quads at a time; all are asked before the first come.

    It waits on the disk (`scratch` gives an empty file): of many articles it is too much for the memory.

    Raises:
        DataError: a query is no CONSTRUCT, or makes blank nodes.
    """
    found = Sorted(scratch)
    for text in queries:
        for quad in _constructed(reader, text, graph):
            found.add(f"{quad} .".encode())
    lines = iter(found)
    while part := list(islice(lines, at_once)):
        yield list(parse(b"\n".join(part), RdfFormat.N_QUADS))


def _constructed(reader: Reader, text: str, graph: NamedNode) -> Iterator[Quad]:
    """The triples that one query gives and no graph holds, as quads of `graph`."""
    for triple in _triples(reader, text):
        if reader.holds(triple):
            continue
        quad = Quad(triple.subject, triple.predicate, triple.object, graph)
        if holds_blank_nodes(quad) or isinstance(triple.object, Triple):
            raise DataError(f"A query for {graph} makes blank nodes; give its nodes IRIs: {text.strip()[:200]}")
        yield quad


def _triples(reader: Reader, text: str) -> QueryTriples:
    answer = reader.query(text)
    if not isinstance(answer, QueryTriples):
        raise DataError(f"A derived graph needs CONSTRUCT queries; this is another: {text.strip()[:200]}")
    return answer
