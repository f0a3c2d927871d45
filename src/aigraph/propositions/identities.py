"""Things that may be one: "Corvane" of one article and "Corvane Semiconductor" of another, with degree and reasons.

They stay two things: nothing is joined, and no finding moves from one to the other. What is told of two things follows
from what the articles that mention them say. Each short name has a place where the things meet that may be called so
(`namesakes.meeting`); only the places of things that a change touches are looked at again.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, Quad, Store

from aigraph.propositions.findings import DEALS, ROLES
from aigraph.propositions.names import name_of, readable
from aigraph.propositions.namesakes import (
    Evidence,
    likened,
    meeting,
    name_rules,
    named,
    summed_up,
    with_name,
)
from aigraph.propositions.shelf import Shelf
from aigraph.vocab import AIG, RDF, Iris

_MET = "named "
"""What the key begins with under which it is kept who may be called by a name."""
_ALL_KEPT = "all names are kept"
_BACK = {"develops": "developedBy", "founded": "foundedBy", "worksFor": "employs"}
"""The relations that two names of one thing are likely to have in common, and their names from the other end."""


class Bond(NamedTuple):
    """What a thing has to do with another: "develops", "deal SupplyAgreement supplier" …"""

    kind: str
    other: str


@dataclass(slots=True)
class _Profile:
    """What a graph tells of a thing: the forms in which it is named, and what it has to do with others."""

    forms: set[str] = field(default_factory=set)
    bonds: set[Bond] = field(default_factory=set)


class Identities:
    """Follows the changes of a store, and tells which things may be one afterwards."""

    def __init__(self, iris: Iris, graph: NamedNode) -> None:
        self._iris = iris
        self._graph = graph
        self._was: dict[NamedNode, dict[str, _Profile]] = {}
        self._now: dict[NamedNode, dict[str, _Profile]] = {}
        self._listed: set[str] = set()

    def before(self, graph: NamedNode, old: Set[Quad], new: Set[Quad]) -> None:
        """Note that the graph of an article is about to hold other quads than it does."""
        if graph not in self._was:
            self._was[graph] = _profiles(old)
        self._now[graph] = _profiles(new)

    def relisted(self, quads: Iterable[Quad]) -> None:
        """Note that the knowledge is about to list other things than it does: some quads come or go."""
        told = (q.object for q in quads if q.predicate == AIG.entryFor)
        self._listed.update(node.value for node in told if isinstance(node, NamedNode) and named(node.value))

    def changes(self, store: Store, shelf: Shelf) -> tuple[set[Quad], set[Quad]]:
        """What the graph holds of it and should not, and what it should hold and does not, after all changes."""
        met, things = _Met(store, shelf), _Things(store)
        forms: dict[str, set[str]] = {thing: set() for thing in self._listed}
        for graph, old in self._was.items():
            new = self._now[graph]
            for thing in old.keys() | new.keys():
                if old.get(thing) != new.get(thing):
                    told = (each[thing].forms for each in (old, new) if thing in each)
                    forms.setdefault(thing, set()).update(*told)
        self.forget()
        held, made = set[Quad](), set[Quad]()
        for place in met.enter(forms):
            short = with_name(self._iris.base, place)
            held |= self._held(store, short)
            made.update(self._told(short, met.at(place), things))
        met.leave(thing for thing in forms if not things.mentioned(thing))
        met.keep()
        return held - made, made - held

    def anew(self, store: Store, shelf: Shelf | None) -> Iterator[Quad]:
        """All that the graph should hold of it."""
        self.forget()
        met, things = _Met(store, shelf, anew=True), _Things(store)
        for place in met.shared():
            yield from self._told(with_name(self._iris.base, place), met.at(place), things)
        met.keep()

    def forget(self) -> None:
        """Forget what was noted."""
        self._was, self._now, self._listed = {}, {}, set()

    def _told(self, short: str, met: Iterable[str], things: _Things) -> Iterator[Quad]:
        """The link of a thing with the one other that it may be a short name of; none where there are several."""
        if not things.mentioned(short):
            return
        candidates = []
        for long in sorted(met):
            if long != short and things.mentioned(long) and (names := likened(short, long, things.forms(long))):
                candidates.append((long, names))
                if len(candidates) > 1:
                    return  # "Nova" may be any of those that are called so
        for long, names in candidates:
            turned = likened(long, short, things.forms(short))
            if turned is not None and long < short:
                continue  # each is called by the name of the other: told where that one is looked at
            if things.listed(short) or things.listed(long) or things.together(short, long):
                continue
            by_name, bonds = [*filter(None, (names, turned))], things.bonds_of_both(short, long)
            if (degree := summed_up(max(by_name), bonds)) >= name_rules().least:
                yield from self._link(short, long, degree, (*by_name, *bonds))

    def _link(self, short: str, long: str, degree: float, reasons: Iterable[Evidence]) -> Iterator[Quad]:
        node, graph = self._iris.joint("PossibleIdentity", short, long), self._graph
        yield Quad(node, RDF.type, AIG.PossibleIdentity, graph)
        yield Quad(node, AIG.degree, Literal(degree), graph)
        for end in (short, long):
            yield Quad(node, AIG.identityOf, NamedNode(end), graph)
        for reason in reasons:
            yield Quad(node, AIG.reason, Literal(reason.reason), graph)

    def _held(self, store: Store, short: str) -> set[Quad]:
        """What the graph says of a thing as one that may be another with a longer name."""
        found: set[Quad] = set()
        for link in store.quads_for_pattern(None, AIG.identityOf, NamedNode(short), self._graph):
            ends = store.quads_for_pattern(link.subject, AIG.identityOf, None, self._graph)
            others = [q.object.value for q in ends if isinstance(q.object, NamedNode) and q.object.value != short]
            if any(link.subject == self._iris.joint("PossibleIdentity", short, other) for other in others):
                found.update(store.quads_for_pattern(link.subject, None, None, self._graph))
        return found


class _Met:
    """Which things may be called by which names, as it is kept; some are there no longer."""

    def __init__(self, store: Store, shelf: Shelf | None, *, anew: bool = False) -> None:
        self._shelf = shelf
        self._known: dict[str, set[str]] = {}
        self._changed: set[str] = set()
        self._whole = anew or shelf is None or not shelf.get([_ALL_KEPT])
        if self._whole:  # an earlier version kept nothing
            self._read_all(store)

    def _read_all(self, store: Store) -> None:
        forms: dict[str, set[str]] = defaultdict(set)
        for quad in store.quads_for_pattern(None, AIG.mentionOf, None):
            if isinstance(quad.object, NamedNode) and named(quad.object.value):
                forms[quad.object.value].update(_forms(store, quad.subject))
        for thing, found in forms.items():
            for name in meeting(thing, found):
                self._known.setdefault(name, set()).add(thing)
        self._changed = set(self._known)

    def enter(self, forms: Mapping[str, Set[str]]) -> list[str]:
        """Note the names that some things may be called by, and give those that others may be called by too."""
        names = {thing: meeting(thing, found) for thing, found in forms.items()}
        self._fetch(name for each in names.values() for name in each)
        for thing, each in names.items():
            for name in each:
                if thing not in self._known[name]:
                    self._known[name].add(thing)
                    self._changed.add(name)
        return sorted(name for name in set().union(*names.values()) if len(self._known[name]) > 1)

    def leave(self, things: Iterable[str]) -> None:
        """Note that some things are mentioned no more, as far as what has been looked at shows them."""
        gone = set(things)
        for name, met in list(self._known.items()):
            if met & gone:
                self._known[name] = met - gone
                self._changed.add(name)

    def shared(self) -> list[str]:
        """The names by which several things may be called, where all has been read."""
        return sorted(name for name, things in self._known.items() if len(things) > 1)

    def at(self, name: str) -> set[str]:
        """The things that may be called by a name."""
        self._fetch([name])
        return self._known[name]

    def keep(self) -> None:
        """Keep what has changed."""
        if self._shelf is None:
            return
        kept = {f"{_MET}{name}": json.dumps(sorted(self._known[name])) for name in self._changed if self._known[name]}
        self._shelf.put(kept | ({_ALL_KEPT: "yes"} if self._whole else {}))
        self._shelf.drop(f"{_MET}{name}" for name in self._changed if not self._known[name])

    def _fetch(self, names: Iterable[str]) -> None:
        missing = {name for name in names if name not in self._known}
        wanted = missing if self._shelf is not None and not self._whole else ()
        kept = self._shelf.get(f"{_MET}{name}" for name in wanted) if self._shelf is not None and wanted else {}
        for name in missing:
            self._known[name] = set(json.loads(kept.get(f"{_MET}{name}", "[]")))


class _Things:
    """What all articles say of things that have names in common, looked up once."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._forms: dict[str, set[str]] = {}
        self._bonds: dict[str, set[Bond]] = {}

    def mentioned(self, thing: str) -> bool:
        """Whether any article mentions a thing."""
        return next(self._mentions(thing), None) is not None

    def listed(self, thing: str) -> bool:
        """Whether the knowledge lists a thing: it tells what else that is called, and what is another."""
        return next(self._store.quads_for_pattern(None, AIG.entryFor, NamedNode(thing)), None) is not None

    def together(self, one: str, other: str) -> bool:
        """Whether an article mentions both, which are two things then."""
        fewest = sum(1 for _ in zip(self._mentions(one), self._mentions(other), strict=False))
        rarer, rest = (one, other) if len(list(islice(self._mentions(one), fewest + 1))) <= fewest else (other, one)
        graphs = {quad.graph_name for quad in self._mentions(rarer)}
        node = NamedNode(rest)
        return any(
            next(self._store.quads_for_pattern(None, AIG.mentionOf, node, graph), None) is not None for graph in graphs
        )

    def _mentions(self, thing: str) -> Iterator[Quad]:
        return self._store.quads_for_pattern(None, AIG.mentionOf, NamedNode(thing))

    def forms(self, thing: str) -> set[str]:
        """The forms in which articles name a thing."""
        if thing not in self._forms:
            found = self._mentions(thing)
            self._forms[thing] = {form for quad in found for form in _forms(self._store, quad.subject)}
        return self._forms[thing]

    def bonds_of_both(self, one: str, other: str) -> list[Evidence]:
        """What two things have in common, the strongest first."""
        rules = name_rules().bonds
        found = [(rules[bond.kind.split()[0]], bond) for bond in self._bonds_of(one) & self._bonds_of(other)]
        told = {_in_words(bond, one, other): degree for degree, bond in sorted(found, key=str)}
        return [Evidence(degree, text) for text, degree in sorted(told.items(), key=lambda each: (-each[1], each[0]))]

    def _bonds_of(self, thing: str) -> set[Bond]:
        if thing not in self._bonds:
            node = NamedNode(thing)
            findings = {
                quad.subject
                for property_ in (AIG.subject, AIG.object, AIG.holder, AIG.organization, *ROLES)
                for quad in self._store.quads_for_pattern(None, property_, node)
            }
            quads = (q for finding in findings for q in self._store.quads_for_pattern(finding, None, None))
            self._bonds[thing] = _profiles(quads).get(thing, _Profile()).bonds
        return self._bonds[thing]


