"""SPARQL stores elsewhere: `oxigraph serve` and Virtuoso on this machine, and servers that misbehave."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner, Result
from pyoxigraph import BlankNode, Literal, NamedNode, Quad

import aigraph
from aigraph import formats
from aigraph.cli import main
from aigraph.endpoint import create_app
from aigraph.errors import (
    AigraphError,
    AnswerTooLarge,
    IndexMissing,
    QueryFailed,
    QueryForbidden,
    QuerySyntaxError,
    QueryTimeout,
    ServerError,
    SettingsError,
    StoreError,
    StoreMissing,
)
from aigraph.places import Endpoint, place_of
from aigraph.queries import bind, load_queries
from aigraph.remote import Client, RemotePool, copy, fetch, mirror, send
from aigraph.remote.client import Credentials
from aigraph.remote.marks import note_graph
from aigraph.resources import folder
from aigraph.settings import Settings, load_settings
from aigraph.store import QueryPool, latest_snapshot, open_latest, open_writer
from aigraph.vocab import AIG, RDF, XSD, Iris
from serving import running
from stores import oxigraph, virtuoso

QUERIES = load_queries(folder("queries"))
IRIS = Iris("https://example.org/kg/")
ONE, TWO = IRIS.graph("one"), IRIS.graph("two")


# --- addresses ----------------------------------------------------------------------------------------------


def test_addresses_of_stores() -> None:
    text = "sparql+http://127.0.0.1:3030/ds/query?a=b#update=update,graphs=/ds/data,base=https://example.org/kg/"
    place = place_of(text)
    assert place == Endpoint(
        "http://127.0.0.1:3030/ds/query?a=b",
        "http://127.0.0.1:3030/ds/update",
        "http://127.0.0.1:3030/ds/data",
        "https://example.org/kg/",
    )
    assert place_of(str(place)) == place
    assert place_of("https://example.org/sparql") == Endpoint("https://example.org/sparql")
    assert place_of("folder/store") == Path("folder/store")
    assert load_settings({"AIGRAPH_STORE": text, "AIGRAPH_STORE_PASSWORD": "x"}).store == place


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("sparql+http://user:secret@host/sparql", "AIGRAPH_STORE_PASSWORD"),
        ("sparql+http://host/sparql#updates=/update", r"'updates=/update' .* none of update="),
        ("sparql+http:///sparql", "no address of a store"),
        ("sparql+http://host:port/sparql", "no address of a store"),
    ],
)
def test_wrong_addresses_are_refused(text: str, message: str) -> None:
    with pytest.raises(SettingsError, match=message) as caught:
        place_of(text)
    assert "secret" not in str(caught.value)


def test_what_needs_a_folder_says_how_to_get_one() -> None:
    with pytest.raises(StoreError, match="aigraph copy 'sparql"):
        _ = Settings(store=Endpoint("http://127.0.0.1:1/query")).folder


# --- oxigraph serve -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def far(seeds_store: Path) -> Iterator[Endpoint]:
    """The graph of the seeds in `oxigraph serve`."""
    with oxigraph() as url:
        place = place_of(f"sparql+{url}/query?union-default-graph#update=/update,graphs=/store")
        assert isinstance(place, Endpoint)
        sent = copy(seeds_store, place)
        assert sent.verified
        assert (sent.written, sent.unchanged, sent.triples_out) == (10, 0, 0)
        yield place


@pytest.fixture(scope="module")
def pool(far: Endpoint) -> Iterator[RemotePool]:
    with RemotePool(far, timeout=60) as opened:
        yield opened


@pytest.fixture(scope="module")
def near(seeds_store: Path) -> Iterator[QueryPool]:
    with QueryPool(seeds_store, timeout=60) as opened:
        yield opened


def aigraph_(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(each) for each in arguments])


def text_of(name: str) -> str:
    query = QUERIES[name]
    return bind(query, {one.name: one.example for one in query.parameters if one.required})


def answers(pool: QueryPool | RemotePool, name: str) -> list[bytes]:
    found = pool.query(text_of(name), solutions_format=formats.CSV, graph_format=formats.N_TRIPLES)
    lines = found.content.splitlines()
    return sorted(lines) if found.form == "CONSTRUCT" else lines


@pytest.mark.parametrize("name", QUERIES)
def test_canned_queries_give_the_same_there(name: str, pool: RemotePool, near: QueryPool) -> None:
    assert answers(pool, name) == answers(near, name)


def test_a_copy_sends_what_differs_and_no_more(far: Endpoint, seeds_store: Path, tmp_path: Path) -> None:
    again = copy(seeds_store, far, verify=False)
    assert (again.written, again.removed, again.unchanged, again.verified) == (0, 0, 10, None)
    back = copy(far, tmp_path / "back")
    assert back.verified
    assert latest_snapshot(tmp_path / "back").id == latest_snapshot(seeds_store).id
    other = copy(seeds_store, tmp_path / "other")
    assert other.verified
    assert latest_snapshot(tmp_path / "other").id == latest_snapshot(seeds_store).id


def test_commands_take_the_address_of_a_store(far: Endpoint, seeds_store: Path, tmp_path: Path) -> None:
    snapshot = latest_snapshot(seeds_store)
    asked: tuple[str, ...] = ("query", "who-develops", "-p", "thing=CUDA", "--format", "csv", "--store")
    assert aigraph_(*asked, far).output == aigraph_(*asked, seeds_store).output
    asked = ("explain", "Nvidia", "develops", "CUDA", "--store")
    assert aigraph_(*asked, far).output == aigraph_(*asked, seeds_store).output
    asked = ("entities", "--format", "csv", "--store")
    assert aigraph_(*asked, far).output == aigraph_(*asked, seeds_store).output
    output = tmp_path / "all.nq"
    assert aigraph_("export", "-o", output, "--texts", "full", "--store", far).exit_code == 0
    told = aigraph_("info", "--canonical", "--store", far).output
    assert snapshot.id in told
    assert hashlib.sha256(output.read_bytes()).hexdigest() in told
    assert str(far) in told
    assert aigraph_("check", "--no-shapes", "--store", far).exit_code == 0
    copied = aigraph_("copy", far, tmp_path / "copy")
    assert "10 graphs written, 0 removed, 0 unchanged" in copied.output
    assert "the same." in copied.output


def test_pages_and_the_endpoint_show_a_store_elsewhere(pool: RemotePool, near: QueryPool, seeds_store: Path) -> None:
    apps = [create_app(each, QUERIES, base=latest_snapshot(seeds_store).base) for each in (pool, near)]
    with running(apps[0]) as there, running(apps[1]) as here:
        for path in ("/id/company/nvidia", "/queries/who-develops?thing=CUDA", "/article/after-the-honeymoon"):
            shown = []
            for client in (there, here):
                answer = client.get(path, accept="text/html")
                if answer.status == 303:  # what an IRI names is no page, and leads to one
                    answer = client.get(urlsplit(answer.headers["location"]).path, accept="text/html")
                assert answer.status == 200
                shown.append(answer.text.replace(client.url, "/"))
            assert shown[0] == shown[1]
        rows = there.ask("SELECT * { ?a aig:develops ?b } ORDER BY ?a ?b", accept="text/csv")
        assert rows.text == here.ask("SELECT * { ?a aig:develops ?b } ORDER BY ?a ?b", accept="text/csv").text
        assert there.ask("ASK {}", if_none_match=there.ask("ASK {}").headers["etag"]).status == 304
        assert there.ask("SELECT * { SERVICE <http://127.0.0.1/> {} }").status == 403


def test_python_opens_a_store_elsewhere(far: Endpoint, seeds_store: Path) -> None:
    with aigraph.Graph.open(str(far)) as there, aigraph.Graph.open(seeds_store) as here:
        assert there.snapshot == here.snapshot
        claims = there.entity("Nvidia").claims(metric="order backlog")
        assert list(claims) == list(here.entity("Nvidia").claims(metric="order backlog"))
        assert there.explain("Nvidia", "develops", "CUDA") == here.explain("Nvidia", "develops", "CUDA")


def test_limits_and_mistakes(pool: RemotePool, far: Endpoint) -> None:
    result = pool.query("SELECT * { ?s ?p ?o }", rows=3)
    assert len(json.loads(result.content)["results"]["bindings"]) == 3
    assert (result.total, result.cut) == (31071, False) or (result.total or 0) > 10_000
    assert pool.query("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }", rows=3).cut
    assert pool.query("ASK {}").form == "ASK"
    with pytest.raises(QuerySyntaxError, match="cannot read the query"):
        pool.query("SELECT * { ?a ?b }")
    with pytest.raises(QueryForbidden):
        pool.query("DROP ALL")
    with pytest.raises(IndexMissing, match="aigraph copy"):
        pool.texts.search("blackwell")
    with RemotePool(far, most_rows=2, longest=1) as small:
        with pytest.raises(AnswerTooLarge, match="more rows than 2"):
            small.query("SELECT * { ?a aig:develops ?b }")
        with pytest.raises(AnswerTooLarge, match="longer than 1 MB"):
            small.query("SELECT * { ?s ?p ?o }")
    with RemotePool(far, timeout=0.3) as hasty, pytest.raises(QueryTimeout, match=r"within 0\.3 s"):
        hasty.query("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . FILTER(?a != ?d) }")
    with pytest.raises(StoreError, match="union-default-graph"):
        RemotePool(Endpoint(far.query.partition("?")[0]))


# --- building ------------------------------------------------------------------------------------------------


def numbers(graph: NamedNode, count: int) -> list[Quad]:
    return [Quad(IRIS.thing("Chip", str(n)), AIG.confidence, Literal(n / 8), graph) for n in range(count)]


@pytest.fixture
def empty() -> Iterator[Endpoint]:
    with oxigraph() as url:
        place = place_of(f"sparql+{url}/query?union-default-graph#update=/update")
        assert isinstance(place, Endpoint)
        yield place


def test_a_change_is_sent_in_proportion(tmp_path: Path, empty: Endpoint) -> None:
    here = tmp_path / "mirror"
    assert mirror.begin(empty, here, base=IRIS.base) == IRIS.base
    knots = [Quad(BlankNode("a"), AIG.uses, BlankNode("b"), TWO), Quad(BlankNode("b"), AIG.form, Literal('"\n'), TWO)]

    def written(*graphs: list[Quad]) -> None:
        with open_writer(here, IRIS.base) as writer:
            for quads in graphs:
                writer.replace_graph(quads[0].graph_name, quads)  # type: ignore[arg-type]
            writer.commit()

    written(numbers(ONE, 1500), knots)
    first = mirror.end(empty, here)
    assert (first.written, first.triples_in, first.triples_out) == (2, 1502, 0)
    # one triple of 1,500 goes and two come
    more = [Quad(IRIS.thing("Chip", "x"), AIG.confidence, Literal(value), ONE) for value in (0.1, 3e21)]
    written([*numbers(ONE, 1499), *more])
    mirror.begin(empty, here, base=IRIS.base)
    second = mirror.end(empty, here)
    assert (second.written, second.unchanged, second.triples_in, second.triples_out) == (1, 1, 2, 1)
    with open_latest(here) as reader, Client(empty) as client:
        checked = send(reader, client, state="x")
    assert checked.verified
    assert checked.written == 0


def test_what_others_wrote_is_fetched_first(tmp_path: Path, empty: Endpoint) -> None:
    source, here = tmp_path / "source", tmp_path / "mirror"
    with open_writer(source, IRIS.base) as writer:
        writer.replace_graph(ONE, numbers(ONE, 3))
        writer.commit()
    copy(source, empty)
    assert mirror.begin(empty, here, base="https://other.example/") == IRIS.base
    assert latest_snapshot(here).id == latest_snapshot(source).id
    # what was built here and not sent yet is not thrown away
    with open_writer(here) as writer:
        writer.replace_graph(TWO, numbers(TWO, 1))
        writer.commit()
    mirror.begin(empty, here, base=IRIS.base)
    assert mirror.end(empty, here).written == 1
    copy(source, empty)
    mirror.begin(empty, here, base=IRIS.base)
    assert latest_snapshot(here).id == latest_snapshot(source).id
    with pytest.raises(StoreError, match="--mirror"):
        mirror.begin(Endpoint("http://127.0.0.1:1/query"), here, base=IRIS.base)
    with pytest.raises(StoreError, match="a store of its own"):
        mirror.begin(empty, source, base=IRIS.base)


def test_an_article_is_removed_there(seeds_store: Path, tmp_path: Path, empty: Endpoint) -> None:
    copy(seeds_store, empty, verify=False)
    done = aigraph_("remove", "after-the-honeymoon", "--store", empty, "--mirror", tmp_path / "mirror")
    assert done.exit_code == 0, done.output
    assert "1 removed" in done.output
    # what no other article says has gone from the derived graphs, and the rest of them was not sent again
    with Client(empty) as client:
        assert not client.ask(f"ASK {{ GRAPH <{Iris().base}graph/after-the-honeymoon> {{ ?s ?p ?o }} }}")
    back = copy(empty, tmp_path / "back")
    assert back.verified
    assert latest_snapshot(tmp_path / "back").id == latest_snapshot(tmp_path / "mirror").id
    assert "5 unchanged" not in done.output


def test_a_broken_copy_goes_on(tmp_path: Path, empty: Endpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_writer(tmp_path / "store", IRIS.base) as writer:
        for graph in (ONE, TWO):
            writer.replace_graph(graph, numbers(graph, 5))
        writer.commit()
    whole, sent = Client.update, 0

    def breaks(self: Client, text: str, **more: float) -> None:
        nonlocal sent
        sent += TWO.value in text
        if sent:
            raise StoreError("broken off")
        whole(self, text, **more)

    with monkeypatch.context() as patch:
        patch.setattr(Client, "update", breaks)
        with pytest.raises(StoreError, match="broken off"):
            copy(tmp_path / "store", empty)
    done = copy(tmp_path / "store", empty)
    assert (done.written, done.unchanged, done.verified) == (1, 1, True)


def test_a_difference_is_found(tmp_path: Path, empty: Endpoint) -> None:
    with open_writer(tmp_path / "store", IRIS.base) as writer:
        for graph in (ONE, TWO):
            writer.replace_graph(graph, numbers(graph, 5))
        writer.commit()
    copy(tmp_path / "store", empty)
    with Client(empty) as client:
        client.update(f"INSERT DATA {{ GRAPH {TWO} {{ <urn:x> <urn:y> 'strange' }} }}")
    done = aigraph_("copy", tmp_path / "store", empty)
    assert done.exit_code == 1
    assert "NOT the same" in done.output
    assert f"Differs: {TWO.value}" in done.output
    # out of the store too: what is there is not what was noted
    with Client(empty) as client:
        client.update(note_graph(TWO, "0" * 64))
    assert copy(empty, tmp_path / "back").differing == (TWO,)
    # the next copy puts it right
    with Client(empty) as client:
        client.update(note_graph(TWO, None))
    mended = copy(tmp_path / "store", empty)
    assert (mended.written, mended.verified) == (1, True)
    assert copy(empty, tmp_path / "back").verified


# --- Virtuoso ------------------------------------------------------------------------------------------------

WRONG_THERE = {
    *("about-entity", "changed-since", "claims-by-claimant", "claims-by-company", "claims-by-year", "entities"),
    "forecasts",
    "facts-without-source",
    "newest-claims",
    "partnerships-of-company",
    "single-source",
    "sources-of",
}
"""Canned queries that Virtuoso 7.2.5 refuses, or answers with other rows, some of them now and then (it depends on its
plans): docs/stores.md lists them."""


@pytest.mark.needs_program("virtuoso-t", "virtuoso-opensource-7-bin")
def test_virtuoso(tmp_path: Path, seeds_store: Path, near: QueryPool, monkeypatch: pytest.MonkeyPatch) -> None:
    with virtuoso(tmp_path) as url:
        place = place_of(f"sparql+{url}/sparql-auth#update=/sparql-auth,graphs=/sparql-graph-crud-auth")
        with pytest.raises(StoreError, match=r"refuses.*AIGRAPH_STORE_USER"):
            copy(seeds_store, place)
        monkeypatch.setenv("AIGRAPH_STORE_USER", "dba")
        monkeypatch.setenv("AIGRAPH_STORE_PASSWORD", "dba")
        assert copy(seeds_store, place).verified
        assert aigraph_("remove", "after-the-honeymoon", "--store", place, "--mirror", tmp_path / "m").exit_code == 0
        copied = copy(seeds_store, place)
        assert copied.verified
        assert copied.written < 10
        assert isinstance(place, Endpoint)
        with RemotePool(place, timeout=60) as there:
            wrong = {name for name in QUERIES if not same(there, near, name)}
            assert wrong <= WRONG_THERE
            assert json.loads(there.query("ASK { ?a aig:develops ?b }").content)["boolean"] is True
            assert json.loads(there.query("ASK { ?a aig:develops aig:develops }").content)["boolean"] is False
    page = (Path(__file__).parents[1] / "docs" / "stores.md").read_text(encoding="utf-8")
    assert all(f"`{name}`" in page for name in WRONG_THERE)


def same(there: RemotePool, here: QueryPool, name: str) -> bool:
    """Whether a canned query gives the same there, however its numbers are written."""
    try:
        return sorted(map(plain, answers(there, name))) == sorted(map(plain, answers(here, name)))
    except AigraphError:
        return False


def plain(line: bytes) -> list[str]:
    def cell(text: str) -> str:
        try:
            return str(float(text))
        except ValueError:
            return text

    return [cell(each) for each in line.decode().split(",")]


# --- servers that misbehave ----------------------------------------------------------------------------------

Reply = tuple[int, dict[str, str], bytes]


@contextmanager
def answering(reply: Callable[[str, dict[str, str]], Reply]) -> Iterator[str]:
    """A server that answers as `reply` says to a body and headers."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            status, headers, content = reply(body, dict(self.headers))
            self.send_response(status)
            for name, value in {"Content-Length": str(len(content)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.handle_error = lambda *_: None  # type: ignore[method-assign] # a client that has gone is no news
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/sparql"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


JSON = {"Content-Type": "application/sparql-results+json"}
TRUE = b'{"head": {}, "boolean": true}'


@pytest.mark.parametrize(
    ("reply", "error", "message"),
    [
        ((200, {"Content-Type": "text/html"}, b"<p>Welcome</p>"), QueryFailed, "gave no SPARQL results but text/html"),
        ((404, {}, b""), StoreMissing, "no SPARQL store at"),
        ((503, {}, b"too busy"), QueryFailed, r"\(503\): too busy"),
        ((301, {"Location": "https://elsewhere.example/"}, b""), StoreError, "points to https://elsewhere"),
        ((403, {}, b""), StoreError, "refuses"),
        ((200, {**JSON, "Content-Length": "99"}, TRUE), StoreError, "broke off"),
    ],
)
def test_answers_that_are_none(reply: Reply, error: type[Exception], message: str) -> None:
    with answering(lambda *_: reply) as url, Client(Endpoint(url)) as client, pytest.raises(error, match=message):
        client.ask("ASK {}")


def test_nobody_listens() -> None:
    with (
        Client(Endpoint("http://127.0.0.1:1/sparql")) as client,
        pytest.raises(StoreMissing, match="cannot be reached"),
    ):
        client.ask("ASK {}")


def test_credentials_are_shown_when_they_are_asked_for() -> None:
    seen: list[str | None] = []

    def reply(_: str, headers: dict[str, str]) -> Reply:
        seen.append(headers.get("Authorization"))
        return (200, JSON, TRUE) if headers.get("Authorization") else (401, {"WWW-Authenticate": "Basic"}, b"")

    with answering(reply) as url:
        with Client(Endpoint(url), Credentials("me", "secret")) as client:
            assert client.ask("ASK {}")
            assert client.ask("ASK {}")
        basic = "Basic " + base64.b64encode(b"me:secret").decode()
        assert seen == [None, basic, basic]
        with Client(Endpoint(url), Credentials(token="t")) as client:
            assert client.ask("ASK {}")
        assert seen[-1] == "Bearer t"
        assert "secret" not in repr(Credentials("me", "secret"))


def test_a_slow_store_is_given_up() -> None:
    def reply(*_: object) -> Reply:
        time.sleep(1)
        return 200, JSON, TRUE

    with answering(reply) as url, Client(Endpoint(url)) as client, pytest.raises(QueryTimeout):
        client.query("ASK {}", seconds=0.2)


def test_triples_that_a_store_leaves_out_are_missed(tmp_path: Path) -> None:
    def reply(body: str, _: dict[str, str]) -> Reply:
        if "CONSTRUCT" in body:
            return 200, {"Content-Type": "application/n-triples"}, b"<urn:a> <urn:b> <urn:c> .\n"
        if "COUNT" in body:
            number = {"type": "literal", "value": "2", "datatype": str(XSD.integer.value)}
            return 200, JSON, json.dumps({"head": {"vars": ["n"]}, "results": {"bindings": [{"n": number}]}}).encode()
        graph = {"type": "uri", "value": ONE.value}
        found = [{"g": graph}] if "DISTINCT" in body else []
        return 200, JSON, json.dumps({"head": {"vars": ["g"]}, "results": {"bindings": found}}).encode()

    with (
        answering(reply) as url,
        Client(Endpoint(url)) as client,
        open_writer(tmp_path / "store", IRIS.base) as writer,
        pytest.raises(StoreError, match=r"gave 1 of the 2 triples of .*ResultSetMaxRows"),
    ):
        fetch(client, writer)


def test_a_store_that_is_read_only_or_served_with_a_token(seeds_store: Path) -> None:
    with pytest.raises(StoreError, match="can only be read: name where it takes updates"):
        Client(Endpoint("http://127.0.0.1:1/sparql")).update("DROP ALL")
    with pytest.raises(StoreError, match="onto itself"):
        copy(seeds_store, seeds_store)
    from aigraph.endpoint import serve

    with pytest.raises(ServerError, match="without a token"):
        serve(Settings(store=Endpoint("http://127.0.0.1:1/sparql")), {}, token="t")


def test_queries_mean_rdf_type_too(pool: RemotePool) -> None:
    assert json.loads(pool.query(f"ASK {{ ?a {RDF.type} aig:Company }}").content)["boolean"] is True
