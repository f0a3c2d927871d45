"""A sentence as the rules see it: words and mentions in one row of slots.

Patterns never look at the text itself. What a dependency parser would add later (heads, arcs) belongs here.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, TypeVar

from pyoxigraph import NamedNode

from aigraph.facts.words.inflections import Form, Inflections
from aigraph.facts.words.sentences import These, within
from aigraph.facts.words.tokens import Token, tokens_of
from aigraph.records import BODY, HARDWARE, TECHNOLOGY, EntityType, Mention, MentionKind, ReadBlock, Sentence, Span
from aigraph.vocab import AIG

if TYPE_CHECKING:
    from spacy.tokens import Doc

_T = TypeVar("_T")

WORKLOAD = "Workload"
PAIR = "Pair"
TYPE_GROUPS: Mapping[str, frozenset[str]] = {
    "Organization": frozenset(BODY),
    "Technology": frozenset(TECHNOLOGY),
    "Hardware": frozenset(HARDWARE),
    "Party": frozenset(BODY) | {EntityType.PERSON},
    "Any": frozenset(EntityType),
}
"""Names that a pattern may use for several types at once; any other name stands for the type of that name."""

POSSESSIVE_PRONOUNS = frozenset({"its", "their", "his", "her", "whose", "our"})
_PLAIN = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "—", "‑": "-"})
_MEASURE = re.compile(r"(\d[\d.,]*)([a-z]{2,})")
_OPENS_CLAUSE = frozenset({",", "and", "but", "while", "whereas", ";", "—", "."})
_UNSEEN = frozenset({'"', "''", "``", "*", "_"})
_WORKLOAD: frozenset[str] = frozenset({WORKLOAD})
_UNTYPED: frozenset[str] = frozenset()
_WORKLOADS = {"training": AIG.Training, "inference": AIG.Inference, "inferencing": AIG.Inference}


@cache
def _types(kind: EntityType, *, pair: bool) -> frozenset[str]:
    return frozenset({kind, PAIR}) if pair else frozenset({kind})


@dataclass(frozen=True, slots=True)
class Slot:
    """A word (lower case, hyphenated words in one), or a mention with all the words it covers."""

    word: str
    span: Span
    mention: Mention | None = None

    @property
    def types(self) -> frozenset[str]:
        """The type of what the slot can stand for as an argument: of the mention, or "Workload".

        Two organizations at once ("both firms") are a "Pair" besides.
        """
        if self.mention:
            return _types(self.mention.type, pair=bool(self.mention.fellows) and self.mention.type in BODY)
        return _WORKLOAD if self.workload else _UNTYPED

    @property
    def refers(self) -> bool:
        """True for a pronoun or nominal mention: it points to something named elsewhere."""
        return self.mention is not None and self.mention.kind != MentionKind.NAME

    @property
    def workload(self) -> NamedNode | None:
        """`aig:Training` or `aig:Inference` where the word names that workload ("inference-only" too)."""
        return None if self.mention else _WORKLOADS.get(self.word.split("-")[0])

    @property
    def value(self) -> NamedNode | None:
        """The entity or workload; None for any other word."""
        return self.mention.entity if self.mention else self.workload

    @property
    def values(self) -> tuple[NamedNode, ...]:
        """The entities or the workload: two for "both"; none for any other word."""
        if self.mention:
            return self.mention.entities
        return (self.workload,) if self.workload else ()

    @property
    def owns(self) -> bool:
        """True for a possessive pronoun that was resolved ("its")."""
        return self.word in POSSESSIVE_PRONOUNS and self.refers


@dataclass(frozen=True, slots=True, eq=False)
class Lexicon:
    """The words that patterns may name: verbs, and classes of phrases ("device": chip, GPU …)."""

    verbs: Inflections
    classes: Mapping[str, frozenset[tuple[str, ...]]]
    _starts: Mapping[tuple[str, str], tuple[tuple[str, ...], ...]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        starts: dict[tuple[str, str], list[tuple[str, ...]]] = defaultdict(list)
        for name, phrases in self.classes.items():
            for phrase in phrases:
                starts[name, phrase[0]].append(phrase)
        ordered = {key: tuple(sorted(found, key=lambda p: (-len(p), p))) for key, found in starts.items()}
        object.__setattr__(self, "_starts", ordered)

    def phrases(self, name: str) -> frozenset[tuple[str, ...]]:
        """The phrases of a class; none for a class that is not listed."""
        return self.classes.get(name, frozenset())

    def starting(self, name: str, word: str) -> tuple[tuple[str, ...], ...]:
        """The phrases of a class that begin with a word, longest first."""
        return self._starts.get((name, word), ())

    def has(self, name: str, word: str) -> bool:
        """True where a class lists that single word."""
        return (word,) in self.phrases(name)


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence in slots; `words` and `types` are what stands in it anywhere, `texts` has the word of each slot."""

    slots: tuple[Slot, ...]
    lexicon: Lexicon
    words: frozenset[str]
    types: frozenset[str]
    texts: tuple[str, ...] = field(init=False, repr=False)
    _kept: dict[object, tuple[Any, ...]] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        texts = (s.word if s.mention is None or s.mention.kind == MentionKind.PRONOUN else "" for s in self.slots)
        object.__setattr__(self, "texts", tuple(texts))

    def __len__(self) -> int:
        return len(self.slots)

    def word(self, index: int) -> str:
        """The word at an index; empty beyond the ends and for mentions, pronouns excepted."""
        return self.texts[index] if 0 <= index < len(self.texts) else ""

    def within(self, name: str, index: int) -> bool:
        """True where the word at an index is in a class of the lexicon."""
        return self.lexicon.has(name, self.word(index))

    def phrase(self, name: str, index: int) -> int:
        """How many slots the longest phrase of a class takes that begins at an index; 0 where there is none."""
        found = self.lexicon.starting(name, self.word(index))
        fits = (p for p in found if all(self.word(index + step) == word for step, word in enumerate(p)))
        return len(next(fits, ()))

    def keep(self, key: object, find: Callable[[], Iterable[_T]]) -> tuple[_T, ...]:
        """What was found in this line under a key, found when first asked for: many rules look for the same."""
        known = self._kept.get(key)
        if known is None:
            known = self._kept[key] = tuple(find())
        return known

    def finite(self, index: int) -> bool:
        """True where the word at an index can be the finite verb of a clause."""
        return _is_verbal(self.word(index), self.lexicon)


