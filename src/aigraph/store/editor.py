"""The process that changes a plain store: `python -m aigraph.store.editor <store> <megabytes>`.

It holds the lock of the store's one writer, takes one request after the other as frames (`frames.py`), and answers
when the change is on the disk and published as a snapshot. Texts of others are parsed here and nowhere else: without
sockets, with limited memory, to be killed at a deadline. Every change is one transaction; a process that is killed
leaves all of it or nothing, and the next one publishes what is there.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import threading
import uuid
from pathlib import Path
from typing import Any

from pyoxigraph import DefaultGraph, NamedNode, Quad, Store, Triple, parse

from aigraph.errors import AigraphError, QueryFailed, QueryForbidden, QuerySyntaxError, QueryTooLarge
from aigraph.formats import RDF_FORMATS, RDF_XML
from aigraph.sparql import excess, forbidden_in_update, with_dataset
from aigraph.store.frames import Closed, FrameReader, write_frame
from aigraph.store.layout import PLAIN_BASE, clean, newest_generation, prepare, publish, sync, write_lock
from aigraph.store.sandbox import arm, close_network, disarm, limit_memory

_STACK = 512  # megabytes, see worker.py
_GRACE = 2.0
_DEEPEST = 100  # brackets within brackets
_PLACE = re.compile(r"at (?:line )?(\d+)[: ](?:column )?(\d+)")
_DECLARES = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)


class Editor:
    """A store that is changed by requests."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._store = Store(str(path / "data"))
        if not (path / "current").exists() or self._unpublished.exists():
            self._publish()

    @property
    def _unpublished(self) -> Path:
        return self._path / "unpublished"

    def handle(self, request: dict[str, Any], body: bytes) -> dict[str, object]:
        """Does what a request asks, and tells what came of it."""
        try:
            created = self._change(request, body)
        except SyntaxError as error:
            return _malformed(str(error))
        except UnicodeDecodeError:
            return _malformed("The body is not encoded in UTF-8.")
        except MemoryError:
            return _failure(QueryFailed("The request needed more memory than it may have. Send less at a time."))
        except AigraphError as error:
            return _failure(error)
        except (OSError, RuntimeError, ValueError) as error:
            return _failure(QueryFailed(f"The request could not be carried out: {error}"))
        return {"status": "ok" if created is not None else "missing", "created": bool(created)}

    def _change(self, request: dict[str, Any], body: bytes) -> bool | None:
        """Carries out a request; true where it made a graph, None where the graph is missing."""
        name = request.get("graph")
        graph = NamedNode(name) if name else DefaultGraph()
        known = not isinstance(graph, NamedNode) or self._store.contains_named_graph(graph)
        operation = request["operation"]
        if operation == "delete" and not known:
            return None
        triples = _triples(request, body) if operation in ("put", "post") else []
        text = _allowed(request, body.decode()) if operation == "update" else ""
        self._unpublished.touch()
        sync(self._path)
        if operation == "update":
            self._store.update(text, base_iri=request.get("base"))
        elif operation == "delete":
            self._store.update(f"DROP GRAPH {graph}" if isinstance(graph, NamedNode) else "DROP DEFAULT")
        elif operation == "put":
            self._store.update(_replacement(graph, triples))
        elif operation == "post":
            if isinstance(graph, NamedNode) and not triples:
                self._store.add_graph(graph)
            self._store.extend(Quad(one.subject, one.predicate, one.object, graph) for one in triples)
        else:
            raise QueryFailed(f"There is no operation {operation!r}.")
        self._publish()
        return not known

    def _publish(self) -> None:
        self._store.flush()
        generation = newest_generation(self._path) + 1
        staged = self._path / "snapshots" / f".{generation}.new"
        shutil.rmtree(staged, ignore_errors=True)
        staged.mkdir(parents=True)
        self._store.backup(str(staged / "data"))
        publish(self._path, generation, uuid.uuid4().hex, len(self._store), staged)
        self._unpublished.unlink(missing_ok=True)
        sync(self._path)
        clean(self._path)


