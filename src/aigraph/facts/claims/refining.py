"""What a figure measures by what it is about or what was named before it: chips by number, a price, a staff."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from aigraph.facts.claims.bearers import figure_head
from aigraph.facts.claims.catalogue import Metric
from aigraph.facts.claims.situations import ReadSentence
from aigraph.facts.words.trees import child, preposition
from aigraph.records import BODY, TECHNOLOGY, Claim, Concept, EntityType, Quantity
from aigraph.vocab import AIG, UNIT

if TYPE_CHECKING:
    from aigraph.facts.words.tokens import Token

_HANDLED = frozenset(
    {"ask", "buy", "deliver", "deploy", "get", "have", "install", "make", "order", "own", "purchase", "put", "receive",
     "rent", "run", "sell", "ship", "sign", "supply", "take", "use", "want"}
)  # fmt: skip
"""Verbs of having and trading: what somebody does so with, and is only counted, are the chips named before."""
_OF_THEM = re.compile(r"(?:\s+more)?\s+of\s+(?:them|these|those)\b")
_PIECES_OF = re.compile(r"\s+of\s+(?:(?:her|his|its|our|the|their)\s+)?")
_BEFORE = 260
"""Characters up to which the chips that a bare number counts are named before it."""
_ACQUIRING = re.compile(r"\b(?:acqui[rs]\w+|bought|buyout|merger|takes?\s+over|took\s+over|takeover)\b", re.IGNORECASE)
_FOR_SALE = 5e7
POWER_CAPACITY = NamedNode(AIG.iri + "PowerCapacity")


def counted_chip(read: ReadSentence, quantity: Quantity, metric: Metric | None) -> str | None:
    """The name of the chips that a number without a noun counts, or one with "pieces": "it has ordered 3,000"."""
    text = read.passage.text
    noun = text[quantity.noun.start : quantity.noun.end] if quantity.noun is not None else ""
    pieces = noun == "pieces" and metric is not None and not metric.concept.listed
    if quantity.unit != UNIT.NUM or not (pieces or (metric is None and not noun)):
        return None
    of_them = _OF_THEM.match(text, quantity.span.end) is not None
    if not (pieces or of_them or _handled(read, quantity)):
        return None
    behind = _PIECES_OF.match(text, quantity.noun.end) if quantity.noun is not None else None
    of = next((m for m in read.passage.story.mentions if behind and m.span.start == behind.end()), None)
    if of is not None:
        return text[of.span.start : of.span.end] if of.type == EntityType.CHIP else None
    before = (m for m in read.passage.story.mentions if m.span.end <= quantity.span.start)
    near = [m for m in before if quantity.span.start - m.span.end <= _BEFORE and m.type in TECHNOLOGY]
    last = max(near, key=lambda m: m.span.start, default=None)
    return text[last.span.start : last.span.end] if last is not None and last.type == EntityType.CHIP else None


def acquiring(read: ReadSentence) -> bool:
    """Do the sentences right before tell of an acquisition, so that what is paid is its price?"""
    start = read.sentence.span.start
    before = read.passage.text[max(read.block.block.span.start, start - _BEFORE) : start]
    return _ACQUIRING.search(before) is not None


def sold(read: ReadSentence, quantity: Quantity, about: NamedNode | Concept) -> bool:
    """Is a sum told of a product that is for sale, and of nothing else about it: its price?"""
    money = "/CCY_" in quantity.unit.value and quantity.value < _FOR_SALE
    return money and any(m.entity == about and m.type in TECHNOLOGY for m in read.passage.story.mentions)


def drawn(read: ReadSentence, metric: Metric | None, about: NamedNode | Concept) -> bool:
    """Is a power that the unit alone tells that of a chip, which draws it: "17 watts. That is all the chip needs"?"""
    guessed = metric is not None and metric.supposed and metric.name == "PowerCapacity"
    return guessed and any(m.entity == about and m.type == EntityType.CHIP for m in read.passage.story.mentions)


def guessed_capacity(claim: Claim) -> bool:
    """Is the metric of a claim power capacity, without a word for it?"""
    return claim.metric is not None and claim.metric.iri == POWER_CAPACITY and claim.metric_text is None


def staff(read: ReadSentence, quantity: Quantity, about: NamedNode | Concept) -> bool:
    """Are "people" those who work for a company: "we are 60 people", "Orrin, 60 people in Ulm"?"""
    noun = quantity.noun
    if noun is None or read.passage.text[noun.start : noun.end] != "people" or read.tree is None:
        return False
    firm = any(m.entity == about and m.type in BODY for m in read.passage.story.mentions)
    head = figure_head(read.tree, quantity)
    if head is None or not firm or child(head, "acl", "acl:relcl") is not None:
        return False
    return head.dep_ in ("appos", "ROOT", "parataxis") or child(head, "cop") is not None or preposition(head) == "with"


def _handled(read: ReadSentence, quantity: Quantity) -> bool:
    """Does somebody order, have or use so many: "Alibaba has asked for 200,000"?"""
    head: Token | None = figure_head(read.tree, quantity) if read.tree is not None else None
    if head is None or read.tree is None:
        return False
    verb = head.head
    asked = head.dep_ == "obj" or (head.dep_ == "obl" and preposition(head) == "for")
    return asked and verb.lemma_ in _HANDLED
