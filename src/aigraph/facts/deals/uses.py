"""Deals that are implied: who uses the hardware of a named maker is its customer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from pyoxigraph import NamedNode

from aigraph.records import (
    HARDWARE,
    Mentions,
    Modality,
    Partnership,
    PartnershipKind,
    Polarity,
    Statement,
    Status,
)
from aigraph.vocab import AIG

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


def deals_from_use(mentions: Mentions, statements: Sequence[Statement]) -> Iterator[Partnership]:
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
