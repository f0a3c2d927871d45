"""The times of an article's sentences, which deals and claims both ask for: read once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from aigraph.facts.figures.reading import names_in, sentence_quantities
from aigraph.facts.times.periods import find_periods, is_dateline
from aigraph.facts.times.relative_times import lies_ahead
from aigraph.facts.times.timewords import time_words
from aigraph.records import BlockKind, Document, Mention, Period, Span

if TYPE_CHECKING:
    from spacy.tokens import Token

_OPENING = 2
"""Paragraphs at the head of an article whose dates speak for when it was written."""
_HEAD = 6
"""Blocks at the head of an article among which its dateline stands."""
_LINE = 90
"""Characters of a line that tells where and when an article was written."""
_PUBLISHING = frozenset(
    {"compile", "correct", "file", "issue", "post", "print", "publish", "release", "revise", "update", "write"}
)
"""Verbs of such a line."""
_DATED = frozenset({"date", "dated", "filed", "issued", "last updated", "posted", "published", "released", "updated"})
"""What may stand before a colon there."""
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
    """The day that an article's times are told from: that of its publication, of its dateline, or one of its opening.

    A line at its head that tells a day and little else ("Boulder, 18 February 2027") is a dateline too. Else a title
    and the first paragraphs that say "On June 12, 2026" or "April 2026 was" are taken to be news of that time, the last
    that they name, unless the text has more of the year after.
    """
    parts = [int(part) for part in (document.article.issued or "").split("-") if part.isdigit()]
    if parts:
        try:
            return date(parts[0], *[*parts[1:3], 1, 1][:2])
        except ValueError:
            return None
    return _dateline_day(document) or _opening_day(document.article.text, _opening(document))


def _dateline_day(document: Document) -> date | None:
    """The day of a dateline, or of a line without a verb, among the first blocks behind the title."""
    for block in document.blocks[:_HEAD]:
        words = block.doc.text[:_LINE]
        for period in find_periods(words) if block.block.kind != BlockKind.TITLE else ():
            if period.first is None or period.last is None or period.last - period.first >= _LONGEST:
                continue
            alone = len(block.doc.text) < _LINE and _is_label(words[: period.span.start])
            alone = alone and not any(map(_tells, block.doc)) and not lies_ahead(words, period.span.start, time_words())
            if alone or is_dateline(words, period.span):
                return period.first
    return None


def _is_label(before: str) -> bool:
    """May the words before the day of a line say when the article was written: no others stand before a colon?"""
    label, colon, _ = before.rpartition(":")
    return not colon or label.strip().casefold() in _DATED


def _tells(token: Token) -> bool:
    """Is a word a verb, and none of those of bylines: "posted 18 January 2026"?"""
    return token.pos_ == "AUX" or (token.pos_ == "VERB" and token.lemma_ not in _PUBLISHING)


def _opening(document: Document) -> tuple[Span, ...]:
    title = [b.block.span for b in document.blocks if b.block.kind == BlockKind.TITLE]
    told = [b.block.span for b in document.blocks if b.block.kind in (BlockKind.PARAGRAPH, BlockKind.METADATA)]
    return (*title[:1], *told[:_OPENING])


@lru_cache(maxsize=8)
def _opening_day(text: str, opening: tuple[Span, ...]) -> date | None:
    days = [
        period.first
        for words in (text[span.start : span.end] for span in opening)
        for period in find_periods(words)
        if period.first is not None and period.last is not None and period.last - period.first < _LONGEST
        if not lies_ahead(words, period.span.start, time_words())
    ]
    if not days:
        return None
    day, years = max(days), _YEAR.findall(text)
    return day if years.count(str(day.year)) >= years.count(str(day.year + 1)) else None


@lru_cache(maxsize=_KEPT)
def _periods(words: str, offset: int, anchor: date | None, taken: tuple[Span, ...]) -> tuple[Period, ...]:
    return find_periods(words, offset=offset, anchor=anchor, taken=taken)
