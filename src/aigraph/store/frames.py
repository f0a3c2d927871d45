"""How the pool and its workers speak: a header in JSON and a body of bytes, each with its length before it.

Each frame has the number of the request that it belongs to. Headers are mostly alike, so both sides remember some.
"""

from __future__ import annotations

import fcntl
import json
import os
import select
import struct
import time
from collections.abc import Mapping
from contextlib import suppress
from functools import lru_cache
from types import MappingProxyType
from typing import Any

_LENGTHS = struct.Struct(">QQQ")  # of the header, of the body; and the number
_CHUNK = 1 << 20
_REMEMBERED = 1000  # bytes of the longest header that is remembered
_SMALL = 1 << 14  # bytes that are asked for at least: room for most answers, quickly made
_MOST_PARTS = 512  # that the system takes in one go
_encode = json.JSONEncoder(separators=(",", ":")).encode
_SET_PIPE_SIZE = 1031  # F_SETPIPE_SZ, which Python names from 3.10 on and on Linux alone


class Closed(Exception):
    """The other side has gone."""


class Late(Exception):
    """The deadline passed before the whole frame was there."""


def widen(handle: int) -> None:
    """Gives a pipe a large buffer where the system can, so that long answers need fewer turns."""
    with suppress(OSError):
        fcntl.fcntl(handle, _SET_PIPE_SIZE, _CHUNK)


@lru_cache(256, typed=True)
def header_of(**values: str | float | bool) -> bytes:
    """A header as it is sent, for one that is sent again and again."""
    return _encode(values).encode()


@lru_cache(256)
def _known(head: bytes) -> Mapping[str, Any]:
    return MappingProxyType(json.loads(head))


def write_frame(handle: int, header: Mapping[str, object] | bytes, *body: bytes, number: int = 0) -> None:
    """Writes one frame to a file descriptor; its body may come in parts, its header from `header_of`.

    Raises:
        Closed: the other side has gone.
    """
    head = header if isinstance(header, bytes) else _encode(header).encode()
    if len(body) > _MOST_PARTS:
        body = (b"".join(body),)
    parts = (_LENGTHS.pack(len(head), sum(map(len, body)), number) + head, *body)
    try:
        sent = os.writev(handle, parts)
        for part in parts:
            if sent < len(part):
                rest = memoryview(part)[sent:]
                sent = len(part)
                while rest:
                    rest = rest[os.write(handle, rest) :]
            sent -= len(part)
    except OSError as error:
        raise Closed from error


class FrameReader:
    """Reads frames from a file descriptor, one after the other; `number` is that of the last."""

    def __init__(self, handle: int) -> None:
        self.handle = handle
        self.number = 0
        self._at_least = _SMALL
        self._data = b""
        self._readable = False  # known from a look just before, so that one need not look again
        # `poll`, since `select` cannot watch descriptors above 1023
        self._poll = select.poll()
        self._poll.register(handle, select.POLLIN)

    def ready(self, until: float) -> bool:
        """True as soon as there is something to read, false at the time `until` of `time.monotonic()`."""
        if self._data:
            return True
        rest = until - time.monotonic()
        self._readable = bool(self._poll.poll(max(rest * 1000, 0)))
        return self._readable

    def read(self, deadline: float | None = None) -> tuple[Mapping[str, Any], bytes]:
        """The next frame; `deadline` is a time of `time.monotonic()`.

        Raises:
            Closed: the other side has gone.
            Late: the deadline passed.
        """
        self._fill(_LENGTHS.size, deadline)
        head, body, self.number = _LENGTHS.unpack_from(self._data)
        start = _LENGTHS.size + head
        end = start + body
        self._fill(start, deadline)
        data = self._data
        text = data[_LENGTHS.size : start]
        header = _known(text) if head <= _REMEMBERED else json.loads(text)
        content = data[start:end]
        self._data = data[end:]
        if len(content) < body:
            content = self._read_on(content, body, deadline)
        # the body of a long one is read by itself, as it need not be copied then
        self._at_least = _LENGTHS.size if body > _SMALL else _SMALL
        return header, content

    def _read_on(self, begin: bytes, length: int, deadline: float | None) -> bytes:
        """The rest of a long body, which is put together once."""
        parts, missing = [begin] if begin else [], length - len(begin)
        while missing:
            parts.append(self._part(min(missing, _CHUNK), deadline))
            missing -= len(parts[-1])
        return b"".join(parts)

    def _fill(self, length: int, deadline: float | None) -> None:
        while len(self._data) < length:
            self._data += self._part(max(self._at_least, min(length - len(self._data), _CHUNK)), deadline)

    def _part(self, most: int, deadline: float | None) -> bytes:
        wait = deadline is not None and not self._readable
        self._readable = False
        if wait and not self._poll.poll(max((deadline - time.monotonic()) * 1000, 0)):  # type: ignore[operator]
            raise Late
        try:
            part = os.read(self.handle, most)
        except OSError as error:
            raise Closed from error
        if not part:
            raise Closed
        return part


def read_frame(handle: int, deadline: float | None = None) -> tuple[Mapping[str, Any], bytes]:
    """Reads the one frame that a file descriptor holds, see `FrameReader.read`."""
    return FrameReader(handle).read(deadline)
