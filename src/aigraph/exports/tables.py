"""Tables for people who work with spreadsheets and data frames: entities, facts, partnerships, claims, as CSV.

Comma-separated UTF-8 with a line of names (RFC 4180). One row a thing, in the order of the export; several values of a
cell are parted by " | ". Columns that hold IRIs end with "_iri". A text policy without quotes leaves their cells empty.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from aigraph.exports.content import Content, Graph, Group
from aigraph.exports.names import Names, local, texts
from aigraph.vocab import AIG, DCTERMS, DERIVED_GRAPHS, OA, PROV, QUDT, RDF, SCHEMA, SKOS

_BETWEEN = " | "
_BY_SUPERCLASS = frozenset([AIG.Claim, AIG.Finding, AIG.Partnership])

Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its name, what it holds, its columns, and what gives its rows."""

    name: str
    description: str
    columns: tuple[str, ...]
    rows: Callable[[Content], Iterator[Row]]

    def write(self, content: Content, stream: IO[bytes]) -> None:
        """Write the rows of some content to a binary stream."""
        text = io.TextIOWrapper(stream, encoding="utf-8", newline="", write_through=True)
        writer = csv.DictWriter(text, self.columns, lineterminator="\r\n", restval="")
        writer.writeheader()
        writer.writerows(self.rows(content))
        text.detach()


@dataclass(frozen=True, slots=True)
class _Thing:
    """The values of one subject by property."""

    group: Group

    @property
    def node(self) -> str:
        subject = self.group[0].subject
        return subject.value if isinstance(subject, NamedNode) else str(subject)

    def nodes(self, predicate: NamedNode) -> list[NamedNode]:
        return [q.object for q in self.group if q.predicate == predicate and isinstance(q.object, NamedNode)]

    def cell(self, predicate: NamedNode) -> str:
        """The values of a property in one cell."""
        return _BETWEEN.join(texts(q.object for q in self.group if q.predicate == predicate))

    def locals(self, predicate: NamedNode) -> str:
        """The last parts of the IRIs that a property has as values."""
        return _BETWEEN.join(local(each) for each in self.nodes(predicate))

    def iris(self, predicate: NamedNode) -> str:
        return _BETWEEN.join(each.value for each in self.nodes(predicate))

    def is_a(self, cls: NamedNode) -> bool:
        return Quad(self.group[0].subject, RDF.type, cls, self.group[0].graph_name) in self.group


def _graph(content: Content, name: str) -> Iterator[Group]:
    wanted = content.reader.iris.graph(name)
    return (group for graph, groups in content.sections() if graph == wanted for group in groups)


def _article_things(content: Content, cls: NamedNode) -> Iterator[_Thing]:
    """The things of a class in the graphs of articles."""
    for graph, groups in content.sections():
        if _is_article(graph, content):
            yield from (thing for thing in map(_Thing, groups) if thing.is_a(cls))


def _is_article(graph: Graph, content: Content) -> bool:
    if isinstance(graph, DefaultGraph) or not graph.value.startswith(f"{content.base}graph/"):
        return False
    return graph.value.removeprefix(f"{content.base}graph/") not in DERIVED_GRAPHS


def _entities(content: Content) -> Iterator[Row]:
    for group in _graph(content, "entities"):
        thing, subject = _Thing(group), group[0].subject
        if not isinstance(subject, NamedNode):
            continue
        label = next((q.object.value for q in group if isinstance(q.object, Literal)), local(subject))
        yield {
            "entity_iri": thing.node,
            "type": thing.locals(RDF.type),
            "label": label,
            "other_names": thing.cell(SKOS.altLabel),
            "same_as": thing.iris(SCHEMA.sameAs),
        }


def _facts(content: Content) -> Iterator[Row]:
    names = Names(content.reader)
    for group in _graph(content, "facts"):
        for quad in group:
            subject, object_ = quad.subject, quad.object
            if not isinstance(subject, NamedNode) or not isinstance(object_, NamedNode):
                continue
            yield {
                "subject": names.label(subject),
                "predicate": local(quad.predicate),
                "object": names.label(object_),
                "subject_iri": subject.value,
                "predicate_iri": quad.predicate.value,
                "object_iri": object_.value,
            }


