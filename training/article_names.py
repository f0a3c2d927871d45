#!/usr/bin/env python3
"""Train the network that finds the names of an article in all its sentences at once, and export it.

    python3 training/article_names.py --model src/aigraph/language/model

The language model stays as it is: the articles marked as wholes and the corpus go through the shipped, quantised model once,
and the network learns from the vectors that reading will give it. Two CPU cores take some forty minutes. With `--start
FILE` it goes on from weights that were kept with `--keep FILE`.

A word looks at all words of its article with attention (Vaswani et al. 2017); what pairs of words have to do with each
other (the same sentence, the same word, how far apart) is a bias of each head, as in Shaw et al. 2018, "Self-Attention
with Relative Position Representations".
"""

from __future__ import annotations

import argparse
import dataclasses
import random
import re
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from corpus import CorpusDocument, read_corpus, split_held_out
from export import quantize
from layout import laid_out
from marked import MarkedArticle, read_marked, split_articles
from network import SHAPES, WIDTH
from torch import Tensor, nn

from aigraph import articles
from aigraph.documents import DocumentReader
from aigraph.language import EncodedSentence, names_of
from aigraph.language.article_names import BLOCKS, TAGS, EncodedArticle, encoded, parts
from aigraph.language.components import vectors_of
from aigraph.language.names import NameDecoder
from aigraph.records import Article, Document, ReadBlock

HERE = Path(__file__).resolve().parent
INNER, HEADS, LAYERS, NEAR = 192, 6, 2, 6
DROPOUT, INPUT_DROPOUT, SMOOTHED = 0.15, 0.25, 0.03
RATE, DECAY, WARM_UP, LEAST = 1e-3, 0.02, 100, 0.02
TOGETHER, EPOCHS = 8, 5
SURE = 0.8
"""From which score of the language model on an unmarked name is left out: marks are not quite complete."""
UNKNOWN = -100
FAR = -1e4
BIAS = 3.0
"""How much at first half of the heads prefer other places of the word, the others its sentence."""

Spans = Sequence[tuple[int, int, str]]
"""Names of an article: first and last code point, type."""


class Tagged(NamedTuple):
    """An article, or a part of a long one, with the tag of each word (`UNKNOWN` where marks may lack it)."""

    article: EncodedArticle
    tags: np.ndarray


# --- what is learnt from --------------------------------------------------------------------------------------------


def places(article: MarkedArticle, text: str) -> Spans:
    """Where the forms of an article's names stand, the longest first, none overlapping another."""
    taken = np.zeros(len(text) + 1, dtype=bool)
    found = []
    for form in sorted(article.names, key=lambda form: (-len(form), form)):
        for match in re.finditer(rf"(?<![^\W_]){re.escape(form)}(?=s?(?![^\W_]))", text):
            if not taken[match.start() : match.end()].any():
                taken[match.start() : match.end()] = True
                found.append((match.start(), match.end(), article.types[article.names[form]]))
    return sorted(found)


def tagged(document: Document, spans: Spans) -> Iterator[Tagged]:
    """The parts of a document as the network takes them, with tags."""
    lines: list[EncodedSentence] = []
    tags: list[list[int]] = []
    for read in document.blocks:
        named = _tagged(read, spans)
        for words, vectors in vectors_of(read.doc):
            lines.append(EncodedSentence(tuple(read.doc[i].text for i in words), vectors, read.block.kind.value))
            tags.append([named[i] for i in words])
    for first, last in parts([len(line.words) for line in lines]):
        yield Tagged(encoded(lines[first:last]), np.array([tag for line in tags[first:last] for tag in line]))


