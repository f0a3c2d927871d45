"""Figures by syntax: what they are about, what they measure and for when, in the wordings of news."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest
from pyoxigraph import NamedNode

from aigraph.facts.claims.finder import ClaimFinder
from aigraph.facts.links.finder import LinkFinder
from aigraph.facts.speech.attribution import AttributionReader
from aigraph.ontology import load_ontology
from aigraph.records import Claim, Concept, Modality, UnnamedGroup
from aigraph.vocab import Iris
from parsed import read_parsed

IRIS = Iris()


@cache
def finder() -> ClaimFinder:
    return ClaimFinder(load_ontology(), IRIS, AttributionReader())


def figure(text: str, value: float) -> Claim:
    document, mentions = read_parsed(text, IRIS)
    document = replace(document, article=replace(document.article, issued="2026-05-12"))
    claims = finder().find(document, mentions)
    return next(c for c in claims if c.quantity is not None and c.quantity.value == pytest.approx(value))


def name(node: NamedNode | Concept | UnnamedGroup | None) -> str | None:
    if isinstance(node, NamedNode):
        return node.value.rsplit("/", 1)[-1]
    return node.label if node is not None else None


T, F, Q, K = "[Tigris|Company]", "[Ferro|Company]", "[Q7|Chip]", "[Q6|Chip]"

ABOUT = [
    # the owner of what is measured
    (f"{T}'s revenue of $3 billion pleased investors.", 3e9, "tigris"),
    (f"Sales at {T} climbed to $3 billion.", 3e9, "tigris"),
    (f"The price of the {Q} is $1,400.", 1400, "q7"),
    (f"{T} cut the price of the {Q} to $900.", 900, "q7"),
    (f"Shipments of the {Q} rose to 90,000 units.", 9e4, "q7"),
    (f"{Q} shipments reached 90,000 units.", 9e4, "q7"),
    (f"A backlog of $3 billion at {T} calms investors.", 3e9, "tigris"),
    (f"{F} has bought a 12% stake in {T}.", 12, "ferro"),
    (f"{F} raised its stake in {T} to 12%.", 12, "ferro"),
    (f"Analysts put the cost of the {Q} at $900.", 900, "q7"),
    (f"The yield of the {Q} has risen to 70%.", 70, "q7"),
    # modifiers
    (f"The {Q}, with 192GB of memory, ships in June.", 1.92e11, "q7"),
    (f"The {Q}'s 64 cores run hot.", 64, "q7"),
    (f"Its {Q} card draws 300 watts.", 300, "q7"),
    (f"{T} has shown the {Q}, a 300-watt accelerator.", 300, "q7"),
    (f"{T} runs a cluster with 20,000 of {F}'s chips.", 2e4, "tigris"),
    # the subject, also through other clauses
    (f"{T}, which employs 4,000 people, is growing.", 4000, "tigris"),
    (f"{T} has grown fast and now employs 4,000 people.", 4000, "tigris"),
    (f"{T} wants to hire 4,000 people.", 4000, "tigris"),
    (f"{T} is expected to hire 4,000 people.", 4000, "tigris"),
    (f"Founded in 2012, {T} employs 4,000 people.", 4000, "tigris"),
    (f"While {F} shrinks, {T} employs 4,000 people.", 4000, "tigris"),
    (f"{F} said that {T} would hire 4,000 people.", 4000, "tigris"),
    (f"Unlike {F}, {T} employs 4,000 people.", 4000, "tigris"),
    (f"{T}, a rival of {F}, employs 4,000 people.", 4000, "tigris"),
    (f"There are 64 cores on each {Q} die.", 64, "q7"),
    (f"The {Q} is twice as fast as the {K}.", 2, "q7"),
    (f"The {Q} offers three times the bandwidth of the {K}.", 3, "q7"),
    (f"Compared with the {K}, the {Q} needs 40% less power.", 40, "q7"),
    # the figure in the subject
    (f"About 40% of the chips come from {T}.", 40, "tigris"),
    # a share of revenue is about whose revenue it is; of a market about who has it
    (f"About 40% of {T}'s revenue came from {F}.", 40, "tigris"),
    (f"{T} draws 40% of its sales from {F}.", 40, "tigris"),
    (f"{T} is growing. Phones accounted for 40% of sales.", 40, "tigris"),
    (f"{T} has 40% of the market for {F} cards.", 40, "tigris"),
    # a memory's figures are the product's that it is built into, unless it is the memory that is told of
    (f"The {Q} is new. It has two stacks of [HBM4|Chip], which hold 72GB.", 7.2e10, "q7"),
    ("Each stack of [HBM4|Chip] holds 48GB.", 4.8e10, "hbm4"),
    (f"The {Q} is new. {T} has given [it|Chip=Q7] 216GB of memory.", 2.16e11, "q7"),
    # kinds of things without a name
    (f"{T} expects data centres to take 19% of the power.", 19, "data centers"),
    (f"{T} estimates that Korean firms spent $3 billion.", 3e9, "Korean firms"),
    (f"{T} thinks that shares will fall by 3%.", 3, "tigris"),
    # who supplies what, who sells what is theirs, who turns a bid down
    (f"{T} agreed to supply {F} with 6 gigawatts of chips.", 6e9, "tigris"),
    (f"{T} sold its 29% stake to {F}.", 29, "tigris"),
    (f"{T} turned down an $800 million bid from {F}.", 8e8, "tigris"),
    # a round is about who gets it; pieces sold about the product, pieces bought about who buys
    (f"{T} is growing. {F} led a round of $693 million.", 6.93e8, "tigris"),
    (f"{T} closed a round of $693 million.", 6.93e8, "tigris"),
    (f"The {Q} is new. {T} aims to sell 200,000 units a year.", 2e5, "q7"),
    (f"{T} has ordered 200,000 units.", 2e5, "tigris"),
    (f"{T} is growing. {F} led a Series D of $693 million.", 6.93e8, "tigris"),
    # a pronoun that is nobody's takes up what was told before
    (f"{T} expects data centres to take 19% of the power; in 2024 they took 6%.", 6, "data centers"),
    (f"{T} makes chips; in 2024 [it|Company=Tigris] earned $3 billion.", 3e9, "tigris"),
    # what a person boasts of is the body's that the text has them lead
    (f"[Ann Lee|Person], who runs {T}, boasted of $3 billion in sales to {F}.", 3e9, "tigris"),
    # "us" and "our" are the speaker's employer
    (
        f'{T}\'s chief executive, [Ann Lee|Person], said: "Our contract with {F} runs at $20,000 an hour."',
        2e4,
        "tigris",
    ),
    (f"{T} +4.1% | {F} -2.7%", 2.7, "ferro"),
    # what a factor compares with is not meant
    (f"{Q} is new. Its efficiency is four times that of the older engine, {K}.", 4, "q7"),
    # deals
    (f"{T} will buy {F} for $8 billion.", 8e9, "ferro"),
    (f"{T} raised $40 million at a valuation of $500 million.", 5e8, "tigris"),
    # what is spoken of before
    (f"{T} is growing. Revenue rose to $3 billion.", 3e9, "tigris"),
    (f"{F} has sued {T}. The company employs 4,000 people.", 4000, "ferro"),
    (f"The {Q} is new. [It|Chip=Q7] has 80GB of memory.", 8e10, "q7"),
]

METRIC = [
    (f"{T} employs 300 people.", 300, "number of employees"),
    (f"{T} raised $40 million at a valuation of $500 million.", 4e7, "funding round"),
    (f"{T} raised $40 million at a valuation of $500 million.", 5e8, "valuation"),
    (f"The {Q} costs $1,400.", 1400, "price"),
    (f"{T} built the site at a cost of $2 billion.", 2e9, "cost"),
    (f"The {Q} draws 300 watts.", 300, "power draw"),
    (f"{T} earned 62 cents a share, more than its profit a year ago.", 0.62, "earnings per share"),
    (f"{T} ended the year with a backlog of $3 billion and revenue of $2 billion.", 3e9, "order backlog"),
    (f"{T} ended the year with a backlog of $3 billion and revenue of $2 billion.", 2e9, "revenue"),
    (f"{T} has ordered systems worth $400 million.", 4e8, "value of the systems"),
    (f"{T} signed a contract worth $400 million.", 4e8, "deal value"),
    (f"{T} took in $400 million in its initial public offering.", 4e8, "listing proceeds"),
    (f"{T}'s occupancy exceeds 95%.", 95, "occupancy"),
    (f"A test found an advantage of 12% for the {Q}.", 12, "advantage"),
    (f"{T}'s gross margin slipped to 73% while revenue grew.", 73, "gross margin"),
    (f"Revenue at {T} rose to $3 billion, up from $2 billion.", 2e9, "revenue"),
    (f"{T} set aside capital spending of $600 million for the plant.", 6e8, "capital expenditure"),
    (f"{T} runs 14 data centers.", 14, "number of data centers"),
    # by the form of the phrase
    (f"{T} pays an upfront fee of $48 million.", 4.8e7, "upfront fee"),
    (f"{T} pays the town $17 million a year in taxes.", 1.7e7, "taxes"),
    (f"{T} took $17 million in the third quarter.", 1.7e7, None),
    (f"{T} paid $17 million in cash for {F}.", 1.7e7, "purchase price"),
    (f"{T} bought $3 billion worth of accelerators.", 3e9, "value of accelerators"),
    (f"{T} announced a $500 billion network of sites.", 5e11, "investment"),
    (f"{T} has turned over $27 million.", 2.7e7, "revenue"),
    # what a company gains or loses is its share price, but not the part of something
    (f"{T} lost 2.5% in Amsterdam.", 2.5, "share price change"),
    (f"{T} gained 1.9%.", 1.9, "share price change"),
    (f"{T} gained 5% of the market.", 5, "market share"),
    # a multiple or part of the figure before
    (f"The {Q} draws 300 watts, twice as much as the {K}.", 2, "power draw"),
    (f"{T} paid $3 billion for {F}, of which $1 billion was in cash.", 1e9, "purchase price"),
    (f"{T} ordered 29 turbines and is setting up ten of them.", 10, "turbines"),
    (f"{T} runs 29 turbines as fast as ten of its rivals.", 29, "turbines"),
    (f"Engineers measured 3 times more output per watt on the {Q}.", 3, "production capacity"),
    (f"{T} aims to sell 200,000 units a year.", 2e5, "shipments"),
    (f"{T} has reserved 200,000 units.", 2e5, "units"),
    (f"{T} got 4,096 [H100s|Chip=H100].", 4096, "number of chips"),
    (f"{T}, of which {F} owns 44%, is growing.", 44, "stake"),
    (f"{F} holds 44%.", 44, "stake"),
    (f"{F} holds 44% of the market.", 44, "market share"),
    (f"{T} +4.1% | {F} -2.7%", 4.1, "share price change"),
    (f"{T} contributes $700 million.", 7e8, "investment"),
    ("Analysts expect sales of optical engines to reach $11 billion.", 1.1e10, "revenue"),
    ("The machine cost $500 million.", 5e8, "cost"),
    (f"A {Q} costs $500; 12-layer versions exceed $600.", 600, "price"),
]

TIMES = [
    (f"{T} expects sales to climb from $1 billion in 2025 to $9 billion in 2030.", 1e9, "2025"),
    (f"{T} expects sales to climb from $1 billion in 2025 to $9 billion in 2030.", 9e9, "2030"),
    (f"Revenue at {T} reached $3 billion last year, up from $2 billion in 2024.", 3e9, "2025"),
    (f"Revenue at {T} reached $3 billion last year, up from $2 billion in 2024.", 2e9, "2024"),
    (f"In the first half of 2026, {T} had a share of 46%, up from 39%.", 39, None),
    (f"On Tuesday {T} raised its outlook to $3 billion.", 3e9, None),
    (f"{T}, which was founded in 2012, has a backlog of $3 billion.", 3e9, None),
    (f"{T} has raised $3 billion since 2017.", 3e9, None),
    ("The site will draw 300 megawatts once it is finished in 2028.", 3e8, "2028"),
    (f"{T} closed fiscal 2025 well. Revenue hit $3 billion in the fourth quarter.", 3e9, "2025-Q4"),
    (f"{T} earned $3 billion in the second quarter of its fiscal year 2027.", 3e9, "2027-Q2"),
    (
        f"Revenue at {T} rose to $3 billion in the second quarter of fiscal 2027. Cash flow was $1 billion.",
        1e9,
        "2027-Q2",
    ),
    (
        f"In the second quarter of fiscal 2027 {T} grew. "
        "Gross margin rose to 68% from 64% in the same period of fiscal 2026.",
        68,
        "2027-Q2",
    ),
    (
        f"In the second quarter of fiscal 2027 {T} grew. "
        "Gross margin rose to 68% from 64% in the same period of fiscal 2026.",
        64,
        "2026-Q2",
    ),
    (f"{T} earned $3 billion in the second quarter of fiscal 2027. It sees full-year growth of 50%.", 50, "2027"),
    (f"{T} expects sales of $3 billion in its fiscal third quarter.", 3e9, "2026-Q3"),
    (f"{T} has extended the lease until 2034; the owner gets $3 billion.", 3e9, None),
]
MORE_TIMES = [
    # the day of a dateline, and what a figure is compared with
    (f"LAGOS, Nigeria, 11 May 2026 – {T} has opened a hall that draws 4 megawatts.", 4e6, None),
    (f"A turbine from {T} costs twice as much as in 2022.", 2, None),
    (f"{T} earned $3 billion in its first fiscal quarter.", 3e9, "2026-Q1"),
    (
        f"In the second quarter of fiscal 2027 {T} grew. {T} said its gross margin rose to 68%.",
        68,
        "2027-Q2",
    ),
    (
        f"In the second quarter of fiscal 2027 {T} grew. Gross margin rose to 68% from 64% twelve months earlier.",
        64,
        "2026-Q2",
    ),
]

MODALITIES = [
    (f"{T} will hire 4,000 people.", 4000, Modality.FORECAST),
    (f"{T} is said to have hired 4,000 people.", 4000, Modality.REPORTED),
    (f"{T} has hired 4,000 people.", 4000, Modality.ASSERTED),
    ("Analysts expect [Tigris|Company] to hire 4,000 people.", 4000, Modality.FORECAST),
    ("[Ann Lee|Person] thinks that [Tigris|Company] has 4,000 customers.", 4000, Modality.OPINION),
    ("[Tigris|Company] beat analysts' estimate of $3 billion.", 3e9, Modality.FORECAST),
    ("[Tigris|Company] beat the $3 billion that analysts had expected.", 3e9, Modality.FORECAST),
    ("Analysts look for sales of $3 billion.", 3e9, Modality.FORECAST),
    ("[Tigris|Company] sees growth of 50%.", 50, Modality.FORECAST),
    # what is agreed on, what a thing is like and what was before are facts, whatever is to come of them
    ("[Tigris|Company] will deliver the chips under a contract worth $600 million.", 6e8, Modality.ASSERTED),
    ("[Tigris|Company] will spend $600 million.", 6e8, Modality.FORECAST),
    ("[Tigris|Company] hopes to raise $600 million.", 6e8, Modality.FORECAST),
    ("A rival will be the [Q8|Chip] with a larger memory (80GB).", 8e10, Modality.ASSERTED),
    ("The [Q8|Chip] will have 80GB of memory.", 8e10, Modality.FORECAST),
    ("Analysts expect a share of 55% in 2027, up from 40% this year.", 40, Modality.ASSERTED),
    ("Analysts expect a share of 55% in 2027, up from 40% this year.", 55, Modality.FORECAST),
    ("[Ann Lee|Person] reckons that [Tigris|Company] lost $9 million last year.", 9e6, Modality.ASSERTED),
    ("[Tigris|Company] is worth $3 billion, if [Orrin Post|Company] is to be believed.", 3e9, Modality.REPORTED),
]

MORE_ABOUT = [
    (
        "[Tigris|Company] has no rival. Revenue was $3 billion. The hall in [Porto|Place] draws 5 megawatts.",
        5e6,
        "tigris",
    ),
    ("[Porto|Place] has set aside $3 billion for [Tigris|Company].", 3e9, "porto"),
    (
        "[Tigris|Company] cut jobs. [Orrin|Company] thinks that [it|Company=Orrin] will lose 20% of its sales.",
        20,
        "tigris",
    ),
    (
        "[Orrin|Company] sells chips. [Tigris|Company]'s chief executive, [Ann Lee|Person], puts orders at $3 billion.",
        3e9,
        "tigris",
    ),
]
MORE_METRICS = [
    (f"The founders own 38% of {T}.", 38, "stake"),
    (f"{T} has sold a third of itself to [Orrin|Company].", 33.33, "stake"),
    (f"The [Q7|Chip] of {T} needs 35% less floor space.", 35, "floor space"),
    (f"{T} expects a revenue decline of 5%.", 5, "revenue growth"),
    (f"[Orrin|Company] lends {T} a further $900 million.", 9e8, "debt"),
    (f"{T} will pour in $3 billion.", 3e9, "investment"),
    (f"{T} has a market share of 46%. Rivals think that it will be 20%.", 20, "market share"),
    (f"{T} has a market share of 46%. Revenue was $3 billion.", 3e9, "revenue"),
    # a stake by its phrase, and a share that comes with a place in a market
    (f"{T}, in which {F} has 51.4%, is growing.", 51.4, "stake"),
    (f"{F} put $9 million into {T} in return for 14%.", 14, "stake"),
    (f"{F} got it in exchange for 3.5% of the revenue.", 3.5, "share of revenue"),
    (f"{F} and {T}, still the largest shareholders with 30% and 44%, sold.", 30, "stake"),
    (f"{F} and {T}, still the largest shareholders with 30% and 44%, sold.", 44, "stake"),
    (f"{F} owns 11% of the laboratory.", 11, "stake"),
    (f"{F} owns a machine with 11% of the memory.", 11, "share of memory"),
    (f"{T} is first with 13.5%, ahead of {F} with 10.2%.", 13.5, "market share"),
    (f"{T} is first with 13.5%, ahead of {F} with 10.2%.", 10.2, "market share"),
    (f"{T} came first with 13.5% of the votes.", 13.5, "share of votes"),
    (f"The family of {F}, with its 29%, would lose most.", 29, "stake"),
    (f"{F}, whose 8.1% was taken over, has left.", 8.1, "stake"),
    (f"{T} is proud of its 12% growth.", 12, "growth rate"),
    # short times, prices by the piece, gifts
    ("The box answers within 300 nanoseconds.", 3e-7, "latency"),
    (f"Per accelerator {T} asked for $24,900.", 24900, "price"),
    (f"{F} gave 1.5 million euros.", 1.5e6, "grant"),
    (f"{F} gave {T} a loan of $30 million.", 3e7, "debt"),
    # a name is no word for a metric
    ("[Acme Holding|Company] booked net income of $14 million, up 58% on the year.", 58, "profit growth"),
    # what is paid for a part of a company
    (f"{F}, which bought into {T} for $9 million, is pleased.", 9e6, "investment"),
    (f"{F} is to inject $9 million into {T}.", 9e6, "investment"),
]
COMPARED_METRICS = [
    # what costs more or less, and what a factor stands before
    (f"The {Q} is 40% cheaper than the {K}.", 40, "price difference"),
    (f"The {Q} is twice as expensive as the {K}.", 2, "price difference"),
    (f"The {Q} costs a third less than the {K}.", 33.33, "price difference"),
    (f"The {Q} has twice the network ports of the {K}.", 2, "network ports"),
    (f"The {Q} has twice the bandwidth of the {K}.", 2, "bandwidth"),
    (f"{T} doubled its revenue.", 2, "revenue growth"),
    # a share without a word of change is a share of something
    (f"{F} keeps 44% of {T}.", 44, "stake"),
    (f"Nine tenths come from {F}.", 90, "share"),
    ("It is up 6%.", 6, "growth rate"),
    # what things cost, what is paid by the year, what a firm is worth
    ("The part costs $212.", 212, "price"),
    ("The part costs $1,450 to make.", 1450, "cost"),
    (f"{T} pays $23 million a year.", 2.3e7, "annual payment"),
    (f"{T} paid $23 million for [Orrin|Company].", 2.3e7, "purchase price"),
    ("It costs 9% more electricity.", 9, "electricity"),
    (f"{T} is worth $14 billion.", 1.4e10, "valuation"),
    (f"{T} fell by 10% to $19.50.", 19.5, "share price"),
    # the power of a chip is what it draws
    (f"The {Q} gets 90 TOPS out of 6 watts.", 6, "power draw"),
    (f"{T} has a site of 6 megawatts.", 6e6, "power capacity"),
    # people at work, and lengths that are no process
    (f"{T}, a firm of 260 people, makes chips.", 260, "number of employees"),
    ("The train holds 260 people.", 260, "people"),
    (f"{T} has opened a plant for wafers of 300 millimetres.", 0.3, "wafer diameter"),
    ("The cable is 40 kilometres long.", 4e4, "distance"),
]
MORE_MODALITIES = [
    # what a change starts from, what somebody has, and what a relative clause tells
    (f"Analysts expect the share of {T} to rise from 30% to 37%.", 30, Modality.ASSERTED),
    (f"Analysts expect the share of {T} to rise from 30% to 37%.", 37, Modality.FORECAST),
    (f"{T} will offer it to its 4,000 customers.", 4000, Modality.ASSERTED),
    (f"{T} will repay [Orrin|Company], to which it owes $300 million.", 3e8, Modality.ASSERTED),
    (f"{T} will buy servers worth $300 million from [Orrin|Company].", 3e8, Modality.ASSERTED),
    (f"{T} will move 4,000 of its people.", 4000, Modality.FORECAST),
    (f"{T} will raise its workforce to 4,000 people.", 4000, Modality.FORECAST),
    (f"{T} reports that it has 4,000 customers.", 4000, Modality.ASSERTED),
    (f"[Nikkei Asia|Company] reports that {T} has 4,000 customers.", 4000, Modality.REPORTED),
    (f"{T} is to acquire [Orrin|Company] for $3 billion.", 3e9, Modality.ASSERTED),
    (f"{T} will invest $3 billion.", 3e9, Modality.FORECAST),
    (f"{T} is erecting a campus of 300 megawatts.", 3e8, Modality.FORECAST),
    (f"{T} has erected a campus of 300 megawatts.", 3e8, Modality.ASSERTED),
    (f"{T} cut its forecast to $3 billion.", 3e9, Modality.FORECAST),
    (f"{T} cut its price to $300.", 300, Modality.ASSERTED),
    (f"[Orrin Post|Company] writes that {T} has 4,000 customers.", 4000, Modality.REPORTED),
    (f"[Orrin|Company] writes that {T} has 4,000 customers.", 4000, Modality.ASSERTED),
    (f"{T} stands to earn $3 billion.", 3e9, Modality.FORECAST),
    (f"{T} would have needed 4,000 chips.", 4000, Modality.ASSERTED),
    (f"{T} would have 4,000 chips.", 4000, Modality.FORECAST),
]


@pytest.mark.parametrize(("text", "value", "about"), [*ABOUT, *MORE_ABOUT])
def test_about(text: str, value: float, about: str) -> None:
    assert name(figure(text, value).about) == about


@pytest.mark.parametrize(("text", "value", "metric"), [*METRIC, *MORE_METRICS, *COMPARED_METRICS])
def test_metric(text: str, value: float, metric: str) -> None:
    assert name(figure(text, value).metric) == metric


@pytest.mark.parametrize(("text", "value", "time"), [*TIMES, *MORE_TIMES])
def test_time(text: str, value: float, time: str | None) -> None:
    period = figure(text, value).period
    assert (period.edtf or period.fiscal if period is not None else None) == time


@pytest.mark.parametrize(("text", "value", "modality"), [*MODALITIES, *MORE_MODALITIES])
def test_modality(text: str, value: float, modality: Modality) -> None:
    assert figure(text, value).modality == modality


LINKED = [
    # what the network finds to be spoken of: a kind of thing, a thing that stands for a product, a company described
    (f"{T} thinks that domestic suppliers will meet 55% of the need.", 55, "domestic suppliers"),
    (
        f"{T} has opened [Deep Well|System]. It runs on the {Q}. The machine needs 6,912 transceivers.",
        6912,
        "deep-well",
    ),
    # a measure is nobody
    (f"{T} is growing. Quarterly revenue reached $3 billion.", 3e9, "tigris"),
]


@pytest.mark.parametrize(("text", "value", "about"), LINKED)
def test_about_with_the_links_of_the_language_model(text: str, value: float, about: str) -> None:
    document, mentions = read_parsed(text, IRIS)
    claims = finder().find(document, mentions, LinkFinder().find(document, mentions))
    found = next(c for c in claims if c.quantity is not None and c.quantity.value == pytest.approx(value))
    assert name(found.about) == about
