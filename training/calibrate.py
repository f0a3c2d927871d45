#!/usr/bin/env python3
"""Fit the weights by which findings get their confidence, and say how far the confidences can be believed.

    .venv/bin/python training/calibrate.py tests/gold/third tests/gold/study tests/gold/fourth tests/gold/fifth [--write]

Each kind of finding has a logistic regression over what found it (`aigraph.facts.confidence`), with a small ridge. The
reliability printed is that of documents left out of the fit, one after the other; the weights written are those of all
documents.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from logistic import logistic
from numpy.typing import NDArray

from aigraph.evaluation import Evaluation, Judged, format_reliability, read_and_evaluate, reliability
from aigraph.facts import FactFinder
from aigraph.facts.confidence import FEATURES, FILE, features, load_weights
from aigraph.ontology import Ontology
from aigraph.pipeline import MakeExtractor
from aigraph.records import Facts, Finding, Part
from aigraph.vocab import DEFAULT_BASE, Iris

NAMES = {"relations": "relation", "partnerships": "deal", "figures": "figure", "attributions": "saying"}
"""The kinds as they are judged, and as `confidence.yaml` names them."""
RIDGE = 1.0
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

    A number stands in the place of each finding's confidence, by which its features are found again: so the findings that
    are judged are those of the graph, as its users get them.
    """
    found: list[Sample] = []
    for folder in folders:
        numbered: list[tuple[float, ...]] = []
        evaluation, _ = read_and_evaluate(folder, base=DEFAULT_BASE, extractors=(_finder_numbering(numbered),))
        for judged in evaluation.judged:
            if judged.own and judged.confidence is not None:
                values = numbered[round(judged.confidence)]
                found.append(Sample(judged.document, judged.kind, values, judged.right))
    return found


def _finder_numbering(numbered: list[tuple[float, ...]]) -> MakeExtractor:
    def number(finding: Finding) -> float:
        numbered.append(features(finding))
        return float(len(numbered) - 1)

    def make(ontology: Ontology, iris: Iris, without: frozenset[Part]) -> FactFinder:
        finder = FactFinder(ontology, iris, without)
        finder.calibrate = _telling(number)
        return finder

    return make


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
    """The weights of one kind, with a ridge on all but the constant."""
    x = np.array([sample.features for sample in data])
    ridge = np.array([1e-3, *[RIDGE] * (x.shape[1] - 1)])
    return logistic(x, np.array([sample.right for sample in data], dtype=float), ridge)


def probability(weights: NDArray[np.float64], sample: Sample) -> float:
    """The confidence of one finding."""
    return float(1 / (1 + np.exp(-np.dot(weights, sample.features))))


def left_out(data: Sequence[Sample]) -> list[float]:
    """Each finding's confidence by weights fitted without its document."""
    by_document = {
        document: fit([s for s in data if s.document != document]) for document in {s.document for s in data}
    }
    return [probability(by_document[sample.document], sample) for sample in data]


def main() -> None:
    """Fit, print the reliability, write the weights if asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="+", help="folders of annotated articles")
    parser.add_argument("--write", action="store_true", help=f"write {FILE.name}")
    options = parser.parse_args()
    data = samples(options.folders)
    known = load_weights()
    judged: list[Judged] = []
    lines = []
    for kind, name in NAMES.items():
        own = [sample for sample in data if sample.kind == kind]
        together = enumerate(zip(own, left_out(own), strict=True))
        judged += [Judged(s.document, kind, "", "", c, s.right, str(n), ()) for n, (s, c) in together]
        bounds = {"alone": known[name].alone, "against": known[name].against}
        weights = dict(zip(FEATURES, fit(own).tolist(), strict=True)) | bounds
        lines.append(f"{name}: {{{', '.join(f'{key}: {value:.3f}' for key, value in weights.items())}}}")
        print(f"{len(own)} findings, {sum(s.right for s in own)} right; {lines[-1]}")
    tables = reliability(judged)
    print(format_reliability(Evaluation((), (), judged=tuple(judged))))
    if options.write:
        error = next(table.error for table in tables if table.kind == "together")
        head = _HEAD.format(count=len(judged), documents=len({s.document for s in data}), error=error)
        FILE.write_text(head + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
