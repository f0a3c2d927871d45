"""From items of an answer to findings: what the text, the ontology and our own grammars bear out, and nothing else.

An item that fails a check becomes a rejection with the reason. The text of a finding, its figure, its time and its
places come from the article, never from the answer: the answer only points at them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from pyoxigraph import NamedNode

from aigraph.llm.answers import Item, Unfit
from aigraph.llm.checks import LONGEST_NAME, Checks, last
from aigraph.llm.evidence import Evidence, find_evidence, shown
from aigraph.llm.grammar import Grammar
from aigraph.llm.passages import Passage, Place
from aigraph.llm.schema import WORKLOADS, unit_name
from aigraph.ontology import DealKind, Ontology, Relation
from aigraph.records import (
    Claim,
    Concept,
    Document,
    Mentions,
    Partnership,
    PartnershipKind,
    Quantity,
    Rejection,
    Statement,
    Status,
)
from aigraph.vocab import AIG

_WORKLOAD_STEMS = {AIG.Training: "train", AIG.Inference: "infer"}
F = TypeVar("F", Statement, Partnership, Claim)


@dataclass(slots=True)
class Verified:
    """What came of one answer, or of several."""

    statements: list[Statement] = field(default_factory=list)
    partnerships: list[Partnership] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    rejections: list[Rejection] = field(default_factory=list)


class Verifier:
    """Verifies answers; one instance serves any number of articles. `names` are those of the extractors by list."""

    def __init__(self, ontology: Ontology, grammar: Grammar, names: Mapping[str, str]) -> None:
        self._ontology = ontology
        self._grammar = grammar
        self._names = names
        self._relations = {AIG.local(relation.iri): relation for relation in ontology.relations}
        self._deals = {AIG.local(deal.iri): deal for deal in ontology.deals}
        self._units = {unit_name(unit): unit for unit in ontology.units}

    def verify(
        self, document: Document, mentions: Mentions, passage: Passage, items: Mapping[str, Sequence[Item | None]]
    ) -> Verified:
        """What the items of one answer come to."""
        offers = {offer.id: offer for offer in passage.offers}
        checks = Checks(self._ontology, self._grammar, self._units, document, mentions, passage, offers)
        facts = _Facts(checks, self._relations, self._deals, self._names)
        return Verified(
            list(facts.all(items, "statements", facts.statement)),
            list(facts.all(items, "partnerships", facts.partnership)),
            list(facts.all(items, "claims", facts.claim)),
            facts.rejections,
        )


@dataclass(slots=True)
class _Facts:
    """The findings of one passage, and what was rejected on the way."""

    checks: Checks
    relations: Mapping[str, Relation]
    deals: Mapping[str, DealKind]
    names: Mapping[str, str]
    rejections: list[Rejection] = field(default_factory=list)

    def all(
        self, items: Mapping[str, Sequence[Item | None]], name: str, check: Callable[[Item, Evidence], F]
    ) -> Iterator[F]:
        """The findings of one list."""
        for item in items.get(name, ()):
            finding = self._finding(item, self.names[name], check)
            if isinstance(finding, Rejection):
                self.rejections.append(finding)
            else:
                yield finding

    def _finding(self, item: Item | None, name: str, check: Callable[[Item, Evidence], F]) -> F | Rejection:
        """The finding at the first place of the quote that bears it out; else why the first of them does not."""
        refused: Rejection | None = None
        try:
            if item is None:
                raise Unfit("an item of the answer is no object")
            checks = self.checks
            for evidence in find_evidence(checks.document, checks.mentions, checks.passage, item.text("quote")):
                try:
                    return check(item, evidence)
                except Unfit as unfit:
                    refused = refused or Rejection(name, evidence.places[0].span, str(unfit))
        except Unfit as unfit:
            refused = refused or Rejection(name, self.checks.passage.span, str(unfit))
        return refused or Rejection(name, self.checks.passage.span, "its quote stands nowhere")

    # --- statements ----------------------------------------------------------------------------------------

    def statement(self, item: Item, evidence: Evidence) -> Statement:
        """A relation between two things that the quote's sentences mention."""
        name = item.text("predicate")
        relation = self.relations.get(name)
        if relation is None:
            raise Unfit(f"{shown(name)} is no relation of the ontology")
        subject = self.checks.mentioned(item.text("subject"), evidence, "subject")
        object_, kind = self._object(relation, item.text("object"), evidence)
        if subject.mention.entity == object_:
            raise Unfit(f"{relation.label!r} links a thing to itself")
        if reason := self.checks.ontology.allows(relation.iri, AIG[subject.mention.type], kind):
            raise Unfit(reason)
        parties = [subject.mention.entity, object_]
        if not any(evidence.inside(party) for party in parties):
            raise Unfit("neither of its two things is mentioned in the sentence of the quote")
        first, second = parties
        if relation.symmetric and second.value < first.value:
            first, second = second, first
        return Statement(
            subject=first,
            predicate=relation.iri,
            object=second,
            role=self._role(item, evidence) if relation.iri == AIG.worksFor else None,
            **self.checks.common(item, evidence, parties, self.names["statements"]),
        )

    def _object(self, relation: Relation, name: str, evidence: Evidence) -> tuple[NamedNode, NamedNode]:
        """The object with its class: a mention, or a workload that the sentence names."""
        workload = WORKLOADS.get(name)
        if workload is None:
            offer = self.checks.mentioned(name, evidence, "object")
            return offer.mention.entity, AIG[offer.mention.type]
        if AIG.Workload not in relation.range:
            raise Unfit(f"{relation.label!r} has no workload as its object")
        words = " ".join(evidence.text[span.start : span.end] for span in evidence.spans).casefold()
        if _WORKLOAD_STEMS[workload] not in words:
            raise Unfit(f"the sentence does not speak of {name.lower()}")
        return workload, AIG.Workload

    @staticmethod
    def _role(item: Item, evidence: Evidence) -> str | None:
        role = item.text_or_none("role")
        if role is None:
            return None
        span = evidence.words(role, "role")[0]
        if span.end - span.start > LONGEST_NAME:
            raise Unfit(f"its role {shown(role)} is too long")
        return " ".join(evidence.text[span.start : span.end].split())

    # --- deals ---------------------------------------------------------------------------------------------

    def partnership(self, item: Item, evidence: Evidence) -> Partnership:
        """A deal whose parties the quote's sentences mention."""
        checks = self.checks
        name = item.text("kind")
        kind = self.deals.get(name)
        if kind is None or name not in {each.value for each in PartnershipKind}:
            raise Unfit(f"{shown(name)} is no kind of deal of the ontology")
        roles = self._roles(kind, item, evidence)
        parties = [party for _, fillers in roles for party in fillers]
        if len(set(parties)) < max(2, len(parties)):
            raise Unfit("a deal needs two parties, and nobody in two roles")
        if not any(evidence.inside(party) for party in parties):
            raise Unfit("none of its parties is mentioned in the sentence of the quote")
        common = checks.common(item, evidence, parties, self.names["partnerships"])
        told, place = checks.one_of(Status, item, "status"), checks.carrying(evidence)
        concerns = checks.offer_or_none(item, "concerns", evidence)
        if concerns is not None:
            checks.is_one_of(concerns, frozenset({AIG.Technology}), "concerns")
        return Partnership(
            kind=PartnershipKind(name),
            roles=roles,
            status=checks.grammar.status(told, place, checks.mentions, common["modality"]),
            concerns=concerns.mention.entity if concerns else None,
            quantity=checks.figure(item, evidence),
            **common,
        )

    def _roles(
        self, kind: DealKind, item: Item, evidence: Evidence
    ) -> tuple[tuple[NamedNode, tuple[NamedNode, ...]], ...]:
        """The roles of a kind of deal, each filled by somebody."""
        given = item.item_or_none("roles")
        if given is None:
            raise Unfit("it has no roles")
        if strange := sorted(set(given.values) - {AIG.local(role.iri) for role in kind.roles}):
            raise Unfit(f"{AIG.local(kind.iri)} has no role {shown(strange[0])}")
        roles = []
        for role in kind.roles:
            label = AIG.local(role.iri)
            fillers = set()
            for name in given.texts(label):
                offer = self.checks.mentioned(name, evidence, label)
                self.checks.is_one_of(offer, role.range, label)
                fillers.add(offer.mention.entity)
            if not fillers:
                raise Unfit(f"the role {label} is filled by nobody")
            roles.append((role.iri, tuple(sorted(fillers, key=lambda iri: iri.value))))
        return tuple(roles)

    # --- claims --------------------------------------------------------------------------------------------

    def claim(self, item: Item, evidence: Evidence) -> Claim:
        """A figure, or what somebody says, in one sentence."""
        if len(evidence.places) > 1:
            raise Unfit("the quote of a claim goes over more than one sentence")
        place = evidence.places[0]
        quantity = self.checks.figure(item, evidence)
        about, about_text = self._about(item, evidence)
        metric, metric_text = self._metric(item, evidence, place, quantity)
        common = self.checks.common(
            item, evidence, (), self.names["claims"], at=quantity.span if quantity else last(evidence)
        )
        if quantity is None and common["claimant"] is None:
            raise Unfit("a claim needs a figure, or somebody who makes it")
        return Claim(
            text=evidence.text[evidence.quote.start : evidence.quote.end],
            about=about,
            about_text=about_text,
            metric=metric,
            metric_text=metric_text,
            quantity=quantity,
            **common,
        )

    def _about(self, item: Item, evidence: Evidence) -> tuple[NamedNode | Concept | None, str | None]:
        offer = self.checks.offer_or_none(item, "about", evidence)
        if offer is not None:
            return offer.mention.entity, offer.mention.form
        words = self.checks.named(item, "about_words", evidence)
        return (self.checks.grammar.topic(words), words) if words else (None, None)

    def _metric(
        self, item: Item, evidence: Evidence, place: Place, quantity: Quantity | None
    ) -> tuple[Concept | None, str | None]:
        """The metric that the sentence's own words name, else the one that our reader gives the figure."""
        words = self.checks.named(item, "metric_words", evidence)
        if words is None:
            if quantity is None:
                return None, None
            others = self.checks.grammar.quantities(self.checks.document, self.checks.mentions, place)
            return self.checks.grammar.measured(self.checks.document, place, quantity, others), None
        metric = self.checks.grammar.metric(words)
        if quantity is not None and not self.checks.grammar.measures(metric, quantity.unit):
            raise Unfit(f"{metric.label} is not told in {unit_name(quantity.unit)}")
        return metric, words
