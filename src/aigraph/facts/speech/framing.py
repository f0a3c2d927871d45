"""Words around a clause that make all of it hearsay or a guess: "the way the traders tell it, …", "per a blog, …".

They mostly stand between signs of their own, so they are found by their words, whatever the tree hangs them on; the
tree tells which clauses they reach.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from aigraph.facts.speech.cues import load_speakers
from aigraph.facts.speech.hedges import load_hedges
from aigraph.facts.words.trees import NOMINAL, Tree, subtree
from aigraph.records import Modality

if TYPE_CHECKING:
    from aigraph.facts.words.tokens import Token

_SIGNS = frozenset({",", ";", ":", "(", ")", "—", "–", "--", ".", "?", "!"})
_STEPS = 30
_LONGEST = 10
"""Up to how many words behind "according to" its source ends."""
_HEARD = r"(?:believed|gather(?:ed)?|hear[ds]?|know[ns]?|learn(?:ed|s|t)?|make\ out|sa(?:id|ys?)|seen?|tells?|told)"
_TALE = r"(?:gossip|legend|rumou?r|story|tale|talk|theory|whisper|word)"

_WHOLE = re.compile(
    rf"""(?:
    (?!and|but|it|now|that|which|who).*\btell(?:s|ing)?\ it                         # the way they tell it
    |(?:as\ |so\ )?(?!and|but|it|now|that|which|who)(?:\S+\ ){{1,4}}(?:has|had|have)\ it           # scuttlebutt has it
    |(?:(?:and\ |as\ |or\ )?so\ |as\ )?(?:that|the|this)\ {_TALE}\ (?:goes|runs)               # so the story goes
    |(?:going|judging|to\ judge)\ (?:by|from)\ .+
    |(?:by|from|to)\ (?:all|everything|the\ little|what)\b.*\b{_HEARD}\b.*                     # from what we hear
    |as\ (?:best|far|near)\ as\b.*\b(?:judge|know|make\ out|say|see|tell)\b.*               # as far as one can tell
    |.*\b(?:appears?|seems?)\ to\ (?:confirm|imply|indicate|show|suggest)\b.*              # a slide seems to show
    |.*\b(?:grain|pinch)\ of\ salt\b.*
    |(?:assuming|if|provided|supposing|unless)\ .*\b(?:accurate|authentic|believed|correct|credible|genuine|mistaken
        |reliable|right|to\ go\ by|true|trusted|wrong)\b.*                                  # if the paper is right
    )""",
    re.VERBOSE,
)
"""What makes hearsay of what it stands beside, from sign to sign."""
_OPENING = re.compile(
    rf"""(?:
    by\ (?:all|many|most|several|some)\ accounts|in\ (?:her|his|its|their)\ own\ (?:eyes|mind)
    |by\ the\ (?:looks?|sounds?)\ of\ (?:it|things)|on\ the\ face\ of\ it|(?:by|to)\ all\ appearances
    |(?:\S+\ ){{1,4}}(?:has|had|have)\ it\ that|(?:that|the|this)\ {_TALE}\ (?:goes|runs)(?:\ that)?
    )(?=\ |$)""",
    re.VERBOSE,
)
"""The same for what follows right behind."""
_UNVERIFIED = re.compile(
    r"""(?!.*\b(?:how|price|when|where|whether|why)\b)(?!whose\ (?!authenticity|existence|origin|provenance))
    .*\b(?:ca\ n't|cannot|could\ n't|could\ not|nobody|neither|no\ one|none|unable\ to|yet\ to
        |(?:are|had|has|have|is|was|were)\ (?:n't|never|not))\b
    .*\b(?:authenticate|check|confirm|corroborate|establish|substantiate|verify|vouch\ for
        |authenticated|checked|confirmed|corroborated|established|substantiated|verified)
    (?:\ (?:a\ word|any|at\ first|either|independently|it|of|so\ far|that|them|this|yet
        |the\ (?:claim|deal|information|report|rumou?r|story)s?|by\ (?:\S+\ ?){1,4}))*""",
    re.VERBOSE,
)
"""What says of all beside it that nobody vouches for it."""
_GUESSED = re.compile(
    r"if (?:i|one|we|you) .*\b(?:ask (?:me|us)|bet|guess|speculate|wager)\b.*"
    r"|in (?:a|an|her|his|that|the|their|this)\b.*"
    r"\b(?:dream|fiction|novel|parody|satire|scenario|thought experiment|vision)\b.*"
    r"|assuming .*|(?:if )?(?:all|everything|things) (?:being|goes|going|permitting|works|working)\b.*"
)
"""What makes a guess of what it stands beside."""
_OPENING_GUESS = re.compile(
    r"(?:in an? (?:better|ideal|just|perfect|sane) world|mark my words|sooner or later"
    r"|with (?:a bit of |any |some )?luck)(?= |$)"
)
"""The same for what follows right behind."""
_REPORT = re.compile(r"(?:media )?reports?|report says|(?:paper|sources?) (?:says?|claims?)|sources?")
"""What ends a headline: "Acme buys Beta - report"."""
_DOWN = frozenset({"appos", "compound", "conj", "iobj", "nmod", "nsubj", "nsubj:pass", "obj", "obl", "xcomp"})
"""The labels by which words within a clause hang on one another."""


@dataclass(frozen=True, slots=True)
class _Frame:
    """Words that put a clause forward, and the word outside of them that they hang on."""

    words: frozenset[int]
    head: Token
    modality: Modality


def framed(tree: Tree, ends: tuple[Token, Token], on: Set[int], chain: Sequence[Token]) -> Iterator[Modality]:
    """What the words around a clause make of what joins two names in it.

    `on` are the indices of the words between the names, `chain` those that govern them, from the highest of them up.
    """
    governing = {*on, *(t.i for t in chain)}
    for frame in _frames(tree):
        if not frame.words & {end.i for end in ends} and _reaches(frame, governing):
            yield frame.modality


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
        opened, guessed = _OPENING.match(text), _OPENING_GUESS.match(text)
        if _WHOLE.fullmatch(text) or _UNVERIFIED.fullmatch(text):
            found.append(_frame(stretch, Modality.REPORTED))
        elif _GUESSED.fullmatch(text):
            found.append(_frame(stretch, Modality.HYPOTHETICAL))
        elif _REPORT.fullmatch(text) and _is_last(tree, stretch):
            found.append(_frame(stretch, Modality.REPORTED))
        elif opened is not None:
            found.append(_frame(stretch[: opened[0].count(" ") + 1], Modality.REPORTED))
        elif guessed is not None:
            found.append(_frame(stretch[: guessed[0].count(" ") + 1], Modality.HYPOTHETICAL))
        found += (_frame(source, Modality.REPORTED) for source in _sources(tree, stretch))
    return tuple(found)


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


def _frame(words: Sequence[Token], modality: Modality) -> _Frame:
    """A frame with what its words hang on; on nothing else where one of them is the root, then on that."""
    within = frozenset(t.i for t in words)
    root = next((t for t in words if t.head.i == t.i), None)
    head = root or next((t.head for t in words if t.head.i not in within), words[-1])
    return _Frame(within, head, modality)


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
    papers = nouns.papers | nouns.media - {"bank", "broker", "brokerage", "consultancy", "exchange", "firm"}
    telling = papers | nouns.rumour | lists["tattlers"] | lists["unvouched"]
    if any(t.lower_ in telling or t.lemma_ in telling for t in words):
        return True
    names = [t for t in words if t.pos_ != "DET"]
    return bool(names) and all(t.pos_ == "PROPN" and not tree.named(t) for t in names)
