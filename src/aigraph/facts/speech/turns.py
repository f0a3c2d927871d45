"""Whose turn it is: labelled lines of interviews, answers in the first person, quotations that go on without a verb."""

from __future__ import annotations

import re
from collections.abc import Sequence

from aigraph.facts.speech.quotations import quotations
from aigraph.facts.speech.spoken import Attribution
from aigraph.facts.speech.talks import Talk, is_own, signs
from aigraph.records import BlockKind, Claimant, Document, EntityType, Mention, MentionKind, ReadBlock, Span

_LABEL = re.compile(r"\s*(?:\([^)]*\))?\s*:\s+")
_INTRODUCED = re.compile(r",\s[^.!?:;\"“]{3,160}:\s+(?=[\"“])")
"""What is told of a person between the name and a colon: ", who runs Acme: …"."""
_NAMED_BEHIND = re.compile(r"[\"”]\s*[(–—-]\s*")
_LETTERS = re.compile(r"\s*(?P<who>[A-Z][\w’'-]*(?:\s[A-Z][\w’'-]*)?)\s*:\s+")
_ANSWER = frozenset({"a", "answer"})
_WORDS = 5
"""Words from which a quotation is a statement, not a quoted word."""
_LED_IN = 5
"""Words before a name up to which a sentence is about whom it names: "The analyst Ann Lee", "For Ann Lee"."""


def find_turns(document: Document, block: ReadBlock, mentions: Sequence[Mention], talk: Talk) -> list[Attribution]:
    """A whole block that is somebody's by its label, or by answering a question in the first person."""
    if block.block.kind not in (BlockKind.PARAGRAPH, BlockKind.BULLET):
        return []
    return _labelled(document, block, mentions, talk) or _answered(document, block, mentions, talk)


def _labelled(document: Document, block: ReadBlock, mentions: Sequence[Mention], talk: Talk) -> list[Attribution]:
    """A block that a label gives to somebody: a name before a colon, or letters that stand for who is interviewed.

    "A:" alone may be the author's answer to readers: it is a speaker's where one is named before the first question,
    or most answers are in the first person.
    """
    text, span = document.article.text, block.block.span
    first = next((m for m in mentions if m.span.start == span.start), None)
    label = _LABEL.match(text, first.span.end, span.end) if first is not None else None
    quoted = label is not None and text[label.end() : label.end() + 1] in ('"', "“")
    person = first is not None and first.type == EntityType.PERSON and block.block.kind == BlockKind.PARAGRAPH
    if first is not None and label is None and first.type == EntityType.PERSON:
        label = _INTRODUCED.match(text, first.span.end, span.end)
    if first is not None and label is not None and (quoted or person):
        return [Attribution(first.entity, (Span(label.end(), span.end),), first.span, "source")]
    mark, speaker = _LETTERS.match(text, span.start, span.end), talk.speaker
    answering = talk.personal or talk.introduced
    if speaker is None or mark is None or not _is_label(mark["who"], speaker, mentions, answering=answering):
        return []
    return [Attribution(speaker, (Span(mark.end(), span.end),), Span(mark.start("who"), mark.end("who")), "source")]


def _answered(document: Document, block: ReadBlock, mentions: Sequence[Mention], talk: Talk) -> list[Attribution]:
    """A block that answers a question in the first person, or in an article that is a talk word for word."""
    text, span, speaker = document.article.text, block.block.span, talk.speaker
    number = document.blocks.index(block)
    if speaker is None or block.block.kind != BlockKind.PARAGRAPH or not talk.answers(number) or talk.remarks(number):
        return []
    persons = [m for m in mentions if m.type == EntityType.PERSON and m.span in span]
    told = any(m.entity == speaker for m in persons)
    if any(signs(text, span.start, person.span.start) for person in persons):
        return []
    if (talk.personal and is_own(text, span) and not persons) or (not told and talk.verbatim):
        return [Attribution(speaker, (span,), Span(span.start, span.start), "source")]
    return []


