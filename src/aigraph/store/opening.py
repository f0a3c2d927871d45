"""Opening a store for writing: one process at a time, a folder that is a store, a database that is whole."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pyoxigraph import Store

from aigraph.errors import StoreMissing, StoreUnreadable
from aigraph.store.layout import clean, newest_generation, prepare, read_base, reason, write_lock
from aigraph.store.writer import Writer


@contextmanager
def open_writer(path: Path, base: str | None = None, *, create: bool = True) -> Iterator[Writer]:
    """Opens a store for writing; only one process at a time can.

    `base` is the base IRI of minted IRIs; a store keeps the one it was made with.

    Raises:
        StoreMissing: there is no store and `create` is false.
        StoreLocked: another process is writing to it.
        StoreUnreadable, StoreTooNew: it is no store, damaged, not accessible, or written by a newer version.
        StoreError: it has another base IRI.
    """
    if not create or path.exists():
        _check(path, create=create)
    with write_lock(path):
        known = prepare(path, base, create=create)
        writer = Writer(path, _open_data(path), known)
        writer.undo_load()
        clean(path)
        try:
            yield writer
        finally:
            writer.close()


def _open_data(path: Path) -> Store:
    if newest_generation(path) and not (path / "data" / "CURRENT").is_file():
        # the engine would begin an empty database, and the next commit would publish the loss
        raise StoreUnreadable(
            f"The store {path} has lost its database (the folder data); its snapshots can still be read. "
            "Copy the newest snapshot's data there, or move the store away and build it again."
        )
    try:
        return Store(str(path / "data"))
    except (OSError, RuntimeError) as error:  # a RuntimeError is what the engine makes of damaged files
        raise StoreUnreadable(
            f"The store {path} cannot be opened: {reason(error)} If it is damaged, move it away and build it again."
        ) from error


def _check(path: Path, *, create: bool) -> None:
    """Refuses a folder that is no store before anything is written to it."""
    try:
        read_base(path)
    except StoreMissing:
        if not create:
            raise
