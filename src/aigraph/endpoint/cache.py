"""Answers that were given before, in memory, up to a number of bytes."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer that can be given again as long as the snapshot is the newest; `head` are its headers as sent."""

    snapshot: str
    headers: tuple[tuple[str, str], ...]
    tag: str
    body: bytes = field(repr=False)
    head: bytes = field(default=b"", repr=False)


class Cache:
    """The answers that were asked for last, by what was asked; safe to use from several threads.

    All together take `size` bytes, and the largest a sixteenth of that. `held` are the bytes that they take, `hits` and
    `misses` how often something was looked for and found or not.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self.largest = size // 16
        self.held = 0
        self.hits = self.misses = 0
        self._kept: OrderedDict[Hashable, tuple[Kept, int]] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._kept)

    def find(self, key: Hashable, snapshot: str) -> Kept | None:
        """What was kept under a key, if it is of that snapshot."""
        with self._lock:
            found = self._kept.get(key)
            if found is None:
                self.misses += 1
                return None
            if found[0].snapshot != snapshot:
                self.misses += 1
                self._drop(key)
                return None
            self.hits += 1
            self._kept.move_to_end(key)
            return found[0]

    def keep(self, key: Hashable, kept: Kept) -> None:
        """Keeps an answer, at the cost of those that were not asked for the longest time."""
        # an estimate: the key, the headers and what Python adds stay in memory too
        size = len(kept.body) + len(repr(key)) + 2000
        if size > self.largest:
            return
        with self._lock:
            if key in self._kept:
                self._drop(key)
            self._kept[key] = (kept, size)
            self.held += size
            while self.held > self._size:
                self._drop(next(iter(self._kept)))

    def _drop(self, key: Hashable) -> None:
        self.held -= self._kept.pop(key)[1]


class Collected:
    """An answer in parts that is handed to `keep` when its end was sent, unless it is longer than `largest` bytes."""

    def __init__(self, parts: Iterator[bytes], largest: int, keep: Callable[[bytes], None]) -> None:
        self._parts = parts
        self._room = largest
        self._keep = keep
        self._data: list[bytes] = []

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        try:
            part = next(self._parts)
        except StopIteration:
            if self._room >= 0:
                self._keep(b"".join(self._data))
                self._room = -1
            raise
        self._room -= len(part)
        if self._room >= 0:
            self._data.append(part)
        else:
            self._data.clear()
        return part

    def close(self) -> None:
        """Ends what gives the parts."""
        self._room = -1
        self._parts.close()  # type: ignore[attr-defined]
