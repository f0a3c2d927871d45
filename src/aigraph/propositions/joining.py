"""From findings to the graph of propositions: a pure function of the findings, key by key.

What is said of a proposition follows from its own findings; what is said of two, from those of both; which finding
supersedes which, from those on one matter. So a change asks for no more than the keys and matters that it touches.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from pyoxigraph import Literal, NamedNode, Quad

from aigraph.propositions.belief import belief
from aigraph.propositions.compare import Proposition, clash, may_clash, updates
from aigraph.propositions.findings import Said
from aigraph.propositions.likeness import likeness, nearness
from aigraph.propositions.meanings import Deal, Meaning, Sum, parse
from aigraph.propositions.sources import groups
from aigraph.vocab import AIG, RDF, RDFS, Iris

GRAPH = "propositions"
Triple = tuple[NamedNode, NamedNode, NamedNode | Literal]


class Collection(Protocol):
    """Findings by what they mean."""

    def proposition(self, key: str) -> Proposition | None:
        """The proposition with that key; None where no finding has it."""

    def holds(self, key: str) -> bool:
        """Whether any finding has that key."""

    def at(self, place: str) -> set[str]:
        """The keys of all propositions that are compared there."""


@dataclass(frozen=True, slots=True)
class Joiner:
    """Makes the quads of propositions, and of what there is between them, out of a collection of findings."""

    iris: Iris

    @property
    def graph(self) -> NamedNode:
        """The graph of propositions."""
        return self.iris.graph(GRAPH)

    def iri(self, key: str) -> NamedNode:
        """The IRI of the proposition with a key."""
        return self.iris.joint("Proposition", key)

    def quads(self, keys: Iterable[str], collection: Collection) -> Iterator[Quad]:
        """All about the propositions with some keys: themselves, their sources, conflicts and similarities."""
        graph = self.graph
        compared: set[tuple[str, str]] = set()
        for key in sorted(set(keys)):
            if (proposition := collection.proposition(key)) is None:
                continue
            for triple in self._proposition(key, proposition):
                yield Quad(*triple, graph)
            near = {other for place in proposition.meaning.places for other in collection.at(place)}
            for other in sorted(near - {key}):
                pair = min(key, other), max(key, other)
                if pair not in compared:
                    compared.add(pair)
                    for triple in self._pair(*pair, collection):
                        yield Quad(*triple, graph)

    def updates(self, matters: Iterable[str], collection: Collection) -> Iterator[Quad]:
        """Which finding supersedes which on some matters."""
        for matter in sorted(set(matters)):
            if may_update(on(matter, collection)):
                yield from self.superseding(told_on(matter, collection), matter)

    def superseding(self, findings: Sequence[Said], matter: str) -> Iterator[Quad]:
        """Which of some findings on one matter supersedes which; of a speaker there have to be all."""
        for later, earlier in updates(findings, matter):
            yield Quad(NamedNode(later.node), AIG.supersedes, NamedNode(earlier.node), self.graph)

    def _proposition(self, key: str, proposition: Proposition) -> Iterator[Triple]:
        node, independent = self.iri(key), groups(proposition.findings)
        yield node, RDF.type, AIG.Proposition
        yield node, RDFS.label, Literal(proposition.label)
        yield node, AIG.meaning, Literal(key)
        for place in proposition.meaning.places:
            yield node, AIG.comparedUnder, Literal(place)
        for said in proposition.findings:
            yield node, AIG.expressedBy, NamedNode(said.node)
        yield node, AIG.sourceCount, Literal(len(proposition.articles))
        yield node, AIG.independentSourceCount, Literal(len(independent))
        yield node, AIG.belief, Literal(belief(proposition.findings, independent).value)
        for group in independent:
            if len(group.articles) > 1:
                # named by its first article, which no other group has: one that comes in changes what is said of itself
                one = self.iris.joint("SourceGroup", key, group.articles[0])
                yield one, RDF.type, AIG.SourceGroup
                yield one, AIG.groupOf, node
                for article in group.articles:
                    yield one, AIG.member, NamedNode(article)
                for reason in group.reasons:
                    yield one, AIG.reason, Literal(reason)

    def _pair(self, one: str, other: str, collection: Collection) -> Iterator[Triple]:
        if not collection.holds(one) or not collection.holds(other):
            return
        ends, found, degree = (self.iri(one), self.iri(other)), None, 0.0
        may_exclude = may_clash(parse(one), parse(other))
        if may_exclude or likeness(parse(one), parse(other)):  # what neither can be is told without its findings
            left, right = collection.proposition(one), collection.proposition(other)
            if left and right:
                found = clash(left, right) if may_exclude else None
                degree = nearness(left, right)
        if found is not None:
            node = self.iris.joint("Conflict", one, other)
            yield node, RDF.type, AIG.Conflict
            yield node, AIG.conflictKind, Literal(found.kind)
            yield node, AIG.reason, Literal(found.reason)
            for end in ends:
                yield node, AIG.between, end
        elif degree:
            node = self.iris.joint("Similarity", one, other)
            yield node, RDF.type, AIG.Similarity
            yield node, AIG.degree, Literal(degree)
            for end in ends:
                yield node, AIG.between, end


def on(matter: str, collection: Collection) -> dict[str, Meaning]:
    """What is said on one matter: the keys of its propositions with their meanings."""
    found = {key: parse(key) for key in collection.at(matter)}
    return {key: meaning for key, meaning in found.items() if meaning.matter == matter}


def may_update(meanings: Mapping[str, Meaning]) -> bool:
    """Whether anything on a matter can update anything: what is one meaning cannot, but of a deal the status."""
    return len(meanings) > 1 or any(isinstance(meaning, Deal | Sum) for meaning in meanings.values())


def told_on(matter: str, collection: Collection) -> list[Said]:
    """All findings on one matter."""
    found: dict[str, Said] = {}
    for key in on(matter, collection):
        if (proposition := collection.proposition(key)) is not None:
            found |= {said.node: said for said in proposition.findings}
    return [found[node] for node in sorted(found)]
