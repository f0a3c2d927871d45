"""What can be found in a store: the texts of each article's graph, and the things with all their names."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from typing import TypeGuard

from pyoxigraph import NamedNode, Store

from aigraph.vocab import AIG, DCTERMS, DERIVED_GRAPHS, OA, RDF, RDFS, SKOS, Iris

_GENERAL = ("Finding", "Partnership")


class Text(IntEnum):
    """A kind of text; the numbers stand in the database."""

    CLAIM = 0
    DEAL = 1
    ARTICLE = 2


@dataclass(frozen=True, slots=True)
class Document:
    """A text with its IRI: of a claim its clause and its sentences, of a deal these, of an article title and text."""

    iri: str
    kind: Text
    title: str
    body: str
    type: str = ""


@dataclass(frozen=True, slots=True)
class Texts:
    """What the graph of an article holds; `day` is that of publication, 0 where it is not known."""

    article: str
    published: str
    day: int
    documents: tuple[Document, ...]
    mentioned: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Thing:
    """An entity with its names."""

    iri: str
    type: str
    label: str
    names: tuple[str, ...]


def of_article(base: str) -> Callable[[object], TypeGuard[NamedNode]]:
    """What tells whether a graph is that of an article: one that is made, and not derived."""
    derived = {Iris(base).graph(name) for name in DERIVED_GRAPHS}

    def of(graph: object) -> TypeGuard[NamedNode]:
        return isinstance(graph, NamedNode) and graph not in derived and graph.value.startswith(f"{base}graph/")

    return of


def texts_of(store: Store, graph: NamedNode) -> Texts:
    """What can be found in the graph of an article."""
    node = next((one for one in _subjects(store, RDF.type, AIG.Article, graph)), None)
    documents: list[Document] = []
    published = ""
    if node is not None:
        title, name, text = (
            " ".join(_values(store, node, each, graph))
            for each in (DCTERMS.title, DCTERMS.identifier, AIG.canonicalText)
        )
        published = next(iter(_values(store, node, DCTERMS.issued, graph)), "")[:10]
        documents.append(Document(node.value, Text.ARTICLE, title or name, text))
    for quad in store.quads_for_pattern(None, AIG.claimText, None, graph):
        if isinstance(quad.subject, NamedNode):
            clause = getattr(quad.object, "value", "")
            sentences = " ".join(_sentences(store, quad.subject, graph))
            body = "" if sentences == clause else sentences
            documents.append(Document(quad.subject.value, Text.CLAIM, clause, body))
    for deal in sorted(set(_subjects(store, AIG.status, None, graph)), key=str):
        sentences = " ".join(_sentences(store, deal, graph))
        documents.append(Document(deal.value, Text.DEAL, sentences, "", _type(store, deal, graph)))
    mentioned = _nodes(store, node, AIG.mentions, graph) if node is not None else ()
    article = node.value if node is not None else ""
    return Texts(article, published, _day(published), tuple(documents), tuple(one.value for one in mentioned))


def things(store: Store, graph: NamedNode) -> Iterator[Thing]:
    """All entities; `graph` is that of entities."""
    for node in sorted(set(_subjects(store, RDFS.label, None, graph)), key=str):
        if found := thing(store, node, graph):
            yield found


def thing(store: Store, node: NamedNode, graph: NamedNode) -> Thing | None:
    """An entity by its IRI; None where the graph has no name for it."""
    labels = _values(store, node, RDFS.label, graph)
    if not labels:
        return None
    return Thing(node.value, _type(store, node, graph), labels[0], tuple(_values(store, node, SKOS.altLabel, graph)))


def _sentences(store: Store, finding: NamedNode, graph: NamedNode) -> list[str]:
    """The sentences behind a finding, each once."""
    evidence = _nodes(store, finding, AIG.evidence, graph)
    selectors = (one for each in evidence for one in _nodes(store, each, OA.hasSelector, graph))
    return list(dict.fromkeys(text for one in selectors for text in _values(store, one, OA.exact, graph)))


def _type(store: Store, node: NamedNode, graph: NamedNode) -> str:
    """The name of the class of ours ("Company"), the first where there are several, a general one only if need be."""
    names = (AIG.local(one) for one in _nodes(store, node, RDF.type, graph) if one.value.startswith(AIG.iri))
    return min(names, key=lambda name: (name in _GENERAL, name), default="")


def _subjects(store: Store, predicate: NamedNode, value: NamedNode | None, graph: NamedNode) -> Iterator[NamedNode]:
    for quad in store.quads_for_pattern(None, predicate, value, graph):
        if isinstance(quad.subject, NamedNode):
            yield quad.subject


def _nodes(store: Store, node: NamedNode, predicate: NamedNode, graph: NamedNode) -> list[NamedNode]:
    found = {quad.object for quad in store.quads_for_pattern(node, predicate, None, graph)}
    return sorted((one for one in found if isinstance(one, NamedNode)), key=str)


def _values(store: Store, node: NamedNode, predicate: NamedNode, graph: NamedNode) -> list[str]:
    """The texts of a property, sorted."""
    return sorted(getattr(quad.object, "value", "") for quad in store.quads_for_pattern(node, predicate, None, graph))


def _day(published: str) -> int:
    try:
        return date.fromisoformat(published).toordinal()
    except ValueError:
        return 0
