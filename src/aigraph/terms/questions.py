"""The competency questions: what researchers ask of the graph, read from the Markdown that states them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from aigraph import resources
from aigraph.errors import DataError

_HEADING = re.compile(r"^### (\d+)\. (.+\?)$")
_TOPIC = re.compile(r"^## (.+)$")
_EMPTY = "Empty is right: "


@dataclass(frozen=True, slots=True)
class Question:
    """A question with the query that answers it.

    `topic` is the heading above it; `empty` says, where the shipped articles give no rows, why that is right.
    """

    number: int
    text: str
    topic: str
    query: str
    empty: str | None

    def uses(self, curie: str) -> bool:
        """True where the query names a term ("aig:develops")."""
        return re.search(rf"(?<![\w:-]){re.escape(curie)}(?![\w-])", self.query) is not None


def load_questions(file: Path | None = None) -> tuple[Question, ...]:
    """The questions of a file, by default those that came with aigraph, in their order.

    A question is a third-level heading "### 7. Who …?" followed by one fenced block of SPARQL; a paragraph that begins
    with "Empty is right: " says why there is no answer.

    Raises:
        DataError: a question has no query or several, or the numbers are not 1, 2, 3 ….
    """
    place = file or resources.folder("ontology") / "competency-questions.md"
    try:
        lines = place.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise DataError(f"{place} cannot be read: {error.strerror}. Install aigraph again.") from error
    questions: list[Question] = []
    topic, heading = "", None
    block: list[str] = []
    for line in [*lines, "## "]:
        found, section = _HEADING.match(line), line.startswith("## ")
        if found or section:
            if heading:
                questions.append(_question(place, heading, topic, block))
            heading, block = found, []
            if subject := _TOPIC.match(line):
                topic = subject[1]
        else:
            block.append(line)
    if [question.number for question in questions] != list(range(1, len(questions) + 1)):
        raise DataError(f"{place}: number the questions 1, 2, 3 … in their order.")
    return tuple(questions)


def _question(place: Path, heading: re.Match[str], topic: str, block: list[str]) -> Question:
    text = "\n".join(block)
    queries = re.findall(r"^```sparql\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    if len(queries) != 1:
        raise DataError(f"{place}: question {heading[1]} needs exactly one block of SPARQL and has {len(queries)}.")
    empty = next((part for part in text.split("\n\n") if part.strip().startswith(_EMPTY)), None)
    reason = " ".join(empty.split()).removeprefix(_EMPTY) if empty else None
    return Question(int(heading[1]), heading[2], topic, queries[0], reason)
