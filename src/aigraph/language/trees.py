"""The best dependency tree for given scores of arcs.

Most sentences need no search: each word's best head already makes a tree. Where it does not, the maximum spanning
arborescence is found as Chu & Liu (1965) and Edmonds (1967) have it (McDonald et al. 2005, figure 3), with one word
alone at the root.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float32]
"""(words, 1 + words): how well each node, the root first, fits as the head of each word."""


def best_heads(scores: Scores) -> list[int]:
    """The head of each word (0 the root, words counted from 1) in the tree of the highest total score.

    Exactly one word hangs on the root.
    """
    count = scores.shape[0]
    if count == 0:
        return []
    own = scores.astype(np.float64, copy=True)
    own[np.arange(count), np.arange(1, count + 1)] = -np.inf
    heads: list[int] = own.argmax(1).tolist()
    if heads.count(0) == 1 and _cycle([-1, *heads]) is None:
        return heads
    return _single_rooted(own)


def _single_rooted(own: NDArray[np.float64]) -> list[int]:
    """The best tree in which one word alone hangs on the root: the best over all choices of it that can be the best.

    A penalty on the root that outweighs every other difference leaves it one word, which Zmigrod et al. (2020) show to
    be the best for all trees of one root.
    """
    count = own.shape[0]
    finite = own[np.isfinite(own)]
    penalty = (float(finite.max()) - float(finite.min()) + 1.0) * (count + 1)
    square = np.full((count + 1, count + 1), -np.inf)
    square[1:, :] = own
    square[1:, 0] -= penalty
    return _arborescence(square)[1:]


def _arborescence(scores: NDArray[np.float64]) -> list[int]:
    """The heads of the best tree rooted in node 0; `scores[d, h]` is that of the arc from h to d."""
    size = scores.shape[0]
    heads = [-1, *scores[1:].argmax(1).tolist()] if size > 1 else [-1]
    cycle = _cycle(heads)
    if cycle is None:
        return heads
    outside = [node for node in range(size) if node not in set(cycle)]
    inside = np.array(cycle)
    own = scores[inside, [heads[node] for node in cycle]]
    # the cycle becomes one node, the last of a smaller graph
    small = np.full((len(outside) + 1, len(outside) + 1), -np.inf)
    small[:-1, :-1] = scores[np.ix_(outside, outside)]
    leaving = scores[np.ix_(outside, cycle)]
    small[:-1, -1] = leaving.max(1)
    leaver = leaving.argmax(1)
    entering = scores[np.ix_(cycle, outside)] - own[:, None]
    small[-1, :-1] = entering.max(0) + own.sum()
    entrance = entering.argmax(0)
    found = _arborescence(small)
    result = list(heads)
    for position, node in enumerate(outside):
        if node != 0:
            head = found[position]
            result[node] = cycle[int(leaver[position])] if head == len(outside) else outside[head]
    source = found[-1]
    result[cycle[int(entrance[source])]] = outside[source]
    return result


def _cycle(heads: Sequence[int]) -> list[int] | None:
    """The nodes of a cycle, or None; node 0 is the root, whose head is -1."""
    state = [0] * len(heads)
    state[0] = 2
    for first in range(1, len(heads)):
        path: list[int] = []
        node = first
        while state[node] == 0:
            state[node] = 1
            path.append(node)
            node = heads[node]
        if state[node] == 1:
            return path[path.index(node) :]
        for seen in path:
            state[seen] = 2
    return None
