"""What pages keep of a snapshot is read when that is published, so that nobody's visit has to wait for it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask

from aigraph.endpoint.service import KEY, Service
from aigraph.endpoint.site.asking import site_of
from aigraph.endpoint.site.findings import Cards
from aigraph.endpoint.site.reading import Graph
from aigraph.errors import AigraphError
from aigraph.store import QueryPool

_LOOK = 1.0  # seconds between two looks at whether another snapshot was published: a look is one stat() of a file
_ATTEMPTS = 3
_REST = 4  # times as long as reading took, it rests: a store that changes all the time is not read all the time


@contextmanager
def reading_ahead(app: Flask, *, look: float = _LOOK) -> Iterator[None]:
    """Keeps what the claims explorer and the start page need of the newest snapshot ready, in a thread beside.

    Only of stores of this machine that have articles: one elsewhere would be asked for much that nobody wants to see.
    """
    served: Service = app.extensions[KEY]
    if not (isinstance(served.pool, QueryPool) and served.pool.union):
        yield
        return
    ended = threading.Event()
    thread = threading.Thread(target=_follow, args=(app, served, ended, look), name="reading-ahead", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _follow(app: Flask, served: Service, ended: threading.Event, look: float) -> None:
    done, failed, pause = "", 0, look
    while not (ended.wait(pause) or served.stopping.is_set()):
        began = time.monotonic()
        try:
            graph = Graph(served)
        except AigraphError:
            continue
        if graph.snapshot.id == done:
            continue
        try:
            _read(app, graph)
        except AigraphError:  # too busy just now, or too much for the limits: whoever visits is told
            failed += 1
            if failed < _ATTEMPTS:
                continue
        done, failed = graph.snapshot.id, 0
        pause = max(look, _REST * (time.monotonic() - began))


def _read(app: Flask, graph: Graph) -> None:
    kept = site_of(app)
    kept.indexes.index(graph)
    kept.fronts.front(graph, Cards(graph, kept.words, texts=graph.served.texts != "none"))
