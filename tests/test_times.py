"""Times: what is read, in which EDTF, and which of them a figure holds for."""

from __future__ import annotations

from calendar import month_name, monthrange
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from aigraph import articles
from aigraph.documents import DocumentReader
from aigraph.facts.figures.quantities import find_quantities
from aigraph.facts.times import timewords
from aigraph.facts.times.periods import find_periods, main_period
from aigraph.facts.times.reading import story_day
from aigraph.records import Period, Span

ANCHOR = date(2025, 10, 8)  # a Wednesday

EDTF = [
    ("2025", "2025"),
    ("in 2026", "2026"),
    ("sales in 2025.", "2025"),
    ("2025's best quarter", "2025"),
    ("its 2025 capital spending", "2025"),
    ("in late 2026", "2026~"),
    ("in early 2025", "2025~"),
    ("in mid-2026", "2026~"),
    ("at the end of 2026", "2026~"),
    ("later in 2026", "2026~"),
    ("around 2030", "2030~"),
    ("Q4 2025", "2025-36"),
    ("Q1 of 2026", "2026-33"),
    ("Q3'25", "2025-35"),
    ("3Q25", "2025-35"),
    ("1Q 2026", "2026-33"),
    ("2025 Q4", "2025-36"),
    ("2026-Q2", "2026-34"),
    ("the second quarter of 2025", "2025-34"),
    ("third-quarter 2025 sales", "2025-35"),
    ("the third quarter of last year", "2024-35"),
    ("the first quarter of next year", "2026-33"),
    ("earned $5 billion in the second quarter", "2025-34"),
    ("It earned more in the fourth quarter.", "2025-36"),
    ("It forecasts first-quarter revenue of $5 billion.", "2026-33"),
    ("is expected to ship in the second quarter", "2026-34"),
    ("last quarter", "2025-35"),
    ("this quarter", "2025-36"),
    ("next quarter", "2026-33"),
    ("the first half of 2024", "2024-40"),
    ("the second half of next year", "2026-41"),
    ("from the second half of next year", "2026-41"),
    ("in the second half of the year", "2025-41"),
    ("H1 2026", "2026-40"),
    ("2H26", "2026-41"),
    ("2H 2025", "2025-41"),
    ("in the first half", "2025-40"),
    ("summer 2025", "2025-22"),
    ("in the autumn of 2025", "2025-23"),
    ("the fall of 2026", "2026-23"),
    ("winter 2025", "2025-24"),
    ("this spring", "2025-21"),
    ("last summer", "2025-22"),
    ("next spring", "2026-21"),
    ("March 2025", "2025-03"),
    ("in Sept. 2025", "2025-09"),
    ("in May of 2025", "2025-05"),
    ("early March 2026", "2026-03~"),
    ("reported in September that", "2025-09"),
    ("will open in March", "2026-03"),
    ("last December", "2024-12"),
    ("December 2, 2025", "2025-12-02"),
    ("Oct. 6, 2025", "2025-10-06"),
    ("26 January 2026", "2026-01-26"),
    ("the 3rd of June 2025", "2025-06-03"),
    ("2025-10-06", "2025-10-06"),
    ("2026-03", "2026-03"),
    ("on April 16", "2025-04-16"),
    ("on November 16", "2024-11-16"),
    ("will be held on November 16", "2025-11-16"),
    ("on Monday", "2025-10-06"),
    ("Friday", "2025-10-03"),
    ("on Wednesday", "2025-10-08"),
    ("last Friday", "2025-10-03"),
    ("next Monday", "2025-10-13"),
    ("will speak on Friday", "2025-10-10"),
    ("yesterday", "2025-10-07"),
    ("last week", "2025-09-29/2025-10-05"),
    ("last month", "2025-09"),
    ("next month", "2025-11"),
    ("next year", "2026"),
    ("last year", "2024"),
    ("this year", "2025"),
    ("later this year", "2025"),
    ("early next year", "2026~"),
    ("the end of the year", "2025~"),
    ("a year ago", "2024"),
    ("First-half revenue rose", "2025-40"),
    ("in the first six months, it said", "2025-40"),
    ("in the first three months of the year", "2025-33"),
    ("sales in the first nine months were", "2025"),
    ("the half-year to September", "2025-04/2025-09"),
    ("three years ago", "2022"),
    ("two months ago", "2025-08"),
    ("through 2027", "../2027"),
    ("by 2030", "../2030"),
    ("until 2028", "../2028"),
    ("by the end of 2026", "../2026"),
    ("by late 2026", "../2026~"),
    ("by year-end", "../2025"),
    ("by year-end 2026", "../2026"),
    ("by October", "../2025-10"),
    ("through the first half of 2026", "../2026-40"),
    ("no later than March 31, 2027", "../2027-03-31"),
    ("since 2017", "2017/.."),
    ("starting in 2026", "2026/.."),
    ("as early as 2026", "2026/.."),
    ("from 2026 onwards", "2026/.."),
    ("from May 2026 on", "2026-05/.."),
    ("lost $88 million in the second quarter of 2026 on sales of $412 million", "2026-34"),
    ("since early 2024", "2024~/.."),
    ("from 2024 to 2029", "2024/2029"),
    ("between 2024 and 2029", "2024/2029"),
    ("2024-2029", "2024/2029"),
    ("2024–29", "2024/2029"),
    ("2024 to 2029", "2024/2029"),
    ("between March and May 2025", "2025-03/2025-05"),
    ("between January and March 2025", "2025-33"),
    ("the first three months of 2027", "2027-33"),
    ("the last three months of 2026", "2026-36"),
    ("the first six months of 2026", "2026-40"),
    ("the first nine months of 2025", "2025"),
    ("from July through December 2025", "2025-41"),
    ("between December 2024 and February 2025", "2024-12/2025-02"),
    ("Q3-Q4 2024", "2024-35/2024-36"),
    ("from the third quarter of 2025 through the first quarter of 2026", "2025-35/2026-33"),
    ("over the next five years", "2025/2030"),
    ("in the next 12 months", "2025-10/2026-10"),
    ("for the past three years", "2022/2025"),
    ("the next decade", "2025/2035"),
    ("in the past year", "2024-10/2025-10"),
    ("the quarter ended June 30, 2025", "2025-34"),
    ("the third quarter ended Oct. 26, 2024", "2024-08/2024-10"),
    ("the six months to June", "2025-40"),
    ("the year ended December 31, 2024", "2024"),
    ("the June quarter", "2025-34"),
    ("the July-September quarter", "2025-35"),
    ("April to June 2024", "2024-34"),
    ("In the January\u2013March period", "2025-33"),
    ("raised its forecast after sales in the July-September quarter", "2025-35"),
    ("on Tuesday, January 6, 2026", "2026-01-06"),
]
FISCAL = [
    ("fiscal 2026", "2026"),
    ("fiscal year 2026", "2026"),
    ("the 2026 fiscal year", "2026"),
    ("FY26", "2026"),
    ("FY2027", "2027"),
    ("fiscal Q4 2025", "2025-Q4"),
    ("Q4 FY25", "2025-Q4"),
    ("the fourth quarter of fiscal 2028", "2028-Q4"),
    ("the first quarter of its fiscal year 2027", "2027-Q1"),
    ("the second half of their fiscal 2027", "2027-H2"),
    ("its first fiscal quarter of 2026", "2026-Q1"),
    ("fiscal second quarter 2026", "2026-Q2"),
    ("by the end of fiscal 2029", "2029"),
    ("the first half of fiscal 2026", "2026-H1"),
]
NO_TIMES = [
    "2,025 chips at $2025",
    "2048 GPUs and 2000 W",
    "H100, MI450 and RTX 2080",
    "version 20.25",
    "2025% more",
    "It may march on; they will fall.",
    "the first quarter of the match",
    "the second half of the match",
    "the fiscal fourth quarter",
    "the next fiscal year",
    "within 18 months, over five years",
    "in eleven quarters",
    "than a year ago",
    "Black Friday deals",
    "the second customer",
    "February 30",
    "the previous decade",
]


