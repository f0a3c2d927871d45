"""The words of `holders.yaml`, and a figure in its passage as its holder is looked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pyoxigraph import NamedNode

from aigraph.facts.claims.subjects import Passage, usable
from aigraph.facts.figures.units import TECHNICAL
from aigraph.facts.speech.cues import Phrase, compile_phrases
from aigraph.facts.speech.spoken import Attribution
from aigraph.records import BODY, TECHNOLOGY, EntityType, Mention, Quantity
from aigraph.resources import parse_yaml

FILE = Path(__file__).with_name("holders.yaml")
BODIES = frozenset(BODY)
MADE = TECHNOLOGY - {EntityType.SOFTWARE}


@dataclass(frozen=True, slots=True)
class HolderWords:
    """The lists of `holders.yaml`."""

    things: Mapping[str, EntityType | None]
    gains: frozenset[str]
    prices: frozenset[str]
    bought: tuple[Phrase, ...]
    paid: frozenset[str]
    made: frozenset[str]
    measured: frozenset[str]
    holding: frozenset[str]
    spoken: frozenset[str]
    parting: frozenset[str]
    memories: tuple[str, ...]
    parts: frozenset[str]
    backing: frozenset[str]
    own: frozenset[str]


@cache
def load_holder_words() -> HolderWords:
    """The lists of the file."""
    data = parse_yaml(FILE.read_text(encoding="utf-8"))
    things: dict[str, EntityType | None] = {
        word: EntityType(t) for t, words in data["things"].items() for word in words
    }
    things |= dict.fromkeys(data["anything"])
    bought = compile_phrases("bought", data["bought"])
    return HolderWords(
        things,
        frozenset(data["gains"]),
        frozenset(data["prices"]),
        bought,
        frozenset(data["paid"]),
        frozenset(data["made"]),
        frozenset(data["measured"]),
        frozenset(data["holding"]),
        frozenset({*things, *data["spoken"]}),
        frozenset(data["parting"]),
        tuple(data["memories"]),
        frozenset(data["parts"]),
        frozenset(data["backing"]),
        frozenset(data["own"]),
    )


@dataclass(frozen=True, slots=True)
class HeldFigure:
    """A figure in its passage: its clause, the index of its first and last word, who says it."""

    passage: Passage
    quantity: Quantity
    metric: str
    at: int
    first: int
    last: int
    said: Attribution | None

    def technical(self, parts: frozenset[str]) -> bool:
        """Does it tell how a thing is built, be it by the number of its `parts`?"""
        noun = self.passage.text[self.quantity.noun.start : self.quantity.noun.end] if self.quantity.noun else ""
        return self.quantity.unit in TECHNICAL or noun.split(" ")[-1].casefold() in parts

    def mentions(self, start: int, end: int) -> list[tuple[int, Mention]]:
        """The usable mentions of the clause between two indices of words."""
        words = self.passage.words
        inside = [i for i in self.passage.clauses[self.at].words if start <= i < end]
        return [(i, m) for i in inside if (m := words[i].mention) and usable(m, self.quantity.counted)]


def money(unit: NamedNode) -> bool:
    """True for a currency."""
    return "/CCY_" in unit.value
