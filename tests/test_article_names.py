"""The names of an article, found in all its sentences at once."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aigraph import articles
from aigraph.documents import DocumentReader
from aigraph.errors import DataError
from aigraph.language import ArticleNames, EncodedSentence
from aigraph.language.article_names import BLOCKS, MOST_WORDS, PLAIN_SHAPES, encoded, parts
from aigraph.pipeline import Pipeline
from aigraph.records import Article, Block, BlockKind, Span
from aigraph.vocab import DEFAULT_BASE


def read(*paragraphs: str) -> list[tuple[str, str]]:
    """The names of an article of these paragraphs, each with its likeliest type, in order."""
    text = "\n\n".join(paragraphs)
    blocks, start = [], 0
    for paragraph in paragraphs:
        blocks.append(Block(BlockKind.PARAGRAPH, Span(start, start + len(paragraph))))
        start += len(paragraph) + 2
    document = DocumentReader().read(Article("test", text, tuple(blocks), "0"))
    return [
        (text[name.span.start : name.span.end], name.types[0][0].value)
        for block in document.blocks
        for name in block.names
    ]


@pytest.mark.parametrize(
    ("elsewhere", "kind"),
    [
        ("Velmora, an accelerator chip with 96 GB of memory, is made by TSMC and draws 300 watts.", "Chip"),
        ("Velmora, a start-up from Porto with 40 employees, has raised money from two funds.", "Company"),
        ("Velmora, the compiler, is open source and can be downloaded with its libraries.", "Software"),
    ],
)
def test_what_one_sentence_says_of_a_name_holds_at_its_other_places(elsewhere: str, kind: str) -> None:
    found = read("Velmora is late.", elsewhere, "Nobody knows when Velmora will come.")
    assert [each for name, each in found if name == "Velmora"] == [kind] * 3


def test_names_have_their_bounds_and_nothing_else_is_one() -> None:
    found = read("Ann Lee of Corvane Systems showed the Zephyr-2 in Lisbon on Monday.", "The room was full, she said.")
    assert [name for name, _ in found] == ["Ann Lee", "Corvane Systems", "Zephyr-2", "Lisbon"]


def test_long_articles_are_read_in_parts_and_keep_the_places_of_names() -> None:
    sentence = "Then the engineers went home and thought about what they had seen during the day."
    paragraphs = [sentence] * (MOST_WORDS // 10) + ["Corvane hired them all."]
    assert read(*paragraphs) == [("Corvane", "Company")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # a listed code behind a name that no list has is another product; behind a listed one it is itself
        ("They ordered 400 of its Nimbrak M2 accelerators.", {"Nimbrak M2": "Chip"}),
        ("They ordered 400 of its Hopper H20 accelerators.", {"Hopper": "Architecture", "H20": "Chip"}),
        # a listed maker before its listed product stays a name of its own, a line before its member is part of it
        ("Acme sells the Apple M2.", {"Acme": "Company", "Apple": "Company", "M2": "Chip"}),
        ("They ordered the Instinct MI300 in May.", {"MI300": "Chip"}),
        ("AMD's Instinct MI300X is late.", {"AMD": "Company", "MI300X": "Chip"}),
        # a listed name is only the beginning of another one
        ("Mitsubishi Heavy will build it.", {"Mitsubishi Heavy": "Company"}),
        ("China Mobile bought 400 Hailo-10H chips.", {"China Mobile": "Company", "Hailo-10H": "Chip"}),
        # a plural adds no word to a listed name
        ("It has bought Nvidia H100s.", {"Nvidia": "Company", "H100": "Chip"}),
    ],
)
def test_listed_names_give_way_to_longer_ones_that_no_list_has(text: str, expected: dict[str, str]) -> None:
    pipeline = Pipeline(DEFAULT_BASE)
    document = pipeline.documents.read(Article("test", text, (Block(BlockKind.PARAGRAPH, Span(0, len(text))),), "0"))
    assert {e.name: e.type.value for e in pipeline.mentions.find(document).entities} == expected


def test_every_kind_of_block_that_is_read_is_told_apart() -> None:
    assert set(BLOCKS) == {kind.value for kind in BlockKind} - {BlockKind.BOILERPLATE.value}


def test_words_that_are_a_heading_and_nothing_else_name_nothing(tmp_path: Path) -> None:
    path = tmp_path / "notes.md"
    story = "Corvane rents out 40 machines.\n\nThe halls of Lake Varden opened in May, and Lake Varden draws 60 MW."
    path.write_text(f"# Notes of the week\n\n## Key Intelligence\n\n{story}\n\n## Lake Varden\n\nIt has a roof.\n")
    (article,) = articles.read(path)
    pipeline = Pipeline(DEFAULT_BASE)
    names = {entity.name for entity in pipeline.mentions.find(pipeline.documents.read(article)).entities}
    assert "Lake Varden" in names
    assert "Key Intelligence" not in names


def test_an_article_without_words_has_no_names() -> None:
    assert ArticleNames().find([]) == []


@given(st.lists(st.integers(1, 2 * MOST_WORDS), max_size=40))
def test_parts_hold_every_line_once_and_no_more_words_than_a_call_takes(lengths: list[int]) -> None:
    found = list(parts(lengths))
    assert [i for first, last in found for i in range(first, last)] == list(range(len(lengths)))
    for first, last in found:
        assert last == first + 1 or sum(lengths[first:last]) <= MOST_WORDS


@given(
    st.lists(st.lists(st.sampled_from(["Corvane", "corvane", "CORVANE", "H100", "42", ","]), min_size=1), min_size=1)
)
def test_the_same_word_has_one_number_wherever_it_stands(words: list[list[str]]) -> None:
    page = encoded(
        [EncodedSentence(tuple(line), np.zeros((len(line), 4), dtype=np.float32), BLOCKS[2]) for line in words]
    )
    flat = [word for line in words for word in line]
    for i, word in enumerate(flat):
        if page.shapes[i] in PLAIN_SHAPES:
            assert page.same[i] == 0
        else:
            same = {
                int(page.same[j])
                for j, other in enumerate(flat)
                if page.same[j] and other.casefold() == word.casefold()
            }
            assert same == {int(page.same[i])}
    assert page.sentences.tolist() == [n for n, line in enumerate(words) for _ in line]


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="Install aigraph again"):
        ArticleNames(tmp_path)
