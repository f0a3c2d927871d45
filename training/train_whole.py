#!/usr/bin/env python3
"""Train the network that reads an article as a whole, and export it.

    python3 training/train_whole.py --minilm FOLDER --mpnet FOLDER --start build/m.pt --work build/whole --model src/aigraph/language/model

Stages, each kept in the folder of `--work` and not made again where it is there: the stories of the corpus and of the marked
articles as reading sees them; an encoder that begins with the one of sentences and learns from the corpus, where pairs of
one sentence are known; with `--mpnet` a larger network that learns from the marked articles; the small one, which learns from
them and from what the larger one says of them. Both parts of the small one are exported, the encoder with 8 bits. Prints how
well the held-out articles are read. By the batches a second that were measured, an H100 (`--device cuda --workers 12`) takes
some 25 minutes, and two cores some ten hours without a teacher; fewer `--steps` are worth trying there.

    python3 training/train_whole.py --minilm FOLDER --resume --work build/whole --model src/aigraph/language/model

goes on from the shipped weights instead.
"""

from __future__ import annotations

import argparse
import pickle
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import torch
import torch.nn.functional as F
from corpus import read_corpus, split_held_out
from export import fused, quantize
from items import Array
from learning import Rates, Stories, train, verdicts, windows_of
from marked import read_marked, split_articles
from measure_whole import measure
from mpnet import MPNET_WIDTH, MPNetEncoder
from network import WIDTH
from shipped import load_shipped
from stories import STANCES, Example, Reading
from torch import Tensor, nn
from whole import Judge, Whole

from aigraph.facts.whole.windows import ranges
from aigraph.language.whole import WholeNetwork

HERE = Path(__file__).resolve().parent
NEW, HEDGED = 1.6, 1.3
"""How much oftener articles of the later files, and those with what is no fact, are drawn than others."""
LATER = "20"
"""The file from which on articles are of the length and kind of the annotated ones."""
TEACHER, BEGUN, RESUMED = Rates(5e-5, 5e-4), Rates(1e-4, 8e-4), Rates(8e-5, 6e-4)
NOT_GIVEN = ("pieces", "shapes", "kinds")


# --- export -------------------------------------------------------------------------------------------------------


class ShippedEncoder(nn.Module):
    """The encoder with its table of subwords in 8 bits."""

    def __init__(self, model: Whole) -> None:
        super().__init__()
        self.encoder = model.encoder
        table = self.encoder.encoder.pieces.detach()
        scale = table.abs().amax(1, keepdim=True).clamp(min=1e-8) / 127
        self.register_buffer("table", torch.round(table / scale).to(torch.int8))
        self.register_buffer("scale", scale)

    def forward(self, pieces: Tensor, shapes: Tensor, kinds: Tensor, attended: Tensor) -> Tensor:
        """As `WholeEncoder.forward`."""
        whole, encoder = self.encoder, self.encoder.encoder
        x = self.table[pieces].float() * self.scale[pieces]
        x = x + F.embedding(shapes, encoder.shapes) + encoder.positions[: pieces.shape[1]] + whole.kind(kinds)
        x = encoder.norm(x)
        mask = (1 - attended[:, None, None, :]) * -1e4
        for layer in encoder.layers:
            x = layer(x, mask)
        return x


def export_encoder(model: Whole, target: Path) -> None:
    """Write the encoder as ONNX with 8-bit matrices."""
    model.eval()
    names = ["pieces", "shapes", "kinds", "attended"]
    example = (*(torch.ones(1, 12, dtype=torch.long) for _ in range(3)), torch.ones(1, 12))
    axes = {name: {0: "articles", 1: "pieces"} for name in (*names, "vectors")}
    with tempfile.TemporaryDirectory() as folder:
        plain, joined = Path(folder, "plain.onnx"), Path(folder, "fused.onnx")
        torch.onnx.export(
            ShippedEncoder(model), example, str(plain), input_names=names, output_names=["vectors"],
            dynamic_axes=axes, opset_version=17, dynamo=False,
        )  # fmt: skip
        fused(plain, joined)
        quantize(joined, target)


def export_judge(model: Whole, target: Path, window: dict[str, Array]) -> None:
    """Write the judge as ONNX; `window` is any, by the names of its arrays."""
    model.eval()
    given = {name: torch.tensor(array) for name, array in window.items() if name not in NOT_GIVEN}
    vectors = torch.randn(len(window["pieces"]), WIDTH)
    sizes = {
        "vectors": ("pieces", None), "member": ("entities", "mentions"), "mentions": ("mentions", None),
        "pairs": ("pairs", None), "ruled": ("pairs", None, None), "figures": ("figures", None),
        "abouts": ("figures", "choices", None), "sayers": ("figures", "choices"), "moods": ("figures",),
        "timeless": ("figures",), "times": ("times", None), "timed": ("figures", "times"), "real_times": ("times",),
        "beside": ("figures", "pieces"), "lines": ("lines", None), "placed": ("pieces",), "voiced": ("lines", "choices"),
    }  # fmt: skip
    names = list(sizes)
    axes = {name: {i: size for i, size in enumerate(found) if size} for name, found in sizes.items()}
    outputs = {
        "pairs_told": ("pairs", None), "looked": ("pairs", "pieces"), "about": ("figures", "choices"),
        "says": ("figures", "choices"), "mood": ("figures", None), "time": ("figures", "dated"),
        "metric": ("figures", "pieces"), "stance": ("pairs", None),
        "voice": ("lines", "choices"),
    }  # fmt: skip
    axes |= {name: {i: size for i, size in enumerate(found) if size} for name, found in outputs.items()}
    torch.onnx.export(
        model.judge, (vectors, *(given[name] for name in names[1:])), str(target), input_names=names,
        output_names=list(outputs), dynamic_axes=axes, opset_version=17, dynamo=False,
    )  # fmt: skip


