"""The one table of the formats that aigraph writes: RDF formats for graphs, result formats for answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Generic, TypeVar

from pyoxigraph import QueryResultsFormat, RdfFormat

from aigraph.errors import FormatError


@dataclass(frozen=True, slots=True)
class Format:
    """A format: `name` as in `--format` and `format=`, `label` for people.

    `media_types` has the registered type first, then what clients also send; `suffixes` has the usual suffix of
    files first, without dot.
    """

    name: str
    label: str
    media_types: tuple[str, ...]
    suffixes: tuple[str, ...]

    @property
    def media_type(self) -> str:
        """The registered media type."""
        return self.media_types[0]

    @property
    def content_type(self) -> str:
        """The media type as a header gives it: with the character set where the type is a textual one."""
        return f"{self.media_type}; charset=utf-8" if self.media_type.startswith("text/") else self.media_type


@dataclass(frozen=True, slots=True)
class RdfSyntax(Format):
    """A format for graphs; `datasets` is true where it can name the graph of each triple."""

    engine: RdfFormat
    datasets: bool


@dataclass(frozen=True, slots=True)
class ResultFormat(Format):
    """A format for the answers of SELECT and ASK."""

    engine: QueryResultsFormat


F = TypeVar("F", bound=Format)


@dataclass(frozen=True, slots=True)
class FormatTable(Generic[F]):
    """Formats in order of preference, found by name, media type or suffix."""

    kind: str
    formats: tuple[F, ...]
    _by_name: dict[str, F] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_name", {one.name: one for one in self.formats})

    def __iter__(self) -> Iterator[F]:
        return iter(self.formats)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all formats of the table."""
        return tuple(one.name for one in self.formats)

    def of_media_type(self, media_type: str) -> F | None:
        """The format of a media type (its parameters do not count), or None."""
        bare = media_type.partition(";")[0].strip().lower()
        return next((one for one in self.formats if bare in one.media_types), None)

    def of_suffix(self, suffix: str) -> F | None:
        """The format of a suffix, with or without its dot, or None."""
        bare = suffix.lower().lstrip(".")
        return next((one for one in self.formats if bare in one.suffixes), None)

    def of_path(self, path: PurePath) -> F:
        """The format that the name of a file asks for.

        Raises:
            FormatError: no format has that suffix.
        """
        found = self.of_suffix(path.suffix)
        if found is None:
            raise FormatError(
                f"{path.name} does not tell its format. Name one of {', '.join(self.names)}, or end the name of the "
                f"file with one of {', '.join('.' + one.suffixes[0] for one in self.formats)}."
            )
        return found

    def find(self, text: str) -> F:
        """The format that a name, a media type or a suffix stands for.

        Raises:
            FormatError: none does; the message lists what there is.
        """
        named = self._by_name.get(text) or self._by_name.get(text.strip().lower())
        found = named or self.of_media_type(text) or self.of_suffix(text.strip())
        if found is None:
            raise FormatError(f"There is no {self.kind} format {text!r}. Choose one of {', '.join(self.names)}.")
        return found


TURTLE = RdfSyntax("turtle", "Turtle", ("text/turtle", "application/x-turtle"), ("ttl",), RdfFormat.TURTLE, False)
TRIG = RdfSyntax("trig", "TriG", ("application/trig", "application/x-trig"), ("trig",), RdfFormat.TRIG, True)
N_QUADS = RdfSyntax("nquads", "N-Quads", ("application/n-quads", "text/x-nquads"), ("nq",), RdfFormat.N_QUADS, True)
N_TRIPLES = RdfSyntax("ntriples", "N-Triples", ("application/n-triples",), ("nt",), RdfFormat.N_TRIPLES, False)
JSON_LD = RdfSyntax("jsonld", "JSON-LD", ("application/ld+json",), ("jsonld",), RdfFormat.JSON_LD, True)
RDF_XML = RdfSyntax("rdfxml", "RDF/XML", ("application/rdf+xml",), ("rdf", "owl"), RdfFormat.RDF_XML, False)

JSON = ResultFormat(
    "json", "JSON", ("application/sparql-results+json", "application/json"), ("json", "srj"), QueryResultsFormat.JSON
)
XML = ResultFormat(
    "xml",
    "XML",
    ("application/sparql-results+xml", "application/xml", "text/xml"),
    ("xml", "srx"),
    QueryResultsFormat.XML,
)
CSV = ResultFormat("csv", "CSV", ("text/csv",), ("csv",), QueryResultsFormat.CSV)
TSV = ResultFormat("tsv", "TSV", ("text/tab-separated-values",), ("tsv",), QueryResultsFormat.TSV)

RDF_FORMATS: FormatTable[RdfSyntax] = FormatTable("RDF", (TURTLE, TRIG, N_QUADS, N_TRIPLES, JSON_LD, RDF_XML))
"""Formats for graphs: exports, CONSTRUCT and DESCRIBE."""

RESULT_FORMATS: FormatTable[ResultFormat] = FormatTable("result", (JSON, XML, CSV, TSV))
"""Formats for the answers of SELECT and ASK."""
