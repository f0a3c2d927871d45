"""Searching a store by words: the index of its newest snapshot, or of one that is named."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from aigraph.errors import IndexMissing
from aigraph.search import KINDS, Found, Hit, Indexes, Kind, Suggestion
from aigraph.store.layout import Snapshot, SnapshotWatch

_ATTEMPTS = 3


class Searcher:
    """Searches a store in this process; safe to use from several threads.

    What is asked for is words, never a query, and the index bounds what a search takes.
    """

    def __init__(self, store: Path) -> None:
        self._watch = SnapshotWatch(store)
        self._indexes = Indexes()

    def search(
        self,
        words: str,
        *,
        kinds: Sequence[Kind] = KINDS,
        limit: int = 20,
        offset: int = 0,
        each: bool = False,
        snapshot: Snapshot | None = None,
    ) -> tuple[Found, Snapshot]:
        """What holds some words, and the snapshot that was searched: the newest one unless another is given.

        With `each`, there are `limit` of each kind, else `limit` in all.

        Raises:
            ParameterError: the words are too many.
            IndexMissing: the snapshot was published without an index.
            QueryTimeout: the search took too long.
            StoreError: the store cannot be read.
        """
        for attempt in range(1, _ATTEMPTS + 1):
            asked = snapshot or self._watch.latest()
            try:
                with self._indexes.open(asked.index) as index:
                    return index.search(words, kinds, limit=limit, offset=offset, each=each), asked
            except IndexMissing:
                # a snapshot may have been replaced by newer ones and deleted in the meantime
                if attempt == _ATTEMPTS or asked.path.is_dir():
                    raise
        raise AssertionError

    def suggest(self, typed: str, *, types: Sequence[str] = (), limit: int = 10) -> tuple[list[Suggestion], Snapshot]:
        """Entities that what was typed may be the beginning of, and the snapshot; `types` are names of classes.

        Raises:
            ParameterError, IndexMissing, QueryTimeout, StoreError: see `search`.
        """
        asked = self._watch.latest()
        with self._indexes.open(asked.index) as index:
            return index.suggest(typed, types=types, limit=limit), asked

    def hits(self, snapshot: Snapshot, words: str, kinds: Sequence[Kind], limit: int) -> Sequence[Hit]:
        """What a search in a query finds in the snapshot that the query is asked of."""
        found, _ = self.search(words, kinds=kinds, limit=limit, snapshot=snapshot)
        return found.hits

    def close(self) -> None:
        """Closes what is open."""
        self._indexes.close()
