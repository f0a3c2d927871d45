"""What reading has found out stage by stage, kept on disk: only what depends on a change is done again.

    document   what the language model found in the words      depends on the source, its readers, the model
    quads      all that the article says                       depends on that, the mentions, rules, ontology, base

Mentions are found anew each time, which is quick, and depend on the knowledge; where they come out as they were, so do
the quads. An entry carries its key, a hash of all that it depends on, and the hash of its content: one that is of
another key, torn or damaged counts as none. An article has one entry of each stage, so that nothing piles up.
"""

from __future__ import annotations

import hashlib
import json
import os
import zlib
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import astuple, dataclass, fields
from importlib.metadata import version
from pathlib import Path

from aigraph.articles import Found
from aigraph.frozen import freeze, thaw
from aigraph.language import model_version
from aigraph.pipeline.steps import Pipeline, Reading
from aigraph.records import Document, Mentions, Rejection, Span, Versions
from aigraph.resources import content_version
from aigraph.vocab import AIG, digest

_PACKAGE = Path(__file__).resolve().parents[1]
_DOCUMENT_SOURCES = ("articles", "documents.py", "documents.yaml", "language", "frozen.py", "records.py", "declared.py")
_QUADS_SOURCES = ("facts", "extraction.py", "graph.py", "vocab.py", "pipeline/stages.py")

_VERSIONS = {
    f"<{AIG.iri}{name}>".encode(): index
    for index, name in enumerate(
        ("softwareVersion", "rulesVersion", "modelVersion", "knowledgeVersion", "ontologyVersion")
    )
}
"""The properties by which an article's graph names what read it, in the order of `Versions`."""


@dataclass(frozen=True, slots=True)
class Kept:
    """The quads of an article as sorted N-Quads lines, and the candidates that were refused."""

    quads: bytes
    rejections: tuple[Rejection, ...]


class Stages:
    """A folder of stages; any number of processes may use it at once."""

    def __init__(self, folder: Path, pipeline: Pipeline) -> None:
        self._folder = folder
        self._pipeline = pipeline
        extractors = [extractor.version for extractor in pipeline.extractors]
        self._document_version = _version(_DOCUMENT_SOURCES, model_version(), version("spacy"))
        self._quads_version = _version(
            _QUADS_SOURCES,
            pipeline.versions.ontology,
            pipeline.iris.base,
            sorted(map(str, pipeline.without)),
            extractors,
        )

    def document(self, found: Found) -> Document | None:
        """The document of an article, without vectors; None where it has to be read."""
        content = self._get(found.identifier, "document", self._document_key(found))
        if content is None:
            return None
        try:
            return thaw(content, self._pipeline.documents.vocab)
        except ValueError:
            return None

    def keep_document(self, found: Found, document: Document) -> None:
        """Keep the document of an article."""
        self._put(found.identifier, "document", self._document_key(found), freeze(document))

    def quads(self, found: Found, mentions: Mentions) -> Kept | None:
        """What an article with such mentions says; None where that has to be found out."""
        content = self._get(found.identifier, "quads", self._quads_key(found, mentions))
        if content is None:
            return None
        try:
            rejections, _, lines = zlib.decompress(content).partition(b"\n")
            refused = tuple(Rejection(name, Span(*span), why) for name, span, why in json.loads(rejections))
        except (zlib.error, ValueError, TypeError):
            return None
        return Kept(_with_versions(lines, self._pipeline.versions), refused)

    def keep_quads(self, found: Found, mentions: Mentions, quads: bytes, rejections: Iterable[Rejection]) -> None:
        """Keep what an article says."""
        refused = [[each.extractor, [each.evidence.start, each.evidence.end], each.reason] for each in rejections]
        content = json.dumps(refused).encode() + b"\n" + quads
        self._put(found.identifier, "quads", self._quads_key(found, mentions), zlib.compress(content, 3))

    def _document_key(self, found: Found) -> str:
        return digest(self._document_version, found.identifier, found.sha256, found.source.name)

    def _quads_key(self, found: Found, mentions: Mentions) -> str:
        return digest(self._quads_version, self._document_key(found), mentions)

    def _get(self, identifier: str, stage: str, key: str) -> bytes | None:
        try:
            stored = _path(self._folder, identifier, stage).read_bytes()
        except OSError:
            return None
        head, _, content = stored.partition(b"\n")
        return content if head == _head(key, content) else None

    def _put(self, identifier: str, stage: str, key: str, content: bytes) -> None:
        path = _path(self._folder, identifier, stage)
        aside = path.with_suffix(f".{os.getpid()}.part")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            aside.write_bytes(_head(key, content) + b"\n" + content)
            aside.replace(path)
        except OSError:  # a full disk say: then it is not kept
            with suppress(OSError):
                aside.unlink(missing_ok=True)


def forget(folder: Path, identifier: str) -> None:
    """Let go of all stages of an article."""
    for stage in ("document", "quads"):
        with suppress(OSError):
            _path(folder, identifier, stage).unlink(missing_ok=True)


def lines_of(reading: Reading) -> bytes:
    """The quads of an article as N-Quads lines."""
    return b"".join(f"{quad} .\n".encode() for quad in reading.quads)


def _version(sources: Iterable[str], *others: object) -> str:
    return digest(content_version(*(_PACKAGE / name for name in sources)), *others)


def _path(folder: Path, identifier: str, stage: str) -> Path:
    name = hashlib.sha256(identifier.encode()).hexdigest()[:32]
    return folder / name[:2] / f"{name[2:]}.{stage}"


def _head(key: str, content: bytes) -> bytes:
    return f"{key} {hashlib.sha256(content).hexdigest()}".encode()


def _with_versions(lines: bytes, versions: Versions) -> bytes:
    """The lines with the versions of now: those kept name what read the article then."""
    values = astuple(versions)
    if len(values) != len(_VERSIONS):
        raise TypeError(f"Versions has the fields {', '.join(field.name for field in fields(versions))}")
    return b"".join(sorted(_named(line, values) for line in lines.splitlines(keepends=True)))


def _named(line: bytes, values: Sequence[str]) -> bytes:
    """A line, with the value of now where it names a version."""
    subject, predicate, rest = line.split(b" ", 2)
    index = _VERSIONS.get(predicate)
    if index is None:
        return line
    graph = rest.split()[-2]
    return b" ".join((subject, predicate, f'"{values[index]}"'.encode(), graph, b".\n"))
