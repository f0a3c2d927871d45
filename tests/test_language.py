"""The language model: subwords, trees, names, lemmas, and that no sentence depends on others."""

from __future__ import annotations

import itertools
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from spacy.tokens import Doc

from aigraph.errors import DataError
from aigraph.language import load_language, names_of
from aigraph.language.components import COMPONENT, Annotator
from aigraph.language.lemmas import lemma
from aigraph.language.names import NameDecoder
from aigraph.language.network import MODEL, Network, shape
from aigraph.language.trees import best_heads
from aigraph.language.wordpiece import WordPieces

EXPECTED = Path(__file__).parent / "expected"
LANGUAGE = load_language()


def annotator() -> Annotator:
    found = LANGUAGE.get_pipe(COMPONENT)
    assert isinstance(found, Annotator)
    return found


def parsed(*sentences: str) -> Doc:
    words = [sentence.split() for sentence in sentences]
    starts: list[bool | int | None] = [i == 0 for sentence in words for i in range(len(sentence))]
    return annotator()(Doc(LANGUAGE.vocab, words=list(itertools.chain(*words)), sent_starts=starts))


def arcs(doc: Doc) -> set[str]:
    return {f"{token.text} < {token.dep_} < {token.head.text}" for token in doc}


# --- subwords -----------------------------------------------------------------------------------------------


def test_subwords_are_those_of_the_library_that_trained_with_them() -> None:
    pieces = WordPieces(MODEL / "vocab.txt")
    expected = json.loads((EXPECTED / "wordpieces.json").read_text(encoding="utf-8"))
    unknown = pieces.of("a" * 101)
    assert {word: list(pieces.of(word)) for word in expected} == {
        word: ids or list(unknown) for word, ids in expected.items()
    }


@given(st.text(max_size=30))
def test_any_text_has_subwords(word: str) -> None:
    assert WordPieces.of(PIECES, word)


PIECES = WordPieces(MODEL / "vocab.txt")


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("chip", 0),
        ("Chip", 1),
        ("AMD", 2),
        ("A", 3),
        ("DeepSeek", 4),
        ("H100", 5),
        ("2027", 6),
        ("—", 7),
        ("iPhone", 4),
    ],
)
def test_shape_keeps_what_lower_case_hides(word: str, expected: int) -> None:
    assert shape(word) == expected


# --- trees --------------------------------------------------------------------------------------------------


def is_tree(heads: Sequence[int]) -> bool:
    for start in range(1, len(heads) + 1):
        seen, node = set(), start
        while node:
            if node in seen:
                return False
            seen.add(node)
            node = heads[node - 1]
    return list(heads).count(0) == 1


def total(scores: np.ndarray, heads: Sequence[int]) -> float:
    return float(sum(scores[i, head] for i, head in enumerate(heads)))


@given(st.integers(1, 5).flatmap(lambda n: arrays(np.float32, (n, n + 1), elements=st.floats(-9, 9, width=32))))
def test_tree_is_the_best_of_all_trees(scores: np.ndarray) -> None:
    count = scores.shape[0]
    candidates = (
        heads
        for heads in itertools.product(range(count + 1), repeat=count)
        if is_tree(heads) and all(head != i + 1 for i, head in enumerate(heads))
    )
    best = max(total(scores, heads) for heads in candidates)
    found = best_heads(scores)
    assert is_tree(found)
    assert total(scores, found) == pytest.approx(best, abs=1e-3)


# --- names --------------------------------------------------------------------------------------------------

TAGS = ("O", "B-X", "I-X", "E-X", "S-X", "B-Y", "I-Y", "E-Y", "S-Y")


def sensible(tags: Sequence[str]) -> bool:
    inside = ""
    for tag in tags:
        part, _, kind = tag.partition("-")
        if inside and (part not in "IE" or kind != inside):
            return False
        if not inside and part in "IE":
            return False
        inside = kind if part in "BI" else ""
    return not inside


@given(st.integers(1, 4).flatmap(lambda n: arrays(np.float32, (n, len(TAGS)), elements=st.floats(-5, 5, width=32))))
def test_names_are_those_of_the_best_sensible_tags(scores: np.ndarray) -> None:
    count = scores.shape[0]
    paths = [p for p in itertools.product(range(len(TAGS)), repeat=count) if sensible([TAGS[i] for i in p])]
    value = {p: sum(float(scores[i, tag]) for i, tag in enumerate(p)) for p in paths}
    best = max(value.values())
    found = [(name.first, name.last) for name in NameDecoder(TAGS).names(scores)]

    def spans(path: Sequence[int]) -> list[tuple[int, int]]:
        opened, marked = 0, []
        for i, tag in enumerate(path):
            part = TAGS[tag][0]
            opened = i if part in "BS" else opened
            if part in "ES":
                marked.append((opened, i + 1))
        return marked

    assert any(spans(path) == found for path in paths if value[path] > best - 1e-3)


def test_name_says_how_likely_each_type_is() -> None:
    scores = np.full((2, len(TAGS)), -9.0, dtype=np.float32)
    scores[0, TAGS.index("B-X")] = scores[1, TAGS.index("E-X")] = 9.0
    (name,) = NameDecoder(TAGS).names(scores)
    assert (name.first, name.last, name.type) == (0, 2, "X")
    assert name.types[0][1] > 0.9
    assert name.types[1][1] < 0.1


