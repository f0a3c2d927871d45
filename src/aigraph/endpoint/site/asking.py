"""What the views of the site share: the graph as a client sees it, what is kept for a snapshot, validators of pages."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from flask import Response, current_app, render_template, request
from flask.sansio.app import App
from werkzeug.exceptions import BadRequest

from aigraph import __version__
from aigraph.endpoint.answers import Caller
from aigraph.endpoint.service import service
from aigraph.endpoint.site.claims import Indexes
from aigraph.endpoint.site.findings import Cards
from aigraph.endpoint.site.front import Fronts
from aigraph.endpoint.site.reading import Graph
from aigraph.endpoint.site.vocabulary import Vocabulary
from aigraph.ontology import load_ontology
from aigraph.wording import plural

_KEY = "aigraph-site"
_MOST_START = 2000


@dataclass(frozen=True, slots=True)
class Site:
    """What pages need beside the service: the ontology's words, and what is kept of the newest snapshot."""

    words: Vocabulary
    fronts: Fronts = field(default_factory=Fronts)
    indexes: Indexes = field(default_factory=Indexes)


@dataclass(frozen=True, slots=True)
class Asked:
    """One request for a page: the graph as its client sees it, and what makes cards of it."""

    graph: Graph
    words: Vocabulary
    cards: Cards


def prepare(app: App) -> None:
    """Read the ontology when the application is made, so that a fault shows then and not on a page."""
    app.extensions[_KEY] = Site(Vocabulary.of(load_ontology()))
    app.jinja_env.globals["plural"] = plural


def site() -> Site:
    """What the application of the current request keeps for its pages."""
    return site_of(current_app)


def site_of(app: App) -> Site:
    """What an application keeps for its pages."""
    found: Site = app.extensions[_KEY]
    return found


def ask() -> Asked:
    """The current request."""
    graph = Graph(service(), Caller(request.environ).asker(service()))
    words = site().words
    return Asked(graph, words, Cards(graph, words, texts=service().texts != "none"))


def sent() -> str:
    """The path as it was sent: a percent-encoded "/" belongs to the IRI as such."""
    path = urlsplit(str(request.environ.get("REQUEST_URI", request.path))).path
    root = request.script_root
    return path.removeprefix(root) if root and path.startswith(f"{root}/") else path


def start() -> int:
    """Where a part of a page is to begin.

    Raises:
        BadRequest: it is no number, or too large.
    """
    text = request.args.get("from", "0")
    if not (text.isascii() and text.isdecimal()) or int(text[:8]) > _MOST_START:
        raise BadRequest(f"The parameter from is {text[:20]!r}: give a number up to {_MOST_START}.")
    return int(text[:8])


def _tag(graph: Graph) -> str:
    parts = (__version__, graph.snapshot.id, service().texts, request.full_path, sent())
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def unchanged(graph: Graph) -> Response | None:
    """The answer to a client that has the page of this snapshot already."""
    if request.if_none_match.contains_weak(_tag(graph)):
        return kept(Response(status=304), graph)
    return None


def kept(response: Response, graph: Graph) -> Response:
    """A response with the validator of its snapshot."""
    response.set_etag(_tag(graph))
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Vary"] = "Accept"
    return response


def shown(graph: Graph, template: str, **context: Any) -> Response:
    """A page of a template."""
    return kept(Response(render_template(template, **context), mimetype="text/html"), graph)
