"""What published CONSTRUCT queries look at: their premises, with the axioms that these depend on filled in.

A premise is a triple pattern on a line of its own that ends with "# premise". What stands before the first premise of a
group speaks of the ontology alone: its answers are filled in here, so that a premise says which property it looks for.
This finds what a query has to be asked about; what follows from it, the query itself says.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from itertools import islice
from typing import cast

from pyoxigraph import NamedNode, Quad, QuerySolutions, Store, Triple, Variable

from aigraph.errors import DataError
from aigraph.store.fitting import (
    Bindings,
    Fitting,
    Key,
    Pattern,
    Term,
    commonness,
    filled,
    fit,
    fit_all,
    fit_node,
    given,
    key_of,
    keys_of,
)
from aigraph.vocab import RDF, prefixes

_PREMISE = re.compile(r"^[ \t]*(\S+) (\S+) (\S+) \.[ \t]*# premise$", re.MULTILINE)
_MANY = 64
"""From so many things that lead to one they are looked up one by one at first."""
_HEAD = re.compile(r"CONSTRUCT\s*\{\s*(\S+)\s+(\S+)\s+(\S+?)\s*\.?\s*\}\s*WHERE\s*\{")


@dataclass(frozen=True, slots=True)
class Instance:
    """A query with its axioms filled in: nothing but triples that fit all premises can give what fits the head."""

    query: str
    head: Pattern
    premises: tuple[Pattern, ...]

    @property
    def star(self) -> bool:
        """Whether all premises are about one node with many properties, as a finding is."""
        first, *others = self.premises
        return (
            len(others) > 1
            and isinstance(first[0], str)
            and all(each[0] == first[0] and isinstance(each[1], NamedNode) for each in self.premises)
        )

    @property
    def chains(self) -> NamedNode | None:
        """The property that it makes transitive, if it does that: two steps of it give one."""
        match self.head, self.premises:
            case (first, NamedNode() as property_, last), ((start, one, middle), (same, two, end)):
                if (start, middle, end) == (first, same, last) and one == two == property_:
                    return property_
        return None


@dataclass(frozen=True, slots=True)
class Support:
    """Quads that fit all premises of an instance, and the triple that its query may give for them."""

    query: str
    head: Triple
    quads: tuple[Quad, ...]


class Premises:
    """The instances of some queries, to be found by what they start from and by what they give.

    Raises:
        DataError: the template of a query is not one triple, or it has no premise.
    """

    def __init__(self, queries: Iterable[str], axioms: Store) -> None:
        self._by_premise: dict[Key, list[tuple[Instance, int]]] = defaultdict(list)
        self._by_head: dict[Key, list[Instance]] = defaultdict(list)
        self._entailing: dict[Key, list[Instance]] = defaultdict(list)
        self._stars: dict[Key, list[Instance]] = defaultdict(list)
        self._of_stars: set[Key] = set()
        self._chains: dict[NamedNode, Instance] = {}
        self._stating: dict[str, Instance] = {}
        self._asking: dict[Key, set[str]] = defaultdict(set)
        self._of_classes: set[str] = set()
        for instance in dict.fromkeys(each for text in queries for each in instances(text, axioms)):
            for premise in instance.premises:
                self._asking[key_of(premise)].add(instance.query)
            if _asks_for_classes(instance.query):
                self._of_classes.add(instance.query)
            if (property_ := instance.chains) and property_ not in self._chains:
                self._chains[property_] = instance
                continue
            self._by_head[key_of(instance.head)].append(instance)
            if instance.star:
                self._stating.setdefault(instance.query, instance)
                # what tells most findings apart comes first: class, status, and only then who
                ordered = tuple(sorted(instance.premises, key=lambda premise: commonness(key_of(premise))))
                self._stars[key_of(ordered[0])].append(replace(instance, premises=ordered))
                self._of_stars.update(map(key_of, instance.premises))
                continue
            self._entailing[key_of(instance.head)].append(instance)
            for index, premise in enumerate(instance.premises):
                self._by_premise[key_of(premise)].append((instance, index))
        self._read = Fitting(self._by_premise)
        self._heads = Fitting(self._entailing)
        self._said_of_stars = Fitting(self._of_stars)
        self._telling_stars = {predicate for predicate, _ in self._stars}
        self.ways = _ways([each for found in self._by_head.values() for each in found], self._chains)
        """The transitive properties, each with those whose triples are its steps: narrower ones, or itself."""
        self.narrower = _narrower(each for found in self._by_head.values() for each in found)
        """Which class puts a thing into which wider ones by itself."""
        self.classes = [key[1] for key in self._by_head if key[0] == RDF.type and isinstance(key[1], NamedNode)]
        """The classes that some query may put a thing into."""

    def following(self, triples: Iterable[Triple], store: Store) -> Iterator[Support]:
        """All supports in which any of some triples of the store takes part, some of them more than once.

        Those of transitive properties are left to `chained`, those that are all about one node to `of_node`.
        """
        own: dict[Triple, tuple[Quad, ...]] = {}
        for triple, instance, found, quads in self._followed(triples, store):
            if triple not in own:
                own[triple] = tuple(store.quads_for_pattern(triple.subject, triple.predicate, triple.object, None))
            yield Support(instance.query, filled(instance.head, found), own[triple] + quads)

    def heads(self, triples: Iterable[Triple], store: Store) -> set[Triple]:
        """What the supports that `following` finds may give."""
        return {filled(instance.head, found) for _, instance, found, _ in self._followed(triples, store)}

    def _followed(
        self, triples: Iterable[Triple], store: Store
    ) -> Iterator[tuple[Triple, Instance, Bindings, tuple[Quad, ...]]]:
        for triple in triples:
            if self._read.fit(triple):
                for key in keys_of(triple):
                    for instance, index in self._by_premise.get(key, ()):
                        bindings = fit(instance.premises[index], triple, {})
                        if bindings is not None:
                            rest = instance.premises[:index] + instance.premises[index + 1 :]
                            for found, quads in fit_all(store, rest, bindings):
                                yield triple, instance, found, quads

    def of_node(self, node: NamedNode, quads: Iterable[Quad]) -> Iterator[Support]:
        """The supports that are all about one node of which some quads say all there is."""
        said: dict[object, list[Quad]] = defaultdict(list)
        for quad in quads:
            said[quad.predicate].append(quad)
        telling = said if None in self._telling_stars else self._telling_stars & said.keys()
        keys = {key for property_ in telling for quad in said[property_] for key in keys_of(quad.triple)}
        for key in keys & self._stars.keys():
            for instance in self._stars[key]:
                for found, used in fit_node(instance.premises, {str(instance.premises[0][0]): node}, said):
                    yield Support(instance.query, filled(instance.head, found), used)

    def entailed(self, triple: Triple) -> bool:
        """Whether a triple may follow from anything else than what is said of one node."""
        return triple.predicate in self._chains or self._heads.fit(triple)

    def of_stars(self, quad: Quad) -> bool:
        """Whether a quad may take part in a support that is all about its subject."""
        return self._said_of_stars.fit(quad)

    def leads_on(self, told: Quad | Triple) -> bool:
        """Whether `following` or `chained` may find anything for what is told."""
        return self._read.fit(told) or told.predicate in self._chains

    def asking(self, triples: Iterable[Triple]) -> set[str]:
        """The queries that may give more for some triples that have come: one of these fits a premise of them."""
        found = {key for triple in triples for key in keys_of(triple) if key in self._asking}
        return {query for key in found for query in self._asking[key]}

    def stating(self, store: Store, facts: NamedNode) -> Iterator[tuple[Triple, int]]:
        """What queries about one node give, by how many nodes of all graphs but one; some triples more than once."""
        for text, instance in self._stating.items():
            names = [term for term in instance.head if isinstance(term, str)]
            asked = _counting(text, names, str(instance.premises[0][0]), facts)
            rows = cast(QuerySolutions, store.query(asked, prefixes=prefixes(), use_default_graph_as_union=True))
            for row in rows:
                values = {name: row[Variable(name[1:])] for name in names}
                yield filled(instance.head, values), int(row["number"].value)

    def chained(
        self, triples: Iterable[Triple], store: Store
    ) -> Iterator[tuple[NamedNode, NamedNode, dict[Term, NamedNode]]]:
        """What some triples of transitive properties give with one more step: property, start, and ends by a middle.

        Where many things hang together each pair has many middles: they are gone through as sets, not one by one.
        """
        steps: dict[NamedNode, dict[NamedNode, set[Term]]] = defaultdict(lambda: defaultdict(set))
        for triple in triples:
            if triple.predicate in self._chains and isinstance(triple.subject, NamedNode):
                steps[triple.predicate][triple.subject].add(triple.object)
        for property_, known in steps.items():
            found: dict[NamedNode, dict[Term, NamedNode]] = defaultdict(dict)
            for middle, ends in known.items():
                reached = dict.fromkeys(ends, middle)
                for start in _starts(store, property_, middle):
                    found[start] |= reached
            after: dict[NamedNode, dict[Term, NamedNode]] = {}
            for start, ends in known.items():
                for end in ends:
                    if isinstance(end, NamedNode):
                        if end not in after:
                            after[end] = dict.fromkeys(_ends(store, end, property_), end)
                        found[start] |= after[end]
            yield from ((property_, start, ends) for start, ends in found.items() if ends)

    def bridged(self, triples: Iterable[Triple], store: Store) -> Iterator[Support]:
        """One support in two steps for each of some triples of transitive properties that has any."""
        before: dict[tuple[NamedNode, Term], _Leading] = {}
        for triple in triples:
            start, property_, end = triple.subject, triple.predicate, triple.object
            if property_ not in self._chains or not isinstance(start, NamedNode):
                continue
            if (property_, end) not in before:
                before[property_, end] = _Leading(store, property_, end)
            if not (known := before[property_, end]).any:
                continue
            # any will do, and where many hang together the first few have one
            middle = next((each for each in _ends(store, start, property_) if known.holds(each)), None)
            if isinstance(middle, NamedNode):
                yield self.step(property_, start, middle, end, store)

    def looks_at_classes(self, query: str) -> bool:
        """Whether a query asks for a class of what is in its template, beside its premises."""
        return query in self._of_classes

    def step(self, property_: NamedNode, start: NamedNode, middle: NamedNode, end: Term, store: Store) -> Support:
        """The support of a triple of a transitive property in two steps."""
        one = store.quads_for_pattern(start, property_, middle, None)
        two = store.quads_for_pattern(middle, property_, end, None)
        return Support(self._chains[property_].query, Triple(start, property_, end), (*one, *two))

    def supporting(self, triple: Triple, store: Store, *, stars: bool = True) -> Iterator[Support]:
        """One support for each instance that may give a triple: what else a query looks at is the triple itself.

        Without `stars` none of those that are all about one node.
        What two steps of a transitive property support, `bridged` tells.
        """
        known = self._by_head if stars else self._entailing
        for key in keys_of(triple):
            for instance in known.get(key, ()):
                bindings = fit(instance.head, triple, {})
                if bindings is not None:
                    for _, quads in fit_all(store, instance.premises, bindings):
                        yield Support(instance.query, triple, quads)
                        break


def instances(text: str, axioms: Store) -> Iterator[Instance]:
    """A query for each answer to what it asks of the ontology.

    Raises:
        DataError: its template is not one triple, or it has no premise.
    """
    head = _HEAD.search(text)
    groups: dict[int, list[re.Match[str]]] = defaultdict(list)
    for match in _PREMISE.finditer(text):
        groups[_group(text, match.start())].append(match)
    if head is None or not groups:
        raise DataError(
            f"A rule for facts needs a CONSTRUCT template of one triple, and premises: {text.strip()[:200]}"
        )
    for start, matches in groups.items():
        patterns = [_pattern(match.groups()) for match in (head, *matches)]
        condition = text[start : matches[0].start()]
        names = {name for each in patterns for name in each if isinstance(name, str)}
        known = sorted(name for name in names if re.search(rf"\{name}\b", condition))
        asked = f"{text[: head.start()]} SELECT DISTINCT {' '.join(known)} WHERE {{ {condition} }}"
        for row in _rows(axioms, asked, known):
            first, *others = (given(each, row) for each in patterns)
            yield Instance(text, first, tuple(others))


def _asks_for_classes(text: str) -> bool:
    """Whether a rule asks for a class of a thing in its template otherwise than by a premise."""
    rest = _PREMISE.sub("", text[text.index("WHERE") :])
    head = _HEAD.search(text)
    return any(
        re.search(rf"\{name} (a|rdf:type)\b", rest) for name in (head.groups() if head else ()) if name[0] == "?"
    )


def _counting(text: str, names: Sequence[str], node: str, facts: NamedNode) -> str:
    """A rule whose premises are about one node, as the question how many such nodes give what."""
    first, *_, last = _PREMISE.finditer(text)
    premises = f"GRAPH ?graph {{\n{text[first.start() : last.end()]}\n}}\nFILTER(?graph != {facts})"
    inner = f"{text[: first.start()]}{premises}{text[last.end() :]}"
    known = " ".join(names)
    asked = _HEAD.sub(f"SELECT {known} (COUNT(DISTINCT {node}) AS ?number) WHERE {{", inner, count=1)
    return f"{asked}\nGROUP BY {known}"


def _rows(axioms: Store, asked: str, names: list[str]) -> Iterator[Bindings]:
    if not names:
        yield {}
        return
    for row in cast(QuerySolutions, axioms.query(asked, prefixes=prefixes(), use_default_graph_as_union=True)):
        values = {name: row[Variable(name[1:])] for name in names}
        yield {name: value for name, value in values.items() if value is not None}


def _ways(known: Iterable[Instance], transitive: Iterable[NamedNode]) -> dict[NamedNode, frozenset[NamedNode]]:
    wider: dict[NamedNode, set[NamedNode]] = defaultdict(set)
    for each in known:
        first, property_, last = each.head
        match each.premises:
            case ((start, NamedNode() as narrow, end),) if (start, end) == (first, last):
                if isinstance(property_, NamedNode):
                    wider[narrow].add(property_)
    return {each: frozenset(_all_below(each, wider) - {each}) or frozenset({each}) for each in transitive}


def _narrower(known: Iterable[Instance]) -> dict[Term, set[Term]]:
    found: dict[Term, set[Term]] = defaultdict(set)
    for each in known:
        match each.head, each.premises:
            case ((str() as thing, RDF.type, NamedNode() as wide), ((same, RDF.type, NamedNode() as narrow),)):
                if thing == same:
                    found[wide].add(narrow)
    return found


def _starts(store: Store, property_: NamedNode, end: Term) -> Iterator[NamedNode]:
    quads = store.quads_for_pattern(None, property_, end, None)
    return (quad.subject for quad in quads if isinstance(quad.subject, NamedNode))


def _ends(store: Store, start: NamedNode, property_: NamedNode) -> Iterator[Term]:
    return (quad.object for quad in store.quads_for_pattern(start, property_, None, None))


class _Leading:
    """What a transitive property leads from to an end: as a set, but where that is long only when it is asked often.

    Thousands of things are in one country, and the few that a thing is part of are quicker looked up one by one.
    """

    def __init__(self, store: Store, property_: NamedNode, end: Term) -> None:
        self._store = store
        self._pattern = property_, end
        self._left = _starts(store, property_, end)
        self._known: set[Term] = set(islice(self._left, _MANY))
        self._asked = 0
        self._complete = len(self._known) < _MANY
        self.any = bool(self._known)

    def holds(self, start: Term) -> bool:
        """Whether the property leads from something to the end."""
        self._asked += 1
        if self._asked > _MANY and not self._complete:
            self._known.update(self._left)
            self._complete = True
        if self._complete or start in self._known or not isinstance(start, NamedNode):
            return start in self._known
        return next(self._store.quads_for_pattern(start, *self._pattern, None), None) is not None


def _all_below(property_: NamedNode, wider: Mapping[NamedNode, Set[NamedNode]]) -> set[NamedNode]:
    found = {property_}
    while more := {narrow for narrow, others in wider.items() if others & found} - found:
        found |= more
    return found


def _group(text: str, place: int) -> int:
    """Where the group that a place stands in begins."""
    depth = 0
    while depth >= 0:
        place -= 1
        depth += {"}": 1, "{": -1}.get(text[place], 0)
    return place + 1


def _pattern(terms: Iterable[str]) -> Pattern:
    subject, predicate, object_ = (term if term.startswith("?") else _iri(term) for term in terms)
    return subject, predicate, object_


def _iri(name: str) -> NamedNode:
    if name == "a":
        return RDF.type
    prefix, _, local = name.partition(":")
    return NamedNode(prefixes()[prefix] + local)
