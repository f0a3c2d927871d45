"""`/openapi.json`: what programs can ask here, as OpenAPI 3.1, made from the query files.

The schemas of parameters are those of `queries.schema_of`; names that the graph offers stand in them as examples.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence

from flask import Blueprint, Response, request

from aigraph import __version__
from aigraph.endpoint import searching
from aigraph.endpoint.negotiation import offers
from aigraph.endpoint.paging import MOST, USUAL
from aigraph.endpoint.schemas import SCHEMAS, TEXT, Json
from aigraph.endpoint.service import Service, service
from aigraph.formats import CSV, JSON, Format
from aigraph.queries import CannedQuery, Parameter, schema_of
from aigraph.search import KINDS, LONGEST, MOST_WORDS
from aigraph.sparql import query_form

blueprint = Blueprint("openapi", __name__)

_MEDIA_TYPE = "application/openapi+json;version=3.1"
_PROBLEM: Json = {
    "description": "A problem",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}
_ALWAYS = ("400", "406", "413", "422", "429", "503", "504")
"""Statuses of problems that any query may end in."""
_ABOUT = {
    "400": "A parameter is missing, unknown or ill-typed",
    "404": "There is no such thing",
    "406": "None of the formats that the client takes",
    "410": "The state of the graph that `snapshot` names is not kept any more",
    "413": "The query is too long or too deeply nested",
    "422": "The answer is too long",
    "429": "This client asks too much",
    "503": "The service has too much to do, or no graph; Retry-After says when to come again",
    "504": "The query took too long",
}


@blueprint.get("/openapi.json")
def document() -> Response:
    """The description of this service."""
    served = service()
    content = describe(served, request.script_root)
    response = Response(json.dumps(content, ensure_ascii=False, indent=1) + "\n", content_type=_MEDIA_TYPE)
    response.headers["Cache-Control"] = "no-cache"
    response.add_etag()
    response.make_conditional(request)
    return response


def describe(served: Service, root: str = "") -> Json:
    """The OpenAPI document of a service whose addresses begin with `root`."""
    paths: Json = {}
    for query in served.queries.values():
        paths[f"/queries/{query.name}"] = {"get": _canned(query, served)}
        for parameter in query.parameters:
            if parameter.choices or parameter.values:
                paths[f"/queries/{query.name}/values/{parameter.name}"] = {"get": _offered(query, parameter)}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "aigraph",
            "version": __version__,
            "summary": "News about AI hardware as a graph: who said what, how surely and in which sentence.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": root or "/"}],
        "tags": [{"name": tag} for tag in sorted({tag for query in served.queries.values() for tag in _tags(query)})],
        "paths": {
            "/queries": {"get": _list()},
            **paths,
            "/search": {"get": _search()},
            "/search/suggest": {"get": _suggest()},
            "/sparql": {"get": _sparql()},
        },
        "components": {"schemas": SCHEMAS},
    }


def _tags(query: CannedQuery) -> tuple[str, ...]:
    return query.tags[:1] or ("other",)


def _canned(query: CannedQuery, served: Service) -> Json:
    formats = offers(query_form(query.text), html=False)
    parameters = [_parameter(one, served.choices.of(query, one)) for one in query.parameters]
    if query.form == "SELECT":
        parameters += _PAGES
    return {
        "operationId": query.name,
        "summary": query.summary,
        "description": query.description,
        "tags": list(_tags(query)),
        "parameters": [*parameters, _format(formats), _SNAPSHOT],
        "responses": {"200": _answer(query.form, formats), **_problems((*_ALWAYS, "410"))},
    }


def _parameter(parameter: Parameter, choices: Sequence[str]) -> Json:
    return {
        "name": parameter.name,
        "in": "query",
        "required": parameter.required,
        "description": parameter.description,
        "schema": schema_of(parameter, choices),
    }


_PAGES: list[Json] = [
    {
        "name": "limit",
        "in": "query",
        "description": f"Rows of a page; {USUAL} where only offset is given, all rows where neither is.",
        "schema": {"type": "integer", "minimum": 1, "maximum": MOST},
    },
    {
        "name": "offset",
        "in": "query",
        "description": "Rows before the page.",
        "schema": {"type": "integer", "minimum": 0, "maximum": 10**12 - 1},
    },
]
_SNAPSHOT: Json = {
    "name": "snapshot",
    "in": "query",
    "description": "The state of the graph to ask, as a Content-Location names it.",
    "schema": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
}


def _format(formats: Iterable[Format]) -> Json:
    return {
        "name": "format",
        "in": "query",
        "description": "The format of the answer; goes before the Accept header.",
        "schema": {"type": "string", "enum": [one.name for one in formats]},
    }


def _answer(form: str, formats: Iterable[Format]) -> Json:
    schema = {"SELECT": "Rows", "ASK": "Truth"}.get(form)
    content: Json = {}
    for one in formats:
        of = {"$ref": f"#/components/schemas/{schema}"} if one is JSON and schema else TEXT
        content[one.media_type] = {"schema": of} if one is JSON or one.media_type.startswith("text/") else {}
    headers: Mapping[str, Json] = {
        "ETag": {"description": "Changes if and only if the answer may.", "schema": TEXT},
        "Content-Location": {"description": "The address of this very answer.", "schema": TEXT},
    }
    if form == "SELECT":
        headers = {
            **headers,
            "Link": {"description": "Other pages: first, prev, next, last.", "schema": TEXT},
            "X-Total-Count": {"description": "The rows of all pages.", "schema": {"type": "integer"}},
        }
    return {"description": "The answer", "headers": dict(headers), "content": content}


def _problems(statuses: Iterable[str]) -> Json:
    return {status: {**_PROBLEM, "description": _ABOUT[status]} for status in sorted(statuses)}


def _list() -> Json:
    schema = {"type": "array", "items": {"$ref": "#/components/schemas/Query"}}
    return {
        "operationId": "queries",
        "summary": "Which canned queries are there?",
        "parameters": [_named_format(("json", "csv"))],
        "responses": {
            "200": {
                "description": "All canned queries with their parameters",
                "content": {"application/json": {"schema": schema}, CSV.media_type: {"schema": TEXT}},
            },
            **_problems(("406",)),
        },
    }


def _named_format(names: Sequence[str]) -> Json:
    return {"name": "format", "in": "query", "schema": {"type": "string", "enum": list(names)}}


def _offered(query: CannedQuery, parameter: Parameter) -> Json:
    return {
        "operationId": f"{query.name}-{parameter.name}",
        "summary": f"What may be given as {parameter.name} of {query.name}?",
        "tags": list(_tags(query)),
        "parameters": [
            {
                "name": "q",
                "in": "query",
                "description": "Only what goes on from this.",
                "schema": {"type": "string", "maxLength": LONGEST},
            }
        ],
        "responses": {
            "200": {
                "description": "All values where closed, else names out of the graph",
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Offered"}}},
            },
            **_problems(("400", "429", "503")),
        },
    }


def _search() -> Json:
    return {
        "operationId": "search",
        "summary": "Which entities, claims, deals and articles have these words?",
        "description": "All words have to occur; the last may be the beginning of a longer one; misspelt ones are put "
        f"right. The first {MOST_WORDS} words count.",
        "parameters": [
            {
                "name": "q",
                "in": "query",
                "required": True,
                "schema": {"type": "string", "maxLength": LONGEST, "pattern": r"^\S"},
            },
            {
                "name": "kind",
                "in": "query",
                "description": "Only these kinds.",
                "schema": {"type": "array", "items": {"enum": [str(kind) for kind in KINDS]}},
            },
            _whole("limit", 1, searching.MOST),
            _whole("offset", 0, searching.FARTHEST),
            _named_format(("json",)),
        ],
        "responses": _found("Search"),
    }


def _suggest() -> Json:
    return {
        "operationId": "suggest",
        "summary": "What may be meant by what was typed so far?",
        "description": "For search boxes and pickers: entities with a name that goes on from it, those that most "
        "articles mention first; with kind, claims, deals and articles that have its words, too; so many of each.",
        "parameters": [
            {"name": "q", "in": "query", "schema": {"type": "string", "maxLength": LONGEST}},
            {
                "name": "kind",
                "in": "query",
                "description": "These kinds; entities where none is named.",
                "schema": {"type": "array", "items": {"enum": [str(kind) for kind in KINDS]}},
            },
            {
                "name": "type",
                "in": "query",
                "description": "Only of these classes (Company).",
                "schema": {"type": "array", "items": TEXT},
            },
            _whole("limit", 1, searching.MOST_SUGGESTED),
        ],
        "responses": _found("Suggestions"),
    }


def _whole(name: str, least: int, most: int) -> Json:
    return {"name": name, "in": "query", "schema": {"type": "integer", "minimum": least, "maximum": most}}


def _found(schema: str) -> Json:
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}
    return {
        "200": {"description": "What was found", "content": content},
        **_problems(("400", "406", "429", "503", "504")),
    }


def _sparql() -> Json:
    data = offers(None, html=False)
    description: Json = {one.media_type: {} for one in data}
    description[JSON.media_type] = {
        "schema": {"anyOf": [{"$ref": "#/components/schemas/Rows"}, {"$ref": "#/components/schemas/Truth"}]}
    }
    graphs: Json = {"type": "array", "items": {"type": "string", "format": "iri"}}
    return {
        "operationId": "sparql",
        "summary": "Any query in SPARQL 1.1; without one, the description of the service",
        "externalDocs": {"url": "https://www.w3.org/TR/sparql11-protocol/"},
        "parameters": [
            {"name": "query", "in": "query", "description": "A query in SPARQL 1.1.", "schema": TEXT},
            {"name": "default-graph-uri", "in": "query", "schema": graphs},
            {"name": "named-graph-uri", "in": "query", "schema": graphs},
            _named_format([one.name for one in data]),
            _SNAPSHOT,
        ],
        "responses": {
            "200": {"description": "The answer, or the description", "content": description},
            **_problems((*_ALWAYS, "410")),
            "403": {**_PROBLEM, "description": "SERVICE and updates are not done here"},
        },
    }
