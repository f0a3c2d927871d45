"""Which of the things spoken of a description or pronoun stands for: what a reader looks at, as numbers.

Candidates are the things named or taken up in the sentences before, and in the sentence itself. What the narrow rules
of `nominals.py` say is one sign among others; "none of these" is an answer too.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from aigraph.mentions.clauses import UNLIKELY, likely_subject
from aigraph.mentions.places import Role, Spot, above, spot
from aigraph.mentions.references import Reference
from aigraph.mentions.text import Stretch
from aigraph.mentions.words import read_data, words
from aigraph.records import BODY, TECHNOLOGY, EntityType, Mention, MentionKind, Span

if TYPE_CHECKING:
    from pyoxigraph import NamedNode
    from spacy.tokens import Doc, Token

_REACH = 5
"""How many sentences back a candidate may have been spoken of last."""
_TYPES = tuple(
    kind
    for kind in EntityType
    if kind.value
    in ("Company", "Organization", "Person", "Chip", "Architecture", "System", "Software", "AIModel", "Event", "Place")
)
_ROLES = tuple(Role)


@dataclass(slots=True)
class Line:
    """A sentence as far as the article has been read: its place in its block, and the mentions found in it so far."""

    block: Stretch
    doc: Doc
    span: Span
    heading: bool
    mentions: list[Mention]
    spots: dict[int, Spot | None]

    def spot(self, start: int, end: int) -> Spot | None:
        """Where a stretch of the article stands in the tree; kept, for it is asked for again and again."""
        if start not in self.spots:
            self.spots[start] = spot(self.doc, start - self.block.offset, end - self.block.offset)
        return self.spots[start]


@dataclass(frozen=True, slots=True)
class Known:
    """What the article as a whole says of a thing: what it is called, whether it stands in the title, which places it
    is named with, and what else narrows a choice."""

    main: Mention | None
    counts: Counter[NamedNode]
    """How often each thing has been mentioned so far."""
    described: Mapping[str, set[NamedNode]]
    excluded: frozenset[NamedNode]
    traded: frozenset[NamedNode]
    titled: frozenset[NamedNode]
    places: Mapping[NamedNode, frozenset[str]]
    genders: Mapping[NamedNode, str]


_BEHIND = {
    "by": r"by",
    "than": r"than|against|unlike|like|over|beyond|behind|besides|alongside",
    "with": r"with|between|and",
    "of": r"of|from",
    "for": r"for|to|into",
    "in": r"in|at|on|inside|near|under|via|through",
}
"""Words before a name, by what they say of its part in the sentence."""
_BEFORE = re.compile(
    r"\b(?:"
    + "|".join(f"(?P<{name}>{listed})" for name, listed in _BEHIND.items())
    + r") (?:the |its |an? )?(?:[a-z-]+ )?\Z",
    re.IGNORECASE,
)
_PAIR = (
    "same", "one back", "two back", "three back", "further", "after", "other block",
    *(f"role {role.name}" for role in _ROLES), "main clause", "joined", "apart", "first", "last",
    "none between", "one between", "two between", "subject before", "subject lately",
    "name", "nominal", "pronoun", "count", "most", "titled", "main", "heading",
    "fellow argument", "subject of clause", "subject above", "reports", "described", "excluded", "traded", "place",
    "other place",
    *(f"type {kind.value}" for kind in _TYPES), "fits", "gender", "other gender", "rule", "named later",
    "likely subject", "unlikely subject", "owner here", "taken up here", "set beside",
    "is called so", "holds the reference", "in focus",
    *(f"behind {name}" for name in _BEHIND),
)  # fmt: skip
_REFERENCE = (
    "it", "its", "person", "person's", "description", "general", "private", "reporting", "for body", "for technology",
    "opens", "is subject", "says", "owns", *(f"in role {role.name}" for role in _ROLES), "in main clause",
    "rules abstain", "opens block", "alone", "among two", "among many", "with place", "fronted", "nameless subject",
    "quantified subject",
)  # fmt: skip
FEATURES = ("none", *_PAIR, *_REFERENCE)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that a reference may stand for, by its latest mention; with the features of the pair."""

    mention: Mention
    features: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """What a reference of the last line stands for, with what the rules say."""

    reference: Reference
    lines: Sequence[Line]
    known: Known
    by_rule: Mention | None

    @property
    def here(self) -> Line:
        """The sentence that the reference stands in."""
        return self.lines[-1]

    @property
    def position(self) -> int:
        """Where the reference begins in the article."""
        return self.here.block.offset + self.reference.start

    @property
    def own(self) -> Spot | None:
        """Where the reference stands in the tree; None in a block that was not parsed."""
        return self.here.spot(self.position, self.here.block.offset + self.reference.end)

    @property
    def ruled_ahead(self) -> bool:
        """Whether the rules look forward: "Despite its losses, Intel"."""
        return self.by_rule is not None and self.by_rule.span.start > self.position

    @property
    def ruled_by_heading(self) -> bool:
        """Whether the rules take what the heading just above names."""
        return self.by_rule is not None and any(
            line.heading and self.by_rule in line.mentions for line in self.lines[-2:]
        )

    def options(self) -> tuple[list[Candidate], tuple[float, ...]]:
        """All that the reference may stand for, each thing once, and the features of "none of these"."""
        found = self._latest()
        fits = {entity for entity, (_, mention) in found.items() if mention.type in self.reference.types}
        own, words = self.own, _place_words(self.reference, self.here)
        context = self._of_reference(own, len(fits), placed=bool(words))
        shared = _Shared.of(self, found, fits, own, words)
        return (
            [Candidate(m, (0.0, *self._of_pair(shared, back, m), *context)) for back, m in found.values()],
            (1.0, *([0.0] * len(_PAIR)), *context),
        )

    def _latest(self) -> dict[NamedNode, tuple[int, Mention]]:
        """The latest mention of each thing that may be meant, with how many sentences back it stands."""
        found: dict[NamedNode, tuple[int, Mention]] = {}
        for back, line in enumerate(reversed(self.lines[-_REACH - 1 :])):
            for mention in reversed(line.mentions):
                past = back > 0 or mention.span.start < self.position
                if past and mention.entity not in found and self._possible(mention.type):
                    found[mention.entity] = back, mention
        main = self.known.main
        if self.reference.kind is MentionKind.NOMINAL:
            if main is not None and main.entity not in found and self._possible(main.type):
                found[main.entity] = min(len(self.lines) - 1, _REACH + 1), main
            return found
        for mention in self.here.mentions:
            ahead = mention.span.start >= self.here.block.offset + self.reference.end
            if ahead and mention.entity not in found and self._possible(mention.type):
                found[mention.entity] = 0, mention
        return found

    def _possible(self, kind: EntityType) -> bool:
        """Whether something of that type may be meant at all."""
        if not self.reference.is_thing or kind is EntityType.PERSON:
            return not self.reference.is_thing and kind is EntityType.PERSON
        if self.reference.kind is MentionKind.PRONOUN:
            return True
        return kind in (BODY if self.reference.types <= BODY else TECHNOLOGY)

    def _nameless_subject(self, own: Spot | None) -> Token | None:
        """The noun without a name that is the subject of the clause of an owner: "the government wants its share"."""
        if own is None or not self.reference.owns or not self.reference.is_thing:
            return None
        doc, offset = self.here.doc, self.here.block.offset
        for kid in doc[own.clause].children:
            if kid.dep_ in ("nsubj", "nsubj:pass") and kid.pos_ == "NOUN" and kid.i < own.word:
                start = offset + kid.idx
                named = any(m.span.start <= start < m.span.end for m in self.here.mentions)
                return None if named else kid
        return None

    def _of_pair(self, shared: _Shared, back: int, mention: Mention) -> list[float]:
        """The features of the reference and a candidate, in the order of `_PAIR`."""
        reference, known, by_rule = self.reference, self.known, self.by_rule
        here, own, words, position = self.here, shared.own, shared.words, self.position
        entity, line = mention.entity, self.lines[-1 - back]
        ahead = back == 0 and mention.span.start >= position
        place = line.spot(mention.span.start, mention.span.end) if mention in line.mentions else None
        role = place.role if place is not None else Role.OTHER
        fitting = [m for m in line.mentions if m.entity in shared.order and (back or m.span.start < position)]
        between = shared.order.index(entity) if entity in shared.order else 3
        same_clause = back == 0 and own is not None and place is not None and own.clause == place.clause
        governs = (
            back == 0
            and own is not None
            and place is not None
            and role is Role.SUBJECT
            and own.clause != place.clause
            and above(here.doc, place.clause, own.word)
        )
        recent = [entity in each for each in shared.subjects]
        places = known.places.get(entity, frozenset())
        opened = mention.span.start - line.block.offset
        before = _BEFORE.search(line.block.text[max(0, opened - 40) : opened])
        behind = before.lastgroup if before else None
        owned = [m for m in here.mentions if m.entity == entity and m.span.start < position]
        return [
            float(back == 0),
            float(back == 1),
            float(back == 2),
            float(back == 3),
            float(back > 3),
            float(ahead),
            float(line.block is not here.block),
            *(float(role is each) for each in _ROLES),
            float(place is not None and place.main),
            float(place is not None and place.joined),
            float(place is not None and place.apart),
            float(bool(fitting) and fitting[0].entity == entity),
            float(bool(fitting) and fitting[-1].entity == entity),
            float(between == 0),
            float(between == 1),
            float(between == 2),
            float(len(recent) > 1 and recent[1]),
            float(any(recent)),
            float(mention.kind is MentionKind.NAME),
            float(mention.kind is MentionKind.NOMINAL),
            float(mention.kind is MentionKind.PRONOUN),
            math.log1p(known.counts[entity]) / 2,
            float(known.counts[entity] == shared.most),
            float(entity in known.titled),
            float(known.main is not None and entity == known.main.entity),
            float(line.heading),
            float(same_clause and role in (Role.SUBJECT, Role.OBJECT, Role.OBLIQUE) and not reference.owns),
            float(same_clause and role is Role.SUBJECT and reference.owns),
            float(governs),
            float(entity in shared.unlikely),
            float(entity in known.described.get(reference.head, ())),
            float(entity in known.excluded),
            float(entity in known.traded),
            float(bool(words & places)),
            float(bool(words) and bool(places) and not words & places),
            *(float(mention.type is each) for each in _TYPES),
            float(mention.type in reference.types),
            float(bool(reference.head) and known.genders.get(entity) == reference.head),
            float(known.genders.get(entity, reference.head) != reference.head),
            float(by_rule is not None and by_rule.entity == entity),
            float(any(m.entity == entity and m.span.start > position for m in here.mentions)),
            float(back < len(shared.likely) and shared.likely[back] == entity),
            float(back < len(shared.likely) and shared.likely[back] == entity and entity in shared.unlikely),
            float(role is Role.OWNER and back == 0),
            float(bool(owned) and owned[-1].kind is not MentionKind.NAME),
            float(mention.span.end == position - 2 and here.block.text[reference.start - 2] == ","),
            float(
                same_clause
                and role is Role.SUBJECT
                and own is not None
                and here.doc[own.top].head.i == own.clause
                and here.doc[own.clause].pos_ == "NOUN"
            ),
            float(back == 0 and own is not None and place is not None and above(here.doc, place.word, own.word)),
            float(entity == shared.focus),
            *(float(behind == name) for name in _BEHIND),
        ]

    def _of_reference(self, own: Spot | None, fitting: int, *, placed: bool) -> list[float]:
        """The features of the reference alone, in the order of `_REFERENCE`."""
        here, reference = self.here, self.reference
        pronoun = reference.kind is MentionKind.PRONOUN
        role = own.role if own is not None else Role.OTHER
        before = here.block.text[here.span.start : reference.start]
        nameless = self._nameless_subject(own)
        return [
            float(pronoun and reference.is_thing and not reference.owns),
            float(pronoun and reference.is_thing and reference.owns),
            float(not reference.is_thing and not reference.owns),
            float(not reference.is_thing and reference.owns),
            float(not pronoun),
            float(not pronoun and reference.head in _group("general")),
            float(not pronoun and reference.head in _group("private")),
            float(not pronoun and reference.head in _group("reporting")),
            float(reference.types <= BODY),
            float(reference.types <= TECHNOLOGY),
            float(reference.opens),
            float(reference.is_subject),
            float(reference.reports),
            float(reference.owns),
            *(float(role is each) for each in _ROLES),
            float(own is not None and own.main),
            float(self.by_rule is None),
            float(len(self.lines) < 2 or self.lines[-2].block is not here.block),
            float(fitting == 1),
            float(fitting == 2),
            float(fitting > 2),
            float(placed),
            float(bool(_FRONTED.match(before)) and "," not in before),
            float(nameless is not None),
            float(nameless is not None and any(kid.lower_ in _QUANTIFIERS for kid in nameless.children)),
        ]


