"""An article as the network for whole articles takes it: words, entities, figures, times, and what rules found."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from pyoxigraph import NamedNode

from aigraph.facts.figures.reading import sentence_quantities
from aigraph.facts.links.finder import NO_LINKS, ArticleLinks
from aigraph.facts.links.findings import LABELS
from aigraph.language.whole import (
    PAIR_LABELS,
    RELATIONS,
)
from aigraph.records import (
    BlockKind,
    Claim,
    Document,
    Facts,
    MentionKind,
    Mentions,
    Modality,
    Period,
    Polarity,
    Quantity,
    Sentence,
    Span,
    UnnamedGroup,
)
from aigraph.vocab import AIG

_MANNERS = {MentionKind.NAME: 0, MentionKind.NOMINAL: 1, MentionKind.PRONOUN: 2}
_WORTH_HEARING = 0.05
"""The chance from which the language model's links are shown to the network."""
OTHER, NOBODY = -1, -2
"""What is no entity of the article; nothing at all."""
_Figure = tuple[int, int, Quantity]
_Stretch = tuple[int, int]


class Ruled(NamedTuple):
    """What rules and the model of sentences found in an article, with the times that its sentences name."""

    facts: Facts
    links: ArticleLinks
    periods: tuple[Period, ...]


NOTHING_RULED = Ruled(Facts((), (), ()), NO_LINKS, ())
"""What the network has to do without, now and then, while it learns."""


@dataclass(frozen=True, slots=True)
class Found:
    """What rules found of a pair of entities: a label, how sure they are, whether it is denied or only supposed."""

    first: int
    second: int
    label: str
    confidence: float
    hedged: bool


@dataclass(frozen=True, slots=True)
class Held:
    """What rules have for a figure: about and claimant (an entity, `OTHER` or `NOBODY`), modality, times."""

    about: int
    claimant: int
    modality: Modality
    times: frozenset[str]


@dataclass(frozen=True, slots=True)
class Story:
    """An article in words. Words, entities, figures and times are called by their numbers.

    `ends` has where each word ends in the article, `sentences` the sentence of each word, `opens` whether it begins a
    block. `mentions` are (first word, word behind the last, entity, manner, type), `figures` and `times` have a stretch
    of words each. `links` are the chances of the language model for (entity, entity, label) with the chance that it is
    no fact, `linked` those for what a figure is about. `voiced` has those who say what a sentence tells, by the rules.
    """

    words: tuple[str, ...]
    sentences: tuple[int, ...]
    opens: tuple[bool, ...]
    spans: tuple[Sentence, ...]
    entities: tuple[NamedNode, ...]
    types: tuple[str, ...]
    mentions: tuple[tuple[int, int, int, int, str], ...]
    figures: tuple[_Figure, ...]
    times: tuple[tuple[int, int, Period], ...]
    found: tuple[Found, ...] = ()
    links: Mapping[tuple[int, int, str], tuple[float, float]] = field(default_factory=dict)
    held: Mapping[int, Held] = field(default_factory=dict)
    linked: Mapping[int, Mapping[int, float]] = field(default_factory=dict)
    voiced: Mapping[int, frozenset[int]] = field(default_factory=dict)


def period_names(period: Period) -> frozenset[str]:
    """What tells a time from others."""
    return frozenset(name for name in (period.edtf, period.fiscal) if name)


@dataclass(slots=True)
class _Layout:
    """The words of an article: where each begins and ends, the number of its sentence, and whether it opens a block."""

    words: list[str] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    sentences: list[int] = field(default_factory=list)
    opens: list[bool] = field(default_factory=list)
    spans: list[Sentence] = field(default_factory=list)

    def stretch(self, span: Span) -> _Stretch | None:
        """The words of a stretch of the text, as numbers of the first and behind the last."""
        first, last = bisect_right(self.ends, span.start), bisect_left(self.starts, span.end)
        return (first, last) if first < last else None


def _laid_out(document: Document) -> _Layout:
    laid = _Layout()
    for block in document.blocks:
        for number, sentence in enumerate(block.sentences):
            first = True
            for token in block.doc[sentence.first : sentence.last]:
                if token.is_space:
                    continue
                start = block.block.span.start + token.idx
                laid.words.append(token.text)
                laid.starts.append(start)
                laid.ends.append(start + len(token.text))
                laid.sentences.append(len(laid.spans))
                laid.opens.append(first and number == 0)
                first = False
            laid.spans.append(sentence)
    return laid


def _quantities(document: Document, mentions: Mentions) -> list[Quantity]:
    """The figures of the sentences of an article, in order."""
    text = document.article.text
    sentences = (s for block in document.blocks if block.block.kind != BlockKind.METADATA for s in block.sentences)
    return [found for each in sentences for found in sentence_quantities(text, each.span, mentions.mentions)]


