"""Derived graphs that are kept up to date are those that are made anew, whatever comes and goes in whatever order."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, Store, Triple

from aigraph.errors import DataError
from aigraph.ontology import load_ontology
from aigraph.pipeline import derivations
from aigraph.reasoning import Rule, derivation_rules
from aigraph.store import Writer, open_latest
from aigraph.store.content import Content
from aigraph.store.grounds import Grounds
from aigraph.store.premises import Premises, instances
from aigraph.store.upkeep import Upkeep
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
    """A writer on a store in memory, with a folder of its own."""
    store = Store()
    store.extend(quads)
    made = Writer(Path(mkdtemp(dir=folder)), store, IRIS.base)
    made._content = made.content()
    return made


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


def grounds(store: Writer) -> Grounds:
    return Grounds(store._store, STEPS, IRIS.graph("ontology"))


def counted(store: Writer) -> dict[str, int]:
    """How many findings state what, by a look at all of them."""
    numbers: Counter[str] = Counter()
    for triple, number in grounds(store).premises.stating(store._store, FACTS):
        numbers[str(triple)] += number
    return dict(numbers)


def stated(store: Writer) -> dict[str, int]:
    """How many findings state what, as the account has it once anything has changed."""
    if not store._account.counted(grounds(store).name):
        return {}
    return store._account.stated(counted(store))


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
        assert kept._content == kept.content(), "the sum follows each change"
        assert stated(kept) == counted(kept), "so does the number of findings that state a fact"
        upkeep = kept.canonical_hash()
        kept.derive(STEPS)
        assert kept.canonical_hash() == upkeep


def test_a_round_asks_only_what_new_facts_bear_upon(tmp_path: Path) -> None:
    """Of the rules that run to a fixpoint, those whose premises nothing new fits would give what they gave."""
    store = writer(tmp_path)
    store.replace_graph(*quads("one", CHAIN))
    premises = grounds(store).premises
    rules = {rule.text: rule.name for rule in RULES}
    class_ = Triple(thing("a"), RDF.type, AIG.Chip)
    part = Triple(thing("a"), AIG.componentOf, thing("b"))
    assert "entailed-types" in {rules[text] for text in premises.asking([class_])}
    assert "entailed-transitive" not in {rules[text] for text in premises.asking([class_])}
    asked = {rules[text] for text in premises.asking([part])}
    assert {"entailed-transitive", "entailed-domains", "entailed-inverse"} <= asked
    assert "entailed-types" not in asked
    assert premises.asking([Triple(thing("a"), RDFS.label, Literal("A"))]) == set()


@settings(max_examples=15)
@given(CHANGES)
def test_rounds_that_leave_rules_out_end_where_all_of_them_do(changes: list[list[tuple[str, Article]]]) -> None:
    with TemporaryDirectory() as folder:
        store = writer(Path(folder))
        for batch in changes:
            for name, rows in batch:
                store.replace_graph(*quads(name, rows))
        store.derive(STEPS)
        sparing = set(store.quads(FACTS))
        store.remove_graph(FACTS)
        for step in STEPS:
            if step.graph == FACTS:
                store._construct(step.graph, step.queries, 1000 if step.fixpoint else 1)
        assert set(store.quads(FACTS)) == sparing


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


def test_a_class_that_no_longer_contradicts_is_found(tmp_path: Path) -> None:
    """What an article calls a company is no technology for its parts; once no article does so, it is one."""
    store = writer(tmp_path)
    changed(store, "parts", (("componentOf", "a", "b", "Asserted"),))
    fact = Quad(thing("b"), RDF.type, AIG.Technology, FACTS)
    assert fact in set(store.quads(FACTS))
    calls: Article = (("is", "Company", "b", "B", "1"),)
    changed(store, "calls", calls)
    assert fact not in set(store.quads(FACTS))
    changed(store, "calls", ())
    assert fact in set(store.quads(FACTS))


def test_what_supports_itself_in_a_circle_goes(tmp_path: Path) -> None:
    store = writer(tmp_path)
    circle: Article = (("competesWith", "a", "b", "Asserted"), ("componentOf", "a", "b", "Asserted"))
    changed(store, "one", (*circle, ("componentOf", "b", "a", "Asserted")))
    changed(store, "one", ())
    assert facts(store) == set()


@pytest.mark.parametrize("seed", [1, 2])
def test_chains_and_circles_that_come_and_go_are_those_made_anew(seed: int, tmp_path: Path) -> None:
    """What two ways or a statement of its own hold together too, with two articles changed at a time."""
    chance = random.Random(seed)
    kept = writer(tmp_path)
    most = 0
    for _ in range(10):
        kept.follow(STEPS, limit=ALWAYS)
        for name in chance.sample("opqrs", 2):
            relations = (chance.choice(("successorOf", "successorOf", "componentOf", "descendsFrom")) for _ in range(4))
            rows = tuple((each, *chance.sample("abcdef", 2), "Asserted") for each in relations)
            kept.replace_graph(*quads(name, rows[: chance.randrange(5)]))
        kept.derive(STEPS)
        followed = kept.canonical_hash()
        most = max(most, len(facts(kept)))
        assert kept._content == kept.content()
        kept.derive(STEPS)
        assert kept.canonical_hash() == followed
        kept._content = kept.content()
    assert most > 60


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


def test_what_is_not_followed_is_counted_anew(tmp_path: Path) -> None:
    store = writer(tmp_path)
    changed(store, "one", (("develops", "a", "b", "Asserted"),))
    store.replace_graph(*quads("two", (("develops", "a", "b", "Asserted"),)))  # nobody follows
    assert not store._account.counted(grounds(store).name)
    store.derive(STEPS)
    assert set(stated(store).values()) == {2}, "making all anew counts too"
    changed(store, "one", ())
    assert ("a", "develops", "b") in facts(store)
    changed(store, "two", ())
    assert ("a", "develops", "b") not in facts(store)
    assert not stated(store)


def test_who_partners_alone_states_nothing(tmp_path: Path) -> None:
    store = writer(tmp_path)
    changed(store, "one", (("Collaboration", "partner", "partner", "a", "a", "Announced"),))
    assert not stated(store)
    assert not counted(store)


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


def test_what_is_entailed_never_makes_a_finding() -> None:
    """So findings that state a fact can be counted without a look at facts."""
    axioms = Store()
    axioms.extend(ONTOLOGY)
    texts = [text for step in STEPS if step.graph == FACTS for text in step.queries]
    found = [each for text in texts for each in instances(text, axioms)]
    made = {each.head[1:] for each in found if not each.star}
    for each in found:
        if each.star:
            for _, property_, value in each.premises:
                assert property_ not in {head for head, _ in made} - {RDF.type}
                assert (property_, value) not in made


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.target == "facts"], ids=lambda rule: rule.name)
def test_one_support_is_enough(rule: Rule) -> None:
    """Nothing but premises looks at what a support has beside its head, so whichever is found is as good as another."""
    axioms = Store()
    axioms.extend(ONTOLOGY)
    found = list(instances(rule.text, axioms))
    assert found
    rest = "\n".join(line for line in rule.text.splitlines() if not line.endswith("# premise"))
    for instance in found:
        head = {name for name in instance.head if isinstance(name, str)}
        names = {name for premise in instance.premises for name in premise if isinstance(name, str)}
        assert head <= names
        assert not [name for name in names - head if re.search(rf"\{name}\b", rest)]


def test_axioms_are_filled_in() -> None:
    axioms = Store()
    part, whole = AIG.componentOf, AIG.hasComponent
    axioms.add(Quad(part, RDFS.subPropertyOf, whole))
    text = (
        "CONSTRUCT { ?s ?q ?o } WHERE {\n  ?p rdfs:subPropertyOf ?q .\n  ?s ?p ?o .  # premise\n"
        "  ?s aig:status aig:Ended .  # premise\n}"
    )
    (instance,) = instances(text, axioms)
    assert instance.head == ("?s", whole, "?o")
    assert instance.premises == (("?s", part, "?o"), ("?s", AIG.status, AIG.Ended))


def test_each_group_has_its_own_premises() -> None:
    text = "CONSTRUCT { ?s a ?c } WHERE {\n {\n ?s a ?c .  # premise\n } UNION {\n ?s ?c ?d .  # premise\n }\n}"
    assert [instance.premises for instance in instances(text, Store())] == [
        (("?s", RDF.type, "?c"),),
        (("?s", "?c", "?d"),),
    ]


@pytest.mark.parametrize(
    "text",
    ["CONSTRUCT { ?a a ?b ; ?c ?d } WHERE {\n ?a ?c ?d .  # premise\n}", "CONSTRUCT { ?a ?b ?c } WHERE { ?a ?b ?c }"],
)
def test_a_query_of_another_shape_is_refused(text: str) -> None:
    with pytest.raises(DataError, match="one triple, and premises"):
        list(instances(text, Store()))


@given(st.lists(st.tuples(NAMES, st.sampled_from(["uses", "founded"]), NAMES), max_size=12), st.data())
def test_supports_are_those_of_a_join(rows: list[tuple[str, str, str]], data: st.DataObject) -> None:
    """Whatever is looked up first, every support of two linked premises is found from each of its triples."""
    store = Store()
    triples = [Triple(thing(one), AIG[name], thing(two)) for one, name, two in rows]
    store.extend(Quad(t.subject, t.predicate, t.object, FACTS) for t in triples)
    text = "CONSTRUCT { ?a aig:develops ?c } WHERE {\n ?a aig:uses ?b .  # premise\n ?b aig:founded ?c .  # premise\n}"
    premises = Premises([text], Store())
    heads = {(a, d) for a, p, b in rows for c, q, d in rows if (p, q) == ("uses", "founded") and b == c}
    found = {support.head for t in triples for support in premises.following([t], store)}
    assert found == {Triple(thing(a), AIG.develops, thing(d)) for a, d in heads}
    wanted = Triple(thing(data.draw(NAMES)), AIG.develops, thing(data.draw(NAMES)))
    assert bool(list(premises.supporting(wanted, store))) == (wanted in found)


# --- in proportion to the change ----------------------------------------------------------------------------


class Counting:
    """A store that counts what is read from it and written to it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.read = self.written = 0
        self.removed: list[Quad] = []

    def __contains__(self, quad: Quad) -> bool:
        self.read += 1
        return quad in self._store

    def quads_for_pattern(self, *pattern: NamedNode | None) -> Iterator[Quad]:
        self.read += 1
        for quad in self._store.quads_for_pattern(*pattern):
            self.read += 1
            yield quad

    def query(self, *asked: Any, **options: Any) -> Any:
        self.read += 1
        return self._store.query(*asked, **options)

    def extend(self, quads: Iterable[Quad]) -> None:
        new = list(quads)
        self.written += len(new)
        self._store.extend(new)

    def remove(self, quad: Quad) -> None:
        self.written += 1
        self.removed.append(quad)
        self._store.remove(quad)


