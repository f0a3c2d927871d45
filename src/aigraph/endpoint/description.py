"""What the service says about itself: SPARQL 1.1 Service Description, VoID, DCAT, and the prefixes to use.

What is counted costs queries over the whole graph. They are asked once a snapshot, beside the requests; until their
answers are there, the description goes without the numbers.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import quote, urlencode

from pyoxigraph import Literal, NamedNode, QuerySolutions, Triple, parse_query_results

from aigraph.errors import AigraphError, AnswerTooLarge, QueryTimeout
from aigraph.formats import JSON, RDF_FORMATS, RESULT_FORMATS, Format
from aigraph.store import Queries, Snapshot
from aigraph.vocab import DCTERMS, RDF, XSD, Namespace

SD = Namespace(
    "sd",
    "http://www.w3.org/ns/sparql-service-description#",
    "Service endpoint supportedLanguage SPARQL11Query SPARQL11Update resultFormat inputFormat feature "
    "UnionDefaultGraph EmptyGraphs defaultDataset Dataset defaultGraph Graph namedGraph NamedGraph name graph",
)
VOID = Namespace(
    "void",
    "http://rdfs.org/ns/void#",
    "Dataset triples entities distinctSubjects distinctObjects classes properties classPartition class "
    "propertyPartition property sparqlEndpoint exampleResource dataDump uriSpace vocabulary feature",
)
DCAT = Namespace(
    "dcat",
    "http://www.w3.org/ns/dcat#",
    "Dataset Distribution DataService distribution accessURL downloadURL mediaType accessService endpointURL "
    "endpointDescription servesDataset",
)
SH = Namespace(
    "sh",
    "http://www.w3.org/ns/shacl#",
    "declare namespace prefixes SPARQLExecutable SPARQLSelectExecutable SPARQLAskExecutable SPARQLConstructExecutable "
    "select ask construct",
)
_SH_PREFIX = NamedNode(f"{SH.iri}prefix")
LIMIT = Namespace(
    "limit",
    "https://w3id.org/aigraph/limit#",
    "seconds queryLength queryDepth queryTokens answerBytes answerRows clientQueries",
)
NAMESPACES = (SD, VOID, DCAT, SH, LIMIT, DCTERMS)
_FORMAT_OF_FILES = "http://www.iana.org/assignments/media-types/"
_ATTEMPTS, _PAUSE = 5, 2.0  # how often a count is asked for while the service is busy, and seconds between
_MOST = 500  # graphs, classes and properties that are listed

_TOTALS = """SELECT (COUNT(*) AS ?triples) (COUNT(DISTINCT ?s) AS ?subjects) (COUNT(DISTINCT ?o) AS ?objects)
{ ?s ?p ?o }"""
_CLASSES = f"SELECT ?it (COUNT(*) AS ?n) {{ ?s a ?it }} GROUP BY ?it ORDER BY DESC(?n) ?it LIMIT {_MOST}"
_PROPERTIES = f"SELECT ?it (COUNT(*) AS ?n) {{ ?s ?it ?o }} GROUP BY ?it ORDER BY DESC(?n) ?it LIMIT {_MOST}"
_GRAPHS = f"SELECT ?it (COUNT(*) AS ?n) {{ GRAPH ?it {{ ?s ?p ?o }} }} GROUP BY ?it ORDER BY ?it LIMIT {_MOST}"
_EXAMPLES = """SELECT DISTINCT ?it (1 AS ?n) { ?it a ?class FILTER(STRSTARTS(STR(?it), "%s")) } LIMIT 5"""


@dataclass(frozen=True, slots=True)
class Counts:
    """What was counted in one snapshot; IRIs with numbers of triples or things."""

    totals: Mapping[str, int] = field(default_factory=dict)
    classes: tuple[tuple[str, int], ...] = ()
    properties: tuple[tuple[str, int], ...] = ()
    graphs: tuple[tuple[str, int], ...] = ()
    examples: tuple[tuple[str, int], ...] = ()


class Counting:
    """Counts every snapshot once, in a thread of its own."""

    def __init__(self, pool: Queries, base: str) -> None:
        self._pool = pool
        self._base = base
        self._lock = threading.Lock()
        self._known: tuple[str, Counts] = ("", Counts())
        self._running: str | None = None

    def counts(self, snapshot: Snapshot, *, wait: float = 0.0) -> Counts:
        """What is known of a snapshot, after waiting some seconds for it at most; empty where nothing is yet."""
        with self._lock:
            if self._known[0] == snapshot.id:
                return self._known[1]
            if self._running != snapshot.id:
                self._running = snapshot.id
                thread = threading.Thread(target=self._count, args=(snapshot,), daemon=True)
                thread.start()
                self._thread = thread
            thread = self._thread
        thread.join(wait)
        with self._lock:
            return self._known[1] if self._known[0] == snapshot.id else Counts()

    def _count(self, snapshot: Snapshot) -> None:
        found = Counts()
        steps: tuple[Callable[[], Counts], ...] = (
            lambda: replace(found, totals=dict(self._totals())),
            lambda: replace(found, classes=self._pairs(_CLASSES)),
            lambda: replace(found, properties=self._pairs(_PROPERTIES)),
            lambda: replace(found, graphs=self._pairs(_GRAPHS)),
            lambda: replace(found, examples=self._pairs(_EXAMPLES % self._base)),
        )
        for step in steps:
            for attempt in range(1, _ATTEMPTS + 1):
                try:
                    found = step()
                    break
                except (QueryTimeout, AnswerTooLarge):
                    break  # a graph that is too large to be counted within a deadline is described without that number
                except (AigraphError, OSError):
                    time.sleep(attempt * _PAUSE)  # others are asking much at the moment
        with self._lock:
            self._known = (snapshot.id, found)
            self._running = None

    def _rows(self, query: str) -> QuerySolutions:
        rows = parse_query_results(self._pool.query(query).content, JSON.engine)
        if not isinstance(rows, QuerySolutions):
            raise TypeError(query)
        return rows

    def _totals(self) -> list[tuple[str, int]]:
        names = ("triples", "subjects", "objects")
        return [(name, _number(row[name])) for row in self._rows(_TOTALS) for name in names]

    def _pairs(self, query: str) -> tuple[tuple[str, int], ...]:
        return tuple(
            (node.value, _number(row["n"])) for row in self._rows(query) if isinstance(node := row["it"], NamedNode)
        )


def _number(term: object) -> int:
    return int(term.value) if isinstance(term, Literal) else 0


@dataclass(frozen=True, slots=True)
class Described:
    """What the description tells beside the counts: addresses, what can be done, and the limits."""

    site: str
    base: str
    prefixes: Mapping[str, str]
    union: bool
    updates: bool
    limits: Mapping[str, float]

    @property
    def endpoint(self) -> str:
        """The address of `/sparql`."""
        return f"{self.site}sparql"

    @property
    def dataset(self) -> NamedNode:
        """The dataset, which declares the prefixes."""
        return _node(self, "dataset")


def describe(what: Described, snapshot: Snapshot, counts: Counts) -> list[Triple]:
    """The description of a service and of its dataset."""
    return list(dict.fromkeys([*_service(what, counts), *_dataset(what, snapshot, counts), *_catalogue(what)]))


def _node(what: Described, name: str) -> NamedNode:
    return NamedNode(f"{what.endpoint}#{name}")


def _service(what: Described, counts: Counts) -> list[Triple]:
    node, dataset, graph = (_node(what, name) for name in ("service", "dataset", "default-graph"))
    triples = [
        Triple(node, RDF.type, SD.Service),
        Triple(node, SD.endpoint, NamedNode(what.endpoint)),
        Triple(node, SD.supportedLanguage, SD.SPARQL11Query),
        Triple(node, SD.defaultDataset, dataset),
        Triple(dataset, RDF.type, SD.Dataset),
        Triple(dataset, SD.defaultGraph, graph),
        Triple(graph, RDF.type, SD.Graph),
    ]
    if what.union:
        triples.append(Triple(node, SD.feature, SD.UnionDefaultGraph))
    if what.updates:
        triples.append(Triple(node, SD.supportedLanguage, SD.SPARQL11Update))
        triples += [Triple(node, SD.inputFormat, NamedNode(one.engine.iri)) for one in RDF_FORMATS]
    triples += [Triple(node, SD.resultFormat, NamedNode(one.engine.iri)) for one in (*RESULT_FORMATS, *RDF_FORMATS)]
    triples += [
        Triple(node, LIMIT[name], Literal(f"{value:g}", datatype=XSD.decimal) if value % 1 else Literal(int(value)))
        for name, value in what.limits.items()
    ]
    for number, (iri, count) in enumerate(counts.graphs):
        named, content = _node(what, f"graph-{number}"), _node(what, f"graph-{number}-content")
        triples += [
            Triple(dataset, SD.namedGraph, named),
            Triple(named, RDF.type, SD.NamedGraph),
            Triple(named, SD.name, NamedNode(iri)),
            Triple(named, SD.graph, content),
            Triple(content, RDF.type, SD.Graph),
            Triple(content, VOID.triples, Literal(count)),
        ]
    return [*triples, *declarations(what)]


def declarations(what: Described) -> list[Triple]:
    """The prefixes that need no declaration, as the dataset declares them."""
    triples: list[Triple] = []
    for name, iri in what.prefixes.items():
        declaration = _node(what, f"prefix-{name}")
        triples += [
            Triple(what.dataset, SH.declare, declaration),
            Triple(declaration, _SH_PREFIX, Literal(name)),
            Triple(declaration, SH.namespace, Literal(iri, datatype=XSD.anyURI)),
        ]
    return triples


def _dataset(what: Described, snapshot: Snapshot, counts: Counts) -> list[Triple]:
    dataset, graph = _node(what, "dataset"), _node(what, "default-graph")
    number = counts.totals.get("triples", snapshot.quads)
    triples = [
        Triple(dataset, RDF.type, VOID.Dataset),
        Triple(dataset, VOID.sparqlEndpoint, NamedNode(what.endpoint)),
        Triple(dataset, VOID.uriSpace, Literal(what.base)),
        Triple(dataset, DCTERMS.identifier, Literal(snapshot.id)),
        Triple(dataset, VOID.triples, Literal(number)),
        Triple(graph, VOID.triples, Literal(number)),
    ]
    if "subjects" in counts.totals:
        triples.append(Triple(dataset, VOID.distinctSubjects, Literal(counts.totals["subjects"])))
        triples.append(Triple(dataset, VOID.distinctObjects, Literal(counts.totals["objects"])))
    if counts.classes:
        triples.append(Triple(dataset, VOID.classes, Literal(len(counts.classes))))
    if counts.properties:
        triples.append(Triple(dataset, VOID.properties, Literal(len(counts.properties))))
    parts: tuple[tuple[str, tuple[tuple[str, int], ...], NamedNode, NamedNode, NamedNode], ...] = (
        ("class", counts.classes, VOID.classPartition, VOID["class"], VOID.entities),
        ("property", counts.properties, VOID.propertyPartition, VOID.property, VOID.triples),
    )
    for kind, found, partition, term, measure in parts:
        for place, (iri, count) in enumerate(found):
            part = _node(what, f"{kind}-{place}")
            triples += [
                Triple(dataset, partition, part),
                Triple(part, term, NamedNode(iri)),
                Triple(part, measure, Literal(count)),
            ]
    triples += [Triple(dataset, VOID.exampleResource, NamedNode(iri)) for iri, _ in counts.examples]
    triples += [Triple(dataset, VOID.dataDump, NamedNode(_dump(what, one))) for one in RDF_FORMATS]
    triples += [Triple(dataset, VOID.feature, NamedNode(one.engine.iri)) for one in RDF_FORMATS]
    return triples


def _dump(what: Described, syntax: Format) -> str:
    query = "CONSTRUCT WHERE { ?s ?p ?o }"
    return f"{what.endpoint}?{urlencode({'query': query, 'format': syntax.name}, quote_via=quote)}"


def _catalogue(what: Described) -> list[Triple]:
    dataset, service = _node(what, "dataset"), _node(what, "service")
    triples = [
        Triple(dataset, RDF.type, DCAT.Dataset),
        Triple(dataset, DCTERMS.title, Literal("News about AI hardware as a graph", language="en")),
        Triple(service, RDF.type, DCAT.DataService),
        Triple(service, DCTERMS.title, Literal("SPARQL endpoint", language="en")),
        Triple(service, DCAT.endpointURL, NamedNode(what.endpoint)),
        Triple(service, DCAT.endpointDescription, NamedNode(what.endpoint)),
        Triple(service, DCAT.servesDataset, dataset),
    ]
    for one in RDF_FORMATS:
        node = _node(what, f"dump-{one.name}")
        triples += [
            Triple(dataset, DCAT.distribution, node),
            Triple(node, RDF.type, DCAT.Distribution),
            Triple(node, DCAT.accessURL, NamedNode(what.endpoint)),
            Triple(node, DCAT.downloadURL, NamedNode(_dump(what, one))),
            Triple(node, DCAT.mediaType, NamedNode(_FORMAT_OF_FILES + one.media_type)),
            Triple(node, DCAT.accessService, service),
        ]
    return triples
