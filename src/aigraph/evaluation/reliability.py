"""Whether confidences mean what they say: of what is held with 0.8, are four in five right?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from aigraph.evaluation.judging import JUDGED_KINDS, Judged, first_of_each

BINS = 10
TOGETHER = "together"


@dataclass(frozen=True, slots=True)
class Bin:
    """The findings with a confidence of at least `low` and less than `high` (1 belongs to the last bin)."""

    low: float
    high: float
    count: int
    confidence: float
    right: float

    @property
    def gap(self) -> float:
        """By how much the mean confidence is above the share of right ones; below 0 where it is too modest."""
        return self.confidence - self.right


@dataclass(frozen=True, slots=True)
class Reliability:
    """The reliability table of one kind of findings, or of all together; bins that hold nothing are left out.

    `error` is the expected calibration error: the mean gap of the bins, by their size and without sign. `brier` is the
    mean squared distance of the confidences from the truth.
    """

    kind: str
    count: int
    bins: tuple[Bin, ...]
    error: float
    brier: float


def reliability(judged: Iterable[Judged]) -> tuple[Reliability, ...]:
    """The tables of all kinds that there are, and of all together; a finding counts once for what its node says.

    A node without a confidence counts nowhere.
    """
    own = [each for each in first_of_each(judged) if each.own and each.confidence is not None]
    kinds = [(kind, [each for each in own if each.kind == kind]) for kind in JUDGED_KINDS]
    return tuple(_table(kind, each) for kind, each in [*kinds, (TOGETHER, own)] if each)


def _table(kind: str, judged: Sequence[Judged]) -> Reliability:
    pairs = [(each.confidence or 0.0, each.right) for each in judged]
    bins = []
    for n in range(BINS):
        held = [(sure, right) for sure, right in pairs if _bin(sure) == n]
        if held:
            confidence = sum(sure for sure, _ in held) / len(held)
            share = sum(right for _, right in held) / len(held)
            bins.append(Bin(n / BINS, (n + 1) / BINS, len(held), confidence, share))
    error = sum(abs(each.gap) * each.count for each in bins) / len(pairs)
    brier = sum((sure - right) ** 2 for sure, right in pairs) / len(pairs)
    return Reliability(kind, len(pairs), tuple(bins), error, brier)


def _bin(confidence: float) -> int:
    """The number of the bin; 0.3 is in the fourth although its product with ten may fall short of three."""
    return min(int(round(confidence * BINS, 6)), BINS - 1)
