"""The lines of a text, and what their shape alone says: how long, how they end, whether they are figures."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from aigraph.articles.drafts import Hint

_SIGNS = r"[~≈<>≤≥±+(\-–−]*"
_MONEY = r"(?:[A-Z]{1,3}(?=[$€£¥]))?[$€£¥₩₹]?\s?"
_FIGURE = re.compile(
    r"(?:(?:about|approx\.?|around|at least|less than|more than|nearly|over|roughly|some|under|up to)\s+)?"
    rf"{_SIGNS}{_MONEY}[.,]?\d",
    re.IGNORECASE,
)
_NO_FIGURE = re.compile(r"n/?a|no|none|not disclosed|tba|tbd|undisclosed|unknown|yes|[-–—✓✔✗✘?]", re.IGNORECASE)
_BARE_FIGURE = re.compile(
    rf"{_SIGNS}{_MONEY}\d[\d.,\s/x×:–-]*\s?(?:%|[^\W\d_]{{1,5}}(?:/[^\W\d_]{{1,4}})?)?\)?",
    re.IGNORECASE,
)
_PERIOD = re.compile(
    r"(?:fy|cy|[qh][1-4]|fiscal)?\s?['’]?(?:20)?\d\d[ef]?|[1-4][qh]\s?(?:20)?\d\d|[qh][1-4]",
    re.IGNORECASE,
)
_FINAL = re.compile(r"[.!?…;,][\"'”’)\]]*$")


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is not blank: its words without blanks around them, in a text.

    `gap` counts the blank lines before it, `indent` the blanks at its start, `number` the line of the text (from 0).
    """

    number: int
    start: int
    end: int
    indent: int
    gap: int
    words: str
    hint: Hint | None = None


def split_lines(text: str, hints: Mapping[int, Hint]) -> tuple[Line, ...]:
    """The lines of a text that are not blank, in order."""
    lines: list[Line] = []
    position = gap = 0
    for number, whole in enumerate(text.split("\n")):
        words = whole.strip().strip("\ufeff\u200b").strip()
        if words:
            indent = whole.index(words)
            start = position + indent
            lines.append(Line(number, start, start + len(words), indent, gap, words, hints.get(number)))
            gap = 0
        else:
            gap += 1
        position += len(whole) + 1
    return tuple(lines)


def is_figure(cell: str) -> bool:
    """True where a cell of a table holds a figure, or says that there is none ("n/a")."""
    return _FIGURE.match(cell) is not None or _NO_FIGURE.fullmatch(cell) is not None


def is_bare_figure(cell: str) -> bool:
    """True where a cell holds nothing but a figure and its unit, so that it names no row."""
    return _BARE_FIGURE.fullmatch(cell) is not None


def is_period(cell: str) -> bool:
    """True for years and quarters, which are figures but can name a column."""
    return _PERIOD.fullmatch(cell) is not None


def has_stop(words: str) -> bool:
    """True where the words end as a sentence or clause does."""
    return _FINAL.search(words) is not None


def has_letter(words: str) -> bool:
    """True where there is any letter."""
    return any(character.isalpha() for character in words)


def is_camel(words: str) -> bool:
    """True where the first word is a name that begins with a small letter ("xAI", "vLLM", "iPhone")."""
    word = words.partition(" ")[0]
    return word[:1].islower() and any(character.isupper() for character in word)


def is_capitals(words: str) -> bool:
    """True where there are letters, at least four, and all of them capitals."""
    return words.upper() == words and sum(character.isupper() for character in words) >= 4
