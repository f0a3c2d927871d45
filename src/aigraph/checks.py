"""What must hold of every graph that aigraph builds: the laws of the data contract, as queries that find breaches."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

Select = Callable[[str], Iterable[Mapping[str, NamedNode | Literal | None]]]


@dataclass(frozen=True, slots=True)
class Check:
    """A law in plain words and the query for its breaches: each row shows one."""

    law: str
    query: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """A law and the first few breaches of it; none where it holds."""

    law: str
    breaches: tuple[str, ...]


CHECKS: tuple[Check, ...] = (
    Check(
        "each triple stands in exactly one graph",
        "SELECT ?s ?p ?o { GRAPH ?g { ?s ?p ?o } GRAPH ?h { ?s ?p ?o } FILTER(STR(?g) < STR(?h)) }",
    ),
    Check(
        "every finding has an article, a sentence, a modality, a polarity, a confidence and an extractor",
        "SELECT ?finding { ?finding a aig:Finding . FILTER NOT EXISTS { ?finding prov:wasDerivedFrom ?article ; "
        "aig:evidence/oa:hasSelector/oa:exact ?sentence ; aig:modality ?m ; aig:polarity ?p ; aig:confidence ?c ; "
        "aig:extractedBy ?e } }",
    ),
    Check(
        "every quote is the text between its offsets",
        "SELECT ?evidence ?exact { ?evidence oa:hasSource ?article ; oa:hasSelector ?quote , ?position . "
        "?quote oa:exact ?exact . ?position oa:start ?start ; oa:end ?end . ?article aig:canonicalText ?text . "
        "FILTER(SUBSTR(STR(?text), ?start + 1, ?end - ?start) != STR(?exact)) }",
    ),
    Check(
        "every entity that an article mentions has a type and exactly one label",
        "SELECT ?entity (COUNT(DISTINCT ?label) AS ?labels) { ?article aig:mentions ?entity . "
        "OPTIONAL { ?entity a ?type ; rdfs:label ?label } } GROUP BY ?entity HAVING(COUNT(DISTINCT ?label) != 1)",
    ),
    Check(
        "every direct triple of a relation has an asserted and affirmed statement",
        "SELECT ?s ?p ?o { GRAPH ?facts { ?s ?p ?o } ?any aig:predicate ?p . "
        "FILTER(STRENDS(STR(?facts), '/graph/facts')) "
        "FILTER NOT EXISTS { ?n aig:subject ?s ; aig:predicate ?p ; aig:object ?o ; aig:modality aig:Asserted ; "
        "aig:polarity aig:Affirmed } "
        "FILTER NOT EXISTS { ?p a owl:SymmetricProperty . ?n aig:subject ?o ; aig:predicate ?p ; aig:object ?s ; "
        "aig:modality aig:Asserted ; aig:polarity aig:Affirmed } "
        "FILTER NOT EXISTS { ?p a owl:TransitiveProperty } FILTER NOT EXISTS { ?sub rdfs:subPropertyOf ?p } "
        "FILTER NOT EXISTS { ?p owl:inverseOf|^owl:inverseOf ?inverse } }",
    ),
    Check(
        "no blank node stands outside the graph of the ontology",
        "SELECT ?g ?s ?p ?o { GRAPH ?g { ?s ?p ?o FILTER(isBlank(?s) || isBlank(?o)) } "
        "FILTER(!STRENDS(STR(?g), '/graph/ontology')) }",
    ),
    Check(
        "every mention, claim and statement speaks of things that have a label",
        "SELECT ?node ?thing { ?node aig:about|aig:subject|aig:object|aig:metric|aig:party|aig:claimant ?thing . "
        "FILTER NOT EXISTS { ?thing rdfs:label|skos:prefLabel ?label } }",
    ),
)


def run_checks(select: Select, *, shown: int = 5) -> tuple[Outcome, ...]:
    """Run every check; `shown` bounds the breaches that each outcome lists."""
    return tuple(Outcome(check.law, _breaches(select, check.query, shown)) for check in CHECKS)


def _breaches(select: Select, query: str, shown: int) -> tuple[str, ...]:
    rows = select(f"{query} LIMIT {shown}")
    return tuple("  ".join(str(value) for value in dict(row).values() if value is not None)[:300] for row in rows)
