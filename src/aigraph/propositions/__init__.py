"""What several articles say together: propositions, independent sources, conflicts, similarities, updates, belief.

    findings -> meanings (keys) -> joining: sources, belief, compare -> the graph of propositions

`anew` makes that graph of all findings, however many, and `keeping` keeps it up to date in proportion to a change;
`docs/propositions.md` tells what the words mean.
"""

from aigraph.propositions.belief import Belief, Weight, belief
from aigraph.propositions.findings import Said, findings_of
from aigraph.propositions.keeping import PropositionGraph
from aigraph.propositions.knowledge import rules
from aigraph.propositions.sketch import sketch
from aigraph.propositions.sources import Group, groups, named_sources

__all__ = [
    "Belief",
    "Group",
    "PropositionGraph",
    "Said",
    "Weight",
    "belief",
    "findings_of",
    "groups",
    "named_sources",
    "rules",
    "sketch",
]
