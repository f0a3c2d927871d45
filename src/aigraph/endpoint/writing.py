"""Changing a dataset over HTTP: who may, SPARQL updates, and the SPARQL 1.1 Graph Store Protocol at `/store`."""

from __future__ import annotations

import hmac
import ipaddress
import uuid
from urllib.parse import quote, urlsplit

from flask import Blueprint, Response, request
from pyoxigraph import NamedNode
from werkzeug.exceptions import BadRequest, Forbidden, NotFound, Unauthorized, UnsupportedMediaType

from aigraph.endpoint.answers import Caller, Question, as_response, choice_for, reply
from aigraph.endpoint.requests import CAME, Asked, check_iri, fields_of, media_type_of, read_body
from aigraph.endpoint.service import service
from aigraph.errors import QueryForbidden
from aigraph.formats import JSON, RDF_FORMATS, RdfSyntax
from aigraph.store import Document, GraphEditor

_READ_ONLY = "This graph can only be read, as long as whoever runs the service sets no token for changes."
_TYPES = {media_type for one in RDF_FORMATS for media_type in one.media_types}
_MULTIPART = "multipart/form-data"

blueprint = Blueprint("store", __name__)


def writer() -> GraphEditor:
    """The one who changes the dataset, where the client may have it changed.

    Raises:
        QueryForbidden: nothing is changed here.
        Unauthorized: the client has to show a token.
        Forbidden: a page of another site asks.
    """
    served = service()
    if served.writer is None:
        raise QueryForbidden(_READ_ONLY)
    if served.token is None:
        # Without a token, a page of any site that somebody on this machine looks at could send a form.
        origin = request.headers.get("Origin")
        if (origin is not None and origin.rstrip("/") != request.host_url.rstrip("/")) or not _is_here(request.host):
            raise Forbidden("Pages of other sites change nothing here.")
        return served.writer
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not hmac.compare_digest(
        given.strip().encode("latin-1", "replace"), served.token.encode()
    ):
        raise Unauthorized("Changes need the token of this service: Authorization: Bearer …")
    return served.writer


def _is_here(host: str) -> bool:
    """True for a name that is this machine's in every network: a page may give its own name any address."""
    name = urlsplit(f"//{host}").hostname or ""
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name == "localhost" or name.endswith(".localhost")


def update(asked: Asked) -> Response:
    """Carries out a SPARQL update."""
    base = service().pool.base_iri or request.base_url
    since = request.environ.get(CAME)
    default, named = asked.default_graphs, asked.named_graphs
    writer().update(asked.text, default_graphs=default, named_graphs=named, base=base, since=since)
    return Response(status=204)


@blueprint.route("/store", methods=["GET", "PUT", "POST", "DELETE"])
@blueprint.route("/store/<path:_path>", methods=["GET", "PUT", "POST", "DELETE"])
def graph(_path: str | None = None) -> Response:
    """A graph, named by `graph=` or `default`, or by the address itself."""
    if request.method == "POST" and _path is None and not request.query_string:
        return _into_a_new_graph()
    name = _name(_path)
    if request.method in ("GET", "HEAD"):
        return _read(name)
    if request.method == "DELETE":
        if not writer().delete(name, since=request.environ.get(CAME)):
            raise NotFound(f"There is no graph {name}.")
        return Response(status=204)
    editor = writer()
    documents = _documents()
    if request.method == "PUT" and len(documents) > 1:
        raise BadRequest("PUT takes one document. Send several by POST.")
    change = editor.put if request.method == "PUT" else editor.post
    created = change(name, documents, base=name or request.base_url, since=request.environ.get(CAME))
    return _changed(name, created=created)


def _changed(name: str | None, *, created: bool) -> Response:
    if not created:
        return Response(status=204)
    response = Response(status=201)
    if name is not None:
        response.autocorrect_location_header = False
        response.headers["Location"] = quote(name, safe=":/?#[]@!$&'()*+,;=%-._~")
    return response


def _into_a_new_graph() -> Response:
    editor = writer()
    name = f"{request.base_url}/{uuid.uuid4().hex}"
    editor.post(name, _documents(), base=name, since=request.environ.get(CAME))
    return _changed(name, created=True)


def _name(path: str | None) -> str | None:
    """The IRI of the graph that a request names; None for the default graph."""
    fields = fields_of(request.query_string.decode("latin-1"))
    named, default = fields.single("graph"), fields.single("default")
    if path is not None:
        if named is not None or default is not None:
            raise BadRequest("The address names a graph already; leave out graph and default.")
        return check_iri(request.base_url, "address").value
    if (named is None) == (default is None):
        raise BadRequest("Name a graph, by graph=… with its IRI, or the default graph, by default.")
    return None if named is None else check_iri(named, "graph").value


def _read(name: str | None) -> Response:
    served = service()
    caller = Caller(request.environ)
    if name is not None:
        answer = served.pool.query(f"ASK {{ GRAPH {NamedNode(name)} {{}} }}", solutions_format=JSON)
        if b"true" not in answer.content:
            raise NotFound(f"There is no graph {name}.")
    text = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
    question = Question(text, [NamedNode(name)] if name is not None else [])
    choice = choice_for(served, question, request.headers.get("Accept", ""), request.args.get("format"), html=False)
    return as_response(reply(served, question, choice, caller), head=request.method == "HEAD")


def _documents() -> list[Document]:
    """The documents of a request."""
    if request.mimetype == _MULTIPART:
        files = [one for name in request.files for one in request.files.getlist(name)]
        if not files:
            raise BadRequest("The form holds no file.")
        return [Document(one.read(), _syntax(one.mimetype)) for one in files]
    media_type = media_type_of(request.environ, {*_TYPES, _MULTIPART})
    return [Document(read_body(request.environ, service().longest_body), _syntax(media_type))]


def _syntax(media_type: str) -> RdfSyntax:
    found = RDF_FORMATS.of_media_type(media_type)
    if found is None:
        raise UnsupportedMediaType(
            f"The document is of type {media_type[:100] or 'unknown'}. Send one of: {', '.join(sorted(_TYPES))}."
        )
    return found
