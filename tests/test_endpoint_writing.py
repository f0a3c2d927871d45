"""A plain dataset over HTTP: standard semantics, SPARQL updates, the Graph Store Protocol, and who may change what."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store
from rdflib import Graph, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLUpdateStore

from aigraph.endpoint import create_app, serve_plain
from aigraph.errors import ServerError, StoreError, StoreUnreadable
from aigraph.settings import Settings
from aigraph.sparql import forbidden_in_update, with_dataset
from aigraph.store import GraphEditor, QueryPool, make_plain, open_writer
from serving import Answer, Client, acknowledged_under_kills, problem, running

FORM, UPDATE, TURTLE = "application/x-www-form-urlencoded", "application/sparql-update", "text/turtle"
G, H = "http://example.org/g", "http://example.org/h"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("plain")


@pytest.fixture(scope="module")
def shared(folder: Path) -> Iterator[tuple[Client, GraphEditor]]:
    make_plain(folder, [])
    with (
        GraphEditor(folder, timeout=20) as writer,
        QueryPool(folder, size=2, timeout=60, prefixes={}, union=False, base_iri="http://example.org/") as pool,
        running(create_app(pool, {}, base="https://example.org/kg/", writer=writer)) as client,
    ):
        yield client, writer


@pytest.fixture
def client(shared: tuple[Client, GraphEditor]) -> Client:
    client, _ = shared
    assert update(client, "DROP ALL").status == 204
    return client


def update(client: Client, text: str, *pairs: tuple[str, str], **headers: str) -> Answer:
    tail = f"?{urlencode(pairs)}" if pairs else ""
    return client.request("POST", f"/sparql{tail}", text.encode(), Content_Type=UPDATE, **headers)


def values(client: Client, query: str) -> list[str]:
    answer = client.get("/sparql", {"query": query, "format": "csv"})
    assert answer.status == 200, answer.text
    return sorted(answer.text.split()[1:])


def graph(client: Client, method: str, name: str | None, body: bytes | None = None, kind: str = TURTLE) -> Answer:
    path = f"/store?{urlencode({'graph': name})}" if name else "/store?default"
    return client.request(method, path, body, Content_Type=kind)


# --- updates ------------------------------------------------------------------------------------------------


def test_whoever_wrote_sees_it_at_once(client: Client) -> None:
    for number in range(5):
        assert update(client, f"INSERT DATA {{ <a> <b> {number} }}").status == 204
        assert len(values(client, "SELECT ?o { ?s ?p ?o }")) == number + 1
    form = urlencode({"update": "DELETE WHERE { ?s ?p ?o }"}).encode()
    assert client.request("POST", "/sparql", form, Content_Type=FORM).status == 204
    assert values(client, "SELECT ?o { ?s ?p ?o }") == []


def test_the_default_graph_is_no_union_and_prefixes_are_declared(client: Client) -> None:
    update(client, f"INSERT DATA {{ <a> <b> 1 GRAPH <{G}> {{ <a> <b> 2 }} }}")
    assert values(client, "SELECT ?o { ?s ?p ?o }") == ["1"]
    assert values(client, "SELECT ?o { GRAPH ?g { ?s ?p ?o } }") == ["2"]
    assert client.ask("SELECT * { ?s rdfs:label ?o }").status == 400


def test_updates_match_the_graphs_that_the_request_names(client: Client) -> None:
    data = f"INSERT DATA {{ <a> <b> 1 GRAPH <{G}> {{ <a> <b> 2 }} GRAPH <{H}> {{ <a> <b> 3 }} }}"
    update(client, data)
    copy = f"INSERT {{ GRAPH <{H}> {{ ?s <copied> ?o }} }} WHERE {{ ?s ?p ?o }}"
    assert update(client, copy, ("using-graph-uri", G)).status == 204
    assert values(client, f"SELECT ?o {{ GRAPH <{H}> {{ ?s <copied> ?o }} }}") == ["2"]
    copy = "INSERT { <a> <named> ?o } WHERE { GRAPH ?g { ?s <b> ?o } }"
    assert update(client, copy, ("using-named-graph-uri", H)).status == 204
    assert values(client, "SELECT ?o { ?s <named> ?o }") == ["3"]
    both = update(client, f"INSERT {{ <a> <x> 1 }} USING <{H}> WHERE {{ ?s ?p ?o }}", ("using-graph-uri", G))
    assert both.status == 400
    assert update(client, data, ("default-graph-uri", G)).status == 400


def test_clauses_are_put_where_they_belong() -> None:
    text = "DELETE { ?s ?p 'WHERE' } # WHERE\nWHERE { { SELECT * WHERE { ?s ?p ?o } } } ; DELETE WHERE { ?a ?b ?c }"
    assert with_dataset(text, ["g:1"], ["g:2"]) == (
        "DELETE { ?s ?p 'WHERE' } # WHERE\n USING <g:1> USING NAMED <g:2> "
        "WHERE { { SELECT * WHERE { ?s ?p ?o } } } ; "
        "DELETE { ?a ?b ?c } USING <g:1> USING NAMED <g:2> WHERE { ?a ?b ?c }"
    )
    assert with_dataset("WITH <g:1> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }", ["g:1"], []) is None


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("LOAD <http://127.0.0.1/>", "LOAD"),
        ("CLEAR ALL;load silent<http://127.0.0.1/>into graph<x:>", "LOAD"),
        ("\\u004cOAD <http://127.0.0.1/>", "LOAD"),
        ("PREFIX x: <x:> LOAD x:y", "LOAD"),
        ("INSERT { ?s ?p ?o } WHERE { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }", "SERVICE"),
        ("INSERT DATA { <a> <load> 'LOAD <x>' } # LOAD", None),
    ],
)
def test_updates_reach_for_no_other_place(client: Client, text: str, word: str | None) -> None:
    assert forbidden_in_update(text) == word
    assert update(client, text).status == (403 if word else 204)


def test_an_update_is_made_as_a_whole_or_not_at_all(client: Client) -> None:
    answer = update(client, "INSERT DATA { <a> <b> 1 } ; INSERT DATA { <a> <b>")
    assert (answer.status, problem(answer)["line"]) == (400, 1)
    failing = "INSERT DATA { <a> <b> 2 } ; CREATE GRAPH <x:> ; CREATE GRAPH <x:>"
    assert update(client, failing).status in (503, 400)
    assert values(client, "SELECT ?o { ?s ?p ?o }") == []


def test_texts_that_crash_the_engine_crash_no_server(client: Client) -> None:
    deep = "INSERT DATA { <a> <b> " + "[ <b> " * 100_000 + "1" + "]" * 100_000 + "}"
    answer = update(client, deep)
    assert (answer.status, problem(answer)["limit"]) == (413, "query-depth")
    assert update(client, "INSERT DATA { <a> <b> 1 }").status == 204
    assert values(client, "SELECT ?o { ?s ?p ?o }") == ["1"]


def test_a_killed_writer_loses_nothing_that_was_acknowledged(
    client: Client, shared: tuple[Client, GraphEditor]
) -> None:
    _, writer = shared
    done = acknowledged_under_kills(
        lambda number: update(client, f"INSERT DATA {{ <a> <b> {number} , <c{number}> }}").status == 204,
        lambda: writer.pid,
    )
    found = values(client, "SELECT ?o { ?s ?p ?o FILTER(ISNUMERIC(?o)) }")
    assert set(map(str, done)) <= set(found)
    # the two triples of an update are there together or not at all
    assert len(values(client, "SELECT ?o { ?s ?p ?o FILTER(ISIRI(?o)) }")) == len(found)


# --- graphs -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [G, None])
def test_a_graph_is_put_read_added_to_and_removed(client: Client, name: str | None) -> None:
    assert graph(client, "PUT", name, b"<http://x/a> <http://x/b> 1 .").status == (201 if name else 204)
    got = graph(client, "GET", name)
    assert (got.status, got.type) == (200, TURTLE)
    assert b"<http://x/a> <http://x/b> 1" in got.body
    head = graph(client, "HEAD", name)
    assert (head.status, head.body, head.headers["etag"]) == (200, b"", got.headers["etag"])
    assert graph(client, "PUT", name, b"<http://x/a> <http://x/b> 2 .").status == 204
    assert graph(client, "POST", name, b"<http://x/a> <http://x/b> 3 .").status == 204
    inside = f"GRAPH <{name}> {{ ?s ?p ?o }}" if name else "?s ?p ?o"
    assert values(client, f"SELECT ?o {{ {inside} }}") == ["2", "3"]
    assert graph(client, "DELETE", name).status == 204
    assert graph(client, "GET", name).status == (404 if name else 200)
    assert graph(client, "DELETE", name).status == (404 if name else 204)


def test_a_graph_is_named_by_its_address(client: Client) -> None:
    made = client.request("PUT", "/store/people/1", b"<> <http://x/b> <#me> .", Content_Type=TURTLE)
    name = f"{client.url}store/people/1"
    assert (made.status, made.headers["location"]) == (201, name)
    assert values(client, f"SELECT ?s {{ GRAPH <{name}> {{ ?s ?p ?o }} }}") == [name]
    assert client.get("/store/people/1", Accept="application/n-triples").text.startswith(f"<{name}>")
    assert client.get("/store", {"graph": name}).status == 200
    new = client.request("POST", "/store", b"<http://x/a> <http://x/b> 1 .", Content_Type=TURTLE)
    assert new.status == 201
    assert client.get(new.headers["location"].removeprefix(client.url.rstrip("/"))).status == 200
    assert client.request("PUT", "/store/e", b"", Content_Type=TURTLE).status == 201
    assert client.get("/store/e").status == 200


def files(client: Client, method: str, *documents: tuple[str, str]) -> Answer:
    """Sends documents (media type, text) as a form does."""
    body = "".join(
        f'--xx\r\nContent-Disposition: form-data; name="f"; filename="{n}"\r\nContent-Type: {kind}\r\n\r\n{text}\r\n'
        for n, (kind, text) in enumerate(documents)
    )
    return graph(client, method, G, f"{body}--xx--\r\n".encode(), "multipart/form-data; boundary=xx")


def test_several_files_are_one_change(client: Client) -> None:
    triples, nodes = "application/n-triples", f"SELECT ?s {{ GRAPH <{G}> {{ ?s ?p ?o }} }}"
    broken = files(client, "POST", (TURTLE, "<x:a> <x:b> 1 ."), (triples, "<x:a> <x:b> .\n"))
    assert (broken.status, problem(broken)["line"]) == (400, 1)
    assert "Document 2 of 2" in str(problem(broken)["detail"])
    assert graph(client, "GET", G).status == 404
    assert files(client, "PUT", (TURTLE, ""), (TURTLE, "")).status == 400
    # a label of a blank node is one document's own
    assert files(client, "POST", (TURTLE, "_:a <x:b> 1 ."), (triples, "_:a <x:b> <x:c> .\n")).status == 201
    assert len(set(values(client, nodes))) == 2
    assert graph(client, "POST", G, b"_:a <x:b> 2 .").status == 204
    assert len(set(values(client, nodes))) == 3
    assert files(client, "PUT", (TURTLE, "_:a <x:b> 1 .")).status == 204
    assert len(values(client, nodes)) == 1


BOMB = b"""<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>"""


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"<a> <b>", TURTLE, 400),
        (b"\xff\xfe", TURTLE, 400),
        (b"x", "text/plain", 415),
        (b"x", f"{TURTLE}; charset=utf-16", 415),
        (BOMB, "application/rdf+xml", 400),
        (BOMB.decode().encode("utf-16"), "application/rdf+xml", 400),
        (b"<x:a> <x:b> <x:c> <x:g> .", "application/n-quads", 400),
        (b"(" * 200_000, TURTLE, 400),
        (b'{"@context": "http://127.0.0.1:9/", "a": 1}', "application/ld+json", 400),
        (b"x" * 33_100_000, TURTLE, 413),
    ],
    ids=["syntax", "bytes", "type", "charset", "doctype", "utf-16", "quads", "nested", "context", "long"],
)
def test_documents_that_are_refused(client: Client, body: bytes, kind: str, status: int) -> None:
    answer = graph(client, "PUT", G, body, kind)
    assert answer.status == status or (answer.status == 503 and body.startswith(b"(("))
    assert graph(client, "GET", G).status == 404


def test_requests_that_name_no_graph_or_two(client: Client) -> None:
    for path in ("/store", f"/store?default&graph={quote(G)}", "/store?graph=x", f"/store/a?graph={quote(G)}"):
        assert client.get(path).status == 400
    assert graph(client, "PATCH", G, b"").status == 405
    assert "PUT" in graph(client, "PATCH", G, b"").headers["allow"]
    graph(client, "PUT", G, b"<x:a> <x:b> <x:c> .")
    answer = client.get("/store", {"graph": G}, Accept="image/png")
    assert (answer.status, "text/turtle" in answer.text) == (406, True)


def test_rdflib_reads_and_writes(client: Client) -> None:
    store = SPARQLUpdateStore(f"{client.url}sparql", f"{client.url}sparql", method="POST", autocommit=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        held = Graph(store, identifier=URIRef(G))
        held.add((URIRef("http://x/a"), URIRef("http://x/b"), URIRef("http://x/c")))
        assert len(held) == 1
        held.remove((None, None, None))
        assert len(held) == 0


# --- who may ------------------------------------------------------------------------------------------------


def test_pages_of_other_sites_change_nothing(client: Client) -> None:
    assert update(client, "INSERT DATA { <a> <b> 1 }", Origin="https://evil.example").status == 403
    assert update(client, "INSERT DATA { <a> <b> 1 }", Origin="http://evil.example", Host="evil.example").status == 403
    assert update(client, "INSERT DATA { <a> <b> 1 }", Origin=client.url.rstrip("/")).status == 204


def test_changes_need_the_token_where_there_is_one(tmp_path: Path) -> None:
    make_plain(tmp_path, [])
    with (
        GraphEditor(tmp_path) as writer,
        QueryPool(tmp_path, prefixes={}, union=False) as pool,
        running(create_app(pool, {}, base="https://x/", writer=writer, token="sécret")) as client,
    ):
        for given in ("", "Bearer", "Bearer wrong", "Basic secret", "sécret"):
            headers = {"Authorization": given} if given else {}
            answer = update(
                client, "INSERT DATA { <x:a> <x:b> 1 }", **{k: v.encode().decode("latin-1") for k, v in headers.items()}
            )
            assert (answer.status, answer.headers["www-authenticate"]) == (401, 'Bearer realm="aigraph"')
        right = "Bearer sécret".encode().decode("latin-1")
        assert update(client, "INSERT DATA { <x:a> <x:b> 1 }", Authorization=right).status == 204
        assert graph(client, "PUT", G, b"").status == 401
        assert client.get("/store", {"default": ""}).status == 200
    with pytest.raises(ServerError, match="anybody"):
        serve_plain(Settings(host="0.0.0.0"), tmp_path)


def test_a_graph_of_ours_is_never_taken_for_a_plain_dataset(tmp_path: Path) -> None:
    with open_writer(tmp_path / "ours") as writer:
        writer.commit()
    with pytest.raises(StoreError):
        make_plain(tmp_path / "ours", [])


def test_a_dataset_begins_with_files_or_an_oxigraph_store(tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_text("<http://x/a> <http://x/b> <c> .")
    (tmp_path / "b.nq").write_text("<x:a> <x:b> <x:c> <x:g> .\n")
    make_plain(tmp_path / "one", [tmp_path / "a.ttl", tmp_path / "b.nq"])
    other = Store(str(tmp_path / "oxigraph"))
    other.add(Quad(NamedNode("x:a"), NamedNode("x:b"), Literal("1")))
    other.flush()
    del other
    make_plain(tmp_path / "two", [tmp_path / "oxigraph"])
    for name, count in (("one", 2), ("two", 1)):
        with GraphEditor(tmp_path / name), QueryPool(tmp_path / name, prefixes={}, union=False) as pool:
            assert pool.snapshot().quads == count
    for bad in ("a.txt", "bad.ttl"):
        (tmp_path / bad).write_text("<")
        with pytest.raises(StoreUnreadable):
            make_plain(tmp_path / "three", [tmp_path / bad])
