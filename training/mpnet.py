"""MPNet as an encoder of articles: twelve layers of width 768 with relative positions, or some of them.

Song et al. 2020, "MPNet: Masked and Permuted Pre-training for Language Understanding"; positions are told apart as by
Raffel et al. 2020 ("Exploring the Limits of Transfer Learning", section 2.1). It knows the subwords of BERT under other
numbers, so that a window is the same to it and to MiniLM, which it teaches.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import torch
import torch.nn.functional as F
from network import DROPOUT, SHAPES
from safetensors.torch import load_file
from torch import Tensor, nn

from aigraph.language.whole import KINDS

MPNET_WIDTH, HEADS = 768, 12
DISTANCES, FARTHEST = 32, 128
"""Classes of distances, and the distance from which on they are not told apart."""
_FIRST_POSITION = 2
_SPECIAL = {"[CLS]": "<s>", "[SEP]": "</s>", "[PAD]": "<pad>", "[UNK]": "<unk>"}
_PARTS = {
    "query": "attention.attn.q", "key": "attention.attn.k", "value": "attention.attn.v", "attended": "attention.attn.o",
    "norm1": "attention.LayerNorm", "inner": "intermediate.dense", "outer": "output.dense", "norm2": "output.LayerNorm",
}  # fmt: skip


class MPNetLayer(nn.Module):
    """One layer (post-norm)."""

    def __init__(self) -> None:
        super().__init__()
        width = MPNET_WIDTH
        self.query, self.key, self.value, self.attended = (nn.Linear(width, width) for _ in range(4))
        self.norm1, self.norm2 = nn.LayerNorm(width, eps=1e-5), nn.LayerNorm(width, eps=1e-5)
        self.inner, self.outer = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        """(articles, subwords, MPNET_WIDTH) in and out; `bias` is added to the scores of attention."""

        def split(z: Tensor) -> Tensor:
            return z.view(*z.shape[:2], HEADS, MPNET_WIDTH // HEADS).transpose(1, 2)

        query, key, value = split(self.query(x)), split(self.key(x)), split(self.value(x))
        seen = F.scaled_dot_product_attention(query, key, value, attn_mask=bias.to(query.dtype))
        seen = self.attended(seen.transpose(1, 2).reshape(x.shape))
        x = self.norm1(F.dropout(seen, DROPOUT, self.training) + x)
        return self.norm2(F.dropout(self.outer(F.gelu(self.inner(x))), DROPOUT, self.training) + x)


class MPNetEncoder(nn.Module):
    """Subwords, the shapes of words and what words are mentions of, to vectors; as `whole.WholeEncoder` but wider."""

    def __init__(self, folder: Path, vocabulary: Path, layers: Sequence[int] = range(12)) -> None:
        """The released weights of `folder` for some of their layers; `vocabulary` has the subwords by the numbers of
        windows."""
        super().__init__()
        weights = load_file(folder / "model.safetensors")
        self.pieces = nn.Embedding.from_pretrained(weights["embeddings.word_embeddings.weight"], freeze=False)
        self.positions = nn.Embedding.from_pretrained(weights["embeddings.position_embeddings.weight"], freeze=False)
        self.apart = nn.Embedding.from_pretrained(weights["encoder.relative_attention_bias.weight"], freeze=False)
        self.kind, self.shape = nn.Embedding(KINDS, MPNET_WIDTH), nn.Embedding(SHAPES, MPNET_WIDTH)
        nn.init.normal_(self.kind.weight, std=0.02)
        nn.init.zeros_(self.shape.weight)
        self.norm = nn.LayerNorm(MPNET_WIDTH, eps=1e-5)
        self.norm.load_state_dict({k: weights[f"embeddings.LayerNorm.{k}"] for k in ("weight", "bias")})
        self.layers = nn.ModuleList(MPNetLayer() for _ in layers)
        for layer, number in zip(self.layers, layers, strict=True):
            layer.load_state_dict(
                {
                    f"{mine}.{kind}": weights[f"encoder.layer.{number}.{theirs}.{kind}"]
                    for mine, theirs in _PARTS.items()
                    for kind in ("weight", "bias")
                }
            )
        own = {piece: i for i, piece in enumerate((folder / "vocab.txt").read_text(encoding="utf-8").split("\n"))}
        pieces = vocabulary.read_text(encoding="utf-8").splitlines()
        self.register_buffer("numbers", torch.tensor([own[_SPECIAL.get(piece, piece)] for piece in pieces]))

    def forward(self, pieces: Tensor, shapes: Tensor, kinds: Tensor, attended: Tensor) -> Tensor:
        """(articles, subwords) each; gives (articles, subwords, MPNET_WIDTH)."""
        places = torch.arange(pieces.shape[1], device=pieces.device)
        x = self.pieces(self.numbers[pieces]) + self.positions(places + _FIRST_POSITION)
        x = F.dropout(self.norm(x + self.kind(kinds) + self.shape(shapes)), DROPOUT, self.training)
        bias = self.apart(_distances(places[None] - places[:, None])).permute(2, 0, 1)[None]
        bias = bias + (1 - attended[:, None, None, :]) * -1e4
        for layer in self.layers:
            x = layer(x, bias)
        return x


def _distances(apart: Tensor) -> Tensor:
    """The class of each distance: half of the classes for either side, small distances one by one, others by their logarithm."""
    half, exact = DISTANCES // 2, DISTANCES // 4
    far = apart.abs()
    steps = torch.log(far.clamp(min=1).float() / exact) / math.log(FARTHEST / exact) * (half - exact)
    wide = (exact + steps.long()).clamp(max=half - 1)
    return torch.where(far < exact, far, wide) + (apart > 0).long() * half
