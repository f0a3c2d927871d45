"""A sketch of an article's text that tells copies without looking at the texts again.

It holds a MinHash of the text (64 smallest hashes over runs of three words: the share of equal ones estimates the share
of runs that two texts have in common) and the keys of how its sentences begin. `docs/adr/0008-propositions.md` says why
these are 60 lines of our own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from operator import eq

import numpy as np

from aigraph.propositions.wording import hashed, opening, words

SIZE = 64
BANDS = 16
COPY = 0.5
"""The share of common runs of words from which two texts count as copies: edited wire copy has 0.5 to 0.95."""

_RUN = 3
_FEWEST = 20
_PRIME = (1 << 61) - 1
_SENTENCE = re.compile(r"(?<=[.!?])[\"”’)]*\s+|\n+")


def _factors() -> tuple[np.ndarray, np.ndarray]:
    """Fixed factors of the hash functions: odd numbers below 2^32 from a multiplicative generator."""
    state, found = 88172645463325252, []
    for _ in range(2 * SIZE):
        state ^= (state << 13) & ((1 << 64) - 1)
        state ^= state >> 7
        state ^= (state << 17) & ((1 << 64) - 1)
        found.append((state >> 33) | 1)
    return np.array(found[:SIZE], dtype=np.uint64), np.array(found[SIZE:], dtype=np.uint64)


_FACTORS, _SHIFTS = _factors()


@dataclass(frozen=True, slots=True)
class Sketch:
    """`hashes` is the MinHash, empty for a text of a few words; `openings` are the keys of its sentences, sorted."""

    hashes: tuple[int, ...]
    openings: tuple[str, ...]

    def __str__(self) -> str:
        """The sketch as a literal that `parse` reads."""
        return f"{''.join(f'{each:08x}' for each in self.hashes)}:{''.join(self.openings)}"

    @classmethod
    def parse(cls, text: str) -> Sketch:
        """The sketch that a literal holds."""
        hashes, _, openings = text.partition(":")
        numbers = tuple(int(hashes[i : i + 8], 16) for i in range(0, len(hashes), 8))
        return cls(numbers, tuple(openings[i : i + 8] for i in range(0, len(openings), 8)))

    def likeness(self, other: Sketch) -> float:
        """The estimated share of runs of words that two texts have in common."""
        if not self.hashes or not other.hashes:
            return 0.0
        same: Iterable[bool] = map(eq, self.hashes, other.hashes)
        return sum(same) / SIZE


def bands(literal: str) -> frozenset[str]:
    """Keys of which two texts that are copies nearly always share one, cut out of the literal of a sketch."""
    length = len(literal.partition(":")[0]) // BANDS
    return frozenset(f"{band} {literal[band * length : (band + 1) * length]}" for band in range(BANDS if length else 0))


def openings_in(literal: str) -> frozenset[str]:
    """The keys of sentences in the literal of a sketch."""
    openings = literal.partition(":")[2]
    return frozenset(openings[i : i + 8] for i in range(0, len(openings), 8))


def sketch(text: str) -> Sketch:
    """The sketch of a text."""
    found = words(text)
    openings = {key for part in _SENTENCE.split(text) if (key := opening(part)) is not None}
    return Sketch(_minhash(found), tuple(sorted(openings)))


def _minhash(found: list[str]) -> tuple[int, ...]:
    if len(found) < _FEWEST:
        return ()
    runs = {hashed(*found[i : i + _RUN]) for i in range(len(found) - _RUN + 1)}
    values = np.array(sorted(runs), dtype=np.uint64)[:, None]
    # products of 31 and 32 bits stay below 2^63, so nothing overflows
    spread = ((values * _FACTORS + _SHIFTS) % np.uint64(_PRIME)) & np.uint64(0xFFFFFFFF)
    return tuple(int(each) for each in spread.min(axis=0))
