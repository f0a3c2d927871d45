"""The words of `metrics.yaml`, and sentences as plain tokens around one figure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from aigraph.errors import DataError
from aigraph.facts.claims.measures import Anchor
from aigraph.facts.speech.cues import Phrase, compile_phrases
from aigraph.facts.words.grammar import function_words
from aigraph.records import Span
from aigraph.resources import parse_yaml

FILE = Path(__file__).with_name("metrics.yaml")
_TOKEN = re.compile(r"[^\W_]+(?:[-/&'’.][^\W_]+)*|[^\w\s]")
SIGNS = frozenset({"+", "-", "−", "–"})
"""Signs before a change."""
_LABEL = 6
_ANCHORED = 3.0
_LONG = 4
_FIGURE = 4.0
_OTHER_CLAUSE = 6.0
_CHANGE_BEFORE, _CHANGE_BEHIND, _CHANGE_REACH = 9, 5, 12.0


@dataclass(frozen=True, slots=True)
class MetricWords:
    """The lists of `metrics.yaml`: `parts` and `qualities` by word, all else as the file has it."""

    cues: Mapping[str, Sequence[Phrase]]
    growth: Mapping[str, str]
    change: frozenset[str]
    growing: frozenset[str]
    vague: frozenset[str]
    stock: Sequence[Phrase]
    parts: Mapping[str, str]
    defaults: Mapping[str, str]
    barriers: Mapping[str, float]
    results: frozenset[str]
    result_names: Sequence[str]
    planned: frozenset[str]
    owned: frozenset[str]
    cut: frozenset[str]
    raised: frozenset[str]
    listing: Sequence[Phrase]
    per_share: frozenset[str]
    qualities: Mapping[str, str]
    progress: frozenset[str]
    dearer: frozenset[str]
    traded: frozenset[str]
    forms: frozenset[str]
    projects: frozenset[str]
    pieces: frozenset[str]
    workplaces: frozenset[str]
    wafers: frozenset[str]
    stakes: frozenset[str]
    buyers: frozenset[str]
    tender: frozenset[str]
    firms: frozenset[str]
    courts: frozenset[str]
    claiming: frozenset[str]


@cache
def load_metric_words() -> MetricWords:
    """The lists of `metrics.yaml`.

    Raises:
        DataError: a list is missing.
    """
    data: dict[str, Any] = parse_yaml(FILE.read_text(encoding="utf-8"))
    try:
        return MetricWords(
            cues={name: compile_phrases(name, words) for name, words in data["cues"].items()},
            growth=data["growth"],
            change=frozenset(data["change"]),
            growing=frozenset(data["growing"]),
            vague=frozenset(data["vague"]),
            stock=compile_phrases("stock", data["stock"]),
            parts={word: name for name, words in data["parts"].items() for word in words},
            defaults=data["defaults"],
            results=frozenset(data["results"]),
            result_names=tuple(data["result_names"]),
            planned=frozenset(data["planned"]),
            owned=frozenset(data["owned"]),
            cut=frozenset(data["cut"]),
            raised=frozenset(data["raised"]),
            per_share=frozenset(data["per_share"]),
            qualities={word: label for label, words in data["qualities"].items() for word in words},
            progress=frozenset(data["progress"]),
            dearer=frozenset(data["dearer"]),
            traded=frozenset(data["traded"]),
            forms=frozenset(data["forms"]),
            projects=frozenset(data["projects"]),
            pieces=frozenset(data["pieces"]),
            workplaces=frozenset(data["workplaces"]),
            wafers=frozenset(data["wafers"]),
            stakes=frozenset(data["stakes"]),
            buyers=frozenset(data["buyers"]),
            tender=frozenset(data["tender"]),
            firms=frozenset(data["firms"]),
            courts=frozenset(data["courts"]),
            claiming=frozenset(data["claiming"]),
            listing=compile_phrases("listing", data["listing"]),
            barriers={sign: float(cost) for sign, cost in data["barriers"].items()},
        )
    except KeyError as missing:
        raise DataError(f"{FILE.name}: the list {missing} is missing; add it.") from None


_SHORT = 3
"""Letters up to which words are lower case in headlines, too."""


@dataclass(frozen=True, slots=True)
class Token:
    """A word in lower case without possessive ending, or a sign."""

    text: str
    span: Span
    raw: str
    named: bool = False  # the words of a name may be those of a metric: "HBM capacity"


@dataclass(frozen=True, slots=True)
class Tokens:
    """A stretch of text in tokens, with the indices of one figure in it and the spans of the others."""

    tokens: tuple[Token, ...]
    first: int = 0
    last: int = -1
    others: tuple[Span, ...] = ()
    clause: tuple[Span, ...] = ()
    anchors: tuple[Anchor, ...] = ()

    @classmethod
    def of(
        cls,
        text: str,
        stretch: Span,
        figure: Span | None = None,
        *,
        others: Sequence[Span] = (),
        clause: Sequence[Span] = (),
        anchors: Sequence[Anchor] = (),
    ) -> Tokens:
        """The tokens of a stretch of the article; `clause` are the stretches of the figure's clause."""
        tokens = tuple(
            Token(plain(m[0]).removesuffix("'s"), Span(stretch.start + m.start(), stretch.start + m.end()), m[0])
            for m in _TOKEN.finditer(text[stretch.start : stretch.end])
        )
        inside = [i for i, token in enumerate(tokens) if figure is not None and token.span.overlaps(figure)]
        return cls(
            tokens,
            inside[0] if inside else 0,
            inside[-1] if inside else -1,
            tuple(others),
            tuple(clause),
            tuple(anchors),
        )

    def within(self, span: Span) -> Tokens:
        """The tokens of a part of it."""
        return Tokens(tuple(token for token in self.tokens if token.span.overlaps(span)))

    def spoken(self, span: Span) -> str:
        """The words of a part of it, as the article writes them."""
        return spoken(self.within(span).tokens)

    def anchored(self, first: int, end: int) -> float | None:
        """How sure words are by syntax, the lower the surer; None where they stand in no phrase that counts."""
        words = Span(self.tokens[first].span.start, self.tokens[end - 1].span.end)
        return next((a.cost - _ANCHORED for a in self.anchors if a.span.overlaps(words)), None)

    def distance(self, first: int, end: int, barriers: Mapping[str, float]) -> float | None:
        """How far words are from the figure, more for each sign and figure on the way; None where they overlap."""
        if first <= self.last and end > self.first:
            return None
        ahead = end <= self.first
        between = self.tokens[end : self.first] if ahead else self.tokens[self.last + 1 : first]
        cost = float(len(between)) + sum(barriers.get(token.text, 0.0) for token in between)
        if between:
            way = Span(between[0].span.start, between[-1].span.end)
            cost += _FIGURE * sum(way.overlaps(other) for other in self.others)
        if self.clause and not any(self.tokens[first].span.overlaps(part) for part in self.clause):
            cost += _OTHER_CLAUSE
        belongs = not ahead and len(between) == 1 and between[0].text in ("of", "in")
        return cost - 1.5 if belongs else cost

    def near(self, word: str, barriers: Mapping[str, float]) -> bool:
        """True where a word of change stands so near the figure that it speaks of it."""
        start, end = max(0, self.first - _CHANGE_BEFORE), min(len(self.tokens), self.last + _CHANGE_BEHIND)
        for at in range(start, end):
            told = self.tokens[at].text == word and (at == 0 or not self.tokens[at].raw.istitle())  # no "Growth Fund"
            cost = self.distance(at, at + 1, barriers) if told else None
            if cost is not None and cost < _CHANGE_REACH:
                return True
        return False

    def in_name(self, at: int) -> bool:
        """Is a word with a capital the end of a name, in a sentence where not all words have one: "Acme Holding"?"""
        words = [token.raw for token in self.tokens if len(token.raw) > _SHORT and token.raw.isalpha()]
        prose = sum(word.islower() for word in words) * 2 >= len(words)
        return prose and at > 0 and self.tokens[at].raw.istitle() and self.tokens[at - 1].raw[:1].isupper()

    def listed_price(self) -> bool:
        """True for a change of a share price as lists of them have it: "Orrin +4.1%"."""
        before = self.tokens[max(0, self.first - 2) : self.first]
        if len(before) < 2 or before[1].raw not in SIGNS or not before[0].raw[:1].isupper():
            return False
        return before[1].span.end == self.tokens[self.first].span.start > before[0].span.end + 1

    def holds(self, words: frozenset[str]) -> bool:
        """True where the figure itself is one of some words: "doubled"."""
        return any(token.text in words for token in self.tokens[self.first : self.last + 1])

    def before_has(self, phrases: Sequence[Phrase]) -> bool:
        """True where one of some phrases stands before the figure."""
        before = self.tokens[: self.first]
        return any(phrase.ends(before, at) is not None for at in range(len(before)) for phrase in phrases)

    def behind(self) -> Sequence[Token]:
        """What follows the figure."""
        return self.tokens[self.last + 1 :]

    def behind_list(self) -> Sequence[Token]:
        """What follows the list of figures that the figure is in: "28%, 35% and 14% of wafer sales"."""
        rest = self.behind()
        listed = False
        while rest:
            figure = any(rest[0].span.overlaps(other) for other in self.others)
            if not figure and rest[0].text not in (",", "and", "or", "%"):
                break
            listed = listed or figure
            rest = rest[1:]
        return rest if listed and rest and rest[0].text == "of" else self.behind()


