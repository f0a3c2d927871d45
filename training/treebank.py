"""Universal Dependencies treebanks: reading, the labels that we keep, and copies in the manner of news.

The format is CoNLL-U (https://universaldependencies.org/format.html). The treebanks are not part of this repository;
`README.md` beside this file says where to get them, `data.sha256` which versions.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

KEPT_SUBTYPES = frozenset(
    {
        "nsubj:pass",
        "csubj:pass",
        "aux:pass",
        "obl:agent",
        "obl:unmarked",
        "nmod:poss",
        "nmod:unmarked",
        "acl:relcl",
        "advcl:relcl",
        "compound:prt",
    }
)
"""Subtypes of relations that extraction tells apart; all others fall back to their universal relation."""

_SYLLABLES = [
    "ar",
    "bel",
    "cor",
    "dax",
    "el",
    "far",
    "gal",
    "hel",
    "ix",
    "jor",
    "kel",
    "lum",
    "mar",
    "nex",
    "or",
    "pra",
    "quil",
    "ros",
    "sol",
    "tar",
    "ul",
    "ven",
    "wex",
    "xan",
    "yor",
    "zeph",
    "al",
    "bri",
    "cad",
    "den",
    "tel",
    "ron",
    "va",
    "no",
    "ra",
    "lis",
    "mon",
    "tek",
    "syn",
    "dyn",
    "vol",
    "ther",
    "ona",
    "ica",
    "era",
    "ium",
    "ix",
    "is",
    "os",
    "ant",
    "eon",
    "ova",
    "ari",
    "eko",
]
_SINGULAR = frozenset({"he", "she", "it"})
_SMALL = frozenset(
    [
        "a",
        "an",
        "and",
        "as",
        "at",
        "but",
        "by",
        "for",
        "from",
        "in",
        "into",
        "nor",
        "of",
        "off",
        "on",
        "or",
        "over",
        "per",
        "so",
        "the",
        "to",
        "up",
        "via",
        "vs",
        "with",
        "yet",
    ]
)


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a tree. `head` is the number of its head, counted from 1, or 0 for the root."""

    form: str
    upos: str
    xpos: str
    head: int
    relation: str
    space_after: bool = True


Tree = tuple[Word, ...]


def read_conllu(path: Path) -> Iterator[tuple[str, Tree]]:
    """The sentences of a CoNLL-U file with their ids; empty nodes and multiword lines are passed over."""
    name, words = "", list[Word]()
    glued: set[int] = set()
    last_of_range: dict[int, bool] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("# sent_id"):
            name = line.partition("=")[2].strip()
        elif not line:
            if words:
                yield name, _spaced(words, glued, last_of_range)
            words, glued, last_of_range = [], set(), {}
        elif not line.startswith("#"):
            cell = line.split("\t")
            if "-" in cell[0]:
                first, last = map(int, cell[0].split("-"))
                glued.update(range(first, last))
                last_of_range[last] = "SpaceAfter=No" not in cell[9]
            elif cell[0].isdigit():
                words.append(
                    Word(cell[1], cell[3], cell[4], int(cell[6]), _relation(cell[7]), "SpaceAfter=No" not in cell[9])
                )
    if words:
        yield name, _spaced(words, glued, last_of_range)


def _spaced(words: Sequence[Word], glued: set[int], last: dict[int, bool]) -> Tree:
    return tuple(
        replace(word, space_after=last.get(number, word.space_after and number not in glued))
        for number, word in enumerate(words, 1)
    )


def _relation(name: str) -> str:
    return name if name in KEPT_SUBTYPES else name.partition(":")[0]


# --- copies in the manner of news -----------------------------------------------------------------------------


def varied(tree: Tree, chance: random.Random) -> Tree:
    """The tree as training sees it this time: now and then with compounds closed up, names swapped in, another case."""
    if chance.random() < 0.5:
        tree = closed_up(tree)
    if chance.random() < 0.25:
        tree = renamed(tree, chance)
    draw = chance.random()
    if draw < 0.10:
        tree = without_stop(tree)
        if draw < 0.07:
            tree = tuple(replace(word, form=_headline(word.form, number)) for number, word in enumerate(tree))
    elif draw < 0.12:
        tree = tuple(replace(word, form=word.form.upper()) for word in tree)
    elif draw < 0.14:
        tree = tuple(replace(word, form=word.form.lower()) for word in tree)
    return tree


