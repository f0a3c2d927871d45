"""Words to subwords: the WordPiece of BERT's lower-cased English vocabulary.

Greedy longest match over a word without accents and in lower case, after punctuation and CJK characters are parted off
(Wu et al. 2016, section 4.1; Devlin et al. 2019). The library that trains with the same vocabulary brings a client for
downloading models with it, which has no place in a package that never reaches the network; a test compares the two.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from pathlib import Path

UNKNOWN, START, END = "[UNK]", "[CLS]", "[SEP]"
_LONGEST = 100  # characters of a part of a word; longer ones are unknown as a whole
_CACHED = 50_000  # words whose subwords are kept
_CJK = (
    (0x4E00, 0x9FFF),
    (0x3400, 0x4DBF),
    (0x20000, 0x2A6DF),
    (0x2A700, 0x2CEAF),
    (0xF900, 0xFAFF),
    (0x2F800, 0x2FA1F),
)
_ASCII_SIGNS = ((33, 47), (58, 64), (91, 96), (123, 126))


class WordPieces:
    """The subwords of words, by a vocabulary of one subword a line."""

    def __init__(self, vocabulary: Path) -> None:
        lines = vocabulary.read_text(encoding="utf-8").splitlines()
        self._ids = {piece: number for number, piece in enumerate(lines)}
        self.start, self.end, self._unknown = (self._ids[piece] for piece in (START, END, UNKNOWN))
        self._known: dict[str, tuple[int, ...]] = {}

    def of(self, word: str) -> tuple[int, ...]:
        """The numbers of a word's subwords, at least one."""
        found = self._known.get(word)
        if found is None:
            if len(self._known) >= _CACHED:
                self._known.clear()
            found = tuple(piece for part in _parts(_normal(word)) for piece in self._matched(part)) or (self._unknown,)
            self._known[word] = found
        return found

    def _matched(self, part: str) -> list[int]:
        if len(part) > _LONGEST:
            return [self._unknown]
        pieces: list[int] = []
        start = 0
        while start < len(part):
            for end in range(len(part), start, -1):
                piece = self._ids.get(part[start:end] if start == 0 else f"##{part[start:end]}")
                if piece is not None:
                    pieces.append(piece)
                    start = end
                    break
            else:
                return [self._unknown]
        return pieces


def _normal(word: str) -> str:
    """The word without control characters and accents, in lower case."""
    if word.isascii() and word.isprintable():
        return word.lower()
    kept = "".join(" " if c in "\t\n\r" else c for c in word if c in "\t\n\r" or not _is_control(c))
    bare = "".join(c for c in unicodedata.normalize("NFD", kept) if unicodedata.category(c) != "Mn")
    return bare.lower()


def _is_control(character: str) -> bool:
    return character in "\x00\ufffd" or unicodedata.category(character).startswith("C")


def _parts(word: str) -> Iterator[str]:
    """The word cut at white space, before and behind every punctuation mark and CJK character."""
    if word.isalnum() and word.isascii():
        yield word
        return
    start = 0
    for position, character in enumerate(word):
        stands_alone = _is_sign(character) or _is_cjk(character)
        if stands_alone or character.isspace():
            if start < position:
                yield word[start:position]
            if stands_alone:
                yield character
            start = position + 1
    if start < len(word):
        yield word[start:]


def _is_sign(character: str) -> bool:
    code = ord(character)
    return any(low <= code <= high for low, high in _ASCII_SIGNS) or unicodedata.category(character).startswith("P")


def _is_cjk(character: str) -> bool:
    code = ord(character)
    return any(low <= code <= high for low, high in _CJK)
