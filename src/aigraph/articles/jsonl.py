"""JSON Lines: an article a line, read line by line, so that a file may be larger than the memory."""

from __future__ import annotations

import gzip
import hashlib
import json
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, cast

from aigraph.articles import html, md, txt
from aigraph.articles.dates import as_edtf
from aigraph.articles.decoding import MOST_BYTES, check_text, tidied, unreadable
from aigraph.articles.drafts import Draft, Found, Reader
from aigraph.articles.frontmatter import LANGUAGE_TAG
from aigraph.errors import ArticleError, UnreadableArticle

_TEXTS: Mapping[str, Callable[[str, Path], Draft]] = {"text": txt.draft, "markdown": md.draft, "html": html.draft}
"""The keys that hold the words of an article, and what reads them."""

_KEYS = {
    "identifier": ("id", "identifier"),
    "issued": ("issued", "date"),
    "language": ("language",),
    "publisher": ("publisher",),
    "source": ("source", "url"),
    "title": ("title",),
}
"""What is read of a line beside the words, each with its keys in order of precedence."""


def find(source: Path) -> Iterator[Found | ArticleError]:
    """The articles of a file, line by line, with an error in the place of each line that cannot be read."""
    number = 0
    try:
        with _opened(source) as stream:
            for number, line in enumerate(_lines(stream), start=1):
                place = f"{source}, line {number}"
                try:
                    if line is None:
                        limit = f"{MOST_BYTES // 2**20} MiB"
                        raise UnreadableArticle(f"{place}: the line is longer than {limit}, which no article is.")
                    if line.strip():
                        yield _found(line, place, source)
                except ArticleError as error:
                    yield error
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        yield UnreadableArticle(
            f"{source}: the compressed file is damaged after line {number} ({error}). Fetch or compress it again."
        )
    except (OSError, ValueError) as error:
        yield unreadable(source, error)
    else:
        if not number:
            yield UnreadableArticle(f"{source}: the file is empty. Put one JSON object a line into it.")


READER = Reader("JSON Lines", (".jsonl", ".jsonl.gz", ".ndjson", ".ndjson.gz"), find)


def _opened(source: Path) -> BinaryIO:
    return cast(BinaryIO, gzip.open(source, "rb")) if source.suffix.lower() == ".gz" else source.open("rb")


def _lines(stream: BinaryIO) -> Iterator[bytes | None]:
    """The lines of a file; None for one that is too long to be held."""
    while line := stream.readline(MOST_BYTES + 1):
        if len(line) <= MOST_BYTES:
            yield line
            continue
        while line and not line.endswith(b"\n"):
            line = stream.readline(MOST_BYTES)
        yield None


def _found(line: bytes, place: str, source: Path) -> Found:
    entry = _entry(line, place)
    said = {name: _said(entry, keys, place) for name, keys in _KEYS.items()}
    identifier = said.pop("identifier")
    if not identifier:
        raise ArticleError(f'{place}: the article has no "id". Give it one that no other article has.')
    if said["issued"] and (issued := as_edtf(said["issued"])) is None:
        raise ArticleError(f'{place}: "{said["issued"]}" is no date. Write it as "2026-03-18", "2026-03" or "2026".')
    if said["issued"]:
        said["issued"] = issued
    if said["language"] and not LANGUAGE_TAG.fullmatch(said["language"]):
        raise ArticleError(f'{place}: "{said["language"]}" is no language tag. Write it as "en" or "en-GB".')
    kind, words = _words(entry, place)
    given: dict[str, Any] = {name: value for name, value in said.items() if value}
    if authors := _authors(entry, place):
        given["authors"] = authors
    draft = partial(_draft, kind, words, place, {"identifier": identifier, **given})
    return Found(identifier, place, hashlib.sha256(line.strip()).hexdigest(), source, draft)


def _draft(kind: str, words: str, place: str, given: Mapping[str, Any]) -> Draft:
    return replace(_TEXTS[kind](words, Path(place)), **given)


def _entry(line: bytes, place: str) -> Mapping[str, Any]:
    try:
        entry = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        byte = f"byte {error.start + 1:,} of the line is 0x{line[error.start]:02x}"
        raise UnreadableArticle(f"{place}: this is no UTF-8 ({byte}). Convert the file to UTF-8.") from None
    except json.JSONDecodeError as error:
        raise ArticleError(
            f"{place}, column {error.colno}: this is no JSON ({error.msg}). Write one object a line."
        ) from None
    except (RecursionError, ValueError) as error:
        raise ArticleError(f"{place}: this JSON cannot be read ({error}). Write one flat object a line.") from None
    if not isinstance(entry, dict):
        raise ArticleError(f'{place}: this is no JSON object. Write one object a line, as {{"id": …, "text": …}}.')
    return entry


def _said(entry: Mapping[str, Any], keys: tuple[str, ...], place: str) -> str | None:
    for key in keys:
        value = entry.get(key)
        if isinstance(value, int) and not isinstance(value, bool):
            with suppress(ValueError):  # past 4,300 digits Python writes no number
                value = str(value)
        if value is None or value == "":
            continue
        if not isinstance(value, str) or "\n" in value.strip() or not value.strip():
            raise ArticleError(f'{place}: "{key}" must be text on one line. Correct it or leave the key out.')
        _check_unicode(value, key, place)
        return value.strip()
    return None


def _words(entry: Mapping[str, Any], place: str) -> tuple[str, str]:
    for kind in _TEXTS:
        value = entry.get(kind)
        if isinstance(value, str) and value.strip():
            _check_unicode(value, kind, place)
            if kind != "html":
                check_text(tidied(value), place)
            return kind, tidied(value)
        if value not in (None, ""):
            raise ArticleError(f'{place}: "{kind}" must be text, and not blank.')
    raise ArticleError(f"{place}: the article has no words. Put them under one of {', '.join(map(repr, _TEXTS))}.")


def _authors(entry: Mapping[str, Any], place: str) -> tuple[str, ...]:
    value = entry.get("authors") or entry.get("author") or []
    names = value if isinstance(value, list) else [value]
    if not all(isinstance(name, str) and "\n" not in name for name in names):
        raise ArticleError(f'{place}: "authors" must be a name or a list of names.')
    for name in names:
        _check_unicode(name, "authors", place)
    return tuple(dict.fromkeys(name.strip() for name in names if name.strip()))


def _check_unicode(value: str, key: str, place: str) -> None:
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        raise UnreadableArticle(f'{place}: "{key}" holds half a surrogate pair, which is no Unicode text.') from None
