"""What the claims explorer is asked for: filters, order, the part of the list; and how many claims each value has."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from difflib import get_close_matches
from typing import Any
from urllib.parse import urlencode

from werkzeug.exceptions import BadRequest

from aigraph.endpoint.site.claims import Claim, Index
from aigraph.endpoint.site.findings import UNSURE
from aigraph.search.words import goes_on
from aigraph.vocab import AIG

PATH = "/claims"
SHOWN = 25
"""Claims that a page of the list shows."""
THINGS = ("subject", "metric", "claimant", "article")
"""The filters by a thing, which is given by its name or IRI."""
STANDING: Mapping[str, str] = {
    "several": "said by several independent sources",
    "single": "said by one source",
    "disputed": "in conflict with another claim",
}
SORTS: Mapping[str, tuple[str, Callable[[Claim], tuple[object, ...]]]] = {
    "new": ("the newest first", lambda _: ()),
    "old": ("the oldest first", lambda claim: (claim.issued or "9",)),
    "time": ("by the time they are about", lambda claim: (claim.begin or claim.end or claim.time or "9",)),
    "sources": ("the best supported first", lambda claim: (-claim.independent, -claim.sources)),
    "sure": ("the most surely read first", lambda claim: (-claim.confidence,)),
    "large": ("the largest figures first", lambda claim: (claim.value is None, -(claim.value or 0.0))),
    "small": ("the smallest figures first", lambda claim: (claim.value is None, claim.value or 0.0)),
}
"""The orders of the list: what people call each, and its key."""
MODALITIES: Mapping[str, str] = {AIG.local(modality).lower(): label for modality, label in UNSURE.items()}
SURE = ("0.9", "0.8", "0.7", "0.5")
_FARTHEST = 10**6
_MOST_VALUES = 150  # of one filter: a page offers so many names to choose from


@dataclass(frozen=True, slots=True)
class Filters:
    """What is asked for, as an address has it; what is empty filters nothing."""

    subject: str = ""
    metric: str = ""
    claimant: str = ""
    article: str = ""
    modality: str = ""
    year: str = ""
    confidence: str = ""
    standing: str = ""
    unit: str = ""
    view: str = ""
    sort: str = ""
    start: int = 0

    @classmethod
    def of(cls, arguments: Mapping[str, str]) -> Filters:
        """What the arguments of an address ask for.

        Raises:
            BadRequest: one of them has a value that makes no sense.
        """
        given = {name: arguments.get(name, "").strip() for name in cls.names()}
        choices: tuple[tuple[str, Sequence[str]], ...] = (
            ("modality", [*MODALITIES, "denied"]),
            ("standing", list(STANDING)),
            ("sort", list(SORTS)),
            ("view", ["sides"]),
        )
        for name, known in choices:
            if given[name] and given[name] not in known:
                raise BadRequest(f"The parameter {name} is {given[name][:40]!r}; it can be {', '.join(known)}.")
        if given["year"] and not re.fullmatch(r"\d{4}|none", given["year"]):
            raise BadRequest(f"The parameter year is {given['year'][:20]!r}: give four digits, or none.")
        if given["confidence"] and not re.fullmatch(r"0(\.\d{1,4})?|1(\.0{1,4})?", given["confidence"]):
            raise BadRequest(f"The parameter confidence is {given['confidence'][:20]!r}: give a number from 0 to 1.")
        start = arguments.get("from", "").strip() or "0"
        if not (start.isascii() and start.isdecimal()) or int(start[:8]) > _FARTHEST:
            raise BadRequest(f"The parameter from is {start[:20]!r}: give a number up to {_FARTHEST}.")
        return cls(**given, start=int(start[:8]))

    @classmethod
    def names(cls) -> list[str]:
        """The parameters that are texts."""
        return [each.name for each in fields(cls) if each.name != "start"]

    @property
    def arguments(self) -> dict[str, str]:
        """What an address gives to ask for this; empty values are left out."""
        given = {name: value for name in self.names() if (value := str(getattr(self, name)))}
        return given | ({"from": str(self.start)} if self.start else {})

    @property
    def active(self) -> dict[str, str]:
        """The filters alone."""
        return {name: value for name, value in self.arguments.items() if name not in ("view", "sort", "from", "unit")}

    def address(self, suffix: str = "", **changes: str | int) -> str:
        """The address that asks for this with some values changed; from the beginning, unless `start` is given."""
        changed = replace(self, **{"start": 0, **changes})  # type: ignore[arg-type]
        query = urlencode(changed.arguments)
        return f"{PATH}{suffix}{'?' if query else ''}{query}"


@dataclass(frozen=True, slots=True)
class Value:
    """A value of a filter: its name, how many claims it would leave, and the address that asks for it."""

    name: str
    label: str
    count: int
    href: str


@dataclass(frozen=True, slots=True)
class Found:
    """The claims that fit, in order; for each filter its values with the most claims; names that are not known."""

    claims: tuple[Claim, ...]
    facets: Mapping[str, tuple[Value, ...]]
    unknown: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def find(index: Index, filters: Filters) -> Found:
    """The claims that fit. Counts of a filter's values leave out that filter itself, so that it can be changed."""
    tests, unknown = _tests(index, filters)
    places = _fitting(index, list(tests.values()))
    hits = [index.claims[place] for place in places]
    facets = {}
    for name in (*THINGS, "modality", "year", "confidence", "standing"):
        others = [test for key, test in tests.items() if key != name]
        counts = _counts(index, name, _fitting(index, others) if name in tests else places)
        facets[name] = tuple(_values(index, filters, name, counts))
    if filters.sort not in ("", "new"):
        hits.sort(key=SORTS[filters.sort][1])  # stable: equals stay with the newest first
    return Found(tuple(hits), facets, unknown)


