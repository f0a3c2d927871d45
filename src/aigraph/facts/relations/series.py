"""Successions that names tell: "Zeta 6" follows "Zeta 5" where an article speaks of both."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from pyoxigraph import NamedNode

from aigraph.facts.patterns.lines import Lexicon
from aigraph.facts.words.tokens import tokens_of
from aigraph.records import TECHNOLOGY, Document, Entity, EntityType, MentionKind, Mentions, Modality, Span, Statement
from aigraph.vocab import AIG

_BUILT = TECHNOLOGY - {EntityType.AI_MODEL}
"""Versions of models are run side by side, and mostly not said to follow one another."""
SERIES_RULE = "successor-in-series"
SERIES_CONFIDENCE = 0.85
_NUMBERED = re.compile(r"(.*?[^\W\d_]{2})[ -]?(\d{1,3}|I{1,3}|IV|VI{0,3}|IX|X)")
_ROMAN = {"I": 1, "II": 2, "III": 3, "IV": 4, "V": 5, "VI": 6, "VII": 7, "VIII": 8, "IX": 9, "X": 10}
_SMALL, _NEXT = 20, 2
"""Numbers up to 20 count generations, one or two apart."""
_LETTER = 10
"""The letter X behind a name says that it is the next one, not the tenth."""
_ROUND, _STEP = 50, 100
"""Larger ones do where both are round ("Zeta 100", "Zeta 200"), a hundred apart at most."""


_HEIRS = frozenset({"heir", "replacement", "sequel", "successor"})
_NOT = frozenset({"n't", "n’t", "neither", "never", "no", "not"})
_MOODS = {
    "could": Modality.HYPOTHETICAL,
    "may": Modality.REPORTED,
    "might": Modality.REPORTED,
    "would": Modality.HYPOTHETICAL,
}
_FOLLOWING = frozenset({"follow", "replace", "succeed", "supersede", "supplant"})
_IT = frozenset({"it", "them", "this"})
_WHEN = frozenset({".", ",", "after", "as", "in", "later", "next", "soon", "within"})
_REACH = 4
"""How many words before "successor" a denial of it stands."""


class _Place(NamedTuple):
    """A technology in its series; the first of a line may have no number."""

    number: int | None
    entity: Entity


def successions_in_series(
    document: Document, mentions: Mentions, statements: Sequence[Statement], lexicon: Lexicon
) -> Iterator[Statement]:
    """Technologies of one type whose names differ by the next number alone, unless they have different makers.

    A name without a number counts as the first of a series whose one other member is the second ("Gannet", "Gannet 2",
    "Gannet-X"): else it is the line. Standard goods (memory generations) and models are left out.
    """
    makers: dict[NamedNode, set[NamedNode]] = defaultdict(set)
    told = set()
    for statement in statements:
        if statement.predicate == AIG.develops:
            makers[statement.object].add(statement.subject)
        if statement.predicate == AIG.successorOf:
            told |= {(statement.subject, statement.object), (statement.object, statement.subject)}
    for members in _series(mentions, lexicon).values():
        for earlier, later in pairwise(members):
            one, other = makers[earlier.entity.iri], makers[later.entity.iri]
            apart = one and other and not one & other
            pair = later.entity.iri, earlier.entity.iri
            if apart or pair in told or not _follows(earlier.number, later.number, len(members)):
                continue
            if _is_disowned(document, mentions, pair):
                continue
            sentence = _first_sentence(document, mentions, later.entity)
            if sentence:
                yield Statement(
                    subject=pair[0],
                    predicate=AIG.successorOf,
                    object=pair[1],
                    evidence=(sentence,),
                    extractor=f"relation/{SERIES_RULE}",
                    confidence=SERIES_CONFIDENCE,
                    modality=_mood(document, mentions, later.entity),
                )


def _series(mentions: Mentions, lexicon: Lexicon) -> Mapping[tuple[str, str], list[_Place]]:
    found: dict[tuple[str, str], list[_Place]] = defaultdict(list)
    for entity in mentions.entities:
        if entity.type not in _BUILT:
            continue
        match = _NUMBERED.fullmatch(entity.name)
        stem = (match[1] if match else entity.name).casefold()
        first = re.match(r"[a-z]*", stem)
        if first and not lexicon.has("commodity", first[0]):
            number = _ROMAN.get(match[2]) or int(match[2]) if match else None
            found[entity.type.value, stem].append(_Place(number, entity))
    for members in found.values():
        members.sort(key=lambda place: (place.number or 0, place.entity.name))
    return found


def _follows(earlier: int | None, later: int | None, members: int) -> bool:
    if later is None or later == earlier:
        return False
    if earlier is None:
        return members == 2 and later in (_NEXT, _LETTER)
    if later <= _SMALL:
        return later - earlier <= _NEXT
    return later % _ROUND == earlier % _ROUND == 0 and later - earlier <= _STEP


def _is_disowned(document: Document, mentions: Mentions, pair: tuple[NamedNode, NamedNode]) -> bool:
    """Does a sentence with both deny a succession: "sold alongside the Q7, not as its replacement"?"""
    for block in document.blocks:
        base = block.block.span.start
        for sentence in block.sentences:
            words = [t for t in tokens_of(block.doc)[sentence.first : sentence.last] if not t.is_space]
            heirs = [n for n, t in enumerate(words) if t.lower_ in _HEIRS]
            if not heirs or not set(pair) <= {m.entity for m in mentions.mentions if m.span in sentence.span}:
                continue
            spans = [m.span for m in mentions.mentions if m.span in sentence.span]
            for n in heirs:
                at = base + words[n].idx
                before = {t.lower_ for t in words[max(0, n - _REACH) : n]}
                if before & _NOT and not any(span.start <= at < span.end for span in spans):
                    return True
    return False


def _mood(document: Document, mentions: Mentions, later: Entity) -> Modality:
    """How a sentence puts it that does not name what goes before: "a Q8 might follow it in two years"."""
    for block in document.blocks:
        base = block.block.span.start
        for sentence in block.sentences:
            if not any(m.entity == later.iri and m.span in sentence.span for m in mentions.mentions):
                continue
            words = [t for t in tokens_of(block.doc)[sentence.first : sentence.last] if not t.is_space]
            named = [m.span for m in mentions.mentions if m.span in sentence.span]
            for modal, verb, object_ in zip(words, words[1:], words[2:], strict=False):
                inside = any(span.start <= base + verb.idx < span.end for span in named)
                known = modal.lower_ in _MOODS and verb.lower_ in _FOLLOWING and not inside
                if known and (object_.lower_ in _IT or (verb.lower_ == "follow" and object_.lower_ in _WHEN)):
                    return _MOODS[modal.lower_]
    return Modality.ASSERTED


def _first_sentence(document: Document, mentions: Mentions, entity: Entity) -> Span | None:
    """The sentence that first names an entity."""
    first = next((m for m in mentions.mentions if m.entity == entity.iri and m.kind == MentionKind.NAME), None)
    if first is None:
        return None
    return next((s.span for b in document.blocks for s in b.sentences if first.span in s.span), None)
