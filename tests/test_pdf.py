"""PDF files that these tests print themselves: paragraphs, hyphens, tables, running heads."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

pytest.importorskip("fpdf", reason="needs aigraph[test]")
pytest.importorskip("pdfminer", reason="needs the extra `pdf`: pip install 'aigraph[pdf]'")

from fpdf import FPDF

from aigraph.articles import read
from aigraph.articles.pdfpages import Page, Printed, entries_of
from aigraph.errors import UnreadableArticle
from aigraph.records import Article

STORY = (
    "Brontal Systems said on Monday that it would bring part {0} of its accelerators to customers in Oslo, and that "
    "Delmora had asked for more of them. Analysts of part {0} agreed that the price, $30,000, was low for such a part."
)


class Paper(FPDF):
    """A page with a running head and a number at its foot."""

    def header(self) -> None:
        self.set_font("Helvetica", size=8)
        self.cell(0, 6, f"Chip Ledger | issue 7, sheet {self.page_no()}", new_x="LMARGIN", new_y="NEXT")
        self.ln(3)

    def footer(self) -> None:
        self.set_y(-15)
        self.set_font("Helvetica", size=8)
        self.cell(0, 6, f"- {self.page_no()} -", align="C")

    def say(self, words: str, size: int = 11, style: str = "") -> None:
        self.set_font("Times", style, size)
        self.multi_cell(0, 0.45 * size, words, new_x="LMARGIN", new_y="NEXT")
        self.ln(3)


def printed(path: Path, paper: FPDF) -> Article:
    paper.output(str(path))
    return read(path)[0]


def outline(article: Article) -> list[str]:
    return [f"{block.kind}: {article.text[block.span.start : block.span.end]}" for block in article.blocks]


def test_a_printed_article(tmp_path: Path) -> None:
    paper = Paper()
    paper.add_page()
    paper.say("Brontal unveils Fjord, its second accelerator for inference at the edge of the network", 18, "B")
    for number in range(1, 27):
        paper.say(STORY.format(chr(96 + number) * 3))
    paper.say("What it costs", 13, "B")
    paper.say("- Fjord has 192 GB of memory.\n- It ships in May, and costs less than the part of Corvane that it "
              "competes with on price and on performance alone.")  # fmt: skip
    with paper.table() as table:
        for cells in (("Chip", "Memory", "Power"), ("Fjord", "192 GB", "750 W"), ("Tern", "80 GB", "500 W")):
            table.row(cells)
    article = printed(tmp_path / "a.pdf", paper)
    lines = outline(article)
    assert article.title == "Brontal unveils Fjord, its second accelerator for inference at the edge of the network"
    # whole paragraphs, that over the end of the page too
    assert [line for line in lines if line.startswith("paragraph")] == [
        f"paragraph: {STORY.format(chr(96 + number) * 3)}" for number in range(1, 27)
    ]
    assert [line for line in lines if not line.startswith(("paragraph", "title"))] == [
        "boilerplate: Chip Ledger | issue 7, sheet 1",
        "boilerplate: - 1 -",
        "boilerplate: Chip Ledger | issue 7, sheet 2",
        "heading: What it costs",
        "bullet: Fjord has 192 GB of memory.",
        "bullet: It ships in May, and costs less than the part of Corvane that it competes with on price and on "
        "performance alone.",
        "table-row: Chip | Memory | Power",
        "table-row: Fjord | 192 GB | 750 W",
        "table-row: Tern | 80 GB | 500 W",
        "boilerplate: - 2 -",
    ]
    (header,) = {block.header for block in article.blocks if block.header}
    assert [article.text[cell.start : cell.end] for cell in header] == ["Chip", "Memory", "Power"]


@pytest.mark.parametrize(
    ("first", "second", "joined"),
    [
        ("the infor-", "mation", "the information"),
        ("a multi-", "year deal", "a multi-year deal"),
        ("the GPU-", "based part", "the GPU-based part"),
        ("the H100-", "Class", "the H100-Class"),
        ("soft\xad", "ware", "software"),
        ("a data-", "centre, for a data-centre", "a data-centre, for a data-centre"),
        ("in 2025–", "2026", "in 2025–2026"),
        ("one", "two", "one two"),
    ],
)
def test_hyphens_at_line_ends(first: str, second: str, joined: str) -> None:
    lines = tuple(
        Printed(words, 50, 550, 700 - 14 * number, 711 - 14 * number, 11)
        for number, words in enumerate((first, second))
    )
    assert [words for words, _ in entries_of([Page(842, (lines,))])] == [joined]


def test_columns_of_prose_are_no_table() -> None:
    def box(left: float) -> tuple[Printed, ...]:
        words = "a line of running text in a column"
        return tuple(Printed(words, left, left + 200, 700 - 14 * n, 711 - 14 * n, 11) for n in range(5))

    entries = list(entries_of([Page(842, (box(50), box(300)))]))
    assert all(hint is None for _, hint in entries)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "this is no PDF file"),
        (b"<html>", "this is no PDF file"),
        (b"%PDF-1.7\n" + bytes(range(256)) * 100, "the PDF is damaged"),
    ],
)
def test_what_is_no_pdf(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / "a.pdf").write_bytes(content)
    with pytest.raises(UnreadableArticle, match=message):
        read(tmp_path / "a.pdf")


def test_pdfs_without_text_locked_and_endless(tmp_path: Path) -> None:
    blank = FPDF()
    blank.add_page()
    with pytest.raises(UnreadableArticle, match="holds no text"):
        printed(tmp_path / "blank.pdf", blank)
    locked = Paper()
    locked.set_encryption(owner_password="a", user_password="b")
    locked.add_page()
    with pytest.raises(UnreadableArticle, match="locked with a password"):
        printed(tmp_path / "locked.pdf", locked)
    endless = FPDF()
    for _ in range(201):
        endless.add_page()
    with pytest.raises(UnreadableArticle, match="more than 200 pages"):
        printed(tmp_path / "endless.pdf", endless)


def test_without_the_extra_the_message_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pdfminer.high_level", None)
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7")
    with pytest.raises(UnreadableArticle, match=r"PDF files need the extra `pdf`.*pip install 'aigraph\[pdf\]'"):
        read(tmp_path / "a.pdf")
