"""What is known beforehand about names: curated reference data in `knowledge/*.yaml`, for experts to edit.

The files say what a name means and what kind of thing it is, never facts about it: those come from articles. Three
kinds of files, told apart by their keys: `type` with `entries`, `generic` (words that are never a name) and
`first_names`. docs/knowledge.md explains the fields.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml
from pyoxigraph import NamedNode

from aigraph.errors import DataError
from aigraph.records import EntityType
from aigraph.resources import folder
from aigraph.vocab import Iris, digest, normal_name

_FIELDS = frozenset({"name", "aliases", "ticker", "wikidata", "links", "source", "notes", "case", "common"})
_LISTS = frozenset({"aliases", "links"})
_WIKIDATA = "http://www.wikidata.org/entity/"


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing with the names that it goes by.

    `links` are pages that identify the same thing elsewhere (Wikidata first), `source` a public page where name and
    type can be checked. `exact` names match only in the spelling given; a `common` name is also an English word, so
    that a capital at the beginning of a sentence or heading proves nothing.
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

    @property
    def names(self) -> tuple[str, ...]:
        """The name and the aliases."""
        return (self.name, *self.aliases)


@dataclass(frozen=True)
class Knowledge:
    """All entries, in the order of type and name; `version` is a hash of the content, the same on any machine."""

    entries: tuple[Entry, ...]
    generic: frozenset[str]
    first_names: frozenset[str]
    version: str

    def lookup(self, name: str) -> tuple[Entry, ...]:
        """The entries that go by this name in any spelling (one for each type that claims it); () where none does."""
        return self._by_name.get(normal_name(name), ())

    def entry(self, iri: NamedNode) -> Entry | None:
        """The entry on the thing with this IRI, None where there is none."""
        return self._by_iri.get(iri)

    def is_generic(self, word: str) -> bool:
        """True for a word or phrase that is never a name ("GPU", "CEO", "Tuesday")."""
        return word.casefold() in self.generic

    @cached_property
    def _by_name(self) -> Mapping[str, tuple[Entry, ...]]:
        found: dict[str, tuple[Entry, ...]] = {}
        for entry in self.entries:
            for key in sorted({normal_name(name) for name in entry.names}):
                found[key] = (*found.get(key, ()), entry)
        return found

    @cached_property
    def _by_iri(self) -> Mapping[NamedNode, Entry]:
        return {entry.iri: entry for entry in self.entries}


def load_knowledge(*folders: Path, iris: Iris) -> Knowledge:
    """Read folders of YAML files, or single files, each extending those before; the shipped folder where none is named.

    An entry of the same type and name as an earlier one adds its aliases and links to it and replaces its other
    fields.

    Raises:
        DataError: a file cannot be read, an entry is malformed, or two entries of one type claim one name.
    """
    entries: dict[NamedNode, Entry] = {}
    generic: set[str] = set()
    first_names: set[str] = set()
    for path in _files(folders or (folder("knowledge"),)):
        data = _read(path)
        if "entries" in data:
            _add_entries(entries, data, path, iris)
        elif "generic" in data:
            generic.update(word.casefold() for word in _words(data["generic"], path, "generic"))
        elif "first_names" in data:
            first_names.update(_words(data["first_names"], path, "first_names"))
        else:
            raise DataError(
                f"{path}: expected one of the keys 'entries', 'generic', 'first_names'; see docs/knowledge.md."
            )
    ordered = tuple(sorted(entries.values(), key=lambda e: (e.type.value, e.name.casefold(), e.name)))
    _refuse_shared_names(ordered)
    version = digest(*ordered, *sorted(generic), "first names", *sorted(first_names))
    return Knowledge(ordered, frozenset(generic), frozenset(first_names), version)


def _files(places: Iterable[Path]) -> list[Path]:
    """The YAML files of folders, and files as named."""
    files: list[Path] = []
    for place in places:
        if place.is_dir():
            files += sorted(p for p in place.iterdir() if p.suffix in {".yaml", ".yml"})
        elif place.is_file():
            files.append(place)
        else:
            raise DataError(f"{place}: no such knowledge file or folder; check the path.")
    return files


def _read(path: Path) -> dict[str, Any]:
    try:
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506
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


def _add_entries(entries: dict[NamedNode, Entry], data: Mapping[str, Any], path: Path, iris: Iris) -> None:
    try:
        kind = EntityType(str(data.get("type")))
    except ValueError:
        known = ", ".join(EntityType)
        raise DataError(f"{path}: type is {data.get('type')!r}; it must be one of {known}.") from None
    if not isinstance(data["entries"], list):
        raise DataError(f"{path}: 'entries' must be a list; see docs/knowledge.md.")
    here: set[NamedNode] = set()
    for number, fields in enumerate(data["entries"], start=1):
        entry = _entry(fields, kind, f"{path}: entry {number}", iris)
        if entry.iri in here:
            raise DataError(f"{path}: entry {number} ({entry.name}) is listed twice; join the two.")
        here.add(entry.iri)
        earlier = entries.get(entry.iri)
        entries[entry.iri] = _joined(earlier, entry) if earlier else entry


def _entry(fields: object, kind: EntityType, where: str, iris: Iris) -> Entry:
    if not isinstance(fields, dict) or not isinstance(fields.get("name"), str) or not normal_name(fields["name"]):
        raise DataError(f"{where}: an entry needs a 'name' with a letter or digit; put numbers in quotes.")
    where = f"{where} ({fields['name']})"
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
    for address in (*fields.get("links", ()), *([fields["source"]] if "source" in fields else [])):
        if not re.fullmatch(r"https?://[^\s<>\"{}|\\^`]+", address):
            raise DataError(f"{where}: {address!r} is no web address; it must begin with http:// or https://.")
    if not re.fullmatch(r"Q[1-9]\d*", fields.get("wikidata", "Q1")):
        raise DataError(f"{where}: wikidata is {fields['wikidata']!r}; it must be an item such as Q182477.")
    if fields.get("case", "exact") != "exact":
        raise DataError(f"{where}: case is {fields['case']!r}; the only value is 'exact' (leave it out otherwise).")
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
    )


def _expected(key: str) -> str:
    if key == "common":
        return "true or false"
    return "a list of text" if key in _LISTS else "text"


def _joined(earlier: Entry, later: Entry) -> Entry:
    """The later entry, with what only the earlier one says."""
    names = dict.fromkeys((*earlier.aliases, *later.aliases))
    return replace(
        later,
        name=earlier.name,
        aliases=tuple(name for name in names if name != earlier.name),
        ticker=later.ticker or earlier.ticker,
        links=tuple(dict.fromkeys((*earlier.links, *later.links))),
        source=later.source or earlier.source,
        notes=later.notes or earlier.notes,
        exact=later.exact or earlier.exact,
        common=later.common or earlier.common,
    )


def _refuse_shared_names(entries: tuple[Entry, ...]) -> None:
    owners: dict[tuple[EntityType, str], Entry] = {}
    for entry in entries:
        for name in entry.names:
            other = owners.setdefault((entry.type, normal_name(name)), entry)
            if other is not entry:
                raise DataError(
                    f"knowledge: the name {name!r} is claimed by two entries of type {entry.type}, {other.name!r} "
                    f"and {entry.name!r}; take it from one of them."
                )
