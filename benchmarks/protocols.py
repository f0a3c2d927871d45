"""Runs the W3C tests for both protocols of SPARQL and for service descriptions against a plain endpoint.

    git clone https://github.com/w3c/rdf-tests
    aigraph serve --plain &
    python benchmarks/protocols.py rdf-tests/sparql http://127.0.0.1:7474/

The requests and what has to come back are read from the manifests. Every request is sent as it stands there, with the
endpoint's own host and paths. Printed are tests that fail: there should be none.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from conformance import MF, UT, canonical, path_of
from pyoxigraph import QueryBoolean, RdfFormat, parse, parse_query_results
from rdflib import RDF, RDFS, Graph, Literal, Namespace, URIRef
from rdflib.collection import Collection

from aigraph.formats import RDF_FORMATS, RESULT_FORMATS

HT = Namespace("http://www.w3.org/2011/http#")
CNT = Namespace("http://www.w3.org/2011/content#")
SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
_HOST = "www.example"
_STATUSES = {"OK": "200", "Created": "201", "NoContent": "204", "NotFound": "404"}


class Failed(Exception):
    """What came back is not what the test wants."""


@dataclass(frozen=True)
class Answered:
    """What came back to a request."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def media_type(self) -> str:
        """The type of the body, without parameters."""
        return self.headers.get("content-type", "").partition(";")[0]


