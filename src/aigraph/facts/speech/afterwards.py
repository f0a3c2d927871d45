"""What sentences around it make of a sentence: "Regulators blocked the deal.", "Not so.", "What follows is gossip."."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from aigraph.facts.speech.hedges import Hedge, lemmas_of, load_hedges
from aigraph.facts.speech.idioms import Place, load_idioms
from aigraph.facts.words.trees import Tree, child, is_negated
from aigraph.records import Mention, Modality, ReadBlock, Sentence

if TYPE_CHECKING:
    from aigraph.facts.words.tokens import Token

_FAR = 3
"""How many sentences "What follows is gossip." may speak of."""
_DEFINITE = frozenset({"the", "that", "this", "its", "their"})


def taken_back(block: ReadBlock, sentence: Sentence, mentions: Sequence[Mention]) -> tuple[Hedge, Hedge]:
    """The hedge that the next sentence of a block adds to all that one says, and the one that it adds to its deals."""
    after = next((s for s in block.sentences if s.first == sentence.last), None)
    if after is None:
        return Hedge(), Hedge()
    base = block.block.span.start
    text = block.doc.text[after.span.start - base : after.span.end - base]
    said = {
        kind
        for kind in ("untrue", "affirmed", "retold", "over")
        if load_idioms().find(Place.ANSWER, kind, text) is not None
    }
    if "untrue" in said and "affirmed" not in said:
        return Hedge(1), Hedge(1)
    if "over" in said:
        return Hedge(over=True), Hedge(over=True)
    if "retold" in said:
        return Hedge(modality=Modality.REPORTED), Hedge(modality=Modality.REPORTED)
    tree = Tree.of(block, after, mentions)
    if tree is None or not any(_is_undone(token) for token in tree.tokens):
        return Hedge(), Hedge()
    return Hedge(), Hedge(over=True)


def is_announced(block: ReadBlock, sentence: Sentence) -> bool:
    """Does a sentence shortly before say that what follows it is hearsay: "What follows nobody has confirmed."?"""
    base = block.block.span.start
    before = [s for s in block.sentences if s.last <= sentence.first][-_FAR:]
    texts = (block.doc.text[s.span.start - base : s.span.end - base] for s in before)
    return any(load_idioms().find(Place.ANSWER, "announced", text) is not None for text in texts)


def _is_undone(token: Token) -> bool:
    """Is "the deal" or "the takeover" told to have come to nothing?"""
    words, determiner = load_hedges(), child(token, "det", "nmod:poss")
    if token.lemma_ not in words["deals"] or determiner is None or determiner.lower_ not in _DEFINITE:
        return False
    verb = token.head
    lemmas = lemmas_of(verb)
    undone = token.dep_ in ("obj", "nsubj:pass") and lemmas & words["denying"] - words["disowning"]
    failed = token.dep_ == "nsubj" and (
        lemmas & words["failing"] or (verb.lemma_ in words["happening"] and is_negated(verb))
    )
    return bool(undone or failed) and not (undone and is_negated(verb))
