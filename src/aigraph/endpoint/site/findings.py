"""Findings as cards: what is said in a sentence of ours, by whom and how surely, and the quotes behind it.

A card is made of the nodes of one snapshot, a fixed number of queries for any number of cards.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from pyoxigraph import Literal, NamedNode

from aigraph.endpoint.site.addresses import page_of
from aigraph.endpoint.site.reading import Graph, Node
from aigraph.endpoint.site.vocabulary import Vocabulary
from aigraph.vocab import AIG, DCTERMS, OA, PROV, QUDT, RDF, RDFS, SKOS
from aigraph.wording import Figure, day, figure, fiscal, period

_NAMES = (RDFS.label, SKOS.prefLabel)
_OF_EVIDENCE = (OA.hasSource, OA.hasSelector)
_OF_SELECTORS = (OA.exact, OA.start, OA.end)
_OF_ARTICLES = (DCTERMS.title, DCTERMS.identifier, DCTERMS.issued, DCTERMS.publisher)
_OF_QUANTITIES = (QUDT.numericValue, QUDT.unit, AIG.comparator)
_HELD = frozenset({AIG.Asserted})
UNSURE: Mapping[NamedNode, str] = {
    AIG.Asserted: "said as a fact",
    AIG.Forecast: "forecast",
    AIG.Reported: "rumour, not confirmed",
    AIG.Opinion: "opinion",
    AIG.Hypothetical: "only supposed",
}
"""Modalities in words for readers who do not know the ontology."""


@dataclass(frozen=True, slots=True)
class Words:
    """A piece of a sentence; `href` where it names a thing that has a page, `exact` the value in full of a figure."""

    text: str
    href: str | None = None
    exact: str = ""


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence of an article; `text` is None where the service shows no texts. `start` and `end` count characters.

    `again` are the addresses of the other places where the same article has the same sentence.
    """

    text: str | None
    article: Words
    issued: str
    publisher: str | None
    start: int
    end: int
    again: tuple[str, ...] = ()

    @property
    def href(self) -> str:
        """Where the sentence stands in its article's page."""
        return f"{self.article.href}#s{self.start}"


@dataclass(frozen=True, slots=True)
class Card:
    """One finding. `kind` is "claim", "relation", "deal" or "post"; `when` the time that it is about."""

    iri: str
    href: str
    kind: str
    says: tuple[Words, ...]
    modality: str
    sure: bool
    denied: bool
    confidence: float | None
    quotes: tuple[Quote, ...]
    label: str = ""
    figure: Figure | None = None
    metric: Words | None = None
    when: str = ""
    since: str = ""
    claimant: Words | None = None
    status: str = ""
    extractors: tuple[Words, ...] = ()
    sources: int = 0
    independent: int = 0
    proposition: str | None = None
    disputed: bool = False

    @property
    def sentences(self) -> tuple[Quote, ...]:
        """The quotes, each once: what an article says word for word in several places is one sentence of its."""
        places: dict[tuple[object, ...], list[Quote]] = {}
        for quote in self.quotes:
            same = (quote.article.href, _bare(quote.text) if quote.text else quote.start)
            places.setdefault(same, []).append(quote)
        return tuple(replace(first, again=tuple(one.href for one in others)) for first, *others in places.values())

    @property
    def time(self) -> str:
        """The time that it is about, as a phrase: "for 2027", "until 2027"."""
        if not self.when or self.when.startswith(("until ", "from ")):
            return self.when
        return f"for {'the ' if ' of ' in self.when else ''}{self.when}"

    @property
    def issued(self) -> str:
        """The first day of publication, for sorting."""
        return min((quote.issued for quote in self.quotes if quote.issued), default="")

    @property
    def published(self) -> str:
        """The same in words."""
        return day(self.issued)

    @property
    def plain(self) -> str:
        """What is said without links."""
        return "".join(piece.text for piece in self.says)

    @property
    def told(self) -> str:
        """The same with a word on denial."""
        return f"{self.plain} (denied)" if self.denied else self.plain


@dataclass(frozen=True, slots=True)
class Together:
    """What propositions say of a finding: articles and independent sources that say the same, and whether disputed."""

    proposition: str
    sources: int
    independent: int
    disputed: bool


def standing(graph: Graph, findings: Iterable[NamedNode]) -> dict[NamedNode, Together]:
    """For each finding the proposition with the most sources that it expresses; disputed where any of them is."""
    names = " ".join(map(str, dict.fromkeys(findings)))
    rows = graph.rows(
        "SELECT ?f ?p ?n ?i (COUNT(?c) AS ?conflicts) { "
        f"VALUES ?f {{ {names} }} ?p aig:expressedBy ?f ; aig:sourceCount ?n ; aig:independentSourceCount ?i . "
        "OPTIONAL { ?c aig:between ?p ; aig:conflictKind ?kind } } GROUP BY ?f ?p ?n ?i ORDER BY ?f ?i ?n DESC(?p)"
    )
    found: dict[NamedNode, Together] = {}
    for row in rows:
        finding, proposition = row["f"], row["p"]
        if isinstance(finding, NamedNode) and isinstance(proposition, NamedNode):
            sources, independent, conflicts = (
                int(term.value) if isinstance(term := row[name], Literal) else 0 for name in ("n", "i", "conflicts")
            )
            disputed = conflicts > 0 or (finding in found and found[finding].disputed)
            found[finding] = Together(proposition.value, sources, independent, disputed)
    return found


