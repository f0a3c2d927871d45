"""The graph of facts as a network, in GraphML, for Gephi, yEd, Cytoscape, networkx or igraph.

Nodes are the entities (`label`, `type`), edges the direct triples between them (`predicate`); IRIs are the ids of
nodes and an attribute of edges. Written as a stream: first the nodes, then the edges.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

from lxml import etree
from pyoxigraph import NamedNode, Quad

from aigraph.exports.content import Content
from aigraph.exports.names import Names, local
from aigraph.exports.rdf import NO_XML
from aigraph.vocab import RDF, RDFS

_SPACE = "http://graphml.graphdrawing.org/xmlns"
_NAMES: dict[str | None, str] = {None: _SPACE}
_KEYS = (
    ("label", "node", "label"),
    ("type", "node", "type"),
    ("predicate", "edge", "predicate"),
    ("iri", "edge", "iri"),
)


def write_graphml(content: Content, stream: IO[bytes]) -> None:
    """Write the entities and facts of some content as one directed GraphML graph."""
    names = Names(content.reader)
    with etree.xmlfile(stream, encoding="utf-8") as xml:
        xml.write_declaration()
        with xml.element(f"{{{_SPACE}}}graphml", nsmap=_NAMES):
            for key, domain, name in _KEYS:
                attributes = {"id": key, "for": domain, "attr.name": name, "attr.type": "string"}
                xml.write(etree.Element(f"{{{_SPACE}}}key", attributes, nsmap=_NAMES), "\n")
            with xml.element(f"{{{_SPACE}}}graph", edgedefault="directed"):
                for node, label, types in _nodes(content, names):
                    xml.write(_element("node", {"id": node}, label=label, type=types), "\n")
                for number, quad in enumerate(_edges(content)):
                    ends = {"id": f"e{number}", "source": _iri(quad.subject), "target": _iri(quad.object)}
                    predicate = quad.predicate
                    xml.write(_element("edge", ends, predicate=local(predicate), iri=predicate.value), "\n")
    stream.write(b"\n")


def _nodes(content: Content, names: Names) -> Iterator[tuple[str, str, str]]:
    """The entities, then what facts link beside them: each with its label and types."""
    entities = content.reader.iris.graph("entities")
    for graph, groups in content.sections():
        if graph != entities:
            continue
        for group in groups:
            subject = group[0].subject
            if isinstance(subject, NamedNode) and any(q.predicate in (RDF.type, RDFS.label) for q in group):
                types = [local(q.object) for q in group if q.predicate == RDF.type and isinstance(q.object, NamedNode)]
                yield subject.value, names.label(subject), " ".join(types)
    others: set[NamedNode] = set()
    for quad in _edges(content):
        for end in (quad.subject, quad.object):
            if isinstance(end, NamedNode) and not names.is_named_in(end, entities):
                others.add(end)
    for end in sorted(others, key=lambda node: node.value):
        types = [local(each) for each in names.values(end, RDF.type) if isinstance(each, NamedNode)]
        yield end.value, names.label(end), " ".join(types)


def _edges(content: Content) -> Iterator[Quad]:
    facts = content.reader.iris.graph("facts")
    for graph, groups in content.sections():
        if graph == facts:
            for group in groups:
                yield from (q for q in group if q.predicate != RDF.type and _is_named(q))


def _is_named(quad: Quad) -> bool:
    return isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode)


def _iri(term: object) -> str:
    return term.value if isinstance(term, NamedNode) else str(term)


def _element(tag: str, attributes: dict[str, str], **data: str) -> etree._Element:
    element = etree.Element(f"{{{_SPACE}}}{tag}", attributes, nsmap=_NAMES)
    for key, value in data.items():
        child = etree.SubElement(element, f"{{{_SPACE}}}data", key=key)
        child.text = NO_XML.sub(" ", value)
    return element
