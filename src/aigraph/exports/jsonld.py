"""Content as JSON-LD: short names by a context, and what belongs to a thing inside it.

    {"@context": {…}, "@graph": [{"@id": "graph:…", "@graph": [a node, …]}, …]}

In the graph of an article, quantities, evidence and its selectors stand inside the finding that first needs them (a
frame with `@embed: @once`); later ones refer to them. Graphs of other kinds are lists of nodes: they may be larger than
memory.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import IO

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple

from aigraph.errors import FormatError
from aigraph.exports.content import Content, Graph, Group
from aigraph.ontology import load_ontology
from aigraph.vocab import AIG, DCTERMS, DERIVED_GRAPHS, OA, OWL, PROV, QUDT, RDF, RDFS, SCHEMA, SKOS, XSD, prefixes

_LINKS = (
    *(PROV.wasDerivedFrom, PROV.wasGeneratedBy, PROV.used, OA.hasSource, OA.hasSelector, QUDT.unit, SCHEMA.sameAs),
    *(SKOS.broader, SKOS.inScheme, RDFS.subClassOf, RDFS.subPropertyOf, RDFS.domain, RDFS.range),
)
_TYPED = {OA.start: XSD.integer, OA.end: XSD.integer, QUDT.numericValue: XSD.double}
_PLAIN = (
    *(RDFS.label, RDFS.comment, SKOS.prefLabel, SKOS.altLabel, SKOS.definition, OA.exact),
    *(DCTERMS.identifier, DCTERMS.title, DCTERMS.issued, DCTERMS.publisher, DCTERMS.creator, DCTERMS.language),
)
_INSIDE = frozenset([AIG.quantity, AIG.evidence, OA.hasSelector, AIG.antecedent])
_LINK = "@id"

Json = str | dict[str, "Json"] | list["Json"]
Node = dict[str, Json]


@dataclass(frozen=True)
class _Names:
    """The short names of a context: of properties with the type of their values, and of IRIs by prefix."""

    known: Mapping[str, str]
    properties: Mapping[NamedNode, tuple[str, str | None]]
    _short: dict[NamedNode, str] = field(default_factory=dict)

    def context(self) -> Node:
        """The context that says what the names mean."""
        terms: Node = {}
        for iri, (name, coerced) in self.properties.items():
            terms[name] = {"@id": self._prefixed(iri), "@type": coerced} if coerced else self._prefixed(iri)
        return {**dict(sorted(self.known.items())), **dict(sorted(terms.items()))}

    def short(self, node: NamedNode | BlankNode) -> str:
        """An IRI with its prefix, where there is one."""
        if isinstance(node, BlankNode):
            return str(node)
        found = self._short.get(node)
        if found is None:
            found = self._prefixed(node)
            if len(self._short) < 100_000:
                self._short[node] = found
        return found

    def _prefixed(self, node: NamedNode) -> str:
        value = node.value
        best = max((p for p in self.known.items() if value.startswith(p[1])), key=lambda p: len(p[1]), default=None)
        if best is not None and not value[len(best[1]) :].startswith("//"):
            return f"{best[0]}:{value[len(best[1]) :]}"
        if value.partition(":")[0] in self.known:
            raise FormatError(
                f"<{value}> begins like one of our prefixes: JSON-LD cannot hold it. Take another format."
            )
        return value


def write_jsonld(content: Content, stream: IO[bytes]) -> None:
    """Write content as one JSON-LD document.

    Raises:
        FormatError: an IRI cannot be told from a prefixed name.
    """
    names = _Names(prefixes(content.base), _properties())
    stream.write(b'{"@context": ' + _text(names.context(), indent=1) + b',\n"@graph": [')
    comma = b"\n"
    for graph, groups in content.sections():
        nodes = _nodes(graph, groups, names, content.base)
        if isinstance(graph, DefaultGraph):
            comma = _write_nodes(nodes, stream, comma)
            continue
        stream.write(comma + b'{"@id": ' + _text(names.short(graph)) + b', "@graph": [')
        _write_nodes(nodes, stream, b"\n")
        stream.write(b"\n]}")
        comma = b",\n"
    stream.write(b"\n]}\n")


def _write_nodes(nodes: Iterable[Node], stream: IO[bytes], comma: bytes) -> bytes:
    for node in nodes:
        stream.write(comma + _text(node))
        comma = b",\n"
    return comma


def _nodes(graph: Graph, groups: Iterator[Group], names: _Names, base: str) -> Iterator[Node]:
    """The nodes of a graph; in an article's, with what belongs to them inside."""
    name = graph.value.removeprefix(f"{base}graph/") if isinstance(graph, NamedNode) else ""
    if not name or name in DERIVED_GRAPHS or (isinstance(graph, NamedNode) and name == graph.value):
        for group in groups:
            yield _node(group, names)
        return
    held = {group[0].subject: group for group in groups}
    inside = {quad.object for group in held.values() for quad in group if quad.predicate in _INSIDE}
    placed: set[object] = set()

    def framed(group: Group) -> Node:
        placed.add(group[0].subject)
        return _node(group, names, embed)

    def embed(quad: Quad) -> Node | None:
        value = quad.object
        if quad.predicate not in _INSIDE or value in placed or not isinstance(value, NamedNode | BlankNode):
            return None
        return framed(held[value]) if value in held else None

    for subject, group in held.items():
        if subject not in inside:
            yield framed(group)
    for subject, group in held.items():  # what only points at itself, and so stands inside nothing
        if subject not in placed:
            yield framed(group)


