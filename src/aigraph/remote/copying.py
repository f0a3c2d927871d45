"""Copies between any two stores: folders on this machine, SPARQL stores elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from aigraph.errors import StoreError
from aigraph.places import Endpoint, Place
from aigraph.remote.client import Client
from aigraph.remote.fetching import Progress, base_there, fetch, fetched
from aigraph.remote.sending import Sent, send
from aigraph.store import Reader, latest_snapshot, open_latest, open_writer
from aigraph.vocab import DEFAULT_BASE


def copy(
    source: Place, target: Place, *, base: str = DEFAULT_BASE, verify: bool = True, progress: Progress | None = None
) -> Sent:
    """Makes the target hold what the source holds, and reads it back to compare the canonical hashes.

    `base` is that of a store elsewhere which does not say it. A target on this machine is a store like one that was
    built; building on goes by what its articles say of their versions.

    Raises:
        StoreError: one of them cannot be used, or they are the same.
        ExtraMissing: one is elsewhere, and the extra `web` is not installed.
    """
    if source == target:
        raise StoreError(f"{source} would be copied onto itself. Name another target.")
    if isinstance(target, Endpoint):
        with _read(source, base) as (reader, state), Client(target) as client:
            return send(reader, client, state=state, verify=verify, progress=progress)
    if isinstance(source, Endpoint):
        with Client(source) as client, open_writer(target, base_there(client, base)) as writer:
            before = len(writer)
            changed = fetch(client, writer, progress=progress)
            writer.commit()
            total = len(writer.graphs())
            came = len(writer) - before
        return Sent(changed, 0, total - changed, max(0, came), max(0, -came), verified=True if verify else None)
    return _between_folders(source, target, verify=verify, progress=progress)


def _between_folders(source: Place, target: Place, *, verify: bool, progress: Progress | None) -> Sent:
    """Every graph that differs, replaced as a whole."""
    assert not isinstance(source, Endpoint)  # noqa: S101 - for the type checker
    assert not isinstance(target, Endpoint)  # noqa: S101
    snapshot = latest_snapshot(source)
    with open_latest(source) as reader, open_writer(target, reader.base) as writer:
        before, wanted = len(writer), reader.graphs()
        gone = [graph for graph in writer.graphs() if graph not in set(wanted)]
        for graph in gone:
            writer.remove_graph(graph)
        changed = 0
        for place, graph in enumerate(wanted):
            changed += writer.replace_graph(graph, reader.quads(graph))
            if progress:
                progress(place + 1, len(wanted), graph.value)
        published = writer.commit()
        came = len(writer) - before
    same = published.id == snapshot.id if verify else None
    return Sent(changed, len(gone), len(wanted) - changed, max(0, came), max(0, -came), verified=same)


@contextmanager
def _read(source: Place, base: str) -> Iterator[tuple[Reader, str]]:
    """What a source holds, with the id of its state."""
    if isinstance(source, Endpoint):
        with fetched(source, base=base) as reader:
            yield reader, reader.canonical_hash()
    else:
        snapshot = latest_snapshot(source)
        with open_latest(source) as reader:
            yield reader, snapshot.id
