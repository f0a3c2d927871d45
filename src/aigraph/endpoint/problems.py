"""What a client is told when something is wrong: one status per kind of error, in the form that it can read."""

from __future__ import annotations

import json
from http import HTTPStatus

from flask import Response, current_app, render_template, request
from werkzeug.exceptions import HTTPException

from aigraph.endpoint.negotiation import wants_page
from aigraph.errors import (
    AigraphError,
    FormatError,
    ParameterError,
    QueryFailed,
    QueryForbidden,
    QuerySyntaxError,
    QueryTimeout,
    StoreError,
    UnknownQuery,
)

_STATUS: tuple[tuple[type[AigraphError], HTTPStatus], ...] = (
    (QuerySyntaxError, HTTPStatus.BAD_REQUEST),
    (ParameterError, HTTPStatus.BAD_REQUEST),
    (QueryForbidden, HTTPStatus.FORBIDDEN),
    (UnknownQuery, HTTPStatus.NOT_FOUND),
    (FormatError, HTTPStatus.NOT_ACCEPTABLE),
    (QueryTimeout, HTTPStatus.GATEWAY_TIMEOUT),
    (QueryFailed, HTTPStatus.SERVICE_UNAVAILABLE),
    (StoreError, HTTPStatus.SERVICE_UNAVAILABLE),
)
_RETRY_AFTER = "10"  # seconds
_DETAILS = {
    HTTPStatus.NOT_FOUND: "There is no page at this address. Begin at the start page: /",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "The request is too long for this service.",
    HTTPStatus.INTERNAL_SERVER_ERROR: "Something went wrong that was not foreseen; the server's log says what.",
}


def of_error(error: AigraphError) -> Response:
    """The answer to a request that ended in one of our errors."""
    status = next((status for kind, status in _STATUS if isinstance(error, kind)), HTTPStatus.INTERNAL_SERVER_ERROR)
    place = (error.line, error.column) if isinstance(error, QuerySyntaxError) else (None, None)
    return _problem(status, str(error), place)


def of_http(error: HTTPException) -> Response:
    """The answer to a request that the framework refused: no such page, wrong method, too long …"""
    status = HTTPStatus(error.code or 500)
    detail = _DETAILS.get(status) if error.description == type(error).description else error.description
    response = _problem(status, detail or error.description or status.phrase)
    for name, value in error.get_headers():
        if name.lower() in ("allow", "retry-after"):
            response.headers[name] = value
    return response


def of_bug(error: Exception) -> Response:
    """The answer to a request that ended in an error nobody foresaw; the client is told no details."""
    current_app.logger.error("%s %s", request.method, request.path, exc_info=error)
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    return _problem(status, _DETAILS[status])


def _problem(status: HTTPStatus, detail: str, place: tuple[int | None, int | None] = (None, None)) -> Response:
    """A page for browsers, else a problem in JSON (RFC 9457)."""
    if wants_page(request.headers.get("Accept", "")):
        query = request.values.get("query", "") if status != HTTPStatus.REQUEST_ENTITY_TOO_LARGE else ""
        page = render_template("problem.html", title=status.phrase, status=int(status), detail=detail, query=query)
        response = Response(page, status, mimetype="text/html")
    else:
        content: dict[str, object] = {"type": "about:blank", "title": status.phrase, "status": int(status)}
        content["detail"] = detail
        content |= {name: at for name, at in zip(("line", "column"), place, strict=True) if at is not None}
        text = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
        response = Response(text, status, mimetype="application/problem+json")
    if status in (HTTPStatus.GATEWAY_TIMEOUT, HTTPStatus.SERVICE_UNAVAILABLE):
        response.headers["Retry-After"] = _RETRY_AFTER
    response.headers["Vary"] = "Accept"
    return response
