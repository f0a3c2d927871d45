"""The checks that every item of an answer goes through: ids, words, figures, times, stance, who says so."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from pyoxigraph import NamedNode

from aigraph.llm.answers import Item, Unfit
from aigraph.llm.evidence import Evidence, shown
from aigraph.llm.grammar import Grammar, Reading, is_time, weaker
from aigraph.llm.passages import Offer, Passage, Place
from aigraph.ontology import Ontology
from aigraph.records import (
    Claimant,
    Document,
    MentionKind,
    Mentions,
    Modality,
    Period,
    Polarity,
    Quantity,
    Span,
    UnnamedGroup,
)
from aigraph.vocab import AIG, slug

CONFIDENCE = 0.5
"""A prior that nobody measured, below that of nearly all rules: what it says is that the text was checked."""

LONGEST_NAME = 80
E = TypeVar("E", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Checks:
    """The checks of the items about one passage; `units` are those of the ontology by name."""

    ontology: Ontology
    grammar: Grammar
    units: Mapping[str, NamedNode]
    document: Document
    mentions: Mentions
    passage: Passage
    offers: Mapping[str, Offer]

    # --- what findings have in common ------------------------------------------------------------------------

    def common(
        self, item: Item, evidence: Evidence, parties: Sequence[NamedNode], extractor: str, at: Span | None = None
    ) -> dict[str, Any]:
        """Evidence, stance, claimant and time."""
        readings = [self.read(evidence, place, parties, at) for place in evidence.places]
        told = self.one_of(Polarity, item, "polarity")
        seen = Polarity.NEGATED if any(reading.negated for reading in readings) else Polarity.AFFIRMED
        if told != seen:
            raise Unfit(f"it is {told.lower()} in the answer and {seen.lower()} in the sentence")
        modality = self.one_of(Modality, item, "modality")
        for reading in readings:
            modality = weaker(modality, reading.modality)
        heard = next((reading.claimant for reading in readings if reading.claimant is not None), None)
        carrying = self.carrying(evidence)
        return {
            "evidence": (carrying.span, *(span for span in evidence.spans if span != carrying.span)),
            "extractor": extractor,
            "confidence": CONFIDENCE,
            "modality": modality,
            "polarity": told,
            "claimant": self.claimant(item, evidence, heard),
            "period": self.period(item, evidence),
        }

    def read(self, evidence: Evidence, place: Place, parties: Sequence[NamedNode], at: Span | None) -> Reading:
        """How our own reader takes one sentence of the quote."""
        if at is not None:
            return self.grammar.stance(self.document, self.mentions, place, at)
        part = evidence.part(place)
        named = [m.span for party in parties if (m := evidence.inside(party)) and m.span in place.span]
        focus = Span(min([part.start, *(s.start for s in named)]), max([part.end, *(s.end for s in named)]))
        return self.grammar.stance(
            self.document, self.mentions, place, max(named, default=_tail(evidence, focus)), focus
        )

    @staticmethod
    def carrying(evidence: Evidence) -> Place:
        """The sentence that has most of the quote."""
        return max(evidence.places, key=lambda place: evidence.part(place).end - evidence.part(place).start)

    def claimant(self, item: Item, evidence: Evidence, heard: Claimant | None) -> Claimant | None:
        """Who says so, if our own reader hears the same; where it hears nobody, the sentence needs a word of saying."""
        offer = self.offer_or_none(item, "claimant", evidence)
        told: Claimant | None = None
        if offer is not None:
            self.is_one_of(offer, frozenset({AIG.Agent}), "claimant")
            told = offer.mention.entity
        elif words := self.named(item, "claimant_words", evidence):
            told = UnnamedGroup(words)
        if told is None:
            return heard
        if heard is None:
            if not any(self.grammar.speaks(place, self.mentions) for place in evidence.places):
                raise Unfit("nobody is said to say so in the sentence")
            return told
        if isinstance(told, UnnamedGroup) != isinstance(heard, UnnamedGroup) or (
            isinstance(told, NamedNode) and told != heard
        ):
            raise Unfit("the sentence puts it into the mouth of somebody else")
        return heard

    def period(self, item: Item, evidence: Evidence) -> Period | None:
        """The time that our own grammar reads at the words given for it, if it is the one told."""
        told = item.item_or_none("time")
        if told is None:
            return None
        words, value = told.text("words"), told.text("value")
        places = evidence.words(words, "time")
        for place in evidence.places:
            for period in self.grammar.periods(self.document, self.mentions, place):
                if any(period.span.overlaps(span) for span in places) and is_time(period, value):
                    return period
        raise Unfit(f"no time {shown(value)} can be read from {shown(words)}")

    def figure(self, item: Item, evidence: Evidence) -> Quantity | None:
        """The figure that our own grammar reads at the words given for it, if value and unit are those told."""
        told = item.item_or_none("figure")
        if told is None:
            return None
        words, value, name = told.text("words"), told.number("value"), told.text("unit")
        unit = self.units.get(name)
        if unit is None:
            raise Unfit(f"{shown(name)} is no unit of the ontology")
        places = evidence.words(words, "figure", within=evidence.quote)
        for place in evidence.places:
            for quantity in self.grammar.quantities(self.document, self.mentions, place):
                here = quantity.span in evidence.quote and any(quantity.span.overlaps(span) for span in places)
                if here and quantity.unit == unit and math.isclose(quantity.value, value, rel_tol=1e-6):
                    return quantity
        raise Unfit(f"no figure of {value:g} {name} can be read from {shown(words)} in the quote")

    # --- words and ids --------------------------------------------------------------------------------------

    def named(self, item: Item, name: str, evidence: Evidence) -> str | None:
        """Words of the sentence that name a metric or a topic, in which no name and no figure stands."""
        words = item.text_or_none(name)
        if words is None:
            return None
        spans = evidence.words(words, name)
        quantities = self.grammar.quantities(self.document, self.mentions, evidence.places[0])
        taken = [m.span for m in evidence.mentions if m.kind == MentionKind.NAME] + [q.span for q in quantities]
        free = [span for span in spans if not any(span.overlaps(other) for other in taken)]
        if not free or free[0].end - free[0].start > LONGEST_NAME:
            raise Unfit(f"its {name} {shown(words)} holds a name or a figure, or is too long")
        label = " ".join(evidence.text[free[0].start : free[0].end].split())
        if not slug(label):
            raise Unfit(f"its {name} {shown(words)} names nothing")
        return label

    def mentioned(self, name: str, evidence: Evidence, what: str) -> Offer:
        """The mention of that id, whose entity has to be mentioned in the sentences of the quote or right before."""
        offer = self.offers.get(name)
        if offer is None:
            raise Unfit(f"its {what} {shown(name)} is no mention of the passage")
        if not evidence.near(offer.mention.entity):
            raise Unfit(f"its {what} {shown(offer.mention.form)} is not mentioned near the quote")
        return offer

    def offer_or_none(self, item: Item, name: str, evidence: Evidence) -> Offer | None:
        """The mention of the id that an item may give."""
        given = item.text_or_none(name)
        return self.mentioned(given, evidence, name) if given is not None else None

    def is_one_of(self, offer: Offer, classes: frozenset[NamedNode], what: str) -> None:
        """Refuses a mention of a thing that is of none of some classes."""
        if not any(self.ontology.is_a(AIG[offer.mention.type], cls) for cls in classes):
            raise Unfit(f"its {what} {shown(offer.mention.form)} is of the wrong kind: {offer.mention.type.value}")

    @staticmethod
    def one_of(kind: type[E], item: Item, name: str) -> E:
        """A value out of a closed list."""
        value = item.text(name)
        if value not in {each.value for each in kind}:
            raise Unfit(f"its {name} {shown(value)} is none of {', '.join(kind)}")
        return kind(value)


def last(evidence: Evidence) -> Span:
    """The last letter or digit of the quote: the end of what is said."""
    return _tail(evidence, evidence.quote)


def _tail(evidence: Evidence, stretch: Span) -> Span:
    end = next(
        (at + 1 for at in range(stretch.end - 1, stretch.start - 1, -1) if evidence.text[at].isalnum()), stretch.end
    )
    return Span(end - 1, end)
