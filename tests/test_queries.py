"""Canned queries: their files, their parameters, and the answers of every shipped query."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, QueryBoolean, QueryResultsFormat, QuerySolutions, QueryTriples, Store, parse

from aigraph.errors import DataError, ParameterError, UnknownQuery
from aigraph.queries import CannedQuery, bind, find, load_queries
from aigraph.resources import folder
from aigraph.sparql import forbidden_keyword
from aigraph.store import open_latest
from sayings import Deal, Figure, Story
from together import WIRE, small_collection

EXPECTED = Path(__file__).parent / "expected" / "queries"
QUERIES = load_queries(folder("queries"))


def query_of(body: str, header: str = "", name: str = "test") -> CannedQuery:
    lines = ["summary: A test?", "description: It tests.", *header.strip().splitlines()]
    return CannedQuery.parse(name, "".join(f"#+ {line}\n" for line in lines) + "\n" + body)


def one_parameter(variable: str) -> CannedQuery:
    """A query with one parameter, called "x"."""
    return query_of(f"SELECT (?{variable} AS ?value) {{}}", "parameters:\n  x: {description: A test.}")


def value_of(query: CannedQuery, **values: str) -> object:
    """What the first column of the only row is."""
    solutions = Store().query(bind(query, values))
    assert isinstance(solutions, QuerySolutions)
    return next(solutions)[0]


# --- files


def test_a_query_is_read_with_its_header() -> None:
    query = query_of(
        "SELECT * { ?s ?p ?_thing FILTER(?s = ?__since_xsd_date) }",
        "tags: [a, b]\n"
        "parameters:\n"
        "  thing: {description: What it is., examples: [Blackwell]}\n"
        "  since: {description: From when.}\n"
        "defaults:\n"
        "  - since: 2026-01-31",
    )
    assert (query.name, query.summary, query.description, query.tags) == ("test", "A test?", "It tests.", ("a", "b"))
    assert query.form == "SELECT"
    assert query.text == "SELECT * { ?s ?p ?_thing FILTER(?s = ?__since_xsd_date) }\n"
    thing, since = query.parameters
    assert (thing.name, thing.required, thing.default, thing.examples) == ("thing", True, None, ("Blackwell",))
    assert (since.name, since.required, since.default, str(since.type)) == (
        "since",
        False,
        "2026-01-31",
        "date (YYYY-MM-DD)",
    )


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("SELECT * {}", "it has no header"),
        ("#+ summary: [\nSELECT * {}", "its header is no YAML"),
        ("#+ just words\nSELECT * {}", "header is 'just words', not a mapping"),
        ("#+ summary: A?\nSELECT * {}", "description is missing"),
        ("#+ summary: A?\n#+ description: B.\n#+ sumary: C\nSELECT * {}", "unknown key 'sumary'; known: summary"),
        ("#+ summary: A?\n#+ description: B.\n#+ tags: a\nSELECT * {}", "tags is 'a', not a list"),
        (
            "#+ summary: A?\n#+ description: B.\nDELETE WHERE { ?s ?p ?o }",
            "neither SELECT, ASK, CONSTRUCT nor DESCRIBE",
        ),
        ("#+ summary: A?\n#+ description: B.\nSELECT * { ?s ?p ?_x }", r"'x' \(\?_x\) is not described"),
        (
            "#+ summary: A?\n#+ description: B.\n#+ parameters: {x: {description: C}}\nSELECT * {}",
            r"names 'x', but no variable \?_x",
        ),
        (
            "#+ summary: A?\n#+ description: B.\n#+ parameters: {x: {}}\nSELECT * { ?s ?p ?_x }",
            "'x' has no description",
        ),
        (
            "#+ summary: A?\n#+ description: B.\n#+ parameters: {x: {description: C, example: D}}\nASK { ?s ?p ?_x }",
            "unknown key 'example'",
        ),
        (
            "#+ summary: A?\n#+ description: B.\n#+ parameters: {x: {description: C, examples: [soon]}}\n"
            "SELECT * { ?s ?p ?_x_xsd_date }",
            "a default or example does not fit: .*'soon', which is no date",
        ),
        (
            "#+ summary: A?\n#+ description: B.\n#+ defaults: {x: 1}\n#+ parameters: {x: {description: C}}\n"
            "SELECT * { ?s ?p ?_x }",
            "defaults is .*, not a list",
        ),
        (
            "#+ summary: A?\n#+ description: B.\n#+ parameters: {x: {description: C}}\nSELECT * { ?s ?_x ?__x_iri }",
            r"\?_x and \?__x_iri are both the parameter 'x'",
        ),
        (
            "#+ summary: A?\n#+ description: B.\n#+ parameters: {x: {description: C}}\nSELECT (1 AS ?_x) {}",
            r"\?_x cannot follow AS",
        ),
        (
            "#+ summary: A?\n#+ description: B.\n#+ parameters: {x: {description: C}}\nSELECT * { VALUES ?_x { 1 } }",
            r"\?_x cannot follow VALUES",
        ),
    ],
)
def test_a_wrong_file_is_named_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(DataError, match=rf"^Query 'test'.*{reason}"):
        CannedQuery.parse("test", text)


def test_a_name_is_fit_for_an_address() -> None:
    with pytest.raises(DataError, match=r"'Who Develops' is not in lower case"):
        query_of("SELECT * {}", name="Who Develops")


def test_folders_are_read_together_and_names_are_unique(tmp_path: Path) -> None:
    text = "#+ summary: A?\n#+ description: B.\nASK {}\n"
    for place in ("one", "two"):
        (tmp_path / place).mkdir()
    (tmp_path / "one" / "b.rq").write_text(text, encoding="utf-8")
    (tmp_path / "two" / "a.sparql").write_text(text, encoding="utf-8")
    (tmp_path / "two" / "notes.md").write_text("no query", encoding="utf-8")
    assert list(load_queries(tmp_path / "one", tmp_path / "two")) == ["a", "b"]
    (tmp_path / "two" / "b.rq").write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match="are both query 'b'"):
        load_queries(tmp_path / "one", tmp_path / "two")
    (tmp_path / "two" / "b.rq").write_bytes(b"\xff")
    with pytest.raises(DataError, match=r"b\.rq cannot be read"):
        load_queries(tmp_path / "two")
    with pytest.raises(DataError, match="is no folder of queries"):
        load_queries(tmp_path / "three")


def test_an_unknown_query_is_answered_by_those_that_look_alike() -> None:
    assert find(QUERIES, "who-develops") is QUERIES["who-develops"]
    with pytest.raises(UnknownQuery, match=r"no canned query 'who-develop'\. Did you mean who-develops"):
        find(QUERIES, "who-develop")
    with pytest.raises(UnknownQuery, match=r"Did you mean claims-by-year"):
        find(QUERIES, "year")
    with pytest.raises(UnknownQuery, match=r"There are: about-entity, "):
        find(QUERIES, "xyzzy")


# --- parameters


@pytest.mark.parametrize(
    ("variable", "value", "term"),
    [
        ("_x", "Nvidia", '"Nvidia"'),
        ("_x_xsd_string", "Nvidia", '"Nvidia"'),
        ("_x_iri", "https://example.org/a", "<https://example.org/a>"),
        ("_x_iri", "<https://example.org/a>", "<https://example.org/a>"),
        ("_x_iri", "urn:isbn:1", "<urn:isbn:1>"),
        ("_x_iri", "res:company/nvidia", "<https://w3id.org/aigraph/id/company/nvidia>"),
        ("_x_iri", "aig:Announced", "<https://w3id.org/aigraph/ontology#Announced>"),
        ("_x_integer", "42", '"42"^^<http://www.w3.org/2001/XMLSchema#integer>'),
        ("_x_xsd_integer", "-7", '"-7"^^<http://www.w3.org/2001/XMLSchema#integer>'),
        ("_x_xsd_decimal", "2.5", '"2.5"^^<http://www.w3.org/2001/XMLSchema#decimal>'),
        ("_x_xsd_double", "1e12", '"1e12"^^<http://www.w3.org/2001/XMLSchema#double>'),
        ("_x_xsd_boolean", "true", '"true"^^<http://www.w3.org/2001/XMLSchema#boolean>'),
        ("_x_xsd_date", "2026-01-31", '"2026-01-31"^^<http://www.w3.org/2001/XMLSchema#date>'),
        (
            "_x_xsd_dateTime",
            "2026-01-31T12:00:00Z",
            '"2026-01-31T12:00:00Z"^^<http://www.w3.org/2001/XMLSchema#dateTime>',
        ),
        ("_x_xsd_gYear", "2027", '"2027"^^<http://www.w3.org/2001/XMLSchema#gYear>'),
        ("_x_xsd_gYearMonth", "2027-05", '"2027-05"^^<http://www.w3.org/2001/XMLSchema#gYearMonth>'),
        ("_x_lang", "en-GB", '"en-GB"'),
        ("_x_de", "Rechenzentrum", '"Rechenzentrum"@de'),
        ("__x_xsd_date", " 2026-01-31 ", '"2026-01-31"^^<http://www.w3.org/2001/XMLSchema#date>'),
    ],
)
def test_the_end_of_its_name_types_a_parameter(variable: str, value: str, term: str) -> None:
    query = one_parameter(variable)
    assert bind(query, {"x": value}) == f"SELECT ({term} AS ?value) {{}}\n"
    assert query.parameters[0].required is not variable.startswith("__")


@pytest.mark.parametrize(
    ("variable", "value", "reason"),
    [
        ("_x_xsd_date", "yesterday", r"which is no date \(YYYY-MM-DD\); for example x=2026-01-31\."),
        ("_x_xsd_date", "2026-02-31", r"which is no date \(YYYY-MM-DD\) \(day is out of range"),
        ("_x_xsd_gYear", "27", "which is no year; for example x=2026"),
        ("_x_integer", "1; DROP ALL", "which is no whole number"),
        ("_x_integer", "١٢", "which is no whole number"),
        ("_x_integer", "9" * 5000, "which is no whole number"),
        ("_x_xsd_boolean", "yes", "which is no true or false"),
        ("_x_iri", "Nvidia", "which is no IRI .*known prefixes: .*res"),
        ("_x_iri", "rse:company/nvidia", "which is no IRI"),
        ("_x_iri", "https://example.org/a> } DELETE", "which is no IRI"),
        ("_x_lang", "english please", "which is no language tag"),
        ("_x", "lone \ud800 surrogate", "which is no text"),
    ],
)
def test_an_ill_typed_value_is_refused(variable: str, value: str, reason: str) -> None:
    with pytest.raises(ParameterError, match=rf"^Query 'test': the parameter 'x' is .*{reason}"):
        bind(one_parameter(variable), {"x": value})


def test_missing_and_unknown_parameters_are_named() -> None:
    query = one_parameter("_x_iri")
    for values in ({}, {"x": ""}, {"x": "  "}):
        with pytest.raises(ParameterError, match=r"needs the parameter 'x' \(IRI: A test\.\), for example x=aig:dev"):
            bind(query, values)
    with pytest.raises(ParameterError, match=r"has no parameter 'thin'\. Did you mean thing\?"):
        bind(QUERIES["who-develops"], {"thin": "Blackwell"})
    with pytest.raises(ParameterError, match=r"has no parameter 'y'\. It takes: x\."):
        bind(query, {"y": "1"})
    with pytest.raises(ParameterError, match=r"has no parameter 'y'\. It takes: none\."):
        bind(QUERIES["facts-without-source"], {"y": "1"})


def test_a_default_is_taken_where_no_value_is_given() -> None:
    query = query_of("SELECT (?_x AS ?v) {}", "parameters:\n  x: {description: A test.}\ndefaults:\n  - x: yes")
    assert not query.parameters[0].required
    assert value_of(query) == Literal("yes")
    assert value_of(query, x="no") == Literal("no")


def test_an_optional_parameter_may_stay_unbound() -> None:
    query = query_of(
        "SELECT ?v { VALUES ?v { 1 2 } FILTER(!BOUND(?__x_integer) || ?v = ?__x_integer) }",
        "parameters:\n  x: {description: A test.}",
    )
    assert [row[0].value for row in solutions(Store(), query, {})] == ["1", "2"]
    assert [row[0].value for row in solutions(Store(), query, {"x": "2"})] == ["2"]


def test_a_parameter_may_be_projected_grouped_and_ordered() -> None:
    query = query_of(
        "SELECT DISTINCT ?_x (CONCAT(?_x, '!') AS ?y) ?__z { BIND(BOUND (?_x) AS ?b) FILTER(?b) }\n"
        "ORDER BY ?_x DESC(?_x)",
        "parameters:\n  x: {description: A test.}\n  z: {description: A test.}",
    )
    rows = list(solutions(Store(), query, {"x": "a"}))
    assert [(row["_x"], row["y"], row["__z"]) for row in rows] == [(Literal("a"), Literal("a!"), None)]
    grouped = query_of(
        "SELECT ?_x (COUNT(*) AS ?n) { VALUES ?v { 1 2 } } GROUP BY ?_x HAVING (COUNT(*) > 1) ORDER BY ?_x LIMIT 5",
        "parameters:\n  x: {description: A test.}",
    )
    assert [row["n"].value for row in solutions(Store(), grouped, {"x": "a"})] == ["2"]


def test_only_variables_are_replaced() -> None:
    query = query_of(
        "# ?_x\nSELECT (CONCAT('?_x', \"?_x\", ?_x, $_x) AS ?v) { OPTIONAL { ?s <http://e.org/?_x> ?_xy } }",
        "parameters:\n  x: {description: A test.}\n  xy: {description: A test.}",
    )
    text = bind(query, {"x": "a", "xy": "b"})
    assert text.startswith(
        '# ?_x\nSELECT (CONCAT(\'?_x\', "?_x", "a", "a") AS ?v) { OPTIONAL { ?s <http://e.org/?_x> "b"'
    )


def test_a_part_for_a_parameter_is_asked_where_that_is_given() -> None:
    query = query_of(
        "SELECT * {\n  # given x\n  ?s ?p ?__x\n  # end\n  # given y\n  ?s ?q ?o\n  # end\n}",
        "parameters:\n  x: {description: A test.}",
    )
    others = "  # given y\n  ?s ?q ?o\n  # end\n}\n"
    assert bind(query, {"x": "a"}) == 'SELECT * {\n  # given x\n  ?s ?p "a"\n  # end\n' + others
    assert bind(query, {}) == "SELECT * {\n" + others


@pytest.mark.parametrize(
    ("values", "asked"),
    [({}, {"c"}), ({"x": "1"}, {"a"}), ({"y": "1"}, {"b", "c"}), ({"x": "1", "y": "1"}, {"b", "d"})],
)
def test_a_part_may_be_for_want_of_a_parameter(values: dict[str, str], asked: set[str]) -> None:
    query = query_of(
        "SELECT * {\n  # given x without y\n  ?s ?a ?__x\n  # end\n  # given y\n  ?s ?b ?__y\n  # end\n"
        "  # without x\n  ?s ?c ?o\n  # end\n  # given x and y\n  ?s ?d ?o\n  # end\n}",
        "parameters:\n  x: {description: A test.}\n  y: {description: A test.}",
    )
    text = bind(query, values)
    assert {name for name in "abcd" if f"?{name}" in text} == asked


@given(st.text(min_size=1).map(str.strip).filter(bool))
def test_no_text_can_change_what_is_asked(text: str) -> None:
    assert value_of(one_parameter("_x"), x=text) == Literal(text)


@pytest.mark.parametrize(
    "text", ['"', "\\", '\\"', "\\u0022) AS ?value) {} #", "'''", "}\n#", "?_x", "SERVICE <http://e.org/> {}", "a\x00b"]
)
def test_no_trick_can_change_what_is_asked(text: str) -> None:
    query = one_parameter("_x")
    assert value_of(query, x=text) == Literal(text)
    assert forbidden_keyword(bind(query, {"x": text})) is None


def test_prefixes_that_a_query_does_not_declare_are_those_of_the_base() -> None:
    query = query_of("PREFIX aig: <http://other.org/>\nASK { res:a aig:b article:c }")
    assert bind(query, {}, base="https://example.org/").splitlines()[:3] == [
        "PREFIX article: <https://example.org/article/>",
        "PREFIX res: <https://example.org/id/>",
        "PREFIX aig: <http://other.org/>",
    ]
    by_iri = query_of("ASK { ?_x_iri ?p ?o }", "parameters:\n  x: {description: A test.}")
    assert bind(by_iri, {"x": "res:a"}, base="https://example.org/") == "ASK { <https://example.org/id/a> ?p ?o }\n"


def test_an_iri_may_have_a_prefix_that_the_query_declares() -> None:
    query = query_of(
        "PREFIX ex: <http://example.org/>\nASK { ex:a ex:b ?_x_iri }",
        "parameters:\n  x: {description: A test., examples: ['ex:c']}",
    )
    assert "<http://example.org/d>" in bind(query, {"x": "ex:d"})


# --- the shipped queries


@dataclass(frozen=True)
class Case:
    """A question to a graph, and the name under which its answer is kept."""

    name: str
    query: CannedQuery
    values: dict[str, str]


def required_alone(query: CannedQuery) -> Case:
    return Case(query.name, query, {p.name: p.example for p in query.parameters if p.required})


def cases() -> list[Case]:
    extra = yaml.safe_load((EXPECTED / "cases.yaml").read_text(encoding="utf-8"))
    return [required_alone(query) for query in QUERIES.values()] + [
        Case(name, find(QUERIES, case["query"]), case["values"]) for name, case in extra.items()
    ]


def solutions(store: Store, query: CannedQuery, values: dict[str, str]) -> QuerySolutions:
    result = store.query(bind(query, values), use_default_graph_as_union=True)
    assert isinstance(result, QuerySolutions)
    return result


def answer(result: QuerySolutions | QueryBoolean | QueryTriples) -> tuple[str, str]:
    """The suffix and the text of an answer's file: rows in their order as CSV, a graph as sorted N-Triples."""
    if isinstance(result, QueryTriples):
        return "nt", "".join(sorted({f"{triple} .\n" for triple in result}))
    content = result.serialize(format=QueryResultsFormat.CSV)
    assert content is not None
    return "csv", content.decode().replace("\r\n", "\n")


