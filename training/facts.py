#!/usr/bin/env python3
"""Train the head for facts on what the exported model sees, and export it.

    python3 training/facts.py --model src/aigraph/language/model

The encoder stays as it is: the sentences of the corpus go through the shipped, quantised model once, and the head learns
from the vectors and trees that reading will give it. That takes minutes, so facts can be learnt anew without the rest.

With `--start` it begins with the head that the encoder was trained with (`FactHead` in `network.py`).
"""

from __future__ import annotations

import argparse
import random
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple, cast

import numpy as np
import torch
import torch.nn.functional as F
from corpus import DEALS, FACT_LABELS, MARKS, RELATIONS
from data import entity_examples
from network import WIDTH, FactHead
from sentences import Example, spans
from spacy.tokens import Doc
from torch import Tensor, nn

from aigraph.language import load_language
from aigraph.language.components import Annotator, vectors_of
from aigraph.language.network import FAR_ARCS, Network, tree_between

DECAY, WARM_UP = 0.02, 100
MISSED = 3.0
"""What a mark of denial, condition or rumour counts more than its absence: missing one makes a fact of what is none."""
ROWS = 32


class Sentence(NamedTuple):
    """A sentence as reading sees it: vectors (words, WIDTH), each word's head and kind, its facts.

    `between` and `common` (words, words) are those of `tree_between`.
    """

    vectors: Tensor
    heads: Tensor
    kinds: Tensor
    between: Tensor
    common: Tensor
    facts: Tensor  # (facts, 3): first word, second word, label


class Rows(NamedTuple):
    """Sentences side by side, with 1 where there are words, and 1 for every fact in (rows, words, words, labels)."""

    vectors: Tensor
    heads: Tensor
    kinds: Tensor
    between: Tensor
    common: Tensor
    real: Tensor
    facts: Tensor


class Shipped(nn.Module):
    """The head as reading runs it: some first words of one sentence against all its words."""

    def __init__(self, head: FactHead) -> None:
        super().__init__()
        self.head = head
        labels, width, _ = head.form.shape
        # one product serves all labels: (width of a first word, labels x width of a second)
        self.flat = nn.Parameter(head.form.detach().permute(1, 0, 2).reshape(width, labels * width).contiguous())

    def forward(
        self, words: Tensor, kinds: Tensor, firsts: Tensor, apart: Tensor, arcs: Tensor, common: Tensor
    ) -> Tensor:
        """(first words, labels, words) from words with heads (words, 2 x WIDTH); the others index rows or tables."""
        labels, width, _ = self.head.form.shape
        first, second = self.head.sides(words, kinds)
        scores = (first[firsts] @ self.flat).view(-1, labels, width) @ second.T
        told = self.head.commons(words[:, :WIDTH])[common]
        return scores + (told + self.head.apart(apart) + self.head.arcs(arcs)).transpose(1, 2)


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
                *map(torch.tensor, tree_between(heads)),
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
        torch.zeros(rows, longest, longest, dtype=torch.long),
        torch.zeros(rows, longest),
        torch.zeros(rows, longest, longest, len(FACT_LABELS)),
    )
    for i, sentence in enumerate(sentences):
        n = len(sentence.heads)
        batch.vectors[i, :n], batch.heads[i, :n] = sentence.vectors, sentence.heads
        batch.kinds[i, :n], batch.real[i, :n] = sentence.kinds, 1
        batch.between[i, :n, :n], batch.common[i, :n, :n] = sentence.between, sentence.common
        batch.facts[i, sentence.facts[:, 0], sentence.facts[:, 1], sentence.facts[:, 2]] = 1
    return batch


def scores(head: FactHead, rows: Rows) -> Tensor:
    """(rows, words, words, labels)."""
    return cast(Tensor, head(rows.vectors, rows.kinds, rows.heads, rows.between, rows.common))


