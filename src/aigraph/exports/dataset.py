"""A folder that can be published as it is, on Zenodo or a web server.

    README.md                what it holds, how to cite a fact, who owns the texts
    data/graph.trig.gz       all graphs
    data/ontology.ttl        the ontology
    data/nanopubs.trig.gz    each finding as a nanopublication
    tables/*.csv             entities, facts, partnerships, claims
    network/facts.graphml    entities and facts as a network
    void.ttl                 what is in it, counted, for machines: VoID and DCAT
    ro-crate-metadata.json   the files, for research archives: RO-Crate 1.1
    SHA256SUMS               `sha256sum -c SHA256SUMS` checks them all

The same content gives the same bytes: there is no time of making. The date of publication is that of the newest
article; who publishes sets another, a name and a licence in the two files of metadata.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, serialize

from aigraph import __version__
from aigraph.errors import FormatError
from aigraph.exports.content import Content
from aigraph.exports.files import unpacked_name, written
from aigraph.exports.graphml import write_graphml
from aigraph.exports.nanopubs import write_nanopubs
from aigraph.exports.rdf import write_rdf
from aigraph.exports.tables import TABLES
from aigraph.formats import RDF_FORMATS, TRIG, TURTLE
from aigraph.vocab import AIG, DCTERMS, RDF, XSD, Namespace, prefixes

VOID = Namespace(
    "void",
    "http://rdfs.org/ns/void#",
    "Dataset triples entities classes properties classPartition class propertyPartition property vocabulary dataDump",
)
DCAT = Namespace(
    "dcat", "http://www.w3.org/ns/dcat#", "Dataset Distribution distribution downloadURL mediaType byteSize"
)
_TITLE = "News about AI hardware as a knowledge graph"
_DESCRIPTION = (
    "Who develops what, who partners with whom, and who claims which figure for when, read out of news articles by "
    "aigraph; each finding with its sentence, its stance and its confidence."
)
_MEDIA = {".csv": "text/csv", ".graphml": "application/graphml+xml", ".md": "text/markdown"}
_PACKS = {".gz": "application/gzip", ".zst": "application/zstd"}


@dataclass(frozen=True, slots=True)
class _File:
    """A file of the data set: its place, what it is, and what writes it."""

    path: str
    description: str
    write: Callable[[Content, IO[bytes]], None]


_FILES = (
    _File("data/graph.trig.gz", "all graphs, as TriG", lambda content, out: write_rdf(content, TRIG, out)),
    _File(
        "data/ontology.ttl", "the ontology, as Turtle", lambda content, out: write_rdf(_ontology(content), TURTLE, out)
    ),
    _File("data/nanopubs.trig.gz", "each finding as a nanopublication, as TriG", write_nanopubs),
    *(_File(f"tables/{table.name}.csv", table.description, table.write) for table in TABLES),
    _File("network/facts.graphml", "entities and facts as a network, as GraphML", write_graphml),
)


def write_dataset(content: Content, folder: Path) -> tuple[Path, ...]:
    """Write the data set into a folder, which is made; give the files.

    Raises:
        FormatError: a file cannot be written.
    """
    done: list[Path] = []

    def put(path: str, write: Callable[[IO[bytes]], None]) -> None:
        place = folder / path
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise FormatError(f"{place.parent} cannot be made: {error.strerror}.") from error
        with written(place) as stream:
            write(stream)
        done.append(place)

    for file in _FILES:
        put(file.path, lambda out, file=file: file.write(content, out))  # type: ignore[misc]
    counts = _Counts.of(content)
    put("README.md", lambda out: _write_text(out, _readme(content, counts)))
    put("void.ttl", lambda out: _write_text(out, _void(content, counts, folder)))
    put("ro-crate-metadata.json", lambda out: _write_text(out, _crate(counts, done, folder)))
    sums = "".join(f"{_sha256(path)}  {path.relative_to(folder).as_posix()}\n" for path in sorted(done))
    put("SHA256SUMS", lambda out: _write_text(out, sums))
    return tuple(sorted(done))


@dataclass(frozen=True, slots=True)
class _Counts:
    """What the content holds, counted."""

    triples: int
    subjects: int
    classes: Counter[str]
    properties: Counter[str]
    newest: str

    @classmethod
    def of(cls, content: Content) -> _Counts:
        classes: Counter[str] = Counter()
        properties: Counter[str] = Counter()
        triples = subjects = 0
        newest = ""
        for group in content.groups():
            subjects += 1
            triples += len(group)
            for quad in group:
                properties[quad.predicate.value] += 1
                if quad.predicate == RDF.type and isinstance(quad.object, NamedNode):
                    classes[quad.object.value] += 1
                if quad.predicate == DCTERMS.issued and isinstance(quad.object, Literal):
                    newest = max(newest, quad.object.value)
        return cls(triples, subjects, classes, properties, newest)

    def of_class(self, cls: NamedNode) -> int:
        """How many things are of that class."""
        return self.classes[cls.value]


def _ontology(content: Content) -> Content:
    return replace(content, graphs=[content.reader.iris.graph("ontology")], change=None)


def _readme(content: Content, counts: _Counts) -> str:
    listed = "\n".join(f"| `{file.path}` | {file.description} |" for file in _FILES)
    texts = {
        "none": "No sentence of theirs is in this data set.",
        "quotes": "This data set quotes the sentences that findings rest on, and holds no article as a whole.",
        "full": "This data set holds the articles as a whole: publish it only where you may publish them.",
    }[content.texts.value]
    return f"""# {_TITLE}

