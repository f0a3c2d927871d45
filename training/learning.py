"""How the network for whole articles learns: batches without end, and the steps over them."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

import torch
from batched import Batch, collate, deafened, judged
from items import Item, item
from losses import loss_of, taught
from stories import Example, Exchange
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn
from torch.utils.data import DataLoader, IterableDataset, get_worker_info
from whole import Verdicts, Whole

from aigraph.facts.whole.story import Story
from aigraph.facts.whole.windows import ranges, view
from aigraph.language.whole import WholeNetwork

SHORT, LATER = 0.2, 0.15
"""How often an excerpt of a few sentences is learnt besides an article, and its later part alone."""
FEW = (4, 8)
"""Sentences from which on an article has excerpts, and the most of a short one."""
AT_ONCE = 6
"""Batches that are drawn together, so that each can hold windows of like size."""
MEAN = 0.9985
"""How much of the mean of the weights each step leaves (its half-life is some 460 steps)."""
DEAF = 0.15
"""How often the network has to do without what rules found."""
WARM = 100
"""Steps over which the rates rise."""
LEAST = 0.02
"""The share of the peak rate at which learning ends."""


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


def windows_of(network: WholeNetwork, example: Example, stretches: Sequence[tuple[int, int]]) -> Iterator[Item]:
    """Stretches of an example as the network takes them, with what is right of them."""
    for first, last in stretches:
        seen = view(network, example.story, first, last)
        if seen is not None:
            yield item(example, seen)


class Stories(IterableDataset[Batch]):
    """Batches without end of stories with names exchanged; `near` are drawn once for each six of `whole`.

    `weights` say how often each of `whole` is drawn beside others.
    """

    def __init__(
        self, vocabulary: Path, whole: Sequence[Example], near: Sequence[Example], weights: Sequence[float],
        *, size: int, seed: int,
    ) -> None:  # fmt: skip
        self._vocabulary, self._whole, self._near = vocabulary, whole, near
        self._sums = list(accumulate(weights))
        self._size, self._seed = size, seed

    def __iter__(self) -> Iterator[Batch]:
        """Batches of windows of like size; each worker has its own."""
        worker = get_worker_info()
        seed = self._seed * 1000 + (worker.id if worker is not None else 0)
        network, chance = WholeNetwork(self._vocabulary, vocabulary_only=True), random.Random(seed)
        exchange = Exchange(self._whole, seed)
        while True:
            drawn = chance.choices(self._whole, cum_weights=self._sums, k=self._size * AT_ONCE)
            drawn += chance.sample(self._near, min(len(self._near), self._size))
            varied = [exchange.varied(example) for example in drawn]
            items = [i for e in varied for i in windows_of(network, e, excerpts(network, e.story, chance))]
            items.sort(key=lambda i: len(i.given["pairs"]) + len(i.given["pieces"]))
            parts = [items[i : i + self._size] for i in range(0, len(items), self._size)]
            chance.shuffle(parts)
            yield from (collate(part) for part in parts)


def verdicts(model: Whole, batch: Batch) -> Verdicts:
    """What a network says of a batch; the encoder counts with 16 bits."""
    with torch.autocast(batch["pieces"].device.type, dtype=torch.bfloat16):
        vectors = model.encoder(batch["pieces"], batch["shapes"], batch["kinds"], batch["attended"])
    return judged(model.judge, vectors.float(), batch)


@dataclass(frozen=True, slots=True)
class Rates:
    """Peak learning rates."""

    encoder: float
    judge: float


def train(
    model: Whole, stories: Stories, *, steps: int, rates: Rates, teacher: Whole | None = None, workers: int = 0,
    device: str = "cpu", after: Callable[[int, Whole], None] | None = None, every: int = 1000,
) -> None:  # fmt: skip
    """Learn from so many batches, and as a `teacher` says where there is one; the rates rise and fall to a fiftieth.

    The model ends with the mean of the weights of its last steps.
    """
    model.to(device).train()
    mean = AveragedModel(model, multi_avg_fn=get_ema_multi_avg_fn(MEAN))
    learning = [p for p in model.judge.parameters() if p.requires_grad]
    groups = [{"params": params} for params in (list(model.encoder.parameters()), learning)]
    optimizer = torch.optim.AdamW(groups, lr=0.0, weight_decay=0.01)
    start, total = time.time(), 0.0
    batches = iter(DataLoader(stories, batch_size=None, num_workers=workers))
    for step in range(1, steps + 1):
        batch = {name: tensor.to(device) for name, tensor in next(batches).items()}
        share = min(step / WARM, 1) * max(LEAST, 1 - step / steps)
        for group, peak in zip(optimizer.param_groups, (rates.encoder, rates.judge), strict=True):
            group["lr"] = peak * share
        loss = _loss(model, teacher, batch)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 5.0)
        optimizer.step()
        mean.update_parameters(model)
        total += float(loss.detach())
        if step % 100 == 0:
            print(f"  step {step} of {steps}: loss {total / 100:.3f}, {time.time() - start:.0f} s", flush=True)
            total = 0.0
        if after is not None and (step % every == 0 or step == steps):
            after(step, mean.module)
    model.load_state_dict(mean.module.state_dict())


def _loss(model: Whole, teacher: Whole | None, batch: Batch) -> Tensor:
    windows = len(batch["pieces"])
    hears = [(torch.rand(windows, device=batch["pieces"].device) > DEAF).float() for _ in range(2)]
    told = verdicts(model, deafened(batch, *hears))
    loss = loss_of(told, batch)
    if teacher is not None:
        with torch.no_grad():
            wanted = verdicts(teacher, batch)
        loss = loss + taught(told, wanted, batch)
    return loss
