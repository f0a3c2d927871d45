"""Fact sheets and columns of tables: what a label says of the thing that the sheet or the row is about."""

from __future__ import annotations

from pathlib import Path

import pytest

from aigraph import articles
from aigraph.facts.relations.sheets import SheetRule, sheet_rules, statements_of_sheets
from aigraph.facts.speech.attribution import AttributionReader
from aigraph.facts.speech.stance import StanceReader
from aigraph.ontology import load_ontology
from aigraph.pipeline import Pipeline
from aigraph.records import Modality, Part, Polarity
from aigraph.vocab import AIG, DEFAULT_BASE
from notation import read_notation

STANCES = StanceReader(AttributionReader(syntax=True))
RULES = {rule.id: rule for rule in sheet_rules()}


def stated(text: str) -> set[tuple[str, str]]:
    """(rule, "subject relation object") of a sheet in bracket notation with " / " between its lines."""
    return {(rule, fact) for rule, fact, _, _ in put(text)}


def put(text: str) -> set[tuple[str, str, Modality, Polarity]]:
    """The same, with how it is put forward."""
    document, mentions = read_notation(text.replace(" / ", "\n"), parsed=True)
    names = {entity.iri: entity.name for entity in mentions.entities}
    return {
        (
            each.extractor.removeprefix("relation/"),
            f"{names[each.subject]} {AIG.local(each.predicate)} {names[each.object]}",
            each.modality,
            each.polarity,
        )
        for each in statements_of_sheets(document, mentions, STANCES)
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
    ["probably [Fabco|Company]", "[Fabco|Company] (under discussion)", "n/a, formerly [Fabco|Company]", "tba"],
)
def test_doubtful_values_say_nothing(value: str) -> None:
    assert not stated(f"[A1|Chip] / Foundry: {value} / Power: 60 W")


@pytest.mark.parametrize(
    ("value", "modality", "polarity"),
    [
        ("[Fabco|Company]", Modality.ASSERTED, Polarity.AFFIRMED),
        ("reportedly [Fabco|Company]", Modality.REPORTED, Polarity.AFFIRMED),
        ("[Fabco|Company] (rumoured)", Modality.REPORTED, Polarity.AFFIRMED),
        ("[Fabco|Company]?", Modality.HYPOTHETICAL, Polarity.AFFIRMED),
        ("not [Fabco|Company]", Modality.ASSERTED, Polarity.NEGATED),
        ("no longer [Fabco|Company]", Modality.ASSERTED, Polarity.NEGATED),
    ],
)
def test_values_are_hedged_and_denied_as_sentences_are(value: str, modality: Modality, polarity: Polarity) -> None:
    found = put(f"[A1|Chip] / Foundry: {value} / Power: 60 W")
    assert found == {("sheet-manufactures", "Fabco manufactures A1", modality, polarity)}


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
        for each in statements_of_sheets(document, mentions, STANCES)
        if (each.modality, each.polarity) == (Modality.ASSERTED, Polarity.AFFIRMED)
    }
    assert found == {("TSMC", "manufactures", "H100")}
