"""Statements and deals from the dependency tree: predicates with their arguments, by the rules of `rules/frames/`."""

from aigraph.facts.frames.context import Context
from aigraph.facts.frames.deals import Roles, fillings
from aigraph.facts.frames.reader import FrameMatch, FrameReader
from aigraph.facts.frames.rules import FrameBook, FrameRule, load_frames
from aigraph.facts.frames.stance import weighed
from aigraph.facts.frames.statements import FrameStatements

__all__ = [
    "Context",
    "FrameBook",
    "FrameMatch",
    "FrameReader",
    "FrameRule",
    "FrameStatements",
    "Roles",
    "fillings",
    "load_frames",
    "weighed",
]
