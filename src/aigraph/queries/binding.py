"""Binding: a canned query and values give SPARQL that any server can answer."""

from __future__ import annotations

import re
from collections.abc import Mapping, Set

from aigraph.errors import ParameterError
from aigraph.queries.files import CannedQuery, declared_prefixes
from aigraph.queries.parameters import Parameter, did_you_mean, term
from aigraph.sparql import Kind, Token, keyword, tokens
from aigraph.vocab import DEFAULT_BASE, prefixes

_PART = re.compile(
    r"^[ \t]*# (?:given (?P<given>\w+)(?: and (?P<also>\w+)| without (?P<but>\w+))?|without (?P<without>\w+))\n"
    r".*?^[ \t]*# end\n",
    re.MULTILINE | re.DOTALL,
)
"""What of a query is asked where a parameter is given, or another is not: to begin with what it names, not to look at
all there is."""


def bind(query: CannedQuery, values: Mapping[str, str], *, base: str = DEFAULT_BASE) -> str:
    """The SPARQL of a query with its parameters bound and every prefix that it uses declared.

    `values` go by the names of parameters; an empty one counts as not given. Prefixes that the query does not declare
    itself are those of `vocab.prefixes(base)`, of which `res:`, `article:` and `graph:` depend on the base.

    Raises:
        ParameterError: a parameter is missing, unknown or ill-typed.
    """
    known = {parameter.name: parameter for parameter in query.parameters}
    for name in values:
        if name not in known:
            hint = did_you_mean(name, known) or f" It takes: {', '.join(known) or 'none'}."
            raise ParameterError(f"Query {query.name!r} has no parameter {name!r}.{hint}")
    declared = prefixes(base) | declared_prefixes(query.text)
    terms: dict[str, str] = {}
    for parameter in query.parameters:
        value = values.get(parameter.name, "").strip() or parameter.default
        if value is not None:
            terms[parameter.variable] = term(query.name, parameter, value, declared)
        elif parameter.required:
            raise ParameterError(
                f"Query {query.name!r} needs the parameter {parameter.name!r} "
                f"({parameter.type}: {parameter.description}), for example {parameter.name}={parameter.example}."
            )
    absent = {parameter.name for parameter in query.parameters if parameter.variable not in terms}
    return with_prefixes(_replace(_for_given(query.text, absent), terms), declared)


def choices_query(query: CannedQuery, parameter: Parameter, *, most: int, base: str = DEFAULT_BASE) -> str | None:
    """The SPARQL that asks the graph for the values that it offers for a parameter, `most` at most, in `?value`.

    None where the query file has no `choices` for it.
    """
    if parameter.choices is None:
        return None
    text = f"SELECT DISTINCT ?value {{ {parameter.choices} }}\nORDER BY LCASE(STR(?value)) STR(?value) LIMIT {most}\n"
    return with_prefixes(text, prefixes(base) | declared_prefixes(query.text))


def _for_given(text: str, absent: Set[str]) -> str:
    """The text without the parts that are for parameters that are not given, or for want of those that are."""

    def asked(part: re.Match[str]) -> bool:
        missing = part["but"] or part["without"]
        return absent.isdisjoint((part["given"], part["also"])) and (missing is None or missing in absent)

    return _PART.sub(lambda part: part[0] if asked(part) else "", text)


def with_prefixes(text: str, known: Mapping[str, str]) -> str:
    """A query with those of the `known` prefixes declared that it uses and does not declare itself."""
    own = declared_prefixes(text)
    missing = [prefix for prefix in _used(text) if prefix in known and prefix not in own]
    return "".join(f"PREFIX {prefix}: <{known[prefix]}>\n" for prefix in missing) + text


def _replace(text: str, terms: Mapping[str, str]) -> str:
    """The text with variables replaced by terms, in the way that their place asks for.

    SPARQL takes no constant in BOUND, nor bare in SELECT, GROUP BY and ORDER BY.
    """
    parts: list[str] = []
    done = 0
    clause, depth = "", 0
    last: list[Token] = []
    for token in (each for each in tokens(text) if each.kind is not Kind.COMMENT):
        word = keyword(token)
        if word in ("SELECT", "BY"):
            clause, depth = word, 0
        elif token.text in ("{", "}") or word in ("WHERE", "HAVING", "LIMIT", "OFFSET"):
            clause = ""
        depth += {"(": 1, ")": -1}.get(token.text, 0)
        name = token.text[1:]
        if token.kind is Kind.VARIABLE and name in terms:
            start, end, term = token.start, token.end, terms[name]
            if len(last) == 2 and keyword(last[0]) == "BOUND":
                start, end, term = last[0].start, text.index(")", end) + 1, "true"
            elif clause and depth == 0:
                term = f"({term} AS ?{name})" if clause == "SELECT" else f"({term})"
            parts += (text[done:start], term)
            done = end
        last = [*last, token][-2:]
    return "".join((*parts, text[done:]))


def _used(text: str) -> list[str]:
    """The prefixes that a text uses, sorted."""
    return sorted({token.text.partition(":")[0] for token in tokens(text) if token.kind is Kind.NAME})
