"""The triples of a graph in their order, as lines of N-Triples: quicker than by quads, with the same outcome.

The engine writes the lines; sorted as bytes they would nearly be in order. What is missing is that an IRI ends lower
than it goes on (`…/a` before `…/a-b`, but ">" comes after "-"), and that type and label come first. So ">" and those
properties are written with control characters while the lines are sorted, and put back afterwards.
"""

from __future__ import annotations

import heapq
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from itertools import islice
from typing import IO

from pyoxigraph import DefaultGraph, NamedNode

from aigraph.store import Reader

END = "\x01"
"""What stands for ">" while texts are put in order: before all else, so that an IRI comes before longer ones."""
_END, _FIRST = END.encode(), b"\x02"
_SWAPPED = bytes.maketrans(_END + b">", b">" + _END)


class Unordered(Exception):
    """A graph has blank nodes (or may have): its order has to be made by quads."""


class LineOrder:
    """Puts the triples of graphs in order: by subject, `first` properties first, the others by property and value.

    Triples of the properties `left_out` are left out. `at_once` are the bytes of lines that are sorted in memory; of a
    larger graph, those of one run on the disk.
    """

    def __init__(self, first: Sequence[NamedNode], left_out: frozenset[NamedNode], *, at_once: int = 64 << 20) -> None:
        self._left_out = tuple(sorted(f"{_END.decode()} <{each.value}{_END.decode()} ".encode() for each in left_out))
        self._first = tuple(
            (_END + b" <" + each.value.encode() + _END + after, _END + b" " + _FIRST + b"%d" % place + _END + after)
            for place, each in enumerate(first)
            for after in (b" <", b' "')
        )
        self._back = tuple((_FIRST + b"%d" % place, b"<" + each.value.encode()) for place, each in enumerate(first))
        self._at_once = at_once

    def pieces(self, reader: Reader, graph: NamedNode | DefaultGraph, lines: int) -> Iterator[bytes]:
        """N-Triples in order, about so many lines at once; a subject is never torn apart.

        Raises:
            Unordered: the graph has blank nodes; nothing was given then.
        """
        with ExitStack() as stack:
            scratch: IO[bytes] = stack.enter_context(tempfile.SpooledTemporaryFile(self._at_once))
            reader.write_triples(graph, scratch)
            size = scratch.tell()
            scratch.seek(0)
            if size <= self._at_once:
                ordered: Iterator[bytes] = iter(self._sorted(scratch.read()))
            else:
                runs = []
                while part := scratch.readlines(self._at_once):
                    run = stack.enter_context(tempfile.TemporaryFile(prefix="aigraph-export-"))
                    run.writelines(self._sorted(b"".join(part)))
                    run.seek(0)
                    runs.append(run)
                ordered = heapq.merge(*runs)
            yield from map(self._put_back, _pieces(ordered, lines))

    def _sorted(self, text: bytes) -> list[bytes]:
        if any(sign in text for sign in (b"_:", _END, _FIRST, b"\r")):
            raise Unordered
        text = text.translate(_SWAPPED)
        for before, after in self._first:
            text = text.replace(before, after)
        lines = text.splitlines(keepends=True)
        for sign in self._left_out:
            if sign in text:
                lines = [line for line in lines if sign not in line or not _is_property(line, sign)]
        lines.sort()
        return lines

    def _put_back(self, text: bytes) -> bytes:
        for before, after in self._back:
            text = text.replace(before, after)
        return text.translate(_SWAPPED)


def _is_property(line: bytes, sign: bytes) -> bool:
    """Whether the sign stands where the property does: right after the subject."""
    return line.index(_END) == line.index(sign)


def _pieces(lines: Iterator[bytes], size: int) -> Iterator[bytes]:
    """Lines in pieces that end where a subject ends."""
    piece = list(islice(lines, size))
    while piece:
        rest = list(islice(lines, size))
        subject = piece[-1].partition(_END)[0]
        count = 0
        while count < len(rest) and rest[count].startswith(subject + _END):
            count += 1
        if count == len(rest):  # one subject alone
            piece += rest
            if count < size:
                break
            continue
        yield b"".join((*piece, *rest[:count]))
        piece = rest[count:]
    if piece:
        yield b"".join(piece)