def _allowed(request: dict[str, Any], text: str) -> str:
    """The text of an update, with the graphs that the request names."""
    if word := forbidden_in_update(text):
        raise QueryForbidden(f"{word} is not allowed here: updates see this dataset alone, and no other place.")
    if excess(text, depth=_DEEPEST, count=len(text)):
        raise QueryTooLarge(f"The update is nested more than {_DEEPEST} deep. Write it flatter.", limit="query-depth")
    default, named = request["default_graphs"], request["named_graphs"]
    if not default and not named:
        return text
    rewritten = with_dataset(text, default, named)
    if rewritten is None:
        raise QuerySyntaxError("The update names its graphs (USING, WITH); leave out the parameters, or these.")
    return rewritten


def _triples(request: dict[str, Any], body: bytes) -> list[Triple]:
    """The triples of an upload."""
    syntax = RDF_FORMATS.find(request["format"])
    body.decode()  # all texts are in UTF-8; no other encoding may hide a declaration
    if syntax is RDF_XML and _DECLARES.search(body):
        raise QuerySyntaxError("The document declares a type or entities (<!DOCTYPE …>), which is not allowed here.")
    quads = list(parse(body, syntax.engine, base_iri=request.get("base")))
    if strange := next((quad for quad in quads if quad.graph_name != DefaultGraph()), None):
        raise QuerySyntaxError(f"The document names a graph of its own ({strange.graph_name}); send triples alone.")
    return [quad.triple for quad in quads]


def _replacement(graph: NamedNode | DefaultGraph, triples: list[Triple]) -> str:
    """An update that makes a graph hold exactly these triples, as one transaction."""
    data = "\n".join(f"{one.subject} {one.predicate} {one.object} ." for one in triples)
    if isinstance(graph, NamedNode):
        return f"DROP SILENT GRAPH {graph} ; CREATE SILENT GRAPH {graph} ; INSERT DATA {{ GRAPH {graph} {{ {data} }} }}"
    return f"DROP DEFAULT ; INSERT DATA {{ {data} }}"


def _malformed(message: str) -> dict[str, object]:
    """What the parser says, with the place that it names; the signs that it would have liked are no help."""
    found = _PLACE.search(message)
    if found is None:
        return {"status": "syntax", "message": message.splitlines()[0][:300], "line": None, "column": None}
    rest = message[found.end() :].strip(" :").splitlines()
    why = rest[0][:200] if rest and not rest[0].startswith("expected") else "the text cannot be read on from here"
    line, column = int(found[1]), int(found[2])
    return {"status": "syntax", "message": f"Line {line}, column {column}: {why}.", "line": line, "column": column}


def _failure(error: AigraphError) -> dict[str, object]:
    if isinstance(error, QuerySyntaxError):
        return {"status": "syntax", "message": str(error), "line": error.line, "column": error.column}
    if isinstance(error, QueryTooLarge):
        return {"status": "large", "message": str(error), "limit": error.limit, "allowed": _DEEPEST}
    return {"status": "forbidden" if isinstance(error, QueryForbidden) else "failed", "message": str(error)}


def _serve(path: Path, requests: int, answers: int) -> None:
    try:
        with write_lock(path):
            prepare(path, PLAIN_BASE, create=True)
            editor = Editor(path)
            write_frame(answers, {"status": "ready", "number": 0})
            reader = FrameReader(requests)
            while True:
                request, body = reader.read()
                arm(float(request["timeout"]) + _GRACE)
                answer = editor.handle(request, body)
                disarm()
                write_frame(answers, {**answer, "number": request["number"]})
    except Closed:
        return


def main() -> None:
    """Sets the limits, then works in a thread with a large stack."""
    path, memory = Path(sys.argv[1]), int(sys.argv[2])
    requests, answers = os.dup(0), os.dup(1)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)
    limit_memory(memory)
    close_network()
    threading.stack_size(min(_STACK, memory // 4) << 20)
    thread = threading.Thread(target=_serve, args=(path, requests, answers))
    thread.start()
    thread.join()
    os._exit(0)


if __name__ == "__main__":
    main()
