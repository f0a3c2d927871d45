"""What a client is told when something is wrong: one status per kind of error, in the form that it can read.

Every problem has a `type` that stays the same over versions; `/problems` tells what each means and what to do.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from http import HTTPStatus

from flask import Blueprint, Response, current_app, render_template, request
from werkzeug.exceptions import HTTPException

from aigraph.endpoint import editor
from aigraph.endpoint.negotiation import wants_page
from aigraph.endpoint.requests import AS_DATA, PATH, TEXT
from aigraph.errors import (
    AigraphError,
    AnswerTooLarge,
    FormatError,
    LimitExceeded,
    ParameterError,
    QueryBusy,
    QueryFailed,
    QueryForbidden,
    QuerySyntaxError,
    QueryTimeout,
    QueryTooLarge,
    StoreError,
    TooManyQueries,
    UnknownFunction,
    UnknownQuery,
)

TYPES = "https://w3id.org/aigraph/problem/"
"""What the IRIs of all types of problems begin with."""

blueprint = Blueprint("problems", __name__)


@dataclass(frozen=True, slots=True)
class Problem:
    """A kind of problem: the last part of its type, its status, what it is called and what to do about it."""

    name: str
    status: HTTPStatus
    title: str
    advice: str


_OF_ERRORS: tuple[tuple[type[AigraphError], Problem], ...] = (
    (
        QuerySyntaxError,
        Problem(
            "malformed-query",
            HTTPStatus.BAD_REQUEST,
            "The query is malformed",
            "The members line and column say where reading stopped; both count from 1.",
        ),
    ),
    (
        UnknownFunction,
        Problem(
            "unknown-function",
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "The query calls a function that there is not",
            "The query is well formed, but this service has the functions of SPARQL alone. Leave the call out.",
        ),
    ),
    (
        ParameterError,
        Problem(
            "parameter",
            HTTPStatus.BAD_REQUEST,
            "A parameter does not fit",
            "The detail names the parameter and what it should be.",
        ),
    ),
    (
        QueryForbidden,
        Problem(
            "forbidden",
            HTTPStatus.FORBIDDEN,
            "This is not done here",
            "Leave out SERVICE; send updates only where the service description offers them.",
        ),
    ),
    (
        UnknownQuery,
        Problem(
            "unknown-query",
            HTTPStatus.NOT_FOUND,
            "There is no such canned query",
            "The list of queries is at /queries.",
        ),
    ),
    (
        FormatError,
        Problem(
            "not-acceptable",
            HTTPStatus.NOT_ACCEPTABLE,
            "None of the formats offered is accepted",
            "The detail lists the formats that there are; name one in Accept, or with format=.",
        ),
    ),
    (
        QueryTooLarge,
        Problem(
            "query-too-large",
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            "The query is too long or too deeply nested",
            "The members limit and allowed say what there is too much of. Split the query, or write it flatter.",
        ),
    ),
    (
        TooManyQueries,
        Problem(
            "too-many-requests",
            HTTPStatus.TOO_MANY_REQUESTS,
            "You ask too much at once",
            "Wait the seconds that Retry-After names, ask fewer queries at once, or quicker ones.",
        ),
    ),
    (
        QueryBusy,
        Problem(
            "busy",
            HTTPStatus.SERVICE_UNAVAILABLE,
            "The service has too much to do",
            "Wait the seconds that Retry-After names. Quick queries are answered even then.",
        ),
    ),
    (
        QueryTimeout,
        Problem(
            "timeout",
            HTTPStatus.GATEWAY_TIMEOUT,
            "The query took too long",
            "Bind more of its variables, add a LIMIT, or leave out what multiplies its rows.",
        ),
    ),
    (
        AnswerTooLarge,
        Problem(
            "answer-too-large",
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "The answer is too long",
            "Ask for less at a time, with LIMIT and OFFSET on an ordered query.",
        ),
    ),
    (
        QueryFailed,
        Problem(
            "query-failed",
            HTTPStatus.SERVICE_UNAVAILABLE,
            "The engine gave up on the query",
            "Mostly it needs more memory than a query may have: leave out sorting, grouping or products of rows.",
        ),
    ),
    (
        StoreError,
        Problem(
            "store",
            HTTPStatus.SERVICE_UNAVAILABLE,
            "The graph cannot be read",
            "Whoever runs this service finds the reason in the detail.",
        ),
    ),
)
_BUG = Problem(
    "internal",
    HTTPStatus.INTERNAL_SERVER_ERROR,
    "Something went wrong that was not foreseen",
    "The server's log says what.",
)
_OF_REQUESTS: tuple[Problem, ...] = (
    Problem("bad-request", HTTPStatus.BAD_REQUEST, "The request makes no sense", "The detail says which part and why."),
    Problem("not-found", HTTPStatus.NOT_FOUND, "There is nothing at this address", "Begin at the start page: /"),
    Problem(
        "method-not-allowed",
        HTTPStatus.METHOD_NOT_ALLOWED,
        "Method Not Allowed",
        "The header Allow lists the methods that there are.",
    ),
    Problem(
        "gone",
        HTTPStatus.GONE,
        "The state of the graph is not kept any more",
        "Ask without the parameter snapshot, for the graph of today.",
    ),
    Problem(
        "body-too-large",
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        "The request is too long",
        "The detail says how long it may be.",
    ),
    Problem(
        "headers-too-large",
        HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
        "The address and the headers are too long",
        "Send a long query by POST.",
    ),
    Problem(
        "media-type",
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        "The body is of a type that is not known here",
        "The detail lists the types that there are; all texts are in UTF-8, and not compressed.",
    ),
    Problem(
        "unauthorized",
        HTTPStatus.UNAUTHORIZED,
        "This needs a token",
        "Send the header Authorization: Bearer with the token of this service.",
    ),
)
PROBLEMS: tuple[Problem, ...] = (*(one for _, one in _OF_ERRORS), *_OF_REQUESTS, _BUG)
_RETRY_AFTER = 10  # seconds
_DETAILS = {
    HTTPStatus.NOT_FOUND: "There is no page at this address. Begin at the start page: /",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "The request is too long for this service.",
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE: "The address and the headers of the request are too long. Send a long "
    "query by POST.",
    HTTPStatus.INTERNAL_SERVER_ERROR: "Something went wrong that was not foreseen; the server's log says what.",
}


@blueprint.get("/problems")
@blueprint.get("/problem/<name>")
def explained(name: str | None = None) -> str:
    """What the types of problems mean."""
    return render_template("problems.html", problems=PROBLEMS, types=TYPES, name=name)


def of_error(error: AigraphError) -> Response:
    """The answer to a request that ended in one of our errors."""
    problem = next((found for kind, found in _OF_ERRORS if isinstance(error, kind)), _BUG)
    more: dict[str, object] = {}
    retry = None
    if isinstance(error, QuerySyntaxError):
        more = {"line": error.line, "column": error.column}
    if isinstance(error, LimitExceeded):
        more = {"limit": error.limit, "allowed": error.allowed}
        retry = error.retry_after
    return _respond(problem, str(error), more, retry)


def of_http(error: HTTPException) -> Response:
    """The answer to a request that the framework refused: no such page, wrong method, too long …"""
    status = HTTPStatus(error.code or 500)
    problem = _of_status(status)
    detail = _DETAILS.get(status) if error.description == type(error).description else error.description
    response = _respond(problem, detail or error.description or status.phrase)
    if status == HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = 'Bearer realm="aigraph"'
    for name, value in error.get_headers():
        if name.lower() in ("allow", "retry-after"):
            response.headers[name] = value
    return response


def of_refusal(status: HTTPStatus, why: str) -> bytes:
    """The answer in JSON to what no application has seen, as the server could not read it, or did not want to."""
    return content_of(_of_status(status), _DETAILS.get(status, why))


def _of_status(status: HTTPStatus) -> Problem:
    found = next((one for one in _OF_REQUESTS if one.status == status), None)
    return found or Problem("about:blank", status, status.phrase, "")


def of_bug(error: Exception) -> Response:
    """The answer to a request that ended in an error nobody foresaw; the client is told no details."""
    current_app.logger.error("%s %s", request.method, request.path, exc_info=error)
    return _respond(_BUG, _DETAILS[_BUG.status])


def content_of(problem: Problem, detail: str, more: dict[str, object] | None = None) -> bytes:
    """A problem in JSON (RFC 9457)."""
    content: dict[str, object] = {
        "type": problem.name if problem.name == "about:blank" else TYPES + problem.name,
        "title": problem.title,
        "status": int(problem.status),
        "detail": detail,
    }
    content |= {name: value for name, value in (more or {}).items() if value is not None}
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace")


def _respond(
    problem: Problem, detail: str, more: dict[str, object] | None = None, retry_after: int | None = None
) -> Response:
    """A page for browsers, else a problem in JSON."""
    status = problem.status
    if wants_page(request.headers.get("Accept", "")) and AS_DATA not in request.environ:
        query = request.environ.get(TEXT, "") if status != HTTPStatus.REQUEST_ENTITY_TOO_LARGE else ""
        if query and request.path == PATH:
            said: dict[str, object] = {"title": problem.title, "detail": detail, "advice": problem.advice}
            response = editor.page(query, problem=said | (more or {}), status=status)
        else:
            page = render_template("problem.html", problem=problem, detail=detail, query=query)
            response = Response(page.encode("utf-8", "replace"), status, mimetype="text/html")
    else:
        response = Response(content_of(problem, detail, more), status, mimetype="application/problem+json")
    if retry_after or status in (HTTPStatus.GATEWAY_TIMEOUT, HTTPStatus.SERVICE_UNAVAILABLE):
        response.headers["Retry-After"] = str(retry_after or _RETRY_AFTER)
    response.headers["Vary"] = "Accept"
    response.headers["Cache-Control"] = "no-store"
    return response
