"""Web pages: trafilatura finds the main content; what the markup says of its lines is kept as hints.

Three things were measured to go better our way (ADR 1 has the figures): a page whose story is an `article` is narrowed
to it before, a headline that stands outside is put back, and a page of a few words is taken as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from copy import deepcopy
from pathlib import Path

import trafilatura
from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from aigraph.articles.drafts import Draft, Entry, Hint, Reader, assembled, row_line
from aigraph.articles.files import page_files
from aigraph.articles.heads import about, squeezed
from aigraph.errors import UnreadableArticle
from aigraph.records import BlockKind

_BLOCKS = frozenset({"code", "head", "item", "list", "p", "quote", "row", "table"})
"""The elements of trafilatura's result that begin a line of their own; all others stand within a line."""

_RENAMED = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), "head"),
    **dict.fromkeys(("article", "dd", "div", "dl", "dt", "figure", "figcaption", "header", "main", "section"), "p"),
    **dict.fromkeys(("ol", "ul"), "list"),
    **dict.fromkeys(("td", "th"), "cell"),
    "blockquote": "quote",
    "br": "lb",
    "li": "item",
    "pre": "code",
    "tr": "row",
}
_DROPPED = (
    "aside",
    "button",
    "footer",
    "form",
    "head",
    "nav",
    "noscript",
    "script",
    "select",
    "style",
    "template",
    "textarea",
)
_LEAST_MAIN = 200  # characters that make one `article` among several worth being taken for the story
_LEAST_SHARE = 0.5  # of the text of all `article` elements: less is one entry among many
_MOST_DEPTH = 250  # elements within one another: past that lxml drops what they hold
_MOST_ELEMENTS = 12_000  # a long article has two thousand, and the time grows with them
_TITLE_SEARCH = 8  # lines at the top among which the headline is
_ADVICE = "Save the text of the article in its place."


def draft(text: str, source: Path) -> Draft:
    """The main content of a page, one line for each block element.

    Raises:
        UnreadableArticle: the page has no words, too many elements, or elements nested too deeply.
    """
    page = _parsed(text, source)
    head = about(page)
    entries = tuple(_entries(_main_content(page), None))
    body, hints = assembled(_with_title(entries, head.title))
    if not any(character.isalnum() for _, __ in entries for character in body):
        raise UnreadableArticle(f"{source}: the page holds no text. {_ADVICE}")
    return Draft(
        body,
        hints,
        title=head.title,
        issued=head.issued,
        publisher=head.publisher,
        authors=head.authors,
        source=head.address,
        page_language=head.language,
    )


READER = Reader("HTML", (".html", ".htm", ".xhtml"), page_files(draft))


def _parsed(text: str, source: Path) -> HtmlElement:
    # the text is decoded already: lxml refuses text that declares an encoding of its own
    undeclared = re.sub(r"^\s*<\?xml[^>]*>", "", text)
    try:
        page = document_fromstring(undeclared, parser=HTMLParser(remove_comments=True, remove_pis=True))
    except (etree.ParserError, ValueError) as error:
        raise UnreadableArticle(f"{source}: the page holds no text ({error}). {_ADVICE}") from error
    depth = count = 0
    for event, _ in etree.iterwalk(page, events=("start", "end")):
        depth += 1 if event == "start" else -1
        count += event == "start"
        if depth > _MOST_DEPTH:
            raise UnreadableArticle(f"{source}: the elements of the page are nested too deeply. {_ADVICE}")
        if count > _MOST_ELEMENTS:
            raise UnreadableArticle(f"{source}: the page has more than {_MOST_ELEMENTS:,} elements. {_ADVICE}")
    return page


# --- the content --------------------------------------------------------------------------------------------


def _main_content(page: HtmlElement) -> etree._Element:
    """The main content in trafilatura's elements: head, p, list, item, table, row, cell, quote, lb."""
    story = _story(page)
    narrowed = page if story is None else _page_of(story)
    found = trafilatura.bare_extraction(deepcopy(narrowed), include_comments=False, include_tables=True)
    body = getattr(found, "body", None)
    if body is not None and _length(body) >= _LEAST_MAIN:
        return body
    # of a page with few words trafilatura may take the cookie notice for the story: such a page is taken as a whole
    whole = _simplified(narrowed)
    return whole if body is None or _length(whole) > _length(body) else body


def _length(element: etree._Element) -> int:
    return len(squeezed(" ".join(element.itertext())))