def _tagged(read: ReadBlock, spans: Spans) -> list[int]:
    """The tag of each token of a block."""
    starts = [read.block.span.start + token.idx for token in read.doc]
    tags = [0] * len(starts)
    for name in names_of(read.doc):
        if name.score >= SURE:
            tags[name.first : name.last] = [UNKNOWN] * (name.last - name.first)
    for start, end, kind in spans:
        inside = [i for i, at in enumerate(starts) if start <= at < end]
        if not inside or starts[inside[0]] != start:
            continue
        letters = "S" if len(inside) == 1 else "B" + "I" * (len(inside) - 2) + "E"
        for i, letter in zip(inside, letters, strict=True):
            tags[i] = TAGS.index(f"{letter}-{kind}")
    return tags


def of_marked(reader: DocumentReader, marked: Iterable[MarkedArticle]) -> Iterator[Tagged]:
    """The articles marked as wholes."""
    with tempfile.TemporaryDirectory() as folder:
        for each in marked:
            path = Path(folder, f"{each.id}.txt")
            path.write_text(each.text + "\n", encoding="utf-8")
            (article,) = articles.read(path)
            yield from tagged(reader.read(article), places(each, article.text))


def of_corpus(reader: DocumentReader, documents: Iterable[CorpusDocument]) -> Iterator[Tagged]:
    """The documents of the corpus that have names."""
    for document in documents:
        text, starts, blocks = laid_out(document)
        spans = [
            (start + name.start, start + name.end, name.type)
            for start, line in zip(starts, document.lines, strict=True)
            for name in line.entities
        ]
        if spans:
            yield from tagged(reader.read(Article(document.id, text, blocks, "0")), spans)


# --- the network ----------------------------------------------------------------------------------------------------


