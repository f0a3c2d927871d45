"""aigraph: news about AI hardware, read into a knowledge graph that says who said what, how surely and where.

The flow, step by step (`pipeline/` runs it):

    article file -> articles -> Article -> documents -> Document -> mentions -> Mentions
                 -> facts -> Facts -> graph -> quads -> store -> endpoint
                                                quads of all articles -> propositions
"""

__version__ = "0.1.0"
