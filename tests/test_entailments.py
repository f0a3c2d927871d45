"""What the derived graph holds is what HermiT entails; and what must not be is inconsistent."""

from __future__ import annotations

import time
from collections.abc import Iterable
from functools import cache
from typing import TypeGuard

import pytest
from pyoxigraph import NamedNode, Quad, QueryTriples, RdfFormat, Store, Triple, parse

import owlapi
from aigraph.ontology import load_ontology
from aigraph.reasoning import derivation_rules
from aigraph.vocab import AIG, OWL, RDF, RDFS, Iris, prefixes

pytestmark = pytest.mark.needs_java

IRIS = Iris("https://example.org/")
PREFIXES = "@prefix ex: <https://example.org/> .\n" + "".join(
    f"@prefix {name}: <{iri}> .\n" for name, iri in prefixes(IRIS.base).items()
)

ABOX = """
# entities as the graph of entities has them: one class each
ex:acme a aig:Company . ex:beta a aig:Company . ex:gamma a aig:Company . ex:foundry a aig:Company .
ex:lab a aig:Organization . ex:ann a aig:Person . ex:bob a aig:Person . ex:city a aig:Place . ex:fair a aig:Event .
ex:c1 a aig:Chip . ex:c2 a aig:Chip . ex:c3 a aig:Chip . ex:c4 a aig:Chip . ex:arch a aig:Architecture .
ex:board a aig:System . ex:rack a aig:System . ex:hall a aig:System . ex:code a aig:Software . ex:model a aig:AIModel .

# relations: symmetry, inverses, transitivity, the chain
ex:acme aig:develops ex:c1 , ex:c2 ; aig:competesWith ex:beta . ex:beta aig:develops ex:arch , ex:model .
ex:c1 aig:competesWith ex:code . ex:gamma aig:uses ex:c1 . ex:foundry aig:manufactures ex:c1 .
ex:c2 aig:successorOf ex:c1 . ex:c3 aig:successorOf ex:c2 . ex:c4 aig:successorOf ex:c3 .
ex:c1 aig:componentOf ex:board . ex:board aig:componentOf ex:rack . ex:rack aig:componentOf ex:hall .
ex:c1 aig:usesArchitecture ex:arch ; aig:optimizedFor aig:Training .
ex:ann aig:worksFor ex:acme ; aig:founded ex:gamma . ex:lab aig:locatedIn ex:city . ex:fair aig:locatedIn ex:city .

# shortcuts of deals, and a deal with its roles
ex:acme aig:acquired ex:gamma ; aig:suppliesTo ex:beta ; aig:partnerOf ex:lab . ex:bob aig:investsIn ex:acme .
ex:beta aig:licensesFrom ex:acme .
ex:deal a aig:SupplyAgreement , aig:Partnership , aig:Finding ; aig:supplier ex:acme ; aig:customer ex:beta ;
  aig:status aig:Ended .

# things that no rule for entities has typed: domains, ranges and restrictions say what they are
ex:newcomer aig:develops ex:gadget . ex:delta aig:manufactures ex:c3 . ex:ann aig:worksFor ex:epsilon .
ex:zeta a aig:Organization . ex:acme aig:competesWith ex:zeta .
"""


def triples(turtle: str) -> list[Triple]:
    return [quad.triple for quad in parse(PREFIXES + turtle, format=RdfFormat.TURTLE)]


@cache
def ontology() -> tuple[Triple, ...]:
    return tuple(owlapi.shipped())


def declared(abox: list[Triple]) -> list[Triple]:
    """The data with a declaration of each of its things as an individual, which OWL 2 DL wants."""
    things = {each for triple in abox for each in (triple.subject, triple.object) if is_thing(each)}
    return [
        *abox,
        *(Triple(thing, RDF.type, NamedNode(OWL.iri + "NamedIndividual")) for thing in sorted(things, key=str)),
    ]


def is_thing(term: object) -> TypeGuard[NamedNode]:
    return isinstance(term, NamedNode) and term.value.startswith("https://example.org/")


