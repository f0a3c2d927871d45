"""What the graph offers for the parameters of canned queries: names to choose from, asked once a snapshot."""

from __future__ import annotations

import threading
from functools import lru_cache

from pyoxigraph import QuerySolutions

from aigraph.endpoint.tables import read
from aigraph.errors import QueryError
from aigraph.queries import CannedQuery, Parameter, choices_query
from aigraph.store import Queries

MOST = 1000
"""Values that are offered for a parameter."""


class Choices:
    """The values that a graph offers; safe to use from several threads."""

    def __init__(self, pool: Queries, base: str) -> None:
        self._pool = pool
        self._base = base
        self._lock = threading.Lock()
        self._snapshot = ""
        self._known: dict[str, tuple[str, ...]] = {}

    def of(self, query: CannedQuery, parameter: Parameter) -> tuple[str, ...]:
        """What may be given for a parameter: all its values, else those that the graph offers, `MOST` at most, sorted.

        They are a help: where the graph cannot be asked just now, there are none.
        """
        if parameter.values:
            return parameter.values
        text = _asking(query, parameter, self._base)
        if text is None:
            return ()
        try:
            snapshot = self._pool.snapshot().id
            with self._lock:
                if self._snapshot != snapshot:
                    self._snapshot, self._known = snapshot, {}
                if text in self._known:
                    return self._known[text]
            results = read(self._pool.query(text).content)
        except QueryError:
            return ()
        found = tuple(_texts(results)) if isinstance(results, QuerySolutions) else ()
        with self._lock:
            if self._snapshot == snapshot:
                self._known[text] = found
        return found


@lru_cache(1000)
def _asking(query: CannedQuery, parameter: Parameter, base: str) -> str | None:
    """The query for the values of a parameter; remembered, as making it looks at every token of the query file."""
    return choices_query(query, parameter, most=MOST, base=base)


def _texts(results: QuerySolutions) -> list[str]:
    """The texts of the only column, each once, blank ones left out."""
    terms = (row["value"] for row in results)
    return list(dict.fromkeys(text for term in terms if (text := getattr(term, "value", "").strip())))
