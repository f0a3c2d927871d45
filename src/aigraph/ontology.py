"""The ontology as code sees it: classes, relations with what they may link, metrics and topics.

Everything is read from the Turtle files of `ontology/`, so domains, ranges and names are said once, there.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pyoxigraph import BlankNode, CanonicalizationAlgorithm, Dataset, Literal, NamedNode, Quad, RdfFormat, Triple, parse

from aigraph import resources
from aigraph.errors import DataError
from aigraph.vocab import AIG, OWL, QUDT, RDF, RDFS, SKOS

_HASHED = ("*.ttl", "rules/*.rq", "shapes/*.ttl")

Node = NamedNode | BlankNode
Term = NamedNode | BlankNode | Literal


@dataclass(frozen=True, slots=True)
class OntologyClass:
    """A class with its name and meaning in English; `parents` are its direct superclasses of this ontology."""

    iri: NamedNode
    label: str
    definition: str
    parents: tuple[NamedNode, ...]


@dataclass(frozen=True, slots=True)
class Relation:
    """A property that a statement can have as its predicate. It links any class of `domain` to any of `range`."""

    iri: NamedNode
    label: str
    definition: str
    domain: frozenset[NamedNode]
    range: frozenset[NamedNode]
    symmetric: bool


@dataclass(frozen=True, slots=True)
class Role:
    """A part that somebody has in a deal. Any class of `range` may fill it."""

    iri: NamedNode
    definition: str
    range: frozenset[NamedNode]


@dataclass(frozen=True, slots=True)
class DealKind:
    """A kind of deal with its roles, sorted by IRI."""

    iri: NamedNode
    definition: str
    roles: tuple[Role, ...]


@dataclass(frozen=True, slots=True)
class MetricConcept:
    """A listed metric. `alternatives` are all other wordings by which it is recognised, `hidden` ones included."""

    iri: NamedNode
    label: str
    alternatives: tuple[str, ...]
    usual_unit: NamedNode | None
    broader: NamedNode | None
    hidden: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class TopicConcept:
    """A listed topic. `alternatives` are all other wordings by which it is recognised, hidden ones included."""

    iri: NamedNode
    label: str
    alternatives: tuple[str, ...]
    broader: NamedNode | None


@dataclass(frozen=True, slots=True)
class Ontology:
    """What the files of the ontology say. All tuples are sorted by IRI; `version` is a hash of the files' content."""

    classes: tuple[OntologyClass, ...]
    relations: tuple[Relation, ...]
    metrics: tuple[MetricConcept, ...]
    topics: tuple[TopicConcept, ...]
    deals: tuple[DealKind, ...]
    units: tuple[NamedNode, ...]
    version: str
    _by_class: Mapping[NamedNode, OntologyClass] = field(repr=False)
    _by_relation: Mapping[NamedNode, Relation] = field(repr=False)
    _only: tuple[_Only, ...] = field(repr=False)
    _triples: tuple[Triple, ...] = field(repr=False)

    def superclasses(self, cls: NamedNode) -> tuple[NamedNode, ...]:
        """The class itself and all classes of this ontology above it, the nearest first.

        Raises:
            DataError: there is no such class.
        """
        found = [cls]
        for each in found:
            found += [parent for parent in self._class(each).parents if parent not in found]
        return tuple(found)

    def is_a(self, cls: NamedNode, ancestor: NamedNode) -> bool:
        """True where the class is the other one or lies below it."""
        return ancestor in self.superclasses(cls)

    def relation(self, predicate: NamedNode) -> Relation | None:
        """The relation of that IRI; None where the ontology has none."""
        return self._by_relation.get(predicate)

    def allows(self, predicate: NamedNode, subject_type: NamedNode, object_type: NamedNode) -> str | None:
        """None where a thing of the first class may stand in the relation to one of the second, else why not.

        The reason is in plain words: domain, range, or that only a certain kind of thing may follow (rivals are
        of one kind).
        """
        relation = self.relation(predicate)
        if relation is None:
            return f"{AIG.local(predicate)} is no relation of the ontology"
        if not self._any(subject_type, relation.domain):
            wanted = self._names(relation.domain)
            return f"{relation.label!r} needs as its subject: {wanted}; got: {self._name(subject_type)}"
        if not self._any(object_type, relation.range):
            wanted = self._names(relation.range)
            return f"{relation.label!r} needs as its object: {wanted}; got: {self._name(object_type)}"
        for only in self._only:
            if only.property != predicate or not self.is_a(subject_type, only.cls):
                continue
            if not self.is_a(object_type, only.filler):
                kind, wanted = self._name(only.cls), self._name(only.filler)
                return f"{relation.label!r} links {kind} to {wanted} alone; got: {self._name(object_type)}"
        return None

    def quads(self, graph: NamedNode) -> tuple[Quad, ...]:
        """All triples of the ontology in a graph, sorted; blank nodes have canonical names (RDFC-1.0)."""
        dataset = Dataset(Quad(t.subject, t.predicate, t.object, graph) for t in self._triples)
        dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
        return tuple(sorted(dataset, key=str))

    def _class(self, iri: NamedNode) -> OntologyClass:
        try:
            return self._by_class[iri]
        except KeyError:
            raise DataError(f"{iri.value} is no class of the ontology; declare it in a module of ontology/.") from None

    def _any(self, cls: NamedNode, allowed: frozenset[NamedNode]) -> bool:
        return not allowed.isdisjoint(self.superclasses(cls))

    def _name(self, cls: NamedNode) -> str:
        return self._class(cls).label

    def _names(self, classes: Iterable[NamedNode]) -> str:
        return " or ".join(sorted(map(self._name, classes)))


