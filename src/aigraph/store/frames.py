"""How the pool and its workers speak: a header in JSON and a body of bytes, each with its length before it."""

from __future__ import annotations

import json
import os
import select
import struct
import time
from collections.abc import Mapping
from typing import Any

_LENGTHS = struct.Struct(">QQ")
_CHUNK = 1 << 20


class Closed(Exception):
    """The other side has gone."""


class Late(Exception):
    """The deadline passed before the whole frame was there."""


def write_frame(handle: int, header: Mapping[str, object], body: bytes | memoryview = b"") -> None:
    """Writes one frame to a file descriptor.

    Raises:
        Closed: the other side has gone.
    """
    head = json.dumps(header).encode()
    try:
        for part in (_LENGTHS.pack(len(head), len(body)) + head, body):
            rest = memoryview(part)
            while rest:
                rest = rest[os.write(handle, rest) :]
    except OSError as error:
        raise Closed from error


def read_frame(handle: int, deadline: float | None = None) -> tuple[dict[str, Any], bytes]:
    """Reads one frame from a file descriptor; `deadline` is a time of `time.monotonic()`.

    Raises:
        Closed: the other side has gone.
        Late: the deadline passed.
    """
    head, body = _LENGTHS.unpack(_read(handle, _LENGTHS.size, deadline))
    header: dict[str, Any] = json.loads(_read(handle, head, deadline))
    return header, _read(handle, body, deadline)


def _read(handle: int, length: int, deadline: float | None) -> bytes:
    data = bytearray()
    while len(data) < length:
        if deadline is not None:
            _wait(handle, deadline)
        try:
            part = os.read(handle, min(length - len(data), _CHUNK))
        except OSError as error:
            raise Closed from error
        if not part:
            raise Closed
        data += part
    return bytes(data)


def _wait(handle: int, deadline: float) -> None:
    """Waits until there is something to read. `poll`, since `select` cannot watch descriptors above 1023."""
    poll = select.poll()
    poll.register(handle, select.POLLIN)
    rest = deadline - time.monotonic()
    if rest <= 0 or not poll.poll(rest * 1000):
        raise Late
