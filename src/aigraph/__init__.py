"""aigraph: news about AI hardware, read into a knowledge graph that says who said what, how surely and where.

The flow, step by step (`pipeline/` runs it):

    article file -> articles -> Article -> documents -> Document -> mentions -> Mentions
                 -> facts -> Facts -> graph -> quads -> store -> endpoint
                                                quads of all articles -> propositions

In Python the graph is asked by `aigraph.Graph.open(…)` (`api/`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aigraph.api import Claim, Claims, Entity, Graph, Partnership, Partnerships, Table

__version__ = "0.1.0"
__all__ = ["Claim", "Claims", "Entity", "Graph", "Partnership", "Partnerships", "Table", "__version__"]


def __getattr__(name: str) -> object:
    """The Python API, loaded when it is first used: `import aigraph` alone costs nothing."""
    if name in __all__:
        from importlib import import_module

        return getattr(import_module("aigraph.api"), name)
    raise AttributeError(f"module 'aigraph' has no attribute {name!r}")
