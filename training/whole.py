"""The network that reads an article as a whole: an encoder like that of sentences, and a judge over what it gives.

The judge scores pairs of entities as Zhou et al. 2021 ("Document-Level Relation Extraction with Adaptive Thresholding
and Localized Context Pooling") do: an entity is the log-sum-exp of its mentions, a pair looks for its own context in the
article, and a grouped bilinear form tells what holds. Where it looks is learnt from the sentences marked as saying so
(Ma et al. 2023, "DREEAM"). What rules and the model of sentences found is added to the scores with learnt weights, so
that the network hears them and need not believe them. Figures choose what they are about among entities, "something
else" and "nothing"; who says so, the time and the word for the metric are chosen the same way, and for each sentence who says what
it tells.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import NamedTuple

import torch
import torch.nn.functional as F
from network import HEAD_DROPOUT, WIDTH, Encoder
from torch import Tensor, nn

from aigraph.language.whole import BUCKETS, KINDS, MODALITIES, MOST_PIECES, PAIR_LABELS, STANCES, buckets

LOOKS, LOOK = 4, 48
PAIR, GROUPS = 256, 8
CHOICE, SMALL = 192, 128
OFTEN = (1, 2, 4, 8)
"""Numbers of mentions beyond which an entity is of the next class of prominence."""
PROMINENCE = 2 * (len(OFTEN) + 1)
NEAREST = 4
"""Sentences to either side from where on they are not told apart."""
RARE = -4.0
"""Where the scores of pairs begin: hardly any two entities have one."""
PAIR_DROPOUT = 0.2


class Verdicts(NamedTuple):
    """Scores (not chances), as `aigraph.language.whole.Scores` has them."""

    pairs: Tensor  # (pairs, labels)
    looked: Tensor  # (pairs, subwords)
    about: Tensor  # (figures, entities + 2)
    says: Tensor  # (figures, entities + 2)
    mood: Tensor  # (figures, modalities)
    time: Tensor  # (figures, times + 1)
    metric: Tensor  # (figures, subwords)
    stance: Tensor  # (pairs, stances)
    voice: Tensor  # (sentences, entities + 2)


class WholeEncoder(nn.Module):
    """Subwords, the shapes of words and what words are mentions of, to vectors."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.encoder = Encoder(folder)
        self.kind = nn.Embedding(KINDS, WIDTH)
        nn.init.normal_(self.kind.weight, std=0.02)

    def forward(self, pieces: Tensor, shapes: Tensor, kinds: Tensor, attended: Tensor) -> Tensor:
        """(articles, subwords) each; gives (articles, subwords, WIDTH)."""
        encoder = self.encoder
        x = encoder.embed(pieces) + F.embedding(shapes, encoder.shapes) + encoder.positions[: pieces.shape[1]]
        x = F.dropout(encoder.norm(x + self.kind(kinds)), 0.1, self.training)
        mask = (1 - attended[:, None, None, :]) * -1e4
        for layer in encoder.layers:
            x = layer(x, mask)
        return x


class Choice(nn.Module):
    """Scores of places that a figure may choose: a product and a perceptron of both, by distance and by sentence."""

    def __init__(self, size: int, width: int, *, deep: bool = False) -> None:
        super().__init__()
        self.figure, self.place = nn.Linear(size, width), nn.Linear(size, width)
        self.deep = nn.Linear(width, 1) if deep else None
        self.near = nn.Parameter(torch.zeros(2 * BUCKETS))
        self.sentence = nn.Parameter(torch.zeros(2 * NEAREST + 1))

    def forward(self, figures: Tensor, places: Tensor, apart: Tensor, sentences: Tensor | None) -> Tensor:
        """(figures, places) from (figures, WIDTH), (places, WIDTH) and their distances, as classes (figures, places)."""
        one, other = self.figure(figures), self.place(places)
        scores = one @ other.T / math.sqrt(one.shape[1]) + self.near[apart]
        if self.deep is not None:
            scores = scores + self.deep(torch.tanh(one[:, None] + other[None])).squeeze(-1)
        return scores if sentences is None else scores + self.sentence[sentences]


