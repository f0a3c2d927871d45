"""The search for mentions, in order: known names, unlisted names, short forms, and what stands for them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from itertools import pairwise

from pyoxigraph import NamedNode

from aigraph.knowledge import Entry, Knowledge
from aigraph.mentions.aliases import (
    Named,
    Neighbours,
    Use,
    bracketed,
    equated,
    followed,
    initials,
    introduced,
    placeless,
    renamed,
    short_forms,
)
from aigraph.mentions.caution import trusted
from aigraph.mentions.known import Match, Name, NameIndex
from aigraph.mentions.nominals import find_nominals, find_plurals
from aigraph.mentions.posts import find_posts
from aigraph.mentions.recognized import longer_names
from aigraph.mentions.text import Stretch, stretches
from aigraph.mentions.unknown import UnknownNames, ordinary_words
from aigraph.mentions.words import words
from aigraph.records import BODY, BlockKind, Document, Entity, EntityType, Mention, Mentions, Part, Span
from aigraph.vocab import Iris, normal_name

_ABOVE = frozenset({BlockKind.TITLE, BlockKind.HEADING, BlockKind.TEASER, BlockKind.METADATA})
"""Blocks that call things by the names that the story has yet to introduce."""
FORMER_NAME = "mention/former-name"
"""What finds a name that a thing has no longer; it names the thing only where the article has no other."""
_AHEAD = 12
"""How many letters behind a former name tell whether it is one."""


@dataclass(frozen=True, slots=True)
class _Found:
    """A name at a place, before the things of the article have their IRIs."""

    span: Span
    text: str
    name: Name


class MentionFinder:
    """Finds what an article mentions, from what is known and from rules. Made once, used for any number of articles."""

    def __init__(self, knowledge: Knowledge, iris: Iris, without: frozenset[Part] = frozenset()) -> None:
        self._knowledge = knowledge
        self._iris = iris
        self._without = without
        entries = () if Part.KNOWLEDGE in without else knowledge.entries
        self._names = tuple(name for entry in entries for name in _names(entry))
        self._index = NameIndex(self._names)
        self._unknown = UnknownNames(knowledge, without)
        self._traded = frozenset(entry.iri for entry in entries if entry.ticker)

    def find(self, document: Document) -> Mentions:
        """All mentions of a document in order, none overlapping another, and the entities that they point to."""
        blocks = stretches(document)
        known = trusted(blocks, {block.index: list(self._index.find(block)) for block in blocks})
        if Part.RECOGNIZER not in self._without:
            known = {block.index: longer_names(block, known[block.index]) for block in blocks}
        unlisted = self._unknown.find(blocks, known)
        names = self._article_names(blocks, known, unlisted.names)
        found = list(_search(blocks, names, unlisted.choices))
        return self._linked(document, blocks, found)

    def _article_names(
        self, blocks: Sequence[Stretch], known: Mapping[int, Sequence[Match]], unlisted: Sequence[Name]
    ) -> list[Name]:
        """The names to look for in this article: those met, and the short forms that they allow."""
        met = {name.key for matches in known.values() for match in matches for name in match.names}
        names = [name for name in self._names if name.key in met] + list(unlisted)
        things = _things(_search(blocks, names, {}))
        same = {k: v for k, v in equated(things).items() if not self._kept_apart(things, k, v)}
        names = [replace(name, key=same.get(name.key, name.key)) for name in names]
        story = [block for block in blocks if block.kind not in _ABOVE]
        told = list(_search(story, names, {}))
        order = [_named(one) for one in told]
        supposed = frozenset(one.key for one in order) - met
        acting = frozenset(key for key in placeless(_uses(story, told)) if not self._is_country(key))
        # whoever is called as a place is, and does as none would, may be called so for short
        taken = [replace(one, type=EntityType.COMPANY) if one.key in acting else one for one in order]
        shorter = introduced(taken, supposed | acting)
        others = {shorter.get(one.other, one.other): one for one in renamed(_neighbours(story, told), supposed)}
        later = {**shorter, **{key: one.kept for key, one in others.items()}}
        same = followed({k: v for k, v in later.items() if not self._kept_apart(things, k, v)})
        kinds = {one.key: one.type for one in order}
        types = {key: kinds[one.kept] for key, one in others.items() if key in same}
        types |= {key: kinds[same[key]] for key in acting if key in same}
        former = {shorter.get(one.former, one.former) for key, one in others.items() if key in same} - met
        former |= {short for short, long in shorter.items() if long in former}
        names = [_renamed(name, same, types, former) for name in names]
        names += self._tickers(met)
        things = _things(_search(blocks, names, {}))
        types = {thing.key: thing.type for thing in things}
        supposed = frozenset(types) - met
        short = [
            Name(form.text, form.key, types[form.key], source="mention/short-form")
            for form in short_forms(things, ordinary_words(blocks), supposed)
            if not self._knowledge.is_generic(form.text)
        ]
        short += _bracketed_names(blocks, names, supposed)
        short += self._initials(blocks, things, {normal_name(name.text) for name in [*names, *short]})
        short = [name for name in short if not self._stands_apart(name.text, things, name.key)]
        overridden = {normal_name(name.text) for name in short}
        return [name for name in names if normal_name(name.text) not in overridden] + short

    def _kept_apart(self, things: Sequence[Named], one: str, other: str) -> bool:
        """Whether the knowledge forbids that the two keys are one thing."""
        return any(
            self._stands_apart(form, things, other) for thing in things if thing.key == one for form in thing.forms
        )

    def _stands_apart(self, name: str, things: Sequence[Named], key: str) -> bool:
        """Whether the knowledge forbids that a name stands for the thing of that key."""
        forms = (form for thing in things if thing.key == key for form in thing.forms)
        return any(self._knowledge.kept_apart(name, form) for form in forms)

    def _is_country(self, key: str) -> bool:
        """Whether a place is a country: of these alone the knowledge tells which of Wikidata's they are."""
        entry = self._knowledge.entry(NamedNode(key)) if ":" in key else None
        return entry is not None and bool(entry.links)

    def _initials(self, blocks: Sequence[Stretch], things: Sequence[Named], taken: set[str]) -> Iterator[Name]:
        """Initials of longer names that the article uses without saying so."""
        met = {token.text for block in blocks for token in block.tokens}
        owners: dict[str, set[str]] = defaultdict(set)
        types = {thing.key: thing.type for thing in things}
        for thing in things:
            for form in thing.forms if thing.type in BODY else ():
                for text in initials(form):
                    owners[text].add(thing.key)
        for text, keys in sorted(owners.items()):
            free = text in met and normal_name(text) not in taken and not self._knowledge.is_generic(text)
            if free and len(text) > 2 and len(keys) == 1:
                yield Name(text, min(keys), types[min(keys)], exact=True, source="mention/initials")

    def _tickers(self, met: set[str]) -> Iterator[Name]:
        for entry in self._knowledge.entries:
            if entry.ticker and entry.iri.value in met and entry.ticker.casefold() not in words("function_word"):
                yield Name(entry.ticker, entry.iri.value, entry.type, exact=True, source="mention/ticker")

    def _linked(self, document: Document, blocks: Sequence[Stretch], found: Sequence[_Found]) -> Mentions:
        """Mentions with the IRIs of their entities."""
        forms: dict[str, Counter[str]] = defaultdict(Counter)
        types: dict[str, Counter[EntityType]] = defaultdict(Counter)
        for one in found:
            forms[one.name.key][one.text] += 1 if one.name.source != FORMER_NAME else 0
            types[one.name.key][one.name.type] += 1
        entities: dict[str, Entity] = {}
        for key in sorted(forms):
            entry = self._knowledge.entry(NamedNode(key)) if ":" in key else None
            kind = entry.type if entry else min(types[key], key=lambda t: (-types[key][t], t.value))
            name = entry.name if entry else _best_form(+forms[key] or forms[key])  # "+" leaves out former names
            entities[key] = Entity(entry.iri if entry else self._iris.thing(kind, name), kind, name)
        mentions = [
            Mention(
                one.span, entities[one.name.key].iri, entities[one.name.key].type, one.text, found_by=one.name.source
            )
            for one in found
        ]
        if Part.COREFERENCE not in self._without:
            docs = [document.blocks[block.index].doc for block in blocks]
            mentions += find_nominals(blocks, docs, mentions, self._traded)
            mentions += find_plurals(blocks, docs, sorted(mentions))
        mentions += find_posts(blocks, mentions)
        listed = {entity.iri: entity for entity in entities.values()}
        return Mentions(tuple(sorted(mentions)), tuple(listed[iri] for iri in sorted(listed, key=lambda i: i.value)))


