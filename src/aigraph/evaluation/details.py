"""An evaluation in detail, as tables and for JSON: by label, by extractor, and how reliable confidences are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

from aigraph.evaluation.judging import Precision, precisions
from aigraph.evaluation.reliability import Reliability, reliability
from aigraph.evaluation.report import Evaluation, Score, score_figures

LABELLED = ("entities", "relations", "partnerships", "quantities")
"""The kinds of things that come in sorts: types, predicates, kinds of deals, units."""
ATTRIBUTES = "attributes of figures"
_ALL = "all"
_WIDTH = 46


def by_label(evaluation: Evaluation) -> dict[str, tuple[Score, ...]]:
    """The scores of each type, relation, kind of deal, unit, and attribute of figures."""
    found = {kind: evaluation.score(kind).labels for kind in LABELLED}
    return {**found, ATTRIBUTES: evaluation.attribute_scores()}


def format_labels(evaluation: Evaluation) -> str:
    """The scores by label as a table."""
    lines = []
    for kind, scores in by_label(evaluation).items():
        lines += ["", f"{kind:22}{'P':>7}{'R':>7}{'F1':>7}{'gold':>7}"]
        lines += [f"  {s.kind:20}{s.precision:7.3f}{s.recall:7.3f}{s.f1:7.3f}{s.gold:7d}" for s in scores]
    return "\n".join(lines[1:])


def format_extractors(evaluation: Evaluation, means: Mapping[str, str]) -> str:
    """What each extractor found and how much of it is right, with sums by means (patterns, frames …) and of all."""
    lines = []
    single = _by_kind(precisions(evaluation.judged))
    summed = _by_kind(precisions(evaluation.judged, means))
    whole = _by_kind(precisions(evaluation.judged, dict.fromkeys([*means, *_names(single)], _ALL)))
    for kind, each in single.items():
        lines += ["", f"{kind:{_WIDTH}}{'found':>7}{'right':>7}{'P':>7}"]
        lines += [_precision_line(p, p.name) for p in each]
        lines += [_precision_line(p, f"by {p.name}, together") for p in summed[kind]]
        lines += [_precision_line(p, p.name) for p in whole[kind]]
    return "\n".join(lines[1:])


def format_reliability(evaluation: Evaluation) -> str:
    """The reliability tables: ten bins of confidence, each with its mean, the share right, the count."""
    lines = []
    for table in reliability(evaluation.judged):
        lines += ["", f"{table.kind:16}{'confidence':>12}{'right':>8}{'count':>8}"]
        for each in table.bins:
            lines.append(
                f"  {each.low:.1f} – {each.high:.1f}     {each.confidence:12.3f}{each.right:8.3f}{each.count:8d}"
            )
        lines.append(
            f"  expected calibration error {table.error:.3f}, Brier score {table.brier:.3f}, {table.count} findings"
        )
    return "\n".join(lines[1:]) or "No finding has a confidence."


def details(
    evaluation: Evaluation, means: Mapping[str, str], *, labels: bool, extractors: bool, reliable: bool
) -> dict[str, object]:
    """The same for JSON, under "by label", "by extractor", "by means" and "reliability"."""
    found: dict[str, object] = {}
    if labels:
        found["by label"] = {
            kind: {score.kind: score_figures(score) for score in scores}
            for kind, scores in by_label(evaluation).items()
        }
    if extractors:
        found["by extractor"] = _precision_figures(precisions(evaluation.judged))
        found["by means"] = _precision_figures(precisions(evaluation.judged, means))
    if reliable:
        found["reliability"] = {table.kind: _reliability_figures(table) for table in reliability(evaluation.judged)}
    return found


def _by_kind(found: Sequence[Precision]) -> dict[str, tuple[Precision, ...]]:
    return {kind: tuple(each) for kind, each in groupby(found, key=lambda precision: precision.kind)}


def _names(found: Mapping[str, Sequence[Precision]]) -> list[str]:
    return [precision.name for each in found.values() for precision in each]


def _precision_line(precision: Precision, name: str) -> str:
    return f"  {name:{_WIDTH - 2}}{precision.found:7d}{precision.right:7d}{precision.share:7.3f}"


def _precision_figures(found: Sequence[Precision]) -> dict[str, dict[str, dict[str, float]]]:
    return {
        kind: {p.name: {"found": p.found, "right": p.right, "P": p.share} for p in each}
        for kind, each in _by_kind(found).items()
    }


def _reliability_figures(table: Reliability) -> dict[str, object]:
    return {
        "count": table.count,
        "expected calibration error": table.error,
        "Brier score": table.brier,
        "bins": [
            {"from": b.low, "to": b.high, "confidence": b.confidence, "right": b.right, "count": b.count}
            for b in table.bins
        ],
    }
