"""Readable messages for malformed queries, out of what the engine reports.

The engine names the farthest character that it looked at, which lies behind the true place by as much as the longest
keyword it tried, and lists classes of characters. So the query is looked at once more with wide blanks between its
tokens: then that character tells the token at which reading stopped.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from pyoxigraph import Store

from aigraph.errors import QuerySyntaxError
from aigraph.sparql import Kind, Token, line_and_column, query_form, tokens, update_form

_PLACE = re.compile(
    r"(?:error )?at (?P<line>\d+):(?P<column>\d+):? ?(?:expected )?(?:one of )?(?P<expected>.*)", re.DOTALL
)
_WANTED = {
    '"?"': "a variable",
    '"<"': "an IRI",
    '":"': "a prefixed name",
    '"\'"': "a literal",
    "['0'": "a number",
    '"{"': "“{”",
    '"}"': "“}”",
    '"("': "“(”",
    '")"': "“)”",
}
"""Readable words for what the engine lists; the rest of its list is no help."""
_GAP = " " * 24  # longer than any keyword of SPARQL
_SENTENCES = {
    "Prefix not found": "the prefix of {found} is not declared",
    "IRI parsing failed": "{found} is no valid IRI, or is relative without a BASE",
    "The SELECT contains a variable that is unbound": "SELECT asks for a variable that the pattern or GROUP BY does "
    "not bind",
}


def syntax_error(text: str, raw: str, prefixes: Mapping[str, str] | None = None) -> QuerySyntaxError:
    """The error for a query that the engine refused to read with the message `raw`.

    Raises nothing; parses the query again, so it belongs where parsing may take its time.
    """
    return explain(text, raw, lambda wide: _parse(wide, prefixes))


def _parse(text: str, prefixes: Mapping[str, str] | None) -> str | None:
    """The engine's message for a text; None where it can be read."""
    try:
        Store().query(text, prefixes=dict(prefixes or {}))
    except SyntaxError as error:
        return str(error)
    except (OSError, RuntimeError, ValueError):
        return None
    return None


def explain(text: str, raw: str, parse: Callable[[str], str | None]) -> QuerySyntaxError:
    """As `syntax_error`, with the parser as an argument: it gives the message for a text, None if it is well-formed."""
    match = _PLACE.match(raw)
    if match is None:
        return QuerySyntaxError(f"The query cannot be read: {_first_line(raw)}")
    found = [token for token in tokens(text) if token.kind is not Kind.COMMENT]
    if not found:
        return QuerySyntaxError("The query is empty.", line=1, column=1)
    if update := update_form(text):
        at = line_and_column(text, next(token.start for token in found if token.text.upper() == update))
        return _error(at, f"{update} changes the graph, but this service only reads")
    wide, places = _widen(found)
    again = parse(wide)
    second = _PLACE.match(again) if again else None
    stopped: Token | None = None
    if second:
        offset = _offset(wide, int(second["line"]), int(second["column"]))
        stopped = next((token for token, start in reversed(places) if start <= offset), found[0])
        if offset >= len(wide.rstrip()):
            stopped = None
        match = second
    else:
        offset = _offset(text, int(match["line"]), int(match["column"]))
        stopped = next((token for token in found if token.start <= offset < token.end), None)
    unclosed = next((token for token in found if token.kind is Kind.UNKNOWN and token.text[0] in "'\""), None)
    if unclosed and (stopped is None or stopped.start >= unclosed.start):
        stopped = unclosed
    at = line_and_column(text, stopped.start if stopped else len(text.rstrip()))
    return _error(at, _what(text, match["expected"], stopped))


def _error(at: tuple[int, int], what: str) -> QuerySyntaxError:
    line, column = at
    return QuerySyntaxError(f"Line {line}, column {column}: {what}.", line=line, column=column)


def _widen(found: list[Token]) -> tuple[str, list[tuple[Token, int]]]:
    """The text with wide gaps for its gaps, and where each token starts in it."""
    parts: list[str] = []
    places: list[tuple[Token, int]] = []
    length = done = 0
    for token in found:
        gap = _GAP if token.start > done or not places else ""
        places.append((token, length + len(gap)))
        parts += (gap, token.text)
        length += len(gap) + len(token.text)
        done = token.end
    return "".join((*parts, _GAP)), places


def _offset(text: str, line: int, column: int) -> int:
    """The position of a line and column, both from 1."""
    lines = text.split("\n")
    return sum(len(one) + 1 for one in lines[: line - 1]) + column - 1


def _what(text: str, expected: str, stopped: Token | None) -> str:
    """What is wrong, as a clause."""
    found = f"“{_short(stopped.text)}”" if stopped else "end of the query"
    if "IRI parsing failed" in expected and stopped and stopped.kind is not Kind.IRI:
        return f"what stands before {found} is no valid IRI"
    for sentence, clause in _SENTENCES.items():
        if sentence in expected:
            return clause.format(found=found)
    if stopped and stopped.kind is Kind.UNKNOWN and stopped.text[0] in "'\"":
        return f"the text that begins with {found} has no closing quote"
    wanted = [words for sign, words in _WANTED.items() if sign in expected]
    if not wanted and not query_form(text):
        return "a query begins with SELECT, ASK, CONSTRUCT or DESCRIBE, after its PREFIX lines"
    if not wanted:
        return f"unexpected {found}"
    choices = " or ".join(part for part in (", ".join(wanted[:-1]), wanted[-1]) if part)
    return f"unexpected {found}; expected {choices}"


def _short(text: str) -> str:
    line = text.splitlines()[0] if text else ""
    return line if len(line) <= 40 else f"{line[:39]}…"


def _first_line(text: str) -> str:
    return _short(text.strip()) or "no reason is known"