@dataclass(frozen=True, slots=True)
class Cards:
    """Makes cards; `texts` is false where no sentences may be shown."""

    graph: Graph
    words: Vocabulary
    texts: bool = True

    def of(self, findings: Iterable[NamedNode]) -> dict[NamedNode, Card]:
        """The cards of findings by their IRIs, in the order given; what is no finding is left out."""
        wanted = list(dict.fromkeys(findings))
        if not wanted:
            return {}
        nodes = {iri: node for iri, node in self.graph.nodes(wanted).items() if AIG.modality in node.values}
        evidence = {iri for node in nodes.values() for iri in node.iris(AIG.evidence)}
        others = {
            term
            for node in nodes.values()
            for name, terms in node.values.items()
            if name not in (RDF.type, AIG.evidence, AIG.modality, AIG.polarity, AIG.predicate)
            for term in terms
            if isinstance(term, NamedNode)
        }
        named = (*_NAMES, *_OF_EVIDENCE, *_OF_QUANTITIES, *_OF_ARTICLES)
        around = self.graph.nodes(sorted(others | evidence, key=str), named)
        selectors = sorted({s for iri in evidence for s in around[iri].iris(OA.hasSelector)}, key=str)
        around |= self.graph.nodes(selectors, _OF_SELECTORS)
        making = _Making(self.graph.base, self.words, self.texts, around)
        agreed = standing(self.graph, nodes) if nodes else {}
        return {iri: making.card(node, agreed.get(iri)) for iri, node in nodes.items()}


