"""What waitress is told to do otherwise: honest ends of answers, problems in JSON, no waiting for slow clients."""

from __future__ import annotations

import logging
import socket
import struct
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import lru_cache
from http import HTTPStatus
from typing import Any

from waitress.channel import ClientDisconnected, HTTPChannel
from waitress.server import TcpWSGIServer
from waitress.task import ErrorTask, WSGITask
from waitress.utilities import build_http_date

from aigraph.endpoint.headers import COMMON
from aigraph.endpoint.problems import of_refusal
from aigraph.endpoint.requests import ATTEMPT
from aigraph.errors import AigraphError
from aigraph.store import Attempt, NotYet

_LOG = logging.getLogger("aigraph.endpoint")
_LINGERING = 5.0  # seconds that a client may go on sending after it was refused
_BODILESS = ("204", "304")
_OURS = {"date", "server"}  # headers that the server adds
_OFTEN, _SELDOM = 4, 16  # after so many queries in a row that took too long, one in so many is tried
_serving = threading.local()
"""Its `channel` is the connection on which this thread answers a request."""


@lru_cache(4)
def _date(second: int) -> str:
    return str(build_http_date(second))


class Task(WSGITask):  # type: ignore[misc]
    """A request: its connection stays open where it can, and is broken off where an answer cannot be completed."""

    wrote_header: bool

    def get_environment(self) -> dict[str, Any]:
        """The environment of WSGI, with the attempt to answer at once."""
        environ: dict[str, Any] = super().get_environment()
        environ[ATTEMPT] = self.channel.attempt
        return environ

    def set_close_on_finish(self) -> None:
        """Says that the connection is closed, unless the end of the answer can be told without that."""
        asked = self.request.headers.get("CONNECTION", "").lower()
        told = self.chunked_response or self.status.startswith(_BODILESS)
        if told and self.version == "1.1" and asked != "close" and not self.wrote_header:
            return
        super().set_close_on_finish()

    def write(self, data: bytes) -> None:
        """Sends a part of the body, with what goes before and after it, in one go and without copies."""
        if not (self.complete and data and self.has_body):
            super().write(data)
            return
        head: tuple[bytes, ...] = ()
        if not self.wrote_header:
            head = (self.build_response_header(),)
            self.wrote_header = True
        if self.chunked_response:
            self.channel.send_parts(*head, b"%X\r\n" % len(data), data, b"\r\n")
        elif self.content_length is not None and self.content_bytes_written + len(data) <= self.content_length:
            self.content_bytes_written += len(data)
            self.channel.send_parts(*head, data)
        else:
            self.channel.send_parts(*head)
            super().write(data)

    def build_response_header(self) -> bytes:
        """The status and the headers; quickly where the connection stays open after a body of a known length."""
        names = {name.lower() for name, _ in self.response_headers}
        asked = self.request.headers.get("CONNECTION", "").lower()
        usual = self.version == "1.1" and asked != "close" and not self.close_on_finish and self.has_body
        if not usual or self.content_length is None or names & _OURS:
            return bytes(super().build_response_header())
        lines = [f"HTTP/1.1 {self.status}", *(f"{name}: {value}" for name, value in self.response_headers)]
        if "content-length" not in names:
            lines.append(f"Content-Length: {self.content_length}")
        lines += (f"Date: {_date(int(self.start_time))}", f"Server: {self.channel.server.adj.ident}", "\r\n")
        return "\r\n".join(lines).encode("latin-1")

    def execute(self) -> None:
        """Runs the application."""
        try:
            super().execute()
        except AigraphError as error:
            if not self.wrote_header:
                raise
            _LOG.warning("The answer to %s was broken off: %s", self.request.path, error)
            self._break_off()
            raise ClientDisconnected from error

    def _break_off(self) -> None:
        """Leaves no doubt that the answer is incomplete: without chunks, only a reset tells."""
        if not self.chunked_response:
            channel = self.channel
            channel.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


class Refusal(ErrorTask):  # type: ignore[misc]
    """The answer to what is no request."""

    def execute(self) -> None:
        """Sends a problem in JSON."""
        status = HTTPStatus(self.request.error.code)
        body = of_refusal(status, str(self.request.error.body))
        self.status = f"{status.value} {status.phrase}"
        self.response_headers.extend([("Content-Type", "application/problem+json"), *COMMON])
        self.set_close_on_finish()
        self.channel.lingers = True
        self.content_length = len(body)
        self.write(body)


