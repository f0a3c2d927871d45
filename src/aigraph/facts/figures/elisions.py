"""Figures that leave out what the words before them said: "250 megawatts, compared with 118", "A has 30% and B 14"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from pyoxigraph import NamedNode

from aigraph.facts.figures.counts import is_year
from aigraph.facts.figures.numbers import Number
from aigraph.facts.figures.wording import Wording
from aigraph.facts.words.windows import search_before
from aigraph.records import Comparator, Span
from aigraph.vocab import AIG, UNIT

_NEAR = 60  # characters between a figure and one that leaves out its unit
_FAR = 110  # the same where nothing but the order of the words tells that it does
_PREPOSITION = re.compile(r"\s+(at|by|for|from|in|to|with)\b")
_COMPARED = re.compile(
    r"\b(?:another|a further|(?:compared (?:with|to)|against|versus)"
    r"(?:\s+(?:the\s+)?[\w\-]+(?:\s[\w\-]+)?['\u2019]s)?)\s+$",
    re.IGNORECASE,
)
_OF_WHICH = re.compile(r"\bof (?:which|this|that)\s+(?:\w+\s+)?$")
_SENTENCE_END = re.compile(r"[.!?][\u201d\"']?\s+[\u201c\"']?[A-Z]|[.:!?]$")
_LAST_WORD = re.compile(r"([^\s(\u201c\"]+)[\s(\u201c\"]+$")
_AGED = re.compile(r"\b(?:age|boy|girl|man|woman)\s+of\s+$")
_TOLD = re.compile(
    r"(?:\b(?:a|an|the|other|first|last|next|its|their|his|her|of\s+(?:the|these|those)|aged|now|by|ratio\s+of|factor\s+of)\s+|[(:]"
    r"|\b(?:effectiveness|PUE|ratio)\b[^.;]{0,40})$",
    re.IGNORECASE,
)
_LISTED = re.compile(
    r"\s+or\s+so\s+[a-z]+|(?:,\s+[\d.,]+)*(?:,?\s+(?:and|or|to)\s+[\d.,]+)\s+(?!(?:a|after|and|at|by|for|from|in|of|on|respectively|to|with)\b)[a-z]+"
    r"|\s+to\s+(?:the|one)\b|\s+(?:more|less|times)\b"
)
_AGE = re.compile(r"\b(?:he|she)(?:\s+(?:is|was)|\s+will\s+be|['\u2019]s)\s+$|\bturn(?:s|ed)\s+$", re.IGNORECASE)
_BETWEEN_COMMAS = re.compile(r"[A-Za-z],\s+$")
_MODELS = 3
"""So many figures back may be the one whose unit is left out."""
_ALIKE = Decimal(30)
"""By what factor two figures of one kind differ at most."""
_FEW = 10
_SMALLEST = 4
_MANY = 1000
_TECHNICAL = frozenset({UNIT.M, UNIT.SEC, UNIT.BYTE})
"""Units of which a bare number is another only where it is compared, since much else is numbered beside them."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A numeral with what it was read as; positions in the text at hand. `unit` is None while nothing is known."""

    start: int
    end: int
    number: Number
    unit: NamedNode | None = None
    factor: Decimal = Decimal(1)
    noun: tuple[int, int] | None = None
    comparator: Comparator | None = None

    @property
    def value(self) -> Decimal:
        """The number in full units."""
        return self.number.value * self.factor


def with_left_out(
    text: str, figures: Sequence[Figure], names: Sequence[Span], words: Wording, earlier: Sequence[Figure] = ()
) -> list[Figure]:
    """The figures with a unit; one that leaves its unit or noun out takes that of a figure before it.

    `earlier` are those of the sentence before.

    `names` are the stretches of `text` that name entities: a number behind one is told of it ("AMD 14"), while behind
    another capital it belongs to a name that is not known ("Hall 7").
    """
    found: list[Figure] = []
    for candidate in figures:
        figure = candidate
        bare = figure.unit is None or (figure.unit == UNIT.NUM and figure.noun is None)
        if bare and found and figure.number.digits and _echoes(text, found[-1], figure):
            figure = replace(figure, unit=found[-1].unit, factor=found[-1].factor)
        elif bare and found and figure.unit is not None and _part_of(text, found[-1], figure):
            figure = _like(text, found[-1], figure, words) or figure
        if figure.unit is None and not is_year(text, figure.number):
            figure = _parallel(text, found, figure) or figure
        if figure.unit is None and not is_year(text, figure.number) and _may_count(text, figure, names, words):
            figure = _continued(text, found, figure, words) or _taken_up(text, found, figure, words, earlier) or figure
        if figure.unit is not None:
            found.append(figure)
    return found


def _echoes(text: str, model: Figure, figure: Figure) -> bool:
    """True for "250 megawatts, compared with 118", "230 megawatts are secured, and another 290 are to follow"."""
    between = text[model.end : figure.start]
    measured = model.unit not in {UNIT.NUM, UNIT.SEC, AIG.Times} and not is_year(text, figure.number)
    near = len(between) <= _NEAR and not re.search(r"[.;:!?]\s", between)
    return measured and near and search_before(_COMPARED, text, figure.start) is not None


def _part_of(text: str, model: Figure, figure: Figure) -> bool:
    """True for "60 megawatts, of which 54 are in use"."""
    between = text[model.end : figure.start]
    return model.unit != UNIT.NUM and len(between) <= _NEAR and _OF_WHICH.search(between) is not None


