"""Listening: the application behind waitress."""

from __future__ import annotations

import ctypes
import errno
import gc
import ipaddress
import logging
import resource
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import Any

from flask import Flask
from waitress import wasyncore
from waitress.adjustments import Adjustments

from aigraph.endpoint.app import create_app
from aigraph.endpoint.service import KEY, Limits, Service
from aigraph.endpoint.shortcut import Shortcut
from aigraph.endpoint.site.ahead import reading_ahead
from aigraph.endpoint.waiting import Listener
from aigraph.endpoint.watching import Journal, Watched, write_to_stderr
from aigraph.errors import ServerError
from aigraph.places import Endpoint
from aigraph.queries import CannedQuery
from aigraph.remote import base_of, open_pool
from aigraph.settings import Settings
from aigraph.store import GraphEditor, Queries, QueryPool, make_plain
from aigraph.vocab import DEFAULT_BASE

_PAUSE = 0.25  # seconds between two looks at whether to stop
_LONGEST_BODY = 4_000_000
_MARGIN = 1_000_000  # bytes that a body may have beyond what the application refuses with a better message
_LONGEST_HEADERS, _LEAST_HEADERS = 400_000, 100_000
_IN_MEMORY = 4_000_000  # bytes of an answer that wait in memory for their client; more of them wait on the disk
_LONGEST_WAITING = 1 << 30
_LAST_PAUSE = 0.05
_MEMORY = {-8: 1, -3: 1 << 25, -1: 1 << 26, -2: 1 << 22}
"""Settings of glibc: M_ARENA_MAX, M_MMAP_THRESHOLD, M_TRIM_THRESHOLD, M_TOP_PAD."""
_GARBAGE = 10_000  # objects that are made before those are looked for that nothing uses any more
_BELIEVED = {"x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-forwarded-port"}
_CLEANUP = 5  # seconds between two looks at connections on which nothing happens


class Server:
    """Listens from the moment it is made; `run` answers until `stop` is called or the process is interrupted.

    Port 0 takes any free port; `url` says which. At most `connections` are open, fewer where the system does not allow
    so many; one on which nothing happens for `idle` seconds is closed, and so is one whose request takes longer than
    that to arrive. `prefix` is the path that addresses begin with, and `proxy` the address from which X-Forwarded
    headers are believed. Once it is to stop, requests that were begun have `patience` seconds to be answered.

    Raises:
        ServerError: the port is in use or not allowed, or the host is not of this machine.
    """

    def __init__(
        self,
        app: Flask,
        host: str,
        port: int,
        *,
        threads: int = 16,
        longest_body: int = _LONGEST_BODY,
        longest_headers: int = _LONGEST_HEADERS,
        connections: int = 1000,
        idle: float = 60.0,
        prefix: str = "",
        proxy: str = "",
        patience: float = 10.0,
    ) -> None:
        self._socket = _listen(host, port)
        self._served: Service = app.extensions[KEY]
        self._patience = patience
        self._stopped = threading.Event()
        self._map: dict[int, Any] = {}
        settings = Adjustments(
            sockets=[self._socket],
            threads=threads,
            ident="aigraph",
            max_request_body_size=longest_body,
            max_request_header_size=longest_headers,
            connection_limit=_possible(connections) + 2,  # the listening socket and a pipe of the server count too
            channel_timeout=max(1, round(idle)),
            cleanup_interval=min(_CLEANUP, max(1, round(idle))),
            # one more request is read while one is answered: so it shows when a client goes away
            channel_request_lookahead=1,
            # a client that does not read keeps no query worker and no thread: its answer waits on the disk
            outbuf_overflow=_IN_MEMORY,
            outbuf_high_watermark=_LONGEST_WAITING,
            url_prefix=prefix,
            **({"trusted_proxy": proxy, "trusted_proxy_headers": _BELIEVED} if proxy else {}),
        )
        name, family = self._socket.getsockname(), self._socket.family
        self._server = Listener(
            app,
            self._map,
            True,
            self._socket,
            adj=settings,
            bind_socket=False,
            sockinfo=(family, self._socket.type, self._socket.proto, name),
        )
        self._server.slowest = idle
        if isinstance(app.wsgi_app, Watched):
            self._server.kept, self._server.brief = app.wsgi_app.gateway.kept, app.wsgi_app.gateway.brief
            if not proxy and isinstance(self._served.pool, QueryPool):  # a proxy tells in headers who asks
                self._server.shortcut = Shortcut(app.wsgi_app, settings)
        # Requests that wait for a free thread are no warning to an operator: workers are what runs short first.
        self._server.task_dispatcher.queue_logger = logging.Logger("aigraph.endpoint.queue", logging.ERROR)
        name = f"[{host}]" if ":" in host else host
        self.url = f"http://{name}:{self._socket.getsockname()[1]}/"

    def run(self) -> None:
        """Answers requests until the end, then lets go of the port."""
        self._server.listening = threading.current_thread()
        try:
            while not self._stopped.is_set():
                wasyncore.loop(timeout=_PAUSE, use_poll=True, map=self._map, count=1)
                self._server.leave_late_ones()
            self._drain()
        except (SystemExit, KeyboardInterrupt):
            pass
        finally:
            self._server.task_dispatcher.shutdown()
            wasyncore.close_all(self._map, ignore_all=True)
            self._socket.close()

    def stop(self) -> None:
        """Makes `run` return as soon as what was begun is answered; may be called from another thread."""
        self._served.stopping.set()
        self._stopped.set()

    @property
    def stopping(self) -> bool:
        """Whether it is to stop."""
        return self._stopped.is_set()

    def _drain(self) -> None:
        """Takes no more connections, and sends what those who have asked are waiting for."""
        self._map.pop(self._socket.fileno(), None)
        self._socket.close()
        end = time.monotonic() + self._patience
        while time.monotonic() < end and self._busy():
            wasyncore.loop(timeout=_LAST_PAUSE, use_poll=True, map=self._map, count=1)
            self._server.leave_late_ones()

    def _busy(self) -> bool:
        """Whether any connection waits for an answer; the others are closed."""
        busy = False
        for channel in tuple(self._server.active_channels.values()):
            if channel.requests or channel.total_outbufs_len:
                busy = True
            else:
                channel.will_close = True
        return busy


