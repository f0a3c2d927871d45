"""How likely two entities have a relation or a deal: what the network says of them, seen beside what it says of others.

The network gives each pair of entities a chance by itself. Where it gives a chip one maker more, or a customer one
supplier more, each of them is less likely; two that are never named near each other seldom have a relation; a rule that
says the same is worth something; and it is too sure of some kinds. So the chance goes into a logistic regression with
these, one for relations and one for deals, whose few weights `training/weigh_pairs.py` fits on the held-out marked
articles and `weighing.yaml` holds.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from aigraph.errors import DataError
from aigraph.facts.confidence import log_odds
from aigraph.facts.whole.story import Story
from aigraph.facts.whole.verdicts import Verdict
from aigraph.language.whole import DEALS, PAIR_LABELS, RELATIONS, SYMMETRIC
from aigraph.resources import parse_yaml

FILE = Path(__file__).with_name("weighing.yaml")
FEATURES = ("chance", "ruled", "fact", "rivals", "distance")
"""What is weighed beside the label: the log-odds of the network's chance; whether a rule has the pair; the log-odds of
its being told as a fact, and of the likeliest other pairs of the label that either has on its side; the sentences
between where both are named."""
GROUPS = {"relations": RELATIONS, "deals": DEALS}
"""The labels that are weighed alike."""
LEAST = 0.1
"""The chance from which a pair is weighed that no rule has."""
_LEAST_ODDS = 0.003
_FARTHEST = 5
_UNASKED = (0.9, 0.0, 0.0, 0.0)
"""How far two that the network was not asked about are told of as a fact: as most are."""
Key = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class Weights:
    """The weights of `FEATURES`, with a constant for each label that is weighed so."""

    values: tuple[float, ...]
    constants: Mapping[str, float]

    def probability(self, label: str, features: tuple[float, ...]) -> float:
        """The share of pairs with those features of which the label holds."""
        score = self.constants[label] + sum(w * x for w, x in zip(self.values, features, strict=True))
        return 1 / (1 + math.exp(-score))


@cache
def load_weights() -> Mapping[str, Weights]:
    """The shipped weights, by label.

    Raises:
        DataError: the file is broken.
    """
    found: dict[str, Weights] = {}
    try:
        data = parse_yaml(FILE.read_text(encoding="utf-8"))
        for group, labels in GROUPS.items():
            values = tuple(float(data[group]["weights"][name]) for name in FEATURES)
            constants = {label: float(data[group]["constants"][label]) for label in labels}
            found |= dict.fromkeys(labels, Weights(values, constants))
    except (OSError, yaml.YAMLError, KeyError, TypeError, ValueError) as error:
        raise DataError(f"{FILE}: the weights of pairs cannot be read ({error}). Install aigraph again.") from error
    return found


def weighed(story: Story, verdict: Verdict) -> dict[Key, float]:
    """The likelihood of each pair of entities that rules state or the network gives a chance, by label."""
    weights = load_weights()
    return {key: weights[key[2]].probability(key[2], found) for key, found in candidates(story, verdict).items()}


def candidates(story: Story, verdict: Verdict) -> dict[Key, tuple[float, ...]]:
    """The `FEATURES` of each such pair."""
    ruled: set[Key] = set()
    for found in story.found:
        if found.label in PAIR_LABELS and not found.hedged:
            first, second = found.first, found.second
            if found.label in SYMMETRIC and first > second:
                first, second = second, first
            ruled.add((first, second, found.label))
    chances = {key: chance for key, (chance, _) in verdict.pairs.items()}
    sides: dict[tuple[int, int, str], dict[int, float]] = defaultdict(dict)
    for (first, second, label), chance in chances.items():
        sides[first, 0, label][second] = chance
        sides[second, _side(label), label][first] = chance
    named = _named(story)
    found_features: dict[Key, tuple[float, ...]] = {}
    for key in sorted({key for key, chance in chances.items() if chance >= LEAST} | ruled):
        first, second, label = key
        found_features[key] = (
            log_odds(chances.get(key, 0.0), _LEAST_ODDS),
            float(key in ruled),
            log_odds(verdict.stances.get((first, second), _UNASKED)[0], _LEAST_ODDS),
            _best_other(sides[first, 0, label], second) + _best_other(sides[second, _side(label), label], first),
            float(_between(named[first], named[second])),
        )
    return found_features


def _side(label: str) -> int:
    """The side on which the second of a pair stands; who work together or compete stand on one."""
    return 0 if label in SYMMETRIC else 1


def _best_other(chances: Mapping[int, float], party: int) -> float:
    """The log-odds of the likeliest pair that somebody makes with anyone but that party."""
    others = (chance for other, chance in chances.items() if other != party)
    return log_odds(max(others, default=0.0), _LEAST_ODDS)


def _named(story: Story) -> Mapping[int, set[int]]:
    """The sentences that name each entity."""
    found: dict[int, set[int]] = defaultdict(set)
    for first, _, entity, manner, _ in story.mentions:
        if manner == 0:
            found[entity].add(story.sentences[first])
    return found


def _between(firsts: set[int], seconds: set[int]) -> int:
    """The sentences from where one is named to where the other is, at the nearest."""
    return min((abs(a - b) for a in firsts for b in seconds if abs(a - b) < _FARTHEST), default=_FARTHEST)
