"""In which language an article is written, as far as its own words show it without doubt.

English is told by its commonest words, which no other language shares; only a text that lacks them is shown to
py3langid, whose model takes a second to load. A short text, or a list of names, is left undecided.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from aigraph.records import Block, BlockKind

_PROSE = frozenset(
    {BlockKind.TITLE, BlockKind.HEADING, BlockKind.PARAGRAPH, BlockKind.BULLET, BlockKind.QUESTION, BlockKind.TEASER}
)
_ENGLISH = frozenset(
    {"and", "by", "for", "from", "has", "its", "of", "said", "than", "that"}
    | {"the", "their", "this", "to", "were", "which", "with", "would"}
)
_WORD = re.compile(r"[^\W\d_]+")
_LEAST_SHARE = 0.1  # of common English words in a text: English prose has 0.2 to 0.3, a list of names in it 0.1
_LEAST_BYTES = 200  # of a text that is judged: two sentences, or one in Chinese
_LEAST_SMALL = 0.4  # of the words without a capital in running text, German too; what has fewer is a list of names
_MOST_CHARACTERS = 5_000  # that are looked at
_SURE = 0.6  # the likelihood past which a language is believed; names in any order stay below 0.3
_NOT_ENGLISH = 0.02  # the likelihood of English below which a text is not English


def language_in(text: str, blocks: Sequence[Block]) -> str | None:
    """The code of the language that the prose of an article is written in; None where that is not sure."""
    prose = " ".join(text[block.span.start : block.span.end] for block in blocks if block.kind in _PROSE)
    return language_of(prose[:_MOST_CHARACTERS])


def language_of(prose: str) -> str | None:
    """The code of the language of some prose ("en", "de"); None where it is too short, or nothing is sure."""
    written = _WORD.findall(prose)
    words = [word.casefold() for word in written]
    if len(prose.encode("utf-8", "replace")) < _LEAST_BYTES:
        return None
    if sum(word in _ENGLISH for word in words) >= _LEAST_SHARE * len(words):
        return "en"
    if sum(word == folded for word, folded in zip(written, words, strict=True)) < _LEAST_SMALL * len(words):
        return None
    ranked = _identifier().rank(" ".join(words))
    likely, share = ranked[0]
    english = dict(ranked).get("en", 0.0)
    if likely == "en":
        return "en" if share >= _SURE else None
    return str(likely) if share >= _SURE and english <= _NOT_ENGLISH else None


@cache
def _identifier() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
