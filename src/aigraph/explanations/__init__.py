"""Why does the graph say so, or why not? Triples, findings and propositions, down to rules, sentences and axioms.

triples      the sources of a triple
derivations  what it follows from; what comes nearest to one that is not held, and what holds it back
nodes        a finding, or a proposition with its sources, score and conflicts
identities   which other thing a thing may be
"""

from aigraph.explanations.derivations import DEAL_SHORTCUTS, Select, Step, Term
from aigraph.explanations.identities import OtherName, explain_identity
from aigraph.explanations.nodes import Opposite, Together, explain_node
from aigraph.explanations.triples import (
    Explanation,
    Row,
    Source,
    StandsFor,
    explain,
    resolve,
)

__all__ = [
    "DEAL_SHORTCUTS",
    "Explanation",
    "Opposite",
    "OtherName",
    "Row",
    "Select",
    "Source",
    "StandsFor",
    "Step",
    "Term",
    "Together",
    "explain",
    "explain_identity",
    "explain_node",
    "resolve",
]
