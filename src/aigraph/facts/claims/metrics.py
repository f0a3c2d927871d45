"""Which metric a figure has: by the names of metrics around it, by words that speak for one, by its unit.

The listed metrics of the ontology come first; where none fits, one is minted from the article's own noun phrase.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pyoxigraph import NamedNode

from aigraph.facts.claims.measures import Anchor, empty
from aigraph.facts.claims.metricwords import Tokens, load_metric_words, noun_phrase, phrase_before, plain, spoken
from aigraph.facts.claims.phrases import (
    built,
    dearer,
    factored,
    for_company,
    for_stake,
    in_kind,
    lasts,
    measured,
    more_of,
    ranked,
    rate,
    reached,
    staked,
    traded_for,
    worth_before,
    worth_of,
)
from aigraph.facts.speech.cues import Phrase, compile_phrases, load_speakers
from aigraph.ontology import MetricConcept, Ontology
from aigraph.records import Concept, Quantity, Span
from aigraph.vocab import AIG, UNIT, Iris

_PEOPLE = frozenset({"people", "men", "men and women", "women"})
_ITSELF = frozenset({"it", "itself", "them", "themselves"})
_PRICE = 2e6
"""Sums below this before a noun are its price ("a $30,000 card"); larger ones are what it is worth or costs in all."""
_DEAR = 5e7
"""Sums from which what a thing costs is no price in a list any more."""
_CLAIMED = 14
"""Words up to which a verb of claiming stands before what is claimed."""
_PRICED = frozenset({"cost", "price", "prices"})
PAYMENT = "payment"
"""The label of what somebody pays for something else than a company."""
_LOOSE = 1.0
"""The cost from which a phrase is not the noun that a figure hangs on, so that a metric said before goes first."""
_REACH = 24.0
_NEAR = 8.0
_OWNING = frozenset({"acquire", "buy", "hold", "own", "retain"})
_OWNED = frozenset({"own", "owned", "owning", "owns"})
_SURE = 5.0
_YEAR = 3.15e7
"""Seconds from which how long something lasts is how long it can be used; stocks and batteries last for less."""
_BLINK = 0.1
"""Seconds below which how long something takes is a latency, where no word tells of something else."""
_FINE = 1e-6
"""Metres from which a length is no structure of a chip's process any more."""
_WAFER = (0.09, 0.46)
_FAR = 1.0
_RATIOS = frozenset({UNIT.PERCENT, AIG.Times})


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
class _Wording:
    """One way in which a text names or (not `named`) hints at a metric."""

    metric: MetricConcept
    phrase: Phrase
    named: bool

    @property
    def name(self) -> str:
        return AIG.local(self.metric.iri)


@dataclass(frozen=True, slots=True)
class _Hit:
    """A wording in a sentence: its words, and how far it is from the figure (in words, more for signs between)."""

    cost: float
    first: int
    end: int
    wording: _Wording


