"""The corpus that we wrote for entities: documents of lines with names marked inside them.

    # doc wire-017 | wire | invented
    [Corvane|Company] will ship the [Zephyr-2|Chip] to [Dublin|Place] in March.
     develops Corvane > Zephyr-2

One line is one sentence, headline, bullet or row. `\\[` and `\\]` are brackets of the text itself. Lines that begin with a blank
say what holds between two stretches of the sentence above (`Fact`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
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

RELATIONS = (
    "develops",
    "manufactures",
    "usesArchitecture",
    "componentOf",
    "successorOf",
    "uses",
    "competesWith",
    "worksFor",
    "founded",
    "optimizedFor",
    "locatedIn",
)
"""Relations of the ontology, from the first stretch to the second."""
DEALS = ("supply", "licensing", "investment", "acquisition", "collaboration")
"""Deals: supplier > customer, licensee > licensor, investor > investee, acquirer > target, partner > partner."""
FIGURES = ("about", "metric", "time")
"""From a figure to what it is about, to the word for what is measured, to the time that it holds for."""
SAYS = "says"
"""From a speaker to the main word of what he says."""
MARKS = {"!": "denied", "?": "open", "~": "rumoured"}
"""Written behind the label: denied or ended; conditional, wished or asked; reported without confirmation."""
FACT_LABELS = (*RELATIONS, *DEALS, *FIGURES, SAYS, *MARKS.values())
NO_CLAIM = "none"

_FACT = re.compile(r" +(?P<label>\w+)(?P<mark>[!?~]?) (?P<arguments>.+)\Z")
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
class Fact:
    """What holds between two stretches of a line, each a pair of code points (start, end)."""

    label: str
    mark: str
    first: tuple[int, int]
    second: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence, headline, bullet or row, the names in it, in order, and what it says of them."""

    text: str
    entities: tuple[Entity, ...]
    facts: tuple[Fact, ...] = ()


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


def parse_fact(text: str, line: Line, place: str = "line") -> Fact | None:
    """A line of the form ` label A > B`, with the mark of `MARKS` behind its label if any; None for ` none FIGURE`.

    Words that are a name mean that name; `words#2` is the second place where the words stand, alone or within others.

    Raises:
        CorpusError: an unknown label, or words that the sentence does not have.
    """
    match = _FACT.match(text)
    if not match or match["label"] not in (*RELATIONS, *DEALS, *FIGURES, SAYS, NO_CLAIM):
        raise CorpusError(f"{place}: a fact is ' label A > B', not {text!r}; labels: {', '.join(FACT_LABELS)}.")
    arguments = [_stretch(words.strip(), line, place) for words in match["arguments"].split(" > ")]
    if match["label"] == NO_CLAIM:
        return None
    if len(arguments) != 2:
        raise CorpusError(f"{place}: a fact has two arguments with ' > ' between them, not {text!r}.")
    return Fact(match["label"], match["mark"], arguments[0], arguments[1])


def _stretch(words: str, line: Line, place: str) -> tuple[int, int]:
    form, _, number = words.rpartition("#")
    if not (form and number.isdigit()):
        form, number = words, ""
        for name in line.entities:
            if line.text[name.start : name.end] == form:
                return name.start, name.end
    found = [m.span() for m in re.finditer(rf"(?<!\w){re.escape(form)}(?!\w)", line.text)]
    found = found or [m.span() for m in re.finditer(re.escape(form), line.text)]
    wanted = int(number or 1)
    if not 0 < wanted <= len(found):
        raise CorpusError(f"{place}: {words!r} does not stand in: {line.text}")
    return found[wanted - 1]


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
            elif text.startswith(" ") and lines:
                fact = parse_fact(text, lines[-1], place)
                if fact:
                    lines[-1] = replace(lines[-1], facts=(*lines[-1].facts, fact))
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
