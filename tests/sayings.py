"""What articles say, in rows, as the quads that reading real articles gives: for tests of what several say together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from pyoxigraph import Literal, NamedNode, Quad

from aigraph.propositions import sketch
from aigraph.vocab import AIG, DCTERMS, OA, PROV, QUDT, RDF, RDFS, UNIT, XSD, Iris

IRIS = Iris()
Term = NamedNode | Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What all findings have."""

    modality: str = "Asserted"
    polarity: str = "Affirmed"
    claimant: str | None = None
    confidence: float = 0.9
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Figure(Row):
    """A figure; the metric is one of the scheme ("Revenue") or some words."""

    about: str
    metric: str
    value: float
    unit: str = "CCY_USD"
    comparator: str = "Exactly"
    time: str | None = None


@dataclass(frozen=True, slots=True)
class Saying(Row):
    """Something said without a figure."""

    about: str
    text: str


@dataclass(frozen=True, slots=True)
class Relation(Row):
    """A relation between two things."""

    subject: str
    predicate: str
    object: str


@dataclass(frozen=True, slots=True)
class Post(Row):
    """A post."""

    holder: str
    organization: str
    role: str


@dataclass(frozen=True, slots=True)
class Deal(Row):
    """A deal; `roles` as in "acquirer=a target=b"."""

    kind: str
    roles: str
    status: str = "Announced"
    value: float | None = None


@dataclass(frozen=True, slots=True)
class Story:
    """An article with what it says; `names` are the things that it mentions, each with a form of its name."""

    name: str
    rows: tuple[Row, ...] = ()
    issued: str | None = None
    publisher: str | None = None
    text: str = ""
    agencies: tuple[str, ...] = ()
    names: tuple[tuple[str, str], ...] = ()


def thing(name: str) -> NamedNode:
    """The IRI of a thing: "chip/h100", or a company by its name alone."""
    kind, slash, own = name.partition("/")
    return IRIS.thing(kind, own) if slash else IRIS.thing("company", name)


def quads(*stories: Story) -> list[Quad]:
    """The graphs of some articles."""
    return [quad for story in stories for quad in _Graph(story).quads()]


def graph(story: Story) -> tuple[NamedNode, list[Quad]]:
    """The graph of an article by its name, and its quads."""
    return IRIS.graph(story.name), quads(story)


@dataclass
class _Graph:
    story: Story
    triples: list[tuple[NamedNode, NamedNode, Term]] = field(default_factory=list)

    def quads(self) -> Iterable[Quad]:
        story, article = self.story, IRIS.article(self.story.name)
        self.add(article, RDF.type, AIG.Article)
        self.add(article, DCTERMS.identifier, Literal(story.name))
        if story.issued:
            self.add(article, DCTERMS.issued, Literal(story.issued, datatype=XSD.date))
        if story.publisher:
            self.add(article, DCTERMS.publisher, Literal(story.publisher))
        if story.text:
            self.add(article, AIG.textSketch, Literal(str(sketch(story.text))))
        for agency in story.agencies:
            self.add(article, AIG.namesSource, Literal(agency))
        for name, form in story.names:
            mention = self.mint("Mention", name, form)
            self.add(mention, RDF.type, AIG.Mention)
            self.add(mention, AIG.mentionOf, thing(name))
            self.add(mention, AIG.form, Literal(form))
        for row in story.rows:
            self.row(row, article)
        return [Quad(*triple, IRIS.graph(story.name)) for triple in dict.fromkeys(self.triples)]

    def add(self, subject: NamedNode, predicate: NamedNode, value: Term) -> None:
        self.triples.append((subject, predicate, value))

    def mint(self, kind: str, *content: object) -> NamedNode:
        return IRIS.part(kind, self.story.name, *content)

    def row(self, row: Row, article: NamedNode) -> None:
        node = self.mint("finding", repr(row))
        self.add(node, RDF.type, AIG.Finding)
        self.add(node, PROV.wasDerivedFrom, article)
        self.add(node, AIG.modality, AIG[row.modality])
        self.add(node, AIG.polarity, AIG[row.polarity])
        self.add(node, AIG.confidence, Literal(row.confidence))
        if row.claimant:
            self.add(node, AIG.claimant, self.claimant(row.claimant))
        if row.sentence:
            self.evidence(node, row.sentence)
        match row:
            case Figure():
                self.claim(node, row.about, row.metric)
                self.amount(node, row.value, row.unit, row.comparator)
                if row.time:
                    self.add(node, AIG.validTime, Literal(row.time))
            case Saying():
                self.claim(node, row.about, "")
                self.add(node, AIG.claimText, Literal(row.text))
            case Relation():
                self.add(node, RDF.type, AIG.Claim)
                self.add(node, RDF.type, AIG.Statement)
                self.add(node, AIG.subject, thing(row.subject))
                self.add(node, AIG.predicate, AIG[row.predicate])
                self.add(node, AIG.object, thing(row.object))
            case Post():
                self.add(node, RDF.type, AIG.Position)
                self.add(node, AIG.holder, thing(f"person/{row.holder}"))
                self.add(node, AIG.organization, thing(row.organization))
                self.add(node, AIG.role, Literal(row.role))
            case Deal():
                self.deal(node, row)

    def deal(self, node: NamedNode, row: Deal) -> None:
        self.add(node, RDF.type, AIG.Partnership)
        self.add(node, RDF.type, AIG[row.kind])
        self.add(node, AIG.status, AIG[row.status])
        for role, _, who in (each.partition("=") for each in row.roles.split()):
            self.add(node, AIG[role], thing(who))
        if row.value is not None:
            self.amount(node, row.value, "CCY_USD", "Exactly")

    def claim(self, node: NamedNode, about: str, metric: str) -> None:
        self.add(node, RDF.type, AIG.Claim)
        if about.startswith("topic "):
            self.add(node, AIG.about, IRIS.thing("topic", about.removeprefix("topic ")))
            self.add(node, AIG.aboutText, Literal(about.removeprefix("topic ")))
        elif about:
            self.add(node, AIG.about, thing(about))
        if metric:
            listed = metric[0].isupper() and " " not in metric
            self.add(node, AIG.metric, NamedNode(AIG.iri + metric) if listed else IRIS.thing("metric", metric))

    def amount(self, node: NamedNode, value: float, unit: str, comparator: str) -> None:
        quantity = self.mint("quantity", value, unit, comparator, node.value)
        self.add(node, AIG.quantity, quantity)
        self.add(quantity, RDF.type, QUDT.QuantityValue)
        self.add(quantity, QUDT.numericValue, Literal(float(value)))
        self.add(quantity, QUDT.unit, AIG[unit] if unit in ("Times", "TokenPerSecond", "FlopsPerWatt") else UNIT[unit])
        self.add(quantity, AIG.comparator, AIG[comparator])

    def claimant(self, name: str) -> NamedNode:
        if not name.startswith("some "):
            return thing(name)
        group = self.mint("UnnamedGroup", name)
        self.add(group, RDF.type, AIG.UnnamedGroup)
        self.add(group, RDFS.label, Literal(name.removeprefix("some ")))
        return group

    def evidence(self, node: NamedNode, sentence: str) -> None:
        evidence = self.mint("evidence", sentence)
        quote = NamedNode(f"{evidence.value}/quote")
        self.add(node, AIG.evidence, evidence)
        self.add(evidence, RDF.type, OA.SpecificResource)
        self.add(evidence, OA.hasSource, IRIS.article(self.story.name))
        self.add(evidence, OA.hasSelector, quote)
        self.add(quote, OA.exact, Literal(sentence))
