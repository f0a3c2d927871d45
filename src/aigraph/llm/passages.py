"""An article cut into passages: what one request holds, with the mentions in it under ids."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode

from aigraph.records import BlockKind, Document, Mention, Mentions, ReadBlock, Sentence, Span

_SKIPPED = frozenset({BlockKind.METADATA, BlockKind.BOILERPLATE})
"""Bylines, tags and navigation say nothing in sentences."""


@dataclass(frozen=True, slots=True)
class Place:
    """A sentence with its block."""

    block: ReadBlock
    sentence: Sentence

    @property
    def span(self) -> Span:
        """Where the sentence stands in the article."""
        return self.sentence.span


@dataclass(frozen=True, slots=True)
class Offer:
    """A mention under the id by which the model may speak of it ("m3")."""

    id: str
    mention: Mention
    stands_for: str | None


@dataclass(frozen=True, slots=True)
class Passage:
    """Sentences of an article that are asked about together, in order."""

    places: tuple[Place, ...]
    offers: tuple[Offer, ...]

    @property
    def span(self) -> Span:
        """From the first sentence to the last."""
        return Span(self.places[0].span.start, self.places[-1].span.end)

    def offered(self, place: Place) -> tuple[Offer, ...]:
        """The mentions of one sentence."""
        return tuple(offer for offer in self.offers if offer.mention.span.overlaps(place.span))


def cut(document: Document, mentions: Mentions, size: int) -> tuple[tuple[Passage, ...], tuple[Place, ...]]:
    """The passages of an article, none with more than `size` characters, and the sentences that are longer than that.

    A passage ends with a block where it can.
    """
    names = {entity.iri: entity.name for entity in mentions.entities}
    too_long: list[Place] = []
    groups: list[list[Place]] = [[]]
    room = size
    for block in document.blocks:
        if block.block.kind in _SKIPPED:
            continue
        places = [Place(block, sentence) for sentence in block.sentences]
        too_long += (place for place in places if _length(place) > size)
        places = [place for place in places if _length(place) <= size]
        if sum(map(_length, places)) > room and groups[-1]:
            groups.append([])
            room = size
        for place in places:
            if _length(place) > room:
                groups.append([])
                room = size
            groups[-1].append(place)
            room -= _length(place)
    passages = (Passage(tuple(g), tuple(_offers(g, mentions.mentions, names))) for g in groups if g)
    return tuple(passages), tuple(too_long)


def _length(place: Place) -> int:
    return place.span.end - place.span.start


def _offers(places: Sequence[Place], mentions: Sequence[Mention], names: Mapping[NamedNode, str]) -> Iterator[Offer]:
    spans = [place.span for place in places]
    inside = [m for m in mentions if any(m.span in span for span in spans)]
    for number, mention in enumerate(inside, 1):
        name = names.get(mention.entity)
        yield Offer(f"m{number}", mention, name if name != mention.form else None)
