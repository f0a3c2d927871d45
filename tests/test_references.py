"""What stands for a name, from the article to its graph, to `explain` and to the pages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from aigraph import pipeline
from aigraph.cli import terminal
from aigraph.explanations import explain
from aigraph.store import Reader, open_latest
from aigraph.vocab import DEFAULT_BASE, prefixes

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
    with closing(open_latest(store)) as opened:
        yield opened


def explained(reader: Reader, subject: str, predicate: str, object_: str) -> str:
    found = explain(reader.select, subject, predicate, object_, base=DEFAULT_BASE)
    return "\n".join(terminal.explanation(each, prefixes(DEFAULT_BASE)) for each in found)


def test_explain_says_what_a_description_stands_for_and_where_that_is_named(reader: Reader) -> None:
    shown = explained(reader, "Micron", "develops", "HBM4")
    assert "  “The chipmaker has launched HBM4.”" in shown
    assert "    The chipmaker stands for Micron (named in “Micron opened a plant in Boise.”)" in shown


def test_explain_is_silent_where_the_sentence_names_the_thing(reader: Reader) -> None:
    shown = explained(reader, "SK hynix", "develops", "HBM4")
    assert "SK hynix has launched HBM4 as well." in shown
    assert "stands for" not in shown


def test_explain_keeps_articles_apart(reader: Reader) -> None:
    assert "The company stands for SK hynix (named in" in explained(reader, "SK hynix", "develops", "HBM3E")


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
