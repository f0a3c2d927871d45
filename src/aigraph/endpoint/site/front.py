"""What the start page shows: the size of the graph, how fresh it is, the newest claims, those that most sources make.

These need queries over the whole graph, so they are asked once a snapshot and kept.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pyoxigraph import Literal, NamedNode

from aigraph.endpoint.site.addresses import page_of
from aigraph.endpoint.site.findings import Card, Cards, Words
from aigraph.endpoint.site.reading import Graph, Row
from aigraph.errors import QueryError
from aigraph.wording import day

_COUNTED = (
    ("articles", "aig:Article"),
    ("companies", "aig:Company"),
    ("people", "aig:Person"),
    ("technologies", "aig:Technology"),
    ("relations", "aig:Statement"),
    ("deals", "aig:Partnership"),
    ("claims", "aig:Claim"),
)
_NEWEST = """SELECT ?f { { SELECT ?a ?issued { ?a a aig:Article ; dcterms:issued ?issued }
  ORDER BY DESC(?issued) ?a LIMIT 12 } ?f prov:wasDerivedFrom ?a ; aig:claimText ?text ; aig:quantity ?q ;
  aig:about ?about ; aig:metric ?metric ; aig:polarity aig:Affirmed ; aig:confidence ?c }
  ORDER BY DESC(?issued) DESC(?c) ?f LIMIT 6"""
_AGREED = """SELECT ?f { { SELECT ?p ?n ?i { ?p aig:independentSourceCount ?i ; aig:sourceCount ?n FILTER(?i > 1) }
  ORDER BY DESC(?i) DESC(?n) ?p LIMIT 6 } { SELECT ?p (MIN(?one) AS ?f) { ?p aig:expressedBy ?one } GROUP BY ?p } }
  ORDER BY DESC(?i) DESC(?n) ?p"""
_DISPUTED = """SELECT ?p ?other ?reason (MIN(?first) AS ?f) (MIN(?second) AS ?g) {
  { SELECT ?p ?other ?reason { ?c aig:conflictKind ?kind ; aig:reason ?reason ; aig:between ?p, ?other .
    FILTER(STR(?p) < STR(?other)) } ORDER BY ?p ?other LIMIT 4 }
  ?p aig:expressedBy ?first . ?other aig:expressedBy ?second } GROUP BY ?p ?other ?reason ORDER BY ?p ?other"""
_ARTICLES = """SELECT ?a ?title ?issued ?publisher { ?a a aig:Article ; dcterms:title ?title
  OPTIONAL { ?a dcterms:issued ?issued } OPTIONAL { ?a dcterms:publisher ?publisher } }
  ORDER BY DESC(?issued) ?a LIMIT 6"""


@dataclass(frozen=True, slots=True)
class Disputed:
    """Two propositions that cannot both be true, and why."""

    one: Words
    other: Words
    reason: str


@dataclass(frozen=True, slots=True)
class Recent:
    """An article by its title."""

    title: Words
    published: str
    publisher: str


@dataclass(frozen=True, slots=True)
class Front:
    """All that the start page shows of the graph; what could not be asked in time is empty."""

    counts: tuple[tuple[str, int], ...] = ()
    newest: tuple[Card, ...] = ()
    agreed: tuple[Card, ...] = ()
    disputed: tuple[Disputed, ...] = ()
    articles: tuple[Recent, ...] = ()


@dataclass(slots=True)
class Fronts:
    """Keeps what the start page shows of the newest snapshot; safe to use from several threads."""

    _lock: threading.Lock = field(default_factory=threading.Lock)
    _known: tuple[str, Front] = ("", Front())

    def front(self, graph: Graph, cards: Cards) -> Front:
        """What to show of a snapshot."""
        with self._lock:
            known, front = self._known
        if known == graph.snapshot.id:
            return front
        front, whole = _read(graph, cards)
        if whole:
            with self._lock:
                self._known = (graph.snapshot.id, front)
        return front


def _read(graph: Graph, cards: Cards) -> tuple[Front, bool]:
    """The start page of a snapshot, and whether all of it could be asked."""
    whole = True
    counts: tuple[tuple[str, int], ...] = ()
    try:
        counts = _counts(graph)
    except QueryError:
        whole = False
    try:
        newest, agreed = graph.column(_NEWEST, "f"), graph.column(_AGREED, "f")
        pairs = graph.rows(_DISPUTED)
        sides = [term for row in pairs for name in "fg" if isinstance(term := row[name], NamedNode)]
        made = cards.of([*newest, *agreed, *sides])
        articles = _articles(graph)
    except QueryError:
        return Front(counts), False
    front = Front(
        counts,
        tuple(made[one] for one in newest if one in made),
        tuple(made[one] for one in agreed if one in made),
        _disputed(graph, pairs, made),
        articles,
    )
    return front, whole


def _counts(graph: Graph) -> tuple[tuple[str, int], ...]:
    parts = [f"{{ SELECT (COUNT(*) AS ?{name}) {{ ?x a {kind} }} }}" for name, kind in _COUNTED]
    (row,) = graph.rows(f"SELECT * {{ {' '.join(parts)} }}")
    found = [(name, int(term.value)) for name, _ in _COUNTED if isinstance(term := row[name], Literal)]
    return (*found, ("triples", graph.snapshot.quads))


def _disputed(graph: Graph, pairs: Sequence[Row], made: Mapping[NamedNode, Card]) -> tuple[Disputed, ...]:
    found = []
    for row in pairs:
        one, other, first, second, reason = (row[name] for name in ("p", "other", "f", "g", "reason"))
        if not isinstance(one, NamedNode) or not isinstance(other, NamedNode) or not isinstance(reason, Literal):
            continue
        cards = [made.get(side) if isinstance(side, NamedNode) else None for side in (first, second)]
        if cards[0] and cards[1]:
            sides = [
                Words(card.told, page_of(node.value, graph.base))
                for card, node in zip(cards, (one, other), strict=True)
                if card
            ]
            found.append(Disputed(sides[0], sides[1], reason.value))
    return tuple(found)


def _articles(graph: Graph) -> tuple[Recent, ...]:
    found = {}
    for row in graph.rows(_ARTICLES):
        texts = {name: term.value for name, term in row.items() if isinstance(term, Literal)}
        if isinstance(article := row["a"], NamedNode):
            title = Words(texts["title"], page_of(article.value, graph.base))
            found[article] = Recent(title, day(texts.get("issued")), texts.get("publisher", ""))
    return tuple(found.values())
