"""Lemmas, looked up in the tables of LemmInflect by the word and its tag; a trained lemmatizer invents words."""

from __future__ import annotations

from functools import lru_cache

from lemminflect import getLemma

_LOOKED_UP = frozenset({"VERB", "AUX", "NOUN", "ADJ", "ADV"})
_SHORT = {
    "'s": "be",
    "'re": "be",
    "'m": "be",
    "'ve": "have",
    "'ll": "will",
    "'d": "would",
    "n't": "not",
    "ca": "can",
    "wo": "will",
}
_CACHED = 100_000


@lru_cache(maxsize=_CACHED)
def lemma(word: str, upos: str) -> str:
    """The lemma of a word with its universal tag: "licensed" VERB is "license"; names stay as they are."""
    if upos == "PROPN":
        return word
    low = word.lower().replace("’", "'")
    if low in _SHORT and upos in ("AUX", "VERB", "PART"):
        return _SHORT[low]
    if upos not in _LOOKED_UP or not any(c.isalpha() for c in low):
        return low
    if found := getLemma(low, upos, lemmatize_oov=upos == "NOUN"):
        return str(found[0])
    first, hyphen, last = low.rpartition("-")
    return f"{first}{hyphen}{lemma(last, upos)}" if hyphen and last else low
