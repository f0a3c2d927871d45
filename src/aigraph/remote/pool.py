"""Queries to a store elsewhere, answered as `aigraph.store.QueryPool` answers those to a store of this machine."""

from __future__ import annotations

import io
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Unpack

from pyoxigraph import NamedNode, QueryBoolean, QuerySolutions, parse, parse_query_results, serialize

from aigraph.errors import AnswerTooLarge, IndexMissing, QueryBusy, QueryFailed, StoreError
from aigraph.formats import JSON, TURTLE, RdfSyntax, ResultFormat
from aigraph.places import Endpoint
from aigraph.queries import with_prefixes
from aigraph.remote.client import Client, Credentials
from aigraph.remote.marks import Marks, read_state
from aigraph.search import KINDS, Found, Hit, Kind, Suggestion, expand
from aigraph.sparql import query_form
from aigraph.store import Answer, Asker, Result, Snapshot
from aigraph.store.answering import first_rows
from aigraph.store.asking import Options
from aigraph.store.workers import check_allowed
from aigraph.vocab import DEFAULT_BASE, digest
from aigraph.vocab import prefixes as usual_prefixes

_GRAPHS = "application/n-triples, text/turtle;q=0.8"
_LOOK = 5.0  # seconds for which a look at the state of the store is good
_UNMARKED = 60.0  # seconds for which a store that says nothing of its state is taken to be unchanged
_PAGE = 256 * 1024  # bytes of a graph that a page shows


