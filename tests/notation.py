"""Sentences with their mentions in brackets, for tests: "[Nvidia|Company] develops [its|Company=Nvidia] [H100|Chip]."

The name before the bar is what the text says; "=" gives the entity's name where the text says it otherwise (a pronoun,
a nominal, a short form), "=Acme+Beta" those of two things ("both", "the pair"). Lines part blocks.
"""

from __future__ import annotations

import re
from functools import cache

import spacy
from pyoxigraph import NamedNode

from aigraph.documents import DocumentReader
from aigraph.records import (
    Article,
    Block,
    BlockKind,
    Document,
    Entity,
    EntityType,
    Mention,
    MentionKind,
    Mentions,
    ReadBlock,
    Sentence,
    Span,
)
from aigraph.vocab import Iris

_MENTION = re.compile(r"\[([^\]|]+)\|(\w+)(?:=([^\]]+))?\]")
_PRONOUNS = frozenset(["it", "its", "they", "their", "them", "he", "she", "his", "her", "who", "whose"])
_LANGUAGE = spacy.blank("en")
_LANGUAGE.add_pipe("sentencizer")


@cache
def _reader() -> DocumentReader:
    return DocumentReader()


def read_notation(text: str, iris: Iris | None = None, *, parsed: bool = False) -> tuple[Document, Mentions]:
    """The document and the mentions of a text in bracket notation; `parsed` gives it tags and trees."""
    iris = iris or Iris()
    plain = ""
    mentions: list[Mention] = []
    entities: dict[NamedNode, Entity] = {}
    position = 0
    for found in _MENTION.finditer(text):
        plain += text[position : found.start()]
        form, type_ = found[1], EntityType(found[2])
        name, *others = found[3].split("+") if found[3] else (found[1],)
        iri = iris.thing(type_, name)
        fellows = tuple(next(m for m in mentions if m.form == other) for other in others)
        kind = MentionKind.PRONOUN if form.lower() in _PRONOUNS else MentionKind.NAME
        if kind == MentionKind.NAME and found[3] and form.lower().startswith(("the ", "this ", "both")):
            kind = MentionKind.NOMINAL
        mentions.append(Mention(Span(len(plain), len(plain) + len(form)), iri, type_, form, kind, fellows=fellows))
        entities.setdefault(iri, Entity(iri, type_, name))
        plain += form
        position = found.end()
    plain += text[position:]
    document = _reader().read(_article(plain)) if parsed else _document(plain)
    return document, Mentions(tuple(mentions), tuple(entities.values()))


def _document(text: str) -> Document:
    blocks = []
    start = 0
    for row in text.split("\n"):
        doc = _LANGUAGE(row)
        sentences = tuple(
            Sentence(i, Span(start + s.start_char, start + s.end_char), s.start, s.end) for i, s in enumerate(doc.sents)
        )
        blocks.append(ReadBlock(Block(BlockKind.PARAGRAPH, Span(start, start + len(row))), doc, sentences))
        start += len(row) + 1
    return Document(_article(text), tuple(blocks))


def _article(text: str) -> Article:
    blocks = []
    start = 0
    for row in text.split("\n"):
        blocks.append(Block(BlockKind.PARAGRAPH, Span(start, start + len(row))))
        start += len(row) + 1
    return Article("example", text, tuple(blocks), "0" * 64)
