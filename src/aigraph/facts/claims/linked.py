"""What the language model takes a figure to be about, and how sure it is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aigraph.facts.claims.bearers import agentive
from aigraph.facts.claims.situations import ReadSentence
from aigraph.facts.claims.subjects import About
from aigraph.facts.links.finder import LIKELY
from aigraph.facts.words.trees import Tree, child, children, preposition
from aigraph.records import EntityType, Mention, Quantity, Span
from aigraph.vocab import AIG, UNIT

if TYPE_CHECKING:
    from aigraph.facts.words.tokens import Token

_LIKELY_ABOUT = 0.3
_BEARERLESS = frozenset({EntityType.PERSON, EntityType.PLACE, EntityType.EVENT})
_OWNED = frozenset({"nmod", "nmod:poss", "compound"})
_MADE_OF = re.compile(r"\s+of\s+(?:\w+\s+){0,2}")
_COMPARED_WITH = re.compile(r"\b(?:over|than|of|as|versus|against|with)\s+(?:[\w’'-]+\s+){0,4}$|\b(?:that|those) of\b")
_PROVIDING = frozenset({"equip", "furnish", "provide", "supply"})


@dataclass(frozen=True, slots=True)
class Linked:
    """What a figure is about by the network: a mention, or else a noun that is none ("data centres")."""

    mention: Mention | None = None
    about: About | None = None
    noun: Token | None = None


NOTHING = Linked()
"""What the network has nothing to say on."""


def chance(read: ReadSentence, quantity: Quantity) -> float | None:
    """How sure the network is of what a figure is about and of its metric; None where it was not asked."""
    if not read.links.mentions and not read.links.told:
        return None
    found = [read.links.best(label, quantity.span) for label in ("about", "metric")]
    return min(told.chance if told else 0.0 for told in found)


def linked(read: ReadSentence, quantity: Quantity) -> Linked:
    """The mention that the network takes a figure to be about, the likeliest that can be meant, and a likelier noun."""
    noun: Token | None = None
    for told in read.links.of("about"):
        if told.chance < _LIKELY_ABOUT:
            break
        if not told.first.overlaps(quantity.span):
            continue
        mention = told.second_mention
        if mention is None:
            if noun is None and told.chance >= LIKELY and read.tree is not None:
                noun = _noun(read.tree, told.second)
            continue
        if _can_bear(read, quantity, mention):
            meant = read.passage.meant(mention)
            return Linked(meant, About(meant.entity, read.passage.text[meant.span.start : meant.span.end]), noun)
    return Linked(noun=noun)


def _noun(tree: Tree, place: Span) -> Token | None:
    token = tree.head_of(place)
    return token if token is not None and token.pos_ in ("NOUN", "PROPN") else None


def _can_bear(read: ReadSentence, quantity: Quantity, mention: Mention) -> bool:
    """Can a figure be about a mention: not what is counted, what it is compared with, or what describes another?"""
    if mention.type in _BEARERLESS or (quantity.counted is not None and mention.span.overlaps(quantity.counted)):
        return False
    between = read.passage.text[quantity.span.end : max(quantity.span.end, mention.span.start)]
    compared_with = quantity.unit == AIG.Times and _COMPARED_WITH.search(between)
    made_of = quantity.unit not in (UNIT.PERCENT, AIG.Times) and _MADE_OF.fullmatch(between)
    if compared_with or made_of:
        return False
    token = read.tree.head_of(mention.span) if read.tree is not None else None
    if token is None or token.head.i == token.i:
        return True
    if _provided(token) or (quantity.unit == AIG.Times and _held(token)):
        return False
    return token.dep_ not in _OWNED or token.head.lemma_ not in agentive()


def _held(token: Token) -> bool:
    """Is a name only the kind of something that somebody has: "doubles its Q7 fleet"?"""
    thing = token.head
    return token.dep_ == "compound" and thing.dep_ == "obj" and child(thing, "nmod:poss") is not None


def _provided(token: Token) -> bool:
    """Does somebody get a figure from another: "supplies X with 4 gigawatts" is about the supplier."""
    verb = token.head
    gives = token.dep_ == "obj" and verb.lemma_ in _PROVIDING and child(verb, "obl") is not None
    return gives and any(preposition(thing) == "with" for thing in children(verb, "obl"))
