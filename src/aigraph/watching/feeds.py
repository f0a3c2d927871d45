"""What feeds and sitemaps say: addresses of articles with the day of publication or change, and of further sitemaps."""

from __future__ import annotations

import gzip
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin, urlsplit

from lxml import etree

from aigraph.errors import FeedError

_LARGEST = 50 << 20  # bytes of a sitemap, by its standard
_GZIP = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Entry:
    """An article that a source names: `stamp` changes when the source says that it has; `date` is its day."""

    url: str
    stamp: str = ""
    date: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """What one source lists: articles in its order, and further sitemaps."""

    entries: tuple[Entry, ...] = ()
    sitemaps: tuple[str, ...] = ()


def read_listing(content: bytes, url: str) -> Listing:
    """A feed (RSS 1.0, 2.0, Atom) or sitemap; relative addresses are read against `url`.

    Raises:
        FeedError: it is neither, or too large.
    """
    root = _root(content, url)
    kind = _name(root)
    if kind in ("rss", "RDF"):
        found = (_item(each, url) for each in root.iter() if _name(each) == "item")
    elif kind == "feed":
        found = (_entry(each, url) for each in root if _name(each) == "entry")
    elif kind == "urlset":
        found = (_page(each, url) for each in root if _name(each) == "url")
    elif kind == "sitemapindex":
        places = (_text(each, "loc") for each in root if _name(each) == "sitemap")
        return Listing(sitemaps=tuple(urljoin(url, place) for place in places if place))
    else:
        raise FeedError(f"{url} is neither a feed nor a sitemap: its root is {kind!r}. Name the address of one.")
    entries = {entry.url: entry for entry in found if entry is not None}
    return Listing(tuple(entries.values()))


def _root(content: bytes, url: str) -> etree._Element:
    if content.startswith(_GZIP):
        try:
            content = gzip.GzipFile(fileobj=io.BytesIO(content)).read(_LARGEST + 1)
        except (OSError, EOFError) as error:
            raise FeedError(f"{url} cannot be unpacked: {error}.") from error
    if len(content) > _LARGEST:
        raise FeedError(f"{url} is larger than {_LARGEST >> 20} MB.")
    # entities stay as they are and nothing is loaded: what a feed says is not to be trusted
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True, huge_tree=False)
    try:
        root = etree.fromstring(content.strip(), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise FeedError(f"{url} is no XML: {error}.") from error
    if root is None:
        raise FeedError(f"{url} is no XML. Name the address of a feed or a sitemap.")
    return root


def _item(item: etree._Element, base: str) -> Entry | None:
    """An item of RSS: its link, or its guid where that is an address."""
    link = _text(item, "link") or next(
        (guid.text or "" for guid in item if _name(guid) == "guid" and guid.get("isPermaLink", "true") == "true"), ""
    )
    stamp = _text(item, "pubDate") or _text(item, "date")
    return _made(link, base, stamp)


def _entry(entry: etree._Element, base: str) -> Entry | None:
    """An entry of Atom: its alternate link."""
    links = (each for each in entry if _name(each) == "link" and each.get("rel", "alternate") == "alternate")
    link = next((each.get("href", "") for each in links if "html" in each.get("type", "text/html")), "")
    published, updated = _text(entry, "published"), _text(entry, "updated")
    return _made(link, base, updated or published, date=published or updated)


def _page(page: etree._Element, base: str) -> Entry | None:
    """A page of a sitemap; when it changed is not when it was published."""
    return _made(_text(page, "loc"), base, _text(page, "lastmod"), date="")


def _made(link: str, base: str, stamp: str, *, date: str | None = None) -> Entry | None:
    try:
        url = urljoin(base, link.strip()).partition("#")[0]
        parts = urlsplit(url)
    except ValueError:
        return None
    if not link or parts.scheme not in ("http", "https") or not parts.hostname:
        return None
    return Entry(url, stamp, _day(stamp if date is None else date))


def _day(text: str) -> str:
    """The day of a date of RSS or Atom; "" where it is none."""
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            return read(text.strip()).date().isoformat()
        except (ValueError, TypeError, IndexError):
            continue
    return ""


def _name(element: etree._Element) -> str:
    """The name of an element without its namespace; "" for comments and the like."""
    return str(etree.QName(element).localname) if isinstance(element.tag, str) else ""


def _text(element: etree._Element, name: str) -> str:
    """The text of the first child of that name."""
    return next(("".join(_strings(each)).strip() for each in element if _name(each) == name), "")


def _strings(element: etree._Element) -> Iterator[str]:
    return (str(text) for text in element.itertext())
