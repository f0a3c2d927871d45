"""Claims where the sentence has a tree: holders of counts and stakes, metrics below listed ones, times of reports."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from aigraph.facts import FactFinder
from aigraph.facts.claims.finder import ClaimFinder
from aigraph.facts.confidence import OVERALL_RELATION
from aigraph.facts.speech.attribution import AttributionReader
from aigraph.ontology import load_ontology
from aigraph.records import Claim, Concept, Modality, Polarity
from aigraph.vocab import AIG, Iris
from notation import read_notation

IRIS = Iris()


@cache
def finder() -> ClaimFinder:
    return ClaimFinder(load_ontology(), IRIS, AttributionReader())


def figure(text: str, value: float, issued: str | None = None) -> Claim:
    """The claim of a text with a figure of that value; lines are paragraphs."""
    document, mentions = read_notation(text, IRIS, parsed=True)
    document = replace(document, article=replace(document.article, issued=issued))
    claims = finder().find(document, mentions)
    return next(c for c in claims if c.quantity is not None and c.quantity.value == pytest.approx(value))


def about(claim: Claim) -> str | None:
    node = claim.about
    if isinstance(node, Concept):
        return node.label
    return node.value.rsplit("/", 1)[-1] if node is not None else None


@pytest.mark.parametrize(
    ("text", "value", "holder"),
    [
        # what is counted is not what a count is about, be it a name
        ("[Tigris|Company] has ordered 52,000 [Q7|Chip] chips.", 52000, "tigris"),
        ("[Tigris|Company] will install 52,000 of [Corvid|Company]'s [Q7|Chip] chips.", 52000, "tigris"),
        # a stake is about who holds it, or who gets it
        ("[Corvid|Company], in which [Tigris|Company] holds 30%, makes chips.", 30, "tigris"),
        ("[Tigris|Company], which owns 30% of [Corvid|Company], makes chips.", 30, "tigris"),
        ("[Corvid|Company] sold a fifth of its cloud business to [Tigris|Company].", 20, "tigris"),
        # a kind of thing without a name
        ("[Tigris|Company] makes chips.\nElectrical links carry 400 gigabits per second.", 5e10, "Electrical links"),
        ("[Tigris|Company] leases a hall.\nThe substation can carry 40 megawatts.", 4e7, "substation"),
        # but not where it stands for something named before
        ("[Tigris|Company] built [Deep Well|System].\nThe machine draws 40 megawatts.", 4e7, "deep-well"),
        # what describes somebody is not meant
        ("[Corvid|Company] is growing.\nThe maker of the [Q7|Chip] spent $8 billion.", 8e9, "corvid"),
    ],
)
def test_what_a_figure_is_about(text: str, value: float, holder: str) -> None:
    assert about(figure(text, value)) == holder


@pytest.mark.parametrize(
    ("text", "value", "label", "broader"),
    [
        ("[Tigris|Company] has 300 engineers.", 300, "engineers", "EmployeeCount"),
        ("The [Q7|Chip] unites four dies.", 4, "dies", "ChipCount"),
        ("The [Q7|Chip] is three times as fast as the [Q6|Chip].", 3, "speed gain", "PerformanceGain"),
    ],
)
def test_a_more_exact_metric_is_minted_below_the_listed_one(text: str, value: float, label: str, broader: str) -> None:
    metric = figure(text, value).metric
    assert metric is not None
    assert (metric.label, metric.listed) == (label, False)
    above = [AIG.local(each.iri) for each in load_ontology().metrics if label in each.hidden]
    assert above == [broader], "the graph of entities has it below the metric with that hidden label"


@pytest.mark.parametrize(
    ("text", "value", "metric"),
    [
        ("[Tigris|Company] has 300 employees.", 300, "EmployeeCount"),
        ("[Tigris|Company] claims a fourfold gain over the [Q6|Chip].", 4, "PerformanceGain"),
        ("[Tigris|Company] sells the [Q7|Chip] on a $900 board.", 900, "Price"),
    ],
)
def test_listed_metrics(text: str, value: float, metric: str) -> None:
    found = figure(text, value).metric
    assert found is not None
    assert found.listed
    assert AIG.local(found.iri) == metric


@pytest.mark.parametrize(
    ("text", "value", "label"),
    [
        # a part of a company is an investment, a company has a price, all else is paid
        ("[Tigris|Company] took 5 percent of [Corvid|Company] for $30 million.", 3e7, "investment"),
        ("[Tigris|Company] bought a stake in [Corvid|Company] last year for $30 million.", 3e7, "investment"),
        ("[Tigris|Company] bought [Corvid|Company] for $30 million.", 3e7, "purchase price"),
        ("[Tigris|Company] paid $300 million for [Corvid|Company].", 3e8, "purchase price"),
        ("[Tigris|Company] has acquired [Corvid|Company]. It paid $300 million.", 3e8, "purchase price"),
        ("[Tigris|Company] paid [Corvid|Company] $30 million for using a patented cooler.", 3e7, "payment"),
        ("[Tigris|Company] owes its bank $30 million.", 3e7, "debt"),
        ("[Tigris|Company] sued [Corvid|Company] in Texas and seeks $30 million.", 3e7, "damages"),
        # chips that are only counted are those named before
        ("[Tigris|Company] makes the [Q7|Chip]. [Corvid|Company] has asked for 20,000.", 20000, "number of chips"),
        ("[Tigris|Company] makes the [Q7|Chip]. [Corvid|Company] runs 300 of them.", 300, "number of chips"),
        ("[Corvid|Company] has ordered 3,000 pieces of the [Q7|Chip].", 3000, "number of chips"),
        # by how much something differs in the metric of the figure before
        ("The [Q7|Chip] draws 740 watts, 40% less than the [Q6|Chip].", 40, "power draw difference"),
        ("Old customers pay a fifth more.", 20, "price difference"),
        # how long a thing is used
        ("[Tigris|Company] writes its processors off over six years.", 189216000, "useful life"),
        ("[Tigris|Company] said that its servers would last six years.", 189216000, "useful life"),
        # the levels before and after a change
        ("Its error rate fell from 19 to 6 percent.", 19, "error rate"),
        ("Its error rate fell from 19 to 6 percent.", 6, "error rate"),
        ("Revenue fell 6 percent.", 6, "revenue growth"),
        # a word of change in a name is none
        ("[Tigris Growth Fund|Company] acquired 1.8 percent in 2024.", 1.8, "stake"),
        # who works for a company
        ("[Tigris|Company], 70 people in Oslo, makes chips.", 70, "number of employees"),
        ("[Tigris|Company] is a lab with 70 people.", 70, "number of employees"),
        ("[Tigris|Company] has trained 70 people who design chips.", 70, "people"),
    ],
)
def test_metrics_by_what_is_traded_and_by_what_was_named_before(text: str, value: float, label: str) -> None:
    metric = figure(text, value).metric
    assert metric is not None
    assert metric.label == label


def test_a_sum_sought_outside_of_court_is_no_damages() -> None:
    metric = figure("[Tigris|Company] seeks $30 million from investors.", 3e7).metric
    assert metric is not None
    assert metric.label == "funding round"


QUARTER = (
    "In the three months to September, the second quarter of its fiscal year 2027, [Tigris|Company] earned $2 billion."
)


@pytest.mark.parametrize(
    ("text", "value", "label"),
    [
        (QUARTER, 2e9, "2027-Q2"),
        (f"{QUARTER} Revenue was $9 billion, against $7 billion a year earlier.", 7e9, "2026-Q2"),
        (f"{QUARTER} Net debt fell to $3 billion.", 3e9, "2027-Q2"),
        (f"{QUARTER} Gross margin reached 31%, up from 26%.", 26, "2026-Q2"),
        (f"{QUARTER} Gross margin slipped to 59.6%, one point below the level of a year ago.", 59.6, "2027-Q2"),
        (f"{QUARTER} The net loss shrank from $24 million to $15 million.", 2.4e7, "2026-Q2"),
        (f"{QUARTER} For the current quarter it forecasts revenue of $10 billion.", 1e10, "2027-Q3"),
        (f"{QUARTER} [Corvid|Company] took 4,000 chips during the quarter.", 4000, "2027-Q2"),
    ],
)
def test_times_of_a_report_on_a_fiscal_quarter(text: str, value: float, label: str) -> None:
    period = figure(text, value, "2026-11-04").period
    assert period is not None
    assert period.fiscal == label


@pytest.mark.parametrize(
    ("text", "value", "edtf"),
    [
        ("In 2025 [Tigris|Company] had revenue of $9 billion, against $7 billion a year earlier.", 7e9, "2024"),
        (
            "Servers made 61% of [Tigris|Company]'s revenue between July and September, up from 42% a year ago.",
            42,
            "2025-35",
        ),
        (
            "Gross margin of [Tigris|Company] widened to 19.5% in the third quarter from 16% a year earlier.",
            16,
            "2025-35",
        ),
        ("[Tigris|Company] expects revenue of $5 billion for the full year.", 5e9, "2026"),
        ("For the year to March 2027 [Tigris|Company] expects sales of $3 billion.", 3e9, "2026-04/2027-03"),
    ],
)
def test_times_of_results(text: str, value: float, edtf: str) -> None:
    period = figure(text, value, "2026-11-04").period
    assert period is not None
    assert period.edtf == edtf


def test_what_was_foretold_in_a_month_does_not_hold_for_it() -> None:
    text = "[Tigris|Company] expects sales of $3 billion in 2027, up from the $2 billion that it had projected in July."
    period = figure(text, 2e9, "2026-11-04").period
    assert period is None or period.edtf != "2026-07"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("The [Q7|Chip], which [Tigris|Company] will ship in the second half of 2027, has 160GB of memory.", 1.6e11),
        ("[Tigris|Company]'s backlog has tripled to $4 billion since January.", 4e9),
        ("[Tigris|Company] raised $4 billion, three times the sum of 2024.", 3),
        ("It is valued at $4 billion, twice what [Corvid|Company] paid in the autumn of 2025.", 2),
        ("Under the founding contract of 2025 [Tigris|Company] was to deliver 50 megawatts.", 5e7),
        (f"{QUARTER} Gross margin reached 31%, up from 26% three months before.", 26),
        (
            "BERLIN, Oct. 6, 2026 - [Tigris|Company] agreed to supply [Corvid|Company] with 6 gigawatts of chips.",
            6e9,
        ),
    ],
)
def test_times_that_a_figure_does_not_hold_for(text: str, value: float) -> None:
    assert figure(text, value, "2026-11-04").period is None


def sayings(text: str) -> set[tuple[str, Modality]]:
    """What is claimed without a figure, with how surely."""
    document, mentions = read_notation(text, IRIS, parsed=True)
    claims = finder().find(document, mentions)
    return {(claim.text, claim.modality) for claim in claims if claim.quantity is None}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        # what somebody says would come of a condition is a forecast of theirs, the condition is no claim
        (
            "If the talks fail, [Ann Lee|Person] said, the plant would close.",
            {("the plant would close", Modality.FORECAST)},
        ),
        (
            "[Ann Lee|Person] warned that the plant would close.",
            {("the plant would close", Modality.FORECAST)},
        ),
        # nobody's conditional is none, nor is a question
        ("If the talks fail, the plant would close.", set()),
        ('"If the talks fail, would the plant close?" [Ann Lee|Person] asked.', set()),
    ],
)
def test_conditionals_that_somebody_tells(text: str, told: set[tuple[str, Modality]]) -> None:
    assert sayings(text) == told


def test_a_figure_of_a_told_conditional_is_a_forecast() -> None:
    told = "If the talks fail, [Ann Lee|Person] said, [Tigris|Company] would lose $3 billion of revenue."
    claim = figure(told, 3e9)
    assert claim.modality is Modality.FORECAST
    assert claim.claimant is not None


def test_a_told_conditional_relates_nothing() -> None:
    text = "If [Tigris|Company] agreed, [Ann Lee|Person] said, it would acquire [Corvid|Company] and use the [Q7|Chip]."
    document, mentions = read_notation(text, IRIS, parsed=True)
    facts = FactFinder(load_ontology(), IRIS).find(document, mentions)
    told = (*facts.statements, *facts.partnerships)
    # what the network adds of its own (that Corvid makes the Q7) is no matter of the condition
    assert all(fact.modality is Modality.HYPOTHETICAL for fact in told if fact.extractor != OVERALL_RELATION)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        # what is denied stands beside the figure
        ("[Tigris|Company] sold 600 boards and no software.", 600),
        ("In a trial 62 percent of the testers did not notice the change.", 62),
        ("[Q7|Chip] runs at 4 watts without a fan.", 4),
        ("[Tigris|Company] employs 210 people, not counting the drivers.", 210),
        ("[Tigris|Company] holds 12 percent of [Corvid|Company] and does not want to sell.", 12),
        # a comparator that a denial has turned has used it up
        ("[Tigris|Company] will not pay more than $30 million.", 3e7),
    ],
)
def test_a_denial_beside_a_figure_is_none_of_it(text: str, value: float) -> None:
    assert figure(text, value).polarity == Polarity.AFFIRMED


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("[Tigris|Company] did not sell 600 boards.", 600),
        ("[Tigris|Company] never ordered 5,000 chips.", 5000),
        ("[Tigris|Company] has no plans to build 30 halls.", 30),
        ("The deal is not worth $3 billion, [Tigris|Company] said.", 3e9),
    ],
)
def test_a_denied_figure_stays_denied(text: str, value: float) -> None:
    assert figure(text, value).polarity == Polarity.NEGATED


@pytest.mark.parametrize(
    ("text", "value", "modality"),
    [
        ("[Orla Finn|Person] cut her price target for [Tigris|Company] to $38.", 38, Modality.FORECAST),
        ("For the current quarter [Tigris|Company] sees sales of $840 million.", 8.4e8, Modality.FORECAST),
        ("[Orla Finn|Person] thinks that earnings should grow by 45 percent in fiscal 2027.", 45, Modality.FORECAST),
        ("[Orla Finn|Person] thinks that 40 percent of the chips are idle.", 40, Modality.OPINION),
        ("The share price of [Tigris|Company] is $38.", 38, Modality.ASSERTED),
    ],
)
def test_views_of_times_to_come_are_forecasts(text: str, value: float, modality: Modality) -> None:
    assert figure(text, value, "2026-10-28").modality == modality
