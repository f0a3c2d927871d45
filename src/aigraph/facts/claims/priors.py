"""The names of what finds claims, and how much it is believed before the texts are looked at."""

from __future__ import annotations

from aigraph.facts.claims.tables import CELL, CELL_CONFIDENCE

FIGURE, ATTRIBUTED = "claim/figure", "claim/attributed"
PRIORS = {FIGURE: 0.55, ATTRIBUTED: 0.5, CELL: CELL_CONFIDENCE}
"""The share of claims with all attributes right that the development texts let us expect."""
