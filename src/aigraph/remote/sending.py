"""Graphs from a store of this machine into one elsewhere, no more than has changed since the last time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from pyoxigraph import NamedNode, Quad, Store

from aigraph.remote.client import Client
from aigraph.remote.fetching import Progress, as_lines, base_there, graphs_there, whole_graph
from aigraph.remote.marks import MARKS, hash_of, note_graph, note_state, read_marks
from aigraph.store import Reader
from aigraph.store.content import canonical_lines, canonical_quads, holds_blank_nodes

AT_ONCE = 1_000
"""Triples in one update: Virtuoso refuses statements of more than about ten thousand lines."""
WHOLE = 200
"""Triples up to which a changed graph is sent as a whole rather than by its differences."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What a transfer did: graphs written, removed and left as they were; triples that went in and out.

    `verified` is true where all was read back and is the same, false where it is not (`differing` names the graphs),
    None where it was not read back.
    """

    written: int
    removed: int
    unchanged: int
    triples_in: int
    triples_out: int
    verified: bool | None = None
    differing: tuple[NamedNode, ...] = ()


def send(reader: Reader, client: Client, *, state: str, verify: bool = True, progress: Progress | None = None) -> Sent:
    """Makes a store elsewhere hold what the reader holds; `state` is the id of what it reads.

    A graph of which the store notes the same hash is left alone; of a changed one the differences are sent. With
    `verify` all of it is read back and compared by its canonical form. One that is broken off goes on the next time.

    Raises:
        StoreError: the store refuses a change, or cannot be reached.
    """
    marks = read_marks(client)
    wanted = reader.graphs()
    client.update(note_state("", reader.base, len(reader)))
    counts = _Counts()
    for graph in sorted(set(marks.hashes) - set(wanted) - {MARKS}, key=lambda each: each.value):
        client.update(f"DROP SILENT GRAPH {graph} ;\n{note_graph(graph, None)}")
        counts.removed += 1
    hashes: dict[NamedNode, str] = {}
    for place, graph in enumerate(wanted):
        quads = list(reader.quads(graph))
        value = hashes[graph] = hash_of(canonical_lines(quads))
        if marks.hashes.get(graph) == value:
            counts.unchanged += 1
        else:
            _send_graph(client, graph, quads, counts, known=graph in marks.hashes)
            client.update(note_graph(graph, value))
            counts.written += 1
        if progress:
            progress(place + 1, len(wanted), graph.value)
    differing = tuple(_differing(client, hashes)) if verify else ()
    for graph in differing:  # the next transfer sends it as a whole
        client.update(note_graph(graph, None))
    if not differing:
        client.update(note_state(state, reader.base, len(reader)))
    return Sent(
        counts.written,
        counts.removed,
        counts.unchanged,
        counts.triples_in,
        counts.triples_out,
        verified=not differing if verify else None,
        differing=differing,
    )


@dataclass(slots=True)
class _Counts:
    written: int = 0
    removed: int = 0
    unchanged: int = 0
    triples_in: int = 0
    triples_out: int = 0


def _send_graph(client: Client, graph: NamedNode, quads: list[Quad], counts: _Counts, *, known: bool) -> None:
    """Bring one graph there up to date: a small or new one as a whole, another by its differences."""
    blank = any(map(holds_blank_nodes, quads))
    if known and not blank and len(quads) > WHOLE:
        there = set(as_here(whole_graph(client, graph)))
        if not any(map(holds_blank_nodes, there)):
            gone, come = there - set(quads), set(quads) - there
            for part in _parts(sorted(gone, key=str)):
                client.update(_data("DELETE", graph, part))
            for part in _parts(sorted(come, key=str)):
                client.update(_data("INSERT", graph, part))
            counts.triples_out += len(gone)
            counts.triples_in += len(come)
            return
    counts.triples_in += len(quads)
    if client.endpoint.graphs is not None:
        client.put_graph(graph, as_lines(quads))
        return
    # blank nodes of one update are one another's only there, so what hangs together by them goes in one
    tied = [quad for quad in canonical_quads(quads) if holds_blank_nodes(quad)]
    plain = [quad for quad in quads if not holds_blank_nodes(quad)]
    first, *others = [*([tied] if tied else []), *_parts(plain)] or [[]]
    client.update(f"DROP SILENT GRAPH {graph}" + (f" ;\n{_data('INSERT', graph, first)}" if first else ""))
    for part in others:
        client.update(_data("INSERT", graph, part))


def _differing(client: Client, hashes: dict[NamedNode, str]) -> Iterator[NamedNode]:
    """The graphs that are not there as they should be."""
    there = set(graphs_there(client, base_there(client, "")))
    for graph, value in hashes.items():
        if graph not in there or hash_of(canonical_lines(as_here(whole_graph(client, graph)))) != value:
            yield graph


def as_here(quads: list[Quad]) -> list[Quad]:
    """Quads as the engine here keeps them: numbers and dates in their canonical form, whatever a store made of it."""
    memory = Store()
    memory.extend(quads)
    return list(memory)


def _parts(quads: Sequence[Quad]) -> Iterator[list[Quad]]:
    rest = iter(quads)
    while part := list(islice(rest, AT_ONCE)):
        yield part


def _data(verb: str, graph: NamedNode, quads: Sequence[Quad]) -> str:
    body = "\n".join(f"{quad.subject} {quad.predicate} {quad.object} ." for quad in quads)
    return f"{verb} DATA {{ GRAPH {graph} {{\n{body}\n}} }}"
