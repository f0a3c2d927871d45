"""The network that reads an article as a whole, run by ONNX Runtime, one window of an article a call.

An encoder of its own reads up to 512 subwords at once, so that a fact told over several sentences is one thing to it;
its matrices are 8-bit integers as those of `aigraph.language.network`, and a call holds one article, so that no article
depends on others. A second, small network scores pairs of entities and, for each figure, what it is about, who says so,
how, for when, and which word names what is measured; for each sentence, who says what it tells. It hears what the rules
found and weighs it.
`training/whole.py` makes both.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from aigraph.errors import DataError
from aigraph.language.network import MODEL, session
from aigraph.language.runtime import ort
from aigraph.language.wordpiece import WordPieces

MOST_PIECES = 512
"""Subwords of one call, with those for its ends and for the ends of blocks."""
LONGEST_WORD = 24
"""Subwords of a word that are read."""

TYPES = ("Company", "Organization", "Person", "Chip", "Architecture", "System", "Software", "AIModel", "Event", "Place")
"""The types of entities that the network knows; it takes others for the first."""
RELATIONS = (
    "develops", "manufactures", "usesArchitecture", "componentOf", "successorOf", "uses", "competesWith", "worksFor",
    "founded", "locatedIn",
)  # fmt: skip
DEALS = ("supply", "licensing", "investment", "acquisition", "collaboration")
PAIR_LABELS = (*RELATIONS, *DEALS)
"""What may hold between two entities: relations of the ontology, deals from their first role to their second."""
SYMMETRIC = frozenset({"competesWith", "collaboration"})
MODALITIES = ("Asserted", "Forecast", "Reported", "Opinion")
STANCES = ("fact", "denied", "open", "rumoured")
"""What a text may make of two entities of which it says something; what is over counts as denied."""
FIGURE_KIND = 1
"""The kind of a word of a figure; that of any other word is 0, of a mention by how it refers and by its type."""


MAIN = 3
"""How many entities of an article the network is told are the ones it is mostly about."""
KINDS = FIGURE_KIND + 1 + (MAIN + 1) * 3 * len(TYPES)


def mention_kind(manner: int, kind: str, main: int = 0) -> int:
    """The kind of a word of a mention: by name (0), by description (1) or by pronoun (2), and by its type.

    `main` is 1 for what the article mentions most, 2 and 3 for what comes next, 0 for the rest.
    """
    row = (main * 3 + manner) * len(TYPES) + (TYPES.index(kind) if kind in TYPES else 0)
    return FIGURE_KIND + 1 + row


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of an article, all of it where it is short, as the network takes it.

    Sizes: L subwords, n entities, M mentions, P pairs of entities, F figures, T times, S sentences; none is empty
    (`real` figures and times come first, one that stands for nothing fills an empty place).
    """

    pieces: NDArray[np.int64]  # (L)
    shapes: NDArray[np.int64]  # (L)
    kinds: NDArray[np.int64]  # (L)
    member: NDArray[np.float32]  # (n, M): 1 where a mention is one of an entity
    mentions: NDArray[np.int64]  # (M, 3): first and last subword, sentence
    pairs: NDArray[np.int64]  # (P, 3): first and second entity, sentences between them
    ruled: NDArray[np.float32]  # (P, labels, 5): what rules and the language model found, see `training/whole.py`
    figures: NDArray[np.int64]  # (F, 3)
    abouts: NDArray[np.float32]  # (F, n + 2, 2): what rules and the language model take each figure to be about
    sayers: NDArray[np.float32]  # (F, n + 2): who says so by the rules
    moods: NDArray[np.int64]  # (F): how, by the rules
    timeless: NDArray[np.float32]  # (F): 1 where the rules have no time
    times: NDArray[np.int64]  # (T, 3)
    timed: NDArray[np.float32]  # (F, T): 1 where the rules have that time
    real_times: NDArray[np.float32]  # (T): 0 for a place that stands for nothing
    beside: NDArray[np.float32]  # (F, L): 1 for the words of a figure's sentence
    lines: NDArray[np.int64]  # (S, 3): the sentences, each with its first and last subword and its number
    placed: NDArray[np.int64]  # (L): which of `lines` each subword is of, -1 for none
    voiced: NDArray[np.float32]  # (S, n + 2): who says by the rules what each sentence tells


