"""The times of an article's sentences, which deals and claims both ask for: read once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from aigraph.facts.figures.reading import names_in, sentence_quantities
from aigraph.facts.times.periods import find_periods
from aigraph.records import Mention, Period, Span

_KEPT = 4096
"""Sentences that are kept: those of one long article."""


def sentence_periods(text: str, sentence: Span, mentions: Sequence[Mention], anchor: date | None) -> tuple[Period, ...]:
    """The times of a sentence outside its names and figures, in order; `text` is the article. See `find_periods`."""
    figures = [quantity.span for quantity in sentence_quantities(text, sentence, mentions)]
    taken = (*names_in(mentions, sentence), *figures)
    return _periods(text[sentence.start : sentence.end], sentence.start, anchor, taken)


@lru_cache(maxsize=_KEPT)
def _periods(words: str, offset: int, anchor: date | None, taken: tuple[Span, ...]) -> tuple[Period, ...]:
    return find_periods(words, offset=offset, anchor=anchor, taken=taken)
