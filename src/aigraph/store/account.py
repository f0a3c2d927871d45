"""What the writer keeps account of, so that adding one article need not read what all others said before.

A database beside the engine's, of the writer alone: no reader needs it, and it can be made anew out of the graphs.

    namings   how often a thing is mentioned as a class, in a form: sums over all articles
    stated    how many findings state a fact: those behind a direct triple, by the rules that they were counted for
    shelf     what code that makes a derived graph has worked out of single nodes, under keys of its own
    saved     the state that all this holds of, and the sum of its content (content.py)

A thing or key that is missing has not been asked for yet. What is there holds of the graphs as they are: changes are
entered with each change of a graph, and after an interruption or a bulk load, which nobody followed, all is forgotten.
So it is where the state that it was saved for is not the newest: another version may have written since.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, BinaryIO, cast

from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, Store

from aigraph.store.content import Content
from aigraph.store.layout import sync
from aigraph.vocab import AIG, prefixes

VERSION = 6
"""Another number makes the next writer forget what it finds."""
_AT_ONCE = 500
_TABLES = f"""
CREATE TABLE namings (thing TEXT PRIMARY KEY, sums TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE stated (fact TEXT PRIMARY KEY, number INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE counted (rules TEXT NOT NULL);
CREATE TABLE shelf (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE saved (state TEXT NOT NULL, content TEXT NOT NULL);
PRAGMA user_version = {VERSION};
"""
_ROW = "?thing ?class ?form (SUM(?occurrences) AS ?total)"
_MENTIONED = (AIG.mentionOf, AIG.mentionedAs, AIG.form, AIG.occurrences)
_OF_MENTIONS = frozenset(_MENTIONED)

Naming = tuple[str, str]
"""The class that a thing is mentioned as (an IRI), and the form."""


class Account:
    """The account of one store in the state that its newest snapshot has; any other is begun anew.

    Raises:
        OSError: the disk is full, or the like; so do all methods.
    """

    def __init__(self, path: Path, state: str) -> None:
        self._path = path
        self.content: Content | None = None
        """The content of that state, where it is known."""
        self._rules: str | None = None
        self._database = _connected(path)
        try:
            self._set_up()
            (version,) = self._database.execute("PRAGMA user_version").fetchone()
            known = version == VERSION
            saved = dict(self._database.execute("SELECT state, content FROM saved")) if known else {}
            self.content = Content.read(saved[state]) if state in saved else None
        except (sqlite3.Error, ValueError):
            self.content = None
        if self.content is None:
            self.forget()

    def _set_up(self) -> None:
        # after a crash nobody believes it: the store is marked as interrupted before the first change
        self._database.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -65536;")

    def forget(self) -> None:
        """Begin anew."""
        self.content = self._rules = None
        with _told():
            self._database.close()
            self._path.unlink(missing_ok=True)
            self._database = _connected(self._path)
            self._set_up()
            self._database.executescript(_TABLES)

    def save(self, state: str, content: Content) -> None:
        """Write everything to the disk, for a state of the store and its content."""
        self._change("DELETE FROM saved WHERE 1", [()])
        self._change("INSERT INTO saved VALUES (?, ?)", [(state, str(content))])
        with _told():
            self._database.execute("COMMIT")
            sync(self._path)

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    def _change(self, sql: str, rows: Iterable[tuple[str | int, ...]]) -> None:
        with _told():
            if not self._database.in_transaction:
                self._database.execute("BEGIN")
            self._database.executemany(sql, rows)

    # --- how things are called

    def enter(self, removed: Iterable[Quad], added: Iterable[Quad]) -> None:
        """Bring the sums up to date: these quads are no longer in the store, or are now, whole mentions each."""
        changes: dict[str, Counter[Naming]] = defaultdict(Counter)
        for quads, sign in ((removed, -1), (added, 1)):
            for thing, naming, number in _mentions(quads):
                changes[thing][naming] += sign * number
        known = self._sums(changes)
        rows = []
        for thing, sums in known.items():
            for naming, number in changes[thing].items():
                sums[naming] += number
            rows.append((_written(sums), thing))
        self._change("UPDATE namings SET sums = ? WHERE thing = ?", rows)

    def namings(
        self, things: Iterable[NamedNode], store: Store
    ) -> dict[NamedNode, list[tuple[NamedNode, Literal, int]]]:
        """How often each of some things is mentioned as what, in which form; `store` is asked what is not known yet."""
        nodes = {thing.value: thing for thing in things}
        known = self._sums(nodes)
        missing = [thing for name, thing in nodes.items() if name not in known and _mentioned(store, thing)]
        if missing:
            found = {
                thing.value: Counter({naming: n for _, naming, n in _asked(store, str(thing))}) for thing in missing
            }
            self._change("INSERT INTO namings VALUES (?, ?)", [(name, _written(sums)) for name, sums in found.items()])
            known |= found
        return {
            nodes[name]: [(NamedNode(cls), Literal(form), number) for (cls, form), number in sorted(sums.items())]
            for name, sums in known.items()
        }

    def fill(self, store: Store) -> None:
        """Add up the mentions of all things; what was known is forgotten."""
        self._change("DELETE FROM namings WHERE 1", [()])
        sums: dict[str, Counter[Naming]] = defaultdict(Counter)
        for thing, naming, number in _asked(store, "?thing"):
            sums[thing][naming] = number
        self._change("INSERT INTO namings VALUES (?, ?)", ((thing, _written(one)) for thing, one in sums.items()))

    def _sums(self, things: Iterable[str]) -> dict[str, Counter[Naming]]:
        found = self._look_up("SELECT thing, sums FROM namings WHERE thing IN", things)
        return {thing: Counter({(cls, form): n for cls, form, n in json.loads(sums)}) for thing, sums in found}

    # --- how many findings state a fact

    def counted(self, rules: str) -> bool:
        """Whether it is known for some rules how many findings state what."""
        if self._rules is None:
            with _told():
                found = self._database.execute("SELECT rules FROM counted").fetchone()
            self._rules = found[0] if found else ""
        return self._rules == rules

    def stated(self, facts: Iterable[str]) -> dict[str, int]:
        """How many findings state each of some facts, if any does."""
        return {
            fact: int(number) for fact, number in self._look_up("SELECT fact, number FROM stated WHERE fact IN", facts)
        }

    def count(self, changes: Mapping[str, int]) -> None:
        """So many findings more or fewer state some facts."""
        rows = [(fact, number) for fact, number in changes.items() if number]
        self._change(
            "INSERT INTO stated VALUES (?, ?) ON CONFLICT (fact) DO UPDATE SET number = number + excluded.number", rows
        )
        self._change("DELETE FROM stated WHERE fact = ? AND number = 0", [(fact,) for fact, _ in rows])

    def recount(self, rules: str, numbers: Iterable[tuple[str, int]]) -> None:
        """Enter how many findings state each fact, for some rules; what was known is forgotten."""
        self.uncount()
        self._change(
            "INSERT INTO stated VALUES (?, ?) ON CONFLICT (fact) DO UPDATE SET number = number + excluded.number",
            numbers,
        )
        self._change("INSERT INTO counted VALUES (?)", [(rules,)])
        self._rules = rules

    def uncount(self) -> None:
        """Forget how many findings state what: a change was not followed."""
        if not self.counted(""):
            self._change("DELETE FROM counted WHERE 1", [()])
            self._change("DELETE FROM stated WHERE 1", [()])
            self._rules = ""

    # --- the shelf

    def get(self, keys: Iterable[str]) -> dict[str, str]:
        """What stands under some keys, as far as anything does."""
        return dict(self._look_up("SELECT key, value FROM shelf WHERE key IN", keys))

    def put(self, values: Mapping[str, str]) -> None:
        """Keep values under their keys."""
        self._change("INSERT OR REPLACE INTO shelf VALUES (?, ?)", values.items())

    def drop(self, keys: Iterable[str]) -> None:
        """Keep nothing under some keys any more."""
        self._change("DELETE FROM shelf WHERE key = ?", ((key,) for key in keys))

    def clear(self) -> None:
        """Empty the shelf."""
        self._change("DELETE FROM shelf WHERE 1", [()])

    def scratch(self) -> BinaryIO:
        """An empty file beside the database, where there is room for much; it is gone when it is closed."""
        return cast(BinaryIO, TemporaryFile(dir=self._path.parent))

    def _look_up(self, sql: str, keys: Iterable[str]) -> Iterator[tuple[str, Any]]:
        wanted = list(keys)
        with _told():
            for start in range(0, len(wanted), _AT_ONCE):
                part = wanted[start : start + _AT_ONCE]
                yield from self._database.execute(f"{sql} ({','.join('?' * len(part))})", part).fetchall()


def _connected(path: Path) -> sqlite3.Connection:
    with _told():
        return sqlite3.connect(path, isolation_level=None)


def _mentions(quads: Iterable[Quad]) -> Iterator[tuple[str, Naming, int]]:
    """The mentions in some quads: of what, as what, in which form, how often."""
    nodes: dict[object, dict[NamedNode, str]] = defaultdict(dict)
    for quad in quads:
        if quad.predicate in _OF_MENTIONS and isinstance(quad.object, NamedNode | Literal):
            nodes[quad.subject][quad.predicate] = quad.object.value
    for said in nodes.values():
        if len(said) == len(_MENTIONED):
            thing, cls, form, number = (said[each] for each in _MENTIONED)
            yield thing, (cls, form), int(number)


def _mentioned(store: Store, thing: NamedNode) -> bool:
    return next(store.quads_for_pattern(None, AIG.mentionOf, thing), None) is not None


def _asked(store: Store, thing: str) -> Iterator[tuple[str, Naming, int]]:
    """The sums of a thing (an IRI), or of all (a variable), as the graphs of articles give them."""
    condition = "?mention aig:mentionOf {0} ; aig:mentionedAs ?class ; aig:form ?form ; aig:occurrences ?occurrences"
    bound = "" if thing.startswith("?") else f"BIND({thing} AS ?thing)"
    text = f"SELECT {_ROW} WHERE {{ {condition.format(thing)} {bound} }} GROUP BY ?thing ?class ?form"
    rows = store.query(text, prefixes=prefixes(), use_default_graph_as_union=True)
    for row in cast(QuerySolutions, rows):
        found, cls, form, total = (row[name].value for name in ("thing", "class", "form", "total"))
        yield found, (cls, form), int(total)


def _written(sums: Counter[Naming]) -> str:
    return json.dumps([[cls, form, number] for (cls, form), number in sorted(sums.items()) if number])


@contextmanager
def _told() -> Iterator[None]:
    """Turns what the database says of a full disk and the like into what the system would say."""
    try:
        yield
    except sqlite3.Error as error:
        raise OSError(f"what the writer keeps account of cannot be written: {error}") from error
