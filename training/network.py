"""The network: MiniLM-L6 with heads for tags, trees and entities.

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

WIDTH, ATTENTION_HEADS, LAYERS = 384, 12, 6
ARC, LABEL, NAME, FACT = 256, 96, 192, 128
SHAPES = 8
RARE = -6.0
"""Where the scores of facts begin: hardly any two words have one."""
DROPOUT, HEAD_DROPOUT = 0.1, 0.3


class Outputs(NamedTuple):
    """What the network says of a batch (scores, not probabilities)."""

    upos: Tensor  # (sentences, words, universal tags)
    xpos: Tensor  # (sentences, words, Penn tags)
    names: Tensor  # (sentences, words, begin/inside/… of each type)
    arcs: Tensor  # (sentences, words, 1 + words): each possible head, the root first
    label_heads: Tensor  # (sentences, 1 + words, LABEL + 1): each word as a head, for its label
    label_words: Tensor  # (sentences, words, LABEL + 1): each word as a dependent
    words: Tensor  # (sentences, words, WIDTH): the words themselves, for `Network.facts`


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
        self.kinds = nn.Parameter(torch.zeros(kinds, WIDTH))
        self.fact_first, self.fact_second = nn.Linear(WIDTH, FACT), nn.Linear(WIDTH, FACT)
        self.fact = nn.Parameter(torch.zeros(facts, FACT + 1, FACT + 1))
        self.fact.data[:, -1, -1] = RARE

    def forward(self, pieces: Tensor, shapes: Tensor, attended: Tensor, first: Tensor) -> Outputs:
        """Pieces, shapes and mask are (sentences, pieces); `first` (sentences, words) is each word's first piece."""
        return self.decide(self.encoder(pieces, shapes, attended), first)

    def decide(self, x: Tensor, first: Tensor) -> Outputs:
        """The heads' scores from the vectors (sentences, pieces, width) of the encoder."""
        words = x.gather(1, first[..., None].expand(-1, -1, WIDTH))
        with_root = self._dropped(torch.cat([x[:, :1] + self.root, words], 1))
        words = with_root[:, 1:]
        arcs = self._one(self._activated(self.arc_word, words)) @ self.arc
        arcs = arcs @ self._activated(self.arc_head, with_root).transpose(1, 2)
        return Outputs(
            self.upos(words),
            self.xpos(words),
            self.names(self._activated(self.name_inner, words)),
            arcs,
            self._one(self._activated(self.label_head, with_root)),
            self._one(self._activated(self.label_word, words)),
            words,
        )

    def labels(self, outputs: Outputs, heads: Tensor) -> Tensor:
        """(sentences, words, relations): score of each relation, given each word's head."""
        head = outputs.label_heads.gather(1, heads[..., None].expand(-1, -1, LABEL + 1))
        return torch.einsum("bwi,lij,bwj->bwl", outputs.label_words, self.label, head)

    def facts(self, firsts: Tensor, first_kinds: Tensor, seconds: Tensor, second_kinds: Tensor) -> Tensor:
        """(sentences, first words, second words, labels): the score of each fact between two words, by itself.

        A biaffine form over pairs as in trees, with a sigmoid for each label, since two names may have several facts.
        What a word ends (a name of some type, a figure) is added to it: reading knows that from more than the network.
        """
        first = self._one(self._activated(self.fact_first, firsts + F.embedding(first_kinds, self.kinds)))
        second = self._one(self._activated(self.fact_second, seconds + F.embedding(second_kinds, self.kinds)))
        return torch.einsum("bui,lij,bvj->buvl", first, self.fact, second)

    def _dropped(self, x: Tensor) -> Tensor:
        return F.dropout(x, HEAD_DROPOUT, self.training)

    def _activated(self, layer: nn.Linear, x: Tensor) -> Tensor:
        return self._dropped(F.gelu(layer(x)))

    @staticmethod
    def _one(x: Tensor) -> Tensor:
        return torch.cat([x, torch.ones_like(x[..., :1])], -1)
