"""What waitress is told to do otherwise: honest ends of answers, problems in JSON, no waiting for slow clients."""

from __future__ import annotations

import logging
import socket
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from waitress.channel import ClientDisconnected, HTTPChannel
from waitress.server import TcpWSGIServer

from aigraph.endpoint.sending import Parts
from aigraph.endpoint.shortcut import Shortcut
from aigraph.endpoint.tasks import Later, Refusal, task_for
from aigraph.store import MOMENT, Attempt, NotYet

_LOG = logging.getLogger("aigraph.endpoint")
_PATIENCE = 0.5  # seconds that a thread waits for a client, in all, before an answer goes to the disk
_LOOKS_OUT = 0.2  # seconds that an answer is looked out for
_LARGE = 1 << 18  # bytes of a body that are read in one go
_LINGERING = 5.0  # seconds that a client may go on sending after it was refused
_OFTEN, _SELDOM = 4, 16  # after so many queries in a row that took too long, one in so many is tried
_serving = threading.local()
"""Its `channel` is the connection on which this thread answers a request."""


class Channel(HTTPChannel):  # type: ignore[misc]
    """A connection: what needs no waiting is answered at once, by the thread that listens."""

    task_class = staticmethod(task_for)
    error_task_class = Refusal
    began: float | None = None
    connected: bool
    will_close: bool
    close_when_flushed: bool
    requests: list[Any]
    lingers = False
    _until: float | None = None  # when a connection that lingers is closed after all
    _receiving = _due = False
    _passed_over = False
    """True where the thread that listens may be waiting for others without waiting for this connection."""

    attempt: Attempt | None = None
    """What the thread that listens has tried for the request that is answered now."""
    came: float | None = None
    """When that request was there, as time.monotonic() has it."""
    patience = 0.0
    """Seconds that its answer may still wait for the client, before more than a little of it waits on the disk."""

    def service(self) -> None:
        """Answers a request.

        Raises:
            NotYet: the attempt failed, and another thread has to do the same again.
        """
        _serving.channel = self
        given_up = False
        self.patience = _PATIENCE
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
            rest = []
            for part in parts:
                if sent < len(part):
                    rest.append(memoryview(part)[sent:])
                sent = max(sent - len(part), 0)
            if rest:
                self._keep(rest)

    def _keep(self, parts: list[memoryview]) -> None:
        """Keeps what is to be sent later: in memory as long as it is not too much, and after that on the disk."""
        size = sum(map(len, parts))
        most = self.adj.outbuf_overflow
        if self.total_outbufs_len + size > most and threading.current_thread() is not self.server.listening:
            before = time.monotonic()
            self.server.pull_trigger()
            self.outbuf_lock.wait_for(
                lambda: not self.connected or self.total_outbufs_len + size <= most, max(self.patience, 0)
            )
            self.patience -= time.monotonic() - before
            if not self.connected:
                raise ClientDisconnected
        if len(self.outbufs[-1]) or self.total_outbufs_len + size > most:
            self.write_soon(b"".join(parts))
            return
        if len(self.outbufs) < 2 or not isinstance(self.outbufs[-2], Parts):
            self.outbufs.insert(-1, Parts())  # the last one takes what waitress itself writes
        waited = self.total_outbufs_len
        self.outbufs[-2].extend(parts)
        self.total_outbufs_len += size
        if not waited:
            self.server.pull_trigger()

    def send(self, data: Any, do_close: bool = True) -> int:
        """Sends bytes, or parts; says how many bytes were sent."""
        if isinstance(data, list):
            try:
                return int(self.socket.sendmsg(data))
            except OSError:
                data = data[0]
        return int(super().send(data, do_close))

    def needs_attention(self) -> bool:
        """True where the thread that listens has to look at the connection after a request was answered."""
        return bool(self._passed_over or self.total_outbufs_len or self.will_close or self.close_when_flushed)

    def received(self, data: bytes) -> bool:
        """Takes in bytes, and begins what they complete."""
        if self.request is None:
            if self._answer_shortly(data):
                return True
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

    def _answer_shortly(self, data: bytes) -> bool:
        """Answers what has come on the shortest way, here or in another thread; false where that leads nowhere."""
        shortcut = self.server.shortcut
        if shortcut is None or self.requests or self.will_close or self.close_when_flushed:
            return False
        way = shortcut.way(data, self.addr[0], self.check_client_disconnected)
        if way is None:
            return False
        alone = self.server.tries_now()
        answer = shortcut.answer(way, patience=MOMENT if alone else 0)
        if alone and way.attempt:
            self.server.tried(late=not way.attempt.hurried)
        if answer is not None:
            self.send_parts(*answer)
            self.close_when_flushed = way.closes
            return True
        later = Later(way)
        self.requests.append(later)
        if way.attempt and way.attempt.handle is not None:
            self.server.look_out(Expected(self, later, way.attempt.handle))
        else:
            self.server.task_dispatcher.add_task(self)
        return True

    def go_on(self, later: Later) -> None:
        """Gives the answer that is there by now, or leaves that to a thread that may wait."""
        answer = self.server.shortcut.answer_by_now(later.way) if self.connected else None
        if answer is None:
            self.server.task_dispatcher.add_task(self)
            return
        self.patience = 0.0
        self.send_parts(*answer)
        with self.requests_lock:
            self.requests.pop(0)
            if later.way.closes:
                self.close_when_flushed = True
                for one in self.requests:
                    one.close()
                self.requests = []
            elif self.requests:
                self.server.task_dispatcher.add_task(self)
            elif self._is_to_continue():
                self.send_continue()

    def _is_to_continue(self) -> bool:
        """True where a client waits for leave to send the body of its next request."""
        asked = self.request
        return asked is not None and asked.expect_continue and asked.headers_finished and not self.sent_continue

    def _begin(self) -> None:
        """Answers a request here and now where that may be done, else leaves it to a thread that may wait."""
        self.came = time.monotonic()
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
        if self._until is None and self.request is None:
            super().handle_read()
            return
        if self._until is None:
            self._read_on()
            return
        try:
            data = self.socket.recv(1 << 20)
        except OSError:
            data = b""
        if not data or time.time() > self._until:
            self.handle_close()

    def _read_on(self) -> None:
        """Reads more of a request, which may be a long one."""
        try:
            data = self.recv(_LARGE)
        except OSError:
            self.handle_close()
            return
        if data:
            self.last_activity = time.time()
            self.received(data)
        else:
            self.connected = False

    def expired(self, now: float, slowest: float) -> bool:
        """True for a connection that takes too long over its request, or over going away."""
        if self._until is not None:
            return now > self._until
        return self.began is not None and self.began < now - slowest

    def postpone(self) -> bool:
        """True where the task is begun by `received`, which called for it."""
        self._due = self._due or self._receiving
        return self._receiving


