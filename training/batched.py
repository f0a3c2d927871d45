"""The judge of `whole.py` over several windows at once, padded to the largest.

`whole.Judge` takes one window without padding, which is what reading runs. Here the same weights see a batch; what is
padding is never chosen and counts for nothing, so that both give the same scores. Small tables are looked up by products
with rows of zeros and a one: on a graphics card the gradient of an index, which sums at few places, took most of the time.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import torch
import torch.nn.functional as F
from items import Array, Item
from stories import UNKNOWN
from torch import Tensor, nn
from whole import GROUPS, LOOK, LOOKS, NEAREST, OFTEN, PAIR, PAIR_DROPOUT, PROMINENCE, Choice, Judge, Verdicts

from aigraph.language.whole import MODALITIES, MOST_PIECES, PAIR_LABELS

NEVER = -1e4
"""The score of what only fills a batch."""
Batch = dict[str, Tensor]


def _padded(arrays: Sequence[Array], shape: tuple[int, ...], fill: float = 0) -> Tensor:
    """Arrays in one, each in the corner of its row."""
    found = np.full((len(arrays), *shape), fill, dtype=arrays[0].dtype)
    for i, array in enumerate(arrays):
        found[(i, *(slice(0, size) for size in array.shape))] = array
    return torch.from_numpy(found)


def _split(arrays: Sequence[Array], shape: tuple[int, ...], last: int) -> Tensor:
    """As `_padded`, but with the last columns of each (those that stand for no entity or no time) at the very end."""
    found = np.zeros((len(arrays), *shape), dtype=arrays[0].dtype)
    for i, array in enumerate(arrays):
        rows, columns = array.shape[0], array.shape[1] - last
        found[i, :rows, :columns] = array[:, :columns]
        found[i, :rows, shape[1] - last :] = array[:, columns:]
    return torch.from_numpy(found)


def collate(items: Sequence[Item]) -> Batch:
    """Items as one batch of padded tensors; names of what is given as in `Window`, of what is right with `right_`."""
    given = [each.given for each in items]
    right = [each.right for each in items]

    def most(name: str, axis: int = 0) -> int:
        return max(each[name].shape[axis] for each in given)

    length = -(-most("pieces") // 32) * 32
    n, m, p = most("member"), most("mentions"), most("pairs")
    f, t, s = most("figures"), most("times"), most("lines")

    def plain(name: str, *shape: int, fill: float = 0) -> Tensor:
        return _padded([each[name] for each in given], shape, fill)

    def wanted(name: str, *shape: int, fill: float = 0) -> Tensor:
        return _padded([each[name] for each in right], shape, fill)

    def choice(name: str) -> Tensor:
        """Targets, where "something else" and "nothing" lie behind the padding."""
        rows = []
        for here, told in zip(given, right, strict=True):
            size = here["member"].shape[0]
            rows.append(np.where(told[name] >= size, told[name] - size + n, told[name]))
        return _padded(rows, (f,), UNKNOWN)

    batch = {
        "pieces": plain("pieces", length),
        "shapes": plain("shapes", length, fill=7),
        "kinds": plain("kinds", length),
        "attended": _padded([np.ones(len(each["pieces"]), dtype=np.float32) for each in given], (length,)),
        "member": plain("member", n, m),
        "mentions": plain("mentions", m, 3),
        "real_mentions": _padded([np.ones(len(each["mentions"]), dtype=np.float32) for each in given], (m,)),
        "pairs": plain("pairs", p, 3),
        "ruled": plain("ruled", p, len(PAIR_LABELS), 5),
        "figures": plain("figures", f, 3),
        "abouts": torch.stack(
            [_split([each["abouts"][:, :, k] for each in given], (f, n + 2), 2) for k in range(2)], -1
        ),
        "sayers": _split([each["sayers"] for each in given], (f, n + 2), 2),
        "moods": plain("moods", f, fill=len(MODALITIES)),
        "timeless": plain("timeless", f),
        "times": plain("times", t, 3),
        "timed": plain("timed", f, t),
        "real_times": plain("real_times", t),
        "beside": plain("beside", f, length),
        "lines": plain("lines", s, 3),
        "placed": plain("placed", length, fill=-1),
        "voiced": _split([each["voiced"] for each in given], (s, n + 2), 2),
        "right_pairs": wanted("pairs", p, len(PAIR_LABELS)),
        "right_known": wanted("known", p, len(PAIR_LABELS)),
        "right_about": choice("about"),
        "right_says": choice("says"),
        "right_mood": wanted("mood", f, fill=UNKNOWN),
        "right_time": _split([each["time"] for each in right], (f, t + 1), 1),
        "right_metric": wanted("metric", f, length),
        "right_voice": _split([each["voice"] for each in right], (s, n + 2), 2),
        "sentences": wanted("sentences", length, fill=-1),
    }
    for name in ("evidence", "stances"):
        rows = [np.insert(each[name], 0, i, axis=1) for i, each in enumerate(right)]
        batch[f"right_{name}"] = torch.from_numpy(np.concatenate(rows))
    return batch


def deafened(batch: Batch, pairs: Tensor, figures: Tensor) -> Batch:
    """A batch in which some windows do not hear what rules found of pairs, or of figures and speakers (masks, 1 to hear)."""
    heard = Batch(batch)
    heard["ruled"] = batch["ruled"] * pairs[:, None, None, None]
    heard["abouts"] = batch["abouts"] * figures[:, None, None, None]
    for name in ("sayers", "timed", "voiced"):
        heard[name] = batch[name] * figures[:, None, None]
    heard["timeless"] = batch["timeless"] * figures[:, None]
    heard["moods"] = torch.where(figures[:, None] > 0, batch["moods"], len(MODALITIES))
    return heard


def judged(judge: Judge, vectors: Tensor, batch: Batch) -> Verdicts:
    """The scores of all windows of a batch, padded; `vectors` are (windows, subwords, width)."""
    return _Judged(judge, vectors, batch).verdicts()


class _Judged:
    """A batch under judgement; each part as `whole.Judge` has it, with a first axis for windows."""

    def __init__(self, judge: Judge, vectors: Tensor, batch: Batch) -> None:
        self.judge, self.vectors, self.batch = judge, vectors, batch
        self.windows, self.length = vectors.shape[:2]
        self.mentions, self.member = batch["mentions"], batch["member"]
        self.known = self.member.shape[1]
        self.real = batch["real_mentions"][:, :, None]
        self.places = torch.arange(self.length, device=vectors.device)
        self.seen = self.dropped(vectors)
        mention = self.ends(self.mentions)
        often = sum((self.member.sum(2) > bound).long() for bound in OFTEN)
        titled = (self.member @ ((self.mentions[:, :, 2:] == 0) * self.real)).squeeze(2) > 0
        self.prominent = often * 2 + titled.long()
        self.alive = self.member.sum(2) > 0
        self.entities = self.others(self.joined(mention) + judge.prominence(self.prominent))
        self.mention = self.dropped(mention)

    def verdicts(self) -> Verdicts:
        judge, batch = self.judge, self.batch
        scores, looked, stance = self.pairs()
        figures = batch["figures"]
        figure = self.ends(figures)
        mood = judge.mood(figure) + judge.mood_heard[batch["moods"]]
        figure = self.dropped(figure)
        known = self.known
        about = self.who(judge.about, judge.about_prominent, figure, figures)
        about = about + (batch["abouts"][:, :, :known] * judge.about_heard[:2]).sum(-1)
        about_else = judge.about_else(figure) + batch["abouts"][:, :, known:, 0] * judge.about_heard[2:]
        says = self.who(judge.says, judge.says_prominent, figure, figures)
        says = says + batch["sayers"][:, :, :known] * judge.says_heard[0]
        says_else = judge.says_else(figure) + batch["sayers"][:, :, known:] * judge.says_heard[1:]
        return Verdicts(
            scores,
            looked,
            self.told_by(about, about_else),
            self.told_by(says, says_else),
            mood,
            self.time(figure, figures),
            self.metric(figure, figures),
            stance,
            self.voice(),
        )

    def dropped(self, x: Tensor) -> Tensor:
        return F.dropout(x, PAIR_DROPOUT, self.judge.training)

    def one_hot(self, at: Tensor, size: int) -> Tensor:
        return F.one_hot(at, size).to(self.vectors.dtype)

    def ends(self, found: Tensor) -> Tensor:
        """The first and the last subword of stretches, added."""
        return (self.one_hot(found[:, :, 0], self.length) + self.one_hot(found[:, :, 1], self.length)) @ self.vectors

    def apart(self, distances: Tensor) -> Tensor:
        return self.judge.buckets[distances + MOST_PIECES]

    def sentences(self, found: Tensor, of: Tensor) -> Tensor:
        return (found[:, None, :, 2] - of[:, :, None, 2]).clamp(-NEAREST, NEAREST) + NEAREST

    def joined(self, x: Tensor) -> Tensor:
        """The log-sum-exp of the mentions (windows, mentions, …) of each entity."""
        top = x.masked_fill(self.real == 0, NEVER).amax(1, keepdim=True)
        raised = torch.exp((x - top).clamp(max=0)) * self.real
        return torch.log((self.member @ raised).clamp(min=1e-30)) + top

    def others(self, entities: Tensor) -> Tensor:
        part = self.judge.others
        seen = part.norm(entities)
        asked, key, value = (each(seen).view(*seen.shape[:2], LOOKS, LOOK) for each in (part.ask, part.key, part.value))
        scores = torch.einsum("bnhd,bmhd->bnhm", asked, key) / math.sqrt(LOOK)
        look = torch.softmax(scores.masked_fill(~self.alive[:, None, None], NEVER), -1)
        return entities + part.out(torch.einsum("bnhm,bmhd->bnhd", look, value).flatten(2))

    def pairs(self) -> tuple[Tensor, Tensor, Tensor]:
        judge, windows, pairs = self.judge, self.windows, self.batch["pairs"]
        key, value = (part(self.seen).view(windows, self.length, LOOKS, LOOK) for part in (judge.key, judge.value))
        apart = self.apart(self.places[None, None] - self.mentions[:, :, 0][:, :, None])

        def looks(asks: nn.Linear, near: Tensor) -> Tensor:
            """(windows, entities, LOOKS x subwords)."""
            asked = asks(self.mention).view(windows, -1, LOOKS, LOOK)
            found = torch.einsum("bmhd,blhd->bmhl", asked, key) / math.sqrt(LOOK)
            found = found + self.looked_up(near.T, apart).transpose(2, 3)
            return self.joined(found.reshape(windows, -1, LOOKS * self.length))

        one, other = looks(judge.asks_first, judge.near_first), looks(judge.asks_second, judge.near_second)
        first, second = (self.one_hot(pairs[:, :, k], self.known) for k in range(2))
        looks_at = (first @ one + second @ other).view(windows, -1, LOOKS, self.length)
        look = torch.softmax(looks_at + ((1 - self.batch["attended"]) * NEVER)[:, None, None], -1)
        context = torch.einsum("bphl,blhd->bphd", look, value).reshape(windows, -1, LOOKS * LOOK)
        a = self.dropped(torch.tanh(first @ judge.first(self.entities) + judge.first_context(context)))
        b = self.dropped(torch.tanh(second @ judge.second(self.entities) + judge.second_context(context)))
        size = PAIR // GROUPS
        products = (a.view(windows, -1, GROUPS, size, 1) * b.view(windows, -1, GROUPS, 1, size)).flatten(2)
        heard = (self.batch["ruled"] * judge.heard).sum(-1)
        scores = judge.form(products) + judge.between(pairs[:, :, 2]) + heard
        return scores, look.mean(2), judge.stance(torch.cat([a, b], -1))

    def who(self, choice: Choice, prominence: nn.Linear, of: Tensor, at: Tensor) -> Tensor:
        """(windows, figures or sentences, entities)."""
        apart = self.apart(self.mentions[:, None, :, 0] - at[:, :, None, 0])
        told = self.chosen(choice, of, self.mention, apart, self.sentences(self.mentions, at))
        found = self.joined(told.transpose(1, 2)).transpose(1, 2)
        return found + prominence(of) @ self.one_hot(self.prominent, PROMINENCE).transpose(1, 2)

    def told_by(self, entities: Tensor, others: Tensor) -> Tensor:
        return torch.cat([entities.masked_fill(~self.alive[:, None], NEVER), others], -1)

    def time(self, figure: Tensor, figures: Tensor) -> Tensor:
        times = self.batch["times"]
        away = self.apart(times[:, None, :, 0] - figures[:, :, None, 0])
        told = self.dropped(self.ends(times))
        found = self.chosen(self.judge.time, figure, told, away, self.sentences(times, figures))
        found = found + self.batch["timed"] * self.judge.time_heard[0] + (1 - self.batch["real_times"][:, None]) * NEVER
        none = self.judge.no_time(figure) + self.batch["timeless"][:, :, None] * self.judge.time_heard[1]
        return torch.cat([found, none], -1)

    def metric(self, figure: Tensor, figures: Tensor) -> Tensor:
        apart = self.apart(self.places[None, None] - figures[:, :, 0][:, :, None])
        words = self.chosen(self.judge.metric, figure, self.seen, apart, None)
        return words + self.judge.metric_word(self.seen).transpose(1, 2) + (1 - self.batch["beside"]) * NEVER

    def voice(self) -> Tensor:
        judge, lines = self.judge, self.batch["lines"]
        numbers = torch.arange(lines.shape[1], device=lines.device)
        elsewhere = (self.batch["placed"][:, None] != numbers[None, :, None]).float() * NEVER
        line = torch.softmax(judge.voice_look(self.seen).transpose(1, 2) + elsewhere, -1) @ self.seen
        line = line + self.one_hot(lines[:, :, 0], self.length) @ self.vectors
        voiced = self.batch["voiced"]
        found = self.who(judge.voice, judge.voice_prominent, line, lines)
        found = found + voiced[:, :, : self.known] * judge.voice_heard[0]
        return self.told_by(found, judge.voice_else(line) + voiced[:, :, self.known :] * judge.voice_heard[1:])

    def chosen(self, choice: Choice, of: Tensor, places: Tensor, apart: Tensor, sentences: Tensor | None) -> Tensor:
        one, other = choice.figure(of), choice.place(places)
        scores = one @ other.transpose(1, 2) / math.sqrt(one.shape[-1])
        scores = scores + self.looked_up(choice.near[:, None], apart).squeeze(-1)
        if choice.deep is not None:
            scores = scores + choice.deep(torch.tanh(one[:, :, None] + other[:, None])).squeeze(-1)
        if sentences is not None:
            scores = scores + self.looked_up(choice.sentence[:, None], sentences).squeeze(-1)
        return scores

    def looked_up(self, table: Tensor, at: Tensor) -> Tensor:
        return self.one_hot(at, table.shape[0]) @ table
