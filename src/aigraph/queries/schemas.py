"""Parameters as JSON Schema: what OpenAPI documents and the tools of agents say about values."""

from __future__ import annotations

from collections.abc import Sequence

from aigraph.queries.parameters import IRI, LANGUAGE, Parameter
from aigraph.vocab import XSD, prefixes

Schema = dict[str, object]
_OFFERED = 50
"""Values of the graph that a schema shows as examples."""

_TEXT: Schema = {"type": "string", "pattern": r"\S"}
_BY_DATATYPE: dict[str, Schema] = {
    XSD.integer.value: {"type": "integer", "minimum": -(10**18) + 1, "maximum": 10**18 - 1},
    XSD.decimal.value: {"type": "string", "pattern": r"^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)$"},
    XSD.double.value: {"type": "number"},
    XSD.boolean.value: {"type": "boolean"},
    XSD.date.value: {"type": "string", "format": "date"},
    XSD.dateTime.value: {"type": "string", "format": "date-time"},
    XSD.gYear.value: {"type": "string", "pattern": "^[0-9]{4}$"},
    XSD.gYearMonth.value: {"type": "string", "pattern": "^[0-9]{4}-(0[1-9]|1[0-2])$"},
}


def schema_of(parameter: Parameter, choices: Sequence[str] = ()) -> Schema:
    """The JSON Schema of a parameter's values; `choices`, what the graph offers, are examples in it.

    A value that fits the schema is taken by `bind`, except for IRIs that have the right characters in the wrong places.
    """
    schema = dict(_kind(parameter))
    if parameter.values:
        schema = {"type": "string", "enum": list(parameter.values)}
    elif examples := list(dict.fromkeys((*parameter.examples, *choices)))[:_OFFERED]:
        schema["examples"] = [_typed(each, schema) for each in examples]
    if parameter.default is not None:
        schema["default"] = _typed(parameter.default, schema)
    return schema


def _kind(parameter: Parameter) -> Schema:
    kind = parameter.type
    if kind is IRI:
        return {
            "type": "string",
            "pattern": rf"^(({'|'.join(sorted(prefixes()))}):|https?://|urn:)[^\s\x00-\x20\x7f-\x9f<>\"{{}}|\\^`]+$",
        }
    if kind is LANGUAGE:
        return {"type": "string", "pattern": "^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$"}
    return _BY_DATATYPE.get(kind.datatype.value if kind.datatype else "", _TEXT)


def _typed(value: str, schema: Schema) -> object:
    """A value of a query file as JSON has it."""
    match schema["type"]:
        case "integer":
            return int(value)
        case "number":
            return float(value)
        case "boolean":
            return value == "true"
    return value
