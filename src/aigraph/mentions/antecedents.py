"""Which of the things spoken of a description or pronoun may stand for, and what is known of them.

Candidates are the things named or taken up in the sentences before, and in the sentence itself. What the narrow rules
of `nominals.py` say is one sign among others; "none of these" is an answer too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aigraph.mentions.places import Spot, spot
from aigraph.mentions.references import Reference
from aigraph.mentions.text import Stretch
from aigraph.records import BODY, TECHNOLOGY, EntityType, Mention, MentionKind, Span

if TYPE_CHECKING:
    from pyoxigraph import NamedNode
    from spacy.tokens import Doc, Token

REACH = 5
"""How many sentences back a candidate may have been spoken of last."""


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

    def latest(self) -> dict[NamedNode, tuple[int, Mention]]:
        """The latest mention of each thing that may be meant, with how many sentences back it stands."""
        found: dict[NamedNode, tuple[int, Mention]] = {}
        for back, line in enumerate(reversed(self.lines[-REACH - 1 :])):
            for mention in reversed(line.mentions):
                past = back > 0 or mention.span.start < self.position
                if past and mention.entity not in found and self._possible(mention.type):
                    found[mention.entity] = back, mention
        main = self.known.main
        if self.reference.kind is MentionKind.NOMINAL:
            if main is not None and main.entity not in found and self._possible(main.type):
                found[main.entity] = min(len(self.lines) - 1, REACH + 1), main
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

    def nameless_subject(self) -> Token | None:
        """The noun without a name that is the subject of the clause of an owner: "the government wants its share"."""
        own = self.own
        if own is None or not self.reference.owns or not self.reference.is_thing:
            return None
        doc, offset = self.here.doc, self.here.block.offset
        for kid in doc[own.clause].children:
            if kid.dep_ in ("nsubj", "nsubj:pass") and kid.pos_ == "NOUN" and kid.i < own.word:
                start = offset + kid.idx
                named = any(m.span.start <= start < m.span.end for m in self.here.mentions)
                return None if named else kid
        return None
