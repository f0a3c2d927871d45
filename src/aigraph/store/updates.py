"""Quads as the engine holds them, and as the updates by which it takes them."""

from __future__ import annotations

from collections.abc import Iterable

from pyoxigraph import Literal, NamedNode, Quad, Store

from aigraph.vocab import XSD


def as_stored(quads: Iterable[Quad]) -> set[Quad]:
    """The quads as the engine gives them back: it writes numbers and dates in their canonical form."""
    held, others = set[Quad](), list[Quad]()
    for quad in quads:
        value = quad.object
        plain = type(value) is NamedNode or (type(value) is Literal and value.datatype == XSD.string)
        if plain and type(quad.subject) is NamedNode:
            held.add(quad)
        else:
            others.append(quad)
    memory = Store()
    memory.extend(others)
    return held.union(memory)


def data_update(verb: str, graph: NamedNode, quads: Iterable[Quad]) -> str:
    """A DELETE DATA or INSERT DATA of quads of one graph, in a fixed order."""
    body = "\n".join(sorted(f"{quad.subject} {quad.predicate} {quad.object} ." for quad in quads))
    return f"{verb} DATA {{ GRAPH {graph} {{\n{body}\n}} }}"
