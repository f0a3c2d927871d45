"""The files of exports: put in their place when they are whole, packed as their names ask for, the same each time."""

from __future__ import annotations

import gzip
import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePath
from typing import IO, cast

import zstandard

from aigraph.errors import FormatError

PACKED = (".gz", ".zst")
"""Suffixes of packed files: gzip and Zstandard."""
_GZIP_LEVEL, _ZSTD_LEVEL = 6, 9


def unpacked_name(path: PurePath) -> PurePath:
    """The name of a file without the suffix that tells how it is packed."""
    return path.with_suffix("") if path.suffix.lower() in PACKED else path


@contextmanager
def written(path: Path) -> Iterator[IO[bytes]]:
    """A stream to write a file by; it stands beside its place and is put there at the end, or leaves nothing.

    Names with .gz or .zst are packed, without time or name inside, so that the same content gives the same bytes.

    Raises:
        FormatError: the file cannot be written.
    """
    partial = path.with_name(path.name + ".part")
    try:
        with partial.open("wb") as file, packed(file, path) as stream:
            yield stream
        partial.replace(path)
    except OSError as error:
        raise FormatError(f"{path} cannot be written: {error.strerror or error}. Nothing was left there.") from error
    finally:
        if partial.parent.is_dir():
            partial.unlink(missing_ok=True)


@contextmanager
def packed(file: IO[bytes], path: PurePath) -> Iterator[IO[bytes]]:
    """A stream that packs what is written into a file as its name asks for."""
    suffix = path.suffix.lower()
    if suffix == ".gz":
        with gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0, compresslevel=_GZIP_LEVEL) as squeezed:
            yield cast(IO[bytes], squeezed)
    elif suffix == ".zst":
        with zstandard.ZstdCompressor(level=_ZSTD_LEVEL).stream_writer(file, closefd=False) as packer:
            stream = io.BufferedWriter(
                cast(io.RawIOBase, packer)
            )  # the packer itself lacks part of what a stream can do
            yield stream
            stream.detach()
    else:
        yield file
