"""Lines to units: rows of tables, bullets without their signs, and paragraphs that were wrapped at a column."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from aigraph.articles.cues import Cues
from aigraph.articles.lines import Line, has_letter, has_stop, is_camel
from aigraph.articles.tables import Tables, find_tables
from aigraph.records import BlockKind, Span

_BULLET = re.compile(r"(?:[•‣▪◦●○■□▶►➤✅✓✔➡→·]|[-*+–—](?=\s))\s*(?=\S)")
_NUMBER = re.compile(r"(?P<number>\d{1,2})[.)]\s+(?=\S)")
_HASHES = re.compile(r"#{1,6}\s+(?=\S)")
_QUOTED = re.compile(r"(?:>\s?)+(?=\S)")
_LEADS = (
    (_QUOTED, BlockKind.PARAGRAPH, None),
    (_HASHES, BlockKind.PARAGRAPH, BlockKind.HEADING),
    (_BULLET, BlockKind.BULLET, None),
    (_NUMBER, BlockKind.BULLET, None),
)
_SIGNS = re.compile(r"[^\w\s\"'“”‘’(\[$€£¥#@&©~<>≈+.\-–—|·•]+\s*(?=\w)")
_LEAST_WIDTH = 55  # columns at which people wrap paragraphs
_MOST_WIDTH = 120
_LEAST_BROKEN_LINES = 3  # that break off in the middle of a sentence before a text is taken for wrapped
_BOLD = re.compile(r"(?P<sign>\*\*|__)(?P<words>[^*_]+)(?P=sign):?$")


@dataclass(frozen=True, slots=True)
class Unit:
    """What a reader sees as one piece: `shape` is PARAGRAPH, BULLET or TABLE_ROW; `line` is its first line.

    `span` and `words` leave off bullet signs, list numbers and emoji in front. `hint` is what the markup says.
    """

    shape: BlockKind
    span: Span
    words: str
    line: Line
    hint: BlockKind | None = None
    cells: tuple[Span, ...] = ()
    header: tuple[Span, ...] = ()
    number: int | None = None


def units_of(text: str, lines: Sequence[Line], cues: Cues) -> tuple[Unit, ...]:
    """The units of a text in order."""
    cued = [cues.line(line.words) is not None or cues.section(line.words) is not None for line in lines]
    tables = find_tables(text, lines, cued)
    units = _join(text, lines, cued, tables)
    return tuple(_without_doubled_numbers(text, _with_numbered_headings(units)))


def _join(text: str, lines: Sequence[Line], cued: Sequence[bool], tables: Tables) -> list[Unit]:
    rows = {row.first: row for row in tables.rows}
    in_table = {i for row in tables.rows for i in range(row.first, row.last + 1)} | tables.rules
    free = [not (cue or i in in_table) for i, cue in enumerate(cued)]
    units: list[Unit] = []
    width = _wrap_width(lines)
    i = 0
    while i < len(lines):
        line = lines[i]
        if i in rows:
            row = rows[i]
            span = Span(line.start, lines[row.last].end)
            units.append(_unit(text, BlockKind.TABLE_ROW, span, line, cells=row.cells, header=row.header))
            i = row.last + 1
        elif i in tables.rules:
            i += 1
        else:
            last = i if cued[i] else _last_wrapped(lines, i, free, width)
            units.append(_text_unit(text, line, Span(line.start, lines[last].end)))
            i = last + 1
    return units


def _unit(
    text: str,
    shape: BlockKind,
    span: Span,
    line: Line,
    *,
    cells: tuple[Span, ...] = (),
    header: tuple[Span, ...] = (),
    number: int | None = None,
    hint: BlockKind | None = None,
) -> Unit:
    return Unit(shape, span, text[span.start : span.end], line, hint, cells, header, number)


def _text_unit(text: str, line: Line, span: Span) -> Unit:
    """The unit of a line that is in no table, with the sign in front left off."""
    if line.hint is None:
        if (match := _BOLD.match(line.words)) and (not has_stop(match["words"]) or match["words"].endswith("?")):
            inside = Span(line.start + match.start("words"), line.start + match.end("words"))
            return _unit(text, BlockKind.PARAGRAPH, inside, line, hint=BlockKind.HEADING)
        for pattern, shape, hint in _LEADS:
            match = pattern.match(line.words)
            if match and has_letter(line.words[match.end() :]):
                number = int(match["number"]) if pattern is _NUMBER else None
                return _unit(text, shape, _after(span, match), line, hint=hint, number=number)
    kind = line.hint.kind if line.hint else None
    shape = BlockKind.BULLET if kind is BlockKind.BULLET else BlockKind.PARAGRAPH
    if match := _SIGNS.match(line.words):
        span = _after(span, match)
    return _unit(text, shape, span, line, hint=None if kind is BlockKind.BULLET else kind)


def _after(span: Span, match: re.Match[str]) -> Span:
    return Span(span.start + match.end(), span.end)


# --- wrapped paragraphs -------------------------------------------------------------------------------------


def _wrap_width(lines: Sequence[Line]) -> int | None:
    """The column at which the paragraphs of a text are wrapped; None where each line is a paragraph of its own."""
    lengths = [len(line.words) for line in lines]
    if not lengths or max(lengths) > _MOST_WIDTH:
        return None
    width = max((len(line.words) for line in lines if not has_stop(line.words)), default=0)
    # only a wrapped text breaks off again and again in the middle of a sentence, always near the same column
    broken = sum(
        len(line.words) > 0.8 * width and not has_stop(line.words) and following.gap == 0
        for line, following in pairwise(lines)
    )
    return width if width >= _LEAST_WIDTH and broken >= _LEAST_BROKEN_LINES else None


def _last_wrapped(lines: Sequence[Line], first: int, free: Sequence[bool], width: int | None) -> int:
    """The index of the last line of the paragraph or bullet that begins at `first`."""
    last = first
    while last + 1 < len(lines) and free[last + 1] and _could_continue(lines[first], lines[last + 1]):
        line, following = lines[last], lines[last + 1]
        hangs = _begins_item(lines[first]) and following.indent > lines[first].indent
        if not (hangs or _goes_on(line, following) or _is_full(line, following, width)):
            break
        last += 1
    return last


def _could_continue(first: Line, line: Line) -> bool:
    return line.gap == 0 and line.hint is None and first.hint is None and not _begins_item(line)


def _begins_item(line: Line) -> bool:
    return any(pattern.match(line.words) for pattern in (_BULLET, _NUMBER, _HASHES))


def _goes_on(line: Line, following: Line) -> bool:
    """True where a line of some length breaks off and the next one begins in the middle of a sentence."""
    breaks_off = len(line.words) >= _LEAST_WIDTH and (not has_stop(line.words) or line.words.endswith(","))
    return breaks_off and following.words[0].islower() and not is_camel(following.words)


def _is_full(line: Line, following: Line, width: int | None) -> bool:
    """True where the first word of the following line would not have fitted into a line of this width."""
    word = following.words.split()[0]
    return width is not None and len(line.words) + 1 + len(word) > width


# --- numbered lists -----------------------------------------------------------------------------------------


def _with_numbered_headings(units: Sequence[Unit]) -> list[Unit]:
    """A short numbered line before a paragraph ("2. Memory") is a heading, not an item of a list."""
    made = []
    for i, unit in enumerate(units):
        following = units[i + 1] if i + 1 < len(units) else None
        if (
            unit.number is not None
            and following is not None
            and following.shape is BlockKind.PARAGRAPH
            and len(following.words) > 2 * len(unit.words)
            and has_stop(following.words)
            and not has_stop(unit.words)
            and len(unit.words.split()) <= 10
        ):
            unit = replace(unit, shape=BlockKind.PARAGRAPH, hint=BlockKind.HEADING)  # noqa: PLW2901
        made.append(unit)
    return made


def _without_doubled_numbers(text: str, units: Sequence[Unit]) -> list[Unit]:
    """Leaves off the numbers that a paste from the web glues to its items ("2. 2The", "- 2The"), list by list."""
    made = list(units)
    first = 0
    while first < len(made):
        last = first
        while last < len(made) and made[last].shape is BlockKind.BULLET:
            last += 1
        run = range(first, last)
        glued = [_glued_number(made[i], made[i].number or i - first + 1) for i in run]
        if run and all(glued) and (len(run) > 1 or made[first].number is not None):
            for i, length in zip(run, glued, strict=True):
                span = Span(made[i].span.start + length, made[i].span.end)
                made[i] = replace(made[i], span=span, words=text[span.start : span.end])
        first = max(last, first + 1)
    return made


def _glued_number(unit: Unit, number: int) -> int:
    """The length of the number that is glued to the first word of a list item, else 0."""
    digits = str(number)
    following = unit.words[len(digits) : len(digits) + 1]
    glued = unit.words.startswith(digits) and following and not following.isdigit() and following not in " .,%:"
    return len(digits) if glued else 0
