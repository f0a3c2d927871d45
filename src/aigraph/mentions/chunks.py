"""Capitalised stretches of text that may be names: candidates for the rules of `evidence.py`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from aigraph.mentions.text import Stretch
from aigraph.mentions.words import words

_UNIT = re.compile(
    r"\s?(?:%|percent|per cent|million|billion|trillion|[kMGTPE]?(?:B|W|Hz|Wh|bit|byte)(?:/s|ps)?\b|nm\b|x\b|times\b"
    r"|(?:giga|mega|tera|peta|exa|kilo|nano)|watt|(?:year|month|week|day|hour|point|cent|token|dollar|euro)s?\b"
    r"|yuan\b|yen\b|won\b)"
)
_SIZE = re.compile(r"\d{1,3}B")
"""The size of a model: "Marrow 8B"."""
_YEAR = re.compile(r"(?:19|20)\d\d")


_CLOSED = frozenset(
    {"a", "an", "and", "as", "at", "but", "by", "for", "he", "if", "in", "it", "of", "on", "or", "she", "so", "that"}
    | {"the", "they", "this", "to", "we", "with"}
)
"""Words that end a name even with a capital."""
_LISTING = frozenset({"bureau", "council", "department", "institute", "ministry", "office", "school", "secretary"})
"""Bodies whose names list what they are for: "Ministry of Economy, Trade and Industry"."""
_JOINING = frozenset({"da", "de", "del", "della", "der", "di", "do", "du", "f\u00fcr", "van", "voor"})
"""What joins the parts of such a name in other languages: "Politecnico di Milano"."""
_INNER = frozenset({"AI", "API", "OS", "SDK"})
"""Words that are no name alone but end many: "Celestial AI", "Maia SDK"."""


def is_figure(text: str) -> bool:
    """True for a figure with its unit: "590MW", "4.5 GW", "3nm"."""
    number = re.match(r"[$€£¥]?\d[\d.,]*", text)
    return number is not None and (number.end() == len(text) or _UNIT.match(text, number.end()) is not None)


@dataclass(frozen=True, slots=True)
class Chunk:
    """A run of capitalised tokens, `first` to `last` (exclusive) of its stretch."""

    stretch: Stretch
    first: int
    last: int

    @property
    def start(self) -> int:
        """Where it begins in the text of its block."""
        return self.stretch.tokens[self.first].start

    @property
    def end(self) -> int:
        """Where it ends in the text of its block."""
        return self.stretch.tokens[self.last - 1].end

    @property
    def text(self) -> str:
        """The words."""
        return self.stretch.text[self.start : self.end]

    @property
    def initial(self) -> bool:
        """True where it begins a sentence, so that one capital proves nothing."""
        return self.first in self.stretch.initial

    @property
    def words(self) -> int:
        """How many tokens it has."""
        return self.last - self.first


def find_chunks(stretch: Stretch, is_generic: Callable[[str], bool], ordinary: frozenset[str]) -> Iterator[Chunk]:
    """All maximal chunks; `ordinary` are words that the article also uses in lower case."""
    i = 0
    tokens = stretch.tokens
    while i < len(tokens):
        if not _opens(stretch, i, is_generic, ordinary):
            i += 1
            continue
        last = i + 1
        while step := _next(stretch, last, is_generic) or _into_office(stretch, i, last):
            last = step
        yield Chunk(stretch, i, last)
        i = last


def _opens(stretch: Stretch, i: int, is_generic: Callable[[str], bool], ordinary: frozenset[str]) -> bool:
    """Whether a name may begin with token `i`."""
    text = stretch.tokens[i].text
    folded = text.casefold()
    if text == "The" and i not in stretch.initial:
        # a capital within a sentence: "a report in The Verge"
        return i + 1 < len(stretch.tokens) and stretch.joined(i) and is_name_like(stretch, i + 1)
    if is_generic(text) and folded in words("nationality"):
        return _names_body(stretch, i, is_generic)
    if not is_name_like(stretch, i) or is_generic(text) or folded in _CLOSED:
        return False
    if folded in words("function_word"):
        # within a sentence it may be the first word of a name: "Project Rainier"
        goes_on = i + 1 < len(stretch.tokens) and stretch.joined(i) and is_name_like(stretch, i + 1)
        return goes_on and i not in stretch.initial
    return not (i in stretch.initial and folded in ordinary)


def _names_body(stretch: Stretch, i: int, is_generic: Callable[[str], bool]) -> bool:
    """Whether an adjective of nationality begins the name of a body: "Flemish Weather Service"."""
    last = i + 1
    while step := _next(stretch, last, is_generic):
        last = step
    ending = stretch.tokens[last - 1].text.casefold()
    return last - i > 2 and (ending in words("organization_suffix") or ending in words("company_suffix"))


def is_name_like(stretch: Stretch, i: int) -> bool:
    """A capital at the beginning or within, or a code of letters and digits with a capital."""
    text = stretch.tokens[i].text
    if not text[0].isalnum() or text.isdigit():
        return False
    if text[0].isdigit():
        return bool(re.fullmatch(r"\d{2,4}[A-Z]{1,2}|\d{3,4}[A-Z]\w{0,2}", text)) and not _UNIT.match(
            text.lstrip("0123456789")
        )
    if any(character.isupper() for character in text):
        return True
    # d-Matrix: one small letter, a hyphen, a capital
    following = stretch.tokens[i + 1] if i + 1 < len(stretch.tokens) else None
    return (
        len(text) == 1
        and following is not None
        and following.start == stretch.tokens[i].end + 1
        and (stretch.text[stretch.tokens[i].end] == "-" and following.text[0].isupper())
    )


def _next(stretch: Stretch, last: int, is_generic: Callable[[str], bool]) -> int | None:
    """The end of the chunk with the token at `last` added, None where the chunk ends before it."""
    tokens = stretch.tokens
    if last >= len(tokens) or not stretch.joined(last - 1):
        return None
    token = tokens[last]
    if not token.is_word:
        return _past_sign(stretch, last, is_generic) if tokens[last - 1].is_word else None
    if re.fullmatch(r"v?\d+", token.text):
        return _number_end(stretch, last)
    return last + 1 if _goes_on(stretch, last, is_generic) else None


def _goes_on(stretch: Stretch, i: int, is_generic: Callable[[str], bool]) -> bool:
    """Whether the word at token `i` may be part of the name before it."""
    token = stretch.tokens[i]
    if i in stretch.initial or token.text.casefold() in _CLOSED:
        return False
    if _SIZE.fullmatch(token.text):
        hyphenated = stretch.text[token.start - 1] == "-"
        return hyphenated or bool(re.match(r" (?:[a-z-]+ )?models?\b|-", stretch.text[token.end :]))
    if not is_name_like(stretch, i):
        return False
    return token.text in _INNER or not is_generic(token.text) or _may_end(stretch, i)


def _may_end(stretch: Stretch, i: int) -> bool:
    """Whether a generic word at token `i` may be part of a name: "Dunmore Foundry", "ET-SoC-1"."""
    token, before = stretch.tokens[i], stretch.tokens[i - 1]
    if i + 1 < len(stretch.tokens) and stretch.tokens[i + 1].text.isdigit():
        return token.start == before.end + 1 and stretch.text[before.end] == stretch.text[token.end] == "-"
    folded = token.text.casefold()
    return token.text.istitle() and any(folded in words(group) for group in ("company_suffix", "organization_suffix"))


def _into_office(stretch: Stretch, first: int, last: int) -> int | None:
    """The end of a body's name that goes on after "of": "University of Tokyo", "Ministry of Trade and Industry"."""
    tokens = stretch.tokens
    heads = [t.text.casefold() for t in tokens[first:last] if t.text.casefold() in words("organization_head")]
    if not heads or last + 1 >= len(tokens):
        return None
    following = tokens[last].text
    if following in _JOINING and tokens[last + 1].text[0].isupper():
        return last + 2
    if following in {"of", "for"}:
        after = last + 2 if tokens[last + 1].text == "the" and last + 2 < len(tokens) else last + 1
        return after + 1 if tokens[after].text[0].isupper() else None
    within = "of" in {t.text for t in tokens[first:last]} and heads[0] in _LISTING
    if within and following == "and" and tokens[last + 1].text[0].isupper():
        return last + 2
    if within and following == "," and tokens[last + 1].text[0].isupper():
        more = last + 2
        while more + 1 < len(tokens) and tokens[more].text == "," and tokens[more + 1].text[0].isupper():
            more += 2
        ends = more + 1 < len(tokens) and tokens[more].text == "and" and tokens[more + 1].text[0].isupper()
        return more + 2 if ends else None
    return None


