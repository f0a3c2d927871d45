"""What a finding means, apart from its words: the key that findings of several articles share.

A key is made of the finding alone, never of other findings, so the same saying has the same key in any collection.
`places` are the keys under which two propositions have to be compared with each other.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields
from functools import cache, lru_cache
from itertools import combinations
from operator import attrgetter
from typing import Any, ClassVar, NamedTuple

from aigraph.propositions.knowledge import rules
from aigraph.propositions.names import amount, enumerated, name_of, readable, type_of, when
from aigraph.propositions.wording import WORDED, hashed

AFFIRMED, NEGATED = "affirmed", "negated"
EQUAL, LEAST, MOST = "=", "≥", "≤"


class Words(NamedTuple):
    """How a finding words what no list has: the thing, the metric, and what is said without a figure."""

    about: str = ""
    metric: str = ""
    said: str = ""


NO_WORDS = Words()


@dataclass(frozen=True, slots=True)
class Meaning:
    """`polarity` is "affirmed" or "negated". What is only supposed ("if …") means something else than what is said."""

    kind: ClassVar[str] = ""
    polarity: str
    supposed: bool

    @property
    def key(self) -> str:
        """All of it as one text, which `parse` reads."""
        return _written([self.kind, *_values(self.kind)(self)])

    @property
    def core(self) -> tuple[object, ...]:
        """All of it but its polarity."""
        return _values(self.kind)(self)[1:]

    @property
    def places(self) -> tuple[str, ...]:
        """Where it is compared: what is of interest to each other shares a place."""
        return () if self.supposed else tuple(sorted({f"{self.kind} {place}" for place in self._places()}))

    @property
    def matter(self) -> str:
        """The first of its places: who says something else on the same matter later updates it."""
        return f"{self.kind} {next(self._places())}"

    @property
    def things(self) -> Iterator[str]:
        """What it speaks of: the IRIs of things, as far as they have any in it."""
        return (part for part in self._parts() if part and not part.startswith(WORDED))

    def label(self, words: Words, /) -> str:
        """It for a reader, with the words of a finding for what no list has."""
        return f"{'if ' if self.supposed else ''}{'not: ' if self.polarity == NEGATED else ''}{self.positive(words)}"

    def positive(self, words: Words, /) -> str:
        """The same without its polarity."""
        raise NotImplementedError

    def _places(self) -> Iterator[str]:
        raise NotImplementedError

    def _parts(self) -> Iterable[str]:
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Figure(Meaning):
    """A figure: of what (an IRI, or `wording.worded`), which metric (likewise, "" for none), how much, for when."""

    kind: ClassVar[str] = "figure"
    about: str
    metric: str
    value: float
    unit: str
    bound: str
    time: str

    @property
    def measured(self) -> tuple[str, str, str, str]:
        """What is measured: the thing, by which metric, in which unit, at which time."""
        return self.about, self.metric, self.unit, self.time

    def _places(self) -> Iterator[str]:
        yield " ".join(self.measured)
        for step in (0, 1):
            yield f"near {self.about} {self.unit} {magnitude(self.value) + step}"

    @property
    def amount(self) -> str:
        """How much: "at least 70%"."""
        return amount(self.value, self.unit, self.bound)

    def _parts(self) -> Iterable[str]:
        return (self.about,)

    def positive(self, words: Words, /) -> str:
        """ "order backlog of Nvidia: $1 trillion (2027)"."""
        about, metric = _named(self.about, words.about), _named(self.metric, words.metric)
        what = " of ".join(filter(None, (metric, about))) or "a figure"
        return f"{what}: {self.amount}{f' ({when(self.time)})' if self.time else ''}"


@dataclass(frozen=True, slots=True)
class Saying(Meaning):
    """What is said without a figure: of what, and the words that carry the meaning."""

    kind: ClassVar[str] = "saying"
    about: str
    words: tuple[str, ...]

    def _places(self) -> Iterator[str]:
        yield f"= {self.about} {hashed(*self.words):08x}"
        if len(self.words) >= 3:
            for band, salts in enumerate((("a", "b"), ("c", "d"), ("e", "f"), ("g", "h"))):
                least = (f"{min(hashed(salt, word) for word in self.words):08x}" for salt in salts)
                yield f"{band} {' '.join(least)}"

    def _parts(self) -> Iterable[str]:
        return (self.about,)

    def positive(self, words: Words, /) -> str:
        """What is said in the words of a finding: "Arm: “a veto on new designs”"."""
        about = _named(self.about, words.about)
        return f"{about}{': ' if about else ''}“{words.said or ' '.join(self.words)}”"


@dataclass(frozen=True, slots=True)
class Relation(Meaning):
    """A relation between two things; the ends of a symmetric one are sorted."""

    kind: ClassVar[str] = "relation"
    subject: str
    predicate: str
    object: str

    def _places(self) -> Iterator[str]:
        yield f"{self.subject} {self.predicate} {self.object}"
        if type_of(self.subject) in rules().functional.get(name_of(self.predicate), ()):
            yield f"{self.subject} {self.predicate}"

    def _parts(self) -> Iterable[str]:
        return self.subject, self.object

    def positive(self, _: Words, /) -> str:
        """ "AMD competes with Nvidia"."""
        return f"{readable(self.subject)} {readable(self.predicate)} {readable(self.object)}"


@dataclass(frozen=True, slots=True)
class Post(Meaning):
    """A post that a person holds."""

    kind: ClassVar[str] = "post"
    holder: str
    organization: str
    role: str

    def _places(self) -> Iterator[str]:
        yield f"{self.holder} {self.organization} {self.role}"
        if self.role in rules().single_posts:
            yield f"{self.organization} {self.role}"

    def _parts(self) -> Iterable[str]:
        return self.holder, self.organization

    def positive(self, _: Words, /) -> str:
        """ "Lisa Su, chief executive at AMD"."""
        return f"{readable(self.holder)}, {self.role or 'a post'} at {readable(self.organization)}"


Roles = tuple[tuple[str, tuple[str, ...]], ...]
"""The roles of a deal with who fills them, sorted."""


@dataclass(frozen=True, slots=True)
class Deal(Meaning):
    """A deal between parties; `over` where it has ended or failed: another proposition than that there is one."""

    kind: ClassVar[str] = "deal"
    deal: str
    roles: Roles
    over: bool

    def _places(self) -> Iterator[str]:
        yield f"{self.deal} {self.roles}"
        if not self.over:
            for one, other in combinations(sorted({who for _, parties in self.roles for who in parties}), 2):
                yield f"{one} {other}"
            for role, parties in self.roles:
                if role.endswith("#target"):
                    yield f"target {' '.join(parties)}"

    def _parts(self) -> Iterable[str]:
        return _parties(self.roles)

    def positive(self, _: Words, /) -> str:
        """ "acquisition: acquirer AMD; target Xilinx"."""
        return f"{readable(self.deal)}{' (over)' if self.over else ''}: {filled(self.roles)}"


@dataclass(frozen=True, slots=True)
class Sum(Meaning):
    """What a deal is worth."""

    kind: ClassVar[str] = "sum"
    deal: str
    roles: Roles
    value: float
    unit: str
    bound: str

    def _places(self) -> Iterator[str]:
        yield f"{self.deal} {self.roles} {self.unit}"

    @property
    def amount(self) -> str:
        """How much: "about $4 billion"."""
        return amount(self.value, self.unit, self.bound)

    def _parts(self) -> Iterable[str]:
        return _parties(self.roles)

    def positive(self, _: Words, /) -> str:
        """ "worth of acquisition: $4 billion; acquirer AMD; target Xilinx"."""
        return f"worth of {readable(self.deal)}: {self.amount}; {filled(self.roles)}"


_written = json.JSONEncoder(ensure_ascii=False).encode


KINDS: tuple[type[Meaning], ...] = (Figure, Saying, Relation, Post, Deal, Sum)


@cache
def _values(kind: str) -> Callable[[Meaning], tuple[object, ...]]:
    """What gives all parts of a meaning of some kind."""
    cls = next(each for each in KINDS if each.kind == kind)
    return attrgetter(*(part.name for part in fields(cls)))


@lru_cache(maxsize=1 << 16)
def parse(key: str) -> Meaning:
    """The meaning that a key holds."""
    kind, *values = json.loads(key)
    for cls in KINDS:
        if cls.kind == kind:
            parts: list[Any] = [_frozen(value) for value in values]
            return cls(*parts)
    raise ValueError(f"{kind!r} is no kind of meaning: {key}")


def _frozen(value: object) -> object:
    return tuple(map(_frozen, value)) if isinstance(value, list) else value


def _parties(roles: Roles) -> Iterator[str]:
    return (who for _, parties in roles for who in parties)


def filled(roles: Roles) -> str:
    """The roles with the names of those who fill them: "customer OpenAI; suppliers AMD and Nvidia"."""
    return "; ".join(
        f"{readable(role)}{'s' if len(parties) > 1 else ''} {enumerated(parties)}" for role, parties in roles
    )


def _named(iri: str, words: str) -> str:
    """A thing or metric: by its name where a list has it, else in a finding's words."""
    return words or name_of(iri) if iri.startswith(WORDED) else readable(iri)


def magnitude(value: float) -> int:
    """The number of a value among steps of ten percent: values that are near each other differ by one at most."""
    if value == 0:
        return 0
    return int(math.copysign(1000 + math.floor(math.log(abs(value), 1.1)), value))
