"""One query after the other: who asks, what is answered, and how a process is watched while it answers."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, ExitStack, nullcontext, suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Any, NoReturn, Protocol

from aigraph.errors import QueryError, QueryFailed, QueryTimeout
from aigraph.formats import RdfSyntax, ResultFormat
from aigraph.store.failures import from_header
from aigraph.store.frames import Closed, Late
from aigraph.store.layout import Snapshot
from aigraph.store.processes import Process

QUICK = 0.5
"""Seconds after which a query counts as a slow one."""
_WINDOW = 0.2  # seconds after that in which it shows whether the query is really running
_QUICK_AT_MOST = 1.2  # seconds after which a query counts as a slow one in any case
_LEFT = 0.5  # seconds that a query has when its process has started, also where the deadline is nearer
_LOOK = 0.25  # seconds between two looks at whether the one who asks is still there
MOMENT = 0.001
"""Seconds that a thread waits that may not wait."""
SHORT = 300_000
"""Bytes of an answer that such a thread passes on."""


class Pool(Protocol):
    """What lends a process for a query."""

    slow: int | None

    def becomes_slow(self, process: Process) -> None:
        """Lets the next query in while this process goes on."""

    def give_back(self, process: Process, *, sound: bool, slow: bool) -> None:
        """Takes the process back."""


@dataclass(frozen=True, slots=True)
class Result:
    """An answer: its bytes, their format, the form of the query, and the snapshot that was asked.

    Where a number of rows was asked for, `total` is how many there are; `cut` is true where there is still more.
    """

    content: bytes
    format: RdfSyntax | ResultFormat
    form: str
    snapshot: Snapshot
    total: int | None = None
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """As `Result`, but a long answer comes in parts: `content` is the first, `rest` gives the others.

    `rest` raises a QueryError where the answer cannot be completed. Whoever does not read it to its end closes it.
    """

    content: bytes
    rest: Rest | None
    format: RdfSyntax | ResultFormat
    form: str
    snapshot: Snapshot
    total: int | None = None
    cut: bool = False

    def close(self) -> None:
        """Stops the query that gives this answer, if it is still running."""
        if self.rest is not None:
            self.rest.close()


class NotYet(BaseException):
    """An answer is not there at once: another thread has to wait for it. No error, so nothing catches it as one."""


class Attempt:
    """A first try to answer, in a thread that may not wait.

    While it is `hurried`, a query that has no answer of up to `longest` bytes within `patience` seconds ends in NotYet,
    and runs on: whoever asks it again with the same attempt gets its answer.
    """

    def __init__(self, patience: float = MOMENT, longest: int = SHORT) -> None:
        self.hurried = True
        self.patience = patience
        self.longest = longest
        self._begun: tuple[Turn, Snapshot] | None = None

    def give_up(self) -> NoReturn:
        """Leaves the request to a thread that may wait."""
        self.hurried = False
        raise NotYet

    @property
    def handle(self) -> int | None:
        """The file descriptor to look at for the answer of a query that runs on; None where part of it is there."""
        return None if self._begun is None or self._begun[0].begun else self._begun[0].handle

    def arrived(self) -> bool:
        """True where a short answer is there by now: whoever asks again gets it at once."""
        with suppress(QueryError):  # whoever asks again is told
            if self._begun is not None and self._begun[0].answers_within(0, self.longest):
                self.hurried = True
        return self.hurried

    def leave(self, turn: Turn, snapshot: Snapshot) -> NoReturn:
        """The same, for a query that was sent already."""
        self._begun = (turn, snapshot)
        self.give_up()

    def take(self) -> tuple[Turn, Snapshot] | None:
        """The query that was sent, once."""
        begun, self._begun = self._begun, None
        return begun

    def close(self) -> None:
        """Stops a query that nobody asked again."""
        if begun := self.take():
            begun[0].end()


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks: `gone` tells that nobody waits for the answer any more.

    `slow` is entered when a query turns out to be a slow one; it raises a QueryError where that is too much. `since` is
    when the request was there, as time.monotonic() has it: the deadline counts from then.
    """

    gone: Callable[[], bool] | None = None
    slow: Callable[[], AbstractContextManager[object]] = nullcontext
    attempt: Attempt | None = None
    since: float | None = None


