"""Which format a client gets: by `format=`, else by its `Accept` header (RFC 9110, section 12.5.1)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from aigraph.errors import FormatError
from aigraph.formats import RDF_FORMATS, RESULT_FORMATS, Format

HTML = Format("html", "HTML", ("text/html", "application/xhtml+xml"), ("html",))
"""A page; never what a wildcard means, so that programs get data."""

_LONGEST_ACCEPT = 2000
_QUALITY = re.compile(r"[01](?:\.\d{0,3})?")


@dataclass(frozen=True, slots=True)
class Choice:
    """A format and the media type under which the client asked for it."""

    format: Format
    media_type: str

    @property
    def html(self) -> bool:
        """True where the client gets a page."""
        return self.format is HTML

    @property
    def content_type(self) -> str:
        """The value of the header."""
        return f"{self.media_type}; charset=utf-8" if self.media_type.startswith("text/") else self.media_type


@lru_cache(16)
def offers(form: str | None, *, html: bool = True) -> tuple[Format, ...]:
    """The formats for the answer to a query of that form, the preferred one first; all where the form is unknown."""
    data: tuple[Format, ...] = (*RESULT_FORMATS, *RDF_FORMATS)
    if form is not None:
        data = tuple(RDF_FORMATS if form in ("CONSTRUCT", "DESCRIBE") else RESULT_FORMATS)
    return (*data, HTML) if html else data


def choose(accept: str, named: str | None, formats: Sequence[Format]) -> Choice:
    """The format that a client wants most; `named` is what it gave as `format=`, and rules.

    Raises:
        FormatError: it wants none of `formats`; the message lists them.
    """
    return _choose(accept[:_LONGEST_ACCEPT], named, tuple(formats))


@lru_cache(1024)
def _choose(accept: str, named: str | None, formats: tuple[Format, ...]) -> Choice:
    if named is not None:
        wanted = named.strip().lower()
        for one in formats:
            if wanted == one.name or wanted in one.media_types or wanted in one.suffixes:
                return Choice(one, one.media_type)
        raise FormatError(f"This cannot be had as {named!r}. {_list(formats)}")
    if not accept.strip():
        return Choice(formats[0], formats[0].media_type)
    ranges = _ranges(accept)
    best: tuple[float, int, int] | None = None
    choice: Choice | None = None
    for one in formats:
        for media_type in one.media_types:
            quality, specificity, place = _match(media_type, ranges, wildcards=one is not HTML)
            # Of equal quality: what is named in full, then the client's order, then ours.
            rank = (quality, specificity, -place)
            if quality > 0 and (best is None or rank > best):
                best, choice = rank, Choice(one, media_type)
    if choice is None:
        raise FormatError(f"This cannot be had as {accept[:200]!r}. {_list(formats)}")
    return choice


def wants_page(accept: str) -> bool:
    """True for a browser: a client that names HTML and likes nothing better."""
    ranges = _ranges(accept)
    best = max((quality for _, quality in ranges), default=0.0)
    return best > 0 and any(media in HTML.media_types and quality == best for media, quality in ranges)


def _ranges(accept: str) -> list[tuple[str, float]]:
    """The media ranges of a header with their qualities; one that is malformed counts as fully wanted."""
    found = []
    for part in accept.split(","):
        media, *parameters = (piece.strip().lower() for piece in part.split(";"))
        quality = next((p.removeprefix("q=").strip() for p in parameters if p.startswith("q=")), "1")
        if media:
            found.append((media, min(float(quality), 1.0) if _QUALITY.fullmatch(quality) else 1.0))
    return found


def _match(media_type: str, ranges: Sequence[tuple[str, float]], *, wildcards: bool) -> tuple[float, int, int]:
    """Quality, specificity (2 in full, 1 `type/*`, 0 `*/*`) and place of the most specific range for a media type."""
    patterns = (media_type, f"{media_type.partition('/')[0]}/*", "*/*") if wildcards else (media_type,)
    for specificity, pattern in zip((2, 1, 0), patterns, strict=False):
        for place, (media, quality) in enumerate(ranges):
            if media == pattern:
                return quality, specificity, place
    return 0.0, 0, len(ranges)


def _list(formats: Sequence[Format]) -> str:
    return f"There is {', '.join(f'{one.name} ({one.media_type})' for one in formats)}."
