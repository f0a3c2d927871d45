"""Statements: what a sentence says of two things, and makers that no single sentence states.

`finder.RelationFinder` is the way in.
"""
