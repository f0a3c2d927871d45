"""The store: an embedded Oxigraph with one writer, published snapshots, and processes that answer queries.

    writer  -> commit() -> snapshots/<generation> -> readers and query workers

Who only reads never opens the data of the writer: it opens the newest published snapshot, which never changes.
"""

from aigraph.store.asking import Queries
from aigraph.store.backups import restore, write_backup
from aigraph.store.editing import Document, GraphEditor
from aigraph.store.grounds import Computed, Derivation
from aigraph.store.layout import Snapshot, latest_snapshot, write_text
from aigraph.store.opening import open_writer
from aigraph.store.plain import make_plain
from aigraph.store.reader import Reader, open_latest, open_snapshot
from aigraph.store.searching import Searcher
from aigraph.store.turns import MOMENT, SHORT, Answer, Asker, Attempt, NotYet, Result
from aigraph.store.workers import QueryPool
from aigraph.store.writer import Writer

__all__ = [
    "MOMENT",
    "SHORT",
    "Answer",
    "Asker",
    "Attempt",
    "Computed",
    "Derivation",
    "Document",
    "GraphEditor",
    "NotYet",
    "Queries",
    "QueryPool",
    "Reader",
    "Result",
    "Searcher",
    "Snapshot",
    "Writer",
    "latest_snapshot",
    "make_plain",
    "open_latest",
    "open_snapshot",
    "open_writer",
    "restore",
    "write_backup",
    "write_text",
]
