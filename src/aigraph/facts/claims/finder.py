"""Claims: every figure with what it is about, and every statement that somebody is said to make."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from aigraph.facts.claims.bearers import Question, kind_told, spoken_of
from aigraph.facts.claims.choosing import MetricChooser
from aigraph.facts.claims.denials import extractor as denied_extractor
from aigraph.facts.claims.figure_claims import FigureClaimReader
from aigraph.facts.claims.fragments import speaks
from aigraph.facts.claims.holders import HolderReader
from aigraph.facts.claims.holderwords import load_holder_words
from aigraph.facts.claims.merging import headlines, merge
from aigraph.facts.claims.metrics import MetricReader
from aigraph.facts.claims.priors import ATTRIBUTED, FIGURE, PRIORS
from aigraph.facts.claims.refining import guessed_capacity
from aigraph.facts.claims.sayings import SayingReader
from aigraph.facts.claims.sequences import Told
from aigraph.facts.claims.situations import ReadSentence, Times
from aigraph.facts.claims.stances import ClaimStances
from aigraph.facts.claims.subjects import About, Passage, Story, SubjectReader, read_story
from aigraph.facts.claims.tables import CELL, TableReader
from aigraph.facts.claims.timing import fiscal_quarters
from aigraph.facts.figures.reading import sentence_quantities
from aigraph.facts.links.finder import NO_LINKS, ArticleLinks, SentenceLinks
from aigraph.facts.links.hearing import heard
from aigraph.facts.speech.attribution import AttributionReader
from aigraph.facts.speech.cues import load_clauses
from aigraph.facts.speech.refuted import belied
from aigraph.facts.speech.spoken import Attribution
from aigraph.facts.speech.stance import StanceReader
from aigraph.facts.times.reading import sentence_periods, story_day
from aigraph.facts.words.sentences import read_words
from aigraph.facts.words.trees import Tree
from aigraph.ontology import Ontology
from aigraph.records import (
    BlockKind,
    Claim,
    Claimant,
    Document,
    EntityType,
    Extractor,
    Mention,
    Mentions,
    Period,
    ReadBlock,
    Sentence,
    Span,
)
from aigraph.vocab import Iris

_SKIPPED = frozenset({BlockKind.METADATA, BlockKind.BOILERPLATE, BlockKind.QUESTION, BlockKind.TABLE_ROW})
_LONGEST = 4000
"""Characters beyond which a sentence is no prose: reading each figure against all of it would take too long."""
_OPEN = frozenset({"deal", "should", "transaction", "will", "would"})


class FoundClaims(NamedTuple):
    """The claims of an article, and all times that its sentences name."""

    claims: tuple[Claim, ...]
    periods: tuple[Period, ...]


class ClaimFinder:
    """Finds the claims of an article; one instance serves any number of articles.

    Without `syntax` it goes by words alone, as it does anyway where a sentence has no tree.
    """

    def __init__(
        self,
        ontology: Ontology,
        iris: Iris,
        attributions: AttributionReader,
        *,
        syntax: bool = True,
        chooser: MetricChooser | None = None,
    ) -> None:
        self._syntax = syntax
        self._attributions = attributions
        self._clauses = load_clauses()
        self._subjects = SubjectReader(ontology, iris, self._clauses)
        self._metrics, holders = MetricReader(ontology, iris), HolderReader(self._subjects)
        stances = ClaimStances(StanceReader(attributions))
        self._figures = FigureClaimReader(stances, self._metrics, self._subjects, holders, chooser or MetricChooser())
        self._sayings = SayingReader(stances, self._metrics, holders, self._clauses)
        self._tables = TableReader(self._metrics)

    def find(self, document: Document, mentions: Mentions, links: ArticleLinks = NO_LINKS) -> tuple[Claim, ...]:
        """All claims in the order of the text, identical ones merged."""
        return self.find_with_times(document, mentions, links).claims

    def find_with_times(self, document: Document, mentions: Mentions, links: ArticleLinks = NO_LINKS) -> FoundClaims:
        """The claims as `find` gives them, and the times that the sentences name."""
        periods: list[Period] = []
        story = read_story(document, mentions)
        claims: list[Claim] = list(self._tables.find(document, mentions))
        times = Times()
        for block in document.blocks:
            if block.block.kind in _SKIPPED:
                continue
            attributions = self._attributions.find(document, block, mentions.mentions)
            attributions = heard(document.article.text, block, attributions, mentions.mentions, links)
            subjects: list[Mention] = []
            told_before: list[Told] = []
            for sentence in block.sentences:
                if sentence.span.end - sentence.span.start > _LONGEST:
                    continue
                passage = self._passage(block, sentence, story, subjects)
                read = self._read(
                    document, block, sentence, passage, attributions=attributions, times=times, links=links.at(sentence)
                )
                found = [*self._figures.claims(read, told_before), *self._sayings.attributed(read)]
                claims += found
                claims += self._sayings.unheard(read, found)
                periods += read.periods
                told = read.reporting_periods
                times = times.after(told, results=not any(word.text in _OPEN for word in passage.words))
                subjects += self._subjects_of(passage, read.tree)
        return FoundClaims(merge(claims, headlines(document)), tuple(periods))

    def _passage(self, block: ReadBlock, sentence: Sentence, story: Story, subjects: Sequence[Mention]) -> Passage:
        words = read_words(block, sentence, story.mentions)
        return Passage(story.text, words, self._clauses.split(words), story, block.block.span, tuple(subjects))

    def _read(
        self,
        document: Document,
        block: ReadBlock,
        sentence: Sentence,
        passage: Passage,
        *,
        attributions: Sequence[Attribution],
        times: Times,
        links: SentenceLinks,
    ) -> ReadSentence:
        span = sentence.span
        text, mentions = passage.text[span.start : span.end], passage.story.mentions
        quantities = sentence_quantities(passage.text, span, mentions)
        day = story_day(document)
        periods = sentence_periods(passage.text, span, mentions, day)
        if self._syntax:
            periods = fiscal_quarters(text, span.start, periods, times.fiscal, times.quarter, day=day)
        here = tuple(a for a in attributions if any(part.overlaps(span) for part in a.content))
        tree = Tree.of(block, sentence, mentions) if self._syntax else None
        return ReadSentence(document, block, sentence, passage, quantities, periods, here, times, tree, links)

    def _subjects_of(self, passage: Passage, tree: Tree | None) -> list[Mention]:
        """The subjects of a sentence's clauses; later sentences may go on about them."""
        if tree is not None and (told := spoken_of(tree)):
            return [passage.meant(mention) for mention in told]
        found = (self._subjects.subject(passage, at) for at in range(len(passage.clauses)))
        return [mention for mention in found if mention is not None]

    def said(self, document: Document, mentions: Mentions, sentence: Sentence, claimant: Claimant) -> tuple[Claim, ...]:
        """The statements of a sentence of which somebody else knows that all of it is what `claimant` says."""
        block = next((b for b in document.blocks if sentence.span in b.block.span), None)
        if block is None or block.block.kind in _SKIPPED or sentence.span.end - sentence.span.start > _LONGEST:
            return ()
        start = Span(sentence.span.start, sentence.span.start)
        attribution = Attribution(claimant, (sentence.span,), start, "asserted")
        passage = self._passage(block, sentence, read_story(document, mentions), ())
        read = self._read(
            document, block, sentence, passage, attributions=(attribution,), times=Times(), links=NO_LINKS.at(sentence)
        )
        if read.tree is not None and any(belied(read.tree, t) for t in read.tree.tokens if t.pos_ == "VERB"):
            return ()  # "…, contrary to what a newspaper had reported" is not the newspaper's word
        sayings = self._attributions.find(document, block, mentions.mentions)
        found = tuple(self._sayings.attributed(read, [saying.cue for saying in sayings]))
        words = [word for word in passage.words if word.solid]
        stretch = Span(words[0].span.start, words[-1].span.end) if words else sentence.span
        cues = [saying.cue for saying in sayings]
        if found or not words or read.quantities or (read.tree is not None and speaks(read.tree, stretch, cues)):
            return found
        return tuple(self._sayings.saying(read, attribution, passage.number(words[-1].span) or 0, stretch))

    def redrawn(self, claims: Sequence[Claim], mentions: Mentions) -> tuple[Claim, ...]:
        """Some claims where a power that the unit alone told is what a chip draws, now that the chip is known."""
        draw = self._metrics.of_draw()
        chips = {mention.entity for mention in mentions.mentions if mention.type == EntityType.CHIP}
        if draw is None or not chips:
            return tuple(claims)
        return tuple(
            replace(claim, metric=draw.concept) if claim.about in chips and guessed_capacity(claim) else claim
            for claim in claims
        )

    def kind(self, document: Document, mentions: Mentions, claim: Claim) -> About | None:
        """What a figure is about of which somebody else knows that it is told of no name; None where nothing tells."""
        block = next((b for b in document.blocks if claim.evidence[0] in b.block.span), None)
        sentence = next((s for s in block.sentences if s.span == claim.evidence[0]), None) if block else None
        tree = Tree.of(block, sentence, mentions.mentions) if block and sentence and self._syntax else None
        if tree is None or claim.quantity is None:
            return None
        label = kind_told(Question(tree, claim.quantity, load_holder_words().measured))
        return self._subjects.minted(label) if label else None


def extractors() -> tuple[Extractor, ...]:
    """The components that find claims."""
    return (
        _extractor(ATTRIBUTED, "A clause without a figure that the text puts into somebody's mouth."),
        _extractor(FIGURE, "A figure of a sentence, with its clause's subject, metric, period and stance."),
        denied_extractor(),
        _extractor(CELL, "A figure in a table, with the entity and the metric of its row and column."),
    )


def _extractor(name: str, description: str) -> Extractor:
    return Extractor(name, description, ("Claim",), confidence=PRIORS[name])
