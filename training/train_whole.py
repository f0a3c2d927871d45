#!/usr/bin/env python3
"""Train the network that reads an article as a whole, and export it.

    python3 training/train_whole.py --minilm FOLDER --start build/m.pt --work build/whole --model src/aigraph/language/model

Stages, each kept in the folder of `--work` and not made again where it is there: the stories of the corpus and of the marked
articles as reading sees them; an encoder that begins with the one of sentences and learns from the corpus, where pairs of
one sentence are known; all of it learns from the marked articles. Both parts are exported, the encoder with 8 bits.
Prints how well the held-out articles are read after each epoch. Two cores take two hours.

    python3 training/train_whole.py --minilm FOLDER --resume --epochs 3 --work build/whole --model src/aigraph/language/model

goes on from the shipped weights instead, on the marked articles alone, and ships the mean of the weights of its last steps.
"""

from __future__ import annotations

import argparse
import pickle
import random
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import torch
import torch.nn.functional as F
from corpus import read_corpus, split_held_out
from export import fused, quantize
from marked import NO_FACT, read_marked, split_articles
from network import WIDTH
from shipped import load_shipped
from stories import STANCES, UNKNOWN, Example, Exchange, Reading
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn
from whole import Verdicts, Whole

from aigraph.facts.whole.story import NOBODY, OTHER, Story
from aigraph.facts.whole.windows import View, ranges, view
from aigraph.language.whole import DEALS, PAIR_LABELS, RELATIONS, SYMMETRIC, WholeNetwork, Window

HERE = Path(__file__).resolve().parent
ARTICLES = 4
"""Articles of a batch."""
SHORT, LATER = 0.2, 0.15
"""How often an excerpt of a few sentences is learnt besides an article, and its later part alone."""
FEW = (4, 8)
"""Sentences from which on an article has excerpts, and the most of a short one."""
MEAN = 0.9985
"""How much of the mean of the weights each step leaves (its half-life is some 460 steps, most of an epoch)."""
DEAF = 0.15
"""How often the network has to do without what rules found."""
EVIDENCE, SAYS, MOOD, TIMES, METRIC, STANCE = 0.2, 0.5, 0.5, 0.7, 0.4, 0.7
"""What the parts of the loss count beside pairs and abouts."""
PER_PAIRS, PER_FIGURES = 8, 8
RESUMED = 1e-4, 9e-4
"""The peak learning rates of encoder and judge with which training goes on."""
UNSTATED = tuple(STANCES[mark] for mark in NO_FACT)
"""Stances of what the text does not state: denied or over, and open."""
NOT_GIVEN = ("pieces", "shapes", "kinds")


class Targets(NamedTuple):
    """What is right of a window."""

    pairs: Tensor  # (pairs, labels)
    known: Tensor  # (pairs, labels): 1 where the answer is known
    evidence: tuple[tuple[int, int], ...]  # pair, sentence
    stances: tuple[tuple[int, int], ...]  # pair, stance
    about: Tensor
    says: Tensor
    mood: Tensor
    times: tuple[tuple[int, ...], ...]
    metric: tuple[tuple[int, ...], ...]


