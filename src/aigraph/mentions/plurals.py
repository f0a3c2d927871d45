"""Words for two things at once, or for one of two: "both", "the pair", "they", "the former", "the latter".

What they stand for is one thing, two things, or nothing that has a name; a small network weighs all of these by what a
reader looks at (`training/antecedents.py` makes its weights). Where it is not sure, nothing is resolved.
"""

from __future__ import annotations

import itertools
import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from aigraph.mentions.antecedents import Line
from aigraph.mentions.places import Role
from aigraph.mentions.references import quoted
from aigraph.mentions.words import compile_pattern, read_data
from aigraph.records import BODY, TECHNOLOGY, EntityType, Mention, MentionKind, Span

if TYPE_CHECKING:
    from pyoxigraph import NamedNode

_PERSONS = frozenset({EntityType.PERSON})
_CLASSES = (BODY, TECHNOLOGY, _PERSONS)
_REACH = 4
"""How many sentences back a thing may have been spoken of last."""
_CROWD = 8
"""How many things are weighed, those mentioned last."""
_WORD = re.compile(
    r"\b(?:(?P<both>both)|(?P<they>they|them|their)|the (?:(?P<two>two|pair|duo)|(?P<one>former|latter)))"
    r"\b(?![-\u2013])",
    re.IGNORECASE,
)
_PRONOUNS = frozenset({"they", "them", "their"})
_WORDS = ("both", "two", "they", "them", "their", "former", "latter")
_JOINING = re.compile(r" (?:(?:in|of|at|for|by|with|to|from) )?(?:the )?[A-Z][^,.;]{0,40} and [A-Za-z]")
_SAID = re.compile(r" (?:also )?(?:said|say|says|added|told|declined)\b")


@dataclass(frozen=True, slots=True)
class Plural:
    """Words of a block for several things, or for one of two.

    `word` is "both", "two", "they", "them", "their", "former" or "latter"; `types` are those that the noun behind it
    allows, `named` is whether there is such a noun.
    """

    start: int
    end: int
    word: str
    types: frozenset[EntityType]
    named: bool = False

    @property
    def is_pronoun(self) -> bool:
        """True for "they", "them", "their"."""
        return self.word in _PRONOUNS


@dataclass(frozen=True, slots=True)
class Choice:
    """What a plural may stand for, in the order of the text: one thing or two, each by its latest mention."""

    mentions: tuple[Mention, ...]
    features: tuple[float, ...]


def plurals(line: Line) -> Iterator[Plural]:
    """The plurals of a sentence in order, without those inside names and quotations."""
    text, offset = line.block.text, line.block.offset
    for match in _WORD.finditer(text, line.span.start, line.span.end):
        start, end = match.span()
        taken = Span(offset + start, offset + end)
        if quoted(text, start) or any(mention.span.overlaps(taken) for mention in line.mentions):
            continue
        if match["they"]:
            yield Plural(start, end, match["they"].casefold(), BODY | TECHNOLOGY | _PERSONS)
            continue
        span = line.doc.char_span(start, end, alignment_mode="expand")
        if span is None or not span.root.dep_:
            continue
        word = "both" if match["both"] else match["one"].casefold() if match["one"] else "two"
        noun = _noun().match(text, end)
        if noun is not None:
            yield Plural(start, noun.end("noun"), word, _typed(noun["noun"].casefold()), named=True)
        elif not _before_noun(line, end) and not (match["both"] and _correlative(line, start, end)):
            yield Plural(start, end, word, BODY | TECHNOLOGY | _PERSONS)


def _before_noun(line: Line, end: int) -> bool:
    """Whether another noun follows: "the two years", "both countries", "the former chief"."""
    if line.block.text[end : end + 1] != " ":
        return False
    following = line.doc.char_span(end + 1, end + 2, alignment_mode="expand")
    if following is None:
        return False
    token = following[0]
    return token.pos_ in ("NOUN", "ADJ", "NUM", "PROPN", "DET") and token.lower_ not in ("the", "all")


def _correlative(line: Line, start: int, end: int) -> bool:
    """Whether "both" only opens "both A and B"."""
    span = line.doc.char_span(start, end, alignment_mode="expand")
    if span is not None and span.root.dep_ in ("cc:preconj", "cc"):
        return True
    return _JOINING.match(line.block.text, end) is not None


