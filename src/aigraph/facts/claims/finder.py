"""Claims: every figure with what it is about, and every statement that somebody is said to make."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from pyoxigraph import NamedNode

from aigraph.facts.claims.bearers import Question, kind_told, nobodys, spoken_of
from aigraph.facts.claims.choosing import MetricChooser, cues, group
from aigraph.facts.claims.denials import DENIED
from aigraph.facts.claims.denials import extractor as denied_extractor
from aigraph.facts.claims.denied import out_of_reach
from aigraph.facts.claims.fragments import speaks, statements
from aigraph.facts.claims.holders import HolderReader
from aigraph.facts.claims.holderwords import load_holder_words
from aigraph.facts.claims.linked import chance, linked
from aigraph.facts.claims.measures import Anchor, anchors, noun_anchor, taken_up
from aigraph.facts.claims.merging import headlines, merge
from aigraph.facts.claims.metrics import PAYMENT, Metric, MetricReader
from aigraph.facts.claims.metricwords import load_metric_words
from aigraph.facts.claims.modality import figure_modality, statement_modality
from aigraph.facts.claims.phrases import among, continues
from aigraph.facts.claims.refining import acquiring, counted_chip, drawn, sold, staff
from aigraph.facts.claims.situations import ReadSentence, Times
from aigraph.facts.claims.subjects import About, Passage, Story, SubjectReader, read_story
from aigraph.facts.claims.tables import CELL, CELL_CONFIDENCE, TableReader
from aigraph.facts.claims.timing import compared, fiscal_quarters, risen_from
from aigraph.facts.figures.reading import sentence_quantities
from aigraph.facts.links.finder import LIKELY, NO_LINKS, ArticleLinks, SentenceLinks
from aigraph.facts.links.hearing import heard
from aigraph.facts.speech.attribution import AttributionReader
from aigraph.facts.speech.cues import load_speech
from aigraph.facts.speech.propositions import propositions
from aigraph.facts.speech.spoken import Attribution, covering, outermost
from aigraph.facts.speech.stance import Stance, StanceReader
from aigraph.facts.times.reading import sentence_periods, story_day
from aigraph.facts.words.clauses import ClauseKind, ClauseReader
from aigraph.facts.words.sentences import read_words
from aigraph.facts.words.trees import Tree
from aigraph.ontology import Ontology
from aigraph.records import (
    BlockKind,
    Claim,
    Claimant,
    Comparator,
    Document,
    EntityType,
    Extractor,
    Mention,
    Mentions,
    Modality,
    Period,
    Polarity,
    Quantity,
    ReadBlock,
    Sentence,
    Span,
)
from aigraph.vocab import AIG, UNIT, Iris

FIGURE, ATTRIBUTED = "claim/figure", "claim/attributed"
_CONFIDENCE = {FIGURE: 0.55, ATTRIBUTED: 0.5, CELL: CELL_CONFIDENCE}
"""Priors: the share of claims with all attributes right that the development texts let us expect."""

_SKIPPED = frozenset({BlockKind.METADATA, BlockKind.BOILERPLATE, BlockKind.QUESTION, BlockKind.TABLE_ROW})
_LONGEST = 4000
"""Characters beyond which a sentence is no prose: reading each figure against all of it would take too long."""
_OPEN = frozenset({"deal", "should", "transaction", "will", "would"})
_EXPECTED = re.compile(
    r"\bguidance\b|\bhad\s+(?:been\s+)?(?:expect|forecast|hop|look|pencil|predict)\w*|\b(?:consensus|expectations)\b"
)
_BY = re.compile(r"\bby\s+(?:the\s+)?(?:[A-Z]|\d|end|then|next|autumn|spring|summer|winter)")
"""When something would have been done as seen from then: "it would have opened by May"."""
_HOPES = re.compile(r"\b(?:hope|hopes|hoping)\s+to\s+\w+\b[^.;:]{0,40}$")
_TO_PRICE = re.compile(r"(?:\s+\w+){0,2}?,?\s+(?:at|to)\s+(?:about\s+|just\s+)?")
_LESS_THAN = re.compile(r"\s+(?:above|below|fewer|higher|less|lower|more)\b(?!\s+(?!than\b)\w)")
_RANGE = 8
_APART = 90
"""Characters between a figure and one that is a part or multiple of it."""
_SPEAKING = 4
_CONDITIONS = frozenset({"had", "if", "provided", "should", "unless", "were"})
_OPENING = _CONDITIONS | {"how", "what", "when", "where", "whether", "which", "who", "why"}
"""First words of conditions and of questions within a sentence."""
_IF = frozenset({"assuming", "if", "provided", "providing", "supposing", "unless", "whether"})
_UNREAL = frozenset({"'d", "could", "might", "would", "’d"})
_WOULD = frozenset({"'d", "would", "’d"})
_GENERIC = frozenset({"you", "your"})
_MORE = frozenset({"above", "beyond", "exceed", "more", "over", "surpass"})
_LESS = frozenset({"below", "fewer", "less", "under"})
"""First words of comparators that a denial before them has turned into their opposite."""


class FoundClaims(NamedTuple):
    """The claims of an article, and all times that its sentences name."""

    claims: tuple[Claim, ...]
    periods: tuple[Period, ...]


@dataclass(frozen=True, slots=True)
class _Told:
    """A figure with its metric and what it is about."""

    quantity: Quantity
    metric: Metric | None
    about: About | None
    period: Period | None = None
    stance: Stance | None = None


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
        self._stances = StanceReader(attributions)
        self._attributions = attributions
        self._clauses = ClauseReader(load_speech().verbs)
        self._metrics = MetricReader(ontology, iris)
        self._chooser = chooser or MetricChooser()
        self._subjects = SubjectReader(ontology, iris, self._clauses)
        self._holders = HolderReader(self._subjects)
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
            told_before: list[_Told] = []
            for sentence in block.sentences:
                if sentence.span.end - sentence.span.start > _LONGEST:
                    continue
                passage = self._passage(block, sentence, story, subjects)
                read = self._read(
                    document, block, sentence, passage, attributions=attributions, times=times, links=links.at(sentence)
                )
                found = [*self._figures(read, told_before), *self._attributed(read)]
                claims += found
                claims += self._unheard(read, found)
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

    # --- figures -------------------------------------------------------------------------------------------

    def _figures(self, read: ReadSentence, before: list[_Told]) -> Iterator[Claim]:
        """A claim for each figure; `before` are those of the paragraph up to here, to which these are added."""
        previous: _Told | None = None
        told: dict[NamedNode, _Told] = {}
        earlier = before[-1] if before else None
        for quantity in read.quantities:
            said = covering(read.attributions, quantity.span)
            if not said and _rhetorical(read, quantity):
                continue
            stance = self._stance(read, quantity.span, said)
            if stance.modality == Modality.HYPOTHETICAL:
                at = read.passage.number(quantity.span)
                foretold = bool(said) and _foretold(read, said[0], at, quantity.span) and not _unreal(read, at)
                if not (_hoped(read, quantity) or foretold or _would_be(read, stance)):
                    continue
                was = read.tree is not None and _would_have(read.tree, read.sentence.span) and _would_be(read, stance)
                stance = replace(stance, modality=Modality.ASSERTED if was else Modality.FORECAST)
            places = self._places(read, quantity)
            metric = self._metric(read, quantity, places)
            same = previous is not None and previous.quantity.unit == quantity.unit
            continued = same and read.tree is not None and compared(read.text, read.sentence.span.start, quantity)
            ranged = previous is not None and same and _ranged(previous.quantity, quantity)
            goes_on = previous is not None and _goes_on(read, previous.quantity, quantity)
            alike = _vague(metric) or _dearer(previous, metric) or continued or ranged or _among(read, quantity)
            if previous is not None and (goes_on or (same and alike)):
                metric = previous.metric or metric
            elif _among(read, quantity) and quantity.unit in told:
                metric = told[quantity.unit].metric or metric
            again = previous is None and earlier is not None and _again(read, earlier, quantity, metric)
            if again and earlier is not None:
                metric = earlier.metric or metric
            about = self._holders.about(
                read.passage,
                quantity,
                metric,
                said[0] if said else None,
                tree=read.tree,
                linked=linked(read, quantity),
            )
            period = None
            if previous is not None and read.tree is not None and nobodys(read.tree, quantity):
                about = previous.about or about
            if previous is not None and (ranged or goes_on):
                about = previous.about
                period = read.period(quantity.span) or previous.period
            if previous is not None and ranged:
                stance = previous.stance or stance
            if again and earlier is not None:
                about = earlier.about or about
            metric = self._refined(read, previous, quantity, metric, about)
            metric = self._chosen(
                read, quantity, metric, about, places, previous=previous, earlier=_last_alike(before, quantity)
            )
            claim = self._figure(read, _Told(quantity, metric, about, period), stance)
            told[quantity.unit] = previous = _Told(quantity, metric, about, claim.period, stance)
            before.append(previous)
            yield claim

    def _refined(
        self, read: ReadSentence, previous: _Told | None, quantity: Quantity, metric: Metric | None, about: About | None
    ) -> Metric | None:
        """A metric with what the figure before it and the thing that it is about tell of it."""
        if previous is not None and _closing(read, previous, quantity):
            return self._metrics.of_shares()
        if previous is not None and previous.metric is not None and _differing(read, previous, quantity, metric):
            return self._metrics.difference(previous.metric)
        return self._by_bearer(read, quantity, metric, about) or metric

    def _by_bearer(
        self, read: ReadSentence, quantity: Quantity, metric: Metric | None, about: About | None
    ) -> Metric | None:
        """The metric that follows from what a figure is about: chips by number, the price of a product, a staff."""
        if metric is None and about is not None and _chips(read, quantity, about):
            return self._metrics.of_chips(about.text)
        if (chip := counted_chip(read, quantity, metric)) is not None:
            return self._metrics.of_chips(chip)
        if metric is None and about is not None and sold(read, quantity, about.node):
            return self._metrics.of_price()
        if about is not None and drawn(read, metric, about.node):
            return self._metrics.of_draw()
        if quantity.noun is not None and about is not None and staff(read, quantity, about.node):
            return self._metrics.of_staff(read.passage.text[quantity.noun.start : quantity.noun.end])
        return None

    def _chosen(
        self,
        read: ReadSentence,
        quantity: Quantity,
        metric: Metric | None,
        about: About | None,
        places: Sequence[Anchor],
        *,
        previous: _Told | None,
        earlier: _Told | None,
    ) -> Metric | None:
        """The metric that is likeliest by all that stands around a figure, what rules say included."""
        if not group(quantity.unit):
            return metric
        same = previous is not None and group(previous.quantity.unit) == group(quantity.unit)
        kind = about.node if about is not None else None
        types = (m.type.value for m in read.passage.story.mentions if m.entity == kind)
        others = [q.span for q in read.quantities if q is not quantity]
        clause = read.passage.clause(quantity.span)
        told = cues(
            read,
            quantity,
            metric,
            previous=previous.metric if same and previous is not None else None,
            earlier=earlier.metric if earlier is not None else None,
            about="nothing" if about is None else next(types, "kind"),
            anchors=places,
            around=self._metrics.around(
                read.passage.text, read.sentence.span, quantity, others=others, clause=clause, anchors=places
            ),
        )
        name = self._chooser.likelier(quantity, metric, told)
        return metric if name is None else self._metrics.listed(name)

    def _places(self, read: ReadSentence, quantity: Quantity) -> tuple[Anchor, ...]:
        """The phrases that may name a figure's metric, by the tree and by the language model."""
        places = anchors(read.tree, quantity) if read.tree is not None else ()
        told = read.links.best("metric", quantity.span)
        if told is not None and told.chance >= LIKELY and read.tree is not None:
            linked = noun_anchor(read.tree, told.second, quantity)
            places = (*((linked,) if linked else ()), *places)
        return places

    def _metric(self, read: ReadSentence, quantity: Quantity, places: Sequence[Anchor]) -> Metric | None:
        others = [q.span for q in read.quantities if q is not quantity]
        clause = read.passage.clause(quantity.span)
        text = read.passage.text
        found = self._metrics.read(text, read.sentence.span, quantity, others=others, clause=clause, anchors=places)
        if quantity.noun is not None and (found is None or not found.concept.listed):
            named = (m for m in read.passage.story.mentions if m.span.overlaps(quantity.noun))
            if any(mention.type == EntityType.CHIP for mention in named):
                return self._metrics.of_chips(text[quantity.noun.start : quantity.noun.end])
        if found is not None and found.concept.label == PAYMENT and acquiring(read):
            return self._metrics.of_purchase() or found
        return found or self._metrics.of_subject(text, self._subjects.subject_span(read.passage, quantity.span))

    def _figure(self, read: ReadSentence, told: _Told, stance: Stance) -> Claim:
        quantity, metric, about = told.quantity, told.metric, told.about
        period = told.period or read.period(quantity.span) or _carried(read, quantity, metric, stance, about)
        return Claim(
            evidence=(read.sentence.span,),
            extractor=FIGURE,
            confidence=_CONFIDENCE[FIGURE],
            modality=figure_modality(read, quantity, metric, period, stance),
            polarity=_polarity(read, quantity, stance),
            period=period,
            claimant=stance.claimant,
            text=self._clause_text(read, quantity.span),
            about=about.node if about else None,
            about_text=about.text if about else None,
            metric=metric.concept if metric else None,
            metric_text=metric.text if metric else None,
            quantity=quantity,
            chance=chance(read, quantity),
        )

    def _clause_text(self, read: ReadSentence, at: Span) -> str:
        """The article's words from the first to the last of the clause around a place."""
        words = read.passage.words
        for clause in read.passage.clauses:
            if any(words[i].span.overlaps(at) for i in clause.words):
                first, last = words[clause.words[0]].span, words[clause.words[-1]].span
                return read.passage.text[first.start : last.end].strip(" ,;:")
        return read.text

    # --- attributed statements -----------------------------------------------------------------------------

    def _attributed(self, read: ReadSentence, sayings: Sequence[Span] = ()) -> Iterator[Claim]:
        """One claim for each proposition without a figure that is put into somebody's mouth.

        `sayings` are verbs of saying besides those of the attributions.
        """
        cues = [*sayings, *(attribution.cue for attribution in read.attributions)]
        for attribution in read.attributions:
            if attribution is not outermost(read.attributions, attribution) and not attribution.refuted:
                continue
            told = list(self._contents(read, attribution))
            parts = list(self._propositions(read, attribution))
            # the finer of the two: a tree that has gone wrong joins what signs and conjunctions part
            told = parts if len(parts) >= len(told) else told
            told = list(self._judged(read, attribution, told))
            told = statements(read.tree, told, cues) if read.tree is not None else told
            for at, stretch in told:
                if not any(quantity.span.overlaps(stretch) for quantity in read.quantities):
                    yield from self._statement(read, attribution, at, stretch)

    def _propositions(self, read: ReadSentence, attribution: Attribution) -> Iterator[tuple[int, Span]]:
        """The propositions of what somebody says in a sentence, each as one stretch with its clause."""
        inner = [a for a in read.attributions if a is not attribution and attribution.covers(a.cue)]
        if read.tree is None:
            return
        for parts in propositions(read.tree, attribution.content, clausal=attribution.clausal):
            stretch = Span(parts[0].start, parts[-1].end)
            solid = [w for w in read.passage.words if w.solid and w.span.overlaps(stretch)]
            bare = not attribution.clausal and any(
                q.span.overlaps(p) for q in read.quantities for p in attribution.content
            )
            speaks = bare or (any(a.cue in stretch for a in inner) and len(solid) < _SPEAKING)
            if len(solid) > attribution.clausal and not speaks:
                yield read.passage.number(solid[-1].span) or 0, stretch

    def _judged(
        self, read: ReadSentence, attribution: Attribution, told: Sequence[tuple[int, Span]]
    ) -> Iterator[tuple[int, Span]]:
        """What is said, with the statement in the place of a verdict on it: "it is not true that …" says "…"."""
        judged = [v for v in read.verdicts if any(v.judges(part) or v.holds(part) for part in attribution.content)]
        if not judged or read.tree is None:
            yield from told
            return
        for at, stretch in told:
            if not any(v.judges(stretch) or v.holds(stretch) for v in judged):
                yield at, stretch
        for verdict in judged:
            if verdict.open:
                continue
            for parts in propositions(read.tree, verdict.content, clausal=True):
                stretch = Span(parts[0].start, parts[-1].end)
                yield read.passage.number(parts[-1]) or 0, stretch

    def _stance(self, read: ReadSentence, at: Span, said: Sequence[Attribution]) -> Stance:
        """How the clause around a place is put forward; a verdict on a statement is its sign and no more."""
        verdict = next((v for v in read.verdicts if v.holds(at)), None)
        mentions = read.passage.story.mentions
        alone = verdict is not None
        stance = self._stances.read_clause(read.block, read.sentence, at, mentions, said, alone=alone)
        if verdict is None or not verdict.denied or (said and said[0].refuted):
            return stance
        if said and stance.modality == Modality.REPORTED != said[0].modality:
            stance = replace(stance, modality=Modality.ASSERTED)  # of a report it is told for sure that it is wrong
        denied = stance.polarity == Polarity.AFFIRMED
        return replace(stance, polarity=Polarity.NEGATED if denied else Polarity.AFFIRMED)

    def _unheard(self, read: ReadSentence, found: Sequence[Claim]) -> Iterator[Claim]:
        """What somebody says in words that make up no clause: "The best thing ever built, she says."."""
        heard = {claim.claimant for claim in found}
        for attribution in read.attributions:
            unheard = attribution.cue.start < attribution.cue.end  # a turn or a quotation may be no statement at all
            if (
                attribution.claimant in heard
                or not unheard
                or attribution is not outermost(read.attributions, attribution)
            ):
                continue
            inside = [p for p in attribution.content if p.overlaps(read.sentence.span)]
            words = [w for w in read.passage.words if w.solid and any(w.span.overlaps(p) for p in inside)]
            if words:
                heard.add(attribution.claimant)
                stretch = Span(words[0].span.start, words[-1].span.end)
                yield from self._statement(read, attribution, read.passage.number(words[-1].span) or 0, stretch)

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
        sayings = self._attributions.find(document, block, mentions.mentions)
        found = tuple(self._attributed(read, [saying.cue for saying in sayings]))
        words = [word for word in passage.words if word.solid]
        stretch = Span(words[0].span.start, words[-1].span.end) if words else sentence.span
        cues = [saying.cue for saying in sayings]
        if found or not words or read.quantities or (read.tree is not None and speaks(read.tree, stretch, cues)):
            return found
        return tuple(self._statement(read, attribution, passage.number(words[-1].span) or 0, stretch))

    def kind(self, document: Document, mentions: Mentions, claim: Claim) -> About | None:
        """What a figure is about of which somebody else knows that it is told of no name; None where nothing tells."""
        block = next((b for b in document.blocks if claim.evidence[0] in b.block.span), None)
        sentence = next((s for s in block.sentences if s.span == claim.evidence[0]), None) if block else None
        tree = Tree.of(block, sentence, mentions.mentions) if block and sentence and self._syntax else None
        if tree is None or claim.quantity is None:
            return None
        label = kind_told(Question(tree, claim.quantity, load_holder_words().measured))
        return self._subjects.minted(label) if label else None

    def _contents(self, read: ReadSentence, attribution: Attribution) -> Iterator[tuple[int, Span]]:
        """The clauses of a sentence within what somebody says, with their stretch."""
        words = read.passage.words
        cues = [other.cue for other in read.attributions]
        for at, clause in enumerate(read.passage.clauses):
            own = [i for i in clause.words if not any(words[i].span.overlaps(cue) for cue in cues)]
            inside = [i for i in own if any(words[i].span.overlaps(part) for part in attribution.content)]
            solid = [words[i].span for i in inside if words[i].solid and words[i].text not in clause.opener.split()]
            verbal = self._clauses.verbs.any_finite(words, inside) or len(own) < len(clause.words)
            if verbal and len(solid) > attribution.clausal:
                yield at, Span(solid[0].start, solid[-1].end)

    def _statement(self, read: ReadSentence, attribution: Attribution, at: int, stretch: Span) -> Iterator[Claim]:
        last = Span(stretch.end - 1, stretch.end)
        said = (attribution,) if attribution.refuted else covering(read.attributions, last)
        stance = _beside(read, self._stance(read, last, said))
        unreal = read.tree is not None and _would_have(read.tree, stretch)
        if stance.modality == Modality.FORECAST and unreal and not _BY.search(read.text):
            stance = replace(stance, modality=Modality.HYPOTHETICAL)
        elif stance.modality == Modality.HYPOTHETICAL and not _wished(read, stance):
            if not _foretold(read, attribution, at, stretch):
                return
            stance = stance if unreal else replace(stance, modality=Modality.FORECAST)
        about = self._holders.content(read.passage, at, stretch)
        metric = self._metrics.named(read.passage.text, stretch)
        modality = statement_modality(read, read.period(stretch), stance)
        yield Claim(
            evidence=(read.sentence.span,),
            extractor=DENIED if attribution.refuted else ATTRIBUTED,
            confidence=_CONFIDENCE[ATTRIBUTED],
            chance=max((told.chance for told in read.links.of("says")), default=None),
            modality=Modality.REPORTED if attribution.refuted else modality,
            polarity=stance.polarity,
            period=read.period(stretch),
            claimant=attribution.claimant,
            text=read.passage.text[stretch.start : stretch.end],
            about=about.node if about else None,
            about_text=about.text if about else None,
            metric=metric.concept if metric else None,
            metric_text=metric.text if metric else None,
        )


