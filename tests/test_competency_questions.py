"""The competency questions: each is asked of the graph of the seeds, and its answer compared with the one on file."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode

from aigraph.errors import DataError
from aigraph.store import Reader, open_latest
from aigraph.terms import Question, load_questions

QUESTIONS = load_questions()
EXPECTED = Path(__file__).parent / "expected" / "competency"


@pytest.fixture(scope="module")
def reader(seeds_store: Path) -> Iterator[Reader]:
    with open_latest(seeds_store) as opened:
        yield opened


def answer(reader: Reader, question: Question) -> str:
    """The answer as CSV, its rows sorted: where two rows are equal in what the query orders by, engines may differ."""
    solutions = reader.select(question.query)
    names = [variable.value for variable in solutions.variables]
    rows = sorted([text(row[name]) for name in names] for row in solutions)
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(names)
    writer.writerows(rows)
    return stream.getvalue()


def text(value: object) -> str:
    if value is None:
        return ""
    assert isinstance(value, NamedNode | Literal), f"{value} is a blank node: an answer must be of use outside"
    return value.value


def test_there_are_enough_of_them() -> None:
    assert len(QUESTIONS) >= 45
    assert len({question.text for question in QUESTIONS}) == len(QUESTIONS)
    assert all(question.topic for question in QUESTIONS)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: f"{question.number:02}")
def test_question(question: Question, reader: Reader, golden: Callable[[Path, str], None]) -> None:
    found = answer(reader, question)
    rows = found.count("\n") - 1
    if question.empty:
        assert rows == 0, f"question {question.number} has answers now: take its line `Empty is right` out"
    else:
        assert rows > 0, f"question {question.number} has no answer; say why that is right, or ask another"
    golden(EXPECTED / f"{question.number:02}.csv", found)


def test_no_answer_is_left_over() -> None:
    assert {path.name for path in EXPECTED.iterdir()} == {f"{question.number:02}.csv" for question in QUESTIONS}


def test_every_quoted_sentence_is_where_it_is_said_to_be(reader: Reader) -> None:
    question = next(one for one in QUESTIONS if one.text.startswith("Do all quoted sentences"))
    (row,) = reader.select(question.query)
    sentences, found = row["sentences"], row["found"]
    assert isinstance(sentences, Literal)
    assert isinstance(found, Literal)
    assert int(sentences.value) == int(found.value) > 0


# --- the reader of the file ---------------------------------------------------------------------------------


def written(tmp_path: Path, markdown: str) -> Path:
    file = tmp_path / "questions.md"
    file.write_text(markdown, encoding="utf-8")
    return file


BLOCK = "```sparql\nSELECT * { ?s aig:develops ?o }\n```\n"


def test_a_question_is_read_with_its_topic_and_its_reason(tmp_path: Path) -> None:
    file = written(tmp_path, f"# T\n\n## Makers\n\n### 1. Who?\n\nA note.\n\n{BLOCK}\nEmpty is right: nobody\ndoes.\n")
    assert load_questions(file) == (Question(1, "Who?", "Makers", "SELECT * { ?s aig:develops ?o }\n", "nobody does."),)


def test_a_question_knows_the_terms_that_its_query_uses() -> None:
    question = Question(1, "Who?", "", "SELECT * { ?s aig:develops ?o }", None)
    assert question.uses("aig:develops")
    assert not question.uses("aig:develop")
    assert not question.uses("aig:Develops")


@pytest.mark.parametrize(
    ("markdown", "message"),
    [
        ("### 1. Who?\n\nNothing.\n", "exactly one block"),
        (f"### 1. Who?\n\n{BLOCK}\n{BLOCK}", "has 2"),
        (f"### 2. Who?\n\n{BLOCK}", "number the questions"),
    ],
)
def test_a_malformed_file_is_refused(tmp_path: Path, markdown: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        load_questions(written(tmp_path, markdown))


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cannot be read"):
        load_questions(tmp_path / "none.md")
