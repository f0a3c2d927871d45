"""The network run by ONNX Runtime, one sentence at a time.

Its matrices are 8-bit integers, and activations are cut to 8 bits with one scale a call. A call holds one sentence, so
that no sentence depends on its neighbours, on the order of articles or on the number of workers. That costs a tenth of
the speed of batches, which padding would cost as well. `training/` makes the model.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from aigraph.errors import DataError
from aigraph.language.runtime import ort
from aigraph.language.wordpiece import WordPieces

MODEL = Path(__file__).with_name("model")
FILES = (
    "facts.onnx",
    "judge.onnx",
    "labels.json",
    "model.onnx",
    "names.onnx",
    "relations.onnx",
    "vocab.txt",
    "whole.onnx",
)
_MOST_PIECES = 320  # of one call; longer sentences are read in parts
NO_LETTERS = 7
"""The shape of what is no word, see `shape`."""
_SLOW_FUSIONS = ["SkipLayerNormFusion"]
"""A sum and the layer norm behind it take a fifth of the time apart that they take as one operator."""
FAR_APART, FAR_ARCS = 24, 7
"""From where on words, and arcs of the tree, between two words are not told apart."""


@dataclass(frozen=True, slots=True)
class Labels:
    """What the columns of the scores mean."""

    upos: tuple[str, ...]
    xpos: tuple[str, ...]
    relations: tuple[str, ...]
    names: tuple[str, ...]
    facts: tuple[str, ...]
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scores:
    """What the network says of the words of one sentence (or part of one); see `training/network.py`."""

    upos: NDArray[np.float32]  # (words, universal tags)
    xpos: NDArray[np.float32]  # (words, Penn tags)
    names: NDArray[np.float32]  # (words, tags of names)
    arcs: NDArray[np.float32]  # (words, 1 + words)
    label_heads: NDArray[np.float32]  # (1 + words, width)
    label_words: NDArray[np.float32]  # (words, width)
    words: NDArray[np.float32]  # (words, width of the encoder)


class Network:
    """The model's files, loaded; one instance serves any number of sentences."""

    def __init__(self, folder: Path = MODEL) -> None:
        try:
            labels = json.loads((folder / "labels.json").read_text(encoding="utf-8"))
            self.labels = Labels(**{name: tuple(values) for name, values in labels.items()})
            self._pieces = WordPieces(folder / "vocab.txt")
            self._session = session(folder / "model.onnx")
            self._relations = session(folder / "relations.onnx")
            self._facts: ort.InferenceSession | None = None  # loaded when first asked: tags and names do without
            self._folder = folder
            self._kinds = {kind: i for i, kind in enumerate(self.labels.kinds)}
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise DataError(f"{folder}: the language model cannot be read ({error}). Install aigraph again.") from error

    def parts(self, words: Sequence[str]) -> list[tuple[int, int]]:
        """The sentence in parts that one call takes, as ranges of words; nearly always one."""
        text = "".join(words)
        if len(text) <= _MOST_PIECES and text.isascii():  # no such word has more subwords than characters
            return [(0, len(words))] if words else []
        parts: list[tuple[int, int]] = []
        start = used = 0
        for position, word in enumerate(words):
            length = min(len(self._pieces.of(word)), _MOST_PIECES)
            if used + length > _MOST_PIECES:
                parts.append((start, position))
                start, used = position, 0
            used += length
        return [*parts, (start, len(words))] if start < len(words) else parts

    def scores(self, words: Sequence[str]) -> Scores:
        """The scores of all heads for the words of one part."""
        pieces, shapes, first = [self._pieces.start], [NO_LETTERS], []
        for word in words:
            found = self._pieces.of(word)[:_MOST_PIECES]
            first.append(len(pieces))
            pieces += found
            shapes += [shape(word)] * len(found)
        pieces.append(self._pieces.end)
        shapes.append(NO_LETTERS)
        answers = self._session.run(
            None,
            {
                "pieces": np.array([pieces], dtype=np.int64),
                "shapes": np.array([shapes], dtype=np.int64),
                "attended": np.ones((1, len(pieces)), dtype=np.float32),
                "first": np.array([first], dtype=np.int64),
            },
        )
        return Scores(*(answer[0] for answer in answers))

    def relations(self, scores: Scores, heads: Sequence[int]) -> list[int]:
        """The best relation of each word to its head, as an index of `labels.relations`."""
        (fitting,) = self._relations.run(None, {"words": scores.label_words, "heads": scores.label_heads[list(heads)]})
        best: list[int] = fitting.argmax(1).tolist()
        return best

    def facts(
        self, words: NDArray[np.float32], kinds: Sequence[str], heads: Sequence[int], firsts: Sequence[int]
    ) -> NDArray[np.float32]:
        """The chance of each fact from some words of a sentence to all its words: (firsts, labels, words).

        `words` are those of `Scores`; `kinds` says what each word ends, as `labels.kinds` has it, `heads` which word it
        hangs on (the root on itself).
        """
        if self._facts is None:
            self._facts = session(self._folder / "facts.onnx")
        above = np.array(heads)
        at = np.array(firsts, dtype=np.int64)
        apart = np.clip(np.arange(len(words))[None] - at[:, None], -FAR_APART, FAR_APART) + FAR_APART
        arcs, common = tree_between(above, at)
        (scores,) = self._facts.run(
            None,
            {
                "words": np.concatenate([words, words[above]], 1),
                "kinds": np.array([self._kinds[kind] for kind in kinds], dtype=np.int64),
                "firsts": at,
                "apart": apart,
                "arcs": arcs,
                "common": common,
            },
        )
        chances: NDArray[np.float32] = 1 / (1 + np.exp(-np.minimum(np.maximum(scores, -30), 30)))
        return chances


