"""The ontology stays within OWL 2 DL, by the profile checker of the OWL API that HermiT brings along."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import NamedNode, RdfFormat, Triple, parse

import owlapi
from aigraph import resources
from aigraph.vocab import AIG, OWL, RDF

pytestmark = pytest.mark.needs_java

MODULES = sorted(resources.folder("ontology").glob("*.ttl"))


@pytest.fixture(scope="module", autouse=True)
def java() -> None:
    owlapi.start()


def test_the_ontology_is_owl_2_dl() -> None:
    assert owlapi.profile_violations(owlapi.shipped()) == []


@pytest.mark.parametrize("module", MODULES, ids=[module.stem for module in MODULES])
def test_each_module_is_owl_2_dl_on_its_own(module: Path) -> None:
    assert owlapi.profile_violations(quad.triple for quad in parse(path=module, format=RdfFormat.TURTLE)) == []


@pytest.mark.parametrize(
    ("added", "complaint"),
    [
        ((AIG.develops, RDF.type, NamedNode(OWL.iri + "DatatypeProperty")), "Cannot pun between properties"),
        ((AIG.Chip, NamedNode("https://example.org/undeclared"), AIG.System), "undeclared"),
        ((AIG.componentOf, RDF.type, NamedNode(OWL.iri + "IrreflexiveProperty")), "on-simple"),
        ((AIG.descendsFrom, RDF.type, NamedNode(OWL.iri + "AsymmetricProperty")), "on-simple"),
    ],
    ids=["two kinds of property", "undeclared property", "transitive and irreflexive", "transitive and asymmetric"],
)
def test_the_checker_sees_what_is_outside(added: tuple[NamedNode, NamedNode, NamedNode], complaint: str) -> None:
    found = owlapi.profile_violations([*owlapi.shipped(), Triple(*added)])
    assert any(complaint in each for each in found), found
