"""Who says so, in which sentence? The sources of a triple: statements, deals and mentions, with their sentences.

Nothing is computed twice: the queries read the evidence that the graph already holds.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from pyoxigraph import Literal, NamedNode

from aigraph.errors import ParameterError
from aigraph.explanations.derivations import (
    DEAL_SHORTCUTS,
    NEAREST,
    Select,
    Step,
    Term,
    deal_pattern,
    hindrances,
    nearest,
    steps,
)
from aigraph.vocab import AIG, RDF, RDFS, SKOS, prefixes

Row = Mapping[str, Term | None]

_SENTENCE = """
    ?finding aig:evidence ?evidence . ?evidence oa:hasSource ?article ; oa:hasSelector ?quote .
    ?quote oa:exact ?sentence .
    ?article dcterms:identifier ?identifier . OPTIONAL { ?article dcterms:title ?title }
    OPTIONAL { ?article dcterms:publisher ?publisher } OPTIONAL { ?article dcterms:issued ?issued }
    OPTIONAL { ?finding aig:modality ?modality } OPTIONAL { ?finding aig:polarity ?polarity }
    OPTIONAL { ?finding aig:confidence ?confidence } OPTIONAL { ?finding aig:extractedBy ?extractor }
    OPTIONAL { ?finding aig:status ?status }
    OPTIONAL { ?finding aig:claimant ?claimant . ?claimant rdfs:label ?claimantLabel }
"""
_REFERENCES = """SELECT DISTINCT * {{ VALUES ?finding {{ {findings} }}
    ?finding aig:evidence ?evidence ; ?role ?entity .
    ?reference aig:evidence ?evidence ; aig:refersTo ?entity ; aig:form ?form ; oa:start ?start ;
        aig:antecedent/aig:evidence/oa:hasSelector/oa:exact ?named .
    ?evidence oa:hasSource/aig:hasMention ?mention ; oa:hasSelector/oa:exact ?sentence .
    ?mention aig:mentionOf ?entity ; aig:form ?name .
    ?entity rdfs:label ?label }}"""
_REVERSED = "statement (the other way round)"
_LABELS = (RDF.type, RDFS.label, SKOS.altLabel)


@dataclass(frozen=True, slots=True, order=True)
class StandsFor:
    """A pronoun or description of a sentence that does not name the entity itself, and the sentence that does."""

    start: int
    form: str
    entity: str
    named: str


@dataclass(frozen=True, slots=True)
class Source:
    """One place that says it: the node in the article's graph, its sentence, article, stance and rule."""

    finding: NamedNode
    kind: str
    sentence: str
    article: str
    title: str | None = None
    publisher: str | None = None
    issued: str | None = None
    claimant: str | None = None
    modality: str | None = None
    polarity: str | None = None
    status: str | None = None
    confidence: float | None = None
    extractor: str | None = None
    references: tuple[StandsFor, ...] = ()

    @property
    def held_back_by(self) -> str:
        """What keeps this source from being enough for the direct triple, in words; empty where it is enough."""
        reasons = (
            "it is denied" if self.polarity == "Negated" else "",
            f"it is {_STANCES.get(self.modality or '', '')}" if self.modality not in (None, "Asserted") else "",
            f"the deal is {(self.status or '').lower()}" if self.status in ("Reported", "Ended") else "",
        )
        return ", ".join(filter(None, reasons))

    @property
    def supports(self) -> bool:
        """Whether this source is enough for the direct triple: asserted, affirmed, and no rumoured or ended deal."""
        return (
            self.modality in (None, "Asserted")
            and self.polarity in (None, "Affirmed")
            and self.status not in ("Reported", "Ended")
        )


_STANCES = {"Forecast": "a forecast", "Reported": "a rumour", "Opinion": "an opinion", "Hypothetical": "only supposed"}


@dataclass(frozen=True, slots=True)
class Explanation:
    """A triple, whether the graph holds it, and every source that speaks for or against it.

    `steps` are what it follows from, where it is inferred. Where the graph does not hold it, `near` are the sources
    that come nearest, and `hindrances` what the ontology has against it.
    """

    triple: tuple[NamedNode, NamedNode, Term]
    held: bool
    sources: tuple[Source, ...]
    steps: tuple[Step, ...] = ()
    near: tuple[Source, ...] = ()
    hindrances: tuple[str, ...] = ()


