"""What would bring a server down: each case is answered in time, no case ends in a 500, and others are answered on."""

from __future__ import annotations

import http.client
import random
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from pyoxigraph import Literal, Quad

from aigraph.endpoint import create_app
from aigraph.endpoint.clients import Clients
from aigraph.endpoint.service import Limits
from aigraph.errors import TooManyQueries
from aigraph.store import QueryPool, open_writer
from aigraph.vocab import RDFS, Iris
from serving import Answer, Client, problem, running

IRIS = Iris("https://example.org/kg/")
ONE = IRIS.graph("one")
TIMEOUT = 3.0
SLACK = 5.0  # beyond the deadline; one second on a machine that has nothing else to do
QUERY = "application/sparql-query"


def product(factors: int) -> str:
    return " ".join(f"VALUES ?v{i} {{ {' '.join(map(str, range(200)))} }}" for i in range(factors))


HOSTILE = {
    "count": f"SELECT (COUNT(*) AS ?n) {{ {product(6)} }}",
    "sort": f"SELECT * {{ {product(5)} }} ORDER BY ?v0",
    "distinct": f"SELECT (COUNT(DISTINCT ?v3) AS ?n) {{ {product(5)} }}",
    "cross": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }",
    "star": f"SELECT * {{ {' '.join(f'?s <x:p{i}> ?o{i} .' for i in range(160))} }}",
    "replace": "SELECT (STRLEN(?f) AS ?l) {{ BIND('{}' AS ?a) {} }}".format(
        "x" * 100,
        " ".join(f"BIND(REPLACE(?{chr(97 + i)},'x','{'x' * 100}') AS ?{chr(98 + i)})" for i in range(5)),
    ),
    "sum": "SELECT (1" + "+1" * 12_000 + " AS ?x) {}",
    "and": "ASK { FILTER(true" + "&&true" * 9_000 + ") }",
    "path": "ASK { ?s <x:p>" + "/<x:p>" * 11_000 + " ?o }",
    "alternatives": "ASK { ?s <x:p>" + "|<x:p>" * 11_000 + " ?o }",
    "predicates": "ASK { ?s <x:p> 1" + "; <x:p> 1" * 7_000 + " }",
    "optionals": "ASK { " + "OPTIONAL { ?s ?p ?o . " * 95 + "}" * 95 + "}",
    "exists": "ASK { ?s ?p ?o " + "FILTER NOT EXISTS { ?s ?p ?o . " * 95 + "}" * 95 + "}",
    "selects": "SELECT * {" + "{SELECT * {" * 45 + "?s ?p ?o" + "}}" * 45 + "}",
}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("store")
    with open_writer(path, IRIS.base) as writer:
        things = [Quad(IRIS.thing("Chip", f"c{i}"), RDFS.label, Literal(f"chip {i}"), ONE) for i in range(2_000)]
        writer.replace_graph(ONE, things)
        writer.commit()
    return path


@pytest.fixture(scope="module")
def client(store: Path) -> Iterator[Client]:
    limits = Limits(client_seconds=10_000)
    with (
        QueryPool(store, size=4, timeout=TIMEOUT, slow=3) as pool,
        running(create_app(pool, {}, base=IRIS.base, limits=limits)) as client,
    ):
        client.ask("ASK {}")
        yield client


def post(client: Client, query: str) -> Answer:
    return client.request("POST", "/sparql", query.encode("utf-8", "surrogatepass"), Content_Type=QUERY)


@pytest.mark.parametrize("name", HOSTILE)
def test_every_hostile_query_ends_in_time_while_others_are_answered(client: Client, name: str) -> None:
    answers: list[Answer] = []
    thread = threading.Thread(target=lambda: answers.append(post(client, HOSTILE[name])))
    start = time.monotonic()
    thread.start()
    waits = []
    while thread.is_alive():
        asked = time.monotonic()
        assert post(client, f"ASK {{}} # {asked}").status == 200
        waits.append(time.monotonic() - asked)
        time.sleep(0.05)
    assert time.monotonic() - start < TIMEOUT + SLACK
    assert answers[0].status in (200, 400, 413, 429, 503, 504)
    assert max(waits, default=0) < 2


