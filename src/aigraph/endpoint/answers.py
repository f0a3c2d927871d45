"""Answers to queries as HTTP has them: the chosen format, validators, compression, parts of long answers."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any
from urllib.parse import quote, urlencode

from flask import Response, render_template, request
from pyoxigraph import NamedNode
from werkzeug.exceptions import Gone

from aigraph import __version__
from aigraph.endpoint.cache import Kept
from aigraph.endpoint.clients import Asking
from aigraph.endpoint.compression import Compressed, compressed, encoding_for, worth_it
from aigraph.endpoint.headers import as_lines
from aigraph.endpoint.negotiation import Choice, choose, offers
from aigraph.endpoint.requests import ATTEMPT, CAME
from aigraph.endpoint.service import Service, service
from aigraph.endpoint.tables import SHOWN_ROWS, Table, table
from aigraph.formats import JSON, TURTLE, RdfSyntax, ResultFormat
from aigraph.sparql import decode_escapes, query_form
from aigraph.store import Answer, Asker, Result, Snapshot
from aigraph.vocab import prefixes

_GRAPHS = ("CONSTRUCT", "DESCRIBE")
_VOLATILE = re.compile(r"\b(?:NOW|RAND|UUID|STRUUID|BNODE)\b", re.IGNORECASE)
_BLANK = re.compile(r"_:|\[")
_LONGEST_PAGE = 4_000_000  # bytes of the data that a page shows
_LONGEST_LOCATION = 2000
_FOREVER = "public, max-age=31536000, immutable"
_UNTIL_CHANGED = "no-cache"
_VARY = "Accept, Accept-Encoding"


@dataclass(frozen=True, slots=True)
class Question:
    """A query and the graphs that it is asked of; no graphs are the union of all. `snapshot` is the id of a state."""

    text: str
    default_graphs: Sequence[NamedNode] = ()
    named_graphs: Sequence[NamedNode] = ()
    snapshot: str | None = None


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, as the environment of WSGI has it."""

    environ: Mapping[str, Any]

    @property
    def address(self) -> str:
        """The address of the client."""
        return str(self.environ.get("REMOTE_ADDR", ""))

    @property
    def encoding(self) -> str | None:
        """The content coding that the client wants."""
        return encoding_for(str(self.environ.get("HTTP_ACCEPT_ENCODING", "")))

    def has(self, tag: str) -> bool:
        """True where the client has that version already."""
        given = str(self.environ.get("HTTP_IF_NONE_MATCH", ""))
        if not given or self.environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return False
        return given.strip() == "*" or any(one.strip().removeprefix("W/") == tag for one in given.split(","))

    def asker(self, served: Service) -> Asker:
        """The one who asks, for the query workers."""
        slow = partial(served.clients.slow, self.address)
        gone = self.environ.get("waitress.client_disconnected")
        return Asker(gone, slow, self.environ.get(ATTEMPT), self.environ.get(CAME))


@dataclass(frozen=True, slots=True)
class Reply:
    """What is sent: a body as a whole, or in parts that have to be closed.

    One that can be given again names the `snapshot` that it stays true for, and its `tag`. `head` are its headers as
    they are sent, where that is known.
    """

    status: str
    headers: list[tuple[str, str]]
    body: bytes | Iterator[bytes]
    snapshot: str | None = None
    tag: str = ""
    head: bytes = b""

    def close(self) -> None:
        """Ends the query that gives the parts of the body."""
        if not isinstance(self.body, bytes):
            self.body.close()  # type: ignore[attr-defined]

    def kept(self, body: bytes) -> Kept:
        """The answer as a cache holds it, with its whole body."""
        headers = self.headers
        if body is not self.body:
            headers = [*headers, ("Content-Length", str(len(body)))]
        return Kept(self.snapshot or "", tuple(headers), self.tag, body, as_lines(headers))


