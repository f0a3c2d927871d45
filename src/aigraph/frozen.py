"""Documents as bytes and back, so that the language model need not read a text twice.

What it found in words comes back as it was: tokens, tags, trees, lemmas, sentences, names. Its vectors do not, for they
are a hundred times as large: who needs them (facts between words) reads the article again.
"""

from __future__ import annotations

import zlib
from typing import Any

import srsly
from spacy.tokens import Doc
from spacy.vocab import Vocab

from aigraph.records import Article, Block, BlockKind, Document, EntityType, ReadBlock, RecognizedName, Sentence, Span

_LEFT_OUT = ["user_data", "tensor", "cats", "spans"]
_LEVEL = 6  # of compression


def freeze(document: Document) -> bytes:
    """The document with its article, without vectors."""
    article = document.article
    places = {block: index for index, block in enumerate(article.blocks)}
    data = {
        "article": [
            article.identifier,
            article.text,
            [
                [b.kind.value, b.span.start, b.span.end, [_pair(s) for s in b.cells], [_pair(s) for s in b.header]]
                for b in article.blocks
            ],
            article.source_sha256,
            article.title,
            article.issued,
            article.publisher,
            article.source,
            article.language,
            list(article.authors),
        ],
        "blocks": [
            [
                places[read.block],
                read.doc.to_bytes(exclude=_LEFT_OUT),
                [[s.index, s.span.start, s.span.end, s.first, s.last] for s in read.sentences],
                [[*_pair(n.span), n.score, [[kind.value, chance] for kind, chance in n.types]] for n in read.names],
            ]
            for read in document.blocks
        ],
    }
    return zlib.compress(srsly.msgpack_dumps(data), _LEVEL)


def thaw(frozen: bytes, vocab: Vocab) -> Document:
    """The document that was frozen; `vocab` is that of the language its words belong to.

    Raises:
        ValueError: the bytes are none that `freeze` gave.
    """
    try:
        data = srsly.msgpack_loads(zlib.decompress(frozen))
        article = _article(data["article"])
        return Document(article, tuple(_block(article, entry, vocab) for entry in data["blocks"]))
    except (zlib.error, ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        raise ValueError(f"this is no frozen document ({error})") from error


def _pair(span: Span) -> list[int]:
    return [span.start, span.end]


def _article(entry: list[Any]) -> Article:
    identifier, text, blocks, sha256, title, issued, publisher, source, language, authors = entry
    return Article(
        identifier=identifier,
        text=text,
        blocks=tuple(
            Block(BlockKind(kind), Span(start, end), _spans(cells), _spans(header))
            for kind, start, end, cells, header in blocks
        ),
        source_sha256=sha256,
        title=title,
        issued=issued,
        publisher=publisher,
        source=source,
        language=language,
        authors=tuple(authors),
    )


def _spans(pairs: list[list[int]]) -> tuple[Span, ...]:
    return tuple(Span(start, end) for start, end in pairs)


def _block(article: Article, entry: list[Any], vocab: Vocab) -> ReadBlock:
    place, words, sentences, names = entry
    return ReadBlock(
        article.blocks[place],
        Doc(vocab).from_bytes(words),
        tuple(Sentence(index, Span(start, end), first, last) for index, start, end, first, last in sentences),
        tuple(
            RecognizedName(Span(start, end), score, tuple((EntityType(kind), chance) for kind, chance in types))
            for start, end, score, types in names
        ),
    )
