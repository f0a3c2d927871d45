"""Processes that answer queries: a query is never parsed or run in the process of the one who asks.

The engine can neither stop a query nor survive every one of them. So each runs in a process of its own kind
(`worker.py`) which is killed at the deadline and replaced at once.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Unpack

from pyoxigraph import NamedNode

from aigraph.errors import (
    AigraphError,
    LimitExceeded,
    ParameterError,
    QueryBusy,
    QueryForbidden,
    QuerySyntaxError,
    QueryTimeout,
    TooManyQueries,
    UnknownFunction,
)
from aigraph.formats import JSON, RDF_FORMATS, RESULT_FORMATS, TURTLE, RdfSyntax, ResultFormat
from aigraph.search import expand
from aigraph.sparql import forbidden_keyword, update_form
from aigraph.store.asking import Options
from aigraph.store.failures import STALE, from_header
from aigraph.store.frames import header_of
from aigraph.store.layout import Snapshot, SnapshotWatch, latest_snapshot
from aigraph.store.processes import Process
from aigraph.store.searching import Searcher
from aigraph.store.turns import Answer, Asker, Rest, Result, Turn
from aigraph.store.workforce import Workforce
from aigraph.vocab import prefixes as usual_prefixes

_ATTEMPTS = 3


class Observer(Protocol):
    """Who is told what becomes of queries."""

    def answered(self, outcome: str, seconds: float) -> None:
        """Takes note of a query: what came of it, and how long that took."""

    def killed(self) -> None:
        """Takes note of a worker that did not survive a query."""


_OUTCOMES: tuple[tuple[type[AigraphError], str], ...] = (
    (QuerySyntaxError, "malformed"),
    (ParameterError, "malformed"),
    (UnknownFunction, "malformed"),
    (QueryForbidden, "forbidden"),
    (QueryTimeout, "timeout"),
    (TooManyQueries, "limited"),
    (QueryBusy, "busy"),
    (LimitExceeded, "too-large"),
    (AigraphError, "failed"),
)


class QueryPool:
    """Answers queries on the newest snapshot of a store, in `size` processes; safe to use from several threads.

    `timeout` is in seconds, `memory` the address space of a process and `longest` the longest answer, both in
    megabytes, `most_rows` how many rows it may have (0: any number). `prefixes` are known to every query; without
    it, the usual ones for the store's base IRI are.

    With `slow`, a query that is not answered at once makes room for the next one and goes on beside, at a lower
    priority; there may be that many of them, and one more is refused. So quick queries never wait for slow ones.
    Without `union`, the default graph is the store's own; relative IRIs are read against `base_iri`.
    """

    def __init__(
        self,
        store: Path,
        *,
        size: int = 1,
        timeout: float = 10.0,
        memory: int = 4096,
        longest: int = 256,
        most_rows: int = 0,
        prefixes: Mapping[str, str] | None = None,
        slow: int | None = None,
        union: bool = True,
        base_iri: str | None = None,
    ) -> None:
        self._watch = SnapshotWatch(store)
        self.texts = Searcher(store)
        self.observer: Observer | None = None
        self.prefixes = dict(prefixes if prefixes is not None else usual_prefixes(latest_snapshot(store).base))
        self.most_rows = most_rows
        self.union = union
        self.base_iri = base_iri
        self.slow = slow
        self.timeout = timeout
        self.longest = longest << 20
        self._workforce = Workforce(size, slow, (memory, longest, most_rows), self._told_of_kill)

    def __enter__(self) -> QueryPool:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def snapshot(self) -> Snapshot:
        """The snapshot that the next query will see.

        Raises:
            StoreError: the store cannot be read.
        """
        return self._watch.latest()

    def running(self) -> int:
        """How many queries are being answered just now."""
        return self._workforce.quick + self._workforce.slow_ones

    def states(self) -> dict[str, int]:
        """How many workers wait, answer quick queries, and answer slow ones."""
        return self._workforce.states()

    def started(self) -> bool:
        """True where a query would find a worker, or is being answered by one."""
        return self._workforce.started()

    def processes(self) -> tuple[Process, ...]:
        """All workers, those that wait first."""
        return self._workforce.processes()

    def find_snapshot(self, identifier: str) -> Snapshot | None:
        """The snapshot of that id, if it is still kept."""
        return self._watch.find(identifier)

    def query(self, text: str, **options: Unpack[Options]) -> Result:
        """The whole answer to a query, see `open`."""
        answer = self.open(text, **options)
        content = answer.content if answer.rest is None else b"".join((answer.content, *answer.rest))
        return Result(content, answer.format, answer.form, answer.snapshot, answer.total, answer.cut)

    def open(
        self,
        text: str,
        *,
        solutions_format: ResultFormat = JSON,
        graph_format: RdfSyntax = TURTLE,
        default_graphs: Sequence[NamedNode] = (),
        named_graphs: Sequence[NamedNode] = (),
        timeout: float | None = None,
        snapshot: Snapshot | None = None,
        newest: Snapshot | None = None,
        asker: Asker | None = None,
        rows: int | None = None,
        longest: int | None = None,
    ) -> Answer:
        """The answer to a query, as `solutions_format` (SELECT, ASK) or `graph_format` (CONSTRUCT, DESCRIBE).

        The query sees the union of all graphs, unless it or the arguments name the graphs of its dataset. It is asked
        of the newest snapshot (`newest` spares a look at the disk for it), or of the one given. With `rows`, the answer
        to a SELECT holds that many rows and says how many there are, and a graph is cut off (`cut` says so). `longest`
        are bytes, where fewer than usual. The `timeout` counts from when the asker's request was there.

        Raises:
            QuerySyntaxError: it is malformed.
            QueryForbidden: it calls another server, or is an update.
            UnknownFunction: it calls a function that the engine does not have.
            ParameterError, IndexMissing: it holds a search that cannot be made.
            QueryTimeout: it took longer than `timeout` seconds.
            QueryBusy: it found no free worker in that time, or is slow where enough slow ones are running.
            AnswerTooLarge: its answer is longer than it may be.
            QueryFailed: the engine gave up on it.
            StoreError: the store cannot be read.
            NotYet: the one who asks may not wait, see `Attempt`.
        """
        began = (asker.since if asker else None) or time.monotonic()
        outcome = "answered"
        try:
            return self._open(
                text,
                formats=(solutions_format, graph_format),
                default_graphs=default_graphs,
                named_graphs=named_graphs,
                seconds=self.timeout if timeout is None else timeout,
                snapshot=snapshot,
                newest=newest,
                asker=asker or Asker(),
                rows=rows,
                longest=longest,
            )
        except AigraphError as error:
            outcome = next(name for kind, name in _OUTCOMES if isinstance(error, kind))
            raise
        except BaseException:
            outcome = ""  # another thread goes on with it
            raise
        finally:
            if self.observer is not None and outcome:
                self.observer.answered(outcome, time.monotonic() - began)

    def _open(
        self,
        text: str,
        *,
        formats: tuple[ResultFormat, RdfSyntax],
        default_graphs: Sequence[NamedNode],
        named_graphs: Sequence[NamedNode],
        seconds: float,
        snapshot: Snapshot | None,
        newest: Snapshot | None,
        asker: Asker,
        rows: int | None,
        longest: int | None,
    ) -> Answer:
        request: dict[str, Any] = {
            "timeout": seconds,
            "solutions": formats[0].name,
            "graph": formats[1].name,
        }
        if default_graphs or named_graphs:
            request["default_graphs"] = [graph.value for graph in default_graphs]
            request["named_graphs"] = [graph.value for graph in named_graphs]
        if rows is not None:
            request["rows"] = rows
        if longest is not None:
            request["longest"] = longest
        deadline = (asker.since or time.monotonic()) + seconds
        header: Mapping[str, Any] = {}
        for attempt in range(1 if snapshot else _ATTEMPTS):
            asked = snapshot or (newest if newest and not attempt else self.snapshot())
            turn, asked = self._sent(text, request, asked, asker, deadline)
            begun = False
            try:
                header, body = turn.read()
                begun = header["status"] == "begun"
            finally:
                if not begun:
                    turn.end()
            if begun or header["status"] == "ok":
                form: str = header["form"]
                known: Any = RDF_FORMATS if form in ("CONSTRUCT", "DESCRIBE") else RESULT_FORMATS
                rest = Rest(turn) if begun else None
                total, cut = header.get("total"), bool(header.get("cut"))
                return Answer(body, rest, known.find(header["format"]), form, asked, total, cut)
            if header["status"] != STALE:
                break
        raise from_header(header)

    def _sent(
        self, text: str, request: dict[str, Any], asked: Snapshot, asker: Asker, deadline: float
    ) -> tuple[Turn, Snapshot]:
        """The query on its way, and the snapshot that it is asked of."""
        attempt = asker.attempt
        if attempt and (begun := attempt.take()):
            return begun
        if attempt and attempt.hurried and self.union and "service" in text.lower():
            attempt.give_up()  # a search takes its time
        data = self._text(text, asked)
        turn = self._turn(asker, request["timeout"], deadline)
        try:
            turn.send(self._header(request, turn, asked), data)
            there = True
            if attempt and attempt.hurried:
                there = turn.answers_within(attempt.patience if self._workforce.quick == 1 else 0, attempt.longest)
        except BaseException:
            turn.end()
            raise
        if attempt and not there:
            attempt.leave(turn, asked)
        return turn, asked

    def _text(self, text: str, asked: Snapshot) -> bytes:
        """What a worker gets: the query with what its searches find."""
        expanded = expand(text, partial(self.texts.hits, asked)) if self.union else text
        check_allowed(expanded)
        return expanded.encode("utf-8", "surrogatepass")

    def _header(self, request: Mapping[str, Any], turn: Turn, asked: Snapshot) -> Mapping[str, object] | bytes:
        """What a process is told beside the text, some of it once, with its first query."""
        path = str(asked.path)
        if turn.fresh:
            news = {"prefixes": self.prefixes, "union": self.union, "base": self.base_iri}
            return {**request, **news, "snapshot": path}
        if "default_graphs" in request:
            return {**request, "snapshot": path}
        return header_of(**request, snapshot=path)

    def _turn(self, asker: Asker, seconds: float, deadline: float) -> Turn:
        if asker.attempt and asker.attempt.hurried:
            process = self._workforce.take_at_once() or asker.attempt.give_up()
        else:
            process = self._workforce.take(seconds, deadline)
        turn = Turn(self._workforce, process, asker, seconds, deadline)
        try:
            if not process.started():
                before = time.monotonic()
                process.wait_until_ready()
                turn.started(before)
            else:
                process.wait_until_ready()
        except BaseException:
            turn.end()
            raise
        return turn

    def _told_of_kill(self) -> None:
        if self.observer is not None:
            self.observer.killed()

    def close(self) -> None:
        """Ends all processes; queries that are being answered fail."""
        self._workforce.close()
        self.texts.close()


def check_allowed(text: str) -> None:
    """Refuses what is no query of this graph, before any engine sees it.

    Raises:
        QueryForbidden: the text calls another server (SERVICE), or is an update.
    """
    if word := forbidden_keyword(text):
        raise QueryForbidden(f"{word} is not allowed here: queries see this graph alone, and no other server.")
    if word := update_form(text):
        raise QueryForbidden(f"{word} is not allowed here: this graph can only be read. Ask SELECT, ASK, CONSTRUCT, …")
