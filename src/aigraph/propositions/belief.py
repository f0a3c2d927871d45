"""How far a proposition is to be believed: a documented, simple score and its arithmetic.

Each independent source counts once, with its best finding: how surely it was read (confidence), how it is put forward
(modality) and who says so (claimant). Sources that are independent add up as independent chances of error do:

    belief = 1 - product over the independent sources of (1 - single x best)
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import itemgetter

from aigraph.propositions.findings import Said
from aigraph.propositions.knowledge import rules
from aigraph.propositions.sources import Group


@dataclass(frozen=True, slots=True)
class Weight:
    """What an independent source counts: its best finding, and the factors that make its weight."""

    articles: tuple[str, ...]
    finding: str
    confidence: float
    modality: float
    claimant: float

    @property
    def value(self) -> float:
        """The product of the factors."""
        return self.confidence * self.modality * self.claimant


@dataclass(frozen=True, slots=True)
class Belief:
    """The score with the weights behind it, the largest first."""

    value: float
    weights: tuple[Weight, ...]

    def arithmetic(self) -> str:
        """The sum as it is done, for a reader to check."""
        if not self.weights:
            return "0, for nobody says so"
        parts = (f"(1 - {rules().single:g} × {weight.value:.3f})" for weight in self.weights)
        return f"1 - {' × '.join(parts)} = {self.value:.3f}"


def belief(findings: Iterable[Said], groups: Sequence[Group]) -> Belief:
    """The score of a proposition that some findings express, whose sources fall into groups."""
    best: dict[str, tuple[float, str, Said]] = {}
    for said in findings:
        # the largest weight counts; of equal ones that of the finding whose name comes first
        mine, article = (-_value(said), said.node, said), said.source.article
        if article not in best or mine[:2] < best[article][:2]:
            best[article] = mine
    chosen = [min((best[article] for article in group.articles), key=itemgetter(0, 1)) for group in groups]
    weights = [_weight(said, group.articles) for (_, _, said), group in zip(chosen, groups, strict=True)]
    weights.sort(key=lambda weight: (-weight.value, weight.articles))
    doubt = math.prod(1 - rules().single * weight.value for weight in weights)
    return Belief(round(1 - doubt, 4), tuple(weights))


def _value(said: Said) -> float:
    """The product of what a finding weighs."""
    known = rules()
    return said.confidence * known.modality[said.modality] * known.claimant[_who(said)]


def _weight(said: Said, articles: tuple[str, ...]) -> Weight:
    return Weight(articles, said.node, said.confidence, rules().modality[said.modality], rules().claimant[_who(said)])


def _who(said: Said) -> str:
    return "none" if said.claimant is None else "named" if said.named else "unnamed"
