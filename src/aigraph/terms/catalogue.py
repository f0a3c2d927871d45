"""The terms of the ontology as records: what each is called, means, is a kind of, and follows from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

from pyoxigraph import BlankNode, Literal, NamedNode

from aigraph.ontology import Ontology
from aigraph.terms.expressions import Expression, chain, expression, named_in
from aigraph.terms.triples import Node, Object, TripleIndex, owl, short
from aigraph.vocab import AIG, OWL, RDF, RDFS, SKOS, Iris


class Kind(StrEnum):
    """What a term is; the value serves as a heading."""

    CLASS = "Class"
    OBJECT_PROPERTY = "Object property"
    DATATYPE_PROPERTY = "Datatype property"
    ANNOTATION_PROPERTY = "Annotation property"
    CONCEPT = "Concept"
    SCHEME = "Concept scheme"
    INDIVIDUAL = "Individual"

    @property
    def plural(self) -> str:
        """The heading of a list of terms of this kind."""
        return f"{self}es" if self is Kind.CLASS else f"{self[:-1]}ies" if self.endswith("y") else f"{self}s"

    @property
    def is_property(self) -> bool:
        """True for properties of every kind."""
        return self in (Kind.OBJECT_PROPERTY, Kind.DATATYPE_PROPERTY, Kind.ANNOTATION_PROPERTY)


@dataclass(frozen=True, slots=True)
class Axiom:
    """What the ontology says of a term under one heading: "Subclass of", "Range", "In the range of"."""

    heading: str
    values: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Term:
    """A term of the ontology.

    `alternatives` are other names, `wordings` all by which texts mean it, `examples` what the ontology gives as such;
    `axioms` come in the order of a page.
    """

    iri: NamedNode
    kind: Kind
    label: str
    definition: str
    alternatives: tuple[str, ...]
    wordings: tuple[str, ...]
    notes: tuple[str, ...]
    examples: tuple[str, ...]
    axioms: tuple[Axiom, ...]
    deprecated: bool

    @property
    def name(self) -> str:
        """The name without namespace, "Company": what stands after the `#`."""
        return AIG.local(self.iri)

    @property
    def curie(self) -> str:
        """The name with its prefix, "aig:Company"."""
        return short(self.iri.value)


@dataclass(frozen=True, slots=True)
class Terms:
    """All terms of the ontology, sorted by kind and name, and what its headers say of it."""

    terms: tuple[Term, ...]
    metadata: tuple[tuple[str, str], ...]
    index: TripleIndex
    _by_iri: Mapping[NamedNode, Term]

    def __iter__(self) -> Iterator[Term]:
        return iter(self.terms)

    def __len__(self) -> int:
        return len(self.terms)

    def find(self, iri: NamedNode) -> Term | None:
        """The term of that IRI; None where the ontology has none."""
        return self._by_iri.get(iri)

    def named(self, name: str) -> Term | None:
        """The term of that name without namespace; None where the ontology has none."""
        return self.find(NamedNode(AIG.iri + name)) if name and not set(name) & set('<>"{}|\\^` ') else None

    def of_kind(self, kind: Kind) -> tuple[Term, ...]:
        """The terms of one kind, by name."""
        return tuple(term for term in self.terms if term.kind is kind)

    def label(self, iri: NamedNode) -> str:
        """The label of a term of ours, the short IRI of any other."""
        term = self.find(iri)
        return term.label if term else short(iri.value)


_KINDS = (
    (OWL.Class, Kind.CLASS),
    (OWL.ObjectProperty, Kind.OBJECT_PROPERTY),
    (OWL.DatatypeProperty, Kind.DATATYPE_PROPERTY),
    (owl("AnnotationProperty"), Kind.ANNOTATION_PROPERTY),
    (SKOS.Concept, Kind.CONCEPT),
    (NamedNode(SKOS.iri + "ConceptScheme"), Kind.SCHEME),
    (owl("NamedIndividual"), Kind.INDIVIDUAL),
)
_NAMED_ELSEWHERE = ("label", "prefLabel", "altLabel", "hiddenLabel", "definition", "scopeNote", "comment", "example")
_SAID = (
    (RDFS.subClassOf, "Subclass of"),
    (RDFS.subPropertyOf, "Subproperty of"),
    (OWL.equivalentClass, "Equivalent to"),
    (owl("equivalentProperty"), "Equivalent to"),
    (owl("disjointWith"), "Disjoint with"),
    (owl("propertyDisjointWith"), "Disjoint with"),
    (RDFS.domain, "Domain"),
    (RDFS.range, "Range"),
    (owl("inverseOf"), "Inverse of"),
    (SKOS.broader, "Broader"),
    (AIG.usualUnit, "Usual unit"),
    (SKOS.inScheme, "In scheme"),
)
_SAID_OF = (
    (RDFS.subClassOf, "Superclass of"),
    (RDFS.subPropertyOf, "Superproperty of"),
    (owl("inverseOf"), "Inverse of"),
    (SKOS.broader, "Narrower"),
    (SKOS.inScheme, "Concepts"),
)
_TOGETHER = ("AllDisjointClasses", "AllDisjointProperties", "AllDifferent")
_CHARACTERISTICS = (
    "Functional",
    "InverseFunctional",
    "Transitive",
    "Symmetric",
    "Asymmetric",
    "Reflexive",
    "Irreflexive",
)
_DEPRECATED = owl("deprecated")
_HEADER_ORDER = ("title", "description", "versionInfo", "versionIRI", "creator", "contributor", "license")


def read_terms(ontology: Ontology) -> Terms:
    """The terms of an ontology, ready to be shown."""
    index = TripleIndex(ontology.quads(Iris().graph("ontology")))
    found: dict[NamedNode, Term] = {}
    for cls, kind in _KINDS:
        for subject in index.subjects(RDF.type, cls):
            if isinstance(subject, NamedNode) and subject.value.startswith(AIG.iri) and subject not in found:
                found[subject] = _term(index, subject, kind)
    order = list(Kind)
    terms = tuple(sorted(found.values(), key=lambda term: (order.index(term.kind), term.name.lower(), term.name)))
    return Terms(terms, _metadata(index), index, found)


def _term(index: TripleIndex, iri: NamedNode, kind: Kind) -> Term:
    texts = partial(index.texts, iri)
    names = texts(RDFS.label) or texts(SKOS.prefLabel)
    notes = [*texts(NamedNode(SKOS.iri + "scopeNote")), *texts(NamedNode(RDFS.iri + "comment"))]
    return Term(
        iri=iri,
        kind=kind,
        label=names[0] if names else AIG.local(iri),
        definition=" ".join(texts(SKOS.definition)),
        alternatives=tuple(texts(SKOS.altLabel)),
        wordings=tuple(sorted({*texts(SKOS.prefLabel), *texts(SKOS.altLabel), *texts(SKOS.hiddenLabel)})),
        notes=tuple(notes),
        examples=tuple(texts(NamedNode(SKOS.iri + "example"))),
        axioms=tuple(_axioms(index, iri)),
        deprecated=any(text == "true" for text in texts(_DEPRECATED)),
    )


def _axioms(index: TripleIndex, iri: NamedNode) -> Iterator[Axiom]:
    """Everything that is said with or of a term, under headings; headings that would be empty are left out."""
    headings: dict[str, list[Expression]] = {}
    if types := [kind for kind in index.iris(iri, RDF.type) if kind.value.startswith(AIG.iri)]:
        headings["Instance of"] = [(kind,) for kind in types]
    characteristics = [name for name in _CHARACTERISTICS if owl(f"{name}Property") in index.iris(iri, RDF.type)]
    if characteristics:
        headings["Characteristics"] = [(name.lower(),) for name in characteristics]
    for predicate, heading in _SAID:
        headings.setdefault(heading, []).extend(expression(index, v) for v in index.objects(iri, predicate))
    headings["Follows from"] = [chain(index, v) for v in index.objects(iri, owl("propertyChainAxiom"))]
    headings["Key"] = [chain(index, v) for v in index.objects(iri, owl("hasKey"))]
    for predicate, heading in _SAID_OF:
        subjects = [s for s in index.subjects(predicate, iri) if isinstance(s, NamedNode)]
        headings.setdefault(heading, []).extend((s,) for s in subjects)
    headings["Apart from"] = [(each,) for each in _apart(index, iri)]
    headings["In the domain of"] = [(each,) for each in _naming(index, RDFS.domain, iri)]
    headings["In the range of"] = [(each,) for each in _naming(index, RDFS.range, iri)]
    headings["Members"] = [(s,) for s in index.subjects(RDF.type, iri) if isinstance(s, NamedNode)]
    for predicate in index.predicates(iri):
        if _is_annotation(predicate):
            values = [expression(index, value) for value in index.objects(iri, predicate)]
            headings.setdefault(short(predicate.value), []).extend(values)
    for heading, values in headings.items():
        if values:
            yield Axiom(heading, tuple(sorted(dict.fromkeys(values), key=_foreign)))


def _foreign(value: Expression) -> bool:
    """Whether an expression speaks of another vocabulary: such come last."""
    return any(isinstance(piece, NamedNode) and not piece.value.startswith(AIG.iri) for piece in value)


def _apart(index: TripleIndex, iri: NamedNode) -> list[NamedNode]:
    """What nothing else can be at once: the others of all lists of disjoint classes or different individuals."""
    found: set[NamedNode] = set()
    for kind in _TOGETHER:
        for node in index.subjects(RDF.type, owl(kind)):
            heads = [*index.objects(node, owl("members")), *index.objects(node, owl("distinctMembers"))]
            members = [member for head in heads for member in index.list(head)]
            if iri in members:
                found.update(member for member in members if isinstance(member, NamedNode) and member != iri)
    return sorted(found, key=str)


def _naming(index: TripleIndex, predicate: NamedNode, cls: NamedNode) -> list[NamedNode]:
    """The properties whose domain or range names a class, alone or in a union."""
    found: set[NamedNode] = set()
    for iri in _properties(index):
        if any(cls in named_in(index, value) for value in index.objects(iri, predicate)):
            found.add(iri)
    return sorted(found, key=str)


def _properties(index: TripleIndex) -> list[NamedNode]:
    kinds = [cls for cls, kind in _KINDS if kind.is_property]
    subjects: list[Node] = [subject for kind in kinds for subject in index.subjects(RDF.type, kind)]
    return [s for s in subjects if isinstance(s, NamedNode) and s.value.startswith(AIG.iri)]


def _is_annotation(predicate: NamedNode) -> bool:
    """True for properties that have no heading of their own above."""
    if predicate in {RDF.type, _DEPRECATED, owl("propertyChainAxiom"), owl("hasKey"), *(p for p, _ in _SAID)}:
        return False
    name = predicate.value.rpartition("#")[2]
    return not (predicate.value.startswith((RDFS.iri, SKOS.iri)) and name in _NAMED_ELSEWHERE)


def _metadata(index: TripleIndex) -> tuple[tuple[str, str], ...]:
    """What the header says: names of properties with their values as texts."""
    headers = [s for s in index.subjects(RDF.type, OWL.Ontology) if isinstance(s, NamedNode)]
    main = [s for s in headers if s.value == AIG.iri.removesuffix("#")] or headers[:1]
    rows = []
    for header in main:
        for predicate in index.predicates(header):
            if predicate != RDF.type:
                name = short(predicate.value)
                rows += [(name, _plain(value)) for value in index.objects(header, predicate)]

    def place(row: tuple[str, str]) -> tuple[int, str, str]:
        local = row[0].rpartition(":")[2]
        return _HEADER_ORDER.index(local) if local in _HEADER_ORDER else len(_HEADER_ORDER), *row

    return tuple(sorted(rows, key=place))


def _plain(value: Object) -> str:
    return value.value if isinstance(value, Literal | NamedNode) else "" if isinstance(value, BlankNode) else str(value)
