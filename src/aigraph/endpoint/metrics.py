"""`/metrics`: what an operator watches, for Prometheus."""

from __future__ import annotations

import threading
import time
from bisect import bisect_left
from collections import deque
from collections.abc import Iterable
from contextlib import AbstractContextManager, suppress
from itertools import accumulate

from prometheus_client import CollectorRegistry, Counter, Gauge, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector
from prometheus_client.utils import floatToGoString

from aigraph.endpoint.cache import Cache
from aigraph.errors import StoreError
from aigraph.store import Queries, QueryPool

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_SECONDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)

_MOST = 2000  # requests that are noted before they are counted


class Metrics:
    """The figures of one service; safe to use from several threads.

    Queries are counted that reached the pool of workers; answers out of memory are hits of the cache. Times of requests
    and queries end where the answer begins.
    """

    def __init__(self, pool: Queries, cache: Cache) -> None:
        self._registry = CollectorRegistry()
        registry = self._registry
        self._queries = Counter("aigraph_queries", "Queries by outcome.", ["outcome"], registry=registry)
        self._query_seconds = _Times("aigraph_query_seconds")
        self._requests = Counter("aigraph_requests", "Requests by status.", ["status"], registry=registry)
        self._request_seconds = _Times("aigraph_request_seconds")
        self._killed = Counter(
            "aigraph_workers_killed", "Query workers that were killed, or ended, in a query.", registry=registry
        )
        self._running = Gauge("aigraph_requests_running", "Requests that are being answered.", registry=registry)
        for one in (_Now(pool, cache), self._query_seconds, self._request_seconds):
            registry.register(one)
        self._answered: deque[tuple[str, float]] = deque()
        self._sent: deque[tuple[str, float]] = deque()

    def text(self) -> bytes:
        """All figures in the text format of Prometheus."""
        self._count()
        return generate_latest(self._registry)

    def answered(self, outcome: str, seconds: float) -> None:
        """Counts a query."""
        self._answered.append((outcome, seconds))
        if len(self._answered) > _MOST:
            self._count()

    def killed(self) -> None:
        """Counts a worker that did not survive a query."""
        self._killed.inc()

    def running(self) -> AbstractContextManager[None]:
        """While a request is being answered."""
        return self._running.track_inprogress()

    def request(self, status: str, seconds: float) -> None:
        """Counts an answer."""
        self._sent.append((status, seconds))
        if len(self._sent) > _MOST:
            self._count()

    def _count(self) -> None:
        """Takes what has happened into the figures: seldom, since that takes longer than to note it."""
        for seen, number, times in (
            (self._answered, self._queries, self._query_seconds),
            (self._sent, self._requests, self._request_seconds),
        ):
            names: dict[str, int] = {}
            taken: list[float] = []
            with suppress(IndexError):
                while True:
                    name, seconds = seen.popleft()
                    names[name] = names.get(name, 0) + 1
                    taken.append(seconds)
            for name, count in names.items():
                number.labels(name).inc(count)
            times.take(taken)


class _Times(Collector):
    """How many requests took how long."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._numbers = [0] * (len(_SECONDS) + 1)
        self._sum = 0.0
        self._lock = threading.Lock()

    def take(self, times: Iterable[float]) -> None:
        """Takes in some more, in seconds."""
        with self._lock:
            for one in times:
                self._numbers[bisect_left(_SECONDS, one)] += 1
                self._sum += one

    def collect(self) -> Iterable[Metric]:
        """The figures of this moment."""
        with self._lock:
            bounds = (*map(floatToGoString, _SECONDS), "+Inf")
            buckets = list(zip(bounds, accumulate(self._numbers), strict=True))
            yield HistogramMetricFamily(self._name, "Seconds until an answer began.", buckets, self._sum)


class _Now(Collector):
    """What is looked at when somebody asks."""

    def __init__(self, pool: Queries, cache: Cache) -> None:
        self._pool = pool
        self._cache = cache

    def collect(self) -> Iterable[Metric]:
        """The figures of this moment."""
        if isinstance(self._pool, QueryPool):
            workers = GaugeMetricFamily("aigraph_workers", "Query workers by what they do.", labels=["state"])
            for state, number in self._pool.states().items():
                workers.add_metric([state], number)
            yield workers
        with suppress(StoreError):
            snapshot = self._pool.snapshot()
            yield GaugeMetricFamily("aigraph_snapshot_generation", "Number of the snapshot.", snapshot.generation)
            yield GaugeMetricFamily("aigraph_snapshot_quads", "Quads of the snapshot.", snapshot.quads)
            with suppress(OSError):
                published = (snapshot.path / "snapshot.json").stat().st_mtime
                age = max(0.0, time.time() - published)
                yield GaugeMetricFamily("aigraph_snapshot_age_seconds", "Seconds since it was published.", age)
        cache = self._cache
        yield GaugeMetricFamily("aigraph_cache_answers", "Answers that are kept in memory.", len(cache))
        yield GaugeMetricFamily("aigraph_cache_bytes", "Bytes that they take.", cache.held)
        yield CounterMetricFamily("aigraph_cache_hits", "Requests answered out of memory.", cache.hits)
        yield CounterMetricFamily("aigraph_cache_misses", "Requests whose answer was not in memory.", cache.misses)
