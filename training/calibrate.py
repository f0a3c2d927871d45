#!/usr/bin/env python3
"""Fit the weights by which findings get their confidence, and say how far the confidences can be believed.

    python3 training/calibrate.py tests/gold/dev tests/gold/second tests/gold/third [--write]

Each kind of finding has a logistic regression over what found it (`aigraph.facts.confidence`), with a small ridge. The
reliability printed is that of documents left out of the fit, one after the other; the weights written are those of all
documents.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from aigraph import articles
from aigraph.evaluation import Judged, gold_sources, judge
from aigraph.facts.confidence import FEATURES, features
from aigraph.pipeline import Pipeline
from aigraph.records import Facts, Finding
from aigraph.vocab import DEFAULT_BASE

RIDGE = 1.0
STEPS = 50
_HEAD = """# Written by training/calibrate.py, which says from how many findings; see docs/confidence.md.
# {count} findings of {documents} annotated documents; left out by document: expected calibration error {error:.3f}.
"""


@dataclass(frozen=True, slots=True)
class Sample:
    """A finding of an annotated document: what its confidence may follow from, and whether it is right."""

    document: str
    kind: str
    features: tuple[float, ...]
    right: bool


def samples(folders: Sequence[Path]) -> list[Sample]:
    """All findings of the annotated documents of some folders.

    Every document is read once for each feature, which stands in the place of the confidence: so the findings that
    are judged are those of the graph, as its users get them.
    """
    pipeline = Pipeline(DEFAULT_BASE)
    found: list[Sample] = []
    for folder in folders:
        sources = [article for path in gold_sources(folder) for article in articles.read(path)]
        columns: list[tuple[Judged, ...]] = []
        for number in range(len(FEATURES)):
            pipeline.facts.calibrate = _telling(lambda finding, n=number: features(finding)[n])
            columns.append(judge([q for a in sources for q in pipeline.read(a).quads], folder))
        for row in zip(*columns, strict=True):
            assert len({(j.document, j.node) for j in row}) == 1, "the findings are those of one reading"
            values = tuple(j.confidence for j in row)
            found.append(Sample(row[0].document, row[0].kind, values, row[0].right))
    return found


def _telling(value: Callable[[Finding], float]) -> Callable[[Facts], Facts]:
    def tell(facts: Facts) -> Facts:
        return replace(
            facts,
            statements=tuple(replace(f, confidence=value(f)) for f in facts.statements),
            partnerships=tuple(replace(f, confidence=value(f)) for f in facts.partnerships),
            claims=tuple(replace(f, confidence=value(f)) for f in facts.claims),
        )

    return tell


def fit(data: Sequence[Sample]) -> NDArray[np.float64]:
    """The weights of one kind: Newton's method for the logistic likelihood with a ridge on all but the constant."""
    x = np.array([sample.features for sample in data])
    y = np.array([sample.right for sample in data], dtype=float)
    ridge = np.diag([1e-3, *[RIDGE] * (x.shape[1] - 1)])
    weights = np.zeros(x.shape[1])
    for _ in range(STEPS):
        p = 1 / (1 + np.exp(-x @ weights))
        step = np.linalg.solve((x.T * (p * (1 - p))) @ x + ridge, x.T @ (y - p) - ridge @ weights)
        weights += step
        if np.abs(step).max() < 1e-9:
            break
    return weights


def probability(weights: NDArray[np.float64], sample: Sample) -> float:
    """The confidence of one finding."""
    return float(1 / (1 + np.exp(-np.dot(weights, sample.features))))
