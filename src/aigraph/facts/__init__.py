"""What an article says: statements, partnerships and claims.

Each sub-package imports only from those below it, and never from one beside it:

    claims | relations | deals     the three kinds of facts, each with its finder
    frames                         rules over dependency trees
    confidence                     how sure a finding is
    links                          what the language model finds between words
    patterns | speech | times      rules over words; who says what, and how surely; dates and periods
    figures                        numbers with their units
    words                          English: verb forms, clauses, trees of sentences, the calendar

The rules themselves are data, in `rules/`; the words of each sub-package are YAML files beside its modules.
"""

from __future__ import annotations

from collections.abc import Callable

from aigraph.facts.claims.finder import ClaimFinder
from aigraph.facts.claims.finder import extractors as claim_extractors
from aigraph.facts.confidence import calibrated
from aigraph.facts.deals.finder import USE_RULE, PartnershipFinder
from aigraph.facts.frames import load_frames
from aigraph.facts.links.finder import NO_LINKS, LinkFinder
from aigraph.facts.links.findings import DEAL, RELATION
from aigraph.facts.patterns.rulebook import load_lexicon, load_partnership_rules, load_relation_rules
from aigraph.facts.relations.finder import RelationFinder
from aigraph.facts.relations.makers import MAKER_RULES
from aigraph.facts.speech.attribution import AttributionReader
from aigraph.ontology import Ontology
from aigraph.records import Document, Extractor, Facts, Finding, Mentions, Part
from aigraph.vocab import AIG, Iris


class FactFinder:
    """Finds all that an article says; one instance serves any number of articles.

    `without` names parts of reading to leave off, to measure what they bring.
    """

    def __init__(self, ontology: Ontology, iris: Iris, without: frozenset[Part] = frozenset()) -> None:
        syntax = Part.SYNTAX not in without
        attributions = AttributionReader(syntax=syntax)  # one for all, for it remembers the article that it has read
        self._relations = RelationFinder(ontology, attributions, without)
        self._partnerships = PartnershipFinder(attributions, without)
        self._claims = ClaimFinder(ontology, iris, attributions, syntax=syntax)
        self.calibrate: Callable[[Facts], Facts] = calibrated
        self._links = LinkFinder() if Part.LINKS not in without else None

    def admit(self, admits: Callable[[Finding], bool]) -> None:
        """Let another judge decide which candidates become findings, to measure all of them."""
        self._relations.admits = self._partnerships.admits = admits

    def find(self, document: Document, mentions: Mentions) -> Facts:
        """The facts of one article, each once, in the order of the text."""
        links = self._links.find(document, mentions) if self._links else NO_LINKS
        statements, rejections = self._relations.find(document, mentions, links)
        partnerships = self._partnerships.find(document, mentions, statements, links)
        return self.calibrate(Facts(statements, partnerships, self._claims.find(document, mentions, links), rejections))


def extractors() -> tuple[Extractor, ...]:
    """All rules and components whose names findings carry, sorted."""
    lexicon = load_lexicon()
    found = list(claim_extractors())
    found += [Extractor(f"relation/{name}", text, "develops") for name, text in MAKER_RULES]
    found.append(Extractor(RELATION, "Two names that the language model relates, with the chance it gives them.", None))
    found.append(Extractor(DEAL, "Parties whom the language model joins in a deal, with its chance.", None))
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
