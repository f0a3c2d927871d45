"""`/metrics`: what an operator watches, for Prometheus."""

from __future__ import annotations

import time
from collections.abc import Iterable
from contextlib import suppress

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from aigraph.endpoint.cache import Cache
from aigraph.errors import StoreError
from aigraph.store import Queries, QueryPool

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_SECONDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Metrics:
    """The figures of one service; safe to use from several threads.

    Queries are counted that reached the pool of workers; answers out of memory are hits of the cache. Times of requests
    and queries end where the answer begins.
    """

    def __init__(self, pool: Queries, cache: Cache) -> None:
        self._registry = CollectorRegistry()
        registry = self._registry
        self._queries = Counter("aigraph_queries", "Queries by outcome.", ["outcome"], registry=registry)
        self._query_seconds = Histogram(
            "aigraph_query_seconds", "Seconds until an answer began.", buckets=_SECONDS, registry=registry
        )
        self._requests = Counter("aigraph_requests", "Requests by status.", ["status"], registry=registry)
        self._request_seconds = Histogram(
            "aigraph_request_seconds", "Seconds until an answer began.", buckets=_SECONDS, registry=registry
        )
        self._killed = Counter(
            "aigraph_workers_killed", "Query workers that were killed, or ended, in a query.", registry=registry
        )
        self._running = Gauge("aigraph_requests_running", "Requests that are being answered.", registry=registry)
        registry.register(_Now(pool, cache))

    def text(self) -> bytes:
        """All figures in the text format of Prometheus."""
        return generate_latest(self._registry)

    def answered(self, outcome: str, seconds: float) -> None:
        """Counts a query."""
        self._queries.labels(outcome).inc()
        self._query_seconds.observe(seconds)

    def killed(self) -> None:
        """Counts a worker that did not survive a query."""
        self._killed.inc()

    def begins(self) -> None:
        """Counts a request that has come."""
        self._running.inc()

    def ends(self) -> None:
        """Counts a request whose answer is given."""
        self._running.dec()

    def request(self, status: str, seconds: float) -> None:
        """Counts an answer."""
        self._requests.labels(status).inc()
        self._request_seconds.observe(seconds)


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
