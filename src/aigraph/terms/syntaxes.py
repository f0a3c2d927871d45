"""The ontology in every RDF format that readers ask for."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pyoxigraph
from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    NamedNode,
    Quad,
    RdfFormat,
    Triple,
    parse,
    serialize,
)

from aigraph import resources
from aigraph.formats import JSON_LD, N_TRIPLES, RDF_XML, TURTLE, FormatTable, RdfSyntax
from aigraph.ontology import Ontology
from aigraph.terms.triples import PREFIXES, owl
from aigraph.vocab import OWL, RDF, XSD, Iris

_GRAPH = Iris().graph("ontology")

ONTOLOGY_FORMATS: FormatTable[RdfSyntax] = FormatTable("RDF", (TURTLE, RDF_XML, N_TRIPLES, JSON_LD))
"""What the ontology can be had in, the preferred format first."""


def serialize_ontology(ontology: Ontology, format: RdfSyntax) -> bytes:
    """The whole ontology in one format: the same bytes for the same files, whatever the order of their triples."""
    return _serialize([quad.triple for quad in ontology.quads(_GRAPH)], format)


def serialize_term(ontology: Ontology, iri: NamedNode, format: RdfSyntax) -> bytes:
    """What the ontology says of one term, unnamed nodes that it leads to included."""
    by_subject: dict[object, list[Triple]] = {}
    for quad in ontology.quads(_GRAPH):
        by_subject.setdefault(quad.subject, []).append(quad.triple)
    found: list[Triple] = []
    nodes: list[NamedNode | BlankNode] = [iri]
    for node in nodes:
        triples = by_subject.get(node, [])
        found += triples
        nodes += [t.object for t in triples if isinstance(t.object, BlankNode) and t.object not in nodes]
    return _serialize(found, format)


def serialize_module(iri: NamedNode, format: RdfSyntax, folder: Path | None = None) -> bytes | None:
    """One module of the ontology, by its IRI or version IRI; None where there is none of that IRI."""
    for file in sorted((folder or resources.folder("ontology")).glob("*.ttl")):
        triples = [quad.triple for quad in parse(path=file, format=RdfFormat.TURTLE)]
        headers = {t.subject for t in triples if t.predicate == RDF.type and t.object == OWL.Ontology}
        versions = {t.object for t in triples if t.predicate == owl("versionIRI")}
        if iri in headers | versions:
            return _serialize(triples, format)
    return None


def _serialize(triples: Sequence[Triple], format: RdfSyntax) -> bytes:
    """Triples in one format, their unnamed nodes with canonical names so that the bytes never change by chance."""
    dataset = Dataset(Quad(t.subject, t.predicate, t.object, _GRAPH) for t in triples)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    ordered = [quad.triple for quad in sorted(dataset, key=str)]
    if format is TURTLE:
        return _pretty(ordered)
    return serialize(ordered, format=format.engine, prefixes=dict(PREFIXES)) or b""


def _pretty(triples: Sequence[Triple]) -> bytes:
    """Turtle as people write it: unnamed nodes and lists where they are used. rdflib does that, Oxigraph does not.

    The terms are converted, not parsed anew: a parser gives unnamed nodes names by chance, which decide their order.
    """
    from rdflib import BNode, Graph, Literal, URIRef
    from rdflib.term import Node

    def converted(term: object) -> Node:
        if isinstance(term, pyoxigraph.Literal):
            datatype = None if term.language else URIRef(term.datatype.value)
            plain = datatype is None or str(datatype) == XSD.string.value
            return Literal(term.value, lang=term.language, datatype=None if plain else datatype)
        return URIRef(term.value) if isinstance(term, NamedNode) else BNode(str(term).removeprefix("_:"))

    graph = Graph(bind_namespaces="none")
    for prefix, iri in PREFIXES.items():
        graph.bind(prefix, iri)
    for triple in triples:
        graph.add((converted(triple.subject), converted(triple.predicate), converted(triple.object)))
    text: str = graph.serialize(format="turtle")
    return text.encode()
