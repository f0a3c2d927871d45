"""What a build did, and how it tells how far it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from aigraph.records import Rejection
from aigraph.sources import Failure, Skip

Progress = Callable[[int, int, str], None]
"""Called with the number of sources done, their total, and the one in work."""


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did. Identifiers are sorted; `rejections` are candidates that the ontology or the text refused.

    `skipped` are articles that aigraph does not read, which is no failure: those in other languages than English.
    """

    added: tuple[str, ...] = ()
    replaced: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    failures: tuple[Failure, ...] = ()
    skipped: tuple[Skip, ...] = ()
    rejections: tuple[tuple[str, Rejection], ...] = ()

    @property
    def changed(self) -> bool:
        """Whether the graph is another one than before."""
        return bool(self.added or self.replaced or self.removed)
