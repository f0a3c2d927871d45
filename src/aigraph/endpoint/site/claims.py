"""All claims of a snapshot in memory, column by column, so that they can be filtered, counted and sorted in any way.

A page that filters by eight things and counts the values of each would need as many queries over the whole graph. So
all is read once a snapshot, by scans of one property each that are joined here: measured on pyoxigraph 0.5.13 with
20,000 findings on a busy machine, a scan takes half a second, one query that joins five properties 27 seconds, FILTER
NOT EXISTS nine.
"""

from __future__ import annotations

import csv
import io
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote

from pyoxigraph import NamedNode

from aigraph.endpoint.site.reading import Graph
from aigraph.formats import CSV
from aigraph.vocab import AIG, RDFS, SKOS, prefixes

MOST = 100_000
"""Claims that are held: those of the newest articles, where there are more."""
_NAMES = (RDFS.label, SKOS.prefLabel)


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim; things are IRIs, and what is not known is empty.

    `begin` and `end` are the first and last day of the time that it is about, `time` that time as EDTF or a fiscal
    period. `sources`, `independent` and `disputed` are those of its proposition with the most sources.
    """

    iri: str
    article: str
    issued: str
    subject: str
    metric: str
    claimant: str
    modality: str
    denied: bool
    confidence: float
    time: str
    begin: str
    end: str
    value: float | None
    unit: str
    comparator: str
    propositions: tuple[str, ...]
    sources: int
    independent: int
    disputed: bool

    @property
    def year(self) -> str:
        """The year that it is about: the first, where it is about several."""
        return (self.begin or self.end or self.time)[:4]

    @property
    def standing(self) -> str:
        """How it stands among others: "disputed", else said by "several" independent sources or a "single" one."""
        return "disputed" if self.disputed else "several" if self.independent > 1 else "single"


FILTERED: Mapping[str, Callable[[Claim], object]] = {
    "subject": lambda claim: claim.subject,
    "metric": lambda claim: claim.metric,
    "claimant": lambda claim: claim.claimant,
    "article": lambda claim: claim.article,
    "modality": lambda claim: claim.modality.removeprefix(AIG.iri).lower(),
    "denied": lambda claim: claim.denied,
    "year": lambda claim: claim.year or "none",
    "confidence": lambda claim: claim.confidence,
    "standing": lambda claim: claim.standing,
}
"""What filters look at."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two propositions that cannot both be true, and why."""

    one: str
    other: str
    kind: str
    reason: str


