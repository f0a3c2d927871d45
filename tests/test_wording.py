"""Figures and periods as pages tell them."""

from __future__ import annotations

import pytest

from aigraph.vocab import AIG, UNIT
from aigraph.wording import day, figure, fiscal, period, plural

USD, TIMES = UNIT.CCY_USD.value, AIG.Times.value


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (1e12, USD, "$1 trillion"),
        (1.4e12, USD, "$1.4 trillion"),
        (999_500.0, USD, "$999,500"),
        (-2.5e9, UNIT.CCY_EUR.value, "−€2.5 billion"),
        (3e9, UNIT.CCY_SAR.value, "SAR 3 billion"),
        (50_000.0, UNIT.NUM.value, "50,000"),
        (0.0, UNIT.NUM.value, "0"),
        (12.5, UNIT.PERCENT.value, "12.5%"),
        (30.0, TIMES, "30×"),
        (1.2e9, UNIT.W.value, "1.2 GW"),
        (192e9, UNIT.BYTE.value, "192 GB"),
        (8e12, UNIT["BYTE-PER-SEC"].value, "8 TB/s"),
        (3e21, UNIT.FLOPS.value, "3 ZFLOP/s"),
        (3e-9, UNIT.M.value, "3 nm"),
        (0.005, UNIT.SEC.value, "5 ms"),
        (45.0, UNIT.SEC.value, "45 s"),
        (7 * 86400.0, UNIT.SEC.value, "7 days"),
        (8 * 365.25 * 86400, UNIT.SEC.value, "8 years"),
        (7.0, "http://qudt.org/vocab/unit/K", "7 kelvin"),
    ],
)
def test_figures_read_easily(value: float, unit: str, text: str) -> None:
    assert figure(value, unit, unit_label="kelvin").text == text


def test_a_figure_keeps_its_bound_and_its_value_in_full() -> None:
    found = figure(1.23456e12, USD, AIG.AtLeast.value, unit_label="US dollar")
    assert (found.text, found.exact) == ("at least $1.235 trillion", "1,234,560,000,000 US dollar")
    assert figure(66.6667, UNIT.PERCENT.value, unit_label="percent").exact == "66.6667 percent"
    assert [figure(value, TIMES).exact for value in (0.1, 30.0, 999_500.0)] == ["", "", ""]
    assert figure(1e6, UNIT.NUM.value).exact == "1,000,000"
    assert figure(3e9, UNIT.W.value, unit_label="watt").exact == "3,000,000,000 watt"


@pytest.mark.parametrize(
    ("edtf", "text"),
    [
        ("2027", "2027"),
        ("2026-03", "March 2026"),
        ("2026-03-18", "18 March 2026"),
        ("2026-36", "fourth quarter of 2026"),
        ("2026-40", "first half of 2026"),
        ("../2027", "until 2027"),
        ("2026/..", "from 2026"),
        ("2025/2027-33", "2025 to first quarter of 2027"),
        ("2027~", "about 2027"),
        ("2026-99", "2026-99"),
        ("some day", "some day"),
    ],
)
def test_periods_in_words(edtf: str, text: str) -> None:
    assert period(edtf) == text


def test_the_rest() -> None:
    assert (fiscal("2025-Q4"), fiscal("2025")) == ("fiscal Q4 2025", "fiscal 2025")
    assert (day("2026-03-18T10:00:00Z"), day(None)) == ("18 March 2026", "")
    assert (plural(1, "article"), plural(1200, "article"), plural(2, "is", "are")) == (
        "1 article",
        "1,200 articles",
        "2 are",
    )
