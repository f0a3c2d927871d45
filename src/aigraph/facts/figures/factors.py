"""Factors and shares: "30x", "five times", "tenfold", "doubled", "twice the"; "a third", "half of", "one in ten"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from aigraph.facts.figures.numbers import ORDINALS, Number, find_fractions, find_numbers
from aigraph.facts.figures.wording import Wording
from aigraph.facts.words.windows import search_before

_TIMES = re.compile(r"[ \u00a0\u202f]?(?:x|X|×)(?![\w])|[\s\-\u2010\u2011]+times\b|[\s\-]?fold\b")
_FOLD = re.compile(
    r"\b(two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen"
    r"|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand)-?fold\b",
    re.IGNORECASE,
)
_ROUND = {"hundred": Decimal(100), "thousand": Decimal(1000)}
_WORD = re.compile(r"[A-Za-z]+")
_TWICE = re.compile(
    r"\b(twice|thrice)\b(?=\s+((?:last|this)\s+(?:year|quarter|month)['\u2019]s\b|[a-z]+))", re.IGNORECASE
)
_ONE_IN = re.compile(
    r"\b(?P<part>one|two|three|four|five|six|seven|eight|nine)\s+"
    r"(?:(?P<out>(?:[a-z\-]+\s+){0,2}?out\s+of(?:\s+(?:a|every))?)|(?P<kind>[a-z\-]+\s+)?in(?:\s+every)?)\s+"
    r"(?P<whole>two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|thirty|forty|fifty|100|hundred|\d\d)\b"
    r"(?![\-,.]\w|\s*(?:years|months|days|weeks|quarters|hours|minutes|seconds|percent|%))"
    r"(?(kind)(?=\s*(?:$|[^\w\s]|(?:is|was|has|had|will|would|could|to|and|still|already|fails?|uses?|comes?)\b)))",
    re.IGNORECASE,
)
_CLAUSE_END = re.compile(r"\s*(?:$|[.,;:!?)\u201d])")
_DONE_TO = re.compile(r"(?<!multiply )(?<!multiplied )\b(?:it|them|him|her|us|me)\s+[\w\-]+\s*$")
_HALVES = re.compile(r"\s+and\s+half\b", re.IGNORECASE)
_OTHER_HALF = re.compile(r"\bhalf\s+and\s+$", re.IGNORECASE)
_OF_EVERY = re.compile(
    r"\b(?P<part>one|two|three|four|five|six|seven|eight|nine)\s+of\s+(?:every\s+"
    r"(?=two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|hundred)|(?=ten\s+[a-z]))"
    r"(?P<whole>two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|hundred)\b(?!-)",
    re.IGNORECASE,
)
_OF_A_DOLLAR = re.compile(
    r"\b(?P<cents>\d{1,3}(?:\.\d+)?)\s+(?:cents|pence|kopecks|paise)\s+"
    r"(?:(?:from|in|of|out\s+of)\s+(?:each|every)|on\s+(?:each|every|the))\s+(?:\w+\s+)?(?:dollar|euro|pound|rupee)\b",
    re.IGNORECASE,
)
"""Parts of a coin: "38 cents of every dollar", "sold at 22 cents on the dollar"."""
_FOLLOWER = re.compile(r"\s+([A-Za-z]+)")
_DETERMINER = re.compile(r"(?:\ba|\bthe|['\u2019]s)\s+$", re.IGNORECASE)
_OF = re.compile(r"\s+of\b")
_PART_WORD = re.compile(
    r"(?:an?|one)[\s-](?:third|fifth|sixth|seventh|eighth|ninth|tenth|twentieth|thirtieth|fortieth|fiftieth|hundredth)",
    re.IGNORECASE,
)
_ANOTHER_ONE = re.compile(
    r"\s+such\b|\s*,\s+(?:[A-Z]\w+,"
    r"|(?:an?|the|for|from|in|more|of|that|those|which|who|whom|with)\b[^,.;]*,\s+(?:a|ha|i|wa|we|wi)\w*)"
)
"""Behind "a third" these tell that it is one more of what was named: "a third, in Bintulu, is planned"."""
_NEXT_ONE = re.compile(r"(?:^|[.!?;:\u2022]\s|,\s|\band\s)$")
_THIRD_ONE = re.compile(r"\s*,|\s+(?:at|by|from|had|has|in|is|near|should|was|were|whose|will|would)\b")
_TO_FRACTION = re.compile(r"\s+to\s+(?:two|three)[\s-]")
_QUARTERS = re.compile(
    r"\s+of\s+(?:(?:an?|the|its|their|all|his|her|our|every|global|them|these|those|that|which|it|sales|revenues?|profits?|capacity"
    r"|output|orders)\b|[A-Z])|\s+(?:less|more)\b"
)
_HALF_TOO = re.compile(r"\b(?:and|a\s+good|the\s+other)\s+$", re.IGNORECASE)
_HALF_OF = re.compile(
    r"\s+(?:from\s+[A-Z]|of\s+(?!the\s+(?:battle|story)\b|(?:the|this|last|next|that|its|their)\s+(?:\w+\s+)?(?:year|quarter|month|decade|century)\b|(?:19|20)\d\d|fiscal\b))"
)
_OTHER_PART = re.compile(
    r"\b(?:(?:a|the|its)\s+(?:bare|difficult|further|good|mere|opening|other|remaining|last(?:\s+free)?)|another)\s+"
    r"(?P<part>third|fifth|sixth|seventh|eighth|ninth|tenth|twentieth|(?<=good )quarter(?=\s+of\s+(?:the|its|their))"
    r"|(?<=mere )quarter|(?<=remaining )quarter|(?<=further )quarter)\b",
    re.IGNORECASE,
)
"""Parts told by what else there is: "the remaining tenth", "a good third", "another fifth"."""
_FACTOR_OF = re.compile(
    r"\b(?:by\s+)?a\s+factor\s+of\s+(?:about\s+|around\s+|almost\s+|nearly\s+|roughly\s+|up\s+to\s+)?(?=[\w\d])",
    re.IGNORECASE,
)
_MULTIPLIED = re.compile(
    r"\bmultipl(?:y|ies|ied|ying)\b(?:\s[\w'\u2019\-]+){0,5}?\s+by\s+(?=[\w\d])"
    r"|\b(?:ratio|multiple)\s+of\s+(?:about\s+|only\s+)?(?=\d|[a-z]+[\s,.])"
    r"|\bPUE\)?\s+(?:of\s+|is\s+|at\s+)(?:about\s+|only\s+)?(?=\d)",
    re.IGNORECASE,
)
"""A figure right behind it is a factor: "multiply capacity by ten", "a book-to-bill ratio of 1.3", "a PUE of 1.1"."""
_FROM = re.compile(r"\bfrom\s+$")
_TO_ONE = re.compile(
    r"\bto[\s\-](?:one|1)\b(?!\s+(?:of\b|in\s+(?:every|two|three|four|five|six|seven|eight|nine|ten|\d))|[.,]?\d|\s*%)",
    re.IGNORECASE,
)
_EVERY = re.compile(
    rf"\bevery\s+(?P<nth>{'|'.join(ORDINALS)})\s+"
    r"(?!(?:day|week|weekend|month|quarter|year|hour|minute|time|generation|summer|winter|spring|autumn"
    r"|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|attempt|step)s?\b)(?P<kind>\w+)",
    re.IGNORECASE,
)
_RATE = re.compile(
    r"\d[\w.,/\u00a0\u202f\-]*(?:\s[\w/\-]+){0,2}\s+$|(?:bytes|bits|flops|tokens|operations)\s+$", re.IGNORECASE
)


def times_behind(text: str, end: int, words: Wording) -> int | None:
    """Where the word of a factor ends that follows a figure which ends at `end`; None for "three times a week"."""
    match = _TIMES.match(text, end)
    if match is None or (match[0].endswith("times") and _how_often(text, end, match.end(), words)):
        return None
    return match.end()


def _how_often(text: str, number: int, end: int, words: Wording) -> bool:
    """Do "times" tell how often something happened: "three times a week", "has denied it four times"?"""
    closing = _CLAUSE_END.match(text, end) and search_before(_DONE_TO, text, number)
    return bool(closing) or words.frequency.match(text, end) is not None


def multiplications(text: str, words: Wording) -> Iterator[tuple[Number, bool]]:
    """Words that are a factor by themselves ("doubled", "tenfold", "twice the"), or the share left ("halved").

    Each comes with True for a factor, False for a share.
    """
    for match in _FOLD.finditer(text):
        yield Number(*match.span(), _worth(match[1]), digits=False), True
    for match in _FACTOR_OF.finditer(text):
        number = next((n for n in find_numbers(text[match.end() : match.end() + 24]) if n.start == 0), None)
        if number is not None and number.value > 1:
            yield replace(number, start=match.end(), end=match.end() + number.end), True
    for match in _MULTIPLIED.finditer(text):
        number = next((n for n in find_numbers(text[match.end() : match.end() + 24]) if n.start == 0), None)
        if number is not None and _is_bare(text, match.end() + number.end):
            yield replace(number, start=match.end(), end=match.end() + number.end), True
    for number in _to_one(text):
        yield number, True
    for match in _TWICE.finditer(text):
        if " " in match[2] or words.has("twice_before", match[2]) or words.has("comparatives", match[2]):
            yield Number(*match.span(1), Decimal(2 if match[1].lower() == "twice" else 3), digits=False), True
    for match in _WORD.finditer(text):
        if words.has("halved", match[0]):
            yield Number(*match.span(), Decimal("0.5"), digits=False), False
        elif (factor := words.multiplied.get(match[0].lower())) and _multiplies(text, match, words):
            yield Number(*match.span(), factor, digits=False), True


def _to_one(text: str) -> Iterator[Number]:
    """Ratios to one: "six to one", "3.5 to 1"."""
    for match in _TO_ONE.finditer(text):
        start = max(0, match.start() - 24)
        number = next(
            (n for n in find_numbers(text[start : match.start() - 1]) if n.end == match.start() - 1 - start), None
        )
        if number is None or number.value <= 1 or search_before(_FROM, text, start + number.start):
            continue  # "down from three to one"
        if text[match.start() - 1] in " -":
            yield replace(number, start=start + number.start, end=match.end())


def _multiplies(text: str, match: re.Match[str], words: Wording) -> bool:
    """True where "double" changes or compares something; false for "double-digit", "double life", "doubled down"."""
    at = match.start()
    if words.not_multiplied_before.match(text, match.end()) or text[at - 1 : at] == "-":
        return False
    if not words.has("plain_multiplied", match[0]) or search_before(words.plain_after, text, at):
        return True
    follower = _FOLLOWER.match(text, match.end())
    adjective = search_before(_DETERMINER, text, at)
    return follower is not None and words.has("plain_before", follower[1]) and adjective is None


def _is_bare(text: str, end: int) -> bool:
    """False for "by 10 percent", "a ratio of two to one", "a multiple of 4 bytes"."""
    return (
        re.match(
            r"\s*(?:$|[.,;:)!?\u2013\u2014](?!\d)|(?:and|as|at|between|by|from|in|on|or|over|since|when|while|within)\b)",
            text[end:],
        )
        is not None
    )


def _worth(word: str) -> Decimal:
    return _ROUND.get(word.lower()) or find_numbers(word)[0].value


def shares(text: str, words: Wording) -> Iterator[Number]:
    """Fractions that are shares of something: "a third of", "by half", "two-thirds", "one in ten"; values up to 1."""
    for match in _ONE_IN.finditer(text):
        part, whole = (_worth(match[name]) for name in ("part", "whole"))
        kind = (match["kind"] or "").strip()
        if part < whole and not kind.endswith("s") and (not kind or part == 1):
            yield Number(*match.span(), part / whole, digits=False)
    yield from _counted_out(text)
    for fraction in find_fractions(text):
        if fraction.value < 1 and _is_share(text, fraction, words):
            yield fraction
    for match in _OTHER_PART.finditer(text):
        ends = words.fraction_ends.match(text, match.end()) or words.share_of.match(text, match.end())
        if ends and not words.no_share_behind.match(text, match.end()):
            yield Number(*match.span("part"), 1 / Decimal(ORDINALS.get(match["part"].lower(), 4)), digits=False)
    for match in _EVERY.finditer(text):
        if words.has("stops", match["kind"]) or words.has("frequency", match["kind"]):
            continue
        if search_before(_RATE, text, match.start()):  # "7 TB every second"
            continue
        yield Number(*match.span("nth"), 1 / Decimal(ORDINALS[match["nth"].lower()]), digits=False)
    for match in words.zero_share.finditer(text):
        yield Number(*match.span(1), Decimal(0), digits=False)


def _counted_out(text: str) -> Iterator[Number]:
    """Parts told by how many of how many: "six of every ten", "four of ten racks", "38 cents of every dollar"."""
    for match in _OF_EVERY.finditer(text):
        part, whole = (_worth(match[name]) for name in ("part", "whole"))
        if part < whole:
            yield Number(*match.span(), part / whole, digits=False)
    for match in _OF_A_DOLLAR.finditer(text):
        yield Number(*match.span(), Decimal(match["cents"]) / 100)


def _is_share(text: str, fraction: Number, words: Wording) -> bool:
    """False for an ordinal ("a third customer"), a half-year and a period ("two quarters", "a quarter of growth")."""
    written = text[fraction.start : fraction.end].lower()
    if words.no_share_behind.match(text, fraction.end):
        return False
    if _HALVES.match(text, fraction.end) or search_before(_OTHER_HALF, text, fraction.start):
        return False  # "they own it half and half"
    if fraction.digits:
        return _OF.match(text, fraction.end) is not None
    if written.endswith("quarters") and "-" not in written:
        return _are_quarters(text, fraction, words)
    if written == "half" and search_before(words.no_half_before, text, fraction.start):
        return _is_half(text, fraction)
    several = written.startswith(("two", "three", "four", "five", "six", "seven", "eight", "nine"))
    return several or _is_part(text, fraction, written, words)


def _is_part(text: str, fraction: Number, written: str, words: Wording) -> bool:
    """True for one fraction with what a share has behind it, and before it: "holds a third", "half belong to"."""
    alone = written == "half" and words.half_ends.match(text, fraction.end) is not None
    if alone or words.share_of.match(text, fraction.end) or _TO_FRACTION.match(text, fraction.end):
        return True
    if words.share_ends.match(text, fraction.end) and search_before(words.share_before, text, fraction.start):
        return True
    told = written.endswith(("half", "quarter")) and words.part_verbs.match(text, fraction.end) is not None
    return told or _is_fraction(text, fraction, words)


def _are_quarters(text: str, fraction: Number, words: Wording) -> bool:
    """True for three quarters that are no time: "three quarters of the chips", "holds three quarters"."""
    if not text[fraction.start : fraction.end].lower().startswith("three"):
        return _QUARTERS.match(text, fraction.end) is not None
    if _QUARTERS.match(text, fraction.end) or words.part_verbs.match(text, fraction.end):
        return True
    held = search_before(words.quarters_before, text, fraction.start)
    return held is not None and words.fraction_ends.match(text, fraction.end) is not None


def _is_half(text: str, fraction: Number) -> bool:
    """True for "and half of them", "a good half of it", "the other half from Par"; false for "the first half"."""
    before = search_before(_HALF_TOO, text, fraction.start)
    return before is not None and _HALF_OF.match(text, fraction.end) is not None


def _is_fraction(text: str, fraction: Number, words: Wording) -> bool:
    """True for what is a fraction wherever it stands, since nothing follows that it could be the third or tenth of."""
    written = _PART_WORD.fullmatch(text, fraction.start, fraction.end)
    verb = words.part_verbs.match(text, fraction.end)
    if written is None or not (verb or words.fraction_ends.match(text, fraction.end)):
        return False
    if _ANOTHER_ONE.match(text, fraction.end):
        return False
    opens = search_before(_NEXT_ONE, text, fraction.start) is not None
    return not (opens and written[0].lower().endswith("third") and (verb or _THIRD_ONE.match(text, fraction.end)))
