"""What a reader looks at to tell which thing a description or pronoun stands for, as numbers.

The names of the numbers are in `FEATURES`, in the order in which the network takes them (`ranking.py`).
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aigraph.mentions.antecedents import Line, Question
from aigraph.mentions.clauses import UNLIKELY, likely_subject
from aigraph.mentions.descriptions import group, nations
from aigraph.mentions.places import Role, Spot, above
from aigraph.mentions.references import Reference
from aigraph.records import BODY, TECHNOLOGY, EntityType, Mention, MentionKind

if TYPE_CHECKING:
    from pyoxigraph import NamedNode

_TYPES = tuple(
    kind
    for kind in EntityType
    if kind.value
    in ("Company", "Organization", "Person", "Chip", "Architecture", "System", "Software", "AIModel", "Event", "Place")
)
_ROLES = tuple(Role)
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
_QUANTIFIERS = frozenset({"each", "every", "no", "any", "neither", "either", "another"})
_FRONTED = re.compile(
    r"(?:Despite|With|By|Besides|Through|Beyond|Given|Thanks|Because|After|Before|In|On|At|For|Under|Like|Unlike|While"
    r"|When|As|If|Since|To|From|Once|Until) "
)
_OPENED = re.compile(r"\b(?:the|this) (?P<modifiers>(?:[\w'.-]+ ){0,4})\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that a reference may stand for, by its latest mention; with the features of the pair."""

    mention: Mention
    features: tuple[float, ...]


def options(question: Question) -> tuple[list[Candidate], tuple[float, ...]]:
    """All that a reference may stand for, each thing once, and the features of "none of these"."""
    found = question.latest()
    fits = {entity for entity, (_, mention) in found.items() if mention.type in question.reference.types}
    own, words = question.own, _place_words(question.reference, question.here)
    context = _of_reference(question, own, len(fits), placed=bool(words))
    shared = _Shared.of(question, found, fits, own, words)
    return (
        [Candidate(m, (0.0, *_Pair.of(question, shared, back, m).features(), *context)) for back, m in found.values()],
        (1.0, *([0.0] * len(_PAIR)), *context),
    )


