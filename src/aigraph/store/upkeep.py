"""Keeping derived graphs up to date in proportion to a change, with the outcome of making them anew.

The published queries stay the only source; what is asked here is each of them with some of its variables bound
(`restricted.py`). The way is delete-and-rederive. Before an article's graph changes, all that follows from what goes
is noted, whatever else supports it. At the end that is deleted, what still has a support is derived again, and what
follows from what came is added. `docs/adr/0003-derived-graphs.md` says why this gives the same graphs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass

from pyoxigraph import BlankNode, NamedNode, Quad, Store, Triple

from aigraph.store.restricted import about, from_premises, heads
from aigraph.vocab import RDF

Construct = Callable[[str], Iterable[Triple]]
"""Runs a CONSTRUCT query over the union of all graphs."""


@dataclass(frozen=True, slots=True)
class Derivation:
    """One step of making derived graphs: CONSTRUCT queries, the graph they add to, and whether to a fixpoint.

    `about` names for each query the variable of the one thing that it looks at; without it the step can only be made
    as a whole. The lines of a query to a fixpoint that are premises end with "# premise".
    """

    graph: NamedNode
    queries: tuple[str, ...]
    fixpoint: bool = False
    about: tuple[str, ...] = ()


class Upkeep:
    """Follows the changes of a store between two states of its derived graphs.

    `limit` is the number of changed quads above which `large` is set: making everything anew is quicker then. It is
    set too where the steps or a change do not allow anything else.
    """

    def __init__(self, store: Store, construct: Construct, steps: Sequence[Derivation], *, limit: int) -> None:
        self._store = store
        self._construct = construct
        self.steps = tuple(steps)
        *first, last = steps
        self._last = last
        self._things = [step for step in first if step.graph != last.graph]
        self._findings = [step for step in first if step.graph == last.graph]
        self.large = not last.fixpoint or not all(step.about for step in first)
        self._limit = limit
        self._gone: set[Triple] = set()
        self._come: set[Triple] = set()
        self._subjects: set[NamedNode] = set()
        self._touched: set[NamedNode] = set()
        self._doomed: set[Triple] = set()
        self._seen: set[Triple] = set()

    def before(self, removed: Set[Quad], added: Set[Quad]) -> None:
        """Note what a change that is about to be made will take the support from."""
        self.large = self.large or len(self._gone) + len(self._come) + len(removed) + len(added) > self._limit
        self.large = self.large or any(isinstance(node, BlankNode) for q in removed | added for node in q.triple)
        if self.large:
            return
        subjects = {q.subject for q in removed | added if isinstance(q.subject, NamedNode)}
        around = {q for node in subjects for q in self._store.quads_for_pattern(node, None, None, None)}
        self._subjects |= subjects
        self._touched |= {node for q in around | removed | added for node in _ends(q.triple)}
        self._gone |= {q.triple for q in removed}
        self._come |= {q.triple for q in added}
        losing = {q.subject for q in removed if isinstance(q.subject, NamedNode)}
        self._doom({q.triple for q in removed} | set(self._of(self._findings, losing)))

    def finish(self) -> None:
        """Bring the derived graphs up to date after the last change."""
        old, new = self._renew_things()
        gone, come = self._gone | (old - new), self._come | (new - old)
        # a thing of another class than before: what its class forbade may follow now, and the other way round
        retyped = {t.subject for t in (old ^ new) | self._gone | self._come if t.predicate == RDF.type}
        around = {t for node in retyped if isinstance(node, NamedNode) for t in self._around(node)}
        lost = [_quad(triple, self._things[0].graph) for triple in old - new] if self._things else []
        self._store.extend(lost)
        self._doom((old - new) | around)
        for quad in lost:
            self._store.remove(quad)
        graph = self._last.graph
        for triple in self._doomed:
            self._store.remove(_quad(triple, graph))
        for triple in come:
            if self._held(triple, without=graph):
                self._store.remove(_quad(triple, graph))
        queries = [*(q for step in self._findings for q in step.queries), *self._last.queries]
        again = {t for text in queries for query in heads(text, self._doomed | gone) for t in self._construct(query)}
        again |= set(self._of(self._findings, self._subjects))
        self._follow(come | around, again)

    # --- the graph of things

    def _renew_things(self) -> tuple[set[Triple], set[Triple]]:
        """Make anew what is derived of each touched thing; what that was before, and what it is now."""
        if not self._things:
            return set(), set()
        graph = self._things[0].graph
        old = {q for node in self._touched for q in self._store.quads_for_pattern(node, None, None, graph)}
        for quad in old:
            self._store.remove(quad)
        new: set[Triple] = set()
        for step in self._things:
            found = {t for t in self._of([step], self._touched) if not self._held(t, without=self._last.graph)}
            self._store.extend([_quad(triple, graph) for triple in found])
            new |= found
        return {quad.triple for quad in old}, new

    # --- the graph of facts

    def _doom(self, seeds: Set[Triple]) -> None:
        """Note all derived triples that follow from some others, step by step; those others too if they are derived."""
        frontier = set(seeds) - self._seen
        while frontier:
            self._seen |= frontier
            self._doomed |= {t for t in frontier if _quad(t, self._last.graph) in self._store}
            found = {t for query in self._from(frontier, positive=True) for t in self._construct(query)}
            frontier = {t for t in found - self._seen if _quad(t, self._last.graph) in self._store}

    def _follow(self, frontier: Set[Triple], found: Set[Triple]) -> None:
        """Add some triples, what follows from them and from `frontier`, and so on until nothing new comes."""
        while True:
            new = {t for t in found if not self._held(t)}
            self._store.extend([_quad(triple, self._last.graph) for triple in sorted(new, key=str)])
            frontier = frontier | new
            if not frontier:
                return
            found = {t for query in self._from(frontier) for t in self._construct(query)}
            frontier = set()

    def _from(self, triples: Set[Triple], *, positive: bool = False) -> Iterator[str]:
        for text in self._last.queries:
            yield from from_premises(text, triples, positive=positive)

    # --- looking up

    def _of(self, steps: Sequence[Derivation], nodes: Set[NamedNode]) -> Iterator[Triple]:
        """What the queries of some steps give about some nodes."""
        for step in steps:
            for text, variable in zip(step.queries, step.about, strict=True):
                for query in about(text, variable, nodes):
                    yield from self._construct(query)

    def _around(self, node: NamedNode) -> Iterator[Triple]:
        for quad in self._store.quads_for_pattern(node, None, None, None):
            yield quad.triple
        for quad in self._store.quads_for_pattern(None, None, node, None):
            yield quad.triple

    def _held(self, triple: Triple, *, without: NamedNode | None = None) -> bool:
        quads = self._store.quads_for_pattern(triple.subject, triple.predicate, triple.object, None)
        return any(quad.graph_name != without for quad in quads)


def _quad(triple: Triple, graph: NamedNode) -> Quad:
    return Quad(triple.subject, triple.predicate, triple.object, graph)


def _ends(triple: Triple) -> list[NamedNode]:
    return [node for node in (triple.subject, triple.object) if isinstance(node, NamedNode)]
