"""Where what has been worked out is kept beside the graph, to be looked up again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import BinaryIO, Protocol


class Shelf(Protocol):
    """Where texts are kept under keys."""

    def get(self, keys: Iterable[str]) -> Mapping[str, str]:
        """What stands under some keys, as far as anything does."""

    def put(self, values: Mapping[str, str]) -> None:
        """Keep values under their keys."""

    def drop(self, keys: Iterable[str]) -> None:
        """Keep nothing under some keys any more."""

    def scratch(self) -> BinaryIO:
        """An empty file for what is sorted on the disk; it is gone when it is closed."""
