"""Explanations over HTTP."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from pyoxigraph import NamedNode

from aigraph.endpoint import create_app, explaining
from aigraph.store import QueryPool, open_writer
from aigraph.vocab import DEFAULT_BASE
from together import small_collection


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    folder = tmp_path_factory.mktemp("explaining") / "store"
    store = small_collection()
    with open_writer(folder, base=DEFAULT_BASE) as writer:
        for graph in store.named_graphs():
            assert isinstance(graph, NamedNode)
            writer.replace_graph(graph, store.quads_for_pattern(None, None, None, graph))
        writer.commit()
    with QueryPool(folder, size=1) as pool:
        yield create_app(pool, {}, base=DEFAULT_BASE).test_client()


def test_a_triple(client: FlaskClient) -> None:
    answer = client.get("/explain", query_string={"subject": "Nvidia", "predicate": "develops", "object": "Blackwell"})
    assert answer.status_code == 200
    (found,) = answer.get_json()
    assert [source["sentence"] for source in found["sources"]] == ["Nvidia makes Blackwell."]
    assert found["triple"][1].endswith("#develops")


def test_a_proposition_by_one_of_its_findings(client: FlaskClient) -> None:
    triple = {"subject": "Nvidia", "predicate": "develops", "object": "Blackwell"}
    (found,) = client.get("/explain", query_string=triple).get_json()
    answer = client.get("/explain", query_string={"iri": found["sources"][0]["finding"]})
    (together,) = answer.get_json()
    assert together["label"] == "Nvidia develops Blackwell"
    assert together["arithmetic"] == "1 - (1 - 0.8 × 0.900) = 0.720"
    (early,) = client.get("/explain", query_string={"iri": together["proposition"], "asof": "2020-01-01"}).get_json()
    assert early["sources"] == []


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"subject": "Nvidia", "predicate": "develops"},
        {"iri": "res:proposition/x", "subject": "Nvidia", "predicate": "develops", "object": "Blackwell"},
        {"iri": "no iri"},
        {"iri": "res:proposition/x"},
        {"subject": "Nobody", "predicate": "develops", "object": "Blackwell"},
    ],
)
def test_what_is_asked_wrongly_is_refused(wrong: dict[str, str], client: FlaskClient) -> None:
    assert client.get("/explain", query_string=wrong).status_code == 400


def test_a_proposition_with_too_many_findings_is_refused(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    triple = {"subject": "Nvidia", "predicate": "develops", "object": "Blackwell"}
    (found,) = client.get("/explain", query_string=triple).get_json()
    monkeypatch.setattr(explaining, "MOST", 0)
    answer = client.get("/explain", query_string={"iri": found["sources"][0]["finding"]})
    assert answer.status_code == 400
    assert "sources-of" in answer.get_data(as_text=True)
