"""Sentences that tell whether a statement is true: "It is not true that …", "Reports that … are wrong".

What such a verdict is about is what is said, and the verdict only its sign: whoever speaks says the statement, or
denies it. Who is named by the way as having said it ("as some newspapers wrote") has said it, and does not deny it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from aigraph.facts.speech.cues import load_speakers, load_speech
from aigraph.facts.speech.hedges import load_hedges
from aigraph.facts.words.trees import Tree, ancestors, child, children, is_negated, is_predicate, subtree
from aigraph.records import Span

if TYPE_CHECKING:
    from aigraph.facts.words.tokens import Token

_BETWEEN = 3
"""Words of a tree between a verdict and the statement that it is about: "true" ← "wrote" ← "that …"."""
_NEAR = 5
_FAR = 8


@dataclass(frozen=True, slots=True)
class Verdict:
    """A verdict on a statement: the words of both, whether it is denied, and who is named as having said it.

    `source` is the verb of that ("wrote" in "as some newspapers wrote"). `open` tells that the verdict itself is not
    given: "whether it is true that …", "it may be true that …".
    """

    words: tuple[Span, ...]
    content: tuple[Span, ...]
    denied: bool
    source: Token | None = None
    open: bool = False

    def holds(self, place: Span) -> bool:
        """Does a place lie in the statement?"""
        return any(part.overlaps(place) for part in self.content)

    def judges(self, place: Span) -> bool:
        """Does a place lie in the verdict itself?"""
        return any(part.overlaps(place) for part in self.words)


def verdicts(tree: Tree) -> tuple[Verdict, ...]:
    """The verdicts of a sentence, in order of the text."""
    return tuple(_verdicts(tree))


def belied(tree: Tree, verb: Token) -> bool:
    """Does a verb of saying tell what is not so: "contrary to what Acme said, …"?"""
    before = [t for t in tree.tokens if verb.i - _FAR <= t.i < verb.i]
    starts = [
        n for n, t in enumerate(before[:-1]) if t.lower_ in load_hedges()["belied"] and before[n + 1].lower_ == "to"
    ]
    return bool(starts) and not any(t.text in (",", ";", ":") for t in before[starts[-1] :])


def _verdicts(tree: Tree) -> Iterator[Verdict]:
    for token in tree.tokens:
        denied = None if tree.named(token) else _denied(tree, token)
        clause = _judged(tree, token) if denied is not None else None
        if denied is None or clause is None:
            continue
        source = next((t for t in children(token, "advcl") if _cites(t)), None)
        top = next((t for t in (token, *ancestors(token)) if is_predicate(t)), token)
        words = [t for t in subtree(top, without=[clause]) if tree.clause(t).i == top.i]
        words += subtree(source, without=[clause]) if source is not None else []
        if (
            token.lemma_ == "truth" and (there := _there(tree, token)) is not None
        ):  # whatever the tree makes of "there is no truth to …"
            words = [t for t in tree.tokens if there.i <= t.i < min(u.i for u in subtree(clause))]
        content = [t for t in subtree(clause) if not _opens(t, clause)]
        told = tree.stretches(t for t in words if t.dep_ != "punct")
        yield Verdict(told, tree.stretches(content), denied, source, _leaves_open(token))


def _opens(token: Token, clause: Token) -> bool:
    return token.lower_ == "that" and token.head.i == clause.i and token.i < clause.i


def _denied(tree: Tree, token: Token) -> bool | None:
    """Does a word deny what it is a verdict on; None where it is no verdict."""
    nouns = load_speakers()
    said = child(token, "cop")
    if token.lemma_ in nouns.false or token.lemma_ in nouns.true:
        if _called(token):
            return (token.lemma_ in nouns.false) != is_negated(token.head)
        if said is None:
            return None
        return (token.lemma_ in nouns.false) != is_negated(token)
    if token.lemma_ == "truth" and token.pos_ == "NOUN":
        some = [t for t in token.children if t.lower_ in load_hedges()["any_truth"]]
        if not some or (there := _there(tree, token)) is None:
            return None
        return some[0].lower_ in ("no", "little") or is_negated(there.head)
    return None


def _leaves_open(token: Token) -> bool:
    words = load_hedges()
    asked = any(t.lower_ in words["asking"] for t in children(token, "mark"))
    return asked or any(t.lower_ in words["unsure"] for t in children(token, "aux"))


def _called(token: Token) -> bool:
    """Is a verdict what somebody calls a statement: "called it untrue that …"?"""
    deemed = token.dep_ == "xcomp" and token.head.lemma_ in load_hedges()["deeming"]
    return deemed and child(token.head, "expl", "obj") is not None


def _there(tree: Tree, noun: Token) -> Token | None:
    """The "there" right before what there is: "there is no truth"."""
    return next((t for t in tree.tokens if t.dep_ == "expl" and 0 < noun.i - t.i <= _NEAR), None)


def _judged(tree: Tree, verdict: Token) -> Token | None:
    """The statement that a verdict is about: the clause behind "that" under it, or under the report that it names."""
    for clause in tree.tokens:
        if clause.i == verdict.i or not is_predicate(clause) or not any(_opens(t, clause) for t in clause.children):
            continue
        way = [clause.head]
        while len(way) < _BETWEEN and way[-1].i != verdict.i and way[-1].head.i != way[-1].i:
            way.append(way[-1].head)
        if way[-1].i == verdict.i and all(_leads(t) for t in way[:-1]):
            return clause
        # "it is not true, as X wrote, that …", where the tree hangs both on who says so
        beside = clause.head.i == verdict.head.i and verdict.i < clause.i
        if beside and (child(verdict, "expl") is not None or child(verdict.head, "expl") is not None):
            return clause
        # "Reports that … are wrong", whatever the tree makes of the noun
        named = clause.head.lower_ in _reports() or clause.head.lemma_ in _reports()
        opening = min((t.i for t in children(verdict, "cop", "aux", "advmod")), default=verdict.i)
        if named and clause.i < verdict.i and max(t.i for t in _own(clause)) == opening - 1:
            return clause
    return None


def _own(clause: Token) -> list[Token]:
    """The words of a clause, but for signs and for what the tree hangs on its end."""
    return [t for t in subtree(clause) if t.dep_ != "punct"]


def _leads(token: Token) -> bool:
    """Is a word between a verdict and the statement a report, or a verb of saying that is put in?"""
    return token.lemma_ in _reports() or token.lower_ in _reports() or _cites(token) or _puts_in(token)


def _cites(verb: Token) -> bool:
    """Does a clause tell who said it: "as some newspapers wrote"?"""
    return _says(verb) and any(t.lower_ == "as" for t in children(verb, "mark"))


def _puts_in(verb: Token) -> bool:
    return _says(verb) and verb.dep_ == "parataxis"


def _says(verb: Token) -> bool:
    return verb.pos_ == "VERB" and verb.lemma_ in load_speech().by_tree and verb.dep_ in ("advcl", "parataxis")


@cache
def _reports() -> frozenset[str]:
    nouns = load_speakers()
    return nouns.sayings | nouns.rumours
