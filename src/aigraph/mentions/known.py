"""Names that are known beforehand, found in a text: the longest match over tokens, with care for their case."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from aigraph.mentions.text import Stretch, Token, tokenize
from aigraph.mentions.words import groups
from aigraph.records import EntityType

_CURRENCY = frozenset("$€£¥₩")
_SPLIT = re.compile(r"^([^\W\d_]{2,})(\d.*)$")


@dataclass(frozen=True, slots=True)
class Name:
    """One spelling of a name and what it stands for: `key` tells things apart, `types` are those it may have."""

    text: str
    key: str
    type: EntityType
    exact: bool = False
    common: bool = False
    source: str = "mention/knowledge"


@dataclass(frozen=True, slots=True)
class Match:
    """Names found at the tokens `first` to `last` (exclusive) of a stretch, `end` being the end of the text covered.

    Several names of different types may share a spelling.
    """

    stretch: int
    first: int
    last: int
    start: int
    end: int
    names: tuple[Name, ...]


class NameIndex:
    """Names by their tokens, for finding the longest at any place."""

    def __init__(self, names: Iterable[Name]) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], tuple[Token, ...], Name]]] = {}
        for name in names:
            written = _written(name.text)
            for variant in _variants(tuple(t.text.casefold() for t in written)):
                self._by_first.setdefault(variant[0], []).append((variant, written, name))
        for found in self._by_first.values():
            found.sort(key=lambda item: (-len(item[0]), item[2].text, item[2].type, item[2].key))

    def find(self, stretch: Stretch) -> Iterator[Match]:
        """The longest matches, from left to right, never overlapping."""
        known, behind = self._by_first, 0
        for i, token in enumerate(stretch.tokens):
            keys = _first_keys(token.text)
            if i < behind or (keys[0] not in known and keys[-1] not in known):
                continue
            match = self.at(stretch, i)
            if match:
                behind = match.last
                yield match

    def at(self, stretch: Stretch, i: int) -> Match | None:
        """The longest name that begins at token `i`."""
        tokens = stretch.tokens
        found: list[Name] = []
        length = trimmed = 0
        for first in _first_keys(tokens[i].text):
            for variant, written, name in self._by_first.get(first, ()):
                if len(variant) < length:
                    break
                plural = _fits(stretch, i, variant, written, name)
                if plural is None:
                    continue
                if len(variant) > length:
                    found, length, trimmed = [], len(variant), plural
                if name not in found:
                    found.append(name)
        if not found:
            return None
        last = i + length
        end = tokens[last - 1].end - trimmed
        if found[0].type is EntityType.COMPANY and not trimmed:
            last, end = _with_corporate_form(stretch, last, end)
        return Match(stretch.index, i, last, tokens[i].start, end, tuple(found))


def _variants(tokens: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """The tokens of a name, and the same with a number parted from its letters or joined to them."""
    yield tokens
    for i, token in enumerate(tokens):
        split = _SPLIT.match(token)
        if split and len(split[1]) > 2 and len(split[2]) < 4:
            yield (*tokens[:i], split[1], split[2], *tokens[i + 1 :])
        elif i + 1 < len(tokens) and token.isalpha() and len(token) > 2 and re.match(r"v?\d", tokens[i + 1]):
            yield (*tokens[:i], token + tokens[i + 1], *tokens[i + 2 :])


@lru_cache(maxsize=20_000)
def _written(text: str) -> tuple[Token, ...]:
    """The tokens of a name; the names of an article are looked for several times."""
    return tokenize(text)


@lru_cache(maxsize=20_000)
def _first_keys(text: str) -> tuple[str, ...]:
    folded = text.casefold()
    return (folded, folded[:-1]) if _is_plural(text) else (folded,)


def _is_plural(text: str) -> bool:
    """ "H100s", "TPUs": an s after a capital or digit. "AWS" is none."""
    return len(text) > 2 and text[-1] == "s" and (text[-2].isupper() or text[-2].isdigit())


def _fits(stretch: Stretch, i: int, variant: tuple[str, ...], written: tuple[Token, ...], name: Name) -> int | None:
    """The length of a plural ending to leave off (0 or 1) where the name stands at token `i`, else None."""
    tokens = stretch.tokens[i : i + len(variant)]
    if len(tokens) < len(variant):
        return None
    texts = [token.text for token in tokens]
    plural = 0
    if texts[-1].casefold() != variant[-1]:
        if not _is_plural(texts[-1]):
            return None
        texts[-1], plural = texts[-1][:-1], 1
    alike = (len(texts) == 1 and not plural) or tuple(text.casefold() for text in texts) == variant
    if not alike or not all(stretch.joined(j) for j in range(i, i + len(variant) - 1)):
        return None
    is_sum = stretch.text[tokens[-1].end : tokens[-1].end + 1] in _CURRENCY  # "HK$50"
    if is_sum or _goes_on(stretch, i + len(variant) - 1, texts[-1]):
        return None
    if name.exact and "".join(texts) != "".join(token.text for token in written):
        return None
    return plural if _spelled("".join(texts), texts, written) else None


def _goes_on(stretch: Stretch, last: int, text: str) -> bool:
    """True where a version number goes on after the match: "GPT-5" in "GPT-5.2"."""
    tokens = stretch.tokens
    if last + 2 >= len(tokens) or not text[-1].isdigit():
        return False
    dot, after = tokens[last + 1], tokens[last + 2]
    return dot.text == "." and dot.start == tokens[last].end and after.start == dot.end and after.text[0].isdigit()


def _spelled(joined: str, texts: list[str], written: tuple[Token, ...]) -> bool:
    """Whether capitals stand where the name has them; all capitals will do for any name but never the reverse."""
    name = "".join(token.text for token in written)
    if joined == name:
        return True
    if name.islower():
        return joined.isupper() or joined[1:] == name[1:]
    short = [token.text for token in written if token.text.isalpha() and token.text.isupper() and len(token.text) < 6]
    if any(text not in joined for text in short):
        return False
    if joined.isupper():
        return True
    if len(texts) != len(written):
        return joined[0].isupper() or not name[0].isupper()
    return all(
        text[0].isupper() or not token.text[0].isupper() or not token.text[0].isalpha()
        for text, token in zip(texts, written, strict=True)
    )


def _with_corporate_form(stretch: Stretch, last: int, end: int) -> tuple[int, int]:
    """The end of a company's name with ", Inc." or "Corp." behind it; a full stop only where it ends no sentence."""
    form = re.compile(rf",? ?{groups()['corporate_form']}(?!\w)")
    match = form.match(stretch.text, end)
    if not match or not re.match(r",? ", match[0]):
        return last, end
    end = match.end()
    if match[0].endswith(".") and end == len(stretch.text.rstrip()):
        end -= 1
    while last < len(stretch.tokens) and stretch.tokens[last].start < end:
        last += 1
    return last, end
