"""The words of a block as names are made of them: runs of letters and digits, and single signs."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import NamedTuple

from aigraph.records import BlockKind, Document, EntityType, ReadBlock, RecognizedName, Span

_TOKEN = re.compile(r"[^\W_]+|\S")
_HYPHEN = frozenset("-\u2010\u2011\u2043")
_GAP = re.compile(r"[ \u00a0\u2009\u202f]?|[-\u2010\u2011]")
_PLAIN = str.maketrans({"\u2019": "'", "\u02bc": "'", "\u00a0": " ", "\u2010": "-", "\u2011": "-"})


class Token(NamedTuple):
    """A run of letters and digits, or one other sign. Positions count in the block's text."""

    start: int
    end: int
    text: str

    @property
    def is_word(self) -> bool:
        """True for a run of letters and digits."""
        return self.text[0].isalnum()


@dataclass(frozen=True, slots=True)
class Stretch:
    """A block prepared for the search of names.

    `tokens` leave out the hyphens inside words: "d-Matrix" and "d Matrix" have the same tokens. `initial` are the
    indices of tokens that begin a sentence or a cell, where a capital proves nothing. `styled` blocks are set in title
    case or capitals, so that no capital in them does. `text` has one kind of apostrophe and hyphen, `written` is what
    stands in the block; `columns` are the cells of a table row with what heads their columns; `recognized` is what the
    language model takes for names (their spans count in the article).
    """

    index: int
    offset: int
    kind: BlockKind
    text: str
    tokens: tuple[Token, ...]
    initial: frozenset[int]
    styled: bool
    sentences: tuple[Span, ...] = ()
    written: str = ""
    columns: tuple[tuple[Span, str], ...] = ()
    recognized: tuple[RecognizedName, ...] = ()

    def joined(self, i: int) -> bool:
        """True where token `i` and the next may belong to one name: side by side, or parted by a blank or hyphen."""
        gap = self.text[self.tokens[i].end : self.tokens[i + 1].start]
        return bool(_GAP.fullmatch(gap))

    def sentence(self, position: int) -> Span:
        """The sentence around a position (all of the block where sentences are unknown)."""
        for span in self.sentences:
            if span.start <= position < span.end:
                return span
        return Span(0, len(self.text))


def plain(text: str) -> str:
    """The text with one kind of apostrophe, hyphen and blank; the length stays the same."""
    return text.translate(_PLAIN)


def tokenize(text: str) -> tuple[Token, ...]:
    """The tokens of a text, without the hyphens inside words."""
    text = plain(text)
    tokens = [Token(m.start(), m.end(), m[0]) for m in _TOKEN.finditer(text)]
    return tuple(
        t
        for t in tokens
        if not (
            t.text in _HYPHEN
            and t.start > 0
            and t.end < len(text)
            and text[t.start - 1].isalnum()
            and text[t.end].isalnum()
        )
    )


def stretches(document: Document) -> tuple[Stretch, ...]:
    """All blocks of a document, prepared; boilerplate is left out."""
    return tuple(
        _stretch(index, block, document.article.text)
        for index, block in enumerate(document.blocks)
        if block.block.kind is not BlockKind.BOILERPLATE
    )


_ADJECTIVES = re.compile(
    r"(?:(?:big|giant|little|mighty|neighbouring|new|old|rival|small|tiny|troubled|young) )+(?=[A-Z])"
)


def _stretch(index: int, read: ReadBlock, article: str) -> Stretch:
    text = plain(read.doc.text)
    offset = read.block.span.start
    tokens = tokenize(text)
    sentences = tuple(Span(s.span.start - offset, s.span.end - offset) for s in read.sentences)
    starts = {s.start for s in sentences} | {c.start - offset for c in read.block.cells} | {0}
    initial = _initial(text, tokens, starts)
    columns = tuple(
        (Span(cell.start - offset, cell.end - offset), article[head.start : head.end])
        for cell, head in zip(read.block.cells, read.block.header, strict=False)
    )
    return Stretch(
        index,
        offset,
        read.block.kind,
        text,
        tokens,
        initial,
        _styled(tokens, initial, text),
        sentences,
        read.doc.text,
        columns,
        tuple(_without_adjectives(name, text, offset) for name in read.names),
    )


def _without_adjectives(name: RecognizedName, text: str, offset: int) -> RecognizedName:
    """A recognised name without a word in lower case before it: "tiny Orrin"; of persons "van Rhenen" is whole."""
    if name.types and name.types[0][0] == EntityType.PERSON:
        return name
    lower = _ADJECTIVES.match(text[name.span.start - offset : name.span.end - offset])
    return replace(name, span=Span(name.span.start + lower.end(), name.span.end)) if lower else name


def _initial(text: str, tokens: tuple[Token, ...], starts: set[int]) -> frozenset[int]:
    """Tokens at the start of a sentence, cell or quotation, and after a colon, a bullet or a bar."""
    found = set()
    pending = sorted(starts)
    fresh = True
    for i, token in enumerate(tokens):
        while pending and pending[0] <= token.start:
            pending.pop(0)
            fresh = True
        if not token.is_word:
            fresh = (
                fresh
                or token.text in ':|\u2022"\u201c(#'
                or (token.text in ".!?" and text[token.end : token.end + 1] == " ")
            )
            continue
        if fresh:
            found.add(i)
        fresh = False
    return frozenset(found)


def _styled(tokens: tuple[Token, ...], initial: frozenset[int], text: str) -> bool:
    """Whether capitals in this block are a matter of style: most of its long words have one, and it is no sentence."""
    words = [t.text for i, t in enumerate(tokens) if i not in initial and t.text.isalpha() and len(t.text) > 3]
    if len(words) < 3:
        return text.isupper() and len(tokens) > 2
    share = sum(word[0].isupper() for word in words) / len(words)
    return share > (0.9 if text.rstrip().endswith(".") else 0.7)
