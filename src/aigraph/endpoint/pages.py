"""Pages for people: the start page, and a page for everything that has an IRI."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from flask import Blueprint, Response, redirect, render_template, request
from pyoxigraph import NamedNode
from werkzeug.exceptions import BadRequest, NotFound

from aigraph.endpoint.canned import by_tag
from aigraph.endpoint.negotiation import HTML, choose
from aigraph.endpoint.service import service
from aigraph.endpoint.tables import Cell, Table, cell, read, table
from aigraph.errors import QueryError
from aigraph.formats import RDF_FORMATS, RdfSyntax
from aigraph.vocab import prefixes

blueprint = Blueprint("pages", __name__)

EXAMPLE = """\
SELECT ?company ?product ?sentence WHERE {
  ?statement a aig:Statement ;
    aig:predicate aig:develops ;
    aig:subject/rdfs:label ?company ;
    aig:object/rdfs:label ?product ;
    aig:evidence/oa:hasSelector/oa:exact ?sentence .
}
ORDER BY ?company ?product
LIMIT 20
"""

_COUNTED = (
    ("articles", "aig:Article"),
    ("companies", "aig:Company"),
    ("people", "aig:Person"),
    ("technologies", "aig:Technology"),
    ("statements", "aig:Statement"),
    ("deals", "aig:Partnership"),
    ("claims", "aig:Claim"),
)
# The inner LIMIT keeps a page on a class with a million members as quick as any other.
_OUT = """SELECT ?p ?o ?label {{ {{ SELECT ?p ?o {{ {iri} ?p ?o }} LIMIT {limit} }}
  OPTIONAL {{ ?o rdfs:label|skos:prefLabel ?label }} }} ORDER BY ?p ?label ?o LIMIT {limit}"""
_IN = """SELECT ?s ?p ?label {{ {{ SELECT ?s ?p {{ ?s ?p {iri} }} LIMIT {limit} }}
  OPTIONAL {{ ?s rdfs:label|skos:prefLabel|aig:claimText|aig:form ?label }} }} ORDER BY ?p ?label ?s LIMIT {limit}"""
_SENTENCES = """SELECT ?sentence ?article ?modality ?polarity (SAMPLE(?f) AS ?finding) {{
  {{ BIND({iri} AS ?f) ?f aig:evidence ?e }} UNION {{ ?f ?role {iri} ; aig:evidence ?e }}
  ?e oa:hasSelector/oa:exact ?sentence ; oa:hasSource ?article .
  ?f aig:modality ?modality ; aig:polarity ?polarity .
}} GROUP BY ?sentence ?article ?modality ?polarity ORDER BY ?article ?sentence LIMIT {limit}"""
_REFERENCES = """SELECT DISTINCT ?form ?label ?entity ?named ?reference {{
  {iri} aig:evidence ?e ; ?role ?entity .
  ?reference aig:evidence ?e ; aig:refersTo ?entity ; aig:form ?form ; oa:start ?start ;
    aig:antecedent/aig:evidence/oa:hasSelector/oa:exact ?named .
  ?entity rdfs:label ?label
}} ORDER BY ?start LIMIT {limit}"""
_LIMIT = 200


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a page on a thing; `more` is true where it was cut after `_LIMIT` rows."""

    rows: tuple[Mapping[str, Cell | None], ...]
    more: bool


@blueprint.get("/")
def start() -> str:
    """What the graph holds, a box for a query, and the canned queries."""
    groups = by_tag(tuple(service().queries.values()))
    return render_template("start.html", counts=_counts(), groups=groups, query=EXAMPLE)


def _counts() -> list[tuple[str, str]]:
    """Numbers of things by kind, as texts; empty where they cannot be had just now: the page is of use without."""
    parts = [f"{{ SELECT (COUNT(*) AS ?{name}) {{ ?x a {kind} }} }}" for name, kind in _COUNTED]
    try:
        content = service().pool.query(f"{_prologue()}SELECT * {{ {' '.join(parts)} }}").content
        found = table(content, {})
    except QueryError:
        return []
    if not isinstance(found, Table):
        return []
    counts = {name: one.text for name, one in zip(found.names, found.rows[0], strict=True) if one}
    triples = service().pool.snapshot().quads
    return [(name, f"{int(counts[name]):,}") for name, _ in _COUNTED] + [("triples", f"{triples:,}")]


