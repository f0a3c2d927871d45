"""Sentences in which every name is replaced by its type, which is what rules look at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aigraph.mentions.text import Stretch
from aigraph.records import EntityType


@dataclass(frozen=True, slots=True)
class Item:
    """A name in a block, known or supposed; `key` is what it is called, whatever its place.

    `allowed` are the types of a listed name that has several.
    """

    start: int
    end: int
    text: str
    key: str
    type: EntityType | None = None
    supposed: bool = False
    allowed: tuple[EntityType, ...] = ()


@dataclass(frozen=True, slots=True)
class Context:
    """An item with the masked text of its sentence before and behind it."""

    item: Item
    before: str
    after: str


def contexts(stretch: Stretch, items: Sequence[Item]) -> tuple[Context, ...]:
    """The contexts of all items of a block, which must be in order and not overlap.

    A name that is a sentence of its own ("LIVINGSTON.") heads what follows and sees the sentence behind it. A name
    that fills a cell also sees the head of its column: "Vendor: ".
    """
    found: list[Context] = []
    spans = [stretch.sentence(item.start) for item in items]
    for span in sorted(set(spans)):
        here = [item for item, s in zip(items, spans, strict=True) if s == span]
        end = span.end
        if len(here) == 1 and here[0].start == span.start and stretch.text[here[0].end : end].strip() in {".", ":"}:
            following = stretch.sentence(min(end + 1, len(stretch.text)))
            end = following.end if following.start >= end else end
        inside = [item for item in items if span.start <= item.start < end]
        masked, places = _masked(stretch.text, span.start, end, inside)
        found += [
            Context(item, masked[:first], masked[last:])
            for item, (first, last) in zip(inside[: len(here)], places, strict=False)
        ]
    for cell, head in stretch.columns:
        found += [Context(item, f"{head}: ", "") for item in items if (item.start, item.end) == (cell.start, cell.end)]
    return tuple(found)


def _masked(text: str, start: int, end: int, items: Sequence[Item]) -> tuple[str, list[tuple[int, int]]]:
    """The text with marks for the items, and where each mark stands."""
    parts: list[str] = []
    places: list[tuple[int, int]] = []
    length, position = 0, start
    for item in items:
        between, mark = text[position : item.start], f"<{item.type or 'Name'}>"
        parts += [between, mark]
        places.append((length + len(between), length + len(between) + len(mark)))
        length += len(between) + len(mark)
        position = item.end
    parts.append(text[position : max(end, position)])
    return "".join(parts), places
