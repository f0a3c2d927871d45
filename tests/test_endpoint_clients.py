"""Clients that others made, as their users use them: reading, and writing with a token."""

from __future__ import annotations

import io
import subprocess
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pandas
import pytest
import SPARQLWrapper
from pyoxigraph import Literal, Quad
from rdflib import Dataset, Graph, URIRef
from rdflib import Literal as Text
from rdflib.plugins.stores.sparqlstore import SPARQLUpdateStore

from aigraph.endpoint import create_app
from aigraph.store import GraphEditor, QueryPool, open_writer
from aigraph.vocab import AIG, RDFS, XSD, Iris
from serving import Client, running

IRIS = Iris("https://example.org/kg/")
ONE = IRIS.graph("one")
A, B = IRIS.thing("Company", "a"), IRIS.thing("Chip", "b")
LABEL = 'A "quoted", ünlike\nlabel'
G = "http://example.org/g"
TOKEN = {"Authorization": "Bearer secret"}
ROWS = "SELECT ?s ?l ?n { ?s rdfs:label ?l OPTIONAL { ?s aig:confidence ?n } } ORDER BY ?s"

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")  # rdflib leaves its connections open


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    store = tmp_path_factory.mktemp("store")
    with open_writer(store, IRIS.base) as writer:
        number = Literal("0.5", datatype=XSD.double)
        quads = [
            Quad(A, RDFS.label, Literal(LABEL), ONE),
            Quad(B, RDFS.label, Literal("B", language="de"), ONE),
            Quad(A, AIG.develops, B, ONE),
            Quad(A, AIG.confidence, number, ONE),
        ]
        writer.replace_graph(ONE, quads)
        writer.commit()
    with (
        GraphEditor(store, timeout=60) as editor,
        QueryPool(store, size=2, timeout=60) as pool,
        running(create_app(pool, {}, base=IRIS.base, writer=editor, token="secret")) as client,
    ):
        yield client


@pytest.fixture
def mine(client: Client) -> Iterator[Client]:
    """The endpoint, with no graph of a user in it afterwards."""
    yield client
    client.request("DELETE", f"/store?{urlencode({'graph': G})}", None, **TOKEN)


def wrapper(client: Client) -> SPARQLWrapper.SPARQLWrapper:
    made = SPARQLWrapper.SPARQLWrapper(f"{client.url}sparql")
    made.addCustomHttpHeader("Authorization", TOKEN["Authorization"])
    return made


def update_store(client: Client) -> SPARQLUpdateStore:
    return SPARQLUpdateStore(f"{client.url}sparql", f"{client.url}sparql", method="POST", headers=dict(TOKEN))


def test_sparqlwrapper_binds_rows_and_changes_graphs(mine: Client) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the library itself
        asking = wrapper(mine)
        asking.setQuery(ROWS)
        asking.setReturnFormat(SPARQLWrapper.JSON)
        found: Any = asking.queryAndConvert()
        rows = found["results"]["bindings"]
        assert {row["l"]["value"] for row in rows} == {LABEL, "B"}
        assert [float(row["n"]["value"]) for row in rows if "n" in row] == [0.5]
        for method in (SPARQLWrapper.URLENCODED, SPARQLWrapper.POSTDIRECTLY):
            changing = wrapper(mine)
            changing.setMethod(SPARQLWrapper.POST)
            changing.setRequestMethod(method)
            changing.setQuery(f"INSERT DATA {{ GRAPH <{G}> {{ {A} rdfs:comment '{method}' }} }}")
            changing.query().response.close()
        asking.setQuery(f"ASK {{ GRAPH <{G}> {{ {A} rdfs:comment 'urlencoded' , 'postdirectly' }} }}")
        found = asking.queryAndConvert()
        assert found["boolean"]
        changing.clearCustomHttpHeader("Authorization")
        with pytest.raises(SPARQLWrapper.SPARQLExceptions.Unauthorized):
            changing.query()


