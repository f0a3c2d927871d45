"""The data of the recipe: the two treebanks, the sentences that we wrote, the labels that follow from them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from corpus import ENTITY_TYPES, FACT_LABELS, MARKS, CorpusDocument, Line, read_corpus, split_held_out
from sentences import MAX_PIECES, Example, Labels, tagged
from treebank import Tree, read_conllu

if TYPE_CHECKING:
    from tokenizers import Tokenizer

    from aigraph.documents import DocumentReader

HERE = Path(__file__).resolve().parent
EWT, PUD = "UD_English-EWT", "UD_English-PUD"
_WIKIPEDIA_WEIGHT = (
    2  # PUD's own half weighs double: its conventions differ a little from EWT's, and it is edited prose
)
_DOMAIN_WEIGHT = 3


def load_tokenizer(minilm: Path) -> Tokenizer:
    """MiniLM's own subwords, cut at the longest sentence that training takes."""
    from tokenizers import Tokenizer  # measuring does without it

    tokenizer = Tokenizer.from_file(str(minilm / "tokenizer.json"))
    tokenizer.enable_truncation(MAX_PIECES)
    tokenizer.no_padding()
    return tokenizer


def tree_examples(data: Path) -> tuple[list[Example], dict[str, list[Example]]]:
    """Trees to train on, and those to measure with: EWT's dev part, the news half of PUD.

    Trained on are EWT's training part, the Wikipedia half of PUD and our corrected trees of the domain. EWT's test
    part is left for the final measure (`evaluate.py`).
    """
    pud = list(read_conllu(data / PUD / "en_pud-ud-test.conllu"))
    training = [_of_tree(tree) for _, tree in read_conllu(data / EWT / "en_ewt-ud-train.conllu")]
    training += [_of_tree(tree, _WIKIPEDIA_WEIGHT) for name, tree in pud if name.startswith("w")]
    domain = HERE / "corpus" / "trees.conllu"
    if domain.is_file():
        training += [_of_tree(tree, _DOMAIN_WEIGHT) for _, tree in read_conllu(domain)]
    held_out = {
        "EWT dev": [_of_tree(tree) for _, tree in read_conllu(data / EWT / "en_ewt-ud-dev.conllu")],
        "PUD news": [_of_tree(tree) for name, tree in pud if name.startswith("n")],
    }
    return training, held_out


def _of_tree(tree: Tree, weight: int = 1) -> Example:
    return Example(tuple(word.form for word in tree), tree, weight=weight)


def entity_examples() -> tuple[list[Example], list[Example]]:
    """The sentences that we wrote, in our own tokens: to train on, and held out by document."""
    from aigraph.documents import DocumentReader  # the tokens of training are those of reading

    reader = DocumentReader()
    training, held_out = split_held_out(read_corpus(sorted((HERE / "corpus").glob("*.txt"))))

    def made(documents: Iterable[CorpusDocument]) -> list[Example]:
        return [example for document in documents for line in document.lines if (example := _of_line(reader, line))]

    return made(training), made(held_out)


def _of_line(reader: DocumentReader, line: Line) -> Example | None:
    from aigraph.facts.figures.quantities import find_quantities  # figures are those of reading, too
    from aigraph.records import Span

    tokens = reader.tokens(line.text)
    spans = [(start, start + len(text)) for start, text in tokens]
    names = ["O"] * len(spans)
    for entity in line.entities:
        inside = [i for i, (start, end) in enumerate(spans) if start < entity.end and entity.start < end]
        if not inside:
            continue
        names[inside[0] : inside[-1] + 1] = tagged(len(inside), entity.type)
    if not tokens:
        return None

    def last(stretch: tuple[int, int]) -> int | None:
        return next(
            (i for i in range(len(spans) - 1, -1, -1) if spans[i][0] < stretch[1] and stretch[0] < spans[i][1]), None
        )

    taken = [Span(entity.start, entity.end) for entity in line.entities]
    quantities = find_quantities(line.text, offset=0, taken=taken)
    counted = [q.counted for q in quantities if q.counted is not None]
    facts: set[tuple[int, int, str]] = set()
    for fact in line.facts:
        if fact.label == "about" and any(Span(*fact.second).overlaps(stretch) for stretch in counted):
            continue  # the guideline has a count be about its holder; the first texts were marked before it said so
        first, second = last(fact.first), last(fact.second)
        if first is not None and second is not None and first != second:
            facts |= {(first, second, label) for label in (fact.label, MARKS.get(fact.mark)) if label}
    figures = (last((q.span.start, q.span.end)) for q in quantities)
    return Example(
        tuple(text for _, text in tokens),
        names=tuple(names),
        facts=tuple(sorted(facts)),
        figures=frozenset(word for word in figures if word is not None),
    )


def build_labels(trees: Iterable[Example]) -> Labels:
    """The labels of every head, sorted: those of the training trees, and of the ten types of entities."""
    words = [word for example in trees for word in example.tree or ()]
    names = ["O", *(f"{part}-{kind}" for kind in ENTITY_TYPES for part in "BIES")]
    return Labels(
        tuple(sorted({word.upos for word in words})),
        tuple(sorted({word.xpos for word in words})),
        tuple(sorted({word.relation for word in words})),
        tuple(names),
        FACT_LABELS,
        ("word", "figure", *ENTITY_TYPES),
    )
