"""Claims that are told more than once become one with all its evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pyoxigraph import NamedNode

from aigraph.records import BlockKind, Claim, Claimant, Concept, Document, Span, UnnamedGroup

_HEADLINES = frozenset({BlockKind.TITLE, BlockKind.HEADING, BlockKind.TEASER})


def headlines(document: Document) -> frozenset[Span]:
    """The blocks of an article that announce what is told elsewhere."""
    return frozenset(read.block.span for read in document.blocks if read.block.kind in _HEADLINES)


def merge(claims: Sequence[Claim], headlines: frozenset[Span] = frozenset()) -> tuple[Claim, ...]:
    """Claims that are alike in all but their evidence are one, with all of it; in the order of the text.

    The text is that of the first sentence of the evidence: one of the story rather than one of the blocks `headlines`.
    """
    merged: dict[tuple[object, ...], Claim] = {}
    for claim in sorted(claims, key=_place):
        key = _key(claim)
        known = merged.get(key)
        if known is None:
            merged[key] = claim
            continue
        best, other = known, claim
        if _rank(claim, headlines) > _rank(known, headlines):
            best, other = claim, known
        merged[key] = replace(best, evidence=tuple(dict.fromkeys((*best.evidence, *other.evidence))))
    return tuple(sorted(merged.values(), key=_place))


def _rank(claim: Claim, headlines: frozenset[Span]) -> tuple[bool, float]:
    return not any(claim.evidence[0] in headline for headline in headlines), claim.confidence


def _place(claim: Claim) -> tuple[Span, Span]:
    """The sentence, then the figure; statements without one stay in the order in which they were found."""
    return claim.evidence[0], claim.quantity.span if claim.quantity else claim.evidence[0]


def _key(claim: Claim) -> tuple[object, ...]:
    quantity, period = claim.quantity, claim.period
    return (
        (quantity.value, quantity.unit.value, quantity.comparator) if quantity else claim.text.casefold(),
        _name(claim.about),
        _name(claim.metric),
        _name(claim.claimant),
        (period.edtf, period.fiscal) if period else None,
        claim.modality,
        claim.polarity,
    )


def _name(node: NamedNode | Concept | Claimant | None) -> str | None:
    if isinstance(node, UnnamedGroup):
        return node.label
    if isinstance(node, Concept):
        return node.iri.value
    return node.value if node is not None else None
