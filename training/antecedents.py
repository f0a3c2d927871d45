#!/usr/bin/env python3
"""Train what decides for which name "the chipmaker" or "its" stands, and for which two "both" or "they".

    python3 training/antecedents.py [--out src/aigraph/mentions]

Reads `antecedents.txt` (what expressions of the corpus stand for, marked by a reader) and the corpus, with names as
marked and trees as the shipped language model draws them. Prints how often the answer is right in documents that a
network was not trained on, beside the rules alone; then trains on all of them and writes the weights
(`antecedents.json`, `plurals.json`). Some minutes.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from corpus import CorpusDocument, CorpusError, read_corpus
from layout import laid_out
from pyoxigraph import NamedNode
from torch import nn

from aigraph.documents import DocumentReader
from aigraph.mentions.antecedents import Question
from aigraph.mentions.features import FEATURES
from aigraph.mentions.features import options as options_of
from aigraph.mentions.nominals import find_nominals, find_plurals
from aigraph.mentions.plurals import FEATURES as PLURAL_FEATURES
from aigraph.mentions.plurals import Plea
from aigraph.mentions.ranking import PLURAL_WEIGHTS, WEIGHTS, Ranker
from aigraph.mentions.text import stretches
from aigraph.records import BODY, Article, EntityType, Mention, Span

HERE = Path(__file__).resolve().parent
MARKED = HERE / "antecedents.txt"
_ANSWER = re.compile(r" (?P<line>\d+) (?P<words>.+?)(?:#(?P<number>\d+))? > (?P<names>.+)\Z")
_PLURAL_WORD = re.compile(r"(?:they|them|their|both.*|the (?:two|pair|duo|former|latter).*)", re.IGNORECASE)
HIDDEN, NETS, EPOCHS, RATE, DECAY, DROPPED = 24, 5, 30, 3e-3, 3e-3, 0.15
MARGIN = 0.1
"""How much likelier than the rules' answer another one must be."""
SURE = 0.5
"""How likely what a plural stands for must be."""
PLURAL = "plural"
_FOLDS = 8


@dataclass(frozen=True, slots=True)
class Answer:
    """An expression at code points `start` to `end` of a line, and the names that it stands for (none: something else)."""

    line: int
    start: int
    end: int
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """One reference: the features of its candidates ("none of these" last), which of them are right, what the rules say.

    Candidates with one number in `alike` are one answer, "the latter" of the same two for instance.
    """

    document: str
    what: str
    rows: tuple[tuple[float, ...], ...]
    right: tuple[int, ...]
    by_rule: int
    alike: tuple[int, ...] = ()


def read_answers(path: Path, documents: dict[str, CorpusDocument]) -> dict[str, list[Answer]]:
    """The marked expressions by document: ` LINE WORDS > NAME` or ` LINE WORDS#2 > NAME + NAME`, `-` for no name.

    Raises:
        CorpusError: a line that is not of this form, a document or words that the corpus does not have.
    """
    found: dict[str, list[Answer]] = {}
    document: CorpusDocument | None = None
    for number, text in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        place = f"{path.name}:{number}"
        if text.startswith("# "):
            document = documents.get(text[2:])
            if document is None:
                raise CorpusError(f"{place}: the corpus has no document {text[2:]!r}.")
            found[document.id] = []
            continue
        match = _ANSWER.match(text)
        if match is None or document is None:
            raise CorpusError(f"{place}: a line is ' LINE WORDS > NAME', not {text!r}.")
        line = document.lines[int(match["line"]) - 1].text
        places = [m.span() for m in re.finditer(rf"(?<!\w){re.escape(match['words'])}(?!\w)", line)]
        wanted = int(match["number"] or 1)
        if wanted > len(places):
            raise CorpusError(f"{place}: {match['words']!r} does not stand {wanted} times in: {line}")
        names = () if match["names"] == "-" else tuple(match["names"].split(" + "))
        found[document.id].append(Answer(int(match["line"]) - 1, *places[wanted - 1], names))
    return found


def things(document: CorpusDocument) -> dict[tuple[str, str], NamedNode]:
    """For each name and type of a document the thing that it names: short forms are those of longer names."""
    forms = sorted(
        {(line.text[e.start : e.end], e.type) for line in document.lines for e in line.entities},
        key=lambda form: (-len(form[0]), form),
    )
    found: dict[tuple[str, str], NamedNode] = {}
    for name, kind in forms:
        words = name.casefold().split()
        same = [
            thing
            for (longer, other), thing in found.items()
            if _alike(words, EntityType(kind), longer.casefold().split(), EntityType(other))
        ]
        found[name, kind] = same[0] if same else NamedNode(f"urn:thing:{len(found)}")
    return found


