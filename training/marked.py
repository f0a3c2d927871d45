"""The articles that we wrote and marked as wholes: who does what, which deals there are, what figures are about.

    === a-short-id | genre
    Tallow Compute raises €140m

    Its T2 processor, which TSMC will make from early 2027, draws 240 watts.
     develops Tallow Compute > T2
     manufactures TSMC > T2
     fig "240 watts" 240 W | about T2 | metric power draw
    + It has not licensed anything from Arm, its chief executive said.
     licensing! Tallow Compute > Arm
    @Company Tallow Compute = Tallow; TSMC; Arm
    @Chip T2

One line is one sentence, heading, bullet or row; `+ ` joins it to the line before, an empty line parts paragraphs. Below a
sentence stands what it says, by itself or with the article around it; what was said above is not marked again. `!` behind a
label is denied, `?` conditional, wished or asked (neither is a fact), `~` rumoured. Entities follow at the end, with all forms
that the text has of their names. The marks follow the gold guideline (`tests/gold`).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from corpus import DEALS, ENTITY_TYPES, RELATIONS

WORKLOADS = ("training", "inference")
COMPARATORS = ("exactly", "about", "atLeast", "moreThan", "atMost", "lessThan", "upTo")
MODALITIES = ("asserted", "forecast", "reported", "opinion")
STATUSES = ("announced", "reported", "completed", "ended")
NO_FACT = "!?"
"""Marks of what the text does not state."""

_HEAD = re.compile(r"=== (?P<id>[a-z0-9]+(?:-[a-z0-9]+)*) \| (?P<genre>[a-z-]+)\Z")
_ENTITIES = re.compile(r"@(?P<type>\w+)\s+(?P<names>.*)\Z")
_MARK = re.compile(r"\s+(?P<label>[A-Za-z]+)(?P<mark>[!?~]?)\s+(?P<arguments>.*)\Z")
_FIGURE = re.compile(r'"(?P<words>.+)" (?P<value>[-\d.eE+]+) (?P<unit>[\w/]+)\Z')
_TIME = re.compile(r"\d{4}(-(Q[1-4]|H[12]|(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?))?\Z")


class MarkedError(Exception):
    """A marked article is not as the format has it; says the file, the line and what to do."""


@dataclass(frozen=True, slots=True)
class MarkedPair:
    """A relation, or two parties of a deal (from its first role to its second), told by the sentence at `sentence`.

    `status` is that of a deal, one of `STATUSES`; empty where none is told.
    """

    label: str
    first: str
    second: str
    mark: str
    sentence: tuple[int, int]
    status: str = ""


@dataclass(frozen=True, slots=True)
class MarkedFigure:
    """A figure at code points `start` to `end`. `about` and `claimant` are entities of the article, or words for others."""

    start: int
    end: int
    value: float
    about: str
    metric: str
    sentence: tuple[int, int]
    time: str | None = None
    claimant: str | None = None
    modality: str = MODALITIES[0]


@dataclass(frozen=True, slots=True)
class MarkedSaying:
    """A statement that the sentence at `sentence` puts into somebody's mouth: an entity of the article, or words."""

    claimant: str
    sentence: tuple[int, int]


@dataclass(slots=True)
class MarkedArticle:
    """An article with its marks. `names` has the entity of each form of a name, `types` the type of each entity."""

    id: str
    genre: str
    text: str = ""
    names: dict[str, str] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)
    pairs: list[MarkedPair] = field(default_factory=list)
    figures: list[MarkedFigure] = field(default_factory=list)
    sayings: list[MarkedSaying] = field(default_factory=list)


def read_marked(paths: Iterable[Path]) -> tuple[MarkedArticle, ...]:
    """All articles of some files, in order.

    Raises:
        MarkedError: a file that breaks the format, or two articles of one id.
    """
    found: dict[str, MarkedArticle] = {}
    for path in paths:
        for article in _articles(path):
            if article.id in found:
                raise MarkedError(f"{path.name}: the article {article.id} stands in these files twice.")
            found[article.id] = article
    return tuple(found.values())


def split_articles(articles: Iterable[MarkedArticle]) -> tuple[list[MarkedArticle], list[MarkedArticle]]:
    """Training articles and held-out ones: a tenth, by a hash of the id, so that more articles change nothing."""
    training: list[MarkedArticle] = []
    held_out: list[MarkedArticle] = []
    for article in articles:
        chosen = hashlib.sha256(article.id.encode()).digest()[0] % 10 == 0
        (held_out if chosen else training).append(article)
    return training, held_out


def _articles(path: Path) -> Iterator[MarkedArticle]:
    head: re.Match[str] | None = None
    lines: list[tuple[str, str]] = []
    for number, line in enumerate([*path.read_text(encoding="utf-8").splitlines(), "=== end | end"], 1):
        if line.startswith("==="):
            if head is not None:
                yield _article(head, lines)
            head, lines = _HEAD.match(line), []
            if head is None:
                raise MarkedError(f"{path.name}:{number}: a head is '=== ID | genre', not {line!r}.")
        elif head is not None:
            lines.append((f"{path.name}:{number}", line))
        elif line.strip():
            raise MarkedError(f"{path.name}:{number}: a line before the first head.")


