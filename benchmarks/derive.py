"""How long the derived graphs take: made anew, and kept up to date when one article comes, changes or goes.

python benchmarks/derive.py [ARTICLES]      2,000 unless given; the store is made in a temporary folder
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from generated import Generator
from pyoxigraph import Store

from aigraph.ontology import load_ontology
from aigraph.pipeline import derivations
from aigraph.propositions import PropositionGraph
from aigraph.reasoning import derivation_rules
from aigraph.store import Writer, open_writer
from aigraph.vocab import Iris

IRIS = Iris()
REPEATS = 5
STEPS = derivations(derivation_rules(), IRIS)


def fill(folder: Path, generator: Generator, count: int) -> None:
    """Make a store of the ontology and some articles, without derived graphs."""
    with open_writer(folder, base=IRIS.base):
        pass
    store = Store(str(folder / "data"))
    store.bulk_extend(load_ontology().quads(IRIS.graph("ontology")))
    store.bulk_extend(quad for number in range(count) for quad in generator.article(number)[1])
    store.flush()


def timed(what: str, work: Callable[[], object]) -> None:
    """Run something and print how long it took."""
    started, used = time.monotonic(), time.process_time()
    work()
    used = time.process_time() - used
    print(f"{what:<40} {used:8.2f} s of processor time, {time.monotonic() - started:8.2f} s", flush=True)


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


def main(count: int) -> None:
    """Measure and print."""
    generator = Generator(IRIS)
    with tempfile.TemporaryDirectory(prefix="aigraph-") as place:
        folder = Path(place) / "store"
        fill(folder, generator, count)
        with open_writer(folder, base=IRIS.base) as writer:
            timed("entities and facts anew", lambda: writer.derive(STEPS))
            timed("propositions anew", lambda: writer._compute(PropositionGraph(IRIS)))
            writer.commit()
            for more in range(REPEATS):
                timed(
                    "one article added",
                    changed(writer, partial(writer.replace_graph, *generator.article(count + more))),
                )
                timed(
                    "one article replaced", changed(writer, partial(writer.replace_graph, *generator.article(more, 1)))
                )
                gone, _ = generator.article(count // 2 + more)
                timed("one article removed", changed(writer, partial(writer.remove_graph, gone)))
            timed("hash of the whole store", writer.canonical_hash)
            timed("publishing, the hash included", writer.commit)
            print(f"{len(writer):,} quads")
            kept = writer.canonical_hash()
            writer.derive(STEPS, PropositionGraph(IRIS))
            print("the same as made anew" if writer.canonical_hash() == kept else "NOT the same as made anew")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000)
