"""Set expressions that tell how something is put forward, from `idioms.yaml`: "as far as one can tell", "not so"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from yaml import YAMLError

from aigraph.errors import DataError
from aigraph.facts.speech.cues import FOLDER
from aigraph.resources import parse_yaml

FILE = FOLDER / "idioms.yaml"
_SET = re.compile(r"\{([a-z]+)\}")


class Place(StrEnum):
    """Where an idiom stands, by the parts of the file."""

    STRETCH = "stretches"
    OPENING = "openings"
    ENDING = "endings"
    HEADING = "headings"
    ANSWER = "answers"


@dataclass(frozen=True, slots=True)
class Idiom:
    """One expression, with words that it fits and words that it spares."""

    name: str
    pattern: re.Pattern[str]
    fits: tuple[str, ...]
    spares: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Idioms:
    """All idioms by their place and by what they tell; `joined` is one pattern for those of each kind."""

    idioms: Mapping[tuple[Place, str], tuple[Idiom, ...]]
    joined: Mapping[tuple[Place, str], re.Pattern[str]]

    def find(self, place: Place, kind: str, text: str) -> str | None:
        """The words of an idiom of a kind that a text is, or begins or ends with; None where there is none."""
        pattern = self.joined.get((place, kind))
        found = pattern.match(text) if pattern is not None else None
        return found[found.lastgroup or 0] if found else None


@cache
def load_idioms() -> Idioms:
    """The idioms of `idioms.yaml`.

    Raises:
        DataError: the file is not as its head describes it.
    """
    try:
        return parse_idioms(FILE.read_text(encoding="utf-8"))
    except (YAMLError, KeyError, TypeError, ValueError, AttributeError, re.error) as error:
        raise DataError(f"{FILE.name}: the idioms cannot be read ({error}); correct the file.") from error


def parse_idioms(content: str) -> Idioms:
    """The idioms in YAML text of the shape that the head of `idioms.yaml` describes."""
    data = parse_yaml(content)
    sets = {name: _any_of(_strings(words)) for name, words in data["sets"].items()}
    idioms: dict[tuple[Place, str], tuple[Idiom, ...]] = {}
    joined = {}
    for place in Place:
        for kind, entries in data[place].items():
            patterns = [_SET.sub(lambda found: sets[found[1]], entry["pattern"]) for entry in entries]
            idioms[place, kind] = tuple(
                _idiom(place, entry, pattern) for entry, pattern in zip(entries, patterns, strict=True)
            )
            joined[place, kind] = _compiled(place, "|".join(patterns))
    return Idioms(idioms, joined)


def _idiom(place: Place, entry: Mapping[str, Any], pattern: str) -> Idiom:
    fits, spares = (tuple(_strings(entry[key])) for key in ("fits", "spares"))
    return Idiom(str(entry["name"]), _compiled(place, pattern), fits, spares)


def _compiled(place: Place, pattern: str) -> re.Pattern[str]:
    if place in (Place.STRETCH, Place.HEADING):
        return re.compile(rf"(?:{pattern})\Z")
    if place == Place.ENDING:
        return re.compile(rf"(?:.*?\ )(?P<words>{pattern})\Z")
    if place == Place.OPENING:
        return re.compile(rf"(?:{pattern})(?=\ |$)")
    return re.compile(rf"\W*(?:{pattern})", re.IGNORECASE)


def _any_of(words: Iterable[str]) -> str:
    return f"(?:{'|'.join(map(re.escape, words))})"


def _strings(words: object) -> list[str]:
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        raise TypeError(f'{words!r} is no list of strings; quote words such as "no"')
    return words
