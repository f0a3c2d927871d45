"""The neighbourhood of a thing as a drawing: its neighbours on both sides, under what they have to do with it.

A neighbour can be opened, which adds its own neighbours in a further column. All is worked out here, in pixels, so
that the drawing needs no JavaScript: each box is a link to a page, each sign beside it one to the drawing with that
neighbour opened or closed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from pyoxigraph import NamedNode

from aigraph.endpoint.site.addresses import page_of

MOST, EACH, OPENED = 22, 6, 4
"""Neighbours of a thing that are drawn, those of one relation, and neighbours that can be open at once."""
_WIDTH, _BOX, _ROW, _HEADING, _GAP, _EDGE = 168, 28, 36, 24, 96, 8
_SIGNS = 21  # letters that a box has room for
_Group = tuple[tuple[str, bool], list[NamedNode]]  # the name of a relation, which way it leads, and who is there
_SIGN = 15  # from the edge of a box to the middle of the sign beside it


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact of a thing: the name of its relation, the thing at the other end, and which way it leads."""

    verb: str
    other: NamedNode
    forward: bool


@dataclass(frozen=True, slots=True)
class Box:
    """A thing in the drawing; `toggle` opens or closes it, and is empty where that cannot be."""

    x: float
    y: float
    label: str
    text: str
    href: str
    toggle: str
    opened: bool
    centre: bool

    @property
    def sign(self) -> tuple[float, float]:
        """The middle of the sign that opens it."""
        outwards = self.x + _WIDTH + _SIGN if self.x >= 0 else self.x - _SIGN
        return outwards, self.y + _BOX / 2


@dataclass(frozen=True, slots=True)
class Heading:
    """What the boxes below it have to do with the thing that they belong to."""

    x: float
    y: float
    text: str


@dataclass(frozen=True, slots=True)
class Map:
    """A drawing: boxes, headings, lines as paths; the same as sentences; how many facts are left out.

    `alone` are the names of things that were opened and have no neighbours but those that are there.
    """

    left: float
    width: float
    height: float
    boxes: tuple[Box, ...]
    headings: tuple[Heading, ...]
    lines: tuple[str, ...]
    told: tuple[tuple[str, str, str, str], ...]
    left_out: int
    alone: tuple[str, ...] = ()


@dataclass(slots=True)
class _Drawing:
    centre: NamedNode
    labels: Mapping[NamedNode, str]
    opened: Sequence[NamedNode]
    base: str
    path: str
    boxes: dict[NamedNode, Box] = field(default_factory=dict)
    headings: list[Heading] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    told: list[tuple[str, str, str, str]] = field(default_factory=list)
    left_out: int = 0
    alone: list[str] = field(default_factory=list)


def map_of(
    centre: NamedNode,
    facts: Mapping[NamedNode, Sequence[Fact]],
    labels: Mapping[NamedNode, str],
    *,
    opened: Sequence[NamedNode],
    base: str,
) -> Map | None:
    """The neighbourhood of a thing; `facts` are those of it and of the things that are `opened`. None without facts."""
    if not facts.get(centre):
        return None
    drawing = _Drawing(centre, labels, opened, base, page_of(centre.value, base))
    own = _groups(facts[centre], MOST)
    drawing.left_out = len({fact.other for fact in facts[centre]}) - sum(len(group) for _, group in own)
    sides = _sides(own)
    middle = max(*map(_height, sides.values()), _ROW) / 2
    drawing.boxes[centre] = _box(drawing, centre, 0, middle - _BOX / 2, side=0)
    for side, groups in sides.items():
        _column(drawing, groups, centre, side=side, depth=1, top=middle - _height(groups) / 2)
    for fact in facts[centre]:  # a second fact of two things has no line of its own
        if fact.other in drawing.boxes:
            _tell(drawing, centre, fact)
    for one in opened:
        if one in drawing.boxes and one != centre and facts.get(one):
            _open(drawing, one, facts[one])
    return _finished(drawing)


