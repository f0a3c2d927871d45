"""The tokens of a Doc as plain objects, read off once: each look at a token of spaCy makes an object and strings anew.

The rules look at the same few tokens hundreds of times. The attributes have spaCy's names and mean the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from spacy.attrs import DEP, HEAD, IS_ALPHA, IS_SPACE, LEMMA, LIKE_NUM, LOWER, ORTH, POS, SPACY, TAG
from spacy.symbols import IDS

if TYPE_CHECKING:
    from spacy.tokens import Doc

_WORDS = (ORTH, LOWER, LEMMA, TAG, DEP)
_PARTS = {number: name for name, number in IDS.items()}
_FLAGS = (SPACY, IS_ALPHA, IS_SPACE, LIKE_NUM)
_KEPT = 256
"""Blocks whose tokens are kept."""


class Token:
    """A word or sign with its place in the tree: `head` is the token itself for the root."""

    __slots__ = (
        "children", "dep_", "doc", "head", "i", "idx", "is_alpha", "is_space", "lemma_", "like_num", "lower_", "pos_",
        "tag_", "text", "whitespace_",
    )  # fmt: skip

    i: int
    idx: int
    text: str
    lower_: str
    lemma_: str
    pos_: str
    tag_: str
    dep_: str
    whitespace_: str
    is_alpha: bool
    is_space: bool
    like_num: bool
    head: Token
    children: tuple[Token, ...]
    doc: tuple[Token, ...]

    def __repr__(self) -> str:
        return self.text

    def nbor(self, steps: int = 1) -> Token:
        """The token some steps further on in the Doc."""
        if self.i + steps < 0:
            raise IndexError(steps)
        return self.doc[self.i + steps]

    @property
    def subtree(self) -> Iterator[Token]:
        """The token and all that hangs on it, each word between what hangs on it before and behind."""
        for kid in self.children:
            if kid.i < self.i:
                yield from kid.subtree
        yield self
        for kid in self.children:
            if kid.i > self.i:
                yield from kid.subtree


@lru_cache(maxsize=_KEPT)
def tokens_of(doc: Doc) -> tuple[Token, ...]:
    """The tokens of a Doc that nothing changes any more; the same ones each time, for the Docs asked for last."""
    if not len(doc):
        return ()
    found = []
    heads = []
    kids: list[list[Token]] = [[] for _ in range(len(doc))]
    # all at once: asking each token takes four times as long
    columns = np.asarray(doc.to_array([*_WORDS, POS, *_FLAGS, HEAD]), dtype=np.uint64)
    names = {number: doc.vocab.strings[number] for number in set(columns[:, : len(_WORDS)].ravel().tolist())}
    at = 0
    for i, (*words, pos, spaced, alpha, space, number, _) in enumerate(columns.tolist()):
        token = Token()
        token.text, token.lower_, token.lemma_, token.tag_, token.dep_ = map(names.__getitem__, words)
        token.i, token.idx, token.whitespace_ = i, at, " " if spaced else ""
        token.pos_ = _PARTS[pos]
        token.is_alpha, token.is_space, token.like_num = bool(alpha), bool(space), bool(number)
        at += len(token.text) + bool(spaced)
        found.append(token)
    for token, distance in zip(found, columns[:, -1].astype(np.int64).tolist(), strict=True):
        heads.append(token.i + distance)
        if distance:
            kids[token.i + distance].append(token)
    tokens = tuple(found)
    for token, above, below in zip(tokens, heads, kids, strict=True):
        token.doc, token.head, token.children = tokens, tokens[above], tuple(below)
    return tokens
