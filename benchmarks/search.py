"""Measures search by words on made-up articles: `python benchmarks/search.py [--articles 2000] [--searches 1000]`.

2,000 articles of twenty claims each are about a million triples. Words are made up and drawn as in English, a few being
in most texts; names are of three thousand companies, of which some stand in nearly all articles. Printed are the time
to index everything, the size of the index, the time to bring it up to date after one article has changed, and how long
searches and suggestions take, by kind, as processor time and as time on the clock.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import accumulate
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad

from aigraph.search import Changes, write_index
from aigraph.store import Searcher, open_latest, open_writer
from aigraph.vocab import AIG, DCTERMS, OA, PROV, RDF, RDFS, SKOS, Iris

IRIS = Iris()
_SYLLABLES = "ba co di fu gra ho in ka le mi no pra qua re sta to ul ve wi xen yo zi chi lon ter sal mon per"
SYLLABLES = _SYLLABLES.split()
CLAIMS = 20


class Words:
    """Made-up words, drawn by Zipf's law."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.all = sorted({"".join(chance.choices(SYLLABLES, k=chance.randint(1, 4))) for _ in range(30_000)})
        chance.shuffle(self.all)
        self.names = [one.capitalize() for one in self.all[-3000:]]
        self._weights = list(accumulate(1 / (rank + 8) for rank in range(len(self.all))))
        self._named = list(accumulate(1 / (rank + 3) for rank in range(len(self.names))))

    def text(self, count: int) -> str:
        """Some words."""
        return " ".join(self.chance.choices(self.all, cum_weights=self._weights, k=count))

    def name(self) -> str:
        """A company."""
        return self.chance.choices(self.names, cum_weights=self._named)[0]


def article(words: Words, name: str) -> list[Quad]:
    """The graph of an article."""
    graph, node = IRIS.graph(name), IRIS.article(name)
    day = date(2020, 1, 1) + timedelta(words.chance.randrange(2000))
    found: list[tuple[NamedNode, NamedNode, NamedNode | Literal]] = [
        (node, RDF.type, AIG.Article),
        (node, DCTERMS.title, Literal(f"{words.name()} {words.text(8)}")),
        (node, DCTERMS.issued, Literal(day.isoformat())),
    ]
    sentences = []
    for number in range(CLAIMS):
        company = words.name()
        clause = f"{company} {words.text(14)}"
        sentence = f"{words.text(8)} {clause}"
        sentences.append(sentence)
        claim, evidence, quote, place = (
            IRIS.part(kind, name, number) for kind in ("Claim", "Evidence", "Quote", "Place")
        )
        thing, mention = IRIS.thing("Company", company), IRIS.part("Mention", name, company, number)
        found += [
            (claim, RDF.type, AIG.Claim),
            (claim, AIG.claimText, Literal(clause)),
            (claim, AIG.about, thing),
            (claim, AIG.modality, AIG.Asserted),
            (claim, AIG.polarity, AIG.Affirmed),
            (claim, AIG.confidence, Literal(words.chance.random())),
            (claim, AIG.extractedBy, IRIS.extractor("made-up")),
            (claim, AIG.evidence, evidence),
            (claim, PROV.wasDerivedFrom, node),
            (evidence, RDF.type, OA.SpecificResource),
            (evidence, OA.hasSource, node),
            (evidence, OA.hasSelector, quote),
            (evidence, OA.hasSelector, place),
            (quote, OA.exact, Literal(sentence)),
            (place, OA.start, Literal(number)),
            (place, OA.end, Literal(number + 1)),
            (node, AIG.mentions, thing),
            (node, AIG.hasMention, mention),
            (mention, RDF.type, AIG.Mention),
            (mention, AIG.mentionOf, thing),
            (mention, AIG.form, Literal(company)),
            (mention, AIG.occurrences, Literal(1)),
            (mention, AIG.mentionedAs, AIG.Company),
            (mention, AIG.evidence, evidence),
        ]
    found.append((node, AIG.canonicalText, Literal(". ".join(sentences))))
    return [Quad(*one, graph) for one in found]


def entities(words: Words) -> list[Quad]:
    """The graph of entities."""
    graph = IRIS.graph("entities")
    found: list[Quad] = []
    for name in words.names:
        thing = IRIS.thing("Company", name)
        found += [Quad(thing, RDF.type, AIG.Company, graph), Quad(thing, RDFS.label, Literal(name), graph)]
        found += [Quad(thing, SKOS.altLabel, Literal(f"{name} {form}"), graph) for form in ("Corp.", "Corporation")]
    return found


