"""Names that nobody listed: candidates by their capitals, typed by the evidence of all sentences they stand in."""

from __future__ import annotations

import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass

from aigraph.knowledge import Knowledge
from aigraph.mentions.chunks import Chunk, find_chunks
from aigraph.mentions.evidence import rules, whole_rules
from aigraph.mentions.known import Match, Name
from aigraph.mentions.masked import Item
from aigraph.mentions.recognized import Recognition, with_recognized
from aigraph.mentions.text import Stretch
from aigraph.mentions.voting import Candidates, NameTyper
from aigraph.mentions.words import words
from aigraph.records import TECHNOLOGY, BlockKind, EntityType, Part
from aigraph.vocab import normal_name

_NO_CANDIDATES = frozenset({BlockKind.METADATA, BlockKind.BOILERPLATE})
_SOURCE = re.compile(r"Sources?: ")
"""What opens the one line beside a story that speaks of names: the source of its figures."""
_DESCRIBING = (
    "function_word",
    "role",
    "company_noun",
    "company_nouns",
    "chip_noun",
    "chip_nouns",
    "system_noun",
    "system_nouns",
    "software_noun",
    "model_noun",
    "organization_noun",
    "architecture_noun",
)
_NEVER = re.compile(
    r"(?:FP|BF|INT|MX|FY|CO|PM|USB|PCIe|DDR|IPv|ISO|RFC|COVID|SAE|Wi-?Fi)-?\d{0,4}|HBM|[HQ][1-4]|G\d{1,2}|\d+[A-Z]?D"
    r"|[A-Z]-\d|\d{1,2}[KGMB]",
    re.IGNORECASE,
)
"""Codes that are no names: number formats, standards, quarters, "G20", "3D"."""
_SIZE = re.compile(r"[ -]\d{1,3}(?:\.\d)?[BT]\b(?!-| (?:parameters?|tokens?|weights?)\b)")
"""The size of a model behind its name: "Apertus 70B"."""
_PLAIN_WORDS = re.compile(r"[A-Z][a-z]+(?: [A-Z][a-z]+)+")
"""What a heading may say without naming anything."""


@dataclass(frozen=True, slots=True)
class Unlisted:
    """Names that the knowledge lacks, and the type chosen for listed names that have several, by normal name."""

    names: tuple[Name, ...]
    choices: Mapping[str, EntityType]


