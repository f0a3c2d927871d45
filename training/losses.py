"""How wrong the verdicts on a batch are: by the marks, and by another network that teaches."""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from batched import Batch
from stories import UNKNOWN
from torch import Tensor
from whole import Verdicts


@dataclass(frozen=True, slots=True)
class Weights:
    """What the parts of the loss count beside pairs and abouts, and the numbers by which sums over a window are divided."""

    evidence: float = 0.2
    says: float = 0.5
    mood: float = 0.5
    times: float = 0.7
    metric: float = 0.4
    stance: float = 0.7
    voice: float = 0.5
    per_pairs: float = 8
    per_figures: float = 8


WEIGHTS = Weights()


def loss_of(told: Verdicts, batch: Batch, weights: Weights = WEIGHTS) -> Tensor:
    """How wrong the verdicts on a batch are: the mean of its windows."""
    pairs = F.binary_cross_entropy_with_logits(told.pairs, batch["right_pairs"], reduction="none")
    loss = (pairs * batch["right_known"]).sum() / weights.per_pairs
    window, pair, sentence = batch["right_evidence"].T
    inside = batch["sentences"][window] == sentence[:, None]
    looked = (told.looked[window, pair] * inside).sum(1)
    loss = loss - weights.evidence * (looked + 1e-5).log().sum() / weights.per_pairs
    window, pair, stance = batch["right_stances"].T
    loss = (
        loss + weights.stance * F.cross_entropy(told.stance[window, pair], stance, reduction="sum") / weights.per_pairs
    )
    for scores, right, weight in (
        (told.about, batch["right_about"], 1.0),
        (told.says, batch["right_says"], weights.says),
        (told.mood, batch["right_mood"], weights.mood),
    ):
        wrong = F.cross_entropy(scores.flatten(0, 1), right.flatten(), reduction="sum", ignore_index=UNKNOWN)
        loss = loss + weight * wrong / weights.per_figures
    for scores, allowed, weight in (
        (told.time, batch["right_time"], weights.times),
        (told.metric, batch["right_metric"], weights.metric),
        (told.voice, batch["right_voice"], weights.voice),
    ):
        known = allowed.any(-1)
        asked = scores[known]
        missed = torch.logsumexp(asked, -1) - torch.logsumexp(asked.masked_fill(~allowed[known], -1e9), -1)
        loss = loss + weight * missed.sum() / weights.per_figures
    return loss / len(batch["pieces"])


def taught(told: Verdicts, teacher: Verdicts, batch: Batch) -> Tensor:
    """How far the verdicts on a batch are from those of a teacher: the mean of its windows."""
    loss = F.binary_cross_entropy_with_logits(told.pairs, torch.sigmoid(teacher.pairs), reduction="none")
    least = F.binary_cross_entropy_with_logits(teacher.pairs, torch.sigmoid(teacher.pairs), reduction="none")
    total = ((loss - least) * batch["right_known"]).sum() / WEIGHTS.per_pairs
    real = (batch["right_about"] != UNKNOWN).flatten()
    lines = (batch["placed"].amax(1)[:, None] >= torch.arange(told.voice.shape[1], device=loss.device)).flatten()
    pairs = ((batch["right_pairs"] > 0).any(-1)).flatten()
    for mine, theirs, where, weight in (
        (told.about, teacher.about, real, 1.0),
        (told.says, teacher.says, real, 0.5),
        (told.mood, teacher.mood, real, 0.5),
        (told.time, teacher.time, real, 0.7),
        (told.voice, teacher.voice, lines, 0.5),
        (told.stance, teacher.stance, pairs, 0.7),
    ):
        said, wanted = (F.log_softmax(scores.flatten(0, 1)[where], -1) for scores in (mine, theirs))
        apart = F.kl_div(said, wanted, reduction="sum", log_target=True)
        total = total + weight * apart / WEIGHTS.per_figures
    return total / len(batch["pieces"])
