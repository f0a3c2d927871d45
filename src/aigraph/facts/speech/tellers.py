"""Who tells something without vouching for it: sources without names, papers, leaflets, plans and models."""

from __future__ import annotations

from collections.abc import Set
from typing import TYPE_CHECKING

from aigraph.facts.speech.cues import load_speakers
from aigraph.facts.speech.hedges import lemmas_of, load_hedges, verbal
from aigraph.facts.words.trees import Tree, child, children

if TYPE_CHECKING:
    from aigraph.facts.words.tokens import Token

_FINITE, _ENDS = frozenset({"VBD", "VBZ", "VBP", "MD"}), frozenset({",", ";", ":", ")"})
_POINTING = 2
"""How many words "point to" has."""
_LOOSE, _FIXED = frozenset({"a", "an", "another", "one"}), frozenset({"the", "that", "this", "these", "those"})


def tattles(tree: Tree, teller: Token) -> bool:
    """Is somebody a mere rumour, or people who are not named: "sources", "two people with knowledge of it"?"""
    if tree.named(teller):
        return False
    words, forms = load_hedges(), _forms(teller)
    known = any(t.lower_ in words["unvouched"] for t in teller.children)
    mill = any(t.lemma_.lower() in words["tattlers"] | words["grounds"] for t in children(teller, "compound"))
    insiders = teller.lemma_ in words["insiders"] and any(t.lower_ in words["knowing"] for t in teller.subtree)
    former = bool(forms & words["staff"]) and any(t.lower_ in ("ex", "former") for t in teller.children)
    counted = teller.lower_ in ("accounts", "handles") and child(teller, "nummod") is not None
    gossips = bool(forms & (words["tattlers"] | words["laypeople"])) or _is_paired(teller) or _is_posted(teller)
    return known or mill or insiders or former or counted or gossips or is_leaked(teller) or _hides_its_name(teller)


def _hides_its_name(teller: Token) -> bool:
    """Does somebody want to stay unnamed: "both asking not to be named", "who declined to be quoted"?"""
    words = load_hedges()
    for named in (t for t in teller.subtree if t.lower_ in ("identified", "named", "quoted") and t.head.i != t.i):
        wanting = named.head
        if named.dep_ != "xcomp" or child(named, "aux:pass") is None:
            continue
        refused = any(
            t.lower_ in ("not", "n't", "n’t") for t in (*children(named, "advmod"), *children(wanting, "advmod"))
        )
        if wanting.lemma_ in ("decline", "refuse") or (refused and wanting.lemma_ in words["asking_not"]):
            return True
    return False


def _is_paired(noun: Token) -> bool:
    """Is it the smart money, a message board or the like?"""
    pairs = load_hedges()["tattling_pairs"]
    return any(f"{t.lower_} {noun.lemma_.lower()}" in pairs for t in children(noun, "amod", "compound"))


def _is_posted(noun: Token) -> bool:
    """Is it what is written on a board, or who writes there: "posts on Weibo", "the Telegram channel Chipwatch"?"""
    words = load_hedges()
    within = [noun, *children(noun, "compound", "nmod")]
    posted = any(_forms(t) & words["postings"] for t in within)
    boards = (t for each in within for t in (each, *children(each, "compound")))
    return posted and any(_forms(t) & words["tattlers"] for t in boards)


def is_leaked(paper: Token) -> bool:
    """Does a clause say of a paper that it leaked: "a slide that was pulled from the recording"?"""
    clauses = children(paper, "acl", "acl:relcl") if paper.pos_ == "NOUN" else ()
    clauses = [*clauses, *(t for clause in clauses for t in children(clause, "conj"))]
    return any(t.lemma_ in load_hedges()["leaking"] for t in clauses) and paper.lemma_ not in load_hedges()["deals"]


def is_supposed(noun: Token) -> bool:
    """Is it a mere supposition: "my hunch", "the assumption in the trade"?"""
    return noun.pos_ == "NOUN" and noun.lemma_ in load_hedges()["suppositions"]


