"""Drawings of the answers to canned queries: what is drawn, what is left out, and headers that do not fit."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from aigraph.endpoint import create_app
from aigraph.endpoint.charts import MOST_BARS, SIGNS, Drawing, drawn
from aigraph.errors import DataError
from aigraph.queries import CannedQuery, Chart, load_queries
from aigraph.resources import folder
from aigraph.store import QueryPool
from aigraph.vocab import DEFAULT_BASE
from serving import BROWSER, running

BARS = Chart("bars", "nameLabel", "count")
DOTS = Chart("dots", "until", "value", by="aboutLabel", unit="unit")
NUMBER = "http://www.w3.org/2001/XMLSchema#decimal"


def answer(rows: Sequence[Mapping[str, object]]) -> str:
    names = sorted({name for row in rows for name in row})

    def term(value: object) -> dict[str, str]:
        if isinstance(value, str):
            return {"type": "uri" if value.startswith("https://") else "literal", "value": value}
        return {"type": "literal", "datatype": NUMBER, "value": str(value)}

    bindings = [{name: term(value) for name, value in row.items()} for row in rows]
    return json.dumps({"head": {"vars": names}, "results": {"bindings": bindings}})


def drawing(chart: Chart, *rows: Mapping[str, object]) -> Drawing:
    found = drawn(chart, answer(rows), DEFAULT_BASE)
    assert found
    return found


def test_bars_are_as_long_as_their_figures_and_lead_to_their_things() -> None:
    chart = drawing(
        BARS,
        {"nameLabel": "Acme", "count": 8, "name": f"{DEFAULT_BASE}id/company/acme"},
        {"nameLabel": "Brontal", "count": 2},
        {"nameLabel": "without a figure"},
    )
    first, second = chart.marks
    assert (first.name, first.figure, first.href) == ("Acme", "8", "/page/id/company/acme")
    assert first.width == 4 * second.width
    assert second.href is None
    assert chart.left_out == 1


def test_long_answers_and_long_names_are_cut_and_said_to_be() -> None:
    chart = drawing(BARS, *({"nameLabel": f"{n} " + "long " * 20, "count": n} for n in range(1, 51)))
    assert (len(chart.marks), chart.left_out) == (MOST_BARS, 50 - MOST_BARS)
    assert all(len(mark.name) <= 38 and mark.name.endswith("…") for mark in chart.marks)


def test_dots_stand_at_their_time_with_a_sign_for_each_thing_in_one_unit() -> None:
    rows = [
        {"until": "2026-01-01", "value": 10, "aboutLabel": "Acme", "unit": "USD"},
        {"until": "2027", "value": 20, "aboutLabel": "Brontal", "unit": "USD"},
        {"until": "2026-01-01", "value": 10, "aboutLabel": "Acme", "unit": "USD", "claim": "https://example.org/2"},
        {"until": "2026", "value": 3, "aboutLabel": "Acme", "unit": "W"},
        {"until": "some day", "value": 3, "aboutLabel": "Acme", "unit": "USD"},
    ]
    chart = drawing(DOTS, *rows)
    assert (chart.unit, chart.left_out, chart.legend) == ("USD", 2, ("Acme", "Brontal"))
    early, late, again = chart.marks
    assert early.x < late.x
    assert early.y > late.y  # figures grow upwards
    assert (early.sign, late.sign) == (0, 1)
    assert (again.y, again.x > early.x) == (early.y, True)  # beside the one that it would hide
    assert early.says == "10 USD, 2026-01-01, Acme"
    assert [tick.text for tick in chart.across] == ["2026", "2027", "2028"]


def test_many_things_share_the_last_sign_and_wide_ranges_have_a_scale_of_ratios() -> None:
    chart = drawing(DOTS, *({"until": "2026", "value": 10.0**n, "aboutLabel": f"thing {n}"} for n in range(9)))
    assert len(chart.legend) == SIGNS
    assert chart.legend[-1] == "others"
    assert max(mark.sign for mark in chart.marks) == SIGNS - 1
    assert chart.logarithmic
    assert all(0 <= mark.y <= chart.height for mark in chart.marks)


@pytest.mark.parametrize(
    "rows",
    [[], [{"nameLabel": "one alone", "count": 1}], [{"nameLabel": "a", "count": 0}, {"nameLabel": "b", "count": 0}]],
)
def test_nothing_is_drawn_where_nothing_can_be_compared(rows: list[Mapping[str, object]]) -> None:
    assert drawn(BARS, answer(rows), DEFAULT_BASE) is None


@pytest.mark.parametrize(
    ("chart", "fault"),
    [
        ("{kind: pie, along: a, value: b}", "the kind of its chart is 'pie'; there are: bars, dots"),
        ("{kind: bars, along: a}", "its chart lacks value"),
        ("{kind: bars, along: a, value: c}", "names the column 'c', which the query does not have"),
        ("{kind: bars, along: a, value: b, colour: a}", "unknown key 'colour'"),
        ("bars", "not a mapping"),
    ],
)
def test_a_chart_that_does_not_fit_its_query_is_refused(chart: str, fault: str) -> None:
    with pytest.raises(DataError, match=fault):
        CannedQuery.parse("one", f"#+ summary: s\n#+ description: d\n#+ chart: {chart}\nSELECT ?a ?b {{ ?a ?p ?b }}")


def test_the_gallery_and_its_pages(seeds_store: Path) -> None:
    queries = load_queries(folder("queries"))
    with (
        QueryPool(seeds_store, size=1, timeout=120) as pool,
        running(create_app(pool, queries, base=DEFAULT_BASE)) as client,
    ):
        gallery = client.get("/queries", Accept=BROWSER).text
        assert all(f'href="/queries/{name}"' in gallery for name in queries)
        deals = client.get("/queries", {"tag": "deals"}, Accept=BROWSER).text
        assert 'href="/queries/supply-chain"' in deals  # by any of its tags
        assert 'href="/queries/forecasts"' not in deals
        page = client.get("/queries/timeline-of-metric", {"metric": "order backlog"}, Accept=BROWSER).text
        assert "<svg" in page
        assert "1 trillion USD, 2027-12-31, Nvidia" in page
        assert 'href="/sparql?canned=timeline-of-metric&amp;metric=order+backlog"' in page
        assert f"curl &#39;{client.url}queries/timeline-of-metric.csv?metric=order+backlog&#39;" in page
        assert 'type="date"' in client.get("/queries/newest-claims", Accept=BROWSER).text
        assert 'type="number"' in client.get("/queries/claims-by-year", Accept=BROWSER).text
        assert "<svg" not in client.get("/queries/who-develops", Accept=BROWSER).text.partition("</header>")[2]
