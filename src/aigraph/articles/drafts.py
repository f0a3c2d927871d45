"""What a reader of one format hands over: the text without markup, and what the markup said about its lines."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from aigraph.errors import ArticleError
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


Entry = tuple[str, Hint | None]
"""The words of one line without markup, and what the markup said of it."""


def assembled(entries: Sequence[Entry]) -> tuple[str, dict[int, Hint]]:
    """The lines as text, parted by blank lines but for lists and tables; and the hints by number of line."""
    lines: list[str] = []
    hints: dict[int, Hint] = {}
    before: Hint | None = None
    for words, hint in entries:
        listed = hint is not None and hint.kind in (BlockKind.BULLET, BlockKind.TABLE_ROW)
        if lines and not (listed and before is not None and before.kind is hint.kind):  # type: ignore[union-attr]
            lines.append("")
        if hint is not None:
            hints[len(lines)] = hint
        lines.append(words)
        before = hint
    return "\n".join(lines), hints


@dataclass(frozen=True, slots=True)
class Draft:
    """An article before its layout is known.

    `hints` goes from line numbers of `text` (from 0) to what the markup says. The other fields are None where the
    source does not state them. `language` is what somebody wrote down for this article, which nothing overrules;
    `page_language` what the template of a page claims, which is often wrong.
    """

    text: str
    hints: Mapping[int, Hint] = field(default_factory=dict)
    identifier: str | None = None
    title: str | None = None
    issued: str | None = None
    publisher: str | None = None
    authors: tuple[str, ...] = ()
    source: str | None = None
    language: str | None = None
    page_language: str | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """An article that stands in a source, known by its identifier; `draft` reads it, which may fail.

    `place` says where it stands, for messages: the file, and in a file of many the line. It can be pickled, with the
    content of the source, so that another process may read it.
    """

    identifier: str
    place: str
    sha256: str
    source: Path
    draft: Callable[[], Draft]


@dataclass(frozen=True, slots=True)
class Reader:
    """How one format is read: the endings of its files (lower case, with the dot), and what finds articles in one.

    `find` goes through a file, which it need not hold in memory, and gives each article or the error in its place.
    """

    name: str
    suffixes: tuple[str, ...]
    find: Callable[[Path], Iterator[Found | ArticleError]]
