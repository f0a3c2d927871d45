"""The limits of the endpoint as those who serve set them: by flags, each of which a request meets."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from click.testing import CliRunner

from aigraph.cli import main
from serving import Answer, Client, launched, problem

FLAGS = ("--query-depth", 3, "--query-length", 300, "--query-tokens", 30, "--answer-rows", 2, "--update-timeout", 6)
MORE = (
    "--upload-size",
    1,
    "--connections",
    3,
    "--idle-timeout",
    2,
    "--workers",
    1,
    "--memory",
    2000,
    "--cache-size",
    0,
)
UPDATE, TURTLE = "application/sparql-update", "text/turtle"
ENDLESS = " ".join(f"VALUES ?v{i} {{ {' '.join(map(str, range(40)))} }}" for i in range(8))


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    data = tmp_path_factory.mktemp("data") / "data.ttl"
    data.write_text("<x:a> <x:b> 1 , 2 , 3 .")
    with launched("--plain", *FLAGS, *MORE, data) as client:
        yield client


def update(client: Client, text: str) -> Answer:
    return client.request("POST", "/sparql", text.encode(), Content_Type=UPDATE)


def limit(answer: Answer) -> tuple[int, object, object]:
    content = problem(answer)
    return answer.status, content["limit"], content["allowed"]


def test_queries_and_updates_meet_the_limits_of_their_text(client: Client) -> None:
    assert limit(client.ask("ASK {{{{}}}}")) == (413, "query-depth", 3)
    assert limit(update(client, "INSERT { <x:a> <x:b> 4 } WHERE {{{{}}}}")) == (413, "query-depth", 3)
    assert limit(client.ask(f"ASK {{}} #{' ' * 300}")) == (413, "query-length", 300)
    assert limit(client.ask("ASK { VALUES ?x { " + "1 " * 30 + "} }")) == (413, "query-tokens", 30)
    assert limit(client.ask("SELECT * { ?s ?p ?o }")) == (422, "answer-rows", 2)


def test_a_change_has_its_own_deadline(client: Client) -> None:
    # which counts, and so needs time but no memory
    endless = f"INSERT {{ <x:a> <x:b> ?n }} WHERE {{ SELECT (COUNT(*) AS ?n) {{ {ENDLESS} }} }}"
    assert limit(update(client, endless)) == (504, "seconds", 6)
    assert update(client, "INSERT DATA { <x:a> <x:b> 4 }").status == 204
    assert "4" in client.ask("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", Accept="text/csv").text


def test_documents_have_a_largest_size(client: Client) -> None:
    path = "/store?graph=x:g"
    assert client.request("PUT", path, b"#" * 990_000, Content_Type=TURTLE).status == 201
    assert client.request("PUT", path, b"#" * 1_010_000, Content_Type=TURTLE).status == 413
    assert client.request("PUT", path, b"#" * 3_000_000, Content_Type=TURTLE).status == 413


def test_idle_connections_make_room(client: Client) -> None:
    host, _, port = client.url.removeprefix("http://").rstrip("/").partition(":")
    with ExitStack() as stack:
        for _ in range(3):
            stack.enter_context(socket.create_connection((host, int(port)))).sendall(b"GET / HTTP/1.1\r\n")
        time.sleep(0.2)
        start = time.monotonic()
        assert client.ask("ASK {}").status == 200
        assert time.monotonic() - start > 0.5


@pytest.mark.parametrize("flag", ["--update-timeout", "--connections", "--idle-timeout", "--query-depth"])
def test_a_limit_that_makes_no_sense_is_refused(flag: str) -> None:
    done = CliRunner().invoke(main, ["serve", "--plain", flag, "0"])
    assert done.exit_code == 1
    assert f"{flag[2:].replace('-', '_')} is 0" in done.output
