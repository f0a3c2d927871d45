"""Findings of an article's graph as they are compared: what they mean, who says so, how, and where."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from pyoxigraph import Literal, NamedNode, Quad

from aigraph.propositions.knowledge import rules
from aigraph.propositions.meanings import (
    AFFIRMED,
    EQUAL,
    LEAST,
    MOST,
    NEGATED,
    NO_WORDS,
    Deal,
    Figure,
    Meaning,
    Post,
    Relation,
    Roles,
    Saying,
    Sum,
    Words,
    parse,
)
from aigraph.propositions.names import name_of, type_of
from aigraph.propositions.times import quarter, span
from aigraph.propositions.wording import stems, worded
from aigraph.vocab import AIG, DCTERMS, OA, PROV, QUDT, RDF, RDFS

Node = Mapping[NamedNode, Sequence[object]]
Lookup = Callable[[NamedNode, tuple[NamedNode, ...]], Node]
"""What is said of a node: the values of some properties, of all where none is named."""

_BOUNDS = {
    AIG.AtLeast: LEAST,
    AIG.MoreThan: LEAST,
    AIG.AtMost: MOST,
    AIG.LessThan: MOST,
    AIG.UpTo: MOST,
}
DEALS = (AIG.LicensingAgreement, AIG.SupplyAgreement, AIG.Investment, AIG.Acquisition, AIG.Collaboration)
ROLES = (
    AIG.acquirer,
    AIG.customer,
    AIG.investee,
    AIG.investor,
    AIG.licensee,
    AIG.licensor,
    AIG.partner,
    AIG.supplier,
    AIG.target,
)
_OF_SOURCES = (DCTERMS.issued, DCTERMS.publisher, AIG.namesSource, AIG.textSketch)
_SYMMETRIC = frozenset({AIG.competesWith.value})


class Source(NamedTuple):
    """An article as a source. `issued` is an EDTF date; `agencies` are those that it names as where it comes from;
    `traces` is the sketch of its text."""

    article: str
    issued: str | None = None
    publisher: str | None = None
    agencies: tuple[str, ...] = ()
    traces: str | None = None


class Said(NamedTuple):
    """One finding. `claimant` is who says so: an IRI, or the label of a group without a name (not `named`); `words` are
    those of the finding for what no list has, and `topic` is the IRI that it has for what it is about then."""

    node: str
    meanings: tuple[Meaning, ...]
    source: Source
    modality: str
    confidence: float
    claimant: str | None = None
    named: bool = True
    comparator: str | None = None
    status: str | None = None
    sentences: tuple[str, ...] = ()
    words: Words = NO_WORDS
    topic: str = ""


Row = Sequence[Any]
"""What JSON can hold."""


def said_row(said: Said, key: str) -> Row:
    """A finding with the IRI of its source, for `said_of` to make it of again, where a proposition's key is known."""
    keys = [meaning.key for meaning in said.meanings]
    words = 0 if said.words == NO_WORDS else said.words  # most have none, and each is read very often
    return said.node, said.source.article, 0 if keys == [key] else keys, *said[3:10], words, said.topic


def said_of(row: Row, meaning: Meaning, sources: Mapping[str, Source]) -> Said:
    """The finding that a row was made of, which expresses a meaning."""
    node, article, keys, modality, confidence, claimant, named, comparator, status, sentences, words, topic = row
    return Said(
        node,
        tuple(map(parse, keys)) if keys else (meaning,),
        sources[article],
        modality,
        confidence,
        claimant,
        named,
        comparator,
        status,
        tuple(sentences),
        Words(*words) if words else NO_WORDS,
        topic,
    )


def source_row(source: Source) -> Row:
    """A source without its sketch, which is longer than all else."""
    return source[:4]


def source_of(row: Row, traces: str | None = None) -> Source:
    """The source that a row was made of, with its sketch where that matters."""
    article, issued, publisher, agencies = row
    return Source(article, issued, publisher, tuple(agencies), traces)