def ask(store: Store, case: Case) -> tuple[str, str]:
    return answer(store.query(bind(case.query, case.values), use_default_graph_as_union=True))


@pytest.fixture(scope="module")
def mini() -> Store:
    store = Store()
    store.bulk_extend(parse(path=str(EXPECTED / "mini.trig")))
    return store


@pytest.fixture(scope="module")
def together() -> Store:
    """What four small articles say together: for the queries that the tag "together" names."""
    return small_collection()


def right(case: Case, mini: Store, together: Store) -> Store:
    """The small graph that a case is asked of."""
    return together if "together" in case.query.tags else mini


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_the_answers_on_the_small_graph(
    case: Case, mini: Store, together: Store, golden: Callable[[Path, str], None]
) -> None:
    suffix, text = ask(right(case, mini, together), case)
    golden(EXPECTED / "mini" / f"{case.name}.{suffix}", text)


def test_every_expected_answer_belongs_to_a_case() -> None:
    assert {path.stem for path in (EXPECTED / "mini").iterdir()} == {case.name for case in cases()}


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_the_order_of_the_rows_does_not_depend_on_the_order_of_the_data(
    case: Case, mini: Store, together: Store
) -> None:
    store, backwards = right(case, mini, together), Store()
    backwards.bulk_extend(sorted(store, key=str, reverse=True))
    assert ask(backwards, case) == ask(store, case)


