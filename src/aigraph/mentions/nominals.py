"""Descriptions and pronouns that stand for a name of the article: "the chipmaker", "its", "he".

The rule is narrow: what was the subject before is still spoken of. Where nothing fits, nothing is resolved.
`references.py` finds what may stand for a name; here it is decided for which.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from pyoxigraph import NamedNode
from spacy.tokens import Doc

from aigraph.mentions.antecedents import Known, Line, Question, named_with
from aigraph.mentions.clauses import (
    UNLIKELY,
    bound_elsewhere,
    clause_start,
    heads_clause,
    likely_subject,
    one_of_several,
    own_clause_start,
    owned_by_another,
)
from aigraph.mentions.plurals import Plea, Plural, plurals
from aigraph.mentions.ranking import load_plural_ranker, load_ranker
from aigraph.mentions.references import Reference, references
from aigraph.mentions.text import Stretch
from aigraph.mentions.words import compile_pattern, read_data
from aigraph.records import BODY, TECHNOLOGY, BlockKind, EntityType, Mention, MentionKind, Span

_REACH = 3
"""How many sentences back a name may lie."""
_STORY = frozenset({BlockKind.PARAGRAPH, BlockKind.BULLET, BlockKind.TEASER})


_CLAUSE_OPENING = re.compile(r"(?:, (?:and|but|while|whereas)|;) (?:with|by|through|despite|thanks to) $")
_FINITE = re.compile(r" (?:has|have|had|is|are|was|were|will|[a-z]+(?:s|ed))\b")
_PHRASE = 5
"""How many words the thing owned may take in such a phrase."""
_OPENING = re.compile(r"(?:Despite|With|By|Besides|Through|Beyond|Given|Thanks to|Because of|After|Before) ")
_EXAMPLE = re.compile(r"\b(?:such as|like|including) (?:[^.;:]{0,60}(?:, | and | or ))?\Z")
_ONE_OF_MANY = re.compile(r" and (?:other|others|similar|rival|its (?:rivals|peers|partners))\b")
"""What makes names examples of the subject, not the subject."""


@dataclass(slots=True)
class _Story:
    """What was spoken of so far: the mentions of each sentence in order, and how things were described."""

    main: Mention | None
    described: dict[str, set[NamedNode]]
    owners: dict[str, set[NamedNode]]
    listed_firms: frozenset[NamedNode]
    sentences: list[list[Mention]] = field(default_factory=list)
    genders: dict[NamedNode, str] = field(default_factory=dict)

    def learn(self, reference: Reference, antecedent: Mention) -> None:
        """Keep how the article speaks of a person where nobody else can be meant."""
        persons = {m.entity for here in self.sentences[-2:] for m in here if m.type is EntityType.PERSON}
        if not reference.is_thing and reference.kind is MentionKind.PRONOUN and persons == {antecedent.entity}:
            self.genders.setdefault(antecedent.entity, reference.head)


Judge = Callable[[Question], Mention | None]
"""What decides what a reference stands for, given what the rules say."""


def find_nominals(
    blocks: Sequence[Stretch],
    docs: Sequence[Doc],
    names: Sequence[Mention],
    listed_firms: frozenset[NamedNode],
    judge: Judge | None = None,
) -> list[Mention]:
    """Mentions by description or pronoun, given the mentions by name; none overlaps another.

    `docs` are the parsed texts of the blocks, `listed_firms` are companies known to be traded on an exchange, which no
    "start-up" means. `judge` decides (the shipped network where none is given).
    """
    judge = judge or load_ranker().decide
    story = _Story(_main_company(blocks, names), _descriptions(blocks, names), _owners(blocks, names), listed_firms)
    titled = frozenset(m.entity for b in blocks if b.kind is BlockKind.TITLE for m in _inside(names, b, _whole(b)))
    places: dict[NamedNode, frozenset[str]] = {}
    for block in blocks:
        for entity, found_here in named_with(block, _inside(names, block, _whole(block))).items():
            places[entity] = places.get(entity, frozenset()) | found_here
    found: list[Mention] = []
    lines: list[Line] = []
    counts: Counter[NamedNode] = Counter()
    for block, doc in zip(blocks, docs, strict=True):
        if block.kind not in _STORY:
            # a heading opens a new matter: what it names is what the next paragraph speaks of
            if block.kind is not BlockKind.METADATA:
                story.sentences = [_inside(names, block, _whole(block))]
                lines.append(Line(block, doc, _whole(block), True, story.sentences[0], {}))
                counts.update(m.entity for m in story.sentences[0])
            continue
        story.sentences = story.sentences[-1:]
        for sentence in block.sentences or (_whole(block),):
            here = _inside(names, block, sentence)
            story.sentences.append(here)
            lines.append(Line(block, doc, sentence, False, here, {}))
            counts.update(m.entity for m in here)
            for reference in references(block, sentence, here):
                by_rule = None if reference.bare else _antecedent(block, sentence, reference, story)
                excluded = {e for head in _excluding(reference.head) for e in story.described.get(head, ())}
                known = Known(
                    story.main,
                    counts,
                    story.described,
                    frozenset(excluded - story.described.get(reference.head, set())),
                    listed_firms if reference.head in _group("private") else frozenset(),
                    titled,
                    places,
                    story.genders,
                )
                antecedent = judge(Question(reference, lines, known, by_rule))
                if antecedent is None or antecedent.type not in _STAND_FOR:
                    continue
                story.learn(reference, antecedent)
                mention = _mention(block, reference, reference.kind, antecedent)
                found.append(mention)
                here.append(mention)
                counts[mention.entity] += 1
                here.sort()
    return found


PluralJudge = Callable[[Plea], tuple[Mention, ...]]
"""What decides what a plural stands for, in the order of the text."""


def find_plurals(
    blocks: Sequence[Stretch], docs: Sequence[Doc], mentions: Sequence[Mention], judge: PluralJudge | None = None
) -> list[Mention]:
    """Mentions by words for two things ("both", "the pair", "they") or for one of two ("the latter").

    `mentions` are those by name, description and pronoun, in order. Those of two things have `fellows`. `judge` decides
    (the shipped network where none is given).
    """
    judge = judge or load_plural_ranker().choose
    titled = frozenset(m.entity for b in blocks if b.kind is BlockKind.TITLE for m in _inside(mentions, b, _whole(b)))
    found: list[Mention] = []
    lines: list[Line] = []
    for block, doc in zip(blocks, docs, strict=True):
        if block.kind is BlockKind.METADATA:
            continue
        story = block.kind in _STORY
        for sentence in (block.sentences if story else ()) or (_whole(block),):
            lines.append(Line(block, doc, sentence, not story, _inside(mentions, block, sentence), {}))
            for plural in plurals(lines[-1]) if story else ():
                meant = judge(Plea(plural, lines, titled))
                if not meant or any(each.type not in _STAND_FOR for each in meant):
                    continue
                kind = MentionKind.PRONOUN if plural.is_pronoun else MentionKind.NOMINAL
                mention = _mention(block, plural, kind, meant[0])
                found.append(replace(mention, fellows=tuple(_named(each) for each in meant[1:])))
    return found


def _named(mention: Mention) -> Mention:
    """The mention by name that a mention takes up; itself where it is one."""
    return replace(mention, span=mention.antecedent or mention.span, antecedent=None)


_STAND_FOR = BODY | TECHNOLOGY | {EntityType.PERSON}
"""What is worth taking up: "it" for a country or a trade fair makes no finding."""


def _whole(block: Stretch) -> Span:
    return Span(0, len(block.text))


def _inside(names: Sequence[Mention], block: Stretch, sentence: Span) -> list[Mention]:
    start, end = block.offset + sentence.start, block.offset + sentence.end
    return [mention for mention in names if start <= mention.span.start < end]


def _mention(block: Stretch, reference: Reference | Plural, kind: MentionKind, antecedent: Mention) -> Mention:
    return Mention(
        span=Span(block.offset + reference.start, block.offset + reference.end),
        entity=antecedent.entity,
        type=antecedent.type,
        form=block.text[reference.start : reference.end],
        kind=kind,
        found_by=f"mention/{kind}",
        antecedent=antecedent.antecedent or antecedent.span,
    )


def _antecedent(block: Stretch, sentence: Span, reference: Reference, story: _Story) -> Mention | None:
    """The mention that a reference takes up, None where it is unsure."""
    ahead = _ahead(block, sentence, reference, story.sentences[-1])
    if ahead is not None:
        return ahead
    recent = [_fitting(here, block, reference, story) for here in story.sentences[-_REACH - 1 :]]
    named = _by_description(block, reference, recent, story)
    if named is not None:
        return named
    current = recent[-1]
    if reference.kind is MentionKind.NOMINAL:
        current = _beside_subject(block, reference, current)
    elif owned_by_another(block, sentence, reference) or (
        not current and not reference.opens and bound_elsewhere(block, sentence, reference, story.sentences[-1])
    ):
        return None
    if current and not reference.opens:
        return _in_clause(block, sentence, reference, current)
    subject = {m.entity for m in recent[-1]} - {m.entity for m in current}
    found = _earlier(block, reference, [[m for m in here if m.entity not in subject] for here in recent[-2::-1]], story)
    if found is None and EntityType.COMPANY in reference.types and reference.kind is MentionKind.NOMINAL:
        main = story.main
        return main if main and main.entity not in subject and _fitting([main], block, reference, story) else None
    return found


def _ahead(block: Stretch, sentence: Span, reference: Reference, here: Sequence[Mention]) -> Mention | None:
    """The subject that an opening phrase looks ahead to: "Despite its losses, Intel grew"."""
    if reference.kind is not MentionKind.PRONOUN or not reference.owns or not reference.is_thing:
        return None
    if (subject := _after_phrase(block, sentence, reference, here)) is not None:
        return subject
    if not _OPENING.match(block.text, sentence.start) or "," in block.text[sentence.start : reference.start]:
        return None
    comma = block.text.find(", ", reference.end, sentence.end)
    for mention in here:
        start, end = mention.span.start - block.offset, mention.span.end - block.offset
        if start == comma + 2 and mention.type in BODY | TECHNOLOGY and re.match(r" [a-z]+", block.text[end:]):
            return mention
    return None


def _after_phrase(block: Stretch, sentence: Span, reference: Reference, here: Sequence[Mention]) -> Mention | None:
    """The subject right behind a phrase that opens a later clause: "…, and with its new chip Intel has caught up"."""
    if not _CLAUSE_OPENING.search(block.text[sentence.start : reference.start]):
        return None
    for mention in here:
        start, end = mention.span.start - block.offset, mention.span.end - block.offset
        if start < reference.end or mention.type not in BODY or mention.kind is not MentionKind.NAME:
            continue
        between = block.text[reference.end : start]
        if (
            len(between.split()) <= _PHRASE
            and not re.search(r"[;:.(]|, \w", between)
            and _FINITE.match(block.text, end)
        ):
            return mention
        return None
    return None


def _earlier(
    block: Stretch, reference: Reference, earlier: Sequence[Sequence[Mention]], story: _Story
) -> Mention | None:
    """The subject of the nearest sentence before that has one; who merely reported there only for want of others."""
    fallback: Mention | None = None
    for distance, fitting in enumerate(earlier):
        candidates = [m for m in fitting if m.entity in story.genders] or fitting
        vague = reference.is_subject and not reference.types <= BODY
        if (
            reference.kind is MentionKind.PRONOUN
            and reference.is_thing
            and distance > 0
            and (vague or any(story.sentences[-2:-1]))
        ):
            break
        if candidates:
            cost, mention = likely_subject(block, candidates, reporting=reference.reports)
            if one_of_several(block, mention, candidates) or _between_persons(reference, candidates):
                return None
            if cost < UNLIKELY:
                return mention
            fallback = fallback or mention
    return fallback


def _between_persons(reference: Reference, candidates: Sequence[Mention]) -> bool:
    """Whether "he" may be either of two persons of whom the article has not said "he" before."""
    return not reference.is_thing and len({m.entity for m in candidates}) > 1


def _fitting(here: Sequence[Mention], block: Stretch, reference: Reference, story: _Story) -> list[Mention]:
    """The mentions before a reference that it may stand for."""
    position = block.offset + reference.start
    later: set[NamedNode] = set()
    if reference.is_subject:
        # who is named later in the sentence is somebody else
        later = {m.entity for m in story.sentences[-1] if m.span.start >= position and m.kind is MentionKind.NAME}
    private = reference.head in _group("private")
    excluded = {e for head in _excluding(reference.head) for e in story.described.get(head, ())}
    excluded -= story.described.get(reference.head, set())
    return [
        m
        for m in here
        if m.span.end <= position
        and m.type in reference.types
        and m.entity not in later | excluded
        and (reference.is_thing or story.genders.get(m.entity, reference.head) == reference.head)
        and not (private and m.entity in story.listed_firms)
        and not (reference.is_subject and _ONE_OF_MANY.match(block.text, max(0, m.span.end - block.offset)))
        and not (reference.is_subject and _EXAMPLE.search(block.text[: max(0, m.span.start - block.offset)]))
        and not (
            reference.kind is MentionKind.PRONOUN
            and m.span.end == position - 2
            and block.text[reference.start - 2] == ","
        )
    ]


def _by_description(
    block: Stretch, reference: Reference, recent: Sequence[Sequence[Mention]], story: _Story
) -> Mention | None:
    """Who was called so before, owns what follows, or did what the description says."""
    candidates = [m for here in recent for m in here]
    called = story.described.get(reference.head, set())
    if reference.head in _group("general"):
        called = set()
    if reference.kind is MentionKind.NOMINAL and (found := [m for m in candidates if m.entity in called]):
        return found[-1]
    if reference.kind is MentionKind.NOMINAL and reference.owns:
        owned = re.compile(r"'s (?:[a-z-]+ ){0,2}").match(block.text, reference.end)
        things = [m for m in story.sentences[-1] if owned and m.span.start == block.offset + owned.end()]
        owners = {owner for thing in things for word in thing.form.split() for owner in story.owners.get(word, ())}
        if len(owners) == 1 and (found := [m for m in candidates if m.entity in owners]):
            return found[-1]
    deeds = read_data("nominals.yaml")["by_deed"].get(reference.head, [])
    for mention in reversed(candidates if deeds else ()):
        end = mention.span.end - block.offset
        if end > 0 and re.match(rf" (?:{'|'.join(deeds)})\b", block.text[end:]):
            return mention
    return None


def _beside_subject(block: Stretch, reference: Reference, current: Sequence[Mention]) -> list[Mention]:
    """Without the subject of the clause: a description of an object means somebody else ("X chose the start-up")."""
    general = reference.head in _group("general")
    if not current or (reference.owns and general) or EntityType.COMPANY not in reference.types:
        return list(current)
    opened = clause_start(block.text, reference.start)
    clause = [m for m in current if m.span.start - block.offset >= opened]
    others = [m for m in current if m.entity != (clause or current)[0].entity]
    if clause and general and block.text[(end := clause[0].span.end - block.offset) : end + 2] == "'s":
        # its development, not the company itself, is the subject
        return list(current)
    if clause:
        opening = not block.text[opened : clause[0].span.start - block.offset].strip(' "')
        return (others if general and reference.is_subject else others[-1:]) if opening or not others else list(current)
    return others[-1:] if others and not general and not reference.is_subject else list(current)


def _in_clause(block: Stretch, sentence: Span, reference: Reference, current: Sequence[Mention]) -> Mention:
    """The antecedent within the same sentence: in the same clause where it has one, else the subject before."""
    opened = max(own_clause_start(block.text, reference.start), sentence.start)
    inside = [m for m in current if m.span.start - block.offset >= opened]
    if not reference.is_thing:
        return inside[-1] if inside else current[0]
    if reference.kind is MentionKind.PRONOUN and not reference.reports:
        own = [m for m in inside if heads_clause(block.text, m.span.start - block.offset, m.span.end - block.offset)]
        if own:
            return own[-1]
    return likely_subject(block, inside or current, reporting=reference.reports and not inside)[1]


@cache
def _group(key: str) -> frozenset[str]:
    return frozenset(word.casefold() for word in read_data("nominals.yaml")[key])


def _main_company(blocks: Sequence[Stretch], names: Sequence[Mention]) -> Mention | None:
    """The company that the article is about: named in the title, or clearly the most often named."""
    companies = [m for m in names if m.type is EntityType.COMPANY]
    counts = Counter(m.entity.value for m in companies)
    title = next((b for b in blocks if b.kind is BlockKind.TITLE), None)
    if title:
        first = [m for m in companies if title.offset <= m.span.start < title.offset + len(title.text)]
        if first and counts[first[0].entity.value] == max(counts[m.entity.value] for m in first):
            return first[0]
    ranked = counts.most_common(2)
    if ranked and ranked[0][1] > 2 and (len(ranked) == 1 or ranked[0][1] >= 2 * ranked[1][1]):
        return next(m for m in companies if m.entity.value == ranked[0][0])
    return None


def _descriptions(blocks: Sequence[Stretch], names: Sequence[Mention]) -> dict[str, set[NamedNode]]:
    """What the article calls things where it names them: "X, a start-up", "the start-up X"."""
    found: dict[str, set[NamedNode]] = defaultdict(set)
    for block in blocks:
        for mention in names:
            start, end = mention.span.start - block.offset, mention.span.end - block.offset
            if not 0 <= start < len(block.text) or mention.type.value not in _describing():
                continue
            before, after = _describing()[mention.type.value]
            for match in (before.search(block.text[max(0, start - 40) : start]), after.match(block.text, end)):
                if match:
                    found[match["head"].casefold()].add(mention.entity)
    return found


def _owners(blocks: Sequence[Stretch], names: Sequence[Mention]) -> dict[str, set[NamedNode]]:
    """Whose things the article names, by the words of their names: "Nvidia's Grace Blackwell"."""
    found: dict[str, set[NamedNode]] = defaultdict(set)
    for block in blocks:
        here = _inside(names, block, Span(0, len(block.text)))
        for owner, thing in itertools.pairwise(here):
            between = block.text[owner.span.end - block.offset : thing.span.start - block.offset]
            if owner.type in BODY and thing.type in TECHNOLOGY and re.fullmatch(r"'s (?:[a-z-]+ ){0,2}", between):
                for word in thing.form.split():
                    found[word].add(owner.entity)
    return found


@cache
def _excluding(head: str) -> frozenset[str]:
    """The descriptions of other kinds of firms, where the head is one of a kind."""
    kinds = [frozenset(word.casefold() for word in kind) for kind in read_data("nominals.yaml")["kinds"]]
    if not any(head in kind for kind in kinds):
        return frozenset()
    return frozenset(word for kind in kinds if head not in kind for word in kind)


@cache
def _describing() -> dict[str, tuple[re.Pattern[str], re.Pattern[str]]]:
    """For each type, the patterns of a description before and behind a name."""
    patterns = {}
    for kind, heads in read_data("nominals.yaml")["heads"].items():
        listed = "|".join(re.escape(head) for head in sorted(heads, key=lambda head: (-len(head), head)))
        patterns[kind] = (
            compile_pattern(rf"\b(?P<head>{listed}),? ", ends=True),
            compile_pattern(rf",? (?:which is |is |was )?(?:an?|the) {{adjectives}}(?P<head>{listed}){{end}}"),
        )
    return patterns
