"""The network: MiniLM-L6 with heads for tags, trees, entities and facts.

Encoder: six layers of width 384 (Wang et al. 2020, "MiniLM: Deep Self-Attention Distillation"), lower-cased subwords;
what case a word stands in is added as an embedding of its shape. A word is its first subword. Trees: deep biaffine
attention (Dozat & Manning 2017); the root is the first position with a learned offset.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import torch
import torch.nn.functional as F
from safetensors.torch import load_file
from torch import Tensor, nn

from aigraph.language.network import FAR_APART, FAR_ARCS, tree_between

WIDTH, ATTENTION_HEADS, LAYERS = 384, 12, 6
ARC, LABEL, NAME = 256, 96, 192
FACT, FACT_PAIR = 256, 160
SHAPES = 8
RARE = -6.0
"""Where the scores of facts begin: hardly any two words have one."""
DROPOUT, HEAD_DROPOUT, PAIR_DROPOUT = 0.1, 0.3, 0.2


class Outputs(NamedTuple):
    """What the network says of a batch (scores, not probabilities)."""

    upos: Tensor  # (sentences, words, universal tags)
    xpos: Tensor  # (sentences, words, Penn tags)
    names: Tensor  # (sentences, words, begin/inside/… of each type)
    arcs: Tensor  # (sentences, words, 1 + words): each possible head, the root first
    label_heads: Tensor  # (sentences, 1 + words, LABEL + 1): each word as a head, for its label
    label_words: Tensor  # (sentences, words, LABEL + 1): each word as a dependent
    words: Tensor  # (sentences, words, WIDTH): the words themselves, for `FactHead`


class Layer(nn.Module):
    """One layer of BERT (post-norm)."""

    def __init__(self, weights: dict[str, Tensor], prefix: str) -> None:
        super().__init__()
        names = {
            "query": "attention.self.query",
            "key": "attention.self.key",
            "value": "attention.self.value",
            "attended": "attention.output.dense",
            "norm1": "attention.output.LayerNorm",
            "inner": "intermediate.dense",
            "outer": "output.dense",
            "norm2": "output.LayerNorm",
        }
        for mine, theirs in names.items():
            weight, bias = weights[f"{prefix}{theirs}.weight"], weights[f"{prefix}{theirs}.bias"]
            part: nn.LayerNorm | nn.Linear = (
                nn.LayerNorm(WIDTH, eps=1e-12)
                if mine.startswith("norm")
                else nn.Linear(weight.shape[1], weight.shape[0])
            )
            part.weight, part.bias = nn.Parameter(weight.clone()), nn.Parameter(bias.clone())
            setattr(self, mine, part)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """(sentences, pieces, width) in and out; `mask` is added to the scores of attention."""

        def split(z: Tensor) -> Tensor:
            return z.view(*z.shape[:2], ATTENTION_HEADS, WIDTH // ATTENTION_HEADS).transpose(1, 2)

        query, key, value = split(self.query(x)), split(self.key(x)), split(self.value(x))
        seen = F.scaled_dot_product_attention(query, key, value, attn_mask=mask.to(query.dtype))
        seen = self.attended(seen.transpose(1, 2).reshape(x.shape))
        x = self.norm1(F.dropout(seen, DROPOUT, self.training) + x)
        return self.norm2(F.dropout(self.outer(F.gelu(self.inner(x))), DROPOUT, self.training) + x)


class Encoder(nn.Module):
    """Subwords and shapes to vectors."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        weights = load_file(folder / "model.safetensors")
        self.pieces = nn.Parameter(weights["embeddings.word_embeddings.weight"].clone())
        self.shapes = nn.Parameter(torch.zeros(SHAPES, WIDTH))
        positions = (
            weights["embeddings.position_embeddings.weight"] + weights["embeddings.token_type_embeddings.weight"][0]
        )
        self.register_buffer("positions", positions.clone())
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.norm.weight = nn.Parameter(weights["embeddings.LayerNorm.weight"].clone())
        self.norm.bias = nn.Parameter(weights["embeddings.LayerNorm.bias"].clone())
        self.layers = nn.ModuleList(Layer(weights, f"encoder.layer.{i}.") for i in range(LAYERS))

    def embed(self, pieces: Tensor) -> Tensor:
        """(sentences, pieces, width): the vector of each subword by itself."""
        return F.embedding(pieces, self.pieces)

    def forward(self, pieces: Tensor, shapes: Tensor, attended: Tensor) -> Tensor:
        """(sentences, pieces, width)."""
        x = self.embed(pieces) + F.embedding(shapes, self.shapes) + self.positions[: pieces.shape[1]]
        x = F.dropout(self.norm(x), DROPOUT, self.training)
        mask = (1 - attended[:, None, None, :]) * -1e4
        for layer in self.layers:
            x = layer(x, mask)
        return x