@dataclass(frozen=True, slots=True)
class _Only:
    """An owl:allValuesFrom restriction: things of `cls` have only things of `filler` under `property`."""

    cls: NamedNode
    property: NamedNode
    filler: NamedNode


def load_ontology(folder: Path | None = None) -> Ontology:
    """Read the ontology from the Turtle files of a folder, by default those that came with aigraph.

    Raises:
        DataError: a file is missing or malformed, or a term lacks what it needs (label, definition, domain, range).
    """
    place = folder or resources.folder("ontology")
    files = sorted(place.glob("*.ttl"))
    if not files:
        raise DataError(f"There is no Turtle file in {place}; the ontology is missing.")
    triples = tuple(triple for file in files for triple in _parse(file))
    reader = _Reader(triples)
    classes = tuple(map(reader.ontology_class, reader.classes()))
    relations = tuple(map(reader.relation, reader.relations()))
    return Ontology(
        classes=classes,
        relations=relations,
        metrics=tuple(map(reader.metric, reader.instances(AIG.Metric))),
        topics=tuple(map(reader.topic, reader.instances(AIG.Topic))),
        deals=tuple(map(reader.deal, reader.below(AIG.Partnership))),
        units=reader.units(),
        version=_version(place),
        _by_class={each.iri: each for each in classes},
        _by_relation={each.iri: each for each in relations},
        _only=reader.restrictions(),
        _triples=triples,
    )


def _parse(file: Path) -> list[Triple]:
    """The triples of one file. Blank nodes get names of their own, for two files may use the same ones."""
    try:
        quads = list(parse(path=file, format=RdfFormat.TURTLE, rename_blank_nodes=True))
    except (SyntaxError, ValueError) as error:
        raise DataError(f"{file} is no valid Turtle: {error}") from error
    return [quad.triple for quad in quads]


