"""The three questions of the first milestone, over the five original articles, by HTTP.

The originals are third-party texts that are not redistributed: the tests run where AIGRAPH_ORIGINALS names their
folder, and CI never needs them.
"""

from __future__ import annotations

import csv
import io
import os
import threading
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from aigraph import pipeline
from aigraph.endpoint import Server, create_app
from aigraph.queries import load_queries
from aigraph.resources import folder
from aigraph.store.workers import QueryPool
from aigraph.vocab import DEFAULT_BASE

pytestmark = pytest.mark.originals


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    store = tmp_path_factory.mktemp("originals") / "store"
    report = pipeline.build([Path(os.environ["AIGRAPH_ORIGINALS"])], store, base=DEFAULT_BASE)
    assert len(report.added) == 5
    assert not report.failures
    with QueryPool(store) as pool:
        server = Server(create_app(pool, load_queries(folder("queries")), base=DEFAULT_BASE), "127.0.0.1", 0)
        thread = threading.Thread(target=server.run)
        thread.start()
        yield server.url
        server.stop()
        thread.join()


def ask(url: str, name: str, **parameters: str) -> list[dict[str, str]]:
    """The rows of a canned query, by HTTP as CSV."""
    with urllib.request.urlopen(
        f"{url}queries/{name}.csv?{urllib.parse.urlencode(parameters)}", timeout=20
    ) as response:
        return list(csv.DictReader(io.StringIO(response.read().decode())))


def test_who_develops_blackwell(url: str) -> None:
    rows = ask(url, "who-develops", thing="Blackwell")
    assert {row["developerLabel"] for row in rows} == {"Nvidia"}
    assert all("Blackwell" in row["sentence"] for row in rows)


def test_what_jensen_huang_claimed_with_which_figure_and_for_when(url: str) -> None:
    rows = ask(url, "claims-by-claimant", claimant="Jensen Huang")
    backlog = [row for row in rows if row["metricLabel"] == "order backlog" and row["time"] == "../2027"]
    assert backlog
    assert {(row["aboutLabel"], float(row["value"]), row["unit"]) for row in backlog} == {("Nvidia", 1e12, "USD")}
    assert all("through 2027" in row["sentence"] for row in backlog)


def test_which_partnerships_nvidia_has(url: str) -> None:
    rows = ask(url, "partnerships-of-company", company="Nvidia")
    assert {"Roche", "AtkinsRéalis", "Groq"} <= {row["otherLabel"] for row in rows}
    licence = next(row for row in rows if row["otherLabel"] == "Groq")
    assert (licence["companyRole"], licence["otherRole"]) == ("licensee", "licensor")
    assert "licensed this technology" in licence["sentence"]
