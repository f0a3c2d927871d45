"""`/sparql`: the SPARQL 1.1 Protocol for queries, the service's description, and the page to write queries on."""

from __future__ import annotations

from flask import Blueprint, Response, request
from pyoxigraph import serialize

from aigraph.endpoint import editor
from aigraph.endpoint.answers import answer
from aigraph.endpoint.description import NAMESPACES, Described, describe
from aigraph.endpoint.examples import SCHEMA, SPEX, examples
from aigraph.endpoint.gateway import question_of
from aigraph.endpoint.negotiation import HTML, Choice, choose
from aigraph.endpoint.requests import OUTCOME, PATH, Asked, Kind
from aigraph.endpoint.service import service
from aigraph.endpoint.writing import update
from aigraph.formats import RDF_FORMATS, TURTLE, RdfSyntax
from aigraph.queries import RESERVED, bind, find

_PATIENCE = 2.0  # seconds that a description waits for what is counted

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
        return update(outcome)
    # Whoever writes a query in a form gets the page with its answer, and can go on there.
    context = editor.context_of(outcome.text)
    return editor.opened(answer(question_of(outcome), named=outcome.format, page="query.html", context=context))


def _empty() -> Response:
    """The page to write queries on; with `canned=` and values for its parameters, it holds that query."""
    name = request.args.get("canned")
    if not name:
        return editor.page()
    found = find(service().queries, name)
    given = {key: value for key, value in request.args.items() if value and key not in ("canned", *RESERVED)}
    needed = {one.name: one.example for one in found.parameters if one.required}
    return editor.page(bind(found, needed | given, base=service().base), run=True)


def _no_query(asked: Asked) -> Response:
    choice = choose(request.headers.get("Accept", ""), asked.format, (*RDF_FORMATS, HTML))
    if not isinstance(choice.format, RdfSyntax):
        return _empty()
    return _described(choice)


@blueprint.get("/.well-known/void")
def well_known() -> Response:
    """The description at the address where harvesters look for it."""
    return _described(choose(request.headers.get("Accept", ""), request.args.get("format"), tuple(RDF_FORMATS)))


def _described(choice: Choice) -> Response:
    served = service()
    limits = served.limits
    what = Described(
        site=request.url_root,
        base=served.base,
        prefixes=served.pool.prefixes,
        union=served.pool.union,
        updates=served.writer is not None,
        limits={
            "seconds": served.pool.timeout,
            "queryLength": limits.query_length,
            "queryDepth": limits.query_depth,
            "queryTokens": limits.query_tokens,
            "answerBytes": served.pool.longest,
            "clientQueries": limits.client_queries,
            **({"answerRows": served.pool.most_rows} if served.pool.most_rows else {}),
        },
    )
    snapshot = served.pool.snapshot()
    triples = describe(what, snapshot, served.counting.counts(snapshot, wait=_PATIENCE))
    triples += examples(what, served.queries.values())
    known = dict(served.pool.prefixes) | {one.prefix: one.iri for one in (*NAMESPACES, SCHEMA, SPEX)}
    syntax = choice.format.engine if isinstance(choice.format, RdfSyntax) else TURTLE.engine
    data = serialize(triples, format=syntax, prefixes=known) or b""
    response = Response(data, content_type=choice.content_type, headers={"Vary": "Accept", "Cache-Control": "no-cache"})
    response.add_etag()
    response.make_conditional(request)
    return response