def searches(words: Words, count: int) -> Iterator[tuple[str, str]]:
    """Kinds of searches and their words."""
    kinds: list[tuple[str, Callable[[], str]]] = [
        ("a name", words.name),
        ("a name and a word", lambda: f"{words.name()} {words.text(1)}"),
        ("three words", lambda: words.text(3)),
        ("the beginning of a word", lambda: words.text(1)[: words.chance.randint(1, 4)]),
        ("a misspelt name", lambda: misspelt(words.name(), words.chance)),
        ("the two most frequent words", lambda: " ".join(words.all[:2])),
        ("words that no text has together", lambda: words.text(9)),
    ]
    for number in range(count):
        kind, make = kinds[number % len(kinds)]
        yield kind, make()


def misspelt(word: str, chance: random.Random) -> str:
    """A word with two neighbours swapped."""
    place = chance.randrange(len(word) - 1)
    return word[:place] + word[place + 1] + word[place] + word[place + 2 :]


def timed(action: Callable[[], object]) -> tuple[float, float]:
    """Processor time and time on the clock, in milliseconds."""
    processor, clock = time.thread_time(), time.perf_counter()
    action()
    return 1000 * (time.thread_time() - processor), 1000 * (time.perf_counter() - clock)


def tell(what: str, times: list[tuple[float, float]]) -> None:
    """Print a line on some times."""
    parts = []
    for values in zip(*times, strict=True):
        cut = statistics.quantiles(values, n=100)
        parts.append(f"{statistics.median(values):8.2f} {cut[94]:8.2f} {cut[98]:8.2f}")
    print(f"{what:36}{'   '.join(parts)}")


def main() -> None:
    """Make the store, index it, search it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=2000)
    parser.add_argument("--searches", type=int, default=1400)
    asked = parser.parse_args()
    words = Words(random.Random(9))  # noqa: S311 - the same articles each time
    with tempfile.TemporaryDirectory(prefix="aigraph-search-") as folder:
        store, index = Path(folder) / "store", Path(folder) / "index.db"
        with open_writer(store) as writer:
            writer.replace_graph(IRIS.graph("entities"), entities(words))
            for first in range(0, asked.articles, 100):
                names = [f"made-up-{number}" for number in range(first, min(first + 100, asked.articles))]
                quads = [quad for name in names for quad in article(words, name)]
                lines = "".join(f"{quad} .\n" for quad in quads).encode()
                writer.load([IRIS.graph(name) for name in names], lines)
            snapshot = writer.commit()
        print(f"{snapshot.quads:,} triples, {asked.articles:,} articles, {asked.articles * CLAIMS:,} claims")
        print(f"index: {snapshot.index.stat().st_size / 1e6:.1f} MB")
        with open_latest(store) as reader:
            content = reader._store
            anew = timed(lambda: write_index(content, IRIS.base, index, None, Changes()))
            index.unlink()
            changes = Changes(
                graphs={IRIS.graph("made-up-7")}, things={IRIS.thing("Company", one) for one in words.names[:20]}
            )
            again = timed(lambda: write_index(content, IRIS.base, index, snapshot.index, changes))
        print(f"all anew: {anew[0] / 1000:.1f} s of processor time, {anew[1] / 1000:.1f} s on the clock")
        print(f"after a change of one article: {again[0]:.0f} ms of processor time, {again[1]:.0f} ms on the clock")
        print(f"\n{'milliseconds':36}{'processor: median, p95, p99':29}clock: median, p95, p99")
        searcher = Searcher(store)
        by_kind: dict[str, list[tuple[float, float]]] = {}
        for kind, text in searches(words, asked.searches):
            by_kind.setdefault(kind, []).append(timed(lambda text=text: searcher.search(text)))  # type: ignore[misc]
        for kind, times in by_kind.items():
            tell(kind, times)
        tell("all searches", [each for times in by_kind.values() for each in times])
        typed = [words.name()[: words.chance.randint(1, 5)] for _ in range(asked.searches)]
        tell("suggestions", [timed(lambda text=text: searcher.suggest(text)) for text in typed])  # type: ignore[misc]
        searcher.close()


if __name__ == "__main__":
    main()