def is_rumoured_by(tree: Tree, word: Token, on: Set[int]) -> bool:
    """Does a source that nobody vouches for tell what a word joins: "gossip has the Q7 in the Z2", "my hunch is that"?

    `on` are the indices of the words that join the names.
    """
    for teller in children(word, "nsubj"):
        if teller.i in on:
            continue
        if word.lemma_ in load_hedges()["claiming"] and tattles(tree, teller):
            return True
        that = any(t.lower_ == "that" for t in children(word, "mark"))
        if that and child(word, "cop") is not None and (is_supposed(teller) or tattles(tree, teller)):
            return True
    return False


def is_name_dropped(word: Token) -> bool:
    """Is a name, or a thing, on everybody's lips: "the name of Acme keeps coming up as the buyer of Beta"?"""
    rounds = load_hedges()["going_round"]
    if word.lemma_ in ("do", "go", "make"):
        return any(t.lemma_ == "round" for t in children(word, "obj"))
    if word.dep_ in ("acl", "acl:relcl") and word.head.lemma_ == "round":
        return True  # "a story is making the rounds that Acme bought Beta", as parsers have it
    if word.lemma_ not in ("name", "story", "tale", "thing"):
        return False
    above = word.head if word.dep_ in ("nsubj", "nsubj:pass") else word
    verbs = (above, *children(above, "xcomp"), *children(word, "acl", "acl:relcl"))
    return any(lemmas_of(verb) & rounds for verb in verbs if verb.i != word.i)


def is_heard_from(word: Token) -> bool:
    """Did somebody have it from somebody: "a consultant had it from a recruiter that"?"""
    if word.dep_ == "acl:relcl":
        word = word.head.head  # what parsers hang on the last of those that it was heard from
    it = any(t.lower_ == "it" for t in children(word, "obj"))
    return word.lemma_ in ("get", "have", "hear") and it and any(t.lower_ == "from" for t in word.subtree)


def is_based_on(word: Token, below: Token) -> bool:
    """Does a word tell what a claim rests on: "the only basis for counting her among its founders"?"""
    words = load_hedges()
    suggested = word.lemma_ in ("hint", "imply", "indicate", "suggest") and word.tag_ == "VB"
    if suggested and below.dep_ == "ccomp":
        return any(t.lower_ == "to" for t in children(word, "mark", "aux"))
    teller = child(word, "nsubj")
    if teller is not None and teller.lemma_ in words["omens"] and below.dep_ == "ccomp":
        return word.lemma_ in ("betray", "confirm", "imply", "indicate", "mean", "show", "suggest", "tell")
    told = below.lemma_ in words["claiming"] | words["guessing"] and below.dep_ in ("acl", "advcl", "nmod", "obl")
    return told and word.lemma_ in words["bases"]


def is_printed(tree: Tree, teller: Token) -> bool:
    """Does a paper of nobody's tell it: "a report said", "the slide says"? Not "its annual report"."""
    words, forms = load_hedges(), _forms(teller)
    kids = {t.lower_ for t in teller.children}
    if not forms & (words["grounds"] | words["printed"]) or kids & words["official"] or child(teller, "nmod:poss"):
        return False
    loose = bool(kids & _LOOSE) or not kids & _FIXED or bool(forms & words["printed"])
    return loose and not any(tree.named(t) for t in teller.subtree)


def is_draft(paper: Token) -> bool:
    """Is a paper one that nobody has signed: "the draft contract", "the term sheet"?"""
    words = load_hedges()
    before = {t.lower_ for t in children(paper, "amod", "compound")}
    contract = paper.lemma_.lower() in words["contracts"] | words["deals"]
    return (contract and bool(before & words["undecided"])) or any(
        f"{text} {paper.lemma_.lower()}" in words["draft_pairs"] for text in before
    )


