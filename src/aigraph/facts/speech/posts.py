"""Posts and holdings that are over, or no more than thought of: "Acme's chair, Ann Lee, resigned"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from aigraph.facts.speech.hedges import Hedge, lemmas_of, lies_ahead, load_hedges, verbal
from aigraph.facts.speech.routes import Route
from aigraph.facts.words.trees import child, children, is_negated
from aigraph.records import Modality

if TYPE_CHECKING:
    from aigraph.facts.words.tokens import Token

_BEFORE = 2
"""How many words before "of Acme" tell that a post is over."""


def of_post(route: Route) -> Iterator[Hedge]:
    """What tells that a post, or a holding, is no more, or that somebody is only thought of for a post."""
    if route.label == "worksFor" and (_is_called_former(route.ends[1]) or _has_left(route)):
        yield Hedge(over=True)
    if route.label == "investment" and _has_sold_out(route):
        yield Hedge(over=True)
    if route.label == "worksFor" and (_is_thought_of(route) or _is_put_up(route.ends[1])):
        yield Hedge(modality=Modality.HYPOTHETICAL)


def _is_thought_of(route: Route) -> bool:
    """Is somebody no more than wanted for a post: "Acme wanted (or hoped to land) Ann Lee as its chair"?"""
    words, person = load_hedges(), route.ends[0]
    verb = person.head
    if person.dep_ not in ("obj", "nsubj:pass") or not verbal(verb) or verb.i not in route.on:
        return False
    above = verb.head if verb.dep_ == "xcomp" else verb
    wished = above.i != verb.i and lemmas_of(above) & (words["wishing"] | words["rumouring"])
    if not wished and not (lemmas_of(verb) | lemmas_of(above)) & words["courting"]:
        return False
    return any(t.lower_ in ("as", "for") for kid in _behind(verb, person) for t in children(kid, "case", "mark"))


def _is_put_up(body: Token) -> bool:
    """Is it a post that somebody is only named for: "the press has Ann Lee for chief executive of Acme"?"""
    post = body.head
    if body.dep_ not in ("nmod", "compound", "nmod:poss") or post.lemma_.lower() not in load_hedges()["posts"]:
        return False
    return any(t.lower_ == "for" for t in children(post, "case")) and child(post, "det", "nmod:poss") is None


def _behind(verb: Token, person: Token) -> Sequence[Token]:
    """What hangs on a verb, or on the person who is its object, behind both."""
    return [t for t in (*verb.children, *person.children) if t.i > max(verb.i, person.i)]


def _is_called_former(body: Token) -> bool:
    """Does "once", "lately" or "before that" stand right before "of Acme"?"""
    case = child(body, "case")
    if case is None or case.i < _BEFORE:
        return False
    words = [t.lower_ for t in body.doc[case.i - _BEFORE : case.i]]
    return words[-1] in load_hedges()["once"] or words == ["before", "that"]


def _has_left(route: Route) -> bool:
    """Does the holder of a post that is told beside a name leave: "Acme's chair, Ann Lee, resigned"?"""
    (person, body), words = route.ends, load_hedges()
    if person.i == body.head.i and person.head.lemma_ in words["hiring"]:
        case = child(body, "case")  # "hired Ann Lee from Acme"
        return case is not None and case.lower_ == "from"
    verb, belows = route.top, {step.below.dep_ for step in route.steps if step.below is not None}
    if not verbal(verb):
        verb, belows = verb.head, {route.top.dep_}
    if "obj" in belows or "nsubj" not in belows or not lemmas_of(verb) & words["leaving"]:
        return False
    if lies_ahead(verb):
        return False
    return not any(route.tree.named(t) for t in children(verb, "obj", "obl") if t.i != body.i)


def _has_sold_out(route: Route) -> bool:
    """Does an investor that is told to be one beside its name sell out: "Acme, a backer of Beta, has cashed out"?"""
    verb, words = route.top.head, load_hedges()
    if verbal(route.top) or route.top.dep_ != "nsubj" or is_negated(verb) or child(verb, "aux:pass") is not None:
        return False
    if any(route.tree.named(t) for t in children(verb, "obj", "obl")):
        return False  # "Acme, a backer of Beta, sold out of Gamma"
    if lemmas_of(verb) & words["selling_out"]:
        return True
    holding = child(verb, "obj")
    sold = holding is not None and verb.lemma_ in words["unloading"] and _is_its_own(holding)
    return sold and holding is not None and holding.lemma_ in words["holdings"]


def _is_its_own(holding: Token) -> bool:
    """Is it all of a holding: "its shares", not "some of its shares"?"""
    return any(t.lower_ in ("its", "her", "his", "their") for t in children(holding, "nmod:poss"))