def serve(
    settings: Settings,
    queries: Mapping[str, CannedQuery],
    *,
    token: str | None = None,
    on_ready: Callable[[str], None] | None = None,
) -> None:
    """Serves the graph of the settings' store until interrupted (Ctrl-C, SIGTERM).

    With a `token`, those who show it have named graphs of their own beside what is made from articles.
    `on_ready` is called with the address as soon as requests are answered.

    Raises:
        StoreError: there is no store that can be read.
        ServerError: the server cannot listen there.
    """
    if token is not None and isinstance(settings.store, Endpoint):
        raise ServerError(
            f"The graphs of users stand beside those made from articles in a store of this machine. {settings.store} "
            "is elsewhere: change it there, and serve it without a token."
        )
    with ExitStack() as stack:
        pool: Queries = stack.enter_context(
            open_pool(
                settings.store,
                size=2 * settings.workers,
                slow=2 * settings.workers + 2,
                timeout=settings.timeout,
                memory=settings.memory,
                longest=settings.answer_size,
                most_rows=settings.answer_rows,
                base=settings.base,
            )
        )
        base = base_of(pool)
        writer = stack.enter_context(_editor(settings, settings.folder)) if token is not None else None
        limits = limits_of(settings)
        app = create_app(
            pool,
            queries,
            base=base,
            limits=limits,
            writer=writer,
            token=token,
            texts=settings.texts,
            journal=_journal(settings),
        )
        stack.enter_context(reading_ahead(app))
        _run(settings, app, on_ready)


def serve_plain(
    settings: Settings,
    folder: Path,
    sources: Sequence[Path] = (),
    *,
    token: str | None = None,
    on_ready: Callable[[str], None] | None = None,
) -> None:
    """Serves RDF as it is, to be read and changed, until interrupted.

    `sources` are files of RDF, or one folder of an Oxigraph store, which are copied into `folder`; changes are kept
    there. With a `token`, only those who show it may change anything.

    Raises:
        StoreError: a source cannot be read, or the folder is used otherwise.
        ServerError: the server cannot listen there, or anybody in the network could change the dataset.
    """
    if token is None and not _is_local(settings.host):
        raise ServerError(
            f"On {settings.host}, anybody who reaches this machine could change the dataset. Set AIGRAPH_TOKEN or "
            "--token-file, or serve on 127.0.0.1."
        )
    make_plain(folder, sources)
    address = f"http://{settings.host}:{settings.port}/sparql"
    with (
        _editor(settings, folder) as writer,
        _pool(settings, folder, prefixes={}, union=False, base_iri=address) as pool,
    ):
        app = create_app(
            pool,
            {},
            base=DEFAULT_BASE,
            limits=limits_of(settings),
            writer=writer,
            token=token,
            journal=_journal(settings),
        )
        _run(settings, app, on_ready)


