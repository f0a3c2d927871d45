"""Answers that were given before, in memory, up to a number of bytes."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer that can be given again as long as the snapshot is the newest."""

    snapshot: str
    headers: tuple[tuple[str, str], ...]
    tag: str
    body: bytes = field(repr=False)


class Cache:
    """The answers that were asked for last, by what was asked; safe to use from several threads."""

    def __init__(self, size: int, *, largest: int | None = None) -> None:
        self._size = size
        self._largest = size // 8 if largest is None else largest
        self._held = 0
        self._kept: OrderedDict[Hashable, tuple[Kept, int]] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._kept)

    def find(self, key: Hashable, snapshot: str) -> Kept | None:
        """What was kept under a key, if it is of that snapshot."""
        with self._lock:
            found = self._kept.get(key)
            if found is None:
                return None
            if found[0].snapshot != snapshot:
                self._drop(key)
                return None
            self._kept.move_to_end(key)
            return found[0]

    def keep(self, key: Hashable, kept: Kept) -> None:
        """Keeps an answer, at the cost of those that were not asked for the longest time."""
        # an estimate: the key, the headers and what Python adds stay in memory too
        size = len(kept.body) + len(repr(key)) + 2000
        if size > self._largest:
            return
        with self._lock:
            if key in self._kept:
                self._drop(key)
            self._kept[key] = (kept, size)
            self._held += size
            while self._held > self._size:
                self._drop(next(iter(self._kept)))

    def _drop(self, key: Hashable) -> None:
        self._held -= self._kept.pop(key)[1]
