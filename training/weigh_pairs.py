#!/usr/bin/env python3
"""Fit the weights by which relations and deals are weighed (`aigraph.facts.whole.weighing`), and say what they are worth.

    .venv/bin/python training/weigh_pairs.py [--write]

The held-out marked articles are read with the shipped network, which has not learnt from them (a quarter of an hour).
Printed are precision, recall and their harmonic mean from several bounds on, with weights fitted without a fifth of the
articles for that fifth; the weights written are those of all. To be run whenever the network for whole articles is new.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from logistic import logistic
from marked import NO_FACT, MarkedArticle, read_marked, split_articles
from numpy.typing import NDArray
from stories import Example, Reading

from aigraph.facts.speech.attribution import AttributionReader
from aigraph.facts.whole.judging import Judge
from aigraph.facts.whole.story import Story
from aigraph.facts.whole.verdicts import Verdict
from aigraph.facts.whole.weighing import FEATURES, FILE, GROUPS, candidates
from aigraph.language.whole import SYMMETRIC
from aigraph.ontology import load_ontology

HERE = Path(__file__).parent
RIDGE, FOLDS = 3.0, 5
BOUNDS = (0.25, 0.3, 0.33, 0.36, 0.4, 0.45, 0.5)
_HEAD = """# Written by training/weigh_pairs.py from {count} pairs of entities in {articles} held-out marked articles; see docs/language.md.
"""
Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Sample:
    """A pair of entities that may belong together: its article, label and features, and whether it is marked."""

    article: int
    label: str
    features: tuple[float, ...]
    right: bool


def samples(examples: Sequence[Example], read: Callable[[Story], Verdict]) -> list[Sample]:
    """All candidates of some articles."""
    found: list[Sample] = []
    for number, example in enumerate(examples):
        marked = {(a, b, label) for a, b, label, _ in example.pairs}
        features = candidates(example.story, read(example.story))
        found += [Sample(number, key[2], values, key in marked) for key, values in features.items()]
    return found


def marked_pairs(article: MarkedArticle, labels: Sequence[str]) -> int:
    """How many pairs of entities of an article are marked with one of some labels as facts."""
    facts = [pair for pair in article.pairs if pair.label in labels and pair.mark not in tuple(NO_FACT)]
    ends = ((pair.label, pair.first, pair.second) for pair in facts)
    return len({(label, *(sorted(pair) if label in SYMMETRIC else pair)) for label, *pair in ends})


def table(data: Sequence[Sample], labels: Sequence[str]) -> Numbers:
    """The features of samples, behind a column for each label."""
    rows = [[*(float(sample.label == label) for label in labels), *sample.features] for sample in data]
    return np.array(rows, dtype=np.float64).reshape(-1, len(labels) + len(FEATURES))


def fit(data: Sequence[Sample], labels: Sequence[str]) -> Numbers:
    """The weights, with a ridge on features as large as they spread."""
    x = table(data, labels)
    ridge = np.array([*[0.1] * len(labels), *(RIDGE * x.std(0)[len(labels) :] ** 2 + 1e-6)])
    return logistic(x, np.array([sample.right for sample in data], dtype=np.float64), ridge)


def left_out(data: Sequence[Sample], labels: Sequence[str]) -> Numbers:
    """How likely each sample is right, by weights fitted without a fifth of the articles, its own among them."""
    found = np.zeros(len(data))
    for fold in range(FOLDS):
        own = [i for i, sample in enumerate(data) if sample.article % FOLDS == fold]
        weights = fit([sample for sample in data if sample.article % FOLDS != fold], labels)
        found[own] = 1 / (1 + np.exp(-table([data[i] for i in own], labels) @ weights))
    return found


def measured(data: Sequence[Sample], told: Numbers, marked: int) -> list[str]:
    """Precision, recall and their mean from each bound on; not all marked pairs are candidates."""
    right = np.array([sample.right for sample in data])
    lines = []
    for bound in BOUNDS:
        taken = told >= bound
        hits, all_ = int(right[taken].sum()), int(taken.sum())
        p, r = hits / max(all_, 1), hits / max(marked, 1)
        lines.append(f"from {bound:.2f} on: P {p:.3f} R {r:.3f} F {2 * hits / max(all_ + marked, 1):.3f}")
    return lines


def written(data: Sequence[Sample], articles: int) -> str:
    """The file of weights."""
    text = _HEAD.format(count=len(data), articles=articles)
    for group, labels in GROUPS.items():
        own = [sample for sample in data if sample.label in labels]
        weights = dict(zip((*labels, *FEATURES), fit(own, labels).tolist(), strict=True))
        text += f"{group}:\n"
        for name, members in (("constants", labels), ("weights", FEATURES)):
            text += f"  {name}: {{{', '.join(f'{each}: {weights[each]:.3f}' for each in members)}}}\n"
    return text


def main() -> None:
    """Read, fit, print, and write the weights if asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help=f"write {FILE.name}")
    options = parser.parse_args()
    _, held_out = split_articles(read_marked(sorted((HERE / "articles").glob("*.txt"))))
    examples = list(Reading().marked(held_out))
    judge = Judge(load_ontology(), AttributionReader(), lambda *_: ())
    data = samples(examples, judge.read)
    for group, labels in GROUPS.items():
        own = [sample for sample in data if sample.label in labels]
        marked = sum(marked_pairs(article, labels) for article in held_out)
        print(f"{group}: {len(own)} pairs, {sum(s.right for s in own)} right of {marked} that are marked")
        print(*measured(own, left_out(own, labels), marked), sep="\n")
    if options.write:
        FILE.write_text(written(data, len(examples)), encoding="utf-8")


if __name__ == "__main__":
    main()
