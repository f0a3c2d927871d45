"""The process that runs strangers' queries: `python -m aigraph.store.worker <megabytes> <megabytes of an answer>`.

It reads requests from its standard input and writes answers to its standard output, one frame each (`frames.py`), and
works on one published snapshot at a time. It is killed from outside when it misses a deadline.
"""

from __future__ import annotations

import io
import os
import sys
import threading
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, QueryBoolean, QuerySolutions, QueryTriples, Store, serialize

from aigraph.errors import AigraphError, QueryFailed, QuerySyntaxError, StoreMissing
from aigraph.formats import RDF_FORMATS, RESULT_FORMATS, XML, RdfSyntax, ResultFormat
from aigraph.sparql import keyword, query_form, tokens
from aigraph.store.frames import Closed, read_frame, write_frame
from aigraph.store.layout import Snapshot, held
from aigraph.store.messages import syntax_error
from aigraph.store.reader import NO_XML, open_data
from aigraph.store.sandbox import arm, close_network, disarm, limit_memory

_STACK = 512  # megabytes; nested text takes the engine about two kilobytes of stack a character
_GRACE = 2.0  # seconds that the system waits longer than the pool before it ends a worker


class _Answer(io.BytesIO):
    """A buffer that refuses to grow beyond a limit."""

    def __init__(self, limit: int) -> None:
        super().__init__()
        self.limit = limit

    def write(self, data: Any, /) -> int:
        if self.tell() + len(data) > self.limit:
            raise QueryFailed(f"The answer is longer than {self.limit >> 20} MB. Ask for less, with LIMIT say.")
        return super().write(data)


class _Worker:
    """One snapshot at a time, one query at a time."""

    def __init__(self, requests: int, answers: int, limit: int) -> None:
        self._requests = requests
        self._answers = answers
        self._limit = limit
        self._snapshot: Path | None = None
        self._store = Store()
        self._held = ExitStack()

    def run(self) -> None:
        """Answers until the other side has gone."""
        try:
            write_frame(self._answers, {"status": "ready"})
            while True:
                request, text = read_frame(self._requests)
                arm(float(request["timeout"]) + _GRACE)
                header, body = self._answer(request, text.decode("utf-8", "surrogatepass"))
                disarm()
                write_frame(self._answers, header, body)
        except Closed:
            return

    def _answer(self, request: dict[str, Any], text: str) -> tuple[dict[str, object], bytes | memoryview]:
        try:
            self._change_to(request)
            return self._evaluate(request, text)
        except SyntaxError as error:
            return _failure(syntax_error(text, str(error), request["prefixes"]))
        except UnicodeError:
            return _failure(QuerySyntaxError("The query holds halves of surrogate pairs, which are no characters."))
        except MemoryError:
            return _failure(QueryFailed("The query needed more memory than it may have. Ask for less."))
        except AigraphError as error:
            return _failure(error)
        except (OSError, RuntimeError, ValueError) as error:
            return _failure(QueryFailed(f"The query could not be answered: {error}"))

    def _change_to(self, request: dict[str, Any]) -> None:
        """Opens the snapshot of the request unless it is open already."""
        path = Path(request["snapshot"])
        if path == self._snapshot:
            return
        snapshot = Snapshot(path, 0, "", "", 0)
        with ExitStack() as stack:
            stack.enter_context(held(snapshot))
            store = open_data(snapshot)
            kept = stack.pop_all()
        self._held.close()
        self._snapshot, self._store, self._held = path, store, kept

    def _evaluate(self, request: dict[str, Any], text: str) -> tuple[dict[str, object], memoryview]:
        results, syntax = RESULT_FORMATS.find(request["solutions"]), RDF_FORMATS.find(request["graph"])
        answer = self._query(request, text)
        buffer = _Answer(self._limit)
        if isinstance(answer, QueryTriples):
            form = query_form(text) or "CONSTRUCT"
            used: RdfSyntax | ResultFormat = syntax
            serialize(answer, buffer, syntax.engine, prefixes=request["prefixes"])
        else:
            form = "ASK" if isinstance(answer, QueryBoolean) else "SELECT"
            used = results
            answer.serialize(buffer, results.engine)
        if used is XML and NO_XML.search(buffer.getvalue().decode()):
            raise QueryFailed("The answer holds control characters, which XML cannot hold. Ask for another format.")
        return {"status": "ok", "form": form, "format": used.name}, buffer.getbuffer()

    def _query(self, request: dict[str, Any], text: str) -> QuerySolutions | QueryBoolean | QueryTriples:
        """The answer over the union of all graphs, or over the dataset that the request or the query names."""
        prefixes = request["prefixes"]
        default: list[NamedNode | BlankNode | DefaultGraph] = [NamedNode(iri) for iri in request["default_graphs"]]
        named: list[NamedNode | BlankNode] = [NamedNode(iri) for iri in request["named_graphs"]]
        if default or named:
            return self._store.query(text, prefixes=prefixes, default_graph=default, named_graphs=named)
        # The engine's union would override what FROM says.
        union = not any(keyword(token).startswith("FROM") for token in tokens(text))
        return self._store.query(text, prefixes=prefixes, use_default_graph_as_union=union)


def _failure(error: AigraphError) -> tuple[dict[str, object], bytes]:
    status = (
        "syntax" if isinstance(error, QuerySyntaxError) else "stale" if isinstance(error, StoreMissing) else "failed"
    )
    place = {"line": error.line, "column": error.column} if isinstance(error, QuerySyntaxError) else {}
    return {"status": status, "message": str(error), **place}, b""


def main() -> None:
    """Sets the limits, then answers in a thread with a large stack."""
    memory, limit = int(sys.argv[1]), int(sys.argv[2])
    # Frames alone go to the pipes: whatever else prints goes to standard error.
    requests, answers = os.dup(0), os.dup(1)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)
    limit_memory(memory)
    close_network()
    threading.stack_size(min(_STACK, memory // 4) << 20)
    thread = threading.Thread(target=_Worker(requests, answers, limit << 20).run)
    thread.start()
    thread.join()
    os._exit(0)


if __name__ == "__main__":
    main()