def train(head: FactHead, sentences: Sequence[Sentence], epochs: int, peak: float) -> None:
    """All epochs; batches of sentences alike in length."""
    chance = random.Random(0)
    optimizer = torch.optim.AdamW(head.parameters(), lr=peak, weight_decay=DECAY)
    weight = torch.tensor([MISSED if label in MARKS.values() else 1.0 for label in FACT_LABELS])
    ordered = sorted(sentences, key=lambda sentence: len(sentence.heads))
    groups = [ordered[i : i + ROWS] for i in range(0, len(ordered), ROWS)]
    step, start = 0, time.time()
    for epoch in range(epochs):
        head.train()
        chance.shuffle(groups)
        total = 0.0
        for group in groups:
            step += 1
            rate = peak * min(step / WARM_UP, 1) * max(0.02, 1 - step / (epochs * len(groups)))
            optimizer.param_groups[0]["lr"] = rate
            rows = side_by_side(group)
            loss = F.binary_cross_entropy_with_logits(
                scores(head, rows), rows.facts, reduction="none", pos_weight=weight
            )
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
def measure(head: FactHead, sentences: Sequence[Sentence]) -> str:
    """Precision, recall and F1 at a chance of one half, by groups and labels."""
    head.eval()
    right, found, marked = Counter[str](), Counter[str](), Counter[str]()
    for i in range(0, len(sentences), ROWS):
        rows = side_by_side(sentences[i : i + ROWS])
        has = (scores(head, rows) > 0) * pairs(rows)
        for counts, chosen in ((right, has * rows.facts), (found, has), (marked, rows.facts)):
            counts.update(dict(zip(FACT_LABELS, chosen.sum((0, 1, 2)).int().tolist(), strict=True)))

    def line(name: str, members: Sequence[str]) -> str:
        r, f, m = (sum(counts[label] for label in members) for counts in (right, found, marked))
        return f"  {name}: P {r / max(f, 1):.3f} R {r / max(m, 1):.3f} F1 {2 * r / max(f + m, 1):.3f} ({m})"

    groups = {"relations": RELATIONS, "deals": DEALS, **{label: (label,) for label in FACT_LABELS}}
    return "\n".join(line(name, members) for name, members in groups.items())


def export(head: FactHead, target: Path) -> None:
    """Write the head as ONNX."""
    head.eval()
    words, firsts = 5, 3
    example = (
        torch.ones(words, 2 * WIDTH),
        torch.zeros(words, dtype=torch.long),
        torch.zeros(firsts, dtype=torch.long),
        torch.zeros(firsts, words, dtype=torch.long),
        torch.zeros(firsts, words, dtype=torch.long),
        torch.zeros(firsts, words, dtype=torch.long),
    )
    names = ["words", "kinds", "firsts", "apart", "arcs", "common"]
    axes = {"words": {0: "words"}, "kinds": {0: "words"}, "firsts": {0: "firsts"}}
    axes |= {name: {0: "firsts", 1: "words"} for name in ("apart", "arcs", "common")}
    axes |= {"scores": {0: "firsts", 2: "words"}}
    torch.onnx.export(
        Shipped(head), example, str(target), input_names=names, output_names=["scores"],
        dynamic_axes=axes, opset_version=17, dynamo=False,
    )  # fmt: skip


def main() -> None:
    """Read the corpus with the model, train, measure on held-out documents, export."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, required=True, help="the folder of the exported model; gets facts.onnx")
    parser.add_argument("--start", type=Path, help="weights of the last stage of `train.py`, whose head is taken")
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument(
        "--rate", type=float, default=5e-4, help="peak learning rate; 1.5e-3 and 16 epochs without --start"
    )
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    network = Network(options.model)
    training, held_out = (read(network, examples) for examples in entity_examples())
    print(f"{len(training)} sentences, {len(held_out)} held out", flush=True)
    head = FactHead(len(FACT_LABELS), len(network.labels.kinds))
    if options.start:
        known = torch.load(options.start, weights_only=True)["network"]
        head.load_state_dict({k.removeprefix("facts."): v for k, v in known.items() if k.startswith("facts.")})
        print(measure(head, held_out), flush=True)
    train(head, training, options.epochs, options.rate)
    print(measure(head, held_out), flush=True)
    export(head, options.model / "facts.onnx")


if __name__ == "__main__":
    main()
