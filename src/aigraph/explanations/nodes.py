"""A finding or a proposition explained: all who say the same, what they count, and what stands against them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from aigraph.errors import ParameterError
from aigraph.explanations.derivations import Select
from aigraph.explanations.triples import Source, iri_of, sources_of
from aigraph.propositions import Belief, Group, belief, groups
from aigraph.propositions.findings import FindingReader, Node, Said
from aigraph.vocab import AIG


@dataclass(frozen=True, slots=True)
class Opposite:
    """Another proposition that this one meets: in conflict (`kind` and `reason`), or nearly the same (`degree`)."""

    proposition: NamedNode
    label: str
    kind: str = ""
    reason: str = ""
    degree: float | None = None


@dataclass(frozen=True, slots=True)
class Together:
    """A proposition with all that stands behind it and against it; `updates` are (later, earlier) findings."""

    proposition: NamedNode
    label: str
    sources: tuple[Source, ...]
    groups: tuple[Group, ...]
    belief: Belief
    opposites: tuple[Opposite, ...]
    updates: tuple[tuple[str, str], ...]


def explain_node(
    select: Select, name: str, *, base: str, as_of: str | None = None, most: int | None = None
) -> tuple[Together, ...]:
    """Explain a proposition, or those that a claim, statement, deal or post expresses, or that a conflict or similarity
    stands between, by its IRI.

    With `as_of` only what was published by that day counts: sources, updates, and of the propositions that this one
    meets those which somebody had expressed by then.

    Raises:
        ParameterError: that is no IRI, or the IRI of no such thing, or a proposition has more than `most` findings.
    """
    iri = iri_of(name, base)
    if iri is None:
        raise ParameterError(f"{name!r} is no IRI; write it as in res:proposition/… or <IRI>.")
    rows = select(
        f"SELECT ?proposition ?label {{ {{ {iri} a aig:Proposition ; rdfs:label ?label BIND({iri} AS ?proposition) }} "
        f"UNION {{ ?proposition aig:expressedBy {iri} ; rdfs:label ?label }} "
        f"UNION {{ {iri} aig:between ?proposition . ?proposition rdfs:label ?label }} }} ORDER BY ?proposition"
    )
    found = [
        _together(select, node, label.value, as_of, most)
        for row in rows
        if isinstance(node := row["proposition"], NamedNode) and isinstance(label := row["label"], Literal)
    ]
    if not found:
        raise ParameterError(f"{iri.value} is no proposition, no finding that expresses one, and no conflict.")
    return tuple(found)


def _together(select: Select, node: NamedNode, label: str, as_of: str | None, most: int | None) -> Together:
    rows = select(f"SELECT ?finding {{ {node} aig:expressedBy ?finding }} ORDER BY ?finding")
    names = [finding for row in rows if isinstance(finding := row["finding"], NamedNode)]
    if most is not None and len(names) > most:
        raise ParameterError(f"{label} has {len(names)} findings, more than {most}; ask the canned query sources-of.")
    reader = FindingReader(lambda each, _properties: _node(select, each))
    said = [each for each in map(reader.read, names) if _published(each, as_of)]
    known = {each.node for each in said}
    independent = groups(said)
    return Together(
        node,
        label,
        tuple(source for source in sources_of(select, names) if source.finding.value in known),
        independent,
        belief(said, independent),
        tuple(_opposites(select, node, as_of)),
        tuple(_updates(select, node, as_of)),
    )


def _published(said: Said, as_of: str | None) -> bool:
    return as_of is None or (said.source.issued is not None and said.source.issued <= as_of)


def _node(select: Select, node: NamedNode) -> Node:
    found: dict[NamedNode, list[object]] = defaultdict(list)
    for row in select(f"SELECT ?p ?o {{ {node} ?p ?o }}"):
        if isinstance(property_ := row["p"], NamedNode):
            found[property_].append(row["o"])
    return found


def _by_then(finding: str, as_of: str | None) -> str:
    """The condition that a finding was published by a day."""
    if as_of is None:
        return ""
    issued = f"{finding} prov:wasDerivedFrom/dcterms:issued ?issued"
    return f"FILTER EXISTS {{ {issued} FILTER(STR(?issued) <= {Literal(as_of)}) }} "


def _opposites(select: Select, node: NamedNode, as_of: str | None) -> list[Opposite]:
    known = f"FILTER EXISTS {{ ?other aig:expressedBy ?said {_by_then('?said', as_of)}}} " if as_of else ""
    rows = select(
        f"SELECT ?other ?label ?kind ?reason ?degree {{ ?link aig:between {node} , ?other . FILTER(?other != {node}) "
        f"?other rdfs:label ?label {known}"
        "OPTIONAL { ?link aig:conflictKind ?kind ; aig:reason ?reason } "
        "OPTIONAL { ?link aig:degree ?degree } } ORDER BY (!BOUND(?kind)) DESC(?degree) ?label ?other"
    )
    found = []
    for row in rows:
        texts = {name: term.value for name, term in row.items() if isinstance(term, Literal)}
        if isinstance(other := row["other"], NamedNode):
            degree = float(texts["degree"]) if "degree" in texts else None
            kind, reason = texts.get("kind", ""), texts.get("reason", "")
            found.append(Opposite(other, texts["label"], kind, reason, degree))
    return found


def _updates(select: Select, node: NamedNode, as_of: str | None) -> list[tuple[str, str]]:
    rows = select(
        f"SELECT DISTINCT ?later ?earlier {{ {node} aig:expressedBy ?mine . "
        f"{{ ?mine {AIG.supersedes} ?earlier BIND(?mine AS ?later) }} UNION "
        f"{{ ?later {AIG.supersedes} ?mine BIND(?mine AS ?earlier) }} "
        f"{_by_then('?later', as_of)}}} ORDER BY ?later ?earlier"
    )
    return [
        (later.value, earlier.value)
        for row in rows
        if isinstance(later := row["later"], NamedNode) and isinstance(earlier := row["earlier"], NamedNode)
    ]
