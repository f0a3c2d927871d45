"""The rule files and the engine that reads them: verbs, word classes, patterns, coverage."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from aigraph.errors import DataError
from aigraph.facts.patterns.language import compile_pattern
from aigraph.facts.patterns.lines import Line, read_line
from aigraph.facts.patterns.rulebook import (
    FOLDER,
    Rule,
    load_lexicon,
    load_partnership_rules,
    load_relation_rules,
)
from aigraph.facts.words.inflections import Form, conjugate, load_inflections
from aigraph.ontology import load_ontology
from aigraph.records import PartnershipKind
from aigraph.vocab import AIG
from notation import read_notation

LEXICON = load_lexicon()
RELATION_RULES = load_relation_rules(LEXICON)
PARTNERSHIP_RULES = load_partnership_rules(LEXICON)
RULES: tuple[Rule, ...] = (*RELATION_RULES, *PARTNERSHIP_RULES)
ENGINE_CLASSES = {
    "adverb", "auxiliary", "clause", "closer", "commodity", "comparing", "conjunction", "control", "determiner",
    "denying", "device", "done", "ended", "hedge", "planned", "preposition", "presenting", "rumoured", "standard",
}  # fmt: skip


def line_of(text: str) -> Line:
    document, mentions = read_notation(text)
    block = document.blocks[0]
    return read_line(block, block.sentences[0], mentions.mentions, LEXICON)


def matched(pattern: str, text: str) -> list[dict[str, list[str]]]:
    """What each match of a pattern binds, as words."""
    line = line_of(text)
    found = compile_pattern(pattern, LEXICON).matches(line)
    return [
        {name: [line.slots[i].word for i in slots] for name, slots in match.bindings.items() if name != "verb"}
        for match in found
    ]


# --- data ---------------------------------------------------------------------------------------------------


def test_word_classes_are_sorted_unique_and_lower_case() -> None:
    for name, phrases in yaml.safe_load((FOLDER / "words.yaml").read_text(encoding="utf-8")).items():
        assert phrases == sorted(set(phrases)), f"sort {name} in words.yaml: {sorted(set(phrases))}"
        assert all(isinstance(phrase, str) and phrase == phrase.lower() for phrase in phrases), name


def test_every_word_class_is_used() -> None:
    used = {name for file in ("relations.yaml", "partnerships.yaml") for name in _classes(FOLDER / file)}
    assert set(LEXICON.classes) == used | ENGINE_CLASSES


def _classes(path: Path) -> set[str]:
    patterns = [p for rule in yaml.safe_load(path.read_text(encoding="utf-8"))["rules"] for p in rule["patterns"]]
    found = {name for pattern in patterns for name in re.findall(r"<([\w-]+)>", pattern)}
    return found | {name for pattern in patterns for name in re.findall(r"~\d+-(\w+)", pattern)}


def test_verbs_are_sorted_and_listed_once() -> None:
    data = yaml.safe_load((FOLDER / "verbs.yaml").read_text(encoding="utf-8"))
    lists = [data["regular"], data["doubled"], list(data["irregular"])]
    for verbs in lists:
        assert verbs == sorted(verbs)
    every = [verb for verbs in lists for verb in verbs]
    assert sorted(every) == sorted(set(every))


def test_rules_are_named_once_in_kebab_case() -> None:
    names = [rule.id for rule in RELATION_RULES]
    deals = [rule.id for rule in PARTNERSHIP_RULES]
    assert len(names) == len(set(names))
    assert len(deals) == len(set(deals))
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", name) for name in names + deals)


def test_every_rule_has_examples_counterexamples_and_an_honest_confidence() -> None:
    for rule in RULES:
        assert rule.examples, rule.id
        assert rule.counterexamples, rule.id
        assert all(example.facts for example in rule.examples), rule.id
        assert 0.5 <= rule.confidence <= 0.95, rule.id


def test_every_relation_and_kind_of_deal_has_a_rule() -> None:
    relations = {relation.iri for relation in load_ontology().relations}
    stated = {template.predicate for rule in RELATION_RULES for template in rule.states}
    assert stated <= relations
    wanted = "develops manufactures usesArchitecture componentOf successorOf uses competesWith worksFor founded "
    assert {AIG[name] for name in (wanted + "optimizedFor locatedIn").split()} <= stated
    assert {rule.kind for rule in PARTNERSHIP_RULES} == set(PartnershipKind)


def test_rules_bind_what_they_state() -> None:
    for rule in RELATION_RULES:
        named = {name for pattern in rule.patterns for name in re.findall(r"\{(\w+):", pattern.source)}
        for template in rule.states:
            sides = {side for side in (template.subject, template.object) if isinstance(side, str)}
            assert sides <= named | {"@company", "@technology"}, rule.id
    for deal in PARTNERSHIP_RULES:
        named = {name for pattern in deal.patterns for name in re.findall(r"\{(\w+):", pattern.source)}
        assert {name for _, names in deal.roles for name in names} <= named | {"@company", "@maker", "@pair"}, deal.id


# --- verbs --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lemma", "doubled", "forms"),
    [
        ("design", False, "design designs designed designed designing"),
        ("make", False, "make makes maked maked making"),
        ("supply", False, "supply supplies supplied supplied supplying"),
        ("employ", False, "employ employs employed employed employing"),
        ("ship", True, "ship ships shipped shipped shipping"),
        ("launch", False, "launch launches launched launched launching"),
        ("co-found", False, "co-found co-founds co-founded co-founded co-founding"),
        ("roll_out", False, "roll rolls rolled rolled rolling"),
    ],
)
def test_regular_forms(lemma: str, doubled: bool, forms: str) -> None:
    assert [word for _, word in conjugate(lemma, doubled=doubled).forms] == forms.split()


def test_irregular_forms_replace_the_regular_ones() -> None:
    verb = conjugate("be", irregular={Form.THIRD: ["is", "are"], Form.PAST: ["was", "were"]})
    assert [word for form, word in verb.forms if form in (Form.THIRD, Form.PAST)] == ["is", "are", "was", "were"]


def test_readings_name_lemma_form_and_particle() -> None:
    assert {(r.lemma, r.form, r.particle) for r in LEXICON.verbs.readings("brought")} >= {
        ("bring_out", Form.PAST, "out"),
        ("bring_out", Form.PARTICIPLE, "out"),
    }


def test_a_verb_file_with_wrong_forms_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "verbs.yaml"
    path.write_text("regular: []\ndoubled: []\nirregular:\n  go: {preterite: went}\n", encoding="utf-8")
    with pytest.raises(DataError, match="'go'"):
        load_inflections(path)


# --- the pattern language -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "objects"),
    [
        ("[Acme|Company] builds the [A1|Chip].", ["a1"]),
        ("[Acme|Company], which is small, has also quietly built the [A1|Chip].", ["a1"]),
        ("[Acme|Company], the maker of the [B1|Chip], builds the [A1|Chip].", ["a1"]),
        ("[Acme|Company] plans to build [A1|Chip], [A2|Chip] and the newer [A3|Chip] cards.", ["a1", "a2", "a3"]),
        ("[Acme|Company] sells switches and builds the [A1|Chip].", ["a1"]),
    ],
)
def test_active_verbs(text: str, objects: list[str]) -> None:
    assert [m["o"] for m in matched("{s:Company} (build) ~4 {o:Chip}", text)] == [objects]


@pytest.mark.parametrize(
    "text",
    [
        "[Acme|Company] was built by the [A1|Chip].",  # passive
        "[Acme|Company] build quality beats the [A1|Chip].",  # a noun
        "[Acme|Company], [Beta|Company] said, and those who build the [A1|Chip].",  # another subject
        "[Acme|Company] builds, because of the [A1|Chip].",  # another clause
    ],
)
def test_active_verbs_need_their_subject(text: str) -> None:
    assert matched("{s:Company} (build) ~4 {o:Chip}", text) == []


@pytest.mark.parametrize(
    "text",
    [
        "The [A1|Chip] was built last year by [Acme|Company].",
        "The [A1|Chip], built by [Acme|Company], sells.",
        "The [A1|Chip] sells well and has been built by [Acme|Company].",
        "The [A1|Chip] is designed and built by [Acme|Company].",
    ],
)
def test_passive_verbs(text: str) -> None:
    found = matched("{o:Chip} (build:passive) ~~3 by {s:Company}", text)
    assert found == [{"o": ["a1"], "s": ["acme"]}]


def test_a_pair_of_names_without_and_is_no_list() -> None:
    assert matched("with {o:Company}", "It works with [Acme|Company], [Beta|Company] says.") == [{"o": ["acme"]}]


def test_possessives_take_a_mark_a_pronoun_or_a_relative() -> None:
    pattern = "{s:Company} 's ~2 {o:Chip}"
    texts = ("[Acme|Company]'s new [A1|Chip]", "[its|Company=Acme] new [A1|Chip]", "[Acme|Company], whose [A1|Chip]")
    for text in texts:
        assert [m["o"] for m in matched(pattern, text)] == [["a1"]], text
    assert matched(pattern, "[Acme|Company] new [A1|Chip]") == []


def test_words_that_bound_a_figure_are_skipped() -> None:
    text = "[Acme|Company] ordered as many as 400,000 [A1|Chip] chips."
    assert [m["o"] for m in matched("{s:Company} (order) ~1 {o:Chip}", text)] == [["a1"]]


def test_kept_words_and_barred_words() -> None:
    pattern = "{s:Person} , ~2-bare:role <post>:role"
    assert matched(pattern, "[Ann|Person], deputy finance chief") == [
        {"s": ["ann"], "role": ["deputy", "finance", "chief"]}
    ]
    assert matched(pattern, "[Ann|Person], former chief") == []


def test_workloads_are_arguments() -> None:
    assert matched("for {w:Workload}", "Built for training and inference.") == [{"w": ["training", "inference"]}]


def test_a_short_form_in_brackets_is_passed_over() -> None:
    assert [m["o"] for m in matched("{o:Chip} (sell)", "The [Big Unit|Chip] ([BU|Chip=Big Unit]) sells.")] == [["big"]]


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("{s:Company} (frobnicate) {o:Chip}", "frobnicate"),
        ("{s:Company} <nonsense>", "nonsense"),
        ("{s:Company} @nowhere", "nowhere"),
        ("{s:Company} [by", "bracket open"),
        ("{s:Company} by]", "did not open"),
        ("{s:Company} (build:middle)", "middle"),
        ("", "empty"),
    ],
)
def test_malformed_patterns_are_refused_by_name(pattern: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        compile_pattern(pattern, LEXICON)


def test_a_rule_with_an_unknown_key_is_refused(tmp_path: Path) -> None:
    rule = {
        "id": "odd",
        "patterns": ["{s:Company} (build) {o:Chip}"],
        "states": "s develops o",
        "confidence": 0.8,
        "examples": [],
        "counterexamples": [],
        "weight": 3,
    }
    (tmp_path / "relations.yaml").write_text(yaml.safe_dump({"rules": [rule]}), encoding="utf-8")
    with pytest.raises(DataError, match="weight"):
        load_relation_rules(LEXICON, tmp_path)


def test_a_rule_that_lacks_its_confidence_is_refused(tmp_path: Path) -> None:
    rule = {"id": "odd", "patterns": ["{s:Company} (build) {o:Chip}"], "states": "s develops o"}
    (tmp_path / "relations.yaml").write_text(yaml.safe_dump({"rules": [rule]}), encoding="utf-8")
    with pytest.raises(DataError, match="'odd'"):
        load_relation_rules(LEXICON, tmp_path)
