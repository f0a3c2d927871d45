"""What the language model finds between names, references and figures, sentence by sentence, and its chances.

The rules say why they hold something for a fact; the network has read more sentences than anybody writes rules for.
Relations, deals and claims use both, each in its own way.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from pyoxigraph import NamedNode

from aigraph.facts.figures.reading import sentence_quantities
from aigraph.facts.words.sentences import within
from aigraph.facts.words.tokens import tokens_of
from aigraph.language import FIGURE, Link, LinkReader
from aigraph.language.whole import SYMMETRIC
from aigraph.records import BlockKind, Document, Mention, MentionKind, Mentions, ReadBlock, Sentence, Span

MARKS = ("denied", "open", "rumoured")
LIKELY = 0.5
"""The chance from which the network holds something for a fact."""
WORTH_WEIGHING = 0.2
"""The chance from which a link is a candidate."""
_SPEAKING = frozenset({"NOUN", "PROPN", "PRON"})
_SKIPPED = frozenset({BlockKind.METADATA})
_LONGEST = 4000
"""Characters beyond which a sentence is no prose."""


@dataclass(frozen=True, slots=True)
class Told:
    """What holds between two places of a sentence: the last words of their phrases, with the mentions or figures there.

    `denied`, `open` (a condition, a wish, a question) and `rumoured` are chances of their own.
    """

    label: str
    first: Span
    second: Span
    chance: float
    denied: float = 0.0
    open: float = 0.0
    rumoured: float = 0.0
    first_mention: Mention | None = None
    second_mention: Mention | None = None


def _standing_for(told: Told, ends: Mapping[int, Mention]) -> Told:
    first = told.first_mention or ends.get(told.first.end)
    second = told.second_mention or ends.get(told.second.end)
    if first is told.first_mention and second is told.second_mention:
        return told
    return replace(told, first_mention=first, second_mention=second)


@dataclass(frozen=True, slots=True)
class SentenceLinks:
    """All that the network finds in a sentence, the likeliest first, and the mentions that it looked at.

    `labels` are those that it has learnt: of a relation that was added since it says nothing.
    """

    told: tuple[Told, ...] = ()
    mentions: tuple[Mention, ...] = ()
    labels: frozenset[str] = frozenset()

    def of(self, *labels: str) -> Iterator[Told]:
        """What has one of some labels."""
        return (told for told in self.told if told.label in labels)

    def between(self, label: str, first: NamedNode, second: NamedNode) -> Told | None:
        """The likeliest link of two entities that the sentence mentions; None if it lacks one, or knows no such label.

        A symmetric relation counts in both directions.
        """
        here = {entity for mention in self.mentions for entity in mention.entities}
        if first not in here or second not in here or label not in self.labels:
            return None
        ends = ((first, second), (second, first)) if label in SYMMETRIC else ((first, second),)
        for told in self.of(label):
            if told.first_mention and told.second_mention:
                ones, others = told.first_mention.entities, told.second_mention.entities
                if any(one in ones and other in others for one, other in ends):
                    return told
        return Told(label, self.mentions[0].span, self.mentions[0].span, 0.0)

    def affirmed(self) -> SentenceLinks:
        """The same links with no denial heard."""
        told = tuple(replace(told, denied=0.0) if told.denied else told for told in self.told)
        return replace(self, told=told)

    def standing_for(self, ends: Mapping[int, Mention]) -> SentenceLinks:
        """The same links with mentions for words that had none, by where mentions end."""
        told = tuple(_standing_for(t, ends) for t in self.told)
        more = [m for t in told for m in (t.first_mention, t.second_mention) if m is not None]
        mentions = tuple({m.span: m for m in (*self.mentions, *more)}.values())
        return SentenceLinks(told, mentions, self.labels)

    def best(self, label: str, figure: Span, *, mentioned: bool = False) -> Told | None:
        """The likeliest thing that a figure has by a label, of mentions alone if asked so."""
        found = (told for told in self.of(label) if told.first.overlaps(figure))
        return next((told for told in found if told.second_mention is not None or not mentioned), None)


@dataclass(frozen=True, slots=True)
class ArticleLinks:
    """The links of an article by the numbers of its sentences."""

    sentences: dict[int, SentenceLinks] = field(default_factory=dict)

    def at(self, sentence: Sentence) -> SentenceLinks:
        """Those of one sentence."""
        return self.sentences.get(sentence.index, _NONE)

    def standing_for(self, mentions: Mentions) -> ArticleLinks:
        """The same links with more mentions than they were found with: words at their ends may stand for something."""
        ends = {mention.span.end: mention for mention in mentions.mentions}
        return ArticleLinks({index: found.standing_for(ends) for index, found in self.sentences.items()})


_NONE = SentenceLinks()
NO_LINKS = ArticleLinks()
"""What the rules go by alone."""


class LinkFinder:
    """Finds the links of articles; one instance serves any number of them."""

    def __init__(self) -> None:
        self._reader = LinkReader()

    def find(self, document: Document, mentions: Mentions) -> ArticleLinks:
        """The links of all sentences."""
        found: dict[int, SentenceLinks] = {}
        for block in document.blocks:
            if block.block.kind in _SKIPPED:
                continue
            for sentence in block.sentences:
                if sentence.span.end - sentence.span.start > _LONGEST:
                    continue
                found[sentence.index] = self._read(document, block, sentence, mentions)
        return ArticleLinks(found)

    def _read(self, document: Document, block: ReadBlock, sentence: Sentence, mentions: Mentions) -> SentenceLinks:
        inside = [m for m in within(mentions.mentions, sentence.span) if m.span in sentence.span]
        figures = sentence_quantities(document.article.text, sentence.span, mentions.mentions)
        base = block.block.span.start
        tokens = [t for t in tokens_of(block.doc)[sentence.first : sentence.last] if not t.is_space]
        ends = [base + t.idx + len(t.text) for t in tokens]

        def last(stretch: Span) -> int | None:
            """The last token of a stretch."""
            place = bisect_left(ends, stretch.end)
            return tokens[place].i if place < len(tokens) else None

        kinds: dict[int, str] = {}
        mentioned: dict[int, Mention] = {}
        for mention in inside:
            at = last(mention.span)
            if at is not None:
                mentioned[at] = mention
                if mention.kind == MentionKind.NAME:
                    kinds[at] = mention.type.value
        for figure in figures:
            at = last(figure.span)
            if at is not None:
                kinds.setdefault(at, FIGURE)
        if not kinds and not mentioned:
            return SentenceLinks()
        firsts = {t.i for t in tokens if t.i in kinds or t.i in mentioned or t.pos_ in _SPEAKING}
        links = self._reader.read(block.doc, sentence.first, sentence.last, kinds, firsts)
        linked = {place for link in links for place in (link.first, link.second)}
        spans = {t.i: Span(base + t.idx, base + t.idx + len(t.text)) for t in tokens if t.i in linked}
        return SentenceLinks(_told(links, spans, mentioned), tuple(mentioned.values()), self._reader.labels)


def _told(links: Sequence[Link], spans: dict[int, Span], mentioned: dict[int, Mention]) -> tuple[Told, ...]:
    marks = {(link.first, link.second, link.label): link.chance for link in links if link.label in MARKS}

    def mark(link: Link, name: str) -> float:
        return marks.get((link.first, link.second, name), 0.0)

    told = [
        Told(
            link.label,
            spans[link.first],
            spans[link.second],
            link.chance,
            mark(link, "denied"),
            mark(link, "open"),
            mark(link, "rumoured"),
            mentioned.get(link.first),
            mentioned.get(link.second),
        )
        for link in links
        if link.label not in MARKS
    ]
    return tuple(sorted(told, key=lambda t: (-t.chance, t.first, t.second, t.label)))