class UnknownNames:
    """Finds the names of an article that the knowledge does not list, and their types."""

    def __init__(self, knowledge: Knowledge, without: frozenset[Part] = frozenset()) -> None:
        self._knowledge = knowledge
        self._recognizes = Part.RECOGNIZER not in without
        self._typer = NameTyper(() if Part.NAME_RULES in without else rules(), self._has_first_name)

    def find(self, stretches: Sequence[Stretch], known: Mapping[int, Sequence[Match]]) -> Unlisted:
        """Unlisted names with one type each; `known` are the matches of each stretch by its index."""
        ordinary = ordinary_words(stretches)
        items: dict[int, list[Item]] = {}
        extended: dict[str, EntityType] = {}
        initial: dict[str, bool] = {}
        recognition = Recognition(ordinary)
        for stretch in stretches:
            matches = known.get(stretch.index, ())
            found = self._items(stretch, matches, ordinary, extended, initial)
            if self._recognizes and (stretch.kind not in _NO_CANDIDATES or _SOURCE.match(stretch.text)):
                found = with_recognized(stretch, found, matches, self._may_be_name, recognition)
            items[stretch.index] = found
        if recognition.heard:  # of the capitals that the model takes for no name anywhere, one in five is one
            items = _without(items, {i.key for found in items.values() for i in found} - recognition.heard)
        items = _without(items, _headings(stretches, items))
        types = self._typer.types(stretches, Candidates(items, extended, initial), recognition)
        texts: dict[str, Counter[str]] = defaultdict(Counter)
        for found in items.values():
            for item in found:
                if item.supposed and item.key in types:
                    texts[item.key][item.text] += 1
        listed = {item.key for found in items.values() for item in found if item.allowed}
        names = tuple(
            Name(text, key, types[key], source="mention/rules")
            for key in sorted(texts)
            if key not in listed
            for text in sorted(texts[key])
        )
        return Unlisted(names, {key: types[key] for key in sorted(listed) if key in types})

    def _items(
        self,
        stretch: Stretch,
        matches: Sequence[Match],
        ordinary: frozenset[str],
        extended: dict[str, EntityType],
        initial: dict[str, bool],
    ) -> list[Item]:
        """Known and supposed names of a stretch, in order."""
        items = [_known_item(stretch, match) for match in matches]
        if stretch.styled or (stretch.kind in _NO_CANDIDATES and not _SOURCE.match(stretch.text)):
            return items
        for chunk in find_chunks(stretch, self._knowledge.is_generic, ordinary):
            inside = [m for m in matches if m.first < chunk.last and chunk.first < m.last]
            for candidate, kind in self._candidates(chunk, inside):
                key = normal_name(candidate.text)
                if not self._may_be_name(candidate.text):
                    continue
                alone = candidate.initial and candidate.words == 1 and candidate.text[1:].islower()
                if alone and re.search(r"(?:ing|ly|ed|tion|ment|ness)$", candidate.text):
                    continue
                items = [item for item in items if item.end <= candidate.start or candidate.end <= item.start]
                items.append(Item(candidate.start, candidate.end, candidate.text, key, None, supposed=True))
                if kind:
                    extended.setdefault(key, kind)
                initial[key] = initial.get(key, True) and alone
        for match in matches:
            size = _SIZE.match(stretch.text, match.end) if match.names[0].type is EntityType.AI_MODEL else None
            if size and not any(item.start < size.end() and match.end < item.end for item in items):
                text = stretch.text[match.start : size.end()]
                items = [item for item in items if item.end <= match.start or size.end() <= item.start]
                items.append(Item(match.start, size.end(), text, normal_name(text), None, supposed=True))
                extended.setdefault(normal_name(text), EntityType.AI_MODEL)
        return sorted(items, key=lambda item: item.start)

    def _may_be_name(self, text: str) -> bool:
        never = _NEVER.fullmatch(text) or self._knowledge.is_generic(text) or text == "The"
        return len(normal_name(text)) > 1 and not never

    def _candidates(self, chunk: Chunk, inside: Sequence[Match]) -> Iterable[tuple[Chunk, EntityType | None]]:
        """What of a chunk may be an unlisted name, with its type where a known technology is its beginning."""
        if not inside:
            return [(_after_role(chunk), None)]
        if inside[0].first <= chunk.first and inside[-1].last >= chunk.last and _tiled(inside):
            types = [match.names[0].type for match in inside]
            return [(chunk, EntityType.EVENT)] if types == [EntityType.EVENT, EntityType.PLACE] else []
        if inside[0].first >= chunk.first and inside[-1].last <= chunk.last and self._taken_whole(chunk, inside):
            return [(chunk, None)]
        if _is_longer_body(chunk, inside):
            return [(chunk, EntityType.COMPANY)]
        found: list[tuple[Chunk, EntityType | None]] = []
        position = chunk.first
        for number, match in enumerate(inside):
            if match.first > position:
                found.append((Chunk(chunk.stretch, position, match.first), None))
            position = max(position, match.last)
            if number + 1 == len(inside) and match.first >= chunk.first and match.last < chunk.last:
                kind = match.names[0].type
                if kind in TECHNOLOGY and _is_version(chunk):
                    found.append((Chunk(chunk.stretch, match.first, chunk.last), kind))
                    position = chunk.last
        if position < chunk.last:
            found.append((Chunk(chunk.stretch, position, chunk.last), None))
        return [(piece, kind) for piece, kind in found if piece.stretch.tokens[piece.first].is_word]

    def _taken_whole(self, chunk: Chunk, inside: Sequence[Match]) -> bool:
        """Whether a rule takes the chunk as one name though known names stand within."""
        listed = self._has_first_name(chunk.text)
        fired = [rule for rule in whole_rules() if rule.applies(chunk.text, "", "", first_name=listed)]
        if not fired:
            return False
        if all(rule.first_name for rule in fired):
            weak = all(m.last - m.first == 1 and m.names[0].type is EntityType.PLACE for m in inside)
            return weak and chunk.words < 4
        return True

    def _has_first_name(self, name: str) -> bool:
        first = re.match(r"[^\W_]+", name)
        return first is not None and first[0] in self._knowledge.first_names