def read_line(block: ReadBlock, sentence: Sentence, mentions: Sequence[Mention], lexicon: Lexicon) -> Line:
    """The slots of one sentence; `mentions` are those of the article, in order. The last ones are kept."""
    inside = These(tuple(m for m in within(mentions, sentence.span) if m.span in sentence.span))
    return _line(block.doc, block.block.span.start, (sentence.first, sentence.last), inside, lexicon)


@lru_cache(maxsize=256)
def _line(doc: Doc, base: int, stretch: tuple[int, int], these: These, lexicon: Lexicon) -> Line:
    inside = these.mentions
    slots: list[Slot] = []
    glue = False
    tokens = tokens_of(doc)
    for token in tokens[slice(*stretch)]:
        span = Span(base + token.idx, base + token.idx + len(token.text))
        mention = next((m for m in inside if m.span.overlaps(span)), None)
        month = token.text == "May" and bool(slots)  # the auxiliary has no capital
        word = token.text if month else token.text.translate(_PLAIN).lower()
        if mention is not None:
            glue = False
            if not (slots and slots[-1].mention is mention):
                slots.append(Slot(word, mention.span, mention))
            continue
        touches = bool(slots) and slots[-1].span.end == span.start
        if touches and (glue or (word == "-" and _followed(tokens, token.i))):
            if slots[-1].mention is None:
                last = slots.pop()
                slots.append(Slot(last.word + word, Span(last.span.start, span.end)))
            else:
                slots.append(Slot(word, span))
            glue = word == "-"
        elif word.strip() and word not in _UNSEEN:
            slots += _measure(word, span)
            glue = False
    slots = list(_owned_by_subjects(slots, lexicon))
    kept = tuple(_without_hedges(tuple(_without_glosses(slots)), lexicon))
    words = frozenset(part for slot in kept for part in (slot.word, *slot.word.split("-")))
    return Line(kept, lexicon, words, frozenset().union(*(slot.types for slot in kept)))


