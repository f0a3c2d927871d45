"""Who fills the roles of a deal that a frame tells of."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import NamedNode

from aigraph.facts.frames.reader import FrameMatch

Roles = tuple[tuple[NamedNode, tuple[NamedNode, ...]], ...]
"""Role properties with those who fill them, sorted."""


def fillings(match: FrameMatch) -> Iterator[Roles]:
    """The roles with those who fill them; one filling, or one for each filler of the argument to keep apart."""
    separate = match.rule.separate
    for only in match.arguments[separate] if separate else (None,):
        roles: list[tuple[NamedNode, tuple[NamedNode, ...]]] = []
        taken: set[NamedNode] = set()
        for role, names in match.rule.roles:
            things = [t for name in names for t in ((only,) if only and name == separate else match.arguments[name])]
            fillers = {thing.iri for thing in things} - taken
            taken |= fillers
            roles.append((role, tuple(sorted(fillers, key=lambda iri: iri.value))))
        if len(taken) > 1 and all(fillers for _, fillers in roles):
            yield tuple(roles)
