"""One metric over time as a drawing: a dot for each claim, a shape and a colour for each claimant, conflicts joined.

Nothing here knows of SVG: positions in pixels and words; the template draws them.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from pyoxigraph import NamedNode

from aigraph.endpoint.site.addresses import page_of
from aigraph.endpoint.site.claims import Claim, Index
from aigraph.endpoint.site.filters import Filters
from aigraph.endpoint.site.vocabulary import Vocabulary
from aigraph.vocab import AIG
from aigraph.wording import Figure, figure, fiscal, period

WIDTH, HEIGHT = 760, 340
LEFT, RIGHT, TOP, BOTTOM = 96, 24, 16, 34
SERIES = 6
"""Claimants that have a shape of their own; all others share the last one."""
MOST = 200
"""Dots that are drawn: those of the newest claims, where there are more."""
_APART = 11  # pixels between dots that would hide each other
_LOGARITHMIC = 40  # a range of figures past which the scale is one of ratios
_DAYS = 365.25


@dataclass(frozen=True, slots=True)
class Dot:
    """A claim in the drawing; `series` is the number of its claimant's shape, `dated` false where no time is given."""

    x: float
    y: float
    series: int
    who: str
    figure: Figure
    when: str
    href: str
    article: str
    article_href: str
    issued: str
    sure: bool
    disputed: bool
    dated: bool

    @property
    def says(self) -> str:
        """All of it in a line."""
        doubt = "" if self.sure else ", not as a fact"
        return f"{self.figure.text}, {self.when}, says {self.who}{doubt}{', in conflict' if self.disputed else ''}"


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark at an axis."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing with what is written beside it; `links` join dots that cannot both be true."""

    dots: tuple[Dot, ...]
    links: tuple[tuple[Dot, Dot], ...]
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]
    series: tuple[str, ...]
    unit: str
    others: tuple[tuple[str, int, str], ...]
    left_out: int
    logarithmic: bool


def chart_of(index: Index, claims: Sequence[Claim], filters: Filters, words: Vocabulary, base: str) -> Chart | None:
    """The figures of one metric and unit over time; None where fewer than two can be drawn."""
    units = Counter(claim.unit for claim in claims if claim.value is not None and claim.unit)
    if not units:
        return None
    named = {unit.rsplit("/", 1)[-1].rpartition("#")[2]: unit for unit in units}
    unit = named.get(filters.unit) or min(units, key=lambda one: (-units[one], one))
    fits = [claim for claim in claims if claim.unit == unit and claim.value is not None]
    drawn = [(claim, day) for claim in fits if (day := _day(claim))]
    if len(drawn) < 2:
        return None
    others = tuple(
        (words.label(NamedNode(iri)), units[iri], filters.address(unit=name))
        for name, iri in named.items()
        if iri != unit
    )
    drawing = _Drawing(index, words, base, drawn[:MOST])
    return drawing.chart(words.label(NamedNode(unit)), others, units[unit] - len(drawn[:MOST]))


