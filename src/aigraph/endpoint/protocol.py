"""`/sparql`: the SPARQL 1.1 Protocol for queries, the service's description, and the page to write queries on."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request
from pyoxigraph import Literal, NamedNode, Triple, serialize

from aigraph.endpoint.answers import answer
from aigraph.endpoint.gateway import question_of
from aigraph.endpoint.negotiation import HTML, choose
from aigraph.endpoint.requests import OUTCOME, PATH, Asked, Kind
from aigraph.endpoint.service import service
from aigraph.errors import QueryForbidden
from aigraph.formats import RDF_FORMATS, RESULT_FORMATS, RdfSyntax
from aigraph.vocab import RDF, Namespace, prefixes

SD = Namespace(
    "sd",
    "http://www.w3.org/ns/sparql-service-description#",
    "Service endpoint supportedLanguage SPARQL11Query resultFormat feature UnionDefaultGraph EmptyGraphs "
    "defaultDataset Dataset defaultGraph Graph",
)
_VOID_TRIPLES = NamedNode("http://rdfs.org/ns/void#triples")
_READ_ONLY = "This graph can only be read: updates are not allowed here."

blueprint = Blueprint("protocol", __name__)


@blueprint.route(PATH, methods=["GET", "POST"])
def sparql() -> Response:
    """Answers a query with a page; without one, a browser gets the query page, a program the service description."""
    outcome: Asked | Exception = request.environ[OUTCOME]
    if isinstance(outcome, Exception):
        raise outcome
    if outcome.kind is Kind.NOTHING:
        return _no_query(outcome)
    if outcome.kind is Kind.UPDATE:
        raise QueryForbidden(_READ_ONLY)
    # Whoever writes a query in a form gets the page with its answer, and can go on there.
    return answer(question_of(outcome), named=outcome.format, page="query.html", context={"query": outcome.text})


def _no_query(asked: Asked) -> Response:
    choice = choose(request.headers.get("Accept", ""), asked.format, (*RDF_FORMATS, HTML))
    if not isinstance(choice.format, RdfSyntax):
        return Response(render_template("query.html", query="", shown=None), mimetype="text/html")
    known = prefixes(service().base) | {SD.prefix: SD.iri}
    data = serialize(description(request.base_url), format=choice.format.engine, prefixes=known) or b""
    return Response(data, content_type=choice.content_type, headers={"Vary": "Accept"})


def description(address: str) -> list[Triple]:
    """The description of this service at that address (SPARQL 1.1 Service Description)."""
    node, dataset, graph = (NamedNode(address + part) for part in ("#service", "#dataset", "#default-graph"))
    triples = [
        Triple(node, RDF.type, SD.Service),
        Triple(node, SD.endpoint, NamedNode(address)),
        Triple(node, SD.supportedLanguage, SD.SPARQL11Query),
        Triple(node, SD.feature, SD.UnionDefaultGraph),
        Triple(node, SD.defaultDataset, dataset),
        Triple(dataset, RDF.type, SD.Dataset),
        Triple(dataset, SD.defaultGraph, graph),
        Triple(graph, RDF.type, SD.Graph),
        Triple(graph, _VOID_TRIPLES, Literal(service().pool.snapshot().quads)),
    ]
    formats = sorted(one.engine.iri for one in (*RESULT_FORMATS, *RDF_FORMATS))
    return triples[:4] + [Triple(node, SD.resultFormat, NamedNode(iri)) for iri in formats] + triples[4:]
