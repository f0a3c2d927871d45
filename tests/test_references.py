"""What stands for a name, from the article to its graph, to `explain` and to the pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from aigraph import pipeline
from aigraph.cli import terminal
from aigraph.cli.shared import query_pool, selector
from aigraph.endpoint.app import create_app
from aigraph.explanations import explain
from aigraph.settings import Settings
from aigraph.store import QueryPool, Reader, open_latest
from aigraph.vocab import DEFAULT_BASE, Iris, prefixes

IRIS = Iris()
ARTICLE = """\
---
title: Memory for the next rack
date: 2026-05-04
---
Micron opened a plant in Boise.

The chipmaker has launched HBM4. Its revenue rose to $9 billion.

SK hynix has launched HBM4 as well.
"""
OTHER = "SK hynix unveiled a plan. The company has launched HBM3E.\n"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("references")
    for name, text in (("memory", ARTICLE), ("other", OTHER)):
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    report = pipeline.build([folder / "memory.txt", folder / "other.txt"], folder / "store", base=DEFAULT_BASE)
    assert not report.failures
    return folder / "store"


@pytest.fixture
def reader(store: Path) -> Iterator[Reader]:
    with open_latest(store) as opened:
        yield opened


def explained(store: Path, subject: str, predicate: str, object_: str) -> str:
    with closing(query_pool(Settings(store=store))) as pool:
        found = explain(selector(pool), subject, predicate, object_, base=DEFAULT_BASE)
    return "\n".join(terminal.explanation(each, prefixes(DEFAULT_BASE)) for each in found)


def test_explain_says_what_a_description_stands_for_and_where_that_is_named(store: Path) -> None:
    shown = explained(store, "Micron", "develops", "HBM4")
    assert "  “The chipmaker has launched HBM4.”" in shown
    assert "    The chipmaker stands for Micron (named in “Micron opened a plant in Boise.”)" in shown


def test_explain_is_silent_where_the_sentence_names_the_thing(store: Path) -> None:
    shown = explained(store, "SK hynix", "develops", "HBM4")
    assert "SK hynix has launched HBM4 as well." in shown
    assert "stands for" not in shown


def test_explain_keeps_articles_apart(store: Path) -> None:
    assert "The company stands for SK hynix (named in" in explained(store, "SK hynix", "develops", "HBM3E")


def test_the_graph_tells_where_each_reference_stands(reader: Reader) -> None:
    rows = reader.select(
        "SELECT ?article ?text ?start ?end ?form ?name ?from ?to { ?r a aig:Reference ; aig:form ?form ; "
        "oa:start ?start ; oa:end ?end ; aig:evidence/oa:hasSource ?article ; aig:antecedent ?a . "
        "?a aig:form ?name ; oa:start ?from ; oa:end ?to . ?article aig:canonicalText ?text }"
    )
    found = []
    for row in rows:
        text = row["text"].value
        assert text[int(row["start"].value) : int(row["end"].value)] == row["form"].value
        assert text[int(row["from"].value) : int(row["to"].value)] == row["name"].value
        found.append((row["form"].value, row["name"].value))
    assert sorted(found) == [("Its", "Micron"), ("The chipmaker", "Micron"), ("The company", "SK hynix")]


def test_what_is_referred_to_is_named_in_the_same_article_and_no_direct_triple_holds_references(reader: Reader) -> None:
    odd = "{ ?r aig:refersTo ?x ; aig:evidence/oa:hasSource ?a . FILTER NOT EXISTS { ?a aig:mentions ?x } }"
    assert not list(reader.select(f"SELECT * {odd}"))
    facts = "{ GRAPH ?g { ?s aig:refersTo|aig:antecedent ?o } FILTER(CONTAINS(STR(?g), '/graph/facts')) }"
    assert not list(reader.select(f"SELECT * {facts}"))


def test_the_pages_say_what_words_stand_for(store: Path, reader: Reader) -> None:
    (finding,) = {
        row["s"].value
        for row in reader.select("SELECT ?s { ?s aig:subject/rdfs:label 'Micron' ; aig:predicate aig:develops }")
    }
    with QueryPool(store, size=1, timeout=60) as pool:
        client = create_app(pool, {}, base=DEFAULT_BASE).test_client()
        page = client.get("/describe", query_string={"iri": finding}, headers={"Accept": "text/html"}).text
        assert "What its words stand for" in page
        assert ">The chipmaker</a> stands for Micron" in page
        assert re.search(r"res:company/micron.*\s+named in <q>Micron opened a plant in Boise\.</q>", page)
        thing = client.get("/describe", query_string={"iri": IRIS.thing("Company", "Micron").value}).text
        assert "What its words stand for" not in thing


def test_references_go_with_their_article(store: Path, tmp_path: Path) -> None:
    both, one = tmp_path / "both", tmp_path / "one"
    pipeline.build([store.parent / "memory.txt", store.parent / "other.txt"], both, base=DEFAULT_BASE)
    pipeline.remove(["other"], both, base=DEFAULT_BASE)
    pipeline.build([store.parent / "memory.txt"], one, base=DEFAULT_BASE)
    with open_latest(both) as left, open_latest(one) as right:
        # the ontology alone has blank nodes, which two stores name differently
        assert said(left) == said(right)


def said(reader: Reader) -> set[str]:
    return {str(quad) for graph in reader.graphs() if "ontology" not in graph.value for quad in reader.quads(graph)}