class FactHead(nn.Module):
    """Scores of facts between words, each label by itself, since two names may have several facts.

    A biaffine form over pairs of words with one output a label (Dozat & Manning 2018, "Simpler but More Accurate
    Semantic Dependency Parsing"). A word comes with the word that it hangs on (two arguments of one verb both bring that
    verb) and with what it ends (a name of some type, a figure: reading knows that from more than the network does); a
    pair with its distance in words and in arcs, and with the lowest word that both hang on, which mostly tells the fact.
    """

    def __init__(self, labels: int, kinds: int) -> None:
        super().__init__()
        self.kind = nn.Embedding(kinds, FACT)
        self.first, self.first_pair = nn.Linear(2 * WIDTH, FACT), nn.Linear(FACT, FACT_PAIR)
        self.second, self.second_pair = nn.Linear(2 * WIDTH, FACT), nn.Linear(FACT, FACT_PAIR)
        self.form = nn.Parameter(torch.randn(labels, FACT_PAIR + 1, FACT_PAIR + 1) * 0.02)
        self.form.data[:, -1, -1] = RARE
        self.common_inner, self.common = nn.Linear(WIDTH, FACT), nn.Linear(FACT, labels)
        self.apart = nn.Embedding(2 * FAR_APART + 1, labels)
        self.arcs = nn.Embedding(FAR_ARCS + 1, labels)
        for table in (self.common, self.apart, self.arcs):
            nn.init.zeros_(table.weight)

    def sides(self, words: Tensor, kinds: Tensor) -> tuple[Tensor, Tensor]:
        """Each word, with its head behind it (…, 2 x WIDTH), as the first and as the second of a pair."""
        first = self._inner(self.first(words), kinds)
        second = self._inner(self.second(words), kinds)
        return self._pair(self.first_pair(first)), self._pair(self.second_pair(second))

    def commons(self, words: Tensor) -> Tensor:
        """(…, labels): what each word (…, WIDTH) says of the pairs whose lowest common word it is."""
        return self.common(F.dropout(F.gelu(self.common_inner(words)), HEAD_DROPOUT, self.training))

    def forward(self, words: Tensor, kinds: Tensor, heads: Tensor, between: Tensor, common: Tensor) -> Tensor:
        """(sentences, words, words, labels) from `words` (sentences, words, WIDTH), with the kind and head of each.

        `between` (sentences, words, words) counts the arcs between two words, `common` has the lowest word above both.
        """
        words = F.dropout(words, HEAD_DROPOUT, self.training)
        above = words.gather(1, heads[..., None].expand(-1, -1, WIDTH))
        first, second = self.sides(torch.cat([words, above], -1), kinds)
        places = torch.arange(words.shape[1])
        apart = (places[None] - places[:, None]).clamp(-FAR_APART, FAR_APART) + FAR_APART
        form = torch.einsum("bui,lij,bvj->buvl", first, self.form, second)
        told = self.commons(words)
        rows = torch.arange(len(words))[:, None, None]
        return form + told[rows, common] + self.apart(apart)[None] + self.arcs(between)

    def _inner(self, x: Tensor, kinds: Tensor) -> Tensor:
        return F.dropout(F.gelu(x + self.kind(kinds)), HEAD_DROPOUT, self.training)

    def _pair(self, x: Tensor) -> Tensor:
        x = F.dropout(F.gelu(x), PAIR_DROPOUT, self.training)
        return torch.cat([x, torch.ones_like(x[..., :1])], -1)