def _is_label(words: str, speaker: Claimant, mentions: Sequence[Mention], *, answering: bool) -> bool:
    """Do words before a colon stand for the person interviewed: "A" where they answer, initials, a part of the name?"""
    if words.casefold() in _ANSWER:
        return answering
    named = [m for m in mentions if m.entity == speaker and m.kind == MentionKind.NAME]
    names = {m.form for m in named}
    initials = {"".join(part[0] for part in name.split()).casefold() for name in names if " " in name}
    return words.casefold() in initials | {part.casefold() for name in names for part in (name, name.split()[-1])}


def unclaimed(
    text: str,
    block: Span,
    found: Sequence[Attribution],
    before: Claimant | None,
    asked: Claimant | None,
    *,
    mentions: Sequence[Mention] = (),
) -> list[Attribution]:
    """Quotations of a block that are nobody's yet.

    They are signed, or the words of whom the sentence before them is about, of the last speaker, of that of the block
    `before`, or of whoever is `asked`.
    """
    persons = [m for m in mentions if m.type == EntityType.PERSON and m.kind == MentionKind.NAME]
    result: list[Attribution] = []
    for quotation in quotations(text, block):
        outer = [a for a in found if not (a.cue in quotation and a.cue.start < a.cue.end)]
        taken = any(part.overlaps(quotation) for a in outer for part in a.content)
        if taken or len(text[quotation.start : quotation.end].split()) < _WORDS or not _whole(text, quotation):
            continue
        spoken = [a for a in found if a.cue.end <= quotation.start and a.clausal and a.kind != "outlook"]
        opens = not text[block.start : quotation.start].strip(' "“')
        speaker = spoken[-1].claimant if spoken else (before if opens else None) or asked
        cue = max((a.cue.end for a in spoken), default=block.start)
        speaker = _signed(text, quotation, persons) or _introduced(text, Span(cue, quotation.start), persons) or speaker
        if speaker is not None:
            result.append(Attribution(speaker, (quotation,), Span(quotation.start, quotation.start), "source"))
    return result


def _signed(text: str, quotation: Span, persons: Sequence[Mention]) -> Claimant | None:
    """Who stands in brackets or behind a dash right after a quotation: "…" (Ann Lee, chief executive)."""
    mark = _NAMED_BEHIND.match(text, quotation.end)
    return next((p.entity for p in persons if mark is not None and p.span.start == mark.end()), None)


def _introduced(text: str, between: Span, persons: Sequence[Mention]) -> Claimant | None:
    """The only person whom the sentence right before a quotation names: "Ann Lee takes the other view. "…""."""
    told = text[between.start : between.end].rstrip(' "“')
    start = between.start + max(told.rfind(end, 0, len(told) - 1) + 1 for end in ".!?")
    named = {p.entity: p for p in persons if start <= p.span.start < between.start + len(told)}
    opening = text[start : min((p.span.start for p in named.values()), default=start)].strip()
    return next(iter(named)) if len(named) == 1 and len(opening.split()) <= _LED_IN else None


def last_quoted(text: str, block: Span, found: Sequence[Attribution]) -> Claimant | None:
    """Whose quotation closes a block, or opens and never closes in it."""
    marks = quotations(text, block)
    open_ = text.rfind("“", block.start, block.end) > text.rfind("”", block.start, block.end)
    if not marks and not open_:
        return None
    spoken = [a for a in found if a.clausal and any(part.overlaps(mark) for part in a.content for mark in marks)]
    return spoken[-1].claimant if spoken else None


def _whole(text: str, quotation: Span) -> bool:
    """Is a quotation a sentence of its own: capital letter, stop or comma at its end?"""
    inner = text[quotation.start : quotation.end].strip()
    return inner[:1].isupper() and inner[-1:] in ".,!?"
