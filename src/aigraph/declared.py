"""What the ontology declares, as far as the lowest floors need it: the names of its terms, and what lies below what.

Read from the Turtle files of `ontology/` once. `aigraph.ontology` reads the same files in full.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pyoxigraph import NamedNode, RdfFormat, parse

from aigraph import resources
from aigraph.errors import DataError

NAMESPACE = "https://w3id.org/aigraph/ontology#"

_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
_IN_SCHEME = "http://www.w3.org/2004/02/skos/core#inScheme"
_EQUIVALENT = "http://www.w3.org/2002/07/owl#equivalentClass"
_GROUPS = frozenset({"Technology"})
"""Classes that only hold others together: whatever is one of them is known to be one of those below."""


@dataclass(frozen=True, slots=True)
class Declared:
    """Names without namespace. `terms` are all but the concepts of schemes, `defined` the classes that stand for a
    union or a list, `parents` the direct superclasses of each class."""

    terms: tuple[str, ...]
    defined: frozenset[str]
    parents: dict[str, frozenset[str]]

    def is_below(self, name: str, ancestor: str) -> bool:
        """True where the class is the other one or lies below it."""
        return name == ancestor or any(self.is_below(each, ancestor) for each in self.parents.get(name, ()))

    def entity_types(self) -> tuple[str, ...]:
        """The classes that an article can name a thing as, sorted: all below aig:Entity that are no mere group."""
        apart = self.defined | _GROUPS | {"Entity"}
        return tuple(sorted(each for each in self.parents if self.is_below(each, "Entity") and each not in apart))


@cache
def declared() -> Declared:
    """What the ontology that came with aigraph declares.

    Raises:
        DataError: the ontology is missing, or a file is no valid Turtle.
    """
    terms: set[str] = set()
    concepts: set[str] = set()
    defined: set[str] = set()
    parents: dict[str, set[str]] = {}
    for file in sorted(resources.folder("ontology").glob("*.ttl")):
        for subject, predicate, value in _ours(file):
            if predicate == _RDFS + "isDefinedBy":
                terms.add(subject)
            elif predicate == _IN_SCHEME:
                concepts.add(subject)
            elif predicate == _EQUIVALENT:
                defined.add(subject)
            elif predicate == _RDFS + "subClassOf" and value is not None:
                parents.setdefault(subject, set()).add(value)
    above = {name: frozenset(found) for name, found in parents.items()}
    return Declared(tuple(sorted(terms - concepts)), frozenset(defined), above)


def _ours(file: Path) -> Iterator[tuple[str, str, str | None]]:
    """The triples about terms of ours: name, predicate, and the name of the value where that is one of ours too."""
    try:
        for quad in parse(path=file, format=RdfFormat.TURTLE):
            if (name := _name(quad.subject)) is not None:
                yield name, quad.predicate.value, _name(quad.object)
    except (SyntaxError, ValueError) as error:
        raise DataError(f"{file} is no valid Turtle: {error}") from error


def _name(term: object) -> str | None:
    if isinstance(term, NamedNode) and term.value.startswith(NAMESPACE):
        return term.value.removeprefix(NAMESPACE)
    return None
