"""Backups: the newest snapshot of a store, with what users wrote, in one file; and a store made of it again.

A backup is a tar file of the manifest, the snapshot's database and description, and `users.nq`. The index of texts is
left out: it is made again. What is restored is checked against the hash that the snapshot had.
"""

from __future__ import annotations

import json
import re
import shutil
import tarfile
import tempfile
from io import BytesIO
from pathlib import Path

from pyoxigraph import Store

from aigraph.errors import StoreError, StoreMissing, StoreUnreadable
from aigraph.store.layout import PLAIN_BASE, Snapshot, held, is_blank, latest_snapshot, read_base, reason
from aigraph.store.opening import open_writer
from aigraph.store.reader import Reader
from aigraph.store.users import FILE, is_made, joined_hash, not_held, read_users

_MEMBER = re.compile(r"(?:aigraph\.json|snapshot\.json|users\.nq|data/[A-Za-z0-9._-]+)")
_ATTEMPTS = 5


def write_backup(store: Path, target: Path) -> Snapshot:
    """Writes the newest snapshot of a store into a file, packed where its name ends with ".gz"; in one step.

    Nothing has to stand still: a build or a service may be running.

    Raises:
        StoreMissing, StoreUnreadable, StoreTooNew: there is no snapshot that can be read.
        StoreError: it is a plain dataset, or the file cannot be written.
    """
    if read_base(store) == PLAIN_BASE:
        raise StoreError(f"{store} is a plain dataset. Export it, or copy its folder while nothing serves it.")
    for attempt in range(1, _ATTEMPTS + 1):
        snapshot = latest_snapshot(store)
        try:
            with held(snapshot):
                users = _users(store)
                if latest_snapshot(store) == snapshot:  # else they may belong to the next one
                    _pack(store, snapshot, users, target)
                    return snapshot
        except StoreMissing:
            if attempt == _ATTEMPTS:
                raise
    raise StoreError(f"The store {store} changes too often just now. Try again.")


def restore(source: Path, store: Path) -> Snapshot:
    """Makes a store of a backup, in a folder that holds nothing yet; its newest snapshot is the one that was backed up.

    That of an older version, whose ids were hashes of another kind, gets the id of today.

    Raises:
        StoreUnreadable: the file is no backup, or damaged.
        StoreTooNew: a newer version wrote it.
        StoreError: the folder holds something already, or cannot be written to.
    """
    if store.exists() and not is_blank(store):
        raise StoreError(f"{store} holds something already. Name another folder, or move that one away.")
    try:
        store.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{store.name}-", dir=store.parent) as scratch:
            folder = Path(scratch) / "store"
            _unpack(source, folder)
            _check(source, folder)
            store.mkdir(exist_ok=True)
            for entry in folder.iterdir():
                if entry.name != "snapshot.json":
                    shutil.move(entry, store / entry.name)
    except OSError as error:
        raise StoreError(f"The store {store} cannot be written: {reason(error)}") from error
    with open_writer(store, create=False) as writer:
        return writer.commit()


def _users(store: Path) -> bytes | None:
    try:
        return (store / FILE).read_bytes()
    except FileNotFoundError:
        return None


def _pack(store: Path, snapshot: Snapshot, users: bytes | None, target: Path) -> None:
    beside = target.with_name(f".{target.name}.new")
    try:
        with tarfile.open(beside, "w:gz" if target.suffix == ".gz" else "w") as archive:
            archive.add(store / "aigraph.json", "aigraph.json")
            archive.add(snapshot.path / "snapshot.json", "snapshot.json")
            if users is not None:
                about = tarfile.TarInfo(FILE)
                about.size = len(users)
                archive.addfile(about, BytesIO(users))
            for entry in sorted(snapshot.data.iterdir()):
                archive.add(entry, f"data/{entry.name}", recursive=False)
        beside.replace(target)
    except OSError as error:
        raise StoreError(f"The backup {target} cannot be written: {reason(error)}") from error
    finally:
        beside.unlink(missing_ok=True)


def _unpack(source: Path, folder: Path) -> None:
    """Writes the files of a backup; anything else that the archive holds is refused."""
    try:
        with tarfile.open(source) as archive:
            (folder / "data").mkdir(parents=True)
            for member in archive:
                stream = archive.extractfile(member) if member.isreg() else None
                if stream is None or not _MEMBER.fullmatch(member.name):
                    raise StoreUnreadable(f"{source} is no backup of a store: it holds {member.name!r}.")
                with (folder / member.name).open("wb") as written:
                    shutil.copyfileobj(stream, written)
    except (tarfile.TarError, EOFError) as error:
        raise StoreUnreadable(f"{source} is no backup, or it is damaged: {reason(error)}") from error


def _check(source: Path, folder: Path) -> None:
    """Makes sure that an unpacked backup holds what its snapshot did; its database is left without users' graphs."""
    try:
        base = read_base(folder)
        about = json.loads((folder / "snapshot.json").read_text(encoding="utf-8"))
        wanted, made = str(about["id"]), str(about["made"])
        store = Store(str(folder / "data"))
        for graph in list(store.named_graphs()):
            if not is_made(graph, base):
                store.remove_graph(graph)
        store.flush()
        reader = Reader(store, base)
        same = reader.content().digest == made or reader.canonical_hash() == made  # what older versions took
        shown = joined_hash(made, not_held(store, read_users(folder)))
        del store, reader
    except (RuntimeError, ValueError, KeyError, FileNotFoundError, StoreMissing) as error:
        raise StoreUnreadable(f"{source} is no backup, or it is damaged: {reason(error)}") from error
    if not same:
        raise StoreUnreadable(f"{source} is damaged: its graph is not the one that was backed up. Take another backup.")
    if shown != wanted:
        raise StoreUnreadable(f"What {source} holds of users is not what its snapshot showed. Take another backup.")
