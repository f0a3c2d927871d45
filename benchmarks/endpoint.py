"""Measures the endpoint beside others, in one run, on a made-up graph: CPU time and wall time a request.

    python benchmarks/endpoint.py [--triples 1000000] [--others]

In-process pyoxigraph and this endpoint are always measured; with `--others` also those of `oxigraph serve` (PyPI
`oxigraph`) and rdflib-endpoint with oxrdflib that are installed. CPU is that of all processes of a server (Linux).
"""

from __future__ import annotations

import argparse
import http.client
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from pyoxigraph import (
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    QueryResultsFormat,
    QueryTriples,
    RdfFormat,
    Store,
    serialize,
)

BASE = "http://example.org/"
CSV, JSON, TURTLE = "text/csv", "application/sparql-results+json", "text/turtle"
_TICK = os.sysconf("SC_CLK_TCK")


def triples(count: int) -> Iterator[Quad]:
    """Things with a type, two labels, a number and a link each."""
    kinds = [NamedNode(f"{BASE}class{i}") for i in range(20)]
    a, label, number, link = (NamedNode(f"{BASE}{name}") for name in ("type", "label", "number", "link"))
    for place in range(count // 5):
        thing = NamedNode(f"{BASE}thing/{place}")
        yield Quad(thing, a, kinds[place % 20])
        yield Quad(thing, label, Literal(f"thing number {place}", language="en"))
        yield Quad(thing, label, Literal(f"Ding Nummer {place}", language="de"))
        yield Quad(thing, number, Literal(place))
        yield Quad(thing, link, NamedNode(f"{BASE}thing/{place * 7919 % (count // 5)}"))


def lookup(place: int) -> str:
    """A query with one row."""
    return f"SELECT ?l {{ <{BASE}thing/{place}> <{BASE}number> ?l }}"


CASES: tuple[tuple[str, Callable[[int], str], str, int], ...] = (
    ("one-row lookup", lookup, JSON, 2000),
    ("repeated lookup", lambda _: lookup(1), JSON, 2000),
    ("1,000 rows JSON", lambda n: f"SELECT * {{ ?s <{BASE}number> ?o }} OFFSET {n} LIMIT 1000", JSON, 100),
    ("100,000 rows JSON", lambda n: f"SELECT * {{ ?s <{BASE}number> ?o }} OFFSET {n} LIMIT 100000", JSON, 4),
    ("100,000 rows CSV", lambda n: f"SELECT * {{ ?s <{BASE}number> ?o }} OFFSET {n} LIMIT 100000", CSV, 4),
    (
        "100,000 triples Turtle",
        lambda n: f"CONSTRUCT {{ ?s <{BASE}number> ?o }} {{ ?s <{BASE}number> ?o }} OFFSET {n} LIMIT 100000",
        TURTLE,
        4,
    ),
)


def processes(root: int) -> list[int]:
    """A process and all below it."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
            parents.setdefault(parent, []).append(int(entry.name))
    found = [root]
    for one in found:
        found += parents.get(one, [])
    return found


def cpu(root: int) -> float:
    """Seconds of CPU that a process and those below it have used."""
    total = 0.0
    for one in processes(root):
        try:
            parts = (Path("/proc") / str(one) / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        total += sum(map(int, parts[11:15])) / _TICK
    return total


class Client:
    """One connection that stays open."""

    def __init__(self, url: str) -> None:
        self._address = urlsplit(url)
        self._connection = http.client.HTTPConnection(self._address.netloc, timeout=120)

    def ask(self, query: str, accept: str) -> int:
        """Asks, and returns the bytes of the answer."""
        path = f"{self._address.path}?{urlencode({'query': query})}"
        self._connection.request("GET", path, headers={"Accept": accept})
        response = self._connection.getresponse()
        body = response.read()
        if response.status != 200:
            raise RuntimeError(f"{response.status}: {body[:200]!r}")
        return len(body)


def measure(ask: Callable[[str, str], int], clock: Callable[[], float], name: str) -> None:
    """Prints a table of one way to be answered."""
    for case, query, accept, count in CASES:
        ask(query(0), accept)
        walls: list[float] = []
        before = clock()
        for number in range(1, count + 1):
            start = time.perf_counter()
            ask(query(number), accept)
            walls.append(time.perf_counter() - start)
        used = (clock() - before) / count * 1000
        walls.sort()
        median, late = statistics.median(walls) * 1000, walls[int(len(walls) * 0.99)] * 1000
        print(f"{name:18} {case:24} CPU {used:9.3f} ms   wall median {median:9.3f} ms   p99 {late:9.3f} ms", flush=True)


def in_process(store: Store) -> Callable[[str, str], int]:
    """The engine without any server."""

    def ask(query: str, accept: str) -> int:
        answer = store.query(query)
        if isinstance(answer, QueryTriples):
            return len(serialize(answer, format=RdfFormat.TURTLE) or b"")
        syntax = QueryResultsFormat.CSV if accept == CSV else QueryResultsFormat.JSON
        return len(answer.serialize(format=syntax) or b"")

    return ask


@contextmanager
def server(command: list[str], url: str) -> Iterator[int]:
    """A server as long as it is needed; gives its process id when it answers."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603
    try:
        for _ in range(600):
            try:
                Client(url).ask("ASK {}", JSON)
                break
            except (OSError, RuntimeError, http.client.HTTPException):
                time.sleep(0.2)
        yield process.pid
    finally:
        process.terminate()
        process.wait(30)


def mixed(url: str, seconds: float) -> None:
    """Lookups beside four clients that ask what has no end."""
    product = " ".join(f"VALUES ?v{i} {{ {' '.join(map(str, range(200)))} }}" for i in range(6))
    hostile = (
        f"SELECT (COUNT(*) AS ?n) {{ {product} }}",
        f"SELECT * {{ {product} }} ORDER BY ?v0",
        "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?a",
        "SELECT DISTINCT ?a ?d { ?a ?b ?c . ?d ?e ?f }",
    )
    end = time.monotonic() + seconds

    def attack(query: str) -> None:
        while time.monotonic() < end:
            try:
                Client(url).ask(query, JSON)
            except (OSError, RuntimeError, http.client.HTTPException):
                time.sleep(0.01)

    threads = [threading.Thread(target=attack, args=(query,)) for query in hostile]
    for thread in threads:
        thread.start()
    client, walls, failed, number = Client(url), [], 0, 10_000
    while time.monotonic() < end:
        number += 1
        start = time.perf_counter()
        try:
            client.ask(lookup(number), JSON)
        except (OSError, RuntimeError, http.client.HTTPException):
            failed, client = failed + 1, Client(url)
        walls.append((time.perf_counter() - start) * 1000)
    for thread in threads:
        thread.join()
    walls.sort()
    print(
        f"beside a hostile mix: {len(walls)} lookups, {failed} failed, median {statistics.median(walls):.1f} ms, "
        f"p99 {walls[int(len(walls) * 0.99)]:.1f} ms, longest {walls[-1]:.1f} ms"
    )


def main() -> None:
    """Measures all that there is."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--triples", type=int, default=1_000_000)
    parser.add_argument("--others", action="store_true")
    parser.add_argument("--port", type=int, default=7490)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "oxigraph"
        store = Store(str(data))
        store.bulk_extend(triples(options.triples))
        store.flush()
        measure(in_process(store), time.process_time, "in-process")
        store.dump(str(Path(folder) / "data.nt"), RdfFormat.N_TRIPLES, from_graph=DefaultGraph())
        del store
        url = f"http://127.0.0.1:{options.port}/sparql"
        ours = [sys.executable, "-m", "aigraph", "serve", "--plain", "--port", str(options.port), str(data)]
        with server(ours, url) as process:
            measure(Client(url).ask, lambda: cpu(process), "aigraph")
            mixed(url, 25)
        if options.others:
            others = {
                "oxigraph serve": ["oxigraph", "serve-read-only", "--location", str(data), "--bind"],
                "rdflib-endpoint": ["rdflib-endpoint", "serve", "--store", "Oxigraph", str(Path(folder) / "data.nt")],
            }
            for name, command in others.items():
                if shutil.which(command[0]) is None:
                    print(f"{name} is not installed")
                    continue
                tail = [f"127.0.0.1:{options.port}"] if name.startswith("oxi") else ["--port", str(options.port)]
                address = url.replace("/sparql", "/query") if name.startswith("oxi") else url.replace("/sparql", "/")
                with server([*command, *tail], address) as process:
                    measure(Client(address).ask, lambda: cpu(process), name)


if __name__ == "__main__":
    main()