def extractors() -> tuple[Extractor, ...]:
    """The components that find claims."""
    return (
        _extractor(ATTRIBUTED, "A clause without a figure that the text puts into somebody's mouth."),
        _extractor(FIGURE, "A figure of a sentence, with its clause's subject, metric, period and stance."),
        denied_extractor(),
        _extractor(CELL, "A figure in a table, with the entity and the metric of its row and column."),
    )


def _extractor(name: str, description: str) -> Extractor:
    return Extractor(name, description, ("Claim",), confidence=_CONFIDENCE[name])


def _wished(read: ReadSentence, stance: Stance) -> bool:
    """Is what is said a wish ("hopes to raise") rather than a condition?"""
    words = {read.passage.text[cue.start : cue.end].split()[0].casefold() for cue in stance.cues}
    return any(word.startswith(("hop", "wish", "dream")) for word in words)


def _beside(read: ReadSentence, stance: Stance) -> Stance:
    """A stance without what is only told to be missing: "it works without a fan"."""
    missing = sum(read.passage.text[cue.start : cue.end].casefold() == "without" for cue in stance.cues)
    if missing % 2 == 0:
        return stance
    denied = stance.polarity == Polarity.NEGATED
    return replace(stance, polarity=Polarity.AFFIRMED if denied else Polarity.NEGATED)


