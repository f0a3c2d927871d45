"""The graph of propositions, made anew from a store, or kept up to date when articles come, change and go."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import Protocol

from pyoxigraph import Literal, NamedNode, Quad, Store

from aigraph.propositions.compare import Proposition, added_to, speaker
from aigraph.propositions.findings import (
    FindingReader,
    Node,
    Said,
    Source,
    findings_of,
    said_of,
    said_row,
    source_named,
    source_of,
    source_row,
)
from aigraph.propositions.joining import Joiner, may_update, on
from aigraph.propositions.meanings import Meaning, parse
from aigraph.vocab import AIG, DCTERMS, DERIVED_GRAPHS, PROV, RDF, Iris

_AT_ONCE = 10_000
Chain = tuple[str, str]
"""A matter, and one who speaks on it: whose findings may supersede each other."""


@dataclass(slots=True)
class Findings:
    """A collection of findings in memory."""

    by_key: dict[str, list[Said]] = field(default_factory=lambda: defaultdict(list))
    by_place: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    meanings: dict[str, Meaning] = field(default_factory=dict)
    _shared: dict[str, Proposition] = field(default_factory=dict)

    @classmethod
    def of(cls, findings: Iterable[Said]) -> Findings:
        """A collection of some findings, in whatever order they come."""
        collection = cls()
        for said in findings:
            for meaning in said.meanings:
                key = meaning.key
                if key not in collection.meanings:
                    collection.meanings[key] = meaning
                    for place in meaning.places:
                        collection.by_place[place].add(key)
                collection.by_key[key].append(said)
        return collection

    @property
    def matters(self) -> set[str]:
        """All that the findings are on."""
        return {meaning.matter for meaning in self.meanings.values() if not meaning.supposed}

    def proposition(self, key: str) -> Proposition | None:
        """The proposition with that key; None where no finding has it."""
        if key not in self.meanings:
            return None
        if key in self._shared:
            return self._shared[key]
        made = Proposition(self.meanings[key], tuple(sorted(self.by_key[key], key=lambda said: said.node)))
        if len(made.findings) > 1:  # the many that stand alone are made again at no cost, and need no room
            self._shared[key] = made
        return made

    def holds(self, key: str) -> bool:
        """Whether any finding has that key."""
        return key in self.meanings

    def at(self, place: str) -> set[str]:
        """The keys of all propositions that are compared there."""
        return self.by_place.get(place, set())


class PropositionGraph:
    """Follows the changes of a store, and brings its graph of propositions up to date afterwards."""

    def __init__(self, iris: Iris) -> None:
        self._joiner = Joiner(iris)
        self._derived = {iris.graph(name) for name in DERIVED_GRAPHS}
        self._before: dict[str, Meaning] = {}
        self._gone: dict[str, str] = {}  # findings, and their articles
        self._chains: set[Chain] = set()
        self._now: dict[NamedNode, tuple[Said, ...]] = {}

    @property
    def graph(self) -> NamedNode:
        """The graph that this makes."""
        return self._joiner.graph

    def before(self, graph: NamedNode, old: Set[Quad], new: Set[Quad]) -> None:
        """Note that a graph is about to hold other quads than it does."""
        if graph in self._derived:
            return
        for said in findings_of(old):
            self._before |= {meaning.key: meaning for meaning in said.meanings}
            self._gone[said.node] = said.source.article
            self._chains.update(_chains(said))
        self._now[graph] = findings_of(new)

    def changes(self, store: Store, shelf: Shelf) -> tuple[set[Quad], set[Quad]]:
        """What the graph holds and should not, and what it should hold and does not, after all changes."""
        now = Findings.of(said for findings in self._now.values() for said in findings)
        keys = {*self._before, *now.meanings}
        kept = _Kept(store, shelf)
        shelf.drop({*self._gone, *self._gone.values()})
        kept.put(said for findings in now.by_key.values() for said in findings)
        view = _View(store, self._joiner, now, gone=set(self._gone), touched=keys, kept=kept)
        old = {quad for key in keys for quad in view.held(self._joiner.iri(key))}
        new = set(self._joiner.quads(keys, view))
        nodes, updates = self._updates(now, view)
        old |= {quad for node in nodes for quad in view.superseding(node)}
        self._forget()
        return old - new - updates, (new | updates) - old

    def anew(self, store: Store, shelf: Shelf | None = None) -> Iterator[Quad]:
        """All that the graph should hold, each quad once or more often, as they are made.

        All findings are put on the shelf: the next article may well say the same, or what excludes it.
        """
        self._forget()
        reader = FindingReader(lambda *asked: _node(store, *asked))
        found = store.quads_for_pattern(None, RDF.type, AIG.Finding)
        nodes = {quad.subject for quad in found if quad.graph_name not in self._derived}
        all_ = Findings.of(reader.read(node) for node in nodes if isinstance(node, NamedNode))
        if shelf is not None:
            kept, left = _Kept(store, shelf), chain.from_iterable(all_.by_key.values())
            while part := list(islice(left, _AT_ONCE)):
                kept.put(part)
        yield from self._joiner.quads(all_.meanings, all_)
        yield from self._joiner.updates(all_.matters, all_)

    def _forget(self) -> None:
        self._before, self._gone, self._chains, self._now = {}, {}, set(), {}

    def _updates(self, now: Findings, view: _View) -> tuple[set[str], set[Quad]]:
        """What supersedes what now, as far as a change can matter, and the findings of which that is all.

        What somebody says on a matter is looked at as a whole, with all else that these findings are on (a deal and its
        sum), for the same two findings may supersede each other on both.
        """
        fresh = {chain for findings in now.by_key.values() for said in findings for chain in _chains(said)}
        frontier = self._chains | fresh
        seen: set[Chain] = set()
        nodes, quads = set(self._gone), set[Quad]()
        while frontier:
            seen |= frontier
            found: set[Chain] = set()
            for matter, who in frontier:
                if may_update(on(matter, view)):
                    findings = view.told(matter, who)
                    nodes.update(said.node for said in findings)
                    quads.update(self._joiner.superseding(findings, matter))
                    found.update(chain for said in findings for chain in _chains(said))
            frontier = found - seen
        return nodes, quads


def _chains(said: Said) -> Iterator[Chain]:
    """What a finding may supersede something on."""
    if who := speaker(said):
        yield from ((meaning.matter, who) for meaning in said.meanings if not meaning.supposed)


class Shelf(Protocol):
    """Where texts are kept under keys."""

    def get(self, keys: Iterable[str]) -> Mapping[str, str]:
        """What stands under some keys, as far as anything does."""

    def put(self, values: Mapping[str, str]) -> None:
        """Keep values under their keys."""

    def drop(self, keys: Iterable[str]) -> None:
        """Keep nothing under some keys any more."""


class _Kept:
    """Findings as they were read once, with their sources: to be read again at a tenth of the cost."""

    def __init__(self, store: Store, shelf: Shelf) -> None:
        self._store = store
        self._shelf = shelf
        self._sources: dict[str, Source] = {}
        self._read: dict[str, Said] = {}

    def read(self, nodes: Iterable[NamedNode]) -> list[Said]:
        """Some findings of the store, in any order."""
        wanted = {node.value: node for node in nodes}
        if missing := wanted.keys() - self._read.keys():
            found = {name: json.loads(text) for name, text in self._shelf.get(missing).items()}
            self._read_sources({source_named(row) for row in found.values()})
            for name, row in found.items():
                self._read[name] = said_of(name, row, self._sources[source_named(row)])
            reader = FindingReader(lambda *asked: _node(self._store, *asked))
            fresh = [reader.read(wanted[name]) for name in sorted(missing - found.keys())]
            self._read |= {said.node: said for said in fresh}
            self.put(fresh)
        return [self._read[name] for name in wanted]

    def _read_sources(self, articles: set[str]) -> None:
        missing = articles - self._sources.keys()
        for name, text in self._shelf.get(missing).items():
            self._sources[name] = source_of(name, json.loads(text))
        if lost := missing - self._sources.keys():
            reader = FindingReader(lambda *asked: _node(self._store, *asked))
            found = {name: reader.source(NamedNode(name)) for name in sorted(lost)}
            self._sources |= found
            self._shelf.put({name: json.dumps(source_row(one)) for name, one in found.items()})

    def put(self, findings: Iterable[Said]) -> None:
        """Keep findings and their sources."""
        rows: dict[str, str] = {}
        for said in findings:
            rows[said.node] = json.dumps(said_row(said))
            if said.source.article not in self._sources:
                self._sources[said.source.article] = said.source
                rows[said.source.article] = json.dumps(source_row(said.source))
        self._shelf.put(rows)


class _View:
    """The findings of a store after a change, by what the graph of propositions says of them before it."""

    def __init__(
        self, store: Store, joiner: Joiner, now: Findings, *, gone: Set[str], touched: Set[str], kept: _Kept
    ) -> None:
        self._store = store
        self._joiner = joiner
        self._now = now
        self._gone = gone
        self._touched = touched
        self._kept = kept
        self._known: dict[str, Proposition | None] = {}
        self._keys: dict[NamedNode, str] = {}
        self._said_of: dict[NamedNode, list[Quad]] = {}
        self._publishers: dict[NamedNode, str | None] = {}

    def proposition(self, key: str) -> Proposition | None:
        """The proposition with that key; None where no finding has it."""
        if key not in self._known:
            node = self._joiner.iri(key)
            said = {each.node: each for each in self._standing(node)}
            if (fresh := self._now.proposition(key)) is not None:
                said |= {each.node: each for each in fresh.findings}
            ordered = tuple(said[name] for name in sorted(said))
            self._known[key] = Proposition(parse(key), ordered) if ordered else None
        return self._known[key]

    def at(self, place: str) -> set[str]:
        """The keys of all propositions that are compared there."""
        found = self._store.quads_for_pattern(None, AIG.comparedUnder, Literal(place), self._joiner.graph)
        return {self._key(quad.subject) for quad in found if isinstance(quad.subject, NamedNode)} | self._now.at(place)

    def holds(self, key: str) -> bool:
        """Whether any finding has that key: what no change touched has all of its findings."""
        return key not in self._touched or self.proposition(key) is not None

    def _key(self, proposition: NamedNode) -> str:
        if proposition not in self._keys:
            quads = self._store.quads_for_pattern(proposition, AIG.meaning, None, self._joiner.graph)
            self._keys[proposition] = next(q.object.value for q in quads if isinstance(q.object, Literal))
        return self._keys[proposition]

    def _standing(self, proposition: NamedNode) -> list[Said]:
        """The findings that express a proposition and whose article has not changed."""
        return self._kept.read(node for node in self._expressing(proposition) if self._stands(node))

    def _expressing(self, proposition: NamedNode) -> list[NamedNode]:
        """The findings that the graph has for a proposition; of those that changes touch it has been read already."""
        quads = self._said_of.get(proposition)
        if quads is None:
            quads = list(self._store.quads_for_pattern(proposition, AIG.expressedBy, None, self._joiner.graph))
        return [q.object for q in quads if q.predicate == AIG.expressedBy and isinstance(q.object, NamedNode)]

    def told(self, matter: str, who: str) -> list[Said]:
        """All findings on a matter of which somebody is the speaker (`compare.speaker`)."""
        found: dict[str, Said] = {}
        for key, meaning in on(matter, self).items():
            if added_to(meaning):
                continue
            mine = [node for node in self._expressing(self._joiner.iri(key)) if self._speaks(node) == who]
            fresh = self._now.proposition(key)
            said = self._kept.read(node for node in mine if self._stands(node))
            said += fresh.findings if fresh else ()
            found |= {each.node: each for each in said if speaker(each) == who}
        return [found[node] for node in sorted(found)]

    def _speaks(self, finding: NamedNode) -> str | None:
        """Who says so, or the publisher where the article speaks itself: told at the cost of a look at one property."""
        store = self._store
        claimants = [q.object for q in store.quads_for_pattern(finding, AIG.claimant, None)]
        if claimants:
            return min((one.value for one in claimants if isinstance(one, NamedNode)), default=None)
        for quad in store.quads_for_pattern(finding, PROV.wasDerivedFrom, None):
            article = quad.object
            if isinstance(article, NamedNode):
                if article not in self._publishers:
                    names = [q.object for q in store.quads_for_pattern(article, DCTERMS.publisher, None)]
                    self._publishers[article] = min((n.value for n in names if isinstance(n, Literal)), default=None)
                return self._publishers[article]
        return None

    def _stands(self, node: NamedNode) -> bool:
        return node.value not in self._gone

    def held(self, proposition: NamedNode) -> Iterator[Quad]:
        """What the graph says of a proposition, its groups of sources, conflicts and similarities."""
        graph = self._joiner.graph
        self._said_of[proposition] = list(self._store.quads_for_pattern(proposition, None, None, graph))
        yield from self._said_of[proposition]
        for property_ in (AIG.groupOf, AIG.between):
            for quad in self._store.quads_for_pattern(None, property_, proposition, graph):
                yield from self._store.quads_for_pattern(quad.subject, None, None, graph)

    def superseding(self, node: str) -> Iterator[Quad]:
        """What a finding supersedes, and what supersedes it."""
        finding, graph = NamedNode(node), self._joiner.graph
        yield from self._store.quads_for_pattern(finding, AIG.supersedes, None, graph)
        yield from self._store.quads_for_pattern(None, AIG.supersedes, finding, graph)


def _node(store: Store, node: NamedNode, properties: tuple[NamedNode, ...]) -> Node:
    found: dict[NamedNode, list[object]] = defaultdict(list)
    for property_ in properties or (None,):
        for quad in store.quads_for_pattern(node, property_, None):
            found[quad.predicate].append(quad.object)
    return found
