"""Chat completions over HTTP, as OpenAI defined them and most local servers speak them.

Busy servers (429, 5xx), broken connections and time-outs are met with patience: the request is repeated, ever later,
or when `Retry-After` says. What will not get better (a wrong key, an unknown model, a refused request) is told at once.
"""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from aigraph.errors import ExtractorMissing, NotExtracted, ServerAway
from aigraph.llm.cache import Answer
from aigraph.llm.options import LlmOptions
from aigraph.llm.prompt import Message, with_schema
from aigraph.llm.schema import Json

if TYPE_CHECKING:
    import httpx

_BUSY = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})
_FIRST_WAIT = 0.5
_LONGEST_WAIT = 60.0
"""Seconds. A server that asks for a longer pause is as good as away."""
_LARGEST = 8_000_000
"""Bytes of an answer beyond which it is none."""
_SHOWN = 300
"""Characters of a server's own words in a message of ours."""


class _Again(Exception):
    """The request met what may pass; `after` is the pause that the server asks for."""

    def __init__(self, reason: str, after: float | None = None) -> None:
        super().__init__(reason)
        self.after = after


class _Refused(Exception):
    """The server refused the request (400, 413, 422)."""


class ChatClient:
    """Asks one server; may be used from several threads at once."""

    def __init__(self, options: LlmOptions, *, sleep: Callable[[float], object] | None = None) -> None:
        """`sleep` waits some seconds; the tests hand in one that does not."""
        self._options = options
        self._http = _http_client(options)
        self._closed = threading.Event()
        self._sleep = sleep or self._closed.wait
        self._lock = threading.Lock()
        self._holds_schema = True
        self._limit = "max_tokens"

    def ask(self, messages: Sequence[Message], schema: Json) -> Answer:
        """The answer to some messages, held to a schema where the server can do that.

        Raises:
            ServerAway: the server cannot be reached, stays busy, or refuses the key or the model.
            NotExtracted: it refuses this request.
        """
        while True:
            holds, limit = self._holds_schema, self._limit
            body = self._body(messages, schema, holds=holds, limit=limit)
            try:
                return self._patiently(body)
            except _Refused as refused:
                # a server may lack one of two things that came later than the rest of the protocol
                if limit == "max_tokens" and "max_completion_tokens" in str(refused):
                    with self._lock:
                        self._limit = "max_completion_tokens"
                elif holds:
                    with self._lock:
                        self._holds_schema = False
                else:
                    raise NotExtracted(
                        f"The LLM server {self._options.url} refuses the request: {refused}. "
                        "Where it is too long, lower llm_request_size."
                    ) from None

    def close(self) -> None:
        """Let go of the connections; whoever waits for another try gives up."""
        self._closed.set()
        self._http.close()

    def _body(self, messages: Sequence[Message], schema: Json, *, holds: bool, limit: str) -> Json:
        options = self._options
        sent = messages if holds else with_schema(messages, schema)
        wanted: Json = {"type": "json_object"}
        if holds:
            wanted = {"type": "json_schema", "json_schema": {"name": "facts", "strict": True, "schema": schema}}
        return {
            "model": options.model,
            "messages": list(sent),
            "response_format": wanted,
            "temperature": 0,
            "seed": options.seed,
            "stream": False,
            limit: options.answer_size,
        }

    def _patiently(self, body: Json) -> Answer:
        options = self._options
        tries = options.retries + 1
        for number in range(1, tries + 1):
            try:
                return self._once(body)
            except _Again as again:
                if number == tries or self._closed.is_set():
                    raise self._away(f"{again} ({tries} {'try' if tries == 1 else 'tries'})") from None
                pause = min(_LONGEST_WAIT, _FIRST_WAIT * 2 ** (number - 1))
                pause *= 0.5 + random.random() / 2  # noqa: S311  # so that many clients do not come back at once
                if again.after is not None:
                    pause = again.after
                    if pause > _LONGEST_WAIT:
                        raise self._away(f"{again}, and asks to wait for {pause:.0f} seconds") from None
                self._sleep(pause)
        raise AssertionError("unreachable")  # pragma: no cover

    def _once(self, body: Json) -> Answer:
        """One request; everything that can go wrong as `_Again`, `_Refused` or an error of ours."""
        import httpx

        deadline = time.monotonic() + self._options.timeout
        try:
            with self._http.stream("POST", self._options.endpoint, json=body) as response:
                content = self._read(response, deadline)
                status, headers = response.status_code, response.headers
        except httpx.TimeoutException:
            raise _Again(f"it gave no answer within {self._options.timeout:g} seconds") from None
        except (httpx.HTTPError, httpx.StreamError) as error:
            raise _Again(f"the connection failed: {self._shown(str(error)) or type(error).__name__}") from None
        except RuntimeError:
            # the client was closed by another thread
            raise self._away("the build was broken off") from None
        if status == 200:
            return self._answer(content)
        words = self._shown(_message(content))
        told = f"it answers {status}{f': {words}' if words else ''}"
        if status in _BUSY:
            raise _Again(told, _retry_after(headers))
        if status in (400, 413, 422):
            raise _Refused(words or f"status {status}")
        raise self._away(told)

    def _read(self, response: httpx.Response, deadline: float) -> bytes:
        """The whole body, unless it takes too long or never ends."""
        parts: list[bytes] = []
        size = 0
        for part in response.iter_bytes():
            size += len(part)
            if size > _LARGEST:
                raise self._away(f"its answer is larger than {_LARGEST:,} bytes")
            if time.monotonic() > deadline:
                raise _Again(f"it did not end its answer within {self._options.timeout:g} seconds")
            parts.append(part)
        return b"".join(parts)

    def _answer(self, content: bytes) -> Answer:
        try:
            choice = json.loads(content)["choices"][0]
            message, ended = choice["message"], choice.get("finish_reason") or "stop"
            text = message.get("content")
            if text is None and isinstance(message.get("refusal"), str):
                return Answer("", "refusal")
            if not isinstance(text, str) or not isinstance(ended, str):
                raise TypeError
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
            raise self._away("what it answers is no chat completion; llm_url should end in /v1") from None
        return Answer(text, ended)

    def _away(self, reason: str) -> ServerAway:
        options = self._options
        return ServerAway(
            f"The LLM server {options.url} (model {options.model}) does not work: {reason}. Check that it runs, that "
            "llm_url, llm_model and the key are right, and build again: answers that came are kept. Nothing was "
            "published. With --llm-offline only kept answers are used; without --extractor llm none is needed."
        )

    def _shown(self, words: str) -> str:
        """A server's own words, short, on one line and without the key, which some servers repeat."""
        line = " ".join(self._options.key.without(words).split())
        line = "".join(c if c.isprintable() else "?" for c in line)
        return line if len(line) <= _SHOWN else f"{line[:_SHOWN]}…"