def _partnerships(content: Content) -> Iterator[Row]:
    names = Names(content.reader)
    for thing in _article_things(content, AIG.Partnership):
        roles = {column: _BETWEEN.join(names.labels(thing.nodes(AIG[column]))) for column in _ROLES}
        yield {
            "kind": _kind(thing),
            "status": thing.locals(AIG.status),
            **roles,
            "concerns": _BETWEEN.join(names.labels(thing.nodes(AIG.concerns))),
            **_common(content, names, thing),
            "partnership_iri": thing.node,
        }


def _claims(content: Content) -> Iterator[Row]:
    names = Names(content.reader)
    for thing in _article_things(content, AIG.Claim):
        if thing.is_a(AIG.Statement):
            continue
        yield {
            "about": _BETWEEN.join(names.labels(thing.nodes(AIG.about))),
            "metric": _BETWEEN.join(names.labels(thing.nodes(AIG.metric))),
            **_common(content, names, thing),
            "text": thing.cell(AIG.claimText),
            "about_iri": thing.iris(AIG.about),
            "metric_iri": thing.iris(AIG.metric),
            "claim_iri": thing.node,
        }


def _kind(thing: _Thing) -> str:
    kinds = [each for each in thing.nodes(RDF.type) if each not in _BY_SUPERCLASS]
    return _BETWEEN.join(local(each) for each in kinds) or "Partnership"


def _common(content: Content, names: Names, thing: _Thing) -> Row:
    """What claims and partnerships have in common."""
    quantity = next(iter(thing.nodes(AIG.quantity)), None)
    article = next(iter(thing.nodes(PROV.wasDerivedFrom)), None)
    row = {
        "valid_time": thing.cell(AIG.validTime),
        "valid_from": thing.cell(AIG.validFrom),
        "valid_until": thing.cell(AIG.validUntil),
        "fiscal_period": thing.cell(AIG.fiscalPeriod),
        "claimant": _BETWEEN.join(names.labels(thing.nodes(AIG.claimant))),
        "modality": thing.locals(AIG.modality),
        "polarity": thing.locals(AIG.polarity),
        "confidence": thing.cell(AIG.confidence),
        "sentence": "" if OA.exact in content.texts.left_out else _BETWEEN.join(_quotes(names, thing)),
    }
    if quantity is not None:
        row |= {
            "comparator": local(NamedNode(names.first(quantity, AIG.comparator) or "urn:")),
            "value": names.first(quantity, QUDT.numericValue),
            "unit": local(NamedNode(names.first(quantity, QUDT.unit) or "urn:")),
        }
    if article is not None:
        row |= {
            "article": names.first(article, DCTERMS.title),
            "issued": names.first(article, DCTERMS.issued),
            "article_iri": article.value,
        }
    return row


def _quotes(names: Names, thing: _Thing) -> list[str]:
    selectors = [s for node in thing.nodes(AIG.evidence) for s in names.values(node, OA.hasSelector)]
    return [text for each in selectors if isinstance(each, NamedNode) for text in names.texts(each, OA.exact)]


_ROLES = (
    *("licensee", "licensor", "supplier", "customer", "investor", "investee", "acquirer", "target", "partner"),
    "party",
)
_QUANTITY = ("comparator", "value", "unit")
_STANCE = (
    *("valid_time", "valid_from", "valid_until", "fiscal_period", "claimant", "modality", "polarity", "confidence"),
    *("article", "issued", "sentence"),
)

TABLES = (
    Table(
        "entities",
        "every company, person, chip and other thing that the articles mention",
        ("label", "type", "other_names", "same_as", "entity_iri"),
        _entities,
    ),
    Table(
        "facts",
        "the direct triples, those that follow from others included",
        ("subject", "predicate", "object", "subject_iri", "predicate_iri", "object_iri"),
        _facts,
    ),
    Table(
        "partnerships",
        "deals, one row for each article that tells of one",
        ("kind", "status", *_ROLES, "concerns", *_QUANTITY, *_STANCE, "article_iri", "partnership_iri"),
        _partnerships,
    ),
    Table(
        "claims",
        "what is claimed, by whom, with which figure, for when; one row for each claim of each article",
        ("about", "metric", *_QUANTITY, *_STANCE, "text", "about_iri", "metric_iri", "article_iri", "claim_iri"),
        _claims,
    ),
)
"""The tables that can be exported."""
