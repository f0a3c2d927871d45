"""The shortest way from a query to its answer gives what the long way gives, whatever clients make of requests."""

from __future__ import annotations

import gzip
import json
import re
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from urllib.parse import quote, urlencode

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from aigraph.endpoint.app import create_app
from aigraph.store import QueryPool, open_writer
from aigraph.vocab import DEFAULT_BASE
from serving import Answer, Client, problem, running

ROWS = 3000
MANY = f"SELECT * {{ ?s ?p ?o }} LIMIT {ROWS}"
LONG = "SELECT * { ?s ?p ?o . ?a ?b ?c } LIMIT 30000"
"""Some 13 MB: more than waits in memory."""
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


@pytest.fixture(scope="module")
def pool(tmp_path_factory: pytest.TempPathFactory) -> Iterator[QueryPool]:
    store = tmp_path_factory.mktemp("shortcut") / "store"
    label, graph = NamedNode("http://www.w3.org/2000/01/rdf-schema#label"), NamedNode("https://example.org/g")
    with open_writer(store, DEFAULT_BASE) as writer:
        things = [Quad(NamedNode(f"https://example.org/{n}"), label, Literal(f"é {n}"), graph) for n in range(ROWS)]
        writer.replace_graph(graph, things)
        writer.commit()
    with QueryPool(store, size=2, slow=3, timeout=60) as pool:
        yield pool


@pytest.fixture(scope="module")
def client(pool: QueryPool) -> Iterator[Client]:
    with running(create_app(pool, {}, base=DEFAULT_BASE)) as client:
        yield client


@dataclass
class Raw:
    """A connection that sends bytes as they are given, and reads one answer after the other."""

    socket: socket.socket

    def __post_init__(self) -> None:
        self.file = self.socket.makefile("rb")

    def answer(self) -> Answer:
        status = int(self.file.readline().split()[1])
        headers = {}
        while (line := self.file.readline().decode().strip()) != "":
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        if headers.get("transfer-encoding") != "chunked":
            return Answer(status, headers, self.file.read(int(headers["content-length"])))
        parts = []
        while size := int(self.file.readline(), 16):
            parts.append(self.file.read(size))
            self.file.readline()
        self.file.readline()
        return Answer(status, headers, b"".join(parts))

    @property
    def at_end(self) -> bool:
        return self.file.read(1) == b""


@contextmanager
def connected(client: Client) -> Iterator[Raw]:
    host, _, port = client.url.removeprefix("http://").rstrip("/").partition(":")
    with socket.create_connection((host, int(port)), timeout=60) as one:
        raw = Raw(one)
        with raw.file:
            yield raw


def get(query: str, *, version: str = "1.1", more: str = "", headers: str = "") -> bytes:
    return f"GET /sparql?query={quote(query)}{more} HTTP/{version}\r\nHost: x\r\n{headers}\r\n".encode()


def by_post(client: Client, query: str, **headers: str) -> Answer:
    form = urlencode({"query": query}).encode()
    return client.request("POST", "/sparql", form, Content_Type="application/x-www-form-urlencoded", **headers)


@pytest.mark.parametrize("query", ["ASK {}", MANY, LONG, 'SELECT ("a=%+é" AS ?x) {}', "CONSTRUCT WHERE { ?s ?p ?o }"])
def test_the_answer_is_that_of_the_long_way(client: Client, query: str) -> None:
    expected = by_post(client, query)
    assert expected.status == 200
    with connected(client) as raw:
        for _ in range(2):  # the second time out of memory, where it is not too long
            raw.socket.sendall(get(query))
            found = raw.answer()
            assert found.body == expected.body
            assert found.headers["content-type"] == expected.headers["content-type"]
            differing = set(found.headers) ^ set(expected.headers)
            assert differing - {"content-length", "transfer-encoding"} == {"content-location"}  # which only GET has


def test_requests_in_any_pieces_are_answered_in_their_order(client: Client) -> None:
    names = [f"SELECT ({n} AS ?n) {{}}" for n in range(12)]
    sent = b"".join(
        [*map(get, names[:4]), get(ENDLESS.replace("COUNT(*)", "1") + " LIMIT 20000"), *map(get, names[4:])]
    )
    with connected(client) as raw:
        for place in range(0, len(sent), 300):
            raw.socket.sendall(sent[place : place + 300])
            time.sleep(0.001)
        found = [raw.answer() for _ in range(13)]
    del found[4]
    values = [json.loads(one.body)["results"]["bindings"][0]["n"]["value"] for one in found]
    assert values == [str(n) for n in range(12)]