@dataclass(frozen=True, slots=True)
class _Pair:
    """A reference and a candidate, the latest mention of a thing so many sentences back.

    `line` is the candidate's sentence, `place` where it stands in the tree of that, `role` its part there.
    """

    question: Question
    shared: _Shared
    back: int
    mention: Mention
    line: Line
    place: Spot | None
    role: Role

    @classmethod
    def of(cls, question: Question, shared: _Shared, back: int, mention: Mention) -> _Pair:
        """The pair with what the tree says of the candidate."""
        line = question.lines[-1 - back]
        place = line.spot(mention.span.start, mention.span.end) if mention in line.mentions else None
        return cls(question, shared, back, mention, line, place, place.role if place is not None else Role.OTHER)

    def features(self) -> list[float]:
        """The features of the pair, in the order of `_PAIR`."""
        return [
            *self._distance(),
            *self._standing(),
            *self._turn(),
            *self._thing(),
            *self._clause(),
            *self._told(),
            *self._kind(),
            *self._signs(),
        ]

    @property
    def _same_clause(self) -> bool:
        own, place = self.shared.own, self.place
        return self.back == 0 and own is not None and place is not None and own.clause == place.clause

    def _distance(self) -> list[float]:
        """How far back the candidate is."""
        ahead = self.back == 0 and self.mention.span.start >= self.question.position
        back = self.back
        return [
            *(float(back == each) for each in range(4)),
            float(back > 3),
            float(ahead),
            float(self.line.block is not self.question.here.block),
        ]

    def _standing(self) -> list[float]:
        """What part the candidate has in its sentence."""
        place = self.place
        return [
            *(float(self.role is each) for each in _ROLES),
            float(place is not None and place.main),
            float(place is not None and place.joined),
            float(place is not None and place.apart),
        ]

    def _turn(self) -> list[float]:
        """Which of the things that fit it is: of those of its sentence, of those named last, of late subjects."""
        entity, order, position = self.mention.entity, self.shared.order, self.question.position
        fitting = [m for m in self.line.mentions if m.entity in order and (self.back or m.span.start < position)]
        between = order.index(entity) if entity in order else 3
        recent = [entity in each for each in self.shared.subjects]
        return [
            float(bool(fitting) and fitting[0].entity == entity),
            float(bool(fitting) and fitting[-1].entity == entity),
            *(float(between == each) for each in range(3)),
            float(len(recent) > 1 and recent[1]),
            float(any(recent)),
        ]

    def _thing(self) -> list[float]:
        """How the candidate is mentioned, here and in the article."""
        mention, known = self.mention, self.question.known
        return [
            float(mention.kind is MentionKind.NAME),
            float(mention.kind is MentionKind.NOMINAL),
            float(mention.kind is MentionKind.PRONOUN),
            math.log1p(known.counts[mention.entity]) / 2,
            float(known.counts[mention.entity] == self.shared.most),
            float(mention.entity in known.titled),
            float(known.main is not None and mention.entity == known.main.entity),
            float(self.line.heading),
        ]

    def _clause(self) -> list[float]:
        """Whether the candidate stands in the clause of the reference, or in one above it."""
        own, place, role, owns = self.shared.own, self.place, self.role, self.question.reference.owns
        governs = (
            self.back == 0
            and own is not None
            and place is not None
            and role is Role.SUBJECT
            and own.clause != place.clause
            and above(self.question.here.doc, place.clause, own.word)
        )
        return [
            float(self._same_clause and role in (Role.SUBJECT, Role.OBJECT, Role.OBLIQUE) and not owns),
            float(self._same_clause and role is Role.SUBJECT and owns),
            float(governs),
        ]

    def _told(self) -> list[float]:
        """What the article tells of the candidate that a description may take up."""
        entity, known, head = self.mention.entity, self.question.known, self.question.reference.head
        words, places = self.shared.words, known.places.get(self.mention.entity, frozenset())
        return [
            float(entity in self.shared.unlikely),
            float(entity in known.described.get(head, ())),
            float(entity in known.excluded),
            float(entity in known.traded),
            float(bool(words & places)),
            float(bool(words) and bool(places) and not words & places),
        ]

    def _kind(self) -> list[float]:
        """What the candidate is, and whether that fits."""
        entity, reference, genders = self.mention.entity, self.question.reference, self.question.known.genders
        by_rule, position = self.question.by_rule, self.question.position
        return [
            *(float(self.mention.type is each) for each in _TYPES),
            float(self.mention.type in reference.types),
            float(bool(reference.head) and genders.get(entity) == reference.head),
            float(genders.get(entity, reference.head) != reference.head),
            float(by_rule is not None and by_rule.entity == entity),
            float(any(m.entity == entity and m.span.start > position for m in self.question.here.mentions)),
        ]

    def _signs(self) -> list[float]:
        """Other signs: a likely subject, an owner, what stands right beside, the word before the candidate."""
        entity, back, role, shared = self.mention.entity, self.back, self.role, self.shared
        here, own, position = self.question.here, shared.own, self.question.position
        likely = back < len(shared.likely) and shared.likely[back] == entity
        owned = [m for m in here.mentions if m.entity == entity and m.span.start < position]
        opened = self.mention.span.start - self.line.block.offset
        before = _BEFORE.search(self.line.block.text[max(0, opened - 40) : opened])
        behind = before.lastgroup if before else None
        comma = self.mention.span.end == position - 2 and here.block.text[self.question.reference.start - 2] == ","
        called = (
            self._same_clause
            and role is Role.SUBJECT
            and own is not None
            and here.doc[own.top].head.i == own.clause
            and here.doc[own.clause].pos_ == "NOUN"
        )
        place = self.place
        return [
            float(likely),
            float(likely and entity in shared.unlikely),
            float(role is Role.OWNER and back == 0),
            float(bool(owned) and owned[-1].kind is not MentionKind.NAME),
            float(comma),
            float(called),
            float(back == 0 and own is not None and place is not None and above(here.doc, place.word, own.word)),
            float(entity == shared.focus),
            *(float(behind == name) for name in _BEHIND),
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


def _of_reference(question: Question, own: Spot | None, fitting: int, *, placed: bool) -> list[float]:
    """The features of the reference alone, in the order of `_REFERENCE`."""
    here, reference = question.here, question.reference
    pronoun = reference.kind is MentionKind.PRONOUN
    role = own.role if own is not None else Role.OTHER
    before = here.block.text[here.span.start : reference.start]
    nameless = question.nameless_subject()
    return [
        float(pronoun and reference.is_thing and not reference.owns),
        float(pronoun and reference.is_thing and reference.owns),
        float(not reference.is_thing and not reference.owns),
        float(not reference.is_thing and reference.owns),
        float(not pronoun),
        float(not pronoun and reference.head in group("general")),
        float(not pronoun and reference.head in group("private")),
        float(not pronoun and reference.head in group("reporting")),
        float(reference.types <= BODY),
        float(reference.types <= TECHNOLOGY),
        float(reference.opens),
        float(reference.is_subject),
        float(reference.reports),
        float(reference.owns),
        *(float(role is each) for each in _ROLES),
        float(own is not None and own.main),
        float(question.by_rule is None),
        float(len(question.lines) < 2 or question.lines[-2].block is not here.block),
        float(fitting == 1),
        float(fitting == 2),
        float(fitting > 2),
        float(placed),
        float(bool(_FRONTED.match(before)) and "," not in before),
        float(nameless is not None),
        float(nameless is not None and any(kid.lower_ in _QUANTIFIERS for kid in nameless.children)),
    ]


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
    return frozenset(named) | nations(opened["modifiers"])
