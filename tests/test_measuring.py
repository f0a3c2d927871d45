"""The commands `evaluate` and `rules`, on a small annotated set and on the measures that are shipped."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from aigraph.cli import main
from aigraph.evaluation import MEASURED
from aigraph.facts import extractors

NOTE = """Corvane unveils a chip

Corvane Corp. has developed the Zephyr-2 accelerator. Halcyon Inc. has bought Corvane Corp. for $5 billion.
"""
ANNOTATION = {
    "entities": [
        {"id": "corvane", "type": "Company", "name": "Corvane Corp.", "aliases": ["Corvane"]},
        {"id": "halcyon", "type": "Company", "name": "Halcyon Inc."},
        {"id": "zephyr", "type": "Chip", "name": "Zephyr-2", "aliases": ["Zephyr-2 accelerator"]},
    ],
    "relations": [{"s": "corvane", "p": "develops", "o": "zephyr", "evidence": "Corvane Corp. has developed"}],
    "partnerships": [],
    "claims": [],
}


@pytest.fixture(scope="module")
def gold(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sets") / "small"
    folder.mkdir()
    (folder / "note.txt").write_text(NOTE, encoding="utf-8")
    (folder / "note.gold.json").write_text(json.dumps(ANNOTATION), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def measured(gold: Path) -> Path:
    path = gold.parent / "measured.json"
    done = run("rules", "--measure", str(gold), "--measures", str(path))
    assert done.exit_code == 0, done.output
    return path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


def test_an_evaluation_is_told_in_detail(gold: Path) -> None:
    done = run("evaluate", str(gold), "--by", "label", "--by", "extractor", "--reliability")
    assert done.exit_code == 0, done.output
    for words in ("  develops ", "  Company ", "relation/", "together", "expected calibration error"):
        assert words in done.output


def test_an_evaluation_in_detail_is_json_too(gold: Path) -> None:
    done = run("evaluate", str(gold), "--by", "label", "--by", "extractor", "--reliability", "--json")
    found = json.loads(done.stdout)
    assert found["by label"]["relations"]["develops"]["R"] == 1.0
    assert sum(each["right"] for each in found["by extractor"]["relations"].values()) >= 1
    assert set(found["by means"]["relations"]) <= {"pattern", "frame", "code", "model"}
    assert found["reliability"]["together"]["count"] >= 2


def test_rules_are_listed_with_what_was_measured(measured: Path) -> None:
    listed = json.loads(run("rules", "--json", "--measures", str(measured)).stdout)
    assert [each["id"] for each in listed["rules"]] == [each.name for each in extractors()]
    assert listed["measured"]["sets"] == {"small": 1}
    assert listed["measured"]["changed since"] == []
    (right, *_) = [each for each in listed["rules"] if each["right"]]
    assert right["id"].startswith("relation/")
    assert right["by set"] == {"small": {"found": 1, "right": 1}}
    assert right["precision"] == 1.0


def test_rules_are_listed_by_property_and_kind_with_their_sentences(measured: Path) -> None:
    done = run("rules", "--property", "develops", "--kind", "frame", "--examples", "--measures", str(measured))
    names = [line.split()[0] for line in done.output.splitlines() if line.startswith("relation/")]
    wanted = [each for each in extractors() if "develops" in each.yields and each.means.value == "frame"]
    assert names == [each.name for each in wanted]
    for rule in wanted:
        for sign, sentences in (("+", rule.examples), ("-", rule.counterexamples)):
            assert all(f"{sign} {sentence}" in done.output for sentence in sentences)
    assert f"{len(wanted)} rules and components." in done.output
    assert "small (1 article)" in done.output


def test_a_list_that_is_out_of_date_says_so(measured: Path, tmp_path: Path) -> None:
    content = json.loads(measured.read_text(encoding="utf-8"))
    content["versions"] |= {"rules": "0" * 16, "model": "1" * 16}
    path = tmp_path / "old.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    assert "OUT OF DATE" not in run("rules", "--measures", str(measured)).output
    listed = run("rules", "--measures", str(path)).output
    assert "OUT OF DATE: since then there are other versions of rules, model." in listed
    told = json.loads(run("rules", "--json", "--measures", str(path)).stdout)
    assert told["measured"]["changed since"] == ["rules", "model"]


def test_the_shipped_measures_are_listed_without_being_named() -> None:
    done = run("rules", "--property", "Investment")
    assert done.exit_code == 0
    assert MEASURED.is_file()
    assert "dev (14 articles), second (14 articles), third (12 articles)" in done.output


def test_wrong_calls_are_refused_with_a_reason(gold: Path, tmp_path: Path) -> None:
    for arguments, reason in (
        (("--measure",), "go together"),
        ((str(gold),), "go together"),
        (("--property", "marries"), "Rules state Acquisition, "),
        (("--measures", str(tmp_path / "missing.json")), "cannot be read"),
        (("--measure", str(gold), str(gold)), "have one name: small, small"),
    ):
        done = run("rules", *arguments)
        assert done.exit_code != 0
        assert reason in done.output