def _article(head: re.Match[str], lines: list[tuple[str, str]]) -> MarkedArticle:
    article = MarkedArticle(head["id"], head["genre"])
    marks: list[tuple[str, re.Match[str], tuple[int, int]]] = []
    sentence: tuple[int, int] | None = None
    blank = False
    for place, line in lines:
        if not line.strip():
            blank = True
        elif line.startswith("@"):
            _name(article, place, line)
        elif line[0].isspace():
            match = _MARK.match(line)
            if match is None or sentence is None:
                raise MarkedError(f"{place}: below a sentence stand lines ' label arguments', not {line!r}.")
            marks.append((place, match, sentence))
        else:
            joined = line.startswith("+ ")
            words = line.removeprefix("+ ").strip()
            if article.text:
                article.text += " " if joined else "\n\n" if blank else "\n"
            sentence = len(article.text), len(article.text) + len(words)
            article.text += words
            blank = False
    for place, match, where in marks:
        _mark(article, place, match, where)
    return article


def _name(article: MarkedArticle, place: str, line: str) -> None:
    match = _ENTITIES.match(line)
    if match is None or match["type"] not in ENTITY_TYPES:
        raise MarkedError(f"{place}: entities stand as '@Type Name = other form; Name', not {line!r}.")
    for item in match["names"].split(";"):
        forms = [form.strip() for form in re.split(r"\s=\s", item.strip()) if form.strip()]
        for form in forms:
            if form in article.names:
                raise MarkedError(f"{place}: {form!r} is listed twice.")
            article.names[form] = forms[0]
        if forms:
            article.types[forms[0]] = match["type"]


def _mark(article: MarkedArticle, place: str, match: re.Match[str], sentence: tuple[int, int]) -> None:
    label, mark = match["label"], match["mark"]
    head, *rest = (part.strip() for part in match["arguments"].split(" | "))

    def entities(words: str) -> list[str]:
        found = [article.names.get(name.strip(), "") for name in re.split(r" \+ ", words)]
        if not all(found):
            raise MarkedError(f"{place}: {words!r} has what is no name of the article.")
        return found

    if label == "fig":
        article.figures.append(_figure(article, place, head, rest, sentence))
    elif label == "say":
        article.sayings += _sayings(article, rest, sentence)
    elif label == "optimizedFor":
        if head.rpartition(" > ")[2] not in WORKLOADS:
            raise MarkedError(f"{place}: a thing is optimized for one of {', '.join(WORKLOADS)}.")
    elif label == "collaboration":
        status = _status(rest)
        parties = entities(head.replace(" > ", " + "))
        article.pairs += (
            MarkedPair(label, a, b, mark, sentence, status) for i, a in enumerate(parties) for b in parties[i + 1 :]
        )
    elif label in RELATIONS or label in DEALS:
        first, found, second = head.partition(" > ")
        if not found:
            raise MarkedError(f"{place}: what holds between two stands as '{label} A > B'.")
        status = _status(rest) if label in DEALS else ""
        article.pairs += (
            MarkedPair(label, a, b, mark, sentence, status) for a in entities(first) for b in entities(second) if a != b
        )
    else:
        raise MarkedError(f"{place}: {label!r} is no label; there are fig, say, {', '.join((*RELATIONS, *DEALS))}.")


def _status(rest: list[str]) -> str:
    return next((part for part in rest if part in STATUSES), "")


def _sayings(article: MarkedArticle, rest: list[str], sentence: tuple[int, int]) -> Iterator[MarkedSaying]:
    for part in rest:
        key, _, who = part.partition(" ")
        if key == "by" and who.strip():
            name = who.strip()
            yield MarkedSaying(article.names.get(name, name), sentence)


def _figure(article: MarkedArticle, place: str, head: str, rest: list[str], sentence: tuple[int, int]) -> MarkedFigure:
    match = _FIGURE.match(head)
    words = article.text[slice(*sentence)]
    if match is None or match["words"] not in words:
        raise MarkedError(f"{place}: a figure is '\"words of the sentence\" number unit', not {head!r}.")
    fields: dict[str, str] = {}
    for part in rest:
        key, _, value = part.partition(" ")
        if key in ("about", "metric", "by", "time") and value:
            fields[key] = value.strip()
        elif part in MODALITIES:
            fields["modality"] = part
        elif part not in COMPARATORS and part != "neg":
            raise MarkedError(f"{place}: {part!r} is nothing that a figure has.")
    if "about" not in fields or "metric" not in fields or not _TIME.match(fields.get("time", "2000")):
        raise MarkedError(
            f"{place}: a figure needs 'about X' and 'metric M', and a time is a year, quarter, half or day."
        )
    start = sentence[0] + words.index(match["words"])
    return MarkedFigure(
        start,
        start + len(match["words"]),
        float(match["value"]),
        article.names.get(fields["about"], fields["about"]),
        fields["metric"],
        sentence,
        fields.get("time"),
        article.names.get(fields["by"], fields["by"]) if "by" in fields else None,
        fields.get("modality", MODALITIES[0]),
    )
