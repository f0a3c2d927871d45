#!/usr/bin/env python3
"""What every canned query takes, in stores of several sizes, and whether other forms of the queries answer the same.

    python benchmarks/canned.py FOLDER [--counts 200 1000] [--read 100] [--before QUERIES] [--only NAME …]

Made-up articles (`corpus.py`) are read once, and stores of so many articles are made of their graphs (`shards.py`); all
stays in FOLDER for the next time. Each query is asked in this process with its examples for parameters, with what few
articles tell of, and as it is where it needs none; the least processor time of three runs counts (of one, where that
takes over two seconds). With `--before`, a folder of older query files, these are asked too, and queries whose rows
differ are named. A table in Markdown goes to standard output, each figure as it comes to standard error.
"""

from __future__ import annotations

import argparse
import io
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from building import cases, table
from corpus import Corpus
from pyoxigraph import QueryBoolean, QueryResultsFormat, QuerySolutions, RdfFormat, serialize
from shards import Shards, recorded

from aigraph import pipeline
from aigraph.queries import CannedQuery, bind, load_queries
from aigraph.resources import folder
from aigraph.store import Reader, open_latest, open_writer
from aigraph.vocab import DEFAULT_BASE

SELDOM = {
    **dict.fromkeys(("about", "company", "thing"), "Dovgate Technologies"),
    **{"asof": "2026-01-20", "since": "2026-12-20", "claimant": "Kofi Petrov", "person": "Kofi Petrov"},
    **{"metric": "order backlog", "words": "Dovgate Tech", "year": "2031", "from": "2032"},
}
"""What few of the made-up articles tell of, however many there are: such answers must take no longer in more."""
RUNS = 3
LONG = 2.0  # seconds from which one run has to do


def made(place: Path, count: int, read: int, steps: dict[str, float] | None = None) -> Path:
    """A store of so many articles, made unless it is there; `steps` gets the processor time of each step."""
    store = place / str(count)
    if store.exists():
        return store
    source = place / "read"
    if not source.exists():
        Corpus().write(place / "in", range(read))
        pipeline.build([place / "in"], source, base=DEFAULT_BASE, processes=1, cache=place / "cache")
    with open_latest(source) as reader:
        graphs = recorded(reader)
    pipe = pipeline.Pipeline(DEFAULT_BASE)
    spent = {} if steps is None else steps
    with open_writer(store, base=DEFAULT_BASE) as writer:
        with timed(spent, "loading"):
            for names, lines in Shards(graphs, pipe.iris).batches(count):
                writer.load(names, lines)
        for graph, quads in pipe.reference_quads().items():
            writer.replace_graph(graph, quads)
        with timed(spent, "deriving"):
            writer.derive(pipe.derivations, pipe.propositions)
        with timed(spent, "publishing"):
            writer.commit()
    return store


@contextmanager
def timed(into: dict[str, float], name: str) -> Iterator[None]:
    """Note the processor time of what is done."""
    before = time.process_time()
    yield
    into[name] = time.process_time() - before
    print(f"{name}: {into[name]:,.1f} s", file=sys.stderr, flush=True)


def ways(query: CannedQuery) -> Iterator[Mapping[str, str]]:
    """The ways to ask a query: as it is where it needs nothing, with examples of each and all, with what is rare."""
    if not any(parameter.required for parameter in query.parameters):
        yield {}
    given: list[Mapping[str, str]] = [{}]
    examples = {parameter.name: parameter.examples[0] for parameter in query.parameters if parameter.examples}
    seldom = [{**way, **{name: SELDOM[name] for name in way if name in SELDOM}} for way in (*cases(query), examples)]
    iris = {parameter.name for parameter in query.parameters if parameter.variable.endswith("_iri")}
    for values in (*cases(query), examples, *(way for way in seldom if not iris & way.keys())):
        if values not in given:
            given.append(values)
            yield values


def asked(reader: Reader, query: CannedQuery, values: Mapping[str, str]) -> tuple[float, list[bytes]]:
    """Milliseconds of processor time for an answer, and its rows."""
    text, least = bind(query, values), float("inf")
    for _ in range(RUNS):
        before = time.process_time()
        answer, out = reader.query(text), io.BytesIO()
        if isinstance(answer, QuerySolutions | QueryBoolean):
            answer.serialize(out, QueryResultsFormat.TSV)
        else:
            serialize(answer, out, RdfFormat.N_TRIPLES)
        least = min(least, time.process_time() - before)
        if least > LONG:
            break
    rows = out.getvalue().splitlines()
    return least * 1000, rows[1:] if isinstance(answer, QuerySolutions) else sorted(rows)


def measured(
    reader: Reader, queries: Mapping[str, CannedQuery], older: Mapping[str, CannedQuery]
) -> Iterator[tuple[str, list[object]]]:
    """Each way to ask each query, with milliseconds of its older form if there is one, of its own, and rows."""
    for name, query in queries.items():
        for values in ways(query):
            told = " ".join([f"`{name}`", *(f"{key}={value}" for key, value in values.items())])
            figures: list[object] = []
            spent, rows = asked(reader, query, values)
            if name in older:
                earlier, expected = asked(reader, older[name], values)
                figures.append(f"{earlier:,.0f}")
                if rows != expected:
                    told += " (answers differ)"
            elif older:
                figures.append("")
            print(told, *figures, f"{spent:,.0f}", len(rows), file=sys.stderr, flush=True)
            yield told, [*figures, f"{spent:,.0f}", f"{len(rows):,}"]


def report(stores: Mapping[int, Path], queries: Mapping[str, CannedQuery], older: Mapping[str, CannedQuery]) -> str:
    """The figures of all stores as a Markdown table."""
    lines: dict[str, list[object]] = {}
    blank: list[object] = [""]
    columns: Sequence[str] = ("before", "ms", "rows") if older else ("ms", "rows")
    head = ["query", *(f"{column} at {count:,}" for count in stores for column in columns)]
    for turn, store in enumerate(stores.values()):
        with open_latest(store) as reader:
            for told, figures in measured(reader, queries, older):
                line = lines.setdefault(told, blank * (turn * len(columns)))
                lines[told] = [*line, *figures]
    return table([head, *([told, *figures] for told, figures in lines.items())])


def main() -> None:
    """Make what is missing, ask, and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--counts", type=int, nargs="+", default=[200, 1000])
    parser.add_argument("--read", type=int, default=100)
    parser.add_argument("--before", type=Path)
    parser.add_argument("--only", nargs="+")
    args = parser.parse_args()
    args.folder.mkdir(parents=True, exist_ok=True)
    stores = {count: made(args.folder, count, args.read) for count in args.counts}
    queries = load_queries(folder("queries"))
    queries = {name: query for name, query in queries.items() if not args.only or name in args.only}
    print(report(stores, queries, load_queries(args.before) if args.before else {}))


if __name__ == "__main__":
    main()
