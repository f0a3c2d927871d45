#!/usr/bin/env python3
"""How long the derived graphs take: made anew, and kept up to date when one article comes, changes or goes.

    .venv/bin/python benchmarks/derive.py [ARTICLES] [--anew]

2,000 made-up articles unless another number is given; the store is made in a temporary folder. With `--anew` nothing
is changed afterwards. What reading takes is measured on the shipped articles, so that the share of the derived graphs
in a build of so many can be told. All times are processor time of this one process.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from generated import Generator
from pyoxigraph import Store

from aigraph import articles
from aigraph.ontology import load_ontology
from aigraph.pipeline import Pipeline, derivations
from aigraph.propositions import PropositionGraph
from aigraph.reasoning import derivation_rules
from aigraph.store import Writer, open_writer
from aigraph.vocab import Iris

IRIS = Iris()
REPEATS = 5
SEEDS = Path(__file__).resolve().parents[1] / "seeds"
STEPS = derivations(derivation_rules(), IRIS)


def fill(folder: Path, generator: Generator, count: int) -> None:
    """Make a store of the ontology and some articles, without derived graphs."""
    with open_writer(folder, base=IRIS.base):
        pass
    store = Store(str(folder / "data"))
    store.bulk_extend(load_ontology().quads(IRIS.graph("ontology")))
    store.bulk_extend(quad for number in range(count) for quad in generator.article(number)[1])
    store.flush()


def timed(what: str, work: Callable[[], object]) -> float:
    """Run something, print how long it took, and give the processor time."""
    started, used = time.monotonic(), time.process_time()
    work()
    used = time.process_time() - used
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    passed = time.monotonic() - started
    print(f"{what:<32} {used:8.2f} s of processor time, {passed:8.2f} s; {most:,.0f} MB at most so far", flush=True)
    return used


def reading() -> float:
    """What one of the shipped articles takes to be read, on average."""
    pipeline = Pipeline(IRIS.base)
    sources = [article for path in articles.find_sources([SEEDS]) for article in articles.read(path)]
    pipeline.read(sources[0])  # what is loaded on first use
    return timed(f"reading {len(sources)} articles", lambda: [pipeline.read(each) for each in sources]) / len(sources)


def changed(writer: Writer, change: Callable[[], object]) -> Callable[[], None]:
    """A change of one article with what it asks of the derived graphs."""

    def work() -> None:
        propositions = PropositionGraph(IRIS)
        writer.follow(STEPS, propositions)
        change()
        started = time.process_time()
        writer._compute(propositions)
        print(f"    of which for propositions {time.process_time() - started:8.2f} s")
        writer.derive(STEPS)

    return work


def changes(writer: Writer, generator: Generator, count: int) -> None:
    """Add, replace and remove an article, some times each."""
    for more in range(REPEATS):
        added, replaced = generator.article(count + more), generator.article(more, 1)
        timed("one article added", changed(writer, partial(writer.replace_graph, *added)))
        timed("one article replaced", changed(writer, partial(writer.replace_graph, *replaced)))
        gone, _ = generator.article(count // 2 + more)
        timed("one article removed", changed(writer, partial(writer.remove_graph, gone)))


def main(count: int, *, anew: bool) -> None:
    """Measure and print."""
    generator = Generator(IRIS)
    with tempfile.TemporaryDirectory(prefix="aigraph-") as place:
        folder = Path(place) / "store"
        fill(folder, generator, count)
        with open_writer(folder, base=IRIS.base) as writer:
            derived = timed("entities and facts anew", lambda: writer.derive(STEPS))
            joined = timed("propositions anew", lambda: writer._compute(PropositionGraph(IRIS)))
            print(
                f"{len(writer):,} quads, {sum(1 for _ in writer.quads(PropositionGraph(IRIS).graph)):,} of propositions"
            )
            if not anew:
                writer.commit()
                changes(writer, generator, count)
                timed("hash of the whole store", writer.canonical_hash)
                timed("publishing, the hash included", writer.commit)
                kept = writer.canonical_hash()
                writer.derive(STEPS, PropositionGraph(IRIS))
                print("the same as made anew" if writer.canonical_hash() == kept else "NOT the same as made anew")
    whole = count * reading() + derived + joined
    print(f"of {count:,} articles' build: propositions {joined / whole:.1%}, entities and facts {derived / whole:.1%}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", type=int, nargs="?", default=2000)
    parser.add_argument("--anew", action="store_true", help="change nothing afterwards")
    options = parser.parse_args()
    main(options.articles, anew=options.anew)
