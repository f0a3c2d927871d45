"""Diagrams of the ontology as SVG, drawn from its axioms: the tree of classes, and what relates to what.

Colours are `currentColor`, so that a diagram suits light and dark pages; nothing is loaded from elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

from pyoxigraph import Literal, NamedNode

from aigraph.terms.catalogue import Kind, Term, Terms
from aigraph.terms.expressions import named_in
from aigraph.terms.triples import Object
from aigraph.vocab import AIG, OWL, RDFS

_ROW = 30  # heights, widths and gaps in pixels at the usual size
_BOX = 22
_INDENT = 26
_CHARACTER = 7.4
_COLUMN = 300
_BRANCH = 270
_ROWS = 16  # of a column of trees, unless one tree alone has more

Link = Callable[[Term], str]


@dataclass(frozen=True, slots=True)
class _Box:
    term: Term
    x: float
    y: float
    width: float


def class_tree(terms: Terms, link: Link) -> str:
    """The classes as trees, subclasses to the right of and below their superclass, in as many columns as it takes."""
    classes = terms.of_kind(Kind.CLASS)
    roots = [term for term in classes if not _parents(terms, term)]
    trees = sorted((_tree(terms, root) for root in roots), key=lambda tree: (-len(tree), tree[0][0].name))
    boxes: list[_Box] = []
    lines: list[str] = []
    column, row = 0, 0
    for tree in trees:
        if row and row + len(tree) > _ROWS:
            column, row = column + 1, 0
        drawn = [
            _Box(term, 8 + column * _BRANCH + depth * _INDENT, 8 + (row + place) * _ROW, _width(term.label))
            for place, (term, depth) in enumerate(tree)
        ]
        lines += _branches(drawn, [depth for _, depth in tree])
        boxes += drawn
        row += len(tree)
    width = max((box.x + box.width for box in boxes), default=0) + 8
    height = max((box.y for box in boxes), default=0) + _ROW
    title = f"{len(classes)} classes of the ontology with their subclasses"
    return _svg(title, width, height, [*lines, *(_draw(box, link) for box in boxes)])


def _tree(terms: Terms, term: Term, depth: int = 0) -> list[tuple[Term, int]]:
    """A class and all below it, in the order of a page, with how deep each stands."""
    return [(term, depth), *(each for child in _children(terms, term) for each in _tree(terms, child, depth + 1))]


def _branches(boxes: Sequence[_Box], depths: Sequence[int]) -> list[str]:
    """One line down from each class to its last subclass, and one to the side for each subclass."""
    lines = []
    for place, (box, depth) in enumerate(zip(boxes, depths, strict=True)):
        rest = list(zip(boxes, depths, strict=True))[place + 1 :]
        end = next((at for at, (_, below) in enumerate(rest) if below <= depth), len(rest))
        children = [child for child, below in rest[:end] if below == depth + 1]
        if children:
            x = box.x + 10
            sides = "".join(f"M{x:g} {child.y + _BOX / 2:g} H{child.x:g}" for child in children)
            lines.append(_path(f"M{x:g} {box.y + _BOX:g} V{children[-1].y + _BOX / 2:g}{sides}"))
    return lines


def relation_map(terms: Terms, link: Link) -> str:
    """The relations of statements and the shortcuts of deals in the middle, what they lead from left, to right."""
    relations = [term for term in terms.of_kind(Kind.OBJECT_PROPERTY) if _is_relation(terms, term)]
    links = {term: (_classes(terms, term, RDFS.domain), _classes(terms, term, RDFS.range)) for term in relations}
    relations.sort(key=lambda term: ([cls.label for cls in links[term][0]], [cls.label for cls in links[term][1]]))
    lefts = _ordered([links[term][0] for term in relations])
    rights = _ordered([links[term][1] for term in relations])
    rows = max(len(relations), len(lefts), len(rights))
    middle = _stack(relations, _COLUMN, rows)
    left, right = _stack(lefts, 8, rows), _stack(rights, 2 * _COLUMN, rows)
    lines = []
    for term, (domain, range_) in links.items():
        at = middle[term]
        lines += [_curve(left[cls], at) for cls in domain]
        lines += [_curve(at, right[cls]) for cls in range_]
    body = [*lines, *(_draw(box, link) for stack in (left, middle, right) for box in stack.values())]
    width = max(box.x + box.width for box in (*middle.values(), *right.values())) + 8 if relations else 16
    title = f"{len(relations)} relations, from the classes they lead from (left) to the classes they lead to (right)"
    return _svg(title, width, 16 + rows * _ROW, body)


def _is_relation(terms: Terms, term: Term) -> bool:
    """True for what a statement can state and for the shortcuts of deals; inverses would show the same twice."""
    return term.iri in _members(terms, AIG.Relation) or AIG.hasDealWith in terms.index.iris(
        term.iri, RDFS.subPropertyOf
    )


def _members(terms: Terms, cls: NamedNode) -> set[Object]:
    """The individuals that an enumerated class lists."""
    expressions = [node for node in terms.index.objects(cls, OWL.equivalentClass) if not isinstance(node, Literal)]
    heads = [head for node in expressions for head in terms.index.objects(node, OWL.oneOf)]
    return {member for head in heads for member in terms.index.list(head)}


def _parents(terms: Terms, term: Term) -> list[Term]:
    found = (terms.find(iri) for iri in terms.index.iris(term.iri, RDFS.subClassOf))
    return [parent for parent in found if parent and parent.kind is Kind.CLASS]


def _children(terms: Terms, term: Term) -> list[Term]:
    """The direct subclasses; a class with two superclasses stands under the first of them only."""
    found = (
        terms.find(node) for node in terms.index.subjects(RDFS.subClassOf, term.iri) if isinstance(node, NamedNode)
    )
    return [child for child in found if child and _parents(terms, child)[0] == term]


def _classes(terms: Terms, term: Term, predicate: NamedNode) -> list[Term]:
    iris = [iri for node in terms.index.objects(term.iri, predicate) for iri in named_in(terms.index, node)]
    return [found for iri in iris if (found := terms.find(iri))]


def _ordered(groups: Sequence[Sequence[Term]]) -> list[Term]:
    """Terms of rows in the order of the middle of the rows that name them, so that few lines cross."""
    places: dict[Term, list[int]] = {}
    for row, group in enumerate(groups):
        for term in group:
            places.setdefault(term, []).append(row)
    return sorted(places, key=lambda term: (sum(places[term]) / len(places[term]), term.name))


def _stack(column: Sequence[Term], x: float, rows: int) -> dict[Term, _Box]:
    step = _ROW * rows / max(len(column), 1)
    return {
        term: _Box(term, x, 8 + place * step + (step - _ROW) / 2, _width(term.label))
        for place, term in enumerate(column)
    }


def _width(label: str) -> float:
    return round(len(label) * _CHARACTER + 16, 1)


def _draw(box: _Box, link: Link) -> str:
    round_ = 11 if box.term.kind.is_property else 3
    return (
        f'<a href="{escape(link(box.term))}"><title>{escape(box.term.definition)}</title>'
        f'<rect x="{box.x:g}" y="{box.y:g}" width="{box.width:g}" height="{_BOX}" rx="{round_}" fill="none" '
        f'stroke="currentColor" pointer-events="all"/>'
        f'<text x="{box.x + box.width / 2:g}" y="{box.y + 15:g}" text-anchor="middle" fill="currentColor">'
        f"{escape(box.term.label)}</text></a>"
    )


def _curve(start: _Box, end: _Box) -> str:
    x1, y1, x2, y2 = start.x + start.width, start.y + _BOX / 2, end.x, end.y + _BOX / 2
    middle = (x1 + x2) / 2
    return _path(f"M{x1:g} {y1:g} C{middle:g} {y1:g} {middle:g} {y2:g} {x2:g} {y2:g}")


def _path(commands: str) -> str:
    return f'<path d="{commands}" fill="none" stroke="currentColor" stroke-opacity="0.45"/>'


def _svg(title: str, width: float, height: float, body: Sequence[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="group" width="{width:g}" height="{height:g}" '
        f'viewBox="0 0 {width:g} {height:g}" font-family="system-ui, sans-serif" font-size="13">'
        f"<title>{escape(title)}</title>{''.join(body)}</svg>"
    )
