"""`/claims`: all claims of the graph, to be filtered, sorted, drawn over time, compared, taken along as CSV or RDF."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, redirect, request
from pyoxigraph import NamedNode
from werkzeug.exceptions import NotFound

from aigraph.endpoint.pages import withheld
from aigraph.endpoint.requests import AS_DATA
from aigraph.endpoint.site.asking import Asked, ask, kept, shown, site, unchanged
from aigraph.endpoint.site.chart import Chart, chart_of
from aigraph.endpoint.site.claims import Claim, Index
from aigraph.endpoint.site.filters import MODALITIES, SHOWN, SORTS, THINGS, Filters, Found, Value, find, label_of, named
from aigraph.endpoint.site.findings import Card
from aigraph.formats import RDF_FORMATS
from aigraph.vocab import AIG, OA

blueprint = Blueprint("explorer", __name__)

MOST_ROWS, MOST_NODES = 10_000, 400
"""Claims that a file of CSV holds, and one of RDF: the first ones of the list."""
_SIDES = 8
_SUGGESTED = 50
_COLUMNS = (
    *("claim", "subject", "subjectLabel", "metric", "metricLabel", "value", "unit", "comparator", "time"),
    *("claimant", "claimantLabel", "modality", "polarity", "confidence", "sources", "independentSources"),
    *("disputed", "issued", "article", "articleTitle"),
)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two claims that cannot both be true, as cards."""

    kind: str
    reason: str
    one: Card
    other: Card


@dataclass(frozen=True, slots=True)
class Sides:
    """Claims that several independent sources make, and pairs that cannot both be true; how many there are of each."""

    several: tuple[Card, ...]
    pairs: tuple[Pair, ...]
    agreed: int
    conflicts: int


@blueprint.get("/claims")
def explorer() -> Response:
    """The claims that fit the parameters, a part at a time."""
    if any(not value for value in request.args.values()):  # a form sends the fields that were left empty, too
        given = {name: value for name, value in request.args.items() if value}
        return _moved(Filters.of(given).address(start=int(given.get("from", "0")[:8])))
    filters = Filters.of(request.args)
    asked = ask()
    if known := unchanged(asked.graph):
        return known
    index = site().indexes.index(asked.graph)
    found = find(index, filters)
    part = found.claims[filters.start : filters.start + SHOWN]
    cards = {} if filters.view else asked.cards.of(NamedNode(claim.iri) for claim in part)
    return shown(
        asked.graph,
        "claims.html",
        filters=filters,
        found=found,
        index=index,
        cards=list(cards.values()),
        sides=_sides(asked, index, found) if filters.view else None,
        chart=_chart(asked, index, found, filters) if filters.metric else None,
        active=_active(index, filters),
        suggested=_suggested(found, filters),
        sorts={name: label for name, (label, _) in SORTS.items()},
        modalities={**MODALITIES, "denied": "denied"},
        last=filters.start + len(part),
    )


@blueprint.get("/claims/values/<name>")
def offered(name: str) -> Response:
    """The things of a filter that go on from `q`, for the fields of the form: those with the most claims that fit."""
    request.environ[AS_DATA] = True
    if name not in THINGS:
        raise NotFound(f"There is no filter {name!r} by a thing. There are: {', '.join(THINGS)}.")
    filters, asked = Filters.of(request.args), ask()
    if known := unchanged(asked.graph):
        return known
    values = named(site().indexes.index(asked.graph), filters, name, request.args.get("q", ""), _SUGGESTED)
    suggestions = [{"label": one.label, "name": one.name, "claims": one.count} for one in values]
    content = {"filter": name, "snapshot": asked.graph.snapshot.id, "suggestions": suggestions}
    text = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
    return kept(Response(text, mimetype="application/json"), asked.graph)


@blueprint.get("/claims.<suffix>")
def data(suffix: str) -> Response:
    """The same claims for programs: a table, or all that the graph says of them."""
    filters = Filters.of(request.args)
    asked = ask()
    syntax = None if suffix == "csv" else RDF_FORMATS.find(suffix)
    if known := unchanged(asked.graph):
        return known
    index = site().indexes.index(asked.graph)
    claims = find(index, filters).claims
    if syntax is None:
        text = "".join(_table(index, claims[:MOST_ROWS]))
        response, most = Response(text, mimetype="text/csv"), MOST_ROWS
        response.headers["Content-Disposition"] = 'attachment; filename="claims.csv"'
    else:
        query = _nodes([NamedNode(claim.iri) for claim in claims[:MOST_NODES]])
        result = asked.graph.served.pool.query(
            query, graph_format=syntax, snapshot=asked.graph.snapshot, asker=asked.graph.asker
        )
        response, most = Response(result.content, content_type=syntax.content_type), MOST_NODES
    response.headers["X-Total-Count"] = str(len(claims))
    if len(claims) > most:
        response.headers["X-Shown-Count"] = str(most)
    return kept(response, asked.graph)


