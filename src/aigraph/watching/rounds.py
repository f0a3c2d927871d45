"""One round over feeds and sitemaps: what is new there is written as articles into a folder."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from aigraph.errors import FeedError
from aigraph.vocab import digest
from aigraph.watching.feeds import Entry, read_listing
from aigraph.watching.fetching import Fetcher
from aigraph.watching.memory import Memory

_PAGES = ("text/html", "application/xhtml+xml", "")
_NONE = "-"  # in place of a file: there is no article, and it is not asked for until it changes
_DEEPEST = 3  # sitemaps within sitemaps
Tell = Callable[[str], None]


@dataclass(slots=True)
class Round:
    """What a round brought: files of new and changed articles, how many were as before, and what went wrong."""

    written: list[Path] = field(default_factory=list)
    unchanged: int = 0
    troubles: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Watch:
    """Follows sources into a folder: each article is a file of JSON Lines with its page, address and date.

    At most `most` articles are fetched in a round, those that a source lists first before the others.
    """

    sources: Sequence[str]
    folder: Path
    fetcher: Fetcher
    most: int = 200

    def round(self, tell: Tell | None = None) -> Round:
        """Looks at all sources once.

        Raises:
            FeedError: what was seen before cannot be read.
            OSError: the folder cannot be written to.
        """
        memory, done = Memory.of(self.folder), Round()
        try:
            looked: set[str] = set()
            found = (entry for source in self.sources for entry in self._listed(source, memory, done, looked, 0))
            listed = {entry.url: entry for entry in found}
            for entry in listed.values():
                self._note(entry, memory, done)
            pending = dict.fromkeys(url for url, seen in memory.seen.items() if seen.stamp and not seen.file)
            order = list(dict.fromkeys([*(url for url in listed if url in pending), *pending]))
            # what is on other hosts is told when it is listed, and not again and again
            wanted = [url for url in order if url in listed or self.fetcher.may_go_to(url)]
            for url in wanted[: self.most]:
                self._take(url, memory, done)
                if tell:
                    tell(url)
            if len(wanted) > self.most:
                done.troubles.append(f"{len(wanted) - self.most:,} more articles come with the next rounds.")
        finally:
            memory.save()
        return done

    def _listed(self, source: str, memory: Memory, done: Round, looked: set[str], depth: int) -> list[Entry]:
        """The articles that a source lists, if it has changed; and those of the sitemaps that it names.

        Each source is looked at once in a round, and nothing deeper than a few sitemaps within one another.
        """
        if source in looked or depth > _DEEPEST:
            return []
        looked.add(source)
        seen = memory[source]
        found = self.fetcher.fetch(source, seen)
        if found.trouble:
            done.troubles.append(found.trouble)
        if found.content is None:
            # an index of sitemaps may be as before, and yet one of them have changed
            return [each for place in seen.sitemaps for each in self._listed(place, memory, done, looked, depth + 1)]
        try:
            listing = read_listing(found.content, found.url)
        except FeedError as error:
            seen.etag = seen.modified = ""
            done.troubles.append(str(error))
            return []
        seen.sitemaps = list(listing.sitemaps)
        below = (each for place in seen.sitemaps for each in self._listed(place, memory, done, looked, depth + 1))
        return [*listing.entries, *below]

    def _note(self, entry: Entry, memory: Memory, done: Round) -> None:
        """Take note of an article that is new, or of which its source says that it has changed."""
        known = memory.seen.get(entry.url)
        if known is not None and known.file and entry.stamp in ("", known.stamp):
            done.unchanged += 1
            return
        seen = memory[entry.url]
        seen.stamp, seen.date, seen.file = entry.stamp or "listed", entry.date or seen.date, ""

    def _take(self, url: str, memory: Memory, done: Round) -> None:
        """Fetch an article and write it; what fails is tried again in later rounds."""
        seen, name = memory[url], file_name(url)
        found = self.fetcher.fetch(url, seen)
        if found.trouble:
            done.troubles.append(found.trouble)
            seen.file = _NONE if found.gone else ""
            return
        if found.content is None:
            done.unchanged += 1
        elif found.kind not in _PAGES:
            done.troubles.append(f"{url} is {found.kind}, no page of HTML.")
            name = _NONE
        else:
            path = self.folder / name
            article = {"id": path.stem, "url": url, "html": _decoded(found.content, found.charset)}
            self._write(path, article | ({"date": seen.date} if seen.date else {}), done)
        seen.file = name

    def _write(self, path: Path, article: dict[str, str], done: Round) -> None:
        """Write an article in one step, unless it stands there so already."""
        text = json.dumps(article, ensure_ascii=False) + "\n"
        if path.exists() and path.read_text(encoding="utf-8") == text:
            done.unchanged += 1
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f".{path.name}.new")
        beside.write_text(text, encoding="utf-8")
        beside.replace(path)
        done.written.append(path)


def file_name(url: str) -> str:
    """Where the article of an address is kept: readable, and another name for every address."""
    parts = urlsplit(url)
    words = re.sub(r"[^a-z0-9]+", "-", parts.path.rpartition(".")[0].lower() or parts.path.lower()).strip("-")
    host = re.sub(r"[^a-z0-9.-]+", "-", parts.netloc.lower())
    return f"{host}/{words[-60:].strip('-') or 'page'}-{digest(url)[:8]}.jsonl"


def _decoded(content: bytes, charset: str) -> str:
    """A page as text: by what the server says, what the page says, or the likeliest encoding."""
    from charset_normalizer import from_bytes

    declared = re.search(rb"<meta[^>]+charset=[\"']?([\w-]+)", content[:4096], re.IGNORECASE)
    for name in (charset, declared[1].decode() if declared else "", "utf-8"):
        try:
            if name:
                return content.decode(name)
        except (LookupError, UnicodeDecodeError):
            continue
    best = from_bytes(content).best()
    return str(best) if best else content.decode("utf-8", "replace")
