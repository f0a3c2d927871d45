"""Knowledge files as they are written: YAML in, checked entries out. What they mean together is `knowledge.py`'s part.

A file may hold `entries` (with one `type` for all, or one in each), `generic`, `first_names`, `distinct` and
`silenced`. docs/knowledge.md explains the fields.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pyoxigraph import NamedNode

from aigraph.errors import DataError
from aigraph.records import EntityType
from aigraph.resources import parse_yaml
from aigraph.vocab import Iris, normal_name

_FIELDS = frozenset(
    {"name", "type", "aliases", "ticker", "maker", "wikidata", "links", "source", "notes", "case", "common"}
)
_LISTS = frozenset({"aliases", "links"})
_KEYS = ("entries", "generic", "first_names", "distinct", "silenced")
_WIKIDATA = "http://www.wikidata.org/entity/"


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing with the names that it goes by.

    `links` are pages that identify the same thing elsewhere (Wikidata first), `source` a public page where name and
    type were checked, `maker` who makes it, by the same source: for editors and for telling things apart, no fact of
    any article. `exact` names match only in the spelling given; a `common` name is also an English word, so that a
    capital at the beginning of a sentence or heading proves nothing.
    """

    iri: NamedNode
    type: EntityType
    name: str
    aliases: tuple[str, ...] = ()
    ticker: str | None = None
    links: tuple[str, ...] = ()
    source: str | None = None
    notes: str | None = None
    exact: bool = False
    common: bool = False
    maker: str | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The name and the aliases."""
        return (self.name, *self.aliases)


@dataclass(frozen=True, slots=True)
class KnowledgeFile:
    """What one file says. `entries` go with the place where they stand, for messages."""

    path: Path
    entries: tuple[tuple[Entry, str], ...]
    generic: tuple[str, ...]
    first_names: tuple[str, ...]
    distinct: tuple[tuple[str, ...], ...]
    silenced: tuple[str, ...]


def knowledge_paths(place: Path) -> list[Path]:
    """The YAML files of a folder, or the file that was named.

    Raises:
        DataError: nothing is there.
    """
    if place.is_dir():
        return sorted(p for p in place.iterdir() if p.suffix in {".yaml", ".yml"})
    if place.is_file():
        return [place]
    raise DataError(f"{place}: no such knowledge file or folder; check the path.")


def read_knowledge_file(path: Path, iris: Iris) -> KnowledgeFile:
    """Read and check one file.

    Raises:
        DataError: it cannot be read, or a part of it is malformed; the message names file, entry and remedy.
    """
    data = _read(path)
    if not set(data) & set(_KEYS):
        raise DataError(f"{path}: expected one of the keys {_quoted(_KEYS)}; see docs/knowledge.md.")
    if unknown := sorted(set(map(str, data)) - {*_KEYS, "type"}):
        raise DataError(f"{path}: unknown key {unknown[0]!r}; the keys are {_quoted((*_KEYS, 'type'))}.")
    return KnowledgeFile(
        path,
        entries=tuple(_entries(data, path, iris)) if "entries" in data else (),
        generic=tuple(word.casefold() for word in _words(data.get("generic", []), path, "generic")),
        first_names=tuple(_words(data.get("first_names", []), path, "first_names")),
        distinct=_groups(data.get("distinct", []), path),
        silenced=tuple(_words(data.get("silenced", []), path, "silenced")),
    )


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(repr(name) for name in names)


def _read(path: Path) -> dict[str, Any]:
    try:
        data = parse_yaml(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise DataError(f"{path}: cannot be read as YAML ({error}); correct the file.") from error
    if not isinstance(data, dict):
        raise DataError(f"{path}: expected keys and values, found {type(data).__name__}; see docs/knowledge.md.")
    return data


def _words(data: object, path: Path, key: str) -> list[str]:
    """A list of words, or groups of such lists."""
    groups = list(data.values()) if isinstance(data, dict) else [data]
    words: list[str] = []
    for group in groups:
        if not isinstance(group, list) or not all(isinstance(word, str) and word.strip() for word in group):
            raise DataError(f"{path}: {key!r} must be a list of words or groups of them; put other values in quotes.")
        words += group
    return words


def _groups(data: object, path: Path) -> tuple[tuple[str, ...], ...]:
    """Groups of names of which no two are the same thing."""
    if not isinstance(data, list):
        raise DataError(f"{path}: 'distinct' must be a list of groups such as [H100, H200]; see docs/knowledge.md.")
    for number, group in enumerate(data, start=1):
        good = isinstance(group, list) and all(isinstance(name, str) and normal_name(name) for name in group)
        if not good or len({normal_name(name) for name in group}) < max(2, len(group)):
            raise DataError(
                f"{path}: group {number} of 'distinct' is {group!r}; it must be a list of two or more different "
                "names. Put numbers in quotes."
            )
    return tuple(tuple(group) for group in data)


def _entries(data: Mapping[str, Any], path: Path, iris: Iris) -> Iterable[tuple[Entry, str]]:
    if not isinstance(data["entries"], list):
        raise DataError(f"{path}: 'entries' must be a list; see docs/knowledge.md.")
    if "type" in data or not data["entries"]:
        _type(data.get("type"), str(path))
    here: set[NamedNode] = set()
    for number, fields in enumerate(data["entries"], start=1):
        where = f"{path}: entry {number}"
        if not isinstance(fields, dict) or not isinstance(fields.get("name"), str) or not normal_name(fields["name"]):
            raise DataError(f"{where}: an entry needs a 'name' with a letter or digit; put numbers in quotes.")
        where = f"{where} ({fields['name']})"
        _check(fields, where)
        entry = _entry(fields, _type(fields.get("type", data.get("type")), where), iris)
        if entry.iri in here:
            raise DataError(f"{where} is listed twice; join the two.")
        here.add(entry.iri)
        yield entry, where


def _type(value: object, where: str) -> EntityType:
    try:
        return EntityType(str(value))
    except ValueError:
        known = ", ".join(EntityType)
        raise DataError(f"{where}: type is {value!r}; it must be one of {known}.") from None


def _check(fields: Mapping[str, Any], where: str) -> None:
    """Refuse what is no field, or no value for it."""
    if unknown := sorted(set(map(str, fields)) - _FIELDS):
        raise DataError(f"{where}: unknown field {unknown[0]!r}; the fields are {', '.join(sorted(_FIELDS))}.")
    for key, value in fields.items():
        if key == "common":
            good = isinstance(value, bool)
        elif key in _LISTS:
            good = isinstance(value, list) and all(isinstance(v, str) and v.strip() for v in value)
        else:
            good = isinstance(value, str) and bool(value.strip())
        if not good:
            raise DataError(f"{where}: {key} is {value!r}, which is not {_expected(key)}; put names in quotes.")
    if empty := [alias for alias in fields.get("aliases", ()) if not normal_name(alias)]:
        raise DataError(f"{where}: the alias {empty[0]!r} has no letter or digit; take it out.")
    for address in (*fields.get("links", ()), *([fields["source"]] if "source" in fields else [])):
        if not re.fullmatch(r"https?://[^\s<>\"{}|\\^`]+", address):
            raise DataError(f"{where}: {address!r} is no web address; it must begin with http:// or https://.")
    if not re.fullmatch(r"Q[1-9]\d*", fields.get("wikidata", "Q1")):
        raise DataError(f"{where}: wikidata is {fields['wikidata']!r}; it must be an item such as Q182477.")
    if fields.get("case", "exact") != "exact":
        raise DataError(f"{where}: case is {fields['case']!r}; the only value is 'exact' (leave it out otherwise).")


def _expected(key: str) -> str:
    if key == "common":
        return "true or false"
    return "a list of text" if key in _LISTS else "text"


def _entry(fields: Mapping[str, Any], kind: EntityType, iris: Iris) -> Entry:
    links = [_WIKIDATA + fields["wikidata"]] if "wikidata" in fields else []
    return Entry(
        iri=iris.thing(kind, fields["name"]),
        type=kind,
        name=fields["name"],
        aliases=tuple(fields.get("aliases", ())),
        ticker=fields.get("ticker"),
        links=(*links, *fields.get("links", ())),
        source=fields.get("source"),
        notes=fields.get("notes"),
        exact="case" in fields,
        common=fields.get("common", False),
        maker=fields.get("maker"),
    )
