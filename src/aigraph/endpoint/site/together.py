"""What a page on a finding or a proposition shows: who says the same, and what stands against it, side by side."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from aigraph.endpoint.site.addresses import page_of
from aigraph.endpoint.site.findings import Card, Cards, Words
from aigraph.endpoint.site.reading import Graph
from aigraph.vocab import AIG, RDF, RDFS

_MOST = 60
_BESIDE = 4


@dataclass(frozen=True, slots=True)
class Opposite:
    """A proposition that this one meets, with the beginnings of what expresses it; `kind` is empty for near matches."""

    proposition: Words
    kind: str
    reason: str
    degree: float | None
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Articles that count as one source, and why."""

    reason: str
    articles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Agreement:
    """A proposition: what expresses it, how often it is said independently, what it meets."""

    iri: str
    href: str
    label: str
    sources: int
    independent: int
    belief: float | None
    cards: tuple[Card, ...]
    total: int
    groups: tuple[Group, ...]
    conflicts: tuple[Opposite, ...]
    similar: tuple[Opposite, ...]


@dataclass(frozen=True, slots=True)
class Agreements:
    """Reads propositions out of one snapshot."""

    graph: Graph
    cards: Cards

    def expressed_by(self, finding: NamedNode) -> tuple[Agreement, ...]:
        """The propositions that a finding expresses."""
        found = self.graph.column(f"SELECT ?p {{ ?p aig:expressedBy {finding} }} ORDER BY ?p LIMIT 4", "p")
        read = (self.read(one) for one in found)
        return tuple(one for one in read if one)

    def read(self, iri: NamedNode) -> Agreement | None:
        """A proposition, or None where the IRI is of none."""
        node = self.graph.nodes(
            [iri], (RDF.type, RDFS.label, AIG.sourceCount, AIG.independentSourceCount, AIG.belief, AIG.expressedBy)
        )[iri]
        if AIG.Proposition not in node.iris(RDF.type):
            return None
        findings = node.iris(AIG.expressedBy)
        meets = self._meets(iri)
        beside = [one for each in meets for one in each[-1]]
        cards = self.cards.of([*findings[:_MOST], *beside])
        opposites = [
            _opposite(words, kind, reason, degree, tuple(cards[one] for one in ones if one in cards))
            for words, kind, reason, degree, ones in meets
        ]
        own = sorted((cards[one] for one in findings[:_MOST] if one in cards), key=lambda card: (card.issued, card.iri))
        return Agreement(
            iri.value,
            page_of(iri.value, self.graph.base),
            own[0].told if own else node.text(RDFS.label) or iri.value,
            int(node.number(AIG.sourceCount) or 0),
            int(node.number(AIG.independentSourceCount) or 0),
            node.number(AIG.belief),
            tuple(own),
            len(findings),
            self._groups(iri),
            tuple(one for one in opposites if one.kind),
            tuple(one for one in opposites if not one.kind),
        )

    def _meets(self, iri: NamedNode) -> list[tuple[Words, str, str, float | None, list[NamedNode]]]:
        rows = self.graph.rows(
            f"SELECT ?other ?label ?kind ?reason ?degree {{ ?link aig:between {iri} , ?other . FILTER(?other != {iri}) "
            "?other rdfs:label ?label OPTIONAL { ?link aig:conflictKind ?kind ; aig:reason ?reason } "
            f"OPTIONAL {{ ?link aig:degree ?degree }} }} ORDER BY (!BOUND(?kind)) DESC(?degree) ?label LIMIT {_MOST}"
        )
        others = [other for row in rows if isinstance(other := row["other"], NamedNode)]
        findings = self._expressing(others)
        found = []
        for row in rows:
            texts = {name: term.value for name, term in row.items() if isinstance(term, Literal)}
            if isinstance(other := row["other"], NamedNode):
                words = Words(texts["label"], page_of(other.value, self.graph.base))
                degree = float(texts["degree"]) if "degree" in texts else None
                kind, reason = texts.get("kind", ""), texts.get("reason", "")
                found.append((words, kind, reason, degree, findings[other][:_BESIDE]))
        return found

    def _expressing(self, propositions: list[NamedNode]) -> dict[NamedNode, list[NamedNode]]:
        found: dict[NamedNode, list[NamedNode]] = defaultdict(list)
        if propositions:
            names = " ".join(map(str, dict.fromkeys(propositions)))
            rows = self.graph.rows(f"SELECT ?p ?f {{ VALUES ?p {{ {names} }} ?p aig:expressedBy ?f }} ORDER BY ?p ?f")
            for row in rows:
                if isinstance(one := row["p"], NamedNode) and isinstance(finding := row["f"], NamedNode):
                    found[one].append(finding)
        return found

    def _groups(self, iri: NamedNode) -> tuple[Group, ...]:
        rows = self.graph.rows(
            f"SELECT ?g ?reason ?title {{ ?g aig:groupOf {iri} ; aig:reason ?reason ; aig:member ?a . "
            "OPTIONAL { ?a dcterms:title ?t } OPTIONAL { ?a dcterms:identifier ?i } "
            "BIND(COALESCE(?t, ?i, STR(?a)) AS ?title) } ORDER BY ?g ?title"
        )
        found: dict[str, tuple[str, list[str]]] = {}
        for row in rows:
            reason, title = row["reason"], row["title"]
            if isinstance(reason, Literal) and isinstance(title, Literal):
                found.setdefault(str(row["g"]), (reason.value, []))[1].append(title.value)
        return tuple(
            Group(reason, tuple(dict.fromkeys(titles))) for reason, titles in found.values() if len(set(titles)) > 1
        )


def _opposite(words: Words, kind: str, reason: str, degree: float | None, cards: tuple[Card, ...]) -> Opposite:
    return Opposite(Words(cards[0].told, words.href) if cards else words, kind, reason, degree, cards)
