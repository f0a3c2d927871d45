"""Statements: what a sentence says of two things, by the rules of `rules/relations.yaml`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from pyoxigraph import NamedNode

from aigraph.facts.confidence import likely
from aigraph.facts.frames import Context, FrameRule, FrameStatements
from aigraph.facts.links.finder import NO_LINKS, ArticleLinks, SentenceLinks
from aigraph.facts.links.findings import RELATION, Place, linked_statements, marked
from aigraph.facts.patterns.language import Match
from aigraph.facts.patterns.lines import Line, read_line
from aigraph.facts.patterns.passages import context_company, context_technology
from aigraph.facts.patterns.rulebook import (
    CONTEXT_COMPANY,
    CONTEXT_TECHNOLOGY,
    RelationRule,
    Rules,
    Template,
    load_lexicon,
    load_relation_rules,
)
from aigraph.facts.relations.makers import maker_of_subject, makers_in_families, makers_in_names, makers_in_passages
from aigraph.facts.relations.processes import processes_used
from aigraph.facts.relations.series import successions_in_series
from aigraph.facts.relations.sheets import statements_of_sheets
from aigraph.facts.speech.attribution import AttributionReader
from aigraph.facts.speech.hedging import SentenceHedges
from aigraph.facts.speech.stance import Stance, StanceReader
from aigraph.ontology import Ontology
from aigraph.records import (
    BlockKind,
    Document,
    EntityType,
    Mentions,
    Part,
    Polarity,
    ReadBlock,
    Rejection,
    Sentence,
    Span,
    Statement,
)
from aigraph.vocab import AIG

_ABOUT_SUBJECT = frozenset({AIG.worksFor, AIG.locatedIn, AIG.optimizedFor, AIG.competesWith})
_TOLD_BESIDE = frozenset({AIG.worksFor, AIG.founded, AIG.locatedIn})
_KNOWN_AS_FORMER = frozenset({AIG.worksFor, AIG.founded})
"""Here the network's denial means a former post, of which the rules have words of their own."""
_EXCLUDED, _SURE = 0.1, 0.95
"""The chance below which the network all but excludes a maker, and from which it is sure of one."""
_DENIALS = frozenset({"never", "no", "not", "nor"})
_SYMMETRIC = frozenset({AIG.competesWith})
_UNLIKELY = "too unlikely, by what the rule and the language model say together"


class Related(NamedTuple):
    """What an article says of relations; `doubted` is what a rule found and the network held for too unlikely."""

    statements: tuple[Statement, ...]
    rejections: tuple[Rejection, ...]
    doubted: tuple[Statement, ...]


class _Passage(NamedTuple):
    """A block in its article."""

    document: Document
    block: ReadBlock
    mentions: Mentions