def _without(items: Mapping[int, list[Item]], keys: Set[str]) -> dict[int, list[Item]]:
    """The items but for supposed names of some keys."""
    return {
        index: [item for item in found if not item.supposed or item.allowed or item.key not in keys]
        for index, found in items.items()
    }


def _headings(stretches: Sequence[Stretch], items: Mapping[int, Sequence[Item]]) -> set[str]:
    """The keys of several plain words that stand nowhere but as the whole of a heading: "Key Figures"."""
    kinds = {stretch.index: (stretch.kind, stretch.text.strip("#: ")) for stretch in stretches}
    alone: dict[str, bool] = {}
    for index, found in items.items():
        kind, text = kinds[index]
        for item in found:
            whole = kind is BlockKind.HEADING and item.text == text and _PLAIN_WORDS.fullmatch(text) is not None
            alone[item.key] = alone.get(item.key, True) and whole
    return {key for key, whole in alone.items() if whole}


def _known_item(stretch: Stretch, match: Match) -> Item:
    """A listed name; one with several types is left to the evidence."""
    text = stretch.text[match.start : match.end]
    types = tuple(dict.fromkeys(name.type for name in match.names))
    if len(types) == 1:
        return Item(match.start, match.end, text, match.names[0].key, types[0])
    return Item(match.start, match.end, text, normal_name(text), None, supposed=True, allowed=types)


def _after_role(chunk: Chunk) -> Chunk:
    """A chunk without the post that it opens with: "Competition Commissioner Jane Miller"."""
    tokens = chunk.stretch.tokens
    roles = [i for i in range(chunk.first, chunk.last - 2) if tokens[i].text.casefold() in words("role")]
    return Chunk(chunk.stretch, roles[-1] + 1, chunk.last) if roles else chunk


def _is_longer_body(chunk: Chunk, inside: Sequence[Match]) -> bool:
    """Whether a listed company only begins the name of one where somebody works: "editor at Reuters Breakingviews"."""
    if len(inside) != 1 or inside[0].first != chunk.first or inside[0].names[0].type is not EntityType.COMPANY:
        return False
    before = chunk.stretch.text[: chunk.start]
    return bool(re.search(r"\b(?:[^\W\d_a-z][\w'-]+|analyst|editor|reporter|columnist) (?:of|at|from) \Z", before))


def _is_version(chunk: Chunk) -> bool:
    """Whether what ends a chunk behind a known name makes another of its kind: "5", "v7", "Toolkit"; not "Launch"."""
    token = chunk.stretch.tokens[chunk.last - 1].text
    return (
        any(c.isdigit() for c in token)
        or token in {"X", "Z"}
        or any(
            token.casefold() in words(group)
            for group in ("chip_suffix", "software_suffix", "model_suffix", "system_suffix")
        )
    )


def _tiled(inside: Sequence[Match]) -> bool:
    return all(a.last == b.first for a, b in itertools.pairwise(inside))


def ordinary_words(stretches: Sequence[Stretch]) -> frozenset[str]:
    """Words that the article writes in lower case somewhere, function words, and those of descriptions."""
    found = {part for group in _DESCRIBING for word in words(group) for part in word.split()}
    for stretch in stretches:
        found.update(token.text for token in stretch.tokens if token.text.islower())
    return frozenset(found)
