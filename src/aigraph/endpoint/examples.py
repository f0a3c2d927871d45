"""The canned queries as examples for editors of SPARQL: SHACL executables, as the SIB's collections have them.

An editor that knows these finds them at `/.well-known/sparql-examples`, and in the description of the service.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from flask import Blueprint, Response, request
from pyoxigraph import Literal, NamedNode, Triple, serialize

from aigraph.endpoint.description import SH, Described, declarations
from aigraph.endpoint.negotiation import choose
from aigraph.endpoint.service import service
from aigraph.formats import RDF_FORMATS, TURTLE, RdfSyntax
from aigraph.queries import CannedQuery, bind
from aigraph.vocab import RDF, RDFS, Namespace

PATH = "/.well-known/sparql-examples"
SCHEMA = Namespace("schema", "https://schema.org/", "keywords target")
SPEX = Namespace("spex", "https://purl.expasy.org/sparql-examples/ontology#", "describe")
_KINDS = {
    "SELECT": (SH.SPARQLSelectExecutable, SH.select),
    "ASK": (SH.SPARQLAskExecutable, SH.ask),
    "CONSTRUCT": (SH.SPARQLConstructExecutable, SH.construct),
    "DESCRIBE": (SH.SPARQLExecutable, SPEX.describe),
}
"""The class of an example, and the property that holds its query, by the form of the query."""

blueprint = Blueprint("examples", __name__)


@blueprint.get(PATH)
def well_known() -> Response:
    """All examples, in any format for RDF."""
    served = service()
    choice = choose(request.headers.get("Accept", ""), request.args.get("format"), tuple(RDF_FORMATS))
    what = Described(request.url_root, served.base, served.pool.prefixes, union=True, updates=False, limits={})
    triples = [*declarations(what), *examples(what, served.queries.values())]
    known = dict(served.pool.prefixes) | {one.prefix: one.iri for one in (SH, SCHEMA, SPEX)}
    syntax = choice.format.engine if isinstance(choice.format, RdfSyntax) else TURTLE.engine
    data = serialize(triples, format=syntax, prefixes=known) or b""
    response = Response(data, content_type=choice.content_type, headers={"Vary": "Accept", "Cache-Control": "no-cache"})
    response.add_etag()
    response.make_conditional(request)
    return response


def examples(what: Described, queries: Iterable[CannedQuery]) -> list[Triple]:
    """The queries as executables that run as they stand: what they need is filled in from their own examples."""
    triples: list[Triple] = []
    for query in queries:
        node = NamedNode(f"{what.site.rstrip('/')}{PATH}#{query.name}")
        kind, holds = _KINDS[query.form]
        triples += [
            Triple(node, RDF.type, SH.SPARQLExecutable),
            Triple(node, RDF.type, kind),
            Triple(node, RDFS.label, Literal(query.name)),
            Triple(node, RDFS.comment, Literal(_comment(query), language="en")),
            Triple(node, SH.prefixes, what.dataset),
            Triple(node, holds, Literal(_runnable(query, what.base))),
            Triple(node, SCHEMA.target, NamedNode(what.endpoint)),
            *(Triple(node, SCHEMA.keywords, Literal(tag)) for tag in query.tags),
        ]
    return list(dict.fromkeys(triples))


@lru_cache(1000)
def _runnable(query: CannedQuery, base: str) -> str:
    """The query with what it needs filled in; remembered, as binding looks at every token."""
    return bind(query, _needed(query), base=base)


def _needed(query: CannedQuery) -> dict[str, str]:
    return {each.name: each.example for each in query.parameters if each.required}


def _comment(query: CannedQuery) -> str:
    shown = ", ".join(f"{name}: {value}" for name, value in _needed(query).items())
    return f"{query.summary} ({shown})" if shown else query.summary
