"""What an article says: statements, partnerships and claims.

Each sub-package imports only from those below it, and never from one beside it:

    whole                          the article read once more, with all that was found
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
from dataclasses import replace

from aigraph.extraction import FactExtractor
from aigraph.facts.claims.choosing import MetricChooser
from aigraph.facts.claims.denials import with_denied
from aigraph.facts.claims.finder import ClaimFinder
from aigraph.facts.claims.finder import extractors as claim_extractors
from aigraph.facts.claims.merging import headlines, merge
from aigraph.facts.confidence import OVERALL_DEAL, OVERALL_RELATION, OVERALL_SAYING, calibrated
from aigraph.facts.deals.finder import PartnershipFinder
from aigraph.facts.deals.uses import USE_CONFIDENCE, USE_RULE
from aigraph.facts.frames import FrameRule, load_frames
from aigraph.facts.links.finder import NO_LINKS, LinkFinder
from aigraph.facts.links.findings import DEAL, DEALS, RELATION, RELATIONS
from aigraph.facts.links.standins import with_stand_ins
from aigraph.facts.patterns.rulebook import Rule, Template, load_lexicon, load_partnership_rules, load_relation_rules
from aigraph.facts.relations.described import DESCRIBED_CONFIDENCE, DESCRIBED_RULE, makers_described
from aigraph.facts.relations.finder import RelationFinder
from aigraph.facts.relations.finder import merge as merge_statements
from aigraph.facts.relations.makers import MAKER_RULES
from aigraph.facts.relations.processes import PROCESS_CONFIDENCE, PROCESS_RULE
from aigraph.facts.relations.series import SERIES_CONFIDENCE, SERIES_RULE
from aigraph.facts.relations.sheets import SHEET_CONFIDENCE, sheet_rules
from aigraph.facts.speech.attribution import AttributionReader
from aigraph.facts.whole.judging import Judge
from aigraph.facts.whole.story import Ruled
from aigraph.ontology import Ontology
from aigraph.records import BlockKind, Document, Extractor, Facts, Means, Mentions, Part, PartnershipKind
from aigraph.vocab import AIG, Iris


class FactFinder(FactExtractor):
    """Finds all that an article says; one instance serves any number of articles.

    `without` names parts of reading to leave off, to measure what they bring.
    """

    def __init__(
        self,
        ontology: Ontology,
        iris: Iris,
        without: frozenset[Part] = frozenset(),
        *,
        chooser: MetricChooser | None = None,
    ) -> None:
        syntax = Part.SYNTAX not in without
        attributions = AttributionReader(syntax=syntax)  # one for all, for it remembers the article that it has read
        self._attributions = attributions
        self._stand_ins = Part.COREFERENCE not in without
        self._relations = RelationFinder(ontology, attributions, without)
        self._partnerships = PartnershipFinder(attributions, without)
        self._claims = ClaimFinder(ontology, iris, attributions, syntax=syntax, chooser=chooser)
        self.calibrate: Callable[[Facts], Facts] = calibrated
        self._links = LinkFinder() if Part.LINKS not in without else None
        self._tables = Part.TABLES not in without
        whole = Part.WHOLE not in without
        self._judge = Judge(ontology, attributions, self._claims.said, kind=self._claims.kind) if whole else None

    def find(self, document: Document, mentions: Mentions) -> Facts:
        """The facts of one article, each once, in the order of the text."""
        ruled = self.ruled(document, mentions)
        facts = self._judge.judged(document, mentions, ruled) if self._judge else ruled.facts
        facts = replace(facts, claims=self._claims.redrawn(facts.claims, mentions))
        facts = with_denied(document, mentions, facts)
        # what the network has put right may have become alike
        return self.calibrate(replace(facts, claims=merge(facts.claims, headlines(document))))

    def ruled(self, document: Document, mentions: Mentions) -> Ruled:
        """What rules and the model of sentences find, before the article is read as a whole."""
        if not self._tables:
            blocks = tuple(read for read in document.blocks if read.block.kind is not BlockKind.TABLE_ROW)
            document = replace(document, blocks=blocks)
        links = self._links.find(document, mentions) if self._links else NO_LINKS
        read = with_stand_ins(document, mentions, self._attributions) if self._stand_ins else mentions
        told = links.standing_for(read)
        related = self._relations.find(document, read, told)
        described, made = makers_described(document, read, related.statements) if self._stand_ins else ((), ())
        if described:
            read = Mentions(tuple(sorted((*read.mentions, *described))), read.entities)
            told = links.standing_for(read)
            related = self._relations.find(document, read, told)
            related = related._replace(statements=merge_statements((*related.statements, *made)))
        deals = self._partnerships.find(document, read, related.statements, told, related.doubted)
        claims, periods = self._claims.find_with_times(document, mentions, links)
        return Ruled(Facts(related.statements, deals, claims, related.rejections), links, periods)

    def extractors(self) -> tuple[Extractor, ...]:
        """All rules and components whose names findings carry, sorted."""
        return extractors()


def extractors() -> tuple[Extractor, ...]:
    """All rules and components whose names findings carry, sorted."""
    lexicon = load_lexicon()
    found = [*claim_extractors(), *_in_code(), *_networks(), *_of_sheets()]
    found += [_described(rule, rule.states, None, Means.PATTERN) for rule in load_relation_rules(lexicon)]
    found += [_described(rule, (), rule.kind, Means.PATTERN) for rule in load_partnership_rules(lexicon)]
    for frame in (*load_frames("relations").rules, *load_frames("deals").rules):
        found.append(_described(frame, frame.states, frame.kind, Means.FRAME))
    return tuple(sorted(found, key=lambda e: e.name))


def _in_code() -> list[Extractor]:
    """The rules that are code, not data."""
    return [
        *(Extractor(f"relation/{name}", text, ("develops",), confidence=prior) for name, text, prior in MAKER_RULES),
        Extractor(
            f"relation/{SERIES_RULE}",
            "Two technologies of an article whose names differ by the next number.",
            ("successorOf",),
            confidence=SERIES_CONFIDENCE,
        ),
        Extractor(
            f"relation/{DESCRIBED_RULE}",
            "An organization that is called by what it makes.",
            ("develops",),
            confidence=DESCRIBED_CONFIDENCE,
        ),
        Extractor(
            f"relation/{PROCESS_RULE}",
            "The maker of a chip that is manufactured in a named process.",
            ("uses",),
            confidence=PROCESS_CONFIDENCE,
        ),
        Extractor(
            f"partnership/{USE_RULE}",
            "Users of named makers' hardware.",
            ("SupplyAgreement",),
            confidence=USE_CONFIDENCE,
        ),
    ]


def _networks() -> list[Extractor]:
    """What networks find without a rule."""
    return [
        Extractor(
            RELATION,
            "Two names that the language model relates, with its chance.",
            RELATIONS,
            Means.MODEL,
        ),
        Extractor(DEAL, "Parties whom the language model joins in a deal, with its chance.", DEALS, Means.MODEL),
        Extractor(
            OVERALL_RELATION,
            "Two things that the network for whole articles relates, with its chance.",
            tuple(label for label in RELATIONS if label != "optimizedFor"),
            Means.MODEL,
        ),
        Extractor(
            OVERALL_DEAL,
            "Parties whom the network for whole articles joins in a deal, with its chance.",
            DEALS,
            Means.MODEL,
        ),
        Extractor(
            OVERALL_SAYING,
            "A sentence that the network for whole articles puts into somebody's mouth, with its chance.",
            ("Claim",),
            Means.MODEL,
        ),
    ]


def _of_sheets() -> list[Extractor]:
    """The rules for fact sheets and tables."""
    return [
        Extractor(
            f"relation/{rule.id}",
            f"The rule {rule.id!r} for fact sheets and columns of tables, such as: {rule.examples[0].text}",
            (rule.predicate,),
            Means.PATTERN,
            SHEET_CONFIDENCE,
            tuple(example.text for example in rule.examples),
            rule.counterexamples,
        )
        for rule in sheet_rules()
    ]


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
