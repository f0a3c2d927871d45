"""Where articles lie: files behind addresses that fsspec knows, and the articles in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit

from aigraph import articles
from aigraph.articles import Found
from aigraph.errors import ArticleError, ClusterError, UnreadableArticle
from aigraph.vocab import digest

_MARKS = ("size", "mtime", "LastModified", "ETag", "etag", "md5Hash", "generation", "updated")
"""What file systems tell of a file by which one sees that it has changed; each tells some of it."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file with articles: its address as it was given, and a mark that changes with its content.

    `path` is where a process in any folder finds it, if it lies on this machine.
    """

    address: str
    mark: str
    path: str = ""


def is_remote(address: str) -> bool:
    """True for an address with a scheme (https://, s3://, …); a path has none."""
    return "://" in address and not address.startswith("file://")


def file_system(address: str) -> tuple[Any, str]:
    """The file system behind an address, and the path there.

    Raises:
        ClusterError: fsspec is missing, or knows no such scheme, or lacks the library for it.
    """
    try:
        from fsspec.core import url_to_fs
    except ImportError:
        raise ClusterError(
            "Building on a cluster needs the extra `dask`. Install it with: pip install 'aigraph[dask]'"
        ) from None
    try:
        system, path = url_to_fs(address)
    except (ImportError, ValueError) as error:
        raise ClusterError(
            f"{address}: {str(error).rstrip('.')}. Install that library, or name another place."
        ) from None
    return system, path


def sources(addresses: Sequence[str]) -> tuple[Source, ...]:
    """The files behind addresses, sorted: paths as `aigraph build` takes them, folders and patterns (`*`) elsewhere.

    Raises:
        ArticleError: there is nothing at an address, or no reader knows its format.
        ClusterError: see `file_system`.
    """
    found: dict[str, Source] = {}
    local = [address.removeprefix("file://") for address in addresses if not is_remote(address)]
    for path in articles.find_sources([Path(each) for each in local]):
        about = path.stat()
        mark = digest(str(about.st_size), str(about.st_mtime_ns))
        found[str(path)] = Source(str(path), mark, str(path.absolute()))
    for address in filter(is_remote, addresses):
        for source in _behind(address):
            found[source.address] = source
    return tuple(found[name] for name in sorted(found))


def articles_of(source: Source) -> Iterator[Found | ArticleError]:
    """The articles in a file, as `articles.find` gives them; one that lies elsewhere is fetched and read here."""
    address = source.address
    if not is_remote(address):
        yield from _found(Path(source.path), address)
        return
    system, path = file_system(address)
    with TemporaryDirectory(prefix="aigraph-") as scratch:
        here = Path(scratch) / _name(address)
        try:
            system.get_file(path, str(here))
        except Exception as error:  # what file systems raise for what is gone or refused has nothing in common
            yield UnreadableArticle(f"{address}: it cannot be fetched ({_told(error)}). Check address and access.")
            return
        yield from _found(here, address)


def _found(here: Path, address: str) -> Iterator[Found | ArticleError]:
    """The articles in a file of this machine, told by the address that was given for it."""
    for found in articles.find(here):
        if isinstance(found, Found):
            place = found.place.replace(str(here), address)
            yield replace(found, place=place, draft=partial(_draft, found, str(here), address))
        else:
            yield _elsewhere(found, str(here), address)


def _draft(found: Found, here: str, address: str) -> Any:
    try:
        draft = found.draft()
    except ArticleError as error:
        raise _elsewhere(error, here, address) from None
    return replace(draft, source=draft.source or address)


def _elsewhere(error: ArticleError, here: str, address: str) -> ArticleError:
    """The same error, with the address in the place of our copy."""
    return type(error)(str(error).replace(here, address))


def _behind(address: str) -> Iterator[Source]:
    system, path = file_system(address)
    web = urlsplit(address).scheme in ("http", "https")
    try:
        if not web and any(sign in path for sign in "*?["):
            paths = list(system.glob(path))
        elif not web and system.isdir(path):
            paths = list(system.find(path))
        else:
            paths = [path]
            if not articles.can_read(PurePosixPath(_name(address))):
                articles.find_sources([Path(_name(address))])
        known = [each for each in paths if articles.can_read(PurePosixPath(_name(each)))]
        if not known:
            raise UnreadableArticle(f"{address}: there are no files of a known format. Check the address.")
        for each in sorted(known):
            about = system.info(each)
            marks = [f"{name}={about[name]}" for name in _MARKS if about.get(name) is not None]
            yield Source(address if web else system.unstrip_protocol(each), digest(*marks))
    except (ArticleError, ClusterError):
        raise
    except Exception as error:
        raise UnreadableArticle(
            f"{address}: it cannot be reached ({_told(error)}). Check address and access."
        ) from None


def _name(address: str) -> str:
    """The name of the file, by which its format is told."""
    return PurePosixPath(urlsplit(address).path if is_remote(address) else address).name or "index.html"


def _told(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".rstrip(".: ")
