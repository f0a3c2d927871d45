"""Why the graph says so, or why not, over HTTP: the explanations of the command line as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import cast

from flask import Blueprint, Response, request
from pyoxigraph import Literal, NamedNode, QuerySolutions, parse_query_results
from werkzeug.exceptions import BadRequest

from aigraph import formats
from aigraph.endpoint.service import service
from aigraph.explanations import Row, Term, explain, explain_node

blueprint = Blueprint("explaining", __name__)

MOST = 300
"""Findings of one proposition that a request may ask to be read."""


@blueprint.get("/explain")
def explanation() -> Response:
    """A triple (`subject`, `predicate`, `object`), or the finding or proposition with an `iri`, by `asof` if given."""
    given = {name: value for name, value in request.args.items() if value}
    base, day = service().base, given.get("asof")
    triple = [given[name] for name in ("subject", "predicate", "object") if name in given]
    if "iri" in given and not triple:
        nodes = explain_node(_select, given["iri"], base=base, as_of=day, most=MOST)
        return _json([asdict(each) | {"arithmetic": each.belief.arithmetic()} for each in nodes])
    if len(triple) != 3 or "iri" in given:
        raise BadRequest(
            "Give subject, predicate and object, or iri: /explain?subject=Nvidia&predicate=develops&object=…"
        )
    found = explain(_select, *triple, base=base, as_of=day)
    return _json([asdict(each) for each in found])


def _select(text: str) -> Iterable[Row]:
    content = service().pool.query(text, solutions_format=formats.JSON).content
    solutions = cast(QuerySolutions, parse_query_results(content, formats.JSON.engine))
    names = [variable.value for variable in solutions.variables]
    return [{name: cast("Term | None", row[name]) for name in names} for row in solutions]


def _json(content: object) -> Response:
    return Response(json.dumps(content, default=_term, ensure_ascii=False, indent=1), mimetype="application/json")


def _term(value: object) -> str:
    if isinstance(value, NamedNode | Literal):
        return value.value
    raise TypeError(type(value).__name__)
