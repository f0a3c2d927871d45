"""Attribution: who says what, and how far it reaches."""

from __future__ import annotations

import pytest

from aigraph.facts.speech.attribution import AttributionReader
from aigraph.facts.speech.spoken import covering
from aigraph.records import Modality, Span, UnnamedGroup
from notation import read_notation

READER = AttributionReader()


def speaker_of(text: str, words: str) -> str | None:
    """The label or the end of the IRI of who says some words of a text, read block by block."""
    document, mentions = read_notation(text)
    start = document.article.text.index(words)
    focus = Span(start, start + len(words))
    block = next(b for b in document.blocks if focus in b.block.span)
    found = covering(READER.find(document, block, mentions.mentions), focus)
    if not found:
        return None
    claimant = found[0].claimant
    return claimant.label if isinstance(claimant, UnnamedGroup) else claimant.value.rsplit("/", 1)[-1]


LEE = "[Ann Lee|Person]"
SPEAKERS = [
    # a clause with and without "that"
    (f"{LEE} said that the chip sells well.", "the chip sells", "ann-lee"),
    (f"{LEE} says the chip sells well.", "the chip sells", "ann-lee"),
    ("[Tigris|Company] claims to have cut power by half.", "cut power", "tigris"),
    ("[Tigris|Company] forecasts revenue of $8 billion.", "$8 billion", "tigris"),
    ("[Tigris|Company] expects sales to grow.", "sales to grow", "tigris"),
    ("[Tigris|Company] does not believe that demand will fade.", "demand will fade", "tigris"),
    ("[Tigris|Company] denied that it had sold the unit.", "sold the unit", "tigris"),
    ("[Ferro|Company] puts the price at $2 billion.", "$2 billion", "ferro"),
    ("[Tigris|Company] told analysts that demand is strong.", "demand is strong", "tigris"),
    # asides and appositions
    (f"{LEE}, head of research at [Tigris|Company], stresses that speed matters.", "speed matters", "ann-lee"),
    (f"[Tigris|Company]'s chief executive, {LEE}, has said that speed matters.", "speed matters", "ann-lee"),
    (f"[Tigris|Company] boss {LEE} said speed matters.", "speed matters", "ann-lee"),
    (f"{LEE}, who works on chips, says the part adds speed.", "the part adds", "ann-lee"),
    ("[Tigris|Company] and [Ferro|Company] said that they had signed.", "had signed", "tigris"),
    # quotations, before and behind
    (f'"Demand is strong," said {LEE}.', "Demand is strong", "ann-lee"),
    (f'"Demand is strong," {LEE} said. "It will stay so."', "It will stay so", "ann-lee"),
    (f'"Demand," {LEE} said, "is strong."', "is strong", "ann-lee"),
    (f'{LEE} said: "Demand is strong. It will stay so."', "It will stay so", "ann-lee"),
    (f'"Demand is strong," {LEE} told [Ferro|Company].', "Demand is strong", "ann-lee"),
    # reporting clauses
    ("The plant is full, analysts say.", "The plant is full", "analysts"),
    ("The plant, analysts say, will be full by May.", "will be full", "analysts"),
    (f"The plant is full, says {LEE}; prices fell in March.", "The plant is full", "ann-lee"),
    ("The plant is full, the company said in a statement.", "The plant is full", None),
    ("[Tigris|Company] has a plant. The plant is full, the company said in a statement.", "plant is full", "tigris"),
    # with a time or place, and a subject parted by commas
    (f"Debt has risen, {LEE} warned in June.", "Debt has risen", "ann-lee"),
    (f"[Ferro|Company] is buying, and its founder, {LEE}, has promised to invest.", "invest", "ann-lee"),
    # the owner of an estimate before the one who speaks
    (
        "[Tigris|Company] forecasts sales of $3 billion, above analysts' average estimate of $2 billion.",
        "$2 billion",
        "analysts",
    ),
    # the passive
    ("Sales are expected by analysts to rise.", "to rise", "analysts"),
    (f"The part was described by {LEE} as bold.", "The part", "ann-lee"),
    # other sources
    ("According to [Ferro|Company], the plant is full.", "the plant is full", "ferro"),
    ("The plant is full, according to analysts at [Ferro|Company].", "The plant is full", "ferro"),
    ("In [Ferro|Company]'s view, the plant is full.", "the plant is full", "ferro"),
    ("Sales beat [Tigris|Company]'s own guidance of $3 billion.", "$3 billion", "tigris"),
    ("Sales came ahead of the $17 billion that analysts had expected.", "$17 billion", "analysts"),
    (
        "Two people familiar with the matter said that the plant is full.",
        "the plant is full",
        "people familiar with the matter",
    ),
    # bodies and people that are not named
    (
        "[Tigris|Company] has a plant. [Ferro|Company] saw it. [Tigris|Company] runs it. Both sides say it is full.",
        "it is full",
        "tigris",
    ),
    ("[Tigris|Company] will merge with [Ferro|Company], the Danish investor said on Friday.", "will merge", "tigris"),
    (
        "The plant is full, two bankers involved in the sale told [Ferro|Company].",
        "The plant is full",
        "bankers involved in the sale",
    ),
    ("People in the trade say it may buy [Corvid|Company].", "it may buy", "people in the trade"),
    # asides before the verb
    ("[Tigris|Company], by contrast, announced in May that [Ferro|Company] will buy it.", "will buy it", "tigris"),
    (f"[Tigris|Company]'s founder, {LEE}, expects his company to go public in 2027.", "his company", "ann-lee"),
    (
        f"Chips are cheap, says {LEE}, a trader at [Ferro|Company], who doubts that demand will last.",
        "demand will last",
        "ann-lee",
    ),
    # denials, characterisations, quotations at second hand
    ("[Tigris|Company] contests this and puts the loss at 3%.", "3%", "tigris"),
    (f"{LEE} characterised the market as crowded.", "the market", "ann-lee"),
    (f"The chip sells, and {LEE} is quoted as saying that it sells out.", "it sells out", "ann-lee"),
    ("Outside reports suggest that the plant is full.", "the plant is full", "outside reports"),
]


