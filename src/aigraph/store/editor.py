"""The process that makes the changes that others ask for: `python -m aigraph.store.editor <store> <megabytes> <depth>`.

It takes one request after the other as frames (`frames.py`), and answers when the change is on the disk and published
as a snapshot. Texts of others are parsed here and nowhere else: without sockets, with limited memory, to be killed at a
deadline. Every change is made as a whole; a process that is killed leaves all of it or nothing, and the next one
publishes what is there.

A plain store is changed in place, and its lock is held all the time. In a store of ours users have graphs of their own
(`users.py`): a change is tried on a copy of the newest snapshot, which becomes the next one if nothing else changed.
"""

from __future__ import annotations

import hashlib
import os
import re
import sys
import threading
import uuid
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, RdfFormat, Store, Triple, parse

from aigraph.errors import AigraphError, QueryFailed, QueryForbidden, QuerySyntaxError, QueryTooLarge, StoreLocked
from aigraph.formats import RDF_FORMATS, RDF_XML, RdfSyntax
from aigraph.sparql import excess, forbidden_in_update, with_dataset
from aigraph.store.failures import busy, to_header
from aigraph.store.frames import Closed, FrameReader, write_frame
from aigraph.store.layout import (
    INDEX,
    PLAIN_BASE,
    clean,
    held,
    latest_snapshot,
    publish,
    read_base,
    stage,
    sync,
    write_lock,
)
from aigraph.store.reader import open_data
from aigraph.store.sandbox import arm, close_network, disarm, limit_memory
from aigraph.store.users import is_made, joined_hash, not_held, read_users, write_users
from aigraph.vocab import prefixes

_STACK = 512  # megabytes, see worker.py
_GRACE = 2.0
_PLACE = re.compile(r"at (?:line )?(\d+)[: ](?:column )?(\d+)")
_DECLARES = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)


class Editor(ABC):
    """A store that is changed by requests; updates may nest `depth` brackets."""

    def __init__(self, path: Path, depth: int) -> None:
        self._path = path
        self._depth = depth

    def handle(self, request: Mapping[str, Any], body: bytes) -> dict[str, object]:
        """Does what a request asks, and tells what came of it."""
        try:
            created = self._change(request, body)
        except (SyntaxError, UnicodeDecodeError) as error:
            return to_header(_malformed(error))
        except MemoryError:
            return to_header(QueryFailed("The request needed more memory than it may have. Send less at a time."))
        except StoreLocked as error:
            return to_header(busy(str(error)))
        except AigraphError as error:
            return to_header(error)
        except (OSError, RuntimeError, ValueError) as error:
            return to_header(QueryFailed(f"The request could not be carried out: {error}"))
        return {"status": "ok" if created is not None else "missing", "created": bool(created)}

    @abstractmethod
    def _change(self, request: Mapping[str, Any], body: bytes) -> bool | None:
        """Carries out a request; true where it made a graph, None where the graph is missing."""

    def _allowed(self, request: Mapping[str, Any], text: str) -> str:
        """The text of an update, with the graphs that the request names."""
        if word := forbidden_in_update(text):
            raise QueryForbidden(f"{word} is not allowed here: updates see this dataset alone, and no other place.")
        if excess(text, depth=self._depth, count=len(text)):
            raise QueryTooLarge(
                f"The update is nested more than {self._depth} deep. Write it flatter.",
                limit="query-depth",
                allowed=self._depth,
            )
        default, named = request["default_graphs"], request["named_graphs"]
        if not default and not named:
            return text
        rewritten = with_dataset(text, default, named)
        if rewritten is None:
            raise QuerySyntaxError("The update names its graphs (USING, WITH); leave out the parameters, or these.")
        return rewritten


class PlainEditor(Editor):
    """Changes a plain store in place; the caller holds its lock."""

    def __init__(self, path: Path, depth: int) -> None:
        super().__init__(path, depth)
        self._store = Store(str(path / "data"))
        if not (path / "current").exists() or self._unpublished.exists():
            self._publish()

    @property
    def _unpublished(self) -> Path:
        return self._path / "unpublished"

    def _change(self, request: Mapping[str, Any], body: bytes) -> bool | None:
        name = request.get("graph")
        graph = NamedNode(name) if name else DefaultGraph()
        known = not isinstance(graph, NamedNode) or self._store.contains_named_graph(graph)
        operation = request["operation"]
        if operation == "delete" and not known:
            return None
        triples = _triples(request, body) if operation in ("put", "post") else []
        text = self._allowed(request, body.decode()) if operation == "update" else ""
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
        generation, staged = stage(self._path)
        self._store.backup(str(staged / "data"))
        publish(self._path, generation, uuid.uuid4().hex, len(self._store), staged)
        self._unpublished.unlink(missing_ok=True)
        sync(self._path)
        clean(self._path)