class MetricReader:
    """Names the metrics of figures; one instance serves any number of articles."""

    def __init__(self, ontology: Ontology, iris: Iris) -> None:
        self._iris = iris
        self._words = load_metric_words()
        self._by_name = {AIG.local(metric.iri): metric for metric in ontology.metrics}
        self._by_label = {plain(n): m for m in ontology.metrics for n in (*m.alternatives, m.label)}
        self._first: dict[str, list[_Wording]] = {}
        for wording in self._wordings():
            for word in sorted(wording.phrase.parts[0]):
                self._first.setdefault(word, []).append(wording)

    def read(
        self,
        text: str,
        sentence: Span,
        quantity: Quantity,
        *,
        others: Sequence[Span],
        clause: Sequence[Span] = (),
        anchors: Sequence[Anchor] = (),
    ) -> Metric | None:
        """The metric of a figure.

        `text` is the article, `others` are the other figures of the sentence, `clause` the stretches of its clause,
        `anchors` the phrases that name its metric by syntax.
        """
        tokens = Tokens.of(text, sentence, quantity.span, others=others, clause=clause, anchors=anchors)
        found = self._by_tree(tokens, quantity, anchors) if _money(quantity.unit) else None
        found = found or (self._by_form(tokens, quantity, anchors) if _money(quantity.unit) else None)
        if found is not None:
            return replace(found, sure=True)
        if quantity.unit == UNIT.SEC and quantity.value >= _YEAR and lasts(tokens):
            return self.minted("useful life")
        if quantity.unit == UNIT.NUM:
            found = self._counted(text, quantity, tokens) or self._nearest(tokens, quantity)
        elif quantity.unit in _RATIOS:
            found = self._ratio(tokens, quantity)
        elif quantity.unit == UNIT.M and quantity.value >= _FINE:
            found = self._length(tokens, quantity)
        else:
            found = self._claimed(tokens, quantity) or self._nearest(tokens, quantity)
            if found is None and quantity.unit == UNIT.SEC and quantity.value < _BLINK:
                return self._known("Latency")
            if found is None and (_money(quantity.unit) or quantity.unit == UNIT.SEC):
                found = self._priced(tokens, quantity) or self._own_words(tokens)
        if found is None and _money(quantity.unit) and traded_for(tokens) and for_stake(tokens, self._words):
            found = self._known("InvestmentAmount")
        if found is None and (_sum(quantity.unit) or quantity.unit in (UNIT.SEC, AIG.Times)):
            named = next((anchor for anchor in anchors if anchor.label and anchor.role != "company"), None)
            minted = self.minted(named.label) if named is not None else None
            loose = minted is not None and not minted.name and named is not None and named.cost >= _LOOSE
            found = replace(minted, supposed=True) if minted is not None and loose else minted
        return found or self._default(quantity)

    def listed(self, name: str) -> Metric | None:
        """The listed metric of that name in the ontology."""
        return self._known(name)

    def of_purchase(self) -> Metric | None:
        """What is paid for a company."""
        return self._known("PurchasePrice")

    def of_price(self) -> Metric | None:
        """What a thing costs that is for sale."""
        return self._known("Price")

    def of_draw(self) -> Metric | None:
        """The power that a chip takes."""
        return self._known("PowerDraw")

    def of_staff(self, text: str) -> Metric | None:
        """Who works for a company: "we are 60 people"."""
        return self._known("EmployeeCount", text)

    def difference(self, metric: Metric) -> Metric:
        """By how much something differs from another thing in a metric: "draws 740 watts, 40% less than the Q6"."""
        label = metric.concept.label
        return self.minted("price difference" if _PRICED.intersection(label.split()) else f"{label} difference")

    def of_chips(self, text: str) -> Metric | None:
        """What a number of chips called by their name counts: "4,096 H100s"."""
        return self._known("ChipCount", text)

    def of_shares(self) -> Metric | None:
        """What a share costs."""
        return self._known("SharePrice")

    def _by_form(self, tokens: Tokens, quantity: Quantity, anchors: Sequence[Anchor]) -> Metric | None:
        """What the form of a phrase tells of a sum: "$3 million in fines", "a fee of $3 million"."""
        label = measured(anchors)
        outlook = bool(label) and label.split()[-1].lower() in load_speakers().outlooks
        before = worth_before(tokens)
        if before and not any(w.name == "DealValue" for _, _, w in self._matches(before)):
            return self.minted(f"value of the {spoken(before.tokens)}")
        worth, kind = worth_of(tokens), in_kind(tokens, self._words)
        if worth:
            return self.minted(f"value of {worth}")
        if kind and not outlook:
            return self.minted(kind)
        found = self._by_noun(tokens, quantity, anchors)
        if found is not None:
            return found
        investment = built(tokens, self._words) and quantity.value > _PRICE
        return self._known("InvestmentAmount") if investment else None

    def _by_noun(self, tokens: Tokens, quantity: Quantity, anchors: Sequence[Anchor]) -> Metric | None:
        """The metric of the noun in "a fee of $3 million", and of what somebody "contributes"."""
        place = next((anchor for anchor in anchors if anchor.role == "of"), None)
        inside = list(self._matches(tokens.within(place.span))) if place is not None else []
        fits = [(end - at, w) for at, end, w in inside if w.named and _compatible(w.metric.usual_unit, quantity.unit)]
        listed = max(fits, key=lambda fit: fit[0])[1] if fits else None
        if place is not None and listed is not None:
            return self._metric(listed.metric, place.label)
        if place is not None and not inside:
            return self.minted(place.label)
        given = any(anchor.role == "company" and anchor.label == "contribute" for anchor in anchors)
        return self._known("InvestmentAmount", "contributes") if given else None

    def _by_tree(self, tokens: Tokens, quantity: Quantity, anchors: Sequence[Anchor]) -> Metric | None:
        """What syntax alone tells: "systems worth $3 billion", the price of what "costs $300", the sum of a listing."""
        for anchor in anchors:
            if anchor.role == "worth":
                deal = any(wording.name == "DealValue" for _, _, wording in self._matches(tokens.within(anchor.span)))
                return None if deal else self.minted(f"value of the {anchor.label}")
            if anchor.role == "worth of a firm":
                return self._known("Valuation", tokens.spoken(anchor.span))
            if anchor.role == "cost of a good":
                return self._known("Price" if quantity.value < _DEAR else "Cost", tokens.spoken(anchor.span))
            if anchor.role == "cost of making":
                return self._known("Cost", tokens.spoken(anchor.span))
        share = [token.text for token in tokens.behind()[:2]]
        if share in (["a", "share"], ["per", "share"]):
            words = {token.text for token in tokens.tokens}
            if words & self._words.per_share:
                return self._known("EarningsPerShare")
        raised = any(tokens.spoken(anchor.span).casefold() in self._words.raised for anchor in anchors[:2])
        listed = any(p.ends(tokens.tokens, at) for at in range(len(tokens.tokens)) for p in self._words.listing)
        return self._known("ListingProceeds") if raised and listed else None

    def around(
        self,
        text: str,
        sentence: Span,
        quantity: Quantity,
        *,
        others: Sequence[Span],
        clause: Sequence[Span] = (),
        anchors: Sequence[Anchor] = (),
    ) -> list[tuple[str, float]]:
        """The listed metrics that words around a figure name or hint at, with how far they are; the nearest first."""
        tokens = Tokens.of(text, sentence, quantity.span, others=others, clause=clause, anchors=anchors)
        found: dict[str, float] = {}
        for hit in self._hits(tokens):
            found.setdefault(hit.wording.name, hit.cost)
        return list(found.items())

    def named(self, text: str, stretch: Span) -> Metric | None:
        """The longest listed metric that a stretch names, the first of several."""
        tokens = Tokens.of(text, stretch)
        hits = [(end - at, -at, wording) for at, end, wording in self._matches(tokens) if wording.named]
        if not hits:
            return None
        length, place, wording = max(hits, key=lambda hit: hit[:2])
        return self._metric(wording.metric, spoken(tokens.tokens[-place : length - place]))

    def of_subject(self, text: str, stretch: Span | None) -> Metric | None:
        """The metric of money that the subject of a clause names: "cloud sales, which …, climbed to $2 billion"."""
        found = self.named(text, stretch) if stretch is not None else None
        usual = self._by_name[found.name].usual_unit if found is not None else None
        return _sure(found) if usual is not None and _money(usual) else None

    def minted(self, label: str) -> Metric:
        """The metric of that label: a listed one of that name, or one of the article's own words."""
        label = " ".join(label.split())
        listed = self._by_label.get(plain(label))
        if listed is not None:
            return self._metric(listed, label)
        return Metric(Concept(self._iris.thing("Metric", label), label, listed=False), label)

    # --- matching ------------------------------------------------------------------------------------------

    def _wordings(self) -> Iterator[_Wording]:
        for name, metric in self._by_name.items():
            labels = [plain(label) for label in (metric.label, *metric.alternatives)]
            counted = [label.removeprefix("number of ") for label in labels if label.startswith("number of ")]
            for phrase in compile_phrases(name, sorted({*labels, *counted})):
                yield _Wording(metric, phrase, named=True)
            for phrase in self._words.cues.get(name, ()):
                yield _Wording(metric, phrase, named=False)

    def _matches(self, tokens: Tokens) -> Iterator[tuple[int, int, _Wording]]:
        for at, token in enumerate(tokens.tokens):
            for wording in self._first.get(token.text, ()):
                end = wording.phrase.ends(tokens.tokens, at)
                if end is not None:
                    yield at, end, wording

    def _hits(self, tokens: Tokens) -> list[_Hit]:
        """Wordings around the figure, the likeliest first."""
        found = []
        for first, end, wording in self._matches(tokens):
            if end == first + 1 and tokens.in_name(first):
                continue
            cost = tokens.distance(first, end, self._words.barriers)
            anchored = tokens.anchored(first, end) if cost is not None else None
            cost = anchored if anchored is not None else cost
            if cost is not None and cost <= _REACH:
                weight = (
                    (0.0 if wording.named else 2.5)
                    - 1.5 * (end - first - 1)
                    + 3.0 * (wording.name in self._words.vague)
                )
                found.append(_Hit(cost + weight, first, end, wording))
        found = [hit for hit in found if not any(_inside(hit, other) for other in found)]
        return sorted(found, key=lambda hit: (hit.cost, hit.first, -hit.end, hit.wording.metric.iri.value))

    def _nearest(self, tokens: Tokens, quantity: Quantity) -> Metric | None:
        into = {token.text for token in tokens.behind()[:6]} & {"in", "into", "toward", "towards"}
        hits = (
            hit
            for hit in self._hits(tokens)
            if _compatible(hit.wording.metric.usual_unit, quantity.unit) and (into or hit.wording.phrase.text != "@put")
        )
        hit = next(hits, None)
        if hit is None:
            return None
        bought = hit.wording.name == "PurchasePrice" and not hit.wording.named
        return self._bought(tokens, hit) if bought else self._of(tokens, hit)

    def _bought(self, tokens: Tokens, hit: _Hit) -> Metric:
        """What is paid for a company is its price; for a part of it an investment, for all else a payment."""
        often = rate(tokens)
        if often:
            return self.minted(f"{often} payment")
        if for_stake(tokens, self._words) and (investment := self._known("InvestmentAmount")) is not None:
            return investment
        paid = hit.wording.phrase.text == "@pay" and not for_company(tokens, self._words)
        return self.minted(PAYMENT) if paid else self._of(tokens, hit)

    def _claimed(self, tokens: Tokens, quantity: Quantity) -> Metric | None:
        """A sum that somebody wants from a court, or is awarded by it: damages."""
        texts = {token.text for token in tokens.tokens}
        before = {token.text for token in tokens.tokens[max(0, tokens.first - _CLAIMED) : tokens.first]}
        sued = _money(quantity.unit) and texts & self._words.courts and before & self._words.claiming
        return self.minted("damages") if sued else None

    # --- kinds of figures ----------------------------------------------------------------------------------

    def _counted(self, text: str, quantity: Quantity, around: Tokens) -> Metric | None:
        """A count is of the thing that is counted; people of a verb of employing, jobs of one of cutting."""
        if quantity.noun is None:
            return None
        noun = text[quantity.noun.start : quantity.noun.end]
        if noun in self._words.pieces and any(h.wording.name == "Shipments" for h in self._hits(around)):
            return self._known("Shipments", noun)
        hinted = next((h for h in self._hits(around) if h.wording.metric.usual_unit == UNIT.NUM), None)
        if noun in _PEOPLE and (staff := self._staff(noun, hinted, around)) is not None:
            return staff
        if noun == "jobs" and any(token.text in self._words.cut for token in around.tokens):
            return _sure(self._known("JobCuts", noun))
        phrase = next((a.label for a in around.anchors if a.label.endswith(noun)), "")
        tokens = Tokens.of(phrase, Span(0, len(phrase))) if phrase else Tokens.of(text, quantity.noun)
        noun = phrase or noun
        heads = [
            (end - first, wording.metric.iri.value, first, wording.metric)
            for first, end, wording in self._matches(tokens)
            if end == len(tokens.tokens) and wording.metric.usual_unit == UNIT.NUM and wording.named
        ]
        if not heads:
            plural = self._by_label.get(f"{plain(noun)}s")
            return self._metric(plural, noun) if plural is not None else self.minted(noun)
        _, _, first, metric = max(heads)
        own = " ".join(token.raw for token in tokens.tokens[first:])
        return self._narrower(own) if _loose(metric, own) else self._metric(metric, noun)

    def _staff(self, noun: str, hinted: _Hit | None, around: Tokens) -> Metric | None:
        """What "people" count where a verb or a word for a place of work tells; None for people at large."""
        if hinted is not None and not hinted.wording.named:
            return self._metric(hinted.wording.metric, noun)
        employed = any(token.text in self._words.workplaces for token in around.tokens)
        return self._known("EmployeeCount", noun) if employed else None

    def _narrower(self, label: str) -> Metric:
        """A metric of its own, where the text counts something more exact than a listed one: "engineers", "dies".

        Its label is a hidden one of the listed metric, so the graph of entities has it below that (`entities-broader`).
        """
        return Metric(Concept(self._iris.thing("Metric", label), label, listed=False), label)

    def _ratio(self, tokens: Tokens, quantity: Quantity) -> Metric | None:
        """A share or a factor: of something, of change, or of a metric that is a ratio itself."""
        hits = self._hits(tokens)
        sure = self._by_phrase(tokens) or self._by_verb(tokens) if quantity.unit == UNIT.PERCENT else None
        if sure is not None or dearer(tokens, self._words):
            return _sure(sure or self.minted("price difference"))
        direct = next((hit for hit in hits if hit.wording.metric.usual_unit == quantity.unit), None)
        behind = tokens.behind_list()
        if quantity.unit == UNIT.PERCENT and behind and behind[0].text == "of":
            close = direct is not None and direct.cost < 4 and direct.wording.named
            return self._of(tokens, direct) if close and direct else _sure(self._part(tokens))
        changes = any(tokens.near(word, self._words.barriers) for word in sorted(self._words.change))
        base = next((hit for hit in hits if self._grows(hit.wording)), None)
        if changes and tokens.before_has(self._words.stock) and (base is None or base.cost > 3):
            return self._known("SharePriceChange")
        loose = direct is not None and direct.wording.name == "GrowthRate" and base is not None and base.cost <= _NEAR
        if direct is not None and not loose and (not changes or direct.cost <= _SURE or base is None):
            return self._compared(tokens, direct)
        if quantity.unit == AIG.Times:
            return self._factor(tokens, hits)
        worded = any(tokens.last < hit.first <= tokens.last + 2 for hit in hits)  # "more efficient"
        label = "" if worded else more_of(behind)
        told = self.minted(label) if label else None
        grown = changes and not (direct is None and reached(tokens))
        return _sure(told) or (self._changed(tokens, hits, base) if grown else self._named_before(tokens))

    def _by_phrase(self, tokens: Tokens) -> Metric | None:
        """A stake, or the part of a market that comes with a place in it."""
        if staked(tokens):
            return self._known("Stake")
        return self._known("MarketShare") if ranked(tokens) else None

    def _by_verb(self, tokens: Tokens) -> Metric | None:
        """What a company itself gains or loses is its share price, what it owns is a stake: "Orrin lost 3%"."""
        verbs = {anchor.label for anchor in tokens.anchors if anchor.role == "company"}
        if tokens.listed_price() or verbs & self._words.traded:
            return self._known("SharePriceChange")
        return self._known("Stake") if verbs & _OWNING else None

    def _named_before(self, tokens: Tokens) -> Metric | None:
        """The noun phrase of "an interest rate of 9%", "puts the loss at 3%"; else a share of something unnamed."""
        before = tokens.tokens[: tokens.first]
        phrase = phrase_before(before[:-1]) if before and before[-1].text in ("of", "at") else []
        if phrase:
            return self.minted(spoken(phrase))
        if before and before[-1].text in self._words.owned:
            return self._known("Stake")
        if any(tokens.near(word, self._words.barriers) for word in sorted(self._words.owned)):
            return self._known("Stake")
        share = self._by_name.get("Share")
        behind = tokens.behind()
        counted = bool(behind) and behind[0].text in ("are", "is", "were", "was", "have", "has", "of")
        return Metric(_concept(share), supposed=True) if share is not None and counted else None

    def _changed(self, tokens: Tokens, hits: Sequence[_Hit], base: _Hit | None) -> Metric | None:
        """The growth of the nearest metric: "revenue rose 24%"."""
        near = (hit for hit in hits if hit.cost < _NEAR and self._compares(tokens, hit))
        other = next((hit for hit in near if hit.wording.named or hit.wording.metric.usual_unit in _RATIOS), None)
        gain = other is not None and other.wording.metric.usual_unit in _RATIOS
        if base is None or (gain and other is not None and other.cost < base.cost):
            return self._of(tokens, other) if other is not None else self._growth(tokens)
        grown = self._words.growth.get(base.wording.name)
        label = base.wording.metric.label
        return self._known(grown, self._text(tokens, base)) if grown else self.minted(f"{label} growth")

    def _growth(self, tokens: Tokens) -> Metric | None:
        """The growth of something unnamed; a share without a word of change is one of something."""
        known = self._by_name.get("GrowthRate")
        named = any(anchor.label and anchor.role != "company" for anchor in tokens.anchors)
        return None if known is None or named else Metric(_concept(known), supposed=True)

    def _factor(self, tokens: Tokens, hits: Sequence[_Hit]) -> Metric | None:
        """What a factor compares ("three times the performance"), or the growth it tells."""
        behind = tokens.behind()
        counted = len(behind) > 1 and behind[0].text == "as" and behind[1].text in ("many", "much")
        phrase = noun_phrase(behind[2:]) if counted else []
        if phrase:
            return self.minted(spoken(phrase))
        number = [token.text for token in behind[:3]]
        if tokens.holds(self._words.growing) and number[-2:] == ["number", "of"]:
            return self.minted(spoken(noun_phrase(behind[3:])) or "growth rate")
        label = more_of(behind)
        told = self.minted(label) if label else self._factored(tokens)
        if told is not None:
            return told
        if behind and behind[0].text in self._words.progress and "over" in [token.text for token in behind[1:6]]:
            return self._known("PerformanceGain", behind[0].raw)
        growing = tokens.holds(self._words.growing) or any(
            tokens.near(word, self._words.barriers) for word in sorted(self._words.growing)
        )
        named = (hit for hit in hits if hit.wording.named and self._compares(tokens, hit))
        nearest = next((hit for hit in named if hit.cost < 2 * _NEAR), None)
        if nearest is None:
            return self._known("GrowthRate") if growing else None
        grown = self._words.growth.get(nearest.wording.name) if growing else None
        return self._known(grown, self._text(tokens, nearest)) if grown else self._compared(tokens, nearest)

    def _factored(self, tokens: Tokens) -> Metric | None:
        """The metric of the phrase that a factor stands before: "twice the network ports", "doubles the data rate"."""
        phrase = factored(tokens)
        if not phrase:
            return None
        fits = [(end - at, w) for at, end, w in self._matches(Tokens(phrase)) if end == len(phrase) and w.named]
        if not fits:
            return self.minted(spoken(phrase))
        _, wording = max(fits, key=lambda fit: fit[0])
        grown = self._words.growth.get(wording.name, "") if tokens.holds(self._words.growing) else ""
        exact = not grown.startswith("Performance") or wording.name == "Performance"
        return self._known(grown, spoken(phrase)) if grown and exact else self._metric(wording.metric, spoken(phrase))

    def _compared(self, tokens: Tokens, hit: _Hit) -> Metric:
        """The metric of a wording; where that only says what is compared ("as fast"), the one minted for it."""
        speaks = hit.wording.name == "PerformanceGain" and not hit.wording.named
        quality = self._words.qualities.get(hit.wording.phrase.text) if speaks else None
        return self._of(tokens, hit) if quality is None else self._narrower(quality)

    @staticmethod
    def _compares(tokens: Tokens, hit: _Hit) -> bool:
        """False for things counted behind the figure: "16% for GPUs" is no number of GPUs."""
        counts = hit.wording.metric.usual_unit == UNIT.NUM
        return not counts or (hit.end <= tokens.first and tokens.anchored(hit.first, hit.end) is not None)

    def _grows(self, wording: _Wording) -> bool:
        """Can a share or factor near the wording tell a change of its metric?"""
        usual = wording.metric.usual_unit
        return wording.name in self._words.growth or (wording.named and usual is not None and _money(usual))

    def _part(self, tokens: Tokens) -> Metric | None:
        """ "55% of the quarter's revenue": a share of what follows."""
        behind = tokens.behind_list()[1:]
        phrase = noun_phrase(behind, over_of=True)
        known = next((self._words.parts[t.text] for t in phrase if t.text in self._words.parts), None)
        owned = any(t.text in self._words.owned for t in tokens.tokens[: tokens.first])
        if known == "SupplyShare" and owned:
            known = "Stake"
        if known is not None:
            return self._known(known, spoken(phrase))
        if known is None and any(t.text == "$" or any(t.span.overlaps(o) for o in tokens.others) for t in behind[:2]):
            return self._known("Share")
        whole = noun_phrase(behind)
        named = bool(whole) and all(token.raw[:1].isupper() and token.raw.isalpha() for token in whole)
        named = named or (bool(whole) and whole[0] in behind[1:2] and tokens.tokens[tokens.first - 1].text in _OWNED)
        if owned and behind and (behind[0].text in _ITSELF or named):
            return self._known("Stake")
        return self.minted(f"share of {spoken(whole)}") if whole else None

    def _priced(self, tokens: Tokens, quantity: Quantity) -> Metric | None:
        """The price of one thing: "a $900 board", "its $30,000 card"."""
        before, behind = tokens.tokens[: tokens.first], tokens.behind()
        single = bool(before) and before[-1].text in ("a", "an", "each", "every", "its", "one", "per", "the", "this")
        phrase = noun_phrase(behind)
        return self._known("Price") if single and phrase and quantity.value < _PRICE else None

    def _own_words(self, tokens: Tokens) -> Metric | None:
        """A metric minted from the noun phrase behind the figure: "$500 billion network", "$3 million in fines"."""
        behind = tokens.behind()
        of = bool(behind) and behind[0].text in ("of", "in", "for")
        phrase = noun_phrase(behind[1:] if of else behind)
        wordy = any(re.search(r"[^\W\d_]{3}", token.text) for token in phrase) and phrase[-1].text not in empty()
        return self.minted(spoken(phrase)) if wordy else None

    def _length(self, tokens: Tokens, quantity: Quantity) -> Metric:
        """What is longer than the parts of a transistor: the diameter of a wafer, a size, a distance."""
        wafers = any(tokens.near(word, self._words.barriers) for word in sorted(self._words.wafers))
        if wafers and _WAFER[0] <= quantity.value <= _WAFER[1]:
            return self.minted("wafer diameter")
        return self.minted("distance" if quantity.value >= _FAR else "size")

    def _default(self, quantity: Quantity) -> Metric | None:
        local = AIG.local(quantity.unit) if quantity.unit in AIG else UNIT.local(quantity.unit)
        metric = self._by_name.get(self._words.defaults.get(local, ""))
        return Metric(_concept(metric), supposed=True) if metric else None

    # --- making metrics ------------------------------------------------------------------------------------

    def _known(self, name: str, text: str | None = None) -> Metric | None:
        metric = self._by_name.get(name)
        return self._metric(metric, text) if metric else None

    def _of(self, tokens: Tokens, hit: _Hit) -> Metric:
        return self._metric(hit.wording.metric, self._text(tokens, hit))

    @staticmethod
    def _text(tokens: Tokens, hit: _Hit) -> str:
        return spoken(tokens.tokens[hit.first : hit.end])

    @staticmethod
    def _metric(metric: MetricConcept, text: str | None) -> Metric:
        return Metric(_concept(metric), text)


def _sure(metric: Metric | None) -> Metric | None:
    return replace(metric, sure=True) if metric is not None else None


def _loose(metric: MetricConcept, words: str) -> bool:
    """Are some words only loosely a wording of a metric: a hidden one that shares no word with those shown?"""
    shown = {metric.label, *metric.alternatives} - metric.hidden
    stems = {word.removesuffix("s") for label in shown for word in plain(label).split()}
    own = {word.removesuffix("s") for word in plain(words).split()}
    return plain(words) in {plain(label) for label in metric.hidden} and not own & stems


def _inside(hit: _Hit, other: _Hit) -> bool:
    """Is a wording part of a longer one: "budget" of "capital budget"?"""
    return other.first <= hit.first and hit.end <= other.end and (other.end - other.first) > (hit.end - hit.first)


def _concept(metric: MetricConcept) -> Concept:
    return Concept(metric.iri, metric.label, listed=True)


def _compatible(usual: NamedNode | None, unit: NamedNode) -> bool:
    return usual is not None and (usual == unit or (_money(usual) and _money(unit)))


def _sum(unit: NamedNode) -> bool:
    return _money(unit) or unit == UNIT.PERCENT


def _money(unit: NamedNode) -> bool:
    return "/CCY_" in unit.value
