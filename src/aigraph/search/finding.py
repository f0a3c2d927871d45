"""Words in, what holds them out, the best first.

Things are found by their names, and stand before texts; texts are ranked by BM25, titles and clauses counting most. Of
words that very many texts hold, only the newest texts are ranked, so that no search takes long.
"""

from __future__ import annotations

import math
import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise
from typing import Any

from aigraph.errors import ParameterError, QueryFailed, QueryTimeout
from aigraph.search.documents import Text
from aigraph.search.words import COMMON, distance, goes_on, near_enough, words

LONGEST = 300
"""Characters of a search."""
MOST_WORDS = 16
"""Words of a search that are looked for."""
RANKED = 1000
"""Texts that are ranked at most."""
_EXPANSIONS = 12  # words that the beginning of one stands for
_LIKENED = 80  # words that a misspelt one is compared with
_SCORED = 400  # names that are looked at closely for a suggestion
_SECONDS = 2.0
_STEPS = 20_000  # of the database between two looks at the clock
_MASK = 3
_END = "\U0010ffff"


class Kind(StrEnum):
    """What can be found."""

    ENTITY = "entity"
    CLAIM = "claim"
    DEAL = "deal"
    ARTICLE = "article"


KINDS = tuple(Kind)
_TEXTS = {Kind.CLAIM: Text.CLAIM, Kind.DEAL: Text.DEAL, Kind.ARTICLE: Text.ARTICLE}
_KIND_OF = {int(text): kind for kind, text in _TEXTS.items()}


@dataclass(frozen=True, slots=True)
class Hit:
    """Something that was found.

    `label` is what it is called: a name, a title, the clause of a claim, the sentence of a deal. `type` is the class of
    an entity or deal. `text` is what else there is: other names of an entity, the sentences of a claim where they say
    more than its clause, the text of an article. `article`, `title` and `published` tell where a claim or deal stands.
    """

    kind: Kind
    iri: str
    label: str
    type: str = ""
    text: str = ""
    article: str = ""
    title: str = ""
    published: str = ""
    articles: int = 0
    score: float = 0.0


@dataclass(frozen=True, slots=True)
class Found:
    """What a search gave.

    `counts` tells how many there are of each kind, `more` that there are still more than were ranked. `words` are those
    that were looked for; `corrected` tells which of them stand for a misspelt one. `partial` is true where nothing
    holds all of them, and what holds some is given.
    """

    hits: tuple[Hit, ...] = ()
    counts: Mapping[Kind, int] = field(default_factory=dict)
    more: bool = False
    words: tuple[str, ...] = ()
    corrected: Mapping[str, str] = field(default_factory=dict)
    partial: bool = False

    @property
    def total(self) -> int:
        """How many there are of all kinds."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An entity that what was typed may be the beginning of; `name` is the name of it that fits."""

    iri: str
    label: str
    name: str
    type: str
    articles: int


@dataclass(frozen=True, slots=True)
class _Meant:
    """The words of a search, each with those of the graph that it may stand for."""

    words: tuple[str, ...]
    terms: tuple[tuple[str, ...], ...]
    corrected: Mapping[str, str]

    def expression(self, *, names: bool, some: bool = False) -> str:
        """The search as FTS5 has it: all words, or `some`; in names each may go on."""
        parts: list[str] = []
        for word, terms in zip(self.words, self.terms, strict=True):
            each = [f'"{word}" *'] if names else [f'"{term}"' for term in terms]
            parts.append(f"({' OR '.join(each)})")
        text = (" OR " if some else " AND ").join(parts)
        if names and 1 < len(self.words) <= 3 and not some:
            return f'({text}) OR "{"".join(self.words)}" *'
        return text


