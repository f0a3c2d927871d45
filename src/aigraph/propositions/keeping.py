"""The graph of propositions, made anew from a store, or kept up to date when articles come, change and go."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass, field

from pyoxigraph import Literal, NamedNode, Quad, Store

from aigraph.propositions.compare import Proposition, added_to, speaker
from aigraph.propositions.findings import FindingReader, Node, Said, findings_of
from aigraph.propositions.joining import Joiner, may_update, on
from aigraph.propositions.meanings import Meaning, parse
from aigraph.vocab import AIG, DCTERMS, DERIVED_GRAPHS, PROV, RDF, Iris

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
        self._gone: set[str] = set()
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
            self._gone.add(said.node)
            self._chains.update(_chains(said))
        self._now[graph] = findings_of(new)

    def changes(self, store: Store) -> tuple[set[Quad], set[Quad]]:
        """What the graph holds and should not, and what it should hold and does not, after all changes."""
        now = Findings.of(said for findings in self._now.values() for said in findings)
        keys = {*self._before, *now.meanings}
        view = _View(store, self._joiner, now, set(self._now), keys)
        old = {quad for key in keys for quad in view.held(self._joiner.iri(key))}
        new = set(self._joiner.quads(keys, view))
        nodes, updates = self._updates(now, view)
        old |= {quad for node in nodes for quad in view.superseding(node)}
        self._before, self._gone, self._chains, self._now = {}, set(), set(), {}
        return old - new - updates, (new | updates) - old

    def anew(self, store: Store) -> Iterator[Quad]:
        """All that the graph should hold, each quad once or more often, as they are made."""
        reader = FindingReader(lambda *asked: _node(store, *asked))
        found = store.quads_for_pattern(None, RDF.type, AIG.Finding)
        nodes = {quad.subject for quad in found if quad.graph_name not in self._derived}
        all_ = Findings.of(reader.read(node) for node in nodes if isinstance(node, NamedNode))
        yield from self._joiner.quads(all_.meanings, all_)
        yield from self._joiner.updates(all_.matters, all_)

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
                    quads.update(self._joiner.superseding(findings))
                    found.update(chain for said in findings for chain in _chains(said))
            frontier = found - seen
        return nodes, quads


def _chains(said: Said) -> Iterator[Chain]:
    """What a finding may supersede something on."""
    if who := speaker(said):
        yield from ((meaning.matter, who) for meaning in said.meanings if not meaning.supposed)


class _View:
    """The findings of a store after a change, by what the graph of propositions says of them before it."""

    def __init__(self, store: Store, joiner: Joiner, now: Findings, changed: set[NamedNode], touched: set[str]) -> None:
        self._store = store
        self._joiner = joiner
        self._now = now
        self._changed = changed
        self._touched = touched
        self._reader = FindingReader(lambda *asked: _node(store, *asked))
        self._read: dict[NamedNode, Said] = {}
        self._known: dict[str, Proposition | None] = {}
        self._keys: dict[NamedNode, str] = {}
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

    def _standing(self, proposition: NamedNode) -> Iterator[Said]:
        """The findings that express a proposition and whose article has not changed."""
        for quad in self._store.quads_for_pattern(proposition, AIG.expressedBy, None, self._joiner.graph):
            node = quad.object
            if isinstance(node, NamedNode) and self._stands(node):
                yield self._said(node)

    def told(self, matter: str, who: str) -> list[Said]:
        """All findings on a matter of which somebody is the speaker (`compare.speaker`)."""
        found: dict[str, Said] = {}
        for key, meaning in on(matter, self).items():
            if added_to(meaning):
                continue
            quads = self._store.quads_for_pattern(self._joiner.iri(key), AIG.expressedBy, None, self._joiner.graph)
            nodes = (quad.object for quad in quads)
            mine = [node for node in nodes if isinstance(node, NamedNode) and self._speaks(node) == who]
            fresh = self._now.proposition(key)
            said = [self._said(node) for node in mine if self._stands(node)]
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

    def _said(self, node: NamedNode) -> Said:
        if node not in self._read:
            self._read[node] = self._reader.read(node)
        return self._read[node]

    def _stands(self, node: NamedNode) -> bool:
        held = self._store.quads_for_pattern(node, RDF.type, AIG.Finding)
        return any(quad.graph_name not in self._changed for quad in held)

    def held(self, proposition: NamedNode) -> Iterator[Quad]:
        """What the graph says of a proposition, its groups of sources, conflicts and similarities."""
        graph = self._joiner.graph
        yield from self._store.quads_for_pattern(proposition, None, None, graph)
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
