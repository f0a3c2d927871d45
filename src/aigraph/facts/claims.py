"""Claims: every figure with what it is about, and every statement that somebody is said to make."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from aigraph.facts.attribution import AttributionReader
from aigraph.facts.clausal.bearers import spoken_of
from aigraph.facts.clausal.measures import anchors
from aigraph.facts.clausal.timing import admissible, compared, fiscal_quarters
from aigraph.facts.clausal.trees import Tree
from aigraph.facts.clauses import ClauseKind, ClauseReader
from aigraph.facts.cues import load_speech
from aigraph.facts.holders import HolderReader
from aigraph.facts.merging import merge
from aigraph.facts.metrics import Metric, MetricReader
from aigraph.facts.metricwords import load_metric_words
from aigraph.facts.quantities import find_quantities
from aigraph.facts.sentences import read_words
from aigraph.facts.spoken import Attribution, covering, outermost
from aigraph.facts.stance import Stance, StanceReader
from aigraph.facts.subjects import Passage, Story, SubjectReader, read_story
from aigraph.facts.tables import CELL, TableReader
from aigraph.facts.times import find_periods, main_period
from aigraph.ontology import Ontology
from aigraph.records import (
    BlockKind,
    Claim,
    Document,
    Extractor,
    Mention,
    MentionKind,
    Mentions,
    Modality,
    Period,
    Polarity,
    Quantity,
    ReadBlock,
    Sentence,
    Span,
)
from aigraph.vocab import Iris

FIGURE, ATTRIBUTED = "claim/figure", "claim/attributed"
_CONFIDENCE = {FIGURE: 0.55, ATTRIBUTED: 0.5}
"""Priors: the share of claims with all attributes right that the development texts let us expect."""

_SKIPPED = frozenset({BlockKind.METADATA, BlockKind.BOILERPLATE, BlockKind.QUESTION, BlockKind.TABLE_ROW})
_HEADLINES = frozenset({BlockKind.TITLE, BlockKind.HEADING, BlockKind.TEASER})
_LONGEST = 4000
"""Characters beyond which a sentence is no prose: reading each figure against all of it would take too long."""
_QUARTERS = ("33", "34", "35", "36")
_PERFECT = frozenset({"has", "have", "had"})
_OPEN = frozenset({"deal", "should", "transaction", "will", "would"})
_GENERIC = frozenset({"you", "your"})
_EARLIER = ("same period", "same quarter", "same year")


@dataclass(frozen=True, slots=True)
class _Read:
    """A sentence with all that was read in it before claims are made."""

    document: Document
    block: ReadBlock
    sentence: Sentence
    passage: Passage
    quantities: tuple[Quantity, ...]
    periods: tuple[Period, ...]
    attributions: tuple[Attribution, ...]
    earlier: _Times
    tree: Tree | None = None

    @property
    def text(self) -> str:
        return self.passage.text[self.sentence.span.start : self.sentence.span.end]

    def period(self, at: Span) -> Period | None:
        """The time that a place of the sentence holds for; "the same period" is the one before."""
        offset = self.sentence.span.start
        quantity = next((q for q in self.quantities if q.span == at), None)
        periods: Sequence[Period] = self.periods
        if self.tree is not None and quantity is not None:
            periods = admissible(self.tree, quantity, periods, self.text, offset)
        found = main_period(periods, at, text=self.text, offset=offset)
        found = found if found is None or self._belongs(found, at) else None
        same = found is None and any(phrase in self.text for phrase in _EARLIER)
        return self.earlier.last if same else found

    def _belongs(self, period: Period, at: Span) -> bool:
        """False for the time of another clause: behind "by December X wants …" and before "… for 2025"."""
        passage = self.passage
        own, other = passage.number(at), passage.number(period.span)
        if own is None or other is None or own == other:
            return True
        between = passage.text[min(period.span.end, at.end) : max(period.span.start, at.start)]
        if period.edtf is not None and period.edtf.endswith("/..") and ";" in between:
            return False
        texts = {passage.words[i].text for i in passage.clauses[own].words}
        if own > other and period.edtf is not None and period.edtf.startswith("../") and texts & _PERFECT:
            return False
        if own < other and passage.clauses[other].kind == ClauseKind.COORDINATE and ";" not in between:
            return not any(q.span.start > at.end and q.span.end <= period.span.start for q in self.quantities)
        return True


@dataclass(frozen=True, slots=True)
class _Times:
    """Times that later sentences may mean without naming them: the last one, and the last quarter reported on."""

    last: Period | None = None
    quarter: Period | None = None
    fiscal: str | None = None

    def after(self, periods: Sequence[Period], *, results: bool = True) -> _Times:
        """The same behind a sentence with these times; without `results` its quarter is none that is reported on."""
        quarters = [p for p in periods if (p.fiscal and "-Q" in p.fiscal) or (p.edtf and p.edtf[5:7] in _QUARTERS)]
        fiscal = [period.fiscal[:4] for period in periods if period.fiscal]
        return _Times(
            periods[-1] if periods else self.last,
            quarters[0] if quarters and results else self.quarter,
            fiscal[-1] if fiscal else self.fiscal,
        )


class ClaimFinder:
    """Finds the claims of an article; one instance serves any number of articles."""

    def __init__(self, ontology: Ontology, iris: Iris, *, syntax: bool = True) -> None:
        self._syntax = syntax
        self._stances = StanceReader()
        self._attributions = AttributionReader(syntax=syntax)
        self._clauses = ClauseReader(load_speech().verbs)
        self._metrics = MetricReader(ontology, iris)
        self._subjects = SubjectReader(ontology, iris, self._clauses)
        self._holders = HolderReader(self._subjects)
        self._tables = TableReader(self._metrics)

    def find(self, document: Document, mentions: Mentions) -> tuple[Claim, ...]:
        """All claims in the order of the text, identical ones merged."""
        story = read_story(document, mentions)
        claims: list[Claim] = list(self._tables.find(document, mentions))
        times = _Times()
        for block in document.blocks:
            if block.block.kind in _SKIPPED:
                continue
            attributions = self._attributions.find(document, block, mentions.mentions)
            subjects: list[Mention] = []
            for sentence in block.sentences:
                if sentence.span.end - sentence.span.start > _LONGEST:
                    continue
                passage = self._passage(block, sentence, story, subjects)
                read = self._read(document, block, sentence, passage, attributions=attributions, times=times)
                found = [*self._figures(read), *self._attributed(read)]
                claims += found
                claims += self._unheard(read, found)
                times = times.after(read.periods, results=not any(word.text in _OPEN for word in passage.words))
                subjects += self._subjects_of(passage, read.tree)
        headlines = frozenset(b.block.span for b in document.blocks if b.block.kind in _HEADLINES)
        return merge(claims, headlines)

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
        times: _Times,
    ) -> _Read:
        span = sentence.span
        text = passage.text[span.start : span.end]
        names = [m.span for m in passage.story.mentions if m.kind == MentionKind.NAME and m.span.overlaps(span)]
        quantities = find_quantities(text, offset=span.start, taken=names)
        taken = [*names, *(quantity.span for quantity in quantities)]
        periods = find_periods(text, offset=span.start, anchor=_day(document.article.issued), taken=taken)
        if self._syntax:
            periods = fiscal_quarters(text, span.start, periods, times.fiscal, times.quarter)
        here = tuple(a for a in attributions if any(part.overlaps(span) for part in a.content))
        tree = Tree.of(block, sentence, passage.story.mentions) if self._syntax else None
        return _Read(document, block, sentence, passage, quantities, periods, here, times, tree)

    def _subjects_of(self, passage: Passage, tree: Tree | None) -> list[Mention]:
        """The subjects of a sentence's clauses; later sentences may go on about them."""
        if tree is not None and (told := spoken_of(tree)):
            return [passage.meant(mention) for mention in told]
        found = (self._subjects.subject(passage, at) for at in range(len(passage.clauses)))
        return [mention for mention in found if mention is not None]

    # --- figures -------------------------------------------------------------------------------------------

    def _figures(self, read: _Read) -> Iterator[Claim]:
        previous: tuple[Quantity, Metric | None] | None = None
        for quantity in read.quantities:
            said = covering(read.attributions, quantity.span)
            if not said and _rhetorical(read, quantity):
                continue
            mentions = read.passage.story.mentions
            stance = self._stances.read_clause(read.block, read.sentence, quantity.span, mentions, said)
            if stance.modality == Modality.HYPOTHETICAL:
                continue
            others = [q.span for q in read.quantities if q is not quantity]
            clause = read.passage.clause(quantity.span)
            places = anchors(read.tree, quantity) if read.tree is not None else ()
            metric = self._metrics.read(
                read.passage.text, read.sentence.span, quantity, others=others, clause=clause, anchors=places
            )
            metric = metric or self._metrics.of_subject(
                read.passage.text, self._subjects.subject_span(read.passage, quantity.span)
            )
            same = previous is not None and previous[0].unit == quantity.unit
            continued = same and read.tree is not None and compared(read.text, read.sentence.span.start, quantity)
            if previous is not None and same and (metric is None or metric.supposed or continued):
                metric = previous[1] or metric
            previous = quantity, metric
            yield self._figure(read, quantity, metric, stance, said[0] if said else None)

    def _figure(
        self, read: _Read, quantity: Quantity, metric: Metric | None, stance: Stance, said: Attribution | None
    ) -> Claim:
        period = read.period(quantity.span) or _carried(read, metric, stance)
        about = self._holders.about(read.passage, quantity, metric, said, read.tree)
        return Claim(
            evidence=(read.sentence.span,),
            extractor=FIGURE,
            confidence=_CONFIDENCE[FIGURE],
            modality=_modality(stance, metric, period, _day(read.document.article.issued), read.passage.text),
            polarity=Polarity.AFFIRMED if _even(read, quantity) else stance.polarity,
            period=period,
            claimant=stance.claimant,
            text=self._clause_text(read, quantity.span),
            about=about.node if about else None,
            about_text=about.text if about else None,
            metric=metric.concept if metric else None,
            metric_text=metric.text if metric else None,
            quantity=quantity,
        )

    def _clause_text(self, read: _Read, at: Span) -> str:
        """The article's words from the first to the last of the clause around a place."""
        words = read.passage.words
        for clause in read.passage.clauses:
            if any(words[i].span.overlaps(at) for i in clause.words):
                first, last = words[clause.words[0]].span, words[clause.words[-1]].span
                return read.passage.text[first.start : last.end].strip(" ,;:")
        return read.text

    # --- attributed statements -----------------------------------------------------------------------------

    def _attributed(self, read: _Read) -> Iterator[Claim]:
        """One claim for each clause without a figure that is put into somebody's mouth."""
        for attribution in read.attributions:
            if attribution is not outermost(read.attributions, attribution):
                continue
            for at, stretch in self._contents(read, attribution):
                if not any(quantity.span.overlaps(stretch) for quantity in read.quantities):
                    yield from self._statement(read, attribution, at, stretch)

    def _unheard(self, read: _Read, found: Sequence[Claim]) -> Iterator[Claim]:
        """What somebody says in words that make up no clause: "The best thing ever built, she says."."""
        heard = {claim.claimant for claim in found}
        for attribution in read.attributions:
            if attribution.claimant in heard or attribution is not outermost(read.attributions, attribution):
                continue
            inside = [p for p in attribution.content if p.overlaps(read.sentence.span)]
            words = [w for w in read.passage.words if w.solid and any(w.span.overlaps(p) for p in inside)]
            if words:
                heard.add(attribution.claimant)
                stretch = Span(words[0].span.start, words[-1].span.end)
                yield from self._statement(read, attribution, read.passage.number(words[-1].span) or 0, stretch)

    def _contents(self, read: _Read, attribution: Attribution) -> Iterator[tuple[int, Span]]:
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

    def _statement(self, read: _Read, attribution: Attribution, at: int, stretch: Span) -> Iterator[Claim]:
        last = Span(stretch.end - 1, stretch.end)
        mentions = read.passage.story.mentions
        stance = self._stances.read_clause(read.block, read.sentence, last, mentions, covering(read.attributions, last))
        if stance.modality == Modality.HYPOTHETICAL and not _wished(read, stance):
            return
        about = self._holders.content(read.passage, at, stretch)
        metric = self._metrics.named(read.passage.text, stretch)
        yield Claim(
            evidence=(read.sentence.span,),
            extractor=ATTRIBUTED,
            confidence=_CONFIDENCE[ATTRIBUTED],
            modality=_modality(
                stance, None, read.period(stretch), _day(read.document.article.issued), read.passage.text
            ),
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
        Extractor(ATTRIBUTED, "A clause without a figure that the text puts into somebody's mouth.", "Claim"),
        Extractor(FIGURE, "A figure of a sentence, with its clause's subject, metric, period and stance.", "Claim"),
        Extractor(CELL, "A figure in a table, with the entity and the metric of its row and column.", "Claim"),
    )


