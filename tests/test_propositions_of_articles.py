"""What the shipped articles, and the originals that they retell, say together, against what a careful reader finds."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from aigraph import pipeline
from aigraph.propositions.meanings import Relation, parse
from aigraph.store import Reader, open_latest
from aigraph.vocab import DEFAULT_BASE

COUNTS = {"one": "Tigris AI had 300 engineers in 2025.", "two": "In 2025 Tigris AI had 300 employees."} | {
    "three": "Tigris AI had 300 engineers in 2025, the firm says."
}
EXPECTED = yaml.safe_load(
    (Path(__file__).parent / "expected" / "propositions" / "seeds.yaml").read_text(encoding="utf-8")
)


@pytest.fixture(scope="module")
def originals_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    store = tmp_path_factory.mktemp("originals-together") / "store"
    pipeline.build([Path(os.environ["AIGRAPH_ORIGINALS"])], store, base=DEFAULT_BASE)
    return store


@pytest.fixture(params=["seeds_store", pytest.param("originals_store", marks=pytest.mark.originals)])
def articles(request: pytest.FixtureRequest) -> Iterator[tuple[Reader, dict[str, str]]]:
    """The graph, and the names that its articles have, by those of the seeds."""
    store = request.getfixturevalue(request.param)
    seeds = EXPECTED["articles"]
    with open_latest(store) as reader:
        yield reader, dict(zip(seeds, seeds if request.param == "seeds_store" else seeds.values(), strict=True))


def names(rows: Any, column: str) -> list[str]:
    return sorted({row[column].value.rsplit("/", 1)[-1] for row in rows})


def sources(reader: Reader, proposition: str) -> list[str]:
    return names(reader.select(f"SELECT ?a {{ <{proposition}> aig:expressedBy/prov:wasDerivedFrom ?a }}"), "a")


@pytest.mark.parametrize("figure", EXPECTED["figures"], ids=lambda figure: figure["about"])
def test_a_figure_is_one_proposition(figure: dict[str, Any], articles: tuple[Reader, dict[str, str]]) -> None:
    reader, called = articles
    unit = "unit:" if figure["unit"].startswith("CCY") else "aig:"
    (row,) = reader.select(
        "SELECT DISTINCT ?p ?n ?i { ?p aig:expressedBy ?f ; aig:sourceCount ?n ; aig:independentSourceCount ?i . "
        f"?f aig:about res:{figure['about'].replace('/', chr(92) + '/')} ; aig:metric aig:{figure['metric']} ; "
        f"aig:quantity ?q . ?q qudt:numericValue ?v ; qudt:unit {unit}{figure['unit']} ; aig:comparator ?c . "
        f"FILTER(?v = {figure['value']}) FILTER(?c IN (aig:Exactly, aig:About, aig:UpTo)) }}"
    )
    wanted = sorted(called[name] for name in figure["sources"])
    copies = [[called[name] for name in group] for group in figure.get("copies", [])]
    assert sources(reader, row["p"].value) == wanted
    assert int(row["n"].value) == len(wanted)
    assert int(row["i"].value) == len(wanted) - sum(len(group) - 1 for group in copies)
    groups = reader.select(f"SELECT ?g ?a {{ ?g aig:groupOf <{row['p'].value}> ; aig:member ?a }}")
    assert names(groups, "a") == sorted(name for group in copies for name in group)
    claimants = reader.select(
        f"SELECT ?c {{ <{row['p'].value}> aig:expressedBy/aig:claimant ?c . ?article aig:mentions ?c }}"
    )
    assert set(names(claimants, "c")) <= {name.rsplit("/", 1)[-1] for name in figure.get("claimants", [])}
    times = reader.select(f"SELECT ?t {{ <{row['p'].value}> aig:expressedBy/aig:validTime ?t }}")
    assert {each["t"].value for each in times} <= set(figure.get("times", []))


def test_nothing_conflicts(articles: tuple[Reader, dict[str, str]]) -> None:
    reader, _ = articles
    reasons = [row["r"].value for row in reader.select("SELECT ?r { ?c a aig:Conflict ; aig:reason ?r }")]
    assert reasons == EXPECTED["conflicts"]


def test_no_relation_has_a_source_that_a_reader_does_not_find(articles: tuple[Reader, dict[str, str]]) -> None:
    reader, called = articles
    wanted = {tuple(parts[:3]): {called[name] for name in parts[3]} for parts in EXPECTED["relations"]}
    rows = reader.select("SELECT ?p ?m { ?p aig:sourceCount ?n ; aig:meaning ?m . FILTER(?n > 1) }")
    joined = {row["p"].value: parse(row["m"].value) for row in rows}
    found = {
        tuple(re.split("[/#]", iri)[-1] for iri in (one.subject, one.predicate, one.object)): sources(reader, node)
        for node, one in joined.items()
        if isinstance(one, Relation)
    }
    assert found
    for triple, names_ in found.items():
        assert triple in wanted, f"{triple} of {names_} is not on the list"
        assert set(names_) <= wanted[triple], triple


def test_engineers_are_nearly_the_employees(tmp_path: Path) -> None:
    """A metric below a listed one, read from texts: near it, neither one with it nor a stranger, in one graph alone."""
    for name, text in COUNTS.items():
        (tmp_path / f"{name}.txt").write_text(text + "\n", encoding="utf-8")
    pipeline.build([tmp_path], tmp_path / "store", base=DEFAULT_BASE)
    with open_latest(tmp_path / "store") as reader:
        figures = {
            row["p"].value: sources(reader, row["p"].value)
            for row in reader.select("SELECT DISTINCT ?p { ?p aig:expressedBy/aig:quantity/qudt:numericValue 300e0 }")
        }
        assert sorted(figures.values()) == [["one", "three"], ["two"]]
        near = reader.select("SELECT ?p ?d { ?s a aig:Similarity ; aig:between ?p ; aig:degree ?d }")
        assert {row["p"].value: float(row["d"].value) for row in near} == dict.fromkeys(figures, 0.8)
        above = reader.select("SELECT ?g { GRAPH ?g { res:metric\\/engineers skos:broader aig:EmployeeCount } }")
        assert names(above, "g") == ["entities"]
