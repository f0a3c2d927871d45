"""Keeping derived graphs up to date in proportion to a change, with the outcome of making them anew.

The published queries stay the only source. What they would have to look at is copied into a small store in memory, by
looking it up (`premises.py`), and there they are asked as they are. Facts go by delete-and-rederive: before a graph of
an article changes, all that follows from what goes is noted, whatever else supports it. At the end that is deleted,
what still has a support is derived again, and what follows from what came is added.
`docs/adr/0003-derived-graphs.md` says why this gives the same graphs.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from itertools import chain, islice
from typing import cast

from pyoxigraph import BlankNode, NamedNode, Quad, Store, Triple

from aigraph.store.account import Account
from aigraph.store.content import Content, holds_blank_nodes, lines_of
from aigraph.store.fitting import Term
from aigraph.store.grounds import Derivation, Grounds, quad_of, standing
from aigraph.store.premises import Support
from aigraph.store.things import things_anew
from aigraph.vocab import RDF

_AT_ONCE = 200
"""Supports of transitive properties that are asked about at once: of many, any two could make another chain."""
_FEW = 16
"""Up to so many ends of a transitive property are looked up one by one."""


_NONE: Set[Term] = frozenset()

Subject = NamedNode | BlankNode | Triple
Steps = dict[tuple[NamedNode, NamedNode], set[NamedNode]]
"""Where stated steps lead: by property and start."""


class Upkeep:
    """Follows the changes of a store between two states of its derived graphs.

    `axioms` is the graph of the ontology, which may not change meanwhile. `limit` is the number of quads above which
    `large` is set, of those that change and of those that may follow from them: making everything anew is quicker then.
    It is set too where the steps or a change do not allow anything else. `touched` are the things of which the graphs
    of things may say something else. `grounds` are those of an earlier upkeep, if the ontology is still the same, and
    `account` has the sums over all mentions.
    """

    def __init__(
        self,
        store: Store,
        steps: Sequence[Derivation],
        *,
        axioms: NamedNode,
        limit: int,
        account: Account,
        grounds: Grounds | None = None,
    ) -> None:
        self._store = store
        self._account = account
        self.grounds = grounds if grounds and grounds.steps == tuple(steps) else Grounds(store, steps, axioms)
        self._facts = self.grounds.facts
        self._links = self.grounds.links
        self.large = not self.grounds.suffice or limit <= 0
        self._limit = limit
        self._axioms = axioms
        self._gone: dict[Subject, set[Triple]] = defaultdict(set)
        self._come: set[Quad] = set()
        self.touched: set[NamedNode] = set()
        self._declassed: set[NamedNode] = set()
        self._seen: set[Triple] = set()
        self._doomed: set[Triple] = set()
        self._spared: set[Triple] = set()
        self._stating: Counter[Triple] = Counter()
        self._newly: set[Triple] = set()
        """What findings that have come state: whether any of them is still there, the account tells."""

    def before(self, removed: Set[Quad], added: Set[Quad]) -> None:
        """Note what a change that is about to be made will take the support from."""
        self.large = self.large or len(self._gone) + len(self._come) + len(removed) + len(added) > self._limit
        self.large = self.large or any(
            q.graph_name == self._axioms or holds_blank_nodes(q) for q in chain(removed, added)
        )
        if self.large:
            return
        seen = [q for q in chain(removed, added) if self._looked_at(q)]
        subjects = {q.subject for q in seen}
        linked = [
            q for node in subjects for link in self._links for q in self._store.quads_for_pattern(node, link, None)
        ]
        linked += [q for q in added if q.predicate in self._links]
        # what mentions a thing says nothing of itself
        own = {q.subject for q in seen if q.predicate in self.grounds.properties}
        self.touched |= {node for node in own | {q.object for q in linked} if isinstance(node, NamedNode)}
        gone = {q.triple for q in removed}
        _grouped(gone, self._gone)
        self._come = (self._come - removed) | added
        self._declassed |= _typed(removed)
        if not self._account.counted(self.grounds.name):
            self.grounds.count(self._account)
        before, now = self._stated_by(removed, added)
        self._stating = now.copy()
        self._stating.subtract(before)
        self._newly |= now.keys()
        self._doom(gone | self._classes_of(_typed(added)), gone, before.keys())

    def after(self) -> None:
        """Note that the change has been made."""
        if not self.large:
            self._account.count({str(triple): number for triple, number in self._stating.items()})
        self._stating = Counter()

    def _stated_by(self, removed: Set[Quad], added: Set[Quad]) -> tuple[Counter[Triple], Counter[Triple]]:
        """How many of the findings that a change touches state what: before some quads go and others come, and then."""
        premises = self.grounds.premises
        said = {q.subject for q in chain(removed, added) if premises.of_stars(q)}
        nodes = {node for node in said if isinstance(node, NamedNode)}
        changed: dict[object, set[Quad]] = defaultdict(set)
        for quad in added:
            if quad.subject in nodes:
                changed[quad.subject].add(quad)
        held = {
            node: {q for q in self._store.quads_for_pattern(node, None, None) if q.graph_name != self._facts}
            for node in nodes
        }
        return self._counted(held), self._counted({node: held[node] - removed | changed[node] for node in nodes})

    def _counted(self, findings: Mapping[NamedNode, Set[Quad]]) -> Counter[Triple]:
        """How many of some findings, each with all that is said of it, state what."""
        supports = [
            support for node, quads in findings.items() for support in self.grounds.premises.of_node(node, quads)
        ]
        given = self._given(supports) if supports else set()
        return Counter(head for _, head in {(s.quads[0].subject, s.head) for s in supports if s.head in given})

    def finish(self, content: Content) -> bool:
        """Bring the derived graphs up to date after the last change; false where they have to be made anew instead.

        What it changes is entered into `content`.
        """
        old, new = things_anew(self.touched, self._store, self.grounds, self._account)
        lost, found = old - new, new - old
        self._declassed |= _typed(lost)
        spared, self._spared = self._spared, set()
        apart = spared - self._connected(spared, {})  # what held them together went later
        apart -= self._stated(apart)
        gone = {q.triple for q in lost}
        self._doom(gone | self._classes_of(_typed(found)) | apart, gone)
        if self.large:
            return False
        self._take(lost, content)
        self._store.extend(found)
        content.add(lines_of(found))
        self._come |= found
        # what an article says itself now is no fact any more
        facts = self._facts_among(chain(self._doomed, self._come))
        self._take({quad_of(fact, self._facts) for fact in facts}, content)
        said = _grouped(gone, self._gone)
        left = {node for node in self._declassed | said.keys() if self._stands(node)}
        allowed = {
            Triple(node, RDF.type, cls) for node in self._declassed & left for cls in self.grounds.premises.classes
        }
        others = allowed.union(*(said[node] for node in left if node in said)) - self._doomed
        # a doomed fact has no finding behind it, but such as came
        stated = self._stated(others | self._newly)
        self._follow(stated | self._supported(self._doomed) | self._supported(others), content)
        return True

    def _take(self, quads: Set[Quad], content: Content) -> None:
        for quad in quads:
            self._store.remove(quad)
        content.remove(lines_of(quads))

    # --- the graph of facts

    def _classes_of(self, nodes: Iterable[NamedNode]) -> set[Triple]:
        """The classes that things have as facts: where they have got another, these may contradict it."""
        return {q.triple for node in nodes for q in self._store.quads_for_pattern(node, RDF.type, None, self._facts)}

    def _doom(self, seeds: Set[Triple], gone: Set[Triple], unsaid: Set[Triple] = frozenset()) -> None:
        """Note all facts that may follow from some triples, step by step; those triples too if they are facts.

        The first step leads to what is `unsaid` too: what findings state that are touched.

        A fact that a finding states without what is `gone` stays, and so does what follows from it. So does a class
        that follows from one which the articles or the knowledge files give. So does a fact of a transitive property
        between things that other findings lead from one to the other: where many hang together, what one of them says
        goes without a look at all that hangs on it.
        """
        frontier, heads = set(seeds), set(unsaid)
        steps: Steps = {}
        while (frontier := frontier - self._seen) and not self.large:
            self._seen |= frontier
            facts = self._facts_among(frontier)
            self._doomed |= facts
            self.large = len(self._doomed) > self._limit
            held = facts | {t for t in frontier - facts if t in gone or self._held(t)}
            heads |= self.grounds.premises.heads(held, self._store)
            frontier = self._facts_among(heads - self._seen)
            heads = set()
            for property_, start, ends in self.grounds.premises.chained(held, self._store):
                led = self._led(start, property_, ends, self._facts)
                frontier.update(Triple(start, property_, end) for end in led)
            frontier -= self._seen
            spared = self._connected(frontier, steps)
            self._spared |= spared
            frontier -= spared
            frontier -= self._classed(frontier, gone)
            frontier -= self._stated(frontier)

    def _classed(self, facts: Set[Triple], gone: Set[Triple]) -> set[Triple]:
        """Those of some facts that follow from a class which is no fact, without what is gone."""
        known: dict[Subject, set[Term]] = {}
        found: set[Triple] = set()
        for fact in facts:
            if fact.predicate == RDF.type:
                thing = fact.subject
                if thing not in known:
                    quads = self._store.quads_for_pattern(thing, RDF.type, None)
                    known[thing] = {q.object for q in quads if q.graph_name != self._facts and q.triple not in gone}
                if known[thing] & self.grounds.premises.narrower.get(fact.object, _NONE):
                    found.add(fact)
        return found

    def _connected(self, facts: Set[Triple], steps: Steps) -> set[Triple]:
        """Those of some facts whose ends are joined by steps that findings state when the change has been made.

        `steps` gets those that were looked up.
        """
        asked: dict[tuple[NamedNode, NamedNode], set[Triple]] = defaultdict(set)
        for fact in facts:
            if fact.predicate in self.grounds.premises.ways and isinstance(fact.subject, NamedNode):
                asked[fact.predicate, fact.subject].add(fact)
        found: set[Triple] = set()
        for (property_, start), some in asked.items():
            ends = {fact.object for fact in some}
            reached = self._reached(start, ends, property_, steps)
            found |= {fact for fact in some if fact.object in reached}
        return found

    def _reached(
        self,
        start: NamedNode,
        ends: Set[object],
        property_: NamedNode,
        steps: Steps,
    ) -> set[NamedNode]:
        """What stated steps lead to from a thing, at least those of some ends; `steps` has those that are known."""
        seen: set[NamedNode] = set()
        frontier = {start}
        while frontier and not ends <= seen:
            seen |= frontier
            unknown = [node for node in frontier if (property_, node) not in steps]
            steps |= {(property_, node): set() for node in unknown}
            said = {
                quad.triple
                for node in unknown
                for each in self.grounds.premises.ways[property_]
                for quad in self._store.quads_for_pattern(node, each, None, self._facts)
            }
            for step in self._stated(said):
                steps[property_, cast(NamedNode, step.subject)].add(cast(NamedNode, step.object))
            frontier = {end for node in frontier for end in steps[property_, node]} - seen
        return seen

    def _stated(self, facts: Set[Triple]) -> set[Triple]:
        """Those of some facts that a finding states when the change has been made: no fact has a part in that."""
        names = {str(fact): fact for fact in facts}
        known = self._account.stated(names)
        return {fact for name, fact in names.items() if known.get(name, 0) + self._stating[fact] > 0}

    def _supported(self, triples: Iterable[Triple]) -> set[Triple]:
        """Those of some triples that follow in one step from what there is, other than from findings."""
        premises = self.grounds.premises
        asked = {t for t in triples if premises.entailed(t)}
        left = {node for node in {t.subject for t in asked} if self._stands(node)}
        wanted = {t for t in asked if t.subject in left and not self._held(t)}
        supports = [support for t in wanted for support in premises.supporting(t, self._store, stars=False)]
        found = self._given(supports) & wanted if supports else set()
        return found | (self._given_in_parts(premises.bridged(wanted - found, self._store)) & wanted)

    def _follow(self, again: Set[Triple], content: Content) -> None:
        """Add what was found again and what follows from it and from what came, until nothing new comes."""
        frontier = {quad.triple for quad in self._come if self.grounds.premises.leads_on(quad)}
        found = again
        while True:
            new = {t for t in found if not self._held(t)}
            facts = [quad_of(triple, self._facts) for triple in sorted(new, key=str)]
            self._store.extend(facts)
            content.add(lines_of(facts))
            frontier = frontier | new
            if not frontier:
                return
            known: dict[Triple, bool] = {}
            supports = []
            for support in self.grounds.premises.following(frontier, self._store):
                if support.head not in known:
                    known[support.head] = self._held(support.head)
                if not known[support.head]:
                    supports.append(support)
            found = self._given(supports) if supports else set()
            found |= self._given_in_parts(self._chained(frontier))
            frontier = set()

    def _chained(self, triples: Set[Triple]) -> Iterator[Support]:
        """A support for each triple of a transitive property that follows from some in one step and is not there."""
        premises = self.grounds.premises
        for property_, start, ends in premises.chained(triples, self._store):
            held = self._led(start, property_, ends, None)
            for end, middle in ends.items():
                if end not in held:
                    yield premises.step(property_, start, middle, end, self._store)

    def _led(
        self, start: NamedNode, property_: NamedNode, ends: Mapping[Term, NamedNode], graph: NamedNode | None
    ) -> set[Term]:
        """To which of some ends a property leads from a thing, as a graph or any has it.

        A few are looked up one by one: where many things hang together, a thing leads to hundreds.
        """
        if len(ends) <= _FEW:
            found = ((end, self._store.quads_for_pattern(start, property_, end, graph)) for end in ends)
            return {end for end, quads in found if next(quads, None) is not None}
        return {quad.object for quad in self._store.quads_for_pattern(start, property_, None, graph)} & ends.keys()

    def _given_in_parts(self, supports: Iterable[Support]) -> set[Triple]:
        """What the queries for transitive properties give for some supports."""
        found: set[Triple] = set()
        left = iter(supports)
        while part := list(islice(left, _AT_ONCE)):
            with self.grounds.region(quad for support in part for quad in support.quads) as region:
                found |= {t for text in {support.query for support in part} for t in region.constructed(text)}
        return found

    def _given(self, supports: Sequence[Support]) -> set[Triple]:
        """What the queries give for some supports: asked of these and, if they ask for it, of all types of that."""
        quads = {quad for support in supports for quad in support.quads}
        asking = {s for s in supports if self.grounds.premises.looks_at_classes(s.query)}
        nodes = {node for s in asking for node in (s.head.subject, s.head.object) if isinstance(node, NamedNode)}
        types = (quad for node in nodes for quad in self._store.quads_for_pattern(node, RDF.type, None))
        with self.grounds.region(chain(quads, types)) as region:
            return {t for text in {support.query for support in supports} for t in region.constructed(text)}

    # --- looking up

    def _looked_at(self, quad: Quad) -> bool:
        """Whether any rule of things may look at a quad."""
        return (quad.object if quad.predicate == RDF.type else quad.predicate) in self.grounds.named

    def _stands(self, node: Subject) -> bool:
        """Whether anything is said of a node, so that a premise could be about it."""
        said = chain(self._store.quads_for_pattern(node, None, None), self._store.quads_for_pattern(None, None, node))
        return next(said, None) is not None

    def _facts_among(self, told: Iterable[Triple | Quad]) -> set[Triple]:
        """Those of some triples that are facts: of most subjects with many triples none is, which one look tells."""
        by_subject: dict[Subject, list[Triple | Quad]] = defaultdict(list)
        for each in told:
            by_subject[each.subject].append(each)
        found: set[Triple] = set()
        for subject, some in by_subject.items():
            if len(some) == 1 or self._has_facts(subject):
                facts = (Quad(subject, each.predicate, each.object, self._facts) for each in some)
                found.update(fact.triple for fact in facts if fact in self._store)
        return found

    def _has_facts(self, subject: Subject) -> bool:
        return next(self._store.quads_for_pattern(subject, None, None, self._facts), None) is not None

    def _held(self, triple: Triple) -> bool:
        return any(standing(self._store, triple))


def _typed(quads: Iterable[Quad]) -> set[NamedNode]:
    return {q.subject for q in quads if q.predicate == RDF.type and isinstance(q.subject, NamedNode)}


def _grouped(triples: Iterable[Triple], into: dict[Subject, set[Triple]]) -> dict[Subject, set[Triple]]:
    """Some triples by their subjects, added to others."""
    for triple in triples:
        into[triple.subject].add(triple)
    return into
