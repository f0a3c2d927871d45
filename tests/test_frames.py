"""Rules over dependency trees: each finds what its examples say, and nothing in its counterexamples."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from aigraph.facts.deals.finder import PartnershipFinder
from aigraph.facts.frames import FrameRule, load_frames
from aigraph.facts.relations.finder import RelationFinder
from aigraph.facts.speech.attribution import AttributionReader
from aigraph.ontology import load_ontology
from aigraph.records import Modality, Part, Partnership, Polarity, Statement, Status
from aigraph.vocab import AIG, Iris
from notation import read_notation

IRIS = Iris()
ALONE = frozenset({Part.PATTERNS})
RELATIONS = RelationFinder(load_ontology(), AttributionReader(), ALONE)
DEALS = PartnershipFinder(AttributionReader(), ALONE)
RULES: tuple[FrameRule, ...] = (*load_frames("relations").rules, *load_frames("deals").rules)
MISSED = pytest.mark.xfail(reason="the trees of the shipped language model miss it", strict=True)
MISSED_EXAMPLES = frozenset(
    {
        "The [Ostra 3|Chip] is fabricated by [Samsung|Company] in South Korea.",
        "Demand for [Nvidia|Company]'s [H100|Chip] and [Blackwell|Architecture] series is strong.",
        "[Cerebras|Company] and [Groq|Company] are taking on [Nvidia|Company].",
    }
)
EXAMPLES = [(rule.id, example.text, example.facts) for rule in RULES for example in rule.examples]
SENTENCES = [
    pytest.param(
        *(line.removeprefix("~ ").split(" => ") if " => " in line else [line.removesuffix(" =>"), ""]),
        marks=[MISSED] if line.startswith("~ ") else [],
    )
    for line in Path(__file__).with_name("frame_sentences.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]
COUNTEREXAMPLES = [(rule.id, text) for rule in RULES for text in rule.counterexamples]


def statements(text: str) -> tuple[Statement, ...]:
    return RELATIONS.find(*read_notation(text, IRIS, parsed=True))[0]


def deals(text: str) -> tuple[Partnership, ...]:
    return DEALS.find(*read_notation(text, IRIS, parsed=True))


def shown(text: str, rule: str | None = None) -> set[str]:
    """Facts as the rule files write them; those of one rule, or all."""
    names = {e.iri: e.name for e in read_notation(text, IRIS)[1].entities}
    names |= {AIG.Training: "Training", AIG.Inference: "Inference"}
    found = {
        f"{names[s.subject]} {AIG.local(s.predicate)} {names[s.object]}" + (f" as {s.role}" if s.role else "")
        for s in statements(text)
        if rule is None or s.extractor == f"relation/{rule}"
    }
    for deal in deals(text):
        if rule is None or deal.extractor == f"partnership/{rule}":
            roles = [f"{AIG.local(role)}={'+'.join(sorted(names[w] for w in who))}" for role, who in deal.roles]
            found.add(" ".join([deal.kind, *roles, deal.status]))
    return found


@pytest.mark.parametrize(
    ("rule", "text", "facts"),
    [
        pytest.param(*each, id=f"{each[0]}-{i}", marks=[MISSED] if each[1] in MISSED_EXAMPLES else [])
        for i, each in enumerate(EXAMPLES)
    ],
)
def test_rule_finds_its_examples(rule: str, text: str, facts: tuple[str, ...]) -> None:
    assert shown(text, rule) == set(facts)


@pytest.mark.parametrize(
    ("rule", "text"), COUNTEREXAMPLES, ids=[f"{r}-{i}" for i, (r, _) in enumerate(COUNTEREXAMPLES)]
)
def test_rule_leaves_its_counterexamples_alone(rule: str, text: str) -> None:
    assert shown(text, rule) == set()


@pytest.mark.parametrize(("text", "facts"), SENTENCES)
def test_sentences_say_what_they_say(text: str, facts: str) -> None:
    wanted = set(filter(None, facts.split("; ")))
    statuses = "|".join(Status)
    assert {re.sub(rf" (?:{statuses})$", "", fact) for fact in shown(text)} == wanted


NOT_FACTS = [
    "[Qualcomm|Company] has not acquired [Alphawave|Company].",
    "[Qualcomm|Company] denied that it had acquired [Alphawave|Company].",
    "[Qualcomm|Company] denied having invested in [Alphawave|Company].",
    "[Qualcomm|Company] declined to invest in [Alphawave|Company].",
    "[Qualcomm|Company] never invested in [Alphawave|Company].",
    "If [Qualcomm|Company] acquired [Alphawave|Company], its rivals would suffer.",
    "It is unclear whether [Qualcomm|Company] has acquired [Alphawave|Company].",
    "[Qualcomm|Company] would buy chips from [Alphawave|Company] if they were cheaper.",
    "Has [Qualcomm|Company] acquired [Alphawave|Company]?",
    "Neither [Qualcomm|Company] nor [Arm|Company] has invested in [Alphawave|Company].",
    "[Qualcomm|Company] does not use the [K8|Chip].",
    "[Qualcomm|Company] is not a customer of [Alphawave|Company].",
    "[Qualcomm|Company] no longer supplies [Alphawave|Company].",
    "[Qualcomm|Company] has no stake in [Alphawave|Company].",
    "[Qualcomm|Company] wants to buy chips from [Alphawave|Company].",
]


@pytest.mark.parametrize("text", NOT_FACTS)
def test_what_is_denied_or_supposed_is_no_direct_fact(text: str) -> None:
    found: tuple[Statement | Partnership, ...] = (*statements(text), *deals(text))
    assert [
        fact for fact in found if fact.polarity == Polarity.AFFIRMED and fact.modality != Modality.HYPOTHETICAL
    ] == []


LEFT_OUT = [
    ("[Orrin|Company] does not use the [K7|Chip]. [Brindle|Company] does.", {"Brindle uses K7"}),
    ("[Orrin|Company] uses the [K7|Chip], and so does [Brindle|Company].", {"Orrin uses K7", "Brindle uses K7"}),
    ("[Orrin|Company] uses the [K7|Chip], as does [Brindle|Company].", {"Orrin uses K7", "Brindle uses K7"}),
    ("[Orrin|Company] uses the [K7|Chip]. [Brindle|Company] doesn't.", {"Orrin uses K7"}),
    ("[Orrin|Company] unveiled the [K7|Chip], and [Brindle|Company] did the testing.", {"Orrin develops K7"}),
    ("[Ann Lee|Person] does not run [Celden|Company]; [Bob Ray|Person] does.", {"Bob Ray worksFor Celden"}),
    ("[Orrin|Company] uses the [K7|Chip]. Sales rose. [Brindle|Company] did.", {"Orrin uses K7"}),
]


@pytest.mark.parametrize(("text", "facts"), LEFT_OUT)
def test_a_clause_without_a_verb_says_what_the_one_before_says(text: str, facts: set[str]) -> None:
    names = {entity.iri: entity.name for entity in read_notation(text, IRIS)[1].entities}
    found = {
        f"{names[each.subject]} {AIG.local(each.predicate)} {names[each.object]}"
        for each in statements(text)
        if each.polarity == Polarity.AFFIRMED
    }
    assert found == facts


RUMOURS = [
    "[Qualcomm|Company] is in talks to acquire [Alphawave|Company].",
    "[Qualcomm|Company] has reportedly acquired [Alphawave|Company].",
    "[Qualcomm|Company] is considering a bid for [Alphawave|Company].",
    "[Qualcomm|Company] is said to have acquired [Alphawave|Company].",
    "Sources say that [Qualcomm|Company] has acquired [Alphawave|Company].",
]


@pytest.mark.parametrize("text", RUMOURS)
def test_a_rumour_is_a_deal_with_its_status(text: str) -> None:
    (deal,) = deals(text)
    assert (deal.kind, deal.status, deal.modality) == ("Acquisition", Status.REPORTED, Modality.REPORTED)


@pytest.mark.parametrize(
    ("text", "modality"),
    [
        ("[Ostrava|Company] may use the [K7|Chip], the chip that [Corvane|Company] designed.", Modality.ASSERTED),
        ("[Ostrava|Company] did not buy the [K7|Chip], a chip designed by [Corvane|Company].", Modality.ASSERTED),
        ("Will [Ostrava|Company] use the [K7|Chip], which [Corvane|Company] designed?", Modality.ASSERTED),
        ("[Ostrava|Company] may use the [K7|Chip], which [Corvane|Company] might launch.", Modality.REPORTED),
        ("There is a rumour that [Corvane|Company] has designed the [K7|Chip].", Modality.REPORTED),
        ("[Ostrava|Company] has heard that [Corvane|Company] may design the [K7|Chip].", Modality.REPORTED),
    ],
)
def test_what_is_told_beside_a_name_is_not_hedged_by_the_clause_around_it(text: str, modality: Modality) -> None:
    made = [s for s in statements(text) if s.extractor == "relation/frame-develops"]
    assert {(s.modality, s.polarity) for s in made} == {(modality, Polarity.AFFIRMED)}
