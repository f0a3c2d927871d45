#!/usr/bin/env python3
"""Fit the weights by which the metrics of figures are chosen (`aigraph.facts.claims.choosing`), and say what they are worth.

    .venv/bin/python training/weigh_metrics.py [--articles 2000] [--write]

Articles marked as wholes are read (one in a second), and what stands around each of their figures goes into a logistic
regression over the listed metrics, one for each group of units. What annotators call a metric is free words: of the
listed metrics it may be those whose names share most of its words, and the regression learns which of them. A cue counts
where it stands often enough, and by an L1 penalty most weights are nothing. Printed is how many figures of held-out
articles have the right metric by rules alone, by the weights alone, and by both.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from marked import MarkedArticle, MarkedFigure, read_marked, split_articles
from numpy.typing import NDArray

from aigraph import articles
from aigraph.evaluation.matching import content, fold_text, same_metric
from aigraph.facts import FactFinder
from aigraph.facts.claims.catalogue import Metric
from aigraph.facts.claims.choosing import FILE, NAMING, OWN, MetricChooser, Weights, group, likelier, named
from aigraph.ontology import MetricConcept, load_ontology
from aigraph.pipeline import Pipeline
from aigraph.records import Part, Quantity
from aigraph.vocab import AIG, DEFAULT_BASE, Iris

HERE = Path(__file__).parent
GROUPS = ("money", "ratio", "count")
SEED, EPOCHS, RATE, LEAST, PENALTY = 5, 120, 0.3, 6, 3e-4
"""`LEAST` is how often a cue must stand, `PENALTY` the L1 penalty of a weight."""
_SMALL = 0.02
"""Weights below this are left off."""
_TOLERANCE = 0.006
_HEAD = """# Written by training/weigh_metrics.py from {count} figures of {articles} marked articles; see docs/claims.md.
# A line in brackets begins a group of units with its metrics; then a cue, and what it is worth to which of them (by number).
"""


@dataclass(frozen=True, slots=True)
class Case:
    """A figure that is read and marked: its cues, its metric by rules (with its names, and whether rules are sure), the words marked."""

    group: str
    told: tuple[str, ...]
    ruled: str
    names: frozenset[str]
    wanted: str
    sure: bool = False

    @property
    def right(self) -> bool:
        """Are rules right?"""
        return same_metric(self.wanted, self.names)


class _Recorder(MetricChooser):
    """Leaves all metrics as they are, and keeps what they would be chosen by."""

    def __init__(self) -> None:
        self.seen: list[tuple[Quantity, Metric | None, tuple[str, ...]]] = []

    def likelier(self, quantity: Quantity, ruled: Metric | None, told: Sequence[str]) -> str | None:
        self.seen.append((quantity, ruled, tuple(told)))
        return None


class Labels:
    """The listed metrics by the words that name them."""

    def __init__(self, metrics: Iterable[MetricConcept]) -> None:
        found = {AIG.local(metric.iri): metric for metric in metrics}
        units = {name: group(m.usual_unit) if m.usual_unit is not None else "" for name, m in found.items()}
        self.all = {n: frozenset(map(fold_text, (m.label, *m.alternatives))) for n, m in found.items()}
        self.shown = {
            n: frozenset(map(fold_text, (m.label, *(a for a in m.alternatives if a not in m.hidden))))
            for n, m in found.items()
        }
        self._content = {name: [content(label) for label in shown] for name, shown in self.shown.items()}
        without = {name for name, metric in found.items() if metric.usual_unit is None}
        self.of = {each: (OWN, *(n for n in found if units[n] == each or n in without)) for each in GROUPS}

    def meant(self, words: str, kind: str) -> frozenset[str]:
        """The listed metrics that an annotator's words may mean: one of that name, else those that share most words."""
        folded, wanted = fold_text(words), content(words)
        exact = frozenset(name for name in self.of[kind][1:] if folded in self.all[name])
        if exact:
            return exact
        shares = {name: max(_shared(wanted, label) for label in self._content[name]) for name in self.of[kind][1:]}
        most = max(shares.values())
        return frozenset(name for name, share in shares.items() if share == most and share[0])

    def targets(self, case: Case) -> frozenset[str]:
        """The metrics that would be right for a figure."""
        meant = self.meant(case.wanted, case.group)
        if case.ruled in self.of[case.group][1:]:
            return (meant | {case.ruled}) if case.right else meant or frozenset({OWN})
        named = frozenset(name for name in meant if fold_text(case.wanted) in self.all[name])
        return (named | {OWN}) if case.right else meant or frozenset({OWN})