def is_sworn(tree: Tree, verb: Token) -> bool:
    """Does somebody without a name swear or allege it: "a trader swears"?"""
    teller = child(verb, "nsubj")
    if teller is None or teller.pos_ != "NOUN" or verb.lemma_ not in load_hedges()["swearing"]:
        return False
    return not any(tree.named(t) for t in teller.subtree)


def is_tattler(source: Token) -> bool:
    """Is what "according to" stands before no more than a rumour, or what "in" stands before a leaked paper?"""
    words, case = load_hedges(), child(source, "case")
    if case is None or child(source, "nmod:poss") is not None:
        return False
    leaked = any(t.lower_ in words["unvouched"] for t in source.children) or is_leaked(source)
    forms = _forms(source)
    if case.lower_ in ("according", "per", "via"):
        leaked = leaked or (source.lower_ == "accounts" and child(source, "amod", "det") is None)
        return leaked or bool(forms & (words["tattlers"] | words["laypeople"]))
    if case.lower_ in ("in", "inside", "on", "across", "around", "among"):
        board = source.tag_ in ("NNS", "NNP") or any(t.lower_ == "the" for t in children(source, "det"))
        placed = (board and bool(forms & words["hearsay_places"])) or _is_paired(source)
        return placed or (leaked and case.lower_ in ("in", "on")) or bool(forms & words["told_in"])
    return case.lower_ in ("from", "with", "to") and leaked and source.i < source.head.i


def is_mere_talk(word: Token) -> bool:
    """Is a thing only talked of: "it is in the blogs", "exists so far only in a newsletter"?"""
    words = load_hedges()
    places = words["hearsay_places"] | words["told_in"]
    if child(word, "cop") is not None and _forms(word) & places:
        return any(t.lower_ in ("in", "on") for t in children(word, "case"))
    if word.lemma_ not in ("appear", "exist", "live", "occur"):
        return False
    only = any(t.lower_ in ("just", "merely", "only", "solely") for t in word.subtree)
    return only and any(_forms(t) & (places | words["printed"] | words["tattlers"]) for t in children(word, "obl"))


def is_account(kid: Token) -> bool:
    """True for "by one account", "by some tellings"; by the account of somebody named it is that of a source."""
    words, case = load_hedges(), child(kid, "case")
    if kid.dep_ != "obl" or kid.lemma_ not in words["accounts"] or case is None or child(kid, "nmod:poss"):
        return False
    teller = child(kid, "nmod")
    if teller is not None:
        return bool(_forms(teller) & (words["laypeople"] | words["tattlers"]))
    loose = any(t.lower_ in words["several"] for t in children(kid, "nummod", "det", "amod"))
    loose = loose or any(t.lower_ in words["versions_of"] for t in children(kid, "amod"))
    return loose and case.lower_ in ("by", "in", "on")


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


def is_pointed_to(tree: Tree, ends: tuple[Token, Token]) -> bool:
    """Is it no more than what signs point to: "freight papers point to Acme as the maker of the Q7"?

    By the words alone, as parsers take "point" for anything.
    """
    first, second = sorted(ends, key=lambda end: end.i)
    name = {first.i, *(t.i for t in children(first, "compound", "flat"))}
    opening, behind = min(name), [t for t in tree.tokens if max(name) < t.i < second.i]
    if opening < _POINTING or not behind or behind[0].lower_ != "as":
        return False
    pointing, to = first.doc[opening - 2], first.doc[opening - 1]
    pointed = pointing.lemma_.lower() in ("hint", "point") and to.lower_ in ("at", "to", "toward", "towards")
    return pointed and not any(t.tag_ in _FINITE or t.text in _ENDS for t in behind)


def is_guessed(aside: Token) -> bool:
    """Is an aside without a conjunction somebody's guess: ", local media speculate,"?"""
    if aside.dep_ not in ("advcl", "parataxis") or child(aside, "nsubj") is None or child(aside, "mark", "advmod"):
        return False
    return aside.lemma_ in load_hedges()["guessing"] and aside.i > aside.head.i