{_DESCRIPTION}

{counts.of_class(AIG.Article):,} articles, {counts.of_class(AIG.Claim):,} claims and statements, \
{counts.of_class(AIG.Partnership):,} deals, {counts.triples:,} triples. Made by aigraph {__version__}.

| file | holds |
|---|---|
{listed}
| `void.ttl` | what is in it, counted (VoID, DCAT) |
| `ro-crate-metadata.json` | these files for research archives (RO-Crate 1.1) |
| `SHA256SUMS` | `sha256sum -c SHA256SUMS` checks the files |

## Reading a fact
Each direct triple in the graph of facts rests on statements; each finding has `aig:evidence` (the sentence with its
place in the article), `aig:modality`, `aig:polarity` and `aig:confidence`. Rumours, forecasts and denials are kept as
what they are: a claim in the table of claims is somebody's claim, not a fact.

## Rights
The articles belong to their publishers. {texts} A licence for the graph is chosen by who publishes it.
"""


def _void(content: Content, counts: _Counts, folder: Path) -> str:
    node = NamedNode(f"{content.base}dataset")
    triples: list[Triple] = [
        Triple(node, RDF.type, VOID.Dataset),
        Triple(node, RDF.type, DCAT.Dataset),
        Triple(node, DCTERMS.title, Literal(_TITLE, language="en")),
        Triple(node, NamedNode(f"{DCTERMS.iri}description"), Literal(_DESCRIPTION, language="en")),
        Triple(node, VOID.triples, _number(counts.triples)),
        Triple(node, VOID.entities, _number(counts.subjects)),
        Triple(node, VOID.classes, _number(len(counts.classes))),
        Triple(node, VOID.properties, _number(len(counts.properties))),
        Triple(node, VOID.vocabulary, NamedNode(AIG.iri)),
    ]
    if counts.newest:
        triples.append(Triple(node, DCTERMS.issued, Literal(counts.newest)))
    for kind, counted in (("class", counts.classes), ("property", counts.properties)):
        for iri, count in sorted(counted.items()):
            part = NamedNode(f"{node.value}/{kind}/{hashlib.sha256(iri.encode()).hexdigest()[:16]}")
            triples += [
                Triple(node, VOID[f"{kind}Partition"], part),
                Triple(part, VOID[kind], NamedNode(iri)),
                Triple(part, VOID.entities if kind == "class" else VOID.triples, _number(count)),
            ]
    for file in _FILES:
        part = NamedNode(f"{node.value}/{file.path}")
        triples += [
            Triple(node, DCAT.distribution, part),
            Triple(part, RDF.type, DCAT.Distribution),
            Triple(part, DCTERMS.title, Literal(file.description, language="en")),
            Triple(part, DCAT.mediaType, Literal(_media_type(Path(file.path)))),
            Triple(part, DCAT.byteSize, _number((folder / file.path).stat().st_size)),
        ]
    known = prefixes(content.base) | {VOID.prefix: VOID.iri, DCAT.prefix: DCAT.iri}
    text = (serialize(triples, format=RdfFormat.TURTLE, prefixes=known) or b"").decode()
    lines = text.splitlines(keepends=True)
    heads = sorted(line for line in lines if line.startswith("@prefix"))
    return "".join(heads) + "\n" + "".join(line for line in lines if not line.startswith("@prefix"))


def _crate(counts: _Counts, files: list[Path], folder: Path) -> str:
    parts: list[dict[str, object]] = [
        {
            "@id": path.relative_to(folder).as_posix(),
            "@type": "File",
            "name": _description(path.relative_to(folder).as_posix()),
            "encodingFormat": _media_type(path),
            "contentSize": str(path.stat().st_size),
            "sha256": _sha256(path),
        }
        for path in sorted(files)
    ]
    root: dict[str, object] = {
        "@id": "./",
        "@type": "Dataset",
        "name": _TITLE,
        "description": _DESCRIPTION,
        "datePublished": counts.newest or "1970-01-01",
        "hasPart": [{"@id": part["@id"]} for part in parts],
        "creator": {"@id": "#aigraph"},
        "license": "A licence for the graph is chosen by who publishes it; the articles belong to their publishers.",
    }
    about: dict[str, object] = {
        "@id": "ro-crate-metadata.json",
        "@type": "CreativeWork",
        "about": {"@id": "./"},
        "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
    }
    maker: dict[str, object] = {
        "@id": "#aigraph",
        "@type": "SoftwareApplication",
        "name": "aigraph",
        "version": __version__,
    }
    crate = {"@context": "https://w3id.org/ro/crate/1.1/context", "@graph": [about, root, maker, *parts]}
    return json.dumps(crate, indent=2, ensure_ascii=False) + "\n"


def _description(path: str) -> str:
    listed = {file.path: file.description for file in _FILES}
    return listed.get(
        path, {"README.md": "what this data set holds", "void.ttl": "the data set described"}.get(path, path)
    )


def _media_type(path: Path) -> str:
    if path.suffix in _PACKS:
        return _PACKS[path.suffix]
    syntax = RDF_FORMATS.of_suffix(unpacked_name(path).suffix)
    return syntax.media_type if syntax else _MEDIA[path.suffix]


def _number(value: int) -> Literal:
    return Literal(str(value), datatype=XSD.integer)


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _write_text(stream: IO[bytes], text: str) -> None:
    stream.write(text.encode())
