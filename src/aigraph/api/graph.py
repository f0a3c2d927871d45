"""A graph that Python asks: queries, things, claims, deals, explanations."""

from __future__ import annotations

import os
import weakref
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import cast

from pyoxigraph import Literal, NamedNode, QueryBoolean, QuerySolutions, Triple, parse, parse_query_results

from aigraph import formats
from aigraph.api.findings import Claims, Partnerships, find_claims, find_partnerships
from aigraph.api.tables import Table, python_value
from aigraph.errors import ParameterError
from aigraph.explanations import Explanation, Row, Term, Together, explain, explain_node, resolve
from aigraph.places import place_of
from aigraph.queries import CannedQuery, bind, load_queries
from aigraph.queries import find as find_query
from aigraph.remote import base_of, open_pool
from aigraph.resources import folder
from aigraph.sparql import query_form
from aigraph.store import Queries

_THING = """SELECT ?p ?o {{ VALUES ?p {{ rdf:type rdfs:label skos:prefLabel skos:altLabel schema:sameAs }} {iri} ?p ?o
  FILTER(?p != rdf:type || STRSTARTS(STR(?o), STR(aig:))) }} ORDER BY ?p ?o"""
_RELATIONS = """{ SELECT DISTINCT ?property {
    { aig:Relation owl:equivalentClass/owl:oneOf/rdf:rest*/rdf:first ?property }
    UNION { ?property rdfs:subPropertyOf aig:hasDealWith } } }"""
_FACTS = """SELECT DISTINCT ?subject ?relation ?object ?subjectIri ?objectIri {{
  {relations}
  {{ BIND({iri} AS ?subjectIri) ?subjectIri ?property ?objectIri }}
  UNION {{ BIND({iri} AS ?objectIri) ?subjectIri ?property ?objectIri }}
  ?subjectIri rdfs:label ?subject . ?objectIri rdfs:label ?object .
  BIND(STRAFTER(STR(?property), "#") AS ?relation)
}} ORDER BY ?relation ?subject ?object"""
_ARTICLES = """SELECT DISTINCT ?article ?title ?publisher ?published ?articleIri {{
  ?articleIri aig:mentions {iri} ; dcterms:identifier ?article .
  OPTIONAL {{ ?articleIri dcterms:title ?title }} OPTIONAL {{ ?articleIri dcterms:publisher ?publisher }}
  OPTIONAL {{ ?articleIri dcterms:issued ?published }}
}} ORDER BY ?published ?article"""


