"""What the language model takes for names, set against the candidates of the rules."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache

from aigraph.mentions.chunks import is_figure
from aigraph.mentions.known import Match
from aigraph.mentions.masked import Item
from aigraph.mentions.text import Stretch
from aigraph.mentions.words import words
from aigraph.records import BODY, TECHNOLOGY, EntityType, RecognizedName
from aigraph.vocab import normal_name

_SURE = 0.5
"""From which score a recognised name is a candidate of its own."""
_SURE_PLAIN = 0.9
"""The same for one ordinary-looking word where a capital proves nothing: at the beginning, in title case, or where the
article has the word in lower case too."""
_BOUNDS = 0.6
"""From which score its bounds replace those of a run of capitals."""
_LONGER = 0.8
"""From which score it outdoes a listed name inside it: "China Mobile" the place, "Hailo-10H" the company."""
_CLASSES = ("chip_noun", "chip_nouns", "architecture_noun", "technology_group")
"""Groups of words for what a technology is."""
_WEIGHT, _SURE_WEIGHT = 3.0, 10.0
"""What a certain recogniser says of a type, in votes of the rules; each further place adds a fifth, up to five.

Where it finds one type likely (`_LIKELY`), rules hardly outvote it.
"""
_LIKELY = 0.7
_MORE = 0.2
_NAME = 0.7
"""From which average score something is a name, whatever the rules say."""
_NO_PRODUCT = BODY | {EntityType.PERSON}
"""What a name that begins with a company's may be and not be its product."""
_MATTER = re.compile(
    r", (?:the|an?) (?:[a-z-]+ ){0,3}(?:absence|act|art|change|cost|decline|delay|drop|effect|fall|fear|gap|growth"
    r"|habit|idea|lack|loss|notion|phenomenon|practice|process|rate|ratio|rise|risk|science|shift|share|speed|technique"
    r"|tendency|threat|waste) (?:of|in|by|that|to|with)\b"
)
"""What no company and no product is."""
_CURRENCY = re.compile(r"[$€£¥]")


@dataclass(slots=True)
class Recognition:
    """What the model says of each name of an article, over all its places.

    `ordinary` are words that the article writes in lower case too, `heard` all names that the model finds likely,
    candidates or not.
    """

    ordinary: frozenset[str] = frozenset()
    heard: set[str] = field(default_factory=set)
    _chances: dict[str, dict[EntityType, float]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(float))
    )
    _places: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    _scores: dict[str, float] = field(default_factory=lambda: defaultdict(float))

    def add(self, key: str, name: RecognizedName) -> None:
        """Take note of one place."""
        self._places[key] += 1
        self._scores[key] += name.score
        for kind, chance in name.types:
            self._chances[key][kind] += chance * name.score

    def is_sure(self, key: str, *, initial: bool) -> bool:
        """Whether the model takes it for a name, of whatever type, at the average of its places.

        It must be surer of what stands at the beginning of sentences alone (`initial`).
        """
        places = self._places.get(key, 0)
        return places > 0 and self._scores[key] / places >= (_SURE_PLAIN if initial else _NAME)

    def votes(self, key: str) -> dict[EntityType, float]:
        """The weight of evidence for each type of a name; empty for one that the model never saw."""
        places = self._places.get(key, 0)
        if not places:
            return {}
        chances = {kind: total / places for kind, total in self._chances[key].items()}
        weight = _SURE_WEIGHT if max(chances.values()) >= _LIKELY else _WEIGHT
        weight *= 1 + _MORE * (min(places, 6) - 1)
        return {kind: weight * chance for kind, chance in chances.items() if chance > 0.05}


def longer_names(stretch: Stretch, matches: Sequence[Match]) -> list[Match]:
    """The listed names of a stretch without those that are only parts of a name which the model is sure of.

    All listed names within are parts of it then, but for a maker before its product, and for technologies of which
    every word is listed, with their maker or without ("Apple M2").
    """
    parts: list[Match] = []
    for name in stretch.recognized:
        start, end = name.span.start - stretch.offset, name.span.end - stretch.offset
        inside = [m for m in matches if m.start < end and start < m.end]
        if inside and _is_maker(stretch, inside[0], name):  # "Zeekr 9X": the rest is the name
            start, inside = inside[0].end, inside[1:]
        more = _has_more(stretch, inside, start, end)
        if name.score < _LONGER or not name.types or not (more or len(inside) > 1):
            continue
        kinds = [m.names[0].type for m in inside]
        if not more and kinds[-1] in TECHNOLOGY and (BODY | TECHNOLOGY).issuperset(kinds):
            # what is listed word by word stays: of "Instinct MI300", a line and its member, the member
            parts += [m for m, kind in zip(inside, kinds, strict=True) if m is not inside[-1] and kind is kinds[-1]]
        elif all(_is_part(stretch, m, name) for m in inside):
            parts += inside
    return [m for m in matches if m not in parts]


