"""Findings -> quads: the shape that the data contract promises."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pyoxigraph as ox
import pytest
from pyoxigraph import Literal, NamedNode, Quad

from aigraph.documents import DocumentReader
from aigraph.graph import GraphBuilder
from aigraph.ontology import load_ontology
from aigraph.records import (
    Article,
    Block,
    BlockKind,
    Claim,
    Comparator,
    Concept,
    Document,
    Entity,
    EntityType,
    Facts,
    Mention,
    MentionKind,
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
from aigraph.vocab import AIG, DCTERMS, OA, PROV, QUDT, RDF, RDFS, UNIT, XSD, Iris, prefixes

IRIS = Iris()
TEXT = "Corvane builds Zephyr. Analysts say Corvane's revenue may reach $5 billion in 2027. Ada Lopez is its CEO."
CORVANE, ZEPHYR, LOPEZ = (
    IRIS.thing("Company", "Corvane"),
    IRIS.thing("Chip", "Zephyr"),
    IRIS.thing("Person", "Ada Lopez"),
)
FIRST, SECOND, THIRD = Span(0, 22), Span(23, 83), Span(84, 105)
BUILDER = GraphBuilder(IRIS, load_ontology(), Versions("0", "r", "m", "k", "o"))


def span_of(words: str, start: int = 0) -> Span:
    at = TEXT.index(words, start)
    return Span(at, at + len(words))


@pytest.fixture
def document() -> Document:
    block = Block(BlockKind.PARAGRAPH, Span(0, len(TEXT)))
    article = Article(
        "corvane",
        TEXT,
        (block,),
        "ab" * 32,
        title="Corvane grows",
        issued="2026-03-18",
        publisher="The Ledger",
        source="https://example.org/corvane",
    )
    return DocumentReader().read(article)


@pytest.fixture
def mentions() -> Mentions:
    def named(words: str, iri: NamedNode, kind: EntityType, start: int = 0) -> Mention:
        return Mention(span_of(words, start), iri, kind, words)

    return Mentions(
        (
            named("Corvane", CORVANE, EntityType.COMPANY),
            named("Zephyr", ZEPHYR, EntityType.CHIP),
            named("Corvane", CORVANE, EntityType.COMPANY, 20),
            named("Ada Lopez", LOPEZ, EntityType.PERSON),
            Mention(span_of("its"), CORVANE, EntityType.COMPANY, "its", MentionKind.PRONOUN, antecedent=Span(0, 7)),
        ),
        (Entity(CORVANE, EntityType.COMPANY, "Corvane"),),
    )


CLAIM = Claim(
    text="Corvane's revenue may reach $5 billion in 2027",
    about=CORVANE,
    about_text="Corvane",
    metric=Concept(IRIS.thing("Metric", "revenue of the year"), "revenue of the year", listed=False),
    metric_text="revenue",
    quantity=Quantity(5e9, UNIT.CCY_USD, Comparator.EXACTLY, span_of("$5 billion")),
    period=Period(span_of("2027"), "2027", date(2027, 1, 1), date(2027, 12, 31)),
    claimant=UnnamedGroup("analysts"),
    modality=Modality.FORECAST,
    evidence=(SECOND,),
    extractor="claim/figure",
    confidence=0.61,
)
STATEMENT = Statement(
    subject=CORVANE, predicate=AIG.develops, object=ZEPHYR, evidence=(FIRST,), extractor="relation/x", confidence=0.9
)
POST = Statement(
    subject=LOPEZ,
    predicate=AIG.worksFor,
    object=CORVANE,
    role="CEO",
    evidence=(THIRD,),
    extractor="relation/y",
    confidence=0.9,
)


def store_of(quads: tuple[Quad, ...]) -> ox.Store:
    store = ox.Store()
    store.extend(quads)
    return store


def holds(quads: tuple[Quad, ...], pattern: str) -> bool:
    answer = store_of(quads).query(f"ASK {{ {pattern} }}", prefixes=prefixes(), use_default_graph_as_union=True)
    return bool(answer)


def test_an_article_without_facts_has_its_text_and_provenance(document: Document) -> None:
    quads = BUILDER.article_quads(document, Mentions((), ()), Facts((), (), ()))
    node = IRIS.article("corvane")
    told = {(quad.predicate, quad.object) for quad in quads if quad.subject == node}
    assert (RDF.type, AIG.Article) in told
    assert (DCTERMS.identifier, Literal("corvane")) in told
    assert (DCTERMS.issued, Literal("2026-03-18", datatype=XSD.date)) in told
    assert (DCTERMS.source, NamedNode("https://example.org/corvane")) in told
    assert (AIG.canonicalText, Literal(TEXT)) in told
    assert (AIG.sourceSha256, Literal("ab" * 32)) in told
    assert {quad.graph_name for quad in quads} == {IRIS.graph("corvane")}
    assert holds(quads, f"{IRIS.graph('corvane')} prov:wasDerivedFrom {node} ; prov:wasGeneratedBy/prov:used {node}")
    assert PROV.used in {quad.predicate for quad in quads}


@pytest.mark.parametrize(
    ("issued", "literal"),
    [
        ("2026-03", Literal("2026-03", datatype=XSD.gYearMonth)),
        ("2026", Literal("2026", datatype=XSD.gYear)),
        ("2026-21", Literal("2026-21", datatype=XSD.gYearMonth)),
    ],
)
def test_dates_keep_their_precision(document: Document, issued: str, literal: Literal) -> None:
    dated = replace(document, article=replace(document.article, issued=issued))
    quads = BUILDER.article_quads(dated, Mentions((), ()), Facts((), (), ()))
    assert [quad.object for quad in quads if quad.predicate == DCTERMS.issued] == [literal]


def test_a_path_leaves_only_its_name(document: Document) -> None:
    local = replace(document, article=replace(document.article, source="/home/somebody/news/corvane.txt"))
    quads = BUILDER.article_quads(local, Mentions((), ()), Facts((), (), ()))
    assert [quad.object for quad in quads if quad.predicate == DCTERMS.source] == [Literal("corvane.txt")]


def test_each_form_of_an_entity_is_one_mention_with_its_count(document: Document, mentions: Mentions) -> None:
    quads = BUILDER.article_quads(document, mentions, Facts((), (), ()))
    assert holds(quads, f"?a aig:mentions {CORVANE}, {ZEPHYR}, {LOPEZ}")
    assert holds(
        quads, f'?m aig:mentionOf {CORVANE} ; aig:form "Corvane" ; aig:occurrences 2 ; aig:mentionedAs aig:Company'
    )
    assert not holds(quads, '?m aig:mentionOf ?thing ; aig:form "its"')
    assert holds(quads, f"?m aig:mentionOf {ZEPHYR} ; aig:evidence/oa:hasSelector/oa:exact {Literal(TEXT[0:22])}")


def test_a_reference_has_its_place_its_sentence_and_the_name_that_it_takes_up(
    document: Document, mentions: Mentions
) -> None:
    quads = BUILDER.article_quads(document, mentions, Facts((), (), ()))
    place = span_of("its")
    assert holds(
        quads,
        f'?r a aig:Reference ; aig:refersTo {CORVANE} ; aig:form "its" ; oa:start {place.start} ; oa:end {place.end} ; '
        f"aig:evidence/oa:hasSelector/oa:exact {Literal(TEXT[THIRD.start : THIRD.end])} ; aig:antecedent ?name . "
        '?name a aig:Antecedent ; aig:form "Corvane" ; oa:start 0 ; oa:end 7 ; '
        f"aig:evidence/oa:hasSelector/oa:exact {Literal(TEXT[FIRST.start : FIRST.end])}",
    )
    (reference,) = {quad.subject for quad in quads if quad.object == AIG.Reference}
    assert str(reference).startswith(f"<{IRIS.base}id/reference/corvane/")
    assert sum(quad.subject == reference for quad in quads) <= 8


def test_references_make_no_mention_and_names_that_share_an_antecedent_share_its_node(
    document: Document, mentions: Mentions
) -> None:
    its = mentions.mentions[-1]
    again = replace(its, span=span_of("CEO"), form="CEO", kind=MentionKind.NOMINAL)
    quads = BUILDER.article_quads(document, Mentions((its, again), ()), Facts((), (), ()))
    assert len({quad.subject for quad in quads if quad.object == AIG.Reference}) == 2
    assert len({quad.subject for quad in quads if quad.object == AIG.Antecedent}) == 1
    assert not {AIG.mentions, AIG.mentionOf, AIG.hasMention} & {quad.predicate for quad in quads}


def test_what_stands_for_two_things_has_a_node_for_each(document: Document, mentions: Mentions) -> None:
    its = mentions.mentions[-1]
    zephyr = next(mention for mention in mentions.mentions if mention.entity == ZEPHYR)
    both = replace(its, fellows=(zephyr,))
    quads = BUILDER.article_quads(document, Mentions((both,), ()), Facts((), (), ()))
    for thing, start in ((CORVANE, 0), (ZEPHYR, zephyr.span.start)):
        assert holds(quads, f'?r aig:refersTo {thing} ; aig:form "its" ; aig:antecedent/oa:start {start}')


def test_a_statement_has_its_triple_its_stance_and_its_sentence(document: Document, mentions: Mentions) -> None:
    quads = BUILDER.article_quads(document, mentions, Facts((STATEMENT,), (), ()))
    assert holds(
        quads,
        f"?s a aig:Statement, aig:Claim, aig:Finding ; aig:subject {CORVANE} ; aig:predicate aig:develops ; "
        f"aig:object {ZEPHYR} ; aig:modality aig:Asserted ; aig:polarity aig:Affirmed ; aig:confidence 9.0e-1 ; "
        "aig:extractedBy <https://w3id.org/aigraph/extractor/relation/x> ; prov:wasDerivedFrom ?article ; "
        f"aig:evidence/oa:hasSelector/oa:exact {Literal(TEXT[0:22])}",
    )
    assert not holds(quads, f"{CORVANE} aig:develops {ZEPHYR}"), "direct triples belong to the graph of facts"


def test_every_quote_is_the_text_at_its_position(document: Document, mentions: Mentions) -> None:
    quads = BUILDER.article_quads(document, mentions, Facts((STATEMENT, POST), (), (CLAIM,)))
    rows = store_of(quads).query(
        "SELECT ?exact ?start ?end { ?e oa:hasSelector ?q, ?p . "
        "?q oa:exact ?exact . ?p oa:start ?start ; oa:end ?end }",
        prefixes=prefixes(),
        use_default_graph_as_union=True,
    )
    assert isinstance(rows, ox.QuerySolutions)
    quotes = [(row["exact"].value, int(row["start"].value), int(row["end"].value)) for row in rows]
    assert len(quotes) == 3
    assert all(TEXT[start:end] == exact for exact, start, end in quotes)


def test_a_post_stands_beside_its_statement(document: Document, mentions: Mentions) -> None:
    quads = BUILDER.article_quads(document, mentions, Facts((POST,), (), ()))
    assert holds(quads, f'?p a aig:Position ; aig:holder {LOPEZ} ; aig:organization {CORVANE} ; aig:role "CEO"')
    assert holds(quads, f"?s a aig:Statement ; aig:subject {LOPEZ} ; aig:predicate aig:worksFor ; aig:object {CORVANE}")


def test_a_claim_keeps_figure_time_claimant_and_wording(document: Document, mentions: Mentions) -> None:
    quads = BUILDER.article_quads(document, mentions, Facts((), (), (CLAIM,)))
    assert holds(
        quads,
        f"?c a aig:Claim ; aig:about {CORVANE} ; aig:aboutText 'Corvane' ; aig:metricText 'revenue' ; "
        "aig:modality aig:Forecast ; aig:validTime '2027' ; aig:validFrom '2027-01-01'^^xsd:date ; "
        "aig:claimant [ a aig:UnnamedGroup ; rdfs:label 'analysts' ] ; "
        "aig:quantity [ a qudt:QuantityValue ; qudt:numericValue 5.0e9 ; qudt:unit unit:CCY_USD ; "
        "aig:comparator aig:Exactly ]",
    )
    # a metric that no scheme lists gets its words from a mention, so that a label can be derived
    assert holds(quads, "?c aig:metric ?m . ?n aig:mentionOf ?m ; aig:mentionedAs aig:Metric ; aig:form 'revenue'")
    assert {QUDT.unit, RDFS.label} <= {quad.predicate for quad in quads}


def test_a_deal_names_its_roles_and_status(document: Document, mentions: Mentions) -> None:
    deal = Partnership(
        kind=PartnershipKind.SUPPLY,
        roles=((AIG.supplier, (CORVANE,)), (AIG.customer, (LOPEZ,))),
        status=Status.REPORTED,
        concerns=ZEPHYR,
        evidence=(FIRST, SECOND),
        extractor="partnership/z",
        confidence=0.5,
    )
    quads = BUILDER.article_quads(document, mentions, Facts((), (deal,), ()))
    assert holds(
        quads,
        f"?d a aig:SupplyAgreement, aig:Partnership ; aig:supplier {CORVANE} ; aig:customer {LOPEZ} ; "
        f"aig:status aig:Reported ; aig:concerns {ZEPHYR}",
    )
    assert sum(quad.predicate == AIG.evidence and "partnership" in str(quad.subject) for quad in quads) == 2


def test_the_same_article_gives_the_same_quads_in_the_same_order(document: Document, mentions: Mentions) -> None:
    facts = Facts((STATEMENT, POST), (), (CLAIM,))
    turned = Mentions(tuple(reversed(mentions.mentions)), mentions.entities)
    swapped = Facts((POST, STATEMENT), (), (CLAIM, CLAIM))
    assert BUILDER.article_quads(document, mentions, facts) == BUILDER.article_quads(document, turned, swapped)


def test_nothing_in_an_article_graph_is_blank(document: Document, mentions: Mentions) -> None:
    quads = BUILDER.article_quads(document, mentions, Facts((STATEMENT, POST), (), (CLAIM,)))
    assert not [q for q in quads if isinstance(q.subject, ox.BlankNode) or isinstance(q.object, ox.BlankNode)]
    assert OA.exact in {quad.predicate for quad in quads}
