"""The documentation of the ontology: pages, diagrams, formats, and that every term is explained, shown and in use."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient
from pyoxigraph import CanonicalizationAlgorithm, Dataset, NamedNode, Quad, RdfFormat, Store, parse
from rdflib import Graph

from aigraph import resources
from aigraph.endpoint import create_app
from aigraph.errors import DataError
from aigraph.formats import JSON_LD, N_TRIPLES, RDF_XML, TURTLE, RdfSyntax
from aigraph.ontology import Ontology, load_ontology
from aigraph.records import EntityType
from aigraph.store import QueryPool, Reader, open_latest
from aigraph.terms import (
    ONTOLOGY_FORMATS,
    Documentation,
    Kind,
    Term,
    Terms,
    load_questions,
    read_terms,
    serialize_module,
    serialize_ontology,
    serialize_term,
    term_page,
    write_documentation,
)
from aigraph.terms.diagrams import class_tree, relation_map
from aigraph.terms.examples import find_example, kept_examples, listing
from aigraph.terms.triples import PREFIXES
from aigraph.vocab import AIG, Iris

ROOT = Path(__file__).parents[1]
BROWSER = "text/html,application/xhtml+xml,*/*;q=0.8"
PREFIX_LINES = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())


@pytest.fixture(scope="module")
def ontology() -> Ontology:
    return load_ontology()


@pytest.fixture(scope="module")
def terms(ontology: Ontology) -> Terms:
    return read_terms(ontology)


@pytest.fixture(scope="module")
def reader(seeds_store: Path) -> Iterator[Reader]:
    with open_latest(seeds_store) as opened:
        yield opened


@pytest.fixture(scope="module")
def site(ontology: Ontology, reader: Reader, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    write_documentation(ontology, folder, reader.select)
    return folder


def term(terms: Terms, name: str) -> Term:
    found = terms.named(name)
    assert found is not None, f"{name} is no term"
    return found


def axiom(of: Term, heading: str) -> list[str]:
    """The values under a heading as texts."""
    found = next((one for one in of.axioms if one.heading == heading), None)
    assert found is not None, f"{of.name} has no axiom {heading}"
    return ["".join(p if isinstance(p, str) else AIG.local(p) for p in value) for value in found.values]


# --- the data: every term is explained, shown and in use ----------------------------------------------------


def test_every_term_has_a_label_a_definition_and_an_example(terms: Terms, reader: Reader) -> None:
    kept = kept_examples()
    # what a rule states and what a knowledge file lists is shown there, until an article has it
    elsewhere = {each.iri for each in load_ontology().relations} | {AIG[each] for each in EntityType}
    assert len(terms) > 250
    for one in terms:
        assert one.label, f"{one.curie} has no label"
        assert len(one.definition) > 10, f"{one.curie} has no definition"
        # what a concept looks like in use are the wordings by which it is recognised
        shown = one.wordings if one.kind is Kind.CONCEPT else find_example(one, reader.select, kept)
        assert shown or one.iri in elsewhere, f"{one.curie} has no example: add one to ontology/examples/"


def test_every_term_is_used_in_a_test_a_rule_a_shape_or_a_query(terms: Terms) -> None:
    folders = [
        *(ROOT / "tests").glob("*.py"),
        *(ROOT / "tests" / "data").rglob("*.*"),
        *(ROOT / "ontology" / "rules").glob("*.rq"),
        *(ROOT / "ontology" / "shapes").glob("*.ttl"),
        *(ROOT / "ontology" / "examples").glob("*.ttl"),
        *(ROOT / "queries").glob("*.rq"),
        ROOT / "ontology" / "competency-questions.md",
    ]
    used: set[str] = set()
    for file in folders:
        text = file.read_text(encoding="utf-8")
        used.update(re.findall(r"(?:\baig:|\bAIG\.|ontology#)([A-Za-z0-9]+)", text))
    # concepts are all looped over by the tests of the schemes (test_ontology.py)
    idle = [one.name for one in terms if one.kind is not Kind.CONCEPT and one.name not in used]
    assert idle == [], "use these in a competency question, a query, a shape, a rule or a test"


def test_kept_examples_speak_of_declared_terms_alone(terms: Terms) -> None:
    for file in sorted((resources.folder("ontology") / "examples").glob("*.ttl")):
        for quad in parse(path=file, format=RdfFormat.TURTLE):
            for node in (quad.subject, quad.predicate, quad.object):
                if isinstance(node, NamedNode) and node.value.startswith(AIG.iri):
                    assert terms.find(node), f"{file.name}: {node.value} is not declared"


def test_malformed_examples_are_refused(tmp_path: Path) -> None:
    (tmp_path / "examples").mkdir()
    (tmp_path / "examples" / "bad.ttl").write_text("aig:A a .", encoding="utf-8")
    with pytest.raises(DataError, match=r"bad\.ttl is no valid Turtle"):
        kept_examples(tmp_path)
    with pytest.raises(DataError, match="Only SELECT"):
        kept_examples()("ASK {}")


def test_names_differ_by_more_than_case_within_a_kind_of_page(terms: Terms) -> None:
    groups = Counter((one.kind is Kind.CLASS, one.kind.is_property, one.name.lower()) for one in terms)
    assert [name for name, count in groups.items() if count > 1] == []


# --- terms ---------------------------------------------------------------------------------------------------


def test_a_class_is_read_with_its_axioms(terms: Terms) -> None:
    company = term(terms, "Company")
    assert company.kind is Kind.CLASS
    assert company.curie == "aig:Company"
    assert "Organization" in axiom(company, "Subclass of")
    assert "competesWith only Company" in axiom(company, "Subclass of")
    assert "manufactures" in axiom(company, "In the domain of")
    assert "Person" in axiom(term(terms, "Technology"), "Apart from")


def test_a_property_is_read_with_its_axioms(terms: Terms) -> None:
    competes = term(terms, "competesWith")
    assert competes.kind is Kind.OBJECT_PROPERTY
    assert "symmetric" in axiom(competes, "Characteristics")
    assert axiom(competes, "Domain") == ["Company or Technology"]
    assert axiom(term(terms, "develops"), "Inverse of") == ["developedBy"]
    assert axiom(term(terms, "licensee"), "Subproperty of")[0] == "party"
    assert "licensee" in axiom(term(terms, "party"), "Superproperty of")


def test_enumerations_and_concepts_are_read(terms: Terms) -> None:
    assert "{Affirmed, Negated}" in axiom(term(terms, "Polarity"), "Equivalent to")
    assert axiom(term(terms, "Forecast"), "Instance of") == ["Modality"]
    backlog = term(terms, "OrderBacklog")
    assert backlog.kind is Kind.CONCEPT
    assert "order book" in backlog.wordings
    assert axiom(backlog, "In scheme") == ["MetricScheme"]


def test_an_unknown_name_is_no_term(terms: Terms) -> None:
    assert terms.named("Nothing") is None
    assert terms.named("a<b") is None
    assert terms.label(NamedNode("http://www.w3.org/ns/prov#Entity")) == "prov:Entity"


def test_expressions_of_all_kinds_are_told_in_words(tmp_path: Path) -> None:
    shown = pieces_of(
        tmp_path,
        """[ a owl:Restriction ; owl:onProperty aig:p ; owl:minQualifiedCardinality 2 ; owl:onClass aig:A ],
        [ a owl:Restriction ; owl:onProperty [ owl:inverseOf aig:p ] ; owl:someValuesFrom
          [ a owl:Class ; owl:intersectionOf ( aig:A [ owl:complementOf aig:B ] ) ] ],
        [ a owl:Restriction ; owl:onProperty aig:p ; owl:hasValue "x" ],
        [ a owl:Restriction ; owl:onProperty aig:p ; owl:hasSelf true ],
        [ a owl:Restriction ; owl:onProperty aig:p ; owl:maxCardinality 1 ],
        [ a owl:Restriction ; owl:onProperty aig:q ; owl:allValuesFrom
          [ a rdfs:Datatype ; owl:onDatatype xsd:double ; owl:withRestrictions ( [ xsd:minInclusive 0 ] ) ] ]""",
    )
    assert shown == {
        "p min 2 A",
        "(inverse of p) some (A and (not B))",
        'p value "x"',
        "p Self",
        "p max 1",
        "q only (xsd:double [minInclusive 0])",
    }


def pieces_of(tmp_path: Path, superclasses: str) -> set[str]:
    turtle = (
        PREFIX_LINES
        + f'aig:A a owl:Class ; rdfs:label "a"@en ; skos:definition "A."@en ; rdfs:subClassOf {superclasses} .'
    )
    quads = [Quad(q.subject, q.predicate, q.object) for q in parse(turtle, RdfFormat.TURTLE)]
    from aigraph.terms.expressions import expression
    from aigraph.terms.triples import TripleIndex
    from aigraph.vocab import RDFS

    index = TripleIndex(quads)
    shown = set()
    for node in index.objects(AIG_A, RDFS.subClassOf):
        words = expression(index, node)
        shown.add("".join(w if isinstance(w, str) else short_name(w) for w in words))
    return shown


AIG_A = NamedNode(AIG.iri + "A")


def short_name(iri: NamedNode) -> str:
    return AIG.local(iri) if iri.value.startswith(AIG.iri) else "xsd:" + iri.value.rpartition("#")[2]


# --- pages ---------------------------------------------------------------------------------------------------


class Links(HTMLParser):
    """Collects where a page leads, what it calls its parts, and whether its tags are closed."""

    VOID = frozenset(("meta", "link", "br", "rect", "path", "hr", "img"))

    def __init__(self, page: str) -> None:
        super().__init__()
        self.hrefs: list[str] = []
        self.ids: list[str] = []
        self.open: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.hrefs += [values["href"] or ""] if "href" in values else []
        self.ids += [values["id"] or ""] if "id" in values else []
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in self.VOID

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_site_has_a_page_for_every_term_and_no_dead_link(site: Path, terms: Terms) -> None:
    pages = sorted(site.rglob("*.html"))
    assert len(pages) == len(terms) + 1
    for page in pages:
        found = Links(page.read_text(encoding="utf-8"))
        assert found.open == [], page
        assert len(found.ids) == len(set(found.ids)), page
        for href in found.hrefs:
            if not href.startswith(("http://", "https://")):
                assert (page.parent / href).resolve().is_file(), f"{page.name} leads to {href}"


def test_the_index_has_an_anchor_for_every_term(site: Path, terms: Terms) -> None:
    page = Links((site / "index.html").read_text(encoding="utf-8"))
    assert {one.name for one in terms} <= set(page.ids)


def test_the_page_of_a_term_says_all_there_is(site: Path) -> None:
    page = (site / "property" / "develops.html").read_text(encoding="utf-8")
    assert "https://w3id.org/aigraph/ontology#develops" in page
    assert "From the graph." in page
    assert "aig:develops" in page
    assert "Who develops what?" in page
    assert "?company aig:develops ?thing" in page


def test_an_example_that_the_graph_lacks_is_marked_as_made_up(site: Path) -> None:
    page = (site / "class" / "Conflict.html").read_text(encoding="utf-8")
    assert "Made up" in page
    assert "One says 700 watts" in page


def test_the_site_is_the_same_every_time(site: Path, ontology: Ontology, reader: Reader, tmp_path: Path) -> None:
    write_documentation(ontology, tmp_path, reader.select)
    for file in sorted(site.rglob("*.*")):
        assert (tmp_path / file.relative_to(site)).read_bytes() == file.read_bytes(), file.name


def test_the_site_can_be_made_without_a_graph(ontology: Ontology, tmp_path: Path) -> None:
    files = write_documentation(ontology, tmp_path)
    assert tmp_path / "class" / "Company.html" in files


def test_a_folder_that_cannot_be_written_is_an_error(ontology: Ontology, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(DataError, match="cannot be written"):
        write_documentation(ontology, tmp_path / "file")


def test_examples_are_turtle(terms: Terms, reader: Reader) -> None:
    kept = kept_examples()
    for one in terms:
        if example := find_example(one, reader.select, kept):
            assert list(parse(PREFIX_LINES + example.turtle(), RdfFormat.TURTLE)), one.curie


def test_example_queries_are_sparql(terms: Terms) -> None:
    store = Store()
    for one in terms:
        store.query(listing(one), prefixes=dict(PREFIXES))


def test_a_page_on_its_own_is_a_whole_document() -> None:
    page = term_page("https://w3id.org/aigraph/ontology#Company")
    assert page.startswith("<!doctype html>")
    assert "<h1" in page
    with pytest.raises(DataError, match="no term"):
        term_page("https://w3id.org/aigraph/ontology#Nothing")


def test_what_the_ontology_says_is_escaped(tmp_path: Path) -> None:
    folder = tmp_path / "ontology"
    folder.mkdir()
    for file in resources.folder("ontology").glob("*.ttl"):
        text = file.read_text(encoding="utf-8").replace("A human being with a name.", "A <script>alert(1)</script>.")
        (folder / file.name).write_text(text, encoding="utf-8")
    pages = Documentation(load_ontology(folder))
    for page in (pages.index(), pages.term(AIG.Person) or ""):
        assert "&lt;script&gt;" in page
        assert "<script" not in page


# --- diagrams ------------------------------------------------------------------------------------------------


def test_diagrams_are_svg_with_a_link_for_every_box(terms: Terms) -> None:
    tree = ElementTree.fromstring(class_tree(terms, lambda one: f"#{one.name}"))
    texts = [node.text for node in tree.iter("{http://www.w3.org/2000/svg}text")]
    assert sorted(filter(None, texts)) == sorted(one.label for one in terms.of_kind(Kind.CLASS))
    relations = ElementTree.fromstring(relation_map(terms, lambda one: f"#{one.name}"))
    hrefs = {node.get("href") for node in relations.iter("{http://www.w3.org/2000/svg}a")}
    assert {"#develops", "#competesWith", "#suppliesTo", "#Company", "#Workload"} <= hrefs
    assert "#developedBy" not in hrefs, "an inverse would show the same twice"


def test_boxes_do_not_overlap(terms: Terms) -> None:
    for drawing in (class_tree(terms, str), relation_map(terms, str)):
        boxes = [
            tuple(float(box.get(side) or 0) for side in ("x", "y", "width", "height"))
            for box in ElementTree.fromstring(drawing).iter("{http://www.w3.org/2000/svg}rect")
        ]
        for place, (x, y, width, height) in enumerate(boxes):
            for x2, y2, width2, height2 in boxes[place + 1 :]:
                assert x + width <= x2 or x2 + width2 <= x or y + height <= y2 or y2 + height2 <= y


# --- formats -------------------------------------------------------------------------------------------------


def canonical(content: bytes, format: RdfSyntax) -> list[str]:
    dataset = Dataset(Quad(q.subject, q.predicate, q.object) for q in parse(content, format.engine))
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return sorted(map(str, dataset))


def test_every_format_holds_the_same_triples(ontology: Ontology) -> None:
    whole = canonical(serialize_ontology(ontology, N_TRIPLES), N_TRIPLES)
    assert len(whole) == len(ontology.quads(Iris().graph("ontology")))
    for format in (TURTLE, RDF_XML, JSON_LD):
        assert canonical(serialize_ontology(ontology, format), format) == whole, format.name
    assert tuple(ONTOLOGY_FORMATS) == (TURTLE, RDF_XML, N_TRIPLES, JSON_LD)


def test_rdflib_reads_the_turtle(ontology: Ontology) -> None:
    graph = Graph()
    graph.parse(data=serialize_ontology(ontology, TURTLE).decode(), format="turtle")
    assert len(graph) == len(ontology.quads(Iris().graph("ontology")))


def test_a_term_comes_with_the_unnamed_nodes_it_leads_to(ontology: Ontology) -> None:
    text = serialize_term(ontology, AIG.Company, TURTLE).decode()
    assert "owl:allValuesFrom aig:Company" in text
    assert "aig:Person a" not in text


def test_every_module_can_be_had_on_its_own() -> None:
    names = [file.stem for file in resources.folder("ontology").glob("*.ttl")]
    found = 0
    for name in names:
        content = serialize_module(NamedNode(f"https://w3id.org/aigraph/ontology/{name}"), N_TRIPLES)
        found += content is not None
    assert found >= 1 or len(names) == 1
    assert serialize_module(NamedNode("https://w3id.org/aigraph/ontology/none"), N_TRIPLES) is None


# --- the endpoint --------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def client(seeds_store: Path) -> Iterator[FlaskClient]:
    pool = QueryPool(seeds_store, size=1)
    yield create_app(pool, {}, base="https://w3id.org/aigraph/").test_client()
    pool.close()


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        ("", "text/turtle; charset=utf-8"),
        ("*/*", "text/turtle; charset=utf-8"),
        ("text/turtle", "text/turtle; charset=utf-8"),
        ("application/rdf+xml", "application/rdf+xml"),
        ("application/n-triples", "application/n-triples"),
        ("application/ld+json", "application/ld+json"),
        (BROWSER, "text/html; charset=utf-8"),
        ("application/rdf+xml;q=0.5, text/turtle;q=0.9", "text/turtle; charset=utf-8"),
    ],
)
@pytest.mark.parametrize("path", ["/ontology", "/ontology/develops"])
def test_the_client_chooses_the_format(client: FlaskClient, path: str, accept: str, content_type: str) -> None:
    answer = client.get(path, headers={"Accept": accept})
    assert (answer.status_code, answer.content_type) == (200, content_type)
    assert answer.headers["Vary"] == "Accept"


@pytest.mark.parametrize("path", ["/ontology.ttl", "/ontology?format=turtle", "/ontology/Company.ttl"])
def test_a_suffix_or_parameter_goes_before_the_header(client: FlaskClient, path: str) -> None:
    answer = client.get(path, headers={"Accept": BROWSER})
    assert answer.content_type == "text/turtle; charset=utf-8"
    assert list(parse(answer.data, RdfFormat.TURTLE))


def test_unchanged_data_are_not_sent_again(client: FlaskClient) -> None:
    tag = client.get("/ontology.nt").headers["ETag"]
    assert client.get("/ontology.nt", headers={"If-None-Match": tag}).status_code == 304


def test_pages_of_the_endpoint_have_an_example_from_its_graph(client: FlaskClient) -> None:
    page = client.get("/ontology/Company", headers={"Accept": BROWSER}).text
    assert "From the graph." in page
    assert "company/nvidia" in page
    assert 'href="/ontology/Organization"' in page
    assert " style=" not in page, "the content security policy forbids it"


def test_what_is_no_term_is_not_found(client: FlaskClient) -> None:
    for path in ("/ontology/Nothing", "/ontology/a%3Cb", "/ontology/0.0.0"):
        assert client.get(path).status_code == 404, path
    assert client.get("/ontology", headers={"Accept": "image/png"}).status_code == 406


def test_the_version_iri_gives_the_module(client: FlaskClient, terms: Terms) -> None:
    (version,) = {value for name, value in terms.metadata if name == "owl:versionIRI"}
    path = version.removeprefix("https://w3id.org/aigraph")
    assert client.get(path, headers={"Accept": "text/turtle"}).status_code == 200
    assert client.get(path, headers={"Accept": BROWSER}).headers["Location"] == "/ontology"


def test_questions_of_the_page_are_competency_questions(client: FlaskClient) -> None:
    page = client.get("/ontology/optimizedFor", headers={"Accept": BROWSER}).text
    assert any(question.text in page for question in load_questions())
