"""What a term looks like in use: triples of the real graph, else of the examples kept with the ontology."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from pyoxigraph import Literal, NamedNode, QuerySolutions, RdfFormat, Store

from aigraph import resources
from aigraph.errors import DataError
from aigraph.terms.catalogue import Kind, Term
from aigraph.terms.questions import Question
from aigraph.terms.triples import PREFIXES, short
from aigraph.vocab import RDF, SKOS


class Row(Protocol):
    """One row of an answer, by names of variables."""

    def __getitem__(self, name: str, /) -> object:
        """The value of a variable; None where it has none."""


Select = Callable[[str], Iterable[Row]]
"""Runs a SELECT query over the union of all graphs: `Reader.select` of the store does."""

_LONGEST = 160  # characters of a literal; an article's text has thousands
_LOCAL = re.compile(r"[A-Za-z0-9](?:[\w-]*[\w])?")
# The inner LIMIT keeps a page on a class with a million members as quick as any other.
_INSTANCE = """SELECT ?s (COUNT(?article) AS ?n) {{ {{ SELECT ?s {{ ?s a {iri} FILTER(isIRI(?s)) }} LIMIT 1000 }}
OPTIONAL {{ ?article aig:mentions ?s }} }} GROUP BY ?s ORDER BY DESC(?n) ?s LIMIT 1"""
_DESCRIBE = """SELECT ?p ?o {{ {iri} ?p ?o FILTER(!isBlank(?o) && (?p != rdf:type || ?o = {cls})) }}
ORDER BY ?p ?o LIMIT 10"""
_LINKS = """SELECT ?s ?o {{ {{ SELECT ?s ?o {{ ?s {iri} ?o FILTER(isIRI(?s) && !isBlank(?o)) }} LIMIT 1000 }} }}
ORDER BY ?s ?o LIMIT 3"""
_USES = """SELECT ?s ?p {{ {{ SELECT ?s ?p {{
  ?s ?p {iri} FILTER(isIRI(?s) && !STRSTARTS(STR(?s), "https://w3id.org/aigraph/ontology"))
}} LIMIT 1000 }} }} ORDER BY ?s ?p LIMIT 3"""


@dataclass(frozen=True, slots=True)
class Fact:
    """A triple of an example. Subject and predicate are IRIs; the object is a literal where `value` is a text."""

    subject: NamedNode
    predicate: NamedNode
    value: NamedNode | Literal


@dataclass(frozen=True, slots=True)
class Example:
    """A few triples that show a term in use; `real` where they come from the graph that is served."""

    facts: tuple[Fact, ...]
    real: bool

    def turtle(self) -> str:
        """The triples in Turtle, with the usual prefixes left undeclared; long literals are cut."""
        blocks: dict[NamedNode, list[str]] = {}
        for fact in self.facts:
            predicate = "a" if fact.predicate == RDF.type else turtle(fact.predicate)
            blocks.setdefault(fact.subject, []).append(f"{predicate} {turtle(fact.value)}")
        separator = " ;\n    "
        return "\n".join(f"{turtle(subject)} {separator.join(rows)} ." for subject, rows in blocks.items())


def kept_examples(folder: Path | None = None) -> Select:
    """The examples that came with the ontology, ready to be asked.

    Raises:
        DataError: a file of examples is malformed.
    """
    place = (folder or resources.folder("ontology")) / "examples"
    store = Store()
    for file in sorted(place.glob("*.ttl")):
        try:
            store.load(path=file, format=RdfFormat.TURTLE)
        except (SyntaxError, ValueError) as error:
            raise DataError(f"{file} is no valid Turtle: {error}") from error

    def select(text: str) -> QuerySolutions:
        answer = store.query(text, prefixes=dict(PREFIXES))
        if not isinstance(answer, QuerySolutions):
            raise DataError("Only SELECT gives rows.")
        return answer

    return select


def find_example(term: Term, select: Select | None, kept: Select) -> Example | None:
    """The triples that show a term best: of the real graph where it is in use there, else of the kept examples."""
    for source, real in ((select, True), (kept, False)):
        if source is not None and (facts := tuple(_facts(term, source))):
            return Example(facts, real)
    return None


def example_query(term: Term, questions: Iterable[Question]) -> tuple[str, Question | None]:
    """A query that uses a term: the first competency question that does, else a plain listing."""
    for question in questions:
        if question.uses(term.curie):
            return question.query.strip(), question
    return listing(term), None


def listing(term: Term) -> str:
    """A query that lists where a term is used."""
    if term.kind is Kind.CLASS:
        return (
            f"SELECT ?thing ?label {{\n  ?thing a {term.curie}\n  OPTIONAL {{ ?thing rdfs:label ?label }}\n}} LIMIT 20"
        )
    if term.kind.is_property:
        return f"SELECT ?subject ?object {{ ?subject {term.curie} ?object }}\nLIMIT 20"
    return f"SELECT ?subject ?property {{ ?subject ?property {term.curie} }}\nLIMIT 20"


def turtle(term: NamedNode | Literal) -> str:
    """A term in Turtle: prefixed where the prefix leaves a plain name, else in full."""
    if isinstance(term, Literal):
        text = term.value if len(term.value) <= _LONGEST else term.value[:_LONGEST].rstrip() + "…"
        return str(Literal(text, language=term.language) if term.language else Literal(text, datatype=term.datatype))
    name = short(term.value)
    return name if ":" in name and _LOCAL.fullmatch(name.partition(":")[2]) else f"<{term.value}>"


def _facts(term: Term, select: Select) -> Iterator[Fact]:
    if term.kind is Kind.CLASS or term.kind is Kind.SCHEME:
        yield from _instance(term, select)
    elif term.kind.is_property:
        for row in select(_LINKS.format(iri=term.iri)):
            yield from _fact(row["s"], term.iri, row["o"])
    else:
        for row in select(_USES.format(iri=term.iri)):
            yield from _fact(row["s"], row["p"], term.iri)


def _instance(term: Term, select: Select) -> Iterator[Fact]:
    """One thing of a class with its properties; a scheme is described itself."""
    subjects = [term.iri] if term.kind is Kind.SCHEME else [row["s"] for row in select(_INSTANCE.format(iri=term.iri))]
    cls = term.iri if term.kind is Kind.CLASS else NamedNode(SKOS.iri + "ConceptScheme")
    for subject in subjects:
        if isinstance(subject, NamedNode):
            for row in select(_DESCRIBE.format(iri=subject, cls=cls)):
                yield from _fact(subject, row["p"], row["o"])


def _fact(subject: object, predicate: object, value: object) -> Iterator[Fact]:
    if isinstance(subject, NamedNode) and isinstance(predicate, NamedNode) and isinstance(value, NamedNode | Literal):
        yield Fact(subject, predicate, value)
