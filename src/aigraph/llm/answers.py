"""What a model answered, as items to be verified: nothing in it is taken on trust."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

LISTS = ("statements", "partnerships", "claims")
_MOST = 400
"""Items of a list beyond which a model has lost its way: no passage says that much."""
_FENCED = re.compile(r"^\s*```(?:json)?\s*\n(.*?)\n?\s*```\s*$", re.DOTALL)
_THOUGHT = "</think>"


class Broken(Exception):
    """The answer is no JSON of the form that was asked for."""


class Unfit(Exception):
    """An item cannot become a fact; the text says why not."""


@dataclass(frozen=True, slots=True)
class Item:
    """One item of an answer; each value is asked for by name and type, and an `Unfit` tells what is wrong with it."""

    values: Mapping[str, Any]

    def text(self, name: str) -> str:
        """A text that has to be there."""
        value = self.values.get(name)
        if not isinstance(value, str) or not value.strip():
            raise Unfit(f"it has no {name}")
        return value

    def text_or_none(self, name: str) -> str | None:
        """A text, None where there is none."""
        value = self.values.get(name)
        if value is None or value == "":
            return None
        return self.text(name)

    def number(self, name: str) -> float:
        """A finite number."""
        value = self.values.get(name)
        try:
            number = math.nan if isinstance(value, bool) or not isinstance(value, int | float) else float(value)
        except OverflowError:
            number = math.inf
        if not math.isfinite(number):
            raise Unfit(f"its {name} is no number")
        return number

    def item_or_none(self, name: str) -> Item | None:
        """An object inside, None where there is none."""
        value = self.values.get(name)
        if value is None:
            return None
        if not isinstance(value, dict):
            raise Unfit(f"its {name} is no object")
        return Item(value)

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts."""
        value = self.values.get(name)
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise Unfit(f"its {name} is no list of ids")
        return tuple(value)


def read_answer(content: str) -> dict[str, tuple[Item | None, ...]]:
    """The items by list; None stands for one that is no object.

    Reasoning before the answer and a fence around it, which some models cannot do without, are left off.

    Raises:
        Broken: it is no JSON object with such lists.
    """
    text = content.rpartition(_THOUGHT)[2]
    if fenced := _FENCED.match(text):
        text = fenced[1]
    try:
        found = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        reason = "too deeply nested" if isinstance(error, RecursionError) else str(error)
        raise Broken(f"it is no JSON ({reason})") from None
    if not isinstance(found, dict):
        raise Broken("it is no JSON object")
    if not any(name in found for name in LISTS):
        raise Broken(f"it has none of the lists {', '.join(LISTS)}")
    items: dict[str, tuple[Item | None, ...]] = {}
    for name in LISTS:
        values = found.get(name)
        values = [] if values is None else values
        if not isinstance(values, list):
            raise Broken(f"{name} is no list")
        if len(values) > _MOST:
            raise Broken(f"{name} has {len(values)} items")
        items[name] = tuple(Item(value) if isinstance(value, dict) else None for value in values)
    return items


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is no number of JSON")