def kept(path: Path, make: Callable[[], object]) -> object:
    """What a stage gives, from its file where it was made before."""
    if not path.exists():
        path.write_bytes(pickle.dumps(make()))
    return pickle.loads(path.read_bytes())  # noqa: S301  # our own file


def stories(work: Path, limit: int | None) -> dict[str, list[Example]]:
    """The examples: of the corpus, of the marked articles ("old" and "new" ones), and held-out articles."""
    found: dict[str, list[Example]] = {}

    def make() -> dict[str, list[Example]]:
        reading = Reading()
        near, _ = split_held_out(read_corpus(sorted((HERE / "corpus").glob("*.txt"))))
        hedged = [document for document in near if any(fact.mark for line in document.lines for fact in line.facts)]
        files = sorted((HERE / "articles").glob("*.txt"))
        old, old_held = split_articles(read_marked(file for file in files if file.name < LATER))
        new, new_held = split_articles(read_marked(file for file in files if file.name >= LATER))
        return {
            "near": list(reading.corpus(near[:limit])),
            "hedged": list(reading.corpus(hedged[:limit])),
            "old": list(reading.marked(old[:limit])),
            "new": list(reading.marked(new[:limit])),
            "held out": list(reading.marked([*old_held[:limit], *new_held[:limit]])),
        }

    made = kept(work / "stories.pickle", make)
    if isinstance(made, dict):
        found = made
    return found


def weight(example: Example, *, new: bool) -> float:
    """How often an article is drawn beside others."""
    hedged = any(stance != STANCES[""] for *_, stance in example.stances)
    return (NEW if new else 1.0) * (HEDGED if hedged else 1.0)


class Teacher(nn.Module):
    """The larger network: MPNet and a judge of its width."""

    def __init__(self, folder: Path, vocabulary: Path) -> None:
        super().__init__()
        self.encoder = MPNetEncoder(folder, vocabulary)
        self.judge = Judge(MPNET_WIDTH)


def options() -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minilm", type=Path, required=True)
    parser.add_argument("--mpnet", type=Path, help="the weights of the teacher's encoder; none teaches without")
    begin = parser.add_mutually_exclusive_group(required=True)
    begin.add_argument("--start", type=Path, help="weights of the last stage of train.py")
    begin.add_argument("--resume", action="store_true", help="go on from the shipped weights")
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--model", type=Path, required=True, help="the folder of the exported model")
    parser.add_argument("--near-steps", type=int, default=2000)
    parser.add_argument("--teacher-steps", type=int, default=6000)
    parser.add_argument("--steps", type=int, default=6000)
    parser.add_argument("--batch", type=int, default=16, help="windows of a step")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--workers", type=int, default=0, help="processes that make batches")
    parser.add_argument("--limit", type=int, help="articles of each kind, to try the recipe")
    return parser.parse_args()


def main() -> None:
    """All stages."""
    chosen = options()
    torch.manual_seed(0)
    chosen.work.mkdir(parents=True, exist_ok=True)
    examples = stories(chosen.work, chosen.limit)
    print(", ".join(f"{name}: {len(found)}" for name, found in examples.items()), flush=True)
    vocabulary = chosen.model / "vocab.txt"
    network = WholeNetwork(chosen.model, vocabulary_only=True)
    articles = [*examples["old"], *examples["new"]]
    weights = [weight(e, new=i >= len(examples["old"])) for i, e in enumerate(articles)]
    whole = Stories(chosen.model, articles, examples["hedged"], weights, size=chosen.batch, seed=1)
    near = Stories(chosen.model, examples["near"], (), [1.0] * len(examples["near"]), size=chosen.batch, seed=2)

    def tell(step: int, told: nn.Module) -> None:
        told.eval()

        def judge(batch: dict[str, Tensor]) -> object:
            return verdicts(told, {name: tensor.to(chosen.device) for name, tensor in batch.items()})

        print(f"    {step}: {measure(judge, network, examples['held out'])}", flush=True)
        told.train()

    def stage(name: str, model: nn.Module, learn: Callable[[], None]) -> None:
        path = chosen.work / f"{name}.pt"
        if path.exists():
            model.load_state_dict(torch.load(path, weights_only=True))
        else:
            learn()
            torch.save(model.state_dict(), path)

    learning = partial(train, workers=chosen.workers, device=chosen.device, after=tell)
    teacher: Teacher | None = None
    if chosen.mpnet is not None:
        teacher = Teacher(chosen.mpnet, vocabulary)
        stage("teacher", teacher, partial(learning, teacher, whole, steps=chosen.teacher_steps, rates=TEACHER))
        teacher.to(chosen.device).eval()
    model = Whole(chosen.minilm)
    if chosen.resume:
        load_shipped(model, chosen.model)
    else:
        begun = torch.load(chosen.start, weights_only=True)["network"]
        model.encoder.encoder.load_state_dict(
            {k.removeprefix("encoder."): v for k, v in begun.items() if k.startswith("encoder.")}
        )
        stage("near", model, partial(learning, model, near, steps=chosen.near_steps, rates=BEGUN))
    rates = RESUMED if chosen.resume else BEGUN
    stage("whole", model, partial(learning, model, whole, steps=chosen.steps, rates=rates, teacher=teacher))
    model.to("cpu")
    export_encoder(model, chosen.model / "whole.onnx")
    example = next(found for e in examples["held out"] for found in windows_of(network, e, ranges(network, e.story)))
    export_judge(model, chosen.model / "judge.onnx", example.given)


if __name__ == "__main__":
    main()
