"""Organizations that are called by what they make: they make it, and what is said of such a description is theirs."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from aigraph.facts import FactFinder
from aigraph.facts.relations.described import makers_described
from aigraph.ontology import load_ontology
from aigraph.records import BlockKind, EntityType, Facts, Modality, Part, Polarity
from aigraph.vocab import AIG, Iris
from notation import read_notation

IRIS = Iris()


@cache
def _read(text: str) -> Facts:
    return FactFinder(load_ontology(), IRIS, frozenset({Part.WHOLE})).find(*read_notation(text, IRIS, parsed=True))


def makers(text: str) -> set[tuple[str, str]]:
    """Who is said to develop what, by local names."""
    return {
        (s.subject.value.rsplit("/", 1)[-1], s.object.value.rsplit("/", 1)[-1])
        for s in _read(text).statements
        if s.predicate == AIG.develops and (s.modality, s.polarity) == (Modality.ASSERTED, Polarity.AFFIRMED)
    }


DESCRIBED = {
    "of, by the sentence before": (
        "[Orlemann|Company] had a good year. The maker of the [Vesper 4|Chip] plans to hire 300 people.",
        ("orlemann", "vesper-4"),
    ),
    "compound, by the sentence before": (
        "[Quillon|Company] has moved. The [Larkspur|AIModel] developer now sits by the river.",
        ("quillon", "larkspur"),
    ),
    "of a kind of thing": (
        "[Orlemann|Company] is hiring. The designer of the [Vesper 4|Chip] inference chip wants 300 people.",
        ("orlemann", "vesper-4"),
    ),
    "behind": (
        "[Quillon|Company] raised money. The start-up behind [Larkspur|AIModel] is worth $2 billion.",
        ("quillon", "larkspur"),
    ),
    "not who reports": (
        "[The Courier|Company] reported that [Quillon|Company] is hiring. The [Larkspur|AIModel] developer is not.",
        ("quillon", "larkspur"),
    ),
    "who owns an app": (
        "[Quillon|Company] had a good year. The owner of [Larkspur|Software] bought 100,000 chips.",
        ("quillon", "larkspur"),
    ),
    "the parent of a model": (
        "[Quillon|Company] had a good year. [Larkspur|AIModel]'s parent company plans to hire 300 people.",
        ("quillon", "larkspur"),
    ),
    "not who is named beside it": (
        "[Quillon|Company] and its fans met. [Orlemann|Company] sells cards to the maker of [Larkspur|AIModel].",
        ("quillon", "larkspur"),
    ),
}


@pytest.mark.parametrize(("text", "expected"), DESCRIBED.values(), ids=DESCRIBED)
def test_the_maker_of_a_thing_makes_it(text: str, expected: tuple[str, str]) -> None:
    assert expected in makers(text)


def test_the_other_one_of_the_title_is_meant_where_the_first_is_in_the_sentence() -> None:
    document, mentions = read_notation(
        "[Orlemann|Company] sells cards to [Quillon|Company]\n"
        "In exchange, the maker of [Larkspur|AIModel] takes a stake in [Orlemann|Company].",
        IRIS,
        parsed=True,
    )
    title, *rest = document.blocks
    titled = replace(title, block=replace(title.block, kind=BlockKind.TITLE))
    _, made = makers_described(replace(document, blocks=(titled, *rest)), mentions, ())
    assert [s.subject for s in made] == [IRIS.thing(EntityType.COMPANY, "Quillon")]


OPEN = {
    "two may be meant": (
        "[Orlemann|Company] and [Quillon|Company] met in Graz. The maker of the [Vesper 4|Chip] left early."
    ),
    "nobody is named": "It rained. The maker of the [Vesper 4|Chip] is not known.",
    "several makers": "[Quillon|Company] is hiring. The makers of the [Vesper 4|Chip] met in Graz.",
    "beside another name": ("[Quillon|Company] is hiring. The [Vesper 4|Chip] maker [Orlemann|Company] is not."),
    "an aside of another": (
        "[Quillon|Company] is hiring. [Orlemann|Company], the maker of the [Vesper 4|Chip], is not."
    ),
    "named in the sentence": (
        "[Quillon|Company] is hiring. Last week [Quillon|Company] met the maker of the [Vesper 4|Chip]."
    ),
    "made by another, as the article says": (
        "[Orlemann|Company] develops the [Vesper 4|Chip]. [Quillon|Company] is hiring. "
        "The maker of the [Vesper 4|Chip] is not."
    ),
}


@pytest.mark.parametrize("text", OPEN.values(), ids=OPEN)
def test_who_is_not_meant_makes_nothing(text: str) -> None:
    assert ("quillon", "vesper-4") not in makers(text)


def test_who_owns_a_chip_or_a_system_may_have_bought_it() -> None:
    assert not makers("[Quillon|Company] had a good year. The owner of [Larkspur|System] plans to hire 300 people.")


def test_what_the_owner_of_an_app_uses_the_organization_uses() -> None:
    text = (
        "[Quillon|Company] develops [Larkspur|Software].\n"
        "The owner of [Larkspur|Software] bought 100,000 of [Orlemann|Company]'s [Vesper 4|Chip] chips last year."
    )
    uses = {(s.subject, s.object) for s in _read(text).statements if s.predicate == AIG.uses}
    assert uses == {(IRIS.thing(EntityType.COMPANY, "Quillon"), IRIS.thing(EntityType.CHIP, "Vesper 4"))}


@pytest.mark.xfail(strict=True, reason="a frame takes whoever was told of before for the maker")
def test_a_rival_of_the_maker_is_not_the_maker() -> None:
    assert not makers("[Quillon|Company] is hiring. A rival of the [Vesper 4|Chip] maker has left town.")


def test_what_is_said_of_the_maker_is_said_of_the_organization() -> None:
    text = (
        "[Orlemann|Company] develops the [Vesper 4|Chip].\n"
        "Last week [Quillon|Company] took a stake in the maker of the [Vesper 4|Chip]."
    )
    deals = _read(text).partnerships
    parties = [{who for _, fillers in deal.roles for who in fillers} for deal in deals]
    assert {IRIS.thing(EntityType.COMPANY, "Quillon"), IRIS.thing(EntityType.COMPANY, "Orlemann")} in parties