def _alike(short: list[str], kind: EntityType, long: list[str], other: EntityType) -> bool:
    if short == long:
        return True
    if kind in BODY and other in BODY:
        return long[: len(short)] == short or "".join(word[0] for word in long) == "".join(short)
    if kind is other is EntityType.PERSON:
        return long[-len(short) :] == short or long[: len(short)] == short
    return kind is other and [word.removesuffix("s") for word in short] == [word.removesuffix("s") for word in long]


def cases(reader: DocumentReader, document: CorpusDocument, answers: Sequence[Answer]) -> Iterator[Case]:
    """The references of a document that reading finds and a reader has marked."""
    text, starts, blocks = laid_out(document)
    named = things(document)
    names = sorted(
        Mention(
            Span(starts[n] + e.start, starts[n] + e.end),
            named[line.text[e.start : e.end], e.type],
            EntityType(e.type),
            line.text[e.start : e.end],
        )
        for n, line in enumerate(document.lines)
        for e in line.entities
    )
    marked = {
        (starts[a.line] + a.start, starts[a.line] + a.end): {
            thing for (name, _), thing in named.items() if name in a.names
        }
        for a in answers
        if len(a.names) < 2
    }
    several = {
        (starts[a.line] + a.start, starts[a.line] + a.end): {
            thing for (name, _), thing in named.items() if name in a.names
        }
        for a in answers
    }
    read = reader.read(Article(document.id, text, blocks, "0"))
    prepared = stretches(read)
    found: list[Case] = []

    def judge(question: Question) -> Mention | None:
        reference, by_rule, offset = question.reference, question.by_rule, question.here.block.offset
        place = Span(offset + reference.start, offset + reference.end)
        wanted = next((things for span, things in marked.items() if place.overlaps(Span(*span))), None)
        if wanted is None:
            return None
        options, none = options_of(question)
        right = [n for n, each in enumerate(options) if each.mention.entity in wanted]
        said = [n for n, each in enumerate(options) if by_rule is not None and each.mention.entity == by_rule.entity]
        rows = (*(each.features for each in options), none)
        what = "pronoun" if reference.kind == "pronoun" else "description"
        last = len(options)
        found.append(Case(document.id, what, rows, tuple(right) or (last,), said[0] if said else last))
        return options[right[0]].mention if right else None

    def judge_plural(plea: Plea) -> tuple[Mention, ...]:
        wanted = next((things for span, things in several.items() if plea.span.overlaps(Span(*span))), None)
        if wanted is not None:
            options, none = plea.options()
            given = [tuple(mention.entity for mention in plea.answer(each)) for each in options]
            right = tuple(n for n, each in enumerate(given) if set(each) == wanted)
            rows = (*(each.features for each in options), none)
            last = len(options)
            numbers = {each: n for n, each in enumerate(dict.fromkeys(given))}
            alike = (*(numbers[each] for each in given), len(numbers))
            found.append(Case(document.id, PLURAL, rows, right or (last,), last, alike))
        return ()

    docs = [read.blocks[block.index].doc for block in prepared]
    find_nominals(prepared, docs, names, frozenset(), judge)
    if any(_PLURAL_WORD.fullmatch(document.lines[a.line].text[a.start : a.end]) for a in answers):
        found_so = find_nominals(prepared, docs, names, frozenset())
        find_plurals(prepared, docs, sorted([*names, *found_so]), judge_plural)
    return iter(found)


class Net(nn.Module):
    """The network of `aigraph.mentions.ranking.Ranker`."""

    def __init__(self, features: int) -> None:
        super().__init__()
        self.hidden = nn.Linear(features, HIDDEN)
        self.out = nn.Linear(HIDDEN, 1, bias=False)
        self.drop = nn.Dropout(DROPPED)

    def forward(self, rows: torch.Tensor) -> torch.Tensor:
        """The score of each row (candidates × features)."""
        scores: torch.Tensor = self.out(self.drop(F.relu(self.hidden(self.drop(rows))))).squeeze(-1)
        return scores


