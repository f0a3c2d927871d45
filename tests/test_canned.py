"""Canned queries as a service: what parameters may be, pages, folders of one's own, and the beginning of a new one."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from pyoxigraph import Literal, Quad, QuerySolutions, Store

from aigraph.cli import main
from aigraph.endpoint import create_app
from aigraph.errors import DataError, ParameterError
from aigraph.queries import CannedQuery, bind, choices_query, load_queries, page_of, scaffold, schema_of
from aigraph.resources import folder
from aigraph.store import QueryPool, open_writer
from aigraph.vocab import AIG, RDF, RDFS, Iris
from serving import BROWSER, Client, problem, running

IRIS = Iris("https://example.org/kg/")
GRAPH = IRIS.graph("entities")
NAMES = [f"Company {n:02}" for n in range(25)]
HEADER = """\
#+ summary: Which companies are there?
#+ description: One row a company.
#+ parameters:
#+   name:
#+     description: the name of the company
#+     choices: "?it a aig:Company ; rdfs:label ?value"
#+   order:
#+     description: which way
#+     values: [up, down]
"""
COMPANIES = CannedQuery.parse(
    "companies",
    HEADER + "SELECT ?name { ?it a aig:Company ; rdfs:label ?name FILTER(!BOUND(?__name) || ?name = ?__name)\n"
    "BIND(COALESCE(?__order, 'up') AS ?way) } ORDER BY ?name",
)
CANNED = {
    one.name: one
    for one in (
        COMPANIES,
        CannedQuery.parse("any", "#+ summary: Is there any?\n#+ description: A check.\nASK { ?s a aig:Company }"),
    )
}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("store")
    publish(path, NAMES)
    return path


def publish(path: Path, names: list[str]) -> None:
    things = [(IRIS.thing("Company", f"c{n}"), name) for n, name in enumerate(names)]
    quads = [Quad(thing, RDF.type, AIG.Company, GRAPH) for thing, _ in things]
    with open_writer(path, IRIS.base) as writer:
        writer.replace_graph(GRAPH, quads + [Quad(thing, RDFS.label, Literal(name), GRAPH) for thing, name in things])
        writer.commit()


@pytest.fixture(scope="module")
def client(store: Path) -> Iterator[Client]:
    with QueryPool(store, size=2, timeout=30) as pool, running(create_app(pool, CANNED, base=IRIS.base)) as client:
        yield client


# --- what parameters may be ---------------------------------------------------------------------------------


def test_values_are_all_that_a_parameter_may_be() -> None:
    assert '"DOWN"' in bind(COMPANIES, {"order": "DOWN"})
    with pytest.raises(ParameterError, match=r"'order' is 'left', which is none of up, down\."):
        bind(COMPANIES, {"order": "left"})


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("values: up", "values of x is 'up', not a list of texts"),
        ("choices: '?it a aig:Company'", r"choices of x is .*, not a graph pattern that binds \?value"),
        ("choices: 'SERVICE <http://e.org/> { ?s ?p ?value }'", "choices of x uses SERVICE"),
        ("values: [up]\n#+     examples: [down]", "a default or example does not fit: .*'down', which is none of up"),
    ],
)
def test_a_wrong_header_is_named_with_the_reason(line: str, reason: str) -> None:
    header = f"#+ summary: A?\n#+ description: B.\n#+ parameters:\n#+   x:\n#+     description: C\n#+     {line}\n"
    with pytest.raises(DataError, match=rf"^Query 'test'.*{reason}"):
        CannedQuery.parse("test", f"{header}SELECT * {{ ?s ?p ?_x }}")


@pytest.mark.parametrize("name", ["format", "limit", "offset", "output", "snapshot"])
def test_parameters_leave_the_names_alone_that_every_request_has(name: str) -> None:
    header = f"#+ summary: A?\n#+ description: B.\n#+ parameters: {{{name}: {{description: C}}}}\n"
    with pytest.raises(DataError, match=f"no parameter can be called '{name}'"):
        CannedQuery.parse("test", f"{header}ASK {{ ?s ?p ?_{name} }}")


def test_what_the_graph_offers_is_told_and_follows_it(tmp_path: Path) -> None:
    publish(tmp_path, ["Beta", "alpha", "Ümlaut & Söhne"])
    with QueryPool(tmp_path, timeout=30) as pool, running(create_app(pool, CANNED, base=IRIS.base)) as client:
        answer = client.get("/queries/companies/values/name")
        assert json.loads(answer.body) == {
            "parameter": "name",
            "closed": False,
            "more": False,
            "values": ["alpha", "Beta", "Ümlaut & Söhne"],
        }
        page = client.get("/queries/companies", Accept=BROWSER).text
        assert '<option value="Ümlaut &amp; Söhne">' in page
        assert client.get("/queries/companies/values/name", If_None_Match=answer.headers["etag"]).status == 304
        assert 'data-suggest="/queries/companies/values/name"' in page
        some = json.loads(client.get("/queries/companies/values/name", {"q": "söh"}).body)
        assert some["values"] == ["Ümlaut & Söhne"]
        assert [one["label"] for one in some["suggestions"]] == some["values"]
        publish(tmp_path, ["Gamma"])
        assert json.loads(client.get("/queries/companies/values/name").body)["values"] == ["Gamma"]
        closed = json.loads(client.get("/queries/companies/values/order").body)
        assert (closed["closed"], closed["values"]) == (True, ["up", "down"])
        assert problem(client.get("/queries/companies/values/nmae"))["detail"] == (
            "Query 'companies' has no parameter 'nmae'. It takes: name, order."
        )


def test_a_form_has_a_choice_where_the_values_are_closed(client: Client) -> None:
    page = client.get("/queries/companies", {"order": "Down"}, Accept=BROWSER).text
    assert re.findall(r"<option( selected)?>(\w+)</option>", page) == [("", "up"), (" selected", "down")]


@pytest.mark.parametrize("query", load_queries(folder("queries")).values(), ids=lambda query: query.name)
def test_the_shipped_choices_are_sparql_and_offer_something(query: CannedQuery, seeds_store: Path) -> None:
    from aigraph.store import open_latest

    with open_latest(seeds_store) as reader:
        for parameter in query.parameters:
            if text := choices_query(query, parameter, most=1000):
                values = [row["value"].value for row in reader.select(text)]
                assert values, parameter.name
                assert len(values) == len(set(values))


# --- schemas ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("variable", "schema"),
    [
        ("_x", {"type": "string", "pattern": r"\S", "examples": ["a", "b"]}),
        ("_x_xsd_date", {"type": "string", "format": "date", "examples": ["a", "b"]}),
        ("_x_xsd_gYear", {"type": "string", "pattern": "^[0-9]{4}$", "examples": ["a", "b"]}),
    ],
)
def test_parameters_have_schemas(variable: str, schema: dict[str, object]) -> None:
    query = CannedQuery.parse(
        "test",
        f"#+ summary: A?\n#+ description: B.\n#+ parameters: {{x: {{description: C}}}}\nASK {{ ?s ?p ?{variable} }}",
    )
    assert schema_of(query.parameters[0], ["a", "b"]) == schema


def test_defaults_and_closed_values_stand_in_schemas() -> None:
    query = CannedQuery.parse(
        "test",
        "#+ summary: A?\n#+ description: B.\n#+ parameters:\n#+   n: {description: C, examples: [3]}\n"
        "#+   way: {description: D, values: [up, down]}\n#+ defaults:\n#+   - n: 5\n"
        "ASK { ?s ?p ?_n_integer , ?_way }",
    )
    number, way = (schema_of(each) for each in query.parameters)
    assert (number["type"], number["default"], number["examples"]) == ("integer", 5, [3])
    assert way == {"type": "string", "enum": ["up", "down"]}


# --- pages --------------------------------------------------------------------------------------------------


def rows(text: str) -> list[str]:
    found = Store().query(text)
    assert isinstance(found, QuerySolutions)
    return [row[0].value for row in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SELECT ?v { VALUES ?v { 1 2 3 4 5 } } ORDER BY ?v", ["3", "4"]),
        ("SELECT ?v { VALUES ?v { 1 2 3 4 5 } } ORDER BY ?v # LIMIT 1", ["3", "4"]),
        ("SELECT ?v { { SELECT ?v { VALUES ?v { 1 2 3 4 5 } } LIMIT 9 } } ORDER BY ?v LIMIT 3", ["3"]),
        ("SELECT ?v { VALUES ?v { 1 2 3 4 5 } } ORDER BY ?v limit 1", []),
        ("SELECT ?v { VALUES ?v { 1 2 3 4 5 } } ORDER BY ?v OFFSET 1 LIMIT 4", ["4", "5"]),
        ("SELECT ?v { } ORDER BY ?v VALUES ?v { 1 2 3 4 5 }", ["3", "4"]),
        ("SELECT ?v { } ORDER BY ?v LIMIT 4 VALUES ?v { 1 2 3 4 5 }", ["3", "4"]),
    ],
)
def test_a_page_of_a_query(text: str, expected: list[str]) -> None:
    assert rows(page_of(text, limit=2, offset=2)) == expected


def test_pages_follow_their_links_to_all_rows(client: Client) -> None:
    whole = client.get("/queries/companies.csv").text.split("\r\n")[1:-1]
    found: list[str] = []
    path: str | None = "/queries/companies.csv?limit=7"
    while path:
        answer = client.get(path)
        assert (answer.status, answer.type, answer.headers["x-total-count"]) == (200, "text/csv", "25")
        found += answer.text.split("\r\n")[1:-1]
        links = {rel: url for url, rel in re.findall(r'<([^>]+)>; rel="(\w+)"', answer.headers["link"])}
        assert links["last"].endswith("offset=21")
        path = links.get("next")
    assert found == whole == NAMES


def test_a_page_keeps_what_was_asked(client: Client) -> None:
    arguments = {"order": "up", "limit": "10", "offset": "10", "format": "json"}
    answer = client.get("/queries/companies", arguments)
    values = [row["name"]["value"] for row in json.loads(answer.body)["results"]["bindings"]]
    assert values == NAMES[10:20]
    assert '</queries/companies?order=up&format=json&limit=10&offset=0>; rel="prev"' in answer.headers["link"]
    again = client.get("/queries/companies", arguments, If_None_Match=answer.headers["etag"])
    assert (again.status, again.headers["link"]) == (304, answer.headers["link"])
    pinned = client.get(answer.headers["content-location"])
    assert (pinned.status, pinned.body) == (200, answer.body)
    assert "snapshot=" in pinned.headers["link"]


def test_pages_for_people_lead_on(client: Client) -> None:
    page = client.get("/queries/companies", {"limit": "10", "offset": "10"}, Accept=BROWSER).text
    assert "Rows after the first 10 of 25." in page
    assert re.findall(r'rel="(first|prev|next|last)"', page) == ["first", "prev", "next", "last"]


@pytest.mark.parametrize(
    ("arguments", "detail"),
    [
        ({"limit": "0"}, "'limit' is '0'; it has to be a whole number from 1 to 10000."),
        ({"limit": "ten"}, "'limit' is 'ten'"),
        ({"limit": "٣"}, "'limit' is '٣'"),
        ({"offset": "-1"}, "'offset' is '-1'; it has to be a whole number from 0 to"),
        ({"limit": ["1", "2"]}, "limit was given 2 times"),
    ],
)
def test_pages_that_there_cannot_be(client: Client, arguments: dict[str, object], detail: str) -> None:
    answer = client.get("/queries/companies", arguments)
    assert answer.status == 400
    assert detail in str(problem(answer)["detail"])


def test_what_has_no_rows_has_no_pages(client: Client) -> None:
    assert "gives no rows, so it has no pages" in str(problem(client.get("/queries/any?limit=1"))["detail"])


def test_errors_of_data_are_data_for_browsers_too(client: Client) -> None:
    for path, status in (
        ("/queries/nothing.json", 404),
        ("/queries/companies.csv?nmae=x", 400),
        ("/queries/companies?nmae=x&format=tsv", 400),
        ("/queries/companies.ttl", 406),
    ):
        answer = client.get(path, Accept=BROWSER)
        assert (answer.status, problem(answer)["status"]) == (status, status)
    assert client.get("/queries/nothing.html", Accept=BROWSER).type == "text/html"
    gone = client.get("/queries/companies.csv", {"snapshot": "0" * 64, "limit": "1"})
    assert (gone.status, problem(gone)["status"]) == (410, 410)


# --- one's own ----------------------------------------------------------------------------------------------


def test_a_new_query_answers_and_its_test_runs(seeds_store: Path, tmp_path: Path) -> None:
    runner = CliRunner()
    done = runner.invoke(main, ["queries", "new", "who-makes-what", "--folder", str(tmp_path / "mine")])
    assert done.exit_code == 0, done.output
    assert "who-makes-what.rq" in done.output
    mine = ["--queries", str(tmp_path / "mine")]
    listed = runner.invoke(main, ["queries", *mine]).output
    assert "who-makes-what" in listed
    assert "who-develops" in listed
    asked = ["query", "who-makes-what", "-p", "company=Nvidia", "--format", "csv", "--store", str(seeds_store)]
    answer = runner.invoke(main, [*asked, *mine])
    assert answer.exit_code == 0, answer.output
    assert "Nvidia,Blackwell" in answer.output
    by_setting = runner.invoke(main, asked, env={"AIGRAPH_QUERIES": str(tmp_path / "mine")})
    assert by_setting.output == answer.output
    test = tmp_path / "mine" / "test_who_makes_what.py"
    tested = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(test)],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=False,
    )
    assert tested.returncode == 0, tested.stdout
    assert "2 passed" in tested.stdout


def test_nothing_of_ones_own_is_overwritten(tmp_path: Path) -> None:
    scaffold(tmp_path, "mine")
    with pytest.raises(DataError, match=r"mine\.rq is there already"):
        scaffold(tmp_path, "mine")
    with pytest.raises(DataError, match="is not in lower case"):
        scaffold(tmp_path, "../Mine")
    (tmp_path / "file").touch()
    with pytest.raises(DataError, match="cannot be written into"):
        scaffold(tmp_path / "file", "mine")


def test_a_query_cannot_take_the_name_of_a_shipped_one(tmp_path: Path) -> None:
    scaffold(tmp_path, "who-develops")
    done = CliRunner().invoke(main, ["queries", "--queries", str(tmp_path)])
    assert done.exit_code == 1
    assert "are both query 'who-develops'; rename one of them" in done.output