def sales(value: float, **more: Any) -> Figure:
    return Figure("tsmc", "Revenue", value, **{"time": "2025-36", "sentence": f"Sales were {value}."} | more)


DEAL = Deal("Acquisition", "acquirer=amd target=xilinx", sentence="AMD buys Xilinx.")


@pytest.mark.parametrize(
    ("stories", "says"),
    [
        # another source gives the figure rounded, with a bound, about as large
        ((Story("one", (sales(33.73e9),)), Story("other", (sales(33.7e9),))), []),
        (
            (
                Story("one", (sales(33e9),)),
                Story("other", (sales(33e9, comparator="AtLeast", sentence="It sold that much."),)),
            ),
            [],
        ),
        ((Story("one", (sales(33.71e9),)), Story("other", (sales(33.5e9),))), []),
        # what is less alike is something else: another time, other words for the metric, a tenth less
        (
            (Story("one", (sales(33e9),)), Story("other", (sales(33e9, time="2025"),))),
            ["revenue of tsmc: $33 billion (2025)", "revenue of tsmc: $33 billion (Q4 2025)"],
        ),
        (
            (Story("one", (sales(33e9),)), Story("other", (sales(33e9, time=None),))),
            ["revenue of tsmc: $33 billion", "revenue of tsmc: $33 billion (Q4 2025)"],
        ),
        (
            (Story("one", (sales(33e9),)), Story("other", (sales(30e9),))),
            ["revenue of tsmc: $30 billion (Q4 2025)", "revenue of tsmc: $33 billion (Q4 2025)"],
        ),
        # the same article says it twice
        (
            (Story("one", (sales(33.73e9), sales(33.7e9))),),
            ["revenue of tsmc: $33.7 billion (Q4 2025)", "revenue of tsmc: $33.73 billion (Q4 2025)"],
        ),
        # a copy of the article rounds it: both are one source of the deal
        (
            (
                Story("one", (sales(33.73e9), DEAL), text=WIRE),
                Story("copy", (sales(33.7e9), DEAL), text=WIRE + " So it goes."),
            ),
            [
                "acquisition: acquirer amd; target xilinx",
                "revenue of tsmc: $33.7 billion (Q4 2025)",
                "revenue of tsmc: $33.73 billion (Q4 2025)",
            ],
        ),
        # a third article rounds as well: another source of both
        (
            (
                Story("one", (sales(33.73e9), DEAL), text=WIRE),
                Story("copy", (DEAL,), text=WIRE + " So it goes."),
                Story("third", (sales(33.7e9),)),
            ),
            ["acquisition: acquirer amd; target xilinx"],
        ),
        # nobody else says anything like it
        ((Story("one", (sales(33.73e9),)), Story("other", (DEAL,))), None),
    ],
)
def test_what_another_source_tells_nearly_alike_does_not_rest_on_one(
    stories: tuple[Story, ...], says: list[str] | None
) -> None:
    solutions = small_collection(stories).query(bind(QUERIES["single-source"], {}), use_default_graph_as_union=True)
    assert isinstance(solutions, QuerySolutions)
    found = sorted({value.value.casefold() for solution in solutions if isinstance(value := solution["says"], Literal)})
    if says is None:
        says = ["acquisition: acquirer amd; target xilinx", "revenue of tsmc: $33.73 billion (q4 2025)"]
    assert found == sorted(map(str.casefold, says))


