"""What CONSTRUCT queries give that no graph of a store holds yet."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import NamedNode, Quad, QueryTriples, Triple

from aigraph.errors import DataError
from aigraph.store.content import holds_blank_nodes
from aigraph.store.reader import Reader


def constructed(reader: Reader, text: str, graph: NamedNode) -> Iterator[Quad]:
    """The triples that one query gives and no graph holds, as quads of `graph`.

    Raises:
        DataError: the query is no CONSTRUCT, or makes blank nodes.
    """
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
