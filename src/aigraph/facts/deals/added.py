"""A deal whose kind, parties and words are known: where it stands, what it concerns, what it is worth."""

from __future__ import annotations

from aigraph.facts.deals.hedged import pairs_of, put
from aigraph.facts.deals.passages import Passage, read_passage, worth
from aigraph.facts.deals.standing import Told, told_status
from aigraph.facts.frames import Roles
from aigraph.facts.links.findings import LABELS, Place
from aigraph.facts.patterns.lines import Lexicon, read_line
from aigraph.facts.patterns.rulebook import load_lexicon
from aigraph.facts.speech.hedging import SentenceHedges, in_passing
from aigraph.facts.speech.stance import Stance, StanceReader
from aigraph.facts.times.periods import main_period
from aigraph.facts.words.sentences import within
from aigraph.records import TECHNOLOGY, Mentions, Partnership, PartnershipKind, Span, Status


def told_deal(
    passage: Passage,
    lexicon: Lexicon,
    deal: tuple[PartnershipKind, Roles],
    focus: Span,
    stance: Stance,
    *,
    hedges: SentenceHedges,
    usual: Status = Status.ANNOUNCED,
) -> Partnership:
    """The deal of a stretch (`focus`) of a sentence, with all that the sentence has of it.

    `usual` is where such a deal stands unless the sentence says otherwise. Who found it, and how surely, is still to
    be set.
    """
    kind, roles = deal
    inside = (m for m in within(passage.mentions.mentions, passage.sentence.span) if m.span.overlaps(focus))
    quantity = worth(passage.quantities, focus)
    around = quantity.span if quantity else focus
    label, pairs = LABELS[kind][0], pairs_of(kind, roles)
    told = Told(passage.line, in_passing(stance, hedges.among(label, pairs)), hedges.elsewhere(label, pairs))
    before = [i for i, slot in enumerate(passage.line.slots) if slot.span.end <= focus.end]
    return Partnership(
        kind=kind,
        roles=roles,
        status=told_status(usual, told, lexicon, before, bare=False),
        concerns=next((m.entity for m in inside if m.type in TECHNOLOGY), None),
        quantity=quantity,
        evidence=(passage.sentence.span,),
        extractor="",
        confidence=0.0,
        modality=stance.modality,
        polarity=stance.polarity,
        claimant=stance.claimant,
        period=main_period(passage.periods, around, text=passage.text, offset=passage.sentence.span.start),
    )


class DealTeller:
    """Tells all that a sentence has of a deal; one instance serves any number of articles."""

    def __init__(self, stances: StanceReader) -> None:
        self._stances = stances
        self._lexicon = load_lexicon()

    def tell(
        self, place: Place, mentions: Mentions, deal: tuple[PartnershipKind, Roles], focus: Span, hedges: SentenceHedges
    ) -> Partnership:
        """The deal between parties whose mentions lie in `focus`, as surely as the sentence puts it."""
        document, block, sentence = place.document, place.block, place.sentence
        line = read_line(block, sentence, place.mentions, self._lexicon)
        passage = read_passage(document, block, sentence, line, mentions)
        stance = self._stances.read(document, block, sentence, focus, place.mentions)
        found = told_deal(passage, self._lexicon, deal, focus, stance, hedges=hedges)
        return put(found, None, hedges.among(LABELS[found.kind][0], pairs_of(*deal)))
