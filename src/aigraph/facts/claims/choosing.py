"""Which listed metric a figure has, by what careful readers said of figures in like sentences.

Rules name a metric by its names and by words that speak for one. Where these are far, missing or several, what stands
around the figure still tells: "$40 million from two funds" is what was raised. So the words of the sentence, its tree
and what rules say go into a logistic regression over the listed metrics, one for sums, one for shares and factors, one
for counts. `training/weigh_metrics.py` fits them on the marked articles; `choosing.txt` holds the weights.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from aigraph.errors import DataError
from aigraph.facts.claims.bearers import figure_head
from aigraph.facts.claims.catalogue import Metric
from aigraph.facts.claims.measures import Anchor
from aigraph.facts.claims.situations import ReadSentence
from aigraph.facts.words.sentences import Word
from aigraph.facts.words.trees import preposition
from aigraph.records import MentionKind, Quantity
from aigraph.vocab import AIG, UNIT

if TYPE_CHECKING:
    from pyoxigraph import NamedNode

    from aigraph.facts.words.tokens import Token

FILE = Path(__file__).with_name("choosing.txt")
NAMING = frozenset({"rule", "rule?", "previous", "earlier", "name0", "name1", "name2", "near", "about", "far"})
"""The kinds of cues that name a metric."""
OWN = "own"
"""Stands for a metric that is not listed: one of the article's own words, or none."""
_MARGIN = 0.1
"""By how much likelier than what rules say another metric has to be."""
_REACH = 12
_NEXT = 3
_MAGNITUDES = (100.0, 1e5, 2e6, 5e7, 1e9, 2e10)
_ANCHORS = 4


def group(unit: NamedNode) -> str:
    """The group of units whose figures are weighed alike; empty for those that are left to rules."""
    if "/CCY_" in unit.value:
        return "money"
    if unit in (UNIT.PERCENT, AIG.Times):
        return "ratio"
    return "count" if unit == UNIT.NUM else ""


def cues(
    read: ReadSentence,
    quantity: Quantity,
    ruled: Metric | None,
    *,
    previous: Metric | None,
    earlier: Metric | None,
    about: str,
    anchors: Sequence[Anchor],
    around: Sequence[tuple[str, float]],
) -> list[str]:
    """What may tell the metric of a figure, each as a short word of its own.

    `previous` is the metric of the figure of that unit before in the sentence, `earlier` that of a sentence before,
    `about` the type of what the figure is about, `around` the listed metrics whose words stand around it, with how far.
    """
    found = [*_own(read, quantity, about), *_worded(read, quantity), *_told(read, quantity, anchors)]
    found.append(f"{'rule?' if ruled is not None and ruled.supposed else 'rule'} {_name(ruled)}")
    found.append(f"previous {_name(previous)}")
    found.append(f"earlier {_name(earlier)}")
    for rank, (name, cost) in enumerate(around[:_ANCHORS]):
        found.append(f"name{min(rank, 2)} {name}")
        found.append(f"{'near' if cost < 3 else 'far' if cost > 8 else 'about'} {name}")
    return sorted(set(found))


def _name(metric: Metric | None) -> str:
    return "none" if metric is None else metric.name or OWN


def _own(read: ReadSentence, quantity: Quantity, about: str) -> Iterator[str]:
    """What the figure itself tells: unit, magnitude, bound, and the noun that it counts."""
    magnitude = sum(abs(quantity.value) >= bound for bound in _MAGNITUDES)
    kind = "money" if group(quantity.unit) == "money" else quantity.unit.value.rsplit("/", 1)[-1].rsplit("#", 1)[-1]
    yield "all"
    yield f"size {kind} {magnitude}"
    yield f"bound {quantity.comparator.value}"
    yield f"type {about}"
    if quantity.noun is not None:
        noun = read.passage.text[quantity.noun.start : quantity.noun.end].casefold().split()
        yield f"noun {noun[-1]}"


def _worded(read: ReadSentence, quantity: Quantity) -> Iterator[str]:
    """The words of the sentence: those next to the figure with their place, those near by side, all others."""
    lemmas = {read.tree.span(t).start: t.lemma_ for t in read.tree.tokens} if read.tree is not None else {}
    words = [word for word in read.passage.words if word.solid or word.text in ("$", "%", '"', "(", ":", "—")]
    inside = [i for i, word in enumerate(words) if word.span.overlaps(quantity.span)]
    if not inside:
        return
    others = [q for q in read.quantities if q is not quantity]
    left = _plain(words[: inside[0]], others, lemmas)
    right = _plain(words[inside[-1] + 1 :], others, lemmas)
    clause = read.passage.clause(quantity.span)
    for place in range(1, _NEXT + 1):
        if len(left) >= place:
            yield f"-{place} {left[-place]}"
        if len(right) >= place:
            yield f"+{place} {right[place - 1]}"
    if len(left) > 1:
        yield f"-2-1 {left[-2]} {left[-1]}"
    if len(right) > 1:
        yield f"+1+2 {right[0]} {right[1]}"
    for word in left[-_REACH:]:
        yield f"before {word}"
    for word in right[:_REACH]:
        yield f"behind {word}"
    for word in (*left, *right):
        yield f"with {word}"
    for word in _plain([w for w in words if any(w.span.overlaps(part) for part in clause)], others, lemmas):
        yield f"clause {word}"


