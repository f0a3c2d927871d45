"""What tells whether two stores hold the same: a sum over their quads, which follows each change.

A hash over all sorted lines has to be made anew after each change, so that publishing one article would take time that
grows with the store. Here each canonical line is hashed to a number of 4,096 bits (SHAKE128), and the numbers are added
up: what comes is added, what goes is taken away, and the order does not matter. To find other lines with the same sum
is as hard as for a hash of 128 bits (M. Bellare and D. Micciancio, "A new paradigm for collision-free hashing", 1997;
the number of bits is that which D. Wagner's "A generalized birthday problem", 2002, asks for).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256, shake_128

from pyoxigraph import BlankNode, CanonicalizationAlgorithm, Dataset, Quad, RdfFormat, parse

SIZE = 512
"""Bytes of the sum."""
_MODULUS = 1 << (8 * SIZE)


@dataclass(slots=True)
class Content:
    """The number of some lines, none of which is there twice, and their sum."""

    quads: int = 0
    total: int = 0

    def add(self, lines: Iterable[bytes]) -> None:
        """Take in canonical N-Quads lines without line ends."""
        count, total = _summed(lines)
        self.quads, self.total = self.quads + count, (self.total + total) % _MODULUS

    def remove(self, lines: Iterable[bytes]) -> None:
        """Take out lines that were taken in."""
        count, total = _summed(lines)
        self.quads, self.total = self.quads - count, (self.total - total) % _MODULUS

    @property
    def digest(self) -> str:
        """64 hexadecimal digits: equal where the lines are."""
        return sha256(b"%d " % self.quads + self.total.to_bytes(SIZE, "big")).hexdigest()

    def __str__(self) -> str:
        """The content as `read` takes it."""
        return f"{self.quads} {self.total:x}"

    @classmethod
    def read(cls, text: str) -> Content:
        """The content that a text was made of.

        Raises:
            ValueError: it was made of none.
        """
        quads, total = text.split(" ")
        return cls(int(quads), int(total, 16))


def _summed(lines: Iterable[bytes]) -> tuple[int, int]:
    count = total = 0
    for line in lines:
        total += int.from_bytes(shake_128(line).digest(SIZE), "big")
        count += 1
    return count, total


def lines_of(quads: Iterable[Quad]) -> Iterator[bytes]:
    """The canonical lines of whole graphs; blank nodes are labelled graph by graph (RDFC-1.0)."""
    unnamed: dict[object, list[Quad]] = defaultdict(list)
    for quad in quads:
        line = f"{quad} ."
        if "_:" in line and holds_blank_nodes(quad):  # a literal may look like one
            unnamed[quad.graph_name].append(quad)
        else:
            yield line.encode()
    for held in unnamed.values():
        yield from canonical_lines(held)


def canonical_again(lines: Iterable[bytes]) -> Iterator[bytes]:
    """The lines that the engine writes of a store, with the labels of `lines_of`."""
    unsure: list[bytes] = []  # where a literal only looks like one, the line comes out as it was
    for line in lines:
        if b"_:" in line:
            unsure.append(line)
        else:
            yield line
    if unsure:
        yield from lines_of(parse(b"\n".join(unsure), RdfFormat.N_QUADS))


def canonical_lines(quads: Iterable[Quad]) -> list[bytes]:
    """Canonical N-Quads lines (RDFC-1.0) without line ends, sorted."""
    return sorted(f"{quad} .".encode() for quad in canonical_quads(quads))


def canonical_quads(quads: Iterable[Quad]) -> Iterator[Quad]:
    """The quads with the canonical labels of their blank nodes (RDFC-1.0), in no particular order."""
    dataset = Dataset(quads)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return iter(dataset)


def holds_blank_nodes(quad: Quad) -> bool:
    """True where the subject or the object is a blank node."""
    # asked of each quad of a change: `isinstance` takes five times as long, and the engine's types have no others below
    return type(quad.subject) is BlankNode or type(quad.object) is BlankNode
