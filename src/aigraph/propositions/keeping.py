"""The graph of propositions, made anew from a store, or kept up to date when articles come, change and go."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass, field
from itertools import chain

from pyoxigraph import Literal, NamedNode, Quad, Store

from aigraph.propositions.anew import Anew
from aigraph.propositions.compare import Proposition, added_to, speaker
from aigraph.propositions.findings import Row, Said, findings_of, said_of, source_of
from aigraph.propositions.identities import Identities
from aigraph.propositions.joining import HEAD, Head, Joiner, may_update, on, settled
from aigraph.propositions.kept import InMemory, Kept, State, told_as
from aigraph.propositions.meanings import Meaning, parse
from aigraph.propositions.shelf import Shelf
from aigraph.vocab import AIG, DERIVED_GRAPHS, Iris

_REMEMBERED = 100_000
"""So many keys of propositions are kept in memory from change to change."""
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

    def at(self, place: str) -> set[str]:
        """The keys of all propositions that are compared there."""
        return self.by_place.get(place, set())


class PropositionGraph:
    """Follows the changes of a store, and brings its graph of propositions up to date afterwards."""

    def __init__(self, iris: Iris) -> None:
        self._joiner = Joiner(iris)
        self._derived = {iris.graph(name) for name in DERIVED_GRAPHS}
        self._was: dict[NamedNode, tuple[Said, ...]] = {}
        self._now: dict[NamedNode, tuple[Said, ...]] = {}
        self._keys: dict[NamedNode, str] = {}  # a proposition has its IRI of its key, so this never gets old
        self._identities = Identities(iris, self.graph)
        self._knowledge = iris.graph("knowledge")

    @property
    def graph(self) -> NamedNode:
        """The graph that this makes."""
        return self._joiner.graph

    def before(self, graph: NamedNode, old: Set[Quad], new: Set[Quad]) -> None:
        """Note that a graph is about to hold other quads than it does."""
        if graph == self._knowledge:
            self._identities.relisted(old ^ new)
        if graph in self._derived:
            return
        self._identities.before(graph, old, new)
        if graph not in self._was:
            self._was[graph] = findings_of(old)
        self._now[graph] = findings_of(new)

    def changes(self, store: Store, shelf: Shelf) -> tuple[set[Quad], set[Quad]]:
        """What the graph holds and should not, and what it should hold and does not, after all changes."""
        before, after = ({said for told in each.values() for said in told} for each in (self._was, self._now))
        lasting = before & after  # the graph is a function of the findings: one that stays as it was changes nothing
        gone, now = before - lasting, Findings.of(after - lasting)
        keys = {*(meaning.key for said in gone for meaning in said.meanings), *now.meanings}
        kept = Kept(store, shelf, self._joiner)
        shelf.drop({said.source.article for said in gone})
        kept.put_sources({said.source for said in after})
        nodes = {said.node for said in gone}
        view = _View(store, self._joiner, now, gone=nodes, touched=keys, kept=kept, keys=self._keys)
        old, new = set[Quad](), set[Quad]()
        compared: set[tuple[str, str]] = set()
        for key in keys:
            lost, found = view.told_anew(key)
            old |= lost
            new |= found
        linked = {node for key in keys for node in view.links(key)}
        standing = [key for key in keys if view.holds(key)]
        view.fetch_places(place for key in keys for place in parse(key).places)
        close = [pair for key in standing for pair in self._joiner.close(key, view, compared)]
        view.fetch(chain.from_iterable(close))
        between = (self._joiner.between(*pair, view) for pair in close)
        links = {triples[0][0]: triples for triples in between if triples}
        for node in linked - {node for node, triples in links.items() if settled(triples)}:
            old.update(store.quads_for_pattern(node, None, None, self.graph))
        for node, triples in links.items():
            if node not in linked or not settled(triples):
                new.update(Quad(*triple, self.graph) for triple in triples)
        chains = {chain for said in gone for chain in _chains(said)}
        superseding, updates = self._updates(chains, now, view)
        nodes |= superseding
        old |= {quad for node in nodes for quad in view.superseding(node)}
        kept.put(view.unkept())
        kept.put({key: view.proposition(key) for key in keys}, view.rows)
        kept.put_places(view.places_anew())
        self._forget()
        apart, one = self._identities.changes(store, shelf)
        return (old - new - updates) | apart, ((new | updates) - old) | one

    def anew(self, store: Store, shelf: Shelf | None = None) -> Iterator[Quad]:
        """All that the graph should hold, each quad once or more often, as they are made.

        All propositions are put on the shelf: the next article may well say the same, or what excludes it. Memory does
        not grow with the number of findings.
        """
        self._forget()
        graphs = [graph for graph in store.named_graphs() if graph not in self._derived]
        kept = Kept(store, InMemory() if shelf is None else shelf, self._joiner)
        yield from Anew(self._joiner, kept).quads(
            findings_of(store.quads_for_pattern(None, None, None, graph)) for graph in graphs
        )
        yield from self._identities.anew(store, shelf)

    def _forget(self) -> None:
        self._was, self._now = {}, {}
        if len(self._keys) > _REMEMBERED:
            self._keys.clear()

    def _updates(self, chains: Set[Chain], now: Findings, view: _View) -> tuple[set[str], set[Quad]]:
        """What supersedes what now, as far as a change can matter, and the findings of which that is all.

        What somebody says on a matter is looked at as a whole, with all else that these findings are on (a deal and its
        sum), for the same two findings may supersede each other on both.
        """
        fresh = {chain for findings in now.by_key.values() for said in findings for chain in _chains(said)}
        frontier = chains | fresh
        seen: set[Chain] = set()
        nodes, quads = set[str](), set[Quad]()
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


class _View:
    """The findings of a store after a change, by what the graph of propositions says of them before it."""

    def __init__(
        self,
        store: Store,
        joiner: Joiner,
        now: Findings,
        *,
        gone: Set[str],
        touched: Set[str],
        kept: Kept,
        keys: dict[NamedNode, str],
    ) -> None:
        self._store = store
        self._joiner = joiner
        self._now = now
        self._gone = gone
        self._touched = touched
        self._kept = kept
        self._known: dict[str, Proposition | None] = {}
        self._keys = keys
        self._texts = kept.texts(touched)
        self._states = {key: kept.state(text) if text else None for key, text in self._texts.items()}
        rows = (row for state in self._states.values() if state for row in state.findings)
        kept.fetch_sources({row[1] for row in rows if row[0] not in gone})
        self._told: dict[str, list[str]] = {}
        self._places: dict[str, set[str]] = {}
        self._changed: set[str] = set()

    def proposition(self, key: str) -> Proposition | None:
        """The proposition with that key; None where no finding has it.

        Of one that no change touches the sources have no sketches: its groups are what they were.
        """
        if key not in self._known:
            meaning = parse(key)
            said = {each.node: each for each in self._standing(key, meaning)}
            if (fresh := self._now.proposition(key)) is not None:
                said |= {each.node: each for each in fresh.findings}
            ordered = tuple(said[name] for name in sorted(said))
            self._known[key] = Proposition(meaning, ordered) if ordered else None
        return self._known[key]

    def fetch(self, keys: Iterable[str]) -> None:
        """Read some propositions together, which are going to be asked for."""
        if missing := {key for key in keys if key not in self._texts}:
            self._texts |= self._kept.texts(missing)

    def told_as(self, key: str) -> str | None:
        """What tells whether two propositions are told in the same sentences; None where no finding has that key."""
        if key not in self._touched:
            self.fetch([key])
            if told := told_as(self._texts[key] or ""):
                return told
        proposition = self.proposition(key)
        return proposition.told_as if proposition else None

    def unkept(self) -> dict[str, Proposition | None]:
        """The propositions that were read from the graphs of articles."""
        return {key: made for key, made in self._known.items() if self._texts[key] is None}

    def at(self, place: str) -> set[str]:
        """The keys of all propositions that are compared there."""
        self.fetch_places([place])
        return self._places[place] | self._now.at(place)

    def fetch_places(self, places: Iterable[str]) -> None:
        """Read together what is compared at some places."""
        if wanted := {place for place in places if place not in self._places}:
            self._places |= self._kept.places(wanted)
            for place in wanted - self._places.keys():
                found = self._store.quads_for_pattern(None, AIG.comparedUnder, Literal(place), self._joiner.graph)
                self._places[place] = {self._key(quad.subject) for quad in found if isinstance(quad.subject, NamedNode)}
                if self._places[place]:
                    self._changed.add(place)  # it has not been kept

    def places_anew(self) -> dict[str, set[str]]:
        """What is to be kept of places: of those where a proposition has come or gone, and of those not kept yet."""
        for key in self._touched:
            if self._stood(key) != (stands := self.proposition(key) is not None):
                for place in parse(key).places:
                    (self._places[place].add if stands else self._places[place].discard)(key)
                    self._changed.add(place)
        return {place: self._places[place] for place in self._changed}

    def rows(self, key: str) -> dict[str, Row]:
        """The rows that were kept of findings that still express a proposition."""
        state = self._state(key)
        return {row[0]: row for row in state.findings if row[0] not in self._gone} if state else {}

    def holds(self, key: str) -> bool:
        """Whether any finding has that key: what no change touched has all of its findings."""
        return key not in self._touched or self.proposition(key) is not None

    def _key(self, proposition: NamedNode) -> str:
        if proposition not in self._keys:
            quads = self._store.quads_for_pattern(proposition, AIG.meaning, None, self._joiner.graph)
            self._keys[proposition] = next(q.object.value for q in quads if isinstance(q.object, Literal))
        return self._keys[proposition]

    def _state(self, key: str) -> State | None:
        if key not in self._states:
            self.fetch([key])
            text = self._texts[key]
            self._states[key] = self._kept.state(text) if text else None
        return self._states[key]

    def _standing(self, key: str, meaning: Meaning) -> list[Said]:
        """The findings that express a proposition and whose article has not changed."""
        state = self._state(key)
        if state is None:  # it is new, or has not been kept
            standing = [node for node in self._expressing(key) if node not in self._gone]
            return self._kept.read(map(NamedNode, standing))
        if key not in self._touched:
            sources = {row[0]: source_of(row) for row in state.sources}
            return [said_of(row, meaning, sources) for row in state.findings]
        rows = [row for row in state.findings if row[0] not in self._gone]
        articles = {row[1] for row in rows}
        whole = self._kept.whole(row for row in state.sources if row[0] in articles)
        return [said_of(row, meaning, whole) for row in rows]

    def _expressing(self, key: str) -> list[str]:
        """The findings that the graph has for a proposition."""
        if key not in self._told:
            iri, graph = self._joiner.iri(key), self._joiner.graph
            quads = self._store.quads_for_pattern(iri, AIG.expressedBy, None, graph)
            self._told[key] = [q.object.value for q in quads if isinstance(q.object, NamedNode)]
        return self._told[key]

    def _stood(self, key: str) -> bool:
        """Whether the graph has a proposition with that key."""
        return self._state(key) is not None or bool(self._expressing(key))

    def told(self, matter: str, who: str) -> list[Said]:
        """All findings on a matter of which somebody is the speaker (`compare.speaker`)."""
        found: dict[str, Said] = {}
        for key, meaning in on(matter, self).items():
            if not added_to(meaning) and (proposition := self.proposition(key)) is not None:
                found |= {said.node: said for said in proposition.findings if speaker(said) == who}
        return [found[node] for node in sorted(found)]

    def links(self, key: str) -> set[NamedNode]:
        """The conflicts and similarities of a proposition that the graph has."""
        if not self._stood(key):
            return set()
        quads = self._store.quads_for_pattern(None, AIG.between, self._joiner.iri(key), self._joiner.graph)
        return {quad.subject for quad in quads if isinstance(quad.subject, NamedNode)}

    def _held(self, key: str) -> Iterator[Quad]:
        """What the graph says of a proposition itself (`joining.HEAD`)."""
        for property_ in HEAD:
            yield from self._store.quads_for_pattern(self._joiner.iri(key), property_, None, self._joiner.graph)

    def told_anew(self, key: str) -> tuple[set[Quad], set[Quad]]:
        """What is said of a proposition, its findings and groups of sources no longer, and what is now.

        What stays as it was is not written down: of what thousands of articles say, one changes little.
        """
        state, proposition = self._state(key), self.proposition(key)
        before = {row[0] for row in state.findings} if state else set(self._expressing(key))
        after = {said.node for said in proposition.findings} if proposition else set[str]()
        lost = set(self._joiner.expressed(key, before - after))
        found = set(self._joiner.expressed(key, after - before))
        was, now_ = state.head if state else None, Head.of(proposition) if proposition else None
        if was is None and before:
            lost.update(self._held(key))
        if was:
            lost.update(self._joiner.headed(key, was, now_))
        if now_:
            found.update(self._joiner.headed(key, now_, was))
        old = state.groups if state else {}
        new = {group.articles[0]: group for group in proposition.groups} if proposition else {}
        if state is None and before:
            graph = self._joiner.graph
            for quad in self._store.quads_for_pattern(None, AIG.groupOf, self._joiner.iri(key), graph):
                lost.update(self._store.quads_for_pattern(quad.subject, None, None, graph))
        for first, group in old.items():
            if group != (now := new.get(first)):
                lost.update(self._joiner.group(key, group, now))
        for first, group in new.items():
            if group != (then := old.get(first)):
                found.update(self._joiner.group(key, group, then))
        return lost, found

    def superseding(self, node: str) -> Iterator[Quad]:
        """What a finding supersedes, and what supersedes it."""
        finding, graph = NamedNode(node), self._joiner.graph
        yield from self._store.quads_for_pattern(finding, AIG.supersedes, None, graph)
        yield from self._store.quads_for_pattern(None, AIG.supersedes, finding, graph)