class Plea:
    """A plural with the sentences up to it, and what it may stand for."""

    def __init__(self, plural: Plural, lines: Sequence[Line], titled: frozenset[NamedNode]) -> None:
        self.plural = plural
        self._lines = lines
        self._titled = titled
        self._here = lines[-1]
        self._position = self._here.block.offset + plural.start
        self._counts = Counter(m.entity for line in lines for m in line.mentions if m.span.end <= self._position)

    @property
    def span(self) -> Span:
        """Where the plural stands in the article."""
        return Span(self._position, self._here.block.offset + self.plural.end)

    def options(self) -> tuple[list[Choice], tuple[float, ...]]:
        """All that the plural may stand for, and the features of "none of these"."""
        found = self._latest()
        context = self._of_plural(found)
        choices = []
        if self.plural.is_pronoun:
            choices += [self._choice((one,), found, context) for one in found]
        for kinds in _CLASSES:
            some = [m for m in found if m.type in kinds]
            choices += [self._choice(pair, found, context) for pair in itertools.combinations(some, 2)]
        return choices, (1.0, *([0.0] * len(_SET)), *context)

    def answer(self, choice: Choice) -> tuple[Mention, ...]:
        """The mentions meant, if a choice is right: one of the two for "the former" and "the latter"."""
        if self.plural.word == "former":
            return choice.mentions[:1]
        return choice.mentions[-1:] if self.plural.word == "latter" else choice.mentions

    def _latest(self) -> list[Mention]:
        """The latest mention of each thing that fits, the last first."""
        found: dict[NamedNode, Mention] = {}
        for line in reversed(self._lines[-_REACH - 1 :]):
            for mention in sorted(line.mentions, reverse=True):
                if mention.span.end <= self._position and mention.type in self.plural.types:
                    found.setdefault(mention.entity, mention)
        return list(found.values())[:_CROWD]

    def _line_of(self, mention: Mention) -> tuple[int, Line]:
        for back, line in enumerate(reversed(self._lines)):
            if mention in line.mentions:
                return back, line
        return len(self._lines), self._here

    def _choice(self, members: tuple[Mention, ...], found: Sequence[Mention], context: Sequence[float]) -> Choice:
        ordered = tuple(sorted(members))
        return Choice(ordered, (0.0, *self._of_set(ordered, found), *context))

    def _of_set(self, members: tuple[Mention, ...], found: Sequence[Mention]) -> list[float]:
        """The features of one thing or two, in the order of `_SET`."""
        return [*self._where(members), *self._among(members, found)]

    def _where(self, members: tuple[Mention, ...]) -> list[float]:
        """What the things are, and where they stand: the first of them and the last."""
        first, last = members[0], members[-1]
        kinds = _kinds(first)
        (far, far_line), (near, near_line) = self._line_of(first), self._line_of(last)
        spots = [line.spot(m.span.start, m.span.end) for m, line in ((first, far_line), (last, near_line))]
        one, two = spots
        together = (
            len(members) == 2
            and far_line is near_line
            and one is not None
            and two is not None
            and one.top == two.top
            and (one.joined or two.joined)
        )
        return [
            float(len(members) == 1),
            float(len(members) == 2),
            float(kinds == BODY),
            float(kinds == TECHNOLOGY),
            float(kinds == _PERSONS),
            float(first.type is last.type),
            *(float(near == n) for n in (0, 1, 2)),
            *(float(far == n) for n in (0, 1, 2)),
            float(far > 2),
            float(far == near),
            float(together),
            float(together and near == 0),
            float(together and near == 1),
            float(together and one is not None and one.role is Role.SUBJECT),
            float(one is not None and one.role is Role.SUBJECT),
            float(two is not None and two.role is Role.SUBJECT),
            float(two is not None and two.role is Role.OBJECT),
            float(two is not None and two.role is Role.OBLIQUE),
            float(far == near and one is not None and two is not None and one.clause == two.clause),
        ]

    def _among(self, members: tuple[Mention, ...], found: Sequence[Mention]) -> list[float]:
        """What else is spoken of: things of their kinds between and beside them, and how often each is named."""
        first = members[0]
        kinds = _kinds(first)
        _, far_line = self._line_of(first)
        entities = {m.entity for m in members}
        alike = [m for m in found if m.type in kinds]
        between = [m for m in alike if m.span.start > first.span.start and m.entity not in entities]
        beside = {m.entity for m in far_line.mentions if m.type in kinds and m.span.end <= self._position} - entities
        ranked = sorted({m.entity for m in alike}, key=lambda e: (-self._counts[e], e.value))
        ranks = sorted(ranked.index(e) for e in entities)
        crowd = sorted((self._counts[e] for e in ranked if e not in entities), reverse=True)
        least = min(self._counts[e] for e in entities)
        earlier = [
            {m.entity for m in line.mentions if m.span.end <= self._position} & set(ranked) for line in self._lines[:-1]
        ]
        return [
            float(not between),
            float(len(between) == 1),
            float(not beside),
            float(len(beside) == 1),
            float(ranks[0] == 0),
            float(ranks[-1] == 1),
            float(ranks[-1] > 2),
            math.log1p(least) / 2,
            float(bool(crowd) and crowd[0] >= least),
            float(not crowd or 2 * crowd[0] <= least),
            float(all(e in self._titled for e in entities)),
            float(len(members) == 2 and any(entities <= each for each in earlier)),
            sum(entities <= each for each in earlier) / 4,
            float(len(alike) == len(members)),
            float(any(m.kind is MentionKind.NAME for m in members)),
            float(all(m.kind is MentionKind.NAME for m in members)),
            float(first.form.endswith("s") and first.type in TECHNOLOGY),
            float(far_line.heading),
            float(any(m.entity in entities for m in self._here.mentions if m.span.start > self._position)),
            float(self._owned(members)),
        ]

    def _owned(self, members: Sequence[Mention]) -> bool:
        """Whether the last thing named stands right before, as in "A, both": no other noun parts them."""
        gap = self._here.block.text[max(0, members[-1].span.end - self._here.block.offset) : self.plural.start]
        return members[-1].span.start >= self._here.block.offset and len(gap.split()) <= 3

    def _of_plural(self, found: Sequence[Mention]) -> list[float]:
        """The features of the plural alone, in the order of `_PLURAL`."""
        here, plural = self._here, self.plural
        text = here.block.text
        nouns = [self._nameless(line) for line in reversed(self._lines[-2:])]
        own = here.spot(self._position, here.block.offset + plural.end)
        return [
            *(float(plural.word == each) for each in _WORDS),
            float(plural.named),
            float(not text[here.span.start : plural.start].strip(' "\u201c')),
            float(bool(_SAID.match(text, plural.end))),
            float(own is not None and own.role is Role.SUBJECT),
            float(own is not None and own.main),
            *(float(flag) for each in nouns for flag in each),
            *([0.0] * (3 * (2 - len(nouns)))),
            float(len([m for m in found if m.type in BODY]) == 2),
            float(len([m for m in found if m.type in TECHNOLOGY]) == 2),
            float(len(found) > 4),
        ]

    def _nameless(self, line: Line) -> tuple[bool, bool, bool]:
        """Whether a sentence has plural nouns without a name before the plural: any, as a subject, as the last noun."""
        start = line.block.offset
        named = {(m.span.start, m.span.end) for m in line.mentions}
        found = subject = last = False
        span = line.doc.char_span(line.span.start, line.span.end, alignment_mode="expand")
        for token in span if span is not None else ():
            begin = start + token.idx
            if begin >= self._position:
                break
            inside = any(a <= begin < b for a, b in named)
            if token.tag_ == "NNS" and not inside:
                found = last = True
                subject = subject or token.dep_.startswith("nsubj")
            elif inside or token.tag_ == "NN":
                last = False
        return found, subject, last


