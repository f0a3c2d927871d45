#!/usr/bin/env python3
"""Train the head for facts on what the exported model sees, and export it.

    python3 training/facts.py --model src/aigraph/language/model

The encoder stays as it is: the sentences of the corpus go through the shipped, quantised model once, and the head learns
from the vectors and trees that reading will give it. That takes minutes, so facts can be learnt anew without the rest.

The head is a biaffine form over pairs of words with one output a label (Dozat & Manning 2018, "Simpler but More Accurate
Semantic Dependency Parsing"). A word comes with the word that it hangs on (two arguments of one verb both bring that
verb), with what it ends (a name of some type, a figure), and a pair with its distance in words and in arcs.
"""

from __future__ import annotations

import argparse
import random
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from corpus import DEALS, FACT_LABELS, RELATIONS
from data import entity_examples
from network import RARE, WIDTH
from sentences import Example, spans
from spacy.tokens import Doc
from torch import Tensor, nn

from aigraph.language import load_language
from aigraph.language.components import Annotator, vectors_of
from aigraph.language.network import FAR_APART, FAR_ARCS, Network, arcs_between

INNER, PAIR = 256, 160
DROPOUT_WORDS, DROPOUT_INNER, DROPOUT_PAIR = 0.3, 0.3, 0.2
RATE, DECAY, WARM_UP = 1.5e-3, 0.02, 100
ROWS = 32


class Sentence(NamedTuple):
    """A sentence as reading sees it: vectors (words, WIDTH), each word's head and kind, arcs between words, its facts."""

    vectors: Tensor
    heads: Tensor
    kinds: Tensor
    arcs: Tensor
    facts: Tensor  # (facts, 3): first word, second word, label


class Rows(NamedTuple):
    """Sentences side by side, with 1 where there are words, and 1 for every fact in (rows, words, words, labels)."""

    vectors: Tensor
    heads: Tensor
    kinds: Tensor
    arcs: Tensor
    real: Tensor
    facts: Tensor


class Head(nn.Module):
    """Scores of facts between words."""

    def __init__(self, labels: int, kinds: int) -> None:
        super().__init__()
        self.kind = nn.Embedding(kinds, INNER)
        self.first, self.first_pair = nn.Linear(2 * WIDTH, INNER), nn.Linear(INNER, PAIR)
        self.second, self.second_pair = nn.Linear(2 * WIDTH, INNER), nn.Linear(INNER, PAIR)
        self.form = nn.Parameter(torch.randn(labels, PAIR + 1, PAIR + 1) * 0.02)
        self.form.data[:, -1, -1] = RARE
        self.apart = nn.Embedding(2 * FAR_APART + 1, labels)
        self.arcs = nn.Embedding(FAR_ARCS + 1, labels)
        nn.init.zeros_(self.apart.weight)
        nn.init.zeros_(self.arcs.weight)

    def sides(self, words: Tensor, kinds: Tensor) -> tuple[Tensor, Tensor]:
        """Each word, with its head behind it (…, 2 x WIDTH), as the first and as the second of a pair."""
        words = self._dropped(words, DROPOUT_WORDS)
        first = self._inner(self.first(words), kinds)
        second = self._inner(self.second(words), kinds)
        return self._pair(self.first_pair(first)), self._pair(self.second_pair(second))

    def forward(self, rows: Rows) -> Tensor:
        """(rows, words, words, labels)."""
        above = rows.vectors.gather(1, rows.heads[..., None].expand(-1, -1, WIDTH))
        first, second = self.sides(torch.cat([rows.vectors, above], -1), rows.kinds)
        places = torch.arange(rows.vectors.shape[1])
        apart = (places[None] - places[:, None]).clamp(-FAR_APART, FAR_APART) + FAR_APART
        form = torch.einsum("bui,lij,bvj->buvl", first, self.form, second)
        return form + self.apart(apart)[None] + self.arcs(rows.arcs)

    def _inner(self, x: Tensor, kinds: Tensor) -> Tensor:
        return self._dropped(F.gelu(x + self.kind(kinds)), DROPOUT_INNER)

    def _pair(self, x: Tensor) -> Tensor:
        x = self._dropped(F.gelu(x), DROPOUT_PAIR)
        return torch.cat([x, torch.ones_like(x[..., :1])], -1)

    def _dropped(self, x: Tensor, share: float) -> Tensor:
        return F.dropout(x, share, self.training)


