"""What a client has not taken yet: in memory, without copies."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

_MOST_PARTS = 64  # that the system is given in one go


class Parts:
    """Parts of answers in order, as waitress has its buffers: looked at with `get`, and given up with `skip`."""

    def __init__(self) -> None:
        self._parts: deque[memoryview] = deque()
        self._length = 0

    def __len__(self) -> int:
        return self._length

    def extend(self, parts: Iterable[memoryview]) -> None:
        """Takes in more."""
        for one in parts:
            self._parts.append(one)
            self._length += len(one)

    def get(self, _most: int = -1, _skip: bool = False) -> list[memoryview]:
        """What is to be sent first."""
        return [self._parts[place] for place in range(min(len(self._parts), _MOST_PARTS))]

    def skip(self, number: int, _allow_prune: bool = False) -> None:
        """Gives up so many bytes, which were sent."""
        self._length -= number
        while number:
            first = self._parts[0]
            if number < len(first):
                self._parts[0] = first[number:]
                return
            number -= len(self._parts.popleft())

    def close(self) -> None:
        """Gives up all."""
        self._parts.clear()
        self._length = 0
