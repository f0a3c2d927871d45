"""Addresses of the site: every IRI of the graph leads to its page or its data, the start page to all of them."""

from __future__ import annotations

from flask import Blueprint, Response, request
from flask.blueprints import BlueprintSetupState
from pyoxigraph import NamedNode
from werkzeug.exceptions import NotFound

from aigraph.endpoint.canned import by_tag
from aigraph.endpoint.negotiation import HTML, choose
from aigraph.endpoint.pages import EXAMPLE, described, description_of, iri_named
from aigraph.endpoint.service import service
from aigraph.endpoint.site import schema
from aigraph.endpoint.site.about import read_about
from aigraph.endpoint.site.addresses import data_of, page_of
from aigraph.endpoint.site.asking import Asked, ask, kept, prepare, sent, shown, site, start, unchanged
from aigraph.endpoint.site.neighbours import OPENED
from aigraph.endpoint.site.reading import Graph
from aigraph.endpoint.site.texts import Texts
from aigraph.endpoint.site.things import Things
from aigraph.endpoint.site.together import Agreements
from aigraph.formats import RDF_FORMATS, TURTLE, RdfSyntax
from aigraph.queries import CannedQuery
from aigraph.vocab import AIG, RDF

blueprint = Blueprint("site", __name__)

_STARTERS = (
    "corroborated",
    "disputed-figures",
    "who-develops",
    "partnerships-of-company",
    "forecasts",
    "newest-claims",
)


@blueprint.record_once
def load(state: BlueprintSetupState) -> None:
    """Prepare what all pages need."""
    prepare(state.app)


@blueprint.get("/")
def front_page() -> Response:
    """What the graph holds and how fresh it is, the newest and the best supported claims, questions to begin with."""
    asked = ask()
    if known := unchanged(asked.graph):
        return known
    front = site().fronts.front(asked.graph, asked.cards)
    queries = service().queries
    starters = [(query, _examples(query)) for name in _STARTERS if (query := queries.get(name))]
    groups = by_tag(tuple(queries.values()))
    return shown(asked.graph, "start.html", front=front, starters=starters, groups=groups, query=EXAMPLE, searches=True)


@blueprint.get("/about")
def about() -> Response:
    """What may be done with the graph, where it comes from, how programs get at it, how to cite it."""
    asked = ask()
    if known := unchanged(asked.graph):
        return known
    return shown(
        asked.graph,
        "about.html",
        about=read_about(asked.graph),
        texts=service().texts,
        queries=service().queries,
        formats=RDF_FORMATS,
    )


def _examples(query: CannedQuery) -> dict[str, str]:
    """Values for the first parameter, so that a click on an example shows an answer."""
    required = [one for one in query.parameters if one.required]
    return {one.name: str(one.example) for one in (required or query.parameters[:1]) if one.name != "asof"}


@blueprint.get("/page/<path:_path>")
def page(_path: str) -> Response:
    """The page on the thing whose IRI has that path below the base: what it shows depends on what the thing is."""
    asked = ask()
    iri = _iri("page/")
    if known := unchanged(asked.graph):
        return known
    types = asked.graph.nodes([iri], (RDF.type, AIG.modality))[iri]
    kinds = types.iris(RDF.type)
    if AIG.Article in kinds:
        found = _article(asked, iri)
    elif AIG.modality in types.values:
        found = _finding(asked, iri)
    elif AIG.Proposition in kinds:
        found = _proposition(asked, iri)
    else:
        found = _thing(asked, iri)
    return found or described(iri, formats=_downloads(iri))


def _thing(asked: Asked, iri: NamedNode) -> Response | None:
    path = iri.value.removeprefix(service().base)
    if not path.startswith("id/"):
        return None
    show = request.args.get("show")
    things = Things(asked.graph, asked.words, asked.cards)
    if show == "map":
        return _map(asked, things, iri)
    thing = things.read(iri, show=show, start=start())
    if thing is None:
        if show is None:
            return None
        raise NotFound(f"The page on {iri.value} has no part {show!r}. Leave the parameter show out.")
    data = schema.of_thing(thing, _url(iri))
    drawn = things.map(iri) if show is None else None
    page = shown(asked.graph, "thing.html", thing=thing, map=drawn, formats=_downloads(iri), schema=data)
    return _linked(page, iri)


def _map(asked: Asked, things: Things, iri: NamedNode) -> Response:
    """The neighbourhood alone, with the neighbours that were opened."""
    opened = [_checked(path) for path in request.args.getlist("open")[:OPENED]]
    drawn = things.map(iri, opened)
    if drawn is None:
        raise NotFound(f"The graph has no facts of {iri.value}, so there is nothing to draw.")
    label = next(box.label for box in drawn.boxes if box.centre)
    return shown(asked.graph, "neighbourhood.html", map=drawn, label=label, page=page_of(iri.value, asked.graph.base))


