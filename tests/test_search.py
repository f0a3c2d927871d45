"""Search by words: what is found and in which order, kept up to date with each snapshot, over HTTP and in queries."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import closing
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, Store, parse

from aigraph.cli import main
from aigraph.endpoint import create_app
from aigraph.errors import IndexMissing, ParameterError, QueryForbidden, QuerySyntaxError, StoreError
from aigraph.ontology import load_ontology
from aigraph.pipeline import derivations
from aigraph.reasoning import derivation_rules
from aigraph.search import KINDS, Changes, Found, Kind, write_index
from aigraph.search.words import distance, words
from aigraph.store import GraphEditor, QueryPool, Searcher, latest_snapshot, make_plain, open_latest, open_writer
from aigraph.store.editor import UsersEditor
from aigraph.vocab import AIG, DCTERMS, DEFAULT_BASE, OA, RDF, XSD, Iris
from serving import BROWSER

MINI = Path(__file__).parent / "expected" / "queries" / "mini.trig"
IRIS = Iris(DEFAULT_BASE)
HOSTILE = '</mark><script>alert("1")</script> Zürich\'s Ångström-7 chips'
SEARCH = "https://w3id.org/aigraph/search#"


def quads(name: str, claims: Sequence[str], mentions: Sequence[str] = (), issued: str = "2026-05-01") -> list[Quad]:
    """The graph of an article: its claims, each its own sentence, and the names that it uses of companies."""
    graph, article = IRIS.graph(name), IRIS.article(name)
    found: list[tuple[NamedNode, NamedNode, NamedNode | Literal]] = [
        (article, RDF.type, AIG.Article),
        (article, DCTERMS.title, Literal(f"About {name}")),
        (article, DCTERMS.issued, Literal(issued)),
        (article, AIG.canonicalText, Literal(" ".join(claims))),
    ]
    for text in claims:
        node, evidence, quote = (IRIS.part(kind, name, text) for kind in ("Claim", "evidence", "quote"))
        found += [(node, AIG.claimText, Literal(text)), (node, AIG.evidence, evidence)]
        found += [(evidence, OA.hasSelector, quote), (quote, OA.exact, Literal(f"They say: {text}"))]
    for form in mentions:
        node, company = IRIS.part("Mention", name, form), IRIS.thing("Company", form.split()[0])
        found += [(article, AIG.mentions, company), (node, RDF.type, AIG.Mention), (node, AIG.mentionOf, company)]
        found += [(node, AIG.mentionedAs, AIG.Company), (node, AIG.form, Literal(form))]
        found += [(node, AIG.occurrences, Literal("2", datatype=XSD.integer))]
    return [Quad(s, p, o, graph) for s, p, o in found]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    graphs: defaultdict[NamedNode, list[Quad]] = defaultdict(list)
    for quad in parse(path=str(MINI)):
        assert isinstance(quad.graph_name, NamedNode)
        graphs[quad.graph_name].append(quad)
    graphs[IRIS.graph("odd")] = quads("odd", [HOSTILE])
    path = tmp_path_factory.mktemp("store")
    with open_writer(path, DEFAULT_BASE) as writer:
        for graph, content in graphs.items():
            writer.replace_graph(graph, content)
        writer.commit()
    return path


@pytest.fixture(scope="module")
def searcher(store: Path) -> Iterator[Searcher]:
    with closing(Searcher(store)) as searcher:
        yield searcher


def search(searcher: Searcher, text: str, *kinds: Kind, limit: int = 100) -> Found:
    return searcher.search(text, kinds=kinds or KINDS, limit=limit)[0]


def labels(searcher: Searcher, text: str, *kinds: Kind) -> list[str]:
    return [hit.label for hit in search(searcher, text, *kinds).hits]


# --- words --------------------------------------------------------------------------------------------------


def test_words_are_told_apart_without_case_accents_and_possessives() -> None:
    assert words("Nvidia’s GPT-4o, Zürich; ＡＢＣ ﬁve") == ["nvidia", "gpt", "4o", "zurich", "abc", "five"]


@given(st.text(max_size=40))
def test_words_of_words_are_the_same_words(text: str) -> None:
    assert words(" ".join(words(text))) == words(text)


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [("nvida", "nvidia", 1), ("nvdiia", "nvidia", 1), ("nvidia", "nvidia", 0), ("gorq", "groq", 1), ("amd", "arm", 2)],
)
def test_how_far_words_are_apart(one: str, other: str, apart: int) -> None:
    assert distance(one, other, 2) == distance(other, one, 2) == apart
    assert distance(one, other, 0) == min(apart, 1)


# --- what is found ------------------------------------------------------------------------------------------


def test_an_entity_is_found_by_any_of_its_names_and_stands_first(searcher: Searcher) -> None:
    for text in ("nvidia", "NVIDIA", "Nvidia Corp", "nvid", "nvida", "nvdiia"):
        found = search(searcher, text)
        assert (found.hits[0].kind, found.hits[0].iri) == (Kind.ENTITY, f"{IRIS.base}id/company/nvidia"), text
    assert labels(searcher, "advanced micro", Kind.ENTITY) == ["AMD"]
    assert search(searcher, "nvida").corrected == {"nvida": "nvidia"}
    assert search(searcher, "amd", Kind.ENTITY).hits[0].articles > 0


def test_claims_deals_and_articles_are_found_by_their_words(searcher: Searcher) -> None:
    assert labels(searcher, "backlog trillion", Kind.CLAIM)[:2] == [
        "Nvidia has an order backlog of $1 trillion",
        "a backlog of $1 trillion through 2027",
    ]
    (article,) = search(searcher, "next chips", Kind.ARTICLE).hits
    assert (article.label, article.published) == ("Nvidia shows its next chips", "2026-03-17")
    (claim,) = search(searcher, "may buy groq", Kind.CLAIM).hits
    assert (claim.label, claim.article) != ("", "")
    assert claim.title == "Nvidia licenses Groq technology"
    assert search(searcher, "licensed", Kind.DEAL).hits[0].type == "LicensingAgreement"


def test_the_last_word_may_go_on_and_others_where_the_graph_lacks_them(searcher: Searcher) -> None:
    whole = labels(searcher, "order backlog", Kind.CLAIM)
    assert whole
    assert labels(searcher, "order backl", Kind.CLAIM) == whole
    assert labels(searcher, "backl order", Kind.CLAIM) == whole


def test_one_and_many_of_a_word_are_found_together(searcher: Searcher) -> None:
    assert labels(searcher, "orders backlog trillion", Kind.CLAIM) == labels(
        searcher, "order backlog trillion", Kind.CLAIM
    )


def test_where_nothing_has_all_words_some_are_found(searcher: Searcher) -> None:
    found = search(searcher, "backlog zirconium", Kind.CLAIM)
    assert found.partial
    assert all("backlog" in hit.label for hit in found.hits)
    assert not search(searcher, "zirconium").hits
    assert not search(searcher, "zirconium").partial


def test_accents_make_no_difference(searcher: Searcher) -> None:
    for text in ("zurich angstrom", "ZÜRICH Ångström", "angstrom 7"):
        assert labels(searcher, text, Kind.CLAIM) == [HOSTILE]


@pytest.mark.parametrize("text", ["", "  ", "$ - !", '"', "NEAR(a b)", "a OR b*", "title:x", '") OR 1=1 --', "^x + y"])
def test_signs_have_no_meaning_of_their_own(searcher: Searcher, text: str) -> None:
    found, suggested = search(searcher, text), searcher.suggest(text)[0]
    assert bool(found.words) == any(map(str.isalnum, text)), "words are searched, signs are not"
    if not found.words:
        assert (list(found.hits), found.total, suggested) == ([], 0, []), "signs alone find nothing"


def test_pages_fit_together_and_counts_are_those_of_all(searcher: Searcher) -> None:
    whole, _ = searcher.search("nvidia", limit=100)
    parts = [searcher.search("nvidia", limit=3, offset=start)[0] for start in range(0, whole.total, 3)]
    assert [hit.iri for part in parts for hit in part.hits] == [hit.iri for hit in whole.hits]
    assert {tuple(part.counts.items()) for part in parts} == {tuple(whole.counts.items())}
    assert whole.total == len(whole.hits)


def test_what_is_too_long_is_refused(searcher: Searcher) -> None:
    with pytest.raises(ParameterError, match="longer than 300"):
        search(searcher, "x" * 301)


def test_suggestions_go_on_from_what_was_typed(searcher: Searcher) -> None:
    assert searcher.suggest("n")[0][0].label == "Nvidia"
    assert [(one.label, one.name) for one in searcher.suggest("advanced mi")[0]] == [("AMD", "Advanced Micro Devices")]
    assert searcher.suggest("gorq")[0][0].label == "Groq"
    assert [one.type for one in searcher.suggest("g", types=["Chip"])[0]] == ["Chip"]
    assert len(searcher.suggest("n", limit=1)[0]) == 1


# --- kept up to date ----------------------------------------------------------------------------------------


def content(path: Path) -> list[object]:
    """What an index holds, whatever the numbers of its rows."""
    with closing(sqlite3.connect(path)) as database:
        rows = [
            database.execute(f"SELECT {columns} FROM {table} ORDER BY 1, 2").fetchall()
            for columns, table in (
                (
                    "docs.iri, type, title, body, article, published, graphs.iri",
                    "docs JOIN graphs ON graphs.id = graph",
                ),
                ("iri, type, label, names, articles", "things"),
                ("mentioned.iri, graphs.iri", "mentioned JOIN graphs ON graphs.id = graph"),
                ("term, n", "terms"),
            )
        ]
        for table in ("texts", "names", "grams"):
            database.execute(f"CREATE VIRTUAL TABLE temp.{table}_words USING fts5vocab (main, {table}, row)")
            rows.append(database.execute(f"SELECT * FROM temp.{table}_words ORDER BY term").fetchall())
    return list(rows)


def content_anew(store: Path, target: Path) -> list[object]:
    """What the index holds when it is made of the newest snapshot as a whole."""
    target.unlink(missing_ok=True)
    with open_latest(store) as reader:
        kept = Store()
        kept.extend(reader.quads())
        write_index(kept, reader.base, target, None, Changes())
    return content(target)


def test_an_index_that_is_kept_up_to_date_is_that_made_anew(tmp_path: Path) -> None:
    path, other = tmp_path / "store", tmp_path / "other.db"
    steps = derivations(derivation_rules(), IRIS)
    ontology = IRIS.graph("ontology")
    changes: list[tuple[str, list[Quad]]] = [
        ("one", quads("one", ["Acme builds chips"], ["Acme Corp", "Acme"])),
        ("two", quads("two", ["Acme sells boards", "Bolt buys chips"], ["Acme", "Bolt"])),
        ("one", quads("one", ["Acme builds nothing"], ["Acme Inc"])),
        ("three", quads("three", [], ["Bolt"])),
        ("two", []),
        ("three", []),
    ]
    with open_writer(path, DEFAULT_BASE) as writer:
        writer.replace_graph(ontology, load_ontology().quads(ontology))
        writer.derive(steps)
        writer.commit()
    for number, (name, new) in enumerate(changes):
        with open_writer(path, DEFAULT_BASE) as writer:
            writer.follow(steps, limit=100_000 if number != 3 else 0)  # once as a whole
            writer.replace_graph(IRIS.graph(name), new)
            writer.derive(steps)
            kept = content(writer.commit().index)
        assert kept == content_anew(path, other), (number, name)
    with closing(Searcher(path)) as searcher:
        assert labels(searcher, "acme", Kind.CLAIM) == ["Acme builds nothing"]
        assert not search(searcher, "boards").hits
        assert not search(searcher, "bolt", Kind.ENTITY).hits


def test_what_an_interrupted_writer_left_is_indexed_with_the_next_commit(tmp_path: Path) -> None:
    path = tmp_path / "store"
    with open_writer(path, DEFAULT_BASE) as writer:
        writer.replace_graph(IRIS.graph("one"), quads("one", ["Acme builds chips"]))
        writer.commit()
    with open_writer(path) as writer:
        writer.replace_graph(IRIS.graph("two"), quads("two", ["Bolt builds boards"]))
    with closing(Searcher(path)) as searcher:
        assert not search(searcher, "boards").hits
        with open_writer(path) as writer:
            writer.replace_graph(IRIS.graph("three"), quads("three", ["Cray builds racks"]))
            writer.commit()
        assert labels(searcher, "boards", Kind.CLAIM) == ["Bolt builds boards"]
        assert labels(searcher, "racks", Kind.CLAIM) == ["Cray builds racks"]


def test_a_store_of_an_earlier_version_says_so_and_gets_its_index_by_a_build(tmp_path: Path) -> None:
    path = tmp_path / "store"
    with open_writer(path, DEFAULT_BASE) as writer:
        writer.replace_graph(IRIS.graph("one"), quads("one", ["Acme builds chips"]))
        before = writer.commit()
    before.index.unlink()
    with closing(Searcher(path)) as searcher:
        with pytest.raises(IndexMissing, match="aigraph build"):
            search(searcher, "acme")
        with open_writer(path) as writer:
            after = writer.commit()
        assert after.id == before.id
        assert labels(searcher, "acme", Kind.CLAIM) == ["Acme builds chips"]


def test_nothing_is_published_where_the_index_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "store"
    with open_writer(path, DEFAULT_BASE) as writer:
        writer.replace_graph(IRIS.graph("one"), quads("one", ["Acme builds chips"]))
        before = writer.commit()
        writer.replace_graph(IRIS.graph("one"), quads("one", ["Acme builds boards"]))

        def full(*_: object) -> None:
            raise OSError(28, "No space left on device")

        with monkeypatch.context() as context:
            context.setattr(shutil, "copyfile", full)
            with pytest.raises(StoreError, match="No space left"):
                writer.commit()
        assert latest_snapshot(path) == before
        with closing(Searcher(path)) as searcher:
            assert labels(searcher, "acme", Kind.CLAIM) == ["Acme builds chips"]
            writer.commit()
            assert labels(searcher, "acme", Kind.CLAIM) == ["Acme builds boards"]


def test_what_users_write_leaves_the_index_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "store"
    with open_writer(path, DEFAULT_BASE) as writer:
        writer.replace_graph(IRIS.graph("one"), quads("one", ["Acme builds chips"]))
        before = writer.commit()
    request = {"operation": "update", "default_graphs": [], "named_graphs": []}
    text = b"INSERT DATA { GRAPH <http://example.org/g> { <http://example.org/s> aig:claimText 'Dolt' } }"
    assert UsersEditor(path, 10, DEFAULT_BASE).handle(request, text)["status"] == "ok"
    assert latest_snapshot(path).id != before.id
    with closing(Searcher(path)) as searcher:
        assert labels(searcher, "acme", Kind.CLAIM) == ["Acme builds chips"]
        assert not search(searcher, "dolt").hits


# --- in queries ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def pool(store: Path) -> Iterator[QueryPool]:
    with QueryPool(store, size=1, timeout=60) as pool:
        yield pool


def rows(pool: QueryPool, text: str) -> list[dict[str, str]]:
    bindings: list[dict[str, Any]] = json.loads(pool.query(text).content)["results"]["bindings"]
    return [{name: str(value["value"]) for name, value in row.items()} for row in bindings]


def test_a_query_goes_on_with_what_a_search_finds(pool: QueryPool, searcher: Searcher) -> None:
    found = rows(
        pool,
        """SELECT ?claim ?text ?score {
          SERVICE search:index { ?claim search:words "backlog trillion" ; search:kind "claim" ; search:score ?score }
          ?claim aig:claimText ?text } ORDER BY DESC(?score)""",
    )
    assert [row["text"] for row in found] == labels(searcher, "backlog trillion", Kind.CLAIM)
    assert float(found[0]["score"]) >= float(found[1]["score"]) > 0


@pytest.mark.parametrize(
    "text",
    [
        'SELECT ?x { SERVICE <%sindex> { ?x <%swords> "nvida" ; <%skind> "entity" } }',
        'PREFIX s: <%s> SELECT ?x { SERVICE s:index { ?x s:words """nvida""" . ?x s:kind \'entity\' . } } # SERVICE',
        'SELECT ?x { service search:index { ?x search:kind "entity" ; search:words "nvi\\u0064a" } }',
        'SELECT ?x { SERVICE search:index { $x search:words "nvida" ; search:limit 1 } }',
        'SELECT ?x { { SERVICE search:index { ?x search:words "nvida" ; search:kind "entity" } } '
        'UNION { SERVICE search:index { ?x search:words "zirconium" } } }',
    ],
)
def test_a_search_may_be_written_in_several_ways(pool: QueryPool, text: str) -> None:
    assert rows(pool, text.replace("%s", SEARCH)) == [{"x": f"{IRIS.base}id/company/nvidia"}]


@pytest.mark.parametrize(
    ("inside", "why"),
    [
        ("", "it needs"),
        ("?x search:score ?s", "it needs"),
        ("?x search:words ?w", "it takes"),
        ('?x search:words "a" ; search:limit 0', "it takes"),
        ('?x search:words "a" ; search:kind "robot"', "it takes"),
        ('?x search:words "a" . ?y search:limit 3', "the one variable"),
        ('?x search:words "a" ; rdfs:label ?l', "it takes"),
        ('?x search:words "a" search:limit 3', "is missing"),
        ("?x search:words", "is missing"),
    ],
)
def test_a_malformed_search_is_told_with_its_place(pool: QueryPool, inside: str, why: str) -> None:
    with pytest.raises(QuerySyntaxError, match=why) as raised:
        pool.query(f"SELECT * {{\n  SERVICE search:index {{ {inside} }} }}")
    assert raised.value.line == 2


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { SERVICE <http://127.0.0.1:1/> { ?x search:words 'a' } }",
        "SELECT * { SERVICE SILENT search:index { ?x search:words 'a' } }",
        "SELECT * { SERVICE ?index { ?x search:words 'a' } }",
        "PREFIX search: <http://127.0.0.1:1/> SELECT * { SERVICE search:index { ?x search:words 'a' } }",
        "SELECT * { SERVICE search:index { ?x search:words 'a' } SERVICE <http://127.0.0.1:1/index> {} }",
        "SELECT * { S\\u0045RVICE search:index { ?x search:words 'a' } }",
    ],
)
def test_every_other_service_is_refused_as_ever(pool: QueryPool, text: str) -> None:
    with pytest.raises(QueryForbidden, match="SERVICE"):
        pool.query(text)


def test_what_only_looks_like_a_search_stays_as_it_is(pool: QueryPool) -> None:
    text = """SELECT ?x { BIND("SERVICE search:index { ?x search:words 'a' }" AS ?x) }"""
    assert rows(pool, text)[0]["x"].startswith("SERVICE search:index {")


def test_errors_after_a_search_keep_their_line(pool: QueryPool) -> None:
    with pytest.raises(QuerySyntaxError) as raised:
        pool.query("SELECT * {\n  SERVICE search:index {\n    ?x search:words 'nvidia'\n  }\n  ?x ?y\n}")
    assert raised.value.line == 6


# --- over HTTP ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def client(pool: QueryPool) -> FlaskClient:
    return create_app(pool, {}, base=DEFAULT_BASE).test_client()


def test_programs_get_the_results_as_json(client: FlaskClient, searcher: Searcher) -> None:
    answer = client.get("/search?q=nvida&limit=5")
    content_ = answer.get_json()
    assert list(content_) == [
        *("query", "words", "corrected", "partial", "total", "more", "counts", "limit", "offset", "snapshot", "results")
    ]
    assert content_["corrected"] == {"nvida": "nvidia"}
    assert [one["label"] for one in content_["results"]] == labels(searcher, "nvidia")[:5]
    first = content_["results"][0]
    assert (first["kind"], first["page"], first["type"]) == ("entity", "/page/id/company/nvidia", "Company")
    assert "Nvidia Corp." in first["text"]
    again = client.get("/search.json?q=nvida&limit=5", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_kinds_and_pages_are_parameters(client: FlaskClient) -> None:
    found = client.get("/search.json?q=nvidia&kind=claim&kind=deal&offset=1&limit=2").get_json()
    assert set(found["counts"]) == {"claim", "deal"}
    assert (found["offset"], len(found["results"])) == (1, 2)


@pytest.mark.parametrize("tail", ["", "?q=", "?q=a&kind=robot", "?q=a&limit=0", "?q=a&offset=-1", f"?q={'x' * 301}"])
def test_wrong_parameters_are_problems(client: FlaskClient, tail: str) -> None:
    answer = client.get(f"/search.json{tail}")
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")


def test_boxes_get_suggestions(client: FlaskClient) -> None:
    found = client.get("/search/suggest?q=nvid").get_json()
    assert found["query"] == "nvid"
    assert found["suggestions"][0] == {
        "kind": "entity",
        "label": "Nvidia",
        "name": "Nvidia",
        "type": "Company",
        "typeLabel": "company",
        "iri": f"{IRIS.base}id/company/nvidia",
        "page": "/page/id/company/nvidia",
        "articles": 2,
        "title": None,
        "published": None,
    }
    assert client.get("/search/suggest").get_json()["suggestions"] == []


def test_boxes_get_claims_and_articles_too_so_many_of_each(client: FlaskClient, searcher: Searcher) -> None:
    address = "/search/suggest?kind=entity&kind=claim&kind=article&limit=2&q="
    found = client.get(f"{address}nvidi").get_json()["suggestions"]
    assert [one["kind"] for one in found] == ["entity", "claim", "article", "article"]
    assert [one["label"] for one in found if one["kind"] == "claim"] == labels(searcher, "nvidi", Kind.CLAIM)[:2]
    assert all(one["page"].startswith("/page/") and one["iri"].startswith(IRIS.base) for one in found)
    few = client.get(f"{address}nv").get_json()["suggestions"]
    assert {one["kind"] for one in few} == {"entity"}, "two letters stand in too many texts"
    partly = client.get(f"{address}nvidia+zirconium").get_json()["suggestions"]
    assert partly == [], "what has some of the words only is no suggestion"


def test_a_page_shows_as_many_of_each_kind_as_a_search_for_that_kind(searcher: Searcher) -> None:
    each, _ = searcher.search("nvidia", limit=2, each=True)
    for kind in KINDS:
        alone, _ = searcher.search("nvidia", kinds=[kind], limit=2)
        assert [hit for hit in each.hits if hit.kind is kind] == list(alone.hits)


def test_browsers_get_a_page_with_the_best_of_each_kind(client: FlaskClient) -> None:
    page = client.get("/search?q=nvida", headers={"Accept": BROWSER}).text
    assert "this is for “nvidia”" in page
    headings = re.findall(r'<h2 id="(\w+)">', page)
    assert headings == ["entity", "claim", "deal", "article"]
    assert '<a href="/page/id/company/nvidia"><mark>Nvidia</mark></a>' in page
    claims = client.get("/search?q=nvidia&kind=claim", headers={"Accept": BROWSER}).text
    assert re.findall(r'<h2 id="(\w+)">', claims) == ["claim"]
    assert "Nothing in this graph" in client.get("/search?q=zirconium", headers={"Accept": BROWSER}).text
    empty = client.get("/search", headers={"Accept": BROWSER})
    assert (empty.status_code, empty.text.count('type="search"')) == (200, 1)
    assert '<form class="find" action="/search" role="search">' in client.get("/queries?format=html").text


def test_no_text_becomes_markup(client: FlaskClient) -> None:
    for address in ("/search?q=zurich+alert", f"/search?q={HOSTILE}"):
        page = client.get(address, headers={"Accept": BROWSER}).text
        assert "<script>" not in page
        assert "&lt;/<mark>" in page or "&lt;/mark&gt;" in page


@pytest.mark.parametrize("texts", ["full", "quotes", "none"])
def test_texts_are_shown_as_far_as_the_setting_allows(pool: QueryPool, texts: str) -> None:
    client = create_app(pool, {}, base=DEFAULT_BASE, texts=texts).test_client()
    found = client.get("/search.json?q=zurich").get_json()
    kinds = {one["kind"]: one["text"] for one in found["results"]}
    assert set(kinds) == ({"article"} if texts == "none" else {"claim", "article"})
    assert (kinds["article"] is not None) == (texts == "full")
    assert client.get("/search.json?q=a&kind=claim").status_code == (400 if texts == "none" else 200)
    box = re.search(r'data-suggest="([^"]+)" data-leads', client.get("/search", headers={"Accept": BROWSER}).text)
    assert box
    suggested = client.get(f"{unescape(box[1])}&q=zurich").get_json()["suggestions"]
    assert {one["kind"] for one in suggested} == ({"article"} if texts == "none" else {"claim", "article"})


def test_plain_datasets_have_nothing_to_search(tmp_path: Path) -> None:
    data = tmp_path / "data.ttl"
    data.write_text("<http://example.org/s> <http://example.org/p> 'a' .", encoding="utf-8")
    make_plain(tmp_path / "store", [data])
    with GraphEditor(tmp_path / "store"):  # it publishes what was loaded
        pass
    with QueryPool(tmp_path / "store", union=False, prefixes={}) as pool:
        client = create_app(pool, {}, base=DEFAULT_BASE).test_client()
        assert client.get("/search?q=a").status_code == 404
        assert 'type="search"' not in client.get("/sparql", headers={"Accept": BROWSER}).text
        with pytest.raises(QueryForbidden):
            pool.query(f"SELECT * {{ SERVICE <{SEARCH}index> {{ ?x <{SEARCH}words> 'a' }} }}")


# --- the command --------------------------------------------------------------------------------------------


def test_the_command_shows_what_it_found(store: Path) -> None:
    run = CliRunner().invoke
    done = run(main, ["search", "order", "backlog", "--kind", "claim", "--store", str(store)])
    assert done.exit_code == 0
    assert "claim  Nvidia has an order backlog of $1 trillion\n  res:claim/" in done.output
    missing = run(main, ["search", "zirconium", "--store", str(store)])
    assert (missing.exit_code, missing.output) == (1, "Nothing in this graph has these words.\n")
    data = run(main, ["search", "nvida", "--json", "--limit", "1", "--store", str(store)])
    content_ = json.loads(data.output)
    assert (content_["corrected"], content_["results"][0]["label"]) == ({"nvida": "nvidia"}, "Nvidia")