@dataclass(frozen=True, slots=True)
class Index:
    """The claims of a snapshot, the newest first; `total` is how many the graph has.

    `labels` are the names of what they are about, of metrics, claimants and articles; `named` leads back from names.
    `columns` are the values that filters look at, as long as `claims`.
    """

    claims: tuple[Claim, ...]
    total: int
    labels: Mapping[str, str]
    named: Mapping[str, tuple[str, ...]]
    conflicts: tuple[Conflict, ...]
    columns: Mapping[str, Sequence[object]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        columns = {name: [get(claim) for claim in self.claims] for name, get in FILTERED.items()}
        object.__setattr__(self, "columns", columns)

    def label(self, iri: str) -> str:
        """The name of a thing, else the last part of its IRI."""
        return self.labels.get(iri) or unquote(iri.rsplit("/", 1)[-1])


@dataclass(slots=True)
class Indexes:
    """Keeps the claims of the newest snapshot; safe to use from several threads."""

    _lock: threading.Lock = field(default_factory=threading.Lock)
    _known: tuple[str, Index] | None = None

    def index(self, graph: Graph) -> Index:
        """The claims of a snapshot.

        Raises:
            QueryError: they cannot be read just now.
        """
        with self._lock:  # held while reading: who asks meanwhile waits for the outcome in place of reading too
            if self._known is None or self._known[0] != graph.snapshot.id:
                self._known = (graph.snapshot.id, read_index(graph))
            return self._known[1]


def read_index(graph: Graph) -> Index:
    """Reads the claims of a snapshot.

    Raises:
        QueryError: it cannot be answered just now.
    """
    articles = _articles(graph)
    relations = {claim for claim, _ in _pairs(graph, "aig:predicate")}  # claims, too, but with pages of their own
    claims = {claim for (claim,) in _cells(graph, "SELECT ?f { ?f a aig:Claim }")} - relations
    derived = {claim: article for claim, article in _pairs(graph, "prov:wasDerivedFrom") if claim in claims}
    newest = sorted(derived, key=lambda claim: (articles.get(derived[claim], ("", ""))[1], claim), reverse=True)
    found: dict[str, dict[str, str]] = {claim: {"article": derived[claim]} for claim in newest[:MOST]}
    same: dict[str, str] = {}  # one text for all claims that share it
    for name, column in _COLUMNS.items():
        for claim, value in _pairs(graph, column):
            if claim in found:
                found[claim].setdefault(name, same.setdefault(value, value))
    quantities = {values["quantity"]: values for values in found.values() if "quantity" in values}
    for name, column in _OF_QUANTITIES.items():
        for quantity, value in _pairs(graph, column):
            if quantity in quantities:
                quantities[quantity].setdefault(name, same.setdefault(value, value))
    together = _together(graph, found)
    made = tuple(_claim(iri, values, articles, together) for iri, values in found.items())
    labels = _labels(graph, made) | {iri: title for iri, (title, _) in articles.items() if title}
    named: dict[str, list[str]] = defaultdict(list)
    for iri, label in labels.items():
        named[label.casefold()].append(iri)
    return Index(made, len(derived), labels, {name: tuple(iris) for name, iris in named.items()}, together.conflicts)


_COLUMNS: Mapping[str, str] = {
    "subject": "aig:about",
    "metric": "aig:metric",
    "claimant": "aig:claimant",
    "modality": "aig:modality",
    "polarity": "aig:polarity",
    "confidence": "aig:confidence",
    "time": "aig:validTime",
    "fiscal": "aig:fiscalPeriod",
    "begin": "aig:validFrom",
    "end": "aig:validUntil",
    "quantity": "aig:quantity",
}
_OF_QUANTITIES: Mapping[str, str] = {
    "value": "qudt:numericValue",
    "unit": "qudt:unit",
    "comparator": "aig:comparator",
}


@dataclass(frozen=True, slots=True)
class _Together:
    """The propositions that each claim expresses, the sources of each, and what conflicts."""

    said: Mapping[str, Sequence[str]]
    counts: Mapping[str, tuple[int, int]]
    conflicts: tuple[Conflict, ...]
    disputed: frozenset[str]


def _claim(iri: str, values: Mapping[str, str], articles: Mapping[str, tuple[str, str]], together: _Together) -> Claim:
    counts = together.counts
    ordered = tuple(sorted(together.said.get(iri, ()), key=lambda one: (-counts[one][1], -counts[one][0], one)))
    sources, independent = counts[ordered[0]] if ordered else (0, 0)
    article = values["article"]
    return Claim(
        iri=iri,
        article=article,
        issued=articles.get(article, ("", ""))[1],
        subject=values.get("subject", ""),
        metric=values.get("metric", ""),
        claimant=values.get("claimant", ""),
        modality=values.get("modality", ""),
        denied=values.get("polarity") == AIG.Negated.value,
        confidence=_number(values.get("confidence")) or 0.0,
        time=values.get("time") or values.get("fiscal", ""),
        begin=values.get("begin", ""),
        end=values.get("end", ""),
        value=_number(values.get("value")),
        unit=values.get("unit", ""),
        comparator=values.get("comparator", ""),
        propositions=ordered,
        sources=sources,
        independent=independent,
        disputed=any(one in together.disputed for one in ordered),
    )


def _articles(graph: Graph) -> dict[str, tuple[str, str]]:
    """The title and the day of publication of each article."""
    found: dict[str, tuple[str, str]] = {}
    for article, title, identifier, issued in _cells(
        graph,
        "SELECT ?a ?title ?id ?issued { ?a a aig:Article OPTIONAL { ?a dcterms:title ?title } "
        "OPTIONAL { ?a dcterms:identifier ?id } OPTIONAL { ?a dcterms:issued ?issued } }",
    ):
        found.setdefault(article, (title or identifier, issued))
    return found


def _together(graph: Graph, claims: Mapping[str, object]) -> _Together:
    said: dict[str, list[str]] = defaultdict(list)
    for proposition, claim in _pairs(graph, "aig:expressedBy"):
        if claim in claims:
            said[claim].append(proposition)
    wanted = {one for each in said.values() for one in each}
    counts: dict[str, tuple[int, int]] = dict.fromkeys(wanted, (0, 0))
    for one, sources, independent in _cells(
        graph, "SELECT ?p ?n ?i { ?p aig:sourceCount ?n ; aig:independentSourceCount ?i }"
    ):
        if one in wanted:
            counts[one] = (int(sources), int(independent))
    conflicts = tuple(
        Conflict(one, other, kind, reason)
        for one, other, kind, reason in _cells(
            graph,
            "SELECT ?p ?q ?kind ?reason { ?c aig:conflictKind ?kind ; aig:reason ?reason ; aig:between ?p, ?q "
            "FILTER(STR(?p) < STR(?q)) } ORDER BY ?p ?q",
        )
        if one in wanted or other in wanted
    )
    return _Together(said, counts, conflicts, frozenset(side for each in conflicts for side in (each.one, each.other)))


def _labels(graph: Graph, claims: Sequence[Claim]) -> dict[str, str]:
    things = {iri for claim in claims for iri in (claim.subject, claim.metric, claim.claimant) if iri}
    nodes = graph.nodes(map(NamedNode, sorted(things)), _NAMES)
    return {iri.value: label for iri, node in nodes.items() if (label := node.text(_NAMES[0]) or node.text(_NAMES[1]))}


def _pairs(graph: Graph, column: str) -> Iterator[tuple[str, str]]:
    """The subjects and values of a property."""
    return ((subject, value) for subject, value in _cells(graph, f"SELECT ?f ?v {{ ?f {column} ?v }}"))


def _cells(graph: Graph, text: str) -> Iterator[list[str]]:
    """The rows of a SELECT as bare texts: five times as quick to read as rows of terms."""
    known = prefixes(graph.base)
    prologue = "" if graph.served.pool.prefixes else "".join(f"PREFIX {n}: <{i}>\n" for n, i in known.items())
    result = graph.served.pool.query(prologue + text, solutions_format=CSV, snapshot=graph.snapshot, asker=graph.asker)
    rows = csv.reader(io.StringIO(result.content.decode("utf-8"), newline=""))
    next(rows, None)
    yield from rows


def _number(text: str | None) -> float | None:
    try:
        return float(text) if text else None
    except ValueError:
        return None
