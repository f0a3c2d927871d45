"""What a triple follows from, by which axiom or published rule; and what comes nearest to one that is not held."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from aigraph.vocab import AIG, RDF

Term = NamedNode | Literal
Select = Callable[[str], Iterable[Mapping[str, Term | None]]]
"""Runs a SELECT query over the union of all graphs and gives its rows by variable name."""
Triple = tuple[NamedNode, NamedNode, Term]

_DEPTH = 4
_NEAREST = 5


@dataclass(frozen=True, slots=True)
class Step:
    """One way in which a triple follows: the file in `ontology/rules`, the axiom in words, and what it follows from."""

    rule: str
    axiom: str
    premises: tuple[Triple, ...]


_BY_AXIOM = (
    (
        "entailed-inverse",
        "{q} is the inverse of {p}",
        "{p} owl:inverseOf|^owl:inverseOf ?q . {o} ?q {s} .",
        (("o", "q", "s"),),
    ),
    ("entailed-symmetric", "{p} is symmetric", "{p} a owl:SymmetricProperty . {o} {p} {s} .", (("o", "p", "s"),)),
    (
        "entailed-superproperties",
        "{q} is a kind of {p}",
        "?q rdfs:subPropertyOf {p} . FILTER(?q != {p}) {s} ?q {o} .",
        (("s", "q", "o"),),
    ),
    (
        "entailed-transitive",
        "{p} is transitive",
        "{p} a owl:TransitiveProperty . {s} {p} ?m . ?m {p} {o} . FILTER(?m NOT IN ({s}, {o}))",
        (("s", "p", "m"), ("m", "p", "o")),
    ),
    (
        "entailed-chains",
        "{q} and then {r} make {p}",
        "{p} owl:propertyChainAxiom ?c . ?c rdf:first ?q ; rdf:rest/rdf:first ?r . {s} ?q ?m . ?m ?r {o} .",
        (("s", "q", "m"), ("m", "r", "o")),
    ),
    (
        "entailed-values",
        "who {q} anything has the {p} {o}",
        "[] owl:onProperty ?q ; owl:someValuesFrom owl:Thing ; "
        "rdfs:subClassOf [ owl:onProperty {p} ; owl:hasValue {o} ] . {s} ?q ?m . FILTER(?m != {s})",
        (("s", "q", "m"),),
    ),
    (
        "entailed-values",
        "who {q} a {r} has the {p} {o}",
        "[] owl:onProperty ?q ; owl:someValuesFrom ?r ; "
        "rdfs:subClassOf [ owl:onProperty {p} ; owl:hasValue {o} ] . {s} ?q ?m . ?m a ?r .",
        (("s", "q", "m"), ("m", "a", "r")),
    ),
)
_BY_CLASS = (
    (
        "entailed-types",
        "{q} is a kind of {o}",
        "?q rdfs:subClassOf+ {o} . {s} a ?q . FILTER(isIRI(?q) && ?q != {o})",
        (("s", "p", "q"),),
    ),
    ("entailed-domains", "{q} is for a {o}", "?q rdfs:domain/rdfs:subClassOf* {o} . {s} ?q ?m .", (("s", "q", "m"),)),
    ("entailed-ranges", "{q} leads to a {o}", "?q rdfs:range/rdfs:subClassOf* {o} . ?m ?q {s} .", (("m", "q", "s"),)),
    (
        "entailed-restrictions",
        "what a {q} {r} is a {o}",
        "?q rdfs:subClassOf [ owl:onProperty ?r ; owl:allValuesFrom {o} ] . ?m ?r {s} ; a ?q .",
        (("m", "r", "s"), ("m", "a", "q")),
    ),
)


def steps(select: Select, triple: Triple, *, depth: int = _DEPTH) -> tuple[Step, ...]:
    """The first way in which a triple follows from others, and theirs, down to what articles state, at most so deep."""
    found: dict[Triple, Step] = {}
    frontier = [triple]
    for _ in range(depth):
        asked = [each for each in dict.fromkeys(frontier) if each not in found and not _stated(select, each)]
        frontier = []
        for each in asked:
            if (step := _step(select, each, {*found, *asked})) is not None:
                found[each] = step
                frontier += step.premises
    return tuple(found.values())


def _stated(select: Select, triple: Triple) -> bool:
    subject, predicate, object_ = triple
    stated = (
        f"{{ ?n aig:subject {subject} ; aig:predicate {predicate} ; aig:object {object_} ; "
        "aig:modality aig:Asserted ; aig:polarity aig:Affirmed }"
    )
    deal = f"{{ {deal_pattern('?n', subject, predicate, object_)} }}" if predicate in DEAL_SHORTCUTS else "{ }"
    mentioned = f"{{ ?n aig:mentionOf {subject} ; aig:mentionedAs {object_} }}" if predicate == RDF.type else "{ }"
    wanted = [pattern for pattern in (stated, deal, mentioned) if pattern != "{ }"]
    return any(True for _ in select(f"SELECT * {{ {' UNION '.join(wanted)} }} LIMIT 1"))


DEAL_SHORTCUTS = {
    AIG.acquired: (AIG.Acquisition, AIG.acquirer, AIG.target),
    AIG.investsIn: (AIG.Investment, AIG.investor, AIG.investee),
    AIG.licensesFrom: (AIG.LicensingAgreement, AIG.licensee, AIG.licensor),
    AIG.suppliesTo: (AIG.SupplyAgreement, AIG.supplier, AIG.customer),
    AIG.partnerOf: (AIG.Collaboration, AIG.partner, AIG.partner),
}
"""The direct triples that stand for a deal, with its kind and the roles of their ends: such deals state them."""


def deal_pattern(node: str, subject: Term, shortcut: NamedNode, object_: Term) -> str:
    """The SPARQL pattern for a deal (`node`) that states a direct triple of `DEAL_SHORTCUTS`."""
    kind, role, other = DEAL_SHORTCUTS[shortcut]
    return f"{node} a {kind} ; {role} {subject} ; {other} {object_} ."


def _step(select: Select, triple: Triple, seen: set[Triple]) -> Step | None:
    """The first way in which a triple follows that does not lead back to what is being explained."""
    names = dict(zip("spo", triple, strict=True)) | {"a": RDF.type}
    if isinstance(triple[2], Literal):
        return None
    for rule, axiom, pattern, premises in _BY_CLASS if triple[1] == RDF.type else _BY_AXIOM:
        rows = select(f"SELECT * {{ {pattern.format(**names)} }} ORDER BY ?q ?m ?r LIMIT {_NEAREST}")
        for row in rows:
            bound: dict[str, Term] = names | {name: term for name, term in row.items() if term is not None}
            words = {name: _short(term) for name, term in bound.items()}
            found = tuple(_triple(bound, parts) for parts in premises)
            if not seen & set(found):
                return Step(rule, axiom.format(**words), found)
    return None


def _triple(bound: Mapping[str, Term], parts: tuple[str, str, str]) -> Triple:
    subject, predicate, object_ = (bound[part] for part in parts)
    if not isinstance(subject, NamedNode) or not isinstance(predicate, NamedNode):
        raise TypeError(f"{subject} {predicate} can begin no triple")
    return subject, predicate, object_


def _short(term: Term) -> str:
    return AIG.local(term) if isinstance(term, NamedNode) else term.value


# --- why not


def hindrances(select: Select, triple: Triple) -> tuple[str, ...]:
    """What keeps a triple out that no article states: the ontology refuses one of its ends."""
    subject, predicate, object_ = triple
    if predicate == RDF.type or not isinstance(object_, NamedNode):
        return ()
    return tuple(
        f"the ontology refuses it: {AIG.local(predicate)} {how} {' or '.join(wanted)}, which {_name(end)} is not"
        for how, axiom, end in (("is for", "rdfs:domain", subject), ("leads to", "rdfs:range", object_))
        if (wanted := _classes(select, predicate, axiom)) and not _belongs(select, end, predicate, axiom)
    )


def _classes(select: Select, predicate: NamedNode, axiom: str) -> list[str]:
    path = f"{axiom}/(owl:unionOf/rdf:rest*/rdf:first)?"
    rows = select(f"SELECT DISTINCT ?c {{ {predicate} {path} ?c FILTER(isIRI(?c)) }} ORDER BY ?c")
    return [AIG.local(c) for row in rows if isinstance(c := row["c"], NamedNode)]


def _belongs(select: Select, end: NamedNode, predicate: NamedNode, axiom: str) -> bool:
    path = f"{axiom}/(owl:unionOf/rdf:rest*/rdf:first)?"
    rows = select(f"SELECT * {{ {predicate} {path} ?c . {end} a/rdfs:subClassOf* ?c }} LIMIT 1")
    return any(True for _ in rows)


def _name(iri: NamedNode) -> str:
    return iri.value.rsplit("/", 1)[-1]


def nearest(triple: Triple) -> Iterator[str]:
    """Patterns for findings that come near to a triple, the nearest first: it the other way round, the same two things
    in another relation, the same relation with another end."""
    subject, predicate, object_ = triple
    if predicate == RDF.type or not isinstance(object_, NamedNode):
        return
    yield f"?finding aig:subject {object_} ; aig:predicate {predicate} ; aig:object {subject} ."
    yield f"?finding aig:subject|aig:party {subject} ; aig:object|aig:party {object_} ."
    yield f"?finding aig:subject {subject} ; aig:predicate {predicate} ."
    yield f"?finding aig:predicate {predicate} ; aig:object {object_} ."


NEAREST = _NEAREST
"""How many findings that come near are shown."""
