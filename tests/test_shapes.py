"""The SHACL shapes accept what the builder of graphs makes, and catch what breaks the contract."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, QueryTriples, Store

from aigraph import resources
from aigraph.graph import GraphBuilder
from aigraph.ontology import load_ontology
from aigraph.reasoning import derivation_rules
from aigraph.records import (
    Article,
    Claim,
    Comparator,
    Concept,
    Document,
    EntityType,
    Facts,
    Mention,
    Mentions,
    Modality,
    Partnership,
    PartnershipKind,
    Period,
    Quantity,
    Span,
    Statement,
    Status,
    UnnamedGroup,
    Versions,
)
from aigraph.shapes import ArticleValidator, Violation, generate_shapes, load_shapes, validate_article
from aigraph.store import open_writer
from aigraph.vocab import AIG, DEFAULT_BASE, DERIVED_GRAPHS, OWL, RDF, RDFS, UNIT, Iris, prefixes

pyshacl = pytest.importorskip("pyshacl", reason="needs pySHACL: pip install 'aigraph[test]'")
rdflib = pytest.importorskip("rdflib")

IRIS = Iris("https://example.org/")
ONTOLOGY = load_ontology()
TEXT = "Acme's H1 follows the H0. Ann, CEO of Acme, expects a backlog of up to $2 billion by 2027, analysts said."
FIRST, SECOND = Span(0, 25), Span(26, len(TEXT))
ACME, BETA = IRIS.thing("Company", "Acme"), IRIS.thing("Company", "Beta")
H1, H0, ANN = IRIS.thing("Chip", "H1"), IRIS.thing("Chip", "H0"), IRIS.thing("Person", "Ann")
AI_CHIP_MARKET = NamedNode(AIG.iri + "AIChipMarket")


def facts() -> Facts:
    quantity = Quantity(2e9, UNIT.CCY_USD, Comparator.UP_TO, Span(71, 87))
    period = Period(Span(91, 95), "../2027", None, date(2027, 12, 31))
    analysts = UnnamedGroup("analysts")
    triples = [
        (ACME, AIG.develops, H1, None),
        (H1, AIG.successorOf, H0, None),
        (H1, AIG.optimizedFor, AIG.Training, None),
        (ACME, AIG.competesWith, BETA, None),
        (ANN, AIG.worksFor, ACME, "CEO"),
    ]
    return Facts(
        statements=tuple(
            Statement(
                evidence=(FIRST,),
                extractor="relation/example",
                confidence=0.9,
                subject=subject,
                predicate=predicate,
                object=value,
                role=role,
            )
            for subject, predicate, value, role in triples
        ),
        partnerships=(
            Partnership(
                evidence=(SECOND,),
                extractor="partnership/example",
                confidence=0.8,
                kind=PartnershipKind.SUPPLY,
                roles=((AIG.customer, (BETA,)), (AIG.supplier, (ACME,))),
                status=Status.ANNOUNCED,
                concerns=H1,
                quantity=quantity,
            ),
        ),
        claims=(
            Claim(
                evidence=(SECOND, FIRST),
                extractor="claim/example",
                confidence=1.0,
                modality=Modality.FORECAST,
                period=period,
                claimant=analysts,
                text="expects a backlog of up to $2 billion by 2027",
                about=ACME,
                about_text="Acme",
                metric=Concept(IRIS.thing("Metric", "cloud backlog"), "cloud backlog", listed=False),
                metric_text="backlog",
                quantity=quantity,
            ),
            Claim(
                evidence=(SECOND,),
                extractor="claim/example",
                confidence=0.5,
                period=Period(Span(91, 95), fiscal="2027-Q1"),
                claimant=ANN,
                text="the market grows",
                about=Concept(AI_CHIP_MARKET, "AI chip market", listed=True),
            ),
        ),
    )


def build() -> Store:
    """A store with the graph of one article, the ontology, the extractors and what is derived from them."""
    builder = GraphBuilder(IRIS, ONTOLOGY, Versions("0.1", "r", "m", "k", ONTOLOGY.version))
    article = Article("one", TEXT, (), "0" * 64, title="H1", issued="2026-03-18", publisher="News")
    entities = [(ACME, EntityType.COMPANY), (BETA, EntityType.COMPANY), (ANN, EntityType.PERSON)]
    entities += [(H1, EntityType.CHIP), (H0, EntityType.CHIP)]
    mentions = tuple(
        Mention(Span(number, number + 1), iri, kind, iri.value.rpartition("/")[2])
        for number, (iri, kind) in enumerate(entities)
    )
    store = Store()
    store.extend(builder.article_quads(Document(article, ()), Mentions(mentions, ()), facts()))
    store.extend(ONTOLOGY.quads(IRIS.graph("ontology")))
    for name in ("relation/example", "partnership/example", "claim/example"):
        node = IRIS.extractor(name)
        store.extend(
            [
                Quad(node, RDF.type, AIG.Extractor, IRIS.graph("knowledge")),
                Quad(node, RDFS.label, Literal(name), IRIS.graph("knowledge")),
                Quad(node, RDFS.comment, Literal("An example."), IRIS.graph("knowledge")),
            ]
        )
    for rule in derivation_rules():
        graph = IRIS.graph(rule.target)
        answer = store.query(rule.text, use_default_graph_as_union=True)
        assert isinstance(answer, QueryTriples)
        store.extend([Quad(t.subject, t.predicate, t.object, graph) for t in answer])
    return store


BUILT = tuple(build())
SHAPES = load_shapes()


def violations(update: str = "") -> tuple[Violation, ...]:
    """What is wrong with the graph after a SPARQL update of it."""
    store = Store()
    store.extend(BUILT)
    if update:
        before = set(store)
        store.update(update, prefixes={**prefixes(IRIS.base), "owl": OWL.iri})
        assert set(store) != before, "the update changes nothing"
    article = [quad for quad in store if quad.graph_name == IRIS.graph("one")]
    derived = [q for q in store if q.graph_name not in (IRIS.graph("one"), IRIS.graph("ontology"))]
    return validate_article(article, derived, ontology=ONTOLOGY)


def report(update: str = "") -> set[str]:
    """The paths, or where there is none the shapes, of what is wrong."""
    return {(each.path or each.shape).rpartition("#")[2].rpartition("/")[2] for each in violations(update)}


def test_what_the_builder_makes_conforms() -> None:
    assert report() == set()


def test_the_generated_shapes_are_up_to_date(golden: Callable[[Path, str], None]) -> None:
    golden(resources.folder("ontology") / "shapes" / "generated.ttl", generate_shapes(ONTOLOGY))


def test_every_class_and_every_relation_has_a_shape() -> None:
    shapes = load_shapes()  # the file may just have been renewed
    targets = {str(target) for target in shapes.objects(None, rdflib.SH.targetClass)}
    relations = {str(target) for target in shapes.objects(None, rdflib.SH.targetSubjectsOf)}
    above = {parent for each in ONTOLOGY.classes for parent in ONTOLOGY.superclasses(each.iri)}
    for cls in (each.iri for each in ONTOLOGY.classes):
        held = any(above.value in targets for above in ONTOLOGY.superclasses(cls))
        assert held or cls in ENUMERATIONS, f"{cls} has no shape"
    assert above
    assert {each.iri.value for each in ONTOLOGY.relations} <= relations


ENUMERATIONS = {AIG.Modality, AIG.Polarity, AIG.Comparator, AIG.Status, AIG.Relation}
"""Classes whose members are individuals of the ontology: the shapes list these where they are values."""


def test_a_violation_speaks_in_plain_words() -> None:
    (found,) = violations(without("?x aig:modality aig:Forecast ."))
    assert found.shape == "Finding-modality"
    assert found.message == (
        "The property 'modality' of class finding has exactly one value: "
        "asserted, forecast, reported, opinion, hypothetical."
    )
    assert found.sentence == TEXT[26:]
    assert not found.warning
    assert "/id/claim/one/" in found.node
    assert str(found).startswith(found.node)


def test_a_warning_is_marked_as_one() -> None:
    found = violations(fact(f"{H1} aig:predecessorOf {H0}"))
    assert any(each.warning for each in found)


def articles_of(store: Path) -> dict[str, list[str]]:
    """What is wrong with each article of a store."""
    iris = Iris(DEFAULT_BASE)
    with open_writer(store, base=DEFAULT_BASE, create=False) as writer:
        derived = [quad for name in DERIVED_GRAPHS[1:] for quad in writer.quads(iris.graph(name))]
        identifiers = [row["id"].value for row in writer.select(ARTICLES) if row["id"] is not None]
        validator = ArticleValidator(derived, ontology=ONTOLOGY)
        return {each: list(map(str, validator.validate(writer.quads(iris.graph(each))))) for each in identifiers}


def test_the_seeds_have_no_violation(seeds_store: Path) -> None:
    found = articles_of(seeds_store)
    assert len(found) == 5
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def test_the_gold_articles_have_no_violation(gold_store: Callable[[str], Path]) -> None:
    found = articles_of(gold_store("dev"))
    assert len(found) >= 14
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


ARTICLES = "SELECT ?id { ?article a aig:Article ; dcterms:identifier ?id }"


def test_the_shapes_are_shacl() -> None:
    conforms, _, text = pyshacl.validate(rdflib.Graph(), shacl_graph=SHAPES, meta_shacl=True)
    assert conforms, text


def without(pattern: str, where: str = "") -> str:
    """An update that takes some triples away."""
    return f"DELETE {{ GRAPH ?g {{ {pattern} }} }} WHERE {{ GRAPH ?g {{ {pattern} {where} }} }}"


def plus(pattern: str, cls: str) -> str:
    """An update that adds triples on every `?x` of a class."""
    return f"INSERT {{ GRAPH ?g {{ {pattern} }} }} WHERE {{ GRAPH ?g {{ ?x a {cls} }} }}"


def fact(triple: str) -> str:
    """An update that adds a fact."""
    return f"INSERT DATA {{ GRAPH graph:facts {{ {triple} }} }}"


@pytest.mark.parametrize(
    ("update", "complaint"),
    [
        (without("?x aig:modality aig:Forecast ."), "modality"),
        (without("?x aig:polarity ?p .", "?x a aig:Position ."), "polarity"),
        (without("?x aig:textSha256 ?h ."), "textSha256"),
        (without("?x aig:status ?s ."), "status"),
        (without("?x aig:supplier ?s .", "?x a aig:SupplyAgreement ."), "supplier"),
        (without("?x a aig:SupplyAgreement ."), "PartnershipDetails"),
        (without("?x aig:claimText ?t ."), "ClaimDetails"),
        (without("?x qudt:unit ?u ."), "unit"),
        (without("?x oa:hasSource ?a ."), "hasSource"),
        (without("?x oa:exact ?t ."), "exact"),
        (without("?x rdfs:label ?l .", "?x a aig:Company ."), "label"),
        (without("?x skos:prefLabel ?l .", "?x a aig:Metric ."), "prefLabel"),
        (without("?x a aig:Extractor ."), "extractedBy"),
        (plus("?x aig:confidence 1.5e0 .", "aig:Position"), "confidence"),
        (plus("?x aig:modality aig:Certain .", "aig:Position"), "modality"),
        (plus("?x aig:validFrom '2027' .", "aig:Claim"), "validFrom"),
        (plus("?x aig:validTime 'soon' .", "aig:Claim"), "validTime"),
        (plus("?x aig:predicate aig:acquired .", "aig:Statement"), "predicate"),
        (plus(f"?x aig:claimant {H1} .", "aig:Position"), "claimant"),
        (plus("?x oa:start 999999 .", "oa:TextPositionSelector"), "start"),
        (plus("?x rdfs:label 'Another' .", "aig:Company"), "label"),
        (fact(f"{ACME} aig:develops {ANN}"), "develops"),
        (fact(f"{H1} aig:uses {H0}"), "usesRelation"),
        (fact(f"{ACME} aig:competesWith {H1}"), "competesWithKind"),
        (fact(f"{H1} aig:predecessorOf {H0}"), "successorOf"),
    ],
)
def test_a_breach_is_reported(update: str, complaint: str) -> None:
    assert complaint in report(update)
