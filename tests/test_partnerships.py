"""Deals: every rule finds what its examples say, and nothing in its counterexamples."""

from __future__ import annotations

import pytest

from aigraph.facts.deals.finder import PartnershipFinder
from aigraph.facts.patterns.rulebook import load_lexicon, load_partnership_rules
from aigraph.facts.relations.finder import RelationFinder
from aigraph.facts.speech.attribution import AttributionReader
from aigraph.ontology import load_ontology
from aigraph.records import EntityType, Partnership, Polarity, Status
from aigraph.vocab import AIG, UNIT, Iris
from notation import read_notation

IRIS = Iris()
FINDER = PartnershipFinder(AttributionReader())
RULES = load_partnership_rules(load_lexicon())
EXAMPLES = [(rule.id, example.text, example.facts) for rule in RULES for example in rule.examples]
COUNTEREXAMPLES = [(rule.id, text) for rule in RULES for text in rule.counterexamples]


def read(text: str) -> tuple[Partnership, ...]:
    return FINDER.find(*read_notation(text, IRIS))


def shown(text: str, deals: tuple[Partnership, ...]) -> set[str]:
    """Deals as the rule files write them: "Acquisition acquirer=Acme target=Beta Completed"."""
    names = {e.iri: e.name for e in read_notation(text, IRIS)[1].entities}
    return {
        " ".join(
            [
                deal.kind,
                *(f"{AIG.local(role)}={'+'.join(sorted(names[who] for who in whom))}" for role, whom in deal.roles),
                deal.status,
            ]
        )
        for deal in deals
    }


@pytest.mark.parametrize(("rule", "text", "facts"), EXAMPLES, ids=[f"{r}-{i}" for i, (r, *_) in enumerate(EXAMPLES)])
def test_rule_finds_its_examples(rule: str, text: str, facts: tuple[str, ...]) -> None:
    found = tuple(d for d in read(text) if d.extractor == f"partnership/{rule}")
    assert shown(text, found) == set(facts)


@pytest.mark.parametrize(
    ("rule", "text"), COUNTEREXAMPLES, ids=[f"{r}-{i}" for i, (r, _) in enumerate(COUNTEREXAMPLES)]
)
def test_rule_leaves_its_counterexamples_alone(rule: str, text: str) -> None:
    assert shown(text, tuple(d for d in read(text) if d.extractor == f"partnership/{rule}")) == set()


# --- what stands around the rules ---------------------------------------------------------------------------


def one(text: str) -> Partnership:
    (deal,) = read(text)
    return deal


def test_a_deal_told_twice_is_one_with_the_most_definite_status() -> None:
    deal = one(
        "[Acme|Company] agreed to buy [Beta|Company]. [Acme|Company] has acquired [Beta|Company] for $2 billion."
    )
    assert deal.status == Status.COMPLETED
    assert len(deal.evidence) == 2
    assert deal.quantity is not None
    assert deal.quantity.value == 2e9


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("[Acme|Company] will acquire [Beta|Company].", Status.ANNOUNCED),
        ("[Acme|Company] is in talks to acquire [Beta|Company].", Status.REPORTED),
        ("[Acme|Company] acquired [Beta|Company] in 2019.", Status.COMPLETED),
        ("[Acme|Company]'s bid for [Beta|Company] was rejected.", Status.ENDED),
    ],
)
def test_status_follows_verb_and_signs(text: str, status: Status) -> None:
    assert one(text).status == status


def test_the_sum_the_technology_and_the_time_come_along() -> None:
    deal = one("In 2025 [Acme|Company] ordered 5,000 [Beta|Company] [B1|Chip] cards worth $40 million.")
    assert deal.quantity is not None
    assert (deal.quantity.value, deal.quantity.unit) == (4e7, UNIT.CCY_USD)
    assert deal.concerns == IRIS.thing("Chip", "B1")
    assert deal.period is not None
    assert deal.period.edtf == "2025"


def test_roles_are_sorted_and_nobody_deals_with_himself() -> None:
    deal = one("[Zeta|Company] and [Acme|Company] have invested in [Beta|Company].")
    investors = dict(deal.roles)[AIG.investor]
    assert list(investors) == sorted(investors, key=lambda iri: iri.value)
    assert read("[Acme|Company] invested in [the company|Company=Acme].") == ()


def test_a_refusal_that_is_denied_keeps_its_polarity() -> None:
    assert one("[Acme|Company] has not invested in [Beta|Company].").polarity == Polarity.NEGATED


def test_who_uses_the_hardware_of_a_named_maker_is_its_customer() -> None:
    text = "[Acme|Company]'s [A1|Chip] is out. [Beta|Company] trains its models on the [A1|Chip]."
    document, mentions = read_notation(text, IRIS)
    statements, *_ = RelationFinder(load_ontology(), AttributionReader()).find(document, mentions)
    assert FINDER.find(document, mentions) == ()
    (deal,) = FINDER.find(document, mentions, statements)
    assert dict(deal.roles) == {
        AIG.customer: (IRIS.thing("Company", "Beta"),),
        AIG.supplier: (IRIS.thing("Company", "Acme"),),
    }


def test_the_two_companies_are_those_the_article_speaks_of_most() -> None:
    text = "[Acme|Company] sells to [Beta|Company]. [Acme|Company] and [Beta|Company] grow, [Gamma|Company] not.\n"
    text += "The two companies signed a memorandum."
    deals = [d for d in read(text) if d.extractor == "partnership/partners-by-description"]
    assert [d.roles for d in deals] == [
        ((AIG.partner, (IRIS.thing("Company", "Acme"), IRIS.thing("Company", "Beta"))),)
    ]


def test_a_deal_with_both_parties_stated_outdoes_one_from_the_context() -> None:
    text = "[Acme|Company] grows. [Oak|Company] led the round of [Beta|Company]."
    assert shown(text, read(text)) == {"Investment investee=Beta investor=Oak Completed"}


def test_a_licence_for_that_technology_concerns_what_was_named_before() -> None:
    (deal,) = read(
        "A lab, [Acme|Company], has the [Octagon|Architecture]. [Beta|Company] has licensed that technology."
    )
    assert deal.concerns == IRIS.thing(EntityType.ARCHITECTURE, "Octagon")
