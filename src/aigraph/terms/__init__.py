"""The ontology for its readers: a page per term, an index, diagrams, every RDF format, and checks of its quality.

    ontology/*.ttl -> read_terms() -> Term -> Documentation -> pages (endpoint) or write_documentation() (files)
    ontology/quality/*.rq -> load_checks() -> run_checks() -> docs/ontology-quality.md

Nothing on a page is written by hand: labels, definitions and axioms come from the ontology, examples from the graph or
from `ontology/examples/`, questions from `ontology/competency-questions.md`.
"""

from aigraph.terms.catalogue import Axiom, Kind, Term, Terms, read_terms
from aigraph.terms.pages import Documentation, Links, term_page
from aigraph.terms.quality import QualityCheck, Review, load_checks, load_reviews, quality_report, run_check
from aigraph.terms.questions import Question, load_questions
from aigraph.terms.site import write_documentation
from aigraph.terms.syntaxes import ONTOLOGY_FORMATS, serialize_module, serialize_ontology, serialize_term

__all__ = [
    "ONTOLOGY_FORMATS",
    "Axiom",
    "Documentation",
    "Kind",
    "Links",
    "QualityCheck",
    "Question",
    "Review",
    "Term",
    "Terms",
    "load_checks",
    "load_questions",
    "load_reviews",
    "quality_report",
    "read_terms",
    "run_check",
    "serialize_module",
    "serialize_ontology",
    "serialize_term",
    "term_page",
    "write_documentation",
]
