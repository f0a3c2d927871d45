"""Words that stand for an organization where no antecedent was found for them: "we", "our", "their", "the start-up".

The search for mentions resolves what a text says of a thing by itself. Who "we" are follows from who speaks, and what
"the company" is, where no sentence before tells, from what the passage is about. Such stand-ins count for relations and
deals alone: they are no mentions of the article.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pyoxigraph import NamedNode

from aigraph.facts.patterns.passages import STAND_IN, context_company, own_company
from aigraph.facts.speech.attribution import AttributionReader
from aigraph.facts.speech.spoken import covering
from aigraph.facts.words.sentences import within
from aigraph.facts.words.tokens import Token, tokens_of
from aigraph.records import (
    BODY,
    BlockKind,
    Document,
    EntityType,
    Mention,
    MentionKind,
    Mentions,
    ReadBlock,
    Sentence,
    Span,
)
from aigraph.resources import parse_yaml

_SKIPPED = frozenset({BlockKind.METADATA, BlockKind.TABLE_ROW})
_POINTING = frozenset({"the", "this", "that"})
_BESIDE = 60
"""How many characters may stand between a person and the organization for which it speaks."""


def with_stand_ins(document: Document, mentions: Mentions, attributions: AttributionReader) -> Mentions:
    """The mentions of an article and the stand-ins between them."""
    found = list(mentions.mentions)
    employers = _employers(document, mentions)
    for block in document.blocks:
        if block.block.kind not in _SKIPPED:
            for sentence in block.sentences:
                found += _Reader(document, block, sentence, mentions, attributions, employers).read()
    if len(found) == len(mentions.mentions):
        return mentions  # what was read with them counts on
    return Mentions(tuple(sorted(found)), mentions.entities)


@dataclass(frozen=True, slots=True)
class _Reader:
    """One sentence of an article; `employers` are for whom its persons speak."""

    document: Document
    block: ReadBlock
    sentence: Sentence
    mentions: Mentions
    attributions: AttributionReader
    employers: Mapping[NamedNode, Mention]

    @property
    def _inside(self) -> Sequence[Mention]:
        return within(self.mentions.mentions, self.sentence.span)

    def read(self) -> Iterator[Mention]:
        """The stand-ins of the sentence, in order."""
        words, inside = _words(), self._inside
        base = self.block.block.span.start
        for token in tokens_of(self.block.doc)[self.sentence.first : self.sentence.last]:
            span = Span(base + token.idx, base + token.idx + len(token.text))
            if any(m.span.overlaps(span) for m in inside):
                continue
            word = token.lower_
            if word in words["speakers"]:
                antecedent = self._speaker(span)
            elif word in words["plural"]:
                antecedent = self._last_named(span)
            elif word in words["firms"] and self._points_back(token):
                antecedent = self._company()
            else:
                continue
            if antecedent is not None:
                kind = MentionKind.NOMINAL if word in words["firms"] else MentionKind.PRONOUN
                yield Mention(
                    span, antecedent.entity, antecedent.type, token.text, kind, STAND_IN, antecedent.antecedent
                )

    def _points_back(self, token: Token) -> bool:
        """ "the start-up", "the Austin-based maker of chips": nothing that a name or a clause tells apart."""
        if token.pos_ not in ("NOUN", "PROPN") or token.tag_ in ("NNS", "NNPS"):
            return False
        kids = list(token.children)
        pointing = any(kid.lower_ in _POINTING and kid.i < token.i for kid in kids)
        apart = any(kid.dep_ in ("acl:relcl", "appos", "flat", "nmod:poss") for kid in kids)
        governed = token.dep_ in ("appos", "compound", "nmod:unmarked")
        return pointing and not apart and not governed

    def _speaker(self, span: Span) -> Mention | None:
        """The organization for which somebody speaks who says "we"."""
        said = covering(self.attributions.find(self.document, self.block, self.mentions.mentions), span)
        for attribution in said[:1]:
            who = attribution.claimant
            if isinstance(who, NamedNode):
                body = next((m for m in self.mentions.mentions if m.entity == who and m.type in BODY), None)
                return body or self.employers.get(who)
        return None

    def _last_named(self, span: Span) -> Mention | None:
        """The one organization that the sentence before names."""
        number = self.block.sentences.index(self.sentence)
        if not number:
            return None
        before = within(self.mentions.mentions, self.block.sentences[number - 1].span)
        bodies = {m.entity: m for m in before if m.type in BODY}
        here = any(m.type in BODY and m.span.start < span.start for m in self._inside)
        return next(iter(bodies.values())) if len(bodies) == 1 and not here else None

    def _company(self) -> Mention | None:
        here = {m.entity for m in self._inside if m.type in BODY}
        found = context_company(
            self.document, self.block, self.mentions, before=self.sentence.span.start, prefer_own=True
        )
        return None if found is None or found.entity in here else found


def _employers(document: Document, mentions: Mentions) -> dict[NamedNode, Mention]:
    """For whom each person speaks: the organization beside its name where it is named first, else the article's own."""
    found: dict[NamedNode, Mention] = {}
    own = next((m for m in mentions.mentions if m.entity == own_company(mentions)), None)
    for block in document.blocks:
        for sentence in block.sentences:
            inside = within(mentions.mentions, sentence.span)
            bodies = [m for m in inside if m.type in BODY]
            for person in inside:
                if person.type is not EntityType.PERSON or person.entity in found:
                    continue
                near = min(bodies, key=lambda m: _distance(m.span, person.span), default=None)
                beside = near if near and _distance(near.span, person.span) <= _BESIDE else own
                if beside is not None:
                    found[person.entity] = beside
    return found


def _distance(one: Span, other: Span) -> int:
    return max(one.start - other.end, other.start - one.end, 0)


@cache
def _words() -> Mapping[str, frozenset[str]]:
    data = parse_yaml(Path(__file__).with_name("standins.yaml").read_text(encoding="utf-8"))
    return {name: frozenset(words) for name, words in data.items()}
