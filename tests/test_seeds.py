"""The seeds: five articles in our own words, one for each of the originals that may not be passed on."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from aigraph.articles import find_sources, read
from aigraph.records import BlockKind
from aigraph.resources import folder

SEEDS = find_sources([folder("seeds")])


def test_seeds_can_be_read() -> None:
    articles = [read(source)[0] for source in SEEDS]
    assert [article.identifier for article in articles] == [source.stem for source in SEEDS]
    assert len(articles) == 5
    for article in articles:
        assert sum(block.kind is BlockKind.PARAGRAPH for block in article.blocks) >= 5


def _grams(text: str, size: int) -> set[tuple[str, ...]]:
    found = re.findall(r"[\w$%]+", text.casefold().replace("’", "'"))
    return {tuple(found[i : i + size]) for i in range(len(found) - size + 1)}


@pytest.mark.originals
def test_seeds_copy_no_sentence_of_the_originals() -> None:
    place = os.environ.get("AIGRAPH_ORIGINALS")
    if not place:
        pytest.skip("AIGRAPH_ORIGINALS does not name the folder of the original articles")
    originals = sorted(Path(place).glob("*.txt"))
    assert originals, f"no originals in {place}"
    theirs = set().union(*(_grams(source.read_text(encoding="utf-8"), 8) for source in originals))
    for source in SEEDS:
        assert _grams(source.read_text(encoding="utf-8"), 8) & theirs == set(), source.name
