#!/usr/bin/env python3
"""What becomes of marked facts and of what is marked as denied, open, rumoured or ended, when articles are read.

    python3 training/measure_stances.py articles/46-denials.txt … [--kept FOLDER] [--list]

The measure that users feel: how much of what nobody states becomes a direct triple (aim: none), and how many facts do.
A pair counts once for each article; one that is marked as a fact too is no hedged one. What the reader has no names for
is left out. With `--list` each failure is told: `D` is direct though hedged, `M` a fact that is found but not direct, `N`
one that is not found. `--kept` keeps what the language model reads, so that a change of rules is measured in a third of
the time.
"""

from __future__ import annotations

import argparse
import hashlib
import pickle
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus import DEALS
from marked import MarkedArticle, MarkedPair, read_marked
from stories import aligned

from aigraph import articles
from aigraph.facts.links.findings import ROLES
from aigraph.facts.whole.story import story_of
from aigraph.pipeline import Pipeline
from aigraph.records import (
    Document,
    Facts,
    Mentions,
    Modality,
    Partnership,
    Polarity,
    Statement,
    Status,
)
from aigraph.vocab import AIG, DEFAULT_BASE

STANDING = (Status.ANNOUNCED, Status.COMPLETED)


def stance(pair: MarkedPair) -> str:
    """`!` denied, `?` open, `~` rumoured, `=` a deal that is over, nothing for a fact."""
    if pair.mark:
        return pair.mark
    return {"ended": "=", "reported": "~"}.get(pair.status, "")


def is_direct(finding: Statement | Partnership) -> bool:
    """Does a finding become a direct triple?"""
    stands = not isinstance(finding, Partnership) or finding.status in STANDING
    return stands and finding.polarity == Polarity.AFFIRMED and finding.modality == Modality.ASSERTED


@dataclass(frozen=True, slots=True)
class Outcome:
    """A marked pair of an article and what reading has for it."""

    article: MarkedArticle
    pair: MarkedPair
    found: tuple[Statement | Partnership, ...]

    @property
    def is_direct(self) -> bool:
        """Does the graph state it?"""
        return any(map(is_direct, self.found))

    @property
    def failure(self) -> str | None:
        """`D`, `M` or `N`, as the module's text has it."""
        if stance(self.pair):
            return "D" if self.is_direct else None
        return None if self.is_direct else "M" if self.found else "N"

    def __str__(self) -> str:
        pair = self.pair
        told = [f"{f.extractor} {f.confidence:.2f} {f.polarity} {f.modality}" for f in self.found]
        sentence = self.article.text[slice(*pair.sentence)]
        return f"{stance(pair)}{pair.label} {pair.first} > {pair.second} {told} {self.article.id}: {sentence}"


class Reader:
    """Reads marked articles; `kept` is a folder for what the language model reads of them."""

    def __init__(self, kept: Path | None) -> None:
        self._pipeline = Pipeline(DEFAULT_BASE)
        self._kept = kept

    def read(self, path: Path, most: int | None = None) -> Iterator[tuple[MarkedArticle, Document, Mentions, Facts]]:
        """The articles of a file (the first `most` of them), and what is read of them."""
        marked = read_marked([path])[:most]
        for article, (document, mentions) in zip(marked, self._first_steps(path, marked, most), strict=True):
            yield article, document, mentions, self._pipeline.extractors[0].find(document, mentions)

    def outcomes(self, path: Path) -> Iterator[Outcome]:
        """What becomes of each pair that a file marks."""
        for article, document, mentions, facts in self.read(path):
            yield from _outcomes(article, document, mentions, facts)

    def _first_steps(
        self, path: Path, marked: Sequence[MarkedArticle], most: int | None
    ) -> Sequence[tuple[Document, Mentions]]:
        text = hashlib.sha256(path.read_bytes()).hexdigest()[:12]
        kept = self._kept / f"{path.stem}-{text}-{most or 'all'}.pickle" if self._kept else None
        if kept and kept.exists():
            read: Sequence[tuple[Document, Mentions]] = pickle.loads(kept.read_bytes())  # noqa: S301 (our own file)
            return read
        read = [self._first_step(article) for article in marked]
        if kept:
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_bytes(pickle.dumps(read))
        return read

    def _first_step(self, marked: MarkedArticle) -> tuple[Document, Mentions]:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, f"{marked.id}.txt")
            path.write_text(marked.text + "\n", encoding="utf-8")
            (article,) = articles.read(path)
        document = self._pipeline.documents.read(article)
        return document, self._pipeline.mentions.find(document)


def _outcomes(article: MarkedArticle, document: Document, mentions: Mentions, facts: Facts) -> Iterator[Outcome]:
    story = story_of(document, mentions)
    numbers, _ = aligned(article, mentions, story)
    things = {name: story.entities[number] for name, number in numbers.items()}
    facts_marked = {(pair.label, pair.first, pair.second) for pair in article.pairs if not stance(pair)}
    done = set()
    for pair in article.pairs:
        key = pair.label, pair.first, pair.second
        if (stance(pair) and key in facts_marked) or key in done:
            continue
        first, second = things.get(pair.first), things.get(pair.second)
        if first is None or second is None or first == second:
            continue
        done.add(key)
        if pair.label in DEALS:
            found: tuple[Statement | Partnership, ...] = tuple(
                deal
                for deal in facts.partnerships
                if deal.kind == ROLES[pair.label][0]
                and {first, second} <= {who for _, fillers in deal.roles for who in fillers}
            )
        else:
            found = tuple(
                each
                for each in facts.statements
                if each.predicate == AIG[pair.label] and {each.subject, each.object} == {first, second}
            )
        yield Outcome(article, pair, found)


def report(outcomes: Sequence[Outcome]) -> str:
    """Counts, as lines of text."""
    counts = Counter((stance(each.pair), each.failure) for each in outcomes)
    lines = []
    for mark, name in (("!", "denied"), ("?", "open"), ("~", "rumoured"), ("=", "ended")):
        all_, direct = sum(n for (s, _), n in counts.items() if s == mark), counts[mark, "D"]
        lines.append(f"{name} {all_}, of these direct {direct} ({direct / max(all_, 1):.1%})")
    facts = sum(n for (s, _), n in counts.items() if not s)
    lines.append(f"facts {facts}, found but not direct {counts['', 'M']}, not found {counts['', 'N']}")
    return "\n".join(lines)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--kept", type=Path)
    parser.add_argument("--list", action="store_true")
    options = parser.parse_args()
    reader = Reader(options.kept)
    for path in options.files:
        outcomes = list(reader.outcomes(path))
        print(f"{path.stem}\n{report(outcomes)}", flush=True)
        if options.list:
            for each in outcomes:
                if each.failure:
                    print(each.failure, each)


if __name__ == "__main__":
    main()
