"""The shortest way from what a connection sent to its answer: queries by GET, without WSGI and without the framework.

Only what looks in every respect as programs usually send it goes this way. All else goes the long way, with what was
found out here, and so does a query that takes more than a moment.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any, Protocol, cast

from waitress.adjustments import Adjustments
from waitress.parser import HTTPRequestParser
from waitress.utilities import build_http_date

from aigraph.endpoint.answers import Reply
from aigraph.endpoint.compression import encoding_for
from aigraph.endpoint.headers import COMMON, as_lines
from aigraph.endpoint.requests import ATTEMPT, CAME, OUTCOME, PATH
from aigraph.endpoint.watching import NUMBER, Watched
from aigraph.store import SHORT, Attempt, NotYet

_LONGEST = 4000  # bytes of an address whose query is read in no time
_LONGEST_HEADERS = 2000
SHORT_COMPRESSED = 16_384
"""Bytes of an answer that the thread that listens compresses itself."""
_SPACE = re.compile(rb"[^!-~]|#")
_LONG_WAY = {"IF_NONE_MATCH", "CONTENT_ENCODING", "CONTENT_TYPE", "CONTENT_LENGTH"}
_COMMON = as_lines(COMMON)
_CLOSE = b"Connection: close\r\n"
_CHUNKED = b"Transfer-Encoding: chunked\r\n"


class Parts(Protocol):
    """A body in parts."""

    def __iter__(self) -> Iterator[bytes]: ...

    def close(self) -> None:
        """Ends what gives the parts."""


class Way:
    """A request on the shortest way: what was sent, and what is known of it when it has to go the long way after all.

    `attempt` is a query that was begun, `found` an answer whose parts are still to be sent, `outcome` an error or what
    the framework has to answer. `closes` says that the connection is closed after the answer.
    """

    __slots__ = ("attempt", "closes", "data", "environ", "found")

    def __init__(self, data: bytes, environ: dict[str, Any], *, closes: bool) -> None:
        self.data = data
        self.closes = closes
        self.environ = environ
        self.attempt: Attempt | None = None
        self.found: Reply | None = None

    @property
    def outcome(self) -> object:
        """What is known of the request."""
        return self.environ.get(OUTCOME)


class Shortcut:
    """Answers below the prefix of the settings."""

    def __init__(self, watched: Watched, settings: Adjustments) -> None:
        self._watched = watched
        self._settings = settings
        self._begin = f"GET {settings.url_prefix}{PATH}?".encode()
        self._server = f"Server: {settings.ident}\r\n\r\n".encode()
        self._headers = lru_cache(256)(self._read_headers)

    def way(self, data: bytes, address: str, gone: Callable[[], bool]) -> Way | None:
        """The way for what was sent from an address; None where it is nothing for the shortest one."""
        if not data.startswith(self._begin):
            return None
        end = data.find(b"\r\n")
        begin = len(self._begin)
        if not begin < end <= _LONGEST or data.find(b"\r\n\r\n") != len(data) - 4:
            return None
        if len(data) - end > _LONGEST_HEADERS or not data.endswith(b" HTTP/1.1", begin, end):
            return None
        arguments = data[begin : end - 9]
        headers = None if _SPACE.search(arguments) else self._headers(data[end + 2 :])
        if headers is None or b"query=" not in arguments:
            return None
        environ: dict[str, Any] = {
            "REQUEST_METHOD": "GET",
            "SCRIPT_NAME": self._settings.url_prefix,
            "PATH_INFO": PATH,
            "QUERY_STRING": arguments.decode("ascii"),
            "HTTP_ACCEPT": headers[0],
            "HTTP_ACCEPT_ENCODING": headers[1],
            "REMOTE_ADDR": address,
            "waitress.client_disconnected": gone,
            CAME: time.monotonic(),
        }
        return Way(data, environ, closes=headers[2])

    def answer(self, way: Way, *, patience: float) -> tuple[bytes, bytes] | None:
        """The whole answer, head and body, where it is there within so many seconds."""

        def begin() -> None:
            longest = SHORT_COMPRESSED if encoding_for(way.environ["HTTP_ACCEPT_ENCODING"]) else SHORT
            way.attempt = way.environ[ATTEMPT] = Attempt(patience, longest)

        return self._at_once(way, begin)

    def answer_by_now(self, way: Way) -> tuple[bytes, bytes] | None:
        """The answer to a query that was begun, where it is there and short."""
        return self._at_once(way) if way.attempt and way.attempt.arrived() else None

    def _at_once(self, way: Way, begin: Callable[[], None] | None = None) -> tuple[bytes, bytes] | None:
        try:
            found = self._watched.shortly(way.environ, begin)
        except NotYet:
            return None
        if found is None:
            return None
        if not isinstance(found.body, bytes):
            way.found = found
            return None
        return self._head(way, found, b""), found.body

    def parts(self, way: Way) -> tuple[bytes, bytes | Parts] | None:
        """The answer, for which it may take its time: a head, and a body or parts of one that have to be closed."""
        found = way.found
        if found is None and way.outcome is None:
            with self._watched.metrics.running():
                found = self._watched.shortly(way.environ)
        if found is None:
            return None
        if isinstance(found.body, bytes):
            return self._head(way, found, b""), found.body
        return self._head(way, found, _CHUNKED), cast(Parts, found.body)

    def _head(self, way: Way, found: Reply, more: bytes) -> bytes:
        head = found.head or as_lines(found.headers)
        date, number = _date(int(time.time())), way.environ[NUMBER]
        first = f"HTTP/1.1 {found.status}\r\nX-Request-Id: {number}\r\nDate: {date}\r\n"
        return b"".join((first.encode(), head, more, _CLOSE if way.closes else b"", _COMMON, self._server))

    def _read_headers(self, lines: bytes) -> tuple[str, str, bool] | None:
        """Accept, Accept-Encoding, and whether to close the connection; None where headers need a closer look."""
        parser = HTTPRequestParser(self._settings)
        parser.received(b"GET / HTTP/1.1\r\n" + lines)
        if parser.error or not parser.completed or parser.expect_continue or parser.chunked:
            return None
        if not _LONG_WAY.isdisjoint(parser.headers):
            return None
        accepts = (parser.headers.get(name, "") for name in ("ACCEPT", "ACCEPT_ENCODING"))
        return *accepts, parser.connection_close


@lru_cache(4)
def _date(second: int) -> str:
    return str(build_http_date(second))
