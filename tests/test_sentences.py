"""Sentence boundaries against marks made by hand (`tests/gold/sentences`): sentences, headings, bullets, rows."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from aigraph import articles
from aigraph.documents import DocumentReader
from aigraph.records import BlockKind

GOLD = Path(__file__).parent / "gold"
MARKS = sorted((GOLD / "sentences").glob("*.json"))
FLOOR = 0.97

_SIGNS = re.compile(r"[^\w\"“‘(|$€£]+")
_NUMBER = re.compile(r"(?:\d+\.\s*)?\d?(?=[A-Z])")

READER = DocumentReader()


def source(marks: dict[str, object]) -> Path | None:
    """The marked text: a gold article, or an original article where its folder is named."""
    name = str(marks["file"])
    places = [GOLD / "dev" / name]
    if "AIGRAPH_ORIGINALS" in os.environ:
        places.append(Path(os.environ["AIGRAPH_ORIGINALS"]) / name)
    return next((place for place in places if place.is_file()), None)


def without_marks(text: str, spans: Iterable[tuple[int, int]]) -> set[tuple[int, int]]:
    """The spans without bullet signs and the numbers of list items, which we leave outside sentences."""
    found = set()
    for start, end in spans:
        signs = _SIGNS.match(text, start, end)
        words = signs.end() if signs else start
        number = _NUMBER.match(text, words, end)
        found.add((number.end() if number else words, end))
    return found


def counted(path: Path, marks: dict[str, object]) -> tuple[int, int, int]:
    """Boundaries right, found, marked; what is boilerplate to us is never cut and does not count."""
    (article,) = articles.read(path)
    assert hashlib.sha256(article.text.encode()).hexdigest() == marks["text_sha256"]
    skipped = [block.span for block in article.blocks if block.kind is BlockKind.BOILERPLATE]
    document = READER.read(article)
    found = {(s.span.start, s.span.end) for block in document.blocks for s in block.sentences}
    sentences = marks["sentences"]
    assert isinstance(sentences, list)
    marked = [
        (start, end)
        for start, end in sentences
        if not any(s.start <= start and end <= s.end for s in skipped) and "|---" not in article.text[start:end]
    ]
    ours, theirs = without_marks(article.text, found), without_marks(article.text, marked)
    return len(ours & theirs), len(ours), len(theirs)


def test_sentences_end_where_a_reader_ends_them() -> None:
    right = found = marked = 0
    for path in MARKS:
        marks = json.loads(path.read_text(encoding="utf-8"))
        if text := source(marks):
            counts = counted(text, marks)
            right, found, marked = right + counts[0], found + counts[1], marked + counts[2]
    assert marked >= 60
    assert 2 * right / (found + marked) >= FLOOR


@pytest.mark.originals
def test_sentences_of_the_originals_end_where_a_reader_ends_them() -> None:
    for path in MARKS:
        marks = json.loads(path.read_text(encoding="utf-8"))
        text = source(marks)
        assert text is not None
        right, found, marked = counted(text, marks)
        assert 2 * right / (found + marked) >= FLOOR, path.name