def _pool(settings: Settings, store: Path, **more: Any) -> QueryPool:
    return QueryPool(
        store,
        size=2 * settings.workers,
        slow=2 * settings.workers + 2,
        timeout=settings.timeout,
        memory=settings.memory,
        longest=settings.answer_size,
        most_rows=settings.answer_rows,
        **more,
    )


def _journal(settings: Settings) -> Journal:
    if settings.log != "none":
        write_to_stderr()
    return Journal(settings.log, settings.log_queries, trusting=bool(settings.proxy))


def _editor(settings: Settings, store: Path) -> GraphEditor:
    return GraphEditor(store, timeout=settings.update_timeout, memory=settings.memory, depth=settings.query_depth)


def _run(settings: Settings, app: Flask, on_ready: Callable[[str], None] | None) -> None:
    """Answers until interrupted."""
    served: Service = app.extensions[KEY]
    server = Server(
        app,
        settings.host,
        settings.port,
        # Threads wait for workers most of the time; some more of them answer what needs no worker.
        threads=4 * settings.workers + 16,
        longest_body=served.longest_body + _MARGIN,
        longest_headers=max(_LEAST_HEADERS, 4 * settings.query_length),  # a query as it is in an address
        connections=settings.connections,
        idle=settings.idle_timeout,
        prefix=settings.prefix,
        proxy=settings.proxy,
        patience=settings.stop_timeout,
    )
    _settle()
    gc.collect()
    gc.freeze()  # what is there now stays: none of it is looked at again and again
    gc.set_threshold(_GARBAGE, 20, 20)
    if on_ready:
        on_ready(server.url)
    with _stopped_by_signals(server):
        server.run()


def _settle() -> None:
    """Has the C library (where it is glibc) keep some of the memory that was used, to be used for the next answer."""
    with suppress(AttributeError, OSError):
        mallopt = ctypes.CDLL(None).mallopt
        for what, value in _MEMORY.items():
            mallopt(what, value)


def limits_of(settings: Settings) -> Limits:
    """The limits that the settings name; a query of the longest length always fits into a body."""
    return Limits(
        query_length=settings.query_length,
        query_depth=settings.query_depth,
        query_tokens=settings.query_tokens,
        client_queries=settings.client_queries,
        client_seconds=settings.client_seconds,
        cache=settings.cache_size * 1_000_000,
        body=max(1_000_000, 10 * settings.query_length),
        upload=settings.upload_size * 1_000_000,
    )


def _is_local(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@contextmanager
def _stopped_by_signals(server: Server) -> Iterator[None]:
    """Lets SIGTERM and Ctrl-C stop the server; a second one does not wait for what is being answered."""

    def leave(_number: int, _frame: FrameType | None) -> None:
        if server.stopping:
            raise SystemExit(0)
        server.stop()

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {one: signal.signal(one, leave) for one in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


def _possible(connections: int) -> int:
    """How many of so many connections can be open: each takes a few files, of which a process may have so many."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 3 * connections + 200
    if soft < wanted and (hard == resource.RLIM_INFINITY or hard > soft):
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return min(connections, max(50, (soft - 200) // 3))


def _listen(host: str, port: int) -> socket.socket:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except (OSError, UnicodeError) as error:
        raise ServerError(f"{host!r} is no address of this machine. Use --host 127.0.0.1 or 0.0.0.0.") from error
    listening = socket.socket(family, kind, protocol)
    try:
        # A port that a stopped server has just left can be taken again; one in use cannot.
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
    except OSError as error:
        listening.close()
        raise ServerError(_refusal(error, host, port)) from error
    return listening


def _refusal(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} of {host} is in use. Stop the other program, or choose another port with --port (0: any)."
    if error.errno in (errno.EACCES, errno.EPERM):
        return f"Port {port} of {host} may not be used by this user. Choose one above 1023 with --port."
    if error.errno == errno.EADDRNOTAVAIL:
        return f"{host} is no address of this machine. Use --host 127.0.0.1 or 0.0.0.0."
    return f"Port {port} of {host} cannot be listened on: {error.strerror}. Choose another with --port."
