"""The propositions of what somebody says: main clauses, those coordinate with them, reasons and asides."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from aigraph.facts.words.trees import NOMINAL, Tree, child, is_predicate, own_subject, subtree
from aigraph.records import Span

if TYPE_CHECKING:
    from aigraph.facts.words.tokens import Token

_REASONS = frozenset({"although", "as", "because", "since", "so", "though", "whereas", "while"})
_FINITE = frozenset({"VBD", "VBP", "VBZ"})
_OBJECTS = frozenset({"obj", "obl", "obl:unmarked", "nmod", "nsubj", "xcomp", "ccomp", "ROOT"})
_MAIN = frozenset({"ROOT", "ccomp", "csubj", "parataxis"})


def propositions(tree: Tree, content: Sequence[Span], *, clausal: bool) -> Iterator[tuple[Span, ...]]:
    """The stretches of each proposition in some content, in order of the text.

    Where the content is no clause (`clausal` is false), its coordinate nouns are the propositions.
    """
    inside = [t for t in tree.tokens if any(tree.span(t).overlaps(part) for part in content)]
    numbers = {t.i for t in inside}
    heads = list(_clauses(inside, numbers)) if clausal else []
    heads = heads or list(_nouns(inside, numbers))
    for head in heads:
        own = subtree(head, without=[other for other in heads if other.i != head.i])
        words = [t for t in own if t.i in numbers and t.dep_ not in ("punct", "cc", "mark")]
        if words:
            yield tree.stretches(words)


def _nouns(inside: Sequence[Token], numbers: set[int]) -> Iterator[Token]:
    """The nouns at the top of some content, and those coordinate with them."""
    for token in inside:
        top = token.head.i not in numbers or token.head.i == token.i
        joined = token.dep_ == "conj" and token.head.pos_ in NOMINAL
        if token.pos_ in NOMINAL and (joined or (top and token.dep_ in _OBJECTS)):
            yield token


def _clauses(inside: Sequence[Token], numbers: set[int]) -> Iterator[Token]:
    """The predicates of main and coordinate clauses, of reasons, and of relative clauses."""
    for token in inside:
        top = token.head.i not in numbers or token.head.i == token.i
        if not is_predicate(token):
            if token.dep_ == "parataxis" or (top and token.dep_ in _MAIN):
                yield token
        elif token.dep_ in _MAIN or (top and token.dep_ != "punct"):
            yield token
        elif token.dep_ == "conj":
            if (is_predicate(token.head) and token.tag_ not in ("VBG", "VB")) or own_subject(token) is not None:
                yield token
        elif token.dep_ == "advcl" and own_subject(token) is not None:
            mark = child(token, "mark")
            if mark is not None and mark.lower_ in _REASONS:
                yield token
        elif token.dep_ == "acl:relcl" and (
            token.tag_ in _FINITE or child(token, "aux", "aux:pass", "cop") is not None
        ):
            yield token