STORY: Article = (
    *CHAIN,
    ("develops", "e", "b", "Asserted"),
    ("Acquisition", "acquirer", "target", "d", "e", "Completed"),
    ("is", "Company", "e", "E", "1"),
)


def effort(folder: Path, others: int, rows: Article) -> tuple[int, int]:
    """What is read and written when an article goes and comes back, among others about other things."""
    kept = writer(folder)
    for number in range(others):
        more = [tuple(f"{part}{number}" if part in "abcde" else part for part in row) for row in STORY]
        kept.replace_graph(*quads(f"other-{number}", tuple(more)))
        kept.replace_graph(*quads(f"same-{number}", rows))
    kept.replace_graph(*quads("one", STORY))
    kept.derive(STEPS)
    counting = Counting(kept._store)
    for part in ((), STORY):
        upkeep = Upkeep(
            cast(Store, counting), STEPS, axioms=IRIS.graph("ontology"), limit=ALWAYS, account=kept._account
        )
        graph, now = quads("one", part)
        old = set(kept.quads(graph))
        upkeep.before(old - set(now), set(now) - old)
        kept._store.remove_graph(graph)
        kept._store.extend(now)
        assert upkeep.finish(Content())
    return counting.read, counting.written


def test_a_class_that_a_known_one_gives_stays(tmp_path: Path) -> None:
    """A chip is a technology, whatever article goes that names its parts; what nobody calls a chip is one no more."""
    kept = writer(tmp_path)
    kept.replace_graph(*quads("calls", (("is", "Chip", "a", "A", "1"),)))
    graph, article = quads("part", (("componentOf", "a", "b", "Asserted"),))
    kept.replace_graph(graph, article)
    kept.derive(STEPS)
    counting = Counting(kept._store)
    upkeep = Upkeep(cast(Store, counting), STEPS, axioms=IRIS.graph("ontology"), limit=ALWAYS, account=kept._account)
    upkeep.before(set(article), set())
    kept._store.remove_graph(graph)
    assert upkeep.finish(Content())
    declassed = {quad.subject for quad in counting.removed if quad.predicate == RDF.type}
    assert thing("b") in declassed
    assert thing("a") not in declassed
    assert Quad(thing("a"), RDF.type, AIG.Technology, FACTS) in kept._store


