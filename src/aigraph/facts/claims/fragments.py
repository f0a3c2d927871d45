"""Fragments of what somebody says, which are no statements: "TrendForce says", "its director", "that are coming".

A sentence parted into propositions leaves such pieces over: names of who speaks, relative clauses that only tell which
thing is meant, objects without their verb. A statement has a subject and a finite verb that tells more than that
somebody speaks, or stands in quotation marks, or is all that a sentence has of its speaker ("Not over money, he said").
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from aigraph.facts.speech.cues import load_speech
from aigraph.facts.words.trees import Tree, children, is_predicate, is_relative
from aigraph.records import Span

if TYPE_CHECKING:
    from aigraph.facts.words.tokens import Token

_FINITE = frozenset({"MD", "VBD", "VBP", "VBZ"})
_BORNE = ("aux", "aux:pass", "cop")
_MARKS = frozenset({'"', "“", "”"})
_TOLD = frozenset({"acl", "advcl", "ccomp", "csubj", "obj", "parataxis", "xcomp"})
"""What hangs on a verb of saying that tells what is said."""
_BARE = frozenset({"advmod", "aux", "cc", "mark", "nsubj"})
"""What hangs on one that is told without what is said."""


def statements(tree: Tree, told: Sequence[tuple[int, Span]], cues: Sequence[Span]) -> list[tuple[int, Span]]:
    """What somebody says in a sentence without fragments, where anything is left then; `cues` are verbs of saying."""
    kept = [(at, stretch) for at, stretch in told if not _fragment(tree, stretch, cues)]
    return kept or [(at, stretch) for at, stretch in told if not speaks(tree, stretch, cues)]


def speaks(tree: Tree, stretch: Span, cues: Sequence[Span]) -> bool:
    """Does a stretch tell no more than that somebody speaks: "TrendForce says", "it shows"?"""
    inside = _words(tree, stretch)
    verbs = _finite(inside)
    return bool(verbs) and all(_says(tree, verb, inside, cues) for verb in verbs)


def _fragment(tree: Tree, stretch: Span, cues: Sequence[Span]) -> bool:
    inside = _words(tree, stretch)
    verbs = _finite(inside)
    if not verbs:
        return not _quoted(tree, stretch)
    return _restricts(tree, verbs[0], inside) or speaks(tree, stretch, cues)


def _words(tree: Tree, stretch: Span) -> list[Token]:
    return [t for t in tree.within(stretch) if t.dep_ != "punct"]


def _finite(inside: Sequence[Token]) -> list[Token]:
    """The finite predicates of some words."""
    found = []
    for token in inside:
        bearers = [token, *children(token, *_BORNE)]
        if is_predicate(token) and token.dep_ not in _BORNE and any(t.tag_ in _FINITE for t in bearers):
            found.append(token)
    return found


def _restricts(tree: Tree, verb: Token, inside: Sequence[Token]) -> bool:
    """Does a stretch only tell which thing is meant, by a relative clause without a sign before it?"""
    first = inside[0]
    before = next((t for t in reversed(tree.tokens) if t.i < first.i), None)
    opened = is_relative(first) and first.tag_ != "IN" and first.head.i == verb.i and verb.dep_ == "acl:relcl"
    return opened and before is not None and before.dep_ not in ("punct", "case")


def _says(tree: Tree, verb: Token, inside: Sequence[Token], cues: Sequence[Span]) -> bool:
    """Is a verb one of saying, and nothing in the stretch what is said?"""
    below = {t.dep_ for t in verb.children if any(t.i == other.i for other in inside)}
    if any(tree.span(verb).overlaps(cue) for cue in cues):
        return not below & _TOLD
    bare = _BARE | {"obl", "obl:unmarked"} if verb.lemma_ == "say" else _BARE  # "said on Tuesday"
    return verb.lemma_ in load_speech().kinds and below <= bare


def _quoted(tree: Tree, stretch: Span) -> bool:
    """Does a stretch stand in quotation marks, or hold one?"""
    before = [t.text for t in tree.tokens if tree.span(t).end <= stretch.start and t.text in _MARKS]
    return len(before) % 2 == 1 or any(t.text in _MARKS for t in tree.within(stretch))
