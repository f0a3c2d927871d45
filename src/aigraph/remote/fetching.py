"""Graphs from a store elsewhere into a store on this machine."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, parse, serialize

from aigraph.errors import QueryFailed, StoreError, StoreMissing
from aigraph.places import Endpoint
from aigraph.remote.client import Client, Credentials
from aigraph.remote.marks import MARKS, Marks, read_marks
from aigraph.store import Reader, Writer
from aigraph.vocab import DEFAULT_BASE

Progress = Callable[[int, int, str], None]
"""Is told how many graphs are done, of how many, and which one was the last."""


def fetch(client: Client, writer: Writer, *, progress: Progress | None = None) -> int:
    """Makes a store on this machine hold what the one elsewhere holds; gives the number of graphs that it changed.

    Raises:
        StoreError: there is no graph of aigraph, or the store leaves triples out of its answers.
    """
    wanted = graphs_there(client, writer.base)
    for graph in set(writer.graphs()) - set(wanted):
        writer.remove_graph(graph)
    changed = 0
    for place, graph in enumerate(wanted):
        changed += writer.replace_graph(graph, whole_graph(client, graph))
        if progress:
            progress(place + 1, len(wanted), graph.value)
    return changed


@contextmanager
def fetched(
    endpoint: Endpoint, *, base: str = DEFAULT_BASE, who: Credentials | None = None, progress: Progress | None = None
) -> Iterator[Reader]:
    """A copy of what a store elsewhere holds, in a temporary folder, to be read like a store of this machine.

    Raises:
        StoreError: as `fetch`.
    """
    with Client(endpoint, who) as client, tempfile.TemporaryDirectory(prefix="aigraph-") as folder:
        store = Store(str(Path(folder) / "data"))
        base = base_there(client, base)
        wanted = graphs_there(client, base)
        for place, graph in enumerate(wanted):
            store.bulk_extend(whole_graph(client, graph))
            if progress:
                progress(place + 1, len(wanted), graph.value)
        yield Reader(store, base)
        del store


def base_there(client: Client, otherwise: str, marks: Marks | None = None) -> str:
    """The beginning of the IRIs of the graph in a store elsewhere."""
    return client.endpoint.base or (marks or read_marks(client)).base or otherwise


def graphs_there(client: Client, base: str) -> tuple[NamedNode, ...]:
    """The graphs that aigraph wrote there, or else those that have names of ours; sorted.

    Raises:
        StoreMissing: there are none.
    """
    found = set(read_marks(client).hashes)
    if not found:
        rows = client.select("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }", seconds=600.0)
        found = {g for row in rows if isinstance(g := row["g"], NamedNode) and g.value.startswith(f"{base}graph/")}
    if not found - {MARKS}:
        raise StoreMissing(
            f"{client.endpoint.query} holds no graph below {base}graph/. Fill it with `aigraph copy`, or name the base "
            "of its IRIs: add base=https://…/ to its address."
        )
    return tuple(sorted(found - {MARKS}, key=lambda graph: graph.value))


def whole_graph(client: Client, graph: NamedNode) -> list[Quad]:
    """All quads of a graph.

    Raises:
        StoreError: the store gave fewer triples than it holds, as some do beyond a limit of theirs.
    """
    syntax, body = client.graph(graph)
    try:
        quads = list({Quad(q.subject, q.predicate, q.object, graph) for q in parse(body, syntax)})
    except (SyntaxError, ValueError) as error:
        raise QueryFailed(f"{client.endpoint.query} gave {graph} in a form that cannot be read: {error}.") from error
    held = count_there(client, graph)
    if len(quads) != held:
        raise StoreError(
            f"{client.endpoint.query} gave {len(quads):,} of the {held:,} triples of {graph}. Raise its limits on "
            "answers (Virtuoso: ResultSetMaxRows and MaxConstructTriples), or name its address for graphs (graphs=…)."
        )
    return quads


def count_there(client: Client, graph: NamedNode) -> int:
    """How many triples a graph has."""
    row = next(iter(client.select(f"SELECT (COUNT(*) AS ?n) {{ GRAPH {graph} {{ ?s ?p ?o }} }}", seconds=600.0)), None)
    number = row["n"] if row is not None else None
    return int(number.value) if isinstance(number, Literal) else 0


def as_lines(quads: list[Quad]) -> bytes:
    """The triples of quads as N-Triples."""
    return serialize((quad.triple for quad in quads), format=RdfFormat.N_TRIPLES) or b""
