"""Things that may be one: what names and common facts tell, and the laws of the graph that says so."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Store, Triple

from aigraph.pipeline import derivations
from aigraph.propositions import PropositionGraph
from aigraph.propositions.namesakes import NAMED, likened, meeting, name_rules, summed_up
from aigraph.reasoning import derivation_rules
from aigraph.store import Writer
from aigraph.vocab import AIG, kebab
from sayings import IRIS, Deal, Post, Relation, Row, Story, graph, thing

STEPS = derivations(derivation_rules(), IRIS)
GRAPH = IRIS.graph("propositions")
KNOWLEDGE = IRIS.graph("knowledge")
Named = dict[str, tuple[str, ...]]
"""The things that an article mentions, each with the forms in which it names them."""

# --- names

SHORT_FORMS = {
    "corvane": "corvane semiconductor",
    "lumenfold": "lumenfold ai",
    "organization/halden": "organization/halden labs",
    "chip/kestrel": "chip/kestrel accelerator",
    "person/ada okafor": "person/ada ngozi okafor",
}
NOT_SHORT_FORMS = {
    "nothing in common": ("corvane", "tarnfell semiconductor"),
    "another type": ("corvane", "chip/corvane accelerator"),
    "a part": ("corvane", "corvane japan"),
    "a fund beside it": ("corvane", "corvane ventures"),
    "another generation": ("chip/kestrel", "chip/kestrel 2"),
    "one of a family": ("chip/kestrel", "chip/kestrel ultra"),
    "the end of a name": ("semiconductor", "corvane semiconductor"),
    "a part of a word": ("cor", "corvane"),
    "a place": ("place/york", "place/york city"),
    "two letters": ("ab", "ab semiconductor"),
    "another first name": ("person/ada okafor", "person/ben chidi okafor"),
    "itself": ("corvane", "corvane"),
}


@pytest.mark.parametrize("short", SHORT_FORMS)
def test_a_short_form_is_enough(short: str) -> None:
    found = likened(thing(short).value, thing(SHORT_FORMS[short]).value)
    assert found is not None
    assert found.degree >= name_rules().least
    assert found.reason.endswith(".")


@pytest.mark.parametrize("case", NOT_SHORT_FORMS)
def test_no_short_form(case: str) -> None:
    short, long = NOT_SHORT_FORMS[case]
    assert likened(thing(short).value, thing(long).value) is None


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("corvane", "corvane hospitality"),  # it may be another firm of the family
        ("nova", "nova semiconductor"),
        ("imp", "inland machine photonics"),
        ("person/okafor", "person/ada okafor"),
    ],
)
def test_a_weaker_form_needs_more(short: str, long: str) -> None:
    found = likened(thing(short).value, thing(long).value)
    assert found is not None
    assert found.degree < name_rules().least


def test_what_an_article_calls_a_thing_is_a_name_of_it() -> None:
    domyn, other = thing("domyn").value, thing("igenius").value
    assert likened(other, domyn) is None
    found = likened(other, domyn, ["Domyn", "iGenius"])
    assert found is not None
    assert found.reason == "An article calls Domyn “iGenius”."
    pro, family = thing("system/slate pro").value, thing("system/slate").value
    assert likened(family, pro, ["Slate"]) is None, (
        "of a product that begins with the name of its family it tells nothing"
    )
    assert likened(thing("chip/q7").value, thing("chip/q8").value, ["Q7"]) is None, "another number"


def test_who_meets_where() -> None:
    assert meeting(thing("corvane semiconductor").value, ["Corvane"]) == {
        "company corvane-semiconductor",
        "company corvane",
    }
    assert "company corvane" not in meeting(thing("corvane japan").value, [])
    assert "company imp" in meeting(thing("inland machine photonics").value, [])


def test_at_most_three_bonds_count() -> None:
    names = likened(thing("corvane").value, thing("corvane semiconductor").value)
    assert names is not None
    degrees = [summed_up(names, [names._replace(degree=0.4)] * number) for number in range(6)]
    assert degrees[:4] == sorted(set(degrees))
    assert len(set(degrees[3:])) == 1


def test_the_rules_name_types_and_are_sorted() -> None:
    rules = name_rules()
    assert {kebab(AIG.local(node)) for node in AIG if kebab(AIG.local(node)) in NAMED} == NAMED
    assert not (rules.kinds | rules.products) & rules.parts
    assert all(0 < degree < 1 for degree in (*rules.names.values(), *rules.bonds.values()))


# --- the graph


def article(name: str, mentioned: Named, *rows: Row) -> tuple[NamedNode, list[Quad]]:
    """The graph of an article that mentions some things and says something; none where it mentions nothing."""
    forms = {each: given or (each.rpartition("/")[2].title(),) for each, given in mentioned.items()}
    names = tuple((each, form) for each, given in forms.items() for form in given)
    iri, quads = graph(Story(name, rows, names=names))
    return iri, quads if mentioned else []


def writer(folder: Path) -> Writer:
    made = Writer(Path(mkdtemp(dir=folder)), Store(), IRIS.base)
    made._content = made.content()
    return made


def change(store: Writer, *articles: tuple[NamedNode, list[Quad]], follow: bool = True) -> str:
    made = PropositionGraph(IRIS)
    if follow:
        store.follow(STEPS, made, limit=1_000_000)
    for name, quads in articles:
        store.replace_graph(name, quads)
    store._compute(made)
    content = store.content()
    assert not follow or store._content == content
    store._content = content
    return store.canonical_hash()


def listed(*names: str) -> tuple[NamedNode, list[Quad]]:
    """A graph of knowledge that lists some things."""
    entries = [Quad(NamedNode(f"{thing(name).value}#entry"), AIG.entryFor, thing(name), KNOWLEDGE) for name in names]
    return KNOWLEDGE, entries


def links(store: Writer) -> dict[tuple[str, ...], float]:
    """The things that may be one, by the ends of their IRIs, with the degree."""
    quads = list(store.quads(GRAPH))
    ends: dict[NamedNode | BlankNode | Triple, list[str]] = {}
    for quad in quads:
        if quad.predicate == AIG.identityOf and isinstance(quad.object, NamedNode):
            ends.setdefault(quad.subject, []).append(quad.object.value.rsplit("/", 1)[-1])
    degrees = {
        q.subject: float(q.object.value) for q in quads if q.predicate == AIG.degree and isinstance(q.object, Literal)
    }
    return {tuple(sorted(names)): degrees[node] for node, names in ends.items()}


def reasons(store: Writer) -> list[str]:
    return sorted(
        q.object.value for q in store.quads(GRAPH) if q.predicate == AIG.reason and isinstance(q.object, Literal)
    )


LONG = article("one", {"corvane semiconductor": ()}, Relation("corvane semiconductor", "develops", "chip/kestrel"))
SHORTER = article("two", {"corvane": ()}, Relation("corvane", "develops", "chip/kestrel"))
PAIR = ("corvane", "corvane-semiconductor")


def test_two_articles_name_one_firm(tmp_path: Path) -> None:
    store = writer(tmp_path)
    change(store, LONG, SHORTER)
    assert links(store) == {PAIR: 0.82}
    assert reasons(store) == [
        "Corvane Semiconductor begins with “Corvane”, and the rest says what kind of firm it is.",
        "Corvane and Corvane Semiconductor develop Kestrel.",
    ]
    assert len({q.subject for q in store.quads(GRAPH) if q.predicate == AIG.meaning}) == 2, "nothing is joined"


def test_a_bond_raises_what_a_name_leaves_open(tmp_path: Path) -> None:
    mentioned: tuple[Named, Named] = ({"halden cloud": ()}, {"halden": ()})
    store = writer(tmp_path)
    change(store, article("one", mentioned[0]), article("two", mentioned[1]))
    assert not links(store)
    change(
        store,
        article("one", mentioned[0], Post("ilse varga", "halden cloud", "CEO")),
        article("two", mentioned[1], Post("ilse varga", "halden", "chief executive")),
    )
    assert links(store) == {("halden", "halden-cloud"): 0.545}
    denied = Post("ilse varga", "halden", "chief executive", polarity="Negated")
    change(store, article("two", mentioned[1], denied))
    assert not links(store)
    deals = (
        Deal("SupplyAgreement", "supplier=halden-cloud customer=a"),
        Deal("SupplyAgreement", "supplier=halden customer=a"),
        Deal("SupplyAgreement", "supplier=a customer=halden"),
    )
    change(store, article("one", mentioned[0], deals[0]), article("two", mentioned[1], deals[1]))
    assert links(store) == {("halden", "halden-cloud"): 0.512}
    change(store, article("two", mentioned[1], deals[2]))
    assert not links(store), "another role"


APART: dict[str, tuple[tuple[NamedNode, list[Quad]], ...]] = {
    "one article names both": (LONG, SHORTER, article("three", {"corvane": (), "corvane semiconductor": ()})),
    "another may be called so": (LONG, SHORTER, article("three", {"corvane robotics": ()})),
    "another has been called so": (LONG, SHORTER, article("three", {"tarnfell": ("Tarnfell", "Corvane")})),
    "the short one is listed": (LONG, SHORTER, listed("corvane")),
    "the long one is listed": (LONG, SHORTER, listed("corvane semiconductor")),
}


@pytest.mark.parametrize("case", APART)
def test_what_keeps_things_apart_comes_and_goes(case: str, tmp_path: Path) -> None:
    store = writer(tmp_path)
    *both, third = APART[case]
    before = change(store, *both)
    change(store, third)
    assert not links(store)
    assert change(store, (third[0], [])) == before
    assert links(store) == {PAIR: 0.82}


def test_a_part_of_it_keeps_nothing_apart(tmp_path: Path) -> None:
    store = writer(tmp_path)
    change(store, LONG, SHORTER, article("three", {"corvane japan": ()}))
    assert links(store) == {PAIR: 0.82}


def test_names_that_change_places_are_told_once(tmp_path: Path) -> None:
    store = writer(tmp_path)
    change(
        store,
        article("one", {"domyn": ("Domyn", "iGenius")}),
        article("two", {"igenius": ("iGenius", "Domyn")}),
    )
    assert links(store) == {("domyn", "igenius"): 0.85}
    assert reasons(store) == ["An article calls Domyn “iGenius”.", "An article calls Igenius “Domyn”."]


def test_a_store_of_an_earlier_version_is_read_as_a_whole(tmp_path: Path) -> None:
    store = writer(tmp_path)
    change(store, LONG)
    names = ["named company corvane", "named company corvane-semiconductor", "all names are kept"]
    assert len(store._account.get(names)) == 3
    store._account.drop(names)
    change(store, SHORTER)
    assert links(store) == {PAIR: 0.82}
    assert len(store._account.get(names)) == 3
    assert change(store, follow=False) == store.canonical_hash()


def test_what_is_mentioned_no_more_is_not_kept(tmp_path: Path) -> None:
    store = writer(tmp_path)
    change(store, LONG)
    change(store, (LONG[0], []))
    assert not store._account.get(["named company corvane", "named company corvane-semiconductor"])


FORMS = {
    "corvane": ("Corvane",),
    "corvane semiconductor": ("Corvane Semiconductor",),
    "corvane labs": ("Corvane Labs", "Corvane"),
    "tarnfell": ("Tarnfell", "Corvane"),
    "cls": ("CLS",),
    "corvane labs systems": ("Corvane Labs Systems",),
    "person/okafor": ("Okafor",),
    "person/ada okafor": ("Ada Okafor", "Okafor"),
    "person/ben okafor": ("Ben Okafor",),
    "chip/kestrel": ("Kestrel",),
    "chip/kestrel accelerator": ("Kestrel accelerator",),
}
BODIES = st.sampled_from([name for name in FORMS if "/" not in name])
PEOPLE = st.sampled_from(["okafor", "ada okafor"])
SAID = st.one_of(
    st.builds(
        Relation, subject=BODIES, predicate=st.sampled_from(["develops", "uses"]), object=st.just("chip/kestrel")
    ),
    st.builds(Post, holder=PEOPLE, organization=BODIES, role=st.just("CEO")),
    st.builds(
        Deal,
        kind=st.just("SupplyAgreement"),
        roles=BODIES.map(lambda name: f"supplier={name} customer=zed".replace(" ", "-")),
    ),
)


@st.composite
def articles(draw: st.DrawFn) -> tuple[NamedNode, list[Quad]]:
    """An article that mentions some of these things in some of their forms; at times the knowledge lists one."""
    name = draw(st.sampled_from(["one", "two", "three", "four", "listed"]))
    chosen: Iterable[str] = draw(st.lists(st.sampled_from(sorted(FORMS)), max_size=3, unique=True))
    if name == "listed":
        return listed(*chosen)
    mentioned = {each: tuple(draw(st.lists(st.sampled_from(FORMS[each]), min_size=1, unique=True))) for each in chosen}
    return article(name, mentioned, *draw(st.lists(SAID, max_size=2, unique=True)))


@settings(max_examples=80)
@given(st.lists(st.lists(articles(), min_size=1, max_size=3), min_size=1, max_size=5))
def test_kept_up_to_date_is_made_anew(batches: list[list[tuple[NamedNode, list[Quad]]]]) -> None:
    with TemporaryDirectory() as folder:
        kept = writer(Path(folder))
        for batch in batches:
            now = change(kept, *batch)
            assert change(kept, follow=False) == now


@settings(max_examples=30)
@given(st.lists(articles(), min_size=2, max_size=5, unique_by=lambda each: each[0].value))
def test_the_order_does_not_matter(all_: list[tuple[NamedNode, list[Quad]]]) -> None:
    with TemporaryDirectory() as folder:
        one, other = writer(Path(folder)), writer(Path(folder))
        for each in all_:
            change(one, each)
        for each in reversed(all_):
            change(other, each)
        assert one.canonical_hash() == other.canonical_hash()


@settings(max_examples=30)
@given(st.lists(articles(), max_size=4), articles())
def test_what_is_added_and_removed_leaves_nothing(
    all_: list[tuple[NamedNode, list[Quad]]], more: tuple[NamedNode, list[Quad]]
) -> None:
    with TemporaryDirectory() as folder:
        store = writer(Path(folder))
        before = change(store, *(each for each in all_ if each[0] != more[0]))
        change(store, more)
        assert change(store, (more[0], [])) == before
