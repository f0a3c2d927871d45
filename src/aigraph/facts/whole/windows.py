"""A stretch of a story as the network takes it, and what its rows stand for."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from aigraph.facts.confidence import log_odds
from aigraph.facts.whole.story import NOBODY, OTHER, Story, period_names
from aigraph.language.network import NO_LETTERS, shape
from aigraph.language.whole import (
    FIGURE_KIND,
    MAIN,
    MODALITIES,
    MOST_PIECES,
    PAIR_LABELS,
    SYMMETRIC,
    WholeNetwork,
    Window,
    mention_kind,
)
from aigraph.records import TECHNOLOGY

_FARTHEST = 7
"""Sentences between two entities from where on they are not told apart."""


def _signatures() -> Mapping[str, tuple[frozenset[str], frozenset[str]]]:
    """The types that each label may have at its two ends, by the gold guideline (narrower than the ontology's)."""
    body = frozenset({"Company", "Organization"})
    technology = frozenset(kind.value for kind in TECHNOLOGY)
    either, person = technology | {"Company"}, frozenset({"Person"})
    found = {
        "develops": (body, technology),
        "manufactures": (frozenset({"Company"}), frozenset({"Chip", "Architecture"})),
        "usesArchitecture": (frozenset({"Chip", "System"}), frozenset({"Architecture"})),
        "componentOf": (technology, technology),
        "successorOf": (technology, technology),
        "uses": (body, technology),
        "competesWith": (either, either),
        "worksFor": (person, body),
        "founded": (person, body),
        "locatedIn": (body | {"Event", "System"}, frozenset({"Place"})),
    }
    return found | {label: (body | person, body | person) for label in PAIR_LABELS if label not in found}


SIGNATURES = _signatures()


@cache
def allowed(first: str, second: str) -> NDArray[np.float32]:
    """(labels): 1 for what may hold from an entity of one type to one of another; not to be written to."""
    row = np.zeros(len(PAIR_LABELS), dtype=np.float32)
    for number, label in enumerate(PAIR_LABELS):
        firsts, seconds = SIGNATURES[label]
        unlike = label == "competesWith" and (first == "Company") != (second == "Company")
        row[number] = first in firsts and second in seconds and not unlike
    return row


@cache
def _possible(first: str, second: str, *, forwards: bool) -> NDArray[np.float32] | None:
    """`allowed` without what is told of a pair in one order alone, and asked in the other; None where nothing is left.

    Not to be written to.
    """
    unordered = np.array([forwards or label not in SYMMETRIC for label in PAIR_LABELS], dtype=np.float32)
    row = allowed(first, second) * unordered
    return row if row.any() else None


@dataclass(frozen=True, slots=True)
class View:
    """A window with what its rows stand for in the story."""

    window: Window
    entities: tuple[int, ...]
    labels: NDArray[np.float32]  # (pairs, labels): 1 for what may hold
    figures: tuple[int, ...]
    times: tuple[int, ...]
    words: Mapping[int, int]  # of the first subword of each word: the word
    sentences: NDArray[np.int64]  # of each subword, -1 for those between blocks


def ranges(network: WholeNetwork, story: Story) -> list[tuple[int, int]]:
    """The story in windows, as ranges of words: one, or several that share a third of what they hold."""
    sizes = [len(network.pieces(word)) + opens for word, opens in zip(story.words, story.opens, strict=True)]
    room = MOST_PIECES - 2
    if sum(sizes) <= room:
        return [(0, len(sizes))] if sizes else []
    before = np.concatenate([[0], np.cumsum(sizes)])
    bounds = [i for i in range(len(sizes)) if i == 0 or story.sentences[i] != story.sentences[i - 1]]
    bounds.append(len(sizes))
    found: list[tuple[int, int]] = []
    start = 0
    while start < len(sizes):
        inside = [b for b in bounds if b > start and before[b] - before[start] <= room]
        # a sentence longer than a window is cut where the window ends
        end = inside[-1] if inside else max(start + 1, int(bisect_right(before, before[start] + room)) - 1)
        found.append((start, end))
        if end >= len(sizes):
            break
        shared = [b for b in bounds if start < b < end and before[end] - before[b] <= room // 3]
        start = shared[0] if shared else end
    return found


def view(network: WholeNetwork, story: Story, first: int, last: int) -> View | None:
    """The words `first` to `last` (exclusive) as the network takes them; None where no entity is mentioned."""
    pieces, shapes, kinds, sentences, at = _subwords(network, story, first, last)
    size = len(pieces)

    def inside(a: int, b: int) -> bool:
        return a >= first and b <= last and at[b - 1] < size

    mentions = [(at[a], at[b - 1], e, story.sentences[a]) for a, b, e, _, _ in story.mentions if inside(a, b)]
    if not mentions:
        return None
    entities = sorted({e for _, _, e, _ in mentions})
    row = {entity: i for i, entity in enumerate(entities)}
    member = np.zeros((len(entities), len(mentions)), dtype=np.float32)
    told_in: list[list[int]] = [[] for _ in entities]
    for i, (_, _, entity, sentence) in enumerate(mentions):
        member[row[entity], i] = 1
        told_in[row[entity]].append(sentence)
    pairs, labels = _pairs([story.types[e] for e in entities], told_in)
    figures = [(k, a, b) for k, (a, b, _) in enumerate(story.figures) if inside(a, b)]
    times = [(k, a, b) for k, (a, b, _) in enumerate(story.times) if inside(a, b)]
    place = {word: i for word, i in at.items() if i < size}
    lines, placed = _lines(sentences)
    held = _figure_rows(story, row, [k for k, _, _ in figures], [k for k, _, _ in times])
    window = Window(
        pieces=pieces,
        shapes=shapes,
        kinds=kinds,
        member=member,
        mentions=np.array([(a, b, s) for a, b, _, s in mentions], dtype=np.int64),
        pairs=pairs,
        ruled=_ruled(story, row, pairs),
        figures=_stretches([(at[a], at[b - 1], story.sentences[a]) for _, a, b in figures]),
        abouts=held.abouts,
        sayers=held.sayers,
        moods=held.moods,
        timeless=held.timeless,
        timed=held.timed,
        times=_stretches([(at[a], at[b - 1], story.sentences[a]) for _, a, b in times]),
        real_times=np.array([1.0] * len(times) or [0.0], dtype=np.float32),
        beside=_beside(story, [k for k, _, _ in figures], place, size),
        lines=lines,
        placed=placed,
        voiced=_voiced(story, row, lines[:, 2].tolist()),
    )
    return View(
        window,
        tuple(entities),
        labels,
        tuple(k for k, _, _ in figures),
        tuple(k for k, _, _ in times),
        {i: word for word, i in place.items()},
        sentences,
    )


def _subwords(
    network: WholeNetwork, story: Story, first: int, last: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], dict[int, int]]:
    """Of each subword: itself, the shape and kind of its word, its sentence; and where each word has its first."""
    kind_of: dict[int, int] = {}
    main = _main(story)
    for a, b, entity, manner, kind in story.mentions:
        kind_of |= dict.fromkeys(range(a, b), mention_kind(manner, kind, main.get(entity, 0)))
    for a, b, _ in story.figures:
        for word in range(a, b):
            kind_of.setdefault(word, FIGURE_KIND)
    edge = (network.end, NO_LETTERS, 0, -1)
    rows = [(network.start, *edge[1:])]  # of each subword: itself, the shape and kind of its word, its sentence
    at: dict[int, int] = {}
    for word in range(first, last):
        if story.opens[word] and word > first:
            rows.append(edge)
        at[word] = len(rows)
        told = (shape(story.words[word]), kind_of.get(word, 0), story.sentences[word])
        rows += [(piece, *told) for piece in network.pieces(story.words[word])]
    rows = [*rows, edge][:MOST_PIECES]
    pieces, shapes, kinds, sentences = np.array(rows, dtype=np.int64).T
    return pieces, shapes, kinds, sentences, at


def _main(story: Story) -> dict[int, int]:
    """What the article mentions most, with its rank from 1 on; places are not what an article is about."""
    counts = Counter(entity for _, _, entity, _, kind in story.mentions if kind != "Place")
    return {entity: rank for rank, (entity, _) in enumerate(counts.most_common(MAIN), start=1)}


def _pairs(types: Sequence[str], told_in: Sequence[Sequence[int]]) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """The pairs of entities that something may hold of, with the sentences between them, and what may hold."""
    found: list[tuple[int, int, int]] = []
    rows: list[NDArray[np.float32]] = []
    shared = [frozenset(sentences) for sentences in told_in]
    for i, first in enumerate(types):
        for j, second in enumerate(types):
            may = None if i == j else _possible(first, second, forwards=i < j)
            if may is None:
                continue
            near = 0 if shared[i] & shared[j] else min(abs(a - b) for a in shared[i] for b in shared[j])
            found.append((i, j, min(near, _FARTHEST)))
            rows.append(may)
    if not found:
        return np.zeros((1, 3), dtype=np.int64), np.zeros((1, len(PAIR_LABELS)), dtype=np.float32)
    return np.array(found, dtype=np.int64), np.stack(rows)


def _ruled(story: Story, row: Mapping[int, int], pairs: NDArray[np.int64]) -> NDArray[np.float32]:
    """(pairs, labels, 5): a rule says so, its log-odds, it is hedged; the model's log-odds, the chance of no fact."""
    table = np.zeros((len(row), len(row), len(PAIR_LABELS), 5), dtype=np.float32)

    def cell(first: int, second: int, label: str) -> NDArray[np.float32] | None:
        if first not in row or second not in row:
            return None
        i, j = row[first], row[second]
        i, j = (j, i) if label in SYMMETRIC and i > j else (i, j)
        found: NDArray[np.float32] = table[i, j, PAIR_LABELS.index(label)]
        return found

    for found in story.found:
        told = cell(found.first, found.second, found.label)
        if told is not None and found.hedged:
            told[2] = 1
        elif told is not None:
            told[0] = 1
            told[1] = max(told[1], log_odds(found.confidence, 0.02) / 2)
    for (first, second, label), (chance, doubt) in story.links.items():
        told = cell(first, second, label)
        value = (log_odds(chance, 0.018) + 4) / 4
        if told is not None and value > told[3]:
            told[3], told[4] = value, doubt
    return table[pairs[:, 0], pairs[:, 1]]


class _FigureRows(NamedTuple):
    """The rows of `Window` that say what is held of figures."""

    abouts: NDArray[np.float32]
    sayers: NDArray[np.float32]
    moods: NDArray[np.int64]
    timeless: NDArray[np.float32]
    timed: NDArray[np.float32]


def _figure_rows(story: Story, row: Mapping[int, int], figures: Sequence[int], times: Sequence[int]) -> _FigureRows:
    """What the rules and the language model have for the figures of a window."""
    count, size = max(len(figures), 1), len(row)
    abouts = np.zeros((count, size + 2, 2), dtype=np.float32)
    sayers = np.zeros((count, size + 2), dtype=np.float32)
    moods = np.full(count, len(MODALITIES), dtype=np.int64)
    timeless = np.zeros(count, dtype=np.float32)
    timed = np.zeros((count, max(len(times), 1)), dtype=np.float32)
    special = {OTHER: size, NOBODY: size + 1}
    for i, figure in enumerate(figures):
        held = story.held.get(figure)
        if held is None:
            abouts[i, size + 1, 0] = 1
        else:
            about = special.get(held.about, row.get(held.about))
            sayer = special.get(held.claimant, row.get(held.claimant))
            if about is not None:
                abouts[i, about, 0] = 1
            if sayer is not None:
                sayers[i, sayer] = 1
            moods[i] = MODALITIES.index(held.modality) if held.modality in MODALITIES else 0
            timeless[i] = not held.times
            for j, number in enumerate(times):
                timed[i, j] = bool(period_names(story.times[number][2]) & held.times)
        for entity, chance in story.linked.get(figure, {}).items():
            if entity in row:
                abouts[i, row[entity], 1] = max(abouts[i, row[entity], 1], chance)
    return _FigureRows(abouts, sayers, moods, timeless, timed)


def _lines(sentences: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The sentences of a window, with their first and last subword, and which of them each subword is of."""
    numbers = [int(number) for number in np.unique(sentences) if number >= 0]
    places = {number: np.nonzero(sentences == number)[0] for number in numbers}
    found = [(int(places[number][0]), int(places[number][-1]), number) for number in numbers]
    row = {number: i for i, number in enumerate(numbers)}
    placed = np.array([row.get(int(number), -1) for number in sentences], dtype=np.int64)
    return _stretches(found), placed


def _voiced(story: Story, row: Mapping[int, int], sentences: Sequence[int]) -> NDArray[np.float32]:
    """(sentences, entities + 2): who says by the rules what each sentence tells; nobody where they have none."""
    size = len(row)
    found = np.zeros((len(sentences), size + 2), dtype=np.float32)
    special = {OTHER: size, NOBODY: size + 1}
    for i, sentence in enumerate(sentences):
        for who in story.voiced.get(sentence, (NOBODY,)):
            place = special.get(who, row.get(who))
            if place is not None:
                found[i, place] = 1
    return found


def _stretches(found: Iterable[tuple[int, int, int]]) -> NDArray[np.int64]:
    return np.array(list(found) or [(1, 1, 0)], dtype=np.int64)


def _beside(story: Story, figures: Sequence[int], place: Mapping[int, int], size: int) -> NDArray[np.float32]:
    """(figures, subwords): the first subwords of the words in a figure's sentence, but for its own."""
    found = np.zeros((max(len(figures), 1), size), dtype=np.float32)
    for i, figure in enumerate(figures):
        first, last, _ = story.figures[figure]
        for word, at in place.items():
            if story.sentences[word] == story.sentences[first] and not first <= word < last:
                found[i, at] = 1
    if not found.any(1).all():
        found[~found.any(1)] = 1  # a sentence that is only a figure: nothing is asked of it
    return found
