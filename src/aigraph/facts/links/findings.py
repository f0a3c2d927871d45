"""Statements and deals by the links of the language model, beside those of the rules."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace

from pyoxigraph import NamedNode

from aigraph.facts.links.comparing import is_compared_in
from aigraph.facts.links.finder import LIKELY, WORTH_WEIGHING, SentenceLinks, Told
from aigraph.facts.speech.hedges import Hedge
from aigraph.facts.speech.hedging import SentenceHedges, hedged
from aigraph.facts.speech.stance import WEAKEST_FIRST, Stance, StanceReader
from aigraph.language.whole import SYMMETRIC
from aigraph.records import (
    BODY,
    Document,
    EntityType,
    Mention,
    Modality,
    PartnershipKind,
    Polarity,
    ReadBlock,
    Sentence,
    Span,
    Statement,
)
from aigraph.vocab import AIG

RELATION, DEAL = "relation/links", "partnership/links"
"""The names of the component in findings."""
RELATIONS = (
    "develops", "manufactures", "usesArchitecture", "componentOf", "successorOf", "uses", "competesWith", "worksFor",
    "founded", "optimizedFor", "locatedIn",
)  # fmt: skip
ROLES = {
    "supply": (PartnershipKind.SUPPLY, AIG.supplier, AIG.customer),
    "licensing": (PartnershipKind.LICENSING, AIG.licensee, AIG.licensor),
    "investment": (PartnershipKind.INVESTMENT, AIG.investor, AIG.investee),
    "acquisition": (PartnershipKind.ACQUISITION, AIG.acquirer, AIG.target),
    "collaboration": (PartnershipKind.COLLABORATION, AIG.partner, AIG.partner),
}
LABELS = {kind: (label, (first, second)) for label, (kind, first, second) in ROLES.items()}
DEALS = tuple(sorted(kind.value for kind in LABELS))
_WORKLOADS = {"training": AIG.Training, "inference": AIG.Inference, "inferencing": AIG.Inference}
_JOINTS = frozenset({",", "and", ", and", "or", ", or", "&", ";"})


HEARD, HEARD_ALONE = 0.6, 0.4
"""The chances from which marks count: for what a rule with cues of its own found; for what the model alone found."""
HEARD_PLAIN = 0.8
"""The chance from which marks count against a sentence that one plain verb makes up."""


def marked(stance: Stance, told: Told | None, hedge: Hedge, least: float = HEARD) -> Stance:
    """A stance with what the tree has, and what the network heard in the sentence if it was asked."""
    marks = (told.denied, told.open, told.rumoured) if told is not None else (0.0, 0.0, 0.0)
    least = HEARD_PLAIN if hedge.plain else least
    denied, open_, rumoured = (mark >= least and not hedge.sure for mark in marks)
    denied = denied and not hedge.clear
    open_ = open_ and hedge.modality != Modality.REPORTED  # the tree knows by which word it is open: by one for rumours
    stance = hedged(stance, hedge, doubted=denied or open_ or rumoured)
    heard = [stance.modality]
    heard += [Modality.HYPOTHETICAL] if open_ else []
    heard += [Modality.REPORTED] if rumoured else []
    polarity = Polarity.NEGATED if denied else stance.polarity
    return replace(stance, modality=min(heard, key=WEAKEST_FIRST.index), polarity=polarity)


def focus(told: Told) -> Span:
    """The stretch from the first to the last of two places."""
    return Span(min(told.first.start, told.second.start), max(told.first.end, told.second.end))


@dataclass(frozen=True, slots=True)
class Place:
    """A sentence of an article, with the mentions of the whole article."""

    document: Document
    block: ReadBlock
    sentence: Sentence
    mentions: Sequence[Mention]

    def stance(self, stances: StanceReader, told: Told, hedge: Hedge) -> Stance:
        """How the stretch between two linked words is put forward, by words, tree and network."""
        stance = stances.read(self.document, self.block, self.sentence, focus(told), self.mentions)
        return marked(stance, told, hedge, HEARD_ALONE)


def linked_statements(
    place: Place, links: SentenceLinks, stances: StanceReader, hedges: SentenceHedges
) -> Iterator[tuple[Statement, tuple[NamedNode, NamedNode]]]:
    """What the network holds for relations in a sentence, with the classes of subject and object."""
    for told in links.of(*RELATIONS):
        subject = told.first_mention
        if told.chance < WORTH_WEIGHING or subject is None:
            continue
        if told.label == "optimizedFor":
            workload = _WORKLOADS.get(place.document.article.text[told.second.start : told.second.end].casefold())
            if workload is not None and is_compared_in(place.block, place.sentence, told.second):
                continue
            objects: tuple[NamedNode, ...] = (workload,) if workload else ()
            kind = AIG.Workload
        else:
            objects = told.second_mention.entities if told.second_mention else ()
            kind = AIG[told.second_mention.type] if told.second_mention else AIG.Workload
        if _listed(place.document.article.text, told):
            continue
        for one, other in itertools.product(subject.entities, objects):
            if one == other:
                continue
            stance = place.stance(stances, told, hedges.between(told.label, one, other))
            ends = (one, AIG[subject.type]), (other, kind)
            if told.label in SYMMETRIC and other.value < one.value:
                ends = ends[1], ends[0]
            statement = Statement(
                subject=ends[0][0],
                predicate=AIG[told.label],
                object=ends[1][0],
                evidence=(place.sentence.span,),
                extractor=RELATION,
                confidence=told.chance,
                chance=told.chance,
                modality=stance.modality,
                polarity=stance.polarity,
                claimant=stance.claimant,
            )
            yield statement, (ends[0][1], ends[1][1])


def _listed(text: str, told: Told) -> bool:
    """True for two members of one list: "(Azure, AWS, Google Cloud)" says nothing of the first two.

    "Acme, Berlin" is no list.
    """
    if told.first_mention is None or told.second_mention is None or told.label == "locatedIn":
        return False
    first, second = sorted((told.first_mention.span, told.second_mention.span))
    return text[first.end : second.start].strip() in _JOINTS


@dataclass(frozen=True, slots=True)
class LinkedDeal:
    """A deal that the network holds for told: its kind, roles, the stretch that tells it, its likeliest link."""

    kind: PartnershipKind
    roles: tuple[tuple[NamedNode, tuple[NamedNode, ...]], ...]
    told: Told


def linked_deals(
    links: SentenceLinks, least: float, rivals: Set[frozenset[NamedNode]] = frozenset()
) -> Iterator[LinkedDeal]:
    """The deals of a sentence from a chance on; those of one kind that share a party on either side are one.

    `rivals` are pairs that the sentence says to compete: with these the network mistakes one company's products against
    another for a deal.
    """
    for label, (kind, first_role, second_role) in ROLES.items():
        pairs = [
            (one, other, told)
            for told in links.of(label)
            if told.chance >= least and told.first_mention and told.second_mention
            for one, other in itertools.product(told.first_mention.entities, told.second_mention.entities)
        ]
        pairs = [(a, b, told) for a, b, told in pairs if a != b and frozenset((a, b)) not in rivals]
        pairs = [(a, b, told) for a, b, told in pairs if _may_stand_for(label, told)]
        if first_role == second_role:
            yield from _collaborations(kind, pairs)
            continue
        groups: dict[NamedNode, dict[NamedNode, Told]] = {}
        by_first = len({a for a, _, _ in pairs}) <= len({b for _, b, _ in pairs})
        for a, b, told in pairs:
            key, other = (a, b) if by_first else (b, a)
            groups.setdefault(key, {}).setdefault(other, told)
        for key, others in groups.items():
            # the likeliest party, and others only where they are likely by themselves
            kept = [iri for n, (iri, told) in enumerate(others.items()) if n == 0 or told.chance >= LIKELY]
            many = tuple(sorted(kept, key=lambda iri: iri.value))
            sides = ((key,), many) if by_first else (many, (key,))
            roles = sorted(zip((first_role, second_role), sides, strict=True), key=lambda r: r[0].value)
            yield LinkedDeal(kind, tuple(roles), next(iter(others.values())))


_OWNERS = frozenset({"investment", "acquisition"})
"""Deals whose first party may be a person."""


def _may_stand_for(label: str, told: Told) -> bool:
    """True where both ends can be parties: bodies, or a person who invests or buys."""
    first, second = told.first_mention, told.second_mention
    if first is None or second is None or second.type not in BODY:
        return False
    return first.type in BODY or (first.type == EntityType.PERSON and label in _OWNERS)


def _collaborations(kind: PartnershipKind, pairs: Sequence[tuple[NamedNode, NamedNode, Told]]) -> Iterator[LinkedDeal]:
    """Partners that the network joins pair by pair, as one deal each connected group where every pair is joined."""
    groups: list[tuple[set[NamedNode], Told]] = []
    joined = {frozenset((a, b)) for a, b, _ in pairs}
    for a, b, told in pairs:
        for members, _ in groups:
            if {a, b} & members and all(frozenset((x, y)) in joined for x in {a, b} for y in members if x != y):
                members |= {a, b}
                break
        else:
            groups.append(({a, b}, told))
    seen: set[frozenset[NamedNode]] = set()
    for members, told in groups:
        if frozenset(members) not in seen:
            seen.add(frozenset(members))
            yield LinkedDeal(kind, ((AIG.partner, tuple(sorted(members, key=lambda iri: iri.value))),), told)
