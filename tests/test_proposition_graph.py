"""The graph of propositions: the laws of the data contract, whatever comes and goes in whatever order."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, Store

from aigraph import sorting
from aigraph.ontology import load_ontology
from aigraph.pipeline import derivations
from aigraph.propositions import PropositionGraph, anew, kept
from aigraph.reasoning import derivation_rules
from aigraph.shapes import validate_article
from aigraph.store import Writer
from aigraph.store import writer as writing
from aigraph.vocab import AIG, RDF, Iris
from sayings import IRIS, Deal, Figure, Post, Relation, Row, Saying, Story, graph, thing
from together import small_collection

STEPS = derivations(derivation_rules(), IRIS)
GRAPH = IRIS.graph("propositions")
ALWAYS = 1_000_000


def writer(folder: Path, quads: Iterable[Quad] = ()) -> Writer:
    """A writer on a store in memory, with a folder of its own."""
    store = Store()
    store.extend(quads)
    made = Writer(Path(mkdtemp(dir=folder)), store, IRIS.base)
    made._content = made.content()
    return made


def change(store: Writer, *stories: Story, follow: bool = True) -> str:
    """Have some articles say what they say now (nothing: they go), and bring the graph of propositions up to date."""
    made = PropositionGraph(IRIS)
    if follow:
        store.follow(STEPS, made, limit=ALWAYS)
    for story in stories:
        name, quads = graph(story)
        store.replace_graph(name, quads if story.rows else [])
    store._compute(made)
    content = store.content()
    assert not follow or store._content == content, "the sum follows each change"
    store._content = content
    return store.canonical_hash()


def held(store: Writer, cls: NamedNode) -> list[NamedNode]:
    nodes = {q.subject for q in store.quads(GRAPH) if q.predicate == RDF.type and q.object == cls}
    return sorted((node for node in nodes if isinstance(node, NamedNode)), key=str)


def values(store: Writer, property_: NamedNode) -> list[str]:
    quads = [q for q in store.quads(GRAPH) if q.predicate == property_]
    return sorted(q.object.value for q in quads if isinstance(q.object, NamedNode | Literal))


WHO = st.sampled_from(["a", "b", "chip/x"])
CLAIMANTS = st.sampled_from([None, "a", "person/p", "some analysts"])
POLARITY = st.sampled_from(["Affirmed", "Affirmed", "Negated"])
MODALITY = st.sampled_from(["Asserted", "Asserted", "Forecast", "Hypothetical"])
STANCE = {"claimant": CLAIMANTS, "polarity": POLARITY, "modality": MODALITY}
SENTENCE = st.sampled_from(["", "The head of the firm said on Monday that it was going to be so this year."])
ROWS = st.one_of(
    st.builds(
        Figure,
        about=WHO,
        metric=st.sampled_from(["Revenue", "MarketShare", "OrderBacklog", "value of the orders"]),
        value=st.sampled_from([100.0, 101.0, 70.0]),
        unit=st.sampled_from(["PERCENT", "CCY_USD"]),
        comparator=st.sampled_from(["Exactly", "AtLeast", "AtMost", "About"]),
        time=st.sampled_from([None, "2026", "../2026"]),
        sentence=SENTENCE,
        **STANCE,
    ),
    st.builds(
        Saying,
        about=WHO,
        text=st.sampled_from(["Arm has a veto on designs", "Arm has no veto on the new designs", "A plant is closed"]),
        **STANCE,
    ),
    st.builds(
        Relation,
        subject=WHO,
        predicate=st.sampled_from(["develops", "competesWith", "usesArchitecture"]),
        object=WHO,
        sentence=SENTENCE,
        **STANCE,
    ),
    st.builds(Post, holder=st.sampled_from(["p", "q"]), organization=WHO, role=st.sampled_from(["CEO", "engineer"])),
    st.builds(
        Deal,
        kind=st.just("Acquisition"),
        roles=st.sampled_from(["acquirer=a target=b", "acquirer=c target=b", "acquirer=a acquirer=c target=b"]),
        status=st.sampled_from(["Announced", "Completed", "Ended"]),
        value=st.sampled_from([None, 1e9, 2e9]),
        **STANCE,
    ),
)
TEXT = " ".join(f"word{number} and some others" for number in range(40))
STORIES = st.builds(
    Story,
    name=st.sampled_from(["one", "two", "three", "four"]),
    rows=st.lists(ROWS, max_size=4).map(tuple),
    issued=st.sampled_from([None, "2025-01-01", "2026-01-01", "2026-02-01"]),
    publisher=st.sampled_from([None, "Reuters", "A paper"]),
    text=st.sampled_from(["", TEXT, TEXT + " and an end", "another text of too few words"]),
)


@settings(max_examples=60)
@given(st.lists(st.lists(STORIES, max_size=2), min_size=1, max_size=5))
def test_kept_up_to_date_is_made_anew(batches: list[list[Story]]) -> None:
    """Articles come, change and go, some at a time; in the end both ways give one graph."""
    with TemporaryDirectory() as folder:
        store = writer(Path(folder))
        for batch in batches:
            now = change(store, *batch)
            assert change(store, follow=False) == now


@settings(max_examples=40)
@given(st.lists(STORIES, min_size=1, max_size=4, unique_by=lambda story: story.name))
def test_made_anew_a_little_at_a_time_it_is_the_same(stories: list[Story]) -> None:
    """However little of it is in memory at once: the rest waits sorted on the disk."""
    with TemporaryDirectory() as folder:
        store = writer(Path(folder))
        now = change(store, *stories)
        shelf = kept_of(store)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sorting, "HELD", 100)
            patch.setattr(anew, "_AT_ONCE", 2)
            patch.setattr(kept, "_SOURCES", 1)
            patch.setattr(writing, "UNFLUSHED", 3)
            assert change(store, follow=False) == now
        assert kept_of(store) == shelf, "what is kept for the next change is the same too"
        assert not list(Path(folder).glob("*/tmp*")), "what waited on the disk is gone"


def kept_of(store: Writer) -> dict[str, str]:
    """What is kept of propositions, sources and places."""
    return dict(store._account._database.execute("SELECT key, value FROM shelf"))


@settings(max_examples=30)
@given(st.lists(STORIES, min_size=2, max_size=4, unique_by=lambda story: story.name), st.randoms())
def test_the_order_does_not_matter(stories: list[Story], chance: object) -> None:
    with TemporaryDirectory() as folder:
        one, other = writer(Path(folder)), writer(Path(folder))
        for story in stories:
            change(one, story)
        for story in reversed(stories):
            change(other, story)
        assert one.canonical_hash() == other.canonical_hash()


@settings(max_examples=40)
@given(st.lists(STORIES, max_size=3), STORIES)
def test_what_is_added_and_removed_leaves_nothing(stories: list[Story], more: Story) -> None:
    with TemporaryDirectory() as folder:
        store = writer(Path(folder))
        before = change(store, *(story for story in stories if story.name != more.name))
        change(store, more)
        assert change(store, Story(more.name)) == before


@settings(max_examples=20)
@given(st.lists(STORIES, min_size=1, max_size=4, unique_by=lambda story: story.name))
def test_what_holds_of_every_graph(stories: list[Story]) -> None:
    with TemporaryDirectory() as folder:
        store = writer(Path(folder))
        change(store, *stories)
        found = list(store.quads(GRAPH))
    counts = {name: {q.subject: number(q) for q in found if q.predicate == AIG[name]} for name in COUNTS}
    for node in (q.subject for q in found if q.object == AIG.Proposition):
        sources, apart, belief = (counts[name][node] for name in COUNTS)
        assert 1 <= apart <= sources
        assert 0 <= belief <= 1
    ends = Counter(q.subject for q in found if q.predicate == AIG.between)
    assert set(ends.values()) <= {2}
    assert not any(q.subject == q.object for q in found if q.predicate == AIG.supersedes)


def number(quad: Quad) -> float:
    assert isinstance(quad.object, Literal)
    return float(quad.object.value)


COUNTS = ("sourceCount", "independentSourceCount", "belief")
BACKLOG = Figure("nvidia", "OrderBacklog", 1e12)


def test_a_proposition_goes_with_its_last_source(tmp_path: Path) -> None:
    store = writer(tmp_path)
    change(store, Story("one", (BACKLOG,)), Story("two", (BACKLOG,)))
    assert values(store, AIG.sourceCount) == ["2"]
    change(store, Story("one"))
    assert values(store, AIG.sourceCount) == ["1"]
    change(store, Story("two"))
    assert not list(store.quads(GRAPH))


@pytest.mark.parametrize("copies", [4, 30])
def test_a_copy_more_changes_what_is_said_of_itself_alone(copies: int, tmp_path: Path) -> None:
    """However many copies there are: the group keeps its IRI, and one member and one reason come."""
    store = writer(tmp_path)
    change(store, *(Story(f"copy-{number:03}", (BACKLOG,), text=TEXT) for number in range(copies)))
    before = set(store.quads(GRAPH))
    (group,) = held(store, AIG.SourceGroup)
    change(store, Story("copy-999", (BACKLOG,), text=TEXT))
    lost, come = before - set(store.quads(GRAPH)), set(store.quads(GRAPH)) - before
    assert held(store, AIG.SourceGroup) == [group]
    assert {q.predicate for q in lost} == {AIG.sourceCount}
    assert Counter(q.predicate for q in come) == Counter([AIG.sourceCount, AIG.expressedBy, AIG.member, AIG.reason])
    assert change(store, Story("copy-999")) == change(store, follow=False)
    assert set(store.quads(GRAPH)) == before


def test_what_nobody_kept_is_looked_up_in_the_graph(tmp_path: Path) -> None:
    store = writer(tmp_path)
    before = change(store, Story("one", (BACKLOG,)), Story("two", (BACKLOG,)))
    names = [
        q.subject.value for q in store.quads(GRAPH) if q.object == AIG.Proposition and isinstance(q.subject, NamedNode)
    ]
    kept = {name: json.loads(text) for name, text in store._account.get(names).items()}
    assert kept
    store._account.drop(names)
    places = [f"at {place}" for place in values(store, AIG.comparedUnder)]
    compared = store._account.get(places)
    assert len(compared) == len(places) > 1
    store._account.drop(places)
    change(store, Story("three", (BACKLOG,)), Story("four", (Figure("nvidia", "OrderBacklog", 2e12),)))
    assert values(store, AIG.sourceCount) == ["1", "3"]
    assert len(held(store, AIG.Conflict)) == 1
    assert change(store, Story("three"), Story("four")) == before
    assert store._account.get(places) == compared, "kept again"
    assert {name: json.loads(text) for name, text in store._account.get(names).items()} == kept


def test_a_proposition_speaks_of_what_its_findings_do(tmp_path: Path) -> None:
    """Also of topics, which each finding calls by words of its own, and for as long as one does."""
    store = writer(tmp_path)
    one, other = (
        Figure(f"topic {words}", "MarketShare", 80, "PERCENT") for words in ("chip markets", "the chip market")
    )
    change(store, Story("one", (one, Relation("a", "competesWith", "b"))), Story("two", (other, Post("p", "a", "CEO"))))
    asked = """SELECT DISTINCT ?proposition ?thing { ?proposition aig:expressedBy ?said .
        ?said aig:about|aig:subject|aig:object|aig:holder|aig:organization ?thing }"""
    said = {(row["proposition"], row["thing"]) for row in store.select(asked)}
    assert len(said) == 6
    assert {(q.subject, q.object) for q in store.quads(GRAPH) if q.predicate == AIG.speaksOf} == said
    change(store, Story("two"))
    assert values(store, AIG.speaksOf) == sorted(thing(name).value for name in ("a", "b", "topic/chip-markets"))


def test_groups_of_one_proposition_have_iris_of_their_own(tmp_path: Path) -> None:
    store = writer(tmp_path)
    other = TEXT.replace("word", "term")
    texts = {"a-1": TEXT, "a-2": TEXT, "b-1": other, "b-2": other}
    stories = [Story(name, (BACKLOG,), text=text) for name, text in texts.items()]
    change(store, *stories)
    assert len(held(store, AIG.SourceGroup)) == 2
    assert values(store, AIG.independentSourceCount) == ["2"]


def test_an_article_with_another_date_is_compared_again(tmp_path: Path) -> None:
    one, other = Figure("a", "MarketShare", 80, "PERCENT"), Figure("a", "MarketShare", 60, "PERCENT")
    store = writer(tmp_path)
    change(store, Story("one", (one,), issued="2024-01-01"), Story("two", (other,), issued="2026-01-01"))
    assert held(store, AIG.Conflict) == []
    change(store, Story("two", (other,), issued="2024-02-01"))
    assert len(held(store, AIG.Conflict)) == 1
    assert values(store, AIG.conflictKind) == ["figures"]


def test_a_later_figure_of_the_same_claimant_supersedes_the_last_one(tmp_path: Path) -> None:
    def guidance(value: float) -> Row:
        return Figure("a", "RevenueForecast", value, time="2026", claimant="a", modality="Forecast")

    store = writer(tmp_path)
    may, august = (
        Story("may", (guidance(5e9),), issued="2026-05-01"),
        Story("august", (guidance(6e9),), issued="2026-08-01"),
    )
    june = Story("june", (guidance(5.5e9),), issued="2026-06-01")
    change(store, may, august)
    assert pairs(store) == [("august", "may")]
    change(store, june)
    assert pairs(store) == [("august", "june"), ("june", "may")]
    change(store, Story("june"))
    assert pairs(store) == [("august", "may")]


def pairs(store: Writer) -> list[tuple[str, str]]:
    return sorted(
        (q.subject.value.split("/")[-2], q.object.value.split("/")[-2])
        for q in store.quads(GRAPH)
        if q.predicate == AIG.supersedes and isinstance(q.subject, NamedNode) and isinstance(q.object, NamedNode)
    )


@pytest.mark.parametrize(
    "other",
    [
        {"claimant": "b"},
        {"claimant": "some analysts"},
        {"time": "2027"},
        {"value": 5e9},
    ],
)
def test_what_supersedes_nothing(other: dict[str, object], tmp_path: Path) -> None:
    row = {"about": "a", "metric": "RevenueForecast", "value": 5e9, "time": "2026", "claimant": "a"}
    store = writer(tmp_path)
    early = Story("early", (Figure(**row),), issued="2026-05-01")  # type: ignore[arg-type]
    late = Story("late", (Figure(**row | {"value": 6e9} | other),), issued="2026-08-01")  # type: ignore[arg-type]
    change(store, early, late)
    assert pairs(store) == []


DEAL = {
    "early": Deal("Acquisition", "acquirer=a target=c", value=1e9),
    "again": Deal("Acquisition", "acquirer=a target=c"),
    "dearer": Deal("Acquisition", "acquirer=a target=c", value=2e9),
    "done": Deal("Acquisition", "acquirer=a target=c", "Completed", value=1e9),
    "round": Deal("Investment", "investor=a investee=c", value=1e9),
    "next round": Deal("Investment", "investor=a investee=c", value=2e9),
    "closed round": Deal("Investment", "investor=a investee=c", "Completed", value=1e9),
    "both posts": Post("ann", "a", "president and CEO"),
    "one post": Post("ann", "a", "CEO"),
    "no post": Post("ann", "a", "CEO", polarity="Negated"),
}


@pytest.mark.parametrize(
    ("before", "after", "updated"),
    [
        ("early", "again", False),
        ("early", "dearer", True),
        ("early", "done", True),
        ("round", "next round", False),
        ("round", "closed round", True),
        ("both posts", "one post", False),
        ("both posts", "no post", True),
    ],
)
def test_what_a_paper_says_later_updates_what_differs_on_the_matter(
    before: str, after: str, updated: bool, tmp_path: Path
) -> None:
    store = writer(tmp_path)
    early = Story("early", (DEAL[before],), issued="2026-05-01", publisher="The Paper")
    late = Story("late", (DEAL[after],), issued="2026-08-01", publisher="The Paper")
    change(store, early)
    change(store, late)
    assert pairs(store) == ([("late", "early")] if updated else [])
    whole = writer(tmp_path)
    change(whole, early, late)
    assert pairs(whole) == pairs(store)


def test_belief_grows_with_independent_sources_alone(tmp_path: Path) -> None:
    store = writer(tmp_path)

    def score(*stories: Story) -> float:
        change(store, *stories)
        return float(values(store, AIG.belief)[0])

    one = score(Story("one", (BACKLOG,), text=TEXT))
    assert one == pytest.approx(0.8 * 0.9)
    assert score(Story("two", (BACKLOG,), text=TEXT)) == one, "a copy adds nothing"
    assert score(Story("three", (BACKLOG,))) == pytest.approx(1 - (1 - one) ** 2, abs=1e-4)


def test_a_corrected_article_costs_what_was_corrected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Findings that stay as they were are not made anew, on whatever way the article came to its last text."""
    kept, there = BACKLOG, Relation("a", "develops", "chip/x")
    one, two = Story("one", (kept, there), text=TEXT), Story("two", (kept,), text=TEXT)
    store = writer(tmp_path)
    first = change(store, one, two)
    written: set[str] = set()
    put = store._account.put

    def noted(values: Mapping[str, str]) -> None:
        written.update(values)
        put(values)

    monkeypatch.setattr(store._account, "put", noted)

    corrected = Story("one", (kept, Relation("b", "develops", "chip/x")), text=TEXT)
    state = change(store, corrected)
    meanings = {q.subject.value: q.object.value for q in store.quads(GRAPH) if q.predicate == AIG.meaning}  # type: ignore[union-attr]
    touched = {meanings[key] for key in written if key in meanings}
    assert len(touched) == 1
    assert "develops" in touched.pop()
    assert state == change(writer(tmp_path), corrected, two, follow=False)

    written.clear()
    assert change(store, Story("one", (there,), text=TEXT), corrected) == state
    assert not written & meanings.keys(), "what it said between does not matter"
    assert change(store, one) == first


