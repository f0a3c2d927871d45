"""Which metric a figure has: by the names of metrics around it, by words that speak for one, by its unit.

The listed metrics of the ontology come first; where none fits, one is minted from the article's own noun phrase.
`catalogue` knows the metrics and `surroundings` finds their wordings around a figure, once for all that ask; `sums`,
`ratios` and `counting` name the metrics of money, of shares and factors, and of counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pyoxigraph import NamedNode

from aigraph.facts.claims.catalogue import RATIOS, Metric, MetricCatalogue, compatible, is_money
from aigraph.facts.claims.counting import CountReader
from aigraph.facts.claims.measures import Anchor
from aigraph.facts.claims.metricwords import load_metric_words
from aigraph.facts.claims.phrases import lasts
from aigraph.facts.claims.ratios import RatioReader
from aigraph.facts.claims.sums import SumReader
from aigraph.facts.claims.surroundings import Surroundings
from aigraph.ontology import Ontology
from aigraph.records import Quantity, Span
from aigraph.vocab import AIG, UNIT, Iris

_PRICED = frozenset({"cost", "price", "prices"})
_LOOSE = 1.0
"""The cost from which a phrase is not the noun that a figure hangs on, so that a metric said before goes first."""
_YEAR = 3.15e7
"""Seconds from which how long something lasts is how long it can be used; stocks and batteries last for less."""
_BLINK = 0.1
"""Seconds below which how long something takes is a latency, where no word tells of something else."""
_FINE = 1e-6
"""Metres from which a length is no structure of a chip's process any more."""
_WAFER = (0.09, 0.46)
_FAR = 1.0


class MetricReader:
    """Names the metrics of figures; one instance serves any number of articles."""

    def __init__(self, ontology: Ontology, iris: Iris) -> None:
        self._words = load_metric_words()
        self._catalogue = MetricCatalogue(ontology, iris)
        self._sums = SumReader(self._catalogue)
        self._ratios = RatioReader(self._catalogue)
        self._counts = CountReader(self._catalogue)

    def around(
        self,
        text: str,
        sentence: Span,
        quantity: Quantity,
        *,
        others: Sequence[Span],
        clause: Sequence[Span] = (),
        anchors: Sequence[Anchor] = (),
    ) -> Surroundings:
        """What stands around a figure, for `read`; see `Surroundings.of`."""
        return Surroundings.of(self._catalogue, text, sentence, quantity, others=others, clause=clause, anchors=anchors)

    def read(self, around: Surroundings) -> Metric | None:
        """The metric of a figure."""
        quantity = around.quantity
        found = self._sums.told(around) if is_money(quantity.unit) else None
        if found is not None:
            return replace(found, sure=True)
        if quantity.unit == UNIT.SEC and quantity.value >= _YEAR and lasts(around.tokens):
            return self.minted("useful life")
        found = self._by_words(around)
        if found is None and is_money(quantity.unit):
            found = self._sums.of_stake(around)
        if found is None and (is_money(quantity.unit) or quantity.unit in (UNIT.PERCENT, UNIT.SEC, AIG.Times)):
            found = self._by_anchor(around)
        return found or self._by_unit(quantity)

    def listed(self, name: str) -> Metric | None:
        """The listed metric of that name in the ontology."""
        return self._catalogue.listed(name)

    def minted(self, label: str) -> Metric:
        """The metric of that label: a listed one of that name, or one of the article's own words."""
        return self._catalogue.minted(label)

    def named(self, text: str, stretch: Span) -> Metric | None:
        """The longest listed metric that a stretch names, the first of several."""
        return self._catalogue.named(text, stretch)

    # --- what the thing tells that a figure is about --------------------------------------------------------

    def of_purchase(self) -> Metric | None:
        """What is paid for a company."""
        return self.listed("PurchasePrice")

    def of_price(self) -> Metric | None:
        """What a thing costs that is for sale."""
        return self.listed("Price")

    def of_draw(self) -> Metric | None:
        """The power that a chip takes."""
        return self.listed("PowerDraw")

    def of_staff(self, text: str) -> Metric | None:
        """Who works for a company: "we are 60 people"."""
        return self._catalogue.listed("EmployeeCount", text)

    def of_chips(self, text: str) -> Metric | None:
        """What a number of chips called by their name counts: "4,096 H100s"."""
        return self._catalogue.listed("ChipCount", text)

    def of_shares(self) -> Metric | None:
        """What a share costs."""
        return self.listed("SharePrice")

    def of_subject(self, text: str, stretch: Span | None) -> Metric | None:
        """The metric of money that the subject of a clause names: "cloud sales, which …, climbed to $2 billion"."""
        return self._catalogue.of_money(text, stretch)

    def difference(self, metric: Metric) -> Metric:
        """By how much something differs from another thing in a metric: "draws 740 watts, 40% less than the Q6"."""
        label = metric.concept.label
        return self.minted("price difference" if _PRICED.intersection(label.split()) else f"{label} difference")

    # --- what the words around a figure tell ---------------------------------------------------------------

    def _by_words(self, around: Surroundings) -> Metric | None:
        """The metric that words around a figure name or hint at."""
        quantity = around.quantity
        if quantity.unit == UNIT.NUM:
            return self._counts.read(around) or self._nearest(around)
        if quantity.unit in RATIOS:
            return self._ratios.read(around)
        if quantity.unit == UNIT.M and quantity.value >= _FINE:
            return self._length(around)
        found = self._sums.claimed(around) or self._nearest(around)
        if found is None and quantity.unit == UNIT.SEC and quantity.value < _BLINK:
            return self.listed("Latency")
        if found is None and (is_money(quantity.unit) or quantity.unit == UNIT.SEC):
            return self._sums.unnamed(around)
        return found

    def _nearest(self, around: Surroundings) -> Metric | None:
        into = {token.text for token in around.tokens.behind()[:6]} & {"in", "into", "toward", "towards"}
        hits = (
            hit
            for hit in around.hits
            if compatible(hit.wording.metric.usual_unit, around.quantity.unit)
            and (into or hit.wording.phrase.text != "@put")
        )
        hit = next(hits, None)
        if hit is None:
            return None
        bought = hit.wording.name == "PurchasePrice" and not hit.wording.named
        return self._sums.bought(around, hit) if bought else around.of_hit(hit)

    def _length(self, around: Surroundings) -> Metric:
        """What is longer than the parts of a transistor: the diameter of a wafer, a size, a distance."""
        value = around.quantity.value
        if around.near(self._words.wafers) and _WAFER[0] <= value <= _WAFER[1]:
            return self.minted("wafer diameter")
        return self.minted("distance" if value >= _FAR else "size")

    def _by_anchor(self, around: Surroundings) -> Metric | None:
        """The metric of the article's own words that syntax tells; a loose phrase only lets suppose one."""
        place = next((anchor for anchor in around.anchors if anchor.label and anchor.role != "company"), None)
        if place is None:
            return None
        metric = self.minted(place.label)
        return replace(metric, supposed=True) if not metric.name and place.cost >= _LOOSE else metric

    def _by_unit(self, quantity: Quantity) -> Metric | None:
        """What a figure in a unit mostly is, where no word tells."""
        return self._catalogue.supposed(self._words.defaults.get(_local_name(quantity.unit), ""))


def _local_name(unit: NamedNode) -> str:
    return AIG.local(unit) if unit in AIG else UNIT.local(unit)
