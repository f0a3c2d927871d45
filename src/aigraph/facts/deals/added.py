"""A deal of which only kind, parties and sentence are known: where it stands, what it concerns, what it is worth."""

from __future__ import annotations

from aigraph.facts.deals.hedged import pairs_of, put
from aigraph.facts.deals.passages import read_passage, worth
from aigraph.facts.deals.standing import told_status
from aigraph.facts.frames import Roles
from aigraph.facts.links.findings import LABELS, Place
from aigraph.facts.patterns.lines import read_line
from aigraph.facts.patterns.rulebook import load_lexicon
from aigraph.facts.speech.hedging import SentenceHedges
from aigraph.facts.speech.stance import StanceReader
from aigraph.facts.times.periods import main_period
from aigraph.facts.words.sentences import within
from aigraph.records import TECHNOLOGY, Mentions, Partnership, PartnershipKind, Span, Status


class DealTeller:
    """Tells all that a sentence has of a deal; one instance serves any number of articles."""

    def __init__(self, stances: StanceReader) -> None:
        self._stances = stances
        self._lexicon = load_lexicon()

    def tell(
        self, place: Place, mentions: Mentions, deal: tuple[PartnershipKind, Roles], focus: Span, hedges: SentenceHedges
    ) -> Partnership:
        """The deal between parties whose mentions lie in `focus`; its extractor and confidence are still to be set."""
        kind, roles = deal
        document, block, sentence, all_mentions = place.document, place.block, place.sentence, place.mentions
        line = read_line(block, sentence, all_mentions, self._lexicon)
        passage = read_passage(document, block, sentence, line, mentions)
        stance = self._stances.read(document, block, sentence, focus, all_mentions)
        quantity = worth(passage.quantities, focus)
        around = quantity.span if quantity else focus
        before = [i for i, slot in enumerate(line.slots) if slot.span.end <= focus.end]
        inside = (m for m in within(all_mentions, sentence.span) if m.type in TECHNOLOGY and m.span.overlaps(focus))
        found = Partnership(
            kind=kind,
            roles=roles,
            status=told_status(Status.ANNOUNCED, line, self._lexicon, stance, before, bare=False),
            concerns=next((m.entity for m in inside), None),
            quantity=quantity,
            evidence=(sentence.span,),
            extractor="",
            confidence=0.0,
            modality=stance.modality,
            polarity=stance.polarity,
            claimant=stance.claimant,
            period=main_period(passage.periods, around, text=passage.text, offset=sentence.span.start),
        )
        return put(found, None, hedges.among(LABELS[kind][0], pairs_of(kind, roles)))