def explain(
    select: Select, subject: str, predicate: str, object_: str, *, base: str, as_of: str | None = None
) -> tuple[Explanation, ...]:
    """Explain a triple; each part is an IRI, a prefixed name or, for things, a name as texts use it ("Nvidia").

    A name that several things bear gives one explanation for each that has any source, or for all where none has. With
    `as_of` (a day) only sources published by then are given.

    Raises:
        ParameterError: a name that nothing in the graph bears.
    """
    wanted = _predicate(predicate, base)
    subjects = resolve(select, subject, base=base)
    if wanted in _LABELS and wanted != RDF.type:
        objects: tuple[Term, ...] = (Literal(object_),)
    else:
        objects = resolve(select, object_, base=base)
    found = [_explain(select, s, wanted, o, as_of) for s in subjects for o in objects]
    return tuple(each for each in found if each.held or each.sources) or tuple(found)


def resolve(select: Select, name: str, *, base: str) -> tuple[NamedNode, ...]:
    """The things that an IRI, a prefixed name or a label means.

    Raises:
        ParameterError: nothing in the graph bears that name.
    """
    if iri := iri_of(name, base):
        return (iri,)
    if name in WORKLOADS:
        return (WORKLOADS[name],)
    text = Literal(name.casefold())
    rows = select(
        f"SELECT DISTINCT ?thing {{ ?thing rdfs:label|skos:altLabel ?label . FILTER(LCASE(STR(?label)) = {text}) "
        "FILTER NOT EXISTS { ?thing a aig:Extractor } } ORDER BY ?thing"
    )
    things = tuple(row["thing"] for row in rows)
    if not things:
        raise ParameterError(f'Nothing in the graph is called "{name}"; try another form, or an IRI like res:company/…')
    return tuple(thing for thing in things if isinstance(thing, NamedNode))


WORKLOADS = {"training": AIG.Training, "inference": AIG.Inference}


def _predicate(name: str, base: str) -> NamedNode:
    if name == "a":
        return RDF.type
    iri = iri_of(name, base) or iri_of(f"aig:{name}", base)
    if iri is None:
        raise ParameterError(f"{name!r} is no predicate; write it as in aig:develops, develops or <IRI>.")
    if iri.value.startswith(AIG.iri) and iri not in AIG:
        properties = [name for term in AIG if (name := AIG.local(term))[0].islower()]
        near = get_close_matches(AIG.local(iri), properties, n=3)
        hint = f"; did you mean {' or '.join(near)}?" if near else "."
        raise ParameterError(f"The ontology has no property {AIG.local(iri)!r}{hint}")
    return iri


def iri_of(text: str, base: str) -> NamedNode | None:
    """The IRI that a text writes out (`<…>`, `https://…`) or abbreviates (`aig:develops`); None for anything else."""
    if text.startswith("<") and text.endswith(">"):
        text = text[1:-1]
    prefix, colon, local = text.partition(":")
    if colon and (namespace := prefixes(base).get(prefix)):
        text = namespace + local
    if not text.startswith(("http://", "https://", "urn:")):
        return None
    try:
        return NamedNode(text)
    except ValueError as error:
        raise ParameterError(f"{text!r} is no valid IRI: {error}.") from error


def _explain(select: Select, subject: NamedNode, predicate: NamedNode, object_: Term, as_of: str | None) -> Explanation:
    held = any(True for _ in select(f"SELECT * {{ {subject} {predicate} {object_} }} LIMIT 1"))
    if predicate in _LABELS:
        patterns = {"mention": _mention_pattern(subject, predicate, object_)}
    else:
        patterns = {
            "statement": f"?finding aig:subject {subject} ; aig:predicate {predicate} ; aig:object {object_} .",
            _REVERSED: f"?finding aig:subject {object_} ; aig:object {subject} ; "
            f"aig:predicate ?inverse . FILTER((EXISTS {{ {predicate} a owl:SymmetricProperty }} "
            f"&& ?inverse = {predicate}) || EXISTS {{ {predicate} owl:inverseOf|^owl:inverseOf ?inverse }}) ",
        }
        if predicate in DEAL_SHORTCUTS:
            patterns["partnership"] = deal_pattern("?finding", subject, predicate, object_)
    triple = (subject, predicate, object_)
    sources = _found(select, patterns, as_of)
    if held:
        inferred = (
            not any(each.supports and each.kind != _REVERSED for each in sources) and predicate not in _LABELS[1:]
        )
        return Explanation(triple, held, sources, steps=steps(select, triple) if inferred else ())
    near: dict[Source, None] = {}
    for pattern in nearest(triple):
        known = {source.finding for source in (*sources, *near)}
        if len(near) < NEAREST:
            found = _found(select, {"near": pattern}, as_of)
            near |= {source: None for source in found if source.finding not in known}
    return Explanation(triple, held, sources, (), tuple(near)[:NEAREST], hindrances(select, triple))


