"""The SPARQL 1.1 Protocol, point by point: requests, formats, validators, and what is refused."""

from __future__ import annotations

import gzip
import http.client
import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlencode

import brotli
import pytest
from pyoxigraph import Literal, Quad, Store, parse

from aigraph.endpoint import create_app
from aigraph.endpoint.cache import Cache, Collected, Kept
from aigraph.endpoint.compression import encoding_for
from aigraph.endpoint.description import NAMESPACES
from aigraph.endpoint.server import limits_of
from aigraph.errors import QueryFailed
from aigraph.formats import RDF_FORMATS, RdfSyntax
from aigraph.settings import load_settings
from aigraph.store import QueryPool, open_writer
from aigraph.vocab import RDFS, XSD, Iris
from serving import BROWSER, Answer, Client, problem, running

IRIS = Iris("https://example.org/kg/")
ONE, TWO = IRIS.graph("one"), IRIS.graph("two")
THING = IRIS.thing("Company", "a")
ALL = "SELECT ?l { ?s rdfs:label ?l } ORDER BY ?l"
FORM, QUERY, UPDATE = "application/x-www-form-urlencoded", "application/sparql-query", "application/sparql-update"
ROWS = 20_000


def publish(path: Path, label: str) -> None:
    with open_writer(path, IRIS.base) as writer:
        writer.replace_graph(ONE, [Quad(THING, RDFS.label, Literal(label), ONE)])
        many = [Quad(IRIS.thing("Chip", f"c{i}"), RDFS.comment, Literal(f"chip {i}"), TWO) for i in range(ROWS)]
        writer.replace_graph(TWO, many)
        writer.commit()


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("store")
    publish(path, "a")
    return path


@pytest.fixture(scope="module")
def client(store: Path) -> Iterator[Client]:
    with QueryPool(store, size=2, timeout=60, slow=2) as pool, running(create_app(pool, {}, base=IRIS.base)) as client:
        yield client


def post(client: Client, body: bytes, kind: str, path: str = "/sparql", **headers: str) -> Answer:
    return client.request("POST", path, body, Content_Type=kind, **headers)


def form(*pairs: tuple[str, str]) -> bytes:
    return urlencode(pairs).encode()


# --- requests -----------------------------------------------------------------------------------------------


def test_conflicts_are_bad_requests(client: Client) -> None:
    path = f"/sparql?{urlencode({'query': ALL})}"
    for answer in (
        post(client, ALL.encode(), QUERY, path),
        post(client, form(("query", ALL)), FORM, path),
        post(client, form(("query", ALL), ("update", "DROP ALL")), FORM),
        post(client, form(("query", ALL), ("using-graph-uri", ONE.value)), FORM),
        client.get("/sparql", {"update": "DROP ALL"}),
        client.get("/sparql", {"query": ALL, "format": ["json", "xml"]}),
        client.request("GET", "/sparql?query=ASK%20%7B%7D%20%23%ff"),
        client.request("GET", "/sparql?" + "&".join("x=1" for _ in range(1001))),
    ):
        assert answer.status == 400
        assert str(problem(answer)["type"]).endswith("/bad-request")


@pytest.mark.parametrize("kind", ["", "text/plain", "application/json", f"{QUERY}; charset=latin-1", "multipart/x"])
def test_other_types_and_encodings_are_refused(client: Client, kind: str) -> None:
    answer = post(client, ALL.encode(), kind)
    assert (answer.status, str(problem(answer)["type"])[-10:]) == (415, "media-type")


def test_compressed_bodies_are_refused_unread(client: Client) -> None:
    bomb = gzip.compress(b" " * 10_000_000)
    assert post(client, bomb, QUERY, Content_Encoding="gzip").status == 415


def test_types_may_have_parameters_and_capitals(client: Client) -> None:
    assert post(client, ALL.encode(), "Application/SPARQL-Query; charset=UTF-8").status == 200
    assert post(client, "ASK { FILTER('ü' = 'ü') }".encode(), f'{QUERY}; charset="utf-8"').status == 200


