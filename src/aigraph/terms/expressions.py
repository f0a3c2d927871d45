"""Axioms in words: class expressions of OWL 2 in the Manchester syntax, as pieces of text and terms to link."""

from __future__ import annotations

from pyoxigraph import BlankNode, Literal, NamedNode

from aigraph.terms.triples import Node, Object, TripleIndex, owl, short

Piece = str | NamedNode
"""A piece of an expression: a text to show as it is, or a term to link."""

Expression = tuple[Piece, ...]

_FILLERS = (("someValuesFrom", "some"), ("allValuesFrom", "only"), ("hasValue", "value"))
_COUNTS = (
    ("minCardinality", "min"),
    ("maxCardinality", "max"),
    ("cardinality", "exactly"),
    ("minQualifiedCardinality", "min"),
    ("maxQualifiedCardinality", "max"),
    ("qualifiedCardinality", "exactly"),
)
_JUNCTIONS = (("unionOf", " or "), ("intersectionOf", " and "))


def expression(index: TripleIndex, node: Object, *, nested: bool = False) -> Expression:
    """A class, property or value as pieces; an expression within another one has brackets where it needs them."""
    if isinstance(node, NamedNode):
        return (node,)
    if isinstance(node, Literal):
        return (literal(node),)
    found = _junction(index, node) or _enumeration(index, node) or _restriction(index, node) or _other(index, node)
    return ("(", *found, ")") if nested and len(found) > 1 and found[0] != "{" else found


def literal(value: Literal) -> str:
    """A literal as a reader wants to see it: its text, with the datatype where that is more than a string."""
    if value.language or value.datatype.value.endswith("#string"):
        return f'"{value.value}"'
    return f'"{value.value}" ({short(value.datatype.value)})'


def chain(index: TripleIndex, head: Object) -> Expression:
    """A property chain: its properties with "then" between them."""
    return _joined([expression(index, member, nested=True) for member in index.list(head)], " then ")


def named_in(index: TripleIndex, node: Object) -> list[NamedNode]:
    """The IRIs that a domain or a range allows: itself, or those of a union, however deep."""
    if isinstance(node, NamedNode):
        return [node]
    if isinstance(node, BlankNode):
        return [
            found
            for head in index.objects(node, owl("unionOf"))
            for member in index.list(head)
            for found in named_in(index, member)
        ]
    return []


def _junction(index: TripleIndex, node: Node) -> Expression:
    for name, word in _JUNCTIONS:
        for head in index.objects(node, owl(name)):
            return _joined([expression(index, member, nested=True) for member in index.list(head)], word)
    for operand in index.objects(node, owl("complementOf")):
        return ("not ", *expression(index, operand, nested=True))
    return ()


def _enumeration(index: TripleIndex, node: Node) -> Expression:
    for head in index.objects(node, owl("oneOf")):
        return ("{", *_joined([expression(index, member) for member in index.list(head)], ", "), "}")
    return ()


def _restriction(index: TripleIndex, node: Node) -> Expression:
    properties = index.objects(node, owl("onProperty"))
    if not properties:
        return ()
    on = expression(index, properties[0], nested=True)
    for name, word in _FILLERS:
        for filler in index.objects(node, owl(name)):
            return (*on, f" {word} ", *expression(index, filler, nested=True))
    for name, word in _COUNTS:
        for count in index.objects(node, owl(name)):
            qualifier = [*index.objects(node, owl("onClass")), *index.objects(node, owl("onDataRange"))]
            number = count.value if isinstance(count, Literal) else str(count)
            rest = (" ", *expression(index, qualifier[0], nested=True)) if qualifier else ()
            return (*on, f" {word} {number}", *rest)
    return (*on, " Self") if index.objects(node, owl("hasSelf")) else on


def _other(index: TripleIndex, node: Node) -> Expression:
    """An inverse property, a restricted datatype, or a node of which nothing is known."""
    for inverse in index.objects(node, owl("inverseOf")):
        return ("inverse of ", *expression(index, inverse))
    for datatype in index.objects(node, owl("onDatatype")):
        facets = [
            f"{short(facet.value).partition(':')[2]} {value.value}"
            for head in index.objects(node, owl("withRestrictions"))
            for each in index.list(head)
            if isinstance(each, BlankNode | NamedNode)
            for facet in index.predicates(each)
            for value in index.objects(each, facet)
            if isinstance(value, Literal)
        ]
        return (*expression(index, datatype), f" [{', '.join(facets)}]")
    return ("an unnamed node",)


def _joined(parts: list[Expression], word: str) -> Expression:
    pieces: list[Piece] = []
    for place, part in enumerate(parts):
        pieces += [word, *part] if place else part
    return tuple(pieces)
