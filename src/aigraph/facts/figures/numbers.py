"""Numbers as English writes them: "1,229", "2.25", "1.2 trillion", "twenty-five", "half a million", "tens of billions".

`find_numbers` finds the numerals of a text with their values; what they count or measure is for `quantities`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

_UNITS = {
    "zero": 0,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "eleven": 11,
    "twelve": 12,
    "thirteen": 13,
    "fourteen": 14,
    "fifteen": 15,
    "sixteen": 16,
    "seventeen": 17,
    "eighteen": 18,
    "nineteen": 19,
}
_TENS = {
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "seventy": 70,
    "eighty": 80,
    "ninety": 90,
}
_SCALES = {
    "hundred": 10**2,
    "thousand": 10**3,
    "million": 10**6,
    "billion": 10**9,
    "trillion": 10**12,
    "quadrillion": 10**15,
    "dozen": 12,
    "lakh": 10**5,
    "crore": 10**7,
}
_VAGUE = {
    "tens": 10,
    "dozens": 12,
    "scores": 20,
    "hundreds": 10**2,
    "thousands": 10**3,
    "millions": 10**6,
    "billions": 10**9,
    "trillions": 10**12,
}
_MANIFOLD = {"several": 1, "double": 10}
_ABBREVIATIONS = {
    "k": 10**3,
    "m": 10**6,
    "mn": 10**6,
    "mln": 10**6,
    "b": 10**9,
    "bn": 10**9,
    "bln": 10**9,
    "t": 10**12,
    "tn": 10**12,
    "trn": 10**12,
}
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_VULGAR = {"½": Decimal("0.5"), "¼": Decimal("0.25"), "¾": Decimal("0.75")}
ORDINALS = {
    "second": 2,
    "third": 3,
    "fourth": 4,
    "fifth": 5,
    "sixth": 6,
    "seventh": 7,
    "eighth": 8,
    "ninth": 9,
    "tenth": 10,
    "eleventh": 11,
    "twelfth": 12,
    "fifteenth": 15,
    "twentieth": 20,
    "thirtieth": 30,
    "fortieth": 40,
    "fiftieth": 50,
    "hundredth": 100,
    "thousandth": 1000,
}
"""The words for places in a series that also name a part: "a fifth of", "every fifth"."""
_DENOMINATORS = {"half": 2, "quarter": 4} | {word: worth for word, worth in ORDINALS.items() if word != "second"}


def _any(words: object) -> str:
    return "|".join(sorted(map(str, words), key=len, reverse=True))  # type: ignore[call-overload]


_GAP = r"[\s\-\u2010\u2011\u00a0\u202f]+"
_SMALL = rf"(?:(?:{_any(_TENS)})(?:{_GAP}(?:{_any(list(_UNITS)[1:10])})\b)?|{_any(_UNITS)})\b"
_HUNDREDS = rf"(?:(?:{_SMALL}|an?\b){_GAP}hundred\b(?:{_GAP}(?:and{_GAP})?{_SMALL})?|{_SMALL})"
_SCALE = rf"(?:{_any(_SCALES)})\b"
_WORDS = (
    rf"(?:{_SMALL}{_GAP}and{_GAP}a{_GAP}half\b(?:{_GAP}{_SCALE})*"
    rf"|(?:(?:one|an?){_GAP})?half{_GAP}(?:an?{_GAP})?{_SCALE}(?:{_GAP}{_SCALE})*"
    rf"|(?:{_HUNDREDS}|an?\b)(?:{_GAP}{_SCALE})+(?:{_GAP}(?:and{_GAP})?{_HUNDREDS}(?!{_GAP}{_SCALE}))?"
    rf"|{_HUNDREDS})"
)
_DIGITS = r"(?:\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?)"
_NUMBER = re.compile(
    rf"(?P<vague>\b(?:{_any(_VAGUE)})(?:\s+of\s+(?:{_any(_VAGUE)}))*\b"
    rf"|\b(?:(?:several|a{_GAP}few|many){_GAP}|multi[\-\u2010\u2011]?)(?:{_any(_SCALES)})s?\b(?:{_GAP}{_SCALE})*"
    rf"|\bdouble-digit\s+(?:millions|billions))"
    rf"|(?P<power>(?:(?P<mantissa>{_DIGITS})\s?[x×]\s?)?\b10(?:\^\s?(?P<exponent>\d{{1,2}})|(?P<raised>[⁰¹²³⁴⁵⁶⁷⁸⁹]{{1,2}})))"
    rf"|(?P<digits>{_DIGITS})(?P<vulgar>[½¼¾])?(?:{_GAP}and{_GAP}a{_GAP}half\b)?(?P<scale>(?:(?:{_GAP})?{_SCALE})*)"
    r"|(?P<only>[½¼¾])"
    rf"|\b(?P<words>{_WORDS})\b",
    re.IGNORECASE,
)
_HYPHENS = "\\-\u2010\u2011\u2012\u2013\u2014\u2212"
_TAIL = re.compile(r"[^\s(\[\u201c\u201d\"']*$")
_CODE = re.compile(
    r"(?:^|[^A-Za-z])(?:AED|AUD|BRL|CAD|CHF|CNY|CZK|DKK|EUR|GBP|HKD|IDR|ILS|INR|JPY|KES|KRW|KSh|MXN|MYR|NIS|NOK|NZD|PLN"
    r"|RM|RMB|Rmb|Rp|Rs\.?|SAR|SEK|SGD|THB|TWD|USD|VND|ZAR)$"
)
_NUMERIC = re.compile(
    rf"[~\d$€£¥₩₹฿₫₱₺]|[A-Z]{{1,3}}\$|(?:{_any([*_UNITS, *_TENS, *_SCALES])}|a|an|mid)$", re.IGNORECASE
)
_ABBREVIATED = re.compile(r"[ \u00a0\u202f]?(bn|bln|mn|mln|tn|trn|[kmbt])(?![A-Za-z0-9$€£])", re.IGNORECASE)
_FRACTION = re.compile(
    rf"\b(?P<count>{_SMALL}|an?|\d+)(?P<gap>{_GAP})(?P<name>{_any(_DENOMINATORS)})(?P<many>s?)\b"
    r"|\b(?P<half>half)\b|(?P<sign>[½¼¾])(?![\w])|(?<![\w.,/])(?P<top>\d{1,2})/(?P<bottom>\d{1,2})(?![\w/.])",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Number:
    """A numeral: `text[start:end]` is worth `value`.

    `mantissa` is the value before words of scale ("3.9" of "3.9 billion"); `scale` the factor they make. `vague`
    is true for "hundreds", "tens of billions": at least so many. `digits` is true where it is written in digits.
    """

    start: int
    end: int
    value: Decimal
    scale: int = 1
    vague: bool = False
    digits: bool = True

    @property
    def mantissa(self) -> Decimal:
        """The value without the words of scale."""
        return self.value / self.scale


def find_numbers(text: str) -> tuple[Number, ...]:
    """All numerals of `text` in order, never overlapping.

    Digits that belong to a word ("H100", "v2.0", "GPT-4"), ordinals and digits behind a point or colon are none.
    """
    return tuple(_numbers(text))


def _numbers(text: str) -> Iterator[Number]:
    for match in _NUMBER.finditer(text):
        start, end = match.span()
        if match["vague"]:
            product = 1
            for word in re.findall(r"[a-z]+", match["vague"].lower().replace("multi", "multi ")):
                product *= _VAGUE.get(word) or _SCALES.get(word) or _MANIFOLD.get(word, 1)
            yield Number(start, end, Decimal(product), scale=product, vague=True, digits=False)
        elif match["power"]:
            exponent = int(match["exponent"] or match["raised"].translate(_SUPERSCRIPTS))
            yield Number(start, end, _decimal(match["mantissa"] or "1") * 10**exponent)
        elif match["digits"]:
            if not _glued(text, start):
                yield _written(match)
        elif match["only"]:
            yield Number(start, end, _VULGAR[match["only"]])
        elif not re.search(r"\w-$", text[max(0, start - 2) : start]):
            value, scale = _spelled(match["words"].lower())
            yield Number(start, end, value, scale=scale, digits=False)


def _glued(text: str, start: int) -> bool:
    """True for digits that belong to what stands before them: "H100", "GPT-4", "10:30", "No.2", "#3"."""
    before = _TAIL.search(text, max(0, start - 24), start)
    tail = before[0] if before else ""
    if not tail or _CODE.search(tail):
        return False
    if tail[-1] in _HYPHENS:
        words = re.split(rf"[{_HYPHENS}]", tail[:-1])
        return bool(words[-1]) and words[-1][-1].isalpha() and not _NUMERIC.match(words[-1])
    if tail[-1] in ".,:/":
        return len(tail) > 1 and tail[-2].isalnum()
    return tail[-1].isalnum() or tail[-1] in "_#"


def _written(match: re.Match[str]) -> Number:
    value = _decimal(match["digits"])
    if match["vulgar"]:
        value += _VULGAR[match["vulgar"]]
    if "half" in match[0].lower():
        value += Decimal("0.5")
    scale = 1
    for word in re.findall(r"[a-z]+", match["scale"].lower()):
        scale *= _SCALES[word]
    return Number(*match.span(), value * scale, scale=scale)


def _decimal(digits: str) -> Decimal:
    return Decimal(digits.replace(",", ""))


def _spelled(words: str) -> tuple[Decimal, int]:
    """The value of a number in words, and the factor of its last words of scale."""
    total, group, scale = Decimal(0), Decimal(0), 1
    for word in re.findall(r"[a-z]+", words):
        if word == "half":
            group += Decimal("0.5")
        elif word in _SCALES:
            factor = _SCALES[word]
            if not group and total:  # "two hundred thousand million": the second scale raises all before it
                total, scale = total * factor, scale * factor
                continue
            group, scale = (group or Decimal(1)) * factor, factor
            if factor != _SCALES["hundred"]:
                total, group = total + group, Decimal(0)
        elif word in _UNITS or word in _TENS:
            group += _UNITS.get(word, _TENS.get(word, 0))
            scale = 1
    return total + group, scale


def abbreviation(text: str, at: int) -> tuple[int, int] | None:
    """The factor of an abbreviated scale that begins at `at` ("bn", " M"), and where it ends; None if there is none."""
    match = _ABBREVIATED.match(text, at)
    return None if match is None else (_ABBREVIATIONS[match[1].lower()], match.end())


def find_fractions(text: str) -> tuple[Number, ...]:
    """All fractions of `text`: "a third", "two-thirds", "half", "three quarters", "¼", "2/3"; with their value.

    An ordinal ("the third", "a third customer") may be among them: the caller looks at what follows.
    """
    found = []
    for match in _FRACTION.finditer(text):
        start, end = match.span()
        if match["half"]:
            share = Fraction(1, 2)
        elif match["sign"]:
            share = Fraction(_VULGAR[match["sign"]])
        elif match["top"]:
            if not 0 < int(match["top"]) < int(match["bottom"]):
                continue
            share = Fraction(int(match["top"]), int(match["bottom"]))
        else:
            word = match["count"].lower()
            count = 1 if word in {"a", "an"} else int(word) if word.isdigit() else int(_spelled(word)[0])
            if bool(match["many"]) != (count > 1):
                continue
            share = Fraction(count, _DENOMINATORS[match["name"].lower()])
        value = Decimal(share.numerator) / Decimal(share.denominator)
        found.append(Number(start, end, value, digits=bool(match["top"] or match["sign"])))
    return tuple(found)
