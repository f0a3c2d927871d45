"""Whether two names may be those of one thing, as far as the names tell: "Corvane" and "Corvane Semiconductor"."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

from aigraph.propositions.names import readable, type_of
from aigraph.resources import parse_yaml
from aigraph.vocab import encode, slug

_BODIES = frozenset({"company", "organization"})
_PRODUCTS = frozenset({"chip", "architecture", "system", "software", "ai-model"})
_PERSON = "person"
NAMED = _BODIES | _PRODUCTS | {_PERSON}
"""The types of things, as in their IRIs, whose names are compared."""
_SHORTEST = 3
"""So many letters has the shortest name that another may begin with, or be the initials of."""
_MOST_BONDS = 3
Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NameRules:
    """The file `namesakes.yaml` (its comments say what each part is)."""

    least: float
    names: dict[str, float]
    bonds: dict[str, float]
    kinds: frozenset[str]
    products: frozenset[str]
    parts: frozenset[str]
    common: frozenset[str]


class Evidence(NamedTuple):
    """How far something speaks for one thing behind two names, and why."""

    degree: float
    reason: str


@cache
def name_rules() -> NameRules:
    """The rules that came with aigraph."""
    raw = parse_yaml(Path(__file__).with_name("namesakes.yaml").read_text(encoding="utf-8"))
    lists = {name: frozenset(raw[name]) for name in ("kinds", "products", "parts", "common")}
    return NameRules(raw["least"], raw["names"], raw["bonds"], **lists)


def named(thing: str) -> bool:
    """Whether a thing is of a type whose names are compared, by its IRI."""
    return type_of(thing) in NAMED


def with_name(base: str, name: str) -> str:
    """The IRI of the thing whose own name one of `meeting` is."""
    kind, _, own = name.partition(" ")
    return f"{base}id/{kind}/{encode(own)}"


def meeting(thing: str, forms: Iterable[str]) -> frozenset[str]:
    """The names under which a thing meets others: its own, those by which articles call it, and shorter ones."""
    kind, words = type_of(thing), _words(thing)
    shorter = (short for short in _shortened(kind, words) if _by_name(kind, short, words))
    given = (tuple(slug(form).split("-")) for form in forms)
    return frozenset(f"{kind} {'-'.join(name)}" for name in (words, *shorter, *given) if any(name))


def likened(short: str, long: str, forms: Iterable[str] = ()) -> Evidence | None:
    """How far one name may be a short form of another thing's, or one by which articles call it (`forms`)."""
    kind = type_of(short)
    if kind != type_of(long) or short == long or kind not in NAMED:
        return None
    found = _by_name(kind, _words(short), _words(long))
    by_name = found and Evidence(
        name_rules().names[found[0]], found[1].format(short=readable(short), long=readable(long))
    )
    by_form = _by_form(short, long, forms)
    return max(filter(None, (by_name, by_form)), key=lambda each: each.degree, default=None)


def _by_form(short: str, long: str, forms: Iterable[str]) -> Evidence | None:
    """That an article calls a thing by another's name; of persons and generations of products it tells nothing."""
    words, others = _words(short), _words(long)
    if type_of(short) == _PERSON or len("".join(words)) < _SHORTEST or _numbers(words) != _numbers(others):
        return None
    form = min((form for form in forms if slug(form) == "-".join(words)), default=None)
    if form is None:
        return None
    if type_of(short) in _PRODUCTS and words == others[: len(words)]:
        return None  # the iPad is a family, the iPad Pro one of it
    many = len(words) == 1 and words[0] in name_rules().common
    degree = name_rules().names["common" if many else "called"]
    return Evidence(degree, f"An article calls {readable(long)} “{form}”.")


def summed_up(names: Evidence, bonds: Iterable[Evidence]) -> float:
    """The degree for two names and what the things have in common."""
    doubt = 1 - names.degree
    for bond in sorted(bonds, key=lambda each: -each.degree)[:_MOST_BONDS]:
        doubt *= 1 - bond.degree
    return round(1 - doubt, 3)


@lru_cache(maxsize=1 << 14)
def _words(thing: str) -> Words:
    return tuple(unquote(thing.rsplit("/", 1)[-1]).split("-"))


def _numbers(words: Words) -> frozenset[str]:
    return frozenset(word for word in words if any(letter.isdigit() for letter in word))


def _shortened(kind: str, words: Words) -> Iterator[Words]:
    """Names that a longer one may be shortened to."""
    if kind == _PERSON:
        yield words[-1:]
        yield (words[0], words[-1])
        return
    for end in range(1, len(words)):
        yield words[:end]
    yield ("".join(word[:1] for word in words),)


def _by_name(kind: str, few: Words, many: Words) -> tuple[str, str] | None:
    """How the words of one name are a short form of another's, and that in words."""
    if len(few) >= len(many) or not all(few) or not all(many):
        return None
    if kind == _PERSON:
        if few == many[-1:] and len(few[0]) >= _SHORTEST:
            return "last", "“{short}” is the last name of {long}."
        ends = len(few) == 2 and few == (many[0], many[-1])
        return ("ends", "“{short}” is {long} without a middle name.") if ends else None
    if few == many[: len(few)]:
        return _by_beginning(kind, few, many[len(few) :])
    initials = "".join(word[0] for word in many)
    if kind in _BODIES and few == (initials,) and len(initials) >= _SHORTEST and initials.isalpha():
        return "initials", "“{short}” are the initials of {long}."
    return None


def _by_beginning(kind: str, short: Words, rest: Words) -> tuple[str, str] | None:
    """What it tells that one name begins with another: how the rest reads."""
    rules = name_rules()
    if len("".join(short)) < _SHORTEST or any(not word.isalpha() for word in rest):
        return None  # "Kestrel 2" is another than "Kestrel"
    if kind in _PRODUCTS:
        left_off = all(word in rules.products for word in rest)
        return ("kind", "{long} begins with “{short}”, and the rest says what it is.") if left_off else None
    if any(word in rules.parts for word in rest):
        return None
    if len(short) == 1 and short[0] in rules.common:
        return "common", "{long} begins with “{short}”, as many names do."
    if all(word in rules.kinds for word in rest):
        return "kind", "{long} begins with “{short}”, and the rest says what kind of firm it is."
    return "other", "{long} begins with “{short}”."
