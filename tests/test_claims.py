"""Claims: figures with what they are about, what they measure and who says so; attributed statements; tables."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest
from pyoxigraph import NamedNode

from aigraph.facts import FactFinder, extractors
from aigraph.facts.claims.finder import ClaimFinder
from aigraph.facts.claims.merging import merge
from aigraph.facts.claims.metricwords import load_metric_words
from aigraph.facts.claims.priors import ATTRIBUTED, FIGURE
from aigraph.facts.claims.tables import CELL
from aigraph.facts.speech.attribution import AttributionReader
from aigraph.ontology import Ontology, load_ontology
from aigraph.records import (
    Article,
    Block,
    BlockKind,
    Claim,
    Comparator,
    Concept,
    Document,
    Mentions,
    Modality,
    Polarity,
    Span,
    UnnamedGroup,
)
from aigraph.vocab import AIG, UNIT, Iris
from notation import read_notation

IRIS = Iris()
LEE = "[Ann Lee|Person]"


@cache
def ontology() -> Ontology:
    return load_ontology()


@cache
def finder() -> ClaimFinder:
    return ClaimFinder(ontology(), IRIS, AttributionReader())


def read(text: str, issued: str | None = None) -> tuple[Claim, ...]:
    document, mentions = read_notation(text, IRIS)
    document = replace(document, article=replace(document.article, issued=issued))
    return finder().find(document, mentions)


def figure(text: str, value: float, issued: str | None = None) -> Claim:
    """The claim of a text with a figure of that value."""
    return next(c for c in read(text, issued) if c.quantity is not None and c.quantity.value == pytest.approx(value))


def name(node: NamedNode | Concept | UnnamedGroup | None) -> str | None:
    if isinstance(node, NamedNode):
        return node.value.rsplit("/", 1)[-1]
    return node.label if node is not None else None


ABOUT = [
    # the subject, with possessors, appositions, asides and relative clauses
    ("[Tigris|Company] earned $8 billion.", 8e9, "tigris"),
    ("[Tigris|Company]'s [Q7|Chip] has 80GB of memory.", 8e10, "q7"),
    ("[Tigris|Company], which leases the site from [Ferro|Company], spent $8 billion.", 8e9, "tigris"),
    ("In [Norway|Place], [Tigris|Company] spent $8 billion.", 8e9, "tigris"),
    ("The result, the [Q7|Chip], has 900,000 cores.", 9e5, "q7"),
    ("At its heart is the [Q7|Chip], a processor with 80GB of memory.", 8e10, "q7"),
    ("[Tigris|Company] buys [Corvid|Company], whose revenue reached $8 billion.", 8e9, "corvid"),
    # shared subjects and clauses
    ("[Tigris|Company] earned $2 billion and spent $8 billion.", 8e9, "tigris"),
    ("[Tigris|Company] earned $2 billion, while [Ferro|Company] spent $8 billion.", 8e9, "ferro"),
    ("[Ann Lee|Person] said that [Tigris|Company] spent $8 billion.", 8e9, "tigris"),
    ("[Ferro|Company] expects [Tigris|Company] to spend $8 billion.", 8e9, "tigris"),
    # the figure in the subject
    ("More than 90% of the parts come from [Tigris|Company].", 90, "tigris"),
    # what is spoken of before
    ("[Tigris|Company] grew fast. Quarterly revenue came to $8 billion.", 8e9, "tigris"),
    ("The [Q7|Chip] is small. A single chip offers 400 teraflops.", 4e14, "q7"),
    # deals
    ("[Tigris|Company] bought [Corvid|Company] for $8 billion.", 8e9, "corvid"),
    ("The acquisition of [Corvid|Company] was completed. [Tigris|Company] paid $8 billion.", 8e9, "corvid"),
    ("A round valued [Corvid|Company] at $8 billion.", 8e9, "corvid"),
    ("[Tigris|Company] will pay $8 billion for [Corvid|Company].", 8e9, "corvid"),
    ("In 2021 [Tigris|Company] offered $8 billion for [Corvid|Company].", 8e9, "corvid"),
    ("[Tigris|Company] built [Deep Well|System] in 2024 for $8 billion.", 8e9, "deep-well"),
    ("[Tigris|Company] paid $8 billion for chips from [Corvid|Company].", 8e9, "tigris"),
    # parts of a sentence that are not its subject
    ("With [Ferro|Company], its partner in the venture, [Tigris|Company] spent $8 billion.", 8e9, "tigris"),
    ("[Tigris|Company], whose [Q7|Chip] packed 900,000 cores, closed.", 9e5, "q7"),
    ("[Tigris|Company] brings the [Q7|Chip], a line of processors with 512 cores.", 512, "q7"),
    ("The successor to the [Q7|Chip], code-named [Q8|Chip], moves to 3nm.", 3e-9, "q8"),
    ("Used [H7s|Chip] fetch $9,000 apiece.", 9000, "h7s"),
    ("[Ann Lee|Person] of [Ferro|Company] says that [Tigris|Company] grew. It lost $8 billion.", 8e9, "tigris"),
    # others
    ("[Tigris|Company] held 62% of the market, against 21% for [Ferro|Company].", 21, "ferro"),
    ("The memory market will expand to $100 billion.", 1e11, "memory market"),
    ("The market for gallium wafers will grow 45% in 2026.", 45, "gallium wafers market"),
    ("By 2030, ASICs will account for 30% of shipments.", 30, "custom AI chips"),
    ("The [Q7|Chip] is new. [Tigris|Company]'s next processor needs only 300 watts.", 300, "q7"),
    ("[Tigris|Company]'s CEO, [Ann Lee|Person], has spoken of commitments of $8 billion.", 8e9, "tigris"),
    ("[Ann Lee|Person] pledged $8 billion for research.", 8e9, "ann-lee"),
]


@pytest.mark.parametrize(("text", "value", "about"), ABOUT)
def test_what_a_figure_is_about(text: str, value: float, about: str) -> None:
    assert name(figure(text, value).about) == about


METRICS = [
    ("[Tigris|Company] had revenue of $8 billion.", 8e9, "Revenue"),
    ("[Tigris|Company] made $8 billion in revenue.", 8e9, "Revenue"),
    ("[Tigris|Company]'s revenue rose 24% to $8 billion.", 24, "RevenueGrowth"),
    ("[Tigris|Company]'s revenue rose 24% to $8 billion.", 8e9, "Revenue"),
    ("[Tigris|Company]'s cloud sales, which are a third of the total, climbed 54% to $2 billion.", 2e9, "CloudRevenue"),
    ("[Tigris|Company]'s gross margin stood at 62%.", 62, "GrossMargin"),
    ("[Tigris|Company] held 62% of the HBM market.", 62, "MarketShare"),
    ("Phones supplied 55% of [Tigris|Company]'s revenue.", 55, "RevenueShare"),
    ("[Tigris|Company] stock closed 5% higher.", 5, "SharePriceChange"),
    ("[Tigris|Company] bought [Corvid|Company] for $8 billion.", 8e9, "PurchasePrice"),
    ("In 2021 [Tigris|Company] offered $8 billion for [Corvid|Company].", 8e9, "PurchasePrice"),
    ("[Tigris|Company] lost $8 billion last year.", 8e9, "NetLoss"),
    ("[Tigris|Company] stock closed at $80.", 80, "SharePrice"),
    ("[Tigris|Company] holds 40%.", 40, "Stake"),
    ("[Tigris|Company] sold a fifth of its cloud business to [Ferro|Company].", 20, "Stake"),
    ("[Tigris|Company] employs 310 people.", 310, "EmployeeCount"),
    ("[Tigris|Company] will cut 140 jobs.", 140, "JobCuts"),
    ("[Tigris|Company] will create 140 jobs.", 140, "JobsCreated"),
    ("[Tigris|Company] raised $8 million in a Series B round.", 8e6, "FundingRound"),
    ("[Tigris|Company] has an order backlog of $8 billion.", 8e9, "OrderBacklog"),
    ("[Tigris|Company] raised its capital budget to $8 billion.", 8e9, "CapitalExpenditure"),
    ("The [Q7|Chip] is made on a 3nm process.", 3e-9, "ProcessNode"),
    ("The [Q7|Chip] draws 700 watts.", 700, "PowerDraw"),
    ("[Tigris|Company] has contracted power of 2.9GW.", 2.9e9, "PowerCapacity"),
    ("The [Q7|Chip] carries 80GB of HBM3.", 8e10, "MemoryCapacity"),
    ("The [Q7|Chip] has 272MB of SRAM.", 2.72e8, "OnChipMemory"),
    ("The [Q7|Chip] has a memory bandwidth of 7 TB/s.", 7e12, "MemoryBandwidth"),
    ("The [Q7|Chip] delivers 10 petaflops at FP4.", 1e16, "FP4Performance"),
    ("The [Q7|Chip] packs 140 billion transistors.", 1.4e11, "TransistorCount"),
    ("The [Q7|Chip] is 40% more energy-efficient.", 40, "EfficiencyGain"),
]


@pytest.mark.parametrize(("text", "value", "metric"), METRICS)
def test_metric(text: str, value: float, metric: str) -> None:
    found = figure(text, value).metric
    assert found is not None
    assert found.listed
    assert AIG.local(found.iri) == metric


def test_an_unlisted_metric_is_minted_from_the_text() -> None:
    found = figure("[Tigris|Company] owes $8 million in antitrust fines.", 8e6).metric
    assert found == Concept(IRIS.thing("Metric", "antitrust fines"), "antitrust fines", listed=False)


def test_a_share_takes_the_noun_phrase_before_it() -> None:
    assert name(figure("[Tigris|Company] borrowed at an interest rate of 9%.", 9).metric) == "interest rate"
    assert name(figure("[Ferro|Company] puts the loss of accuracy at 3%.", 3).metric) == "loss of accuracy"


def test_a_count_is_of_what_is_counted() -> None:
    found = figure("[Tigris|Company] runs 40 greenhouses.", 40).metric
    assert name(found) == "greenhouses"


def test_an_elliptic_figure_has_the_metric_of_the_one_before() -> None:
    claim = figure("[Tigris|Company] held 62% of the market, against 21% for [Ferro|Company].", 21)
    assert claim.metric is not None
    assert AIG.local(claim.metric.iri) == "MarketShare"


STANCES = [
    ("[Tigris|Company] will spend $8 billion.", 8e9, Modality.FORECAST, None),
    ("[Tigris|Company] expects revenue of $8 billion.", 8e9, Modality.FORECAST, "tigris"),
    ("[Tigris|Company] plans to spend $8 billion.", 8e9, Modality.FORECAST, None),
    ("[Tigris|Company] will reportedly spend $8 billion.", 8e9, Modality.REPORTED, None),
    ("[Ferro|Company] reports that [Tigris|Company] will spend $8 billion.", 8e9, Modality.REPORTED, "ferro"),
    (f"{LEE} said that it expects revenue to exceed $9 billion.", 9e9, Modality.FORECAST, "ann-lee"),
    ("[Tigris|Company] signed a contract for $8 billion.", 8e9, Modality.ASSERTED, None),
    ("The site will draw 2 gigawatts once all eight halls are finished.", 2e9, Modality.FORECAST, None),
    ("[Tigris|Company] claims a fourfold gain.", 4, Modality.ASSERTED, "tigris"),
    ("By 2027, analysts suggest, chips could cost $90.", 90, Modality.FORECAST, "analysts"),
    ("The [Q7|Chip] has 64 cores and should deliver 10 petaflops.", 1e16, Modality.FORECAST, None),
    ("[Tigris|Company] will pay $8 billion for [Corvid|Company].", 8e9, Modality.ASSERTED, None),
    ("[Tigris|Company] plans to pay $8 billion for [Corvid|Company].", 8e9, Modality.FORECAST, None),
    ("About 30% of output will move, analysts say.", 30, Modality.FORECAST, "analysts"),
    # what would be, without a condition beside it
    ("The round would value [Tigris|Company] at $8 billion.", 8e9, Modality.FORECAST, None),
    ("Each of the sites would have 900 racks.", 900, Modality.FORECAST, None),
]


@pytest.mark.parametrize(("text", "value", "modality", "claimant"), STANCES)
def test_stance_of_a_figure(text: str, value: float, modality: Modality, claimant: str | None) -> None:
    claim = figure(text, value)
    assert (claim.modality, name(claim.claimant)) == (modality, claimant)


@pytest.mark.parametrize(
    "text",
    [
        "If every tranche were exercised, [Tigris|Company] would own 10% of it.",
        "Would [Tigris|Company] spend $8 billion?",
        "If [Tigris|Company] cannot build chips that cost less, the $8 billion bet might fail.",
        "When you process 900,000 queries a day, cost matters.",
        "A model that takes five seconds is a failure.",
        "Should prices fall by 10%, [Tigris|Company] might suffer.",
        "[Tigris|Company] would own 10% of it if every tranche were exercised.",
        "Unless prices fall, [Tigris|Company] would need $8 billion.",
    ],
)
def test_conditions_and_questions_are_no_claims(text: str) -> None:
    assert read(text) == ()


def test_a_figure_that_even_is_not_reached_is_no_denial() -> None:
    claim = figure("None of them reaches even 10% of [Tigris|Company]'s sales.", 10)
    assert claim.polarity == Polarity.AFFIRMED
    assert claim.quantity is not None
    assert claim.quantity.comparator == Comparator.LESS_THAN


def test_a_budget_for_a_time_to_come_is_a_forecast() -> None:
    text = "[Tigris|Company] has set aside $8 billion for capital expenditure in {}."
    assert figure(text.format(2027), 8e9, issued="2026-01-15").modality == Modality.FORECAST
    assert figure(text.format(2024), 8e9, issued="2026-01-15").modality == Modality.ASSERTED


def test_results_hold_for_the_quarter_that_the_text_reports_on() -> None:
    text = "In the third quarter of 2025 [Tigris|Company] did well. Gross margin stood at 62%."
    period = figure(text, 62).period
    assert period is not None
    assert period.edtf == "2025-35"


def test_the_time_of_another_clause_does_not_count() -> None:
    text = "By December [Tigris|Company] wants to have 250 megawatts, and it has reserved 2,000 racks."
    assert figure(text, 2000, issued="2026-04-22").period is None
    text = "[Tigris|Company] employs 310 people and reported revenue of $8 billion for 2025."
    assert figure(text, 310).period is None
    assert figure(text, 8e9).period is not None


def test_a_range_is_two_claims() -> None:
    claims = read("[Tigris|Company] forecasts revenue of $34.6 billion to $35.8 billion.")
    assert [c.quantity.comparator for c in claims if c.quantity] == [Comparator.AT_LEAST, Comparator.AT_MOST]


def test_a_figure_told_twice_is_one_claim_with_both_sentences() -> None:
    claims = read("[Tigris|Company] had revenue of $8 billion.\n[Tigris|Company] had revenue of $8 billion.")
    assert len(claims) == 1
    assert len(claims[0].evidence) == 2


def test_merging_keeps_claims_of_other_claimants_apart() -> None:
    (claim,) = read("[Tigris|Company] had revenue of $8 billion.")
    other = replace(claim, claimant=UnnamedGroup("analysts"))
    assert len(merge([claim, other, claim])) == 2


def test_the_text_of_merged_claims_is_that_of_their_first_sentence() -> None:
    title = figure("[Tigris|Company] earned $8 billion.", 8e9)
    told = replace(title, text="Tigris has earned $8 billion", evidence=(Span(50, 90),))
    (merged,) = merge([title, told], frozenset({title.evidence[0]}))
    assert (merged.text, merged.evidence) == (told.text, (*told.evidence, *title.evidence))


def test_a_power_is_what_a_chip_draws_once_the_chip_is_known() -> None:
    _, mentions = read_notation("The [Q7|Chip] of [Tigris|Company] is new.", IRIS)
    bare = figure("[Tigris|Company] speaks of 17 watts.", 17)
    chip, firm = (replace(bare, about=mention.entity) for mention in mentions.mentions)
    assert name(bare.metric) == "power capacity"
    assert [name(claim.metric) for claim in finder().redrawn([chip, firm], mentions)] == [
        "power draw",
        "power capacity",
    ]
    worded = replace(chip, metric_text="capacity")
    assert finder().redrawn([worded], mentions) == (worded,)


# --- attributed statements ----------------------------------------------------------------------------------


def test_a_statement_without_a_figure_is_a_claim() -> None:
    (claim,) = read(f"{LEE} argues that the [Q7|Chip] is a bold design.")
    assert claim.extractor == ATTRIBUTED
    assert (name(claim.about), name(claim.claimant), claim.modality) == ("q7", "ann-lee", Modality.OPINION)
    assert claim.quantity is None


TWO = "[Tigris|Company] sells lasers, and [Ferro|Company] sells lasers.\n\n"
ONE = "[Tigris|Company] sells lasers. [Tigris|Company] and [Ferro|Company] met. [Tigris|Company] won.\n\n"


@pytest.mark.parametrize(
    ("text", "about"),
    [
        (f"{TWO}Reliability is solved on paper only, says {LEE}.", "Reliability"),
        (f"{TWO}The reliability of it all is solved on paper only, says {LEE}.", "tigris"),
        (f"{TWO}Everything is solved on paper only, says {LEE}.", "tigris"),
        (f"{TWO}It is solved on paper only, says {LEE}.", "tigris"),
        (f"{ONE}Reliability is solved on paper only, says {LEE}.", "tigris"),
    ],
)
def test_in_an_article_of_several_firms_a_noun_stands_for_itself(text: str, about: str) -> None:
    (claim,) = (claim for claim in read(text) if claim.extractor == ATTRIBUTED)
    assert name(claim.about) == about


def test_several_propositions_are_several_claims() -> None:
    claims = read(f"{LEE} said that the [Q7|Chip] sells well and that [Tigris|Company] is growing.")
    assert [name(c.about) for c in claims] == ["q7", "tigris"]


def test_an_attributed_denial_is_negated() -> None:
    (claim,) = read(f"{LEE} does not believe that demand will fade.")
    assert (claim.polarity, claim.modality) == (Polarity.NEGATED, Modality.FORECAST)


@pytest.mark.parametrize(
    "text",
    [
        "[Tigris|Company] has not said how it splits its work.",
        f"{LEE} asked whether the [Q7|Chip] is fast.",
        "The [Q7|Chip] is a bold design.",
        "[Tigris|Company] has not confirmed this.",
    ],
)
def test_what_nobody_says_is_no_claim(text: str) -> None:
    assert read(text) == ()


# --- tables -------------------------------------------------------------------------------------------------


def table(source: str = "Source: [Ferro|Company] estimates") -> tuple[Document, Mentions]:
    """A table with two systems as its columns, one line a row."""
    rows = "Metric | [CX 1|System] | [CX 2|System]\nPower draw | 559 kW | 145 kW\nAccelerators | 384 | 72"
    document, mentions = read_notation(f"{rows}\n{source}", IRIS)
    header: tuple[Span, ...] = ()
    blocks = []
    for read_block in document.blocks:
        span = read_block.block.span
        text = document.article.text[span.start : span.end]
        cells, at = [], span.start
        for cell in text.split(" | "):
            cells.append(Span(at, at + len(cell)))
            at += len(cell) + 3
        kind = BlockKind.TABLE_ROW if len(cells) > 1 else BlockKind.METADATA
        block = Block(kind, span, tuple(cells) if len(cells) > 1 else (), header)
        header = header or tuple(cells)
        blocks.append(replace(read_block, block=block))
    article = Article("table", document.article.text, tuple(b.block for b in blocks), "0" * 64)
    return Document(article, tuple(blocks)), mentions


def test_cells_of_a_table() -> None:
    claims = finder().find(*table())
    found = [(name(c.about), name(c.metric), c.quantity.value, c.quantity.unit) for c in claims if c.quantity]
    assert found == [
        ("cx-1", "power draw", 559e3, UNIT.W),
        ("cx-2", "power draw", 145e3, UNIT.W),
        ("cx-1", "number of chips", 384, UNIT.NUM),
        ("cx-2", "number of chips", 72, UNIT.NUM),
    ]
    assert {c.extractor for c in claims} == {CELL}
    assert {name(c.claimant) for c in claims} == {"ferro"}


def test_a_source_line_without_a_name_is_an_unnamed_group() -> None:
    claims = finder().find(*table("Source: company data"))
    assert {name(c.claimant) for c in claims} == {"company data"}


@pytest.mark.parametrize(
    ("line", "claimant"),
    [
        ("Source: vendors; the power of [Ferro|Company]'s part is its peak", "vendors"),
        ("Source: manufacturers. The figures of [Ferro|Company] are for two chips", "manufacturers"),
        ("Source: our own tests (with a compiler from [Ferro|Company])", "our own tests"),
        ("Source: [Ferro|Company]; prices without tax", "ferro"),
        ("Source: company reports, [Ferro|Company]", "ferro"),
    ],
)
def test_what_else_a_source_line_tells_names_no_source(line: str, claimant: str) -> None:
    assert {name(c.claimant) for c in finder().find(*table(line))} == {claimant}


# --- all facts ----------------------------------------------------------------------------------------------


def test_facts_are_the_same_every_time() -> None:
    document, mentions = read_notation(f"[Tigris|Company] makes the [Q7|Chip]. {LEE} said it has 900,000 cores.", IRIS)
    first, second = (FactFinder(ontology(), IRIS).find(document, mentions) for _ in range(2))
    assert first == second
    assert [c.extractor for c in first.claims] == [FIGURE]


def test_every_extractor_is_described_once_in_order() -> None:
    names = [extractor.name for extractor in extractors()]
    assert names == sorted(set(names))
    assert {FIGURE, ATTRIBUTED, CELL} <= set(names)
    assert all(extractor.description for extractor in extractors())


def test_metric_words_name_metrics_of_the_ontology() -> None:
    known = {AIG.local(metric.iri) for metric in ontology().metrics}
    words = load_metric_words()
    named = {*words.cues, *words.growth, *words.growth.values(), *words.parts.values(), *words.defaults.values()}
    assert named | words.results | words.planned | words.vague <= known
