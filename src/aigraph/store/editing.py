"""Changes that others ask for: made by one process (`editor.py`) for all who ask."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

from aigraph.errors import QueryFailed, QueryTimeout
from aigraph.formats import RdfSyntax
from aigraph.store.failures import FAILED, busy, from_header
from aigraph.store.frames import Closed, Late
from aigraph.store.processes import Process


@dataclass(frozen=True, slots=True)
class Document:
    """A text of RDF and its format. Its blank nodes are its own: no other document can name them."""

    body: bytes = field(repr=False)
    syntax: RdfSyntax


class GraphEditor:
    """Changes a plain store, or what users wrote into one of ours; one request after the other, from any thread.

    A change may take `timeout` seconds and `memory` megabytes of address space; an update may nest `depth` brackets.
    """

    def __init__(self, path: Path, *, timeout: float = 10.0, memory: int = 4096, depth: int = 100) -> None:
        self._arguments = (path, memory, depth)
        self.timeout = timeout
        self._lock = threading.Lock()
        self._ended = threading.Event()  # set once the process that was ended last is really gone
        self._ended.set()
        self._process: Process | None = Process("aigraph.store.editor", *self._arguments)
        self._process.wait_until_ready()

    def __enter__(self) -> GraphEditor:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    @property
    def pid(self) -> int | None:
        """The number of the process that makes the changes, while it runs."""
        process = self._process
        return None if process is None else process.pid

    def update(
        self,
        text: str,
        *,
        default_graphs: Sequence[str] = (),
        named_graphs: Sequence[str] = (),
        base: str | None = None,
        since: float | None = None,
    ) -> None:
        """Carries out a SPARQL update; when this returns, every query sees it.

        The time that it may take counts from `since`, as time.monotonic() has it, or from now.

        Raises:
            QuerySyntaxError: it is malformed, or names graphs both in its text and beside it.
            QueryForbidden: it reaches for other places (LOAD, SERVICE), or changes what is made from articles.
            QueryTimeout, QueryBusy, QueryFailed: it was not carried out.
        """
        request: dict[str, object] = {
            "operation": "update",
            "base": base,
            "default_graphs": list(default_graphs),
            "named_graphs": list(named_graphs),
        }
        self._ask(request, text.encode("utf-8", "surrogatepass"), since)

    def put(self, graph: str | None, documents: Sequence[Document], *, base: str, since: float | None = None) -> bool:
        """Makes a graph (None: the default graph) hold what documents say; true where there was none before.

        All of them are one change: where one is refused, nothing is changed. Relative IRIs are read against `base`;
        for `since` see `update`.

        Raises:
            QuerySyntaxError: a document is malformed, or names graphs.
            QueryForbidden: the graph is made from articles, or a triple stands in another graph already.
            QueryTimeout, QueryBusy, QueryFailed: it was not carried out.
        """
        return self._upload("put", graph, documents, base, since)

    def post(self, graph: str | None, documents: Sequence[Document], *, base: str, since: float | None = None) -> bool:
        """Adds what documents say to a graph, as one change; see `put`."""
        return self._upload("post", graph, documents, base, since)

    def _upload(
        self, operation: str, graph: str | None, documents: Sequence[Document], base: str, since: float | None
    ) -> bool:
        request: dict[str, object] = {
            "operation": operation,
            "graph": graph,
            "base": base,
            "documents": [{"format": one.syntax.name, "bytes": len(one.body)} for one in documents],
        }
        return bool(self._ask(request, b"".join(one.body for one in documents), since)["created"])

    def delete(self, graph: str | None, *, since: float | None = None) -> bool:
        """Removes a graph; false where there is none. Raises as `put` does."""
        return bool(self._ask({"operation": "delete", "graph": graph}, b"", since)["status"] == "ok")

    def _ask(self, request: dict[str, object], body: bytes, since: float | None) -> Mapping[str, Any]:
        deadline = (since or time.monotonic()) + self.timeout
        if not self._lock.acquire(timeout=self.timeout / 2):
            raise busy("Other changes are being made. Try again later.")
        try:
            process = self._running(deadline)
            process.send({**request, "timeout": max(deadline - time.monotonic(), 0.0)}, body)
            header, _ = process.read(deadline)
        except Late:
            self._end()
            raise QueryTimeout(
                f"The change took longer than {self.timeout:g} s and was stopped. Look whether it was made (as a whole "
                "or not at all), and make it smaller.",
                limit="seconds",
                allowed=self.timeout,
            ) from None
        except Closed:
            self._end()
            raise QueryFailed(
                "The process that makes changes ended before it told that this one was made: mostly because that needs "
                "more memory than it may have, or is nested too deeply. Make it smaller or flatter."
            ) from None
        finally:
            self._lock.release()
        if header["status"] == FAILED:
            raise from_header(header)
        return header

    def _running(self, deadline: float) -> Process:
        """The process, a new one where the last one has ended; what it needs to start is counted."""
        if self._process is None or not self._process.alive():
            self._end()
            # what was killed may still be giving back its memory: it holds the store until then
            self._ended.wait(max(deadline - time.monotonic(), 0.0))
            self._process = Process("aigraph.store.editor", *self._arguments)
        if not self._process.started() and not self._process.ready(deadline):
            raise busy("What makes the changes was stopped and is starting anew. Try again later.")
        self._process.wait_until_ready()
        return self._process

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            self._ended = process.end(wait=False)

    def close(self) -> None:
        """Ends the process; what was acknowledged is on the disk."""
        self._end()
        self._ended.wait()
