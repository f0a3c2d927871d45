"""The words of a sentence, as stance, attribution and claims see them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from aigraph.facts.words.grammar import function_words
from aigraph.facts.words.tokens import tokens_of
from aigraph.records import Mention, MentionKind, ReadBlock, Sentence, Span

if TYPE_CHECKING:
    from spacy.tokens import Doc

SEPARATORS = frozenset({";", ":", ",", "(", ")", "[", "]", "—", "…"})
OWNS = frozenset({"'s", "'"})
_PLAIN = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "—", "‑": "-"})
_QUOTES = frozenset({'"', "''", "``"})
_DASHES = frozenset({"-", "--", "—"})


@dataclass(frozen=True, slots=True)
class Word:
    """A word in lower case (hyphenated words in one), or a mention with all the words it covers."""

    text: str
    span: Span
    mention: Mention | None = None

    @property
    def named(self) -> bool:
        """True for a name or a nominal, whose words are no cues; a pronoun's word can be one."""
        return self.mention is not None and self.mention.kind != MentionKind.PRONOUN

    @property
    def solid(self) -> bool:
        """True for words and numbers, false for signs."""
        return self.mention is not None or self.text[:1].isalnum()


@dataclass(frozen=True, slots=True, eq=False)
class These:
    """Mentions that are the same only where they are the same objects: equal ones may stand for other things."""

    mentions: tuple[Mention, ...]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, These) and [*map(id, self.mentions)] == [*map(id, other.mentions)]

    def __hash__(self) -> int:
        return hash(tuple(map(id, self.mentions)))


def read_words(block: ReadBlock, sentence: Sentence, mentions: Sequence[Mention]) -> tuple[Word, ...]:
    """The words of a sentence; `mentions` may be those of the whole article.

    Stances, sayings and claims ask for the same sentences one after the other: the last ones are kept.
    """
    inside = These(tuple(within(mentions, sentence.span)))
    return _words(block.doc, block.block.span.start, sentence.first, sentence.last, inside)


@lru_cache(maxsize=256)
def _words(doc: Doc, base: int, first: int, end: int, these: These) -> tuple[Word, ...]:
    inside = these.mentions
    words: list[Word] = []
    number = 0
    tokens = tokens_of(doc)
    for token in tokens[first:end]:
        if not token.text.strip():
            continue
        span = Span(base + token.idx, base + token.idx + len(token.text))
        while number < len(inside) and inside[number].span.end <= span.start:
            number += 1
        mention = inside[number] if number < len(inside) and inside[number].span.overlaps(span) else None
        last = words[-1] if words else None
        if mention is not None and last is not None and last.mention is mention:
            words[-1] = Word(f"{last.text} {token.text.lower()}", mention.span, mention)
            continue
        text = token.text.translate(_PLAIN).lower()
        text = '"' if text in _QUOTES else text
        if last is not None and mention is None and _glued(last, text, span, spaced=bool(token.whitespace_)):
            words[-1] = Word(last.text + text, Span(last.span.start, span.end))
        else:
            apart = text in _DASHES and token.i > 0 and bool(tokens[token.i - 1].whitespace_)
            words.append(Word("—" if apart else text, span, mention))
    return tuple(words)


def within(mentions: Sequence[Mention], stretch: Span) -> Sequence[Mention]:
    """The mentions that overlap a stretch, of mentions in order of which none overlap each other."""
    first = bisect_right(mentions, stretch.start, key=lambda m: m.span.end)
    return mentions[first : bisect_left(mentions, stretch.end, lo=first, key=lambda m: m.span.start)]


def _glued(last: Word, text: str, span: Span, *, spaced: bool) -> bool:
    """Does a token go on with the word before it: "non" + "-" + "binding"?"""
    if last.mention is not None or last.span.end != span.start:
        return False
    hyphen = text == "-" and last.text[-1:].isalnum() and not spaced
    return hyphen or (last.text.endswith("-") and text[0].isalnum())


def owns(words: Sequence[Word], index: int) -> bool:
    """True for a possessor: a name before "'s", a possessive pronoun."""
    following = words[index + 1].text if index + 1 < len(words) else ""
    word = words[index]
    return following in OWNS or (not word.named and word.text in function_words("possessives"))


def covered(words: Sequence[Word], span: Span) -> list[int]:
    """The indices of the words that a stretch of the article covers, in part at least."""
    return [i for i, word in enumerate(words) if word.span.overlaps(span)]


def stretches(words: Sequence[Word], indices: Sequence[int]) -> tuple[Span, ...]:
    """The stretches of the article that words make up, neighbours joined."""
    spans: list[Span] = []
    last = -2
    for index in sorted(indices):
        span = words[index].span
        if index == last + 1:
            spans[-1] = Span(spans[-1].start, span.end)
        else:
            spans.append(span)
        last = index
    return tuple(spans)
