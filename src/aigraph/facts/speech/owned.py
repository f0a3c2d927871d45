"""What a sentence takes for granted in naming it, whatever it denies or foretells: "its Q7", "its predecessor"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aigraph.facts.speech.hedges import is_none, lemmas_of, load_hedges
from aigraph.facts.speech.routes import Route
from aigraph.facts.words.trees import child, children, is_predicate

if TYPE_CHECKING:
    from aigraph.facts.words.tokens import Token

_NEAR = 5


def is_own_product(route: Route) -> bool:
    """Is a product told to be somebody's own: "denied that its Q7 is late"?"""
    maker, product = route.ends
    owner = child(product, "nmod:poss")
    return (
        route.label == "develops"
        and owner is not None
        and (owner.lower_ in ("its", "their", "whose") or owner.i == maker.i)
    )


def is_forerunner(route: Route) -> bool:
    """Is a product named beside another one's "predecessor", whatever is said of that: "unlike its predecessor"?"""
    if route.label != "successorOf":
        return False
    beside = {step.word.i for step in route.steps}
    beside |= {before.i for end in route.ends if (before := _apposed(end)) is not None}
    nouns = (t for t in route.tree.tokens if t.i in beside and t.lemma_ in load_hedges()["forerunners"])
    told = (t for t in nouns if not route.tree.named(t) and not is_predicate(t) and not is_none(t))
    return any(child(t, "nmod:poss") is not None for t in told)


def _apposed(name: Token) -> Token | None:
    """The word before a comma, or right before the name that stands behind it, whatever the tree makes of the two."""
    before = [t for t in name.doc[max(0, name.i - _NEAR) : name.i] if t.dep_ not in ("det", "punct", "compound")]
    return before[-1] if before else None


def is_own_site(route: Route) -> bool:
    """Does somebody have a site in a place, whatever is to be done there: "will make it at its plant in Dresden"?"""
    holder, place = route.ends
    site, words = place.head, load_hedges()
    owner, case = child(site, "nmod:poss"), child(site, "case")
    if route.label != "locatedIn" or owner is None or case is None or site.dep_ != "obl":
        return False
    there = case.lower_ in ("at", "from", "in", "inside") and site.lemma_.lower() in words["sites"]
    yet = any(t.lower_ in words["unbuilt"] for t in children(site, "amod", "compound"))
    return there and not yet and (owner.lower_ in ("its", "their") or owner.i == holder.i)


def has_moved(route: Route) -> bool:
    """Has somebody left one employer for another: "left Beta to join Acme"?"""
    words = load_hedges()
    verbs = (step.word for step in route.steps if step.word.dep_ in ("advcl", "xcomp") and step.word.tag_ == "VB")
    return route.label == "worksFor" and any(
        lemmas_of(verb) & (words["hiring"] | words["working"])
        and verb.head.tag_ in ("VBD", "VBN")
        and lemmas_of(verb.head) & words["leaving"]
        for verb in verbs
    )
