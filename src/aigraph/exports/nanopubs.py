"""Each finding of the articles as a nanopublication: the smallest thing that can be cited, in TriG.

    <base>np/<code>             a np:Nanopublication, with the graphs
    <base>np/<code>#Head        which graphs it has
    <base>np/<code>#assertion   the finding with its figure; its direct triple if it is asserted and affirmed
    <base>np/<code>#provenance  the article, the sentence, the rule, the confidence
    <base>np/<code>#pubinfo     what made it: version of software, rules, model, knowledge, ontology

`<code>` is a trusty code of module RA (trustyuri.net, specification 1): the hash of the content, so whoever holds a
nanopublication can check that nobody has changed it. There is no time of making in it: the same article gives the same
nanopublications. They are not signed.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from typing import IO, Any

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Triple, serialize

from aigraph.exports.content import Content, Group
from aigraph.vocab import AIG, DCTERMS, DERIVED_GRAPHS, OA, PROV, RDF, Namespace, prefixes

NP = Namespace(
    "np",
    "http://www.nanopub.org/nschema#",
    "Nanopublication hasAssertion hasProvenance hasPublicationInfo",
)
_FINDINGS = frozenset([AIG.Claim, AIG.Partnership, AIG.Position])
_SOURCES = frozenset([AIG.evidence, AIG.extractedBy, AIG.confidence, PROV.wasDerivedFrom])
_ARTICLE = frozenset(
    [RDF.type, *(DCTERMS[name] for name in ("identifier", "title", "issued", "publisher", "creator", "source"))]
)
_VERSIONS = frozenset(
    [AIG.softwareVersion, AIG.rulesVersion, AIG.modelVersion, AIG.knowledgeVersion, AIG.ontologyVersion]
)
_BLANK = " "  # what stands for the code while it is computed; no IRI holds a blank

Row = tuple[str, str, str, object]
"""Graph, subject and predicate as text, object as a term or the text of an IRI; a blank where the code will stand."""


def write_nanopubs(content: Content, stream: IO[bytes]) -> None:
    """Write each finding of the articles of some content as a nanopublication."""
    known = prefixes(content.base) | {NP.prefix: NP.iri}
    stream.writelines(f"@prefix {name}: <{iri}> .\n".encode() for name, iri in sorted(known.items()))
    for quads in nanopubs(content):
        text = serialize(quads, format=RdfFormat.TRIG, prefixes=known) or b""
        while text.startswith(b"@prefix"):
            text = text[text.index(b"\n") + 1 :]
        stream.write(b"\n" + text.replace(b"\n\t\t", b"\n        ").replace(b"\n\t", b"\n    "))


def nanopubs(content: Content) -> Iterator[list[Quad]]:
    """The quads of each nanopublication, in order."""
    for graph, groups in content.sections():
        name = graph.value.removeprefix(f"{content.base}graph/") if not isinstance(graph, DefaultGraph) else ""
        if not name or name in DERIVED_GRAPHS or (isinstance(graph, NamedNode) and name == graph.value):
            continue
        held = {group[0].subject: group for group in groups}
        for group in held.values():
            if any(quad.predicate == RDF.type and quad.object in _FINDINGS for quad in group):
                yield _trusty(_Nanopub(content.base, held, group).rows(), f"{content.base}np/")


class _Nanopub:
    """The content of a nanopublication on one finding; `held` are the things of its article's graph."""

    def __init__(self, base: str, held: Mapping[Any, Group], finding: Group) -> None:
        self._held = held
        self._finding = finding
        self._np = f"{base}np/{_BLANK}"

    def rows(self) -> list[Row]:
        """Graph, subject, predicate and object; what is minted here as text with a blank for the code."""
        np = self._np
        head, assertion, provenance, info = (f"{np}#{name}" for name in ("Head", "assertion", "provenance", "pubinfo"))
        rows: list[Row] = [
            (head, np, RDF.type.value, NP.Nanopublication),
            (head, np, NP.hasAssertion.value, assertion),
            (head, np, NP.hasProvenance.value, provenance),
            (head, np, NP.hasPublicationInfo.value, info),
        ]
        rows += self._told(assertion)
        rows += self._sources(provenance, assertion)
        rows += self._making(info)
        return rows

    def _told(self, graph: str) -> Iterator[Row]:
        yield from _rows(graph, (q for q in self._finding if q.predicate not in _SOURCES))
        for value in self._values(AIG.quantity):
            yield from _rows(graph, self._held.get(value, ()))
        for value in self._values(AIG.claimant):  # a group without a name is described in the article's graph
            yield from _rows(graph, self._held.get(value, ()))
        parts = [self._values(predicate) for predicate in (AIG.subject, AIG.predicate, AIG.object)]
        stance = {*self._values(AIG.modality), *self._values(AIG.polarity)}
        if all(parts) and stance >= {AIG.Asserted, AIG.Affirmed}:
            subject, predicate, object_ = (part[0] for part in parts)
            yield graph, subject.value, predicate.value, object_

    def _sources(self, graph: str, assertion: str) -> Iterator[Row]:
        for quad in self._finding:
            if quad.predicate == PROV.wasDerivedFrom:
                yield graph, assertion, PROV.wasDerivedFrom.value, quad.object
            elif quad.predicate in _SOURCES:
                yield from _rows(graph, [quad])
        for evidence in self._values(AIG.evidence):
            sentence = self._held.get(evidence, [])
            yield from _rows(graph, sentence)
            for quad in sentence:
                if quad.predicate == OA.hasSelector:
                    yield from _rows(graph, self._held.get(quad.object, ()))
        for article in self._values(PROV.wasDerivedFrom):
            yield from _rows(graph, (q for q in self._held.get(article, ()) if q.predicate in _ARTICLE))

    def _making(self, graph: str) -> Iterator[Row]:
        np = self._np
        node = self._finding[0].subject
        if isinstance(node, NamedNode):
            yield graph, np, DCTERMS.source.value, node
        made = self._held.get(self._finding[0].graph_name, ())
        for activity in (q.object for q in made if q.predicate == PROV.wasGeneratedBy):
            yield graph, np, PROV.wasGeneratedBy.value, activity
            yield from _rows(graph, (q for q in self._held.get(activity, ()) if q.predicate in _VERSIONS))

    def _values(self, predicate: NamedNode) -> list[NamedNode]:
        return [q.object for q in self._finding if q.predicate == predicate and isinstance(q.object, NamedNode)]


