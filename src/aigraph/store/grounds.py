"""What stays from article to article: the steps of derived graphs, and the rules with the ontology filled in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Protocol, cast

from pyoxigraph import Literal, NamedNode, Quad, QueryTriples, Store, Triple

from aigraph.store.account import Account
from aigraph.store.premises import Premises
from aigraph.vocab import RDF, prefixes


@dataclass(frozen=True, slots=True)
class Derivation:
    """One step of making derived graphs: CONSTRUCT queries, the graph they add to, and whether to a fixpoint.

    `about` names for each query the variable of the one thing that it looks at. The queries of the last graph have
    premises instead (`premises.py`). Without these the steps can only be made as a whole.
    """

    graph: NamedNode
    queries: tuple[str, ...]
    fixpoint: bool = False
    about: tuple[str, ...] = ()


class Computed(Protocol):
    """A derived graph that code makes of the graphs of articles alone, where no query can."""

    @property
    def graph(self) -> NamedNode:
        """The graph that it makes."""

    def before(self, graph: NamedNode, old: Set[Quad], new: Set[Quad]) -> None:
        """Note that a graph is about to hold other quads than it does."""

    def changes(self, store: Store, shelf: Account) -> tuple[set[Quad], set[Quad]]:
        """After all changes: what the graph holds and should not, and what it should hold and does not."""

    def anew(self, store: Store, shelf: Account) -> Iterable[Quad]:
        """All that the graph should hold, in whatever order, while it is empty. It may be written meanwhile.

        What stands on the shelf is its own (`Account.get`, `put`, `drop`), and empty when all is made anew.
        """


class Grounds:
    """What does not change from article to article: the ontology in memory, the rules of facts with it filled in."""

    def __init__(self, store: Store, steps: Sequence[Derivation], axioms: NamedNode) -> None:
        self.steps = tuple(steps)
        self.facts = steps[-1].graph
        self.things = tuple(step for step in steps if step.graph != self.facts)
        told = self.things if self.suffice else ()
        self.links = {iri for step in told for iri in _links(step)}
        self.properties = {RDF.type, *(iri for step in told for iri in _names(step))}
        self.named = {iri for step in self.things for text in step.queries for iri in _iris(_mentioned(text))}
        self._store = store
        self._axioms = axioms

    @cached_property
    def memory(self) -> Store:
        """The ontology, without words that no rule looks at."""
        memory = Store()
        held = self._store.quads_for_pattern(None, None, None, self._axioms)
        memory.extend(q for q in held if not isinstance(q.object, Literal) or q.predicate in self.named)
        return memory

    @cached_property
    def premises(self) -> Premises:
        """The rules of facts."""
        queries = [text for step in self.steps if step.graph == self.facts for text in step.queries]
        return Premises(queries, self.memory)

    @cached_property
    def name(self) -> str:
        """Tells the rules of facts from others."""
        texts = sorted(text for step in self.steps if step.graph == self.facts for text in step.queries)
        return sha256("\0".join(texts).encode()).hexdigest()

    @property
    def suffice(self) -> bool:
        """Whether the rules say what they look at, so that changes can be followed up."""
        return all(step.about for step in self.things)

    @contextmanager
    def region(self, quads: Iterable[Quad]) -> Iterator[Region]:
        """A store in memory of the ontology and some quads, for the while."""
        region = Region(self.memory, self._axioms)
        region.extend(quads)
        try:
            yield region
        finally:
            region.clear()

    def count(self, account: Account) -> None:
        """Enter into an account how many findings state each fact."""
        numbers = self.premises.stating(self._store, self.facts)
        account.recount(self.name, ((str(triple), number) for triple, number in numbers))


class Region:
    """Quads that are added to a store for some questions, and taken out of it again."""

    def __init__(self, store: Store, axioms: NamedNode) -> None:
        self.store = store
        self._axioms = axioms
        self._added: list[Quad] = []

    def extend(self, quads: Iterable[Quad]) -> None:
        """Add quads."""
        new = {quad for quad in quads if quad.graph_name != self._axioms}  # these are there
        self._added += new
        self.store.extend(new)

    def constructed(self, text: str) -> set[Triple]:
        """What a CONSTRUCT query gives."""
        return set(cast(QueryTriples, self.store.query(text, prefixes=prefixes(), use_default_graph_as_union=True)))

    def clear(self) -> None:
        """Take everything out again."""
        for quad in self._added:
            self.store.remove(quad)


def standing(store: Store, triple: Triple) -> Iterator[Quad]:
    """Where a triple stands in a store, in whatever graph."""
    return store.quads_for_pattern(triple.subject, triple.predicate, triple.object, None)


def quad_of(triple: Triple, graph: NamedNode) -> Quad:
    """A triple in a graph."""
    return Quad(triple.subject, triple.predicate, triple.object, graph)


def _links(step: Derivation) -> Iterator[NamedNode]:
    """The properties by which the queries of a step go from the thing that they are about to what is linked to it."""
    for text, variable in zip(step.queries, step.about, strict=True):
        yield from _iris(re.findall(rf"\?\w+ (\w+:\w+) \?{variable}\b", text))


def _names(step: Derivation) -> Iterator[NamedNode]:
    """The properties that the queries of a step look at in the thing that they are about, and some more."""
    for text, variable in zip(step.queries, step.about, strict=True):
        # as the subject of a pattern: not where it ends one that goes on with ";"
        for said in re.findall(
            rf"(?:[{{.]|^)\s*\?{variable}\s+([^.{{}}()]*)", text[text.index("CONSTRUCT") :], re.MULTILINE
        ):
            yield from _iris(re.findall(r"\b(\w+:\w+)\b", said))


def _iris(names: Iterable[str]) -> Iterator[NamedNode]:
    for name in names:
        prefix, _, local = name.partition(":")
        yield NamedNode(prefixes()[prefix] + local)


def _mentioned(text: str) -> Iterator[str]:
    """The prefixed names in a query, without those of its header."""
    lines = (line for line in text.splitlines() if not line.startswith(("#", "PREFIX")))
    return (name for line in lines for name in re.findall(r"\b[a-z]+:\w+", line))