def _moved(address: str) -> Response:
    response = redirect(address, 303)
    return Response(response.get_data(), 303, dict(response.headers))


def _active(index: Index, filters: Filters) -> list[tuple[str, str, str]]:
    """The filters in force: what each is called, its value, and the address without it."""
    active = []
    for name, value in filters.active.items():
        things = index.named.get(value.casefold(), ()) if name in THINGS else ()
        label = value if name in THINGS and things else label_of(index, name, value)
        active.append((FIELDS[name], label, filters.address(**{name: ""})))
    return active


FIELDS: Mapping[str, str] = {
    "subject": "about",
    "metric": "metric",
    "claimant": "said by",
    "article": "article",
    "modality": "how it is said",
    "year": "year",
    "confidence": "confidence",
    "standing": "support",
}
"""What pages call the filters."""


def _suggested(found: Found, filters: Filters) -> list[tuple[str, str, list[Value]]]:
    """For the filters by a thing that are not in force, the things with the most claims."""
    named = (("subject", "About"), ("metric", "Metrics"), ("claimant", "Said by"))
    lists = ((name, heading, list(found.facets[name][:8])) for name, heading in named if not getattr(filters, name))
    return [each for each in lists if len(each[2]) > 1]


def _chart(asked: Asked, index: Index, found: Found, filters: Filters) -> Chart | None:
    return chart_of(index, found.claims, filters, asked.words, asked.graph.base)


def _sides(asked: Asked, index: Index, found: Found) -> Sides:
    """What corroborates and what conflicts among the claims that fit."""
    saying: dict[str, Claim] = {}
    for claim in index.claims:
        for proposition in claim.propositions:
            saying.setdefault(proposition, claim)
    here = {one for claim in found.claims for one in claim.propositions}
    best: dict[str, Claim] = {}
    for claim in sorted(found.claims, key=lambda claim: (-claim.independent, -claim.sources, -claim.confidence)):
        if claim.independent > 1:
            best.setdefault(claim.propositions[0], claim)
    pairs = [
        (each, saying[each.one], saying[each.other])
        for each in index.conflicts
        if (each.one in here or each.other in here) and each.one in saying and each.other in saying
    ]
    wanted = [claim.iri for claim in [*best.values()][:_SIDES]]
    wanted += [claim.iri for _, one, other in pairs[:_SIDES] for claim in (one, other)]
    cards = asked.cards.of(map(NamedNode, wanted))
    made = []
    for each, one, other in pairs[:_SIDES]:
        mine, theirs = cards.get(NamedNode(one.iri)), cards.get(NamedNode(other.iri))
        if mine and theirs:
            made.append(Pair(each.kind, each.reason, mine, theirs))
    several = [cards.get(NamedNode(claim.iri)) for claim in [*best.values()][:_SIDES]]
    return Sides(tuple(one for one in several if one), tuple(made), len(best), len(pairs))


def _table(index: Index, claims: Sequence[Claim]) -> Iterator[str]:
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(_COLUMNS)
    for claim in claims:
        names = [
            index.label(iri) if iri else "" for iri in (claim.subject, claim.metric, claim.claimant, claim.article)
        ]
        writer.writerow(
            [
                *(claim.iri, claim.subject, names[0], claim.metric, names[1]),
                *("" if claim.value is None else repr(claim.value), claim.unit, claim.comparator.removeprefix(AIG.iri)),
                *(claim.time, claim.claimant, names[2], claim.modality.removeprefix(AIG.iri)),
                *("Negated" if claim.denied else "Affirmed", claim.confidence, claim.sources, claim.independent),
                *(str(claim.disputed).lower(), claim.issued, claim.article, names[3]),
            ]
        )
    yield file.getvalue()


def _nodes(claims: Sequence[NamedNode]) -> str:
    """The query for claims with their quantities, and their evidence with its selectors."""
    names = " ".join(map(str, claims))
    hidden = ", ".join(map(str, withheld()))
    told = f"?s ?p ?o FILTER(?p NOT IN ({hidden}))" if hidden else "?s ?p ?o"
    paths = (f"{AIG.quantity}", f"{AIG.evidence}", f"{AIG.evidence}/{OA.hasSelector}")
    branches = [f"VALUES ?s {{ {names} }} {told}"]
    branches += [f"VALUES ?claim {{ {names} }} ?claim {path} ?s . {told}" for path in paths]
    return f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {' UNION '.join(f'{{ {one} }}' for one in branches)} }}"
