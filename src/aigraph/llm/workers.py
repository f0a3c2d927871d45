"""A few threads that wait for answers, and end with the program: whoever breaks a build off does not wait for them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue

from aigraph.llm.cache import Answer

_Work = Callable[[], Answer]
_PATIENCE = 1.0
"""Seconds that closing gives a thread to end; one that waits for a server is left behind."""


class Workers:
    """Does at most `size` pieces of work at once, in the order in which they come.

    `concurrent.futures` has its threads joined when the program ends, however long a server may still take.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._queue: SimpleQueue[tuple[Future[Answer], _Work] | None] = SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._futures: list[Future[Answer]] = []

    def submit(self, work: _Work) -> Future[Answer]:
        """Have something done; the future has its outcome, or its error."""
        future: Future[Answer] = Future()
        self._futures = [each for each in self._futures if not each.done()] + [future]
        self._queue.put((future, work))
        if len(self._threads) < self._size:
            thread = threading.Thread(target=self._run, name=f"llm-{len(self._threads)}", daemon=True)
            self._threads.append(thread)
            thread.start()
        return future

    def close(self) -> None:
        """Do nothing more; what has begun is left to itself."""
        for future in self._futures:
            future.cancel()
        for _ in self._threads:
            self._queue.put(None)
        for thread in self._threads:
            thread.join(_PATIENCE)

    def _run(self) -> None:
        while (task := self._queue.get()) is not None:
            future, work = task
            if not future.set_running_or_notify_cancel():
                continue
            try:
                future.set_result(work())
            except BaseException as error:  # whoever asks for the outcome gets it
                future.set_exception(error)
