"""What answers are verified by: the readers of figures, times, stances and metrics that the rules use too.

This is the one module of the package that knows `aigraph.facts`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pyoxigraph import NamedNode

from aigraph.facts.claims.merging import merge as merge_claims
from aigraph.facts.claims.metrics import MetricReader
from aigraph.facts.deals import merging as deals
from aigraph.facts.deals.standing import Told, told_status
from aigraph.facts.figures.quantities import find_quantities
from aigraph.facts.patterns.lines import read_line
from aigraph.facts.patterns.rulebook import load_lexicon
from aigraph.facts.relations import finder as relations
from aigraph.facts.speech.attribution import AttributionReader
from aigraph.facts.speech.cues import load_speech
from aigraph.facts.speech.spoken import covering
from aigraph.facts.speech.stance import Stance, StanceReader
from aigraph.facts.times.periods import find_periods
from aigraph.facts.words.sentences import read_words
from aigraph.llm.passages import Place
from aigraph.ontology import Ontology
from aigraph.records import (
    Claim,
    Claimant,
    Concept,
    Document,
    MentionKind,
    Mentions,
    Modality,
    Partnership,
    Period,
    Polarity,
    Quantity,
    Span,
    Statement,
    Status,
)
from aigraph.vocab import AIG, UNIT, Iris

_WEAKEST = (Modality.HYPOTHETICAL, Modality.REPORTED, Modality.FORECAST, Modality.OPINION, Modality.ASSERTED)
_DEFINITE = (Status.REPORTED, Status.ANNOUNCED, Status.COMPLETED)
_SEASONS = {"Q1": "33", "Q2": "34", "Q3": "35", "Q4": "36", "H1": "40", "H2": "41"}


def weaker(one: Modality, other: Modality) -> Modality:
    """The more cautious of two modalities."""
    return min(one, other, key=_WEAKEST.index)


@dataclass(frozen=True, slots=True)
class Reading:
    """How our own reader takes a stretch: the most cautious of what its sentences and clauses show."""

    modality: Modality
    negated: bool
    claimant: Claimant | None


class Grammar:
    """The readers, made once."""

    def __init__(self, ontology: Ontology, iris: Iris) -> None:
        self._iris = iris
        self._attributions = AttributionReader()
        self._stances = StanceReader(self._attributions)
        self._metrics = MetricReader(ontology, iris)
        self._units = {metric.iri: metric.usual_unit for metric in ontology.metrics}
        self._topics = {
            name.casefold(): Concept(topic.iri, topic.label, listed=True)
            for topic in ontology.topics
            for name in (topic.label, *topic.alternatives)
        }
        self._lexicon = load_lexicon()

    # --- stance --------------------------------------------------------------------------------------------

    def stance(
        self, document: Document, mentions: Mentions, place: Place, at: Span, focus: Span | None = None
    ) -> Reading:
        """How a place of a sentence is put forward: by its clause, and with `focus` by those words as well.

        `at` is the figure, or the last of the words that tell. The more cautious reading counts.
        """
        said = covering(self._attributions.find(document, place.block, mentions.mentions), at)
        found = [self._stances.read_clause(place.block, place.sentence, at, mentions.mentions, said)]
        if focus is not None:
            found.append(self._stances.read(document, place.block, place.sentence, focus, mentions.mentions))
        return Reading(
            min((stance.modality for stance in found), key=_WEAKEST.index),
            any(stance.polarity == Polarity.NEGATED for stance in found),
            next((stance.claimant for stance in found if stance.claimant is not None), None),
        )

    def status(self, told: Status, place: Place, mentions: Mentions, modality: Modality) -> Status:
        """The status of a deal as told, unless signs in its sentence make it a less definite one, or an ended one."""
        line = read_line(place.block, place.sentence, mentions.mentions, self._lexicon)
        around = Told(line, Stance(modality=modality), lambda _: False)
        seen = told_status(told, around, self._lexicon, range(len(line)), bare=False)
        if Status.ENDED in (seen, told):
            return Status.ENDED
        return min(seen, told, key=_DEFINITE.index)

    @staticmethod
    def speaks(place: Place, mentions: Mentions) -> bool:
        """Is there a word of saying in a sentence: "says", "expects", "according to"?"""
        words = [word.text for word in read_words(place.block, place.sentence, mentions.mentions)]
        verbs = load_speech().verbs
        return "according" in words or any(not r.particle for word in words for r in verbs.readings(word))

    # --- figures and times ---------------------------------------------------------------------------------

    @staticmethod
    def quantities(document: Document, mentions: Mentions, place: Place) -> tuple[Quantity, ...]:
        """The figures of a sentence."""
        names = [m.span for m in mentions.mentions if m.kind == MentionKind.NAME and m.span.overlaps(place.span)]
        return find_quantities(_text(document, place.span), offset=place.span.start, taken=names)

    def periods(self, document: Document, mentions: Mentions, place: Place) -> tuple[Period, ...]:
        """The times of a sentence."""
        names = [m.span for m in mentions.mentions if m.kind == MentionKind.NAME and m.span.overlaps(place.span)]
        figures = (quantity.span for quantity in self.quantities(document, mentions, place))
        return find_periods(
            _text(document, place.span),
            offset=place.span.start,
            anchor=_day(document.article.issued),
            taken=[*names, *figures],
        )

    # --- concepts ------------------------------------------------------------------------------------------

    def metric(self, words: str) -> Concept:
        """The metric of that name, a listed one or one of the article's own words."""
        return self._metrics.minted(words).concept

    def measured(
        self, document: Document, place: Place, quantity: Quantity, others: Sequence[Quantity]
    ) -> Concept | None:
        """The metric that our own reader gives a figure."""
        spans = [other.span for other in others if other is not quantity]
        found = self._metrics.read(self._metrics.around(document.article.text, place.span, quantity, others=spans))
        return found.concept if found else None

    def measures(self, metric: Concept, unit: NamedNode) -> bool:
        """Can a figure in that unit be one of the metric? Money is money in any currency."""
        usual = self._units.get(metric.iri)
        if usual is None or unit in (AIG.Times, UNIT.PERCENT):
            return True  # a factor or a share of any metric may be told
        return usual == unit or (_is_money(usual) and _is_money(unit))

    def topic(self, words: str) -> Concept:
        """The topic of that name, a listed one or one of the article's own words."""
        label = " ".join(words.split())
        return self._topics.get(label.casefold()) or Concept(self._iris.thing("Topic", label), label, listed=False)


