"""Speakers without a name: groups by their label, one of a group, and things that say nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aigraph.facts.speech.cues import load_speakers
from aigraph.facts.speech.heard import OWNERS, Hearing
from aigraph.facts.speech.pronouns import THING
from aigraph.facts.speech.speakers import LONGEST, shortened
from aigraph.facts.words.grammar import function_words
from aigraph.facts.words.trees import children, phrase, preposition
from aigraph.records import UnnamedGroup

if TYPE_CHECKING:
    from aigraph.facts.words.tokens import Token


_ATTACHED = frozenset({"briefed", "close", "familiar", "involved", "polled", "surveyed"})
_TOLD_OF = frozenset({"both", "its", "such", "that", "the", "their", "these", "this", "those"})


def one_of_several(hearing: Hearing, head: Token) -> UnnamedGroup | None:
    """ "One of the analysts", "one of them": somebody of a group, which spoke before where a pronoun stands for it."""
    group = next((t for t in children(head, "nmod") if preposition(t) == "of"), None)
    if group is None or hearing.tree.mention(group) is not None:
        return None
    if group.lower_ not in THING:
        members = labelled(group)
        return UnnamedGroup(f"one of the {members.label}") if members is not None and group.pos_ == "NOUN" else None
    spoken = [a.claimant.label for a in hearing.earlier if isinstance(a.claimant, UnnamedGroup)]
    return UnnamedGroup(f"one of the {spoken[-1]}") if spoken and len(spoken[-1].split()) <= LONGEST else None


def mute(head: Token) -> bool:
    """Does a noun stand for a thing or quality, which says nothing: "the processor promises …", "efficiency says …"?"""
    nouns = load_speakers()
    lemma = head.lemma_.lower()
    if lemma in nouns.things:
        return True
    ends = head.pos_ == "NOUN" and lemma.endswith(tuple(nouns.qualities))
    return ends and lemma not in nouns.bodies | nouns.groups | nouns.works | nouns.company


def is_of_its_own(hearing: Hearing, head: Token) -> bool:
    """Is a plural a group that nobody has been told of: "environmental groups", "executives of two suppliers"?"""
    nouns = load_speakers()
    if head.tag_ != "NNS" or any(t.lower_ in _TOLD_OF for t in children(head, "det", "nmod:poss", "det:predet")):
        return False
    if head.lower_ not in nouns.company:
        return True
    whose = next((t for t in children(head, "nmod") if preposition(t) in OWNERS), None)
    if whose is None or hearing.tree.mention(whose) is not None:
        return False
    return whose.lemma_ not in nouns.company or not any(t.lower_ in _TOLD_OF for t in children(whose, "det"))


def is_indefinite(head: Token) -> bool:
    """Is somebody new to the reader: "an analyst", "two suppliers"?"""
    return any(t.lower_ in ("a", "an", "one", "another", "some", "two", "three", "several") for t in head.children)


def labelled(head: Token) -> UnnamedGroup | None:
    """Somebody without a name by the words of a noun phrase, without articles and the like: "former engineer"."""
    words = phrase(head)
    behind = [t for t in children(head, "acl", "amod") if t.i > head.i and (t.pos_ == "ADJ" or t.lower_ in _ATTACHED)]
    for token in behind:
        words += [token, *(t for t in token.subtree if t is not token)]
    name = head.pos_ == "PROPN"
    texts = [t.text if name else t.lower_ for t in sorted(set(words), key=lambda t: t.i)]
    if texts[:2] == ["according", "to"]:
        texts = texts[2:]
    while len(texts) > 1 and (texts[0].lower() in function_words("left_off") or not texts[0][0].isalnum()):
        texts = texts[1:]
    label = " ".join(shortened(texts)).replace(" 's", "'s")
    return UnnamedGroup(label) if label else None
