"""The types of names that nobody listed: every rule that fits a place votes, and so does the language model."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from aigraph.mentions.evidence import REACH, Rule
from aigraph.mentions.masked import Context, Item, contexts
from aigraph.mentions.recognized import Recognition
from aigraph.mentions.text import Stretch
from aigraph.records import TECHNOLOGY, EntityType
from aigraph.vocab import normal_name

_ENOUGH = 1.0
"""The weight of evidence that a name needs; names at the beginning of sentences alone need `_ENOUGH_INITIAL`."""
_ENOUGH_INITIAL = 2.0
_MORE = 0.25
"""What each further sentence with the same evidence adds, up to four."""
_FAMILY = 2.0
"""What a relative says: "Colossus 2" beside "Colossus 1"."""
_EXTENDED = 2.5
"""What a listed technology says that a name begins with."""
_ROUNDS = 3
_PRIORITY = tuple(EntityType)

Votes = dict[EntityType, float]


@dataclass(frozen=True, slots=True)
class Candidates:
    """The names of an article, known and supposed.

    `items` are those of each stretch by its index, `extended` the types of listed technologies that some begin with,
    `initial` tells which stand at the beginning of sentences alone.
    """

    items: Mapping[int, Sequence[Item]]
    extended: Mapping[str, EntityType]
    initial: Mapping[str, bool]


class NameTyper:
    """Finds the types of supposed names by rules, relatives and the language model."""

    def __init__(self, rules: Sequence[Rule], has_first_name: Callable[[str], bool]) -> None:
        self._rules = rules
        self._weights = {rule.id: rule.votes for rule in rules}
        self._has_first_name = has_first_name

    def types(
        self, stretches: Sequence[Stretch], candidates: Candidates, recognition: Recognition
    ) -> dict[str, EntityType]:
        """The types that the evidence gives, by the names' keys.

        Names are masked by the types of the round before, so that lists ("Corvane, Quorvex and Nimbra") share theirs.
        """
        types: dict[str, EntityType] = {}
        seen: dict[tuple[str, str, str], tuple[str, ...]] = {}
        for _ in range(_ROUNDS):
            fired = self._fired(stretches, candidates.items, types, seen)
            typed = self._elected(candidates, types, fired, recognition)
            if typed == types:
                break
            types = typed
        return types

    def _fired(
        self,
        stretches: Sequence[Stretch],
        items: Mapping[int, Sequence[Item]],
        types: Mapping[str, EntityType],
        seen: dict[tuple[str, str, str], tuple[str, ...]],
    ) -> dict[str, Counter[str]]:
        """How often each rule fires for each name; `seen` keeps what the rules found at a place."""
        fired: dict[str, Counter[str]] = defaultdict(Counter)
        for stretch in stretches:
            retyped = [_with_type(item, types) for item in items[stretch.index]]
            for context in contexts(stretch, retyped):
                if context.item.supposed:
                    place = context.item.text, context.before, context.after
                    if place not in seen:
                        seen[place] = self._evidence(context)
                    fired[context.item.key].update(seen[place])
        return fired

    def _elected(
        self,
        candidates: Candidates,
        types: Mapping[str, EntityType],
        fired: Mapping[str, Counter[str]],
        recognition: Recognition,
    ) -> dict[str, EntityType]:
        items = [item for here in candidates.items.values() for item in here]
        allowed = {item.key: item.allowed for item in items if item.allowed}
        families = _families(items, types)
        found = {key: kinds[0] for key, kinds in allowed.items()}
        for key in sorted({item.key for item in items if item.supposed}):
            votes: Votes = defaultdict(float, recognition.votes(key))
            if key in candidates.extended:
                votes[candidates.extended[key]] += _EXTENDED
            if relatives := {kind for other, kind in families.get(_stem(key) or key, {}).items() if other != key}:
                votes[min(relatives)] += _FAMILY if len(relatives) == 1 else 0
            for rule_id, count in sorted(fired.get(key, {}).items()):
                for kind, weight in self._weights[rule_id]:
                    votes[kind] += weight * (1 + _MORE * (min(count, 5) - 1))
            open_to = [kind for kind in votes if kind in allowed.get(key, _PRIORITY)]
            best = max(open_to, key=lambda kind: (votes[kind], -_PRIORITY.index(kind)), default=None)
            initial = candidates.initial.get(key, False)
            enough = votes[best] >= (_ENOUGH_INITIAL if initial else _ENOUGH) if best else False
            if best and (enough or recognition.is_sure(key, initial=initial)):
                found[key] = best
        return found

    def _evidence(self, context: Context) -> tuple[str, ...]:
        name, before, after = context.item.text, context.before[-REACH:], context.after[:REACH]
        listed = self._has_first_name(name)
        return tuple(rule.id for rule in self._rules if rule.applies(name, before, after, first_name=listed))


def _with_type(item: Item, types: Mapping[str, EntityType]) -> Item:
    if not item.supposed or item.key not in types:
        return item
    return replace(item, type=types[item.key])


def _stem(key: str) -> str:
    """A name without its number: "colossus" for "colossus 2"; empty where it has none or little else."""
    stem = re.sub(r" ?v?\d+(?: \d+)*$", "", key)
    return stem if stem != key and len(stem) > 2 else ""


def _families(items: Sequence[Item], types: Mapping[str, EntityType]) -> dict[str, dict[str, EntityType]]:
    """By their stem, the types of names that differ in their number alone, as far as they are known."""
    found: dict[str, dict[str, EntityType]] = defaultdict(dict)
    for item in items:
        kind = types.get(item.key) if item.supposed else item.type
        key = normal_name(item.text)
        if kind in TECHNOLOGY:
            found[_stem(key) or key][key] = kind
    return found