class RelationFinder:
    """Finds the statements of an article; one instance serves any number of articles."""

    def __init__(
        self, ontology: Ontology, attributions: AttributionReader, without: frozenset[Part] = frozenset()
    ) -> None:
        """`without` leaves off the rules over trees (syntax) or over words (patterns), to measure the others."""
        self._ontology = ontology
        self._without = without
        self._lexicon = load_lexicon()
        self._rules = Rules(load_relation_rules(self._lexicon))
        self._stances = StanceReader(attributions)
        self._frames = FrameStatements(self._stances)

    @property
    def rules(self) -> tuple[RelationRule, ...]:
        """The rules in use, in the order of their file."""
        return self._rules.all

    @property
    def frame_rules(self) -> tuple[FrameRule, ...]:
        """The rules over trees in use, in the order of their file."""
        return self._frames.book.rules

    def find(self, document: Document, mentions: Mentions, links: ArticleLinks = NO_LINKS) -> Related:
        """All statements of an article, each once, and the candidates that the ontology or the network refused."""
        statements: list[Statement] = []
        doubted: list[Statement] = []
        rejections: dict[tuple[str, Span, str], Rejection] = {}
        # lists of names, bylines and tags say nothing in sentences
        for block in (read for read in document.blocks if read.block.kind != BlockKind.METADATA):
            for sentence in block.sentences:
                for statement, types, doubt in self._weighed(document, block, sentence, mentions, links.at(sentence)):
                    reason = self._ontology.allows(statement.predicate, *types) or doubt
                    if reason is None:
                        statements.append(statement)
                    else:
                        if reason == _UNLIKELY and statement.extractor != RELATION:
                            doubted.append(statement)
                        rejection = Rejection(statement.extractor, sentence.span, reason)
                        rejections[rejection.extractor, rejection.evidence, reason] = rejection
        statements += statements_of_sheets(document, mentions, self._stances)
        statements = _without_second_makers(statements)
        named = tuple(makers_in_names(document, mentions, self._lexicon))
        statements = [s for s in self._settled(statements) if not _is_outdone(s, named)] + list(named)
        statements += maker_of_subject(document, mentions, statements)
        statements = _without_own_models(statements, mentions)
        statements += makers_in_families(document, mentions, statements)
        statements += makers_in_passages(document, mentions, statements, self._lexicon)
        statements += successions_in_series(document, mentions, statements, self._lexicon)
        statements = processes_used(statements, document, mentions)
        return Related(merge(self._admitted(statements, mentions)), tuple(rejections.values()), tuple(doubted))

    def _admitted(self, statements: Iterable[Statement], mentions: Mentions) -> list[Statement]:
        """What the ontology allows, whichever rule or component found it; workloads are no entities of the article."""
        kinds = {mention.entity: AIG[mention.type] for mention in mentions.mentions}
        return [
            statement
            for statement in statements
            if statement.object not in kinds
            or self._ontology.allows(statement.predicate, kinds[statement.subject], kinds[statement.object]) is None
        ]

    def _weighed(
        self, document: Document, block: ReadBlock, sentence: Sentence, mentions: Mentions, links: SentenceLinks
    ) -> Iterator[tuple[Statement, tuple[NamedNode, NamedNode], str | None]]:
        """What rules and network find in a sentence, with the reason why the network refuses it, if it does."""
        ruled: set[tuple[NamedNode, NamedNode, NamedNode]] = set()
        hedges = SentenceHedges(block, sentence, mentions.mentions)
        for statement, types in self._found(document, block, sentence, mentions):
            key = statement.subject, statement.predicate, statement.object
            label = AIG.local(statement.predicate)
            told = links.between(label, statement.subject, statement.object)
            hedge = hedges.between(label, statement.subject, statement.object)
            stance = Stance(statement.modality, statement.polarity, statement.claimant)
            stance = marked(stance, None if statement.predicate in _KNOWN_AS_FORMER else told, hedge)
            heard = replace(statement, modality=stance.modality, polarity=stance.polarity)
            if told is None:
                yield heard, types, None
                continue
            ruled.add(key)
            heard = replace(heard, chance=told.chance)
            yield heard, types, None if likely(heard) else _UNLIKELY
        place = Place(document, block, sentence, mentions.mentions)
        for statement, types in linked_statements(place, links, self._stances, hedges):
            if (statement.subject, statement.predicate, statement.object) not in ruled:
                yield statement, types, None if likely(statement) else _UNLIKELY

    def _found(
        self, document: Document, block: ReadBlock, sentence: Sentence, mentions: Mentions
    ) -> Iterator[tuple[Statement, tuple[NamedNode, NamedNode]]]:
        """What the rules of both kinds find in a sentence."""
        if Part.PATTERNS not in self._without:
            yield from self._read(document, block, sentence, mentions)
        if Part.SYNTAX not in self._without:
            yield from self._frames.read(document, Context(document, block, sentence, mentions))

    def _read(
        self, document: Document, block: ReadBlock, sentence: Sentence, mentions: Mentions
    ) -> Iterator[tuple[Statement, tuple[NamedNode, NamedNode]]]:
        line = read_line(block, sentence, mentions.mentions, self._lexicon)
        if not any(slot.mention for slot in line.slots):
            return
        place = _Passage(document, block, mentions)
        for rule, match in self._rules.matches(line):
            focus = Span(line.slots[match.first].span.start, line.slots[match.last - 1].span.end)
            stance = self._stances.read(document, block, sentence, focus, mentions.mentions)
            role = _words(document, line, match.bindings.get("role", ()))
            for template in rule.states:
                for (subject, kind), (object_, object_kind) in _pairs(place, line, match, rule, template):
                    if subject == object_:
                        continue
                    first, second = _ordered(template.predicate, subject, object_)
                    statement = Statement(
                        subject=first,
                        predicate=template.predicate,
                        object=second,
                        role=role if template.predicate == AIG.worksFor else None,
                        evidence=(sentence.span,),
                        extractor=f"relation/{rule.id}",
                        confidence=rule.confidence,
                        modality=stance.modality,
                        polarity=_polarity(template, match, line, stance),
                        claimant=stance.claimant,
                    )
                    yield statement, (kind, object_kind)

    def _settled(self, statements: Sequence[Statement]) -> list[Statement]:
        """Without fallback findings that others contradict, and makers that the same sentence makes mere foundries."""
        rules: tuple[RelationRule | FrameRule, ...] = (*self.rules, *self.frame_rules)
        fallback = {f"relation/{rule.id}": rule.otherwise for rule in rules if rule.fallback}
        foundries = {(s.subject, s.object, s.evidence) for s in statements if s.predicate == AIG.manufactures}
        kept = [
            s for s in statements if s.predicate != AIG.develops or (s.subject, s.object, s.evidence) not in foundries
        ]
        sure: dict[object, set[NamedNode]] = defaultdict(set)
        for statement in kept:
            if statement.extractor not in fallback:
                key, other = _sides(statement)
                sure[key].add(other)
        settled = []
        for statement in kept:
            key, other = _sides(statement)
            if statement.extractor not in fallback or not sure[key] - {other}:
                settled.append(statement)
            elif (otherwise := fallback[statement.extractor]) and other not in sure[key]:
                settled.append(replace(statement, predicate=otherwise))
        return settled


