"""Names that are also English words: a capital at the beginning of a sentence or in a heading proves nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from aigraph.mentions.chunks import is_name_like
from aigraph.mentions.known import Match
from aigraph.mentions.text import Stretch
from aigraph.mentions.words import compile_pattern
from aigraph.records import EntityType

Matches = Mapping[int, Sequence[Match]]


def trusted(stretches: Sequence[Stretch], matches: Matches) -> dict[int, list[Match]]:
    """The matches without those of common names that no place in the article makes certain."""
    certain = {
        name.key
        for stretch in stretches
        for match in matches[stretch.index]
        for name in match.names
        if (not name.common or _is_certain(stretch, match)) and not _is_class(stretch, match, matches[stretch.index])
    }
    return {
        stretch.index: [m for m in matches[stretch.index] if any(name.key in certain for name in m.names)]
        for stretch in stretches
    }


def _is_class(stretch: Stretch, match: Match, matches: Sequence[Match]) -> bool:
    """Whether a line of processors is only the class of the chip named before it: "Ironwood TPUs"."""
    text = stretch.text[match.start : match.end]
    return re.fullmatch(r"[A-Z]PU", text) is not None and any(
        other.last == match.first and other.names[0].type is EntityType.CHIP and stretch.joined(other.last - 1)
        for other in matches
    )


def _is_certain(stretch: Stretch, match: Match) -> bool:
    """Whether this place shows that the word is a name."""
    following = stretch.text[match.end :]
    if match.last - match.first > 1 or re.search(r"\d", stretch.text[match.start : match.end]):
        return True
    if stretch.styled:
        return False
    if _has_unknown_neighbour(stretch, match):
        return False
    if match.first not in stretch.initial:
        return True
    pattern = compile_pattern(
        r"(?:'s |, (?:its|an?|the|their|long|once|(?:(?:in|against|for|with|to|of) )?(?:which|whose)) "
        r"|,? (?:{adverb} )?(?:(?:has|have|had|will|would|is|was) )?"
        r"(?:{company_verb}|{say_verb})\b)"
    )
    return bool(pattern.match(following))


def _has_unknown_neighbour(stretch: Stretch, match: Match) -> bool:
    """True where a further capitalised word joins the name: "Frontier Airlines"."""
    for i, step in ((match.last, match.last - 1), (match.first - 1, match.first - 1)):
        if not 0 <= i < len(stretch.tokens) or step + 1 >= len(stretch.tokens) or not stretch.joined(step):
            continue
        text = stretch.tokens[i].text
        if is_name_like(stretch, i) and text[1:].islower() and i > match.first:
            return True
    return False