def test_output_is_another_word_for_format(client: Client) -> None:
    assert client.get("/sparql", {"query": ALL, "output": "csv"}).type == "text/csv"
    assert client.get("/sparql", {"query": ALL, "output": "csv", "format": "xml"}).type.endswith("xml")


def test_an_update_is_no_query(client: Client) -> None:
    answer = post(client, form(("update", "DROP ALL")), FORM)
    assert (answer.status, "only be read" in str(problem(answer)["detail"])) == (403, True)
    assert post(client, b"DROP ALL", UPDATE).status == 403


def test_head_has_what_get_has(client: Client) -> None:
    for query in (ALL, "SELECT * { ?s ?p ?o }"):
        got = client.ask(query)
        head = client.request("HEAD", f"/sparql?{urlencode({'query': query})}")
        assert (head.status, head.body) == (200, b"")
        for name in ("content-type", "etag", "vary", "cache-control"):
            assert head.headers[name] == got.headers[name]


# --- limits and problems ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "limit", "status"),
    [
        ("ASK { FILTER(" + "(" * 10_000 + "1" + ")" * 10_000 + ") }", "query-depth", 413),
        ("ASK " + "{" * 10_000 + "}" * 10_000, "query-depth", 413),
        ("ASK { FILTER(" + "!" * 10_000 + "true) }", "query-depth", 413),
        ("ASK { FILTER(" + "! #x\n" * 10_000 + "true) }", "query-depth", 413),
        ("ASK { ?s " + "^" * 10_000 + "rdfs:label ?o }", "query-depth", 413),
        ("ASK { ?s ?p " + "[ rdfs:label " * 5_000 + "1" + "]" * 5_000 + "}", "query-depth", 413),
        ("ASK { " + "<< ?s ?p " * 5_000 + "1" + ">>" * 5_000 + "}", "query-depth", 413),
        ("ASK { VALUES ?x { " + "1 " * 40_000 + "} }", "query-tokens", 413),
        ("ASK { } #" + "x" * 100_000, "query-length", 413),
    ],
    ids=["parentheses", "braces", "negations", "comments", "inverses", "blank", "quoted", "values", "length"],
)
def test_a_problem_names_the_limit(client: Client, query: str, limit: str, status: int) -> None:
    answer = post(client, query.encode(), QUERY)
    content = problem(answer)
    assert (answer.status, content["limit"]) == (status, limit)
    assert isinstance(content["allowed"], int)


def test_limits_are_settings(tmp_path: Path) -> None:
    named = {"query_depth": "3", "query_length": "200000", "cache_size": "0", "answer_rows": "2", "client_queries": "5"}
    settings = load_settings({f"AIGRAPH_{name.upper()}": value for name, value in named.items()})
    publish(tmp_path, "a")
    with (
        QueryPool(tmp_path, timeout=60, most_rows=settings.answer_rows) as pool,
        running(app := create_app(pool, {}, base=IRIS.base, limits=limits_of(settings))) as client,
    ):
        deep = client.ask("ASK {{{{}}}}")
        assert (deep.status, problem(deep)["limit"], problem(deep)["allowed"]) == (413, "query-depth", 3)
        assert post(client, f"ASK {{}} #{' ' * 150_000}".encode(), QUERY).status == 200
        many = client.ask("SELECT * { ?s ?p ?o } LIMIT 3")
        assert (many.status, problem(many)["limit"], problem(many)["allowed"]) == (422, "answer-rows", 2)
        assert client.ask("SELECT * { ?s ?p ?o } LIMIT 2").status == 200
        assert len(app.extensions["aigraph"].cache) == 0
        told = client.get("/sparql", Accept="text/turtle").text
        for limit in ("queryDepth 3", "queryLength 200000", "answerRows 2", "clientQueries 5"):
            assert f"limit:{limit}" in told


