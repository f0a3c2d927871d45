"""What every view needs: the query workers, the canned queries, the base IRI, the limits."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import current_app

from aigraph.endpoint.cache import Cache
from aigraph.endpoint.choices import Choices
from aigraph.endpoint.clients import Clients
from aigraph.endpoint.description import Counting
from aigraph.endpoint.paging import Totals
from aigraph.errors import QueryTooLarge
from aigraph.queries import CannedQuery
from aigraph.sparql import excess
from aigraph.store import GraphEditor, Queries

KEY = "aigraph"


@dataclass(frozen=True, slots=True)
class Limits:
    """What a request may take, beside the deadline and the memory, which are the query workers'.

    `query_length` counts characters, `query_depth` brackets within brackets, `query_tokens` words and signs.
    A client may have `client_queries` running, and its slow ones may take `client_seconds` (see `Clients`).
    `cache` is the bytes of answers that are kept, `body` those that a request may have; where a dataset can
    be changed, `upload`.
    """

    query_length: int = 100_000
    query_depth: int = 100
    query_tokens: int = 25_000
    client_queries: int = 32
    client_seconds: float = 120.0
    cache: int = 64_000_000
    body: int = 1_000_000
    upload: int = 32_000_000

    def check(self, text: str) -> None:
        """Refuses a text that no worker should see.

        Raises:
            QueryTooLarge: it is too long or too deeply nested; the error says which.
        """
        if len(text) > self.query_length:
            raise QueryTooLarge(
                f"The query is longer than {self.query_length:,} characters. Make it shorter.",
                limit="query-length",
                allowed=self.query_length,
            )
        match excess(text, depth=self.query_depth, count=self.query_tokens):
            case "depth":
                raise QueryTooLarge(
                    f"The query is nested more than {self.query_depth} deep. Write it flatter.",
                    limit="query-depth",
                    allowed=self.query_depth,
                )
            case "tokens":
                raise QueryTooLarge(
                    f"The query has more than {self.query_tokens:,} words and signs. Split it up.",
                    limit="query-tokens",
                    allowed=self.query_tokens,
                )


@dataclass(frozen=True, slots=True)
class Service:
    """One graph and how it is served; `writer` changes it for those who show the `token`, or for all without one.

    `texts` is what pages show of the texts of articles: "full", "quotes" or "none". `stopping` is set as soon as
    somebody has asked the service to stop.
    """

    pool: Queries
    queries: Mapping[str, CannedQuery]
    base: str
    limits: Limits = field(default_factory=Limits)
    writer: GraphEditor | None = None
    token: str | None = field(default=None, repr=False)
    texts: str = "quotes"
    stopping: threading.Event = field(default_factory=threading.Event)
    cache: Cache = field(init=False)
    clients: Clients = field(init=False)
    counting: Counting = field(init=False)
    choices: Choices = field(init=False)
    totals: Totals = field(init=False)

    def __post_init__(self) -> None:
        limits = self.limits
        # one client alone never takes all the room there is for slow queries, where there is room for several
        slow = max(1, (self.pool.slow or 1) - 1)
        object.__setattr__(self, "cache", Cache(limits.cache))
        clients = Clients(queries=limits.client_queries, slow=slow, seconds=limits.client_seconds)
        object.__setattr__(self, "clients", clients)
        object.__setattr__(self, "counting", Counting(self.pool, self.base))
        object.__setattr__(self, "choices", Choices(self.pool, self.base))
        object.__setattr__(self, "totals", Totals(self.pool))

    @property
    def longest_body(self) -> int:
        """The bytes that a request may have."""
        return self.limits.body if self.writer is None else self.limits.upload


def service() -> Service:
    """The service of the application that handles the current request."""
    found: Service = current_app.extensions[KEY]
    return found
