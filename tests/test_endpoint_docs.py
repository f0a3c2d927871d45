"""What docs/endpoint.md and docs/conformance.md say of addresses, formats, statuses, limits and the engine is true."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from urllib.parse import urlencode

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from aigraph.endpoint import create_app
from aigraph.endpoint.problems import PROBLEMS
from aigraph.formats import RDF_FORMATS, RESULT_FORMATS
from aigraph.queries import CannedQuery
from aigraph.settings import Settings
from aigraph.store import QueryPool, open_writer
from aigraph.vocab import AIG, RDF, RDFS, XSD, Iris
from serving import BROWSER, Client, running

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "endpoint.md").read_text(encoding="utf-8")
IRIS = Iris("https://example.org/kg/")
A, B = IRIS.thing("Company", "a"), IRIS.thing("Chip", "b")
ONE, TWO = IRIS.graph("one"), IRIS.graph("two")
CANNED = CannedQuery.parse(
    "called",
    "#+ summary: What is called so?\n#+ description: By its label.\n#+ parameters:\n"
    "#+   name: {description: a label, examples: [A]}\nSELECT ?s { ?s rdfs:label ?l FILTER(STR(?l) = ?_name) }",
)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    store = tmp_path_factory.mktemp("store")
    with open_writer(store, IRIS.base) as writer:
        writer.replace_graph(ONE, [Quad(A, RDFS.label, Literal("A"), ONE), Quad(A, RDF.type, AIG.Company, ONE)])
        writer.replace_graph(TWO, [Quad(A, AIG.develops, B, TWO)])
        writer.commit()
    queries = {CANNED.name: CANNED}
    with QueryPool(store, size=2, timeout=60) as pool, running(create_app(pool, queries, base=IRIS.base)) as client:
        yield client


def table(heading: str) -> list[list[str]]:
    """The cells of the first table below a heading, without its head."""
    section = PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    rows = [line.strip("|").split(" | ") for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row] for row in rows[2:]]


SIGNS = {
    "<name>": "called",
    "values/<parameter>": "values/name",
    "/page/…": f"/page/{A.value.removeprefix(IRIS.base)}",
    "/data/…": f"/data/{A.value.removeprefix(IRIS.base)}",
    "<parameter>=…": "name=A",
    "subject=…&predicate=…&object=…": urlencode({"subject": A.value, "predicate": "aig:develops", "object": B.value}),
    "query=…": urlencode({"query": "ASK {}"}),
    "q=…": "q=A",
    "iri=…": urlencode({"iri": A.value}),
    "<term>": "Company",
    "<module>": "claims",
    "/id/…": A.value.removeprefix(IRIS.base[:-1]),
    "/…": "/one",
}
"""What the addresses of the table leave open, and what is put there."""


def addresses() -> list[str]:
    """The addresses of the table, filled in, but for those of findings and of queries that give a graph."""
    found: list[str] = []
    for row in table("Addresses"):
        for one in re.findall(r"`([^`]+)`", " ".join(row)):
            if one.startswith("."):  # another suffix: `/ontology.ttl`, `.rdf`
                found.append(re.sub(r"\.\w+$", one, found[-1]))
            elif one.startswith("/"):
                found.append(one)
    return sorted({filled(one) for one in found if one not in ("/explain?iri=…", "/queries/<name>.ttl")})


def filled(address: str) -> str:
    for sign, value in SIGNS.items():
        address = address.replace(sign, value)
    return {"/store": f"/store?{urlencode({'graph': ONE.value})}"}.get(
        address, f"{address}?name=A" if address.startswith("/queries/called.") else address
    )


@pytest.mark.parametrize("address", addresses())
def test_there_is_something_at_every_address(client: Client, address: str) -> None:
    assert client.get(address, Accept=BROWSER).status in (200, 303), address


def test_the_formats_are_those_of_the_table() -> None:
    told = [re.findall(r"`(\w+)`", formats) for _, formats in table("Formats")]
    assert told == [list(RESULT_FORMATS.names), list(RDF_FORMATS.names), ["html"]]


def test_every_status_is_told() -> None:
    told = {int(status) for status, _ in table("Errors")}
    assert told == {int(one.status) for one in PROBLEMS} - {500}  # which is for what nobody foresaw


def test_every_limit_is_told_with_its_default() -> None:
    names = [field.name for field in fields(Settings)]
    limits = names[names.index("timeout") : names.index("idle_timeout") + 1]
    paragraph = PAGE.partition("**All limits are settings**")[2].partition("\n\n")[0]
    told = re.findall(r"`(\w+)`", paragraph)
    assert sorted(one for one in told if one in names) == sorted(limits)
    defaults = Settings()
    for text in (
        f"longer than {defaults.query_length:,} characters, nested more than {defaults.query_depth} deep",
        f"of more than {defaults.query_tokens:,} words and signs",
        f"the answer is longer than {defaults.answer_size} MB",
        f"may have {defaults.client_queries} queries running",
        f"and {defaults.client_seconds:g}\nseconds of slow queries",
        f"Documents may have {defaults.upload_size} MB",
        f"({defaults.cache_size} MB in all",
        f"nothing happens for {defaults.idle_timeout:g} s is closed",
    ):
        assert text in PAGE, text


def test_what_the_request_names_goes_before_what_the_query_names(client: Client) -> None:
    query = f"SELECT ?o FROM {ONE} {{ ?s ?p ?o }} ORDER BY ?o"
    asked = {"query": query, "format": "csv"}
    assert set(client.get("/sparql", asked).text.split()[1:]) == {"A", AIG.Company.value}
    assert client.get("/sparql", {**asked, "default-graph-uri": TWO.value}).text.split()[1:] == [B.value]
    named = {"query": "SELECT ?g { GRAPH ?g { ?s aig:develops ?o } }", "format": "csv"}
    assert client.get("/sparql", named).text.split()[1:] == [TWO.value]
    assert client.get("/sparql", {**named, "named-graph-uri": ONE.value}).text.split()[1:] == []


def test_the_query_page_lists_the_prefixes(client: Client) -> None:
    page = client.get("/sparql", Accept=BROWSER).text
    for space in (AIG.iri, RDFS.iri, f"{IRIS.base}id/"):
        assert space in page


@pytest.mark.parametrize("name", ["csv", "text/csv", "srj", "json", "TSV"])
def test_a_format_is_named_by_its_name_its_media_type_or_its_suffix(client: Client, name: str) -> None:
    answer = client.get("/sparql", {"query": "SELECT * { ?s ?p ?o }", "format": name})
    assert (answer.status, answer.type in {one for syntax in RESULT_FORMATS for one in syntax.media_types}) == (
        200,
        True,
    )


def test_a_truth_value_in_csv_is_a_word(client: Client) -> None:
    for name in ("csv", "tsv"):
        assert client.get("/sparql", {"query": "ASK {}", "format": name}).text == "true"
        assert client.get("/sparql", {"query": "ASK { FILTER(false) }", "format": name}).text == "false"


def test_where_the_engine_differs_from_the_standard() -> None:
    """Once an engine does otherwise, docs/conformance.md has to be put right."""
    store = Store()
    with pytest.raises(SyntaxError):
        store.query("ASK { FILTER(TRUE) }")
    store.add(Quad(NamedNode("x:a"), NamedNode("x:b"), Literal("01", datatype=XSD.integer)))
    assert [quad.object for quad in store] == [Literal("1", datatype=XSD.integer)]