def test_what_looks_deep_may_be_flat(client: Client) -> None:
    assert client.ask(f"ASK {{ FILTER('{'(' * 500}' != '') }}").status == 200
    assert client.ask("ASK { FILTER(" + " || ".join("(true)" for _ in range(200)) + ") }").status == 200


def test_problems_are_explained_where_their_types_say(client: Client) -> None:
    page = client.get("/problem/timeout", Accept=BROWSER)
    assert "https://w3id.org/aigraph/problem/timeout" in page.text
    kind = str(problem(client.ask("SELECT"))["type"])
    assert kind in client.get("/problems").text
    assert client.ask("SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }").status == 403


# --- formats, compression, validators -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("accept", "encoding"),
    [("", None), ("gzip", "gzip"), ("gzip, br", "br"), ("br;q=0, gzip;q=0.5", "gzip"), ("*", "br"), ("x", None),
     ("identity", None), ("identity;q=0.5, gzip;q=0.1", None), ("gzip;q=strange", "gzip")],
)  # fmt: skip
def test_the_coding_that_a_client_wants(accept: str, encoding: str | None) -> None:
    assert encoding_for(accept) == encoding


@pytest.mark.parametrize(("coding", "unpack"), [("gzip", gzip.decompress), ("br", brotli.decompress)])
def test_answers_come_compressed(client: Client, coding: str, unpack: object) -> None:
    assert callable(unpack)
    for query in ("SELECT * { ?s rdfs:comment ?o } LIMIT 500", "SELECT * { ?s rdfs:comment ?o }"):
        plain = client.ask(query)
        packed = client.ask(query, Accept_Encoding=coding)
        assert packed.headers["content-encoding"] == coding
        assert "Accept-Encoding" in packed.headers["vary"]
        assert packed.headers["etag"] != plain.headers["etag"]
        assert len(packed.body) < len(plain.body) / 2
        assert unpack(packed.body) == plain.body
    page = client.get("/sparql", Accept=BROWSER, Accept_Encoding=coding)
    assert b"<!doctype html>" in unpack(page.body)


def test_long_answers_are_streamed_and_whole(client: Client) -> None:
    answer = client.ask("SELECT * { ?s rdfs:comment ?o } # for the first time")
    assert answer.headers["transfer-encoding"] == "chunked"
    assert len(json.loads(answer.body)["results"]["bindings"]) == ROWS
    graph = client.ask("CONSTRUCT WHERE { ?s rdfs:comment ?o }", Accept="application/n-triples")
    assert graph.body.count(b"\n") == ROWS
    page = client.ask("SELECT * { ?s rdfs:comment ?o }", Accept=BROWSER)
    assert "The first 1,000 of 20,000 rows" in page.text
    assert "The beginning of a long answer" in client.ask("CONSTRUCT WHERE { ?s ?p ?o }", Accept=BROWSER).text


def test_a_connection_stays_open_after_every_complete_answer(client: Client) -> None:
    connection = http.client.HTTPConnection(client.url.removeprefix("http://").rstrip("/"), timeout=60)
    ports = set()
    tag = client.ask(ALL).headers["etag"]
    for path, headers, status in (
        (f"/sparql?{urlencode({'query': ALL})}", {}, 200),
        (f"/sparql?{urlencode({'query': ALL})}", {"If-None-Match": tag}, 304),
        (f"/sparql?{urlencode({'query': 'SELECT * { ?s ?p ?o }'})}", {}, 200),
        ("/sparql?query=nonsense", {}, 400),
        ("/nothing", {}, 404),
        (f"/sparql?{urlencode({'query': ALL})}", {}, 200),
    ):
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        response.read()
        assert response.status == status
        assert connection.sock is not None
        ports.add(connection.sock.getsockname()[1])
    connection.close()
    assert len(ports) == 1


