"""A published CONSTRUCT query with some of its variables bound: the same rule, asked of a few things alone.

Only `VALUES` blocks are put into the text, in places where they can do nothing but narrow the answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from aigraph.errors import DataError
from aigraph.vocab import RDF, prefixes

_ROWS = 300
_PREMISE = re.compile(r"^([ \t]*)(\?\w+) (\?\w+|a) (\?\w+) \.[ \t]*# premise$", re.MULTILINE)
_HEAD = re.compile(r"CONSTRUCT\s*\{\s*(\S+)\s+(\S+)\s+(\S+?)\s*\.?\s*\}\s*WHERE\s*\{\s*")
_WHERE = re.compile(r"(?P<asks>\b(?:CONSTRUCT\s*\{[^{}]*\}|SELECT\b[^{}]*?))\s*\bWHERE\s*\{")
_NEGATION = re.compile(r"\bFILTER NOT EXISTS \{")

Term = NamedNode | BlankNode | Literal | Triple


def about(text: str, variable: str, nodes: Iterable[NamedNode]) -> Iterator[str]:
    """The query for some values of the variable it is about, bound in each subquery that gives the variable out."""
    for rows in _chunks({(node,) for node in nodes}):
        values = _values([f"?{variable}"], rows)

        def bind(match: re.Match[str], values: str = values) -> str:
            gives = match["asks"].startswith("CONSTRUCT") or re.search(rf"\?{variable}\b", _plain(match["asks"]))
            return f"{match[0]} {values}" if gives else match[0]

        yield _WHERE.sub(bind, text)


def heads(text: str, triples: Iterable[Triple]) -> Iterator[str]:
    """The query for whether it gives some triples: the variables of its CONSTRUCT template are bound to theirs.

    Raises:
        DataError: the template is not one triple.
    """
    head = _HEAD.search(text)
    if head is None:
        raise DataError(f"A rule for facts needs a CONSTRUCT template of one triple: {text.strip()[:200]}")
    places = [match.start() for match in _PREMISE.finditer(text)] or [head.end()]
    for variables, rows in _bound(head.groups(), triples):
        values = _values(variables, rows)
        parts = [text[start:end] for start, end in pairwise([0, *places, len(text)])]
        yield f"{values}\n".join(parts)


def from_premises(text: str, triples: Iterable[Triple], *, positive: bool = False) -> Iterator[str]:
    """The queries for what follows where one of the premises is among some triples, premise by premise.

    With `positive` its negations are left out, so that it also gives what exists already or would be refused.
    """
    if positive:
        text = without_negation(text)
    known = list(triples)
    for premise in _PREMISE.finditer(text):
        for variables, rows in _bound(premise.groups()[1:], known):
            yield f"{text[: premise.start()]}{_values(variables, rows)}\n{text[premise.start() :]}"


def without_negation(text: str) -> str:
    """The query without its outermost `FILTER NOT EXISTS` blocks."""
    while match := _NEGATION.search(text):
        depth, end = 1, match.end()
        while depth:
            depth += {"{": 1, "}": -1}.get(text[end], 0)
            end += 1
        text = text[: match.start()] + text[end:]
    return text


def _plain(asks: str) -> str:
    """A SELECT clause without its expressions: what it gives out unchanged."""
    while (shorter := re.sub(r"\([^()]*\)", "", asks)) != asks:
        asks = shorter
    return asks


def _bound(pattern: Sequence[str], triples: Iterable[Triple]) -> Iterator[tuple[list[str], list[tuple[Term, ...]]]]:
    """The variables of a triple pattern with their values in the triples that fit its other terms, in chunks."""
    names = dict.fromkeys(term for term in pattern if term.startswith("?"))
    fixed = [None if term.startswith("?") else _iri(term) for term in pattern]
    rows: set[tuple[Term, ...]] = set()
    for triple in triples:
        values = (triple.subject, triple.predicate, triple.object)
        if all(wanted is None or wanted == value for wanted, value in zip(fixed, values, strict=True)):
            found = dict(zip(pattern, values, strict=True))
            rows.add(tuple(found[name] for name in names))
    for chunk in _chunks(rows):
        yield list(names), chunk


def _iri(name: str) -> NamedNode:
    if name == "a":
        return RDF.type
    prefix, _, local = name.partition(":")
    return NamedNode(prefixes()[prefix] + local)


def _chunks(rows: set[tuple[Term, ...]] | set[tuple[NamedNode]]) -> Iterator[list[tuple[Term, ...]]]:
    ordered: list[tuple[Term, ...]] = sorted(rows, key=str)
    for start in range(0, len(ordered), _ROWS):
        yield ordered[start : start + _ROWS]


def _values(variables: Sequence[str], rows: Iterable[tuple[Term, ...]]) -> str:
    body = " ".join(f"({' '.join(map(str, row))})" for row in rows)
    return f"VALUES ({' '.join(variables)}) {{ {body} }}"