def merged_statements(found: Sequence[Statement]) -> tuple[Statement, ...]:
    """Each statement once, with all its evidence."""
    return relations.merge(found)


def merged_deals(found: Sequence[Partnership]) -> tuple[Partnership, ...]:
    """Each deal once, with all its evidence."""
    return deals.merge(found)


def merged_claims(found: Sequence[Claim]) -> tuple[Claim, ...]:
    """Each claim once, with all its evidence."""
    return merge_claims(found)


def is_time(period: Period, value: str) -> bool:
    """Is a time, as the model writes it ("2026-Q4"), that of a period? Of an interval the end counts."""
    value = value.strip()
    match = re.fullmatch(r"(\d{4})-([QH]\d)", value)
    edtf = f"{match[1]}-{_SEASONS.get(match[2], '?')}" if match else value
    if period.fiscal is not None and period.fiscal == value:
        return True
    parts = (period.edtf or "").split("/")
    ends = {part.rstrip("~?%") for part in (parts[-1], *(parts[:1] if parts[-1] == ".." else ()))}
    return edtf in ends - {"", ".."} or value == period.edtf


def _text(document: Document, span: Span) -> str:
    return document.article.text[span.start : span.end]


def _day(issued: str | None) -> date | None:
    """The first day of an EDTF date ("2026-03-18", "2026-03"); None for anything else."""
    match = re.fullmatch(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?", issued or "")
    try:
        return date(int(match[1]), int(match[2] or 1), int(match[3] or 1)) if match else None
    except ValueError:
        return None


def _is_money(unit: NamedNode) -> bool:
    return "/CCY_" in unit.value
