"""JSON Lines: an article a line, as a stream, with the bad lines named and the good ones read."""

from __future__ import annotations

import gzip
import json
import tracemalloc
from pathlib import Path

import pytest

from aigraph import articles, pipeline
from aigraph.articles import Found, article_of
from aigraph.errors import ArticleError, UnreadableArticle
from aigraph.sources import read_sources, survey
from aigraph.vocab import DEFAULT_BASE

GOOD = {"id": "one", "text": "Brontal signs Olsen\n\nBrontal will supply Olsen with chips."}


def lines(path: Path, *entries: object) -> Path:
    path.write_text("".join(json.dumps(entry) + "\n" for entry in entries), encoding="utf-8")
    return path


def test_what_a_line_states(tmp_path: Path) -> None:
    source = lines(
        tmp_path / "news.jsonl",
        GOOD | {"title": "A deal", "date": "March 18, 2026", "publisher": "Wire", "url": "https://example.com/1"}
        | {"language": "en-GB", "authors": ["Mara Lindqvist", "Ola Nordmann"], "score": 3},
        {"id": 2, "markdown": "# Second\n\n- **One** item", "author": "Mara Lindqvist"},
        {"identifier": "three", "html": "<html><head><meta property='og:site_name' content='Wire'></head>"
         "<body><h1>Third</h1><p>Brontal sells chips.</p></body></html>", "issued": "2026-03"},
    )  # fmt: skip
    first, second, third = articles.read(source)
    assert (first.identifier, first.title, first.issued, first.publisher) == ("one", "A deal", "2026-03-18", "Wire")
    assert (first.source, first.language) == ("https://example.com/1", "en-GB")
    assert first.authors == ("Mara Lindqvist", "Ola Nordmann")
    assert (second.identifier, second.title, second.text) == ("2", "Second", "Second\n\nOne item")
    assert (second.source, second.authors) == (source.as_posix(), ("Mara Lindqvist",))
    assert (third.identifier, third.title, third.publisher, third.issued) == ("three", "Third", "Wire", "2026-03")
    assert len({first.source_sha256, second.source_sha256, third.source_sha256}) == 3


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (b"{broken", "line 2, column 2: this is no JSON"),
        (b"[1, 2]", "line 2: this is no JSON object"),
        (b'{"text": "Words."}', 'line 2: the article has no "id"'),
        (b'{"id": "x"}', "line 2: the article has no words"),
        (b'{"id": "x", "text": 3}', 'line 2: "text" must be text'),
        (b'{"id": "x\\ny", "text": "Words."}', 'line 2: "id" must be text on one line'),
        (b'{"id": "x", "text": "W.", "title": ["a"]}', 'line 2: "title" must be text on one line'),
        (b'{"id": "x", "text": "W.", "date": "soon"}', 'line 2: "soon" is no date'),
        (b'{"id": "x", "text": "W.", "language": "English please"}', "line 2: .* is no language tag"),
        (b'{"id": "x", "text": "W.", "authors": [1]}', 'line 2: "authors" must be a name'),
        (b'{"id": "x", "text": "half \\ud800 pair"}', 'line 2: "text" holds half a surrogate pair'),
        (b'{"id": "x", "text": "a\\u0000b"}', "line 2: the text has characters that are no Unicode text"),
        (b'{"id": "facts", "text": "W."}', "line 2: the identifier 'facts' names a graph of aigraph"),
        (b'{"id": "x", "text": "caf\xe9"}', "line 2: this is no UTF-8 .byte 25 of the line is 0xe9"),
        (b"[" * 200_000, "line 2: this JSON cannot be read"),
        (b'{"id": "x", "text": "' + b"a" * 17 * 2**20 + b'"}', "line 2: the line is longer than 16 MiB"),
    ],
)
def test_bad_lines_are_named_and_the_others_go_on(tmp_path: Path, line: bytes, message: str) -> None:
    source = tmp_path / "news.jsonl"
    good = json.dumps(GOOD).encode()
    source.write_bytes(b"\xef\xbb\xbf" + good + b"\n" + line + b"\n\n" + good.replace(b"one", b"two") + b"\n")
    read, failures = read_sources([source])
    assert [article.identifier for article in read] == ["one", "two"]
    (failure,) = failures
    with pytest.raises(ArticleError, match=message):
        raise ArticleError(failure.reason)
    with pytest.raises(ArticleError, match="line 2"):
        articles.read(source)


def test_the_same_identifier_twice_is_named(tmp_path: Path) -> None:
    source = lines(tmp_path / "a.jsonl", GOOD, GOOD | {"id": "two"}, GOOD)
    other = tmp_path / "two.txt"
    other.write_text("Brontal sells chips.\n", encoding="utf-8")
    report = pipeline.build([source, other], tmp_path / "store", base=DEFAULT_BASE)
    assert not report.added
    assert [failure.source for failure in report.failures] == [
        f"{source}, line 1 and {source}, line 3",
        f"{source}, line 2 and {other}",
    ]


def test_compressed_files(tmp_path: Path) -> None:
    plain = lines(tmp_path / "a.jsonl", GOOD, GOOD | {"id": "two"})
    packed = tmp_path / "b.JSONL.GZ"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    assert [article.text for article in articles.read(packed)] == [article.text for article in articles.read(plain)]
    assert articles.find_sources([tmp_path]) == (plain, packed)
    packed.write_bytes(packed.read_bytes()[:-12])
    (failure,) = read_sources([packed])[1]
    assert "the compressed file is damaged after line" in failure.reason
    packed.write_bytes(b"no gzip")
    (failure,) = read_sources([packed])[1]
    assert "damaged after line 0" in failure.reason


def test_files_without_lines(tmp_path: Path) -> None:
    empty = tmp_path / "a.jsonl"
    empty.write_bytes(b"")
    with pytest.raises(UnreadableArticle, match="the file is empty"):
        articles.read(empty)
    with pytest.raises(UnreadableArticle, match="no such file"):
        articles.read(tmp_path / "gone.jsonl")


def test_a_large_file_is_not_held_in_memory(tmp_path: Path) -> None:
    source = tmp_path / "large.jsonl"
    words = "Brontal sells chips to Olsen. " * 1000
    with source.open("w", encoding="utf-8") as stream:
        for number in range(1000):
            stream.write(json.dumps({"id": str(number), "text": words}) + "\n")
    assert source.stat().st_size > 30_000_000
    tracemalloc.start()
    found = survey([source])
    count = sum(isinstance(place, Found) for place in found.places())
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == len(found) == 1000
    assert peak < 3_000_000


def test_only_lines_that_have_changed_are_read_again(tmp_path: Path) -> None:
    source, store = tmp_path / "a.jsonl", tmp_path / "store"
    lines(source, GOOD, GOOD | {"id": "two"})
    assert pipeline.build([source], store, base=DEFAULT_BASE).added == ("one", "two")
    lines(source, GOOD | {"id": "zero"}, GOOD, GOOD | {"id": "two", "title": "New"})
    report = pipeline.build([source], store, base=DEFAULT_BASE)
    assert (report.added, report.replaced, report.unchanged) == (("zero",), ("two",), ("one",))


def test_what_a_line_holds_is_read_when_asked_for(tmp_path: Path) -> None:
    (found,) = articles.find(lines(tmp_path / "a.jsonl", {"id": "x", "html": "<script>x</script>"}))
    assert isinstance(found, Found)
    with pytest.raises(UnreadableArticle, match=r"a\.jsonl, line 1: the page holds no text"):
        article_of(found)