def targets(example: Example, seen: View) -> Targets:
    """What is right of a window of an example."""
    window, story = seen.window, example.story
    row = {entity: i for i, entity in enumerate(seen.entities)}
    where = {(int(a), int(b)): i for i, (a, b, _) in enumerate(window.pairs)}
    right = torch.zeros(len(window.pairs), len(PAIR_LABELS))
    known = torch.tensor(seen.labels).clone()
    here = set(map(int, seen.sentences)) - {-1}
    evidence: list[tuple[int, int]] = []
    stances: list[tuple[int, int]] = []

    def pair_of(first: int, second: int, label: str) -> int | None:
        if first not in row or second not in row:
            return None
        a, b = row[first], row[second]
        return where.get((b, a) if label in SYMMETRIC and a > b else (a, b))

    for first, second, label, sentence, stance in example.stances:
        pair = pair_of(first, second, label)
        if pair is not None and sentence in here:
            stances.append((pair, stance))
            if stance in UNSTATED:
                evidence.append((pair, sentence))
    for first, second, label, sentence in example.pairs:
        pair = pair_of(first, second, label)
        if pair is None:
            continue
        if sentence not in here:
            known[pair, PAIR_LABELS.index(label)] = 0
            continue
        right[pair, PAIR_LABELS.index(label)] = 1
        evidence.append((pair, sentence))
    for (a, b), pair in where.items():
        if seen.entities[a] in example.doubles or seen.entities[b] in example.doubles:
            known[pair] = 0
    if example.near:
        near = torch.tensor(window.pairs[:, 2] == 0)[:, None] | (right > 0)
        known = known * near

    def target(number: int) -> int:
        special = {UNKNOWN: UNKNOWN, OTHER: len(row), NOBODY: len(row) + 1}
        return special[number] if number in special else row.get(number, UNKNOWN)

    figures = [example.figures[k] for k in seen.figures]
    times = {k: i for i, k in enumerate(seen.times)}
    places = {word: at for at, word in seen.words.items()}
    # one that stands for nothing fills an empty place
    empty = [UNKNOWN] * (len(window.figures) - len(figures))
    none = len(window.times)
    return Targets(
        right,
        known,
        tuple(evidence),
        tuple(stances),
        torch.tensor([*(target(f.about) for f in figures), *empty]),
        torch.tensor([*(target(f.says) for f in figures), *empty]),
        torch.tensor([*(f.mood for f in figures), *empty]),
        tuple(
            tuple(none if t == len(story.times) else times[t] for t in f.times if t in times or t == len(story.times))
            for f in figures
        ),
        tuple(tuple(places[w] for w in f.metric if w in places) for f in figures),
    )


def inputs(window: Window, *, deaf_pairs: bool = False, deaf_figures: bool = False) -> dict[str, Tensor]:
    """What the judge takes of a window."""
    given = {name: torch.tensor(getattr(window, name)) for name in Window.__dataclass_fields__ if name not in NOT_GIVEN}
    if deaf_pairs:
        given["ruled"] = torch.zeros_like(given["ruled"])
    if deaf_figures:
        for name in ("abouts", "sayers", "timeless", "timed"):
            given[name] = torch.zeros_like(given[name])
        given["moods"] = torch.full_like(given["moods"], 4)
    return given


