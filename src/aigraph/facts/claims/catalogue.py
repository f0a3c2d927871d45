"""The metrics that a text may name: those of the ontology, and others by the article's own words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from pyoxigraph import NamedNode

from aigraph.facts.claims.metricwords import Tokens, load_metric_words, plain, spoken
from aigraph.facts.speech.cues import Phrase, compile_phrases
from aigraph.ontology import MetricConcept, Ontology
from aigraph.records import Concept, Span
from aigraph.vocab import AIG, UNIT, Iris

RATIOS = frozenset({UNIT.PERCENT, AIG.Times})
"""The units of shares and factors."""


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric with the article's own words for it, where it has some.

    It is `supposed` where only the unit tells, and `sure` where the form of the phrase does.
    """

    concept: Concept
    text: str | None = None
    supposed: bool = False
    sure: bool = False

    @property
    def name(self) -> str:
        """The name of a listed metric in the ontology ("OrderBacklog"); empty for a minted one."""
        return AIG.local(self.concept.iri) if self.concept.listed else ""


@dataclass(frozen=True, slots=True)
class Wording:
    """One way in which a text names or (not `named`) hints at a metric."""

    metric: MetricConcept
    phrase: Phrase
    named: bool

    @property
    def name(self) -> str:
        """The name of the metric in the ontology."""
        return AIG.local(self.metric.iri)

    def as_written(self, text: str | None) -> Metric:
        """The metric, with the article's words for it."""
        return as_written(self.metric, text)


class MetricCatalogue:
    """Finds and makes metrics; one instance serves any number of articles."""

    def __init__(self, ontology: Ontology, iris: Iris) -> None:
        self._iris = iris
        self._by_name = {AIG.local(metric.iri): metric for metric in ontology.metrics}
        self._by_label = {plain(n): m for m in ontology.metrics for n in (*m.alternatives, m.label)}
        self._first: dict[str, list[Wording]] = {}
        for wording in self._wordings():
            for word in sorted(wording.phrase.parts[0]):
                self._first.setdefault(word, []).append(wording)

    def matches(self, tokens: Tokens) -> Iterator[tuple[int, int, Wording]]:
        """The wordings in some words: (first index, index behind, wording)."""
        for at, token in enumerate(tokens.tokens):
            for wording in self._first.get(token.text, ()):
                end = wording.phrase.ends(tokens.tokens, at)
                if end is not None:
                    yield at, end, wording

    def listed(self, name: str, text: str | None = None) -> Metric | None:
        """The listed metric of that name in the ontology, with the article's words for it."""
        metric = self._by_name.get(name)
        return as_written(metric, text) if metric else None

    def supposed(self, name: str) -> Metric | None:
        """The same where no word tells of it."""
        metric = self._by_name.get(name)
        return Metric(_concept(metric), supposed=True) if metric else None

    def labelled(self, label: str) -> MetricConcept | None:
        """The listed metric that is called so."""
        return self._by_label.get(plain(label))

    def named(self, text: str, stretch: Span) -> Metric | None:
        """The longest listed metric that a stretch names, the first of several."""
        tokens = Tokens.of(text, stretch)
        hits = [(end - at, -at, wording) for at, end, wording in self.matches(tokens) if wording.named]
        if not hits:
            return None
        length, place, wording = max(hits, key=lambda hit: hit[:2])
        return wording.as_written(spoken(tokens.tokens[-place : length - place]))

    def of_money(self, text: str, stretch: Span | None) -> Metric | None:
        """The metric of money that a stretch names."""
        found = self.named(text, stretch) if stretch is not None else None
        usual = self._by_name[found.name].usual_unit if found is not None else None
        return sure(found) if usual is not None and is_money(usual) else None

    def minted(self, label: str) -> Metric:
        """The metric of that label: a listed one of that name, or one of the article's own words."""
        label = " ".join(label.split())
        listed = self.labelled(label)
        return as_written(listed, label) if listed is not None else self.narrower(label)

    def narrower(self, label: str) -> Metric:
        """A metric of its own, where the text counts something more exact than a listed one: "engineers", "dies".

        Its label is a hidden one of the listed metric, so the graph of entities has it below that (`entities-broader`).
        """
        return Metric(Concept(self._iris.thing("Metric", label), label, listed=False), label)

    def _wordings(self) -> Iterator[Wording]:
        for name, metric in self._by_name.items():
            labels = [plain(label) for label in (metric.label, *metric.alternatives)]
            counted = [label.removeprefix("number of ") for label in labels if label.startswith("number of ")]
            for phrase in compile_phrases(name, sorted({*labels, *counted})):
                yield Wording(metric, phrase, named=True)
            for phrase in load_metric_words().cues.get(name, ()):
                yield Wording(metric, phrase, named=False)


def as_written(metric: MetricConcept, text: str | None) -> Metric:
    """A listed metric with the article's words for it."""
    return Metric(_concept(metric), text)


def sure(metric: Metric | None) -> Metric | None:
    """A metric that the form of a phrase tells."""
    return replace(metric, sure=True) if metric is not None else None


def compatible(usual: NamedNode | None, unit: NamedNode) -> bool:
    """Can a figure in a unit be one of a metric with that usual unit? Money is money in any currency."""
    return usual is not None and (usual == unit or (is_money(usual) and is_money(unit)))


def is_money(unit: NamedNode) -> bool:
    """Is a unit a currency?"""
    return "/CCY_" in unit.value


def _concept(metric: MetricConcept) -> Concept:
    return Concept(metric.iri, metric.label, listed=True)
