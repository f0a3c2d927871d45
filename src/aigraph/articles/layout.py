"""Text to blocks: title, headings, paragraphs, bullets, rows of tables, questions, and what belongs to the page alone.

Most articles are pasted from the web: each line is a paragraph, markup is gone, and teasers, tags and notices stand
among the words of the story. Lines are first joined into units (rows of tables, bullets, wrapped paragraphs); cue
words then part the story from the page (`cues.yaml`), and the shape of what is left tells headings from paragraphs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from aigraph.articles.cues import BODY, Cues, load_cues
from aigraph.articles.drafts import Hint
from aigraph.articles.lines import has_letter, has_stop, is_camel, is_capitals, split_lines
from aigraph.articles.units import Unit, units_of
from aigraph.records import Block, BlockKind, Span

_LONGEST_HEADING = 110  # characters
_MOST_WORDS_OF_HEADING = 16
_LONGEST_TITLE = 220
_LEAST_WORDS_OF_HEADLINE = 4  # for a line to be the headline below the name of a column
_LONGEST_QUESTION = 200
_LEAST_PROSE = 160  # characters past which a finished sentence is part of a story, not a tag or a teaser
_TITLE_SEARCH = 8  # units at the top among which the title is


def lay_out(text: str, hints: Mapping[int, Hint] | None = None) -> tuple[Block, ...]:
    """The blocks of a text in order; they do not overlap, and none is blank.

    `hints` goes from line numbers (from 0) to what the markup says of them.
    """
    cues = load_cues()
    units = units_of(text, split_lines(text, hints or {}), cues)
    kinds = _page_kinds(text, units, cues)
    title = _title(units, kinds)
    blocks = []
    for i, unit in enumerate(units):
        kind = kinds[i]
        if kind is None:
            following = next((units[j] for j in range(i + 1, len(units)) if kinds[j] in (None, BODY)), None)
            if title is not None and i < title:
                kind = BlockKind.METADATA
            else:
                kind = BlockKind.TITLE if i == title else _story_kind(unit, following)
        elif kind is BODY:
            kind = BlockKind.HEADING
        blocks.append(_block(text, unit, kind, cues))
    return tuple(blocks)


@dataclass(frozen=True, slots=True)
class _Section:
    """The section being read: what its heading makes of it, and how its entries are set."""

    kind: BlockKind | None = None
    entries: int = 0
    close: bool = False
    """True where the first entry follows the heading without a blank line: then a blank line ends the section."""


def _page_kinds(text: str, units: Sequence[Unit], cues: Cues) -> list[BlockKind | None]:
    """For each unit the kind that cue words give it; `BODY` for headings of the story, None for the story itself."""
    kinds: list[BlockKind | None] = []
    section = _Section()
    for i, unit in enumerate(units):
        heading = None if unit.shape is BlockKind.TABLE_ROW else cues.section(unit.words)
        if heading is not None:
            section = _Section(None if heading is BODY else heading)
            # the heading of teasers says nothing itself, that of a list of names or sources tells what they are
            kinds.append(BlockKind.BOILERPLATE if heading is BlockKind.TEASER else heading)
            continue
        said = _marked(unit) or cues.line(text[unit.line.start : unit.line.end]) or cues.line(unit.words)
        if unit.shape is BlockKind.TABLE_ROW and said is not BlockKind.BOILERPLATE:
            said = None
        if said is not None:
            kinds.append(said)
            continue
        following = units[i + 1] if i + 1 < len(units) else None
        if section.kind is not None and _ends(section, unit, following, cues):
            section = _Section()
        if section.kind is not None and not section.entries:
            section = replace(section, close=unit.line.gap == 0)
        section = replace(section, entries=section.entries + 1)
        kinds.append(section.kind)
    return kinds


def _marked(unit: Unit) -> BlockKind | None:
    return unit.hint if unit.hint in (BlockKind.BOILERPLATE, BlockKind.METADATA) else None


def _ends(section: _Section, unit: Unit, following: Unit | None, cues: Cues) -> bool:
    """True where a section of the page is over before this unit."""
    if section.close and section.entries and unit.line.gap > 0:
        return True
    if section.kind is BlockKind.BOILERPLATE:
        return False  # notices are prose themselves: only another section or a blank line ends them
    if unit.hint is BlockKind.HEADING:
        return section.entries > 0
    if _is_prose(unit):
        return not (section.kind is BlockKind.TEASER and section.entries == 0)
    return (
        section.entries > 0
        and unit.line.gap > 0
        and following is not None
        and _is_prose(following)
        and cues.section(following.words) is None
        and _is_heading(unit)
    )


def _is_prose(unit: Unit) -> bool:
    words = unit.words
    ended = words.rstrip("\"'”’)").endswith((".", "!"))
    return unit.shape is BlockKind.PARAGRAPH and len(words) >= _LEAST_PROSE and ended


def _title(units: Sequence[Unit], kinds: Sequence[BlockKind | None]) -> int | None:
    """The index of the unit that is the headline, if the text shows one."""
    for i, unit in enumerate(units[:_TITLE_SEARCH]):
        if unit.hint is BlockKind.TITLE and kinds[i] is None:
            return i
    for i, unit in enumerate(units[:_TITLE_SEARCH]):
        if kinds[i] is BODY or unit.shape in (BlockKind.TABLE_ROW, BlockKind.BULLET):
            return None
        if kinds[i] is not None or _is_column(units, kinds, i):
            continue
        return i if _is_headline(unit, units[i + 1] if i + 1 < len(units) else None) else None
    return None


def _is_headline(unit: Unit, following: Unit | None) -> bool:
    words = unit.words
    fits = len(words) <= _LONGEST_TITLE and "\n" not in words and has_letter(words) and following is not None
    ends = not has_stop(words) or words.rstrip("\"'”’)").endswith(("?", "!"))
    apart = following is not None and following.line.gap > 0 and len(words) <= _LONGEST_HEADING
    return fits and (ends or apart or unit.hint is BlockKind.HEADING)


def _is_column(units: Sequence[Unit], kinds: Sequence[BlockKind | None], i: int) -> bool:
    """True for the name of the site or of a column ("Technology") that stands above the headline."""
    above = [unit for unit, kind in zip(units[i + 1 : i + 4], kinds[i + 1 : i + 4], strict=True) if kind is None]
    words = units[i].words
    return len(words.split()) <= (4 if is_capitals(words) else 2) and any(
        unit.shape is BlockKind.PARAGRAPH
        and len(unit.words.split()) >= _LEAST_WORDS_OF_HEADLINE
        and not has_stop(unit.words)
        and _is_headline(unit, units[i])
        for unit in above[:2]
    )


def _story_kind(unit: Unit, following: Unit | None) -> BlockKind:
    """What a unit of the story is, by its markup or else by its shape and by what follows."""
    if unit.shape in (BlockKind.TABLE_ROW, BlockKind.BULLET):
        return unit.shape
    asks = _is_question(unit)
    if unit.hint is not None:
        return BlockKind.QUESTION if asks else BlockKind.HEADING
    if following is None:
        return BlockKind.PARAGRAPH
    listed = following.line.gap == 0 and unit.line.gap == 0 and _is_heading(following)
    answered = not (_is_question(following) or listed)
    if asks and answered:
        return BlockKind.QUESTION
    return BlockKind.HEADING if _is_heading(unit) else BlockKind.PARAGRAPH


def _is_question(unit: Unit) -> bool:
    words = unit.words.rstrip("\"'”’)")
    body = words[:-1]
    return (
        words.endswith("?")
        and len(words) <= _LONGEST_QUESTION
        and not any(stop + " " in body for stop in (".", "!", "?", ".”", '."'))
        and not (unit.words[0] in '"“' and unit.words[-1] in '"”')
    )


def _is_heading(unit: Unit) -> bool:
    words = unit.words
    if unit.shape is not BlockKind.PARAGRAPH or "\n" in words or not has_letter(words):
        return False
    if len(words) > _LONGEST_HEADING or len(words.split()) > _MOST_WORDS_OF_HEADING:
        return False
    if words.endswith(":"):
        return len(words.split()) <= 6
    if has_stop(words) and not words.endswith(("?", "!")):
        return False
    first = next(character for character in words if character.isalnum())
    return is_capitals(words) or not first.islower() or is_camel(words.split()[0])


def _block(text: str, unit: Unit, kind: BlockKind, cues: Cues) -> Block:
    span = unit.span
    if kind is BlockKind.TEASER:
        span = Span(span.start + cues.glued(text[span.start : span.end]), span.end)
    if unit.shape is BlockKind.TABLE_ROW and kind is BlockKind.TABLE_ROW:
        return Block(kind, span, unit.cells, unit.header)
    return Block(kind, span)
