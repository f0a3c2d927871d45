"""Finds the figures of a text and brings them to full units: "up to 6.1TB" is at most 6.1e12 bytes.

The grammar is small: numerals (`numbers`), units and currencies (`units`), factors and shares (`factors`), counted
nouns (`counts`), and around them comparators and ranges. Its words are data (`units.yaml`, `quantities.yaml`); what is
no figure (years, dates, ordinals, delivery periods, trivial counts) is described in `docs/quantities.md`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from pyoxigraph import NamedNode

from aigraph.facts.figures.counts import counted, is_year
from aigraph.facts.figures.factors import multiplications, shares, times_behind
from aigraph.facts.figures.numbers import Number, abbreviation, find_numbers
from aigraph.facts.figures.units import Units, units
from aigraph.facts.figures.wording import Wording, wording
from aigraph.facts.words.calendar import date_spans
from aigraph.facts.words.windows import Occupied, search_before
from aigraph.records import Comparator, Quantity, Span
from aigraph.vocab import AIG, UNIT

_DASH = r"[-\u2010\u2011\u2012\u2013\u2014]"
_TO = re.compile(
    rf"\s?{_DASH}\s?(?:to{_DASH})?|\s+to\s+(?:around\s+|about\s+|as\s+much\s+as\s+|perhaps\s+)?", re.IGNORECASE
)
_AND = re.compile(r"\s+and\s+")
_LIST = re.compile(r",?\s+(?:and|or)\s+|,\s+|\s?&\s?|\s?/\s?")
_FROM = re.compile(r"\b(from|between|anywhere\s+from|anywhere\s+between)\s+$", re.IGNORECASE)
_ONE_UNIT = re.compile(
    r"\b(?P<count>half\s+an?|an?(?:\s+(?:additional|full|further|whole))?"
    r"|(?:the|its)\s+(?:first|opening|initial)|first)(?=[\s\-])",
    re.IGNORECASE,
)
_CUT_OFF = re.compile(r"\s(?:tr(?:illio|illi|ill|il|i)?|bi(?:llio|lli|ll|l)?|mi(?:llio|lli|ll|l)?)(?:\u2026|\.{3})?$")
_OF = re.compile(r"\s+of\b")
_WITHIN = re.compile(r"\bwithin\s+$")
_WORD = re.compile(r"([A-Za-z]+)\s+$")
_TOP = re.compile(r"(?<!\bthe\s)\b(top)\s+$")
_FOLDED = re.compile(r"\b(up to|as much as)\s+an?\s+$", re.IGNORECASE)
_NAME = re.compile(r"(?:\d|\b[A-Z]\w*)\s$")
_PREPOSITION = re.compile(r"\s+(at|by|for|from|in|to|with)\b")
_NEAR = 60  # characters between a figure and one that leaves out its unit
_COMPARED = re.compile(
    r"\b(?:another|a further|(?:compared (?:with|to)|against|versus)"
    r"(?:\s+(?:the\s+)?[\w\-]+(?:\s[\w\-]+)?['\u2019]s)?)\s+$",
    re.IGNORECASE,
)
_MINUS = re.compile(r"\b(?:minus|negative)\s+$", re.IGNORECASE)
_DATA_RATE = re.compile(r"\s+of\s+data\s+(?:a|per|each|every)\s+second\b", re.IGNORECASE)
_MINUTE = Decimal(60)


@dataclass(frozen=True, slots=True)
class _Figure:
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
        return self.number.value * self.factor


def find_quantities(
    text: str, *, offset: int = 0, taken: Sequence[Span] = (), header: str = ""
) -> tuple[Quantity, ...]:
    """The figures of a sentence or cell in reading order, never overlapping, in full units.

    `offset` is where `text` begins in the article; the spans of the result count from the article's start. `taken`
    are spans of the article that name entities: no figure lies in one ("Llama 3"). A range gives two quantities.
    `header` is the head of the column or row that a cell stands in: it may give a bare figure its unit ("Power (kW)").
    """
    words, table = wording(), units()
    blocked = [Span(span.start - offset, span.end - offset) for span in taken] + list(date_spans(text))
    figures = _read(text, blocked, words, table)
    figures = _joined(text, figures, table)
    figures = _headed(figures, header, table)
    figures = _repeated(text, figures)
    figures = _compared(text, [_signed(text, figure, table) for figure in figures], words)
    return tuple(
        Quantity(
            value=_rounded(figure),
            unit=figure.unit,
            comparator=figure.comparator or Comparator.EXACTLY,
            span=Span(offset + figure.start, offset + figure.end),
            noun=None if figure.noun is None else Span(offset + figure.noun[0], offset + figure.noun[1]),
        )
        for figure in figures
        if figure.unit is not None
    )


def _signed(text: str, figure: _Figure, table: Units) -> _Figure:
    """The figure below zero behind "minus": "free cash flow of minus $8 million"."""
    minus = search_before(_MINUS, text, figure.start)
    if minus is None or (figure.unit not in table.money and figure.unit != UNIT.PERCENT):
        return figure
    return replace(figure, start=minus.start(), number=replace(figure.number, value=-figure.number.value))


def _rounded(figure: _Figure) -> float:
    """The value; shares from fractions get two decimals ("a third" is 33.33)."""
    value = figure.value
    return float(round(value, 2) if figure.unit == UNIT.PERCENT and figure.factor == 100 else value)


# --- reading ------------------------------------------------------------------------------------------------


def _read(text: str, blocked: Sequence[Span], words: Wording, table: Units) -> list[_Figure]:
    """All numerals and words of number, each with its unit where it has one of its own; in order."""
    found: list[_Figure] = []
    occupied = Occupied(len(text), list(blocked))

    def add(figure: _Figure) -> None:
        if occupied.take(figure.start, figure.end):
            found.append(figure)

    for share in shares(text, words):
        add(_Figure(share.start, share.end, share, UNIT.PERCENT, Decimal(100)))
    for number, is_factor in multiplications(text, words):
        unit, factor = (AIG.Times, Decimal(1)) if is_factor else (UNIT.PERCENT, Decimal(100))
        add(_Figure(number.start, number.end, number, unit, factor))
    money: list[_Figure] = []
    for number in find_numbers(text):
        figure = _measured(text, number, words, table, money)
        add(figure)
        if figure.unit in table.money:
            money.append(figure)
    for figure in _single_units(text, table, found):
        add(figure)
    return sorted(found, key=lambda figure: figure.start)


def _measured(text: str, number: Number, words: Wording, table: Units, money: Sequence[_Figure]) -> _Figure:
    """The numeral with the unit, currency or noun that stands around it; without a unit where there is none."""
    scaled = _scaled(text, number)
    currency = table.currency_before(text, number.start)
    if currency and not _CUT_OFF.match(text, scaled.end):
        return _Figure(currency[1], scaled.end, scaled, currency[0])
    of = _OF.match(text, number.end) if number.vague else None
    if unit := table.read(text, of.end() if of else number.end):
        if unit.unit == UNIT.BYTE and (rate := _DATA_RATE.match(text, unit.end)):
            unit = replace(unit, unit=UNIT["BYTE-PER-SEC"], end=rate.end())
        figure = _Figure(number.start, unit.end, number, unit.unit, unit.factor)
        return figure if _measures(text, figure, words) else _Figure(number.start, number.end, number)
    if scaled is not number and (unit := table.read(text, scaled.end)) and unit.unit in table.money:
        return _Figure(number.start, unit.end, scaled, unit.unit, unit.factor)
    if (end := times_behind(text, number.end, words)) and not number.vague:
        return _Figure(number.start, end, number, AIG.Times)
    return _counted(text, number, scaled, words, money)


def _counted(text: str, number: Number, scaled: Number, words: Wording, money: Sequence[_Figure]) -> _Figure:
    """The numeral as a count ("350,000 H100s"), or as an amount whose currency was said before ("3.9 billion")."""
    count = counted(text, scaled, scaled.end, words)
    if count is None and scaled is not number:
        number_, count = number, counted(text, number, number.end, words)
    else:
        number_ = scaled
    if (count is None or count.start is None) and _is_amount(text, scaled, words, money):
        return _Figure(number.start, scaled.end, scaled, money[-1].unit)
    if count is None:
        return _Figure(number.start, number.end, number)
    noun = None if count.start is None or count.end is None else (count.start, count.end)
    return _Figure(number_.start, number_.end, number_, UNIT.NUM, noun=noun)


def _scaled(text: str, number: Number) -> Number:
    """The numeral with the abbreviated scale behind it ("100bn", "$5 M"), itself where there is none."""
    if not number.digits or number.scale != 1 or (short := abbreviation(text, number.end)) is None:
        return number
    return replace(number, value=number.value * short[0], scale=short[0], end=short[1])


def _is_amount(text: str, number: Number, words: Wording, money: Sequence[_Figure]) -> bool:
    """True for "3.9 billion" where an amount of money stands earlier in the sentence."""
    if not money or number.scale < 10**6 or re.search(r"[.!?]\s+[A-Z]", text[money[-1].end : number.start]):
        return False
    if text[number.end - 1] in "BKMT" or search_before(_NAME, text, number.start):
        return False  # "Llama 3 70B"
    return words.amount_ends.match(text, number.end) is not None


def _measures(text: str, figure: _Figure, words: Wording) -> bool:
    """False where a unit is none after all: a period ("within 90 days"), a small "won"."""
    if figure.unit == UNIT.SEC and figure.factor >= _MINUTE:
        return not (
            search_before(words.period_before, text, figure.start) or words.period_behind.match(text, figure.end)
        )
    if figure.unit == UNIT.SEC:
        return not re.match(r"\s+(?:ago|later)\b", text[figure.end :])
    spelled = text[figure.number.end : figure.end].strip().lower()
    return spelled != "won" or figure.number.value >= 1000


def _single_units(text: str, table: Units, found: Sequence[_Figure]) -> Iterator[_Figure]:
    """ "A gigawatt", "the first gigawatt", "half a megawatt": a unit of power, memory or speed that counts itself."""
    for match in _ONE_UNIT.finditer(text):
        unit = table.read(text, match.end())
        half = match["count"].lower().startswith("half")
        if unit is None or unit.unit == UNIT.M or unit.unit in table.money:
            continue
        if unit.unit == UNIT.SEC and (not half or unit.factor > 1):
            continue  # "half a second" is how fast, "half a day" and "a second" are seldom figures
        article = re.match(r"an?\b", match["count"], re.IGNORECASE) is not None
        if article and any(0 <= match.start() - figure.end <= 1 for figure in found):
            continue  # "$50 billion a gigawatt" is a rate
        worth = Decimal("0.5") if half else Decimal(1)
        start = match.start() if article or worth != 1 else match.end() - len(match["count"].split()[-1])
        yield _Figure(start, unit.end, Number(start, match.end(), worth, digits=False), unit.unit, unit.factor)


# --- ranges and lists ---------------------------------------------------------------------------------------


def _joined(text: str, figures: list[_Figure], table: Units) -> list[_Figure]:
    """Ranges become AtLeast and AtMost; in ranges and lists a figure takes the unit and scale of its neighbour."""
    joined = list(figures)
    for index in range(len(joined) - 2, -1, -1):
        first, second = joined[index], joined[index + 1]
        gap = text[_scaled(text, first.number).end if first.unit is None else first.end : second.start]
        before = search_before(_FROM, text, first.start)
        between = before is not None and "between" in before[1].lower()
        if _TO.fullmatch(gap) or (between and _AND.fullmatch(gap)):
            pair = _shared(text, first, second, table)
            if pair is None:
                continue
            if _is_range(text, pair, before):
                start = pair[0].start - (len(before[0]) if before else 0)
                pair = (
                    replace(pair[0], start=start, comparator=Comparator.AT_LEAST),
                    replace(pair[1], comparator=Comparator.AT_MOST),
                )
            joined[index : index + 2] = pair
        elif _LIST.fullmatch(gap) and first.unit is None and second.unit not in {None, UNIT.NUM}:
            pair = _shared(text, first, second, table)
            if pair is not None and second.comparator is None:
                joined[index : index + 2] = pair
    return joined


def _repeated(text: str, figures: list[_Figure]) -> list[_Figure]:
    """The figures with a unit; one whose unit was said before takes that ("10 gigawatts from A, 10 from B")."""
    repeated: list[_Figure] = []
    for candidate in figures:
        figure = candidate
        bare = figure.unit is None or (figure.unit == UNIT.NUM and figure.noun is None)
        if bare and repeated and figure.number.digits and _echoes(text, repeated[-1], figure):
            figure = replace(figure, unit=repeated[-1].unit, factor=repeated[-1].factor)
        if figure.unit is None and figure.number.digits and not is_year(text, figure.number):
            models = (model for model in reversed(repeated[-2:]) if _is_model(text, model, figure))
            if model := next(models, None):
                scale = model.number.scale if figure.number.scale == 1 else 1
                number = replace(figure.number, value=figure.number.value * scale)
                figure = replace(figure, number=number, unit=model.unit, factor=model.factor, noun=model.noun)
        if figure.unit is not None:
            repeated.append(figure)
    return repeated


def _echoes(text: str, model: _Figure, figure: _Figure) -> bool:
    """True for "250 megawatts, compared with 118", "230 megawatts are secured, and another 290 are to follow"."""
    between = text[model.end : figure.start]
    measured = model.unit not in {UNIT.NUM, UNIT.SEC, AIG.Times} and not is_year(text, figure.number)
    near = len(between) <= _NEAR and not re.search(r"[.;:!?]\s", between)
    return measured and near and search_before(_COMPARED, text, figure.start) is not None


def _headed(figures: list[_Figure], header: str, table: Units) -> list[_Figure]:
    """Bare figures with the unit that the head of their column names."""
    unit = table.named(header) if header else None
    if unit is None:
        return figures
    return [
        replace(figure, unit=unit.unit, factor=unit.factor)
        if figure.unit is None or (figure.unit == UNIT.NUM and figure.noun is None)
        else figure
        for figure in figures
    ]


def _is_model(text: str, model: _Figure, figure: _Figure) -> bool:
    """True where the same preposition follows both: what the first says of A, the second says of B."""
    preposition = _PREPOSITION.match(text, figure.end)
    phrase = text[model.noun[1] if model.noun else model.end : figure.start]
    if preposition is None or len(phrase) > _NEAR or re.search(r"[.;:!?]\s", phrase):
        return False
    large = model.unit != UNIT.NUM or figure.number.value >= 10
    return large and re.match(rf"\s+{preposition[1]}\b", phrase) is not None


def _shared(text: str, first: _Figure, second: _Figure, table: Units) -> tuple[_Figure, _Figure] | None:
    """Both figures in one unit, None where they have different ones: "$12-14 billion", "25-30%", "12 to 14 billion"."""
    if (first.unit is None and is_year(text, first.number)) or (second.unit is None and is_year(text, second.number)):
        return None
    if first.unit is None and second.unit is None:
        return None
    if second.unit is None or (first.unit in table.money and second.unit == UNIT.NUM):
        if first.unit not in table.money:
            return None
        number = _scaled(text, second.number)
        second = _Figure(second.start, number.end, number, first.unit)
    elif first.unit is None:
        first = _Figure(first.start, first.number.end, first.number, second.unit, second.factor, second.noun)
    if first.unit != second.unit:
        return None
    scale = second.number.scale
    if first.number.scale == 1 and scale > 1 and first.number.value < second.number.mantissa:
        first = replace(first, number=replace(first.number, value=first.number.value * scale, scale=scale))
    return first, second


def _is_range(text: str, pair: tuple[_Figure, _Figure], before: re.Match[str] | None) -> bool:
    """False for a change: "from 10% to 15%", "fell $3 billion to $2 billion"."""
    if pair[0].value >= pair[1].value:
        return False
    if before is None or before[1].lower() != "from":
        return True
    opener = search_before(_WORD, text, pair[0].start - len(before[0]))
    return opener is not None and wording().has("range_openers", opener[1])


# --- comparators --------------------------------------------------------------------------------------------


def _compared(text: str, figures: list[_Figure], words: Wording) -> list[_Figure]:
    """The figures with the comparators around them; one of two that "and" joins carries over to the second."""
    compared: list[_Figure] = []
    for figure in figures:
        bound = figure if figure.comparator else _bound(text, figure, words)
        if bound.comparator is None and compared:
            last = compared[-1]
            gap = text[last.end : bound.start]
            same = last.unit == bound.unit and last.unit not in {UNIT.NUM, UNIT.PERCENT}
            carries = last.comparator not in {None, Comparator.AT_LEAST, Comparator.AT_MOST}
            if same and carries and re.fullmatch(r"(?:\s[\w-]+){0,4}\s(?:and|or)\s", gap):
                bound = replace(bound, comparator=last.comparator)
        compared.append(bound)
    return compared


def _bound(text: str, figure: _Figure, words: Wording) -> _Figure:
    """The figure with its own comparator, if any; `start` and `end` then cover its words."""
    before = search_before(words.before, text, figure.start)
    if before and not search_before(words.foreign, text, before.start(1)):
        comparator = words.comparators[re.sub(r"\s+", " ", before[1]).lower()]
        return replace(figure, start=before.start(1), comparator=comparator)
    if (start := _topped(text, figure)) is not None:
        return replace(figure, start=start, comparator=Comparator.MORE_THAN)
    if (start := _folded(text, figure)) is not None:
        return replace(figure, start=start, comparator=Comparator.UP_TO)
    return _bound_otherwise(text, figure, words)


def _topped(text: str, figure: _Figure) -> int | None:
    """Where "top" begins in "orders top $3 billion", which "the top 10" is none of."""
    before = search_before(_TOP, text, figure.start)
    return before.start(1) if before and re.match(r"[^\w\s]|[A-Z]{2}", text[figure.start :]) else None


def _folded(text: str, figure: _Figure) -> int | None:
    """Where "up to" begins in "up to a hundredfold gain"."""
    before = search_before(_FOLDED, text, figure.start)
    return before.start(1) if before and text[figure.start : figure.end].lower().endswith("fold") else None


def _bound_otherwise(text: str, figure: _Figure, words: Wording) -> _Figure:
    """The figure with a comparator that is no phrase before it: a vague number, a negation, words behind it."""
    if figure.number.vague:
        return replace(figure, comparator=Comparator.AT_LEAST)
    if search_before(words.negated, text, figure.start):
        return replace(figure, comparator=Comparator.LESS_THAN)
    after = words.after.match(text, figure.end)
    if after:
        comparator = words.comparators[re.sub(r"\s+", " ", after[1]).lower()]
        return replace(figure, end=after.end(1), comparator=comparator)
    if search_before(_WITHIN, text, figure.start) and figure.unit not in {UNIT.NUM, UNIT.PERCENT}:
        return replace(figure, comparator=Comparator.AT_MOST)
    return figure
