"""Propositions as they were made last, kept under keys: to be read again at a tenth of the cost."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import BinaryIO, cast

from pyoxigraph import NamedNode, Store

from aigraph.propositions.compare import TOLD_AS, Proposition
from aigraph.propositions.findings import (
    FindingReader,
    Node,
    Row,
    Said,
    Source,
    said_row,
    source_of,
    source_row,
)
from aigraph.propositions.joining import Head, Joiner
from aigraph.propositions.shelf import Shelf
from aigraph.propositions.sources import Group

_PLACE = "at "
"""What the key begins with under which it is kept what is compared at a place."""
_TOLD_AS = re.compile(rf',"([0-9a-f]{{{TOLD_AS}}})"\]$')
_SOURCES = 20_000
"""So many sources are held in memory at once."""
written = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
"""A value as it is kept."""


class InMemory:
    """A shelf for a collection that is made once and not changed."""

    def __init__(self) -> None:
        self._values: dict[str, str] = {}

    def get(self, keys: Iterable[str]) -> dict[str, str]:
        """What stands under some keys, as far as anything does."""
        return {key: self._values[key] for key in keys if key in self._values}

    def put(self, values: Mapping[str, str]) -> None:
        """Keep values under their keys."""
        self._values |= values

    def drop(self, keys: Iterable[str]) -> None:
        """Keep nothing under some keys any more."""
        for key in keys:
            self._values.pop(key, None)

    def scratch(self) -> BinaryIO:
        """An empty file; it is gone when it is closed."""
        return cast(BinaryIO, TemporaryFile())


@dataclass(slots=True)
class State:
    """A proposition as it was kept: rows of its findings, of their sources by article, its groups of sources, its head.

    At the end of what is kept stands how the proposition is told (`Proposition.told_as`), which is all that most others
    are compared by.
    """

    findings: list[Row]
    sources: list[Row]
    groups: dict[str, Group]
    head: Head


def told_as(text: str) -> str | None:
    """`Proposition.told_as` of a proposition that is kept, without reading the rest of it."""
    found = _TOLD_AS.search(text[-TOLD_AS - 4 :])
    return str(found[1]) if found else None


class Kept:
    """Propositions as they were made last, to be read again at a tenth of the cost."""

    def __init__(self, store: Store, shelf: Shelf, joiner: Joiner) -> None:
        self._shelf = shelf
        self._joiner = joiner
        self._reader = FindingReader(lambda *asked: _node(store, *asked))
        self._sources: dict[str, Source] = {}

    def scratch(self) -> BinaryIO:
        """An empty file for what is sorted on the disk."""
        return self._shelf.scratch()

    def texts(self, keys: Iterable[str]) -> dict[str, str | None]:
        """The propositions with some keys as they are kept; None where they are not there or have not been kept."""
        names = {key: self._joiner.iri(key).value for key in keys}
        texts = self._shelf.get(names.values())
        return {key: texts.get(name) for key, name in names.items()}

    @staticmethod
    def state(text: str) -> State:
        """What is kept of a proposition."""
        findings, sources, groups, head, _ = json.loads(text)
        made = (Group(tuple(articles), tuple(reasons)) for articles, reasons in groups)
        return State(findings, sources, {group.articles[0]: group for group in made}, Head.read(head))

    def read(self, nodes: Iterable[NamedNode]) -> list[Said]:
        """Some findings as the graphs of articles tell them."""
        return [self._reader.read(node) for node in nodes]

    def whole(self, rows: Iterable[Row]) -> dict[str, Source]:
        """Some sources with their sketches."""
        wanted = [row[0] for row in rows]
        self.fetch_sources(wanted)
        return {name: self._sources[name] for name in wanted}

    def fetch_sources(self, wanted: Iterable[str]) -> None:
        """Read some sources together."""
        if missing := [name for name in wanted if name not in self._sources]:
            for name, text in self._shelf.get(missing).items():
                *row, traces = json.loads(text)
                self._sources[name] = source_of(row, traces)
            lost = {self._reader.source(NamedNode(name)) for name in missing if name not in self._sources}
            self.put_sources(lost)

    def sources(self, wanted: Set[str]) -> dict[str, Source]:
        """Some sources with their sketches, of as many as are wanted; not all that were are held in memory."""
        if len(self._sources) > _SOURCES:
            self._sources = {name: source for name, source in self._sources.items() if name in wanted}
        self.fetch_sources(wanted)
        return {name: self._sources[name] for name in wanted}

    def put_sources(self, sources: Set[Source]) -> None:
        """Keep sources with their sketches."""
        self._sources |= {source.article: source for source in sources}
        self._shelf.put({source.article: written((*source_row(source), source.traces)) for source in sources})

    def places(self, places: Iterable[str]) -> dict[str, set[str]]:
        """The keys of the propositions that are compared at some places, as far as that has been kept."""
        names = {f"{_PLACE}{place}": place for place in places}
        return {names[name]: set(json.loads(text)) for name, text in self._shelf.get(names).items()}

    def put_places(self, places: Mapping[str, Set[str]]) -> None:
        """Keep which propositions are compared at some places, and nothing where there is none."""
        self._shelf.put({f"{_PLACE}{place}": written(sorted(keys)) for place, keys in places.items() if keys})
        self._shelf.drop(f"{_PLACE}{place}" for place, keys in places.items() if not keys)

    def put(
        self, propositions: Mapping[str, Proposition | None], known: Callable[[str], Mapping[str, Row]] = lambda _: {}
    ) -> None:
        """Keep propositions under their keys, and none where there is none; `known` are rows of findings by key."""
        rows: dict[str, str] = {}
        for key, proposition in propositions.items():
            if proposition is not None:
                made = known(key)
                findings = [made.get(said.node) or said_row(said, key) for said in proposition.findings]
                sources = {said.source.article: source_row(said.source) for said in proposition.findings}
                groups = [(group.articles, group.reasons) for group in proposition.groups]
                rows[self._joiner.iri(key).value] = written(
                    (findings, [*sources.values()], groups, Head.of(proposition), proposition.told_as)
                )
        self._shelf.put(rows)
        self._shelf.drop(self._joiner.iri(key).value for key, each in propositions.items() if each is None)


def _node(store: Store, node: NamedNode, properties: tuple[NamedNode, ...]) -> Node:
    found: dict[NamedNode, list[object]] = defaultdict(list)
    for property_ in properties or (None,):
        for quad in store.quads_for_pattern(node, property_, None):
            found[quad.predicate].append(quad.object)
    return found
