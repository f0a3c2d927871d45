"""Units and currencies as texts write them, from `units.yaml`.

A `Unit` is read behind a figure ("192GB", "7 TB/s", "six gigawatts", "24%"), a currency before or behind it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from pyoxigraph import NamedNode

from aigraph.errors import DataError
from aigraph.facts.figures.numbers import abbreviation, find_numbers
from aigraph.resources import parse_yaml
from aigraph.vocab import AIG, UNIT

FILE = Path(__file__).with_name("units.yaml")
TECHNICAL = frozenset({UNIT.BYTE, UNIT["BYTE-PER-SEC"], UNIT.FLOPS, UNIT.M, AIG.FlopsPerWatt, AIG.TokenPerSecond})
"""Units of what a thing is built like: its memory, its speed, its structures."""
_HEADER = re.compile(r"(?:[(\[]\s*(?:in\s+)?|,\s+(?:in\s+)?|\bin\s+)([^()\[\],]+?)\s*[)\]]?\s*$")
_BLANK = r"[ \u00a0\u202f\u2009\-\u2010\u2011]?"


@dataclass(frozen=True, slots=True)
class Unit:
    """A spelling that was found: it ends at `end` of the text and is worth `factor` of `unit`."""

    unit: NamedNode
    factor: Decimal
    end: int


@dataclass(frozen=True, slots=True)
class Units:
    """The spellings of all units and currencies."""

    behind: re.Pattern[str]
    before: re.Pattern[str]
    symbols: dict[str, tuple[NamedNode, Decimal]]
    words: dict[str, tuple[NamedNode, Decimal]]
    currencies: dict[str, NamedNode]
    money: frozenset[NamedNode]
    crowns: re.Pattern[str]
    places: dict[NamedNode, re.Pattern[str]]

    def crown(self, text: str, article: str) -> NamedNode | None:
        """The currency that "crowns" and "kroner" of `text` are in, by the country that the article names most.

        None where there are no crowns, or nothing tells whose they are.
        """
        if self.crowns.search(text) is None:
            return None
        named = {unit: len(pattern.findall(article)) for unit, pattern in self.places.items()}
        most = max(named.values(), default=0)
        first = [unit for unit, count in named.items() if count == most]
        return first[0] if most and len(first) == 1 else None

    def read(self, text: str, at: int) -> Unit | None:
        """The unit that follows a figure which ends at `at`; None where none does."""
        match = self.behind.match(text, at)
        if match is None:
            return None
        spelling = match[1]
        unit, factor = self.symbols.get(spelling) or self.words[_folded(spelling)]
        return Unit(unit, factor, match.end(1))

    def named(self, header: str) -> Unit | None:
        """The unit that the head of a column names for its cells: "Power (kW)", "Price, $bn", "Memory in GB".

        `factor` then holds the scale of money as well ("$bn" is 1e9).
        """
        match = _HEADER.search(header)
        if match is None:
            return None
        spelling = match[1]
        for sign in sorted(self.currencies, key=len, reverse=True):
            if spelling.startswith(sign):
                [*scale] = find_numbers(f"1 {spelling.removeprefix(sign).strip().removesuffix('s')}")
                short = abbreviation(spelling, len(sign))
                factor = Decimal(short[0]) if short else scale[0].value if scale else Decimal(1)
                return Unit(self.currencies[sign], factor, match.end(1))
        unit = self.read(header, match.start(1))
        return unit if unit is not None and unit.end == match.end(1) else None

    def currency_before(self, text: str, at: int) -> tuple[NamedNode, int] | None:
        """The currency right before a figure which begins at `at`, and where its sign begins."""
        match = self.before.search(text, max(0, at - 8), at)
        return None if match is None else (self.currencies[match[1]], match.start(1))


@cache
def units(crown: NamedNode | None = None) -> Units:
    """The units of `units.yaml`; `crown` is the currency of "crowns" and "kroner" (`Units.crown`).

    Raises:
        DataError: the file is wrong.
    """
    data = parse_yaml(FILE.read_text(encoding="utf-8"))
    try:
        return _build(data, crown)
    except (KeyError, TypeError, AttributeError) as error:
        raise DataError(f"{FILE.name}: {error!s} is missing or of the wrong type; see the head of the file.") from error


def _term(name: str) -> NamedNode:
    return AIG[name] if name in {"TokenPerSecond", "FlopsPerWatt"} else UNIT[name]


def _build(data: dict[str, Any], crown: NamedNode | None) -> Units:
    symbols: dict[str, tuple[NamedNode, Decimal]] = {}
    words: dict[str, tuple[NamedNode, Decimal]] = {}
    for entry in data["units"]:
        unit = _term(entry["unit"])
        rates = [rate for rate in data["rates"] if rate["unit"] == entry["unit"]]
        for spelling, factor in _spellings(entry, data["prefixes"], "symbols"):
            symbols.setdefault(spelling, (unit, factor))
            for rate in rates:
                symbols |= {spelling + end: (_term(rate["to"]), factor) for end in rate["symbols"]}
                symbols |= {f"{spelling} {end}": (_term(rate["to"]), factor) for end in rate["words"]}
        for spelling, factor in _spellings(entry, data["prefixes"], "words"):
            words.setdefault(spelling, (unit, factor))
            for rate in rates:
                words |= {f"{spelling} {end}": (_term(rate["to"]), factor) for end in rate["words"]}
    for kind, table in (("symbols", symbols), ("words", words)):
        table |= {form: (UNIT.PERCENT, Decimal(str(factor))) for form, factor in data["percent"][kind].items()}
    currencies = {sign: _term(entry["unit"]) for entry in data["currencies"] for sign in entry["before"]}
    for entry in data["currencies"]:
        for form in entry["after"]:
            table = symbols if form.isupper() or (not form.isalpha() and " " not in form) else words
            table[form if table is symbols else _folded(form)] = (_term(entry["unit"]), Decimal(1))
    if crown is not None:
        words |= {_folded(form): (crown, Decimal(1)) for form in data["crowns"]["words"]}
    words |= {_folded(form): (_term(e["unit"]), Decimal("0.01")) for e in data["cents"] for form in e["after"]}
    return Units(
        behind=_behind(symbols, words, data["breaks"], data["between"]),
        before=re.compile(rf"(?<![A-Za-z])({_any(currencies)})[ \u00a0\u202f]?$"),
        symbols=symbols,
        words=words,
        currencies=currencies,
        money=frozenset(_term(entry["unit"]) for entry in data["currencies"]),
        crowns=re.compile(rf"\b(?:{_any(data['crowns']['words'])})\b", re.IGNORECASE),
        places={
            _term(unit): re.compile(rf"\b(?:{_any(places)})\b", re.IGNORECASE)  # a dateline has "OSLO"
            for unit, places in data["crowns"]["places"].items()
        },
    )


def _spellings(entry: dict[str, Any], prefixes: list[dict[str, Any]], kind: str) -> Iterator[tuple[str, Decimal]]:
    """All spellings of a unit with its prefixes; `kind` is "symbols" or "words"."""
    for form, factor in entry.get(kind, {}).items():
        if kind in entry.get("bare", ("symbols", "words")):
            yield form, Decimal(str(factor))
        for prefix in prefixes:
            if prefix["word"] in entry.get("takes", ()) and " " not in form:
                starts = prefix["symbols"] if kind == "symbols" else [prefix["word"]]
                for start in starts:
                    yield start + form, Decimal(str(factor)).scaleb(prefix["power"])


def _behind(
    symbols: Iterable[str], words: Iterable[str], breaks: Iterable[str], between: Iterable[str]
) -> re.Pattern[str]:
    spelled = _any(words).replace(r"\ ", r"[\s\-\u00a0]+")
    return re.compile(
        rf"{_BLANK}(?:(?:{_any(between)})\s)?((?:{_any(symbols)})(?![A-Za-z0-9]|/[A-Za-z])|(?i:{spelled})(?![\w])|%)(?!{_any(breaks)})",
    )


def _any(forms: Iterable[str]) -> str:
    return "|".join(re.escape(form) for form in sorted(forms, key=lambda form: (-len(form), form)))


def _folded(form: str) -> str:
    return re.sub(r"[\s\-\u00a0]+", " ", form).casefold()
