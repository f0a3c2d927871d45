"""Why the graph says so, and why not: findings, propositions, inferred triples, absent ones."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, Store

from aigraph.cli import terminal
from aigraph.errors import ParameterError
from aigraph.explanations import Explanation, Row, Select, explain, explain_identity, explain_node
from aigraph.ontology import load_ontology
from aigraph.pipeline import derivations
from aigraph.propositions import PropositionGraph
from aigraph.reasoning import derivation_rules
from aigraph.store import Writer
from aigraph.vocab import AIG, DEFAULT_BASE, RDF, RDFS, prefixes
from sayings import IRIS, Deal, Relation, Story, quads, thing
from together import small_collection


def selecting(store: Store) -> Select:
    def select(text: str) -> Iterable[Row]:
        found = store.query(text, prefixes=prefixes(), use_default_graph_as_union=True)
        assert isinstance(found, QuerySolutions)
        names = [variable.value for variable in found.variables]
        return [{name: row[name] for name in names} for row in found]

    return select


@pytest.fixture(scope="module")
def together() -> Select:
    return selecting(small_collection())


def shown(select: Select, name: str, as_of: str | None = None) -> str:
    return terminal.together(explain_node(select, name, base=DEFAULT_BASE, as_of=as_of), prefixes(), as_of)


def proposition(select: Select, label: str) -> str:
    (row,) = select(f'SELECT ?p {{ ?p a aig:Proposition ; rdfs:label ?l FILTER(STRSTARTS(?l, "{label}")) }}')
    assert isinstance(row["p"], NamedNode)
    return row["p"].value


def test_a_proposition_shows_its_sources_and_its_sum(together: Select) -> None:
    text = shown(together, proposition(together, "order backlog of Nvidia"))
    assert text.startswith("order backlog of Nvidia: $1 trillion\n")
    assert "“Huang spoke of a backlog of $1 trillion through 2027.”" in text
    assert "sources    3, of which 2 independent" in text
    assert "as one   copy and wire: nearly the same text" in text
    assert "belief     1 - (1 - 0.8 × 0.900) × (1 - 0.8 × 0.810) = 0.901" in text
    assert "0.810    confidence 0.90 × modality 1 × claimant 0.9  (column)" in text


def test_a_conflict_shows_both_its_sides(together: Select) -> None:
    share = proposition(together, "market share of Nvidia: 80% (2026)")
    (row,) = together(f"SELECT ?c {{ ?c a aig:Conflict ; aig:between <{share}> }}")
    assert isinstance(row["c"], NamedNode)
    sides = explain_node(together, row["c"].value, base=DEFAULT_BASE)
    assert {each.label for each in sides} == {
        "market share of Nvidia: 80% (2026)",
        "market share of Nvidia: 60% (2026)",
    }


def test_as_of_a_day_nothing_later_is_told(together: Select) -> None:
    """The share of 60 % came on March 18, and the new guidance in June."""
    share = proposition(together, "market share of Nvidia: 80% (2026)")
    guidance = proposition(together, "revenue forecast of Nvidia: $200 billion")

    def told(name: str, day: str | None) -> tuple[list[str], int]:
        (one,) = explain_node(together, name, base=DEFAULT_BASE, as_of=day)
        return [each.label for each in one.opposites if each.kind], len(one.updates)

    assert told(share, None) == (["market share of Nvidia: 60% (2026)"], 0)
    assert told(share, "2026-03-10") == ([], 0)
    assert [told(guidance, day)[1] for day in (None, "2026-06-01", "2026-05-31")] == [1, 1, 0]


def test_before_the_first_day_nobody_says_so(together: Select) -> None:
    share = proposition(together, "market share of Nvidia: 80% (2026)")
    text = shown(together, share, "2026-01-01")
    assert "  Nothing that is dated and was published by 2026-01-01 says so.\n" in text
    assert "belief" not in text
    assert "says so." not in shown(together, share, "2026-03-01")
    (one,) = explain_node(together, share, base=DEFAULT_BASE, as_of="2026-01-01")
    assert one.belief.arithmetic() == "0, for nobody says so"


def test_a_conflict_tells_what_the_other_says(together: Select) -> None:
    text = shown(together, proposition(together, "market share of Nvidia: 80% (2026)"))
    assert "  conflict   figures: 60% and 80% for 2026 exclude each other: market share of Nvidia." in text
    assert "    other    market share of Nvidia: 60% (2026)\n    with     res:proposition/" in text


def test_a_triple_as_of_a_day_says_by_when(derived: Select) -> None:
    ends = [f"<{thing(name).value}>" for name in ("nvidia", "chip/x")]
    told = {}
    for day in ("2025-12-31", "2026-01-01", None):
        (found,) = explain(derived, ends[0], "develops", ends[1], base=DEFAULT_BASE, as_of=day)
        told[day] = terminal.explanation(found, prefixes(), day)
    assert "  Nothing that is dated and was published by 2025-12-31 says so.\n" in told["2025-12-31"]
    assert "“Nvidia makes the X.”" in told["2026-01-01"]
    assert told[None] == told["2026-01-01"]


def test_a_finding_is_explained_by_its_proposition(together: Select) -> None:
    backlog = proposition(together, "order backlog of Nvidia")
    (whole,) = explain_node(together, backlog, base=DEFAULT_BASE)
    for source in whole.sources:
        assert explain_node(together, source.finding.value, base=DEFAULT_BASE) == (whole,)


def test_as_of_a_day_later_sources_do_not_count(together: Select) -> None:
    text = shown(together, proposition(together, "order backlog of Nvidia"), as_of="2026-03-10")
    assert "sources    2, of which 1 independent" in text
    assert "Huang" not in text


def test_a_finding_leads_to_its_propositions_conflicts_and_updates(together: Select) -> None:
    rows = together("SELECT ?f { ?f aig:claimant ?c ; aig:polarity aig:Negated }")
    (denial,) = [row["f"] for row in rows]
    assert isinstance(denial, NamedNode)
    text = shown(together, denial.value)
    assert "conflict   polarity: One says that it is so, the other that it is not" in text
    updated = shown(together, proposition(together, "revenue forecast of Nvidia: $220 billion"))
    assert "supersedes" in updated


def test_what_is_no_proposition_is_refused(together: Select) -> None:
    for name in ("Nvidia", "res:company/nvidia", "res:proposition/0"):
        with pytest.raises(ParameterError):
            explain_node(together, name, base=DEFAULT_BASE)


@pytest.fixture(scope="module")
def derived(tmp_path_factory: pytest.TempPathFactory) -> Select:
    """A store with facts and what follows from them."""
    story = Story(
        "one",
        (
            Relation("nvidia", "develops", "chip/x", sentence="Nvidia makes the X."),
            Relation("chip/x", "componentOf", "system/rack", sentence="The X is in the Rack."),
            Relation("system/rack", "componentOf", "system/hall", sentence="The Rack is in the Hall."),
            Relation("nvidia", "competesWith", "upstart", sentence="Nvidia is challenged by Upstart."),
            Relation("amd", "develops", "chip/y", polarity="Negated", sentence="AMD does not make the Y."),
            Relation("amd", "develops", "chip/z", modality="Reported", sentence="AMD is said to make the Z."),
            Deal("Acquisition", "acquirer=amd target=nvidia", "Ended", sentence="AMD gave up its bid for Nvidia."),
        ),
        issued="2026-01-01",
    )
    store = Store()
    store.extend(load_ontology().quads(IRIS.graph("ontology")))
    store.extend(quads(story))
    entities = IRIS.graph("entities")
    for name, cls in {"nvidia": "Company", "amd": "Company", "chip/x": "Chip", "place/delft": "Place"}.items():
        store.add(Quad(thing(name), RDF.type, AIG[cls], entities))
        store.add(Quad(thing(name), RDFS.label, Literal(name.rsplit("/", 1)[-1].upper()), entities))
    writer = Writer(tmp_path_factory.mktemp("derived"), store, IRIS.base)
    facts = [step for step in derivations(derivation_rules(), IRIS) if step.graph == IRIS.graph("facts")]
    writer.derive(facts, PropositionGraph(IRIS))
    return selecting(store)


def triple(select: Select, subject: str, predicate: str, object_: str) -> tuple[Explanation, str]:
    ends = [f"<{thing(name).value}>" for name in (subject, object_)]
    (found,) = explain(select, ends[0], predicate, ends[1], base=DEFAULT_BASE)
    return found, terminal.explanation(found, prefixes())


def test_an_inferred_fact_is_traced_to_what_is_stated(derived: Select) -> None:
    found, text = triple(derived, "chip/x", "developedBy", "nvidia")
    assert found.held
    assert [step.rule for step in found.steps] == ["entailed-inverse"]
    assert "follows by entailed-inverse: develops is the inverse of developedBy" in text
    assert "from     res:company/nvidia  aig:develops  res:chip/x" in text


def test_a_chain_of_axioms_is_followed_to_its_end(derived: Select) -> None:
    found, text = triple(derived, "system/hall", "hasComponent", "chip/x")
    assert found.held
    assert {step.rule for step in found.steps} == {"entailed-inverse", "entailed-transitive"}
    assert "from     res:chip/x  aig:componentOf  res:system/rack" in text


def test_a_class_that_a_restriction_gives_is_traced(derived: Select) -> None:
    """Nothing names a type of Upstart: it is a rival of a company."""
    (found,) = explain(derived, f"<{thing('upstart').value}>", "a", "aig:Company", base=DEFAULT_BASE)
    assert found.held
    (step, *_) = found.steps
    assert (step.rule, step.axiom) == ("entailed-restrictions", "what a Company competesWith is a Company")
    assert step.premises == (
        (thing("nvidia"), AIG.competesWith, thing("upstart")),
        (thing("nvidia"), RDF.type, AIG.Company),
    )


def test_a_role_that_an_axiom_gives_is_traced(derived: Select) -> None:
    (found,) = explain(derived, "NVIDIA", "businessRole", "aig:ChipDeveloperRole", base=DEFAULT_BASE)
    text = terminal.explanation(found, prefixes())
    assert "follows by entailed-values: who develops a Chip has the businessRole ChipDeveloperRole" in text
    assert "from     res:company/nvidia  aig:develops  res:chip/x" in text


def test_every_fact_has_a_source_or_follows_from_something(derived: Select) -> None:
    """Each rule that infers has its explanation: none is left without."""
    rows = list(derived(f"SELECT ?s ?p ?o {{ GRAPH {IRIS.graph('facts')} {{ ?s ?p ?o }} }}"))
    assert len(rows) > 20
    for row in rows:
        parts = [str(row[name]) for name in "spo"]
        (found,) = explain(derived, parts[0], parts[1], parts[2], base=DEFAULT_BASE)
        assert found.steps or any(source.supports for source in found.sources), parts


def test_a_stated_fact_is_not_traced(derived: Select) -> None:
    found, _ = triple(derived, "nvidia", "develops", "chip/x")
    assert found.held
    assert found.steps == ()


@pytest.mark.parametrize(
    ("subject", "predicate", "object_", "reason"),
    [
        ("amd", "develops", "chip/y", "no fact    it is denied"),
        ("amd", "develops", "chip/z", "no fact    it is a rumour"),
        ("amd", "acquired", "nvidia", "no fact    the deal is ended"),
        ("chip/x", "develops", "nvidia", "Nearest to it:\n\n  “Nvidia makes the X.”"),
        ("nvidia", "develops", "chip/other", "Nearest to it:\n\n  “Nvidia makes the X.”"),
        ("place/delft", "develops", "chip/x", "the ontology refuses it: develops is for"),
    ],
)
def test_why_not(derived: Select, subject: str, predicate: str, object_: str, reason: str) -> None:
    found, text = triple(derived, subject, predicate, object_)
    assert not found.held
    assert reason in text


def test_as_of_a_day_before_the_article_nobody_said_so(derived: Select) -> None:
    (found,) = explain(
        derived, "NVIDIA", "develops", f"<{thing('chip/x').value}>", base=DEFAULT_BASE, as_of="2025-12-31"
    )
    assert found.sources == ()


def test_what_a_thing_may_be_besides(together: Select) -> None:
    (found,) = explain_identity(together, "res:company/halden", base=DEFAULT_BASE)
    assert (found.name, found.other_name, found.degree) == ("Halden", "Halden Labs", 0.91)
    (turned,) = explain_identity(together, found.other.value, base=DEFAULT_BASE)
    assert (turned.name, turned.other_name, turned.reasons) == ("Halden Labs", "Halden", found.reasons)
    (row,) = together("SELECT ?link { ?link a aig:PossibleIdentity }")
    assert isinstance(row["link"], NamedNode)
    assert explain_identity(together, row["link"].value, base=DEFAULT_BASE) == (found,)
    assert terminal.identities([found], prefixes()) == (
        "Halden may be Halden Labs\n  res:company/halden\n  res:company/halden-labs\n\n"
        "  degree     0.91\n  because    An article calls Halden Labs “Halden”.\n"
        "  because    Halden and Halden Labs develop Kestrel.\n"
    )


@pytest.mark.parametrize("name", ["res:company/nvidia", "res:company/nobody", "Halden"])
def test_what_is_nothing_besides(name: str, together: Select) -> None:
    assert explain_identity(together, name, base=DEFAULT_BASE) == ()
