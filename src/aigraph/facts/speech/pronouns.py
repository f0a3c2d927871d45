"""Whose voice a pronoun is: whoever is asked, spoke or is named before, as far as the word fits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from aigraph.facts.speech.heard import Hearing, named_persons, pronoun_of, somebody_before
from aigraph.facts.speech.speakers import AGENTS, latest
from aigraph.facts.speech.talks import interviewee
from aigraph.facts.words.trees import Tree
from aigraph.records import Claimant, EntityType, Mention, MentionKind, UnnamedGroup

if TYPE_CHECKING:
    from aigraph.facts.words.tokens import Token


PERSONAL = frozenset({"he", "she", "him", "her", "his"})
THING = frozenset({"it", "its", "they", "them", "their", "one"})
OWN = frozenset({"i", "we", "you", "us", "my", "our", "me"})
_ADVERBS = 2
_QUANTIFIERS = frozenset({"some", "many", "most", "several", "others", "both", "few", "one", "all", "none"})


def pronoun(hearing: Hearing, head: Token, mention: Mention | None) -> Claimant | None:
    """Who speaks where a pronoun is the speaker; `mention` is what it was resolved to, if to anything."""
    word = head.lower_
    if word in OWN:
        return None
    person = word in PERSONAL
    fits = mention is not None and mention.type in AGENTS and (mention.type == EntityType.PERSON) == person
    resolved = mention.entity if mention is not None and fits else None
    if person:
        near = _same_sentence(hearing, head) or _answering(hearing, head) or _near_person(hearing, head)
        if resolved is not None and not hearing.fits(resolved, word):
            resolved = None
        before = _person_before(hearing, hearing.tree.span(head).start, word)
        sure = isinstance(before, NamedNode) and hearing.called.get(before) == pronoun_of(word)
        if sure and resolved is not None and resolved not in hearing.called:
            resolved = None  # the paragraph names nobody, and the article calls somebody else so
        return near or resolved or before
    inserted = hearing.last_speaker(person=False) if aside(hearing.tree, head) else None
    if inserted is not None or resolved is not None:
        return inserted or resolved
    if word in THING:
        start = hearing.tree.span(head).start
        return hearing.last_speaker(person=False) or latest(hearing.mentions, start, personal=False)
    return UnnamedGroup(word) if word in _QUANTIFIERS else None


def _answering(hearing: Hearing, head: Token) -> Claimant | None:
    """Who is asked, where the article has that word for the person and nobody else has spoken in the answer.

    Answers of a list of questions may be anybody's.
    """
    asked, word = hearing.asked, head.lower_
    types = {m.entity: m.type for m in hearing.mentions}
    spoken = [a.claimant for a in hearing.earlier if isinstance(a.claimant, NamedNode) and a.claimant != asked]
    others = any(types.get(who) == EntityType.PERSON and hearing.fits(who, word) for who in spoken)
    sure = isinstance(asked, NamedNode) and hearing.called.get(asked) == pronoun_of(word)
    return asked if sure and not others else None


def _surest(hearing: Hearing, persons: Sequence[Mention], word: str) -> Mention | None:
    """The last of some persons, those before others whom the article has that very pronoun for."""
    known = [m for m in persons if hearing.called.get(m.entity) == pronoun_of(word)] or list(persons)
    return known[-1] if known else None


def _same_sentence(hearing: Hearing, head: Token) -> Claimant | None:
    """The person who is the subject of a main clause before, in the sentence: "Ann Lee doubts it: she says …"."""
    for token in hearing.tree.tokens:
        if token.i >= head.i:
            break
        mention = hearing.tree.mention(token)
        if mention is None or mention.type != EntityType.PERSON or mention.kind != MentionKind.NAME:
            continue
        top = token
        while top.dep_ in ("appos", "flat", "compound", "nmod:unmarked") and top.head.i != top.i:
            top = top.head
        subject = top.dep_ in ("nsubj", "nsubj:pass") and top.head.dep_ in ("ROOT", "conj", "parataxis")
        if subject and hearing.fits(mention.entity, head.lower_):
            return mention.entity
    return None


def _near_person(hearing: Hearing, head: Token) -> Claimant | None:
    """The last speaker of the block, or the person whom a later sentence of it names."""
    start, text, word = hearing.tree.span(head).start, hearing.text, head.lower_
    opening = hearing.tree.span(hearing.tree.tokens[0]).start
    types = {m.entity: m.type for m in hearing.mentions}
    speakers = [
        a
        for a in hearing.earlier
        if isinstance(a.claimant, NamedNode) and a.cue.start < start and types.get(a.claimant) == EntityType.PERSON
    ]
    speakers = [a for a in speakers if hearing.fits(a.claimant, word)]
    named = [m for m in named_persons(hearing) if hearing.tree.offset <= m.span.start < min(start, opening)]
    named = [m for m in named if hearing.fits(m.entity, word)]
    last = _surest(hearing, named, word)
    unnamed = somebody_before(hearing, start)
    if unnamed is not None and all(m.span.end <= unnamed.cue.start for m in named):
        return unnamed.claimant
    if last is None or not speakers:
        return last.entity if last is not None else speakers[-1].claimant if speakers else None
    later = ". " in text[speakers[-1].cue.end : last.span.start]
    return last.entity if later else speakers[-1].claimant


def _person_before(hearing: Hearing, start: int, word: str) -> Claimant | None:
    """The person last named in the block, else the one that the article speaks of most, else the last one."""
    persons = [m for m in hearing.mentions if m.type == EntityType.PERSON and m.span.start < start]
    persons = [m for m in persons if hearing.fits(m.entity, word)]
    here = [m for m in persons if m.span.start >= hearing.tree.offset and m.kind == MentionKind.NAME]
    last = _surest(hearing, here, word)
    if last is not None:
        return last.entity
    known = [m for m in persons if hearing.called.get(m.entity) == pronoun_of(word)] or persons
    return interviewee(known) or (known[-1].entity if known else None)


def aside(tree: Tree, subject: Token) -> bool:
    """True for a subject right between a sign and its verb: ", she adds"; a colon or semicolon opens a new clause."""
    before = next((t for t in reversed(tree.tokens) if t.i < subject.i), None)
    return (
        before is not None
        and before.dep_ == "punct"
        and before.text not in (":", ";")
        and 0 < subject.head.i - subject.i <= _ADVERBS
    )
