"""Words right before what joins two names that tell it of times to come, or hold it for possible: "set to replace"."""

from __future__ import annotations

from collections.abc import Iterator, Set
from itertools import takewhile
from typing import TYPE_CHECKING

from aigraph.facts.speech.hedges import DEALS, lemmas_of, load_hedges, verbal
from aigraph.facts.speech.routes import Route
from aigraph.facts.words.trees import Tree, child, children
from aigraph.records import Modality

if TYPE_CHECKING:
    from aigraph.facts.words.tokens import Token

_PHRASE = 3
"""How many words the longest phrase such as "in pole position" has."""


def foretold(tree: Tree, ends: tuple[Token, Token], on: Set[int], label: str) -> Iterator[Modality]:
    """What words before a verb on the path between two names, or before the first of them, leave open."""
    verbs = [v for t in tree.tokens if t.i in on for v in (t, *children(t, "cop")) if verbal(v)]
    if any(_is_ahead(tree, verb, label) for verb in verbs) or _is_in_the_making(tree, ends, label):
        yield Modality.FORECAST
    if any(_is_nearly_done(tree, verb) for verb in verbs):
        yield Modality.HYPOTHETICAL
    if label in DEALS and any(_is_asked_for(verb) for verb in verbs):
        yield Modality.HYPOTHETICAL
    if label in DEALS and _is_said_behind(tree, ends, load_hedges()["pending"]):
        yield Modality.HYPOTHETICAL
    if _is_called_for(tree, ends) or _is_chance(tree, min(ends, key=lambda t: t.i)):
        yield Modality.HYPOTHETICAL


def _is_ahead(tree: Tree, verb: Token, label: str) -> bool:
    """Is a deed still to come: "set to replace", "Acme to make the Q7" in a headline, ", to follow the Q7 in 2027,"?"""
    before = [t for t in tree.tokens if t.i < verb.i]
    if not before or verb.tag_ != "VB" or before.pop().lower_ != "to" or not before:
        return verb.tag_ == "VB" and bool(before) and before[-1].lower_ in load_hedges()["impending"]
    last = before[-1]
    words = " ".join(t.lower_ for t in before[-_PHRASE:])
    on_course = any(f" {words}".endswith(f" {phrase}") for phrase in load_hedges()["on_course"])
    if last.lower_ in load_hedges()["impending"] or on_course:
        return True
    if last.lemma_.lower() in load_hedges()["aspiring"] and label == "worksFor":
        return True  # "the favourite to lead it"
    if label == "successorOf" and last.text == ",":
        return verb.dep_ in ("acl", "advcl")
    # deals are told so when they are agreed: "Acme to buy Beta"
    headed = (t for t in (verb, verb.head) if t.head.i == t.i)
    return label not in DEALS and tree.named(last) and any(t.i in (verb.i, last.i) or tree.named(t) for t in headed)


def _is_nearly_done(tree: Tree, verb: Token) -> bool:
    """Is a deed only close at hand: "all but bought", "as good as sold", "days away from buying"?"""
    before = [t for t in tree.tokens if t.i < verb.i]
    last = [t.lower_ for t in before[-2:]]
    if last == ["away", "from"]:
        return verb.tag_ == "VBG" and len(before) > len(last) and not verbal(before[-3])
    as_good = [t.lower_ for t in before[-3:]] == ["as", "good", "as"]
    return (
        last == ["all", "but"]
        or as_good
        or (last[1:] == ["of"] and verb.tag_ == "VBG" and before[-2].lemma_ in load_hedges()["verging"])
    )


def _is_asked_for(verb: Token) -> bool:
    """Is a deal no more than asked for: "applied to Acme for a licence"?"""
    words = load_hedges()
    if verb.lemma_ not in words["asking_for"]:
        return False
    return any(
        t.lemma_ in words["deals"] and any(c.lower_ == "for" for c in children(t, "case")) for t in verb.children
    )


