#!/usr/bin/env python3
"""Measure the shipped model: trees and tags on given tokens, names on held-out documents, the arcs that matter.

    python3 training/evaluate.py --data FOLDER [--model FOLDER]

Runs what the package runs (ONNX, 8-bit weights, the tree search), not the network that was trained. LAS follows the
CoNLL 2018 shared task (Zeman et al. 2018, section 5): punctuation counts, subtypes of relations do not; "with subtypes"
counts those that the model tells apart.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from data import EWT, PUD, entity_examples
from measure import spans
from spacy.tokens import Doc
from treebank import Tree, read_conllu

from aigraph.documents import DocumentReader
from aigraph.language import load_language
from aigraph.language.components import Annotator
from aigraph.language.network import MODEL, Network

HERE = Path(__file__).resolve().parent
_ARC = re.compile(r"(?P<head>\S+) > (?P<word>\S+) : (?P<relation>[a-z:]+)")


@dataclass(frozen=True, slots=True)
class Arc:
    """A marked arc: the numbers of its tokens may be several where a form needs more than one."""

    head: str
    word: str
    relation: str


def annotated(annotator: Annotator, words: Sequence[str], spaces: Sequence[bool]) -> Doc:
    """One sentence through the component."""
    starts: list[bool | int | None] = [i == 0 for i in range(len(words))]
    return annotator(Doc(load_language().vocab, words=list(words), spaces=list(spaces), sent_starts=starts))


def measure_trees(annotator: Annotator, trees: Iterable[Tree]) -> str:
    """UPOS, XPOS, UAS, LAS on the treebank's own tokens."""
    counts: Counter[str] = Counter()
    for tree in trees:
        doc = annotated(annotator, [w.form for w in tree], [w.space_after for w in tree])
        for token, word in zip(doc, tree, strict=True):
            head = 0 if token.head.i == token.i else token.head.i + 1
            relation = "root" if head == 0 else token.dep_
            right = head == word.head
            counts["words"] += 1
            counts["UPOS"] += token.pos_ == word.upos
            counts["XPOS"] += token.tag_ == word.xpos
            counts["UAS"] += right
            counts["LAS"] += right and relation.partition(":")[0] == word.relation.partition(":")[0]
            counts["LAS with subtypes"] += right and relation == word.relation
    words = counts.pop("words")
    return ", ".join(f"{name} {count / words:.4f}" for name, count in counts.items())


def measure_names(annotator: Annotator) -> list[str]:
    """Names of the corpus's held-out documents: strict, any type, by type."""
    _, held_out = entity_examples()
    found_by, gold_by, right_by = Counter[str](), Counter[str](), Counter[str]()
    loose = 0
    for example in held_out:
        doc = annotated(annotator, example.words, [True] * len(example.words))
        found = {(e.start, e.end, e.label_) for e in doc.ents}
        gold = spans(list(example.names or ()))
        loose += len({s[:2] for s in found} & {s[:2] for s in gold})
        found_by.update(s[2] for s in found)
        gold_by.update(s[2] for s in gold)
        right_by.update(s[2] for s in found & gold)

    def line(name: str, right: int, found: int, gold: int) -> str:
        precision, recall = right / max(found, 1), right / max(gold, 1)
        return f"{name}: P {precision:.3f} R {recall:.3f} F1 {2 * right / max(found + gold, 1):.3f} ({gold})"

    total = (sum(right_by.values()), sum(found_by.values()), sum(gold_by.values()))
    lines = [line("all types", *total), f"any type: F1 {2 * loose / max(total[1] + total[2], 1):.3f}"]
    return lines + [line(kind, right_by[kind], found_by[kind], gold_by[kind]) for kind in sorted(gold_by)]


def read_arcs(path: Path) -> Iterator[tuple[str, list[Arc]]]:
    """The sentences of `evaluation/arcs.txt` with their arcs."""
    text, arcs = "", list[Arc]()
    for line in [*path.read_text(encoding="utf-8").splitlines(), ""]:
        if not line.strip():
            if text:
                yield text, arcs
            text, arcs = "", []
        elif match := _ARC.fullmatch(line.strip()):
            arcs.append(Arc(match["head"], match["word"], match["relation"]))
        elif not line.startswith("# "):
            text = line.strip()


def measure_arcs(annotator: Annotator, path: Path) -> list[str]:
    """How many marked arcs the model has: by head and word alone, and with the relation."""
    reader = DocumentReader()
    total: Counter[str] = Counter()
    attached: Counter[str] = Counter()
    labelled: Counter[str] = Counter()
    for text, arcs in read_arcs(path):
        tokens = reader.tokens(text)
        spaces = [text[start + len(form) : start + len(form) + 1] == " " for start, form in tokens]
        doc = annotated(annotator, [form for _, form in tokens], spaces)
        places: dict[str, list[int]] = defaultdict(list)
        for token in doc:
            places[token.text].append(token.i)
        for arc in arcs:
            head, word = _place(arc.head, places), _place(arc.word, places)
            total[arc.relation] += 1
            if head is None or word is None:
                continue
            found = doc[word]
            if found.head.i == head:
                attached[arc.relation] += 1
                labelled[arc.relation] += found.dep_ == arc.relation
    every = sum(total.values())
    lines = [
        f"all: attached {sum(attached.values()) / every:.3f}, with relation {sum(labelled.values()) / every:.3f} ({every})"
    ]
    return lines + [f"{r}: {attached[r] / n:.3f}, {labelled[r] / n:.3f} ({n})" for r, n in total.most_common()]


def _place(form: str, places: dict[str, list[int]]) -> int | None:
    name, _, number = form.partition("#")
    found = places.get(name) or places.get(form, [])
    index = int(number) - 1 if number.isdigit() else 0
    return found[index] if index < len(found) else None


def main() -> None:
    """Print all figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="the folder that holds the two treebanks")
    parser.add_argument("--model", type=Path, default=MODEL)
    options = parser.parse_args()
    annotator = Annotator(Network(options.model))
    test = [tree for _, tree in read_conllu(options.data / EWT / "en_ewt-ud-test.conllu")]
    news = [tree for name, tree in read_conllu(options.data / PUD / "en_pud-ud-test.conllu") if name.startswith("n")]
    print("EWT test:", measure_trees(annotator, test), flush=True)
    print("PUD news:", measure_trees(annotator, news), flush=True)
    print("Arcs that matter:", *measure_arcs(annotator, HERE / "evaluation" / "arcs.txt"), sep="\n  ", flush=True)
    print("Names of held-out documents:", *measure_names(annotator), sep="\n  ", flush=True)


if __name__ == "__main__":
    main()
