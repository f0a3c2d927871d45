"""The pages about the ontology: an index with diagrams, and a page per term."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from jinja2 import Environment, PackageLoader
from markupsafe import Markup
from pyoxigraph import NamedNode

from aigraph.errors import DataError
from aigraph.ontology import Ontology, load_ontology
from aigraph.terms.catalogue import Kind, Term, Terms, read_terms
from aigraph.terms.diagrams import class_tree, relation_map
from aigraph.terms.examples import Select, example_query, find_example, kept_examples
from aigraph.terms.expressions import Piece
from aigraph.terms.questions import Question, load_questions
from aigraph.terms.triples import short


@dataclass(frozen=True, slots=True)
class Links:
    """Where the links of a page lead.

    `term` and `thing` give the address of a term's page and of what describes any other IRI; `index` is that of the
    index; `downloads` are the names of RDF formats with their addresses.
    """

    term: Callable[[Term], str]
    index: str
    downloads: tuple[tuple[str, str], ...] = ()
    thing: Callable[[str], str] = str


def anchors(term: Term) -> str:
    """The permanent address of a term: its IRI, whose fragment is the anchor of its entry in the index."""
    return term.iri.value


class Documentation:
    """Makes the pages of an ontology. A page comes as the content that a layout puts between its header and footer.

    Args:
        ontology: the ontology, by default the one that came with aigraph.
        select: asks the graph that examples are taken from; without it they are those kept with the ontology.
        links: where links lead, by default to the permanent addresses.
        questions: the competency questions that serve as example queries, by default those that came with aigraph.
    """

    def __init__(
        self,
        ontology: Ontology | None = None,
        *,
        select: Select | None = None,
        links: Links | None = None,
        questions: Sequence[Question] | None = None,
    ) -> None:
        self.terms: Terms = read_terms(ontology or load_ontology())
        self._select = select
        self._kept = kept_examples()
        self._links = links or Links(anchors, "https://w3id.org/aigraph/ontology")
        self._questions = tuple(load_questions() if questions is None else questions)
        self._pages = _environment(self.terms, self._links)

    @property
    def title(self) -> str:
        """The title of the ontology, as its header gives it."""
        return next((value for name, value in self.terms.metadata if name == "dcterms:title"), "Ontology")

    def index(self) -> str:
        """The index: what the ontology is, its diagrams, and every term with its definition."""
        return self._pages.get_template("index.html").render(
            title=self.title,
            metadata=self.terms.metadata,
            tree=Markup(class_tree(self.terms, self._links.term)),  # noqa: S704 - the drawing escapes every text
            relations=Markup(relation_map(self.terms, self._links.term)),  # noqa: S704
            groups=[(kind, found) for kind in Kind if (found := self.terms.of_kind(kind))],
        )

    def term(self, iri: NamedNode) -> str | None:
        """The page of a term; None where the ontology has no such term."""
        term = self.terms.find(iri)
        if term is None:
            return None
        query, question = example_query(term, self._questions)
        return self._pages.get_template("term.html").render(
            term=term,
            example=find_example(term, self._select, self._kept),
            query=query,
            question=question,
            questions=[each for each in self._questions if each.uses(term.curie)],
        )

    def page(self, title: str, content: str, *, style: str) -> str:
        """A complete HTML document around some content; `style` is the address of its style sheet."""
        return self._pages.get_template("layout.html").render(
            title=title,
            site=self.title,
            content=Markup(content),  # noqa: S704 - made by the templates here, which escape
            style=style,
        )


def term_page(iri: str, *, ontology: Ontology | None = None, select: Select | None = None) -> str:
    """The page of one term as a complete HTML document.

    Args:
        iri: the term, "https://w3id.org/aigraph/ontology#Company".
        ontology: the ontology, by default the one that came with aigraph.
        select: asks the graph that the example is taken from.

    Raises:
        DataError: the ontology has no such term.
    """
    documentation = Documentation(ontology, select=select)
    node = NamedNode(iri)
    content = documentation.term(node)
    if content is None:
        raise DataError(f"{iri} is no term of the ontology; /ontology lists all there are.")
    return documentation.page(documentation.terms.label(node), content, style="style.css")


def _environment(terms: Terms, links: Links) -> Environment:
    """Templates that know how to show and link a piece of an axiom."""
    pages = Environment(
        loader=PackageLoader("aigraph.terms"), autoescape=True, trim_blocks=True, lstrip_blocks=True, auto_reload=False
    )

    def piece(part: Piece) -> str | Markup:
        if isinstance(part, str):
            return part
        term = terms.find(part)
        href = links.term(term) if term else links.thing(part.value)
        text = term.label if term else short(part.value)
        return Markup('<a href="{}" title="{}">{}</a>').format(href, short(part.value), text)

    pages.filters["piece"] = piece
    pages.globals["links"] = links
    return pages