def story_of(document: Document, mentions: Mentions, ruled: Ruled = NOTHING_RULED) -> Story:
    """The article with what was found in it."""
    facts, links, periods = ruled
    laid = _laid_out(document)
    stretch = laid.stretch
    numbers = {entity.iri: number for number, entity in enumerate(mentions.entities)}
    places = []
    for mention in mentions.mentions:
        at = stretch(mention.span)
        if at is not None:
            for iri in mention.entities:
                if iri in numbers:
                    places.append((*at, numbers[iri], _MANNERS[mention.kind], mention.type.value))
    told = _quantities(document, mentions)
    figures = [(*at, quantity) for quantity in told if (at := stretch(quantity.span)) is not None]
    times: dict[_Stretch, Period] = {}
    for period in periods:
        at = stretch(period.span)
        if at is not None and period_names(period):
            times.setdefault(at, period)
    return Story(
        tuple(laid.words),
        tuple(laid.sentences),
        tuple(laid.opens),
        tuple(laid.spans),
        tuple(numbers),
        tuple(entity.type.value for entity in mentions.entities),
        tuple(places),
        tuple(figures),
        tuple((*at, period) for at, period in sorted(times.items(), key=lambda item: item[0])),
        tuple(_found(facts, numbers)),
        _links(links, numbers),
        _held(facts, figures, numbers),
        _linked(links, figures, numbers),
        _voiced(facts, laid.spans, numbers),
    )


def is_hedged(modality: Modality, polarity: Polarity) -> bool:
    """Is a finding denied, or only supposed?"""
    return modality == Modality.HYPOTHETICAL or polarity == Polarity.NEGATED


def _found(facts: Facts, numbers: Mapping[NamedNode, int]) -> Iterator[Found]:
    for statement in facts.statements:
        first, second = numbers.get(statement.subject), numbers.get(statement.object)
        label = AIG.local(statement.predicate)
        if first is not None and second is not None and label in RELATIONS:
            hedged = is_hedged(statement.modality, statement.polarity)
            yield Found(first, second, label, statement.confidence, hedged)
    for deal in facts.partnerships:
        label, (one, other) = LABELS[deal.kind]
        roles = dict(deal.roles)
        hedged = is_hedged(deal.modality, deal.polarity)
        for a in roles.get(one, ()):
            for b in roles.get(other, ()):
                first, second = numbers.get(a), numbers.get(b)
                if first is not None and second is not None and first != second and (one != other or first < second):
                    yield Found(first, second, label, deal.confidence, hedged)


def _links(links: ArticleLinks, numbers: Mapping[NamedNode, int]) -> Mapping[tuple[int, int, str], tuple[float, float]]:
    found: dict[tuple[int, int, str], tuple[float, float]] = {}
    for sentence in links.sentences.values():
        for told in sentence.of(*PAIR_LABELS):
            if told.first_mention is None or told.second_mention is None or told.chance < _WORTH_HEARING:
                continue
            for a in told.first_mention.entities:
                for b in told.second_mention.entities:
                    if a in numbers and b in numbers and a != b:
                        key = numbers[a], numbers[b], told.label
                        if told.chance > found.get(key, (0.0, 0.0))[0]:
                            found[key] = told.chance, max(told.denied, told.open)
    return found


def _held(facts: Facts, figures: Sequence[_Figure], numbers: Mapping[NamedNode, int]) -> Mapping[int, Held]:
    places = {quantity.span: number for number, (_, _, quantity) in enumerate(figures)}
    found: dict[int, Held] = {}
    for claim in facts.claims:
        number = places.get(claim.quantity.span) if claim.quantity is not None else None
        if number is None:
            continue
        about = numbers.get(claim.about, OTHER) if isinstance(claim.about, NamedNode) else OTHER
        times = period_names(claim.period) if claim.period is not None else frozenset[str]()
        found[number] = Held(about, claimant_number(claim, numbers), claim.modality, times)
    return found


def claimant_number(claim: Claim, numbers: Mapping[NamedNode, int]) -> int:
    """Who says a claim: the number of an entity, `OTHER` or `NOBODY`."""
    if claim.claimant is None:
        return NOBODY
    return OTHER if isinstance(claim.claimant, UnnamedGroup) else numbers.get(claim.claimant, OTHER)


def _voiced(facts: Facts, spans: Sequence[Sentence], numbers: Mapping[NamedNode, int]) -> Mapping[int, frozenset[int]]:
    places = {sentence.span: number for number, sentence in enumerate(spans)}
    found: dict[int, set[int]] = {}
    for claim in facts.claims:
        told = (places.get(span) for span in claim.evidence) if claim.claimant is not None else ()
        for number in told:
            if number is not None:
                found.setdefault(number, set()).add(claimant_number(claim, numbers))
    return {number: frozenset(who) for number, who in found.items()}


def _linked(
    links: ArticleLinks, figures: Sequence[_Figure], numbers: Mapping[NamedNode, int]
) -> Mapping[int, Mapping[int, float]]:
    found: dict[int, dict[int, float]] = {}
    for sentence in links.sentences.values():
        for told in sentence.of("about"):
            if told.second_mention is None:
                continue
            for number, (_, _, quantity) in enumerate(figures):
                if quantity.span.overlaps(told.first):
                    for entity in told.second_mention.entities:
                        if entity in numbers:
                            chances = found.setdefault(number, {})
                            chances[numbers[entity]] = max(chances.get(numbers[entity], 0.0), told.chance)
    return found
