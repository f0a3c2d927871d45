"""The corpus that we wrote for entities: documents of lines with names marked inside them.

    # doc wire-017 | wire | invented
    [Corvane|Company] will ship the [Zephyr-2|Chip] to [Dublin|Place] in March.

One line is one sentence, headline, bullet or row. `\\[` and `\\]` are brackets of the text itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

ENTITY_TYPES = (
    "Company",
    "Organization",
    "Person",
    "Chip",
    "Architecture",
    "System",
    "Software",
    "AIModel",
    "Event",
    "Place",
)

_HEAD = re.compile(r"# doc (?P<id>[a-z0-9-]+) \| (?P<genre>[a-z-]+) \| (?P<names>real|invented)\Z")
_MARK = re.compile(r"\\(?P<plain>[\[\]])|\[(?P<name>[^\[\]|]+)\|(?P<type>\w+)\]|(?P<stray>[\[\]])")


class CorpusError(Exception):
    """A file of the corpus is not as the format has it; says the file, the line and what to do."""


@dataclass(frozen=True, slots=True)
class Entity:
    """A name at code points `start` to `end` (exclusive) of its line."""

    start: int
    end: int
    type: str


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence, headline, bullet or row, and the names in it, in order."""

    text: str
    entities: tuple[Entity, ...]


@dataclass(frozen=True, slots=True)
class CorpusDocument:
    """A made article: `invented` where its companies, chips and people exist nowhere."""

    id: str
    genre: str
    invented: bool
    lines: tuple[Line, ...]


def parse_line(text: str, place: str = "line") -> Line:
    """The words and names of one line.

    Raises:
        CorpusError: a bracket that belongs to no name, an unknown type, a name with blanks at its ends.
    """
    parts: list[str] = []
    entities: list[Entity] = []
    position = length = 0
    for mark in _MARK.finditer(text):
        before = text[position : mark.start()]
        parts.append(before)
        length += len(before)
        position = mark.end()
        if mark["stray"]:
            raise CorpusError(f"{place}: a bracket of the text itself is written \\{mark['stray']}, in: {text}")
        found = mark["plain"] or mark["name"]
        parts.append(found)
        if mark["name"]:
            if mark["type"] not in ENTITY_TYPES:
                raise CorpusError(f"{place}: {mark['type']!r} is no type; there are {', '.join(ENTITY_TYPES)}.")
            if found != found.strip() or re.search(r"['’]s\Z", found):
                raise CorpusError(f"{place}: {found!r} begins or ends with what is no part of the name.")
            entities.append(Entity(length, length + len(found), mark["type"]))
        length += len(found)
    parts.append(text[position:])
    return Line("".join(parts), tuple(entities))


def read_corpus(paths: Iterable[Path]) -> tuple[CorpusDocument, ...]:
    """All documents of some files, in order.

    Raises:
        CorpusError: a file that breaks the format, or two documents of one id.
    """
    documents: list[CorpusDocument] = []
    seen: dict[str, Path] = {}
    for path in paths:
        head: re.Match[str] | None = None
        lines: list[Line] = []
        for number, text in enumerate([*path.read_text(encoding="utf-8").splitlines(), "# doc end | end | real"], 1):
            place = f"{path.name}:{number}"
            if text.startswith("# doc"):
                if head:
                    documents.append(
                        CorpusDocument(head["id"], head["genre"], head["names"] == "invented", tuple(lines))
                    )
                head, lines = _HEAD.match(text), []
                if not head:
                    raise CorpusError(f"{place}: a head is '# doc ID | genre | real' (or invented), not {text!r}.")
                if seen.setdefault(head["id"], path) is not path and head["id"] != "end":
                    raise CorpusError(f"{place}: the document {head['id']} stands in {seen[head['id']].name} too.")
            elif text.strip():
                if not head:
                    raise CorpusError(f"{place}: a line before the first '# doc' head.")
                lines.append(parse_line(text.rstrip(), place))
    return tuple(documents)


def split_held_out(documents: Sequence[CorpusDocument]) -> tuple[list[CorpusDocument], list[CorpusDocument]]:
    """Training documents and held-out ones: every eighth of each genre, in the order of the files."""
    counts: dict[str, int] = {}
    training: list[CorpusDocument] = []
    held_out: list[CorpusDocument] = []
    for document in documents:
        counts[document.genre] = counts.get(document.genre, 0) + 1
        (held_out if counts[document.genre] % 8 == 0 else training).append(document)
    return training, held_out
