"""What a sentence takes for granted in naming it, whatever it denies or foretells: "its Q7", "its predecessor"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aigraph.facts.speech.hedges import DEALS, is_none, lemmas_of, load_hedges
from aigraph.facts.speech.routes import Route
from aigraph.facts.words.trees import child, children, is_negated, is_predicate

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


def is_settled(route: Route) -> bool:
    """Does a contract that has been made provide for a deed: "under a deal signed on Monday, Acme will buy Beta"?"""
    words = load_hedges()
    if route.label not in DEALS or not any(t.lower_ in ("shall", "will") for t in children(route.top, "aux")):
        return False
    contracts = (t for t in route.tree.tokens if t.lemma_.lower() in words["contracts"] and not route.tree.named(t))
    return any(_is_made(contract) for contract in contracts)


def _is_made(contract: Token) -> bool:
    """Has a contract been made: "a signed agreement", "under a deal of May"? Not "under the proposed deal"."""
    words = load_hedges()
    unmade = words["possible"] | words["rumoured"] | words["void"]
    if is_none(contract) or any(t.lower_ in unmade for t in contract.children):
        return False
    made = any(t.lower_ in words["sealed"] for t in children(contract, "amod", "acl"))
    verb = contract.head
    passive = contract.dep_ == "nsubj:pass" and child(verb, "aux:pass") is not None
    done = (contract.dep_ == "obj" or passive) and verb.tag_ in ("VBD", "VBN") and not is_negated(verb)
    done = done and verb.lower_ in words["sealed"] and child(verb, "mark") is None
    under = any(t.lower_ == "under" for t in children(contract, "case"))
    return made or done or (under and any(t.lower_ in ("a", "an") for t in children(contract, "det")))


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