@pytest.mark.parametrize("query", QUERIES.values(), ids=lambda query: query.name)
def test_a_shipped_query_is_documented_and_answers_with_all_its_examples(
    query: CannedQuery, mini: Store, together: Store
) -> None:
    assert query.summary.endswith("?")
    assert query.description.endswith(".")
    assert query.tags
    assert all(parameter.examples for parameter in query.parameters)
    for n in range(max((len(p.examples) for p in query.parameters), default=1)):
        values = {p.name: p.examples[n % len(p.examples)] for p in query.parameters}
        case = Case(query.name, query, values)
        ask(right(case, mini, together), case)


def test_every_query_has_a_row_on_the_small_graph_except_the_check(mini: Store, together: Store) -> None:
    asked = [required_alone(query) for query in QUERIES.values()]
    empty = {case.name for case in asked if ask(right(case, mini, together), case)[1].count("\n") < 2}
    assert empty == {"facts-without-source"}


def test_all_who_go_by_one_name_are_asked(mini: Store) -> None:
    """Each article has analysts of its own: there may be more of them than things go by any other name."""
    store, prefixes = (
        Store(),
        "PREFIX aig: <https://w3id.org/aigraph/ontology#> PREFIX oa: <http://www.w3.org/ns/oa#>\n",
    )
    store.bulk_extend(mini)
    told = "\n".join(
        f"<e:group-{n}> a aig:UnnamedGroup ; rdfs:label 'gurus' . <e:claim-{n}> a aig:Claim ; aig:claimText 'So.' ; "
        f"aig:claimant <e:group-{n}> ; aig:modality aig:Opinion ; aig:polarity aig:Affirmed ; aig:evidence <e:proof> ."
        for n in range(120)
    )
    proof = "<e:proof> oa:hasSource <e:article> ; oa:hasSelector <e:place> . <e:place> oa:exact 'So.' ."
    rdfs = "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>\n"
    store.update(f"{prefixes}{rdfs}INSERT DATA {{ GRAPH <e:graph> {{ {proof} {told} }} }}")
    assert len(list(solutions(store, QUERIES["claims-by-claimant"], {"claimant": "Gurus"}))) == 120


