"""`/queries`: the canned queries, as pages with a form and as data."""

from __future__ import annotations

import csv
import io

from flask import Blueprint, Response, render_template, request
from werkzeug.exceptions import BadRequest

from aigraph.endpoint.answers import Question, answer
from aigraph.endpoint.negotiation import HTML, choose, wants_page
from aigraph.endpoint.service import service
from aigraph.endpoint.tables import to_json
from aigraph.errors import ParameterError
from aigraph.formats import CSV, RDF_FORMATS, RESULT_FORMATS, Format
from aigraph.queries import CannedQuery, bind, find

_JSON = Format("json", "JSON", ("application/json",), ("json",))
_SUFFIXES = frozenset(suffix for one in (*RESULT_FORMATS, *RDF_FORMATS, HTML) for suffix in one.suffixes)

blueprint = Blueprint("canned", __name__)


@blueprint.get("/queries")
@blueprint.get("/queries.<suffix>")
def index(suffix: str | None = None) -> Response:
    """All canned queries with their parameters."""
    queries = tuple(service().queries.values())
    choice = choose(request.headers.get("Accept", ""), suffix or request.args.get("format"), (_JSON, CSV, HTML))
    if choice.html:
        return Response(render_template("queries.html", groups=by_tag(queries)), mimetype="text/html")
    if choice.format is CSV:
        return Response(_as_csv(queries), content_type=choice.content_type, headers={"Vary": "Accept"})
    text = to_json(_as_record(query) for query in queries)
    return Response(text, content_type=choice.content_type, headers={"Vary": "Accept"})


@blueprint.get("/queries/<name>")
def query(name: str) -> Response:
    """The answer to a canned query; a browser that gives no parameters where some are needed gets the form."""
    stem, dot, suffix = name.rpartition(".")
    if dot and suffix in _SUFFIXES:
        name, named = stem, suffix
    else:
        named = None
    found = find(service().queries, name)
    values = {key: _single(key) for key in request.args}
    if named is None and "format" not in {parameter.name for parameter in found.parameters}:
        named = values.pop("format", None)
    page = named == "html" or (named is None and wants_page(request.headers.get("Accept", "")))
    context = {"canned": found, "values": values}
    if page and not values and any(parameter.required for parameter in found.parameters):
        return _form(found, values, None, 200)
    try:
        text = bind(found, {key: value for key, value in values.items() if value}, base=service().base)
    except ParameterError as error:
        if page:
            return _form(found, values, str(error), 400)
        raise
    return answer(Question(text), named=named, page="canned.html", context={**context, "text": text})


def by_tag(queries: tuple[CannedQuery, ...]) -> list[tuple[str, list[CannedQuery]]]:
    """The queries under their first tags, both sorted."""
    groups: dict[str, list[CannedQuery]] = {}
    for one in queries:
        groups.setdefault(one.tags[0] if one.tags else "other", []).append(one)
    return sorted(groups.items())


def _form(found: CannedQuery, values: dict[str, str], error: str | None, status: int) -> Response:
    page = render_template("canned.html", canned=found, values=values, error=error, shown=None, text=found.text)
    return Response(page, status, mimetype="text/html", headers={"Vary": "Accept"})


def _single(name: str) -> str:
    values = request.args.getlist(name)
    if len(values) > 1:
        raise BadRequest(f"The parameter {name} was given {len(values)} times. Give it once.")
    return values[0]


def _as_record(query: CannedQuery) -> dict[str, object]:
    return {
        "name": query.name,
        "summary": query.summary,
        "description": query.description,
        "tags": list(query.tags),
        "form": query.form,
        "parameters": [
            {
                "name": parameter.name,
                "type": str(parameter.type),
                "required": parameter.required,
                "default": parameter.default,
                "description": parameter.description,
                "examples": list(parameter.examples),
            }
            for parameter in query.parameters
        ],
        "path": f"/queries/{query.name}",
    }


def _as_csv(queries: tuple[CannedQuery, ...]) -> str:
    stream = io.StringIO()
    rows = csv.writer(stream)
    rows.writerow(("name", "summary", "parameters", "tags"))
    for query in queries:
        parameters = " ".join(one.name if one.required else f"[{one.name}]" for one in query.parameters)
        rows.writerow((query.name, query.summary, parameters, " ".join(query.tags)))
    return stream.getvalue()
