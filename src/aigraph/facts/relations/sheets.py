"""Fact sheets and columns of tables: what a label ("Foundry: TSMC") says of the thing that the lines are about."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import takewhile
from pathlib import Path
from typing import Any

from aigraph.errors import DataError
from aigraph.facts.patterns.lines import named_types
from aigraph.facts.patterns.rulebook import Example
from aigraph.facts.speech.stance import StanceReader
from aigraph.records import (
    TECHNOLOGY,
    BlockKind,
    Document,
    Mention,
    MentionKind,
    Mentions,
    ReadBlock,
    Sentence,
    Span,
    Statement,
)
from aigraph.resources import parse_yaml
from aigraph.vocab import AIG

FILE = Path(__file__).parents[1] / "rules" / "sheets.yaml"
SHEET_CONFIDENCE = 0.85
_KEYS = frozenset({"id", "states", "subjects", "values", "labels", "examples", "counterexamples"})
_LINE = re.compile(r"[-*•– ]{0,3}(?P<label>\S[^:|.!?;\"“”]{0,38}): ?(?P<value>\S.*)")
_MOST_LABEL, _MOST_VALUE = 4, 14
"""Words of a label and of a value; what is longer is a sentence."""
_LEAST_LINES = 2
"""How many lines make a sheet."""
_PRODUCT = "product"
"""A label of the thing itself where nothing above names one, else of what that makes."""
_LABEL_END = re.compile(r"\s*(?:\(.*|\b(?:per|of|in|for) .*)\Z")
_SENTENCE_END = re.compile(r"[a-z]{3}[.!…][\"”’']?\Z|[\"”]\Z")


@dataclass(frozen=True, slots=True)
class SheetRule:
    """What the labels of one kind say: `predicate` from the value to the thing where `inward`, else the other way."""

    id: str
    inward: bool
    predicate: str
    subjects: frozenset[str]
    values: frozenset[str]
    labels: frozenset[str]
    examples: tuple[Example, ...]
    counterexamples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Sheets:
    """The rules with the words of `sheets.yaml`, which explains them."""

    rules: tuple[SheetRule, ...]
    things: frozenset[str]
    doubts: re.Pattern[str]


@cache
def _load() -> _Sheets:
    data = parse_yaml(FILE.read_text(encoding="utf-8"))
    doubts = "|".join(map(re.escape, data["doubts"]))
    return _Sheets(
        tuple(_rule(raw) for raw in data["sheets"]),
        frozenset(data["things"]),
        re.compile(rf"\b(?:{doubts})\b", re.IGNORECASE),
    )


def sheet_rules() -> tuple[SheetRule, ...]:
    """All rules in the order of their file.

    Raises:
        DataError: a rule is malformed.
    """
    return _load().rules


def _rule(raw: Mapping[str, Any]) -> SheetRule:
    name = raw.get("id")
    if unknown := sorted(set(raw) ^ _KEYS):
        raise DataError(f"{FILE.name}: the rule {name!r} lacks or may not have {unknown[0]!r}; correct the file.")
    states = str(raw["states"]).split()
    if len(states) != 3 or {states[0], states[2]} != {"s", "o"}:
        raise DataError(
            f"{FILE.name}: the rule {name!r} states {raw['states']!r}; write 's relation o' or 'o relation s'."
        )
    return SheetRule(
        id=str(name),
        inward=states[0] == "o",
        predicate=states[1],
        subjects=named_types(str(raw["subjects"]).split("|")).wanted,
        values=named_types(str(raw["values"]).split("|")).wanted,
        labels=frozenset(map(str, raw["labels"])),
        examples=tuple(Example(e["text"], tuple(f.strip() for f in e["facts"].split(";"))) for e in raw["examples"]),
        counterexamples=tuple(map(str, raw["counterexamples"])),
    )


@dataclass(frozen=True, slots=True)
class _Entry:
    """A label with the stretch that is its value; `line` is the whole line or row, which stands in `block`."""

    label: str
    value: Span
    block: ReadBlock

    @property
    def line(self) -> Span:
        return self.block.block.span


@dataclass(frozen=True, slots=True)
class _Thing:
    """What a sheet or a row is about, and the line that names it."""

    mention: Mention
    line: Span


def statements_of_sheets(document: Document, mentions: Mentions, stances: StanceReader) -> Iterator[Statement]:
    """What the lines of fact sheets and the rows of tables say of what each is about, and how surely."""
    names = [m for m in mentions.mentions if m.kind == MentionKind.NAME]
    for thing, entry in (*_of_sheets(document, names), *_of_rows(document, names)):
        if _load().doubts.search(document.article.text, entry.value.start, entry.value.end):
            continue
        for rule in sheet_rules():
            if entry.label in rule.labels and thing.mention.type in rule.subjects:
                yield from _stated(rule, thing, entry, names, stances)


def _stated(
    rule: SheetRule, thing: _Thing, entry: _Entry, names: Sequence[Mention], stances: StanceReader
) -> Iterator[Statement]:
    for name in names:
        if name.span not in entry.value or name.entity == thing.mention.entity or name.type not in rule.values:
            continue
        first, second = (name, thing.mention) if rule.inward else (thing.mention, name)
        stance = stances.read_clause(entry.block, _sentence(entry.block, name.span), name.span, names, ())
        yield Statement(
            subject=first.entity,
            predicate=AIG[rule.predicate],
            object=second.entity,
            evidence=tuple(dict.fromkeys((entry.line, thing.line))),
            extractor=f"relation/{rule.id}",
            confidence=SHEET_CONFIDENCE,
            modality=stance.modality,
            polarity=stance.polarity,
            role=entry.label if rule.predicate == "worksFor" else None,
        )


def _sentence(block: ReadBlock, span: Span) -> Sentence:
    return next((each for each in block.sentences if span in each.span), block.sentences[0])


def _of_sheets(document: Document, names: Sequence[Mention]) -> Iterator[tuple[_Thing, _Entry]]:
    """The lines of each sheet with the thing that it is about."""
    blocks = [read for read in document.blocks if read.block.kind != BlockKind.TABLE_ROW]
    position = 0
    while position < len(blocks):
        run = list(takewhile(lambda pair: pair[1] is not None, ((b, _entry(b)) for b in blocks[position:])))
        entries = [entry for _, entry in run if entry is not None]
        if len(entries) >= _LEAST_LINES:
            first = entries[0]
            above = _heading(blocks[position - 1], names) if position else None
            named = first.label in _load().things or (first.label == _PRODUCT and above is None)
            thing = _main(names, first.value, first.line) if named else above
            if thing is not None:
                yield from ((thing, entry) for entry in entries)
        position += max(len(run), 1)


def _entry(read: ReadBlock) -> _Entry | None:
    """The label and value of a line of a sheet; None for any other block."""
    text, start = read.doc.text, read.block.span.start
    match = _LINE.fullmatch(text.rstrip())
    if match is None or "\n" in text.strip() or not match["label"][0].isupper():
        return None
    words = len(match["label"].split()), len(match["value"].split())
    if words[0] > _MOST_LABEL or words[1] > _MOST_VALUE or _SENTENCE_END.search(match["value"]):
        return None
    value = Span(start + match.start("value"), start + match.end("value"))
    return _Entry(_plain(match["label"]), value, read)


def _plain(label: str) -> str:
    """A label in lower case without what only bounds it: "Accelerators per rack"."""
    return _LABEL_END.sub("", label.strip().casefold())


def _heading(above: ReadBlock, names: Sequence[Mention]) -> _Thing | None:
    """What a heading, or a short line without a verb, right above a sheet names."""
    if _SENTENCE_END.search(above.doc.text.rstrip()):
        return None
    if above.block.kind not in (BlockKind.TITLE, BlockKind.HEADING) and len(above.doc) > _MOST_VALUE:
        return None
    return _main(names, above.block.span, above.block.span)


def _main(names: Sequence[Mention], span: Span, line: Span) -> _Thing | None:
    """The one technology that a heading or a cell names, else the one name; nothing where it names several."""
    inside = [name for name in names if name.span in span]
    chosen = [name for name in inside if name.type in TECHNOLOGY] or inside
    return _Thing(chosen[0], line) if len({name.entity for name in chosen}) == 1 else None


def _of_rows(document: Document, names: Sequence[Mention]) -> Iterator[tuple[_Thing, _Entry]]:
    """The cells of each row of a table, labelled by the heads of their columns, with the thing of the first cell."""
    text = document.article.text
    for read in document.blocks:
        cells, header = read.block.cells, read.block.header
        if not cells or len(header) != len(cells):
            continue
        thing = _main(names, cells[0], read.block.span)
        if thing is None:
            continue
        for cell, head in zip(cells[1:], header[1:], strict=True):
            yield thing, _Entry(_plain(text[head.start : head.end]), cell, read)
