"""What the page about the graph says of its making: versions, and the days that its articles are of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pyoxigraph import Literal

from aigraph import __version__
from aigraph.endpoint.site.reading import Graph
from aigraph.errors import QueryError
from aigraph.wording import day

_READ = """SELECT ?name ?value (COUNT(*) AS ?articles) {
  VALUES (?version ?name) { (aig:softwareVersion "aigraph") (aig:modelVersion "language model")
    (aig:rulesVersion "rules") (aig:knowledgeVersion "curated names") (aig:ontologyVersion "ontology") }
  ?run a aig:Extraction ; ?version ?value } GROUP BY ?name ?value ORDER BY ?name DESC(?articles) ?value LIMIT 20"""
_DAYS = """SELECT (MIN(?day) AS ?first) (MAX(?day) AS ?last) {
  ?a a aig:Article ; dcterms:issued ?issued BIND(STR(?issued) AS ?day) }"""
_PUBLISHERS = "SELECT DISTINCT ?who { ?a a aig:Article ; dcterms:publisher ?who } ORDER BY ?who LIMIT 13"


@dataclass(frozen=True, slots=True)
class Version:
    """What articles were read with, and how many of them."""

    name: str
    value: str
    articles: int


@dataclass(frozen=True, slots=True)
class About:
    """The making of a graph; what could not be asked in time is empty."""

    version: str
    snapshot: str
    triples: int
    versions: tuple[Version, ...] = ()
    first: str = ""
    last: str = ""
    publishers: tuple[str, ...] = ()


def read_about(graph: Graph) -> About:
    """The making of the graph of a snapshot."""
    versions: tuple[Version, ...] = ()
    first = last = ""
    publishers: Sequence[str] = ()
    try:
        versions = tuple(
            Version(_text(row["name"]), _text(row["value"]), int(_text(row["articles"]))) for row in graph.rows(_READ)
        )
        for row in graph.rows(_DAYS):
            first, last = day(_text(row["first"])), day(_text(row["last"]))
        publishers = [_text(row["who"]) for row in graph.rows(_PUBLISHERS)]
    except QueryError:
        pass
    snapshot = graph.snapshot
    return About(__version__, snapshot.id, snapshot.quads, versions, first, last, tuple(publishers))


def _text(term: object) -> str:
    return term.value if isinstance(term, Literal) else ""