def test_no_rule_looks_at_the_graph_of_propositions(tmp_path: Path) -> None:
    """The other derived graphs are the same with it and without, so the order of making them does not matter."""
    story = Story("one", (BACKLOG, Relation("a", "develops", "chip/x"), Deal("Acquisition", "acquirer=a target=b")))
    name, quads = graph(story)
    derived = []
    for made in (PropositionGraph(IRIS), None):
        store = writer(tmp_path, load_ontology().quads(IRIS.graph("ontology")))
        store.replace_graph(name, quads)
        store.derive(STEPS, made)
        derived.append({q for graph_ in ("entities", "facts") for q in store.quads(IRIS.graph(graph_))})
    assert derived[0] == derived[1]
    assert derived[0]


def test_another_base_mints_other_iris() -> None:
    assert str(PropositionGraph(Iris("http://localhost/")).graph) == "<http://localhost/graph/propositions>"


def test_the_graph_fits_the_shapes() -> None:
    store = small_collection()
    own = [quad for quad in store if quad.graph_name != IRIS.graph("ontology")]
    spoken_of = {quad.object for quad in own if quad.predicate == AIG.speaksOf}
    things = {thing("halden"), thing("halden labs"), *(one for one in spoken_of if isinstance(one, NamedNode))}
    own += [Quad(one, RDF.type, AIG.Company, IRIS.graph("entities")) for one in things]
    nodes = {quad.subject for quad in own if quad.graph_name == GRAPH and isinstance(quad.subject, NamedNode)}
    made = {node.value for node in nodes if "/id/finding/" not in node.value}
    assert len(made) > 15
    assert [each for each in validate_article(own) if each.node in made] == []