@pytest.mark.parametrize(("text", "words", "speaker"), SPEAKERS)
def test_speaker(text: str, words: str, speaker: str | None) -> None:
    assert speaker_of(text, words) == speaker


UNSPOKEN = [
    ("[Tigris|Company] plans to spend $8 billion.", "$8 billion"),
    ("[Tigris|Company] aims to spend $8 billion.", "$8 billion"),
    ("[Tigris|Company] announced the [Q7|Chip] in May.", "in May"),
    ("[Tigris|Company] has not said how much it will spend.", "it will spend"),
    (f"{LEE} asked whether the plant is full.", "the plant is full"),
    (f"The plant is full, says {LEE}; prices fell in March.", "prices fell"),
    (f'"The plant is full," says {LEE}, who founded [Tigris|Company] and runs it.', "who founded"),
    ("[Tigris|Company], founded in May, makes chips.", "makes chips"),
    ("The plant costs, say, 10% more.", "10%"),
    ("The chip, announced on May 2, was delayed.", "was delayed"),
    ("A service called [Skein|Software] is expected to help.", "to help"),
    ("It suggests that demand is strong.", "demand is strong"),
    ("[Tigris|Company] called for new rules.", "new rules"),
    ("Rivals must act before competitors can claim more ground.", "more ground"),
    ("[Tigris|Company] saw sales rise by 8%.", "8%"),
]


@pytest.mark.parametrize(("text", "words"), UNSPOKEN)
def test_what_the_article_says_itself_has_no_speaker(text: str, words: str) -> None:
    assert speaker_of(text, words) is None


@pytest.mark.parametrize(
    ("text", "modality"),
    [
        (f"{LEE} said that sales rose.", Modality.ASSERTED),
        (f"{LEE} expects sales to rise.", Modality.FORECAST),
        (f"{LEE} argues that size matters.", Modality.OPINION),
        ("[Ferro|Company] reports that [Tigris|Company] has sold the unit.", Modality.REPORTED),
        ("Sources say that the unit was sold.", Modality.REPORTED),
        ("[Tigris|Company] promises 40% better efficiency.", Modality.ASSERTED),
        ("[Tigris|Company] promised to invest heavily.", Modality.FORECAST),
    ],
)
def test_the_verb_of_saying_tells_the_modality(text: str, modality: Modality) -> None:
    document, mentions = read_notation(text)
    (found,) = READER.find(document, document.blocks[0], mentions.mentions)
    assert found.modality == modality


def test_of_nested_speakers_the_outer_one_counts() -> None:
    text = f"{LEE} said that [Tigris|Company] expects sales to grow."
    assert speaker_of(text, "sales to grow") == "ann-lee"


def test_it_adds_goes_on_with_the_speaker_before() -> None:
    text = "[Ferro|Company] notes that the chip is large. [Tigris|Company] could make it too, it adds."
    assert speaker_of(text, "could make") == "ferro"


def test_a_denial_is_marked() -> None:
    document, mentions = read_notation("[Tigris|Company] denied that it had sold the unit.")
    (found,) = READER.find(document, document.blocks[0], mentions.mentions)
    assert found.denied
    assert found.past
