"""What an article says: statements, partnerships and claims."""

from __future__ import annotations

from aigraph.facts.claims import ClaimFinder
from aigraph.facts.claims import extractors as claim_extractors
from aigraph.facts.frames import FrameRule, load_frames
from aigraph.facts.makers import MAKER_RULES
from aigraph.facts.partnerships import USE_CONFIDENCE, USE_RULE, PartnershipFinder
from aigraph.facts.relations import RelationFinder
from aigraph.facts.rulebook import Rule, Template, load_lexicon, load_partnership_rules, load_relation_rules
from aigraph.ontology import Ontology
from aigraph.records import Document, Extractor, Facts, Means, Mentions, Part, PartnershipKind
from aigraph.vocab import AIG, Iris


class FactFinder:
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


def extractors() -> tuple[Extractor, ...]:
    """All rules and components whose names findings carry, sorted."""
    lexicon = load_lexicon()
    found = list(claim_extractors())
    found += [Extractor(f"relation/{name}", text, ("develops",), confidence=prior) for name, text, prior in MAKER_RULES]
    found.append(
        Extractor(
            f"partnership/{USE_RULE}",
            "Users of named makers' hardware.",
            ("SupplyAgreement",),
            confidence=USE_CONFIDENCE,
        )
    )
    found += [_described(rule, rule.states, None, Means.PATTERN) for rule in load_relation_rules(lexicon)]
    found += [_described(rule, (), rule.kind, Means.PATTERN) for rule in load_partnership_rules(lexicon)]
    for frame in (*load_frames("relations").rules, *load_frames("deals").rules):
        found.append(_described(frame, frame.states, frame.kind, Means.FRAME))
    return tuple(sorted(found, key=lambda e: e.name))


def _described(
    rule: Rule | FrameRule, states: tuple[Template, ...], kind: PartnershipKind | None, means: Means
) -> Extractor:
    section, yields = ("partnership", {kind.value}) if kind else ("relation", {AIG.local(t.predicate) for t in states})
    return Extractor(
        f"{section}/{rule.id}",
        f"The rule {rule.id!r}, which fires on sentences such as: {rule.examples[0].text}",
        tuple(sorted(yields)),
        means,
        rule.confidence,
        tuple(example.text for example in rule.examples),
        rule.counterexamples,
    )
