"""Processes that read articles beside the one that writes.

Each has a pipeline of its own and gets one article at a time, with another that waits, so that it never idles. What
they give back comes out in the order of what went in, and no more articles are under way than a few for each process.
A process that misses a limit or dies is replaced; the article that it was at is the only one that suffers.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from multiprocessing import Pipe
from multiprocessing.connection import Connection, wait

from aigraph.articles import Found
from aigraph.errors import AigraphError, ReadersLost
from aigraph.pipeline.reading import READY, Limits, Outcome, failed
from aigraph.pipeline.steps import Recipe

_AT_ONCE = 2  # articles that a process has: the one that it reads, and one that waits
_WINDOW = 8  # articles for each process that are under way, the outcomes that wait for earlier ones included
_WORTH_A_PROCESS = 8  # waiting articles from which another process is started: loading it takes as long as they do
_TRIES = 2

_TOO_LONG = "{}: reading it took more than {:g} seconds of processor time. Split it, or raise article_seconds."
_STUCK = "{}: reading it did not end within {:g} seconds, though it was not at work. Leave it out, or try later."
_DIED = "{}: the process that read it ended twice ({}). Split or correct it, or leave it out."


@dataclass(slots=True, eq=False)
class _Task:
    """An article under way, and what became of it."""

    found: Found
    tries: int = 0
    outcome: Outcome | None = None


@dataclass(slots=True, eq=False)
class _Worker:
    """One process and the articles that it has; the first of them has been in work since `since`."""

    process: subprocess.Popen[bytes]
    connection: Connection
    tasks: deque[_Task] = field(default_factory=deque)
    ready: bool = False
    stuck: bool = False
    since: float = 0.0


class Workers:
    """Up to `most` processes that read articles with pipelines of one recipe. They start as they are needed."""

    def __init__(self, recipe: Recipe, most: int, limits: Limits) -> None:
        self._recipe = recipe
        self._most = most
        self._limits = limits
        self._workers: list[_Worker] = []
        self._waiting: deque[_Task] = deque()

    def read_all(self, found: Iterable[Found]) -> Iterator[Outcome]:
        """The outcome of each article, in order.

        Raises:
            ExtractorError, DataError: a pipeline cannot work at all.
            ReadersLost: a process ends before it can read anything.
        """
        source, under_way = iter(found), deque[_Task]()
        more = True
        while True:
            while more and len(under_way) < self._most * _WINDOW:
                article = next(source, None)
                if article is None:
                    more = False
                else:
                    task = _Task(article)
                    under_way.append(task)
                    self._waiting.append(task)
            self._hand_out()
            if not under_way:
                return
            if (outcome := under_way[0].outcome) is not None:
                under_way.popleft()
                self._collect(0.0)
                yield outcome
            else:
                self._collect(self._deadline())

    def close(self) -> None:
        """End all processes; what they were at is lost."""
        for worker in self._workers:
            worker.process.kill()
        for worker in self._workers:
            worker.process.wait()
            worker.connection.close()
        self._workers.clear()

    def _hand_out(self) -> None:
        while self._waiting:
            alive = len(self._workers)
            if not alive or (alive < self._most and len(self._waiting) >= _WORTH_A_PROCESS):
                self._workers.append(self._started())
            idlest = min(self._workers, key=lambda worker: len(worker.tasks))
            if len(idlest.tasks) == _AT_ONCE:
                return
            task = self._waiting.popleft()
            if not idlest.tasks:
                idlest.since = time.monotonic()
            idlest.tasks.append(task)
            try:
                idlest.connection.send(task.found)
            except OSError:
                self._replace(idlest)

    def _started(self) -> _Worker:
        ours, theirs = Pipe()
        process = subprocess.Popen(  # noqa: S603 - this program
            [sys.executable, "-m", "aigraph.pipeline.worker", str(theirs.fileno())],
            stdin=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
            start_new_session=True,  # Ctrl-C is for the process that writes
        )
        theirs.close()
        ours.send((self._recipe, self._limits))
        return _Worker(process, ours)

    def _deadline(self) -> float:
        """The seconds until the first process is late."""
        times = [worker.since for worker in self._workers if worker.ready and worker.tasks]
        return max(0.0, min(times, default=time.monotonic()) + self._limits.clock - time.monotonic())

    def _collect(self, seconds: float) -> None:
        """Take what the processes have to say; wait for it for some seconds at most."""
        by_connection = {worker.connection: worker for worker in self._workers}
        for connection in wait(list(by_connection), seconds):
            worker = by_connection[connection]  # type: ignore[index]  # the stub allows sockets and handles too
            try:
                message = worker.connection.recv()
            except (EOFError, OSError):
                self._replace(worker)
                continue
            if isinstance(message, AigraphError):
                raise message
            worker.since = time.monotonic()
            if message == READY:
                worker.ready = True
            else:
                worker.tasks.popleft().outcome = message
        for worker in self._workers:
            late = worker.since + self._limits.clock
            if worker.ready and worker.tasks and not worker.stuck and time.monotonic() >= late:
                worker.stuck = True
                worker.process.kill()  # its connection ends, which the next call sees

    def _replace(self, worker: _Worker) -> None:
        """Take back what a dead process had; the article that it was at is given up, or tried once more."""
        self._workers.remove(worker)
        worker.process.kill()
        code = worker.process.wait()
        worker.connection.close()
        if not worker.ready:
            raise ReadersLost(
                f"A process that reads articles ended while it was starting ({_told(code)}). "
                "What it said stands above; if it ran out of memory, start fewer with --jobs."
            )
        tasks, worker.tasks = worker.tasks, deque()
        if tasks:
            first = tasks[0]
            first.tries += 1
            first.outcome = self._verdict(first, code, stuck=worker.stuck)
            if first.outcome is not None:
                tasks.popleft()
        self._waiting.extendleft(reversed(tasks))

    def _verdict(self, task: _Task, code: int, *, stuck: bool) -> Outcome | None:
        place = task.found.place
        if stuck:
            return failed(task.found, _STUCK.format(place, self._limits.clock), poisonous=True)
        if code == -signal.SIGXCPU:
            return failed(task.found, _TOO_LONG.format(place, self._limits.seconds), poisonous=True)
        if task.tries == _TRIES:
            return failed(task.found, _DIED.format(place, _told(code)), poisonous=True)
        return None


def _told(code: int) -> str:
    """Why a process ended, in words."""
    if code < 0:
        return f"signal {-code}, {signal.Signals(-code).name}"
    return f"exit code {code}"
