"""The words for times, one by one: "Q4 2025", "next year", "the autumn of 2025", "fiscal 2026".

`find_points` finds them; `times` joins them to ranges and bounds and gives them their EDTF.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from aigraph.facts.figures.units import units
from aigraph.facts.figures.wording import wording
from aigraph.facts.times.relative_times import bare_times, relative_times, spans_of_time
from aigraph.facts.times.timewords import TimeWords, time_words
from aigraph.facts.words import calendar as cal
from aigraph.facts.words.calendar import DATE, LAST_YEAR, MONTH, MONTHS, YEAR, Stretch, TimePoint
from aigraph.facts.words.windows import Occupied, search_before
from aigraph.records import Span


def find_points(text: str, blocked: Sequence[Span], anchor: date | None, words: TimeWords) -> list[TimePoint]:
    """All times of the text, the more specific readings first where two overlap; in order."""
    occupied = Occupied(len(text), list(blocked))
    found = [
        point
        for reader in (_ended, _dates, _parts, _years, relative_times, spans_of_time, bare_times)
        for point in reader(text, anchor, words)
        if occupied.take(point.start, point.end)
    ]
    return sorted(found, key=lambda point: point.start)


def _dates(text: str, _anchor: date | None, _words: TimeWords) -> Iterator[TimePoint]:
    """ "December 2, 2025", "Oct. 6", "26 January 2026", "2025-10-06", "March 2025"."""
    for match in DATE.finditer(text):
        name = match["month"] or match["month2"] or match["month3"]
        part = int(match["isomonth"]) if match["iso"] else MONTHS[name.lower().rstrip(".")]
        year = match["iso"] or match["year"] or match["year2"] or match["year3"]
        day = int(match["isoday"] or match["day"] or match["day2"] or 0)
        number = int(year) if year else None
        if day and cal.date_of(number or 2024, part, day) is None:
            continue
        kind = "day" if day else "month"
        yield TimePoint(match.start(), match.end(), kind, number, part, day)


_YEAR_REF = (
    rf"(?:(?P<fiscal>fiscal(?:[\s\-]year)?|financial\s+year|FY)[\s\-]?(?P<fy>{YEAR}|['\u2019]?\d\d(?!\d|\s?%))"
    rf"|(?P<year>{YEAR})(?P<after>\s+(?:fiscal|financial)\s+year)?|(?:['\u2019]|(?<=\d[QH]))(?P<short>\d\d)(?!\d)"
    r"|(?:the\s+)?(?P<relative>next|last|this|coming|current|following|previous|prior)\s+(?P<relfiscal>fiscal\s+)?year"
    r"|(?P<same>the\s+same\s+year|that\s+year)|(?P<the>the\s+year))(?![\w])"
)
_ORDINAL = r"(?P<ordinal>first|second|third|fourth|final|1st|2nd|3rd|4th)"
_PARTS = (
    (
        "quarter",
        re.compile(
            rf"\b(?:(?P<fiscal1>fiscal)[\s\-](?:year\s+)?)?(?:{_ORDINAL}[\s\-](?P<fiscal2>fiscal[\s\-])?quarter"
            r"|Q(?P<q>[1-4])|(?P<q2>[1-4])Q)(?:\s?,?\s?"
            rf"(?:of\s+(?:(?:its|our|the|their)\s+)?|in\s+|for\s+|for\s+the\s+)?{_YEAR_REF}|(?=\W|$))",
            re.IGNORECASE,
        ),
    ),
    (
        "half",
        re.compile(
            rf"\b(?:(?P<fiscal1>fiscal)[\s\-])?(?:{_ORDINAL}[\s\-](?P<fiscal2>fiscal[\s\-])?half|H(?P<q>[12])|(?P<q2>[12])H)"
            rf"\s?,?\s?(?:of\s+(?:(?:its|our|the|their)\s+)?|in\s+)?{_YEAR_REF}",
            re.IGNORECASE,
        ),
    ),
    ("season", re.compile(rf"\b(?P<season>spring|summer|autumn|fall|winter)\s+(?:of\s+)?{_YEAR_REF}", re.IGNORECASE)),
)
_YEAR_FIRST = re.compile(rf"\b(?P<year>{YEAR})[\s\-]?(?P<kind>[QH])(?P<q>[1-4])\b")


_MONTH_QUARTER = re.compile(rf"\b(?P<month>{MONTH})[\s\-]quarter\b(?:\s+(?:of\s+)?(?P<year>{YEAR})\b)?")
_MONTHS_QUARTER = re.compile(
    rf"\b(?P<first>{MONTH})(?:\s?[-\u2010\u2011\u2013\u2014]\s?|\s+to\s+)(?P<month>{MONTH})"
    rf"(?:[\s\-](?:quarter|period)\b)?(?:\s+(?:of\s+)?(?P<year>{YEAR})\b)?"
)
_ENDED = re.compile(
    r"\b(?:(?:first|second|third|fourth|latest|fiscal)[\s\-])?(?:(?:first|second|third|fourth)[\s\-])?"
    r"(?:(?P<many>quarter|half[\s\-]year|half|year)|(?P<months>three|six|nine|twelve|3|6|9|12)\s+months)"
    rf"\s+(?:that\s+)?(?:ended|ending|to|through)\s+(?:on\s+|in\s+)?(?P<month>{MONTH})(?:\s+\d{{1,2}}\b)?(?:,?\s+(?P<year>{YEAR})\b)?",
)
_MONTHS_OF = re.compile(
    rf"\b(?P<which>first|opening|last|final|closing)\s+(?P<many>three|six|3|6)\s+months\s+of\s+(?P<year>{YEAR})\b",
    re.IGNORECASE,
)
_BETWEEN = 2
"""From the first to the last month of a quarter."""
_SENTENCE = 500  # characters: how far back "that year" may point
_MANY = {"quarter": 3, "half": 6, "year": 12, "three": 3, "six": 6, "nine": 9, "twelve": 12}
_MANY |= {str(many): many for many in (3, 6, 9, 12)}


def _ended(text: str, anchor: date | None, _words: TimeWords) -> Iterator[TimePoint]:
    """ "The quarter ended Dec. 31, 2025", "three months to June", "the first six months of 2026", "July-September"."""
    for match in _MONTHS_QUARTER.finditer(text):
        first, part = (MONTHS[match[name].lower().rstrip(".")] for name in ("first", "month"))
        if part % 3 == 0 and part - first == _BETWEEN:
            yield TimePoint(*match.span(), "quarter", int(match["year"]) if match["year"] else None, part // 3)
    for match in _MONTHS_OF.finditer(text):
        kind, last = ("quarter", 4) if match["many"].lower() in ("three", "3") else ("half", 2)
        part = 1 if match["which"].lower() in ("first", "opening") else last
        yield TimePoint(*match.span(), kind, int(match["year"]), part)
    for match in _MONTH_QUARTER.finditer(text):
        part = MONTHS[match["month"].lower().rstrip(".")]
        if part % 3 == 0:
            yield TimePoint(*match.span(), "quarter", int(match["year"]) if match["year"] else None, part // 3)
    for match in _ENDED.finditer(text):
        part = MONTHS[match["month"].lower().rstrip(".")]
        many = _MANY[(match["many"] or match["months"]).split()[0].split("-")[0]]
        if match["year"]:
            year = int(match["year"])
        elif anchor is not None:
            year = anchor.year if part <= anchor.month else anchor.year - 1
        else:
            continue
        yield TimePoint(*match.span(), "stretch", stretch=cal.months_to(year, part, many))


def _parts(text: str, anchor: date | None, words: TimeWords) -> Iterator[TimePoint]:
    """Quarters, halves and seasons with their year: "Q4 2025", "the second half of next year", "summer 2025"."""
    for match in _YEAR_FIRST.finditer(text):
        kind = "quarter" if match["kind"] == "Q" else "half"
        if kind == "quarter" or int(match["q"]) <= 2:
            yield TimePoint(match.start(), match.end(), kind, int(match["year"]), int(match["q"]))
    for kind, pattern in _PARTS:
        for match in pattern.finditer(text):
            groups = match.groupdict()
            if kind == "season":
                part = words.seasons[match["season"].lower()]
            else:
                ordinal = groups["ordinal"] or groups["q"] or groups["q2"]
                part = int(ordinal) if ordinal.isdigit() else words.ordinals[ordinal.lower()]
                if kind == "half" and part > 2:
                    continue
            year, fiscal = _year(text, match, anchor)
            fiscal = fiscal or bool(groups.get("fiscal1") or groups.get("fiscal2"))
            if year is None and (_has_year_words(match) or _belongs_elsewhere(text, match, kind)):
                continue
            yield TimePoint(match.start(), match.end(), kind, year, part, fiscal=fiscal)


def _has_year_words(match: re.Match[str]) -> bool:
    return any(match[name] for name in ("relative", "same", "the", "fy", "short"))


def _belongs_elsewhere(text: str, match: re.Match[str], kind: str) -> bool:
    """True for a quarter without a year that is no quarter of the calendar: "the first quarter of the match"."""
    return kind != "quarter" or bool(re.match(r"\s+(?:of\b|end(?:ed|ing)\b)|-final", text[match.end() :]))


def _year(text: str, match: re.Match[str], anchor: date | None) -> tuple[int | None, bool]:
    """The year that the groups of `_YEAR_REF` name, and whether it is a fiscal one."""
    if match["year"]:
        return int(match["year"]), bool(match["after"])
    if short := match["fy"] or match["short"]:
        digits = short.strip("'\u2019")
        return int(digits) if len(digits) == 4 else 2000 + int(digits), bool(match["fy"])
    if match["same"]:
        earlier = re.findall(
            rf"(?<![\w,.]){YEAR}(?![\w%])", text[max(0, match.start("same") - _SENTENCE) : match.start("same")]
        )
        return (int(earlier[-1]) if earlier else None), False
    if match["relative"] and anchor and not match["relfiscal"]:
        return anchor.year + time_words().relative[match["relative"].lower()], False
    return (anchor.year if match["the"] and anchor else None), False


_SHORT_RANGE = re.compile(rf"(?<![\w,.$])(?P<first>{YEAR})\s?[-\u2010\u2011\u2013/]\s?(?P<last>\d\d)(?![\w%]|[.,]\d)")
_YEAR = re.compile(rf"(?<![\w,.$€£¥#]){_YEAR_REF}(?![%]|[.,]\d|-\d\d?\b)", re.IGNORECASE)
_PART_OF = re.compile(r"\b(?:end|start|beginning|rest|remainder)\s+of\s+$")
_NAME = re.compile(r"\b([A-Z]\w*)\s+$")
_YEAR_END = re.compile(
    r"\b(?:(?P<relative>next|last|this)\s+)?(?:calendar\s+)?year[\s\-]end\b(?:\s+(?P<year>(?:19|20)\d\d)\b)?",
    re.IGNORECASE,
)


def _years(text: str, anchor: date | None, words: TimeWords) -> Iterator[TimePoint]:
    """ "2025", "fiscal 2026", "FY26", "next year", "year-end", "2024-29"."""
    for match in _SHORT_RANGE.finditer(text):
        first = int(match["first"])
        last = first // 100 * 100 + int(match["last"])
        if first < last <= first + 30:
            begin, end = cal.year(first), cal.year(last)
            stretch = Stretch(f"{begin.edtf}/{end.edtf}", begin.first, end.last)
            yield TimePoint(match.start(), match.end(), "stretch", stretch=stretch)
    for match in _YEAR_END.finditer(text):
        if match["year"] or anchor is not None:
            step = words.relative.get((match["relative"] or "this").lower(), 0)
            number = int(match["year"]) if match["year"] else (anchor.year if anchor else 0) + step
            yield TimePoint(match.start(), match.end(), "year", number)
    for match in _YEAR.finditer(text):
        if match["the"] or match["short"]:
            if not (match["the"] and search_before(_PART_OF, text, match.start())):
                continue
        elif match["year"] and _is_figure(text, match):
            continue
        year, fiscal = _year(text, match, anchor)
        if year is not None:
            yield TimePoint(match.start(), match.end(), "year", year, fiscal=fiscal)


def _is_figure(text: str, match: re.Match[str]) -> bool:
    """True where four digits measure, count or name something: "2000 W", "2048 GPUs", "RTX 2080"."""
    behind = text[match.end() :]
    if units().read(text, match.end()) is not None or re.match(r"\w|\s?[x×]\b", behind):
        return True
    if int(match["year"]) <= LAST_YEAR:
        return False
    name = search_before(_NAME, text, match.start())
    named = name is not None and not wording().has("openers", name[1])
    return named or re.match(r"\s+[A-Z]?\w*[A-Za-z]s\b(?<!was)(?<!has)(?<!is)", behind) is not None
