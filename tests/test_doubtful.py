"""Entities that may be one are shown for review, with reasons, sentences and lines to copy; nothing is merged."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from aigraph.cli import main
from aigraph.doubtful import Doubt, EntityRow, Reason, doubtful_pairs, similarity
from aigraph.knowledge import Knowledge, load_knowledge
from aigraph.records import EntityType
from aigraph.resources import folder
from aigraph.store import open_latest
from aigraph.vocab import Iris

IRIS = Iris()


def row(kind: EntityType, label: str, *aliases: str, articles: int = 1) -> EntityRow:
    return EntityRow(IRIS.thing(kind, label), kind, label, aliases, articles)


@pytest.fixture(scope="module")
def shipped() -> Knowledge:
    return load_knowledge(iris=IRIS)


def pairs(knowledge: Knowledge, *entities: EntityRow) -> list[tuple[str, str, Reason]]:
    return [(doubt.one.label, doubt.other.label, doubt.reason) for doubt in doubtful_pairs(entities, knowledge)]


COMPANY, CHIP, PERSON = EntityType.COMPANY, EntityType.CHIP, EntityType.PERSON


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        (row(COMPANY, "Corvane"), row(CHIP, "Corvane"), Reason.TWO_TYPES),
        (row(COMPANY, "Nvidia"), row(COMPANY, "NVDA"), Reason.TICKER),
        (row(COMPANY, "Quorvex Silicon Works"), row(COMPANY, "QSW"), Reason.ABBREVIATION),
        (row(COMPANY, "Corvane Labs"), row(COMPANY, "Corvane"), Reason.CONTAINED),
        (row(PERSON, "Oona Vintner"), row(PERSON, "Vintner"), Reason.CONTAINED),
        (row(COMPANY, "Corvane"), row(COMPANY, "Corvayne"), Reason.NEAR),
        (row(CHIP, "Zephyr-2 Pro"), row(CHIP, "Zephyr-2"), Reason.CONTAINED),
        (row(COMPANY, "Nvidia"), row(COMPANY, "Nvidea"), Reason.NEAR),
    ],
)
def test_a_pair_is_shown_once_with_its_reason(
    one: EntityRow, other: EntityRow, reason: Reason, shipped: Knowledge
) -> None:
    shown = pairs(shipped, one, other)
    assert [found for _, _, found in shown] == [reason]
    assert shown == pairs(shipped, other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (row(CHIP, "Zephyr-2"), row(CHIP, "Zephyr-3")),  # another generation
        (row(CHIP, "Zephyr"), row(CHIP, "Zephyr 2")),  # a family and its member
        (row(CHIP, "H100"), row(CHIP, "H200")),
        (row(CHIP, "MI300"), row(CHIP, "MI300X")),  # both listed: decided
        (row(COMPANY, "Samsung"), row(COMPANY, "Samsung SDS")),
        (row(COMPANY, "Corvane Labs"), row(PERSON, "Corvane")),  # other types, other names
        (row(COMPANY, "Nimbra"), row(COMPANY, "Quorvex")),
    ],
)
def test_what_is_clear_is_not_shown(one: EntityRow, other: EntityRow, shipped: Knowledge) -> None:
    assert pairs(shipped, one, other) == []


def test_what_a_user_keeps_apart_is_not_shown(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text("distinct:\n- [Corvane, Corvane Labs]\n", encoding="utf-8")
    knowledge = load_knowledge(folder("knowledge"), path, iris=IRIS)
    assert pairs(knowledge, row(COMPANY, "Corvane Labs"), row(COMPANY, "Corvane")) == []


def test_the_surest_reason_comes_first_and_the_order_of_entities_does_not_matter(shipped: Knowledge) -> None:
    entities = [row(COMPANY, name) for name in ("Corvane", "Corvayne", "Corvane Labs", "NVDA", "Nvidia")]
    shown = pairs(shipped, *entities)
    assert [reason for *_, reason in shown] == [Reason.TICKER, Reason.CONTAINED, Reason.NEAR]
    assert shown == pairs(shipped, *reversed(entities))


def test_the_listed_or_more_often_named_one_is_kept(shipped: Knowledge) -> None:
    (doubt,) = doubtful_pairs([row(COMPANY, "Nvidea", articles=9), row(COMPANY, "Nvidia")], shipped)
    assert (doubt.one.label, doubt.other.label) == ("Nvidia", "Nvidea")
    (doubt,) = doubtful_pairs([row(COMPANY, "Corvayne"), row(COMPANY, "Corvane", articles=3)], shipped)
    assert doubt.merge == "- {type: Company, name: Corvane, aliases: [Corvayne]}"
    assert doubt.apart == "- [Corvane, Corvayne]"


def applied(doubt: Doubt, lines: str, key: str, path: Path) -> Knowledge:
    path.write_text(f"{key}:\n{lines}\n", encoding="utf-8")
    return load_knowledge(folder("knowledge"), path, iris=IRIS)


@pytest.mark.parametrize(
    "entities",
    [
        (row(COMPANY, "Corvane Labs"), row(COMPANY, "Corvane")),
        (row(COMPANY, "Yes: Chips, Inc"), row(COMPANY, "Yes Chipz")),  # what YAML would misread
        (row(COMPANY, "1e3 Labs"), row(COMPANY, "1e3")),
        (row(COMPANY, "Corsair"), row(CHIP, "Corsair")),
        (row(COMPANY, "Corvane"), row(CHIP, "Corvane")),
    ],
    ids=str,
)
def test_the_lines_do_what_they_promise(
    entities: tuple[EntityRow, EntityRow], shipped: Knowledge, tmp_path: Path
) -> None:
    (doubt,) = doubtful_pairs(entities, shipped)
    merged = applied(doubt, doubt.merge, "entries", tmp_path / "merge.yaml")
    assert [e.iri for e in merged.lookup(doubt.other.label)] == [doubt.one.iri]
    key = "entries" if doubt.reason is Reason.TWO_TYPES else "distinct"
    apart = applied(doubt, doubt.apart, key, tmp_path / "apart.yaml")
    assert doubtful_pairs(entities, apart) == ()


def test_similarity_is_the_same_both_ways() -> None:
    assert similarity("Nvidia Corp.", "NVIDIA") == 1.0
    assert similarity("Corvane", "Corvayne") == similarity("Corvayne", "Corvane")
    assert similarity("Corvane", "Nimbra") < 0.5


# --- through the command line ---------------------------------------------------------------------------------

FIRST = """---
title: A merger of names
---
Corvane Labs has unveiled the Zephyr-2 accelerator. The chipmaker Corvane Labs said that shipments had begun.

