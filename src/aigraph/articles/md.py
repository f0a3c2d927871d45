"""Markdown, with or without front matter: the markup is taken off, and what it said is kept as hints."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from aigraph.articles import frontmatter
from aigraph.articles.drafts import Draft, Hint, Reader, row_line
from aigraph.articles.files import text_files
from aigraph.records import BlockKind

_HEADING = re.compile(r" {0,3}(?P<level>#{1,6})\s+(?P<words>.*?)(?:\s+#+)?\s*$")
_UNDERLINE = re.compile(r" {0,3}(?P<sign>=|-)(?P=sign)+\s*$")
_BULLET = re.compile(r"\s*(?:[-*+]|\d{1,3}[.)])\s+(?=\S)(?:\[[ xX]\]\s+)?")
_QUOTE = re.compile(r"\s{0,3}(?:>\s?)+")
_FENCE = re.compile(r"\s{0,3}(```|~~~)")
_RULE = re.compile(r"\s{0,3}([-*_])(\s*\1){2,}\s*$")
_TABLE_RULE = re.compile(r"\s*\|?\s*:?-{2,}:?\s*(\|\s*:?-+:?\s*)*\|?\s*$")
_REFERENCE = re.compile(r"\s{0,3}\[[^\]]+\]:\s*\S+.*$")
_BOLD_LINE = re.compile(r"\s*(\*\*|__)(?P<words>[^*_]+?)\1\s*$")
_LONGEST_WRAPPED_LINE = 140  # characters; longer lines show that each line is a paragraph
_INLINE = (
    (re.compile(r"!\[(?P<words>[^\]\[]{0,300})\]\([^)\s]{0,400}(?:\s+\"[^\"]{0,300}\")?\)"), ""),
    (
        re.compile(
            r"\[(?P<words>[^\]\[]{0,300})\]\((?:[^()\s]|\([^()\s]{0,200}\)){0,400}(?:\s+[\"'][^\"']{0,300}[\"'])?\)"
        ),
        r"\g<words>",
    ),
    (re.compile(r"\[(?P<words>[^\]\[]{1,300})\]\[[^\]\[]{0,200}\]"), r"\g<words>"),
    (re.compile(r"\[\^[^\]\[]{1,100}\]"), ""),
    (re.compile(r"<(?P<words>https?://[^>\s]{1,400})>"), r"\g<words>"),
    (re.compile(r"</?[a-zA-Z][^<>\n]{0,200}>"), ""),
    (re.compile(r"(?<!\\)(\*\*|__)(?=\S)(?P<words>.{1,300}?)(?<=\S)(?<!\\)\1"), r"\g<words>"),
    (re.compile(r"(?<![\\\w*])\*(?=[^\s*])(?P<words>[^*]{1,300}?)(?<=[^\s*\\])\*(?![\w*])"), r"\g<words>"),
    (re.compile(r"(?<![\\\w])_(?=[^\s_])(?P<words>[^_]{1,300}?)(?<=[^\s_\\])_(?!\w)"), r"\g<words>"),
    (re.compile(r"~~(?P<words>[^~]{1,300})~~"), r"\g<words>"),
    (re.compile(r"(?<!`)`+(?P<words>[^`]{1,300})`+"), r"\g<words>"),
    (re.compile(r"\\(?P<words>[\\`*_{}\[\]()#+.!|$~>-])"), r"\g<words>"),
)

Marked = tuple[str | None, Hint | None]
"""A line without its markup (None if it was nothing else), and what the markup said."""


def draft(text: str, source: Path) -> Draft:
    """The text without markup; headings, list items and rows of tables keep their kind as hints."""
    matter = frontmatter.split(text, source)
    raw = _without_comments(matter.body).split("\n")
    # Markdown joins the lines of a paragraph; where text was pasted with one paragraph a line, that would be wrong
    joins = max(map(len, raw)) <= _LONGEST_WRAPPED_LINE
    lines: list[str] = []
    hints: dict[int, Hint] = {}
    for words, hint, continues in _marked_lines(raw):
        before = hints.get(len(lines) - 1)
        indented = before is not None and before.kind is BlockKind.BULLET and continues and words[:1] == " "
        if lines and lines[-1] and continues and (indented or (joins and before is None)):
            lines[-1] += " " + words.strip()
            continue
        if hint is not None and words.strip():
            hints[len(lines)] = hint
        lines.append(words.strip())
    return frontmatter.fill(Draft("\n".join(lines), hints), matter)


READER = Reader("Markdown", (".md", ".markdown"), text_files(draft))


def _without_comments(text: str) -> str:
    """The text without HTML comments; one that is never closed stays."""
    kept, position = [], 0
    while (start := text.find("<!--", position)) >= 0 and (end := text.find("-->", start + 4)) >= 0:
        kept.append(text[position:start])
        position = end + 3
    return "".join([*kept, text[position:]])


def _marked_lines(raw: Sequence[str]) -> Iterator[tuple[str, Hint | None, bool]]:
    """Each line with words or none without its markup, its hint, and whether it can continue the line before."""
    fenced = False
    for i, line in enumerate(raw):
        before = raw[i - 1] if i else ""
        if _FENCE.match(line):
            fenced = not fenced
        elif fenced:
            yield line, Hint(BlockKind.BOILERPLATE), False
        else:
            words, hint = _line(line, raw[i + 1] if i + 1 < len(raw) else "", before)
            if words is not None:
                plainly = hint is None and bool(words.strip()) and not re.search(r"(\\|  )$", before)
                yield (" " * (line[:1] == " ") + words if plainly else words), hint, plainly


def _line(line: str, following: str, before: str) -> Marked:
    """A line without its markup, and what that said; None for lines that are markup alone."""
    line = _QUOTE.sub("", line, count=1)
    if _REFERENCE.match(line) or _is_underline(line, before):
        return None, None
    if line.lstrip().startswith("|") and line.rstrip().endswith("|") and len(line.strip()) > 1:
        return _row(line, following)
    if _RULE.match(line):
        return "", None
    return _heading(line, following) or _item(line)


def _heading(line: str, following: str) -> Marked | None:
    if match := _HEADING.match(line):
        return plain(match["words"]), Hint(BlockKind.TITLE if match["level"] == "#" else BlockKind.HEADING)
    if _is_underline(following, line) and not _BULLET.match(line):
        return plain(line), Hint(BlockKind.TITLE if "=" in following else BlockKind.HEADING)
    if (match := _BOLD_LINE.match(line)) and not match["words"].rstrip().endswith((".", ",", ";")):
        return plain(line), Hint(BlockKind.HEADING)
    return None


def _item(line: str) -> Marked:
    if match := _BULLET.match(line):
        return plain(line[match.end() :]), Hint(BlockKind.BULLET)
    return plain(line), None


def _is_underline(line: str, before: str) -> bool:
    return bool(_UNDERLINE.match(line)) and bool(before.strip()) and "|" not in before and len(before.strip()) < 120


def _row(line: str, following: str) -> Marked:
    if _TABLE_RULE.match(line):
        return None, None
    cells = re.split(r"(?<!\\)\|", line.strip()[1:-1])
    return row_line([plain(cell) for cell in cells]), Hint(
        BlockKind.TABLE_ROW, heads=_TABLE_RULE.match(following) is not None
    )


def plain(line: str) -> str:
    """The words of a line without inline markup: emphasis, links, images, code, tags, escapes."""
    for pattern, words in _INLINE:
        line = pattern.sub(words, line)
    return line.strip()
