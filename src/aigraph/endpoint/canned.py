"""`/queries`: the canned queries, as pages with a form and as data, page by page; and what their parameters may be."""

from __future__ import annotations

import csv
import io
import json
import shlex
from dataclasses import asdict
from urllib.parse import urlencode

from flask import Blueprint, Response, render_template, request
from werkzeug.exceptions import BadRequest, NotFound

from aigraph.endpoint import searching
from aigraph.endpoint.answers import Caller, Question, answer
from aigraph.endpoint.charts import drawn
from aigraph.endpoint.choices import MOST
from aigraph.endpoint.negotiation import HTML, choose, wants_page
from aigraph.endpoint.paging import Page
from aigraph.endpoint.requests import AS_DATA
from aigraph.endpoint.service import service
from aigraph.endpoint.tables import to_json
from aigraph.errors import ParameterError
from aigraph.formats import CSV, RDF_FORMATS, RESULT_FORMATS, Format
from aigraph.queries import RESERVED, CannedQuery, Parameter, bind, find, page_of
from aigraph.vocab import XSD

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
        tags = sorted({tag for one in queries for tag in one.tags})
        tag = request.args.get("tag", "")
        groups = [(tag, [one for one in queries if tag in one.tags])] if tag in tags else by_tag(queries)
        page = render_template("queries.html", groups=groups, tags=tags, tag=tag if tag in tags else None)
        return Response(page, mimetype="text/html", headers={"Vary": "Accept"})
    if choice.format is CSV:
        return Response(_as_csv(queries), content_type=choice.content_type, headers={"Vary": "Accept"})
    text = to_json(_as_record(query) for query in queries)
    return Response(text, content_type=choice.content_type, headers={"Vary": "Accept"})


@blueprint.get("/queries/<name>")
def query(name: str) -> Response:
    """The answer to a canned query; a browser that gives no parameters where some are needed gets the form."""
    stem, dot, suffix = name.rpartition(".")
    named: str | None
    if dot and suffix in _SUFFIXES:
        name, named = stem, suffix
    else:
        named = request.args.get("format") or request.args.get("output")
    if named not in (None, *HTML.suffixes):
        request.environ[AS_DATA] = True
    found = find(service().queries, name)
    given = {key: _single(key) for key in request.args}
    values = {key: value for key, value in given.items() if key not in RESERVED}
    as_page = named == "html" or (named is None and wants_page(request.headers.get("Accept", "")))
    if as_page and not values and any(parameter.required for parameter in found.parameters):
        return _form(found, values, None, 200)
    try:
        text = bind(found, {key: value for key, value in values.items() if value}, base=service().base)
        page = _page(found, given)
    except ParameterError as error:
        if as_page:
            return _form(found, values, str(error), 400)
        raise
    return _answer(found, given, text, page, named)


def _page(found: CannedQuery, given: dict[str, str]) -> Page | None:
    page = Page.asked(given)
    if page and found.form != "SELECT":
        raise ParameterError(f"Query {found.name!r} gives no rows, so it has no pages. Leave out limit and offset.")
    return page


def _answer(found: CannedQuery, given: dict[str, str], text: str, page: Page | None, named: str | None) -> Response:
    values = {key: value for key, value in given.items() if key not in RESERVED}
    context = _context(found, values, text) | {"draw": lambda data: drawn(found.chart, data, service().base)}
    snapshot = given.get("snapshot") or None
    if page is None:
        return answer(Question(text, snapshot=snapshot), named=named, page="canned.html", context=context)
    total = _total(text, snapshot)
    kept = {key: value for key, value in given.items() if value and key not in ("limit", "offset")}
    links = dict(page.links(request.path, kept, total))
    question = Question(page_of(text, limit=page.limit, offset=page.offset), snapshot=snapshot)
    context |= {"page": page, "links": links, "total": total}
    response = answer(question, named=named, page="canned.html", context=context)
    response.headers["Link"] = ", ".join(f'<{address}>; rel="{relation}"' for relation, address in links.items())
    if total is not None:
        response.headers["X-Total-Count"] = str(total)
    return response


def _total(text: str, snapshot: str | None) -> int | None:
    """The rows of an answer; None where there are too many to be counted."""
    caller = Caller(request.environ)
    asked = service().pool.find_snapshot(snapshot) if snapshot else service().pool.snapshot()
    if asked is None:
        return None  # answering tells that it is gone
    return service().totals.of(asked, text, caller.asker(service()), service().clients.asking(caller.address))


