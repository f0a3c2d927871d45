"""Findings -> quads, with evidence and provenance: the only builder of an article's triples.

Everything one article says goes into one named graph (data contract, "Dataset"); every node that is no shared thing
has an IRI derived from the article and its content, so the same article gives the same quads on any machine.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import PurePath

from pyoxigraph import Literal, NamedNode, Quad

from aigraph.knowledge import Knowledge
from aigraph.ontology import Ontology
from aigraph.propositions import named_sources, sketch
from aigraph.records import (
    Article,
    Claim,
    Claimant,
    Concept,
    Document,
    Extractor,
    Facts,
    Finding,
    MentionKind,
    Mentions,
    Partnership,
    Period,
    Quantity,
    Span,
    Statement,
    UnnamedGroup,
    Versions,
)
from aigraph.vocab import AIG, DCTERMS, OA, PROV, QUDT, RDF, RDFS, XSD, Iris

Term = NamedNode | Literal


@dataclass(frozen=True, slots=True)
class GraphBuilder:
    """Builds the quads of article graphs and of the graphs of knowledge and ontology."""

    iris: Iris
    ontology: Ontology
    versions: Versions

    def article_quads(self, document: Document, mentions: Mentions, facts: Facts) -> tuple[Quad, ...]:
        """All quads of the article's graph, sorted, each once."""
        return _ArticleGraph(self, document).build(mentions, facts)

    def knowledge_quads(self, knowledge: Knowledge, extractors: Iterable[Extractor]) -> tuple[Quad, ...]:
        """The graph of knowledge: the curated entries, and the rules and components that `aig:extractedBy` names."""
        graph = self.iris.graph("knowledge")
        triples: list[tuple[NamedNode, NamedNode, Term]] = []
        for entry in knowledge.entries:
            node = self.iris.knowledge(entry.type, entry.name)
            triples += [
                (node, RDF.type, AIG.KnowledgeEntry),
                (node, AIG.entryFor, entry.iri),
                (node, AIG.knownType, AIG[entry.type]),
                (node, AIG.preferredForm, Literal(entry.name)),
            ]
            triples += [(node, AIG.knownForm, Literal(alias)) for alias in entry.aliases]
            triples += [(node, AIG.externalLink, NamedNode(link)) for link in entry.links]
            if entry.ticker:
                triples.append((node, AIG.ticker, Literal(entry.ticker)))
            if entry.source:
                triples.append((node, DCTERMS.source, NamedNode(entry.source)))
        for extractor in extractors:
            node = self.iris.extractor(extractor.name)
            triples += [
                (node, RDF.type, AIG.Extractor),
                (node, RDFS.label, Literal(extractor.name)),
                (node, RDFS.comment, Literal(extractor.description)),
            ]
            if extractor.model:
                triples += [(node, RDF.type, PROV.SoftwareAgent), (node, AIG.modelName, Literal(extractor.model))]
        return _sorted(Quad(*triple, graph) for triple in triples)


