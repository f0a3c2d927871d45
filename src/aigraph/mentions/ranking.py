"""Which candidate a description or pronoun stands for, by small networks that learnt it from marked documents.

`training/antecedents.py` makes the weights and says how often they are right.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from aigraph.errors import DataError
from aigraph.mentions import features, plurals
from aigraph.mentions.antecedents import Question
from aigraph.mentions.plurals import Plea
from aigraph.records import Mention

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pyoxigraph import NamedNode

WEIGHTS = Path(__file__).with_name("antecedents.json")
PLURAL_WEIGHTS = Path(__file__).with_name("plurals.json")


@dataclass(frozen=True, slots=True)
class Ranker:
    """One hidden layer (rectified) and a score for each candidate; chances by softmax over those of a reference.

    `hidden` is features × units, `bias` and `out` have one number for each unit; `margin` is how much likelier than the
    answer of the rules another one must be to stand against it.
    """

    hidden: NDArray[np.float64]
    bias: NDArray[np.float64]
    out: NDArray[np.float64]
    margin: float

    def chances(self, rows: Sequence[tuple[float, ...]]) -> NDArray[np.float64]:
        """The chance of each row of features."""
        scores = np.maximum(np.asarray(rows) @ self.hidden + self.bias, 0.0) @ self.out
        raised = np.exp(scores - scores.max())
        chances: NDArray[np.float64] = raised / raised.sum()
        return chances

    def decide(self, question: Question) -> Mention | None:
        """What a reference stands for, None where it is none of the things spoken of.

        The rules stand where they look forward or up to a heading, and where no tree was drawn.
        """
        if question.ruled_ahead or question.ruled_by_heading or question.own is None:
            return question.by_rule
        found, none = features.options(question)
        entities = [each.mention.entity for each in found]
        said = question.by_rule
        if not found or (said is not None and said.entity not in entities):
            return said
        chances = self.chances([*(each.features for each in found), none])
        ruled = entities.index(said.entity) if said is not None else len(found)
        best = int(chances.argmax())
        chosen = best if chances[best] > chances[ruled] + self.margin else ruled
        return found[chosen].mention if chosen < len(found) else None

    def choose(self, plea: Plea) -> tuple[Mention, ...]:
        """What a plural stands for, in the order of the text; nothing where no answer is likelier than the margin."""
        found, none = plea.options()
        if not found:
            return ()
        chances = self.chances([*(each.features for each in found), none])
        likely: dict[tuple[NamedNode, ...], float] = defaultdict(float)
        answers: dict[tuple[NamedNode, ...], tuple[Mention, ...]] = {}
        for choice, chance in zip(found, chances, strict=False):
            answer = plea.answer(choice)
            key = tuple(mention.entity for mention in answer)
            likely[key] += float(chance)
            answers.setdefault(key, answer)
        best = max(likely, key=lambda key: (likely[key], [entity.value for entity in key]))
        return answers[best] if likely[best] > max(self.margin, float(chances[-1])) else ()


@cache
def load_ranker() -> Ranker:
    """The shipped weights for what stands for one thing.

    Raises:
        DataError: the file is missing, or was made for other features.
    """
    return _loaded(WEIGHTS, features.FEATURES)


@cache
def load_plural_ranker() -> Ranker:
    """The shipped weights for what stands for two things, or for one of two; `margin` is the least chance taken.

    Raises:
        DataError: the file is missing, or was made for other features.
    """
    return _loaded(PLURAL_WEIGHTS, plurals.FEATURES)


def _loaded(path: Path, features: Sequence[str]) -> Ranker:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if tuple(data["features"]) != features:
            raise DataError(f"{path} was made for other features; make it anew with training/antecedents.py.")
        hidden, bias, out = (np.asarray(data[key], dtype=np.float64) for key in ("hidden", "bias", "out"))
        return Ranker(hidden, bias, out, float(data["margin"]))
    except (OSError, ValueError, KeyError) as error:
        raise DataError(f"{path} cannot be read ({error}); install aigraph again.") from error