def _forms(store: Store, mention: object) -> Iterator[str]:
    """The form of a mention."""
    if isinstance(mention, NamedNode):
        for quad in store.quads_for_pattern(mention, AIG.form, None):
            if isinstance(quad.object, Literal):
                yield quad.object.value


def _profiles(quads: Iterable[Quad]) -> dict[str, _Profile]:
    """What some quads tell of the things whose names are compared."""
    nodes: dict[object, dict[NamedNode, list[NamedNode | Literal]]] = defaultdict(lambda: defaultdict(list))
    for quad in quads:
        if quad.predicate in _READ and isinstance(quad.object, NamedNode | Literal):
            nodes[quad.subject][quad.predicate].append(quad.object)
    found: dict[str, _Profile] = defaultdict(_Profile)
    for node in nodes.values():
        for thing in node.get(AIG.mentionOf, ()):
            if named(thing.value):
                found[thing.value].forms.update(form.value for form in node.get(AIG.form, ()))
        if AIG.Negated not in node.get(AIG.polarity, ()) and AIG.Hypothetical not in node.get(AIG.modality, ()):
            for end, bond in _bonds(node):
                if named(end):
                    found[end].bonds.add(bond)
    return dict(found)


_READ = frozenset(
    (
        RDF.type,
        AIG.mentionOf,
        AIG.form,
        AIG.polarity,
        AIG.modality,
        AIG.subject,
        AIG.predicate,
        AIG.object,
        AIG.holder,
        AIG.organization,
        *ROLES,
    )
)


