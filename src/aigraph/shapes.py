"""The SHACL shapes: the part that follows from the ontology is generated, and each article's graph is checked.

OWL says what may be inferred, SHACL what has to be there: that a finding has a modality at all, or exactly one.
Whatever the ontology already says (cardinalities, classes of values, enumerations) is written by `generate_shapes`
into `ontology/shapes/generated.ttl`; dates, patterns and what holds between several values stand in
`shapes/written.ttl`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Triple, serialize

from aigraph import resources
from aigraph.errors import DataError
from aigraph.ontology import Ontology, load_ontology
from aigraph.records import EntityType
from aigraph.vocab import AIG, DCTERMS, OA, OWL, PROV, QUDT, RDF, RDFS, SKOS, XSD

if TYPE_CHECKING:
    import rdflib

SHAPES = "https://w3id.org/aigraph/shapes#"
SHACL = "http://www.w3.org/ns/shacl#"

_ANY_GRAPH = NamedNode("urn:aigraph:ontology")
_LISTS = {RDF.first, RDF.rest}
_SURROUNDINGS = {RDF.type, RDFS.label, RDFS.comment, SKOS.prefLabel, SKOS.altLabel, SKOS.inScheme, SKOS.broader}
_PREFIXES = {space.prefix: space.iri for space in (AIG, DCTERMS, OA, OWL, PROV, QUDT, RDF, RDFS, SKOS, XSD)}
_MENTIONED = f"""shape:Mention-mentionedAs a sh:NodeShape ;
    sh:targetClass aig:Mention ;
    sh:property [ sh:path aig:mentionedAs ; sh:minCount 1 ; sh:maxCount 1 ;
        sh:in ( {" ".join(f"aig:{each}" for each in sorted(EntityType))} aig:Metric aig:Topic ) ;
        sh:message "A mention takes the thing for one class of entities, for a metric or for a topic."@en ] .
"""

Node = NamedNode | BlankNode
Term = NamedNode | BlankNode | Literal


@dataclass(frozen=True, slots=True, order=True)
class Violation:
    """A breach of a shape in plain words.

    `node` is what breaches it, `shape` the name of the shape ("Finding-modality"), `path` the property in question,
    `value` the value that is wrong, `sentence` the sentence of the article that the node was read from. A `warning`
    marks what articles may disagree on.
    """

    node: str
    shape: str
    message: str
    path: str | None = None
    value: str | None = None
    sentence: str | None = None
    warning: bool = False

    def __str__(self) -> str:
        value = f" (got: {self.value})" if self.value else ""
        sentence = f', in the sentence "{self.sentence}"' if self.sentence else ""
        return f"{self.node}: {self.message}{value}{sentence} [{self.shape}]"


class ArticleValidator:
    """Checks the graphs of articles against the shapes; made once for any number of articles.

    Args:
        derived: the quads of the graphs of entities, facts and knowledge: what the articles' nodes point to.
        ontology: the ontology, by default the one that came with aigraph.
        folder: the folder of the ontology that holds `shapes/`.

    Raises:
        DataError: pySHACL is missing, or a file of shapes cannot be read.
    """

    def __init__(
        self, derived: Iterable[Quad] = (), *, ontology: Ontology | None = None, folder: Path | None = None
    ) -> None:
        self._about: dict[NamedNode, list[Triple]] = defaultdict(list)
        for quad in derived:
            if isinstance(quad.subject, NamedNode):
                self._about[quad.subject].append(quad.triple)
        self._ontology = [quad.triple for quad in (ontology or load_ontology()).quads(_ANY_GRAPH)]
        self._shapes = load_shapes(folder)

    def validate(self, article: Iterable[Quad | Triple]) -> tuple[Violation, ...]:
        """All breaches in the graph of one article, sorted."""
        own = [each.triple if isinstance(each, Quad) else each for each in article]
        data = _rdflib([*own, *self._surroundings(own), *self._ontology])
        _, report, _ = _pyshacl().validate(data, shacl_graph=self._shapes)
        sentences = _Sentences(own)
        return tuple(sorted({_violation(each, report, self._shapes, sentences) for each in _results(report)}, key=str))

    def _surroundings(self, own: Iterable[Triple]) -> Iterator[Triple]:
        """What the derived graphs say of the things in an article: classes, names, and relations between them."""
        things = {node for t in own for node in (t.subject, t.object) if isinstance(node, NamedNode)}
        for thing in sorted(things & self._about.keys(), key=str):
            for triple in self._about[thing]:
                if triple.predicate in _SURROUNDINGS or triple.object in things:
                    yield triple


def validate_article(
    article: Iterable[Quad | Triple], derived: Iterable[Quad] = (), *, ontology: Ontology | None = None
) -> tuple[Violation, ...]:
    """All breaches of the shapes in one article's graph; for many articles make one `ArticleValidator`."""
    return ArticleValidator(derived, ontology=ontology).validate(article)


