"""Deals between parties: what a sentence says of them, by the rules of `rules/partnerships.yaml`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import replace

from pyoxigraph import NamedNode

from aigraph.facts.confidence import likely
from aigraph.facts.deals.added import told_deal
from aigraph.facts.deals.hedged import heard_deal, pairs_of, parted, parties_undenied, perhaps_over, put, undenied
from aigraph.facts.deals.merging import merge, stated_first
from aigraph.facts.deals.parties import concerned, pattern_fillings, verbal_part
from aigraph.facts.deals.passages import Passage, read_passage, worth
from aigraph.facts.deals.standing import Told, has_phrase, told_status
from aigraph.facts.deals.uses import deals_from_use
from aigraph.facts.frames import Context, FrameMatch, FrameReader, FrameRule, fillings, load_frames, weighed
from aigraph.facts.links.dealwords import CERTAIN, tells_of
from aigraph.facts.links.finder import NO_LINKS, WORTH_WEIGHING, ArticleLinks, SentenceLinks
from aigraph.facts.links.findings import (
    DEAL,
    HEARD_ALONE,
    LABELS,
    LinkedDeal,
    focus,
    linked_deals,
)
from aigraph.facts.patterns.language import Match
from aigraph.facts.patterns.lines import Line, read_line
from aigraph.facts.patterns.rulebook import (
    PartnershipRule,
    Rules,
    load_lexicon,
    load_partnership_rules,
)
from aigraph.facts.speech.attribution import AttributionReader
from aigraph.facts.speech.hedging import SentenceHedges, in_passing
from aigraph.facts.speech.stance import Stance, StanceReader
from aigraph.facts.times.periods import main_period
from aigraph.facts.words.sentences import read_words
from aigraph.records import (
    Document,
    Mention,
    Mentions,
    Part,
    Partnership,
    PartnershipKind,
    Polarity,
    Span,
    Statement,
)
from aigraph.vocab import AIG


class PartnershipFinder:
    """Finds the deals of an article; one instance serves any number of articles."""

    def __init__(self, attributions: AttributionReader, without: frozenset[Part] = frozenset()) -> None:
        """`without` leaves off the rules over trees (syntax) or over words (patterns), to measure the others."""
        self._without = without
        self._lexicon = load_lexicon()
        self._rules = Rules(load_partnership_rules(self._lexicon))
        self._stances = StanceReader(attributions)
        book = load_frames("deals")
        self.frame_rules: tuple[FrameRule, ...] = book.rules
        self._frames = FrameReader(book)

    @property
    def rules(self) -> tuple[PartnershipRule, ...]:
        """The rules in use, in the order of their file."""
        return self._rules.all

    def find(
        self,
        document: Document,
        mentions: Mentions,
        statements: Sequence[Statement] = (),
        links: ArticleLinks = NO_LINKS,
        doubted: Sequence[Statement] = (),
    ) -> tuple[Partnership, ...]:
        """All deals of an article, each once, in the order of the text.

        `statements` are those of the article: where they say that somebody uses the hardware of a named maker, that
        maker supplies it, unless somebody else is said to. Whom a sentence says to compete no link alone joins there,
        also where the network doubts it (`doubted`): it takes the products of one against another for a supply.
        """
        rivals = _rivals((*statements, *doubted))
        found: list[Partnership] = []
        for block in document.blocks:
            for sentence in block.sentences:
                context = Context(document, block, sentence, mentions)
                found += self._of_sentence(context, links.at(sentence), rivals.get(sentence.span, frozenset()))
        supplied = {
            (customer, deal.concerns)
            for deal in found
            for role, who in deal.roles
            if role == AIG.customer
            for customer in who
        }
        found += (
            deal
            for deal in deals_from_use(mentions, statements)
            if (deal.roles[0][1][0], deal.concerns) not in supplied
        )
        return merge(found)

    def _of_sentence(
        self, context: Context, all_told: SentenceLinks, rivals: Set[frozenset[NamedNode]]
    ) -> Iterator[Partnership]:
        """The deals that a sentence tells; `rivals` are those whom it says to compete."""
        document, block, sentence, mentions = context.document, context.block, context.sentence, context.mentions
        line = read_line(block, sentence, mentions.mentions, self._lexicon)
        matches = list(self._rules.matches(line)) if Part.PATTERNS not in self._without else []
        frames = tuple(self._frames.read(context)) if Part.SYNTAX not in self._without else ()
        here = self._heard(all_told, line)
        if not (matches or frames or here.told):
            return
        passage = read_passage(document, block, sentence, line, mentions)
        hedges = SentenceHedges(block, sentence, mentions.mentions)
        told = [(_by_context(rule), deal) for rule, m in matches for deal in self._deals(passage, rule, m, hedges)]
        told += [(m.contextual, deal) for m in frames for deal in self._framed(passage, m, hedges)]
        ruled = [heard_deal(undenied(deal, hedges), here, hedges) for deal in stated_first(told)]
        ruled = [deal for deal in ruled if likely(deal)]
        deals = [part for deal in linked_deals(here, WORTH_WEIGHING, rivals) for part in parted(deal, here, hedges)]
        linked = self._linked(passage, deals, context.inside, ruled, hedges)
        yield from (perhaps_over(deal, all_told, hedges) for deal in (*ruled, *linked))

    def _heard(self, links: SentenceLinks, line: Line) -> SentenceLinks:
        """What the network has for a sentence; denials only where a word denies.

        Of deals, it takes old and ended ones for denied.
        """
        words = [line.word(i) for i in range(len(line))]
        return links if has_phrase(words, self._lexicon.phrases("denying")) else links.affirmed()

    def _stance(self, passage: Passage, focus: Span) -> Stance:
        return self._stances.read(passage.document, passage.block, passage.sentence, focus, passage.mentions.mentions)

    def _framed(self, passage: Passage, match: FrameMatch, hedges: SentenceHedges) -> Iterator[Partnership]:
        """The deal of a match of a frame rule."""
        stance = weighed(self._stance(passage, match.focus), match.tree, match.anchor)
        kind = match.rule.kind or PartnershipKind.COLLABORATION
        for roles in fillings(match):
            deal = kind, roles
            found = told_deal(passage, self._lexicon, deal, match.focus, stance, hedges=hedges, usual=match.rule.status)
            yield replace(found, extractor=f"partnership/{match.rule.id}", confidence=match.confidence)

    def _linked(
        self,
        passage: Passage,
        deals: Iterable[LinkedDeal],
        inside: Sequence[Mention],
        ruled: Sequence[Partnership],
        hedges: SentenceHedges,
    ) -> Iterator[Partnership]:
        """The deals that the network finds and no rule has between the same parties."""
        for deal in deals:
            parties = {who for _, fillers in deal.roles for who in fillers}
            if any(parties <= {w for _, fillers in d.roles for w in fillers} and d.kind == deal.kind for d in ruled):
                continue
            stretch = focus(deal.told)
            roles = parties_undenied(deal.kind, deal.roles, hedges)
            hedge = hedges.among(LABELS[deal.kind][0], pairs_of(deal.kind, roles))
            stance = self._stance(passage, stretch)
            found = told_deal(passage, self._lexicon, (deal.kind, roles), stretch, stance, hedges=hedges)
            found = replace(found, extractor=DEAL, confidence=deal.told.chance, chance=deal.told.chance)
            told = tells_of(deal.kind, (word.text for word in read_words(passage.block, passage.sentence, inside)))
            if likely(found) and (told or deal.told.chance >= CERTAIN):
                yield put(found, deal.told, hedge, HEARD_ALONE)

    def _deals(
        self, passage: Passage, rule: PartnershipRule, match: Match, hedges: SentenceHedges
    ) -> Iterator[Partnership]:
        slots = passage.line.slots
        focus = Span(slots[match.first].span.start, slots[match.last - 1].span.end)
        stance = self._stance(passage, focus)
        for roles in pattern_fillings(passage, rule, match):
            quantity = worth(passage.quantities, focus)
            label, pairs = LABELS[rule.kind][0], pairs_of(rule.kind, roles)
            told = Told(passage.line, in_passing(stance, hedges.among(label, pairs)), hedges.elsewhere(label, pairs))
            yield Partnership(
                kind=rule.kind,
                roles=roles,
                status=told_status(rule.status, told, self._lexicon, verbal_part(match)),
                concerns=concerned(passage, rule, match),
                quantity=quantity,
                evidence=(passage.sentence.span,),
                extractor=f"partnership/{rule.id}",
                confidence=rule.confidence,
                modality=stance.modality,
                polarity=stance.polarity,
                claimant=stance.claimant,
                period=main_period(
                    passage.periods,
                    quantity.span if quantity else focus,
                    text=passage.text,
                    offset=passage.sentence.span.start,
                ),
            )


def _by_context(rule: PartnershipRule) -> bool:
    return any(name.startswith("@") for _, names in rule.roles for name in names)


def _rivals(statements: Iterable[Statement]) -> Mapping[Span, Set[frozenset[NamedNode]]]:
    """Who compete with each other, by the sentences that say so."""
    rivals: dict[Span, set[frozenset[NamedNode]]] = defaultdict(set)
    for each in statements:
        if each.predicate == AIG.competesWith and each.polarity == Polarity.AFFIRMED:
            for span in each.evidence:
                rivals[span].add(frozenset((each.subject, each.object)))
    return rivals
