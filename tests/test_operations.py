"""What operators rely on: health, readiness, figures, lines on requests, proxies, an orderly stop."""

from __future__ import annotations

import io
import json
import logging
import re
import signal
import socket
import subprocess
import sys
import tarfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families
from pyoxigraph import Literal, Quad

from aigraph.cli import main
from aigraph.endpoint import Server, create_app
from aigraph.endpoint.service import KEY
from aigraph.endpoint.watching import Journal
from aigraph.errors import SettingsError
from aigraph.queries import CannedQuery
from aigraph.settings import Settings
from aigraph.store import QueryPool, Searcher, latest_snapshot, open_latest, open_writer
from aigraph.store.editor import UsersEditor
from aigraph.vocab import AIG, RDF, RDFS, Iris
from serving import BROWSER, Client

IRIS = Iris("https://example.org/kg/")
A = IRIS.thing("Company", "Acme")
ALL = CannedQuery.parse("all", "#+ summary: What is there?\n#+ description: All.\nSELECT ?s { ?s rdfs:label ?l }")
SLOW = "SELECT (COUNT(*) AS ?n) {{ {} }}".format(
    " ".join(f"VALUES ?v{i} {{ {' '.join(map(str, range(90)))} }}" for i in range(3))
)
ENDLESS = "SELECT (COUNT(*) AS ?n) {{ {} }}".format(
    " ".join(f"VALUES ?v{i} {{ {' '.join(map(str, range(200)))} }}" for i in range(6))
)
FORWARDED = {"X_Forwarded_For": "192.0.2.7", "X_Forwarded_Host": "graph.example", "X_Forwarded_Proto": "https"}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("store")
    entities = IRIS.graph("entities")
    with open_writer(path, IRIS.base) as writer:
        quads = [Quad(A, RDF.type, AIG.Company, entities), Quad(A, RDFS.label, Literal("Acme"), entities)]
        writer.replace_graph(entities, quads)
        writer.commit()
    return path


@pytest.fixture(scope="module")
def pool(store: Path) -> Iterator[QueryPool]:
    with QueryPool(store, size=2, timeout=60, slow=2) as pool:
        yield pool


@pytest.fixture(scope="module")
def client(pool: QueryPool) -> FlaskClient:
    return create_app(pool, {"all": ALL}, base=IRIS.base, journal=Journal("json")).test_client()


@contextmanager
def standing(pool: QueryPool, **options: Any) -> Iterator[Client]:
    """A server as it stands behind a proxy."""
    app = create_app(pool, {"all": ALL}, base=IRIS.base, journal=Journal(trusting="proxy" in options))
    server = Server(app, "127.0.0.1", 0, **options)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        yield Client(server.url)
    finally:
        server.stop()
        thread.join()


# --- health and figures -------------------------------------------------------------------------------------


def test_the_service_tells_that_it_lives_and_that_it_is_ready(client: FlaskClient, pool: QueryPool) -> None:
    pool.query("ASK {}")
    assert client.get("/health").get_json() == {"status": "ok"}
    ready = client.get("/ready").get_json()
    assert ready == {"status": "ok", "snapshot": pool.snapshot().id, "generation": 1, "quads": 2}


def test_a_service_that_stops_lives_and_is_not_ready(pool: QueryPool) -> None:
    app = create_app(pool, {}, base=IRIS.base)
    app.extensions[KEY].stopping.set()
    answer = app.test_client().get("/ready", headers={"Accept": BROWSER})
    assert (answer.status_code, answer.mimetype) == (503, "application/problem+json")
    assert "stopping" in answer.text
    assert app.test_client().get("/health").status_code == 200


