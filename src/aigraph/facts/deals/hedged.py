"""What hedges a deal: denied parties, what the network heard, what is over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from pyoxigraph import NamedNode

from aigraph.facts.frames import Roles
from aigraph.facts.links.finder import SentenceLinks, Told
from aigraph.facts.links.findings import (
    DEAL,
    HEARD,
    HEARD_PLAIN,
    LABELS,
    LinkedDeal,
    marked,
)
from aigraph.facts.speech.hedges import Hedge
from aigraph.facts.speech.hedging import SentenceHedges
from aigraph.facts.speech.stance import Stance
from aigraph.records import (
    Modality,
    Partnership,
    PartnershipKind,
    Polarity,
    Status,
)


def pairs_of(kind: PartnershipKind, roles: Roles) -> list[tuple[NamedNode, NamedNode]]:
    """Each pair of parties on two sides of a deal."""
    sides = dict(roles)
    _, (first, second) = LABELS[kind]
    if first == second:
        who = sides.get(first, ())
        return [(a, b) for i, a in enumerate(who) for b in who[i + 1 :]]
    return [(a, b) for a in sides.get(first, ()) for b in sides.get(second, ())]


def undenied(deal: Partnership, hedges: SentenceHedges) -> Partnership:
    """A deal without those of several parties whom the sentence leaves out."""
    return replace(deal, roles=parties_undenied(deal.kind, deal.roles, hedges))


def parties_undenied(kind: PartnershipKind, roles: Roles, hedges: SentenceHedges) -> Roles:
    """The roles without those of several parties whom the sentence leaves out: "bought A but never B"."""
    label, (first, second) = LABELS[kind]
    if first == second or all(len(fillers) < 2 for _, fillers in roles):
        return roles
    pairs = pairs_of(kind, roles)
    kept = [pair for pair in pairs if not hedges.between(label, *pair).denied]
    if len(kept) == len(pairs) or not kept:
        return roles
    sides = {first: {a for a, _ in kept}, second: {b for _, b in kept}}
    return tuple(
        (role, tuple(who for who in fillers if role not in sides or who in sides[role])) for role, fillers in roles
    )


def parted(deal: LinkedDeal, links: SentenceLinks, hedges: SentenceHedges) -> Iterator[LinkedDeal]:
    """One deal for each way in which its pairs are put forward: "has bought A and is mulling a bid for B"."""
    label, (first, second) = LABELS[deal.kind]
    pairs = pairs_of(deal.kind, deal.roles)
    if first == second or len(pairs) < 2:
        yield deal
        return
    groups: dict[Modality, list[tuple[NamedNode, NamedNode]]] = {}
    for pair in pairs:
        groups.setdefault(hedges.between(label, *pair).modality, []).append(pair)
    for group in groups.values():
        known = [told for pair in group if (told := links.between(label, *pair)) is not None]
        sides = {first: {a for a, _ in group}, second: {b for _, b in group}}
        roles = tuple((role, tuple(who for who in fillers if who in sides[role])) for role, fillers in deal.roles)
        best = max(known, key=lambda told: told.chance, default=deal.told)
        yield LinkedDeal(deal.kind, roles, best) if len(groups) > 1 else deal


def heard_deal(deal: Partnership, links: SentenceLinks, hedges: SentenceHedges) -> Partnership:
    """A deal of a rule with what its tree has, and what the network has for the likeliest pair of its parties."""
    label, pairs = LABELS[deal.kind][0], pairs_of(deal.kind, deal.roles)
    known = [told for a, b in pairs if (told := links.between(label, a, b)) is not None]
    best = max(known, key=lambda told: told.chance, default=None)
    heard = put(deal, best, hedges.among(label, pairs))
    return replace(heard, chance=best.chance) if best is not None else heard


def put(deal: Partnership, told: Told | None, hedge: Hedge, least: float = HEARD) -> Partnership:
    """A deal as tree and network put it; one that has ended was made once, so that no network denies it for its end."""
    status = Status.ENDED if hedge.over else deal.status
    if told is not None and status == Status.ENDED:
        told = replace(told, denied=0.0)
    stance = Stance(deal.modality, deal.polarity, deal.claimant)
    stance = marked(stance, told, replace(hedge, over=False), least)
    return replace(deal, status=status, modality=stance.modality, polarity=stance.polarity)


def perhaps_over(deal: Partnership, links: SentenceLinks, hedges: SentenceHedges) -> Partnership:
    """A deal that the network denies where no word does has ended: it takes the one for the other.

    It denies many a deal of the past too, so what a rule reads as a plain fact ("has invested in") stands.
    """
    if deal.status in (Status.ENDED, Status.REPORTED) or deal.polarity == Polarity.NEGATED:
        return deal
    if deal.extractor != DEAL and deal.modality == Modality.ASSERTED:
        return deal
    label, pairs = LABELS[deal.kind][0], pairs_of(deal.kind, deal.roles)
    hedge = hedges.among(label, pairs)
    heard = max((told.denied for a, b in pairs if (told := links.between(label, a, b)) is not None), default=0.0)
    over = heard >= (HEARD_PLAIN if hedge.plain or hedge.granted else HEARD) and not (hedge.sure or hedge.clear)
    return replace(deal, status=Status.ENDED) if over else deal