def looked_up(quads: Iterable[Quad]) -> Lookup:
    """A look-up in some quads."""
    nodes: dict[object, dict[NamedNode, list[object]]] = defaultdict(lambda: defaultdict(list))
    for quad in quads:
        nodes[quad.subject][quad.predicate].append(quad.object)
    return lambda node, _properties: nodes.get(node, {})


def findings_of(quads: Iterable[Quad]) -> tuple[Said, ...]:
    """All findings in the graph of an article, sorted."""
    held = list(quads)
    nodes = {q.subject for q in held if q.predicate == RDF.type and q.object == AIG.Finding}
    lookup = looked_up(held)
    reader = FindingReader(lookup)
    return tuple(reader.read(node) for node in sorted(nodes, key=str) if isinstance(node, NamedNode))


class FindingReader:
    """Reads findings by looking up their nodes; articles and sentences are looked up once."""

    def __init__(self, lookup: Lookup) -> None:
        self._lookup = lookup
        self._sources: dict[NamedNode, Source] = {}
        self._sentences: dict[NamedNode, str] = {}

    def read(self, iri: NamedNode) -> Said:
        """The finding with an IRI."""
        node = self._lookup(iri, ())
        quantity = self._lookup(found, ()) if (found := _iri(node, AIG.quantity)) else {}
        claimant, named = self._claimant(node)
        about = _value(node, AIG.about)
        return Said(
            node=iri.value,
            meanings=tuple(_meanings(node, quantity)),
            source=self.source(_iri(node, PROV.wasDerivedFrom) or iri),
            modality=_local(node, AIG.modality) or "Asserted",
            confidence=float(_text(node, AIG.confidence) or 0.0),
            claimant=claimant,
            named=named,
            comparator=_local(quantity, AIG.comparator),
            status=_local(node, AIG.status),
            sentences=tuple(sorted(self._sentence(each) for each in _iris(node, AIG.evidence))),
            words=_words(node, quantity),
            topic="" if _is_listed(about) else about,
        )

    def source(self, article: NamedNode) -> Source:
        """An article, as a source."""
        if article not in self._sources:
            node = self._lookup(article, _OF_SOURCES)
            self._sources[article] = Source(
                article.value,
                issued=_text(node, DCTERMS.issued),
                publisher=_text(node, DCTERMS.publisher),
                agencies=tuple(sorted(_texts(node, AIG.namesSource))),
                traces=_text(node, AIG.textSketch),
            )
        return self._sources[article]

    def _claimant(self, node: Node) -> tuple[str | None, bool]:
        claimant = _iri(node, AIG.claimant)
        if claimant is None:
            return None, True
        if type_of(claimant.value) == "unnamed-group":
            return _text(self._lookup(claimant, (RDFS.label,)), RDFS.label) or claimant.value, False
        return claimant.value, True

    def _sentence(self, evidence: NamedNode) -> str:
        if evidence not in self._sentences:
            selectors = _iris(self._lookup(evidence, (OA.hasSelector,)), OA.hasSelector)
            exact = (_text(self._lookup(each, (OA.exact,)), OA.exact) for each in selectors)
            self._sentences[evidence] = next(filter(None, exact), "")
        return self._sentences[evidence]


def _meanings(node: Node, quantity: Node) -> Iterator[Meaning]:
    """What a finding means; a deal with a sum means two things, and so does "president and CEO"."""
    types = set(node.get(RDF.type, ()))
    stance = (
        NEGATED if _local(node, AIG.polarity) == "Negated" else AFFIRMED,
        _local(node, AIG.modality) == "Hypothetical",
    )
    if AIG.Statement in types:
        ends = [_value(node, AIG.subject), _value(node, AIG.object)]
        predicate = _value(node, AIG.predicate)
        if predicate in _SYMMETRIC:
            ends.sort()
        yield Relation(*stance, ends[0], predicate, ends[1])
    elif AIG.Position in types:
        for role in rules().posts(_text(node, AIG.role)):
            yield Post(*stance, _value(node, AIG.holder), _value(node, AIG.organization), role)
    elif AIG.Partnership in types:
        yield from _deal(node, quantity, types, stance)
    elif quantity:
        metric = _metric(node)
        value, unit, bound = _amount(quantity)
        yield Figure(*stance, _about(node), metric, value, unit, bound, _time(node, metric))
    else:
        text = _text(node, AIG.claimText) or ""
        yield Saying(*stance, _about(node), stems(text))


