"""Whose turn it is: labelled lines of interviews, answers in the first person, quotations that go on without a verb."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from aigraph.facts.speech.quotations import quotations
from aigraph.facts.speech.spoken import Attribution
from aigraph.records import BlockKind, Claimant, Document, EntityType, Mention, MentionKind, ReadBlock, Span

_LABEL = re.compile(r"\s*(?:\([^)]*\))?\s*:\s+")
_INTRODUCED = re.compile(r",\s[^.!?:;\"“]{3,160}:\s+(?=[\"“])")
"""What is told of a person between the name and a colon: ", who runs Acme: …"."""
_NAMED_BEHIND = re.compile(r"[\"”]\s*[(–—-]\s*")
_FIRST_PERSON = re.compile(r"\b(?:I|[Mm]e|[Mm]y|[Mm]yself|[Ww]e|[Oo]ur|[Oo]urs|[Oo]urselves)\b|\bus\b(?!\$)")
_LETTERS = re.compile(r"\s*(?P<who>[A-Z][\w’'-]*(?:\s[A-Z][\w’'-]*)?)\s*:\s+")
_ANSWER = frozenset({"a", "answer"})
_ANSWERS = 4
"""Paragraphs behind a question up to which they are taken for its answer."""
_WORDS = 5
"""Words from which a quotation is a statement, not a quoted word."""
_LEADING = 2
_LED_IN = 5
"""Words before a name up to which a sentence is about whom it names: "The analyst Ann Lee", "For Ann Lee"."""
_TRANSCRIBED = 2
"""Answers in the first person from which an article is a talk word for word."""


def find_turns(document: Document, block: ReadBlock, mentions: Sequence[Mention]) -> list[Attribution]:
    """A whole block that is somebody's by its label, or by answering a question in the first person."""
    if block.block.kind not in (BlockKind.PARAGRAPH, BlockKind.BULLET):
        return []
    return _labelled(document, block, mentions) or _answered(document, block, mentions)


def _labelled(document: Document, block: ReadBlock, mentions: Sequence[Mention]) -> list[Attribution]:
    """A block that a label gives to somebody: a name before a colon, or letters that stand for who is interviewed."""
    text, span = document.article.text, block.block.span
    first = next((m for m in mentions if m.span.start == span.start), None)
    label = _LABEL.match(text, first.span.end, span.end) if first is not None else None
    quoted = label is not None and text[label.end() : label.end() + 1] in ('"', "“")
    person = first is not None and first.type == EntityType.PERSON and block.block.kind == BlockKind.PARAGRAPH
    if first is not None and label is None and first.type == EntityType.PERSON:
        label = _INTRODUCED.match(text, first.span.end, span.end)
    if first is not None and label is not None and (quoted or person):
        return [Attribution(first.entity, (Span(label.end(), span.end),), first.span, "source")]
    speaker, mark = interviewee(mentions), _LETTERS.match(text, span.start, span.end)
    if speaker is None or mark is None or not _is_label(mark["who"], speaker, mentions):
        return []
    return [Attribution(speaker, (Span(mark.end(), span.end),), Span(mark.start("who"), mark.end("who")), "source")]


def _answered(document: Document, block: ReadBlock, mentions: Sequence[Mention]) -> list[Attribution]:
    """A block that answers a question in the first person, or in an article that is a talk word for word."""
    text, span, speaker = document.article.text, block.block.span, interviewee(mentions)
    if speaker is None or block.block.kind != BlockKind.PARAGRAPH or not _answers(document, block):
        return []
    persons = [m for m in mentions if m.type == EntityType.PERSON and m.span in span]
    first_person = _FIRST_PERSON.search(_unquoted(text, span)) is not None and not persons
    told = any(m.entity == speaker for m in persons)
    if first_person or (not told and transcribed(document, mentions)):
        return [Attribution(speaker, (span,), Span(span.start, span.start), "source")]
    return []


def transcribed(document: Document, mentions: Sequence[Mention]) -> bool:
    """Is an article a talk word for word: questions, and most answers in the first person, none telling of the speaker?

    A reporter who retells an interview names the speaker in the answers ("She laughs") and has the first person in
    quotation marks alone.
    """
    text, speaker = document.article.text, interviewee(mentions)
    answers = [b.block.span for b in document.blocks if b.block.kind == BlockKind.PARAGRAPH and _answers(document, b)]
    own = [span for span in answers if _FIRST_PERSON.search(_unquoted(text, span))]
    told = [span for span in answers if any(m.entity == speaker and m.span in span for m in mentions)]
    return len(own) >= _TRANSCRIBED and len(own) * 2 >= len(answers) and len(told) * 4 <= len(answers)


def _is_label(words: str, speaker: Claimant, mentions: Sequence[Mention]) -> bool:
    """Do words before a colon stand for the person interviewed: "A", the initials, a part of the name?"""
    if words.casefold() in _ANSWER:
        return True
    named = [m for m in mentions if m.entity == speaker and m.kind == MentionKind.NAME]
    names = {m.form for m in named}
    initials = {"".join(part[0] for part in name.split()).casefold() for name in names if " " in name}
    return words.casefold() in initials | {part.casefold() for name in names for part in (name, name.split()[-1])}


def interviewee(mentions: Sequence[Mention]) -> Claimant | None:
    """The person whom an article names at least twice as often as any other."""
    counts = Counter(m.entity for m in mentions if m.type == EntityType.PERSON and m.kind == MentionKind.NAME)
    ranked = counts.most_common(2)
    alone = bool(ranked) and (len(ranked) == 1 or ranked[0][1] >= _LEADING * ranked[1][1])
    return ranked[0][0] if alone else None


def asked(document: Document, block: ReadBlock, mentions: Sequence[Mention]) -> Claimant | None:
    """Who answers in a block: the person interviewed where it follows a question; None elsewhere.

    One question alone makes no interview, be it a heading or the reporter's own.
    """
    if sum(b.block.kind == BlockKind.QUESTION for b in document.blocks) < _TRANSCRIBED:
        return None
    answers = block.block.kind == BlockKind.PARAGRAPH and (_answers(document, block) or _replies(document, block))
    return interviewee(mentions) if answers else None


def _replies(document: Document, block: ReadBlock) -> bool:
    """Does a block open with a quotation in an article where quotations answer questions, be it after a mere remark?"""
    blocks = document.blocks
    answered = [
        later
        for question, later in pairwise(blocks)
        if question.block.kind == BlockKind.QUESTION and _opens(document, later)
    ]
    return len(answered) >= _TRANSCRIBED and _opens(document, block)


def _opens(document: Document, block: ReadBlock) -> bool:
    return document.article.text[block.block.span.start : block.block.span.start + 1] in ('"', "“")


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


def _answers(document: Document, block: ReadBlock) -> bool:
    number = document.blocks.index(block)
    for before in reversed(document.blocks[max(0, number - _ANSWERS) : number]):
        if before.block.kind == BlockKind.QUESTION:
            return True
        if before.block.kind != BlockKind.PARAGRAPH:
            return False
    return False


def _unquoted(text: str, span: Span) -> str:
    parts: list[str] = []
    start = span.start
    for quotation in quotations(text, span):
        parts.append(text[start : quotation.start])
        start = quotation.end
    return " ".join([*parts, text[start : span.end]])
