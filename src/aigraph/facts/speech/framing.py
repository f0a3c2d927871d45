"""Words around a clause that make all of it hearsay or a guess: "the way the traders tell it, …", "per a blog, …".

They mostly stand between signs of their own, so they are found by their words, whatever the tree hangs them on; the
tree tells which clauses they reach.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from itertools import takewhile
from typing import TYPE_CHECKING

from aigraph.facts.speech.cues import load_speakers
from aigraph.facts.speech.hedges import Hedge, load_hedges, verbal
from aigraph.facts.speech.idioms import Place, load_idioms
from aigraph.facts.speech.routes import Route
from aigraph.facts.words.trees import NOMINAL, Tree, subtree
from aigraph.records import Modality

if TYPE_CHECKING:
    from aigraph.facts.words.tokens import Token

_SIGNS = frozenset({",", ";", ":", "(", ")", "—", "–", "--", ".", "?", "!"})
_STEPS = 30
_HEADING = 8
"""Up to which word any word before a colon heads a sentence; up to twice as far its subject and predicate do."""
_PAPER = 5
"""Before which word a colon stands behind the name of a paper."""
_TITLE = 16
"""Before which word a colon ends what `idioms.yaml` has for headings."""
_LONGEST = 10
"""Up to how many words behind "according to" its source ends."""
_HEARSAY = Hedge(modality=Modality.REPORTED)
_KINDS = {
    "hearsay": _HEARSAY,
    "guess": Hedge(modality=Modality.HYPOTHETICAL),
    "bygone": Hedge(over=True),
    "denial": Hedge(1),
}
"""What the idioms of each kind make of the clause beside them."""
_DOWN = frozenset({"appos", "compound", "conj", "iobj", "nmod", "nsubj", "nsubj:pass", "obj", "obl", "xcomp"})
"""The labels by which words within a clause hang on one another."""


@dataclass(frozen=True, slots=True)
class _Frame:
    """Words that put a clause forward, and the word outside of them that they hang on."""

    words: frozenset[int]
    head: Token
    hedge: Hedge


def framed(tree: Tree, ends: tuple[Token, Token], on: Set[int], chain: Sequence[Token]) -> Iterator[Hedge]:
    """What the words around a clause make of what joins two names in it.

    `on` are the indices of the words between the names, `chain` those that govern them, from the highest of them up.
    """
    governing = {*on, *(t.i for t in chain)}
    for frame in _frames(tree):
        if (
            not frame.words & {end.i for end in ends}
            and not _is_apart(tree, frame, ends)
            and (frame.head.i in frame.words or _reaches(frame, governing))
        ):
            yield frame.hedge


def is_borne_out(tree: Tree, ends: tuple[Token, Token]) -> bool:
    """Does what stands before a colon say that what follows is no mere rumour: "The rumour is true: …"?"""
    tokens = tree.tokens
    colon = next((n for n, t in enumerate(tokens) if t.text == ":"), 0)
    if not colon or min(end.i for end in ends) < tokens[colon].i:
        return False
    heading = " ".join(t.lower_.replace("’", "'") for t in tokens[:colon] if t.dep_ != "punct")
    return load_idioms().find(Place.STRETCH, "borne_out", heading) is not None


def _is_apart(tree: Tree, frame: _Frame, ends: tuple[Token, Token]) -> bool:
    """Does ";" stand between a frame and a name behind it?"""
    last = max(end.i for end in ends)
    return any(t.text == ";" and max(frame.words) < t.i < last for t in tree.tokens)


def titled(tree: Tree, ends: tuple[Token, Token]) -> Iterator[Hedge]:
    """What the words before a colon make of all behind it: "Shelved for now: …", "Still open: …", "Plan B: …"."""
    heading = list(takewhile(lambda t: t.text != ":", tree.tokens[: _TITLE + 1]))
    if not 0 < len(heading) <= min(_TITLE, len(tree.tokens) - 1) or max(end.i for end in ends) <= heading[-1].i:
        return
    text = " ".join(t.lower_.replace("’", "'") for t in heading if t.dep_ != "punct")
    for kind, hedge in _KINDS.items():
        if load_idioms().find(Place.HEADING, kind, text) is not None:
            yield hedge


def _reaches(frame: _Frame, governing: Set[int]) -> bool:
    """Does a frame stand in the clause of some words, or in one above it?"""
    at = frame.head
    for _ in range(_STEPS):
        if at.i in governing:
            return True
        if at.dep_ not in _DOWN or at.head.i == at.i or (at.dep_ == "conj" and at.pos_ == "VERB"):
            return False
        at = at.head
    return False


@lru_cache(maxsize=64)
def _frames(tree: Tree) -> tuple[_Frame, ...]:
    """All frames of a sentence."""
    found = []
    for stretch in _stretches(tree):
        text = " ".join(t.lower_.replace("’", "'") for t in stretch)
        if (framing := _framing(text, last=_is_last(tree, stretch))) is not None:
            words, hedge = framing
            length = words.count(" ") + 1
            found.append(_frame(stretch[:length] if text.startswith(words) else stretch[-length:], hedge))
        found += (_frame(source, _HEARSAY) for source in _sources(tree, stretch))
    return tuple(found)


def _framing(text: str, *, last: bool) -> tuple[str, Hedge] | None:
    """The words of a stretch, at its beginning or its end, that put forward what stands beside it, and how."""
    idioms = load_idioms()
    for place in (Place.STRETCH, Place.OPENING, Place.ENDING):
        for kind, hedge in _KINDS.items():
            if (words := idioms.find(place, kind, text)) is not None:
                return words, hedge
        if place == Place.STRETCH and last and idioms.find(place, "headline_end", text) is not None:
            return text, _HEARSAY
    return None


def _stretches(tree: Tree) -> Iterator[tuple[Token, ...]]:
    """The words of a sentence from sign to sign."""
    run: list[Token] = []
    for token in tree.tokens:
        dash = token.text == "-" and token.i > 0 and token.nbor(-1).whitespace_ and token.whitespace_
        if token.text in _SIGNS or dash:
            if run:
                yield tuple(run)
            run = []
        elif token.dep_ != "punct":
            run.append(token)
    if run:
        yield tuple(run)


def _is_last(tree: Tree, stretch: Sequence[Token]) -> bool:
    """Do some words end a sentence?"""
    return all(t.dep_ == "punct" for t in tree.tokens if t.i > stretch[-1].i)


def _frame(words: Sequence[Token], hedge: Hedge) -> _Frame:
    """A frame with what its words hang on; on nothing else where one of them is the root, then on that."""
    within = frozenset(t.i for t in words)
    root = next((t for t in words if t.head.i == t.i), None)
    head = root or next((t.head for t in words if t.head.i not in within), words[-1])
    return _Frame(within, head, hedge)


def _sources(tree: Tree, stretch: Sequence[Token]) -> Iterator[Sequence[Token]]:
    """ "According to" and "per" with who brings the news: a paper, a forum, a name that nobody knows."""
    for n, token in enumerate(stretch):
        start = n + 2 if token.lower_ == "according" else n + 1
        opened = token.lower_ == "according" or (token.lower_ == "per" and n == 0)
        source = stretch[start : start + _LONGEST]
        if not opened or not source or source[0].dep_ == "nmod:poss":
            continue
        name = _phrase(source)
        if _brings_news(tree, name):
            yield stretch[n : start + len(name)]


def _phrase(words: Sequence[Token]) -> Sequence[Token]:
    """The noun phrase that some words begin with."""
    head, inside = words[0], {t.i for t in words}
    while head.head.i > head.i and head.head.i in inside and head.head.pos_ in NOMINAL:
        head = head.head
    hanging = {t.i for t in subtree(head)}
    behind = next((n for n, t in enumerate(words) if t.i not in hanging), len(words))
    return words[: max(behind, 1)]


def _brings_news(tree: Tree, words: Sequence[Token]) -> bool:
    """Do some words name a paper, or somebody whose word is no more than a rumour?"""
    nouns, lists = load_speakers(), load_hedges()
    papers = nouns.papers | nouns.media - lists["vouching"]
    telling = papers | nouns.rumour | lists["tattlers"] | lists["unvouched"]
    if any(t.lower_ in telling or t.lemma_ in telling for t in words):
        return True
    if not any(tree.named(t) for t in words) and any(t.lemma_ in lists["laypeople"] for t in words):
        return True  # "according to a waiter"
    names = [t for t in words if t.pos_ != "DET"]
    return bool(names) and all(t.pos_ == "PROPN" and not tree.named(t) for t in names)


def headed(route: Route) -> Iterator[Modality]:
    """What words before a colon make of all behind it: "In the rumour mill: …", "Maybe: …"."""
    tokens, words = route.tree.tokens, load_hedges()
    colon = next((n for n, t in enumerate(tokens[: 2 * _HEADING]) if t.text == ":"), 0)
    clausal = any(verbal(step.word) for step in route.steps)
    if not colon or not clausal or min(end.i for end in route.ends) < tokens[colon].i:
        return
    told = {t.lower_ for t in tokens[:colon]}
    if told & {"confirmed", "official", "true"} and not told & {"if", "n't", "nobody", "not", "whether"}:
        return
    lemmas = {t.lemma_.lower() for t in tokens[:colon] if colon < _HEADING or t.dep_ in ("ROOT", "nsubj")}
    papers = load_speakers().papers if colon < _PAPER else frozenset()
    if lemmas & (words["grounds"] | words["tattlers"] - {"word"} | {"hear", "overhear"} | papers):
        yield Modality.REPORTED
    if lemmas & (words["perhaps"] | words["foretold"]):
        yield Modality.HYPOTHETICAL