@dataclass(frozen=True, slots=True)
class _Making:
    base: str
    words: Vocabulary
    texts: bool
    around: Mapping[NamedNode, Node]
    _nothing: Node = field(default_factory=lambda: Node(NamedNode("about:nothing"), {}))

    def card(self, node: Node, together: Together | None) -> Card:
        modality = node.iri_of(AIG.modality) or AIG.Asserted
        denied = node.iri_of(AIG.polarity) == AIG.Negated
        kind, says, label = self._says(node)
        claimant, metric = node.iri_of(AIG.claimant), node.iri_of(AIG.metric)
        time, quarter = node.text(AIG.validTime), node.text(AIG.fiscalPeriod)
        status = node.iri_of(AIG.status)
        return Card(
            iri=node.iri.value,
            href=page_of(node.iri.value, self.base),
            kind=kind,
            label=label,
            says=says,
            modality=UNSURE.get(modality, self.words.label(modality)),
            sure=modality in _HELD and not denied,
            denied=denied,
            confidence=node.number(AIG.confidence),
            quotes=self._quotes(node),
            figure=self._figure(node),
            metric=self.named(metric) if metric else None,
            when=period(time) if time else fiscal(quarter) if quarter else "",
            since=node.text(AIG.validFrom) or node.text(AIG.validUntil) or "",
            claimant=self.named(claimant) if claimant else None,
            status=self.words.label(status) if status else "",
            extractors=tuple(
                Words(one.value.partition("/extractor/")[2] or one.value, page_of(one.value, self.base))
                for one in node.iris(AIG.extractedBy)
            ),
            sources=together.sources if together else 0,
            independent=together.independent if together else 0,
            proposition=page_of(together.proposition, self.base) if together else None,
            disputed=together.disputed if together else False,
        )

    def named(self, iri: NamedNode) -> Words:
        """A thing by its label, with its page."""
        node = self.around.get(iri, self._nothing)
        label = node.text(RDFS.label) or node.text(SKOS.prefLabel) or self.words.label(iri)
        return Words(label, page_of(iri.value, self.base))

    def _says(self, node: Node) -> tuple[str, tuple[Words, ...], str]:
        types = node.iris(RDF.type)
        if (predicate := node.iri_of(AIG.predicate)) and AIG.subject in node.values:
            says = [*self._all(node, AIG.subject), Words(f" {self.words.verb(predicate)} ")]
            return "relation", (*says, *self._all(node, AIG.object)), "relation"
        if AIG.holder in node.values:
            role = Words(f" is {' and '.join(node.texts(AIG.role)) or 'somebody'} of ")
            return "post", (*self._all(node, AIG.holder), role, *self._all(node, AIG.organization)), "post"
        if deal := next((one for one in self.words.most_specific(types) if self._is_deal(one)), None):
            return "deal", self._deal(node, deal), self.words.label(deal)
        return "claim", self._claim(node), "claim"

    def _is_deal(self, cls: NamedNode) -> bool:
        return self.words.is_a(cls, AIG.Partnership)

    def _claim(self, node: Node) -> tuple[Words, ...]:
        about = node.iri_of(AIG.about)
        subject = self.named(about) if about else None
        metric, number = node.iri_of(AIG.metric), self._figure(node)
        if subject is None or metric is None or number is None:
            text = node.text(AIG.claimText) if self.texts else None
            whole = {_bare(quote.text or "") for quote in self._quotes(node)}
            if text and _bare(text) in whole and subject:
                return (Words("About "), subject)
            if text:
                return (subject, Words(f": {text}")) if subject else (Words(text),)
        pieces = [subject or Words(node.text(AIG.aboutText) or "something")]
        if metric:
            name = self.named(metric)
            pieces += [Words(", "), Words(name.text, name.href)]
        if number:
            pieces += [Words(": "), Words(number.text, exact=number.exact)]
        return tuple(pieces)

    def _deal(self, node: Node, kind: NamedNode) -> tuple[Words, ...]:
        for cls, first, verbs, second, between in _DEALS:
            if kind == cls and (first in node.values or second in node.values):
                ones = self._all(node, first) or [Words("an unnamed party")]
                many = len(node.iris(first)) > 1
                pieces = [*ones, Words(f" {verbs[many]} ")]
                if second in node.values:
                    pieces += self._all(node, second)
                else:
                    pieces += [Words("an unnamed party")]
                return (*pieces, *self._concerning(node, between))
        partners = self._all(node, AIG.partner) or self._all(node, AIG.party)
        many = len(node.iris(AIG.partner)) > 1
        return (*partners, Words(" work together" if many else " has a partnership"), *self._concerning(node, "on"))

    def _concerning(self, node: Node, word: str) -> list[Words]:
        pieces: list[Words] = []
        if AIG.concerns in node.values:
            pieces += [Words(f" ({word} " if word else " ("), *self._all(node, AIG.concerns), Words(")")]
        if number := self._figure(node):
            pieces += [Words(", "), Words(number.text, exact=number.exact)]
        return pieces

    def _all(self, node: Node, name: NamedNode) -> list[Words]:
        """All things of a property, as a sentence has them."""
        things = [self.named(iri) for iri in node.iris(name)]
        pieces: list[Words] = []
        for place, thing in enumerate(things):
            if place:
                pieces.append(Words(" and " if place == len(things) - 1 else ", "))
            pieces.append(thing)
        return pieces

    def _figure(self, node: Node) -> Figure | None:
        quantity = node.iri_of(AIG.quantity)
        if quantity is None:
            return None
        found = self.around.get(quantity, self._nothing)
        value, unit, comparator = (
            found.number(QUDT.numericValue),
            found.iri_of(QUDT.unit),
            found.iri_of(AIG.comparator),
        )
        if value is None or unit is None:
            return None
        return figure(value, unit.value, comparator.value if comparator else "", unit_label=self.words.label(unit))

    def _quotes(self, node: Node) -> tuple[Quote, ...]:
        found = []
        for iri in node.iris(AIG.evidence):
            evidence = self.around[iri]
            source = evidence.iri_of(OA.hasSource) or node.iri_of(PROV.wasDerivedFrom)
            if source is None:
                continue
            parts: Sequence[Node] = [self.around[one] for one in evidence.iris(OA.hasSelector)]
            text = next((one.text(OA.exact) for one in parts if OA.exact in one.values), None)
            start, end = (next((one.number(p) for one in parts if p in one.values), None) for p in (OA.start, OA.end))
            article = self.around.get(source, self._nothing)
            title = article.text(DCTERMS.title) or article.text(DCTERMS.identifier) or source.value
            found.append(
                Quote(
                    text if self.texts else None,
                    Words(title, page_of(source.value, self.base)),
                    article.text(DCTERMS.issued) or "",
                    article.text(DCTERMS.publisher),
                    int(start or 0),
                    int(end or 0),
                )
            )
        return tuple(sorted(found, key=lambda quote: (quote.article.href or "", quote.start)))


def _bare(text: str) -> str:
    return " ".join(text.split()).strip(" .,;:!?\"“”'’").casefold()


_DEALS = (
    (AIG.SupplyAgreement, AIG.supplier, ("supplies", "supply"), AIG.customer, ""),
    (AIG.LicensingAgreement, AIG.licensee, ("takes a licence from", "take a licence from"), AIG.licensor, "for"),
    (AIG.Investment, AIG.investor, ("invests in", "invest in"), AIG.investee, ""),
    (AIG.Acquisition, AIG.acquirer, ("acquires", "acquire"), AIG.target, ""),
)
