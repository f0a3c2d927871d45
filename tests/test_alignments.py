"""The alignments are documented, declared where they are used, and true of what the graph holds."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

import owlapi
from aigraph import resources
from aigraph.vocab import AIG, DCTERMS, OWL, PROV, QUDT, RDF, RDFS, SCHEMA

FOLDER = resources.folder("ontology")
FILE = FOLDER / "alignments.ttl"
TRIPLES = [quad.triple for quad in parse(path=FILE, format=RdfFormat.TURTLE)]
PREFIXES = {
    line.split()[1].rstrip(":"): line.split()[2].strip("<>")
    for line in FILE.read_text(encoding="utf-8").splitlines()
    if line.startswith("@prefix")
}
AXIOMS = [
    (t.subject, t.object)
    for t in TRIPLES
    if t.predicate in (RDFS.subClassOf, RDFS.subPropertyOf)
    and isinstance(t.subject, NamedNode)
    and isinstance(t.object, NamedNode)
    and (t.subject in AIG or t.subject in QUDT)
]


def curie(term: NamedNode) -> str:
    return next(f"{name}:{term.value[len(iri) :]}" for name, iri in PREFIXES.items() if term.value.startswith(iri))


def test_every_alignment_stands_in_the_table_of_what_was_checked() -> None:
    table = (FOLDER / "ALIGNMENTS.md").read_text(encoding="utf-8")
    rows = [line for line in table.splitlines() if line.startswith("| `")]
    assert len(AXIOMS) > 45
    for ours, theirs in AXIOMS:
        assert any(f"`{curie(ours)}` | `{curie(theirs)}` |" in row for row in rows), f"{curie(ours)} {curie(theirs)}"
    assert "not declared" not in table


def test_foreign_terms_are_declared_and_nothing_is_imported() -> None:
    declared = {t.subject for t in TRIPLES if t.predicate == RDF.type}
    assert [curie(theirs) for _, theirs in AXIOMS if theirs not in declared] == []
    for module in FOLDER.glob("*.ttl"):
        assert "owl:imports" not in module.read_text(encoding="utf-8")


def test_our_reserved_relatives_of_rdf_have_no_axiom() -> None:
    reserved = {NamedNode(RDF.iri + name) for name in ("subject", "predicate", "object", "Statement")}
    assert [t for t in TRIPLES if t.object in reserved or t.subject in reserved] == []


@pytest.mark.needs_java
def test_a_reader_of_other_vocabularies_gets_their_terms() -> None:
    owlapi.start()
    example = "https://example.org/"
    ann, acme = NamedNode(example + "ann"), NamedNode(example + "acme")
    claim, value = NamedNode(example + "claim"), NamedNode(example + "value")
    individual = NamedNode(OWL.iri + "NamedIndividual")
    data = [Triple(each, RDF.type, individual) for each in (ann, acme, claim, value)]
    data += [Triple(ann, AIG.worksFor, acme), Triple(claim, AIG.claimant, ann), Triple(claim, RDF.type, AIG.Claim)]
    data += [Triple(value, QUDT.unit, AIG.Times), Triple(claim, DCTERMS.identifier, Literal("x"))]
    hermit, ontology = owlapi.reasoner([*owlapi.shipped(), *data])
    assert hermit.isConsistent()
    factory = ontology.getOWLOntologyManager().getOWLDataFactory()
    iri = owlapi.jpype.JClass("org.semanticweb.owlapi.model.IRI")

    def holds(subject: NamedNode, predicate: str, value: NamedNode) -> bool:
        link = factory.getOWLObjectProperty(iri.create(predicate))
        return bool(
            hermit.hasObjectPropertyRelationship(
                factory.getOWLNamedIndividual(iri.create(subject.value)),
                link,
                factory.getOWLNamedIndividual(iri.create(value.value)),
            )
        )

    assert holds(ann, "http://www.w3.org/ns/org#memberOf", acme)
    assert holds(acme, SCHEMA.iri + "employee", ann)
    assert holds(claim, PROV.iri + "wasAttributedTo", ann)
    assert holds(value, QUDT.iri + "hasUnit", AIG.Times)
    assert not holds(acme, "http://www.w3.org/ns/org#memberOf", ann)


def test_the_folder_has_no_module_without_its_own_header() -> None:
    for module in sorted(Path(FOLDER).glob("*.ttl")):
        triples = [quad.triple for quad in parse(path=module, format=RdfFormat.TURTLE)]
        headers = [t.subject for t in triples if t.predicate == RDF.type and t.object == OWL.Ontology]
        assert len(headers) == 1, module.name
        said = {t.predicate.value: t.object for t in triples if t.subject == headers[0]}
        name = "" if module.stem == "core" else f"/{module.stem}"
        assert headers[0] == NamedNode(f"https://w3id.org/aigraph/ontology{name}")
        version = said[OWL.iri + "versionInfo"]
        assert isinstance(version, Literal)
        assert said[OWL.iri + "versionIRI"] == NamedNode(f"https://w3id.org/aigraph/ontology{name}/{version.value}")
        assert said[DCTERMS.creator.value] == Literal("aigraph contributors")
        assert said[DCTERMS.iri + "license"] == NamedNode("https://www.apache.org/licenses/LICENSE-2.0")
        assert said["http://purl.org/vocab/vann/preferredNamespacePrefix"] == Literal("aig")
        assert {DCTERMS.title.value, DCTERMS.iri + "description"} <= said.keys()
        assert f"## {version.value}" in (FOLDER / "CHANGELOG.md").read_text(encoding="utf-8")
