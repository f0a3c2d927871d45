"""The parties of a deal as pairs that stand opposite each other, and back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from pyoxigraph import NamedNode

from aigraph.facts.links.findings import LABELS, ROLES
from aigraph.facts.whole.story import Story
from aigraph.records import Partnership


def pairs_of(deal: Partnership) -> Iterator[tuple[NamedNode, NamedNode]]:
    """The parties of a deal that stand opposite each other."""
    _, (one, other) = LABELS[deal.kind]
    roles = dict(deal.roles)
    firsts, seconds = roles.get(one, ()), roles.get(other, ())
    for i, a in enumerate(firsts):
        for b in seconds[i + 1 :] if one == other else seconds:
            if a != b:
                yield a, b


def with_pairs(deal: Partnership, pairs: set[tuple[NamedNode, NamedNode]]) -> Partnership | None:
    """A deal with those parties alone that are in one of some pairs; None where none is."""
    if not pairs:
        return None
    parties = {who for pair in pairs for who in pair}
    return replace(deal, roles=tuple((role, tuple(w for w in fillers if w in parties)) for role, fillers in deal.roles))


def grouped(
    story: Story, label: str, pairs: Sequence[tuple[int, int, float]]
) -> Iterator[tuple[tuple[tuple[NamedNode, tuple[NamedNode, ...]], ...], float]]:
    """The roles of the deals that pairs of one kind make up, with the least chance of each."""
    _, one, other = ROLES[label]

    def names(numbers: Iterable[int]) -> tuple[NamedNode, ...]:
        return tuple(sorted((story.entities[n] for n in numbers), key=lambda iri: iri.value))

    if one == other:
        for first, second, chance in pairs:
            yield ((one, names((first, second))),), chance
        return
    by_first = len({a for a, _, _ in pairs}) <= len({b for _, b, _ in pairs})
    groups: dict[int, dict[int, float]] = defaultdict(dict)
    for first, second, chance in pairs:
        key, party = (first, second) if by_first else (second, first)
        groups[key][party] = chance
    for key, parties in sorted(groups.items()):
        sides = ((key,), tuple(parties)) if by_first else (tuple(parties), (key,))
        roles = sorted(zip((one, other), map(names, sides), strict=True), key=lambda role: role[0].value)
        yield tuple(roles), min(parties.values())