def _open(drawing: _Drawing, one: NamedNode, facts: Sequence[Fact]) -> None:
    side = 1 if drawing.boxes[one].x > 0 else -1
    new = [fact for fact in facts if fact.other not in drawing.boxes]
    if not new:
        drawing.alone.append(drawing.boxes[one].label)
    groups = _groups(new, MOST // 2)
    drawing.left_out += len({fact.other for fact in new}) - sum(len(group) for _, group in groups)
    x = side * 2 * (_WIDTH + _GAP)
    taken = [box.y + _ROW for box in drawing.boxes.values() if box.x == x]
    top = max([drawing.boxes[one].y - _height(groups) / 2 + _BOX / 2, 0.0, *taken])
    _column(drawing, groups, one, side=side, depth=2, top=top)
    for fact in facts:  # what stands in the drawing already is told alone: a line to it would run through boxes
        if fact not in new and fact.other in drawing.boxes and fact.other != drawing.centre:
            _tell(drawing, one, fact)


def _groups(facts: Sequence[Fact], most: int) -> list[_Group]:
    """Facts by relation and direction, each thing once, `most` in all: some of each relation before more of one."""
    groups: dict[tuple[str, bool], list[NamedNode]] = defaultdict(list)
    seen: set[NamedNode] = set()
    for fact in facts:
        if fact.other not in seen:
            seen.add(fact.other)
            groups[fact.verb, fact.forward].append(fact.other)
    allowed = EACH
    while allowed > 1 and sum(min(len(group), allowed) for group in groups.values()) > most:
        allowed -= 1
    return [(key, group[:allowed]) for key, group in list(groups.items())[:most]]


def _sides(groups: Sequence[_Group]) -> dict[int, list[_Group]]:
    """The groups of each side, of about one height; what is done to the thing goes to the left (-1) first."""
    half = _height(groups) / 2
    passive = [each for each in groups if not each[0][1] or each[0][0].endswith(" by")]
    left: list[_Group] = []
    for each in [*passive, *(one for one in reversed(groups) if one not in passive)]:
        if not left or _height([*left, each]) <= half:
            left.append(each)
    right = [each for each in groups if each not in left]
    return {-1: left, 1: right} if right else {-1: [], 1: left}


def _height(groups: Sequence[_Group]) -> float:
    return sum(_HEADING + len(group) * _ROW for _, group in groups)


def _column(
    drawing: _Drawing,
    groups: Sequence[_Group],
    owner: NamedNode,
    *,
    side: int,
    depth: int,
    top: float,
) -> None:
    x = side * depth * (_WIDTH + _GAP)
    y = top
    for (verb, forward), group in groups:
        named = "" if depth == 1 else _short(drawing.labels[owner]) + " "
        drawing.headings.append(Heading(x, y + 17, f"{named}{verb}" if forward else f"… {verb} {named}".rstrip()))
        y += _HEADING
        for other in group:
            drawing.boxes[other] = _box(drawing, other, x, y, side=side)
            drawing.lines.append(_line(drawing.boxes[owner], drawing.boxes[other], side))
            _tell(drawing, owner, Fact(verb, other, forward))
            y += _ROW


def _box(drawing: _Drawing, thing: NamedNode, x: float, y: float, *, side: int) -> Box:
    opened = [one for one in drawing.opened if one != thing]
    is_open = thing in drawing.opened
    near = abs(x) == _WIDTH + _GAP
    toggle = ""
    if side and near and (is_open or len(opened) < OPENED):
        ours = [one.value.removeprefix(drawing.base) for one in (opened if is_open else (*opened, thing))]
        toggle = f"{drawing.path}?{urlencode({'show': 'map', 'open': ours}, doseq=True, safe='/')}#map"
    label = drawing.labels[thing]
    return Box(x, y, label, _short(label), page_of(thing.value, drawing.base), toggle, is_open, not side)


def _line(one: Box, other: Box, side: int) -> str:
    """A curve between two boxes; `side` tells on which side of the first the second stands."""
    y1, y2 = one.y + _BOX / 2, other.y + _BOX / 2
    x1, x2 = (one.x + _WIDTH, other.x) if side > 0 else (one.x, other.x + _WIDTH)
    if one.toggle:
        x1 += side * 2 * _SIGN
    middle = (x1 + x2) / 2
    return f"M{x1:g} {y1:g}C{middle:g} {y1:g} {middle:g} {y2:g} {x2:g} {y2:g}"


def _tell(drawing: _Drawing, owner: NamedNode, fact: Fact) -> None:
    ends = (owner, fact.other) if fact.forward else (fact.other, owner)
    href = page_of(fact.other.value, drawing.base)
    drawing.told.append((drawing.labels[ends[0]], fact.verb, drawing.labels[ends[1]], href))


def _finished(drawing: _Drawing) -> Map:
    boxes = list(drawing.boxes.values())
    left = min(box.x for box in boxes) - 2 * _SIGN - _EDGE
    right = max(box.x for box in boxes) + _WIDTH + 2 * _SIGN + _EDGE
    bottom = max(box.y for box in boxes) + _BOX + _EDGE
    return Map(
        left,
        right - left,
        bottom,
        tuple(boxes),
        tuple(drawing.headings),
        tuple(drawing.lines),
        tuple(dict.fromkeys(drawing.told)),
        drawing.left_out,
        tuple(drawing.alone),
    )


def _short(label: str) -> str:
    return label if len(label) <= _SIGNS else f"{label[: _SIGNS - 1].rstrip()}…"