def _pairs(
    place: _Passage, line: Line, match: Match, rule: RelationRule, template: Template
) -> Iterator[tuple[tuple[NamedNode, NamedNode], tuple[NamedNode, NamedNode]]]:
    """What a match relates: subjects and objects, each with its class."""

    def things(name: str | NamedNode) -> Iterator[tuple[NamedNode, NamedNode]]:
        if isinstance(name, NamedNode):
            yield name, AIG.Workload
        elif name == CONTEXT_COMPANY:
            company = context_company(
                place.document, place.block, place.mentions, before=line.slots[match.first].span.start
            )
            named_here = company and any(s.mention and s.mention.entity == company.entity for s in line.slots)
            if company and not (rule.elsewhere and named_here):
                yield company.entity, AIG[company.type]
        elif name == CONTEXT_TECHNOLOGY:
            technology = context_technology(place.mentions, before=line.slots[match.last - 1].span.start)
            if technology:
                yield technology.entity, AIG[technology.type]
        else:
            for slot in (line.slots[i] for i in match.bindings.get(name, ())):
                for value in slot.values:
                    yield value, AIG[slot.mention.type] if slot.mention else AIG.Workload

    objects = tuple(things(template.object))
    subjects = tuple(things(template.subject))
    for subject in subjects:
        yield from ((subject, found) for found in objects)


def _polarity(template: Template, match: Match, line: Line, stance: Stance) -> Polarity:
    """That of the clause, but affirmed for a post, founder or seat told beside a name: "denied, its chair, A, said"."""
    beside = template.predicate in _TOLD_BESIDE and "verb" not in match.bindings
    denied = any(line.word(i) in _DENIALS for i in range(match.first, match.last))
    return Polarity.AFFIRMED if beside and not denied else stance.polarity


