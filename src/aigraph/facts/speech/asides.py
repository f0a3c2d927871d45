"""Constructions that hedge what joins two names from outside its clause: asides, clefts, questions, bygone days."""

from __future__ import annotations

from collections.abc import Set
from typing import TYPE_CHECKING

from aigraph.facts.speech.hedges import lemmas_of, load_hedges, verbal
from aigraph.facts.words.trees import Tree, child, children, is_negated, is_predicate

if TYPE_CHECKING:
    from aigraph.facts.words.tokens import Token

_SO_FAR = 10
"""Up to which word behind "so" the verb of "so a clerk told us" stands."""
QUOTES = frozenset({'"', "“", "„", "``"})
"""The marks that open a quotation, as the tokenizer of spaCy leaves them."""
_CLOSING_QUOTES = frozenset({'"', "”", "“", "''"})
_BREAKS = frozenset({",", "(", "–", "—", "-"})
_AUXILIARIES = frozenset({"aux", "aux:pass", "cop"})
_ITSELF = frozenset({"he", "it", "she", "they"})


def so_told(tree: Tree) -> Token | None:
    """The verb that makes a sentence somebody's tale: "…, so a clerk told us, …", "…, so rumour has it, …"."""
    tokens = tree.tokens
    for n, token in enumerate(tokens[1:], 1):
        before = tokens[n - 1]
        opened = before.text in (",", "(", "–", "—") or (
            before.lower_ == "or" and n > 1 and tokens[n - 2].text in _BREAKS
        )
        if token.lower_ != "so" or not opened:
            continue
        for other in tokens[n + 1 : n + 1 + _SO_FAR]:
            if other.dep_ == "punct" or (other.pos_ in ("ADJ", "ADV") and other.i == token.i + 1):
                break
            if other.lemma_ in load_hedges()["retelling"] and verbal(other) and other.i > token.i + 1:
                return other
            if other.lemma_ == "have" and other.i + 1 < len(other.doc) and other.nbor(1).lower_ == "it":
                return other
    return None


def is_in_quotes(word: Token) -> bool:
    """Does one word stand in quotation marks by itself, as what only others call so: the Q7 "designed" by Acme?"""
    if not word.i or word.i + 1 >= len(word.doc):
        return False
    return word.nbor(-1).text in QUOTES and word.nbor(1).text in _CLOSING_QUOTES


def is_hearsay(aside: Token) -> bool:
    """Is an aside such as "we hear" or "it is whispered" no source of its own?"""
    teller = child(aside, "nsubj", "nsubj:pass", "expl")
    if teller is None or not verbal(aside):
        return False
    words = load_hedges()
    if child(aside, "aux:pass") is not None:
        return teller.lower_ == "it" and aside.lemma_ in words["said"]
    return teller.lower_ in words["hearers"] and aside.lemma_ in words["hearing"]


def is_never(phrase: Token) -> bool:
    """True for "at no point", "in no way", "under no circumstances"."""
    case = child(phrase, "case")
    if case is None or phrase.lemma_ not in load_hedges()["at_no"] or (case.lower_ == "in" and phrase.lemma_ == "time"):
        return False
    return any(t.lower_ == "no" for t in children(phrase, "det"))


def is_asked(tree: Tree, top: Token) -> bool:
    """Does a sentence ask whether it is so: "Is the Q7 at heart a part for training?", "Acme to buy Beta?"?

    Not where it asks something else of what is so: "Why did Acme buy Beta?".
    """
    marks = [t for t in tree.tokens if t.dep_ == "punct" and t.text not in ('"', "'", "”", "’", ")")]
    if not marks or marks[-1].text != "?" or not is_predicate(top) or tree.named(top):
        return False
    words = [t for t in tree.tokens if t.dep_ not in ("punct", "discourse", "cc")]
    first, subject = words[0], child(top, "nsubj", "nsubj:pass")
    inverted = first.dep_ in _AUXILIARIES and first.head.i == top.i and subject is not None
    if subject is not None and first.i < subject.i and inverted:
        return True
    asks_more = any(t.tag_ in ("WDT", "WP", "WP$", "WRB") or t.dep_ == "mark" for t in tree.tokens if t.lower_ != "to")
    return top.dep_ == "ROOT" and not asks_more and not any(t.tag_ == "MD" or t.dep_ == "aux" for t in tree.tokens)


def is_ironic(tree: Tree) -> bool:
    """Does a sentence begin in irony: "Yeah, right: …", "Oh sure, …"?"""
    words = load_hedges()["ironic"]
    opening = [t for t in tree.tokens[:4] if t.dep_ != "punct"] or list(tree.tokens)
    exclaimed = opening[0].lower_ in ("ah", "oh") and len(opening) > 1
    ironic = opening[0].lower_ in words or (exclaimed and opening[1].lower_ in words | {"yes"})
    return ironic and any(t.text == "," for t in tree.tokens[1:4])


