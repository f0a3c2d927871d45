"""A plain store: RDF as it is, with no graph of ours in it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pyoxigraph import DefaultGraph, RdfFormat, Store

from aigraph.errors import StoreUnreadable
from aigraph.store.layout import PLAIN_BASE, prepare, reason, write_lock

_SUFFIXES = {
    "ttl": RdfFormat.TURTLE,
    "trig": RdfFormat.TRIG,
    "nt": RdfFormat.N_TRIPLES,
    "nq": RdfFormat.N_QUADS,
    "rdf": RdfFormat.RDF_XML,
    "owl": RdfFormat.RDF_XML,
    "xml": RdfFormat.RDF_XML,
    "jsonld": RdfFormat.JSON_LD,
}


def make_plain(path: Path, sources: Sequence[Path]) -> None:
    """Makes a plain store at `path` out of files of RDF, or out of the folder of an Oxigraph store.

    Raises:
        StoreUnreadable: a source cannot be read.
    """
    with write_lock(path):
        prepare(path, PLAIN_BASE, create=True)
        folders = [source for source in sources if source.is_dir()]
        try:
            if folders and not (path / "data").exists():
                if len(sources) > 1:
                    raise StoreUnreadable("Name either one folder of an Oxigraph store, or files of RDF.")
                Store.read_only(str(folders[0])).backup(str(path / "data"))
                return
            store = Store(str(path / "data"))
            for source in sources:
                _load(store, source)
            store.flush()
        except (OSError, RuntimeError) as error:
            raise StoreUnreadable(f"{', '.join(map(str, sources))} cannot be read: {reason(error)}") from error
        except SyntaxError as error:
            raise StoreUnreadable(f"A file of RDF is malformed: {error}") from error


def _load(store: Store, source: Path) -> None:
    syntax = _SUFFIXES.get(source.suffix.lower().lstrip("."))
    if syntax is None:
        known = ", ".join(f".{one}" for one in _SUFFIXES)
        raise StoreUnreadable(f"{source} does not tell its format. End its name with one of {known}.")
    if syntax.supports_datasets:
        store.bulk_load(path=str(source), format=syntax, base_iri=source.absolute().as_uri())
    else:
        store.bulk_load(path=str(source), format=syntax, base_iri=source.absolute().as_uri(), to_graph=DefaultGraph())
