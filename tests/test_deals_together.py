"""Deals that two articles tell: one, nearly the same, in conflict, or two; read from texts and joined.

What each pair comes to was written down as a careful reader sees it, before any of them was read.
"""

from __future__ import annotations

from functools import cache
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

import pytest

from aigraph.articles import read
from aigraph.pipeline.steps import Pipeline
from aigraph.propositions import findings_of
from aigraph.propositions.compare import clash
from aigraph.propositions.keeping import Findings
from aigraph.propositions.likeness import nearness
from aigraph.propositions.meanings import Deal, Sum
from aigraph.vocab import DEFAULT_BASE

ONE: dict[str, tuple[str, str]] = {
    "bought and buys": (
        "AMD has agreed to acquire Untether AI.",
        "Untether AI will be acquired by AMD, the two firms said.",
    ),
    "supplies and orders": (
        "AMD will supply Oracle with 50,000 MI450 chips.",
        "Oracle has ordered 50,000 MI450 chips from AMD.",
    ),
    "invests and receives": (
        "Nvidia has invested $2 billion in Synopsys.",
        "Synopsys has received an investment of $2 billion from Nvidia.",
    ),
    "partners and teams up": (
        "Marvell and Ayar Labs have formed an alliance.",
        "Ayar Labs has teamed up with Marvell.",
    ),
    "licenses and takes a licence": (
        "Arm has licensed its designs to Ampere.",
        "Ampere has taken a licence for the designs of Arm.",
    ),
    "a rumour and a fact": (
        "SoftBank is reportedly in talks to buy Graphcore.",
        "SoftBank has completed its acquisition of Graphcore.",
    ),
    "a purchase and its noun": (
        "Qualcomm has bought Alphawave.",
        "The takeover of Alphawave by Qualcomm was completed on Monday.",
    ),
    "a purchase that is told in passing": (
        "Meta bought Rivos in October.",
        "Rivos, which Meta acquired last autumn, designs processors.",
    ),
}
NEAR: dict[str, tuple[str, str]] = {
    "a partnership and its supply": (
        "Qualcomm and HUMAIN have entered into a partnership.",
        "Qualcomm will supply HUMAIN with AI200 chips.",
    ),
    "a customer more": (
        "Nvidia will supply Nscale with chips.",
        "Nvidia will supply Nscale and Nebius with chips.",
    ),
    "an investor more": (
        "SoftBank has invested in Wayve.",
        "SoftBank and Nvidia have invested in Wayve.",
    ),
}
CONFLICT: dict[str, tuple[str, str, str]] = {
    "two prices": (
        "AMD will buy Untether AI for $3 billion.",
        "AMD will acquire Untether AI for $5 billion.",
        "figures",
    ),
    "a purchase and its denial": (
        "Intel will acquire SambaNova.",
        "Intel will not acquire SambaNova.",
        "polarity",
    ),
    "a purchase and its end": (
        "SoftBank has agreed to buy Switch.",
        "SoftBank has called off its acquisition of Switch.",
        "status",
    ),
    "two buyers": (
        "Marvell has completed its acquisition of Celestial AI.",
        "Broadcom has completed its acquisition of Celestial AI.",
        "values",
    ),
    "each has bought the other": (
        "Marvell has completed its acquisition of Celestial AI.",
        "Celestial AI has completed its acquisition of Marvell.",
        "values",
    ),
}
APART: dict[str, tuple[str, str]] = {
    "a supply each way": (
        "AMD will supply Oracle with MI450 chips.",
        "Oracle will supply AMD with cloud capacity.",
    ),
    "two customers": (
        "Cerebras will supply OpenAI with chips.",
        "Cerebras will supply Meta with chips.",
    ),
    "a price and one rounded": (
        "AMD will buy Untether AI for about $3 billion.",
        "AMD will acquire Untether AI for $3.1 billion.",
    ),
    "two investments": (
        "Amazon has invested $4 billion in Anthropic.",
        "Amazon has invested $8 billion in Anthropic.",
    ),
    "two bids": (
        "Marvell has offered to buy Ayar Labs.",
        "Broadcom has offered to buy Ayar Labs.",
    ),
    "a takeover and an investment": (
        "Nvidia has acquired Gretel.",
        "Amazon has invested in Gretel.",
    ),
}


class Together(NamedTuple):
    """What articles say together of deals: how many of them tell each, the kinds of conflicts, whether two are near."""

    tellers: list[int]
    conflicts: list[str]
    near: bool


@cache
def pipeline() -> Pipeline:
    return Pipeline(DEFAULT_BASE)


def together(folder: Path, *texts: str) -> Together:
    """Texts, each an article of its own, read and joined."""
    quads = []
    for number, text in enumerate(texts):
        article = folder / f"article-{number}.txt"
        article.write_text(text + "\n", encoding="utf-8")
        quads += [pipeline().read(each).quads for each in read(article)]
    collected = Findings.of(said for graph in quads for said in findings_of(graph))
    found = [p for key in sorted(collected.meanings) if (p := collected.proposition(key)) is not None]
    deals = [each for each in found if isinstance(each.meaning, Deal)]
    told = [each for each in found if isinstance(each.meaning, Deal | Sum)]
    return Together(
        sorted(len(each.articles) for each in deals),
        [why.kind for pair in combinations(told, 2) if (why := clash(*pair))],
        any(nearness(*pair) for pair in combinations(deals, 2)),
    )


@pytest.mark.parametrize("name", ONE)
def test_two_articles_tell_one_deal(name: str, tmp_path: Path) -> None:
    assert together(tmp_path, *ONE[name]) == Together([2], [], near=False)


@pytest.mark.parametrize("name", NEAR)
def test_two_articles_tell_nearly_the_same(name: str, tmp_path: Path) -> None:
    assert together(tmp_path, *NEAR[name]) == Together([1, 1], [], near=True)


@pytest.mark.parametrize("name", CONFLICT)
def test_what_two_articles_say_of_a_deal_cannot_both_be_true(name: str, tmp_path: Path) -> None:
    *texts, kind = CONFLICT[name]
    found = together(tmp_path, *texts)
    assert found.conflicts == [kind]
    assert not found.near


@pytest.mark.parametrize("name", APART)
def test_what_two_articles_say_of_deals_can_both_be_true(name: str, tmp_path: Path) -> None:
    found = together(tmp_path, *APART[name])
    assert found.tellers
    assert (found.conflicts, found.near) == ([], False)


def test_enough_pairs() -> None:
    assert len(ONE | NEAR | CONFLICT | APART) >= 22
