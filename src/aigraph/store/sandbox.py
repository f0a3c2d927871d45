"""Limits on a process that runs strangers' queries: memory, time, and no way to the network or to other programs.

A query can ask the engine to call another server (`SERVICE`); such queries are refused before they get here. Should
one pass, the system refuses the socket.
"""

from __future__ import annotations

import ctypes
import platform
import resource
import signal
import struct
from contextlib import suppress
from dataclasses import dataclass

_PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS = 22, 38
_SECCOMP_MODE_FILTER = 2
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06  # BPF: load a word, jump if equal / not below, return
_ALLOW, _REFUSE, _KILL = 0x7FFF0000, 0x00050001, 0x80000000  # SECCOMP_RET_: allow, EPERM, kill the process
_OFFSET_NUMBER, _OFFSET_ARCHITECTURE = 0, 4
_IO_URING_SETUP = 425
_X32 = 0x40000000


@dataclass(frozen=True, slots=True)
class _Architecture:
    audit: int
    refused: tuple[int, ...]  # socket, connect, bind, execve, execveat, ptrace


_ARCHITECTURES = {
    "x86_64": _Architecture(0xC000003E, (41, 42, 49, 59, 322, 101, _IO_URING_SETUP)),
    "aarch64": _Architecture(0xC00000B7, (198, 203, 200, 221, 281, 117, _IO_URING_SETUP)),
}


def limit_memory(megabytes: int) -> None:
    """Bounds the address space of this process, and lets it leave no core dump; belongs into the main thread."""
    size = megabytes * 1024 * 1024
    with suppress(OSError, ValueError):  # macOS knows the limit but refuses to set it
        resource.setrlimit(resource.RLIMIT_AS, (size, size))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGALRM, signal.SIG_DFL)  # for `arm`: the one who started us may have ignored it


def arm(seconds: float) -> None:
    """Lets the system kill this process when it still works at the end of that time.

    The one who asked kills it earlier; this is for the case that he has gone himself.
    """
    signal.setitimer(signal.ITIMER_REAL, seconds)


def disarm() -> None:
    """Takes back `arm`."""
    signal.setitimer(signal.ITIMER_REAL, 0)


def close_network() -> bool:
    """Takes from this process, for good, the right to open sockets and to start programs.

    False where the system offers no such filter (it needs Linux with seccomp on a 64-bit processor known here).
    """
    known = _ARCHITECTURES.get(platform.machine())
    if platform.system() != "Linux" or known is None:
        return False
    code = b"".join(struct.pack("HBBI", *step) for step in _filter(known))
    steps = ctypes.create_string_buffer(code, len(code))
    program = struct.pack("HxxxxxxP", len(code) // 8, ctypes.addressof(steps))
    pointer = ctypes.create_string_buffer(program, len(program))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return False
    return bool(
        libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.c_void_p(ctypes.addressof(pointer)), 0, 0) == 0
    )


def _filter(known: _Architecture) -> list[tuple[int, int, int, int]]:
    """The steps (code, jump if true, jump if false, operand): a call of another architecture kills the process."""
    count = len(known.refused)
    compare = [(_EQUAL, count - place, 0, number) for place, number in enumerate(known.refused)]
    return [
        (_LOAD, 0, 0, _OFFSET_ARCHITECTURE),
        (_EQUAL, 1, 0, known.audit),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _OFFSET_NUMBER),
        (_AT_LEAST, count + 1, 0, _X32),
        *compare,
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _REFUSE),
    ]
