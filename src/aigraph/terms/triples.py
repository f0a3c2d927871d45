"""Looking triples up, and the namespaces that pages about terms need beyond those of the graph."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from aigraph.vocab import RDF, prefixes

Node = NamedNode | BlankNode
Object = NamedNode | BlankNode | Literal

OWL_IRI = "http://www.w3.org/2002/07/owl#"

PREFIXES: Mapping[str, str] = MappingProxyType(
    prefixes()
    | {
        "bibo": "http://purl.org/ontology/bibo/",
        "cc": "http://creativecommons.org/ns#",
        "foaf": "http://xmlns.com/foaf/0.1/",
        "org": "http://www.w3.org/ns/org#",
        "pav": "http://purl.org/pav/",
        "sem": "http://semanticweb.cs.vu.nl/2009/11/sem/",
        "time": "http://www.w3.org/2006/time#",
        "vann": "http://purl.org/vocab/vann/",
        "wdt": "http://www.wikidata.org/prop/direct/",
    }
)
"""Prefixes for what the ontology refers to."""


def owl(name: str) -> NamedNode:
    """A term of OWL, of which the documentation names far more than the rest of the code does."""
    return NamedNode(OWL_IRI + name)


def short(iri: str) -> str:
    """An IRI with the prefix that leaves the least of it ("skos:Concept"); the IRI itself where none fits."""
    fits = [(len(space), prefix) for prefix, space in PREFIXES.items() if iri.startswith(space) and iri != space]
    if not fits:
        return iri
    length, prefix = max(fits)
    return f"{prefix}:{iri[length:]}"


class TripleIndex:
    """Triples by subject and by object; what it gives is sorted, so that pages never change by chance."""

    def __init__(self, triples: Iterable[Triple | Quad]) -> None:
        self._objects: dict[Node, dict[NamedNode, list[Object]]] = defaultdict(lambda: defaultdict(list))
        self._subjects: dict[Object, dict[NamedNode, list[Node]]] = defaultdict(lambda: defaultdict(list))
        for each in triples:
            subject, predicate, value = each.subject, each.predicate, each.object
            if isinstance(subject, Triple) or isinstance(value, Triple):
                continue  # quoted triples: the ontology is RDF 1.1
            self._objects[subject][predicate].append(value)
            self._subjects[value][predicate].append(subject)

    def objects(self, subject: Node, predicate: NamedNode) -> list[Object]:
        """The values of a property, sorted."""
        return sorted(self._objects[subject][predicate], key=str) if subject in self._objects else []

    def subjects(self, predicate: NamedNode, value: Object) -> list[Node]:
        """What has a value under a property, sorted."""
        return sorted(self._subjects[value][predicate], key=str) if value in self._subjects else []

    def predicates(self, subject: Node) -> list[NamedNode]:
        """The properties of a node that have values, sorted."""
        return sorted((p for p, values in self._objects[subject].items() if values), key=str)

    def iris(self, subject: Node, predicate: NamedNode) -> list[NamedNode]:
        """The values of a property that are IRIs, sorted."""
        return [value for value in self.objects(subject, predicate) if isinstance(value, NamedNode)]

    def texts(self, subject: Node, predicate: NamedNode) -> list[str]:
        """The texts of the literals under a property, sorted."""
        return sorted(value.value for value in self.objects(subject, predicate) if isinstance(value, Literal))

    def list(self, head: Object) -> list[Object]:
        """The members of an RDF list, in its order; broken lists end early."""
        members: list[Object] = []
        seen: set[Object] = set()
        while isinstance(head, NamedNode | BlankNode) and head != RDF.nil and head not in seen:
            seen.add(head)
            members += self.objects(head, RDF.first)[:1]
            head = next(iter(self.objects(head, RDF.rest)), RDF.nil)
        return members
