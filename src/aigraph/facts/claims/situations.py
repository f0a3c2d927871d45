"""A sentence with all that was read in it before claims are made, and the times that later sentences may mean."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from aigraph.facts.claims.subjects import Passage
from aigraph.facts.claims.timing import a_year_before, admissible, told_a_year_before, told_since
from aigraph.facts.figures.units import TECHNICAL
from aigraph.facts.links.finder import LIKELY, SentenceLinks
from aigraph.facts.speech.refuted import Verdict, verdicts
from aigraph.facts.speech.spoken import Attribution
from aigraph.facts.times.periods import holds, main_period
from aigraph.facts.words.clauses import ClauseKind
from aigraph.facts.words.trees import Tree
from aigraph.records import Document, Period, Quantity, ReadBlock, Sentence, Span

_QUARTERS = ("33", "34", "35", "36")
_PERFECT = frozenset({"has", "have", "had"})
_TODAY = re.compile(r"\s+(?:today|now)\b")
_EARLIER = ("same period", "same quarter", "same year")


@dataclass(frozen=True, slots=True)
class Times:
    """Times that later sentences may mean without naming them: the last one, and the last quarter reported on."""

    last: Period | None = None
    quarter: Period | None = None
    fiscal: str | None = None

    def after(self, periods: Sequence[Period], *, results: bool = True) -> Times:
        """The same behind a sentence with these times; without `results` its quarter is none that is reported on."""
        quarters = [p for p in periods if (p.fiscal and "-Q" in p.fiscal) or (p.edtf and p.edtf[5:7] in _QUARTERS)]
        fiscal = [period.fiscal[:4] for period in periods if period.fiscal]
        return Times(
            periods[-1] if periods else self.last,
            quarters[0] if quarters and results else self.quarter,
            fiscal[-1] if fiscal else self.fiscal,
        )


@dataclass(frozen=True)
class ReadSentence:
    """A sentence with all that was read in it before claims are made."""

    document: Document
    block: ReadBlock
    sentence: Sentence
    passage: Passage
    quantities: tuple[Quantity, ...]
    periods: tuple[Period, ...]
    attributions: tuple[Attribution, ...]
    earlier: Times
    tree: Tree | None = None
    links: SentenceLinks = field(default_factory=SentenceLinks)

    @cached_property
    def verdicts(self) -> tuple[Verdict, ...]:
        """What the sentence calls true or untrue."""
        return verdicts(self.tree) if self.tree is not None else ()

    @property
    def text(self) -> str:
        """The words of the sentence."""
        return self.passage.text[self.sentence.span.start : self.sentence.span.end]

    @property
    def reporting_periods(self) -> tuple[Period, ...]:
        """The times of the sentence but for "the same period of 2026", which it only compares with."""
        return tuple(period for period in self.periods if not self._same(period))

    @property
    def reporting(self) -> Times:
        """The times that count from here on: those before, and those of the sentence."""
        return self.earlier.after(self.reporting_periods)

    def _same(self, period: Period) -> bool:
        start = self.sentence.span.start
        if period.span not in self.sentence.span:
            return False
        return "same" in self.text[period.span.start - start : period.span.end - start].split()

    def period(self, at: Span) -> Period | None:
        """The time that a place of the sentence holds for; "the same period" is the one before."""
        offset = self.sentence.span.start
        quantity = next((q for q in self.quantities if q.span == at), None)
        if quantity is not None and quantity.unit in TECHNICAL:
            return None  # what a thing is built like holds whenever it ships
        if quantity is not None and _TODAY.match(self.passage.text, at.end):
            return None
        if quantity is not None and told_a_year_before(self.text, at.end - offset):
            now = self.compared_with(quantity)
            if now is not None and (before := a_year_before(now)) is not None:
                return before
        told = self.links.best("time", at)
        if told is not None and told.chance >= LIKELY:
            own = self._of_the_compared(at) if quantity is not None else self.periods
            linked = next((period for period in own if period.span.overlaps(told.second)), None)
            if linked is not None and holds(linked, self.text, offset) and not told_since(linked, self.text, offset):
                return linked
        periods: Sequence[Period] = self._of_the_compared(at) if quantity is not None else self.periods
        if self.tree is not None and quantity is not None:
            periods = admissible(self.tree, quantity, periods, self.quantities, text=self.text, offset=offset)
        found = main_period(periods, at, text=self.text, offset=offset)
        found = found if found is None or self._belongs(found, at) else None
        same = found is None and any(phrase in self.text for phrase in _EARLIER)
        return self.earlier.last if same else found

    def _of_the_compared(self, at: Span) -> Sequence[Period]:
        """The times that a figure may have: "the same period of 2026" is only that of what it is compared with."""
        same = [period for period in self.periods if self._same(period)]
        figures = [q for q in self.quantities if q.span.end <= same[0].span.start] if same else []
        return [p for p in self.periods if p not in same or (figures and figures[-1].span == at)]

    def compared_with(self, quantity: Quantity) -> Period | None:
        """The time of what a figure is compared with: that of the nearest figure of its unit in the sentence.

        The one before it counts first; where neither has a time, the quarter that the text speaks of up to here.
        """
        alike = [q for q in self.quantities if q is not quantity and q.unit == quantity.unit]
        before = [q for q in alike if q.span < quantity.span and not told_a_year_before(self.text, self._end(q))]
        behind = [q for q in alike if q.span > quantity.span and not told_a_year_before(self.text, self._end(q))]
        for other in (*before[-1:], *behind[:1]):
            if (told := self.period(other.span)) is not None and not self._same(told):
                return told
        return self.reporting.quarter

    def _end(self, quantity: Quantity) -> int:
        return quantity.span.end - self.sentence.span.start

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
