"""Who says what: speakers, and the stretches of text that are theirs.

A speaker is the subject of a verb of saying ("X said that …", "…, says X", "X expects …"), stands behind "according
to" or before "view" and the like ("in X's opinion", "X's guidance of …"). What is said reaches as far as its clauses
do, and over a quotation to its end, be it sentences later (`quotations.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pyoxigraph import NamedNode

from aigraph.facts.speech.bounds import bounded, deed, unspoken
from aigraph.facts.speech.heard import Hearing
from aigraph.facts.speech.persons import called
from aigraph.facts.speech.quotations import over_quotations
from aigraph.facts.speech.saying import find_sayings, other_senses
from aigraph.facts.speech.spoken import Attribution
from aigraph.facts.speech.talks import Talk, talk_of
from aigraph.facts.speech.turns import find_turns, last_quoted, unclaimed
from aigraph.facts.speech.voices import own_body
from aigraph.facts.speech.worded import WordedSayings
from aigraph.facts.words.trees import Tree
from aigraph.records import BlockKind, Claimant, Document, Mention, ReadBlock, Span


@dataclass(frozen=True, slots=True)
class _Known:
    """What has been found in an article read with some mentions: who is "he", who answers, the blocks read so far."""

    mentions: Sequence[Mention]
    called: Mapping[NamedNode, str]
    talk: Talk | None
    found: dict[Span, tuple[Attribution, ...]] = field(default_factory=dict)


class AttributionReader:
    """Finds attributions; one instance serves any number of articles."""

    def __init__(self, *, syntax: bool = True) -> None:
        self._syntax = syntax
        self._document: Document | None = None
        self._known: list[_Known] = []  # of that document, by the mentions with which it was read
        self._words = WordedSayings()

    def find(self, document: Document, block: ReadBlock, mentions: Sequence[Mention]) -> tuple[Attribution, ...]:
        """All attributions of a block, in order of their cues; `mentions` are best those of the whole article."""
        if self._document is not document:
            self._document, self._known = document, []
        known = next((each for each in self._known if each.mentions is mentions), None)
        if known is None:
            called_ = called(document.article.text, mentions) if self._syntax else {}
            known = _Known(mentions, called_, talk_of(document, mentions) if self._syntax else None)
            self._known.append(known)
        found = known.found.get(block.block.span)
        if found is None:
            found = known.found[block.block.span] = self._read(document, block, known)
        return found

    def _read(self, document: Document, block: ReadBlock, known: _Known) -> tuple[Attribution, ...]:
        text, span = document.article.text, block.block.span
        mentions, talk = known.mentions, known.talk
        found: list[Attribution] = find_turns(document, block, mentions, talk) if talk is not None else []
        company = own_body(mentions)
        talking = talk.asked(document.blocks.index(block)) if talk is not None else None
        headline = block.block.kind in (BlockKind.TITLE, BlockKind.HEADING)
        for sentence in block.sentences:
            tree = Tree.of(block, sentence, mentions) if self._syntax else None
            told, none = [], []
            if tree is not None:
                hearing = Hearing(tree, mentions, found, company, headline, text, talking, known.called)
                told, none = find_sayings(hearing), other_senses(hearing)
            found += told
            worded = self._words.find(block, sentence, mentions, found)
            # without a verb of its own what is said is the tree's business
            kept = worded if tree is None else [a for a in worded if a.clausal or a.kind == "outlook"]
            if tree is not None:
                kept = [a for a in kept if not deed(tree, a, headline=headline) and not unspoken(tree, a)]
                kept = [a for a in kept if not any(a.cue.overlaps(span) for span in none)]
            found += [a for a in kept if not any(a.cue.overlaps(other.cue) for other in told)]
        found = [bounded(text, span, attribution) for attribution in found]
        result = over_quotations(text, span, sorted(found, key=lambda a: a.cue))
        if not self._syntax:
            return result
        before = self._before(document, block, mentions)
        more = unclaimed(text, span, result, before, talking, mentions=mentions)
        return tuple(sorted((*result, *more), key=lambda a: a.cue))

    def _before(self, document: Document, block: ReadBlock, mentions: Sequence[Mention]) -> Claimant | None:
        """Who speaks in quotation marks at the end of the paragraph before, where this one opens with one."""
        text, span = document.article.text, block.block.span
        number = document.blocks.index(block)
        if not number or text[span.start] not in '"“':
            return None
        before = document.blocks[number - 1]
        return last_quoted(text, before.block.span, self.find(document, before, mentions))
