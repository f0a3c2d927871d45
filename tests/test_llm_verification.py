"""What a model may answer and what becomes of it: nothing enters that the text does not bear out."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aigraph.llm.answers import Broken, Item, read_answer
from aigraph.llm.grammar import Grammar
from aigraph.llm.passages import Passage, cut
from aigraph.llm.schema import Schema, unit_name
from aigraph.llm.verification import Verified, Verifier
from aigraph.ontology import Ontology, load_ontology
from aigraph.records import (
    Comparator,
    Document,
    EntityType,
    Mentions,
    Modality,
    PartnershipKind,
    Polarity,
    Span,
    Status,
    UnnamedGroup,
)
from aigraph.vocab import AIG, UNIT, Iris
from notation import read_notation

IRIS = Iris()
NAMES = {"statements": "llm/relation/m", "partnerships": "llm/partnership/m", "claims": "llm/claim/m"}
TEXT = (
    "[Nvidia|Company] has unveiled the [Rubin|Architecture] architecture for training. "
    "[Its|Company=Nvidia] chief executive, [Jensen Huang|Person], said that revenue of [Nvidia|Company] "
    "reached $5 billion in the fourth quarter of 2025. [AMD|Company] has not acquired [Corvane|Company].\n"
    "[Intel|Company] reportedly wants to buy [Corvane|Company] for $2 billion. [AMD|Company] bought [Xilinx|Company] "
    "for $49 billion, and [Cerebras|Company] competes with [AMD|Company].\n"
    "If [Meta|Company] were to buy [Groq|Company], prices would fall by 30%. Analysts expect the AI chip market to "
    "grow to $400 billion by 2027."
)


@cache
def ontology() -> Ontology:
    return load_ontology()


@cache
def verifier() -> Verifier:
    return Verifier(ontology(), Grammar(ontology(), IRIS), NAMES)


@cache
def read(text: str = TEXT) -> tuple[Document, Mentions, Passage]:
    document, mentions = read_notation(text, IRIS, parsed=True)
    (passage,), _ = cut(document, mentions, 100_000)
    return document, mentions, passage


def id_of(words: str, text: str = TEXT) -> str:
    return next(offer.id for offer in read(text)[2].offers if offer.mention.form == words)


def verify(text: str = TEXT, **items: Any) -> Verified:
    document, mentions, passage = read(text)
    return verifier().verify(document, mentions, passage, read_answer(json.dumps(items)))


def finding(quote: str, **more: Any) -> dict[str, Any]:
    common = {"modality": "Asserted", "polarity": "Affirmed", "claimant": None, "claimant_words": None, "time": None}
    return {"quote": quote, **common, **more}


def statement(**more: Any) -> dict[str, Any]:
    told = {"predicate": "develops", "subject": id_of("Nvidia"), "object": id_of("Rubin")}
    return {**finding("Nvidia has unveiled the Rubin architecture", **told), **more}


def deal(**more: Any) -> dict[str, Any]:
    told = {
        "kind": "Acquisition",
        "roles": {"acquirer": [id_of("AMD")], "target": [id_of("Xilinx")]},
        "status": "Completed",
        "concerns": None,
        "figure": figure("$49 billion", 49e9, "USD"),
    }
    return {**finding("AMD bought Xilinx for $49 billion", **told), **more}


def figure(words: str, value: float, unit: str, comparator: str = "Exactly") -> dict[str, Any]:
    return {"words": words, "value": value, "unit": unit, "comparator": comparator}


def claim(**more: Any) -> dict[str, Any]:
    told = {
        "about": id_of("Nvidia"),
        "about_words": None,
        "metric_words": "revenue",
        "figure": figure("$5 billion", 5e9, "USD"),
        "claimant": id_of("Jensen Huang"),
        "time": {"words": "in the fourth quarter of 2025", "value": "2025-Q4"},
    }
    quote = "revenue of Nvidia reached $5 billion in the fourth quarter of 2025"
    return {**finding(quote), **told, **more}


# --- what is true enters, with the article's own words and places -----------------------------------------------------


def test_a_statement_that_the_text_makes() -> None:
    verified = verify(statements=[statement()])
    (found,) = verified.statements
    text = read()[0].article.text
    assert not verified.rejections
    assert (found.subject, found.predicate, found.object) == (
        IRIS.thing("Company", "Nvidia"),
        AIG.develops,
        IRIS.thing("Architecture", "Rubin"),
    )
    (evidence,) = found.evidence
    assert text[evidence.start : evidence.end] == "Nvidia has unveiled the Rubin architecture for training."
    assert (found.extractor, found.modality, found.polarity) == ("llm/relation/m", "Asserted", "Affirmed")


def test_a_workload_and_a_post_that_the_sentence_names() -> None:
    training = statement(
        predicate="optimizedFor", subject=id_of("Rubin"), object="Training", quote="Rubin architecture for training"
    )
    post = statement(
        predicate="worksFor",
        subject=id_of("Jensen Huang"),
        object=id_of("Its"),
        role="chief executive",
        quote="Its chief executive, Jensen Huang",
    )
    verified = verify(statements=[training, post])
    assert [(s.predicate, s.object, s.role) for s in verified.statements] == [
        (AIG.optimizedFor, AIG.Training, None),
        (AIG.worksFor, IRIS.thing("Company", "Nvidia"), "chief executive"),
    ]


def test_rivals_stand_in_one_order() -> None:
    rivals = statement(predicate="competesWith", quote="Cerebras competes with AMD")
    for one, other in (("Cerebras", "AMD"), ("AMD", "Cerebras")):
        (found,) = verify(statements=[{**rivals, "subject": id_of(one), "object": id_of(other)}]).statements
        assert (found.subject, found.object) == (IRIS.thing("Company", "AMD"), IRIS.thing("Company", "Cerebras"))


def test_a_deal_with_its_sum() -> None:
    (found,) = verify(partnerships=[deal()]).partnerships
    assert (found.kind, found.status) == (PartnershipKind.ACQUISITION, Status.COMPLETED)
    assert found.roles == (
        (AIG.acquirer, (IRIS.thing("Company", "AMD"),)),
        (AIG.target, (IRIS.thing("Company", "Xilinx"),)),
    )
    assert found.quantity is not None
    assert found.quantity.value == 49e9


def test_a_claim_with_figure_time_metric_and_claimant() -> None:
    (found,) = verify(claims=[claim()]).claims
    assert found.quantity is not None
    assert found.metric is not None
    assert found.period is not None
    assert (found.quantity.value, found.quantity.unit) == (5e9, UNIT.CCY_USD)
    assert (found.metric.label, found.metric.listed) == ("revenue", True)
    assert found.period.edtf == "2025-36"
    assert found.claimant == IRIS.thing("Person", "Jensen Huang")
    assert found.text == "revenue of Nvidia reached $5 billion in the fourth quarter of 2025"


def test_a_topic_a_group_and_a_comparator_come_from_the_sentence() -> None:
    item = claim(
        quote="the AI chip market to grow to $400 billion by 2027",
        about=None,
        about_words="AI chip market",
        metric_words=None,
        figure=figure("$400 billion", 400e9, "USD", "AtLeast"),
        claimant=None,
        claimant_words="Analysts",
        modality="Forecast",
        time={"words": "by 2027", "value": "2027"},
    )
    (found,) = verify(claims=[item]).claims
    assert isinstance(found.claimant, UnnamedGroup)
    assert found.claimant.label.casefold() == "analysts"
    assert found.about_text == "AI chip market"
    assert found.quantity is not None
    assert found.quantity.comparator == Comparator.EXACTLY  # as our grammar reads it, whatever the answer says
    assert found.modality == Modality.FORECAST


def test_a_quote_may_differ_in_white_space_alone() -> None:
    assert verify(statements=[statement(quote="Nvidia has\n unveiled   the Rubin architecture")]).statements


def test_the_article_is_quoted_from_where_the_arguments_stand() -> None:
    text = "The firm said it was pleased.\n[Nvidia|Company] bought [Groq|Company]. The firm said it was pleased."
    item = deal(
        quote="The firm said it was pleased.",
        figure=None,
        roles={"acquirer": [id_of("Nvidia", text)], "target": [id_of("Groq", text)]},
    )
    verified = verify(text, partnerships=[item])
    assert not verified.partnerships  # neither party is in the sentence itself
    assert (
        "none of its parties" in verified.rejections[0].reason or "not mentioned near" in verified.rejections[0].reason
    )


# --- lies -------------------------------------------------------------------------------------------------------------

STATEMENT_LIES: list[tuple[dict[str, Any], str]] = [
    ({"quote": "Nvidia has cancelled the Rubin architecture"}, "does not stand in the passage"),
    ({"quote": "nvidia has unveiled the rubin architecture"}, "does not stand in the passage"),
    ({"quote": "vidia has unveiled the Rubin architecture"}, "does not stand in the passage"),
    ({"quote": "Nvidia"}, "is a single word"),
    ({"quote": "… — !"}, "has no word"),
    ({"quote": ""}, "has no quote"),
    ({"quote": None}, "has no quote"),
    ({"quote": ["Nvidia has"]}, "has no quote"),
    ({"quote": "x " * 2000}, "is too long"),
    ({"predicate": "owns"}, "no relation of the ontology"),
    ({"predicate": "acquired"}, "no relation of the ontology"),
    ({"predicate": "http://example.org/p"}, "no relation of the ontology"),
    ({"predicate": 7}, "has no predicate"),
    ({"subject": "m99"}, "no mention of the passage"),
    ({"subject": "Nvidia"}, "no mention of the passage"),
    ({"subject": None}, "has no subject"),
    ({"object": "Training"}, "no workload as its object"),
    ({"subject": "m2", "object": "m1"}, "needs as its subject"),
    ({"object": "m1"}, "links a thing to itself"),
    ({"predicate": "worksFor"}, "needs as its subject"),
    ({"predicate": "optimizedFor", "subject": "m2", "object": "Inference"}, "does not speak of inference"),
    ({"polarity": "Negated"}, "negated in the answer and affirmed in the sentence"),
    ({"polarity": "affirmed"}, "none of Affirmed, Negated"),
    ({"modality": "Certain"}, "none of Asserted"),
    ({"claimant": "m2"}, "wrong kind: Architecture"),
    ({"claimant": "m1"}, "nobody is said to say so"),
    ({"claimant_words": "sources"}, "is not in the sentence"),
    ({"claimant_words": "Nvidia has"}, "holds a name or a figure"),
    ({"time": {"words": "in 2027", "value": "2027"}}, "is not in the sentence"),
    ({"time": "2027"}, "is no object"),
]


@pytest.mark.parametrize(("lie", "reason"), STATEMENT_LIES, ids=[json.dumps(lie)[:60] for lie, _ in STATEMENT_LIES])
def test_a_statement_with_a_lie_in_it_is_rejected(lie: dict[str, Any], reason: str) -> None:
    verified = verify(statements=[statement(**lie)])
    assert not verified.statements
    (rejection,) = verified.rejections
    assert reason in rejection.reason
    assert rejection.extractor == "llm/relation/m"


def far(name: str) -> str:
    return id_of(name)


def test_things_that_stand_elsewhere_are_no_arguments() -> None:
    verified = verify(statements=[statement(predicate="competesWith", subject=far("AMD"), object=far("Intel"))])
    assert not verified.statements
    assert "is not mentioned near the quote" in verified.rejections[0].reason


DEAL_LIES: list[tuple[dict[str, Any], str]] = [
    ({"kind": "Merger"}, "no kind of deal"),
    ({"kind": "Partnership"}, "no kind of deal"),
    ({"roles": None}, "has no roles"),
    ({"roles": {"acquirer": ["m8"]}}, "is no list of ids"),
    ({"roles": {"acquirer": [], "target": ["m8"]}}, "filled by nobody"),
    ({"roles": {"acquirer": [1], "target": []}}, "is no list of ids"),
    ({"roles": {"supplier": [], "customer": []}}, "has no role"),
    ({"status": "Done"}, "none of Announced"),
    ({"concerns": "m2"}, "not mentioned near"),
    ({"figure": figure("$49 billion", 49e6, "USD")}, "no figure of"),
    ({"figure": figure("$49 billion", 49e9, "EUR")}, "no figure of"),
    ({"figure": figure("$2 billion", 2e9, "USD")}, "is not in the quote"),
    ({"figure": figure("billion", 49e9, "doubloons")}, "no unit of the ontology"),
    ({"figure": figure("$49 billion", True, "USD")}, "is no number"),
    ({"figure": {"words": "$49 billion", "unit": "USD"}}, "is no number"),
    ({"figure": 49}, "is no object"),
    ({"quote": "bought Xilinx for $49", "figure": figure("$49", 49, "USD")}, "no figure of"),
]


@pytest.mark.parametrize(("lie", "reason"), DEAL_LIES, ids=[json.dumps(lie)[:60] for lie, _ in DEAL_LIES])
def test_a_deal_with_a_lie_in_it_is_rejected(lie: dict[str, Any], reason: str) -> None:
    verified = verify(partnerships=[deal(**lie)])
    assert not verified.partnerships
    assert reason in verified.rejections[0].reason


def test_one_party_alone_makes_no_deal() -> None:
    alone = {"acquirer": [id_of("AMD")], "target": [id_of("AMD")]}
    assert "two parties" in verify(partnerships=[deal(roles=alone)]).rejections[0].reason
    partner = deal(kind="Collaboration", roles={"partner": [id_of("AMD")]}, figure=None)
    assert "two parties" in verify(partnerships=[partner]).rejections[0].reason


CLAIM_LIES: list[tuple[dict[str, Any], str]] = [
    ({"figure": figure("$5 billion", 6e9, "USD")}, "no figure of 6e+09 USD"),
    ({"figure": figure("$5 billion", 5e9, "PERCENT")}, "no figure of"),
    ({"figure": figure("$7 billion", 7e9, "USD")}, "is not in the quote"),
    ({"figure": figure("2025", 2025, "NUM")}, "no figure of"),
    ({"figure": figure("revenue", 5e9, "USD")}, "no figure of"),
    (
        {
            "figure": None,
            "claimant": None,
            "quote": "has unveiled the Rubin architecture",
            "metric_words": None,
            "time": None,
        },
        "a figure, or somebody",
    ),
    ({"time": {"words": "in the fourth quarter of 2025", "value": "2026-Q4"}}, "no time"),
    ({"time": {"words": "reached", "value": "2025-Q4"}}, "no time"),
    ({"time": {"words": "in 2031", "value": "2031"}}, "is not in the sentence"),
    ({"metric_words": "profit"}, "is not in the sentence"),
    ({"metric_words": "revenue of Nvidia"}, "holds a name or a figure"),
    ({"about": None, "about_words": "Nvidia"}, "holds a name or a figure"),
    ({"about": "m2"}, ""),
    ({"claimant": None, "claimant_words": "chief executive"}, "somebody else"),
    (
        {"quote": "for training. Its chief executive, Jensen Huang, said that revenue of Nvidia reached $5 billion"},
        "more than one sentence",
    ),
]


@pytest.mark.parametrize(("lie", "reason"), CLAIM_LIES, ids=[json.dumps(lie)[:60] for lie, _ in CLAIM_LIES])
def test_a_claim_with_a_lie_in_it_is_rejected(lie: dict[str, Any], reason: str) -> None:
    verified = verify(claims=[claim(**lie)])
    if reason:
        assert not verified.claims
        assert reason in verified.rejections[0].reason
    else:  # the sentence before is near enough for what something is about
        assert verified.claims


def test_a_metric_in_a_strange_unit_is_rejected() -> None:
    text = "[Nvidia|Company] says that its revenue needs 5 gigawatts of power."
    item = claim(
        quote="its revenue needs 5 gigawatts",
        about=None,
        figure=figure("5 gigawatts", 5e9, "W"),
        claimant=None,
        time=None,
    )
    assert "is not told in W" in verify(text, claims=[item]).rejections[0].reason


def test_what_is_denied_reported_or_supposed_is_never_asserted() -> None:
    corvane, meta, groq = id_of("Corvane"), id_of("Meta"), id_of("Groq")
    denied = deal(
        quote="AMD has not acquired Corvane", roles={"acquirer": [id_of("AMD")], "target": [corvane]}, figure=None
    )
    rumour = deal(
        quote="Intel reportedly wants to buy Corvane",
        roles={"acquirer": [id_of("Intel")], "target": [corvane]},
        figure=None,
    )
    supposed = deal(quote="If Meta were to buy Groq", roles={"acquirer": [meta], "target": [groq]}, figure=None)
    bare = {**supposed, "quote": "buy Groq"}
    verified = verify(partnerships=[denied, rumour, supposed, bare])
    assert [(d.modality, d.status) for d in verified.partnerships] == [
        (Modality.REPORTED, Status.REPORTED),
        *[(Modality.HYPOTHETICAL, Status.COMPLETED)] * 2,
    ]
    (rejection,) = verified.rejections
    assert rejection.reason == "it is affirmed in the answer and negated in the sentence"
    (found,) = verify(partnerships=[{**denied, "polarity": "Negated"}]).partnerships
    assert found.polarity == Polarity.NEGATED


def test_a_rumour_stays_one_whatever_the_answer_says() -> None:
    fall = claim(
        quote="prices would fall by 30%",
        about=None,
        metric_words="prices",
        figure=figure("30%", 30, "PERCENT"),
        claimant=None,
        time=None,
    )
    assert [c.modality for c in verify(claims=[fall]).claims] == [Modality.HYPOTHETICAL]


# --- broken answers ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        "",
        "Sorry, I cannot.",
        '{"statements": [',
        "[]",
        "null",
        '"statements"',
        "{}",
        '{"facts": []}',
        '{"claims": {}}',
        '{"claims": 1}',
        '{"claims": [{"a": NaN}]}',
        '{"claims": [' + "1" * 5000 + "]}",
        "[" * 100_000,
        json.dumps({"claims": [{}] * 401}),
    ],
)
def test_what_is_no_answer_is_broken(content: str) -> None:
    with pytest.raises(Broken):
        read_answer(content)


@pytest.mark.parametrize(
    "content",
    [
        '```json\n{"claims": []}\n```',
        '<think>{"claims": 1}</think>\n{"claims": []}',
        ' {"claims": null} ',
        '{"claims": [], "notes": "x"}',
    ],
)
def test_what_models_cannot_do_without_is_left_off(content: str) -> None:
    assert read_answer(content) == {"statements": (), "partnerships": (), "claims": ()}


def test_items_that_are_no_objects_are_rejected_one_by_one() -> None:
    verified = verify(statements=[1, None, "Nvidia develops Rubin", [], statement()])
    assert len(verified.statements) == 1
    assert {r.reason for r in verified.rejections} == {"an item of the answer is no object"}


def test_reasons_hold_nothing_that_a_terminal_obeys() -> None:
    verified = verify(statements=[statement(predicate="\x1b[2J\ud800" + "x" * 5000)])
    reason = verified.rejections[0].reason
    assert reason.isprintable()
    assert len(reason) < 300
    reason.encode()


# --- any answer whatsoever --------------------------------------------------------------------------------------------

WORDS = st.sampled_from(
    [
        "Nvidia has unveiled the Rubin architecture",
        "AMD bought Xilinx for $49 billion",
        "revenue of Nvidia reached $5 billion",
        "If Meta were to buy Groq",
        "AMD has not acquired Corvane",
        "Intel reportedly wants to buy Corvane for $2 billion. AMD bought Xilinx",
        "$49 billion",
        "$5 billion",
        "2025",
        "revenue",
        "AI chip market",
        "Analysts",
        "chief executive",
    ]
) | st.text(max_size=12)
IDS = st.integers(0, 20).map("m{}".format)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | IDS | WORDS
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
FIGURES = st.fixed_dictionaries(
    {
        "words": WORDS,
        "value": st.sampled_from([49e9, 5e9, 2e9, 30, 2025]) | st.floats(),
        "unit": st.sampled_from(["USD", "EUR", "PERCENT", "NUM"]),
        "comparator": st.just("Exactly"),
    }
)
RELATIONS = [AIG.local(relation.iri) for relation in load_ontology().relations]
COMMON = {
    "quote": WORDS,
    "modality": st.sampled_from(["Asserted", "Forecast", "Hypothetical"]),
    "polarity": st.sampled_from(["Affirmed", "Negated"]),
    "claimant": st.none() | IDS,
    "claimant_words": st.none() | WORDS,
    "time": st.none() | st.fixed_dictionaries({"words": WORDS, "value": st.sampled_from(["2025", "2025-Q4", "2027"])}),
}


def broken_up(fields: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[Any]:
    """Items of a form, some with a field that is anything."""
    whole = st.fixed_dictionaries(fields)
    spoiled = st.tuples(whole, st.sampled_from(sorted(fields)), VALUES).map(lambda t: {**t[0], t[1]: t[2]})
    return whole | spoiled | VALUES


ITEMS = {
    "statements": broken_up(
        {
            **COMMON,
            "predicate": st.sampled_from([*RELATIONS, "owns"]),
            "subject": IDS,
            "object": IDS | st.just("Training"),
        }
    ),
    "partnerships": broken_up(
        {
            **COMMON,
            "kind": st.sampled_from([*(kind.value for kind in PartnershipKind), "Merger"]),
            "roles": st.fixed_dictionaries(
                {"acquirer": st.lists(IDS, max_size=2), "target": st.lists(IDS, max_size=2)}
            ),
            "status": st.sampled_from(["Completed", "Announced"]),
            "concerns": st.none() | IDS,
            "figure": st.none() | FIGURES,
        }
    ),
    "claims": broken_up(
        {
            **COMMON,
            "about": st.none() | IDS,
            "about_words": st.none() | WORDS,
            "metric_words": st.none() | WORDS,
            "figure": st.none() | FIGURES,
        }
    ),
}


@settings(max_examples=400)
@given(st.fixed_dictionaries({name: st.lists(items, max_size=3) for name, items in ITEMS.items()}))
def test_no_answer_whatsoever_yields_what_the_text_does_not_bear_out(answer: dict[str, list[Any]]) -> None:
    document, mentions, passage = read()
    lists = {name: [Item(item) if isinstance(item, dict) else None for item in items] for name, items in answer.items()}
    verified = verifier().verify(document, mentions, passage, lists)
    assert_borne_out(document, mentions, verified)
    findings = len(verified.statements) + len(verified.partnerships) + len(verified.claims)
    assert findings + len(verified.rejections) == sum(map(len, answer.values()))


@given(st.text() | VALUES.map(json.dumps))
def test_any_text_is_an_answer_or_a_broken_one(content: str) -> None:
    try:
        items = read_answer(content)
    except Broken:
        return
    document, mentions, passage = read()
    assert_borne_out(document, mentions, verifier().verify(document, mentions, passage, items))


def assert_borne_out(document: Document, mentions: Mentions, verified: Verified) -> None:
    """Every finding is made of what stands in its sentences, and the ontology allows it."""
    text = document.article.text
    sentences = [s.span for block in document.blocks for s in block.sentences]
    types = {m.entity: AIG[m.type] for m in mentions.mentions}
    quantities = [
        q
        for block in document.blocks
        for s in block.sentences
        for q in Grammar.quantities(document, mentions, _place(block, s))
    ]

    def near(entity: object, evidence: tuple[Span, ...]) -> bool:
        wanted = {i for i, s in enumerate(sentences) if s in evidence}
        wanted |= {i - 1 for i in wanted}
        return any(
            m.entity == entity and any(m.span in sentences[i] for i in wanted if i >= 0) for m in mentions.mentions
        )

    for found in (*verified.statements, *verified.partnerships, *verified.claims):
        assert all(span in sentences for span in found.evidence)
        words = " ".join(text[s.start : s.end] for s in found.evidence)
        if " not " in words:
            assert found.polarity == Polarity.NEGATED
        if "reportedly" in words or words.startswith("If "):
            assert found.modality in (Modality.REPORTED, Modality.HYPOTHETICAL)
        if isinstance(found.claimant, UnnamedGroup):
            assert found.claimant.label.casefold() in words.casefold()
    for statement_ in verified.statements:
        if statement_.object not in (AIG.Training, AIG.Inference):
            allowed = ontology().allows(statement_.predicate, types[statement_.subject], types[statement_.object])
            assert allowed is None
            assert near(statement_.object, statement_.evidence)
        assert near(statement_.subject, statement_.evidence)
    for deal_ in verified.partnerships:
        for role, parties in deal_.roles:
            assert parties
            assert role.value.startswith(AIG.iri)
            assert all(near(party, deal_.evidence) for party in parties)
        assert deal_.quantity is None or deal_.quantity in quantities
    for claim_ in verified.claims:
        assert claim_.text in text
        assert claim_.quantity is None or claim_.quantity in quantities
        assert claim_.quantity is not None or claim_.claimant is not None


def _place(block: Any, sentence: Any) -> Any:
    from aigraph.llm.passages import Place

    return Place(block, sentence)


# --- what is offered --------------------------------------------------------------------------------------------------


def test_the_schema_is_that_of_the_ontology_and_of_the_passage() -> None:
    passage = read()[2]
    schema = Schema(ontology(), passage).build()
    offered = [each["properties"] for each in schema["properties"]["statements"]["items"]["anyOf"]]
    predicates = [each["predicate"]["enum"][0] for each in offered]
    # no place and no chip in the passage: what needs one is not offered
    assert "locatedIn" not in predicates
    assert set(predicates) < {AIG.local(relation.iri) for relation in ontology().relations}
    develops = next(each for each in offered if each["predicate"]["enum"] == ["develops"])
    names = [each["$ref"].rsplit("/", 1)[1] for each in (develops["subject"], develops["object"])]
    assert names == ["Organization", "Technology"]
    kinds = {offer.id: offer.mention.type for offer in passage.offers}
    assert {kinds[i] for i in schema["$defs"]["Organization"]["enum"]} == {EntityType.COMPANY}
    assert {kinds[i] for i in schema["$defs"]["Technology"]["enum"]} == {EntityType.ARCHITECTURE}
    deals = schema["properties"]["partnerships"]["items"]["anyOf"]
    assert [each["properties"]["kind"]["enum"][0] for each in deals] == sorted(kind.value for kind in PartnershipKind)
    units = schema["$defs"]["figure"]["anyOf"][0]["properties"]["unit"]["enum"]
    assert {"USD", "PERCENT", "Times", "TokenPerSecond"} < set(units)
    assert len(units) == len(set(units)) == len(ontology().units)
    assert {unit_name(unit) for unit in ontology().units} == set(units)


def test_a_passage_without_mentions_offers_claims_alone() -> None:
    schema = Schema(ontology(), read("Analysts expect sales of $5 billion.")[2]).build()
    assert list(schema["properties"]) == ["claims"]
    assert schema["$defs"]["claimant"] == {"type": "null"}


@given(st.integers(1, 600))
def test_passages_hold_every_sentence_once_and_no_more_than_they_may(size: int) -> None:
    document, mentions, _ = read()
    passages, too_long = cut(document, mentions, size)
    spans = [place.span for passage in passages for place in passage.places]
    everything = [s.span for block in document.blocks for s in block.sentences]
    assert sorted([*spans, *(place.span for place in too_long)]) == everything
    assert spans == sorted(spans)
    for passage in passages:
        assert sum(place.span.end - place.span.start for place in passage.places) <= size
        assert [offer.id for offer in passage.offers] == [f"m{n}" for n in range(1, len(passage.offers) + 1)]
    assert all(place.span.end - place.span.start > size for place in too_long)
