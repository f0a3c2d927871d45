"""What a share or a factor is one of: a part, a change, a metric that is a ratio itself."""

from __future__ import annotations

from aigraph.facts.claims.catalogue import RATIOS, Metric, MetricCatalogue, Wording, is_money, sure
from aigraph.facts.claims.metricwords import Tokens, load_metric_words, noun_phrase, phrase_before, spoken
from aigraph.facts.claims.phrases import dearer, factored, more_of, ranked, reached, staked
from aigraph.facts.claims.surroundings import Hit, Surroundings
from aigraph.vocab import AIG, UNIT

_ITSELF = frozenset({"it", "itself", "them", "themselves"})
_NEAR = 8.0
_OWNING = frozenset({"acquire", "buy", "hold", "own", "retain"})
_OWNED = frozenset({"own", "owned", "owning", "owns"})
_SURE = 5.0


class RatioReader:
    """Names the metrics of shares and factors; one instance serves any number of articles."""

    def __init__(self, catalogue: MetricCatalogue) -> None:
        self._catalogue = catalogue
        self._words = load_metric_words()

    def read(self, around: Surroundings) -> Metric | None:
        """A share or a factor: of something, of change, or of a metric that is a ratio itself."""
        tokens, quantity, hits = around.tokens, around.quantity, around.hits
        shaped = self._by_phrase(around) or self._by_verb(around) if quantity.unit == UNIT.PERCENT else None
        if shaped is not None or dearer(tokens, self._words):
            return sure(shaped or self._catalogue.minted("price difference"))
        direct = next((hit for hit in hits if hit.wording.metric.usual_unit == quantity.unit), None)
        behind = tokens.behind_list()
        if quantity.unit == UNIT.PERCENT and behind and behind[0].text == "of":
            close = direct is not None and direct.cost < 4 and direct.wording.named
            return around.of_hit(direct) if close and direct else sure(self._part(around))
        changes = around.near(self._words.change)
        base = next((hit for hit in hits if self._grows(hit.wording)), None)
        if changes and tokens.before_has(self._words.stock) and (base is None or base.cost > 3):
            return self._catalogue.listed("SharePriceChange")
        loose = direct is not None and direct.wording.name == "GrowthRate" and base is not None and base.cost <= _NEAR
        if direct is not None and not loose and (not changes or direct.cost <= _SURE or base is None):
            return self._compared(around, direct)
        if quantity.unit == AIG.Times:
            return self._factor(around)
        worded = any(tokens.last < hit.first <= tokens.last + 2 for hit in hits)  # "more efficient"
        label = "" if worded else more_of(behind)
        told = self._catalogue.minted(label) if label else None
        grown = changes and not (direct is None and reached(tokens))
        return sure(told) or (self._changed(around, base) if grown else self._named_before(around))

    def _by_phrase(self, around: Surroundings) -> Metric | None:
        """A stake, or the part of a market that comes with a place in it."""
        tokens = around.tokens
        if staked(tokens):
            return self._catalogue.listed("Stake")
        return self._catalogue.listed("MarketShare") if ranked(tokens) else None

    def _by_verb(self, around: Surroundings) -> Metric | None:
        """What a company itself gains or loses is its share price, what it owns is a stake: "Orrin lost 3%"."""
        tokens = around.tokens
        verbs = {anchor.label for anchor in around.anchors if anchor.role == "company"}
        if tokens.listed_price() or verbs & self._words.traded:
            return self._catalogue.listed("SharePriceChange")
        return self._catalogue.listed("Stake") if verbs & _OWNING else None

    def _named_before(self, around: Surroundings) -> Metric | None:
        """The noun phrase of "an interest rate of 9%", "puts the loss at 3%"; else a share of something unnamed."""
        tokens = around.tokens
        before = tokens.tokens[: tokens.first]
        phrase = phrase_before(before[:-1]) if before and before[-1].text in ("of", "at") else []
        if phrase:
            return self._catalogue.minted(spoken(phrase))
        if before and before[-1].text in self._words.owned:
            return self._catalogue.listed("Stake")
        if around.near(self._words.owned):
            return self._catalogue.listed("Stake")
        behind = tokens.behind()
        counted = bool(behind) and behind[0].text in ("are", "is", "were", "was", "have", "has", "of")
        return self._catalogue.supposed("Share") if counted else None

    def _changed(self, around: Surroundings, base: Hit | None) -> Metric | None:
        """The growth of the nearest metric: "revenue rose 24%"."""
        near = (hit for hit in around.hits if hit.cost < _NEAR and _compares(around, hit))
        other = next((hit for hit in near if hit.wording.named or hit.wording.metric.usual_unit in RATIOS), None)
        gain = other is not None and other.wording.metric.usual_unit in RATIOS
        if base is None or (gain and other is not None and other.cost < base.cost):
            return around.of_hit(other) if other is not None else self._growth(around)
        grown = self._words.growth.get(base.wording.name)
        label = base.wording.metric.label
        return (
            self._catalogue.listed(grown, around.text_of(base)) if grown else self._catalogue.minted(f"{label} growth")
        )

    def _growth(self, around: Surroundings) -> Metric | None:
        """The growth of something unnamed; a share without a word of change is one of something."""
        named = any(anchor.label and anchor.role != "company" for anchor in around.anchors)
        return None if named else self._catalogue.supposed("GrowthRate")

    def _factor(self, around: Surroundings) -> Metric | None:
        """What a factor compares ("three times the performance"), or the growth it tells."""
        tokens = around.tokens
        behind = tokens.behind()
        counted = len(behind) > 1 and behind[0].text == "as" and behind[1].text in ("many", "much")
        phrase = noun_phrase(behind[2:]) if counted else []
        if phrase:
            return self._catalogue.minted(spoken(phrase))
        number = [token.text for token in behind[:3]]
        if tokens.holds(self._words.growing) and number[-2:] == ["number", "of"]:
            return self._catalogue.minted(spoken(noun_phrase(behind[3:])) or "growth rate")
        label = more_of(behind)
        told = self._catalogue.minted(label) if label else self._factored(around)
        if told is not None:
            return told
        if behind and behind[0].text in self._words.progress and "over" in [token.text for token in behind[1:6]]:
            return self._catalogue.listed("PerformanceGain", behind[0].raw)
        growing = tokens.holds(self._words.growing) or around.near(self._words.growing)
        named = (hit for hit in around.hits if hit.wording.named and _compares(around, hit))
        nearest = next((hit for hit in named if hit.cost < 2 * _NEAR), None)
        if nearest is None:
            return self._catalogue.listed("GrowthRate") if growing else None
        grown = self._words.growth.get(nearest.wording.name) if growing else None
        return self._catalogue.listed(grown, around.text_of(nearest)) if grown else self._compared(around, nearest)

    def _factored(self, around: Surroundings) -> Metric | None:
        """The metric of the phrase that a factor stands before: "twice the network ports", "doubles the data rate"."""
        tokens = around.tokens
        phrase = factored(tokens)
        if not phrase:
            return None
        fits = [
            (end - at, w) for at, end, w in self._catalogue.matches(Tokens(phrase)) if end == len(phrase) and w.named
        ]
        if not fits:
            return self._catalogue.minted(spoken(phrase))
        _, wording = max(fits, key=lambda fit: fit[0])
        grown = self._words.growth.get(wording.name, "") if tokens.holds(self._words.growing) else ""
        exact = not grown.startswith("Performance") or wording.name == "Performance"
        return self._catalogue.listed(grown, spoken(phrase)) if grown and exact else wording.as_written(spoken(phrase))

    def _compared(self, around: Surroundings, hit: Hit) -> Metric:
        """The metric of a wording; where that only says what is compared ("as fast"), the one minted for it."""
        speaks = hit.wording.name == "PerformanceGain" and not hit.wording.named
        quality = self._words.qualities.get(hit.wording.phrase.text) if speaks else None
        return around.of_hit(hit) if quality is None else self._catalogue.narrower(quality)

    def _grows(self, wording: Wording) -> bool:
        """Can a share or factor near the wording tell a change of its metric?"""
        usual = wording.metric.usual_unit
        return wording.name in self._words.growth or (wording.named and usual is not None and is_money(usual))

    def _part(self, around: Surroundings) -> Metric | None:
        """ "55% of the quarter's revenue": a share of what follows."""
        tokens = around.tokens
        behind = tokens.behind_list()[1:]
        phrase = noun_phrase(behind, over_of=True)
        known = next((self._words.parts[t.text] for t in phrase if t.text in self._words.parts), None)
        owned = any(t.text in self._words.owned for t in tokens.tokens[: tokens.first])
        if known == "SupplyShare" and owned:
            known = "Stake"
        if known is not None:
            return self._catalogue.listed(known, spoken(phrase))
        if known is None and any(t.text == "$" or any(t.span.overlaps(o) for o in tokens.others) for t in behind[:2]):
            return self._catalogue.listed("Share")
        whole = noun_phrase(behind)
        named = bool(whole) and all(token.raw[:1].isupper() and token.raw.isalpha() for token in whole)
        named = named or (bool(whole) and whole[0] in behind[1:2] and tokens.tokens[tokens.first - 1].text in _OWNED)
        if owned and behind and (behind[0].text in _ITSELF or named):
            return self._catalogue.listed("Stake")
        return self._catalogue.minted(f"share of {spoken(whole)}") if whole else None


def _compares(around: Surroundings, hit: Hit) -> bool:
    """False for things counted behind the figure: "16% for GPUs" is no number of GPUs."""
    counts = hit.wording.metric.usual_unit == UNIT.NUM
    return not counts or (hit.end <= around.tokens.first and around.tokens.anchored(hit.first, hit.end) is not None)
