"""What one client may take: so many requests at once, so many seconds of slow queries."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import TracebackType

from aigraph.errors import TooManyQueries

_REMEMBERED = 10_000
_PATIENCE = 5  # seconds after which one of the running queries may have ended


@dataclass(slots=True)
class _Account:
    """One client: what it has running, and the seconds that it may still use, as of a time."""

    seconds: float
    at: float = field(default_factory=time.monotonic)
    running: int = 0
    slow: int = 0


class Asking:
    """A query of a client that runs, until it is closed."""

    __slots__ = ("_account", "_lock")

    def __init__(self, account: _Account, lock: threading.Lock) -> None:
        self._account: _Account | None = account
        self._lock = lock

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Says that the query has ended."""
        with self._lock:
            account, self._account = self._account, None
            if account is not None:
                account.running -= 1


class Clients:
    """Keeps account of clients by their address.

    A client may have `queries` running, `slow` of them slow ones. Slow queries draw on an account of `seconds`, which
    fills up again at half the speed of time; quick ones are free.
    """

    def __init__(self, *, queries: int, slow: int, seconds: float) -> None:
        self._queries = queries
        self._slow = slow
        self._seconds = seconds
        self._accounts: dict[str, _Account] = {}
        self._lock = threading.Lock()

    def asking(self, client: str) -> Asking:
        """While a query of that client runs: until what this gives is closed.

        Raises:
            TooManyQueries: it has too many running.
        """
        with self._lock:
            account = self._account(client)
            if account.running >= self._queries:
                raise TooManyQueries(
                    f"{self._queries} of your queries are running already. Wait until some have ended.",
                    limit="client-queries",
                    allowed=self._queries,
                    retry_after=_PATIENCE,
                )
            account.running += 1
        return Asking(account, self._lock)

    @contextmanager
    def slow(self, client: str) -> Iterator[None]:
        """While a query of that client is a slow one.

        Raises:
            TooManyQueries: it has too many of these running, or no time left.
        """
        with self._lock:
            account = self._account(client)
            if account.slow >= self._slow:
                raise TooManyQueries(
                    f"{self._slow} slow queries of yours are running already. Wait until they have ended.",
                    limit="client-slow-queries",
                    allowed=self._slow,
                    retry_after=_PATIENCE,
                )
            if account.seconds <= 0:
                raise TooManyQueries(
                    f"Your slow queries have used up their {self._seconds:g} s. Wait, or ask narrower queries.",
                    limit="client-seconds",
                    allowed=self._seconds,
                    retry_after=math.ceil(2 * (1 - account.seconds)),
                )
            account.slow += 1
        start = time.monotonic()
        try:
            yield
        finally:
            with self._lock:
                account.slow -= 1
                account.seconds -= time.monotonic() - start

    def _account(self, client: str) -> _Account:
        """The account of a client, filled up to now."""
        now = time.monotonic()
        account = self._accounts.get(client)
        if account is None:
            if len(self._accounts) >= _REMEMBERED:
                self._forget()
            account = self._accounts[client] = _Account(self._seconds)
        account.seconds = min(self._seconds, account.seconds + (now - account.at) / 2)
        account.at = now
        return account

    def _forget(self) -> None:
        """Drops the accounts of those who have nothing running and have not been here for the longest time."""
        idle = [(one.at, client) for client, one in self._accounts.items() if not one.running]
        for _, client in sorted(idle)[: max(1, len(idle) // 2)]:
            del self._accounts[client]
