"""Verb lemmas and their forms: regular ones generated, irregular and doubled ones read from `rules/verbs.yaml`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from aigraph.errors import DataError
from aigraph.resources import parse_yaml


class Form(StrEnum):
    """The forms of an English verb."""

    BASE = "base"
    THIRD = "third"
    PAST = "past"
    PARTICIPLE = "participle"
    GERUND = "gerund"


@dataclass(frozen=True, slots=True)
class Verb:
    """A lemma and its forms; `particle` is the "out" of "bring out", empty for most verbs."""

    lemma: str
    forms: tuple[tuple[Form, str], ...]
    particle: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a word: as a form of a verb, named by its lemma ("bring_out" with particle)."""

    lemma: str
    form: Form
    particle: str


def conjugate(lemma: str, *, doubled: bool = False, irregular: Mapping[Form, Sequence[str]] | None = None) -> Verb:
    """The forms of a verb.

    `lemma` may end in a particle after an underscore ("take_over") and begin with a hyphenated prefix
    ("co-found"). `doubled` repeats the last consonant before -ed and -ing ("ship"); `irregular` gives the forms that
    no rule makes, "is" and "are" for "be" among them.
    """
    base, _, particle = lemma.partition("_")
    silent = base.endswith("e") and not base.endswith(("ee", "oe", "ye"))
    sibilant = base.endswith(("s", "x", "z", "ch", "sh", "o"))
    to_i = base.endswith("y") and base[-2] not in "aeiou"
    third = base[:-1] + "ies" if to_i else base + ("es" if sibilant else "s")
    stem = base + base[-1] if doubled else base
    past = base[:-1] + "ied" if to_i else stem + ("d" if base.endswith("e") else "ed")
    gerund = (base[:-1] if silent else stem) + "ing"
    regular = {Form.BASE: base, Form.THIRD: third, Form.PAST: past, Form.PARTICIPLE: past, Form.GERUND: gerund}
    given = irregular or {}
    forms = tuple((form, word) for form in Form for word in given.get(form, (regular[form],)))
    return Verb(lemma, forms, particle)


class Inflections:
    """All verbs of the rules: by lemma, and by the words that may be a form of them."""

    def __init__(self, verbs: Iterable[Verb]) -> None:
        self._verbs = {verb.lemma: verb for verb in verbs}
        readings: dict[str, list[Reading]] = defaultdict(list)
        for verb in self._verbs.values():
            for form, word in verb.forms:
                readings[word].append(Reading(verb.lemma, form, verb.particle))
        self._readings = {word: tuple(found) for word, found in readings.items()}

    def __contains__(self, lemma: object) -> bool:
        return lemma in self._verbs

    def readings(self, word: str) -> tuple[Reading, ...]:
        """All verbs and forms that a lower-case word may be."""
        return self._readings.get(word, ())

    def words(self, lemma: str) -> frozenset[str]:
        """All words that are forms of a verb, without its particle.

        Raises:
            DataError: the verb is not listed.
        """
        if lemma not in self._verbs:
            raise DataError(f"A rule uses the verb {lemma!r}, which rules/verbs.yaml does not list; add it there.")
        return frozenset(word for _, word in self._verbs[lemma].forms)


def load_inflections(path: Path) -> Inflections:
    """Read a verb list with the keys `regular`, `doubled` (lists) and `irregular` (lemma: form: word).

    Raises:
        DataError: the file has another shape.
    """
    data = parse_yaml(path.read_text(encoding="utf-8"))
    if not isinstance(data, Mapping) or set(data) != {"regular", "doubled", "irregular"}:
        raise DataError(f"{path}: expected the keys regular, doubled and irregular; correct the file.")
    verbs = [conjugate(lemma) for lemma in data["regular"]]
    verbs += [conjugate(lemma, doubled=True) for lemma in data["doubled"]]
    for lemma, forms in data["irregular"].items():
        try:
            given = {Form(form): [words] if isinstance(words, str) else words for form, words in forms.items()}
        except (AttributeError, ValueError):
            raise DataError(f"{path}: the forms of {lemma!r} must be among {', '.join(Form)}; correct them.") from None
        verbs.append(conjugate(lemma, irregular=given))
    return Inflections(verbs)
