"""Denials that point back are read with the words of what they deny, so that both meet in the graph."""

from __future__ import annotations

from functools import cache

import pytest
from pyoxigraph import NamedNode

from aigraph.facts import FactFinder
from aigraph.facts.claims.denials import DENIED
from aigraph.ontology import load_ontology
from aigraph.records import Claim, Claimant, Facts, Modality, Part, Polarity, UnnamedGroup
from aigraph.vocab import Iris
from notation import read_notation

IRIS = Iris()
VETO = "People close to the matter told [Nikkei|Organization] that [Tessera|Company] has asked for a veto."
LEASE = "[Bloomberg|Organization] reported that [Velora|Company] has leased 40 megawatts."


@cache
def finder() -> FactFinder:
    return FactFinder(load_ontology(), IRIS, frozenset({Part.WHOLE}))


def read(text: str) -> Facts:
    """The facts of a text in brackets; lines are paragraphs."""
    document, mentions = read_notation(text, IRIS, parsed=True)
    return finder().find(document, mentions)


def told(claim: Claim) -> tuple[str, str | None, Polarity]:
    """What a claim says, by whom, and whether it says or denies that."""
    words = f"{claim.quantity.value:g}" if claim.quantity else claim.text
    return words, name(claim.claimant), claim.polarity


def name(who: Claimant | None) -> str | None:
    if isinstance(who, UnnamedGroup):
        return who.label
    return who.value.rsplit("/", 1)[-1] if isinstance(who, NamedNode) else None


SAID = "Tessera has asked for a veto"


@pytest.mark.parametrize(
    ("text", "denied"),
    [
        (f"{VETO} A spokesman for [Tessera|Company] denied this.", (SAID, "tessera", Polarity.NEGATED)),
        (f"{VETO} [Tessera|Company] rejects such claims.", (SAID, "tessera", Polarity.NEGATED)),
        (f"{LEASE} [Velora|Company] disputes the report.", ("4e+07", "velora", Polarity.NEGATED)),
        (f"{LEASE} [Skanska|Company] dismissed that figure.", ("4e+07", "skanska", Polarity.NEGATED)),
        (f"{VETO} This is wrong, [Tessera|Company] said.", (SAID, "tessera", Polarity.NEGATED)),
        (f'{VETO} "That is not true," [Tessera|Company] said.', (SAID, "tessera", Polarity.NEGATED)),
        (f"{LEASE} The report is completely false, [Velora|Company] said.", ("4e+07", "velora", Polarity.NEGATED)),
        (
            "Sales will double in 2027, [Gartner|Company] says. [Velora|Company] disagrees.",
            ("2", "velora", Polarity.NEGATED),
        ),
        (
            '"Cooling is solved on paper only," argues [Ann Berg|Person]. [Velora|Company] does not share this view.',
            ("Cooling is solved on paper only", "velora", Polarity.NEGATED),
        ),
    ],
)
def test_what_the_sentence_before_says_is_denied(text: str, denied: tuple[str, str, Polarity]) -> None:
    claims = read(text).claims
    assert denied in map(told, claims)
    assert (denied[0], Polarity.AFFIRMED) in [(words, polarity) for words, _, polarity in map(told, claims)]
    assert [claim.extractor for claim in claims if claim.polarity == Polarity.NEGATED] == [DENIED]
    (denial,) = [claim for claim in claims if claim.extractor == DENIED]
    assert denial.evidence[0].start > min(claim.evidence[0].start for claim in claims)


@pytest.mark.parametrize(
    ("text", "source"),
    [
        (
            "A report in [Dagens Nyheter|Organization] that [Velora|Company] has leased 40 megawatts was dismissed by "
            '[Skanska|Company] as "inaccurate".',
            "dagens-nyheter",
        ),
        (
            "[Skanska|Company] rejected a [Reuters|Organization] report that [Velora|Company] has leased 40 megawatts.",
            "reuters",
        ),
    ],
)
def test_a_report_that_is_denied_in_its_own_sentence_says_so_all_the_same(text: str, source: str) -> None:
    claims = read(text).claims
    assert sorted(map(told, claims), key=str) == sorted(
        [("4e+07", source, Polarity.AFFIRMED), ("4e+07", "skanska", Polarity.NEGATED)], key=str
    )
    assert {claim.modality for claim in claims if claim.polarity == Polarity.AFFIRMED} == {Modality.REPORTED}


def test_a_deal_that_was_reported_is_denied() -> None:
    deals = read(
        "[Bloomberg|Organization] reported that [Intel|Company] is to acquire [Velora|Company]. "
        "[Intel|Company] denied the report."
    ).partnerships
    assert [(name(deal.claimant), deal.polarity) for deal in deals] == [
        ("bloomberg", Polarity.AFFIRMED),
        ("intel", Polarity.NEGATED),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "[Velora|Company] has leased 40 megawatts. [Velora|Company] rejected the offer.",  # what nobody else said
        f"{LEASE} [Velora|Company] does not deny this.",
        f"{LEASE} This is true, [Velora|Company] said.",
        f"{LEASE} The report is not wrong, [Velora|Company] said.",
        f"{LEASE} The chips are wrong, [Velora|Company] said.",
        f"{LEASE} [Velora|Company] declined to comment on this.",
        f"{LEASE} [Velora|Company] denied that it is short of cash.",  # something else
        f"{LEASE} [Velora|Company] disagrees with [Skanska|Company] on prices.",
        f"{LEASE} [Velora|Company] does not share its profits.",
        f"{LEASE}\n[Velora|Company] denied this.",  # a paragraph of its own
        f"{LEASE} [Bloomberg|Organization] denied this.",  # who has said so
    ],
)
def test_other_sentences_deny_nothing_before_them(text: str) -> None:
    assert DENIED not in [claim.extractor for claim in read(text).claims]
