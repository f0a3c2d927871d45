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
from dataclasses import dataclass, replace
from pathlib import Path

from corpus import DEALS, FACT_LABELS, RELATIONS
from data import EWT, PUD, entity_examples
from sentences import spans
from spacy.tokens import Doc
from treebank import Tree, read_conllu

from aigraph.documents import DocumentReader
from aigraph.language import FIGURE, LinkReader, load_language
from aigraph.language.components import Annotator
from aigraph.language.network import MODEL, Network

HERE = Path(__file__).resolve().parent
LIKELY = 0.5
ARCS = HERE / "evaluation" / "arcs.txt"
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


@dataclass(frozen=True, slots=True)
class NameCounts:
    """Names by type: right, found, marked; `any_type` are those found with whatever type."""

    right: Counter[str]
    found: Counter[str]
    marked: Counter[str]
    any_type: int

    @property
    def f1(self) -> float:
        """F1 over all types, the type counting."""
        return 2 * self.right.total() / max(self.found.total() + self.marked.total(), 1)

    @property
    def any_type_f1(self) -> float:
        """F1 of the bounds alone."""
        return 2 * self.any_type / max(self.found.total() + self.marked.total(), 1)

    def lines(self) -> list[str]:
        """The figures in words."""

        def line(name: str, right: int, found: int, marked: int) -> str:
            precision, recall = right / max(found, 1), right / max(marked, 1)
            return f"{name}: P {precision:.3f} R {recall:.3f} F1 {2 * right / max(found + marked, 1):.3f} ({marked})"

        every = line("all types", self.right.total(), self.found.total(), self.marked.total())
        each = [line(kind, self.right[kind], self.found[kind], self.marked[kind]) for kind in sorted(self.marked)]
        return [every, f"any type: F1 {self.any_type_f1:.3f}", *each]


def count_names(annotator: Annotator) -> NameCounts:
    """Names of the corpus's held-out documents, sentence by sentence."""
    _, held_out = entity_examples()
    counts = NameCounts(Counter(), Counter(), Counter(), 0)
    loose = 0
    for example in held_out:
        doc = annotated(annotator, example.words, [True] * len(example.words))
        found = {(e.start, e.end, e.label_) for e in doc.ents}
        marked = spans(list(example.names or ()))
        loose += len({s[:2] for s in found} & {s[:2] for s in marked})
        counts.found.update(s[2] for s in found)
        counts.marked.update(s[2] for s in marked)
        counts.right.update(s[2] for s in found & marked)
    return replace(counts, any_type=loose)


@dataclass(frozen=True, slots=True)
class FactCounts:
    """Facts by label: right, found (chance over a half), marked."""

    right: Counter[str]
    found: Counter[str]
    marked: Counter[str]

    def f1(self, labels: Iterable[str]) -> float:
        """F1 over some labels together."""
        right, found, marked = (sum(c[label] for label in labels) for c in (self.right, self.found, self.marked))
        return 2 * right / max(found + marked, 1)

    def lines(self) -> list[str]:
        """The figures in words."""
        groups = {"relations": RELATIONS, "deals": DEALS} | {label: (label,) for label in FACT_LABELS}
        lines = []
        for name, labels in groups.items():
            right, found, marked = (sum(c[label] for label in labels) for c in (self.right, self.found, self.marked))
            precision, recall = right / max(found, 1), right / max(marked, 1)
            lines.append(f"{name}: P {precision:.3f} R {recall:.3f} F1 {self.f1(labels):.3f} ({marked})")
        return lines


def count_facts(annotator: Annotator) -> FactCounts:
    """Facts of the corpus's held-out documents, between names and figures as marked, sentence by sentence."""
    _, held_out = entity_examples()
    counts = FactCounts(Counter(), Counter(), Counter())
    reader = LinkReader()
    for example in held_out:
        doc = annotated(annotator, example.words, [True] * len(example.words))
        kinds = dict.fromkeys(example.figures, FIGURE)
        kinds |= {end - 1: kind for _, end, kind in spans(list(example.names or ()))}
        links = reader.read(doc, 0, len(doc), kinds, range(len(doc)))
        found = {(link.first, link.second, link.label) for link in links if link.chance > LIKELY}
        marked = set(example.facts or ())
        counts.found.update(label for *_, label in found)
        counts.marked.update(label for *_, label in marked)
        counts.right.update(label for *_, label in found & marked)
    return counts


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


@dataclass(frozen=True, slots=True)
class ArcCounts:
    """Marked arcs by relation: all, those whose head the model has, those whose relation it has too."""

    marked: Counter[str]
    attached: Counter[str]
    labelled: Counter[str]

    def lines(self) -> list[str]:
        """The figures in words."""
        every = self.marked.total()
        attached, labelled = self.attached.total() / every, self.labelled.total() / every
        return [f"all: attached {attached:.3f}, with relation {labelled:.3f} ({every})"] + [
            f"{name}: {self.attached[name] / n:.3f}, {self.labelled[name] / n:.3f} ({n})"
            for name, n in self.marked.most_common()
        ]


def count_arcs(annotator: Annotator, path: Path) -> ArcCounts:
    """How many marked arcs the model has, over the tokens that reading has."""
    reader = DocumentReader()
    counts = ArcCounts(Counter(), Counter(), Counter())
    for text, arcs in read_arcs(path):
        tokens = reader.tokens(text)
        spaces = [text[start + len(form) : start + len(form) + 1] == " " for start, form in tokens]
        doc = annotated(annotator, [form for _, form in tokens], spaces)
        places: dict[str, list[int]] = defaultdict(list)
        for token in doc:
            places[token.text].append(token.i)
        for arc in arcs:
            head, word = _place(arc.head, places), _place(arc.word, places)
            counts.marked[arc.relation] += 1
            if head is not None and word is not None and doc[word].head.i == head:
                counts.attached[arc.relation] += 1
                counts.labelled[arc.relation] += doc[word].dep_ == arc.relation
    return counts


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
    print("Arcs that matter:", *count_arcs(annotator, ARCS).lines(), sep="\n  ", flush=True)
    print("Names of held-out documents:", *count_names(annotator).lines(), sep="\n  ", flush=True)
    if options.model == MODEL:  # the reader of facts goes by the model in use
        print("Facts of held-out documents:", *count_facts(annotator).lines(), sep="\n  ", flush=True)


if __name__ == "__main__":
    main()
