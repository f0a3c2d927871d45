#!/usr/bin/env python3
"""The yardstick: spaCy's own CNN (HashEmbedCNN, width 96, depth 4) on the same treebanks and corpus.

    python3 training/cnn.py --data FOLDER --minutes 12

Prints what `evaluate.py` prints of the shipped model, on the same given tokens.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

import spacy
from data import EWT, PUD, entity_examples, tree_examples
from sentences import Example, Variation, name_pool, spans
from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Example as SpacyExample
from spacy.training import biluo_tags_to_spans
from treebank import Tree, read_conllu

_BILUO = str.maketrans({"E": "L", "S": "U"})


def pipeline() -> Language:
    """Tagger, parser and entity recogniser on one token-to-vector layer."""
    language = spacy.blank("en")
    language.add_pipe("tok2vec", config={"model": {"@architectures": "spacy.HashEmbedCNN.v2", "width": 96, "depth": 4,
        "embed_size": 4000, "window_size": 1, "maxout_pieces": 3, "subword_features": True, "pretrained_vectors": None}})  # fmt: skip
    listener = {"@architectures": "spacy.Tok2VecListener.v1", "width": 96, "upstream": "*"}
    for name in ("tagger", "parser", "ner"):
        language.add_pipe(name, config={"model": {"tok2vec": listener}})
    return language


def gold_doc(language: Language, example: Example) -> Doc:
    """An example as a Doc with what is known of it."""
    if example.tree is not None:
        heads = [i if word.head == 0 else word.head - 1 for i, word in enumerate(example.tree)]
        relations = ["ROOT" if word.head == 0 else word.relation for word in example.tree]
        doc = Doc(
            language.vocab, words=list(example.words), tags=[w.xpos for w in example.tree], heads=heads, deps=relations
        )
    else:
        doc = Doc(language.vocab, words=list(example.words))
    if example.names is not None:
        tags = [tag if tag == "O" else tag[0].translate(_BILUO) + tag[1:] for tag in example.names]
        doc.set_ents(biluo_tags_to_spans(doc, tags))
    else:
        doc.set_ents([], missing=[doc[0 : len(doc)]])
    return doc


def batches(examples: Sequence[Example], variation: Variation) -> Iterable[list[Example]]:
    """Batches of about 1,000 words, for ever."""
    while True:
        order = [variation.varied(e) for e in examples for _ in range(e.weight)]
        variation.chance.shuffle(order)
        batch, size = list[Example](), 0
        for example in order:
            batch.append(example)
            size += len(example.words)
            if size > 1000:
                yield batch
                batch, size = [], 0


def measured(language: Language, trees: Iterable[Tree]) -> str:
    """XPOS, UAS and LAS on given tokens."""
    words = xpos = unlabelled = labelled = 0
    for tree in trees:
        doc = Doc(language.vocab, words=[w.form for w in tree], sent_starts=[i == 0 for i in range(len(tree))])
        for _, component in language.pipeline:
            doc = component(doc)
        for token, word in zip(doc, tree, strict=True):
            right = (0 if token.head.i == token.i else token.head.i + 1) == word.head
            relation = "root" if token.head.i == token.i else token.dep_.partition(":")[0]
            words += 1
            xpos += token.tag_ == word.xpos
            unlabelled += right
            labelled += right and relation == word.relation.partition(":")[0]
    return f"XPOS {xpos / words:.4f}, UAS {unlabelled / words:.4f}, LAS {labelled / words:.4f}"


def main() -> None:
    """Train for some minutes, then print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=12)
    options = parser.parse_args()
    spacy.util.fix_random_seed(0)
    trees, _ = tree_examples(options.data)
    names, held_out = entity_examples()
    language = pipeline()
    first = [SpacyExample(language.make_doc("x"), gold_doc(language, e)) for e in trees[:2000] + names[:1000]]
    first = [SpacyExample(Doc(language.vocab, words=[t.text for t in e.reference]), e.reference) for e in first]
    optimizer = language.initialize(lambda: first)
    start, steps = time.process_time(), 0
    for batch in batches(trees + names, Variation(0, name_pool(names))):
        docs = [gold_doc(language, e) for e in batch if e.words]
        language.update(
            [SpacyExample(Doc(language.vocab, words=[t.text for t in d]), d) for d in docs], drop=0.15, sgd=optimizer
        )
        steps += 1
        if time.process_time() - start > options.minutes * 60:
            break
    print(f"{steps} steps")
    print("EWT test:", measured(language, (t for _, t in read_conllu(options.data / EWT / "en_ewt-ud-test.conllu"))))
    news = (t for n, t in read_conllu(options.data / PUD / "en_pud-ud-test.conllu") if n.startswith("n"))
    print("PUD news:", measured(language, news))
    right = found_all = gold_all = 0
    for example in held_out:
        doc = Doc(language.vocab, words=list(example.words))
        for _, component in language.pipeline:
            doc = component(doc)
        found, gold = {(e.start, e.end, e.label_) for e in doc.ents}, spans(list(example.names or ()))
        right, found_all, gold_all = right + len(found & gold), found_all + len(found), gold_all + len(gold)
    print(f"Names of held-out documents: F1 {2 * right / (found_all + gold_all):.3f}")


if __name__ == "__main__":
    main()
