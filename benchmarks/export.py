"""What an export takes: time and memory of each format, beside pyoxigraph's own serialisation of the same quads.

    python benchmarks/export.py STORE [--triples 1000000] [--formats turtle,nquads] [--keep FOLDER]

The articles of a store are repeated under other identifiers until there are that many triples. Each measure runs in a
process of its own: processor seconds, and the highest memory beyond what the process had at its start.
"""

from __future__ import annotations

import argparse
import io
import multiprocessing
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from pyoxigraph import RdfFormat, Store, Triple, serialize

from aigraph.exports import EXPORTS, Content
from aigraph.store import Reader, latest_snapshot, open_latest
from aigraph.vocab import DERIVED_GRAPHS, prefixes


class Nowhere(io.RawIOBase):
    """A file that forgets what is written."""

    def writable(self) -> bool:
        """Always true."""
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        """Count the bytes."""
        return len(data)


def enlarge(store: Path, target: Path, triples: int) -> None:
    """Make a database with the graphs of a store and as many copies of its articles as that takes."""
    base = latest_snapshot(store).base
    with open_latest(store) as reader:
        derived = {reader.iris.graph(name) for name in DERIVED_GRAPHS}
        articles = [graph for graph in reader.graphs() if graph not in derived]
        lines = io.BytesIO()
        for graph in reader.graphs():
            lines.writelines(f"{quad} .\n".encode() for quad in reader.quads(graph))
        names = [graph.value.removeprefix(f"{base}graph/") for graph in articles]
        text = "".join(f"{quad} .\n" for graph in articles for quad in reader.quads(graph))
        count, copy = len(reader), 0
    database = Store(str(target))
    database.bulk_load(lines.getvalue(), format=RdfFormat.N_QUADS)
    while count < triples:
        copied = text
        for name in names:
            copied = copied.replace(f"/{name}", f"/{name}-{copy}")
        database.bulk_load(copied.encode(), format=RdfFormat.N_QUADS)
        count, copy = len(database), copy + 1
    database.flush()
    database.optimize()


def raw(database: Path, base: str) -> None:
    """Pyoxigraph alone: the quads of each graph, in the order of the store, as Turtle."""
    store = Store.read_only(str(database))

    def triples() -> Iterator[Triple]:
        for graph in store.named_graphs():
            for quad in store.quads_for_pattern(None, None, None, graph):
                yield quad.triple

    serialize(triples(), Nowhere(), format=RdfFormat.TURTLE, prefixes=prefixes(base))


def ours(database: Path, base: str, name: str) -> None:
    """One of our formats."""
    export = next(one for one in EXPORTS if one.name == name)
    export.write(Content(Reader(Store.read_only(str(database)), base)), Nowhere())


def _measure(run: Callable[..., None], arguments: tuple[object, ...], connection: object) -> None:
    before = _highest_memory()
    start = time.process_time()
    run(*arguments)
    connection.send((time.process_time() - start, (_highest_memory() - before) / 1024))  # type: ignore[attr-defined]


def _highest_memory() -> int:
    """Kilobytes that this process has had at most; getrusage tells those of the process that began it, if more."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0])


def measured(run: Callable[..., None], *arguments: object) -> tuple[float, float]:
    """Processor seconds and megabytes of a run in a process of its own."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_measure, args=(run, arguments, there))
    process.start()
    seconds, memory = here.recv()
    process.join()
    return seconds, memory


def main() -> None:
    """Print the measures as a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("store", type=Path)
    parser.add_argument("--triples", type=int, default=1_000_000)
    parser.add_argument("--formats", default=",".join(one.name for one in EXPORTS))
    parser.add_argument("--keep", type=Path, help="a folder where the enlarged database stays for the next run")
    arguments = parser.parse_args()
    base = latest_snapshot(arguments.store).base
    with tempfile.TemporaryDirectory() as folder:
        database = arguments.keep or Path(folder) / "data"
        if not database.exists():
            enlarge(arguments.store, database, arguments.triples)
        print(f"{len(Store.read_only(str(database))):,} triples")
        seconds, memory = measured(raw, database, base)
        print(f"{'pyoxigraph, Turtle':20} {seconds:7.2f} s {memory:7.0f} MB", flush=True)
        for name in arguments.formats.split(","):
            took, memory = measured(ours, database, base, name)
            print(f"{name:20} {took:7.2f} s {memory:7.0f} MB   {took / seconds:.2f} times", flush=True)


if __name__ == "__main__":
    main()
