"""Fact sheets and columns of tables: what a label says of the thing that the sheet or the row is about."""

from __future__ import annotations

from pathlib import Path

import pytest

from aigraph import articles
from aigraph.facts.relations.sheets import SheetRule, sheet_rules, statements_of_sheets
from aigraph.ontology import load_ontology
from aigraph.pipeline import Pipeline
from aigraph.records import Part
from aigraph.vocab import AIG, DEFAULT_BASE
from notation import read_notation

RULES = {rule.id: rule for rule in sheet_rules()}


def stated(text: str) -> set[tuple[str, str]]:
    """(rule, "subject relation object") of a sheet in bracket notation with " / " between its lines."""
    document, mentions = read_notation(text.replace(" / ", "\n"))
    names = {entity.iri: entity.name for entity in mentions.entities}
    return {
        (
            each.extractor.removeprefix("relation/"),
            f"{names[each.subject]} {AIG.local(each.predicate)} {names[each.object]}",
        )
        for each in statements_of_sheets(document, mentions)
    }


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_rules_fire_on_their_examples_and_on_no_counterexample(rule: SheetRule) -> None:
    assert rule.examples
    assert rule.counterexamples
    for example in rule.examples:
        assert {fact for name, fact in stated(example.text) if name == rule.id} == set(example.facts), example.text
    for text in rule.counterexamples:
        assert rule.id not in {name for name, _ in stated(text)}, text


def test_rules_state_relations_of_the_ontology_and_have_labels_in_lower_case() -> None:
    relations = {AIG.local(relation.iri) for relation in load_ontology().relations}
    for rule in RULES.values():
        assert rule.predicate in relations, rule.id
        assert rule.labels, rule.id
        assert all(label == label.casefold() for label in rule.labels), rule.id


def test_the_first_line_may_name_the_thing() -> None:
    assert ("sheet-manufactures", "Fabco manufactures A1") in stated(
        "Name: [A1|Chip] / Foundry: [Fabco|Company] / Power: 60 W"
    )


def test_several_things_above_a_sheet_leave_it_open() -> None:
    assert not stated("[A1|Chip] and [A2|Chip] / Foundry: [Fabco|Company] / Power: 60 W")


@pytest.mark.parametrize(
    "value",
    ["not [Fabco|Company]", "[Fabco|Company]?", "[Fabco|Company] (rumoured)", "n/a, formerly [Fabco|Company]", "tba"],
)
def test_doubtful_values_say_nothing(value: str) -> None:
    assert not stated(f"[A1|Chip] / Foundry: {value} / Power: 60 W")


@pytest.mark.parametrize(
    "lines",
    [
        "Poe: Foundry work is hard. / Lee: [Fabco|Company] knows that.",
        "Foundry: we asked [Fabco|Company] for its view and the answer came a week later by letter from its office",
        "Foundry: [Fabco|Company]",
    ],
)
def test_interviews_sentences_and_single_lines_are_no_sheets(lines: str) -> None:
    assert not stated(f"[A1|Chip] / {lines}")


def test_columns_of_a_table_are_labels_too(tmp_path: Path) -> None:
    path = tmp_path / "table.txt"
    path.write_text(
        "Chips of the spring\n\nNvidia, Google and Microsoft compared their parts.\n\n"
        "| Chip | Foundry | Power |\n|---|---|---|\n"
        "| H100 | TSMC | 700 W |\n| Trainium2 | reportedly Intel | 500 W |\n",
        encoding="utf-8",
    )
    (article,) = articles.read(path)
    pipeline = Pipeline(DEFAULT_BASE, without=frozenset({Part.WHOLE}))
    document = pipeline.documents.read(article)
    mentions = pipeline.mentions.find(document)
    names = {entity.iri: entity.name for entity in mentions.entities}
    found = {
        (names[each.subject], AIG.local(each.predicate), names[each.object])
        for each in statements_of_sheets(document, mentions)
    }
    assert found == {("TSMC", "manufactures", "H100")}
