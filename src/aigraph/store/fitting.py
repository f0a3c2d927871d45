"""Fitting triples to the patterns of premises."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Store, Triple

from aigraph.vocab import RDF

Term = NamedNode | BlankNode | Literal | Triple
Pattern = tuple[Term | str, Term | str, Term | str]
"""A triple whose variables are strings: "?thing"."""
Bindings = Mapping[str, Term]
Key = tuple[object, object]
"""A property and an object, each of them None where any will do."""


def fit(pattern: Pattern, triple: Triple, bindings: Bindings) -> Bindings | None:
    """The bindings with those under which a pattern is a triple; None where there are none."""
    found = dict(bindings)
    for wanted, value in zip(pattern, (triple.subject, triple.predicate, triple.object), strict=True):
        if (found.setdefault(wanted, value) if isinstance(wanted, str) else wanted) != value:
            return None
    return found


def fit_node(
    premises: tuple[Pattern, ...], bindings: Bindings, said: Mapping[object, Sequence[Quad]]
) -> Iterator[tuple[Bindings, tuple[Quad, ...]]]:
    """All ways to fit premises about one node to what is said of it."""
    if not premises:
        yield bindings, ()
        return
    first, rest = premises[0], premises[1:]
    for quad in said.get(first[1], ()):
        found = fit(first, quad.triple, bindings)
        if found is not None:
            for bound, quads in fit_node(rest, found, said):
                yield bound, (quad, *quads)


def fit_all(
    store: Store, premises: tuple[Pattern, ...], bindings: Bindings
) -> Iterator[tuple[Bindings, tuple[Quad, ...]]]:
    """All ways to fit some premises.

    Next come those that are known in full, then those that most of what is known takes part in. Several such are looked
    up in turn, a quad at a time: each holds part of every answer, so the search ends with the shortest.
    """
    if not premises:
        yield bindings, ()
        return
    ranks = [_rank(premise, bindings) for premise in premises]
    best = [index for index, rank in enumerate(ranks) if rank == max(ranks)]
    streams = [(index, _looked_up(store, given(premises[index], bindings))) for index in best]
    while True:
        for index, stream in streams:
            quad = next(stream, None)
            if quad is None:
                return
            found = fit(premises[index], quad.triple, bindings)
            if found is not None:
                for bound, quads in fit_all(store, premises[:index] + premises[index + 1 :], found):
                    yield bound, (quad, *quads)


def _looked_up(store: Store, pattern: Pattern) -> Iterator[Quad]:
    subject, predicate, object_ = (None if isinstance(term, str) else term for term in pattern)
    if isinstance(subject, Literal) or (predicate is not None and not isinstance(predicate, NamedNode)):
        return iter(())  # nothing is said of a literal, or by one
    return store.quads_for_pattern(subject, predicate, object_, None)


def given(pattern: Pattern, bindings: Bindings) -> Pattern:
    """A pattern with those of its variables filled in that are bound."""
    subject, predicate, object_ = (bindings.get(term, term) if isinstance(term, str) else term for term in pattern)
    return subject, predicate, object_


def _rank(pattern: Pattern, bindings: Bindings) -> tuple[bool, int]:
    names = [term for term in pattern if isinstance(term, str)]
    known = sum(name in bindings for name in names)
    return known == len(names), known


def filled(pattern: Pattern, bindings: Bindings) -> Triple:
    """A pattern whose variables are all bound, as a triple."""
    return Triple(*given(pattern, bindings))  # type: ignore[arg-type]


def key_of(pattern: Pattern) -> Key:
    """The property and the object of a pattern; None for a variable."""
    _, predicate, object_ = (None if isinstance(term, str) else term for term in pattern)
    return predicate, object_


def commonness(key: Key) -> tuple[bool, bool]:
    """How little a premise tells nodes apart: a class does best, a property with any value worst."""
    return key[1] is None, key[0] != RDF.type


class Fitting:
    """The keys of some patterns, to tell quickly of most triples that they fit none."""

    def __init__(self, keys: Iterable[Key]) -> None:
        self._values: dict[object, set[object]] = defaultdict(set)
        for property_, value in keys:
            self._values[property_].add(value)
        self._of_any = self._values.get(None)

    def fit(self, told: Quad | Triple) -> bool:
        """Whether what is told fits any of them."""
        values = self._values.get(told.predicate)
        if values and (None in values or told.object in values):
            return True
        return self._of_any is not None and (None in self._of_any or told.object in self._of_any)


def keys_of(triple: Triple) -> list[Key]:
    """The keys of all patterns that a triple may fit."""
    return [(first, second) for first in (triple.predicate, None) for second in (triple.object, None)]
