"""What several articles say together: what is one, what are copies, what conflicts, what is nearly the same."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
import yaml
from pyoxigraph import Store

from aigraph.evaluation.gold import GoldArticle, GoldClaim, load_gold
from aigraph.ontology import load_ontology
from aigraph.propositions import PropositionGraph, belief, findings_of, meanings, named_sources, rules, sketch
from aigraph.propositions.compare import Proposition, clash
from aigraph.propositions.keeping import Findings
from aigraph.propositions.likeness import likeness, nearness
from aigraph.propositions.meanings import KINDS, parse
from aigraph.propositions.sources import groups
from aigraph.vocab import AIG, Iris
from sayings import Deal, Figure, Post, Relation, Row, Saying, Story, quads

EXPECTED = Path(__file__).parent / "expected" / "propositions"
GOLD = Path(__file__).parent / "gold"


def collected(*stories: Story) -> Findings:
    return Findings.of(said for story in stories for said in findings_of(quads(story)))


def propositions(*stories: Story) -> list[Proposition]:
    found = collected(*stories)
    return [p for key in sorted(found.meanings) if (p := found.proposition(key)) is not None]


def told(*rows: Row, **about: Any) -> list[Proposition]:
    """The propositions of articles that say one row each."""
    return propositions(*(Story(f"story-{number}", (row,), **about) for number, row in enumerate(rows)))


# --- what is one proposition

BACKLOG = Figure("nvidia", "OrderBacklog", 1e12)

ONE: dict[str, tuple[Row, Row]] = {
    "undated, and through a year of delivery": (BACKLOG, Figure("nvidia", "OrderBacklog", 1e12, time="../2027")),
    "by two claimants": (BACKLOG, Figure("nvidia", "OrderBacklog", 1e12, claimant="person/jensen-huang")),
    "exactly and about": (BACKLOG, Figure("nvidia", "OrderBacklog", 1e12, comparator="About")),
    "more than and at least": (
        Figure("nvidia", "MarketShare", 80, "PERCENT", "MoreThan"),
        Figure("nvidia", "MarketShare", 80, "PERCENT", "AtLeast"),
    ),
    "asserted and forecast": (
        Figure("tsmc", "Revenue", 34e9, time="2026-Q1"),
        Figure("tsmc", "Revenue", 34e9, time="2026-Q1", modality="Forecast"),
    ),
    "by a year and in a year": (
        Figure("inference", "MarketShare", 70, "PERCENT", time="../2026"),
        Figure("inference", "MarketShare", 70, "PERCENT", time="2026"),
    ),
    "a quarter in EDTF and as open end": (
        Figure("tsmc", "MarketShare", 70, "PERCENT", time="2026-36"),
        Figure("tsmc", "MarketShare", 70, "PERCENT", time="../2026-36"),
    ),
    "an unlisted metric in another order": (
        Figure("google", "value of the TPU deal", 1e10),
        Figure("google", "TPU deal value", 1e10),
    ),
    "a thing that no list has, in other words": (
        Figure("topic optical engines for AI", "MarketSize", 1.2e9),
        Figure("topic AI optical engine", "MarketSize", 1.2e9),
    ),
    "a value that was computed": (Figure("a", "Revenue", 0.1 + 0.2), Figure("a", "Revenue", 0.3)),
    "rivals the other way round": (
        Relation("amd", "competesWith", "nvidia"),
        Relation("nvidia", "competesWith", "amd"),
    ),
    "a relation as fact and as rumour": (
        Relation("nvidia", "develops", "chip/h20"),
        Relation("nvidia", "develops", "chip/h20", modality="Reported"),
    ),
    "a deal announced and completed": (
        Deal("Acquisition", "acquirer=marvell target=celestial"),
        Deal("Acquisition", "acquirer=marvell target=celestial", "Completed"),
    ),
    "a deal with partners in another order": (
        Deal("Collaboration", "partner=ibm partner=rapidus"),
        Deal("Collaboration", "partner=rapidus partner=ibm"),
    ),
    "a post that was read with the mark of a quotation": (
        Post("ann", "amd", '" finance chief'),
        Post("ann", "amd", "CFO"),
    ),
    "a post by two names": (Post("lisa su", "amd", "CEO"), Post("lisa su", "amd", "Chief Executive Officer")),
    "the same words": (
        Saying("arm", "Arm has a veto on the new designs"),
        Saying("arm", "Arm has a veto on a new design"),
    ),
}


@pytest.mark.parametrize("name", ONE)
def test_one_proposition(name: str) -> None:
    (only,) = told(*ONE[name])
    assert len(only.articles) == 2
    assert not clash(only, only)


TWO: dict[str, tuple[Row, Row]] = {
    "another value": (BACKLOG, Figure("nvidia", "OrderBacklog", 5e11)),
    "another thing": (BACKLOG, Figure("amd", "OrderBacklog", 1e12)),
    "another unit": (BACKLOG, Figure("nvidia", "OrderBacklog", 1e12, "CCY_EUR")),
    "another metric": (BACKLOG, Figure("nvidia", "Revenue", 1e12)),
    "a metric below it": (Figure("a", "EmployeeCount", 300, "NUM"), Figure("a", "engineers", 300, "NUM")),
    "another year": (Figure("a", "Revenue", 1e9, time="2025"), Figure("a", "Revenue", 1e9, time="2026")),
    "a backlog of another quarter": (
        Figure("a", "OrderBacklog", 1e9, time="2025-36"),
        Figure("a", "OrderBacklog", 1e9, time="2026-33"),
    ),
    "a bound and a value": (BACKLOG, Figure("nvidia", "OrderBacklog", 1e12, comparator="AtLeast")),
    "a denial": (BACKLOG, Figure("nvidia", "OrderBacklog", 1e12, polarity="Negated")),
    "only supposed": (BACKLOG, Figure("nvidia", "OrderBacklog", 1e12, modality="Hypothetical")),
    "the other way round": (Relation("a", "develops", "b"), Relation("b", "develops", "a")),
    "another kind of deal": (
        Deal("Investment", "investor=a investee=b"),
        Deal("Acquisition", "acquirer=a target=b"),
    ),
    "a deal that has ended": (
        Deal("Acquisition", "acquirer=a target=b"),
        Deal("Acquisition", "acquirer=a target=b", "Ended"),
    ),
    "another post": (Post("lisa su", "amd", "CEO"), Post("lisa su", "amd", "chair")),
    "other words": (Saying("arm", "Arm has a veto"), Saying("arm", "Arm grows in data centers")),
}


@pytest.mark.parametrize("name", TWO)
def test_two_propositions(name: str) -> None:
    assert len(told(*TWO[name])) == 2


LABELS: dict[str, Row] = {
    "order backlog of Nvidia: $1 trillion": BACKLOG,
    "market share of Inference: at least 70% (2026)": Figure(
        "inference", "MarketShare", 70, "PERCENT", "MoreThan", time="2026"
    ),
    "revenue of TSMC: $33.7312 billion (Q4 2026)": Figure("tsmc", "Revenue", 33.7312e9, time="2026-36"),
    "power draw of B200: 1 kW (May 2026)": Figure("chip/b200", "PowerDraw", 1000, "W", time="2026-05"),
    "tpu deal value of Google: $10 billion": Figure("google", "TPU deal value", 1e10),
    "market size of optical engines for AI: $1.2 billion": Figure("topic optical engines for AI", "MarketSize", 1.2e9),
    "if performance gain of B200: 30×": Figure("chip/b200", "PerformanceGain", 30, "Times", modality="Hypothetical"),
    "Nvidia: $5": Figure("nvidia", "", 5),
    "AMD competes with Nvidia": Relation("nvidia", "competesWith", "amd"),
    "not: Nvidia develops H20": Relation("nvidia", "develops", "chip/h20", polarity="Negated"),
    "Lisa Su, chief executive at AMD": Post("lisa su", "amd", "CEO"),
    "Arm: “Arm has a veto on the new designs”": Saying("arm", "Arm has a veto on the new designs"),
    "collaboration: partners IBM and Rapidus": Deal("Collaboration", "partner=rapidus partner=ibm"),
    "supply agreement (over): customer OpenAI; supplier AMD": Deal(
        "SupplyAgreement", "supplier=amd customer=openai", "Ended"
    ),
}


@pytest.mark.parametrize("label", LABELS)
def test_a_label_is_for_people(label: str) -> None:
    assert [only.label for only in told(LABELS[label])] == [label]


def test_of_several_wordings_the_shortest_labels_a_saying() -> None:
    (only,) = told(Saying("arm", "Arm has a veto on the new designs"), Saying("arm", "Arm has a veto on new designs"))
    assert only.label == "Arm: “Arm has a veto on new designs”"


def test_a_deal_with_a_sum_says_two_things() -> None:
    deal, worth = told(Deal("Acquisition", "acquirer=amd target=untether", "Completed", value=1e9))
    assert deal.findings == worth.findings


@pytest.mark.parametrize(
    ("role", "posts"),
    [
        ("President and CEO", ["chief executive at AMD", "president at AMD"]),
        (
            "co-founder, chairman & chief executive officer",
            ["chair at AMD", "chief executive at AMD", "co founder at AMD"],
        ),
        ("chairman", ["chair at AMD"]),
        ("executive vice president for cloud and AI", ["executive vice president for cloud and ai at AMD"]),
        ("head of sales and marketing", ["head of sales and marketing at AMD"]),
        ("former president and CEO", ["former president and ceo at AMD"]),
        ("interim chairman and CEO", ["interim chairman and ceo at AMD"]),
        ("co-CEO and founder", ["co ceo and founder at AMD"]),
    ],
)
def test_a_role_of_several_posts_says_several_things(role: str, posts: list[str]) -> None:
    assert [each.label for each in told(Post("ann", "amd", role))] == [f"Ann, {post}" for post in posts]


def test_a_key_is_read_back() -> None:
    rows = [row for pair in (*ONE.values(), *TWO.values()) for row in pair]
    found = told(*rows, Deal("Acquisition", "acquirer=amd target=untether", value=1e9))
    assert {type(each.meaning) for each in found} == set(KINDS)
    for each in found:
        assert parse(each.meaning.key) == each.meaning
        assert parse(each.meaning.key).key == each.meaning.key


# --- what conflicts: pairs of rows, each in an article of its own


def share(value: float, comparator: str = "Exactly", **more: Any) -> Figure:
    return Figure("nvidia", "MarketShare", value, "PERCENT", comparator, **{"time": "2026"} | more)


def sales(value: float, comparator: str = "Exactly", **more: Any) -> Figure:
    return Figure("tsmc", "Revenue", value, "CCY_USD", comparator, **{"time": "2025-36"} | more)


CONFLICTS: dict[str, tuple[Row, Row]] = {
    "two shares": (share(80), share(70)),
    "two revenues": (sales(33.73e9), sales(35.2e9)),
    "just outside the rounding": (sales(33.7e9), sales(34.1e9)),
    "more than, and a smaller one": (share(70, "MoreThan"), share(60)),
    "at least, and a smaller one": (share(70, "AtLeast"), share(65)),
    "at most, and a larger one": (share(70, "AtMost"), share(75)),
    "less than, and a larger one": (share(70, "LessThan"), share(75)),
    "up to, and a larger one": (share(70, "UpTo"), share(90)),
    "at least, and at most a smaller one": (share(70, "AtLeast"), share(60, "AtMost")),
    "about, and far off": (share(50, "About"), share(70)),
    "forecast and outcome": (sales(33e9, modality="Forecast"), sales(40e9)),
    "two claimants": (share(80, claimant="person/a"), share(60, claimant="person/b")),
    "an opinion and a fact": (share(80, modality="Opinion"), share(60)),
    "an unlisted metric of several words": (
        Figure("a", "share of Rubin orders", 30, "PERCENT", time="2026"),
        Figure("a", "share of Rubin orders", 60, "PERCENT", time="2026"),
    ),
    "chips at one site": (
        Figure("system/colossus", "ChipCount", 300_000, "NUM"),
        Figure("system/colossus", "ChipCount", 350_000, "NUM"),
    ),
    "the transistors of a chip": (
        Figure("chip/b200", "TransistorCount", 208e9, "NUM"),
        Figure("chip/b200", "TransistorCount", 180e9, "NUM"),
    ),
    "the power of a chip": (Figure("chip/b200", "PowerDraw", 1000, "W"), Figure("chip/b200", "PowerDraw", 700, "W")),
    "a fiscal quarter in EDTF": (sales(1e9, time="2026-33"), sales(2e9, time="2026-33")),
    "a value and its denial": (share(80), share(80, polarity="Negated")),
    "nearly the value that is denied": (share(80), share(80.2, polarity="Negated")),
    "a bound and its denial": (share(80, "MoreThan"), share(80, "MoreThan", polarity="Negated")),
    "a value above a denied bound": (share(80), share(70, "MoreThan", polarity="Negated")),
    "a relation and its denial": (
        Relation("nvidia", "develops", "chip/x"),
        Relation("nvidia", "develops", "chip/x", polarity="Negated"),
    ),
    "rivals, denied the other way round": (
        Relation("amd", "competesWith", "nvidia"),
        Relation("nvidia", "competesWith", "amd", polarity="Negated"),
    ),
    "a saying and its denial": (
        Saying("arm", "veto on new designs"),
        Saying("arm", "veto on new designs", polarity="Negated"),
    ),
    "a deal and its denial": (
        Deal("Acquisition", "acquirer=a target=b"),
        Deal("Acquisition", "acquirer=a target=b", polarity="Negated"),
    ),
    "a deal in force and one that failed": (
        Deal("Acquisition", "acquirer=a target=b"),
        Deal("Acquisition", "acquirer=a target=b", "Ended"),
    ),
    "a supply that goes on and one that ended": (
        Deal("SupplyAgreement", "supplier=a customer=b", "Completed"),
        Deal("SupplyAgreement", "supplier=a customer=b", "Ended"),
    ),
    "two buyers of one firm": (
        Deal("Acquisition", "acquirer=a target=c", "Completed"),
        Deal("Acquisition", "acquirer=b target=c", "Completed"),
    ),
    "each has bought the other": (
        Deal("Acquisition", "acquirer=a target=c", "Completed"),
        Deal("Acquisition", "acquirer=c target=a", "Completed"),
    ),
    "two sums of a deal": (
        Deal("Acquisition", "acquirer=a target=c", value=1e9),
        Deal("Acquisition", "acquirer=a target=c", value=3e9),
    ),
    "two chief executives": (Post("ann", "amd", "CEO"), Post("bob", "amd", "chief executive")),
    "two architectures of a chip": (
        Relation("chip/x", "usesArchitecture", "architecture/a"),
        Relation("chip/x", "usesArchitecture", "architecture/b"),
    ),
    "two predecessors": (
        Relation("chip/x", "successorOf", "chip/a"),
        Relation("chip/x", "successorOf", "chip/b"),
    ),
}

NO_CONFLICT: dict[str, tuple[Row, Row]] = {
    "over 70 and 75": (share(70, "MoreThan"), share(75)),
    "at least 70 and 75": (share(70, "AtLeast"), share(75)),
    "over 70 and over 80": (share(70, "MoreThan"), share(80, "MoreThan")),
    "up to 90 and 75": (share(90, "UpTo"), share(75)),
    "at most 90 and at most 75": (share(90, "AtMost"), share(75, "AtMost")),
    "a range": (share(60, "AtLeast"), share(70, "AtMost")),
    "rounded to a digit": (sales(33.73e9), sales(33.7e9)),
    "rounded to a billion": (sales(33.73e9), sales(34e9)),
    "rounded percent": (share(33.33), share(33)),
    "about, and nearly": (share(50, "About"), share(54)),
    "another year": (share(80, time="2025"), share(70, time="2026")),
    "a quarter and its year": (sales(33e9, time="2025-36"), sales(122e9, time="2025")),
    "dated and undated": (share(80, time="2026"), share(70, time=None)),
    "another thing": (share(80), Figure("amd", "MarketShare", 10, "PERCENT", time="2026")),
    "another metric": (sales(33e9), Figure("tsmc", "NetProfit", 15e9, time="2025-36")),
    "another unit": (sales(33e9), Figure("tsmc", "Revenue", 1.046e12, "CCY_TWD", time="2025-36")),
    "a part of a count": (Figure("a", "EmployeeCount", 500, "NUM"), Figure("a", "engineers", 300, "NUM")),
    "gains by an unlisted metric that is one of several values": (
        Figure("chip/x", "speed gain", 3, "Times"),
        Figure("chip/x", "speed gain", 30, "Times"),
    ),
    "guidance and outcome": (Figure("tsmc", "RevenueForecast", 32e9, time="2025-36"), sales(33.73e9)),
    "many contracts of a firm": (Figure("oracle", "DealValue", 3e11), Figure("oracle", "DealValue", 4e10)),
    "chips of a firm": (Figure("meta", "ChipCount", 1e6, "NUM"), Figure("meta", "ChipCount", 3e5, "NUM")),
    "gains of performance": (
        Figure("chip/x", "PerformanceGain", 30, "Times"),
        Figure("chip/x", "PerformanceGain", 4, "Times"),
    ),
    "an unlisted metric of one word": (Figure("a", "calls", 1e6, "NUM"), Figure("a", "calls", 5, "NUM")),
    "without a metric": (Figure("a", "", 1e6, "NUM"), Figure("a", "", 5, "NUM")),
    "only supposed": (share(80), share(70, modality="Hypothetical")),
    "a denial of another value": (share(80), share(70, polarity="Negated")),
    "two denials": (share(80, polarity="Negated"), share(70, polarity="Negated")),
    "a value below a denied bound": (share(60), share(70, "MoreThan", polarity="Negated")),
    "a smaller one, and the larger denied as a most": (
        share(0.5, "LessThan"),
        share(3, "UpTo", polarity="Negated"),
    ),
    "two products": (Relation("nvidia", "develops", "chip/x"), Relation("nvidia", "develops", "chip/y")),
    "two places": (Relation("tsmc", "locatedIn", "place/a"), Relation("tsmc", "locatedIn", "place/b")),
    "architectures of a rack": (
        Relation("system/x", "usesArchitecture", "architecture/a"),
        Relation("system/x", "usesArchitecture", "architecture/b"),
    ),
    "a supposed relation and its denial": (
        Relation("a", "develops", "chip/x", modality="Hypothetical"),
        Relation("a", "develops", "chip/x", polarity="Negated"),
    ),
    "a relation denied of another": (
        Relation("a", "develops", "chip/x"),
        Relation("b", "develops", "chip/x", polarity="Negated"),
    ),
    "two engineers": (Post("ann", "amd", "engineer"), Post("bob", "amd", "engineer")),
    "chief executives of two firms": (Post("ann", "amd", "CEO"), Post("bob", "arm", "CEO")),
    "a head and a finance head": (Post("ann", "amd", "CEO"), Post("bob", "amd", "CFO")),
    "two bidders": (
        Deal("Acquisition", "acquirer=a target=c", "Reported"),
        Deal("Acquisition", "acquirer=b target=c", "Completed"),
    ),
    "a failed bidder and a buyer": (
        Deal("Acquisition", "acquirer=a target=c", "Ended"),
        Deal("Acquisition", "acquirer=b target=c", "Completed"),
    ),
    "each has bid for the other": (
        Deal("Acquisition", "acquirer=a target=c", "Reported"),
        Deal("Acquisition", "acquirer=c target=a", "Completed"),
    ),
    "two that have bought in a row": (
        Deal("Acquisition", "acquirer=a target=c", "Completed"),
        Deal("Acquisition", "acquirer=c target=b", "Completed"),
    ),
    "two that buy together": (
        Deal("Acquisition", "acquirer=a acquirer=b target=c", "Completed"),
        Deal("Acquisition", "acquirer=b target=c", "Completed"),
    ),
    "two investors": (
        Deal("Investment", "investor=a investee=c", "Completed"),
        Deal("Investment", "investor=b investee=c", "Completed"),
    ),
    "an investment that ended and a takeover": (
        Deal("Investment", "investor=a investee=c", "Ended"),
        Deal("Acquisition", "acquirer=a target=c", "Completed"),
    ),
    "sums that differ by rounding": (
        Deal("Acquisition", "acquirer=a target=c", value=3.25e9),
        Deal("Acquisition", "acquirer=a target=c", value=3.3e9),
    ),
}


# a second round, drawn up from the list in the documentation as a careful reader would judge it
CONFLICTS |= {
    "a higher bound than the one denied": (share(75, "AtLeast"), share(70, "AtLeast", polarity="Negated")),
    "two that are only about, and far apart": (sales(100e9, "About"), sales(150e9, "About")),
    "at least, and about a good deal less": (sales(100e9, "AtLeast"), sales(80e9, "About")),
    "more than and less than one value": (share(70, "MoreThan"), share(70, "LessThan")),
    "at least and less than one value": (share(70, "AtLeast"), share(70, "LessThan")),
    "the memory of a chip": (
        Figure("chip/b200", "MemoryCapacity", 180e9, "BYTE"),
        Figure("chip/b200", "MemoryCapacity", 192e9, "BYTE"),
    ),
    "nothing, and a fifth": (share(0), share(20)),
    "a loss and a profit": (
        Figure("intel", "NetProfit", -0.5e9, time="2025"),
        Figure("intel", "NetProfit", 0.5e9, time="2025"),
    ),
    "figures of one digit": (
        Figure("a", "EmployeeCount", 3000, "NUM", time="2026"),
        Figure("a", "EmployeeCount", 3500, "NUM", time="2026"),
    ),
    "a backlog through a year, and half of it undated": (
        Figure("nvidia", "OrderBacklog", 1e12, time="../2027", claimant="person/a"),
        Figure("nvidia", "OrderBacklog", 5e11, claimant="person/b"),
    ),
    "a post of two names, and its holder": (Post("ann", "amd", "President and CEO"), Post("bob", "amd", "CEO")),
    "a founder who leads, and another who does": (
        Post("ann", "amd", "co-founder and CEO"),
        Post("bob", "amd", "chief executive"),
    ),
    "two who chair": (Post("ann", "amd", "chairwoman"), Post("bob", "amd", "chairman")),
    "a post and its denial": (Post("ann", "amd", "CEO"), Post("ann", "amd", "chief executive", polarity="Negated")),
    "an investment and its denial": (
        Deal("Investment", "investor=a investee=c", "Completed"),
        Deal("Investment", "investor=a investee=c", polarity="Negated"),
    ),
}
NO_CONFLICT |= {
    "more than 70, and 70": (share(70, "MoreThan"), share(70)),
    "at least and at most one value": (share(70, "AtLeast"), share(70, "AtMost")),
    "less than what is rounded up, more than what is rounded down": (share(33.4, "LessThan"), share(33, "MoreThan")),
    "less than one of two digits, more than one below": (sales(34e9, "LessThan"), sales(33e9, "MoreThan")),
    "a round figure and one close to it": (sales(100e9), sales(104e9)),
    "a value, and its denial for another year": (share(80, time="2025"), share(80, time="2026", polarity="Negated")),
    "a fiscal year and a calendar year": (sales(1e9, time="2026"), sales(2e9, time="2025-02-01/2026-01-31")),
    "watts and percent": (
        Figure("chip/x", "PowerDraw", 1000, "W"),
        Figure("chip/x", "PowerDraw", 40, "PERCENT"),
    ),
    "shares of two kinds of orders": (
        Figure("a", "share of Rubin orders", 30, "PERCENT", time="2026"),
        Figure("a", "share of Blackwell orders", 60, "PERCENT", time="2026"),
    ),
    "a whole and its part": (
        Figure("nvidia", "Revenue", 57e9, time="2025-36"),
        Figure("nvidia", "DataCenterRevenue", 51e9, time="2025-36"),
    ),
    "two who share a post": (Post("ann", "amd", "co-CEO"), Post("bob", "amd", "co-chief executive")),
    "who held a post and who holds it": (Post("ann", "amd", "former CEO"), Post("bob", "amd", "CEO")),
    "who stands in for a while": (Post("ann", "amd", "interim CEO"), Post("bob", "amd", "CEO")),
    "who will take over": (Post("ann", "amd", "incoming CEO"), Post("bob", "amd", "CEO")),
    "a deputy": (Post("ann", "amd", "vice chairman"), Post("bob", "amd", "chairman")),
    "the head of a part": (Post("ann", "amd", "head of research"), Post("bob", "amd", "CEO")),
    "the chief of a part": (Post("ann", "amd", "CEO of the foundry business"), Post("bob", "amd", "CEO")),
    "two rounds of an investor": (
        Deal("Investment", "investor=a investee=c", value=1e9),
        Deal("Investment", "investor=a investee=c", value=3e9),
    ),
    "two orders of a customer": (
        Deal("SupplyAgreement", "supplier=a customer=c", value=10e9),
        Deal("SupplyAgreement", "supplier=a customer=c", value=38e9),
    ),
    "a denial of another architecture": (
        Relation("chip/x", "usesArchitecture", "architecture/a"),
        Relation("chip/x", "usesArchitecture", "architecture/b", polarity="Negated"),
    ),
}

BID = Deal("Acquisition", "acquirer=a target=c")
OFF, DONE = replace(BID, status="Ended"), replace(BID, status="Completed")
DATED: dict[str, tuple[tuple[Story, ...], list[str]]] = {
    "a deal that was called off later": (
        (Story("one", (BID,), issued="2026-01-10"), Story("other", (OFF,), issued="2026-04-10")),
        [],
    ),
    "a deal called off that stands again for a later article": (
        (Story("one", (OFF,), issued="2026-01-10"), Story("other", (DONE,), issued="2026-04-10")),
        ["status"],
    ),
    "a deal called off on the day on which it stands": (
        (Story("one", (OFF,), issued="2026-01-10"), Story("other", (BID,), issued="2026-01-10")),
        ["status"],
    ),
    "a deal called off, by an article without a date": (
        (Story("one", (BID,), issued="2026-01-10"), Story("other", (OFF,))),
        ["status"],
    ),
    "a deal called off between two that have it stand": (
        (
            Story("one", (BID,), issued="2026-01-10"),
            Story("other", (OFF,), issued="2026-04-10"),
            Story("third", (BID,), issued="2026-05-10"),
        ),
        ["status"],
    ),
    "a firm that is sold on": (
        (
            Story("one", (DONE,), issued="2024-01-10"),
            Story("other", (Deal("Acquisition", "acquirer=b target=c", "Completed"),), issued="2026-04-10"),
        ),
        [],
    ),
    "a successor in a post": (
        (
            Story("one", (Post("ann", "amd", "CEO"),), issued="2024-01-10"),
            Story("other", (Post("bob", "amd", "CEO"),), issued="2026-04-10"),
        ),
        [],
    ),
    "a paper that updates its own figure": (
        (
            Story("one", (share(80),), issued="2026-01-10", publisher="The Paper"),
            Story("other", (share(60),), issued="2026-02-10", publisher="The Paper"),
        ),
        [],
    ),
    "two papers": (
        (
            Story("one", (share(80),), issued="2026-01-10", publisher="The Paper"),
            Story("other", (share(60),), issued="2026-02-10", publisher="The Journal"),
        ),
        ["figures"],
    ),
    "one claimant on one day": (
        (
            Story("one", (share(80, claimant="nvidia"),), issued="2026-01-10"),
            Story("other", (share(60, claimant="nvidia"),), issued="2026-01-10"),
        ),
        ["figures"],
    ),
    "a group without a name, which may be another one": (
        (
            Story("one", (share(80, claimant="some analysts"),), issued="2026-01-10", publisher="The Paper"),
            Story("other", (share(60, claimant="some analysts"),), issued="2026-02-10", publisher="The Paper"),
        ),
        ["figures"],
    ),
    "a range, and a figure within it": (
        (Story("one", (share(60, "AtLeast"), share(70, "AtMost"))), Story("other", (share(65),))),
        [],
    ),
    "a range, and a figure above it": (
        (Story("one", (share(60, "AtLeast"), share(70, "AtMost"))), Story("other", (share(75),))),
        ["figures"],
    ),
}


def clashes(found: Iterable[Proposition]) -> list[str]:
    return [each.kind for pair in combinations(found, 2) if (each := clash(*pair))]


@pytest.mark.parametrize("name", CONFLICTS)
def test_conflict(name: str) -> None:
    found = told(*CONFLICTS[name])
    assert len(clashes(found)) == 1
    assert clashes(found) == clashes(reversed(found))
    one, other = next(pair for pair in combinations(found, 2) if clash(*pair))
    assert set(one.meaning.places) & set(other.meaning.places), "they meet where they are compared"


@pytest.mark.parametrize("name", NO_CONFLICT)
def test_no_conflict(name: str) -> None:
    assert clashes(told(*NO_CONFLICT[name])) == []


@pytest.mark.parametrize("name", DATED)
def test_what_conflicts_when(name: str) -> None:
    stories, kinds = DATED[name]
    assert clashes(propositions(*stories)) == kinds
    assert clashes(propositions(*reversed(stories))) == kinds


def test_enough_pairs() -> None:
    assert len(CONFLICTS) >= 45
    assert len(CONFLICTS) + len(NO_CONFLICT) + len(DATED) >= 115


def test_an_article_that_gives_both_figures_sees_no_conflict() -> None:
    both = Story("both", (sales(33e9), sales(40e9)))
    assert clashes(propositions(both)) == []
    assert clashes(propositions(both, Story("one", (sales(33e9),)))) == []


def test_an_article_that_gives_a_claim_and_its_denial_does() -> None:
    claim = Saying("arm", "veto on new designs", claimant="some people close to the matter", modality="Reported")
    denial = Saying("arm", "veto on new designs", claimant="arm", polarity="Negated")
    assert clashes(propositions(Story("both", (claim, denial)))) == ["polarity"]


READ = "The chip is meant for inference only."


@pytest.mark.parametrize(
    ("sentence", "claimant", "kinds"),
    [
        (READ, None, []),
        ("It is no good for inference.", None, ["polarity"]),
        (READ, "nvidia", ["polarity"]),
        ("", None, ["polarity"]),
    ],
)
def test_one_sentence_that_is_read_in_two_ways_is_no_conflict(
    sentence: str, claimant: str | None, kinds: list[str]
) -> None:
    one = Relation("chip/x", "develops", "chip/y", sentence=READ if sentence else "")
    other = replace(one, polarity="Negated", sentence=sentence, claimant=claimant)
    assert clashes(propositions(Story("both", (one, other)))) == kinds
    if not kinds:
        third = Story("third", (replace(one, sentence="Others say so in words of their own."),))
        assert clashes(propositions(Story("both", (one, other)), third)) == ["polarity"]


def test_undated_figures_of_two_times_do_not_conflict() -> None:
    one, other = share(80, time=None), share(60, time=None)
    early, late = Story("early", (one,), issued="2025-01-10"), Story("late", (other,), issued="2026-11-10")
    soon = Story("soon", (other,), issued="2025-03-01")
    assert clashes(propositions(early, late)) == []
    assert clashes(propositions(early, soon)) == ["figures"]


def test_an_update_by_the_same_claimant_is_no_conflict() -> None:
    one, other = share(80, claimant="nvidia"), share(60, claimant="nvidia")
    early, late = Story("early", (one,), issued="2026-01-10"), Story("late", (other,), issued="2026-04-10")
    assert clashes(propositions(early, late)) == []
    third = Story("third", (share(80, claimant="amd"),), issued="2026-01-11")
    assert clashes(propositions(early, late, third)) == ["figures"], "somebody else says so too"


def test_who_takes_back_what_he_said_updates_it() -> None:
    said = Deal("Acquisition", "acquirer=a target=b", claimant="a")
    early = Story("early", (said,), issued="2026-01-10")
    late = Story("late", (replace(said, polarity="Negated"),), issued="2026-04-10")
    assert clashes(propositions(early, late)) == []
    same_day = replace(late, issued="2026-01-10")
    assert clashes(propositions(early, same_day)) == ["polarity"], "nothing tells which of the two counts"
    other = Story("late", (replace(said, polarity="Negated", claimant="b"),), issued="2026-04-10")
    assert clashes(propositions(early, other)) == ["polarity"]


# --- what is nearly the same

SIMILAR: dict[str, tuple[Row, Row, float, float]] = {
    "rounded": (sales(33.73e9), sales(33.7e9), 0.9, 1.0),
    "nearly as large": (sales(500e9), sales(505e9), 0.85, 0.95),
    "time coarser": (sales(33e9, time="2025-36"), sales(33e9, time="2025"), 0.8, 0.9),
    "a month in its quarter": (share(80, time="2026-05"), share(80, time="2026-34"), 0.8, 0.9),
    "a day in its quarter": (share(80, time="2026-05-04"), share(80, time="2026-34"), 0.8, 0.9),
    "without a time": (share(80), share(80, time=None), 0.75, 0.85),
    "a bound and a value": (share(80), share(80, "MoreThan"), 0.85, 0.95),
    "a wider metric": (sales(33e9), Figure("tsmc", "SemiconductorRevenue", 33e9, time="2025-36"), 0.75, 0.85),
    "a narrower metric that no list has": (
        Figure("a", "EmployeeCount", 300, "NUM", time="2026"),
        Figure("a", "engineers", 300, "NUM", time="2026"),
        0.75,
        0.85,
    ),
    "a narrower metric that no list has, rounded": (
        Figure("a", "EmployeeCount", 298, "NUM", time="2026"),
        Figure("a", "engineers", 300, "NUM", time="2026"),
        0.75,
        0.77,
    ),
    "two metrics below one": (
        Figure("a", "CloudRevenue", 3e9, time="2026"),
        Figure("a", "SoftwareRevenue", 3e9, time="2026"),
        0.55,
        0.65,
    ),
    "two below one that no list has": (
        Figure("a", "gaming revenue", 3e9, time="2026"),
        Figure("a", "sales of laptops", 3e9, time="2026"),
        0.55,
        0.65,
    ),
    "an unlisted wording": (
        Figure("nvidia", "OrderBacklog", 1e12),
        Figure("nvidia", "value of the orders", 1e12),
        0.75,
        0.85,
    ),
    "two unlisted wordings": (
        Figure("nvidia", "value of Rubin orders", 1e12),
        Figure("nvidia", "worth of Rubin orders", 1e12),
        0.5,
        0.7,
    ),
    "no metric": (Figure("nvidia", "", 1e12), BACKLOG, 0.65, 0.75),
    "a partnership and its supply": (
        Deal("Collaboration", "partner=amd partner=openai"),
        Deal("SupplyAgreement", "supplier=amd customer=openai"),
        0.55,
        0.65,
    ),
    "a partner more": (
        Deal("Collaboration", "partner=oracle partner=openai partner=softbank"),
        Deal("Collaboration", "partner=oracle partner=openai partner=softbank partner=mgx"),
        0.7,
        0.8,
    ),
    "sayings in other words": (
        Saying("inference", "an inference inflection point is here, with models moving to deployment"),
        Saying("inference", "the inference inflection point is here and models move to deployment now"),
        0.6,
        1.0,
    ),
}
NOT_SIMILAR: dict[str, tuple[Row, Row]] = {
    "another value": (share(80), share(60)),
    "another thing": (share(80), Figure("amd", "MarketShare", 80, "PERCENT", time="2026")),
    "another year": (share(80), share(80, time="2025")),
    "a month of another quarter": (share(80, time="2026-05"), share(80, time="2026-33")),
    "a denial": (share(80), share(79.9, polarity="Negated")),
    "bounds of two directions": (share(80, "AtLeast"), share(80, "AtMost")),
    "another metric": (sales(33e9), Figure("tsmc", "NetProfit", 33e9, time="2025-36")),
    "engineers of another firm": (
        Figure("a", "EmployeeCount", 300, "NUM"),
        Figure("b", "engineers", 300, "NUM"),
    ),
    "engineers of another time": (
        Figure("a", "EmployeeCount", 300, "NUM", time="2025"),
        Figure("a", "engineers", 300, "NUM", time="2026"),
    ),
    "fewer engineers": (Figure("a", "EmployeeCount", 300, "NUM"), Figure("a", "engineers", 200, "NUM")),
    "a number of other things": (
        Figure("a", "EmployeeCount", 300, "NUM"),
        Figure("a", "number of GPUs", 300, "NUM"),
    ),
    "growth of revenue, and revenue": (
        Figure("a", "quarterly revenue growth", 30, "PERCENT"),
        Figure("a", "RevenueShare", 30, "PERCENT"),
    ),
    "other partners": (
        Deal("Collaboration", "partner=a partner=b"),
        Deal("Collaboration", "partner=a partner=c"),
    ),
    "a supplier of another": (
        Deal("SupplyAgreement", "supplier=a customer=b"),
        Deal("SupplyAgreement", "supplier=c customer=b"),
    ),
    "other words": (Saying("a", "the market will grow next year"), Saying("a", "a plant was closed in May")),
}


@pytest.mark.parametrize("name", SIMILAR)
def test_similar(name: str) -> None:
    one, other, least, most = SIMILAR[name]
    left, right = told(one, other)
    assert least <= likeness(left.meaning, right.meaning) <= most
    assert likeness(left.meaning, right.meaning) == likeness(right.meaning, left.meaning)
    if "words" not in name:  # where sayings meet is a matter of chance
        assert set(left.meaning.places) & set(right.meaning.places), "they meet where they are compared"


@pytest.mark.parametrize("name", NOT_SIMILAR)
def test_not_similar(name: str) -> None:
    left, right = told(*NOT_SIMILAR[name])
    assert likeness(left.meaning, right.meaning) == 0.0


ALLIED, SUPPLIED = "Marvell and Ayar Labs have formed an alliance.", "Marvell will supply Ayar Labs with chips."
ALLIANCE = Deal("Collaboration", "partner=ayar partner=marvell", sentence=ALLIED)
SUPPLY = Deal("SupplyAgreement", "supplier=marvell customer=ayar", sentence=SUPPLIED)
LICENCE = Deal("LicensingAgreement", "licensor=marvell licensee=ayar", sentence=SUPPLIED)
READ_TWICE: dict[str, tuple[tuple[Story, ...], bool]] = {
    "a partnership and its supply, in two sentences": ((Story("one", (ALLIANCE, SUPPLY)),), True),
    "a partnership and its licence, in two sentences": ((Story("one", (ALLIANCE, LICENCE)),), True),
    "a partnership and its supply, in two articles": ((Story("one", (ALLIANCE,)), Story("other", (SUPPLY,))), True),
    "one sentence read as a partnership and a supply": (
        (Story("one", (ALLIANCE, replace(SUPPLY, sentence=ALLIED))),),
        False,
    ),
    "one sentence read as a partnership and a licence": (
        (Story("one", (ALLIANCE, replace(LICENCE, sentence=ALLIED))),),
        False,
    ),
    "one sentence read in two ways in each of two articles": (
        tuple(Story(name, (ALLIANCE, replace(SUPPLY, sentence=ALLIED))) for name in ("one", "other")),
        False,
    ),
    "one sentence read in two ways, and another that tells one of them": (
        (Story("one", (ALLIANCE, replace(SUPPLY, sentence=ALLIED))), Story("other", (SUPPLY,))),
        True,
    ),
    "one sentence in which one says this, another that": (
        (Story("one", (replace(ALLIANCE, claimant="marvell"), replace(SUPPLY, sentence=ALLIED, claimant="ayar"))),),
        True,
    ),
    "one sentence with a partner more for one reading": (
        (
            Story(
                "one",
                (
                    Deal("Collaboration", "partner=ayar partner=marvell partner=gf", sentence=ALLIED),
                    replace(ALLIANCE, sentence=ALLIED),
                ),
            ),
        ),
        False,
    ),
    "a partner more for another article": (
        (
            Story("one", (Deal("Collaboration", "partner=ayar partner=marvell partner=gf", sentence=SUPPLIED),)),
            Story("other", (ALLIANCE,)),
        ),
        True,
    ),
    "deals that nobody gives a sentence for": (
        (Story("one", (replace(ALLIANCE, sentence=""), replace(SUPPLY, sentence=""))),),
        True,
    ),
    "a partnership, and a supply that is over": (
        (Story("one", (ALLIANCE, replace(SUPPLY, status="Ended"))),),
        False,
    ),
    "a partnership, and a supply that is denied": (
        (Story("one", (ALLIANCE, replace(SUPPLY, polarity="Negated"))),),
        False,
    ),
    "a partnership, and a takeover of one partner by the other": (
        (Story("one", (ALLIANCE, Deal("Acquisition", "acquirer=marvell target=ayar", sentence=SUPPLIED))),),
        False,
    ),
    "a partnership, and a supply to somebody else besides": (
        (Story("one", (ALLIANCE, replace(SUPPLY, roles="supplier=marvell customer=ayar customer=gf"))),),
        False,
    ),
    "one sentence with two figures": (
        (
            Story(
                "one",
                (
                    replace(sales(57e9), sentence="Sales rose to $57.0 billion."),
                    replace(sales(56.8e9), sentence="Sales rose to $57.0 billion."),
                ),
            ),
        ),
        False,
    ),
    "two sentences with a figure and the same rounded": (
        (
            Story(
                "one",
                (
                    replace(sales(57.01e9), sentence="Sales rose to $57.01 billion."),
                    replace(sales(57e9), sentence="Sales rose to $57.0 billion."),
                ),
            ),
        ),
        True,
    ),
}


@pytest.mark.parametrize("name", READ_TWICE)
def test_what_is_told_once_is_not_near_itself(name: str) -> None:
    stories, near = READ_TWICE[name]
    one, other = propositions(*stories)
    assert (nearness(one, other) > 0) is near
    assert nearness(one, other) == nearness(other, one)
    store = Store()
    store.extend(quads(*stories))
    linked = PropositionGraph(Iris()).anew(store)
    assert any(quad.object == AIG.Similarity for quad in linked) is near


# --- independence

WIRE = " ".join(
    f"In the {word} part of the report the company told investors that its {word} business had grown faster than "
    f"the {word} market, and that it would build more {word} plants."
    for word in ("cloud", "memory", "packaging", "inference", "training", "logic", "power", "cooling", "optics")
)
FACT = Relation("nvidia", "develops", "chip/x")


def independent(*stories: Story) -> list[list[str]]:
    (only,) = propositions(*stories)
    return [[article.rsplit("/", 1)[-1] for article in group.articles] for group in groups(only.findings)]


def test_copies_are_one_source() -> None:
    chance = random.Random(3)
    shuffled = WIRE.split()
    chance.shuffle(shuffled)
    edited = WIRE.replace("told investors", "said").replace("more optics plants", "no more optics plants")
    wire, copy = Story("wire", (FACT,), text=WIRE), Story("copy", (FACT,), text=edited)
    other = Story("other", (FACT,), text=" ".join(shuffled))
    assert independent(wire, copy, other) == [["copy", "wire"], ["other"]]


def test_one_agency_is_one_source() -> None:
    one, other = Story("one", (FACT,), agencies=("Reuters",)), Story("other", (FACT,), agencies=("Reuters",))
    third, fourth = Story("third", (FACT,)), Story("fourth", (FACT,), publisher="Reuters")
    assert independent(one, other, third, fourth) == [["fourth", "one", "other"], ["third"]]


def test_what_an_agency_is_cited_for_is_its_own() -> None:
    cited = Relation("nvidia", "develops", "chip/x", claimant="reuters")
    assert independent(Story("one", (cited,)), Story("other", (FACT,), agencies=("Reuters",))) == [["one", "other"]]


def test_a_teaser_counts_with_the_article_that_it_points_to() -> None:
    headline = "An order backlog of $1 trillion shows Nvidia where AI is going: into the age of inference"
    teaser = Relation("nvidia", "develops", "chip/x", sentence=headline[:70])
    pointing, story = Story("pointing", (teaser,), text="Another matter."), Story("story", (FACT,), text=headline)
    assert independent(pointing, story) == [["pointing", "story"]]


SITE = "The data centre of Halden Cloud in Gdansk has a power capacity of "


@pytest.mark.parametrize(
    ("sentences", "sources"),
    [
        (("140 megawatts.", "140 megawatts, says the firm."), [["s0", "s1"]]),
        (("140 megawatts.", "150 megawatts."), [["s0"], ["s1"]]),
        (("4.5 megawatts.", "4.7 megawatts."), [["s0"], ["s1"]]),
        (("140 megawatts.", ""), [["s0", "s1"]]),  # broken off
        (("140 megawatts.", "140 megawatts, or 2 racks.", "150 megawatts."), [["s0", "s1"], ["s2"]]),
        (("140 megawatts.", "150 megawatts.", ""), [["s0"], ["s1"], ["s2"]]),  # it may be that of either
    ],
)
def test_a_sentence_with_another_figure_is_no_copy(sentences: tuple[str, ...], sources: list[list[str]]) -> None:
    stories = [
        Story(f"s{number}", (replace(FACT, sentence=SITE + end),), text=f"{number} {number}. {SITE}{end}")
        for number, end in enumerate(sentences)
    ]
    assert independent(*stories) == sources


def test_the_same_quotation_is_one_source() -> None:
    said = [
        Relation("nvidia", "develops", "chip/x", sentence=f"{how} “We are going to ship it before the year is out”.")
        for how in ("He told a newspaper:", "At a fair on Monday the head of the firm said:")
    ]
    assert independent(*(Story(f"s{n}", (row,)) for n, row in enumerate(said))) == [["s0", "s1"]]


def test_sources_with_nothing_in_common_are_independent() -> None:
    assert independent(*(Story(f"s{n}", (FACT,), text=f"{n} {n} {n}") for n in range(3))) == [["s0"], ["s1"], ["s2"]]


def test_thousands_of_copies_are_one_source_and_thousands_apart_are_many() -> None:
    """The work grows with the number of sources, not with that of their pairs: 4,000 of them would be millions."""
    row = Relation("nvidia", "develops", "chip/x", sentence=WIRE.split(".")[0])
    (said,) = findings_of(quads(Story("wire", (row,), text=WIRE)))
    names = [f"{said.source.article}-{number:04}" for number in range(4000)]
    copies = [said._replace(node=name, source=said.source._replace(article=name)) for name in names]
    (group,) = groups(copies)
    assert group.articles == tuple(names)
    apart = [each._replace(sentences=(), source=each.source._replace(traces=None)) for each in copies]
    found = groups(apart)
    assert [group.articles for group in found] == [(name,) for name in names]
    assert belief(apart, found).value == 1.0


def test_reasons_name_the_articles() -> None:
    (only,) = propositions(*(Story(name, (FACT,), text=WIRE) for name in ("one", "two", "three")))
    (group,) = groups(only.findings)
    assert group.reasons == ("one and three: nearly the same text (1.00)", "one and two: nearly the same text (1.00)")


@pytest.mark.parametrize(
    ("text", "agencies"),
    [
        ("TOKYO (Reuters) - SoftBank will fold Graphcore into Ampere.", ("Reuters",)),
        ("NEW YORK, Oct. 6, 2025 /PRNewswire/ -- Acme has a chip.", ()),
        ("By Associated Press\nAcme has a chip.", ("Associated Press",)),
        ("Acme has a chip.\n— AFP", ("AFP",)),
        ("Acme has a chip.\nSource: Bloomberg", ("Bloomberg",)),
        ("Acme has a chip, Reuters reported.", ()),
        ("An AP course is no agency.", ()),
    ],
)
def test_agencies_that_an_article_names(text: str, agencies: tuple[str, ...]) -> None:
    assert named_sources(text) == agencies


def test_a_publisher_that_is_an_agency() -> None:
    assert named_sources("Acme.", ("reuters", None, "A paper")) == ("Reuters",)


def test_a_sketch_is_read_back() -> None:
    made = sketch(WIRE)
    assert type(made).parse(str(made)) == made
    assert made.likeness(made) == 1.0
    assert sketch("Too short.").likeness(made) == 0.0


# --- the rules know the ontology


def test_the_rules_name_metrics_relations_and_modalities_of_the_ontology() -> None:
    known = rules()
    listed = {metric.iri.value for metric in load_ontology().metrics}
    assert all(name in {AIG.local(term) for term in AIG} for name in known.one_sum)
    assert known.horizon | known.many_valued | known.many_valued_of_bodies <= listed
    assert {metric for metrics in known.wordings.values() for metric in metrics} == listed
    assert all(name in {AIG.local(term) for term in AIG} for name in (*known.functional, *known.modality))


# --- the gold articles, with the annotations as findings

UNITS = {"percent": "PERCENT", "times": "Times", "byte": "BYTE", "byte/s": "BYTE-PER-SEC", "FLOP/s": "FLOPS"} | {
    "count": "NUM",
    "m": "M",
    "s": "SEC",
    "token/s": "TokenPerSecond",
    "FLOP/s/W": "FlopsPerWatt",
    "W": "W",
}
DEAL_KINDS = {"Licensing": "LicensingAgreement", "Supply": "SupplyAgreement"}


def gold_story(article: GoldArticle) -> Story:
    """What the annotation of an article says."""
    names = {e.id: f"{e.type.lower()}/{e.name}" for e in article.entities}

    def named(who: str) -> str:
        return names.get(who, f"topic {who}")

    def claim(each: GoldClaim) -> Row:
        stance: dict[str, Any] = {
            "modality": each.modality.capitalize(),
            "polarity": "Negated" if each.negated else "Affirmed",
            "sentence": each.evidence,
        }
        if each.claimant:
            stance["claimant"] = names.get(each.claimant, f"some {each.claimant}")
        if each.value is None:
            return Saying(named(each.about), each.metric, **stance)
        unit = UNITS.get(each.unit or "", f"CCY_{each.unit}")
        comparator = each.comparator[0].upper() + each.comparator[1:]
        return Figure(named(each.about), each.metric, each.value, unit, comparator, each.time, **stance)

    rows: list[Row] = [claim(each) for each in article.claims]
    for one in article.relations:
        rows.append(Relation(named(one.subject), one.predicate, named(one.object), sentence=one.evidence))
    for deal in article.partnerships:
        roles = " ".join(f"{role}={names[who].replace(' ', '-')}" for role, filling in deal.roles for who in filling)
        kind = DEAL_KINDS.get(deal.kind, deal.kind)
        rows.append(Deal(kind, roles, deal.status.capitalize(), sentence=deal.evidence))
    text = next(GOLD.glob(f"*/{article.name}.txt")).read_text(encoding="utf-8")
    return Story(article.name, tuple(rows), text=text)


@pytest.fixture(scope="module")
def gold() -> list[Proposition]:
    return propositions(*(gold_story(article) for name in ("dev", "second") for article in load_gold(GOLD / name)))


@pytest.fixture(scope="module")
def expected() -> dict[str, Any]:
    answer = yaml.safe_load((EXPECTED / "gold.yaml").read_text(encoding="utf-8"))
    assert isinstance(answer, dict)
    return answer


def names_of(proposition: Proposition) -> list[str]:
    return sorted(article.rsplit("/", 1)[-1] for article in proposition.articles)


def slugs(*names: str) -> list[str]:
    return [name.casefold().replace(" ", "-") for name in names]


def test_what_several_gold_articles_say(gold: list[Proposition], expected: dict[str, Any]) -> None:
    several = [each for each in gold if len(each.articles) > 1]
    relations = [(each.meaning, names_of(each)) for each in several if isinstance(each.meaning, meanings.Relation)]
    assert len(relations) == len(several)
    found = sorted(
        (one.subject.rsplit("/", 1)[-1], one.predicate.rsplit("#", 1)[-1], one.object.rsplit("/", 1)[-1], names)
        for one, names in relations
    )
    wanted = sorted((*slugs(s), p, *slugs(o), sources) for s, p, o, sources in expected["relations"])
    assert found == wanted
    assert all(len(groups(each.findings)) == len(each.articles) for each in several), "no gold article is a copy"


def test_figures_that_a_gold_article_gives_twice(gold: list[Proposition], expected: dict[str, Any]) -> None:
    for figure in expected["figures"]:
        (only,) = [
            each
            for each in gold
            if isinstance(each.meaning, meanings.Figure)
            and each.meaning.about.endswith("/" + slugs(figure["about"])[0])
            and each.meaning.value == figure["value"]
        ]
        assert names_of(only) == figure["sources"]
        assert len(only.findings) == figure["findings"]


def test_conflicts_in_the_gold_articles(gold: list[Proposition], expected: dict[str, Any]) -> None:
    places: dict[str, list[Proposition]] = {}
    for each in gold:
        for place in each.meaning.places:
            places.setdefault(place, []).append(each)
    pairs = {
        tuple(sorted((one.meaning.key, other.meaning.key))): (one, other, found)
        for met in places.values()
        for one, other in combinations(met, 2)
        if (found := clash(one, other))
    }
    told = sorted(
        (each.kind, min(one.articles | other.articles).rsplit("/", 1)[-1]) for one, other, each in pairs.values()
    )
    assert told == sorted((each["kind"], each["articles"][0]) for each in expected["conflicts"])


def parties(deal: Proposition) -> set[str]:
    assert isinstance(deal.meaning, meanings.Deal)
    return {who for _, filling in deal.meaning.roles for who in filling}


def test_similar_deals_in_the_gold_articles(gold: list[Proposition], expected: dict[str, Any]) -> None:
    deals = [each for each in gold if isinstance(each.meaning, meanings.Deal)]
    found = [
        sorted({who.rsplit("/", 1)[-1] for deal in pair for who in parties(deal)})
        for pair in combinations(deals, 2)
        if nearness(*pair)
    ]
    assert sorted(found) == sorted(sorted(slugs(*parties)) for parties in expected["similar_deals"])
