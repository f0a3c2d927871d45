"""What is known beforehand about names: curated reference data in `knowledge/*.yaml`, for experts to edit.

The files say what a name means and what kind of thing it is, never facts about it: those come from articles.
`knowledge_files.py` reads them; here they are laid over one another, a user's own over the shipped ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations, product
from pathlib import Path

from pyoxigraph import NamedNode

from aigraph.errors import DataError
from aigraph.knowledge_files import Entry, KnowledgeFile, knowledge_paths, read_knowledge_file
from aigraph.records import EntityType
from aigraph.resources import folder
from aigraph.vocab import Iris, digest, normal_name

__all__ = ["Entry", "Knowledge", "load_knowledge"]


@dataclass(frozen=True)
class Knowledge:
    """All entries, in the order of type and name; `version` is a hash of the content, the same on any machine.

    `distinct` are groups of names of which no two are the same thing.
    """

    entries: tuple[Entry, ...]
    generic: frozenset[str]
    first_names: frozenset[str]
    version: str
    distinct: tuple[tuple[str, ...], ...] = ()

    def lookup(self, name: str) -> tuple[Entry, ...]:
        """The entries that go by this name in any spelling (one for each type that claims it); () where none does."""
        return self._by_name.get(normal_name(name), ())

    def entry(self, iri: NamedNode) -> Entry | None:
        """The entry on the thing with this IRI, None where there is none."""
        return self._by_iri.get(iri)

    def is_generic(self, word: str) -> bool:
        """True for a word or phrase that is never a name ("GPU", "CEO", "Tuesday")."""
        return word.casefold() in self.generic

    def kept_apart(self, one: str, other: str) -> bool:
        """True for two names that stand for different things, whatever they look like ("H100" and "H200")."""
        return frozenset((normal_name(one), normal_name(other))) in self._apart

    @cached_property
    def _apart(self) -> frozenset[frozenset[str]]:
        """Pairs of names kept apart; what holds for a name holds for its aliases."""
        pairs = set()
        for group in self.distinct:
            for ours, theirs in combinations([self._all_names(name) for name in group], 2):
                pairs |= {frozenset(pair) for pair in product(ours, theirs)}
        return frozenset(pairs)

    def _all_names(self, name: str) -> frozenset[str]:
        names = {normal_name(each) for entry in self.lookup(name) for each in entry.names}
        return frozenset(names or {normal_name(name)})

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


def load_knowledge(*places: Path, iris: Iris) -> Knowledge:
    """Read folders of YAML files, or single files, each laid over those before; the shipped folder where none is named.

    An entry of the same type and name as an earlier one extends it. A name that belonged to another entry of an
    earlier place means, from then on, what the later place says (docs/knowledge.md, "Your own names").

    Raises:
        DataError: a file cannot be read, an entry is malformed, two entries of one type claim one name, or an entry
            joins names that are kept apart.
    """
    layers = _Layers()
    for place in places or (folder("knowledge"),):
        layers.add([read_knowledge_file(path, iris) for path in knowledge_paths(place)])
    return layers.knowledge()


class _Layers:
    """Entries while places are laid over one another; each keeps where it was written, for messages."""

    def __init__(self) -> None:
        self._entries: dict[NamedNode, Entry] = {}
        self._where: dict[NamedNode, str] = {}
        self._generic: set[str] = set()
        self._first_names: set[str] = set()
        self._distinct: dict[tuple[str, ...], Path] = {}

    def add(self, files: list[KnowledgeFile]) -> None:
        """Lay the files of one place over what is there."""
        listed = {entry.iri for file in files for entry, _ in file.entries}
        for file in files:
            for name in file.silenced:
                self._silence(name)
            self._generic.update(file.generic)
            self._first_names.update(file.first_names)
            self._distinct.update(dict.fromkeys(file.distinct, file.path))
        earlier = {iri: entry for iri, entry in self._entries.items() if iri not in listed}
        for file in files:
            for entry, where in file.entries:
                self._place(entry, where, earlier)
        self._refuse_silenced([file for file in files if file.silenced], listed)

    def knowledge(self) -> Knowledge:
        """What the places say together."""
        ordered = tuple(sorted(self._entries.values(), key=lambda e: (e.type.value, e.name.casefold(), e.name)))
        self._refuse_shared_names(ordered)
        self._refuse_joined(ordered)
        distinct = tuple(sorted(self._distinct))
        version = digest(*ordered, *sorted(self._generic), "first names", *sorted(self._first_names), *distinct)
        return Knowledge(ordered, frozenset(self._generic), frozenset(self._first_names), version, distinct)

    def _place(self, entry: Entry, where: str, earlier: dict[NamedNode, Entry]) -> None:
        """Add an entry; it extends that of its type and name, and takes its names from other entries of `earlier`."""
        wanted = {normal_name(name) for name in entry.names}
        for iri, other in sorted(earlier.items(), key=lambda item: item[0].value):
            if normal_name(other.name) in wanted:  # the same thing under another name or of another type
                entry = _joined(other, entry, keep=entry)
                del earlier[iri], self._entries[iri]
            elif wanted & {normal_name(alias) for alias in other.aliases}:
                left = tuple(alias for alias in other.aliases if normal_name(alias) not in wanted)
                earlier[iri] = self._entries[iri] = replace(other, aliases=left)
        before = self._entries.get(entry.iri)
        self._entries[entry.iri] = _joined(before, entry, keep=before) if before else entry
        self._where[entry.iri] = where

    def _silence(self, name: str) -> None:
        """Nothing goes by this name: an entry called so goes, an alias is left off, and rules never find it."""
        key = normal_name(name)
        self._generic.add(name.casefold())
        for iri, entry in list(self._entries.items()):
            if normal_name(entry.name) == key:
                del self._entries[iri]
            elif key in map(normal_name, entry.aliases):
                left = tuple(alias for alias in entry.aliases if normal_name(alias) != key)
                self._entries[iri] = replace(entry, aliases=left)

    def _refuse_silenced(self, files: list[KnowledgeFile], listed: set[NamedNode]) -> None:
        """What a place silences it cannot list as well."""
        ours = {normal_name(name): iri for iri in listed if iri in self._entries for name in self._entries[iri].names}
        for file in files:
            for name in file.silenced:
                if iri := ours.get(normal_name(name)):
                    raise DataError(
                        f"{self._where[iri]}: the name {name!r} is silenced in {file.path} too; "
                        "take it from one of the two."
                    )

    def _refuse_shared_names(self, entries: tuple[Entry, ...]) -> None:
        owners: dict[tuple[EntityType, str], Entry] = {}
        for entry in entries:
            for name in entry.names:
                other = owners.setdefault((entry.type, normal_name(name)), entry)
                if other is not entry:
                    raise DataError(
                        f"{self._where[entry.iri]}: the name {name!r} is claimed by two entries of type {entry.type}, "
                        f"{other.name!r} ({self._where[other.iri]}) and {entry.name!r}; take it from one of them."
                    )

    def _refuse_joined(self, entries: tuple[Entry, ...]) -> None:
        """No entry may go by two names that a group keeps apart."""
        groups = [({normal_name(name): name for name in group}, path) for group, path in self._distinct.items()]
        for entry in entries:
            names = {normal_name(name) for name in entry.names}
            for group, path in groups:
                joined = sorted(group[key] for key in names & set(group))
                if len(joined) > 1:
                    raise DataError(
                        f"{self._where[entry.iri]}: {joined[0]!r} and {joined[1]!r} are names of one thing here, but "
                        f"'distinct' in {path} keeps them apart; take one of the names out."
                    )


def _joined(earlier: Entry, later: Entry, *, keep: Entry) -> Entry:
    """The later entry, with what only the earlier one says, under the name and type of the one to keep."""
    names = dict.fromkeys((*earlier.names, *later.names))
    return replace(
        later,
        iri=keep.iri,
        type=keep.type,
        name=keep.name,
        aliases=tuple(name for name in names if name != keep.name),
        ticker=later.ticker or earlier.ticker,
        links=tuple(dict.fromkeys((*earlier.links, *later.links))),
        source=later.source or earlier.source,
        notes=later.notes or earlier.notes,
        exact=later.exact or earlier.exact,
        common=later.common or earlier.common,
        maker=later.maker or earlier.maker,
    )
