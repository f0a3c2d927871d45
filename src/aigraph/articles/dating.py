"""When an article was published, as far as the article itself shows it without doubt."""

from __future__ import annotations

import re
from collections.abc import Sequence

from aigraph.articles.dates import full_dates, months, single
from aigraph.records import Block, BlockKind

_TOP = 12  # blocks in which a date line is the article's own
_LEAST_STORY = 100  # characters of a paragraph that is more than a line below the headline
_LONGEST_PLACE = 60  # characters of a dateline before its dash
_LABELLED = re.compile(r"(last )?(updated|published|posted|modified|issued|date)\b", re.IGNORECASE)
_DATELINE = re.compile(r"[A-ZÀ-Þ][^a-z]{2,40}?(?:,\s*[\w .]{2,20})?[,(]?\s", re.UNICODE)
_DASH = re.compile(r"\s(?:--?|–|—|/)(?:/PRNewswire/)?")


def issued_in(text: str, blocks: Sequence[Block]) -> str | None:
    """The date of publication as EDTF; None where the text shows none, or several that differ.

    Looked for, in this order: lines at the top that are nothing but a date, a byline or a label with a date; the
    dateline of the first paragraphs ("PARIS, March 3, 2026 - …"); the dates of the list of sources.
    """
    told = [text[block.span.start : block.span.end] for block in blocks if block.kind is BlockKind.METADATA]
    top = [
        text[block.span.start : block.span.end] for block in _above_story(blocks) if block.kind is BlockKind.METADATA
    ]
    for lines in ([line for line in told if _LABELLED.match(line)], top):
        if dates := [day for line in lines for day in full_dates(line)]:
            return dates[0] if lines is top else max(dates)
    if (dateline := _dateline(text, blocks)) is not None:
        return dateline
    if (month := single([found for line in top for found in months(line)])) is not None:
        return month
    return single([day for line in told for day in full_dates(line)])


def _above_story(blocks: Sequence[Block]) -> Sequence[Block]:
    """The blocks at the top, up to the first paragraph of some length."""
    for number, block in enumerate(blocks[:_TOP]):
        if block.kind is BlockKind.PARAGRAPH and block.span.end - block.span.start >= _LEAST_STORY:
            return blocks[:number]
    return blocks[:_TOP]


def _dateline(text: str, blocks: Sequence[Block]) -> str | None:
    for block in [block for block in blocks[:_TOP] if block.kind in (BlockKind.PARAGRAPH, BlockKind.METADATA)][:4]:
        opening = text[block.span.start : block.span.start + _LONGEST_PLACE + 20]
        dash = _DASH.search(opening)
        if dash and _DATELINE.match(opening) and (dates := full_dates(opening[: dash.start()])):
            return dates[0]
    return None
