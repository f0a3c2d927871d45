"""One way to a graph, wherever it is: what answers queries about it, and what reads all of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from aigraph.places import Endpoint, Place
from aigraph.remote.fetching import fetched
from aigraph.remote.pool import RemotePool
from aigraph.store import Queries, QueryPool, Reader, open_latest
from aigraph.vocab import DEFAULT_BASE


def open_pool(
    place: Place,
    *,
    size: int = 1,
    slow: int | None = None,
    timeout: float = 10.0,
    memory: int = 4096,
    longest: int = 256,
    most_rows: int = 0,
    base: str = DEFAULT_BASE,
) -> Queries:
    """What answers queries about the graph at a place; the arguments are those of `QueryPool`.

    `base` is the beginning of the IRIs of a store elsewhere that does not say it itself.

    Raises:
        StoreError: there is no store, or it cannot be used.
        ExtraMissing: it is elsewhere, and the extra `web` is not installed.
    """
    if isinstance(place, Endpoint):
        return RemotePool(place, size=max(size, 4), timeout=timeout, longest=longest, most_rows=most_rows, base=base)
    return QueryPool(place, size=size, slow=slow, timeout=timeout, memory=memory, longest=longest, most_rows=most_rows)


def base_of(pool: Queries) -> str:
    """The beginning of the IRIs of the graph that a pool asks."""
    return pool.base if isinstance(pool, RemotePool) else pool.snapshot().base


@contextmanager
def open_reader(place: Place, *, base: str = DEFAULT_BASE) -> Iterator[Reader]:
    """All of the graph at a place, to be read; one elsewhere is copied into a temporary folder first.

    Raises:
        StoreError: there is no store, or it cannot be used.
        ExtraMissing: it is elsewhere, and the extra `web` is not installed.
    """
    if isinstance(place, Endpoint):
        with fetched(place, base=base) as reader:
            yield reader
    else:
        with open_latest(place) as reader:
            yield reader