_Test = tuple[str, Callable[[Any], bool]]
"""The name of a column, and what its values have to be."""


def _fitting(index: Index, tests: Sequence[_Test]) -> Sequence[int]:
    """The places of the claims that pass all tests."""
    places: Sequence[int] = range(len(index.claims))
    for name, test in tests:
        column = index.columns[name]
        places = [place for place in places if test(column[place])]
    return places


def _counts(index: Index, name: str, places: Sequence[int]) -> Counter[str]:
    """How many of some claims have each value of a filter."""
    column: Any = index.columns[name]
    counted: Counter[Any] = Counter(map(column.__getitem__, places))
    if name == "confidence":
        sums = {least: sum(n for value, n in counted.items() if value >= float(least)) for least in SURE}
        return Counter({least: count for least, count in sums.items() if count})
    if name == "modality" and (denied := sum(map(index.columns["denied"].__getitem__, places))):  # type: ignore[arg-type]
        counted["denied"] = denied
    counted.pop("", None)
    return counted


def _tests(index: Index, filters: Filters) -> tuple[dict[str, _Test], dict[str, tuple[str, ...]]]:
    tests: dict[str, _Test] = {}
    unknown: dict[str, tuple[str, ...]] = {}
    for name in THINGS:
        if text := getattr(filters, name):
            wanted = frozenset(_things(index, text))
            if not wanted:
                near = get_close_matches(text.casefold(), index.named, 3, 0.75) if len(text) < 80 else []
                unknown[name] = tuple(index.label(index.named[one][0]) for one in near)
            tests[name] = name, wanted.__contains__
    if filters.modality == "denied":
        tests["modality"] = "denied", bool
    elif filters.modality:
        tests["modality"] = "modality", filters.modality.__eq__
    if filters.year:
        tests["year"] = "year", filters.year.__eq__
    if filters.confidence:
        tests["confidence"] = "confidence", float(filters.confidence).__le__
    if filters.standing:
        tests["standing"] = "standing", filters.standing.__eq__
    return tests, unknown


def _things(index: Index, text: str) -> tuple[str, ...]:
    """The things that a text names: by IRI, else by name."""
    if text in index.labels or text.startswith(("https://", "http://")):
        return (text,)
    return index.named.get(text.casefold(), ())


def named(index: Index, filters: Filters, name: str, typed: str, most: int) -> list[Value]:
    """The things of a filter whose names go on from what was typed, those with the most claims that fit first."""
    tests, _ = _tests(index, filters)
    places = _fitting(index, [test for key, test in tests.items() if key != name])
    column = index.columns[name]
    counts: Counter[Any] = Counter(map(column.__getitem__, places))
    fitting = {iri: count for iri, count in counts.items() if iri and goes_on(index.label(iri), typed)}
    return list(_values(index, filters, name, Counter(fitting)))[:most]


def _values(index: Index, filters: Filters, name: str, counts: Counter[str]) -> Iterator[Value]:
    """The values of a filter with the most claims; things of one name ("analysts" of many articles) are one value."""
    if name in THINGS:
        merged: Counter[str] = Counter()
        for iri, count in counts.items():
            merged[index.label(iri)] += count
        counts = merged
    ordered = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    if name == "year":
        ordered.sort(reverse=True)
    for value, count in ordered[:_MOST_VALUES]:
        label = value if name in THINGS else label_of(index, name, value)
        yield Value(value, label, count, filters.address(**{name: value}))


def label_of(index: Index, name: str, value: str) -> str:
    """What people call a value of a filter."""
    if name in THINGS:
        return index.label(value)
    if name == "modality":
        return MODALITIES.get(value, value)
    if name == "standing":
        return STANDING.get(value, value)
    if name == "confidence":
        return f"at least {float(value) * 100:.0f}%"
    return "no time given" if value == "none" else value