def _foretold(read: ReadSentence, attribution: Attribution, at: int | None, stretch: Span) -> bool:
    """Is what would come of a condition told by somebody: "if the talks fail, she said, there would be a queue"?

    Neither the condition nor a question within it is.
    """
    if at is None or not attribution.clausal or read.text.rstrip(' "”').endswith("?"):
        return False
    clause = read.passage.clauses[at]
    texts = [read.passage.words[i].text for i in clause.words]
    first = next((text for text in texts if text.isalpha()), "")
    opening = read.passage.text[stretch.start : stretch.end].split()[0].casefold()
    return not {clause.opener, first, opening} & _OPENING


def _hoped(read: ReadSentence, quantity: Quantity) -> bool:
    """Is a figure what somebody hopes to reach, which is an aim: "hopes to raise $3 billion"?"""
    before = read.passage.text[read.sentence.span.start : quantity.span.start]
    return _HOPES.search(before) is not None


def _would_be(read: ReadSentence, stance: Stance) -> bool:
    """Is a figure what "would" be, without a condition in its sentence: "the round would value it at $3 billion"?"""
    cues = {read.passage.text[cue.start : cue.end].casefold() for cue in stance.cues}
    if not cues or not cues <= _WOULD or read.text.rstrip(' "”').endswith("?"):
        return False
    texts = {word.text for word in read.passage.words}
    opening = {read.passage.words[clause.words[0]].text for clause in read.passage.clauses if clause.words}
    return not _IF & texts and not (opening | {clause.opener for clause in read.passage.clauses}) & _CONDITIONS


