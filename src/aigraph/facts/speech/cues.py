"""The words of stance and attribution, from `cues.yaml`, `speech.yaml` and `speakers.yaml`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from aigraph.errors import DataError
from aigraph.facts.words.clauses import ClauseReader
from aigraph.facts.words.finite import general_verbs, rule_verbs
from aigraph.facts.words.inflections import Form, Inflections, conjugate
from aigraph.resources import parse_yaml

FOLDER = Path(__file__).parent
_PART = re.compile(r"@?[\w'/&.-]*\w|'|\{\w+\}|[^\w\s]")


class Token(Protocol):
    """What phrases are matched with: words of a sentence, or plain tokens."""

    @property
    def text(self) -> str:
        """The word in lower case."""

    @property
    def named(self) -> bool:
        """True where the word is part of a name and so no cue."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """A cue: for each of its words the spellings that fit."""

    text: str
    parts: tuple[frozenset[str], ...]

    def ends(self, words: Sequence[Token], at: int, adverbs: frozenset[str] = frozenset()) -> int | None:
        """The index behind the phrase where it begins at `at`; adverbs may stand between its words."""
        for number, spellings in enumerate(self.parts):
            while number and at < len(words) and words[at].text in adverbs and words[at].text not in spellings:
                at += 1
            if at >= len(words) or words[at].named or words[at].text not in spellings:
                return None
            at += 1
        return at


@dataclass(frozen=True, slots=True)
class Cues:
    """All lists of `cues.yaml`, by name; `words` are those of lists that hold single words alone."""

    lists: Mapping[str, tuple[Phrase, ...]]
    adverbs: frozenset[str]
    _openers: Mapping[str, Mapping[str, tuple[Phrase, ...]]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        openers = {name: _by_first_word(phrases) for name, phrases in self.lists.items()}
        object.__setattr__(self, "_openers", openers)

    def words(self, name: str) -> frozenset[str]:
        """The entries of a list as they are written."""
        return frozenset(phrase.text for phrase in self.lists[name])

    def find(self, name: str, words: Sequence[Token]) -> Iterator[tuple[int, int, Phrase]]:
        """Where phrases of a list stand: (first index, index behind, phrase), the longest at each place."""
        openers = self._openers[name]
        for at, word in enumerate(words):
            for candidate in openers.get(word.text, ()):
                end = candidate.ends(words, at, self.adverbs)
                if end is not None:
                    yield at, end, candidate
                    break

    def begins(self, name: str, words: Sequence[Token], at: int) -> bool:
        """Does a phrase of a list begin at a word, with nothing between its words?"""
        return any(phrase.ends(words, at) is not None for phrase in self._openers[name].get(words[at].text, ()))


def _by_first_word(phrases: Iterable[Phrase]) -> Mapping[str, tuple[Phrase, ...]]:
    """Phrases by the words they may begin with, those of one word in the order of their list."""
    found: dict[str, list[Phrase]] = {}
    for phrase in phrases:
        for word in phrase.parts[0]:
            found.setdefault(word, []).append(phrase)
    return {word: tuple(those) for word, those in found.items()}


@dataclass(frozen=True, slots=True)
class Speech:
    """The verbs of `speech.yaml`: their forms, what each makes of what is said, and how each is built."""

    verbs: Inflections
    kinds: Mapping[str, str]
    with_object: frozenset[str]
    with_object_of_person: frozenset[str]
    with_infinitive: frozenset[str]
    present_only: frozenset[str]
    apart: frozenset[str]
    personal: frozenset[str]
    by_tree: Mapping[str, str]
    by_tree_with_object: frozenset[str]
    findings: frozenset[str]
    of_figures: frozenset[str]


@dataclass(frozen=True, slots=True)
class Speakers:
    """The nouns of `speakers.yaml`; `qualities` are endings."""

    groups: frozenset[str]
    company: frozenset[str]
    works: frozenset[str]
    institutions: frozenset[str]
    rumour: frozenset[str]
    roles: frozenset[str]
    spokespeople: frozenset[str]
    outlooks: frozenset[str]
    sayings: frozenset[str]
    beliefs: frozenset[str]
    things: frozenset[str]
    qualities: frozenset[str]
    bodies: frozenset[str]
    reckonings: frozenset[str]
    expectations: frozenset[str]
    media: frozenset[str]
    papers: frozenset[str]
    persons: frozenset[str]
    rumours: frozenset[str]
    true: frozenset[str]
    false: frozenset[str]


@cache
def load_cues() -> Cues:
    """The lists of `cues.yaml`.

    Raises:
        DataError: a list holds something else than strings, or a phrase names an unknown set.
    """
    data = _mapping("cues.yaml")
    sets = {name: frozenset(words) for name, words in data.pop("sets").items()}
    adverbs = frozenset(data.pop("adverbs"))
    return Cues({name: compile_phrases(name, entries, sets) for name, entries in data.items()}, adverbs)


@cache
def load_speech() -> Speech:
    """The verbs of `speech.yaml`.

    Raises:
        DataError: a list names a verb that has no kind.
    """
    data = _mapping("speech.yaml")
    irregular, doubled = data["irregular"], frozenset(data["doubled"])
    kinds = {lemma: kind for kind, lemmas in data["verbs"].items() for lemma in lemmas}
    verbs = [conjugate(v, doubled=v in doubled, irregular=_forms(irregular.get(v, {}))) for v in sorted(kinds)]
    names = ("with_object", "with_object_of_person", "with_infinitive", "present_only", "apart", "personal")
    built = {name: frozenset(data[name]) for name in names}
    more = {lemma: kind for kind, lemmas in data["by_tree"].items() for lemma in lemmas}
    if unknown := sorted(frozenset().union(*built.values()) - kinds.keys()):
        raise DataError(f"speech.yaml: {', '.join(unknown)}: listed without a kind under 'verbs'; add one.")
    trees = {name: frozenset(data[name]) for name in ("by_tree_with_object", "findings", "of_figures")}
    return Speech(Inflections(verbs), kinds, by_tree=kinds | more, **built, **trees)


@cache
def load_clauses() -> ClauseReader:
    """What splits sentences into clauses by these verbs; one for all who ask, for it keeps the last sentences."""
    return ClauseReader(load_speech().verbs)


@cache
def load_speakers() -> Speakers:
    """The nouns of `speakers.yaml`."""
    data = _mapping("speakers.yaml")
    return Speakers(**{name: frozenset(words) for name, words in data.items()})


def compile_phrases(
    name: str, entries: Iterable[Any], sets: Mapping[str, frozenset[str]] | None = None
) -> tuple[Phrase, ...]:
    """Phrases of a data file, longest first; `name` is said in errors.

    Raises:
        DataError: an entry is no string, or names an unknown set.
    """
    compiled = []
    for entry in entries:
        if not isinstance(entry, str):
            raise DataError(f'{name!r} holds {entry!r}, which is no string; quote words such as "no".')
        compiled.append(Phrase(entry, tuple(_part(part, sets or {}) for part in _PART.findall(entry))))
    return tuple(sorted(compiled, key=lambda p: (-len(p.parts), p.text)))


def _part(part: str, sets: Mapping[str, frozenset[str]]) -> frozenset[str]:
    if part.startswith("@"):
        return _all_forms(part[1:])
    if part.startswith("{"):
        if part[1:-1] not in sets:
            raise DataError(f"cues.yaml: the set {part} is not defined under 'sets'; define it.")
        return sets[part[1:-1]]
    return frozenset({part})


def _all_forms(lemma: str) -> frozenset[str]:
    """Every form of a verb; one that no list has is taken for regular."""
    for source in (load_speech().verbs, rule_verbs(), general_verbs()):
        if lemma in source:
            return source.words(lemma)
    return frozenset(word for _, word in conjugate(lemma).forms)


def _forms(given: Mapping[str, str | list[str]]) -> dict[Form, list[str]]:
    return {Form(form): [words] if isinstance(words, str) else words for form, words in given.items()}


def _mapping(name: str) -> dict[str, Any]:
    data = parse_yaml((FOLDER / name).read_text(encoding="utf-8"))
    if not isinstance(data, dict):
        raise DataError(f"{name}: expected a mapping of lists; correct the file.")
    return data