class UsersEditor(Editor):
    """Changes the graphs of users in a store of ours."""

    def __init__(self, path: Path, depth: int, base: str) -> None:
        super().__init__(path, depth)
        self._base = base
        self._made: tuple[str, dict[str, str]] = ("", {})
        with suppress(StoreLocked), write_lock(path):
            self._publish(lambda _: None)  # what an earlier process kept and could not publish any more

    def _change(self, request: Mapping[str, Any], body: bytes) -> bool | None:
        operation, name = request["operation"], request.get("graph")
        if operation == "update":
            text = self._allowed(request, body.decode())
            with write_lock(self._path):
                self._publish(lambda store: self._update(store, text, request))
            return False
        graph = NamedNode(name) if name else DefaultGraph()
        if not isinstance(graph, NamedNode) or is_made(graph, self._base):
            raise self._refusal("The default graph" if name is None else f"The graph {graph}")
        triples = _triples(request, body) if operation in ("put", "post") else []

        def apply(store: Store) -> None:
            if operation in ("put", "delete"):
                store.remove_graph(graph)
            store.extend(Quad(one.subject, one.predicate, one.object, graph) for one in triples)

        with write_lock(self._path):
            known = any(one.graph_name == graph for one in read_users(self._path))
            if operation == "delete" and not known:
                return None
            self._publish(apply)
        return not known

    def _update(self, store: Store, text: str, request: Mapping[str, Any]) -> None:
        """Carries out an update; where neither it nor the request names graphs, patterns see the union of all."""
        if not request["default_graphs"] and not request["named_graphs"]:
            names = sorted(one.value for one in store.named_graphs() if isinstance(one, NamedNode))
            text = with_dataset(text, names, names) or text
        store.update(text, base_iri=request.get("base"), prefixes=prefixes(self._base))

    def _publish(self, apply: Callable[[Store], None]) -> None:
        """Applies a change to a copy of the newest snapshot, and makes that the next one; the lock is held."""
        snapshot = latest_snapshot(self._path)
        before = read_users(self._path)
        generation, staged = stage(self._path)  # what is left of a refused change goes with the next one
        with held(snapshot):
            original = open_data(snapshot)
            if self._made[0] != snapshot.made:
                self._made = (snapshot.made, self._digests(original))
            original.backup(str(staged / "data"))
            if snapshot.index.exists():  # what users write is not in it
                (staged / INDEX).hardlink_to(snapshot.index)
            del original
        store = Store(str(staged / "data"))
        store.extend(before)
        apply(store)
        users, shown = self._settle(store, before)
        identifier, quads = joined_hash(snapshot.made, shown), len(store)
        store.flush()
        del store
        if users != before:
            write_users(self._path, users)
        if identifier != snapshot.id:
            publish(self._path, generation, identifier, quads, staged, made=snapshot.made)
        clean(self._path)

    def _settle(self, store: Store, before: Sequence[Quad]) -> tuple[list[Quad], list[Quad]]:
        """What users have written after a change, sorted, and what of it is shown; leaves just that in the store.

        Raises:
            QueryForbidden: the change reaches beyond the graphs of users, or says what another graph says already.
        """
        if self._digests(store) != self._made[1] or any(store.quads_for_pattern(None, None, None, DefaultGraph())):
            raise self._refusal("What this would change")
        graphs = [one for one in store.named_graphs() if isinstance(one, NamedNode) and not is_made(one, self._base)]
        written = [one for graph in graphs for one in store.quads_for_pattern(None, None, None, graph)]
        for graph in graphs:
            store.remove_graph(graph)
        users = sorted(set(self._named(written)), key=str)
        _check(users, set(users) - set(before), store)
        shown = not_held(store, users)
        store.extend(shown)
        return users, shown

    def _digests(self, store: Store) -> dict[str, str]:
        """What tells whether any of the made graphs has changed."""
        return {
            str(one): hashlib.sha256(store.dump(format=RdfFormat.N_TRIPLES, from_graph=one) or b"").hexdigest()
            for one in store.named_graphs()
            if is_made(one, self._base)
        }

    def _named(self, quads: Iterable[Quad]) -> Iterator[Quad]:
        """The quads with IRIs in place of blank nodes, which only their own document could name."""
        names: dict[Any, NamedNode] = {}

        def named(term: Any) -> Any:
            if isinstance(term, BlankNode):
                return names.setdefault(term, NamedNode(f"{self._base}.well-known/genid/{uuid.uuid4().hex}"))
            return term

        for one in quads:
            yield Quad(named(one.subject), one.predicate, named(one.object), one.graph_name)

    def _refusal(self, what: str) -> QueryForbidden:
        return QueryForbidden(
            f"{what} is made from articles, or belongs to nobody: write to a named graph whose IRI does not begin with "
            f"{self._base}graph/"
        )