def tree_between(
    heads: NDArray[np.int64], firsts: NDArray[np.int64] | None = None
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """What the tree has between two words: the number of arcs, at most `FAR_ARCS`, and the lowest word above both.

    Both are (firsts, words), the first of two words being one of `firsts` (all unless some are asked for). `heads` has
    the word that each hangs on, the root itself; a word is above itself.
    """
    size = len(heads)
    above = np.zeros((size, size), dtype=np.float32)  # of each word itself and its ancestors
    rows, at = np.arange(size), np.arange(size)
    for _ in range(size):
        above[rows, at] = 1
        higher = heads[at]
        if (higher == at).all():
            break
        at = higher
    depth = above.sum(1)
    own = above if firsts is None else above[firsts]
    between = own.sum(1)[:, None] + depth[None] - 2 * (own @ above.T)
    arcs: NDArray[np.int64] = np.minimum(between, FAR_ARCS).astype(np.int64)
    # of the words above both, the one that has most above itself
    lowest: NDArray[np.int64] = ((own * depth)[:, None] * above[None]).argmax(2)
    return arcs, lowest


def session(path: Path) -> ort.InferenceSession:
    """A model on one thread, so that its arithmetic has one order."""
    options = ort.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    if not path.is_file():
        raise FileNotFoundError(path)
    return ort.InferenceSession(
        str(path), options, providers=["CPUExecutionProvider"], disabled_optimizers=_SLOW_FUSIONS
    )


def model_version(folder: Path = MODEL) -> str:
    """A hash of all that decides what the model says: weights, subwords, labels."""
    sha = hashlib.sha256()
    for name in FILES:
        sha.update(hashlib.sha256((folder / name).read_bytes()).digest())
    return sha.hexdigest()[:16]


@lru_cache(maxsize=50_000)
def shape(word: str) -> int:
    """The class of a word's letters: what the lower-cased subwords do not show.

    0 lower case, 1 a capital first, 2 capitals, 3 one capital, 4 mixed ("DeepSeek"), 5 letters and digits, 6 digits,
    7 neither letters nor digits. `training/examples.py` does the same.
    """
    if any(c.isdigit() for c in word):
        return 5 if any(c.isalpha() for c in word) else 6
    letters = [c for c in word if c.isalpha()]
    if not letters:
        return NO_LETTERS
    upper = sum(c.isupper() for c in letters)
    if upper == 0:
        return 0
    if upper == len(letters):
        return 2 if len(letters) > 1 else 3
    return 1 if upper == 1 and letters[0].isupper() else 4
