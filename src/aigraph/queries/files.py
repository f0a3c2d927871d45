"""Query files: SPARQL with a YAML header."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from aigraph.errors import DataError, ParameterError, UnknownQuery
from aigraph.queries.parameters import Parameter, ParameterType, did_you_mean, parameter_type, term
from aigraph.sparql import Kind, forbidden_keyword, keyword, query_form, tokens, variables
from aigraph.vocab import prefixes

SUFFIXES = (".rq", ".sparql")
_HEADER_KEYS = ("summary", "description", "tags", "parameters", "defaults", "chart")
_CHART_KEYS = ("kind", "along", "value", "by", "unit")
CHARTS = ("bars", "dots")
_PARAMETER_KEYS = ("description", "examples", "values", "choices")
RESERVED = ("format", "limit", "offset", "output", "snapshot")
"""What no parameter is called, because requests for any canned query may give it."""
_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Chart:
    """How the rows of an answer are drawn, by names of columns.

    "bars" has a bar as long as `value` for each row, called by `along`; "dots" a dot at the time in `along` and the
    figure in `value`, with a sign for each different `by`. Figures of different `unit`s are not drawn together.
    """

    kind: str
    along: str
    value: str
    by: str | None = None
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class CannedQuery:
    """A question in plain words (`summary`, one line more in `description`) and its SPARQL (`text`, without header)."""

    name: str
    summary: str
    description: str
    tags: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    text: str
    chart: Chart | None = None

    @property
    def form(self) -> str:
        """ "SELECT", "ASK", "CONSTRUCT" or "DESCRIBE"."""
        return query_form(self.text) or ""

    @classmethod
    def parse(cls, name: str, text: str) -> CannedQuery:
        """Read a canned query with its header.

        Raises:
            DataError: the header is missing or wrong, or does not fit the variables of the query.
        """
        return _parse(name, text)


# --- reading


def load_queries(*folders: Path) -> dict[str, CannedQuery]:
    """All canned queries of some folders by name, in the order of their names.

    Raises:
        DataError: a folder or file cannot be read, a header is wrong, or two files have one name.
    """
    files: dict[str, Path] = {}
    for folder in folders:
        if not folder.is_dir():
            raise DataError(f"{folder} is no folder of queries; name a folder with {' or '.join(SUFFIXES)} files.")
        for path in sorted(path for path in folder.iterdir() if path.suffix in SUFFIXES):
            if path.stem in files:
                raise DataError(f"{files[path.stem]} and {path} are both query {path.stem!r}; rename one of them.")
            files[path.stem] = path
    return {name: CannedQuery.parse(name, _read(files[name])) for name in sorted(files)}


def find(queries: Mapping[str, CannedQuery], name: str) -> CannedQuery:
    """The query of that name.

    Raises:
        UnknownQuery: there is none; the message names those that look alike.
    """
    if name in queries:
        return queries[name]
    hint = did_you_mean(name, queries) or f" There are: {', '.join(sorted(queries)) or 'none'}."
    raise UnknownQuery(f"There is no canned query {name!r}.{hint}")


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"The query file {path} cannot be read: {error}.") from error


def _parse(name: str, text: str) -> CannedQuery:
    if not _NAME.fullmatch(name):
        raise DataError(
            f"The query name {name!r} is not in lower case with hyphens, as who-develops is; change the name."
        )
    lines = text.lstrip("\ufeff").splitlines(keepends=True)
    count = next((n for n, line in enumerate(lines) if not line.startswith("#+")), len(lines))
    body = "".join(lines[count:]).strip() + "\n"
    header = _Header(name, "".join(line[2:] for line in lines[:count]))
    if query_form(body) is None:
        raise DataError(f"Query {name!r} is neither SELECT, ASK, CONSTRUCT nor DESCRIBE.")
    _check_places(name, body)
    return CannedQuery(
        name=name,
        summary=header.line("summary"),
        description=header.line("description"),
        tags=header.tags(),
        parameters=tuple(header.parameters(body)),
        text=body,
        chart=header.chart(body),
    )


class _Header:
    """The YAML header of a query file; every fault is a DataError that names the query."""

    def __init__(self, name: str, text: str) -> None:
        self._name = name
        if not text.strip():
            raise self._fault('it has no header; begin the file with "#+ summary: …"')
        try:
            # only strings: a date or a year in the header is a value as a user would write it
            content = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506
        except yaml.YAMLError as error:
            raise self._fault(f"its header is no YAML: {' '.join(str(error).split())}") from error
        self._content = self._mapping("header", content, _HEADER_KEYS)

    def _fault(self, message: str) -> DataError:
        return DataError(f"Query {self._name!r}: {message}.")

    def _mapping(self, where: str, content: object, keys: tuple[str, ...] = ()) -> dict[str, Any]:
        if not isinstance(content, dict):
            raise self._fault(f"{where} is {content!r}, not a mapping of names to values")
        for key in content:
            if keys and key not in keys:
                raise self._fault(f"{where} has the unknown key {key!r}; known: {', '.join(keys)}")
        return content

    def _texts(self, where: str, content: object) -> tuple[str, ...]:
        if not isinstance(content, list) or not all(isinstance(each, str) and each for each in content):
            raise self._fault(f"{where} is {content!r}, not a list of texts")
        return tuple(content)

    def line(self, key: str) -> str:
        """A text of one line that must be there."""
        value = self._content.get(key)
        if not isinstance(value, str) or not value.strip():
            raise self._fault(f'{key} is missing; add "#+ {key}: …"')
        return " ".join(value.split())

    def tags(self) -> tuple[str, ...]:
        return self._texts("tags", self._content.get("tags", []))

    def chart(self, body: str) -> Chart | None:
        """How its rows are drawn; None where the header does not say."""
        if "chart" not in self._content:
            return None
        about = self._mapping("chart", self._content["chart"], _CHART_KEYS)
        if about.get("kind") not in CHARTS:
            raise self._fault(f"the kind of its chart is {about.get('kind')!r}; there are: {', '.join(CHARTS)}")
        if query_form(body) != "SELECT":
            raise self._fault("it has a chart, but no rows that could be drawn")
        known = set(variables(body))
        for key in ("along", "value", "by", "unit"):
            column = about.get(key)
            if column is None and key in ("along", "value"):
                raise self._fault(f'its chart lacks {key}; add "{key}: <a column>"')
            if column is not None and column not in known:
                raise self._fault(f"its chart names the column {column!r}, which the query does not have")
        return Chart(**about)

    def parameters(self, body: str) -> Iterator[Parameter]:
        """The parameters in the order in which the header describes them."""
        found = self._found(body)
        described = self._mapping("parameters", self._content.get("parameters", {}))
        defaults = self._defaults()
        if missing := [name for name in found if name not in described]:
            raise self._fault(f"the parameter {missing[0]!r} (?{found[missing[0]][0]}) is not described in its header")
        if extra := [name for name in (*described, *defaults) if name not in found]:
            raise self._fault(f"its header names {extra[0]!r}, but no variable ?_{extra[0]} is in the query")
        for name, content in described.items():
            variable, type_ = found[name]
            about = self._mapping(f"parameter {name}", content, _PARAMETER_KEYS)
            if not about.get("description"):
                raise self._fault(f"the parameter {name!r} has no description")
            if name in RESERVED:
                raise self._fault(f"no parameter can be called {name!r}; these names are taken: {', '.join(RESERVED)}")
            parameter = Parameter(
                name=name,
                variable=variable,
                type=type_,
                required=not variable.startswith("__") and name not in defaults,
                default=defaults.get(name),
                description=" ".join(str(about["description"]).split()),
                examples=self._texts(f"examples of {name}", about.get("examples", [])),
                values=self._texts(f"values of {name}", about.get("values", [])),
                choices=self._choices(name, about.get("choices")),
            )
            self._check_values(parameter, prefixes() | declared_prefixes(body))
            yield parameter

    def _found(self, body: str) -> dict[str, tuple[str, ParameterType]]:
        """The variables that are parameters, with their types, by the parameters' names."""
        found: dict[str, tuple[str, ParameterType]] = {}
        for variable in variables(body):
            if parameter := parameter_type(variable):
                name, type_ = parameter
                if name in found:
                    raise self._fault(f"?{found[name][0]} and ?{variable} are both the parameter {name!r}")
                found[name] = (variable, type_)
        return found

    def _defaults(self) -> dict[str, str]:
        """Defaults as grlc has them: a list of mappings from a name to its value."""
        content = self._content.get("defaults", [])
        if not isinstance(content, list):
            raise self._fault(f'defaults is {content!r}, not a list of "- name: value"')
        return {name: value for each in content for name, value in self._mapping("defaults", each).items()}

    def _choices(self, name: str, content: object) -> str | None:
        if content is None:
            return None
        if not isinstance(content, str) or "value" not in variables(content):
            raise self._fault(
                f"choices of {name} is {content!r}, not a graph pattern that binds ?value, such as "
                "?it a aig:Company ; rdfs:label ?value"
            )
        if word := forbidden_keyword(content):
            raise self._fault(f"choices of {name} uses {word}; it sees this graph alone")
        return " ".join(content.split())

    def _check_values(self, parameter: Parameter, known: Mapping[str, str]) -> None:
        for value in (*parameter.examples, *([parameter.default] if parameter.default is not None else [])):
            try:
                term(self._name, parameter, value, known)
            except ParameterError as error:
                raise self._fault(f"a default or example does not fit: {error}") from error


def _check_places(name: str, body: str) -> None:
    """A parameter must not stand where SPARQL takes variables alone: there no value could replace it."""
    before = ""
    for token in tokens(body):
        if token.kind is Kind.COMMENT:
            continue
        if token.kind is Kind.VARIABLE and token.text[1:].startswith("_") and before in ("AS", "VALUES"):
            raise DataError(
                f"Query {name!r}: the parameter {token.text} cannot follow {before}; use it in an expression."
            )
        before = keyword(token)


def declared_prefixes(text: str) -> dict[str, str]:
    """The prefixes that a text declares."""
    found: dict[str, str] = {}
    run = [token for token in tokens(text) if token.kind is not Kind.COMMENT]
    for first, second, third in zip(run, run[1:], run[2:], strict=False):
        if keyword(first) == "PREFIX" and second.kind is Kind.NAME and third.kind is Kind.IRI:
            found[second.text.removesuffix(":")] = third.text[1:-1]
    return found
