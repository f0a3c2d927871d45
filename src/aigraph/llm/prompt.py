"""What is sent: the instructions, and a passage as data."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from aigraph.llm.passages import Passage
from aigraph.llm.schema import Json, relations_in_words
from aigraph.ontology import Ontology
from aigraph.records import Article

INSTRUCTIONS = Path(__file__).with_name("instructions.md")

Message = dict[str, str]


@cache
def _instructions() -> str:
    return INSTRUCTIONS.read_text(encoding="utf-8")


def prompt_version() -> str:
    """A hash of the instructions: other instructions may give other answers."""
    return hashlib.sha256(_instructions().encode()).hexdigest()[:16]


def messages(ontology: Ontology, article: Article, passage: Passage) -> tuple[Message, ...]:
    """The instructions with what the ontology knows, and the passage.

    The passage is a JSON string inside a message of its own, so that no quotation mark or heading in it can end it.
    """
    system = "\n".join((_instructions(), "Relations and deals:", *relations_in_words(ontology)))
    data = {
        "title": article.title,
        "issued": article.issued,
        "sentences": [
            {
                "text": " ".join(article.text[place.span.start : place.span.end].split()),
                "mentions": [
                    {
                        "id": offer.id,
                        "words": offer.mention.form,
                        "type": offer.mention.type.value,
                        **({"stands_for": offer.stands_for} if offer.stands_for else {}),
                    }
                    for offer in passage.offered(place)
                ],
            }
            for place in passage.places
        ],
    }
    return (
        {"role": "system", "content": system},
        {"role": "user", "content": json.dumps(data, ensure_ascii=False, sort_keys=False)},
    )


def with_schema(sent: Sequence[Message], schema: Json) -> tuple[Message, ...]:
    """The messages with the schema in words, for a server that cannot hold an answer to it."""
    system = (
        f"{sent[0]['content']}\n\nThe answer has to fit this JSON Schema:\n{json.dumps(schema, ensure_ascii=False)}"
    )
    return ({"role": "system", "content": system}, *sent[1:])


def repair(sent: Sequence[Message], answer: str, problem: str) -> tuple[Message, ...]:
    """The messages of a second and last try, after an answer that is no JSON."""
    return (
        *sent,
        {"role": "assistant", "content": answer},
        {"role": "user", "content": f"That is no answer of the form asked for: {problem}. Give the JSON object alone."},
    )
