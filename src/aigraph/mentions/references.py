"""Descriptions and pronouns of a sentence that may stand for a name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from aigraph.mentions.text import Stretch
from aigraph.mentions.words import compile_pattern, read_data
from aigraph.records import BODY, TECHNOLOGY, EntityType, Mention, MentionKind, Span

_THINGS = BODY | TECHNOLOGY
_PERSONS = frozenset({EntityType.PERSON})
_PRONOUN = re.compile(r"\b(?:(?P<person>he|she|him|his|her)|(?P<thing>it|its))\b(?!')", re.IGNORECASE)
_GENDERS = {"he": "he", "him": "he", "his": "he", "she": "she", "her": "she"}


@dataclass(frozen=True, slots=True)
class Reference:
    """A description or pronoun: where it stands in its block and which types it may stand for.

    `head` is the noun of a description, "he" or "she" of a pronoun for a person; the reference `opens` its sentence,
    `is_subject` of a verb, `reports` something ("it adds") or `owns` something ("the chipmaker's", "its"). A `bare`
    "it" is no subject.
    """

    start: int
    end: int
    types: frozenset[EntityType]
    kind: MentionKind
    head: str = ""
    opens: bool = False
    is_subject: bool = False
    reports: bool = False
    owns: bool = False
    bare: bool = False

    @property
    def is_thing(self) -> bool:
        """True unless a person is meant."""
        return EntityType.PERSON not in self.types


def references(block: Stretch, sentence: Span, names: Sequence[Mention]) -> list[Reference]:
    """All references of a sentence in order, without those inside quotations and names."""
    taken = [Span(m.span.start - block.offset, m.span.end - block.offset) for m in names]
    typed = {m.span.start - block.offset: m.type for m in names}
    found = [*_descriptions(block.text, sentence, taken, typed), *_pronouns(block.text, sentence, typed)]
    free = (r for r in found if not any(Span(r.start, r.end).overlaps(span) for span in taken))
    kept: list[Reference] = []
    for reference in sorted(free, key=lambda r: (r.start, -r.end)):
        if quoted(block.text, reference.start) or (kept and reference.start < kept[-1].end):
            continue
        kept.append(reference)
    return kept


def _descriptions(
    text: str, sentence: Span, taken: Sequence[Span], typed: dict[int, EntityType]
) -> Iterator[Reference]:
    starts = {span.start for span in taken}
    for kind, pattern in _patterns():
        ends = {span.end for span in taken if typed[span.start] is kind}
        for match in pattern.finditer(text, sentence.start, sentence.end):
            start, end = match.start(), match.end("head")
            modifiers = match["modifiers"].casefold().split()
            if any(word in _words("not_after") or word.endswith("est") for word in modifiers):
                continue
            # "X, the start-up" and "the start-up X" describe a name that stands there itself
            before = text[:start].rstrip()
            if before.endswith((",", "(", "\u2013", "\u2014", "-")) and len(before[:-1].rstrip()) in ends:
                continue
            if end + 1 in starts or (text[end : end + 2] == ", " and end + 2 in starts):
                continue
            if match.start("head") - 1 in ends:  # "the Blackwell architecture" is Blackwell itself
                continue
            named = any(start < span.end <= match.start("head") for span in taken)
            head = match["head"].casefold()
            yield Reference(
                match.start("head") if named else start,
                end,
                frozenset({kind}),
                MentionKind.NOMINAL,
                head,
                opens=_opens(text, sentence, start),
                is_subject=bool(_subject_verb().match(text, end)),
                reports=head in _words("reporting") or bool(_says().match(text, end)),
                owns=text[end : end + 2] == "'s",
            )


def _pronouns(text: str, sentence: Span, typed: dict[int, EntityType]) -> Iterator[Reference]:
    for match in _PRONOUN.finditer(text, sentence.start, sentence.end):
        word = match[0].casefold()
        start, end = match.span()
        types = _PERSONS if match["person"] else _THINGS
        subject = word in {"he", "she", "it"} and bool(_subject_verb().match(text, end))
        if word == "it":
            if subject and _empty().match(text, end):
                continue
            types = BODY if _firm_verb().match(text, end) else types
        elif word == "its":
            types = _owner(text, end, typed)
        yield Reference(
            start,
            end,
            types,
            MentionKind.PRONOUN,
            _GENDERS.get(word, ""),
            opens=_opens(text, sentence, start),
            is_subject=subject,
            reports=subject and bool(_says().match(text, end)),
            owns=word in {"its", "his", "her"},
            bare=word == "it" and not subject,
        )


def _owner(text: str, end: int, typed: dict[int, EntityType]) -> frozenset[EntityType]:
    """What "its" may stand for: a firm owns revenue and products, a chip has cores."""
    if re.compile(r" (?:author|inventor|creator)\b").match(text, end):
        return TECHNOLOGY
    if _firm_owns().match(text, end):
        return BODY
    if _part_of().match(text, end):
        return TECHNOLOGY
    following = re.compile(r" (?:[\w-]+ ){0,2}?(?=[A-Z\d])").match(text, end)
    return BODY if following and typed.get(following.end()) in TECHNOLOGY else _THINGS


def _opens(text: str, sentence: Span, start: int) -> bool:
    """Whether nothing but a sign or a short phrase of time stands before it in its sentence."""
    before = text[sentence.start : start].strip(' "\u201c\u2022-')
    return not before


def quoted(text: str, position: int) -> bool:
    """Whether a position stands inside a quotation."""
    before = text[:position]
    if "\u201c" in before:
        return before.count("\u201c") > before.count("\u201d")
    return before.count('"') % 2 == 1


@cache
def _words(key: str) -> frozenset[str]:
    return frozenset(word.casefold() for word in read_data("nominals.yaml")[key])


@cache
def _alternation(key: str) -> str:
    return "|".join(re.escape(word) for word in sorted(read_data("nominals.yaml")[key], key=lambda w: (-len(w), w)))


@cache
def _patterns() -> tuple[tuple[EntityType, re.Pattern[str]], ...]:
    """For each type the pattern of its descriptions, with their modifiers and head."""
    found = []
    for kind, heads in read_data("nominals.yaml")["heads"].items():
        listed = "|".join(re.escape(head) for head in sorted(heads, key=lambda head: (-len(head), head)))
        pattern = (
            r"\b(?:the|this) (?P<modifiers>(?:(?!(?:of|for|in|on|to|and|with|by|at|from|is|was) )[\w'.-]+ ){0,3}?)"
            rf"(?P<head>{listed})(?!\w|-\w| (?:{_alternation('not_before')})\b){{end}}"
        )
        found.append((EntityType(kind), compile_pattern(pattern)))
    return tuple(found)


@cache
def _subject_verb() -> re.Pattern[str]:
    return compile_pattern(rf" (?:{_alternation('subject_it')}|\w\w+(?:ed|(?<!s)s))\b")


@cache
def _empty() -> re.Pattern[str]:
    time = rf"(?:is|was|has been|will be) an? (?:[\w-]+ ){{0,2}}(?:{_alternation('empty_noun')})"
    cleft = r"(?:is|was) (?-i:[A-Z])[\w-]*(?: (?-i:[A-Z])[\w-]*){0,3} (?:that|who|which)"
    return compile_pattern(rf" (?:{_alternation('empty_it')}|{time}|{cleft})\b")


@cache
def _firm_verb() -> re.Pattern[str]:
    return compile_pattern(
        r" (?:{adverb} )?(?:(?:has|had|have|would|will|can|could|may|might) )?(?:{adverb} )?"
        r"(?:(?!builds?\b|built\b|runs?\b|makes?\b|held\b|holds?\b|promises?\b){company_verb}|{say_verb}|collect\w*|receive\w*)\b"
    )


@cache
def _says() -> re.Pattern[str]:
    return compile_pattern(r" (?:{adverb} )?(?:(?:has|had) )?(?:also )?{say_verb}\b")


@cache
def _firm_owns() -> re.Pattern[str]:
    return compile_pattern(rf" (?:[\w-]+ )?(?:{{company_possession}}|{{role}}|{_alternation('firm_owns')})\b")


@cache
def _part_of() -> re.Pattern[str]:
    return compile_pattern(rf" (?:[\w-]+ )?(?:{_alternation('part_of')})\b")