@cache
def derived(turtle: str) -> frozenset[Triple]:
    """What the rules on entailment make of the data, with the data."""
    abox = triples(turtle)
    store = Store()
    data, graph = IRIS.graph("article"), IRIS.graph("facts")
    store.extend(load_ontology().quads(IRIS.graph("ontology")))
    store.extend([Quad(t.subject, t.predicate, t.object, data) for t in abox])
    rules = [rule for rule in derivation_rules() if rule.name.startswith("entailed-")]
    while True:
        before = len(store)
        for rule in rules:
            answer = store.query(rule.text, use_default_graph_as_union=True)
            assert isinstance(answer, QueryTriples)
            store.extend([Quad(t.subject, t.predicate, t.object, graph) for t in answer])
        if len(store) == before:
            made = [*store.quads_for_pattern(None, None, None, data), *store.quads_for_pattern(None, None, None, graph)]
            return frozenset(quad.triple for quad in made)


def of_things(found: Iterable[Triple]) -> set[Triple]:
    """The types and links of the things of the data, in terms of this ontology."""
    return {
        t
        for t in found
        if is_thing(t.subject)
        and (t.predicate in AIG or (t.predicate == RDF.type and isinstance(t.object, NamedNode) and t.object in AIG))
    }


def short(found: Iterable[Triple]) -> set[str]:
    """Triples as "c1 usesArchitectureOf beta"."""
    names = (
        " ".join(str(term).strip("<>").rpartition("/")[2].rpartition("#")[2] for term in triple) for triple in found
    )
    return set(names)


def test_the_rules_derive_what_hermit_entails() -> None:
    owlapi.start()
    abox = triples(ABOX)
    ours = of_things(derived(ABOX))
    things = sorted({t.subject for t in ours if isinstance(t.subject, NamedNode)}, key=str)
    hermits = of_things(owlapi.entailments([*ontology(), *declared(abox)], things))
    # things that only stand as objects get an inverse, so all things of the data are subjects
    assert {node for t in abox for node in (t.subject, t.object) if is_thing(node)} <= set(things)
    assert short(ours - hermits) == set(), "derived, but not entailed"
    assert short(hermits - ours) == set(), "entailed, but not derived"


@pytest.mark.parametrize(
    "fact",
    [
        "acme type Agent",  # superclasses
        "c1 developedBy acme",  # inverses
        "beta competesWith acme",  # symmetry
        "c1 componentOf hall",  # transitivity
        "c4 descendsFrom c1",  # a transitive superproperty
        "c1 ancestorOf c4",
        "deal party acme",  # superproperties
        "gamma hasDealWith acme",
        "c1 usesArchitectureOf beta",  # the chain
        "acme businessRole ChipDeveloperRole",  # roles
        "foundry businessRole ChipManufacturerRole",
        "bob businessRole InvestorRole",
        "newcomer type Organization",  # domains
        "gadget type Technology",  # ranges
        "delta type Company",
        "zeta type Company",  # the rival of a company is a company
    ],
)
def test_expected_inferences(fact: str) -> None:
    assert fact in short(derived(ABOX))


@pytest.mark.parametrize(
    "fact",
    [
        "c4 successorOf c1",  # a successor follows directly
        "beta develops c1",  # the maker of the architecture is not the maker of the chip
        "acme acquired beta",  # no chain runs over the roles of deals
        "ann businessRole EmployerRole",
        "deal type Organization",
    ],
)
def test_what_does_not_follow(fact: str) -> None:
    assert fact not in short(derived(ABOX))


def test_a_contradiction_gives_no_type() -> None:
    found = short(derived("ex:chip a aig:Chip ; aig:develops ex:other . ex:other a aig:Place ."))
    assert {"chip type Technology", "other type Entity"} <= found
    assert not {"chip type Organization", "other type Technology"} & found


DIFFERENT = " owl:AllDifferent ; owl:distinctMembers "


