"""Who fills the roles of a deal that a pattern tells of, and which technology it concerns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pyoxigraph import NamedNode

from aigraph.facts.deals.passages import Passage
from aigraph.facts.frames import Roles
from aigraph.facts.patterns.language import Match
from aigraph.facts.patterns.passages import context_company, context_maker, context_technology, main_pair
from aigraph.facts.patterns.rulebook import (
    CONTEXT_COMPANY,
    CONTEXT_MAKER,
    CONTEXT_PAIR,
    PartnershipRule,
)
from aigraph.records import (
    BODY,
    TECHNOLOGY,
    Mention,
    MentionKind,
    PartnershipKind,
)


def pattern_fillings(passage: Passage, rule: PartnershipRule, match: Match) -> Iterator[Roles]:
    """The roles with those who fill them; one filling, or one for each filler of the argument to keep apart."""
    apart = match.bindings.get(rule.separate, ()) if rule.separate else ()
    for only in apart or (None,):
        roles: list[tuple[NamedNode, tuple[NamedNode, ...]]] = []
        for role, names in rule.roles:
            fillers = {
                iri
                for name in names
                for iri in _fillers(passage, rule, match, name, only if name == rule.separate else None)
            }
            roles.append((role, tuple(sorted(fillers, key=lambda iri: iri.value))))
        everyone = [iri for _, fillers in roles for iri in fillers]
        if all(fillers for _, fillers in roles) and 2 <= len(everyone) == len(set(everyone)):
            yield tuple(roles)


def _fillers(passage: Passage, rule: PartnershipRule, match: Match, name: str, only: int | None) -> Iterator[NamedNode]:
    if name == CONTEXT_COMPANY:
        yield from _context(passage, rule, match)
        return
    if name == CONTEXT_MAKER:
        maker = context_maker(passage.block, passage.mentions, before=passage.line.slots[match.first].span.start)
        if maker:
            yield maker.entity
        return
    if name == CONTEXT_PAIR:
        yield from (mention.entity for mention in main_pair(passage.document, passage.mentions))
        return
    for index in (only,) if only is not None else match.bindings.get(name, ()):
        yield from passage.line.slots[index].values


def _context(passage: Passage, rule: PartnershipRule, match: Match) -> Iterator[NamedNode]:
    """The organization that a passage is about; for a supply told behind ";", the one that the sentence began with."""
    before = passage.line.slots[match.first].span.start
    head = passage.line.slots[: match.first]
    fillers = {passage.line.slots[i].value for indices in match.bindings.values() for i in indices}
    named = [s.mention for s in head if s.mention and s.mention.type in BODY and s.mention.kind == MentionKind.NAME]
    parted = rule.kind == PartnershipKind.SUPPLY and any(slot.word == ";" for slot in head)
    subject = next((m.entity for m in named if m.entity not in fillers), None) if parted else None
    company = context_company(passage.document, passage.block, passage.mentions, before=before)
    if subject:
        yield subject
    elif company:
        yield company.entity


def verbal_part(match: Match) -> Sequence[int]:
    """The slots of a match up to its verb; all of it where it has none."""
    verb = match.bindings.get("verb")
    return range(match.first, max(verb) + 1 if verb else match.last)


def concerned(passage: Passage, rule: PartnershipRule, match: Match) -> NamedNode | None:
    """The technology of a deal: the one that the pattern names, else the first one inside the match.

    A rule that takes up "that technology" means the one named last before.
    """
    slots = passage.line.slots
    for index in (*match.bindings.get("t", ()), *range(match.first, match.last)):
        mention: Mention | None = slots[index].mention
        if mention and mention.type in TECHNOLOGY:
            return mention.entity
    if any(CONTEXT_MAKER in names for _, names in rule.roles):
        before = context_technology(passage.mentions, before=slots[match.first].span.start)
        return before.entity if before else None
    return None
