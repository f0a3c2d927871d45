"""The figures of an article's sentences, which relations, deals, claims and links all ask for: read once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from pyoxigraph import NamedNode

from aigraph.facts.figures.quantities import find_quantities
from aigraph.facts.figures.units import units
from aigraph.facts.words.sentences import within
from aigraph.records import Mention, MentionKind, Quantity, Span

_KEPT = 4096
"""Sentences that are kept: those of one long article."""
_BEFORE = 300
"""So many characters of the paragraph before a figure may name its currency or unit."""


def names_in(mentions: Sequence[Mention], sentence: Span) -> tuple[Span, ...]:
    """The names that touch a sentence; `mentions` are those of the article, in order."""
    return tuple(m.span for m in within(mentions, sentence) if m.kind == MentionKind.NAME)


def sentence_quantities(text: str, sentence: Span, mentions: Sequence[Mention]) -> tuple[Quantity, ...]:
    """The figures of a sentence outside its names, in order; `text` is the article. See `find_quantities`."""
    words = text[sentence.start : sentence.end]
    before = text[max(text.rfind("\n", 0, sentence.start) + 1, sentence.start - _BEFORE) : sentence.start]
    return _quantities(words, sentence.start, names_in(mentions, sentence), before, units().crown(words, text))


@lru_cache(maxsize=_KEPT)
def _quantities(
    words: str, offset: int, names: tuple[Span, ...], before: str, crown: NamedNode | None
) -> tuple[Quantity, ...]:
    return find_quantities(words, offset=offset, taken=names, before=before, crown=crown)
