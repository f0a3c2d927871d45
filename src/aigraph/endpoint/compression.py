"""Compressing answers for clients that take it."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from functools import lru_cache

import brotli

_SHORTEST = 1000  # bytes below which it does not pay
_GZIP = 31  # the window bits of zlib that mean a gzip header
_QUICK, _BETTER = 1, 5
_BROTLI_QUALITY = 3


@lru_cache(256)
def encoding_for(accept: str) -> str | None:
    """The content coding that a client wants, of those there are; None for none."""
    wanted: dict[str, float] = {}
    for part in accept.lower().split(",")[:20]:
        name, _, parameters = part.partition(";")
        given = parameters.strip().removeprefix("q=") if parameters else "1"
        try:
            wanted[name.strip()] = float(given)
        except ValueError:
            wanted[name.strip()] = 1.0
    offered = ("br", "gzip")
    rated = [(wanted.get(name, wanted.get("*", 0.0)), -place, name) for place, name in enumerate(offered)]
    quality, _, name = max(rated)
    return name if quality > 0 and quality >= wanted.get("identity", 0.0) else None


def compressed(content: bytes, encoding: str) -> bytes:
    """A whole answer in that coding."""
    if encoding == "br":
        return bytes(brotli.compress(content, quality=_BROTLI_QUALITY))
    packer = zlib.compressobj(_BETTER, zlib.DEFLATED, _GZIP)
    return packer.compress(content) + packer.flush()


def worth_it(length: int) -> bool:
    """True for an answer of a length at which compression pays."""
    return length >= _SHORTEST


class Compressed:
    """An answer in parts, each as far as it is there; `close` closes what gives the parts."""

    def __init__(self, parts: Iterator[bytes], encoding: str) -> None:
        self._parts = parts
        self._packed = self._pack(encoding)

    def __iter__(self) -> Iterator[bytes]:
        return self._packed

    def __next__(self) -> bytes:
        return next(self._packed)

    def _pack(self, encoding: str) -> Iterator[bytes]:
        if encoding == "br":
            packer = brotli.Compressor(quality=_QUICK)
            add, finish = packer.process, packer.finish
        else:
            gzip = zlib.compressobj(_QUICK, zlib.DEFLATED, _GZIP)
            add, finish = gzip.compress, gzip.flush
        for part in self._parts:
            if packed := add(part):
                yield packed
        yield finish()

    def close(self) -> None:
        """Ends what gives the parts."""
        if (close := getattr(self._parts, "close", None)) is not None:
            close()