_SET = (
    "one", "two", "bodies", "technologies", "persons", "same type",
    "near 0", "near 1", "near 2", "far 0", "far 1", "far 2", "farther", "same sentence",
    "joined", "joined here", "joined before", "joined subject", "first subject", "last subject", "last object",
    "last oblique", "same clause", "none between", "one between", "none beside", "one beside",
    "most named", "two most named", "seldom named", "count", "crowded", "outstanding", "titled", "together before",
    "often together", "alone", "some name", "all names", "plural name", "heading", "named later", "right before",
)  # fmt: skip
_PLURAL = (
    *_WORDS, "with noun", "opens", "says", "is subject", "in main clause",
    "plural here", "plural subject here", "plural last here",
    "plural before", "plural subject before", "plural last before",
    "two bodies", "two technologies", "many",
)  # fmt: skip
FEATURES = ("none", *_SET, *_PLURAL)


def _kinds(mention: Mention) -> frozenset[EntityType]:
    """The class of things that a thing belongs to: bodies, technologies, persons."""
    return next((kinds for kinds in _CLASSES if mention.type in kinds), frozenset())


@cache
def _noun() -> re.Pattern[str]:
    listed = {word for words in read_data("nominals.yaml")["plural_heads"].values() for word in words}
    names = "|".join(re.escape(word) for word in sorted(listed, key=lambda word: (-len(word), word)))
    return compile_pattern(
        r"(?: of (?:the|these|those|its|their))? (?:(?:[a-z-]+|AI|US|[A-Z][a-z]+(?:an|ese|ish)) )?"
        rf"(?P<noun>{names})(?![\w-])"
    )


@cache
def _typed(noun: str) -> frozenset[EntityType]:
    return frozenset(
        EntityType(kind)
        for kind, words in read_data("nominals.yaml")["plural_heads"].items()
        if noun in {word.casefold() for word in words}
    )