def _rows(graph: str, quads: Iterable[Quad]) -> Iterator[Row]:
    for quad in quads:
        if isinstance(quad.subject, NamedNode):
            yield graph, quad.subject.value, quad.predicate.value, quad.object


def _trusty(rows: Iterable[Row], prefix: str) -> list[Quad]:
    """The quads with the code in place of the blank."""
    found = sorted(set(rows), key=_order)
    code = artifact_code(found)
    blank = prefix + _BLANK

    def iri(text: str) -> NamedNode:
        return NamedNode(prefix + code + text.removeprefix(blank) if text.startswith(blank) else text)

    def term(value: object) -> NamedNode | BlankNode | Literal | Triple:
        if isinstance(value, str):
            return iri(value)
        assert isinstance(value, NamedNode | BlankNode | Literal | Triple)  # noqa: S101 - rows hold nothing else
        return value

    return [Quad(iri(s), iri(p), term(o), iri(g)) for g, s, p, o in found]


def artifact_code(rows: Iterable[Row]) -> str:
    """The artifact code "RA…" of rows of graph, subject, predicate (as text) and object, sorted already.

    Each gives four lines to the text that is hashed: IRIs as they are, with a blank for the code; literals as
    "^datatype text" or "@language text", in which only the backslash and the line feed are escaped.
    """
    digest = hashlib.sha256()
    for graph, subject, predicate, object_ in rows:
        digest.update(f"{graph}\n{subject}\n{predicate}\n{_text(object_)}\n".encode())
    return "RA" + base64.urlsafe_b64encode(digest.digest()).decode().rstrip("=")


def _text(value: object) -> str:
    if isinstance(value, Literal):
        escaped = value.value.replace("\\", "\\\\").replace("\n", "\\n")
        return f"@{value.language} {escaped}" if value.language else f"^{value.datatype.value} {escaped}"
    return value.value if isinstance(value, NamedNode) else str(value)


def _order(row: Row) -> tuple[str, str, str, bool, str, bool, str]:
    """The order of the specification: by graph, subject, predicate; IRIs before literals, by label, then by type."""
    graph, subject, predicate, value = row
    if isinstance(value, Literal):
        kind = value.language or value.datatype.value
        return graph, subject, predicate, True, value.value, bool(value.language), kind
    return graph, subject, predicate, False, _text(value), False, ""