class Index:
    """One open database; for one thread at a time."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    def search(self, text: str, kinds: Sequence[Kind], *, limit: int, offset: int, each: bool = False) -> Found:
        """What holds the words of a text, `limit` of it after the first `offset`; with `each`, `limit` of each kind.

        Raises:
            ParameterError: the text is too long.
            QueryTimeout: the search took too long.
        """
        asked = _asked(text)
        if not asked:
            return Found()
        with self._in_time():
            meant = self._meant(asked)
            found, counts, more = self._all(meant, kinds, some=False)
            partial = not found and len(asked) > 1
            if partial:
                found, counts, more = self._all(meant, kinds, some=True)
            parts = [[one for one in found if one[0] is kind] for kind in kinds] if each else [found]
            hits = tuple(self._hit(*one) for part in parts for one in part[offset : offset + limit])
        return Found(hits, counts, more, meant.words, meant.corrected, partial and bool(found))

    def suggest(self, text: str, *, types: Sequence[str] = (), limit: int = 10) -> list[Suggestion]:
        """Entities whose names go on from what was typed, those that most articles mention first.

        Raises:
            ParameterError, QueryTimeout: see `search`.
        """
        asked = _asked(text, common=True)
        if not asked:
            return []
        with self._in_time():
            meant = _Meant(asked, ((),) * len(asked), {})
            found = self._suggested(meant, types, limit)
            if not found:
                meant = self._meant(asked)
                found = self._suggested(meant, types, limit) if meant.corrected else []
        return found

    # --- words

    def _meant(self, asked: tuple[str, ...]) -> _Meant:
        """What the words stand for: the last, and any that the graph lacks, may go on; misspelt ones are put right."""
        corrected: dict[str, str] = {}
        used: list[str] = []
        terms: list[tuple[str, ...]] = []
        for place, word in enumerate(asked):
            last = place == len(asked) - 1
            known = self._known(word)
            goes_on = self._going_on(word) if last or not known else ()
            if not known and not goes_on and (better := self._corrected(word)):
                corrected[word] = word = better  # noqa: PLW2901
                goes_on = self._going_on(word) if last else ()
            variants = [one for one in (f"{word}s", word.removesuffix("s")) if one != word and self._known(one)]
            used.append(word)
            terms.append(tuple(dict.fromkeys((word, *variants, *goes_on))))
        return _Meant(tuple(used), tuple(terms), corrected)

    def _known(self, word: str) -> bool:
        return bool(self._rows("SELECT 1 FROM terms WHERE term = ?", (word,)))

    def _going_on(self, word: str) -> tuple[str, ...]:
        """The most frequent words that begin so."""
        sql = "SELECT term FROM terms WHERE term >= ? AND term < ? ORDER BY n DESC, term LIMIT ?"
        return tuple(term for (term,) in self._rows(sql, (word, word + _END, _EXPANSIONS)))

    def _corrected(self, word: str) -> str | None:
        """The nearest word that there is, the most frequent of several."""
        most = near_enough(word)
        if not most or word.isdecimal():
            return None
        padded = f"^{word}$"
        grams = " OR ".join(f'"{padded[place : place + 3]}"' for place in range(len(padded) - 2))
        sql = """SELECT term, n FROM (SELECT rowid FROM grams WHERE grams MATCH ? ORDER BY rank LIMIT ?)
            JOIN terms ON id = rowid"""
        near = self._rows(sql, (grams, _LIKENED))
        swapped = [f"{word[:i]}{b}{a}{word[i + 2 :]}" for i, (a, b) in enumerate(pairwise(word))]
        marks = ", ".join("?" * len(swapped))
        near += self._rows(f"SELECT term, n FROM terms WHERE term IN ({marks})", swapped)  # noqa: S608
        ranked = sorted((distance(word, term, most), -n, term) for term, n in near)
        return ranked[0][2] if ranked and ranked[0][0] <= most else None

    # --- things and texts

    def _all(
        self, meant: _Meant, kinds: Sequence[Kind], *, some: bool
    ) -> tuple[list[tuple[Kind, int, float]], dict[Kind, int], bool]:
        """Kind, number and score of all that was found, in order; how many of each kind; whether there are more."""
        found: list[tuple[Kind, int, float]] = []
        if Kind.ENTITY in kinds:
            found += [(Kind.ENTITY, number, score) for number, score in self._things(meant, some=some)]
        more = len(found) == RANKED
        texts = self._texts(meant, [kind for kind in kinds if kind in _TEXTS], some=some)
        found += texts
        counts = {kind: sum(1 for one in found if one[0] is kind) for kind in kinds}
        return found, counts, more or len(texts) == RANKED

    def _things(self, meant: _Meant, *, some: bool) -> list[tuple[int, float]]:
        """Numbers and scores of entities: whose name it is, then what begins so, then what more articles mention."""
        sql = f"""SELECT things.id, label, names, articles FROM
            (SELECT rowid FROM names WHERE names MATCH ? LIMIT {RANKED}) JOIN things ON things.id = rowid"""  # noqa: S608
        rows = self._rows(sql, (meant.expression(names=True, some=some),))
        text = " ".join(meant.words)
        scored = [(_fits(text, label, names) + math.log10(1 + n), number) for number, label, names, n in rows]
        return [(number, score) for score, number in sorted(scored, key=lambda one: (-one[0], one[1]))]

    def _texts(self, meant: _Meant, kinds: Sequence[Kind], *, some: bool) -> list[tuple[Kind, int, float]]:
        if not kinds:
            return []
        numbers = ", ".join(str(int(_TEXTS[kind])) for kind in kinds)
        only = f" AND (rowid & {_MASK}) IN ({numbers})" if len(kinds) < len(_TEXTS) else ""
        sql = f"""SELECT rowid, -bm25(texts, 3.0, 1.0) FROM texts WHERE texts MATCH ?{only}
            ORDER BY rowid DESC LIMIT {RANKED}"""  # noqa: S608
        rows = self._rows(sql, (meant.expression(names=False, some=some),))
        rows.sort(key=lambda row: (-row[1], -row[0]))
        return [(_KIND_OF[number & _MASK], number, score) for number, score in rows]

    def _hit(self, kind: Kind, number: int, score: float) -> Hit:
        if kind is Kind.ENTITY:
            sql = "SELECT iri, type, label, names, articles FROM things WHERE id = ?"
            iri, type_, label, names, articles = self._rows(sql, (number,))[0]
            return Hit(kind, iri, label, type_, ", ".join(names.split("\n")), articles=articles, score=score)
        sql = """SELECT docs.iri, docs.type, docs.title, docs.body, docs.article, docs.published, of.title
            FROM docs LEFT JOIN docs AS of ON of.iri = docs.article WHERE docs.id = ?"""
        iri, type_, label, text, article, published, title = self._rows(sql, (number,))[0]
        return Hit(kind, iri, label, type_, text, article, title or "", published, score=score)

    def _suggested(self, meant: _Meant, types: Sequence[str], limit: int) -> list[Suggestion]:
        marks = ", ".join("?" * len(types))
        only = f"WHERE type IN ({marks})" if types else ""
        sql = f"""SELECT iri, label, names, type, articles FROM
            (SELECT rowid FROM names WHERE names MATCH ? LIMIT {4 * RANKED}) JOIN things ON things.id = rowid {only}
            ORDER BY articles DESC, label, iri"""  # noqa: S608
        rows = self._rows(sql, (meant.expression(names=True), *types))
        text = " ".join(meant.words)
        if len(rows) > _SCORED:  # a letter or two: of the names that few articles have, only what is called just so
            rare = (row for row in rows[_SCORED:] if text in f"{row[1]}\n{row[2]}".casefold().split("\n"))
            rows = [*rows[:_SCORED], *rare]
        ranked = sorted(rows, key=lambda row: -_fits(text, row[1], row[2]))[:limit]
        return [
            Suggestion(iri, label, _name(text, label, names), type_, articles)
            for iri, label, names, type_, articles in ranked
        ]

    def _rows(self, sql: str, values: Sequence[object]) -> list[Any]:
        return self._database.execute(sql, values).fetchall()

    @contextmanager
    def _in_time(self) -> Iterator[None]:
        """Ends a search that takes too long."""
        end = time.monotonic() + _SECONDS
        self._database.set_progress_handler(lambda: time.monotonic() > end, _STEPS)
        try:
            yield
        except sqlite3.OperationalError as error:
            if str(error) != "interrupted":
                raise QueryFailed(f"The index of texts cannot be read: {error}. Build the graph again.") from error
            raise QueryTimeout(
                f"The search took longer than {_SECONDS:g} s. Give more, or rarer words.",
                limit="search-seconds",
                allowed=_SECONDS,
            ) from None
        except sqlite3.DatabaseError as error:
            raise QueryFailed(f"The index of texts is damaged: {error}. Build the graph again.") from error
        finally:
            self._database.set_progress_handler(None, 0)


def _asked(text: str, *, common: bool = False) -> tuple[str, ...]:
    """The words of a search, each once; common ones only where there are no others, or where they are wanted."""
    if len(text) > LONGEST:
        raise ParameterError(f"The search is longer than {LONGEST} characters. Give some words of it.")
    found = tuple(dict.fromkeys(words(text)))
    wanted = found if common else tuple(one for one in found if one not in COMMON) or found
    return wanted[:MOST_WORDS]


def _fits(text: str, label: str, names: str) -> float:
    """How well a thing fits: 3 where its label is what was asked, 2.5 another name, 1.5 where a name begins so."""
    called = " ".join(words(label))
    others = [" ".join(words(one)) for one in names.split("\n")]
    if called == text:
        return 3.0
    if text in others:
        return 2.5
    return 1.5 if any(one.startswith(text) for one in (called, *others)) else 0.0


def _name(text: str, label: str, names: str) -> str:
    """The name of a thing that what was typed may be the beginning of, its label first."""
    each = (label, *names.split("\n"))
    begins = (one for one in each if " ".join(words(one)).startswith(text))
    return next(begins, None) or next((one for one in each if goes_on(one, text)), label)
