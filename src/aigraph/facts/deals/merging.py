"""One deal for what several sentences or rules tell of the same parties."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from aigraph.records import (
    Modality,
    Partnership,
    Status,
)

_DEFINITE = (Status.REPORTED, Status.ANNOUNCED, Status.COMPLETED, Status.ENDED)
"""From the least to the most definite status: told twice, a deal has the last one."""
_SURE = (Modality.ASSERTED, Modality.FORECAST, Modality.REPORTED, Modality.OPINION, Modality.HYPOTHETICAL)


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


def stated_first(deals: Sequence[tuple[bool, Partnership]]) -> Iterator[Partnership]:
    """The deals of one sentence, without those that take a party from the context where a stated one has the other."""
    stated = {(d.kind, who) for implied, d in deals if not implied for _, fillers in d.roles for who in fillers}
    for implied, deal in deals:
        parties = [(deal.kind, who) for _, fillers in deal.roles for who in fillers]
        if not (implied and any(party in stated for party in parties)):
            yield deal
