"""Windows of marked articles with what is right of them, as arrays that travel between processes cheaply."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from stories import UNKNOWN, Example

from aigraph.facts.whole.story import NOBODY, OTHER
from aigraph.facts.whole.windows import View
from aigraph.language.whole import PAIR_LABELS, STANCES, SYMMETRIC

Array = NDArray[np.generic]
_UNSTATED = frozenset({"denied", "open"})
"""Stances of what the text does not state."""


@dataclass(frozen=True, slots=True)
class Item:
    """A window and what is right of it, by the names of `Window` and of `whole.Verdicts`.

    Of pairs `known` (pairs, labels) says where the answer is known, `evidence` has (pair, sentence) and `stances`
    (pair, stance); choices are numbers of columns, or for `time`, `metric` and `voice` masks of what is right, none
    where that is not known. `sentences` has the sentence of each subword.
    """

    given: dict[str, Array]
    right: dict[str, Array]


class _Rows:
    """Where entities and pairs of a story stand in a window."""

    def __init__(self, seen: View) -> None:
        self.entities = {entity: i for i, entity in enumerate(seen.entities)}
        self.pairs = {(int(a), int(b)): i for i, (a, b, _) in enumerate(seen.window.pairs)}
        size = len(self.entities)
        self._special = {UNKNOWN: UNKNOWN, OTHER: size, NOBODY: size + 1}

    def pair(self, first: int, second: int, label: str) -> int | None:
        if first not in self.entities or second not in self.entities:
            return None
        a, b = self.entities[first], self.entities[second]
        return self.pairs.get((b, a) if label in SYMMETRIC and a > b else (a, b))

    def choice(self, number: int) -> int:
        """The column of an entity, of "something else" or of "nothing"."""
        return self._special[number] if number in self._special else self.entities.get(number, UNKNOWN)


def item(example: Example, seen: View) -> Item:
    """A window of an example with what is right of it."""
    window, rows = seen.window, _Rows(seen)
    right = {**_pairs(example, seen, rows), **_figures(example, seen, rows), "sentences": seen.sentences}
    voices = np.zeros((len(window.lines), len(rows.entities) + 2), dtype=bool)
    for i, sentence in enumerate(window.lines[:, 2].tolist()):
        for place in map(rows.choice, example.voices.get(sentence, ())):
            if place != UNKNOWN:
                voices[i, place] = True
    return Item({name: getattr(window, name) for name in window.__dataclass_fields__}, {**right, "voice": voices})


def _pairs(example: Example, seen: View, rows: _Rows) -> dict[str, Array]:
    right = np.zeros((len(seen.window.pairs), len(PAIR_LABELS)), dtype=np.float32)
    known = seen.labels.copy()
    here = set(map(int, seen.sentences)) - {-1}
    evidence: list[tuple[int, int]] = []
    stances: list[tuple[int, int]] = []
    for first, second, label, sentence, stance in example.stances:
        pair = rows.pair(first, second, label)
        if pair is not None and sentence in here:
            stances.append((pair, stance))
            if STANCES[stance] in _UNSTATED:
                evidence.append((pair, sentence))
    for first, second, label, sentence in example.pairs:
        pair = rows.pair(first, second, label)
        if pair is not None and sentence in here:
            right[pair, PAIR_LABELS.index(label)] = 1
            evidence.append((pair, sentence))
        elif pair is not None:
            known[pair, PAIR_LABELS.index(label)] = 0
    for (a, b), pair in rows.pairs.items():
        if seen.entities[a] in example.doubles or seen.entities[b] in example.doubles:
            known[pair] = 0
    if example.near:
        known = known * ((seen.window.pairs[:, 2] == 0)[:, None] | (right > 0))
    return {
        "pairs": right,
        "known": known.astype(np.float32),
        "evidence": np.array(evidence, dtype=np.int64).reshape(-1, 2),
        "stances": np.array(stances, dtype=np.int64).reshape(-1, 2),
    }


def _figures(example: Example, seen: View, rows: _Rows) -> dict[str, Array]:
    window = seen.window
    figures = [example.figures[k] for k in seen.figures]
    times = {k: i for i, k in enumerate(seen.times)} | {len(example.story.times): len(window.times)}
    places = {word: at for at, word in seen.words.items()}
    time = np.zeros((len(window.figures), len(window.times) + 1), dtype=bool)
    metric = np.zeros((len(window.figures), len(window.pieces)), dtype=bool)
    for i, figure in enumerate(figures):
        time[i, [times[t] for t in figure.times if t in times]] = True
        metric[i, [places[w] for w in figure.metric if w in places]] = True
    # one that stands for nothing fills an empty place
    empty = [UNKNOWN] * (len(window.figures) - len(figures))

    def chosen(numbers: Sequence[int]) -> Array:
        return np.array([*numbers, *empty], dtype=np.int64)

    return {
        "about": chosen([rows.choice(f.about) for f in figures]),
        "says": chosen([rows.choice(f.says) for f in figures]),
        "mood": chosen([f.mood for f in figures]),
        "time": time,
        "metric": metric,
    }