def encoded(model: Whole, windows: Sequence[Window]) -> list[Tensor]:
    """The vectors of each window."""
    width = -(-max(len(w.pieces) for w in windows) // 16) * 16
    pieces, kinds = (torch.zeros(len(windows), width, dtype=torch.long) for _ in range(2))
    shapes, attended = torch.full((len(windows), width), 7), torch.zeros(len(windows), width)
    for i, window in enumerate(windows):
        size = len(window.pieces)
        pieces[i, :size], shapes[i, :size] = torch.tensor(window.pieces), torch.tensor(window.shapes)
        kinds[i, :size], attended[i, :size] = torch.tensor(window.kinds), 1
    vectors = model.encoder(pieces, shapes, kinds, attended)
    return [vectors[i, : len(window.pieces)] for i, window in enumerate(windows)]


def loss_of(told: Verdicts, right: Targets, seen: View) -> Tensor:
    """How wrong the verdicts on a window are."""
    pairs = F.binary_cross_entropy_with_logits(told.pairs, right.pairs, reduction="none") * right.known
    loss = pairs.sum() / PER_PAIRS
    if right.evidence:
        rows = torch.tensor([pair for pair, _ in right.evidence])
        inside = torch.tensor(seen.sentences)[None] == torch.tensor([s for _, s in right.evidence])[:, None]
        loss = loss - EVIDENCE * ((told.looked[rows] * inside).sum(1) + 1e-5).log().sum() / PER_PAIRS
    if right.stances:
        rows, stances = torch.tensor(right.stances).T
        loss = loss + STANCE * F.cross_entropy(told.stance[rows], stances, reduction="sum") / PER_PAIRS
    for scores, target, weight in (
        (told.about, right.about, 1.0),
        (told.says, right.says, SAYS),
        (told.mood, right.mood, MOOD),
    ):
        if (target >= 0).any():
            loss = loss + weight * F.cross_entropy(scores, target, reduction="sum", ignore_index=UNKNOWN) / PER_FIGURES
    for scores, wanted, weight in ((told.time, right.times, TIMES), (told.metric, right.metric, METRIC)):
        for row, among in enumerate(wanted):
            if among:
                missed = torch.logsumexp(scores[row], 0) - torch.logsumexp(scores[row][list(among)], 0)
                loss = loss + weight * missed / PER_FIGURES
    return loss


def excerpts(network: WholeNetwork, story: Story, chance: random.Random) -> list[tuple[int, int]]:
    """The windows of a story to learn from: now and then a few sentences besides, or the later part instead of all.

    So that short texts and the second windows of long articles are not strange to the network.
    """
    found = ranges(network, story)
    starts = [
        word for word in range(len(story.words)) if not word or story.sentences[word] != story.sentences[word - 1]
    ]
    starts.append(len(story.words))
    sentences = len(starts) - 1
    if sentences > FEW[0] and chance.random() < SHORT:
        size = min(chance.randint(1, FEW[1]), sentences - 1)
        first = chance.randrange(sentences - size + 1)
        found.append((starts[first], starts[first + size]))
    if len(found) == 1 and sentences > FEW[0] and chance.random() < LATER:
        found[0] = (starts[chance.randrange(1, sentences // 2 + 1)], len(story.words))
    return found


def batches(
    network: WholeNetwork, examples: Iterable[Example], chance: random.Random, *, whole: bool = True
) -> list[list[tuple[Example, View]]]:
    """All windows of some examples, in batches of like length; with excerpts of them unless they are to be `whole`."""
    windows = [
        (example, seen)
        for example in examples
        for first, last in (ranges(network, example.story) if whole else excerpts(network, example.story, chance))
        if (seen := view(network, example.story, first, last)) is not None
    ]
    chance.shuffle(windows)
    found: list[list[tuple[Example, View]]] = []
    for i in range(0, len(windows), ARTICLES * 16):
        part = sorted(windows[i : i + ARTICLES * 16], key=lambda item: len(item[1].window.pieces))
        found += [part[j : j + ARTICLES] for j in range(0, len(part), ARTICLES)]
    chance.shuffle(found)
    return found


def train(
    model: Whole, network: WholeNetwork, examples: Sequence[Example], *, epochs: int, encoder: float, judge: float,
    seed: int = 0, after: Callable[[int, Whole], None] | None = None,
) -> None:  # fmt: skip
    """All epochs, with the peak learning rates of encoder and judge; rates rise for 60 steps and fall to a thirtieth.

    The model ends with the mean of the weights of its last steps.
    """
    chance, exchange = random.Random(seed), Exchange(examples, seed)
    mean = AveragedModel(model, multi_avg_fn=get_ema_multi_avg_fn(MEAN))
    groups = [
        {"params": list(model.encoder.parameters()), "lr": encoder},
        {"params": [p for p in model.judge.parameters() if p.requires_grad], "lr": judge},
    ]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01)
    step, start, steps = 0, time.time(), 0
    for epoch in range(epochs):
        model.train()
        all_batches = batches(network, (exchange.varied(e) for e in examples), chance, whole=False)
        steps = steps or epochs * len(all_batches)
        total = 0.0
        for batch in all_batches:
            step += 1
            share = min(step / 60, 1) * max(0.03, 1 - step / steps)
            for group, peak in zip(optimizer.param_groups, (encoder, judge), strict=True):
                group["lr"] = peak * share
            with torch.autocast("cpu", dtype=torch.bfloat16):
                vectors = [x.float() for x in encoded(model, [seen.window for _, seen in batch])]
            loss = torch.zeros(())
            for (example, seen), vector in zip(batch, vectors, strict=True):
                deaf = {"deaf_pairs": chance.random() < DEAF, "deaf_figures": chance.random() < DEAF}
                told = model.judge(vector, **inputs(seen.window, **deaf))
                loss = loss + loss_of(told, targets(example, seen), seen)
            optimizer.zero_grad()
            (loss / len(batch)).backward()
            nn.utils.clip_grad_norm_(model.parameters(), 5.0)
            optimizer.step()
            mean.update_parameters(model)
            total += float(loss.detach())
            if step % 100 == 0:
                print(f"  step {step} of {steps}, {time.time() - start:.0f} s", flush=True)
        print(f"epoch {epoch}: loss {total / len(all_batches) / ARTICLES:.3f}, {time.time() - start:.0f} s", flush=True)
        if after is not None:
            after(epoch, mean.module)
    model.load_state_dict(mean.module.state_dict())


@torch.no_grad()
def measure(read: Callable[[Window], Verdicts], network: WholeNetwork, examples: Sequence[Example]) -> str:
    """Pairs at a chance of one half, and the attributes of figures, beside those of rules alone."""
    counts: Counter[str] = Counter()
    for example in examples:
        _measure_one(counts, read, network, example)

    def f1(name: str) -> str:
        right, found, marked = (counts[f"{name} {what}"] for what in ("right", "found", "marked"))
        return f"{name} P {right / max(found, 1):.3f} R {right / max(marked, 1):.3f} F {2 * right / max(found + marked, 1):.3f}"

    shares = [
        f"{name} {counts[f'{name} right'] / max(counts[f'{name} asked'], 1):.3f}"
        for name in ("about", "rules' about", "says", "mood", "time", "metric")
    ]
    labels = [
        f"{label} {2 * counts[f'{label} right'] / max(counts[f'{label} found'] + counts[f'{label} marked'], 1):.2f}"
        for label in PAIR_LABELS
    ]
    rules = "; rules: " + "; ".join(f1(f"{name} by rules") for name in ("relations", "deals"))
    return "; ".join([f1("relations"), f1("deals"), *shares]) + rules + "\n      " + ", ".join(labels)


def _measure_one(
    counts: Counter[str], read: Callable[[Window], Verdicts], network: WholeNetwork, example: Example
) -> None:
    chances: dict[tuple[int, int, str], float] = defaultdict(float)
    seen_figures: set[int] = set()
    for first, last in ranges(network, example.story):
        seen = view(network, example.story, first, last)
        if seen is None:
            continue
        told = read(seen.window)
        likely = torch.sigmoid(told.pairs) * torch.tensor(seen.labels)
        for row, label in torch.nonzero(likely > 0.5).tolist():
            a, b = (seen.entities[int(n)] for n in seen.window.pairs[row][:2])
            name = PAIR_LABELS[label]
            key = (min(a, b), max(a, b), name) if name in SYMMETRIC else (a, b, name)
            chances[key] = max(chances[key], float(likely[row, label]))
        _measure_figures(counts, told, targets(example, seen), seen, example, seen_figures)
    marked = {(a, b, label) for a, b, label, _ in example.pairs}
    ruled = {(f.first, f.second, f.label) for f in example.story.found if not f.hedged}
    ruled = {(min(a, b), max(a, b), name) if name in SYMMETRIC else (a, b, name) for a, b, name in ruled}
    for found, suffix in ((set(chances), ""), (ruled, " by rules")):
        for group, labels in (("relations", RELATIONS), ("deals", DEALS)):
            _count(
                counts, f"{group}{suffix}", {x for x in marked if x[2] in labels}, {x for x in found if x[2] in labels}
            )
    for label in PAIR_LABELS:
        _count(counts, label, {x for x in marked if x[2] == label}, {x for x in chances if x[2] == label})


def _count(
    counts: Counter[str], name: str, marked: set[object] | set[tuple[int, int, str]], found: set[tuple[int, int, str]]
) -> None:
    counts[f"{name} right"] += len(marked & found)
    counts[f"{name} found"] += len(found)
    counts[f"{name} marked"] += len(marked)


def _measure_figures(
    counts: Counter[str], told: Verdicts, right: Targets, seen: View, example: Example, done: set[int]
) -> None:
    for row, figure in enumerate(seen.figures):
        if figure in done or example.figures[figure].about == NOBODY:
            continue
        done.add(figure)
        held = example.story.held.get(figure)
        for name, target, scores in (
            ("about", right.about, told.about),
            ("says", right.says, told.says),
            ("mood", right.mood, told.mood),
        ):
            if int(target[row]) != UNKNOWN:
                counts[f"{name} asked"] += 1
                counts[f"{name} right"] += int(scores[row].argmax()) == int(target[row])
        if example.figures[figure].about != UNKNOWN:
            counts["rules' about asked"] += 1
            counts["rules' about right"] += held is not None and held.about == example.figures[figure].about
        for name, wanted, scores in (("time", right.times, told.time), ("metric", right.metric, told.metric)):
            if wanted[row]:
                counts[f"{name} asked"] += 1
                counts[f"{name} right"] += int(scores[row].argmax()) in wanted[row]


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


def export_judge(model: Whole, target: Path, seen: View) -> None:
    """Write the judge as ONNX; `seen` is any window."""
    model.eval()
    given = inputs(seen.window)
    vectors = torch.randn(len(seen.window.pieces), WIDTH)
    sizes = {
        "vectors": ("pieces", None), "member": ("entities", "mentions"), "mentions": ("mentions", None),
        "pairs": ("pairs", None), "ruled": ("pairs", None, None), "figures": ("figures", None),
        "abouts": ("figures", "choices", None), "sayers": ("figures", "choices"), "moods": ("figures",),
        "timeless": ("figures",), "times": ("times", None), "timed": ("figures", "times"), "real_times": ("times",),
        "beside": ("figures", "pieces"),
    }  # fmt: skip
    names = list(sizes)
    axes = {name: {i: size for i, size in enumerate(found) if size} for name, found in sizes.items()}
    outputs = {
        "pairs_told": ("pairs", None), "looked": ("pairs", "pieces"), "about": ("figures", "choices"),
        "says": ("figures", "choices"), "mood": ("figures", None), "time": ("figures", "dated"),
        "metric": ("figures", "pieces"), "stance": ("pairs", None),
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
    """The examples: of the corpus ("near") and of the marked articles, to learn from and held out."""
    found: dict[str, list[Example]] = {}

    def make() -> dict[str, list[Example]]:
        reading = Reading()
        near, _ = split_held_out(read_corpus(sorted((HERE / "corpus").glob("*.txt"))))
        whole, held_out = split_articles(read_marked(sorted((HERE / "articles").glob("*.txt"))))
        return {
            "near": list(reading.corpus(near[:limit])),
            "whole": list(reading.marked(whole[:limit])),
            "held out": list(reading.marked(held_out[:limit])),
        }

    made = kept(work / "stories.pickle", make)
    if isinstance(made, dict):
        found = made
    return found


def main() -> None:
    """All stages."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minilm", type=Path, required=True)
    begin = parser.add_mutually_exclusive_group(required=True)
    begin.add_argument("--start", type=Path, help="weights of the last stage of train.py")
    begin.add_argument("--resume", action="store_true", help="go on from the shipped weights")
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--model", type=Path, required=True, help="the folder of the exported model")
    parser.add_argument("--near-epochs", type=int, default=3)
    parser.add_argument("--epochs", type=int, default=6)
    parser.add_argument("--limit", type=int, help="articles of each kind, to try the recipe")
    options = parser.parse_args()
    torch.manual_seed(0)
    options.work.mkdir(parents=True, exist_ok=True)
    examples = stories(options.work, options.limit)
    print(", ".join(f"{name}: {len(found)}" for name, found in examples.items()), flush=True)
    network = WholeNetwork(options.model, vocabulary_only=True)
    model = Whole(options.minilm)

    def stage(name: str, learn: Callable[[], None]) -> None:
        path = options.work / f"{name}.pt"
        if path.exists():
            model.load_state_dict(torch.load(path, weights_only=True))
        else:
            learn()
            torch.save(model.state_dict(), path)

    def tell(epoch: int, told: Whole) -> None:
        told.eval()
        figures = measure(
            lambda window: told.judge(encoded(told, [window])[0], **inputs(window)), network, examples["held out"]
        )
        print(f"    {epoch}: {figures}", flush=True)

    def learn(kind: str, epochs: int, encoder: float, judge: float) -> None:
        train(model, network, examples[kind], epochs=epochs, encoder=encoder, judge=judge, after=tell)

    if options.resume:
        load_shipped(model, options.model)
        stage("more", lambda: learn("whole", options.epochs, *RESUMED))
    else:
        begun = torch.load(options.start, weights_only=True)["network"]
        model.encoder.encoder.load_state_dict(
            {k.removeprefix("encoder."): v for k, v in begun.items() if k.startswith("encoder.")}
        )
        stage("near", lambda: learn("near", options.near_epochs, 6e-5, 5e-4))
        stage("whole", lambda: learn("whole", options.epochs, 6e-5, 4e-4))
    export_encoder(model, options.model / "whole.onnx")
    first = next(seen for batch in batches(network, examples["held out"], random.Random(0)) for _, seen in batch)
    export_judge(model, options.model / "judge.onnx", first)


if __name__ == "__main__":
    main()
