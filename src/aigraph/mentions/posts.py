"""Posts that stand for who holds them: "the Nvidia CEO", where the article says who that is."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from pyoxigraph import NamedNode

from aigraph.mentions.text import Stretch
from aigraph.mentions.words import read_data, words
from aigraph.records import BODY, EntityType, Mention, MentionKind, Span

_PAST = re.compile(r"\b(?:former|ex|then|late|previous|onetime|longtime)[ -]\Z", re.IGNORECASE)
_DESCRIBED = re.compile(r"(?:,| is| was| as| becomes?| became) (?:(?:the|an?|its|their) )?(?:[^ ,]+ )?\Z")
_HEADS = frozenset({"chief executive"})
"""Posts that make a body's head: who holds one is named without it where readers know."""
_TELLS = re.compile(r",? (?:of|from|at) |(?:, ?| \()[a-z]")
"""What tells behind a name who that is."""
Holders = Mapping[tuple[str, NamedNode | None], Mapping[NamedNode, Mention]]
"""Who holds a post of a body (of any body: None), with the mention that says so."""


def find_posts(blocks: Sequence[Stretch], mentions: Sequence[Mention]) -> list[Mention]:
    """Mentions of people by their post alone; a post that several hold, or nobody named, stands for nobody.

    `mentions` are those by name, description and pronoun; none is overlapped.
    """
    ordered = sorted(mentions)
    holders = _holders(blocks, ordered)
    found: list[Mention] = []
    for block in blocks:
        here = [m for m in ordered if block.offset <= m.span.start < block.offset + len(block.text)]
        taken = [m.span for m in here]
        for start, end, post, body in _references(block, here):
            span = Span(block.offset + start, block.offset + end)
            people = holders.get((post, body)) or _undescribed(blocks, ordered, _persons(here, span), post, body)
            if len(people) != 1 or any(span.overlaps(other) for other in taken):
                continue
            holder = next(iter(people.values()))
            found.append(
                Mention(
                    span=span,
                    entity=holder.entity,
                    type=holder.type,
                    form=block.text[start:end],
                    kind=MentionKind.NOMINAL,
                    found_by="mention/post",
                    antecedent=holder.antecedent or holder.span,
                )
            )
            taken.append(span)
    return found


def _persons(here: Sequence[Mention], span: Span) -> dict[NamedNode, Mention]:
    """The persons that a paragraph has named before some words of it, each where it is named first."""
    named = [m for m in here if m.type is EntityType.PERSON and m.kind is MentionKind.NAME]
    return {m.entity: m for m in reversed(named) if m.span.end <= span.start}


def _undescribed(
    blocks: Sequence[Stretch],
    mentions: Sequence[Mention],
    so_far: Mapping[NamedNode, Mention],
    post: str,
    body: NamedNode | None,
) -> Mapping[NamedNode, Mention]:
    """The one person of a paragraph so far who was introduced by name alone, where nobody is said to head that body.

    An article may count on its readers to know who somebody is: "It was Jane Miller who said so. … The Acme boss …".
    Those of whom it says what they are, or for whom they speak, are others.
    """
    if post not in _HEADS or body is None:
        return {}
    named = [m for m in mentions if m.entity in so_far and m.kind is MentionKind.NAME]
    told = {m.entity for each in blocks for m in named if _is_described(each, m, mentions)}
    left = {who: mention for who, mention in so_far.items() if who not in told}
    return left if len(left) == 1 else {}


def _is_described(block: Stretch, person: Mention, mentions: Sequence[Mention]) -> bool:
    """Whether the words beside a name tell who that is: "Jane Miller, who leads", "Acme's Miller", "analyst Miller"."""
    start, end = person.span.start - block.offset, person.span.end - block.offset
    if not 0 <= start < len(block.text):
        return False
    before, after = block.text[:start], block.text[end:]
    near = any(m.type in BODY and 0 <= person.span.start - m.span.end <= 3 for m in mentions)
    title = re.search(r"([\w-]+),? \Z", before)
    return near or bool(title and title[1].casefold() in words("role")) or bool(_TELLS.match(after))