class Shipped(nn.Module):
    """The head as reading runs it: some first words of one sentence against all its words."""

    def __init__(self, head: Head) -> None:
        super().__init__()
        self.head = head
        labels, width, _ = head.form.shape
        # one product serves all labels: (width of a first word, labels x width of a second)
        self.flat = nn.Parameter(head.form.detach().permute(1, 0, 2).reshape(width, labels * width).contiguous())

    def forward(self, words: Tensor, kinds: Tensor, firsts: Tensor, apart: Tensor, arcs: Tensor) -> Tensor:
        """(first words, labels, words) from words with heads (words, 2 x WIDTH); the others index rows or tables."""
        labels, width, _ = self.head.form.shape
        first, second = self.head.sides(words, kinds)
        scores = (first[firsts] @ self.flat).view(-1, labels, width) @ second.T
        return scores + (self.head.apart(apart) + self.head.arcs(arcs)).transpose(1, 2)


def read(network: Network, examples: Sequence[Example]) -> list[Sentence]:
    """The sentences as reading sees them; one too long for a single call is left out."""
    annotator = Annotator(network)
    kinds = {kind: i for i, kind in enumerate(network.labels.kinds)}
    found = []
    for example in examples:
        starts: list[bool | int | None] = [i == 0 for i in range(len(example.words))]
        spaces = [True] * len(example.words)
        doc = annotator(Doc(load_language().vocab, words=list(example.words), spaces=spaces, sent_starts=starts))
        parts = vectors_of(doc)
        if len(parts) != 1:
            continue
        ends = torch.zeros(len(doc), dtype=torch.long)
        for word in example.figures:
            ends[word] = kinds["figure"]
        for _, end, kind in spans(example.names or ()):
            ends[end - 1] = kinds[kind]
        heads = np.array([token.head.i for token in doc])
        facts = [(a, b, FACT_LABELS.index(label)) for a, b, label in example.facts or ()]
        found.append(
            Sentence(
                torch.tensor(parts[0][1]),
                torch.tensor(heads),
                ends,
                torch.tensor(arcs_between(heads)),
                torch.tensor(facts, dtype=torch.long).reshape(-1, 3),
            )
        )
    return found


def side_by_side(sentences: Sequence[Sentence]) -> Rows:
    """A batch."""
    rows, longest = len(sentences), max(len(sentence.heads) for sentence in sentences)
    batch = Rows(
        torch.zeros(rows, longest, WIDTH),
        torch.zeros(rows, longest, dtype=torch.long),
        torch.zeros(rows, longest, dtype=torch.long),
        torch.full((rows, longest, longest), FAR_ARCS),
        torch.zeros(rows, longest),
        torch.zeros(rows, longest, longest, len(FACT_LABELS)),
    )
    for i, sentence in enumerate(sentences):
        n = len(sentence.heads)
        batch.vectors[i, :n], batch.heads[i, :n] = sentence.vectors, sentence.heads
        batch.kinds[i, :n], batch.arcs[i, :n, :n], batch.real[i, :n] = sentence.kinds, sentence.arcs, 1
        batch.facts[i, sentence.facts[:, 0], sentence.facts[:, 1], sentence.facts[:, 2]] = 1
    return batch


