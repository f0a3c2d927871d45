"""The evaluation: the same figures as the reference scorer, and full marks for a perfect graph."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from aigraph.errors import GoldError, StoreUnreadable
from aigraph.evaluation import (
    Evaluation,
    GoldArticle,
    GoldClaim,
    evaluate,
    format_table,
    gold_sources,
    load_gold,
    to_json,
)
from aigraph.evaluation.export import RELATIONS, TYPES
from aigraph.ontology import load_ontology
from aigraph.records import EntityType
from aigraph.vocab import AIG, DCTERMS, OA, QUDT, RDF, RDFS, UNIT, XSD, Iris

GOLD = Path(__file__).parent / "gold"
DEV = GOLD / "dev"
IRIS = Iris()

Term = NamedNode | Literal

CLASSES = {
    "Licensing": AIG.LicensingAgreement,
    "Supply": AIG.SupplyAgreement,
    "Investment": AIG.Investment,
    "Acquisition": AIG.Acquisition,
    "Collaboration": AIG.Collaboration,
}
UNITS = {
    "percent": UNIT.PERCENT,
    "times": AIG.Times,
    "W": UNIT.W,
    "byte": UNIT.BYTE,
    "byte/s": UNIT["BYTE-PER-SEC"],
    "FLOP/s": UNIT.FLOPS,
    "count": UNIT.NUM,
    "m": UNIT.M,
    "s": UNIT.SEC,
    "token/s": AIG.TokenPerSecond,
    "FLOP/s/W": AIG.FlopsPerWatt,
}


class PerfectGraph:
    """The quads of the data contract that a perfect reader would make of an annotation."""

    def __init__(self, gold: GoldArticle) -> None:
        self.gold = gold
        self.article = IRIS.article(gold.name)
        self.graph = IRIS.graph(gold.name)
        self.things = {entity.id: IRIS.thing(entity.type, entity.id) for entity in gold.entities}

    def thing(self, name: str) -> NamedNode:
        """An entity by its id, or a minted node for free words."""
        return self.things.get(name) or IRIS.thing("Topic", name)

    def quads(self) -> Iterator[Quad]:
        entities = IRIS.graph("entities")
        for subject, predicate, value in self.triples():
            yield Quad(subject, predicate, value, self.graph)
        for entity in self.gold.entities:
            iri = self.things[entity.id]
            yield Quad(iri, RDF.type, AIG[entity.type], entities)
            yield Quad(iri, RDFS.label, Literal(entity.name), entities)
            for alias in entity.aliases:
                yield Quad(iri, NamedNode("http://www.w3.org/2004/02/skos/core#altLabel"), Literal(alias), entities)
        for claim in self.gold.claims:
            for words in (claim.about, claim.claimant):
                if words and words not in self.things:
                    yield Quad(self.thing(words), RDFS.label, Literal(words), entities)
            yield Quad(IRIS.thing("Metric", claim.metric), RDFS.label, Literal(claim.metric), entities)

    def triples(self) -> Iterator[tuple[NamedNode, NamedNode, Term]]:
        yield self.article, RDF.type, AIG.Article
        yield self.article, DCTERMS.identifier, Literal(self.gold.name)
        for thing in self.things.values():
            yield self.article, AIG.mentions, thing
        for n, relation in enumerate(self.gold.relations):
            node = IRIS.part("Statement", self.gold.name, n)
            yield node, RDF.type, AIG.Statement
            yield node, AIG.subject, self.thing(relation.subject)
            yield node, AIG.predicate, AIG[relation.predicate]
            workload = {"training": AIG.Training, "inference": AIG.Inference}.get(relation.object)
            yield node, AIG.object, workload or self.thing(relation.object)
        for n, deal in enumerate(self.gold.partnerships):
            node = IRIS.part("Partnership", self.gold.name, n)
            yield node, RDF.type, CLASSES[deal.kind]
            for role, parties in deal.roles:
                for party in parties:
                    yield node, AIG[role], self.thing(party)
        for n, claim in enumerate(self.gold.claims):
            yield from self.claim(n, claim)

    def claim(self, n: int, claim: GoldClaim) -> Iterator[tuple[NamedNode, NamedNode, Term]]:
        node = IRIS.part("Claim", self.gold.name, n)
        evidence = IRIS.part("Evidence", self.gold.name, claim.evidence)
        quote = IRIS.part("Quote", self.gold.name, claim.evidence)
        yield node, RDF.type, AIG.Claim
        yield node, AIG.about, self.thing(claim.about)
        yield node, AIG.metric, IRIS.thing("Metric", claim.metric)
        yield node, AIG.modality, AIG[claim.modality.capitalize()]
        yield node, AIG.polarity, AIG.Negated if claim.negated else AIG.Affirmed
        yield node, AIG.evidence, evidence
        yield evidence, OA.hasSelector, quote
        yield quote, OA.exact, Literal(claim.evidence)
        if claim.claimant:
            yield node, AIG.claimant, self.thing(claim.claimant)
        if claim.time:
            yield node, AIG.validTime, Literal(claim.time)
        if claim.value is not None and claim.unit:
            quantity = IRIS.part("Quantity", self.gold.name, n)
            yield node, AIG.quantity, quantity
            yield quantity, QUDT.numericValue, Literal(claim.value)
            yield quantity, QUDT.unit, UNITS.get(claim.unit) or NamedNode(f"{UNIT.iri}CCY_{claim.unit}")
            yield quantity, AIG.comparator, AIG[claim.comparator[0].upper() + claim.comparator[1:]]


def write(path: Path, quads: list[Quad]) -> Path:
    path.write_text("".join(f"{quad} .\n" for quad in sorted(quads, key=str)), encoding="utf-8")
    return path


def test_the_guideline_speaks_of_what_the_ontology_has() -> None:
    assert {AIG[each] for each in RELATIONS} <= {each.iri for each in load_ontology().relations}
    assert set(TYPES) <= set(EntityType)


def perfect() -> list[Quad]:
    return [quad for gold in load_gold(DEV) for quad in PerfectGraph(gold).quads()]


def spoilt(quads: list[Quad]) -> list[Quad]:
    """A graph with faults of every kind: every seventh triple is lost, some others are bent."""
    bent = {
        AIG.develops: AIG.uses,
        AIG.Asserted: AIG.Forecast,
        AIG.Exactly: AIG.About,
        AIG.customer: AIG.supplier,
        AIG.Chip: AIG.System,
    }
    kept: list[Quad] = []
    for n, quad in enumerate(sorted(set(quads), key=str)):
        subject, predicate, value = quad.subject, quad.predicate, quad.object
        if n % 5 == 0:
            predicate = bent.get(predicate, predicate)
            value = bent.get(value, value) if isinstance(value, NamedNode) else value
        if n % 11 == 0 and isinstance(value, Literal) and value.datatype == XSD.double:
            value = Literal(float(value.value) + 1)
        if n % 7:
            kept.append(Quad(subject, predicate, value, quad.graph_name))
    return kept


def reference(export: Path, gold_dir: Path) -> dict[str, dict[str, float]]:
    """The figures of the reference scorer."""
    command = [sys.executable, str(GOLD / "score.py"), str(export), str(gold_dir), "--json"]
    figures: dict[str, dict[str, float]] = json.loads(
        subprocess.run(command, capture_output=True, text=True, check=True).stdout
    )
    return figures


HAND_WRITTEN = """\
PREFIX aig: <https://w3id.org/aigraph/ontology#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX oa: <http://www.w3.org/ns/oa#>
PREFIX qudt: <http://qudt.org/schema/qudt/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX unit: <http://qudt.org/vocab/unit/>
PREFIX e: <https://example.org/>