class _Parts:
    """The body of a long answer; `close` stops the query that gives it."""

    def __init__(self, answer: Answer, asking: Asking) -> None:
        self._answer = answer
        self._asking = asking
        self._first: bytes | None = answer.content

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        if self._first is not None:
            first, self._first = self._first, None
            return first
        if self._answer.rest is None:
            raise StopIteration
        return next(self._answer.rest)

    def close(self) -> None:
        """Ends the query."""
        self._answer.close()
        self._asking.close()


@dataclass(frozen=True, slots=True)
class Shown:
    """An answer ready for a page: a table, a truth value, or a graph as Turtle (its beginning, where `cut`).

    `data` are the rows in JSON, for scripts and drawings.
    """

    table: Table | None = None
    truth: bool | None = None
    graph: str | None = None
    cut: bool = False
    data: str | None = None
    shown_rows: int = SHOWN_ROWS


def choice_for(served: Service, question: Question, accept: str, named: str | None, *, html: bool = True) -> Choice:
    """The format of the answer.

    Raises:
        QueryTooLarge: no worker should see the query.
        FormatError: the client takes none of the formats that there are.
    """
    served.limits.check(question.text)
    return choose(accept, named, offers(query_form(question.text), html=html))


def reply(served: Service, question: Question, choice: Choice, caller: Caller) -> Reply:
    """The answer as data.

    Raises:
        QueryError: the query cannot be answered.
        Gone: the snapshot that it names is not kept any more.
    """
    pinned = _pinned(served, question)
    newest = pinned is None
    snapshot = pinned or served.pool.snapshot()
    encoding = caller.encoding
    tag = tag_of(snapshot, question, choice.media_type, encoding)
    control = _UNTIL_CHANGED if newest else _FOREVER
    if tag and caller.has(tag):
        return Reply("304 Not Modified", [("ETag", tag), ("Cache-Control", control), ("Vary", _VARY)], b"")
    asking = served.clients.asking(caller.address)
    streams = False
    try:
        answer = served.pool.open(
            question.text,
            solutions_format=choice.format if isinstance(choice.format, ResultFormat) else JSON,
            graph_format=choice.format if isinstance(choice.format, RdfSyntax) else TURTLE,
            default_graphs=question.default_graphs,
            named_graphs=question.named_graphs,
            snapshot=pinned,
            newest=snapshot,
            asker=caller.asker(served),
        )
        used = choice if choice.format is answer.format else answer.format
        if answer.snapshot is not snapshot or used is not choice:
            tag = tag_of(answer.snapshot, question, used.media_type, encoding)
        headers = [("Content-Type", used.content_type), ("Vary", _VARY)]
        headers.append(("Cache-Control", control if tag else "no-store"))
        if tag:
            headers.append(("ETag", tag))
        lasting = answer.snapshot.id if newest and tag else None
        if lasting and (location := _location(caller, answer.snapshot)):
            headers.append(("Content-Location", location))
        if answer.rest is not None:
            parts: Iterator[bytes] = _Parts(answer, asking)
            if encoding:
                headers.append(("Content-Encoding", encoding))
                parts = Compressed(parts, encoding)
            streams = True
            return Reply("200 OK", headers, parts, lasting, tag)
    finally:
        if not streams:
            asking.close()
    body = answer.content
    if encoding and worth_it(len(body)):
        body = compressed(body, encoding)
        headers.append(("Content-Encoding", encoding))
    headers.append(("Content-Length", str(len(body))))
    return Reply("200 OK", headers, body, lasting, tag)


def _pinned(served: Service, question: Question) -> Snapshot | None:
    if question.snapshot is None:
        return None
    found = served.pool.find_snapshot(question.snapshot)
    if found is None:
        raise Gone("The state of the graph that this address names is not kept any more. Leave the parameter out.")
    return found


