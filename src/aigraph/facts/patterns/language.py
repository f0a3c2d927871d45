"""The pattern language of the rules: compiled once, matched against the slots of a sentence.

    {s:Organization}   an argument: a mention (or a list "A, B and C") of a type. "Any", "Technology", "Hardware",
                       "Party" and "Organization" stand for several types, "Own" for any pronoun or description; "|"
                       parts alternatives, "+" behind the type lets a list go on over "A's X and B's Y"
    (develop|make)     a finite verb with its auxiliaries, active; (develop:passive) with or without a form of "be";
                       (develop:gerund), (develop:base) and (develop:participle) one bare form
    by|from            a word, or one of several; "_" for a blank within a phrase
    <device>           a phrase of a word class of rules/words.yaml; <post>:role keeps the words as `role`
    !<former>          neither the word before nor the one that follows is of that class
    !{Technology}      no mention of that type follows
    's                 a possessive mark, or nothing behind "its"
    [ … ]              may be left out
    ~3-former          a gap that crosses no word of a class; also ~3:role, which keeps what it crosses as `role`
    ~3                 a gap of up to three words inside a noun phrase: no preposition but "of", no verb, no mention
    ~~6                a gap inside a clause: prepositions too, mentions of places and events too
    ...9               a gap inside a sentence, over mentions and verbs, but not over ";"
    ^ and $            the beginning and the end of a sentence
    @maker             a macro of the rule file

`docs/rules.md` explains how to write rules.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from aigraph.errors import DataError
from aigraph.facts.patterns.lines import Lexicon, Line, Types, coordination, named_types
from aigraph.facts.patterns.verbs import VOICES, active_ends, bare_ends, passive_ends
from aigraph.facts.words.inflections import Form
from aigraph.records import EntityType

Bindings = tuple[tuple[str, tuple[int, ...]], ...]


class Element:
    """One part of a pattern."""

    __slots__ = ()

    def ends(self, line: Line, at: int) -> Iterator[tuple[int, Bindings]]:
        """Every way to match from a slot on, the preferred one first: the index behind it, and what it binds."""
        raise NotImplementedError

    def needs(self) -> frozenset[str]:
        """Words of which a sentence must have one; empty where it needs none."""
        return frozenset()

    def starts(self, line: Line) -> Sequence[int]:
        """The slots from which it may match, as far as a look at them alone tells."""
        return range(len(line))


@dataclass(frozen=True, slots=True)
class Match:
    """Where a pattern matched: slots `first` to `last` (exclusive), and the slots of each name."""

    first: int
    last: int
    bindings: Mapping[str, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class _Argument(Element):
    """`{name:Type}`."""

    name: str
    types: Types
    across: bool

    def ends(self, line: Line, at: int) -> Iterator[tuple[int, Bindings]]:
        for end, members in coordination(line, at, self.types, across=self.across):
            yield end, () if self.name == "_" else ((self.name, members),)

    def starts(self, line: Line) -> Sequence[int]:
        return line.keep(self.types, lambda: (at for at, slot in enumerate(line.slots) if self.types(slot)))


@dataclass(frozen=True, slots=True)
class _Words(Element):
    """`by|from` or `<class>`; the longest phrase first."""

    phrases: Mapping[str, tuple[tuple[str, ...], ...]]
    name: str = ""

    def ends(self, line: Line, at: int) -> Iterator[tuple[int, Bindings]]:
        for phrase in self.phrases.get(line.word(at), ()):
            if all(line.word(at + step) == word for step, word in enumerate(phrase)):
                end = at + len(phrase)
                yield end, ((self.name, tuple(range(at, end))),) if self.name else ()

    def needs(self) -> frozenset[str]:
        return frozenset(self.phrases)

    def starts(self, line: Line) -> Sequence[int]:
        return [at for at, word in enumerate(line.texts) if word in self.phrases]


def _words(phrases: Iterable[tuple[str, ...]], name: str) -> _Words:
    by_first: dict[str, tuple[tuple[str, ...], ...]] = {}
    for phrase in sorted(phrases, key=lambda p: (-len(p), p)):
        by_first[phrase[0]] = (*by_first.get(phrase[0], ()), phrase)
    return _Words(by_first, name)


@dataclass(frozen=True, slots=True)
class _VerbGroup(Element):
    """`(lemma|lemma:voice)`."""

    lemmas: frozenset[str]
    voice: str
    words: frozenset[str]

    def ends(self, line: Line, at: int) -> Iterator[tuple[int, Bindings]]:
        if self.voice == "active":
            found = active_ends(line, at, self.lemmas)
        elif self.voice == "passive":
            found = passive_ends(line, at, self.lemmas)
        else:
            found = bare_ends(line, at, self.lemmas, Form(self.voice))
        for begin, end in found:
            yield end, (("verb", (begin, end - 1)),)

    def needs(self) -> frozenset[str]:
        return self.words


@dataclass(frozen=True, slots=True)
class _Possessive(Element):
    """`'s`: the mark, a possessive pronoun before it, or a relative clause ("Acme, whose clients include …")."""

    def ends(self, line: Line, at: int) -> Iterator[tuple[int, Bindings]]:
        if line.word(at) in ("'s", "'"):
            yield at + 1, ()
        elif at > 0 and line.slots[at - 1].owns:
            yield at, ()
        elif line.word(at) == "," and line.word(at + 1) == "whose":
            yield at + 2, ()


@dataclass(frozen=True, slots=True)
class _Gap(Element):
    """`~n`, `~~n` and `...n`; the shortest stretch first, but the longest first where its words are kept."""

    limit: int
    reach: str
    bar: frozenset[tuple[str, ...]] = frozenset()
    name: str = ""

    def ends(self, line: Line, at: int) -> Iterator[tuple[int, Bindings]]:
        last = at
        while last - at < self.limit and last < len(line) and self._crosses(line, last):
            last += 1
        for end in range(last, at - 1, -1) if self.name else range(at, last + 1):
            yield end, ((self.name, tuple(range(at, end))),) if self.name and end > at else ()

    def _crosses(self, line: Line, at: int) -> bool:
        slot = line.slots[at]
        if (slot.word,) in self.bar:
            return False
        if self.reach == "...":
            return slot.word not in (";", "|")
        if slot.mention and not slot.owns:
            return self.reach == "~~" and slot.mention.type in (EntityType.PLACE, EntityType.EVENT)
        if line.within("auxiliary", at) or line.within("clause", at):
            return False
        if self.reach == "~~":
            return True
        return slot.word not in ("'s", "'") and not (line.within("preposition", at) or line.within("conjunction", at))


@dataclass(frozen=True, slots=True)
class _Optional(Element):
    """`[ … ]`; with the bracketed part first."""

    inner: tuple[Element, ...]

    def ends(self, line: Line, at: int) -> Iterator[tuple[int, Bindings]]:
        if self.inner:
            yield from _walk(self.inner, line, at)
        yield at, ()


@dataclass(frozen=True, slots=True)
class _Not(Element):
    """`!<class>`: the word before is not of a class, nor is the one that follows."""

    phrases: frozenset[tuple[str, ...]]

    def ends(self, line: Line, at: int) -> Iterator[tuple[int, Bindings]]:
        if (line.word(at - 1),) not in self.phrases and (line.word(at),) not in self.phrases:
            yield at, ()


@dataclass(frozen=True, slots=True)
class _NotArgument(Element):
    """`!{Type}`: no mention of that type follows."""

    types: Types

    def ends(self, line: Line, at: int) -> Iterator[tuple[int, Bindings]]:
        if at >= len(line) or not self.types(line.slots[at]):
            yield at, ()


@dataclass(frozen=True, slots=True)
class _Edge(Element):
    """`^` or `$`."""

    first: bool

    def ends(self, line: Line, at: int) -> Iterator[tuple[int, Bindings]]:
        if (at == 0) if self.first else (at == len(line) or (at == len(line) - 1 and line.word(at) in ".!?")):
            yield at, ()


def _walk(elements: Sequence[Element], line: Line, at: int, number: int = 0) -> Iterator[tuple[int, Bindings]]:
    if number == len(elements) - 1:
        yield from elements[number].ends(line, at)
        return
    for middle, bound in elements[number].ends(line, at):
        for end, rest in _walk(elements, line, middle, number + 1):
            yield end, bound + rest


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled pattern."""

    source: str
    elements: tuple[Element, ...]
    needs: tuple[frozenset[str], ...]
    types: tuple[Types, ...]

    def matches(self, line: Line) -> Iterator[Match]:
        """The best way to match from each slot of a sentence, and for each verb that it may go by."""
        for words in self.needs:  # most patterns of most sentences end here: no generators
            if words.isdisjoint(line.words):
                return
        for types in self.types:
            if types.wanted.isdisjoint(line.types):
                return
        taken: set[int] = set()
        for first in self.elements[0].starts(line):
            if first in taken:
                continue
            verbs: set[tuple[int, ...]] = set()
            seen: list[dict[str, tuple[int, ...]]] = []
            for end, bound in _walk(self.elements, line, first):
                bindings: dict[str, tuple[int, ...]] = {}
                for name, indices in bound:
                    bindings[name] = bindings.get(name, ()) + indices
                verb = bindings.get("verb", ())
                things = {name: slots for name, slots in bindings.items() if name != "verb"}
                if verb in verbs or things in seen:
                    continue
                verbs.add(verb)
                seen.append(things)
                if isinstance(self.elements[0], _Argument):
                    # "A and B invest" is no second match from B on
                    taken.update(bindings.get(self.elements[0].name, ()))
                yield Match(first, end, bindings)


