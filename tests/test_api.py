"""The Python API: what a notebook asks and gets."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import matplotlib
import numpy
import pandas
import polars
import pytest
from pyoxigraph import Literal, NamedNode, Quad

import aigraph
from aigraph.api import tables
from aigraph.api.plots import partnership_network
from aigraph.api.tables import python_value
from aigraph.errors import ExtraMissing, ParameterError, QuerySyntaxError, StoreMissing, UnknownQuery
from aigraph.store import open_writer
from aigraph.vocab import AIG, RDF, RDFS, XSD, Iris

matplotlib.use("agg")
BACKLOG = "order backlog"


@pytest.fixture(scope="module")
def graph(seeds_store: Path) -> Iterator[aigraph.Graph]:
    with aigraph.Graph.open(seeds_store) as opened:
        yield opened


def test_importing_the_package_loads_nothing_heavy() -> None:
    code = "import aigraph, sys; print(sorted({'pyoxigraph', 'pandas', 'spacy'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
    with pytest.raises(AttributeError, match="no attribute 'Grpah'"):
        _ = aigraph.Grpah


def test_a_thing_is_found_by_any_of_its_names(graph: aigraph.Graph) -> None:
    nvidia = graph.entity("NVDA")
    assert nvidia.label == "Nvidia"
    assert {"Company", "Organization"} <= set(nvidia.types)
    assert nvidia == graph.entity("res:company/nvidia") == graph.entity(nvidia.iri)
    assert any("wikidata" in page for page in nvidia.same_as)
    with pytest.raises(ParameterError, match="Nothing in the graph is called"):
        graph.entity("Nvidiaa")
    with pytest.raises(ParameterError, match=r"is no Person: it is .*Company"):
        graph.entity("Nvidia", type="Person")


def test_a_name_of_several_things_asks_for_a_type(tmp_path: Path) -> None:
    iris = Iris()
    one, two = iris.thing("Company", "Orion"), iris.thing("Chip", "Orion")
    with open_writer(tmp_path / "store") as writer:
        entities = iris.graph("entities")
        quads = [Quad(each, RDFS.label, Literal("Orion"), entities) for each in (one, two)]
        writer.replace_graph(entities, [*quads, Quad(one, RDF.type, AIG.Company, entities)])
        writer.commit()
    with aigraph.Graph.open(tmp_path / "store") as opened:
        with pytest.raises(ParameterError, match=r"Several things .*id/chip/orion .*id/company/orion \(Company\)"):
            opened.entity("Orion")
        assert opened.entity("Orion", type="Company").iri == one.value


def test_claims_are_those_of_the_canned_query(graph: aigraph.Graph) -> None:
    claims = graph.claims(BACKLOG)
    assert {claim.iri for claim in claims} == set(graph.query("claims-by-metric", metric=BACKLOG).column("claim"))
    assert len({claim.iri for claim in claims}) == len(claims)
    about = graph.entity("Nvidia").claims()
    canned = graph.query("claims-by-company", company="Nvidia")
    assert {claim.iri for claim in about} == set(canned.column("claim"))
    assert {s for claim in about for s in claim.sentences} == set(canned.column("sentence"))


def test_a_claim_says_all_that_the_graph_knows(graph: aigraph.Graph) -> None:
    claim = next(c for c in graph.entity("Nvidia").claims(metric=BACKLOG) if c.claimants and c.time)
    assert (claim.value, claim.unit, claim.comparator) == (1e12, "USD", "exactly")
    assert (claim.time, claim.valid_until) == ("../2027", date(2027, 12, 31))
    assert claim.claimants == ("Jensen Huang",)
    assert claim.text in " ".join(claim.sentences)
    assert 0 < (claim.confidence or 0) < 1
    assert claim.article == "order-backlog-inference-era"


def test_deals_have_their_parties_and_roles(graph: aigraph.Graph) -> None:
    deals = graph.entity("Nvidia").partnerships(kind="licensing")
    assert {str(party) for deal in deals for party in deal.parties} == {"Groq (licensor)", "Nvidia (licensee)"}
    canned = graph.query("partnerships-of-company", company="Nvidia").column("deal")
    assert {deal.iri for deal in graph.entity("Nvidia").partnerships()} == set(canned)
    assert not graph.partnerships(status="ended")


def test_facts_and_explanations(graph: aigraph.Graph) -> None:
    nvidia = graph.entity("Nvidia")
    assert "CUDA" in nvidia.facts("develops").column("object")
    assert {row["relation"] for row in nvidia.facts()} > {"develops", "competesWith"}
    (explanation,) = nvidia.explain("develops", "CUDA")
    assert explanation.held
    assert "CUDA" in explanation.sources[0].sentence
    (together, *_) = graph.explain(nvidia.claims()[0].iri)
    assert together.sources
    with pytest.raises(ParameterError, match="a predicate and an object"):
        graph.explain("Nvidia", "develops")


def test_queries_and_their_mistakes(graph: aigraph.Graph) -> None:
    table = graph.query("SELECT ?a (1 AS ?n) { ?a aig:develops ?b } ORDER BY ?a LIMIT 2")
    assert table.columns == ("a", "n")
    assert table.column("n") == [1, 1]
    assert graph.ask("ASK { ?a aig:develops ?b }") is True
    assert graph.construct("CONSTRUCT { ?a aig:develops ?b } WHERE { ?a aig:develops ?b }")
    assert "who-develops" in graph.queries.column("name")
    with pytest.raises(UnknownQuery, match="who-develops"):
        graph.query("who-develop")
    with pytest.raises(ParameterError, match="call ask"):
        graph.query("ASK { ?a ?b ?c }")
    with pytest.raises(ParameterError, match="Only canned queries"):
        graph.query("SELECT * { ?a ?b ?c }", thing="x")
    with pytest.raises(QuerySyntaxError, match="Line 1"):
        graph.query("SELECT * { ?a ?b }")
    with pytest.raises(KeyError, match="the columns are a, n"):
        table.column("b")


def test_tables_for_pandas_and_polars(graph: aigraph.Graph) -> None:
    claims = graph.claims()
    frame = claims.to_pandas()
    assert isinstance(frame, pandas.DataFrame)
    assert frame["value"].dtype == "float64"
    assert len(frame) == len(claims)
    other = claims.to_polars()
    assert other["valid_until"].dtype == polars.Date
    assert other["value"].dtype == polars.Float64
    assert other["iri"].to_list() == list(frame["iri"])


def test_how_tables_are_shown(graph: aigraph.Graph) -> None:
    table = graph.query('SELECT ?n ("<b>" AS ?t) { VALUES ?n { ' + " ".join(map(str, range(25))) + " } } ORDER BY ?n")
    assert str(table).splitlines()[:2] == ["n   t", "0   <b>"]
    assert str(table).endswith("and 5 more rows")
    assert "<td>&lt;b&gt;</td>" in table._repr_html_()
    assert "order backlog" in graph.claims(BACKLOG)._repr_html_()


@pytest.mark.parametrize(
    ("text", "datatype", "value"),
    [
        ("7", XSD.integer, 7),
        ("1e3", XSD.double, 1000.0),
        ("true", XSD.boolean, True),
        ("2026-03-18", XSD.date, date(2026, 3, 18)),
        ("2026-03-18T10:00:00Z", XSD.dateTime, datetime.fromisoformat("2026-03-18T10:00:00Z")),
        ("-0044-03-15", XSD.date, "-0044-03-15"),
        ("2026", XSD.gYear, "2026"),
    ],
)
def test_values_of_python(text: str, datatype: NamedNode, value: object) -> None:
    assert python_value(Literal(text, datatype=datatype)) == value


def test_plots_show_what_there_is(graph: aigraph.Graph) -> None:
    axes = graph.claims(BACKLOG).plot()
    points = [point for drawn in axes.collections for point in numpy.asarray(drawn.get_offsets())]
    assert {point[1] for point in points} == {1e12}
    assert axes.get_ylabel() == "USD"
    left = len(graph.claims(BACKLOG)) - len(points)
    assert axes.get_title() == f"order backlog ({left} without such a figure left out)"
    with pytest.raises(ParameterError, match="units here are: USD"):
        graph.claims(BACKLOG).plot(unit="EUR")
    network = partnership_network(graph.partnerships())
    assert network.has_edge("Nvidia", "Groq")
    assert not network.has_edge("Groq", "Nvidia")
    drawn = graph.partnerships().plot()
    assert {text.get_text() for text in drawn.texts} == set(network.nodes)


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch, graph: aigraph.Graph) -> None:
    monkeypatch.setitem(sys.modules, "polars", None)
    with pytest.raises(ExtraMissing, match=r"pip install 'aigraph\[polars\]'"):
        graph.claims().to_polars()
    assert tables.library("pandas", "pandas") is pandas


def test_a_store_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(StoreMissing, match="There is no store"):
        aigraph.Graph.open(tmp_path / "nothing")
