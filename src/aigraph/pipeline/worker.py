"""A process that reads articles: `python -m aigraph.pipeline.worker <descriptor>`, started by `workers.py`.

It takes articles from a connection and gives back what became of each, one after the other. The system ends it when
one article takes more processor time than it may, so that no article can hold up the others for ever.
"""

from __future__ import annotations

import gc
import math
import os
import resource
import signal
import sys
import threading
import time
from contextlib import suppress
from multiprocessing.connection import Connection
from queue import SimpleQueue

from aigraph.articles import Found
from aigraph.errors import AigraphError
from aigraph.pipeline.reading import READY, Limits, read_one
from aigraph.pipeline.stages import Stages
from aigraph.pipeline.steps import Recipe
from aigraph.store.sandbox import limit_memory

_GARBAGE, _OLDER = 20_000, 20
"""So many objects more than have gone are made before cycles among them are looked for, and so many such looks pass
before one at older objects."""


def main(descriptor: int) -> None:
    """Read what comes over a connection until it is closed."""
    connection = Connection(descriptor)
    recipe, limits = connection.recv()
    waiting: SimpleQueue[Found] = SimpleQueue()
    threading.Thread(target=_receive, args=(connection, waiting), daemon=True).start()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the one who started us decides when we end
    try:
        _work(connection, waiting, recipe, limits)
    except AigraphError as error:
        connection.send(error)


def _work(connection: Connection, waiting: SimpleQueue[Found], recipe: Recipe, limits: Limits) -> None:
    pipeline = recipe.make()
    _ = pipeline.documents, pipeline.mentions
    stages = Stages(recipe.cache, pipeline) if recipe.cache else None
    limit_memory(limits.memory)
    settle()
    connection.send(READY)
    while True:
        found = waiting.get()
        _allow(limits.seconds)
        connection.send(read_one(pipeline, found, stages))


def settle() -> None:
    """Look no more for cycles in what is loaded by now, and seldom in what is read, which hardly has any."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_GARBAGE, _OLDER, _OLDER)


def _receive(connection: Connection, waiting: SimpleQueue[Found]) -> None:
    """Take what comes at once, so that the other side never waits for us; end when it has gone."""
    try:
        while True:
            waiting.put(connection.recv())
    except (EOFError, OSError):
        os._exit(0)


def _allow(seconds: float) -> None:
    """Let the system end this process after so much more processor time."""
    until = math.ceil(time.process_time() + seconds)
    with suppress(OSError, ValueError):  # where somebody has set a lower limit, that one counts
        _, hard = resource.getrlimit(resource.RLIMIT_CPU)
        resource.setrlimit(resource.RLIMIT_CPU, (until, hard))


if __name__ == "__main__":
    main(int(sys.argv[1]))
