"""Every finding of a graph, judged: who found it, how sure of it, and whether the annotation has it.

The scores count what is right in an article; this counts who was right. Both come out of one comparison
(`scoring.py`), so they agree: distinct keys of the right ones are the hits of their kind.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from aigraph.evaluation.export import Origin

RELATIONS, PARTNERSHIPS, FIGURES, ATTRIBUTIONS = "relations", "partnerships", "figures", "attributions"
JUDGED_KINDS = (RELATIONS, PARTNERSHIPS, FIGURES, ATTRIBUTIONS)
"""The kinds of judged findings. `figures` are judged as the scores' "claims (all right)" are."""
UNKNOWN = "unknown"
"""Stands for the extractor of a finding for which the graph names none."""

Key = tuple[str, ...]
"""What makes an entity, relation or deal the same in gold and graph."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A node of the graph that counts in scoring, for one extractor that stands behind it.

    `kind` is one of `JUDGED_KINDS`; `label` is the predicate ("develops"), the kind of deal ("Supply"), the unit of a
    figure ("USD"), empty for attributions. A deal is right where all its pairs of parties are, a figure where all its
    attributes are. `keys` are what the node counts as in scoring: several nodes may state one triple, and one node has
    a record for each of its extractors. `own` tells whether this is what the confidence of the node speaks of: a
    figure's says how sure the figure is, not who is said to give it.
    """

    document: str
    kind: str
    label: str
    extractor: str
    confidence: float | None
    right: bool
    node: str
    keys: tuple[Key, ...]
    own: bool = True


@dataclass(frozen=True, slots=True)
class Docket:
    """Gathers the judged findings of one article."""

    document: str
    origins: Mapping[str, Origin]
    judged: list[Judged]

    def add(self, kind: str, label: str, node: str, keys: Iterable[Key], *, right: bool, own: bool = True) -> None:
        """Judge a node, once for each extractor that the graph names for it."""
        origin = self.origins.get(node, Origin())
        for extractor in origin.extractors or (UNKNOWN,):
            self.judged.append(
                Judged(
                    self.document, kind, label, extractor, origin.confidence, right, node, tuple(sorted(keys)), own=own
                )
            )


@dataclass(frozen=True, slots=True)
class Precision:
    """How much of what one extractor, or several together, found of one kind is right."""

    name: str
    kind: str
    found: int
    right: int

    @property
    def share(self) -> float:
        """Share of right ones, 0 to 1 (0 where nothing was found)."""
        return self.right / self.found if self.found else 0.0


def precisions(judged: Iterable[Judged], group: Mapping[str, str] | None = None) -> tuple[Precision, ...]:
    """Found and right by kind and extractor, or by the groups to which a mapping assigns extractors.

    What one extractor states several times in an article (one triple with two stances) counts once, and is right
    where one of them is.
    """
    outcomes: dict[tuple[int, str], dict[tuple[str, tuple[Key, ...]], bool]] = {}
    for each in judged:
        name = group.get(each.extractor, UNKNOWN) if group is not None else each.extractor
        seen = outcomes.setdefault((JUDGED_KINDS.index(each.kind), name), {})
        finding = (each.document, each.keys)
        seen[finding] = seen.get(finding, False) or each.right
    return tuple(
        Precision(name, JUDGED_KINDS[kind], len(seen), sum(seen.values()))
        for (kind, name), seen in sorted(outcomes.items())
    )


def first_of_each(judged: Iterable[Judged]) -> Iterator[Judged]:
    """One record a node and finding, whatever the number of its extractors."""
    seen: set[tuple[str, str, str, tuple[Key, ...]]] = set()
    for each in judged:
        if (finding := (each.document, each.kind, each.node, each.keys)) not in seen:
            seen.add(finding)
            yield each
