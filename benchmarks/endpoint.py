"""Measures the endpoint beside others, in one run, on a made-up graph: time of the processor and of the clock.

    python benchmarks/endpoint.py [--triples 1000000] [--rounds 5] [--only aigraph] [--programs FOLDER]... [--json FILE]

The engine within this process and this endpoint are always there; besides, what is found on the PATH or in the folders
given: `oxigraph` (PyPI), a `python` that has rdflib-endpoint and oxrdflib (PyPI), `virtuoso-t` with `isql-vt` (Debian:
virtuoso-opensource). All limits of this endpoint are on. Processor time is that of all processes of a server (Linux).
All servers run at once and are asked in turns, a few requests each, so that what else the machine does meets all alike.
Every first answer is counted, so that nobody is fast by leaving rows out.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import platform
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path

import pyoxigraph
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, QueryResultsFormat, QueryTriples, RdfFormat, Store
from servers import BASE, JSON, SERVERS, Client, Made, Programs

CSV, TURTLE = "text/csv", "text/turtle"
_TICK = os.sysconf("SC_CLK_TCK")
_HOSTILE = 25.0  # seconds


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


# --- what is asked ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Case:
    """A kind of request: its queries by a number, the format, how many there are in a turn, and the rows of each."""

    name: str
    query: Callable[[int], str]
    accept: str
    requests: int
    rows: int


def lookup(place: int) -> str:
    """A query with one row."""
    return f"SELECT ?l {{ <{BASE}thing/{place}> <{BASE}number> ?l }}"


def cases(things: int) -> tuple[Case, ...]:
    """The kinds of requests, for a graph of so many things."""
    many = min(100_000, things // 2)
    pattern = f"{{ ?s <{BASE}number> ?o }}"
    return (
        Case("one-row lookup", lookup, JSON, 400, 1),
        Case("repeated lookup", lambda _: lookup(1), JSON, 400, 1),
        Case("1,000 rows JSON", lambda n: f"SELECT * {pattern} OFFSET {n} LIMIT 1000", JSON, 20, 1000),
        Case(f"{many:,} rows JSON", lambda n: f"SELECT * {pattern} OFFSET {n} LIMIT {many}", JSON, 1, many),
        Case(f"{many:,} rows CSV", lambda n: f"SELECT * {pattern} OFFSET {n} LIMIT {many}", CSV, 1, many),
        Case(
            f"{many:,} triples Turtle",
            lambda n: f"CONSTRUCT {pattern} {{ SELECT * {pattern} OFFSET {n} LIMIT {many} }}",
            TURTLE,
            1,
            many,
        ),
    )


def rows_of(body: bytes, accept: str) -> int:
    """How many rows or triples an answer has."""
    if accept == JSON:
        return len(json.loads(body)["results"]["bindings"])
    if accept == CSV:
        return len(body.splitlines()) - 1
    return sum(1 for _ in pyoxigraph.parse(body, RdfFormat.TURTLE))


# --- what it costs ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Figures:
    """Milliseconds a request: of the processor, and of the clock; `rows` are those of an answer."""

    cpu: float
    median: float
    p99: float
    rows: int


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
    """Seconds of the processor that a process and those below it have used."""
    total = 0.0
    for one in processes(root):
        try:
            parts = (Path("/proc") / str(one) / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        total += sum(map(int, parts[11:15])) / _TICK
    return total


def memory(root: int) -> float:
    """Megabytes that a process and those below it have had in memory at most, each by itself."""
    total = 0
    for one in processes(root):
        try:
            text = (Path("/proc") / str(one) / "status").read_text()
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in text.splitlines() if line.startswith("VmHWM"))
    return round(total / 1024)


class Measured:
    """One server (or the engine by itself): what it was asked so far, and what that took."""

    def __init__(
        self, ask: Callable[[str, str], bytes], clock: Callable[[], float], renew: Callable[[], None] | None = None
    ) -> None:
        self.ask = ask
        self._renew = renew
        self._clock = clock
        self._walls: dict[str, list[float]] = {}
        self._used: dict[str, float] = {}
        self._rows: dict[str, int] = {}

    def go_on(self, case: Case, requests: int) -> None:
        """Asks the next queries of a case one after the other."""
        walls = self._walls.setdefault(case.name, [])
        if self._renew:
            self._renew()
        if not walls:
            self._rows[case.name] = rows_of(self.ask(case.query(0), case.accept), case.accept)
        before = self._clock()
        for number in range(len(walls) + 1, len(walls) + requests + 1):
            start = time.perf_counter()
            self.ask(case.query(number), case.accept)
            walls.append((time.perf_counter() - start) * 1000)
        self._used[case.name] = self._used.get(case.name, 0.0) + self._clock() - before

    def figures(self) -> dict[str, Figures]:
        """The figures of all cases."""
        return {
            name: Figures(
                self._used[name] / len(walls) * 1000,
                statistics.median(walls),
                sorted(walls)[int(len(walls) * 0.99)],
                self._rows[name],
            )
            for name, walls in self._walls.items()
        }


def in_process(store: Store) -> Callable[[str, str], bytes]:
    """The engine without any server."""

    def ask(query: str, accept: str) -> bytes:
        answer = store.query(query)
        if isinstance(answer, QueryTriples):
            return answer.serialize(format=RdfFormat.TURTLE) or b""
        syntax = QueryResultsFormat.CSV if accept == CSV else QueryResultsFormat.JSON
        return answer.serialize(format=syntax) or b""

    return ask


# --- a hostile mix ------------------------------------------------------------------------------------------


def mixed(url: str, seconds: float) -> dict[str, float]:
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
    late = walls[int(len(walls) * 0.99)]
    return {"lookups": len(walls), "failed": failed, "median": statistics.median(walls), "p99": late, "max": walls[-1]}


# --- the report ---------------------------------------------------------------------------------------------


def table(results: dict[str, dict[str, Figures]], asked: tuple[Case, ...]) -> str:
    """All figures, as a table in Markdown: processor, and median and p99 of the clock."""
    lines = [
        "| ms a request: processor (median, p99) | " + " | ".join(results) + " |",
        "|---" * (len(results) + 1) + "|",
    ]
    for case in asked:
        cells = []
        for figures in results.values():
            one = figures.get(case.name)
            wrong = f" {one.rows:,} rows!" if one and one.rows != case.rows else ""
            cells.append(f"{one.cpu:.2f} ({one.median:.2f}, {one.p99:.2f}){wrong}" if one else "–")
        lines.append(f"| {case.name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def main() -> None:
    """Measures all that there is."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--triples", type=int, default=1_000_000)
    parser.add_argument("--port", type=int, default=7490)
    parser.add_argument("--programs", action="append", default=[], metavar="FOLDER")
    parser.add_argument("--only", action="append", default=[], choices=list(SERVERS))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--hostile", type=float, default=_HOSTILE, metavar="SECONDS")
    parser.add_argument("--json", type=Path, metavar="FILE")
    options = parser.parse_args()
    asked = cases(options.triples // 5)
    report: dict[str, object] = {
        "triples": options.triples,
        "machine": f"{os.cpu_count()} processors, {platform.machine()}, Python {platform.python_version()}",
        "load before": os.getloadavg()[0],
        "pyoxigraph": pyoxigraph.__version__,
    }
    programs = Programs(tuple(options.programs))
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        made = Made(Path(folder), options.port)
        store = Store(str(made.oxigraph))
        store.bulk_extend(triples(options.triples))
        store.flush()
        store.dump(str(made.lines), RdfFormat.N_TRIPLES, from_graph=DefaultGraph())
        del store
        measured = {"in-process": Measured(in_process(Store.read_only(str(made.oxigraph))), time.process_time)}
        roots: dict[str, tuple[str, int]] = {}
        for place, name in enumerate(options.only or SERVERS):
            server = stack.enter_context(SERVERS[name](replace(made, port=options.port + 2 * place), programs))
            if server is None:
                print(f"{name} is not installed", file=sys.stderr)
                continue
            roots[name] = server
            client = Client(server[0])
            measured[name] = Measured(client.ask, partial(cpu, server[1]), client.renew)
        for case in asked:
            for _ in range(options.rounds):
                for one in measured.values():
                    one.go_on(case, case.requests)
        results = {name: one.figures() for name, one in measured.items()}
        peaks = {name: memory(process) for name, (_, process) in roots.items()}
        if "aigraph" in roots and options.hostile:
            report["beside a hostile mix"] = mixed(roots["aigraph"][0], options.hostile)
            report["peak megabytes with the hostile mix"] = memory(roots["aigraph"][1])
    report["load after"] = os.getloadavg()[0]
    report |= {"peak megabytes": peaks, "ms": {k: {c: asdict(f) for c, f in v.items()} for k, v in results.items()}}
    print(table(results, asked))
    print(f"\nmegabytes at most: {peaks}\nbeside a hostile mix: {report.get('beside a hostile mix')}")
    if options.json:
        options.json.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
