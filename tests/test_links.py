"""Facts that the language model finds between words, and confidences that are made of its chances and the rules."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import NamedNode

from aigraph.facts import FactFinder
from aigraph.facts.claims.finder import ClaimFinder
from aigraph.facts.confidence import calibrated, features, load_weights
from aigraph.facts.links.finder import LIKELY, LinkFinder, SentenceLinks, Told
from aigraph.facts.links.findings import RELATION, linked_deals
from aigraph.facts.speech.attribution import AttributionReader
from aigraph.language.network import FAR_ARCS, tree_between
from aigraph.ontology import load_ontology
from aigraph.records import EntityType, Facts, Mention, Part, PartnershipKind, Polarity, Span, Statement, UnnamedGroup
from aigraph.vocab import AIG, Iris
from notation import read_notation

IRIS = Iris()
LINKS = LinkFinder()
FINDER = ClaimFinder(load_ontology(), IRIS, AttributionReader())
ALONE = frozenset({Part.PATTERNS, Part.SYNTAX})


def links(text: str) -> set[tuple[str, str, str]]:
    """What the network holds for likely: label and the last words of both phrases."""
    document, mentions = read_notation(text, IRIS, parsed=True)
    told = [each for here in LINKS.find(document, mentions).sentences.values() for each in here.told]
    plain = document.article.text
    return {
        (t.label, plain[t.first.start : t.first.end], plain[t.second.start : t.second.end])
        for t in told
        if t.chance >= LIKELY
    }


SAID = [
    ("[Velloris|Company] unveiled the [Quarrion 7|Chip] on Tuesday.", ("develops", "Velloris", "7")),
    (
        "[Mara Oyelaran|Person], chief executive of [Velloris|Company], spoke first.",
        ("worksFor", "Oyelaran", "Velloris"),
    ),
    ("[Velloris|Company] is based in [Utrecht|Place].", ("locatedIn", "Velloris", "Utrecht")),
    ("Revenue at [Velloris|Company] rose to $340 million in the third quarter.", ("metric", "million", "Revenue")),
    ("Revenue at [Velloris|Company] rose to $340 million in the third quarter.", ("about", "million", "Velloris")),
    ("[Mara Oyelaran|Person] said demand was strong.", ("says", "Oyelaran", "strong")),
]


@pytest.mark.parametrize(("text", "link"), SAID)
def test_what_a_sentence_says_is_linked(text: str, link: tuple[str, str, str]) -> None:
    assert link in links(text)


def test_names_beside_each_other_are_not_linked() -> None:
    found = links("[Velloris|Company], [Tamarack|Company] and [Ossian|Company] all fell on Friday.")
    assert not {label for label, *_ in found} & {"supply", "acquisition", "competesWith", "investment", "licensing"}


def test_a_sentence_is_read_the_same_in_any_article() -> None:
    sentence = "[Velloris|Company] unveiled the [Quarrion 7|Chip] on Tuesday."
    assert links(sentence) <= links(f"[Ossian|Company] makes shoes.\n{sentence}\nNobody knew.")


def test_without_rules_the_network_finds_relations_with_its_name_and_chance() -> None:
    finder = FactFinder(load_ontology(), IRIS, ALONE)
    facts = finder.find(
        *read_notation("[Velloris|Company] unveiled the [Quarrion 7|Chip] on Tuesday.", IRIS, parsed=True)
    )
    (statement,) = facts.statements
    assert (statement.predicate, statement.extractor) == (AIG.develops, RELATION)
    assert statement.chance is not None
    assert statement.chance >= LIKELY


@pytest.mark.parametrize(
    ("text", "workloads"),
    [
        ("[Ossian|Company]'s [Kite|Chip] matches the [Quarrion 7|Chip] in training and beats it in inference.", set()),
        ("The [Kite|Chip] is slower in training than anything that [Ossian|Company] has sold.", set()),
        ("It is ten times as fast as the [Quarrion 7|Chip] in inference, [Ossian|Company] says of [Kite|Chip].", set()),
        (
            "[Ossian|Company] designed the [Kite|Chip] for inference, in which it beats the [Quarrion 7|Chip].",
            {"Inference"},
        ),
    ],
)
def test_what_things_are_compared_in_is_not_what_they_were_made_for(text: str, workloads: set[str]) -> None:
    facts = FactFinder(load_ontology(), IRIS, ALONE).find(*read_notation(text, IRIS, parsed=True))
    assert {AIG.local(s.object) for s in facts.statements if s.predicate == AIG.optimizedFor} == workloads


def test_without_links_nothing_has_a_chance() -> None:
    finder = FactFinder(load_ontology(), IRIS, frozenset({Part.LINKS}))
    facts = finder.find(
        *read_notation("[Velloris|Company] unveiled the [Quarrion 7|Chip] on Tuesday.", IRIS, parsed=True)
    )
    assert facts.statements
    assert all(statement.chance is None for statement in facts.statements)


def _told(label: str, first: str, second: str, chance: float) -> Told:
    """A link between two companies whose names stand somewhere in a sentence."""
    ends = [Mention(Span(n, n + 1), IRIS.thing("company", name), EntityType.COMPANY, name) for n, name in
            enumerate((first, second))]  # fmt: skip
    return Told(label, ends[0].span, ends[1].span, chance, first_mention=ends[0], second_mention=ends[1])


HEARD = [
    # a name that the tree hangs on something else than the verb of saying
    ("[Tigris|Company] will appeal, says its general counsel, [Ann Lee|Person].", {"ann-lee"}),
    ('"We lost, and that is no shame," in the words of [Ann Lee|Person], who leads [Tigris|Company].', {"ann-lee"}),
    # who is told to say it without doubt stays, and so does a group before its verb
    ("Analysts say that [Tigris|Company] will appeal.", {"analysts"}),
    ("According to analysts, [Ann Lee|Person] will leave [Tigris|Company].", {"analysts"}),
    ("[Ann Lee|Person] said that [Tigris|Company] will appeal.", {"ann-lee"}),
]


@pytest.mark.parametrize(("text", "who"), HEARD)
def test_speakers_by_name_that_the_network_hears(text: str, who: set[str]) -> None:
    document, mentions = read_notation(text, IRIS, parsed=True)
    found = [claim.claimant for claim in FINDER.find(document, mentions, LINKS.find(document, mentions))]
    assert {c.label if isinstance(c, UnnamedGroup) else c.value.rsplit("/", 1)[-1] for c in found if c} == who


@pytest.mark.parametrize(
    ("told", "behind"),
    [
        ("[Palisade Capital|Company] has not acquired [Tessera|Company]", "a spokeswoman for the fund said on Monday"),
        ("[Palisade Capital|Company] has not acquired [Tessera|Company]", "a spokesman for the fund said on Friday"),
        ("[Palisade Capital|Company] has sold [Tessera|Company]", "a spokeswoman for the bank said on Friday"),
    ],
)
def test_who_says_so_is_no_part_of_what_is_said(told: str, behind: str) -> None:
    document, mentions = read_notation(f"{told}, {behind}.", IRIS, parsed=True)
    found = FINDER.find(document, mentions, LINKS.find(document, mentions))
    (said,) = {claim.text for claim in found if claim.claimant is not None}
    assert said == re.sub(r"\[(.+?)\|\w+\]", r"\1", told)
    assert {claim.polarity for claim in found} == {Polarity.NEGATED if "not" in told else Polarity.AFFIRMED}


def test_whom_a_sentence_says_to_compete_no_link_alone_joins_in_a_deal() -> None:
    told = (
        _told("supply", "velloris", "ossian", 0.9),
        _told("supply", "tamarack", "ossian", 0.8),
        _told("collaboration", "ossian", "velloris", 0.7),
    )
    velloris, tamarack, ossian = (IRIS.thing("company", name) for name in ("velloris", "tamarack", "ossian"))
    both, partners = linked_deals(SentenceLinks(told), LIKELY)
    assert both.roles == ((AIG.customer, (ossian,)), (AIG.supplier, (tamarack, velloris)))
    assert partners.roles == ((AIG.partner, (ossian, velloris)),)
    (one,) = linked_deals(SentenceLinks(told), LIKELY, {frozenset((ossian, velloris))})
    assert one.roles == ((AIG.customer, (ossian,)), (AIG.supplier, (tamarack,)))


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("The hold of [Ossian|Company] on the market is challenged by silicon from [Velloris|Company].", []),
        ("[Ossian|Company] is challenged by [Velloris|Company] and by chips from [Tamarack|Company].", []),
        ("[Ossian|Company] buys custom silicon from [Velloris|Company].", [PartnershipKind.SUPPLY]),
        (
            "[Ossian|Company] competes with [Velloris|Company] and buys chips from [Tamarack|Company].",
            [PartnershipKind.SUPPLY],
        ),
    ],
)
def test_a_challenge_with_products_is_no_supply(text: str, kinds: list[PartnershipKind]) -> None:
    facts = FactFinder(load_ontology(), IRIS).find(*read_notation(text, IRIS, parsed=True))
    assert [deal.kind for deal in facts.partnerships] == kinds


@pytest.mark.parametrize(
    ("text", "polarity"),
    [
        (
            "[Velloris|Company] had put $10 million into [Ossian|Company]; it has sold its stake.",
            Polarity.AFFIRMED,
        ),
        ("[Velloris|Company] has not put $10 million into [Ossian|Company].", Polarity.NEGATED),
    ],
)
def test_a_deal_is_denied_only_where_a_word_denies(text: str, polarity: Polarity) -> None:
    facts = FactFinder(load_ontology(), IRIS).find(*read_notation(text, IRIS, parsed=True))
    assert {deal.polarity for deal in facts.partnerships if deal.kind == PartnershipKind.INVESTMENT} == {polarity}


def test_no_person_supplies_anybody() -> None:
    told = _told("supply", "velloris", "ossian", 0.9)
    assert told.first_mention is not None
    ann = replace(told, first_mention=replace(told.first_mention, type=EntityType.PERSON))
    assert list(linked_deals(SentenceLinks((told,)), LIKELY))
    assert not list(linked_deals(SentenceLinks((ann,)), LIKELY))
    assert list(linked_deals(SentenceLinks((replace(ann, label="investment"),)), LIKELY))


def _statement(confidence: float, chance: float | None, extractor: str) -> Statement:
    iri = NamedNode("https://example.org/x")
    return Statement(
        evidence=(),
        extractor=extractor,
        confidence=confidence,
        chance=chance,
        subject=iri,
        predicate=AIG.develops,
        object=iri,
    )


@given(st.floats(0, 1), st.none() | st.floats(0, 1), st.sampled_from([RELATION, "relation/some-rule"]))
def test_confidences_are_probabilities(confidence: float, chance: float | None, extractor: str) -> None:
    if extractor == RELATION and chance is None:
        chance = confidence
    (found,) = calibrated(Facts((_statement(confidence, chance, extractor),), (), ())).statements
    assert 0 <= found.confidence <= 1
    assert len(features(found)) == len(load_weights()["relation"].values)


@given(st.floats(0.01, 0.98), st.floats(0.001, 0.01))
def test_a_likelier_link_is_never_less_sure(chance: float, more: float) -> None:
    weights = load_weights()["relation"]
    low, high = (weights.probability(_statement(c, c, RELATION)) for c in (chance, chance + more))
    assert low <= high


@given(st.lists(st.integers(0, 30), min_size=1, max_size=30))
def test_two_words_have_their_lowest_shared_ancestor_between_them_and_the_arcs_over_it(choices: list[int]) -> None:
    heads = np.array([0, *(choice % number for number, choice in enumerate(choices, 1))])

    def above(word: int) -> list[int]:
        return [word] if heads[word] == word else [word, *above(int(heads[word]))]

    arcs, lowest = tree_between(heads)
    for a in range(len(heads)):
        for b in range(len(heads)):
            shared = next(x for x in above(a) if x in above(b))
            way = above(a).index(shared) + above(b).index(shared)
            assert arcs[a, b] == min(way, FAR_ARCS)
            assert lowest[a, b] == shared
    some = np.arange(0, len(heads), 2)
    for asked, all_ in zip(tree_between(heads, some), (arcs, lowest), strict=True):
        assert (asked == all_[some]).all()
