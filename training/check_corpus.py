#!/usr/bin/env python3
"""Check the corpus that we wrote: markup, types, distinct skeletons, share of invented names.

    python3 training/check_corpus.py [FILE …]

Reads `training/corpus/*.txt` unless files are named. Exit code 1 where anything is wrong. `training/corpus/README.md`
explains the format.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from pathlib import Path

from corpus import ENTITY_TYPES, CorpusError, Line, read_corpus

HERE = Path(__file__).resolve().parent
_WORD = re.compile(r"\w+")


def skeleton(line: Line) -> str:
    """The sentence with every name masked by its type, numbers by 0, in lower case: equal ones are slot-filling."""
    parts: list[str] = []
    position = 0
    for entity in line.entities:
        parts += [line.text[position : entity.start], f"<{entity.type}>"]
        position = entity.end
    masked = "".join(parts) + line.text[position:]
    return " ".join(_WORD.findall(re.sub(r"\d+(?:[.,]\d+)*", "0", masked.casefold())))


def main(arguments: list[str]) -> int:
    """Print the figures of the corpus and what is wrong with it."""
    paths = [Path(name) for name in arguments] or sorted((HERE / "corpus").glob("*.txt"))
    try:
        documents = read_corpus(paths)
    except CorpusError as error:
        print(error, file=sys.stderr)
        return 1
    lines = [line for document in documents for line in document.lines]
    skeletons = Counter(map(skeleton, lines))
    invented = sum(len(document.lines) for document in documents if document.invented)
    types = Counter(entity.type for line in lines for entity in line.entities)
    names = Counter(line.text[e.start : e.end] for line in lines for e in line.entities)
    genres = Counter(document.genre for document in documents)
    print(f"{len(documents)} documents, {len(lines)} sentences, {len(skeletons)} distinct skeletons")
    print(f"sentences of documents with invented names: {invented} ({invented / max(len(lines), 1):.0%})")
    print(f"sentences without a name: {sum(not line.entities for line in lines)}")
    print("mentions:", ", ".join(f"{kind} {types[kind]}" for kind in ENTITY_TYPES))
    print(f"distinct names: {len(names)}; the most frequent: {', '.join(f'{n} {c}' for n, c in names.most_common(12))}")
    print("documents by genre:", ", ".join(f"{genre} {count}" for genre, count in sorted(genres.items())))
    repeated = [(text, count) for text, count in skeletons.most_common(10) if count > 2 and len(text.split()) > 4]
    for text, count in repeated:
        print(f"repeated {count} times: {text}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
