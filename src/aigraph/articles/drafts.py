"""What a reader of one format hands over: the text without markup, and what the markup said about its lines."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from aigraph.records import BlockKind


@dataclass(frozen=True, slots=True)
class Hint:
    """What the markup says about one line; the words of a table row are parted by CELL_BREAK.

    `heads` marks the row of a table that names its columns. Where no hint is given, the shape of the line decides.
    """

    kind: BlockKind
    heads: bool = False


CELL_BREAK = " | "
"""What parts the cells of a table row in the canonical text of formats with markup."""


def row_line(cells: Sequence[str]) -> str:
    """The line of the canonical text for the cells of a table row; a bar within a cell becomes a slash."""
    return CELL_BREAK.join(cell.replace("|", "/") for cell in cells)


@dataclass(frozen=True, slots=True)
class Draft:
    """An article before its layout is known.

    `hints` goes from line numbers of `text` (from 0) to what the markup says. The other fields are None where the
    source does not state them.
    """

    text: str
    hints: Mapping[int, Hint] = field(default_factory=dict)
    identifier: str | None = None
    title: str | None = None
    issued: str | None = None
    publisher: str | None = None
    source: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Reader:
    """How one format is read: the endings of its files (lower case, with the dot) and what makes a draft of them."""

    name: str
    suffixes: tuple[str, ...]
    draft: Callable[[str, Path], Draft]
    """From the decoded content of the file at that path (named in errors alone); line ends are "\\n"."""
