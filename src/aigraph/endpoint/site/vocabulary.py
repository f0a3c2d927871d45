"""What the ontology says of its terms, as pages need it: labels, inverses, superproperties, classes of things."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from aigraph.ontology import Ontology
from aigraph.vocab import AIG, OWL, RDF, RDFS, SKOS

_GRAPH = NamedNode("about:ontology")
_INVERSE = NamedNode(f"{OWL.iri}inverseOf")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """`supers` gives for a property or class all those above it, `inverses` works in both directions."""

    labels: Mapping[NamedNode, str]
    definitions: Mapping[NamedNode, str]
    inverses: Mapping[NamedNode, NamedNode]
    symmetric: frozenset[NamedNode]
    supers: Mapping[NamedNode, frozenset[NamedNode]]
    roles: tuple[NamedNode, ...]
    relations: frozenset[NamedNode]

    @classmethod
    def of(cls, ontology: Ontology) -> Vocabulary:
        """What an ontology says."""
        labels: dict[NamedNode, str] = {}
        definitions: dict[NamedNode, str] = {}
        inverses: dict[NamedNode, NamedNode] = {}
        above: dict[NamedNode, set[NamedNode]] = defaultdict(set)
        symmetric = set()
        for quad in ontology.quads(_GRAPH):
            subject, name, value = quad.subject, quad.predicate, quad.object
            if not isinstance(subject, NamedNode):
                continue
            if isinstance(value, Literal) and value.language in (None, "en"):
                if name in (RDFS.label, SKOS.prefLabel):
                    labels.setdefault(subject, value.value)
                elif name == SKOS.definition:
                    definitions.setdefault(subject, value.value)
            elif isinstance(value, NamedNode):
                if name in (RDFS.subPropertyOf, RDFS.subClassOf):
                    above[subject].add(value)
                elif name == _INVERSE:
                    inverses |= {subject: value, value: subject}
                elif name == RDF.type and value == OWL.SymmetricProperty:
                    symmetric.add(subject)
        return cls(
            labels,
            definitions,
            inverses,
            frozenset(symmetric),
            {term: _closed(term, above) for term in above},
            tuple(sorted({role.iri for deal in ontology.deals for role in deal.roles}, key=str)),
            frozenset(relation.iri for relation in ontology.relations),
        )

    def label(self, term: NamedNode) -> str:
        """The label of a term, else its name in words: "ChipCount" is "chip count"."""
        if term in self.labels:
            return self.labels[term]
        name = re.split(r"[/#]", term.value.rstrip("/#"))[-1]
        words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name.replace("-", " ").replace("_", " "))
        return words.lower() if term.value.startswith(AIG.iri) else words

    def verb(self, relation: NamedNode) -> str:
        """A relation as the verb of a sentence: "develops", "is component of"."""
        label = self.label(relation)
        first, space, _ = label.partition(" ")
        return f"is {label}" if space and not first.endswith("s") else label

    def most_specific(self, terms: list[NamedNode]) -> list[NamedNode]:
        """Those of some classes or properties that stand above no other of them."""
        general = {above for term in terms for above in self.supers.get(term, ())}
        return [term for term in terms if term not in general]

    def is_a(self, term: NamedNode, other: NamedNode) -> bool:
        """True where a class or property is the other one or stands below it."""
        return term == other or other in self.supers.get(term, ())


def _closed(term: NamedNode, above: Mapping[NamedNode, set[NamedNode]]) -> frozenset[NamedNode]:
    found: set[NamedNode] = set()
    waiting = list(above.get(term, ()))
    while waiting:
        one = waiting.pop()
        if one not in found and one != term:
            found.add(one)
            waiting += above.get(one, ())
    return frozenset(found)
