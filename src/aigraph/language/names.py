"""Names from the tags of words: begin, inside, end, single of each type, or outside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

_IMPOSSIBLE = -1e4
OUTSIDE = "O"


@dataclass(frozen=True, slots=True)
class Name:
    """A name at the tokens `first` to `last` (exclusive) of its Doc.

    `types` are all types with the probability that the network gives each, the likeliest first; `score` is that of
    these words being a name at all.
    """

    first: int
    last: int
    score: float
    types: tuple[tuple[str, float], ...]

    @property
    def type(self) -> str:
        """The likeliest type."""
        return self.types[0][0]


class NameDecoder:
    """The best sequence of tags that makes sense, and the names it marks."""

    def __init__(self, tags: Sequence[str]) -> None:
        self._tags = tuple(tags)
        self._parts = tuple(tag.partition("-")[0] for tag in tags)
        kinds = [tag.partition("-")[2] for tag in tags]
        self._kinds = tuple(sorted({kind for kind in kinds if kind}))
        # (tags, types): which tags belong to a type
        self._belongs = np.array([[kind == wanted for wanted in self._kinds] for kind in kinds], dtype=np.float32)
        size = len(tags)
        self._step = np.full((size, size), _IMPOSSIBLE, dtype=np.float32)
        for i in range(size):
            for j in range(size):
                if _follows(self._parts[i], kinds[i], self._parts[j], kinds[j]):
                    self._step[i, j] = 0.0
        self._first = np.array([0.0 if part in "OBS" else _IMPOSSIBLE for part in self._parts], dtype=np.float32)
        self._last = np.array([0.0 if part in "OES" else _IMPOSSIBLE for part in self._parts], dtype=np.float32)

    def names(self, scores: NDArray[np.float32]) -> tuple[Name, ...]:
        """The names of one sentence by the scores (words, tags) of each word's tags."""
        if not len(scores):
            return ()
        best: list[int] = scores.argmax(1).tolist()
        if all(self._parts[i] == OUTSIDE for i in best):
            return ()
        if not self._sensible(best):
            best = self._viterbi(scores)
        chances = np.exp(scores - scores.max(1, keepdims=True))
        chances /= chances.sum(1, keepdims=True)
        found: list[Name] = []
        start = 0
        for i, tag in enumerate(best):
            if self._parts[tag] in "BS":
                start = i
            if self._parts[tag] in "ES":
                found.append(self._name(chances[start : i + 1], start, i + 1))
        return tuple(found)

    def _name(self, chances: NDArray[np.float32], first: int, last: int) -> Name:
        each = chances @ self._belongs
        joint = np.exp(np.log(each + 1e-9).sum(0) / len(each))
        shares = (joint / joint.sum()).round(4).tolist()
        types = sorted(zip(self._kinds, shares, strict=True), key=lambda t: (-t[1], t[0]))
        return Name(first, last, round(float(each.sum(1).min()), 4), tuple(types))

    def _sensible(self, tags: Sequence[int]) -> bool:
        if self._first[tags[0]] or self._last[tags[-1]]:
            return False
        return all(self._step[i, j] == 0.0 for i, j in pairwise(tags))

    def _viterbi(self, scores: NDArray[np.float32]) -> list[int]:
        total = scores[0] + self._first
        back: list[NDArray[np.intp]] = []
        for row in scores[1:]:
            paths = total[:, None] + self._step
            back.append(paths.argmax(0))
            total = paths.max(0) + row
        tag = int((total + self._last).argmax())
        tags = [tag]
        for pointers in reversed(back):
            tag = int(pointers[tag])
            tags.append(tag)
        return tags[::-1]


def _follows(part: str, kind: str, next_part: str, next_kind: str) -> bool:
    if part in ("B", "I"):
        return next_part in ("I", "E") and kind == next_kind
    return next_part in ("O", "B", "S")
