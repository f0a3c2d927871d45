"""What one figure tells of the next: ends of a range, parts, differences, prices behind their change."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from aigraph.facts.claims.catalogue import Metric
from aigraph.facts.claims.choosing import group
from aigraph.facts.claims.measures import taken_up
from aigraph.facts.claims.phrases import among, continues
from aigraph.facts.claims.situations import ReadSentence
from aigraph.facts.claims.subjects import About
from aigraph.facts.speech.stance import Stance
from aigraph.records import (
    Comparator,
    Period,
    Quantity,
    Span,
)
from aigraph.vocab import AIG, UNIT

_TO_PRICE = re.compile(r"(?:\s+\w+){0,2}?,?\s+(?:at|to)\s+(?:about\s+|just\s+)?")
_LESS_THAN = re.compile(r"\s+(?:above|below|fewer|higher|less|lower|more)\b(?!\s+(?!than\b)\w)")
_RANGE = 8
_APART = 90
"""Characters between a figure and one that is a part or multiple of it."""


@dataclass(frozen=True, slots=True)
class Told:
    """A figure with its metric and what it is about."""

    quantity: Quantity
    metric: Metric | None
    about: About | None
    period: Period | None = None
    stance: Stance | None = None


def dearer(first: Told | None, metric: Metric | None) -> bool:
    """Is a cost that of another thing with a price: "a Q7 costs $500; larger ones exceed $600"?"""
    priced = first is not None and first.metric is not None and first.metric.name == "Price"
    return priced and metric is not None and metric.name == "Cost"


def vague(metric: Metric | None) -> bool:
    """Is a metric unknown, or known from the unit alone?"""
    return metric is None or metric.supposed


def again(read: ReadSentence, earlier: Told, quantity: Quantity, metric: Metric | None) -> bool:
    """Does a figure without a metric of its own go on about the one before: "rivals think that it will be 20%"?"""
    same = earlier.quantity.unit == quantity.unit and vague(metric)
    return same and read.tree is not None and taken_up(read.tree, quantity)


def last_alike(before: Sequence[Told], quantity: Quantity) -> Told | None:
    """The last figure of a paragraph up to here of the same group of units."""
    return next((told for told in reversed(before) if group(told.quantity.unit) == group(quantity.unit)), None)


def of_those(read: ReadSentence, quantity: Quantity) -> bool:
    """Does a count without a noun count some of what was counted before: "ten of them"?"""
    return quantity.unit == UNIT.NUM and quantity.noun is None and among(read.passage.text, quantity.span)


def goes_on(read: ReadSentence, first: Quantity, second: Quantity) -> bool:
    """Does a figure speak of what the one before it does, as a part or multiple of it, or in the same list?"""
    same = first.unit == second.unit
    apart = second.span.start - first.span.end > _APART
    if apart or not (same or second.unit in (AIG.Times, UNIT.PERCENT)):
        return False
    return continues(read.passage.text, Span(first.span.end, read.sentence.span.end), second.span)


def closing(read: ReadSentence, first: Told, quantity: Quantity) -> bool:
    """Is a sum what a share costs behind the change of its price: "fell by a tenth to $19.50"?"""
    changed = first.metric is not None and first.metric.name == "SharePriceChange"
    between = read.passage.text[first.quantity.span.end : quantity.span.start]
    return changed and "/CCY_" in quantity.unit.value and _TO_PRICE.fullmatch(between) is not None


def differing(read: ReadSentence, first: Told, quantity: Quantity, metric: Metric | None) -> bool:
    """Does a share tell by how much the figure before it differs from another: "740 watts, 40% less than the Q6"?"""
    vague = metric is None or metric.supposed or metric.name in ("GrowthRate", "Share")
    if quantity.unit != UNIT.PERCENT or first.quantity.unit in (UNIT.PERCENT, AIG.Times) or not vague:
        return False
    text = read.passage.text
    between = text[first.quantity.span.end : quantity.span.start]
    return len(between) <= _APART and ";" not in between and _LESS_THAN.match(text, quantity.span.end) is not None


def ranged(first: Quantity, second: Quantity) -> bool:
    """Are two figures the ends of one range: "$12-14 billion"?"""
    ends = (first.comparator, second.comparator) == (Comparator.AT_LEAST, Comparator.AT_MOST)
    return ends and second.span.start - first.span.end <= _RANGE
