"""The ontology decides what enters the graph, and what is derived stands exactly as long as an article supports it."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import NamedNode

from aigraph import pipeline
from aigraph.ontology import load_ontology
from aigraph.store import open_writer
from aigraph.vocab import AIG, DEFAULT_BASE, Iris

IRIS = Iris(DEFAULT_BASE)
TEXTS = {
    "one": "Nvidia develops the Blackwell architecture. AMD competes with Nvidia.",
    "two": "Nvidia has unveiled Blackwell. Jensen Huang is the CEO of Nvidia.",
    "three": "Stanford University competes with Nvidia. The White House is a rival of AMD.",
}


def build(folder: Path, *names: str) -> pipeline.BuildReport:
    for name in names:
        (folder / f"{name}.txt").write_text(TEXTS[name] + "\n", encoding="utf-8")
    return pipeline.build([folder / f"{name}.txt" for name in names], folder / "store", base=DEFAULT_BASE)


def facts(folder: Path) -> set[str]:
    """The graph of facts, as "nvidia develops blackwell"."""
    with open_writer(folder / "store", base=DEFAULT_BASE, create=False) as writer:
        quads = list(writer.quads(IRIS.graph("facts")))
    return {" ".join(_last(term) for term in quad.triple if isinstance(term, NamedNode)) for quad in quads}


def _last(node: NamedNode) -> str:
    return node.value.rpartition("/")[2].rpartition("#")[2]


SUPPORTED_TWICE = {
    "nvidia develops blackwell",
    "blackwell developedBy nvidia",  # an inverse
    "nvidia businessRole ArchitectureDeveloperRole",  # a role that follows from the relation
    "blackwell type Technology",  # a superclass
}
SUPPORTED_ONCE = {"amd competesWith nvidia", "nvidia competesWith amd"}


def test_what_is_derived_goes_with_its_last_support(tmp_path: Path) -> None:
    build(tmp_path, "one", "two")
    assert facts(tmp_path) >= SUPPORTED_TWICE | SUPPORTED_ONCE
    pipeline.remove(["one"], tmp_path / "store", base=DEFAULT_BASE)
    after = facts(tmp_path)
    assert after >= SUPPORTED_TWICE, "another article says so"
    assert not after & SUPPORTED_ONCE, "nobody says so any more"
    pipeline.remove(["two"], tmp_path / "store", base=DEFAULT_BASE)
    assert facts(tmp_path) == set()


def test_the_order_of_removal_does_not_matter(tmp_path: Path) -> None:
    build(tmp_path, "one", "two")
    pipeline.remove(["two"], tmp_path / "store", base=DEFAULT_BASE)
    assert facts(tmp_path) >= SUPPORTED_TWICE | SUPPORTED_ONCE
    assert not any("jensen" in fact for fact in facts(tmp_path))


def test_a_candidate_outside_domain_or_range_is_kept_in_the_report_alone(tmp_path: Path) -> None:
    report = build(tmp_path, "one", "three")
    assert {name for name, _ in report.rejections} == {"three"}
    reasons = {rejection.reason for _, rejection in report.rejections}
    assert "'competes with' needs as its subject: company or technology; got: organization" in reasons
    for _, rejection in report.rejections:
        assert rejection.extractor.startswith("relation/")
        assert TEXTS["three"][rejection.evidence.start : rejection.evidence.end].endswith(".")
    assert not any("stanford" in fact and "competesWith" in fact for fact in facts(tmp_path))


TYPED = """SELECT DISTINCT ?predicate ?s ?o {
  GRAPH ?g { ?n a aig:Statement ; aig:subject ?subject ; aig:predicate ?predicate ; aig:object ?object .
    ?m aig:mentionOf ?subject ; aig:mentionedAs ?s . OPTIONAL { ?k aig:mentionOf ?object ; aig:mentionedAs ?o } } }"""


def test_no_statement_breaks_domain_range_or_restriction(seeds_store: Path) -> None:
    ontology = load_ontology()
    with open_writer(seeds_store, base=DEFAULT_BASE, create=False) as writer:
        rows = list(writer.select(TYPED))
    assert len(rows) > 5
    for row in rows:
        predicate, subject, value = row["predicate"], row["s"], row["o"] or AIG.Workload
        assert isinstance(predicate, NamedNode)
        assert isinstance(subject, NamedNode)
        assert isinstance(value, NamedNode)
        assert ontology.allows(predicate, subject, value) is None, f"{subject} {predicate} {value}"


@pytest.mark.parametrize("predicate", [AIG.usesArchitectureOf, AIG.descendsFrom, AIG.businessRole, AIG.acquired])
def test_what_is_only_derived_is_no_relation_that_a_rule_may_state(predicate: NamedNode) -> None:
    refusal = load_ontology().allows(predicate, AIG.Company, AIG.Company)
    assert refusal is not None
    assert "is no relation of the ontology" in refusal
