"""The graphs of things, as far as a change touches them: what they hold and what their rules give now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set

from pyoxigraph import Literal, NamedNode, Quad, Store

from aigraph.store.account import Account
from aigraph.store.grounds import Grounds, quad_of, standing
from aigraph.vocab import AIG

_SUMMARY = NamedNode("urn:aigraph:summary")


def things_anew(
    touched: Set[NamedNode], store: Store, grounds: Grounds, account: Account
) -> tuple[set[Quad], set[Quad]]:
    """What the graphs of things hold about touched things, and what they should hold."""
    graphs = {step.graph for step in grounds.things}
    derived = {*graphs, grounds.facts}
    pairs = [(node, graph) for node in touched for graph in graphs]
    old = {q for node, graph in pairs for q in store.quads_for_pattern(node, None, None, graph)}
    around = {q for node in touched for q in _about(node, store, grounds)} | set(
        _summed_up(touched, store, grounds, account)
    )
    new: set[Quad] = set()
    with grounds.region(q for q in around if q.graph_name not in derived) as region:
        for step in grounds.things:
            made = {t for text in step.queries for t in region.constructed(text) if t.subject in touched}
            quads = {quad_of(t, step.graph) for t in made if not any(standing(region.store, t))}
            region.extend(quads)
            new |= quads
    return old, new


def _about(node: NamedNode, store: Store, grounds: Grounds) -> Iterator[Quad]:
    """What the rules of things look at: what is said of a thing, and of what is linked to it."""
    for property_ in grounds.properties:
        yield from store.quads_for_pattern(node, property_, None)
    for link in grounds.links - {AIG.mentionOf}:
        for quad in store.quads_for_pattern(None, link, node):
            yield from store.quads_for_pattern(quad.subject, None, None)


def _summed_up(nodes: Iterable[NamedNode], store: Store, grounds: Grounds, account: Account) -> Iterator[Quad]:
    """One mention that stands for all of a thing with the same class and form.

    The rules of things look at nothing else of mentions but how often they occur, and that they add up.
    """
    if AIG.mentionOf not in grounds.links:
        return
    for node, namings in account.namings(nodes, store).items():
        for index, (cls, form, number) in enumerate(namings):
            mention = NamedNode(f"{node.value}#{index}")
            yield Quad(mention, AIG.mentionOf, node, _SUMMARY)
            yield Quad(mention, AIG.mentionedAs, cls, _SUMMARY)
            yield Quad(mention, AIG.form, form, _SUMMARY)
            yield Quad(mention, AIG.occurrences, Literal(number), _SUMMARY)
