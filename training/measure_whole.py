"""How well the network for whole articles reads articles that it has not learnt from, beside rules alone."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import torch
from batched import Batch, collate
from items import Item, item
from stories import UNKNOWN, Example
from torch import Tensor
from whole import Verdicts

from aigraph.facts.whole.story import NOBODY, OTHER
from aigraph.facts.whole.windows import View, ranges, view
from aigraph.language.whole import DEALS, PAIR_LABELS, RELATIONS, STANCES, SYMMETRIC, WholeNetwork

LIKELY = 0.5
_Told = set[tuple[int, int, str]]


@dataclass
class Counts:
    """What was right, found and marked, by name, and in how many cases a question was asked."""

    told: Counter[tuple[str, str]] = field(default_factory=Counter)

    def of_sets(self, name: str, marked: _Told, found: _Told) -> None:
        """Count what two sets share."""
        self.told[name, "right"] += len(marked & found)
        self.told[name, "found"] += len(found)
        self.told[name, "marked"] += len(marked)

    def asked(self, name: str, *, right: bool) -> None:
        """Count an answer."""
        self.told[name, "asked"] += 1
        self.told[name, "right"] += right

    def f1(self, name: str) -> str:
        """Precision, recall and their harmonic mean."""
        right, found, marked = (self.told[name, what] for what in ("right", "found", "marked"))
        mean = 2 * right / max(found + marked, 1)
        return f"{name} P {right / max(found, 1):.3f} R {right / max(marked, 1):.3f} F {mean:.3f}"

    def share(self, name: str) -> str:
        """How often an answer was right."""
        return f"{name} {self.told[name, 'right'] / max(self.told[name, 'asked'], 1):.3f}"


@torch.no_grad()
def measure(judge: Callable[[Batch], Verdicts], network: WholeNetwork, examples: Sequence[Example]) -> str:
    """Pairs at a chance of one half, attributes of figures, who says what; each beside rules alone where they have it."""
    counts = Counts()
    for example in examples:
        _one(counts, judge, network, example)
    groups = ("relations", "relations by rules", "deals", "deals by rules", "speakers", "speakers by rules")
    questions = ("about", "about by rules", "says", "mood", "time", *(f"{stance} seen" for stance in STANCES))
    labels = "; ".join(counts.f1(label) for label in PAIR_LABELS)
    return "; ".join([*map(counts.f1, groups), *map(counts.share, questions)]) + f"\n      {labels}"


def _one(counts: Counts, judge: Callable[[Batch], Verdicts], network: WholeNetwork, example: Example) -> None:
    stretches = ranges(network, example.story)
    seen = [found for first, last in stretches if (found := view(network, example.story, first, last)) is not None]
    if not seen:
        return
    items = [item(example, each) for each in seen]
    batch = collate(items)
    told = judge(batch)
    found: dict[tuple[int, int, str], float] = defaultdict(float)
    figures: set[int] = set()
    lines: dict[int, int] = {}
    for row, (window, right) in enumerate(zip(seen, items, strict=True)):
        likely = torch.sigmoid(told.pairs[row, : len(window.labels)]).cpu() * torch.tensor(window.labels)
        for pair, label in torch.nonzero(likely > LIKELY).tolist():
            a, b = (window.entities[int(n)] for n in window.window.pairs[pair][:2])
            found[_key(a, b, PAIR_LABELS[label])] = 1.0
        _figures(counts, told, row, (window, right), example, figures)
        for pair, stance in right.right["stances"].tolist():
            fact = float(torch.softmax(told.stance[row, pair], -1)[0]) >= LIKELY
            counts.asked(f"{STANCES[stance]} seen", right=fact == (stance == 0))
        chosen = told.voice[row].argmax(-1).tolist()
        for line, number in enumerate(window.window.lines[:, 2].tolist()):
            lines.setdefault(number, _entity(window, chosen[line], told.voice.shape[-1]))
    marked = {(a, b, label) for a, b, label, _ in example.pairs}
    ruled = {_key(f.first, f.second, f.label) for f in example.story.found if not f.hedged}
    for answers, suffix in ((set(found), ""), (ruled, " by rules")):
        for group, labels in (("relations", RELATIONS), ("deals", DEALS)):
            counts.of_sets(group + suffix, _of(marked, labels), _of(answers, labels))
    for label in PAIR_LABELS:
        counts.of_sets(label, _of(marked, (label,)), _of(set(found), (label,)))
    spoken = {(n, who, "") for n, all_ in example.voices.items() for who in all_ if who != NOBODY}
    heard = {(n, who, "") for n, who in lines.items() if n in example.voices and who != NOBODY}
    by_rules = {(n, who, "") for n, all_ in example.story.voiced.items() for who in all_ if n in example.voices}
    counts.of_sets("speakers", spoken, heard)
    counts.of_sets("speakers by rules", spoken, by_rules)


def _key(first: int, second: int, label: str) -> tuple[int, int, str]:
    return (min(first, second), max(first, second), label) if label in SYMMETRIC else (first, second, label)


def _of(told: _Told, labels: Sequence[str]) -> _Told:
    return {each for each in told if each[2] in labels}


def _entity(window: View, column: int, columns: int) -> int:
    """What a column of a choice stands for, as numbers of the story."""
    if column < len(window.entities):
        return window.entities[column]
    return OTHER if column == columns - 2 else NOBODY


def _figures(
    counts: Counts, told: Verdicts, row: int, seen: tuple[View, Item], example: Example, done: set[int]
) -> None:
    window, right = seen
    for number, figure in enumerate(window.figures):
        if figure in done or example.figures[figure].about == NOBODY:
            continue
        done.add(figure)
        size = len(window.entities)
        for name, scores in (("about", told.about), ("says", told.says), ("mood", told.mood)):
            wanted = int(right.right[name][number])
            if wanted != UNKNOWN:
                counts.asked(name, right=_column(scores[row, number], size, name) == wanted)
        if example.figures[figure].about != UNKNOWN:
            held = example.story.held.get(figure)
            right_about = held is not None and held.about == example.figures[figure].about
            counts.asked("about by rules", right=right_about)
        allowed = right.right["time"][number]
        if allowed.any():
            times = len(window.window.times)
            chosen = int(told.time[row, number].argmax())
            counts.asked("time", right=bool(allowed[min(chosen, times)]))


def _column(scores: Tensor, entities: int, name: str) -> int:
    """The best column, as it is called in a window by itself, where no entity only fills a batch."""
    best = int(scores.argmax())
    return best if name == "mood" or best < entities else best - (len(scores) - 2) + entities
