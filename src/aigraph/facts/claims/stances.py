"""How a figure or a statement is put forward: verdicts on it, what somebody foretells, what never came about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from aigraph.facts.claims.situations import ReadSentence
from aigraph.facts.speech.spoken import Attribution
from aigraph.facts.speech.stance import Stance, StanceReader
from aigraph.facts.words.trees import Tree
from aigraph.records import (
    Modality,
    Polarity,
    Span,
)

_CONDITIONS = frozenset({"had", "if", "provided", "should", "unless", "were"})
_OPENING = _CONDITIONS | {"how", "what", "when", "where", "whether", "which", "who", "why"}
"""First words of conditions and of questions within a sentence."""
_UNREAL = frozenset({"'d", "could", "might", "would", "’d"})


class ClaimStances:
    """How claims are put forward, with what verdicts on them say; one instance serves any number of articles."""

    def __init__(self, stances: StanceReader) -> None:
        self._stances = stances

    def read(self, read: ReadSentence, at: Span, said: Sequence[Attribution]) -> Stance:
        """How the clause around a place is put forward; a verdict on a statement is its sign and no more."""
        verdict = next((v for v in read.verdicts if v.holds(at)), None)
        mentions = read.passage.story.mentions
        alone = verdict is not None
        stance = self._stances.read_clause(read.block, read.sentence, at, mentions, said, alone=alone)
        if verdict is None or not verdict.denied or (said and said[0].refuted):
            return stance
        if said and stance.modality == Modality.REPORTED != said[0].modality:
            stance = replace(stance, modality=Modality.ASSERTED)  # of a report it is told for sure that it is wrong
        denied = stance.polarity == Polarity.AFFIRMED
        return replace(stance, polarity=Polarity.NEGATED if denied else Polarity.AFFIRMED)


def foretold(read: ReadSentence, attribution: Attribution, at: int | None, stretch: Span) -> bool:
    """Is what would come of a condition told by somebody: "if the talks fail, she said, there would be a queue"?

    Neither the condition nor a question within it is.
    """
    if at is None or not attribution.clausal or read.text.rstrip(' "”').endswith("?"):
        return False
    clause = read.passage.clauses[at]
    texts = [read.passage.words[i].text for i in clause.words]
    first = next((text for text in texts if text.isalpha()), "")
    opening = read.passage.text[stretch.start : stretch.end].split()[0].casefold()
    return not {clause.opener, first, opening} & _OPENING


def would_have(tree: Tree, stretch: Span) -> bool:
    """Is something told of what did not come about: "would have needed", but not "would have 900 racks"?"""
    inside = tree.within(stretch)
    heads = (token.head for token in inside if token.lower_ in _UNREAL and token.dep_ == "aux")
    return any(child.lower_ == "have" and child.dep_ == "aux" for head in heads for child in head.children)