def _node(group: Group, names: _Names, embed: object = None) -> Node:
    """A subject with its properties, in their order."""
    subject = group[0].subject
    if isinstance(subject, Triple):
        raise FormatError("JSON-LD cannot hold triples about triples. Choose another format, or another profile.")
    node: Node = {"@id": names.short(subject)}
    for quad in group:
        inner = embed(quad) if callable(embed) else None
        key, value = _pair(quad, names)
        value = inner or value
        held = node.get(key)
        if held is None:
            node[key] = value
        elif isinstance(held, list):
            held.append(value)
        else:
            node[key] = [held, value]
    return node


def _pair(quad: Quad, names: _Names) -> tuple[str, Json]:
    """The name of a property and its value, as short as the context allows."""
    value = quad.object
    if isinstance(value, Triple):
        raise FormatError("JSON-LD cannot hold triples about triples. Choose another format, or another profile.")
    if quad.predicate == RDF.type and not isinstance(value, Literal):
        return "@type", names.short(value)
    name, coerced = names.properties.get(quad.predicate, (names.short(quad.predicate), None))
    if not isinstance(value, Literal):
        short = names.short(value)
        return name, short if coerced == _LINK else {"@id": short}
    if value.language:
        return name, {"@value": value.value, "@language": value.language}
    datatype = names.short(value.datatype)
    if coerced == datatype or (coerced is None and value.datatype == XSD.string):
        return name, value.value
    return name, {"@value": value.value, "@type": datatype}


@cache
def _properties() -> dict[NamedNode, tuple[str, str | None]]:
    """The properties that have a name of their own: those of the ontology, and what we take from other vocabularies."""
    scratch = NamedNode("urn:x-aigraph:ontology")
    triples = [quad.triple for quad in load_ontology().quads(scratch)]
    ranges = {t.subject: t.object for t in triples if t.predicate == RDFS.range and isinstance(t.object, NamedNode)}
    found: dict[NamedNode, tuple[str, str | None]] = {}
    for triple in triples:
        subject = triple.subject
        if triple.predicate != RDF.type or not isinstance(subject, NamedNode) or subject not in AIG:
            continue
        if triple.object == OWL.ObjectProperty:
            found[subject] = (AIG.local(subject), _LINK)
        elif triple.object == OWL.DatatypeProperty:
            found[subject] = (AIG.local(subject), _coerced(ranges.get(subject)))
    for property_ in _LINKS:
        found[property_] = (_local(property_), _LINK)
    for property_, datatype in _TYPED.items():
        found[property_] = (_local(property_), f"xsd:{XSD.local(datatype)}")
    for property_ in _PLAIN:
        found[property_] = (_local(property_), None)
    names = [name for name, _ in found.values()] + list(prefixes())  # a name that is a prefix too means the prefix
    return {iri: pair for iri, pair in found.items() if names.count(pair[0]) == 1}


def _coerced(datatype: NamedNode | None) -> str | None:
    if datatype is None or not datatype.value.startswith(XSD.iri) or datatype == XSD.string:
        return None
    return f"xsd:{XSD.local(datatype)}"


def _local(iri: NamedNode) -> str:
    return iri.value.rpartition("#")[2].rpartition("/")[2]


def _text(value: Json, *, indent: int | None = None) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=indent).encode()
