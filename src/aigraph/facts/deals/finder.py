"""Deals between parties: what a sentence says of them, by the rules of `rules/partnerships.yaml`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from pyoxigraph import NamedNode

from aigraph.facts.confidence import likely
from aigraph.facts.deals.standing import has_phrase, told_status
from aigraph.facts.figures.reading import sentence_quantities
from aigraph.facts.frames import Context, FrameMatch, FrameReader, FrameRule, Roles, fillings, load_frames, weighed
from aigraph.facts.links.dealwords import CERTAIN, tells_of
from aigraph.facts.links.finder import NO_LINKS, WORTH_WEIGHING, ArticleLinks, SentenceLinks, Told
from aigraph.facts.links.findings import (
    DEAL,
    HEARD,
    HEARD_ALONE,
    HEARD_PLAIN,
    LABELS,
    LinkedDeal,
    focus,
    linked_deals,
    marked,
)
from aigraph.facts.patterns.language import Match
from aigraph.facts.patterns.lines import Line, read_line
from aigraph.facts.patterns.passages import context_company, context_maker, context_technology, main_pair
from aigraph.facts.patterns.rulebook import (
    CONTEXT_COMPANY,
    CONTEXT_MAKER,
    CONTEXT_PAIR,
    PartnershipRule,
    Rules,
    load_lexicon,
    load_partnership_rules,
)
from aigraph.facts.speech.attribution import AttributionReader
from aigraph.facts.speech.hedges import Hedge
from aigraph.facts.speech.hedging import SentenceHedges
from aigraph.facts.speech.stance import Stance, StanceReader
from aigraph.facts.times.periods import main_period
from aigraph.facts.times.reading import sentence_periods
from aigraph.facts.words.sentences import read_words
from aigraph.records import (
    BODY,
    HARDWARE,
    TECHNOLOGY,
    Document,
    Mention,
    MentionKind,
    Mentions,
    Modality,
    Part,
    Partnership,
    PartnershipKind,
    Period,
    Polarity,
    Quantity,
    ReadBlock,
    Sentence,
    Span,
    Statement,
    Status,
)
from aigraph.vocab import AIG, UNIT

USE_RULE = "supplies-what-is-used"
"""The one rule without a pattern: who uses the hardware of a named maker is its customer."""
USE_CONFIDENCE = 0.7
_NO_PURCHASE = (
    "relation/uses-licensed",
    "relation/maker-uses-process",
    "relation/uses-trial",
    "relation/frame-uses-otherwise",
)
"""Rules for uses that nobody was paid for with hardware: a licence, a trial."""
_DEFINITE = (Status.REPORTED, Status.ANNOUNCED, Status.COMPLETED, Status.ENDED)
"""From the least to the most definite status: told twice, a deal has the last one."""
_SURE = (Modality.ASSERTED, Modality.FORECAST, Modality.REPORTED, Modality.OPINION, Modality.HYPOTHETICAL)


@dataclass(frozen=True, slots=True)
class _Passage:
    """A sentence with all that its deals are read against."""

    document: Document
    block: ReadBlock
    sentence: Sentence
    line: Line
    mentions: Mentions
    quantities: tuple[Quantity, ...]
    periods: tuple[Period, ...]

    @property
    def text(self) -> str:
        return self.document.article.text[self.sentence.span.start : self.sentence.span.end]


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
        rivals: dict[Span, set[frozenset[NamedNode]]] = defaultdict(set)
        for each in (*statements, *doubted):
            if each.predicate == AIG.competesWith and each.polarity == Polarity.AFFIRMED:
                for span in each.evidence:
                    rivals[span].add(frozenset((each.subject, each.object)))
        found: list[Partnership] = []
        for block in document.blocks:
            for sentence in block.sentences:
                line = read_line(block, sentence, mentions.mentions, self._lexicon)
                context = Context(document, block, sentence, mentions)
                matches = list(self._rules.matches(line)) if Part.PATTERNS not in self._without else []
                frames = tuple(self._frames.read(context)) if Part.SYNTAX not in self._without else ()
                all_told = links.at(sentence)
                here = self._heard(all_told, line)
                if matches or frames or here.told:
                    passage = _passage(document, block, sentence, line, mentions)
                    told = [(_by_context(rule), deal) for rule, m in matches for deal in self._deals(passage, rule, m)]
                    told += [(m.contextual, deal) for m in frames for deal in self._framed(passage, m, context.inside)]
                    hedges = SentenceHedges(block, sentence, mentions.mentions)
                    ruled = [_marked(_undenied(deal, hedges), here, hedges) for deal in _stated_first(told)]
                    ruled = [deal for deal in ruled if likely(deal)]
                    deals = linked_deals(here, WORTH_WEIGHING, rivals[sentence.span])
                    linked = self._linked(passage, deals, context.inside, ruled, hedges)
                    found += (_perhaps_over(deal, all_told, hedges) for deal in (*ruled, *linked))
        supplied = {
            (customer, deal.concerns)
            for deal in found
            for role, who in deal.roles
            if role == AIG.customer
            for customer in who
        }
        found += (
            deal for deal in _from_use(mentions, statements) if (deal.roles[0][1][0], deal.concerns) not in supplied
        )
        return merge(found)

    def _heard(self, links: SentenceLinks, line: Line) -> SentenceLinks:
        """What the network has for a sentence; denials only where a word denies.

        Of deals, it takes old and ended ones for denied.
        """
        words = [line.word(i) for i in range(len(line))]
        return links if has_phrase(words, self._lexicon.phrases("denying")) else links.affirmed()

    def _stance(self, passage: _Passage, focus: Span) -> Stance:
        return self._stances.read(passage.document, passage.block, passage.sentence, focus, passage.mentions.mentions)

    def _framed(self, passage: _Passage, match: FrameMatch, inside: Sequence[Mention]) -> Iterator[Partnership]:
        """The deal of a match of a frame rule."""
        stance = self._stance(passage, match.focus)
        stance = weighed(stance, match.tree, match.anchor)
        quantity = _sum(passage.quantities, match.focus)
        around = quantity.span if quantity else match.focus
        before = [i for i, slot in enumerate(passage.line.slots) if slot.span.end <= match.focus.end]
        text, offset = passage.text, passage.sentence.span.start
        for roles in fillings(match):
            yield Partnership(
                kind=match.rule.kind or PartnershipKind.COLLABORATION,
                roles=roles,
                status=told_status(match.rule.status, passage.line, self._lexicon, stance, before, bare=False),
                concerns=next(
                    (m.entity for m in inside if m.type in TECHNOLOGY and m.span.overlaps(match.focus)), None
                ),
                quantity=quantity,
                evidence=(passage.sentence.span,),
                extractor=f"partnership/{match.rule.id}",
                confidence=match.confidence,
                modality=stance.modality,
                polarity=stance.polarity,
                claimant=stance.claimant,
                period=main_period(passage.periods, around, text=text, offset=offset),
            )

    def _linked(
        self,
        passage: _Passage,
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
            roles = _parties_undenied(deal.kind, deal.roles, hedges)
            hedge = hedges.among(LABELS[deal.kind][0], _pairs(deal.kind, roles))
            stance = self._stance(passage, stretch)
            quantity = _sum(passage.quantities, stretch)
            around = quantity.span if quantity else stretch
            before = [i for i, slot in enumerate(passage.line.slots) if slot.span.end <= stretch.end]
            found = Partnership(
                kind=deal.kind,
                roles=roles,
                status=told_status(Status.ANNOUNCED, passage.line, self._lexicon, stance, before, bare=False),
                concerns=next((m.entity for m in inside if m.type in TECHNOLOGY and m.span.overlaps(stretch)), None),
                quantity=quantity,
                evidence=(passage.sentence.span,),
                extractor=DEAL,
                confidence=deal.told.chance,
                chance=deal.told.chance,
                modality=stance.modality,
                polarity=stance.polarity,
                claimant=stance.claimant,
                period=main_period(passage.periods, around, text=passage.text, offset=passage.sentence.span.start),
            )
            told = tells_of(deal.kind, (word.text for word in read_words(passage.block, passage.sentence, inside)))
            if likely(found) and (told or deal.told.chance >= CERTAIN):
                yield _put(found, deal.told, hedge, HEARD_ALONE)

    def _deals(self, passage: _Passage, rule: PartnershipRule, match: Match) -> Iterator[Partnership]:
        slots = passage.line.slots
        focus = Span(slots[match.first].span.start, slots[match.last - 1].span.end)
        stance = self._stance(passage, focus)
        for roles in _fillings(passage, rule, match):
            quantity = _sum(passage.quantities, focus)
            yield Partnership(
                kind=rule.kind,
                roles=roles,
                status=told_status(rule.status, passage.line, self._lexicon, stance, _verbal_part(match)),
                concerns=_concerns(passage, rule, match),
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


def _pairs(kind: PartnershipKind, roles: Roles) -> list[tuple[NamedNode, NamedNode]]:
    """Each pair of parties on two sides of a deal."""
    sides = dict(roles)
    _, (first, second) = LABELS[kind]
    if first == second:
        who = sides.get(first, ())
        return [(a, b) for i, a in enumerate(who) for b in who[i + 1 :]]
    return [(a, b) for a in sides.get(first, ()) for b in sides.get(second, ())]


def _undenied(deal: Partnership, hedges: SentenceHedges) -> Partnership:
    return replace(deal, roles=_parties_undenied(deal.kind, deal.roles, hedges))


def _parties_undenied(kind: PartnershipKind, roles: Roles, hedges: SentenceHedges) -> Roles:
    """The roles without those of several parties whom the sentence leaves out: "bought A but never B"."""
    label, (first, second) = LABELS[kind]
    if first == second or all(len(fillers) < 2 for _, fillers in roles):
        return roles
    pairs = _pairs(kind, roles)
    kept = [pair for pair in pairs if not hedges.between(label, *pair).denied]
    if len(kept) == len(pairs) or not kept:
        return roles
    sides = {first: {a for a, _ in kept}, second: {b for _, b in kept}}
    return tuple(
        (role, tuple(who for who in fillers if role not in sides or who in sides[role])) for role, fillers in roles
    )


def _marked(deal: Partnership, links: SentenceLinks, hedges: SentenceHedges) -> Partnership:
    """A deal of a rule with what its tree has, and what the network has for the likeliest pair of its parties."""
    label, pairs = LABELS[deal.kind][0], _pairs(deal.kind, deal.roles)
    known = [told for a, b in pairs if (told := links.between(label, a, b)) is not None]
    best = max(known, key=lambda told: told.chance, default=None)
    heard = _put(deal, best, hedges.among(label, pairs))
    return replace(heard, chance=best.chance) if best is not None else heard


def _put(deal: Partnership, told: Told | None, hedge: Hedge, least: float = HEARD) -> Partnership:
    """A deal as tree and network put it; one that has ended was made once, so that no network denies it for its end."""
    status = Status.ENDED if hedge.over else deal.status
    if told is not None and status == Status.ENDED:
        told = replace(told, denied=0.0)
    stance = Stance(deal.modality, deal.polarity, deal.claimant)
    stance = marked(stance, told, replace(hedge, over=False), least)
    return replace(deal, status=status, modality=stance.modality, polarity=stance.polarity)


def _perhaps_over(deal: Partnership, links: SentenceLinks, hedges: SentenceHedges) -> Partnership:
    """A deal that the network denies where no word does has ended: it takes the one for the other."""
    if deal.status in (Status.ENDED, Status.REPORTED) or deal.polarity == Polarity.NEGATED:
        return deal
    label, pairs = LABELS[deal.kind][0], _pairs(deal.kind, deal.roles)
    hedge = hedges.among(label, pairs)
    heard = max((told.denied for a, b in pairs if (told := links.between(label, a, b)) is not None), default=0.0)
    over = heard >= (HEARD_PLAIN if hedge.plain or hedge.granted else HEARD) and not hedge.sure
    return replace(deal, status=Status.ENDED) if over else deal


def _stated_first(deals: Sequence[tuple[bool, Partnership]]) -> Iterator[Partnership]:
    """The deals of one sentence, without those that take a party from the context where a stated one has the other."""
    stated = {(d.kind, who) for implied, d in deals if not implied for _, fillers in d.roles for who in fillers}
    for implied, deal in deals:
        parties = [(deal.kind, who) for _, fillers in deal.roles for who in fillers]
        if not (implied and any(party in stated for party in parties)):
            yield deal


def _by_context(rule: PartnershipRule) -> bool:
    return any(name.startswith("@") for _, names in rule.roles for name in names)


def _from_use(mentions: Mentions, statements: Sequence[Statement]) -> Iterator[Partnership]:
    """A supply for each organization that uses hardware whose one maker the article names."""
    hardware = {e.iri for e in mentions.entities if e.type in HARDWARE}
    stated = [s for s in statements if s.polarity == Polarity.AFFIRMED and s.modality != Modality.HYPOTHETICAL]
    makers: dict[NamedNode, dict[NamedNode, Statement]] = defaultdict(dict)
    for statement in stated:
        if statement.predicate == AIG.develops:
            makers[statement.object].setdefault(statement.subject, statement)
    for use in stated:
        if use.predicate != AIG.uses or use.object not in hardware or len(makers[use.object]) != 1:
            continue
        ((maker, made),) = makers[use.object].items()
        if maker == use.subject or use.extractor in _NO_PURCHASE:
            continue
        yield Partnership(
            kind=PartnershipKind.SUPPLY,
            roles=((AIG.customer, (use.subject,)), (AIG.supplier, (maker,))),
            status=Status.REPORTED if use.modality == Modality.REPORTED else Status.ANNOUNCED,
            concerns=use.object,
            evidence=tuple(dict.fromkeys((*use.evidence, *made.evidence))),
            extractor=f"partnership/{USE_RULE}",
            confidence=USE_CONFIDENCE,
            modality=use.modality,
            claimant=use.claimant,
        )


def merge(deals: Sequence[Partnership]) -> tuple[Partnership, ...]:
    """One deal for each kind and filling of roles: all evidence, the most definite status, the surest rule.

    What is denied or only supposed is never joined with what is stated. A deal that a sentence tells in full takes up
    what another rule saw of it there.
    """
    merged: dict[tuple[object, ...], Partnership] = {}
    for deal in deals:
        if any(_is_part(deal, other) for other in deals):
            continue
        key = (deal.kind, deal.roles, deal.polarity, deal.modality == Modality.HYPOTHETICAL)
        known = merged.get(key)
        if known is None:
            merged[key] = deal
            continue
        best = max(known, deal, key=lambda d: d.confidence)
        merged[key] = replace(
            best,
            evidence=tuple(dict.fromkeys((*known.evidence, *deal.evidence))),
            status=max(known.status, deal.status, key=_DEFINITE.index),
            modality=min(known.modality, deal.modality, key=_SURE.index),
            quantity=known.quantity or deal.quantity,
            concerns=known.concerns or deal.concerns,
            period=known.period or deal.period,
            claimant=known.claimant if known.claimant == deal.claimant else None,
        )
    return tuple(merged.values())


def _is_part(deal: Partnership, other: Partnership) -> bool:
    """True where the same sentence tells of the other deal with more parties."""
    if deal.kind != other.kind or deal.evidence[0] != other.evidence[0] or deal.roles == other.roles:
        return False
    fuller = dict(other.roles)
    return all(set(fillers) <= set(fuller[role]) for role, fillers in deal.roles)


def _passage(document: Document, block: ReadBlock, sentence: Sentence, line: Line, mentions: Mentions) -> _Passage:
    text, span = document.article.text, sentence.span
    quantities = sentence_quantities(text, span, mentions.mentions)
    periods = sentence_periods(text, span, mentions.mentions, _day(document.article.issued))
    return _Passage(document, block, sentence, line, mentions, quantities, periods)


def _day(issued: str | None) -> date | None:
    """The first day of an EDTF date ("2026-03-18", "2026-03"); None for anything else."""
    try:
        return date.fromisoformat((issued or "") + "-01" * (2 - (issued or "").count("-")))
    except ValueError:
        return None


def _fillings(passage: _Passage, rule: PartnershipRule, match: Match) -> Iterator[Roles]:
    """The roles with those who fill them; one filling, or one for each filler of the argument to keep apart."""
    apart = match.bindings.get(rule.separate, ()) if rule.separate else ()
    for only in apart or (None,):
        roles: list[tuple[NamedNode, tuple[NamedNode, ...]]] = []
        for role, names in rule.roles:
            fillers = {
                iri
                for name in names
                for iri in _fillers(passage, rule, match, name, only if name == rule.separate else None)
            }
            roles.append((role, tuple(sorted(fillers, key=lambda iri: iri.value))))
        everyone = [iri for _, fillers in roles for iri in fillers]
        if all(fillers for _, fillers in roles) and 2 <= len(everyone) == len(set(everyone)):
            yield tuple(roles)


def _fillers(
    passage: _Passage, rule: PartnershipRule, match: Match, name: str, only: int | None
) -> Iterator[NamedNode]:
    if name == CONTEXT_COMPANY:
        yield from _context(passage, rule, match)
        return
    if name == CONTEXT_MAKER:
        maker = context_maker(passage.block, passage.mentions, before=passage.line.slots[match.first].span.start)
        if maker:
            yield maker.entity
        return
    if name == CONTEXT_PAIR:
        yield from (mention.entity for mention in main_pair(passage.document, passage.mentions))
        return
    for index in (only,) if only is not None else match.bindings.get(name, ()):
        yield from passage.line.slots[index].values


def _context(passage: _Passage, rule: PartnershipRule, match: Match) -> Iterator[NamedNode]:
    """The organization that a passage is about; for a supply told behind ";", the one that the sentence began with."""
    before = passage.line.slots[match.first].span.start
    head = passage.line.slots[: match.first]
    fillers = {passage.line.slots[i].value for indices in match.bindings.values() for i in indices}
    named = [s.mention for s in head if s.mention and s.mention.type in BODY and s.mention.kind == MentionKind.NAME]
    parted = rule.kind == PartnershipKind.SUPPLY and any(slot.word == ";" for slot in head)
    subject = next((m.entity for m in named if m.entity not in fillers), None) if parted else None
    company = context_company(passage.document, passage.block, passage.mentions, before=before)
    if subject:
        yield subject
    elif company:
        yield company.entity


def _verbal_part(match: Match) -> Sequence[int]:
    """The slots of a match up to its verb; all of it where it has none."""
    verb = match.bindings.get("verb")
    return range(match.first, max(verb) + 1 if verb else match.last)


def _concerns(passage: _Passage, rule: PartnershipRule, match: Match) -> NamedNode | None:
    """The technology of a deal: the one that the pattern names, else the first one inside the match.

    A rule that takes up "that technology" means the one named last before.
    """
    slots = passage.line.slots
    for index in (*match.bindings.get("t", ()), *range(match.first, match.last)):
        mention: Mention | None = slots[index].mention
        if mention and mention.type in TECHNOLOGY:
            return mention.entity
    if any(CONTEXT_MAKER in names for _, names in rule.roles):
        before = context_technology(passage.mentions, before=slots[match.first].span.start)
        return before.entity if before else None
    return None


def _sum(quantities: Sequence[Quantity], focus: Span) -> Quantity | None:
    """What a deal is worth: the sum of money nearest to its words, else power or a count inside them."""
    money = [q for q in quantities if UNIT.local(q.unit).startswith("CCY_")]
    if money:
        return min(money, key=lambda q: (max(q.span.start - focus.end, focus.start - q.span.end, 0), q.span))
    return next((q for q in quantities if q.unit == UNIT.W and q.span.overlaps(focus)), None)
