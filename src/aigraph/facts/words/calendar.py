"""The calendar: names of months, places of dates, and the EDTF and days of years, quarters, months and days."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from aigraph.records import Span

_NAMES = (
    "january jan|february feb|march mar|april apr|may|june jun|july jul|august aug|september sept sep|october oct"
    "|november nov|december dec"
)
MONTHS = {name: index for index, names in enumerate(_NAMES.split("|"), start=1) for name in names.split()}
"""Names of months, in lower case and without point, and their numbers."""

MONTH = (
    r"(?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?|July?|Aug(?:ust|\.)?"
    r"|Sep(?:tember|t\.?|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)(?![A-Za-z])"
)
"""A pattern for the name of a month as written."""

YEAR = r"(?:(?:19|20)\d\d|2100)"
"""A pattern for a year in four digits."""

DATE = re.compile(
    rf"\b(?P<iso>{YEAR})-(?P<isomonth>0[1-9]|1[0-2])(?:-(?P<isoday>[0-3]\d))?(?![\d-])"
    rf"|\b(?P<month>{MONTH})\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?![\d%]|[.,]\d)(?:,?\s+(?P<year>{YEAR})\b)?"
    rf"|\b(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<month2>{MONTH})(?:,?\s+(?P<year2>{YEAR})\b)?"
    rf"|\b(?P<month3>{MONTH})(?:,?\s+|\s+of\s+)(?P<year3>{YEAR})\b"
)
"""A pattern for a day or a month with its year, in any spelling."""

LAST_YEAR = 2040
"""Four digits past this are a year only where nothing says otherwise ("2048 GPUs", "RTX 2080")."""

_CLOCK = r"(?:a\.?m\b\.?|p\.?m\b\.?|E[SD]?T\b|P[SD]?T\b|CET\b|GMT\b|UTC\b)"
_DATES = re.compile(
    rf"\b{MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?\b(?![%,.]\d|%)(?:\s?[-\u2013]\s?\d{{1,2}}\b)?(?:,?\s+{YEAR}\b)?"
    rf"|\b\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?{MONTH}(?:,?\s+{YEAR}\b)?"
    rf"|\b{YEAR}-\d\d(?:-\d\d)?\b|\b\d{{1,2}}/\d{{1,2}}/(?:{YEAR}|\d\d)\b"
    rf"|\b\d{{1,2}}[:.]\d\d\s?{_CLOCK}|\b\d{{1,2}}:\d\d\b|\b\d{{1,2}}\s?{_CLOCK}|\b\d{{1,2}}/7\b"
)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of the calendar: its EDTF and its first and last day."""

    edtf: str
    first: date
    last: date


def date_spans(text: str) -> tuple[Span, ...]:
    """Where dates and times of day stand, in which no figure lies: "Oct. 6, 2025", "26 January", "9:30 a.m."."""
    return tuple(Span(*match.span()) for match in _DATES.finditer(text))


def year(number: int) -> Stretch:
    """A year."""
    return Stretch(f"{number:04}", date(number, 1, 1), date(number, 12, 31))


def half(number: int, part: int) -> Stretch:
    """The first or second half of a year (EDTF level 2: 40, 41)."""
    return _months(f"{number:04}-{39 + part}", number, 6 * part - 5, 6)


def quarter(number: int, part: int) -> Stretch:
    """A quarter of a year (EDTF level 2: 33 to 36)."""
    return _months(f"{number:04}-{32 + part}", number, 3 * part - 2, 3)


def season(number: int, code: int) -> Stretch:
    """A season (21 spring to 24 winter) by the months of meteorology; winter begins in December of the year."""
    return _months(f"{number:04}-{code}", number, 3 * (code - 20), 3)


def month(number: int, part: int) -> Stretch:
    """A month; `part` may lie outside 1 to 12 and then counts into the years around."""
    ahead, index = divmod(part - 1, 12)
    number, part = number + ahead, index + 1
    return _months(f"{number:04}-{part:02}", number, part, 1)


def months_to(number: int, part: int, many: int) -> Stretch:
    """The `many` months that end with a month: a year, half or quarter where they are one, else an interval."""
    if many == 12 and part == 12:
        return year(number)
    if many == 6 and part % 6 == 0:
        return half(number, part // 6)
    if many == 3 and part % 3 == 0:
        return quarter(number, part // 3)
    begin, end = month(number, part - many + 1), month(number, part)
    return Stretch(f"{begin.edtf}/{end.edtf}", begin.first, end.last)


def day(when: date) -> Stretch:
    """A day."""
    return Stretch(when.isoformat(), when, when)


def week(when: date) -> Stretch:
    """The week, from Monday, that a day lies in."""
    first = when - timedelta(days=when.weekday())
    last = first + timedelta(days=6)
    return Stretch(f"{first.isoformat()}/{last.isoformat()}", first, last)


def date_of(number: int, part: int, of_month: int) -> date | None:
    """The date, None where the calendar has no such day."""
    if 1 <= part <= 12 and 1 <= of_month <= calendar.monthrange(number, part)[1]:
        return date(number, part, of_month)
    return None


def _months(edtf: str, number: int, first: int, many: int) -> Stretch:
    """`many` months from month `first` of a year on."""
    ahead, index = divmod(first + many - 2, 12)
    last_year, last_month = number + ahead, index + 1
    last = date(last_year, last_month, calendar.monthrange(last_year, last_month)[1])
    return Stretch(edtf, date(number, first, 1), last)


@dataclass(frozen=True, slots=True)
class TimePoint:
    """A time before its year is known; positions in the text at hand.

    `kind` is "year", "half", "quarter", "season", "month", "day" or "stretch" (then `stretch` holds it); `part` the
    number of the part in its year, `day_of_month` that of a day.
    """

    start: int
    end: int
    kind: str
    year: int | None = None
    part: int = 0
    day_of_month: int = 0
    fiscal: bool = False
    stretch: Stretch | None = None

    def at(self, number: int) -> Stretch | None:
        """The stretch of the calendar in that year; None for a day that it does not have."""
        if self.kind == "day":
            when = date_of(number, self.part, self.day_of_month)
            return None if when is None else day(when)
        makers: dict[str, Callable[[int, int], Stretch]] = {
            "half": half,
            "quarter": quarter,
            "season": season,
            "month": month,
        }
        return year(number) if self.kind == "year" else makers[self.kind](number, self.part)

    @property
    def label(self) -> str | None:
        """The label of a fiscal period: "2028-Q4", "2026"; None without a year."""
        letter = {"quarter": "Q", "half": "H"}.get(self.kind)
        if self.year is None:
            return None
        return f"{self.year}-{letter}{self.part}" if letter else str(self.year)
