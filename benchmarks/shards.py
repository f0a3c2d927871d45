"""More articles than can be read in the time there is: graphs of articles that were read, again under other names.

Each turn through the recorded articles is another set of them: other identifiers and sketches of texts, and made-up
companies and all chips (`corpus.py`) under names of this turn, so that what is told of these is something else, while
what is told of Nvidia is told again. Chips that all turns shared would join what each tells of its own: one with a
hundred successors, each with successors of its own, made 576,000 facts of ancestors in 3,000 articles. Texts and
quotations are renamed with the rest, their offsets are not: for measuring the store, not for reading.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from corpus import CHIPS, FIRST, LAST
from pyoxigraph import NamedNode

from aigraph.store import Reader
from aigraph.vocab import Iris

_LETTERS = "KTXZRV"
_SIZES = ("00", "50", "20")
_COMPANIES = [first + last for first in FIRST for last in LAST]
_CHIPS = [f"{letter}{digit}{size}" for letter in _LETTERS for digit in range(1, 11) for size in _SIZES]
_LISTED = [form for chip in CHIPS for form in {chip, chip.replace(" ", "-")}]  # by name, and in IRIs
_NAME = re.compile(
    rf"\b({'|'.join([*_COMPANIES, *_CHIPS, *sorted(_LISTED)])})\b".encode(),
    re.IGNORECASE,
)
_NUMBER = re.compile(rb"\bmade-\d{6}\b")
_SKETCH = re.compile(rb'(#textSketch> ")([0-9a-f]*)(:)')


def recorded(reader: Reader) -> list[bytes]:
    """The graphs of made-up articles in a store, as N-Quads, in the order of their numbers."""
    graphs = [graph for graph in reader.graphs() if "/graph/made-" in graph.value]
    return [b"".join(sorted(f"{quad} .\n".encode() for quad in reader.quads(graph))) for graph in graphs]


@dataclass(frozen=True, slots=True)
class Shards:
    """Graphs of articles by number, made of recorded ones."""

    graphs: Sequence[bytes]
    iris: Iris
    _parted: dict[int, list[bytes]] = field(default_factory=dict)

    def article(self, number: int, variant: int = 0) -> tuple[NamedNode, bytes]:
        """The graph of an article and its N-Quads; another `variant` is another text under the same name."""
        turn, index = divmod(number + variant * (len(self.graphs) // 2 + 1), len(self.graphs))
        name = f"made-{number:06}"
        lines = self._renamed(index, turn) if turn else self.graphs[index]
        return self.iris.graph(name), _NUMBER.sub(name.encode(), lines)

    def _renamed(self, index: int, turn: int) -> bytes:
        """A recorded graph with the names of a turn; where these stand is looked for once."""
        if index not in self._parted:
            self._parted[index] = _NAME.split(self.graphs[index])
        parts = self._parted[index]
        others, name = list(parts), f"{turn}".encode()
        others[1::2] = [part + name for part in parts[1::2]]
        return _SKETCH.sub(lambda found: found[1] + _scrambled(found[2], turn) + found[3], b"".join(others))

    def batches(self, count: int, at_once: int = 200) -> Iterator[tuple[list[NamedNode], bytes]]:
        """The first so many articles, some at a time, as `Writer.load` takes them."""
        for first in range(0, count, at_once):
            made = [self.article(number) for number in range(first, min(first + at_once, count))]
            yield [graph for graph, _ in made], b"".join(lines for _, lines in made)


def _scrambled(hashes: bytes, turn: int) -> bytes:
    """The hashes of a sketch changed so that texts are alike within a turn alone."""
    numbers = (int(hashes[i : i + 8], 16) ^ (turn * 0x9E3779B1 & 0xFFFFFFFF) for i in range(0, len(hashes), 8))
    return b"".join(b"%08x" % number for number in numbers)
