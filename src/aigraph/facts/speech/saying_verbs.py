"""Which verbs say something, by `speech.yaml` and the tree: their kind, and what leaves open what they tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aigraph.facts.speech.cues import load_speech
from aigraph.facts.speech.heard import Hearing
from aigraph.facts.words.trees import (
    antecedent,
    child,
    children,
    is_negated,
    preposition,
    subtree,
)

if TYPE_CHECKING:
    from aigraph.facts.words.tokens import Token


DENIALS = frozenset({"denial", "doubt"})
MUTE = frozenset({"silence", "wish"})
_UNSURE = frozenset({"can", "could", "may", "might", "must", "should"})
_FRACTIONS = frozenset({"fifth", "half", "quarter", "tenth", "third"})
_COMPLETED = frozenset({"let", "make"})
_OTHER = {"agree": frozenset({"on", "to", "with"}), "bet": frozenset({"on"}), "report": frozenset({"to"})}
"""Verbs of saying that are others with a preposition and nothing that is said: "reports to Lee", "agreed on a deal"."""
_EMPTY = frozenset({"no", "nothing"})
"""Objects with which nothing is said: "denies nothing", "said no twice"."""
_REFUSED = frozenset({"dismiss", "reject", "see", "welcome"})
_OFFERS = frozenset(
    {"advance", "appeal", "application", "approach", "bid", "offer", "plan", "proposal", "request", "suit", "takeover"}
)
_QUESTIONS = frozenset({"how", "what", "when", "where", "which", "who", "whose", "why"})
_REFUSING = frozenset({"avoid", "cease", "decline", "fail", "forget", "hesitate", "refrain", "refuse", "stop"})
TELLING = frozenset({"tell", "inform", "remind", "assure", "warn", "notify"})


@dataclass(frozen=True, slots=True)
class Saying:
    """A verb of saying: its token, its lemma with particle as in `speech.yaml`, and its kind there."""

    verb: Token
    lemma: str
    kind: str


def known_verb(hearing: Hearing, token: Token) -> tuple[str, frozenset[str]] | None:
    """The lemma in `speech.yaml` that a verb may be, and the prepositions and particles that go with it."""
    if token.i not in hearing.verbs:
        hearing.verbs[token.i] = _known_verb(hearing, token)
    return hearing.verbs[token.i]


def _known_verb(hearing: Hearing, token: Token) -> tuple[str, frozenset[str]] | None:
    if (
        token.pos_ not in ("VERB", "AUX")
        or token.dep_ in ("amod", "compound", "case", "fixed")
        or hearing.tree.named(token)
    ):
        return None
    objects = children(token, "obj")
    behind = [*objects, *children(token, "obl", "nmod", "advcl"), *(t for o in objects for t in children(o, "nmod"))]
    prepositions = {preposition(t) for t in behind} | {t.lower_ for t in children(token, "compound:prt")}
    prepositions |= {"it" for t in objects if t.lower_ == "it"} | {t.lower_ for t in completion_of(token)}
    lemmas = [f"{token.lemma_}_{p}" for p in sorted(prepositions) if p] + [token.lemma_]
    lemma = next((known for known in lemmas if known in load_speech().by_tree), None)
    return (lemma, frozenset(prepositions)) if lemma is not None else None


def saying_of(hearing: Hearing, token: Token) -> Saying | None:
    """The verb of saying that a token is; None for what leaves open whether it is so."""
    known = known_verb(hearing, token)
    if known is None or is_unspoken(token, *known):
        return None
    lemma = known[0]
    kind = "doubt" if _questions(token, lemma) else load_speech().by_tree[lemma]
    modals = {t.lower_ for t in children(token, "aux")}
    negated = is_negated(token) or any(t.lower_ in ("neither", "nor") for t in token.children)
    open_ = kind in MUTE or modals & _UNSURE or (negated and kind not in ("forecast", "opinion", "denial", "doubt"))
    return None if open_ or _refuses(token) else Saying(token, lemma, kind)


def _questions(verb: Token, lemma: str) -> bool:
    """Does somebody doubt something in asking: "questioned whether customers would come"?"""
    clause = child(verb, "ccomp")
    return lemma == "question" and clause is not None and asks(clause)


def _refuses(verb: Token) -> bool:
    """Does somebody not say what the verb of saying has: "declined to confirm that", "stopped short of saying that"?"""
    above = verb.head if verb.dep_ in ("xcomp", "advcl", "ccomp", "acl") else verb
    above = above.head if above.lower_ == "short" else above
    return above.i != verb.i and above.lemma_ in _REFUSING and not is_negated(above)


def _present(verb: Token) -> bool:
    """Is a verb finite and in the present or future: "sees", "will see", but not "a right to see"?"""
    return verb.tag_ in ("VBZ", "VBP") or (verb.tag_ == "VB" and child(verb, "nsubj") is not None)


def is_unspoken(verb: Token, lemma: str, prepositions: frozenset[str]) -> bool:
    """Does a verb of saying say nothing here: another verb by its particle ("call on"), "when told", "bets on X"?"""
    speech = load_speech()
    clause, thing = child(verb, "ccomp"), child(verb, "obj")
    phrasal = bool(children(verb, "compound:prt")) and "_" not in lemma and clause is None
    agent = child(verb, "obl:agent") is not None or any(preposition(t) == "by" for t in children(verb, "obl"))
    bare = verb.dep_ == "advcl" and verb.tag_ == "VBN" and child(verb, "nsubj", "nsubj:pass", "aux", "aux:pass") is None
    borne = {preposition(t) for t in children(verb, "obl")}
    other = clause is None and thing is None and _OTHER.get(lemma, frozenset()) & borne
    counted = lemma == "count" and "among" in prepositions  # "it counts the bank among its customers"
    had = lemma == "have_it" and clause is None and child(verb, "advmod", "obl") is not None
    valued = speech.by_tree[lemma] == "valued" and not _at_a_figure(verb, lemma.partition("_")[2])
    offered = lemma in _REFUSED and thing is not None and thing.lemma_ in _OFFERS
    told = speech.by_tree[lemma] == "asserted" and lemma != "describe_how" and clause is not None
    past = lemma in speech.present_only and not _present(verb)
    open_ = told and clause is not None and _open(verb, clause)
    compared = _than(verb) and child(verb, "ccomp", "obj", "xcomp") is None
    pawned = lemma == "pledge" and thing is not None and any(preposition(t) == "as" for t in children(verb, "obl"))
    empty = clause is None and thing is not None and thing.lower_ in _EMPTY
    silent = speech.by_tree[lemma] in DENIALS and any(t.lower_ == "nor" for t in children(verb, "cc"))
    none = (phrasal, bare and not agent, other, counted, had, valued, offered, past, open_, asks(verb))
    return any((*none, compared, pawned, empty, silent))


def _than(verb: Token) -> bool:
    """Does a verb only tell what something is compared with: "more than it had promised"?"""
    return any(t.lower_ == "than" for t in children(verb, "mark"))


def _at_a_figure(verb: Token, particle: str) -> bool:
    """Does a verb of valuing have its figure: "puts the cost at $3 billion", not "puts chips into a hall at Porto"?"""
    borne = [t for t in verb.subtree if t.i > verb.i and preposition(t) == particle]
    thing = child(verb, "obj")
    if particle == "at" and thing is not None and (thing.lemma_ == "money" or thing.pos_ in ("NUM", "SYM")):
        return False  # "puts two billion into it, at $87.20 a share"
    return not borne or any(t.pos_ in ("NUM", "SYM") or _numeral(t) for head in borne for t in subtree(head))


def _numeral(token: Token) -> bool:
    return token.text[:1].isdigit() or token.like_num or token.lemma_ in _FRACTIONS


def completion_of(verb: Token) -> list[Token]:
    """What completes a verb to one of saying: "made clear", "let it be known"."""
    return children(verb, "xcomp", "ccomp") if verb.lemma_ in _COMPLETED else []


def speaking_one(verb: Token, subjects: Sequence[Token]) -> Token | None:
    """Of several subjects the speaker: the one behind the verb ("…, says X"), else the nearest one before it."""
    behind = [t for t in subjects if t.i > verb.i]
    subject = behind[0] if behind else subjects[-1] if subjects else None
    return antecedent(subject, verb) if subject is not None else None


def asks(clause: Token) -> bool:
    """Is what is said left open: "whether", "how much"?"""
    return any(t.lower_ in ("whether", "if") and t.dep_ == "mark" for t in clause.children)


def _open(verb: Token, clause: Token) -> bool:
    """Is what is told only a question: "told us how it came about", "without saying what became of it"?"""
    first = min((t for t in subtree(clause) if t.dep_ != "punct"), key=lambda t: t.i)
    told = first.lower_ in _QUESTIONS and first.head.i == clause.i and first.dep_ in ("advmod", "nsubj", "obj", "det")
    announced = any(t.text == ":" and t.i > verb.i for t in verb.subtree)
    return told and first.i > verb.i and clause.dep_ == "ccomp" and not announced
