"""Answers on disk, one file each, so that a rebuild asks nothing and gives the same graph.

A file is written aside and renamed, so that it is whole or not there, whoever is killed and however many write at
once. It holds the hash of its own content; one that is damaged counts as not there.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aigraph.errors import ExtractorError

_FORMAT = 1
_LARGEST = 16_000_000
"""Bytes; no answer is that long, so a larger file is none of ours."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a model answered: the text, and why it ended ("stop", "length")."""

    content: str
    ended: str = "stop"


def key_of(request: Mapping[str, Any]) -> str:
    """The key of a request: a hash of all that decides its answer."""
    text = json.dumps(request, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


class Cache:
    """A folder of answers by key."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, key: str) -> Answer | None:
        """The answer of that key; None where there is none, or a damaged one."""
        try:
            path = self._path(key)
            if path.stat().st_size > _LARGEST:
                return None
            stored = json.loads(path.read_bytes())
            content, ended = stored["content"], stored["ended"]
            good = stored["format"] == _FORMAT and stored["key"] == key and stored["sha256"] == _sum(content, ended)
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return None
        return Answer(content, ended) if good else None

    def put(self, key: str, answer: Answer) -> None:
        """Keep an answer.

        Raises:
            ExtractorError: the folder cannot be written to.
        """
        stored = {
            "format": _FORMAT,
            "key": key,
            "sha256": _sum(answer.content, answer.ended),
            "ended": answer.ended,
            "content": answer.content,
        }
        path = self._path(key)
        aside: str | None = None
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, aside = tempfile.mkstemp(prefix=f".{key[:8]}-", suffix=".part", dir=path.parent)
            with os.fdopen(handle, "wb") as stream:
                stream.write(json.dumps(stored, ensure_ascii=True, indent=1).encode())
                stream.flush()
                os.fsync(stream.fileno())
            Path(aside).replace(path)
        except OSError as error:
            if aside is not None:
                with suppress(OSError):
                    Path(aside).unlink(missing_ok=True)
            raise ExtractorError(
                f"The answers of the LLM cannot be kept in {self._folder}: {error.strerror}. "
                "Name a folder that can be written to with --llm-cache."
            ) from error

    def _path(self, key: str) -> Path:
        return self._folder / key[:2] / f"{key}.json"


def _sum(content: str, ended: str) -> str:
    return hashlib.sha256(f"{ended}\0{content}".encode("utf-8", "surrogatepass")).hexdigest()
