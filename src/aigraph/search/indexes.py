"""The databases of snapshots, opened when they are asked for."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from aigraph.errors import IndexMissing
from aigraph.search.finding import Index
from aigraph.search.writing import is_current

_KEPT = 8


class Indexes:
    """Open databases of the snapshot that was asked for last; safe to use from several threads.

    A database never changes once it is published, so it needs no locks; one that is open stays readable after its
    snapshot was deleted.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._path: Path | None = None
        self._idle: list[sqlite3.Connection] = []

    @contextmanager
    def open(self, path: Path) -> Iterator[Index]:
        """The database at that place.

        Raises:
            IndexMissing: there is none, or another version wrote it.
        """
        database = self._take(path)
        try:
            yield Index(database)
        finally:
            self._give_back(path, database)

    def close(self) -> None:
        """Closes what is open and not in use."""
        with self._lock:
            self._path, idle, self._idle = None, self._idle, []
        for one in idle:
            one.close()

    def _take(self, path: Path) -> sqlite3.Connection:
        with self._lock:
            if path == self._path and self._idle:
                return self._idle.pop()
        if not is_current(path):
            raise IndexMissing(
                f"The graph in {path.parents[2]} cannot be searched: an earlier aigraph published it. "
                "`aigraph build` adds the index of texts, without reading anything again."
            )
        uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        return sqlite3.connect(uri, uri=True, check_same_thread=False, isolation_level=None)

    def _give_back(self, path: Path, database: sqlite3.Connection) -> None:
        old: list[sqlite3.Connection] = []
        with self._lock:
            if path != self._path:
                self._path, old, self._idle = path, self._idle, []
            if len(self._idle) < _KEPT:
                self._idle.append(database)
            else:
                old.append(database)
        for one in old:
            one.close()
