"""Where a mention or reference stands in its sentence, as the tree has it: its role, its verb, its clause."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_WITHIN_NAMES = frozenset({"compound", "flat", "flat:foreign", "nmod:desc", "goeswith", "dep"})
_CLAUSES = frozenset(
    {"root", "ROOT", "ccomp", "advcl", "acl", "acl:relcl", "advcl:relcl", "parataxis", "csubj", "xcomp"}
)
_MAIN = frozenset({"root", "ROOT", "parataxis"})
_STEPS = 40
"""Longer ways up a tree do not occur in sane sentences."""


class Role(IntEnum):
    """What a noun phrase is to its clause."""

    SUBJECT = 0
    OBJECT = 1
    OBLIQUE = 2
    OWNER = 3
    MODIFIER = 4
    OTHER = 5


_ROLES = {
    "nsubj": Role.SUBJECT,
    "nsubj:pass": Role.SUBJECT,
    "csubj": Role.SUBJECT,
    "obj": Role.OBJECT,
    "iobj": Role.OBJECT,
    "obl": Role.OBLIQUE,
    "obl:agent": Role.OBLIQUE,
    "obl:unmarked": Role.OBLIQUE,
    "nmod:poss": Role.OWNER,
    "nmod": Role.MODIFIER,
    "nmod:unmarked": Role.MODIFIER,
    "compound": Role.MODIFIER,
    "amod": Role.MODIFIER,
}


@dataclass(frozen=True, slots=True)
class Spot:
    """A noun phrase in the tree: its head word, the word on which it hangs as a whole, its role, the verb of its
    clause, and the predicate that its clause belongs to where it is no main clause. Numbers are tokens of the block.

    `joined` stands with others ("X and Y"), `apart` is an apposition, `main` stands in a main clause.
    """

    word: int
    top: int
    role: Role
    clause: int
    joined: bool
    apart: bool
    main: bool


def spot(doc: Doc, start: int, end: int) -> Spot | None:
    """The spot of a stretch of a block's text (code points); None where the block was not parsed."""
    span = doc.char_span(start, end, alignment_mode="expand")
    if span is None or not span.root.dep_:
        return None
    word = token = span.root
    joined = any(kid.dep_ == "conj" for kid in token.children)
    apart = False
    for _ in range(_STEPS):
        if token.head.i == token.i:
            break
        if token.dep_ in ("conj", "appos") or token.dep_ in _WITHIN_NAMES:
            joined = joined or token.dep_ == "conj"
            apart = apart or token.dep_ == "appos"
            token = token.head
        else:
            break
    role = _ROLES.get(token.dep_, Role.OTHER)
    clause = _clause(token)
    return Spot(word.i, token.i, role, clause.i, joined, apart, clause.dep_ in _MAIN)


def _clause(token: Token) -> Token:
    """The predicate of the innermost clause that a word belongs to."""
    token = token.head if token.dep_ not in _CLAUSES else token
    for _ in range(_STEPS):
        if (
            token.dep_ in _CLAUSES
            or token.head.i == token.i
            or (token.dep_ == "conj" and token.pos_ in ("VERB", "AUX"))
        ):
            break
        token = token.head
    return token


def above(doc: Doc, higher: int, lower: int) -> bool:
    """Whether one word is on the other's way up to the root."""
    token = doc[lower]
    for _ in range(_STEPS):
        if token.i == higher:
            return True
        if token.head.i == token.i:
            return False
        token = token.head
    return False