GRAPH e:g1 {
  e:a1 a aig:Article ; dcterms:identifier "amd-openai-wire" ;
    aig:mentions e:amd, e:openai, e:nvidia, e:chatgpt, e:instinct, e:jean, e:dallas .
  e:s1 a aig:Statement, aig:Claim ; aig:subject e:amd ; aig:predicate aig:develops ; aig:object e:instinct .
  e:s2 a aig:Statement, aig:Claim ; aig:subject e:nvidia ; aig:predicate aig:competesWith ; aig:object e:amd .
  e:s3 a aig:Statement ; aig:subject e:nvidia ; aig:predicate aig:develops ; aig:object e:chatgpt .
  e:s4 a aig:Statement ; aig:subject e:openai ; aig:predicate aig:develops ; aig:object e:instinct ;
    aig:polarity aig:Negated .
  e:d1 a aig:SupplyAgreement, aig:Partnership ; aig:supplier e:amd ; aig:customer e:openai, e:nvidia .
  e:d2 a aig:Collaboration ; aig:partner e:amd, e:openai ; aig:modality aig:Hypothetical .
  e:c1 a aig:Claim ; aig:about e:amd ; aig:metric e:m1 ; aig:modality aig:Asserted ; aig:quantity e:q1 ;
    aig:evidence e:e1 .
  e:q1 qudt:numericValue 6.0e9 ; qudt:unit unit:W ; aig:comparator aig:Exactly .
  e:c2 a aig:Claim ; aig:about e:openai ; aig:metric e:m1 ; aig:modality aig:Forecast ; aig:quantity e:q2 ;
    aig:validTime "2025-10-06" ; aig:evidence e:e1 .
  e:q2 qudt:numericValue 35.0e0 ; qudt:unit unit:PERCENT ; aig:comparator aig:UpTo .
  e:c3 a aig:Claim ; aig:claimant e:jean ; aig:modality aig:Opinion ; aig:evidence e:e2 .
  e:c4 a aig:Claim ; aig:claimant e:group ; aig:evidence e:e1 .
  e:c5 a aig:Claim ; aig:quantity e:q5 .
  e:q5 qudt:numericValue 99.0e0 ; qudt:unit unit:CCY_EUR .
  e:e1 oa:hasSelector e:x1 .
  e:x1 oa:exact "The first gigawatt, made up of AMD's MI450 parts, is to be installed" .
  e:e2 oa:hasSelector e:x2 .
  e:x2 oa:exact "in revenue should flow from the partnership, finance chief Jean Hu said in a statement." .
}
GRAPH e:g2 {
  e:a2 a aig:Article ; dcterms:identifier "tsmc-q4-earnings" ; aig:mentions e:nvidia, e:dallas .
}
GRAPH e:entities {
  e:amd a aig:Company, aig:Organization ; rdfs:label "Advanced Micro Devices, Inc." ; skos:altLabel "AMD" .
  e:openai a aig:Organization ; rdfs:label "OpenAI" .
  e:nvidia a aig:Company ; rdfs:label "NVIDIA" .
  e:chatgpt a aig:Software ; rdfs:label "ChatGPT" .
  e:instinct a aig:Chip ; rdfs:label "Instinct" .
  e:jean a aig:Person ; rdfs:label "Jean Hu" .
  e:dallas a aig:Place ; rdfs:label "Dallas" .
  e:m1 rdfs:label "capacity" .
  e:group rdfs:label "analysts" .
}
"""


def hand_written(folder: Path) -> Path:
    path = folder / "export.trig"
    path.write_text(HAND_WRITTEN, encoding="utf-8")
    return path


def test_it_agrees_with_the_reference_scorer_on_a_small_export(tmp_path: Path) -> None:
    export = hand_written(tmp_path)
    assert json.loads(to_json(evaluate(export, DEV))) == reference(export, DEV)


def test_it_agrees_with_the_reference_scorer_on_an_empty_export(tmp_path: Path) -> None:
    export = write(tmp_path / "empty.nq", [])
    evaluation = evaluate([], DEV)
    assert json.loads(to_json(evaluation)) == reference(export, DEV)
    assert {score.f1 for score in evaluation.scores} == {0.0}
    assert evaluation.attributes == ()


def test_it_agrees_with_the_reference_scorer_on_a_faulty_export(tmp_path: Path) -> None:
    quads = spoilt(perfect())
    export = write(tmp_path / "spoilt.nq", quads)
    evaluation = evaluate(quads, DEV)
    assert json.loads(to_json(evaluation)) == reference(export, DEV)
    assert all(0 < score.f1 < 1 for score in evaluation.scores)


def test_a_perfect_graph_gets_full_marks() -> None:
    evaluation = evaluate(perfect(), DEV)
    assert {s.kind: s.f1 for s in evaluation.scores} == {s.kind: 1.0 for s in evaluation.scores}
    assert {a.attribute: a.share for a in evaluation.attributes} == {a.attribute: 1.0 for a in evaluation.attributes}
    assert [error for score in evaluation.scores for error in score.errors] == []


def test_quads_and_files_and_their_order_give_one_result(tmp_path: Path) -> None:
    quads = spoilt(perfect())
    assert evaluate(quads, DEV) == evaluate(reversed(quads), DEV) == evaluate(write(tmp_path / "x.nq", quads), DEV)


def test_the_errors_name_article_and_thing(tmp_path: Path) -> None:
    evaluation = evaluate(hand_written(tmp_path), DEV)
    assert "amd-openai-wire: wrong  Place dallas" in evaluation.score("entities").errors
    assert "amd-openai-wire: wrong  develops nvidia chatgpt" in evaluation.score("relations").errors
    assert "amd-openai-wire: wrong  Supply amd nvidia" in evaluation.score("partnerships").errors
    assert any(e.startswith("amd-openai-wire: wrong  99 EUR") for e in evaluation.score("quantities").errors)
    assert any(e.startswith("amd-openai-wire: wrong  analysts: ") for e in evaluation.score("attributions").errors)


def test_the_number_of_errors_is_the_number_counted() -> None:
    for score in evaluate(spoilt(perfect()), DEV).scores[:4]:
        assert len(score.errors) == score.false_positives + score.false_negatives


def test_the_table_shows_all_kinds_and_on_request_the_errors(tmp_path: Path) -> None:
    evaluation = evaluate(hand_written(tmp_path), DEV)
    table = format_table(evaluation)
    for score in evaluation.scores:
        assert re.search(rf"^{re.escape(score.kind)} .*{score.gold}$", table, re.MULTILINE)
    assert "missed" not in table
    assert "amd-openai-wire: missed" in format_table(evaluation, errors=True)
    assert "none found" in format_table(Evaluation((), ()))


# --- gold files


def gold_file(folder: Path, **changes: object) -> Path:
    content: dict[str, object] = {"id": "x", "entities": [], "relations": [], "partnerships": [], "claims": []}
    path = folder / "x.gold.json"
    path.write_text(json.dumps(content | changes), encoding="utf-8")
    return path


def test_the_sources_are_the_texts_of_the_annotations(tmp_path: Path) -> None:
    sources = gold_sources(DEV)
    assert [path.name for path in sources] == [f"{gold.name}.txt" for gold in load_gold(DEV)]
    gold_file(tmp_path, source="story.txt")
    texts = tmp_path / "texts"
    texts.mkdir()
    (texts / "story.txt").write_text("Words.", encoding="utf-8")
    assert gold_sources(tmp_path, texts) == (texts / "story.txt",)
    with pytest.raises(GoldError, match=r"x\.gold\.json: its text .*story\.txt is missing"):
        gold_sources(tmp_path)


def test_an_article_is_known_by_the_stem_of_its_source(tmp_path: Path) -> None:
    gold_file(tmp_path, source="story.txt", entities=[{"id": "a", "type": "Company", "name": "Acme", "aliases": []}])
    article, company = IRIS.article("story"), IRIS.thing("Company", "Acme")
    triples: list[tuple[NamedNode, NamedNode, Term]] = [
        (article, RDF.type, AIG.Article),
        (article, DCTERMS.identifier, Literal("story")),
        (article, AIG.mentions, company),
        (company, RDF.type, AIG.Company),
        (company, RDFS.label, Literal("Acme Corp.")),
    ]
    quads = [Quad(*triple, IRIS.graph("story")) for triple in triples]
    assert evaluate(quads, tmp_path).score("entities").f1 == 1.0


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"entities": None}, r"x\.gold\.json: 'entities' is None, not a list"),
        ({"entities": [{"id": "a", "type": "Company"}]}, r"entities 1: 'name' is missing"),
        ({"entities": ["a"]}, r"entities 1: is no JSON object"),
        ({"claims": [{"about": "a", "metric": 7}]}, r"claims 1: 'metric' is 7, not a string"),
        (
            {"claims": [{"about": "a", "metric": "b", "evidence": "c", "value": True, "unit": "USD"}]},
            r"claims 1: 'value' is True, not a number",
        ),
        (
            {"claims": [{"about": "a", "metric": "b", "evidence": "c", "value": 7}]},
            r"claims 1: has a value without unit",
        ),
        (
            {"partnerships": [{"kind": "Supply", "roles": {"supplier": [1]}, "status": "ended", "evidence": "c"}]},
            r"partnerships 1: roles: 'supplier' holds 1, not a string",
        ),
        (
            {"partnerships": [{"kind": "Marriage", "roles": {}, "status": "ended", "evidence": "c"}]},
            r"x\.gold\.json: partnership of kind 'Marriage'; known: Licensing",
        ),
    ],
)
def test_an_ill_formed_annotation_is_named_with_the_reason(
    tmp_path: Path, changes: dict[str, object], reason: str
) -> None:
    gold_file(tmp_path, **changes)
    with pytest.raises(GoldError, match=reason):
        evaluate([], tmp_path)


def test_unreadable_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(GoldError, match=r"holds no \*\.gold\.json"):
        evaluate([], tmp_path)
    gold_file(tmp_path).write_text("{", encoding="utf-8")
    with pytest.raises(GoldError, match=r"x\.gold\.json is no JSON"):
        evaluate([], tmp_path)
    gold_file(tmp_path).write_bytes(b"\xff\xfe")
    with pytest.raises(GoldError, match=r"x\.gold\.json is no JSON in UTF-8"):
        evaluate([], tmp_path)
    gold_file(tmp_path)
    export = tmp_path / "export.nq"
    export.write_text("no quads", encoding="utf-8")
    for path in (export, tmp_path / "missing.nq", tmp_path / "export.docx"):
        with pytest.raises(StoreUnreadable, match=re.escape(str(path))):
            evaluate(path, tmp_path)