def _shared(wanted: frozenset[str], label: frozenset[str]) -> tuple[int, float]:
    """How many words a label shares with others, and how much of the label that is."""
    return len(wanted & label), len(wanted & label) / len(label)


def read_cases(marked: Sequence[MarkedArticle], labels: Labels) -> Iterator[Case]:
    """The figures of some articles that reading finds."""
    pipeline = Pipeline(DEFAULT_BASE, without=frozenset({Part.WHOLE}))
    recorder = _Recorder()
    finder = FactFinder(load_ontology(), Iris(DEFAULT_BASE), frozenset({Part.WHOLE}), chooser=recorder)
    with tempfile.TemporaryDirectory() as folder:
        for each in marked:
            path = Path(folder, f"{each.id}.txt")
            path.write_text(each.text + "\n", encoding="utf-8")
            (article,) = articles.read(path)
            document = pipeline.documents.read(article)
            recorder.seen.clear()
            finder.ruled(document, pipeline.mentions.find(document))
            moved = max(document.article.text.find(each.text[:40]), 0)
            for figure in each.figures:
                found = next((seen for seen in recorder.seen if _same(seen[0], figure, moved)), None)
                if found is not None:
                    recorder.seen.remove(found)
                    yield _case(*found, figure.metric, labels)


def _same(quantity: Quantity, figure: MarkedFigure, moved: int) -> bool:
    start, end = (place + moved for place in figure.sentence)
    near = abs(quantity.value - figure.value) <= _TOLERANCE * max(abs(figure.value), 1e-12)
    return near and start <= quantity.span.start < end


def _case(quantity: Quantity, ruled: Metric | None, told: tuple[str, ...], wanted: str, labels: Labels) -> Case:
    name = ruled.name if ruled is not None else ""
    names = labels.shown[name] if name else frozenset({fold_text(ruled.concept.label)} if ruled is not None else ())
    return Case(group(quantity.unit), told, name or OWN, names, wanted, ruled is not None and ruled.sure)


