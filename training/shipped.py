"""The weights of the shipped network for whole articles, read back from ONNX, to train on from.

The judge is shipped in 32 bits and comes back as it was; the matrices of the encoder and its table of subwords come back
as their 8 bits have them, which is what reading runs with anyway.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import torch
from network import LAYERS
from numpy.typing import NDArray
from onnx import GraphProto, numpy_helper
from torch import Tensor
from whole import Whole

_PARTS = ("attended", "inner", "outer")
"""The matrices of a layer behind its attention, in the order of the graph."""
_HEARD = ("about_heard", "says_heard", "time_heard", "voice_heard")
_DEEP = ("about.deep.weight", "says.deep.weight", "voice.deep.weight")


def load_shipped(model: Whole, folder: Path) -> None:
    """Set the weights of `model` to those of `whole.onnx` and `judge.onnx` in `folder`.

    Raises `KeyError` or `RuntimeError` where those files are of another make of the network.
    """
    encoder = _encoder(onnx.load(str(folder / "whole.onnx")).graph)
    judge = _judge(onnx.load(str(folder / "judge.onnx")).graph, model.judge.state_dict())
    model.encoder.load_state_dict(encoder)
    model.judge.load_state_dict(judge)


def _arrays(graph: GraphProto) -> dict[str, NDArray[np.generic]]:
    return {each.name: numpy_helper.to_array(each) for each in graph.initializer}


def _whole_numbers(arrays: dict[str, NDArray[np.generic]], name: str) -> Tensor:
    """A quantised matrix in 32 bits, the rows its inputs."""
    numbers = arrays[f"{name}_quantized"].astype(np.float32)
    numbers = numbers - arrays[f"{name}_zero_point"].astype(np.float32)
    return torch.tensor(numbers * arrays[f"{name}_scale"])


def _encoder(graph: GraphProto) -> dict[str, Tensor]:
    arrays = _arrays(graph)
    found = {
        name.removeprefix("encoder."): torch.tensor(array)
        for name, array in arrays.items()
        if name.startswith("encoder.")
    }
    found["encoder.pieces"] = torch.tensor(arrays["table"].astype(np.float32) * arrays["scale"])
    matrices = [n.input[1] for n in graph.node if n.op_type == "MatMulInteger"]
    for layer in range(LAYERS):
        prefix = f"encoder.layers.{layer}."
        joined = _whole_numbers(arrays, f"Attention_{layer}_qkv_weight")
        bias = torch.tensor(arrays[f"Attention_{layer}_qkv_bias"])
        for part, weight, offset in zip(("query", "key", "value"), joined.chunk(3, 1), bias.chunk(3), strict=True):
            found[f"{prefix}{part}.weight"], found[f"{prefix}{part}.bias"] = weight.T.contiguous(), offset.clone()
        for part, name in zip(_PARTS, matrices[3 * layer : 3 * layer + 3], strict=True):
            found[f"{prefix}{part}.weight"] = _whole_numbers(arrays, name.removesuffix("_quantized")).T.contiguous()
    return found


def _judge(graph: GraphProto, wanted: dict[str, Tensor]) -> dict[str, Tensor]:
    arrays = _arrays(graph)
    found = {name: torch.tensor(arrays[name]) for name in wanted if name in arrays}
    # what the export takes apart or turns around loses its name and keeps its order
    nameless = sorted((name for name in arrays if name.startswith("onnx::")), key=lambda name: int(name.split("_")[-1]))
    deep = [torch.tensor(arrays[name]) for name in nameless if "MatMul" in name]
    found |= {name: matrix.T.contiguous() for name, matrix in zip(_DEEP, deep, strict=True)}
    heard = torch.cat(
        [torch.tensor(arrays[name]).reshape(-1) for name in nameless if "Mul_" in name.replace("MatMul_", "")]
    )
    sizes = [wanted[name].numel() for name in _HEARD]
    found |= dict(zip(_HEARD, heard.split(sizes), strict=True))
    # the place in the article means nothing for the word of a metric
    found["metric.sentence"] = torch.zeros_like(wanted["metric.sentence"])
    return found
