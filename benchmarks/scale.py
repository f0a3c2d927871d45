#!/usr/bin/env python3
"""What one article costs in stores of several sizes, and what such stores cost: time, memory, bytes, canned queries.

    python benchmarks/scale.py FOLDER [--counts 100 1000 10000] [--read 200] [--articles 5] [--queries]

Made-up articles (`corpus.py`) are read once, and stores of so many are made of their graphs (`shards.py`), each
in a process of its own, by the code that a build uses; all stays in FOLDER for the next time. Then some articles from
among those of each store are removed, added again, replaced by another text, and put back: processor time for each
thousand of their triples, derived graphs included, as medians. The last state must have the id of the first. With
`--queries` every canned query is asked too (`canned.py`). Tables in Markdown go to standard output.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from building import bytes_below, table
from canned import made, report
from pyoxigraph import NamedNode, RdfFormat, parse
from shards import Shards, recorded

from aigraph.pipeline import Pipeline
from aigraph.queries import load_queries
from aigraph.resources import folder
from aigraph.store import open_latest, open_writer
from aigraph.vocab import DEFAULT_BASE

Figures = dict[str, Any]


def _made(place: Path, count: int, read: int) -> Figures:
    """Make a store, in a process of its own."""
    if not (place / "read").exists():
        made(place, 1, read)  # what is read is no part of it
    steps: dict[str, float] = {}
    store = made(place, count, read, steps)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    with open_latest(store) as reader:
        quads = len(reader)
    spent = {f"{step} (s)": round(seconds, 1) for step, seconds in steps.items()}
    return {"quads": quads, "MB on disk": bytes_below(store / "data") >> 20, **spent, "MB of memory": memory}


def changing(place: Path, count: int, articles: int) -> Figures:
    """Milliseconds for each thousand triples of articles among so many that go, come and are replaced."""
    pipe = Pipeline(DEFAULT_BASE)
    with open_latest(place / "read") as reader:
        shards = Shards(recorded(reader), pipe.iris)
    times: dict[str, list[float]] = defaultdict(list)
    with open_writer(place / str(count), base=DEFAULT_BASE) as writer:
        before = writer.commit().id

        def change(kind: str, graph: NamedNode, lines: bytes, triples: int) -> None:
            quads = list(parse(lines, RdfFormat.N_QUADS))
            started = time.process_time()
            writer.follow(pipe.derivations, pipe.propositions)
            writer.replace_graph(graph, quads)
            writer.derive(pipe.derivations, pipe.propositions)
            note(kind, started, triples / 1000)

        def note(kind: str, started: float, share: float) -> None:
            times[kind].append((time.process_time() - started) * 1000 / share)
            print(count, kind, round(times[kind][-1]), file=sys.stderr, flush=True)

        for turn in range(articles):
            number = (2 * turn + 1) * count // (2 * articles)
            graph, lines = shards.article(number)
            _, others = shards.article(number, 1)
            triples, instead = lines.count(b"\n"), others.count(b"\n")
            change("removed", graph, b"", triples)
            change("added", graph, lines, triples)
            change("replaced", graph, others, instead)
            started = time.process_time()
            writer.commit()
            note("published", started, 1)
            change("put back", graph, lines, triples)
        same = writer.commit().id == before
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    medians = {f"{kind} (ms)": round(statistics.median(every)) for kind, every in times.items()}
    return {**medians, "same in the end": same, "MB of memory for changes": memory}


def apart(work: Callable[..., Figures], *given: object) -> Figures:
    """What some work gives that is done in a process of its own, so that its memory can be told."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(work, *given).result()


def figures(place: Path, count: int, read: int, articles: int) -> Figures:
    """All figures of a store but those of queries; what making it took is remembered beside it."""
    noted = place / f"{count}.json"
    if not noted.exists():
        noted.write_text(json.dumps(apart(_made, place, count, read)), encoding="utf-8")
    return {
        **json.loads(noted.read_text(encoding="utf-8")),
        **(apart(changing, place, count, articles) if articles else {}),
    }


def main() -> None:
    """Make what is missing, change, ask, and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--counts", type=int, nargs="+", default=[100, 1000])
    parser.add_argument("--read", type=int, default=200)
    parser.add_argument("--articles", type=int, default=5)
    parser.add_argument("--queries", action="store_true")
    args = parser.parse_args()
    args.folder.mkdir(parents=True, exist_ok=True)
    found = {count: figures(args.folder, count, args.read, args.articles) for count in args.counts}
    names = dict.fromkeys(name for each in found.values() for name in each)
    rows = [[name, *(each.get(name, "") for each in found.values())] for name in names]
    print(table([["articles", *(f"{count:,}" for count in found)], *rows]))
    if args.queries:
        stores = {count: args.folder / str(count) for count in args.counts}
        print(f"\n{report(stores, load_queries(folder('queries')), {})}")


if __name__ == "__main__":
    main()
