"""What every view needs: the query workers, the canned queries, the base IRI."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import current_app

from aigraph.queries import CannedQuery
from aigraph.store import QueryPool

KEY = "aigraph"


@dataclass(frozen=True, slots=True)
class Service:
    """One graph and how it is served; `longest_query` counts characters."""

    pool: QueryPool
    queries: Mapping[str, CannedQuery]
    base: str
    longest_query: int = 100_000


def service() -> Service:
    """The service of the application that handles the current request."""
    found: Service = current_app.extensions[KEY]
    return found