_TOKEN = re.compile(
    r"""\{(?P<name>\w+):(?P<types>[\w|]+)(?P<across>\+?)\}
    |!\{(?P<no>[\w|]+)\}
    |\((?P<lemmas>[\w|-]+)(?::(?P<voice>\w+))?\)
    |(?P<bar>!?)<(?P<cls>[\w-]+)>(?::(?P<kept>\w+))?
    |(?P<gap>~~|~|\.\.\.)(?P<limit>\d+)(?:-(?P<gapbar>\w+))?(?::(?P<gapname>\w+))?
    |(?P<open>\[)|(?P<close>\])|(?P<edge>[\^$])|(?P<poss>'s)
    |(?P<macro>@[\w-]+)
    |(?P<words>[^\s\[\]{}()<>]+)""",
    re.VERBOSE,
)


def compile_pattern(source: str, lexicon: Lexicon, macros: Mapping[str, str] | None = None) -> Pattern:
    """Compile one pattern.

    Raises:
        DataError: the pattern is malformed or names a verb, class or macro that does not exist.
    """
    text = source
    for _ in range(3):
        text = re.sub(r"@([\w-]+)", lambda m: _macro(m[1], source, macros or {}), text)
    stack: list[list[Element]] = [[]]
    position = 0
    while (position := position + len(text[position:]) - len(text[position:].lstrip())) < len(text):
        token = _TOKEN.match(text, position)
        if token is None:
            raise DataError(f"The pattern {source!r} cannot be read from {text[position:]!r} on; see docs/rules.md.")
        position = token.end()
        if token["open"]:
            stack.append([])
        elif token["close"]:
            if len(stack) < 2:
                raise DataError(f"The pattern {source!r} closes a bracket that it did not open.")
            inner = tuple(stack.pop())
            stack[-1].append(_Optional(inner))
        else:
            stack[-1].append(_element(token, source, lexicon))
    if len(stack) != 1 or not stack[0]:
        raise DataError(f"The pattern {source!r} is empty or leaves a bracket open.")
    elements = tuple(stack[0])
    needs = tuple(words for element in elements if (words := element.needs()))
    types = tuple(e.types for e in elements if isinstance(e, _Argument) and not e.types.refers)
    return Pattern(source, elements, needs, types)


