"""Tables: the rows of an answer with values of Python, for pandas and polars too."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from html import escape
from typing import TYPE_CHECKING, Any

from pyoxigraph import Literal, NamedNode

from aigraph.errors import ExtraMissing
from aigraph.explanations import Term
from aigraph.vocab import XSD

if TYPE_CHECKING:
    import pandas
    import polars

Value = str | int | float | bool | date | datetime | None
_SHOWN = 20
_WIDEST = 60


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of an answer: `columns` are their names, each row has a value for each, None where there is none.

    IRIs and texts are `str`; numbers, truth values, dates and times are those of Python.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[dict[str, Value]]:
        return (dict(zip(self.columns, row, strict=True)) for row in self.rows)

    def column(self, name: str) -> list[Value]:
        """The values of one column.

        Raises:
            KeyError: there is no column of that name.
        """
        if name not in self.columns:
            raise KeyError(f"There is no column {name!r}; the columns are {', '.join(self.columns)}.")
        place = self.columns.index(name)
        return [row[place] for row in self.rows]

    def to_pandas(self) -> pandas.DataFrame:
        """The table as pandas has it.

        Raises:
            ExtraMissing: pandas is not installed.
        """
        return library("pandas", "pandas").DataFrame(list(self.rows), columns=list(self.columns))

    def to_polars(self) -> polars.DataFrame:
        """The table as polars has it.

        Raises:
            ExtraMissing: polars is not installed.
        """
        columns = {name: self.column(name) for name in self.columns}
        return library("polars", "polars").DataFrame(columns, strict=False)

    def __str__(self) -> str:
        texts = [self.columns, *([_short(value) for value in row] for row in self.rows[:_SHOWN])]
        widths = [max(len(row[place]) for row in texts) for place in range(len(self.columns))]
        lines = [
            "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip() for row in texts
        ]
        return "\n".join([*lines, *self._more()])

    def __repr__(self) -> str:
        return f"<Table of {len(self)} rows: {', '.join(self.columns)}>"

    def _repr_html_(self) -> str:
        """How a notebook shows it."""
        head = "".join(f"<th>{escape(name)}</th>" for name in self.columns)
        cells = ("".join(f"<td>{escape(_plain(value))}</td>" for value in row) for row in self.rows[:_SHOWN])
        body = "".join(f"<tr>{row}</tr>" for row in cells)
        more = "".join(f"<p>{line}</p>" for line in self._more())
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{more}"

    def _more(self) -> list[str]:
        left = len(self) - _SHOWN
        return [f"and {left:,} more rows"] if left > 0 else []


def table_of(rows: Sequence[object], columns: Sequence[str]) -> Table:
    """A table of records, with those of their attributes; several values of one are joined by " | "."""
    return Table(tuple(columns), tuple(tuple(_cell(getattr(row, name)) for name in columns) for row in rows))


def python_value(term: Term | None) -> Value:
    """A term as Python has it; what is not of the form that its datatype asks for stays a text."""
    if not isinstance(term, Literal):
        return term.value if isinstance(term, NamedNode) else None if term is None else str(term)
    read = _READERS.get(term.datatype)
    try:
        return read(term.value) if read else term.value
    except (ValueError, KeyError):
        return term.value


_TRUTHS = {"true": True, "1": True, "false": False, "0": False}
_READERS: dict[NamedNode, Callable[[str], Value]] = {
    XSD.integer: int,
    XSD.double: float,
    XSD.decimal: float,
    XSD.boolean: _TRUTHS.__getitem__,
    XSD.date: date.fromisoformat,
    XSD.dateTime: datetime.fromisoformat,
}


def library(name: str, extra: str) -> Any:
    """A library that an extra of this package brings.

    Raises:
        ExtraMissing: it is not installed.
    """
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        raise ExtraMissing(f"This needs the extra `{extra}`: pip install 'aigraph[{extra}]'.") from error


def _cell(value: Any) -> Value:
    return " | ".join(map(str, value)) if isinstance(value, tuple) else value


def _plain(value: Value) -> str:
    return "" if value is None else str(value)


def _short(value: Value) -> str:
    text = " ".join(_plain(value).split())
    return text if len(text) <= _WIDEST else f"{text[: _WIDEST - 1]}…"
