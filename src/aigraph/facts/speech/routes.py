"""The path between two names of a sentence in its tree, and the words that govern it."""

from __future__ import annotations

from collections.abc import Callable, Set
from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING

from aigraph.facts.speech.elsewhere import strays
from aigraph.facts.speech.hedges import contrasts, is_apart, load_hedges, shares, upward, verbal
from aigraph.facts.words.trees import Tree, ancestors, child, children, is_predicate, is_relative

if TYPE_CHECKING:
    from aigraph.facts.words.tokens import Token

PRESUPPOSED = frozenset({"acl:relcl", "advcl:relcl", "appos", "nmod:poss", "compound", "amod"})
"""The labels under which something is told beside a name."""


@dataclass(frozen=True, slots=True)
class Step:
    """A word of a route, and what the route comes from below it (None at its ends).

    `own` tells that what hangs on the word touches what is below: not so where that is coordinate with it.
    """

    word: Token
    below: Token | None
    own: bool = True


@dataclass(frozen=True, slots=True)
class Route:
    """The path between two names that a relation or deal with that label joins.

    `ends` are the names, `steps` the words from each of them up, `on` the indices of these words, `top` is the highest
    of them. `listed` tells that the names stand in one list ("A and B"), `parted` that one of them stands in a clause
    of its own; `shut` are the stretches that `contrasts` finds.
    """

    tree: Tree
    label: str
    ends: tuple[Token, Token]
    steps: tuple[Step, ...]
    on: Set[int]
    top: Token
    listed: bool
    parted: bool
    shut: tuple[tuple[int, ...], ...]

    @classmethod
    def between(cls, tree: Tree, label: str, first: Token, second: Token) -> Route:
        """The route between two words of a tree."""
        up, down = upward(first), upward(second)
        above = {token.i for token, _ in down}
        join = next((n for n, (token, _) in enumerate(up) if token.i in above), len(up) - 1)
        top, below = up[join]
        side = next((n for n, (token, _) in enumerate(down) if token.i == top.i), len(down) - 1)
        lower = [*up[:join], *down[:side]]
        belows = [b for b in (below, down[side][1]) if b is not None]
        joined = top.i in (first.i, second.i) and all(
            b is None or b.dep_ == "conj" for t, b in lower if t.i not in (first.i, second.i) or b is not None
        )
        lower += [(t, b) for word, b in (*lower, (top, below)) for t, b in _gap(word, b)]
        own = all(b.dep_ != "conj" or shares(top, b) for b in belows)
        steps = [Step(t, b, b is None or b.dep_ != "conj" or shares(t, b)) for t, b in lower]
        steps += [Step(top, b, own) for b in belows] or [Step(top, None)]
        return cls(
            tree=tree,
            label=label,
            ends=(first, second),
            steps=tuple(steps),
            on={t.i for t, _ in (*lower, *up[join : join + 1])},
            top=top,
            listed=joined and bool(belows) and belows[0].dep_ == "conj",
            parted=any(is_apart(t) and t.head.i == top.i and not _is_of_whom(t) for t in belows),
            shut=contrasts(tree),
        )

    def belows(self) -> list[Token]:
        """The words below the highest one, from which the route comes."""
        return [step.below for step in self.steps if step.word.i == self.top.i and step.below is not None]

    def strays(self) -> Callable[[Token], bool]:
        """Tells for a word whether it has no say in the route."""
        if self.parted:
            return lambda _: False
        return strays(self.tree, self.telling(), self.top, passing=self.is_in_passing())

    def telling(self) -> Set[int]:
        """The words of the route without the first of two verbs that it only passes: "sold A and bought Beta"."""
        below = {step.below.dep_: step.below for step in self.steps if step.word.i == self.top.i and step.below}
        other = below.get("conj")
        passed = other is not None and verbal(self.top) and verbal(other) and not shares(self.top, other)
        return self.on - {self.top.i} if passed and {"nsubj", "nsubj:pass"} & set(below) else self.on

    def is_clausal(self) -> bool:
        """Does the route hold a verb, a predicate or a deal, rather than names alone?"""
        words = [step.word for step in self.steps if not self.tree.named(step.word)]
        words += [t for t in (self.top,) if is_predicate(t)]  # "its newest recruit is Ann Lee"
        nouns = load_hedges()["deals"] | load_hedges()["making"]
        return self.listed or any(is_predicate(t) or t.lemma_ in nouns for t in words)

    def is_in_passing(self) -> bool:
        """Is it told beside a name, by a relative clause or an apposition, whatever the sentence says of that name?"""
        subjects = children(self.top, "nsubj", "expl") if child(self.top, "cop") is not None else []
        cleft = any(t.lower_ == "it" for t in subjects)
        said = cleft or any(t.dep_ == "nsubj" for t in self.belows())
        return not verbal(self.top) and not said and any(t.dep_ in PRESUPPOSED for t in self.belows())

    def governors(self) -> list[Token]:
        """The words that govern the route, up to where its clause is told in passing."""
        found: list[Token] = []
        word = self.top
        while not self.is_in_passing() and word.head.i != word.i and word.dep_ not in PRESUPPOSED:
            word = word.head
            found.append(word)
        return found


def _gap(word: Token, clause: Token | None) -> list[tuple[Token, Token | None]]:
    """The verbs from what a relative clause leaves out up to its own: "Acme, which Beta *wanted to buy*"."""
    if clause is None or clause.dep_ != "acl:relcl" or clause.head.i != word.i:
        return []
    pronoun = next((t for t in clause.subtree if is_relative(t) and t.tag_ in ("WDT", "WP")), None)
    if pronoun is None or pronoun.dep_ not in ("obj", "obl"):
        return []
    above = [pronoun, *takewhile(lambda t: t.i != clause.i, ancestors(pronoun)), clause]
    if any(t.dep_ != "xcomp" for t in above[1:-1]):
        return []
    return list(zip(above[2:], above[1:], strict=False))


def _is_of_whom(clause: Token) -> bool:
    """Is a clause with "whose" told of a name, though the tree takes it for one of its own?"""
    return any(t.lower_ == "whose" for subject in children(clause, "nsubj", "nsubj:pass") for t in subject.children)
