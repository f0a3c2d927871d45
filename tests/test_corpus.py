"""The corpus that the language model is trained on: its format, its variety, its distance from the gold articles."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import check_corpus
import corpus
import pytest

from aigraph.knowledge import load_knowledge
from aigraph.resources import folder
from aigraph.vocab import Iris

ROOT = Path(__file__).resolve().parents[1]
TRAINING = ROOT / "training"
GOLD = sorted(
    path
    for name in ("dev", "second", "third", "fourth", "fifth", "sixth")
    for path in (ROOT / "tests" / "gold" / name).glob("*.txt")
)
"""The articles that judge; those of `study` are for finding out what is missed."""


def corpus_files() -> list[Path]:
    return sorted((TRAINING / "corpus").glob("*.txt"))


def test_corpus_is_large_varied_and_mostly_invented() -> None:
    documents = corpus.read_corpus(corpus_files())
    lines = [line for document in documents for line in document.lines]
    assert len(lines) >= 3000
    assert len({check_corpus.skeleton(line) for line in lines}) >= 2000
    assert sum(len(d.lines) for d in documents if d.invented) >= len(lines) / 2
    named = Counter(entity.type for line in lines for entity in line.entities)
    assert set(named) == set(corpus.ENTITY_TYPES)
    assert min(named.values()) >= 100


def test_a_part_of_each_genre_is_held_out_by_document() -> None:
    kept, held_out = corpus.split_held_out(corpus.read_corpus(corpus_files()))
    assert not {d.id for d in kept} & {d.id for d in held_out}
    assert 0.05 < len(held_out) / (len(kept) + len(held_out)) < 0.2


def test_corpus_shares_no_sentence_and_no_invented_name_with_the_gold_articles() -> None:
    gold = "\n".join(path.read_text(encoding="utf-8") for path in GOLD)
    documents = corpus.read_corpus(corpus_files())
    for document in documents:
        for line in document.lines:
            assert len(line.text) < 40 or line.text not in gold
    coined = {
        line.text[e.start : e.end]
        for document in documents
        if document.invented
        for line in document.lines
        for e in line.entities
        if e.type in ("Company", "Chip", "System", "AIModel", "Architecture")
    }
    real = {
        line.text[e.start : e.end]
        for document in documents
        if not document.invented
        for line in document.lines
        for e in line.entities
    }
    known = load_knowledge(folder("knowledge"), iris=Iris())
    unknown = {n for n in coined - real if " " not in n and len(n) > 4 and not known.lookup(n)}
    for gold_set in sorted({path.parent for path in GOLD}):
        articles = "\n".join(path.read_text(encoding="utf-8") for path in GOLD if path.parent == gold_set)
        shared = sorted(unknown & set(re.findall(r"\w[\w-]*", articles)))
        assert len(shared) <= 12, shared  # a made-up article may name Nvidia; nobody may copy the gold's inventions


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("[Acme|Firm] sells.", "'Firm' is no type"),
        ("Acme [sic] sells.", "a bracket of the text itself"),
        ("[Acme's|Company] chips", "what is no part of the name"),
    ],
)
def test_wrong_marks_are_named(line: str, message: str) -> None:
    with pytest.raises(corpus.CorpusError, match=re.escape(message)):
        corpus.parse_line(line)


def test_marks_give_text_and_places() -> None:
    line = corpus.parse_line(r"[Acme|Company]'s [A1|Chip]s \[new\]")
    assert line.text == "Acme's A1s [new]"
    assert [(line.text[e.start : e.end], e.type) for e in line.entities] == [("Acme", "Company"), ("A1", "Chip")]