def _has_more(stretch: Stretch, inside: Sequence[Match], start: int, end: int) -> bool:
    """Whether a name has more words than the listed names within, their plural and what only says what they are.

    Of "H100s", "Ironwood TPUs" and "the Vera Rubin era" the listed names are all there is.
    """
    left = "".join(
        " " if any(m.start <= i < m.end for m in inside) else c for i, c in enumerate(stretch.text[start:end], start)
    ).split()
    if inside and inside[-1].names[0].type in TECHNOLOGY and stretch.text[inside[-1].end : end].split() == left:
        left = [word for word in left if word.casefold() not in _class_words()]
    return left != ["s"] and any(map(str.isalnum, "".join(left)))


@cache
def _class_words() -> frozenset[str]:
    """Words behind the name of a technology that say what it is, and are no part of the name."""
    return frozenset(word for kind in _CLASSES for word in words(kind) if " " not in word)


def _is_maker(stretch: Stretch, match: Match, name: RecognizedName) -> bool:
    """Whether a listed body opens a recognised name that is no longer name of it ("Mitsubishi Heavy", "Hailo-10H")."""
    start, (best, chance) = name.span.start - stretch.offset, name.types[0] if name.types else (None, 0.0)
    if match.names[0].type not in BODY or match.start != start or match.end >= name.span.end - stretch.offset:
        return False
    if stretch.text[match.end : match.end + 1] == "-":
        return chance < _LONGER
    return best not in _NO_PRODUCT or name.score < _SURE_PLAIN or chance <= _NAME


def _is_part(stretch: Stretch, match: Match, name: RecognizedName) -> bool:
    """Whether a listed name within a recognised one is a part of it: "China" of "China Mobile"."""
    start, end = name.span.start - stretch.offset, name.span.end - stretch.offset
    if not (start <= match.start and match.end <= end):
        return False
    kind = match.names[0].type
    if kind is EntityType.PLACE:
        return name.types[0][1] >= _LONGER
    opens = match.start == start
    return (opens and kind in BODY) or (name.score >= _SURE_PLAIN and (not opens or kind in TECHNOLOGY))


def with_recognized(
    stretch: Stretch,
    items: Sequence[Item],
    matches: Sequence[Match],
    is_name: Callable[[str], bool],
    recognition: Recognition,
) -> list[Item]:
    """The items of a stretch with those that the model adds or bounds otherwise; all are noted in `recognition`.

    Listed names stay as they are. A recognised name replaces supposed ones that it overlaps where the model is sure.
    """
    kept = [item for item in items if not (item.supposed and _is_explained(stretch, item.start, item.end))]
    for name in stretch.recognized:
        start, end = name.span.start - stretch.offset, name.span.end - stretch.offset
        text = stretch.text[start:end]
        if name.score >= _SURE:
            recognition.heard.add(normal_name(text))
            rests = (stretch.text[m.end : end] for m in matches if m.start == start and m.names[0].type in BODY)
            recognition.heard.update(normal_name(rest) for rest in rests if any(map(str.isalpha, rest)))
        if _is_explained(stretch, start, end):
            continue
        if not is_name(text) or not name.types or is_figure(text) or _CURRENCY.match(stretch.text, end):
            continue
        if text.isalpha() and text.islower():
            continue  # a word without any capital is hardly ever a name that nobody listed
        key = normal_name(text)
        listed = [m for m in matches if m.start < end and start < m.end]
        rivals = [item for item in kept if item.supposed and item.start < end and start < item.end]
        if any((item.start, item.end) == (start, end) for item in rivals):
            recognition.add(key, name)
        elif not listed and name.score >= (_BOUNDS if rivals else _least(stretch, start, text, recognition.ordinary)):
            kept = [item for item in kept if item not in rivals]
            kept.append(Item(start, end, text, key, None, supposed=True))
            recognition.add(key, name)
        elif rivals and not listed and name.score >= _SURE:
            for item in rivals:
                recognition.add(item.key, name)
    return sorted(kept, key=lambda item: item.start)


def _is_explained(stretch: Stretch, start: int, end: int) -> bool:
    """Whether a word that opens a sentence is told to be a matter: "Creep, the slow change of shape, …"."""
    text = stretch.text[start:end]
    opens = any(stretch.tokens[i].start == start for i in stretch.initial)
    return opens and text.isalpha() and text[1:].islower() and _MATTER.match(stretch.text, end) is not None


def _least(stretch: Stretch, start: int, text: str, ordinary: frozenset[str]) -> float:
    """How sure the model must be of a name that no rule for capitals proposes."""
    plain = text.isalpha() and text[1:].islower()
    opens = any(stretch.tokens[i].start == start for i in stretch.initial)
    common = text.casefold() in ordinary
    return _SURE_PLAIN if plain and (opens or stretch.styled or common) else _SURE
