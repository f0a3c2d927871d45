"""Rules over dependency trees: each finds what its examples say, and nothing in its counterexamples."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from aigraph.facts.frames import FrameRule, load_frames
from aigraph.facts.partnerships import PartnershipFinder
from aigraph.facts.relations import RelationFinder
from aigraph.ontology import load_ontology
from aigraph.records import Modality, Partnership, Polarity, Statement, Status
from aigraph.vocab import AIG, Iris
from notation import read_notation

IRIS = Iris()
ALONE = frozenset({"patterns"})
RELATIONS = RelationFinder(load_ontology(), ALONE)
DEALS = PartnershipFinder(ALONE)
RULES: tuple[FrameRule, ...] = (*load_frames("relations").rules, *load_frames("deals").rules)
EXAMPLES = [(rule.id, example.text, example.facts) for rule in RULES for example in rule.examples]
SENTENCES = [
    line.split(" => ") if " => " in line else [line.removesuffix(" =>"), ""]
    for line in Path(__file__).with_name("frame_sentences.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]
COUNTEREXAMPLES = [(rule.id, text) for rule in RULES for text in rule.counterexamples]


def statements(text: str) -> tuple[Statement, ...]:
    return RELATIONS.find(*read_notation(text, IRIS, parsed=True))[0]


def deals(text: str) -> tuple[Partnership, ...]:
    return DEALS.find(*read_notation(text, IRIS, parsed=True))


def shown(text: str, rule: str | None = None) -> set[str]:
    """Facts as the rule files write them; those of one rule, or all."""
    names = {e.iri: e.name for e in read_notation(text, IRIS)[1].entities}
    names |= {AIG.Training: "Training", AIG.Inference: "Inference"}
    found = {
        f"{names[s.subject]} {AIG.local(s.predicate)} {names[s.object]}" + (f" as {s.role}" if s.role else "")
        for s in statements(text)
        if rule is None or s.extractor == f"relation/{rule}"
    }
    for deal in deals(text):
        if rule is None or deal.extractor == f"partnership/{rule}":
            roles = [f"{AIG.local(role)}={'+'.join(sorted(names[w] for w in who))}" for role, who in deal.roles]
            found.add(" ".join([deal.kind, *roles, deal.status]))
    return found


@pytest.mark.parametrize(("rule", "text", "facts"), EXAMPLES, ids=[f"{r}-{i}" for i, (r, *_) in enumerate(EXAMPLES)])
def test_rule_finds_its_examples(rule: str, text: str, facts: tuple[str, ...]) -> None:
    assert shown(text, rule) == set(facts)


@pytest.mark.parametrize(
    ("rule", "text"), COUNTEREXAMPLES, ids=[f"{r}-{i}" for i, (r, _) in enumerate(COUNTEREXAMPLES)]
)
def test_rule_leaves_its_counterexamples_alone(rule: str, text: str) -> None:
    assert shown(text, rule) == set()


@pytest.mark.parametrize(("text", "facts"), SENTENCES)
def test_sentences_say_what_they_say(text: str, facts: str) -> None:
    wanted = set(filter(None, facts.split("; ")))
    statuses = "|".join(Status)
    assert {re.sub(rf" (?:{statuses})$", "", fact) for fact in shown(text)} == wanted
