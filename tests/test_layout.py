"""Layout: how lines become blocks, and the cue words that tell the story from the page."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from aigraph.articles import html, md, txt
from aigraph.articles.cues import FILE, load_cues
from aigraph.articles.layout import lay_out
from aigraph.errors import ArticleError
from aigraph.records import Block, BlockKind, Span

LONG = "The company said that it would build more of them next year, and that its customers had asked for it. "


def words(text: str, span: Span) -> str:
    return text[span.start : span.end]


def outline(text: str, kind: BlockKind | None = None) -> list[str]:
    """The words of the blocks; with a kind of those blocks alone, else "kind: words"."""
    blocks = lay_out(text)
    if kind is not None:
        return [words(text, block.span) for block in blocks if block.kind is kind]
    return [f"{block.kind}: {words(text, block.span)}" for block in blocks]


def rows(text: str) -> list[list[str]]:
    return [[words(text, cell) for cell in block.cells] for block in lay_out(text) if block.kind is BlockKind.TABLE_ROW]


def check_blocks(text: str, blocks: tuple[Block, ...]) -> None:
    """What holds of the blocks of any text."""
    end = 0
    for block in blocks:
        assert end <= block.span.start < block.span.end <= len(text)
        assert words(text, block.span).strip()
        end = block.span.end
        last = block.span.start
        for cell in block.cells:
            assert last <= cell.start <= cell.end <= block.span.end
            last = cell.end
        assert all(0 <= cell.start <= cell.end <= len(text) for cell in block.header)


def test_pasted_page() -> None:
    text = "\n".join(
        [
            "AI Chips Very Bullish 8",
            "Chip maker wins a large order",
            "#chips #AI boom #$1 trillion",
            "4 min read · Verified by 2 sources",
            "Share",
            "📌 Key Takeaways",
            "  • Revenue rose by 24%.",
            "- The backlog is $73 billion.",
            "Mentioned",
            "Acme company ACME Jane Doe person",
            "Key Facts",
            "  1. 1Acme has 400,000 chips.",
            "  2. 2The dividend rises.",
            "Who's Affected",
            "Acme",
            "companyPositive",
            "Analysis",
            LONG.strip(),
            "A short heading",
            LONG.strip(),
            "Sources",
            "example.comOther headlineMar 18, 2026",
            "From the Network",
            "StartupsAcme raises money for chips",
            "Acme has raised a large sum, in order to build mo",
            "How we covered this story",
            "We read several sources. " * 10,
            "| Signal on this page | What it tells you |",
            "|---|---|",
            "| Sentiment | Five classes. |",
        ]
    )
    assert outline(text) == [
        "metadata: AI Chips Very Bullish 8",
        "title: Chip maker wins a large order",
        "metadata: #chips #AI boom #$1 trillion",
        "metadata: 4 min read · Verified by 2 sources",
        "metadata: Share",
        "heading: Key Takeaways",
        "bullet: Revenue rose by 24%.",
        "bullet: The backlog is $73 billion.",
        "metadata: Mentioned",
        "metadata: Acme company ACME Jane Doe person",
        "heading: Key Facts",
        "bullet: Acme has 400,000 chips.",
        "bullet: The dividend rises.",
        "metadata: Who's Affected",
        "metadata: Acme",
        "metadata: companyPositive",
        "heading: Analysis",
        "paragraph: " + LONG.strip(),
        "heading: A short heading",
        "paragraph: " + LONG.strip(),
        "metadata: Sources",
        "metadata: example.comOther headlineMar 18, 2026",
        "boilerplate: From the Network",
        "teaser: Acme raises money for chips",
        "teaser: Acme has raised a large sum, in order to build mo",
        "boilerplate: How we covered this story",
        "boilerplate: " + ("We read several sources. " * 10).strip(),
        "boilerplate: | Signal on this page | What it tells you |",
        "boilerplate: | Sentiment | Five classes. |",
    ]


def test_sections_of_the_page_end_where_the_story_goes_on() -> None:
    text = f"Headline\n\n{LONG}\n\nYOU MAY ALSO LIKE\nIs the boom here to stay?\nA guide\n\nSold out\n\n{LONG}"
    assert outline(text, BlockKind.TEASER) == ["Is the boom here to stay?", "A guide"]
    assert outline(text, BlockKind.HEADING) == ["Sold out"]
    spaced = f"Headline\n\nRelated stories\n\nOne headline\n\nAnother headline\n\nBack to it\n\n{LONG * 2}"
    assert outline(spaced, BlockKind.TEASER) == ["One headline", "Another headline"]
    assert outline(spaced, BlockKind.HEADING) == ["Back to it"]
    glued = f"Headline\nTags\nchips, AI\n{LONG * 2}\nAnalysis\nShort words."
    assert outline(glued, BlockKind.METADATA) == ["Tags", "chips, AI"]
    assert len(outline(glued, BlockKind.PARAGRAPH)) == 2


def test_questions_head_their_answers() -> None:
    bold = f"Title here\n\n**Q: Who owns it?**\n{LONG}"
    assert outline(bold, BlockKind.QUESTION) == ["Q: Who owns it?"]
    text = (
        "Your questions answered\n\nWho is behind it?\nThe company is led by Jane Doe. Why not?\n\nWhat now?\nNothing."
    )
    assert outline(text, BlockKind.QUESTION) == ["Who is behind it?", "What now?"]
    assert outline(text, BlockKind.TITLE) == ["Your questions answered"]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (f"A headline of some words\n{LONG}", "A headline of some words"),
        (f'"We will win": an interview\n\n{LONG}', '"We will win": an interview'),
        (f"Is the boom over?\n\n{LONG}", "Is the boom over?"),
        (f"Example News\nTechnology\nAcme buys fifty thousand chips\n{LONG}", "Acme buys fifty thousand chips"),
        (f"Site\nAI & CHIPS\nAcme buys fifty thousand chips\n{LONG}", "Acme buys fifty thousand chips"),
        (f"3 min read\nJune 5, 2026\nAcme buys chips\n{LONG}", "Acme buys chips"),
        (f"Key Takeaways\n- One\n{LONG}", None),
        (f"{LONG}\n{LONG}", None),
    ],
)
def test_titles(text: str, title: str | None) -> None:
    assert outline(text, BlockKind.TITLE) == ([] if title is None else [title])


def test_wrapped_paragraphs_are_joined() -> None:
    text = (
        "The quick story about wrapped text\n\n"
        "Acme said on Monday that it had agreed to acquire the start-up Foo Systems for\n"
        "$400 million in cash, its third purchase of the year. The maker of accelerators\n"
        "expects the deal to close in the second quarter of 2026, and it has told all of\n"
        "Foo's customers.\n\n"
        "  - The first bullet of the list runs over more than one line because it was\n"
        "    wrapped at a column.\n"
        "  - Second bullet.\n"
    )
    assert [line.count("\n") for line in outline(text, BlockKind.PARAGRAPH)] == [3]
    assert [line.split("\n")[0][:12] for line in outline(text, BlockKind.BULLET)] == ["The first bu", "Second bulle"]


def test_pasted_paragraphs_stay_apart() -> None:
    lines = ["Acme opened a plant in Arizona on Tuesday and will hire two hundred people.", "It is the third."]
    assert outline("Headline\n\n" + "\n".join(lines), BlockKind.PARAGRAPH) == lines


def test_numbered_headings_and_lists() -> None:
    text = f"Headline here\n1. Acme\n{LONG}\n2. Foo\n{LONG}\nTimeline\n1. 3nm chips\n2. 2nm chips"
    assert outline(text, BlockKind.HEADING) == ["Acme", "Foo", "Timeline"]
    assert outline(text, BlockKind.BULLET) == ["3nm chips", "2nm chips"]
    assert outline("Title\n- 1First item\n- 2Second item", BlockKind.BULLET) == ["First item", "Second item"]


FLAT = "Metric\nAlpha 384\nBeta NVL72\nAccelerators\n384\n72\nPower draw\n559 kW\n145 kW"
GRID = [["Metric", "Alpha 384", "Beta NVL72"], ["Accelerators", "384", "72"], ["Power draw", "559 kW", "145 kW"]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"Title\n\n{LONG}\n\nHow they compare\n\n{FLAT}\nSource: Example Research\n\n{LONG}", GRID),
        (f"Title\n\n{LONG}\n\nHow they compare\n{FLAT}\n{LONG}", GRID),
        (f"Title\n\n{LONG}\n\n" + FLAT.replace("\n", "\n\n") + f"\n\n{LONG}", GRID),
        (f"Title\n{LONG}\n" + FLAT.removeprefix("Metric\n") + f"\n{LONG}", [GRID[0][1:], *GRID[1:]]),
        (
            "Title\n\nChip | Memory\nA1 | 80 GB\nB2 | 1.5 TB\n\nText.",
            [["Chip", "Memory"], ["A1", "80 GB"], ["B2", "1.5 TB"]],
        ),
        ("| a | b |\n|:--|--:|\n| x |  |", [["a", "b"], ["x", ""]]),
        ("Title\n\nChip\tMemory\nA1\t80 GB", [["Chip", "Memory"], ["A1", "80 GB"]]),
        (
            "Title\n\nFounded\n2016\nStaff\n400\nSales\n$2 billion",
            [["Founded", "2016"], ["Staff", "400"], ["Sales", "$2 billion"]],
        ),
        ("Share | Save | Print\n\nCookie settings | Terms of use | Contact", []),
        ("Who won\nAcme\nFoo\nBar\nBaz\nQux\nQuux", []),
    ],
)
def test_tables(text: str, expected: list[list[str]]) -> None:
    assert rows(text) == expected


def test_table_rows_know_their_columns() -> None:
    text = f"Title\n\n{LONG}\n\n{FLAT}"
    blocks = [block for block in lay_out(text) if block.kind is BlockKind.TABLE_ROW]
    assert blocks[0].header == ()
    assert [words(text, cell) for cell in blocks[1].header] == GRID[0]
    bare = lay_out(f"Title\n{LONG}\n" + FLAT.removeprefix("Metric\n"))
    last = bare[-1]
    assert len(last.header) == len(last.cells) == 3


FRAGMENTS = st.sampled_from(
    "Key Takeaways/From the Network/Sources/Share/- item/  1. 1Item/2. 2Item/| a | b |/|---|---|/a | b/Metric/384/$5/"
    "72 GB/**Bold**/> quote/# H/#a #b/⬇️/📌 Words/Who?/x\ty///By Jane Doe/May 2026/***/•/1./---/\u2003/\u200b/© 2026/"
    f"StartupsAcme wins it/{LONG}".split("/")
)


@given(st.one_of(st.text(max_size=300), st.lists(FRAGMENTS, max_size=25).map("\n".join)))
def test_any_text_is_laid_out(text: str) -> None:
    check_blocks(text, lay_out(text))


@given(st.lists(st.one_of(FRAGMENTS, st.text(max_size=30)), max_size=20).map("\n".join))
def test_any_text_makes_a_draft(text: str) -> None:
    source = Path("a.txt")
    for draft_of in (txt.draft, md.draft, html.draft):
        try:
            draft = draft_of(text, source)
        except ArticleError:
            continue
        check_blocks(draft.text, lay_out(draft.text, draft.hints))
        assert all(draft.text.split("\n")[number].strip() for number in draft.hints)


# --- cue words ----------------------------------------------------------------------------------------------


def _cue_lists() -> list[tuple[str, list[str]]]:
    data = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    lists = [(f"sections/{kind}", entries) for kind, entries in data["sections"].items()]
    lists += [(f"openings/{kind}", entries) for kind, entries in data["openings"].items()]
    return [*lists, ("page_words", data["page_words"]), ("categories", data["categories"])]


@pytest.mark.parametrize(("name", "entries"), _cue_lists())
def test_cue_words_are_sorted_and_unique(name: str, entries: list[str]) -> None:
    assert all(isinstance(entry, str) for entry in entries), name
    assert entries == sorted(set(entries)), name


def test_no_heading_opens_two_kinds_of_sections() -> None:
    entries = [entry for name, listed in _cue_lists() if name.startswith("sections/") for entry in listed]
    assert len(entries) == len(set(entries))
    assert all(load_cues().section(entry.upper() + ":") is not None for entry in entries)


def test_patterns_fit_their_examples() -> None:
    for cue in load_cues().patterns:
        assert cue.fits, cue.name
        assert cue.spares, cue.name
        assert [line for line in cue.fits if not cue.pattern.fullmatch(line)] == [], cue.name
        assert [line for line in cue.spares if cue.pattern.fullmatch(line)] == [], cue.name


def test_patterns_are_sorted_by_name() -> None:
    names = [cue.name for cue in load_cues().patterns]
    assert names == sorted(set(names))


@pytest.mark.parametrize(
    "line",
    [
        "Intel shares rose 3% on Monday.",
        "The company sells what customers want.",
        "Contact with the customer was lost in 2025.",
        "Related: the price of HBM rose, analysts say, and will rise further.",
        "Sources close to the deal say it is off.",
        "May 2026 will decide.",
        "Share prices fell.",
        "xAI",
    ],
)
def test_words_of_the_story_are_no_cues(line: str) -> None:
    assert load_cues().line(line) in (None, BlockKind.TEASER)
    assert load_cues().section(line) is None