def _owned_by_subjects(slots: Sequence[Slot], lexicon: Lexicon) -> Iterator[Slot]:
    """Give "its" the subject of its own clause: "A advances its X, and B has a new line with its Y".

    That is the organization named behind the last comma, conjunction or beginning, with a finite verb behind it, where
    no other organization stands between. Any other "its" keeps what it was resolved to.
    """
    subject: Mention | None = None
    for index, slot in enumerate(slots):
        opens = index == 0 or slots[index - 1].word in _OPENS_CLAUSE
        body = slot.mention if slot.mention and slot.mention.type in BODY else None
        if body and body.kind == MentionKind.NAME:
            subject = body if opens and _has_verb(slots, index + 1, lexicon) else None
        elif slot.word in (";", ".", ":", "(", "—", "who", "whose", "that", "which"):
            subject = None
        elif subject and body and slot.word == "its" and body.entity != subject.entity and not _beside(slots, index):
            yield replace(slot, mention=replace(body, entity=subject.entity, type=subject.type))
            continue
        yield slot


def _beside(slots: Sequence[Slot], index: int) -> bool:
    """True where "its" opens an aside right behind a name, which it cannot mean then: "Acme, its oldest rival"."""
    return index > 1 and slots[index - 1].word == "," and slots[index - 2].mention is not None


def _has_verb(slots: Sequence[Slot], at: int, lexicon: Lexicon) -> bool:
    """True where a finite verb stands at a slot, or behind a short aside between commas that begins there."""
    if at < len(slots) and slots[at].word == ",":
        closing = (i for i in range(at + 2, min(at + 12, len(slots))) if slots[i].word == ",")
        at = next(closing, len(slots)) + 1
    return at < len(slots) and not slots[at].mention and _is_verbal(slots[at].word, lexicon)


def _is_verbal(word: str, lexicon: Lexicon) -> bool:
    """True for an auxiliary or a finite form of a known verb."""
    finite = any(reading.form in (Form.THIRD, Form.PAST) for reading in lexicon.verbs.readings(word))
    return lexicon.has("auxiliary", word) or finite


def _measure(word: str, span: Span) -> Iterator[Slot]:
    """A word in one slot, a figure with its unit in two: "64GB"."""
    measured = _MEASURE.fullmatch(word)
    if measured and span.end - span.start == len(word):
        middle = span.start + len(measured[1])
        yield Slot(measured[1], Span(span.start, middle))
        yield Slot(measured[2], Span(middle, span.end))
    else:
        yield Slot(word, span)


def _followed(tokens: Sequence[Token], index: int) -> bool:
    """True where a hyphen has a word right behind it."""
    return index + 1 < len(tokens) and not tokens[index].whitespace_ and tokens[index + 1].is_alpha


def _without_glosses(slots: Sequence[Slot]) -> Iterator[Slot]:
    """Leave off a short form in brackets behind its name: "Big Unit (BU)"."""
    index = 0
    while index < len(slots):
        slot = slots[index]
        yield slot
        index += 1
        bracketed = slots[index : index + 3]
        if slot.mention and len(bracketed) == 3 and bracketed[0].word == "(" and bracketed[2].word == ")":
            inner = bracketed[1].mention
            if inner is None or inner.entity == slot.mention.entity:
                index += 3


def _without_hedges(slots: Sequence[Slot], lexicon: Lexicon) -> Iterator[Slot]:
    """Leave off the words that bound a figure: "as many as 400,000", "at least $18 billion"."""
    index = 0
    while index < len(slots):
        for phrase in lexicon.starting("hedge", slots[index].word):
            end = index + len(phrase)
            following = slots[end].word if end < len(slots) else "-"
            figure = following[0].isdigit() or following in "$€£¥" or lexicon.has("number", following)
            if figure and tuple(slot.word for slot in slots[index:end]) == phrase:
                index = end
                break
        else:
            yield slots[index]
            index += 1


