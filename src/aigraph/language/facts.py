"""What the network finds between two words: relations and deals of names, what a figure is about, who speaks.

Reading decides between which words to look, for it knows names, references and figures better than the network does.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from spacy.tokens import Doc

from aigraph.language.components import COMPONENT, Annotator, load_language, vectors_of

FIGURE = "figure"
"""The kind of a figure's last word, beside the types of entities."""
WORD = "word"
"""The kind of any other word."""
LEAST = 0.02
"""Chances below this are not told."""


@dataclass(frozen=True, slots=True)
class Link:
    """A fact between two tokens of a Doc, each the last one of its phrase, with its chance.

    `label` is one of `FACT_LABELS` of `training/corpus.py`; marks (denied, open, rumoured) are links as well.
    """

    first: int
    second: int
    label: str
    chance: float


class LinkReader:
    """Finds links; one instance serves any number of Docs that the language model has read."""

    def __init__(self) -> None:
        component = load_language().get_pipe(COMPONENT)
        if not isinstance(component, Annotator):
            raise TypeError("the pipeline has another component than ours")
        self._network = component.network

    @property
    def labels(self) -> frozenset[str]:
        """The labels that links can have."""
        return frozenset(self._network.labels.facts)

    def read(
        self, doc: Doc, first: int, last: int, kinds: Mapping[int, str], firsts: Collection[int]
    ) -> tuple[Link, ...]:
        """The links from the tokens `firsts` to any others among the tokens `first` to `last` (exclusive).

        `kinds` has the type of entity (or `FIGURE`) for the tokens that end a name or a figure.
        """
        return tuple(self._links(doc, first, last, kinds, frozenset(firsts)))

    def _links(
        self, doc: Doc, first: int, last: int, kinds: Mapping[int, str], firsts: frozenset[int]
    ) -> Iterator[Link]:
        labels = self._network.labels.facts
        for tokens, vectors in vectors_of(doc):
            if tokens[0] < first or tokens[-1] >= last:
                continue
            places = [place for place, token in enumerate(tokens) if token in firsts]
            if not places or len(tokens) < 2:
                continue
            index = {token: place for place, token in enumerate(tokens)}
            heads = [index.get(doc[token].head.i, place) for place, token in enumerate(tokens)]
            chances = self._network.facts(vectors, [kinds.get(token, WORD) for token in tokens], heads, places)
            for i, label, j in zip(*np.nonzero(chances >= LEAST), strict=True):
                if places[i] != j:
                    yield Link(tokens[places[i]], tokens[j], labels[label], float(chances[i, label, j]))
