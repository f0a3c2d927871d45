"""The copy on this machine of a store elsewhere that builds work on: deriving facts needs the engine here."""

from __future__ import annotations

import json
from pathlib import Path

from aigraph.errors import StoreError, StoreMissing
from aigraph.places import Endpoint
from aigraph.remote.client import Client
from aigraph.remote.fetching import Progress, base_there, fetch
from aigraph.remote.marks import read_marks
from aigraph.remote.sending import Sent, send
from aigraph.store import latest_snapshot, open_latest, open_writer, write_text

_NOTE = "mirror.json"


def begin(endpoint: Endpoint, folder: Path, *, base: str, progress: Progress | None = None) -> str:
    """Makes sure that a folder is the copy of a store elsewhere, and gives the base of its IRIs.

    What an earlier build read and could not send yet is kept. Where others wrote to the store since, it is fetched.

    Raises:
        StoreError: the folder is the copy of another store, or one of the stores cannot be used.
        ExtraMissing: the extra `web` is not installed.
    """
    address, state = _noted(folder)
    if address not in ("", endpoint.query) or (not address and _holds_graph(folder)):
        raise StoreError(
            f"{folder} is {f'the copy of {address}' if address else 'a store of its own'}, not of {endpoint.query}. "
            "Name another folder with --mirror."
        )
    with Client(endpoint) as client:
        marks = read_marks(client)
        base = base_there(client, base, marks)
        ours = address and marks.state in ("", state)
        if marks.hashes and not ours:
            with open_writer(folder, base) as writer:
                fetch(client, writer, progress=progress)
                writer.commit()
            _note(folder, endpoint, marks.state)
        elif not address:
            with open_writer(folder, base):
                pass
            _note(folder, endpoint, "")
    return base


def end(endpoint: Endpoint, folder: Path, *, progress: Progress | None = None) -> Sent:
    """Sends what the copy has that the store elsewhere has not, without reading all of it back.

    Raises:
        StoreError: the store refuses a change, or cannot be reached; the next call goes on.
    """
    state = latest_snapshot(folder).id
    with open_latest(folder) as reader, Client(endpoint) as client:
        sent = send(reader, client, state=state, verify=False, progress=progress)
    _note(folder, endpoint, state)
    return sent


def _holds_graph(folder: Path) -> bool:
    try:
        latest_snapshot(folder)
    except StoreMissing:
        return False
    return True


def _noted(folder: Path) -> tuple[str, str]:
    """Of which store the folder is a copy, and in which state that was."""
    try:
        found = json.loads((folder / _NOTE).read_text(encoding="utf-8"))
        return str(found["store"]), str(found["state"])
    except FileNotFoundError:
        return "", ""
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StoreError(f"{folder / _NOTE} cannot be read ({error}). Move the folder away.") from error


def _note(folder: Path, endpoint: Endpoint, state: str) -> None:
    write_text(folder / _NOTE, json.dumps({"store": endpoint.query, "state": state}) + "\n")
