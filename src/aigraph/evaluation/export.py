"""What a graph says of one article, read by SPARQL over the data contract alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pyoxigraph as ox

from aigraph.errors import StoreUnreadable
from aigraph.evaluation.matching import FoundEntity, fold_name, fold_text
from aigraph.vocab import AIG, prefixes

# What the guideline of the gold sets has annotators mark, and no more: a relation or class that the ontology has gained
# since is marked in no gold article, so all that is found of it would count as wrong.
TYPES = ("Company", "Organization", "Person", "Chip", "Architecture", "System", "Software", "AIModel", "Event", "Place")
RELATIONS = (
    "develops",
    "manufactures",
    "usesArchitecture",
    "componentOf",
    "successorOf",
    "uses",
    "competesWith",
    "worksFor",
    "founded",
    "optimizedFor",
    "locatedIn",
)
ROLES: dict[str, tuple[str, tuple[str, ...]]] = {
    "Licensing": ("LicensingAgreement", ("licensee", "licensor")),
    "Supply": ("SupplyAgreement", ("supplier", "customer")),
    "Investment": ("Investment", ("investor", "investee")),
    "Acquisition": ("Acquisition", ("acquirer", "target")),
    "Collaboration": ("Collaboration", ("partner",)),
}
"""The kinds of the guidelines with their class and its roles."""
_UNITS = {
    "PERCENT": "percent",
    "Times": "times",
    "W": "W",
    "BYTE": "byte",
    "BYTE-PER-SEC": "byte/s",
    "FLOPS": "FLOP/s",
    "NUM": "count",
    "COUNT": "count",
    "M": "m",
    "SEC": "s",
    "TokenPerSecond": "token/s",
    "FlopsPerWatt": "FLOP/s/W",
}
_STATED = "FILTER NOT EXISTS { ?n aig:polarity aig:Negated } FILTER NOT EXISTS { ?n aig:modality aig:Hypothetical }"


@dataclass(frozen=True, slots=True)
class Origin:
    """Who found a node of the graph, and how sure of it: names of extractors ("relation/develops-verb")."""

    extractors: tuple[str, ...] = ()
    confidence: float | None = None


@dataclass(frozen=True, slots=True, order=True)
class FoundRelation:
    """A statement of the graph: its node, the IRIs of subject and object, the local name of the predicate."""

    node: str
    subject: str
    predicate: str
    object: str


@dataclass(frozen=True, slots=True)
class FoundPartnership:
    """A deal of the graph: its node, its kind ("Supply") and the IRIs that fill its roles."""

    node: str
    kind: str
    roles: dict[str, set[str]] = field(default_factory=dict)


@dataclass(slots=True)
class FoundClaim:
    """A claim of the graph with one figure or none; names, metrics and evidence are folded texts."""

    node: str
    value: float | None
    unit: str | None
    about: set[str] = field(default_factory=set)
    about_names: set[str] = field(default_factory=set)
    metric: set[str] = field(default_factory=set)
    claimant: set[str] = field(default_factory=set)
    claimant_names: set[str] = field(default_factory=set)
    comparator: str = "exactly"
    times: set[str] = field(default_factory=set)
    modality: str | None = None
    negated: bool = False
    statement: bool = False
    evidence: set[str] = field(default_factory=set)


class Export:
    """A dataset to be asked about one article after the other."""

    def __init__(self, dataset: Iterable[ox.Quad] | Path) -> None:
        quads = _parse(dataset) if isinstance(dataset, Path) else dataset
        self._store = ox.Store()
        # in one order, for the engine's results (and by them the choice between equal matches) follow it
        self._store.bulk_extend(sorted(quads, key=str))
        rows = self._rows("SELECT ?g ?id { GRAPH ?g { ?a a aig:Article ; dcterms:identifier ?id } }")
        self._graphs = {_value(row["id"]): row["g"] for row in rows}

    def graph(self, *identifiers: str) -> ox.NamedNode | None:
        """The graph of the article that has the first known of some identifiers."""
        for identifier in identifiers:
            if isinstance(graph := self._graphs.get(identifier), ox.NamedNode):
                return graph
        return None

    def _rows(self, query: str, *, union: bool = False) -> Iterator[ox.QuerySolution]:
        solutions = self._store.query(query, prefixes=prefixes(), use_default_graph_as_union=union)
        if isinstance(solutions, ox.QuerySolutions):
            yield from solutions

    def entities(self, graph: ox.NamedNode) -> dict[str, FoundEntity]:
        """The entities that an article mentions, by IRI."""
        found: dict[str, tuple[set[str], set[str]]] = {}
        for row in self._rows(
            f"SELECT ?e ?t ?name {{ VALUES ?t {{ {_terms(TYPES)} }} GRAPH {graph} {{ ?a aig:mentions ?e }} "
            "GRAPH ?g1 { ?e a ?t } GRAPH ?g2 { ?e rdfs:label|skos:altLabel ?name } }"
        ):
            types, names = found.setdefault(_value(row["e"]), (set(), set()))
            types.add(_local(row["t"]))
            names.add(fold_name(_value(row["name"])))
        return {iri: FoundEntity(frozenset(types), frozenset(names)) for iri, (types, names) in found.items()}

    def origins(self, graph: ox.NamedNode) -> dict[str, Origin]:
        """Who found what in an article, by the node of the finding."""
        rows = self._rows(
            f"SELECT ?n ?x ?confidence {{ GRAPH {graph} {{ ?n aig:extractedBy ?x "
            "OPTIONAL { ?n aig:confidence ?confidence } } }"
        )
        found: dict[str, tuple[set[str], set[float]]] = {}
        for row in rows:
            extractors, confidences = found.setdefault(_value(row["n"]), (set(), set()))
            extractors.add(_value(row["x"]).rsplit("/extractor/", 1)[-1])
            if _known(row["confidence"]):
                confidences.add(float(_value(row["confidence"])))
        return {node: Origin(tuple(sorted(names)), max(sure, default=None)) for node, (names, sure) in found.items()}

    def relations(self, graph: ox.NamedNode) -> list[FoundRelation]:
        """All statements but the negated and hypothetical."""
        rows = self._rows(
            f"SELECT DISTINCT ?n ?s ?p ?o {{ VALUES ?p {{ {_terms(RELATIONS)} }} GRAPH {graph} {{ "
            f"?n a aig:Statement ; aig:subject ?s ; aig:predicate ?p ; aig:object ?o . {_STATED} }} }}"
        )
        return sorted(
            FoundRelation(_value(row["n"]), _value(row["s"]), _local(row["p"]), _value(row["o"])) for row in rows
        )

    def partnerships(self, graph: ox.NamedNode) -> list[FoundPartnership]:
        """All deals but the negated and hypothetical."""
        nodes: dict[tuple[str, str], FoundPartnership] = {}
        for kind, (cls, roles) in ROLES.items():
            for row in self._rows(
                f"SELECT ?n ?role ?who {{ VALUES ?role {{ {_terms(roles)} }} "
                f"GRAPH {graph} {{ ?n a aig:{cls} ; ?role ?who {_STATED} }} }}"
            ):
                node = _value(row["n"])
                deal = nodes.setdefault((kind, node), FoundPartnership(node, kind))
                deal.roles.setdefault(_local(row["role"]), set()).add(_value(row["who"]))
        return list(nodes.values())

    def claims(self, graph: ox.NamedNode) -> list[FoundClaim]:
        """All claims and statements, one for each figure that they have."""
        claims: dict[tuple[str, str | None, str | None], FoundClaim] = {}
        for row in self._rows(_CLAIMS.replace("GRAPH ?article", f"GRAPH {graph}"), union=True):
            unit = re.split(r"[/#]", row["unit"].value)[-1] if _known(row["unit"]) else None
            value = _value(row["value"]) if _known(row["value"]) else None
            key = (_value(row["c"]), value, unit)
            if key not in claims:
                shown = _UNITS.get(unit, unit.removeprefix("CCY_")) if unit else None
                claims[key] = FoundClaim(key[0], float(value) if value else None, shown)
            _take(row, claims[key])
        return list(claims.values())


# Labels of concepts and agents may stand in any graph: they are asked of the union.
_CLAIMS = """
SELECT ?c ?cls ?value ?unit ?cmp ?about ?aboutLabel ?metric ?time ?fiscal ?who ?whoLabel ?mod ?pol ?exact {
  GRAPH ?article { ?c a ?cls . FILTER(?cls IN (aig:Claim, aig:Statement, aig:QuantityClaim, aig:AttributedClaim)) }
  OPTIONAL { GRAPH ?article { ?c aig:quantity ?q . ?q qudt:numericValue ?value ; qudt:unit ?unit
             OPTIONAL { ?q aig:comparator ?cmp } } }
  OPTIONAL { GRAPH ?article { ?c aig:about ?about }
             OPTIONAL { ?about rdfs:label|skos:prefLabel|skos:altLabel ?aboutLabel } }
  OPTIONAL { GRAPH ?article { ?c aig:metric ?m } ?m rdfs:label|skos:prefLabel|skos:altLabel ?metric }
  OPTIONAL { GRAPH ?article { ?c aig:validTime ?time } }
  OPTIONAL { GRAPH ?article { ?c aig:fiscalPeriod ?fiscal } }
  OPTIONAL { GRAPH ?article { ?c aig:claimant ?who }
             OPTIONAL { ?who rdfs:label|skos:prefLabel|skos:altLabel ?whoLabel } }
  OPTIONAL { GRAPH ?article { ?c aig:modality ?mod } }
  OPTIONAL { GRAPH ?article { ?c aig:polarity ?pol } }
  OPTIONAL { GRAPH ?article { ?c aig:evidence/oa:hasSelector ?sel . ?sel oa:exact ?exact } }
}"""


def _take(row: ox.QuerySolution, claim: FoundClaim) -> None:
    """Add what one row of `_CLAIMS` says to a claim."""
    for name, values in (
        ("aboutLabel", claim.about_names),
        ("metric", claim.metric),
        ("whoLabel", claim.claimant_names),
        ("exact", claim.evidence),
    ):
        if _known(row[name]):
            values.add(fold_text(_value(row[name])))
    for name, values in (
        ("about", claim.about),
        ("who", claim.claimant),
        ("time", claim.times),
        ("fiscal", claim.times),
    ):
        if _known(row[name]):
            values.add(_value(row[name]))
    claim.statement = claim.statement or _local(row["cls"]) == "Statement"
    if _known(row["cmp"]):
        local = _local(row["cmp"])
        claim.comparator = local[:1].lower() + local[1:]
    if _known(row["mod"]):
        claim.modality = _local(row["mod"]).casefold()
    claim.negated = claim.negated or (_known(row["pol"]) and _local(row["pol"]) == "Negated")


def _parse(path: Path) -> Iterator[ox.Quad]:
    try:
        yield from ox.parse(path=str(path))
    except (OSError, ValueError, SyntaxError) as error:
        raise StoreUnreadable(f"{path} cannot be read as an exported graph: {error}. Give N-Quads or TriG.") from error


def _terms(names: Iterable[str]) -> str:
    return " ".join(f"aig:{name}" for name in names)


def _known(term: object) -> bool:
    return term is not None


def _value(term: object) -> str:
    return term.value if isinstance(term, ox.NamedNode | ox.BlankNode | ox.Literal) else ""


def _local(term: object) -> str:
    return _value(term).removeprefix(AIG.iri)
