"""What is said, by syntax: the clause, infinitive or object of a verb of saying, what it comments on or quotes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from aigraph.facts.speech.bounds import gives_name
from aigraph.facts.speech.cues import load_speakers, load_speech
from aigraph.facts.speech.heard import Hearing
from aigraph.facts.speech.saying_verbs import TELLING, Saying, asks, completion_of, speaking_one
from aigraph.facts.words.trees import (
    child,
    children,
    is_predicate,
    is_relative,
    own_subject,
    preposition,
    subtree,
)
from aigraph.records import EntityType

if TYPE_CHECKING:
    from aigraph.facts.words.tokens import Token


_SHORT = 5
"""Up to how many words behind a verb hold no quotation."""
_YEAR = 4
"""Digits of a year."""
_CLAUSES = ("ccomp", "parataxis", "csubj")
_JUDGED = frozenset({"believe", "calculate", "consider", "estimate", "find", "hold", "judge", "reckon", "think"})
"""Verbs whose object has an infinitive: "found the chip to reach 71%"."""
_TIMES = frozenset({"after", "as", "before", "once", "since", "until", "when", "while"})


def said_by(hearing: Hearing, saying: Saying) -> tuple[list[Token], bool]:
    """The words that are said, and whether they have a verb of their own."""
    verb = saying.verb
    clauses = [t for t in children(verb, *_CLAUSES) if t.dep_ != "parataxis" or _announced(verb, t)]
    if known := completion_of(verb):
        clauses = [t for t in (*clauses, *(c for k in known for c in children(k, "ccomp"))) if t not in known]
    inverted = own_subject(verb)
    if inverted is not None and inverted.i > verb.i:
        clauses = [t for t in clauses if t.i < verb.i or is_predicate(t)]
    if clauses and _when(hearing, verb):
        clauses = clauses[:1]
    quoted = [] if clauses else _behind_colon(hearing, verb)
    if quoted or (clauses and (saying.kind == "doubt" or not asks(clauses[0]))):
        return quoted or [t for c in (*clauses, *_stray(verb)) for t in subtree(c)], True
    bare = _stray(verb) if not children(verb, "obj", "xcomp", "obl") else []
    if (clauses and saying.kind == "asserted") or bare:
        return [t for part in bare for t in subtree(part)] if not clauses else [], not clauses
    behind = _parenthetical(hearing, verb)
    if behind is not None:
        return [t for t in subtree(behind, without=[verb]) if t.dep_ != "punct" or t.head.i != behind.i], True
    if told := _infinitive(hearing, saying) or _answer(verb, inverted):
        return told, True
    judged = [t for t in children(verb, "xcomp") if t.pos_ in ("ADJ", "NOUN") and child(t, "mark") is None]
    seen = saying.lemma in _SEEN or (saying.lemma == "find" and bool(judged))
    if seen and child(verb, "obj") is not None and not gives_name(hearing.tree, verb):
        return [t for t in subtree(verb) if t.i > verb.i], True
    return [] if gives_name(hearing.tree, verb) else _object(hearing, saying), False


def _behind_colon(hearing: Hearing, verb: Token) -> list[Token]:
    """A quotation that a verb announces right before it, whatever the tree makes of its words: "she commented: "…""."""
    behind = [t for t in hearing.tree.tokens if t.i > verb.i]
    if len(behind) <= _SHORT or behind[0].text != ":" or behind[1].text not in ('"', "“"):
        return []
    end = next((n for n, t in enumerate(behind) if n > 1 and t.text in ('"', "”")), len(behind))
    return behind[2:end]


def _infinitive(hearing: Hearing, saying: Saying) -> list[Token]:
    """What is told by an infinitive: "claims to have", "expects sales to grow", "found the Q7 to reach 71%"."""
    verb, free = saying.verb, saying.lemma in load_speech().with_infinitive
    thing = child(verb, "obj") if saying.lemma in _JUDGED else None
    definite = thing is not None and (thing.tag_ == "PRP" or hearing.tree.mention(thing) is not None)
    if not free and (thing is None or not (definite or saying.lemma not in ("find", "hold"))):
        return []
    infinitives = [t for t in children(verb, "xcomp") if free or child(t, "mark") is not None]
    objects = children(verb, "obj", "iobj") if infinitives else []
    return [t for part in (*objects, *infinitives) for t in subtree(part)]


def _answer(verb: Token, inverted: Token | None) -> list[Token]:
    """What is answered before a verb and its speaker: "Yes, says Orrin"."""
    bare = inverted is not None and inverted.i > verb.i and child(verb, "obj", "xcomp") is None
    if not bare or inverted is None or not children(verb, "discourse"):
        return []
    return [t for t in subtree(verb, without=[inverted]) if t.i != verb.i]


def _stray(verb: Token) -> list[Token]:
    """A second subject before the speaker belongs to what is said, whatever the tree makes of it."""
    subjects = children(verb, "nsubj", "nsubj:pass")
    speaker = speaking_one(verb, subjects)
    return [t for t in subjects if speaker is None or (t.i != speaker.i and not is_relative(t))]


_SEEN = frozenset(
    {"brand", "call", "characterise", "characterize", "consider", "deem", "describe", "dismiss", "hail", "label",
     "regard", "see", "view"}
)  # fmt: skip


def _announced(verb: Token, clause: Token) -> bool:
    """Does what is said stand behind a colon or in quotation marks, as in "She said: …"?"""
    if clause.i < verb.i or child(verb, "obj") is not None:
        return False
    start = min(t.i for t in subtree(clause) if t.dep_ != "punct")
    between = verb.doc[verb.i + 1 : start]
    return any(t.text in (":", '"', "“") for t in between)


def _when(hearing: Hearing, verb: Token) -> bool:
    """Does a sentence open with "When X said that …", so that a second clause is its main one?"""
    first = hearing.tree.tokens[0].i
    return any(t.lower_ in _TIMES and t.i == first for t in children(verb, "advmod", "mark"))


def _object(hearing: Hearing, saying: Saying) -> list[Token]:
    verb, lemma = saying.verb, saying.lemma
    speech = load_speech()
    allowed = speech.with_object | speech.with_object_of_person | speech.by_tree_with_object
    subject = hearing.tree.subject(verb)
    nouns = load_speakers()
    found = lemma in speech.findings and subject is not None and subject.lemma_ in nouns.works
    finders = subject is not None and (subject.lower_ in nouns.groups or _person(hearing, subject))
    measured = lemma == "find" and finders and holds_sum([t for o in children(verb, "obj") for t in subtree(o)])
    found = found or bool(measured)
    if lemma not in allowed and not found:
        return _quoted(verb)
    particle = lemma.partition("_")[2]
    heads = children(verb, "obj", "obl:unmarked") if lemma not in TELLING else []
    heads = [t for t in heads if not (verb.dep_ == "acl:relcl" and is_relative(t))]
    heads += [t for t in children(verb, "obl", "xcomp") if t.i > verb.i]
    if particle and not heads:
        heads = [t for t in children(verb, "obl") if preposition(t) == particle]
    if not any(
        t.dep_ in ("obj", "obl:unmarked", "xcomp") or preposition(t) in (particle, "of", "about", "for") for t in heads
    ):
        relative = verb.dep_ == "acl:relcl" and saying.kind in ("forecast", "promise") and not heads
        return subtree(verb.head, without=[verb]) if relative else []
    said = [t for head in heads for t in subtree(head)]
    figures = holds_sum(said) or any(t.pos_ == "NUM" and _many(t) for t in said)
    return said if lemma not in speech.of_figures or figures else []


def _person(hearing: Hearing, token: Token) -> bool:
    mention = hearing.tree.mention(token)
    return mention is not None and mention.type == EntityType.PERSON


def holds_sum(tokens: Sequence[Token]) -> bool:
    """Do some words hold a sum or a share?"""
    return any(t.pos_ == "SYM" or t.lower_ in ("%", "percent") for t in tokens)


def _many(token: Token) -> bool:
    """Is a number too large, or too exact, for one of things at hand: "58,000", "3.5", but not "2" or "2027"?"""
    digits = [c for c in token.text if c.isdigit()]
    return len(digits) > 1 and not (len(digits) == _YEAR and token.text.isdigit())


def _quoted(verb: Token) -> list[Token]:
    """What stands in quotation marks right behind a verb that takes no object."""
    parts = [t for t in children(verb, "obj", "obl", "xcomp", "advmod", "dep") if t.i > verb.i]
    quoted = [t for t in parts if any(u.text in '"“”' for u in t.children)]
    return [t for part in quoted for t in subtree(part)]


def _parenthetical(hearing: Hearing, verb: Token) -> Token | None:
    """What a verb without a clause of its own comments on: ", X said", "A, says X, is B", "…," said X."""
    mark = child(verb, "mark")
    relative = any(is_relative(t) for t in verb.children if t.dep_ in ("nsubj", "obj"))
    objects = [t for t in children(verb, "obj", "xcomp") if t.lower_ != "it" and t not in completion_of(verb)]
    bare = not objects or verb.lemma_ in TELLING
    if relative or not bare or verb.head.i == verb.i:
        return None
    if mark is not None:
        comments = mark.lower_ == "as" and verb.dep_ == "advcl" and verb.tag_ != "VBG"
    else:
        comments = (verb.dep_ == "parataxis" and not _afresh(hearing, verb)) or _inserted(hearing, verb)
    return _whole(hearing, verb.head, verb) if comments else None


def _afresh(hearing: Hearing, verb: Token) -> bool:
    """Does a clause begin behind a semicolon, so that it is no comment on the one before?"""
    left = min((t.i for t in subtree(verb) if t.dep_ != "punct"), default=verb.i)
    before = next((t for t in reversed(hearing.tree.tokens) if t.i < left), None)
    return before is not None and before.text == ";"


def _inserted(hearing: Hearing, verb: Token) -> bool:
    """Does a clause with a subject of its own stand behind a sign, and hang on a noun as no clause like it can?"""
    hung = ("acl:relcl", "acl", "dep", "appos", "advcl")
    if verb.dep_ not in hung or child(verb, "nsubj") is None or child(verb, "mark", "advmod") is not None:
        return False
    left = min((t.i for t in subtree(verb) if t.dep_ != "punct"), default=verb.i)
    before = next((t for t in reversed(hearing.tree.tokens) if t.i < left), None)
    return before is not None and before.text in (",", "—", "–", '"', "”", "(")


def _whole(hearing: Hearing, token: Token, verb: Token) -> Token:
    """The clause that a parenthetical speaks of: all of the sentence but what other clauses of it are coordinate."""
    clause = hearing.tree.clause(token)
    while clause.dep_ not in ("conj", "parataxis", "ROOT") and clause.head.i != clause.i:
        if clause.dep_ == "acl:relcl" and verb.i < clause.i:
            break  # "of which a rack, it says, needs two": the clause that it stands in, not what that hangs on
        clause = hearing.tree.clause(clause.head)
    return clause