def _unreal(read: ReadSentence, at: int | None) -> bool:
    """Does a figure's clause tell what would have come of something that was not so?"""
    words = read.passage.words
    spans = [words[i].span for i in read.passage.clauses[at].words] if at is not None else []
    return bool(spans) and read.tree is not None and _would_have(read.tree, Span(spans[0].start, spans[-1].end))


def _would_have(tree: Tree, stretch: Span) -> bool:
    """Is something told of what did not come about: "would have needed", but not "would have 900 racks"?"""
    inside = tree.within(stretch)
    heads = (token.head for token in inside if token.lower_ in _UNREAL and token.dep_ == "aux")
    return any(child.lower_ == "have" and child.dep_ == "aux" for head in heads for child in head.children)


def _dearer(first: _Told | None, metric: Metric | None) -> bool:
    """Is a cost that of another thing with a price: "a Q7 costs $500; larger ones exceed $600"?"""
    priced = first is not None and first.metric is not None and first.metric.name == "Price"
    return priced and metric is not None and metric.name == "Cost"


def _vague(metric: Metric | None) -> bool:
    """Is a metric unknown, or known from the unit alone?"""
    return metric is None or metric.supposed


def _again(read: ReadSentence, earlier: _Told, quantity: Quantity, metric: Metric | None) -> bool:
    """Does a figure without a metric of its own go on about the one before: "rivals think that it will be 20%"?"""
    same = earlier.quantity.unit == quantity.unit and _vague(metric)
    return same and read.tree is not None and taken_up(read.tree, quantity)


