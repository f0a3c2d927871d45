"""Relations and deals are weighed beside each other: what speaks for one, what against, how the weights are fitted."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import weigh_pairs
from marked import read_marked
from weigh_pairs import Sample, marked_pairs

from aigraph.errors import DataError
from aigraph.facts import FactFinder
from aigraph.facts.whole import weighing
from aigraph.facts.whole.story import Story, story_of
from aigraph.facts.whole.verdicts import Verdict
from aigraph.facts.whole.weighing import FEATURES, LEAST, candidates, weighed
from aigraph.language.whole import DEALS, RELATIONS
from aigraph.ontology import load_ontology
from aigraph.records import Part
from aigraph.vocab import Iris
from notation import read_notation

IRIS = Iris()
RULES = FactFinder(load_ontology(), IRIS, frozenset({Part.WHOLE}))
THREE = "[Corvane|Company] met [Orrin|Company] and [Velloris|Company] on Friday."
SUPPLY = (0, 1, "supply")


def story(text: str = THREE, *, ruled: bool = False) -> Story:
    document, mentions = read_notation(text, IRIS, parsed=True)
    return story_of(document, mentions, *((RULES.ruled(document, mentions),) if ruled else ()))


def verdict(pairs: dict[tuple[int, int, str], float], fact: float = 0.99) -> Verdict:
    stances = {key[:2]: (fact, 1 - fact, 0.0, 0.0) for key in pairs}
    return Verdict(pairs={key: (chance, 0) for key, chance in pairs.items()}, stances=stances)


def likelihood(pairs: dict[tuple[int, int, str], float], text: str = THREE, *, ruled: bool = False) -> float:
    return weighed(story(text, ruled=ruled), verdict(pairs))[SUPPLY]


def test_the_surer_the_network_the_likelier_the_deal() -> None:
    told = [likelihood({SUPPLY: chance}) for chance in (0.1, 0.3, 0.6, 0.9, 0.999)]
    assert told == sorted(told)
    assert told[0] < 0.5 < told[-1]


@pytest.mark.parametrize("rival", [(2, 1, "supply"), (0, 2, "supply")])
def test_a_likely_rival_speaks_against_a_deal(rival: tuple[int, int, str]) -> None:
    assert likelihood({SUPPLY: 0.6, rival: 0.9}) < likelihood({SUPPLY: 0.6, rival: 0.06})


def test_relations_have_rivals_as_deals_do() -> None:
    text = "[Corvane|Company] and [Orrin|Company] were both there when the [Zephyr 2|Chip] was shown."
    maker, rival, other = (0, 2, "develops"), (1, 2, "develops"), (1, 2, "uses")
    alone, beside, with_other = (
        weighed(story(text), verdict({maker: 0.6} | more))[maker] for more in ({}, {rival: 0.9}, {other: 0.9})
    )
    assert beside < alone
    assert with_other == pytest.approx(alone)


@pytest.mark.parametrize("other", [(0, 1, "licensing"), (1, 2, "supply"), (0, 2, "investment"), (0, 2, "develops")])
def test_what_is_no_rival_does_not(other: tuple[int, int, str]) -> None:
    assert likelihood({SUPPLY: 0.6, other: 0.9}) == pytest.approx(likelihood({SUPPLY: 0.6}))


def test_who_works_together_has_rivals_on_either_side() -> None:
    pair, others = (1, 2, "collaboration"), [(0, 1, "collaboration"), (0, 2, "collaboration")]
    alone = weighed(story(), verdict({pair: 0.6}))[pair]
    for other in others:
        assert weighed(story(), verdict({pair: 0.6, other: 0.9}))[pair] < alone


def test_those_named_far_from_each_other_are_less_likely_parties() -> None:
    near = "[Corvane|Company] had a good week. On Friday [Orrin|Company] came round."
    far = "[Corvane|Company] had a good week. It rained. It rained. It rained. On Friday [Orrin|Company] came round."
    assert likelihood({SUPPLY: 0.6}, far) < likelihood({SUPPLY: 0.6}, near)


def test_what_a_rule_states_is_weighed_whatever_the_network_thinks() -> None:
    text = "[Corvane|Company] supplies [Orrin|Company] with chips."
    assert SUPPLY in weighed(story(text, ruled=True), verdict({}))
    assert likelihood({SUPPLY: 0.6}, text, ruled=True) > likelihood({SUPPLY: 0.6}, text)
    hedged = "[Corvane|Company] does not supply [Orrin|Company] with chips."
    assert not weighed(story(hedged, ruled=True), verdict({}))


def test_what_is_unlikely_is_not_weighed() -> None:
    assert set(candidates(story(), verdict({SUPPLY: LEAST / 2, (0, 1, "competesWith"): 0.9}))) == {
        (0, 1, "competesWith")
    }


@pytest.mark.parametrize("text", ["", "deals: {constants: {supply: 1}}", "relations: {weights: {chance: x}}", "- 1"])
def test_a_broken_file_is_told(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weighing, "FILE", tmp_path / "weighing.yaml")
    weighing.FILE.write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match="weights of pairs cannot be read"):
        weighing.load_weights.__wrapped__()


def made(count: int) -> list[Sample]:
    """Pairs of parties that are right where the network thinks so, supplies more often than others."""
    chance = np.random.default_rng(7)
    found = []
    for number in range(count):
        label = DEALS[number % len(DEALS)]
        odds = float(chance.normal())
        right = chance.random() < 1 / (1 + np.exp(-2 * odds - (label == "supply")))
        found.append(Sample(number // 10, label, (odds, *[0.0] * (len(FEATURES) - 1)), bool(right)))
    return found


def test_weights_are_fitted_to_what_is_right() -> None:
    data = made(2000)
    weights = dict(zip((*DEALS, *FEATURES), weigh_pairs.fit(data, DEALS), strict=True))
    assert weights["chance"] == pytest.approx(2, abs=0.3)
    assert weights["supply"] == pytest.approx(1, abs=0.4)
    assert weights["licensing"] == pytest.approx(0, abs=0.4)
    assert weights["distance"] == pytest.approx(0)


def test_what_is_written_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weighing, "FILE", tmp_path / "weighing.yaml")
    deals = made(500)
    data = [*deals, *(replace(s, label=RELATIONS[DEALS.index(s.label)]) for s in made(300))]
    weighing.FILE.write_text(weigh_pairs.written(data, 50), encoding="utf-8")
    read, fitted = weighing.load_weights.__wrapped__(), weigh_pairs.fit(deals, DEALS)
    own = read["supply"]
    assert [*own.constants.values(), *own.values] == pytest.approx(fitted.tolist(), abs=0.001)
    assert read["licensing"] == own != read["develops"]


def test_articles_are_left_out_of_the_fit_that_they_are_told_by() -> None:
    data = made(500)
    turned = [Sample(s.article, s.label, s.features, not s.right) if s.article % 5 == 0 else s for s in data]
    own = [i for i, sample in enumerate(data) if sample.article % 5 == 0]
    assert weigh_pairs.left_out(data, DEALS)[own] == pytest.approx(weigh_pairs.left_out(turned, DEALS)[own])


def test_precision_and_recall_are_those_from_a_bound_on() -> None:
    data = [Sample(n, "supply", (0.0,) * len(FEATURES), right) for n, right in enumerate((True, True, False, True))]
    lines = weigh_pairs.measured(data, np.array([0.9, 0.45, 0.9, 0.1]), 5)
    assert lines[-1] == "from 0.50 on: P 0.500 R 0.200 F 0.286"
    assert lines[0] == "from 0.25 on: P 0.667 R 0.400 F 0.500"


MARKED = """\
=== x-yard | wire
Corvane and Orrin build a yard

Corvane and Orrin build a yard; Velloris sells them the cranes and wants a share.
 collaboration Corvane + Orrin | announced
 supply Velloris > Corvane + Orrin | announced
 investment? Velloris > Corvane
+ Both are partners again, Orrin said, though Velloris never licensed anything.
 collaboration Orrin + Corvane | announced
 licensing! Velloris > Orrin
@Company Corvane; Orrin; Velloris
"""


def test_each_marked_pair_counts_once_and_no_denied_one(tmp_path: Path) -> None:
    path = tmp_path / "01.txt"
    path.write_text(MARKED, encoding="utf-8")
    (article,) = read_marked([path])
    assert marked_pairs(article, DEALS) == 3
    assert marked_pairs(article, RELATIONS) == 0
