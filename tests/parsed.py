"""Sentences in bracket notation (see `notation.py`), with the trees of the language model."""

from __future__ import annotations

from functools import cache

from aigraph.documents import DocumentReader
from aigraph.records import Document, Mentions
from aigraph.vocab import Iris
from notation import read_notation


@cache
def _reader() -> DocumentReader:
    return DocumentReader()


def read_parsed(text: str, iris: Iris | None = None) -> tuple[Document, Mentions]:
    """The parsed document and the mentions of a text in bracket notation; lines part blocks."""
    document, mentions = read_notation(text, iris)
    return _reader().read(document.article), mentions