@dataclass(frozen=True, slots=True)
class _Shared:
    """What all candidates of a reference are compared by."""

    own: Spot | None
    words: frozenset[str]
    """The places that the reference names."""
    most: int
    """How often the one mentioned most has been."""
    order: tuple[NamedNode, ...]
    """Things that fit, the one mentioned last first."""
    subjects: tuple[frozenset[NamedNode], ...]
    """Subjects of the sentences, the last first."""
    likely: tuple[NamedNode | None, ...]
    unlikely: frozenset[NamedNode]
    focus: NamedNode | None
    """What the last description or pronoun of such a kind stood for."""

    @classmethod
    def of(
        cls,
        question: Question,
        found: Mapping[NamedNode, tuple[int, Mention]],
        fits: set[NamedNode],
        own: Spot | None,
        words: frozenset[str],
    ) -> _Shared:
        order = sorted(fits, key=lambda e: (found[e][0], -found[e][1].span.start))
        lines, position = question.lines, question.position
        subjects: list[frozenset[NamedNode]] = []
        likely: list[NamedNode | None] = []
        unlikely: set[NamedNode] = set()
        for back, line in enumerate(reversed(lines[-4:])):
            inside = [m for m in line.mentions if m.entity in fits and (back or m.span.end <= position)]
            subjects.append(
                frozenset(
                    m.entity
                    for m in inside
                    if (place := line.spot(m.span.start, m.span.end)) is not None and place.role is Role.SUBJECT
                )
            )
            if inside:
                cost, best = likely_subject(line.block, inside, reporting=question.reference.reports)
                likely.append(best.entity)
                if cost >= UNLIKELY:
                    unlikely.add(best.entity)
            else:
                likely.append(None)
        return cls(
            own,
            words,
            max((question.known.counts[e] for e in fits), default=0),
            tuple(order),
            tuple(subjects),
            tuple(likely),
            frozenset(unlikely),
            next(
                (
                    m.entity
                    for line in reversed(lines[-3:])
                    for m in reversed(line.mentions)
                    if m.kind is not MentionKind.NAME and m.entity in fits and m.span.end <= position
                ),
                None,
            ),
        )


