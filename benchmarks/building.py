#!/usr/bin/env python3
"""How building behaves with the number of articles: time, memory, bytes, updates, queries.

    python benchmarks/building.py OUTPUT [--counts 100 1000] [--processes 1 2] [--shards 10000]

For each count a made-up corpus (`corpus.py`) is built in a temporary folder, and measured:
reading by stage, building with each number of processes, building again (nothing changed; into an empty store with the
stages kept), a first load against `bulk_load` of the same quads, one article added, replaced and removed, publishing,
and every canned query with its examples. With `--shards`, stores of so many articles are made of the graphs that the
last corpus gave (`shards.py`): loading, deriving, changing, publishing and asking them. OUTPUT gets `building.json`,
`building.md` and `building.svg`.
Times are processor time unless called wall: that of this process, or with its children where others read.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from corpus import Corpus
from pyoxigraph import NamedNode, Quad, RdfFormat, Store, parse
from shards import Shards, recorded

from aigraph import articles, formats, pipeline
from aigraph.errors import QueryTimeout
from aigraph.graph import GraphBuilder
from aigraph.queries import CannedQuery, bind, load_queries
from aigraph.resources import folder
from aigraph.store import QueryPool, Writer, open_latest, open_writer
from aigraph.vocab import DEFAULT_BASE

STAGED = 40  # articles of which each stage is timed
REPEATS = 5
PATIENCE = 60.0  # seconds that a canned query may take
Figures = dict[str, Any]


def used() -> float:
    """Processor time of this process and of the children that have ended."""
    own, others = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime


@contextmanager
def timed(into: Figures, name: str) -> Iterator[None]:
    """Put the processor time and the wall time of what is done into the figures."""
    before, started = used(), time.monotonic()
    yield
    into[name] = {"cpu": round(used() - before, 3), "wall": round(time.monotonic() - started, 3)}
    print(f"  {name}: {into[name]}", flush=True)


def bytes_below(place: Path) -> int:
    """The size of all files of a folder."""
    return sum(path.stat().st_size for path in place.rglob("*") if path.is_file())


def stages(sources: Sequence[Path]) -> Figures:
    """Seconds an article that each stage takes, in one process; triples and bytes by kind."""
    made = pipeline.Pipeline(DEFAULT_BASE)
    _ = made.documents, made.mentions
    times = dict.fromkeys(("file", "document", "mentions", "facts", "quads"), 0.0)
    triples = characters = 0
    kinds: dict[str, int] = {}
    nodes: dict[str, int] = {}

    (finder,) = made.extractors
    builder: GraphBuilder = made._builder

    def step(name: str, work: Callable[..., Any], *given: Any) -> Any:
        before = time.process_time()
        result = work(*given)
        times[name] += time.process_time() - before
        return result

    for source in sources:
        (article,) = step("file", articles.read, source)
        document = step("document", made.documents.read, article)
        mentions = step("mentions", made.mentions.find, document)
        facts = step("facts", finder.find, document, mentions)
        quads = step("quads", builder.article_quads, document, mentions, facts)
        triples += len(quads)
        characters += len(article.text)
        for quad in quads:
            kind = str(quad.predicate.value).rpartition("/")[2].rpartition("#")[2]
            kinds[kind] = kinds.get(kind, 0) + len(str(quad))
            node = quad.subject.value.partition("/id/")[2].partition("/")[0] or "article"
            nodes[node] = nodes.get(node, 0) + len(str(quad))
    count = len(sources)
    largest = sorted(kinds.items(), key=lambda item: -item[1])[:12]
    return {
        "seconds": {name: round(seconds / count, 4) for name, seconds in times.items()},
        "articles_per_second": round(count / sum(times.values()), 2),
        "share": {name: round(seconds / sum(times.values()), 3) for name, seconds in times.items()},
        "triples": round(triples / count),
        "characters": round(characters / count),
        "bytes_by_property": {name: round(size / count) for name, size in largest},
        "bytes_by_kind": {name: round(size / count) for name, size in sorted(nodes.items(), key=lambda x: -x[1])},
    }


Made = Callable[[int, int], tuple[NamedNode, Sequence[Quad]]]
"""The graph of an article by its number and the variant of its text, and what it holds."""


def updates(store: Path, count: int, made_of: Made) -> Figures:
    """Milliseconds for each thousand triples of one article added, replaced and removed, derived graphs included."""
    made = pipeline.Pipeline(DEFAULT_BASE)
    figures: dict[str, list[float]] = {"added": [], "replaced": [], "removed": []}
    publishing: list[float] = []
    with open_writer(store, base=DEFAULT_BASE) as writer:

        def change(kind: str, work: Callable[[Writer], object], triples: int) -> None:
            before = time.process_time()
            writer.follow(made.derivations, made.propositions)
            work(writer)
            writer.derive(made.derivations, made.propositions)
            figures[kind].append((time.process_time() - before) * 1000 / (triples / 1000))

        for turn in range(REPEATS):
            graph, quads = made_of(count + turn, 0)
            change("added", lambda w, g=graph, q=quads: w.replace_graph(g, q), len(quads))
            _, other = made_of(count + turn, 1)
            change("replaced", lambda w, g=graph, q=other: w.replace_graph(g, q), len(other))
            before = time.process_time()
            writer.commit()
            publishing.append(time.process_time() - before)
            change("removed", lambda w, g=graph: w.remove_graph(g), len(other))
        writer.commit()
    return {
        **{f"{kind}_ms_per_1000": round(statistics.median(values), 1) for kind, values in figures.items()},
        "publishing_s": round(statistics.median(publishing), 3),
    }


def reading(corpus: Corpus, scratch: Path) -> Made:
    """Articles of a corpus, read when they are asked for."""
    made = pipeline.Pipeline(DEFAULT_BASE)

    def read(number: int, variant: int) -> tuple[NamedNode, Sequence[Quad]]:
        name, text = corpus.article(number, variant)
        (scratch / name).write_text(text, encoding="utf-8")
        (article,) = articles.read(scratch / name)
        return made.iris.graph(article.identifier), made.read(article).quads

    return read


def loading(store: Path, scratch: Path) -> Figures:
    """A first load through the writer, against `bulk_load` of the same quads in one go."""
    with open_latest(store) as reader:
        graphs = [graph for graph in reader.graphs() if "/graph/made-" in graph.value]
        parts = [(graph, b"".join(f"{quad} .\n".encode() for quad in reader.quads(graph))) for graph in graphs]
    quads = sum(lines.count(b"\n") for _, lines in parts)
    figures: Figures = {"quads": quads}
    raw = Store(str(scratch / "raw"))
    whole = b"".join(lines for _, lines in parts)
    with timed(figures, "raw bulk_load"):
        raw.bulk_load(whole, format=RdfFormat.N_QUADS)
        raw.flush()
    with open_writer(scratch / "ours") as writer, timed(figures, "first load"):
        for first in range(0, len(parts), 50):
            batch = parts[first : first + 50]
            writer.load([graph for graph, _ in batch], b"".join(lines for _, lines in batch))
    some = parts[:50]
    with open_writer(scratch / "single") as writer, timed(figures, "50 articles one by one"):
        for graph, lines in some:
            writer.replace_graph(graph, parse(lines, RdfFormat.N_QUADS))
    figures["share_of_raw"] = round(figures["raw bulk_load"]["cpu"] / figures["first load"]["cpu"], 2)
    return figures


def asked(store: Path) -> dict[str, Figures]:
    """Milliseconds by the clock and rows of every canned query in a query worker, with its examples for parameters."""
    found: dict[str, Figures] = {}
    with QueryPool(store, timeout=PATIENCE) as pool:
        pool.query("ASK {}")
        for name, query in load_queries(folder("queries")).items():
            for values in cases(query):
                told = " ".join([name, *(f"{key}={value}" for key, value in values.items())])
                text = bind(query, values)
                started = time.monotonic()
                try:
                    answer = pool.query(text, solutions_format=formats.TSV)
                except QueryTimeout:
                    found[told] = {"ms": PATIENCE * 1000, "rows": None}
                    continue
                spent = (time.monotonic() - started) * 1000
                found[told] = {"ms": round(spent, 1), "rows": answer.content.count(b"\n") - 1}
    return found


def cases(query: CannedQuery) -> list[dict[str, str]]:
    """The ways to ask a query: with what it requires alone, and with each of what it may take."""
    required = {p.name: p.examples[0] for p in query.parameters if p.required}
    optional = [{**required, p.name: p.examples[0]} for p in query.parameters if not p.required and p.examples]
    return [required, *optional] if required or not optional else optional


def measure(count: int, processes: Sequence[int], scratch: Path) -> Figures:
    """All figures of one number of articles."""
    print(f"{count} articles", flush=True)
    corpus = Corpus()
    corpus.write(scratch / "in", range(count))
    sources = articles.find_sources([scratch / "in"])
    figures: Figures = {"articles": count, "input_bytes": bytes_below(scratch / "in")}
    figures["stages"] = stages(sources[:STAGED])
    store, cache = scratch / "store", scratch / "cache"
    ids = set()
    for number in processes:
        shutil.rmtree(store, ignore_errors=True)
        shutil.rmtree(cache, ignore_errors=True)
        with timed(figures, f"build, {number} processes"):
            pipeline.build([scratch / "in"], store, base=DEFAULT_BASE, processes=number, cache=cache)
        with open_latest(store) as reader:
            figures["quads"] = len(reader)
            ids.add(reader.canonical_hash())
    figures["one hash"] = len(ids) == 1
    figures["memory_mb"] = {
        "writing": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10,
        "reading": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss >> 10,
    }
    figures["store_bytes"], figures["cache_bytes"] = bytes_below(store / "data"), bytes_below(cache)
    with timed(figures, "again, nothing changed"):
        pipeline.build([scratch / "in"], store, base=DEFAULT_BASE, processes=processes[-1], cache=cache)
    with timed(figures, "into an empty store, stages kept"):
        kept = scratch / "kept"
        pipeline.build([scratch / "in"], kept, base=DEFAULT_BASE, processes=processes[-1], cache=cache)
    names = scratch / "mine.yaml"
    names.write_text("type: Company\nentries:\n  - name: Corvane Semiconductor\n", encoding="utf-8")
    with timed(figures, "after a change of knowledge"):
        pipeline.build(
            [scratch / "in"], kept, base=DEFAULT_BASE, processes=processes[-1], cache=cache, knowledge_folders=[names]
        )
    figures["loading"] = loading(store, scratch)
    figures["updates"] = updates(store, count, reading(corpus, scratch))
    figures["queries"] = asked(store)
    return figures


def measure_shards(count: int, graphs: Sequence[bytes], scratch: Path) -> Figures:
    """What can be measured without reading, of a store of so many articles made of recorded graphs."""
    print(f"{count} articles out of {len(graphs)}", flush=True)
    made, store = pipeline.Pipeline(DEFAULT_BASE), scratch / "store"
    shards = Shards(graphs, made.iris)
    scratch.mkdir()
    figures: Figures = {"articles": count, "recorded": len(graphs)}
    with open_writer(store, base=DEFAULT_BASE) as writer:
        with timed(figures, "load"):  # with the making of the shards
            for names, lines in shards.batches(count):
                writer.load(names, lines)
        for graph, quads in made.reference_quads().items():
            writer.replace_graph(graph, quads)
        with timed(figures, "derive"):
            writer.derive(made.derivations, made.propositions)
        with timed(figures, "publish"):
            writer.commit()
        figures["quads"] = len(writer)
    figures["store_bytes"] = bytes_below(store / "data")
    figures["memory_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10

    def parsed(number: int, variant: int) -> tuple[NamedNode, Sequence[Quad]]:
        graph, lines = shards.article(number, variant)
        return graph, list(parse(lines, RdfFormat.N_QUADS))

    figures["updates"] = updates(store, count, parsed)
    figures["queries"] = asked(store)
    return figures


def report_shards(results: Sequence[Figures]) -> str:
    """The figures of stores made of recorded graphs, as Markdown."""
    rows = [
        ["articles", *(f"{each['articles']:,}" for each in results)],
        ["quads", *(f"{each['quads']:,}" for each in results)],
        ["bytes an article in the store", *(f"{e['store_bytes'] // e['articles']:,}" for e in results)],
        *(
            [f"{name} (cpu s / wall s)", *(f"{e[name]['cpu']} / {e[name]['wall']}" for e in results)]
            for name in ("load", "derive", "publish")
        ),
        ["memory (MB)", *(each["memory_mb"] for each in results)],
        *([name, *(each["updates"][name] for each in results)] for name in results[0]["updates"]),
    ]
    return f"\nStores made of recorded graphs:\n\n{table(rows)}\n\n{slow(results[-1])}"


def table(rows: Sequence[Sequence[object]]) -> str:
    """Rows as a Markdown table; the first is the head."""
    lines = [f"| {' | '.join(map(str, row))} |" for row in rows]
    lines.insert(1, f"|{'---|' * len(rows[0])}")
    return "\n".join(lines)


def slow(last: Figures) -> str:
    """The slowest canned queries of a store."""
    slowest = sorted(last["queries"].items(), key=lambda item: -item[1]["ms"])[:10]
    rows = [["query", "ms", "rows"], *([name, each["ms"], each["rows"]] for name, each in slowest)]
    return f"Slowest canned queries at {last['articles']:,} articles:\n\n{table(rows)}\n"


def report(results: Sequence[Figures]) -> str:
    """The figures as Markdown."""
    names = [name for name, value in results[0].items() if isinstance(value, dict) and "cpu" in value]
    rows = [
        ["articles", *(f"{each['articles']:,}" for each in results)],
        ["quads", *(f"{each['quads']:,}" for each in results)],
        *([f"{name} (cpu s / wall s)", *(f"{e[name]['cpu']} / {e[name]['wall']}" for e in results)] for name in names),
        ["articles a second and core, reading", *(each["stages"]["articles_per_second"] for each in results)],
        *(
            [f"share of {stage}", *(f"{each['stages']['share'][stage]:.0%}" for each in results)]
            for stage in results[0]["stages"]["share"]
        ),
        [
            "memory of the writing / a reading process (MB)",
            *(f"{e['memory_mb']['writing']} / {e['memory_mb']['reading']}" for e in results),
        ],
        [
            "bytes an article in the store / kept stages",
            *(f"{e['store_bytes'] // e['articles']:,} / {e['cache_bytes'] // e['articles']:,}" for e in results),
        ],
        ["first load, share of the speed of bulk_load", *(each["loading"]["share_of_raw"] for each in results)],
        *([name, *(each["updates"][name] for each in results)] for name in results[0]["updates"]),
        ["canned queries over 100 ms", *(sum(q["ms"] > 100 for q in each["queries"].values()) for each in results)],
    ]
    last = results[-1]
    parts = last["stages"]
    told = f"Bytes an article by property: {parts['bytes_by_property']}; by kind of node: {parts['bytes_by_kind']}"
    return f"{table(rows)}\n\n{slow(last)}\n{told}\n"


def plot(results: Sequence[Figures]) -> str:
    """What one article costs a store of each size, as bars."""
    kinds = ("added_ms_per_1000", "replaced_ms_per_1000", "removed_ms_per_1000")
    most = max(each["updates"][kind] for each in results for kind in kinds) or 1.0
    bars, y = [], 40
    for each in results:
        bars.append(f'<text x="10" y="{y}" font-weight="bold">{each["articles"]:,} articles</text>')
        for kind in kinds:
            y += 22
            value = each["updates"][kind]
            bars.append(f'<text x="20" y="{y}">{kind.partition("_")[0]}</text>')
            bars.append(f'<rect x="110" y="{y - 12}" width="{value / most * 400:.0f}" height="15" fill="#4a7"/>')
            bars.append(f'<text x="{115 + value / most * 400:.0f}" y="{y}">{value}</text>')
        y += 34
    title = '<text x="10" y="18">Milliseconds of processor time for 1,000 triples of one article</text>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="620" height="{y}" font-family="sans-serif" font-size="13">'
        f"{title}{''.join(bars)}</svg>\n"
    )


def main() -> None:
    """Measure, and write the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("output", type=Path)
    parser.add_argument("--counts", type=int, nargs="+", default=[100, 1000])
    parser.add_argument("--processes", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--shards", type=int, nargs="*", default=[])
    args = parser.parse_args()
    results, sharded = [], []
    with tempfile.TemporaryDirectory(prefix="aigraph-") as place:
        for count in args.counts:
            results.append(measure(count, args.processes, Path(place) / str(count)))
        with open_latest(Path(place) / str(args.counts[-1]) / "store") as reader:
            graphs = recorded(reader)
        for count in args.shards:
            sharded.append(measure_shards(count, graphs, Path(place) / f"shards-{count}"))
            shutil.rmtree(Path(place) / f"shards-{count}")
    args.output.mkdir(parents=True, exist_ok=True)
    machine = {"processors": os.cpu_count(), "machine": platform.machine(), "python": platform.python_version()}
    told = json.dumps({"machine": machine, "results": results, "shards": sharded}, indent=1)
    (args.output / "building.json").write_text(told + "\n", encoding="utf-8")
    summary = report(results) + (report_shards(sharded) if sharded else "")
    (args.output / "building.md").write_text(summary, encoding="utf-8")
    (args.output / "building.svg").write_text(plot([*results, *sharded]), encoding="utf-8")
    print(summary)


if __name__ == "__main__":
    main()