def _macro(name: str, source: str, macros: Mapping[str, str]) -> str:
    if name not in macros:
        raise DataError(f"The pattern {source!r} uses the macro @{name}, which its file does not define.")
    return macros[name]


def _element(token: re.Match[str], source: str, lexicon: Lexicon) -> Element:
    element: Element
    if token["name"]:
        element = _Argument(token["name"], named_types(token["types"].split("|")), bool(token["across"]))
    elif token["no"]:
        element = _NotArgument(named_types(token["no"].split("|")))
    elif token["lemmas"]:
        element = _verb_group(frozenset(token["lemmas"].split("|")), token["voice"] or "active", source, lexicon)
    elif token["cls"]:
        phrases = lexicon.phrases(token["cls"])
        if not phrases:
            raise DataError(f"The pattern {source!r} uses the class <{token['cls']}>, which rules/words.yaml lacks.")
        element = _Not(phrases) if token["bar"] else _words(phrases, token["kept"] or "")
    elif token["gap"]:
        bar = lexicon.phrases(token["gapbar"]) if token["gapbar"] else frozenset()
        element = _Gap(int(token["limit"]), token["gap"], bar, token["gapname"] or "")
    elif token["edge"]:
        element = _Edge(token["edge"] == "^")
    elif token["poss"]:
        element = _Possessive()
    else:
        words, _, name = token["words"].partition(":")
        element = _words([tuple(word.split("_")) for word in words.lower().split("|")], name)
    return element


def _verb_group(lemmas: frozenset[str], voice: str, source: str, lexicon: Lexicon) -> _VerbGroup:
    if voice not in VOICES:
        raise DataError(f"The pattern {source!r} asks for the voice {voice!r}; there are {', '.join(VOICES)}.")
    return _VerbGroup(lemmas, voice, frozenset().union(*map(lexicon.verbs.words, sorted(lemmas))))