def _holders(blocks: Sequence[Stretch], mentions: Sequence[Mention]) -> Holders:
    found: dict[tuple[str, NamedNode | None], dict[NamedNode, Mention]] = defaultdict(dict)
    for block in blocks:
        here = [m for m in mentions if block.offset <= m.span.start < block.offset + len(block.text)]
        bodies = [m for m in here if m.type in BODY]
        for person in here:
            if person.type is not EntityType.PERSON or person.kind is not MentionKind.NAME:
                continue
            for post, body in _held(block, person, bodies):
                found[post, body.entity].setdefault(person.entity, person)
                found[post, None].setdefault(person.entity, person)
    return found


def _held(block: Stretch, person: Mention, bodies: Sequence[Mention]) -> Iterator[tuple[str, Mention]]:
    """The posts that a person is said to hold right beside the name, with the bodies."""
    start, end = person.span.start - block.offset, person.span.end - block.offset
    for body in bodies:
        first, last = body.span.start - block.offset, body.span.end - block.offset
        if _PAST.search(block.text[:first]):
            continue
        if last <= start:
            match = re.fullmatch(rf"(?:'s)? {_post()},? ", block.text[last:start], re.IGNORECASE)
        else:
            of = re.fullmatch(rf", (?:the )?{_post()} (?:of|at) (?:the )?", block.text[end:first], re.IGNORECASE)
            whose = re.match(rf"(?:'s)? {_post()}\b", block.text[last:], re.IGNORECASE)
            match = of or (whose if block.text[end:first] in {", ", " is "} else None)
        if match:
            yield _meaning()[match["post"].casefold()], body


def _references(block: Stretch, here: Sequence[Mention]) -> Iterator[tuple[int, int, str, NamedNode | None]]:
    """Posts that no name stands beside: where they stand, which post, and of which body."""
    starts = {m.span.start - block.offset: m for m in here}
    ends = {m.span.end - block.offset: m for m in here}
    for match in re.finditer(rf"\b{_post()}(?!\w|-)", block.text, re.IGNORECASE):
        start, end = match.span()
        post = _meaning()[match["post"].casefold()]
        if _named(block.text, start, end, starts, ends):
            continue
        of = re.compile(r" of (?:the )?").match(block.text, end)
        owner = re.search(r"(?:'s)? \Z", block.text[:start])
        whose = ends.get(owner.start()) if owner else None
        if of:
            whose = starts.get(of.end())
            if whose is None or not re.search(r"\b[Tt]he \Z", block.text[:start]):
                continue
            yield start - 4, end, post, whose.entity
        elif whose is not None and whose.type in BODY:
            yield start, end, post, whose.entity
        elif re.search(r"\b[Tt]he \Z", block.text[:start]):
            yield start - 4, end, post, None


def _named(text: str, start: int, end: int, starts: Mapping[int, Mention], ends: Mapping[int, Mention]) -> bool:
    """Whether a name stands beside a post, which then describes it: "the CEO, Jane Miller", "Miller, the CEO"."""
    behind = re.compile(r"(?: (?:of|at) [^,.;]{1,40})?,? ").match(text, end)
    if any(position in starts and starts[position].type is EntityType.PERSON for position in (end + 1, end + 2)):
        return True
    if behind and behind.end() in starts and starts[behind.end()].type is EntityType.PERSON:
        return True
    before = _DESCRIBED.search(text[:start])
    return before is not None and before.start() in ends


@cache
def _meaning() -> Mapping[str, str]:
    """The post that each word stands for."""
    posts: Mapping[str, Sequence[str]] = read_data("nominals.yaml")["posts"]
    return {word.casefold(): post for post, found in posts.items() for word in found}


@cache
def _post() -> str:
    listed = sorted(_meaning(), key=lambda word: (-len(word), word))
    return "(?P<post>" + "|".join(re.escape(word) for word in listed) + ")"
