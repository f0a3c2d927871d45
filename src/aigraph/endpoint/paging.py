"""Pages of the answers of canned queries: what a client asks for, and the links to the pages around it."""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from urllib.parse import urlencode

from aigraph.errors import ParameterError
from aigraph.store import Asker, Queries, Snapshot

USUAL, MOST = 100, 10_000
"""Rows of a page where a request names none, and the most that it may ask for."""
_FARTHEST = 10**12
_REMEMBERED = 2000
_NUMBER = re.compile(r"[0-9]{1,12}")


@dataclass(frozen=True, slots=True)
class Page:
    """A part of an answer: `limit` rows after the first `offset`."""

    limit: int
    offset: int = 0

    @classmethod
    def asked(cls, values: Mapping[str, str]) -> Page | None:
        """The page that `limit` and `offset` ask for; None where neither is given.

        Raises:
            ParameterError: one of them is no number, or too large.
        """
        limit, offset = values.get("limit") or None, values.get("offset") or None
        if limit is None and offset is None:
            return None
        return cls(_number("limit", limit, USUAL, 1, MOST), _number("offset", offset, 0, 0, _FARTHEST - 1))

    def links(self, path: str, arguments: Mapping[str, str], total: int | None) -> Iterator[tuple[str, str]]:
        """Relations and addresses of other pages: first, prev, next, last.

        `total` is the number of all rows; where it is not known there is always a next page, and no last one.
        """

        def address(offset: int) -> str:
            return f"{path}?{urlencode({**arguments, 'limit': self.limit, 'offset': offset})}"

        yield "first", address(0)
        if self.offset:
            yield "prev", address(max(0, self.offset - self.limit))
        if total is None or self.offset + self.limit < total:
            yield "next", address(self.offset + self.limit)
        if total is not None:
            yield "last", address(max(0, total - 1) // self.limit * self.limit)


class Totals:
    """How many rows answers have, counted once for all pages of an answer; safe to use from several threads."""

    def __init__(self, pool: Queries) -> None:
        self._pool = pool
        self._known: OrderedDict[tuple[str, str], int | None] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, snapshot: Snapshot, text: str, asker: Asker, asking: AbstractContextManager[object]) -> int | None:
        """The rows of the answer to a SELECT; None where there are more than a worker counts.

        `asking` is entered while a query runs.

        Raises:
            QueryError: the query cannot be answered.
        """
        key = (snapshot.id, text)
        with self._lock:
            if key in self._known:
                self._known.move_to_end(key)
                return self._known[key]
        with asking:
            result = self._pool.query(text, snapshot=snapshot, asker=asker, rows=1)
        total = None if result.cut else result.total
        with self._lock:
            self._known[key] = total
            while len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)
        return total


def _number(name: str, text: str | None, usual: int, least: int, most: int) -> int:
    if text is None:
        return usual
    if not _NUMBER.fullmatch(text) or not least <= int(text) <= most:
        raise ParameterError(f"The parameter {name!r} is {text!r}; it has to be a whole number from {least} to {most}.")
    return int(text)
