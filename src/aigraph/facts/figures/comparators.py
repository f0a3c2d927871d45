"""The comparators around a figure: "over $3 billion", "at least 10%", "none reaches even 10%", "$3 billion or more"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from aigraph.facts.figures.elisions import Figure
from aigraph.facts.figures.wording import Wording
from aigraph.facts.words.windows import search_before
from aigraph.records import Comparator
from aigraph.vocab import UNIT

_TOP = re.compile(r"(?<!\bthe\s)\b(top|pass|passed|passes|passing)\s+$")
_DENIED = re.compile(
    r"(?:\b(?:cannot|neither|never|no|nobody|none|nor|not|nothing|without)\b|n['\u2019]t\b)[^.,;:]{0,40}$",
    re.IGNORECASE,
)
_TURNED = {Comparator.MORE_THAN: Comparator.AT_MOST, Comparator.LESS_THAN: Comparator.AT_LEAST}
_FOLDED = re.compile(r"\b(up to|as much as)\s+an?\s+$", re.IGNORECASE)
_SPREAD = re.compile(r"\b(?:amorti[sz]|depreciat|writ(?:es?|ing|ten)\b|wrote\b)[^.,;:]{0,60}\bover\s+$")
""""Over" behind these tells how long a cost is spread, and not more than how long."""
_WITHIN = re.compile(r"\bwithin\s+$")


def compared(text: str, figures: Sequence[Figure], words: Wording) -> list[Figure]:
    """The figures with the comparators around them; one of two that "and" joins carries over to the second."""
    bounded: list[Figure] = []
    for figure in figures:
        bound = figure if figure.comparator else _bound(text, figure, words)
        if bound.comparator is None and bounded:
            last = bounded[-1]
            gap = text[last.end : bound.start]
            same = last.unit == bound.unit and last.unit not in {UNIT.NUM, UNIT.PERCENT}
            carries = last.comparator not in {None, Comparator.AT_LEAST, Comparator.AT_MOST}
            if same and carries and re.fullmatch(r"(?:\s[\w-]+){0,4}\s(?:and|or)\s", gap):
                bound = replace(bound, comparator=last.comparator)
        bounded.append(bound)
    return bounded


def _bound(text: str, figure: Figure, words: Wording) -> Figure:
    """The figure with its own comparator, if any; `start` and `end` then cover its words."""
    before = search_before(words.before, text, figure.start)
    spread = figure.unit == UNIT.SEC and search_before(_SPREAD, text, figure.start) is not None
    if before and not spread and not search_before(words.foreign, text, before.start(1)):
        comparator = words.comparators[re.sub(r"\s+", " ", before[1]).lower()]
        if comparator in _TURNED and search_before(_DENIED, text, before.start(1)):
            comparator = _TURNED[comparator]  # "will not exceed $3 billion"
        return replace(figure, start=before.start(1), comparator=comparator)
    if (start := _topped(text, figure)) is not None:
        return replace(figure, start=start, comparator=Comparator.MORE_THAN)
    if (start := _folded(text, figure)) is not None:
        return replace(figure, start=start, comparator=Comparator.UP_TO)
    return _bound_otherwise(text, figure, words)


def _topped(text: str, figure: Figure) -> int | None:
    """Where "top" begins in "orders top $3 billion", which "the top 10" is none of."""
    before = search_before(_TOP, text, figure.start)
    return before.start(1) if before and re.match(r"[^\w\s]|[A-Z]{2}", text[figure.start :]) else None


def _folded(text: str, figure: Figure) -> int | None:
    """Where "up to" begins in "up to a hundredfold gain"."""
    before = search_before(_FOLDED, text, figure.start)
    return before.start(1) if before and text[figure.start : figure.end].lower().endswith("fold") else None


def _bound_otherwise(text: str, figure: Figure, words: Wording) -> Figure:
    """The figure with a comparator that is no phrase before it: a vague number, a negation, words behind it."""
    if figure.number.vague:
        return replace(figure, comparator=Comparator.AT_LEAST)
    if search_before(words.negated, text, figure.start):
        return replace(figure, comparator=Comparator.LESS_THAN)
    after = words.after.match(text, figure.end)
    if after:
        comparator = words.comparators[re.sub(r"\s+", " ", after[1]).lower()]
        return replace(figure, end=after.end(1), comparator=comparator)
    if search_before(_WITHIN, text, figure.start) and figure.unit not in {UNIT.NUM, UNIT.PERCENT}:
        return replace(figure, comparator=Comparator.AT_MOST)
    return figure
