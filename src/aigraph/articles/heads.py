"""What the head of a web page states: title, date, publisher, authors, address, language."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from lxml.html import HtmlElement
from trafilatura import extract_metadata

from aigraph.articles.dates import as_edtf

_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-\w{2,8})*")
_PUBLISHED = ("article:published_time", "og:published_time", "datePublished", "date", "dc.date", "pubdate")
_DATES = {
    # no dates out of running text, and none that depends on the day on which the page is read
    "extensive_search": False,
    "original_date": True,
    "max_date": "2100-01-01",
}
_OFFICE = re.compile(
    r"(the|our|news|contributing|senior|staff)\b.*|.*\b(writers?|desk|staff|team|editors?|reporters?|correspondents?)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Head:
    """What a page says about itself; None where it is silent."""

    title: str | None
    issued: str | None
    publisher: str | None
    authors: tuple[str, ...]
    address: str | None
    language: str | None


def about(page: HtmlElement) -> Head:
    """What the page states in its markup; what it states nowhere, trafilatura looks for in the usual places."""
    stated = tuple(_json_ld(page))
    found = extract_metadata(deepcopy(page), date_config=dict(_DATES))
    language = page.get("lang") or page.get("xml:lang") or page.get(_XML_LANG)
    return Head(
        title=_meta(page, "og:title") or squeezed(found.title or "") or None,
        issued=_issued(page, stated) or as_edtf(found.date),
        # as written: trafilatura writes names of sites its own way ("Iwire" for iWire), and gives hosts for names
        publisher=_meta(page, "og:site_name") or _publisher(stated),
        authors=_authors(found.author),
        address=_address(page),
        language=language if language and _LANGUAGE.fullmatch(language) else None,
    )


def squeezed(text: str) -> str:
    """The text on one line, with one blank for any white space."""
    return re.sub(r"\s+", " ", text).strip()


def _meta(page: HtmlElement, name: str) -> str | None:
    for attribute in ("property", "name", "itemprop"):
        for tag in page.iter("meta"):
            if tag.get(attribute) == name and (content := squeezed(tag.get("content") or "")):
                return content
    return None


def _address(page: HtmlElement) -> str | None:
    links = (tag.get("href") for tag in page.iter("link") if "canonical" in (tag.get("rel") or "").split())
    address = next(links, None) or _meta(page, "og:url")
    return address if address and re.match(r"https?://\S+$", address) else None


def _issued(page: HtmlElement, stated: Sequence[Mapping[str, Any]]) -> str | None:
    named = [_meta(page, name) for name in _PUBLISHED] + [entry.get("datePublished") for entry in stated]
    return next((issued for value in named if (issued := as_edtf(value)) is not None), None)


def _publisher(stated: Sequence[Mapping[str, Any]]) -> str | None:
    for entry in stated:
        publisher = entry.get("publisher")
        name = publisher.get("name") if isinstance(publisher, dict) else None
        if isinstance(name, str) and name.strip():
            return squeezed(name)
    return None


def _authors(named: str | None) -> tuple[str, ...]:
    """The people whom a byline names, without offices such as "Staff Writer"."""
    names = dict.fromkeys(squeezed(name) for name in (named or "").split(";"))
    return tuple(name for name in names if name and not _OFFICE.fullmatch(name))


def _json_ld(page: HtmlElement) -> Iterator[Mapping[str, Any]]:
    """The objects that the page's JSON-LD states, those of its @graph included; broken JSON is passed over."""
    for script in page.iter("script"):
        if script.get("type") != "application/ld+json":
            continue
        try:
            data = json.loads(script.text or "")
        except (ValueError, RecursionError):
            continue
        for entry in data if isinstance(data, list) else [data]:
            if isinstance(entry, dict):
                yield entry
                graph = entry.get("@graph")
                yield from (node for node in graph if isinstance(node, dict)) if isinstance(graph, list) else ()
