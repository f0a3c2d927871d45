"""How nearly two meanings are the same."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Protocol

from aigraph.propositions.knowledge import rules
from aigraph.propositions.meanings import EQUAL, Deal, Figure, Meaning, Saying
from aigraph.propositions.names import name_of
from aigraph.propositions.times import within
from aigraph.propositions.wording import WORDED, overlap

SIMILAR = 0.5
"""The degree from which two propositions are linked as similar."""


def likeness(one: Meaning, other: Meaning) -> float:
    """How nearly two meanings are the same, from 0 to 1; the same both ways. 0 where they are not compared."""
    if one == other or one.polarity != other.polarity or one.supposed or other.supposed:
        return 0.0
    compare = _LIKENESS.get((type(one), type(other)))
    degree = compare(one, other) if compare else 0.0
    return round(degree, 3) if degree >= SIMILAR else 0.0


class Told(Protocol):
    """A meaning, and what stands for the sentences in which it is told (`Proposition.told_as`)."""

    @property
    def meaning(self) -> Meaning:
        """What is said."""

    @property
    def told_as(self) -> str:
        """Equal where the sentences are."""


def nearness(one: Told, other: Told) -> float:
    """How nearly two propositions are the same; 0 where the same sentences are read in two ways.

    "Acme has formed an alliance with Beta" that is read as a partnership and as a licence is told once.
    """
    return 0.0 if one.told_as == other.told_as else likeness(one.meaning, other.meaning)


def _figure_likeness(one: Figure, other: Figure) -> float:
    if one.about != other.about or one.unit != other.unit:
        return 0.0
    degree = _time_likeness(one.time, other.time)
    degree *= 1.0 if one.bound == other.bound else 0.9 if EQUAL in (one.bound, other.bound) else 0.0
    if degree:  # most of those that meet are of different times
        degree *= _value_likeness(one.value, other.value) * _metric_likeness(one.metric, other.metric)
    return degree


def _metric_likeness(one: str, other: str) -> float:
    """A wider metric, one beside it, or another wording of it."""
    if one == other:
        return 1.0
    if not one or not other:
        return 0.7
    known = rules()
    if one in known.line(other) or other in known.line(one):
        return 0.8
    beside = 0.6 if known.line(one) & known.line(other) else 0.0
    if one.startswith(WORDED) and other.startswith(WORDED):
        return max(beside, overlap(one.removeprefix(WORDED).split(), other.removeprefix(WORDED).split()))
    return beside


def _value_likeness(one: float, other: float) -> float:
    """A rounded value, or one that is nearly as large."""
    if one == other:
        return 1.0
    ratio = min(abs(one), abs(other)) / max(abs(one), abs(other)) if one * other > 0 else 0.0
    rounded = any(
        f"{small:.{digits}g}" == f"{large:.{digits}g}" and _short(small, digits)
        for small, large in ((one, other), (other, one))
        for digits in (2, 3)
    )
    return 0.95 if rounded else 0.9 if ratio >= 0.98 else 0.7 if ratio >= 0.9 else 0.0


def _short(value: float, digits: int) -> bool:
    return float(f"{value:.{digits}g}") == value


def _time_likeness(one: str, other: str) -> float:
    """A coarser time, or none."""
    if one == other:
        return 1.0
    if not one or not other:
        return 0.8
    return 0.85 if within(one, other) or within(other, one) else 0.0


def _saying_likeness(one: Saying, other: Saying) -> float:
    return overlap(one.words, other.words) * (1.0 if one.about == other.about else 0.85)


_LOOSELY_ONE = ({"Collaboration", "SupplyAgreement"}, {"Collaboration", "LicensingAgreement"})
"""Kinds of deals between the same parties that articles tell for each other: a partnership and what it consists of."""


def _deal_likeness(one: Deal, other: Deal) -> float:
    if one.over != other.over:
        return 0.0
    if one.deal != other.deal:
        parties = [{who for _, filling in deal.roles for who in filling} for deal in (one, other)]
        kinds = {name_of(deal.deal) for deal in (one, other)}
        return 0.6 if kinds in _LOOSELY_ONE and parties[0] == parties[1] else 0.0
    left, right = dict(one.roles), dict(other.roles)
    if set(left) != set(right):
        return 0.0
    return math.prod(overlap(left[role], right[role]) for role in left)


_LIKENESS: dict[tuple[type[Meaning], type[Meaning]], Callable[..., float]] = {
    (Figure, Figure): _figure_likeness,
    (Saying, Saying): _saying_likeness,
    (Deal, Deal): _deal_likeness,
}
