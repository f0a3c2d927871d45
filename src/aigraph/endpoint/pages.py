"""`/describe`: all that the graph says about anything that has an IRI, triple by triple."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Blueprint, Response, render_template, request
from pyoxigraph import NamedNode
from werkzeug.exceptions import BadRequest, NotFound

from aigraph.endpoint.negotiation import HTML, choose
from aigraph.endpoint.service import service
from aigraph.endpoint.tables import Cell, cell, read
from aigraph.formats import RDF_FORMATS, RdfSyntax
from aigraph.vocab import AIG, OA, prefixes

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


@blueprint.get("/describe")
def describe() -> Response:
    """What the graph says about the thing with an IRI: a page, or its description as RDF."""
    iri = iri_named(request.args.get("iri"))
    choice = choose(request.headers.get("Accept", ""), request.args.get("format"), (*RDF_FORMATS, HTML))
    if isinstance(choice.format, RdfSyntax):
        result = service().pool.query(description_of(iri), graph_format=choice.format)
        return Response(result.content, content_type=choice.content_type, headers={"Vary": "Accept"})
    formats = [(one.label, f"/describe?{urlencode({'iri': iri.value, 'format': one.name})}") for one in RDF_FORMATS]
    return described(iri, formats=formats)


_WITHHELD: Mapping[str, tuple[NamedNode, ...]] = {
    "full": (),
    "quotes": (AIG.canonicalText,),
    "none": (AIG.canonicalText, AIG.claimText, OA.exact),
}
"""The properties whose values are not shown, by what may be shown of the texts of articles."""


def withheld() -> tuple[NamedNode, ...]:
    """The properties whose values this service does not show."""
    return _WITHHELD[service().texts]


def description_of(iri: NamedNode) -> str:
    """The query for what may be told of a thing."""
    if not iri.value.startswith(service().base):
        return f"DESCRIBE {iri}"
    hidden = ", ".join(map(str, withheld()))
    kept = f" FILTER(?p NOT IN ({hidden}))" if hidden else ""
    return f"CONSTRUCT {{ {iri} ?p ?o }} WHERE {{ {iri} ?p ?o{kept} }}"


def described(iri: NamedNode, *, formats: Sequence[tuple[str, str]]) -> Response:
    """The page with all that the graph says about a thing, triple by triple; `formats` are labels and addresses.

    Raises:
        NotFound: the graph says nothing about it.
    """
    own = iri.value.startswith(service().base)
    quoted = own and service().texts != "none"
    outgoing, incoming = _section(_OUT, iri), _section(_IN, iri)
    hidden = {one.value for one in withheld()}
    outgoing = Section(tuple(row for row in outgoing.rows if not row["p"] or row["p"].iri not in hidden), outgoing.more)
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
        sentences=_section(_SENTENCES, iri) if quoted else Section((), more=False),
        references=_section(_REFERENCES, iri) if quoted else Section((), more=False),
        outside=not own and iri.value.startswith(("https://", "http://")),
        formats=formats,
    )
    return Response(page, mimetype="text/html", headers={"Vary": "Accept"})


_NAMING = ("rdfs:label", "skos:prefLabel", "dcterms:title")


def iri_named(text: str | None) -> NamedNode:
    """The thing with the IRI that a request names.

    Raises:
        BadRequest: it names none.
    """
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
