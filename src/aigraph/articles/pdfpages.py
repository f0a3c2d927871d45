"""Printed lines to paragraphs: joined over lines and pages, without the hyphens of line ends; tables by columns."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from aigraph.articles.drafts import Entry, Hint, row_line
from aigraph.articles.lines import has_letter, has_stop
from aigraph.records import BlockKind

_MARGIN = 0.12  # of the height of a page, where running heads and page numbers stand
_NUMBER = re.compile(r"(?:page\s*)?[-–—|\s]*\d{1,4}(?:\s*(?:/|of)\s*\d{1,4})?[-–—|\s]*|[ivxlc]{1,6}", re.IGNORECASE)
_BULLET = re.compile(r"(?:[•‣▪◦●○■□►➤·–—*-]|\d{1,2}[.)])\s+(?=\S)")
_HYPHEN = re.compile(r"(?P<first>[^\W\d_]+)[-‐]$")
_PREFIXES = frozenset(
    {"all", "anti", "co", "cross", "ex", "half", "high", "in", "large", "long", "low", "mid", "mini", "multi", "non"}
    | {"off", "on", "post", "pre", "pro", "self", "semi", "short", "sub", "ultra", "well"}
)
_LARGER = 1.15  # times the size of the story's letters: a heading
_MOST_WORDS_OF_HEADING = 16
_LONGEST_CELL = 40  # characters
_MEAN_CELL = 22  # characters of the cells of a table; columns of prose are wider
_SHORT = 0.85  # of the width of a box: where a line that ends so early also ends a sentence, a paragraph ends


@dataclass(frozen=True, slots=True)
class Printed:
    """A line as printed: its words, its place (in points, from the lower left), the size and weight of its letters."""

    words: str
    left: float
    right: float
    bottom: float
    top: float
    size: float
    bold: bool = False

    @property
    def middle(self) -> float:
        """Half-way between its ends."""
        return (self.left + self.right) / 2


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its height, and its lines in boxes of lines that stand together, in reading order."""

    height: float
    boxes: tuple[tuple[Printed, ...], ...]