def fit(cases: Sequence[Case], metrics: Sequence[str], labels: Labels) -> Weights:
    """The weights of greatest likelihood of any right metric, less an L1 penalty, by AdaGrad over all cases at once."""
    counts = Counter(cue for case in cases for cue in case.told)
    numbers = {cue: n for n, cue in enumerate(sorted(cue for cue, count in counts.items() if count >= LEAST))}
    rows = [np.array([numbers[cue] for cue in case.told if cue in numbers]) for case in cases]
    flat, sizes = np.concatenate(rows), np.array([len(row) for row in rows])
    begins = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    order = np.argsort(flat, kind="stable")
    owners = np.repeat(np.arange(len(rows)), sizes)[order]
    firsts = np.searchsorted(flat[order], np.arange(len(numbers)))
    right = np.zeros((len(cases), len(metrics)), np.float32)
    for number, case in enumerate(cases):
        right[number, [metrics.index(name) for name in labels.targets(case)]] = 1
    kinds = sorted(NAMING)
    naming = [(n, metric, kinds.index(kind)) for n, c in enumerate(cases) for kind, metric in named(c.told, metrics)]
    of_case, of_metric, of_kind = (np.array(column) for column in zip(*naming, strict=True))
    tied, tied_squares = np.zeros(len(kinds)), np.full(len(kinds), 1e-6)
    weights = np.zeros((len(numbers), len(metrics)), np.float32)
    squares = np.full_like(weights, 1e-6)
    for _ in range(EPOCHS):
        scores = np.add.reduceat(weights[flat], begins, axis=0)
        np.add.at(scores, (of_case, of_metric), tied[of_kind])
        chances = _softmax(scores)
        wanted = chances * right
        error = (chances - wanted / (wanted.sum(1, keepdims=True) + 1e-9)) / len(rows)
        pull = np.bincount(of_kind, error[of_case, of_metric], len(kinds))
        tied_squares += pull**2
        tied -= RATE / np.sqrt(tied_squares) * pull
        slope = np.add.reduceat(error[owners], firsts, axis=0)
        squares += slope**2
        step = RATE / np.sqrt(squares)
        weights -= step * slope
        weights = np.sign(weights) * np.maximum(np.abs(weights) - step * PENALTY, 0)
    kept: dict[str, tuple[tuple[int, float], ...]] = {}
    for cue, number in numbers.items():
        pairs = tuple((n, round(float(w), 2)) for n, w in enumerate(weights[number]) if abs(w) >= _SMALL)
        if pairs:
            kept[cue] = pairs
    return Weights(tuple(metrics), {kind: round(float(w), 2) for kind, w in zip(kinds, tied, strict=True)}, kept)


def _softmax(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    odds = np.exp(scores - scores.max(1, keepdims=True))
    shares: NDArray[np.float32] = odds / odds.sum(1, keepdims=True)
    return shares


def report(cases: Sequence[Case], weights: Mapping[str, Weights], labels: Labels) -> str:
    """How many figures have the right metric by rules, by the weights alone, and by both."""
    lines = []
    for kind in (*GROUPS, ""):
        told = [case for case in cases if not kind or case.group == kind]
        alone = both = 0
        for case in told:
            chances = weights[case.group].chances(case.told)
            best = max(chances, key=lambda name: (chances[name], name))
            alone += case.right if best == OWN else same_metric(case.wanted, labels.shown[best])
            chosen = None if case.sure else likelier(chances, case.ruled)
            both += case.right if chosen is None else same_metric(case.wanted, labels.shown[chosen])
        ruled = sum(case.right for case in told)
        lines.append(
            f"{kind or 'all':6} {len(told):6} figures, right by rules {ruled}, by weights {alone}, by both {both}"
        )
    return "\n".join(lines)


def write(weights: Mapping[str, Weights], head: str) -> None:
    """The shipped file."""
    lines = [head.rstrip("\n")]
    for kind, each in weights.items():
        lines.append(f"[{kind}] {' '.join(each.metrics)}")
        lines += [f"{kind}\t{weight:g}" for kind, weight in each.naming.items()]
        for cue, pairs in each.weights.items():
            lines.append(f"{cue}\t{' '.join(f'{number}={weight:g}' for number, weight in pairs)}")
    FILE.write_text("\n".join(lines) + "\n", encoding="utf-8")


def main() -> None:
    """Read, fit, print, and with --write, write the shipped weights."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=2000, help="how many training articles are read")
    parser.add_argument("--held-out", type=int, default=600, help="how many held-out articles are read")
    parser.add_argument("--write", action="store_true", help="write the shipped weights")
    options = parser.parse_args()
    training, held_out = split_articles(read_marked(sorted((HERE / "articles").glob("*.txt"))))
    random.Random(SEED).shuffle(training)
    labels = Labels(load_ontology().metrics)
    cases = [case for case in read_cases(training[: options.articles], labels) if case.group]
    weights = {kind: fit([c for c in cases if c.group == kind], labels.of[kind], labels) for kind in GROUPS}
    print(report([c for c in read_cases(held_out[: options.held_out], labels) if c.group], weights, labels))
    if options.write:
        write(weights, _HEAD.format(count=len(cases), articles=min(options.articles, len(training))))


if __name__ == "__main__":
    main()