class Endpoint:
    """A plain endpoint."""

    def __init__(self, url: str) -> None:
        self.host = urlsplit(url).netloc

    def send(
        self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> Answered:
        """Sends exactly these headers, and what HTTP itself needs."""
        connection = HTTPConnection(self.host, timeout=60)
        connection.putrequest(method, path, skip_accept_encoding=True)
        length = {"Content-Length": str(len(body))} if body is not None else {}
        for name, value in {**headers, **length}.items():
            connection.putheader(name, value)
        connection.endheaders(body)
        response = connection.getresponse()
        found = Answered(response.status, {k.lower(): v for k, v in response.getheaders()}, response.read())
        connection.close()
        return found


class Session:
    """The requests of one test, one after the other."""

    def __init__(self, endpoint: Endpoint, manifest: Graph) -> None:
        self._endpoint = endpoint
        self._manifest = manifest
        self._locations: dict[str, str] = {}

    def run(self, requests: Any) -> None:
        """Sends the requests of a list.

        Raises:
            Failed: an answer is not as it has to be.
        """
        for number, request in enumerate(Collection(self._manifest, requests), start=1):
            try:
                self._one(request)
            except Failed as error:
                raise Failed(f"request {number}: {error}") from None

    def _one(self, request: Any) -> None:
        value = self._manifest.value
        path = self._here("/sparql".join(str(value(request, HT.absolutePath)).split("/sparql/", 1)))
        content = value(request, HT.body)
        body = None
        if content is not None:
            text = self._here(str(value(content, CNT.chars)))
            body = text.encode(str(value(content, CNT.characterEncoding)))
        method = str(value(request, HT.methodName))
        answer = self._endpoint.send(method, path, body, self._headers(request))
        wanted = value(request, HT.resp)
        statuses = [str(one).rpartition("#")[2] for one in self._manifest.objects(wanted, MF.expectedStatus)]
        if not any(_has(answer.status, one) for one in statuses):
            raise Failed(f"status {answer.status}, not {' or '.join(statuses)}: {answer.body[:200]!r}")
        for name in self._manifest.objects(wanted, MF.expectedLocation):
            if "location" not in answer.headers:
                raise Failed("no Location")
            self._locations[str(name)] = answer.headers["location"]
        if method != "HEAD":
            self._content(answer, wanted)

    def _content(self, answer: Answered, wanted: Any) -> None:
        value = self._manifest.value
        form, truth = value(wanted, MF.expectedFormat), value(wanted, MF.expectedBoolean)
        if form is not None:
            graph = str(form) == "RDF"
            known = RDF_FORMATS if graph else RESULT_FORMATS
            syntax = next((one for one in known if one.media_type == answer.media_type), None)
            if syntax is None:
                raise Failed(f"{answer.media_type} is no format for {form}")
            if not graph:
                found = parse_query_results(answer.body, syntax.engine)  # type: ignore[arg-type]
                if isinstance(found, QueryBoolean) != (str(form) == "boolean"):
                    raise Failed(f"the answer is not {form}")
                if isinstance(truth, Literal) and bool(found) != truth.toPython():
                    raise Failed(f"the answer is not {truth}")
        content = value(wanted, HT.body)
        if content is not None:
            expected = parse(self._here(str(value(content, CNT.chars))), RdfFormat.TURTLE)
            syntax = next((one for one in RDF_FORMATS if one.media_type == answer.media_type), None)
            if syntax is None or canonical(expected) != canonical(parse(answer.body, syntax.engine)):
                raise Failed(f"another graph: {answer.body[:300]!r}")

    def _headers(self, request: Any) -> dict[str, str]:
        head = self._manifest.value(request, HT.headers)
        listed = Collection(self._manifest, head) if head is not None else ()
        value = self._manifest.value
        return {str(value(one, HT.fieldName)): self._here(str(value(one, HT.fieldValue))) for one in listed}

    def _here(self, text: str) -> str:
        """A text of the manifest with the names of this endpoint."""
        for name, location in self._locations.items():
            text = text.replace(f"graph={name}", f"graph={quote(location, safe='')}")
            text = text.replace(name, location.removeprefix(f"http://{self._endpoint.host}"))
        for before, after in ((_HOST, self._endpoint.host), ("/gsp", "/store")):
            text = text.replace(quote(before, safe=""), quote(after, safe="")).replace(before, after)
        return text


def _has(status: int, wanted: str) -> bool:
    """True where a status is of the kind that the manifest names."""
    if wanted.startswith("StatusCode"):
        return wanted[len("StatusCode")] == str(status)[0]
    return _STATUSES[wanted] == str(status)


def tests_of(path: Path) -> Iterator[tuple[str, Graph, Any]]:
    """The tests of a manifest: name, manifest, node."""
    manifest = Graph()
    manifest.parse(path, publicID=path.absolute().as_uri())
    for head in manifest.objects(None, MF.entries):
        for node in Collection(manifest, head):
            yield f"{path.parent.name}/{str(node).rpartition('#')[2]}", manifest, node


def requests_of(endpoint: Endpoint, manifest: Graph, node: Any) -> None:
    """Runs a test that consists of requests."""
    endpoint.send("POST", "/sparql", b"DROP ALL", {"Content-Type": "application/sparql-update"})
    for one in manifest.objects(node, UT.graphData):
        data = path_of(manifest.value(one, UT.graph)).read_bytes()
        where = f"/store?graph={quote(str(manifest.value(one, RDFS.label)), safe='')}"
        endpoint.send("PUT", where, data, {"Content-Type": "application/n-triples"})
    action = manifest.value(node, MF.action)
    Session(endpoint, manifest).run(manifest.value(action, HT.requests))


_CLASSES = {"Service", "Dataset", "Graph", "NamedGraph", "GraphCollection", "Feature", "Language", "Function",
            "Aggregate", "EntailmentRegime", "EntailmentProfile"}  # fmt: skip
_LANGUAGES = {"SPARQL10Query", "SPARQL11Query", "SPARQL11Update"}
_FEATURES = {"DereferencesURIs", "UnionDefaultGraph", "RequiresDataset", "EmptyGraphs", "BasicFederatedQuery"}
_OF_SERVICES = {"endpoint", "feature", "defaultEntailmentRegime", "defaultSupportedEntailmentProfile",
                "extensionFunction", "extensionAggregate", "languageExtension", "supportedLanguage", "propertyFeature",
                "defaultDataset", "availableGraphs", "resultFormat", "inputFormat"}  # fmt: skip
_OTHER = {"defaultGraph": "Dataset", "namedGraph": "GraphCollection", "name": "NamedGraph", "graph": "NamedGraph",
          "entailmentRegime": "NamedGraph", "supportedEntailmentProfile": "NamedGraph"}  # fmt: skip
_BELOW = {"Dataset": "GraphCollection"}


def descriptions_of(endpoint: Endpoint, name: str) -> None:
    """Runs a test of the service description, in every format.

    Raises:
        Failed: it is not as it has to be.
    """
    for syntax in RDF_FORMATS:
        answer = endpoint.send("GET", "/sparql", None, {"Accept": syntax.media_type})
        if answer.status != 200 or answer.media_type != syntax.media_type:
            raise Failed(f"status {answer.status}, type {answer.media_type} for {syntax.media_type}")
        triples = {f"{q.subject} {q.predicate} {q.object} ." for q in parse(answer.body, syntax.engine)}
        graph = Graph().parse(data="\n".join(triples), format="nt")
        if not triples or name == "returns-rdf":
            if not triples:
                raise Failed(f"no triples in {syntax.name}")
        elif name == "has-endpoint-triple":
            addresses = {str(one) for one in graph.objects(None, SD.endpoint)}
            if addresses != {f"http://{endpoint.host}/sparql"}:
                raise Failed(f"sd:endpoint is {addresses}")
        else:
            _check_schema(graph)


def _check_schema(graph: Graph) -> None:
    """What uses the vocabulary does so by its domains, and names no term that it has not."""
    services = set(graph.subjects(RDF.type, SD.Service))
    for subject, predicate, value in graph:
        classes = {str(one).removeprefix(SD) for one in graph.objects(subject, RDF.type)}
        classes |= {_BELOW[one] for one in classes if one in _BELOW}
        if str(predicate).startswith(SD):
            used = str(predicate).removeprefix(SD)
            if not (subject in services if used in _OF_SERVICES else _OTHER.get(used) in classes):
                raise Failed(f"sd:{used} of {subject}")
        if isinstance(value, URIRef) and str(value).startswith(SD):
            known = {RDF.type: _CLASSES, SD.supportedLanguage: _LANGUAGES, SD.feature: _FEATURES}.get(predicate, set())
            if str(value).removeprefix(SD) not in known:
                raise Failed(f"{value} as {predicate}")
    if not services or any((one, SD.endpoint, None) not in graph for one in services):
        raise Failed("a service without sd:endpoint")


def main() -> None:
    """Runs all tests below a folder against the endpoint of an address."""
    folder, endpoint = Path(sys.argv[1]) / "sparql11", Endpoint(sys.argv[2])
    counts: Counter[str] = Counter()
    for part in ("protocol/manifest", "graph-store-protocol/manifest-direct", "graph-store-protocol/manifest-indirect",
                 "service-description/manifest"):  # fmt: skip
        for name, manifest, node in tests_of(folder / f"{part}.ttl"):
            suite, _, test = name.partition("/")
            counts[f"{suite}: tests"] += 1
            try:
                if suite == "service-description":
                    descriptions_of(endpoint, test)
                else:
                    requests_of(endpoint, manifest, node)
            except Failed as error:
                counts[f"{suite}: failed"] += 1
                print(f"{name}: {error}")
    print(dict(counts))


if __name__ == "__main__":
    main()