@pytest.mark.parametrize(
    "turtle",
    [
        "ex:it a aig:Person , aig:Chip .",
        "ex:it aig:successorOf ex:it .",
        "ex:it aig:competesWith ex:it .",
        "ex:it a aig:Chip , aig:System .",
        "ex:c a aig:Company ; aig:competesWith ex:t . ex:t a aig:Chip .",
        "ex:s a aig:Statement ; aig:subject ex:it ; aig:object ex:it .",
        "ex:d a aig:SupplyAgreement ; aig:supplier ex:it ; aig:customer ex:it .",
        "ex:d a aig:Acquisition ; aig:licensee ex:it .",
        "ex:f a aig:Claim , aig:Partnership .",
        "ex:f a aig:Claim ; aig:modality aig:Asserted , aig:Opinion .",
        "ex:f a aig:Claim ; aig:polarity aig:Asserted .",
        "ex:it aig:hasDealWith ex:it .",
        "ex:a aig:acquired ex:a .",
        'ex:one a aig:Article ; dcterms:identifier "x" ; owl:differentFrom ex:two . '
        'ex:two a aig:Article ; dcterms:identifier "x" .',
        "ex:k a aig:Conflict ; aig:between ex:p , ex:q , ex:r . [] a" + DIFFERENT + "( ex:p ex:q ex:r ) .",
        "ex:it a aig:Metric , aig:Topic .",
        "ex:it a aig:Workload . [] a" + DIFFERENT + "( ex:it aig:Training aig:Inference ) .",
        "ex:it a aig:Agent , aig:Place .",
        "ex:it a aig:Chip ; aig:businessRole aig:SupplierRole .",
    ],
)
def test_inconsistencies_are_found(turtle: str) -> None:
    owlapi.start()
    hermit, _ = owlapi.reasoner([*ontology(), *declared(triples(turtle))])
    assert not hermit.isConsistent()


@pytest.mark.parametrize(
    "turtle",
    [
        # articles disagree: that is no contradiction in the ontology but a matter for the shapes
        "ex:a aig:successorOf ex:b . ex:b aig:successorOf ex:a .",
        "ex:a aig:componentOf ex:b . ex:b aig:componentOf ex:a .",
        # a firm that builds on the architecture of another, whom it competes with
        "ex:c a aig:Chip ; aig:usesArchitecture ex:r . ex:b aig:develops ex:r . "
        "ex:a aig:develops ex:c ; aig:competesWith ex:b .",
        # a cross-licence
        "ex:d a aig:LicensingAgreement ; aig:licensee ex:a , ex:b ; aig:licensor ex:a , ex:b .",
        # a rumour about a deal in talks
        "ex:d a aig:Acquisition ; aig:status aig:Reported ; aig:modality aig:Reported ; aig:polarity aig:Affirmed .",
        # an investor who is a person
        "ex:p a aig:Person ; aig:investsIn ex:a ; aig:businessRole aig:InvestorRole .",
    ],
)
def test_what_articles_say_is_consistent(turtle: str) -> None:
    owlapi.start()
    hermit, _ = owlapi.reasoner([*ontology(), *declared(triples(turtle))])
    assert hermit.isConsistent()


def test_no_class_is_unsatisfiable_and_hermit_is_quick() -> None:
    owlapi.start()
    started = time.monotonic()
    hermit, _ = owlapi.reasoner(ontology())
    assert hermit.isConsistent()
    bottom = {str(each.getIRI()) for each in hermit.getUnsatisfiableClasses().getEntities()}
    assert bottom == {OWL.iri + "Nothing"}
    assert time.monotonic() - started < 60


def test_every_chain_has_two_links() -> None:
    """The rule on chains follows two links; a longer one needs a rule of its own."""
    chains = [t.object for t in ontology() if t.predicate.value == OWL.iri + "propertyChainAxiom"]
    assert chains
    rest = {t.subject: t.object for t in ontology() if t.predicate.value.endswith("#rest")}
    for head in chains:
        assert rest[rest[head]] == NamedNode(RDF.iri + "nil")  # type: ignore[index]


def test_shipped_terms_are_declared_once_as_one_kind() -> None:
    kinds = {OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, NamedNode(OWL.iri + "AnnotationProperty")}
    found: dict[object, set[object]] = {}
    for triple in ontology():
        if triple.predicate == RDF.type and triple.object in kinds:
            found.setdefault(triple.subject, set()).add(triple.object)
    assert {term for term, of in found.items() if len(of) > 1} == set()
    assert RDFS.label not in found
