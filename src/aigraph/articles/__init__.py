"""Sources of articles: one reader per format, and what every format shares (identity, layout, dates).

file -> decoding -> reader (txt, md, html) -> Draft -> layout -> Article
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from pathlib import Path

from aigraph.articles import html, md, txt
from aigraph.articles.dating import issued_in
from aigraph.articles.decoding import decode, read_bytes
from aigraph.articles.drafts import Draft, Reader
from aigraph.articles.layout import lay_out
from aigraph.errors import ArticleError, UnknownFormat, UnreadableArticle
from aigraph.records import Article, Block, BlockKind
from aigraph.vocab import DERIVED_GRAPHS

__all__ = ["READERS", "article_of", "find_sources", "read"]

READERS: tuple[Reader, ...] = (txt.READER, md.READER, html.READER)
"""The formats that can be read. A new one is a module with a `READER`, and its name in this line."""

_BY_SUFFIX = {suffix: reader for reader in READERS for suffix in reader.suffixes}


def find_sources(paths: Sequence[Path]) -> tuple[Path, ...]:
    """The files to read: each path that is a file, and below each folder every file of a known format, sorted.

    Files of other formats below a folder, and what is hidden (a name that begins with a dot), are left alone.

    Raises:
        UnreadableArticle: a path does not exist.
        UnknownFormat: a file is named that no reader reads.
    """
    found: dict[Path, Path] = {}
    for path in paths:
        for source in _below(path) if path.is_dir() else (path,):
            if not source.exists():
                raise UnreadableArticle(f"{source}: there is no such file or folder. Check the path.")
            _reader(source)
            found.setdefault(source.resolve(), source)
    return tuple(sorted(found.values(), key=lambda source: source.parts))


def read(source: Path) -> tuple[Article, ...]:
    """The articles in a file: one for each format of today, so that a format of many can be added.

    Raises:
        UnknownFormat: no reader reads this kind of file.
        UnreadableArticle: it is missing, empty, binary, or cannot be read.
        ArticleError: its front matter or its identifier cannot be used.
    """
    reader = _reader(source)
    content = read_bytes(source)
    draft = reader.draft(decode(content, source), source)
    return (article_of(draft, source, hashlib.sha256(content).hexdigest()),)


def article_of(draft: Draft, source: Path, source_sha256: str) -> Article:
    """The article that a draft makes: identified, laid out, dated.

    Raises:
        UnreadableArticle: the draft has no words.
        ArticleError: its identifier cannot be used.
    """
    blocks = lay_out(draft.text, draft.hints)
    if not any(character.isalnum() for character in draft.text):
        raise UnreadableArticle(f"{source}: there are no words in it. Put the text of an article into it.")
    return Article(
        identifier=_identifier(draft, source),
        text=draft.text,
        blocks=blocks,
        source_sha256=source_sha256,
        title=draft.title or _title(draft.text, blocks),
        issued=draft.issued or issued_in(draft.text, blocks),
        publisher=draft.publisher,
        source=draft.source or source.as_posix(),
        language=draft.language or "en",
    )


def _below(folder: Path) -> tuple[Path, ...]:
    return tuple(
        path
        for path in sorted(folder.rglob("*"))
        if path.suffix.lower() in _BY_SUFFIX
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
        and path.is_file()
    )


def _reader(source: Path) -> Reader:
    try:
        return _BY_SUFFIX[source.suffix.lower()]
    except KeyError:
        known = ", ".join(sorted(_BY_SUFFIX))
        kind = f"files ending in {source.suffix!r}" if source.suffix else "files without an ending"
        raise UnknownFormat(f"{source}: {kind} cannot be read. Known are {known}; rename or convert it.") from None


def _identifier(draft: Draft, source: Path) -> str:
    identifier = (draft.identifier or source.stem).strip()
    advice = "Set another one as `identifier` in the front matter, or rename the file."
    if not identifier or re.search(r"[\x00-\x1f\x7f\x85\u2028\u2029]", identifier):
        raise ArticleError(f"{source}: the identifier {identifier!r} is not one line of text. {advice}")
    try:
        identifier.encode()
    except UnicodeEncodeError:
        raise ArticleError(f"{source}: the identifier {identifier!r} is not Unicode text. {advice}") from None
    if identifier in DERIVED_GRAPHS:
        raise ArticleError(f"{source}: the identifier {identifier!r} names a graph of aigraph itself. {advice}")
    return identifier


def _title(text: str, blocks: Sequence[Block]) -> str | None:
    for block in blocks:
        if block.kind is BlockKind.TITLE:
            return text[block.span.start : block.span.end]
    return None
