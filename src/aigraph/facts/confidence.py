"""How sure a finding is, as the share of such findings that are right.

A rule brings the share that was expected of it, the language model the chance that it gives the words, the network for
whole articles the chance that it gives the finding. None is a probability of being right: names may be resolved
wrongly, rules were made with some texts at hand. So all go into a logistic regression for each kind of finding (Platt
1999), whose weights `training/calibrate.py` fits on annotated articles and `confidence.yaml` holds. Candidates that are
too unlikely are no findings.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TypeVar

import yaml

from aigraph.errors import DataError
from aigraph.facts.links.findings import DEAL, RELATION
from aigraph.records import Claim, Facts, Finding, Partnership
from aigraph.resources import parse_yaml

FILE = Path(__file__).with_name("confidence.yaml")
FEATURES = ("constant", "ruled", "prior", "linked", "chance", "weighed", "overall")
"""The weights of each kind: 1; whether a rule found it, the rule's own log-odds; whether the model was asked, its;
whether the network for whole articles was asked, its."""
OVERALL_RELATION, OVERALL_DEAL, OVERALL_SAYING = "relation/whole", "partnership/whole", "claim/whole"
"""The names of the network for whole articles in findings."""
_LEAST = 0.01
_Found = TypeVar("_Found", bound=Finding)


@dataclass(frozen=True, slots=True)
class Weights:
    """The weights of `FEATURES` for one kind of finding.

    `alone` is the chance from which the model alone is believed, `against` the one below which it outweighs a rule.
    """

    values: tuple[float, ...]
    alone: float
    against: float

    def probability(self, finding: Finding) -> float:
        """The share of findings with the same grounds that are right, 0 to 1."""
        return 1 / (1 + math.exp(-sum(w * x for w, x in zip(self.values, features(finding), strict=True))))


def kind_of(finding: Finding) -> str:
    """The name of a finding's kind: "relation", "deal", "figure" or "saying"."""
    if isinstance(finding, Claim):
        return "figure" if finding.quantity is not None else "saying"
    return "deal" if isinstance(finding, Partnership) else "relation"


def features(finding: Finding) -> tuple[float, ...]:
    """What a finding's confidence follows from, in the order of `FEATURES`."""
    ruled, linked = _is_ruled(finding), finding.chance is not None
    prior = log_odds(finding.confidence) if ruled else 0.0
    chance = log_odds(finding.chance) if finding.chance is not None else 0.0
    overall = log_odds(finding.overall) if finding.overall is not None else 0.0
    return 1.0, float(ruled), prior, float(linked), chance, float(finding.overall is not None), overall


def likely(finding: Finding) -> bool:
    """Is a candidate sure enough to become a finding?"""
    if finding.chance is None:
        return True
    weights = load_weights()[kind_of(finding)]
    return finding.chance >= (weights.against if _is_ruled(finding) else weights.alone)


def calibrated(facts: Facts) -> Facts:
    """The facts with confidences that say how often such findings are right."""
    return replace(
        facts,
        statements=_each(facts.statements),
        partnerships=_each(facts.partnerships),
        claims=_each(facts.claims),
    )


def _each(findings: Sequence[_Found]) -> tuple[_Found, ...]:
    weights = load_weights()
    return tuple(replace(f, confidence=round(weights[kind_of(f)].probability(f), 2)) for f in findings)


@cache
def load_weights() -> Mapping[str, Weights]:
    """The weights by kind.

    Raises:
        DataError: the file is broken.
    """
    try:
        data = parse_yaml(FILE.read_text(encoding="utf-8"))
        return {
            kind: Weights(
                tuple(float(values[name]) for name in FEATURES), float(values["alone"]), float(values["against"])
            )
            for kind, values in data.items()
        }
    except (OSError, yaml.YAMLError, KeyError, TypeError, ValueError) as error:
        raise DataError(
            f"{FILE}: the weights of confidences cannot be read ({error}). Install aigraph again."
        ) from error


def _is_ruled(finding: Finding) -> bool:
    return finding.extractor not in (RELATION, DEAL, OVERALL_RELATION, OVERALL_DEAL, OVERALL_SAYING)


def log_odds(share: float, least: float = _LEAST) -> float:
    """The logarithm of the odds of a share, which is held at least that far from 0 and 1."""
    held = min(max(share, least), 1 - least)
    return math.log(held / (1 - held))
