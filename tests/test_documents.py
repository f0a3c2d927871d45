"""Documents: tokens, sentences and their places, for prose as news about hardware writes it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from aigraph.articles.layout import lay_out
from aigraph.documents import WORDS, DocumentReader
from aigraph.records import Article, Block, BlockKind, Document, ReadBlock, Span

READER = DocumentReader()


def document(text: str, blocks: Sequence[Block]) -> Document:
    return READER.read(Article(identifier="a", text=text, blocks=tuple(blocks), source_sha256="0" * 64))


def block(text: str, kind: BlockKind = BlockKind.PARAGRAPH) -> ReadBlock:
    return document(text, [Block(kind, Span(0, len(text)))]).blocks[0]


def tokens(text: str) -> list[str]:
    return [token.text for token in block(text).doc]


def sentences(text: str, kind: BlockKind = BlockKind.PARAGRAPH) -> list[str]:
    return [text[sentence.span.start : sentence.span.end] for sentence in block(text, kind).sentences]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$1.2 billion, 6GW.", "$|1.2|billion|,|6GW|."),
        ("FLUX.1, Qwen2.5 and GPT.", "FLUX.1|,|Qwen2.5|and|GPT|."),
        ("ST. LOUIS, March 9 - A", "ST.|LOUIS|,|March|9|-|A"),
        ("1.8TB/s of HBM3e; 7 TB/s, 800Gb/s", "1.8TB/s|of|HBM3e|;|7|TB/s|,|800Gb/s"),
        ("U.S. firms (AMD Inc.) said", "U.S.|firms|(|AMD|Inc.|)|said"),
        ("Nvidia's and C.C. Wei’s", "Nvidia|'s|and|C.C.|Wei|’s"),
        ("companies' chips, OpenAI's", "companies|'|chips|,|OpenAI|'s"),
        ("a non-binding, low-latency deal", "a|non-binding|,|low-latency|deal"),
        ("GPT-4 and GPT-5.2 in Q4", "GPT-4|and|GPT-5.2|in|Q4"),
        ("Q3-Q4 2024", "Q3|-|Q4|2024"),
        ("TPU v7, MI300X/MI350X and TT-NN", "TPU|v7|,|MI300X|/|MI350X|and|TT-NN"),
        (
            "“insatiable” ‘inference inflection,’ 'OpenClaw'—a",
            "“|insatiable|”|‘|inference|inflection|,|’|'|OpenClaw|'|—|a",
        ),
        ("25-30% or 35–40%", "25|-|30|%|or|35|–|40|%"),
        ("$32.2 billion-$33.4 billion", "$|32.2|billion|-|$|33.4|billion"),
        ("NT$505.7 billion, €500m and £1", "NT$|505.7|billion|,|€|500m|and|£|1"),
        ("Seoul-based, Nvidia-powered, U.S.-based", "Seoul|-|based|,|Nvidia|-|powered|,|U.S.|-|based"),
        ("ex-Google and six-gigawatt", "ex|-|Google|and|six-gigawatt"),
        ("a 6-gigawatt, 12-layer, 3nm part", "a|6-gigawatt|,|12-layer|,|3nm|part"),
        ("30x, 62.3%, 14,000 and 24/7", "30x|,|62.3|%|,|14,000|and|24/7"),
        ("don't, won’t, we're, Q's", "do|n't|,|wo|n’t|,|we|'re|,|Q|'s"),
        ("AT&T, S&P 500 and Disney+", "AT&T|,|S&P|500|and|Disney+"),
        ("see https://example.com/a?b=c. Or example.com.", "see|https://example.com/a?b=c|.|Or|example.com|."),
        ("SANTA CLARA, Oct. 6, 2025 - On", "SANTA|CLARA|,|Oct.|6|,|2025|-|On"),
        ("It draws 750W. Then", "It|draws|750W|.|Then"),
        ("The A14. Next", "The|A14|.|Next"),
        ("L'Oréal's J. Doe", "L'Oréal|'s|J.|Doe"),
    ],
)
def test_tokens(text: str, expected: str) -> None:
    assert tokens(text) == expected.split("|")


SPLITS = [
    "One sentence.|Another one.",
    "AMD Inc. stock closed higher.|Nvidia fell.",
    "It was bought by Foo Corp. in 2024.|It is gone.",
    "He works for Foo Inc.|The firm is small.",
    "In the U.S. government it is known.|So it is.",
    "It is made in the U.S.|It is sold in Japan.",
    "On Jan. 15, 2026, it said so.|On Oct. 6 it did not.",
    "It came in January.|No. 1 is Nvidia.",
    "It costs approx. $5 at St. Louis.|Dr. Doe agrees.",
    "C.C. Wei told analysts.|J. Doe did not.",
    "Revenue was $1.2 billion.|Margins were 62.3%.|That is 5.",
    "It draws 6GW.|750W is less.",
    '"It is fast," he said.|"We like it."|He left.',
    "“It is fast.”|They agree.",
    "He said 'at the lowest cost per token.'|Nvidia agrees.",
    "(It is not.)|It was.",
    "Why?|Because it can!|Really.",
    '"Why?" he asked.|Nobody knew.',
    "It is fast; it is cheap.|Done.",
    "The model is v7.|xAI uses it.",
    "Wait... there is more.|And then… Nothing.",
    "The U.S. and the U.K. agree, e.g. on chips, i.e. GPUs.",
    "It was open at 9:30 a.m. in London.|Then it closed.",
    "It ended.[1]|It began.",
    "Sales, marketing, etc. grew.|Nvidia vs. AMD is old.",
    "It was the end.Then it began again.|And so on.",
    "It ships in Japan.|imec and Leti help.",
    "1. Nvidia leads.|It has 80%.",
    "Run by Lip-Bu Tan.|Founded by A. B. Smith.",
    "It costs approx. $3.5bn.|Sales rose est. 4%.",
    "Brontal v. Corvane was settled.|Intl. Brontal Corp. and Olsen & Co. agreed.|They signed.",
    "He asked: “Why now?”|The answer is cost.",
    "It ships at 5 p.m. ET on Monday.|In St. Petersburg, Fla., it opened.",
    "$1.2 mn. was paid.|The deal (worth $2 bn.) closed.|Node.js runs on it.",
]


@pytest.mark.parametrize("text", SPLITS)
def test_sentences(text: str) -> None:
    expected = [part for part in text.split("|") if part]
    if "end.Then" in text:
        expected = ["It was the end.", "Then it began again.", "And so on."]
    if "Wait..." in text:
        expected = ["Wait... there is more.", "And then…", "Nothing."]
    assert sentences(text.replace("|", " ")) == expected


@pytest.mark.parametrize("kind", [BlockKind.TITLE, BlockKind.HEADING, BlockKind.TABLE_ROW, BlockKind.METADATA])
def test_some_blocks_are_one_sentence(kind: BlockKind) -> None:
    assert sentences("What is HBM? A guide. Part 1.", kind) == ["What is HBM? A guide. Part 1."]


@pytest.mark.parametrize("kind", [BlockKind.BULLET, BlockKind.QUESTION, BlockKind.TEASER])
def test_other_blocks_are_cut(kind: BlockKind) -> None:
    assert sentences("What is HBM? A guide.", kind) == ["What is HBM?", "A guide."]


def test_boilerplate_is_left_out_and_sentences_are_numbered_through() -> None:
    text = "A headline\n\nOne. Two.\n\nSubscribe to our newsletter\n\nThree."
    read = document(text, lay_out(text))
    assert [part.block.kind for part in read.blocks] == [BlockKind.TITLE, BlockKind.PARAGRAPH, BlockKind.PARAGRAPH]
    assert [sentence.index for part in read.blocks for sentence in part.sentences] == [0, 1, 2, 3]
    last = read.blocks[-1]
    assert text[last.sentences[0].span.start : last.sentences[0].span.end] == "Three."


def test_line_ends_are_blanks_but_in_rows() -> None:
    text = "The SK\nhynix\u00a0parts"
    assert block(text).doc.text == "The SK hynix parts"
    assert [token.text for token in block("Power\n559 kW", BlockKind.TABLE_ROW).doc] == ["Power", "\n", "559", "kW"]


def test_docs_know_their_sentences() -> None:
    read = block("One is here. Two is there.")
    assert [sentence.text for sentence in read.doc.sents] == ["One is here.", "Two is there."]
    assert [(sentence.first, sentence.last) for sentence in read.sentences] == [(0, 4), (4, 8)]


NAMES = ["Nvidia", "Inc.", "U.S.", "No.", "A.", "Jan.", "it", "3.5", "6GW", "TB/s", "Seoul-based", "[1]", "’s", "n't"]
PIECES = st.sampled_from([*'$%.?!"”…()-—x \n\t\u00a0\u200b🚀\u0301', "  ", *NAMES])


@given(st.one_of(st.text(min_size=1, max_size=120), st.lists(PIECES, min_size=1, max_size=40).map("".join)))
def test_any_text_is_read(text: str) -> None:
    read = block(text)
    assert len(read.doc.text) == len(text)
    assert [a for a, b in zip(read.doc.text, text, strict=True) if a != b and not (a == " " and b.isspace())] == []
    end = first = 0
    for sentence in read.sentences:
        assert end <= sentence.span.start < sentence.span.end <= len(text)
        assert first <= sentence.first < sentence.last <= len(read.doc)
        assert not text[end : sentence.span.start].strip()
        assert read.doc[sentence.first].idx == sentence.span.start
        head = read.doc[sentence.last - 1]
        assert head.idx + len(head) >= sentence.span.end
        end, first = sentence.span.end, sentence.last
    assert not text[end:].strip()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Based on 2 sources- example.comAcme ships its chipMar 18, 2026",
            ["Based on 2 sources", "example.com", "Acme ships its chip", "Mar 18, 2026"],
        ),
        ("By Jane Doe, Name News", ["By Jane Doe, Name News"]),
        ("3 min read", ["3 min read"]),
    ],
)
def test_lines_beside_the_story_are_parted_where_they_touch(text: str, expected: list[str]) -> None:
    assert sentences(text, BlockKind.METADATA) == expected


def test_word_lists_are_sorted_and_unique() -> None:
    lists: dict[str, list[str]] = yaml.safe_load(WORDS.read_text(encoding="utf-8"))
    for name, entries in lists.items():
        assert all(isinstance(entry, str) for entry in entries), name
        assert entries == sorted(set(entries)), name
    known = [entry for name in ("titles", "numbered", "endings") for entry in lists[name]]
    assert len(known) == len(set(known))
    assert all(entry.endswith(".") for entry in known)
