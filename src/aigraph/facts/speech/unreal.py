"""What is a mere tale, title or opinion: "calls himself its founder", "the tale in which he founded it"."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from aigraph.facts.speech.hedges import Hedge, load_hedges
from aigraph.facts.speech.routes import Route
from aigraph.facts.words.trees import child, children, is_negated, is_predicate
from aigraph.records import Modality

if TYPE_CHECKING:
    from aigraph.facts.words.tokens import Token

_TITLES = frozenset({"develops", "founded", "successorOf", "worksFor"})
"""What somebody who calls himself so need not be."""
_STORIES = frozenset({"one", "version"})


def unreal(route: Route) -> Iterator[Hedge]:
    """What tells that it is not so, or no more than told."""
    if any(t.text == "≠" for t in route.tree.tokens):
        yield Hedge(1)
    for word in {step.word.i: step.word for step in route.steps}.values():
        if _is_in_a_tale(word):
            yield Hedge(modality=Modality.REPORTED)
        if route.label in _TITLES and _is_self_styled(word):
            yield Hedge(modality=Modality.REPORTED)
        if _is_misnamed(word):
            yield Hedge(1)


def _is_in_a_tale(clause: Token) -> bool:
    """Does a clause tell what a tale holds: "the tale in which Ann Lee founded Acme"?"""
    words, tale = load_hedges(), clause.head
    if clause.dep_ not in ("acl:relcl", "acl"):
        return False
    told = tale.lemma_.lower() in words["grounds"] | words["accounts"] | words["false"] | _STORIES
    within = any(t.lower_ == "which" and child(t, "case") is not None for t in children(clause, "obl"))
    return told and within


def _is_self_styled(verb: Token) -> bool:
    """Does somebody give himself a title: "styles himself the founder of Acme"?"""
    return verb.lemma_ in load_hedges()["calling"] | {"style", "fancy"} and any(
        t.lower_.endswith(("self", "selves")) for t in verb.children
    )


def _is_misnamed(verb: Token) -> bool:
    """Is it told what it is to call a thing so: "to call Acme a rival of Beta is absurd"?"""
    words, above = load_hedges(), verb.head
    if verb.lemma_ not in words["calling"] or verb.dep_ not in ("csubj", "advcl", "nsubj") or not is_predicate(above):
        return False
    called = verb.tag_ in ("VB", "VBG") and child(verb, "nsubj", "aux") is None and verb.i < above.i
    return called and child(above, "cop") is not None and (above.lemma_ not in words["fair"] or is_negated(above))
