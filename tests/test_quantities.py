"""Figures: what is read, in which unit, with which comparator, and what is no figure."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import NamedNode

from aigraph.facts.figures import units as units_module
from aigraph.facts.figures import wording as wording_module
from aigraph.facts.figures.numbers import find_fractions, find_numbers
from aigraph.facts.figures.quantities import find_quantities
from aigraph.facts.figures.reading import sentence_quantities
from aigraph.facts.figures.units import units
from aigraph.facts.figures.wording import wording
from aigraph.records import Comparator, Quantity, Span
from aigraph.vocab import AIG, UNIT

E, A, L, M, H, S, U = (
    Comparator.EXACTLY,
    Comparator.ABOUT,
    Comparator.AT_LEAST,
    Comparator.MORE_THAN,
    Comparator.AT_MOST,
    Comparator.LESS_THAN,
    Comparator.UP_TO,
)


def read(text: str, before: str = "") -> list[tuple[float, str, Comparator]]:
    found = find_quantities(text, before=before)
    return [(q.value, q.unit.value.replace("#", "/").rsplit("/", 1)[-1], q.comparator) for q in found]


MONEY = [
    ("worth $1.2 trillion", 1.2e12, "CCY_USD"),
    ("a $100bn pact", 1e11, "CCY_USD"),
    ("The machine cost €500m", 5e8, "CCY_EUR"),
    ("US$5 million", 5e6, "CCY_USD"),
    ("raised HK$5.58 billion", 5.58e9, "CCY_HKD"),
    ("sales of NT$1.046 trillion", 1.046e12, "CCY_TWD"),
    ("RMB 2.8 billion", 2.8e9, "CCY_CNY"),
    ("sought 8 billion yuan", 8e9, "CCY_CNY"),
    ("pledged £1 billion", 1e9, "CCY_GBP"),
    ("10.5 trillion won", 1.05e13, "CCY_KRW"),
    ("¥500 billion", 5e11, "CCY_JPY"),
    ("Rs 10,372 crore", 1.0372e11, "CCY_INR"),
    ("at one cent apiece", 0.01, "CCY_USD"),
    ("$0.65 per share", 0.65, "CCY_USD"),
    ("It ends at $600 \n", 600, "CCY_USD"),
    ("30,000 dollars", 3e4, "CCY_USD"),
    ("half a billion dollars", 5e8, "CCY_USD"),
    ("a half-trillion-dollar plan", 5e11, "CCY_USD"),
    ("5bn euros", 5e9, "CCY_EUR"),
    ("$3.5tn", 3.5e12, "CCY_USD"),
    ("a $700-million round", 7e8, "CCY_USD"),
    ("It pays 95 billion kronor", 9.5e10, "CCY_SEK"),
    ("435 million reais", 4.35e8, "CCY_BRL"),
    ("R$1.8 billion", 1.8e9, "CCY_BRL"),
    ("NZ$4.10", 4.1, "CCY_NZD"),
    ("38,000 New Zealand dollars", 38000, "CCY_NZD"),
    ("46,000 dong", 46000, "CCY_VND"),
    ("340 million zloty", 3.4e8, "CCY_PLN"),
    ("Rp 5 trillion", 5e12, "CCY_IDR"),
    ("2 million Swedish crowns", 2e6, "CCY_SEK"),
    ("Denmark pays 900 million kroner", 9e8, "CCY_DKK"),
    ("31.70 kroner in Oslo", 31.7, "CCY_NOK"),
    ("18 billion crowns from the Czech state", 1.8e10, "CCY_CZK"),
]
MEASURES = [
    ("up 24%", 24, "PERCENT"),
    ("24 percent", 24, "PERCENT"),
    ("24 per cent", 24, "PERCENT"),
    ("3 percentage points", 3, "PERCENT"),
    ("50 basis points", 0.5, "PERCENT"),
    ("a third of the performance", 33.33, "PERCENT"),
    ("two-thirds of the demand", 66.67, "PERCENT"),
    ("half of the capacity", 50, "PERCENT"),
    ("costs fell by half", 50, "PERCENT"),
    ("at half the price", 50, "PERCENT"),
    ("a tenth of AMD", 10, "PERCENT"),
    ("a quarter of the market", 25, "PERCENT"),
    ("three quarters of the market", 75, "PERCENT"),
    ("one in ten chips", 10, "PERCENT"),
    ("nine out of ten customers", 90, "PERCENT"),
    ("2/3 of the chips", 66.67, "PERCENT"),
    ("their share would be zero", 0, "PERCENT"),
    ("the price was halved", 50, "PERCENT"),
    ("30x faster", 30, "Times"),
    ("30 times the speed", 30, "Times"),
    ("15 times higher", 15, "Times"),
    ("revenue doubled", 2, "Times"),
    ("expects revenue to double", 2, "Times"),
    ("doubles the memory", 2, "Times"),
    ("profit tripled", 3, "Times"),
    ("grew tenfold", 10, "Times"),
    ("a 10-fold rise", 10, "Times"),
    ("a fourfold gain", 4, "Times"),
    ("grew fourteenfold", 14, "Times"),
    ("multiply capacity by ten.", 10, "Times"),
    ("a book-to-bill ratio of 1.3, and", 1.3, "Times"),
    ("it wins by six to one in a task", 6, "Times"),
    ("the sum is a third above the last", 33.33, "PERCENT"),
    ("The parent retains a fifth.", 20, "PERCENT"),
    ("they took a quarter each", 25, "PERCENT"),
    ("The fund thinks that a third is possible.", 33.33, "PERCENT"),
    ("Bosch, Infineon and NXP with a tenth each", 10, "PERCENT"),
    ("Of the money, a sixth went to Acme.", 16.67, "PERCENT"),
    ("Staff keep the remaining tenth.", 10, "PERCENT"),
    ("It pays a good third of the bill.", 33.33, "PERCENT"),
    ("Gujarat bears another fifth.", 20, "PERCENT"),
    ("Half belong to former miners.", 50, "PERCENT"),
    ("The rest is debt, and half of this came from the state.", 50, "PERCENT"),
    ("The hall is a quarter full.", 25, "PERCENT"),
    ("Its partner holds three quarters.", 75, "PERCENT"),
    ("Three quarters of sales are memory.", 75, "PERCENT"),
    ("six of every ten dies", 60, "PERCENT"),
    ("38 cents of every dollar spent", 38, "PERCENT"),
    ("sold at 22 cents on the dollar", 22, "PERCENT"),
    ("It costs 38 cents a unit.", 0.38, "CCY_USD"),
    ("a hundred times the efficiency", 100, "Times"),
    ("twice as much", 2, "Times"),
    ("twice that", 2, "Times"),
    ("three times the performance", 3, "Times"),
    ("two and a half times as fast", 2.5, "Times"),
    ("750 megawatts", 7.5e8, "W"),
    ("6GW", 6e9, "W"),
    ("160 kW", 1.6e5, "W"),
    ("within 150W", 150, "W"),
    ("a gigawatt of capacity", 1e9, "W"),
    ("a full gigawatt", 1e9, "W"),
    ("the first gigawatt", 1e9, "W"),
    ("six gigawatts' worth", 6e9, "W"),
    ("a one-gigawatt data center", 1e9, "W"),
    ("a 1.5-gigawatt site", 1.5e9, "W"),
    ("192GB of HBM", 1.92e11, "BYTE"),
    ("6.1TB of memory", 6.1e12, "BYTE"),
    ("768 GB", 7.68e11, "BYTE"),
    ("a 24Gb die", 3e9, "BYTE"),
    ("128 gigabytes", 1.28e11, "BYTE"),
    ("7 TB/s", 7e12, "BYTE-PER-SEC"),
    ("1.8TB per second", 1.8e12, "BYTE-PER-SEC"),
    ("21 petabytes per second", 2.1e16, "BYTE-PER-SEC"),
    ("13 gigabits per second", 1.625e9, "BYTE-PER-SEC"),
    ("800Gb/s links", 1e11, "BYTE-PER-SEC"),
    ("400 Gbps", 5e10, "BYTE-PER-SEC"),
    ("20.8 petaflops", 2.08e16, "FLOPS"),
    ("300 PFLOPS", 3e17, "FLOPS"),
    ("780 teraflops", 7.8e14, "FLOPS"),
    ("3,000 exaflops", 3e21, "FLOPS"),
    ("400 TOPS", 4e14, "FLOPS"),
    ("an exaflop of compute", 1e18, "FLOPS"),
    ("1.2 trillion operations per second", 1.2e12, "FLOPS"),
    ("2.5 TOPS/W", 2.5e12, "FlopsPerWatt"),
    ("3 teraflops per watt", 3e12, "FlopsPerWatt"),
    ("1,200 tokens per second", 1200, "TokenPerSecond"),
    ("150 tokens/s", 150, "TokenPerSecond"),
    ("a 3nm process", 3e-9, "M"),
    ("its 2-nanometer process", 2e-9, "M"),
    ("300mm wafers", 0.3, "M"),
    ("a latency of 5 ms", 0.005, "SEC"),
    ("within 40 picoseconds", 4e-11, "SEC"),
    ("40 microwatts in standby", 4e-5, "W"),
    ("a petaop of compute", 1e15, "FLOPS"),
    ("798 AI TOPS", 7.98e14, "FLOPS"),
    ("20 sparse petaflops", 2e16, "FLOPS"),
    ("1,190 output tokens per second", 1190, "TokenPerSecond"),
    ("an 800-gigabit switch", 1e11, "BYTE-PER-SEC"),
    ("lanes of 224 gigabits each", 2.8e10, "BYTE-PER-SEC"),
    ("a 16-gigabit die", 2e9, "BYTE"),
    ("put up in 122 days", 10540800, "SEC"),
]
LASTING = [
    ("Lead times are now 30 weeks.", 18144000),
    ("a useful life of six years", 189216000),
    ("Payback: seven months", 18396000),
    ("The battery lasts two years.", 63072000),
    ("It pays for itself in about 14 months.", 36792000),
    ("We have 22 months of runway.", 57816000),
    ("an average lease term of 11.2 years", 353203200),
    ("Its servers will henceforth last six years.", 189216000),
    ("The lab writes its cards off over six years.", 189216000),
    ("It depreciates the machines over six years.", 189216000),
    ("It took two hours and ten minutes.", 7800),
    ("It took four minutes and a half.", 270),
]
NOT_LASTING = [
    "It may one day share a rack.",
    "It is forty minutes south of Seoul.",
    "a ten-minute walk, twenty minutes away",
    "The plant takes two years.",
    "It invested in the firms over the last two years.",
    "They wrote about it over two years.",
    "He was there for 16 years.",
    "For the last three years it grew.",
    "a two-year-old firm",
    "He spoke for two hours and ten minutes.",
    "a waiting list since two weeks ago",
    "It comes to life two years behind schedule.",
]


@pytest.mark.parametrize(("text", "seconds"), LASTING)
def test_how_long_a_thing_lasts(text: str, seconds: float) -> None:
    [(value, unit, _)] = read(text)
    assert unit == "SEC"
    assert value == pytest.approx(seconds)


@pytest.mark.parametrize("text", NOT_LASTING)
def test_times_of_events_are_no_figures(text: str) -> None:
    assert read(text) == []


COUNTS = [
    ("Employees: 530", 530, None),
    ("a team of nine in Turin", 9, None),
    ("racks of 64, built here", 64, None),
    ("the 140-strong company", 140, "strong"),
    ("a 2,048-card cluster", 2048, "card"),
    ("There are fourteen, in two rooms.", 14, None),
    ("a workshop that makes 60 a year of them", 60, None),
    ("It will ship 2,000 per month from Turin.", 2000, None),
    ("has taken sixty more and rents a hall", 60, None),
    ("and, if they hold, 40 more next spring", 40, None),
    ("four equal pieces under a lid", 4, "pieces"),
    ("More than 400 arrived.", 400, None),
    ("It has bought forty.", 40, None),
    ("a box with eight languages", 8, "languages"),
    ("two prototypes", 2, "prototypes"),
    ("350,000 H100s", 350000, "H100s"),
    ("18,000 of Nvidia's Grace Blackwell systems", 18000, "systems"),
    ("10,000 of the chipmaker's Blackwell GPUs is", 10000, "GPUs"),
    ("300,000 more Nvidia GPUs for it", 300000, "GPUs"),
    ("160 million AMD shares", 1.6e8, "shares"),
    ("4 trillion transistors", 4e12, "transistors"),
    ("900,000 cores", 900000, "cores"),
    ("sixteen of the chips", 16, "chips"),
    ("thirty buildings", 30, "buildings"),
    ("Ten customers have it", 10, "customers"),
    ("two chiplets", 2, "chiplets"),
    ("four stacks of HBM", 4, "stacks"),
    ("three new data centers", 3, "centers"),
    ("a 64-chip pod", 64, "chip"),
    ("Nvidia's 72 GPUs", 72, "GPUs"),
    ("eight Sohu chips replaces", 8, "chips"),
    ("the 70B-parameter model", 7e10, "parameter"),
    ("15T tokens", 1.5e13, "tokens"),
    ("100k GPUs", 1e5, "GPUs"),
    ("one million of them", 1e6, None),
    ("16 racks, of which 12 hold switches", 16, "racks"),
    ("install 14,000 more.", 14000, None),
    ("another 15 will follow", 15, None),
    ("the staff numbered about 400.", 400, None),
    ("employs about 1,500 people", 1500, "people"),
    ("384", 384, None),
    ("has 20,000 MI355X on order", 20000, "MI355X"),
    ("200,000 of Cambricon's Siyuan 690 accelerators", 200000, "accelerators"),
    ("packs eight Nvidia B300s, each", 8, "B300s"),
    ("It has ordered 2,000.", 2000, None),
    ("wants about 100,000 by December", 100000, None),
    ("the first 900 went live", 900, None),
    ("employs 600 of its 950 developers", 600, "developers"),
]
COMPARED = [
    ("over $20 billion", M),
    ("more than 10%", M),
    ("well above $450 million", M),
    ("exceed $10 billion", M),
    ("upwards of 2.2 gigawatts", M),
    ("topped $4 trillion", M),
    ("at least $18 billion", L),
    ("no less than 5%", L),
    ("a minimum of 3 GW", L),
    ("3 GW or more", L),
    ("10,000+ GPUs", L),
    ("$1 billion-plus", L),
    ("up to 160 million shares", U),
    ("as many as 200 racks", U),
    ("as much as 35%", U),
    ("at most 5%", H),
    ("no more than 5%", H),
    ("within a budget of 5%", E),
    ("within 150W", H),
    ("under 5%", S),
    ("less than $100", S),
    ("fewer than 100 chips", S),
    ("none reaches even 10%", S),
    ("about $1 billion", A),
    ("nearly 500,000 chips", A),
    ("close to $500", A),
    ("some 36,000 racks", A),
    ("an estimated 40 GPUs", A),
    ("~30%", A),
    ("nearly doubled", A),
    ("more than tripled", M),
    ("close to a tenth of AMD", A),
    ("more than a gigawatt", M),
    ("tens of billions of dollars", L),
    ("higher than $5 billion", E),
    ("compared with $40.9 billion", E),
    ("chips spread over 16 racks", E),
    ("turned over €27 million", E),
    ("orders top $1.9 billion", M),
    ("the top $10 prize", E),
    ("starts at $1,399", L),
    ("never drops below 85%", L),
    ("no farther than 2 GW", H),
    ("something like two million chips", A),
    ("€20 million, give or take", A),
    ("up to a hundredfold", U),
    ("a hundredfold", E),
]
NO_FIGURES = [
    "a wafer in two pieces",
    "It has changed its name 12 times a year.",
    "It has said so in 2024 each year since.",
    "replied to eleven questions with forty slides",
    "had denied it four times.",
    "They own it half and half.",
    "the first 100 days of the year",
    "every second week",
    "half a day",
    "wait a second",
    "it has 2025 in view",
    "they have 12 left",
    "founded in 2017 by a former engineer",
    "on January 14, 2026, at 9:30 a.m.",
    "on Oct. 6, 2025",
    "2025-10-06",
    "the first quarter of fiscal 2026",
    "in the fourth quarter",
    "a quarter of growth",
    "the third customer",
    "A third, in Bintulu, is planned.",
    "Two signed; a third has backed out.",
    "a third such room",
    "in the second half of the year",
    "and half the year passed",
    "for three quarters in a row",
    "the remaining third party",
    "a good quarter for the firm",
    "half of this year",
    "a third customer for custom chips",
    "the second half of 2026",
    "shipped within 18 months",
    "over the next five years",
    "in eleven quarters",
    "90 days ago",
    "30 days later",
    "within 90 days",
    "two firms, three ways, both sides",
    "three customers and two suppliers",
    "two sites",
    "Hall: 7",
    "twice a year, three times a week",
    "many times",
    "down from three to one",
    "the second in a quarter for this core",
    "multiplied by the state",
    "two crowns and a hat in Oslo",
    "a double-digit gain, a double life",
    "doubled down on chips",
    "Llama 3, Colossus 2, GPT-4, H100, MI450, HBM4, TPU v7",
    "a Series H round",
    "the Fortune 500 companies",
    "4 min read",
    "24/7",
    "No. 3 in the list",
    "an 8-bit format",
    "3.5 gigawatt-hours",
    "814 mm² of silicon",
    "2.1 GHz",
    "100 acres",
    "the 21st century",
    "At GTC 2025 it won",
    "one of its customers",
    "a single chip",
    "The company revealed a $1 trillio",
]


@pytest.mark.parametrize(("text", "value", "unit"), MONEY + MEASURES)
def test_units(text: str, value: float, unit: str) -> None:
    [(found, found_unit, _)] = read(text)
    assert found == pytest.approx(value, rel=1e-12)
    assert found_unit == unit


@pytest.mark.parametrize(("text", "value", "noun"), COUNTS)
def test_counts(text: str, value: float, noun: str | None) -> None:
    quantity = find_quantities(text)[0]
    assert (quantity.value, quantity.unit) == (value, UNIT.NUM)
    assert (quantity.noun and text[quantity.noun.start : quantity.noun.end]) == noun


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("It was trained on 5,000 Corrie 910B, with a new library.", "Corrie 910B", 5000),
        ("Acme delivered 61,000 Weft 6 in the third quarter.", "Weft 6", 61_000),
        ("Two halls hold 48 Zeta-4, cooled by water.", "Zeta-4", 48),
    ],
)
def test_a_number_right_before_a_product_counts_it(text: str, name: str, value: float) -> None:
    start = text.index(name)
    (quantity,) = find_quantities(text, taken=[Span(start, start + len(name))])
    assert (quantity.value, quantity.unit) == (value, UNIT.NUM)
    assert quantity.noun == Span(start, start + len(name))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("In 2026 Weft 6 went on sale.", "Weft 6"),
        ("The Orrin 950 Weft 6 runs cool.", "Weft 6"),
        ("At number 12 Acme came in.", "Acme"),
        ("It sold one Weft 6.", "Weft 6"),
        ("On page 40 Weft 6 is shown.", "Weft 6"),
    ],
)
def test_a_number_before_a_name_need_not_count_it(text: str, name: str) -> None:
    start = text.index(name)
    assert find_quantities(text, taken=[Span(start, start + len(name))]) == ()


@pytest.mark.parametrize(("text", "comparator"), COMPARED)
def test_comparators(text: str, comparator: Comparator) -> None:
    assert [c for _, _, c in read(text)] == [comparator]


@pytest.mark.parametrize("text", NO_FIGURES)
def test_no_figures(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize(
    ("text", "low", "high", "unit"),
    [
        ("10% to 15%", 10, 15, "PERCENT"),
        ("25-30%", 25, 30, "PERCENT"),
        ("60 to 70 percent", 60, 70, "PERCENT"),
        ("$52 billion to $56 billion", 5.2e10, 5.6e10, "CCY_USD"),
        ("between $12 billion and $14 billion", 1.2e10, 1.4e10, "CCY_USD"),
        ("$12-14 billion", 1.2e10, 1.4e10, "CCY_USD"),
        ("$66bn–$72bn", 6.6e10, 7.2e10, "CCY_USD"),
        ("66 to 72 billion dollars", 6.6e10, 7.2e10, "CCY_USD"),
        ("half to two-thirds of the demand", 50, 66.67, "PERCENT"),
        ("between a tenth and a fifth of the demand", 10, 20, "PERCENT"),
        ("two to three gigawatts", 2e9, 3e9, "W"),
        ("10x-15x", 10, 15, "Times"),
        ("three to five times", 3, 5, "Times"),
        ("2-3 million chips", 2e6, 3e6, "NUM"),
        ("ranging from $5 billion to $6 billion", 5e9, 6e9, "CCY_USD"),
    ],
)
def test_ranges(text: str, low: float, high: float, unit: str) -> None:
    assert read(text) == [(low, unit, L), (high, unit, H)]


def test_changes_are_no_ranges() -> None:
    assert read("It grew from $35 billion in 2025 to $100 billion in 2028.") == [
        (3.5e10, "CCY_USD", E),
        (1e11, "CCY_USD", E),
    ]
    assert read("Revenue rose 134% to $1.4 billion.") == [(134, "PERCENT", E), (1.4e9, "CCY_USD", E)]
    assert read("It went from 10% to 15%.") == [(10, "PERCENT", E), (15, "PERCENT", E)]


def test_lists_share_their_unit() -> None:
    assert read("5, 10 and 20 percent") == [(5, "PERCENT", E), (10, "PERCENT", E), (20, "PERCENT", E)]


def test_the_currency_may_be_left_out_after_an_amount() -> None:
    text = "The former sought 8 billion yuan, the latter 3.9 billion."
    assert read(text) == [(8e9, "CCY_CNY", E), (3.9e9, "CCY_CNY", E)]
    assert read("It paid $2 billion for a chip with 3.9 billion transistors.")[1] == (3.9e9, "NUM", E)


def test_a_comparator_carries_over_to_what_and_joins() -> None:
    assert read("Throughput exceeds 10 petaflops at FP4 and 5 petaflops at FP8.") == [
        (1e16, "FLOPS", M),
        (5e15, "FLOPS", M),
    ]


def test_no_comparator_from_another_figure() -> None:
    assert read("28% more than $5 billion") == [(28, "PERCENT", E), (5e9, "CCY_USD", E)]


@pytest.mark.parametrize(
    ("header", "cell", "value", "unit"),
    [
        ("Power (kW)", "559", 559e3, UNIT.W),
        ("HBM in GB", "288", 2.88e11, UNIT.BYTE),
        ("Bandwidth, TB/s", "1,229", 1.229e15, UNIT["BYTE-PER-SEC"]),
        ("Revenue ($bn)", "12.5", 1.25e10, UNIT.CCY_USD),
        ("Revenue (US$ million)", "12.5", 1.25e7, UNIT.CCY_USD),
        ("Share (%)", "62", 62.0, UNIT.PERCENT),
        ("Accelerators", "384", 384.0, UNIT.NUM),
        ("Power (kW)", "1.2 MW", 1.2e6, UNIT.W),
        ("Memory (HBM3E)", "141 GB", 1.41e11, UNIT.BYTE),
    ],
)
def test_the_head_of_a_column_gives_its_cells_their_unit(header: str, cell: str, value: float, unit: NamedNode) -> None:
    assert [(q.value, q.unit) for q in find_quantities(cell, header=header)] == [(value, unit)]


def test_a_unit_left_out_is_the_one_before() -> None:
    text = "It buys 10 gigawatts from Broadcom, 10 from Nvidia and 6 from AMD."
    assert read(text) == [(1e10, "W", E), (1e10, "W", E), (6e9, "W", E)]
    text = "It put 18,000 chips in Germany and 14,000 in Britain."
    assert [(q.value, q.noun) for q in find_quantities(text)] == [(18000, Span(14, 19)), (14000, Span(14, 19))]


def test_spans_cover_the_comparator_and_count_from_the_article() -> None:
    text = "It bought up to 350,000 H100s."
    [quantity] = find_quantities(text, offset=100)
    assert quantity == Quantity(350000.0, UNIT.NUM, U, Span(110, 123), Span(124, 129))
    assert text[10:23] == "up to 350,000"


def test_the_article_tells_whose_crowns_they_are() -> None:
    text = "The order is worth 140 million crowns."
    assert read(text) == []
    assert [(q.value, q.unit) for q in find_quantities(text, crown=UNIT.CCY_NOK)] == [(1.4e8, UNIT.CCY_NOK)]
    assert units().crown(text, f"OSLO - A Norwegian firm. {text} A Swedish one lost.") == UNIT.CCY_NOK
    assert units().crown(text, f"A Norwegian firm. {text} A Swedish one lost.") is None
    assert units().crown("It is worth 140 million euros.", "OSLO") is None


def test_a_sentence_takes_the_crowns_of_its_article() -> None:
    article = "A Danish cloud buys chips. The price is 2.1 billion kroner."
    sentence = Span(article.index("The price"), len(article))
    [quantity] = sentence_quantities(article, sentence, ())
    assert (quantity.value, quantity.unit) == (2.1e9, UNIT.CCY_DKK)


def unit_and_value(text: str, before: str) -> list[tuple[float, str]]:
    return [(value, unit) for value, unit, _ in read(text, before)]


@pytest.mark.parametrize(
    ("before", "text", "value", "unit"),
    [
        ("Its share is 31%, by Omdia's count.", "Last year it was 29.", 29, "PERCENT"),
        ("Revenue came to $48.2 billion.", "A year ago it was 44.1.", 4.41e10, "CCY_USD"),
        ("The fund holds 24%.", "Bpifrance has 20.", 20, "PERCENT"),
        ("The bid is €430 million.", "The buyer had offered 360 for it.", 3.6e8, "CCY_EUR"),
        ("Its first card draws 300 watts.", "The second needs 240.", 240, "W"),
    ],
)
def test_a_bare_figure_is_in_the_unit_of_the_sentence_before(before: str, text: str, value: float, unit: str) -> None:
    assert unit_and_value(text, before) == [(value, unit)]
    assert unit_and_value(text, "") == []


@pytest.mark.parametrize(
    ("before", "text"),
    [
        ("The fund holds 24%.", "He is 41 and lives in Ghent."),
        ("The fund holds 24%.", "Founder Walt Erickson, 78, owns the rest."),
        ("The fund holds 24%.", "The 40 or so clients are banks."),
        ("The bid is €430 million.", "It computes in 4 and 8 bits."),
        ("The bid is €430 million.", "The ratio of debt to equity would rise to 1.2."),
        ("The bid is €430 million.", "The second is Hall 7."),
        ("The bid is €430 million.", "It came in 2025."),
    ],
)
def test_what_is_no_figure_of_the_sentence_before(before: str, text: str) -> None:
    assert unit_and_value(text, before) == []


def test_a_part_is_in_the_unit_of_the_whole() -> None:
    assert read("50 megawatts, of which 14 are let") == [(5e7, "W", E), (1.4e7, "W", E)]
    assert [unit for _, unit, _ in read("It ordered 300 chips, of which 14 came.")] == ["NUM", "NUM"]


def test_few_of_what_has_a_name_are_counted() -> None:
    text = "The box holds eight MI355X, two Thors and two Koreans."
    names = [Span(text.index(name), text.index(name) + len(name)) for name in ("MI355X", "Thor")]
    assert [q.value for q in find_quantities(text, taken=names)] == [8, 2]


def test_no_figure_lies_in_a_name() -> None:
    text = "Maia 200 chips and Llama 3 models run on 300 chips."
    taken = [Span(7, 15), Span(26, 33)]
    assert [
        (q.value, text[q.span.start - 7 : q.span.end - 7]) for q in find_quantities(text, offset=7, taken=taken)
    ] == [(300.0, "300")]


# --- any spelling reads back ------------------------------------------------------------------------------------

SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
ABBREVIATED = {"m": 10**6, "bn": 10**9, "B": 10**9, "tn": 10**12, "T": 10**12}
CARRIERS = ["The company said it was {} last week.", "({})", "{}", "Of this, {} came later, it added."]
ONES = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
]  # fmt: skip
TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]

numerals = st.one_of(
    st.integers(1, 999_999_999).map(lambda n: (f"{n:,}", Decimal(n))),
    st.integers(1, 9_999).map(lambda n: (str(n), Decimal(n))),
    st.decimals("0.01", "9999.99", places=2).map(lambda d: (str(d), d)),
)
spellings = sorted((form, *entry) for form, entry in units().symbols.items() if entry[0] not in units().money)
words_of_units = sorted((form, *entry) for form, entry in units().words.items() if entry[0] not in units().money)


def spell(number: int) -> str:
    """The number in English words."""
    for scale, word in ((10**12, "trillion"), (10**9, "billion"), (10**6, "million"), (10**3, "thousand")):
        if number >= scale:
            head, rest = divmod(number, scale)
            return f"{spell(head)} {word}" + (f" {spell(rest)}" if rest else "")
    if number >= 100:
        head, rest = divmod(number, 100)
        return f"{ONES[head]} hundred" + (f" and {spell(rest)}" if rest else "")
    if number >= 20:
        ten, one = divmod(number, 10)
        return TENS[ten - 2] + (f"-{ONES[one]}" if one else "")
    return ONES[number]


@given(st.integers(1, 999))
def test_numbers_in_words(number: int) -> None:
    assert [n.value for n in find_numbers(spell(number))] == [number]


@given(st.integers(1, 999), st.sampled_from(sorted(SCALES)))
def test_scaled_numbers_in_words(number: int, scale: str) -> None:
    assert [n.value for n in find_numbers(f"{spell(number)} {scale}")] == [number * SCALES[scale]]


@given(
    numerals,
    st.sampled_from(sorted(units().currencies)),
    st.sampled_from(["", *sorted(SCALES), *sorted(ABBREVIATED)]),
    st.sampled_from(CARRIERS),
)
def test_any_amount_reads_back(numeral: tuple[str, Decimal], sign: str, scale: str, carrier: str) -> None:
    written, value = numeral
    factor = {**SCALES, **ABBREVIATED}.get(scale, 1)
    blank = " " if sign[-1].isalpha() or sign.endswith(".") else ""
    form = f"{sign}{blank}{written}{' ' if scale in SCALES else ''}{scale}"
    text = carrier.format(form)
    [quantity] = find_quantities(text)
    assert quantity.value == float(value * factor)
    assert quantity.unit == units().currencies[sign]
    assert text[quantity.span.start : quantity.span.end] == form


@given(numerals, st.sampled_from(spellings), st.sampled_from(["", " "]), st.sampled_from(CARRIERS))
def test_any_symbol_reads_back(
    numeral: tuple[str, Decimal], spelling: tuple[str, Any, Decimal], blank: str, carrier: str
) -> None:
    written, value = numeral
    symbol, unit, factor = spelling
    form = f"{written}{blank}{symbol}"
    text = carrier.format(form)
    [quantity] = find_quantities(text)
    assert (quantity.value, quantity.unit) == (float(value * factor), unit)
    assert text[quantity.span.start : quantity.span.end] == form


@given(st.integers(2, 999_999), st.sampled_from(words_of_units), st.booleans())
def test_any_unit_in_words_reads_back(number: int, word: tuple[str, Any, Decimal], in_words: bool) -> None:
    form, unit, factor = word
    before = "The lead time was" if unit == UNIT.SEC else "It was"  # weeks and longer are figures only of what lasts
    text = f"{before} {spell(number) if in_words and number < 1000 else f'{number:,}'} {form}."
    quantities = find_quantities(text)
    assert [(q.value, q.unit) for q in quantities] == [(float(number * factor), unit)]


@given(
    st.text(alphabet="0123456789 ,.-$%xGWBTbnmillionothre'\n", max_size=60),
    st.lists(st.tuples(st.integers(0, 60), st.integers(1, 8)), max_size=3),
)
def test_never_in_a_name_never_overlapping_never_failing(text: str, names: list[tuple[int, int]]) -> None:
    taken = [Span(start, start + length) for start, length in names]
    quantities = find_quantities(text, taken=taken)
    spans = [q.span for q in quantities]
    assert spans == sorted(spans)
    assert all(a.end <= b.start for a, b in pairwise(spans))
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    assert quantities == find_quantities(text, taken=taken)
    shifted = find_quantities(text, offset=5, taken=[Span(s.start + 5, s.end + 5) for s in taken])
    assert [q.span.start - 5 for q in shifted] == [s.start for s in spans]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("risen by a factor of 2.6.", [(2.6, "Times", E)]),
        ("cut by a factor of almost ten", [(10, "Times", A)]),
        ("29.5 billion yuan, of which 13 billion is earmarked", [(2.95e10, "CCY_CNY", E), (1.3e10, "CCY_CNY", E)]),
        ("free cash flow of minus $8 million", [(-8e6, "CCY_USD", E)]),
        ("four of ten racks come from Orrin", [(40, "PERCENT", E)]),
        ("per watt it does 8.2 TOPS, against 3.2 for Bexo", [(8.2e12, "FlopsPerWatt", E), (3.2e12, "FlopsPerWatt", E)]),
        ("it does 8.2 TOPS and costs less per watt", [(8.2e12, "FLOPS", E)]),
        ("an answer in half a second", [(0.5, "SEC", E)]),
        ("moves 6.5TB of data per second", [(6.5e12, "BYTE-PER-SEC", E)]),
        ("450 watts against Quarrel's 700", [(450, "W", E), (700, "W", E)]),
        ("Roughly three quarters of them come from packaging", [(75, "PERCENT", A)]),
        ("a fifteenth of what it costs", [(6.67, "PERCENT", E)]),
        ("that every second chip is made in India", [(50, "PERCENT", E)]),
        ("enlarge the pool from 38,000 to 58,000", [(38000, "NUM", E), (58000, "NUM", E)]),
    ],
)  # fmt: skip
def test_figures_in_further_wordings(text: str, expected: list[tuple[float, str, Comparator]]) -> None:
    assert read(text) == expected


def test_fractions() -> None:
    assert [f.value for f in find_fractions("two-thirds, a fifth, half, ¼, 2/3")] == [
        Decimal(2) / 3,
        Decimal(1) / 5,
        Decimal(1) / 2,
        Decimal("0.25"),
        Decimal(2) / 3,
    ]


# --- the data files ---------------------------------------------------------------------------------------------


def lists_in(node: Any, path: str = "") -> list[tuple[str, list[Any]]]:
    if isinstance(node, dict):
        return [found for key, value in node.items() for found in lists_in(value, f"{path}/{key}")]
    if isinstance(node, list) and all(isinstance(item, str) for item in node):
        return [(path, node)]
    if isinstance(node, list):
        return [found for index, item in enumerate(node) for found in lists_in(item, f"{path}/{index}")]
    return []


@pytest.mark.parametrize("module", [units_module, wording_module], ids=["units", "quantities"])
def test_lists_are_sorted_and_unique(module: Any) -> None:
    data = yaml.safe_load(module.FILE.read_text(encoding="utf-8"))
    for path, words in lists_in(data):
        assert words == sorted(set(words)), path


def test_every_unit_has_a_term_of_the_vocabulary() -> None:
    table = units()
    terms = {unit for unit, _ in [*table.symbols.values(), *table.words.values()]} | set(table.currencies.values())
    assert all(term in UNIT or term in AIG for term in terms)
    assert set(wording().comparators.values()) == {A, L, H, S, M, U}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("It has 250 megawatts under contract, compared with 118 today.", 1.18e8),
        ("So 230 megawatts are secured and another 290 are to follow.", 2.9e8),
    ],
)
def test_a_bare_figure_that_is_compared_has_the_unit_before(text: str, value: float) -> None:
    found = find_quantities(text)[-1]
    assert found.value == pytest.approx(value)
    assert found.unit == UNIT.W


def test_a_year_that_is_compared_with_is_no_figure() -> None:
    assert len(find_quantities("It has 250 megawatts, compared with 2024.")) == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # what was said before is left out
        ("Rental prices rose to $118 an hour, from 64 in spring.", [(118, "CCY_USD", E), (64, "CCY_USD", E)]),
        ("A scan took 31 hours instead of 54.", [(111600, "SEC", E), (194400, "SEC", E)]),
        ("It made £3.9 million, up from 0.7.", [(3.9e6, "CCY_GBP", E), (7e5, "CCY_GBP", E)]),
        ("Losses fell to 4 billion yen after 21 billion.", [(4e9, "CCY_JPY", E), (2.1e10, "CCY_JPY", E)]),
        ("The hall draws 21 watts a card, the old one 17.", [(21, "W", E), (17, "W", E)]),
        ("Its staff has grown to 210.", [(210, "NUM", E)]),
        ("Founded in Oslo, employees: about 80.", [(80, "NUM", A)]),
        ("The Tallinn firm has ordered 150 and rents 2,000.", [(150, "NUM", E), (2000, "NUM", E)]),
        ("A Danish cloud took 11,000 for its search engine.", [(11000, "NUM", E)]),
        # parts of a whole, and goods told by their name alone
        ("Behind it hum 16,000 of Orrin's Zeta5X, rented.", [(16000, "NUM", E)]),
        ("It has booked 200,000 of the Zeta 690.", [(200000, "NUM", E)]),
        ("About 340 of the 2,100 employees go.", [(340, "NUM", A), (2100, "NUM", E)]),
        ("Tallow takes 1,050 of the former.", [(1050, "NUM", E)]),
        ("Half of the forty-odd firms will close.", [(50, "PERCENT", E), (40, "NUM", A)]),
        # shares
        ("The works cuts one job in ten.", [(10, "PERCENT", E)]),
        ("Nine queries out of ten stay there.", [(90, "PERCENT", E)]),
        ("It cools every eighth rack in Oslo.", [(12.5, "PERCENT", E)]),
        ("The state fund contributed half.", [(50, "PERCENT", E)]),
        ("No client should exceed a quarter.", [(25, "PERCENT", H)]),
        ("The margin slipped by three points to 47.8%.", [(3, "PERCENT", E), (47.8, "PERCENT", E)]),
        ("It is more than a third of this year's revenue.", [(33.33, "PERCENT", M)]),
        ("It costs twice last year's price.", [(2, "Times", E)]),
        # vague sums
        ("a contract worth several billion dollars", [(1e9, "CCY_USD", L)]),
        ("a multi-billion-euro plan", [(1e9, "CCY_EUR", L)]),
        ("several hundred thousand chips", [(1e5, "NUM", L)]),
        ("a few dozen engineers", [(12, "NUM", L)]),
        # comparators
        ("None of them costs more than $600.", [(600, "CCY_USD", H)]),
        ("The share will not fall below 80%.", [(80, "PERCENT", L)]),
        ("Prices went up to $4,699.", [(4699, "CCY_USD", E)]),
        ("The parts add up to 2.9 exaflops.", [(2.9e18, "FLOPS", E)]),
        ("a contract over 300 megawatts", [(3e8, "W", E)]),
        ("less than the $1.6 billion offered in May", [(1.6e9, "CCY_USD", E)]),
        ("sales of $2.9 billion, plus or minus $100 million", [(2.9e9, "CCY_USD", A), (1e8, "CCY_USD", E)]),
        ("Sales passed €400 million, perhaps €410 million.", [(4e8, "CCY_EUR", M), (4.1e8, "CCY_EUR", A)]),
    ],
)  # fmt: skip
def test_what_is_left_out_or_told_in_other_words(text: str, expected: list[tuple[float, str, Comparator]]) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("At 81 petaflops, it holds place 29 in the list.", 1),
        ("They paid €56 million for Hall 7.", 1),
        ("The stock lost 6% by ten, and then recovered.", 1),
        ("Okoro, who owns 35%, would be a rich man of 31.", 1),
        ("It rose 12% in 2024, and again in 2025.", 1),
        ("Sales fell 4% in the second half.", 1),
        ("It found one flipped bit in five months.", 0),
        ("The first site is full; a third, in Riga, is planned.", 0),
        ("It moves 7 TB every second this way.", 1),
        ("He stayed for half a year.", 0),
        ("The engineers were told to stop every second day.", 0),
        ("The 40% of last year were followed by 9,500 orders a day.", 2),
    ],
)
def test_numbers_that_leave_nothing_out(text: str, count: int) -> None:
    assert len(read(text)) == count


def test_a_number_behind_a_name_is_told_of_it() -> None:
    text = "Micron has 30% and AMD 14, in Titan 250."
    names = [Span(0, 6), Span(text.index("AMD"), text.index("AMD") + 3)]
    assert [q.value for q in find_quantities(text, taken=names)] == [30, 14]


def test_the_currency_may_stand_in_the_sentence_before() -> None:
    sum_ = "The founders had asked for 550 million."
    assert read(sum_) == []
    [quantity] = find_quantities(sum_, before="Orrin has raised €200 million. ")
    assert (quantity.value, quantity.unit) == (5.5e8, UNIT.CCY_EUR)
    assert find_quantities(sum_, before="Orrin has sold 200 machines. ") == ()