def tag_of(snapshot: Snapshot, question: Question, media_type: str, encoding: str | None) -> str:
    """What changes if and only if the answer may: the graph, the question or the form; "" where no two are alike."""
    text = question.text
    if _VOLATILE.search(decode_escapes(text)) or (query_form(text) == "CONSTRUCT" and _BLANK.search(text)):
        return ""
    parts = [__version__, snapshot.id, text, media_type, encoding or "", "about:default"]
    if question.default_graphs or question.named_graphs:
        parts += [*(one.value for one in question.default_graphs), "about:named"]
        parts += [one.value for one in question.named_graphs]
    return f'"{hashlib.sha256(chr(31).join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]}"'


def _location(caller: Caller, snapshot: Snapshot) -> str | None:
    """The address under which this very answer can be had while its snapshot is kept."""
    arguments = str(caller.environ.get("QUERY_STRING", ""))
    if caller.environ["REQUEST_METHOD"] not in ("GET", "HEAD") or len(arguments) > _LONGEST_LOCATION:
        return None
    path, root = (_quoted(str(caller.environ.get(name, ""))) for name in ("PATH_INFO", "SCRIPT_NAME"))
    return f"{root}{path}?{arguments}&snapshot={snapshot.id}" if arguments.isascii() else None


@lru_cache(16)
def _quoted(path: str) -> str:
    return quote(path, safe="/-._~")


def answer(question: Question, *, named: str | None, page: str, context: Mapping[str, object]) -> Response:
    """The answer in the format that the client wants: the template `page` with `context` for browsers.

    Raises:
        QueryError: the query cannot be answered.
        FormatError: not in a format that the client takes.
    """
    choice = choice_for(service(), question, request.headers.get("Accept", ""), named)
    caller = Caller(request.environ)
    if not choice.html:
        return as_response(reply(service(), question, choice, caller))
    tag = tag_of(_pinned(service(), question) or service().pool.snapshot(), question, page, None)
    if tag and caller.has(tag):
        response = Response(status=304)
    else:
        with service().clients.asking(caller.address):
            result = page_data(question, caller)
        downloads = [
            (one.label, f"{request.path}?{urlencode([*_arguments(), ('format', one.name)])}")
            for one in offers(result.form, html=False)
        ]
        tag = tag_of(result.snapshot, question, page, None)
        body = render_template(page, shown=_shown(result), downloads=downloads, **context)
        response = Response(body, mimetype="text/html")
    if tag:
        response.headers["ETag"] = tag
    response.headers["Cache-Control"] = _UNTIL_CHANGED if tag else "no-store"
    response.headers["Vary"] = _VARY
    return response


def as_response(answered: Reply, *, head: bool = False) -> Response:
    """A reply as the framework has it; with `head` without its body."""
    if head:
        answered.close()
        return Response([], answered.status, answered.headers, direct_passthrough=True)
    parts = [answered.body] if isinstance(answered.body, bytes) else answered.body
    return Response(parts, answered.status, answered.headers, direct_passthrough=True)


def page_data(question: Question, caller: Caller, *, graph_format: RdfSyntax = TURTLE) -> Result:
    """The beginning of an answer: what a page shows of it, the rows in JSON."""
    return service().pool.query(
        question.text,
        graph_format=graph_format,
        default_graphs=question.default_graphs,
        named_graphs=question.named_graphs,
        snapshot=_pinned(service(), question),
        asker=caller.asker(service()),
        rows=SHOWN_ROWS,
        longest=_LONGEST_PAGE,
    )


def _shown(result: Result) -> Shown:
    if result.form in _GRAPHS:
        return Shown(graph=result.content.decode("utf-8", "ignore"), cut=result.cut)
    content = table(result.content, prefixes(service().base), total=result.total)
    data = result.content.decode("utf-8")
    if isinstance(content, bool):
        return Shown(truth=content, data=data)
    return Shown(table=content, cut=result.cut, data=data)


def _arguments() -> list[tuple[str, str]]:
    """The arguments of the request, in order, without `format`."""
    return [(name, value) for name in request.values if name != "format" for value in request.values.getlist(name)]
