"""What the tools of `training/` tell of marked articles when they are read."""

from __future__ import annotations

from pathlib import Path

from measure_figures import judged
from measure_stances import Outcome, Reader, report, stance

MARKED = """=== tigris-and-nvidia | wire
Nvidia and SoftBank

Nvidia has acquired Arduino.
 acquisition Nvidia > Arduino | completed
+ SoftBank has not acquired Graphcore, it said.
 acquisition! SoftBank > Graphcore
+ Nvidia had revenue of $57 billion in 2025.
 fig "$57 billion" 57e9 USD | about Nvidia | metric revenue | time 2025
@Company Nvidia; SoftBank; Arduino; Graphcore
"""


def read(tmp_path: Path) -> tuple[Path, Reader]:
    path = tmp_path / "some.txt"
    path.write_text(MARKED, encoding="utf-8")
    return path, Reader(tmp_path / "kept")


def test_hedged_pairs_and_facts_are_told_apart(tmp_path: Path) -> None:
    path, reader = read(tmp_path)
    outcomes = list(reader.outcomes(path))
    assert [(stance(each.pair), each.is_direct, each.failure) for each in outcomes] == [
        ("", True, None),
        ("!", False, None),
    ]
    assert report(outcomes).splitlines()[0] == "denied 1, of these direct 0 (0.0%)"
    assert report(outcomes).splitlines()[-1] == "facts 1, found but not direct 0, not found 0"
    fact, hedged = outcomes
    assert Outcome(fact.article, fact.pair, ()).failure == "N"
    assert Outcome(hedged.article, hedged.pair, fact.found).failure == "D"


def test_what_is_kept_reads_the_same(tmp_path: Path) -> None:
    path, reader = read(tmp_path)
    first = [facts for *_, facts in reader.read(path)]
    assert [facts for *_, facts in reader.read(path)] == first


def test_attributes_of_figures_are_compared(tmp_path: Path) -> None:
    path, reader = read(tmp_path)
    [(article, document, mentions, facts)] = reader.read(path)
    [(figure, claim, right)] = judged(article, document, mentions, facts)
    assert figure.value == 57e9
    assert claim is not None
    assert right == (True, True, True, True, True)
