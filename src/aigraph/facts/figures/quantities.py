"""Finds the figures of a text and brings them to full units: "up to 6.1TB" is at most 6.1e12 bytes.

The grammar is small: numerals (`numbers`), units and currencies (`units`), factors and shares (`factors`), counted
nouns (`counts`), and around them comparators and ranges. Its words are data (`units.yaml`, `quantities.yaml`); what is
no figure (years, dates, ordinals, delivery periods, trivial counts) is described in `docs/quantities.md`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from pyoxigraph import NamedNode

from aigraph.facts.figures.comparators import compared
from aigraph.facts.figures.counts import counted, is_year
from aigraph.facts.figures.elisions import Figure, with_left_out
from aigraph.facts.figures.factors import multiplications, shares, times_behind
from aigraph.facts.figures.numbers import Number, abbreviation, find_numbers
from aigraph.facts.figures.units import Unit, Units, units
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
_WORD = re.compile(r"([A-Za-z]+)\s+$")
_NAME = re.compile(r"(?:\d|\b[A-Z]\w*)\s$")
_MINUS = re.compile(r"(?<!plus or )\b(?:minus|negative)\s+$", re.IGNORECASE)
_DATA_RATE = re.compile(r"\s+of\s+data\s+(?:a|per|each|every)\s+second\b", re.IGNORECASE)
_LARGE_BITS = re.compile(r"[ \u00a0\-\u2010\u2011]?(?:(?i:giga|tera)(?i:bits?)|[GT](?:b|bit))\b")
_LINK = (
    r"(?:channels?|connections?|connectors?|ethernet|fib(?:er|re)s?|infiniband|interconnects?|lanes?|lines?|links?|networks?"
    r"|networking|nics?|optical|optics|ports?|routers?|sockets|switch(?:es)?|transceivers?)"
)
_LINE = re.compile(rf"(?:[\s\-](?:[a-z\-]+\s){{0,2}}?|\s+(?:each|a|per)\s){_LINK}\b", re.IGNORECASE)
_LINES = re.compile(rf"\b{_LINK}(?:\s+[\w\-]+){{0,2}}?\s+(?:at|for|of|to|with)\s+(?:only\s+)?[\d.,]*$", re.IGNORECASE)
"""Bits of what is a line go by in a second: "a 200-gigabit network port", "lanes of 224 gigabits"."""
_MINUTE, _DAY, _WEEK = Decimal(60), Decimal(86400), Decimal(604800)
_POINTS = re.compile(r"[\s\-]points?\b")
_RATE = re.compile(r"%|\bper ?cent|\b(?:margins?|interest|premium|yields?|shares? of|market share)\b", re.IGNORECASE)
_MOST_POINTS = 30
_AND_SO_MUCH = re.compile(r"\s+(?:days?|hours?|minutes?)(?:,?\s+and|,)?\s+")
_AND_A_HALF = re.compile(r"\s+and\s+a\s+half\b(?!\s+\w+s\b)")
_ODD = re.compile(r"-odd(?=[\s\-])")


def find_quantities(
    text: str,
    *,
    offset: int = 0,
    taken: Sequence[Span] = (),
    header: str = "",
    before: str = "",
    crown: NamedNode | None = None,
) -> tuple[Quantity, ...]:
    """The figures of a sentence or cell in reading order, never overlapping, in full units.

    `offset` is where `text` begins in the article; the spans of the result count from the article's start. `taken`
    are spans of the article that name entities: no figure lies in one ("Llama 3"). A range gives two quantities.
    `header` is the head of the column or row that a cell stands in: it may give a bare figure its unit ("Power (kW)").
    `before` is what the paragraph says before: an amount without its currency ("550 million") is in the one named last.
    `crown` is the currency that the article calls crowns or kroner; without it, the countries that `text` names tell.
    """
    words, table = wording(), units()
    if crown is not None or (crown := table.crown(text, text)) is not None:
        table = units(crown)
    names = [Span(span.start - offset, span.end - offset) for span in taken]
    figures = _read(text, names, words, table)
    figures = _joined(text, _added_up(text, figures), table)
    figures = [_per_watt(text, figure) for figure in _headed(figures, header, table)]
    if before:
        figures = _in_currency_of(before, text, figures, words, table)
    earlier = _earlier(before, words, table) if any(figure.unit is None for figure in figures) else []
    figures = with_left_out(text, figures, names, words, earlier)
    figures = compared(text, [_signed(text, figure, table) for figure in figures], words)
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


_SENTENCES = re.compile(r"(?<=[.!?])[\u201d\"']?\s+(?=[\u201c\"']?[A-Z])")


def _earlier(before: str, words: Wording, table: Units) -> list[Figure]:
    """The figures of the last sentence of `before`."""
    last = _SENTENCES.split(before.strip())[-1]
    figures = _joined(last, _read(last, (), words, table), table)
    return [figure for figure in figures if figure.unit is not None]


def _per_watt(text: str, figure: Figure) -> Figure:
    """Operations per second and watt where "per watt" stands before them: "per watt it does 8.2 TOPS"."""
    fronted = figure.unit == UNIT.FLOPS and search_before(_PER_WATT, text, figure.start) is not None
    return replace(figure, unit=AIG.FlopsPerWatt) if fronted else figure


def _signed(text: str, figure: Figure, table: Units) -> Figure:
    """The figure below zero behind "minus": "free cash flow of minus $8 million"."""
    minus = search_before(_MINUS, text, figure.start)
    if minus is None or (figure.unit not in table.money and figure.unit != UNIT.PERCENT):
        return figure
    return replace(figure, start=minus.start(), number=replace(figure.number, value=-figure.number.value))


def _rounded(figure: Figure) -> float:
    """The value; shares from fractions get two decimals ("a third" is 33.33)."""
    value = figure.value
    return float(round(value, 2) if figure.unit == UNIT.PERCENT and figure.factor == 100 else value)


# --- reading ------------------------------------------------------------------------------------------------


def _read(text: str, names: Sequence[Span], words: Wording, table: Units) -> list[Figure]:
    """All numerals and words of number, each with its unit where it has one of its own; in order."""
    found: list[Figure] = []
    occupied = Occupied(len(text), [*names, *date_spans(text)])

    def add(figure: Figure) -> None:
        if occupied.take(figure.start, figure.end):
            found.append(figure)

    for share in shares(text, words):
        add(Figure(share.start, share.end, share, UNIT.PERCENT, Decimal(100)))
    for number, is_factor in multiplications(text, words):
        unit, factor = (AIG.Times, Decimal(1)) if is_factor else (UNIT.PERCENT, Decimal(100))
        add(Figure(number.start, number.end, number, unit, factor))
    money: list[Figure] = []
    for number in find_numbers(text):
        figure = _measured(text, number, words, table) or _counted(text, number, words, money, names)
        add(figure)
        if figure.unit in table.money:
            money.append(figure)
    for figure in _single_units(text, table, found):
        add(figure)
    return sorted(found, key=lambda figure: figure.start)


def _added_up(text: str, figures: Sequence[Figure]) -> list[Figure]:
    """Durations in several units, or with a half behind, as one: "two hours and ten minutes", "a minute and a half"."""
    found: list[Figure] = []
    for figure in figures:
        last = found[-1] if found else None
        goes_on = figure.unit == UNIT.SEC and last is not None and last.number.end <= figure.start
        if goes_on and last is not None and _AND_SO_MUCH.fullmatch(text, last.number.end, figure.start):
            if last.unit == UNIT.SEC:
                number = replace(last.number, value=last.number.value + figure.value / last.factor)
                found[-1] = replace(last, end=figure.end, number=number)
            continue  # behind "for two hours", which is no figure, the minutes are none
        half = _AND_A_HALF.match(text, figure.end) if figure.unit == UNIT.SEC else None
        if half is None:
            found.append(figure)
        else:
            number = replace(figure.number, value=figure.number.value + Decimal("0.5"))
            found.append(replace(figure, end=half.end(), number=number))
    return found


def _measured(text: str, number: Number, words: Wording, table: Units) -> Figure | None:
    """The numeral with the unit or currency that stands around it; None where there is none."""
    scaled = _scaled(text, number)
    currency = table.currency_before(text, number.start)
    if currency and not _CUT_OFF.match(text, scaled.end):
        return Figure(currency[1], scaled.end, scaled, currency[0])
    of = _OF.match(text, number.end) if number.vague else _ODD.match(text, number.end)
    if unit := table.read(text, of.end() if of else number.end):
        if unit.unit == UNIT.BYTE:
            unit = _as_rate(text, number.end, unit)
        figure = Figure(number.start, unit.end, number, unit.unit, unit.factor)
        if of and not number.vague:
            figure = replace(figure, comparator=Comparator.ABOUT)
        return figure if _measures(text, figure, words) else Figure(number.start, number.end, number)
    points = _POINTS.match(text, number.end)
    if points and number.value <= _MOST_POINTS and not number.vague and _RATE.search(text):
        return Figure(number.start, points.end(), number, UNIT.PERCENT)
    if scaled is not number and (unit := table.read(text, scaled.end)) and unit.unit in table.money:
        return Figure(number.start, unit.end, scaled, unit.unit, unit.factor)
    if (end := times_behind(text, number.end, words)) and not number.vague:
        return Figure(number.start, end, number, AIG.Times)
    return None


def _as_rate(text: str, at: int, unit: Unit) -> Unit:
    """The unit of data as what goes by in a second: "6.5TB of data per second", "an 800-gigabit link"."""
    if rate := _DATA_RATE.match(text, unit.end):
        return replace(unit, unit=UNIT["BYTE-PER-SEC"], end=rate.end())
    if _LARGE_BITS.match(text, at) and (_LINE.match(text, unit.end) or search_before(_LINES, text, at)):
        return replace(unit, unit=UNIT["BYTE-PER-SEC"])
    return unit


def _counted(text: str, number: Number, words: Wording, money: Sequence[Figure], names: Sequence[Span]) -> Figure:
    """The numeral as a count ("350,000 H100s"), or as an amount whose currency was said before ("3.9 billion")."""
    scaled = _scaled(text, number)
    count = counted(text, scaled, scaled.end, words, names)
    if count is None and scaled is not number:
        number_, count = number, counted(text, number, number.end, words, names)
    else:
        number_ = scaled
    if (count is None or count.start is None) and _is_amount(text, scaled, words, money):
        return Figure(number.start, scaled.end, scaled, money[-1].unit)
    if count is None:
        return Figure(number.start, number.end, number)
    noun = None if count.start is None or count.end is None else (count.start, count.end)
    return Figure(number_.start, number_.end, number_, UNIT.NUM, noun=noun)


def _scaled(text: str, number: Number) -> Number:
    """The numeral with the abbreviated scale behind it ("100bn", "$5 M"), itself where there is none."""
    if not number.digits or number.scale != 1 or (short := abbreviation(text, number.end)) is None:
        return number
    return replace(number, value=number.value * short[0], scale=short[0], end=short[1])


def _is_amount(text: str, number: Number, words: Wording, money: Sequence[Figure]) -> bool:
    """True for "3.9 billion" where an amount of money stands earlier in the sentence."""
    if not money or number.scale < 10**6 or re.search(r"[.!?]\s+[A-Z]", text[money[-1].end : number.start]):
        return False
    if text[number.end - 1] in "BKMT" or search_before(_NAME, text, number.start):
        return False  # "Llama 3 70B"
    return words.amount_ends.match(text, number.end) is not None


_PER_WATT = re.compile(r"\bper\s+watt,?\s+(?:[^\W\d][\w'\u2019.\-]*\s+){1,6}$", re.IGNORECASE)
_NEARLY = r"(?:(?:about|at\s+least|close\s+to|for|more\s+than|nearly|only|over|roughly|some|up\s+to)\s+)*"
_LASTS = re.compile(
    rf"(?:\b(?:can|could|may|might|should|to|will|would)\s+(?:[a-z]+\s+)?last\s+{_NEARLY}"
    rf"|(?<!['\u2019])\b[a-z]{{3,}}s\s+last\s+{_NEARLY}"
    rf"|\b(?:depreciat|amorti[sz])\w+\s+(?:[\w'\u2019]+\s+){{1,5}}over\s+{_NEARLY}"
    r"|\b(?:write|writes|writing|written|wrote)\s+(?=(?:[\w'\u2019]+\s+){0,4}off\s)(?:[\w'\u2019]+\s+){1,6}"
    rf"over\s+{_NEARLY}"
    rf"|\b(?:life|lives|lifetimes?)\s+of\s+(?:[\w'\u2019]+\s+){{1,6}}(?:from|to)\s+{_NEARLY})$"
)
"""What a duration is a figure behind: "will henceforth last", "writes its cards off over", "the life of X to"."""


def _measures(text: str, figure: Figure, words: Wording) -> bool:
    """False where a unit is none after all: a period ("within 90 days"), a small "won" or "crowns"."""
    if figure.unit == UNIT.SEC and figure.factor >= _WEEK:
        behind = words.period_behind.match(text, figure.end) and not words.lasting_behind.match(text, figure.end)
        lasts = words.lasting_behind.match(text, figure.end) or search_before(words.lasting, text, figure.start)
        lasts = lasts or search_before(_LASTS, text, figure.start)
        return lasts is not None and not behind
    if figure.unit == UNIT.SEC and figure.number.value == 1 and figure.factor == _DAY:
        return False  # "one day" is some day
    if figure.unit == UNIT.SEC and figure.factor >= _MINUTE:
        return not (
            search_before(words.period_before, text, figure.start) or words.period_behind.match(text, figure.end)
        )
    if figure.unit == UNIT.SEC:
        return not re.match(r"\s+(?:ago|later)\b", text[figure.end :])
    spelled = text[figure.number.end : figure.end].strip().lower()
    return spelled not in {"won", "crowns"} or figure.number.value >= 1000


def _single_units(text: str, table: Units, found: Sequence[Figure]) -> Iterator[Figure]:
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
        yield Figure(start, unit.end, Number(start, match.end(), worth, digits=False), unit.unit, unit.factor)


# --- ranges and lists ---------------------------------------------------------------------------------------


def _joined(text: str, figures: list[Figure], table: Units) -> list[Figure]:
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


def _in_currency_of(before: str, text: str, figures: list[Figure], words: Wording, table: Units) -> list[Figure]:
    """Amounts whose currency the sentence before names with its last figure: "… $2 billion. It sought 3 billion"."""
    amounts = [
        f for f in figures if f.unit is None and f.number.scale >= 10**6 and words.elided_ends.match(text, f.end)
    ]
    if not amounts or any(figure.unit in table.money for figure in figures):
        return figures
    told = find_quantities(before)
    if not told or told[-1].unit not in table.money:
        return figures
    return [replace(figure, unit=told[-1].unit) if figure in amounts else figure for figure in figures]


def _headed(figures: list[Figure], header: str, table: Units) -> list[Figure]:
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


def _shared(text: str, first: Figure, second: Figure, table: Units) -> tuple[Figure, Figure] | None:
    """Both figures in one unit, None where they have different ones: "$12-14 billion", "25-30%", "12 to 14 billion"."""
    if (first.unit is None and is_year(text, first.number)) or (second.unit is None and is_year(text, second.number)):
        return None
    if first.unit is None and second.unit is None:
        return None
    if second.unit is None or (first.unit in table.money and second.unit == UNIT.NUM):
        if first.unit not in table.money:
            return None
        number = _scaled(text, second.number)
        second = Figure(second.start, number.end, number, first.unit)
    elif first.unit is None:
        first = Figure(first.start, first.number.end, first.number, second.unit, second.factor, second.noun)
    if first.unit != second.unit:
        return None
    scale = second.number.scale
    if first.number.scale == 1 and scale > 1 and first.number.value < second.number.mantissa:
        first = replace(first, number=replace(first.number, value=first.number.value * scale, scale=scale))
    return first, second


def _is_range(text: str, pair: tuple[Figure, Figure], before: re.Match[str] | None) -> bool:
    """False for a change: "from 10% to 15%", "fell $3 billion to $2 billion"."""
    if pair[0].value >= pair[1].value or text[: pair[0].end].endswith("points"):
        return False
    if before is None or before[1].lower() != "from":
        return True
    opener = search_before(_WORD, text, pair[0].start - len(before[0]))
    return opener is not None and wording().has("range_openers", opener[1])
