"""`/sparql`: the SPARQL 1.1 Protocol for queries, the service's description, and the page to write queries on."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request
from pyoxigraph import Literal, NamedNode, Triple, serialize
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from aigraph.endpoint.answers import Question, answer
from aigraph.endpoint.negotiation import HTML, choose
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


@blueprint.route("/sparql", methods=["GET", "POST"])
def sparql() -> Response:
    """Answers a query; without one, a browser gets the query page, a program the service description."""
    if request.method == "POST" and request.mimetype == "application/sparql-query":
        text: str | None = _decoded(request.get_data())
    elif request.method == "POST" and request.mimetype == "application/sparql-update":
        raise QueryForbidden(_READ_ONLY)
    elif request.method == "POST" and request.mimetype != "application/x-www-form-urlencoded":
        raise UnsupportedMediaType(
            "Send a query as application/sparql-query, or as the field query of application/x-www-form-urlencoded."
        )
    else:
        text = _single("query")
    if "update" in request.values:
        raise QueryForbidden(_READ_ONLY)
    if text is None:
        if request.method == "POST":
            raise BadRequest("The field query is missing.")
        return _no_query()
    question = Question(text, _graphs("default-graph-uri"), _graphs("named-graph-uri"))
    # Whoever writes a query in a form gets the page with its answer, and can go on there.
    return answer(question, named=_single("format"), page="query.html", context={"query": text})


def _no_query() -> Response:
    choice = choose(request.headers.get("Accept", ""), _single("format"), (*RDF_FORMATS, HTML))
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


def _single(name: str) -> str | None:
    """The value of a parameter that may be given once."""
    values = request.values.getlist(name)
    if len(values) > 1:
        raise BadRequest(f"The parameter {name} was given {len(values)} times. Give it once.")
    return values[0] if values else None


def _graphs(name: str) -> list[NamedNode]:
    """The graphs that a parameter names."""
    graphs = []
    for value in request.values.getlist(name):
        try:
            graphs.append(NamedNode(value))
        except ValueError:
            raise BadRequest(f"The parameter {name} is {value!r}, which is no IRI.") from None
    return graphs


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise BadRequest("The query is not encoded in UTF-8.") from None
