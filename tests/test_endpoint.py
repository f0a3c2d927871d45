"""The endpoint, asked over HTTP as its clients ask it: a real server on a port of this machine."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode
from xml.dom.minidom import Document

import pytest
from flask import Flask
from pyoxigraph import Literal, NamedNode, Quad, QueryBoolean, QuerySolutions, parse, parse_query_results
from rdflib import URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore

from aigraph import endpoint
from aigraph.endpoint import Server, create_app
from aigraph.endpoint.negotiation import HTML, choose, offers, wants_page
from aigraph.endpoint.tables import short
from aigraph.errors import FormatError, ServerError
from aigraph.formats import CSV, JSON, RDF_FORMATS, RESULT_FORMATS, TURTLE, XML, RdfSyntax, ResultFormat
from aigraph.queries import CannedQuery
from aigraph.store import QueryPool, open_writer
from aigraph.vocab import AIG, OA, PROV, RDF, RDFS, Iris, prefixes
from serving import BROWSER, Answer, Client, problem, running

IRIS = Iris("https://example.org/kg/")
ONE, TWO, ENTITIES = (IRIS.graph(name) for name in ("one", "two", "entities"))
A, B = IRIS.thing("Company", "a"), IRIS.thing("Chip", "b")
ARTICLE = IRIS.article("it's/one")
SENTENCE = "A develops <script>alert(1)</script> & B."
ALL = "SELECT ?s ?l { ?s rdfs:label ?l } ORDER BY ?l"
ENDLESS = "SELECT (COUNT(*) AS ?n) {{ {} }}".format(
    " ".join(f"VALUES ?v{i} {{ {' '.join(map(str, range(200)))} }}" for i in range(6))
)

CANNED = {
    query.name: query
    for query in (
        CannedQuery.parse("labels", f"#+ summary: What is called how?\n#+ description: All.\n#+ tags: [things]\n{ALL}"),
        CannedQuery.parse(
            "called",
            "#+ summary: What is called so?\n#+ description: By its label.\n#+ parameters:\n"
            "#+   name: {description: a label, examples: [A]}\n#+   most: {description: how many}\n"
            "SELECT ?s { ?s rdfs:label ?l FILTER(STR(?l) = ?_name)\n"
            "FILTER(!BOUND(?__most_integer) || ?__most_integer > 0) }",
        ),
    )
}


def quads() -> dict[NamedNode, list[Quad]]:
    finding, evidence, quote_ = (IRIS.part(kind, "one", 1) for kind in ("Statement", "evidence", "quote"))
    return {
        ONE: [
            Quad(finding, RDF.type, AIG.Statement, ONE),
            Quad(finding, AIG.subject, A, ONE),
            Quad(finding, AIG.modality, AIG.Asserted, ONE),
            Quad(finding, AIG.polarity, AIG.Affirmed, ONE),
            Quad(finding, AIG.evidence, evidence, ONE),
            Quad(finding, PROV.wasDerivedFrom, ARTICLE, ONE),
            Quad(evidence, OA.hasSource, ARTICLE, ONE),
            Quad(evidence, OA.hasSelector, quote_, ONE),
            Quad(quote_, OA.exact, Literal(SENTENCE), ONE),
            Quad(ARTICLE, RDF.type, AIG.Article, ONE),
        ],
        TWO: [Quad(A, AIG.develops, B, TWO)],
        ENTITIES: [
            Quad(A, RDF.type, AIG.Company, ENTITIES),
            Quad(A, RDFS.label, Literal("A <b>", language="en"), ENTITIES),
            Quad(B, RDFS.label, Literal("B"), ENTITIES),
        ],
    }


def publish(path: Path) -> None:
    with open_writer(path, IRIS.base) as writer:
        for graph, content in quads().items():
            writer.replace_graph(graph, content)
        writer.commit()


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("store")
    publish(path)
    return path


@pytest.fixture(scope="module")
def client(store: Path) -> Iterator[Client]:
    with QueryPool(store, size=2, timeout=30) as pool, running(create_app(pool, CANNED, base=IRIS.base)) as client:
        yield client


# --- negotiation --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("accept", "name"),
    [
        ("", "json"),
        ("*/*", "json"),
        (BROWSER, "html"),
        ("text/csv", "csv"),
        ("text/*", "xml"),
        ("application/sparql-results+xml;q=0.5, text/csv;q=0.9", "csv"),
        ("text/csv;q=0, */*", "json"),
        ("application/json;q=0.1, application/sparql-results+json;q=0, text/tab-separated-values;q=0.2", "tsv"),
        ("TEXT/CSV ; charset=utf-8", "csv"),
        ("text/csv;q=strange", "csv"),
        ("application/sparql-results+xml, application/sparql-results+json", "xml"),
        ("text/turtle, application/sparql-results+json;q=0.1", "json"),
        ("text/html;q=0.2, text/csv", "csv"),
    ],
)
def test_the_format_that_a_client_likes_most(accept: str, name: str) -> None:
    assert choose(accept, None, offers("SELECT")).format.name == name


def test_a_client_gets_the_media_type_that_it_named() -> None:
    assert choose("application/json", None, offers("ASK")).content_type == "application/json"
    assert choose("text/xml", None, offers("ASK")).content_type == "text/xml; charset=utf-8"
    assert choose("*/*", None, offers("CONSTRUCT")).content_type == "text/turtle; charset=utf-8"


def test_a_named_format_rules() -> None:
    for name in ("csv", "CSV", "text/csv"):
        assert choose(BROWSER, name, offers("SELECT")).format is CSV
    assert choose("text/csv", "html", offers("SELECT")).format is HTML
    with pytest.raises(FormatError, match=r"cannot be had as 'turtle'\. There is json"):
        choose("", "turtle", offers("SELECT"))


def test_browsers_are_told_from_programs() -> None:
    assert wants_page(BROWSER)
    assert not wants_page("*/*")
    assert not wants_page("")
    assert not wants_page("text/html;q=0")
    assert not wants_page("text/html;q=0.5, application/json")


# --- the protocol -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["get", "form", "direct"])
def test_a_query_comes_in_three_ways(client: Client, way: str) -> None:
    form = "application/x-www-form-urlencoded"
    answer = {
        "get": lambda: client.ask(ALL),
        "form": lambda: client.request("POST", "/sparql", urlencode({"query": ALL}).encode(), Content_Type=form),
        "direct": lambda: client.request("POST", "/sparql", ALL.encode(), Content_Type="application/sparql-query"),
    }[way]()
    assert (answer.status, answer.type) == (200, "application/sparql-results+json")
    rows = json.loads(answer.body)["results"]["bindings"]
    assert [row["l"]["value"] for row in rows] == ["A <b>", "B"]


@pytest.mark.parametrize("syntax", tuple(RESULT_FORMATS), ids=lambda one: str(one.name))
def test_select_and_ask_by_accept_and_by_name(client: Client, syntax: ResultFormat) -> None:
    answer = client.ask(ALL, Accept=syntax.media_type)
    assert (answer.status, answer.type) == (200, syntax.media_type)
    named = client.get("/sparql", {"query": ALL, "format": syntax.name}, Accept=BROWSER)
    assert (named.body, named.type) == (answer.body, syntax.media_type)
    truth = client.ask("ASK { ?s rdfs:label 'B' }", Accept=syntax.media_type)
    assert b"true" in truth.body
    if syntax is not CSV:
        assert isinstance(parse_query_results(answer.body, syntax.engine), QuerySolutions)
    if syntax in (JSON, XML):
        assert isinstance(parse_query_results(truth.body, syntax.engine), QueryBoolean)


@pytest.mark.parametrize("syntax", tuple(RDF_FORMATS), ids=lambda one: str(one.name))
def test_construct_and_describe_by_accept_and_by_name(client: Client, syntax: RdfSyntax) -> None:
    for query in ("CONSTRUCT WHERE { ?s rdfs:label ?l }", f"DESCRIBE {B}"):
        answer = client.ask(query, Accept=syntax.media_type)
        assert (answer.status, answer.type) == (200, syntax.media_type)
        assert len(list(parse(answer.body, syntax.engine))) in (1, 2)
        assert client.get("/sparql", {"query": query, "format": syntax.name}).type == syntax.media_type


def test_the_dataset_can_be_named(client: Client) -> None:
    count = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"

    def counted(*arguments: tuple[str, str]) -> str:
        answer = client.get("/sparql", [("query", count), ("format", "csv"), *arguments])
        return answer.text.split()[1]

    assert counted() == "14"
    assert counted(("default-graph-uri", TWO.value)) == "1"
    assert counted(("default-graph-uri", TWO.value), ("default-graph-uri", ENTITIES.value)) == "4"
    assert counted(("named-graph-uri", TWO.value)) == "0"
    body = urlencode([("query", count), ("default-graph-uri", TWO.value), ("format", "csv")]).encode()
    answer = client.request("POST", "/sparql", body, Content_Type="application/x-www-form-urlencoded")
    assert answer.text.split()[1] == "1"
    path = f"/sparql?{urlencode({'default-graph-uri': TWO.value, 'format': 'csv'})}"
    answer = client.request("POST", path, count.encode(), Content_Type="application/sparql-query; charset=utf-8")
    assert answer.text.split()[1] == "1"


def test_without_a_query_a_program_gets_the_description_of_the_service(client: Client) -> None:
    answer = client.get("/sparql")
    assert answer.type == "text/turtle"
    triples = {
        (t.predicate.value.partition("#")[2] or "triples", str(t.object)) for t in parse(answer.body, TURTLE.engine)
    }
    assert ("endpoint", f"<{client.url}sparql>") in triples
    assert ("feature", "<http://www.w3.org/ns/sparql-service-description#UnionDefaultGraph>") in triples
    assert client.get("/sparql", Accept="application/ld+json").type == "application/ld+json"


def test_head_gives_the_headers_alone(client: Client) -> None:
    answer = client.request("HEAD", "/sparql?" + urlencode({"query": ALL}))
    assert (answer.status, answer.body) == (200, b"")
    assert answer.type == "application/sparql-results+json"


# --- what is refused ----------------------------------------------------------------------------------------


def test_malformed_queries_say_where(client: Client) -> None:
    answer = client.ask("SELECT *\n{ ?s ?p }")
    content = problem(answer)
    assert (answer.status, content["line"], content["column"]) == (400, 2, 9)
    assert "Line 2, column 9: unexpected “}”" in str(content["detail"])
    page = client.ask("SELECT *\n{ ?s ?p }", Accept=BROWSER)
    assert (page.status, page.type) == (400, "text/html")
    assert "Line 2, column 9" in page.text
    assert "SELECT *\n{ ?s ?p }</textarea>" in page.text


@pytest.mark.parametrize(
    ("arguments", "detail"),
    [
        ([("query", "")], "The query is empty"),
        ([("query", ALL), ("query", ALL)], "was given 2 times"),
        ([("query", ALL), ("default-graph-uri", "no iri")], "is no IRI"),
    ],
)
def test_requests_that_make_no_sense(client: Client, arguments: list[tuple[str, str]], detail: str) -> None:
    answer = client.get("/sparql", arguments)
    assert answer.status == 400
    assert detail in str(problem(answer)["detail"])


def test_bodies_that_make_no_sense(client: Client) -> None:
    form, query = "application/x-www-form-urlencoded", "application/sparql-query"
    assert client.request("POST", "/sparql", b"x=1", Content_Type=form).status == 400
    assert client.request("POST", "/sparql", b"ASK {} # \xff", Content_Type=query).status == 400
    for kind in ("text/plain", "multipart/form-data", "application/json"):
        answer = client.request("POST", "/sparql", b"ASK {}", Content_Type=kind)
        assert (answer.status, "application/sparql-query" in str(problem(answer)["detail"])) == (415, True)


def test_other_servers_and_updates_are_forbidden(client: Client) -> None:
    update, form = "application/sparql-update", "application/x-www-form-urlencoded"
    for answer in (
        client.ask("SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }"),
        client.ask("DELETE WHERE { ?s ?p ?o }"),
        client.request("POST", "/sparql", b"DROP ALL", Content_Type=update),
        client.request("POST", "/sparql", b"update=DROP+ALL", Content_Type=form),
    ):
        assert answer.status == 403
        assert re.search("not allowed here|can only be read", str(problem(answer)["detail"]))


@pytest.mark.parametrize(("method", "path"), [("PUT", "/sparql"), ("DELETE", "/sparql"), ("POST", "/queries/labels")])
def test_other_methods_are_refused_with_those_that_work(client: Client, method: str, path: str) -> None:
    answer = client.request(method, path)
    assert answer.status == 405
    assert {"GET", "HEAD", "OPTIONS"} <= set(answer.headers["allow"].split(", "))
    assert problem(answer)["title"] == "Method Not Allowed"


def test_formats_that_there_are_not(client: Client) -> None:
    assert client.ask("CONSTRUKT {}", Accept="text/turtle").status == 400
    for answer in (
        client.ask(ALL, Accept="image/png"),
        client.ask(ALL, Accept="text/turtle"),
        client.get("/sparql", {"query": ALL, "format": "turtle"}),
        client.get("/queries/labels.trig"),
        client.get("/queries", Accept="image/png"),
    ):
        assert answer.status == 406
        assert "json (application/" in str(problem(answer)["detail"])


def test_queries_that_are_too_long(client: Client) -> None:
    form = "application/x-www-form-urlencoded"
    long = f"ASK {{ # {'x' * 100_000}\n }}"
    assert client.ask(long).status == 413
    assert client.request("POST", "/sparql", urlencode({"query": long}).encode(), Content_Type=form).status == 413
    huge = urlencode({"query": long * 11}).encode()
    answer = client.request("POST", "/sparql", huge, Content_Type=form, Accept=BROWSER)
    assert (answer.status, answer.type) == (413, "text/html")
    answer = client.request("POST", "/sparql", long.encode() * 11, Content_Type="application/sparql-query")
    assert (answer.status, problem(answer)["title"]) == (413, "The request is too long")


def test_addresses_that_there_are_not(client: Client) -> None:
    assert str(problem(client.get("/nothing"))["type"]).endswith("/problem/not-found")
    page = client.get("/nothing", Accept=BROWSER)
    assert (page.status, page.type) == (404, "text/html")
    answer = client.get("/queries/lables")
    assert answer.status == 404
    assert "Did you mean labels" in str(problem(answer)["detail"])


def test_a_query_without_end_is_stopped_while_others_are_answered(store: Path) -> None:
    with QueryPool(store, size=2, timeout=1.5) as pool, running(create_app(pool, {}, base=IRIS.base)) as client:
        client.ask("ASK {}")
        answers: list[Answer] = []
        thread = threading.Thread(target=lambda: answers.append(client.ask(ENDLESS)))
        thread.start()
        start = time.monotonic()
        asked = 0
        while thread.is_alive():
            assert client.ask("ASK {}").status == 200
            asked += 1
        thread.join()
        assert asked > 1
        assert time.monotonic() - start < 20
        assert answers[0].status == 504
        assert "stopped after 1.5 s" in str(problem(answers[0])["detail"])
        assert int(answers[0].headers["retry-after"]) > 0
        assert client.ask(ENDLESS, Accept=BROWSER).status == 504
        assert client.ask("ASK {}").status == 200


def test_a_store_that_is_gone_and_what_nobody_foresaw(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    publish(tmp_path)
    with QueryPool(tmp_path, timeout=30) as pool:
        app = create_app(pool, {}, base=IRIS.base)

        @app.get("/broken")
        def broken() -> str:
            raise KeyError("secret")

        with running(app) as client:
            answer = client.get("/broken")
            assert (answer.status, "secret" in answer.text) == (500, False)
            assert "secret" in caplog.text
            (tmp_path / "current").unlink()
            answer = client.ask("ASK {}")
            assert (answer.status, answer.headers["retry-after"]) == (503, "10")


# --- headers ------------------------------------------------------------------------------------------------


def test_answers_can_be_validated(tmp_path: Path) -> None:
    publish(tmp_path)
    with QueryPool(tmp_path, timeout=30) as pool, running(create_app(pool, CANNED, base=IRIS.base)) as client:
        first = client.ask(ALL)
        tag = first.headers["etag"]
        again = client.ask(ALL, If_None_Match=tag)
        assert (again.status, again.body, again.headers["etag"]) == (304, b"", tag)
        assert client.ask(ALL, Accept="text/csv").headers["etag"] != tag
        assert client.ask(ALL + " LIMIT 1").headers["etag"] != tag
        assert client.ask(ALL, Accept="text/csv", If_None_Match=tag).status == 200
        with open_writer(tmp_path) as writer:
            writer.remove_graph(TWO)
            writer.commit()
        changed = client.ask(ALL, If_None_Match=tag)
        assert (changed.status, changed.headers["etag"] == tag) == (200, False)


def test_pages_of_other_sites_may_ask(client: Client) -> None:
    assert client.ask(ALL, Origin="https://other.example").headers["access-control-allow-origin"] == "*"
    assert client.ask("nonsense").headers["access-control-allow-origin"] == "*"
    preflight = client.request(
        "OPTIONS", "/sparql", Origin="https://other.example", Access_Control_Request_Method="POST"
    )
    assert preflight.status == 200
    assert "POST" in preflight.headers["access-control-allow-methods"]
    assert "Content-Type" in preflight.headers["access-control-allow-headers"]


@pytest.mark.parametrize("path", ["/", "/sparql", "/queries", "/queries/labels", "/nothing", "/static/aigraph.css"])
def test_every_answer_is_harmless_in_a_browser(client: Client, path: str) -> None:
    headers = client.get(path, Accept=BROWSER).headers
    assert headers["content-security-policy"].startswith("default-src 'self';")
    assert headers["x-content-type-options"] == "nosniff"
    assert "set-cookie" not in headers


# --- pages --------------------------------------------------------------------------------------------------

DESCRIBED = f"/describe?{urlencode({'iri': A.value})}"
PAGES = ["/", "/sparql", f"/sparql?{urlencode({'query': ALL})}", "/queries", "/queries/labels", "/queries/called",
         "/queries/called?name=B", "/queries/called?most=x", DESCRIBED, "/nothing", "/sparql?query=x"]  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_sound(client: Client, path: str) -> None:
    page = client.get(path, Accept=BROWSER)
    assert page.type == "text/html"
    assert page.text.startswith("<!doctype html>")
    assert '<html lang="en">' in page.text
    assert page.text.count("<h1>") == 1
    scripts = re.findall(r"<script([^>]*)>", page.text)
    own = ' type="module" src="/static/editor/', ' type="application/json"'  # the query editor, and its data
    scripts = [one for one in scripts if one != ' type="module" src="/static/suggest.js"']
    assert not [one for one in scripts if not (path.startswith("/sparql") and one.startswith(own))]
    assert "style=" not in page.text
    assert not re.search(r"<(link|img|iframe)[^>]+(href|src)=\"(https?:)?//", page.text)
    fields = re.findall(r"<(?:input|textarea)[^>]* id=\"([^\"]+)\"", page.text)
    labels = re.findall(r"<label for=\"([^\"]+)\"", page.text)
    assert fields == labels
    identifiers = re.findall(r" id=\"([^\"]+)\"", page.text)
    assert len(identifiers) == len(set(identifiers))
    for href in set(re.findall(r"href=\"(/[^\"]*)\"", page.text)):
        if not href.startswith(("/describe", "/page/")):
            assert client.get(href.replace("&amp;", "&"), Accept=BROWSER).status < 500


def test_colours_have_enough_contrast_in_light_and_dark() -> None:
    sheet = (Path(endpoint.__file__).parent / "static" / "aigraph.css").read_text(encoding="utf-8")

    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (0, 2, 4)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    schemes = [dict(re.findall(r"--([\w-]+): #(\w{6});", block)) for block in re.findall(r":root \{([^}]*)\}", sheet)]
    assert len(schemes) == 2
    for scheme in schemes:
        for ink, paper in (
            ("ink", "paper"), ("ink", "field"), ("quiet", "paper"), ("link", "paper"), ("alarm", "alarm-paper"),
            ("on-accent", "accent"),
        ):  # fmt: skip
            low, high = sorted((luminance(scheme[ink]), luminance(scheme[paper])))
            assert (high + 0.05) / (low + 0.05) >= 4.5, (ink, paper)


def test_the_start_page_says_what_there_is(client: Client) -> None:
    page = client.get("/", Accept=BROWSER).text
    assert "<dt>articles</dt><dd>1</dd>" in page
    assert "<dt>triples</dt><dd>14</dd>" in page
    assert '<a href="/queries/labels">What is called how?</a>' in page
    example = re.search(r"<textarea[^>]*>([^<]*)</textarea>", page)
    assert example
    assert client.ask(example[1].replace("&#34;", '"').replace("&gt;", ">")).status == 200


def test_answers_are_pages_with_links_and_without_markup_of_the_data(client: Client) -> None:
    page = client.ask(ALL, Accept=BROWSER).text
    assert "2 rows." in page
    assert f'<a href="/page/id/company/a" title="{A.value}">res:company/a</a>' in page
    assert "A &lt;b&gt; <small" in page
    assert f"/sparql?{urlencode({'query': ALL, 'format': 'csv'})}".replace("&", "&amp;") in page
    assert "Yes." in client.ask("ASK {}", Accept=BROWSER).text
    assert "No rows" in client.ask("SELECT * { ?s aig:target ?o }", Accept=BROWSER).text
    assert "aig:develops" in client.ask("CONSTRUCT WHERE { ?s aig:develops ?o }", Accept=BROWSER).text
    many = "SELECT ?a ?b { %s }" % " ".join(f"VALUES ?{v} {{ {' '.join(map(str, range(40)))} }}" for v in "ab")  # noqa: UP031
    assert "The first 1,000 of 1,600 rows" in client.ask(many, Accept=BROWSER).text


def test_a_thing_is_described_with_its_sentences(client: Client) -> None:
    page = client.get(DESCRIBED, Accept=BROWSER).text
    assert "<h1>A &lt;b&gt;</h1>" in page
    assert "<q>A develops &lt;script&gt;alert(1)&lt;/script&gt; &amp; B.</q>" in page
    assert ">aig:develops</a>" in page
    assert ">aig:subject</a>" in page
    turtle = client.get(DESCRIBED)
    assert turtle.type == "text/turtle"
    assert len(list(parse(turtle.body, TURTLE.engine))) == 3


def test_things_of_others_have_a_link_to_where_they_are(client: Client) -> None:
    page = client.get("/describe", {"iri": AIG.Company.value}, Accept=BROWSER).text
    assert f'<a href="{AIG.Company.value}" rel="external noreferrer">' in page
    assert '<h2 id="said">' not in page
    assert "external" not in client.get(DESCRIBED, Accept=BROWSER).text


@pytest.mark.parametrize(
    ("arguments", "status"),
    [({}, 400), ({"iri": "x"}, 400), ({"iri": "http://a/> ?p ?o . <http://b"}, 400), ({"iri": "http://a/b"}, 404)],
)
def test_what_cannot_be_described(client: Client, arguments: dict[str, str], status: int) -> None:
    assert client.get("/describe", arguments, Accept=BROWSER).status == status


def test_short_iris_use_the_longest_prefix() -> None:
    known = prefixes(IRIS.base)
    assert short(A.value, known) == "res:company/a"
    assert short(AIG.Claim.value, known) == "aig:Claim"
    assert short("http://other.example/x", known) == "http://other.example/x"


# --- canned queries -----------------------------------------------------------------------------------------


def test_the_list_of_questions(client: Client) -> None:
    for answer in (client.get("/queries"), client.get("/queries.json", Accept=BROWSER)):
        content = json.loads(answer.body)
        assert (answer.type, [one["name"] for one in content]) == ("application/json", ["labels", "called"])
        assert content[1]["parameters"][0]["required"]
    table = client.get("/queries", {"format": "csv"})
    assert table.type == "text/csv"
    assert "called,What is called so?,name [most]," in table.text
    page = client.get("/queries.html").text
    assert ">Things</h2>" in page
    assert ">Other</h2>" in page


def test_questions_are_answered_in_every_format(client: Client) -> None:
    for syntax in RESULT_FORMATS:
        by_suffix = client.get(f"/queries/labels.{syntax.suffixes[0]}", Accept=BROWSER)
        by_accept = client.get("/queries/labels", Accept=syntax.media_type)
        by_name = client.get("/queries/labels", {"format": syntax.name})
        assert by_suffix.type == by_accept.type == by_name.type == syntax.media_type
        assert by_suffix.body == by_accept.body == by_name.body
        assert by_accept.headers["etag"]
    assert "<td>B" in client.get("/queries/labels", Accept=BROWSER).text
    assert client.get("/queries/labels.html").type == "text/html"


def test_questions_take_parameters(client: Client) -> None:
    answer = client.get("/queries/called", {"name": "B", "most": "1", "format": "csv"})
    assert answer.text.split() == ["s", B.value]
    assert client.get("/queries/called.csv", {"name": "B", "most": ""}).text.split() == ["s", B.value]
    quoted = client.get("/queries/called.csv", {"name": 'B" || true || "'})
    assert (quoted.status, quoted.text.split()) == (200, ["s"])


@pytest.mark.parametrize(
    ("arguments", "detail"),
    [
        ([], "needs the parameter 'name'"),
        ([("name", "B"), ("most", "few")], "no whole number"),
        ([("name", "B"), ("nmae", "B")], "has no parameter 'nmae'"),
        ([("name", "B"), ("name", "C")], "given 2 times"),
    ],
)
def test_parameters_that_do_not_fit(client: Client, arguments: list[tuple[str, str]], detail: str) -> None:
    answer = client.get("/queries/called", arguments)
    assert answer.status == 400
    assert detail in str(problem(answer)["detail"])
    page = client.get("/queries/called", arguments, Accept=BROWSER)
    assert page.status == (400 if arguments else 200)
    assert 'name="most"' in page.text or "given 2 times" in page.text


# --- clients that others made -------------------------------------------------------------------------------


def test_sparqlwrapper(client: Client) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the library itself
        import SPARQLWrapper

        for method in (SPARQLWrapper.GET, SPARQLWrapper.POST):
            for result_format in (SPARQLWrapper.JSON, SPARQLWrapper.XML, SPARQLWrapper.CSV):
                wrapper = SPARQLWrapper.SPARQLWrapper(f"{client.url}sparql")
                wrapper.setMethod(method)
                wrapper.setReturnFormat(result_format)
                wrapper.setQuery(f"PREFIX rdfs: <{RDFS.iri}> {ALL}")
                result = wrapper.query()
                with result.response:
                    found = result.convert()
                text = found.toxml() if isinstance(found, Document) else str(found)
                assert A.value in text
            wrapper.setRequestMethod(SPARQLWrapper.POSTDIRECTLY)
            wrapper.setMethod(SPARQLWrapper.POST)
            wrapper.setQuery(f"CONSTRUCT WHERE {{ {A} ?p ?o }}")
            wrapper.setReturnFormat(SPARQLWrapper.TURTLE)
            result = wrapper.query()
            with result.response:
                assert "develops" in str(result.convert())
        wrapper.setQuery("nonsense")
        with pytest.raises(SPARQLWrapper.SPARQLExceptions.QueryBadFormed, match="a query begins with SELECT"):
            wrapper.query()


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
def test_rdflib(client: Client, method: str) -> None:
    store = SPARQLStore(f"{client.url}sparql", method=method)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # rdflib leaves its connections open
        rows = list(store.query(f"PREFIX rdfs: <{RDFS.iri}> {ALL}"))
        assert [str(row[0]) for row in rows] == [A.value, B.value]  # type: ignore[index]
        triples = list(store.triples((URIRef(A.value), None, None)))
        assert len(triples) == 3
        assert store.query("ASK {}").askAnswer


# --- the server ---------------------------------------------------------------------------------------------


def test_a_port_in_use(client: Client) -> None:
    port = int(client.url.rstrip("/").rpartition(":")[2])
    with pytest.raises(ServerError, match=f"Port {port} of 127.0.0.1 is in use.*--port"):
        Server(Flask("x"), "127.0.0.1", port)


@pytest.mark.parametrize("host", ["203.0.113.7", "no such host"])
def test_a_host_that_is_not_ours(host: str) -> None:
    with pytest.raises(ServerError, match="is no address of this machine"):
        Server(Flask("x"), host, 0)


def test_ipv6_has_brackets(store: Path) -> None:
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        pytest.skip("this machine has no IPv6")
    with QueryPool(store) as pool:
        server = Server(create_app(pool, {}, base=IRIS.base), "::1", 0)
        assert server.url.startswith("http://[::1]:")
        server.stop()
        server.run()


SERVE = """
import sys
from pathlib import Path
from aigraph.endpoint import serve
from aigraph.settings import Settings
serve(Settings(store=Path(sys.argv[1]), port=0), {}, on_ready=lambda url: print(url, flush=True))
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_serve_answers_until_it_is_told_to_stop(store: Path, number: signal.Signals) -> None:
    command = [sys.executable, "-c", SERVE, str(store)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stderr
        client = Client(process.stdout.readline().strip())
        assert client.ask("ASK {}").text == '{"head":{},"boolean":true}'
        workers = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        children = workers.read_text().split() if workers.exists() else []
        process.send_signal(number)
        try:
            assert process.wait(30) == 0
        finally:
            process.kill()
        assert process.stdout.read() == ""
        assert process.stderr.read() == ""
        assert not any(os.path.exists(f"/proc/{child}") for child in children)  # noqa: PTH110
