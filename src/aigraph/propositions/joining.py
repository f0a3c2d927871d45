"""From findings to the graph of propositions: a pure function of the findings, key by key.

What is said of a proposition follows from its own findings; what is said of two, from those of both; which finding
supersedes which, from those on one matter. So a change asks for no more than the keys and matters that it touches.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple, Protocol

from pyoxigraph import Literal, NamedNode, Quad

from aigraph.propositions.compare import Clash, Proposition, clash, may_clash, updates
from aigraph.propositions.findings import Row, Said
from aigraph.propositions.likeness import likeness, nearness
from aigraph.propositions.meanings import Deal, Meaning, Sum, parse
from aigraph.propositions.sources import Group
from aigraph.vocab import AIG, RDF, RDFS, Iris

GRAPH = "propositions"
HEAD = (
    RDF.type,
    RDFS.label,
    AIG.meaning,
    AIG.comparedUnder,
    AIG.speaksOf,
    AIG.sourceCount,
    AIG.independentSourceCount,
    AIG.belief,
)
"""What is said of a proposition, whichever findings express it."""


class Head(NamedTuple):
    """What of that its key does not tell."""

    label: str
    sources: int
    independent: int
    belief: float
    topics: tuple[str, ...]

    @classmethod
    def of(cls, proposition: Proposition) -> Head:
        """What is said of a proposition."""
        numbers = len(proposition.articles), len(proposition.groups), proposition.belief
        return cls(proposition.label, *numbers, proposition.topics)

    @classmethod
    def read(cls, row: Row) -> Head:
        """What a row was made of."""
        label, sources, independent, belief, topics = row
        return cls(label, sources, independent, belief, tuple(topics))


Triple = tuple[NamedNode, NamedNode, NamedNode | Literal]


class _Told(NamedTuple):
    """A proposition as far as `nearness` looks at it."""

    meaning: Meaning
    told_as: str


class Propositions(Protocol):
    """Propositions by their keys."""

    def proposition(self, key: str) -> Proposition | None:
        """The proposition with that key; None where no finding has it."""

    def told_as(self, key: str) -> str | None:
        """What tells whether two propositions are told in the same sentences; None where no finding has that key."""


class Collection(Propositions, Protocol):
    """Findings by what they mean."""

    def holds(self, key: str) -> bool:
        """Whether any finding has that key."""

    def at(self, place: str) -> set[str]:
        """The keys of all propositions that are compared there."""


@dataclass(frozen=True)
class Joiner:
    """Makes the quads of propositions, and of what there is between them, out of a collection of findings."""

    iris: Iris

    @cached_property
    def graph(self) -> NamedNode:
        """The graph of propositions."""
        return self.iris.graph(GRAPH)

    def iri(self, key: str) -> NamedNode:
        """The IRI of the proposition with a key."""
        return _iri(self.iris, key)

    def close(self, key: str, collection: Collection, compared: set[tuple[str, str]]) -> Iterator[tuple[str, str]]:
        """The pairs of a proposition and another that may exclude each other or be alike, as far as their keys tell.

        But for those that have been compared.
        """
        meaning = parse(key)
        near = {other for place in meaning.places for other in collection.at(place)}
        for other in near - {key}:
            pair = min(key, other), max(key, other)
            if pair not in compared:
                compared.add(pair)
                if close(meaning, parse(other)) and collection.holds(other):
                    yield pair

    def between(self, one: str, other: str, collection: Propositions) -> list[Triple]:
        """What there is between two propositions: that they exclude each other, or are alike, or nothing."""
        if (found := self._clash(one, other, collection)) is not None:
            node = self.iris.joint("Conflict", one, other)
            told: list[Triple] = [(node, RDF.type, AIG.Conflict), (node, AIG.conflictKind, Literal(found.kind))]
            told.append((node, AIG.reason, Literal(found.reason)))
        elif degree := self._nearness(one, other, collection):
            node = self.iris.joint("Similarity", one, other)
            told = [(node, RDF.type, AIG.Similarity), (node, AIG.degree, Literal(degree))]
        else:
            return []
        return [*told, *((node, AIG.between, self.iri(end)) for end in (one, other))]

    @staticmethod
    def _clash(one: str, other: str, collection: Propositions) -> Clash | None:
        """Why two propositions exclude each other; most cannot, as their keys tell, and are not looked at."""
        if not may_clash(parse(one), parse(other)):
            return None
        left, right = collection.proposition(one), collection.proposition(other)
        return clash(left, right) if left and right else None

    @staticmethod
    def _nearness(one: str, other: str, collection: Propositions) -> float:
        """How nearly two propositions are the same, by their keys and by how they are told; they are not read."""
        told, also = collection.told_as(one), collection.told_as(other)
        return nearness(_Told(parse(one), told), _Told(parse(other), also)) if told and also else 0.0

    def superseding(self, findings: Sequence[Said], matter: str) -> Iterator[Quad]:
        """Which of some findings on one matter supersedes which; of a speaker there have to be all."""
        for later, earlier in updates(findings, matter):
            yield Quad(NamedNode(later.node), AIG.supersedes, NamedNode(earlier.node), self.graph)

    def head(self, key: str, proposition: Proposition) -> Iterator[Quad]:
        """What is said of a proposition (`HEAD`) but which findings express it."""
        return self.headed(key, Head.of(proposition))

    def headed(self, key: str, head: Head, but: Head | None = None) -> Iterator[Quad]:
        """The same for a proposition that is summed up, without what is said of another state of it too."""
        node, graph = self.iri(key), self.graph
        if but is None:
            yield Quad(node, RDF.type, AIG.Proposition, graph)
            yield Quad(node, AIG.meaning, Literal(key), graph)
            for place in parse(key).places:
                yield Quad(node, AIG.comparedUnder, Literal(place), graph)
            for thing in set(parse(key).things):
                yield Quad(node, AIG.speaksOf, NamedNode(thing), graph)
        values: tuple[str | int | float, ...] = head[:-1]
        others = but[:-1] if but else (None,) * len(values)
        for property_, value, other in zip(_SUMMED_UP, values, others, strict=True):
            if value != other:
                yield Quad(node, property_, Literal(value), graph)
        for topic in head.topics:
            if not but or topic not in but.topics:
                yield Quad(node, AIG.speaksOf, NamedNode(topic), graph)

    def expressed(self, key: str, findings: Iterable[str]) -> Iterator[Quad]:
        """That some findings express a proposition."""
        node, graph = self.iri(key), self.graph
        return (Quad(node, AIG.expressedBy, NamedNode(finding), graph) for finding in findings)

    def group(self, key: str, group: Group, but: Group | None = None) -> Iterator[Quad]:
        """A group of sources of a proposition, without what is said of another state of it too."""
        if len(group.articles) == 1:
            return
        # named by its first article, which no other group has: one that comes in changes what is said of itself
        one, graph = self.iris.joint("SourceGroup", key, group.articles[0]), self.graph
        if but is None or len(but.articles) == 1:
            yield Quad(one, RDF.type, AIG.SourceGroup, graph)
            yield Quad(one, AIG.groupOf, self.iri(key), graph)
            but = None
        known = (set(but.articles), set(but.reasons)) if but else (set[str](), set[str]())
        for article in group.articles:
            if article not in known[0]:
                yield Quad(one, AIG.member, NamedNode(article), graph)
        for reason in group.reasons:
            if reason not in known[1]:
                yield Quad(one, AIG.reason, Literal(reason), graph)


_SUMMED_UP = (RDFS.label, AIG.sourceCount, AIG.independentSourceCount, AIG.belief)


def settled(triples: Sequence[Triple]) -> bool:
    """Whether what there is between two propositions is what it always is, if there is anything: their likeness.

    That depends on what they mean alone. Why they exclude each other depends on who says so as well.
    """
    return triples[0][2] == AIG.Similarity


@lru_cache(maxsize=1 << 14)
def _iri(iris: Iris, key: str) -> NamedNode:
    return iris.joint("Proposition", key)


def close(one: Meaning, other: Meaning) -> bool:
    """Whether what has these meanings may exclude each other or be alike, as far as they alone tell."""
    return may_clash(one, other) or bool(likeness(one, other))


def on(matter: str, collection: Collection) -> dict[str, Meaning]:
    """What is said on one matter: the keys of its propositions with their meanings."""
    found = {key: parse(key) for key in collection.at(matter)}
    return {key: meaning for key, meaning in found.items() if meaning.matter == matter}


def may_update(meanings: Mapping[str, Meaning]) -> bool:
    """Whether anything on a matter can update anything: what is one meaning cannot, but of a deal the status."""
    return len(meanings) > 1 or any(isinstance(meaning, Deal | Sum) for meaning in meanings.values())