def test_validators_are_strong_and_volatile_answers_have_none(client: Client) -> None:
    first = client.ask(ALL)
    assert first.headers["etag"].startswith('"')
    for given in (first.headers["etag"], f"W/{first.headers['etag']}", f'"x", {first.headers["etag"]}', "*"):
        assert client.ask(ALL, If_None_Match=given).status == 304
    assert client.ask(ALL, If_None_Match='"x"').status == 200
    for query in ("SELECT (NOW() AS ?x) {}", "SELECT (uuid() AS ?x) {}", "CONSTRUCT { [] rdfs:label ?l } { ?s ?p ?l }"):
        answer = client.ask(query)
        assert (answer.status, answer.headers["cache-control"], "etag" in answer.headers) == (200, "no-store", False)
    assert client.ask("SELECT (RAND() AS ?x) {}").body != client.ask("SELECT (RAND() AS ?x) {}").body


def test_a_permalink_pins_a_snapshot_while_it_is_kept(tmp_path: Path) -> None:
    publish(tmp_path, "old")
    with QueryPool(tmp_path, timeout=60) as pool, running(create_app(pool, {}, base=IRIS.base)) as client:
        first = client.ask(ALL)
        link = first.headers["content-location"]
        publish(tmp_path, "new")
        assert "new" in client.ask(ALL).text
        pinned = client.get(link)
        assert (pinned.status, pinned.body, pinned.headers["etag"]) == (200, first.body, first.headers["etag"])
        assert "immutable" in pinned.headers["cache-control"]
        for label in ("newer", "newest"):
            publish(tmp_path, label)
            client.ask(ALL)
        gone = client.get(link)
        assert (gone.status, str(problem(gone)["type"])[-5:]) == (410, "/gone")
        assert client.get("/sparql", {"query": ALL, "snapshot": "x"}).status == 410


def test_repeated_questions_are_answered_from_memory(tmp_path: Path) -> None:
    publish(tmp_path, "a")
    with QueryPool(tmp_path, timeout=60) as pool:
        app = create_app(pool, {}, base=IRIS.base)
        with running(app) as client:
            first = client.ask(ALL)
            assert len(app.extensions["aigraph"].cache) == 1
            pool.close()  # from here on, nobody can answer what was not asked before
            again = client.ask(ALL)
            assert (again.status, again.body) == (200, first.body)
            own = {"date": "", "x-request-id": ""}
            assert {**again.headers, **own} == {**first.headers, **own}
            assert client.ask(ALL, If_None_Match=first.headers["etag"]).status == 304
            assert client.request("HEAD", f"/sparql?{urlencode({'query': ALL})}").status == 200
            assert post(client, b"", FORM, f"/sparql?{urlencode({'query': ALL})}").status != 200
            assert client.ask(f"{ALL} LIMIT 1").status == 503
        publish(tmp_path, "b")
        with running(app) as client:
            assert client.ask(ALL).status == 503


def test_streamed_answers_are_kept_once_they_are_complete(tmp_path: Path) -> None:
    publish(tmp_path, "a")
    long = "SELECT * { ?s ?p ?o }"
    with QueryPool(tmp_path, timeout=60) as pool:
        app = create_app(pool, {}, base=IRIS.base)
        with running(app) as client:
            for coding in ("identity", "gzip"):
                first = client.ask(long, Accept_Encoding=coding)
                assert first.headers["transfer-encoding"] == "chunked"
                end = time.monotonic() + 10
                while len(app.extensions["aigraph"].cache) == 0 and time.monotonic() < end:
                    time.sleep(0.05)
                again = client.ask(long, Accept_Encoding=coding)
                assert (again.body, again.headers["etag"]) == (first.body, first.headers["etag"])
                assert again.headers["content-length"] == str(len(first.body))
            # one that is longer than a sixteenth of all that is kept
            assert client.ask("SELECT * { VALUES ?x { 1 2 } ?s ?p ?o . ?s ?q ?r }").status == 200
            assert len(app.extensions["aigraph"].cache) == 2


