"""Made-up articles as quads, in the shape that reading real ones gives: for measuring the store, not the reading."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Quad

from aigraph.propositions import sketch
from aigraph.vocab import AIG, DCTERMS, PROV, QUDT, RDF, UNIT, XSD, Iris

COUNTS = {
    "Company": 400,
    "Organization": 60,
    "Person": 300,
    "Chip": 600,
    "Architecture": 150,
    "System": 200,
    "Place": 80,
}
RELATIONS = (
    ("develops", "Company", "Chip"),
    ("develops", "Company", "Architecture"),
    ("manufactures", "Company", "Chip"),
    ("usesArchitecture", "Chip", "Architecture"),
    ("componentOf", "Chip", "System"),
    ("successorOf", "Chip", "Chip"),
    ("uses", "Organization", "System"),
    ("competesWith", "Company", "Company"),
    ("worksFor", "Person", "Company"),
    ("founded", "Person", "Company"),
    ("locatedIn", "Company", "Place"),
)
DEALS = (
    ("Acquisition", "acquirer", "target"),
    ("Investment", "investor", "investee"),
    ("LicensingAgreement", "licensee", "licensor"),
    ("SupplyAgreement", "supplier", "customer"),
    ("Collaboration", "partner", "partner"),
)
METRICS = ("Revenue", "DataCenterRevenue", "NetProfit", "OrderBacklog", "CapitalExpenditure")
"""Metrics of which each company has one figure a quarter; one article in ten gives another."""
PERIODS = tuple(f"{year}-{quarter}" for year in (2024, 2025, 2026) for quarter in (33, 34, 35, 36))
STATUSES = ("Announced", "Reported", "Completed", "Ended")
MODALITIES = ("Asserted", "Asserted", "Asserted", "Reported", "Forecast")


@dataclass(slots=True)
class Generator:
    """Makes article graphs; the same seed and number give the same quads. A few names are in most articles."""

    iris: Iris
    seed: int = 7

    def article(self, number: int, variant: int = 0) -> tuple[NamedNode, tuple[Quad, ...]]:
        """The graph of one article and what it holds; another `variant` is another text under the same name."""
        chance = random.Random(f"{self.seed}/{number}/{variant}")  # noqa: S311 - numbers for a measurement
        name = f"article-{number:05}"
        graph = self.iris.graph(name)
        triples = sorted(set(self._triples(name, chance)), key=str)
        return graph, tuple(Quad(*triple, graph) for triple in triples)

    def _thing(self, kind: str, chance: random.Random) -> tuple[NamedNode, str, str]:
        index = min(int(chance.paretovariate(0.6)) - 1, COUNTS[kind] * 50) % COUNTS[kind]
        name = f"{kind} {index}"
        return self.iris.thing(kind, name), kind, name

    def _generations(self, chance: random.Random) -> tuple[NamedNode, NamedNode]:
        """A chip and the one before it, in families of five: any two at random would make one circle of all."""
        index = chance.randrange(COUNTS["Chip"] // 5) * 5 + chance.randrange(4)
        return self.iris.thing("Chip", f"Chip {index + 1}"), self.iris.thing("Chip", f"Chip {index}")

    def _triples(self, name: str, chance: random.Random) -> Iterator[tuple[NamedNode, NamedNode, NamedNode | Literal]]:
        article = self.iris.article(name)
        yield article, RDF.type, AIG.Article
        yield article, DCTERMS.identifier, Literal(name)
        day = f"{chance.randint(2024, 2026)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
        yield article, DCTERMS.issued, Literal(day, datatype=XSD.date)
        # one article in five is a copy of a story that others print too
        story = chance.randrange(200) if chance.random() < 0.2 else name
        text = random.Random(f"{self.seed}/{story}")  # noqa: S311
        words = " ".join(f"word{text.randrange(3000)}" for _ in range(300))
        yield article, AIG.textSketch, Literal(str(sketch(words)))
        named: dict[NamedNode, tuple[str, str]] = {}

        def thing(kind: str) -> NamedNode:
            iri, of, wording = self._thing(kind, chance)
            named[iri] = (of, wording)
            return iri

        for index in range(8):
            relation, subject, value = chance.choice(RELATIONS)
            one, other = thing(subject), thing(value)
            if relation == "successorOf":
                one, other = self._generations(chance)
            if one != other:
                node = self.iris.part("Statement", name, index)
                yield from self._finding(node, ("Statement", "Claim"), article, chance)
                yield node, AIG.subject, one
                yield node, AIG.predicate, AIG[relation]
                yield node, AIG.object, other
        kind, first, second = chance.choice(DEALS)
        one, other = thing("Company"), thing("Company")
        if one != other:
            node = self.iris.part("Partnership", name, 0)
            yield from self._finding(node, (kind, "Partnership"), article, chance)
            yield node, AIG.status, AIG[chance.choice(STATUSES)]
            yield node, AIG[first], one
            yield node, AIG[second], other
        for index in range(12):
            yield from self._figure(name, index, thing("Company"), article, chance)
        for iri, (of, wording) in named.items():
            node = self.iris.part("Mention", name, wording)
            yield article, AIG.mentions, iri
            yield article, AIG.hasMention, node
            yield node, RDF.type, AIG.Mention
            yield node, AIG.mentionOf, iri
            yield node, AIG.mentionedAs, AIG[of]
            yield node, AIG.form, Literal(wording if chance.random() < 0.8 else wording.upper())
            yield node, AIG.occurrences, Literal(str(chance.randint(1, 4)), datatype=XSD.integer)

    def _figure(
        self, name: str, index: int, about: NamedNode, article: NamedNode, chance: random.Random
    ) -> Iterator[tuple[NamedNode, NamedNode, NamedNode | Literal]]:
        metric, period = chance.choice(METRICS), chance.choice(PERIODS)
        true = random.Random(f"{about.value}/{metric}/{period}").randint(10, 999)  # noqa: S311
        value = true * 1e8 if chance.random() < 0.9 else true * 1e8 * chance.choice((0.8, 0.98, 1.3))
        node, quantity = self.iris.part("Claim", name, index), self.iris.part("quantity", name, index)
        yield from self._finding(node, ("Claim",), article, chance)
        yield node, AIG.claimText, Literal(f"{metric} of {value:g}")
        yield node, AIG.about, about
        yield node, AIG.metric, NamedNode(AIG.iri + metric)
        yield node, AIG.validTime, Literal(period)
        yield node, AIG.quantity, quantity
        yield quantity, RDF.type, QUDT.QuantityValue
        yield quantity, QUDT.numericValue, Literal(value)
        yield quantity, QUDT.unit, UNIT.CCY_USD
        yield quantity, AIG.comparator, AIG.Exactly

    def _finding(
        self, node: NamedNode, classes: tuple[str, ...], article: NamedNode, chance: random.Random
    ) -> Iterator[tuple[NamedNode, NamedNode, NamedNode | Literal]]:
        for cls in (*classes, "Finding"):
            yield node, RDF.type, AIG[cls]
        yield node, AIG.modality, AIG[chance.choice(MODALITIES)]
        yield node, AIG.polarity, AIG.Affirmed if chance.random() < 0.9 else AIG.Negated
        yield node, AIG.confidence, Literal(0.8)
        yield node, PROV.wasDerivedFrom, article