class _Drawing:
    def __init__(self, index: Index, words: Vocabulary, base: str, drawn: Sequence[tuple[Claim, float]]) -> None:
        self._index = index
        self._words = words
        self._base = base
        self._drawn = drawn
        values = [claim.value or 0.0 for claim, _ in drawn]
        self._logarithmic = min(values) > 0 and max(values) / min(values) > _LOGARITHMIC
        self._low, self._high = self._range(values)
        days = [day for _, day in drawn]
        self._first, self._last = math.floor(min(days)), math.floor(max(days)) + 1
        speakers = Counter(self._who(claim) for claim, _ in drawn)
        ordered = sorted(speakers, key=lambda who: (-speakers[who], who))
        self._series = ordered if len(ordered) <= SERIES else ordered[: SERIES - 1]
        self._many = len(ordered) > SERIES

    def chart(self, unit: str, others: tuple[tuple[str, int, str], ...], left_out: int) -> Chart:
        dots = self._apart()
        return Chart(
            tuple(dots.values()),
            tuple(self._links(dots)),
            tuple(self._years()),
            tuple(self._figures()),
            (*self._series, "others") if self._many else tuple(self._series),
            unit,
            others,
            left_out,
            self._logarithmic,
        )

    def _who(self, claim: Claim) -> str:
        return self._index.label(claim.claimant) if claim.claimant else "the article itself"

    def _range(self, values: Sequence[float]) -> tuple[float, float]:
        if self._logarithmic:
            return math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)) + 1e-9)
        low, high = min(0.0, *values), max(0.0, *values)
        step = _step(high - low)
        return math.floor(low / step) * step, math.ceil(high / step) * step

    def _x(self, day: float) -> float:
        return round(LEFT + (day - self._first) / (self._last - self._first) * (WIDTH - LEFT - RIGHT), 1)

    def _y(self, value: float) -> float:
        at = math.log10(value) if self._logarithmic else value
        return round(HEIGHT - BOTTOM - (at - self._low) / ((self._high - self._low) or 1) * (HEIGHT - TOP - BOTTOM), 1)

    def _apart(self) -> dict[str, Dot]:
        """The dots by the IRIs of their claims; one that would hide another stands beside it."""
        taken: set[tuple[int, int]] = set()
        dots = {}
        for claim, day in sorted(self._drawn, key=lambda each: (each[1], each[0].value or 0.0, each[0].iri)):
            x, y = self._x(day), self._y(claim.value or 0.0)
            place = (round(x / _APART), round(y / _APART))
            step = 1 if x < (LEFT + WIDTH - RIGHT) / 2 else -1  # towards the middle, where there is room
            while place in taken and LEFT <= x <= WIDTH - RIGHT:
                x += step * _APART
                place = (place[0] + step, place[1])
            taken.add(place)
            dots[claim.iri] = self._dot(claim, round(x, 1), y)
        return dots

    def _dot(self, claim: Claim, x: float, y: float) -> Dot:
        who = self._who(claim)
        label = self._words.label(NamedNode(claim.unit))
        return Dot(
            x=x,
            y=y,
            series=self._series.index(who) if who in self._series else SERIES - 1,
            who=who,
            figure=figure(claim.value or 0.0, claim.unit, claim.comparator, unit_label=label),
            when=_when(claim),
            href=page_of(claim.iri, self._base),
            article=self._index.label(claim.article),
            article_href=page_of(claim.article, self._base),
            issued=claim.issued[:10],
            sure=claim.modality == AIG.Asserted.value and not claim.denied,
            disputed=claim.disputed,
            dated=bool(claim.begin or claim.end or claim.time),
        )

    def _links(self, dots: Mapping[str, Dot]) -> Iterator[tuple[Dot, Dot]]:
        """Pairs of dots whose propositions cannot both be true: one pair for each conflict."""
        saying: dict[str, Dot] = {}
        for claim, _ in self._drawn:
            for one in claim.propositions:
                saying.setdefault(one, dots[claim.iri])
        for conflict in self._index.conflicts:
            if conflict.one in saying and conflict.other in saying:
                yield saying[conflict.one], saying[conflict.other]

    def _years(self) -> Iterator[Tick]:
        years = self._last - self._first
        every = max(1, math.ceil(years / 10))
        for year in range(int(self._first), int(self._last) + 1, every):
            yield Tick(self._x(year), str(year))

    def _figures(self) -> Iterator[Tick]:
        unit = self._drawn[0][0].unit
        label = self._words.label(NamedNode(unit))
        if self._logarithmic:
            steps = int(self._high - self._low)
            values = [10.0 ** (self._low + n) for n in range(0, steps + 1, max(1, math.ceil(steps / 6)))]
        else:
            step = _step(self._high - self._low)
            values = [self._low + n * step for n in range(round((self._high - self._low) / step) + 1)]
        for value in values:
            yield Tick(self._y(value), figure(value, unit, unit_label=label).text)


def _step(span: float) -> float:
    """A round step that parts a span into three to six."""
    if span <= 0:
        return 1.0
    size = 10.0 ** math.floor(math.log10(span))
    return next(size * each for each in (0.2, 0.25, 0.5, 1.0, 2.0) if span / (size * each) <= 5.001)


def _day(claim: Claim) -> float | None:
    """The middle of the time that a claim is about, else its publication, as a year with a fraction."""
    days = [found for text in (claim.begin, claim.end) if (found := _year(text)) is not None]
    if not days and claim.time[:4].isdecimal() and len(claim.time) >= 4:
        days = [int(claim.time[:4]) + 0.5]
    if not days and (issued := _year(claim.issued)) is not None:
        days = [issued]
    return sum(days) / len(days) if days else None


def _year(text: str) -> float | None:
    try:
        found = date.fromisoformat(text[:10])
    except ValueError:
        return None
    return found.year + (found.timetuple().tm_yday - 1) / _DAYS


def _when(claim: Claim) -> str:
    if claim.begin or claim.end:
        return period(claim.time)
    if claim.time:
        return fiscal(claim.time)
    return f"published {period(claim.issued[:10])}" if claim.issued else "undated"