def test_what_clients_say_about_the_answer_is_heard(client: Client) -> None:
    with connected(client) as raw:
        raw.socket.sendall(get(MANY, more="&format=csv"))
        assert len(raw.answer().body.splitlines()) == ROWS + 1
        raw.socket.sendall(get(MANY, headers="Accept: text/csv\r\nAccept-Encoding: gzip\r\n"))
        packed = raw.answer()
        assert len(gzip.decompress(packed.body).splitlines()) == ROWS + 1
        raw.socket.sendall(get("ASK {}"))
        tag = raw.answer().headers["etag"]
        raw.socket.sendall(get("ASK {}", headers=f"If-None-Match: {tag}\r\n"))
        assert raw.file.readline().startswith(b"HTTP/1.1 304")
    for text in (get("ASK {}", headers="Connection: close\r\n"), get("ASK { ?s ?p 1 }", version="1.0")):
        with connected(client) as raw:
            raw.socket.sendall(text)
            assert raw.answer().headers["connection"] == "close"
            assert raw.at_end
    with connected(client) as raw:
        raw.socket.sendall(get(LONG, headers="Connection: close\r\n"))
        assert len(json.loads(raw.answer().body)["results"]["bindings"]) == 30_000
        assert raw.at_end


def test_errors_are_those_of_the_long_way_and_count_once(client: Client) -> None:
    def malformed() -> float:
        found = re.search(r'aigraph_queries_total\{outcome="malformed"\} (\S+)', client.get("/metrics").text)
        return float(found[1]) if found else 0

    before = malformed()
    with connected(client) as raw:
        raw.socket.sendall(get("SELECT * {\n ?s ?p }"))
        answer = raw.answer()
        assert (answer.status, problem(answer)["line"], problem(answer)["column"]) == (400, 2, 8)
        raw.socket.sendall(b"GET /sparql?query=ASK%20%7B%7D%ff HTTP/1.1\r\nHost: x\r\n\r\n")
        assert raw.answer().status == 400
        raw.socket.sendall(get("ASK { SERVICE <http://127.0.0.1/> {} }"))
        assert raw.answer().status == 403
        raw.socket.sendall(get("ASK { ?s ?p ?o FILTER(<x:f>(?o)) }"))  # which is well formed
        answer = raw.answer()
        assert (answer.status, str(problem(answer)["type"])[-16:]) == (422, "unknown-function")
        raw.socket.sendall(get("ASK {}", headers="Accept: image/png\r\n"))
        assert raw.answer().status == 406
        raw.socket.sendall(get("ASK {}", headers="Accept: text/html\r\n"))
        assert raw.answer().type == "text/html"
        raw.socket.sendall(get("SELECT * {", headers="Connection: close\r\n"))
        assert (raw.answer().status, raw.at_end) == (400, True)
    assert malformed() == before + 3


def test_queries_are_answered_beside_those_that_take_long(client: Client) -> None:
    with ExitStack() as stack:
        for number in range(2):
            raw = stack.enter_context(connected(client))
            raw.socket.sendall(get(f"{ENDLESS} # {number}"))
        time.sleep(0.05)
        raw = stack.enter_context(connected(client))
        for number in range(5):
            start = time.monotonic()
            raw.socket.sendall(get(f"SELECT ({number + 100} AS ?n) {{}}"))
            assert f'"{number + 100}"' in raw.answer().text
            assert time.monotonic() - start < 5


def test_whoever_reads_slowly_gets_all_of_a_long_answer(client: Client) -> None:
    with connected(client) as raw:
        raw.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 16)
        raw.socket.sendall(get(LONG + " # slowly") + get("ASK {}"))
        time.sleep(1.5)
        assert len(json.loads(raw.answer().body)["results"]["bindings"]) == 30_000
        assert json.loads(raw.answer().body)["boolean"] is True


def test_a_query_that_nobody_waits_for_any_more_is_given_up(client: Client, pool: QueryPool) -> None:
    with connected(client) as raw:
        raw.socket.sendall(get(ENDLESS))
        time.sleep(0.05)
        assert pool.running() == 1
    end = time.monotonic() + 15
    while pool.running() and time.monotonic() < end:
        time.sleep(0.05)
    assert pool.running() == 0
