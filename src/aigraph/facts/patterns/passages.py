"""What a passage is about, where a sentence does not name it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from pyoxigraph import NamedNode

from aigraph.records import BODY, HARDWARE, BlockKind, Document, Mention, MentionKind, Mentions, ReadBlock

STAND_IN = "mention/stand-in"
"""What found a mention that is none of the article's: a word that rules read as one."""
_HEADS = frozenset({BlockKind.HEADING, BlockKind.QUESTION})
_CLEAR, _PREFERRED = 2.0, 1.4
"""How much oftener than any other an article must name the organization that it is about."""


def context_company(
    document: Document, block: ReadBlock, mentions: Mentions, *, before: int, prefer_own: bool = False
) -> Mention | None:
    """The organization that a passage is about, as seen from a place in it; None where none is named at all.

    That is the one whose name alone opens the block ("Acme. It grows …"), else the one that the heading above names
    first, unless that heading names the article's own (the one it names at least twice as often as any other), else the
    article's own where the block speaks of it before that place, else the first one that the block names, else the one
    that the article names most often. With `prefer_own` the article's own comes before all that the block names.
    """
    bodies = [m for m in mentions.mentions if m.type in BODY]
    if not bodies:
        return None
    head = _run_in_head(block, bodies)
    if head:
        return head
    own = own_company(mentions, lead=_PREFERRED if prefer_own else _CLEAR)
    headed = _heading_company(document, block, bodies, own)
    if headed:
        return headed
    here = [m for m in bodies if block.block.span.start <= m.span.start < before]
    spoken_of = not here or any(m.entity == own for m in here)
    if own and prefer_own and spoken_of:
        return next(m for m in bodies if m.entity == own)
    (entity, _), *_ = Counter(m.entity for m in bodies).most_common(1)
    most = next(m for m in bodies if m.entity == entity)
    return next((m for m in here if m.entity == own), here[0] if here else most)


def topic(document: Document, block: ReadBlock, mentions: Mentions) -> NamedNode | None:
    """The organization that a block is clearly about; None where that is open.

    That is the one whose name alone opens it, the one of its heading, the article's own, else the only one that its
    first sentence names.
    """
    bodies = [m for m in mentions.mentions if m.type in BODY and m.found_by != STAND_IN]
    own = own_company(mentions, lead=_PREFERRED)
    found = _run_in_head(block, bodies) or _heading_company(document, block, bodies, own)
    if found:
        return found.entity
    first = {m.entity for m in bodies if m.span in block.sentences[0].span} if block.sentences else set()
    return own or (next(iter(first)) if len(first) == 1 else None)


def _heading_company(
    document: Document, block: ReadBlock, bodies: Sequence[Mention], own: NamedNode | None
) -> Mention | None:
    """The organization that the heading over a block names: the article's own where it does, else the first one."""
    number = document.blocks.index(block)
    heads = (b for b in reversed(document.blocks[:number]) if b.block.kind in _HEADS)
    heading = next(heads, None)
    if heading is None or block.block.kind in _HEADS:
        return None
    named = [m for m in bodies if m.span in heading.block.span and m.kind == MentionKind.NAME]
    return next((m for m in named if m.entity == own), named[0] if named else None)


def context_technology(mentions: Mentions, *, before: int) -> Mention | None:
    """The technology that "the cards" or "it" points back to: the chip, system or design named last before a place."""
    return next((m for m in reversed(mentions.mentions) if m.type in HARDWARE and m.span.end <= before), None)


def context_maker(block: ReadBlock, mentions: Mentions, *, before: int) -> Mention | None:
    """The organization that a passage names last before a place; None where it names none there."""
    span = block.block.span
    found = (m for m in reversed(mentions.mentions) if m.type in BODY and span.start <= m.span.start)
    return next((m for m in found if m.kind == MentionKind.NAME and m.span.end <= before), None)


def own_company(mentions: Mentions, *, lead: float = _CLEAR) -> NamedNode | None:
    """The organization that an article is about: named at least `lead` times as often as any other."""
    named = (m for m in mentions.mentions if m.type in BODY and m.found_by != STAND_IN)
    ranked = Counter(m.entity for m in named).most_common(2)
    if not ranked or (len(ranked) == 2 and ranked[0][1] < lead * ranked[1][1]):
        return None
    return ranked[0][0]


def passage_company(block: ReadBlock, mentions: Mentions) -> NamedNode | None:
    """The organization whose things a block presents: that of its run-in head, its only one, or the article's own."""
    span = block.block.span
    head = _run_in_head(block, [m for m in mentions.mentions if m.type in BODY])
    if head:
        return head.entity
    here = {m.entity for m in mentions.mentions if m.type in BODY and m.span in span}
    own = own_company(mentions)
    if own in here:
        return own
    return next(iter(here)) if len(here) == 1 else None


def _run_in_head(block: ReadBlock, bodies: Sequence[Mention]) -> Mention | None:
    """The organization whose name alone makes up the first sentence of a block of several; None for any other block."""
    if len(block.sentences) < 2:
        return None
    first = block.sentences[0].span
    inside = [m for m in bodies if m.span in first]
    alone = len(inside) == 1 and inside[0].span.start == first.start and first.end - inside[0].span.end <= 1
    return inside[0] if alone else None


def main_pair(document: Document, mentions: Mentions) -> tuple[Mention, ...]:
    """The two organizations that "the two companies" stands for.

    Those of the title where it names two, else those that the article names most often; empty where there are not two,
    or a third one is named as often as the second.
    """
    bodies = [m for m in mentions.mentions if m.type in BODY]
    for block in document.blocks:
        if block.block.kind == BlockKind.TITLE:
            named = {m.entity: m for m in reversed(bodies) if m.span in block.block.span}
            if len(named) == 2:
                return tuple(sorted(named.values()))
    ranked = Counter(m.entity for m in bodies).most_common(3)
    if len(ranked) < 2 or (len(ranked) == 3 and ranked[2][1] == ranked[1][1]):
        return ()
    return tuple(next(m for m in bodies if m.entity == entity) for entity, _ in ranked[:2])
