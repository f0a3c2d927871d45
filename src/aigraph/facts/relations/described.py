"""Organizations that are called by what they make or own: "the maker of ChatGPT", "the owner of TikTok".

Such a description stands for the organization that the article says to make the thing; where it does not say so, for
the one that the words before speak of, if that is one alone. It tells who makes the thing, and what its sentence says
of the description it says of that organization.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence

from pyoxigraph import NamedNode

from aigraph.facts.patterns.passages import STAND_IN, context_company
from aigraph.facts.words.grammar import function_words
from aigraph.facts.words.sentences import within
from aigraph.facts.words.tokens import tokens_of
from aigraph.records import (
    BODY,
    TECHNOLOGY,
    BlockKind,
    Document,
    EntityType,
    Mention,
    MentionKind,
    Mentions,
    Modality,
    Polarity,
    ReadBlock,
    Sentence,
    Span,
    Statement,
)
from aigraph.vocab import AIG

DESCRIBED_RULE = "maker-described"
"""An organization is called by what it makes."""
DESCRIBED_CONFIDENCE = 0.75
_SKIPPED = frozenset({BlockKind.METADATA, BlockKind.TABLE_ROW})
_OWNING = frozenset({"owner", "parent", "parent company"})
"""Who owns software or a model has it for its product; who owns a chip or a system may have bought it."""
_OWNED = frozenset({EntityType.SOFTWARE, EntityType.AI_MODEL})
_MAKER = r"(?P<head>maker|developer|creator|designer|builder|inventor|owner|parent(?: company)?)"
_FIRM = r"(?P<firm>company|firm|group|lab|laboratory|start-up|startup|outfit|chipmaker)"
_BEFORE = re.compile(rf"\bthe (?:[\w-]+ ){{0,2}}?(?:{_MAKER} of|{_FIRM} behind) (?:the )?$", re.IGNORECASE)
_COMPOUND = re.compile(rf" {_MAKER}\b(?! of\b)")
_OWNER = re.compile(rf"['’]s? {_MAKER}\b(?! of\b)")
_THE = re.compile(r"\bthe (?:[\w-]+ )?$", re.IGNORECASE)
_ASIDE = re.compile(r"(?:,| \(| [–—-]) ?")
_KIND_BEHIND = re.compile(
    r"(?: (?:inference |server |graphics |computer )?(?:accelerators?|architecture|boards?|cards?|chatbots?|chips?"
    r"|family|line|models?|processors?|series|software|systems?|toolkit))?"
)
_NAMED_BEHIND = re.compile(r",? ?$")
_SAYING = re.compile(r" (?:said|says|reported|reports|writes|wrote|noted|notes|estimates|estimated)\b")


def makers_described(
    document: Document, mentions: Mentions, statements: Sequence[Statement]
) -> tuple[tuple[Mention, ...], tuple[Statement, ...]]:
    """The heads of such descriptions as mentions of organizations, and who makes what by them."""
    makers: dict[NamedNode, set[NamedNode]] = defaultdict(set)
    for each in statements:
        if each.predicate == AIG.develops and (each.modality, each.polarity) == (Modality.ASSERTED, Polarity.AFFIRMED):
            makers[each.object].add(each.subject)
    found: list[Mention] = []
    made: list[Statement] = []
    for block in (b for b in document.blocks if b.block.kind not in _SKIPPED):
        for sentence in block.sentences:
            inside = [m for m in within(mentions.mentions, sentence.span) if m.span in sentence.span]
            for thing, head in _descriptions(document.article.text, sentence, inside):
                taken = next((m for m in inside if head.overlaps(m.span)), None)
                maker = taken or _maker(document, block, sentence, mentions, makers.get(thing.entity, set()))
                if maker is None or maker.type not in BODY:
                    continue
                if taken is None:
                    text = document.article.text[head.start : head.end]
                    name = maker.antecedent or maker.span
                    found.append(Mention(head, maker.entity, maker.type, text, MentionKind.NOMINAL, STAND_IN, name))
                made.append(
                    Statement(
                        subject=maker.entity,
                        predicate=AIG.develops,
                        object=thing.entity,
                        evidence=(sentence.span,),
                        extractor=f"relation/{DESCRIBED_RULE}",
                        confidence=DESCRIBED_CONFIDENCE,
                    )
                )
    return tuple(found), tuple(made)


def _descriptions(text: str, sentence: Sentence, inside: Sequence[Mention]) -> Iterator[tuple[Mention, Span]]:
    """The descriptions of a sentence: the thing made, and where the noun for its maker stands."""
    for thing in inside:
        if thing.type not in TECHNOLOGY or thing.kind != MentionKind.NAME:
            continue
        before, start = text[sentence.span.start : thing.span.start], sentence.span.start
        if of := _BEFORE.search(before):
            first, last = of.span("head") if of["head"] else of.span("firm")
            kind = _KIND_BEHIND.match(text, thing.span.end)
            opens, closes = of.start(), kind.end() if kind else thing.span.end
        else:
            behind = _OWNER.match(text, thing.span.end)
            article = _THE.search(before)
            behind = behind or (_COMPOUND.match(text, thing.span.end) if article else None)
            if behind is None:
                continue
            first, last = (place - start for place in behind.span("head"))
            opens, closes = article.start() if article else len(before), behind.end()
        owning = text[start + first : start + last].casefold() in _OWNING
        if not (owning and thing.type not in _OWNED) and not _is_aside(text, start + opens, closes, inside):
            yield thing, Span(start + first, start + last)


def _is_aside(text: str, start: int, end: int, inside: Sequence[Mention]) -> bool:
    """Does a description stand beside the name it describes: "Acme, the maker of the Q7,", "the Q7 maker Acme"?"""
    bodies = [m for m in inside if m.type in BODY and m.kind == MentionKind.NAME]
    before = any(m.span.end < start and _ASIDE.fullmatch(text[m.span.end : start]) for m in bodies)
    return before or any(_NAMED_BEHIND.fullmatch(text[end : m.span.start]) for m in bodies if m.span.start >= end)


def _maker(
    document: Document, block: ReadBlock, sentence: Sentence, mentions: Mentions, told: Collection[NamedNode]
) -> Mention | None:
    """The organization that a description stands for; None where the article leaves it open."""
    bodies = [m for m in mentions.mentions if m.type in BODY]
    if told:
        return next((m for m in bodies if len(told) == 1 and m.entity in told), None)
    here = {m.entity for m in bodies if m.span in sentence.span}
    number = block.sentences.index(sentence)
    if number:
        before = [m for m in bodies if m.span in block.sentences[number - 1].span and m.entity not in here]
        before = [m for m in before if not _reports(document, m)]
        subjects = [m for m in before if _is_subject(block, m)]
        return _only(before) or _only(subjects)
    context = context_company(document, block, mentions, before=sentence.span.start, prefer_own=True)
    if context is not None and context.entity not in here:
        return context
    title = next((b for b in document.blocks if b.block.kind == BlockKind.TITLE), None)
    if title is None:
        return None
    return _only([m for m in bodies if m.span in title.block.span and m.entity not in here])


def _only(found: Sequence[Mention]) -> Mention | None:
    return found[0] if len({m.entity for m in found}) == 1 else None


def _reports(document: Document, mention: Mention) -> bool:
    """Does an organization merely report: "Reuters reported that …"?"""
    return _SAYING.match(document.article.text, mention.span.end) is not None


def _is_subject(block: ReadBlock, mention: Mention) -> bool:
    """Is an organization what a clause tells something of?"""
    base = block.block.span.start
    inside = (t for t in tokens_of(block.doc) if mention.span.start <= base + t.idx < mention.span.end)
    return any(t.dep_ in ("nsubj", "nsubj:pass") and t.lower_ not in function_words("determiners") for t in inside)
