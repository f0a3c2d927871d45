"""What users write beside the graphs that are made from articles: who may, what stays, what a build does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from pyoxigraph import Literal, Quad

from aigraph.endpoint import create_app
from aigraph.errors import StoreUnreadable
from aigraph.store import GraphEditor, QueryPool, latest_snapshot, open_writer
from aigraph.vocab import AIG, RDFS, Iris
from serving import Answer, Client, acknowledged_under_kills, problem, running

IRIS = Iris("https://example.org/kg/")
ONE, FACTS = IRIS.graph("one"), IRIS.graph("facts")
A, B = IRIS.thing("Company", "a"), IRIS.thing("Company", "b")
USES = Quad(A, AIG.uses, B, FACTS)
G, H = "http://example.org/g", "http://example.org/h"
TOKEN = "secret"
UPDATE, TURTLE = "application/sparql-update", "text/turtle"
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"


def build(path: Path, *facts: Quad) -> None:
    """What a build does: makes graphs, and publishes them."""
    with open_writer(path, IRIS.base) as writer:
        writer.replace_graph(ONE, [Quad(A, RDFS.label, Literal("A"), ONE)])
        writer.replace_graph(FACTS, facts)
        writer.commit()


@pytest.fixture
def store(tmp_path: Path) -> Path:
    build(tmp_path, USES)
    return tmp_path


@pytest.fixture
def editor(store: Path) -> Iterator[GraphEditor]:
    with GraphEditor(store, timeout=30) as editor:
        yield editor


@pytest.fixture
def client(store: Path, editor: GraphEditor) -> Iterator[Client]:
    with (
        QueryPool(store, size=2, timeout=60) as pool,
        running(create_app(pool, {}, base=IRIS.base, writer=editor, token=TOKEN)) as client,
    ):
        yield client


def update(client: Client, text: str, token: str = TOKEN) -> Answer:
    return client.request("POST", "/sparql", text.encode(), Content_Type=UPDATE, Authorization=f"Bearer {token}")


def graph(client: Client, method: str, name: str, body: str | None = None, token: str = TOKEN) -> Answer:
    path = f"/store?{urlencode({'graph': name})}" if name else "/store?default"
    data = None if body is None else body.encode()
    return client.request(method, path, data, Content_Type=TURTLE, Authorization=f"Bearer {token}")


def values(client: Client, query: str) -> list[str]:
    answer = client.get("/sparql", {"query": query, "format": "csv"})
    assert answer.status == 200, answer.text
    return sorted(answer.text.split()[1:])


def test_without_a_token_the_graph_can_only_be_read(store: Path) -> None:
    with QueryPool(store, timeout=60) as pool, running(create_app(pool, {}, base=IRIS.base)) as client:
        assert update(client, "INSERT DATA { GRAPH <x:g> { <x:a> <x:b> 1 } }").status == 403
        assert graph(client, "PUT", G, "<x:a> <x:b> 1 .").status == 403
        assert graph(client, "GET", ONE.value).status == 200


def test_users_have_graphs_beside_those_from_articles(client: Client) -> None:
    assert graph(client, "PUT", G, "<x:a> <x:b> 1 .", token="wrong").status == 401
    assert graph(client, "PUT", G, "<x:a> <x:b> 1 .").status == 201
    assert values(client, COUNT) == ["3"]
    assert "<x:b> 1" in graph(client, "GET", G).text
    assert graph(client, "POST", G, "<x:a> <x:b> 2 .").status == 204
    assert graph(client, "PUT", G, "<x:a> <x:b> 3 .").status == 204
    assert values(client, f"SELECT ?o {{ GRAPH <{G}> {{ ?s ?p ?o }} }}") == ["3"]
    assert graph(client, "DELETE", G).status == 204
    assert (graph(client, "GET", G).status, graph(client, "DELETE", G).status) == (404, 404)
    assert values(client, COUNT) == ["2"]


def test_updates_see_the_union_and_know_the_usual_prefixes(client: Client) -> None:
    note = f"INSERT {{ GRAPH <{G}> {{ ?s rdfs:comment ?l , ?o }} }} WHERE {{ ?s rdfs:label ?l ; aig:uses ?o }}"
    assert update(client, note).status == 204
    assert values(client, f"SELECT ?o {{ GRAPH <{G}> {{ ?s ?p ?o }} }}") == ["A", B.value]
    alone = f"INSERT {{ GRAPH <{H}> {{ ?s <x:p> ?o }} }} USING {ONE} WHERE {{ ?s ?p ?o }}"
    assert update(client, alone).status == 204
    assert values(client, f"SELECT ?o {{ GRAPH <{H}> {{ ?s ?p ?o }} }}") == ["A"]
    assert update(client, f"CREATE GRAPH <{G}x> ; CLEAR GRAPH <{G}> ; DROP GRAPH <{H}>").status == 204
    assert values(client, "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }") == [FACTS.value, ONE.value]


@pytest.mark.parametrize(
    "text",
    [
        "INSERT DATA { <x:a> <x:b> 1 }",
        f"INSERT DATA {{ GRAPH {FACTS} {{ <x:a> <x:b> 1 }} }}",
        f"INSERT DATA {{ GRAPH {IRIS.graph('new')} {{ <x:a> <x:b> 1 }} }}",
        f"CREATE GRAPH {IRIS.graph('new')}",
        f"DELETE DATA {{ GRAPH {FACTS} {{ {A} {AIG.uses} {B} }} }}",
        "DELETE { GRAPH ?g { ?s ?p ?o } } WHERE { GRAPH ?g { ?s ?p ?o } }",
        f"WITH {ONE} DELETE {{ ?s ?p ?o }} INSERT {{ ?s ?p 'B' }} WHERE {{ ?s ?p ?o }}",
        "DROP ALL",
        f"MOVE {ONE} TO <{G}>",
        f"COPY {ONE} TO <{G}>",
        f"INSERT DATA {{ GRAPH <{G}> {{ {A} {AIG.uses} {B} }} }}",
        f"INSERT DATA {{ GRAPH <{G}> {{ <x:a> <x:b> 1 }} GRAPH <{H}> {{ <x:a> <x:b> 1 }} }}",
        f"INSERT DATA {{ GRAPH <{G}> {{ <x:a> <x:b> <<( <x:a> <x:b> 1 )>> }} }}",
    ],
)
def test_what_is_made_from_articles_stays_and_no_triple_stands_twice(client: Client, store: Path, text: str) -> None:
    before = latest_snapshot(store)
    answer = update(client, text)
    assert (answer.status, str(problem(answer)["type"]).rpartition("/")[2]) == (403, "forbidden")
    assert latest_snapshot(store) == before
    assert values(client, COUNT) == ["2"]


def test_graphs_of_others_cannot_be_put_or_deleted(client: Client) -> None:
    for name in (ONE.value, IRIS.graph("new").value, ""):
        for method, body in (("PUT", "<x:a> <x:b> 1 ."), ("POST", "<x:a> <x:b> 1 ."), ("DELETE", None)):
            assert graph(client, method, name, body).status == 403
    assert graph(client, "PUT", G, f"{A} {AIG.uses} {B} .").status == 403


def test_blank_nodes_get_names(client: Client) -> None:
    assert graph(client, "PUT", G, "[] <x:knows> [ <x:name> 'x' ] .").status == 201
    assert update(client, f"INSERT DATA {{ GRAPH <{H}> {{ [] <x:name> 'y' }} }}").status == 204
    named = values(client, "SELECT ?x { ?x <x:name> ?n }")
    assert len(named) == 2
    assert all(one.startswith(f"{IRIS.base}.well-known/genid/") for one in named)
    assert values(client, "ASK { ?y <x:knows> ?x . ?x <x:name> 'x' FILTER(ISIRI(?x) && ISIRI(?y)) }") == []
    assert client.ask("ASK { ?y <x:knows> ?x . ?x <x:name> 'x' }", Accept="text/csv").text.strip() == "true"


def test_builds_and_users_leave_each_other_alone(client: Client, store: Path) -> None:
    plain = latest_snapshot(store)
    assert graph(client, "PUT", G, "<x:a> <x:b> 1 .").status == 201
    mine = latest_snapshot(store)
    assert (mine.id != plain.id, mine.made, mine.quads) == (True, plain.id, 3)
    build(store)
    assert values(client, COUNT) == ["2"]
    assert graph(client, "GET", G).status == 200
    build(store, USES)
    assert latest_snapshot(store).id == mine.id
    assert graph(client, "DELETE", G).status == 204
    assert (latest_snapshot(store).id, latest_snapshot(store).quads) == (plain.id, 2)


def test_a_triple_that_a_build_makes_too_is_shown_once_and_not_lost(client: Client, store: Path) -> None:
    build(store)
    assert graph(client, "PUT", G, f"{A} {AIG.uses} {B} .").status == 201
    for facts, where in (((USES,), FACTS.value), ((), G), ((USES,), FACTS.value)):
        build(store, *facts)
        assert values(client, "SELECT ?g { GRAPH ?g { ?s aig:uses ?o } }") == [where]
    # a change beside it does not bring it forward, nor lose it
    assert graph(client, "POST", G, "<x:a> <x:b> 1 .").status == 204
    assert values(client, "SELECT ?g { GRAPH ?g { ?s aig:uses ?o } }") == [FACTS.value]
    build(store)
    assert values(client, "SELECT ?g { GRAPH ?g { ?s aig:uses ?o } }") == [G]


def test_while_a_build_writes_changes_have_to_wait(client: Client, store: Path) -> None:
    with open_writer(store, IRIS.base):
        answer = graph(client, "PUT", G, "<x:a> <x:b> 1 .")
        assert (answer.status, answer.headers["retry-after"]) == (503, "5")
    assert graph(client, "PUT", G, "<x:a> <x:b> 1 .").status == 201


def test_a_killed_editor_loses_nothing_that_was_acknowledged(client: Client, editor: GraphEditor) -> None:
    done = acknowledged_under_kills(
        lambda number: (
            update(client, f"INSERT DATA {{ GRAPH <{G}> {{ <x:a> <x:b> {number} , <x:{number}> }} }}").status == 204
        ),
        lambda: editor.pid,
    )
    found = values(client, f"SELECT ?o {{ GRAPH <{G}> {{ ?s ?p ?o FILTER(ISNUMERIC(?o)) }} }}")
    assert set(map(str, done)) <= set(found)
    assert len(values(client, f"SELECT ?o {{ GRAPH <{G}> {{ ?s ?p ?o FILTER(ISIRI(?o)) }} }}")) == len(found)


def test_a_change_that_was_kept_and_not_published_is_published_later(store: Path) -> None:
    (store / "users.nq").write_text(f"<x:a> <x:b> <x:c> <{G}> .\n")
    with GraphEditor(store, timeout=30):
        assert latest_snapshot(store).quads == 3
    (store / "users.nq").write_text("<x:a>")
    with pytest.raises(StoreUnreadable, match=r"users\.nq"):
        build(store, USES)
    assert latest_snapshot(store).quads == 3