def claiming(name: str, day: str | None, claims: int) -> str:
    """An article in a graph of its own that makes some claims."""
    told = " ".join(
        f"<e:{name}/{n}> a aig:Claim ; aig:claimText 'So.' ; aig:modality aig:Asserted ; aig:polarity aig:Affirmed ; "
        f"aig:evidence <e:{name}/proof> ; prov:wasDerivedFrom <e:{name}> ."
        for n in range(claims)
    )
    proof = f"<e:{name}/proof> oa:hasSource <e:{name}> ; oa:hasSelector <e:{name}/at> . <e:{name}/at> oa:exact 'So.' ."
    dated = f"<e:{name}> dcterms:issued '{day}' ." if day else ""
    return f"GRAPH <e:graph/{name}> {{ <e:{name}> a aig:Article . {dated} {proof} {told} }}"


NEWEST = {
    "some on the last day that counts": [(f"a{n:02}", f"2026-01-{n // 5 + 1:02}", 9) for n in range(40)],
    "many on one day": [(f"a{n:03}", "2026-01-01", 1) for n in range(250)],
    "articles without claims": [(f"a{n:03}", f"2026-{n % 12 + 1:02}", n % 3 - 1) for n in range(350)],
    "undated ones after the few that have a day": [(f"a{n:02}", None if n % 2 else "2026-01", 7) for n in range(40)],
    "undated ones alone": [(f"a{n:02}", None, 7) for n in range(40)],
}


