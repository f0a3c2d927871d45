"""From article files to a published graph.

steps        the steps in order: an article in, its quads out
reading      one article after the other through the steps, and what became of each
workers      the same in other processes, with limits on time and memory; `worker` is such a process
quarantine   the articles that reading did not get through, remembered
building     what changes in a store: articles added, replaced, removed; derived graphs; a snapshot
"""

from aigraph.pipeline.building import build, build_with, load, remove, remove_with
from aigraph.pipeline.reading import LIMITS, Limits, Outcome
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
from aigraph.pipeline.workers import Workers

__all__ = [
    "LIMITS",
    "RULES",
    "Begun",
    "BuildReport",
    "Limits",
    "MakeExtractor",
    "Outcome",
    "Pipeline",
    "Progress",
    "Reading",
    "Recipe",
    "Workers",
    "build",
    "build_with",
    "derivations",
    "load",
    "remove",
    "remove_with",
    "rules_version",
]
