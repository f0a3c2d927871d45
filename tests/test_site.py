"""The site: what its pages say, and that nothing of the data can change them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from html import unescape
from pathlib import Path
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from markupsafe import escape
from pyoxigraph import Literal, NamedNode, Quad, Store, parse
from werkzeug.test import TestResponse

from aigraph.endpoint.site.addresses import data_of, page_of
from aigraph.endpoint.site.neighbours import MOST, Fact, map_of
from aigraph.endpoint.site.vocabulary import Vocabulary
from aigraph.errors import SettingsError
from aigraph.formats import RDF_FORMATS, RdfSyntax
from aigraph.ontology import load_ontology
from aigraph.settings import Settings
from aigraph.vocab import AIG, DCTERMS, DEFAULT_BASE, OA, PROV, RDF, RDFS, SCHEMA, SKOS, Iris
from serving import BROWSER, served
from together import published, small_collection

IRIS = Iris()
NVIDIA, BLACKWELL = IRIS.thing("Company", "Nvidia"), IRIS.thing("Architecture", "Blackwell")
EVIL = IRIS.thing("Company", "Evil")
STORY = IRIS.article("a/story.ttl")
BAD = "</script><script>alert('\"&1')</script>"
TEXT = f"A headline\n\nNvidia makes much. {BAD} is a name. Nvidia may make more.\n\nWhat Comes Next\n\nNobody knows it."
AGAIN = "Nvidia makes much."
"""A sentence that stands in the text twice."""
TEXT += f" The end. {AGAIN}\n\nSubscribe to our newsletter."
Read = Callable[[str], str]


def _story() -> Iterator[Quad]:
    """An article with its text, of which two sentences stand behind findings, and a thing with a hostile name."""
    graph, entities, facts = (IRIS.graph(name) for name in ("a/story.ttl", "entities", "facts"))
    yield Quad(STORY, RDF.type, AIG.Article, graph)
    yield Quad(STORY, DCTERMS.title, Literal(f"Story {BAD}"), graph)
    yield Quad(STORY, DCTERMS.issued, Literal("2026-04-01"), graph)
    yield Quad(STORY, DCTERMS.source, NamedNode("https://example.org/story?a=1&b=%22"), graph)
    yield Quad(STORY, AIG.canonicalText, Literal(TEXT), graph)
    yield Quad(STORY, AIG.mentions, EVIL, graph)
    for sentence, modality in (("Nvidia makes much.", "Asserted"), ("Nvidia may make more.", "Hypothetical")):
        node, evidence = IRIS.part("Statement", "story", sentence), IRIS.part("evidence", "story", sentence)
        parts = NamedNode(f"{evidence.value}/quote"), NamedNode(f"{evidence.value}/position")
        yield from (
            Quad(node, RDF.type, AIG.Statement, graph),
            Quad(node, AIG.subject, NVIDIA, graph),
            Quad(node, AIG.predicate, AIG.competesWith, graph),
            Quad(node, AIG.object, EVIL, graph),
            Quad(node, AIG.modality, AIG[modality], graph),
            Quad(node, AIG.polarity, AIG.Affirmed, graph),
            Quad(node, AIG.confidence, Literal(0.75), graph),
            Quad(node, AIG.validTime, Literal("2026-36"), graph),
            Quad(node, AIG.evidence, evidence, graph),
            Quad(node, AIG.extractedBy, IRIS.extractor("relation/rivals"), graph),
            Quad(node, PROV.wasDerivedFrom, STORY, graph),
            Quad(evidence, OA.hasSource, STORY, graph),
            *(Quad(evidence, OA.hasSelector, part, graph) for part in parts),
            Quad(parts[0], OA.exact, Literal(sentence), graph),
            Quad(parts[1], OA.start, Literal(TEXT.index(sentence)), graph),
            Quad(parts[1], OA.end, Literal(TEXT.index(sentence) + len(sentence)), graph),
        )
        if sentence == AGAIN:
            other, place = IRIS.part("evidence", "story", "again"), TEXT.rindex(sentence)
            position = NamedNode(f"{other.value}/position")
            yield from (
                Quad(node, AIG.evidence, other, graph),
                Quad(other, OA.hasSource, STORY, graph),
                Quad(other, OA.hasSelector, parts[0], graph),
                Quad(other, OA.hasSelector, position, graph),
                Quad(position, OA.start, Literal(place), graph),
                Quad(position, OA.end, Literal(place + len(sentence)), graph),
            )
    for thing, cls in ((NVIDIA, AIG.Company), (EVIL, AIG.Company), (BLACKWELL, AIG.Architecture)):
        yield Quad(thing, RDF.type, cls, entities)
    yield Quad(NVIDIA, RDF.type, AIG.Organization, entities)
    yield Quad(EVIL, RDFS.label, Literal(BAD), entities)
    yield Quad(EVIL, SKOS.altLabel, Literal("The <b>bad</b> one"), entities)
    yield Quad(EVIL, SCHEMA.sameAs, NamedNode("http://example.org/evil"), entities)
    yield Quad(NVIDIA, AIG.develops, BLACKWELL, facts)
    yield Quad(BLACKWELL, AIG.developedBy, NVIDIA, facts)
    yield Quad(NVIDIA, AIG.uses, EVIL, facts)
    yield Quad(NVIDIA, AIG.competesWith, EVIL, facts)
    yield Quad(EVIL, AIG.competesWith, NVIDIA, facts)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    content = Store()
    content.extend([*small_collection(), *_story()])
    return published(tmp_path_factory.mktemp("site") / "store", content)


@pytest.fixture(scope="module")
def client(store: Path) -> Iterator[FlaskClient]:
    with served(store) as client:
        yield client


@pytest.fixture(scope="module")
def read(client: FlaskClient) -> Read:
    return lambda path: told(get(client, path))


def get(client: FlaskClient, path: str, headers: Mapping[str, str] | None = None) -> TestResponse:
    """The answer to a request whose path is sent as it stands."""
    bare, _, query = path.partition("?")
    environment = {"REQUEST_URI": path}
    sent = {"Accept": BROWSER, **(headers or {})}
    return client.get(bare, query_string=query, headers=sent, environ_overrides=environment)


def told(answer: TestResponse) -> str:
    """The text of a page as people read it."""
    assert answer.status_code == 200, answer.text
    page = re.sub(r"<(script|title)\b.*?</\1>", " ", answer.text, flags=re.DOTALL)
    apart = re.sub(r"</(li|dt|dd|p|h\d|div)>", " ", page)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", "", apart)))


# --- addresses ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "accept", "location"),
    [
        ("/id/company/nvidia", BROWSER, "/page/id/company/nvidia"),
        ("/id/company/nvidia", "*/*", "/data/id/company/nvidia.ttl"),
        ("/id/company/nvidia", "application/ld+json", "/data/id/company/nvidia.jsonld"),
        ("/id/company/nvidia", "application/rdf+xml;q=0.9, text/html;q=0.1", "/data/id/company/nvidia.rdf"),
        ("/id/company/nvidia.nt", BROWSER, "/data/id/company/nvidia.nt"),
        ("/id/company/nvidia.html", "text/turtle", "/page/id/company/nvidia"),
        ("/id/company/nvidia?format=rdfxml", BROWSER, "/data/id/company/nvidia.rdf"),
        # a suffix that belongs to the name of an article, with a slash that belongs to it too
        ("/article/a%2Fstory.ttl", BROWSER, "/page/article/a%2Fstory.ttl"),
        ("/article/a%2Fstory.ttl.ttl", BROWSER, "/data/article/a%2Fstory.ttl.ttl"),
    ],
)
def test_an_iri_leads_to_a_document_in_the_form_that_is_wanted(
    client: FlaskClient, path: str, accept: str, location: str
) -> None:
    answer = get(client, path, {"Accept": accept})
    assert (answer.status_code, answer.headers["Location"], answer.headers["Vary"]) == (303, location, "Accept")
    assert get(client, location).status_code == 200


def test_what_cannot_be_had_is_said(client: FlaskClient) -> None:
    assert get(client, "/id/company/nvidia", {"Accept": "image/png"}).status_code == 406
    for path in ("/page/id/company/nobody", "/data/id/company/nobody.ttl", "/page/graph/none", "/page/id/a%20b"):
        assert get(client, path).status_code == 404, path
    for path in ("/page/id/a<b", "/data/id/a%0Ab c"):
        assert get(client, path).status_code in (400, 404), path


@pytest.mark.parametrize("format", RDF_FORMATS.formats, ids=lambda format: format.name)
def test_data_by_suffix(client: FlaskClient, format: RdfSyntax) -> None:
    answer = get(client, data_of(NVIDIA.value, DEFAULT_BASE, format.suffixes[0]))
    assert answer.headers["Content-Type"] == format.content_type
    triples = {(one.subject, one.predicate, one.object) for one in parse(answer.data, format.engine)}
    assert (NVIDIA, AIG.develops, BLACKWELL) in triples
    assert f'<{NVIDIA.value}>; rel="describes"' in answer.headers["Link"]


def test_pages_name_their_data_and_are_kept_until_the_graph_changes(client: FlaskClient) -> None:
    page = get(client, "/page/id/company/nvidia")
    assert '</data/id/company/nvidia.jsonld>; rel="alternate"; type="application/ld+json"' in page.headers["Link"]
    again = get(client, "/page/id/company/nvidia", {"If-None-Match": page.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    other = get(client, "/page/id/company/nvidia?show=about", {"If-None-Match": page.headers["ETag"]})
    assert other.status_code == 200


def test_where_things_have_their_pages() -> None:
    assert page_of(AIG.develops.value, DEFAULT_BASE) == "/ontology/develops"
    assert page_of("http://a/b c", DEFAULT_BASE) == "/describe?iri=http%3A%2F%2Fa%2Fb+c"
    assert page_of(f"{DEFAULT_BASE}article/x%2F\u00e9?a#b", DEFAULT_BASE) == "/page/article/x%2F%C3%A9%3Fa%23b"


# --- things -------------------------------------------------------------------------------------------------


def test_a_thing_with_its_facts_and_their_sentences(client: FlaskClient, read: Read) -> None:
    text = read("/page/id/company/nvidia")
    assert "company Nvidia" in text  # the most specific type alone
    assert re.search(r"develops Blackwell said once About Blackwell Nvidia makes Blackwell\.", text)
    assert f"competes with {BAD} said once" in text
    assert f"uses {BAD} follows from other facts (why?)" in text
    unsure = f"Said, but not held as a fact Nvidia competes with {BAD} only supposed for the fourth quarter of 2026"
    assert unsure in text
    assert "Nvidia may make more." in text.partition(unsure)[2]
    back = read("/page/id/architecture/blackwell")
    assert re.search(r"developed by Nvidia said once .*Nvidia makes Blackwell\.", back)
    # a relation without an inverse is told from both its ends
    assert "… uses it Nvidia follows from other facts" in read("/page/id/company/evil")


def test_a_thing_that_may_be_another(client: FlaskClient) -> None:
    body = client.get("/page/id/company/halden").text
    assert "Possibly the same" in body
    assert "An article calls Halden Labs “Halden”." in body
    assert "Possibly the same" not in client.get("/page/id/company/nvidia").text


def test_claims_say_figure_time_claimant_certainty_quote_and_article(client: FlaskClient, read: Read) -> None:
    text = read("/page/id/company/nvidia?show=about")
    guidance = "Nvidia, revenue forecast: $220 billion forecast for 2026 according to Nvidia"
    assert f"{guidance} confidence 90% Nvidia now expects sales of $220 billion in 2026. The update" in text
    assert "Nvidia, order backlog: $1 trillion said as a fact until 2027 according to Jensen Huang" in text
    assert "2 independent sources" in text
    assert text.index("$220 billion") < text.index("$200 billion")  # the newest first
    page = get(client, "/page/id/company/nvidia?show=about").text
    assert '<span class="figure" title="220,000,000,000 US dollar">$220 billion</span>' in page
    by = read("/page/id/company/nvidia?show=by")
    assert "What it says" in by
    assert "market share" not in by


def test_a_sentence_that_stands_twice_in_an_article_is_shown_once_with_both_places(client: FlaskClient) -> None:
    story = page_of(STORY.value, DEFAULT_BASE)
    node = IRIS.part("Statement", "story", AGAIN)
    for path in (page_of(node.value, DEFAULT_BASE), "/page/id/company/nvidia"):
        page = get(client, path).text
        assert page.count(f"<blockquote><p>{AGAIN}</p></blockquote>") == 1
        places = [int(one) for one in re.findall(rf'href="{re.escape(story)}#s(\d+)"', page)]
        assert {TEXT.index(AGAIN), TEXT.rindex(AGAIN)} <= set(places)
    article = get(client, story).text
    assert f'href="#s{TEXT.rindex(AGAIN)}"' in article


def test_deals_are_sentences(read: Read) -> None:
    text = read("/page/id/company/intel")
    assert re.search(
        r"Intel acquires SambaNova, \$1\.6 billion rumour, not confirmed reported .*Intel is in talks", text
    )
    assert re.search(r"Intel acquires SambaNova said as a fact ended .*Intel has broken off", text)
    assert "disputed Intel" not in text, "that talks were broken off later is their history, no dispute"


def test_parts_of_a_page(client: FlaskClient) -> None:
    assert get(client, "/page/id/company/nvidia?show=nothing").status_code == 404
    assert get(client, "/page/id/company/nvidia?show=about&from=x").status_code == 400
    assert "All about Nvidia" in told(get(client, "/page/id/company/nvidia?show=develops"))


def test_hostile_names_stay_names(client: FlaskClient) -> None:
    for path in ("/page/id/company/evil", page_of(STORY.value, DEFAULT_BASE), "/page/id/company/nvidia"):
        page = get(client, path).text
        assert "<script>alert" not in page
        assert "<b>bad" not in page
        scripts = re.findall(r"<script type=\"application/ld.json\">(.*?)</script>", page, re.DOTALL)
        assert len(scripts) == 1
        assert json.loads(scripts[0])["@context"] == "https://schema.org"
    page = get(client, "/page/id/company/evil").text
    assert f"<h1>{escape(BAD)}</h1>" in page
    data = json.loads(re.findall(r"<script type=\"application/ld.json\">(.*?)</script>", page, re.DOTALL)[0])
    assert (data["@type"], data["name"], data["sameAs"]) == ("Corporation", BAD, ["http://example.org/evil"])


# --- articles -----------------------------------------------------------------------------------------------


def test_the_text_with_its_sentences_and_what_each_gave(store: Path) -> None:
    with served(store, "full") as client:
        page = get(client, page_of(STORY.value, DEFAULT_BASE)).text
        start = TEXT.index("Nvidia makes much.")
        assert f'<mark id="s{start}">Nvidia makes much.</mark><sup><a href="#f1"' in page
        assert f'<a class="number" href="#s{start}"' in page
        assert "A headline" in page
        assert "The end." in page
        # what belongs to the page and not to the story is dimmed
        assert re.findall(r'<div class="passage dim">\s*<p class="running">(.*?)\s*</p>', page) == [
            "Subscribe to our newsletter."
        ]
        assert re.findall(r'<div class="passage heading">\s*<p class="running">(.*?)\s*</p>', page) == [
            "What Comes Next"
        ]
        whole = told(get(client, page_of(STORY.value, DEFAULT_BASE)))
        assert "No fact: it is only supposed, for the fourth quarter of 2026" in whole
        unsure = told(get(client, f"{page_of(STORY.value, DEFAULT_BASE)}?show=unsure"))
        assert "No fact: it is only supposed" in unsure
        assert "said as a fact" not in unsure
        assert TEXT.partition("\n")[0] in get(client, data_of(STORY.value, DEFAULT_BASE, "ttl")).text


@pytest.mark.parametrize("texts", ["quotes", "none"])
def test_no_more_of_a_text_is_shown_than_is_allowed(store: Path, texts: str) -> None:
    with served(store, texts) as client:
        about = urlencode({"iri": STORY.value})
        paths = [page_of(STORY.value, DEFAULT_BASE), data_of(STORY.value, DEFAULT_BASE, "ttl"), f"/describe?{about}"]
        for path in (*paths, f"/describe?{about}&format=turtle"):
            assert get(client, path).status_code == 200
            assert "The end." not in get(client, path).text
        one = urlencode({"iri": NVIDIA.value})
        pages = [page_of(STORY.value, DEFAULT_BASE), "/page/id/company/nvidia", "/", f"/describe?{one}"]
        shown = "".join(get(client, path).text for path in pages)
        assert ("Nvidia makes much." in shown) is (texts == "quotes")
        assert ("Nvidia makes Blackwell." in shown) is (texts == "quotes")


def test_the_setting_names_what_may_be_shown() -> None:
    with pytest.raises(SettingsError, match="texts is 'all': it must be one of full, quotes, none"):
        Settings(texts="all")


# --- drawings and what the graph is -------------------------------------------------------------------------


def test_the_neighbourhood_is_drawn_told_and_opened(client: FlaskClient) -> None:
    page = get(client, "/page/id/company/nvidia").text
    drawing = page[page.index('<h2 id="map"') :]
    assert '<a href="/page/id/architecture/blackwell" class="box" aria-label="Blackwell">' in drawing
    assert f'aria-label="{escape(BAD)}"' in drawing
    assert "Nvidia develops Blackwell" in drawing
    opener = re.search(r'<a href="([^"]+)" class="open" aria-label="Open Blackwell">', drawing)
    assert opener
    assert opener[1] == "/page/id/company/nvidia?show=map&amp;open=id/architecture/blackwell#map"
    opened = get(client, unescape(opener[1]).partition("#")[0]).text
    assert 'aria-label="Close Blackwell"' in opened
    assert get(client, "/page/id/company/nvidia?show=map&open=id/company/unheard-of").status_code == 200
    assert get(client, "/page/id/company/nobody?show=map").status_code == 404


def test_a_large_neighbourhood_is_drawn_in_part_on_both_sides() -> None:
    centre = NamedNode("https://example.org/id/centre")
    others = [NamedNode(f"https://example.org/id/{n}") for n in range(90)]
    verbs = ("develops", "is supplied by", "uses")
    facts = [Fact(verbs[n % 3], other, forward=True) for n, other in enumerate(others)]
    facts.append(Fact("competes with", others[0], forward=True))  # a second fact of the same two
    labels = {one: one.value.rpartition("/")[2] for one in (centre, *others)}
    opened = {centre: facts, others[0]: [Fact("uses", centre, forward=False), Fact("uses", others[5], forward=True)]}
    drawn = map_of(centre, opened, labels, opened=[others[0]], base="https://example.org/")
    assert drawn
    boxes = [box for box in drawn.boxes if not box.centre]
    assert {box.x > 0 for box in boxes} == {True, False}
    assert len(boxes) <= MOST + 1
    assert drawn.left_out == 90 - 18
    assert ("centre", "competes with", "0") in {told[:3] for told in drawn.told}
    places = {(box.x, box.y) for box in drawn.boxes}
    assert len(places) == len(drawn.boxes)
    assert all(drawn.left <= box.x <= drawn.left + drawn.width and 0 <= box.y <= drawn.height for box in drawn.boxes)
    assert map_of(centre, {}, labels, opened=[], base="https://example.org/") is None


def test_the_graph_tells_what_it_is(read: Read, client: FlaskClient) -> None:
    text = read("/about")
    assert "Articles of 1 March 2026 to 1 June 2026, by A paper, Reuters" in text
    assert "only the sentences behind findings, as quotes" in text
    page = get(client, "/about").text
    for address in re.findall(r'href="(/(?:claims|ontology|queries|openapi|\.well-known|about)[^"]*)"', page):
        assert get(client, unescape(address)).status_code == 200, address


# --- together -----------------------------------------------------------------------------------------------


def test_a_finding_with_those_that_say_the_same_and_the_contrary(client: FlaskClient) -> None:
    page = get(client, "/page/id/company/nvidia?show=about").text
    card = next(one for one in page.split("<article")[1:] if ": 80%" in one)
    href = re.search(r'href="([^"]+)">confidence', card)
    assert href
    text = told(get(client, href[1]))
    assert re.search(r"claim Nvidia, market share: 80% .*The sentence Nvidia has 80% of the market in 2026\.", text)
    against = text.partition("What stands against it")[2]
    assert re.search(r"figures .*Here .*share: 80%.*share: 60%.*Analysts see Nvidia at 60%", against)
    proposition = re.search(r'href="(/page/id/proposition/[^"]+)"', get(client, href[1]).text)
    assert proposition
    together = told(get(client, proposition[1]))
    assert "what articles say together Nvidia, market share: 80%" in together
    assert re.search(r"Who says so Nvidia, market share: 80% .*What stands against it .*60%", together)


def test_the_start_page_shows_what_is_new_agreed_and_disputed(client: FlaskClient, read: Read) -> None:
    text = read("/")
    assert re.search(r"What this graph holds articles ?5", text)
    assert re.search(r"Said by most independent sources .*order backlog: \$1 trillion", text)
    assert re.search(r"Cannot both be true .*against .*", text)
    assert "Newest articles The update Reuters, 1 June 2026" in text


def test_pages_are_small(client: FlaskClient) -> None:
    for path in ("/", "/about", "/claims", "/page/id/company/nvidia", page_of(STORY.value, DEFAULT_BASE)):
        assert len(get(client, path).data) < 100_000


def test_words_of_the_ontology() -> None:
    words = Vocabulary.of(load_ontology())
    assert words.most_specific([AIG.Company, AIG.Organization, AIG.Agent]) == [AIG.Company]
    verbs = [words.verb(one) for one in (AIG.develops, AIG.componentOf, AIG.founded)]
    assert verbs == ["develops", "is component of", "founded"]
    assert words.inverses[AIG.develops] == AIG.developedBy
    assert words.label(NamedNode(f"{AIG.iri}SomeNewTerm")) == "some new term"
    assert words.label(IRIS.thing("Metric", "tape outs")) == "tape outs"
