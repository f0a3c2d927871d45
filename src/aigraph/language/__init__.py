"""The language model: an English spaCy pipeline of our own that gives tags, trees, lemmas and names of ten types.

`training/` makes it; `model/MODEL_CARD.md` says from which data, how good it is and where it errs.
"""

from __future__ import annotations

from aigraph.language.article_names import ArticleNames, EncodedSentence
from aigraph.language.components import load_language, names_of
from aigraph.language.facts import FIGURE, Link, LinkReader
from aigraph.language.names import Name
from aigraph.language.network import model_version

__all__ = [
    "FIGURE",
    "ArticleNames",
    "EncodedSentence",
    "Link",
    "LinkReader",
    "Name",
    "load_language",
    "model_version",
    "names_of",
]