@dataclass(slots=True)
class _ArticleGraph:
    """The triples of one article while they are gathered."""

    builder: GraphBuilder
    document: Document
    triples: set[tuple[NamedNode, NamedNode, Term]] = field(default_factory=set)

    @property
    def article(self) -> Article:
        return self.document.article

    @property
    def node(self) -> NamedNode:
        return self.builder.iris.article(self.article.identifier)

    def build(self, mentions: Mentions, facts: Facts) -> tuple[Quad, ...]:
        self._article()
        self._mentions(mentions)
        self._references(mentions)
        for statement in facts.statements:
            self._statement(statement)
        for partnership in facts.partnerships:
            self._partnership(partnership)
        for claim in facts.claims:
            self._claim(claim)
        graph = self.builder.iris.graph(self.article.identifier)
        return _sorted(Quad(*triple, graph) for triple in self.triples)

    def _add(self, subject: NamedNode, predicate: NamedNode, value: Term | str | None) -> None:
        """Add one triple; a string becomes a plain literal, None nothing."""
        if value is not None:
            self.triples.add((subject, predicate, Literal(value) if isinstance(value, str) else value))

    def _mint(self, kind: str, *content: object) -> NamedNode:
        return self.builder.iris.part(kind, self.article.identifier, *content)

    def _type(self, node: NamedNode, cls: NamedNode) -> None:
        """Type a node with a class and all its superclasses of the ontology."""
        for each in self.builder.ontology.superclasses(cls):
            self._add(node, RDF.type, each)

    # --- the article and its provenance

    def _article(self) -> None:
        article, node, versions = self.article, self.node, self.builder.versions
        self._add(node, RDF.type, AIG.Article)
        self._add(node, DCTERMS.identifier, article.identifier)
        self._add(node, DCTERMS.title, article.title)
        self._add(node, DCTERMS.issued, _edtf_literal(article.issued) if article.issued else None)
        self._add(node, DCTERMS.publisher, article.publisher)
        for author in article.authors:
            self._add(node, DCTERMS.creator, author)
        self._add(node, DCTERMS.source, _source(article.source))
        self._add(node, DCTERMS.language, article.language)
        self._add(node, AIG.canonicalText, article.text)
        self._add(node, AIG.textSha256, hashlib.sha256(article.text.encode()).hexdigest())
        self._add(node, AIG.sourceSha256, article.source_sha256)
        self._add(node, AIG.textSketch, str(sketch(article.text)))
        for agency in named_sources(article.text, (article.publisher, *article.authors)):
            self._add(node, AIG.namesSource, agency)
        graph = self.builder.iris.graph(article.identifier)
        activity = NamedNode(f"{node.value}#extraction")
        self._add(graph, PROV.wasDerivedFrom, node)
        self._add(graph, PROV.wasGeneratedBy, activity)
        self._add(activity, RDF.type, AIG.Extraction)
        self._add(activity, RDF.type, PROV.Activity)
        self._add(activity, PROV.used, node)
        self._add(activity, AIG.softwareVersion, versions.software)
        self._add(activity, AIG.rulesVersion, versions.rules)
        self._add(activity, AIG.modelVersion, versions.model)
        self._add(activity, AIG.knowledgeVersion, versions.knowledge)
        self._add(activity, AIG.ontologyVersion, versions.ontology)

    def _evidence(self, span: Span) -> NamedNode:
        """The node of a sentence, shared by all that it says (Web Annotation: a source and two selectors)."""
        node = self._mint("evidence", span.start, span.end)
        quote, position = NamedNode(f"{node.value}/quote"), NamedNode(f"{node.value}/position")
        self._add(node, RDF.type, OA.SpecificResource)
        self._add(node, OA.hasSource, self.node)
        self._add(node, OA.hasSelector, quote)
        self._add(node, OA.hasSelector, position)
        self._add(quote, RDF.type, OA.TextQuoteSelector)
        self._add(quote, OA.exact, self.article.text[span.start : span.end])
        self._add(position, RDF.type, OA.TextPositionSelector)
        self._add(position, OA.start, Literal(span.start))
        self._add(position, OA.end, Literal(span.end))
        return node

    # --- mentions

    def _mentions(self, mentions: Mentions) -> None:
        """One node per entity and form: from these the graph of entities takes types and labels."""
        places: dict[tuple[NamedNode, str, str], list[Span]] = defaultdict(list)
        for mention in mentions.mentions:
            if mention.kind is MentionKind.NAME:
                places[mention.entity, mention.type.value, mention.form].append(mention.span)
        for (entity, kind, form), spans in places.items():
            self._add(self.node, AIG.mentions, entity)
            self._mention(entity, AIG[kind], form, len(spans), self._sentence_at(min(spans)))

    def _mention(self, thing: NamedNode, cls: NamedNode, form: str, occurrences: int, sentence: Span) -> None:
        node = self._mint("mention", thing.value, cls.value, form)
        self._add(self.node, AIG.hasMention, node)
        self._add(node, RDF.type, AIG.Mention)
        self._add(node, AIG.mentionOf, thing)
        self._add(node, AIG.mentionedAs, cls)
        self._add(node, AIG.form, form)
        self._add(node, AIG.occurrences, Literal(occurrences))
        self._add(node, AIG.evidence, self._evidence(sentence))

    def _references(self, mentions: Mentions) -> None:
        """One node for each thing that a pronoun or description stands for, and one per name that such take up."""
        for mention in mentions.mentions:
            if mention.antecedent is None:
                continue
            taken_up = ((mention.entity, mention.antecedent), *((m.entity, m.span) for m in mention.fellows))
            for entity, name in taken_up:
                node = self._mint("reference", entity.value, mention.span.start, mention.span.end)
                antecedent = self._mint("antecedent", name.start, name.end)
                self._place(node, AIG.Reference, mention.span)
                self._add(node, AIG.refersTo, entity)
                self._add(node, AIG.antecedent, antecedent)
                self._place(antecedent, AIG.Antecedent, name)

    def _place(self, node: NamedNode, cls: NamedNode, span: Span) -> None:
        """Words at one place of the text, with the sentence that holds them."""
        self._add(node, RDF.type, cls)
        self._add(node, AIG.form, " ".join(self.article.text[span.start : span.end].split()))
        self._add(node, OA.start, Literal(span.start))
        self._add(node, OA.end, Literal(span.end))
        self._add(node, AIG.evidence, self._evidence(self._sentence_at(span)))

    def _sentence_at(self, span: Span) -> Span:
        """The sentence that holds a span; the span itself where no sentence does."""
        for read in self.document.blocks:
            if span in read.block.span:
                return next((s.span for s in read.sentences if span in s.span), read.block.span)
        return span

    def _concept(self, concept: Concept, cls: NamedNode, words: str | None, sentence: Span) -> NamedNode:
        """A metric or topic; one that no scheme lists gets its wording from this article."""
        if not concept.listed:
            forms = {concept.label, words or concept.label}
            for form in sorted(forms):
                self._mention(concept.iri, cls, form, 1, sentence)
        return concept.iri

    # --- findings

    def _finding(self, node: NamedNode, finding: Finding) -> None:
        """What statements, partnerships, posts and claims have in common."""
        for span in finding.evidence:
            self._add(node, AIG.evidence, self._evidence(span))
        self._add(node, AIG.modality, AIG[finding.modality])
        self._add(node, AIG.polarity, AIG[finding.polarity])
        self._add(node, AIG.confidence, Literal(float(round(finding.confidence, 4))))
        for name in (finding.extractor, *finding.also):
            self._add(node, AIG.extractedBy, self.builder.iris.extractor(name))
        self._add(node, PROV.wasDerivedFrom, self.node)
        self._add(node, AIG.claimant, self._claimant(finding.claimant))
        if finding.period:
            self._period(node, finding.period)

    def _claimant(self, claimant: Claimant | None) -> NamedNode | None:
        if isinstance(claimant, UnnamedGroup):
            node = self._mint("UnnamedGroup", claimant.label)
            self._add(node, RDF.type, AIG.UnnamedGroup)
            self._add(node, RDFS.label, claimant.label)
            return node
        return claimant

    def _period(self, node: NamedNode, period: Period) -> None:
        self._add(node, AIG.validTime, period.edtf)
        self._add(node, AIG.fiscalPeriod, period.fiscal)
        for predicate, day in ((AIG.validFrom, period.first), (AIG.validUntil, period.last)):
            self._add(node, predicate, Literal(day.isoformat(), datatype=XSD.date) if day else None)

    def _quantity(self, quantity: Quantity) -> NamedNode:
        span = quantity.span
        node = self._mint("quantity", quantity.value, quantity.unit.value, quantity.comparator, span.start, span.end)
        self._add(node, RDF.type, QUDT.QuantityValue)
        self._add(node, QUDT.numericValue, Literal(float(quantity.value)))
        self._add(node, QUDT.unit, quantity.unit)
        self._add(node, AIG.comparator, AIG[quantity.comparator])
        return node

    def _statement(self, statement: Statement) -> None:
        triple = (statement.subject, statement.predicate, statement.object)
        node = self._mint("statement", *(term.value for term in triple), *_identity(statement))
        self._type(node, AIG.Statement)
        self._finding(node, statement)
        self._add(node, AIG.subject, statement.subject)
        self._add(node, AIG.predicate, statement.predicate)
        self._add(node, AIG.object, statement.object)
        if statement.predicate == AIG.worksFor:
            self._position(statement)

    def _position(self, statement: Statement) -> None:
        """A post, beside the statement that somebody works for somebody: its role is what the triple cannot hold."""
        holder, organization = statement.subject, statement.object
        node = self._mint("position", holder.value, organization.value, statement.role or "", *_identity(statement))
        self._type(node, AIG.Position)
        self._finding(node, statement)
        self._add(node, AIG.holder, holder)
        self._add(node, AIG.organization, organization)
        self._add(node, AIG.role, statement.role)

    def _partnership(self, deal: Partnership) -> None:
        fillers = [f"{role.value}={who.value}" for role, parties in deal.roles for who in parties]
        node = self._mint("partnership", deal.kind, *fillers, *_identity(deal))
        self._type(node, AIG[deal.kind])
        self._finding(node, deal)
        for role, parties in deal.roles:
            for who in parties:
                self._add(node, role, who)
        self._add(node, AIG.status, AIG[deal.status])
        self._add(node, AIG.concerns, deal.concerns)
        self._add(node, AIG.quantity, self._quantity(deal.quantity) if deal.quantity else None)

    def _claim(self, claim: Claim) -> None:
        about = claim.about.iri if isinstance(claim.about, Concept) else claim.about
        quantity = self._quantity(claim.quantity) if claim.quantity else None
        content = (about, claim.metric.iri if claim.metric else None, quantity)
        node = self._mint("claim", claim.text, *(t.value if t else "" for t in content), *_identity(claim))
        self._type(node, AIG.Claim)
        self._finding(node, claim)
        sentence = claim.evidence[0]
        self._add(node, AIG.claimText, claim.text)
        if isinstance(claim.about, Concept):
            about = self._concept(claim.about, AIG.Topic, claim.about_text, sentence)
        self._add(node, AIG.about, about)
        self._add(node, AIG.aboutText, claim.about_text)
        if claim.metric:
            self._add(node, AIG.metric, self._concept(claim.metric, AIG.Metric, claim.metric_text, sentence))
        self._add(node, AIG.metricText, claim.metric_text)
        self._add(node, AIG.quantity, quantity)


