"""Answers to queries as HTTP has them: chosen format, validators, downloads, pages."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Response, render_template, request
from pyoxigraph import NamedNode
from werkzeug.exceptions import RequestEntityTooLarge

from aigraph import __version__
from aigraph.endpoint.negotiation import Choice, choose, offers
from aigraph.endpoint.service import service
from aigraph.endpoint.tables import SHOWN_ROWS, Table, table
from aigraph.formats import JSON, TURTLE, RdfSyntax, ResultFormat
from aigraph.sparql import query_form
from aigraph.store import Result, Snapshot
from aigraph.vocab import prefixes

_GRAPHS = ("CONSTRUCT", "DESCRIBE")


@dataclass(frozen=True, slots=True)
class Question:
    """A query and the graphs that it is asked of; no graphs are the union of all."""

    text: str
    default_graphs: Sequence[NamedNode] = ()
    named_graphs: Sequence[NamedNode] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """An answer ready for a page: a table, a truth value, or a graph as Turtle."""

    table: Table | None = None
    truth: bool | None = None
    graph: str | None = None
    shown_rows: int = SHOWN_ROWS


def answer(question: Question, *, named: str | None, page: str, context: Mapping[str, object]) -> Response:
    """The answer in the format that the client wants: the template `page` with `context` for browsers.

    Raises:
        QueryError: the query cannot be answered.
        FormatError: not in a format that the client takes.
        RequestEntityTooLarge: the query is too long.
    """
    limit = service().longest_query
    if len(question.text) > limit:
        raise RequestEntityTooLarge(f"The query is longer than {limit:,} characters. Make it shorter.")
    choice = choose(request.headers.get("Accept", ""), named, offers(query_form(question.text)))
    tag = _tag(service().pool.snapshot(), question, choice)
    if request.method in ("GET", "HEAD") and request.if_none_match.contains_weak(tag):
        return _validated(Response(status=304), tag)
    result = _ask(question, choice)
    if choice.html:
        downloads = [
            (one.label, f"{request.path}?{urlencode([*_arguments(), ('format', one.name)])}")
            for one in offers(result.form, html=False)
        ]
        body = render_template(page, shown=_shown(result), downloads=downloads, **context)
        response = Response(body, mimetype="text/html")
    else:
        used = choice if choice.format is result.format else result.format
        response = Response(result.content, content_type=used.content_type)
    return _validated(response, _tag(result.snapshot, question, choice))


def _ask(question: Question, choice: Choice) -> Result:
    return service().pool.query(
        question.text,
        solutions_format=choice.format if isinstance(choice.format, ResultFormat) else JSON,
        graph_format=choice.format if isinstance(choice.format, RdfSyntax) else TURTLE,
        default_graphs=question.default_graphs,
        named_graphs=question.named_graphs,
    )


def _shown(result: Result) -> Shown:
    if result.form in _GRAPHS:
        return Shown(graph=result.content.decode())
    content = table(result.content, prefixes(service().base))
    return Shown(truth=content) if isinstance(content, bool) else Shown(table=content)


def _arguments() -> list[tuple[str, str]]:
    """The arguments of the request, in order, without `format`."""
    return [(name, value) for name in request.values if name != "format" for value in request.values.getlist(name)]


def _tag(snapshot: Snapshot, question: Question, choice: Choice) -> str:
    """What changes if and only if the answer may: the graph, the question or the format."""
    graphs = [graph.value for graph in (*question.default_graphs, NamedNode("about:named"), *question.named_graphs)]
    parts = (__version__, snapshot.id, request.path, question.text, choice.media_type, *graphs)
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _validated(response: Response, tag: str) -> Response:
    response.set_etag(tag, weak=True)
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Vary"] = "Accept"
    return response
