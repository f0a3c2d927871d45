"""Which names are the subjects of a sentence and its clauses, read off the words alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from aigraph.mentions.references import Reference
from aigraph.mentions.text import Stretch
from aigraph.mentions.words import compile_pattern, read_data
from aigraph.records import BODY, EntityType, Mention, Span

_PREPOSITION = re.compile(
    r"\b(?:of|by|from|with|for|to|in|at|on|than|against|like|under|into|over|behind|around|near|via|about|unlike)"
    r" (?:the |its |an? )?(?:[a-z-]+ )?\Z",
    re.IGNORECASE,
)
_LIST = re.compile(r"(?:'s)?(?: \([^)]*\))?(?:, | (?:and|or) |, (?:and|or) )")
_JOINING = re.compile(r"\b(?:and|or) ")
_CLAUSE = re.compile(
    r"\bthat (?=\S)|[;:.] |, (?:and|but|so|as) (?=\S)|\b(?:because|while|whereas|although|since|when|if|whether) "
)
_SUBORDINATE = re.compile(r"\bthat (?=[A-Z])|\b(?:because|while|whereas|although|since) |; ")
_EVENT = re.compile(r"(?:As|When|While|If|Because|Whereas|Although|Though|Since) [^,]+, \Z")
"""A clause before "it" without a name that "it" may stand for: what happens is meant."""
_COORDINATED = re.compile(r"(?:[,;:] |, (?:and|but|while|whereas|yet|so) | (?:and|but|while|whereas) )\Z")
_OWNER = re.compile(r"'s (?:[a-z-]+ ){0,2}")
UNLIKELY = 2
"""What a subject costs that is one only for want of others."""


def bound_elsewhere(block: Stretch, sentence: Span, reference: Reference, here: Sequence[Mention]) -> bool:
    """Whether something else in the sentence is meant: "Brussels, for its part", "no lender has lost its nerve"."""
    before = block.text[sentence.start : reference.start]
    if re.match(r"(?:No|Every|Each|An?|Neither|None|This|That|These|There|Such) ", before):
        return True
    if reference.is_subject and not reference.types <= BODY and _EVENT.match(before):
        return True
    places = [m for m in here if m.type is EntityType.PLACE and m.span.end - block.offset <= reference.start]
    return any(
        not _PREPOSITION.search(block.text[sentence.start : max(m.span.start - block.offset, sentence.start)])
        for m in places
    )


def owned_by_another(block: Stretch, sentence: Span, reference: Reference) -> bool:
    """Whether "its" belongs to what opens its clause and has no name: "the government wants its share"."""
    if not reference.owns or not reference.is_thing:
        return False
    opened = max(clause_start(block.text, reference.start), sentence.start)
    return bool(_self_owning().match(block.text, opened, reference.start))


def clause_start(text: str, position: int) -> int:
    """Where the clause opens that holds a position."""
    return max((m.end() for m in _CLAUSE.finditer(text, 0, position)), default=0)


def heads_clause(text: str, start: int, end: int) -> bool:
    """Whether a name is the subject of a clause beside others: "Intel grows, Arm has cut its prices"."""
    return bool(_COORDINATED.search(text[:start])) and bool(_predicate().match(text, end))


def own_clause_start(text: str, position: int) -> int:
    """Where the last clause opens that has a subject of its own."""
    return max((m.end() for m in _SUBORDINATE.finditer(text, 0, position)), default=0)


def one_of_several(block: Stretch, mention: Mention, others: Sequence[Mention]) -> bool:
    """Whether a name is listed with others, so that no singular takes up it alone: "Micron and Samsung grew"."""
    chain: list[Mention] = []
    joined = False
    for each in others:
        between = block.text[chain[-1].span.end - block.offset : each.span.start - block.offset] if chain else ""
        if chain and _LIST.fullmatch(between) and each.entity != chain[-1].entity:
            joined = joined or bool(_JOINING.search(between))
        elif joined and mention in chain:
            return True
        else:
            chain, joined = [], False
        chain.append(each)
    return joined and mention in chain


def likely_subject(block: Stretch, mentions: Sequence[Mention], *, reporting: bool) -> tuple[int, Mention]:
    """The likely subject among the mentions of one sentence, and how unlikely it is (0 to 3).

    The first that follows no preposition; who merely reports what others do comes last, unless the reference itself
    reports ("it adds").
    """
    best: tuple[int, int, Mention] | None = None
    dependent, previous_end = False, -1
    for order, mention in enumerate(mentions):
        start, end = mention.span.start - block.offset, mention.span.end - block.offset
        if not 0 <= start < len(block.text):
            return 0, mentions[0]
        between = block.text[max(previous_end, 0) : start]
        if previous_end < 0 or not _LIST.fullmatch(between):
            dependent = bool(_PREPOSITION.search(block.text[max(0, start - 40) : start]))
        previous_end = end
        reports = bool(_reports().match(block.text, end)) or bool(
            re.search(r"according to (?:the )?\Z", block.text[max(0, start - 20) : start], re.IGNORECASE)
        )
        owner = bool(_OWNER.fullmatch(block.text[end : _start(mentions, order + 1, block)]))
        if owner and _predicate().match(block.text, mentions[order + 1].span.end - block.offset):
            # "Intel's Gaudi 3 is cheap": the chip is the subject
            dependent = True
        cost = int(dependent) + (UNLIKELY if reports and not reporting else 0)
        if best is None or (cost, order) < best[:2]:
            best = (cost, order, mention)
    return (best[0], best[2]) if best else (0, mentions[0])


def _start(mentions: Sequence[Mention], order: int, block: Stretch) -> int:
    return mentions[order].span.start - block.offset if order < len(mentions) else -1


@cache
def _reports() -> re.Pattern[str]:
    return compile_pattern(
        r",? (?:{adverb} )?(?:(?:has|had) )?"
        r"(?:{say_verb}|reported|reports|describes|expects|valued|puts|forecasts)\b(?! from)"
    )


@cache
def _self_owning() -> re.Pattern[str]:
    """A noun phrase with a head that owns things itself, and the verb behind it."""
    listed = "|".join(re.escape(word) for word in read_data("nominals.yaml")["self_owning"])
    within = "of|for|in|on|at|behind|around|by|to|from|that|which"
    return compile_pattern(rf" ?(?:the|this|its|their) (?:[\w'-]+ ){{0,2}}(?:{listed}) (?!(?:{within}) )")


@cache
def _predicate() -> re.Pattern[str]:
    """A finite verb behind a name, which makes it a subject."""
    return compile_pattern(
        r" (?:{adverb} )?(?:has|had|is|was|will|would|can|could|may|might|must|should|does|did|{company_verb})\b"
    )
