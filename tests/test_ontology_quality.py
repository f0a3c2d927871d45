"""The quality of the ontology: what each check finds in it, and that each finds what it is there for."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import Quad

from aigraph.errors import DataError
from aigraph.ontology import load_ontology
from aigraph.terms import QualityCheck, load_checks, load_reviews, quality_report, run_check
from aigraph.terms.quality import Level
from aigraph.vocab import Iris

CHECKS = load_checks()
REVIEWS = load_reviews()
PAGE = Path(__file__).parents[1] / "docs" / "ontology-quality.md"

OOPS = {f"OOPS P{number:02}" for number in range(1, 42)}
"""The whole pitfall catalogue of OOPS!."""

ROBOT = """
    annotation_whitespace deprecated_boolean_datatype deprecated_class_reference deprecated_property_reference
    duplicate_definition duplicate_exact_synonym duplicate_label duplicate_label_synonym duplicate_scoped_synonym
    equivalent_class_axiom_no_genus equivalent_pair illegal_use_of_built_in_vocabulary invalid_entity_uri
    invalid_xref label_formatting label_whitespace lowercase_definition missing_definition missing_label
    missing_obsolete_label missing_ontology_description missing_ontology_license missing_ontology_title
    missing_subset_declaration missing_superclass missing_synonymtype_declaration misused_obsolete_label
    misused_replaced_by multiple_asserted_superclasses multiple_definitions multiple_equivalent_class_definitions
    multiple_equivalent_classes multiple_labels multiple_logical_definitions
"""
"""All checks of ROBOT's report."""

FAIR = """
    citation contributor created creator description isDefinedBy language license modified prefix publisher source
    status title version
"""
"""What makes a vocabulary findable, citable and reusable."""


@pytest.fixture(scope="module")
def quads() -> tuple[Quad, ...]:
    return load_ontology().quads(Iris().graph("ontology"))


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_a_check_finds_nothing_that_is_an_error(check: QualityCheck, quads: tuple[Quad, ...]) -> None:
    found = run_check(check, quads)
    if check.level is Level.ERROR:
        assert not found, f"broken: {check.law}. Put these right in ontology/, or say in the check why they are so"


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_a_check_catches_a_broken_ontology(check: QualityCheck) -> None:
    found = run_check(check, check.broken_triples())
    assert sorted({breach.term for breach in found}) == sorted(check.caught)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_what_a_check_accepts_is_still_there(check: QualityCheck, quads: tuple[Quad, ...]) -> None:
    bare = QualityCheck(check.name, check.law, check.sources, check.level, check.query, "", (), {})
    broken = {breach.term for breach in run_check(bare, quads)}
    assert set(check.accepted) <= broken, "these break the law no longer: take them out of `#+ accepted:`"


def test_every_pitfall_is_checked_or_judged() -> None:
    covered = {source for check in CHECKS for source in check.sources} | {review.pitfall for review in REVIEWS}
    assert covered == OOPS | {f"ROBOT {name}" for name in ROBOT.split()} | {f"FAIR {name}" for name in FAIR.split()}


def test_nothing_is_both_checked_and_judged() -> None:
    checked = {source for check in CHECKS for source in check.sources}
    assert not checked & {review.pitfall for review in REVIEWS}


def test_what_people_judged_is_said_in_sentences() -> None:
    assert [review.pitfall for review in REVIEWS] == sorted(review.pitfall for review in REVIEWS)
    assert all(review.answer.endswith(".") and len(review.answer) > 20 for review in REVIEWS)


def test_laws_are_told_apart() -> None:
    laws = [check.law for check in CHECKS] + [review.law for review in REVIEWS]
    assert len(set(laws)) == len(laws)


def test_the_page_is_current(quads: tuple[Quad, ...], golden: Callable[[Path, str], None]) -> None:
    golden(PAGE, quality_report(quads, CHECKS, REVIEWS))


def test_the_page_lists_what_is_open_and_what_is_accepted() -> None:
    check = next(one for one in CHECKS if one.name == "universal-without-existential")
    page = quality_report(check.broken_triples(), [check], REVIEWS[:1])
    assert "| `universal-without-existential` |" in page
    assert "1 open" in page
    assert "`aig:Eater`" in page
    assert "on purpose: `aig:Company`" in page
    assert REVIEWS[0].answer in page


# --- the files ----------------------------------------------------------------------------------------------

HEADER = """\
#+ law: 'nothing is lonely'
#+ sources: [OOPS P04]
#+ level: {level}
#+ broken: |
#+   {broken}
#+ caught: [aig:Lonely]

SELECT ?term WHERE {{ ?term a owl:Class {end}
"""


def written(tmp_path: Path, **parts: str) -> Path:
    filled = {"level": "error", "broken": "aig:Lonely a owl:Class .", "end": "}"} | parts
    (tmp_path / "lonely.rq").write_text(HEADER.format(**filled), encoding="utf-8")
    return tmp_path


def test_a_check_is_read_from_its_file(tmp_path: Path) -> None:
    (check,) = load_checks(written(tmp_path))
    assert (check.name, check.law, check.level) == ("lonely", "nothing is lonely", Level.ERROR)
    assert [str(breach) for breach in run_check(check, check.broken_triples())] == ["aig:Lonely"]


def test_a_query_may_name_what_is_missing() -> None:
    check = next(one for one in CHECKS if one.name == "header-people")
    (breach,) = run_check(check, check.broken_triples())
    assert str(breach) == "<https://example.org/o>: dcterms:contributor"


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ({"level": "fatal"}, "must be one of error, warn, info"),
        ({"level": "error\n#+ colour: red"}, "does not know"),
        ({"level": "[error"}, "no YAML"),
    ],
)
def test_a_malformed_header_is_refused(tmp_path: Path, parts: dict[str, str], message: str) -> None:
    with pytest.raises(DataError, match=re.escape(message)):
        load_checks(written(tmp_path, **parts))


def test_a_malformed_query_or_case_is_refused(tmp_path: Path) -> None:
    (check,) = load_checks(written(tmp_path, end="", broken="aig:Lonely a ."))
    with pytest.raises(DataError, match="no valid Turtle"):
        check.broken_triples()
    with pytest.raises(DataError, match="malformed"):
        run_check(check, ())


def test_a_folder_without_checks_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no check"):
        load_checks(tmp_path)


def test_malformed_reviews_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "reviewed.yaml"
    file.write_text("- pitfall: OOPS P01\n", encoding="utf-8")
    with pytest.raises(DataError, match="needs pitfall, law and answer"):
        load_reviews(file)


def test_queries_use_no_prefix_of_their_own() -> None:
    assert not [check.name for check in CHECKS if "PREFIX" in check.query]


def test_broken_ontologies_are_small() -> None:
    for check in CHECKS:
        assert 0 < len(check.broken_triples()) <= 12, check.name
