"""The ontology as data (every term named, explained and placed) and as code reads it."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from aigraph import resources
from aigraph.declared import declared as declared_names
from aigraph.errors import DataError
from aigraph.ontology import Ontology, load_ontology
from aigraph.records import (
    BODY,
    HARDWARE,
    TECHNOLOGY,
    Comparator,
    EntityType,
    Modality,
    PartnershipKind,
    Polarity,
    Status,
)
from aigraph.vocab import AIG, OWL, QUDT, RDF, RDFS, SKOS, UNIT, XSD, Iris

GRAPH = Iris().graph("ontology")
PROPERTY_KINDS = {NamedNode(OWL.iri + kind) for kind in ("ObjectProperty", "DatatypeProperty", "AnnotationProperty")}
INDIVIDUAL = NamedNode(OWL.iri + "NamedIndividual")


@pytest.fixture(scope="module")
def ontology() -> Ontology:
    return load_ontology()


@pytest.fixture(scope="module")
def quads(ontology: Ontology) -> tuple[Quad, ...]:
    return ontology.quads(GRAPH)


def declared(quads: tuple[Quad, ...], *kinds: NamedNode) -> set[NamedNode]:
    """The terms of ours that are declared to be of one of some kinds."""
    return {
        quad.subject
        for quad in quads
        if quad.predicate == RDF.type
        and quad.object in kinds
        and isinstance(quad.subject, NamedNode)
        and quad.subject.value.startswith(AIG.iri)
    }


def values(quads: tuple[Quad, ...], term: NamedNode, predicate: NamedNode) -> list[str]:
    """The texts that a term has under a predicate."""
    objects = [quad.object for quad in quads if quad.subject == term and quad.predicate == predicate]
    return [value.value for value in objects if isinstance(value, Literal)]


# --- the files ----------------------------------------------------------------------------------------------


def test_every_class_property_and_individual_has_one_name_and_one_definition(quads: tuple[Quad, ...]) -> None:
    terms = declared(quads, OWL.Class, INDIVIDUAL, *PROPERTY_KINDS)
    assert len(terms) > 200
    for term in terms:
        names = values(quads, term, RDFS.label) + values(quads, term, SKOS.prefLabel)
        assert len(names) == 1, f"{term} has the names {names}"
        definitions = values(quads, term, SKOS.definition)
        assert len(definitions) == 1, f"{term} has {len(definitions)} definitions"
        assert definitions[0].endswith("."), f"the definition of {term} is no sentence"


def test_every_term_has_an_example(quads: tuple[Quad, ...]) -> None:
    example = NamedNode(SKOS.iri + "example")
    having = {quad.subject for quad in quads if quad.predicate == example}
    assert declared(quads, OWL.Class, INDIVIDUAL, *PROPERTY_KINDS) - having == set()


def test_a_deprecated_term_is_no_longer_used_by_code_and_names_its_successor(quads: tuple[Quad, ...]) -> None:
    deprecated = {quad.subject for quad in quads if quad.predicate.value == OWL.iri + "deprecated"}
    replaced = {quad.subject for quad in quads if quad.predicate.value.endswith("isReplacedBy")}
    assert deprecated & set(AIG) == set()
    assert replaced <= deprecated


def test_classes_of_entities_are_above_below_or_beside_one_another(ontology: Ontology, quads: tuple[Quad, ...]) -> None:
    """The rules on domains and ranges take a class that is neither above nor below a known one for a contradiction."""
    entities = [each.iri for each in ontology.classes if ontology.is_a(each.iri, AIG.Entity)]
    first = {q.subject: q.object for q in quads if q.predicate == RDF.first}
    rest = {q.subject: q.object for q in quads if q.predicate == RDF.rest}
    apart: list[set[object]] = []
    for quad in quads:
        if quad.predicate.value == OWL.iri + "members":
            members: set[object] = set()
            head = quad.object
            while isinstance(head, BlankNode):
                members.add(first[head])
                head = rest[head]
            apart.append(members)

    def disjoint(one: NamedNode, other: NamedNode) -> bool:
        ups = [set(ontology.superclasses(each)) for each in (one, other)]
        return any((m & ups[0]) - ups[1] and (m & ups[1]) - ups[0] for m in apart)

    for one in entities:
        for other in entities:
            if not ontology.is_a(one, other) and not ontology.is_a(other, one) and one != other:
                known = {one, other} & {AIG.Agent}  # a union of two classes that are each disjoint with the others
                assert disjoint(one, other) or known, f"{one} {other}"


def test_every_property_has_a_domain_and_a_range(quads: tuple[Quad, ...]) -> None:
    for predicate in (RDFS.domain, RDFS.range):
        having = {quad.subject for quad in quads if quad.predicate == predicate}
        assert declared(quads, *PROPERTY_KINDS) - having == set()


def test_no_term_is_of_two_kinds(quads: tuple[Quad, ...]) -> None:
    kinds = Counter(
        quad.subject
        for quad in quads
        if quad.predicate == RDF.type and quad.object in {OWL.Class, INDIVIDUAL, *PROPERTY_KINDS}
    )
    assert [term for term, count in kinds.items() if count > 1] == []


def test_the_vocabulary_of_the_code_is_the_ontology(ontology: Ontology, quads: tuple[Quad, ...]) -> None:
    listed = {each.iri for each in ontology.metrics} | {each.iri for each in ontology.topics}
    everything = declared(quads, OWL.Class, INDIVIDUAL, *PROPERTY_KINDS)
    listed |= declared(quads, AIG.BusinessRole)
    assert set(AIG) == everything - listed, "a term needs rdfs:isDefinedBy, a concept skos:inScheme"


def test_the_enumerations_are_those_of_the_records(quads: tuple[Quad, ...]) -> None:
    for records, cls in (
        (Modality, AIG.Modality),
        (Polarity, AIG.Polarity),
        (Status, AIG.Status),
        (Comparator, AIG.Comparator),
    ):
        assert declared(quads, cls) == {AIG[member.value] for member in records}


def test_no_datatype_that_owl_reasoners_lack(quads: tuple[Quad, ...]) -> None:
    assert [quad for quad in quads if quad.object in {XSD.date, XSD.gYear}] == []


def test_every_unit_of_the_vocabulary_is_declared_with_a_name(quads: tuple[Quad, ...]) -> None:
    units = {quad.subject for quad in quads if quad.predicate == RDF.type and quad.object == QUDT.Unit}
    assert units == {*UNIT, AIG.Times, AIG.TokenPerSecond, AIG.FlopsPerWatt}
    assert all(values(quads, unit, RDFS.label) for unit in units if isinstance(unit, NamedNode))


# --- metrics and topics -------------------------------------------------------------------------------------


def test_a_wording_belongs_to_one_metric_and_one_topic(ontology: Ontology) -> None:
    metrics = [w for each in ontology.metrics for w in (each.label, *each.alternatives)]
    topics = [w for each in ontology.topics for w in (each.label, *each.alternatives)]
    for wordings in (Counter(map(str.casefold, metrics)), Counter(map(str.casefold, topics))):
        assert [wording for wording, count in wordings.items() if count > 1] == []


def test_every_concept_hangs_in_its_scheme(ontology: Ontology, quads: tuple[Quad, ...]) -> None:
    metrics = {each.iri: each.broader for each in ontology.metrics}
    topics = {each.iri: each.broader for each in ontology.topics}
    for broader, scheme in ((metrics, AIG.MetricScheme), (topics, AIG.TopicScheme)):
        assert set(broader) == {q.subject for q in quads if q.predicate == SKOS.inScheme and q.object == scheme}
        for concept, above in broader.items():
            seen = {concept}
            while above is not None:
                assert above in broader, f"{above}, above {concept}, is of another scheme"
                assert above not in seen, f"{concept} is broader than itself"
                seen.add(above)
                above = broader[above]  # noqa: PLW2901 - climbing is the point


def test_metrics_are_usually_given_in_declared_units(ontology: Ontology) -> None:
    known = {*UNIT, AIG.Times, AIG.TokenPerSecond, AIG.FlopsPerWatt}
    assert {each.usual_unit for each in ontology.metrics} - known == {None}


def test_a_listed_metric_is_read_with_all_its_wordings(ontology: Ontology) -> None:
    backlog = next(each for each in ontology.metrics if each.label == "order backlog")
    assert backlog.iri == NamedNode(AIG.iri + "OrderBacklog")
    assert {"backlog", "orders", "order book", "order pipeline"} <= set(backlog.alternatives)
    assert backlog.usual_unit == UNIT.CCY_USD
    topics = {each.label for each in ontology.topics}
    assert {"AI chip market", "AI inference", "AI training", "data centers", "HBM market", "sovereign AI"} <= topics


# --- classes and relations ----------------------------------------------------------------------------------


def test_superclasses_begin_with_the_class_itself(ontology: Ontology) -> None:
    assert ontology.superclasses(AIG.Statement) == (AIG.Statement, AIG.Claim, AIG.Finding)
    assert ontology.superclasses(AIG.Company) == (AIG.Company, AIG.Organization, AIG.Agent, AIG.Entity)
    for kind in PartnershipKind:
        assert ontology.superclasses(AIG[kind]) == (AIG[kind], AIG.Partnership, AIG.Finding)


def test_the_types_of_entities_are_the_classes_of_the_ontology(ontology: Ontology) -> None:
    """Nobody can name a thing of a class that no rule sees: a new technology would get no facts, without a word."""
    entities = {each.iri for each in ontology.classes if ontology.is_a(each.iri, AIG.Entity)}
    assert {AIG[each] for each in EntityType} == entities - {AIG.Entity, AIG.Agent, AIG.Technology, AIG.Workload}
    for ancestor, kinds in ((AIG.Technology, TECHNOLOGY), (AIG.Organization, BODY)):
        assert {AIG[each] for each in kinds} == {AIG[each] for each in EntityType if ontology.is_a(AIG[each], ancestor)}
    assert HARDWARE | {EntityType.SOFTWARE, EntityType.AI_MODEL} == TECHNOLOGY
    assert set(EntityType) >= SAMPLE


SAMPLE = {
    "Company",
    "Organization",
    "Person",
    "Chip",
    "Architecture",
    "System",
    "Software",
    "AIModel",
    "Event",
    "Place",
}
"""The types of the data contract."""


def test_a_new_class_is_a_type_of_entities(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    core = copy / "core.ttl"
    robot = "aig:Robot a owl:Class ; rdfs:isDefinedBy aig: ; rdfs:subClassOf aig:Technology .\n"
    core.write_text(core.read_text(encoding="utf-8") + robot, encoding="utf-8")
    monkeypatch.setattr(resources, "folder", lambda name: copy)
    found = declared_names.__wrapped__()
    assert set(found.entity_types()) == {*EntityType, "Robot"}
    assert found.is_below("Robot", "Technology")
    assert not found.is_below("Robot", "Organization")
    assert "Robot" in found.terms


def test_superclasses_of_what_is_no_class(ontology: Ontology) -> None:
    with pytest.raises(DataError, match="develops is no class"):
        ontology.superclasses(AIG.develops)


def test_the_relations_of_the_contract_are_there(ontology: Ontology) -> None:
    names = (
        "competesWith componentOf develops founded locatedIn manufactures optimizedFor successorOf uses "
        "usesArchitecture worksFor"
    )
    assert {AIG.local(each.iri) for each in ontology.relations} >= set(names.split())
    assert "competes with" in [each.label for each in ontology.relations if each.symmetric]


@pytest.mark.parametrize(
    ("predicate", "subject", "value"),
    [
        ("develops", "Company", "Chip"),
        ("develops", "Organization", "AIModel"),
        ("manufactures", "Company", "Architecture"),
        ("usesArchitecture", "System", "Architecture"),
        ("componentOf", "Chip", "System"),
        ("successorOf", "Software", "Software"),
        ("uses", "Organization", "System"),
        ("competesWith", "Company", "Company"),
        ("competesWith", "System", "Chip"),
        ("worksFor", "Person", "Company"),
        ("founded", "Person", "Organization"),
        ("optimizedFor", "Chip", "Workload"),
        ("locatedIn", "Event", "Place"),
    ],
)
def test_allowed(ontology: Ontology, predicate: str, subject: str, value: str) -> None:
    assert ontology.allows(AIG[predicate], AIG[subject], AIG[value]) is None


@pytest.mark.parametrize(
    ("predicate", "subject", "value", "reason"),
    [
        ("develops", "Person", "Chip", "'develops' needs as its subject: organization; got: person"),
        ("develops", "Company", "Company", "'develops' needs as its object: technology; got: company"),
        ("manufactures", "Organization", "Chip", "subject: company; got: organization"),
        ("manufactures", "Company", "Software", "object: architecture or chip; got: software"),
        ("usesArchitecture", "Software", "Architecture", "subject: chip or system; got: software"),
        ("competesWith", "Company", "Chip", "links company to company alone; got: chip"),
        ("competesWith", "Chip", "Company", "links technology to technology alone; got: company"),
        ("competesWith", "Organization", "Company", "subject: company or technology; got: organization"),
        ("worksFor", "Company", "Company", "subject: person"),
        ("locatedIn", "Person", "Place", "subject: event or organization or system; got: person"),
        ("acquired", "Company", "Company", "acquired is no relation of the ontology"),
    ],
)
def test_refused(ontology: Ontology, predicate: str, subject: str, value: str, reason: str) -> None:
    refusal = ontology.allows(AIG[predicate], AIG[subject], AIG[value])
    assert refusal is not None
    assert reason in refusal


# --- the graph of the ontology, versions, errors ------------------------------------------------------------


def test_the_quads_are_the_same_on_every_load(quads: tuple[Quad, ...]) -> None:
    assert load_ontology().quads(GRAPH) == quads
    assert list(quads) == sorted(quads, key=str)
    assert len(set(quads)) == len(quads)
    assert {quad.graph_name for quad in quads} == {GRAPH}
    assert any(isinstance(quad.subject, BlankNode) for quad in quads)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(resources.folder("ontology"), tmp_path / "ontology"))


def test_the_version_follows_the_content(ontology: Ontology, copy: Path) -> None:
    assert load_ontology(copy).version == ontology.version
    rule = copy / "rules" / "facts-direct.rq"
    rule.write_text(rule.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert load_ontology(copy).version != ontology.version


def test_a_folder_without_an_ontology(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no Turtle file"):
        load_ontology(tmp_path)


def test_a_malformed_file_is_named(copy: Path) -> None:
    (copy / "zzz.ttl").write_text("aig:Chip a", encoding="utf-8")
    with pytest.raises(DataError, match=r"zzz\.ttl is no valid Turtle"):
        load_ontology(copy)


def test_a_class_without_a_definition_is_named(copy: Path) -> None:
    prefixes = f"@prefix aig: <{AIG.iri}> . @prefix owl: <{OWL.iri}> . @prefix rdfs: <{RDFS.iri}> ."
    (copy / "more.ttl").write_text(f'{prefixes} aig:Gizmo a owl:Class ; rdfs:label "robot"@en .', encoding="utf-8")
    with pytest.raises(DataError, match=r"#Gizmo has 0 values of .*definition"):
        load_ontology(copy)


def test_a_relation_without_a_domain_is_named(copy: Path) -> None:
    core = copy / "core.ttl"
    text = core.read_text(encoding="utf-8")
    start = text.index("aig:develops a owl:ObjectProperty")
    core.write_text(text[:start] + text[start:].replace("rdfs:domain aig:Organization ;", "", 1), encoding="utf-8")
    with pytest.raises(DataError, match=r"#develops has no .*domain"):
        load_ontology(copy)
