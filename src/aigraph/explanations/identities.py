"""Which other thing a thing may be, and what speaks for it."""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from aigraph.explanations.derivations import Select
from aigraph.explanations.triples import iri_of


@dataclass(frozen=True, slots=True)
class OtherName:
    """Two things that may be one, from the side of the first: the names of both, how much speaks for it, and what."""

    thing: NamedNode
    name: str
    other: NamedNode
    other_name: str
    degree: float
    reasons: tuple[str, ...]


def explain_identity(select: Select, name: str, *, base: str) -> tuple[OtherName, ...]:
    """What a thing may be besides, or what a possible identity is of, by its IRI; the likeliest first.

    Empty where the text is no IRI, or nothing is known to be possible.
    """
    iri = iri_of(name, base)
    if iri is None:
        return ()
    rows = select(
        f"SELECT ?thing ?name ?other ?otherName ?degree ?reason {{ "
        f"{{ SELECT ?link ?thing {{ {{ ?link aig:identityOf {iri} BIND({iri} AS ?thing) }} UNION "
        f"{{ {{ SELECT (MIN(?end) AS ?thing) {{ {iri} aig:identityOf ?end }} }} BIND({iri} AS ?link) }} }} }} "
        "?link aig:identityOf ?thing, ?other ; aig:degree ?degree ; aig:reason ?reason . FILTER(?other != ?thing) "
        "?thing rdfs:label ?name . ?other rdfs:label ?otherName } ORDER BY DESC(?degree) ?other ?reason"
    )
    found: dict[NamedNode, OtherName] = {}
    for row in rows:
        texts = {key: term.value for key, term in row.items() if isinstance(term, Literal)}
        thing, other = row["thing"], row["other"]
        if isinstance(thing, NamedNode) and isinstance(other, NamedNode):
            before = found[other].reasons if other in found else ()
            degree, names = float(texts["degree"]), (texts["name"], texts["otherName"])
            found[other] = OtherName(thing, names[0], other, names[1], degree, (*before, texts["reason"]))
    return tuple(found.values())