class Turn:
    """A query that a process answers: reads its frames and sees to the deadline."""

    def __init__(self, pool: Pool, process: Process, asker: Asker, seconds: float, deadline: float) -> None:
        self._pool = pool
        self._process = process
        self._asker = asker
        self._seconds = seconds
        self._deadline = deadline
        self._quick_until = time.monotonic() + QUICK if pool.slow is not None else None
        self._quick_at_most = time.monotonic() + _QUICK_AT_MOST
        self._cpu: float | None = None
        self._ending: ExitStack | None = None
        self._frame: tuple[Mapping[str, Any], bytes] | None = None  # read, and not given yet
        self.slow = False
        self.sound = False

    def __enter__(self) -> Turn:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.end()

    def end(self) -> None:
        """Gives the process back, once."""
        process, self._process = self._process, None  # type: ignore[assignment]
        if process is not None:
            try:
                self._pool.give_back(process, sound=self.sound, slow=self.slow)
            finally:
                if self._ending is not None:
                    self._ending.close()

    @property
    def fresh(self) -> bool:
        """True where the process has not been asked anything yet."""
        return self._process.fresh

    def started(self, since: float) -> None:
        """Counts in that the process had to start first, from that time on: some of the time is left at any rate."""
        now = time.monotonic()
        self._deadline = max(self._deadline, now + min(self._seconds, _LEFT))
        if self._quick_until is not None:
            self._quick_until += now - since

    def send(self, request: Mapping[str, object] | bytes, text: bytes) -> None:
        """Sends the query."""
        try:
            self._process.send(request, text)
        except Closed:
            raise _ended() from None

    @property
    def handle(self) -> int:
        """The file descriptor that answers come from."""
        return self._process.handle

    @property
    def begun(self) -> bool:
        """True where a part of the answer is there."""
        return self._frame is not None

    def answers_within(self, seconds: float, longest: int) -> bool:
        """True where an answer of up to `longest` bytes is there within that time, to be read."""
        if not self._process.ready(time.monotonic() + seconds):
            return False
        self._frame = self.read()
        return self._frame[0]["status"] == "ok" and len(self._frame[1]) <= longest

    def read(self) -> tuple[Mapping[str, Any], bytes]:
        """The next frame."""
        if self._frame is not None:
            frame, self._frame = self._frame, None
            return frame
        try:
            while not self._process.ready(self._look()):
                self._judge()
            frame = self._process.read(self._deadline)
        except Late:
            raise self._late() from None
        except Closed:
            raise _ended() from None
        self.sound = frame[0]["status"] not in ("begun", "more")
        return frame

    def _look(self) -> float:
        """When to look up from waiting."""
        times = [self._deadline]
        if self._quick_until is not None:
            times.append(self._quick_until)
        if self._asker.gone is not None:
            times.append(time.monotonic() + _LOOK)
        return min(times)

    def _judge(self) -> None:
        now = time.monotonic()
        if now >= self._deadline:
            raise self._late()
        if self._asker.gone is not None and self._asker.gone():
            raise QueryFailed("Whoever asked has gone.")
        if self._quick_until is not None and now >= self._quick_until and not self._starves(now):
            self._quick_until = None
            self._ending = self._ending or ExitStack()
            self._ending.enter_context(self._asker.slow())
            self._pool.becomes_slow(self._process)
            self.slow = True

    def _starves(self, now: float) -> bool:
        """True for a query that has hardly been given the processor: it may be a quick one all the same."""
        if now >= self._quick_at_most:
            return False
        before, self._cpu = self._cpu, self._process.cpu()
        if self._cpu is None or (before is not None and self._cpu - before > _WINDOW / 4):
            return False
        self._quick_until = now + _WINDOW
        return True

    def _late(self) -> QueryTimeout:
        return QueryTimeout(
            f"The query was stopped after {self._seconds:g} s. Make it narrower, or add a LIMIT.",
            limit="seconds",
            allowed=self._seconds,
        )


class Rest:
    """The parts of a long answer after the first."""

    def __init__(self, turn: Turn) -> None:
        self._turn: Turn | None = turn

    def __iter__(self) -> Rest:
        return self

    def __next__(self) -> bytes:
        if self._turn is None:
            raise StopIteration
        try:
            header, body = self._turn.read()
            if header["status"] not in ("more", "end"):
                raise from_header(header)
        except BaseException:
            self.close()
            raise
        if header["status"] == "end":
            self.close()
        if not body:
            raise StopIteration
        return body

    def close(self) -> None:
        """Stops the query unless it has come to its end."""
        turn, self._turn = self._turn, None
        if turn is not None:
            turn.end()

    def __del__(self) -> None:
        self.close()


def _ended() -> QueryFailed:
    return QueryFailed(
        "The process that ran the query ended before its answer was there: the query needs more memory than it "
        "may have, or is nested too deeply. Make it simpler or narrower."
    )