def _last_alike(before: Sequence[_Told], quantity: Quantity) -> _Told | None:
    """The last figure of a paragraph up to here of the same group of units."""
    return next((told for told in reversed(before) if group(told.quantity.unit) == group(quantity.unit)), None)


def _among(read: ReadSentence, quantity: Quantity) -> bool:
    return quantity.unit == UNIT.NUM and quantity.noun is None and among(read.passage.text, quantity.span)


def _goes_on(read: ReadSentence, first: Quantity, second: Quantity) -> bool:
    """Does a figure speak of what the one before it does, as a part or multiple of it, or in the same list?"""
    same = first.unit == second.unit
    apart = second.span.start - first.span.end > _APART
    if apart or not (same or second.unit in (AIG.Times, UNIT.PERCENT)):
        return False
    return continues(read.passage.text, Span(first.span.end, read.sentence.span.end), second.span)


def _closing(read: ReadSentence, first: _Told, quantity: Quantity) -> bool:
    """Is a sum what a share costs behind the change of its price: "fell by a tenth to $19.50"?"""
    changed = first.metric is not None and first.metric.name == "SharePriceChange"
    between = read.passage.text[first.quantity.span.end : quantity.span.start]
    return changed and "/CCY_" in quantity.unit.value and _TO_PRICE.fullmatch(between) is not None


