"""The claims explorer: what its filters leave, its drawing, its files, and what conflicts side by side."""

from __future__ import annotations

import csv
import io
import re
import threading
import time
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from pyoxigraph import Literal, Quad, RdfFormat, parse

from aigraph.endpoint.app import create_app
from aigraph.endpoint.site.ahead import reading_ahead
from aigraph.store import QueryPool, open_writer
from aigraph.vocab import AIG, DEFAULT_BASE, OA, QUDT, RDFS, Iris
from serving import BROWSER, served
from together import published, small_collection

NVIDIA = Iris().thing("Company", "Nvidia")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return published(tmp_path_factory.mktemp("explorer") / "store", small_collection())


@pytest.fixture(scope="module")
def client(store: Path) -> Iterator[FlaskClient]:
    with served(store) as client:
        yield client


def page(client: FlaskClient, query: str = "") -> str:
    answer = client.get(f"/claims?{query}", headers={"Accept": BROWSER})
    assert answer.status_code == 200, answer.text
    assert len(answer.data) < 100_000
    return answer.text


def rows(client: FlaskClient, query: str = "") -> list[dict[str, str]]:
    """The claims that fit, by the file of CSV; the page has as many."""
    answer = client.get(f"/claims.csv?{query}")
    assert (answer.status_code, answer.mimetype) == (200, "text/csv")
    found = list(csv.DictReader(io.StringIO(answer.text)))
    assert answer.headers["X-Total-Count"] == str(len(found))
    assert re.search(r'<h2 id="list">([\d,]+) claims?</h2>', page(client, query))[1] == str(len(found))  # type: ignore[index]
    return found


@pytest.mark.parametrize(
    ("query", "values"),
    [
        ("subject=nvidia&metric=order+backlog", [1e12, 1e12, 1e12]),
        (f"subject={quote(NVIDIA.value, safe='')}&metric=market+share&sort=large", [80.2, 80.0, 60.0]),
        ("metric=market+share&sort=small&modality=forecast", [60.0]),
        ("claimant=Jensen+Huang", [1e12]),
        ("claimant=nvidia&sort=old", [200e9, 220e9]),
        ("metric=market+share&year=2026&standing=disputed&sort=small", [60.0, 80.0]),
        ("article=The+copy", [1e12]),
        ("metric=market+share&confidence=1", []),
        ("modality=denied&metric=order+backlog", []),
        ("subject=Nobody+at+all", []),
    ],
)
def test_filters_leave_the_claims_that_fit_in_the_order_wanted(
    client: FlaskClient, query: str, values: list[float]
) -> None:
    assert [float(row["value"]) for row in rows(client, query)] == values


def test_without_filters_all_claims_are_there_the_newest_first(client: FlaskClient) -> None:
    found = rows(client)
    assert {row["subjectLabel"] for row in found} == {"Nvidia", "Arm", "Halden", "Halden Labs"}
    assert [row["issued"] for row in found] == sorted((row["issued"] for row in found), reverse=True)
    assert {row["polarity"] for row in found} == {"Affirmed", "Negated"}
    supported = rows(client, "standing=several")
    assert {(row["metricLabel"], row["independentSources"], row["sources"]) for row in supported} == {
        ("order backlog", "2", "3")
    }


def test_values_of_filters_are_counted_and_lead_on(client: FlaskClient) -> None:
    found = page(client, "metric=market+share")
    assert '<option value="forecast">forecast (1)</option>' in found
    assert '<a href="/claims?claimant=Jensen+Huang">Jensen Huang <span>1</span></a>' in page(client)
    # the value of a filter can be changed: what others would leave is counted too
    assert '<option value="order backlog"></option>' in found
    without = re.search(r'<ul class="chosen".*?href="([^"]+)"', found, re.DOTALL)
    assert without
    assert without[1] == "/claims"


def test_fields_of_filters_get_the_names_that_go_on_with_the_claims_that_fit(client: FlaskClient) -> None:
    def offered(address: str) -> list[tuple[str, int]]:
        return [(one["label"], one["claims"]) for one in client.get(address).get_json()["suggestions"]]

    box = re.search(r'list="l-claimant"[^>]*data-suggest="([^"]+)"', page(client, "metric=market+share"), re.DOTALL)
    assert box
    assert offered(f"{unescape(box[1])}&q=hua") == []
    assert offered("/claims/values/claimant?q=hua") == [("Jensen Huang", 1)]
    assert offered("/claims/values/metric?q=") == offered("/claims/values/metric?metric=market+share")
    assert offered("/claims/values/metric?q=sha+mar") == [("market share", 3)]
    assert client.get("/claims/values/year").status_code == 404


def test_names_that_no_claim_has_are_met_with_those_that_come_near(client: FlaskClient) -> None:
    found = page(client, "subject=Nvidea")
    assert "No claim is about “Nvidea”" in found
    assert '<a href="/claims?subject=Nvidia">Nvidia</a>' in found
    assert "<script>" not in page(client, "subject=%3Cscript%3E")