@pytest.mark.parametrize("since", [None, "2026-01-05"])
@pytest.mark.parametrize("articles", NEWEST.values(), ids=NEWEST)
def test_the_newest_claims_are_those_of_the_newest_articles(
    articles: list[tuple[str, str | None, int]], since: str | None
) -> None:
    store = Store()
    prefixes = "".join(
        f"PREFIX {name}: <{iri}>\n"
        for name, iri in (
            ("aig", "https://w3id.org/aigraph/ontology#"),
            ("dcterms", "http://purl.org/dc/terms/"),
            ("oa", "http://www.w3.org/ns/oa#"),
            ("prov", "http://www.w3.org/ns/prov#"),
        )
    )
    store.update(f"{prefixes}INSERT DATA {{ {' '.join(claiming(*article) for article in articles)} }}")
    counted = [(day or "", name, claims) for name, day, claims in articles if since is None or (day or "") >= since]
    counted.sort(key=lambda each: each[1])
    counted.sort(key=lambda each: each[0], reverse=True)
    expected = [f"e:{name}/{n}" for _, name, claims in counted for n in range(claims)][:200]
    rows = solutions(store, QUERIES["newest-claims"], {"since": since} if since else {})
    assert [row["claim"].value for row in rows] == expected


def test_the_check_finds_a_fact_without_source(mini: Store) -> None:
    store = Store()
    store.bulk_extend(mini)
    store.update(
        "PREFIX aig: <https://w3id.org/aigraph/ontology#> PREFIX c: <https://w3id.org/aigraph/id/company/>\n"
        "INSERT DATA { GRAPH <https://w3id.org/aigraph/graph/facts> { c:amd aig:acquired c:groq ; aig:develops c:x } }"
    )
    rows = [row[1].value.partition("#")[2] for row in solutions(store, QUERIES["facts-without-source"], {})]
    assert rows == ["acquired", "develops"]


def test_the_documentation_lists_every_query() -> None:
    text = (folder("queries") / "README.md").read_text(encoding="utf-8")
    listed = [line.split("`")[1] for line in text.splitlines() if line.startswith("| `")]
    assert listed == list(QUERIES)
    assert all(query.summary in text for query in QUERIES.values())


# --- the shipped queries on the graph of the seeds


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Queries whose answer on the seeds is kept in `seeds/`; with --update-golden, all."""
    if "seeds_query" in metafunc.fixturenames:
        kept = {path.stem for path in (EXPECTED / "seeds").glob("*")}
        all_of_them = metafunc.config.getoption("--update-golden", default=False)
        names = [name for name in QUERIES if all_of_them or name in kept]
        metafunc.parametrize("seeds_query", names)


def test_the_answers_on_the_seeds(seeds_query: str, seeds_store: Path, golden: Callable[[Path, str], None]) -> None:
    case = required_alone(QUERIES[seeds_query])
    with open_latest(seeds_store) as reader:
        suffix, text = answer(reader.query(bind(case.query, case.values)))
    golden(EXPECTED / "seeds" / f"{case.name}.{suffix}", text)
