"""Sorting more lines than fit into memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from heapq import merge
from itertools import groupby
from typing import BinaryIO

HELD = 32 << 20
"""So many bytes of lines are held in memory, where they take up to twice as much."""


class Sorted:
    """Lines in whatever order they come, to be had once, in their order, each once.

    Parts that are sorted wait in files (`scratch` gives an empty one each time) until all are merged.
    """

    def __init__(self, scratch: Callable[[], BinaryIO]) -> None:
        self._scratch = scratch
        self._lines: list[bytes] = []
        self._size = 0
        self._parts: list[BinaryIO] = []

    def add(self, line: bytes) -> None:
        """Take in a line; it has no line end in it."""
        self._lines.append(line)
        self._size += len(line)
        if self._size > HELD:
            self._set_aside()

    def _set_aside(self) -> None:
        lines, self._lines, self._size = self._lines, [], 0
        lines.sort()
        part = self._scratch()
        self._parts.append(part)
        part.writelines(line + b"\n" for line, _ in groupby(lines))
        part.seek(0)

    def __iter__(self) -> Iterator[bytes]:
        """All lines; none is left afterwards."""
        lines, self._lines, self._size = self._lines, [], 0
        parts, self._parts = self._parts, []
        lines.sort()
        try:
            all_: Iterable[bytes] = merge(*(map(_bare, part) for part in parts), lines) if parts else lines
            yield from (line for line, _ in groupby(all_))
        finally:
            for part in parts:
                part.close()


def _bare(line: bytes) -> bytes:
    return line[:-1]
