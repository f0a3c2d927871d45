"""Findings judged one by one: they agree with the scores, say whose they are, and make reliability tables."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from aigraph.errors import DataError
from aigraph.evaluation import (
    Evaluation,
    Judged,
    current_versions,
    details,
    evaluate,
    format_extractors,
    format_labels,
    format_reliability,
    judge,
    load_measures,
    measures,
    precisions,
    reliability,
)
from aigraph.evaluation.judging import ATTRIBUTIONS, FIGURES, JUDGED_KINDS, PARTNERSHIPS, RELATIONS
from aigraph.evaluation.measures import Count
from aigraph.facts import extractors
from aigraph.records import Versions

GOLD = Path(__file__).parent / "gold"

GRAPH = """\
PREFIX aig: <https://w3id.org/aigraph/ontology#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX x: <https://w3id.org/aigraph/id/extractor/relation/>
PREFIX p: <https://w3id.org/aigraph/id/extractor/partnership/>
PREFIX e: <https://example.org/>

GRAPH e:g {
  e:a a aig:Article ; dcterms:identifier "x" ; aig:mentions e:acme, e:bolt, e:cog, e:one .
  e:s1 a aig:Statement ; aig:subject e:acme ; aig:predicate aig:develops ; aig:object e:one ;
    aig:extractedBy x:first ; aig:confidence 0.9e0 .
  e:s2 a aig:Statement ; aig:subject e:acme ; aig:predicate aig:develops ; aig:object e:one ;
    aig:modality aig:Forecast ; aig:extractedBy x:first, x:second ; aig:confidence 0.3e0 .
  e:s3 a aig:Statement ; aig:subject e:bolt ; aig:predicate aig:develops ; aig:object e:one ;
    aig:extractedBy x:second ; aig:confidence 0.35e0 .
  e:s4 a aig:Statement ; aig:subject e:bolt ; aig:predicate aig:competesWith ; aig:object e:acme .
  e:s5 a aig:Statement ; aig:subject e:cog ; aig:predicate aig:develops ; aig:object e:one ;
    aig:polarity aig:Negated ; aig:extractedBy x:first ; aig:confidence 0.9e0 .
  e:d1 a aig:SupplyAgreement ; aig:supplier e:acme ; aig:customer e:bolt, e:cog ;
    aig:extractedBy p:first ; aig:confidence 1.0e0 .
  e:d2 a aig:SupplyAgreement ; aig:supplier e:acme ; aig:customer e:bolt ;
    aig:extractedBy p:second ; aig:confidence 0.5e0 .
  e:d3 a aig:SupplyAgreement ; aig:supplier e:acme ; aig:extractedBy p:second ; aig:confidence 0.5e0 .
}
GRAPH e:entities {
  e:acme a aig:Company ; rdfs:label "Acme" . e:bolt a aig:Company ; rdfs:label "Bolt" .
  e:cog a aig:Company ; rdfs:label "Cog" . e:one a aig:Chip ; rdfs:label "One" .
}
"""


def entity(name: str, kind: str = "Company") -> dict[str, str]:
    return {"id": name.lower(), "type": kind, "name": name}


ANNOTATION = {
    "entities": [entity("Acme"), entity("Bolt"), entity("Cog"), entity("One", "Chip")],
    "relations": [
        {"s": "acme", "p": "develops", "o": "one", "evidence": "Acme makes One."},
        {"s": "acme", "p": "competesWith", "o": "bolt", "evidence": "Acme and Bolt compete."},
    ],
    "partnerships": [
        {
            "kind": "Supply",
            "roles": {"supplier": ["acme"], "customer": ["bolt"]},
            "status": "announced",
            "evidence": "Acme sells to Bolt.",
        }
    ],
    "claims": [],
}


@pytest.fixture
def small(tmp_path: Path) -> Evaluation:
    (tmp_path / "x.gold.json").write_text(json.dumps(ANNOTATION), encoding="utf-8")
    (tmp_path / "x.trig").write_text(GRAPH, encoding="utf-8")
    return evaluate(tmp_path / "x.trig", tmp_path)


def shown(judged: tuple[Judged, ...]) -> set[tuple[str, str, bool]]:
    return {(each.node.rsplit("/", 1)[-1], each.extractor, each.right) for each in judged}


def test_a_node_is_judged_once_for_each_of_its_extractors(small: Evaluation) -> None:
    assert shown(small.judged) == {
        ("s1", "relation/first", True),
        ("s2", "relation/first", True),
        ("s2", "relation/second", True),
        ("s3", "relation/second", False),
        ("s4", "unknown", True),
        ("d1", "partnership/first", False),  # one of its two pairs is wrong
        ("d2", "partnership/second", True),
    }
    labels = {(each.kind, each.label) for each in small.judged}
    assert labels == {(RELATIONS, "develops"), (RELATIONS, "competesWith"), (PARTNERSHIPS, "Supply")}


def test_a_triple_counts_once_for_each_extractor_and_once_in_all(small: Evaluation) -> None:
    found = {(each.kind, each.name): (each.found, each.right) for each in precisions(small.judged)}
    assert found == {
        (RELATIONS, "relation/first"): (1, 1),
        (RELATIONS, "relation/second"): (2, 1),
        (RELATIONS, "unknown"): (1, 1),
        (PARTNERSHIPS, "partnership/first"): (1, 0),
        (PARTNERSHIPS, "partnership/second"): (1, 1),
    }
    means = {"relation/first": "pattern", "relation/second": "pattern"}
    grouped = {(each.kind, each.name): (each.found, each.right) for each in precisions(small.judged, means)}
    assert grouped[RELATIONS, "pattern"] == (2, 1)


def test_reliability_counts_nodes_not_extractors(small: Evaluation) -> None:
    relations, deals, together = reliability(small.judged)
    assert [(b.low, b.count, b.confidence, b.right) for b in relations.bins] == [
        (0.3, 2, pytest.approx(0.325), 0.5),
        (0.9, 1, 0.9, 1.0),
    ]
    assert relations.error == pytest.approx((2 * abs(0.325 - 0.5) + abs(0.9 - 1)) / 3)
    assert relations.brier == pytest.approx((0.1**2 + 0.7**2 + 0.35**2) / 3)
    assert [(b.low, b.high, b.count) for b in deals.bins] == [(0.5, 0.6, 1), (0.9, 1.0, 1)]
    assert (together.kind, together.count) == ("together", 5)
    assert reliability([]) == ()


def test_the_judged_findings_agree_with_the_scores(dev_evaluation: Evaluation) -> None:
    kinds = {
        RELATIONS: "relations",
        PARTNERSHIPS: "partnerships",
        FIGURES: "claims (all right)",
        ATTRIBUTIONS: "attributions",
    }
    for kind, scored in kinds.items():
        score = dev_evaluation.score(scored)
        judged = [each for each in dev_evaluation.judged if each.kind == kind]
        keys = {(each.document, key) for each in judged for key in each.keys}
        right = {(each.document, key) for each in judged if each.right for key in each.keys}
        assert len(keys) == score.true_positives + score.false_positives, kind
        if kind == PARTNERSHIPS:  # the right pairs of a deal with a wrong one count in the score alone
            assert len(right) <= score.true_positives
        else:
            assert len(right) == score.true_positives, kind
    assert {each.kind for each in dev_evaluation.judged} == set(JUDGED_KINDS)


def test_every_finding_names_a_listed_extractor_and_a_confidence(dev_evaluation: Evaluation) -> None:
    known = {each.name for each in extractors()}
    assert {each.extractor for each in dev_evaluation.judged} <= known
    assert all(each.confidence is not None and 0 < each.confidence <= 1 for each in dev_evaluation.judged)


def test_the_scores_by_label_add_up(dev_evaluation: Evaluation) -> None:
    for kind in ("entities", "relations", "partnerships", "quantities"):
        score = dev_evaluation.score(kind)
        assert sum(each.true_positives for each in score.labels) == score.true_positives
        assert sum(each.false_positives for each in score.labels) == score.false_positives
        assert sum(each.false_negatives for each in score.labels) == score.false_negatives
    for attribute in dev_evaluation.attribute_scores():
        assert attribute.gold == dev_evaluation.score("quantities").gold


def test_the_details_are_told_as_tables_and_for_json(dev_evaluation: Evaluation) -> None:
    means = {each.name: each.means.value for each in extractors()}
    told = details(dev_evaluation, means, labels=True, extractors=True, reliable=True)
    assert list(told) == ["by label", "by extractor", "by means", "reliability"]
    assert json.loads(json.dumps(told)) == told
    assert "develops" in format_labels(dev_evaluation)
    table = format_extractors(dev_evaluation, means)
    assert "by pattern, together" in table
    assert "by frame, together" in table
    assert "expected calibration error" in format_reliability(dev_evaluation)
    assert format_reliability(Evaluation((), ())) == "No finding has a confidence."
    assert details(dev_evaluation, means, labels=False, extractors=False, reliable=False) == {}


# --- measures


VERSIONS = Versions("1", "r", "m", "k", "o")


def test_measures_are_written_and_read(small: Evaluation, tmp_path: Path) -> None:
    written = measures({"one": (1, small.judged), "two": (3, small.judged)}, VERSIONS)
    assert written.count("relation/second") == Count(4, 2)
    assert written.count("relation/second").precision == 0.5
    assert written.count("nobody").precision is None
    path = tmp_path / "measured.json"
    path.write_text(written.to_json(), encoding="utf-8")
    assert load_measures(path) == written
    assert written.outdated(VERSIONS) == ()
    assert written.outdated(Versions("2", "other", "m", "k", "other")) == ("rules", "ontology")


def test_unreadable_measures_are_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cannot be read"):
        load_measures(tmp_path / "missing.json")
    path = tmp_path / "measured.json"
    for text in ("{", "[]", "{}", '{"versions": {}, "sets": {}, "extractors": {}}'):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(DataError, match=r"malformed .*--measure"):
            load_measures(path)


def test_the_shipped_measures_are_sound() -> None:
    shipped = load_measures()
    assert {"dev", "second", "third", "study", "fourth"} <= set(shipped.sets)
    for by_set in shipped.counts.values():
        assert set(by_set) <= set(shipped.sets)
        assert all(0 <= count.right <= count.found for count in by_set.values())
    assert set(shipped.outdated(current_versions())) <= {"rules", "model", "knowledge", "ontology"}
    assert not math.isnan(shipped.count("claim/figure").precision or math.nan)


def test_every_rule_says_what_it_states_and_how_sure_it_is() -> None:
    for each in extractors():
        assert each.yields, each.name
        assert each.confidence is None or 0 < each.confidence < 1, each.name
        if each.means.value in ("pattern", "frame"):
            assert each.examples, each.name
            assert each.counterexamples, each.name


def test_judging_takes_a_file(tmp_path: Path) -> None:
    (tmp_path / "x.gold.json").write_text(json.dumps(ANNOTATION), encoding="utf-8")
    (tmp_path / "x.trig").write_text(GRAPH, encoding="utf-8")
    assert len(judge(tmp_path / "x.trig", tmp_path)) == 7
