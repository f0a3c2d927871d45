"""Content as RDF: streamed, the same bytes for the same content, and pleasant to read where the syntax allows it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import IO

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Triple, serialize

from aigraph.errors import FormatError
from aigraph.exports.content import Content, Graph
from aigraph.exports.jsonld import write_jsonld
from aigraph.formats import JSON_LD, N_QUADS, N_TRIPLES, RDF_XML, RdfSyntax
from aigraph.vocab import prefixes

NO_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""Characters that no XML document can hold."""

_PIECE = 20_000  # triples that are turned into text at once
_ABOUT = {
    "ontology": "the ontology",
    "knowledge": "curated names, and the rules and models that find things",
    "entities": "types, labels and links of everything mentioned",
    "facts": "direct triples and what follows from them",
    "propositions": "what several articles say together",
}


def write_rdf(content: Content, syntax: RdfSyntax, stream: IO[bytes]) -> None:
    """Write content to a binary stream in a syntax.

    TriG, N-Quads and JSON-LD keep the graphs. The others hold the union; Turtle and RDF/XML say a triple twice where
    two graphs hold it, which in graphs made from articles none do.

    Raises:
        FormatError: the content cannot be written in that syntax.
    """
    if syntax in (N_QUADS, N_TRIPLES):
        stream.writelines(content.lines(graphs=syntax.datasets))
    elif syntax is JSON_LD:
        write_jsonld(content, stream)
    elif syntax is RDF_XML:
        _write_xml(content, stream)
    else:
        _write_turtle(content, stream, graphs=syntax.datasets)


def _write_turtle(content: Content, stream: IO[bytes], *, graphs: bool) -> None:
    """Turtle or TriG: the prefixes once, a heading for each graph, a paragraph for each subject."""
    known = prefixes(content.base)
    stream.writelines(f"@prefix {name}: <{iri}> .\n".encode() for name, iri in sorted(known.items()))
    for graph, pieces in content.pieces(_PIECE):
        name = _graph_name(graph, content.base) if graphs and isinstance(graph, NamedNode) else None
        begun = False
        for piece in pieces:
            if not begun:
                stream.write(b"\n" + _heading(graph, content.base) + (f"{name} {{\n".encode() if name else b""))
                begun = True
            text = _paragraphs(piece, known)
            stream.write(_indented(text) if name else text)
        if begun and name:
            stream.write(b"}\n")


def _paragraphs(piece: Iterable[Triple] | Iterable[Quad], known: dict[str, str]) -> bytes:
    """Triples (or quads of no named graph) as Turtle without prefixes: each subject begins after an empty line.

    A line break inside a literal is written as an escape, so a line that ends with " ." always ends a subject.
    """
    text = serialize(piece, format=RdfFormat.TURTLE, prefixes=known) or b""
    begin = 0
    while text.startswith(b"@prefix", begin):
        begin = text.index(b"\n", begin) + 1
    return b"\n" + text[begin:].replace(b"\t", b"    ").replace(b" .\n", b" .\n\n").removesuffix(b"\n")


def _indented(text: bytes) -> bytes:
    """Lines four columns further to the right, empty ones left empty."""
    return b"\n    ".join(text.split(b"\n")).replace(b"\n    \n", b"\n\n").rstrip(b" ")


def _graph_name(graph: NamedNode, base: str) -> str:
    """A graph as TriG names it, with its prefix where no letter of it has to be escaped."""
    name = graph.value.removeprefix(f"{base}graph/")
    return f"graph:{name}" if name != graph.value and re.fullmatch(r"[A-Za-z][A-Za-z0-9-]*", name) else str(graph)


def _heading(graph: Graph, base: str) -> bytes:
    if isinstance(graph, DefaultGraph):
        return b"# the default graph\n"
    name = graph.value.removeprefix(f"{base}graph/")
    if name == graph.value:
        return f"# {name}\n".encode()
    return f"# graph:{name} - {_ABOUT.get(name, 'what one article says')}\n".encode()


def _write_xml(content: Content, stream: IO[bytes]) -> None:
    def triples() -> Iterator[Triple]:
        for group in content.groups():
            for quad in group:
                if isinstance(quad.object, Literal) and NO_XML.search(quad.object.value):
                    raise FormatError(
                        f"{quad.subject} holds control characters, which XML cannot hold. Choose another format."
                    )
                yield quad.triple

    try:
        serialize(triples(), stream, format=RdfFormat.RDF_XML, prefixes=prefixes(content.base))
    except ValueError as error:
        raise FormatError(f"The graph cannot be written as RDF/XML: {error} Choose another format.") from error
