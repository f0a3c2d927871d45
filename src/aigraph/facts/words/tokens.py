"""The tokens of a Doc as plain objects, read off once: each look at a token of spaCy makes an object and strings anew.

The rules look at the same few tokens hundreds of times. The attributes have spaCy's names and mean the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.tokens import Doc

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
    found = []
    heads = []
    kids: list[list[Token]] = [[] for _ in range(len(doc))]
    for each in doc:
        token = Token()
        token.i, token.idx, token.text = each.i, each.idx, each.text
        token.lower_, token.lemma_, token.whitespace_ = each.lower_, each.lemma_, each.whitespace_
        token.pos_, token.tag_, token.dep_ = each.pos_, each.tag_, each.dep_
        token.is_alpha, token.is_space, token.like_num = each.is_alpha, each.is_space, each.like_num
        head = each.head.i
        heads.append(head)
        if head != token.i:
            kids[head].append(token)
        found.append(token)
    tokens = tuple(found)
    for token, above, below in zip(tokens, heads, kids, strict=True):
        token.doc, token.head, token.children = tokens, tokens[above], tuple(below)
    return tokens