@pytest.mark.parametrize(("text", "edtf"), EDTF)
def test_edtf(text: str, edtf: str) -> None:
    assert [(p.edtf, p.fiscal) for p in find_periods(text, anchor=ANCHOR)] == [(edtf, None)]


@pytest.mark.parametrize(("text", "label"), FISCAL)
def test_fiscal_periods_keep_their_label(text: str, label: str) -> None:
    [period] = find_periods(text, anchor=ANCHOR)
    assert (period.fiscal, period.edtf, period.first, period.last) == (label, None, None, None)


@pytest.mark.parametrize("text", NO_TIMES)
def test_no_times(text: str) -> None:
    assert find_periods(text, anchor=ANCHOR) == ()


@pytest.mark.parametrize(
    "text",
    [
        "next year",
        "on Monday",
        "the fourth quarter",
        "in October",
        "on April 16",
        "a year ago",
        "in the first nine months",
    ],
)
def test_relative_times_need_the_date_of_the_article(text: str) -> None:
    assert find_periods(text) == ()


def test_that_year_is_the_year_named_before() -> None:
    text = "It went live in late 2025 and will hold more by the end of that year."
    assert [p.edtf for p in find_periods(text)] == ["2025~", "../2025"]


def test_days() -> None:
    [period] = find_periods("in the fourth quarter of 2025", anchor=ANCHOR)
    assert (period.first, period.last) == (date(2025, 10, 1), date(2025, 12, 31))
    [period] = find_periods("by the end of 2026", anchor=ANCHOR)
    assert (period.first, period.last) == (None, date(2026, 12, 31))
    [period] = find_periods("since March 2024", anchor=ANCHOR)
    assert (period.first, period.last) == (date(2024, 3, 1), None)


