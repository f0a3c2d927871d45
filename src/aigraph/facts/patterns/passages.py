"""What a passage is about, where a sentence does not name it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from pyoxigraph import NamedNode

from aigraph.records import BODY, HARDWARE, BlockKind, Document, Mention, MentionKind, Mentions, ReadBlock

_CLEAR, _PREFERRED = 2.0, 1.4
"""How much oftener than any other an article must name the organization that it is about."""


def context_company(block: ReadBlock, mentions: Mentions, *, before: int, prefer_own: bool = False) -> Mention | None:
    """The organization that a passage is about, as seen from a place in it; None where none is named at all.

    That is the one whose name alone opens the block ("Acme. It grows …"), else the article's own (the one it names at
    least twice as often as any other) where the block speaks of it before that place, else the first one that the block
    names, else the one that the article names most often. With `prefer_own` the article's own comes before all that the
    block names.
    """
    bodies = [m for m in mentions.mentions if m.type in BODY]
    if not bodies:
        return None
    head = _run_in_head(block, bodies)
    if head:
        return head
    own = own_company(mentions, lead=_PREFERRED if prefer_own else _CLEAR)
    if own and prefer_own:
        return next(m for m in bodies if m.entity == own)
    here = [m for m in bodies if block.block.span.start <= m.span.start < before]
    (entity, _), *_ = Counter(m.entity for m in bodies).most_common(1)
    most = next(m for m in bodies if m.entity == entity)
    return next((m for m in here if m.entity == own), here[0] if here else most)


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
    ranked = Counter(m.entity for m in mentions.mentions if m.type in BODY).most_common(2)
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
