"""Exports: what a store holds, as files that others can read; streamed, and the same bytes for the same content.

content    which graphs and texts, in which order         profiles  what is added for RDF 1.2
rdf        Turtle, TriG, N-Quads, N-Triples, RDF/XML      jsonld    JSON-LD with its context
tables     CSV                                            graphml   a network
nanopubs   each finding as a nanopublication              dataset   a folder of all these, to publish
files      files that are whole or not there, packed by their suffix
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import IO

from aigraph.exports.content import Content, TextPolicy
from aigraph.exports.dataset import write_dataset
from aigraph.exports.files import PACKED, packed, unpacked_name, written
from aigraph.exports.graphml import write_graphml
from aigraph.exports.nanopubs import write_nanopubs
from aigraph.exports.profiles import Profile
from aigraph.exports.rdf import write_rdf
from aigraph.exports.tables import TABLES
from aigraph.formats import RDF_FORMATS, RdfSyntax

DATASET = "dataset"
"""The name of the export that is a folder."""


@dataclass(frozen=True, slots=True)
class Export:
    """A format of exports: its name, the suffixes that stand for it (none if they tell too little), what writes it."""

    name: str
    suffixes: tuple[str, ...]
    write: Callable[[Content, IO[bytes]], None]


def _rdf(syntax: RdfSyntax) -> Export:
    return Export(syntax.name, syntax.suffixes, lambda content, stream: write_rdf(content, syntax, stream))


EXPORTS = (
    *(_rdf(syntax) for syntax in RDF_FORMATS),
    *(Export(f"csv-{table.name}", (), table.write) for table in TABLES),
    Export("graphml", ("graphml",), write_graphml),
    Export("nanopubs", (), write_nanopubs),
)
"""Every format that is one file."""

__all__ = [
    "DATASET",
    "EXPORTS",
    "PACKED",
    "TABLES",
    "Content",
    "Export",
    "Profile",
    "TextPolicy",
    "packed",
    "unpacked_name",
    "write_dataset",
    "write_graphml",
    "write_nanopubs",
    "write_rdf",
    "written",
]
