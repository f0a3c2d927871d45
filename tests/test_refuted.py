"""What somebody calls untrue, doubts, forbids or only supposes is never told as so, nor what is so as denied."""

from __future__ import annotations

import pytest

from aigraph.facts.claims.finder import ClaimFinder
from aigraph.facts.speech.attribution import AttributionReader
from aigraph.ontology import load_ontology
from aigraph.records import Modality, Polarity
from notation import read_notation
from test_denials import IRIS, read, told

BID = "[Acme|Company] has sued [Velora|Company]"
SAID = "Acme has sued Velora"
LEE = "[Ann Lee|Person]"
NO, YES = Polarity.NEGATED, Polarity.AFFIRMED


@pytest.mark.parametrize(
    ("text", "polarity"),
    [
        (f"It is not true that {BID}, {LEE} said.", NO),
        (f"It isn't true, {LEE} said, that {BID}.", NO),
        (f"It is simply false that {BID}, {LEE} said.", NO),
        (f"{LEE} said it was untrue that {BID}.", NO),
        (f"{LEE} called it untrue that {BID}.", NO),
        (f"It is not the case that {BID}, {LEE} says.", NO),
        (f"There is no truth in reports that {BID}, {LEE} said.", NO),
        (f"There is no truth to the rumour that {BID}, {LEE} told reporters.", NO),
        (f"Reports that {BID} are wrong, {LEE} said.", NO),
        (f"The assumption that {BID} is wrong, {LEE} said.", NO),
        (f"The rumour that {BID} is false, according to {LEE}.", NO),
        (f"{LEE} rejected the claim that {BID}.", NO),
        # no denial: what is called true, and a denial of a denial
        (f"It is true, {LEE} said, that {BID}.", YES),
        (f"{LEE} says that it is true that {BID}.", YES),
        (f"It is not wrong that {BID}, {LEE} said.", YES),
        (f"{LEE} did not deny that {BID}.", YES),
    ],
)
def test_a_verdict_is_the_sign_of_a_statement_and_none_of_its_own(text: str, polarity: Polarity) -> None:
    assert [told(claim) for claim in read(text).claims] == [(SAID, "ann-lee", polarity)]


def test_who_has_said_what_is_untrue_does_not_deny_it() -> None:
    claims = read(f"It is not true, as some websites wrote, that {BID}, {LEE} said.").claims
    assert {told(claim) for claim in claims} == {(SAID, "websites", YES), (SAID, "ann-lee", NO)}
    assert {claim.modality for claim in claims if claim.polarity == YES} == {Modality.REPORTED}


@pytest.mark.parametrize(
    "text",
    [
        f"{LEE} would not say whether it is true that {BID}.",
        f"{LEE} said that it may be true that {BID}.",
    ],
)
def test_what_is_left_open_is_neither_said_nor_denied(text: str) -> None:
    assert SAID not in {claim.text for claim in read(text).claims}


@pytest.mark.parametrize(
    ("text", "polarity"),
    [
        (f"It is not true that [Acme|Company] has shipped 300,000 chips, {LEE} said.", NO),
        ("Reports that [Acme|Company] has shipped 300,000 chips are wrong.", NO),
        ("A spokesman for [Acme|Company] disputed the number of 300,000 chips.", NO),
        ("[Acme|Company] does not expect orders of 300,000 chips.", NO),
        ("A spokesman for [Acme|Company] did not dispute the number of 300,000 chips.", YES),
        (f"It is true that [Acme|Company] has shipped 300,000 chips, {LEE} said.", YES),
    ],
)
def test_figures_are_denied_once(text: str, polarity: Polarity) -> None:
    assert [(claim.quantity and claim.quantity.value, claim.polarity) for claim in read(text).claims] == [
        (300_000, polarity)
    ]


def test_what_is_told_to_the_contrary_is_not_what_somebody_said() -> None:
    for text in (
        "Contrary to what [Acme|Company] said, the plant is full.",
        f"Contrary to what [Acme|Company] had announced, the plant was closed, {LEE} said.",
    ):
        assert "acme" not in {told(claim)[1] for claim in read(text).claims}
    (claim,) = read("As [Acme|Company] said, the plant is full.").claims
    assert told(claim) == ("the plant is full", "acme", YES)


NEWS = "[Velora|Company] has customers"


@pytest.mark.parametrize(
    ("text", "polarity"),
    [
        (f"{LEE} remains sceptical that {NEWS}.", NO),
        (f"{LEE} seems unconvinced that {NEWS}.", NO),
        (f"{LEE} is not convinced that {NEWS}.", NO),
        (f"{LEE} is not sure that {NEWS}.", NO),
        (f"{LEE} questions whether {NEWS}.", NO),
        (f"{LEE} is doubtful whether {NEWS}.", NO),
        (f"{LEE} sees no sign that {NEWS}.", NO),
        (f"{LEE} is convinced that {NEWS}.", YES),
        (f"{LEE} remains confident that {NEWS}.", YES),
        (f"{LEE} does not doubt that {NEWS}.", YES),
        (f"{LEE} sees no reason to doubt that {NEWS}.", YES),
    ],
)
def test_a_doubt_is_a_view_that_it_is_not_so(text: str, polarity: Polarity) -> None:
    (claim,) = read(text).claims
    assert told(claim) == ("Velora has customers", "ann-lee", polarity)
    assert claim.modality == Modality.OPINION