def test_what_does_not_come_to_its_end_is_not_kept() -> None:
    kept: list[bytes] = []

    def parts(failing: bool) -> Iterator[bytes]:
        yield b"one"
        if failing:
            raise QueryFailed("no more")
        yield b"two"

    assert list(Collected(parts(False), 6, kept.append)) == [b"one", b"two"]
    assert list(Collected(parts(False), 5, kept.append)) == [b"one", b"two"]
    with pytest.raises(QueryFailed):
        list(Collected(parts(True), 6, kept.append))
    left = Collected(parts(False), 6, kept.append)
    next(left)
    left.close()
    assert list(left) == []
    assert kept == [b"onetwo"]


def test_the_cache_holds_what_was_asked_for_last() -> None:
    cache = Cache(160_000)
    for name in "abcdefghijklmnopqrstuvwxyz":
        cache.keep(name, Kept("one", (), "", b"x" * 7000))
        assert cache.find("a", "one"), name
    assert (cache.find("b", "one"), len(cache)) == (None, 17)
    cache.keep("long", Kept("one", (), "", b"x" * 10_000))
    assert cache.find("long", "one") is None
    assert cache.find("a", "two") is None
    assert cache.find("a", "one") is None


@pytest.mark.parametrize("syntax", tuple(RDF_FORMATS), ids=lambda one: str(one.name))
def test_the_service_describes_itself_in_every_format(client: Client, syntax: RdfSyntax) -> None:
    end = time.monotonic() + 60
    while "graph-0" not in client.get("/sparql", Accept="application/n-triples").text and time.monotonic() < end:
        time.sleep(0.5)
    for path in ("/sparql", "/.well-known/void"):
        answer = client.get(path, Accept=syntax.media_type)
        assert answer.type == syntax.media_type
        held = Store()
        held.extend(Quad(q.subject, q.predicate, q.object) for q in parse(answer.body, syntax.engine))
        prologue = "".join(f"PREFIX {one.prefix}: <{one.iri}>\n" for one in NAMESPACES)
        for pattern in (
            f"?s a sd:Service ; sd:endpoint <{client.url}sparql> ; sd:feature sd:UnionDefaultGraph",
            "?s sd:defaultDataset [ void:triples 20001 ; void:distinctSubjects 20001 ; void:properties 2 ]",
            f"?s sd:namedGraph [ sd:name {ONE} ; sd:graph [ a sd:Graph ; void:triples 1 ] ]",
            f"?s void:propertyPartition [ void:property {RDFS.comment} ; void:triples 20000 ]",
            f"?s sh:declare [ sh:prefix 'rdfs' ; sh:namespace '{RDFS.iri}'^^<{XSD.anyURI.value}> ]",
            "?s dcat:distribution [ dcat:mediaType ?m ; dcat:downloadURL ?d ]",
            "?s sd:supportedLanguage sd:SPARQL11Query ; sd:resultFormat <http://www.w3.org/ns/formats/Turtle>",
            "?s limit:queryDepth 100 ; limit:seconds 60",
        ):
            assert bool(held.query(f"{prologue} ASK {{ {pattern} }}")), pattern


def test_dumps_are_where_the_description_says(client: Client) -> None:
    text = client.get("/.well-known/void", Accept="application/n-triples").text
    dumps = re.findall(r"void#dataDump> <([^>]*)>", text)
    assert len(dumps) == len(RDF_FORMATS.formats)
    dump = next(one for one in dumps if one.endswith("ntriples"))
    assert client.get(dump.removeprefix(client.url.rstrip("/"))).body.count(b"\n") == ROWS + 1


def test_paths_lead_nowhere_else(client: Client) -> None:
    for path in ("/static/../app.py", "/static/%2e%2e/app.py", "/static/..%2f..%2fapp.py", "//etc/passwd"):
        assert client.request("GET", path).status == 404
    script = "<script>alert(1)</script>"
    for answer in (
        client.ask(script, Accept=BROWSER),
        client.get("/" + quote(script), Accept=BROWSER),
        client.get("/sparql", {"query": ALL, "format": script}, Accept=BROWSER),
        client.get("/describe", {"iri": script}, Accept=BROWSER),
    ):
        assert script not in answer.text
