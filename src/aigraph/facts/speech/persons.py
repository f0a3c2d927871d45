"""Which pronoun stands for whom: "he" and "she" are told apart by what the article calls each person elsewhere."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from pyoxigraph import NamedNode

from aigraph.records import EntityType, Mention, MentionKind

_PRONOUN = re.compile(r"\b(?:(?P<he>he|him|his|himself)|(?P<she>she|her|hers|herself))\b", re.IGNORECASE)
_REFLEXIVE = re.compile(r"[^.?!;]*\b(?:(?P<he>himself)|(?P<she>herself))\b", re.IGNORECASE)
_TITLE = re.compile(r"\b(?:(?P<he>Mr|Sir|Lord)|(?P<she>Ms|Mrs|Miss|Dame|Lady))\.?\s+$")
_REACH = 160
"""Characters behind a name in which a pronoun is taken for that person's."""
_SURE = 3
"""How many times as often one of the two has to stand for somebody."""
_ALONE = 3
"""What a pronoun counts behind the only person whom its paragraph has named so far; behind others it counts once."""


def called(text: str, mentions: Sequence[Mention]) -> Mapping[NamedNode, str]:
    """For each person of an article "he" or "she", as far as titles and the pronouns behind the name tell."""
    persons = [m for m in mentions if m.type == EntityType.PERSON and m.kind == MentionKind.NAME]
    counts: dict[NamedNode, Counter[str]] = defaultdict(Counter)
    for number, person in enumerate(persons):
        title = _TITLE.search(text, max(0, person.span.start - 8), person.span.start)
        if title is not None:
            counts[person.entity][title.lastgroup or ""] += _SURE
        following = persons[number + 1].span.start if number + 1 < len(persons) else len(text)
        line = text.find("\n", person.span.end)
        end = min(person.span.end + _REACH, following, line if line >= 0 else len(text))
        pronoun = _PRONOUN.search(text, person.span.end, end)
        if pronoun is not None:
            opened = text.rfind("\n", 0, person.span.start)
            alone = all(p.entity == person.entity for p in persons[:number] if p.span.start > opened)
            counts[person.entity][pronoun.lastgroup or ""] += _ALONE if alone else 1
        reflexive = _REFLEXIVE.match(text, person.span.end, end)
        if reflexive is not None:
            counts[person.entity][reflexive.lastgroup or ""] += _SURE
    found = {}
    for entity, each in counts.items():
        (word, most), *rest = each.most_common()
        if not rest or most >= _SURE * rest[0][1]:
            found[entity] = word
    return found
