"""Whose turn it is: labelled lines of interviews, answers in the first person, quotations that go on without a verb."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from aigraph.facts.speech.quotations import quotations
from aigraph.facts.speech.spoken import Attribution
from aigraph.records import BlockKind, Claimant, Document, EntityType, Mention, MentionKind, ReadBlock, Span

_LABEL = re.compile(r"\s*(?:\([^)]*\))?\s*:\s+")
_FIRST_PERSON = re.compile(r"\b(?:I|I['’]m|[Mm]y|We|we['’]re|we['’]ve)\b")
_ANSWERS = 4
"""Paragraphs behind a question up to which they are taken for its answer."""
_WORDS = 5
"""Words from which a quotation is a statement, not a quoted word."""
_LEADING = 2


def find_turns(document: Document, block: ReadBlock, mentions: Sequence[Mention]) -> list[Attribution]:
    """A whole block that is somebody's by its label, or by answering a question in the first person."""
    if block.block.kind not in (BlockKind.PARAGRAPH, BlockKind.BULLET):
        return []
    text, span = document.article.text, block.block.span
    first = next((m for m in mentions if m.span.start == span.start), None)
    label = _LABEL.match(text, first.span.end, span.end) if first is not None else None
    quoted = label is not None and text[label.end() : label.end() + 1] in ('"', "“")
    person = first is not None and first.type == EntityType.PERSON and block.block.kind == BlockKind.PARAGRAPH
    if first is not None and label is not None and (quoted or person):
        return [Attribution(first.entity, (Span(label.end(), span.end),), first.span, "source")]
    if block.block.kind != BlockKind.PARAGRAPH or any(m.type == EntityType.PERSON and m.span in span for m in mentions):
        return []
    if not _answers(document, block) or not _FIRST_PERSON.search(_unquoted(text, span)):
        return []
    speaker = interviewee(mentions)
    cue = Span(span.start, span.start)
    return [Attribution(speaker, (span,), cue, "source")] if speaker is not None else []


def interviewee(mentions: Sequence[Mention]) -> Claimant | None:
    """The person whom an article names at least twice as often as any other."""
    counts = Counter(m.entity for m in mentions if m.type == EntityType.PERSON and m.kind == MentionKind.NAME)
    ranked = counts.most_common(2)
    alone = bool(ranked) and (len(ranked) == 1 or ranked[0][1] >= _LEADING * ranked[1][1])
    return ranked[0][0] if alone else None


def unclaimed(text: str, block: Span, found: Sequence[Attribution], before: Claimant | None) -> list[Attribution]:
    """Quotations of a block that are nobody's yet: they are the last speaker's, or that of the block before."""
    result: list[Attribution] = []
    for quotation in quotations(text, block):
        taken = any(part.overlaps(quotation) for a in found for part in a.content)
        if taken or len(text[quotation.start : quotation.end].split()) < _WORDS or not _whole(text, quotation):
            continue
        spoken = [a for a in found if a.cue.end <= quotation.start and a.clausal and a.kind != "outlook"]
        opens = not text[block.start : quotation.start].strip(' "“')
        speaker = spoken[-1].claimant if spoken else before if opens else None
        if speaker is not None:
            result.append(Attribution(speaker, (quotation,), Span(quotation.start, quotation.start), "source"))
    return result


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
