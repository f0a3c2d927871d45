"""Terms and rows as pages show them: IRIs short and linked, literals with their language or type."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from pyoxigraph import BlankNode, Literal, NamedNode, QueryBoolean, QuerySolutions, Triple, parse_query_results

from aigraph.endpoint.site.addresses import page_of
from aigraph.formats import JSON
from aigraph.vocab import DEFAULT_BASE, XSD

Term = NamedNode | BlankNode | Literal | Triple
SHOWN_ROWS = 1000
SHOWN_TEXT = 600
_LABEL = "Label"
_NUMBERS = (XSD.integer, XSD.decimal, XSD.double)
_LONG_NUMBER = re.compile(r"-?[1-9]\d{4,30}")


@dataclass(frozen=True, slots=True)
class Cell:
    """A term: its text, where a click leads, the full IRI, and what kind of literal it is."""

    text: str
    href: str | None = None
    iri: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """The answer to a SELECT: the first rows of it, and how many there are in all."""

    names: tuple[str, ...]
    rows: tuple[tuple[Cell | None, ...], ...]
    total: int


def short(iri: str, prefixes: Mapping[str, str]) -> str:
    """An IRI with the prefix that leaves the least of it: "aig:Claim"; the IRI itself where none fits."""
    fits = [(len(space), name) for name, space in prefixes.items() if iri.startswith(space) and iri != space]
    if not fits:
        return iri
    length, name = max(fits)
    return f"{name}:{iri[length:]}"


def cell(term: Term | None, prefixes: Mapping[str, str]) -> Cell | None:
    """A term as a page shows it; every IRI leads to the page that describes it here."""
    if isinstance(term, NamedNode):
        base = prefixes.get("res", "").removesuffix("id/") or DEFAULT_BASE
        return Cell(short(term.value, prefixes), page_of(term.value, base), term.value)
    if isinstance(term, Literal):
        note = term.language
        if note is None and term.datatype != XSD.string:
            note = short(term.datatype.value, prefixes)
        if _LONG_NUMBER.fullmatch(term.value) and term.datatype in _NUMBERS:
            return Cell(f"{int(term.value):,}", note=note)
        text = term.value if len(term.value) <= SHOWN_TEXT else f"{term.value[:SHOWN_TEXT]}…"
        return Cell(text, note=note)
    return None if term is None else Cell(str(term))


def read(content: bytes) -> QuerySolutions | bool:
    """The solutions of a SELECT, or the answer of an ASK, out of the JSON that a worker gave."""
    results = parse_query_results(content, JSON.engine)
    return bool(results) if isinstance(results, QueryBoolean) else results


def table(content: bytes, prefixes: Mapping[str, str], *, total: int | None = None) -> Table | bool:
    """The JSON that a worker gave as a table to show, or as a truth value.

    `total` is how many rows there are where the JSON holds only the first.
    """
    results = read(content)
    if isinstance(results, bool):
        return results
    names = [variable.value for variable in results.variables]
    columns = _columns(names)
    rows: list[tuple[Cell | None, ...]] = []
    count = 0
    for solution in results:
        count += 1
        if count <= SHOWN_ROWS:
            terms = {name: solution[name] for name in names}
            rows.append(tuple(_named(terms[words], terms.get(thing or ""), prefixes) for words, thing in columns))
    return Table(tuple(thing or words for words, thing in columns), tuple(rows), count if total is None else total)


def _columns(names: list[str]) -> list[tuple[str, str | None]]:
    """The columns to show: a label together with the thing that it names ("developerLabel" with "developer")."""
    things = {name: thing for name in names if (thing := name.removesuffix(_LABEL)) != name and thing in names}
    if "title" in names and "article" in names:
        things["title"] = "article"
    return [(name, things.get(name)) for name in names if name not in things.values()]


def _named(words: Term | None, thing: Term | None, prefixes: Mapping[str, str]) -> Cell | None:
    """A cell of a column; where the row has both a label and its thing, the label leads to the thing's page."""
    if isinstance(words, Literal) and isinstance(thing, NamedNode):
        return replace(cell(thing, prefixes) or Cell(words.value), text=words.value)
    return cell(words if words is not None else thing, prefixes)


def to_json(rows: Iterable[Mapping[str, object]]) -> str:
    """Rows as JSON for people and programs."""
    return json.dumps(list(rows), ensure_ascii=False, indent=1) + "\n"