def plain(text: str) -> str:
    """Lower case, straight apostrophes."""
    return text.casefold().replace("’", "'")


def spoken(tokens: Sequence[Token]) -> str:
    """Tokens as a phrase, as the article writes them."""
    return " ".join(token.raw for token in tokens)


def phrase_before(tokens: Sequence[Token]) -> list[Token]:
    """The noun phrase that some tokens end in, without its determiner: "the odds of a deal", "an interest rate"."""
    stops = (function_words("prepositions") | function_words("phrase_stops") | function_words("auxiliaries")) - {"of"}
    determiners = function_words("determiners")
    phrase: list[Token] = []
    for at in range(len(tokens) - 1, max(-1, len(tokens) - _LABEL - 1), -1):
        token = tokens[at]
        if token.text in determiners and not (at and tokens[at - 1].text == "of"):
            return phrase
        if token.text in stops or not token.text[0].isalpha():
            break
        phrase.insert(0, token)
    return phrase if len(phrase) < _LONG else []


def noun_phrase(tokens: Sequence[Token], *, over_of: bool = False) -> list[Token]:
    """The words up to the next preposition, conjunction or sign, without determiners; with `over_of` over "of"."""
    stops = (function_words("prepositions") | function_words("phrase_stops")) - ({"of"} if over_of else set())
    phrase: list[Token] = []
    for token in tokens[: _LABEL + 2]:
        if token.text in function_words("left_off") and not phrase:
            continue
        if token.text in stops or not token.text[0].isalnum():
            break
        phrase.append(token)
    return phrase[:_LABEL]