def figures(client: FlaskClient) -> dict[str, float]:
    text = client.get("/metrics").text
    return {
        f"{sample.name}{''.join(f' {value}' for value in sample.labels.values())}": sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_figures_count_what_happens(pool: QueryPool) -> None:
    client = create_app(pool, {"all": ALL}, base=IRIS.base).test_client()
    before = figures(client)
    for _ in range(3):
        assert client.get("/sparql", query_string={"query": "ASK { ?s ?p 1 }"}).status_code == 200
    assert client.get("/sparql", query_string={"query": "ASK {"}).status_code == 400
    assert client.get("/sparql", query_string={"query": "ASK { SERVICE <http://x/> {} }"}).status_code == 403
    assert client.get("/nothing").status_code == 404
    assert client.get("/queries/all.csv").status_code == 200
    after = figures(client)
    changed = {name: value - before.get(name, 0) for name, value in after.items() if value != before.get(name, 0)}
    assert changed["aigraph_queries_total answered"] == 2  # the second and third came out of memory
    assert changed["aigraph_queries_total malformed"] == changed["aigraph_queries_total forbidden"] == 1
    assert changed["aigraph_cache_hits_total"] == 2
    assert changed["aigraph_requests_total 200"] == 5
    assert changed["aigraph_requests_total 404"] == 1
    assert changed["aigraph_query_seconds_count"] == 4
    assert after["aigraph_workers quick"] == 0
    assert after["aigraph_workers idle"] >= 2
    assert (after["aigraph_snapshot_quads"], after["aigraph_snapshot_generation"]) == (2, 1)
    assert 0 <= after["aigraph_snapshot_age_seconds"] < 3600


def test_a_worker_that_is_killed_is_counted(pool: QueryPool) -> None:
    client = create_app(pool, {}, base=IRIS.base).test_client()
    with pytest.raises(Exception, match="stopped after"):
        pool.query(ENDLESS, timeout=0.5)
    found = figures(client)
    assert found["aigraph_workers_killed_total"] == found["aigraph_queries_total timeout"] == 1


# --- lines on requests --------------------------------------------------------------------------------------


def lines(caplog: pytest.LogCaptureFixture) -> list[dict[str, Any]]:
    return [json.loads(record.getMessage()) for record in caplog.records if record.name == "aigraph.requests"]


def test_each_request_has_a_number_and_a_line_without_its_query(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, logger="aigraph.requests"):
        answers = [
            client.get("/sparql", query_string={"query": "ASK { ?secret ?p 1 }"}),
            client.get("/sparql", query_string={"query": "ASK {"}),
            client.get("/queries/all.csv"),
        ]
    written = lines(caplog)
    assert [one["request"] for one in written] == [answer.headers["X-Request-Id"] for answer in answers]
    assert len({one["request"] for one in written}) == 3
    assert [one["status"] for one in written] == [200, 400, 200]
    assert set(written[0]) == {"time", "request", "client", "method", "path", "status", "ms"}
    assert "secret" not in caplog.text


def test_query_texts_are_written_where_that_is_asked_for(pool: QueryPool, caplog: pytest.LogCaptureFixture) -> None:
    client = create_app(pool, {}, base=IRIS.base, journal=Journal("text", queries=True)).test_client()
    with caplog.at_level(logging.INFO, logger="aigraph.requests"):
        client.get("/sparql", query_string={"query": "ASK { ?secret ?p 1 }\nforged=1"})
    (record,) = (one for one in caplog.records if one.name == "aigraph.requests")
    assert 'query="ASK { ?secret ?p 1 }\\nforged=1"' in record.getMessage()
    assert "\n" not in record.getMessage()


# --- proxies ------------------------------------------------------------------------------------------------


def test_forwarded_headers_are_believed_only_of_the_proxy(pool: QueryPool) -> None:
    asked = {**FORWARDED, "X_Request_Id": "from-the-proxy"}
    with standing(pool) as client:
        answer = client.get("/.well-known/void", Accept="text/turtle", **asked)
        assert "graph.example" not in answer.text
        assert answer.headers["x-request-id"] != "from-the-proxy"
    with standing(pool, proxy="127.0.0.1") as client:
        answer = client.get("/.well-known/void", Accept="text/turtle", **asked)
        assert "https://graph.example/sparql" in answer.text
        assert answer.headers["x-request-id"] == "from-the-proxy"
        forged = client.get("/health", X_Request_Id="a b")
        assert forged.headers["x-request-id"] != "a b"
    with standing(pool, proxy="192.0.2.1") as client:
        assert "graph.example" not in client.get("/.well-known/void", Accept="text/turtle", **asked).text


def test_below_a_prefix_every_address_has_it_and_leads_somewhere(pool: QueryPool) -> None:
    with standing(pool, prefix="/graph") as client:
        pages = ["/graph/", "/graph/queries", "/graph/sparql?query=ASK+%7B%7D", "/graph/search?q=acme"]
        pages += ["/graph/page/id/company/acme", "/graph/ontology/Company"]
        seen: set[str] = set()
        for page in pages:
            answer = client.get(page, Accept=BROWSER)
            assert answer.status == 200, page
            seen |= set(re.findall(r'(?:href|action|src)="(/[^"#]*)', answer.text))
        assert seen
        assert all(one == "/graph/" or one.startswith("/graph/") for one in seen), seen
        for address in sorted(one for one in seen if not one.startswith("/graph/describe"))[::3]:
            assert client.get(address.replace("&amp;", "&"), Accept=BROWSER).status in (200, 303), address
        moved = client.get("/graph/id/company/acme", Accept=BROWSER)
        assert moved.headers["location"] == "/graph/page/id/company/acme"
        assert "</graph/data/id/company/acme.ttl>" in client.get("/graph/page/id/company/acme").headers["link"]
        paged = client.get("/graph/queries/all.json?limit=1")
        assert '</graph/queries/all.json?limit=1&offset=0>; rel="first"' in paged.headers["link"]
        data = client.get("/graph/sparql?query=ASK+%7B%7D", Accept="application/json")
        assert data.headers["content-location"].startswith("/graph/sparql?")
        assert client.get(data.headers["content-location"]).status == 200
        assert json.loads(client.get("/graph/search/suggest?q=ac").text)["suggestions"][0]["page"] == (
            "/graph/page/id/company/acme"
        )
        assert json.loads(client.get("/graph/openapi.json").text)["servers"] == [{"url": "/graph"}]
        assert client.get("/health").status == 200


def test_no_answer_sets_a_cookie_and_all_have_the_headers_of_safety(client: FlaskClient) -> None:
    for address in ("/", "/queries", "/sparql?query=ASK+{}", "/nothing", "/health", "/static/aigraph.css"):
        with client.get(address) as answer:
            headers = answer.headers
        assert "Set-Cookie" not in headers
        for name in ("Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "Permissions-Policy"):
            assert headers.get(name), (address, name)


@pytest.mark.parametrize(
    ("settings", "message"),
    [({"prefix": "graph"}, "must be a path"), ({"prefix": "/a b"}, "must be a path"), ({"log": "xml"}, "one of none")],
)
def test_wrong_settings_are_named(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        Settings(**settings)


# --- an orderly stop ----------------------------------------------------------------------------------------


def test_what_was_begun_is_answered_before_the_service_stops(store: Path) -> None:
    command = [sys.executable, "-m", "aigraph", "serve", "--port", "0", "--store", store, "--log", "json"]
    with subprocess.Popen(
        [*map(str, command), "--log-queries"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        assert process.stderr
        found = re.search(r"http://\S+", process.stdout.readline())
        assert found
        client = Client(found[0])
        statuses: list[int] = []
        thread = threading.Thread(target=lambda: statuses.append(client.ask(SLOW).status))
        thread.start()
        host, port = "127.0.0.1", int(found[0].rsplit(":", 1)[1].strip("/"))
        with socket.create_connection((host, port)) as idle:
            until = time.monotonic() + 30
            while 'aigraph_workers{state="quick"} 1' not in client.get("/metrics").text.replace(".0", ""):
                assert time.monotonic() < until
            process.send_signal(signal.SIGTERM)
            thread.join()
            assert statuses == [200]
            assert process.wait(20) == 0
            assert idle.recv(1) == b""
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection((host, port))
        written = [json.loads(line) for line in process.stderr.read().splitlines() if line.startswith("{")]
    (slow,) = (one for one in written if one["path"] == "/sparql")
    assert (slow["status"], slow["query"], slow["client"]) == (200, SLOW, "127.0.0.1")


# --- backups ------------------------------------------------------------------------------------------------


def run(*arguments: object) -> Any:
    return CliRunner().invoke(main, [str(one) for one in arguments])


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """A store with something that users wrote, of which one triple is shown by a made graph."""
    path = tmp_path / "store"
    graph = IRIS.graph("one")
    with open_writer(path, IRIS.base) as writer:
        writer.replace_graph(graph, [Quad(A, AIG.claimText, Literal("Acme builds chips"), graph)])
        writer.commit()
    text = b"INSERT DATA { GRAPH <http://example.org/g> { <http://example.org/s> rdfs:label 'of a user' } }"
    request = {"operation": "update", "default_graphs": [], "named_graphs": []}
    assert UsersEditor(path, 10, IRIS.base).handle(request, text)["status"] == "ok"
    return path


@pytest.mark.parametrize("name", ["graph.tar", "graph.tar.gz"])
def test_what_is_restored_is_what_was_backed_up(kept: Path, tmp_path: Path, name: str) -> None:
    backup, other = tmp_path / name, tmp_path / "other"
    done = run("backup", backup, "--store", kept)
    assert (done.exit_code, latest_snapshot(kept).id in done.output) == (0, True)
    assert run("restore", backup, "--store", other).exit_code == 0
    assert latest_snapshot(other).id == latest_snapshot(kept).id
    with open_latest(kept) as one, open_latest(other) as two:
        assert set(one.quads()) == set(two.quads())
    with closing(Searcher(other)) as searcher:
        assert searcher.search("chips")[0].hits[0].label == "Acme builds chips"
    with open_writer(other, create=False) as writer:  # users' graphs are still no part of what is made
        assert len(writer) == 1
        writer.replace_graph(IRIS.graph("one"), [])
        assert writer.commit().quads == 1


def test_a_backup_goes_nowhere_but_into_an_empty_folder(kept: Path, tmp_path: Path) -> None:
    backup = tmp_path / "graph.tar"
    run("backup", backup, "--store", kept)
    before = latest_snapshot(kept)
    refused = run("restore", backup, "--store", kept)
    assert (refused.exit_code, "holds something already" in refused.output) == (1, True)
    assert latest_snapshot(kept) == before
    assert "There is no store" in run("backup", tmp_path / "x.tar", "--store", tmp_path / "none").output


def test_what_is_no_backup_or_damaged_is_refused_and_leaves_nothing(kept: Path, tmp_path: Path) -> None:
    good, other = tmp_path / "graph.tar", tmp_path / "other"
    run("backup", good, "--store", kept)
    strange = tmp_path / "strange.tar"
    with tarfile.open(strange, "w") as archive:
        archive.add(good, "../outside")
    text = tmp_path / "text.tar"
    text.write_text("no archive")
    short = tmp_path / "short.tar"
    short.write_bytes(good.read_bytes()[:-30_000])
    changed = tmp_path / "changed.tar"
    with tarfile.open(good) as source, tarfile.open(changed, "w") as archive:
        for member in source:
            content = source.extractfile(member)
            assert content is not None
            data = content.read()
            if member.name == "snapshot.json":
                data = re.sub(rb'"made": "..', b'"made": "zz', data)
            archive.addfile(member, io.BytesIO(data))
    for bad in (strange, text, short, changed):
        refused = run("restore", bad, "--store", other)
        assert refused.exit_code == 1, bad
        assert "Error: " in refused.output
        assert not other.exists(), bad
    assert not (tmp_path / "outside").exists()
    assert sorted(one.name for one in tmp_path.iterdir() if one.name.startswith(".")) == []