def _names(entry: Entry) -> Iterator[Name]:
    for text in entry.names:
        yield Name(text, entry.iri.value, entry.type, exact=entry.exact, common=entry.common)


def _search(blocks: Iterable[Stretch], names: Sequence[Name], choices: Mapping[str, EntityType]) -> Iterator[_Found]:
    """The places of these names; of several types for one name that which the article's evidence chose."""
    index = NameIndex(names)
    for block in blocks:
        for match in index.find(block):
            text = block.text[match.start : match.end]
            wanted = choices.get(normal_name(text))
            name = next((name for name in match.names if name.type is wanted), match.names[0])
            written = block.written[match.start : match.end]
            yield _Found(Span(block.offset + match.start, block.offset + match.end), written, name)


def _uses(blocks: Iterable[Stretch], found: Sequence[_Found]) -> Iterator[Use]:
    """Where the names of places stand, with the text around them."""
    for block in blocks:
        for one in found:
            if one.name.type is EntityType.PLACE and block.offset <= one.span.start < block.offset + len(block.text):
                start, end = one.span.start - block.offset, one.span.end - block.offset
                yield Use(one.name.key, one.text, block.text[:start], block.text[end : end + _AHEAD])


def _named(one: _Found) -> Named:
    return Named(one.name.key, one.name.type, (one.text,))