@blueprint.get("/describe")
def describe() -> Response:
    """What the graph says about the thing with an IRI: a page, or its description as RDF."""
    iri = _iri(request.args.get("iri"))
    choice = choose(request.headers.get("Accept", ""), request.args.get("format"), (*RDF_FORMATS, HTML))
    if isinstance(choice.format, RdfSyntax):
        result = service().pool.query(f"DESCRIBE {iri}", graph_format=choice.format)
        return Response(result.content, content_type=choice.content_type, headers={"Vary": "Accept"})
    own = iri.value.startswith(service().base)
    outgoing, incoming = _section(_OUT, iri), _section(_IN, iri)
    if not outgoing.rows and not incoming.rows:
        raise NotFound(f"The graph says nothing about {iri.value}.")
    labels = [row["o"].text for row in outgoing.rows if row["p"] and row["o"] and row["p"].text in _NAMING]
    page = render_template(
        "describe.html",
        iri=iri.value,
        title=labels[0] if labels else (cell(iri, prefixes(service().base)) or Cell(iri.value)).text,
        outgoing=outgoing,
        incoming=incoming,
        # Terms of the ontology stand behind most sentences, so they are no way to find one.
        sentences=_section(_SENTENCES, iri) if own else Section((), more=False),
        references=_section(_REFERENCES, iri) if own else Section((), more=False),
        outside=not own and iri.value.startswith(("https://", "http://")),
        formats=[(one.label, f"/describe?{urlencode({'iri': iri.value, 'format': one.name})}") for one in RDF_FORMATS],
    )
    return Response(page, mimetype="text/html", headers={"Vary": "Accept"})


_NAMING = ("rdfs:label", "skos:prefLabel", "dcterms:title")


def _iri(text: str | None) -> NamedNode:
    if not text:
        raise BadRequest("The parameter iri is missing: /describe?iri=https://…")
    try:
        iri = NamedNode(text)
    except ValueError:
        raise BadRequest(f"{text!r} is no IRI.") from None
    if any(sign in text for sign in '<>"{}|\\^` \n\r\t'):
        raise BadRequest(f"{text!r} is no IRI.")
    return iri


def _prologue() -> str:
    """The prefixes of our own queries, where the queries of others have to declare theirs."""
    if service().pool.prefixes:
        return ""
    return "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in prefixes().items())


def _section(query: str, iri: NamedNode) -> Section:
    results = read(service().pool.query(_prologue() + query.format(iri=iri, limit=_LIMIT + 1)).content)
    if isinstance(results, bool):
        return Section((), more=False)
    known = prefixes(service().base)
    names = [variable.value for variable in results.variables]
    rows = [{name: cell(solution[name], known) for name in names} for solution in results]
    return Section(tuple(rows[:_LIMIT]), more=len(rows) > _LIMIT)


@blueprint.get("/id/<path:_path>")
@blueprint.get("/article/<path:_path>")
@blueprint.get("/graph/<path:_path>")
@blueprint.get("/extractor/<path:_path>")
@blueprint.get("/knowledge/<path:_path>")
def thing(_path: str) -> Response:
    """The graph's own IRIs: each leads to the page that describes it (303, as what it names is no page)."""
    # The path as it was sent: a percent-encoded "/" belongs to the IRI as such.
    sent = urlsplit(request.environ.get("REQUEST_URI", request.path)).path
    iri = service().base + sent.removeprefix("/")
    response = redirect(f"/describe?{urlencode({'iri': iri})}", 303)
    response.headers["Vary"] = "Accept"
    return Response(response.get_data(), 303, dict(response.headers))