def _found(select: Select, patterns: Mapping[str, str], as_of: str | None = None) -> tuple[Source, ...]:
    """The sources that some patterns for `?finding` find, first those that support what they state."""
    rows = [
        (kind, row)
        for kind, pattern in patterns.items()
        for row in select(f"SELECT DISTINCT * {{ {pattern} {_SENTENCE} }}")
    ]
    standing = _references(select, {row["finding"] for _, row in rows})
    sources = {_source(kind, row, standing): None for kind, row in rows}
    known = [each for each in sources if as_of is None or (each.issued is not None and each.issued <= as_of)]
    return tuple(
        sorted(known, key=lambda s: (not s.supports, -(s.confidence or 0), s.article, s.finding.value, s.sentence))
    )


def sources_of(select: Select, findings: Iterable[NamedNode]) -> tuple[Source, ...]:
    """The sentences behind some findings, with article, stance and rule."""
    wanted = " ".join(sorted(map(str, findings)))
    return _found(select, {"finding": f"VALUES ?finding {{ {wanted} }}"})


def _mention_pattern(subject: NamedNode, predicate: NamedNode, object_: Term) -> str:
    """The mentions from which a type or a label of an entity was taken."""
    if predicate == RDF.type:
        return f"?finding aig:mentionOf {subject} ; aig:mentionedAs ?cls . ?cls rdfs:subClassOf* {object_} ."
    return f"?finding aig:mentionOf {subject} ; aig:form {object_} ."


def _references(select: Select, findings: Iterable[Term | None]) -> dict[tuple[str, str], tuple[StandsFor, ...]]:
    """What stands for the parties of findings in their sentences, by finding and sentence, where no name does."""
    query = _REFERENCES.format(findings=" ".join(sorted(map(str, findings))))
    found: dict[tuple[str, str], set[StandsFor]] = defaultdict(set)
    by_name: set[tuple[str, str, str]] = set()
    for row in select(query):
        cells = {name: term.value for name, term in row.items() if term is not None}
        where = (cells["finding"], cells["sentence"])
        if re.search(rf"(?<!\w){re.escape(cells['name'])}(?!\w)", cells["sentence"]):
            by_name.add((*where, cells["label"]))
        found[where].add(StandsFor(int(cells["start"]), cells["form"], cells["label"], cells["named"]))
    return {
        where: tuple(sorted(each for each in standing if (*where, each.entity) not in by_name))
        for where, standing in found.items()
    }


def _source(kind: str, row: Row, standing: Mapping[tuple[str, str], tuple[StandsFor, ...]]) -> Source:
    def text(name: str) -> str | None:
        term = row.get(name)
        return term.value if term is not None else None

    def local(name: str) -> str | None:
        term = row.get(name)
        return AIG.local(term) if isinstance(term, NamedNode) else None

    finding, confidence, extractor = row["finding"], text("confidence"), text("extractor")
    if not isinstance(finding, NamedNode):  # the graph holds no blank nodes outside the ontology
        raise TypeError(f"a finding is {finding}, not an IRI")
    return Source(
        finding=finding,
        kind=kind,
        sentence=text("sentence") or "",
        article=text("identifier") or "",
        title=text("title"),
        publisher=text("publisher"),
        issued=text("issued"),
        claimant=text("claimantLabel"),
        modality=local("modality"),
        polarity=local("polarity"),
        status=local("status"),
        confidence=float(confidence) if confidence else None,
        extractor=extractor.rsplit("/extractor/", 1)[-1] if extractor else None,
        references=standing.get((finding.value, text("sentence") or ""), ()),
    )