class Channel(HTTPChannel):  # type: ignore[misc]
    """A connection: what needs no waiting is answered at once, by the thread that listens."""

    task_class = Task
    error_task_class = Refusal
    began: float | None = None
    lingers = False
    _until: float | None = None  # when a connection that lingers is closed after all
    _receiving = _due = False
    _passed_over = False
    """True where the thread that listens may be waiting for others without waiting for this connection."""

    attempt: Attempt | None = None
    """What the thread that listens has tried for the request that is answered now."""

    def service(self) -> None:
        """Answers a request.

        Raises:
            NotYet: the attempt failed, and another thread has to do the same again.
        """
        _serving.channel = self
        given_up = False
        try:
            super().service()
        except NotYet:
            given_up = True
            raise
        finally:
            _serving.channel = None
            if self.attempt and not given_up:
                self.attempt.close()
                self.attempt = None

    def send_parts(self, *parts: bytes) -> None:
        """Sends these bytes; what the client does not take at once waits for it."""
        if not self.connected:
            raise ClientDisconnected
        with self.outbuf_lock:
            sent = 0
            if not self.total_outbufs_len:
                try:
                    sent = self.socket.sendmsg(parts)
                    self.last_activity = time.time()
                except OSError:  # it takes nothing now, or has gone: what follows tells
                    sent = 0
            for part in parts:
                if sent < len(part):
                    self.write_soon(part[sent:])
                sent = max(sent - len(part), 0)

    def needs_attention(self) -> bool:
        """True where the thread that listens has to look at the connection after a request was answered."""
        return bool(self._passed_over or self.total_outbufs_len or self.will_close or self.close_when_flushed)

    def received(self, data: bytes) -> bool:
        """Takes in bytes, and begins what they complete."""
        if self.request is None:
            self.began = time.time()
        self._receiving, self._due = True, False
        try:
            taken: bool = super().received(data)
        finally:
            self._receiving = False
        if self.request is None:
            self.began = None
        if self._due and self.requests:
            self._begin()
        return taken

    def _begin(self) -> None:
        """Answers a request here and now where that may be done, else leaves it to a thread that may wait."""
        tries = self.server.tries(self.requests[0])
        late = True
        if tries or self.server.has_kept(self.requests[0]):
            self.attempt = Attempt()
            with suppress(NotYet):
                self.service()
                late = False
        if tries:
            self.server.tried(late=late)
        if late:
            self.server.task_dispatcher.add_task(self)

    def handle_close(self) -> None:
        """Closes the connection; a client that is still sending is heard out first, or it would not see the answer."""
        if not self.lingers or self._until is not None or not self.connected:
            super().handle_close()
            return
        self._until = time.time() + _LINGERING
        self.will_close = self.close_when_flushed = False
        try:
            self.socket.shutdown(socket.SHUT_WR)
        except OSError:
            super().handle_close()

    def readable(self) -> bool:
        """True where there may be something to read."""
        self._passed_over = True  # until the opposite is known, as other threads look at this
        if self._until is not None or super().readable():
            self._passed_over = False
        return not self._passed_over

    def handle_read(self) -> None:
        """Reads what has come."""
        if self._until is None:
            super().handle_read()
            return
        try:
            data = self.socket.recv(1 << 20)
        except OSError:
            data = b""
        if not data or time.time() > self._until:
            self.handle_close()

    def expired(self, now: float, slowest: float) -> bool:
        """True for a connection that takes too long over its request, or over going away."""
        if self._until is not None:
            return now > self._until
        return self.began is not None and self.began < now - slowest

    def postpone(self) -> bool:
        """True where the task is begun by `received`, which called for it."""
        self._due = self._due or self._receiving
        return self._receiving


class Listener(TcpWSGIServer):  # type: ignore[misc]
    """The server's socket."""

    channel_class = Channel
    slowest = 60.0  # seconds that a request may take to arrive
    kept: Callable[[str, str, Mapping[str, str]], bool] | None = None
    """Tells, from the path, the query and the headers of a GET request, whether its answer is kept in memory."""
    brief: Callable[[str, str], bool] | None = None
    """Tells, from the path and the query of a GET request, whether it may be done soon."""
    _late = _asked = 0

    def pull_trigger(self) -> None:
        """Wakes the thread that listens, unless it waits for the right things already."""
        channel = getattr(_serving, "channel", None)
        if channel is None or channel.needs_attention():
            super().pull_trigger()

    def has_kept(self, request: Any) -> bool:
        """True where the answer to a request is kept."""
        if self.kept is None or request.error or request.command != "GET":
            return False
        return self.kept(request.path, request.query, request.headers)

    def tries(self, request: Any) -> bool:
        """True where the thread that listens tries to answer: seldom, while that comes to nothing."""
        if (
            self.brief is None
            or request.error
            or request.command != "GET"
            or not self.brief(request.path, request.query)
        ):
            return False
        self._asked += 1
        return self._late < _OFTEN or self._asked % _SELDOM == 0

    def tried(self, *, late: bool) -> None:
        """Remembers whether that came to something."""
        self._late = self._late + 1 if late else 0

    def add_task(self, channel: Any) -> None:
        """Has a request answered."""
        if not channel.postpone():
            self.task_dispatcher.add_task(channel)

    def maintenance(self, now: float) -> None:
        """Closes connections that nothing happens on, and those whose request takes too long to arrive."""
        super().maintenance(now)
        for channel in self.active_channels.values():
            if channel.expired(now, self.slowest):
                channel.will_close = True