def _neighbours(blocks: Iterable[Stretch], found: Sequence[_Found]) -> Iterator[Neighbours]:
    """The names that follow one another in one block."""
    for block in blocks:
        inside = [one for one in found if block.offset <= one.span.start < block.offset + len(block.text)]
        for one, other in pairwise(inside):
            start, end = one.span.end - block.offset, other.span.end - block.offset
            between = block.text[start : other.span.start - block.offset]
            yield Neighbours(_named(one), between, _named(other), block.text[end : end + _AHEAD])


def _renamed(name: Name, same: Mapping[str, str], types: Mapping[str, EntityType], former: Set[str]) -> Name:
    """A name of the thing that it was found to stand for, with the type of that thing where one is given for it."""
    source = FORMER_NAME if name.key in former else name.source
    return replace(name, key=same.get(name.key, name.key), type=types.get(name.key, name.type), source=source)


def _things(found: Iterable[_Found]) -> list[Named]:
    forms: dict[str, set[str]] = defaultdict(set)
    types: dict[str, EntityType] = {}
    for one in found:
        forms[one.name.key].add(one.text)
        types.setdefault(one.name.key, one.name.type)
    return [Named(key, types[key], tuple(sorted(forms[key]))) for key in sorted(forms)]


def _bracketed_names(blocks: Sequence[Stretch], names: Sequence[Name], supposed: frozenset[str]) -> list[Name]:
    """Tickers and initials in brackets behind a name, which stand for it."""
    index = NameIndex(names)
    found: dict[str, Name] = {}
    for block in blocks:
        ends = {match.end: match for match in index.find(block)}
        for end, _, text in bracketed(block):
            match = ends.get(end)
            if match is not None:
                name = match.names[0]
                found.setdefault(text, Name(text, name.key, name.type, exact=True, source="mention/brackets"))
    taken = {normal_name(name.text): name.key for name in names}
    return [
        name for text, name in sorted(found.items()) if taken.get(normal_name(text), name.key) in {name.key, *supposed}
    ]


def _best_form(forms: Mapping[str, int]) -> str:
    """The form that names a thing best: no capitals throughout where there is a choice, then the longest, most used."""
    return min(forms, key=lambda form: (form.isupper() and len(form) > 5, -len(normal_name(form)), -forms[form], form))
