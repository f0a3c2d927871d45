"""How a figure's own clause puts it forward, by syntax: as something to come, as something only considered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aigraph.facts.claims.bearers import figure_head
from aigraph.facts.figures.units import TECHNICAL
from aigraph.facts.speech.cues import load_speakers
from aigraph.facts.words.trees import Tree, ancestors, child, children, is_predicate, preposition
from aigraph.records import Modality, Quantity
from aigraph.vocab import UNIT

if TYPE_CHECKING:
    from aigraph.facts.words.tokens import Token

_FUTURE = frozenset({"will", "'ll", "’ll", "shall", "wo"})
_CONSIDERED = frozenset({"consider", "explore", "mull", "negotiate", "ponder", "weigh"})
_RAISED = frozenset({"add", "build", "construct", "enlarge", "erect", "expand", "install", "put", "raise"})
"""Verbs of making: what they make has its size only when it is done."""
_BOUNDS = frozenset({"ROOT", "ccomp", "parataxis"})


def mood(tree: Tree, quantity: Quantity) -> Modality | None:
    """Forecast for what is to come or being built, reported for what is only considered; None for all else.

    Clauses that embed that of the figure count up to what is said as a whole.
    """
    head = figure_head(tree, quantity)
    if head is None:
        return None
    if _expected(head):
        return Modality.FORECAST
    sized = quantity.unit == UNIT.W or preposition(head) == "for"
    for token in (head, *ancestors(head)):
        if not is_predicate(token):
            continue
        if any(t.lower_ in _FUTURE for t in children(token, "aux")) or (sized and _under_way(token)):
            return Modality.FORECAST
        if token.lemma_ in _CONSIDERED and child(token, "aux") is not None:
            return Modality.REPORTED
        if token.dep_ in _BOUNDS or (token.dep_ == "acl:relcl" and not technical(quantity)):
            break  # what a relative clause tells in its own tense holds: "a lender, to which it owes …"
    return None


def owned(tree: Tree, quantity: Quantity) -> bool:
    """Is a count one of what somebody has already: "will roll it out among its 580,000 employees"?"""
    head = figure_head(tree, quantity) if quantity.unit == UNIT.NUM else None
    if head is None or head.pos_ not in ("NOUN", "PROPN") or preposition(head) == "of":  # "340 of its ships"
        return False
    return head.lemma_ not in load_speakers().outlooks and child(head, "nmod:poss") is not None


def attribute(tree: Tree, quantity: Quantity) -> bool:
    """Does a technical figure only describe a thing, whatever is told of it: "the Q8, drawn for a 3 nm process"?"""
    head = figure_head(tree, quantity) if technical(quantity) else None
    if head is None:
        return False
    for token in (head, *ancestors(head)):
        if token.dep_ in ("acl", "appos") or (token.dep_ == "nmod" and preposition(token) == "with"):
            return True
        if is_predicate(token):
            return False
    return False


def technical(quantity: Quantity) -> bool:
    """Is a figure one of a thing's build or needs?"""
    return quantity.unit in TECHNICAL | {UNIT.W}


def past(tree: Tree, quantity: Quantity) -> bool:
    """Is the verb of a figure's clause in the past?"""
    head = figure_head(tree, quantity)
    return head is not None and tree.clause(head).tag_ == "VBD"


def _under_way(verb: Token) -> bool:
    """Is something still being made: "is erecting a hall for 40,000 wafers", "hired X to build a 300MW campus"?"""
    if verb.lemma_ not in _RAISED or verb.pos_ != "VERB":
        return False
    progressive = verb.tag_ == "VBG" and any(t.tag_ in ("VBP", "VBZ") for t in children(verb, "aux"))
    purpose = verb.tag_ == "VB" and any(t.lower_ == "to" for t in children(verb, "mark", "aux"))
    return progressive or (purpose and verb.dep_ in ("acl", "advcl"))


def _expected(head: Token) -> bool:
    """Does a figure hang on a noun for what is expected: "a forecast of $3 billion", "its target is 20%"?"""
    outlooks = load_speakers().outlooks
    noun = head.head if preposition(head) in ("of", "to", "at", "for", "from") or head.dep_ == "appos" else None
    if noun is not None and noun.pos_ == "VERB":
        return any(t.lemma_ in outlooks or t.lower_ in outlooks for t in children(noun, "obj", "nsubj:pass"))
    if noun is not None and (noun.lemma_ in outlooks or noun.lower_ in outlooks):
        return True
    copular = child(head, "cop") is not None
    return copular and any(t.lemma_ in outlooks or t.lower_ in outlooks for t in children(head, "nsubj"))
