"""Reading the rule files: `rules/*.yaml` -> typed, compiled rules with their examples."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Generic, TypeVar

from pyoxigraph import NamedNode

from aigraph.errors import DataError
from aigraph.facts.patterns.language import Match, Pattern, compile_pattern
from aigraph.facts.patterns.lines import Lexicon, Line
from aigraph.facts.words.inflections import load_inflections
from aigraph.records import PartnershipKind, Status
from aigraph.resources import parse_yaml
from aigraph.vocab import AIG

FOLDER = Path(__file__).parents[1] / "rules"
_FREQUENT = frozenset(
    {
        "a",
        "an",
        "and",
        "as",
        "at",
        "by",
        "for",
        "from",
        "in",
        "is",
        "its",
        "of",
        "on",
        "the",
        "to",
        "with",
        ",",
        ".",
        ":",
    }
)
"""Words that many sentences have: rules are not looked up by them where they need another one as well."""
CONTEXT_COMPANY = "@company"
"""Stands in a statement for the company that the passage is about, where the sentence does not name it."""
CONTEXT_TECHNOLOGY = "@technology"
"""Stands in a statement for the technology that words such as "the cards" or "it" point back to."""
CONTEXT_MAKER = "@maker"
"""Stands in a role for the organization named last before, whose technology a sentence takes up ("that technology")."""
CONTEXT_PAIR = "@pair"
"""Stands in a role for the two organizations that an article is about ("the two companies")."""


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence in bracket notation ("[Nvidia|Company] develops …") and the facts that its rule must find in it."""

    text: str
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What relation and partnership rules share.

    `confidence` is the share of right findings that we expect of the rule, set by hand and corrected by what was
    measured on development texts. `counterexamples` are sentences where it must find nothing.
    """

    id: str
    patterns: tuple[Pattern, ...]
    confidence: float
    examples: tuple[Example, ...]
    counterexamples: tuple[str, ...]


_AnyRule = TypeVar("_AnyRule", bound=Rule)


@dataclass(frozen=True, slots=True)
class Template:
    """A statement to make of a match: names of arguments, a property, or an individual of the ontology as object."""

    subject: str
    predicate: NamedNode
    object: str | NamedNode


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationRule(Rule):
    """A rule for statements; an argument named `role` gives the post of a worksFor statement.

    What a `fallback` rule finds counts only where no other rule of the article says something else of the same thing:
    another maker of a chip, another post of a person, another seat of a company. There it states `otherwise`, if given:
    who makes another's chip manufactures it. With `elsewhere` the company of the passage counts
    only in sentences that do not name it: beside its name "the Porto firm" is another one.
    """

    states: tuple[Template, ...]
    fallback: bool = False
    elsewhere: bool = False
    otherwise: NamedNode | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnershipRule(Rule):
    """A rule for deals.

    `roles` maps role properties to names of arguments; `separate` names an argument each of whose fillers makes a deal
    of its own. `status` holds where the sentence has no sign of another one. An argument `t` is what the deal concerns.
    """

    kind: PartnershipKind
    roles: tuple[tuple[NamedNode, tuple[str, ...]], ...]
    status: Status
    separate: str | None


class Rules(Generic[_AnyRule]):
    """Rules by the words that their patterns need, for a sentence has the words of few."""

    def __init__(self, rules: Sequence[_AnyRule]) -> None:
        self.all = tuple(rules)
        self._patterns = tuple((rule, pattern) for rule in rules for pattern in rule.patterns)
        self._anywhere = {number for number, (_, pattern) in enumerate(self._patterns) if not pattern.needs}
        self._by_word: dict[str, list[int]] = {}
        for number, (_, pattern) in enumerate(self._patterns):
            # by what is seldom there: "of" tells little of a sentence
            rarest = min(pattern.needs, key=lambda words: (not words.isdisjoint(_FREQUENT), len(words)), default=())
            for word in rarest:
                self._by_word.setdefault(word, []).append(number)

    def matches(self, line: Line) -> Iterator[tuple[_AnyRule, Match]]:
        """Every match of every pattern in a sentence, in the order of the rules."""
        likely = {number for word in line.words for number in self._by_word.get(word, ())}
        for number in sorted(likely | self._anywhere):
            rule, pattern = self._patterns[number]
            for match in pattern.matches(line):
                yield rule, match


@cache
def load_lexicon(folder: Path = FOLDER) -> Lexicon:
    """The verbs and word classes that patterns may name."""
    data = _mapping(folder / "words.yaml")
    classes = {name: frozenset(tuple(_tokens(phrase)) for phrase in phrases) for name, phrases in data.items()}
    return Lexicon(load_inflections(folder / "verbs.yaml"), classes)


def load_relation_rules(lexicon: Lexicon, folder: Path = FOLDER) -> tuple[RelationRule, ...]:
    """The rules of `relations.yaml`.

    Raises:
        DataError: a rule is malformed; the message names it.
    """
    rules = []
    for common, raw in _rules(folder / "relations.yaml", lexicon):
        states = tuple(_template(text, common["id"]) for text in _strings(raw.pop("states", ())))
        fallback, elsewhere = (bool(raw.pop(flag, False)) for flag in ("fallback", "elsewhere"))
        name = raw.pop("otherwise", None)
        otherwise = AIG[name] if name else None
        _refuse(raw, common["id"])
        rules.append(RelationRule(states=states, fallback=fallback, elsewhere=elsewhere, otherwise=otherwise, **common))
    return tuple(rules)


def load_partnership_rules(lexicon: Lexicon, folder: Path = FOLDER) -> tuple[PartnershipRule, ...]:
    """The rules of `partnerships.yaml`.

    Raises:
        DataError: a rule is malformed; the message names it.
    """
    rules = []
    for common, raw in _rules(folder / "partnerships.yaml", lexicon):
        try:
            kind, status = PartnershipKind(raw.pop("kind")), Status(raw.pop("status"))
            roles = tuple((AIG[role], tuple(_strings(names))) for role, names in sorted(raw.pop("roles").items()))
        except (KeyError, ValueError, AttributeError) as error:
            raise DataError(f"The rule {common['id']!r} has no proper kind, status or roles: {error}.") from None
        separate = raw.pop("separate", None)
        _refuse(raw, common["id"])
        rules.append(PartnershipRule(kind=kind, roles=roles, status=status, separate=separate, **common))
    return tuple(rules)


def _rules(path: Path, lexicon: Lexicon) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    data = _mapping(path)
    macros = data.get("macros", {})
    for entry in data["rules"]:
        raw = dict(entry)
        name = raw.get("id", "?")
        try:
            common = {
                "id": raw.pop("id"),
                "patterns": tuple(compile_pattern(p, lexicon, macros) for p in _strings(raw.pop("patterns"))),
                "confidence": float(raw.pop("confidence")),
                "examples": tuple(Example(e["text"], tuple(_strings(e["facts"]))) for e in raw.pop("examples")),
                "counterexamples": tuple(_strings(raw.pop("counterexamples"))),
            }
        except (KeyError, TypeError, ValueError) as error:
            raise DataError(f"{path}: the rule {name!r} lacks or misspells {error}; see docs/rules.md.") from None
        yield common, raw


def _template(text: str, rule: str) -> Template:
    parts = text.split()
    if len(parts) != 3:
        raise DataError(f"The rule {rule!r} states {text!r}; write an argument, a property and an argument.")
    subject, predicate, object_ = parts
    return Template(subject, AIG[predicate], AIG[object_] if object_ in ("Training", "Inference") else object_)


def _refuse(raw: Mapping[str, Any], rule: str) -> None:
    if raw:
        raise DataError(f"The rule {rule!r} has unknown keys: {', '.join(sorted(raw))}; see docs/rules.md.")


def _mapping(path: Path) -> Mapping[str, Any]:
    data = parse_yaml(path.read_text(encoding="utf-8"))
    if not isinstance(data, Mapping):
        raise DataError(f"{path}: expected a mapping; correct the file.")
    return data


def _strings(value: str | Sequence[str]) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def _tokens(phrase: str) -> list[str]:
    """Words of a phrase as slots have them: hyphenated words in one, signs apart."""
    return re.findall(r"[\w'&$-]+|[^\w\s]", phrase)
