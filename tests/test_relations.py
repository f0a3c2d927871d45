"""Statements: every rule finds what its examples say, and nothing in its counterexamples."""

from __future__ import annotations

from dataclasses import replace

import pytest

from aigraph.facts.patterns.rulebook import load_lexicon, load_relation_rules
from aigraph.facts.relations.finder import RelationFinder
from aigraph.facts.speech.attribution import AttributionReader
from aigraph.ontology import load_ontology
from aigraph.records import BlockKind, Modality, Polarity, Statement
from aigraph.vocab import AIG, Iris
from notation import read_notation

IRIS = Iris()
FINDER = RelationFinder(load_ontology(), AttributionReader())
RULES = load_relation_rules(load_lexicon())
EXAMPLES = [(rule.id, example.text, example.facts) for rule in RULES for example in rule.examples]
COUNTEREXAMPLES = [(rule.id, text) for rule in RULES for text in rule.counterexamples]


def read(text: str) -> tuple[Statement, ...]:
    return FINDER.find(*read_notation(text, IRIS))[0]


def shown(text: str, statements: tuple[Statement, ...]) -> set[str]:
    """Statements as the rule files write them: "Ann founded Acme", "Ann worksFor Acme as CEO"."""
    names = {e.iri: e.name for e in read_notation(text, IRIS)[1].entities}
    names |= {AIG.Training: "Training", AIG.Inference: "Inference"}
    return {
        f"{names[s.subject]} {AIG.local(s.predicate)} {names[s.object]}" + (f" as {s.role}" if s.role else "")
        for s in statements
    }


@pytest.mark.parametrize(("rule", "text", "facts"), EXAMPLES, ids=[f"{r}-{i}" for i, (r, *_) in enumerate(EXAMPLES)])
def test_rule_finds_its_examples(rule: str, text: str, facts: tuple[str, ...]) -> None:
    found = tuple(s for s in read(text) if s.extractor == f"relation/{rule}")
    assert shown(text, found) == set(facts)


@pytest.mark.parametrize(
    ("rule", "text"), COUNTEREXAMPLES, ids=[f"{r}-{i}" for i, (r, _) in enumerate(COUNTEREXAMPLES)]
)
def test_rule_leaves_its_counterexamples_alone(rule: str, text: str) -> None:
    assert shown(text, tuple(s for s in read(text) if s.extractor == f"relation/{rule}")) == set()


# --- what stands around the rules ---------------------------------------------------------------------------


def test_a_statement_told_twice_is_one_with_both_sentences() -> None:
    text = "[Acme|Company] builds the [A1|Chip]. [Acme|Company]'s [A1|Chip] is fast."
    (statement,) = read(text)
    assert len(statement.evidence) == 2
    assert statement.extractor == "relation/develops-possessive"  # the surer of the two


def test_a_post_beside_a_name_is_affirmed_where_the_clause_is_denied() -> None:
    (statement,) = read("[Acme|Company] has received no offer, [its|Company=Acme] chair, [Ann Lee|Person], insisted.")
    assert statement.predicate == AIG.worksFor
    assert statement.polarity == Polarity.AFFIRMED


def test_a_name_that_opens_a_passage_alone_owns_what_the_passage_presents() -> None:
    text = "[Acme|Company]. [Beta|Company] is older. [A1|Chip], which [Gamma|Company] fabricates, is fast."
    shown_facts = shown(text, read(text))
    assert {"Acme develops A1", "Gamma manufactures A1"} <= shown_facts
    assert "Beta develops A1" not in shown_facts


def test_a_post_with_its_role_takes_up_the_one_without() -> None:
    text = "[Acme|Company] CEO [Ann Lee|Person] spoke. [Ann Lee|Person], who runs [Acme|Company], smiled."
    (statement,) = read(text)
    assert statement.role == "CEO"
    assert len(statement.evidence) == 2


def test_rivals_are_one_statement_whichever_side_comes_first() -> None:
    text = "[Acme|Company] competes with [Beta|Company]. [Beta|Company] challenges [Acme|Company]."
    (statement,) = read(text)
    assert statement.subject.value < statement.object.value