def _chips(read: ReadSentence, quantity: Quantity, about: About) -> bool:
    """Does a count without a noun count the chip that it is about: "has ordered 90,000"?"""
    bare = quantity.unit == UNIT.NUM and quantity.noun is None
    return bare and any(m.entity == about.node and m.type == EntityType.CHIP for m in read.passage.story.mentions)


def _differing(read: ReadSentence, first: _Told, quantity: Quantity, metric: Metric | None) -> bool:
    """Does a share tell by how much the figure before it differs from another: "740 watts, 40% less than the Q6"?"""
    vague = metric is None or metric.supposed or metric.name in ("GrowthRate", "Share")
    if quantity.unit != UNIT.PERCENT or first.quantity.unit in (UNIT.PERCENT, AIG.Times) or not vague:
        return False
    text = read.passage.text
    between = text[first.quantity.span.end : quantity.span.start]
    return len(between) <= _APART and ";" not in between and _LESS_THAN.match(text, quantity.span.end) is not None


def _ranged(first: Quantity, second: Quantity) -> bool:
    """Are two figures the ends of one range: "$12-14 billion"?"""
    ends = (first.comparator, second.comparator) == (Comparator.AT_LEAST, Comparator.AT_MOST)
    return ends and second.span.start - first.span.end <= _RANGE