@dataclass(frozen=True, slots=True)
class Scores:
    """What the network says of a window: chances."""

    pairs: NDArray[np.float32]  # (P, labels), each by itself
    looked: NDArray[np.float32]  # (P, L): where it looked
    about: NDArray[np.float32]  # (F, n + 2): an entity, something else, nothing (the figure claims nothing)
    says: NDArray[np.float32]  # (F, n + 2): an entity, somebody else, nobody
    mood: NDArray[np.float32]  # (F, modalities)
    time: NDArray[np.float32]  # (F, T + 1): a time, none
    metric: NDArray[np.float32]  # (F, L); learnt beside the others, reading does not use it: rules are as good
    stance: NDArray[np.float32]  # (P, stances): what is said of the pair where something is
    voice: NDArray[
        np.float32
    ]  # (S, n + 2): who says what a sentence tells: an entity, somebody else, nobody (the author)


class WholeNetwork:
    """The files of the network, loaded; one instance serves any number of articles."""

    def __init__(self, folder: Path = MODEL, *, vocabulary_only: bool = False) -> None:
        """With `vocabulary_only` it knows words and reads nothing: its files are still to be made."""
        self._encoder: ort.InferenceSession | None = None
        self._judge: ort.InferenceSession | None = None
        try:
            self._pieces = WordPieces(folder / "vocab.txt")
            if not vocabulary_only:
                self._encoder, self._judge = session(folder / "whole.onnx"), session(folder / "judge.onnx")
        except (OSError, ValueError) as error:
            raise DataError(f"{folder}: the language model cannot be read ({error}). Install aigraph again.") from error

    def pieces(self, word: str) -> tuple[int, ...]:
        """The subwords of a word, cut after the first ones."""
        return tuple(self._pieces.of(word)[:LONGEST_WORD])

    @property
    def start(self) -> int:
        """The subword that opens a window."""
        return self._pieces.start

    @property
    def end(self) -> int:
        """The subword that ends a window, and each block in it."""
        return self._pieces.end

    def read(self, window: Window) -> Scores:
        """The scores of a window."""
        if self._encoder is None or self._judge is None:
            raise ValueError("this network has its vocabulary alone")
        (vectors,) = self._encoder.run(
            None,
            {
                "pieces": window.pieces[None],
                "shapes": window.shapes[None],
                "kinds": window.kinds[None],
                "attended": np.ones((1, len(window.pieces)), dtype=np.float32),
            },
        )
        names = [each.name for each in self._judge.get_inputs()]
        given = {name: getattr(window, name) for name in names if name != "vectors"}
        pairs, looked, *others = self._judge.run(None, {"vectors": vectors[0], **given})
        return Scores(1 / (1 + np.exp(-np.clip(pairs, -30, 30))), looked, *map(_shares, others))


def _shares(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    """Softmax over the last axis."""
    raised = np.exp(scores - scores.max(-1, keepdims=True))
    shares: NDArray[np.float32] = raised / raised.sum(-1, keepdims=True)
    return shares


BUCKETS = 12
"""Distances that are told apart, to either side."""


@cache
def buckets() -> NDArray[np.int64]:
    """The class of each distance in subwords, from -512 to 512: by half octaves, those behind after those before."""
    found = []
    for distance in range(-MOST_PIECES, MOST_PIECES + 1):
        size = min(int(math.log2(max(abs(distance), 1)) * 1.5 + 1e-6), BUCKETS - 1)
        found.append(size if distance < 0 else size + BUCKETS)
    return np.array(found, dtype=np.int64)
