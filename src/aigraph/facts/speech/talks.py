"""Articles of questions and answers: what asks, who answers, and whether the talk is given word for word."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from aigraph.facts.speech.quotations import quotations
from aigraph.records import BlockKind, Claimant, Document, EntityType, Mention, MentionKind, ReadBlock, Span

_FIRST_PERSON = re.compile(r"\b(?:I|[Mm]e|[Mm]y|[Mm]yself|[Ww]e|[Oo]ur|[Oo]urs|[Oo]urselves)\b|\bus\b(?!\$)")
_BYLINE = re.compile(r"\b(?:interview(?:er|ed)?|questions|text|words)\s*(?:by\b|:)\s*$|\bby\s+$", re.IGNORECASE)
_BYLINE_LENGTH = 24
_SIGNING = re.compile(
    r"\s*(?:(?:an?\s+)?(?:analysis|column|comment|essay|interview(?:er|ed)?|questions|report(?:ing|ed)?|review|story|text"
    r"|words|written)\s*(?:by\b\s*:?|:)|by\b:?)\s*",
    re.IGNORECASE,
)
_SIGNATURE = 12
"""Words up to which a line may be a signature."""
_JOINING = frozenset({"&", ",", "and"})
_ANSWERS = 4
"""Paragraphs behind a question up to which they are taken for its answer."""
_LEADING = 2
_TRANSCRIBED = 2
"""Answers in the first person from which an article is a talk word for word, and questions that make an interview."""
_QUESTION_LENGTH = 200
_QUESTION_SENTENCES = 3
_REMARK = 15
"""Words up to which a paragraph may be a remark of whoever asks."""


@dataclass(frozen=True, slots=True)
class Talk:
    """What an article has of a talk.

    `speaker` is the person interviewed, `questions` are the numbers of the blocks that ask something. `introduced`
    tells that the speaker is named before the first of them, `personal` that most answers are in the first person,
    `verbatim` that the article is the talk word for word: none of them tells of the speaker either.
    """

    document: Document
    speaker: Claimant | None = None
    questions: frozenset[int] = frozenset()
    introduced: bool = False
    personal: bool = False
    verbatim: bool = False

    def answers(self, number: int) -> bool:
        """Does a block follow a question, with nothing but paragraphs between them?"""
        for before in range(number - 1, max(-1, number - 1 - _ANSWERS), -1):
            if before in self.questions:
                return number not in self.questions
            if self.document.blocks[before].block.kind != BlockKind.PARAGRAPH:
                return False
        return False

    def remarks(self, number: int) -> bool:
        """Does whoever asks say a block without a question mark: one short sentence between two answers?

        Only where answers are one paragraph each, so that every second one is the asker's.
        """
        asking = sorted(self.questions)
        runs = [(first, second - first - 1) for first, second in pairwise(asking)]
        answered = [length for _, length in runs if length]
        alternating = answered.count(1) >= _TRANSCRIBED and all(length % 2 for length in answered)
        before = next((first for first, length in runs if first < number <= first + length), None)
        if not alternating or before is None or (number - before) % 2:
            return False
        block = self.document.blocks[number]
        words = self.document.article.text[block.block.span.start : block.block.span.end]
        return len(block.sentences) == 1 and len(words.split()) <= _REMARK and not _FIRST_PERSON.search(words)

    def asked(self, number: int) -> Claimant | None:
        """Who answers in a block: the person interviewed where it follows a question; None elsewhere.

        One question alone makes no interview, be it a heading or the reporter's own; nor do the questions of readers,
        in an article that names nobody before the first of them: of 12 such articles none was an interview.
        """
        block = self.document.blocks[number]
        if len(self.questions) < _TRANSCRIBED or block.block.kind != BlockKind.PARAGRAPH:
            return None
        if not (self.introduced or self.personal):
            return None
        return self.speaker if self.answers(number) or self._replies(block) else None

    def _replies(self, block: ReadBlock) -> bool:
        """Does a block open with a quotation in an article where quotations answer questions, even a mere remark?"""
        blocks, text = self.document.blocks, self.document.article.text
        behind = [blocks[number + 1] for number in self.questions if number + 1 < len(blocks)]
        return sum(_quotes(text, b) for b in behind) >= _TRANSCRIBED and _quotes(text, block)


def talk_of(document: Document, mentions: Sequence[Mention]) -> Talk:
    """What an article has of a talk; `mentions` are those of the whole article."""
    questions = frozenset(_questions(document))
    speaker = _interviewed(document, mentions, questions)
    talk = Talk(document, speaker, questions)
    if speaker is None or not questions:
        return talk
    first = document.blocks[min(questions)].block.span.start
    introduced = any(mention.entity == speaker and mention.span.start < first for mention in mentions)
    return Talk(document, speaker, questions, introduced, *_transcribed(talk, mentions))


def signs(text: str, line: int, name: int) -> bool:
    """Is a line that begins at `line` no more than a signature up to a name at `name`: "By Ann Lee, Taipei"?"""
    end = text.find("\n", name)
    words = text[line : end if end >= 0 else len(text)].split()
    brief = len(words) <= _SIGNATURE and not words[-1].endswith((".", "!", "?"))
    return brief and _SIGNING.fullmatch(text, line, name) is not None


def interviewee(mentions: Sequence[Mention]) -> Claimant | None:
    """The person whom an article names at least twice as often as any other."""
    counts = Counter(m.entity for m in mentions if m.type == EntityType.PERSON and m.kind == MentionKind.NAME)
    ranked = counts.most_common(2)
    alone = bool(ranked) and (len(ranked) == 1 or ranked[0][1] >= _LEADING * ranked[1][1])
    return ranked[0][0] if alone else None


def is_own(text: str, span: Span) -> bool:
    """Does a stretch have the first person outside of quotation marks?"""
    parts: list[str] = []
    start = span.start
    for quotation in quotations(text, span):
        parts.append(text[start : quotation.start])
        start = quotation.end
    return _FIRST_PERSON.search(" ".join([*parts, text[start : span.end]])) is not None


def _questions(document: Document) -> Iterator[int]:
    """The blocks that ask: those that are nothing else, and in an interview those that tell something first.

    "Your rival has left. What happened?" has the look of a heading, or of a paragraph.
    """
    text, blocks = document.article.text, document.blocks
    interview = sum(b.block.kind == BlockKind.QUESTION for b in blocks) >= _TRANSCRIBED
    for number, block in enumerate(blocks):
        kind, span = block.block.kind, block.block.span
        if kind == BlockKind.QUESTION:
            yield number
        elif interview and kind in (BlockKind.HEADING, BlockKind.PARAGRAPH) and number + 1 < len(blocks):
            brief = span.end - span.start <= _QUESTION_LENGTH and len(block.sentences) <= _QUESTION_SENTENCES
            if brief and text[span.end - 1] == "?" and not _quotes(text, block):
                yield number


def _interviewed(document: Document, mentions: Sequence[Mention], questions: frozenset[int]) -> Claimant | None:
    """Who answers: the first person whom an article names before its first question, else whom it names most.

    Of two who are introduced together ("Ann Lee and Bo Orr run Acme") neither is the first. Who signs as the reporter
    ("Interview: Ann Lee") does not count.
    """
    text = document.article.text
    persons = [m for m in mentions if m.type == EntityType.PERSON and m.kind == MentionKind.NAME]
    if len(questions) < _TRANSCRIBED:
        return interviewee(persons)
    persons = [m for m in persons if not _BYLINE.search(text[max(0, m.span.start - _BYLINE_LENGTH) : m.span.start])]
    first = document.blocks[min(questions)].block.span.start
    introduced = sorted((m for m in persons if m.span.start < first), key=lambda m: m.span)
    other = next((m for m in introduced if m.entity != introduced[0].entity), None)
    joined = other is not None and text[introduced[0].span.end : other.span.start].strip() in _JOINING
    return introduced[0].entity if introduced and not joined else interviewee(persons)


def _transcribed(talk: Talk, mentions: Sequence[Mention]) -> tuple[bool, bool]:
    """Are most answers in the first person, and do none of them tell of the speaker?

    A reporter who retells an interview names the speaker in the answers ("She laughs") and has the first person in
    quotation marks alone; who answers readers' questions may say "us" once.
    """
    text, blocks = talk.document.article.text, talk.document.blocks
    answering = [n for n, b in enumerate(blocks) if b.block.kind == BlockKind.PARAGRAPH and talk.answers(n)]
    answers = [blocks[n].block.span for n in answering]
    own = [span for span in answers if is_own(text, span)]
    told = [span for span in answers if any(m.entity == talk.speaker and m.span in span for m in mentions)]
    personal = len(own) >= _TRANSCRIBED and len(own) * 2 >= len(answers)
    return personal, personal and len(told) * 4 <= len(answers)


def _quotes(text: str, block: ReadBlock) -> bool:
    """Does a block open with a quotation?"""
    return text[block.block.span.start] in '"“'
