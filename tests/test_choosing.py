"""Metrics by what stands around a figure: what is weighed, when rules keep the word, how the weights are fitted."""

from __future__ import annotations

from pathlib import Path

import pytest
import weigh_metrics
from marked import read_marked
from weigh_metrics import Case, Labels

from aigraph.errors import DataError
from aigraph.facts import FactFinder
from aigraph.facts.claims import choosing
from aigraph.facts.claims.choosing import OWN, Weights, likelier, load_weights
from aigraph.ontology import load_ontology
from aigraph.records import Part
from aigraph.vocab import AIG, UNIT, Iris
from notation import read_notation

IRIS = Iris()
RULES = FactFinder(load_ontology(), IRIS, frozenset({Part.WHOLE}))
LABELS = Labels(load_ontology().metrics)


def metric(text: str, value: float) -> str | None:
    claims = RULES.ruled(*read_notation(text, IRIS, parsed=True)).facts.claims
    (found,) = {c.metric.label if c.metric else None for c in claims if c.quantity and c.quantity.value == value}
    return found


@pytest.mark.parametrize(
    ("text", "value", "label"),
    [
        (
            "[Corvane|Company] got $40 million from two funds, among them [Orrin Ventures|Company].",
            4e7,
            "funding round",
        ),
        ("Yesterday [Corvane|Company] gave up 6.4% in Tokyo.", 6.4, "share price change"),
        (
            "[Corvane|Company] went for $210 million to [Orrin|Company], which had courted it for years.",
            2.1e8,
            "purchase price",
        ),
    ],
)
def test_a_metric_that_no_name_tells_follows_from_what_stands_around(text: str, value: float, label: str) -> None:
    assert metric(text, value) == label


@pytest.mark.parametrize(
    ("text", "value", "label"),
    [
        ("[Corvane|Company] will cut 140 jobs.", 140, "job cuts"),
        ("[Corvane|Company] sold a fifth of its cloud business to [Orrin|Company].", 20, "stake"),
        ("The [Q7|Chip] costs a third less than the [Q6|Chip].", 33.33, "price difference"),
        ("The part costs $1,450 to make.", 1450, "cost"),
        ("[Corvane|Company] reported revenue of $3 billion.", 3e9, "revenue"),
        ("The [Q7|Chip] draws 740 watts.", 740, "power draw"),
    ],
)
def test_what_a_form_or_a_name_tells_stands(text: str, value: float, label: str) -> None:
    assert metric(text, value) == label


def test_another_metric_has_to_be_likelier_than_that_of_rules() -> None:
    assert likelier({OWN: 0.1, "Revenue": 0.3, "NetProfit": 0.6}, "Revenue") == "NetProfit"
    assert likelier({OWN: 0.1, "Revenue": 0.43, "NetProfit": 0.47}, "Revenue") is None
    assert likelier({OWN: 0.8, "Revenue": 0.1, "NetProfit": 0.1}, "Revenue") is None
    assert likelier({OWN: 0.2, "Revenue": 0.7, "NetProfit": 0.1}, "BoardCount") == "Revenue"


def test_a_cue_that_names_a_metric_speaks_for_it_even_where_it_has_no_weight_of_its_own() -> None:
    weights = Weights((OWN, "Revenue", "Dividend"), {"near": 1.0, "rule": 0.5}, {"with sale": ((1, 2.0),)})
    chances = weights.chances(["near Dividend"])
    assert max(chances, key=lambda name: chances[name]) == "Dividend"
    assert weights.chances(["with sale", "near Dividend"])["Revenue"] > 0.5
    assert weights.chances(["rule BoardCount"])[OWN] == weights.chances(["rule none"])[OWN] > 1 / 3
    assert sum(weights.chances(["with sale"]).values()) == pytest.approx(1)


def test_shipped_weights_are_of_listed_metrics() -> None:
    listed = {AIG.local(each.iri) for each in load_ontology().metrics}
    assert set(load_weights()) == {"money", "ratio", "count"}
    for weights in load_weights().values():
        assert set(weights.metrics) - {OWN} <= listed
        assert all(0 <= number < len(weights.metrics) for pairs in weights.weights.values() for number, _ in pairs)


@pytest.mark.parametrize("text", ["with sale\t1=2\n", "[money] own Revenue\nwith sale\tone=2\n"])
def test_broken_weights_are_told(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "choosing.txt"
    path.write_text(text, encoding="utf-8")
    monkeypatch.setattr(choosing, "FILE", path)
    load_weights.cache_clear()
    with pytest.raises(DataError, match="Install aigraph again"):
        load_weights()
    load_weights.cache_clear()


@pytest.mark.parametrize(
    ("words", "kind", "names"),
    [
        ("revenue", "money", {"Revenue"}),
        ("stake in Corvane", "ratio", {"Stake"}),
        ("turbines", "count", set()),
    ],
)
def test_what_annotators_mean_is_the_metric_that_shares_most_words(words: str, kind: str, names: set[str]) -> None:
    assert LABELS.meant(words, kind) == names


def test_weights_learn_what_a_word_speaks_for(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def case(word: str, wanted: str) -> Case:
        return Case("money", ("all", f"with {word}", "rule none"), OWN, frozenset(), wanted)

    cases = [case("fund", "funding round")] * 30 + [case("profit", "net profit")] * 30
    weights = weigh_metrics.fit(cases, LABELS.of["money"], LABELS)
    assert max(chances := weights.chances(["with fund"]), key=lambda name: chances[name]) == "FundingRound"
    assert "right by rules 0, by weights 60, by both 60" in weigh_metrics.report(cases, {"money": weights}, LABELS)
    monkeypatch.setattr(weigh_metrics, "FILE", path := tmp_path / "choosing.txt")
    monkeypatch.setattr(choosing, "FILE", path)
    load_weights.cache_clear()
    weigh_metrics.write({"money": weights}, "# head\n")
    assert load_weights()["money"].weights == weights.weights
    assert load_weights()["money"].naming == weights.naming
    load_weights.cache_clear()


def test_marked_figures_are_cases(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(
        "=== t-one | news\nCorvane grows\n\nCorvane reported revenue of $3 billion.\n"
        ' fig "$3 billion" 3e9 USD | about Corvane | metric revenue\n@Company Corvane\n',
        encoding="utf-8",
    )
    (case,) = weigh_metrics.read_cases(read_marked([path]), LABELS)
    assert (case.group, case.ruled, case.right) == ("money", "Revenue", True)
    assert "near Revenue" in case.told


def test_units_of_other_kinds_are_left_to_rules() -> None:
    assert (choosing.group(UNIT.W), choosing.group(UNIT.PERCENT), choosing.group(AIG.Times)) == ("", "ratio", "ratio")
