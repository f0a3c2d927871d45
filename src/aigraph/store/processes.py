"""A process of ours that answers requests over pipes: started fresh, killed when it is late."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from aigraph.errors import QueryFailed
from aigraph.store.frames import Closed, FrameReader, Late, widen, write_frame

_START = 30.0  # seconds that a process may take to start, on a machine under load
_NICENESS = 15
_GROWN = 400_000_000  # bytes in memory that no process keeps after a slow query


class Process:
    """A module of aigraph that runs as a process of its own, and the pipes to it."""

    def __init__(self, module: str, *arguments: object) -> None:
        # -P: the current folder is no place to import modules from.
        command = [sys.executable, "-P", "-m", module, *map(str, arguments)]
        # Never a fork of this process, which has threads: a program started afresh.
        self._process = subprocess.Popen(  # noqa: S603
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0
        )
        if self._process.stdin is None or self._process.stdout is None:
            raise QueryFailed("A query worker could not start.")
        self._requests = self._process.stdin.fileno()
        self._answers = FrameReader(self._process.stdout.fileno())
        widen(self._process.stdout.fileno())
        self._ready = self._yields = False
        self._number = 0

    @property
    def fresh(self) -> bool:
        """True where nothing was asked of the process yet."""
        return not self._number

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid

    @property
    def handle(self) -> int:
        """The file descriptor that its answers come from."""
        return self._answers.handle

    def started(self) -> bool:
        """True where a request would be answered without waiting for the process to start."""
        return self._ready or self._answers.ready(0)

    def wait_until_ready(self) -> None:
        """Waits for the process to start.

        Raises:
            QueryFailed: it did not.
        """
        if not self._ready:
            try:
                self.read(time.monotonic() + _START)
            except Late:
                raise QueryFailed(
                    f"A query worker did not start within {_START:g} seconds. The machine may be too busy."
                ) from None
            except Closed:
                raise QueryFailed("A query worker could not start. Its memory limit may be too low.") from None
            self._ready = True

    def send(self, request: Mapping[str, object] | bytes, body: bytes = b"") -> None:
        """Sends a request, with a number that all frames of its answer repeat.

        Raises:
            Closed: the process has ended.
        """
        self._number += 1
        write_frame(self._requests, request, body, number=self._number)

    def ready(self, until: float) -> bool:
        """True as soon as some of an answer is there (or the process has ended), false at that time."""
        return self._answers.ready(until)

    def read(self, deadline: float) -> tuple[Mapping[str, Any], bytes]:
        """The next frame of the answer.

        Raises:
            Closed, Late: see `FrameReader.read`; a process that answers another request is as good as ended.
        """
        frame = self._answers.read(deadline)
        if self._answers.number != self._number:
            raise Closed
        return frame

    def yield_to_others(self) -> None:
        """Lets the system prefer other processes to this one."""
        self._yields = True
        with suppress(OSError, AttributeError):
            os.setpriority(os.PRIO_PROCESS, self._process.pid, _NICENESS)

    def as_before(self) -> bool:
        """Takes back `yield_to_others`; false where the system forbids that, or the process has grown much."""
        try:
            if self._yields:
                os.setpriority(os.PRIO_PROCESS, self._process.pid, os.getpriority(os.PRIO_PROCESS, 0))
                self._yields = False
            pages = int(Path(f"/proc/{self._process.pid}/statm").read_text(encoding="ascii").split()[1])
        except (OSError, AttributeError, ValueError, IndexError):
            return False
        return pages * os.sysconf("SC_PAGE_SIZE") < _GROWN

    def cpu(self) -> float | None:
        """Seconds of processor time that the process has used so far; None where the system does not tell."""
        try:
            parts = Path(f"/proc/{self._process.pid}/stat").read_text(encoding="ascii", errors="replace")
            return sum(map(int, parts.rpartition(")")[2].split()[11:13])) / os.sysconf("SC_CLK_TCK")
        except (OSError, ValueError):
            return None

    def alive(self) -> bool:
        """True unless the process has ended, on its own account or killed by somebody else."""
        return self._process.poll() is None

    def end(self, *, wait: bool = True) -> threading.Event:
        """Kills the process and waits for its end: here, or in a thread, as giving back much memory takes a while.

        What it returns is set once the process is gone.
        """
        self._process.kill()
        gone = threading.Event()
        if wait:
            self._bury(gone)
        else:
            threading.Thread(target=self._bury, args=(gone,), daemon=True).start()
        return gone

    def _bury(self, gone: threading.Event) -> None:
        self._process.wait()
        gone.set()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                pipe.close()
