"""Articles: which files are read, their formats, front matter and dates."""

from __future__ import annotations

import hashlib
import time
from pathlib import Path

import pytest

from aigraph.articles import READERS, find_sources, read
from aigraph.articles.dates import as_edtf, full_dates, months
from aigraph.errors import ArticleError, UnknownFormat, UnreadableArticle
from aigraph.records import Article, Span
from aigraph.vocab import DERIVED_GRAPHS

LONG = "The company said that it would build more of them next year, and that its customers had asked for it. "


def only(source: Path) -> Article:
    (article,) = read(source)
    return article


def written(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def words(text: str, span: Span) -> str:
    return text[span.start : span.end]


# --- sources ------------------------------------------------------------------------------------------------


def test_readers_are_registered() -> None:
    assert [reader.name for reader in READERS] == ["text", "Markdown", "HTML", "JSON Lines", "PDF", "WARC"]
    suffixes = [suffix for reader in READERS for suffix in reader.suffixes]
    assert suffixes == [
        *(".txt", ".md", ".markdown", ".html", ".htm", ".xhtml"),
        *(".jsonl", ".jsonl.gz", ".ndjson", ".ndjson.gz", ".pdf"),
        *(".warc", ".warc.gz"),
    ]


def test_folders_are_expanded_and_sorted(tmp_path: Path) -> None:
    below = tmp_path / "below"
    below.mkdir()
    b, a = written(below / "b.md", "x"), written(tmp_path / "A.TXT", "x")
    written(tmp_path / "notes.csv", "x")
    written(tmp_path / ".hidden.txt", "x")
    assert find_sources([tmp_path]) == (a, b)
    assert find_sources([b, tmp_path, b]) == (a, b)
    assert find_sources([]) == ()
    # a pattern that no shell has expanded, and a name that only looks like one
    odd = written(tmp_path / "a[1].txt", "x")
    assert find_sources([tmp_path / "*" / "*.md"]) == (b,)
    assert find_sources([tmp_path / "**" / "*.md", tmp_path / "a[1].txt"]) == (odd, b)


def test_sources_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    with pytest.raises(UnreadableArticle, match=r"gone\.txt: there is no such file or folder"):
        find_sources([tmp_path / "gone.txt"])
    with pytest.raises(UnreadableArticle, match=r"\*\.txt: there is no such file or folder"):
        find_sources([tmp_path / "*.txt"])
    with pytest.raises(UnknownFormat, match=r"notes\.csv: files ending in '\.csv' cannot be read\. Known are \.htm"):
        find_sources([written(tmp_path / "notes.csv", "x")])
    with pytest.raises(UnknownFormat, match="files without an ending"):
        read(tmp_path / "README")
    with pytest.raises(UnreadableArticle, match="no such file"):
        read(tmp_path / "gone.txt")
    folder_as_file = tmp_path / "folder.txt"
    folder_as_file.mkdir()
    with pytest.raises(UnreadableArticle, match="a folder"):
        read(folder_as_file)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "empty or blank"),
        (b" \n\t\n", "empty or blank"),
        (b"\xef\xbb\xbf\n", "empty or blank"),
        (b"---\ntitle: x\n---\n\n", "no words"),
        (b"...\n---\n", "no words"),
        (b"GIF89a\x00\x01\x00", "no text"),
        (bytes(range(1, 32)) * 20, "no text"),
        (b"\xff\xfe\x00", "no text"),
    ],
)
def test_what_is_no_text_is_told(tmp_path: Path, content: bytes, message: str) -> None:
    with pytest.raises(UnreadableArticle, match=message) as caught:
        read(written(tmp_path / "a.txt", content))
    assert str(tmp_path / "a.txt") in str(caught.value)


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-16-le bare", "utf-16-be bare", "cp1252", "latin-1"]
)
def test_encodings(tmp_path: Path, encoding: str) -> None:
    text = "Jülich café\n\nThe supercomputer in Jülich cost €500m." + LONG * 3
    text = text.replace("€", "£") if encoding == "latin-1" else text
    content = text.encode(encoding.removesuffix(" bare"))
    if encoding == "utf-16-be":
        content = b"\xfe\xff" + content
    assert only(written(tmp_path / "a.txt", content)).text == text


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            b"Caf\xc3\xa9 costs \xe2\x82\xac5.\nIt is \xff broken.",
            r"line 2: the text is UTF-8 but for byte 0xff \(byte 24 of",
        ),
        (b"\xef\xbb\xbfPlain \xe9 words", "line 1: the text is UTF-8 but for byte 0xe9"),
        (b"\xff\xfea\x00b\x00\x00\xdc", "UTF-16 that breaks at byte 6 of 8"),
    ],
)
def test_bytes_that_an_encoding_does_not_allow_are_told(tmp_path: Path, content: bytes, message: str) -> None:
    with pytest.raises(UnreadableArticle, match=message):
        read(written(tmp_path / "a.txt", content))


