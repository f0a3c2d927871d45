"""Texts as words, and how far two words are apart."""

from __future__ import annotations

import re
import unicodedata

_WORD = re.compile(r"[^\W_]+")
_POSSESSIVE = re.compile(r"['’]s\b")
_COMMON = """a an and are as at be but by for from had has have he her his if in into is it its of on or our she so than
that the their them they this to was we were what when where which who whom whose will with would you"""
COMMON = frozenset(_COMMON.split())
"""Words that say nothing about what is looked for; they count only where there are no others."""


def words(text: str) -> list[str]:
    """The words of a text in order: in small letters, without accents, possessives and punctuation."""
    plain = _POSSESSIVE.sub("", text)
    if not plain.isascii():
        plain = "".join(one for one in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(one))
    return _WORD.findall(plain.casefold())


def goes_on(name: str, typed: str) -> bool:
    """Whether each word that was typed begins a word of a name; so nothing typed fits everything."""
    there = words(name)
    return all(any(one.startswith(word) for one in there) for word in words(typed))


def near_enough(word: str) -> int:
    """How many letters of a word may be wrong: none of up to three, one of up to six, else two."""
    return 0 if len(word) < 4 else 1 if len(word) < 7 else 2


def distance(one: str, other: str, most: int) -> int:
    """How many letters have to be put in, left out, replaced or swapped with the next; `most + 1` where more than that.

    The optimal string alignment distance.
    """
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        now = [row]
        for column, against in enumerate(other, 1):
            best = min(last[column] + 1, now[-1] + 1, last[column - 1] + (letter != against))
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == against:
                best = min(best, before[column - 2] + 1)
            now.append(best)
        if min(now) > most:
            return most + 1
        before, last = last, now
    return min(last[-1], most + 1)
