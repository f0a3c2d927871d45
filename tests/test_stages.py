"""The stages of reading that are kept: they come back as they were, and only what depends on a change is redone."""

from __future__ import annotations

from pathlib import Path

import pytest
from spacy.tokens import Token

from aigraph import articles, pipeline
from aigraph.documents import DocumentReader
from aigraph.facts import FactFinder
from aigraph.frozen import freeze, thaw
from aigraph.pipeline import Pipeline
from aigraph.records import Article, Document, Facts, Mentions, Part
from aigraph.resources import folder
from aigraph.store import latest_snapshot
from aigraph.vocab import DEFAULT_BASE

TEXTS = {
    "named": "Corvane develops the Tern chip. Nvidia competes with Corvane.",
    "other": "Nvidia has unveiled Blackwell. Revenue reached $5 billion in 2025.",
}


def looks(token: Token) -> tuple[object, ...]:
    return (
        token.text,
        token.idx,
        token.whitespace_,
        token.tag_,
        token.pos_,
        token.dep_,
        token.lemma_,
        token.head.i,
        token.is_sent_start,
        token.ent_iob_,
        token.ent_type_,
        [child.i for child in token.children],
        token.is_space,
        token.shape_,
    )


def test_a_document_comes_back_as_it_was() -> None:
    made = Pipeline(DEFAULT_BASE)
    for source in sorted(folder("seeds").iterdir())[:2]:
        (article,) = articles.read(source)
        document = made.documents.read(article)
        back = thaw(freeze(document), made.documents.vocab)
        assert back.article == article
        for before, after in zip(document.blocks, back.blocks, strict=True):
            assert (after.block, after.sentences, after.names) == (before.block, before.sentences, before.names)
            assert [looks(token) for token in after.doc] == [looks(token) for token in before.doc]
            assert [(s.start, s.end) for s in after.doc.sents] == [(s.start, s.end) for s in before.doc.sents]
        assert made.mentions.find(back) == made.mentions.find(document)


@pytest.mark.parametrize("damaged", [b"", b"x", b"\x78\x9c\x03\x00\x00\x00\x00\x01"])
def test_what_is_no_document_is_refused(damaged: bytes) -> None:
    with pytest.raises(ValueError, match="no frozen document"):
        thaw(damaged, DocumentReader().vocab)


class Work:
    """How often the slow steps run."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.read: list[str] = []
        self.found: list[str] = []
        read, find = DocumentReader.read, FactFinder.find

        def reading(reader: DocumentReader, article: Article) -> Document:
            self.read.append(article.identifier)
            return read(reader, article)

        def finding(finder: FactFinder, document: Document, mentions: Mentions) -> Facts:
            self.found.append(document.article.identifier)
            return find(finder, document, mentions)

        monkeypatch.setattr(DocumentReader, "read", reading)
        monkeypatch.setattr(FactFinder, "find", finding)

    def done(self) -> tuple[list[str], list[str]]:
        """What was done since it was asked last: documents read, facts found."""
        work = self.read, self.found
        self.read, self.found = [], []
        return work


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Work:
    return Work(monkeypatch)


def test_only_what_depends_on_a_change_is_done_again(tmp_path: Path, work: Work) -> None:
    source, cache = tmp_path / "in", tmp_path / "cache"
    source.mkdir()
    for name, text in TEXTS.items():
        (source / f"{name}.txt").write_text(text + "\n", encoding="utf-8")
    names = tmp_path / "mine.yaml"
    names.write_text("type: Company\nentries:\n  - name: Corvane Semiconductor\n    aliases: [Corvane]\n")

    def built(store: str, *, knowledge: bool = False, without: frozenset[Part] = frozenset(), kept: bool = True) -> str:
        folders = [names] if knowledge else []
        place, kept_in = tmp_path / store, cache if kept else None
        pipeline.build([source], place, base=DEFAULT_BASE, knowledge_folders=folders, without=without, cache=kept_in)
        return latest_snapshot(place).id

    first = built("one")
    assert work.done() == (["named", "other"], ["named", "other"])
    assert built("two") == first
    assert work.done() == ([], []), "nothing has changed"

    known = built("one", knowledge=True)
    assert work.done() == (["named"], ["named"]), "the other article names nothing that is new"
    assert known != first
    assert built("plain", knowledge=True, kept=False) == known
    work.done()

    (source / "other.txt").write_text("Nothing of interest.\n", encoding="utf-8")
    built("one", knowledge=True)
    assert work.done() == (["other"], ["other"])

    for entry in cache.rglob("*.quads"):
        entry.write_bytes(entry.read_bytes()[:-1])
    built("three", knowledge=True)
    assert sorted(work.done()[1]) == ["named", "other"], "what is damaged counts as none"

    pipeline.remove(["named", "other"], tmp_path / "one", base=DEFAULT_BASE, cache=cache)
    assert not [entry for entry in cache.rglob("*") if entry.is_file()]
