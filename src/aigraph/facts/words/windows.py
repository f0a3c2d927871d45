"""Looking at the words right before a place of a text, without reading all of what stands before them."""

from __future__ import annotations

import re

from aigraph.records import Span

WIDTH = 100
"""How many characters before a place are looked at: enough for any phrase, and independent of the text's length."""


def search_before(pattern: re.Pattern[str], text: str, at: int) -> re.Match[str] | None:
    """The match of a pattern that ends with "$" right before `at`; positions count from the start of the text."""
    return pattern.search(text, max(0, at - WIDTH), at)


class Occupied:
    """Which characters of a text are taken, so that no two readings overlap."""

    def __init__(self, length: int, spans: list[Span]) -> None:
        self._marks = bytearray(length)
        for span in spans:
            self._mark(span.start, span.end)

    def take(self, start: int, end: int) -> bool:
        """Takes the stretch and returns True where all of it is free, else returns False."""
        if 1 in self._marks[start:end]:
            return False
        self._mark(start, end)
        return True

    def _mark(self, start: int, end: int) -> None:
        start, end = max(0, start), min(len(self._marks), end)
        if start < end:
            self._marks[start:end] = b"\x01" * (end - start)
