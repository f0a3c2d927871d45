"""Whether a denial reaches a figure of its sentence, by syntax: "sold 600 boards and no software" denies no boards."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from aigraph.facts.claims.bearers import figure_head
from aigraph.facts.words.trees import SUBJECTS, Tree, ancestors, children, is_predicate
from aigraph.records import Quantity, Span

if TYPE_CHECKING:
    from aigraph.facts.words.tokens import Token

_WORDS = frozenset({"never", "n't", "n’t", "neither", "no", "nobody", "none", "nor", "not", "nothing", "nowhere"})
_OUTSIDE = frozenset({"acl", "acl:relcl", "advcl", "advcl:relcl", "appos", "parataxis"})
"""What hangs on a denied verb by one of these is told beside it, and not denied with it."""
_ADDED = frozenset({"and", "but", "yet"})
_NOMINAL = frozenset({"DET", "NOUN", "NUM", "PRON", "PROPN"})


def out_of_reach(tree: Tree, quantity: Quantity, cues: Sequence[Span]) -> int:
    """How many of the denials at some places say nothing of a figure.

    Words for denying ("not", "nothing", "without") are judged by what they hang on; verbs ("denies") are left alone.
    """
    head = figure_head(tree, quantity)
    if head is None:
        return 0
    return sum(not _reaches(tree, token, head, quantity) for token in _denials(tree, cues))


def _denials(tree: Tree, cues: Sequence[Span]) -> Iterator[Token]:
    for cue in cues:
        inside = [t for t in tree.tokens if tree.span(t).overlaps(cue)]
        if len(inside) == 1 and (inside[0].lower_ in _WORDS or inside[0].lower_ == "without"):
            yield inside[0]


def _reaches(tree: Tree, denial: Token, figure: Token, quantity: Quantity) -> bool:
    above = denial.head
    if above.dep_ in ("aux", "aux:pass", "cop"):
        above = above.head
    if tree.span(denial).overlaps(quantity.span):
        return True
    if denial.lower_ == "no" and denial.dep_ == "det":
        denied = above.dep_ in SUBJECTS and _under(figure, tree.clause(above))
        return denied or _within(figure, above)
    if denial.dep_ not in SUBJECTS and denial.pos_ in _NOMINAL and denial.dep_ not in ("advmod", "case", "cc", "mark"):
        return _under(figure, tree.clause(denial))
    verbal = is_predicate(above) or above.pos_ in ("VERB", "AUX")
    return _under(figure, above) if verbal and denial.lower_ != "without" else _within(figure, above)


def _within(token: Token, top: Token) -> bool:
    """Is a token a word of a phrase?"""
    return token.i == top.i or any(t.i == top.i for t in ancestors(token))


def _under(figure: Token, predicate: Token) -> bool:
    """Is a figure part of what a verb tells, but for its subject and what stands beside it?"""
    if figure.i == predicate.i:
        return True
    token = figure
    for above in ancestors(figure):
        if token.dep_ in _OUTSIDE or (above.i == predicate.i and token.dep_ in SUBJECTS):
            return False
        if token.dep_ == "conj" and any(t.lower_ in _ADDED for t in children(token, "cc")):
            return False
        if above.i == predicate.i:
            return True
        token = above
    return False
