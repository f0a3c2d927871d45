"""What a count counts: the thing that is counted, or those who work for a company."""

from __future__ import annotations

from aigraph.facts.claims.catalogue import Metric, MetricCatalogue, as_written, sure
from aigraph.facts.claims.metricwords import Tokens, load_metric_words, plain
from aigraph.facts.claims.surroundings import Hit, Surroundings
from aigraph.ontology import MetricConcept
from aigraph.records import Span
from aigraph.vocab import UNIT

_PEOPLE = frozenset({"people", "men", "men and women", "women"})


class CountReader:
    """Names the metrics of counts; one instance serves any number of articles."""

    def __init__(self, catalogue: MetricCatalogue) -> None:
        self._catalogue = catalogue
        self._words = load_metric_words()

    def read(self, around: Surroundings) -> Metric | None:
        """A count is of the thing that is counted; people of a verb of employing, jobs of one of cutting."""
        text, quantity = around.text, around.quantity
        if quantity.noun is None:
            return None
        noun = text[quantity.noun.start : quantity.noun.end]
        if noun in self._words.pieces and any(h.wording.name == "Shipments" for h in around.hits):
            return self._catalogue.listed("Shipments", noun)
        hinted = next((h for h in around.hits if h.wording.metric.usual_unit == UNIT.NUM), None)
        if noun in _PEOPLE and (staff := self._staff(noun, hinted, around)) is not None:
            return staff
        if noun == "jobs" and any(token.text in self._words.cut for token in around.tokens.tokens):
            return sure(self._catalogue.listed("JobCuts", noun))
        phrase = next((a.label for a in around.anchors if a.label.endswith(noun)), "")
        tokens = Tokens.of(phrase, Span(0, len(phrase))) if phrase else Tokens.of(text, quantity.noun)
        noun = phrase or noun
        heads = [
            (end - first, wording.metric.iri.value, first, wording.metric)
            for first, end, wording in self._catalogue.matches(tokens)
            if end == len(tokens.tokens) and wording.metric.usual_unit == UNIT.NUM and wording.named
        ]
        if not heads:
            plural = self._catalogue.labelled(f"{noun}s")
            return as_written(plural, noun) if plural is not None else self._catalogue.minted(noun)
        _, _, first, metric = max(heads)
        own = " ".join(token.raw for token in tokens.tokens[first:])
        return self._catalogue.narrower(own) if _loose(metric, own) else as_written(metric, noun)

    def _staff(self, noun: str, hinted: Hit | None, around: Surroundings) -> Metric | None:
        """What "people" count where a verb or a word for a place of work tells; None for people at large."""
        if hinted is not None and not hinted.wording.named:
            return hinted.wording.as_written(noun)
        employed = any(token.text in self._words.workplaces for token in around.tokens.tokens)
        return self._catalogue.listed("EmployeeCount", noun) if employed else None


def _loose(metric: MetricConcept, words: str) -> bool:
    """Are some words only loosely a wording of a metric: a hidden one that shares no word with those shown?"""
    shown = {metric.label, *metric.alternatives} - metric.hidden
    stems = {word.removesuffix("s") for label in shown for word in plain(label).split()}
    own = {word.removesuffix("s") for word in plain(words).split()}
    return plain(words) in {plain(label) for label in metric.hidden} and not own & stems
