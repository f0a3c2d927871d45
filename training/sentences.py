"""Sentences as training and measuring take them: words with whatever is known of them. Needs no PyTorch."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from treebank import Tree, varied

MAX_PIECES = 256
"""Subwords of the longest sentence that training takes."""


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence: its tree or its names or both, and what it says.

    `names` has one of "O", "B-Chip", "I-Chip", "E-Chip", "S-Chip" a word. `facts` are (word, word, label), each argument
    by its last word; `figures` are the last words of figures. A sentence without `facts` has not been marked.
    """

    words: tuple[str, ...]
    tree: Tree | None = None
    names: tuple[str, ...] | None = None
    weight: int = 1
    facts: tuple[tuple[int, int, str], ...] | None = None
    figures: frozenset[int] = frozenset()


class Variation:
    """Sentences as training sees them this time: trees in the manner of news, names exchanged for others of their type.

    `pool` has the names of each type in words, from training documents alone. Exchanging them makes the sentence, not
    the word, tell the type.
    """

    def __init__(self, seed: int, pool: Mapping[str, Sequence[tuple[str, ...]]]) -> None:
        self.chance = random.Random(seed)
        self._pool = pool

    def varied(self, example: Example) -> Example:
        """One sentence, changed at random or not at all."""
        if example.tree is not None:
            tree = varied(example.tree, self.chance)
            return Example(tuple(word.form for word in tree), tree)
        if example.names is not None and self.chance.random() < 0.5:
            example = self._exchanged(example, example.names)
        if self.chance.random() < 0.03:
            return replace(example, words=tuple(word.upper() for word in example.words))
        return example

    def _exchanged(self, example: Example, tags: Sequence[str]) -> Example:
        words: list[str] = []
        names: list[str] = []
        places: dict[int, int] = {}
        position = 0
        for start, end, kind in sorted(spans(tags)):
            places |= {position + k: len(words) + k for k in range(start - position)}
            words += example.words[position:start]
            names += tags[position:start]
            position = end
            new = example.words[start:end]
            if self._pool.get(kind) and self.chance.random() < 0.6:
                new = self.chance.choice(self._pool[kind])
            words += new
            names += tagged(len(new), kind)
            places |= dict.fromkeys(range(start, end), len(words) - 1)
        places |= {position + k: len(words) + k for k in range(len(example.words) - position)}
        words += example.words[position:]
        names += tags[position:]
        facts = example.facts and tuple((places[a], places[b], label) for a, b, label in example.facts)
        figures = frozenset(places[word] for word in example.figures)
        return Example(tuple(words), None, tuple(names), facts=facts, figures=figures)


def tagged(length: int, kind: str) -> list[str]:
    """The tags of a name of so many words: single, or begin, inside …, end."""
    if length == 1:
        return [f"S-{kind}"]
    return [f"B-{kind}", *[f"I-{kind}"] * (length - 2), f"E-{kind}"]


def name_pool(examples: Sequence[Example]) -> dict[str, list[tuple[str, ...]]]:
    """The names of each type, sorted."""
    found: dict[str, set[tuple[str, ...]]] = {}
    for example in examples:
        for start, end, kind in spans(example.names or ()):
            found.setdefault(kind, set()).add(tuple(example.words[start:end]))
    return {kind: sorted(names) for kind, names in sorted(found.items())}


@dataclass(frozen=True, slots=True)
class Labels:
    """The labels of every head, in the order of the network's outputs."""

    upos: tuple[str, ...]
    xpos: tuple[str, ...]
    relations: tuple[str, ...]
    names: tuple[str, ...]
    facts: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()


def spans(tags: Sequence[str]) -> set[tuple[int, int, str]]:
    """The names that tags mark; a name goes from where a type begins to where it ends or changes."""
    found: set[tuple[int, int, str]] = set()
    start, kind = 0, ""
    for i, tag in enumerate([*tags, "O"]):
        part, _, this = tag.partition("-")
        if kind and (part in "OBS" or this != kind):
            found.add((start, i, kind))
            kind = ""
        if part != "O" and not kind:
            start, kind = i, this
    return found
