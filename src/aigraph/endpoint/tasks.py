"""Requests and their answers, as waitress has its tasks: on the long way by WSGI, or on the shortest one."""

from __future__ import annotations

import logging
import socket
import struct
from collections.abc import Mapping
from functools import lru_cache
from http import HTTPStatus
from types import MappingProxyType
from typing import Any

from waitress.channel import ClientDisconnected
from waitress.parser import HTTPRequestParser
from waitress.task import ErrorTask, WSGITask
from waitress.utilities import build_http_date

from aigraph.endpoint.headers import COMMON
from aigraph.endpoint.problems import of_refusal
from aigraph.endpoint.requests import ATTEMPT, CAME, OUTCOME, PATH, TEXT
from aigraph.endpoint.shortcut import Shortcut, Way
from aigraph.errors import AigraphError

_LOG = logging.getLogger("aigraph.endpoint")
_BODILESS = ("204", "304")
_OURS = {"date", "server"}  # headers that the server adds


@lru_cache(4)
def _date(second: int) -> str:
    return str(build_http_date(second))


class Task(WSGITask):  # type: ignore[misc]
    """A request: its connection stays open where it can, and is broken off where an answer cannot be completed."""

    wrote_header: bool

    def get_environment(self) -> dict[str, Any]:
        """The environment of WSGI, with what is known of the request already."""
        environ: dict[str, Any] = super().get_environment()
        environ[ATTEMPT] = self.channel.attempt
        environ[CAME] = self.channel.came
        if isinstance(self.request, Long):
            environ |= self.request.known
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


class Long(HTTPRequestParser):  # type: ignore[misc]
    """A request that the shortest way has brought to the long one; `known` is what its environment has already."""

    known: Mapping[str, Any] = MappingProxyType({})


class Later:
    """A request on the shortest way whose answer is given by a thread that may wait."""

    error = None
    path = PATH
    version = "1.1"

    def __init__(self, way: Way) -> None:
        self.way = way
        self.headers: dict[str, str] = {}

    def close(self) -> None:
        """Stops what was begun and is not sent any more."""
        if self.way.attempt:
            self.way.attempt.close()
        if self.way.found is not None:
            self.way.found.close()


class ShortTask:
    """Answers a request on the shortest way, as waitress has its tasks; on the long way where that leads nowhere."""

    close_on_finish = wrote_header = False

    def __init__(self, channel: Any, request: Later) -> None:
        self._channel = channel
        self.request: Any = request

    def service(self) -> None:
        """Answers."""
        channel, way = self._channel, self.request.way
        shortcut: Shortcut = channel.server.shortcut
        answer = shortcut.parts(way)
        if answer is None:
            self._go_the_long_way(way)
            return
        self.close_on_finish = way.closes
        head, parts = answer
        if isinstance(parts, bytes):
            channel.send_parts(head, parts)
            return
        try:
            for part in parts:
                if part:
                    channel.send_parts(head, b"%X\r\n" % len(part), part, b"\r\n")
                    head, self.wrote_header = b"", True
            channel.send_parts(head, b"0\r\n\r\n")
        except AigraphError as error:
            if self.wrote_header:
                _LOG.warning("The answer to %s was broken off: %s", PATH, error)
                raise ClientDisconnected from error
            way.environ[OUTCOME] = error
        finally:
            parts.close()
        if way.outcome is not None:
            self._go_the_long_way(way)

    def _go_the_long_way(self, way: Way) -> None:
        self.request.close()
        request = Long(self._channel.adj)
        request.received(way.data)
        request.known = {name: way.environ[name] for name in (OUTCOME, TEXT) if name in way.environ}
        self.request = request
        task = Task(self._channel, request)
        try:
            task.service()
        finally:
            self.wrote_header, self.close_on_finish = task.wrote_header, task.close_on_finish


def task_for(channel: Any, request: Any) -> Task | ShortTask:
    """What answers a request."""
    return ShortTask(channel, request) if isinstance(request, Later) else Task(channel, request)
