"""Descriptions and pronouns that stand for a name of the article: "the chipmaker", "its", "he".

`references.py` finds what may stand for a name, `ruled.py` says for which by rule, and networks (`ranking.py`) decide.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from pyoxigraph import NamedNode
from spacy.tokens import Doc

from aigraph.mentions.antecedents import Known, Line, Question
from aigraph.mentions.descriptions import (
    descriptions,
    excluding,
    group,
    main_company,
    mentions_inside,
    named_with,
    owners,
    whole,
)
from aigraph.mentions.plurals import Plea, Plural, plurals
from aigraph.mentions.ranking import load_plural_ranker, load_ranker
from aigraph.mentions.references import Reference, references
from aigraph.mentions.ruled import Story, antecedent_by_rule
from aigraph.mentions.text import Stretch
from aigraph.records import BODY, TECHNOLOGY, BlockKind, EntityType, Mention, MentionKind, Span

_STORY = frozenset({BlockKind.PARAGRAPH, BlockKind.BULLET, BlockKind.TEASER})


Judge = Callable[[Question], Mention | None]
"""What decides what a reference stands for, given what the rules say."""


def find_nominals(
    blocks: Sequence[Stretch],
    docs: Sequence[Doc],
    names: Sequence[Mention],
    listed_firms: frozenset[NamedNode],
    judge: Judge | None = None,
) -> list[Mention]:
    """Mentions by description or pronoun, given the mentions by name; none overlaps another.

    `docs` are the parsed texts of the blocks, `listed_firms` are companies known to be traded on an exchange, which no
    "start-up" means. `judge` decides (the shipped network where none is given).
    """
    judge = judge or load_ranker().decide
    story = Story(main_company(blocks, names), descriptions(blocks, names), owners(blocks, names), listed_firms)
    titled = _titled(blocks, names)
    places = _places(blocks, names)
    found: list[Mention] = []
    lines: list[Line] = []
    counts: Counter[NamedNode] = Counter()
    for block, doc in zip(blocks, docs, strict=True):
        if block.kind not in _STORY:
            # a heading opens a new matter: what it names is what the next paragraph speaks of
            if block.kind is not BlockKind.METADATA:
                story.sentences = [mentions_inside(names, block, whole(block))]
                lines.append(Line(block, doc, whole(block), True, story.sentences[0], {}))
                counts.update(m.entity for m in story.sentences[0])
            continue
        story.sentences = story.sentences[-1:]
        for sentence in block.sentences or (whole(block),):
            here = mentions_inside(names, block, sentence)
            story.sentences.append(here)
            lines.append(Line(block, doc, sentence, False, here, {}))
            counts.update(m.entity for m in here)
            for reference in references(block, sentence, here):
                by_rule = None if reference.bare else antecedent_by_rule(block, sentence, reference, story)
                known = _known(story, reference, counts, titled, places)
                antecedent = judge(Question(reference, lines, known, by_rule))
                if antecedent is None or antecedent.type not in _STAND_FOR:
                    continue
                story.learn(reference, antecedent)
                mention = _mention(block, reference, reference.kind, antecedent)
                found.append(mention)
                here.append(mention)
                counts[mention.entity] += 1
                here.sort()
    return found


PluralJudge = Callable[[Plea], tuple[Mention, ...]]
"""What decides what a plural stands for, in the order of the text."""


def find_plurals(
    blocks: Sequence[Stretch], docs: Sequence[Doc], mentions: Sequence[Mention], judge: PluralJudge | None = None
) -> list[Mention]:
    """Mentions by words for two things ("both", "the pair", "they") or for one of two ("the latter").

    `mentions` are those by name, description and pronoun, in order. Those of two things have `fellows`. `judge` decides
    (the shipped network where none is given).
    """
    judge = judge or load_plural_ranker().choose
    titled = _titled(blocks, mentions)
    found: list[Mention] = []
    lines: list[Line] = []
    for block, doc in zip(blocks, docs, strict=True):
        if block.kind is BlockKind.METADATA:
            continue
        story = block.kind in _STORY
        for sentence in (block.sentences if story else ()) or (whole(block),):
            lines.append(Line(block, doc, sentence, not story, mentions_inside(mentions, block, sentence), {}))
            for plural in plurals(lines[-1]) if story else ():
                meant = judge(Plea(plural, lines, titled))
                if not meant or any(each.type not in _STAND_FOR for each in meant):
                    continue
                kind = MentionKind.PRONOUN if plural.is_pronoun else MentionKind.NOMINAL
                mention = _mention(block, plural, kind, meant[0])
                found.append(replace(mention, fellows=tuple(_named(each) for each in meant[1:])))
    return found


def _titled(blocks: Sequence[Stretch], mentions: Sequence[Mention]) -> frozenset[NamedNode]:
    """What the title names."""
    titles = [block for block in blocks if block.kind is BlockKind.TITLE]
    return frozenset(m.entity for title in titles for m in mentions_inside(mentions, title, whole(title)))


def _places(blocks: Sequence[Stretch], names: Sequence[Mention]) -> dict[NamedNode, frozenset[str]]:
    """The places and nations beside which the article names each of its bodies."""
    places: dict[NamedNode, frozenset[str]] = {}
    for block in blocks:
        for entity, found in named_with(block, mentions_inside(names, block, whole(block))).items():
            places[entity] = places.get(entity, frozenset()) | found
    return places


def _known(
    story: Story,
    reference: Reference,
    counts: Counter[NamedNode],
    titled: frozenset[NamedNode],
    places: Mapping[NamedNode, frozenset[str]],
) -> Known:
    """What the article as a whole says, as far as it bears on a reference."""
    excluded = {e for head in excluding(reference.head) for e in story.described.get(head, ())}
    return Known(
        story.main,
        counts,
        story.described,
        frozenset(excluded - story.described.get(reference.head, set())),
        story.listed_firms if reference.head in group("private") else frozenset(),
        titled,
        places,
        story.genders,
    )


def _named(mention: Mention) -> Mention:
    """The mention by name that a mention takes up; itself where it is one."""
    return replace(mention, span=mention.antecedent or mention.span, antecedent=None)


_STAND_FOR = BODY | TECHNOLOGY | {EntityType.PERSON}
"""What is worth taking up: "it" for a country or a trade fair makes no finding."""


def _mention(block: Stretch, reference: Reference | Plural, kind: MentionKind, antecedent: Mention) -> Mention:
    return Mention(
        span=Span(block.offset + reference.start, block.offset + reference.end),
        entity=antecedent.entity,
        type=antecedent.type,
        form=block.text[reference.start : reference.end],
        kind=kind,
        found_by=f"mention/{kind}",
        antecedent=antecedent.antecedent or antecedent.span,
    )
