"""Web pages: the story without the page around it, in reading order, and what the head states."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from aigraph.articles import html
from aigraph.articles.drafts import Draft
from aigraph.errors import UnreadableArticle
from aigraph.records import BlockKind

STORY = "Brontal Systems said on Monday that part {} of its plan would bring 50,000 accelerators to customers in Oslo."
PARAGRAPHS = "".join(f"<p>{STORY.format(number)}</p>" for number in (1, 2, 3))
NAVIGATION = "<header><nav><ul><li><a href='/c'>JUNK Chips</a></li></ul></nav></header>"
COOKIES = "<div id='cookie-banner'><p>JUNK We use cookies to improve your experience on this site.</p></div>"
RELATED = "<div class='related-posts'><h3>Related</h3><ul><li><a href='/x'>JUNK Corvane buys</a></li></ul></div>"
COMMENTS = "<div id='comments'><h3>1 comment</h3><p>JUNK I think that nobody at all will buy this, frankly.</p></div>"
FOOTER = "<footer><p>JUNK © 2026 Chip Ledger. All rights reserved.</p></footer>"
TABLE = (
    "<table><caption>Figures</caption><tr><th>Chip</th><th>Memory</th></tr><tr><td>Fjord</td><td>192 GB</td></tr>"
    "<tr><td>Tern</td><td><b>80</b> GB</td></tr></table>"
)
TEASERS = "".join(
    f"<article><h3>JUNK Delmora ships board {n}</h3><p>JUNK It is the second one.</p></article>" for n in "ab"
)


def page(body: str, head: str = "") -> Draft:
    around = f"<body>{COOKIES}{NAVIGATION}{body}{FOOTER}</body>"
    return html.draft(f"<!doctype html><html lang='en'><head>{head}</head>{around}</html>", Path("a.html"))


@pytest.mark.parametrize(
    "body",
    [
        f"<main><article><h1>Brontal unveils Fjord</h1>{PARAGRAPHS}</article>{RELATED}</main>",
        f"<div class='wrap'><div class='story-body'><h1>Brontal unveils Fjord</h1>{PARAGRAPHS}</div>{RELATED}</div>",
        f"<div id='content'><h1>Brontal unveils Fjord</h1><div class='entry'>{PARAGRAPHS}</div>{COMMENTS}</div>",
        f"{TEASERS}<article><h1>Brontal unveils Fjord</h1>{PARAGRAPHS}</article>{TEASERS}",
    ],
)
def test_the_story_without_the_page(body: str) -> None:
    draft = page(body, "<meta property='og:title' content='Brontal unveils Fjord'>")
    assert "JUNK" not in draft.text
    assert draft.text.split("\n\n") == ["Brontal unveils Fjord", *(STORY.format(number) for number in (1, 2, 3))]
    assert draft.hints[0].kind is BlockKind.TITLE


def test_tables_and_lists_stand_where_they_stood() -> None:
    items = "<ul><li>It ships.<ul><li>In May.</li></ul></li></ul>"
    draft = page(f"<article><h1>Fjord</h1>{PARAGRAPHS}{TABLE}{items}<p>End.</p></article>")
    assert draft.text.endswith("Figures\n\nChip | Memory\nFjord | 192 GB\nTern | 80 GB\n\nIt ships.\nIn May.\n\nEnd.")
    heads = [draft.text.split("\n")[number] for number, hint in draft.hints.items() if hint.heads]
    assert heads == ["Chip | Memory"]


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("<article><h1>Fjord</h1><p>Brontal signs Olsen.</p></article>", "Fjord\n\nBrontal signs Olsen."),
        ("<article><h1>Fjord</h1><table><tr><td>A1</td><td>80 GB</td></tr></table></article>", "Fjord\n\nA1 | 80 GB"),
        ("<article><p>Brontal<br>sells <b>many</b> chips.</p></article>", "Brontal\n\nsells many chips."),
    ],
)
def test_a_page_of_a_few_words_is_taken_as_a_whole(body: str, text: str) -> None:
    assert page(body).text == text


def test_what_the_head_states() -> None:
    stated = (
        '{"@context": "https://schema.org", "@type": "NewsArticle", "datePublished": "2026-03-17", '
        '"dateModified": "2026-04-01", "publisher": {"name": "iWire"},'
        ' "author": [{"@type": "Person", "name": "Mara Lindqvist"}, {"@type": "Person", "name": "Ola Nordmann"}]}'
    )
    draft = page(f"<article>{PARAGRAPHS}</article>", f'<script type="application/ld+json">{stated}</script>')
    assert (draft.issued, draft.publisher, draft.page_language) == ("2026-03-17", "iWire", "en")
    assert draft.authors == ("Mara Lindqvist", "Ola Nordmann")


@pytest.mark.parametrize(
    ("head", "body", "issued"),
    [
        ("<meta name='DC.date.issued' content='2026-03-14'>", "", "2026-03-14"),
        ("", "<div class='post-date'>14 March 2026</div>", "2026-03-14"),
        ("<link rel='canonical' href='https://example.com/2026/03/13/brontal'>", "", "2026-03-13"),
        ("", "<p>On January 14, 2026, the two signed a contract.</p>", None),
        ("", "<p>Next update: 5 May 2026</p>", None),
    ],
)
def test_dates_that_are_told_and_none_that_are_guessed(head: str, body: str, issued: str | None) -> None:
    assert page(f"<article>{body}{PARAGRAPHS}</article>", head).issued == issued


def test_offices_are_no_authors() -> None:
    head = "<meta name='author' content='Mara Lindqvist, Staff Writer'>"
    assert page(f"<article>{PARAGRAPHS}</article>", head).authors == ("Mara Lindqvist",)


def test_nothing_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: object) -> None:
        raise AssertionError("a reader opened a connection")

    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    head = "<link rel='canonical' href='https://example.com/a'><base href='https://example.com'>"
    body = f"<article><img src='https://example.com/x.png'>{PARAGRAPHS}<iframe src='https://example.com'></iframe></article>"
    assert page(body, head).source == "https://example.com/a"


@pytest.mark.parametrize("text", ["", "<html>", "<?xml version='1.0' encoding='utf-8'?><html/>", "<p></p>"])
def test_pages_without_words(text: str) -> None:
    with pytest.raises(UnreadableArticle, match="holds no text"):
        html.draft(text, Path("a.html"))