def _words(node: Node, quantity: Node) -> Words:
    """The words of a claim for a thing and a metric that no list has, and for what is said without a figure."""
    about, metric = _value(node, AIG.about), _value(node, AIG.metric)
    return Words(
        about="" if _is_listed(about) else _about_words(node, about),
        metric=name_of(metric) if _is_minted(metric) else "",
        said="" if quantity else _text(node, AIG.claimText) or "",
    )


def _deal(node: Node, quantity: Node, types: set[object], stance: tuple[str, bool]) -> Iterator[Meaning]:
    kind = next((each.value for each in DEALS if each in types), AIG.Partnership.value)
    filled: Roles = tuple(
        (role.value, parties) for role in ROLES if (parties := tuple(sorted(iri.value for iri in _iris(node, role))))
    )
    yield Deal(*stance, kind, filled, _local(node, AIG.status) == "Ended")
    if quantity:
        value, unit, bound = _amount(quantity)
        yield Sum(*stance, kind, filled, value, unit, bound)


def _about(node: Node) -> str:
    """What a claim is about: the IRI of a listed thing, or the words for it where these alone name it."""
    about = _value(node, AIG.about)
    return about if _is_listed(about) else worded(_about_words(node, about))


def _is_listed(about: str) -> bool:
    return bool(about) and "/id/topic/" not in about


def _about_words(node: Node, about: str) -> str:
    return _text(node, AIG.aboutText) or about.rsplit("/", 1)[-1].replace("-", " ")


def _metric(node: Node) -> str:
    """The metric of the scheme, or the words for one that the scheme lacks, in whatever order and inflection."""
    metric = _value(node, AIG.metric)
    return worded(metric.rsplit("/", 1)[-1].replace("-", " ")) if _is_minted(metric) else metric


def _is_minted(metric: str) -> bool:
    return "/id/metric/" in metric


def _amount(quantity: Node) -> tuple[float, str, str]:
    """Value, unit and bound; the value to six digits, for it may have been computed."""
    value = float(f"{float(_text(quantity, QUDT.numericValue) or 0):.6g}")
    comparator = _iri(quantity, AIG.comparator)
    return value, _value(quantity, QUDT.unit), _BOUNDS.get(comparator, EQUAL) if comparator else EQUAL


def _time(node: Node, metric: str) -> str:
    """When a figure holds: its days where they are known, so that "Q4 2026" and "October to December 2026" are one.

    An open time ("by 2027") names its end, but for metrics where that is the date of delivery and says nothing of
    when the figure was true.
    """
    edtf, fiscal = _text(node, AIG.validTime), _text(node, AIG.fiscalPeriod)
    if edtf and (edtf.startswith("../") or edtf.endswith("/..")):
        if metric in rules().horizon:
            return ""
        return quarter(edtf.removeprefix("../"))
    first, last = _text(node, AIG.validFrom), _text(node, AIG.validUntil)
    if first and last:
        return span(first, last)
    return quarter(edtf) if edtf else f"fiscal {fiscal}" if fiscal else ""


def _iris(node: Node, property_: NamedNode) -> list[NamedNode]:
    return [value for value in node.get(property_, ()) if isinstance(value, NamedNode)]


def _iri(node: Node, property_: NamedNode) -> NamedNode | None:
    return min(_iris(node, property_), key=str, default=None)


def _value(node: Node, property_: NamedNode) -> str:
    found = _iri(node, property_)
    return found.value if found else ""


def _texts(node: Node, property_: NamedNode) -> list[str]:
    return [value.value for value in node.get(property_, ()) if isinstance(value, Literal)]


def _text(node: Node, property_: NamedNode) -> str | None:
    return min(_texts(node, property_), default=None)


def _local(node: Node, property_: NamedNode) -> str | None:
    found = _iri(node, property_)
    return AIG.local(found) if found else None
