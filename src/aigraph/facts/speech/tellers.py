"""Who tells something without vouching for it: sources without names, papers, leaflets, plans and models."""

from __future__ import annotations

from collections.abc import Set
from typing import TYPE_CHECKING

from aigraph.facts.speech.cues import load_speakers
from aigraph.facts.speech.hedges import load_hedges, verbal
from aigraph.facts.words.trees import Tree, child, children

if TYPE_CHECKING:
    from aigraph.facts.words.tokens import Token

_FINITE, _ENDS = frozenset({"VBD", "VBZ", "VBP", "MD"}), frozenset({",", ";", ":", ")"})
_LOOSE, _FIXED = frozenset({"a", "an", "another", "one"}), frozenset({"the", "that", "this", "these", "those"})


def tattles(tree: Tree, teller: Token) -> bool:
    """Is somebody a mere rumour, or people who are not named: "sources", "two people with knowledge of it"?"""
    if tree.named(teller):
        return False
    words, forms = load_hedges(), _forms(teller)
    known = any(t.lower_ in words["unvouched"] for t in teller.children)
    mill = any(t.dep_ == "compound" and t.lemma_ in words["tattlers"] | words["grounds"] for t in teller.children)
    insiders = teller.lemma_ in words["insiders"] and any(t.lower_ in words["knowing"] for t in teller.subtree)
    former = bool(forms & words["staff"]) and any(t.lower_ in ("ex", "former") for t in teller.children)
    return known or mill or insiders or former or bool(forms & words["tattlers"])


def is_printed(tree: Tree, teller: Token) -> bool:
    """Does a paper of nobody's tell it: "a report said", "the slide says"? Not "its annual report"."""
    words, forms = load_hedges(), _forms(teller)
    kids = {t.lower_ for t in teller.children}
    if not forms & (words["grounds"] | words["printed"]) or kids & words["official"] or child(teller, "nmod:poss"):
        return False
    loose = bool(kids & _LOOSE) or not kids & _FIXED or bool(forms & words["printed"])
    return loose and not any(tree.named(t) for t in teller.subtree)


def is_sworn(tree: Tree, verb: Token) -> bool:
    """Does somebody without a name swear or allege it: "a trader swears"?"""
    teller = child(verb, "nsubj")
    if teller is None or teller.pos_ != "NOUN" or verb.lemma_ not in load_hedges()["swearing"]:
        return False
    return not any(tree.named(t) for t in teller.subtree)


def is_tattler(source: Token) -> bool:
    """Is what "according to" or "per" stands before no more than a rumour?"""
    words, case = load_hedges(), child(source, "case")
    leaked = any(t.lower_ in words["unvouched"] for t in source.children)
    return case is not None and case.lower_ in ("according", "per") and (leaked or source.lemma_ in words["tattlers"])


def is_account(kid: Token) -> bool:
    """True for "by one account", "by some tellings"; by the account of somebody named it is that of a source."""
    if kid.dep_ != "obl" or kid.lemma_ not in load_hedges()["accounts"] or child(kid, "nmod:poss", "nmod"):
        return False
    case, number = child(kid, "case"), child(kid, "nummod", "det", "amod")
    one = number is not None and number.lower_ in load_hedges()["several"]
    return one and case is not None and case.lower_ in ("by", "in", "on")


def is_called(tree: Tree, word: Token, on: Set[int]) -> bool:
    """Is a name only called so by somebody else: "whom this column called the founder of Acme"?

    `on` are the indices of the words that join the names.
    """
    words, teller = load_hedges(), child(word, "nsubj")
    if word.lemma_ not in words["calling"] or teller is None or teller.i in on or tree.named(teller):
        return False
    return bool(_forms(teller) & (words["printed"] | words["anybody"])) or tattles(tree, teller)


def is_taken_for(word: Token, on: Set[int]) -> bool:
    """Do others take a thing for something: "buyers take the Q7 for the successor to the Q6"?

    `on` are the indices of the words that join the names.
    """
    teller, taken = child(word, "nsubj", "obl:agent"), child(word, "obj", "nsubj:pass")
    if word.lemma_ not in ("hold", "mistake", "take") or not verbal(word) or taken is None or taken.i not in on:
        return False
    if teller is not None and teller.i in on and teller.i != taken.i:
        return False
    behind = (t for t in word.children if t.i in on and t.i > taken.i)
    return any(c.lower_ == "for" for t in behind for c in children(t, "case"))


def is_said_to(tree: Tree, ends: tuple[Token, Token]) -> bool:
    """Is a deed told of a name by hearsay beside it: "Ann Lee, alleged by two of its staff to have founded Acme, …"?

    By the words alone, as parsers hang such asides on anything.
    """
    first, second = sorted(ends, key=lambda end: end.i)
    between = [t for t in tree.tokens if first.i < t.i < second.i]
    for n, token in enumerate(between[:-1]):
        opened = (n == 0 or between[n - 1].text in (",", "(", "–", "—")) or between[n - 1].dep_ in ("flat", "advmod")
        if not opened or token.lower_ not in load_hedges()["told_to"] or token.tag_ != "VBN":
            continue
        behind = between[n + 1 :]
        if any(t.lower_ == "to" for t in behind) and not any(t.tag_ in _FINITE or t.text in _ENDS for t in behind):
            return True
    return False


def is_assumed(word: Token, embedding: Token | None, on: Set[int]) -> bool:
    """Does a plan or model have it so: "the model assumes Acme as a supplier", "the plan has the Q7 in the Z2"?

    `on` are the indices of the words that join the names, `embedding` is what hangs on a word above them.
    """
    words, teller = load_hedges(), child(word, "nsubj")
    here = word.i in on or (embedding is not None and embedding.dep_ == "obj")
    if not here or not verbal(word) or teller is None or teller.i in on:
        return False
    planned = word.lemma_ in ("have", "see", "show") and bool(_forms(teller) & words["plans"])
    return planned or word.lemma_ in words["assuming"]


def is_had(word: Token, on: Set[int]) -> bool:
    """Does a paper have somebody do something: "the Nikkei has Acme making the Q7"?"""
    teller = child(word, "nsubj") if word.lemma_ == "have" and verbal(word) and word.i in on else None
    if teller is None or teller.i in on:
        return False
    doing = any(t.tag_ == "VBG" and t.i in on for t in children(word, "xcomp", "ccomp", "acl", "advcl"))
    return doing and is_paper(teller)


def is_paper(teller: Token) -> bool:
    """Is somebody a newspaper, by name or not: "the Financial Times", "this newspaper"?"""
    papers = load_speakers().papers | load_hedges()["printed"]
    return bool(_forms(teller) & papers)


def _forms(token: Token) -> frozenset[str]:
    """A word as it stands, and its lemma; of a name the tree may have no other."""
    return frozenset({token.lower_, token.lemma_.lower()})


def is_guessed(aside: Token) -> bool:
    """Is an aside without a conjunction somebody's guess: ", local media speculate,"?"""
    if aside.dep_ not in ("advcl", "parataxis") or child(aside, "nsubj") is None or child(aside, "mark", "advmod"):
        return False
    return aside.lemma_ in load_hedges()["guessing"] and aside.i > aside.head.i
