"""What a passage has named before: the company it is about, the chip that "the cards" or "it" points back to."""

from __future__ import annotations

from dataclasses import dataclass, field

from aigraph.facts.patterns.passages import context_company
from aigraph.facts.words.sentences import within
from aigraph.records import TECHNOLOGY, Document, Mention, MentionKind, Mentions, ReadBlock, Sentence

_REACH = 600
"""How many characters back a description of a thing may point."""


@dataclass(frozen=True, slots=True)
class Context:
    """A sentence in its passage."""

    document: Document
    block: ReadBlock
    sentence: Sentence
    mentions: Mentions
    inside: tuple[Mention, ...] = field(init=False)

    def __post_init__(self) -> None:
        here = within(self.mentions.mentions, self.sentence.span)
        inside = tuple(m for m in here if m.span in self.sentence.span)
        object.__setattr__(self, "inside", inside)

    def company(self) -> Mention | None:
        """The organization that the passage is about, as seen from the beginning of the sentence."""
        return context_company(
            self.document, self.block, self.mentions, before=self.sentence.span.start, prefer_own=True
        )

    def technology(self, types: frozenset[str], before: int, *, here: bool = False) -> Mention | None:
        """The technology of some types that was named last before a place; None where that is far away.

        With `here` it must have been named in the same block.
        """
        for mention in reversed(self.mentions.mentions):
            if mention.span.end > before or mention.kind != MentionKind.NAME or mention.type not in TECHNOLOGY:
                continue
            far = mention.span.end < before - _REACH
            if far or (here and mention.span.start < self.block.block.span.start):
                return None
            if mention.type in types:
                return mention
        return None
