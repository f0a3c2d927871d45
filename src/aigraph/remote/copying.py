"""Copies between any two stores: folders on this machine, SPARQL stores elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from aigraph.errors import StoreError
from aigraph.places import Endpoint, Place
from aigraph.remote.client import Client
from aigraph.remote.fetching import Progress, base_there, fetch, fetched
from aigraph.remote.marks import hash_of, read_marks
from aigraph.remote.sending import Sent, send
from aigraph.store import Reader, latest_snapshot, open_latest, open_writer
from aigraph.store.content import canonical_lines
from aigraph.vocab import DEFAULT_BASE


def copy(
    source: Place, target: Place, *, base: str = DEFAULT_BASE, verify: bool = True, progress: Progress | None = None
) -> Sent:
    """Makes the target hold what the source holds, and compares the hashes of what was read back.

    Out of a store elsewhere they are compared with those that aigraph noted there, if it did; the numbers of triples
    are compared in any case.

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
            graphs, came = writer.graphs(), len(writer) - before
            noted = read_marks(client).hashes if verify else {}
            differing = tuple(
                graph
                for graph in graphs
                if graph in noted and hash_of(canonical_lines(writer.quads(graph))) != noted[graph]
            )
        return Sent(
            *(changed, 0, len(graphs) - changed, max(0, came), max(0, -came)),
            verified=not differing if noted else None,
            differing=differing,
        )
    return _between_folders(source, target, verify=verify, progress=progress)


def _between_folders(source: Path, target: Path, *, verify: bool, progress: Progress | None) -> Sent:
    """Every graph that differs, replaced as a whole."""
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
        writer.commit()
        came = len(writer) - before
        same = writer.content() == reader.content() if verify else None
        return Sent(changed, len(gone), len(wanted) - changed, max(0, came), max(0, -came), verified=same)


@contextmanager
def _read(source: Place, base: str) -> Iterator[tuple[Reader, str]]:
    """What a source holds, with the id of its state."""
    if isinstance(source, Endpoint):
        with fetched(source, base=base) as reader:
            yield reader, reader.content().digest
    else:
        snapshot = latest_snapshot(source)
        with open_latest(source) as reader:
            yield reader, snapshot.id
