"""Files with one article each: read, decoded and identified before anything is made of their text."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from aigraph.articles import frontmatter
from aigraph.articles.decoding import check_text, decode, read_bytes
from aigraph.articles.drafts import Draft, Found
from aigraph.errors import ArticleError

Find = Callable[[Path], Iterator[Found | ArticleError]]


def text_files(draft: Callable[[str, Path], Draft]) -> Find:
    """What finds the one article of a text with or without front matter."""

    def find(source: Path) -> Iterator[Found | ArticleError]:
        try:
            content = read_bytes(source)
            text = decode(content, source)
            check_text(text, source)
            identifier = frontmatter.split(text, source).identifier or source.stem
        except ArticleError as error:
            yield error
            return
        yield _found(identifier, source, content, partial(draft, text, source))

    return find


def page_files(draft: Callable[[str, Path], Draft]) -> Find:
    """What finds the one article of a web page, named by its file."""
    return binary_files(partial(_page, draft))


def binary_files(draft: Callable[[bytes, Path], Draft]) -> Find:
    """What finds the one article of a file that is named by the file alone."""

    def find(source: Path) -> Iterator[Found | ArticleError]:
        try:
            content = read_bytes(source)
        except ArticleError as error:
            yield error
            return
        yield _found(source.stem, source, content, partial(draft, content, source))

    return find


def _page(draft: Callable[[str, Path], Draft], content: bytes, source: Path) -> Draft:
    return draft(decode(content, source, page=True), source)


def _found(identifier: str, source: Path, content: bytes, draft: Callable[[], Draft]) -> Found:
    return Found(identifier.strip(), str(source), hashlib.sha256(content).hexdigest(), source, draft)
