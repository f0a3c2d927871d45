#!/usr/bin/env python3
"""What the annotated articles say together, as it is read out of them: against what a careful reader finds, and how far
the score can be believed.

    .venv/bin/python benchmarks/propositions.py [--stores FOLDER] [--five FOLDER]

Reads the annotated sets `dev` and `second`, and the five articles that aigraph ships (or the originals that these
retell: `--five`), into stores, and prints Markdown tables for `docs/propositions.md`. Stores that are in the folder
already are taken as they are. The expected answers are those in `tests/expected/propositions/`.
"""

from __future__ import annotations

import argparse
import math
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from aigraph import pipeline
from aigraph.evaluation import gold_sources
from aigraph.evaluation.scoring import evaluate
from aigraph.propositions.meanings import LEAST, Deal, Figure, Meaning, Post, Relation, Saying, parse
from aigraph.propositions.names import name_of
from aigraph.propositions.wording import WORDED, worded
from aigraph.store import Reader, open_latest
from aigraph.vocab import DEFAULT_BASE

TESTS = Path(__file__).resolve().parents[1] / "tests"
SETS = (TESTS / "gold" / "dev", TESTS / "gold" / "second")
SEEDS = TESTS.parent / "seeds"
EXPECTED = TESTS / "expected" / "propositions"
Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A proposition of the graph: what it means, the articles that say so, its score and its findings."""

    iri: str
    meaning: Meaning
    articles: frozenset[str]
    belief: float
    independent: int
    findings: tuple[str, ...]


def rows(reader: Reader) -> list[Row]:
    """All propositions of a graph."""
    said: dict[str, set[tuple[str, str]]] = defaultdict(set)
    heads: dict[str, tuple[Meaning, float, int]] = {}
    for row in reader.select(
        "SELECT ?p ?m ?b ?i ?f ?a { ?p aig:meaning ?m ; aig:belief ?b ; aig:independentSourceCount ?i ; "
        "aig:expressedBy ?f . ?f prov:wasDerivedFrom ?a }"
    ):
        iri = row["p"].value
        heads[iri] = parse(row["m"].value), float(row["b"].value), int(row["i"].value)
        said[iri].add((row["f"].value, slug(row["a"].value)))
    found = []
    for iri, (meaning, belief, independent) in sorted(heads.items()):
        articles = frozenset(article for _, article in said[iri])
        found.append(Row(iri, meaning, articles, belief, independent, tuple(sorted(node for node, _ in said[iri]))))
    return found


def slug(name: str) -> str:
    """The last part of an IRI, or of a name as an IRI would have it."""
    return name.rsplit("/", 1)[-1].rsplit("#", 1)[-1].casefold().replace(" ", "-")


# --- what is said together


def relations(found: Iterable[Row]) -> dict[Key, frozenset[str]]:
    """Relations by their triple, with the articles that state them."""
    return {
        (slug(each.meaning.subject), slug(each.meaning.predicate), slug(each.meaning.object)): each.articles
        for each in found
        if isinstance(each.meaning, Relation)
    }


def pairs(reader: Reader, cls: str, found: Sequence[Row]) -> list[tuple[str, Row, Row]]:
    """The conflicts or similarities of a graph: kind ("" for a similarity) and both ends."""
    by_iri = {each.iri: each for each in found}
    asked = f"SELECT ?n ?k ?p {{ ?n a aig:{cls} ; aig:between ?p . OPTIONAL {{ ?n aig:conflictKind ?k }} }}"
    ends: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in reader.select(asked):
        ends[row["n"].value, row["k"].value if row["k"] else ""].append(row["p"].value)
    return [(kind, *(by_iri[iri] for iri in sorted(both))) for (_, kind), both in sorted(ends.items())]  # type: ignore


def subject(meaning: Meaning) -> str:
    """What a figure, saying or relation is about, by the stems of its words."""
    about = meaning.about if isinstance(meaning, Figure | Saying) else getattr(meaning, "subject", "")
    return about if about.startswith(WORDED) else worded(name_of(about))


def parties(deal: Deal) -> set[str]:
    """Who takes part in a deal."""
    return {slug(who) for _, filling in deal.roles for who in filling}


def compared(reader: Reader, found: Sequence[Row]) -> Iterator[tuple[str, int, int, int]]:
    """For each kind of what articles say together: how much is expected, how much of it comes out, how much besides."""
    expected = yaml.safe_load((EXPECTED / "gold.yaml").read_text(encoding="utf-8"))
    several = {key: articles for key, articles in relations(found).items() if len(articles) > 1}
    wanted = {(slug(s), slug(p), slug(o)): frozenset(sources) for s, p, o, sources in expected["relations"]}
    yield "relations told by several articles", *counted(wanted, several)
    told = {(key, article) for key, articles in several.items() for article in articles}
    yield "… article by article", *counted({(k, a) for k, articles in wanted.items() for a in articles}, told)
    # posts are not annotated apart from the relation that comes with each
    others = [each for each in found if len(each.articles) > 1 and not isinstance(each.meaning, Relation | Post)]
    yield "figures, sayings and deals told by several articles", *counted((), (each.iri for each in others))
    figures = {
        (slug(each.meaning.about), each.meaning.value, len(each.findings))
        for each in found
        if isinstance(each.meaning, Figure) and len(each.findings) > 1
    }
    yield (
        "figures told twice",
        *counted({(slug(f["about"]), float(f["value"]), f["findings"]) for f in expected["figures"]}, figures),
    )
    clashes = [
        (kind, subject(one.meaning), *sorted(one.articles | other.articles))
        for kind, one, other in pairs(reader, "Conflict", found)
    ]
    denied = [(each["kind"], worded(each["about"]), *each["articles"]) for each in expected["conflicts"]]
    yield "conflicts", *counted(denied, clashes)
    near = [
        tuple(sorted(parties(one.meaning) | parties(other.meaning)))
        for _, one, other in pairs(reader, "Similarity", found)
        if isinstance(one.meaning, Deal) and isinstance(other.meaning, Deal)
    ]
    yield (
        "deals that are nearly the same",
        *counted([tuple(sorted(map(slug, each))) for each in expected["similar_deals"]], near),
    )


def of_the_five(reader: Reader, found: Sequence[Row], names: Sequence[str]) -> Iterator[tuple[str, int, int, int]]:
    """The same for the five articles, of which `names` are the names here, in the order of the expected answers."""
    expected = yaml.safe_load((EXPECTED / "seeds.yaml").read_text(encoding="utf-8"))
    called = dict(zip(expected["articles"], map(slug, names), strict=True))

    def sources(listed: Iterable[str]) -> frozenset[str]:
        return frozenset(called[name] for name in listed)

    relations_ = {(slug(s), slug(p), slug(o)): sources(told) for s, p, o, told in expected["relations"]}
    several = {key: told for key, told in relations(found).items() if len(told) > 1}
    wanted = {key: told for key, told in relations_.items() if len(told) > 1}
    yield "relations told by several articles", *counted(wanted, several)
    pairs_ = {(key, article) for key, told in relations(found).items() if key in wanted for article in told}
    yield "… article by article", *counted({(key, article) for key, told in wanted.items() for article in told}, pairs_)
    figures = {
        (slug(each.meaning.about), slug(each.meaning.metric), each.meaning.value): each
        for each in found
        if isinstance(each.meaning, Figure) and each.meaning.bound != LEAST
    }
    listed = {
        (figure["about"].rsplit("/", 1)[-1], slug(figure["metric"]), float(figure["value"])): figure
        for figure in expected["figures"]
    }
    told = {(key, article) for key, row in figures.items() if key in listed for article in row.articles}
    yield (
        "figures, article by article",
        *counted({(key, article) for key, figure in listed.items() for article in sources(figure["sources"])}, told),
    )
    counts = {
        (key, len(figure["sources"]) - sum(len(group) - 1 for group in figure.get("copies", [])))
        for key, figure in listed.items()
    }
    yield (
        "counts of their independent sources",
        *counted(counts, {(key, row.independent) for key, row in figures.items() if key in listed}),
    )
    together = [each for each in found if len(each.articles) > 1 and isinstance(each.meaning, Figure | Deal)]
    ours = [figures[key].iri for key, figure in listed.items() if len(figure["sources"]) > 1 and key in figures]
    yield "figures and deals told by several articles", *counted(ours, (each.iri for each in together))
    yield "conflicts", *counted(expected["conflicts"], pairs(reader, "Conflict", found))


def counted(wanted: Iterable[object], found: Iterable[object]) -> tuple[int, int, int]:
    """How many are wanted, how many of these are found, and how many are found besides."""
    left, besides = list(wanted), 0
    all_ = len(left)
    for each in found:
        if each in left:
            left.remove(each)
        else:
            besides += 1
    return all_, all_ - len(left), besides


# --- how far the score can be believed


@dataclass(frozen=True, slots=True)
class Scored:
    """A proposition all of whose findings could be judged. `read` is the chance, by confidences alone, that one of its
    articles says so; `right` whether one does."""

    belief: float
    independent: int
    read: float
    right: bool


def scored(reader: Reader, found: Iterable[Row]) -> list[Scored]:
    """The propositions that the annotations can judge."""
    right: dict[str, bool] = {}
    sure: dict[str, tuple[str, float]] = {}
    for folder in SETS:
        for judged in evaluate(reader.quads(), folder).judged:
            if judged.own:
                right[judged.node] = right.get(judged.node, False) or judged.right
                sure[judged.node] = judged.document, judged.confidence or 0.0
    outcome = []
    for each in found:
        if all(node in right for node in each.findings):
            best: dict[str, float] = defaultdict(float)
            for node in each.findings:
                document, confidence = sure[node]
                best[document] = max(best[document], confidence)
            read = 1 - math.prod(1 - confidence for confidence in best.values())
            outcome.append(Scored(each.belief, each.independent, read, any(right[node] for node in each.findings)))
    return outcome


def banded(all_: Iterable[Scored], band: Callable[[Scored], str]) -> Iterator[tuple[str, ...]]:
    """Mean score, mean chance of being read rightly and share of right ones, band by band."""
    bands: dict[str, list[Scored]] = defaultdict(list)
    for each in all_:
        bands[band(each)].append(each)
    for name, held in sorted(bands.items()):
        means = (sum(values) / len(held) for values in zip(*((e.belief, e.read, e.right) for e in held), strict=True))
        yield name, *(f"{mean:.2f}" for mean in means), str(len(held))


def band(one: Scored) -> str:
    """The fifth that a score lies in."""
    fifth = min(4, int(one.belief * 5))
    return f"{fifth / 5:.1f} – {(fifth + 1) / 5:.1f}"


def table(head: Sequence[str], body: Iterable[Sequence[object]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *body]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)


def read_into(store: Path, sources: Sequence[Path]) -> Path:
    """A store with some articles: the one that is there, or a new one."""
    if not store.exists():
        pipeline.build(sources, store, base=DEFAULT_BASE)
    return store


def main(stores: Path, five: Path) -> None:
    """Read, compare and print."""
    said = ("said together", "expected", "found", "wrong")
    names = sorted(path.stem for path in five.iterdir() if path.is_file())
    with open_latest(read_into(stores / "five", [five])) as reader:
        shipped = yaml.safe_load((EXPECTED / "seeds.yaml").read_text(encoding="utf-8"))["articles"]
        called = list(shipped) if set(names) == set(shipped) else names
        print(table(said, of_the_five(reader, rows(reader), called)), end="\n\n")
    with open_latest(
        read_into(stores / "annotated", [source for folder in SETS for source in gold_sources(folder)])
    ) as reader:
        found = rows(reader)
        print(table(said, compared(reader, found)), end="\n\n")
        judged = scored(reader, found)
        head = ("mean belief", "mean chance of being read rightly", "right", "propositions")
        print(table(("belief", *head), banded(judged, band)), end="\n\n")
        print(table(("independent sources", *head), banded(judged, lambda one: str(one.independent))))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stores", type=Path, help="where the stores are kept; else in a temporary folder")
    parser.add_argument("--five", type=Path, default=SEEDS, help="the five articles, or their originals")
    options = parser.parse_args()
    if options.stores:
        main(options.stores, options.five)
    else:
        with tempfile.TemporaryDirectory(prefix="aigraph-") as place:
            main(Path(place), options.five)
