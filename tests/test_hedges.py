"""Nothing that is denied, over, open or rumoured comes out as a fact; what only stands near such words stays one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from corpus import Fact, Line, parse_fact, parse_line
from measure_stances import is_direct

from aigraph.facts import FactFinder
from aigraph.facts.links.findings import ROLES
from aigraph.ontology import load_ontology
from aigraph.records import EntityType, Facts, Modality, Partnership, Polarity, Statement, Status
from aigraph.vocab import AIG, Iris
from notation import read_notation

IRIS = Iris()
MARKS = {"!": "denied", "?": "open", "~": "rumoured", "": "a fact"}
OPEN = frozenset({Modality.HYPOTHETICAL, Modality.FORECAST, Modality.REPORTED, Modality.OPINION})


@dataclass(frozen=True, slots=True)
class Limits:
    """How many items a list holds at least; how many facts are missed and findings hedged in another way at most."""

    hedged: int
    facts: int
    missed_facts: int
    other_stances: int


FILES = {
    "hedges.txt": Limits(hedged=620, facts=160, missed_facts=38, other_stances=57),
    "hedges-unseen.txt": Limits(hedged=140, facts=60, missed_facts=28, other_stances=22),
    "hedges-third.txt": Limits(hedged=60, facts=30, missed_facts=8, other_stances=7),
    "hedges-fourth.txt": Limits(hedged=130, facts=90, missed_facts=45, other_stances=20),
    "hedges-fifth.txt": Limits(hedged=155, facts=110, missed_facts=44, other_stances=19),
    "hedges-sixth.txt": Limits(hedged=150, facts=110, missed_facts=28, other_stances=6),
    "hedges-seventh.txt": Limits(hedged=100, facts=70, missed_facts=25, other_stances=4),
    "hedges-eighth.txt": Limits(hedged=150, facts=105, missed_facts=22, other_stances=5),
}
"""The list that reading was made with, and seven written without a look at how they are read, and then used."""


@dataclass(frozen=True, slots=True)
class Item:
    """A sentence in bracket notation with one thing that it says; `known` tells that it is read wrongly so far."""

    file: str
    text: str
    line: Line
    fact: Fact
    known: bool

    def __str__(self) -> str:
        return f"{self.fact.label} {MARKS[self.fact.mark]}: {self.line.text}"


def _items(file: str) -> Iterator[Item]:
    text, line = "", Line("", ())
    for row in Path(__file__).with_name(file).read_text(encoding="utf-8").splitlines():
        if row.startswith(" "):
            fact = parse_fact(row.replace("*", "", 1), line, file)
            assert fact is not None
            yield Item(file, text, line, fact, row.startswith(" *"))
        elif row and not row.startswith("#"):
            text, line = row, parse_line(row, file)


ITEMS = tuple(item for file in FILES for item in _items(file))
HEDGED = tuple(item for item in ITEMS if item.fact.mark)
FACTS = tuple(item for item in ITEMS if not item.fact.mark)


@cache
def _finder() -> FactFinder:
    return FactFinder(load_ontology(), IRIS)


@cache
def _read(text: str) -> Facts:
    return _finder().find(*read_notation(text, IRIS, parsed=True))


def found(item: Item) -> list[Statement | Partnership]:
    """What the reading has for the relation or deal of an item, however it is put."""
    line, fact = item.line, item.fact
    types = {(entity.start, entity.end): EntityType(entity.type) for entity in line.entities}
    first = IRIS.thing(types[fact.first], line.text[slice(*fact.first)])
    words = line.text[slice(*fact.second)]
    second = IRIS.thing(types[fact.second], words) if fact.second in types else AIG[words.capitalize()]
    facts = _read(item.text)
    if fact.label not in ROLES:
        pairs = ({first, second},)
        return [s for s in facts.statements if s.predicate == AIG[fact.label] and {s.subject, s.object} in pairs]
    deals = (deal for deal in facts.partnerships if deal.kind == ROLES[fact.label][0])
    return [deal for deal in deals if {first, second} <= {who for _, fillers in deal.roles for who in fillers}]


@pytest.mark.parametrize("item", HEDGED, ids=str)
def test_nothing_hedged_is_a_direct_triple(item: Item, request: pytest.FixtureRequest) -> None:
    if item.known:
        request.applymarker(pytest.mark.xfail(strict=True, reason="not read yet"))
    assert [finding for finding in found(item) if is_direct(finding)] == []


@pytest.mark.parametrize("file", FILES)
def test_facts_near_such_words_stay_facts(file: str) -> None:
    facts = [item for item in FACTS if item.file == file]
    missed = [item for item in facts if not any(is_direct(finding) for finding in found(item))]
    assert len(missed) <= FILES[file].missed_facts, "\n".join(map(str, missed))


def _is_so_put(item: Item, finding: Statement | Partnership) -> bool:
    """Is a finding put as its mark has it?"""
    if item.fact.mark == "!":
        over = isinstance(finding, Partnership) and finding.status == Status.ENDED
        return over or finding.polarity == Polarity.NEGATED
    if item.fact.mark == "~":
        return finding.modality == Modality.REPORTED
    return finding.modality in OPEN


@pytest.mark.parametrize("file", FILES)
def test_most_are_hedged_in_their_own_way(file: str) -> None:
    """A denial comes out as denied or ended, a rumour as reported, the rest as open."""
    hedged = [item for item in HEDGED if item.file == file]
    others = [item for item in hedged if (all_ := found(item)) and not any(_is_so_put(item, each) for each in all_)]
    assert len(others) <= FILES[file].other_stances, "\n".join(map(str, others))


@pytest.mark.parametrize("file", FILES)
def test_the_list_holds_enough_of_each(file: str) -> None:
    marks = Counter(item.fact.mark for item in ITEMS if item.file == file)
    facts = marks.pop("")
    assert marks.total() >= FILES[file].hedged
    assert facts >= FILES[file].facts
    assert set(marks) == {"!", "?", "~"}