class Others(nn.Module):
    """Entities that have looked at the other entities of the article (one layer of attention, which begins as none)."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(size)
        self.ask, self.key, self.value = (nn.Linear(size, LOOKS * LOOK) for _ in range(3))
        self.out = nn.Linear(LOOKS * LOOK, size)
        nn.init.zeros_(self.out.weight)
        nn.init.zeros_(self.out.bias)

    def forward(self, entities: Tensor) -> Tensor:
        """(entities, size), both."""
        seen = self.norm(entities)
        asked, key, value = (part(seen).view(-1, LOOKS, LOOK) for part in (self.ask, self.key, self.value))
        look = torch.softmax(torch.einsum("nhd,mhd->nhm", asked, key) / math.sqrt(LOOK), -1)
        return entities + self.out(torch.einsum("nhm,mhd->nhd", look, value).reshape(-1, LOOKS * LOOK))


class Judge(nn.Module):
    """Scores of one window; its inputs are those of `aigraph.language.whole.Window`."""

    def __init__(self, size: int = WIDTH) -> None:
        super().__init__()
        labels = len(PAIR_LABELS)
        self.key, self.value = nn.Linear(size, LOOKS * LOOK), nn.Linear(size, LOOKS * LOOK)
        self.asks_first, self.asks_second = nn.Linear(size, LOOKS * LOOK), nn.Linear(size, LOOKS * LOOK)
        self.near_first = nn.Parameter(torch.zeros(LOOKS, 2 * BUCKETS))
        self.near_second = nn.Parameter(torch.zeros(LOOKS, 2 * BUCKETS))
        self.first, self.first_context = nn.Linear(size, PAIR), nn.Linear(LOOKS * LOOK, PAIR)
        self.second, self.second_context = nn.Linear(size, PAIR), nn.Linear(LOOKS * LOOK, PAIR)
        self.form = nn.Linear(PAIR * PAIR // GROUPS, labels)
        nn.init.constant_(self.form.bias, RARE)
        self.between = nn.Embedding(8, labels)
        nn.init.zeros_(self.between.weight)
        self.heard = nn.Parameter(torch.tensor([2.0, 0.5, -0.5, 1.0, -1.0]).repeat(labels, 1))
        self.stance = nn.Sequential(nn.Dropout(HEAD_DROPOUT), *_perceptron(2 * PAIR, CHOICE, len(STANCES)))
        self.about, self.says = Choice(size, CHOICE, deep=True), Choice(size, CHOICE, deep=True)
        self.about_else, self.says_else = _perceptron(size, CHOICE, 2), _perceptron(size, CHOICE, 2)
        self.about_heard = nn.Parameter(
            torch.tensor([1.5, 1.0, 0.5, 1.0])
        )  # a rule, the model; something else, nothing
        self.says_heard = nn.Parameter(torch.tensor([2.0, 1.0, 1.0]))
        self.mood = nn.Sequential(nn.Dropout(HEAD_DROPOUT), *_perceptron(size, CHOICE, len(MODALITIES)))
        self.mood_heard = nn.Parameter(torch.cat([2 * torch.eye(4), torch.zeros(1, 4)]))
        self.time, self.no_time = Choice(size, SMALL), _perceptron(size, SMALL, 1)
        self.time_heard = nn.Parameter(torch.tensor([2.0, 2.0]))
        self.metric, self.metric_word = Choice(size, SMALL), nn.Linear(size, 1)
        self.metric.sentence.requires_grad_(False)
        self.voice_look = nn.Linear(size, 1)
        self.voice, self.voice_else = Choice(size, CHOICE, deep=True), _perceptron(size, CHOICE, 2)
        self.voice_heard = nn.Parameter(torch.tensor([2.0, 1.0, 1.0]))
        self.others = Others(size)
        self.prominence = nn.Embedding(PROMINENCE, size)
        self.about_prominent, self.says_prominent = nn.Linear(size, PROMINENCE), nn.Linear(size, PROMINENCE)
        self.voice_prominent = nn.Linear(size, PROMINENCE)
        for each in (self.prominence, self.about_prominent, self.says_prominent, self.voice_prominent):
            nn.init.zeros_(each.weight)
        self.register_buffer("buckets", torch.tensor(buckets()), persistent=False)

    def forward(
        self, vectors: Tensor, member: Tensor, mentions: Tensor, pairs: Tensor, ruled: Tensor, figures: Tensor,
        abouts: Tensor, sayers: Tensor, moods: Tensor, timeless: Tensor, times: Tensor, timed: Tensor,
        real_times: Tensor, beside: Tensor, lines: Tensor, placed: Tensor, voiced: Tensor,
    ) -> Verdicts:  # fmt: skip
        """The scores; `vectors` are those of the encoder (subwords, WIDTH), without padding."""
        places = torch.arange(vectors.shape[0])
        seen = self._dropped(vectors)
        mention = vectors[mentions[:, 0]] + vectors[mentions[:, 1]]
        prominent = _prominence(mentions, member)
        entities = self.others(_joined(mention, member) + self.prominence(prominent))
        mention = self._dropped(mention)
        scores, looked, stance = self._pairs(seen, mention, mentions, places, entities, member, pairs)
        figure = vectors[figures[:, 0]] + vectors[figures[:, 1]]
        mood = self.mood(figure) + self.mood_heard[moods]
        figure = self._dropped(figure)
        apart = self._apart(mentions[:, 0][None] - figures[:, 0][:, None])
        sentences = _sentences(mentions, figures)
        about = _joined(self.about(figure, mention, apart, sentences).T, member).T
        says = _joined(self.says(figure, mention, apart, sentences).T, member).T
        about = about + self.about_prominent(figure)[:, prominent]
        says = says + self.says_prominent(figure)[:, prominent]
        known = entities.shape[0]
        about = about + (abouts[:, :known] * self.about_heard[:2]).sum(-1)
        about_else = self.about_else(figure) + abouts[:, known:, 0] * self.about_heard[2:]
        says = says + sayers[:, :known] * self.says_heard[0]
        says_else = self.says_else(figure) + sayers[:, known:] * self.says_heard[1:]
        told = self._dropped(vectors[times[:, 0]] + vectors[times[:, 1]])
        away = self._apart(times[:, 0][None] - figures[:, 0][:, None])
        time = self.time(figure, told, away, _sentences(times, figures)) + timed * self.time_heard[0]
        time = time + (real_times[None] - 1) * 1e4
        no_time = self.no_time(figure) + timeless[:, None] * self.time_heard[1]
        words = self.metric(figure, seen, self._apart(places[None] - figures[:, 0][:, None]), None)
        words = words + self.metric_word(seen).T + (beside - 1) * 1e4
        own = (placed[None] != torch.arange(lines.shape[0])[:, None]).float() * -1e4
        line = torch.softmax(self.voice_look(seen).T + own, -1) @ seen + vectors[lines[:, 0]]
        apart = self._apart(mentions[:, 0][None] - lines[:, 0][:, None])
        voice = _joined(self.voice(line, mention, apart, _sentences(mentions, lines)).T, member).T
        voice = voice + self.voice_prominent(line)[:, prominent] + voiced[:, :known] * self.voice_heard[0]
        voice_else = self.voice_else(line) + voiced[:, known:] * self.voice_heard[1:]
        return Verdicts(
            scores + (ruled * self.heard).sum(-1),
            looked,
            torch.cat([about, about_else], 1),
            torch.cat([says, says_else], 1),
            mood,
            torch.cat([time, no_time], 1),
            words,
            stance,
            torch.cat([voice, voice_else], 1),
        )

    def _pairs(
        self, seen: Tensor, mention: Tensor, mentions: Tensor, places: Tensor, entities: Tensor, member: Tensor,
        pairs: Tensor,
    ) -> tuple[Tensor, Tensor, Tensor]:  # fmt: skip
        """The scores of pairs without what is heard, where each looked, and what the text makes of it."""
        length = seen.shape[0]
        key, value = self.key(seen).view(length, LOOKS, LOOK), self.value(seen).view(length, LOOKS, LOOK)
        apart = self._apart(places[None] - mentions[:, 0][:, None])

        def looks(asks: nn.Linear, near: Tensor) -> Tensor:
            """(entities, LOOKS, subwords)."""
            asked = asks(mention).view(-1, LOOKS, LOOK)
            found = torch.einsum("mhd,lhd->mhl", asked, key) / math.sqrt(LOOK) + near[:, apart].transpose(0, 1)
            return _joined(found.reshape(found.shape[0], LOOKS * length), member).view(-1, LOOKS, length)

        one, other = looks(self.asks_first, self.near_first), looks(self.asks_second, self.near_second)
        first, second = pairs[:, 0], pairs[:, 1]
        look = torch.softmax(one[first] + other[second], -1)
        context = torch.einsum("phl,lhd->phd", look, value).reshape(-1, LOOKS * LOOK)
        a = self._dropped(torch.tanh(self.first(entities)[first] + self.first_context(context)))
        b = self._dropped(torch.tanh(self.second(entities)[second] + self.second_context(context)))
        size = PAIR // GROUPS
        products = (a.view(-1, GROUPS, size, 1) * b.view(-1, GROUPS, 1, size)).reshape(-1, PAIR * size)
        return self.form(products) + self.between(pairs[:, 2]), look.mean(1), self.stance(torch.cat([a, b], 1))

    def _apart(self, distances: Tensor) -> Tensor:
        return self.buckets[distances + MOST_PIECES]

    def _dropped(self, x: Tensor) -> Tensor:
        return F.dropout(x, PAIR_DROPOUT, self.training)


def _perceptron(size: int, inner: int, out: int) -> nn.Sequential:
    return nn.Sequential(nn.Linear(size, inner), nn.GELU(), nn.Linear(inner, out))


def _joined(x: Tensor, member: Tensor) -> Tensor:
    """The log-sum-exp of the rows (mentions, …) of each entity, by `member` (entities, mentions)."""
    top = x.max(0, keepdim=True).values
    return torch.log((member @ torch.exp(x - top)).clamp(min=1e-30)) + top


def _prominence(mentions: Tensor, member: Tensor) -> Tensor:
    """(entities): how often each is mentioned, in classes, and whether in the first sentence, which is the title."""
    times = member.sum(1)
    often = sum((times > bound).long() for bound in OFTEN)
    titled = (member @ (mentions[:, 2:] == 0).float()).squeeze(1) > 0
    return often * 2 + titled.long()


def _sentences(places: Tensor, figures: Tensor) -> Tensor:
    return (places[:, 2][None] - figures[:, 2][:, None]).clamp(-NEAREST, NEAREST) + NEAREST


class Whole(nn.Module):
    """Both parts."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.encoder = WholeEncoder(folder)
        self.judge = Judge()