def _story(page: HtmlElement) -> HtmlElement | None:
    """The element that holds the story, where the page says so: its only `article`, its longest, or its only `main`."""
    articles = [tag for tag in page.iter("article") if next(tag.iterancestors("article"), None) is None]
    lengths = [_length(tag) for tag in articles]
    longest = max(lengths, default=0)
    if longest and len(articles) == 1:
        return articles[0]
    if articles:
        clear = longest >= max(_LEAST_MAIN, _LEAST_SHARE * sum(lengths))
        return articles[lengths.index(longest)] if clear else None
    mains = [tag for tag in page.iter("main") if _length(tag)]
    return mains[0] if len(mains) == 1 else None


def _page_of(story: HtmlElement) -> HtmlElement:
    page = document_fromstring("<html><body></body></html>")
    page.body.append(deepcopy(story))
    return page


def _simplified(page: HtmlElement) -> etree._Element:
    """A page as a whole in trafilatura's elements, without what is never part of a text."""
    whole = deepcopy(page)
    etree.strip_elements(whole, *_DROPPED, with_tail=False)
    for tag in whole.iter(etree.Element):
        name = str(tag.tag)
        if re.fullmatch("h[1-6]", name):
            tag.set("rend", name)
        elif name == "th":
            tag.set("role", "head")
        tag.tag = _RENAMED.get(name, name)
    return whole


def _entries(element: etree._Element, hint: Hint | None) -> Iterator[Entry]:
    """The lines of an element: what stands within a line is joined, each block element begins a new one."""
    inline = [_flat(element.text)]
    for child in element:
        if child.tag == "lb":
            inline.append("\n")
        elif child.tag in _BLOCKS or any(inner.tag in _BLOCKS for inner in child.iter()):
            yield from _inline_entries(inline, hint)
            inline = []
            yield from _block_entries(child, hint)
        else:
            inline.append(_inner(child))
        inline.append(_flat(child.tail))
    yield from _inline_entries(inline, hint)


def _block_entries(element: etree._Element, hint: Hint | None) -> Iterator[Entry]:
    if element.tag == "table":
        yield from _rows(element)
    elif element.tag == "head":
        kind = BlockKind.TITLE if element.get("rend") == "h1" else BlockKind.HEADING
        yield from _entries(element, Hint(kind))
    elif element.tag == "item":
        yield from _entries(element, Hint(BlockKind.BULLET))
    elif element.tag == "code":
        for line in "".join(element.itertext()).split("\n"):
            if line.strip():
                yield squeezed(line), Hint(BlockKind.BOILERPLATE)
    else:
        yield from _entries(element, hint)


def _rows(table: etree._Element) -> Iterator[Entry]:
    first = True
    for row in table.iter("row"):
        cells = [cell for cell in row if cell.tag == "cell"]
        words = [squeezed(" ".join(cell.itertext())) for cell in cells]
        if sum(map(bool, words)) == 1 and (len(words) == 1 or first):
            yield next(filter(None, words)), None  # a caption, or a page laid out as a table
        elif any(words):
            heads = first and all(cell.get("role") == "head" for cell in cells)
            yield row_line(words), Hint(BlockKind.TABLE_ROW, heads=heads)
            first = False


def _inner(element: etree._Element) -> str:
    """The words of an element within a line, and of the line breaks in it."""
    parts = ["\n" if element.tag == "lb" else _flat(element.text)]
    for child in element:
        parts += [_inner(child), _flat(child.tail)]
    return "".join(parts)


def _inline_entries(inline: Sequence[str], hint: Hint | None) -> Iterator[Entry]:
    for line in "".join(inline).split("\n"):
        if words := squeezed(line):
            yield words, hint


def _flat(text: str | None) -> str:
    return re.sub(r"\s+", " ", text or "")


def _with_title(entries: Sequence[Entry], title: str | None) -> Sequence[Entry]:
    """The lines with the headline marked as such, and put in front where it stands outside of the main content."""
    if title is None or any(hint is not None and hint.kind is BlockKind.TITLE for _, hint in entries):
        return entries
    marked = Hint(BlockKind.TITLE)
    for position, (words, _) in enumerate(entries[:_TITLE_SEARCH]):
        if words.casefold() == title.casefold():
            return [*entries[:position], (words, marked), *entries[position + 1 :]]
    return [(title, marked), *entries]
