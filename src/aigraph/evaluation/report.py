"""The outcome of an evaluation, as records, as a table and as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from aigraph.evaluation.judging import Judged


@dataclass(frozen=True, slots=True)
class Score:
    """How one kind of thing was found; `errors` name every miss and every wrong answer with its article.

    `labels` are the scores of its parts by name: each relation, kind of deal, type of entity, unit of figures.
    """

    kind: str
    true_positives: int
    false_positives: int
    false_negatives: int
    errors: tuple[str, ...] = ()
    labels: tuple[Score, ...] = ()

    @property
    def precision(self) -> float:
        """Share of what was found that is right, 0 to 1 (0 where nothing was found)."""
        return _share(self.true_positives, self.true_positives + self.false_positives)

    @property
    def recall(self) -> float:
        """Share of what is there that was found, 0 to 1 (0 where there is nothing)."""
        return _share(self.true_positives, self.gold)

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall, 0 to 1."""
        p, r = self.precision, self.recall
        return 2 * p * r / (p + r) if p + r else 0.0

    @property
    def gold(self) -> int:
        """How many things there are to find."""
        return self.true_positives + self.false_negatives


@dataclass(frozen=True, slots=True)
class Accuracy:
    """Of the figures found, how many have one attribute ("about", "time" …) right."""

    attribute: str
    right: int
    total: int

    @property
    def share(self) -> float:
        """Share of right ones, 0 to 1."""
        return _share(self.right, self.total)


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The scores of all kinds, and the accuracies of the figures' attributes (none where no figure was found).

    `judged` are the findings of the graph one by one.
    """

    scores: tuple[Score, ...]
    attributes: tuple[Accuracy, ...]
    judged: tuple[Judged, ...] = ()

    def score(self, kind: str) -> Score:
        """The score of one kind ("entities"); a kind that there is not is a KeyError."""
        return {score.kind: score for score in self.scores}[kind]

    def attribute_scores(self) -> tuple[Score, ...]:
        """The scores of the figures' attributes: right where the figure is found and has this attribute right."""
        if not self.attributes:
            return ()
        figures = self.score("quantities")
        found = figures.true_positives + figures.false_positives
        return tuple(Score(a.attribute, a.right, found - a.right, figures.gold - a.right) for a in self.attributes)


def format_table(evaluation: Evaluation, *, errors: bool = False) -> str:
    """The figures as a table of plain text; with `errors`, every error by kind before it."""
    lines: list[str] = []
    if errors:
        for score in evaluation.scores:
            lines += ["", f"## {score.kind}", *score.errors]
        lines.append("")
    lines.append(f"{'':22}{'P':>7}{'R':>7}{'F1':>7}{'gold':>7}")
    for s in evaluation.scores:
        lines.append(f"{s.kind:22}{s.precision:7.3f}{s.recall:7.3f}{s.f1:7.3f}{s.gold:7d}")
    shares = ", ".join(f"{a.attribute} {a.right}/{a.total}" for a in evaluation.attributes)
    lines.append(f"of the figures found, right: {shares or 'none found'}")
    return "\n".join(lines)


def to_json(evaluation: Evaluation, details: Mapping[str, object] | None = None) -> str:
    """The figures as JSON: P, R, F1 and gold by kind, under "attributes" the share right of each, then the details."""
    figures = {score.kind: score_figures(score) for score in evaluation.scores}
    attributes = {a.attribute: a.share for a in evaluation.attributes}
    return json.dumps({**figures, "attributes": attributes, **(details or {})}, indent=1)


def score_figures(score: Score) -> dict[str, float]:
    """P, R, F1 and the number in the annotation, as JSON has them."""
    return {"P": score.precision, "R": score.recall, "F1": score.f1, "gold": score.gold}


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0
