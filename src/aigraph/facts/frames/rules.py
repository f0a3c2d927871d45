"""Reading `rules/frames/*.yaml`: rules over the arguments of verbs and nouns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pyoxigraph import NamedNode

from aigraph.errors import DataError
from aigraph.facts.patterns.lines import named_types
from aigraph.facts.patterns.rulebook import Example, Template
from aigraph.records import PartnershipKind, Status
from aigraph.resources import parse_yaml
from aigraph.vocab import AIG

FOLDER = Path(__file__).parents[1] / "rules" / "frames"
ANY = "*"
"""Stands for every lemma."""
_FRAME_KEYS = frozenset({"verbs", "nouns", "names", "where", "unless", "own", "foreign", "present"})
_RULE_KEYS = ("id", "confidence", "frames", "examples", "counterexamples")

Path_ = tuple[str, ...]
"""How to reach an argument: a role of the predicate, then roles within what fills it ("obj", "owner")."""
Paths = tuple[Path_, ...]
"""Ways to reach an argument; the first that leads anywhere counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FramePattern:
    """Predicates with the same arguments: verbs and nouns by their lemmas, or names of some types.

    `where` and `unless` say which lemmas may or may not stand at the end of a path. What fills the argument `own`
    must have no other owner than the subject; what fills `foreign` must have one. `present` leaves the past tense out.
    """

    verbs: frozenset[str]
    nouns: frozenset[str]
    names: frozenset[str]
    arguments: tuple[tuple[str, Paths], ...]
    where: tuple[tuple[Paths, frozenset[str]], ...]
    unless: tuple[tuple[Paths, frozenset[str]], ...]
    own: str | None
    foreign: str | None
    present: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameRule:
    """A rule for statements (`states`) or for deals (`kind`, `roles`, `status`); `types` are what arguments may be."""

    id: str
    confidence: float
    frames: tuple[FramePattern, ...]
    types: Mapping[str, frozenset[str]]
    examples: tuple[Example, ...]
    counterexamples: tuple[str, ...]
    states: tuple[Template, ...] = ()
    posts: bool = False
    fallback: bool = False
    otherwise: NamedNode | None = None
    kind: PartnershipKind | None = None
    roles: tuple[tuple[NamedNode, tuple[str, ...]], ...] = ()
    status: Status = Status.ANNOUNCED
    separate: str | None = None


@dataclass(frozen=True, slots=True)
class FrameBook:
    """All rules of a file, and their patterns by the lemma of the predicate."""

    rules: tuple[FrameRule, ...]
    by_verb: Mapping[str, tuple[tuple[FrameRule, FramePattern], ...]]
    by_noun: Mapping[str, tuple[tuple[FrameRule, FramePattern], ...]]
    by_type: Mapping[str, tuple[tuple[FrameRule, FramePattern], ...]]


@cache
def load_frame_words(folder: Path = FOLDER) -> Mapping[str, frozenset[str]]:
    """The classes of `words.yaml`."""
    data = parse_yaml((folder / "words.yaml").read_text(encoding="utf-8"))
    return {name: frozenset(words) for name, words in data.items()}


def load_frames(name: str, folder: Path = FOLDER) -> FrameBook:
    """The rules of "relations" or "deals".

    Raises:
        DataError: a rule is malformed; the message names it.
    """
    data = parse_yaml((folder / f"{name}.yaml").read_text(encoding="utf-8"))
    classes = {key: frozenset(words.split()) for key, words in data.get("classes", {}).items()}
    rules = tuple(_rule(dict(raw), classes) for raw in data["rules"])
    return FrameBook(
        rules,
        _indexed(rules, lambda frame: frame.verbs),
        _indexed(rules, lambda frame: frame.nouns),
        _indexed(rules, lambda frame: frame.names),
    )


def _indexed(
    rules: Sequence[FrameRule], keys: Callable[[FramePattern], frozenset[str]]
) -> Mapping[str, tuple[tuple[FrameRule, FramePattern], ...]]:
    found: dict[str, list[tuple[FrameRule, FramePattern]]] = defaultdict(list)
    for rule in rules:
        for frame in rule.frames:
            for key in sorted(keys(frame)):
                found[key].append((rule, frame))
    return {key: tuple(patterns) for key, patterns in found.items()}


def _rule(raw: dict[str, Any], classes: Mapping[str, frozenset[str]]) -> FrameRule:
    name = raw.get("id", "?")
    try:
        common = {key: raw.pop(key) for key in _RULE_KEYS}
        types = {key: _types(value) for key, value in raw.pop("types", {}).items()}
        states = tuple(_template(text) for text in _strings(raw.pop("states", ())))
        posts = bool(raw.pop("posts", False))
        fallback, otherwise = bool(raw.pop("fallback", False)), raw.pop("otherwise", None)
        kind = raw.pop("kind", None)
        roles = tuple((AIG[role], tuple(_strings(who))) for role, who in sorted(raw.pop("roles", {}).items()))
        separate = raw.pop("separate", None)
        status = Status(raw.pop("status", "Announced"))
        if raw or bool(states) == bool(kind):
            raise ValueError(f"unknown keys {sorted(raw)}, or not just one of 'states' and 'kind'")
        return FrameRule(
            id=common["id"],
            confidence=float(common["confidence"]),
            frames=tuple(_frame(dict(frame), classes) for frame in common["frames"]),
            types=types,
            examples=tuple(Example(e["text"], tuple(_strings(e["facts"]))) for e in common["examples"]),
            counterexamples=tuple(common["counterexamples"]),
            states=states,
            posts=posts,
            fallback=fallback,
            otherwise=AIG[otherwise] if otherwise else None,
            kind=PartnershipKind(kind) if kind else None,
            roles=roles,
            status=status,
            separate=separate,
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise DataError(f"The frame rule {name!r} is malformed: {error}; see docs/rules.md.") from None


def _frame(raw: dict[str, Any], classes: Mapping[str, frozenset[str]]) -> FramePattern:
    return FramePattern(
        verbs=_lemmas(raw.get("verbs", ""), classes),
        nouns=_lemmas(raw.get("nouns", ""), classes),
        names=_types(raw["names"]) if "names" in raw else frozenset(),
        arguments=tuple((name, _paths(text)) for name, text in raw.items() if name not in _FRAME_KEYS),
        where=tuple((_paths(path), _lemmas(words, classes)) for path, words in raw.get("where", {}).items()),
        unless=tuple((_paths(path), _lemmas(words, classes)) for path, words in raw.get("unless", {}).items()),
        own=raw.get("own"),
        foreign=raw.get("foreign"),
        present=bool(raw.get("present", False)),
    )


def _lemmas(text: str, classes: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """Lemmas parted by blanks; "@name" stands for a class of the file."""
    found: set[str] = set()
    for word in text.split():
        found |= classes[word[1:]] if word.startswith("@") else {word}
    return frozenset(found)


def _paths(text: str) -> Paths:
    return tuple(tuple(part.strip().split("/")) for part in text.split("|"))


def _types(text: str) -> frozenset[str]:
    return named_types(text.split("|")).wanted


def _template(text: str) -> Template:
    subject, predicate, object_ = text.split()
    return Template(subject, AIG[predicate], object_)


def _strings(value: Any) -> Iterator[str]:
    yield from (value,) if isinstance(value, str) else value