def _without_second_makers(statements: Sequence[Statement]) -> list[Statement]:
    """Leave off makers that the network alone names for what a rule, or itself more surely, gives to another.

    Of "A's X, B's Y" in one sentence it makes A the maker of Y too easily. A rule does not count against it where the
    network all but excludes what the rule says, and is sure of another maker: then the rule's statement goes.
    """
    made = [s for s in statements if s.predicate == AIG.develops]
    likeliest: dict[NamedNode, float] = {}
    for statement in made:
        if statement.extractor == RELATION:
            likeliest[statement.object] = max(statement.confidence, likeliest.get(statement.object, 0.0))
    beaten = {
        id(s)
        for s in made
        if s.extractor != RELATION and s.chance is not None and s.chance < _EXCLUDED
        and likeliest.get(s.object, 0.0) >= _SURE
    }  # fmt: skip
    ruled: dict[NamedNode, set[NamedNode]] = defaultdict(set)
    for statement in made:
        if statement.extractor != RELATION and statement.polarity == Polarity.AFFIRMED and id(statement) not in beaten:
            ruled[statement.object].add(statement.subject)
    kept = []
    for statement in statements:
        if statement.extractor == RELATION and statement.predicate == AIG.develops:
            makers = ruled[statement.object]
            less = statement.confidence < likeliest[statement.object] and statement.subject not in makers
            if less or makers - {statement.subject}:
                continue
        if id(statement) not in beaten:
            kept.append(statement)
    return kept


def _without_own_models(statements: Sequence[Statement], mentions: Mentions) -> list[Statement]:
    """Leave off that a developer uses its own model: who runs it on a chip uses the chip."""
    models = {e.iri for e in mentions.entities if e.type == EntityType.AI_MODEL}
    made = {(s.subject, s.object) for s in statements if s.predicate == AIG.develops and s.object in models}
    return [s for s in statements if s.predicate != AIG.uses or (s.subject, s.object) not in made]


def _is_outdone(statement: Statement, named: Sequence[Statement]) -> bool:
    """True for an owner by "its" or "'s" of what another organization has given its name to."""
    makers = {other.subject for other in named if other.object == statement.object}
    owner = statement.extractor in ("relation/develops-compound", "relation/develops-possessive")
    return owner and bool(makers) and statement.subject not in makers


def merge(statements: Sequence[Statement]) -> tuple[Statement, ...]:
    """Each statement once, in the order of the text, with all its evidence and the most confident rule.

    A statement of a post without its role is part of one with a role, one with a part of a role of the whole role.
    """
    roles: dict[tuple[NamedNode, NamedNode], list[str]] = defaultdict(list)
    for post in statements:
        if post.predicate == AIG.worksFor and post.role:
            roles[post.subject, post.object].append(post.role)
    merged: dict[tuple[object, ...], Statement] = {}
    for found in sorted(statements, key=lambda s: s.evidence[0]):
        role = found.role
        if found.predicate == AIG.worksFor and (told := roles.get((found.subject, found.object))):
            role = max((each for each in told if (role or "") in each), key=len) if role else told[0]
        claimant = found.claimant.value if isinstance(found.claimant, NamedNode) else str(found.claimant)
        key = (found.subject, found.predicate, found.object, role, found.modality, found.polarity, claimant)
        known = merged.get(key)
        if known is None:
            merged[key] = replace(found, role=role)
            continue
        best = max(known, found, key=lambda s: s.confidence)
        evidence = tuple(dict.fromkeys((*known.evidence, *found.evidence)))
        merged[key] = replace(best, role=role, evidence=evidence)
    return tuple(merged.values())


def _sides(statement: Statement) -> tuple[object, NamedNode]:
    """What a fallback finding is about, and what it says of it: a person and an employer, a chip and its maker."""
    if statement.predicate in _ABOUT_SUBJECT:
        return (statement.predicate, statement.subject), statement.object
    return (statement.predicate, statement.object), statement.subject


def _ordered(predicate: NamedNode, subject: NamedNode, object_: NamedNode) -> tuple[NamedNode, NamedNode]:
    """A symmetric relation is stated once, whichever side the text names first."""
    if predicate in _SYMMETRIC and object_.value < subject.value:
        return object_, subject
    return subject, object_


def _words(document: Document, line: Line, indices: Sequence[int]) -> str | None:
    """The article's own words for the slots of a named gap or class."""
    if not indices:
        return None
    return document.article.text[line.slots[min(indices)].span.start : line.slots[max(indices)].span.end]
