"""The parameters of canned queries: their types, and values as terms of SPARQL."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches

from pyoxigraph import Literal, NamedNode

from aigraph.errors import ParameterError
from aigraph.vocab import XSD

_FULL_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://.|urn:.|mailto:.")


@dataclass(frozen=True, slots=True)
class ParameterType:
    """What values a parameter takes.

    `name` is for people ("date"), `pattern` what a value looks like, `example` one that fits; `datatype` is None for
    IRIs and for texts without one, `language` the tag of a text in a language.
    """

    name: str
    pattern: re.Pattern[str]
    example: str
    datatype: NamedNode | None = None
    language: str | None = None

    def __str__(self) -> str:
        return self.name


def _xsd(name: str, datatype: NamedNode, pattern: str, example: str) -> ParameterType:
    return ParameterType(name, re.compile(pattern, re.ASCII), example, datatype)


_DATE = r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
_ANY = re.compile(r".+", re.DOTALL)
TEXT = ParameterType("text", _ANY, "Nvidia")
IRI = ParameterType("IRI", re.compile(r"\S+"), "aig:develops")
LANGUAGE = ParameterType("language tag", re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*"), "en")
INTEGER = _xsd("whole number", XSD.integer, r"[+-]?\d{1,18}", "10")
_XSD_TYPES = {
    "string": _xsd("text", XSD.string, r"(?s).+", "Nvidia"),
    "integer": INTEGER,
    "decimal": _xsd("decimal number", XSD.decimal, r"[+-]?(\d+(\.\d*)?|\.\d+)", "2.5"),
    "double": _xsd("number", XSD.double, r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", "1e12"),
    "boolean": _xsd("true or false", XSD.boolean, r"true|false", "true"),
    "date": _xsd("date (YYYY-MM-DD)", XSD.date, _DATE, "2026-01-31"),
    "dateTime": _xsd(
        "time (YYYY-MM-DDThh:mm:ss)",
        XSD.dateTime,
        _DATE + r"T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)?",
        "2026-01-31T12:00:00Z",
    ),
    "gYear": _xsd("year", XSD.gYear, r"\d{4}", "2026"),
    "gYearMonth": _xsd("month (YYYY-MM)", XSD.gYearMonth, r"\d{4}-(0[1-9]|1[0-2])", "2026-01"),
}


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a canned query.

    `name` is what users write ("since"), `variable` its SPARQL variable without "?" ("__since_xsd_date"). `default` is
    taken where no value is given; `required` says that one must be given. `values` are all that it may be, in whatever
    case (none: anything of its type); `choices` is a graph pattern that binds `?value` to what the
    graph offers, which is help and no limit.
    """

    name: str
    variable: str
    type: ParameterType
    required: bool
    default: str | None
    description: str
    examples: tuple[str, ...]
    values: tuple[str, ...] = ()
    choices: str | None = None

    @property
    def example(self) -> str:
        """A value to show: the first of its own examples, else one of its type."""
        return next(iter((*self.examples, *self.values)), self.type.example)


def parameter_type(variable: str) -> tuple[str, ParameterType] | None:
    """Name and type of the parameter that a variable (without "?") is; None where it is none."""
    if not variable.startswith("_"):
        return None
    name = variable.removeprefix("_").removeprefix("_")
    if (match := re.fullmatch(r"(.+)_xsd_(\w+)", name)) and match[2] in _XSD_TYPES:
        return match[1], _XSD_TYPES[match[2]]
    if match := re.fullmatch(r"(.+)_(iri|integer|lang)", name):
        return match[1], {"iri": IRI, "integer": INTEGER, "lang": LANGUAGE}[match[2]]
    if match := re.fullmatch(r"(.+)_([a-z]{2})", name):
        return match[1], ParameterType(f"text in language {match[2]!r}", _ANY, "chip", language=match[2])
    return name, TEXT


def term(query: str, parameter: Parameter, value: str, known: Mapping[str, str]) -> str:
    """A value of a query's parameter as a term of SPARQL; `known` are the prefixes that an IRI may have.

    Raises:
        ParameterError: the value does not fit the type.
    """
    wanted = parameter.type
    if parameter.values and value.lower() not in {each.lower() for each in parameter.values}:
        raise ParameterError(
            f"Query {query!r}: the parameter {parameter.name!r} is {value!r}, which is none of "
            f"{', '.join(parameter.values)}."
        )
    try:
        if not wanted.pattern.fullmatch(value):
            raise ValueError
        if wanted.datatype in (XSD.date, XSD.dateTime):
            datetime.fromisoformat(value)  # the pattern lets the 31st of February pass
        if wanted is IRI:
            return str(NamedNode(_expand(value, known)))
        if wanted.language:
            return str(Literal(value, language=wanted.language))
        return str(Literal(value, datatype=wanted.datatype) if wanted.datatype else Literal(value))
    except ValueError as error:
        reason = f" ({error})" if str(error) else ""
        raise ParameterError(
            f"Query {query!r}: the parameter {parameter.name!r} is {value!r}, which is no {wanted}{reason}; "
            f"for example {parameter.name}={parameter.example}."
        ) from error


def _expand(value: str, known: Mapping[str, str]) -> str:
    """A full IRI for an IRI with or without angle brackets, or for a prefixed name."""
    value = value.removeprefix("<").removesuffix(">")
    prefix, colon, local = value.partition(":")
    if colon and prefix in known and not local.startswith("//"):
        return known[prefix] + local
    if _FULL_IRI.match(value):
        return value
    raise ValueError(f"known prefixes: {', '.join(sorted(known))}")


def did_you_mean(name: str, known: Mapping[str, object]) -> str:
    """A sentence, with a blank before it, that offers the known names most like a wrong one; "" where none is."""
    inside = sorted(each for each in known if name and name in each)[:3]
    close = get_close_matches(name, known, n=3, cutoff=0.5) or inside
    return f" Did you mean {' or '.join(close)}?" if close else ""
