"""What things are called, for tables and networks: looked up in the store, the last ones kept in mind."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from pyoxigraph import Literal, NamedNode

from aigraph.store import Reader
from aigraph.store.reader import Term
from aigraph.vocab import RDF, RDFS, SKOS

_KEPT = 20_000
_LABELS = (RDFS.label, SKOS.prefLabel)


class Names:
    """Names and values of things of a store, each sorted."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self.label = lru_cache(_KEPT)(self._label)
        """The label of a thing; without one, the last part of its IRI."""

    def _label(self, thing: NamedNode) -> str:
        for predicate in _LABELS:
            if found := self.texts(thing, predicate):
                return found[0]
        return local(thing)

    def values(self, thing: NamedNode, predicate: NamedNode) -> list[Term]:
        """The values of a property, in order."""
        return sorted(self._reader.objects(thing, predicate), key=str)

    def is_named_in(self, thing: NamedNode, graph: NamedNode) -> bool:
        """True where the thing has a type or a label in that graph."""
        return any(self._reader.objects(thing, predicate, graph) for predicate in (RDF.type, RDFS.label))

    def texts(self, thing: NamedNode, predicate: NamedNode) -> list[str]:
        """The literals and IRIs that a property has as values, as text, in order."""
        return texts(self.values(thing, predicate))

    def first(self, thing: NamedNode, predicate: NamedNode) -> str:
        """The first of them, or nothing."""
        return next(iter(self.texts(thing, predicate)), "")

    def labels(self, things: Iterable[Term]) -> list[str]:
        """The labels of things, in order."""
        return sorted(self.label(thing) for thing in things if isinstance(thing, NamedNode))


def texts(values: Iterable[Term]) -> list[str]:
    """Values as text."""
    return [value.value for value in values if isinstance(value, NamedNode | Literal)]


def local(iri: NamedNode) -> str:
    """The last part of an IRI ("Asserted", "h100")."""
    return iri.value.rstrip("/#").rpartition("#")[2].rpartition("/")[2]