def test_what_the_ontology_forbids_is_rejected_with_a_reason() -> None:
    statements, rejections, _ = FINDER.find(*read_notation("[Acme|Company]'s rival, [Acme Cloud|Company], rose.", IRIS))
    assert {AIG.local(s.predicate) for s in statements} == {"competesWith"}
    assert rejections == ()
    text = "The [A1|Chip], [the firm|Person=Ann]'s answer to the [B1|Chip], sells."
    statements, rejections, _ = FINDER.find(*read_notation(text, IRIS))
    assert {AIG.local(s.predicate) for s in statements} == {"competesWith"}
    assert all(r.reason and r.extractor.startswith("relation/") for r in rejections)


def test_denied_and_supposed_statements_keep_their_stance() -> None:
    (denied,) = read("[Acme|Company] does not use the [A1|Chip].")
    assert denied.polarity == Polarity.NEGATED
    (supposed,) = read("If [Acme|Company] adopted the [A1|Chip], prices would fall.")
    assert supposed.modality == Modality.HYPOTHETICAL


def test_a_name_that_begins_with_its_maker_tells_it() -> None:
    text = "[Acme|Company] grows. Both firms like [Acme Cloud|Software]."
    assert "Acme develops Acme Cloud" in shown(text, read(text))


def test_a_maker_is_handed_on_within_a_line_and_a_succession() -> None:
    text = "[Acme|Company]'s [Zeta 5|Chip] sells. [Beta|Company] waits for [Zeta 6|Chip]. It beats [Omega|Chip]."
    assert shown(text, read(text)) == {"Acme develops Zeta 5", "Acme develops Zeta 6", "Zeta 6 successorOf Zeta 5"}
    text = "[Acme|Company]'s [Zeta|Chip] sells to [Beta|Company]. [Omega|Chip] succeeds [Zeta|Chip]."
    assert "Acme develops Omega" in shown(text, read(text))


def test_a_passage_about_one_company_presents_its_chips_but_no_standard_goods() -> None:
    text = "[Acme|Company] is back. Next comes the [Zeta|Chip]. The [HBM9|Chip] is new."
    assert shown(text, read(text)) == {"Acme develops Zeta"}
    text = "[Acme|Company] is back. The [Zeta|Chip] is faster than the [Omega|Chip]."
    assert read(text) == ()


def test_statements_do_not_depend_on_the_order_of_entities() -> None:
    text = "[Acme|Company] and [Beta|Company] build the [A1|Chip] and [A2|Chip], rivals of the [C1|Chip]."
    assert read(text) == read(text)
    assert len({(s.subject, s.predicate, s.object) for s in read(text)}) == len(read(text))


def test_its_belongs_to_the_subject_of_its_own_clause() -> None:
    text = "[Acme|Company] advances its radios, and [Beta|Company] has entered with [its|Company=Acme] [B1|Chip] line."
    assert shown(text, read(text)) == {"Beta develops B1"}


def test_its_keeps_its_owner_where_no_clause_begins_between() -> None:
    text = "[Acme|Company] competes with [Beta|Company] by [its|Company=Acme] [A1|Chip]."
    assert "Acme develops A1" in shown(text, read(text))


def test_a_product_named_after_its_maker_needs_only_the_first_word() -> None:
    text = "[Zephyr Systems|Company] met [Acme|Company]. The [Zephyr One|Chip] is fast."
    assert shown(text, read(text)) == {"Zephyr Systems develops Zephyr One"}


def test_the_subject_of_an_article_about_one_organization_is_its_own() -> None:
    chip = "The [A1|Chip] is fast. "
    text = "[Acme|Company] speaks. [Acme|Company] waits. " + chip * 4
    (statement,) = read(text)
    assert statement.extractor == "relation/maker-of-subject"
    assert read("[Acme|Company] met [Beta|Company]. " + chip * 4) == ()


def test_lists_of_names_are_no_sentences() -> None:
    document, mentions = read_notation("[Corvane|Company] develops [Octagon|Chip].")
    listed = replace(document.blocks[0], block=replace(document.blocks[0].block, kind=BlockKind.METADATA))
    told, *_ = FINDER.find(document, mentions)
    assert [statement.predicate for statement in told] == [AIG.develops]
    untold, *_ = FINDER.find(replace(document, blocks=(listed,)), mentions)
    assert untold == ()