def test_rdflib_adds_replaces_and_removes_in_a_graph_of_its_own(mine: Client) -> None:
    held = Graph(update_store(mine), identifier=URIRef(G))
    note = (URIRef(A.value), URIRef(RDFS.comment.value), Text(LABEL, lang="en"))
    held.add(note)
    held.addN((*note[:2], Text(number), held) for number in range(50))
    assert (note in held, len(held)) == (True, 51)
    assert held.value(note[0], URIRef("http://example.org/none")) is None
    held.set(note)
    assert list(held) == [note]
    rows: Any = held.query(f"SELECT ?l {{ {A} <{RDFS.comment.value}> ?l }}")
    assert [str(row["l"]) for row in rows] == [LABEL]
    held.update(f"INSERT DATA {{ <{A.value}> <{RDFS.comment.value}> 1 }}")
    assert len(held) == 2
    held.remove((None, None, None))
    assert len(held) == 0


def test_rdflib_sees_the_named_graphs(mine: Client) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of the library itself
        names = {str(one.identifier) for one in Dataset(update_store(mine)).graphs()}
    assert ONE.value in names


def test_pandas_reads_rows_with_their_types(client: Client) -> None:
    address = f"{client.url}sparql?{urlencode({'query': ROWS, 'format': 'csv'})}"
    frame = pandas.read_csv(address)
    assert set(frame["l"]) == {LABEL, "B"}
    assert frame["n"].dropna().tolist() == [0.5]
    address = f"{client.url}sparql?{urlencode({'query': ROWS})}"
    by_header = pandas.read_csv(address, storage_options={"Accept": "text/csv", "Accept-Encoding": "identity"})
    assert by_header.equals(frame)
    tabbed = pandas.read_csv(f"{address}&format=tsv", sep="\t")
    assert set(tabbed["?s"]) == {str(A), str(B)}


def run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.needs_program("rapper", "raptor2-utils")
@pytest.mark.parametrize("syntax", ["turtle", "ntriples", "rdfxml", "trig", "nquads"])
def test_rapper_reads_every_syntax_that_it_knows(client: Client, syntax: str) -> None:
    query = {"query": "CONSTRUCT WHERE { ?s ?p ?o }", "format": syntax}
    found = run("rapper", "-q", "-i", syntax, "-o", "ntriples", f"{client.url}sparql?{urlencode(query)}")
    assert len(found.splitlines()) == 4
    assert f"{A} {AIG.develops} {B} ." in found
    assert "\\u00FCnlike\\nlabel" in found


@pytest.mark.needs_program("rapper", "raptor2-utils")
def test_rapper_takes_what_it_is_offered(client: Client) -> None:
    for path in (f"store?{urlencode({'graph': ONE.value})}", ".well-known/void", "sparql"):
        found = run("rapper", "-q", "-g", "-o", "ntriples", f"{client.url}{path}")
        assert len(found.splitlines()) >= 4, path


@pytest.mark.needs_program("curl", "curl")
def test_curl_sends_files_and_reads_them_again(mine: Client, tmp_path: Path) -> None:
    for number in (1, 2):
        (tmp_path / f"{number}.ttl").write_text(f"{A} {RDFS.comment} {number} .")
    parts = [part for n in (1, 2) for part in ("-F", f"f=@{tmp_path / f'{n}.ttl'};type=text/turtle")]
    address = f"{mine.url}store?{urlencode({'graph': G})}"
    curl = ("curl", "-sS", "--fail-with-body", "--noproxy", "*")
    run(*curl, "-H", f"Authorization: {TOKEN['Authorization']}", *parts, address)
    rows = run(*curl, "-G", "--compressed", f"{mine.url}sparql", "-H", "Accept: text/csv", "--data-urlencode",
               f"query=SELECT ?o FROM <{G}> {{ ?s ?p ?o }} ORDER BY ?o")  # fmt: skip
    assert pandas.read_csv(io.StringIO(rows))["o"].tolist() == [1, 2]
