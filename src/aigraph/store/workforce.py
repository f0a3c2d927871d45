"""The processes that answer queries: which one a query gets, and what becomes of it afterwards.

Quick queries never wait for slow ones: one that is not answered at once makes room for the next and goes on beside.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable

from aigraph.errors import QueryBusy, QueryFailed
from aigraph.store.processes import Process
from aigraph.store.turns import QUICK

_RETRY = 5  # seconds after which another attempt makes sense


class Workforce:
    """So many processes (`size`) for quick queries, and room for so many slow ones; safe to use from several threads.

    Without `slow`, no query makes room for others. `arguments` are those of each process, `tell_of_kill` is called
    where one did not survive a query.
    """

    def __init__(
        self, size: int, slow: int | None, arguments: tuple[int, int, int], tell_of_kill: Callable[[], None]
    ) -> None:
        self._arguments = arguments
        self._tell_of_kill = tell_of_kill
        self._size = size
        self._spare = 0 if slow is None else 1
        self.slow = slow
        self._free = threading.Condition()
        self._idle: deque[Process] = deque()
        self._busy: set[Process] = set()
        self._first: set[Process] = set()  # those with slow queries that need not yield to others yet
        self._quick_running = self._slow_running = 0
        self._closed = False
        self._refill()

    @property
    def quick(self) -> int:
        """How many quick queries are being answered just now."""
        return self._quick_running

    @property
    def slow_ones(self) -> int:
        """How many slow queries are."""
        return self._slow_running

    def processes(self) -> tuple[Process, ...]:
        """All processes, those that wait first."""
        return (*self._idle, *self._busy)

    def states(self) -> dict[str, int]:
        """How many workers wait, answer quick queries, and answer slow ones."""
        with self._free:
            return {"idle": len(self._idle), "quick": self._quick_running, "slow": self._slow_running}

    def started(self) -> bool:
        """True where a query would find a worker, or is being answered by one."""
        with self._free:
            return not self._closed and (bool(self._busy) or any(one.started() for one in self._idle))

    def take(self, seconds: float, deadline: float) -> Process:
        """A process for a query; slow ones make room for it.

        Raises:
            QueryBusy: none was free in that time.
            QueryFailed: the workers have been stopped.
        """
        with self._free:
            # Where slow queries make room, a long wait tells that there are too many who ask.
            patience = seconds if self.slow is None else seconds / 2
            self._free.wait_for(
                lambda: self._quick_running < self._size or self._closed,
                min(patience, deadline - time.monotonic()),
            )
            if self._closed:
                raise QueryFailed("The query workers have been stopped.")
            if self._quick_running >= self._size:
                raise QueryBusy(
                    f"All query workers were busy for {patience:g} s. Try again later.",
                    limit="workers",
                    allowed=self._size,
                    retry_after=_RETRY,
                )
            self._put_last()
            process = self._pick()
            self._busy.add(process)
            self._quick_running += 1
            return process

    def take_at_once(self) -> Process | None:
        """A process that can answer now, where one waits for that."""
        if not self._free.acquire(blocking=False):
            return None
        try:
            process = next((one for one in reversed(self._idle) if one.started()), None)
            if process is None or self._quick_running >= self._size or self._closed or not process.alive():
                return None
            self._put_last()
            self._idle.remove(process)
            self._busy.add(process)
            self._quick_running += 1
            return process
        finally:
            self._free.release()

    def _pick(self) -> Process:
        """A process that waits for a request, one that has started if there is any."""
        while True:
            self._refill()
            # the one that answered last: what it works on is still near the processor
            process = next((one for one in reversed(self._idle) if one.started()), self._idle[0])
            self._idle.remove(process)
            if process.alive():
                return process
            process.end()  # it has ended on its own account, or somebody else killed it

    def _refill(self) -> None:
        """Starts as many processes as there is room for, and one to spare."""
        while len(self._idle) + self._quick_running < self._wanted() or not (self._idle or self._quick_running):
            self._idle.append(Process("aigraph.store.worker", *self._arguments))

    def _wanted(self) -> int:
        """How many processes are to wait or to answer quick queries: one to spare, which the first slow query takes."""
        return self._size + max(0, self._spare - self._slow_running)

    def becomes_slow(self, process: Process) -> None:
        """Lets the next query in while this process goes on; raises QueryBusy where there is no room beside."""
        with self._free:
            if self.slow is not None and self._slow_running >= self.slow:
                raise QueryBusy(
                    f"The query needs longer than {QUICK:g} s, and {self.slow} of that kind are running already. "
                    "Try again later, or make it narrower.",
                    limit="slow-queries",
                    allowed=self.slow,
                    retry_after=_RETRY,
                )
            self._slow_running += 1
            self._quick_running -= 1
            self._first.add(process)
            if self._quick_running or self._slow_running > 1:
                self._put_last()
            if not self._closed:
                self._refill()
            self._free.notify()

    def _put_last(self) -> None:
        """Has slow queries yield to others; one that is alone need not, until another one comes."""
        while self._first:
            self._first.pop().yield_to_others()

    def give_back(self, process: Process, *, sound: bool, slow: bool) -> None:
        """Takes a process back; one that does not wait for a request is killed and replaced."""
        if not sound and not self._closed:
            self._tell_of_kill()
        if slow:
            with self._free:
                self._first.discard(process)
            # one that was made to yield to others cannot always be put first again, and it may have grown
            sound = sound and process.as_before()
        if not sound:
            process.end(wait=self._closed)
        with self._free:
            self._busy.discard(process)
            if slow:
                self._slow_running -= 1
            else:
                self._quick_running -= 1
            if self._closed:
                process.end()
                return
            if sound and len(self._idle) + self._quick_running < self._wanted():
                self._idle.append(process)
            elif sound:
                process.end(wait=False)
            self._refill()
            self._free.notify()

    def close(self) -> None:
        """Ends all processes; queries that are being answered fail."""
        with self._free:
            self._closed = True
            processes = [*self._idle, *self._busy]
            self._idle.clear()
            self._free.notify_all()
        for process in processes:
            process.end()
