"""Processes that answer queries: a query is never parsed or run in the process of the one who asks.

The engine can neither stop a query nor survive every one of them. So each runs in a process of its own kind
(`worker.py`) which is killed at the deadline and replaced at once.
"""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from pyoxigraph import NamedNode

from aigraph.errors import QueryError, QueryFailed, QueryForbidden, QuerySyntaxError, QueryTimeout
from aigraph.formats import JSON, RDF_FORMATS, RESULT_FORMATS, TURTLE, RdfSyntax, ResultFormat
from aigraph.sparql import forbidden_keyword, update_form
from aigraph.store.frames import Closed, Late, read_frame, write_frame
from aigraph.store.layout import Snapshot, latest_snapshot
from aigraph.vocab import prefixes as usual_prefixes

_START = 30.0  # seconds that a worker may take to start, on a machine under load
_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Result:
    """An answer: its bytes, their format, the form of the query, and the snapshot that was asked."""

    content: bytes
    format: RdfSyntax | ResultFormat
    form: str
    snapshot: Snapshot


class _Process:
    """A worker and the pipes to it."""

    def __init__(self, memory: int, longest: int) -> None:
        # -P: the current folder is no place to import modules from.
        command = [sys.executable, "-P", "-m", "aigraph.store.worker", str(memory), str(longest)]
        self._process = subprocess.Popen(  # noqa: S603
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0
        )
        self._ready = False

    def ask(self, request: Mapping[str, object], text: bytes, timeout: float) -> tuple[dict[str, Any], bytes]:
        """Sends a query and waits for the answer; the time that the worker takes to start does not count.

        Raises:
            Closed, Late: see `read_frame`.
            QueryFailed: the process did not start.
        """
        requests, answers = self._process.stdin, self._process.stdout
        if requests is None or answers is None:
            raise Closed
        if not self._ready:
            try:
                read_frame(answers.fileno(), time.monotonic() + _START)
            except (Closed, Late):
                raise QueryFailed("A query worker could not start. Its memory limit may be too low.") from None
            self._ready = True
        deadline = time.monotonic() + timeout
        write_frame(requests.fileno(), request, text)
        return read_frame(answers.fileno(), deadline)

    def alive(self) -> bool:
        """True unless the process has ended, on its own account or killed by somebody else."""
        return self._process.poll() is None

    def end(self) -> None:
        """Kills the process and waits for its end."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                pipe.close()


class QueryPool:
    """Answers queries on the newest snapshot of a store, in `size` processes; safe to use from several threads.

    `timeout` is in seconds, `memory` the address space of a process and `longest` the longest answer, both in
    megabytes. `prefixes` are known to every query; without it, the usual ones for the store's base IRI are.
    """

    def __init__(
        self,
        store: Path,
        *,
        size: int = 1,
        timeout: float = 10.0,
        memory: int = 4096,
        longest: int = 256,
        prefixes: Mapping[str, str] | None = None,
    ) -> None:
        self._store = store
        self._prefixes = dict(prefixes if prefixes is not None else usual_prefixes(latest_snapshot(store).base))
        self._limits = (memory, longest)
        self.timeout = timeout
        self._free = threading.Condition()
        self._idle: deque[_Process] = deque()
        self._busy: set[_Process] = set()
        self._closed = False
        self._idle.extend(_Process(*self._limits) for _ in range(size))

    def __enter__(self) -> QueryPool:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def snapshot(self) -> Snapshot:
        """The snapshot that the next query will see.

        Raises:
            StoreError: the store cannot be read.
        """
        return latest_snapshot(self._store)

    def query(
        self,
        text: str,
        *,
        solutions_format: ResultFormat = JSON,
        graph_format: RdfSyntax = TURTLE,
        default_graphs: Sequence[NamedNode] = (),
        named_graphs: Sequence[NamedNode] = (),
        timeout: float | None = None,
    ) -> Result:
        """The answer to a query, as `solutions_format` (SELECT, ASK) or `graph_format` (CONSTRUCT, DESCRIBE).

        The query sees the union of all graphs, unless it or the arguments name the graphs of its dataset.

        Raises:
            QuerySyntaxError: it is malformed.
            QueryForbidden: it calls another server, or is an update.
            QueryTimeout: it took longer than `timeout` seconds, or found no free worker in that time.
            QueryFailed: the engine gave up on it.
            StoreError: the store cannot be read.
        """
        check_allowed(text)
        seconds = self.timeout if timeout is None else timeout
        request = {
            "timeout": seconds,
            "solutions": solutions_format.name,
            "graph": graph_format.name,
            "prefixes": self._prefixes,
            "default_graphs": [graph.value for graph in default_graphs],
            "named_graphs": [graph.value for graph in named_graphs],
        }
        data = text.encode("utf-8", "surrogatepass")
        header: dict[str, Any] = {}
        for _ in range(_ATTEMPTS):
            snapshot = self.snapshot()
            header, body = self._ask({**request, "snapshot": str(snapshot.path)}, data, seconds)
            if header["status"] == "ok":
                name, form = header["format"], header["form"]
                graph = form in ("CONSTRUCT", "DESCRIBE")
                return Result(body, RDF_FORMATS.find(name) if graph else RESULT_FORMATS.find(name), form, snapshot)
            if header["status"] != "stale":
                break
        raise _error(header)

    def _ask(self, request: Mapping[str, object], text: bytes, seconds: float) -> tuple[dict[str, Any], bytes]:
        """Has one of the processes answer; one that does not is killed and replaced."""
        process = self._take(seconds)
        sound = False
        try:
            answer = process.ask(request, text, seconds)
            sound = True
            return answer
        except Late:
            raise QueryTimeout(
                f"The query was stopped after {seconds:g} s. Make it narrower, or add a LIMIT."
            ) from None
        except Closed:
            raise QueryFailed(
                "The process that ran the query ended before its answer was there: the query needs more memory than it "
                "may have, or is nested too deeply. Make it simpler or narrower."
            ) from None
        finally:
            self._give_back(process, sound=sound)

    def _take(self, seconds: float) -> _Process:
        with self._free:
            self._free.wait_for(lambda: self._idle or self._closed, seconds)
            if self._closed:
                raise QueryFailed("The query workers have been stopped.")
            if not self._idle:
                raise QueryTimeout(f"All query workers were busy for {seconds:g} s. Try again later.")
            process = self._idle.popleft()
            if not process.alive():
                process.end()
                process = _Process(*self._limits)
            self._busy.add(process)
            return process

    def _give_back(self, process: _Process, *, sound: bool) -> None:
        if not sound:
            process.end()
        with self._free:
            self._busy.discard(process)
            if self._closed:
                process.end()
                return
            self._idle.append(process if sound else _Process(*self._limits))
            self._free.notify()

    def close(self) -> None:
        """Ends all processes; queries that are being answered fail."""
        with self._free:
            self._closed = True
            processes = [*self._idle, *self._busy]
            self._idle.clear()
            self._free.notify_all()
        for process in processes:
            process.end()


def check_allowed(text: str) -> None:
    """Refuses what is no query of this graph, before any engine sees it.

    Raises:
        QueryForbidden: the text calls another server (SERVICE), or is an update.
    """
    if word := forbidden_keyword(text):
        raise QueryForbidden(f"{word} is not allowed here: queries see this graph alone, and no other server.")
    if word := update_form(text):
        raise QueryForbidden(f"{word} is not allowed here: this graph can only be read. Ask SELECT, ASK, CONSTRUCT, …")


def _error(header: Mapping[str, Any]) -> QueryError:
    """The error that a worker reports."""
    if header["status"] == "syntax":
        return QuerySyntaxError(header["message"], line=header["line"], column=header["column"])
    return QueryFailed(header["message"])
