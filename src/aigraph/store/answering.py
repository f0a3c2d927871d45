"""How a worker sends an answer: whole or in parts, or only its beginning for a page."""

from __future__ import annotations

import json
import re
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, QuerySolutions, Triple

from aigraph.errors import AnswerTooLarge, QueryFailed
from aigraph.formats import CSV, JSON, TSV, XML, ResultFormat
from aigraph.store.frames import header_of, write_frame

_FIRST = 256 * 1024  # bytes up to which an answer is held back, so that a failure can still be told apart from it
_NO_XML = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")


_ROW_BEGINS = {
    JSON: ((b'},{"', 1), (b'},{"}', -1), (b'},{",', -1)),  # the last two end a string
    XML: ((b"<result>", 1),),
    CSV: ((b"\n", 1),),
    TSV: ((b"\n", 1),),
}
"""What rows are told by in the text of an answer, and what is no row after all."""


class Cut(Exception):
    """Enough of an answer was sent."""


class AnswerStream:
    """What an answer is written to: short ones are sent as one frame, longer ones as several.

    The first frame has the status "ok", or "begun" where others follow: "more", and in the end "end"; and it tells what
    the answer is `about`: the form of the query and the format. With `cut`, what
    is longer than one frame is left out. After an error nothing is sent any more: the engine empties its buffer once
    more when a write has failed.
    """

    def __init__(
        self,
        handle: int,
        number: int,
        about: tuple[str, str],
        limit: int,
        *,
        xml: bool,
        cut: bool,
        rows: RowCount | None = None,
    ) -> None:
        self._handle = handle
        self._number = number
        self._about = about
        self._limit = limit
        self._xml = xml
        self._cut = cut
        self._rows = rows
        self._written = 0
        self._data: list[bytes] = []
        self._length = 0
        self._tail = b""
        self._over = False
        self.begun = False

    def write(self, data: Any, /) -> int:
        """Takes a part of the answer."""
        if self._over:
            raise Cut
        self._data.append(data)
        self._length += len(data)
        if self._length > _FIRST and self._cut:
            self._over = True
            form, syntax = self._about
            head = header_of(status="ok", form=form, format=syntax, cut=True)
            write_frame(self._handle, head, b"".join(self._data)[:_FIRST], number=self._number)
            raise Cut
        if self._length > _FIRST:
            self._send("more" if self.begun else "begun")
        return len(data)

    def flush(self) -> None:
        """The engine calls this; parts go out when there is enough of them."""

    def end(self) -> None:
        """Sends what is left."""
        self._send("end" if self.begun else "ok")

    def _send(self, status: str) -> None:
        self._written += self._length
        self._over = True  # unless all goes well
        if self._written > self._limit:
            raise AnswerTooLarge(
                f"The answer is longer than {self._limit / 1_048_576:.3g} MB. Ask for less, with LIMIT say.",
                limit="answer-bytes",
                allowed=self._limit,
            )
        if self._rows is not None or self._xml:
            self._look_at(b"".join(self._data))
        form, syntax = self._about
        head = header_of(status=status) if self.begun else header_of(status=status, form=form, format=syntax)
        write_frame(self._handle, head, *self._data, number=self._number)
        self.begun, self._over = True, False
        self._data.clear()
        self._length = 0

    def _look_at(self, data: bytes) -> None:
        if self._rows is not None:
            self._rows.count(data)
        if self._xml:
            if _NO_XML.search(self._tail + data):
                raise QueryFailed("The answer holds control characters, which XML cannot hold. Choose another format.")
            self._tail = data[-2:]


class RowCount:
    """Counts the rows of an answer in its text, which takes a hundredth of the time of looking at each.

    Rows without any value do not count, and a line within a CSV field counts as one.
    """

    def __init__(self, syntax: ResultFormat, most: int) -> None:
        self._signs = _ROW_BEGINS[syntax]
        self._allowed = most
        self._most = most + (syntax in (CSV, TSV))  # the first line is the header
        self._found = int(syntax is JSON)  # before the first row stands no other
        self._tail = b""

    def count(self, data: bytes) -> None:
        """Counts on in the next part.

        Raises:
            AnswerTooLarge: there are more rows than allowed.
        """
        for sign, worth in self._signs:
            text = self._tail[-(len(sign) - 1) :] + data if len(sign) > 1 else data
            self._found += worth * text.count(sign)
        self._tail = data[-8:]
        if self._found > self._most:
            raise AnswerTooLarge(
                f"The answer has more rows than {self._allowed:,}. Ask for less at a time, with LIMIT say.",
                limit="answer-rows",
                allowed=self._allowed,
            )


_COUNTED = 100_000  # rows that are counted beyond those that are shown


def first_rows(solutions: QuerySolutions, rows: int, limit: int) -> tuple[bytes, int, bool]:
    """The first rows of a SELECT as JSON, how many rows there are, and whether there are still more.

    Raises:
        AnswerTooLarge: these rows are longer than `limit` bytes.
    """
    names = [variable.value for variable in solutions.variables]
    bindings: list[dict[str, dict[str, object]]] = []
    size = total = 0
    for solution in solutions:
        total += 1
        if total > _COUNTED:
            break
        if total <= rows:
            row = {name: _term(term) for name in names if (term := solution[name]) is not None}
            bindings.append(row)
            size += sum(len(str(one)) for one in row.values())
            if size > limit:
                raise AnswerTooLarge(
                    "The first rows are too long for a page. Ask for less, or get the answer as a file.",
                    limit="page-bytes",
                    allowed=limit,
                )
    content = {"head": {"vars": names}, "results": {"bindings": bindings}}
    return json.dumps(content).encode(), min(total, _COUNTED), total > _COUNTED


def _term(term: Any) -> dict[str, object]:
    """A term in the JSON format of query results."""
    if isinstance(term, NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, BlankNode):
        return {"type": "bnode", "value": term.value}
    if isinstance(term, Literal):
        if term.language:
            return {"type": "literal", "value": term.value, "xml:lang": term.language}
        return {"type": "literal", "value": term.value, "datatype": term.datatype.value}
    if isinstance(term, Triple):
        parts = {"subject": term.subject, "predicate": term.predicate, "object": term.object}
        return {"type": "triple", "value": {name: _term(part) for name, part in parts.items()}}
    raise QueryFailed(f"A page cannot show {term!r}.")
