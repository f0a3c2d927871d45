"""The words around a figure, read once: its sentence in tokens, and the wordings of metrics in it by their distance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aigraph.facts.claims.catalogue import Metric, MetricCatalogue, Wording
from aigraph.facts.claims.measures import Anchor
from aigraph.facts.claims.metricwords import Tokens, load_metric_words, spoken
from aigraph.records import Quantity, Span

_REACH = 24.0
"""The cost from which a wording is too far away to tell of the figure."""
_HINT, _WORD, _VAGUE = 2.5, -1.5, 3.0
"""What a wording costs more for only hinting, for each word behind its first, and for standing for much."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A wording in a sentence: its words, and how far it is from the figure (in words, more for signs between)."""

    cost: float
    first: int
    end: int
    wording: Wording


@dataclass(frozen=True, slots=True)
class Surroundings:
    """A figure of an article with the words around it, and the wordings of metrics in them, the likeliest first."""

    text: str
    quantity: Quantity
    tokens: Tokens
    hits: tuple[Hit, ...]

    @classmethod
    def of(
        cls,
        catalogue: MetricCatalogue,
        text: str,
        sentence: Span,
        quantity: Quantity,
        *,
        others: Sequence[Span],
        clause: Sequence[Span] = (),
        anchors: Sequence[Anchor] = (),
    ) -> Surroundings:
        """What stands around a figure.

        `text` is the article, `others` are the other figures of the sentence, `clause` the stretches of its clause,
        `anchors` the phrases that name its metric by syntax.
        """
        tokens = Tokens.of(text, sentence, quantity.span, others=others, clause=clause, anchors=anchors)
        return cls(text, quantity, tokens, _hits(catalogue, tokens))

    @property
    def anchors(self) -> tuple[Anchor, ...]:
        """The phrases that name the metric of the figure by syntax."""
        return self.tokens.anchors

    def costs(self) -> list[tuple[str, float]]:
        """The listed metrics that the words name or hint at, with how far they are; the nearest first."""
        found: dict[str, float] = {}
        for hit in self.hits:
            found.setdefault(hit.wording.name, hit.cost)
        return list(found.items())

    def near(self, words: frozenset[str]) -> bool:
        """Does one of some words stand so near the figure that it speaks of it?"""
        barriers = load_metric_words().barriers
        return any(self.tokens.near(word, barriers) for word in sorted(words))

    def of_hit(self, hit: Hit) -> Metric:
        """The metric of a wording, with the article's words for it."""
        return hit.wording.as_written(self.text_of(hit))

    def text_of(self, hit: Hit) -> str:
        """The words of a wording, as the article has them."""
        return spoken(self.tokens.tokens[hit.first : hit.end])


def _hits(catalogue: MetricCatalogue, tokens: Tokens) -> tuple[Hit, ...]:
    """Wordings around the figure, the likeliest first."""
    words, found = load_metric_words(), []
    for first, end, wording in catalogue.matches(tokens):
        if end == first + 1 and tokens.in_name(first):
            continue
        cost = tokens.distance(first, end, words.barriers)
        anchored = tokens.anchored(first, end) if cost is not None else None
        cost = anchored if anchored is not None else cost
        if cost is not None and cost <= _REACH:
            weight = (
                (0.0 if wording.named else _HINT) + _WORD * (end - first - 1) + _VAGUE * (wording.name in words.vague)
            )
            found.append(Hit(cost + weight, first, end, wording))
    found = [hit for hit in found if not any(_inside(hit, other) for other in found)]
    return tuple(sorted(found, key=lambda hit: (hit.cost, hit.first, -hit.end, hit.wording.metric.iri.value)))


def _inside(hit: Hit, other: Hit) -> bool:
    """Is a wording part of a longer one: "budget" of "capital budget"?"""
    return other.first <= hit.first and hit.end <= other.end and (other.end - other.first) > (hit.end - hit.first)