class Layer(nn.Module):
    """Attention over an article, then each word by itself (pre-norm)."""

    def __init__(self) -> None:
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(INNER), nn.LayerNorm(INNER)
        self.looks, self.seen = nn.Linear(INNER, 3 * INNER), nn.Linear(INNER, INNER)
        self.inner, self.outer = nn.Linear(INNER, 3 * INNER), nn.Linear(3 * INNER, INNER)
        self.same_sentence, self.same_word = nn.Parameter(torch.zeros(HEADS)), nn.Parameter(torch.zeros(HEADS))
        self.near = nn.Parameter(torch.zeros(2 * NEAR + 2, HEADS))
        self.same_word.data[: HEADS // 2] = BIAS
        self.same_sentence.data[HEADS // 2 :] = BIAS

    def forward(self, x: Tensor, sentence: Tensor, word: Tensor, apart: Tensor, mask: Tensor | None) -> Tensor:
        """(articles, words, INNER); the pairs of words are (articles, words, words), `apart` (words, words)."""
        rows, words, _ = x.shape
        query, key, value = self.looks(self.norm1(x)).view(rows, words, 3, HEADS, INNER // HEADS).permute(2, 0, 3, 1, 4)
        bias = (
            sentence[:, None] * self.same_sentence[None, :, None, None]
            + word[:, None] * self.same_word[None, :, None, None]
            + self.near[apart].permute(2, 0, 1)[None]
        )
        bias = bias if mask is None else bias + mask
        seen = F.scaled_dot_product_attention(query, key, value, attn_mask=bias).transpose(1, 2).reshape(x.shape)
        x = x + F.dropout(self.seen(seen), DROPOUT, self.training)
        return x + F.dropout(self.outer(F.gelu(self.inner(self.norm2(x)))), DROPOUT, self.training)


class Names(nn.Module):
    """Words of articles to scores of tags."""

    def __init__(self) -> None:
        super().__init__()
        self.given, self.norm = nn.Linear(WIDTH, INNER), nn.LayerNorm(INNER)
        self.shape, self.block = nn.Embedding(SHAPES, INNER), nn.Embedding(len(BLOCKS), INNER)
        nn.init.normal_(self.shape.weight, std=0.1)
        nn.init.normal_(self.block.weight, std=0.1)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.last, self.tags = nn.LayerNorm(INNER), nn.Linear(INNER, len(TAGS))

    def forward(
        self,
        vectors: Tensor,
        shapes: Tensor,
        blocks: Tensor,
        sentences: Tensor,
        same: Tensor,
        mask: Tensor | None = None,
    ) -> Tensor:
        """(articles, words, tags); `mask` (articles, 1, 1, words) is added to the scores of attention."""
        x = F.dropout(vectors, INPUT_DROPOUT, self.training)
        x = self.norm(self.given(x) + self.shape(shapes) + self.block(blocks))
        at = torch.arange(x.shape[1])
        apart = at[None] - at[:, None]
        apart = torch.where(apart.abs() <= NEAR, apart + NEAR, torch.full_like(apart, 2 * NEAR + 1))
        sentence = (sentences[:, :, None] == sentences[:, None]).to(x.dtype)
        word = ((same[:, :, None] == same[:, None]) & (same[:, :, None] > 0)).to(x.dtype)
        for layer in self.layers:
            x = layer(x, sentence, word, apart, mask)
        return self.tags(self.last(x))


class Shipped(nn.Module):
    """The network for one article at a time."""

    def __init__(self, names: Names) -> None:
        super().__init__()
        self.names = names

    def forward(self, vectors: Tensor, shapes: Tensor, blocks: Tensor, sentences: Tensor, same: Tensor) -> Tensor:
        """As `EncodedArticle`; gives (words, tags)."""
        return self.names(vectors[None], shapes[None], blocks[None], sentences[None], same[None])[0]


# --- learning -------------------------------------------------------------------------------------------------------


def batch(chosen: Sequence[Tagged]) -> tuple[tuple[Tensor, ...], Tensor]:
    """Articles side by side, filled up to the longest, and their tags."""
    longest = max(len(each.tags) for each in chosen)

    def filled(rows: Sequence[np.ndarray], value: float) -> Tensor:
        return torch.stack(
            [
                torch.from_numpy(
                    np.pad(row, [(0, longest - len(row)), *[(0, 0)] * (row.ndim - 1)], constant_values=value)
                )
                for row in rows
            ]
        )

    articles = [each.article for each in chosen]
    mask = filled([np.zeros(len(each.tags), dtype=np.float32) for each in chosen], FAR)[:, None, None]
    inputs = (
        filled([one.vectors for one in articles], 0),
        filled([one.shapes for one in articles], 0),
        filled([one.blocks for one in articles], 0),
        filled([one.sentences for one in articles], -1),
        filled([one.same for one in articles], 0),
        mask,
    )
    return inputs, filled([each.tags for each in chosen], UNKNOWN)


def batches(training: Sequence[Tagged], steps: int) -> Iterator[list[Tagged]]:
    """Articles of like length together, in another order each time."""
    made = 0
    while True:
        order = sorted(training, key=lambda each: len(each.tags) + random.random() * 150)
        together = [order[i : i + TOGETHER] for i in range(0, len(order), TOGETHER)]
        random.shuffle(together)
        for each in together:
            if made == steps:
                return
            made += 1
            yield each


def learn(names: Names, training: Sequence[Tagged], steps: int, rate: float) -> None:
    """Steps over the tagged articles to learn from."""
    optimizer = torch.optim.AdamW(names.parameters(), lr=rate, weight_decay=DECAY, betas=(0.9, 0.98))
    names.train()
    lost = 0.0
    for step, chosen in enumerate(batches(training, steps), 1):
        for group in optimizer.param_groups:
            group["lr"] = rate * min(1, step / WARM_UP) * max(LEAST, 1 - step / steps)
        inputs, tags = batch(chosen)
        scores = names(*inputs).reshape(-1, len(TAGS))
        loss = F.cross_entropy(scores, tags.reshape(-1), ignore_index=UNKNOWN, label_smoothing=SMOOTHED)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(names.parameters(), 1.0)
        optimizer.step()
        lost += float(loss.detach())
        if step % 100 == 0:
            print(f"step {step} of {steps}: loss {lost / 100:.4f}", flush=True)
            lost = 0.0


def measure(names: Names, held_out: Sequence[Tagged]) -> None:
    """Print how well the names of held-out articles are found, place by place."""
    decoder = NameDecoder(TAGS)
    found: Counter[str] = Counter()
    marked: Counter[str] = Counter()
    right: Counter[str] = Counter()
    bounded = 0
    names.eval()
    with torch.no_grad():
        for each in held_out:
            inputs, _ = batch([each])
            scores = names(*inputs)[0].numpy()
            gold = _names(each.tags)
            marked.update(gold.values())
            ends = np.flatnonzero(np.diff(each.article.sentences, append=-1)) + 1
            for start, end in zip([0, *ends[:-1]], ends, strict=True):
                for name in decoder.names(scores[start:end]):
                    place = int(start) + name.first, int(start) + name.last
                    if (each.tags[place[0] : place[1]] == UNKNOWN).any():
                        continue
                    found[name.type] += 1
                    bounded += place in gold
                    right[name.type] += gold.get(place) == name.type
    print(f"names of any type: F1 {2 * bounded / (found.total() + marked.total()):.3f}")
    print(f"names with their types: F1 {2 * right.total() / (found.total() + marked.total()):.3f}")
    for kind in sorted(marked):
        print(f"  {kind:12} {2 * right[kind] / (found[kind] + marked[kind]):.3f} of {marked[kind]}")


def _names(tags: np.ndarray) -> dict[tuple[int, int], str]:
    found: dict[tuple[int, int], str] = {}
    start = 0
    for i, tag in enumerate(tags.tolist()):
        part, _, kind = TAGS[tag].partition("-") if tag >= 0 else ("O", "", "")
        if part in ("B", "S"):
            start = i
        if part in ("E", "S"):
            found[start, i + 1] = kind
    return found


def export(names: Names, path: Path) -> None:
    """Write the network for one article at a time, with 8-bit matrices."""
    words = 9
    example = (
        torch.zeros(words, WIDTH),
        torch.zeros(words, dtype=torch.long),
        torch.zeros(words, dtype=torch.long),
        torch.tensor([0] * 5 + [1] * 4),
        torch.arange(words),
    )
    fields = [field.name for field in dataclasses.fields(EncodedArticle)]
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "plain.onnx"
        torch.onnx.export(
            Shipped(names).eval(), example, str(plain), input_names=fields, output_names=["scores"],
            dynamic_axes={name: {0: "words"} for name in (*fields, "scores")}, opset_version=17, dynamo=False,
        )  # fmt: skip
        quantize(plain, path)


def main() -> None:
    """Read the options, train, measure, export."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--epochs", type=float, default=EPOCHS)
    parser.add_argument("--rate", type=float, default=RATE)
    parser.add_argument("--start", type=Path)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--limit", type=int, help="articles and documents of each kind, to rehearse")
    options = parser.parse_args()
    torch.manual_seed(1)
    random.seed(1)
    reader = DocumentReader(named=False)
    whole = split_articles(read_marked(sorted((HERE / "articles").glob("*.txt"))))
    made = split_held_out(read_corpus(sorted((HERE / "corpus").glob("*.txt"))))
    training, held_out = (
        [*of_marked(reader, marked[: options.limit]), *of_corpus(reader, documents[: options.limit])]
        for marked, documents in zip(whole, made, strict=True)
    )
    print(f"{len(training)} articles to learn from, {len(held_out)} held out")
    names = Names()
    if options.start:
        names.load_state_dict(torch.load(options.start, weights_only=True))
    learn(names, training, int(options.epochs * len(training) / TOGETHER), options.rate)
    measure(names, held_out)
    if options.keep:
        torch.save(names.state_dict(), options.keep)
    export(names, options.model / "names.onnx")


if __name__ == "__main__":
    main()
