"""Where a quote stands: its place in the article, its sentences, and what is mentioned in and near them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pyoxigraph import NamedNode

from aigraph.llm.answers import Unfit
from aigraph.llm.passages import Passage, Place
from aigraph.records import Document, Mention, Mentions, Span

_LONGEST = 2000
_MOST_SENTENCES = 3
_MOST_PLACES = 10
"""Places of one quote that are tried: what stands oftener is no evidence of anything."""
_SHOWN = 120


@dataclass(frozen=True, slots=True)
class Evidence:
    """A quote in the article: `places` are the sentences that it touches, `mentions` those in them or right before."""

    text: str
    quote: Span
    places: tuple[Place, ...]
    mentions: tuple[Mention, ...]

    @property
    def spans(self) -> tuple[Span, ...]:
        """The sentences, as evidence of a finding."""
        return tuple(place.span for place in self.places)

    def inside(self, entity: NamedNode) -> Mention | None:
        """The last mention of an entity in the sentences of the quote, one in the quote itself before all others."""
        found = [m for m in self.mentions if m.entity == entity and any(m.span in span for span in self.spans)]
        return max(found, key=lambda m: (m.span in self.quote, m.span)) if found else None

    def near(self, entity: NamedNode) -> bool:
        """Is an entity mentioned in the sentences of the quote, or in the one before?"""
        return any(mention.entity == entity for mention in self.mentions)

    def part(self, place: Place) -> Span:
        """What of the quote stands in a sentence."""
        return Span(max(self.quote.start, place.span.start), min(self.quote.end, place.span.end))

    def words(self, words: str, what: str, *, within: Span | None = None) -> tuple[Span, ...]:
        """Where some words stand in the sentences of the quote, or in a stretch of them.

        Raises:
            Unfit: nowhere.
        """
        pattern = leveled(words, what)
        stretches = (within,) if within else self.spans
        found = tuple(Span(m.start(), m.end()) for s in stretches for m in pattern.finditer(self.text, s.start, s.end))
        if not found:
            raise Unfit(f"its {what} {shown(words)} is not in {'the quote' if within else 'the sentence'}")
        return found


def find_evidence(document: Document, mentions: Mentions, passage: Passage, quote: str) -> Iterator[Evidence]:
    """The places of a passage where a quote stands, in order: verbatim but for white space, never a part of a word.

    Raises:
        Unfit: it stands nowhere, or is no quote (too short, too long).
    """
    if len(quote) > _LONGEST:
        raise Unfit(f"the quote {shown(quote)} is too long")
    pattern = leveled(quote, "quote")
    if len(quote.split()) < 2:
        raise Unfit(f"the quote {shown(quote)} is a single word")
    text = document.article.text
    count = 0
    for block in dict.fromkeys(place.block.block.span for place in passage.places):
        inside = [place for place in passage.places if place.block.block.span == block]
        for match in pattern.finditer(text, block.start, block.end):
            span = Span(match.start(), match.end())
            touched = tuple(place for place in inside if place.span.overlaps(span))
            whole = touched and touched[0].span.start <= span.start and span.end <= touched[-1].span.end
            if not whole or len(touched) > _MOST_SENTENCES:
                continue
            count += 1
            if count > _MOST_PLACES:
                return
            yield Evidence(text, span, touched, _around(mentions, touched))
    if not count:
        raise Unfit(f"the quote {shown(quote)} does not stand in the passage")


def leveled(words: str, what: str) -> re.Pattern[str]:
    """A pattern for words as they stand, with any white space between them.

    Raises:
        Unfit: there is no word in them.
    """
    parts = words.split()
    if not any(c.isalnum() for part in parts for c in part):
        raise Unfit(f"the {what} {shown(words)} has no word")
    body = r"\s+".join(map(re.escape, parts))
    before = r"(?<!\w)" if parts[0][0].isalnum() else ""
    behind = r"(?!\w)" if parts[-1][-1].isalnum() else ""
    return re.compile(before + body + behind)


def shown(words: str) -> str:
    """Words of a model for a message: short, on one line, and nothing that a terminal would obey."""
    line = " ".join(words.split())
    line = line if len(line) <= _SHOWN else f"{line[:_SHOWN]}…"
    return f"“{''.join(c if c.isprintable() else '?' for c in line)}”"


def _around(mentions: Mentions, places: tuple[Place, ...]) -> tuple[Mention, ...]:
    first = places[0]
    sentences = first.block.sentences
    at = sentences.index(first.sentence)
    spans = [place.span for place in places] + [sentence.span for sentence in sentences[max(0, at - 1) : at]]
    return tuple(m for m in mentions.mentions if any(m.span in span for span in spans))