@pytest.mark.parametrize(
    "query", ["modality=loud", "year=soon", "confidence=2", "standing=tall", "sort=up", "from=-1", "view=3d"]
)
def test_values_that_make_no_sense_are_refused_by_name(client: FlaskClient, query: str) -> None:
    answer = client.get(f"/claims?{query}", headers={"Accept": BROWSER})
    assert answer.status_code == 400
    assert query.partition("=")[0] in answer.text


def test_an_address_is_as_short_as_what_it_asks_for(client: FlaskClient) -> None:
    answer = client.get("/claims?subject=Nvidia&metric=&claimant=&sort=", headers={"Accept": BROWSER})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/claims?subject=Nvidia")
    tag = client.get("/claims?subject=Nvidia").headers["ETag"]
    assert client.get("/claims?subject=Nvidia", headers={"If-None-Match": tag}).status_code == 304


def test_a_long_list_comes_in_parts(client: FlaskClient) -> None:
    total = len(rows(client))
    assert page(client, f"from={total - 2}").count('<article class="card') == 2


def test_one_metric_is_drawn_over_time_with_its_conflicts(client: FlaskClient) -> None:
    found = page(client, "subject=Nvidia&metric=market+share")
    dots = re.findall(r'<a href="(/page/id/[^"]+)" class="dot [^"]*" aria-label="([^"]+)">', found)
    assert len(dots) == 3
    assert {says.split(",")[0] for _, says in dots} == {"80%", "60%", "80.2%"}
    assert sum(says.endswith("in conflict") for _, says in dots) == 2
    assert found.count('class="conflict"') == 1
    assert found.count("hollow") == 1
    # the same in words, for those who do not see the drawing
    table = found[found.index("The same as a table") :]
    assert all(href in table for href, _ in dots)
    assert "<td>analysts</td>" in table
    assert "Over time" not in page(client, "subject=Arm")


def test_what_agrees_and_what_conflicts_stands_side_by_side(client: FlaskClient) -> None:
    found = page(client, "view=sides&subject=Nvidia")
    several, conflicting = found.split('id="conflicting"')
    assert several.count('<article class="card') == 1
    assert "2 independent sources" in several
    assert conflicting.count('<article class="card') == 2
    assert "Analysts see Nvidia at 60% in 2026." in conflicting
    assert "Nvidia has 80% of the market in 2026." in conflicting
    assert "None of these claims conflicts" in page(client, "view=sides&metric=order+backlog")


def test_claims_can_be_taken_along_as_rdf(store: Path, client: FlaskClient) -> None:
    answer = client.get("/claims.ttl?subject=Nvidia&metric=market+share")
    assert answer.mimetype == "text/turtle"
    quads = list(parse(answer.data, RdfFormat.TURTLE))
    assert sum(quad.predicate == AIG.about for quad in quads) == 3
    assert {float(quad.object.value) for quad in quads if quad.predicate == QUDT.numericValue} == {80.0, 60.0, 80.2}
    assert any(quad.predicate == OA.exact for quad in quads)
    with served(store, "none") as silent:
        told = silent.get("/claims.nt?subject=Nvidia").text
    assert OA.exact.value not in told
    assert AIG.claimText.value not in told
    assert client.get("/claims.xyz", headers={"Accept": BROWSER}).status_code in (400, 404, 406)


class Counted:
    """Counts the queries that a pool answers."""

    def __init__(self) -> None:
        self.queries = 0

    def answered(self, outcome: str, seconds: float) -> None:
        self.queries += 1

    def killed(self) -> None:
        """Nothing is counted here."""


def test_what_pages_keep_is_read_as_soon_as_a_snapshot_is_published(tmp_path: Path) -> None:
    store = published(tmp_path / "store", small_collection())
    with QueryPool(store, size=1, timeout=60) as pool:
        app = create_app(pool, {}, base=DEFAULT_BASE)
        counted = Counted()
        pool.observer = counted
        reader = app.test_client()

        def settled(before: int) -> int:
            """The queries so far, once there are more than before and no more come."""
            last, end = -1, time.monotonic() + 60
            while last <= before or last != counted.queries:
                assert time.monotonic() < end, "nothing was read"
                last = counted.queries
                time.sleep(0.2)
            return last

        def visit() -> int:
            """How many queries a visit of both pages takes."""
            before = counted.queries
            for path in ("/claims", "/"):
                assert reader.get(path, headers={"Accept": BROWSER}).status_code == 200
            return counted.queries - before

        with reading_ahead(app, look=0.01):
            settled(0)
            usual = visit()
            assert visit() == usual, "the first visit finds all as the second does"
            before = counted.queries
            with open_writer(store) as writer:
                graph = Iris().graph("more")
                writer.replace_graph(graph, [Quad(NVIDIA, RDFS.comment, Literal("It changes."), graph)])
                writer.commit()
            settled(before)
            assert visit() == usual
        assert not [one for one in threading.enumerate() if one.name == "reading-ahead"]
