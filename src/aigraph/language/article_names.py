"""The network that finds the names of an article in all its sentences at once, run by ONNX Runtime.

A sentence alone often tells little of a name ("Corvane is late"); another one of the article tells that it is a chip.
The network takes the vectors that the language model has for the words of an article, sentence by sentence, and lets
each word look at the whole article: at its neighbours, at its sentence, at other places of the same word. It gives each
word a tag (begin, inside, end, single of each type, or outside). `training/article_names.py` makes it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from aigraph.errors import DataError
from aigraph.language.names import Name, NameDecoder
from aigraph.language.network import MODEL, session, shape
from aigraph.language.whole import TYPES

TAGS = ("O", *(f"{part}-{kind}" for kind in TYPES for part in "BIES"))
BLOCKS = ("title", "heading", "paragraph", "bullet", "table-row", "question", "teaser", "metadata")
"""The kinds of blocks that are told apart; any other counts as a paragraph."""
MOST_WORDS = 700
"""Words of one call; longer articles are read in parts, which end where sentences end."""
PLAIN_SHAPES = frozenset({0, 6, 7})
"""The shapes of words (`aigraph.language.network.shape`) whose other places say nothing: lower case, digits, signs."""


@dataclass(frozen=True, slots=True)
class EncodedSentence:
    """A sentence (or part of one that a call of the language model took): words, their vectors, the kind of block."""

    words: tuple[str, ...]
    vectors: NDArray[np.float32]  # (words, width of the language model)
    block: str


@dataclass(frozen=True, slots=True)
class EncodedArticle:
    """An article, or part of a long one, as the network takes it: N words."""

    vectors: NDArray[np.float32]  # (N, width of the language model)
    shapes: NDArray[np.int64]  # (N)
    blocks: NDArray[np.int64]  # (N): an index of `BLOCKS`
    sentences: NDArray[np.int64]  # (N): the number of the word's sentence
    same: NDArray[np.int64]  # (N): a number for each word that has capitals, the same at all its places; 0 for others


class ArticleNames:
    """The network's file, loaded; one instance serves any number of articles."""

    def __init__(self, folder: Path = MODEL) -> None:
        try:
            self._session = session(folder / "names.onnx")
        except (OSError, ValueError) as error:
            raise DataError(f"{folder}: the language model cannot be read ({error}). Install aigraph again.") from error
        self._decoder = NameDecoder(TAGS)

    def find(self, lines: Sequence[EncodedSentence]) -> list[tuple[Name, ...]]:
        """The names of each line of an article; their places count in the line's words."""
        found: list[tuple[Name, ...]] = []
        for first, last in parts([len(line.words) for line in lines]):
            page = encoded(lines[first:last])
            (scores,) = self._session.run(
                None,
                {
                    "vectors": page.vectors,
                    "shapes": page.shapes,
                    "blocks": page.blocks,
                    "sentences": page.sentences,
                    "same": page.same,
                },
            )
            ends = np.cumsum([0, *(len(line.words) for line in lines[first:last])]).tolist()
            found += [self._decoder.names(scores[start:end]) for start, end in pairwise(ends)]
        return found


def parts(lengths: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Ranges of lines that one call takes: as many as fit, at least one."""
    start = words = 0
    for position, length in enumerate(lengths):
        if words and words + length > MOST_WORDS:
            yield start, position
            start, words = position, 0
        words += length
    if start < len(lengths):
        yield start, len(lengths)


def encoded(lines: Sequence[EncodedSentence]) -> EncodedArticle:
    """The lines as the network takes them."""
    words = [word for line in lines for word in line.words]
    shapes = [shape(word) for word in words]
    numbers: dict[str, int] = {}
    return EncodedArticle(
        np.concatenate([line.vectors for line in lines]).astype(np.float32),
        np.array(shapes, dtype=np.int64),
        np.array([_block(line.block) for line in lines for _ in line.words], dtype=np.int64),
        np.array([number for number, line in enumerate(lines) for _ in line.words], dtype=np.int64),
        np.array(
            [
                0 if kind in PLAIN_SHAPES else numbers.setdefault(word.casefold(), len(numbers) + 1)
                for word, kind in zip(words, shapes, strict=True)
            ],
            dtype=np.int64,
        ),
    )


def _block(kind: str) -> int:
    return BLOCKS.index(kind) if kind in BLOCKS else BLOCKS.index("paragraph")
