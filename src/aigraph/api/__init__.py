"""The graph in Python, for notebooks and scripts: `aigraph.Graph.open(…)`.

graph     a graph, and a thing in it        findings  claims and partnerships, as records and as tables
tables    rows of an answer, as pandas or   plots     figures of a metric over time, who deals with whom
          polars have them
"""

from aigraph.api.findings import Claim, Claims, Partnership, Partnerships
from aigraph.api.graph import Entity, Graph
from aigraph.api.tables import Table

__all__ = ["Claim", "Claims", "Entity", "Graph", "Partnership", "Partnerships", "Table"]
