"""The application: routes, headers, and what becomes of errors."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from aigraph.endpoint import canned, explaining, ontology, pages, problems, protocol
from aigraph.endpoint.service import KEY, Service
from aigraph.errors import AigraphError
from aigraph.queries import CannedQuery
from aigraph.store import QueryPool
from aigraph.vocab import prefixes

_LONGEST_REQUEST = 1_000_000  # bytes: a query of the longest allowed length, in a form, with every sign encoded
_POLICY = "default-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
_METHODS = "GET, HEAD, POST, OPTIONS"


def create_app(pool: QueryPool, queries: Mapping[str, CannedQuery], *, base: str) -> Flask:
    """The application that serves one graph; who makes it closes the pool afterwards.

    `base` is the base IRI of the graph: addresses below it are resolved here, whatever host they name.
    """
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = _LONGEST_REQUEST
    app.config["MAX_FORM_MEMORY_SIZE"] = _LONGEST_REQUEST
    app.extensions[KEY] = Service(pool, queries, base)
    app.jinja_env.globals["prefixes"] = prefixes(base)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    for views in (protocol, canned, ontology, explaining, pages):
        app.register_blueprint(views.blueprint)
    app.register_error_handler(AigraphError, problems.of_error)
    app.register_error_handler(HTTPException, problems.of_http)
    app.register_error_handler(Exception, problems.of_bug)
    app.after_request(_headers)
    return app


def _headers(response: Response) -> Response:
    """Headers of every answer: readable from pages of other sites, harmless in a browser."""
    headers = response.headers
    headers["Access-Control-Allow-Origin"] = "*"
    headers["Access-Control-Expose-Headers"] = "ETag, Retry-After"
    if request.method == "OPTIONS":
        headers["Access-Control-Allow-Methods"] = _METHODS
        headers["Access-Control-Allow-Headers"] = "Accept, Content-Type, If-None-Match"
        headers["Access-Control-Max-Age"] = "86400"
    headers["Content-Security-Policy"] = _POLICY
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "same-origin"
    return response