def is_anything_but(tree: Tree, word: Token) -> bool:
    """Is a thing "anything but a rival", "everything but a successor"?"""
    before = [t.lower_ for t in tree.tokens if t.i < word.i and t.head.i != word.i][-2:]
    behind = [t.lower_ for t in tree.tokens if t.i < word.i and t.dep_ != "det"][-2:]
    return any(p in (["anything", "but"], ["everything", "but"]) for p in (before, behind))


def is_cleft_out(end: Token, other: Token) -> bool:
    """Is a name left out by "it was not Acme that made it"?"""
    if child(end, "cop") is None or child(end, "case") is not None or not is_negated(end):
        return False
    if any(is_negated_merely(t) for t in end.children):
        return False  # "it is not only Acme that made it"
    it = any(t.lower_ == "it" for t in children(end, "expl", "nsubj"))
    clauses = children(end, "acl:relcl", "acl", "advcl:relcl", "ccomp", "csubj")
    return it and any(other.i in {t.i for t in clause.subtree} for clause in clauses)


def is_negated_merely(word: Token) -> bool:
    """Is "not" told of "only", "just" and the like, so that it denies nothing?"""
    return word.lower_ in ("not", "n't", "n’t") and word.nbor(1).lower_ in load_hedges()["merely"]


def is_misread_noun(word: Token) -> bool:
    """True for "Claims that …" and "Reports that …" at the head of a sentence, which parsers take for verbs."""
    opens = word.i == 0 or word.nbor(-1).text in (".", "!", "?", '"', "“")
    return opens and word.tag_ == "VBZ" and word.lemma_ in load_hedges()["grounds"] and child(word, "nsubj") is None


def is_bygone(clause: Token) -> bool:
    """True for a clause with "when" about days that are over: "gone are the days when …", "there was a time when …"."""
    days = clause.head
    if days.lemma_ not in load_hedges()["days"] or not any(t.lower_ == "when" for t in clause.children):
        return False
    above = days.head
    if {t.lower_ for t in (above, *children(days, "amod", "acl", "nsubj"))} & load_hedges()["gone"]:
        return True
    return child(above, "expl") is not None and above.tag_ == "VBD"


def is_term(clause: Token) -> bool:
    """True for what a deal provides: "a contract under which Acme supplies Beta"."""
    if (
        clause.dep_ not in ("acl:relcl", "acl")
        or clause.head.lemma_ not in load_hedges()["deals"] | load_hedges()["terms"]
    ):
        return False
    return any(t.lower_ == "which" and child(t, "case") is not None for t in children(clause, "obl"))


def has_run_out(verb: Token, deal: Token) -> bool:
    """Is a deal let run out?"""
    if verb.lemma_ != "let" or deal.lemma_ not in load_hedges()["deals"]:
        return False
    below = (*children(deal, "acl", "acl:relcl"), *children(verb, "xcomp", "ccomp"))
    return any(lemmas_of(t) & load_hedges()["failing"] for t in below)


def has_no_part(tree: Tree, end: Token) -> bool:
    """Does a later clause say that somebody had no hand in it: "Acme sells the Q7; it had no part in the design"?"""
    words = load_hedges()
    for verb in tree.tokens:
        subject, part = child(verb, "nsubj"), child(verb, "obj")
        if (
            verb.lemma_ not in ("have", "play", "take")
            or subject is None
            or part is None
            or part.lemma_ not in words["parts"]
        ):
            continue
        denied = is_negated(verb) or any(t.lower_ == "no" for t in children(part, "det"))
        matter = child(part, "nmod") or child(verb, "obl")
        bare = matter is not None and matter.lemma_.lower() in words["making"] and child(matter, "nmod") is None
        same = subject.lower_ in _ITSELF or subject.i == end.i
        if denied and bare and same and end.i <= subject.i:
            return True
    return False


def is_absent(word: Token) -> bool:
    """True for "with the Q7 gone from its parts"."""
    absent = word.lemma_ in load_hedges()["absent"] and word.tag_ != "VBD"
    return absent and any(t.lower_ == "with" for t in children(word, "mark", "case"))


def gives_way(verb: Token, on: Set[int]) -> bool:
    """Has a thing made way for another? `on` are the indices of the words that join it with something."""
    subject = child(verb, "nsubj")
    way = verb.lemma_ in ("give", "make") and any(t.lower_ == "way" for t in children(verb, "obj"))
    return way and subject is not None and subject.i in on


def _is_parted_way(verb: Token, way: Token) -> bool:
    """True for the "ways" of "parted ways", "parted company" and "went their separate ways"."""
    if verb.lemma_ == "part":
        return way.lemma_ in ("company", "way")
    return way.lemma_ == "way" and any(t.lower_ in ("different", "own", "separate") for t in children(way, "amod"))


def is_parting(verb: Token) -> bool:
    """Do two parties go their own ways?"""
    ways = verb.lemma_ in ("go", "part") and any(_is_parted_way(verb, t) for t in children(verb, "obj", "obl"))
    ways = ways or (verb.lemma_ == "call" and any(t.lower_ == "quits" for t in verb.children))
    return ways or bool(lemmas_of(verb) & load_hedges()["parting"])
