"""How a figure's own clause puts it forward, by syntax: as something to come, as something only considered."""

from __future__ import annotations

from aigraph.facts.claims.bearers import figure_head
from aigraph.facts.figures.units import TECHNICAL
from aigraph.facts.words.trees import Tree, ancestors, child, children, is_predicate, preposition
from aigraph.records import Modality, Quantity
from aigraph.vocab import UNIT

_FUTURE = frozenset({"will", "'ll", "’ll", "shall", "wo"})
_CONSIDERED = frozenset({"consider", "explore", "mull", "negotiate", "ponder", "weigh"})
_BOUNDS = frozenset({"ROOT", "ccomp", "parataxis"})


def mood(tree: Tree, quantity: Quantity) -> Modality | None:
    """Forecast for a clause in the future, reported for what is only considered; None for all else.

    Clauses that embed that of the figure count up to what is said as a whole.
    """
    head = figure_head(tree, quantity)
    if head is None:
        return None
    for token in (head, *ancestors(head)):
        if not is_predicate(token):
            continue
        if any(t.lower_ in _FUTURE for t in children(token, "aux")):
            return Modality.FORECAST
        if token.lemma_ in _CONSIDERED and child(token, "aux") is not None:
            return Modality.REPORTED
        if token.dep_ in _BOUNDS:
            break
    return None


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
