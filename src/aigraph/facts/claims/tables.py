"""Claims of tables: a row's label and a column's header tell what a cell is about and what it measures."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from aigraph.facts.claims.catalogue import Metric
from aigraph.facts.claims.metrics import MetricReader
from aigraph.facts.figures.quantities import find_quantities
from aigraph.records import (
    BODY,
    BlockKind,
    Claim,
    Claimant,
    Comparator,
    Document,
    EntityType,
    Mention,
    MentionKind,
    Mentions,
    Quantity,
    ReadBlock,
    Span,
    UnnamedGroup,
)
from aigraph.vocab import UNIT

CELL = "claim/table-cell"
CELL_CONFIDENCE = 0.85
_SOURCE = re.compile(r"^\s*(?:Sources?|Data|Figures|Quelle)\s*:\s*", re.IGNORECASE)
_REMARK = re.compile(r"[;(]|(?<=\w{4})\.\s")
"""What parts the source from what else the line tells: "Source: makers; Acme's figure is without load"."""
_BARE = re.compile(r"^\s*(\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?)\s*$")
_YEARS = re.compile(
    r"\b(?:year|since|founded|launch(?:ed)?|introduced|release[ds]?|available|availability|from|until)\b", re.IGNORECASE
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_REACH = 600


class TableReader:
    """Reads the rows of tables."""

    def __init__(self, metrics: MetricReader) -> None:
        self._metrics = metrics

    def find(self, document: Document, mentions: Mentions) -> Iterator[Claim]:
        """One claim for each cell with a figure whose entity is known from its row or column."""
        for block in document.blocks:
            if block.block.kind == BlockKind.TABLE_ROW and block.block.cells:
                yield from self._row(document, block, mentions.mentions)

    def _row(self, document: Document, block: ReadBlock, mentions: Sequence[Mention]) -> Iterator[Claim]:
        text, cells, header = document.article.text, block.block.cells, block.block.header
        columns = [column for column in header[1:] if _mention(mentions, column) is not None]
        by_column = len(columns) > 1 and len(columns) == len(header[1:])
        holder = _mention(mentions, cells[0]) if not by_column else None
        claimant = self._source(document, block, mentions)
        for number, cell in enumerate(cells[1:], start=1):
            column = header[number] if number < len(header) else None
            about = holder or (_mention(mentions, column) if column else None)
            label = column if holder else cells[0]
            if about is None or label is None:
                continue
            quantity = _figure(text, cell, text[label.start : label.end])
            if quantity is None:
                continue
            metric = self._metric(text, label)
            yield Claim(
                evidence=(block.block.span,),
                extractor=CELL,
                confidence=CELL_CONFIDENCE,
                claimant=claimant,
                text=text[block.block.span.start : block.block.span.end],
                about=about.entity,
                about_text=about.form,
                metric=metric.concept,
                metric_text=metric.text,
                quantity=quantity,
            )

    def _metric(self, text: str, label: Span) -> Metric:
        return self._metrics.minted(re.sub(r"\s*\([^)]*\)\s*$", "", text[label.start : label.end]))

    def _source(self, document: Document, block: ReadBlock, mentions: Sequence[Mention]) -> Claimant | None:
        """Who the line "Source: …" under a table names."""
        text = document.article.text
        behind = [b for b in document.article.blocks if b.span.start >= block.block.span.end]
        for later in behind:
            if later.kind == BlockKind.TABLE_ROW:
                continue
            line = text[later.span.start : later.span.end]
            match = _SOURCE.match(line)
            if match is None:
                return None
            source = _REMARK.split(line[match.end() :])[0]
            told = Span(later.span.start + match.end(), later.span.start + match.end() + len(source))
            named = [m for m in mentions if m.kind == MentionKind.NAME and m.span.overlaps(told)]
            speaker = next((m for m in named if m.type in BODY or m.type == EntityType.PERSON), None)
            if speaker is not None:
                return speaker.entity
            return UnnamedGroup(source.split(",")[0].strip(" ."))
        return None


def _mention(mentions: Sequence[Mention], span: Span) -> Mention | None:
    """The name in a cell; of a maker and its product the product."""
    inside = [m for m in mentions if m.kind == MentionKind.NAME and m.span.overlaps(span)]
    return next((m for m in inside if m.type not in BODY), inside[0] if inside else None)


def _figure(text: str, cell: Span, label: str) -> Quantity | None:
    """The one figure of a cell, in the unit that its label names where it has none of its own; a bare number counts."""
    found = find_quantities(text[cell.start : cell.end], offset=cell.start, header=label)
    if len(found) == 1:
        return found[0]
    match = _BARE.match(text[cell.start : cell.end])
    if match is None or (_YEARS.search(label) and _YEAR.fullmatch(match[1])):
        return None
    value = float(match[1].replace(",", ""))
    return Quantity(value, UNIT.NUM, Comparator.EXACTLY, Span(cell.start + match.start(1), cell.start + match.end(1)))