def _plain(words: Sequence[Word], others: Sequence[Quantity], lemmas: dict[int, str]) -> list[str]:
    """Words as they are weighed: names by their type, other figures by their unit, all else by its lemma."""
    found: list[str] = []
    for word in words:
        figure = next((q for q in others if q.span.overlaps(word.span)), None)
        if figure is not None:
            text = f"<{group(figure.unit) or 'figure'}>"
        elif word.mention is not None and word.mention.kind != MentionKind.PRONOUN:
            text = f"<{word.mention.type.value}>"
        elif word.text[0].isdigit():
            text = "<number>"
        else:
            text = lemmas.get(word.span.start, word.text).casefold()
            text = word.text if "-" in word.text else text
        if not (figure is not None and found[-1:] == [text]):
            found.append(text)
    return found


def _told(read: ReadSentence, quantity: Quantity, anchors: Sequence[Anchor]) -> Iterator[str]:
    """What the tree tells: the figure's place, the verb of its clause and its subject, the nouns that it hangs on."""
    tree = read.tree
    head: Token | None = figure_head(tree, quantity) if tree is not None else None
    if tree is None or head is None:
        return
    yield f"place {head.dep_} {preposition(head)}"
    predicate = tree.clause(head)
    yield f"verb {predicate.lemma_.casefold()}"
    yield f"verb {predicate.lemma_.casefold()} {head.dep_} {preposition(head)}"
    subject = tree.subject(predicate)
    if subject is not None and subject.i != head.i:
        mention = tree.mention(subject)
        named = mention is not None and mention.kind != MentionKind.PRONOUN
        yield f"subject <{mention.type.value}>" if named and mention else f"subject {subject.lemma_.casefold()}"
    for rank, anchor in enumerate(anchors[:_ANCHORS]):
        if anchor.role:
            yield f"role {anchor.role}"
        if anchor.label:
            noun = anchor.label.casefold().split()[-1]
            yield f"noun{min(rank, 1)} {noun}"
            yield f"hangs {anchor.label.casefold()}"


@dataclass(frozen=True, slots=True)
class Weights:
    """What each cue speaks for and against, for one group of units: the metrics that there are, and their weights.

    `naming` is what a cue of some kind ("rule", "near") is worth to whatever metric it names, besides: so metrics that
    few articles have are heard, too.
    """

    metrics: tuple[str, ...]
    naming: Mapping[str, float]
    weights: Mapping[str, tuple[tuple[int, float], ...]]

    def chances(self, told: Sequence[str]) -> dict[str, float]:
        """How likely each metric is by some cues."""
        scores = [0.0] * len(self.metrics)
        for kind, number in named(told, self.metrics):
            scores[number] += self.naming.get(kind, 0.0)
        for cue in told:
            for number, weight in self.weights.get(cue, ()):
                scores[number] += weight
        top = max(scores)
        odds = [math.exp(score - top) for score in scores]
        return {name: each / sum(odds) for name, each in zip(self.metrics, odds, strict=True)}


def named(told: Sequence[str], metrics: Sequence[str]) -> Iterator[tuple[str, int]]:
    """The cues that name a metric: of which kind, and the number of the metric."""
    for cue in told:
        kind, _, name = cue.partition(" ")
        if kind in NAMING:
            own = name == "none" or (kind in ("rule", "rule?") and name not in metrics)
            if own or name in metrics:
                yield kind, metrics.index(OWN if own else name)


@cache
def load_weights() -> Mapping[str, Weights]:
    """The shipped weights, by group of units.

    Raises:
        DataError: the file is broken.
    """
    found: dict[str, Weights] = {}
    try:
        for line in FILE.read_text(encoding="utf-8").splitlines():
            cue, _, told = line.partition("\t")
            if line.startswith("["):
                name, _, metrics = line[1:].partition("] ")
                found[name] = Weights(tuple(metrics.split()), naming := {}, weights := {})
            elif cue in NAMING:
                naming[cue] = float(told)
            elif line and not line.startswith("# "):
                pairs = (pair.split("=") for pair in told.split())
                weights[cue] = tuple((int(number), float(weight)) for number, weight in pairs)
    except (OSError, ValueError, UnboundLocalError) as error:
        raise DataError(f"{FILE}: the weights of metrics cannot be read ({error}). Install aigraph again.") from error
    return found


def likelier(chances: Mapping[str, float], ruled: str) -> str | None:
    """The listed metric that is by far likelier than the one of that name by rules; None where there is none."""
    best = max(chances, key=lambda name: (chances[name], name))
    kept = chances.get(ruled, chances[OWN])
    return None if best == OWN or chances[best] - kept < _MARGIN else best


class MetricChooser:
    """Names a likelier metric than what rules say; one instance serves any number of articles."""

    def likelier(self, quantity: Quantity, ruled: Metric | None, told: Sequence[str]) -> str | None:
        """The name of the listed metric that a figure has by its cues; None where what rules say may stand."""
        if ruled is not None and ruled.sure:
            return None
        chances = load_weights()[group(quantity.unit)].chances(told)
        return likelier(chances, ruled.name if ruled is not None else OWN)
