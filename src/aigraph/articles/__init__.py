"""Sources of articles: one reader per format, and what every format shares (identity, layout, dates, language).

file -> reader (txt, md, html, jsonl, pdf, warc) -> Found -> Draft -> layout -> Article
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from glob import glob, has_magic
from pathlib import Path, PurePath

from aigraph.articles import html, jsonl, md, pdf, txt, warc
from aigraph.articles.dating import issued_in
from aigraph.articles.decoding import check_text
from aigraph.articles.drafts import Draft, Found, Reader
from aigraph.articles.languages import language_in
from aigraph.articles.layout import lay_out
from aigraph.errors import ArticleError, UnknownFormat, UnreadableArticle
from aigraph.records import Article, Block, BlockKind
from aigraph.vocab import DERIVED_GRAPHS

__all__ = ["READERS", "Found", "article_of", "can_read", "find", "find_sources", "read"]

READERS: tuple[Reader, ...] = (txt.READER, md.READER, html.READER, jsonl.READER, pdf.READER, warc.READER)
"""The formats that can be read. A new one is a module with a `READER`, and its name in this line."""

_BY_SUFFIX = {suffix: reader for reader in READERS for suffix in reader.suffixes}


def find_sources(paths: Sequence[Path]) -> tuple[Path, ...]:
    """The files to read: each path that is a file, and below each folder every file of a known format, sorted.

    Files of other formats below a folder, and what is hidden (a name that begins with a dot), are left alone. A path
    that is not there may be a pattern (`news/*.md`, `news/**/*.md`), which stands for what fits it.

    Raises:
        UnreadableArticle: a path does not exist, or nothing fits a pattern.
        UnknownFormat: a file is named that no reader reads.
    """
    found: dict[Path, Path] = {}
    for path in (fitting for given in paths for fitting in _fitting(given)):
        for source in _below(path) if path.is_dir() else (path,):
            if not source.exists():
                raise UnreadableArticle(f"{source}: there is no such file or folder. Check the path.")
            _reader(source)
            found.setdefault(source.resolve(), source)
    return tuple(sorted(found.values(), key=lambda source: source.parts))


def _fitting(path: Path) -> Iterable[Path]:
    """A path, or what fits it where it is a pattern."""
    if path.exists() or not has_magic(str(path)):
        return (path,)
    found = glob(str(path), recursive=True)  # noqa: PTH207 - that of pathlib takes no whole paths
    return [Path(each) for each in sorted(found)] or (path,)


def find(source: Path) -> Iterator[Found | ArticleError]:
    """The articles in a file one after the other, each with its identifier, or the error in its place.

    The file is read as the iterator goes on, and no article is held: a file of JSON Lines may have any size.

    Raises:
        UnknownFormat: no reader reads this kind of file.
    """
    for found in _reader(source).find(source):
        if isinstance(found, ArticleError):
            yield found
        else:
            try:
                _check_identifier(found)
            except ArticleError as error:
                yield error
            else:
                yield found


def read(source: Path) -> tuple[Article, ...]:
    """The articles in a file: one, but for JSON Lines.

    Raises:
        UnknownFormat: no reader reads this kind of file.
        UnreadableArticle: it is missing, empty, binary, or cannot be read.
        ArticleError: its front matter or its identifier cannot be used.
    """
    articles = []
    for found in find(source):
        if isinstance(found, ArticleError):
            raise found
        articles.append(article_of(found))
    return tuple(articles)


def article_of(found: Found) -> Article:
    """The article that stands somewhere: read, laid out, dated, its language told.

    Raises:
        UnreadableArticle: it has no words, or cannot be read.
        ArticleError: its front matter cannot be used.
    """
    draft = found.draft()
    check_text(draft.text, found.place)
    if not any(character.isalnum() for character in draft.text):
        raise UnreadableArticle(f"{found.place}: there are no words in it. Put the text of an article into it.")
    blocks = lay_out(draft.text, draft.hints)
    return Article(
        identifier=found.identifier,
        text=draft.text,
        blocks=blocks,
        source_sha256=found.sha256,
        title=draft.title or _title(draft.text, blocks),
        issued=draft.issued or issued_in(draft.text, blocks),
        publisher=draft.publisher,
        authors=draft.authors,
        source=draft.source or found.source.as_posix(),
        language=draft.language or _language(draft, blocks),
    )


def can_read(path: PurePath) -> bool:
    """Whether a reader knows the format that the name of a file tells."""
    return _suffix(path) in _BY_SUFFIX


def _below(folder: Path) -> tuple[Path, ...]:
    return tuple(
        path
        for path in sorted(folder.rglob("*"))
        if _suffix(path) in _BY_SUFFIX
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
        and path.is_file()
    )


def _reader(source: Path) -> Reader:
    try:
        return _BY_SUFFIX[_suffix(source)]
    except KeyError:
        known = ", ".join(sorted(_BY_SUFFIX))
        kind = f"files ending in {source.suffix!r}" if source.suffix else "files without an ending"
        raise UnknownFormat(f"{source}: {kind} cannot be read. Known are {known}; rename or convert it.") from None


def _suffix(source: PurePath) -> str:
    """The ending that tells the format: the last one, with the one before where the file is compressed."""
    last = source.suffix.lower()
    return (Path(source.stem).suffix.lower() + last) if last == ".gz" else last


def _check_identifier(found: Found) -> None:
    identifier = found.identifier
    advice = "Set another one as `identifier` in the front matter, or rename the file."
    if not identifier or re.search(r"[\x00-\x1f\x7f\x85\u2028\u2029]", identifier):
        raise ArticleError(f"{found.place}: the identifier {identifier!r} is not one line of text. {advice}")
    try:
        identifier.encode()
    except UnicodeEncodeError:
        raise ArticleError(f"{found.place}: the identifier {identifier!r} is not Unicode text. {advice}") from None
    if identifier in DERIVED_GRAPHS:
        raise ArticleError(f"{found.place}: the identifier {identifier!r} names a graph of aigraph itself. {advice}")


def _language(draft: Draft, blocks: Sequence[Block]) -> str:
    """The language that the words show; where they do not, what the page claims; else English."""
    shown, claimed = language_in(draft.text, blocks), draft.page_language
    if shown is None:
        return claimed or "en"
    return claimed if claimed and claimed.casefold().split("-")[0] == shown else shown


def _title(text: str, blocks: Sequence[Block]) -> str | None:
    for block in blocks:
        if block.kind is BlockKind.TITLE:
            return text[block.span.start : block.span.end]
    return None
