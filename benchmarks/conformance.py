"""Runs the W3C test suites for SPARQL 1.0 and 1.1 against a plain endpoint, over HTTP and in all result formats.

    git clone https://github.com/w3c/rdf-tests
    aigraph serve --plain &
    python benchmarks/conformance.py rdf-tests/sparql http://127.0.0.1:7474/

Every test is also run on pyoxigraph within this process. Printed are tests that the engine fails, and tests where what
comes over HTTP is not what the engine gives: of these there should be none.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from pyoxigraph import (
    CanonicalizationAlgorithm,
    Dataset,
    DefaultGraph,
    NamedNode,
    Quad,
    QueryBoolean,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
    parse,
    parse_query_results,
    serialize,
)
from rdflib import RDF, Graph, Namespace, URIRef
from rdflib.collection import Collection

from aigraph.formats import RDF_FORMATS, RESULT_FORMATS

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
QT = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-query#")
UT = Namespace("http://www.w3.org/2009/sparql/tests/test-update#")
RS = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
_LEFT_OUT = ("entailment", "service", "syntax-fed", "protocol", "service-description", "http-rdf-update",
             "graph-store-protocol")  # fmt: skip


@dataclass
class Test:
    """One test of a manifest."""

    kind: str
    iri: str
    query: Path
    data: list[Path] = field(default_factory=list)
    named: list[tuple[str, Path]] = field(default_factory=list)
    result: Path | None = None
    after: list[Path] = field(default_factory=list)
    named_after: list[tuple[str, Path]] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The folder and name of the test."""
        return f"{self.query.parent.name}/{self.iri.rpartition('#')[2]}"


def path_of(node: Any) -> Path:
    """The file that an IRI of a manifest names."""
    return Path(str(node).removeprefix("file://").partition("#")[0])


def tests_of(manifest: Path) -> Iterator[Test]:
    """The tests of a manifest and of those that it includes."""
    graph = Graph()
    graph.parse(manifest, publicID=manifest.absolute().as_uri())
    for head in graph.objects(None, MF.include):
        for one in Collection(graph, head):
            if path_of(one).parent.name not in _LEFT_OUT:
                yield from tests_of(path_of(one))
    for head in graph.objects(None, MF.entries):
        for node in Collection(graph, head):
            if test := _test(graph, URIRef(str(node))):
                yield test


def _test(graph: Graph, node: URIRef) -> Test | None:
    kinds = [str(one).rpartition("#")[2] for one in graph.objects(node, RDF.type)]
    kind = next((one for one in kinds if one.endswith("Test") or one.endswith("Test11")), "")
    action = graph.value(node, MF.action)
    if not kind or action is None:
        return None
    query = graph.value(action, QT.query) or graph.value(action, UT.request) or action
    if not isinstance(query, URIRef):
        return None
    test = Test(kind, str(node), path_of(query))
    test.data = [path_of(one) for name in (QT.data, UT.data) for one in graph.objects(action, name)]
    test.named = [(str(one), path_of(one)) for one in graph.objects(action, QT.graphData)]
    test.named += _update_graphs(graph, action)
    result = graph.value(node, MF.result)
    if isinstance(result, URIRef):
        test.result = path_of(result)
    elif result is not None:
        test.after = [path_of(one) for one in graph.objects(result, UT.data)]
        test.named_after = _update_graphs(graph, result)
    return test


def _update_graphs(graph: Graph, node: Any) -> list[tuple[str, Path]]:
    label = URIRef("http://www.w3.org/2000/01/rdf-schema#label")
    return [
        (str(graph.value(one, label)), path_of(graph.value(one, UT.graph))) for one in graph.objects(node, UT.graphData)
    ]


def quads_of(data: list[Path], named: list[tuple[str, Path]]) -> list[Quad]:
    """The dataset that a test begins with, or should end with."""
    found: list[Quad] = []
    graphs: list[tuple[Any, Path]] = [(DefaultGraph(), one) for one in data]
    graphs += [(NamedNode(name), one) for name, one in named]
    for place, (graph, path) in enumerate(graphs):
        syntax = RdfFormat.from_extension(path.suffix.lstrip(".")) or RdfFormat.TURTLE
        for quad in parse(
            path=str(path), format=syntax, base_iri=path.absolute().as_uri(), rename_blank_nodes=place > 0
        ):
            found.append(Quad(quad.subject, quad.predicate, quad.object, graph))
    return found


def canonical(quads: Any) -> list[str]:
    """Quads with canonical blank nodes, sorted."""
    dataset = Dataset(quads)
    dataset.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    return sorted(map(str, dataset))


def normal(content: bytes, syntax: Any) -> object:
    """An answer without what may differ between two equal ones: the order, and the labels of blank nodes."""
    if syntax in tuple(RDF_FORMATS):
        return canonical(Quad(q.subject, q.predicate, q.object, q.graph_name) for q in parse(content, syntax.engine))
    if syntax.name == "csv":
        lines = content.decode().split("\r\n")
        return Counter(",".join("_" if c.startswith("_:") else c for c in line.split(",")) for line in lines)
    results = parse_query_results(content, syntax.engine)
    if isinstance(results, QueryBoolean):
        return bool(results)
    return rows_of(results) if isinstance(results, QuerySolutions) else None


