"""The answer to a canned query as a drawing, where its header says how: positions in pixels, which a template draws."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from pyoxigraph import Literal, NamedNode, QuerySolutions

from aigraph.endpoint.site.addresses import page_of
from aigraph.endpoint.tables import read
from aigraph.queries import Chart
from aigraph.wording import scaled

MOST_BARS, MOST_DOTS = 30, 300
SIGNS = 6
"""Different signs for dots; what comes after shares the last one."""
WIDTH = 760
BAR, NAMES, FIGURES = 28, 290, 96
"""The height of a bar with its gap, and the widths that the columns of names and figures have at most."""
HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 320, 96, 24, 16, 34
_LETTERS = 38
_APART = 13  # pixels between dots that would hide each other
_LOGARITHMIC = 40  # a range of figures past which the scale is one of ratios
_DAYS = 365.25


@dataclass(frozen=True, slots=True)
class Mark:
    """A bar or dot: its place and size, what is written at it, and where it leads; `sign` is the number of its sign."""

    x: float
    y: float
    width: float
    name: str
    figure: str
    says: str
    href: str | None
    sign: int = 0


@dataclass(frozen=True, slots=True)
class Tick:
    """A line across with its figure, or a year below."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """Marks with axes; `legend` names the signs, `left_out` counts rows that are not drawn."""

    kind: str
    value: str
    along: str
    height: int
    marks: tuple[Mark, ...]
    legend: tuple[str, ...] = ()
    up: tuple[Tick, ...] = ()
    across: tuple[Tick, ...] = ()
    unit: str = ""
    left_out: int = 0
    logarithmic: bool = False


@dataclass(frozen=True, slots=True)
class _Row:
    name: str
    value: float
    by: str
    unit: str
    href: str | None


def drawn(chart: Chart | None, content: str | None, base: str) -> Drawing | None:
    """The drawing of an answer (the rows in JSON) under a base IRI; None where there is nothing to compare."""
    if chart is None or not content:
        return None
    results = read(content.encode())
    if isinstance(results, bool):
        return None
    rows, missing = _rows(chart, results, base)
    units = Counter(row.unit for row in rows)
    if not units:
        return None
    unit = min(units, key=lambda one: (-units[one], one))
    fits = [row for row in rows if row.unit == unit]
    left_out = missing + len(rows) - len(fits)
    return (_bars if chart.kind == "bars" else _dots)(chart, fits, unit, left_out)


def _rows(chart: Chart, results: QuerySolutions, base: str) -> tuple[list[_Row], int]:
    """The rows that have a figure and a name, each once, and how many have not."""
    names = {variable.value for variable in results.variables}
    found: dict[_Row, None] = {}
    missing = 0
    for solution in results:
        given = {name: solution[name] for name in names}
        value, along = _number(given.get(chart.value)), _text(given.get(chart.along))
        if value is None or not along:
            missing += 1
            continue
        by, unit = (_text(given.get(column)) if column else "" for column in (chart.by, chart.unit))
        found[_Row(along, value, by, unit, _leads(chart, given, base))] = None
    return list(found), missing


def _leads(chart: Chart, given: Mapping[str, object], base: str) -> str | None:
    """The page on what a row is about: its claim or proposition, else the thing that its name belongs to."""
    for column in ("claim", "proposition", chart.along.removesuffix("Label"), "article"):
        if isinstance(term := given.get(column), NamedNode):
            return page_of(term.value, base)
    return None


def _number(term: object) -> float | None:
    if not isinstance(term, Literal):
        return None
    try:
        value = float(term.value)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _text(term: object) -> str:
    return " ".join(term.value.split()) if isinstance(term, Literal) else ""


def _bars(chart: Chart, rows: Sequence[_Row], unit: str, left_out: int) -> Drawing | None:
    shown = rows[:MOST_BARS]
    most = max((row.value for row in shown), default=0.0)
    if len(shown) < 2 or most <= 0 or min(row.value for row in shown) < 0:
        return None
    names = min(NAMES, 24 + 7.2 * max(len(row.name) for row in shown))
    room = WIDTH - names - FIGURES
    marks = tuple(
        Mark(
            x=round(names, 1),
            y=float(place * BAR),
            width=round(max(row.value / most * room, 1.0), 1),
            name=row.name if len(row.name) <= _LETTERS else f"{row.name[: _LETTERS - 1].rstrip()}…",
            figure=scaled(row.value),
            says=f"{row.name}: {scaled(row.value)}",
            href=row.href,
        )
        for place, row in enumerate(shown)
    )
    return Drawing(
        "bars", chart.value, _plain(chart.along), len(shown) * BAR, marks, unit=unit,
        left_out=left_out + len(rows) - len(shown),
    )  # fmt: skip


def _dots(chart: Chart, rows: Sequence[_Row], unit: str, left_out: int) -> Drawing | None:
    placed = [(row, year) for row in rows if (year := _year(row.name)) is not None][:MOST_DOTS]
    if not placed:
        return None
    values = [row.value for row, _ in placed]
    logarithmic = min(values) > 0 and max(values) / min(values) > _LOGARITHMIC
    low, high, ticks = _scale(values, logarithmic=logarithmic)
    first, last = math.floor(min(year for _, year in placed)), math.floor(max(year for _, year in placed)) + 1

    def x(year: float) -> float:
        return round(LEFT + (year - first) / (last - first) * (WIDTH - LEFT - RIGHT), 1)

    def y(value: float) -> float:
        at = math.log10(value) if logarithmic else value
        return round(HEIGHT - BOTTOM - (at - low) / (high - low) * (HEIGHT - TOP - BOTTOM), 1)

    often = Counter(row.by for row, _ in placed)
    signs = sorted(often, key=lambda one: (-often[one], one))
    legend = signs if len(signs) <= SIGNS else [*signs[: SIGNS - 1], "others"]
    marks = tuple(
        Mark(
            x=across,
            y=y(row.value),
            width=0,
            name=row.name,
            figure=_with_unit(row.value, unit),
            says=f"{_with_unit(row.value, unit)}, {row.name}{f', {row.by}' if row.by else ''}",
            href=row.href,
            sign=min(signs.index(row.by), len(legend) - 1),
        )
        for (row, _), across in zip(placed, _apart([(x(year), y(row.value)) for row, year in placed]), strict=True)
    )
    every = max(1, math.ceil((last - first) / 10))
    return Drawing(
        "dots", chart.value, _plain(chart.along), HEIGHT, marks,
        legend=tuple(one or "no name" for one in legend) if any(often) else (),
        up=tuple(Tick(y(value), scaled(value)) for value in ticks),
        across=tuple(Tick(x(year), str(year)) for year in range(first, last + 1, every)),
        unit=unit, left_out=left_out + len(rows) - len(placed), logarithmic=logarithmic,
    )  # fmt: skip


def _apart(places: Sequence[tuple[float, float]]) -> list[float]:
    """Where dots stand across: one that would hide another stands beside it."""
    taken: set[tuple[int, int]] = set()
    found = []
    for x, y in places:
        steps = (step * side for step in range(MOST_DOTS) for side in (1, -1))
        place = next(
            x + step * _APART
            for step in steps
            if (round(x / _APART) + step, round(y / _APART)) not in taken and LEFT <= x + step * _APART <= WIDTH - 8
        )
        taken.add((round(x / _APART) + round((place - x) / _APART), round(y / _APART)))
        found.append(round(place, 1))
    return found


def _scale(values: Sequence[float], *, logarithmic: bool) -> tuple[float, float, list[float]]:
    """The ends of an axis, as powers of ten where it is one of ratios, and the figures that are written at it."""
    if logarithmic:
        low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)) + 1e-9)
        return low, high, [10.0**power for power in range(low, high + 1, max(1, math.ceil((high - low) / 6)))]
    least, most = min(0.0, *values), max(0.0, *values)
    step = _step(most - least)
    low_step, high_step = math.floor(least / step), max(math.ceil(most / step), math.floor(least / step) + 1)
    return low_step * step, high_step * step, [number * step for number in range(low_step, high_step + 1)]


def _step(span: float) -> float:
    """A round step that parts a span into five at most."""
    if span <= 0:
        return 1.0
    size = 10.0 ** math.floor(math.log10(span))
    return next(size * each for each in (0.2, 0.5, 1.0, 2.0) if span / (size * each) <= 5.001)


def _year(text: str) -> float | None:
    """A day, month or year as a year with a fraction."""
    for tail in ("", "-01", "-01-01"):
        try:
            found = date.fromisoformat(text[:10] + tail)
        except ValueError:
            continue
        return found.year + (found.timetuple().tm_yday - 1) / _DAYS
    return None


def _with_unit(value: float, unit: str) -> str:
    return f"{scaled(value)} {unit}".strip()


def _plain(column: str) -> str:
    return column.removesuffix("Label")
