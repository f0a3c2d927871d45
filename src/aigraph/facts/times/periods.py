"""Finds the times that a text speaks of and gives each its EDTF and days: "the second half of next year" is 2026-41.

Times without a year are read against the date of the article; without that date they are left out. Fiscal periods keep
their label, since the calendar of the company is not known here. The words are data (`times.yaml`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from aigraph.facts.figures.quantities import find_quantities
from aigraph.facts.times.relative_times import lies_ahead
from aigraph.facts.times.timepoints import find_points
from aigraph.facts.times.timewords import TimeWords, time_words
from aigraph.facts.words import calendar as cal
from aigraph.facts.words.calendar import Stretch, TimePoint
from aigraph.facts.words.windows import search_before
from aigraph.records import Period, Span

_DASH = re.compile(r"\s?[-\u2010\u2011\u2013\u2014]\s?")
_TO = re.compile(r"\s+(?:to|through|until|till|up\s+to)\s+(?:the\s+)?", re.IGNORECASE)
_AND = re.compile(r"\s+and\s+(?:the\s+)?", re.IGNORECASE)
_OPENER = re.compile(r"\b(from|between)\s+(?:the\s+)?$", re.IGNORECASE)
_NAMES = r"[^\W\d_][\w.'’]*(?:[ /-][^\W\d_][\w.'’]*)*"
_DATELINE = re.compile(rf"^\s*(?P<place>{_NAMES})(?:,\s*(?:{_NAMES},\s*)?|\s*\()$")
"""What stands before the day of a dateline: "LAGOS, Nigeria, 11 May 2026 –", "LAGOS (May 2026) –"."""
_DASHED = re.compile(r"\)?\s*(?:\([^()]{1,40}\)\s*)?[-\u2013\u2014]")
_MONTHS = 12
_LONGEST_MONTH = timedelta(days=31)
_TOO_FAR = 250.0  # characters, with what `_cost` adds
_FROM = re.compile(r"\bfrom\s+(?:\w+\s+){0,3}$", re.IGNORECASE)
_ONWARD = re.compile(r"\s+on(?:wards?)?(?=[\s.,;]|$)", re.IGNORECASE)


def find_periods(
    text: str, *, offset: int = 0, anchor: date | None = None, taken: Sequence[Span] = ()
) -> tuple[Period, ...]:
    """The times of a sentence in reading order, never overlapping.

    `offset` is where `text` begins in the article; spans count from the article's start and cover the words of the
    time with its bound ("by the end of 2026"). `anchor` is the article's date, against which relative times are read;
    without it they are left out. `taken` are spans of the article that name entities ("Hot Chips 2025"): no time there.
    """
    words = time_words()
    blocked = [Span(span.start - offset, span.end - offset) for span in taken]
    points = find_points(text, blocked, anchor, words)
    periods = []
    index = 0
    while index < len(points):
        joined = _range(text, points[index], points[index + 1], anchor, words) if index + 1 < len(points) else None
        period = joined or _single(text, points[index], anchor, words)
        index += 2 if joined else 1
        if period is not None:
            periods.append(replace(period, span=Span(period.span.start + offset, period.span.end + offset)))
    return tuple(periods)


# --- ranges and bounds --------------------------------------------------------------------------------------


def _stretch(text: str, point: TimePoint, anchor: date | None, words: TimeWords) -> Stretch | None:
    """The days and EDTF of a point; one without a year is read against the anchor."""
    if point.stretch is not None:
        return point.stretch
    if point.year is not None:
        return point.at(point.year)
    if anchor is None or point.fiscal:
        return None
    years = range(anchor.year - 1, anchor.year + 2)
    stretches = [stretch for year in years if (stretch := point.at(year)) is not None]
    if lies_ahead(text, point.start, words):
        return next((stretch for stretch in stretches if stretch.last >= anchor), None)
    return next((stretch for stretch in reversed(stretches) if stretch.first <= anchor), None)


def _range(text: str, first: TimePoint, second: TimePoint, anchor: date | None, words: TimeWords) -> Period | None:
    """ "From 2024 to 2029", "between March and May 2025", "Q3-Q4 2024"; None where the two are no range.

    Months that make up a quarter are that quarter.
    """
    gap = text[first.end : second.start]
    opener = search_before(_OPENER, text, first.start)
    if not (
        _DASH.fullmatch(gap)
        or (_TO.fullmatch(gap) and (opener or first.kind == second.kind == "year"))
        or (_AND.fullmatch(gap) and opener and opener[1].lower() == "between")
    ):
        return None
    if first.fiscal or second.fiscal:
        return None
    if first.year is None and first.stretch is None:
        first = replace(first, year=second.year)
    begin, end = _stretch(text, first, anchor, words), _stretch(text, second, anchor, words)
    if begin is None or end is None or begin.first > end.first:
        return None
    start = opener.start() if opener else first.start
    if first.kind == second.kind == "month" and begin.first.year == end.last.year:
        whole = cal.months_to(end.last.year, second.part, second.part - first.part + 1)
        return Period(Span(start, second.end), whole.edtf, whole.first, whole.last)
    edtf = f"{begin.edtf.split('/')[0]}/{end.edtf.split('/')[-1]}"
    return Period(Span(start, second.end), edtf, begin.first, end.last)


def _single(text: str, point: TimePoint, anchor: date | None, words: TimeWords) -> Period | None:
    """A point with the words that bound it ("by the end of", "since") or make it approximate ("late")."""
    if point.fiscal:
        start = point.start
        return None if point.label is None else Period(Span(start, point.end), fiscal=point.label)
    stretch = _stretch(text, point, anchor, words)
    if stretch is None:
        return None
    span, edtf = Span(point.start, point.end), stretch.edtf
    ends = search_before(words.ends, text, span.start)
    if ends is None and (about := search_before(words.about, text, span.start)) and "/" not in edtf:
        span, edtf = Span(about.start(), span.end), f"{edtf}~"
        ends = search_before(words.ends, text, span.start)
    if ends:
        return Period(Span(ends.start(), span.end), f"../{edtf.split('/')[-1]}", None, stretch.last)
    onward = _ONWARD.match(text, span.end)
    if onward and onward[0].split()[-1] == "on" and not _FROM.search(text, 0, span.start):
        onward = None  # "in the quarter to June on sales of $412 million"
    begins = search_before(words.begins, text, span.start)
    if begins or onward:
        start, end = begins.start() if begins else span.start, onward.end() if onward else span.end
        return Period(Span(start, end), f"{edtf.split('/')[0]}/..", stretch.first, None)
    return Period(span, edtf, stretch.first, stretch.last, fiscal=_business_year(stretch))


def _business_year(stretch: Stretch) -> str | None:
    """The label of a year that is none of the calendar, "the year to March 2027": that of the year in which it ends."""
    if stretch.first is None or stretch.last is None or stretch.first.year == stretch.last.year:
        return None
    whole = cal.months_to(stretch.last.year, stretch.last.month, _MONTHS)
    return str(stretch.last.year) if (whole.first, whole.last) == (stretch.first, stretch.last) else None


# --- the period of a figure ---------------------------------------------------------------------------------


def main_period(periods: Sequence[Period], at: Span, *, text: str = "", offset: int = 0) -> Period | None:
    """The period that the figure at `at` holds for; None where the sentence has none for it.

    `periods` are those of its sentence, `text` the sentence and `offset` its place in the article. Preferred is the
    period right behind the figure ("$40.9 billion in 2025"), then the one before it in its clause, then the one that
    opens the sentence. A time when something was said, and what a figure is compared with, are no such period. Without
    `text` the nearest one is taken.
    """
    candidates = [
        (cost, index, period)
        for index, period in enumerate(periods)
        if (not text or holds(period, text, offset)) and (cost := _cost(period, at, text, offset)) < _TOO_FAR
    ]
    return min(candidates, key=lambda candidate: candidate[:2])[2] if candidates else None


def holds(period: Period, text: str, offset: int) -> bool:
    """Can a time of a sentence be that of a figure there? `text` is the sentence, `offset` its place in the article.

    False for a dateline, a time of saying ("said on Monday") and a time compared with ("than in 2024")."""
    words = time_words()
    before = text[: max(0, period.span.start - offset)]
    dateline = is_dateline(text, Span(len(before), max(0, period.span.end - offset)))
    foretold = _is_short(period) and words.foretold.search(before)
    return not (dateline or foretold or words.reporting.search(before) or words.compared.search(before))


def is_dateline(text: str, at: Span) -> bool:
    """Is a time that of a dateline, "LAGOS, Nigeria, 11 May 2026 –"? `at` is where it stands in `text`."""
    place = _DATELINE.search(text[: at.start])
    return place is not None and place["place"].isupper() and _DASHED.match(text, at.end) is not None


def _is_short(period: Period) -> bool:
    """Is a time a month or a day?"""
    return period.first is not None and period.last is not None and period.last - period.first < _LONGEST_MONTH


def _cost(period: Period, at: Span, text: str, offset: int) -> float:
    """How far the period is from the figure: characters between them, more for each clause and figure on the way."""
    behind = period.span.start >= at.end
    start, end = (at.end, period.span.start) if behind else (period.span.end, at.start)
    if start >= end:
        return 0.0
    between = text[max(0, start - offset) : max(0, end - offset)]
    before = text[: max(0, period.span.start - offset)]
    words = time_words()
    opens = not behind and words.opening.search(before) is not None
    breaks = words.clauses.findall(between)
    clauses = len(breaks)
    if (not behind and not opens and set(breaks) - {";"}) or (behind and ";" in breaks):
        return _TOO_FAR
    figures = len(find_quantities(between)) if between else 0
    cost = (end - start) + (10.0 if opens else 60.0) * clauses + (15.0 if opens else 50.0) * figures
    return cost if behind else cost + 20.0