class Expected:
    """An answer that the thread that listens looks out for, as wasyncore has what it looks at."""

    accepting = False

    def __init__(self, channel: Channel, later: Later, handle: int) -> None:
        self.handle = handle
        self.until = time.monotonic() + _LOOKS_OUT
        self._channel = channel
        self._later: Later | None = later

    def readable(self) -> bool:
        """True, as there may be something to read."""
        return True

    def writable(self) -> bool:
        """False: nothing is written."""
        return False

    def handle_read_event(self) -> None:
        """Goes on with the request, once."""
        self._channel.server.looked(self)
        later, self._later = self._later, None
        if later is not None:
            self._channel.go_on(later)

    handle_expt_event = handle_close = handle_read_event

    def handle_error(self) -> None:
        """Leaves the request to a thread, which tells what is wrong."""
        _LOG.exception("An answer could not be looked at")
        self.leave()

    def leave(self) -> None:
        """Leaves the request to a thread that may wait."""
        self._channel.server.looked(self)
        later, self._later = self._later, None
        if later is not None:
            self._channel.server.task_dispatcher.add_task(self._channel)

    def close(self) -> None:
        """Gives up the request."""
        if self._later is not None:
            self._later.close()


class Listener(TcpWSGIServer):  # type: ignore[misc]
    """The server's socket."""

    channel_class = Channel
    slowest = 60.0  # seconds that a request may take to arrive
    kept: Callable[[str, str, Mapping[str, str]], bool] | None = None
    """Tells, from the path, the query and the headers of a GET request, whether its answer is kept in memory."""
    brief: Callable[[str, str], bool] | None = None
    """Tells, from the path and the query of a GET request, whether it may be done soon."""
    shortcut: Shortcut | None = None
    listening: threading.Thread | None = None
    """The thread that listens, which never waits for a client."""
    _late = _asked = 0

    def __init__(self, *arguments: Any, **more: Any) -> None:
        self._expected: set[Expected] = set()
        super().__init__(*arguments, **more)

    def look_out(self, expected: Expected) -> None:
        """Looks out for an answer beside the requests, for a while."""
        self._expected.add(expected)
        self._map[expected.handle] = expected

    def looked(self, expected: Expected) -> None:
        """Takes back `look_out`."""
        self._expected.discard(expected)
        if self._map.get(expected.handle) is expected:
            del self._map[expected.handle]

    def leave_late_ones(self) -> None:
        """Leaves to other threads what was looked out for too long: it may be slow, or its client gone."""
        if self._expected:
            now = time.monotonic()
            for one in [each for each in self._expected if each.until < now]:
                one.leave()

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
        return self.tries_now()

    def tries_now(self) -> bool:
        """True where the thread that listens tries to answer what may be done soon."""
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