def _check(users: Iterable[Quad], new: Set[Quad], made: Store) -> None:
    """Refuses new triples that stand in another graph already, and such about triples (RDF 1.2)."""
    holders: dict[Triple, Quad] = {}
    for one in users:
        other = holders.setdefault(one.triple, one)
        if one in new or other in new:
            if isinstance(one.object, Triple):
                raise QueryForbidden("Triples about triples are not kept here: no export of RDF 1.1 could hold them.")
            if other is one:
                other = next(made.quads_for_pattern(one.subject, one.predicate, one.object, None), one)
            if other is not one:
                raise QueryForbidden(
                    f"A triple stands in one graph alone, and {one.triple} stands in {other.graph_name} already."
                )


def _triples(request: Mapping[str, Any], body: bytes) -> list[Triple]:
    """The triples of all documents of an upload."""
    found: list[Triple] = []
    documents, start = request["documents"], 0
    for place, about in enumerate(documents, start=1):
        end = start + about["bytes"]
        try:
            found += _triples_of(body[start:end], RDF_FORMATS.find(about["format"]), request["base"])
        except (SyntaxError, UnicodeDecodeError, QuerySyntaxError) as error:
            cause = error if isinstance(error, QuerySyntaxError) else _malformed(error)
            if len(documents) == 1:
                raise cause from None
            raise QuerySyntaxError(
                f"Document {place} of {len(documents)}: {cause}", line=cause.line, column=cause.column
            ) from None
        start = end
    return found


def _triples_of(body: bytes, syntax: RdfSyntax, base: str) -> list[Triple]:
    """The triples of a document, with blank nodes of its own."""
    body.decode()  # all texts are in UTF-8; no other encoding may hide a declaration
    if syntax is RDF_XML and _DECLARES.search(body):
        raise QuerySyntaxError("The document declares a type or entities (<!DOCTYPE …>), which is not allowed here.")
    quads = list(parse(body, syntax.engine, base_iri=base, rename_blank_nodes=True))
    if strange := next((quad for quad in quads if quad.graph_name != DefaultGraph()), None):
        raise QuerySyntaxError(f"The document names a graph of its own ({strange.graph_name}); send triples alone.")
    return [quad.triple for quad in quads]


def _replacement(graph: NamedNode | DefaultGraph, triples: list[Triple]) -> str:
    """An update that makes a graph hold exactly these triples, as one transaction."""
    data = "\n".join(f"{one.subject} {one.predicate} {one.object} ." for one in triples)
    if isinstance(graph, NamedNode):
        return f"DROP SILENT GRAPH {graph} ; CREATE SILENT GRAPH {graph} ; INSERT DATA {{ GRAPH {graph} {{ {data} }} }}"
    return f"DROP DEFAULT ; INSERT DATA {{ {data} }}"


def _malformed(error: SyntaxError | UnicodeDecodeError) -> QuerySyntaxError:
    """What the parser says, with the place that it names; the signs that it would have liked are no help."""
    if isinstance(error, UnicodeDecodeError):
        return QuerySyntaxError("The body is not encoded in UTF-8.")
    message = str(error)
    found = _PLACE.search(message)
    if found is None:
        return QuerySyntaxError(message.splitlines()[0][:300])
    rest = message[found.end() :].strip(" :").splitlines()
    why = rest[0][:200] if rest and not rest[0].startswith("expected") else "the text cannot be read on from here"
    line, column = int(found[1]), int(found[2])
    return QuerySyntaxError(f"Line {line}, column {column}: {why}.", line=line, column=column)


def _serve(path: Path, depth: int, requests: int, answers: int) -> None:
    try:
        with ExitStack() as held_open:
            base = read_base(path)
            editor: Editor
            if base == PLAIN_BASE:
                held_open.enter_context(write_lock(path))
                editor = PlainEditor(path, depth)
            else:
                editor = UsersEditor(path, depth, base)
            write_frame(answers, {"status": "ready"})
            reader = FrameReader(requests)
            while True:
                request, body = reader.read()
                arm(float(request["timeout"]) + _GRACE)
                answer = editor.handle(request, body)
                disarm()
                write_frame(answers, answer, number=reader.number)
    except Closed:
        return


def main() -> None:
    """Sets the limits, then works in a thread with a large stack."""
    path, memory, depth = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    requests, answers = os.dup(0), os.dup(1)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)
    limit_memory(memory)
    close_network()
    threading.stack_size(min(_STACK, memory // 4) << 20)
    thread = threading.Thread(target=_serve, args=(path, depth, requests, answers))
    thread.start()
    thread.join()
    os._exit(0)


if __name__ == "__main__":
    main()
