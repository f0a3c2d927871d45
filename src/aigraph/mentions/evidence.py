"""The rules of `rules.yaml`: what a sentence says about the type of a name in it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from aigraph.errors import DataError
from aigraph.mentions.words import compile_pattern, read_data
from aigraph.records import EntityType

_KEYS = frozenset({"id", "votes", "before", "after", "name", "whole", "first_name", "examples", "counterexamples"})
REACH = 160
"""How many characters of a sentence around a name the rules see."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: all of its patterns must match. `examples` have the name in brackets."""

    id: str
    votes: tuple[tuple[EntityType, float], ...]
    before: re.Pattern[str] | None
    after: re.Pattern[str] | None
    name: re.Pattern[str] | None
    whole: bool
    first_name: bool
    examples: tuple[str, ...]
    counterexamples: tuple[str, ...]

    def applies(self, name: str, before: str, after: str, *, first_name: bool) -> bool:
        """Whether the rule fires for a name, given `REACH` characters of its masked sentence to each side."""
        if self.first_name and not first_name:
            return False
        if self.name is not None and not self.name.fullmatch(name):
            return False
        if self.after is not None and not self.after.match(after):
            return False
        return self.before is None or bool(self.before.search(before))


@cache
def rules() -> tuple[Rule, ...]:
    """All rules in the order of the file.

    Raises:
        DataError: a rule is malformed.
    """
    found = tuple(_rule(fields) for fields in read_data("rules.yaml")["rules"])
    ids = [rule.id for rule in found]
    if len(set(ids)) < len(ids):
        raise DataError("mentions/rules.yaml: two rules have one id; rename one of them.")
    return found


def _rule(fields: dict[str, object]) -> Rule:
    where = f"mentions/rules.yaml: rule {fields.get('id')!r}"
    if unknown := sorted(set(fields) - _KEYS):
        raise DataError(f"{where}: unknown key {unknown[0]!r}; the keys are {', '.join(sorted(_KEYS))}.")
    votes = fields.get("votes")
    if not isinstance(fields.get("id"), str) or not isinstance(votes, dict) or not votes:
        raise DataError(f"{where}: a rule needs an 'id' and 'votes' (types with weights).")

    def pattern(key: str, *, ends: bool = False, fold: bool = True) -> re.Pattern[str] | None:
        text = fields.get(key)
        return compile_pattern(text, ends=ends, fold=fold) if isinstance(text, str) else None

    def sentences(key: str) -> tuple[str, ...]:
        listed = fields.get(key, [])
        return tuple(map(str, listed)) if isinstance(listed, list) else ()

    return Rule(
        id=str(fields["id"]),
        votes=tuple((EntityType(kind), float(weight)) for kind, weight in sorted(votes.items())),
        before=pattern("before", ends=True),
        after=pattern("after"),
        name=pattern("name", fold=False),
        whole=bool(fields.get("whole")),
        first_name=bool(fields.get("first_name")),
        examples=sentences("examples"),
        counterexamples=sentences("counterexamples"),
    )


@cache
def whole_rules() -> tuple[Rule, ...]:
    """The rules that take a candidate whole, whatever stands within it."""
    return tuple(rule for rule in rules() if rule.whole)