def test_spans_count_from_the_article_and_names_are_left_alone() -> None:
    text = "At Hot Chips 2025 it promised chips by the end of 2026."
    [period] = find_periods(text, offset=50, anchor=ANCHOR, taken=[Span(53, 67)])
    assert text[period.span.start - 50 : period.span.end - 50] == "by the end of 2026"


# --- any year ---------------------------------------------------------------------------------------------------

years = st.integers(1990, 2100)
MONTHS = list(month_name)[1:]
ORDINALS = ["first", "second", "third", "fourth"]


@given(years, st.sampled_from(["in {}", "Sales rose in {}.", "The {} budget", "({})", "{}"]))
def test_any_year(year: int, carrier: str) -> None:
    text = carrier.format(year)
    [period] = find_periods(text)
    assert (period.edtf, period.first, period.last) == (str(year), date(year, 1, 1), date(year, 12, 31))
    assert text[period.span.start : period.span.end] == str(year)


@given(years, st.integers(1, 4), st.sampled_from(["Q{q} {y}", "the {o} quarter of {y}", "{y} Q{q}", "{o}-quarter {y}"]))
def test_any_quarter(year: int, part: int, form: str) -> None:
    [period] = find_periods(form.format(q=part, y=year, o=ORDINALS[part - 1]))
    assert period.edtf == f"{year}-{32 + part}"
    assert period.first == date(year, 3 * part - 2, 1)
    assert period.last is not None
    assert (period.last + timedelta(days=1)).month == 3 * part % 12 + 1


@given(st.dates(date(1990, 1, 1), date(2100, 12, 31)), st.sampled_from(["{m} {d}, {y}", "{d} {m} {y}", "{i}"]))
def test_any_day(day: date, form: str) -> None:
    [period] = find_periods(form.format(m=MONTHS[day.month - 1], d=day.day, y=day.year, i=day.isoformat()))
    assert (period.edtf, period.first, period.last) == (day.isoformat(), day, day)


@given(years, st.integers(1, 12))
def test_any_month(year: int, month: int) -> None:
    [period] = find_periods(f"in {MONTHS[month - 1]} {year}")
    assert (period.edtf, period.first) == (f"{year}-{month:02}", date(year, month, 1))
    assert period.last == date(year, month, monthrange(year, month)[1])


@given(st.sampled_from([text for text, _ in EDTF]), st.dates(date(1995, 1, 1), date(2090, 12, 31)))
def test_edtf_days_and_span_agree(text: str, anchor: date) -> None:
    for period in find_periods(text, anchor=anchor):
        assert 0 <= period.span.start < period.span.end <= len(text)
        assert period.edtf is not None
        first, last = period.edtf.startswith(".."), period.edtf.endswith("..")
        assert (period.first is None, period.last is None) == (first, last)
        if period.first is not None:
            assert period.edtf.startswith(str(period.first.year))
        if period.first is not None and period.last is not None:
            assert period.first <= period.last


@given(
    st.text(alphabet="0123456789 ,.-'QHFYMarchOctfiscalquarterofnextyear\n", max_size=60),
    st.dates(date(1995, 1, 1), date(2090, 1, 1)),
)
def test_never_overlapping_never_failing(text: str, anchor: date) -> None:
    periods = find_periods(text, anchor=anchor)
    spans = [period.span for period in periods]
    assert spans == sorted(spans)
    assert all(a.end <= b.start for a, b in pairwise(spans))
    assert all(period.edtf or period.fiscal for period in periods)


