"""Finds the rows of tables: written with bars or tabs, or flattened to one cell a line by a paste from the web."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from aigraph.articles.lines import Line, has_letter, has_stop, is_bare_figure, is_figure, is_period
from aigraph.records import BlockKind, Span

_RULE = re.compile(r"[|+\s]*:?[-=─━]{2,}[-=─━:|+\s]*")
_BAR = re.compile(r"\s*\|\s*")
_TAB = re.compile(r"\s*\t\s*|\s{3,}")
_LONGEST_CELL = 48  # characters of a cell in a flattened table
_MOST_COLUMNS = 7
_LEAST_SHARE_OF_FIGURES = 0.75  # among the cells past the first of each row of a flattened table
_MOST_CAPTIONS = 2  # short lines that may stand before or after a flattened table without a blank line


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: lines `first` to `last` (indices, inclusive). A cell that is empty is an empty span."""

    first: int
    last: int
    cells: tuple[Span, ...]
    header: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Tables:
    """The rows found, in order, and the indices of lines that only draw a rule between them."""

    rows: tuple[Row, ...]
    rules: frozenset[int]


def find_tables(text: str, lines: Sequence[Line], cued: Sequence[bool]) -> Tables:
    """The tables of a text; `cued` tells for each line whether its words mark it as part of the page."""
    rows: list[Row] = []
    rules: set[int] = set()
    taken: set[int] = set()
    for pattern in (_BAR, _TAB):
        for run in _ruled_runs(lines, cued, pattern, taken):
            found, drawn = _ruled_table(text, lines, run, pattern)
            rows += found
            rules |= drawn
            taken |= set(run)
    free = [not cue and i not in taken and _may_be_cell(lines[i]) for i, cue in enumerate(cued)]
    for run in _short_runs(lines, free):
        rows += _flattened_table(lines, run)
    return Tables(tuple(sorted(rows, key=lambda row: row.first)), frozenset(rules))


def _ruled_runs(
    lines: Sequence[Line], cued: Sequence[bool], pattern: re.Pattern[str], taken: set[int]
) -> Iterator[range]:
    """Runs of neighbouring lines that the pattern parts into the same number of cells."""
    first = 0
    while first < len(lines):
        width = _width(lines[first], pattern)
        last = first + 1
        while last < len(lines) and width and lines[last].gap == 0 and _fits_in(lines[last], width, pattern):
            last += 1
        run = range(first, last)
        marked = any(lines[i].hint and lines[i].hint.kind is BlockKind.TABLE_ROW for i in run)  # type: ignore[union-attr]
        framed = pattern is _BAR and lines[first].words.startswith("|")
        told = sum(cued[i] for i in run)
        if width > 1 and first not in taken and (marked or (len(run) > 1 and (framed or 2 * told < len(run)))):
            yield run
        first = last


def _fits_in(line: Line, width: int, pattern: re.Pattern[str]) -> bool:
    return _width(line, pattern) == width or _RULE.fullmatch(line.words) is not None


def _width(line: Line, pattern: re.Pattern[str]) -> int:
    if line.hint is not None and line.hint.kind is not BlockKind.TABLE_ROW:
        return 0
    if not pattern.search(line.words):
        return 0
    return len(_cells(line, pattern))


def _cells(line: Line, pattern: re.Pattern[str]) -> tuple[Span, ...]:
    """The cells of a line; bars around the whole line do not count as cells."""
    words = line.words
    # in text from markup no bar is a frame: one at the border of a line has an empty cell beside it
    framed = pattern is _BAR and line.hint is None
    left = 1 if framed and words.startswith("|") else 0
    right = len(words) - 1 if framed and words.endswith("|") and len(words) > 1 else len(words)
    if left >= right:
        return ()
    inside = words[left:right]
    begin, cells = 0, []
    for match in pattern.finditer(inside):
        cells.append((begin, match.start()))
        begin = match.end()
    cells.append((begin, len(inside)))
    return tuple(_trimmed(inside, start, end, line.start + left) for start, end in cells)


def _trimmed(words: str, start: int, end: int, offset: int) -> Span:
    while start < end and words[start].isspace():
        start += 1
    while end > start and words[end - 1].isspace():
        end -= 1
    return Span(offset + start, offset + max(start, end))


