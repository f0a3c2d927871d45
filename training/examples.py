"""Training examples: words with whatever is known of them, and batches of tensors."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import torch
from sentences import MAX_PIECES, Example, Labels, Variation, spans
from tokenizers import Tokenizer
from torch import Tensor

UNKNOWN = -100
"""The target where nothing is known: the loss passes it over (PyTorch's `ignore_index`)."""
STEP = 16
"""Widths of batches are multiples of this: a new shape costs the matrix library a kernel of its own."""


def padded(width: int) -> int:
    """The width of a batch that holds rows of up to that many."""
    return -(-width // STEP) * STEP


class Batch(NamedTuple):
    """Tensors of some sentences; see `Network.forward`. Targets are (sentences, words), `UNKNOWN` where not known."""

    pieces: Tensor
    shapes: Tensor
    attended: Tensor
    first: Tensor
    lengths: Tensor
    upos: Tensor
    xpos: Tensor
    heads: Tensor
    relations: Tensor
    names: Tensor
    kinds: Tensor  # (sentences, words): what each word ends, as an index of `Labels.kinds`
    told: Tensor  # (sentences): 1 where the facts are known
    facts: Tensor  # (facts, 4): sentence, first word, second word, label


def shape(word: str) -> int:
    """The class of a word's letters: what the lower-cased subwords do not show. `aigraph.language` does the same."""
    if any(c.isdigit() for c in word):
        return 5 if any(c.isalpha() for c in word) else 6
    letters = [c for c in word if c.isalpha()]
    if not letters:
        return 7
    upper = sum(c.isupper() for c in letters)
    if upper == 0:
        return 0
    if upper == len(letters):
        return 2 if len(letters) > 1 else 3
    return 1 if upper == 1 and letters[0].isupper() else 4


class Collator:
    """Makes batches of examples."""

    def __init__(self, tokenizer: Tokenizer, labels: Labels) -> None:
        self._tokenizer = tokenizer
        self._index: Mapping[str, Mapping[str, int]] = {
            name: {label: i for i, label in enumerate(getattr(labels, name))}
            for name in ("upos", "xpos", "relations", "names", "facts", "kinds")
        }

    def __call__(
        self, examples: Sequence[Example], mask: float = 0.0, chance: random.Random | None = None, size: int = 0
    ) -> Batch:
        """The batch, with empty rows up to `size` pieces; with `mask`, that share of words is hidden from the network."""
        encoded = self._tokenizer.encode_batch([list(e.words) for e in examples], is_pretokenized=True)
        width = padded(max(len(e.ids) for e in encoded))
        rows = max(len(examples), size // width)
        length = padded(max(len(e.words) for e in examples))
        pieces, shapes = torch.zeros(rows, width, dtype=torch.long), torch.full((rows, width), 7)
        attended, first = torch.zeros(rows, width), torch.zeros(rows, length, dtype=torch.long)
        targets = {
            name: torch.full((rows, length), UNKNOWN) for name in ("upos", "xpos", "heads", "relations", "names")
        }
        kinds_of, told = torch.zeros(rows, length, dtype=torch.long), torch.zeros(rows)
        facts: list[tuple[int, int, int, int]] = []
        hidden = self._tokenizer.token_to_id("[MASK]")
        for i, (example, code) in enumerate(zip(examples, encoded, strict=True)):
            ids = torch.tensor(code.ids)
            kinds = [shape(word) for word in example.words]
            for j in range(len(code.ids) - 1, -1, -1):
                word = code.word_ids[j]
                if word is not None:
                    first[i, word] = j
                    shapes[i, j] = kinds[word]
            if mask and chance:
                for word in range(len(example.words)):
                    if chance.random() < mask:
                        ids[[j for j, w in enumerate(code.word_ids) if w == word]] = hidden
            pieces[i, : len(ids)], attended[i, : len(ids)] = ids, 1.0
            for name, row in self._targets(example).items():
                targets[name][i, : len(row)] = torch.tensor(row)
            for word, kind in self._kinds(example).items():
                kinds_of[i, word] = kind
            told[i] = float(example.facts is not None)
            facts += [(i, a, b, self._index["facts"][label]) for a, b, label in example.facts or ()]
        lengths = torch.tensor([len(e.words) for e in examples] + [0] * (rows - len(examples)))
        marked = torch.tensor(facts, dtype=torch.long).reshape(-1, 4)
        return Batch(pieces, shapes, attended, first, lengths, **targets, kinds=kinds_of, told=told, facts=marked)

    def _kinds(self, example: Example) -> dict[int, int]:
        """What the last words of names and of figures end."""
        index = self._index["kinds"]
        found = dict.fromkeys(example.figures, index["figure"])
        return found | {end - 1: index[kind] for _, end, kind in spans(example.names or ())}

    def _targets(self, example: Example) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        if example.tree is not None:
            found["heads"] = [word.head for word in example.tree]
            for name in ("upos", "xpos"):
                found[name] = [self._index[name].get(getattr(word, name), UNKNOWN) for word in example.tree]
            found["relations"] = [self._index["relations"].get(word.relation, UNKNOWN) for word in example.tree]
        if example.names is not None:
            found["names"] = [self._index["names"][name] for name in example.names]
        return found


def batches(
    examples: Sequence[Example], size: int, variation: Variation, tokenizer: Tokenizer, trees: float = 1.0
) -> Iterator[list[Example]]:
    """All examples once (or as often as their weight says), alike in length within a batch, in random order.

    `trees` is the share of the trees that is drawn.
    """
    chance = variation.chance
    drawn = [
        variation.varied(example)
        for example in examples
        for _ in range(example.weight)
        if example.tree is None or trees >= 1 or chance.random() < trees
    ]
    encoded = tokenizer.encode_batch([list(e.words) for e in drawn], is_pretokenized=True)
    buckets: dict[int, list[Example]] = {}
    for example, code in zip(drawn, encoded, strict=True):
        if len(code.ids) < MAX_PIECES:
            buckets.setdefault(padded(len(code.ids)), []).append(example)
    made: list[list[Example]] = []
    for width, members in sorted(buckets.items()):
        chance.shuffle(members)
        rows = max(1, size // width)
        made += [members[i : i + rows] for i in range(0, len(members), rows)]
    chance.shuffle(made)
    yield from made