def load_shapes(folder: Path | None = None) -> rdflib.Graph:
    """All shapes, generated and written, as a graph of rdflib.

    Raises:
        DataError: there are none, or a file is malformed.
    """
    import rdflib

    place = (folder or resources.folder("ontology")) / "shapes"
    files = sorted(place.glob("*.ttl"))
    if not files:
        raise DataError(f"There is no file of shapes in {place}; install aigraph again.")
    graph = rdflib.Graph()
    for file in files:
        try:
            graph.parse(file, format="turtle")
        except Exception as error:  # rdflib's parser has no error class of its own for all that can go wrong
            raise DataError(f"{file} is no valid Turtle: {error}") from error
    return graph


def _pyshacl() -> Any:
    try:
        import pyshacl
    except ImportError:
        raise DataError("Checking shapes needs pySHACL; install it with `pip install 'aigraph[reasoning]'`.") from None
    return pyshacl


def _rdflib(triples: Iterable[Triple]) -> rdflib.Graph:
    import rdflib

    return rdflib.Graph().parse(data=serialize(set(triples), format=RdfFormat.N_TRIPLES) or b"", format="nt")


def _results(report: Any) -> list[Any]:
    import rdflib

    return list(report.subjects(rdflib.RDF.type, rdflib.SH.ValidationResult))


def _violation(result: Any, report: Any, shapes: Any, sentences: _Sentences) -> Violation:
    import rdflib

    def one(predicate: Any) -> Any:
        return report.value(result, predicate)

    source, path, value = one(rdflib.SH.sourceShape), one(rdflib.SH.resultPath), one(rdflib.SH.value)
    while isinstance(source, rdflib.BNode):  # a nameless part of a shape goes by the name of the whole
        source = next(iter(sorted(shapes.subjects(object=source), key=str)), rdflib.URIRef(SHAPES + "unnamed"))
    node = str(one(rdflib.SH.focusNode))
    return Violation(
        node=node,
        shape=str(source).removeprefix(SHAPES),
        message=str(one(rdflib.SH.resultMessage)).split("\n")[0],
        path=str(path) if isinstance(path, rdflib.URIRef) else None,
        value=str(value) if value is not None and str(value) != node else None,
        sentence=sentences.of(NamedNode(node)) if isinstance(one(rdflib.SH.focusNode), rdflib.URIRef) else None,
        warning=one(rdflib.SH.resultSeverity) == rdflib.SH.Warning,
    )


class _Sentences:
    """Finds the sentence that a node of an article's graph was read from."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self._values: dict[tuple[Term, NamedNode], list[Term]] = defaultdict(list)
        self._users: dict[Term, list[Node]] = defaultdict(list)
        for subject, predicate, value in triples:
            self._values[subject, predicate].append(value)
            self._users[value].append(subject)

    def of(self, node: NamedNode) -> str | None:
        """The quote of the node's evidence, else of what points to the node."""
        for each in (node, *sorted(self._users[node], key=str)):
            for evidence in sorted([each, *self._values[each, AIG.evidence]], key=str):
                for selector in sorted([evidence, *self._values[evidence, OA.hasSelector]], key=str):
                    for quote in self._values[selector, OA.exact]:
                        if isinstance(quote, Literal):
                            return quote.value
        return None


# --- what follows from the ontology -------------------------------------------------------------------------


def generate_shapes(ontology: Ontology | None = None) -> str:
    """The shapes that follow from the axioms of the ontology, as Turtle: the content of `shapes/generated.ttl`."""
    return _Generator(ontology or load_ontology()).text()


@dataclass(slots=True)
class _Bounds:
    """How many values a class has under a property, and of which class in particular."""

    least: int = 0
    most: int | None = None
    only: set[NamedNode] = field(default_factory=set)


