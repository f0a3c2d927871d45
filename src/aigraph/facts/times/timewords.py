"""The words of the grammar of times, from `times.yaml`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from aigraph.errors import DataError
from aigraph.resources import parse_yaml

FILE = Path(__file__).with_name("times.yaml")


@dataclass(frozen=True, slots=True)
class TimeWords:
    """The words of `times.yaml`, as patterns and tables."""

    ends: re.Pattern[str]
    begins: re.Pattern[str]
    about: re.Pattern[str]
    forward: re.Pattern[str]
    reporting: re.Pattern[str]
    foretold: re.Pattern[str]
    compared: re.Pattern[str]
    clauses: re.Pattern[str]
    opening: re.Pattern[str]
    ordinals: Mapping[str, int]
    relative: Mapping[str, int]
    seasons: Mapping[str, int]
    weekdays: Mapping[str, int]


@cache
def time_words() -> TimeWords:
    """The words of `times.yaml`.

    Raises:
        DataError: a list is missing or of the wrong type.
    """
    data = parse_yaml(FILE.read_text(encoding="utf-8"))
    try:
        return TimeWords(
            ends=_before(data["ends"]),
            begins=_before(data["begins"]),
            about=_before(data["about"]),
            forward=re.compile(rf"\b(?:{_any(data['forward'])})\b", re.IGNORECASE),
            reporting=re.compile(
                rf"\b(?:{_any(data['reporting'])})\s+(?:\w+\s+){{0,2}}?(?:on|in|late|early|last)?\s*$", re.IGNORECASE
            ),
            foretold=re.compile(
                rf"\b(?:{_any(data['foretellers'])})\s+(?:\w+ly\s+)?(?:{_any(data['foretold'])})"
                r"\s+(?:(?:back|only)\s+)?(?:on|in|late|early|last)?\s*$",
                re.IGNORECASE,
            ),
            compared=re.compile(
                rf"(?<![\w-])(?:{_any(data['compared'])}|(?:{_any(data['changes'])}|%)\s+(?:\w+\s+)?from)\s+(?:the\s+)?$",
                re.IGNORECASE,
            ),
            clauses=re.compile(rf"[;:]|,\s+and\b|\b(?:{_any(data['clauses'])})\b", re.IGNORECASE),
            opening=re.compile(rf"(?:^\W*|[:;]\s+)(?:(?:{_any(data['opening'])})\s+)*$", re.IGNORECASE),
            ordinals=dict(data["ordinals"]),
            relative=dict(data["relative"]),
            seasons=dict(data["seasons"]),
            weekdays={name: index for index, name in enumerate(data["weekdays"])},
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise DataError(f"{FILE.name}: {error!s} is missing or of the wrong type.") from error


def _any(words: Sequence[str] | Mapping[str, object]) -> str:
    ordered = sorted(words, key=lambda word: (-len(word), word))
    return "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in ordered)


def _before(words: Sequence[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:{_any(words)})[\s\-]+(?:the\s+)?$", re.IGNORECASE)