def test_a_doubt_about_what_is_to_come_is_no_forecast_that_it_will() -> None:
    (claim,) = read(f"{LEE} questioned whether [Velora|Company] would find customers.").claims
    assert told(claim) == ("Velora would find customers", "ann-lee", NO)


@pytest.mark.parametrize(
    "text",
    [
        f"{LEE} is not sure whether {NEWS}.",
        f"{LEE} wondered whether {NEWS}.",
        f"{LEE} declined to confirm that {NEWS}.",
        f"{LEE} refused to say that {NEWS}.",
        f"{LEE} stopped short of saying that {NEWS}.",
    ],
)
def test_who_does_not_say_so_says_nothing(text: str) -> None:
    assert not read(text).claims
    (claim,) = read(f"{LEE} did not hesitate to say that {NEWS}.").claims
    assert told(claim) == ("Velora has customers", "ann-lee", YES)


@pytest.mark.parametrize(
    ("text", "modality", "polarity"),
    [
        (f"Had the mine closed, the plant would have lost money, {LEE} said.", Modality.HYPOTHETICAL, YES),
        (f"Without the mine, {LEE} said, the plant would have lost money.", Modality.HYPOTHETICAL, YES),
        (f"If the mine closes, {LEE} said, the plant would lose money.", Modality.FORECAST, YES),
        (f"{LEE} said that the plant would have opened by May.", Modality.FORECAST, YES),
        ("Dealers may not sell the chips, the ministry said.", Modality.ASSERTED, NO),
        (f"Under the rule dealers may not sell the chips, {LEE} said.", Modality.ASSERTED, NO),
        (f"Dealers may not like the chips, {LEE} said.", Modality.REPORTED, NO),
        (f"The chip runs models without changes, {LEE} said.", Modality.ASSERTED, YES),
        (f"The chip does not run without a fan, {LEE} said.", Modality.ASSERTED, NO),
    ],
)
def test_what_was_not_so_and_what_is_forbidden(text: str, modality: Modality, polarity: Polarity) -> None:
    assert [(claim.modality, claim.polarity) for claim in read(text).claims] == [(modality, polarity)]


def test_a_figure_of_what_was_not_so_is_no_claim() -> None:
    assert not read(f"Had the mine closed, the plant would have lost $3 billion, {LEE} said.").claims
    (claim,) = read(f"If the mine closes, {LEE} said, the plant would lose $3 billion.").claims
    assert claim.modality == Modality.FORECAST


def test_groups_that_deny_what_a_company_says_are_no_company() -> None:
    claims = read("[Acme|Company] says its plant saves water. Environmental groups dispute this.").claims
    assert {told(claim) for claim in claims} == {
        ("its plant saves water", "acme", YES),
        ("its plant saves water", "environmental groups", NO),
    }


DAY = "PORTO, May 3, 2026 - "


@pytest.mark.parametrize(
    ("text", "claimants"),
    [
        (f"{DAY}Analysts expect sales of $4 billion for 2027, up from $3 billion in 2025.", ["analysts", None]),
        (
            f"{DAY}[Acme|Company] expects to sell 2 million chips this year, against 1.9 million in 2025.",
            ["acme", None],
        ),
        (f"{DAY}Analysts expect sales of $4 billion for 2028, up from $3 billion in 2027.", ["analysts", "analysts"]),
        (f"{DAY}[Acme|Company] said that sales rose to $4 billion from $3 billion in 2025.", ["acme", "acme"]),
    ],
)
def test_what_a_forecast_is_measured_by_is_known_and_nobodys_forecast(text: str, claimants: list[str | None]) -> None:
    assert [told(claim)[1] for claim in read(text).claims] == claimants


@pytest.mark.parametrize(
    ("text", "statements"),
    [
        ("The plant is full, contrary to what [Acme|Company] had reported.", []),
        ("The plant is full, and [Acme|Company] had reported it.", ["The plant is full"]),
        ("[Acme|Company] said on Tuesday.", []),
    ],
)
def test_what_somebody_else_hears_is_put_into_no_mouth_either(text: str, statements: list[str]) -> None:
    document, mentions = read_notation(text, IRIS, parsed=True)
    finder = ClaimFinder(load_ontology(), IRIS, AttributionReader())
    (sentence,) = document.blocks[0].sentences
    claims = finder.said(document, mentions, sentence, mentions.mentions[0].entity)
    assert [claim.text for claim in claims][:1] == statements
