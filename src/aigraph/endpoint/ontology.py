"""`/ontology`: the ontology at its own path, as pages and as data, and a page for each of its terms and modules."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, redirect, render_template, request
from flask.blueprints import BlueprintSetupState
from markupsafe import Markup
from pyoxigraph import NamedNode
from werkzeug.exceptions import NotFound

from aigraph.endpoint.negotiation import HTML, Choice, choose
from aigraph.endpoint.service import service
from aigraph.endpoint.tables import read
from aigraph.errors import QueryError
from aigraph.formats import RdfSyntax
from aigraph.ontology import Ontology, load_ontology
from aigraph.terms import (
    ONTOLOGY_FORMATS,
    Documentation,
    Links,
    serialize_module,
    serialize_ontology,
    serialize_term,
)
from aigraph.terms.examples import Row
from aigraph.vocab import AIG

blueprint = Blueprint("ontology", __name__)

_KEY = "aigraph-ontology"
_SUFFIXES = frozenset(suffix for one in (*ONTOLOGY_FORMATS, HTML) for suffix in one.suffixes)


@dataclass(frozen=True, slots=True)
class _Loaded:
    """The ontology with its pages, read once when the application is made."""

    ontology: Ontology
    pages: Documentation


@blueprint.record_once
def load(state: BlueprintSetupState) -> None:
    """Read the ontology when the application is made, so that a fault shows then and not on a page."""
    ontology = load_ontology()
    links = Links(
        term=lambda term: f"/ontology/{term.name}",
        index="/ontology",
        downloads=tuple((one.label, f"/ontology.{one.suffixes[0]}") for one in ONTOLOGY_FORMATS),
        thing=lambda iri: f"/describe?{urlencode({'iri': iri})}",
    )
    state.app.extensions[_KEY] = _Loaded(ontology, Documentation(ontology, select=_select, links=links))


@blueprint.get("/ontology")
@blueprint.get("/ontology.<suffix>")
def index(suffix: str | None = None) -> Response:
    """The whole ontology: the index for people, else RDF."""
    found = _loaded()
    choice = _choice(suffix)
    if isinstance(choice.format, RdfSyntax):
        return _data(serialize_ontology(found.ontology, choice.format), choice)
    return _page(found.pages.title, found.pages.index())


@blueprint.get("/ontology/<path:name>")
def term(name: str) -> Response:
    """A term by its name, or a module by the last part of its IRI or version IRI: a page for people, else RDF."""
    found = _loaded()
    stem, dot, ending = name.rpartition(".")
    suffix = ending if dot and ending in _SUFFIXES else None
    name = stem if suffix else name
    choice = _choice(suffix)
    if known := found.pages.terms.named(name):
        if isinstance(choice.format, RdfSyntax):
            return _data(serialize_term(found.ontology, known.iri, choice.format), choice)
        return _page(known.label, found.pages.term(known.iri) or "")
    return _module(name, choice)


def _module(name: str, choice: Choice) -> Response:
    try:
        iri = NamedNode(f"{AIG.iri.removesuffix('#')}/{name}")
    except ValueError:
        raise NotFound(f"The ontology has neither a term nor a module {name!r}; /ontology lists them.") from None
    format = choice.format if isinstance(choice.format, RdfSyntax) else ONTOLOGY_FORMATS.formats[0]
    content = serialize_module(iri, format)
    if content is None:
        raise NotFound(f"The ontology has neither a term nor a module {name!r}; /ontology lists them.")
    if choice.html:
        response = redirect("/ontology", 303)
        return Response(response.get_data(), 303, {**dict(response.headers), "Vary": "Accept"})
    return _data(content, choice)


def _loaded() -> _Loaded:
    found: _Loaded = current_app.extensions[_KEY]
    return found


def _choice(suffix: str | None) -> Choice:
    named = suffix or request.args.get("format")
    return choose(request.headers.get("Accept", ""), named, (*ONTOLOGY_FORMATS, HTML))


def _data(content: bytes, choice: Choice) -> Response:
    response = Response(content, content_type=choice.content_type, headers={"Vary": "Accept"})
    response.add_etag()
    response.make_conditional(request)
    return response


def _page(title: str, content: str) -> Response:
    # The templates of the documentation escape what they show.
    page = render_template("ontology.html", title=title, content=Markup(content))  # noqa: S704
    return Response(page, mimetype="text/html", headers={"Vary": "Accept"})


def _select(text: str) -> Iterable[Row]:
    """Rows for the examples of a page; none where the graph cannot be asked just now: the page is of use without."""
    try:
        results = read(service().pool.query(text).content)
    except QueryError:
        return ()
    return () if isinstance(results, bool) else results
