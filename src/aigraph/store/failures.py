"""Errors on their way from a process of ours to the one who asked it: as the header of a frame, and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aigraph.errors import (
    AigraphError,
    AnswerTooLarge,
    LimitExceeded,
    QueryBusy,
    QueryError,
    QueryFailed,
    QueryForbidden,
    QuerySyntaxError,
    QueryTooLarge,
    UnknownFunction,
)

FAILED = "failed"
"""The status of a frame that holds an error."""
STALE = "stale"
"""The same, where the snapshot that was asked is not there any more: asking the newest one may help."""
_LIMITS: dict[str, type[LimitExceeded]] = {one.__name__: one for one in (AnswerTooLarge, QueryBusy, QueryTooLarge)}
_PLAIN: dict[str, type[QueryError]] = {one.__name__: one for one in (QueryFailed, QueryForbidden, UnknownFunction)}
_RETRY = 5  # seconds after which another attempt makes sense
_MEMBERS = ("line", "column", "limit", "allowed", "retry_after")


def to_header(error: AigraphError) -> dict[str, object]:
    """The header that tells of an error; one that is no error of queries comes out as a QueryFailed."""
    kind = type(error).__name__
    members = {name: value for name in _MEMBERS if (value := getattr(error, name, None)) is not None}
    return {"status": FAILED, "kind": kind, "message": str(error), **members}


def from_header(header: Mapping[str, Any]) -> QueryError:
    """The error that a header tells of."""
    kind, message = header["kind"], header["message"]
    if kind == QuerySyntaxError.__name__:
        return QuerySyntaxError(message, line=header.get("line"), column=header.get("column"))
    if kind in _LIMITS:
        limit, allowed, retry = (header.get(name) for name in ("limit", "allowed", "retry_after"))
        return _LIMITS[kind](message, limit=limit, allowed=allowed, retry_after=retry)
    return _PLAIN.get(kind, QueryFailed)(message)


def busy(message: str) -> QueryBusy:
    """The error for a change that has to wait for another one."""
    return QueryBusy(message, limit="writers", allowed=1, retry_after=_RETRY)
