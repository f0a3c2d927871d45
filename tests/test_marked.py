"""The articles marked as wholes, and the examples that the network for whole articles learns from."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import marked
import pytest
import stories
from marked import MarkedError, read_marked, split_articles

from aigraph.facts.whole.story import NOBODY
from aigraph.language.whole import PAIR_LABELS, STANCES

ROOT = Path(__file__).resolve().parents[1]
ARTICLES = sorted((ROOT / "training" / "articles").glob("*.txt"))
GOLD = sorted((ROOT / "tests" / "gold").glob("*/*.txt"))

EXAMPLE = """\
=== x-tallow | wire
Tallow Compute raises €140m

The Ghent-based chip designer Tallow Compute, whose T2 processor is made by TSMC, has raised €140m from Norrsken Growth.
 locatedIn Tallow Compute > Ghent
 develops Tallow Compute > T2
 manufactures TSMC > T2
 investment Norrsken Growth > Tallow Compute | completed | 140e6 EUR
 fig "€140m" 140e6 EUR | about Tallow Compute | metric funding round | by Lies Vermeer | time 2027
+ It has licensed nothing from Arm, its chief executive Lies Vermeer said.
 licensing! Tallow Compute > Arm
 worksFor Lies Vermeer > Tallow Compute | chief executive
 say about Tallow Compute | metric licences from Arm | by Lies Vermeer | neg
@Company Tallow Compute = Tallow; TSMC; Norrsken Growth; Arm
@Person Lies Vermeer = Vermeer
@Place Ghent
@Chip T2
"""


def read(tmp_path: Path, text: str = EXAMPLE) -> tuple[marked.MarkedArticle, ...]:
    path = tmp_path / "x.txt"
    path.write_text(text, encoding="utf-8")
    return read_marked([path])


def test_marks_are_read_with_the_sentence_that_tells_them(tmp_path: Path) -> None:
    (article,) = read(tmp_path)
    assert article.text.count("\n\n") == 1
    assert "Growth. It has" in article.text
    told = {(p.label, p.first, p.second, p.mark) for p in article.pairs}
    assert ("investment", "Norrsken Growth", "Tallow Compute", "") in told
    assert ("licensing", "Tallow Compute", "Arm", "!") in told
    assert [(s.claimant, article.text[slice(*s.sentence)][:6]) for s in article.sayings] == [("Lies Vermeer", "It has")]
    (figure,) = article.figures
    assert article.text[figure.start : figure.end] == "€140m"
    assert (figure.about, figure.claimant, figure.time) == ("Tallow Compute", "Lies Vermeer", "2027")
    assert article.text[slice(*figure.sentence)].startswith("The Ghent-based")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (" develops Tallow Compute > T3", "has what is no name of the article"),
        (" makes Tallow Compute > T2", "'makes' is no label"),
        (' fig "€150m" 150e6 EUR | about Tallow Compute | metric round', 'a figure is \'"words of the sentence"'),
        (' fig "€140m" 140e6 EUR | about Tallow Compute', "a figure needs 'about X' and 'metric M'"),
        (' fig "€140m" 140e6 EUR | about T2 | metric round | roughly', "is nothing that a figure has"),
        ("@Firm Tallow", "entities stand as '@Type Name"),
        ("@Company Arm", "'Arm' is listed twice"),
        ("=== Bad Head", "a head is '=== ID | genre'"),
    ],
)
def test_wrong_marks_are_named_with_their_place(tmp_path: Path, line: str, message: str) -> None:
    lines = EXAMPLE.splitlines()
    at = len(lines) if line[0] in "@=" else 4
    with pytest.raises(MarkedError, match=re.escape(message)) as raised:
        read(tmp_path, "\n".join([*lines[:at], line, *lines[at:]]) + "\n")
    assert f"x.txt:{at + 1}:" in str(raised.value)


def test_marked_articles_are_many_and_of_all_kinds() -> None:
    articles = read_marked(ARTICLES)
    assert len(articles) >= 1000
    told = Counter(pair.label for article in articles for pair in article.pairs if not pair.mark)
    assert set(told) == set(PAIR_LABELS)
    assert min(told.values()) >= 200
    hedged = sum(bool(pair.mark) for article in articles for pair in article.pairs)
    assert hedged >= 1000
    assert sum(len(article.figures) for article in articles) >= 10_000


def test_a_tenth_of_the_articles_is_held_out_whatever_else_there_is() -> None:
    articles = read_marked(ARTICLES)
    training, held_out = split_articles(articles)
    assert 0.06 < len(held_out) / len(articles) < 0.14
    _, fewer = split_articles(articles[: len(articles) // 2])
    assert {a.id for a in fewer} <= {a.id for a in held_out}
    assert not {a.id for a in training} & {a.id for a in held_out}


def sentences(text: str) -> set[str]:
    return {s for line in text.splitlines() for s in re.split(r"(?<=[.!?]) ", line) if len(s) >= 60}


def test_marked_articles_share_no_sentence_with_the_gold_articles() -> None:
    gold = set().union(*(sentences(path.read_text(encoding="utf-8")) for path in GOLD))
    assert len(gold) > 800
    shared = {article.id: found for article in read_marked(ARTICLES) if (found := sentences(article.text) & gold)}
    assert not shared


def test_examples_lay_the_marks_upon_what_reading_finds(tmp_path: Path) -> None:
    (example,) = stories.Reading().marked(read(tmp_path))
    story = example.story
    names = {number: name for name, number in example.names.items()}
    told = {(label, names[a], names[b]) for a, b, label, _ in example.pairs}
    assert ("manufactures", "TSMC", "T2") in told
    assert ("licensing", "Tallow Compute", "Arm") not in told
    (number,) = [i for i, (_, _, quantity) in enumerate(story.figures) if quantity.value == 140e6][1:]
    assert names[example.figures[number].about] == "Tallow Compute"
    stances = {(label, names[a], names[b]): STANCES[stance] for a, b, label, _, stance in example.stances}
    assert stances["licensing", "Tallow Compute", "Arm"] == "denied"
    assert ("licensing", "Tallow Compute", "Arm") not in told
    assert {key for key, stance in stances.items() if stance == "fact"} == told
    first = next(sentence for a, b, label, sentence in example.pairs if label == "investment")
    assert story.spans[first].span.start == example.story.spans[1].span.start


def test_examples_know_who_says_what_each_sentence_tells(tmp_path: Path) -> None:
    (example,) = stories.Reading().marked(read(tmp_path))
    speaker = example.names["Lies Vermeer"]
    assert dict(example.voices) == {0: {NOBODY}, 1: {speaker}, 2: {speaker}}  # the second by its figure


def test_without_marks_of_statements_only_the_claimants_of_figures_are_known(tmp_path: Path) -> None:
    text = "".join(line for line in EXAMPLE.splitlines(keepends=True) if not line.startswith(" say"))
    (example,) = stories.Reading().marked(read(tmp_path, text))
    assert dict(example.voices) == {1: {example.names["Lies Vermeer"]}}


def test_other_names_change_words_and_no_mark(tmp_path: Path) -> None:
    (example,) = stories.Reading().marked(read(tmp_path))
    exchange = stories.Exchange([example])
    for _ in range(20):
        other = exchange.varied(example, 1.0, 1.0)
        assert other.pairs == example.pairs
        assert len(other.story.mentions) == len(example.story.mentions)
        for (a, b, *_), (c, d, *_) in zip(example.story.figures, other.story.figures, strict=True):
            assert example.story.words[a:b] == other.story.words[c:d]
        for first, last, *_ in other.story.mentions:
            assert 0 <= first < last <= len(other.story.words)
