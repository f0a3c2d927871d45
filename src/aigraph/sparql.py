"""Tokens of SPARQL texts: enough to look at a query or to rewrite it safely, without parsing it.

Nothing here raises on malformed input: what is no token of SPARQL comes out as `Kind.UNKNOWN`. Positions count
code points of the text as given.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache


class Kind(StrEnum):
    """What a token is."""

    IRI = "iri"  # <http://example.org/>
    NAME = "name"  # aig:Claim, :x, rdf:
    BLANK = "blank"  # _:b0
    VARIABLE = "variable"  # ?x, $x
    STRING = "string"  # in any of the four styles of quotes, quotes included
    LANGTAG = "langtag"  # @en
    DATATYPE = "datatype"  # ^^
    NUMBER = "number"  # unsigned; a sign is punctuation
    WORD = "word"  # keywords, names of functions, `a`, `true`
    PUNCTUATION = "punctuation"
    COMMENT = "comment"  # from "#" to the end of the line
    UNKNOWN = "unknown"  # a stray character, or a quote without end and all that it swallows


@dataclass(frozen=True, slots=True)
class Token:
    """A token: its kind, its text as written, and where it stands (`end` is exclusive)."""

    kind: Kind
    text: str
    start: int
    end: int


_ESCAPE = r"\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}"
_LETTER = rf"(?:[^\W\d_]|{_ESCAPE})"
_LOCAL = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%]|" + _ESCAPE
# Quantifiers are possessive, and prefixes are bounded, so that no text takes more than linear time.
_TOKEN = re.compile(
    rf"""
    (?P<space>\s+)
  | (?P<comment>\#[^\r\n]*+)
  | (?P<iri><(?:[^<>"{{}}|^`\\\x00-\x20]|{_ESCAPE})*+>)
  | (?P<string>'{{3}}(?:[^'\\]|\\.|'(?!''))*+(?:'{{3}})?+
      |"{{3}}(?:[^"\\]|\\.|"(?!""))*+(?:"{{3}})?+
      |'(?:[^'\\\r\n]|\\[^\r\n])*+'?+
      |"(?:[^"\\\r\n]|\\[^\r\n])*+"?+)
  | (?P<variable>[?$](?:\w|·|{_ESCAPE})++)
  | (?P<langtag>@[A-Za-z]++(?:-[A-Za-z0-9]++)*+)
  | (?P<datatype>\^\^)
  | (?P<blank>_:(?:\w|{_ESCAPE})(?:[\w\-·]|\.+(?=[\w\-·])|{_ESCAPE})*+)
  | (?P<name>(?:{_LETTER}(?:{_LETTER}|[\w\-·]|\.(?=[\w.\-·:\\])){{0,255}}+)?+:
      (?:(?:[\w:]|{_LOCAL})(?:[\w:\-·]|{_LOCAL}|\.+(?=[\w:\-·%\\]))*+)?+)
  | (?P<number>(?:\d++(?:\.\d*+)?+|\.\d++)(?:[eE][+-]?\d++)?+)
  | (?P<word>(?:{_LETTER}|_)(?:{_LETTER}|\w)*+)
  | (?P<punctuation>&&|\|\||!=|<=|>=|<<\(|\)>>|<<|>>|\{{\||\|\}}|[{{}}()\[\].,;:=<>!*/+\-|^?&~])
  | (?P<unknown>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPES = re.compile(_ESCAPE)
_SIGNS = re.compile(r"(?:[!^+\-](?:\s|#[^\n]*+\n)*+){20}")
_OPENING = ("(", "{", "[", "<<", "<<(", "{|")
_CLOSING = (")", "}", "]", ">>", ")>>", "|}")
_PLAIN_BEGIN = re.compile(r"\s*+([A-Za-z]++)(?=[\s{(*?<])")  # a word that no escape and no colon continues
_PROLOGUE = ("BASE", "PREFIX", "VERSION")
_SHORT = 4000
_UNARY = ("!", "^", "+", "-")
_FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
_UPDATES = ("INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH")
_BEFORE_A_GRAPH = {"GRAPH", "FROM", "NAMED", "DESCRIBE"}


def tokens(text: str) -> Iterator[Token]:
    """All tokens of a text in order; white space is left out, comments are tokens."""
    for match in _TOKEN.finditer(text):
        name = match.lastgroup or "unknown"
        if name == "space":
            continue
        kind = Kind(name)
        if kind is Kind.STRING and not _closed(match.group()):
            kind = Kind.UNKNOWN
        yield Token(kind, match.group(), match.start(), match.end())


def _closed(literal: str) -> bool:
    """True where a quote has its end."""
    quote = literal[:3] if literal[:3] in ("'''", '"""') else literal[0]
    return len(literal) >= 2 * len(quote) and literal.endswith(quote)


def decode_escapes(text: str) -> str:
    """The text with its codepoint escapes (`\\u0053`, `\\U00000053`) replaced by what they stand for."""

    def character(match: re.Match[str]) -> str:
        code = int(match.group()[2:], 16)
        return chr(code) if code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF else match.group()

    return _ESCAPES.sub(character, text)


def keyword(token: Token) -> str:
    """The keyword that a word stands for, in capitals and without escapes; "" for all other tokens."""
    return decode_escapes(token.text).upper() if token.kind is Kind.WORD else ""


def forbidden_keyword(text: str) -> str | None:
    """Says "SERVICE" where a query would call another server, else None.

    A filter that rather refuses too much than too little: engines differ in how they read escapes and `?a<'b`, and
    Oxigraph needs no blank between a keyword and what stands beside it (`true SERVICE:x {…}` and `trueSERVICE:x{…}`
    are one). So the text is judged as written and with its escapes decoded, and a query in which "<" may be an
    operator or the begin of an IRI with a quote in it may not hold the letters at all.
    """
    readings = {text, decode_escapes(text)}
    return "SERVICE" if any(_calls_service(reading) for reading in readings) else None


def _calls_service(text: str) -> bool:
    if "service" not in decode_escapes(text).lower():
        return False
    before = ""
    held: Token | None = None  # a prefixed name that calls a server if "{" follows: SERVICE:x {…}
    for token in tokens(text):
        if token.kind is Kind.COMMENT:
            continue
        if held and token.text == "{":
            return True
        held = None
        if "SERVICE" in keyword(token):
            return True
        if token.kind is Kind.IRI and _ambiguous(token.text):
            return True
        if token.kind is Kind.NAME and before not in _BEFORE_A_GRAPH:
            prefix = decode_escapes(token.text).partition(":")[0].upper()
            held = token if "SERVICE" in prefix else None
        before = keyword(token)
    return False


def _ambiguous(iri: str) -> bool:
    """True for `<'a'&&?b>`: an IRI by the grammar, but an engine that backtracks may see an operator and a quote."""
    return ("'" in iri or "#" in iri) and re.match(r"<[A-Za-z][A-Za-z0-9+.-]*://", iri) is None


def query_form(text: str) -> str | None:
    """Which of "SELECT", "ASK", "CONSTRUCT" and "DESCRIBE" the text begins as; None where it is none of them."""
    first = _first_word(text)
    for form in _FORMS:
        if first.startswith(form):
            return form
    return None


def update_form(text: str) -> str | None:
    """The keyword by which a text is an update ("INSERT", "LOAD" …); None where it begins as none."""
    first = _first_word(text)
    return first if first in _UPDATES else None


def names_graphs(text: str) -> bool:
    """True where a query names the graphs of its dataset (FROM); where in doubt, also where it does not."""
    return "from" in decode_escapes(text).lower() and any(keyword(one).startswith("FROM") for one in tokens(text))


def forbidden_in_update(text: str) -> str | None:
    """Says "SERVICE" or "LOAD" where an update would reach for another place, else None; see `forbidden_keyword`."""
    if forbidden_keyword(text):
        return "SERVICE"
    return "LOAD" if any(_loads(reading) for reading in {text, decode_escapes(text)}) else None


def _loads(text: str) -> bool:
    if "load" not in decode_escapes(text).lower():
        return False
    return any(
        token.kind in (Kind.WORD, Kind.NAME) and "LOAD" in decode_escapes(token.text).partition(":")[0].upper()
        for token in _outside(text)
    )


def _outside(text: str) -> Iterator[Token]:
    """The tokens that stand in no braces; comments are left out."""
    deep = 0
    for token in tokens(text):
        if token.text in ("{", "}"):
            deep += 1 if token.text == "{" else -1
        if token.kind is not Kind.COMMENT and (deep <= 0 or token.text == "{"):
            yield token


def with_dataset(text: str, default_graphs: Sequence[str], named_graphs: Sequence[str]) -> str | None:
    """An update whose patterns are matched against those graphs; None where it names graphs of its own (USING, WITH).

    The clauses are put before each WHERE; `DELETE WHERE { … }` is written out, since it has no room for them.
    """
    clauses = [f"USING <{iri}>" for iri in default_graphs] + [f"USING NAMED <{iri}>" for iri in named_graphs]
    found = [token for token in tokens(text) if token.kind is not Kind.COMMENT]
    parts: list[str] = []
    done = deep = 0
    before = ""
    for place, token in enumerate(found):
        deep += (token.text == "{") - (token.text == "}")
        word = keyword(token) if deep == 0 else ""
        if word in ("USING", "WITH"):
            return None
        if word == "WHERE":
            parts += [text[done : token.start]]
            done = token.start
            if before == "DELETE":
                parts.append(_block(text, found, place + 1))
            parts += [" ", " ".join(clauses), " "]
        before = word
    return "".join((*parts, text[done:]))


def _block(text: str, found: Sequence[Token], place: int) -> str:
    """The text of the braces that begin at a place."""
    deep = 0
    for token in found[place:]:
        deep += (token.text == "{") - (token.text == "}")
        if deep == 0:
            return text[found[place].start : token.end]
    return ""


def excess(text: str, *, depth: int, count: int) -> str | None:
    """What a text has too much of: "depth" (brackets in brackets, signs before signs) or "tokens"; None if nothing.

    Counts rather too much than too little: what stands in a string counts only where the whole text is looked at.
    """
    opening = sum(map(text.count, ("(", "{", "[", "<<")))
    if opening <= depth and len(text) <= count and not _SIGNS.search(text):
        return None
    deep = run = number = 0
    for token in tokens(text):
        if token.kind is Kind.COMMENT:
            continue
        number += 1
        sign = token.text if token.kind is Kind.PUNCTUATION else ""
        deep += (sign in _OPENING) - (sign in _CLOSING)
        run = run + 1 if sign in _UNARY or token.kind is Kind.DATATYPE else 0
        if max(deep, run) > depth:
            return "depth"
        if number > count:
            return "tokens"
    return None


def _first_word(text: str) -> str:
    """The first keyword after the prologue; of short texts it is remembered, as it is asked for several times."""
    return _remembered_first_word(text) if len(text) <= _SHORT else _find_first_word(text)


def _find_first_word(text: str) -> str:
    plain = _PLAIN_BEGIN.match(text)
    if plain and (first := plain[1].upper()) not in _PROLOGUE:
        return first
    return next((word for token in tokens(text) if (word := keyword(token)) and word not in _PROLOGUE), "")


_remembered_first_word = lru_cache(1024)(_find_first_word)


def variables(text: str) -> tuple[str, ...]:
    """The names of the variables of a text without their sign, each once, in order of first appearance."""
    return tuple(dict.fromkeys(token.text[1:] for token in tokens(text) if token.kind is Kind.VARIABLE))


def replace_variables(text: str, mapping: Mapping[str, str]) -> str:
    """The text with variables replaced: `mapping` goes from their names (no "?") to SPARQL text.

    Only tokens that are variables are replaced, never what looks like one in a literal, an IRI or a comment.
    """
    parts: list[str] = []
    done = 0
    for token in tokens(text):
        if token.kind is Kind.VARIABLE and token.text[1:] in mapping:
            parts += (text[done : token.start], mapping[token.text[1:]])
            done = token.end
    return "".join((*parts, text[done:]))


def line_and_column(text: str, offset: int) -> tuple[int, int]:
    """Line and column, both from 1, of a position in a text."""
    line_start = text.rfind("\n", 0, offset) + 1
    return text.count("\n", 0, offset) + 1, offset - line_start + 1
