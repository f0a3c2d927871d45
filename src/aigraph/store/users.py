"""What users write into a store of ours: named graphs of their own, kept beside what is made from articles.

They stand in one file of sorted N-Quads and are joined to the made graphs whenever a snapshot is published: nothing is
ever derived from them, and no build changes them. A triple that a made graph holds too is shown there alone, so that
in a snapshot no triple stands in two graphs; it is shown again when no made graph holds it any more.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from pathlib import Path

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, RdfFormat, Store, parse

from aigraph.errors import StoreUnreadable
from aigraph.store.layout import reason, write_text

FILE = "users.nq"
Graph = NamedNode | BlankNode | DefaultGraph


def is_made(graph: Graph, base: str) -> bool:
    """True for the graphs that aigraph makes, and for all that no user may write to: those of no name too."""
    return not isinstance(graph, NamedNode) or graph.value.startswith(f"{base}graph/")


def read_users(store: Path) -> list[Quad]:
    """What users wrote, in the order of the file.

    Raises:
        StoreUnreadable: the file is damaged.
    """
    path = store / FILE
    try:
        data = path.read_bytes()
        return list(parse(data, RdfFormat.N_QUADS))
    except FileNotFoundError:
        return []
    except (OSError, SyntaxError) as error:
        raise StoreUnreadable(
            f"{path}, which holds what users wrote, cannot be read: {reason(error)} Put a copy of it back."
        ) from error


def write_users(store: Path, quads: Iterable[Quad]) -> None:
    """Keeps what users wrote, in one step."""
    write_text(store / FILE, "".join(_lines(quads)))


def not_held(store: Store, quads: Collection[Quad]) -> list[Quad]:
    """Those of the quads whose triple stands in no graph of the store."""
    return [one for one in quads if not any(store.quads_for_pattern(one.subject, one.predicate, one.object, None))]


def add(data: Path, quads: Iterable[Quad]) -> None:
    """Adds quads to a database that nobody has open."""
    store = Store(str(data))
    store.extend(quads)
    store.flush()


def joined_hash(made: str, shown: Collection[Quad]) -> str:
    """The id of a snapshot out of the hash of what is made and what users wrote, as far as it is shown."""
    if not shown:
        return made
    return hashlib.sha256("".join((made, "\n", *_lines(shown))).encode()).hexdigest()


def _lines(quads: Iterable[Quad]) -> list[str]:
    return sorted(f"{one} .\n" for one in quads)
