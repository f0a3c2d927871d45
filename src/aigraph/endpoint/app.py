"""The application: routes, headers, and what becomes of errors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask, Response, request, url_for
from werkzeug.exceptions import HTTPException

from aigraph.endpoint import (
    canned,
    editor,
    examples,
    explaining,
    ontology,
    openapi,
    operations,
    pages,
    problems,
    protocol,
    searching,
    writing,
)
from aigraph.endpoint.compression import compressed, encoding_for, worth_it
from aigraph.endpoint.gateway import Gateway
from aigraph.endpoint.headers import COMMON, PREFLIGHT
from aigraph.endpoint.metrics import Metrics
from aigraph.endpoint.prefixing import prefixed
from aigraph.endpoint.service import KEY, Limits, Service
from aigraph.endpoint.site import explorer, views
from aigraph.endpoint.watching import Journal, Watched
from aigraph.errors import AigraphError
from aigraph.queries import CannedQuery
from aigraph.store import GraphEditor, Queries, QueryPool

_COMPRESSED = (
    "text/html",
    "text/css",
    "text/turtle",
    "application/json",
    "application/ld+json",
    "application/n-triples",
    "image/svg+xml",
)


def create_app(
    pool: Queries,
    queries: Mapping[str, CannedQuery],
    *,
    base: str,
    limits: Limits | None = None,
    writer: GraphEditor | None = None,
    token: str | None = None,
    texts: str = "quotes",
    journal: Journal | None = None,
) -> Flask:
    """The application that serves one graph; who makes it closes the pool afterwards.

    With a `writer` the dataset can be changed, by those who show the `token` where there is one.

    `base` is the base IRI of the graph: addresses below it are resolved here, whatever host they name. `texts` is what
    pages show of the texts of articles: "full", "quotes" (the sentences behind findings) or "none". `journal` says what
    is written about requests.
    """
    app = Flask(__name__)
    served = Service(pool, queries, base, limits or Limits(), writer, token, texts)
    app.config["MAX_CONTENT_LENGTH"] = app.config["MAX_FORM_MEMORY_SIZE"] = served.longest_body
    app.extensions[KEY] = served
    app.jinja_env.globals["url_for"] = _static
    app.jinja_env.globals["prefixes"] = pool.prefixes
    app.jinja_env.globals["searchable"] = searching.searchable(served)
    app.jinja_env.globals["suggesting"] = searching.suggesting(served)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    data = (protocol, canned, openapi, examples, searching, explaining, problems, operations, writing)
    for part in (*data, editor, ontology, pages, views, explorer):
        app.register_blueprint(part.blueprint)
    app.register_error_handler(AigraphError, problems.of_error)
    app.register_error_handler(HTTPException, problems.of_http)
    app.register_error_handler(Exception, problems.of_bug)
    app.after_request(_headers)
    metrics = app.extensions[operations.METRICS] = Metrics(pool, served.cache)
    if isinstance(pool, QueryPool):
        pool.observer = metrics
    gateway = Gateway(app.wsgi_app, served)
    app.wsgi_app = Watched(gateway, metrics, journal or Journal())  # type: ignore[method-assign,assignment]
    return app


def _static(endpoint: str, **values: Any) -> str:
    """The address of a file without the prefix, as all addresses in templates are written."""
    return url_for(endpoint, **values).removeprefix(request.script_root)


def _headers(response: Response) -> Response:
    """Headers of every answer, addresses behind a prefix, and pages compressed for those who take that."""
    prefixed(response)
    for name, value in COMMON if request.method != "OPTIONS" else (*COMMON, *PREFLIGHT):
        response.headers.setdefault(name, value)
    encoding = encoding_for(request.headers.get("Accept-Encoding", ""))
    if (
        encoding
        and response.mimetype in _COMPRESSED
        and not response.direct_passthrough
        and response.status_code != 304
    ):
        content = response.get_data()
        if worth_it(len(content)) and "Content-Encoding" not in response.headers:
            response.set_data(compressed(content, encoding))
            response.headers["Content-Encoding"] = encoding
            if (tag := response.headers.get("ETag", "")).startswith('"'):
                response.headers["ETag"] = f"W/{tag}"
            response.vary.add("Accept-Encoding")
    return response
