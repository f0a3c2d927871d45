"""Figures during training, straight from the network (the shipped model is measured by `evaluate.py`)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import torch
from corpus import DEALS, RELATIONS
from examples import Batch, Collator
from network import Network, Outputs
from sentences import Example, Labels, spans

ROWS = 32


@torch.no_grad()
def _answers(
    network: Network, collator: Collator, examples: Sequence[Example]
) -> Iterator[tuple[list[Example], Batch, Outputs]]:
    network.eval()
    ordered = sorted(examples, key=lambda e: len(e.words))
    for i in range(0, len(ordered), ROWS):
        rows = ordered[i : i + ROWS]
        batch = collator(rows)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            encoded = network.encoder(batch.pieces, batch.shapes, batch.attended)
        yield rows, batch, network.decide(encoded.float(), batch.first)


def measure_trees(network: Network, collator: Collator, labels: Labels, examples: Sequence[Example]) -> str:
    """Tags and attachments on given tokens, with each word's best head (no tree is enforced here)."""
    total = upos = xpos = unlabelled = labelled = universal = 0
    general = torch.tensor(
        [[a.partition(":")[0] == b.partition(":")[0] for b in labels.relations] for a in labels.relations]
    )
    for _, batch, outputs in _answers(network, collator, examples):
        too_far = torch.arange(outputs.arcs.shape[2])[None, None] > batch.lengths[:, None, None]
        heads = outputs.arcs.masked_fill(too_far, -1e9).argmax(-1)
        with torch.no_grad():
            found = network.labels(outputs, heads).argmax(-1)
        real, right = batch.heads >= 0, heads == batch.heads
        total += int(real.sum())
        unlabelled += int((right & real).sum())
        labelled += int((right & (found == batch.relations) & real).sum())
        universal += int((right & general[found, batch.relations.clamp(min=0)] & (batch.relations >= 0) & real).sum())
        upos += int(((outputs.upos.argmax(-1) == batch.upos) & real).sum())
        xpos += int(((outputs.xpos.argmax(-1) == batch.xpos) & real).sum())
    return (
        f"UPOS {upos / total:.4f} XPOS {xpos / total:.4f} UAS {unlabelled / total:.4f} "
        f"LAS {universal / total:.4f} (with subtypes {labelled / total:.4f})"
    )


def measure_names(network: Network, collator: Collator, labels: Labels, examples: Sequence[Example]) -> str:
    """Names found with their type, and with any type, by the best tag of each word."""
    right = any_type = found_total = gold_total = 0
    for rows, _, outputs in _answers(network, collator, examples):
        best = outputs.names.argmax(-1).tolist()
        for row, example in zip(best, rows, strict=False):
            found = spans([labels.names[i] for i in row[: len(example.words)]])
            gold = spans(list(example.names or ()))
            right += len(found & gold)
            any_type += len({s[:2] for s in found} & {s[:2] for s in gold})
            found_total, gold_total = found_total + len(found), gold_total + len(gold)
    precision, recall = right / max(found_total, 1), right / max(gold_total, 1)
    loose = 2 * any_type / max(found_total + gold_total, 1)
    return f"P {precision:.3f} R {recall:.3f} F1 {2 * right / max(found_total + gold_total, 1):.3f}, any type F1 {loose:.3f}"


@torch.no_grad()
def measure_facts(network: Network, collator: Collator, labels: Labels, examples: Sequence[Example]) -> str:
    """Facts found between any two words whose chance is over a half, by label: a line for groups of labels."""
    right, found, marked = Counter[str](), Counter[str](), Counter[str]()
    for rows, batch, outputs in _answers(network, collator, examples):
        scores = network.facts_of(outputs, batch.kinds, batch.lengths)
        for i, example in enumerate(rows):
            n = len(example.words)
            has = {(a, b, labels.facts[k]) for a, b, k in (scores[i, :n, :n] > 0).nonzero().tolist()}
            wanted = set(example.facts or ())
            right.update(label for *_, label in has & wanted)
            found.update(label for *_, label in has)
            marked.update(label for *_, label in wanted)

    def line(name: str, members: Sequence[str]) -> str:
        r, f, m = (sum(counts[label] for label in members) for counts in (right, found, marked))
        return f"  {name}: P {r / max(f, 1):.3f} R {r / max(m, 1):.3f} F1 {2 * r / max(f + m, 1):.3f} ({m})"

    groups = {"relations": RELATIONS, "deals": DEALS, **{label: (label,) for label in labels.facts}}
    return "\n".join(line(name, members) for name, members in groups.items())