def _is_in_the_making(tree: Tree, ends: tuple[Token, Token], label: str) -> bool:
    """Is one of two products no more than "in the works" or "on the drawing board"?"""
    if label not in ("componentOf", "successorOf", "uses", "usesArchitecture"):
        return False
    return _is_said_behind(tree, ends, load_hedges()["in_the_making"])


def _is_said_behind(tree: Tree, ends: tuple[Token, Token], phrases: Set[str]) -> bool:
    """Does one of some phrases stand behind the first of two names, in the same part of the sentence?"""
    behind = [t for t in tree.tokens if t.i > min(ends, key=lambda end: end.i).i]
    part = takewhile(lambda t: t.text != ";", behind)
    text = " ".join(t.lower_ for t in part)
    return any(words in text for words in phrases)


def _is_called_for(tree: Tree, ends: tuple[Token, Token]) -> bool:
    """Is somebody told to let it be: "let the two sit down together"?"""
    opening = next((t for t in tree.tokens if t.dep_ != "punct"), None)
    if (
        opening is None
        or opening.lower_ != "let"
        or opening.tag_ != "VB"
        or opening.nbor(1).lower_ in ("us", "'s", "’s")
    ):
        return False
    return {end.i for end in ends} <= {t.i for t in opening.subtree}


def is_fancied(route: Route) -> bool:
    """Is somebody told to picture it: "imagine the Q7 inside the Z2"? Not so what that says of a name beside it."""
    opening = next((t for t in route.tree.tokens if t.dep_ != "punct"), None)
    fancied = opening is not None and opening.lower_ in load_hedges()["fancying"]
    if opening is None or not fancied or child(opening, "nsubj") is not None or route.is_in_passing():
        return False
    first, second = sorted(route.ends, key=lambda end: end.i)
    return first.head.i == opening.i and route.label != "develops" and second.i in {t.i for t in opening.subtree}


def is_contrasted(route: Route) -> bool:
    """Is it denied without a name, before or behind two that stand in one list: "far from working together, …"?"""
    words, telling = load_hedges(), f"contrasted_{route.label}"
    if telling not in words or not route.listed:
        return False
    tokens = route.tree.tokens
    for n, token in enumerate(tokens[:-1]):
        if f"{token.lower_} {tokens[n + 1].lower_}" not in words["contrasting"]:
            continue
        part = list(takewhile(lambda t: t.dep_ != "punct", tokens[n + 2 :]))
        told = any(t.lemma_.lower() in words[telling] for t in part)
        if told and not any(route.tree.named(t) for t in part):
            return True
    return False


def _is_chance(tree: Tree, end: Token) -> bool:
    """Does "the odds on", "the likelihood of", "a matter of time before" stand right before the first of two names?"""
    before = [t for t in tree.tokens if t.i < end.i]
    while before and before[-1].dep_ in ("det", "compound", "flat", "amod") and before[-1].head.i == end.i:
        before.pop()
    words = load_hedges()
    if [t.lower_ for t in before[-4:-1]] == ["matter", "of", "time"]:
        return before[-1].lower_ in ("before", "till", "until")
    return len(before) > 1 and before[-1].lower_ in words["chances_of"] and before[-2].lemma_ in words["chances"]


def is_for_the_asking(word: Token) -> bool:
    """True for what somebody need only ask for: "a job at Acme is hers for the asking"."""
    phrases = (t for t in children(word, "obl", "nmod", "advcl", "acl") if t.lower_ in load_hedges()["reach"])
    return any({"for", "the"} <= {t.lower_ for t in phrase.children} for phrase in phrases)


def is_cut_short(verb: Token) -> bool:
    """Is a product given up "before it was built", so that nobody has made it?"""
    words, lemmas = load_hedges(), lemmas_of(verb)
    if not lemmas & (words["undoing"] | words["stopping"]):
        return False
    clauses = (t for t in children(verb, "advcl") if any(m.lower_ == "before" for m in children(t, "mark")))
    return any(lemmas_of(t) & words["unfinished"] for t in clauses)