@dataclass(frozen=True, slots=True, eq=False)
class Types:
    """The types that an argument may have; with `refers` any mention that is no name instead."""

    wanted: frozenset[str]
    refers: bool = False

    def __call__(self, slot: Slot) -> bool:
        """True where a slot can be that argument."""
        return slot.refers if self.refers else not self.wanted.isdisjoint(slot.types)


def named_types(names: Sequence[str]) -> Types:
    """The types of a pattern: TYPE_GROUPS, single types, or "Own" for whatever is no name; for the same names one."""
    return _types_named(frozenset(names))


@cache
def _types_named(names: frozenset[str]) -> Types:
    if "Own" in names:
        return Types(frozenset(), refers=True)
    return Types(frozenset().union(*(TYPE_GROUPS.get(name, frozenset({name})) for name in names)))


_TECHNOLOGY = named_types(["Technology"])


def coordination(line: Line, start: int, accepts: Types, *, across: bool) -> tuple[tuple[int, tuple[int, ...]], ...]:
    """The lists of arguments that begin at a slot: (index behind it, indices of its members), longest first.

    "A, B and C" is one list, "A, B" alone is not. Members may carry determiners and head nouns ("the A chip and its
    B cards"), and with `across` an owner of their own ("A's X and B's Y").
    """
    if not (0 <= start < len(line) and accepts(line.slots[start])):
        return ()
    return line.keep((start, accepts, across), lambda: _coordination(line, start, accepts, across))


def _coordination(line: Line, start: int, accepts: Types, across: bool) -> Iterator[tuple[int, tuple[int, ...]]]:
    members, sure, end = [start], 1, start + 1
    ends = [end]
    while True:
        at = _bracket(line, _heads(line, end))
        comma = line.word(at) == ","
        at += comma
        joined = line.within("conjunction", at)
        at += joined
        if not (comma or joined) or (comma and joined and len(members) == 1):
            break
        if joined and line.within("closer", at):
            sure = len(members)
            break
        at = _filler(line, at, accepts, across)
        if not (at < len(line) and accepts(line.slots[at])) or line.slots[at].owns:
            break
        members.append(at)
        end = at + 1
        ends.append(end)
        if joined:
            sure = len(members)
            break
    if sure > 1:
        yield from _with_heads(line, ends[sure - 1], tuple(members[:sure]))
    yield from _with_heads(line, start + 1, (start,))


def _with_heads(line: Line, end: int, members: tuple[int, ...]) -> Iterator[tuple[int, tuple[int, ...]]]:
    heads = _heads(line, end)
    if heads != end:
        yield heads, members
    yield end, members


def _heads(line: Line, at: int) -> int:
    """Skip up to three head nouns behind a name: "the A1 accelerator cards", "Zeta TPUs"."""
    for step in range(3):
        behind = at + step
        technology = behind < len(line) and _TECHNOLOGY(line.slots[behind])
        if not (technology or line.within("device", behind)):
            return behind
    return at + 3


def _bracket(line: Line, at: int) -> int:
    """Skip a short remark in brackets behind a member of a list: "A ($14.2 billion) and B"."""
    if line.word(at) == "(":
        for end in range(at + 1, min(at + 8, len(line))):
            if line.slots[end].mention:
                return at
            if line.word(end) == ")":
                return end + 1
    return at


def _filler(line: Line, at: int, accepts: Types, across: bool) -> int:
    """Skip determiners and adjectives before a member of a list, and its owner where allowed."""
    limit = at + 3
    while at < limit and (line.within("determiner", at) or line.word(at).replace(",", "").isdigit()):
        at += 1
    if at < len(line) and across and line.slots[at].mention and not accepts(line.slots[at]):
        at += 1 + (line.word(at + 1) in ("'s", "'"))
    if at + 1 < len(line) and line.word(at).isalpha() and not line.finite(at) and accepts(line.slots[at + 1]):
        at += 1
    return at