def _polarity(read: ReadSentence, quantity: Quantity, stance: Stance) -> Polarity:
    """The polarity of a figure; a denial of what stands beside it does not count: "sold 600 boards and no software"."""
    if stance.polarity == Polarity.AFFIRMED or _even(read, quantity):
        return Polarity.AFFIRMED
    beside = out_of_reach(read.tree, quantity, stance.cues) if read.tree is not None else 0
    return Polarity.AFFIRMED if beside % 2 else stance.polarity


def _even(read: ReadSentence, quantity: Quantity) -> bool:
    """Is a negation before the figure its comparator: "none reaches even 10%", "will not pay more than $3 million"?"""
    before = [w.text for w in read.passage.words if w.span.end <= quantity.span.start]
    inside = [w.text for w in read.passage.words if w.span.overlaps(quantity.span)]
    bounded = bool(inside) and inside[0] in ("no", "never", "not") and quantity.comparator != Comparator.EXACTLY
    turned = quantity.comparator == Comparator.AT_MOST and bool(_MORE.intersection(inside[:1]))
    turned = turned or (quantity.comparator == Comparator.AT_LEAST and bool(_LESS.intersection(inside[:1])))
    return bounded or turned or "even" in before[-1:] + inside[:2]


def _rhetorical(read: ReadSentence, quantity: Quantity) -> bool:
    """Is a figure told of nobody: "when you process billions of queries", "a model that takes five seconds is slow"?"""
    passage = read.passage
    texts = [word.text for word in passage.words if word.mention is None]
    if _GENERIC & set(texts):
        return True
    at = passage.number(quantity.span)
    clause = passage.clauses[at] if at is not None else None
    if clause is None or clause.kind != ClauseKind.RELATIVE or not at:
        return False
    head = passage.words[: clause.words[0]]
    return bool(head) and head[0].text in ("a", "an", "any") and not any(word.mention for word in head)


def _named_result(read: ReadSentence, metric: Metric, names: Sequence[str]) -> bool:
    """Is a result meant by its words, or by those of the sentence where a metric is but growth?"""
    label = read.text.casefold() if metric.name == "GrowthRate" else metric.concept.label.casefold()
    return any(name in label for name in names)


def _carried(
    read: ReadSentence, quantity: Quantity, metric: Metric | None, stance: Stance, about: About | None
) -> Period | None:
    """The quarter reported on holds for results that are told without a time of their own."""
    words = load_metric_words()
    result = metric is not None and (metric.name in words.results or _named_result(read, metric, words.result_names))
    if read.tree is not None and compared(read.text, read.sentence.span.start, quantity):
        told = result and stance.modality == Modality.ASSERTED
        return risen_from(read.text, read.sentence.span.start, quantity, read.reporting.quarter) if told else None
    own = stance.claimant is None or (about is not None and about.node == stance.claimant)
    told = stance.modality == Modality.ASSERTED and own and stance.polarity == Polarity.AFFIRMED
    expected = stance.modality == Modality.FORECAST and _EXPECTED.search(read.text) is not None
    return read.reporting.quarter if result and (told or expected) else None