def closed_up(tree: Tree) -> Tree:
    """The tree with what our tokenizer keeps whole as one word: "non-binding", "14-year-old", "6GW".

    A run of words without blanks between them that holds a hyphen, or a number and its unit, becomes one word where
    all of it hangs on one of its words and nothing outside hangs on another of them than that one.
    """
    runs: list[tuple[int, int]] = []
    start = 0
    for number, word in enumerate(tree):
        if number + 1 == len(tree) or word.space_after or not _sticks(word, tree[number + 1]):
            if number > start:
                runs.append((start, number + 1))
            start = number + 1
    return _merged(tree, [run for run in runs if _top(tree, *run) is not None])


def _sticks(left: Word, right: Word) -> bool:
    if "-" in (left.form, right.form):
        other = right if left.form == "-" else left
        return other.form[0].isalnum() or other.form == "-"
    return left.form[0].isdigit() and left.xpos == "CD" and right.form.isalpha()


def _top(tree: Tree, start: int, end: int) -> int | None:
    outside = [i for i in range(start, end) if not start < tree[i].head <= end]
    if len(outside) != 1 or not any(c.isalnum() for c in tree[start].form) or tree[end - 1].form == "-":
        return None
    hang_inside = {word.head - 1 for i, word in enumerate(tree) if not start <= i < end and start < word.head <= end}
    return outside[0] if hang_inside <= {outside[0]} else None


def _merged(tree: Tree, runs: Iterable[tuple[int, int]]) -> Tree:
    number_of: dict[int, int] = {}
    groups: list[tuple[int, int]] = []
    pending = list(runs)
    i = 0
    while i < len(tree):
        end = pending.pop(0)[1] if pending and pending[0][0] == i else i + 1
        for j in range(i, end):
            number_of[j + 1] = len(groups) + 1
        groups.append((i, end))
        i = end
    number_of[0] = 0
    made: list[Word] = []
    for start, end in groups:
        top = start if end == start + 1 else _top(tree, start, end)
        word = tree[start if top is None else top]
        form = "".join(w.form for w in tree[start:end])
        made.append(replace(word, form=form, head=number_of[word.head], space_after=tree[end - 1].space_after))
    return tuple(made)


def renamed(tree: Tree, chance: random.Random) -> Tree:
    """The tree with invented names for some names and for "he", "she" and "it" as subjects: "Velora plans to …"."""
    made = list(tree)
    for i, word in enumerate(tree):
        if word.relation.startswith("nsubj") and word.form.lower() in _SINGULAR and word.upos == "PRON":
            if chance.random() < 0.6:
                made[i] = replace(word, form=invented_name(chance), upos="PROPN", xpos="NNP")
        elif word.upos == "PROPN" and word.xpos == "NNP" and len(word.form) > 2 and chance.random() < 0.5:
            made[i] = replace(word, form=invented_name(chance))
    return tuple(made)


def invented_name(chance: random.Random) -> str:
    """A coined name: "Telora", "Quilven", "nexdyn", "VOLTEK", "Solara-7"."""
    name = "".join(chance.choice(_SYLLABLES) for _ in range(chance.choice((2, 2, 3)))).capitalize()
    draw = chance.random()
    if draw < 0.06:
        return name.upper()
    if draw < 0.10:
        return name.lower()
    return f"{name}-{chance.randint(1, 9)}" if draw < 0.15 else name


def without_stop(tree: Tree) -> Tree:
    """The tree without its final full stop, as headlines and bullets stand."""
    if len(tree) > 2 and tree[-1].form == "." and not any(word.head == len(tree) for word in tree):
        return tree[:-1]
    return tree


def _headline(form: str, number: int) -> str:
    return form if number and form in _SMALL else form[:1].upper() + form[1:]