Nvidia CEO Jensen Huang praised the design. AMD and Intel are its rivals, and the Horizon cluster uses it.
"""
SECOND = """---
title: A second reading
---
The chipmaker Corvayne Labs said on Tuesday that its sales rose. Corvayne Labs competes with Nvidia.
"""


@pytest.fixture(scope="module")
def news(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("news")
    (place / "first.md").write_text(FIRST, encoding="utf-8")
    (place / "second.md").write_text(SECOND, encoding="utf-8")
    return place


@pytest.fixture(scope="module")
def store(news: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(news, tmp_path_factory.mktemp("plain") / "store")


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def built(news: Path, store: Path, *arguments: str | Path) -> Path:
    done = run("build", news, "--store", store, *arguments)
    assert done.exit_code == 0, done.output
    return store


def listed(store: Path) -> dict[str, tuple[str, str]]:
    shown = run("entities", "--store", store, "--format", "csv")
    assert shown.exit_code == 0, shown.output
    return {row["label"]: (row["type"], row["articles"]) for row in csv.DictReader(io.StringIO(shown.output))}


def test_the_command_lists_entities_and_their_types(store: Path) -> None:
    names = listed(store)
    assert names["Nvidia"] == ("Company", "2")
    assert names["Jensen Huang"] == ("Person", "1")
    assert names["Horizon"] == ("System", "1")
    people = json.loads(run("entities", "--store", store, "--type", "Person", "--format", "json").output)
    assert [(person["label"], person["aliases"]) for person in people] == [("Jensen Huang", [])]
    table = run("entities", "--store", store, "--format", "table").output
    assert "Nvidia" in table
    assert f"{len(names)} entities" in table


def test_the_command_shows_doubts_with_sentences_and_lines(store: Path) -> None:
    shown = run("entities", "--doubtful", "--store", store, "--format", "json")
    assert shown.exit_code == 0, shown.output
    (doubt,) = json.loads(shown.output)
    assert doubt["reason"] == "nearly the same spelling"
    assert (doubt["keep"], doubt["other"]) == ("Corvane Labs", "Corvayne Labs")
    assert any("sales rose" in sentence and "[second]" in sentence for sentence in doubt["sentences"])
    text = run("entities", "--doubtful", "--store", store, "--format", "table").output
    assert "one thing, under entries:\n    - {type: Company, name: Corvane Labs, aliases: [Corvayne Labs]}" in text
    assert "two things, under distinct:\n    - [Corvane Labs, Corvayne Labs]" in text
    assert run("entities", "--doubtful", "--store", store, "--format", "csv").output.startswith(
        "reason,similarity,keep"
    )


def test_a_users_file_keeps_two_apart(store: Path, tmp_path: Path) -> None:
    mine = tmp_path / "mine.yaml"
    mine.write_text("distinct:\n- [Corvane Labs, Corvayne Labs]\n", encoding="utf-8")
    shown = run("entities", "--doubtful", "--store", store, "--knowledge", mine, "--format", "json")
    assert json.loads(shown.output) == []


def test_a_users_file_merges_retypes_and_silences(news: Path, tmp_path: Path) -> None:
    mine = tmp_path / "mine.yaml"
    mine.write_text(
        "entries:\n- {type: Company, name: Horizon}\n- {type: Company, name: Corvane Labs, aliases: [Corvayne Labs]}\n"
        "silenced: [Zephyr-2]\n",
        encoding="utf-8",
    )
    names = listed(built(news, tmp_path / "store", "--knowledge", mine))
    assert names["Horizon"] == ("Company", "1")
    assert names["Corvane Labs"] == ("Company", "2")
    assert "Corvayne Labs" not in names
    assert not any("Zephyr" in name for name in names)


def test_a_wrong_file_of_a_user_is_one_message(news: Path, tmp_path: Path) -> None:
    mine = tmp_path / "mine.yaml"
    mine.write_text("type: Chip\nentries:\n- {name: H100, aliases: [H200]}\n", encoding="utf-8")
    done = run("build", news, "--store", tmp_path / "store", "--knowledge", mine)
    assert done.exit_code == 1
    assert f"{mine}: entry 1 (H100)" in done.output
    assert "take one of the names out" in done.output


def test_links_of_the_knowledge_become_same_as(seeds_store: Path) -> None:
    with open_latest(seeds_store) as reader:
        rows = reader.select(
            "SELECT ?link { <https://w3id.org/aigraph/id/company/nvidia> schema:sameAs ?link } ORDER BY ?link"
        )
        links = [r["link"].value for r in rows]
    assert links == ["http://www.wikidata.org/entity/Q182477", "https://en.wikipedia.org/wiki/Nvidia"]


def test_the_lines_are_yaml(shipped: Knowledge) -> None:
    (doubt,) = doubtful_pairs([row(COMPANY, "Corvane Labs"), row(COMPANY, "Corvane")], shipped)
    assert yaml.safe_load(doubt.merge) == [{"type": "Company", "name": "Corvane", "aliases": ["Corvane Labs"]}]
