"""Web pages: the main content as text, with what the markup says of its lines, and what the head says of the page."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup
from bs4.element import NavigableString, PreformattedString, Tag

from aigraph.articles.dates import as_edtf
from aigraph.articles.drafts import Draft, Hint, Reader, row_line
from aigraph.errors import UnreadableArticle
from aigraph.records import BlockKind

_DROPPED = re.compile(
    "(aside|audio|button|canvas|dialog|footer|form|iframe|input|menu|nav|noscript|object|script|select|style|svg|"
    "template|textarea|video)$"
)
_BLOCK = re.compile(
    "(address|article|blockquote|body|center|dd|details|div|dl|dt|fieldset|figcaption|figure|h[1-6]|header|hgroup|hr|"
    "html|li|main|ol|p|pre|section|summary|table|tbody|td|tfoot|th|thead|tr|ul)$"
)
_HEADING = re.compile("h[2-6]$")
_PUBLISHED = ("article:published_time", "og:published_time", "datePublished", "date", "dc.date", "pubdate")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-\w{2,8})*")
_LEAST_MAIN = 200  # characters that make an article or main element worth being taken for the content

Entry = tuple[str, Hint | None]


def draft(text: str, source: Path) -> Draft:
    """The main content of a page, one line for each block element.

    Raises:
        UnreadableArticle: the page has no words, or its elements are nested too deeply.
    """
    try:
        return _draft(text, source)
    except RecursionError:
        advice = "Save the text of the article in its place."
        raise UnreadableArticle(f"{source}: the elements of the page are nested too deeply. {advice}") from None


READER = Reader("HTML", (".html", ".htm"), draft)


def _draft(text: str, source: Path) -> Draft:
    page = BeautifulSoup(text, "lxml")
    stated = tuple(_json_ld(page))
    html = page.find("html")
    language = html.get("lang") if isinstance(html, Tag) else None
    title = _meta(page, "og:title") or _words(page.find("h1")) or _words(page.find("title"))
    issued = _issued(page, stated)
    for tag in page.find_all(_DROPPED):
        tag.decompose()
    body, hints = _assembled(tuple(_entries(_main(page))))
    if not body.strip():
        raise UnreadableArticle(f"{source}: the page holds no text. Save the text of the article in its place.")
    return Draft(
        body,
        hints,
        title=title,
        issued=issued,
        publisher=_meta(page, "og:site_name") or _publisher(stated),
        source=_address(page),
        language=language if isinstance(language, str) and _LANGUAGE.fullmatch(language) else None,
    )


# --- the content --------------------------------------------------------------------------------------------


def _main(page: BeautifulSoup) -> Tag:
    """The element that holds the article: the longest `article`, else `main`, else the body."""
    for name in ("article", "main"):
        found = [tag for tag in page.find_all(name) if isinstance(tag, Tag)]
        longest = max(found, key=lambda tag: len(tag.get_text()), default=None)
        if longest is not None and len(longest.get_text().strip()) >= _LEAST_MAIN:
            return longest
    return page.body or page


def _entries(element: Tag, hint: Hint | None = None) -> Iterator[Entry]:
    """The lines of an element: inline content is joined, each block element begins a new line."""
    inline: list[str] = []
    for child in element.children:
        if isinstance(child, Tag) and child.name == "br":
            inline.append("\n")
        elif isinstance(child, Tag) and (_BLOCK.match(child.name) or child.find(_BLOCK) is not None):
            yield from _inline_entries(inline, hint)
            inline = []
            yield from _block_entries(child, hint)
        elif isinstance(child, Tag):
            inline.append(_inline_text(child))
        elif isinstance(child, NavigableString) and not isinstance(child, PreformattedString):
            inline.append(_flat(str(child)))
    yield from _inline_entries(inline, hint)


def _block_entries(tag: Tag, hint: Hint | None) -> Iterator[Entry]:
    if tag.name == "head":
        return
    if tag.name == "table":
        yield from _rows(tag)
    elif tag.name == "h1":
        yield from _entries(tag, Hint(BlockKind.TITLE))
    elif _HEADING.match(tag.name):
        yield from _entries(tag, Hint(BlockKind.HEADING))
    elif tag.name == "li":
        yield from _entries(tag, Hint(BlockKind.BULLET))
    elif tag.name == "figcaption":
        yield from _entries(tag, Hint(BlockKind.METADATA))
    else:
        yield from _entries(tag, hint)


def _rows(table: Tag) -> Iterator[Entry]:
    for number, row in enumerate(tag for tag in table.find_all("tr") if isinstance(tag, Tag)):
        cells = [tag for tag in row.find_all(["td", "th"], recursive=False) if isinstance(tag, Tag)]
        words = [_squeezed(cell.get_text(" ")) for cell in cells]
        if len(words) == 1 and words[0]:
            yield words[0], None  # a page laid out as a table, or a caption in a cell
        elif any(words):
            heads = number == 0 and all(cell.name == "th" for cell in cells)
            yield row_line(words), Hint(BlockKind.TABLE_ROW, heads=heads)


def _inline_text(tag: Tag) -> str:
    for line_break in tag.find_all("br"):
        line_break.replace_with("\n")
    return "".join(
        str(part) if str(part) == "\n" and not isinstance(part, PreformattedString) else _flat(str(part))
        for part in tag.descendants
        if isinstance(part, NavigableString) and not isinstance(part, PreformattedString)
    )


def _inline_entries(inline: Sequence[str], hint: Hint | None) -> Iterator[Entry]:
    for line in "".join(inline).split("\n"):
        words = _squeezed(line)
        if words:
            yield words, hint


def _flat(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def _assembled(entries: Sequence[Entry]) -> tuple[str, dict[int, Hint]]:
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


# --- what the head states -----------------------------------------------------------------------------------


def _meta(page: BeautifulSoup, name: str) -> str | None:
    for attribute in ("property", "name", "itemprop"):
        tag = page.find("meta", attrs={attribute: name})
        content = tag.get("content") if isinstance(tag, Tag) else None
        if isinstance(content, str) and content.strip():
            return _squeezed(content)
    return None


def _words(tag: object) -> str | None:
    return _squeezed(tag.get_text(" ")) or None if isinstance(tag, Tag) else None


def _address(page: BeautifulSoup) -> str | None:
    link = page.find("link", attrs={"rel": "canonical"})
    href = link.get("href") if isinstance(link, Tag) else None
    address = href if isinstance(href, str) else _meta(page, "og:url")
    return address if address and re.match(r"https?://\S+$", address) else None


def _issued(page: BeautifulSoup, stated: Sequence[Mapping[str, Any]]) -> str | None:
    for name in _PUBLISHED:
        if (issued := as_edtf(_meta(page, name))) is not None:
            return issued
    for entry in stated:
        if (issued := as_edtf(entry.get("datePublished"))) is not None:
            return issued
    for tag in page.find_all("time"):
        if isinstance(tag, Tag) and (issued := as_edtf(tag.get("datetime")) or as_edtf(tag.get_text())) is not None:
            return issued
    return None


def _publisher(stated: Sequence[Mapping[str, Any]]) -> str | None:
    for entry in stated:
        publisher = entry.get("publisher")
        name = publisher.get("name") if isinstance(publisher, dict) else None
        if isinstance(name, str) and name.strip():
            return _squeezed(name)
    return None


def _json_ld(page: BeautifulSoup) -> Iterator[Mapping[str, Any]]:
    """The objects that the page's JSON-LD states, those of its @graph included; broken JSON is passed over."""
    for script in page.find_all("script", attrs={"type": "application/ld+json"}):
        try:
            data = json.loads(script.get_text())
        except (ValueError, RecursionError):
            continue
        for entry in data if isinstance(data, list) else [data]:
            if isinstance(entry, dict):
                yield entry
                graph = entry.get("@graph")
                yield from (node for node in graph if isinstance(node, dict)) if isinstance(graph, list) else ()
