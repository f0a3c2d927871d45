"""The hedges of a sentence, asked for by the entities that a finding joins."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from aigraph.facts.speech.afterwards import is_announced, taken_back
from aigraph.facts.speech.elsewhere import strays_of_deal
from aigraph.facts.speech.hedges import DEALS, LASTING, Hedge, hedge_of_object
from aigraph.facts.speech.paths import read_hedge, strays_of
from aigraph.facts.speech.routes import Route
from aigraph.facts.speech.stance import WEAKEST_FIRST, Stance
from aigraph.facts.words.trees import Tree, ancestors
from aigraph.records import Mention, Modality, Polarity, ReadBlock, Sentence, Span
from aigraph.vocab import AIG

if TYPE_CHECKING:
    from aigraph.facts.words.tokens import Token

_WORKLOADS = {AIG.Training: "train", AIG.Inference: "infer"}
_FAR = 99


class SentenceHedges:
    """How the tree of a sentence puts what joins its names; without a tree it adds nothing."""

    def __init__(self, block: ReadBlock, sentence: Sentence, mentions: Sequence[Mention]) -> None:
        self._place = block, sentence, mentions
        self._hedges: dict[tuple[str, NamedNode, NamedNode], Hedge] = {}
        self._heads: dict[NamedNode, tuple[Token, ...]] = {}

    @cached_property
    def _tree(self) -> Tree | None:
        return Tree.of(*self._place)

    @cached_property
    def _later(self) -> tuple[Hedge, Hedge]:
        """What the next sentence adds: to all, to deals; read when first asked for, as few sentences are."""
        return taken_back(*self._place)

    @cached_property
    def _is_announced(self) -> bool:
        """Is all of the sentence hearsay, as one before it says?"""
        return is_announced(*self._place[:2])

    def between(self, label: str, first: NamedNode, second: NamedNode) -> Hedge:
        """The hedge of two entities, where they stand nearest to each other in the tree.

        Relations have the names of their properties, deals those of links: "acquisition", "supply" and so on.
        """
        known = self._hedges.get((label, first, second))
        if known is None:
            known = self._hedges[label, first, second] = self._read(label, first, second)
        return known

    def _read(self, label: str, first: NamedNode, second: NamedNode) -> Hedge:
        if self._tree is None:
            return Hedge()
        pair = self._nearest(first, second)
        if pair is None:
            return Hedge()
        hedge = read_hedge(self._tree, label, *pair)
        if self._is_announced and hedge.modality == Modality.ASSERTED:
            hedge = replace(hedge, modality=Modality.REPORTED, granted=False, plain=False, sure=False)
        after = self._later[label in DEALS]
        after = replace(after, over=False) if label in LASTING and label not in DEALS else after
        if after == Hedge() or (hedge.granted and hedge.modality == Modality.ASSERTED):
            return hedge  # what is told by the way is not what the next sentence speaks of
        return replace(
            hedge,
            denials=hedge.denials or after.denials,
            modality=min(hedge.modality, after.modality, key=WEAKEST_FIRST.index),
            over=hedge.over or after.over,
            plain=False,
            clear=hedge.clear and not after.denied,
        )

    def among(self, label: str, pairs: Iterable[tuple[NamedNode, NamedNode]]) -> Hedge:
        """The hedge of a deal: that of the first of its pairs that the tree hedges, else says something of."""
        found = [self.between(label, first, second) for first, second in pairs]
        hedged_ = (hedge for hedge in found if hedge.denied or hedge.modality != Modality.ASSERTED)
        return next(hedged_, next((hedge for hedge in found if hedge != Hedge()), Hedge()))

    def governed(self, entity: NamedNode) -> Hedge:
        """What the verb makes of an entity that is its object: "the second hall may use Maia, the chip that …".

        Where the entity is named several times, one place without a hedge is enough.
        """
        hedges = [hedge_of_object(place) for place in self._places(entity)]
        return min(hedges, key=lambda h: (h.denials, -WEAKEST_FIRST.index(h.modality)), default=Hedge())

    def elsewhere(self, label: str, pairs: Sequence[tuple[NamedNode, NamedNode]]) -> Callable[[Span], bool]:
        """Tells for a stretch of the sentence whether it has no say in a deal (of the first pair or party named)."""
        tree = self._tree
        joined = [pair for first, second in pairs if (pair := self._nearest(first, second)) is not None]
        named = [place for pair in pairs for entity in pair for place in self._places(entity)]
        if tree is None or not (joined or named):
            return lambda _: False
        stray = strays_of(tree, label, *joined[0]) if joined else strays_of_deal(tree, named[0])
        told = self._sure_part(label, *pairs[0]) if joined else None
        return lambda span: all(stray(t) or (told is not None and t.i not in told) for t in tree.within(span))

    def _sure_part(self, label: str, first: NamedNode, second: NamedNode) -> Set[int] | None:
        """The words of the clause that words around it have for sure: "failed to mention *that it had bought Beta*"."""
        pair = self._nearest(first, second)
        if self._tree is None or pair is None or not self.between(label, first, second).sure:
            return None
        route = Route.between(self._tree, label, *pair)
        return {t.i for t in route.top.subtree}

    def _nearest(self, first: NamedNode, second: NamedNode) -> tuple[Token, Token] | None:
        """Where two entities stand nearest to each other in the tree."""
        pairs = [(a, b) for a in self._places(first) for b in self._places(second) if a.i != b.i]
        return min(pairs, key=lambda pair: _distance(*pair), default=None)

    def _places(self, entity: NamedNode) -> tuple[Token, ...]:
        if entity not in self._heads:
            self._heads[entity] = tuple(self._found(entity))
        return self._heads[entity]

    def _found(self, entity: NamedNode) -> Iterator[Token]:
        tree = self._tree
        if tree is None:
            return
        if entity in _WORKLOADS:
            yield from (t for t in tree.tokens if t.lower_.startswith(_WORKLOADS[entity]))
            return
        for mention in tree.mentions:
            head = tree.head_of(mention.span) if entity in mention.entities else None
            if head is not None:
                yield head


def hedged(stance: Stance, hedge: Hedge, *, doubted: bool) -> Stance:
    """A stance with what the tree makes of it; `doubted` tells that the language model hears a cue as well.

    What the tree has for granted, for sure, or plainly said is asserted unless it is doubted.
    """
    modality, polarity = stance.modality, stance.polarity
    if hedge.granted and not doubted:
        modality = modality if modality == Modality.FORECAST and not hedge.own else Modality.ASSERTED
        polarity = Polarity.AFFIRMED
    elif (hedge.sure or hedge.plain or hedge.clear) and not doubted:
        polarity = Polarity.AFFIRMED
    return replace(
        stance,
        modality=min(modality, hedge.modality, key=WEAKEST_FIRST.index),
        polarity=Polarity.NEGATED if hedge.denied else polarity,
    )


def in_passing(stance: Stance, hedge: Hedge) -> Stance:
    """A stance without the rumours of a sentence that takes it for granted: "Acme, which bought Beta, is in talks"."""
    rumoured = stance.modality == Modality.REPORTED and hedge.granted and hedge.modality == Modality.ASSERTED
    return replace(stance, modality=Modality.ASSERTED) if rumoured else stance


def _distance(first: Token, second: Token) -> int:
    """How many steps the path between two words takes."""
    up = [first.i, *(t.i for t in ancestors(first))]
    down = [second.i, *(t.i for t in ancestors(second))]
    return next((n + down.index(i) for n, i in enumerate(up) if i in down), _FAR)