def train(head: Head, sentences: Sequence[Sentence], epochs: int) -> None:
    """All epochs; batches of sentences alike in length."""
    chance = random.Random(0)
    optimizer = torch.optim.AdamW(head.parameters(), lr=RATE, weight_decay=DECAY)
    ordered = sorted(sentences, key=lambda sentence: len(sentence.heads))
    groups = [ordered[i : i + ROWS] for i in range(0, len(ordered), ROWS)]
    step, start = 0, time.time()
    for epoch in range(epochs):
        head.train()
        chance.shuffle(groups)
        total = 0.0
        for group in groups:
            step += 1
            rate = RATE * min(step / WARM_UP, 1) * max(0.02, 1 - step / (epochs * len(groups)))
            optimizer.param_groups[0]["lr"] = rate
            rows = side_by_side(group)
            loss = F.binary_cross_entropy_with_logits(head(rows), rows.facts, reduction="none")
            loss = (loss * pairs(rows)).sum() / rows.real.sum()
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(head.parameters(), 1.0)
            optimizer.step()
            total += float(loss.detach())
        print(f"epoch {epoch}: loss {total / len(groups):.4f}, {time.time() - start:.0f} s", flush=True)


def pairs(rows: Rows) -> Tensor:
    """(rows, words, words, 1): 1 where both words are real."""
    return (rows.real[:, :, None] * rows.real[:, None, :])[..., None]


@torch.no_grad()
def measure(head: Head, sentences: Sequence[Sentence]) -> str:
    """Precision, recall and F1 at a chance of one half, by groups and labels."""
    head.eval()
    right, found, marked = Counter[str](), Counter[str](), Counter[str]()
    for i in range(0, len(sentences), ROWS):
        rows = side_by_side(sentences[i : i + ROWS])
        has = (head(rows) > 0) * pairs(rows)
        for counts, chosen in ((right, has * rows.facts), (found, has), (marked, rows.facts)):
            counts.update(dict(zip(FACT_LABELS, chosen.sum((0, 1, 2)).int().tolist(), strict=True)))

    def line(name: str, members: Sequence[str]) -> str:
        r, f, m = (sum(counts[label] for label in members) for counts in (right, found, marked))
        return f"  {name}: P {r / max(f, 1):.3f} R {r / max(m, 1):.3f} F1 {2 * r / max(f + m, 1):.3f} ({m})"

    groups = {"relations": RELATIONS, "deals": DEALS, **{label: (label,) for label in FACT_LABELS}}
    return "\n".join(line(name, members) for name, members in groups.items())


def export(head: Head, target: Path) -> None:
    """Write the head as ONNX."""
    head.eval()
    words, firsts = 5, 3
    example = (
        torch.ones(words, 2 * WIDTH),
        torch.zeros(words, dtype=torch.long),
        torch.zeros(firsts, dtype=torch.long),
        torch.zeros(firsts, words, dtype=torch.long),
        torch.zeros(firsts, words, dtype=torch.long),
    )
    names = ["words", "kinds", "firsts", "apart", "arcs"]
    axes = {"words": {0: "words"}, "kinds": {0: "words"}, "firsts": {0: "firsts"}}
    axes |= {"apart": {0: "firsts", 1: "words"}, "arcs": {0: "firsts", 1: "words"}}
    axes |= {"scores": {0: "firsts", 2: "words"}}
    torch.onnx.export(
        Shipped(head), example, str(target), input_names=names, output_names=["scores"],
        dynamic_axes=axes, opset_version=17, dynamo=False,
    )  # fmt: skip


def main() -> None:
    """Read the corpus with the model, train, measure on held-out documents, export."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, required=True, help="the folder of the exported model; gets facts.onnx")
    parser.add_argument("--epochs", type=int, default=16)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    network = Network(options.model)
    training, held_out = (read(network, examples) for examples in entity_examples())
    print(f"{len(training)} sentences, {len(held_out)} held out", flush=True)
    head = Head(len(FACT_LABELS), len(network.labels.kinds))
    train(head, training, options.epochs)
    print(measure(head, held_out), flush=True)
    export(head, options.model / "facts.onnx")


if __name__ == "__main__":
    main()