def _identity(finding: Finding) -> tuple[object, ...]:
    """What tells two findings of the same content apart: where it is said, by whom, how and for when."""
    claimant, period = finding.claimant, finding.period
    return (
        *(f"{span.start}-{span.end}" for span in finding.evidence),
        claimant.label if isinstance(claimant, UnnamedGroup) else claimant.value if claimant else "",
        finding.modality,
        finding.polarity,
        (period.edtf or period.fiscal or "") if period else "",
    )


def _edtf_literal(issued: str) -> Literal:
    """A publication date in the XSD type of its precision, so that dates of one precision compare."""
    for pattern, datatype in ((r"\d{4}-\d\d-\d\d", XSD.date), (r"\d{4}-\d\d", XSD.gYearMonth), (r"\d{4}", XSD.gYear)):
        if re.fullmatch(pattern, issued):
            return Literal(issued, datatype=datatype)
    return Literal(issued)


def _source(source: str | None) -> Term | None:
    """An address as an IRI; of a file the name alone, for the same file gives the same graph wherever it lies."""
    if source is None:
        return None
    if re.match(r"https?://[^\s<>\"{}|\\^`]+$", source):
        return NamedNode(source)
    return Literal(PurePath(source).name)


def _sorted(quads: Iterable[Quad]) -> tuple[Quad, ...]:
    return tuple(sorted(set(quads), key=str))
