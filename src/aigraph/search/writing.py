"""The database of a snapshot, out of that of the snapshot before and what has changed since.

Words are folded here and by `finding.py` alone (`words.py`): the tokenizer of FTS5 sees them parted by blanks, and both
agree on what a word is. What FTS5 indexes is not kept in it, but in the tables beside, where it is needed to be shown.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from pyoxigraph import NamedNode, Store

from aigraph.search.documents import Document, Texts, Thing, of_article, texts_of, thing, things
from aigraph.search.words import words
from aigraph.vocab import Iris

VERSION = 1
"""Another number makes the next commit write the database anew."""
DAY, KIND = 26, 2
"""Bits below the day of publication in the number of a text, and below its number within the day: its kind.

So numbers grow with time, and the newest texts come first without sorting.
"""
_LONGEST_TERM = 40

_TABLES = f"""
PRAGMA user_version = {VERSION};
CREATE TABLE graphs (id INTEGER PRIMARY KEY, iri TEXT NOT NULL UNIQUE);
CREATE TABLE docs (
  id INTEGER PRIMARY KEY, graph INTEGER NOT NULL, iri TEXT NOT NULL, type TEXT NOT NULL, title TEXT NOT NULL,
  body TEXT NOT NULL, article TEXT NOT NULL, published TEXT NOT NULL
);
CREATE INDEX docs_by_graph ON docs (graph);
CREATE INDEX docs_by_iri ON docs (iri);
CREATE TABLE things (
  id INTEGER PRIMARY KEY, iri TEXT NOT NULL UNIQUE, type TEXT NOT NULL, label TEXT NOT NULL, names TEXT NOT NULL,
  articles INTEGER NOT NULL
);
CREATE TABLE mentioned (iri TEXT NOT NULL, graph INTEGER NOT NULL, PRIMARY KEY (iri, graph)) WITHOUT ROWID;
CREATE INDEX mentioned_by_graph ON mentioned (graph);
CREATE TABLE terms (id INTEGER PRIMARY KEY, term TEXT NOT NULL UNIQUE, n INTEGER NOT NULL);
CREATE VIRTUAL TABLE texts USING fts5 (title, body, content='', tokenize='ascii');
CREATE VIRTUAL TABLE names USING fts5 (label, others, content='', tokenize='ascii', prefix='1 2 3');
CREATE VIRTUAL TABLE grams USING fts5 (term, content='', tokenize='trigram');
"""


@dataclass(slots=True)
class Changes:
    """What has changed in a store: graphs of articles, and things that may have other names.

    Where `anew` is set nobody kept account, and with `all_things` not of things.
    """

    anew: bool = False
    all_things: bool = False
    graphs: set[NamedNode] = field(default_factory=set)
    things: set[NamedNode] = field(default_factory=set)


def is_current(path: Path) -> bool:
    """Whether there is a database at that place, as this version writes it."""
    if not path.is_file():
        return False
    try:
        with closing(_open(path, "mode=ro&immutable=1")) as database:
            (version,) = database.execute("PRAGMA user_version").fetchone()
    except sqlite3.Error:
        return False
    return bool(version == VERSION)


def write_index(store: Store, base: str, target: Path, before: Path | None, changes: Changes) -> None:
    """Writes the database of the content of a store.

    Where `before`, the database of an earlier state, can be used, it is copied and what `changes` tells is brought up
    to date; else everything is written anew.

    Raises:
        OSError: the disk is full, or the like.
    """
    copied = before is not None and not changes.anew and is_current(before)
    if copied and before is not None:
        shutil.copyfile(before, target)
    try:
        with closing(_open(target, "mode=rwc")) as database:
            # nobody reads it before it is published, and what is not whole by then is thrown away
            database.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -65536;")
            if not copied:
                database.executescript(_TABLES)
            database.execute("BEGIN")
            work = _Writing(database, store, base)
            work.run(changes if copied else Changes(anew=True, all_things=True))
            database.execute("COMMIT")
    except sqlite3.Error as error:
        raise OSError(f"the index of texts cannot be written: {error}") from error


def _open(path: Path, mode: str) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.resolve().as_uri()}?{mode}", uri=True, isolation_level=None)


class _Writing:
    """One database being written."""

    def __init__(self, database: sqlite3.Connection, store: Store, base: str) -> None:
        self._database = database
        self._store = store
        self._base = base
        self._entities = Iris(base).graph("entities")
        self._counts: Counter[str] = Counter()
        self._next: dict[int, int] = {}
        self._renamed: set[str] = set()

    def run(self, changes: Changes) -> None:
        """Brings everything up to date."""
        if changes.anew:
            for graph in filter(of_article(self._base), self._store.named_graphs()):
                self._add_texts(graph.value, texts_of(self._store, graph))
        for graph in sorted(filter(of_article(self._base), changes.graphs), key=str):
            self._drop_texts(graph.value)
            self._add_texts(graph.value, texts_of(self._store, graph))
        if changes.all_things:
            known = {iri for (iri,) in self._database.execute("SELECT iri FROM things")}
            self._put_things(known, things(self._store, self._entities))
        else:
            found = (thing(self._store, node, self._entities) for node in sorted(changes.things, key=str))
            self._put_things({node.value for node in changes.things}, (one for one in found if one))
        self._count_mentions(anew=changes.anew)
        self._count_terms()
        if changes.anew:
            for table in ("texts", "names", "grams"):
                self._database.execute(f"INSERT INTO {table} ({table}) VALUES ('optimize')")  # noqa: S608

    # --- texts

    def _add_texts(self, graph: str, found: Texts) -> None:
        if not found.documents and not found.mentioned:
            return
        run = self._database.execute
        run("INSERT OR IGNORE INTO graphs (iri) VALUES (?)", (graph,))
        (number,) = run("SELECT id FROM graphs WHERE iri = ?", (graph,)).fetchone()
        for one in found.documents:
            place = self._number(found.day, one)
            row = (place, number, one.iri, one.type, one.title, one.body, found.article, found.published)
            run("INSERT INTO docs VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
            self._index("texts", place, (one.title, one.body), 1)
        rows = [(iri, number) for iri in found.mentioned]
        self._database.executemany("INSERT OR IGNORE INTO mentioned VALUES (?, ?)", rows)
        self._renamed.update(found.mentioned)

    def _drop_texts(self, graph: str) -> None:
        run = self._database.execute
        found = run("SELECT id FROM graphs WHERE iri = ?", (graph,)).fetchone()
        if found is None:
            return
        for place, title, body in run("SELECT id, title, body FROM docs WHERE graph = ?", found).fetchall():
            self._index("texts", place, (title, body), -1)
        self._renamed.update(iri for (iri,) in run("SELECT iri FROM mentioned WHERE graph = ?", found))
        for table in ("docs", "mentioned"):
            run(f"DELETE FROM {table} WHERE graph = ?", found)  # noqa: S608
        run("DELETE FROM graphs WHERE id = ?", found)

    def _number(self, day: int, document: Document) -> int:
        """A free number on a day."""
        first = self._next.get(day)
        if first is None:
            ids = "SELECT MAX(id) FROM docs WHERE id >= ? AND id < ?"
            (last,) = self._database.execute(ids, (day << DAY, (day + 1) << DAY)).fetchone()
            first = day << DAY if last is None else ((last >> KIND) + 1) << KIND
        self._next[day] = first + (1 << KIND)
        return first | document.kind

    # --- things

    def _put_things(self, before: Iterable[str], now: Iterable[Thing]) -> None:
        """Makes the database hold some things as they are now; those `before` that are none any more go."""
        gone = set(before)
        run = self._database.execute
        for one in now:
            gone.discard(one.iri)
            names = "\n".join(one.names)
            old = run("SELECT id, type, label, names FROM things WHERE iri = ?", (one.iri,)).fetchone()
            if old and old[1:] == (one.type, one.label, names):
                continue
            if old:
                self._drop_thing(*old)
            sql = "INSERT INTO things (id, iri, type, label, names, articles) VALUES (?, ?, ?, ?, ?, 0) RETURNING id"
            row = (old[0] if old else None, one.iri, one.type, one.label, names)
            ((number,),) = run(sql, row).fetchall()
            self._index("names", number, _named(one.label, names), 1)
            self._renamed.add(one.iri)
        for iri in sorted(gone):
            if old := run("SELECT id, type, label, names FROM things WHERE iri = ?", (iri,)).fetchone():
                self._drop_thing(*old)

    def _drop_thing(self, number: int, _type: str, label: str, names: str) -> None:
        self._index("names", number, _named(label, names), -1)
        self._database.execute("DELETE FROM things WHERE id = ?", (number,))

    def _count_mentions(self, *, anew: bool) -> None:
        """Brings the numbers of articles that mention a thing up to date."""
        sql = "UPDATE things SET articles = (SELECT COUNT(*) FROM mentioned WHERE mentioned.iri = things.iri)"
        if anew:
            self._database.execute(sql)
        else:
            self._database.executemany(f"{sql} WHERE iri = ?", [(iri,) for iri in sorted(self._renamed)])

    # --- words

    def _index(self, table: str, number: int, columns: tuple[str, str], sign: int) -> None:
        """Puts a text into an index, or (-1) takes it out."""
        parts = [words(text) for text in columns]
        first, second = (" ".join(part) for part in parts)
        fields = "title, body" if table == "texts" else "label, others"
        if sign > 0:
            sql = f"INSERT INTO {table} (rowid, {fields}) VALUES (?, ?, ?)"  # noqa: S608
        else:
            sql = f"INSERT INTO {table} ({table}, rowid, {fields}) VALUES ('delete', ?, ?, ?)"  # noqa: S608
        self._database.execute(sql, (number, first, second))
        for term in set(parts[0]).union(parts[1]):
            self._counts[term] += sign

    def _count_terms(self) -> None:
        """Brings the words that there are up to date, with the number of texts that hold each."""
        run = self._database.execute
        for term, more in _terms(self._counts):
            sql = "INSERT INTO terms (term, n) VALUES (?, ?) ON CONFLICT DO UPDATE SET n = n + excluded.n"
            ((number, n),) = run(f"{sql} RETURNING id, n", (term, more)).fetchall()
            if n <= 0:
                run("DELETE FROM terms WHERE id = ?", (number,))
                run("INSERT INTO grams (grams, rowid, term) VALUES ('delete', ?, ?)", (number, f"^{term}$"))
            elif n == more and more > 0:
                run("INSERT INTO grams (rowid, term) VALUES (?, ?)", (number, f"^{term}$"))


def _named(label: str, names: str) -> tuple[str, str]:
    """The names of a thing as they are indexed: also written together, where they are of several words."""
    each = [label, *names.split("\n")]
    together = ["".join(parts) for one in each if 1 < len(parts := words(one)) <= 3]
    return label, " ".join((names, *together))


def _terms(counts: Counter[str]) -> Iterator[tuple[str, int]]:
    """The words that someone may misspell, in order: no numbers, no single letters."""
    for term, more in sorted(counts.items()):
        if more and 1 < len(term) <= _LONGEST_TERM and not term.isdecimal():
            yield term, more
