"""How a claim is put forward: as a fact, as something to come, as what is only considered or only heard.

Cues of the sentence (`speech/stance.py`) come first; what the figure's own clause, its time and its metric tell weighs
them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pyoxigraph import NamedNode

from aigraph.facts.claims.catalogue import Metric
from aigraph.facts.claims.metricwords import load_metric_words
from aigraph.facts.claims.moods import attribute, mood, owned, past, technical
from aigraph.facts.claims.situations import ReadSentence
from aigraph.facts.claims.timing import compared
from aigraph.facts.speech.cues import load_speakers
from aigraph.facts.speech.stance import Stance
from aigraph.facts.times.reading import story_day
from aigraph.records import Claimant, Mention, Modality, Period, Polarity, Quantity
from aigraph.vocab import UNIT

_AGREED = frozenset({"DealValue", "PurchasePrice"})
"""Metrics of what a contract settles: "will pay $2 billion" is a fact."""
_WORTH, _PAYMENT = "value of the ", " payment"
"""How metrics of what is bought for a sum begin ("servers worth $2 billion"), and end for what is paid by the year."""
_TARGETS = frozenset({"price target", "share price target", "target price"})
"""What an analyst expects a share to cost."""
_AHEAD = re.compile(
    r"\b(?:(?:current|present|coming|next|following)\s+(?:financial\s+|fiscal\s+)?(?:quarter|half|year)|this\s+year)\b",
    re.IGNORECASE,
)
_SETTLING = frozenset({"will", "is to", "are to"})
_SOURCE = re.compile(r"\bfrom\s+(?:\w+\s+)?$")
_TARGET = re.compile(r"(?:\s+(?!to\b)[\w-]+){0,5}\s+to\s+")
_NEXT = 12
"""Characters of "about", "more than" and the like between "to" and a figure."""
_PRESENT = re.compile(r"\s+(?:today|now|currently|at present|so far)\b")


def figure_modality(
    read: ReadSentence, quantity: Quantity, metric: Metric | None, period: Period | None, stance: Stance
) -> Modality:
    """The modality of a figure, with what the tree tells: the future of its own clause, and no forecast of what was.

    In "sales will climb from $1 billion in 2025 to …" the first figure is a fact.
    """
    worth = quantity.unit == UNIT.PERCENT or "/CCY_" in quantity.unit.value
    found = _weighed(read, metric, period, stance, worth=worth)
    if read.tree is not None and found == Modality.ASSERTED:
        settled = _contracted(metric) or attribute(read.tree, quantity)
        found = found if settled else mood(read.tree, quantity) or found
    elif _was(read, quantity, period, found):
        return Modality.ASSERTED
    return _heard(read, stance, found)


def _was(read: ReadSentence, quantity: Quantity, period: Period | None, found: Modality) -> bool:
    """Is a figure that is taken for a forecast or a view one of what was, or is, the case?"""
    if read.tree is None:
        return False
    issued = story_day(read.document)
    over = period is not None and issued is not None and period.last is not None and period.last < issued
    begun = period is not None and issued is not None and period.first is not None and period.first <= issued
    text = read.passage.text
    present = _PRESENT.match(text, quantity.span.end) is not None
    before = compared(read.text, read.sentence.span.start, quantity) and (over or begun or present)
    before = before or _starting(read, quantity) or owned(read.tree, quantity)
    bracketed = text[: quantity.span.start].rstrip().endswith("(") and technical(quantity)
    was = found == Modality.FORECAST and (before or bracketed)
    return was or (found == Modality.OPINION and over and past(read.tree, quantity))


def _starting(read: ReadSentence, quantity: Quantity) -> bool:
    """Is a figure what a change starts from: "will rise from 30% to 37%"?"""
    start = read.sentence.span.start
    before = read.text[: quantity.span.start - start].casefold()
    target = _TARGET.match(read.text, quantity.span.end - start)
    if target is None or _SOURCE.search(before) is None:
        return False
    changing = load_metric_words().change.intersection(re.findall(r"\w+", before))
    end = start + target.end()
    return bool(changing) and any(q.unit == quantity.unit and abs(q.span.start - end) <= _NEXT for q in read.quantities)


def statement_modality(read: ReadSentence, period: Period | None, stance: Stance) -> Modality:
    """The modality of a statement without a figure."""
    return _heard(read, stance, _weighed(read, None, period, stance, worth=False))


def _weighed(
    read: ReadSentence, metric: Metric | None, period: Period | None, stance: Stance, *, worth: bool
) -> Modality:
    """A budget for a time that is not over is a forecast, so is a view of a time to come; a sum agreed on is none.

    `worth` tells that the figure is a sum or a share: what somebody says of those in times to come is a forecast.
    """
    issued = story_day(read.document)
    ahead = period is not None and issued is not None and period.last is not None and period.last >= issued
    later = period is not None and issued is not None and period.first is not None and period.first > issued
    name = metric.name if metric is not None else ""
    wording = (metric.text or metric.concept.label).casefold() if metric is not None else ""
    if wording in _TARGETS and stance.modality == Modality.ASSERTED:
        return Modality.FORECAST
    if _contracted(metric) and _agreed(read, stance):
        return Modality.ASSERTED
    planned = metric is not None and name in load_metric_words().planned
    budget = planned and metric is not None and "budget" in (metric.text or "").casefold()
    planned = planned and (ahead or (budget and (period is None or period.last is None)))
    settled = stance.modality in (Modality.ASSERTED, Modality.OPINION)
    if settled and (planned or (name == "RevenueForecast" and stance.polarity == Polarity.AFFIRMED)):
        return Modality.FORECAST
    viewed = stance.modality == Modality.OPINION and (ahead or _to_come(read, period))
    to_come = stance.modality == Modality.ASSERTED and worth and later and stance.claimant is not None
    return Modality.FORECAST if viewed or to_come else stance.modality


def _to_come(read: ReadSentence, period: Period | None) -> bool:
    """Is a view one of times to come: of a fiscal year ahead, "the current quarter", "by" a year, what "will" be?"""
    issued = story_day(read.document)
    if period is not None and period.fiscal is not None and issued is not None:
        return int(period.fiscal[:4]) > issued.year
    return period is None and _AHEAD.search(read.text) is not None


def _contracted(metric: Metric | None) -> bool:
    """Is a metric one of what a contract settles?"""
    if metric is None or metric.supposed:
        return False
    label = metric.concept.label
    return metric.name in _AGREED or label.startswith(_WORTH) or f" {label}".endswith(_PAYMENT)


def _agreed(read: ReadSentence, stance: Stance) -> bool:
    """Is a sum put forward as what is to be paid under a contract: "will pay $2 billion"?"""
    cues = {read.passage.text[cue.start : cue.end].casefold() for cue in stance.cues}
    return stance.modality == Modality.FORECAST and bool(cues) and cues <= _SETTLING


# --- who brings the news ---------------------------------------------------------------------------------------


def _heard(read: ReadSentence, stance: Stance, modality: Modality) -> Modality:
    """What a newspaper writes is a report until somebody confirms it; what others report of themselves is none."""
    if not isinstance(stance.claimant, NamedNode):
        return modality
    reports = any(a.kind == "reported" and a.claimant == stance.claimant for a in read.attributions)
    if modality == Modality.REPORTED and reports and not stance.cues:
        return modality if is_medium(stance.claimant, read.passage.story.mentions) else Modality.ASSERTED
    if modality != Modality.ASSERTED:
        return modality
    return Modality.REPORTED if is_medium(stance.claimant, read.passage.story.mentions) else modality


def is_medium(claimant: Claimant, mentions: Sequence[Mention]) -> bool:
    """Is somebody by name a newspaper, a news agency or the like?"""
    forms = {mention.form.casefold() for mention in mentions if mention.entity == claimant}
    papers = load_speakers().papers
    return any(form in papers or form.split()[-1] in papers for form in forms if form.split())
