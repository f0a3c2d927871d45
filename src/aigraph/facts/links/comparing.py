"""Is a workload only what two things are compared in: "it matches the H100 in training"?

Such words tell how fast something is there, and not what it was made for; the language model takes one for the other.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from aigraph.facts.words.trees import Tree
from aigraph.resources import parse_yaml

if TYPE_CHECKING:
    from aigraph.facts.words.tokens import Token
    from aigraph.records import ReadBlock, Sentence, Span

_CASES = ("case", "mark")


def is_compared_in(block: ReadBlock, sentence: Sentence, workload: Span) -> bool:
    """True where a word of comparing governs the word for a workload: "beats it in inference", "slower at training"."""
    tree = Tree.of(block, sentence, ())
    word = tree.head_of(workload) if tree is not None else None
    if word is None or not any(kid.dep_ in _CASES and kid.lower_ in _words("fields") for kid in word.children):
        return False
    return _compares(word.head)


def _compares(word: Token) -> bool:
    """Is a word one of comparing, or does it have something beside it: "better than the H100", "as fast as it"?"""
    if word.lemma_.lower() in _words("comparing") or word.lower_ in _words("comparing"):
        return True
    return any(
        below.dep_ in _CASES and below.lower_ == "than" for kid in word.children for below in (kid, *kid.children)
    )


@cache
def _words(group: str) -> frozenset[str]:
    data = parse_yaml(Path(__file__).with_name("comparing.yaml").read_text(encoding="utf-8"))
    return frozenset(data[group])
