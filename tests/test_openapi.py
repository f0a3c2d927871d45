"""What programs and editors are told: OpenAPI made from the query files, and the queries as SHACL examples."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from openapi_spec_validator import OpenAPIV31SpecValidator
from pyoxigraph import NamedNode, Quad, QuerySolutions, RdfFormat, Store, parse
from schemathesis.config import SchemathesisConfig
from schemathesis.generation import GenerationMode
from schemathesis.schemas import BaseSchema

from aigraph.endpoint import create_app
from aigraph.queries import CannedQuery, load_queries
from aigraph.resources import folder
from aigraph.store import QueryPool, open_writer
from aigraph.vocab import DEFAULT_BASE

MINI = Path(__file__).parent / "expected" / "queries" / "mini.trig"
ODD = CannedQuery.parse(
    "odd",
    "#+ summary: What types are there?\n#+ description: One parameter of each.\n#+ parameters:\n"
    + "".join(f"#+   p{n}: {{description: of that type}}\n" for n in range(12))
    + "#+   way: {description: closed, values: [up, down]}\n#+ defaults:\n#+   - p1: 5\n"
    "SELECT * { BIND(CONCAT(STR(?__p0), STR(?_p1_integer), STR(?__p2_xsd_decimal), STR(?__p3_xsd_double), "
    "STR(?__p4_xsd_boolean), STR(?__p5_xsd_date), STR(?__p6_xsd_gYear), STR(?__p7_xsd_gYearMonth), STR(?__p8_iri), "
    "STR(?__p9_lang), STR(?__p10_de), STR(?__p11_xsd_string), STR(?__way)) AS ?all) }",
)
YES = CannedQuery.parse("is-any", "#+ summary: Is there any?\n#+ description: A check.\nASK { ?s a aig:Company }")
GRAPH = CannedQuery.parse(
    "as-graph", "#+ summary: Which are there?\n#+ description: A graph.\nCONSTRUCT WHERE { ?s a aig:Company }"
)
QUERIES = {**load_queries(folder("queries")), **{one.name: one for one in (ODD, YES, GRAPH)}}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    graphs: defaultdict[NamedNode, list[Quad]] = defaultdict(list)
    for quad in parse(path=str(MINI)):
        assert isinstance(quad.graph_name, NamedNode)
        graphs[quad.graph_name].append(quad)
    path = tmp_path_factory.mktemp("store")
    with open_writer(path, DEFAULT_BASE) as writer:
        for graph, quads in graphs.items():
            writer.replace_graph(graph, quads)
        writer.commit()
    with QueryPool(path, size=2, timeout=60) as pool:
        yield create_app(pool, QUERIES, base=DEFAULT_BASE)


@pytest.fixture(scope="module")
def client(app: Flask) -> FlaskClient:
    return app.test_client()


# --- OpenAPI ------------------------------------------------------------------------------------------------


def test_the_document_is_valid_and_has_every_query(client: FlaskClient) -> None:
    answer = client.get("/openapi.json")
    assert answer.headers["Content-Type"] == "application/openapi+json;version=3.1"
    document = json.loads(answer.data)
    OpenAPIV31SpecValidator(document).validate()
    assert {f"/queries/{name}" for name in QUERIES} < set(document["paths"])
    assert client.get("/openapi.json", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


def test_an_operation_says_what_its_file_says(client: FlaskClient) -> None:
    operation = json.loads(client.get("/openapi.json").data)["paths"]["/queries/who-develops"]["get"]
    query = QUERIES["who-develops"]
    assert (operation["summary"], operation["description"]) == (query.summary, query.description)
    company = next(one for one in operation["parameters"] if one["name"] == "company")
    assert not company["required"]
    assert company["schema"]["examples"][0] == "Nvidia"
    assert "AMD" in company["schema"]["examples"], "names that the graph offers"
    assert [one["name"] for one in operation["parameters"]][-4:] == ["limit", "offset", "format", "snapshot"]
    assert "application/sparql-results+json" in operation["responses"]["200"]["content"]


def test_behind_a_prefix_the_addresses_have_it(client: FlaskClient) -> None:
    document = json.loads(client.get("/openapi.json", environ_overrides={"SCRIPT_NAME": "/graph"}).data)
    assert document["servers"] == [{"url": "/graph"}]


config = SchemathesisConfig.from_dict(
    {
        "checks": {
            # what an address pins may be gone; what is empty counts as not given
            "positive_data_acceptance": {"expected-statuses": ["2xx", "410"]},
            "negative_data_rejection": {"enabled": False},
            # formats and pages are answered by GET and HEAD alone
            "unsupported_method": {"enabled": False},
        },
        # a pattern tells neither every malformed IRI nor what is SPARQL
        "operations": [
            {"include-name": f"GET {path}", "checks": {"positive_data_acceptance": {"enabled": False}}}
            for path in (
                "/sparql",
                *(
                    f"/queries/{one.name}"
                    for one in QUERIES.values()
                    if any(p.type.name == "IRI" for p in one.parameters)
                ),
            )
        ],
    }
)
PATHS = ["/queries", "/sparql", *(f"/queries/{name}" for name in QUERIES), "/queries/who-develops/values/company"]


@pytest.fixture(scope="module")
def described(app: Flask) -> BaseSchema:
    return schemathesis.openapi.from_wsgi("/openapi.json", app, config=config)


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
@pytest.mark.parametrize("path", PATHS)
def test_the_service_keeps_what_the_document_promises(described: BaseSchema, path: str, mode: GenerationMode) -> None:
    operation = described[path]["GET"]
    if mode is GenerationMode.NEGATIVE and "/values/" in path:
        return  # without parameters there is nothing to get wrong

    @settings(max_examples=4, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(generation_mode=mode))
    def holds(case: Any) -> None:
        case.call_and_validate(headers={"Accept-Encoding": "identity"})

    holds()


# --- examples -----------------------------------------------------------------------------------------------

FOUND = """
PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX schema: <https://schema.org/>
SELECT ?label ?comment ?query ?target {
  ?it a sh:SPARQLExecutable ; rdfs:label ?label ; rdfs:comment ?comment ; schema:target ?target ;
    sh:select|sh:ask|sh:construct ?query ; sh:prefixes/sh:declare/sh:namespace ?namespace .
} GROUP BY ?label ?comment ?query ?target ORDER BY ?label
"""


@pytest.mark.parametrize("path", ["/.well-known/sparql-examples", "/.well-known/void"])
def test_editors_find_the_queries_as_examples_that_run(client: FlaskClient, path: str) -> None:
    answer = client.get(path, headers={"Accept": "text/turtle"})
    store = Store()
    store.load(answer.data, RdfFormat.TURTLE)
    rows = store.query(FOUND)
    assert isinstance(rows, QuerySolutions)
    found = {row["label"].value: row for row in rows}
    assert list(found) == sorted(QUERIES)
    assert found["about-entity"]["comment"].value == "What do the articles say about a thing? (thing: Nvidia)"
    assert {row["target"].value for row in found.values()} == {"http://localhost/sparql"}
    for name in ("about-entity", "who-develops", "is-any", "as-graph"):
        # as they stand, without any prefix that has to be known beside
        asked = Store().query(found[name]["query"].value)
        assert asked is not None
        got = client.post("/sparql", data={"query": found[name]["query"].value})
        assert got.status_code == 200, got.data


def test_examples_come_in_other_formats_too(client: FlaskClient) -> None:
    answer = client.get("/.well-known/sparql-examples", headers={"Accept": "application/ld+json"})
    assert answer.mimetype == "application/ld+json"
    assert json.loads(answer.data)
    again = client.get(
        "/.well-known/sparql-examples",
        headers={"Accept": "application/ld+json", "If-None-Match": answer.headers["ETag"]},
    )
    assert again.status_code == 304
