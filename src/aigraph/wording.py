"""Figures and periods in plain English: "$1 trillion", "at least 1.2 GW", "fourth quarter of 2026".

A figure keeps its exact value, so that nothing is lost by reading it easily.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from aigraph.vocab import AIG, UNIT

_SYMBOLS = {
    **{"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "CNY": "CN¥", "KRW": "₩", "INR": "₹", "TWD": "NT$"},
    **{"HKD": "HK$", "CAD": "C$", "AUD": "A$", "SGD": "S$", "ILS": "₪"},
}
_SIGNIFICANT = 4
"""The digits that a reader wants."""
_SCALES = ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"))
_SI = ((1e24, "Y"), (1e21, "Z"), (1e18, "E"), (1e15, "P"), (1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"), (1.0, ""),
       (1e-3, "m"), (1e-6, "µ"), (1e-9, "n"), (1e-12, "p"))  # fmt: skip
_MEASURES = {
    UNIT.W.value: "W",
    UNIT.BYTE.value: "B",
    UNIT["BYTE-PER-SEC"].value: "B/s",
    UNIT.FLOPS.value: "FLOP/s",
    UNIT.M.value: "m",
    AIG.FlopsPerWatt.value: "FLOP/s per watt",
}
_SIGNS = {UNIT.PERCENT.value: "%", UNIT.NUM.value: "", AIG.Times.value: "×", AIG.TokenPerSecond.value: " tokens/s"}
_DURATIONS = ((700 * 86400.0, 365.25 * 86400, "years"), (63 * 86400.0, 30.4375 * 86400, "months"),
              (2 * 86400.0, 86400.0, "days"), (7200.0, 3600.0, "hours"), (120.0, 60.0, "minutes"))  # fmt: skip
_COMPARATORS = {
    **{AIG.About.value: "about ", AIG.AtLeast.value: "at least ", AIG.MoreThan.value: "more than "},
    **{AIG.AtMost.value: "at most ", AIG.LessThan.value: "less than ", AIG.UpTo.value: "up to "},
}
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December")  # fmt: skip
_PARTS = {
    **{f"{33 + n}": f"{name} quarter of" for n, name in enumerate(("first", "second", "third", "fourth"))},
    **{"40": "first half of", "41": "second half of"},
    **{"21": "spring of", "22": "summer of", "23": "autumn of", "24": "winter of"},
}


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure as people read it ("more than $1 trillion"), and its value in full ("1,000,000,000,000 US dollar").

    `exact` is empty where the text has the value in full already.
    """

    text: str
    exact: str


def figure(
    value: float, unit: str, comparator: str = "", *, unit_label: str = "", digits: int = _SIGNIFICANT
) -> Figure:
    """A quantity in words, to some digits; `unit` and `comparator` are IRIs, `unit_label` is the unit's full name."""
    bound = _COMPARATORS.get(comparator, "")
    text = _readable(value, unit, unit_label, digits)
    exact = _exact(value)
    # most texts are scaled and do not have it: compiling a pattern for each value would take longer than all the rest
    full = exact in text and re.search(rf"(?<![\d.,]){re.escape(exact)}(?!\.?\d| [mbt]r?illion)", text)
    return Figure(bound + text, "" if full else f"{exact} {unit_label}".strip())


def _readable(value: float, unit: str, label: str, digits: int) -> str:
    code = unit.removeprefix(f"{UNIT.iri}CCY_")
    if code != unit:
        sign = "−" if value < 0 else ""
        return f"{sign}{_SYMBOLS.get(code, code + ' ')}{scaled(abs(value), digits)}"
    if unit in _SIGNS:
        return f"{scaled(value, digits)}{_SIGNS[unit]}"
    if unit == UNIT.SEC.value:
        return _duration(value, digits)
    if unit in _MEASURES:
        number, prefix = _prefixed(value, digits)
        return f"{number} {prefix}{_MEASURES[unit]}"
    return f"{scaled(value, digits)} {label}".strip()


def rounded(value: float, digits: int = _SIGNIFICANT) -> str:
    """A number with some significant digits, and all of those before the point: "1.25", "12,345"."""
    if not math.isfinite(value):
        return str(value)
    behind = 0 if value == 0 else max(0, digits - 1 - math.floor(math.log10(abs(value))))
    text = f"{value:,.{min(behind, 12)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def scaled(value: float, digits: int = _SIGNIFICANT) -> str:
    """A number with its scale as a word: "1.4 trillion", "50,000"."""
    for size, name in _SCALES:
        if abs(value) >= size:
            return f"{rounded(value / size, digits)} {name}"
    return rounded(value, digits)


def _prefixed(value: float, digits: int) -> tuple[str, str]:
    for size, prefix in _SI:
        if abs(value) >= size * 0.9999999:
            return rounded(value / size, digits), prefix
    return rounded(value, digits), ""


def _duration(value: float, digits: int) -> str:
    for least, size, name in _DURATIONS:
        if abs(value) >= least:
            return f"{rounded(value / size, digits)} {name}"
    number, prefix = _prefixed(value, digits)
    return f"{number} {prefix}s" if abs(value) < 1 else f"{rounded(value, digits)} s"


def _exact(value: float) -> str:
    return f"{value:,.0f}" if value.is_integer() and abs(value) < 1e30 else f"{value:,}"


def period(text: str) -> str:
    """A time in EDTF in words: "2026-36" is "fourth quarter of 2026", "../2027" is "until 2027".

    What is not understood is given as it is.
    """
    start, slash, end = text.partition("/")
    if not slash:
        return _date(text)
    if start in ("", ".."):
        return f"until {_date(end)}"
    if end in ("", ".."):
        return f"from {_date(start)}"
    return f"{_date(start)} to {_date(end)}"


def _date(text: str) -> str:
    bare = text.rstrip("~?%")
    about = "about " if bare != text else ""
    if match := re.fullmatch(r"(\d{4})-(\d\d)(?:-(\d\d))?", bare):
        year, month, day = match.groups()
        if month in _PARTS and not day:
            return f"{about}{_PARTS[month]} {year}"
        if 1 <= int(month) <= 12:
            return f"{about}{f'{int(day)} ' if day else ''}{_MONTHS[int(month) - 1]} {year}"
    return f"{about}{bare}"


def fiscal(text: str) -> str:
    """A fiscal period in words: "2025-Q4" is "fiscal Q4 2025"."""
    if match := re.fullmatch(r"(\d{4})-([QH]\d)", text):
        return f"fiscal {match[2]} {match[1]}"
    return f"fiscal {text}"


def day(text: str | None) -> str:
    """A date of publication in words; empty where there is none."""
    return _date(text[:10]) if text else ""


def plural(count: int, one: str, many: str | None = None) -> str:
    """A count with its noun: "1 article", "1,200 articles"."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"
