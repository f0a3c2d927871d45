"""The process that runs strangers' queries: `python -m aigraph.store.worker <megabytes> <longest> <rows>`.

It reads requests from its standard input and writes answers to its standard output as frames (`frames.py`), and works
on one published snapshot at a time. It is killed from outside when it misses a deadline.
"""

from __future__ import annotations

import gc
import os
import re
import sys
import threading
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any, cast

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, QueryBoolean, QuerySolutions, QueryTriples, Store, serialize

from aigraph.errors import AigraphError, QueryFailed, QuerySyntaxError, StoreMissing, UnknownFunction
from aigraph.formats import RDF_FORMATS, RDF_XML, RESULT_FORMATS, XML, RdfSyntax, ResultFormat
from aigraph.sparql import names_graphs, query_form
from aigraph.store.answering import AnswerStream, Cut, RowCount, first_rows
from aigraph.store.failures import STALE, to_header
from aigraph.store.frames import Closed, FrameReader, write_frame
from aigraph.store.layout import Snapshot, held
from aigraph.store.messages import syntax_error
from aigraph.store.reader import open_data
from aigraph.store.sandbox import arm, close_network, disarm, limit_memory

_STACK = 512  # megabytes; nested text takes the engine about two kilobytes of stack a character
_UNKNOWN = re.compile(r"custom function (<[^>]*>)")
_GRACE = 2.0  # seconds that the system waits longer than the pool before it ends a worker


class _Worker:
    """One snapshot at a time, one query at a time."""

    def __init__(self, requests: int, answers: int, limit: int, most_rows: int) -> None:
        self._requests = requests
        self._answers = answers
        self._limit = limit
        self._most_rows = most_rows
        self._snapshot = ""
        self._number = 0
        self._store = Store()
        self._held = ExitStack()
        self._prefixes: dict[str, str] = {}
        self._union = True
        self._base: str | None = None

    def run(self) -> None:
        """Answers until the other side has gone."""
        try:
            write_frame(self._answers, {"status": "ready"})
            requests = FrameReader(self._requests)
            while True:
                request, text = requests.read()
                self._number = requests.number
                arm(float(request["timeout"]) + _GRACE)
                self._answer(request, text.decode("utf-8", "surrogatepass"))
                disarm()
        except Closed:
            return

    def _answer(self, request: Mapping[str, Any], text: str) -> None:
        try:
            self._prefixes = request.get("prefixes", self._prefixes)
            self._union, self._base = request.get("union", self._union), request.get("base", self._base)
            self._change_to(request)
            self._evaluate(request, text)
            return
        except SyntaxError as error:
            failure: AigraphError = syntax_error(text, str(error), self._prefixes)
        except UnicodeError:
            failure = QuerySyntaxError("The query holds halves of surrogate pairs, which are no characters.")
        except MemoryError:
            failure = QueryFailed("The query needed more memory than it may have. Ask for less.")
        except AigraphError as error:
            failure = error
        except (OSError, RuntimeError, ValueError) as error:
            failure = _failure(str(error))
        disarm()
        stale = {"status": STALE} if isinstance(failure, StoreMissing) else {}
        write_frame(self._answers, {**to_header(failure), **stale}, number=self._number)

    def _change_to(self, request: Mapping[str, Any]) -> None:
        """Opens the snapshot of the request unless it is open already."""
        path = request["snapshot"]
        if path == self._snapshot:
            return
        snapshot = Snapshot(Path(path), 0, "", "", 0)
        with ExitStack() as stack:
            stack.enter_context(held(snapshot))
            store = open_data(snapshot)
            kept = stack.pop_all()
        self._held.close()
        self._snapshot, self._store, self._held = path, store, kept

    def _evaluate(self, request: Mapping[str, Any], text: str) -> None:
        results, syntax = RESULT_FORMATS.find(request["solutions"]), RDF_FORMATS.find(request["graph"])
        found = self._query(request, text)
        if isinstance(found, QueryTriples):
            form = query_form(text) or "CONSTRUCT"
            used: RdfSyntax | ResultFormat = syntax
        else:
            form = "ASK" if isinstance(found, QueryBoolean) else "SELECT"
            used = results
        limit = min(self._limit, request.get("longest", self._limit))
        if isinstance(found, QuerySolutions) and "rows" in request:
            content, total, cut = first_rows(found, request["rows"], limit)
            header = {"status": "ok", "form": form, "format": used.name, "total": total, "cut": cut}
            write_frame(self._answers, header, content, number=self._number)
            return
        rows = RowCount(results, self._most_rows) if self._most_rows and isinstance(found, QuerySolutions) else None
        xml = used in (XML, RDF_XML)
        answer = AnswerStream(
            self._answers, self._number, (form, used.name), limit, xml=xml, cut="rows" in request, rows=rows
        )
        stream = cast(IO[bytes], answer)  # the engine asks for no more than `write`
        try:
            if isinstance(found, QueryTriples):
                serialize(found, stream, syntax.engine, prefixes=self._prefixes)
            else:
                found.serialize(stream, results.engine)
        except Cut:
            return
        answer.end()

    def _query(self, request: Mapping[str, Any], text: str) -> QuerySolutions | QueryBoolean | QueryTriples:
        """The answer over the union of all graphs, or over the dataset that the request or the query names."""
        prefixes, base = self._prefixes, self._base
        if "default_graphs" in request:
            default: list[NamedNode | BlankNode | DefaultGraph] = [NamedNode(iri) for iri in request["default_graphs"]]
            named: list[NamedNode | BlankNode] = [NamedNode(iri) for iri in request["named_graphs"]]
            return self._store.query(text, base_iri=base, prefixes=prefixes, default_graph=default, named_graphs=named)
        # The engine's union would override what FROM says.
        union = self._union and not names_graphs(text)
        return self._store.query(text, base_iri=base, prefixes=prefixes, use_default_graph_as_union=union)


def _failure(message: str) -> AigraphError:
    """The error for what the engine gave up on; an unknown function is the query's fault."""
    if unknown := _UNKNOWN.search(message):
        return UnknownFunction(f"The query calls {unknown[1]}, a function that this service does not have.")
    return QueryFailed(f"The query could not be answered: {message}")


def main() -> None:
    """Sets the limits, then answers in a thread with a large stack."""
    memory, limit, rows = (int(one) for one in sys.argv[1:4])
    # Frames alone go to the pipes: whatever else prints goes to standard error.
    requests, answers = os.dup(0), os.dup(1)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)
    limit_memory(memory)
    close_network()
    threading.stack_size(min(_STACK, memory // 4) << 20)
    gc.freeze()
    thread = threading.Thread(target=_Worker(requests, answers, limit << 20, rows).run)
    thread.start()
    thread.join()
    os._exit(0)


if __name__ == "__main__":
    main()
