"""What answers queries, wherever the graph is: a pool of processes here, or a store elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Protocol, TypedDict, Unpack

from pyoxigraph import NamedNode

from aigraph.formats import RdfSyntax, ResultFormat
from aigraph.search import KINDS, Found, Kind, Suggestion
from aigraph.store.layout import Snapshot
from aigraph.store.turns import Answer, Asker, Result


class Texts(Protocol):
    """Searches the words of a graph; `Searcher` tells what the arguments mean."""

    def search(
        self,
        words: str,
        *,
        kinds: Sequence[Kind] = KINDS,
        limit: int = 20,
        offset: int = 0,
        each: bool = False,
        snapshot: Snapshot | None = None,
    ) -> tuple[Found, Snapshot]:
        """What holds some words, and the snapshot that was searched."""

    def suggest(self, typed: str, *, types: Sequence[str] = (), limit: int = 10) -> tuple[list[Suggestion], Snapshot]:
        """Entities that what was typed may be the beginning of, and the snapshot."""


class Options(TypedDict, total=False):
    """How a query is to be answered; `QueryPool.open` tells what each means, and what holds where one is left out."""

    solutions_format: ResultFormat
    graph_format: RdfSyntax
    default_graphs: Sequence[NamedNode]
    named_graphs: Sequence[NamedNode]
    timeout: float | None
    snapshot: Snapshot | None
    asker: Asker | None
    rows: int | None
    longest: int | None


class Queries(Protocol):
    """Answers queries; safe to use from several threads. `QueryPool` tells what the members mean."""

    @property
    def prefixes(self) -> Mapping[str, str]:
        """Prefixes that every query knows."""

    @property
    def timeout(self) -> float:
        """Seconds that a query may take."""

    @property
    def longest(self) -> int:
        """Bytes of the longest answer."""

    @property
    def most_rows(self) -> int:
        """Rows of the longest answer; 0: any number."""

    @property
    def slow(self) -> int | None:
        """How many slow queries may go on beside."""

    @property
    def union(self) -> bool:
        """Whether the default graph is the union of all graphs."""

    @property
    def base_iri(self) -> str | None:
        """What relative IRIs are read against."""

    @property
    def texts(self) -> Texts:
        """What searches the words of the graph."""

    def __enter__(self) -> Queries: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None: ...

    def snapshot(self) -> Snapshot:
        """The state that the next query will see."""

    def find_snapshot(self, identifier: str) -> Snapshot | None:
        """The state of that id, if it is still kept."""

    def running(self) -> int:
        """How many queries are being answered just now."""

    def query(self, text: str, **options: Unpack[Options]) -> Result:
        """The whole answer to a query."""

    def open(self, text: str, *, newest: Snapshot | None = None, **options: Unpack[Options]) -> Answer:
        """The answer to a query, a long one in parts."""

    def close(self) -> None:
        """Let go of everything."""