def _version(folder: Path) -> str:
    digest = hashlib.sha256()
    for file in sorted(file for pattern in _HASHED for file in folder.glob(pattern)):
        content = file.read_bytes().replace(b"\r\n", b"\n")
        digest.update(f"{file.relative_to(folder).as_posix()}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()[:16]


class _Reader:
    """Looks triples up while the ontology is read."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self._objects: dict[tuple[Node, NamedNode], list[Term]] = defaultdict(list)
        self._subjects: dict[tuple[NamedNode, Term], list[Node]] = defaultdict(list)
        for subject, predicate, value in triples:
            self._objects[subject, predicate].append(value)
            self._subjects[predicate, value].append(subject)

    # --- what there is

    def classes(self) -> list[NamedNode]:
        return self.instances(OWL.Class)

    def instances(self, cls: NamedNode) -> list[NamedNode]:
        """The terms of this ontology that are declared to be of a class."""
        return _sorted(term for term in self._subjects[RDF.type, cls] if _is_ours(term))

    def relations(self) -> list[NamedNode]:
        """The members of aig:Relation, which lists them (owl:oneOf)."""
        lists = [head for cls in self._named(AIG.Relation, OWL.equivalentClass) for head in self._named(cls, OWL.oneOf)]
        return _sorted(member for head in lists for member in self._list(head))

    def below(self, cls: NamedNode) -> list[NamedNode]:
        """The direct subclasses of a class."""
        return _sorted(self._subjects[RDFS.subClassOf, cls])

    def units(self) -> tuple[NamedNode, ...]:
        """The units of figures, those of QUDT and those of this ontology."""
        return tuple(_sorted(self._subjects[RDF.type, QUDT.Unit]))

    def restrictions(self) -> tuple[_Only, ...]:
        found = []
        for cls in self.classes():
            for above in self._named(cls, RDFS.subClassOf):
                for filler in _sorted(self._objects[above, OWL.allValuesFrom]):
                    found += [_Only(cls, each, filler) for each in _sorted(self._objects[above, OWL.onProperty])]
        return tuple(found)

    # --- records

    def ontology_class(self, iri: NamedNode) -> OntologyClass:
        parents = _sorted(parent for parent in self._objects[iri, RDFS.subClassOf] if _is_ours(parent))
        return OntologyClass(iri, self._text(iri, RDFS.label), self._text(iri, SKOS.definition), tuple(parents))

    def relation(self, iri: NamedNode) -> Relation:
        return Relation(
            iri,
            self._text(iri, RDFS.label),
            self._text(iri, SKOS.definition),
            self._union(iri, RDFS.domain),
            self._union(iri, RDFS.range),
            OWL.SymmetricProperty in self._objects[iri, RDF.type],
        )

    def deal(self, iri: NamedNode) -> DealKind:
        roles = _sorted(self._subjects[RDFS.subPropertyOf, AIG.party])
        own = (role for role in roles if iri in self._objects[role, RDFS.domain])
        return DealKind(
            iri,
            self._text(iri, SKOS.definition),
            tuple(Role(role, self._text(role, SKOS.definition), self._union(role, RDFS.range)) for role in own),
        )

    def metric(self, iri: NamedNode) -> MetricConcept:
        unit = next(iter(_sorted(self._objects[iri, AIG.usualUnit])), None)
        hidden = frozenset(label.value for label in self._objects[iri, SKOS.hiddenLabel] if isinstance(label, Literal))
        label, others = self._text(iri, SKOS.prefLabel), self._alternatives(iri)
        return MetricConcept(iri, label, others, unit, self._broader(iri), hidden)

    def topic(self, iri: NamedNode) -> TopicConcept:
        return TopicConcept(iri, self._text(iri, SKOS.prefLabel), self._alternatives(iri), self._broader(iri))

    # --- values

    def _alternatives(self, iri: NamedNode) -> tuple[str, ...]:
        labels = [*self._objects[iri, SKOS.altLabel], *self._objects[iri, SKOS.hiddenLabel]]
        return tuple(sorted(label.value for label in labels if isinstance(label, Literal)))

    def _broader(self, iri: NamedNode) -> NamedNode | None:
        return next(iter(_sorted(self._objects[iri, SKOS.broader])), None)

    def _text(self, iri: NamedNode, predicate: NamedNode) -> str:
        values = [value.value for value in self._objects[iri, predicate] if isinstance(value, Literal)]
        if len(values) != 1:
            raise DataError(f"{iri.value} has {len(values)} values of {predicate.value} in ontology/; give it one.")
        return values[0]

    def _union(self, iri: NamedNode, predicate: NamedNode) -> frozenset[NamedNode]:
        """The classes of a domain or range: a named class, or the members of an owl:unionOf."""
        found: set[NamedNode] = set()
        for value in self._named(iri, predicate):
            members = [member for head in self._named(value, OWL.unionOf) for member in self._list(head)]
            found.update(_sorted(members or [value]))
        if not found:
            raise DataError(f"{iri.value} has no {predicate.value} in ontology/; a relation needs domain and range.")
        return frozenset(found)

    def _named(self, node: Node, predicate: NamedNode) -> list[Node]:
        return [value for value in self._objects[node, predicate] if not isinstance(value, Literal)]

    def _list(self, head: Node) -> list[Term]:
        """The members of an RDF list."""
        members: list[Term] = []
        while head != RDF.nil:
            members += self._objects[head, RDF.first]
            rest = self._named(head, RDF.rest)
            if len(rest) != 1:
                raise DataError("A list in ontology/ is broken off: each of its nodes needs one rdf:rest.")
            head = rest[0]
        return members


def _is_ours(term: Term) -> bool:
    return isinstance(term, NamedNode) and term.value.startswith(AIG.iri)


def _sorted(terms: Iterable[Term]) -> list[NamedNode]:
    """The IRIs among some terms, each once, in order."""
    return sorted({term for term in terms if isinstance(term, NamedNode)}, key=str)
