"""From article files to a published graph.

steps        the steps in order: an article in, its quads out
reading      one article after the other through the steps, and what became of each
workers      the same in other processes, with limits on time and memory; `worker` is such a process
quarantine   the articles that reading did not get through, remembered
building     what changes in a store: articles added, replaced, removed; derived graphs; a snapshot
"""

from aigraph.pipeline.building import build, build_with, remove, remove_with
from aigraph.pipeline.reading import Limits
from aigraph.pipeline.report import BuildReport, Progress
from aigraph.pipeline.steps import (
    RULES,
    Begun,
    MakeExtractor,
    Pipeline,
    Reading,
    Recipe,
    derivations,
    rules_version,
)

__all__ = [
    "RULES",
    "Begun",
    "BuildReport",
    "Limits",
    "MakeExtractor",
    "Pipeline",
    "Progress",
    "Reading",
    "Recipe",
    "build",
    "build_with",
    "derivations",
    "remove",
    "remove_with",
    "rules_version",
]