@blueprint.get("/queries/<name>/values/<parameter>")
def offered(name: str, parameter: str) -> Response:
    """What may be given for a parameter: all values where `closed`, else names out of the graph.

    With `q`, those that go on from what was typed, the best first, as suggestions for a field of a form.
    """
    request.environ[AS_DATA] = True
    found = find(service().queries, name)
    one = next((each for each in found.parameters if each.name == parameter.removesuffix(".json")), None)
    if one is None:
        names = ", ".join(each.name for each in found.parameters) or "none"
        raise NotFound(f"Query {name!r} has no parameter {parameter!r}. It takes: {names}.")
    values = service().choices.of(found, one)
    content = {"parameter": one.name, "closed": bool(one.values), "more": len(values) == MOST, "values": values}
    if "q" in request.args:
        suggested = searching.among(values, request.args["q"], all_known=len(values) < MOST)
        content |= {"values": [each["label"] for each in suggested], "suggestions": suggested}
    response = Response(json.dumps(content, ensure_ascii=False, indent=1) + "\n", mimetype="application/json")
    response.headers["Cache-Control"] = "no-cache"
    response.add_etag()
    response.make_conditional(request)
    return response


def _choices(found: CannedQuery) -> dict[str, tuple[str, ...]]:
    """What may be given for each parameter, for forms."""
    return {one.name: service().choices.of(found, one) for one in found.parameters}


def by_tag(queries: tuple[CannedQuery, ...]) -> list[tuple[str, list[CannedQuery]]]:
    """The queries under their first tags, both sorted."""
    groups: dict[str, list[CannedQuery]] = {}
    for one in queries:
        groups.setdefault(one.tags[0] if one.tags else "other", []).append(one)
    return sorted(groups.items())


def _form(found: CannedQuery, values: dict[str, str], error: str | None, status: int) -> Response:
    page = render_template("canned.html", error=error, shown=None, **_context(found, values, found.text))
    return Response(page, status, mimetype="text/html", headers={"Vary": "Accept"})


_FIELDS = {
    XSD.date: {"type": "date"},
    XSD.gYearMonth: {"type": "month"},
    XSD.gYear: {"type": "number", "min": "1000", "max": "9999", "step": "1"},
    XSD.integer: {"type": "number", "step": "1"},
    XSD.decimal: {"type": "number", "step": "any"},
}
"""The fields of a form by the types of parameters; others are texts."""


def _context(found: CannedQuery, values: dict[str, str], text: str) -> dict[str, object]:
    """What the page of a query needs beside its answer: the form, the query, its addresses for programs."""
    given = {name: value for name, value in values.items() if value}
    examples = {one.name: one.example for one in found.parameters if one.required}
    asked = urlencode(examples | given)
    path = f"/queries/{found.name}"
    suffix = "csv" if found.form in ("SELECT", "ASK") else "ttl"
    address = f"{request.host_url.rstrip('/')}{path}.{suffix}{f'?{asked}' if asked else ''}"
    fields = {one.name: _field(one) for one in found.parameters}
    edited = f"/sparql?{urlencode({'canned': found.name} | examples | given)}"
    context: dict[str, object] = {"canned": found, "values": values, "choices": _choices(found), "text": text}
    return context | {"fields": fields, "edited": edited, "rest": address, "curl": f"curl {shlex.quote(address)}"}


def _field(parameter: Parameter) -> dict[str, str]:
    """The attributes of the field of a parameter."""
    wanted = parameter.type.datatype
    return _FIELDS.get(wanted, {"type": "text"}) if wanted else {"type": "text"}


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
        "chart": None if query.chart is None else asdict(query.chart),
        "parameters": [
            {
                "name": parameter.name,
                "type": str(parameter.type),
                "required": parameter.required,
                "default": parameter.default,
                "description": parameter.description,
                "examples": list(parameter.examples),
                "values": list(parameter.values),
                "offered": f"{request.script_root}/queries/{query.name}/values/{parameter.name}"
                if parameter.choices
                else None,
            }
            for parameter in query.parameters
        ],
        "path": f"{request.script_root}/queries/{query.name}",
    }


def _as_csv(queries: tuple[CannedQuery, ...]) -> str:
    stream = io.StringIO()
    rows = csv.writer(stream)
    rows.writerow(("name", "summary", "parameters", "tags"))
    for query in queries:
        parameters = " ".join(one.name if one.required else f"[{one.name}]" for one in query.parameters)
        rows.writerow((query.name, query.summary, parameters, " ".join(query.tags)))
    return stream.getvalue()