# --- the period of a figure -------------------------------------------------------------------------------------


def label(period: Period | None) -> str | None:
    return None if period is None else period.edtf or period.fiscal


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("The market will grow from $35 billion in 2025 to $100 billion in 2028.", ["2025", "2028"]),
        ("In the third quarter of 2025 sales rose 134% to $1.4 billion.", ["2025-35", "2025-35"]),
        ("It cut its 2025 spending to between $12 billion and $14 billion.", ["2025", "2025"]),
        ("It will spend $52 billion this year, compared with $40.9 billion in 2024.", ["2025", "2024"]),
        ("Reuters reported on April 16 that it will spend over $20 billion.", [None]),
        ("It gave no forecast for fiscal 2026, and the shares fell 4.6%.", [None]),
        ("SANTA CLARA, Oct. 6, 2025 - It will supply six gigawatts of chips.", [None]),
        ("Sales were 28% higher than in 2024.", [None]),
        ("The first gigawatt is to be installed from the second half of next year.", ["2026-41"]),
        (
            "Micron leads: in the second quarter of 2025 it held 62% of the market, against 21% for Samsung.",
            ["2025-34"] * 2,
        ),
    ],
)
def test_main_period(text: str, labels: list[str | None]) -> None:
    offset = 1000
    periods = find_periods(text, offset=offset, anchor=ANCHOR)
    figures = find_quantities(text, offset=offset)
    assert [label(main_period(periods, q.span, text=text, offset=offset)) for q in figures] == labels


def test_main_period_without_text_is_the_nearest() -> None:
    near, far = Period(Span(20, 24), "2025"), Period(Span(200, 204), "2026")
    assert main_period([far, near], Span(10, 15)) == near
    assert main_period([], Span(10, 15)) is None


def test_lists_are_sorted_and_unique() -> None:
    data: dict[str, Any] = yaml.safe_load(timewords.FILE.read_text(encoding="utf-8"))
    for name, words in data.items():
        ordered = list(words)
        if name != "weekdays":
            assert ordered == sorted(set(ordered)), name


@pytest.mark.parametrize(
    ("head", "day"),
    [
        ("LAGOS, Nigeria, 11 May 2026 – Tigris sold 400 chips in March.", date(2026, 5, 11)),
        ("LAGOS (May 2026) – Tigris sold 400 chips in 2028 and 2029.", date(2026, 5, 1)),
        ("Lagos, 18 February 2027\n\nDear owners,\n\nTigris will ship in 2028 and grow in 2028.", date(2027, 2, 18)),
        ("Corvid Research, memory desk, 12 November 2026\n\nTigris sold 400 chips.", date(2026, 11, 12)),
        ("Posted 18 January 2026 in: hardware, bad ideas\n\nTigris sold 400 chips.", date(2026, 1, 18)),
        ("On June 12, 2026 Tigris opened an office in Oslo, and everybody came.", date(2026, 6, 12)),
        ("Tigris opened an office on June 12, 2026 and will ship its chip in March 2027.", date(2026, 6, 12)),
        ("Tigris, which expects to ship its chip in March 2027, has opened an office.", None),
        ("Tigris has opened an office in Oslo, and everybody came.", None),
    ],
)
def test_the_day_that_an_article_tells_its_times_from(tmp_path: Path, head: str, day: date | None) -> None:
    file = tmp_path / "tigris.txt"
    file.write_text(f"Tigris opens an office\n\n{head}\n", encoding="utf-8")
    (article,) = articles.read(file)
    assert story_day(DocumentReader().read(article)) == day


def test_a_year_of_business_has_its_days_and_the_label_of_its_end() -> None:
    [period] = find_periods("in the year to March 2027", anchor=ANCHOR)
    assert (period.edtf, period.fiscal) == ("2026-04/2027-03", "2027")
    assert (period.first, period.last) == (date(2026, 4, 1), date(2027, 3, 31))


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("the 2 billion that it had projected in July", "2026-07"),
        ("it is projected to open in July", "2027-07"),
    ],
)
def test_what_somebody_foretold_lies_behind(text: str, month: str) -> None:
    [period] = find_periods(text, anchor=date(2026, 10, 28))
    assert period.edtf == month