def test_slow_queries_make_room_and_one_too_many_is_refused(client: Client) -> None:
    answers: list[Answer] = []
    threads = [threading.Thread(target=lambda: answers.append(post(client, HOSTILE["count"]))) for _ in range(5)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        assert post(client, f"ASK {{}} # {time.monotonic()}").status == 200
        time.sleep(0.05)
    statuses = sorted(answer.status for answer in answers)
    assert statuses.count(504) >= 1
    assert {429, 503} & set(statuses)
    refused = next(answer for answer in answers if answer.status in (429, 503))
    assert int(refused.headers["retry-after"]) > 0
    assert problem(refused)["limit"] in ("slow-queries", "client-slow-queries")


def test_an_answer_that_cannot_be_completed_is_visibly_broken(client: Client) -> None:
    connection = http.client.HTTPConnection(client.url.removeprefix("http://").rstrip("/"), timeout=60)
    connection.request("POST", "/sparql", f"SELECT * {{ {product(4)} }}".encode(), {"Content-Type": QUERY})
    response = connection.getresponse()
    assert response.status == 200
    with pytest.raises(http.client.IncompleteRead):
        response.read()
    connection.close()


def test_a_client_that_goes_away_takes_its_query_with_it(store: Path) -> None:
    with QueryPool(store, size=1, timeout=60, slow=1) as pool, running(create_app(pool, {}, base=IRIS.base)) as client:
        host, _, port = client.url.removeprefix("http://").rstrip("/").partition(":")
        with socket.create_connection((host, int(port))) as gone:
            path = f"/sparql?{urlencode({'query': HOSTILE['count']})}"
            gone.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            time.sleep(1.5)
        end = time.monotonic() + 15
        while pool.running() and time.monotonic() < end:
            time.sleep(0.1)
        assert pool.running() == 0


def test_bodies_that_are_too_long_are_answered_to_clients_that_go_on_sending(client: Client) -> None:
    answer = client.request("POST", "/sparql", b"x" * 30_000_000, Content_Type=QUERY)
    assert (answer.status, str(problem(answer)["type"])[-14:]) == (413, "body-too-large")
    long = client.get("/sparql", {"query": "x" * 500_000})
    assert (long.status, str(problem(long)["type"])[-17:]) == (431, "headers-too-large")
    assert client.get("/sparql", {"query": "x" * 150_000}).status == 413


def test_slow_clients_and_those_that_do_not_read_keep_nobody_waiting(client: Client) -> None:
    host, _, port = client.url.removeprefix("http://").rstrip("/").partition(":")
    open_ones = []
    for number in range(40):
        one = socket.create_connection((host, int(port)))
        if number % 2:
            one.sendall(b"POST /sparql HTTP/1.1\r\nContent-Length: 1000\r\n")  # and never the rest
        else:
            query = quote("SELECT * { ?s ?p ?o . ?a ?b ?c } LIMIT 5000")
            one.sendall(f"GET /sparql?query={query} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        open_ones.append(one)
    for _ in range(10):
        start = time.monotonic()
        assert post(client, f"ASK {{}} # {start}").status == 200
        assert time.monotonic() - start < 5
    for one in open_ones:
        one.close()


SPELLINGS = ("127.0.0.1", "localhost", "[::1]", "0x7f000001", "2130706433", "127.1", "0.0.0.0", "[::ffff:127.0.0.1]")


@pytest.mark.parametrize("host", SPELLINGS)
def test_no_query_reaches_another_server(client: Client, host: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        other.settimeout(0.2)
        iri = f"http://{host}:{other.getsockname()[1]}/"
        for query in (
            f"SELECT * {{ SERVICE <{iri}> {{ ?s ?p ?o }} }}",
            f"SELECT * {{ service silent <{iri}> {{ ?s ?p ?o }} }}",
            f"SELECT * {{ \\u0053ERVICE <{iri}> {{ ?s ?p ?o }} }}",
            f"SELECT * FROM <{iri}> {{ ?s ?p ?o }}",
            f"LOAD <{iri}>",
        ):
            assert post(client, query).status in (200, 403)
        with pytest.raises(TimeoutError):
            other.accept()


def test_random_requests_end_in_no_server_error(client: Client) -> None:
    chance = random.Random(8)
    words = [
        "SELECT",
        "ASK",
        "*",
        "{",
        "}",
        "(",
        ")",
        "?s",
        "<x:>",
        "'a'",
        "\\",
        "\x00",
        "é",
        "\ud800",
        "WHERE",
        "#",
        "[",
    ]
    keys = ["query", "update", "format", "output", "default-graph-uri", "snapshot", "iri", "x"]
    paths = ["/sparql", "/", "/describe", "/queries", "/ontology", "/store", "/.well-known/void", "/problem/x", "/%ff"]
    methods = ["GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "BREW"]
    kinds = [
        QUERY,
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "",
        "text/turtle",
        "a;b=c;;",
    ]
    for _ in range(200):
        text = " ".join(chance.choices(words, k=chance.randint(0, 12)))
        pairs = [(chance.choice(keys), text) for _ in range(chance.randint(0, 3))]
        tail = urlencode(pairs, errors="surrogatepass")
        accept = chance.choice(["*/*", "text/html", "text/csv;q=2", ",;,", "\xff", "image/png"])
        body = chance.choice([b"", tail.encode(), text.encode("utf-8", "surrogatepass"), b"\xff\x00" * 50])
        answer = client.request(
            chance.choice(methods),
            f"{chance.choice(paths)}?{chance.choice([tail, '', '%', '&=&', '%ff'])}",
            body,
            Accept=accept,
            Content_Type=chance.choice(kinds),
        )
        assert answer.status not in (500, 502), answer.text
    assert post(client, "ASK {}").status == 200


def test_a_client_has_so_much_at_once_and_so_much_time() -> None:
    clients = Clients(queries=2, slow=1, seconds=0.2)
    with clients.asking("a"), clients.asking("a"):
        with pytest.raises(TooManyQueries, match="2 of your queries"), clients.asking("a"):
            pass
        with clients.asking("b"):
            pass
    with clients.slow("a"):
        with pytest.raises(TooManyQueries, match="running already"), clients.slow("a"):
            pass
        time.sleep(0.8)  # the account fills up meanwhile, at half the speed; 0.4 s would leave nothing to spare
    with pytest.raises(TooManyQueries, match="used up") as caught, clients.slow("a"):
        pass
    assert caught.value.retry_after
    with clients.slow("b"):
        pass
    time.sleep(0.8)
    with clients.slow("a"):
        pass
