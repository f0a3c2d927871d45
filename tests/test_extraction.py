"""Findings of several extractors become one set of facts."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import NamedNode

from aigraph.extraction import FactExtractor, combine
from aigraph.facts import FactFinder
from aigraph.llm import LlmExtractor
from aigraph.records import (
    Claim,
    Comparator,
    Facts,
    Finding,
    Modality,
    Partnership,
    PartnershipKind,
    Polarity,
    Quantity,
    Span,
    Statement,
    Status,
    UnnamedGroup,
)
from aigraph.vocab import AIG, UNIT, Iris

IRIS = Iris()
NVIDIA, AMD, INTEL = (IRIS.thing("Company", name) for name in ("Nvidia", "AMD", "Intel"))
RUBIN = IRIS.thing("Architecture", "Rubin")
FIRST, SECOND = Span(0, 50), Span(51, 99)
FIVE = Quantity(5e9, UNIT.CCY_USD, Comparator.EXACTLY, Span(20, 30))


def statement(extractor: str = "relation/a", evidence: Span = FIRST, **more: object) -> Statement:
    made = Statement(
        subject=NVIDIA,
        predicate=AIG.develops,
        object=RUBIN,
        evidence=(evidence,),
        extractor=extractor,
        confidence=0.9,
    )
    return replace(made, **more)  # type: ignore[arg-type]


def deal(
    extractor: str = "partnership/a", parties: tuple[NamedNode, NamedNode] = (AMD, INTEL), **more: object
) -> Partnership:
    made = Partnership(
        kind=PartnershipKind.ACQUISITION,
        roles=((AIG.acquirer, (parties[0],)), (AIG.target, (parties[1],))),
        status=Status.ANNOUNCED,
        evidence=(FIRST,),
        extractor=extractor,
        confidence=0.9,
    )
    return replace(made, **more)  # type: ignore[arg-type]


def claim(extractor: str = "claim/a", **more: object) -> Claim:
    made = Claim(
        text="revenue reached $5 billion",
        about=NVIDIA,
        quantity=FIVE,
        evidence=(FIRST,),
        extractor=extractor,
        confidence=0.6,
    )
    return replace(made, **more)  # type: ignore[arg-type]


def facts(*findings: Finding) -> Facts:
    return Facts(
        tuple(f for f in findings if isinstance(f, Statement)),
        tuple(f for f in findings if isinstance(f, Partnership)),
        tuple(f for f in findings if isinstance(f, Claim)),
    )


def test_both_extractors_fulfil_the_interface() -> None:
    for each in (FactFinder, LlmExtractor):
        assert FactExtractor in each.__mro__


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (statement(), statement("llm/relation/m", SECOND)),
        (deal(), deal("llm/partnership/m")),
        (claim(), claim("llm/claim/m")),
    ],
)
def test_the_same_fact_from_both_is_one_with_two_derivations(one: Finding, other: Finding) -> None:
    together = combine([facts(one), facts(other)])
    found: Finding
    (found,) = (f for fs in (together.statements, together.partnerships, together.claims) for f in fs)
    assert (found.extractor, found.also) == (one.extractor, (other.extractor,))
    assert found.confidence == one.confidence
    assert found.evidence == tuple(dict.fromkeys((*one.evidence, *other.evidence)))
    assert not together.rejections


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (statement(), statement("llm/relation/m", modality=Modality.FORECAST)),
        (statement(), statement("llm/relation/m", polarity=Polarity.NEGATED)),
        (deal(), deal("llm/partnership/m", (AMD, NVIDIA))),
        (claim(), claim("llm/claim/m", about=AMD)),
        (claim(), claim("llm/claim/m", claimant=UnnamedGroup("analysts"))),
        (claim(quantity=None), claim("llm/claim/m", quantity=None, text="revenue reached", claimant=AMD)),
    ],
)
def test_of_two_readings_of_one_place_the_first_one_stands(one: Finding, other: Finding) -> None:
    together = combine([facts(one), facts(other)])
    assert together == replace(facts(one), rejections=together.rejections)
    (rejection,) = together.rejections
    assert rejection.extractor == other.extractor
    assert one.extractor in rejection.reason


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (statement(), statement("llm/relation/m", SECOND, modality=Modality.FORECAST)),
        (statement(), statement("llm/relation/m", subject=AMD)),
        (deal(), deal("llm/partnership/m", (INTEL, AMD))),
        (deal(), deal("llm/partnership/m", (AMD, NVIDIA), evidence=(SECOND,))),
        (claim(), claim("llm/claim/m", quantity=replace(FIVE, span=Span(60, 70)), evidence=(SECOND,))),
        (claim(), claim("llm/claim/m", quantity=None)),
    ],
)
def test_different_facts_stay_apart(one: Finding, other: Finding) -> None:
    together = combine([facts(one), facts(other)])
    assert together == facts(one, other)


def test_a_role_that_the_first_extractor_misses_comes_from_the_other() -> None:
    post = statement(predicate=AIG.worksFor)
    together = combine([facts(post), facts(replace(post, extractor="llm/relation/m", role="CEO"))])
    assert together.statements[0].role == "CEO"


FINDINGS = st.lists(
    st.one_of(
        st.builds(
            statement,
            st.sampled_from(["x/a", "x/b"]),
            st.sampled_from([FIRST, SECOND]),
            modality=st.sampled_from(Modality),
            subject=st.sampled_from([AMD, NVIDIA]),
        ),
        st.builds(
            deal, st.just("x/c"), st.sampled_from([(AMD, INTEL), (INTEL, NVIDIA)]), polarity=st.sampled_from(Polarity)
        ),
        st.builds(claim, st.just("x/d"), about=st.sampled_from([AMD, None]), quantity=st.sampled_from([FIVE, None])),
    ),
    max_size=6,
)


@given(FINDINGS, FINDINGS)
def test_nothing_is_lost_unsaid_and_the_first_extractor_is_not_overruled(
    one: list[Finding], other: list[Finding]
) -> None:
    first, second = facts(*one), facts(*other)
    assert combine([first]) is first
    together = combine([first, second])
    for name in ("statements", "partnerships", "claims"):
        kept, before = getattr(together, name), getattr(first, name)
        bare = [replace(f, also=(), evidence=()) for f in kept[: len(before)]]
        assert bare == [replace(f, also=(), evidence=()) for f in before]
    fresh = sum(len(getattr(together, n)) - len(getattr(first, n)) for n in ("statements", "partnerships", "claims"))
    assert fresh + len(together.rejections) <= len(other)
