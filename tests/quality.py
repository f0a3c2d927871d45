"""The quality gate: figures pinned in `gold/quality.json`, and what counts as a fall.

A figure is a count of right, found and marked things. Where eight or more are marked, its F1 must not fall, to three
decimals. A smaller group would flap (one of three is a third), so its counts are pinned with some play: one right one
may be lost, never the last, and two wrong ones may be added; the totals hold the sum of such groups tight. The play is
against the best state ever pinned, so it cannot add up. Figures that rise, or keep within the play, change the file
only by `--update-golden`, falls only by `--accept-lower`.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from aigraph.evaluation import Evaluation, Score
from aigraph.evaluation.details import ATTRIBUTES, by_label

GOLD = Path(__file__).parent / "gold"
PINS = GOLD / "quality.json"
SETS = ("dev", "second", "third", "study", "fourth", "fifth", "sixth")
"""The sets whose figures are pinned; a set that was never measured is annotated, but not yet among them."""
ANNOTATED = tuple(sorted({path.parent.name for path in GOLD.glob("*/*.gold.json")}))
SMALL = 8
LOST, ADDED = 1, 2
_PINNED_LABELS = ("entities", "relations", "partnerships", ATTRIBUTES)
_LEAST = 10


@dataclass(frozen=True, slots=True)
class Figure:
    """How many of the things found are right, and how many are marked in the annotation."""

    right: int
    found: int
    marked: int

    @classmethod
    def of(cls, score: Score) -> Figure:
        return cls(score.true_positives, score.true_positives + score.false_positives, score.gold)

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        return self.right / self.marked if self.marked else 0.0

    @property
    def f1(self) -> float:
        return round(2 * self.right / max(self.found + self.marked, 1), 3)

    @property
    def wrong(self) -> int:
        return self.found - self.right

    def below(self, pinned: Figure) -> bool:
        """Has it fallen?"""
        if self.marked >= SMALL:
            return self.f1 < pinned.f1
        lost, added = pinned.right - self.right, self.wrong - pinned.wrong
        return lost > LOST or (self.right == 0 < pinned.right) or added > ADDED

    def no_worse(self, pinned: Figure) -> bool:
        """May it be pinned instead, without lowering the floor?"""
        if self.marked >= SMALL:
            return self.f1 >= pinned.f1
        return self.right >= pinned.right and self.wrong <= pinned.wrong

    def __str__(self) -> str:
        return f"F1 {self.f1:.3f} ({self.right} right, {self.wrong} wrong, of {self.marked})"


@dataclass(frozen=True, slots=True)
class Pins:
    """The figures of one set by group and label, and what they were measured on (a digest of the annotations)."""

    digest: str
    figures: Mapping[str, Mapping[str, Figure]]

    def each(self) -> Iterator[tuple[str, str, Figure]]:
        for group, figures in self.figures.items():
            for label, figure in figures.items():
                yield group, label, figure

    def get(self, group: str, label: str) -> Figure | None:
        return self.figures.get(group, {}).get(label)


def pins_of(gold_dir: Path, evaluation: Evaluation) -> Pins:
    """The figures to pin of an evaluation: all totals, and every label that is marked at all."""
    groups = {"totals": evaluation.scores} | {
        kind: scores for kind, scores in by_label(evaluation).items() if kind in _PINNED_LABELS
    }
    files = sorted(path for path in gold_dir.iterdir() if path.suffix in (".json", ".txt"))
    return Pins(
        digest(path.read_bytes() for path in files),
        {group: {s.kind: Figure.of(s) for s in scores if s.gold} for group, scores in groups.items()},
    )


def digest(parts: Iterable[bytes]) -> str:
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:16]


def falls(name: str, pinned: Pins | None, now: Pins) -> list[str]:
    """What has fallen in a set, or is not pinned, in words; nothing where all is well."""
    if pinned is None:
        return [f"{name} is not pinned yet: run with --update-golden"]
    found = []
    if pinned.digest != now.digest:
        found.append(f"{name}: its annotations have changed: pin it anew with --update-golden")
    for group, label, figure in now.each():
        if (old := pinned.get(group, label)) is None:
            found.append(f"{name}, {group}, {label}: not pinned yet: run with --update-golden")
        elif figure.below(old):
            found.append(f"{name}, {group}, {label}: fell from {old} to {figure}")
    gone = [(group, label, old) for group, label, old in pinned.each() if now.get(group, label) is None]
    return [*found, *(f"{name}, {group}, {label}: fell from {old} to nothing" for group, label, old in gone)]


def risen(pinned: Pins | None, now: Pins) -> Pins:
    """What to pin without lowering anything: today's figures where they are no worse, else the pinned ones."""
    if pinned is None:
        return now
    return replace(
        now,
        figures={
            group: {
                label: figure if (old := pinned.get(group, label)) is None or figure.no_worse(old) else old
                for label, figure in figures.items()
            }
            for group, figures in now.figures.items()
        },
    )


def is_reason(reason: str, changelog: str) -> bool:
    """Does the changelog of the coming release give this reason (however its lines are broken)?"""
    coming = re.search(r"^## \[Unreleased\]$(.*?)(?=^## |\Z)", changelog, re.MULTILINE | re.DOTALL)
    wanted = " ".join(reason.split())
    return coming is not None and len(wanted) >= _LEAST and wanted in " ".join(coming[1].split())


def settle(
    name: str, now: Pins, path: Path, *, update: bool = False, reason: str | None = None, changelog: str = ""
) -> list[str]:
    """Hold a set against the pins, renewing these as far as the flags allow; what is wrong then, in words."""
    pinned = read_pins(path)
    if reason is not None:
        if not is_reason(reason, changelog):
            return [f"CHANGELOG.md does not give this reason under [Unreleased]: {reason!r}; tell users there first"]
        pinned[name] = now
    elif update:
        pinned[name] = risen(pinned.get(name), now)
    if reason is not None or update:
        write_pins(pinned, path)
    return falls(name, pinned.get(name), now)


def read_pins(path: Path = PINS) -> dict[str, Pins]:
    if not path.is_file():
        return {}
    raw = json.loads(path.read_text(encoding="utf-8"))
    return {
        name: Pins(
            each["digest"],
            {
                group: {label: Figure(f["right"], f["found"], f["marked"]) for label, f in figures.items()}
                for group, figures in each["figures"].items()
            },
        )
        for name, each in raw.items()
    }


def write_pins(pins: Mapping[str, Pins], path: Path = PINS) -> None:
    """One line a figure, so that a difference can be read; F1 is there for the reader alone."""
    sets = []
    for name, each in sorted(pins.items()):
        groups = []
        for group, figures in each.figures.items():
            lines = [
                f"    {json.dumps(label)}: {json.dumps({**asdict(f), 'F1': f.f1})}" for label, f in figures.items()
            ]
            groups.append(f"   {json.dumps(group)}: {{\n" + ",\n".join(lines) + "\n   }")
        body = ",\n".join(groups)
        sets.append(f' {json.dumps(name)}: {{\n  "digest": "{each.digest}",\n  "figures": {{\n{body}\n  }}\n }}')
    path.write_text("{\n" + ",\n".join(sets) + "\n}\n", encoding="utf-8")


def totals_table(pins: Pins) -> str:
    """The totals of a set as a Markdown table."""
    rows = [
        f"| {label} | {figure.precision:.3f} | {figure.recall:.3f} | {figure.f1:.3f} |"
        for label, figure in pins.figures["totals"].items()
    ]
    return "\n".join(rows) + "\n"
