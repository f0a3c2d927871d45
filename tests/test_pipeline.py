"""The laws of a build: same input, same bytes; what is removed leaves nothing behind."""

from __future__ import annotations

import io
from itertools import permutations
from pathlib import Path

import pytest

from aigraph import formats, pipeline
from aigraph.articles import read
from aigraph.errors import ArticleError
from aigraph.exports import Content, TextPolicy, write_rdf
from aigraph.pipeline.steps import Pipeline
from aigraph.records import Part
from aigraph.resources import folder
from aigraph.store import latest_snapshot, open_latest
from aigraph.vocab import DEFAULT_BASE

TEXTS = {
    "one": "Nvidia develops the Blackwell architecture. AMD competes with Nvidia.",
    "two": "Nvidia has unveiled Blackwell. Jensen Huang, CEO of Nvidia, said that revenue reached $5 billion in 2025.",
    "three": "AMD has not acquired Corvane. Intel reportedly wants to buy Corvane for $2 billion.",
}


@pytest.fixture
def sources(tmp_path: Path) -> list[Path]:
    paths = []
    for name, text in TEXTS.items():
        path = tmp_path / f"{name}.txt"
        path.write_text(text + "\n", encoding="utf-8")
        paths.append(path)
    return paths


def build(paths: list[Path], store: Path) -> pipeline.BuildReport:
    return pipeline.build(paths, store, base=DEFAULT_BASE)


def dump(store: Path) -> bytes:
    stream = io.BytesIO()
    with open_latest(store) as reader:
        write_rdf(Content(reader, texts=TextPolicy.FULL), formats.N_QUADS, stream)
    return stream.getvalue()


def canonical(store: Path) -> str:
    return latest_snapshot(store).id


def test_the_order_of_articles_does_not_matter(sources: list[Path], tmp_path: Path) -> None:
    dumps = set()
    for number, order in enumerate(list(permutations(sources))[:4]):
        store = tmp_path / f"store{number}"
        for path in order:
            build([path], store)
        dumps.add(dump(store))
    together = tmp_path / "together"
    build(sources, together)
    assert dumps == {dump(together)}


def test_building_again_changes_nothing(sources: list[Path], tmp_path: Path) -> None:
    store = tmp_path / "store"
    assert build(sources, store).added == ("one", "three", "two")
    before = canonical(store), dump(store)
    again = build(sources, store)
    assert again.unchanged == ("one", "three", "two")
    assert not again.changed
    assert (canonical(store), dump(store)) == before


def test_adding_and_removing_an_article_leaves_the_graph_as_it_was(sources: list[Path], tmp_path: Path) -> None:
    store = tmp_path / "store"
    build(sources[:1], store)
    before = dump(store)
    for extra in sources[1:]:
        build([extra], store)
        assert dump(store) != before
        pipeline.remove([extra.stem], store, base=DEFAULT_BASE)
        assert dump(store) == before


def test_a_changed_article_is_replaced_as_a_whole(sources: list[Path], tmp_path: Path) -> None:
    store, fresh = tmp_path / "store", tmp_path / "fresh"
    build(sources, store)
    sources[0].write_text("Nothing of interest happened.\n", encoding="utf-8")
    assert build(sources, store).replaced == ("one",)
    build(sources, fresh)
    assert dump(store) == dump(fresh)


def test_what_is_denied_or_rumoured_is_no_direct_triple(sources: list[Path], tmp_path: Path) -> None:
    store = tmp_path / "store"
    build(sources, store)
    facts = [line for line in dump(store).decode().splitlines() if line.endswith("/graph/facts> .")]
    assert any("company/nvidia> <https://w3id.org/aigraph/ontology#develops>" in line for line in facts)
    assert not any("#acquired>" in line for line in facts)


def test_removing_what_is_not_there_removes_nothing(sources: list[Path], tmp_path: Path) -> None:
    store = tmp_path / "store"
    build(sources[:1], store)
    before = dump(store)
    with pytest.raises(ArticleError, match="nothing was removed"):
        pipeline.remove(["one", "nine"], store, base=DEFAULT_BASE)
    assert dump(store) == before


def test_another_base_mints_other_iris_throughout(sources: list[Path], tmp_path: Path) -> None:
    store = tmp_path / "store"
    pipeline.build(sources, store, base="http://localhost:7474/")
    minted = [line for line in dump(store).decode().splitlines() if "/graph/ontology>" not in line]
    assert any("<http://localhost:7474/id/company/nvidia>" in line for line in minted)
    assert not any("<https://w3id.org/aigraph/id/" in line for line in minted)


def test_the_seeds_build_without_a_failure(seeds_store: Path) -> None:
    assert len(list(folder("seeds").iterdir())) == 5
    assert len(dump(seeds_store)) > 100_000


def test_twins_by_identifier_are_both_left_out_and_named(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    for where in ("a", "b"):
        (tmp_path / where / "same.txt").write_text(f"Nvidia makes chips ({where}).\n", encoding="utf-8")
    report = build([tmp_path], tmp_path / "store")
    assert not report.added
    assert len(report.failures) == 1
    assert all(str(tmp_path / where / "same.txt") in report.failures[0].reason for where in ("a", "b"))


def test_facts_out_of_tables_can_be_left_off(tmp_path: Path) -> None:
    path = tmp_path / "chips.md"
    path.write_text(
        "# Chips compared\n\n| Chip | Memory (GB) | Power (W) |\n|---|---|---|\n"
        "| H100 | 80 | 700 |\n| H200 | 141 | 700 |\n\nNvidia sold 5,000 of them.\n",
        encoding="utf-8",
    )
    (article,) = read(path)

    def figures(*without: Part) -> set[float]:
        facts = Pipeline(DEFAULT_BASE, without=frozenset(without)).read(article).facts
        return {claim.quantity.value for claim in facts.claims if claim.quantity is not None}

    assert figures() == {8e10, 1.41e11, 700, 5000}
    assert figures(Part.TABLES) == {5000}