def _parallel(text: str, found: Sequence[Figure], figure: Figure) -> Figure | None:
    """The figure like one that the same preposition follows: "10 gigawatts from A, 6 from B"."""
    if not figure.number.digits:
        return None
    model = next((model for model in reversed(found[-2:]) if _is_model(text, model, figure)), None)
    if model is None:
        return None
    scale = model.number.scale if figure.number.scale == 1 else 1
    number = replace(figure.number, value=figure.number.value * scale)
    return replace(figure, number=number, unit=model.unit, factor=model.factor, noun=model.noun)


def _is_model(text: str, model: Figure, figure: Figure) -> bool:
    """True where the same preposition follows both: what the first says of A, the second says of B."""
    preposition = _PREPOSITION.match(text, figure.end)
    phrase = text[model.noun[1] if model.noun else model.end : figure.start]
    if preposition is None or len(phrase) > _NEAR or re.search(r"[.;:!?]\s", phrase):
        return False
    large = model.unit != UNIT.NUM or figure.number.value >= _FEW
    return large and re.match(rf"\s+{preposition[1]}\b", phrase) is not None


def _may_count(text: str, figure: Figure, names: Sequence[Span], words: Wording) -> bool:
    """True where nothing follows that a number could count, and it is no place in a series and no part of a name."""
    return words.elided_ends.match(text, figure.end) is not None and not _numbered(text, figure, names, words)


def _continued(text: str, found: Sequence[Figure], figure: Figure, words: Wording) -> Figure | None:
    """The figure that goes on in the unit of one before it, or counts what was counted: "… has 30 and AMD 14."."""
    headcount = search_before(words.staff, text, figure.start)
    if headcount is not None and figure.number.value >= _FEW:
        return replace(figure, unit=UNIT.NUM)
    for model in reversed(found[-_MODELS:]):
        gap = text[model.end : figure.start]
        if len(gap) > _FAR or _SENTENCE_END.search(gap):
            break
        if model.unit != AIG.Times and (like := _like(text, model, figure, words)) is not None:
            return like
    return None


def _taken_up(
    text: str, found: Sequence[Figure], figure: Figure, words: Wording, earlier: Sequence[Figure]
) -> Figure | None:
    """The figure in the unit of the sentence before ("Last year it was 29."); a large or dealt number counts."""
    number = figure.number
    dealt = number.scale == 1 and number.value >= _FEW and search_before(words.dealt, text, figure.start)
    if not found and not dealt and _stands_alone(text, figure):
        for model in reversed(earlier[-_MODELS:]):
            if model.unit != AIG.Times and (like := _like(text, model, figure, words)) is not None:
                return replace(like, noun=None)
    grouped = "," in text[figure.start : figure.end] and number.scale == 1 and number.value >= _MANY
    if (grouped and not search_before(words.priced, text, figure.start)) or dealt:
        return replace(figure, unit=UNIT.NUM)
    return None


def _stands_alone(text: str, figure: Figure) -> bool:
    """Can a bare number be in the unit of the sentence before? Not "the 40 or so clients", "4 and 8 bits", "now 81"."""
    if not (figure.number.digits or figure.number.scale > 1):
        return False
    if search_before(_AGE, text, figure.start):
        return False
    if search_before(_BETWEEN_COMMAS, text, figure.start) and text[figure.end : figure.end + 1] == ",":
        return False  # "founder Walt Erickson, 78, who"
    return search_before(_TOLD, text, figure.start) is None and _LISTED.match(text, figure.end) is None


def _like(text: str, model: Figure, figure: Figure, words: Wording) -> Figure | None:
    """The figure in the unit, and where it is small on the scale, of `model`; None where it is not of that size."""
    number = figure.number
    if not number.digits and number.value < _SMALLEST:
        return None
    if model.unit in _TECHNICAL and not search_before(words.contrasts, text, figure.start):
        return None
    if model.unit == UNIT.NUM and (number.value < _FEW or number.value != int(number.value)):
        return None
    if model.unit == UNIT.PERCENT and (number.scale > 1 or number.value > max(Decimal(100), model.value)):
        return None
    carried = model.number.scale if number.scale == 1 and number.digits and number.value < _MANY else 1
    number = replace(number, value=number.value * carried, scale=max(carried, number.scale))
    if not model.value or not 1 / _ALIKE <= number.value * model.factor / model.value <= _ALIKE:
        return None
    return replace(figure, number=number, unit=model.unit, factor=model.factor, noun=model.noun)


def _numbered(text: str, figure: Figure, names: Sequence[Span], words: Wording) -> bool:
    """Is a number a place in a series, an hour, an age or part of a name: "place 29", "by ten", "of 31", "Hall 7"?"""
    before = _LAST_WORD.search(text, max(0, figure.start - 40), figure.start)
    if before is None:
        return False
    word = before[1]
    if word.endswith(":"):
        return False  # "Employees: 530"
    if words.has("series", word) or words.has("numbered", word) or search_before(_AGED, text, figure.start):
        return True
    if not figure.number.digits and words.has("hours_after", word):
        return True
    named = any(span.start <= before.start(1) < span.end for span in names)
    return word[0].isupper() and not named and not words.has("openers", word) and figure.number.scale == 1
