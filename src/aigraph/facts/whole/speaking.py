"""Where the text itself settles who speaks, whatever the network hears.

Its word counts against verbs of saying and "according to": of 165 such statements that it gives to the author, in
annotated and held-out articles, 21 are marked as somebody's. It does not count

- in the middle of somebody's words: in an answer of a talk, and in a quotation or labelled turn that an earlier
  sentence has begun. What stands there has no cue of its own, and marks are often put only where the words begin, so
  that the network has learnt to give the rest to the author. Of 12 sentences in the middle of quotations that it gives
  to him 8 are marked as the speaker's in the annotated articles, of 18 in answers 14, and none as another one's;
- for whoever signs an article ("Interview: Ann Lee"): reporters tell what others say. They speak where a rule says so.
"""

from __future__ import annotations

from collections.abc import Sequence

from pyoxigraph import NamedNode

from aigraph.facts.speech.spoken import Attribution
from aigraph.facts.speech.talks import signs
from aigraph.records import Claimant, Document, EntityType, MentionKind, Mentions, Span


def goes_on(attributions: Sequence[Attribution], claimant: Claimant | None, sentence: Span) -> bool:
    """Is a sentence the middle of somebody's words, by what the text around it says?

    That is where its first word is theirs and no cue stands in it.
    """
    return any(
        a.claimant == claimant and a.covers(sentence) and not (a.cue.start < a.cue.end and a.cue.overlaps(sentence))
        for a in attributions
    )


def signers(document: Document, mentions: Mentions) -> frozenset[NamedNode]:
    """Who signs an article: a line that opens with "By", "Interview:", "Text:" and a person's name."""
    text = document.article.text
    starts = {read.block.span.start for read in document.blocks}
    found = set()
    for mention in mentions.mentions:
        if mention.type is not EntityType.PERSON or mention.kind is not MentionKind.NAME:
            continue
        start = text.rfind("\n", 0, mention.span.start) + 1
        if start in starts and signs(text, start, mention.span.start):
            found.add(mention.entity)
    return frozenset(found)
