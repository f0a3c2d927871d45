"""What a sum of money is: by the form of its phrase, by what it is paid for, by the noun behind it."""

from __future__ import annotations

import re

from aigraph.facts.claims.catalogue import Metric, MetricCatalogue, compatible, is_money
from aigraph.facts.claims.measures import empty
from aigraph.facts.claims.metricwords import load_metric_words, noun_phrase, spoken
from aigraph.facts.claims.phrases import (
    built,
    for_company,
    for_stake,
    in_kind,
    measured,
    rate,
    traded_for,
    worth_before,
    worth_of,
)
from aigraph.facts.claims.surroundings import Hit, Surroundings
from aigraph.facts.speech.cues import load_speakers

_PRICE = 2e6
"""Sums below this before a noun are its price ("a $30,000 card"); larger ones are what it is worth or costs in all."""
_DEAR = 5e7
"""Sums from which what a thing costs is no price in a list any more."""
_CLAIMED = 14
"""Words up to which a verb of claiming stands before what is claimed."""
PAYMENT = "payment"
"""The label of what somebody pays for something else than a company."""


class SumReader:
    """Names the metrics of sums; one instance serves any number of articles."""

    def __init__(self, catalogue: MetricCatalogue) -> None:
        self._catalogue = catalogue
        self._words = load_metric_words()

    def told(self, around: Surroundings) -> Metric | None:
        """What syntax or the form of the phrase tells, whatever else stands around."""
        return self._by_tree(around) or self._by_form(around)

    def unnamed(self, around: Surroundings) -> Metric | None:
        """What a sum or a time is that no metric is named for: the price of one thing, or the noun behind it."""
        return self._priced(around) or self._own_words(around)

    def of_stake(self, around: Surroundings) -> Metric | None:
        """What is given for a part of a company."""
        staked = traded_for(around.tokens) and for_stake(around.tokens, self._words)
        return self._catalogue.listed("InvestmentAmount") if staked else None

    def _by_tree(self, around: Surroundings) -> Metric | None:
        """What syntax alone tells: "systems worth $3 billion", the price of what "costs $300", the sum of a listing."""
        tokens, quantity = around.tokens, around.quantity
        for anchor in around.anchors:
            if anchor.role == "worth":
                deal = any(
                    wording.name == "DealValue" for _, _, wording in self._catalogue.matches(tokens.within(anchor.span))
                )
                return None if deal else self._catalogue.minted(f"value of the {anchor.label}")
            if anchor.role == "worth of a firm":
                return self._catalogue.listed("Valuation", tokens.spoken(anchor.span))
            if anchor.role == "cost of a good":
                return self._catalogue.listed("Price" if quantity.value < _DEAR else "Cost", tokens.spoken(anchor.span))
            if anchor.role == "cost of making":
                return self._catalogue.listed("Cost", tokens.spoken(anchor.span))
        share = [token.text for token in tokens.behind()[:2]]
        if share in (["a", "share"], ["per", "share"]):
            words = {token.text for token in tokens.tokens}
            if words & self._words.per_share:
                return self._catalogue.listed("EarningsPerShare")
        raised = any(tokens.spoken(anchor.span).casefold() in self._words.raised for anchor in around.anchors[:2])
        listed = raised and any(
            p.ends(tokens.tokens, at) for at in range(len(tokens.tokens)) for p in self._words.listing
        )
        return self._catalogue.listed("ListingProceeds") if listed else None

    def _by_form(self, around: Surroundings) -> Metric | None:
        """What the form of a phrase tells of a sum: "$3 million in fines", "a fee of $3 million"."""
        tokens, quantity = around.tokens, around.quantity
        label = measured(around.anchors)
        outlook = bool(label) and label.split()[-1].lower() in load_speakers().outlooks
        before = worth_before(tokens)
        if before and not any(w.name == "DealValue" for _, _, w in self._catalogue.matches(before)):
            return self._catalogue.minted(f"value of the {spoken(before.tokens)}")
        worth, kind = worth_of(tokens), in_kind(tokens, self._words)
        if worth:
            return self._catalogue.minted(f"value of {worth}")
        if kind and not outlook:
            return self._catalogue.minted(kind)
        found = self._by_noun(around)
        if found is not None:
            return found
        investment = built(tokens, self._words) and quantity.value > _PRICE
        return self._catalogue.listed("InvestmentAmount") if investment else None

    def _by_noun(self, around: Surroundings) -> Metric | None:
        """The metric of the noun in "a fee of $3 million", and of what somebody "contributes"."""
        tokens, quantity = around.tokens, around.quantity
        place = next((anchor for anchor in around.anchors if anchor.role == "of"), None)
        inside = list(self._catalogue.matches(tokens.within(place.span))) if place is not None else []
        fits = [(end - at, w) for at, end, w in inside if w.named and compatible(w.metric.usual_unit, quantity.unit)]
        listed = max(fits, key=lambda fit: fit[0])[1] if fits else None
        if place is not None and listed is not None:
            return listed.as_written(place.label)
        if place is not None and not inside:
            return self._catalogue.minted(place.label)
        given = any(anchor.role == "company" and anchor.label == "contribute" for anchor in around.anchors)
        return self._catalogue.listed("InvestmentAmount", "contributes") if given else None

    def bought(self, around: Surroundings, hit: Hit) -> Metric:
        """What is paid for a company is its price; for a part of it an investment, for all else a payment."""
        tokens = around.tokens
        often = rate(tokens)
        if often:
            return self._catalogue.minted(f"{often} payment")
        if for_stake(tokens, self._words) and (investment := self._catalogue.listed("InvestmentAmount")) is not None:
            return investment
        paid = hit.wording.phrase.text == "@pay" and not for_company(tokens, self._words)
        return self._catalogue.minted(PAYMENT) if paid else around.of_hit(hit)

    def claimed(self, around: Surroundings) -> Metric | None:
        """A sum that somebody wants from a court, or is awarded by it: damages."""
        tokens, quantity = around.tokens, around.quantity
        texts = {token.text for token in tokens.tokens}
        before = {token.text for token in tokens.tokens[max(0, tokens.first - _CLAIMED) : tokens.first]}
        sued = is_money(quantity.unit) and texts & self._words.courts and before & self._words.claiming
        return self._catalogue.minted("damages") if sued else None

    def _priced(self, around: Surroundings) -> Metric | None:
        """The price of one thing: "a $900 board", "its $30,000 card"."""
        tokens, quantity = around.tokens, around.quantity
        before, behind = tokens.tokens[: tokens.first], tokens.behind()
        single = bool(before) and before[-1].text in ("a", "an", "each", "every", "its", "one", "per", "the", "this")
        phrase = noun_phrase(behind)
        return self._catalogue.listed("Price") if single and phrase and quantity.value < _PRICE else None

    def _own_words(self, around: Surroundings) -> Metric | None:
        """A metric minted from the noun phrase behind the figure: "$500 billion network", "$3 million in fines"."""
        tokens = around.tokens
        behind = tokens.behind()
        of = bool(behind) and behind[0].text in ("of", "in", "for")
        phrase = noun_phrase(behind[1:] if of else behind)
        wordy = any(re.search(r"[^\W\d_]{3}", token.text) for token in phrase) and phrase[-1].text not in empty()
        return self._catalogue.minted(spoken(phrase)) if wordy else None
