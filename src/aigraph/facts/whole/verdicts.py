"""What the network says of an article, out of what it says of its windows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from aigraph.facts.whole.story import NOBODY, OTHER
from aigraph.facts.whole.windows import View
from aigraph.language.whole import MODALITIES, PAIR_LABELS, SYMMETRIC, Scores
from aigraph.records import Modality

Stances = tuple[float, float, float, float]
"""The shares of a fact, of what is denied or over, of what is open, and of a rumour."""
_HINT = 0.05
"""The chance from which a pair is remembered."""


@dataclass(slots=True)
class Verdict:
    """What the network says of an article: pairs with their chance and sentence; for each figure what it chooses.

    Entities, figures, times and sentences are numbers of the story; `stances` are shares in the order of
    `aigraph.language.whole.STANCES`, by pair; `voices` has for each sentence the chances of who says what it tells
    (`NOBODY`: the author).
    """

    pairs: dict[tuple[int, int, str], tuple[float, int]] = field(default_factory=dict)
    figures: dict[int, FigureVerdict] = field(default_factory=dict)
    stances: dict[tuple[int, int], Stances] = field(default_factory=dict)
    voices: dict[int, Mapping[int, float]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FigureVerdict:
    """The likeliest of each attribute of a figure, with its chance; `chances` are those of all choices."""

    about: tuple[int, float]
    says: tuple[int, float]
    mood: tuple[Modality, float]
    time: tuple[int, float]
    chances: tuple[Mapping[int, float], Mapping[int, float], Mapping[Modality, float], Mapping[int, float]]


def take_pairs(verdict: Verdict, seen: View, scores: Scores) -> None:
    """Take in the pairs of a window; of two windows the surer one counts, and for stances the first."""
    chances = scores.pairs * seen.labels
    for (first, second, _), shares in zip(seen.window.pairs.tolist(), scores.stance.tolist(), strict=True):
        verdict.stances.setdefault((seen.entities[first], seen.entities[second]), tuple(shares))
    for row, label in zip(*np.nonzero(chances >= _HINT), strict=True):
        first, second, _ = seen.window.pairs[row]
        key = seen.entities[first], seen.entities[second], PAIR_LABELS[label]
        if key[2] in SYMMETRIC and key[0] > key[1]:
            key = key[1], key[0], key[2]
        chance = float(chances[row, label])
        if chance > verdict.pairs.get(key, (0.0, 0))[0]:
            verdict.pairs[key] = chance, _looked_at(seen, scores.looked[row], int(first), int(second))


def _looked_at(seen: View, looked: NDArray[np.float32], first: int, second: int) -> int:
    """The sentence that tells a pair: the one most looked at among those that mention one of the two."""
    ends = seen.window.member
    named = {int(seen.window.mentions[m, 2]) for e in (first, second) for m in np.nonzero(ends[e])[0]}
    shares = {s: float(looked[seen.sentences == s].sum()) for s in sorted(named)}
    return max(shares, key=lambda s: (shares[s], -s))


def take_figures(verdict: Verdict, seen: View, scores: Scores) -> None:
    """Take in the figures of a window; of two windows the one that is surer of what a figure is about counts."""
    choices = [*seen.entities, OTHER, NOBODY]
    times = [*seen.times, NOBODY]
    drop = 0 if seen.times else 1  # the place that stands for no time
    for row, figure in enumerate(seen.figures):
        about, says, mood = scores.about[row], scores.says[row], scores.mood[row]
        time = scores.time[row][drop:]
        known = verdict.figures.get(figure)
        if known is not None and known.about[1] >= float(about.max()):
            continue
        verdict.figures[figure] = FigureVerdict(
            (choices[int(about.argmax())], float(about.max())),
            (choices[int(says.argmax())], float(says.max())),
            (Modality(MODALITIES[int(mood.argmax())]), float(mood.max())),
            (times[int(time.argmax())], float(time.max())),
            (
                dict(zip(choices, map(float, about), strict=True)),
                dict(zip(choices, map(float, says), strict=True)),
                {Modality(name): float(chance) for name, chance in zip(MODALITIES, mood, strict=True)},
                dict(zip(times, map(float, time), strict=True)),
            ),
        )


def take_voices(verdict: Verdict, seen: View, scores: Scores) -> None:
    """Take in who says what sentences of a window tell; of two windows the first counts: it knows what came before."""
    choices = [*seen.entities, OTHER, NOBODY]
    for sentence, shares in zip(seen.window.lines[:, 2].tolist(), scores.voice, strict=True):
        verdict.voices.setdefault(sentence, dict(zip(choices, map(float, shares), strict=True)))
