"""The graph of propositions made anew of all findings, however many: what meets is brought together on the disk.

Three times lines are written down, sorted, and read again, a few at a time, so that memory does not grow with them:
findings by what they mean, propositions by the places where they are compared, and the pairs that are close.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, combinations, groupby
from operator import itemgetter

from pyoxigraph import Quad

from aigraph.propositions.compare import Proposition
from aigraph.propositions.findings import Said, said_of, said_row, source_of
from aigraph.propositions.joining import Joiner, close, may_update
from aigraph.propositions.kept import Kept, told_as, written
from aigraph.propositions.meanings import parse
from aigraph.sorting import Sorted

_AT_ONCE = 5_000
"""So many findings or pairs are looked at together; of one proposition always all."""


class Anew:
    """Makes all quads of propositions, and keeps these for the next change."""

    def __init__(self, joiner: Joiner, kept: Kept) -> None:
        self._joiner = joiner
        self._kept = kept
        self._places = Sorted(kept.scratch)
        self._pairs = Sorted(kept.scratch)

    def quads(self, articles: Iterable[Sequence[Said]]) -> Iterator[Quad]:
        """All quads; `articles` are the findings of each article."""
        for part in _parts(_grouped(self._told(articles))):
            yield from self._propositions(part)
        for part in _parts(_grouped(self._places)):
            yield from self._met(part)
        for pairs in _parts(_grouped(self._pairs)):
            yield from self._between([(one, other) for one, others in pairs for other in others])

    def _told(self, articles: Iterable[Sequence[Said]]) -> Sorted:
        """The rows of all findings by what they mean."""
        told = Sorted(self._kept.scratch)
        for findings in articles:
            self._kept.put_sources({said.source for said in findings})
            for said in findings:
                for meaning in said.meanings:
                    key = meaning.key
                    told.add(_line(key, written(said_row(said, key))))
        return told

    def _propositions(self, told: Iterable[tuple[str, Sequence[str]]]) -> Iterator[Quad]:
        """What is said of some propositions by themselves; they are kept, and it is noted where they are compared."""
        rows = {key: {row[0]: row for row in map(json.loads, lines)} for key, lines in told}
        sources = self._kept.sources({row[1] for known in rows.values() for row in known.values()})
        made: dict[str, Proposition | None] = {}
        for key, known in rows.items():
            meaning = parse(key)
            made[key] = proposition = Proposition(
                meaning, tuple(said_of(known[node], meaning, sources) for node in sorted(known))
            )
            yield from self._joiner.head(key, proposition)
            yield from self._joiner.expressed(key, known)
            yield from chain.from_iterable(self._joiner.group(key, group) for group in proposition.groups)
            for place in meaning.places:
                self._places.add(_line(written(place), key))
        self._kept.put(made, rows.__getitem__)

    def _met(self, places: Iterable[tuple[str, Sequence[str]]]) -> Iterator[Quad]:
        """Which findings supersede which, as far as propositions meet at some places; what is close there is noted."""
        met = {str(json.loads(place)): keys for place, keys in places}
        self._kept.put_places({place: set(keys) for place, keys in met.items()})
        matters: dict[str, list[str]] = {}
        for place, keys in met.items():
            meanings = {key: parse(key) for key in keys}
            for one, other in combinations(keys, 2):  # these are sorted
                if close(meanings[one], meanings[other]):
                    self._pairs.add(_line(one, other))
            on = {key: meaning for key, meaning in meanings.items() if meaning.matter == place}
            if on and may_update(on):
                matters[place] = list(on)
        read = _Read(self._kept, self._kept.texts({key for keys in matters.values() for key in keys}))
        for matter, keys in matters.items():
            found = {said.node: said for key in keys for said in read.proposition(key).findings}
            yield from self._joiner.superseding([found[node] for node in sorted(found)], matter)

    def _between(self, pairs: Sequence[tuple[str, str]]) -> Iterator[Quad]:
        """What there is between the two propositions of each of some pairs."""
        read = _Read(self._kept, self._kept.texts({key for pair in pairs for key in pair}))
        for one, other in pairs:
            yield from (Quad(*triple, self._joiner.graph) for triple in self._joiner.between(one, other, read))


class _Read:
    """Some propositions that were kept, without the sketches of their sources."""

    def __init__(self, kept: Kept, texts: Mapping[str, str | None]) -> None:
        self._kept = kept
        self._texts = texts
        self._made: dict[str, Proposition] = {}

    def proposition(self, key: str) -> Proposition:
        """The proposition with that key."""
        if key not in self._made:
            state, meaning = self._kept.state(self._texts[key] or ""), parse(key)
            sources = {row[0]: source_of(row) for row in state.sources}
            self._made[key] = Proposition(meaning, tuple(said_of(row, meaning, sources) for row in state.findings))
        return self._made[key]

    def told_as(self, key: str) -> str | None:
        """What tells whether two propositions are told in the same sentences."""
        return told_as(self._texts[key] or "")


def _line(first: str, second: str) -> bytes:
    """Two texts of JSON as one line: those with the same first one stand together when they are sorted."""
    return f"{first}\t{second}".encode()


def _grouped(lines: Iterable[bytes]) -> Iterator[tuple[str, list[str]]]:
    """The first text of sorted lines, each once, with all second ones."""
    parted = (line.partition(b"\t") for line in lines)
    for first, some in groupby(parted, key=itemgetter(0)):
        yield first.decode(), [second.decode() for _, _, second in some]


def _parts(groups: Iterable[tuple[str, list[str]]]) -> Iterator[list[tuple[str, list[str]]]]:
    """Groups, so many at a time that they have some thousands of lines together."""
    part: list[tuple[str, list[str]]] = []
    size = 0
    for group in groups:
        part.append(group)
        size += len(group[1])
        if size >= _AT_ONCE:
            yield part
            part, size = [], 0
    if part:
        yield part