# --- the whole model ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Nvidia unveiled the chip in March .", ["Nvidia < nsubj < unveiled", "chip < obj < unveiled"]),
        ("Velora plans a new accelerator", ["Velora < nsubj < plans", "accelerator < obj < plans"]),
        (
            "The chip was designed by Corvo and is built by TSMC .",
            ["chip < nsubj:pass < designed", "Corvo < obl:agent < designed", "TSMC < obl:agent < built"],
        ),
        ("It is a maker of chips that Intel buys .", ["Intel < nsubj < buys", "buys < acl:relcl < chips"]),
        ("Acme sold its stake in Borealis to SoftBank .", ["Acme < nsubj < sold", "stake < obj < sold"]),
        ("Analysts expect that sales will double .", ["Analysts < nsubj < expect", "double < ccomp < expect"]),
    ],
)
def test_trees_of_plain_sentences(sentence: str, expected: list[str]) -> None:
    assert set(expected) <= arcs(parsed(sentence))


def test_names_of_plain_sentences_have_their_types() -> None:
    doc = parsed("Nvidia will ship the H200 to a customer in Singapore , Jensen Huang said .")
    found = {(doc[name.first : name.last].text, name.type) for name in names_of(doc)}
    assert found == {
        ("Nvidia", "Company"), ("H200", "Chip"), ("Singapore", "Place"), ("Jensen Huang", "Person"),
    }  # fmt: skip
    assert {(ent.text, ent.label_) for ent in doc.ents} == found


def test_sentence_does_not_depend_on_its_neighbours() -> None:
    sentences = ["Qualcomm bought Alphawave .", "Shares fell 3 % .", "The deal closes in 2027 , both firms said ."]
    alone = [[(t.dep_, t.pos_, t.tag_, t.lemma_, t.head.i - t.i) for t in parsed(s)] for s in sentences]
    for order in itertools.permutations(range(3)):
        together = parsed(*(sentences[i] for i in order))
        rows = [(t.dep_, t.pos_, t.tag_, t.lemma_, t.head.i - t.i) for t in together]
        assert rows == list(itertools.chain(*(alone[i] for i in order)))


def test_each_sentence_is_one_tree_of_its_own() -> None:
    doc = parsed("AMD sells chips .", "Intel too .")
    assert [[token.text for token in sentence] for sentence in doc.sents] == [
        ["AMD", "sells", "chips", "."], ["Intel", "too", "."],
    ]  # fmt: skip
    assert sum(token.dep_ == "ROOT" for token in doc) == 2


def test_sentence_too_long_for_one_call_is_still_one_tree() -> None:
    doc = parsed("Acme sells chips , " * 200 + "and Borealis buys them .")
    assert len(list(doc.sents)) == 1
    assert doc[-5].text == "and" or doc[-1].text == "."


@pytest.mark.parametrize("words", [[], [" "], ["\n", "\n"], ["Acme", " ", "sells", "\n", "chips"]])
def test_white_space_and_nothing_are_read(words: list[str]) -> None:
    doc = annotator()(Doc(LANGUAGE.vocab, words=words, spaces=[False] * len(words)))
    assert len(doc) == len(words)
    assert all(not token.dep_ or not token.is_space for token in doc)


@pytest.mark.parametrize(
    ("word", "upos", "expected"),
    [
        ("licensed", "VERB", "license"), ("planned", "VERB", "plan"), ("said", "VERB", "say"), ("using", "VERB", "use"),
        ("invested", "VERB", "invest"), ("pivoted", "VERB", "pivot"), ("companies", "NOUN", "company"),
        ("hyperscalers", "NOUN", "hyperscaler"), ("co-developed", "VERB", "co-develop"), ("Nvidia", "PROPN", "Nvidia"),
        ("'s", "AUX", "be"), ("’ll", "AUX", "will"), ("larger", "ADJ", "large"), ("enlarged", "ADJ", "enlarged"),
    ],
)  # fmt: skip
def test_lemmas_come_from_tables(word: str, upos: str, expected: str) -> None:
    assert lemma(word, upos) == expected


def test_model_is_small_and_loads_fast() -> None:
    assert sum(file.stat().st_size for file in MODEL.iterdir()) < 65_000_000
    start = time.process_time()
    Network()
    assert time.process_time() - start < 1.5


def test_model_says_where_it_comes_from_and_under_which_licence() -> None:
    card = (MODEL / "MODEL_CARD.md").read_text(encoding="utf-8")
    for word in ("CC-BY-SA-4.0", "Apache-2.0", "English-EWT", "English-PUD", "MiniLM", "LAS", "Weaknesses"):
        assert word in card


def test_missing_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"language model cannot be read.*Install aigraph again"):
        Network(tmp_path)


def test_example_of_the_documentation_runs(capsys: pytest.CaptureFixture[str]) -> None:
    text = (Path(__file__).parents[1] / "docs" / "language.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    exec(compile(code, "docs/language.md", "exec"), {})
    assert "('Velora', 'nsubj', 'licensed')" in capsys.readouterr().out


def test_the_runtime_of_the_networks_reports_to_nobody(tmp_path: Path) -> None:
    """ONNX Runtime writes an identifier of the machine into the home folder, unless it is told not to."""
    read = "from aigraph.language import load_language; load_language()('Nvidia makes chips.')"
    home = {name: str(tmp_path) for name in ("HOME", "XDG_CACHE_HOME", "LOCALAPPDATA")}
    environment = {name: value for name, value in os.environ.items() if name != "ORT_DISABLE_TELEMETRY"}
    subprocess.run([sys.executable, "-c", read], check=True, env=environment | home)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
