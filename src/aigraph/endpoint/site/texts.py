"""What a page on an article shows: its text with the sentences that something was read out of, and what that was.

What may be shown of texts is set once for a service: all of it, only the sentences that stand behind findings, or none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode

from aigraph.articles.layout import lay_out
from aigraph.endpoint.site.findings import Card, Cards
from aigraph.endpoint.site.reading import Graph
from aigraph.records import BlockKind
from aigraph.vocab import AIG, DCTERMS, RDF
from aigraph.wording import day

MOST = 300
"""Findings that one page shows."""
_OF_THE_PAGE = (BlockKind.BOILERPLATE, BlockKind.METADATA, BlockKind.TEASER)


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text; `start` is set where it is a sentence behind findings, whose numbers are `notes`."""

    text: str
    start: int | None = None
    notes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Note:
    """A finding with its number, and the starts of the sentences behind it."""

    number: int
    card: Card
    starts: tuple[int, ...]

    @property
    def why_no_fact(self) -> str:
        """Why a finding states no fact; empty where it does."""
        if self.card.denied:
            return "the article denies it"
        return "" if self.card.sure else f"it is {self.card.modality}"


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph with the findings whose first sentence stands in it; `gap` where something was left out before.

    `dim` where it belongs to the page and not to the story: menus, notices, bylines, pointers to other articles;
    `heading` where it is a heading of the story.
    """

    pieces: tuple[Piece, ...]
    notes: tuple[Note, ...]
    gap: bool = False
    dim: bool = False
    heading: bool = False


@dataclass(frozen=True, slots=True)
class ArticleText:
    """All that a page on an article shows; `whole` where its passages are the whole text."""

    iri: str
    title: str
    issued: str
    published: str
    publisher: str | None
    authors: tuple[str, ...]
    source: str | None
    passages: tuple[Passage, ...]
    findings: int
    more: bool
    whole: bool
    shown: str


@dataclass(frozen=True, slots=True)
class Texts:
    """Reads articles; `shown` is "full", "quotes" or "none"."""

    graph: Graph
    cards: Cards
    shown: str

    def read(self, iri: NamedNode, *, only_unsure: bool = False) -> ArticleText | None:
        """An article, or None where there is none of that IRI; with `only_unsure` what gave no fact alone."""
        node = self.graph.nodes([iri])[iri]
        if AIG.Article not in node.iris(RDF.type):
            return None
        findings = self.graph.column(
            f"SELECT DISTINCT ?f {{ ?f prov:wasDerivedFrom {iri} ; aig:modality ?m }} ORDER BY ?f LIMIT {MOST + 1}", "f"
        )
        cards = [card for card in self.cards.of(findings[:MOST]).values() if not (only_unsure and card.sure)]
        notes = _notes(cards)
        text = node.text(AIG.canonicalText) if self.shown == "full" else None
        title = node.text(DCTERMS.title) or node.text(DCTERMS.identifier) or iri.value
        passages = _paragraphs(text, notes, title) if text else _quoted(notes)
        source = node.text(DCTERMS.source) or next((one.value for one in node.iris(DCTERMS.source)), None)
        return ArticleText(
            iri=iri.value,
            title=title,
            issued=node.text(DCTERMS.issued) or "",
            published=day(node.text(DCTERMS.issued)),
            publisher=node.text(DCTERMS.publisher),
            authors=tuple(node.texts(DCTERMS.creator)),
            source=source if source and source.startswith(("https://", "http://")) else None,
            passages=passages,
            findings=len(cards),
            more=len(findings) > MOST,
            whole=text is not None,
            shown=self.shown,
        )


def _notes(cards: Sequence[Card]) -> tuple[Note, ...]:
    """The findings numbered in the order of their first sentences."""
    ordered = sorted(cards, key=lambda card: (_starts(card)[:1], card.kind, card.plain, card.iri))
    return tuple(Note(number, card, _starts(card)) for number, card in enumerate(ordered, 1))


def _starts(card: Card) -> tuple[int, ...]:
    return tuple(quote.start for quote in card.quotes)


def _spans(notes: Sequence[Note]) -> list[tuple[int, int, tuple[int, ...]]]:
    """The sentences behind findings, in order, each with the numbers of its findings; none overlaps another."""
    numbers: Mapping[tuple[int, int], list[int]] = defaultdict(list)
    for note in notes:
        for quote in note.card.quotes:
            numbers[quote.start, quote.end].append(note.number)
    found: list[tuple[int, int, tuple[int, ...]]] = []
    for (start, end), ones in sorted(numbers.items()):
        if end > start and (not found or start >= found[-1][1]):
            found.append((start, end, tuple(dict.fromkeys(ones))))
    return found


def _paragraphs(text: str, notes: Sequence[Note], title: str) -> tuple[Passage, ...]:
    """The whole text by its lines, with its sentences marked; without the title, which stands above it."""
    spans = _spans(notes)
    passages = []
    blocks = lay_out(text)
    page = [block.span for block in blocks if block.kind in _OF_THE_PAGE]
    headings = {block.span.start for block in blocks if block.kind is BlockKind.HEADING}
    begin = 0
    for line in text.split("\n"):
        end = begin + len(line)
        if line.strip():
            pieces, at = [], begin
            for start, stop, numbers in spans:
                if start >= end or stop <= begin:
                    continue
                low, high = max(start, begin), min(stop, end)
                if low > at:
                    pieces.append(Piece(text[at:low]))
                pieces.append(Piece(text[low:high], start if start >= begin else None, numbers))
                at = high
            if at < end:
                pieces.append(Piece(text[at:end]))
            here = tuple(note for note in notes if note.starts and begin <= note.starts[0] < end)
            dim = not here and any(span.start < end and span.end > begin for span in page)
            heading = any(begin <= start < end for start in headings)
            if here or line.strip() != title:
                passages.append(Passage(tuple(pieces), here, dim=dim, heading=heading))
        begin = end + 1
    return tuple(passages)


def _quoted(notes: Sequence[Note]) -> tuple[Passage, ...]:
    """The sentences behind findings alone, with gaps between them; their texts are empty where none may be shown."""
    texts = {quote.start: quote.text or "" for note in notes for quote in note.card.quotes}
    passages = []
    last = 0
    for start, end, numbers in _spans(notes):
        here = tuple(note for note in notes if note.starts and note.starts[0] == start)
        passages.append(Passage((Piece(texts[start], start, numbers),), here, gap=start > last + 2))
        last = end
    return tuple(passages)
