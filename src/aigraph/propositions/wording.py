"""Words as keys: the same for another inflection, order or spelling."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

WORDED = "~"
"""Begins the key of a thing or metric that no list has: the stems of its words follow."""

_STOPPED = """
a an and are as at be been being but by can could did do does for from had has have he her his how in into is it its may
might more most no nor not of on one or our over said say says she should so some such than that the their them then
there these they this those to under up very was we were what when where which while who whom will with would you your
"""
_STOP = frozenset(_STOPPED.split())
_ENDINGS = ("ations", "ation", "ings", "ing", "ies", "ied", "ers", "ed", "es", "er", "s")
_OPENING = 10
_SHORTEST = 7
_QUOTE = re.compile(r"[\"“]([^\"“”]{20,600})[\"”]")
_QUOTED_WORDS = 5


def words(text: str) -> list[str]:
    """The words and numbers of a text, without case, accents of typography and punctuation."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("’", "'")
    return re.findall(r"[^\W_]+", folded.replace("'s ", " "))


def stems(text: str) -> tuple[str, ...]:
    """The words that carry meaning, cut to their stems, sorted, each once."""
    return tuple(sorted({_stem(word) for word in words(text) if word not in _STOP}))


def worded(text: str) -> str:
    """The key of a thing or metric that no list has, out of the words for it."""
    return WORDED + " ".join(stems(text))


def _stem(word: str) -> str:
    """A crude stem: it need not be a word, only the same for most inflections of one."""
    if not word.isalpha() or not word.isascii():
        return word
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word.removesuffix(ending)
    return word.removesuffix("e") if len(word) > 4 else word


def hashed(*parts: str) -> int:
    """A number of 32 bits that depends on some words and their order alone."""
    return int.from_bytes(hashlib.blake2b("\x1f".join(parts).encode(), digest_size=4).digest(), "big")


@lru_cache(maxsize=1 << 14)
def opening(sentence: str) -> str | None:
    """What tells that two sentences begin alike: a key of their first words, or of all of a shorter one.

    A teaser breaks off in the middle of a sentence, so the end does not count. None where there are too few words to
    tell a copy from a commonplace.
    """
    found = words(sentence)
    return f"{hashed(*found[:_OPENING]):08x}" if len(found) >= _SHORTEST else None


@lru_cache(maxsize=1 << 14)
def figures_behind(sentence: str) -> tuple[str, ...]:
    """The words with a digit behind those by which `opening` tells a sentence."""
    return tuple(word for word in words(sentence)[_OPENING:] if any(letter.isdigit() for letter in word))


def quotations(sentence: str) -> Iterator[tuple[str, str]]:
    """The longer direct quotations in a sentence, each as its key and its text."""
    for match in _QUOTE.finditer(sentence):
        found = words(match[1])
        if len(found) >= _QUOTED_WORDS:
            yield f"{hashed(*found):08x}", match[1]


def overlap(one: Iterable[str], other: Iterable[str]) -> float:
    """The share of common members of two sets in all of theirs (Jaccard), from 0 to 1."""
    left, right = set(one), set(other)
    return len(left & right) / len(left | right) if left or right else 1.0
