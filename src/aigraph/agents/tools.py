"""The tools: what an agent can ask of the graph, checked before anything runs, and answered within limits.

Every query runs in the worker processes of a `QueryPool`, or a store elsewhere, with its deadline, and can only read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlencode

from pyoxigraph import NamedNode, QuerySolutions, parse_query_results

from aigraph.agents.answers import Data, Reply, explained_reply, found_reply, rows_reply, together_reply
from aigraph.errors import DataError, ParameterError, QueryTooLarge, UnknownQuery
from aigraph.explanations import Row, Term, explain, explain_node
from aigraph.explanations import resolve as resolve_name
from aigraph.formats import JSON
from aigraph.queries import CannedQuery, bind, page_of, schema_of
from aigraph.queries.parameters import did_you_mean
from aigraph.search import KINDS, LONGEST, Kind
from aigraph.sparql import excess, query_form
from aigraph.store import Queries

USUAL, MOST = 50, 500
"""Rows of an answer where a call names no limit, and the most that it may ask for."""
_FINDINGS = 300
_LONGEST_QUERY = 20_000
_DEEPEST, _MOST_TOKENS = 100, 5_000
_LONGEST_ANSWER = 1_000_000  # bytes of rows
_SCALARS = (str, int, float, bool)

_LIMIT = {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL, "description": "rows to give"}
_OFFSET = {"type": "integer", "minimum": 0, "maximum": 10**9, "default": 0, "description": "rows to leave out first"}
_ASOF = {"type": "string", "format": "date", "description": "only what was published by that day (2026-03-18)"}

_ABOUT = """SELECT ?relation ?what ?whatLabel ?direction {{
  {{ {iri} ?p ?o BIND("says" AS ?direction) FILTER(?p != aig:canonicalText) }}
  UNION {{ VALUES ?p {{ {facts} }} ?o ?p {iri} BIND("is said" AS ?direction) }}
  BIND(STR(?p) AS ?relation) BIND(?o AS ?what)
  OPTIONAL {{ ?o rdfs:label|skos:prefLabel ?whatLabel }}
}} ORDER BY DESC(?direction) ?relation ?whatLabel ?what"""
_SAID = """SELECT DISTINCT ?sentence ?modality ?polarity ?title ?article ?finding {{
  {{ BIND({iri} AS ?finding) ?finding aig:evidence ?e }} UNION {{ ?finding ?role {iri} ; aig:evidence ?e }}
  ?e oa:hasSelector/oa:exact ?sentence ; oa:hasSource ?article .
  OPTIONAL {{ ?article dcterms:title ?title }}
  ?finding aig:modality ?m ; aig:polarity ?p .
  BIND(LCASE(STRAFTER(STR(?m), "#")) AS ?modality) BIND(LCASE(STRAFTER(STR(?p), "#")) AS ?polarity)
}} ORDER BY ?article ?sentence ?finding"""
_RELATIONS = (
    "develops manufactures usesArchitecture componentOf successorOf uses competesWith worksFor founded optimizedFor "
    "locatedIn acquired investsIn licensesFrom suppliesTo partnerOf"
)


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool: its name, what it is for, the JSON Schema of its arguments, and what answers."""

    name: str
    title: str
    description: str
    schema: Mapping[str, object]
    call: Callable[[Mapping[str, Any]], Reply]


