"""Short forms of names within one article: "Huang" after "Jensen Huang", "Annapurna" for "Annapurna Labs".

A short form counts only where it can stand for one name of the article alone. Nothing is merged because it looks
alike: MI300 and MI300X stay apart.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from aigraph.mentions.text import Stretch, tokenize
from aigraph.mentions.words import words
from aigraph.records import BODY, TECHNOLOGY, EntityType
from aigraph.vocab import normal_name

_PARTICLES = frozenset(
    {"de", "del", "della", "den", "der", "di", "da", "van", "von", "bin", "al", "le", "la", "ter", "ten"}
)


@dataclass(frozen=True, slots=True)
class Named:
    """A thing named in an article: its key, type and the forms met."""

    key: str
    type: EntityType
    forms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShortForm:
    """A form that stands for the thing with this key."""

    text: str
    key: str


def short_forms(things: Sequence[Named], ordinary: frozenset[str], supposed: frozenset[str]) -> tuple[ShortForm, ...]:
    """All short forms that stand for one thing alone and are no name of another.

    A name that only rules found (its key is among `supposed`) yields to a short form of a longer one.
    """
    owners: dict[str, set[str]] = defaultdict(set)
    texts: dict[str, set[str]] = defaultdict(set)
    codes: set[str] = set()
    for thing in things:
        for form in thing.forms:
            for text, is_code in _shortened(form, thing.type):
                folded = normal_name(text)
                owners[folded].add(thing.key)
                texts[folded].add(text)
                if is_code:
                    codes.add(folded)
    taken = {normal_name(form): thing.key for thing in things for form in thing.forms}
    return tuple(
        ShortForm(text, min(owners[folded]))
        for folded in sorted(owners)
        for text in sorted(texts[folded])
        if len(owners[folded]) == 1
        and (taken.get(folded) in {None, *owners[folded], *supposed} or folded in codes)
        and (folded not in ordinary or not text.isalpha())
    )


def _shortened(form: str, kind: EntityType) -> Iterator[tuple[str, bool]]:
    """The forms a name may be shortened to, and whether each is the code at its end ("910C")."""
    parts = form.split()
    if kind is EntityType.PERSON:
        yield from ((text, False) for text in _surnames(parts))
    elif kind in BODY:
        yield from ((text, False) for text in _without_endings(form, kind))
    elif kind in TECHNOLOGY and len(parts) > 1:
        if parts[0] == "Project" and len(parts) == 2:
            yield parts[1], False
        last = parts[-1]
        mixed = re.search(r"\d", last) and re.search(r"[^\W\d_]", last)
        if mixed and (len(last) > 3 or re.fullmatch(r"[A-Z]\d+", last)):
            yield last, True
        if re.fullmatch(r"\d+(?:\.\d+)?", last) and len(last) > 2 and len(" ".join(parts[:-1])) > 3:
            yield " ".join(parts[:-1]), False


def _surnames(parts: Sequence[str]) -> Iterator[str]:
    if len(parts) < 2:
        return
    if parts[0] in {"Mr", "Ms", "Dr"}:
        return
    if len(parts[-1]) > 1:
        yield parts[-1]
    first = len(parts) - 1
    while first > 1 and parts[first - 1].casefold() in _PARTICLES:
        first -= 1
    if first < len(parts) - 1:
        yield " ".join(parts[first:])
    if parts[0].casefold() in words("surname_first"):
        yield parts[0]


def _without_endings(form: str, kind: EntityType) -> Iterator[str]:
    """A company's name without "Labs", "Technologies", "AI" …, as long as something is left."""
    if kind is EntityType.COMPANY:
        camel = re.fullmatch(r"([A-Z][a-z]{2,}\w*?)(?:AI|Labs|Tech)", form)
        if camel:
            yield camel[1]
        dotted = re.fullmatch(r"([A-Z][\w-]{2,})\.(?:ai|AI|io|com)", form)
        if dotted:
            yield dotted[1]
    endings = words("company_suffix") | words("corporate_form")
    parts = re.sub(r",", "", form).split()
    while len(parts) > 1 and parts[-1].casefold() in endings and kind is EntityType.COMPANY:
        parts = parts[:-1]
        short = " ".join(parts)
        if len(short) > 2:
            yield short


def equated(things: Sequence[Named]) -> Mapping[str, str]:
    """Pairs of keys that an article equates: "Reconfigurable Dataflow Unit (RDU)", "METI, the Ministry of …".

    The one side is the initials of the other. The key with the longer name is mapped to the other.
    """
    by_initials: dict[str, set[str]] = defaultdict(set)
    by_form: dict[str, str] = {}
    types = {thing.key: thing.type for thing in things}
    for thing in things:
        for form in thing.forms:
            by_form[form] = thing.key
            for text in initials(form):
                by_initials[text].add(thing.key)
    pairs = {}
    for form, key in sorted(by_form.items()):
        full = by_initials.get(form, set()) - {key}
        if form.isupper() and len(full) == 1:
            other = min(full)
            if (
                types[other] is types[key]
                or {types[other], types[key]} <= BODY
                or {types[other], types[key]} <= TECHNOLOGY
            ):
                pairs[other] = key
    return pairs