def _article(asked: Asked, iri: NamedNode) -> Response | None:
    unsure = request.args.get("show") == "unsure"
    article = Texts(asked.graph, asked.cards, service().texts).read(iri, only_unsure=unsure)
    if article is None:
        return None
    data = schema.of_article(article, _url(iri))
    found = shown(asked.graph, "article.html", article=article, unsure=unsure, formats=_downloads(iri), schema=data)
    return _linked(found, iri)


def _finding(asked: Asked, iri: NamedNode) -> Response | None:
    card = asked.cards.of([iri]).get(iri)
    if card is None:
        return None
    agreements = Agreements(asked.graph, asked.cards).expressed_by(iri)
    found = shown(asked.graph, "finding.html", card=card, agreements=agreements, formats=_downloads(iri))
    return _linked(found, iri)


def _proposition(asked: Asked, iri: NamedNode) -> Response | None:
    agreement = Agreements(asked.graph, asked.cards).read(iri)
    if agreement is None:
        return None
    return _linked(shown(asked.graph, "proposition.html", agreement=agreement, formats=_downloads(iri)), iri)


@blueprint.get("/data/<path:_path>")
def data(_path: str) -> Response:
    """What the graph says about a thing of ours, in the format that the suffix names, or else Accept."""
    path = sent().removeprefix("/data/")
    stem, dot, suffix = path.rpartition(".")
    named = RDF_FORMATS.of_suffix(suffix) if dot else None
    iri = _checked(stem if named else path)
    if named:
        syntax, content_type = named, named.content_type
    else:
        choice = choose(request.headers.get("Accept", ""), request.args.get("format"), tuple(RDF_FORMATS))
        syntax = choice.format if isinstance(choice.format, RdfSyntax) else TURTLE
        content_type = choice.content_type
    graph = Graph(service())
    if known := unchanged(graph):
        return known
    result = service().pool.query(
        description_of(iri),
        graph_format=syntax,
        snapshot=graph.snapshot,
        asker=graph.asker,
    )
    if not graph.nodes([iri])[iri]:
        raise NotFound(f"The graph says nothing about {iri.value}.")
    response = Response(result.content, content_type=content_type)
    response.headers["Link"] = (
        f'<{iri.value}>; rel="describes", <{page_of(iri.value, graph.base)}>; rel="alternate"; type="text/html"'
    )
    return kept(response, graph)


@blueprint.get("/id/<path:_path>")
@blueprint.get("/article/<path:_path>")
@blueprint.get("/graph/<path:_path>")
@blueprint.get("/extractor/<path:_path>")
@blueprint.get("/knowledge/<path:_path>")
def thing(_path: str) -> Response:
    """The graph's own IRIs: each leads to a document on what it names (303), by Accept, `format=` or suffix."""
    iri = _iri("")
    named = request.args.get("format")
    stem, dot, suffix = iri.value.rpartition(".")
    if dot and "/" not in suffix and named is None:
        offered = suffix == "html" or RDF_FORMATS.of_suffix(suffix) is not None
        if offered and not Graph(service()).nodes([iri], (RDF.type,))[iri]:
            iri, named = NamedNode(stem), suffix
    choice = choose(request.headers.get("Accept", ""), named, (*RDF_FORMATS, HTML))
    base = service().base
    location = page_of(iri.value, base) if choice.html else data_of(iri.value, base, choice.format.suffixes[0])
    return Response(status=303, headers={"Location": location, "Vary": "Accept"})


# --- what all of them share


def _iri(before: str) -> NamedNode:
    return _checked(sent().removeprefix("/").removeprefix(before))


def _checked(path: str) -> NamedNode:
    return iri_named(service().base + path)


def _url(iri: NamedNode) -> str:
    return request.url_root.rstrip("/") + page_of(iri.value, service().base)


def _downloads(iri: NamedNode) -> list[tuple[str, str]]:
    return [(one.label, data_of(iri.value, service().base, one.suffixes[0])) for one in RDF_FORMATS]


def _linked(response: Response, iri: NamedNode) -> Response:
    """The page with the addresses of its data, and what it describes, in a header."""
    links = [f'<{iri.value}>; rel="describes"']
    links += [
        f'<{data_of(iri.value, service().base, one.suffixes[0])}>; rel="alternate"; type="{one.media_type}"'
        for one in RDF_FORMATS
    ]
    response.headers["Link"] = ", ".join(links)
    return response