def trained(examples: Sequence[Case], seed: int) -> Net:
    """A network after all epochs, in an order that the seed gives."""
    torch.manual_seed(seed)
    wide = len(examples[0].rows[0])
    net = Net(wide)
    optimizer = torch.optim.AdamW(net.parameters(), lr=RATE, weight_decay=DECAY)
    order = list(range(len(examples)))
    chance = random.Random(seed)
    batches = EPOCHS * (len(order) // 32 + 1)
    schedule = torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.02, batches)
    widest = max(len(each.rows) for each in examples)
    data = torch.zeros(len(examples), widest, wide)
    real = torch.zeros(len(examples), widest, dtype=torch.bool)
    right = torch.zeros(len(examples), widest, dtype=torch.bool)
    for n, each in enumerate(examples):
        data[n, : len(each.rows)] = torch.tensor(each.rows)
        real[n, : len(each.rows)] = True
        right[n, list(each.right)] = True
    for _ in range(EPOCHS):
        chance.shuffle(order)
        for first in range(0, len(order), 32):
            some = order[first : first + 32]
            scores = net(data[some]).masked_fill(~real[some], -1e9)
            told = scores.masked_fill(~right[some], -1e9)
            loss = (scores.logsumexp(1) - told.logsumexp(1)).mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
    return net.eval()


def joined(nets: Sequence[Net], features: Sequence[str], margin: float) -> dict[str, object]:
    """Several networks as one wide one, whose score is the mean of theirs."""
    with torch.no_grad():
        hidden = torch.cat([net.hidden.weight for net in nets]).T
        bias = torch.cat([net.hidden.bias for net in nets])
        out = torch.cat([net.out.weight[0] for net in nets]) / len(nets)
    rounded = {
        key: np.round(value.numpy().astype(float), 4).tolist()
        for key, value in zip(("hidden", "bias", "out"), (hidden, bias, out), strict=True)
    }
    return {"features": list(features), "margin": margin, **rounded}


def ranker_of(data: dict[str, object]) -> Ranker:
    """The ranker that reading makes of weights."""
    return Ranker(*(np.asarray(data[key], dtype=float) for key in ("hidden", "bias", "out")), margin=MARGIN)


def answer(ranker: Ranker, case: Case) -> int:
    """The candidate that reading takes: another one than the rules where it is likelier, a plural's where it is sure."""
    chances = ranker.chances(case.rows)
    if case.what != PLURAL:
        best = int(chances.argmax())
        return best if chances[best] > chances[case.by_rule] + MARGIN else case.by_rule
    summed = np.bincount(case.alike, weights=chances)
    likeliest = int(summed[:-1].argmax()) if len(summed) > 1 else 0
    sure = len(summed) > 1 and summed[likeliest] > max(SURE, summed[-1])
    return case.alike.index(likeliest) if sure else len(case.rows) - 1


def report(name: str, answers: Sequence[tuple[Case, int]]) -> None:
    """Precision and recall of names given, and the share of references decided rightly, "none" included."""
    for what in ("pronoun", "description", PLURAL, "all"):
        some = [(case, answer) for case, answer in answers if what in (case.what, "all")]
        if not some:
            continue
        given = [(c, a) for c, a in some if a < len(c.rows) - 1]
        wanted = [(c, a) for c, a in some if c.right[0] < len(c.rows) - 1]
        good = sum(a in c.right for c, a in given)
        decided = sum(a in c.right for c, a in some)
        print(
            f"{name:8} {what:12} P {good / max(1, len(given)):.3f} R {good / max(1, len(wanted)):.3f}"
            f" right {decided / max(1, len(some)):.3f} of {len(some)}"
        )


def main() -> None:
    """Collect, cross-validate, train, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=WEIGHTS.parent)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    documents = {d.id: d for d in read_corpus(sorted((HERE / "corpus").glob("[0-9]*.txt")))}
    reader = DocumentReader()
    marked = read_answers(MARKED, documents)
    examples = [case for name, answers in marked.items() for case in cases(reader, documents[name], answers)]
    print(f"{len(examples)} references of {len(marked)} documents, {len(FEATURES)} features")
    report("rules", [(case, case.by_rule) for case in examples])
    singular = [case for case in examples if case.what != PLURAL]
    plural = [case for case in examples if case.what == PLURAL]
    made = ((singular, FEATURES, MARGIN, WEIGHTS.name), (plural, PLURAL_FEATURES, SURE, PLURAL_WEIGHTS.name))
    names = sorted(marked)
    for some, features, margin, file in made:
        answered: list[tuple[Case, int]] = []
        for fold in range(_FOLDS):
            held = set(names[fold::_FOLDS])
            nets = [trained([c for c in some if c.document not in held], seed) for seed in range(2)]
            ranker = ranker_of(joined(nets, features, margin))
            answered += ((case, answer(ranker, case)) for case in some if case.document in held)
        report("network", answered)
        weights = joined([trained(some, seed) for seed in range(NETS)], features, margin)
        out = options.out / file
        out.write_text(json.dumps(weights, separators=(",", ":")) + "\n", encoding="utf-8")
        print(f"{out}: {out.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