_QUANTIFIERS = frozenset({"each", "every", "no", "any", "neither", "either", "another"})
_FRONTED = re.compile(
    r"(?:Despite|With|By|Besides|Through|Beyond|Given|Thanks|Because|After|Before|In|On|At|For|Under|Like|Unlike|While"
    r"|When|As|If|Since|To|From|Once|Until) "
)


def _place_words(reference: Reference, here: Line) -> frozenset[str]:
    """The places and nations that a description names: "the Santa Clara firm", "the Dutch start-up"."""
    if reference.kind is MentionKind.PRONOUN:
        return frozenset()
    text, offset = here.block.text, here.block.offset
    opened = _OPENED.search(text[max(here.span.start, reference.end - 60) : reference.end - len(reference.head)])
    if not opened:
        return frozenset()
    start = reference.end - len(reference.head) - len(opened["modifiers"])
    named = {
        m.form.casefold()
        for m in here.mentions
        if m.type is EntityType.PLACE and start <= m.span.start - offset < reference.end
    }
    return frozenset(named) | _nations(opened["modifiers"])


_OPENED = re.compile(r"\b(?:the|this) (?P<modifiers>(?:[\w'.-]+ ){0,4})\Z", re.IGNORECASE)
_NEAR = 30
"""How many characters may part a name from the place that it is named with."""


def _nations(text: str) -> frozenset[str]:
    return frozenset(word for word in re.findall(r"[\w-]+", text.casefold()) if word in words("nationality"))


def named_with(block: Stretch, names: Sequence[Mention]) -> dict[NamedNode, frozenset[str]]:
    """The places and nations beside the names of a block: "Lightelligence of Boston", "Dutch start-up Axelera"."""
    found: dict[NamedNode, frozenset[str]] = {}
    for order, mention in enumerate(names):
        if mention.type not in BODY:
            continue
        start, end = mention.span.start - block.offset, mention.span.end - block.offset
        beside = {
            other.form.casefold()
            for other in (*names[max(order - 1, 0) : order], *names[order + 1 : order + 2])
            if other.type is EntityType.PLACE
            and (
                other.span.start - block.offset - end <= _NEAR
                if other.span.start >= mention.span.end
                else start - (other.span.end - block.offset) <= _NEAR
            )
        }
        found[mention.entity] = (
            found.get(mention.entity, frozenset()) | beside | _nations(block.text[max(0, start - _NEAR) : start])
        )
    return found


@cache
def _group(key: str) -> frozenset[str]:
    return frozenset(word.casefold() for word in read_data("nominals.yaml")[key])
