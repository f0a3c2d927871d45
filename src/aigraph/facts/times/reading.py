"""The times of an article's sentences, which deals and claims both ask for: read once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache

from aigraph.facts.figures.reading import names_in, sentence_quantities
from aigraph.facts.times.periods import find_periods
from aigraph.records import BlockKind, Document, Mention, Period, Span

_OPENING = 2
"""Paragraphs at the head of an article whose dates speak for when it was written."""
_LONGEST = timedelta(days=31)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_KEPT = 4096
"""Sentences that are kept: those of one long article."""


def sentence_periods(text: str, sentence: Span, mentions: Sequence[Mention], anchor: date | None) -> tuple[Period, ...]:
    """The times of a sentence outside its names and figures, in order; `text` is the article. See `find_periods`."""
    figures = [quantity.span for quantity in sentence_quantities(text, sentence, mentions)]
    taken = (*names_in(mentions, sentence), *figures)
    return _periods(text[sentence.start : sentence.end], sentence.start, anchor, taken)


def story_day(document: Document) -> date | None:
    """The day that an article's times are told from: that of its publication, else the last one that its opening names.

    A title and the first paragraphs that say "On June 12, 2026" or "April 2026 was" are taken to be news of that time,
    unless the text has more of the year after.
    """
    parts = [int(part) for part in (document.article.issued or "").split("-") if part.isdigit()]
    if parts:
        try:
            return date(parts[0], *[*parts[1:3], 1, 1][:2])
        except ValueError:
            return None
    return _opening_day(document.article.text, _opening(document))


def _opening(document: Document) -> tuple[Span, ...]:
    title = [b.block.span for b in document.blocks if b.block.kind == BlockKind.TITLE]
    told = [b.block.span for b in document.blocks if b.block.kind in (BlockKind.PARAGRAPH, BlockKind.METADATA)]
    return (*title[:1], *told[:_OPENING])


@lru_cache(maxsize=8)
def _opening_day(text: str, opening: tuple[Span, ...]) -> date | None:
    found = [p for span in opening for p in find_periods(text[span.start : span.end])]
    days = [p.first for p in found if p.first is not None and p.last is not None and p.last - p.first < _LONGEST]
    if not days:
        return None
    day, years = max(days), _YEAR.findall(text)
    return day if years.count(str(day.year)) >= years.count(str(day.year + 1)) else None


@lru_cache(maxsize=_KEPT)
def _periods(words: str, offset: int, anchor: date | None, taken: tuple[Span, ...]) -> tuple[Period, ...]:
    return find_periods(words, offset=offset, anchor=anchor, taken=taken)
