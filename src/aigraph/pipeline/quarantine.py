"""The articles that reading did not get through, with the reason: remembered in a store until they or aigraph change.

A poisonous article costs its whole time limit. It is named again in each build, and only read again when its content
or what reads it has changed, or when somebody asks for it.
"""

from __future__ import annotations

import json
from dataclasses import astuple, dataclass, field
from pathlib import Path

from aigraph.articles import Found
from aigraph.errors import StoreUnreadable
from aigraph.records import Versions
from aigraph.store import write_text
from aigraph.vocab import digest

_NAME = "quarantine.json"


@dataclass(slots=True)
class Quarantine:
    """The articles of one store that are set aside, by identifier: the key of what was read, and the reason."""

    path: Path
    versions: Versions
    held: dict[str, tuple[str, str]] = field(default_factory=dict)

    @classmethod
    def of(cls, store: Path, versions: Versions, *, empty: bool = False) -> Quarantine:
        """What a store remembers; nothing where its file is damaged, or where all is to be read again."""
        quarantine = cls(store / _NAME, versions)
        if empty:
            quarantine.keep_none()
            return quarantine
        try:
            entries = json.loads(quarantine.path.read_text(encoding="utf-8"))
            quarantine.held = {name: (entry["key"], entry["reason"]) for name, entry in entries.items()}
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            return quarantine
        return quarantine

    def reason(self, found: Found) -> str | None:
        """Why an article is not to be read; None for one that is."""
        key, reason = self.held.get(found.identifier, ("", ""))
        return reason if key == self._key(found.sha256) else None

    def put(self, identifier: str, sha256: str, reason: str) -> None:
        """Set an article aside."""
        self.held[identifier] = self._key(sha256), reason
        self._write()

    def drop(self, identifier: str) -> None:
        """An article has been read after all, or is gone."""
        if self.held.pop(identifier, None):
            self._write()

    def keep_none(self) -> None:
        """Forget all."""
        self.held.clear()
        self.path.unlink(missing_ok=True)

    def _key(self, sha256: str) -> str:
        return digest(sha256, *astuple(self.versions))

    def _write(self) -> None:
        entries = {name: {"key": key, "reason": reason} for name, (key, reason) in sorted(self.held.items())}
        try:
            write_text(self.path, json.dumps(entries, indent=2, ensure_ascii=False) + "\n")
        except OSError as error:
            raise StoreUnreadable(
                f"The store {self.path.parent} cannot be written to: {error.strerror}. Nothing was published."
            ) from error
