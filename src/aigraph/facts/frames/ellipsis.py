"""Clauses that leave out their verb: "Acme does not use the K7; Beta does", "Acme has bought it, and so has Beta"."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from aigraph.facts.frames.phrases import Thing
from aigraph.facts.frames.predicates import Predicates
from aigraph.facts.frames.trees import Tree
from aigraph.records import MentionKind

if TYPE_CHECKING:
    from aigraph.facts.frames.reader import FrameMatch

_STANDING_IN = frozenset({"do", "does", "did", "has", "have", "had"})
_MAIN = frozenset({"ROOT", "root", "conj", "parataxis", "advcl"})
_LIGHT = frozenset({"nsubj", "advmod", "cc", "mark", "punct", "discourse", "parataxis", "conj", "obl:unmarked"})
"""What may hang on an auxiliary that stands for a whole clause."""


def stand_ins(tree: Tree) -> Iterator[tuple[int, Thing]]:
    """The auxiliaries of a sentence that stand for a clause told before, each with who does so too."""
    for at in range(len(tree)):
        if tree.texts[at] not in _STANDING_IN or tree.labels[at] not in _MAIN:
            continue
        kids = tree.kids[at]
        subjects = [kid for kid in kids if tree.labels[kid] == "nsubj"]
        if len(subjects) != 1 or any(tree.labels[kid] not in _LIGHT for kid in kids):
            continue
        mention = tree.mentions[subjects[0]]
        if mention is not None and mention.kind == MentionKind.NAME and not mention.fellows:
            yield at, Thing(mention.entity, mention.type, subjects[0])


def taken_up(
    tree: Tree, told: Sequence[FrameMatch], before: Callable[[], Sequence[FrameMatch]]
) -> Iterator[FrameMatch]:
    """What such clauses say: as the last clause before them that says anything, with another subject.

    `told` are the matches of the sentence, `before` finds those of the one before it.
    """
    for at, who in stand_ins(tree):
        first = min(at, who.at)
        here = [match for match in told if match.at < first]
        last = here or list(before())
        nearest = max((match.at for match in last), default=0)
        for match in (match for match in last if match.at == nearest):
            found = _said_of(match, who, tree, at)
            if found is not None:
                yield found


def _said_of(match: FrameMatch, who: Thing, tree: Tree, at: int) -> FrameMatch | None:
    """A match with another subject; None where it is no verb with a subject that one of its arguments fills."""
    told = match.tree
    if told.kinds[match.at] != "VERB" or Predicates(told, {}).passive(match.at):
        return None
    words = set(told.under(match.at, "nsubj"))
    roles = [name for name, things in match.arguments.items() if {thing.at for thing in things} & words]
    others = {thing.iri for name, things in match.arguments.items() if name not in roles for thing in things}
    if len(roles) != 1 or who.iri in others or who.type not in match.rule.types.get(roles[0], (who.type,)):
        return None
    arguments = {
        name: (replace(who, at=at),) if name in roles else tuple(replace(thing, at=at) for thing in things)
        for name, things in match.arguments.items()
    }
    return replace(match, tree=tree, at=at, anchor=at, arguments=arguments, verbal=True)
