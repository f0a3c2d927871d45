"""Times of meanings: "2027", "2026-Q4", "2026-05", "2026-05-04", "2026-01-01/2026-06-30", or "fiscal 2026-Q2"."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import lru_cache

_PERIOD = re.compile(r"(\d{4})(?:-Q([1-4])|-(\d\d)(?:-(\d\d))?)?")


def quarter(edtf: str) -> str:
    """An EDTF quarter ("2026-36") as it is read ("2026-Q4"); any other time as it is."""
    return re.sub(r"^(\d{4})-3([3-6])$", lambda m: f"{m[1]}-Q{int(m[2]) - 2}", edtf)


def span(first: str, last: str) -> str:
    """Some days as the year, quarter or month that they fill, else as the first and the last of them."""
    begin, end = date.fromisoformat(first), date.fromisoformat(last)
    months = (end.year - begin.year) * 12 + end.month - begin.month + 1
    if begin.day == 1 and (end + timedelta(days=1)).day == 1:
        if months == 12 and begin.month == 1:
            return f"{begin.year}"
        if months == 3 and begin.month % 3 == 1:
            return f"{begin.year}-Q{begin.month // 3 + 1}"
        if months == 1:
            return first[:7]
    return first if first == last else f"{first}/{last}"


def within(one: str, other: str) -> bool:
    """Whether a time lies in another: May or the second quarter in the year, the third of May in May."""
    inner, outer = _days(one), _days(other)
    if inner is None or outer is None:
        return bool(other) and one.startswith(other)  # fiscal quarters and years have no days
    return outer[0] <= inner[0] and inner[1] <= outer[1]


@lru_cache(maxsize=1 << 12)
def _days(time: str) -> tuple[date, date] | None:
    """The first and the last day of a time; None where it is open or has none."""
    first, slash, last = time.partition("/")
    begin, end = _PERIOD.fullmatch(first), _PERIOD.fullmatch(last or first)
    if begin is None or end is None or (slash and not last):
        return None
    try:
        return _edges(begin)[0], _edges(end)[1]
    except ValueError:
        return None


def _edges(period: re.Match[str]) -> tuple[date, date]:
    year, quarter_, month, day = (int(part) if part else None for part in period.groups())
    year = year or date.min.year
    if day and month:
        return date(year, month, day), date(year, month, day)
    first, last = (3 * quarter_ - 2, 3 * quarter_) if quarter_ else (month, month) if month else (1, 12)
    after = date(year, last + 1, 1) if last < 12 else date(year, 12, 31) + timedelta(days=1)
    return date(year, first, 1), after - timedelta(days=1)