def _past_sign(stretch: Stretch, last: int, is_generic: Callable[[str], bool]) -> int | None:
    """The same for a sign inside a name: "C.C. Wei", "Character.AI", "Weights & Biases", "Dell'Oro"."""
    tokens = stretch.tokens
    sign, before = tokens[last], tokens[last - 1]
    if last + 1 >= len(tokens) or not stretch.joined(last):
        return None
    after = tokens[last + 1]
    tight = sign.start == before.end and after.start == sign.end
    if not is_name_like(stretch, last + 1):
        return last + 2 if tight and sign.text == "." and after.text in {"ai", "io", "com"} else None
    if sign.text == "." and len(before.text) == 1 and before.text.isupper() and sign.start == before.end:
        return last + 2
    if sign.text == "&" or (tight and sign.text in {"'", "."} and len(after.text) > 1 and after.text[0].isupper()):
        return None if is_generic(after.text) and after.text != "AI" else last + 2
    return None


def _number_end(stretch: Stretch, i: int) -> int | None:
    """The end of a version number at token `i` ("6", "4.0"); None for a quantity or a year."""
    tokens = stretch.tokens
    last = i + 1
    if (
        last + 1 < len(tokens)
        and tokens[last].text == "."
        and tokens[last].start == tokens[i].end
        and tokens[last + 1].start == tokens[last].end
        and tokens[last + 1].text[0].isdigit()
    ):
        last += 2
    number = stretch.text[tokens[i].start : tokens[last - 1].end]
    if len(number) > 4 or _YEAR.fullmatch(number) or _UNIT.match(stretch.text, tokens[last - 1].end):
        return None
    following = stretch.text[tokens[last - 1].end : tokens[last - 1].end + 2]
    return None if re.match(r",\d|[.]\d|/\d|:\d", following) else last
