"""How far what somebody says can reach, and what looks like saying and is none."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from aigraph.facts.speech.spoken import Attribution
from aigraph.facts.words.trees import Tree, children, is_predicate, is_relative
from aigraph.records import TECHNOLOGY, Span

if TYPE_CHECKING:
    from aigraph.facts.words.tokens import Token

_AFRESH = re.compile(r"(?:;|\b(?:and|but|or|which|who),)\s*(?:according\s+to\s+(?:the\s+\w+\s+)?)?$")
_NAMING = frozenset({"brand", "call", "dub", "label", "term"})
_NOBODY = frozenset({"nobody", "none", "neither"})
_SOURCES = frozenset({"link", "source"})


def bounded(text: str, block: Span, attribution: Attribution) -> Attribution:
    """An attribution with what it can reach: a speaker in brackets only what the brackets hold.

    Who speaks between semicolons says what stands between them, and a source that opens a part of its sentence
    ("and, per X, …") only what follows.
    """
    brackets = _brackets(text, block, attribution.cue)
    if brackets is not None:
        return _clipped(attribution, brackets) or attribution
    clipped = _clipped(attribution, _part(text, block, attribution.cue)) or attribution
    if attribution.kind in _SOURCES and _AFRESH.search(text[block.start : attribution.cue.start]):
        return _clipped(clipped, Span(attribution.cue.start, block.end)) or clipped
    return clipped


def _part(text: str, block: Span, cue: Span) -> Span:
    """The part of a sentence between semicolons that a speaker is put into: "A; B, she says, is C; D".

    What is announced by a colon or stands in quotation marks may hold semicolons of its own.
    """
    open_ = text.count('"', block.start, cue.start) % 2 or text[cue.end : cue.end + 1] == ":"
    if cue.start == cue.end or open_:
        return block
    start, end = text.rfind(";", block.start, cue.start) + 1, text.find(";", cue.end, block.end)
    return Span(start or block.start, end if end >= 0 else block.end)


def _brackets(text: str, block: Span, cue: Span) -> Span | None:
    """The stretch in round brackets around a place."""
    opened = text.rfind("(", block.start, cue.start)
    if opened < 0 or text.find(")", opened, cue.start) >= 0:
        return None
    closed = text.find(")", cue.end, block.end)
    return Span(opened + 1, closed) if closed >= 0 else None


def _clipped(attribution: Attribution, bounds: Span) -> Attribution | None:
    """An attribution without what lies outside of some bounds; None where nothing is left."""
    inside = [
        Span(max(part.start, bounds.start), min(part.end, bounds.end))
        for part in attribution.content
        if part.overlaps(bounds)
    ]
    return replace(attribution, content=tuple(inside)) if inside else None


def gives_name(tree: Tree, verb: Token) -> bool:
    """Does somebody only give a name: "calls the fabric Weft", "a design that it calls Weft", "as it calls it"?"""
    if verb.lemma_ in _NAMING and verb.dep_ == "advcl" and any(t.lower_ == "as" for t in children(verb, "mark")):
        return True
    behind = [t for t in children(verb, "xcomp", "obj", "obl:unmarked", "dep", "iobj", "flat") if t.i > verb.i]
    last = behind[-1] if behind else None
    last = next((t for t in children(last, "appos", "flat", "nmod:unmarked")), last) if last is not None else None
    mention = tree.mention(last) if last is not None and last.pos_ == "PROPN" else None
    relative = verb.dep_ == "acl:relcl" or (mention is not None and mention.type in TECHNOLOGY)
    return verb.lemma_ in _NAMING and mention is not None and (len(behind) > 1 or last is not behind[-1] or relative)


def deed(tree: Tree, attribution: Attribution, *, headline: bool) -> bool:
    """Does somebody do something, though the verb is one of saying: "showed the chip in Kobe", "adds 20,700 chips"?

    In a headline what is said needs a verb of its own.
    """
    if headline:
        said = [t for part in attribution.content for t in tree.within(part)]
        return not any(is_predicate(token) for token in said)
    verb = tree.head_of(attribution.cue)
    if verb is None or verb.pos_ != "VERB":
        return False
    if attribution.kind != "asserted":
        return gives_name(tree, verb)
    if children(verb, "ccomp", "parataxis") or any(t.text in '"“”:' for t in verb.subtree):
        return False
    things = [t for t in children(verb, "obj") if t.lower_ != "it"]
    return any(is_relative(t) or t.pos_ in ("NOUN", "PROPN", "NUM", "SYM") for t in things)


def nobody(head: Token) -> bool:
    """Is a subject nobody: "no one", "none of them", "nobody at the company"?"""
    return head.lower_ in _NOBODY or any(t.lower_ == "no" for t in children(head, "det"))


def unspoken(tree: Tree, attribution: Attribution) -> bool:
    """Has a verb of saying nobody for its subject, or no subject in an aside: "nobody calls it so", "when told"?"""
    verb = tree.head_of(attribution.cue)
    if verb is None or verb.pos_ != "VERB":
        return False
    subjects = children(verb, "nsubj", "nsubj:pass")
    aside = verb.dep_ == "advcl" and verb.tag_ == "VBN" and not subjects and not children(verb, "obl:agent", "obl")
    return aside or (bool(subjects) and nobody(subjects[0]))
