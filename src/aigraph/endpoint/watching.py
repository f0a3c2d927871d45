"""The outermost layer: numbers requests, measures them, and writes a line on each where that is asked for."""

from __future__ import annotations

import json
import logging
import re
import secrets
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from aigraph.endpoint.answers import Reply
from aigraph.endpoint.gateway import Gateway
from aigraph.endpoint.metrics import Metrics
from aigraph.endpoint.requests import CAME, TEXT
from aigraph.store import NotYet

NUMBER = "aigraph.request-id"
"""Where the environment of a request has its number."""
_GIVEN = re.compile(r"[A-Za-z0-9._:-]{1,64}")
_LOG = logging.getLogger("aigraph.requests")
Environ = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Journal:
    """What is written about requests: nothing, a line of "text" or of "json"; with the texts of queries or without.

    `trusting` takes the number of a request from the proxy that is trusted.
    """

    log: str = "none"
    queries: bool = False
    trusting: bool = False


def write_to_stderr() -> None:
    """Has the lines on requests written to standard error, each as it is."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(message)s"))
    _LOG.handlers = [handler]
    _LOG.setLevel(logging.INFO)
    _LOG.propagate = False


class Watched:
    """An application of WSGI around the gateway."""

    def __init__(self, gateway: Gateway, metrics: Metrics, journal: Journal) -> None:
        self.gateway = gateway
        self.metrics = metrics
        self._journal = journal

    def __call__(self, environ: Environ, start: Callable[..., Any]) -> Iterable[bytes]:
        """Answers a request."""
        began = time.perf_counter()
        number = self._number(environ)
        environ[NUMBER] = number
        told = ""

        def started(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            nonlocal told
            told = status
            return start(status, [*headers, ("X-Request-Id", number)], *error)

        done = True
        try:
            with self.metrics.running():
                return self.gateway(environ, started)
        except NotYet:  # another thread answers it
            done = False
            raise
        finally:
            seconds = time.perf_counter() - began
            if done:
                self.metrics.request(told[:3] or "500", seconds)
            if done and self._journal.log != "none":
                self._write(environ, number, told[:3] or "500", seconds)

    def shortly(self, environ: Environ, begin: Callable[[], None] | None = None) -> Reply | None:
        """The answer of the gateway, see there."""
        number = environ[NUMBER] = environ.get(NUMBER) or self._number(environ)
        found = self.gateway.reply(environ, begin)
        if found is not None:
            seconds = time.monotonic() - environ[CAME]
            self.metrics.request(found.status[:3], seconds)
            if self._journal.log != "none":
                self._write(environ, number, found.status[:3], seconds)
        return found

    def _number(self, environ: Environ) -> str:
        if self._journal.trusting:
            given = str(environ.get("HTTP_X_REQUEST_ID", ""))
            if _GIVEN.fullmatch(given):
                return given
        return secrets.token_hex(8)

    def _write(self, environ: Environ, number: str, status: str, seconds: float) -> None:
        entry: dict[str, object] = {
            "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "request": number,
            "client": environ.get("REMOTE_ADDR", ""),
            "method": environ.get("REQUEST_METHOD", ""),
            "path": f"{environ.get('SCRIPT_NAME', '')}{environ.get('PATH_INFO', '')}",
            "status": int(status),
            "ms": round(1000 * seconds, 2),
        }
        if self._journal.queries and (query := environ.get(TEXT)):
            entry["query"] = query
        if self._journal.log == "json":
            _LOG.info("%s", json.dumps(entry))
        else:
            # in JSON the values hold no line ends, so a client cannot forge a line
            _LOG.info("%s", " ".join(f"{name}={json.dumps(value)}" for name, value in entry.items()))