def _ruled_table(text: str, lines: Sequence[Line], run: range, pattern: re.Pattern[str]) -> tuple[list[Row], set[int]]:
    rules = {i for i in run if _RULE.fullmatch(lines[i].words)}
    body = [i for i in run if i not in rules]
    cells = {i: _cells(lines[i], pattern) for i in body}
    header: tuple[Span, ...] = ()
    if body and _heads(text, lines, [cells[i] for i in body], body, rules):
        header = cells[body[0]]
    rows = [
        Row(i, i, cells[i], () if position == 0 else header)
        for position, i in enumerate(body)
        if any(span.start < span.end for span in cells[i])
    ]
    return rows, rules


def _heads(
    text: str, lines: Sequence[Line], cells: Sequence[tuple[Span, ...]], body: Sequence[int], rules: set[int]
) -> bool:
    """True where the first row names the columns: the markup or a rule below it says so, or it has no figures."""
    hint = lines[body[0]].hint
    if (hint is not None and hint.heads) or body[0] + 1 in rules:
        return True
    first = [text[span.start : span.end] for span in cells[0][1:]]
    return len(cells) > 1 and not any(is_figure(cell) and not is_period(cell) for cell in first)


def _may_be_cell(line: Line) -> bool:
    fits = line.hint is None and len(line.words) <= _LONGEST_CELL
    return fits and (is_figure(line.words) or not has_stop(line.words))


def _short_runs(lines: Sequence[Line], free: Sequence[bool]) -> Iterator[range]:
    """Runs of short lines with the same gap between any two neighbours: none, or one blank line."""
    first = 0
    while first < len(lines):
        last = first + 1
        while (
            free[first]
            and last < len(lines)
            and free[last]
            and lines[last].gap <= 1
            and (last == first + 1 or lines[last].gap == lines[last - 1].gap)
        ):
            last += 1
        if last - first >= 6:
            yield range(first, last)
            first = last
        else:
            # the gap may change in the middle of a shorter run: try again from its second line
            first += 1


def _flattened_table(lines: Sequence[Line], run: range) -> list[Row]:
    """The best grid in a run of short lines: column names, then rows of a label and figures; [] if there is none."""
    best: list[Row] = []
    best_score = (0.0, 0, 0)
    for start in range(run.start, run.start + _MOST_CAPTIONS + 1):
        for stop in range(run.stop, run.stop - _MOST_CAPTIONS - 1, -1):
            for columns in range(2, _MOST_COLUMNS + 1):
                # without column names only pairs of label and figure can be told from other short lines
                for named in (2, 0) if columns == 2 else (columns, columns - 1):
                    rows = _grid(lines, range(start, stop), columns, named)
                    # as many lines as possible, then names for every column, then the fewest captions and columns
                    score = (stop - start + min(named, 1) * 0.5 + (named == columns) * 0.25, -start, -columns)
                    if rows and (not best or score > best_score):
                        best, best_score = rows, score
    return best


def _grid(lines: Sequence[Line], run: range, columns: int, named: int) -> list[Row]:
    """The rows if all lines of the run make a grid whose first `named` lines name its columns; else []."""
    count, rest = divmod(len(run) - named, columns)
    if rest or count < (2 if named else 3):
        return []
    names = [lines[i] for i in range(run.start, run.start + named)]
    if any(is_figure(line.words) and not is_period(line.words) for line in names):
        return []
    header = tuple(Span(line.start, line.end) for line in names)
    if named == columns - 1:
        header = (Span(names[0].start, names[0].start), *header) if names else ()
    rows = []
    if names:
        rows.append(Row(run.start, run.start + named - 1, tuple(span for span in header if span.start < span.end)))
    figures = 0
    for number in range(count):
        first = run.start + named + number * columns
        cells = lines[first : first + columns]
        if is_bare_figure(cells[0].words) or not has_letter(cells[0].words):
            return []
        if columns > 2 and not any(is_figure(cell.words) for cell in cells[1:]):
            return []
        figures += sum(is_figure(cell.words) for cell in cells[1:])
        rows.append(Row(first, first + columns - 1, tuple(Span(cell.start, cell.end) for cell in cells), header))
    return rows if figures >= _LEAST_SHARE_OF_FIGURES * count * (columns - 1) else []
