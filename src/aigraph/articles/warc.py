"""WARC files, as web archives and crawlers write them, with the extra `dask`: warcio parses the records.

Each page that was answered with 200 is an article, called by its address. What is no page (pictures, scripts, requests,
repeated visits) is passed over. The file is read record by record, so it may be larger than the memory.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from aigraph.articles import html, txt
from aigraph.articles.decoding import MOST_BYTES, check_text, decode, unreadable
from aigraph.articles.drafts import Draft, Found, Reader
from aigraph.errors import ArticleError, UnreadableArticle

_PAGES = ("text/html", "application/xhtml+xml")
_TEXTS = ("text/plain",)


def find(source: Path) -> Iterator[Found | ArticleError]:
    """The pages of a file, in its order; an error for one that is too large, and where the file is damaged."""
    try:
        from warcio.archiveiterator import ArchiveIterator
        from warcio.exceptions import ArchiveLoadFailed
    except ImportError:
        yield UnreadableArticle(
            f"{source}: WARC files need the extra `dask`. Install it with: pip install 'aigraph[dask]'"
        )
        return
    number = 0
    try:
        with source.open("rb") as stream:
            for number, record in enumerate(ArchiveIterator(stream), start=1):
                if record.rec_type == "response" and _media_type(record) in _PAGES + _TEXTS:
                    yield _found(record, f"{source}, record {number}", source)
    except (ArchiveLoadFailed, EOFError) as error:
        yield UnreadableArticle(f"{source}: the file is damaged after record {number} ({error}). Fetch it again.")
    except (OSError, ValueError) as error:
        yield unreadable(source, error)
    else:
        if not number:
            yield UnreadableArticle(f"{source}: there is no record in it. Name a WARC file.")


READER = Reader("WARC", (".warc", ".warc.gz"), find)


def _media_type(record: Any) -> str:
    """What kind of answer a record holds; "" for one without success."""
    headers = record.http_headers
    if headers is None or headers.get_statuscode() != "200":
        return ""
    return str(headers.get_header("Content-Type", "")).partition(";")[0].strip().casefold()


def _found(record: Any, place: str, source: Path) -> Found | ArticleError:
    address = str(record.rec_headers.get_header("WARC-Target-URI", "")).strip("<>")
    content = record.content_stream().read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        return UnreadableArticle(f"{place}: the page is larger than {MOST_BYTES // 2**20} MiB, which no article is.")
    draft = partial(_draft, content, address, place, page=_media_type(record) in _PAGES)
    return Found(address, place, hashlib.sha256(content).hexdigest(), source, draft)


def _draft(content: bytes, address: str, place: str, *, page: bool) -> Draft:
    text = decode(content, Path(place), page=page)
    if page:
        return replace(made := html.draft(text, Path(place)), source=made.source or address)
    check_text(text, place)
    return replace(txt.draft(text, Path(place)), identifier=None, source=address)
