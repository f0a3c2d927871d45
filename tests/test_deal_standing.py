"""Where a deal stands follows from what is said of it, not from what its sentence says of something else."""

from __future__ import annotations

from functools import cache

import pytest

from aigraph.facts import FactFinder
from aigraph.ontology import load_ontology
from aigraph.records import PartnershipKind, Status
from aigraph.vocab import Iris
from notation import read_notation

IRIS = Iris()
STANDING = frozenset({Status.ANNOUNCED, Status.COMPLETED})


@cache
def _finder() -> FactFinder:
    return FactFinder(load_ontology(), IRIS)


def statuses(text: str, kind: PartnershipKind = PartnershipKind.ACQUISITION) -> set[Status]:
    """Where the deals of a kind stand that a text tells of."""
    facts = _finder().ruled(*read_notation(text, IRIS, parsed=True)).facts
    return {deal.status for deal in facts.partnerships if deal.kind == kind}


STAND = (
    "[Ardent Silicon|Company] makes chips. "
    "Its Loom line came with the purchase of [Pinebrook|Company] and has failed to sell.",
    "[Ardent Silicon|Company] bought [Pinebrook|Company], whose talks with a bank had collapsed.",
    "[Ardent Silicon|Company] acquired [Pinebrook|Company] after it had abandoned its phones.",
    "It took three failed bids before [Ardent Silicon|Company] acquired [Pinebrook|Company].",
    "The takeover of [Pinebrook|Company] by [Ardent Silicon|Company] was completed on Monday.",
)
INVESTED = (
    "[Ardent Silicon|Company] has invested in [Pinebrook|Company].",
    "[Ardent Silicon|Company] has invested $500 million in [Pinebrook|Company], at a valuation of $2.4 billion.",
    "[Ardent Silicon|Company] has also taken 4.9% of [Pinebrook|Company]'s shares, a purchase completed in August.",
)
OVER = (
    "[Ardent Silicon|Company] makes chips. Its purchase of [Pinebrook|Company] collapsed in May.",
    "[Ardent Silicon|Company] agreed to buy [Pinebrook|Company], but the deal collapsed.",
    "The takeover of [Pinebrook|Company] by [Ardent Silicon|Company] was called off.",
    "[Ardent Silicon|Company] offered $2 billion for [Pinebrook|Company], a takeover that regulators blocked.",
)


@pytest.mark.parametrize("text", STAND)
def test_what_ends_something_else_ends_no_deal(text: str) -> None:
    assert statuses(text) & STANDING


@pytest.mark.parametrize("text", INVESTED)
def test_what_is_done_is_not_over(text: str) -> None:
    assert statuses(text, PartnershipKind.INVESTMENT) == {Status.COMPLETED}


@pytest.mark.parametrize("text", OVER)
def test_what_ends_a_deal_ends_it(text: str) -> None:
    assert not statuses(text) & STANDING
