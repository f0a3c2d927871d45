"""How likely two parties have a deal: what the network says of them, seen beside what it says of others.

The network gives each pair of parties a chance by itself. Where it gives a customer one supplier more, each of them is
less likely; two who are never named near each other are seldom parties of one deal; a rule that says the same is worth
something; and it is too sure of some kinds. So the chance goes into a logistic regression with these, whose few weights
`training/weigh_deals.py` fits on the held-out marked articles and `weighing.yaml` holds.
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
from aigraph.language.whole import DEALS, SYMMETRIC
from aigraph.resources import parse_yaml

FILE = Path(__file__).with_name("weighing.yaml")
FEATURES = ("chance", "ruled", "fact", "rivals", "distance")
"""What is weighed beside the kind: the log-odds of the network's chance; whether a rule has the deal; the log-odds of
its being told as a fact, and of the likeliest other deals of the kind that either party has in that role; the sentences
between where both are named."""
LEAST = 0.1
"""The chance from which a pair is weighed that no rule has."""
_LEAST_ODDS = 0.003
_FARTHEST = 5
_UNASKED = (0.9, 0.0, 0.0, 0.0)
"""How far two that the network was not asked about are told of as a fact: as most are."""
Key = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class Weights:
    """The weights of `FEATURES`, with a constant for each kind of deal."""

    values: tuple[float, ...]
    kinds: Mapping[str, float]

    def probability(self, label: str, features: tuple[float, ...]) -> float:
        """The share of pairs of that kind and those features that are parties of such a deal."""
        score = self.kinds[label] + sum(w * x for w, x in zip(self.values, features, strict=True))
        return 1 / (1 + math.exp(-score))


@cache
def load_weights() -> Weights:
    """The shipped weights.

    Raises:
        DataError: the file is broken.
    """
    try:
        data = parse_yaml(FILE.read_text(encoding="utf-8"))
        return Weights(
            tuple(float(data["weights"][name]) for name in FEATURES),
            {label: float(data["constants"][label]) for label in DEALS},
        )
    except (OSError, yaml.YAMLError, KeyError, TypeError, ValueError) as error:
        raise DataError(f"{FILE}: the weights of deals cannot be read ({error}). Install aigraph again.") from error


def weighed(story: Story, verdict: Verdict) -> dict[Key, float]:
    """The likelihood of each pair of parties that rules state or the network gives a chance, by kind of deal."""
    weights = load_weights()
    return {key: weights.probability(key[2], found) for key, found in candidates(story, verdict).items()}


def candidates(story: Story, verdict: Verdict) -> dict[Key, tuple[float, ...]]:
    """The `FEATURES` of each such pair."""
    ruled: set[Key] = set()
    for found in story.found:
        if found.label in DEALS and not found.hedged:
            first, second = found.first, found.second
            if found.label in SYMMETRIC and first > second:
                first, second = second, first
            ruled.add((first, second, found.label))
    chances = {key: chance for key, (chance, _) in verdict.pairs.items() if key[2] in DEALS}
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
    """The side on which the second party of a deal stands; who works together stands on one."""
    return 0 if label in SYMMETRIC else 1


def _best_other(chances: Mapping[int, float], party: int) -> float:
    """The log-odds of the likeliest deal that somebody has with anyone but that party."""
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
