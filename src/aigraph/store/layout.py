"""What lies where in the folder of a store, and who may touch it.

<store>/aigraph.json            version of this layout, base IRI
<store>/lock                    held by the one writer, holds its process id
<store>/data/                   the writer's database; nobody else opens it
<store>/users.nq                what users wrote, if anything (users.py)
<store>/unpublished             there while the data differ from the newest snapshot, or may
<store>/loading                 graphs that are being loaded in bulk: what is there of them is not whole
<store>/account.db              what the writer keeps account of (account.py); can be made anew
<store>/quarantine.json         articles that reading did not get through (`pipeline/quarantine.py`)
<store>/shards/                 what a cluster has read (`cluster/shards.py`)
<store>/snapshots/<generation>/ data/ (hard links), search.db (`aigraph.search`; a plain store has none), snapshot.json,
                                lock (shared by the readers)
<store>/current                 the generation of the newest snapshot; replaced in one step
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from aigraph.errors import StoreError, StoreLocked, StoreMissing, StoreTooNew, StoreTooOld, StoreUnreadable
from aigraph.vocab import DEFAULT_BASE

LAYOUT_VERSION = 1
"""The layout that this version writes."""
OLDEST_LAYOUT = 1
"""The oldest layout that this version can still read."""
UPGRADES: dict[int, Callable[[Path], None]] = {}
"""What brings a store from the layout of that number to the next; each may be killed and begun again."""
KEPT_GENERATIONS = 2
INDEX = "search.db"
ACCOUNT = "account.db"
PLAIN_BASE = "https://w3id.org/aigraph/plain/"
"""The base IRI of stores that hold no graph of ours: so the one kind is never taken for the other."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A published state of a store, which never changes.

    `id` is a hash of its quads (`content.py`, 64 hexadecimal digits): two snapshots with one id hold the same graph.
    `made` is that of what is made from articles alone, without the graphs that users wrote.
    """

    path: Path
    generation: int
    id: str
    base: str
    quads: int
    made: str = ""

    @property
    def data(self) -> Path:
        """The folder of the database."""
        return self.path / "data"

    @property
    def index(self) -> Path:
        """The database to search it by words."""
        return self.path / INDEX


# --- the manifest -------------------------------------------------------------------------------------------


def read_base(store: Path) -> str:
    """The base IRI of a store.

    Raises:
        StoreMissing: there is nothing at that place.
        StoreUnreadable: there is something, but no store that can be read.
        StoreTooNew: a newer version of aigraph wrote it.
        StoreTooOld: it has a layout that is not read any more.
    """
    return _read_manifest(store)[1]


def _read_manifest(store: Path) -> tuple[int, str]:
    """The layout of a store, and its base IRI; raises what `read_base` does."""
    try:
        text = (store / "aigraph.json").read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):
        if not store.exists() or is_blank(store):
            raise StoreMissing(f"There is no store at {store}. Build one from articles first.") from None
        raise StoreUnreadable(f"{store} is no aigraph store: it has no aigraph.json. Name another folder.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise StoreUnreadable(f"The store {store} cannot be read: {reason(error)}") from error
    manifest = _parse(text, store / "aigraph.json")
    version, base = manifest.get("version"), manifest.get("base")
    if not isinstance(version, int) or not isinstance(base, str):
        raise StoreUnreadable(f"The store {store} is damaged: aigraph.json lacks its version or base. Build it again.")
    if version > LAYOUT_VERSION:
        raise StoreTooNew(
            f"The store {store} has layout {version}; this aigraph knows layouts up to {LAYOUT_VERSION}. "
            "Install a newer aigraph, or build the store again."
        )
    if version < OLDEST_LAYOUT:
        raise StoreTooOld(
            f"The store {store} has layout {version}, which is read no more: this aigraph knows layouts from "
            f"{OLDEST_LAYOUT} on. Build the articles into a new folder, or export it with the aigraph that wrote it."
        )
    return version, base


def prepare(store: Path, base: str | None, *, create: bool) -> str:
    """Makes sure that a store is there, in the layout of today, and returns its base IRI; the caller holds the lock.

    Raises:
        StoreMissing: there is none and `create` is false.
        StoreUnreadable, StoreTooNew, StoreTooOld: as `read_base`.
        StoreError: the store has another base IRI than `base`.
    """
    try:
        version, found = _read_manifest(store)
    except StoreMissing:
        if not create:
            raise
        version, found = LAYOUT_VERSION, base or DEFAULT_BASE
        _write_manifest(store, version, found)
    if base is not None and base != found:
        raise StoreError(
            f"The store {store} mints IRIs below {found}, not below {base}. "
            "Set that base, or build into another folder."
        )
    for step in range(version, LAYOUT_VERSION):
        UPGRADES[step](store)
        _write_manifest(store, step + 1, found)
    return found


def _write_manifest(store: Path, version: int, base: str) -> None:
    write_text(store / "aigraph.json", json.dumps({"version": version, "base": base}, indent=2) + "\n")


def is_blank(store: Path) -> bool:
    """True for a folder with nothing but what stands there before the first step of a writer."""
    return store.is_dir() and {entry.name for entry in store.iterdir()} <= {"lock", "shards"}


def _parse(text: str, path: Path) -> dict[str, object]:
    try:
        parsed = json.loads(text)
    except ValueError:
        parsed = None
    if not isinstance(parsed, dict):
        raise StoreUnreadable(f"{path} is damaged: it holds no JSON object. Build the store again.")
    return parsed


# --- the lock -----------------------------------------------------------------------------------------------


@contextmanager
def write_lock(store: Path) -> Iterator[None]:
    """Holds the lock of the one writer; the folder is made if it is missing.

    Raises:
        StoreLocked: another process holds it; the message names that process.
        StoreUnreadable: the folder cannot be made or written to.
    """
    try:
        store.mkdir(parents=True, exist_ok=True)
        handle = os.open(store / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise StoreUnreadable(f"The store {store} cannot be written to: {reason(error)}") from error
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            holder = os.pread(handle, 32, 0).decode(errors="replace").strip() or "of unknown number"
            raise StoreLocked(
                f"The store {store} is being written to by process {holder}. Wait until that process has ended."
            ) from None
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(handle)


# --- snapshots ----------------------------------------------------------------------------------------------


def latest_snapshot(store: Path) -> Snapshot:
    """The newest published snapshot of a store.

    Raises:
        StoreMissing: there is no store, or nothing was published in it yet.
        StoreUnreadable, StoreTooNew: as `read_base`.
    """
    base = read_base(store)
    try:
        generation = int((store / "current").read_text(encoding="ascii"))
        text = (store / "snapshots" / str(generation) / "snapshot.json").read_text(encoding="utf-8")
    except FileNotFoundError:
        if (store / "current").exists():
            raise StoreUnreadable(
                f"The store {store} is damaged: its newest snapshot is gone. Build it again."
            ) from None
        raise StoreMissing(f"Nothing was published in the store {store} yet. Build it from articles first.") from None
    except (OSError, ValueError) as error:
        raise StoreUnreadable(f"The store {store} cannot be read: {reason(error)}") from error
    path = store / "snapshots" / str(generation)
    about = _parse(text, path / "snapshot.json")
    identifier, quads = about.get("id"), about.get("quads")
    if not isinstance(identifier, str) or not isinstance(quads, int):
        raise StoreUnreadable(f"{path / 'snapshot.json'} is damaged: it lacks id or quads. Build the store again.")
    return Snapshot(path, generation, identifier, base, quads, str(about.get("made", identifier)))


class SnapshotWatch:
    """The newest snapshot of a store, read again only when another one was published."""

    def __init__(self, store: Path) -> None:
        self._store = store
        self._current = os.fspath(store / "current")
        self._seen: tuple[tuple[int, int], Snapshot] | None = None

    def latest(self) -> Snapshot:
        """As `latest_snapshot`."""
        try:
            found = os.stat(self._current)  # noqa: PTH116 - asked for every query
        except OSError:
            return latest_snapshot(self._store)
        mark = (found.st_mtime_ns, found.st_ino)
        if self._seen is None or self._seen[0] != mark:
            self._seen = (mark, latest_snapshot(self._store))
        return self._seen[1]

    def find(self, identifier: str) -> Snapshot | None:
        """The snapshot of that id if it is still kept."""
        latest = self.latest()
        for generation in sorted(_generations(self._store), reverse=True):
            one = latest if generation == latest.generation else _snapshot(self._store, generation, latest.base)
            if one is not None and one.id == identifier:
                return one
        return None


def _snapshot(store: Path, generation: int, base: str) -> Snapshot | None:
    """A snapshot by its number; None where it cannot be read (any more)."""
    path = store / "snapshots" / str(generation)
    try:
        about = json.loads((path / "snapshot.json").read_text(encoding="utf-8"))
        identifier = str(about["id"])
        return Snapshot(path, generation, identifier, base, int(about["quads"]), str(about.get("made", identifier)))
    except (OSError, ValueError, KeyError, TypeError):
        return None


@contextmanager
def held(snapshot: Snapshot) -> Iterator[None]:
    """Keeps a snapshot from being deleted by a writer while it is being read.

    Raises:
        StoreMissing: it was deleted in the meantime.
        StoreUnreadable: it may not be read.
    """
    try:
        handle = os.open(snapshot.path / "lock", os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        raise StoreMissing(f"The snapshot {snapshot.path} was replaced by a newer one. Try again.") from None
    except OSError as error:
        raise StoreUnreadable(f"The snapshot {snapshot.path} cannot be read: {reason(error)}") from error
    try:
        fcntl.flock(handle, fcntl.LOCK_SH)
        if not snapshot.data.is_dir():
            raise StoreMissing(f"The snapshot {snapshot.path} was replaced by a newer one. Try again.")
        yield
    finally:
        os.close(handle)


def publish(store: Path, generation: int, identifier: str, quads: int, staged: Path, *, made: str = "") -> None:
    """Makes the staged folder (it holds data/) the newest snapshot of a store; the caller holds the lock."""
    about = {"id": identifier, "quads": quads, "made": made or identifier}
    (staged / "lock").touch()
    write_text(staged / "snapshot.json", json.dumps(about) + "\n")
    for entry in (staged / "data").iterdir():
        sync(entry)
    sync(staged / "data")
    if (staged / INDEX).exists():
        sync(staged / INDEX)
    sync(staged)
    staged.rename(store / "snapshots" / str(generation))
    sync(store / "snapshots")
    write_text(store / "current", f"{generation}\n")


def stage(store: Path) -> tuple[int, Path]:
    """The number of the next snapshot, and an empty folder to make it in; the caller holds the lock."""
    generation = newest_generation(store) + 1
    staged = store / "snapshots" / f".{generation}.new"
    shutil.rmtree(staged, ignore_errors=True)
    staged.mkdir(parents=True)
    return generation, staged


def newest_generation(store: Path) -> int:
    """The highest generation in the folder of snapshots, 0 where there is none."""
    return max(_generations(store), default=0)


def clean(store: Path) -> None:
    """Deletes old snapshots that nobody reads, and what an interrupted writer left; the caller holds the lock."""
    folder = store / "snapshots"
    for entry in folder.iterdir() if folder.is_dir() else ():
        if not entry.name.isdigit():
            shutil.rmtree(entry, ignore_errors=True)
    for generation in sorted(_generations(store), reverse=True)[KEPT_GENERATIONS:]:
        _delete_unless_read(folder / str(generation))


def _generations(store: Path) -> list[int]:
    folder = store / "snapshots"
    return [int(entry.name) for entry in folder.iterdir() if entry.name.isdigit()] if folder.is_dir() else []


def _delete_unless_read(path: Path) -> None:
    """Deletes a snapshot; one that a process still reads stays until a later commit."""
    try:
        handle = os.open(path / "lock", os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        shutil.rmtree(path, ignore_errors=True)
        return
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return
    else:
        shutil.rmtree(path, ignore_errors=True)
    finally:
        os.close(handle)


# --- files --------------------------------------------------------------------------------------------------


def write_text(path: Path, text: str) -> None:
    """Writes a small file in one step: a reader sees all of the old text or all of the new."""
    beside = path.with_name(f".{path.name}.new")
    beside.write_text(text, encoding="utf-8")
    sync(beside)
    beside.replace(path)
    sync(path.parent)


def sync(path: Path) -> None:
    """Makes sure that a file or the list of a folder is on the disk."""
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def reason(error: Exception) -> str:
    """Why the system refused something, as a sentence without the numbers of Python's own text."""
    words = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return f"{words.rstrip('.')}."
