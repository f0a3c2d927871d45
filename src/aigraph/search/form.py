"""Search in a query: `SERVICE search:index { ?thing search:words "licence Groq" ; search:score ?score }`.

It is replaced by what the search gives, as VALUES, before any engine sees the query: the processes that run queries
need no sockets for it. What is no such form is left as it is, so that every other SERVICE goes on being refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from aigraph.errors import QuerySyntaxError
from aigraph.search.finding import KINDS, Hit, Kind
from aigraph.sparql import Kind as Token
from aigraph.sparql import Token as Each
from aigraph.sparql import decode_escapes, keyword, line_and_column, tokens

NAMESPACE = "https://w3id.org/aigraph/search#"
_TERMS = ("index", "words", "kind", "limit", "score")
USUAL, MOST = 100, 1000
_MOST_FORMS = 8
_ESCAPES = {"t": "\t", "n": "\n", "r": "\r", "b": "\b", "f": "\f"}

Search = Callable[[str, Sequence[Kind], int], Sequence[Hit]]
"""What a search gives: words, kinds, limit -> what was found."""


@dataclass(slots=True)
class _Form:
    """One search of a query: what it binds and asks, and the part of the text that it takes."""

    start: int
    end: int
    thing: str = ""
    score: str = ""
    words: str | None = None
    kinds: list[Kind] = field(default_factory=list)
    limit: int = USUAL


def expand(text: str, search: Search) -> str:
    """The query with each search replaced by what it finds; the same text where it holds none.

    Raises:
        QuerySyntaxError: a search is not written as it should be.
        ParameterError: its words are too many.
    """
    if "service" not in text.lower() or "index" not in text:
        return text
    found = [each for each in tokens(text) if each.kind is not Token.COMMENT]
    spaces = dict(_declared(found))
    parts: list[str] = []
    done = number = place = 0
    while place < len(found) - 1:
        if keyword(found[place]) == "SERVICE" and _named(found[place + 1], spaces) == "index":
            number += 1
            if number > _MOST_FORMS:
                raise _wrong(text, found[place], f"a query may search {_MOST_FORMS} times")
            form, place = _read(text, found, place, spaces)
            parts += (text[done : form.start], _values(form, search))
            parts.append("\n" * text.count("\n", form.start, form.end))  # so that lines keep their numbers
            done = form.end
        else:
            place += 1
    return "".join((*parts, text[done:]))


def _values(form: _Form, search: Search) -> str:
    hits = search(form.words or "", form.kinds or KINDS, form.limit)
    variables = f"{form.thing} {form.score}" if form.score else form.thing
    rows = (f"(<{one.iri}> {one.score:.6e})" if form.score else f"(<{one.iri}>)" for one in hits)
    return f" VALUES ({variables}) {{ {' '.join(rows)} }} "


def _declared(found: Sequence[Each]) -> Iterator[tuple[str, str]]:
    """The prefixes that a query declares, after ours."""
    yield "search:", NAMESPACE
    for place, each in enumerate(found[:-2]):
        if keyword(each) == "PREFIX" and found[place + 2].kind is Token.IRI:
            yield found[place + 1].text, found[place + 2].text[1:-1]


def _named(token: Each, spaces: dict[str, str]) -> str | None:
    """The name of a term of ours that a token stands for."""
    iri = ""
    if token.kind is Token.IRI:
        iri = decode_escapes(token.text[1:-1])
    elif token.kind is Token.NAME:
        prefix, colon, local = token.text.partition(":")
        iri = spaces.get(prefix + colon, "") + local
    name = iri.removeprefix(NAMESPACE)
    return name if iri != name and name in _TERMS else None


def _read(text: str, found: Sequence[Each], place: int, spaces: dict[str, str]) -> tuple[_Form, int]:
    """The search that begins at a token, and the place after it."""
    form = _Form(found[place].start, 0)
    place += 2
    if place >= len(found) or found[place].text != "{":
        raise _wrong(text, found[min(place, len(found) - 1)], 'here "{" is missing')
    inside: list[Each] = []
    for each in found[place + 1 :]:
        if each.text == "}":
            form.end = each.end
            break
        inside.append(each)
    if not form.end:
        raise _wrong(text, found[-1], 'its "}" is missing')
    _fill(text, form, inside, spaces, found[place])
    return form, place + len(inside) + 2


def _fill(text: str, form: _Form, inside: Sequence[Each], spaces: dict[str, str], opening: Each) -> None:
    """Reads `?thing search:words "…" ; search:score ?score`."""
    rest = list(inside)
    subject = True
    while rest:
        if subject:
            thing = rest.pop(0)
            if thing.kind is not Token.VARIABLE or (form.thing and form.thing[1:] != thing.text[1:]):
                raise _wrong(text, thing, "it begins with the one variable for what is found")
            form.thing = thing.text
        if len(rest) < 2:
            raise _wrong(text, rest[0] if rest else opening, "a property or its value is missing")
        predicate, value = rest.pop(0), rest.pop(0)
        _set(text, form, predicate, value, _named(predicate, spaces))
        ends: list[str] = []
        while rest and rest[0].text in (";", "."):
            ends.append(rest.pop(0).text)
        subject = "." in ends
        if rest and not ends:
            raise _wrong(text, rest[0], 'here ";" is missing')
    if not form.thing or form.words is None:
        raise _wrong(text, opening, 'it needs ?thing search:words "…"')


def _set(text: str, form: _Form, predicate: Each, value: Each, name: str | None) -> None:
    if name == "words" and value.kind is Token.STRING:
        form.words = _content(value.text)
    elif name == "score" and value.kind is Token.VARIABLE:
        form.score = value.text
    elif name == "limit" and value.kind is Token.NUMBER and value.text.isdecimal() and 0 < int(value.text) <= MOST:
        form.limit = int(value.text)
    elif name == "kind" and value.kind is Token.STRING and _content(value.text) in KINDS:
        form.kinds.append(Kind(_content(value.text)))
    else:
        kinds = ", ".join(f'"{one}"' for one in KINDS)
        raise _wrong(
            text,
            predicate if name in (None, "index") else value,
            f'it takes search:words "…", search:kind ({kinds}), search:limit (1 to {MOST}), search:score ?score',
        )


def _content(literal: str) -> str:
    """The text that a literal stands for."""
    quotes = 3 if literal[:3] in ('"""', "'''") else 1
    plain = decode_escapes(literal[quotes:-quotes])
    return re.sub(r"\\(.)", lambda match: _ESCAPES.get(match[1], match[1]), plain)


def _wrong(text: str, token: Each, why: str) -> QuerySyntaxError:
    line, column = line_and_column(text, token.start)
    return QuerySyntaxError(
        f"The search (SERVICE search:index) at line {line}, column {column} is malformed: {why}.",
        line=line,
        column=column,
    )