class Network(nn.Module):
    """The encoder and its heads."""

    def __init__(
        self, encoder: Encoder, upos: int, xpos: int, relations: int, names: int, facts: int, kinds: int
    ) -> None:
        super().__init__()
        self.encoder = encoder
        self.root = nn.Parameter(torch.zeros(WIDTH))
        self.upos, self.xpos = nn.Linear(WIDTH, upos), nn.Linear(WIDTH, xpos)
        self.name_inner, self.names = nn.Linear(WIDTH, NAME), nn.Linear(NAME, names)
        self.arc_head, self.arc_word = nn.Linear(WIDTH, ARC), nn.Linear(WIDTH, ARC)
        self.label_head, self.label_word = nn.Linear(WIDTH, LABEL), nn.Linear(WIDTH, LABEL)
        self.arc = nn.Parameter(nn.init.xavier_uniform_(torch.empty(ARC + 1, ARC)))
        self.label = nn.Parameter(torch.zeros(relations, LABEL + 1, LABEL + 1))
        self.facts = FactHead(facts, kinds)

    def forward(self, pieces: Tensor, shapes: Tensor, attended: Tensor, first: Tensor) -> Outputs:
        """Pieces, shapes and mask are (sentences, pieces); `first` (sentences, words) is each word's first piece."""
        return self.decide(self.encoder(pieces, shapes, attended), first)

    def decide(self, x: Tensor, first: Tensor) -> Outputs:
        """The heads' scores from the vectors (sentences, pieces, width) of the encoder."""
        words = x.gather(1, first[..., None].expand(-1, -1, WIDTH))
        with_root = self._dropped(torch.cat([x[:, :1] + self.root, words], 1))
        bare, words = words, with_root[:, 1:]
        arcs = self._one(self._activated(self.arc_word, words)) @ self.arc
        arcs = arcs @ self._activated(self.arc_head, with_root).transpose(1, 2)
        return Outputs(
            self.upos(words),
            self.xpos(words),
            self.names(self._activated(self.name_inner, words)),
            arcs,
            self._one(self._activated(self.label_head, with_root)),
            self._one(self._activated(self.label_word, words)),
            bare,
        )

    def labels(self, outputs: Outputs, heads: Tensor) -> Tensor:
        """(sentences, words, relations): score of each relation, given each word's head."""
        head = outputs.label_heads.gather(1, heads[..., None].expand(-1, -1, LABEL + 1))
        return torch.einsum("bwi,lij,bwj->bwl", outputs.label_words, self.label, head)

    def facts_of(self, outputs: Outputs, kinds: Tensor, lengths: Tensor) -> Tensor:
        """(sentences, words, words, labels): the scores of facts, with the trees that the network itself would draw.

        `kinds` (sentences, words) says what each word ends, `lengths` how many words are real.
        """
        too_far = torch.arange(outputs.arcs.shape[2])[None, None] > lengths[:, None, None]
        best = outputs.arcs.detach().masked_fill(too_far, -1e9).argmax(-1)
        places = torch.arange(best.shape[1])
        heads = torch.where(best == 0, places, best - 1)
        pairs = (*heads.shape, heads.shape[1])
        between, common = torch.full(pairs, FAR_ARCS), torch.zeros(pairs, dtype=torch.long)
        for row, size in enumerate(lengths.tolist()):
            if not size:  # a row that only fills the batch
                continue
            arcs, lowest = tree_between(heads[row, :size].numpy())
            between[row, :size, :size], common[row, :size, :size] = torch.tensor(arcs), torch.tensor(lowest)
        return self.facts(outputs.words, kinds, heads, between, common)

    def _dropped(self, x: Tensor) -> Tensor:
        return F.dropout(x, HEAD_DROPOUT, self.training)

    def _activated(self, layer: nn.Linear, x: Tensor) -> Tensor:
        return self._dropped(F.gelu(layer(x)))

    @staticmethod
    def _one(x: Tensor) -> Tensor:
        return torch.cat([x, torch.ones_like(x[..., :1])], -1)
