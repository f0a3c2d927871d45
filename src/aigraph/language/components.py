"""The spaCy components: tags, trees, lemmas and names for Docs whose tokens and sentences are set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import spacy
from numpy.typing import NDArray
from spacy.attrs import DEP, HEAD, LEMMA, POS, TAG
from spacy.language import Language
from spacy.symbols import IDS
from spacy.tokens import Doc, Span

from aigraph.language.lemmas import lemma
from aigraph.language.names import Name, NameDecoder
from aigraph.language.network import Network, Scores
from aigraph.language.trees import best_heads

COMPONENT = "aigraph_network"
_CANDIDATES = "aigraph_names"
_VECTORS = "aigraph_words"
_UNSIGNED = 0xFFFF_FFFF_FFFF_FFFF  # spaCy keeps the distance to a head as the bits of a signed number
_BROKEN = "parataxis"  # joins the parts of a sentence too long for one call


@lru_cache(maxsize=1)
def load_language() -> Language:
    """The English pipeline: a blank one with the component that runs the network. Loaded once a process.

    Raises:
        DataError: the model's files are missing or broken.
    """
    language = spacy.blank("en")
    language.add_pipe(COMPONENT)
    return language


@Language.factory(
    COMPONENT,
    assigns=["token.tag", "token.pos", "token.dep", "token.head", "token.lemma", "doc.ents"],
    requires=["token.is_sent_start"],
)
def make_annotator(nlp: Language, name: str) -> Annotator:
    """The component for spaCy's registry."""
    del nlp, name
    return Annotator(Network())


@dataclass(slots=True)
class _Words:
    """The tokens of a Doc with what is found of them; `heads` are indices of tokens."""

    texts: list[str]
    tags: list[str]
    upos: list[str]
    heads: list[int]
    relations: list[str]

    @classmethod
    def of(cls, texts: list[str]) -> _Words:
        """Nothing found yet."""
        blank = [""] * len(texts)
        return cls(texts, list(blank), list(blank), list(range(len(texts))), blank)

    def write(self, doc: Doc) -> None:
        """Set all of it on the Doc, with the lemmas."""
        lemmas = [lemma(text, upos) for text, upos in zip(self.texts, self.upos, strict=True)]
        numbers = {name: doc.vocab.strings.add(name) for name in {*self.tags, *self.relations, *lemmas}}
        rows = [
            (
                numbers[self.tags[i]],
                IDS.get(self.upos[i], 0),
                (self.heads[i] - i) & _UNSIGNED,
                numbers[self.relations[i]],
                numbers[lemmas[i]],
            )
            for i in range(len(self.texts))
        ]
        values = np.array(rows, dtype=np.uint64)
        doc.from_array([TAG, POS, HEAD, DEP, LEMMA], values)  # type: ignore[arg-type]  # the stub knows no unsigned rows


class Annotator:
    """Tags, trees, lemmas and names of a Doc, sentence by sentence."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self._decoder = NameDecoder(network.labels.names)

    def __call__(self, doc: Doc) -> Doc:
        """Annotate the Doc; its sentences stay as they are set."""
        if not len(doc):
            return doc
        tokens = list(doc)  # asked for once: each access makes an object
        texts = [token.text for token in tokens]
        blank = [text.isspace() for text in texts]
        starts = [i for i, token in enumerate(tokens) if token.is_sent_start or i == 0]
        found = _Words.of(texts)
        names: list[Name] = []
        vectors: list[tuple[tuple[int, ...], NDArray[np.float32]]] = []
        for start, end in zip(starts, [*starts[1:], len(doc)], strict=True):
            words = [i for i in range(start, end) if not blank[i]]
            if not words:
                continue
            self._attach_blanks(range(start, end), words, found.heads)
            root: int | None = None
            for first, last in self.network.parts([texts[i] for i in words]):
                part = words[first:last]
                scores = self.network.scores([texts[i] for i in part])
                root = self._tree(part, scores, found, root)
                upper, penn = scores.upos.argmax(1).tolist(), scores.xpos.argmax(1).tolist()
                for i, upos, xpos in zip(part, upper, penn, strict=True):
                    found.upos[i] = self.network.labels.upos[upos]
                    found.tags[i] = self.network.labels.xpos[xpos]
                names += _moved(self._decoder.names(scores.names), part)
                vectors.append((tuple(part), scores.words))
        found.write(doc)
        doc.user_data[_CANDIDATES] = tuple(names)
        doc.user_data[_VECTORS] = tuple(vectors)
        doc.set_ents([Span(doc, name.first, name.last, label=name.type) for name in names])
        return doc

    def _tree(self, part: Sequence[int], scores: Scores, found: _Words, root: int | None) -> int:
        """Write the tree of a part; the first part's root is that of the whole sentence."""
        above = best_heads(scores.arcs)
        labels = self.network.relations(scores, above)
        heads, relations = found.heads, found.relations
        for i, head, label in zip(part, above, labels, strict=True):
            relations[i] = self.network.labels.relations[label]
            if head:
                heads[i] = part[head - 1]
                if relations[i] == "root":
                    relations[i] = "dep"
            elif root is None:
                root, heads[i], relations[i] = i, i, "ROOT"
            else:
                heads[i], relations[i] = root, _BROKEN
        return part[0] if root is None else root

    @staticmethod
    def _attach_blanks(sentence: range, words: Sequence[int], heads: list[int]) -> None:
        """Hang white space on the word before it (on the first word, where it opens the sentence)."""
        known = set(words)
        last = words[0]
        for i in sentence:
            if i in known:
                last = i
            else:
                heads[i] = last


def names_of(doc: Doc) -> tuple[Name, ...]:
    """The names that the network found in a Doc, with the chances of every type; none where it has not run."""
    found: tuple[Name, ...] = doc.user_data.get(_CANDIDATES, ())
    return found


def vectors_of(doc: Doc) -> tuple[tuple[tuple[int, ...], NDArray[np.float32]], ...]:
    """The tokens of each sentence (or part of one) with the vectors that the network has for them."""
    found: tuple[tuple[tuple[int, ...], NDArray[np.float32]], ...] = doc.user_data.get(_VECTORS, ())
    return found


def _moved(names: Sequence[Name], part: Sequence[int]) -> list[Name]:
    return [Name(part[n.first], part[n.last - 1] + 1, n.score, n.types) for n in names]