def test_a_change_with_too_many_consequences_is_left_to_making_anew(tmp_path: Path) -> None:
    """One statement holds two chains together: more facts follow from it than it has quads."""
    kept = writer(tmp_path)
    link: Article = (("componentOf", "d", "e", "Asserted"),)
    ends = [("componentOf", one, two, "Asserted") for one, two in ("ab", "bc", "cd", "ef", "fg", "gh")]
    kept.replace_graph(*quads("ends", tuple(ends)))
    kept.replace_graph(*quads("link", link))
    kept.derive(STEPS)
    graph, removed = quads("link", link)
    upkeep = Upkeep(kept._store, STEPS, axioms=IRIS.graph("ontology"), limit=len(removed), account=kept._account)
    upkeep.before(set(removed), set())
    assert upkeep.large
    kept.follow(STEPS, limit=len(removed))
    kept.remove_graph(graph)
    kept.derive(STEPS)
    assert facts(kept) >= {("a", "componentOf", "d"), ("e", "componentOf", "h")}
    assert ("a", "componentOf", "h") not in facts(kept)


def test_effort_does_not_grow_with_the_store(tmp_path: Path) -> None:
    assert effort(tmp_path, 5, ()) == effort(tmp_path, 40, ())


def test_quads_copied_do_not_grow_with_the_mentions_of_a_thing(tmp_path: Path) -> None:
    """They are added up by one question, whose own reading is not counted here."""
    mentions: Article = (("is", "Chip", "a", "A", "1"), ("is", "Company", "e", "E", "1"))
    assert effort(tmp_path, 5, mentions) == effort(tmp_path, 40, mentions)


def test_mentions_have_what_adding_up_needs(seeds_store: Path) -> None:
    """One class, one form, one number: else a sum for each class and form would not give the sums of the rules."""
    with open_latest(seeds_store) as reader:
        rows = reader.select(
            "SELECT ?mention { ?mention aig:mentionOf ?thing OPTIONAL { ?mention aig:mentionedAs ?class ; "
            "aig:form ?form ; aig:occurrences ?number } } GROUP BY ?mention HAVING (COUNT(?number) != 1)"
        )
        assert not list(rows)
