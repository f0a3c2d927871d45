"""What an article says: statements, partnerships and claims."""

from __future__ import annotations

from aigraph.extraction import FactExtractor
from aigraph.facts.claims import ClaimFinder
from aigraph.facts.claims import extractors as claim_extractors
from aigraph.facts.frames import load_frames
from aigraph.facts.makers import MAKER_RULES
from aigraph.facts.partnerships import USE_RULE, PartnershipFinder
from aigraph.facts.relations import RelationFinder
from aigraph.facts.rulebook import load_lexicon, load_partnership_rules, load_relation_rules
from aigraph.ontology import Ontology
from aigraph.records import Document, Extractor, Facts, Mentions, Part
from aigraph.vocab import AIG, Iris


class FactFinder(FactExtractor):
    """Finds all that an article says; one instance serves any number of articles.

    `without` names parts of reading to leave off, to measure what they bring.
    """

    def __init__(self, ontology: Ontology, iris: Iris, without: frozenset[Part] = frozenset()) -> None:
        self._relations = RelationFinder(ontology, without)
        self._partnerships = PartnershipFinder(without)
        self._claims = ClaimFinder(ontology, iris)

    def find(self, document: Document, mentions: Mentions) -> Facts:
        """The facts of one article, each once, in the order of the text."""
        statements, rejections = self._relations.find(document, mentions)
        partnerships = self._partnerships.find(document, mentions, statements)
        return Facts(statements, partnerships, self._claims.find(document, mentions), rejections)

    def extractors(self) -> tuple[Extractor, ...]:
        """All rules and components whose names findings carry, sorted."""
        return extractors()


def extractors() -> tuple[Extractor, ...]:
    """All rules and components whose names findings carry, sorted."""
    lexicon = load_lexicon()
    found = list(claim_extractors())
    found += [Extractor(f"relation/{name}", text, "develops") for name, text in MAKER_RULES]
    found.append(Extractor(f"partnership/{USE_RULE}", "Users of named makers' hardware.", "SupplyAgreement"))
    for rule in load_relation_rules(lexicon):
        predicates = {AIG.local(template.predicate) for template in rule.states}
        only = next(iter(predicates)) if len(predicates) == 1 else None
        found.append(Extractor(f"relation/{rule.id}", _described(rule.id, rule.examples[0].text), only))
    for deal in load_partnership_rules(lexicon):
        found.append(Extractor(f"partnership/{deal.id}", _described(deal.id, deal.examples[0].text), deal.kind.value))
    for frame in (*load_frames("relations").rules, *load_frames("deals").rules):
        section = "partnership" if frame.kind else "relation"
        predicates = {AIG.local(template.predicate) for template in frame.states}
        name = frame.kind.value if frame.kind else next(iter(predicates))
        found.append(Extractor(f"{section}/{frame.id}", _described(frame.id, frame.examples[0].text), name))
    return tuple(sorted(found, key=lambda e: e.name))


def _described(name: str, example: str) -> str:
    return f"The rule {name!r}, which fires on sentences such as: {example}"
