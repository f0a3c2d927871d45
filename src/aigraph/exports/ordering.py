"""The triples of a graph in their order, as lines of N-Triples: quicker than by quads, with the same outcome.

The engine writes the lines; sorted as bytes they would nearly be in order. What is missing is that an IRI ends lower
than it goes on (`…/a` before `…/a-b`, but ">" comes after "-"), and that type and label come first. So ">" and those
properties are written with control characters, one byte each, while the lines are sorted, and put back afterwards.
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
_END = END.encode()
_FIRST = b"\x02\x03\x04\x05\x06\x07"
"""What stands for the properties that come first; a single byte is looked for several times as quickly as two."""
_BLANK = b"_:"
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
        signs = [_FIRST[place : place + 1] for place in range(len(first))]
        self._back = tuple((sign, b" <" + each.value.encode()) for sign, each in zip(signs, first, strict=True))
        self._first = tuple((_END + iri + _END + b" ", _END + sign + _END + b" ") for sign, iri in self._back)
        self._strange = (b"\r", _END, *signs)
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
                found = self._sorted(scratch.read())
                pieces = [_text(found)] if 0 < len(found) <= lines else _pieces(iter(found), lines)
            else:
                runs = []
                while part := scratch.readlines(self._at_once):
                    run = stack.enter_context(tempfile.TemporaryFile(prefix="aigraph-export-"))
                    run.write(_text(self._sorted(b"".join(part))))
                    run.seek(0)
                    runs.append(run)
                merged = heapq.merge(*runs)
                pieces = _pieces((line.removesuffix(b"\n") for line in merged), lines)
            yield from map(self._put_back, pieces)

    def _sorted(self, text: bytes) -> list[bytes]:
        if _BLANK in text or any(sign in text for sign in self._strange):
            raise Unordered
        text = text.translate(_SWAPPED)
        for before, after in self._first:
            text = text.replace(before, after)
        for sign in self._left_out:
            text = _without(text, sign)
        lines = text.split(b"\n")
        lines.pop()  # what stands after the last line: nothing
        lines.sort()
        return lines

    def _put_back(self, text: bytes) -> bytes:
        for before, after in self._back:
            text = text.replace(before, after)
        return text.translate(_SWAPPED)


def _without(text: bytes, sign: bytes) -> bytes:
    """Lines without those where the sign stands in place of the property: right after the subject."""
    kept: list[bytes] = []
    begin, at = 0, text.find(sign)
    while at >= 0:
        start, end = text.rfind(b"\n", 0, at) + 1, text.find(b"\n", at) + 1
        if text.find(_END, start) == at:
            kept.append(text[begin:start])
            begin = end
        at = text.find(sign, end)
    return b"".join((*kept, text[begin:])) if begin else text


def _text(lines: Sequence[bytes]) -> bytes:
    """Lines as a text; nothing where there are none."""
    return b"\n".join((*lines, b""))


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
        yield _text([*piece, *rest[:count]])
        piece = rest[count:]
    if piece:
        yield _text(piece)