def introduced(order: Sequence[Named], supposed: frozenset[str]) -> Mapping[str, str]:
    """Companies and bodies that an article first calls by a longer name: "Maren" after "Maren Electric".

    `order` are the names met, one after the other. The key of the short name, which must be among `supposed` (found by
    rules alone), is mapped to that of the long one. Where the short name comes first, or begins several longer ones, it
    is the name of a parent as often as not, and both stay apart.
    """
    first: dict[str, int] = {}
    forms: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    for place, thing in enumerate(order):
        if thing.type in BODY:
            first.setdefault(thing.key, place)
            forms[thing.key] |= {tuple(normal_name(form).split()) for form in thing.forms}
    pairs = {}
    for key in sorted(set(forms) & supposed):
        longer = {
            other
            for other, known in forms.items()
            for long in known
            for short in forms[key]
            if other != key and long[: len(short)] == short
        }
        if len(longer) == 1 and first[min(longer)] < first[key]:
            pairs[key] = min(longer)
    return pairs


@dataclass(frozen=True, slots=True)
class Use:
    """Where an article has the name of a place: its key and form, and the text before and behind it in the block."""

    key: str
    form: str
    before: str
    after: str


_PLACED = re.compile(
    r"""\b(?: across | along | around | at | between | beyond | central | downtown | for | from | in | inside | into
      | near | of | off | outside | over | through | throughout | to | toward | towards | via | within )\s
      (?:[\w’'-]+\s(?:and|or)\s)? $
    | \bthe\s $""",
    re.VERBOSE | re.IGNORECASE,
)
_LIES = re.compile(r", [A-Z]|-based| \(")
_ACTS = re.compile(
    r"""(?:\s(?:also|itself|now|still|\w+ly))? \s
      (?: had | has | will | would | (?!is\b|lies\b|needs\b|was\b)[a-z]+(?:ed|s) | said )\b""",
    re.VERBOSE,
)


def placeless(uses: Iterable[Use]) -> frozenset[str]:
    """The keys of places that an article never names as such, but as whoever does something: "Ostrava argued".

    Nothing stands or goes anywhere "in", "to" or "from" them, and they are no dateline. Countries, states and capitals
    do things themselves.
    """
    acting: set[str] = set()
    lying: set[str] = set()
    for use in uses:
        governs = use.form.casefold() in words("governing")  # "Tokyo has banned it" tells of a government
        if governs or _PLACED.search(use.before) or _LIES.match(use.after) or use.form.isupper():
            lying.add(use.key)
        elif _ACTS.match(use.after):
            acting.add(use.key)
    return frozenset(acting - lying)


_FORMER = re.compile(
    r"""\s*[,(]?\s* (?:(?:which\ was|once|then|now)\ )?
    (?: formerly (?:\ (?:known|trading|called))? | (?:previously|originally|earlier|once|long) \ (?:known|called|named)
      | known\ (?:until|up\ to|before)\ [\w\s]{2,20}? | (?:known|called)\ (?:formerly|previously) | née )
    (?:\ as)? \s+""",
    re.VERBOSE,
)
_NEW = re.compile(
    r"""\s*,? (?:\ (?:which|has|had|was|since|later|then))* \ (?:renamed|rebranded) (?:\ (?:itself|as|to))* \s+
    | \s*,? (?:\ (?:which|has|had|since|later|then))* \ changed\ its\ name\ to \s+""",
    re.VERBOSE,
)
_ENDED = re.compile(r"\s*(?:[,.;:)–—]|in \d{4}|uses?\b|has\b|is\b|was\b|will\b|said\b|says\b|$)")


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Two names that follow one another in a block, with the text between them and that behind the second."""

    first: Named
    between: str
    second: Named
    after: str


@dataclass(frozen=True, slots=True)
class Renamed:
    """Names of one thing: the key `other` is that of `kept`; `former` of the two is what it is called no longer."""

    other: str
    kept: str
    former: str


def renamed(pairs: Iterable[Neighbours], supposed: frozenset[str]) -> tuple[Renamed, ...]:
    """Former and new names: "Halden Robotics, known until 2022 as Keller Automation", "Halden renamed itself Brisk".

    The first is a company or body, the second among `supposed` (found by rules alone, which may have taken it for a
    thing of another type). What goes on ("formerly Acme's research arm") is no name. A name counts once.
    """
    found: dict[str, Renamed] = {}
    for pair in pairs:
        kept, other = pair.first.key, pair.second.key
        earlier, later = _FORMER.fullmatch(pair.between), _NEW.fullmatch(pair.between)
        if pair.first.type not in BODY or other not in supposed or other == kept or not (earlier or later):
            continue
        if _ENDED.match(pair.after) and kept not in found:
            found.setdefault(other, Renamed(other, kept, other if earlier else kept))
    return tuple(found.values())


def followed(pairs: Mapping[str, str]) -> dict[str, str]:
    """Pairs of keys with each led on to its end: "Keltrane" is "Keltrane Automation", which is "Quorven Robotics"."""
    ends = {}
    for key in pairs:
        end, seen = key, {key}
        while (further := pairs.get(end)) is not None and further not in seen:
            end = further
            seen.add(end)
        ends[key] = end
    return ends


def initials(form: str) -> set[str]:
    """The initials of a name of three or more words, with and without the small words."""
    parts = [token.text for token in tokenize(form) if token.is_word]
    parts = [part for part in parts if part.casefold() not in words("corporate_form")]
    if len(parts) < 3:
        return set()
    capital = "".join(part[0] for part in parts if part[0].isupper())
    return {capital, "".join(part[0].upper() for part in parts)}


def bracketed(stretch: Stretch) -> Iterator[tuple[int, int, str]]:
    """Capitals in brackets ("(INTC)", "(NASDAQ: NVDA)"): the end of the name before them, the place and the text."""
    for match in re.finditer(r"(?<=[^\W_]|\.) \((?:[A-Za-z]{3,8}: ?)?([A-Z]{2,6})s?\)", stretch.text):
        yield match.start(), match.start(1), match[1]
