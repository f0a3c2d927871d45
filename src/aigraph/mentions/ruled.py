"""What a description or pronoun stands for by rule: what was the subject before is still spoken of.

The rule is narrow: where nothing fits, it abstains.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from pyoxigraph import NamedNode

from aigraph.mentions.clauses import (
    UNLIKELY,
    bound_elsewhere,
    clause_start,
    heads_clause,
    likely_subject,
    one_of_several,
    own_clause_start,
    owned_by_another,
)
from aigraph.mentions.descriptions import excluding, group
from aigraph.mentions.references import Reference
from aigraph.mentions.text import Stretch
from aigraph.mentions.words import read_data
from aigraph.records import BODY, TECHNOLOGY, EntityType, Mention, MentionKind, Span

_REACH = 3
"""How many sentences back a name may lie."""
_CLAUSE_OPENING = re.compile(r"(?:, (?:and|but|while|whereas)|;) (?:with|by|through|despite|thanks to) $")
_FINITE = re.compile(r" (?:has|have|had|is|are|was|were|will|[a-z]+(?:s|ed))\b")
_PHRASE = 5
"""How many words the thing owned may take in such a phrase."""
_OPENING = re.compile(r"(?:Despite|With|By|Besides|Through|Beyond|Given|Thanks to|Because of|After|Before) ")
_EXAMPLE = re.compile(r"\b(?:such as|like|including) (?:[^.;:]{0,60}(?:, | and | or ))?\Z")
_ONE_OF_MANY = re.compile(r" and (?:other|others|similar|rival|its (?:rivals|peers|partners))\b")
"""What makes names examples of the subject, not the subject."""


@dataclass(slots=True)
class Story:
    """What was spoken of so far: the mentions of each sentence in order, and how things were described."""

    main: Mention | None
    described: dict[str, set[NamedNode]]
    owners: dict[str, set[NamedNode]]
    listed_firms: frozenset[NamedNode]
    sentences: list[list[Mention]] = field(default_factory=list)
    genders: dict[NamedNode, str] = field(default_factory=dict)

    def learn(self, reference: Reference, antecedent: Mention) -> None:
        """Keep how the article speaks of a person where nobody else can be meant."""
        persons = {m.entity for here in self.sentences[-2:] for m in here if m.type is EntityType.PERSON}
        if not reference.is_thing and reference.kind is MentionKind.PRONOUN and persons == {antecedent.entity}:
            self.genders.setdefault(antecedent.entity, reference.head)


def antecedent_by_rule(block: Stretch, sentence: Span, reference: Reference, story: Story) -> Mention | None:
    """The mention that a reference takes up, None where it is unsure."""
    ahead = _ahead(block, sentence, reference, story.sentences[-1])
    if ahead is not None:
        return ahead
    recent = [_fitting(here, block, reference, story) for here in story.sentences[-_REACH - 1 :]]
    named = _by_description(block, reference, recent, story)
    if named is not None:
        return named
    current = recent[-1]
    if reference.kind is MentionKind.NOMINAL:
        current = _beside_subject(block, reference, current)
    elif owned_by_another(block, sentence, reference) or (
        not current and not reference.opens and bound_elsewhere(block, sentence, reference, story.sentences[-1])
    ):
        return None
    if current and not reference.opens:
        return _in_clause(block, sentence, reference, current)
    subject = {m.entity for m in recent[-1]} - {m.entity for m in current}
    found = _earlier(block, reference, [[m for m in here if m.entity not in subject] for here in recent[-2::-1]], story)
    if found is None and EntityType.COMPANY in reference.types and reference.kind is MentionKind.NOMINAL:
        main = story.main
        return main if main and main.entity not in subject and _fitting([main], block, reference, story) else None
    return found


def _ahead(block: Stretch, sentence: Span, reference: Reference, here: Sequence[Mention]) -> Mention | None:
    """The subject that an opening phrase looks ahead to: "Despite its losses, Intel grew"."""
    if reference.kind is not MentionKind.PRONOUN or not reference.owns or not reference.is_thing:
        return None
    if (subject := _after_phrase(block, sentence, reference, here)) is not None:
        return subject
    if not _OPENING.match(block.text, sentence.start) or "," in block.text[sentence.start : reference.start]:
        return None
    comma = block.text.find(", ", reference.end, sentence.end)
    for mention in here:
        start, end = mention.span.start - block.offset, mention.span.end - block.offset
        if start == comma + 2 and mention.type in BODY | TECHNOLOGY and re.match(r" [a-z]+", block.text[end:]):
            return mention
    return None


def _after_phrase(block: Stretch, sentence: Span, reference: Reference, here: Sequence[Mention]) -> Mention | None:
    """The subject right behind a phrase that opens a later clause: "…, and with its new chip Intel has caught up"."""
    if not _CLAUSE_OPENING.search(block.text[sentence.start : reference.start]):
        return None
    for mention in here:
        start, end = mention.span.start - block.offset, mention.span.end - block.offset
        if start < reference.end or mention.type not in BODY or mention.kind is not MentionKind.NAME:
            continue
        between = block.text[reference.end : start]
        if (
            len(between.split()) <= _PHRASE
            and not re.search(r"[;:.(]|, \w", between)
            and _FINITE.match(block.text, end)
        ):
            return mention
        return None
    return None


def _earlier(
    block: Stretch, reference: Reference, earlier: Sequence[Sequence[Mention]], story: Story
) -> Mention | None:
    """The subject of the nearest sentence before that has one; who merely reported there only for want of others."""
    fallback: Mention | None = None
    for distance, fitting in enumerate(earlier):
        candidates = [m for m in fitting if m.entity in story.genders] or fitting
        vague = reference.is_subject and not reference.types <= BODY
        if (
            reference.kind is MentionKind.PRONOUN
            and reference.is_thing
            and distance > 0
            and (vague or any(story.sentences[-2:-1]))
        ):
            break
        if candidates:
            cost, mention = likely_subject(block, candidates, reporting=reference.reports)
            if one_of_several(block, mention, candidates) or _between_persons(reference, candidates):
                return None
            if cost < UNLIKELY:
                return mention
            fallback = fallback or mention
    return fallback


def _between_persons(reference: Reference, candidates: Sequence[Mention]) -> bool:
    """Whether "he" may be either of two persons of whom the article has not said "he" before."""
    return not reference.is_thing and len({m.entity for m in candidates}) > 1


def _fitting(here: Sequence[Mention], block: Stretch, reference: Reference, story: Story) -> list[Mention]:
    """The mentions before a reference that it may stand for."""
    position = block.offset + reference.start
    later: set[NamedNode] = set()
    if reference.is_subject:
        # who is named later in the sentence is somebody else
        later = {m.entity for m in story.sentences[-1] if m.span.start >= position and m.kind is MentionKind.NAME}
    private = reference.head in group("private")
    excluded = {e for head in excluding(reference.head) for e in story.described.get(head, ())}
    excluded -= story.described.get(reference.head, set())
    return [
        m
        for m in here
        if m.span.end <= position
        and m.type in reference.types
        and m.entity not in later | excluded
        and (reference.is_thing or story.genders.get(m.entity, reference.head) == reference.head)
        and not (private and m.entity in story.listed_firms)
        and not (reference.is_subject and _ONE_OF_MANY.match(block.text, max(0, m.span.end - block.offset)))
        and not (reference.is_subject and _EXAMPLE.search(block.text[: max(0, m.span.start - block.offset)]))
        and not (
            reference.kind is MentionKind.PRONOUN
            and m.span.end == position - 2
            and block.text[reference.start - 2] == ","
        )
    ]


def _by_description(
    block: Stretch, reference: Reference, recent: Sequence[Sequence[Mention]], story: Story
) -> Mention | None:
    """Who was called so before, owns what follows, or did what the description says."""
    candidates = [m for here in recent for m in here]
    called = story.described.get(reference.head, set())
    if reference.head in group("general"):
        called = set()
    if reference.kind is MentionKind.NOMINAL and (found := [m for m in candidates if m.entity in called]):
        return found[-1]
    if reference.kind is MentionKind.NOMINAL and reference.owns:
        owned = re.compile(r"'s (?:[a-z-]+ ){0,2}").match(block.text, reference.end)
        things = [m for m in story.sentences[-1] if owned and m.span.start == block.offset + owned.end()]
        owners = {owner for thing in things for word in thing.form.split() for owner in story.owners.get(word, ())}
        if len(owners) == 1 and (found := [m for m in candidates if m.entity in owners]):
            return found[-1]
    deeds = read_data("nominals.yaml")["by_deed"].get(reference.head, [])
    for mention in reversed(candidates if deeds else ()):
        end = mention.span.end - block.offset
        if end > 0 and re.match(rf" (?:{'|'.join(deeds)})\b", block.text[end:]):
            return mention
    return None


def _beside_subject(block: Stretch, reference: Reference, current: Sequence[Mention]) -> list[Mention]:
    """Without the subject of the clause: a description of an object means somebody else ("X chose the start-up")."""
    general = reference.head in group("general")
    if not current or (reference.owns and general) or EntityType.COMPANY not in reference.types:
        return list(current)
    opened = clause_start(block.text, reference.start)
    clause = [m for m in current if m.span.start - block.offset >= opened]
    others = [m for m in current if m.entity != (clause or current)[0].entity]
    if clause and general and block.text[(end := clause[0].span.end - block.offset) : end + 2] == "'s":
        # its development, not the company itself, is the subject
        return list(current)
    if clause:
        opening = not block.text[opened : clause[0].span.start - block.offset].strip(' "')
        return (others if general and reference.is_subject else others[-1:]) if opening or not others else list(current)
    return others[-1:] if others and not general and not reference.is_subject else list(current)


def _in_clause(block: Stretch, sentence: Span, reference: Reference, current: Sequence[Mention]) -> Mention:
    """The antecedent within the same sentence: in the same clause where it has one, else the subject before."""
    opened = max(own_clause_start(block.text, reference.start), sentence.start)
    inside = [m for m in current if m.span.start - block.offset >= opened]
    if not reference.is_thing:
        return inside[-1] if inside else current[0]
    if reference.kind is MentionKind.PRONOUN and not reference.reports:
        own = [m for m in inside if heads_clause(block.text, m.span.start - block.offset, m.span.end - block.offset)]
        if own:
            return own[-1]
    return likely_subject(block, inside or current, reporting=reference.reports and not inside)[1]