def test_pages_may_declare_their_encoding(tmp_path: Path) -> None:
    page = f'<html><head><meta charset="windows-1251"></head><body><p>Компания</p><p>{LONG}</p></body></html>'
    assert "Компания" in only(written(tmp_path / "a.html", page.encode("cp1251"))).text
    unknown = f'<html><head><meta charset="klingon"></head><body><p>café</p><p>{LONG}</p></body></html>'
    assert "café" in only(written(tmp_path / "b.html", unknown.encode("cp1252"))).text


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.txt", b"x" * (17 * 2**20), "the file is larger than 16 MiB"),
        ("a.txt", b"word " * 2_000_000, "the text has 10,000,000 characters, and an article at most 300,000"),
        ("a.txt", b"word " * 20_000, "line 1 of the text has 100,000 characters, and a paragraph at most 50,000"),
        ("a.md", b"*\n" * 100_000, "more than 20,000 lines"),
        ("a.html", b"<p>a" * 13_000, "the page has more than 12,000 elements"),
        ("a.html", b"<!--" * 10_000, "the page holds no text"),
        ("a.html", b"<" * 400_000, "the page holds no text"),
    ],
)
def test_endless_input_is_refused_in_plain_words(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    with pytest.raises(UnreadableArticle, match=message):
        read(written(tmp_path / name, content))


@pytest.mark.parametrize(
    "markup", ["**a ", "[a](", "![a](", "`a", "_a ", "<!-- ", "| a ", "> ", "- ", "<a ", "~~a", "\\["]
)
def test_markup_that_is_never_closed_takes_no_time(tmp_path: Path, markup: str) -> None:
    line = markup * (9_000 // len(markup)) + "\n"
    started = time.monotonic()
    read(written(tmp_path / "a.md", f"Words.\n\n{line * 4}\nMore words."))
    assert time.monotonic() - started < 20  # a third of a second; quadratic patterns take minutes


def test_text_is_the_body_and_the_hash_that_of_the_file(tmp_path: Path) -> None:
    content = "---\nidentifier: own\n---\r\nA headline\r\n\r\nA sentence.\rAnother one. \n"
    article = only(written(tmp_path / "a.txt", content))
    assert article.text == "A headline\n\nA sentence.\nAnother one. \n"
    assert article.source_sha256 == hashlib.sha256(content.encode()).hexdigest()
    assert (article.identifier, article.title, article.source) == ("own", "A headline", (tmp_path / "a.txt").as_posix())
    assert (article.issued, article.publisher, article.language) == (None, None, "en")


# --- front matter -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", [".txt", ".md"])
def test_front_matter(tmp_path: Path, suffix: str) -> None:
    matter = (
        '---\ntitle: "One: two"\ndate: March 18, 2026\npublisher: Wire\nidentifier: 2026-03-18\n'
        "source: https://example.com/a\nlanguage: en-GB\nrating: [1, 2]\nempty:\n"
        "author: Mara Lindqvist\nauthors: [Mara Lindqvist, Ola Nordmann]\n---\n"
    )
    article = only(written(tmp_path / f"a{suffix}", matter + "A headline\n\nA sentence."))
    assert (article.title, article.issued, article.publisher) == ("One: two", "2026-03-18", "Wire")
    assert (article.identifier, article.source) == ("2026-03-18", "https://example.com/a")
    assert (article.language, article.text) == ("en-GB", "A headline\n\nA sentence.")
    assert article.authors == ("Mara Lindqvist", "Ola Nordmann")


@pytest.mark.parametrize(
    ("matter", "message"),
    [
        ("title: [a, b]", r"line 2: the front matter's 'title' must be a single value"),
        ("title: x\ndate: soon", r"line 3: the front matter's 'date' is no date: 'soon'"),
        ("issued: 2026-13", r"line 2: the front matter's 'issued' is no date"),
        ("title: x\npublisher: ''", r"line 3: the front matter's 'publisher' must be text on one line"),
        ("title: |\n  a\n  b", r"line 2: the front matter's 'title' must be text on one line"),
        ("language: English please", r"'language' is no language tag"),
        ("authors:\n  - [a]", r"line 3: the front matter's 'authors' must be a single value"),
        ("title: x\nsource: a: b", r"line 3: the front matter is no valid YAML"),
        ("identifier: facts", r"the identifier 'facts' names a graph of aigraph itself"),
    ],
)
def test_front_matter_that_cannot_be_used(tmp_path: Path, matter: str, message: str) -> None:
    with pytest.raises(ArticleError, match=message) as caught:
        read(written(tmp_path / "a.txt", f"---\n{matter}\n---\nText."))
    assert str(tmp_path / "a.txt") in str(caught.value)


@pytest.mark.parametrize(
    "text",
    ["---\nNo keys here\n---\nText.", "---\nkey: never closed\n", "A line\n---\ntitle: x\n---\n", "---\n---\nText."],
)
def test_rules_that_are_no_front_matter(tmp_path: Path, text: str) -> None:
    article = only(written(tmp_path / "a.txt", text))
    assert article.identifier == "a"
    assert article.text in (text, "Text.")


@pytest.mark.parametrize("stem", DERIVED_GRAPHS)
def test_stems_that_name_graphs_are_refused(tmp_path: Path, stem: str) -> None:
    with pytest.raises(ArticleError, match="rename the file"):
        read(written(tmp_path / f"{stem}.txt", "Text."))


# --- dates --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "edtf"),
    [
        ("2026", "2026"),
        ("2026-03", "2026-03"),
        ("2026-03-18", "2026-03-18"),
        ("2026-03-18T08:00:00Z", "2026-03-18"),
        ("Oct. 6, 2025", "2025-10-06"),
        ("6 October 2025", "2025-10-06"),
        ("Sept. 3rd, 2025", "2025-09-03"),
        ("April 2026", "2026-04"),
        ("2026-02-30", None),
        ("February 30, 2026", None),
        ("2026-00", None),
        ("soon", None),
        (None, None),
        (2026, "2026"),
        (True, None),
    ],
)
def test_dates(value: object, edtf: str | None) -> None:
    assert as_edtf(value) == edtf


def test_dates_in_text() -> None:
    assert full_dates("glued stageMar 18, 2026 and 20/3 or 2026/04/01, 5 June 20264:30 PM") == (
        "2026-03-18",
        "2026-04-01",
        "2026-06-05",
    )
    assert months("from April 2026 to Sep. 2027") == ("2026-04", "2027-09")


@pytest.mark.parametrize(
    ("text", "issued"),
    [
        (f"Headline here\nLast updated: April 20, 2026\n{LONG}", "2026-04-20"),
        (f"Headline here\nPublished: March 1, 2026\nUpdated: March 3, 2026\n{LONG}", "2026-03-03"),
        (f"Headline here\n\nSANTA CLARA, Oct. 6, 2025 - {LONG}", "2025-10-06"),
        (f"Headline here\n\nNEW YORK, N.Y., Jan. 15, 2026 /PRNewswire/ -- {LONG}", "2026-01-15"),
        (f"Headline here\n\nSAN DIEGO, October 27, 2025 – FOR IMMEDIATE RELEASE\n\n{LONG}", "2025-10-27"),
        (f"Headline here\n\nApril 2026\n\n{LONG}", "2026-04"),
        (f"Headline here\nBy our correspondent | January 2026\n{LONG}", "2026-01"),
        (f"Headline here\n{LONG}\nSources\na.comHeadline oneMar 18, 2026\nb.comHeadlineMar 18, 2026", "2026-03-18"),
        (f"Headline here\n{LONG}\nSources\na.comHeadline oneMar 18, 2026\nb.comHeadlineMar 19, 2026", None),
        (f"Headline here\nOn January 14, 2026, the two signed a contract. {LONG}", None),
    ],
)
def test_publication_dates_in_the_text(tmp_path: Path, text: str, issued: str | None) -> None:
    assert only(written(tmp_path / "a.txt", text)).issued == issued


# --- Markdown and HTML --------------------------------------------------------------------------------------

MARKDOWN = """# A **big** year

*By Jane Doe*

Acme sold [50,000 chips](https://example.com/x_(y) "title") to `Foo`, a
start-up in *Paris*. It did_not mean 2 * 3 * 4 or \\*.

Setext heading
--------------
- **Price:** $2 billion
- wrapped
  item

| Chip | Memory |
|:-----|-------:|
| **A1** | 80 GB |

```python
print("x")
```
<!-- hidden
words -->
> Quoted words.
[1]: https://example.com
"""


def test_markdown(tmp_path: Path) -> None:
    article = only(written(tmp_path / "a.md", MARKDOWN))
    assert article.title == "A big year"
    assert [f"{block.kind}: {words(article.text, block.span)}" for block in article.blocks] == [
        "title: A big year",
        "metadata: By Jane Doe",
        "paragraph: Acme sold 50,000 chips to Foo, a start-up in Paris. It did_not mean 2 * 3 * 4 or *.",
        "heading: Setext heading",
        "bullet: Price: $2 billion",
        "bullet: wrapped item",
        "table-row: Chip | Memory",
        "table-row: A1 | 80 GB",
        'boilerplate: print("x")',
        "paragraph: Quoted words.",
    ]
    (row,) = [block for block in article.blocks if block.header]
    assert [words(article.text, cell) for cell in row.header] == ["Chip", "Memory"]


PAGE = """<!doctype html><html lang="en-GB"><head><title>Site | x</title><!-- c -->
<meta property="og:title" content="Acme &amp; Foo sign"><meta property="og:site_name" content="Example Wire">
<link rel="canonical" href="https://example.com/n"></head>
<body><nav>Home</nav><header>Top bar</header><article><h1>Acme &amp; Foo sign</h1><p>Acme said it would supply
<b>Foo</b> with 50,000&nbsp;chips. The deal is worth $2&nbsp;billion, and the two will work together for years to come
on products that neither could build alone, they said.</p><div>Loose <span>words</span><p>In a paragraph.</p>Tail.<br>
After a break.</div><ul><li>One<ul><li>Nested</li></ul></li></ul>
<table><tr><th>Chip</th><th>Memory</th></tr><tr><td>A1</td><td>80 GB</td></tr><tr><td></td><td>1|2</td></tr></table>
<h2>Who pays?</h2><p>Acme.</p><aside>Subscribe</aside><script>var x;</script></article><footer>Foot</footer></body>
</html>
"""


def test_html(tmp_path: Path) -> None:
    article = only(written(tmp_path / "a.html", PAGE))
    assert (article.title, article.publisher, article.language) == ("Acme & Foo sign", "Example Wire", "en-GB")
    assert (article.source, article.issued) == ("https://example.com/n", None)
    assert [f"{block.kind}: {words(article.text, block.span)[:40]}" for block in article.blocks] == [
        "title: Acme & Foo sign",
        "paragraph: Acme said it would supply Foo with 50,00",
        "heading: Loose words",
        "paragraph: In a paragraph.",
        "paragraph: Tail.",
        "paragraph: After a break.",
        "bullet: One",
        "bullet: Nested",
        "table-row: Chip | Memory",
        "table-row: A1 | 80 GB",
        "table-row: | 1/2",
        "question: Who pays?",
        "paragraph: Acme.",
    ]
    assert [words(article.text, cell) for cell in article.blocks[10].cells] == ["", "1/2"]


@pytest.mark.parametrize(
    ("head", "issued"),
    [
        ('<meta property="article:published_time" content="2026-03-18T08:00:00Z">', "2026-03-18"),
        ('<script type="application/ld+json">{"@graph": [{"datePublished": "2026-03-17"}]}</script>', "2026-03-17"),
        ('<script type="application/ld+json">[{"datePublished": "2026-03-17"}, 1]</script>', "2026-03-17"),
        ('<script type="application/ld+json">{broken</script>', None),
        ('<time datetime="2026-03-16">Monday</time>', "2026-03-16"),
        ("<time>March 15, 2026</time>", "2026-03-15"),
    ],
)
def test_dates_of_pages(tmp_path: Path, head: str, issued: str | None) -> None:
    page = f"<html><head>{head}</head><body><p>{LONG}</p></body></html>"
    assert only(written(tmp_path / "a.htm", page)).issued == issued


def test_pages_without_words_and_deep_pages(tmp_path: Path) -> None:
    with pytest.raises(UnreadableArticle, match="holds no text"):
        read(written(tmp_path / "a.html", "<html><body><script>x</script></body></html>"))
    deep = "<div>" * 5000 + "Words at the bottom." + "</div>" * 5000
    with pytest.raises(UnreadableArticle, match="nested too deeply"):
        read(written(tmp_path / "b.html", deep))
