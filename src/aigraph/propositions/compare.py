"""What propositions exclude each other, and which finding updates which."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from hashlib import blake2b
from itertools import pairwise, product

from aigraph.propositions.belief import belief
from aigraph.propositions.findings import Said
from aigraph.propositions.knowledge import rules
from aigraph.propositions.meanings import (
    AFFIRMED,
    EQUAL,
    LEAST,
    MOST,
    Deal,
    Figure,
    Meaning,
    Post,
    Relation,
    Sum,
    Words,
    filled,
)
from aigraph.propositions.names import name_of, readable, type_of, when
from aigraph.propositions.sources import Group, groups
from aigraph.propositions.wording import WORDED

ABOUT = 0.1
"""How far "about" may be off."""
LEAST_TOLERANCE, MOST_TOLERANCE = 0.005, 0.05
"""What a figure may be off by its rounding: half a unit of its last digit, within these bounds."""
TOLD_AS = 16
"""How many letters stand for all sentences in which something is told."""
APART = 183
"""Days between two articles after which an undated figure, or who holds a post, may well have changed."""
_BODIES = frozenset({"company", "organization"})


@dataclass(frozen=True)
class Proposition:
    """What some findings share, with these findings. What many of them tell is worked out once."""

    meaning: Meaning
    findings: tuple[Said, ...]

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """The independent sources behind it."""
        return groups(self.findings)

    @cached_property
    def belief(self) -> float:
        """How far it is to be believed."""
        return belief(self.findings, self.groups).value

    @cached_property
    def articles(self) -> frozenset[str]:
        """The IRIs of the articles that say so."""
        return frozenset(said.source.article for said in self.findings)

    @cached_property
    def days(self) -> tuple[date, ...] | None:
        """The first and the last day on which it was said, as far as known; None where nothing is."""
        known = [day for said in self.findings if (day := _day(said.source.issued))]
        return (min(known), max(known)) if known else None

    @cached_property
    def dated(self) -> bool:
        """Whether the day is known of all who say so."""
        return all(_day(said.source.issued) for said in self.findings)

    @cached_property
    def claimants(self) -> frozenset[str | None]:
        """Who says so (`voice`); None stands for groups without a name, and articles without a publisher."""
        return frozenset(voice(said) for said in self.findings)

    @cached_property
    def label(self) -> str:
        """It for a reader, in the shortest words that a finding has for what no list has."""
        return self.meaning.label(self._words)

    @property
    def positive(self) -> str:
        """The same without its polarity."""
        return self.meaning.positive(self._words)

    @cached_property
    def _words(self) -> Words:
        columns = zip(*(said.words for said in self.findings), strict=True)
        return Words(*(min(set(texts), key=lambda text: (not text, len(text), text)) for texts in columns))

    @cached_property
    def topics(self) -> tuple[str, ...]:
        """What it speaks of that has an IRI in the findings alone: what no list has, each finding by its own words."""
        return tuple(sorted({said.topic for said in self.findings} - {""}))

    @cached_property
    def tellings(self) -> frozenset[object]:
        """The sentences in which it is said, and by whom; a finding without a sentence stands for itself."""
        return frozenset((said.sentences or said.node, said.claimant) for said in self.findings)

    @cached_property
    def told_as(self) -> str:
        """The same in a few letters: equal where they are."""
        return blake2b("\n".join(sorted(map(repr, self.tellings))).encode(), digest_size=TOLD_AS // 2).hexdigest()

    @cached_property
    def approximate(self) -> bool:
        """Whether anybody gives the figure as "about"."""
        return any(said.comparator == "About" for said in self.findings)

    @cached_property
    def strict(self) -> bool:
        """Whether all give the figure as one that is not reached: "more than", "less than"."""
        return all(said.comparator in ("MoreThan", "LessThan") for said in self.findings)

    @cached_property
    def stated(self) -> bool:
        """Whether anybody puts it forward as a fact."""
        return any(said.modality == "Asserted" for said in self.findings)


@dataclass(frozen=True, slots=True)
class Clash:
    """Why two propositions cannot both be true: kind (figures, polarity, values, status) and reason in words."""

    kind: str
    reason: str


def clash(one: Proposition, other: Proposition) -> Clash | None:
    """Why two propositions cannot both be true; None where they can. The order of the two does not matter."""
    one, other = sorted((one, other), key=lambda each: each.meaning.key)
    left, right = one.meaning, other.meaning
    if not may_clash(left, right):
        return None
    if left.core == right.core:
        if one.tellings == other.tellings:
            return None  # the same sentences read in two ways: a doubt about the reading, nothing that is disputed
        if _updated(one, other):
            return None
        return Clash("polarity", f"One says that it is so, the other that it is not: {one.positive}.")
    if isinstance(left, Figure) and isinstance(right, Figure) and left.polarity != right.polarity:
        return _denied_bound(left, right)
    return _CLASHES[type(left)](one, other, left, right)


def may_clash(left: Meaning, right: Meaning) -> bool:
    """Whether two meanings can clash at all, whoever says so: false for most pairs, without looking at findings."""
    if type(left) is not type(right) or left.supposed or right.supposed or left == right:
        return False
    if left.core == right.core:
        return True
    if isinstance(left, Figure) and isinstance(right, Figure):
        if left.measured != right.measured:
            return False
        affirmed = left.polarity == right.polarity == AFFIRMED
        return left.polarity != right.polarity or (affirmed and single_valued(left) and _apart(left, right))
    possible = _POSSIBLE.get(type(left)) if left.polarity == right.polarity == AFFIRMED else None
    return bool(possible and possible(left, right))


def _may_values(left: Relation, right: Relation) -> bool:
    single = type_of(left.subject) in rules().functional.get(name_of(left.predicate), ())
    return single and (left.subject, left.predicate) == (right.subject, right.predicate)


def _may_posts(left: Post, right: Post) -> bool:
    return left.role in rules().single_posts and (left.organization, left.role) == (right.organization, right.role)


def _may_deals(left: Deal, right: Deal) -> bool:
    if left.deal != right.deal:
        return False
    (bought, buyers), (also, others) = _purchase(left), _purchase(right)
    return (
        left.roles == right.roles or (bool(bought) and bought == also and not buyers & others) or _swapped(left, right)
    )


def _swapped(left: Deal, right: Deal) -> bool:
    """Whether in two purchases each is said to buy the other."""
    (bought, buyers), (also, others) = _purchase(left), _purchase(right)
    return bool(buyers) and buyers == set(also) and others == set(bought) and not (left.over or right.over)


def _may_sums(left: Sum, right: Sum) -> bool:
    same = (left.deal, left.roles, left.unit) == (right.deal, right.roles, right.unit)
    return same and not added_to(left) and _apart(left, right)


# --- figures


def bounds(value: float, bound: str, *, about: bool = False) -> tuple[float, float]:
    """The values that a figure allows for: from, to."""
    slack = abs(value) * (ABOUT if about else _rounding(value))
    if bound == EQUAL:
        return value - slack, value + slack
    return (value - slack, math.inf) if bound == LEAST else (-math.inf, value + slack)


def _rounding(value: float) -> float:
    """Half a unit of the last digit that a figure gives, as a share of it."""
    digits = f"{abs(value):.6e}".split("e", 1)[0].rstrip("0").rstrip(".")
    unit = 10.0 ** -len(digits.partition(".")[2])
    share = 0.5 * unit / float(digits) if float(digits) else 0.0
    return min(MOST_TOLERANCE, max(LEAST_TOLERANCE, share))


def _apart(left: Figure | Sum, right: Figure | Sum) -> bool:
    low, high = bounds(left.value, left.bound)
    least, most = bounds(right.value, right.bound)
    return high < least or most < low or _turned_away(left, right)


def _turned_away(left: Figure | Sum, right: Figure | Sum) -> bool:
    """Whether one is a least and the other a most that does not lie above it: nothing but their common value fits."""
    ends = {left.bound: left.value, right.bound: right.value}
    return set(ends) == {LEAST, MOST} and ends[LEAST] >= ends[MOST]


def _exclude(one: Proposition, other: Proposition, left: Figure | Sum, right: Figure | Sum) -> bool:
    """Whether no value fits both figures."""
    low, high = bounds(left.value, left.bound, about=one.approximate)
    least, most = bounds(right.value, right.bound, about=other.approximate)
    return high < least or most < low or ((one.strict or other.strict) and _turned_away(left, right))


def _figures(one: Proposition, other: Proposition, left: Figure, right: Figure) -> Clash | None:
    if not _exclude(one, other, left, right):
        return None
    # who gives both figures does not see them exclude each other: two quarters, two sites
    if one.articles & other.articles or (not left.time and not _at_one_time(one, other)) or _updated(one, other):
        return None
    time = f" for {when(left.time)}" if left.time else ""
    what = one.positive.partition(": ")[0]
    return Clash("figures", f"{left.amount} and {right.amount}{time} exclude each other: {what}.")


def single_valued(figure: Figure) -> bool:
    """Whether a thing has one such figure at a time, as far as the metric tells."""
    known = rules()
    named = known.named(figure.metric)
    if not figure.metric or named & known.many_valued:
        return False
    if named & known.many_valued_of_bodies and type_of(figure.about) in _BODIES:
        return False
    # an unlisted metric of one word ("calls") counts whatever comes along
    return not figure.metric.startswith(WORDED) or " " in figure.metric


def _sums(one: Proposition, other: Proposition, left: Sum, right: Sum) -> Clash | None:
    if one.articles & other.articles or not _exclude(one, other, left, right) or not _at_one_time(one, other):
        return None
    if _updated(one, other):
        return None
    return Clash("figures", f"{left.amount} and {right.amount} exclude each other: {filled(left.roles)}.")


def _denied_bound(left: Figure, right: Figure) -> Clash | None:
    """A figure against the denial of a bound that it keeps: "80 %" and "not more than 70 %"."""
    said, denied = (left, right) if left.polarity == AFFIRMED else (right, left)
    low, high = bounds(said.value, said.bound)
    least, most = bounds(denied.value, denied.bound)
    kept = denied.bound == LEAST and low >= denied.value
    met = denied.bound == said.bound == EQUAL and high >= least and low <= most
    if kept or met:
        return Clash("polarity", f"{said.amount} is what the other denies: {denied.amount}.")
    return None


# --- time


@lru_cache(maxsize=1 << 14)
def _day(issued: str | None) -> date | None:
    """The day of a publication date, the first of a month or year."""
    try:
        return date.fromisoformat(f"{issued or ''}-01-01"[:10])
    except ValueError:
        return None


def _at_one_time(one: Proposition, other: Proposition) -> bool:
    """Whether two propositions without a time of their own are told at about one time, as far as that is known."""
    if not one.days or not other.days:
        return True
    (_, until), (since, _) = sorted((one.days, other.days))
    return (since - until).days <= APART


def _updated(one: Proposition, other: Proposition) -> bool:
    """Whether somebody who alone says either says the other later: an update, which excludes nothing."""
    who = one.claimants | other.claimants
    if len(who) > 1 or None in who or not (one.dated and one.days and other.dated and other.days):
        return False
    (_, until), (since, _) = sorted((one.days, other.days))
    return until < since


# --- relations, posts, deals


def _relations(one: Proposition, other: Proposition, left: Relation, right: Relation) -> Clash | None:
    """Two objects of a relation that has one."""
    if one.articles & other.articles or not (one.stated and other.stated):
        return None
    objects = f"{readable(left.object)}, {readable(right.object)}"
    return Clash("values", f"{readable(left.subject)} {readable(left.predicate)} one thing, not two: {objects}.")


def _posts(one: Proposition, other: Proposition, left: Post, right: Post) -> Clash | None:
    """Two holders of a post that one person has."""
    if one.articles & other.articles or not (one.stated and other.stated) or not _at_one_time(one, other):
        return None
    holders = f"{readable(left.holder)}, {readable(right.holder)}"
    return Clash("values", f"One person is {left.role} at {readable(left.organization)}, not two: {holders}.")


def _deals(one: Proposition, other: Proposition, left: Deal, right: Deal) -> Clash | None:
    """A deal that is over for one and stands for the other, or two that have bought the same.

    Where all who have it stand spoke before the first to say that it is over, that is its history.
    """
    if left.roles == right.roles:
        standing, ended = (other, one) if left.over else (one, other)
        if standing.dated and standing.days and ended.dated and ended.days and standing.days[1] < ended.days[0]:
            return None
        return Clash("status", f"{_standing(one)}; {_standing(other)}: {filled(left.roles)}.")
    completed = _completed(one) and _completed(other) and _at_one_time(one, other)
    if one.articles & other.articles or not completed:
        return None
    what = "Each has bought the other" if _swapped(left, right) else "Two have bought the same"
    return Clash("values", f"{what}: {filled(left.roles)}; {filled(right.roles)}.")


def _purchase(deal: Deal) -> tuple[tuple[str, ...], set[str]]:
    """What is bought in a deal, nothing for other kinds, and by whom."""
    roles = {name_of(role): parties for role, parties in deal.roles}
    return roles.get("target", ()), set(roles.get("acquirer", ()))


def _completed(proposition: Proposition) -> bool:
    return any(said.status == "Completed" for said in proposition.findings)


def _standing(proposition: Proposition) -> str:
    """The statuses that a deal is told with, each with its latest date."""
    told: dict[str, str] = {}
    for said in proposition.findings:
        status = said.status or "Announced"
        told[status] = max(told.get(status, ""), said.source.issued or "")
    return ", ".join(f"{status.lower()} ({day or 'undated'})" for status, day in sorted(told.items()))


_CLASHES: dict[type[Meaning], Callable[..., Clash | None]] = {
    Figure: _figures,
    Sum: _sums,
    Relation: _relations,
    Post: _posts,
    Deal: _deals,
}
"""Why two affirmed meanings of one kind that may clash do, by who says them, when and where."""


_POSSIBLE: dict[type[Meaning], Callable[..., bool]] = {
    Relation: _may_values,
    Post: _may_posts,
    Deal: _may_deals,
    Sum: _may_sums,
}
"""Whether two different affirmed meanings may clash, as far as they alone tell."""


def voice(said: Said) -> str | None:
    """Who says so: a named claimant, where an article speaks itself its publisher; None where nobody knows."""
    if said.claimant:
        return said.claimant if said.named else None
    return said.source.publisher


def speaker(said: Said) -> str | None:
    """Whose later findings update this one (`voice`).

    None where nobody knows, in articles without a date, and for figures of which one has several (`added_to`).
    """
    who = voice(said)
    return who if who and said.source.issued and not all(map(added_to, said.meanings)) else None


def added_to(meaning: Meaning) -> bool:
    """Whether another such figure or sum stands beside this one and does not update it."""
    if isinstance(meaning, Sum):
        return name_of(meaning.deal) not in rules().one_sum
    return isinstance(meaning, Figure) and not single_valued(meaning)


def updates(findings: Sequence[Said], matter: str) -> list[tuple[Said, Said]]:
    """Which finding supersedes which, among all on one matter: (later, earlier).

    A later one supersedes those of the same claimant (`speaker`) from the last day before it, unless it says the same
    on the matter, whatever else it says.
    """
    told: dict[str, dict[str, list[tuple[Said, object]]]] = {}
    for said in findings:
        content = tuple(each for each in said.meanings if each.matter == matter and not added_to(each)), said.status
        if content[0] and (who := speaker(said)):
            told.setdefault(who, {}).setdefault(said.source.issued or "", []).append((said, content))
    found = []
    for by_day in told.values():
        for before, after in pairwise(sorted(by_day)):
            if len({content for _, content in (*by_day[before], *by_day[after])}) == 1:
                continue  # one thing said many times: nothing to compare one by one
            for (earlier, old), (later, new) in product(by_day[before], by_day[after]):
                if new != old:
                    found.append((later, earlier))
    return found