class Graph:
    """A graph to be asked. It is only read: articles come into it by `aigraph build`.

    Queries run in a process of their own, on the newest state of the graph, for `timeout` seconds at most. Close a
    graph that is not needed any more, or open it by `with`.
    """

    def __init__(self, pool: Queries, base: str, queries: Mapping[str, CannedQuery]) -> None:
        self._pool = pool
        self._queries = queries
        self._end = weakref.finalize(self, pool.close)
        self.base = base

    @classmethod
    def open(
        cls,
        where: str | os.PathLike[str] = "aigraph-store",
        *,
        timeout: float = 60.0,
        memory: int = 4096,
        queries: Iterable[str | os.PathLike[str]] = (),
    ) -> Graph:
        """The graph in the folder of a store, or in a SPARQL store at an address (`https://…/sparql`, extra `web`).

        `timeout` is in seconds, `memory` the megabytes of address space of a query; `queries` are folders of canned
        queries of one's own.

        Raises:
            StoreError: there is no store, or it cannot be read.
            DataError: a file of the canned queries is wrong.
            ExtraMissing: the graph is elsewhere, and the extra `web` is not installed.
        """
        canned = load_queries(folder("queries"), *map(Path, queries))
        place = place_of(where if isinstance(where, str) else Path(where))
        pool = open_pool(place, timeout=timeout, memory=memory)
        return cls(pool, base_of(pool), canned)

    def __enter__(self) -> Graph:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """End the process that answers queries."""
        self._end()

    @property
    def snapshot(self) -> str:
        """The id of the newest state of the graph: two graphs with one id hold the same."""
        return self._pool.snapshot().id

    @property
    def queries(self) -> Table:
        """The canned queries with their parameters."""
        rows = ((one.name, ", ".join(p.name for p in one.parameters), one.summary) for one in self._queries.values())
        return Table(("name", "parameters", "summary"), tuple(rows))

    # --- asking

    def query(self, text: str, **parameters: object) -> Table:
        """The rows of a SELECT in SPARQL, or of a canned query by its name; `parameters` are those of a canned query.

        The usual prefixes (aig:, res:, rdfs: …) need no declaration.

        Raises:
            UnknownQuery: there is no canned query of that name.
            ParameterError: a parameter is missing, unknown or ill-typed, or the query gives no rows.
            QueryError: the query cannot be answered.
        """
        answer = self._answer(text, parameters, "SELECT", "query")
        results = cast(QuerySolutions, parse_query_results(answer, formats.JSON.engine))
        names = tuple(variable.value for variable in results.variables)
        return Table(names, tuple(tuple(python_value(row[name]) for name in names) for row in results))

    def ask(self, text: str) -> bool:
        """The answer to an ASK query; see `query`."""
        return bool(cast(QueryBoolean, parse_query_results(self._answer(text, {}, "ASK", "ask"), formats.JSON.engine)))

    def construct(self, text: str, **parameters: object) -> list[Triple]:
        """The triples of a CONSTRUCT or DESCRIBE query, or of a canned query that gives a graph; see `query`."""
        answer = self._answer(text, parameters, "CONSTRUCT", "construct")
        return [quad.triple for quad in parse(answer, formats.N_TRIPLES.engine)]

    def _answer(self, text: str, parameters: Mapping[str, object], wanted: str, method: str) -> bytes:
        if query_form(text) is None and not any(sign in text for sign in "{?"):
            query = find_query(self._queries, text)
            text = bind(query, {name: _parameter(value) for name, value in parameters.items()}, base=self.base)
        elif parameters:
            raise ParameterError(
                f"Only canned queries take parameters ({', '.join(parameters)}); write the values into the SPARQL."
            )
        form = query_form(text)
        form = "CONSTRUCT" if form == "DESCRIBE" else form
        if form not in (None, wanted):
            others = {"SELECT": "query", "ASK": "ask", "CONSTRUCT": "construct"}
            raise ParameterError(f"{method} takes no {form} query; call {others[form]} with it.")
        return self._pool.query(text, graph_format=formats.N_TRIPLES).content

    def _select(self, text: str) -> list[Row]:
        results = cast(QuerySolutions, parse_query_results(self._pool.query(text).content, formats.JSON.engine))
        names = [variable.value for variable in results.variables]
        return [{name: cast("Term | None", row[name]) for name in names} for row in results]

    # --- what there is

    def entity(self, name: str, *, type: str | None = None) -> Entity:
        """The thing that an IRI, a prefixed name (`res:company/nvidia`) or any of its names means.

        `type` ("Company") chooses among several that bear the name.

        Raises:
            ParameterError: nothing bears that name, or several things do.
        """
        found = [self._entity(iri) for iri in resolve(self._select, name, base=self.base)]
        fitting = [one for one in found if type is None or type in one.types]
        if not fitting:
            raise ParameterError(f"{name!r} is no {type}: it is {'; '.join(', '.join(one.types) for one in found)}.")
        if len(fitting) > 1:
            listed = ", ".join(f"{one.iri} ({', '.join(one.types)})" for one in fitting)
            raise ParameterError(f"Several things are called {name!r}; name one by its IRI or its type: {listed}.")
        return fitting[0]

    def entities(self, type: str | None = None) -> Table:
        """The things that articles mention, with their type and the number of those articles; of one type if named."""
        return self.query("entities", **({"type": type} if type else {}))

    def claims(self, metric: str | None = None) -> Claims:
        """All claims, or those on a metric, by any of its names; narrower metrics are included."""
        return find_claims(self._select, about=None, metric=metric)

    def partnerships(self, *, kind: str | None = None, status: str | None = None) -> Partnerships:
        """All deals, or those of a kind ("investment") or in a state ("announced")."""
        return find_partnerships(self._select, party=None, kind=kind, status=status)

    def explain(
        self, subject: str, predicate: str | None = None, object: str | None = None, *, as_of: str | None = None
    ) -> tuple[Explanation, ...] | tuple[Together, ...]:
        """Who says so, or why nobody does: of a triple, or of one finding or proposition by its IRI.

        The parts of a triple are names, prefixed names or IRIs. `as_of` is a day ("2026-03-18"): only what was
        published by then counts.

        Raises:
            ParameterError: nothing is called so, or only two parts are given.
        """
        if predicate is None and object is None:
            return explain_node(self._select, subject, base=self.base, as_of=as_of)
        if predicate is None or object is None:
            raise ParameterError("explain takes a subject, a predicate and an object, or one IRI.")
        return explain(self._select, subject, predicate, object, base=self.base, as_of=as_of)

    def _entity(self, iri: NamedNode) -> Entity:
        texts: dict[str, list[str]] = {}
        for row in self._select(_THING.format(iri=iri)):
            property_, value = row["p"], row["o"]
            if isinstance(property_, NamedNode) and isinstance(value, NamedNode | Literal):
                texts.setdefault(property_.value.rpartition("#")[2].rpartition("/")[2], []).append(value.value)
        labels = [*texts.get("label", []), *texts.get("prefLabel", [])]
        return Entity(
            iri=iri.value,
            label=next(iter(labels), iri.value),
            types=tuple(value.rpartition("#")[2] for value in texts.get("type", ())),
            names=tuple(dict.fromkeys((*labels, *texts.get("altLabel", ())))),
            same_as=tuple(texts.get("sameAs", ())),
            graph=self,
        )