def rows_of(results: QuerySolutions) -> list[str]:
    """Solutions as a canonical graph."""
    names = sorted(variable.value for variable in results.variables)
    quads: list[Quad] = []
    for number, solution in enumerate(results):
        row = NamedNode(f"row:{number}")
        for name in names:
            if (term := solution[name]) is not None:
                quads.append(Quad(row, NamedNode(f"name:{name}"), term))
    by_row: Counter[str] = Counter()
    held: dict[str, list[str]] = {}
    for line in canonical(quads):
        subject, _, rest = line.partition(" ")
        held.setdefault(subject, []).append("_:b" if " _:" in rest else rest)
    by_row.update("\n".join(sorted(lines)) for lines in held.values())
    return sorted(f"{count} {row}" for row, count in by_row.items())


class Endpoint:
    """A plain endpoint."""

    def __init__(self, url: str) -> None:
        self._host = urlsplit(url).netloc

    def request(self, method: str, path: str, body: bytes | None = None, kind: str = "", accept: str = "*/*") -> Any:
        """The status and the body of an answer."""
        connection = HTTPConnection(self._host, timeout=60)
        connection.request(method, path, body, {"Content-Type": kind, "Accept": accept})
        response = connection.getresponse()
        found = response.status, response.read()
        connection.close()
        return found

    def load(self, quads: list[Quad], named: list[str]) -> None:
        """Makes the dataset hold these quads."""
        self.request("POST", "/sparql", b"DROP ALL", "application/sparql-update")
        for graph in {quad.graph_name for quad in quads} | {NamedNode(name) for name in named}:
            lines = [f"{q.subject} {q.predicate} {q.object} ." for q in quads if q.graph_name == graph]
            where = f"graph={quote(graph.value, safe='')}" if isinstance(graph, NamedNode) else "default"
            self.request("PUT", f"/store?{where}", "\n".join(lines).encode(), "application/n-triples")

    def query(self, text: str, syntax: Any) -> Any:
        """The answer to a query."""
        return self.request("POST", "/sparql", text.encode(), "application/sparql-query", syntax.media_type)

    def dataset(self) -> list[Quad]:
        """All that the dataset holds."""
        _, body = self.query(
            "SELECT ?s ?p ?o ?g { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }", RESULT_FORMATS.find("json")
        )
        rows = parse_query_results(body, RESULT_FORMATS.find("json").engine)
        return [Quad(row["s"], row["p"], row["o"], row["g"] or DefaultGraph()) for row in rows]  # type: ignore


def run(test: Test, endpoint: Endpoint) -> tuple[bool, str]:
    """Whether the engine passes, and how the endpoint differs from it ("" where it does not)."""
    text = test.query.read_text(encoding="utf-8")
    base = test.query.absolute().as_uri()
    based = f"BASE <{base}>\n{text}"
    if "Syntax" in test.kind:
        update = test.query.suffix == ".ru"
        store = Store()
        try:
            store.update(text, base_iri=base) if update else store.query(text, base_iri=base)
            accepted = True
        except (SyntaxError, OSError, RuntimeError) as error:
            accepted = not isinstance(error, SyntaxError)
        kind = "application/sparql-update" if update else "application/sparql-query"
        status, _ = endpoint.request("POST", "/sparql", based.encode(), kind)
        wanted = "Positive" in test.kind
        return accepted == wanted, "" if (status not in (400, 403, 413)) == accepted else f"status {status}"
    quads = quads_of(test.data, test.named)
    store = Store()
    store.extend(quads)
    for name, _ in test.named:
        store.add_graph(NamedNode(name))
    endpoint.load(quads, [name for name, _ in test.named])
    if "Update" in test.kind:
        store.update(text, base_iri=base)
        status, _ = endpoint.request("POST", "/sparql", based.encode(), "application/sparql-update")
        engine = canonical(store)
        passed = engine == canonical(quads_of(test.after, test.named_after))
        return passed, "" if status == 204 and canonical(endpoint.dataset()) == engine else f"status {status}"
    differences = []
    formats = (
        tuple(RDF_FORMATS) if isinstance(store.query(text, base_iri=base), QueryTriples) else tuple(RESULT_FORMATS)
    )
    for syntax in formats:
        answer = store.query(text, base_iri=base)
        if isinstance(answer, QueryTriples):
            expected: Any = serialize(answer, format=syntax.engine)
        else:
            expected = answer.serialize(format=syntax.engine)
        status, body = endpoint.query(based, syntax)
        if isinstance(answer, QueryBoolean) and syntax.name in ("csv", "tsv"):
            same = body == expected
        else:
            same = status == 200 and normal(body, syntax) == normal(expected, syntax)
        if not same:
            differences.append(f"{syntax.name}: {status}")
    return True, ", ".join(differences)


def main() -> None:
    """Runs all tests below a folder against the endpoint of an address."""
    folder, endpoint = Path(sys.argv[1]), Endpoint(sys.argv[2])
    counts: Counter[str] = Counter()
    manifests = ["sparql10/manifest.ttl"] + [
        f"sparql11/manifest-sparql11-{part}.ttl" for part in ("query", "results", "update")
    ]
    for manifest in manifests:
        path = folder / manifest
        for test in tests_of(path) if path.exists() else ():
            counts["tests"] += 1
            try:
                passed, difference = run(test, endpoint)
            except Exception as error:
                passed, difference = False, f"cannot be run: {type(error).__name__}: {str(error)[:100]}"
            if not passed:
                counts["the engine differs from the suite"] += 1
            if difference:
                counts["the endpoint differs from the engine"] += 1
            if difference or not passed:
                print(f"{test.name}: {'' if passed else 'engine'} {difference}")
    print(dict(counts))


if __name__ == "__main__":
    main()
