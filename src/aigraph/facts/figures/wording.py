"""The words of the grammar of figures, from `quantities.yaml`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from aigraph.errors import DataError
from aigraph.records import Comparator
from aigraph.resources import parse_yaml

FILE = Path(__file__).with_name("quantities.yaml")


@dataclass(frozen=True, slots=True)
class Wording:
    """The words that the grammar knows: sets, tables, and patterns for what stands before or behind a figure.

    The patterns named `*_after`, `*_before` and the like say on which side of the figure, as in the file.
    """

    comparators: Mapping[str, Comparator]
    multiplied: Mapping[str, Decimal]
    sets: Mapping[str, frozenset[str]]
    before: re.Pattern[str]
    after: re.Pattern[str]
    foreign: re.Pattern[str]
    negated: re.Pattern[str]
    plain_after: re.Pattern[str]
    not_multiplied_before: re.Pattern[str]
    frequency: re.Pattern[str]
    share_of: re.Pattern[str]
    share_before: re.Pattern[str]
    share_ends: re.Pattern[str]
    fraction_ends: re.Pattern[str]
    part_verbs: re.Pattern[str]
    quarters_before: re.Pattern[str]
    half_ends: re.Pattern[str]
    no_share_behind: re.Pattern[str]
    no_half_before: re.Pattern[str]
    zero_share: re.Pattern[str]
    period_before: re.Pattern[str]
    period_behind: re.Pattern[str]
    lasting: re.Pattern[str]
    lasting_behind: re.Pattern[str]
    numbering: re.Pattern[str]
    had: re.Pattern[str]
    left_out: re.Pattern[str]
    amount_ends: re.Pattern[str]
    elided_ends: re.Pattern[str]
    contrasts: re.Pattern[str]
    staff: re.Pattern[str]
    team: re.Pattern[str]
    dealt: re.Pattern[str]
    priced: re.Pattern[str]

    def has(self, name: str, word: str) -> bool:
        """True where the list `name` of the file holds the word, in any case."""
        return word.lower() in self.sets[name]


@cache
def wording() -> Wording:
    """The words of `quantities.yaml`.

    Raises:
        DataError: a list is missing, or a word is not a string (quote words such as "on" and "no").
    """
    data = parse_yaml(FILE.read_text(encoding="utf-8"))

    def words(name: str) -> str:
        return any_of(_words(data, name))

    before, after = (_groups(data, name) for name in ("before", "after"))
    hedges = any_of(before)
    return Wording(
        comparators=before | after,
        multiplied={word: Decimal(factor) for word, factor in data["multiplied"].items()},
        sets={name: frozenset(_words(data, name)) for name, value in data.items() if isinstance(value, list)},
        before=_pattern(rf"(?<![\w-])({hedges})(?:\s+(?:{words('fillers')}))*\s*$"),
        after=_pattern(rf"\s?({any_of(after)})(?!\w)"),
        foreign=_pattern(rf"(?:(?:%|\b(?:{words('placing')}|{words('comparing')})|\dx))\s+$"),
        negated=_pattern(
            rf"\b(?:{words('negations')})\b[^.;:]*\beven\s+$|\bnot\s+even\b[^.;:,]*\s$",
        ),
        plain_after=_pattern(rf"(?<!\w)(?:{words('plain_after')})\s+$"),
        not_multiplied_before=_pattern(rf"-|\s+(?:{words('not_multiplied_before')})\b"),
        frequency=_pattern(rf"\s+(?:{words('frequency')})\b(?!\s+much\b)"),
        share_of=_pattern(rf"\s+(?:{words('share_of')}|{words('comparatives')})\b"),
        share_before=_pattern(rf"\b(?:{words('share_before')})\s+$"),
        share_ends=_pattern(rf"\s*(?:$|[.,;:)!?\u2013\u2014]|(?:{words('share_ends')})\b)"),
        fraction_ends=_pattern(rf"\s*(?:$|[.,;:)!?\u2013\u2014]|(?:{words('stops')})\b)"),
        part_verbs=_pattern(rf"\s+(?:{words('part_verbs')})\b"),
        quarters_before=_pattern(rf"\b(?:{words('quarters_before')})\s+$"),
        half_ends=_pattern(r"\s*(?:$|[.,;)!?]|(?:as\s+\w+\s+as|by|from|in|is|on)\b)"),
        no_share_behind=_pattern(
            rf"[\-\u2010\u2011]|\s+(?:{words('not_share_before')})\b"
            rf"|\s+of\s+(?:(?:{words('calendar_of')})\b(?!\s+\w+['\u2019]s)|this\s+(?:year|month|quarter|decade|century|fiscal|financial)\b(?!['\u2019])|(?:19|20)\d\d)"
        ),
        no_half_before=_pattern(rf"(?:-|\b(?:{words('not_half_after')})[\s\-]+)$"),
        zero_share=_pattern(
            rf"\b(?:{words('share_nouns')})\s(?:[\w'\u2019,]+\s){{0,6}}?(?:at|be|is|of|to|was)\s+(zero|nil)\b"
        ),
        period_before=_pattern(rf"\b(?:{words('period_before')})(?:\s+(?:{hedges}))?\s+$"),
        period_behind=_pattern(rf"['\u2019]|[\-\s]+(?:{words('period_behind')})\b"),
        lasting=_pattern(
            rf"(?:\b(?:{words('lasting')}):?\s+(?:\(?(?:{words('lasting_links')}|{hedges}|{words('fillers')})\s+){{0,5}}"
            rf"|\b(?:{words('lasting_verbs')})\s+(?:(?:{hedges}|{words('fillers')}|for|on average)\s+)*)$"
        ),
        lasting_behind=_pattern(rf"\s+(?:{words('lasting_behind')})\b"),
        numbering=_pattern(rf"\b(?:{words('count_verbs')})\s+(?:(?:{hedges}|{words('fillers')})\s+)*$"),
        had=_pattern(rf"\b(?:{words('had')})\s+(?:(?:{hedges}|{words('fillers')})\s+)*$"),
        left_out=_pattern(rf"\s*(?:$|[.,;:!?)]|(?:{words('left_out')})\b)"),
        elided_ends=_pattern(
            rf"[\u201d\"')]*\s*(?:$|[.,;:)!?\u2013\u2014|\u201d]|-\s|(?:{words('elided_ends')})\b(?!\s+of\b))"
        ),
        contrasts=_pattern(rf"\b(?:{words('contrasts')})\s+(?:(?:{hedges}|{words('fillers')})\s+)*$"),
        staff=_pattern(
            rf"\b(?:{words('headcount')})(?::|,)?\s+(?:(?:{hedges})\s+)?$|\b(?:{words('staff')})\b[^.,;:]{{0,30}}\b(?:at|by|from|is|now|of|to|was)\s+(?:(?:{hedges})\s+)?$"
        ),
        team=_pattern(rf"\b(?:{words('team')})\s+of\s+(?:(?:{hedges}|{words('fillers')})\s+)*$"),
        dealt=_pattern(rf"\b(?:{words('dealt')})\s+(?:(?:{hedges}|{words('fillers')})\s+)*$"),
        priced=_pattern(rf"\b(?:{words('priced')})\s+(?:(?:{hedges})\s+)?$"),
        amount_ends=_pattern(rf"\s*(?:$|[.,;:)!?\u2013\u2014]|(?:{words('amount_ends')})\b)"),
    )


def any_of(words: Iterable[str]) -> str:
    """A pattern for any of the words, the longest first, blanks as any white space."""
    ordered = sorted(words, key=lambda word: (-len(word), word))
    return "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in ordered)


def _pattern(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


def _words(data: Mapping[str, Any], name: str) -> list[str]:
    words = data.get(name)
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        raise DataError(f'{FILE.name}: {name!r} must be a list of words; quote words such as "on" and "no".')
    return words


def _groups(data: Mapping[str, Any], name: str) -> dict[str, Comparator]:
    try:
        return {word: Comparator(kind) for kind, words in data[name].items() for word in words}
    except (KeyError, AttributeError, ValueError) as error:
        raise DataError(f"{FILE.name}: {name!r} must list words by comparator: {error!s}.") from error