@dataclass(frozen=True)
class Entity:
    """A thing of the graph: a company, person, chip, metric …

    `types` are the names of its classes, inferred ones included; `names` all that it is called; `same_as` its pages
    elsewhere (Wikidata …).
    """

    iri: str
    label: str
    types: tuple[str, ...]
    names: tuple[str, ...]
    same_as: tuple[str, ...]
    graph: Graph = field(repr=False, compare=False)

    def claims(self, metric: str | None = None) -> Claims:
        """What is claimed about it; on one metric ("order backlog") if named, narrower metrics included."""
        return find_claims(self.graph._select, about=self._node, metric=metric)

    def partnerships(self, *, kind: str | None = None, status: str | None = None) -> Partnerships:
        """Its deals: of a kind ("licensing", "supply", "investment", "acquisition", "collaboration") if named, or in a
        state ("announced", "reported", "completed", "ended").
        """
        return find_partnerships(self.graph._select, party=self._node, kind=kind, status=status)

    def facts(self, relation: str | None = None) -> Table:
        """The direct triples from it and to it, of one relation ("develops") if named; sentences are in `explain`."""
        table = self.graph.query(_FACTS.format(iri=self._node, relations=_RELATIONS))
        rows = (row for row in table.rows if relation in (None, row[1]))
        return Table(table.columns, tuple(rows))

    def articles(self) -> Table:
        """The articles that mention it, by publication."""
        return self.graph.query(_ARTICLES.format(iri=self._node))

    def explain(self, relation: str, other: str, *, as_of: str | None = None) -> tuple[Explanation, ...]:
        """Who says that it stands in a relation to another thing; see `Graph.explain`."""
        found = self.graph.explain(self.iri, relation, other, as_of=as_of)
        return cast("tuple[Explanation, ...]", found)

    @cached_property
    def _node(self) -> NamedNode:
        return NamedNode(self.iri)


def _parameter(value: object) -> str:
    """A value as forms write it."""
    return str(value).lower() if isinstance(value, bool) else "" if value is None else str(value)
