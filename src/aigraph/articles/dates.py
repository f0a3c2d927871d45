"""Dates of publication as EDTF: "2026-03-18", "2026-03"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sept sep",
            "october oct",
            "november nov",
            "december dec",
        ),
        start=1,
    )
    for name in names.split()
}
_MONTH = "(?P<month>" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\b\.?"
# a time of day may be glued to the year ("20264:30 PM")
_YEAR = r"(?P<year>(?:19|20)\d\d)(?!\d(?!\d?:\d\d))"
_DAY = r"(?<!\d)(?P<day>[0-3]?\d)(?:st|nd|rd|th)?(?!\d)"
# a paste from the web glues a date to the headline before it ("new stageMar 18, 2026")
_START = r"(?:\b|(?-i:(?<=[a-z])(?=[A-Z])))"
_FULL = (
    re.compile(rf"{_START}{_MONTH}\s+{_DAY},?\s+{_YEAR}", re.IGNORECASE),
    re.compile(rf"{_DAY}\s+{_MONTH},?\s+{_YEAR}", re.IGNORECASE),
    re.compile(rf"(?<!\d){_YEAR}[-/](?P<month>[01]?\d)[-/]{_DAY}"),
)
_MONTH_AND_YEAR = re.compile(rf"\b{_MONTH},?\s+{_YEAR}", re.IGNORECASE)
_EDTF = re.compile(r"\d{4}(-(?P<month>\d\d)(-\d\d)?)?")


def full_dates(text: str) -> tuple[str, ...]:
    """Every date of day, month and year that the text names, in order, each as "2026-03-18"."""
    found: dict[int, str] = {}
    for pattern in _FULL:
        for match in pattern.finditer(text):
            day = _day(match["year"], match["month"], match["day"])
            if day is not None:
                found.setdefault(match.start("year"), day)
    return tuple(found[position] for position in sorted(found))


def months(text: str) -> tuple[str, ...]:
    """Every month with its year that the text names, in order, each as "2026-03"."""
    return tuple(f"{match['year']}-{_MONTHS[match['month'].casefold()]:02}" for match in _MONTH_AND_YEAR.finditer(text))


def single(dates: Sequence[str]) -> str | None:
    """The one date that all of them are; None for none or several."""
    return dates[0] if dates and len(set(dates)) == 1 else None


def as_edtf(value: object) -> str | None:
    """A date as somebody wrote it ("2026-03", "March 18, 2026", "2026-03-18T08:00Z", a date) as EDTF, else None."""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        return None
    value = value.strip()
    match = _EDTF.fullmatch(value)
    if match:
        return value if _possible(value) else None
    try:
        return datetime.fromisoformat(value).date().isoformat()
    except ValueError:
        return single(full_dates(value)) or single(months(value))


def _possible(edtf: str) -> bool:
    padded = edtf + "-01-01"[len(edtf) - 4 :]
    try:
        date.fromisoformat(padded)
    except ValueError:
        return False
    return True


def _day(year: str, month: str, day: str) -> str | None:
    number = _MONTHS.get(month.casefold()) or int(month)
    try:
        return date(int(year), number, int(day)).isoformat()
    except ValueError:
        return None
