"""What a bare figure counts: "350,000 H100s", "18,000 of Nvidia's systems", "sixteen of the chips", "14,000 more"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from aigraph.facts.figures.numbers import Number
from aigraph.facts.figures.wording import Wording
from aigraph.facts.words.calendar import LAST_YEAR
from aigraph.facts.words.windows import search_before
from aigraph.records import Span

_OF = re.compile(r"\s+(?:more\s+)?of\s+(?P<rest>\S)")
_PART = re.compile(
    r"\s+(?:more\s+)?of\s+(?:(?:the|all|its|his|her|our|their|these|those|some|[A-Z][\w.&\-]*['\u2019]s?)\s+)?"
    r"(?:\d{1,3}(?:,\d{3})+|\d{2,3}|1\d{3})(?![\w,.]\w)(?:\s+or\s+so)?"
)
_OF_NAMED = re.compile(
    r"\s+of\s+(?:(?:the|its|their|his|her|our|this|that|[A-Z][\w.&\-]*['\u2019]s?)\s+(?:[a-z\-]+\s+)?)"
    r"(?P<noun>[A-Z][\w.\-]*(?:\s(?=[\w.\-]*\d)[\w.\-]+)*)"
)
"""A product told by its name alone: "6,000 of Acme's Q7", "250,000 of the Zeta 950"."""
_OF_SAME = re.compile(
    r"\s+of\s+(?:the|its|their)\s+(?:first|second|third|former|latter|same|older|newer|larger|smaller|old|new|previous|next)\b"
    r"(?!\s+(?:quarter|half|year|month|week|day)\b)"
)
_PRONOUN = re.compile(r"(?:them|these|those|which|whom)\b(?!\s+\w+s\b)", re.IGNORECASE)
_MORE = re.compile(
    r"\s+(?:more|others?)(?=\s*(?:[.,;:!?)]|$)"
    r"|\s+(?:after|and|are|before|but|by|for|in|is|next|once|than|this|to|were|when|will)\b)"
)
_RATE = re.compile(r"\s+(?:a|each|every|per)\s+(?:day|month|quarter|week|year)\b")
_ANOTHER = re.compile(r"\b(?:another|a further|an additional)\s+$", re.IGNORECASE)
_COMPOUND = re.compile(r"[-\u2010\u2011]([A-Za-z]+)\b")
_PLUS = re.compile(r"(?:\+|-plus\b|-odd\b)")
_BLANK = re.compile(r"[ \u00a0\u202f\n]*")
_TOKEN = re.compile(r"[\w$][\w.+&/\-\u2010\u2011]*[\w+]|\w")
_ACRONYM = re.compile(r"[A-Z0-9\-]{2,}s")
_CODE = re.compile(r"(?=[\w\-]*\d)[A-Z]{1,4}[\d\-]+[A-Za-z]{0,3}")
"""A product that is counted without a plural: "20,000 MI355X"."""
_POSSESSIVE = re.compile(r"['\u2019]s?(?!\w)")
_NAME = re.compile(r"([A-Za-z][\w&'\u2019.\-]*)[ \u00a0]$")
_NAME_AND_NUMBER = re.compile(r"\b[A-Z][\w.\-]*[ \u00a0]$")
"""A name that a number may belong to: "Zeta 950 Q7" counts nothing."""
_LONGEST_PHRASE = 10  # words between a figure and its noun
_SMALL = 10
_SEVERAL = 3
_MANY = 1000
_CHANGED_FROM = re.compile(r"\bfrom\s+$", re.IGNORECASE)
_CHANGED_TO = re.compile(r"\bfrom\s+[\d,]+\s+to\s+$", re.IGNORECASE)
_TO_NUMBER = re.compile(r"\s+to\s+\d{1,3},\d{3}\b")
_FIRST_OF = re.compile(r"\bthe\s+(?:first|last|next|remaining|other)\s+$", re.IGNORECASE)
_THERE = re.compile(
    r"\bthere\s+(?:are|were|will be)\s+(?:(?:about|already|at least|more than|nearly|only|over)\s+)?$", re.IGNORECASE
)
_HAPPENED = re.compile(
    r"\s+(?:are|have|were|will)\s+(?:now\s+|since\s+)?(?:be(?:en)?\s+)?(?:built|delivered|deployed|installed|operating|ordered|running|shipped|sold|won)\b"
    r"|\s+(?:arrived|exist|existed|have\s+arrived)\b"
)
_WENT = re.compile(r"\s+(?:went|go|are|were|will|have|had|arrived|arrive|came|come|left|shipped|to)\b")


@dataclass(frozen=True, slots=True)
class Counted:
    """The thing counted: its noun stands at `start` to `end` of the text; both None where it is left out."""

    start: int | None = None
    end: int | None = None


def counted(text: str, number: Number, end: int, words: Wording, names: Sequence[Span] = ()) -> Counted | None:
    """What `number`, which ends at `end` (behind an abbreviated scale), counts; None where it is no count.

    Counts below ten are figures only of parts, machines and works, and of things with a name (`names` are the stretches
    of `text` that name something); "one" never is.
    """
    if number.value <= 1 or number.value != int(number.value) or is_year(text, number) or _named(text, number, words):
        return None
    if plus := _PLUS.match(text, end):
        end = plus.end()
    elif compound := _COMPOUND.match(text, end):
        return Counted(*compound.span(1)) if words.has("compound", compound[1]) else None
    if end < len(text) and not (text[end].isspace() or text[end] in ".,;:!?)"):
        return None
    part = _OF.match(text, end)
    if part and _PRONOUN.match(text, part.start("rest")):
        return Counted() if number.value >= _SMALL else None
    whole = _PART.match(text, end) if part else None
    noun = _noun(
        text, whole.end() if whole else part.start("rest") if part else end, words, determined=part is not None
    )
    if noun is None:
        told = None
        if number.value >= _SMALL:
            told = _product(text, number, end, names) or _part(text, end, whole=whole is not None)
        return told or (Counted() if _elided(text, number, end, words) else None)
    return Counted(*noun) if _counts(text, number, noun, words) or _are_named(text, noun, names) else None


def _product(text: str, number: Number, end: int, names: Sequence[Span]) -> Counted | None:
    """The product right behind a count, told by its name alone: "6,000 Ascend 910B", "61,000 Pilot 6"."""
    if search_before(_NAME_AND_NUMBER, text, number.start):
        return None
    blank = _BLANK.match(text, end)
    at = blank.end() if blank else end
    found = next((span for span in names if span.start == at > end), None)
    if found is None or not text[at].isupper() or not any(letter.isdigit() for letter in text[at : found.end]):
        return None
    return Counted(found.start, found.end)


def _part(text: str, end: int, *, whole: bool) -> Counted | None:
    """What is counted where no plural tells it: "6,000 of Acme's Q7", "40 of the 300", "1,050 of the former"."""
    if named := _OF_NAMED.match(text, end):
        return Counted(*named.span("noun"))
    return Counted() if whole or _OF_SAME.match(text, end) else None


def is_year(text: str, number: Number) -> bool:
    """True for four digits that name a year; "2048 GPUs" and the like, past 2040, are counts."""
    if not re.fullmatch(r"(?:19|20)\d\d", text[number.start : number.end]):
        return False
    return number.value <= LAST_YEAR or not re.match(r"\s+\w*[A-Za-z]\w*s\b", text[number.end :])


def _counts(text: str, number: Number, noun: tuple[int, int], words: Wording) -> bool:
    """False for measures without a unit, and for a few of what is too trivial to count."""
    head = text[slice(*noun)]
    pair = " ".join(text[number.end : noun[1]].lower().split()[-2:])
    if words.has("uncounted", head):
        return False
    few = words.has("counted", head) or words.has("counted", pair) or (head[0].isupper() and _ACRONYM.fullmatch(head))
    few = few or (number.value >= _SEVERAL and words.has("counted_from_three", head))
    return number.value >= _SMALL or bool(few)


def _are_named(text: str, noun: tuple[int, int], names: Sequence[Span]) -> bool:
    """True for several of one product: "eight MI355X", "two Thors"."""
    head = text[slice(*noun)].rstrip(".")
    if not head[0].isupper():
        return False
    named = any(span.start <= noun[0] < span.end and span.end <= noun[1] for span in names)
    return named and (any(letter.isdigit() for letter in head) or head.endswith("s"))


def _named(text: str, number: Number, words: Wording) -> bool:
    """True where the figure ends a name: "Colossus 2", "Fortune 500", "No. 3", "page 4"."""
    if not number.digits or number.scale != 1 or "," in text[number.start : number.end] or number.value >= 10_000:
        return False
    before = search_before(_NAME, text, number.start)
    if before is None:
        return False
    word = before[1]
    capital = not word[0].islower() and not word.endswith((".", "'s", "\u2019s", "s'", "s\u2019"))
    return words.has("series", word) or (capital and not words.has("openers", word))


def _noun(text: str, at: int, words: Wording, *, determined: bool) -> tuple[int, int] | None:
    """The head noun of the noun phrase at `at`: its first plural, or the last of several in a row."""
    head = None
    position = at
    for index in range(_LONGEST_PHRASE):
        blank = _BLANK.match(text, position)
        match = _TOKEN.match(text, blank.end() if blank else position)
        if match is None or (index and match.start() == position):
            break
        token, position = match[0], match.end()
        possessive = _POSSESSIVE.match(text, position)
        if possessive:
            position = possessive.end()
        determiner = determined and index == 0 and words.has("determiners", token)
        if determiner or (head is None and words.has("modifiers", token)):
            continue
        if words.has("stops", token) or (token.isdigit() and not _inside_name(text, match.start(), index, determined)):
            break
        if words.has("uncounted", token):
            return head or match.span()
        if _is_plural(token, words) and not possessive:
            head = match.span()
            if words.has("counted", token) or _ACRONYM.fullmatch(token):
                break  # "72 chips runs": what follows is a verb
        elif index == 0 and _CODE.fullmatch(token):
            head = match.span()
        elif head is not None:
            break
    return head


def _inside_name(text: str, at: int, index: int, determined: bool) -> bool:
    """True for the number of a product ("of Acme's Zeta 690 accelerators") and for the whole of a part."""
    return (index > 0 and _NAME.search(text[:at]) is not None) or (determined and index == 1)


def _is_plural(token: str, words: Wording) -> bool:
    if words.has("plural", token):
        return True
    return len(token) > 2 and token.endswith("s") and not token.endswith(("ss", "us", "is"))


def _elided(text: str, number: Number, end: int, words: Wording) -> bool:
    """True for a count whose noun is left out: "the staff numbered 400", "install 14,000 more", a cell of a table."""
    if search_before(words.team, text, number.start) and words.elided_ends.match(text, end):
        return True
    left_out = (
        _MORE.match(text, end)
        or (_RATE.match(text, end) and search_before(words.had, text, number.start))
        or search_before(_ANOTHER, text, number.start)
        or search_before(words.numbering, text, number.start)
        or (search_before(_THERE, text, number.start) and words.elided_ends.match(text, end))
        or _HAPPENED.match(text, end)
    )
    if (number.value >= _SMALL and left_out is not None) or text.strip() == text[number.start : end]:
        return True
    if number.value >= _MANY and "," in text[number.start : number.end]:
        changed = search_before(_CHANGED_FROM, text, number.start) and _TO_NUMBER.match(text, end)
        had = search_before(words.had, text, number.start) and words.left_out.match(text, end)
        return bool(changed or had or search_before(_CHANGED_TO, text, number.start))
    first = search_before(_FIRST_OF, text, number.start)
    return number.value >= _SMALL and first is not None and _WENT.match(text, end) is not None
