"""Times told from the article's date: "last quarter", "in October", "a year ago", "over the next five years"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from aigraph.facts.figures.numbers import find_numbers
from aigraph.facts.times.timewords import TimeWords
from aigraph.facts.words import calendar as cal
from aigraph.facts.words.calendar import DATE, MONTH, MONTHS, Stretch, TimePoint
from aigraph.facts.words.windows import WIDTH, search_before

_RELATIVE = re.compile(
    r"\b(?:the\s+)?(?P<which>next|last|this|coming|current|previous|prior|past)\s+"
    rf"(?P<what>quarter|month|week|spring|summer|autumn|fall|winter|{MONTH}|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)\b",
    re.IGNORECASE,
)
_AGO = re.compile(r"\b(?P<many>an?|[\w\-]{1,20})\s+(?P<what>year|month|week|day)s?\s+ago\b", re.IGNORECASE)
_NEAR = re.compile(r"\b(?P<word>yesterday|tomorrow)\b", re.IGNORECASE)


def relative_times(text: str, anchor: date | None, words: TimeWords) -> Iterator[TimePoint]:
    """ "Last quarter", "next month", "this spring", "last Friday", "a year ago", "yesterday"."""
    if anchor is None:
        return
    for match in _RELATIVE.finditer(text):
        step = words.relative[match["which"].lower()]
        what = match["what"].lower()
        start, end = match.span()
        if what in words.seasons or what.rstrip(".") in MONTHS:
            kind = "season" if what in words.seasons else "month"
            part = words.seasons[what] if kind == "season" else MONTHS[what.rstrip(".")]
            point = TimePoint(start, end, kind, None, part)
            yield replace(point, year=_year_of(point, anchor, step))
            continue
        if what in words.weekdays:
            when = _weekday(anchor, words.weekdays[what], step)
            yield TimePoint(start, end, "stretch", stretch=cal.day(when))
            continue
        stretch = _beside(anchor, step, what)
        yield TimePoint(start, end, "stretch", stretch=stretch)
    for match in _AGO.finditer(text):
        many = 1 if match["many"].lower() in {"a", "an"} else _integer(match["many"])
        if many is not None and not search_before(words.compared, text, match.start()):
            yield TimePoint(match.start(), match.end(), "stretch", stretch=_back(anchor, many, match["what"].lower()))
    for match in _NEAR.finditer(text):
        step = -1 if match["word"].lower() == "yesterday" else 1
        yield TimePoint(match.start(), match.end(), "stretch", stretch=cal.day(anchor + timedelta(days=step)))


def _year_of(point: TimePoint, anchor: date, step: int) -> int:
    """The year of "this spring" (the anchor's), "last spring" (the latest that is over), "next spring"."""
    if step == 0:
        return anchor.year
    years = range(anchor.year - 1, anchor.year + 2)
    stretches = [(number, stretch) for number in years if (stretch := point.at(number)) is not None]
    if step < 0:
        return max(number for number, stretch in stretches if stretch.last < anchor)
    return min(number for number, stretch in stretches if stretch.first > anchor)


def _beside(anchor: date, step: int, what: str) -> Stretch:
    """The quarter, month or week of the anchor (0), or the one before or after it."""
    if what == "month":
        return cal.month(anchor.year, anchor.month + step)
    if what == "week":
        return cal.week(anchor + timedelta(days=7 * step))
    ahead, index = divmod((anchor.month - 1) // 3 + step, 4)
    return cal.quarter(anchor.year + ahead, index + 1)


def _weekday(anchor: date, weekday: int, step: int) -> date:
    """The nearest such day at or before the anchor, before it for -1, after it for 1."""
    back = (anchor.weekday() - weekday) % 7
    if step > 0:
        return anchor + timedelta(days=7 - back)
    return anchor - timedelta(days=back or (7 if step < 0 else 0))


def _integer(words: str) -> int | None:
    numbers = find_numbers(words)
    return int(numbers[0].value) if len(numbers) == 1 and numbers[0].value < 200 else None


def _back(anchor: date, many: int, what: str) -> Stretch:
    if what == "year":
        return cal.year(anchor.year - many)
    if what == "month":
        return cal.month(anchor.year, anchor.month - many)
    days = many * (7 if what == "week" else 1)
    return cal.week(anchor - timedelta(days=days)) if what == "week" else cal.day(anchor - timedelta(days=days))


_OVER = re.compile(
    r"\b(?:the\s+)?(?P<which>next|coming|following|past|last|previous|prior)\s+"
    r"(?:(?P<many>[A-Za-z]+(?:-[a-z]+)?|\d+)\s+)?(?P<what>(?:year|quarter|month|week|day)s?|decade)\b",
    re.IGNORECASE,
)


def spans_of_time(text: str, anchor: date | None, words: TimeWords) -> Iterator[TimePoint]:
    """ "Over the next five years", "for the past three years", "in the coming months" (no: how many is not said)."""
    if anchor is None:
        return
    for match in _OVER.finditer(text):
        which, what = match["which"].lower(), match["what"].lower()
        if what == "decade":
            many = None if which in {"previous", "prior", "following"} else 10
        elif what.endswith("s"):
            many = _integer(match["many"] or "")
        else:  # "the past year" is the twelve months until now
            what, many = (
                "months",
                {"year": 12, "quarter": 3}.get(what) if which == "past" and not match["many"] else None,
            )
        if many is None:
            continue
        sign = words.relative[which]
        ends = sorted((anchor, _moved(anchor, sign * many, what)))
        if what in {"years", "decade"}:
            begin, end = (cal.year(when.year) for when in ends)
        elif what in {"months", "quarters"}:
            begin, end = (cal.month(when.year, when.month) for when in ends)
        else:
            begin, end = (cal.day(when) for when in ends)
        stretch = Stretch(f"{begin.edtf}/{end.edtf}", begin.first, end.last)
        yield TimePoint(match.start(), match.end(), "stretch", stretch=stretch)


def _moved(anchor: date, many: int, what: str) -> date:
    if what in {"years", "decade"}:
        return date(anchor.year + many, 1, 1) if many > 0 else date(anchor.year + many, anchor.month, 1)
    if what in {"months", "quarters"}:
        return cal.month(anchor.year, anchor.month + many * (3 if what == "quarters" else 1)).first
    return anchor + timedelta(days=many * (7 if what == "weeks" else 1))


_BARE = re.compile(
    r"\b(?P<before>(?i:(?:in|since|by|until|till|through|from|to|during|for|on|early|late|mid|end of|and|between|this)"
    r"(?:\s+the|\s+early|\s+late|\s+mid)?[\s\-]))"
    rf"(?:(?P<month>{MONTH})(?!\s+\d)"
    r"|(?P<season>spring|summer|autumn|fall|winter)\b(?!\s+(?:to|into|in|by|behind|short|back|from|of)\b)"
    r"|(?P<half>first|second)\s+half\b(?!\s+of\b))"
)
_HALF_NOUN = re.compile(r"\b(?P<half>[Ff]irst|[Ss]econd)-half\s+(?=[a-z])")
_FIRST_MONTHS = re.compile(
    r"\b(?:the\s+)?first\s+(?P<many>three|six|nine)\s+months\b(?:\s+of\s+(?:the|this)\s+year\b)?(?!\s+(?:of|after|on|in)\b)",
    re.IGNORECASE,
)
_NO_WEEKDAY = re.compile(r"\b(?:Black|Cyber|Super)\s+$")
_WEEKDAY = re.compile(r"\b(?P<weekday>(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)\b")


def bare_times(text: str, anchor: date | None, words: TimeWords) -> Iterator[TimePoint]:
    """Months, seasons and halves without a year, and weekdays: "in October", "by summer", "Friday"."""
    if anchor is None:
        return
    for match in _BARE.finditer(text):
        if match["month"]:
            start = match.start("month")
            yield TimePoint(start, match.end(), "month", None, MONTHS[match["month"].lower().rstrip(".")])
        elif match["season"] and match["before"].split()[0].lower() in {
            "in",
            "by",
            "until",
            "since",
            "during",
            "late",
            "early",
        }:
            yield TimePoint(match.start("season"), match.end(), "season", None, words.seasons[match["season"].lower()])
        elif match["half"] and "the" in match["before"].lower():
            yield TimePoint(match.start("half"), match.end(), "half", None, words.ordinals[match["half"].lower()])
    for match in _HALF_NOUN.finditer(text):
        yield TimePoint(match.start(), match.end() - 1, "half", None, words.ordinals[match["half"].lower()])
    yield from _first_months(text, anchor, words)
    for match in _WEEKDAY.finditer(text):
        dated = DATE.match(text, match.end() + 2) if text[match.end() : match.end() + 2] == ", " else None
        if dated is None and not search_before(_NO_WEEKDAY, text, match.start()):
            step = 1 if lies_ahead(text, match.start(), words) else 0
            when = _weekday(anchor, words.weekdays[match["weekday"].lower()], step)
            yield TimePoint(match.start(), match.end(), "stretch", stretch=cal.day(when))


def _first_months(text: str, anchor: date, words: TimeWords) -> Iterator[TimePoint]:
    """ "In the first nine months" is this year's, or the last one's while it is too early; three and six make a quarter
    and a half."""
    for match in _FIRST_MONTHS.finditer(text):
        many = {"three": 3, "six": 6, "nine": 9}[match["many"].lower()]
        over = anchor.month > many or lies_ahead(text, match.start(), words)
        year = anchor.year if over else anchor.year - 1
        stretch = cal.year(year) if many == 9 else cal.months_to(year, many, many)
        yield TimePoint(*match.span(), "stretch", stretch=stretch)


def lies_ahead(text: str, at: int, words: TimeWords) -> bool:
    """True where the words before a time say that it lies ahead: "is expected in the fourth quarter", "by October"."""
    before = text[max(0, at - WIDTH) : at]
    if re.search(
        r"\b(?:by|until|till|through|next|later)\s+(?:the\s+)?(?:\w+\s+of\s+)?(?:the\s+)?$", before, re.IGNORECASE
    ):
        return True
    if words.foretold.search(before):
        return False
    clause = re.split(r"[.;:]\s|,\s+(?:and|but|while|which|who|when|says?|said|adds?|added)\b|\safter\b", before)[-1]
    return words.forward.search(clause) is not None