class _Generator:
    def __init__(self, ontology: Ontology) -> None:
        self._values: dict[tuple[Term, NamedNode], list[Term]] = defaultdict(list)
        for each in sorted({q.triple for q in ontology.quads(_ANY_GRAPH)}, key=str):
            if not isinstance(each.subject, Triple) and not isinstance(each.object, Triple):
                self._values[each.subject, each.predicate].append(each.object)
        self._ontology = ontology
        self._functional = self._typed(NamedNode(OWL.iri + "FunctionalProperty"))
        self._data = self._typed(OWL.DatatypeProperty)
        self._objects = self._typed(OWL.ObjectProperty)

    def text(self) -> str:
        parts = [
            "# Generated from the ontology by aigraph.shapes.generate_shapes(); do not edit. A test holds that it is",
            "# up to date and renews it: python3 run.py test tests/test_shapes.py --update-golden",
            "",
        ]
        parts += [f"@prefix {name}: <{iri}> ." for name, iri in (_PREFIXES | {"sh": SHACL, "shape": SHAPES}).items()]
        parts += ["", _MENTIONED]
        parts += [shape for cls in self._ontology.classes if (shape := self._class_shape(cls.iri))]
        parts += [self._relation_shape(each) for each in self._objects if self._links_entities(each)]
        return "\n".join(parts)

    # --- classes

    def _class_shape(self, cls: NamedNode) -> str:
        bounds = self._bounds(cls)
        if not bounds or self._below_entity(cls):
            return ""
        name = AIG.local(cls)
        lines = [f"shape:{name} a sh:NodeShape ;", f"    sh:targetClass {_name(cls)} ;", "    sh:nodeKind sh:IRI ;"]
        lines += [f"    sh:property shape:{name}-{_local(each)} ;" for each in bounds]
        parts = ["\n".join(lines)[:-1] + ".\n"]
        parts += [self._property_shape(cls, each, bound) for each, bound in bounds.items()]
        return "\n".join(parts)

    def _bounds(self, cls: NamedNode) -> dict[NamedNode, _Bounds]:
        """Of each property that a class has: its cardinality, by domain, functionality and restrictions."""
        bounds: dict[NamedNode, _Bounds] = defaultdict(_Bounds)
        for each in (*self._data, *self._objects):
            if each in AIG and cls in self._classes(each, RDFS.domain):
                bounds[each].most = 1 if each in self._functional else None
        for restriction in self._values[cls, RDFS.subClassOf]:
            for restricted in self._iris(self._values[restriction, OWL.onProperty]):
                self._restrict(bounds[restricted], restriction, restricted)
        return dict(sorted(bounds.items(), key=lambda item: item[0].value))

    def _restrict(self, bound: _Bounds, restriction: Term, predicate: NamedNode) -> None:
        def number(name: str) -> int | None:
            values = self._values[restriction, NamedNode(OWL.iri + name)]
            return int(values[0].value) if values else None

        exact = number("qualifiedCardinality")
        least = exact or number("minQualifiedCardinality")
        if self._values[restriction, NamedNode(OWL.iri + "someValuesFrom")]:
            least = 1
        bound.least = max(bound.least, least or 0)
        bound.most = exact or bound.most or (1 if predicate in self._functional else None)
        for name in ("someValuesFrom", "onClass"):
            values = self._values[restriction, NamedNode(OWL.iri + name)]
            bound.only |= {v for v in values if isinstance(v, NamedNode) and v.value != OWL.iri + "Thing"}

    def _property_shape(self, cls: NamedNode, predicate: NamedNode, bound: _Bounds) -> str:
        name = f"{AIG.local(cls)}-{_local(predicate)}"
        lines = [f"shape:{name} a sh:PropertyShape ;", f"    sh:path {_name(predicate)} ;"]
        if bound.least:
            lines.append(f"    sh:minCount {bound.least} ;")
        if bound.most is not None:
            lines.append(f"    sh:maxCount {bound.most} ;")
        ranges = bound.only if predicate not in AIG else self._classes(predicate, RDFS.range)
        lines += [f"    {each} ;" for each in self._value(predicate, ranges)]
        lines += [
            f"    sh:disjoint {_name(each)} ;"
            for each in self._values[predicate, NamedNode(OWL.iri + "propertyDisjointWith")]
            if isinstance(each, NamedNode)
        ]
        lines.append(f'    sh:message "{self._message(cls, predicate, bound, ranges)}"@en .\n')
        return "\n".join(lines)

    def _value(self, predicate: NamedNode, ranges: Iterable[NamedNode]) -> list[str]:
        """The constraints on a value, from the range of its property."""
        classes = sorted(ranges, key=str)
        if any(each.value.startswith(XSD.iri) for each in classes):
            return [f"sh:datatype {_name(classes[0])}", *(["sh:minLength 1"] if classes[0] == XSD.string else [])]
        if predicate in self._data or not classes:
            return []
        if len(classes) == 1 and (members := self._members(classes[0])):
            return ["sh:nodeKind sh:IRI", f"sh:in ( {' '.join(map(_name, members))} )"]
        return ["sh:nodeKind sh:IRI", _classes(classes)]

    def _message(self, cls: NamedNode, predicate: NamedNode, bound: _Bounds, ranges: Iterable[NamedNode]) -> str:
        """What the shape asks for, in plain words."""
        many: dict[tuple[int, int | None], str] = {
            (1, 1): "exactly one value",
            (0, 1): "at most one value",
            (1, None): "at least one value",
            (2, None): "at least two values",
            (2, 2): "exactly two values",
        }
        count = many.get((bound.least, bound.most), "values")
        classes = sorted(ranges, key=str)
        kinds = [self._label(each) for each in classes if not each.value.startswith(XSD.iri)]
        members = self._members(classes[0]) if len(classes) == 1 else []
        of = f": {', '.join(self._label(each) for each in members)}" if members else ""
        value = f" of class {' or '.join(kinds)}" if kinds and not of else ""
        return f"The property '{self._label(predicate)}' of class {self._label(cls)} has {count}{value}{of}."

    # --- relations

    def _relation_shape(self, predicate: NamedNode) -> str:
        name, label = AIG.local(predicate), self._label(predicate)
        domain, ranges = (sorted(self._classes(predicate, end), key=str) for end in (RDFS.domain, RDFS.range))
        sides = [" or ".join(self._label(each) for each in side) for side in (domain, ranges)]
        return (
            f"shape:{name}Relation a sh:NodeShape ;\n    sh:targetSubjectsOf {_name(predicate)} ;\n"
            f"    {_classes(domain)} ;\n"
            f"    sh:message \"What stands before '{label}' is of class {sides[0]}.\"@en ;\n"
            f"    sh:property shape:{name}Relation-object .\n\n"
            f"shape:{name}Relation-object a sh:PropertyShape ;\n    sh:path {_name(predicate)} ;\n"
            f"    {_classes(ranges)} ;\n"
            f"    sh:message \"What stands after '{label}' is of class {sides[1]}.\"@en .\n"
        )

    def _links_entities(self, predicate: NamedNode) -> bool:
        return predicate in AIG and all(map(self._below_entity, self._classes(predicate, RDFS.domain)))

    # --- looking up

    def _typed(self, cls: NamedNode) -> list[NamedNode]:
        found = {s for (s, p), values in self._values.items() if p == RDF.type and cls in values}
        return sorted((each for each in found if isinstance(each, NamedNode)), key=str)

    def _below_entity(self, cls: NamedNode) -> bool:
        known = {each.iri for each in self._ontology.classes}
        return cls in known and self._ontology.is_a(cls, AIG.Entity)

    def _classes(self, predicate: NamedNode, end: NamedNode) -> set[NamedNode]:
        """The classes of a domain or range: a named one, or the members of a union."""
        found: set[NamedNode] = set()
        for value in self._values[predicate, end]:
            heads = self._values[value, OWL.unionOf]
            found.update(member for head in heads for member in self._list(head))
            found.update([] if heads else self._iris([value]))
        return found - {RDFS.label, NamedNode(RDFS.iri + "Literal")}

    def _members(self, cls: NamedNode) -> list[NamedNode]:
        """The members of an enumeration, in its own order; none where the class is no enumeration."""
        for same in self._values[cls, OWL.equivalentClass]:
            for head in self._values[same, OWL.oneOf]:
                return self._list(head)
        return []

    def _list(self, head: Term) -> list[NamedNode]:
        members: list[NamedNode] = []
        while head != RDF.nil:
            members += self._iris(self._values[head, RDF.first])
            head = self._values[head, RDF.rest][0]
        return members

    def _iris(self, terms: Iterable[Term]) -> list[NamedNode]:
        return [term for term in terms if isinstance(term, NamedNode)]

    def _label(self, term: NamedNode) -> str:
        return next((v.value for v in self._values[term, RDFS.label] if isinstance(v, Literal)), _local(term))


def _classes(classes: Iterable[NamedNode]) -> str:
    names = [_name(each) for each in classes]
    if len(names) == 1:
        return f"sh:class {names[0]}"
    return f"sh:or ( {' '.join(f'[ sh:class {name} ]' for name in names)} )"


def _local(term: NamedNode) -> str:
    return term.value.rpartition("#")[2].rpartition("/")[2]


def _name(term: Term) -> str:
    """A term as a prefixed name, or in angle brackets."""
    if not isinstance(term, NamedNode):
        raise DataError("A nameless class stands where the ontology needs a named one; give it a name.")
    for name, iri in _PREFIXES.items():
        if term.value.startswith(iri):
            return f"{name}:{term.value.removeprefix(iri)}"
    return str(term)