class NoIndex:
    """What a store elsewhere has in place of an index of its words."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint

    def search(
        self,
        words: str,  # noqa: ARG002 - the arguments are those of `Searcher`
        *,
        kinds: Sequence[Kind] = KINDS,  # noqa: ARG002
        limit: int = 20,  # noqa: ARG002
        offset: int = 0,  # noqa: ARG002
        each: bool = False,  # noqa: ARG002
        snapshot: Snapshot | None = None,  # noqa: ARG002
    ) -> tuple[Found, Snapshot]:
        """Always refuses.

        Raises:
            IndexMissing: with a word on how to get an index.
        """
        raise self._missing()

    def suggest(
        self,
        typed: str,  # noqa: ARG002
        *,
        types: Sequence[str] = (),  # noqa: ARG002
        limit: int = 10,  # noqa: ARG002
    ) -> tuple[list[Suggestion], Snapshot]:
        """Always refuses, as `search`."""
        raise self._missing()

    def hits(self, words: str, kinds: Sequence[Kind], limit: int) -> Sequence[Hit]:  # noqa: ARG002
        """Refuses a search within a query."""
        raise self._missing()

    def _missing(self) -> IndexMissing:
        return IndexMissing(
            f"{self._endpoint.query} is a store elsewhere, of whose words there is no index. `aigraph copy` brings the "
            "graph to this machine, where it can be searched."
        )


class RemotePool:
    """Answers queries by asking a store elsewhere; `size` at once, the next wait their turn for `timeout` seconds.

    The default graph has to be the union of all graphs there, which is checked. What protects a server of this machine
    against queries (memory, killing at the deadline) is the business of the store there: here a query that takes too
    long is only given up. Answers are held in memory, `longest` megabytes at most.

    Raises:
        StoreError: the store cannot be reached, or its default graph is not the union.
    """

    union = True
    base_iri: str | None = None
    slow: int | None = None

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        size: int = 4,
        timeout: float = 10.0,
        longest: int = 256,
        most_rows: int = 0,
        base: str = DEFAULT_BASE,
        who: Credentials | None = None,
    ) -> None:
        self.texts = NoIndex(endpoint)
        self.client = Client(endpoint, who, longest=longest << 20)
        self.timeout = timeout
        self.longest = longest << 20
        self.most_rows = most_rows
        self._size = size
        self._room = threading.Semaphore(size)
        self._lock = threading.Lock()
        self._running = 0
        self._known: tuple[float, Snapshot] | None = None
        try:
            self.base = endpoint.base or self._marks().base or base
            self.prefixes: Mapping[str, str] = usual_prefixes(self.base)
            self._check_union()
        except BaseException:
            self.client.close()
            raise

    def __enter__(self) -> RemotePool:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections."""
        self.client.close()

    def running(self) -> int:
        """How many queries are being answered just now."""
        return self._running

    # --- the state of the store

    def snapshot(self) -> Snapshot:
        """What the store is taken to hold: its id changes when aigraph writes there.

        A store to which aigraph never wrote gets another id every minute, as nothing tells whether it has changed.
        """
        with self._lock:
            if self._known is None or time.monotonic() - self._known[0] > _LOOK:
                self._known = (time.monotonic(), self._look())
            return self._known[1]

    def find_snapshot(self, identifier: str) -> Snapshot | None:
        """The snapshot of today if it has that id: others are not kept."""
        found = self.snapshot()
        return found if found.id == identifier else None

    def _look(self) -> Snapshot:
        marks = self._marks()
        state = marks.state or digest(self.client.endpoint.query, int(time.time() // _UNMARKED))
        return Snapshot(Path(), 0, state, self.base, marks.quads)

    def _marks(self) -> Marks:
        return read_state(self.client)

    def _check_union(self) -> None:
        pattern = "{ ?article a <https://w3id.org/aigraph/ontology#Article> }"
        if not self.client.ask(f"ASK {pattern}") and self.client.ask(f"ASK {{ GRAPH ?g {pattern} }}"):
            raise StoreError(
                f"{self.client.endpoint.query} looks for triples in its default graph alone, not in the union of all "
                "graphs. Oxigraph: end the address with ?union-default-graph; Fuseki: with "
                "?default-graph-uri=urn:x-arq:UnionGraph; others: see docs/stores.md."
            )

    # --- queries

    def query(
        self,
        text: str,
        *,
        solutions_format: ResultFormat = JSON,
        graph_format: RdfSyntax = TURTLE,
        default_graphs: Sequence[NamedNode] = (),
        named_graphs: Sequence[NamedNode] = (),
        timeout: float | None = None,
        snapshot: Snapshot | None = None,
        asker: Asker | None = None,
        rows: int | None = None,
        longest: int | None = None,
    ) -> Result:
        """The whole answer to a query; the arguments are those of `QueryPool.open`.

        Raises:
            QueryError: it cannot be answered.
            StoreError: the store cannot be reached.
        """
        text = expand(text, self.texts.hits)
        check_allowed(text)
        seconds = self.timeout if timeout is None else timeout
        form = query_form(text) or "SELECT"
        more = {
            "default-graph-uri": [graph.value for graph in default_graphs],
            "named-graph-uri": [graph.value for graph in named_graphs],
        }
        accept = _GRAPHS if form in ("CONSTRUCT", "DESCRIBE") else JSON.media_type
        asked = snapshot or self.snapshot()
        with self._turn(seconds):
            if asker is not None and asker.gone is not None and asker.gone():
                raise QueryFailed("Whoever asked has gone.")
            kind, body = self.client.query(
                with_prefixes(text, self.prefixes),
                accept=accept,
                seconds=seconds,
                more={name: values for name, values in more.items() if values},
            )
        if form in ("CONSTRUCT", "DESCRIBE"):
            content, cut = self._graph(kind, body, graph_format, rows)
            return self._checked(Result(content, graph_format, form, asked, cut=cut), longest)
        return self._checked(self._solutions(body, solutions_format, form, asked, rows), longest)

    def open(self, text: str, *, newest: Snapshot | None = None, **options: Unpack[Options]) -> Answer:
        """As `query`, in the form of `QueryPool.open`."""
        options["snapshot"] = options.get("snapshot") or newest
        found = self.query(text, **options)
        return Answer(found.content, None, found.format, found.form, found.snapshot, found.total, found.cut)

    @contextmanager
    def _turn(self, seconds: float) -> Iterator[None]:
        if not self._room.acquire(timeout=seconds):
            raise QueryBusy(
                f"{self._size} queries to the store were running for {seconds:g} s. Try again later.",
                limit="workers",
                allowed=self._size,
                retry_after=5,
            )
        self._running += 1
        try:
            yield
        finally:
            self._running -= 1
            self._room.release()

    def _graph(self, kind: str, body: bytes, wanted: RdfSyntax, rows: int | None) -> tuple[bytes, bool]:
        """A graph in the format that is wanted, and whether it was cut off for a page."""
        triples = (quad.triple for quad in parse(body, self.client.syntax(kind)))
        content = self._read(lambda: serialize(triples, format=wanted.engine, prefixes=dict(self.prefixes)) or b"")
        cut = rows is not None and len(content) > _PAGE
        return (content[:_PAGE] if cut else content), cut

    def _solutions(self, body: bytes, wanted: ResultFormat, form: str, asked: Snapshot, rows: int | None) -> Result:
        found = self._read(lambda: parse_query_results(io.BytesIO(body), JSON.engine))
        if isinstance(found, QueryBoolean):
            return Result(found.serialize(format=wanted.engine) or b"", wanted, form, asked)
        if not isinstance(found, QuerySolutions):
            raise QueryFailed(f"{self.client.endpoint.query} gave no rows.")
        if rows is not None:
            content, total, cut = self._read(lambda: first_rows(found, rows, self.longest))
            return Result(content, JSON, form, asked, total, cut)
        if self.most_rows:
            self._count(body)
        return Result(self._read(lambda: found.serialize(format=wanted.engine) or b""), wanted, form, asked)

    def _count(self, body: bytes) -> None:
        rows = parse_query_results(body, JSON.engine)
        if isinstance(rows, QuerySolutions) and sum(1 for _ in rows) > self.most_rows:
            raise AnswerTooLarge(
                f"The answer has more rows than {self.most_rows:,}. Ask for less at a time, with LIMIT say.",
                limit="answer-rows",
                allowed=self.most_rows,
            )

    def _read(self, read: Callable[[], Any]) -> Any:
        """What a store has sent, read: some of them break the formats of the standard."""
        try:
            return read()
        except (SyntaxError, ValueError) as error:
            raise QueryFailed(f"The answer of {self.client.endpoint.query} cannot be read: {error}.") from error

    def _checked(self, result: Result, longest: int | None) -> Result:
        most = min(self.longest, longest or self.longest)
        if len(result.content) > most:
            raise AnswerTooLarge(
                f"The answer is longer than {most / 1_048_576:.3g} MB. Ask for less, with LIMIT say.",
                limit="answer-bytes",
                allowed=most,
            )
        return result