@dataclass(frozen=True, slots=True)
class _Piece:
    """What stands together: the lines of a paragraph or heading, the rows of a table, or a line of the page itself."""

    kind: BlockKind
    lines: tuple[Printed, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


def entries_of(pages: Sequence[Page]) -> Iterator[Entry]:
    """The paragraphs, headings, list items, rows of tables and page lines of a file, each as one line of text."""
    running = _running(pages)
    body = _body_size(pages)
    pieces = [piece for page in pages for piece in _pieces(page, running, body)]
    words = Counter(word for page in pages for box in page.boxes for line in box for word in line.words.split())
    titled = False
    for piece in _joined_over_pages(pieces):
        if piece.kind is BlockKind.TABLE_ROW:
            for number, row in enumerate(piece.rows):
                yield row_line(row), Hint(piece.kind, heads=number == 0)
            continue
        text = _text(piece.lines, words)
        if piece.kind is BlockKind.HEADING and not titled:
            titled = True
            yield text, Hint(BlockKind.TITLE)
        else:
            titled |= piece.kind is BlockKind.PARAGRAPH and len(piece.lines) > 2
            yield text, None if piece.kind is BlockKind.PARAGRAPH else Hint(piece.kind)


# --- what is part of the page -------------------------------------------------------------------------------


def _running(pages: Sequence[Page]) -> frozenset[str]:
    """The lines, without their figures, that stand in the margins of more than one page."""
    seen = Counter(words for page in pages for words in {_masked(line.words) for line in _margins(page)})
    return frozenset(words for words, count in seen.items() if count > 1)


def _margins(page: Page) -> list[Printed]:
    lines = [line for box in page.boxes for line in box]
    low, high = _MARGIN * page.height, (1 - _MARGIN) * page.height
    return [line for line in lines if line.top < low or line.bottom > high]


def _is_running(line: Printed, running: frozenset[str]) -> bool:
    return _masked(line.words) in running or _NUMBER.fullmatch(line.words) is not None


def _masked(words: str) -> str:
    return re.sub(r"\d+", "#", words.casefold())


def _body_size(pages: Sequence[Page]) -> float:
    """The size of most letters."""
    sizes: Counter[float] = Counter()
    for page in pages:
        for box in page.boxes:
            for line in box:
                sizes[round(line.size, 1)] += len(line.words)
    return max(sizes, key=lambda size: (sizes[size], size), default=0.0)


# --- what stands together -----------------------------------------------------------------------------------


def _pieces(page: Page, running: frozenset[str], body: float) -> Iterator[_Piece]:
    margins = set(_margins(page))
    tables = _tables(page)
    told: set[int] = set()
    for box in page.boxes:
        kept: list[Printed] = []
        for line in box:
            number = next((number for number, (lines, _) in enumerate(tables) if line in lines), None)
            if number is None and not (line in margins and _is_running(line, running)):
                kept.append(line)
                continue
            yield from _paragraphs(kept, body)
            kept = []
            if number is None:
                yield _Piece(BlockKind.BOILERPLATE, (line,))
            elif number not in told:
                told.add(number)
                yield _Piece(BlockKind.TABLE_ROW, rows=tables[number][1])
        yield from _paragraphs(kept, body)


def _paragraphs(lines: Sequence[Printed], body: float) -> Iterator[_Piece]:
    """The paragraphs of a box: parted by another size or weight, a bullet, an indent, or a line that ends early."""
    if not lines:
        return
    left, right = min(line.left for line in lines), max(line.right for line in lines)
    begun: list[Printed] = []
    for line in lines:
        if begun and _parts(begun, line, left, right):
            yield _piece(begun, body)
            begun = []
        begun.append(line)
    yield _piece(begun, body)


def _parts(begun: Sequence[Printed], line: Printed, left: float, right: float) -> bool:
    before = begun[-1]
    differs = abs(line.size - before.size) > 0.08 * before.size or line.bold != before.bold
    if differs or _BULLET.match(line.words):
        return True
    in_item = _BULLET.match(begun[0].words) is not None
    indented = not in_item and line.left > left + 0.8 * line.size and before.left < left + 0.5 * line.size
    early = before.right < left + _SHORT * (right - left) and has_stop(before.words) and not line.words[0].islower()
    return indented or early


def _piece(lines: Sequence[Printed], body: float) -> _Piece:
    words = " ".join(line.words for line in lines)
    if _is_heading(lines, words, body):
        return _Piece(BlockKind.HEADING, tuple(lines))
    match = _BULLET.match(lines[0].words)
    if match and has_letter(words[match.end() :]):
        return _Piece(BlockKind.BULLET, (replace(lines[0], words=lines[0].words[match.end() :]), *lines[1:]))
    return _Piece(BlockKind.PARAGRAPH, tuple(lines))


def _is_heading(lines: Sequence[Printed], words: str, body: float) -> bool:
    larger = all(line.size >= _LARGER * body for line in lines)
    bold = all(line.bold for line in lines) and not has_stop(words)
    fits = len(words.split()) <= (2 * _MOST_WORDS_OF_HEADING if larger else _MOST_WORDS_OF_HEADING)
    return (larger or bold) and fits and has_letter(words)


def _joined_over_pages(pieces: Sequence[_Piece]) -> list[_Piece]:
    """The pieces with each paragraph that goes on past the foot of a page or column put together again.

    What is part of the page in between comes after it.
    """
    joined: list[_Piece] = []
    last: int | None = None  # of the paragraph that may go on
    for piece in pieces:
        goes_on = (BlockKind.PARAGRAPH, BlockKind.BULLET)
        if piece.kind is BlockKind.PARAGRAPH and last is not None and _goes_on(joined[last].lines[-1], piece.lines[0]):
            joined[last] = replace(joined[last], lines=joined[last].lines + piece.lines)
            continue
        joined.append(piece)
        if piece.kind is not BlockKind.BOILERPLATE:
            last = len(joined) - 1 if piece.kind in goes_on else None
    return joined


def _goes_on(line: Printed, following: Printed) -> bool:
    same = abs(line.size - following.size) < 0.08 * line.size
    breaks_off = not has_stop(line.words) or line.words.endswith(",")
    return (
        same
        and breaks_off
        and (following.words[0].islower() or following.words[0].isdigit() or line.words.endswith("-"))
    )


def _text(lines: Sequence[Printed], known: Counter[str]) -> str:
    """The words of the lines, with words that were parted at line ends put together."""
    text = lines[0].words
    for line in lines[1:]:
        match = _HYPHEN.search(text)
        if text.endswith("\xad"):
            text = text[:-1] + line.words
        elif match and line.words[0].islower():
            text = (text if _keeps_hyphen(match["first"], line.words, known) else text[:-1]) + line.words
        else:
            text += ("" if text.endswith(("-", "–", "/")) and text[-2:-1].isalnum() else " ") + line.words
    return text.replace("\xad", "")


def _keeps_hyphen(first: str, following: str, known: Counter[str]) -> bool:
    """True where a hyphen at a line end belongs to the word, told by how the text writes it elsewhere."""
    rest = re.match(r"[\w-]+", following)
    second = rest[0] if rest else ""
    if known[f"{first}-{second}"] or known[first + second]:
        return known[f"{first}-{second}"] > known[first + second]
    return first.casefold() in _PREFIXES or first.isupper() or "-" in second


# --- tables -------------------------------------------------------------------------------------------------


def _tables(page: Page) -> list[tuple[frozenset[Printed], tuple[tuple[str, ...], ...]]]:
    """The tables of a page: their lines, and the cells of their rows. A row has its cells side by side."""
    runs: list[list[list[Printed]]] = []
    for row in _side_by_side([line for box in page.boxes for line in box]):
        if runs and len(row) > 1 and _aligned(runs[-1][-1], row):
            runs[-1].append(row)
        else:
            runs.append([row])
    tables = []
    for run in runs:
        cells = [line.words for row in run for line in row]
        fits = max(map(len, cells)) <= _LONGEST_CELL and sum(map(len, cells)) <= _MEAN_CELL * len(cells)
        if len(run) > 1 and fits:
            texts = tuple(tuple(line.words for line in row) for row in run)
            tables.append((frozenset(line for row in run for line in row), texts))
    return tables


def _aligned(above: Sequence[Printed], row: Sequence[Printed]) -> bool:
    """True where each cell stands below one of the row above: by its left side, its right side or its middle."""
    return len(above) == len(row) and all(
        min(map(abs, (one.left - other.left, one.right - other.right, one.middle - other.middle)))
        < max(other.size, 1.0)
        for one, other in zip(above, row, strict=True)
    )


def _side_by_side(lines: Sequence[Printed]) -> list[list[Printed]]:
    """The lines of a page in rows from top to bottom, each from left to right."""
    rows: list[list[Printed]] = []
    for line in sorted(lines, key=lambda line: (-line.bottom, line.left)):
        if rows and abs(rows[-1][0].bottom - line.bottom) < 0.4 * max(line.size, 1.0):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [sorted(row, key=lambda line: line.left) for row in rows]
