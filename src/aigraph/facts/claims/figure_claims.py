"""Claims of figures: each with its metric, what it is about, its time and how it is put forward."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from pyoxigraph import NamedNode

from aigraph.facts.claims.bearers import nobodys
from aigraph.facts.claims.catalogue import Metric
from aigraph.facts.claims.choosing import MetricChooser, cues, group
from aigraph.facts.claims.denied import out_of_reach
from aigraph.facts.claims.holders import HolderReader
from aigraph.facts.claims.linked import chance, linked
from aigraph.facts.claims.measures import Anchor, anchors, noun_anchor
from aigraph.facts.claims.metrics import MetricReader
from aigraph.facts.claims.metricwords import load_metric_words
from aigraph.facts.claims.modality import figure_modality
from aigraph.facts.claims.priors import FIGURE, PRIORS
from aigraph.facts.claims.refining import acquiring, counted_chip, drawn, sold, staff
from aigraph.facts.claims.sequences import (
    Told,
    again,
    closing,
    dearer,
    differing,
    goes_on,
    last_alike,
    of_those,
    ranged,
    vague,
)
from aigraph.facts.claims.situations import ReadSentence
from aigraph.facts.claims.stances import ClaimStances, foretold, would_have
from aigraph.facts.claims.subjects import About, SubjectReader
from aigraph.facts.claims.sums import PAYMENT
from aigraph.facts.claims.surroundings import Surroundings
from aigraph.facts.claims.timing import compared, risen_from
from aigraph.facts.links.finder import LIKELY
from aigraph.facts.speech.spoken import Attribution, covering
from aigraph.facts.speech.stance import Stance
from aigraph.facts.words.clauses import ClauseKind
from aigraph.records import (
    Claim,
    Comparator,
    EntityType,
    Modality,
    Period,
    Polarity,
    Quantity,
    Span,
)
from aigraph.vocab import UNIT

_EXPECTED = re.compile(
    r"\bguidance\b|\bhad\s+(?:been\s+)?(?:expect|forecast|hop|look|pencil|predict)\w*|\b(?:consensus|expectations)\b"
)
_HOPES = re.compile(r"\b(?:hope|hopes|hoping)\s+to\s+\w+\b[^.;:]{0,40}$")
_IF = frozenset({"assuming", "if", "provided", "providing", "supposing", "unless", "whether"})
_EXPECTING = frozenset({"forecast", "outlook", "promise", "valued"})
"""Kinds of sayings about what is to come."""
_WOULD = frozenset({"'d", "would", "’d"})
_CONDITIONS = frozenset({"had", "if", "provided", "should", "unless", "were"})
_GENERIC = frozenset({"you", "your"})
_MORE = frozenset({"above", "beyond", "exceed", "more", "over", "surpass"})
_LESS = frozenset({"below", "fewer", "less", "under"})
"""First words of comparators that a denial before them has turned into their opposite."""


class FigureClaimReader:
    """Makes claims of the figures of sentences; one instance serves any number of articles."""

    def __init__(
        self,
        stances: ClaimStances,
        metrics: MetricReader,
        subjects: SubjectReader,
        holders: HolderReader,
        chooser: MetricChooser,
    ) -> None:
        self._stances = stances
        self._metrics = metrics
        self._subjects = subjects
        self._holders = holders
        self._chooser = chooser

    def claims(self, read: ReadSentence, before: list[Told]) -> Iterator[Claim]:
        """A claim for each figure; `before` are those of the paragraph up to here, to which these are added."""
        previous: Told | None = None
        told: dict[NamedNode, Told] = {}
        earlier = before[-1] if before else None
        for quantity in read.quantities:
            said = covering(read.attributions, quantity.span)
            stance = self._stance(read, quantity, said)
            if stance is None:
                continue
            around = self._around(read, quantity)
            metric = self._metric(read, around)
            same = previous is not None and previous.quantity.unit == quantity.unit
            continued = same and read.tree is not None and compared(read.text, read.sentence.span.start, quantity)
            ends = previous is not None and same and ranged(previous.quantity, quantity)
            listed = previous is not None and goes_on(read, previous.quantity, quantity)
            alike = vague(metric) or dearer(previous, metric) or continued or ends or of_those(read, quantity)
            if previous is not None and (listed or (same and alike)):
                metric = previous.metric or metric
            elif of_those(read, quantity) and quantity.unit in told:
                metric = told[quantity.unit].metric or metric
            taken_up = previous is None and earlier is not None and again(read, earlier, quantity, metric)
            if taken_up and earlier is not None:
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
            if previous is not None and (ends or listed):
                about = previous.about
                period = read.period(quantity.span) or previous.period
            if previous is not None and ends:
                stance = previous.stance or stance
            if taken_up and earlier is not None:
                about = earlier.about or about
            metric = self._refined(read, previous, quantity, metric, about)
            metric = self._chosen(read, around, metric, about, previous=previous, earlier=last_alike(before, quantity))
            claim = self._figure(read, Told(quantity, metric, about, period), stance)
            told[quantity.unit] = previous = Told(quantity, metric, about, claim.period, stance)
            before.append(previous)
            yield claim

    def _stance(self, read: ReadSentence, quantity: Quantity, said: Sequence[Attribution]) -> Stance | None:
        """How a figure is put forward; None for one of a mere question or condition, which says nothing."""
        if not said and _rhetorical(read, quantity):
            return None
        stance = self._stances.read(read, quantity.span, said)
        if stance.modality != Modality.HYPOTHETICAL:
            return stance
        at = read.passage.number(quantity.span)
        ahead = bool(said) and foretold(read, said[0], at, quantity.span) and not _unreal(read, at)
        if not (_hoped(read, quantity) or ahead or _would_be(read, stance)):
            return None
        was = read.tree is not None and would_have(read.tree, read.sentence.span) and _would_be(read, stance)
        return replace(stance, modality=Modality.ASSERTED if was else Modality.FORECAST)

    def _refined(
        self, read: ReadSentence, previous: Told | None, quantity: Quantity, metric: Metric | None, about: About | None
    ) -> Metric | None:
        """A metric with what the figure before it and the thing that it is about tell of it."""
        if previous is not None and closing(read, previous, quantity):
            return self._metrics.of_shares()
        if previous is not None and previous.metric is not None and differing(read, previous, quantity, metric):
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
        around: Surroundings,
        metric: Metric | None,
        about: About | None,
        *,
        previous: Told | None,
        earlier: Told | None,
    ) -> Metric | None:
        """The metric that is likeliest by all that stands around a figure, what rules say included."""
        quantity = around.quantity
        if not group(quantity.unit):
            return metric
        same = previous is not None and group(previous.quantity.unit) == group(quantity.unit)
        kind = about.node if about is not None else None
        types = (m.type.value for m in read.passage.story.mentions if m.entity == kind)
        told = cues(
            read,
            quantity,
            metric,
            previous=previous.metric if same and previous is not None else None,
            earlier=earlier.metric if earlier is not None else None,
            about="nothing" if about is None else next(types, "kind"),
            anchors=around.anchors,
            around=around.costs(),
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

    def _around(self, read: ReadSentence, quantity: Quantity) -> Surroundings:
        return self._metrics.around(
            read.passage.text,
            read.sentence.span,
            quantity,
            others=[q.span for q in read.quantities if q is not quantity],
            clause=read.passage.clause(quantity.span),
            anchors=self._places(read, quantity),
        )

    def _metric(self, read: ReadSentence, around: Surroundings) -> Metric | None:
        quantity, text, found = around.quantity, read.passage.text, self._metrics.read(around)
        if quantity.noun is not None and (found is None or not found.concept.listed):
            named = (m for m in read.passage.story.mentions if m.span.overlaps(quantity.noun))
            if any(mention.type == EntityType.CHIP for mention in named):
                return self._metrics.of_chips(text[quantity.noun.start : quantity.noun.end])
        if found is not None and found.concept.label == PAYMENT and acquiring(read):
            return self._metrics.of_purchase() or found
        return found or self._metrics.of_subject(text, self._subjects.subject_span(read.passage, quantity.span))

    def _figure(self, read: ReadSentence, told: Told, stance: Stance) -> Claim:
        quantity, metric, about = told.quantity, told.metric, told.about
        period = told.period or read.period(quantity.span) or _carried(read, quantity, metric, stance, about)
        modality = figure_modality(read, quantity, metric, period, stance)
        return Claim(
            evidence=(read.sentence.span,),
            extractor=FIGURE,
            confidence=PRIORS[FIGURE],
            modality=modality,
            polarity=_polarity(read, quantity, stance),
            period=period,
            claimant=None if _measure_of(read, quantity, modality) else stance.claimant,
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
    return bool(spans) and read.tree is not None and would_have(read.tree, Span(spans[0].start, spans[-1].end))


def _chips(read: ReadSentence, quantity: Quantity, about: About) -> bool:
    """Does a count without a noun count the chip that it is about: "has ordered 90,000"?"""
    bare = quantity.unit == UNIT.NUM and quantity.noun is None
    return bare and any(m.entity == about.node and m.type == EntityType.CHIP for m in read.passage.story.mentions)


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
        return risen_from(read.text, read.sentence.span.start, quantity, read.compared_with(quantity)) if told else None
    own = stance.claimant is None or (about is not None and about.node == stance.claimant)
    told = stance.modality == Modality.ASSERTED and own and stance.polarity == Polarity.AFFIRMED
    expected = stance.modality == Modality.FORECAST and _EXPECTED.search(read.text) is not None
    return read.reporting.quarter if result and (told or expected) else None


def _measure_of(read: ReadSentence, quantity: Quantity, modality: Modality) -> bool:
    """Is a figure what an expectation is only measured by: "analysts expect $4 billion, up from $3 billion"?"""
    said = covering(read.attributions, quantity.span)
    foreseen = bool(said) and said[0].kind in _EXPECTING and modality == Modality.ASSERTED
    return foreseen and read.tree is not None and compared(read.text, read.sentence.span.start, quantity)
