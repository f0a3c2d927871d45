"""For when a figure holds, by syntax, and the fiscal quarters that a text names without their year."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from aigraph.facts.claims.bearers import figure_head
from aigraph.facts.words import calendar as cal
from aigraph.facts.words.trees import Tree, ancestors, preposition
from aigraph.records import Period, Quantity, Span

if TYPE_CHECKING:
    from aigraph.facts.words.tokens import Token

_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "final": 4, "closing": 4, "last": 4}
_YEAR = r"(?:19|20)\d\d"
_QUARTER = re.compile(
    rf"\b(?:fiscal[\s-]+(?P<before>{_YEAR})[\s-]+)?(?P<fiscal>fiscal[\s-]+)?(?P<ordinal>first|second|third|fourth|final|closing)"
    rf"[\s-]+(?P<inner>(?:fiscal|financial)[\s-]+)?quarter\b"
    rf"(?P<of>\s+of\s+(?:(?:its|the|their|his|that)\s+)?(?:(?:fiscal|financial|business)(?:\s+year)?(?:\s+(?P<year>{_YEAR}))?"
    rf"|(?P<first>{_YEAR})\s+(?:fiscal|financial)\s+year))?(?!\s+(?:of\s+)?{_YEAR})",
    re.IGNORECASE,
)
_CURRENT = re.compile(r"\b(?:current|present|ongoing|coming|next)\s+quarter\b", re.IGNORECASE)
_LABEL = re.compile(r"(?P<year>\d{4})-Q(?P<quarter>[1-4])")
_WEEKDAY = re.compile(r"\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b")
_TRADED = re.compile(r"\b(?:shares?|stocks?|price)\b", re.IGNORECASE)
_SINCE = re.compile(r"^\s*since\b", re.IGNORECASE)
_SINCE_THEN = re.compile(r"\b(?:has|have|had)\s+since\b|\bsince then\b", re.IGNORECASE)
_QUARTERLY = re.compile(
    r"\bquarterly\b(?=\s+(?:revenues?|sales|profits?|results?|income|loss|net|operating))"
    r"|\b(?:during|in|for)\s+(?:the|that)\s+quarter\b(?!\s+(?:of|to|ended|ending|through|before|after))",
    re.IGNORECASE,
)
_YEAR_BEFORE = re.compile(
    r"\s*(?:,\s*)?(?:in the\s+)?"
    r"(?:(?:a|one) year (?:earlier|ago|before)|(?:twelve|12) months (?:earlier|before)|the year before)\b"
)
_SAME = re.compile(
    rf"\b(?:the\s+)?same\s+(?:period|quarter|three\s+months)\s+(?:of|in)\s+(?:the\s+)?(?:fiscal\s+)?(?:year\s+)?(?P<year>{_YEAR})\b",
    re.IGNORECASE,
)
_FULL_YEAR = re.compile(r"\b(?:full[\s-]year|for the (?:full|whole) year|for the year as a whole)\b", re.IGNORECASE)
_EXPECTING = re.compile(r"\b(?:expect|forecast|foresee|guid|predict|project|see)(?:s|ed|es|ing)?\b", re.IGNORECASE)
_COMPARABLE = re.compile(r"\d{4}(?:-(?:Q[1-4]|3[3-6]|4[01]))?")
"""Times that results are compared by: quarters, halves and years."""
_DAY = timedelta(days=1)
_YEAR_OF_MONTHS = 12
_DATED = re.compile(r"\d{4}-(?:Q[1-4]|3[3-6])$")
_APPOSED = 6
"""Characters between a time and the fiscal quarter that says it again."""
_COMPARING = re.compile(r"(?:\bfrom|\bafter|\bcompared (?:with|to)|\bagainst|\bversus|\bthan)\s+(?:\w+\s+)?$")
_FROM = re.compile(r"\bfrom\s+(?:about\s+|just\s+|some\s+)?$")
_FROM_ENDS = re.compile(r"\s*(?:[.,;)]|$|to\s+[^\w\s]?\d)")
_SEQUENTIAL = re.compile(
    r"\b(?:months?|quarter|sequentially|three)\s+(?:before|earlier|ago)\b|\bsequential|\bprevious\b"
)
_STANDARD = re.compile(
    r"(?:\b(?:above|below|beyond|times|twice|double|half|than|over|under)\s+(?:that|those|the\s+(?:\w+\s+)?(?:amount|figure|level|number|price|result|sum|total|value)s?)"
    r"|\b(?:twice|double|times)\s+what\b[^.;:]{0,60}|\bthan\s+what\b[^.;:]{0,60}"
    r"|\b(?:act|agreement|contract|deal|law|plan|poll|report|ruling|study|survey)),?\s+(?:of|in|from)\s+(?:the\s+)?(?:\w+\s+(?:of\s+)?)?$",
    re.IGNORECASE,
)
_BEHIND = 16
"""Characters behind a figure within which a time is its own."""


def fiscal_quarters(
    text: str,
    offset: int,
    periods: Sequence[Period],
    year: str | None,
    reported: Period | None,
    *,
    day: date | None = None,
) -> tuple[Period, ...]:
    """The times of a sentence with its fiscal quarters: of the year named, or of the fiscal `year` spoken of before.

    `reported` is the quarter that the text reports on; where that is fiscal, "the current quarter" is the next one.
    A fiscal quarter of which no year is known is one of the year of the `day` on which the article was written.
    """
    found: list[Period] = [*_same_period(text, offset, reported), *_whole_year(text, offset, reported, day)]
    known = _LABEL.fullmatch(reported.fiscal) if reported is not None and reported.fiscal else None
    year = known["year"] if known is not None else year
    for match in _QUARTER.finditer(text):
        named = match["year"] or match["first"] or match["before"]
        fiscal = match["fiscal"] or match["inner"]
        label = named or (year if match["of"] or fiscal or year else None)
        if label is None and fiscal and day is not None:
            label = str(day.year)
        if label is not None:
            span = Span(offset + match.start(), offset + match.end())
            found.append(Period(span, fiscal=f"{label}-Q{_ORDINALS[match['ordinal'].lower()]}"))
    for match in _CURRENT.finditer(text):
        if known is None:
            break
        number = int(known["year"]) * 4 + int(known["quarter"])  # counts on from the last quarter
        span = Span(offset + match.start(), offset + match.end())
        found.append(Period(span, fiscal=f"{number // 4}-Q{number % 4 + 1}"))
    for match in _QUARTERLY.finditer(text):
        if reported is not None:
            found.append(replace(reported, span=Span(offset + match.start(), offset + match.end())))
    kept = [
        period
        for period in periods
        if not any(period.span.overlaps(other.span) or _explained(period, other) for other in found)
    ]
    return tuple(sorted([*kept, *found], key=lambda period: period.span))


def _same_period(text: str, offset: int, reported: Period | None) -> Iterator[Period]:
    """The quarter of "the same period of fiscal 2026", where the text reports on one of another year."""
    if reported is None:
        return
    for match in _SAME.finditer(text):
        span, label = Span(offset + match.start(), offset + match.end()), reported.fiscal or reported.edtf or ""
        if _DATED.match(label):
            moved = f"{match['year']}{label[4:]}"
            if reported.fiscal:
                yield Period(span, fiscal=moved)
            elif reported.first is not None and reported.last is not None:
                first, last = (d.replace(year=int(match["year"])) for d in (reported.first, reported.last))
                yield Period(span, moved, first, last)


def _whole_year(text: str, offset: int, reported: Period | None, day: date | None) -> Iterator[Period]:
    """The year of "full-year growth": that of the quarter reported on, the next one for what is yet expected.

    Of a fiscal quarter it is the fiscal year. Where no quarter is reported on, what is expected for the whole year is
    expected for that of the `day` on which the article was written.
    """
    label = (reported.fiscal or reported.edtf or "") if reported is not None else ""
    dated = _DATED.match(label) is not None
    if not dated and (day is None or label):
        return
    ended = label[4:] in ("-Q4", "-36")
    for match in _FULL_YEAR.finditer(text):
        expected = _EXPECTING.search(text[: match.start()]) is not None
        if not dated and not expected:
            continue
        year = int(label[:4]) + (ended and expected) if dated else day.year if day is not None else 0
        span = Span(offset + match.start(), offset + match.end())
        if reported is not None and reported.fiscal:
            yield Period(span, fiscal=str(year))
        else:
            yield Period(span, str(year), date(year, 1, 1), date(year, 12, 31))


def _explained(period: Period, fiscal: Period) -> bool:
    """Does a fiscal quarter say again what the time right before it says: "the three months to June, its first"?"""
    return fiscal.fiscal is not None and 0 <= fiscal.span.start - period.span.end <= _APPOSED


def told_a_year_before(text: str, end: int) -> bool:
    """Do the words behind a figure say that it is of a year before: "$2bn a year earlier"?

    `end` is where the figure ends in `text`, the sentence.
    """
    return _YEAR_BEFORE.match(text, end) is not None


def risen_from(text: str, offset: int, quantity: Quantity, reported: Period | None) -> Period | None:
    """The time of what a result has risen from, a year before the one `reported` on: "up from $2 billion."."""
    start, end = quantity.span.start - offset, quantity.span.end - offset
    changed = _FROM.search(text[:start]) is not None and _FROM_ENDS.match(text, end) is not None
    return a_year_before(reported) if changed and reported is not None and not _SEQUENTIAL.search(text) else None


def a_year_before(reported: Period) -> Period | None:
    """The same quarter, half or year, one year earlier; None of other times."""
    label = reported.fiscal or reported.edtf or ""
    if not _COMPARABLE.fullmatch(label):
        return None
    earlier = f"{int(label[:4]) - 1}{label[4:]}"
    if reported.first is None or reported.last is None:
        return Period(reported.span, fiscal=earlier) if reported.fiscal else None
    first, after = (day.replace(year=day.year - 1) for day in (reported.first, reported.last + _DAY))
    if not reported.fiscal:
        return Period(reported.span, earlier, first, after - _DAY)
    stretch = cal.months_to((after - _DAY).year, (after - _DAY).month, _YEAR_OF_MONTHS)
    return Period(reported.span, stretch.edtf, stretch.first, stretch.last, fiscal=earlier)


def told_since(period: Period, text: str, offset: int) -> bool:
    """Is a time the beginning of a span up to now: "since January"? A figure holds for its end, which is not named."""
    return _SINCE.match(_words(period, text, offset)) is not None


def admissible(
    tree: Tree, quantity: Quantity, periods: Sequence[Period], figures: Sequence[Quantity], *, text: str, offset: int
) -> tuple[Period, ...]:
    """The times that a figure may hold for: those of its own clause and of clauses above, not of others beside it.

    What a figure is compared with has no time but one right behind it; no figure has a day of the week or "since".
    """
    head = figure_head(tree, quantity)
    traded = _TRADED.search(text) is not None
    told = [p for p in periods if traded or not _WEEKDAY.search(_words(p, text, offset))]
    fitting = [p for p in told if not told_since(p, text, offset) and not _over(p, text, offset, quantity)]
    fitting = [p for p in fitting if not _apart(p, text, offset, quantity) and not _measure_of(p, text, offset)]
    rivals = [q for q in figures if q is not quantity and compared(text, offset, q)]
    fitting = [p for p in fitting if not any(0 <= p.span.start - q.span.end <= _BEHIND for q in rivals)]
    if head is None:
        return tuple(fitting)
    behind = text[max(0, quantity.span.end - offset) :]
    if compared(text, offset, quantity) and not behind.startswith(" for "):
        return tuple(p for p in fitting if 0 <= p.span.start - quantity.span.end <= _BEHIND)
    chain = {head.i, *(token.i for token in ancestors(head))}
    return tuple(p for p in fitting if _reaches(tree, p, head, chain, quantity))


def _measure_of(period: Period, text: str, offset: int) -> bool:
    """Is a time that of what figures are compared with, or of a paper: "below the sum of 2024", "our poll of 2023"?"""
    return _STANDARD.search(text[: max(0, period.span.start - offset)]) is not None


def _over(period: Period, text: str, offset: int, quantity: Quantity) -> bool:
    """Is a time over when a figure comes: "written off in 2022, it has since found $3 million"?"""
    between = text[max(0, period.span.end - offset) : max(0, quantity.span.start - offset)]
    return _SINCE_THEN.search(between) is not None


def _apart(period: Period, text: str, offset: int, quantity: Quantity) -> bool:
    """Is a time the end of something told of before a semicolon: "open until 2034; it costs $3 million"?"""
    if period.edtf is None or not period.edtf.startswith("../"):
        return False
    return ";" in text[max(0, period.span.end - offset) : max(0, quantity.span.start - offset)]


def compared(text: str, offset: int, quantity: Quantity) -> bool:
    """Is a figure what the one before it is compared with: "$3 billion, up from $2 billion"?"""
    return _COMPARING.search(text[: max(0, quantity.span.start - offset)]) is not None


def _words(period: Period, text: str, offset: int) -> str:
    return text[max(0, period.span.start - offset) : max(0, period.span.end - offset)]


def _reaches(tree: Tree, period: Period, head: Token, chain: set[int], quantity: Quantity) -> bool:
    token = tree.head_of(period.span)
    if token is None or 0 <= period.span.start - quantity.span.end <= _BEHIND:
        return True
    if any(above.i == head.i for above in ancestors(token)):
        return True
    clause = tree.clause(token)
    if clause.i == token.i:
        return True
    if clause.i in chain:
        return True
    if clause.dep_ == "advcl" and clause.head.i in chain:
        return any(t.lower_ in ("once", "when", "until", "by") for t in clause.children)
    own = tree.clause(head)
    return clause.dep_ == "conj" and own.dep_ == "conj" and clause.head.i == own.head.i and not preposition(head)
