"""Quotations: what somebody says goes on to the closing mark, and over the quotations that follow at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from aigraph.facts.speech.spoken import Attribution
from aigraph.records import Span

_GAP = 12
"""Words between two quotations up to which the second is taken for the same speaker's."""


def over_quotations(text: str, block: Span, found: Sequence[Attribution]) -> tuple[Attribution, ...]:
    """Attributions whose content reaches to the end of the quotations that it touches.

    A later quotation of the block is the same speaker's where little stands between and nobody else speaks.
    """
    marks = quotations(text, block)
    result = []
    for attribution in found:
        content = list(attribution.content)
        for number, quotation in enumerate(marks):
            if any(quotation.overlaps(part) for part in content) and not _within(attribution, quotation):
                content.append(quotation)
                content += _followers(text, attribution, found, marks[number:])
        result.append(replace(attribution, content=_joined(content)))
    return tuple(result)


def _within(attribution: Attribution, quotation: Span) -> bool:
    """Does a speaker stand in the words of another: "That is not my number, it is Lee who says so"?"""
    return attribution.cue.start < attribution.cue.end and attribution.cue in quotation


def _followers(text: str, attribution: Attribution, found: Sequence[Attribution], marks: Sequence[Span]) -> list[Span]:
    first, *later = marks
    if any(other is not attribution and other.cue.start > first.end for other in found):
        return []
    followers: list[Span] = []
    for quotation in later:
        if len(text[first.end : quotation.start].split()) > _GAP:
            break
        followers.append(quotation)
        first = quotation
    return followers


def quotations(text: str, block: Span) -> list[Span]:
    """Stretches in double quotation marks, without the marks."""
    found: list[Span] = []
    start: int | None = None
    if text.find('"', block.start, block.end) < 0 and text.find("“", block.start, block.end) < 0:
        return found
    for index in range(block.start, block.end):
        sign = text[index]
        if sign == "“" or (sign == '"' and start is None):
            start = index + 1
        elif sign in '”"' and start is not None:
            found.append(Span(start, index))
            start = None
    return found


def _joined(spans: Sequence[Span]) -> tuple[Span, ...]:
    joined: list[Span] = []
    for span in sorted(spans):
        if joined and span.start <= joined[-1].end:
            joined[-1] = Span(joined[-1].start, max(joined[-1].end, span.end))
        else:
            joined.append(span)
    return tuple(joined)