def _wished(read: _Read, stance: Stance) -> bool:
    """Is what is said a wish ("hopes to raise") rather than a condition?"""
    words = {read.passage.text[cue.start : cue.end].split()[0].casefold() for cue in stance.cues}
    return any(word.startswith(("hop", "wish", "dream")) for word in words)


def _even(read: _Read, quantity: Quantity) -> bool:
    """Is a negation before the figure its comparator: "none reaches even 10%"?"""
    before = [w.text for w in read.passage.words if w.span.end <= quantity.span.start]
    inside = [w.text for w in read.passage.words if w.span.overlaps(quantity.span)]
    return "even" in before[-1:] + inside[:2]


def _rhetorical(read: _Read, quantity: Quantity) -> bool:
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


def _day(issued: str | None) -> date | None:
    """The first day of an EDTF date of an article."""
    parts = [int(part) for part in (issued or "").split("-") if part.isdigit()]
    try:
        return date(parts[0], *[*parts[1:3], 1, 1][:2]) if parts else None
    except ValueError:
        return None


def _carried(read: _Read, metric: Metric | None, stance: Stance) -> Period | None:
    """The quarter reported on holds for results that are told without a time of their own."""
    told = stance.modality == Modality.ASSERTED and stance.claimant is None and stance.polarity == Polarity.AFFIRMED
    result = metric is not None and metric.name in load_metric_words().results
    expected = stance.modality == Modality.FORECAST and "guidance" in read.text
    return read.earlier.after(read.periods).quarter if result and (told or expected) else None


def _agreed(stance: Stance, text: str) -> bool:
    """Is a price put forward as what is to be paid under a contract: "will pay $2 billion"?"""
    return stance.modality == Modality.FORECAST and {text[cue.start : cue.end] for cue in stance.cues} == {"will"}


def _modality(stance: Stance, metric: Metric | None, period: Period | None, issued: date | None, text: str) -> Modality:
    """A budget for a time that is not over is a forecast, so is a view of a time to come; a price agreed on is none.

    `text` is that of the article.
    """
    ahead = period is not None and issued is not None and period.last is not None and period.last >= issued
    planned = metric is not None and metric.name in load_metric_words().planned
    if metric is not None and metric.name == "PurchasePrice" and stance.claimant is None and _agreed(stance, text):
        return Modality.ASSERTED
    settled = stance.modality in (Modality.ASSERTED, Modality.OPINION)
    if settled and planned and ahead:
        return Modality.FORECAST
    return Modality.FORECAST if stance.modality == Modality.OPINION and ahead else stance.modality