class Toolbox:
    """All tools on one graph; safe to use from several threads.

    With `site`, the address of an endpoint that serves the same graph, answers have permalinks there.

    Raises:
        DataError: a canned query has the name of another tool.
    """

    def __init__(
        self, pool: Queries, queries: Mapping[str, CannedQuery], *, base: str, site: str | None = None
    ) -> None:
        self._pool = pool
        self._base = base
        self._site = site.rstrip("/") + "/" if site else None
        own = (self._describe_tool(), self._search_tool(), self._explain_tool(), self._sparql_tool())
        for tool in own:
            if tool.name in queries:
                raise DataError(f"The canned query {tool.name!r} has the name of a tool; rename its file.")
        canned = (self._canned_tool(query) for query in queries.values())
        self.tools: dict[str, Tool] = {tool.name: tool for tool in (*own, *canned)}

    def call(self, name: str, arguments: Mapping[str, Any]) -> Reply:
        """The answer of a tool.

        Raises:
            UnknownQuery: there is no such tool.
            ParameterError: an argument is missing, unknown or ill-typed.
            QueryError: the query cannot be answered.
        """
        if name not in self.tools:
            hint = did_you_mean(name, self.tools) or f" There are: {', '.join(self.tools)}."
            raise UnknownQuery(f"There is no tool {name!r}.{hint}")
        tool = self.tools[name]
        known = cast("Mapping[str, object]", tool.schema["properties"])
        for key, content in arguments.items():
            if key not in known:
                hint = did_you_mean(key, known) or f" It takes: {', '.join(known) or 'none'}."
                raise ParameterError(f"The tool {name!r} has no argument {key!r}.{hint}")
            if content is not None and not isinstance(content, _SCALARS):
                raise ParameterError(f"The argument {key!r} of {name!r} is no text, number or truth value.")
        return tool.call({key: content for key, content in arguments.items() if content not in (None, "")})

    # --- canned queries

    def _canned_tool(self, query: CannedQuery) -> Tool:
        properties: Data = {
            one.name: {**schema_of(one), "description": f"{one.description} ({one.type})"} for one in query.parameters
        }
        if query.form == "SELECT":
            properties |= {"limit": _LIMIT, "offset": _OFFSET}
        required = [one.name for one in query.parameters if one.required]

        def call(given: Mapping[str, Any]) -> Reply:
            values = {key: _text(content) for key, content in given.items() if key not in ("limit", "offset")}
            text = bind(query, values, base=self._base)
            return self._rows(text, given, address=f"queries/{query.name}", values=values)

        return Tool(query.name, query.summary, query.description, _object(properties, required), call)

    def _rows(
        self,
        text: str,
        given: Mapping[str, Any],
        *,
        address: str | None = None,
        values: Mapping[str, str] | None = None,
    ) -> Reply:
        """The rows of a query that `limit` and `offset` ask for, with the permalink of the answer."""
        limit, offset = _number(given, "limit", USUAL, 1, MOST), _number(given, "offset", 0, 0, 10**9)
        form = query_form(text)
        asked = page_of(text, limit=limit, offset=offset) if form == "SELECT" and offset else text
        result = self._pool.query(asked, rows=limit, longest=_LONGEST_ANSWER)
        about: Data = {"snapshot": result.snapshot.id}
        if self._site and address:
            pages = {"limit": limit, "offset": offset} if form == "SELECT" else {}
            about["permalink"] = f"{self._site}{address}?{urlencode({**(values or {}), **pages})}"
        if form in ("CONSTRUCT", "DESCRIBE"):
            graph = result.content.decode("utf-8", "ignore")
            note = "\n# cut off here; ask for less" if result.cut else ""
            return Reply({"turtle": graph, "cut": result.cut, **about}, graph + note)
        total = result.total if not offset else self._pool.query(text, rows=1).total
        return rows_reply(result.content, total=total, offset=offset, more=result.cut, about=about)

    # --- tools of our own

    def _describe_tool(self) -> Tool:
        def call(given: Mapping[str, Any]) -> Reply:
            name = _needed(given, "thing")
            replies = [self._describe(thing, given) for thing in resolve_name(self._select, name, base=self._base)]
            return Reply({"things": [one.data for one in replies]}, "\n\n".join(one.text for one in replies))

        properties: Data = {
            "thing": {"type": "string", "pattern": r"\S", "description": "a name, a prefixed name or an IRI"},
            "limit": {**_LIMIT, "description": "sentences to give"},
        }
        description = (
            "What the graph says about one thing: its kinds and names, the facts that it takes part in, and the "
            "sentences behind them, each with its article and whether it is asserted, rumoured, forecast or denied."
        )
        return Tool("describe", "Describe an entity", description, _object(properties, ["thing"]), call)

    def _describe(self, thing: NamedNode, given: Mapping[str, Any]) -> Reply:
        limit = _number(given, "limit", USUAL, 1, MOST)
        relations = " ".join(f"aig:{name}" for name in _RELATIONS.split())
        about: Data = {"iri": thing.value}
        if self._site:
            about["permalink"] = f"{self._site}describe?{urlencode({'iri': thing.value})}"
        facts, said = (
            self._pool.query(text, rows=limit, longest=_LONGEST_ANSWER)
            for text in (_ABOUT.format(iri=thing, facts=relations), _SAID.format(iri=thing))
        )
        known = rows_reply(facts.content, total=facts.total, offset=0, more=facts.cut, about={})
        sentences = rows_reply(said.content, total=said.total, offset=0, more=said.cut, about=about)
        data: Data = {**about, "facts": known.data["rows"], "sentences": sentences.data["rows"]}
        data["more"] = (facts.total or 0) > limit or (said.total or 0) > limit
        return Reply(data, f"{thing.value}\nFacts: {known.text}\nSentences: {sentences.text}")

    def _search_tool(self) -> Tool:
        def call(given: Mapping[str, Any]) -> Reply:
            words, kind = _needed(given, "words"), _text(given.get("kind", ""))
            if kind and kind not in KINDS:
                raise ParameterError(f"The argument 'kind' is {kind!r}; it has to be one of {', '.join(KINDS)}.")
            limit, offset = _number(given, "limit", USUAL, 1, MOST), _number(given, "offset", 0, 0, 10**9)
            kinds = (Kind(kind),) if kind else KINDS
            found, snapshot = self._pool.texts.search(words, kinds=kinds, limit=limit, offset=offset)
            about: Data = {"snapshot": snapshot.id}
            if self._site:
                address = {"q": words, **({"kind": kind} if kind else {})}
                about["permalink"] = f"{self._site}search?{urlencode(address)}"
            return found_reply(found, offset=offset, about=about)

        properties: Data = {
            "words": {"type": "string", "pattern": r"\S", "maxLength": LONGEST, "description": "words to look for"},
            "kind": {"type": "string", "enum": [str(kind) for kind in KINDS], "description": "only this kind"},
            "limit": _LIMIT,
            "offset": _OFFSET,
        }
        description = (
            "Find entities by any of their names, and claims, deals and articles by their words, the best first; the "
            "last word may be the beginning of a longer one, and misspelt words are put right. Gives IRIs to go on "
            "with by describe or explain. Begin here when a name is not known exactly."
        )
        return Tool("search", "Search the graph", description, _object(properties, ["words"]), call)

    def _explain_tool(self) -> Tool:
        def call(given: Mapping[str, Any]) -> Reply:
            texts = {key: _text(content) for key, content in given.items()}
            parts = [texts[name] for name in ("subject", "predicate", "object") if name in texts]
            day = texts.get("asof")
            if "iri" in texts and not parts:
                found = explain_node(self._select, texts["iri"], base=self._base, as_of=day, most=_FINDINGS)
                return together_reply(found)
            if len(parts) != 3 or "iri" in texts:
                raise ParameterError("explain takes subject, predicate and object, or iri alone.")
            return explained_reply(explain(self._select, *parts, base=self._base, as_of=day))

        name = {"type": "string", "pattern": r"\S"}
        properties: Data = {
            "subject": {**name, "description": "a name or an IRI"},
            "predicate": {**name, "description": "a relation of the ontology, such as develops or acquired"},
            "object": {**name, "description": "a name or an IRI"},
            "iri": {**name, "description": "instead: the IRI of a claim, deal, statement or proposition"},
            "asof": _ASOF,
        }
        description = (
            "Why the graph says that one thing stands in a relation to another, or why it does not: every sentence "
            "with its article, stance and confidence, what it follows from, and what contradicts it."
        )
        return Tool("explain", "Explain a fact", description, _object(properties, []), call)

    def _sparql_tool(self) -> Tool:
        def call(given: Mapping[str, Any]) -> Reply:
            text = _needed(given, "query")
            if len(text) > _LONGEST_QUERY or excess(text, depth=_DEEPEST, count=_MOST_TOKENS):
                raise QueryTooLarge(f"The query is longer than {_LONGEST_QUERY:,} characters, or too deeply nested.")
            return self._rows(text, given, address="sparql", values={"query": text})

        properties: Data = {
            "query": {"type": "string", "pattern": r"\S", "description": "SELECT, ASK, CONSTRUCT or DESCRIBE"},
            "limit": _LIMIT,
            "offset": _OFFSET,
        }
        prefixes = ", ".join(sorted(self._pool.prefixes))
        description = (
            f"Ask the graph in SPARQL 1.1, to read only, for {self._pool.timeout:g} seconds at most. These prefixes "
            f"need no declaration: {prefixes}. The default graph is the union of all graphs. A sentence is reached by "
            "?finding aig:evidence/oa:hasSelector/oa:exact ?sentence."
        )
        return Tool("sparql", "Run SPARQL", description, _object(properties, ["query"]), call)

    def _select(self, text: str) -> Iterable[Row]:
        results = cast(QuerySolutions, parse_query_results(self._pool.query(text).content, JSON.engine))
        names = [variable.value for variable in results.variables]
        return [{name: cast("Term | None", row[name]) for name in names} for row in results]


def _object(properties: Data, required: list[str]) -> Data:
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _text(content: object) -> str:
    """An argument as users of forms would write it."""
    return str(content).lower() if isinstance(content, bool) else str(content)


def _needed(given: Mapping[str, Any], name: str) -> str:
    text = _text(given.get(name, "")).strip()
    if not text:
        raise ParameterError(f"The argument {name!r} is missing.")
    return text


def _number(given: Mapping[str, Any], name: str, usual: int, least: int, most: int) -> int:
    number = given.get(name, usual)
    if isinstance(number, bool) or not isinstance(number, int) or not least <= number <= most:
        raise ParameterError(
            f"The argument {name!r} is {number!r}; it has to be a whole number from {least} to {most}."
        )
    return number
