"""A sentence in its article, as rules for deals look at it: its line, figures and periods."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from aigraph.facts.figures.reading import sentence_quantities
from aigraph.facts.patterns.lines import Line
from aigraph.facts.times.reading import sentence_periods
from aigraph.records import (
    Document,
    Mentions,
    Period,
    Quantity,
    ReadBlock,
    Sentence,
    Span,
)
from aigraph.vocab import UNIT


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence with all that its deals are read against."""

    document: Document
    block: ReadBlock
    sentence: Sentence
    line: Line
    mentions: Mentions
    quantities: tuple[Quantity, ...]
    periods: tuple[Period, ...]

    @property
    def text(self) -> str:
        """The words of the sentence."""
        return self.document.article.text[self.sentence.span.start : self.sentence.span.end]


def read_passage(document: Document, block: ReadBlock, sentence: Sentence, line: Line, mentions: Mentions) -> Passage:
    """The sentence with its figures and periods."""
    text, span = document.article.text, sentence.span
    quantities = sentence_quantities(text, span, mentions.mentions)
    periods = sentence_periods(text, span, mentions.mentions, _day(document.article.issued))
    return Passage(document, block, sentence, line, mentions, quantities, periods)


def _day(issued: str | None) -> date | None:
    """The first day of an EDTF date ("2026-03-18", "2026-03"); None for anything else."""
    try:
        return date.fromisoformat((issued or "") + "-01" * (2 - (issued or "").count("-")))
    except ValueError:
        return None


def worth(quantities: Sequence[Quantity], focus: Span) -> Quantity | None:
    """What a deal is worth: the sum of money nearest to its words, else power or a count inside them."""
    money = [q for q in quantities if UNIT.local(q.unit).startswith("CCY_")]
    if money:
        return min(money, key=lambda q: (max(q.span.start - focus.end, focus.start - q.span.end, 0), q.span))
    return next((q for q in quantities if q.unit == UNIT.W and q.span.overlaps(focus)), None)