def _bonds(node: Mapping[NamedNode, list[NamedNode | Literal]]) -> Iterator[tuple[str, Bond]]:
    """What a finding tells that things have to do with each other, from either end."""
    for predicate in node.get(AIG.predicate, ()):
        if (kind := name_of(predicate.value)) in _BACK:
            for one in node.get(AIG.subject, ()):
                for other in node.get(AIG.object, ()):
                    yield one.value, Bond(kind, other.value)
                    yield other.value, Bond(_BACK[kind], one.value)
    for one in node.get(AIG.holder, ()):
        for other in node.get(AIG.organization, ()):
            yield one.value, Bond("worksFor", other.value)
            yield other.value, Bond("employs", one.value)
    kinds = [AIG.local(cls) for cls in DEALS if cls in node.get(RDF.type, ())]
    sides = [(AIG.local(role), party.value) for role in ROLES for party in node.get(role, ())]
    for kind in kinds:
        for role, party in sides:
            for _, another in sides:
                if party != another:
                    yield party, Bond(f"deal {kind} {role}", another)


_WORDS = {
    "develops": "{one} and {other} develop {it}.",
    "developedBy": "{it} develops {one} and {other}.",
    "founded": "{one} and {other} founded {it}.",
    "foundedBy": "{it} founded {one} and {other}.",
    "worksFor": "{one} and {other} work for {it}.",
    "employs": "{it} works for {one} and {other}.",
    "deal": "{one} and {other} are each {role} in a deal with {it}.",
}


def _in_words(bond: Bond, one: str, other: str) -> str:
    kind, *deal = bond.kind.split()
    names = {"one": readable(one), "other": readable(other), "it": readable(bond.other)}
    return _WORDS[kind].format(**names, role=readable(AIG[deal[-1]].value) if deal else "")
