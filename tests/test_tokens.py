"""Tokens read off a Doc once say what spaCy's own say."""

from __future__ import annotations

import pytest
from spacy.tokens import Token as Original

from aigraph.facts.words.tokens import Token, tokens_of
from aigraph.facts.words.trees import Tree
from aigraph.records import Span
from parsed import read_parsed

TEXT = "[Acme|Company]'s CEO said that 2 chips, which it doesn't sell, cost more\u00a0than [Beta Works|Company] paid."


def test_attributes_and_tree_are_those_of_the_doc() -> None:
    document, _ = read_parsed(TEXT)
    doc = document.blocks[0].doc
    tokens = tokens_of(doc)
    assert [each(t) for t in tokens for each in (_told, _hung)] == [each(t) for t in doc for each in (_told, _hung)]
    assert tokens[1].nbor(-1) is tokens[0]
    assert tokens_of(doc) is tokens


def test_there_is_no_neighbour_beyond_either_end() -> None:
    document, _ = read_parsed(TEXT)
    first, *_, last = tokens_of(document.blocks[0].doc)
    with pytest.raises(IndexError):
        first.nbor(-1)
    with pytest.raises(IndexError):
        last.nbor()


def test_a_tree_knows_where_its_tokens_stand_and_what_they_name() -> None:
    document, mentions = read_parsed(f"One.\n{TEXT}")
    block = document.blocks[1]
    tree = Tree.of(block, block.sentences[0], mentions.mentions)
    assert tree is not None
    spans = [tree.span(token) for token in tree.tokens]
    text = document.article.text
    assert [text[span.start : span.end] for span in spans] == [token.text for token in tree.tokens]
    named = {token.text: mention.form for token in tree.tokens if (mention := tree.mention(token)) is not None}
    assert named == {"Acme": "Acme", "Beta": "Beta Works", "Works": "Beta Works"}
    assert [token.text for token in tree.within(Span(spans[1].start, spans[2].end))] == ["'s", "CEO"]
    elsewhere = tokens_of(document.blocks[0].doc)[0]
    assert elsewhere not in tree.tokens


def test_the_same_sentence_with_other_mentions_is_another_tree() -> None:
    document, mentions = read_parsed(TEXT)
    block = document.blocks[0]
    full, bare = (Tree.of(block, block.sentences[0], those) for those in (mentions.mentions, ()))
    assert full is not None
    assert bare is not None
    assert full is Tree.of(block, block.sentences[0], mentions.mentions)
    assert [bare.mention(token) for token in bare.tokens] == [None] * len(bare.tokens)


def _told(token: Token | Original) -> tuple[object, ...]:
    names = (token.text, token.lower_, token.lemma_, token.pos_, token.tag_, token.dep_, token.whitespace_)
    return (*names, token.i, token.idx, token.is_alpha, token.is_space, token.like_num)


def _hung(token: Token | Original) -> tuple[object, ...]:
    return token.head.i, [t.i for t in token.children], [t.i for t in token.subtree]
