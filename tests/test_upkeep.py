"""Derived graphs that are kept up to date are those that are made anew, whatever comes and goes in whatever order."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, Store

from aigraph.errors import DataError
from aigraph.ontology import load_ontology
from aigraph.pipeline import derivations
from aigraph.reasoning import Rule, derivation_rules
from aigraph.store import Writer, open_latest
from aigraph.store.restricted import about, from_premises, heads, without_negation
from aigraph.vocab import AIG, DEFAULT_BASE, RDF, RDFS, XSD, Iris

IRIS = Iris(DEFAULT_BASE)
RULES = derivation_rules()
STEPS = derivations(RULES, IRIS)
ONTOLOGY = load_ontology().quads(IRIS.graph("ontology"))
FACTS = IRIS.graph("facts")
ALWAYS = 1_000_000  # changed quads up to which upkeep is wanted

Article = tuple[tuple[str, ...], ...]
"""What an article says, in rows: "develops a x", "acquirer a b Completed", "is Company a"."""


def writer(folder: Path, quads: Iterable[Quad] = ONTOLOGY) -> Writer:
    """A writer on a store in memory."""
    store = Store()
    store.extend(quads)
    return Writer(folder, store, IRIS.base)


def thing(name: str) -> NamedNode:
    return IRIS.thing("Thing", name)


def quads(name: str, rows: Article) -> tuple[NamedNode, list[Quad]]:
    graph = IRIS.graph(name)
    found: list[tuple[NamedNode, NamedNode, NamedNode | Literal]] = []
    for row in rows:
        node = IRIS.part("Node", name, *row)
        match row:
            case ("is", cls, who, form, count):
                found += [(node, AIG.mentionOf, thing(who)), (node, AIG.mentionedAs, AIG[cls])]
                found += [(node, AIG.form, Literal(form))]
                found += [(node, AIG.occurrences, Literal(count, datatype=XSD.integer)), (node, RDF.type, AIG.Mention)]
            case (kind, role, other, one, two, status):
                found += [(node, RDF.type, AIG[kind]), (node, AIG.status, AIG[status]), (node, AIG[role], thing(one))]
                found += [(node, AIG.modality, AIG.Asserted), (node, AIG.polarity, AIG.Affirmed)]
                found += [(node, AIG[other], thing(two))]
            case (relation, one, two, modality):
                found += [(node, RDF.type, AIG.Statement), (node, AIG.subject, thing(one))]
                found += [(node, AIG.predicate, AIG[relation]), (node, AIG.object, thing(two))]
                found += [(node, AIG.modality, AIG[modality]), (node, AIG.polarity, AIG.Affirmed)]
    return graph, [Quad(*triple, graph) for triple in found]


NAMES = st.sampled_from(["a", "b", "c", "d"])
RELATIONS = ["componentOf", "successorOf", "develops", "competesWith", "usesArchitecture", "manufactures", "worksFor"]
ROWS = st.one_of(
    st.tuples(st.sampled_from(RELATIONS), NAMES, NAMES, st.sampled_from(["Asserted", "Asserted", "Reported"])),
    st.tuples(
        st.just("is"),
        st.sampled_from(["Company", "Organization", "Chip", "Architecture", "System", "Metric"]),
        NAMES,
        st.sampled_from(["X", "x", "XX"]),
        st.sampled_from(["1", "2"]),
    ),
    st.tuples(
        st.sampled_from(["Acquisition"]),
        st.just("acquirer"),
        st.just("target"),
        NAMES,
        NAMES,
        st.sampled_from(["Completed", "Announced"]),
    ),
)
CHANGES = st.lists(
    st.lists(st.tuples(st.sampled_from(["one", "two", "three"]), st.lists(ROWS, max_size=5).map(tuple)), max_size=2),
    min_size=1,
    max_size=4,
)


@settings(max_examples=12)
@given(CHANGES)
def test_kept_up_to_date_is_made_anew(changes: list[list[tuple[str, Article]]]) -> None:
    """Articles come, change and go (an empty one), some at a time; in the end both ways give one graph."""
    with TemporaryDirectory() as folder:
        kept = writer(Path(folder))
        for batch in changes:
            kept.follow(STEPS, limit=ALWAYS)
            for name, rows in batch:
                kept.replace_graph(*quads(name, rows))
            kept.derive(STEPS)
        upkeep = kept.canonical_hash()
        kept.derive(STEPS)
        assert kept.canonical_hash() == upkeep


CHAIN = (
    ("componentOf", "a", "b", "Asserted"),
    ("componentOf", "b", "c", "Asserted"),
    ("is", "Chip", "a", "A", "1"),
    ("develops", "d", "a", "Asserted"),
)


def changed(store: Writer, name: str, rows: Article) -> str:
    store.follow(STEPS, limit=ALWAYS)
    store.replace_graph(*quads(name, rows))
    store.derive(STEPS)
    return store.canonical_hash()


def facts(store: Writer) -> set[tuple[str, str, str]]:
    return {
        (q.subject.value[-1], AIG.local(q.predicate), q.object.value[-1])
        for q in store.quads(FACTS)
        if isinstance(q.subject, NamedNode) and isinstance(q.object, NamedNode)
    }


def test_what_comes_and_goes_leaves_nothing(tmp_path: Path) -> None:
    store = writer(tmp_path)
    before = changed(store, "one", CHAIN)
    more: Article = (("componentOf", "c", "d", "Asserted"), ("is", "System", "a", "AA", "5"))
    assert changed(store, "two", more) != before
    assert ("a", "componentOf", "d") in facts(store)
    assert changed(store, "two", ()) == before


def test_the_order_does_not_matter(tmp_path: Path) -> None:
    one, other = writer(tmp_path), writer(tmp_path)
    rest: Article = (("componentOf", "c", "d", "Asserted"), ("competesWith", "d", "b", "Asserted"))
    changed(one, "one", CHAIN)
    changed(other, "two", rest)
    assert changed(one, "two", rest) == changed(other, "one", CHAIN)


def test_a_triple_with_two_supports_goes_with_the_last(tmp_path: Path) -> None:
    store = writer(tmp_path)
    short: Article = (("componentOf", "a", "c", "Asserted"),)
    changed(store, "chain", CHAIN)
    changed(store, "short", short)
    assert {("a", "componentOf", "c"), ("c", "hasComponent", "a")} <= facts(store)
    changed(store, "chain", ())
    assert {("a", "componentOf", "c"), ("c", "hasComponent", "a")} <= facts(store), "stated by the other article"
    assert ("a", "componentOf", "b") not in facts(store)
    changed(store, "short", ())
    assert facts(store) == set()


def test_what_supports_itself_in_a_circle_goes(tmp_path: Path) -> None:
    store = writer(tmp_path)
    circle: Article = (("competesWith", "a", "b", "Asserted"), ("componentOf", "a", "b", "Asserted"))
    changed(store, "one", (*circle, ("componentOf", "b", "a", "Asserted")))
    changed(store, "one", ())
    assert facts(store) == set()


def test_the_real_rules_on_the_real_seeds(seeds_store: Path, tmp_path: Path) -> None:
    with open_latest(seeds_store) as reader:
        store = writer(tmp_path, reader.quads())
    before = store.canonical_hash()
    graph = IRIS.graph("nvidia-inference-pivot")
    article = list(store.quads(graph))
    assert article
    for now in ([], article):
        store.follow(STEPS, limit=ALWAYS)
        store.replace_graph(graph, now)
        store.derive(STEPS)
        upkeep = store.canonical_hash()
        store.derive(STEPS)
        assert store.canonical_hash() == upkeep
    assert store.canonical_hash() == before


def test_a_large_change_or_one_of_the_ontology_makes_all_anew(tmp_path: Path) -> None:
    for limit, graph, content in ((0, *quads("one", CHAIN)), (ALWAYS, IRIS.graph("ontology"), list(ONTOLOGY[:-200]))):
        store = writer(tmp_path)
        changed(store, "zero", CHAIN[:2])
        store.follow(STEPS, limit=limit)
        store.replace_graph(graph, content)
        store.derive(STEPS)
        upkeep = store.canonical_hash()
        store.derive(STEPS)
        assert store.canonical_hash() == upkeep


# --- what upkeep needs of the rules -------------------------------------------------------------------------


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_says_what_it_looks_at(rule: Rule) -> None:
    template = re.search(r"CONSTRUCT \{ (\?\w+) ", rule.text)
    assert template
    if rule.target == "entities":
        assert template[1] == f"?{rule.about}", "what is derived of a thing has it for its subject"
    if rule.fixpoint:
        assert re.findall(r"^ *\?\w+ \S+ \?\w+ \. +# premise$", rule.text, re.MULTILINE)


def test_what_is_entailed_never_feeds_what_comes_before() -> None:
    """Upkeep asks the rules of things and findings while the facts are there, which did not see them at first."""
    before = " ".join(rule.text for rule in RULES if not rule.fixpoint)
    used = {NamedNode(AIG.iri + name) for name in re.findall(r"\baig:(\w+)", before)}
    ups = {RDFS.subPropertyOf, NamedNode("http://www.w3.org/2002/07/owl#inverseOf")}
    entailed = {q.object for q in ONTOLOGY if q.predicate in ups} | {
        q.subject for q in ONTOLOGY if q.predicate.value.endswith(("inverseOf", "propertyChainAxiom"))
    }
    entailed |= {q.subject for q in ONTOLOGY if str(q.object).endswith(("SymmetricProperty>", "TransitiveProperty>"))}
    entailed |= {q.object for q in ONTOLOGY if q.predicate == RDFS.subClassOf}
    makes = {AIG.acquired, AIG.investsIn, AIG.licensesFrom, AIG.suppliesTo, AIG.partnerOf}  # what they make themselves
    assert used & entailed - makes == set()


def test_a_query_is_bound_where_its_variable_is_given_out() -> None:
    inner = "{ SELECT ?x (MAX(?n) AS ?m) WHERE { ?x ?n ?y } } { SELECT ?c WHERE { ?c ?x ?z } }"
    (bound,) = about(f"CONSTRUCT {{ ?x a ?c }} WHERE {{ {inner} }}", "x", [thing("a")])
    assert bound.count("VALUES (?x)") == 2
    assert "SELECT ?c WHERE { ?c" in bound


def test_a_template_of_several_triples_is_refused() -> None:
    with pytest.raises(DataError, match="one triple"):
        list(heads("CONSTRUCT { ?a a ?b ; ?c ?d } WHERE { ?a ?c ?d }", []))


def test_negations_are_left_out_to_the_end_of_their_block() -> None:
    nested = "FILTER NOT EXISTS { ?a ?d ?e FILTER EXISTS { ?e ?f ?g } }"
    text = f"{{ ?a ?b ?c {nested} ?h ?i ?j FILTER NOT EXISTS {{ ?x ?y ?z }} }}"
    assert re.sub(r"\s+", " ", without_negation(text)) == "{ ?a ?b ?c ?h ?i ?j }"


def test_only_triples_that_fit_a_premise_are_bound() -> None:
    text = "CONSTRUCT { ?s a ?d } WHERE {\n  ?s a ?c .  # premise\n  ?c ?p ?d .\n}"
    _, found = quads("one", CHAIN)
    (query,) = from_premises(text, {q.triple for q in found})
    assert "VALUES (?s ?c)" in query
    assert str(AIG.Statement) in query
    assert str(AIG.develops) not in query