def _http_client(options: LlmOptions) -> httpx.Client:
    try:
        import httpx
    except ImportError:
        raise ExtractorMissing(
            "The LLM extractor needs the library httpx, which is not installed: pip install 'aigraph[llm]'."
        ) from None
    headers = {"Accept": "application/json"}
    if options.key:
        headers["Authorization"] = f"Bearer {options.key.reveal()}"
    limits = httpx.Limits(max_connections=options.concurrency, max_keepalive_connections=options.concurrency)
    # no proxy on the way to this machine, and no redirects (httpx follows none unless told to): the key goes to the
    # server that was named and to no other
    return httpx.Client(headers=headers, timeout=options.timeout, limits=limits, trust_env=not options.here)


def _message(content: bytes) -> str:
    """What a server says of an error, as the protocol has it, else as it came."""
    text = content.decode("utf-8", "replace")
    try:
        found: Any = json.loads(text)
    except (ValueError, RecursionError):
        return text
    for name in ("error", "message", "detail"):
        if isinstance(found, dict) and name in found:
            found = found[name]
    return found if isinstance(found, str) else text


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """The seconds that a server asks to wait for: a number, or the time until a date."""
    value = headers.get("retry-after", "").strip()
    if value.isascii() and value.isdigit() and len(value) < 10:
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, TypeError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())
