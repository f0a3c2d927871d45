#!/usr/bin/env python3
"""Turn trained weights into the model that the package ships: ONNX with 8-bit weights, and a file of labels.

    python3 training/export.py --minilm FOLDER --weights build/model.pt --out src/aigraph/language/model

Every matrix has 8 bits a number and a scale a column, the table of subwords a scale a row. Activations are cut to 8 bits
when the model runs, with one scale a call (dynamic quantisation): `aigraph.language.network` calls it with one sentence
at a time, so that no sentence depends on others.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from pathlib import Path

import onnx
import torch
from network import ATTENTION_HEADS, LABEL, WIDTH, Encoder, Network, Outputs
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.transformers import optimizer
from onnxruntime.transformers.fusion_options import FusionOptions
from torch import Tensor, nn

INPUTS = ("pieces", "shapes", "attended", "first")
OUTPUTS = Outputs._fields


class Shipped(nn.Module):
    """The network with its table of subwords in 8 bits."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network
        table = network.encoder.pieces.detach()
        scale = table.abs().amax(1, keepdim=True).clamp(min=1e-8) / 127
        self.register_buffer("table", torch.round(table / scale).to(torch.int8))
        self.register_buffer("scale", scale)
        network.encoder.embed = self._embed  # type: ignore[method-assign]

    def _embed(self, pieces: Tensor) -> Tensor:
        return self.table[pieces].float() * self.scale[pieces]

    def forward(self, pieces: Tensor, shapes: Tensor, attended: Tensor, first: Tensor) -> tuple[Tensor, ...]:
        """As `Network.forward`."""
        return tuple(self.network(pieces, shapes, attended, first))


def load_network(minilm: Path, weights: Path) -> tuple[Network, dict[str, list[str]]]:
    """The trained network and its labels."""
    saved = torch.load(weights, weights_only=True)
    labels: dict[str, list[str]] = {name: list(values) for name, values in saved["labels"].items()}
    sizes = (len(labels[name]) for name in ("upos", "xpos", "relations", "names", "facts", "kinds"))
    network = Network(Encoder(minilm), *sizes)
    network.load_state_dict(saved["network"])
    network.eval()
    return network, labels


def to_onnx(network: Network, path: Path) -> None:
    """Write the network in float32 (but for its table)."""
    rows, pieces, words = 2, 12, 9
    example = (
        torch.ones(rows, pieces, dtype=torch.long),
        torch.ones(rows, pieces, dtype=torch.long),
        torch.ones(rows, pieces),
        torch.ones(rows, words, dtype=torch.long),
    )
    axes = {name: {0: "sentences", 1: "pieces"} for name in INPUTS[:3]}
    axes["first"] = {0: "sentences", 1: "words"}
    axes |= {name: {0: "sentences"} for name in OUTPUTS}
    torch.onnx.export(
        Shipped(network), example, str(path), input_names=list(INPUTS), output_names=list(OUTPUTS),
        dynamic_axes=axes, opset_version=17, dynamo=False,
    )  # fmt: skip


class Relations(nn.Module):
    """The scores of all relations for words whose heads are known."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        relations, width, _ = network.label.shape
        self.shape = relations, width
        # one product serves all relations: (width of a word, relations x width of a head)
        self.flat = nn.Parameter(network.label.detach().permute(1, 0, 2).reshape(width, relations * width).contiguous())

    def forward(self, words: Tensor, heads: Tensor) -> Tensor:
        """(words, width) twice, the second that of each word's head; gives (words, relations)."""
        relations, width = self.shape
        return ((words @ self.flat).view(-1, relations, width) @ heads[:, :, None])[:, :, 0]


def write_relations(network: Network, plain: Path, target: Path) -> None:
    """Write the scorer of relations, which runs when the tree is known."""
    example = (torch.ones(5, LABEL + 1), torch.ones(5, LABEL + 1))
    axes = {name: {0: "words"} for name in ("words", "heads", "scores")}
    torch.onnx.export(
        Relations(network), example, str(plain), input_names=["words", "heads"], output_names=["scores"],
        dynamic_axes=axes, opset_version=17, dynamo=False,
    )  # fmt: skip
    quantize(plain, target)


def fused(path: Path, target: Path) -> None:
    """Write the model with its layers fused into the operators that ONNX Runtime has for BERT.

    But for sums with the layer norms behind them: parted, they take a fifth of the time on CPUs (ONNX Runtime 1.32).
    """
    choices = FusionOptions("bert")
    choices.enable_skip_layer_norm = choices.enable_bias_skip_layer_norm = False
    model = optimizer.optimize_model(
        str(path), model_type="bert", num_heads=ATTENTION_HEADS, hidden_size=WIDTH, optimization_options=choices
    )
    model.save_model_to_file(str(target))


def quantize(path: Path, target: Path) -> None:
    """Write the model with 8-bit matrices."""
    quantize_dynamic(
        path, target, weight_type=QuantType.QInt8, per_channel=True, op_types_to_quantize=["MatMul", "Attention"],
        extra_options={"DefaultTensorType": onnx.TensorProto.FLOAT, "MatMulConstBOnly": True},
    )  # fmt: skip


def main() -> None:
    """Read the options, export, say how large it is."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minilm", type=Path, required=True)
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    network, labels = load_network(options.minilm, options.weights)
    options.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        plain, joined = Path(folder) / "plain.onnx", Path(folder) / "fused.onnx"
        to_onnx(network, plain)
        fused(plain, joined)
        quantize(joined, options.out / "model.onnx")
        write_relations(network, Path(folder) / "relations.onnx", options.out / "relations.onnx")
    (options.out / "labels.json").write_text(json.dumps(labels, indent=1) + "\n", encoding="utf-8")
    shutil.copy(options.minilm / "vocab.txt", options.out / "vocab.txt")
    for file in sorted(options.out.iterdir()):
        print(f"{file.name}: {file.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
